"""Contact data after sending, and withdrawing with the question what stopped the applicant."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils import translation
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from aanvragen.enums import Correspondentie
from aanvragen.models import Aanvraag
from portalen.formulieren.velden import TelefoonVeld

VELDEN = ("contactpersoon", "contact_email", "contact_telefoon", "correspondentie")
#: What can stop an applicant; the words go into the reason, in Dutch.
DREMPELS: dict[str, Promise] = {
    "tijd": gettext_lazy("Wij hebben te weinig tijd of mensen"),
    "geld": gettext_lazy("Wij kunnen ons eigen deel niet betalen"),
    "regels": gettext_lazy("De regels of het papierwerk zijn te zwaar"),
    "adviseur": gettext_lazy("Wij hebben geen adviseur (meer)"),
    "steun": gettext_lazy("Medewerkers of leiding steunen het project niet"),
    "anders": gettext_lazy("Onze plannen zijn veranderd"),
    "duur": gettext_lazy("Het wachten op een besluit duurt te lang"),
    "overig": gettext_lazy("Iets anders"),
}


class Contactformulier(forms.Form):
    """Whom we write to about this application, and how."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["contactpersoon"] = forms.CharField(
            label=_("Naam van de contactpersoon"),
            max_length=200,
            widget=forms.TextInput(attrs={"autocomplete": "name"}),
        )
        self.fields["contact_email"] = forms.EmailField(
            label=_("E-mailadres van de contactpersoon"),
            max_length=254,
            help_text=_("Hierop krijgt u onze berichten. Wij laten de wijziging ook weten op het oude adres."),
            widget=forms.EmailInput(attrs={"autocomplete": "email"}),
            error_messages={"invalid": _("Vul een e-mailadres in, bijvoorbeeld naam@voorbeeld.nl.")},
        )
        self.fields["contact_telefoon"] = TelefoonVeld(
            label=_("Telefoonnummer"), required=False, widget=forms.TextInput(attrs={"autocomplete": "tel"})
        )
        self.fields["correspondentie"] = forms.ChoiceField(
            label=_("Hoe wilt u post van ons krijgen?"),
            choices=Correspondentie.choices,
            widget=forms.RadioSelect,
            help_text=_("Per post sturen wij brieven naar het adres van uw organisatie."),
        )

    @staticmethod
    def begin(aanvraag: Aanvraag) -> dict[str, Any]:
        """The stored values by field name."""
        return {naam: getattr(aanvraag, naam) for naam in VELDEN}


class Intrekformulier(forms.Form):
    """Why somebody gives up: a choice and own words, both optional."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["drempel"] = forms.ChoiceField(
            label=_("Wat hield u tegen?"),
            required=False,
            choices=[("", _("Dat zeg ik liever niet")), *DREMPELS.items()],
            widget=forms.RadioSelect,
            help_text=_("Hiermee maken wij de regeling beter. Uw antwoord heeft geen gevolgen voor u."),
        )
        self.fields["reden"] = forms.CharField(
            label=_("Waarom trekt u de aanvraag in?"),
            required=False,
            max_length=500,
            widget=forms.Textarea(attrs={"rows": 3}),
            help_text=_("U hoeft geen reden te geven. Wij leren er wel van."),
        )

    def als_reden(self) -> str:
        """Both answers as one reason, in Dutch whatever language the page has."""
        with translation.override("nl"):
            drempel = DREMPELS.get(self.cleaned_data["drempel"])
            delen = [f"{drempel}." if drempel else "", self.cleaned_data["reden"].strip()]
            return " ".join(deel for deel in delen if deel) or _("Geen reden opgegeven.")
