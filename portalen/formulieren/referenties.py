"""Forms about references and advisers: of checkers, applicants and advisers."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from aanvragen.services.adviseurs import Certificaatgegevens, Profielgegevens
from aanvragen.services.conceptadviseur import Referentiegegeven
from beoordeling.services.referentie_controle import Terugbelgegevens
from portalen.formulieren.adviseur import referentievelden
from portalen.formulieren.bijlagen import ACCEPT
from portalen.formulieren.medewerker import Medewerkerformulier, tekstvak
from portalen.formulieren.velden import DatumVeld, KvkVeld, TelefoonVeld


class Terugbelformulier(Medewerkerformulier):
    """The referee was phoned back."""

    telefoonnummer = TelefoonVeld(
        label=_("Gebeld nummer"),
        help_text=_("Een nummer dat u zelf hebt gevonden. Een nummer van de aanvrager of de adviseur telt niet."),
    )
    nummer_bron = forms.CharField(
        label=_("Waar vond u dit nummer?"), max_length=300, help_text=_("Bijvoorbeeld: de website van de organisatie.")
    )
    gesproken_met = forms.CharField(label=_("Met wie sprak u?"), max_length=200, required=False)
    uitkomst = forms.ChoiceField(
        label=_("Wat leverde het op?"),
        choices=[
            ("bevestigt", _("De referent bevestigt het werk")),
            ("ontkent", _("De referent ontkent het werk")),
            ("niet_bereikt", _("Niet bereikt")),
        ],
        widget=forms.RadioSelect,
    )
    verslag = forms.CharField(label=_("Verslag"), widget=tekstvak(3), max_length=4000)

    def gegevens(self) -> Terugbelgegevens:
        return Terugbelgegevens(**self.cleaned_data)


class Verslagformulier(Medewerkerformulier):
    verslag = forms.CharField(label=_("Verslag"), widget=tekstvak(3), max_length=4000)


class Reden(Medewerkerformulier):
    reden = forms.CharField(label=_("Reden"), widget=tekstvak(3), max_length=2000)


class Vervangformulier(forms.Form):
    """Another referee, named by the applicant."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields.update(referentievelden())
        for naam in ("opdracht", "kvk_nummer", "telefoon"):
            self.fields[naam].required = False

    def gegevens(self) -> Referentiegegeven:
        return Referentiegegeven(**self.cleaned_data)


class Profielformulier(Medewerkerformulier):
    """What an adviser says about the own work."""

    naam = forms.CharField(label=_("Uw naam"), max_length=200, widget=forms.TextInput(attrs={"autocomplete": "name"}))
    functie = forms.CharField(label=_("Uw functie"), max_length=100, required=False)
    telefoon = TelefoonVeld(label=_("Telefoonnummer"), required=False)
    bureau_kvk = KvkVeld(label=_("KvK-nummer van uw bureau"), required=False, help_text=_("8 cijfers."))
    bureau_naam = forms.CharField(label=_("Naam van uw bureau"), max_length=200, required=False)
    toelichting = forms.CharField(
        label=_("Uw werk en ervaring"),
        max_length=4000,
        required=False,
        widget=tekstvak(5),
        help_text=_("Voor wie werkt u, en waarbij helpt u?"),
    )

    def gegevens(self) -> Profielgegevens:
        return Profielgegevens(**self.cleaned_data)


class Certificaatformulier(Medewerkerformulier):
    certificaat = forms.CharField(label=_("Naam van het certificaat"), max_length=200)
    uitgever = forms.CharField(label=_("Wie heeft het gegeven?"), max_length=200)
    nummer = forms.CharField(label=_("Nummer"), max_length=60, required=False)
    geldig_tot = DatumVeld(
        label=_("Geldig tot en met"), required=False, help_text=_("Laat leeg als het altijd geldig is.")
    )
    bestand = forms.FileField(
        label=_("Kopie van het certificaat"),
        help_text=_("Een PDF, PNG of JPG van hoogstens 10 MB."),
        widget=forms.FileInput(attrs={"accept": ",".join(ACCEPT.values())}),
    )

    def gegevens(self) -> Certificaatgegevens:
        c = self.cleaned_data
        return Certificaatgegevens(c["certificaat"], c["uitgever"], c["nummer"], c["geldig_tot"])


class Zoekformulier(forms.Form):
    toon_niet_verplicht = False
    zoek = forms.CharField(
        label=_("Naam, e-mailadres, bureau of KvK-nummer"),
        required=False,
        max_length=100,
        widget=forms.TextInput(attrs={"type": "search"}),
    )
