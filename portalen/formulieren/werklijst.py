"""Filters of the work list, and what its bulk acts ask."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from aanvragen.enums import Bron
from portalen.formulieren.medewerker import Medewerkerformulier, tekstvak


class Werklijstfilter(forms.Form):
    """Lives in the address; every value is optional."""

    toon_niet_verplicht = False

    tijdvak = forms.ChoiceField(label=_("Tijdvak"), required=False)
    wie = forms.ChoiceField(label=_("Wiens zaken"), required=False)
    dagen = forms.ChoiceField(
        label=_("Besluit nodig"),
        required=False,
        choices=[
            ("", _("Maakt niet uit")),
            ("0", _("Vandaag of te laat")),
            ("7", _("Binnen 7 dagen")),
            ("14", _("Binnen 14 dagen")),
            ("30", _("Binnen 30 dagen")),
        ],
    )
    bron = forms.ChoiceField(label=_("Hoe binnengekomen"), required=False, choices=[("", _("Alles")), *Bron.choices])
    vlag = forms.ChoiceField(label=_("Aandacht"), required=False)
    lot = forms.ChoiceField(
        label=_("Nummer in de loting"),
        required=False,
        choices=[
            ("", _("Maakt niet uit")),
            ("binnen", _("Voorlopig binnen het plafond")),
            ("reserve", _("Op de reservelijst")),
            ("alle", _("Alle nummers")),
        ],
    )
    zoek = forms.CharField(
        label=_("Kenmerk, organisatie of KvK-nummer"),
        required=False,
        max_length=100,
        widget=forms.TextInput(attrs={"type": "search"}),
    )

    def __init__(
        self,
        *args: Any,
        tijdvakken: list[tuple[str, str]],
        collegas: list[tuple[str, str]],
        vlaggen: list[tuple[str, str]],
        met_lot: bool,
        **kwargs: Any,
    ) -> None:
        """``met_lot``: there are rounds that were drawn first and are assessed in that order."""
        super().__init__(*args, **kwargs)
        if not met_lot:
            del self.fields["lot"]
        self.fields["wie"].choices = [  # type: ignore[attr-defined]
            ("", _("Alle zaken")),
            ("mijn", _("Mijn zaken")),
            ("niemand", _("Bij niemand in hand")),
            *collegas,
        ]
        self.fields["vlag"].choices = [("", _("Maakt niet uit")), *vlaggen]  # type: ignore[attr-defined]
        self.fields["tijdvak"].choices = [("", _("Alle tijdvakken")), *tijdvakken]  # type: ignore[attr-defined]


class Motiveringformulier(Medewerkerformulier):
    """The grounds that go into every letter of a bulk proposal."""

    motivering = forms.CharField(
        label=_("Motivering"),
        help_text=_("Deze tekst komt in elke brief. Schrijf aan de aanvrager: in gewone taal, met “u”."),
        widget=tekstvak(5),
        max_length=4000,
    )


class Verleningsmotivering(Motiveringformulier):
    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["motivering"].initial = _(
            "Uw aanvraag voldoet aan de voorwaarden van de regeling. Er is ruimte onder het subsidieplafond."
        )


class Dubbelmotivering(Motiveringformulier):
    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["motivering"].initial = _("Daarom wijzen wij deze aanvraag af.")
        self.fields["motivering"].help_text = _(
            "Vóór deze tekst zetten wij bij elke zaak de uitleg van de toets, met het nummer van de eerdere aanvraag."
        )


class Slotmotivering(Motiveringformulier):
    """The grounds stand per case; this comes after them in every letter."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["motivering"].label = _("Tekst achter de redenen")
        self.fields["motivering"].required = False
        self.fields["motivering"].help_text = _(
            "De redenen staan hieronder, per zaak. Deze tekst komt er in elke brief achter. Laat dit leeg als de "
            "redenen genoeg zijn."
        )


class Verzoekformulier(Medewerkerformulier):
    """The same request to complete to many applicants; where the checks miss something, that per case."""

    uit_toetsen = forms.BooleanField(
        label=_("Vraag om wat de toetsen op volledigheid missen, per zaak"), required=False, initial=True
    )
    onderdelen = forms.CharField(
        label=_("Vraag ook om"),
        help_text=_("Eén onderdeel per regel. Dit krijgt elke gekozen aanvrager."),
        widget=tekstvak(3),
        max_length=4000,
        required=False,
    )
    termijn_dagen = forms.IntegerField(
        label=_("Termijn in dagen"),
        min_value=1,
        max_value=90,
        initial=14,
        widget=forms.TextInput(attrs={"inputmode": "numeric", "class": "stimulans-breedte-4"}),
    )

    def clean_onderdelen(self) -> list[str]:
        regels = [regel.strip().lstrip("-•* ").strip() for regel in self.cleaned_data["onderdelen"].splitlines()]
        return [regel for regel in regels if regel]

    def clean(self) -> dict[str, Any]:
        gegevens: dict[str, Any] = super().clean() or self.cleaned_data
        if not gegevens.get("uit_toetsen") and not gegevens.get("onderdelen"):
            self.add_error("onderdelen", _("Noem minstens één onderdeel, of kies de toetsen."))
        return gegevens
