"""Withdrawal at any stage: the money comes free and the reserve list is called, in one transaction."""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal

from django.db import transaction

from aanvragen.enums import Status
from aanvragen.models import Aanvraag
from aanvragen.services.indienen import aanvraag_intrekken, intrekking_bevestigen
from beoordeling.enums import Mutatiesoort
from beoordeling.selectors_behandelvolgorde import ongetoetst_met_plaats
from beoordeling.services.rangschikking import mutatie_verwerken, rangschikking_vergrendelen
from kern.models import Gebruiker
from kern.services.overgang import overgang_toepassen, vergrendel
from regeling.enums import Boekingsoort
from regeling.services.grootboek import Opdracht, boeken
from uitvoering.models import Cursist, Voucher
from uitvoering.services.deelnemers import groep_beeindigen

_TOEGEKEND = {Status.GESELECTEERD, Status.VERLEEND, Status.IN_UITVOERING}


def zaak_intrekken(*, aanvraag: Aanvraag, reden: str, actor: Gebruiker | None, op: datetime) -> list[str]:
    """The applicant gives up. Returns the kenmerken that were called from the reserve list.

    Between freeze and draw the entry stays on the frozen list and gets UIT at the draw; nobody else moves.
    """
    with transaction.atomic():
        rangschikking = rangschikking_vergrendelen(aanvraag.tijdvak)
        aanvraag = vergrendel(aanvraag)
        if aanvraag.status not in _TOEGEKEND:
            op_de_lijst = aanvraag.status == Status.RESERVE or ongetoetst_met_plaats(aanvraag)
            aanvraag = aanvraag_intrekken(aanvraag=aanvraag, reden=reden, actor=actor, op=op)
            if not op_de_lijst:
                return []
        else:
            verlening_vrijgeven(aanvraag, reden, actor, op)
            intrekking_bevestigen(aanvraag=aanvraag, op=op)
        if rangschikking is None:
            return []
        return mutatie_verwerken(
            rangschikking=rangschikking,
            soort=Mutatiesoort.INTREKKING,
            kenmerk=aanvraag.kenmerk,
            bedrag=Decimal(0),
            reden=reden,
            actor=actor,
            op=op,
        )


def verlening_vrijgeven(aanvraag: Aanvraag, reden: str, actor: Gebruiker | None, op: datetime) -> None:
    """Ends a grant with its voucher and releases its money. The caller holds the lock of the application."""
    gereserveerd, bedrag = aanvraag.status == Status.GESELECTEERD, aanvraag.ruimte_toegekend
    groep_beeindigen(aanvraag, reden, actor, op)
    Cursist.objects.filter(aanvraag=aanvraag, afgemeld_op=None).update(afgemeld_op=op)
    overgang_toepassen(aanvraag, "besluit_intrekken", actor=actor, op=op, vergrendeld=True, reden=reden)
    voucher = Voucher.objects.filter(aanvraag=aanvraag).first()
    if voucher is not None:
        overgang_toepassen(voucher, "intrekken", actor=actor, op=op, reden=reden)
    boeken(
        tijdvak=aanvraag.tijdvak,
        actor=actor,
        op=op,
        opdrachten=[
            Opdracht(
                soort=Boekingsoort.VRIJVAL,
                bedrag=bedrag,
                onderwerp=aanvraag.pk,
                sleutel=f"vrijval-intrekking-{aanvraag.pk}",
                potten=aanvraag.potten,
                uit_reservering=gereserveerd,
            )
        ],
    )
