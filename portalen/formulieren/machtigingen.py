"""Inviting people, changing and ending their mandates."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from aanvragen.enums import Machtigingbereik, Machtigingsoort
from aanvragen.models import Machtiging
from kern.models import Gebruiker
from portalen.formulieren.medewerker import Medewerkerformulier, tekstvak
from portalen.formulieren.velden import DatumVeld
from regeling.models import Regeling


class Machtigingformulier(Medewerkerformulier):
    """What somebody may do for the organisation."""

    soort = forms.ChoiceField(
        label=_("Wat is deze persoon?"), choices=Machtigingsoort.choices, widget=forms.RadioSelect
    )
    bereik = forms.ChoiceField(
        label=_("Wat mag deze persoon?"), choices=Machtigingbereik.choices, widget=forms.RadioSelect
    )
    regeling = forms.ModelChoiceField(
        label=_("Voor welke regeling?"),
        queryset=Regeling.objects.none(),
        required=False,
        empty_label=_("Alle regelingen"),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        veld = self.fields["regeling"]
        assert isinstance(veld, forms.ModelChoiceField)
        veld.queryset = Regeling.objects.order_by("naam", "pk")
        self.fields["geldig_tot"] = DatumVeld(
            label=_("Tot en met welke dag?"),
            required=False,
            help_text=_("Nodig voor een intermediair. Laat leeg als er geen einde is."),
        )

    def gegevens(self) -> dict[str, Any]:
        schoon = self.cleaned_data
        return {
            "soort": Machtigingsoort(schoon["soort"]),
            "bereik": Machtigingbereik(schoon["bereik"]),
            "regeling": schoon["regeling"],
            "geldig_tot": schoon["geldig_tot"],
        }


class Uitnodigformulier(Machtigingformulier):
    email = forms.EmailField(
        label=_("E-mailadres"),
        help_text=_("Wij sturen een link. Alleen wie met dit adres inlogt, kan de uitnodiging aannemen."),
        widget=forms.EmailInput(attrs={"autocomplete": "off"}),
    )
    field_order = ["email", "soort", "bereik", "regeling", "geldig_tot"]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.order_fields(self.field_order)


class Eindeformulier(Medewerkerformulier):
    """Who takes over the open cases; only asked when there are any."""

    def __init__(self, opvolgers: list[Gebruiker], *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.opvolgers = {str(persoon.pk): persoon for persoon in opvolgers}
        if opvolgers:
            keuzes = [("", _("Kies een collega")), *((pk, str(p)) for pk, p in self.opvolgers.items())]
            self.fields["opvolger"] = forms.ChoiceField(label=_("Wie neemt de lopende zaken over?"), choices=keuzes)

    def opvolger(self) -> Gebruiker | None:
        return self.opvolgers.get(self.cleaned_data.get("opvolger", ""))


class Overdraagformulier(Eindeformulier):
    """Who looks after one case from now on."""

    def __init__(self, opvolgers: list[Gebruiker], *args: Any, **kwargs: Any) -> None:
        super().__init__(opvolgers, *args, **kwargs)
        if opvolgers:
            self.fields["opvolger"].label = _("Wie zorgt voortaan voor deze aanvraag?")


class Bevestigformulier(Medewerkerformulier):
    """An officer's evidence that somebody may act."""

    reden = forms.CharField(
        label=_("Waaruit blijkt de machtiging?"),
        widget=tekstvak(),
        max_length=2000,
        help_text=_("Bijvoorbeeld: uittreksel van de KvK van 3 maart, mevrouw is bestuurder."),
    )


def uit_machtiging(machtiging: Machtiging) -> dict[str, Any]:
    """Stored values by field name."""
    return {naam: getattr(machtiging, naam) for naam in ("soort", "bereik", "regeling", "geldig_tot")}
