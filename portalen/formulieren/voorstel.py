"""Forms of the scheme editor: beginning, writing, and what to assume of a round."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from portalen.formulieren.medewerker import Medewerkerformulier
from portalen.formulieren.procent import Procentveld
from portalen.formulieren.velden import BedragVeld
from regeling.models import Regeling
from regeling.schema import Regelingspec, Tijdvakspec
from uitvoering.services.proefronde import HOOGSTENS


class Beginformulier(Medewerkerformulier):
    """A proposal from the version in force of a scheme."""

    regeling = forms.ModelChoiceField(
        label=_("Regeling"),
        queryset=Regeling.objects.order_by("naam"),
        to_field_name="sleutel",
        empty_label=_("Kies een regeling"),
        help_text=_("Het voorstel begint met de tekst van de versie die nu geldt."),
    )


class Opstuurformulier(Medewerkerformulier):
    """A proposal from a file."""

    bestand = forms.FileField(
        label=_("Regelingsbestand"),
        help_text=_(
            "Een bestand op .toml, hoogstens 1 MB. Staan er fouten in, dan kunt u die daarna in de browser verbeteren."
        ),
    )

    def clean_bestand(self) -> bytes:
        inhoud: bytes = self.cleaned_data["bestand"].read()
        return inhoud


class Tekstformulier(Medewerkerformulier):
    """The text of the file, and which edit the writer began from."""

    tekst = forms.CharField(
        label=_("Tekst van het regelingsbestand"),
        strip=False,
        help_text=_("TOML. Welke sleutels er zijn, staat in docs/regelingsbestand.md. Ook met fouten kunt u bewaren."),
        widget=forms.Textarea(
            attrs={
                "rows": 32,
                "class": "stimulans-broncode",
                "spellcheck": "false",
                "autocapitalize": "off",
                "autocomplete": "off",
            }
        ),
    )
    nummer = forms.IntegerField(widget=forms.HiddenInput, min_value=1)


class Getalveld(forms.IntegerField):
    """A whole number in a short box."""

    def __init__(self, **kwargs: Any) -> None:
        kwargs.setdefault("widget", forms.TextInput(attrs={"inputmode": "numeric", "class": "stimulans-breedte-7"}))
        super().__init__(**kwargs)


class Aannameformulier(Medewerkerformulier):
    """What to expect of a round; asked with GET, so that an outcome has an address."""

    toon_niet_verplicht = False

    tijdvak = forms.ChoiceField(label=_("Tijdvak"))
    aanvragen = Getalveld(label=_("Aantal aanvragen"), min_value=1, max_value=1_000_000)
    bedrag = BedragVeld(label=_("Gemiddeld bedrag per aanvraag"))
    geschikt = Procentveld(label=_("Deel dat aan de voorwaarden voldoet, in procenten"))
    per_dag = forms.DecimalField(
        label=_("Aanvragen per dag"),
        min_value=Decimal("0.01"),
        max_digits=9,
        decimal_places=2,
        localize=True,
        help_text=_("Alleen van belang bij verdeling op volgorde van binnenkomst."),
        widget=forms.TextInput(attrs={"inputmode": "decimal", "class": "stimulans-breedte-7"}),
    )
    respons_wel = Procentveld(label=_("Respons op de vragenlijst van wie subsidie kreeg, in procenten"))
    respons_niet = Procentveld(label=_("Respons van wie niets kreeg, in procenten"))
    uitgangspunt = Procentveld(
        label=_("Uitkomst zonder subsidie, in procenten"),
        help_text=_("Welk deel van de bedrijven het doel ook zonder subsidie haalt. Weet u dat niet, kies 50."),
        max_value=Decimal(99),
    )

    def __init__(self, *args: Any, spec: Regelingspec, ronde: Tijdvakspec, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["tijdvak"].choices = [(deel.sleutel, deel.naam) for deel in spec.tijdvakken]  # type: ignore[attr-defined]
        if spec.subsidie.eenheid == "stuks":
            self.fields["bedrag"] = Getalveld(label=_("Plaatsen of vouchers per aanvraag"), min_value=1)
        for pot in ronde.subplafonds:
            self.fields[f"pot_{pot.code}"] = Getalveld(
                label=_("Aanvragen voor “%(pot)s”") % {"pot": pot.naam}, min_value=0, required=False
            )

    def clean_bedrag(self) -> Decimal:
        bedrag = Decimal(self.cleaned_data["bedrag"])
        if bedrag <= 0:
            raise forms.ValidationError(_("Vul een bedrag boven nul in."))
        return bedrag


class Proefrondeformulier(Medewerkerformulier):
    """A simulated round of these expectations."""

    tijdvak = forms.CharField(widget=forms.HiddenInput, max_length=80)
    verwacht = forms.IntegerField(widget=forms.HiddenInput, min_value=1, max_value=1_000_000)
    aantal = Getalveld(
        label=_("Aanvragen in de proefronde"),
        min_value=1,
        max_value=HOOGSTENS,
        help_text=_(
            "Hoogstens 100. Zijn het er minder dan u verwacht, dan gaan de plafonds naar verhouding omlaag. "
            "Reken op één seconde per aanvraag."
        ),
    )
