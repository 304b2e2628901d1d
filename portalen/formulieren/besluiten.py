"""Filters of the list of decisions."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from portalen.formulieren.medewerker import Medewerkerformulier, tekstvak
from uitvoering.enums import Besluitsoort


class Besluitfilter(forms.Form):
    """Lives in the address."""

    toon_niet_verplicht = False

    tijdvak = forms.ChoiceField(label=_("Tijdvak"), required=False)
    soort = forms.ChoiceField(
        label=_("Soort besluit"), required=False, choices=[("", _("Alle soorten")), *Besluitsoort.choices]
    )
    zoek = forms.CharField(
        label=_("Kenmerk of organisatie"),
        required=False,
        max_length=100,
        widget=forms.TextInput(attrs={"type": "search"}),
    )

    def __init__(self, *args: Any, tijdvakken: list[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["tijdvak"].choices = [("", _("Alle tijdvakken")), *tijdvakken]  # type: ignore[attr-defined]


class Terugstuurformulier(Medewerkerformulier):
    """Why a proposal goes back to the officer."""

    reden = forms.CharField(
        label=_("Wat moet er anders?"),
        help_text=_("De behandelaar leest deze tekst."),
        widget=tekstvak(4),
        max_length=2000,
    )
