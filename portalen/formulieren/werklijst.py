"""Filters of the work list, and what its bulk acts ask."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from portalen.formulieren.medewerker import Medewerkerformulier, tekstvak


class Werklijstfilter(forms.Form):
    """Lives in the address; every value is optional."""

    toon_niet_verplicht = False

    tijdvak = forms.ChoiceField(label=_("Tijdvak"), required=False)
    wie = forms.ChoiceField(
        label=_("Wiens zaken"), required=False, choices=[("", _("Alle zaken")), ("mijn", _("Mijn zaken"))]
    )
    zoek = forms.CharField(
        label=_("Kenmerk, organisatie of KvK-nummer"),
        required=False,
        max_length=100,
        widget=forms.TextInput(attrs={"type": "search"}),
    )

    def __init__(self, *args: Any, tijdvakken: list[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
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


class Plafondmotivering(Motiveringformulier):
    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["motivering"].initial = _(
            "Er waren meer aanvragen dan er geld is. Het plafond was bereikt voordat uw aanvraag aan de beurt kwam."
        )
