"""After sending: answering a request, withdrawing, the order to the adviser, claiming."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal
from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext as _

from aanvragen.models import Adviseur
from aanvragen.services.nasturen import Upload
from portalen.formulieren.adviseur import adviesvelden
from portalen.formulieren.begroting import kostensoorten
from portalen.formulieren.bijlagen import ACCEPT, Uploadveld, als_uploads, gekozen_uit, uploadveld
from portalen.formulieren.concept import Tekstveld, Urenveld
from portalen.formulieren.velden import BedragVeld, DatumVeld, IbanVeld
from regeling.schema import Regelingspec
from regeling.schema_delen import Bijlagespec
from uitvoering.services.declaratie import Kostengegevens

#: An invoice is at most this large, in megabytes (the default of the service).
FACTUUR_MB = 10
DEZELFDE, ANDERE = "dezelfde", "andere"


class Opdrachtformulier(forms.Form):
    """Who gets the order: the adviser of the application or somebody else."""

    toon_niet_verplicht = False

    def __init__(self, adviseur: Adviseur | None, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.adviseur = adviseur
        if adviseur is not None:
            self.fields["keuze"] = forms.ChoiceField(
                label=_("Aan wie geeft u de opdracht?"),
                choices=[
                    (DEZELFDE, _("%(naam)s, de adviseur uit uw aanvraag") % {"naam": adviseur.naam}),
                    (ANDERE, _("Een andere adviseur (vul hieronder in wie)")),
                ],
                widget=forms.RadioSelect,
                initial=DEZELFDE,
            )
        for naam, veld in adviesvelden().items():
            veld.required = adviseur is None and naam in {"naam", "email"}
            self.fields[naam] = veld

    @property
    def is_andere(self) -> bool:
        return self.adviseur is None or self.cleaned_data.get("keuze") == ANDERE

    def clean(self) -> dict[str, Any]:
        gegevens = super().clean() or {}
        if self.is_andere:
            meldingen = {
                "naam": _("Vul de naam van de adviseur in."),
                "email": _("Vul het e-mailadres van de adviseur in."),
            }
            for naam, melding in meldingen.items():
                if not gegevens.get(naam) and naam not in self.errors:
                    self.add_error(naam, melding)
            if gegevens.get("bureau_naam") and gegevens.get("bureau_kvk") == "":
                self.add_error("bureau_kvk", _("Vul ook het KvK-nummer van het bureau in."))
        return gegevens


class Kostenregelformulier(forms.Form):
    """One invoice line of a claim."""

    def __init__(self, spec: Regelingspec, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.spec = spec
        soorten = kostensoorten(spec)
        self.standaardsoort = soorten[0][0]
        if len(soorten) > 1:
            self.fields["kostensoort"] = forms.ChoiceField(
                label=_("Kostensoort"), choices=[("", _("Maak een keuze")), *soorten]
            )
        self.fields["omschrijving"] = forms.CharField(
            label=_("Omschrijving"), max_length=200, help_text=_("Wat is er gedaan, en in welke periode?")
        )
        self.fields["factuurnummer"] = forms.CharField(
            label=_("Factuurnummer"), max_length=60, widget=forms.TextInput(attrs={"class": "stimulans-breedte-20"})
        )
        self.fields["factuurdatum"] = DatumVeld(
            label=_("Datum van de factuur"), help_text=_("Bijvoorbeeld 1 3 2027."), tot_en_met=timezone.localdate
        )
        if any(soort.uurtarief_maximum is not None for soort in spec.kostensoorten):
            self.fields["aantal"] = Urenveld(
                label=_("Aantal uren op de factuur"), required=len(soorten) == 1, maximum=Decimal("99999")
            )
        self.fields["bedrag"] = BedragVeld(
            label=_("Bedrag van deze kosten"),
            minimum=Decimal("0.01"),
            maximum=Decimal("99999999"),
            help_text=_("Zonder btw, zoals op de factuur.") if _zonder_btw(spec) else _("Zoals op de factuur."),
        )
        self.fields["factuur"] = Uploadveld(
            label=_("Factuur"),
            help_text=_("PDF, PNG of JPG, hoogstens %(mb)d MB.") % {"mb": FACTUUR_MB},
            max_length=200,
            maximum_mb=FACTUUR_MB,
            widget=forms.FileInput(attrs={"accept": ",".join(ACCEPT[soort] for soort in ("pdf", "png", "jpg"))}),
        )

    def gegevens(self) -> Kostengegevens:
        waarden = self.cleaned_data
        return Kostengegevens(
            kostensoort=waarden.get("kostensoort") or self.standaardsoort,
            omschrijving=waarden["omschrijving"],
            factuurnummer=waarden["factuurnummer"],
            factuurdatum=waarden["factuurdatum"],
            bedrag=waarden["bedrag"],
            aantal=waarden.get("aantal"),
        )


def _zonder_btw(spec: Regelingspec) -> bool:
    return bool(spec.kostensoorten) and all(soort.btw == "exclusief" for soort in spec.kostensoorten)


class Stukkenformulier(forms.Form):
    """What the scheme asks besides invoices."""

    def __init__(self, specs: Sequence[Bijlagespec], *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for bijlage in specs:
            veld = uploadveld(bijlage, vervangt=False)
            veld.label = bijlage.naam
            veld.help_text = f"{' '.join((bijlage.uitleg or '').split())} {veld.help_text}".strip()
            self.fields[bijlage.code] = veld

    def uploads(self) -> list[Upload]:
        return als_uploads(gekozen_uit(self.cleaned_data))


class Indienformulier(forms.Form):
    """Handing in the claim."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["toelichting"] = Tekstveld(
            label=_("Wat is er in het project gedaan?"),
            required=False,
            maximum=5000,
            help_text=_("Vertel kort of alles is gegaan zoals u van plan was. Hoogstens 5.000 tekens."),
        )
        self.fields["iban"] = IbanVeld(
            label=_("Rekeningnummer (IBAN) van uw organisatie"), help_text=_("Op deze rekening betalen wij.")
        )
