"""An upheld objection in the ranking: the application takes part after all, in its own place."""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal

from django.db import transaction

from aanvragen.enums import Status
from aanvragen.models import Aanvraag
from aanvragen.services.toetsing import eis_geen_belang
from beoordeling.enums import Mutatiesoort, Uitkomst
from beoordeling.models import Plaats
from beoordeling.services.rangschikking import mutatie_verwerken, rangschikking_vergrendelen
from kern.enums import Rol
from kern.fouten import InvoerFout, OvergangFout
from kern.models import Gebruiker
from kern.rechten import eis_rol
from kern.services.overgang import overgang_toepassen, vergrendel


def plaats_herstellen(*, aanvraag: Aanvraag, reden: str, actor: Gebruiker | None, op: datetime) -> bool:
    """Writes HERSTEL in the log and gives the application what the ORIGINAL division gives with it on the list.

    ``True``: it is selected, above the ceiling where that is used up (Awb 4:25(3), R30). ``False``: it is on the
    reserve list, in its own place. ``reden``: the decision on the objection. :class:`OvergangFout` when it was not
    refused, did not stand on the drawn list, or was restored before.
    """
    eis_rol(actor, Rol.BEZWAARBEHANDELAAR, Rol.BESLISSER)
    if not reden.strip():
        raise InvoerFout("De reden ontbreekt.", actie="Noem de beslissing op bezwaar.", veld="reden")
    with transaction.atomic():
        rangschikking = rangschikking_vergrendelen(aanvraag.tijdvak)
        aanvraag = vergrendel(aanvraag)
        eis_geen_belang(actor, aanvraag)
        if aanvraag.status not in {Status.AFGEWEZEN, Status.BUITEN_BEHANDELING}:
            raise OvergangFout(
                f"De aanvraag is “{aanvraag.get_status_display()}”; er is niets te herstellen.",
                actie="Herstellen kan na een afwijzing, en één keer.",
                code="niet-te-herstellen",
            )
        plaats = Plaats.objects.filter(aanvraag=aanvraag, rangschikking=rangschikking).first()
        if rangschikking is None or plaats is None or plaats.uitkomst != Uitkomst.UIT:
            raise OvergangFout(
                "Deze aanvraag is niet van de lijst van de verdeling gehaald.",
                actie="Neem een nieuw besluit; in de rangschikking verandert niets.",
                code="niet-op-de-lijst",
            )
        aanvraag = overgang_toepassen(aanvraag, "herstellen", actor=actor, op=op, vergrendeld=True, reden=reden.strip())
        opgeroepen = mutatie_verwerken(
            rangschikking=rangschikking,
            soort=Mutatiesoort.HERSTEL,
            kenmerk=aanvraag.kenmerk,
            bedrag=Decimal(0),
            reden=reden.strip(),
            actor=actor,
            op=op,
        )
    return aanvraag.kenmerk in opgeroepen
