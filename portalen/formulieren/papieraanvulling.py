"""Entering an answer on paper to a request to complete."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from aanvragen.models import Organisatie
from aanvragen.services.papier import Papieradres
from portalen.formulieren.bijlagen import als_uploads, gekozen_uit
from portalen.formulieren.medewerker import Medewerkerformulier
from portalen.formulieren.papier import scanveld
from portalen.formulieren.tijdvak import TijdVeld, moment
from portalen.formulieren.velden import DatumVeld, PostcodeVeld


class Papieraanvulformulier(Medewerkerformulier):
    """Stamp of receipt and scan; the address only when we do not know it, because the receipt goes by post."""

    ontvangen_dag = DatumVeld(
        label=_("Datum van ontvangst"), help_text=_("Van het stempel."), tot_en_met=timezone.localdate
    )
    ontvangen_tijd = TijdVeld(label=_("Tijd van ontvangst"), help_text=_("Van het stempel, bijvoorbeeld 14:30."))

    def __init__(self, *args: Any, organisatie: Organisatie, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        velden: dict[str, forms.Field] = {
            "straat": forms.CharField(
                label=_("Straat en huisnummer"),
                max_length=200,
                help_text=_("Wij kennen het adres nog niet. De ontvangstbevestiging gaat per post."),
            ),
            "postcode": PostcodeVeld(label=_("Postcode")),
            "plaats": forms.CharField(label=_("Plaats"), max_length=100),
        }
        self.adresvelden = [naam for naam in velden if not getattr(organisatie, naam)]
        self.fields |= {naam: velden[naam] for naam in self.adresvelden}
        self.fields["scans"] = scanveld(verplicht=True)
        self.fields["scans"].label = _("Scan van de aanvulling")

    def gegevens(self) -> dict[str, Any]:
        """What the service takes."""
        waarden = self.cleaned_data
        return {
            "ontvangen_op": moment(waarden["ontvangen_dag"], waarden["ontvangen_tijd"]),
            "scans": als_uploads(gekozen_uit(waarden)),
            "adres": Papieradres(**{naam: waarden[naam] for naam in self.adresvelden}),
        }
