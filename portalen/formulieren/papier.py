"""Entering an application that came in on paper."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from aanvragen.services.nasturen import Upload
from aanvragen.services.papier import SCAN, Papieradres
from portalen.formulieren.bijlagen import ACCEPT, Bestandskeuze, Uploadsveld, als_uploads, gekozen_uit
from portalen.formulieren.medewerker import Medewerkerformulier
from portalen.formulieren.tijdvak import TijdVeld, moment
from portalen.formulieren.velden import DatumVeld, KvkVeld, PostcodeVeld
from regeling.enums import Tijdvakstatus
from regeling.models import Tijdvak


def scanveld(*, verplicht: bool) -> Uploadsveld:
    return Uploadsveld(
        label=_("Scan van de aanvraag"),
        help_text=_(
            "Alles wat op papier binnenkwam, met het stempel. PDF, PNG of JPG, hoogstens %(mb)d MB per bestand."
        )
        % {"mb": SCAN.maximum_mb},
        required=verplicht,
        max_length=200,
        maximum_mb=SCAN.maximum_mb,
        aantal=SCAN.aantal_maximum,
        widget=Bestandskeuze(meer=True, attrs={"accept": ",".join(ACCEPT[soort] for soort in SCAN.soorten)}),
    )


class Papierformulier(Medewerkerformulier):
    """Round, stamp of receipt, organisation and scan."""

    tijdvak = forms.ModelChoiceField(
        label=_("Tijdvak"), queryset=Tijdvak.objects.none(), empty_label=_("Maak een keuze")
    )
    ontvangen_dag = DatumVeld(
        label=_("Datum van ontvangst"), help_text=_("Van het stempel."), tot_en_met=timezone.localdate
    )
    ontvangen_tijd = TijdVeld(label=_("Tijd van ontvangst"), help_text=_("Van het stempel, bijvoorbeeld 14:30."))
    kvk_nummer = KvkVeld(label=_("KvK-nummer van de aanvrager"))
    naam = forms.CharField(
        label=_("Naam van de organisatie"),
        required=False,
        max_length=200,
        help_text=_("Alleen nodig als wij dit KvK-nummer nog niet kennen."),
    )
    straat = forms.CharField(
        label=_("Straat en huisnummer"),
        required=False,
        max_length=200,
        help_text=_("Het adres is nodig als wij het nog niet kennen: onze brieven gaan per post."),
    )
    postcode = PostcodeVeld(label=_("Postcode"), required=False)
    plaats = forms.CharField(label=_("Plaats"), required=False, max_length=100)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        staten = [Tijdvakstatus.GEPUBLICEERD, Tijdvakstatus.OPEN, Tijdvakstatus.GESLOTEN]
        self.fields["tijdvak"].queryset = Tijdvak.objects.filter(status__in=staten).order_by("-open_op", "sleutel")  # type: ignore[attr-defined]
        self.fields["scans"] = scanveld(verplicht=True)

    def gegevens(self) -> dict[str, Any]:
        """What the service takes."""
        waarden = self.cleaned_data
        return {
            "tijdvak": waarden["tijdvak"],
            "kvk_nummer": waarden["kvk_nummer"],
            "adres": Papieradres(**{veld: waarden[veld] for veld in ("naam", "straat", "postcode", "plaats")}),
            "ontvangen_op": moment(waarden["ontvangen_dag"], waarden["ontvangen_tijd"]),
            "scans": als_uploads(gekozen_uit(waarden)),
        }


class Scanformulier(Medewerkerformulier):
    """More pages of the letter."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["scans"] = scanveld(verplicht=True)
        self.fields["scans"].label = _("Nog een scan")

    def uploads(self) -> list[Upload]:
        return als_uploads(gekozen_uit(self.cleaned_data))
