"""Signing an application before it is sent, or giving it back to the colleague who filled it in."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from aanvragen.models import Aanvraag
from aanvragen.services.indienen import Ondertekening


class Ondertekenformulier(forms.Form):
    """Name and function of who signs, and the declaration that makes it a signature (R1)."""

    naam = forms.CharField(
        label=_("Uw naam"),
        max_length=200,
        help_text=_("De naam van wie ondertekent."),
        widget=forms.TextInput(attrs={"autocomplete": "name"}),
    )
    functie = forms.CharField(
        label=_("Uw functie"),
        max_length=100,
        help_text=_("Bijvoorbeeld directeur of eigenaar."),
        widget=forms.TextInput(attrs={"autocomplete": "organization-title"}),
    )
    akkoord = forms.BooleanField(error_messages={"required": _("Zet een vinkje om te ondertekenen.")})

    def __init__(self, aanvraag: Aanvraag, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        # The words are kept with the signature, so they are Dutch for every reader.
        self.verklaring = (
            f"Ik onderteken deze aanvraag namens {aanvraag.organisatie.naam.rstrip('.')}. "
            "Ik mag deze organisatie vertegenwoordigen en heb de aanvraag naar waarheid ingevuld."
        )
        self.fields["akkoord"].label = self.verklaring
        for veld in self.fields.values():
            veld.widget.attrs.pop("maxlength", None)

    def ondertekening(self) -> Ondertekening:
        gegevens = self.cleaned_data
        return Ondertekening(gegevens["naam"], gegevens["functie"], self.verklaring)


class Teruggeefformulier(forms.Form):
    opmerking = forms.CharField(
        label=_("Wat moet er anders?"),
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text=_("Uw collega krijgt deze tekst in een bericht."),
    )
