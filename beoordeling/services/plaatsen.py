"""The places as they were drawn: from the stored result to rows."""

from __future__ import annotations

from aanvragen.enums import OPEN_VOOR_BEHANDELING, Status
from aanvragen.models import Aanvraag
from beoordeling.enums import Uitkomst
from beoordeling.loting import Uitslag
from beoordeling.models import Loting, Plaats, Rangschikking
from beoordeling.services.bewijs import lotingbestand
from beoordeling.services.lotingslijst import ZEKER
from regeling.enums import HOOFDPOT, Methode
from regeling.ruimte import uit_delen

WOORD = {"RESERVE": Uitkomst.RESERVE, "GROEP": Uitkomst.GROEP, "UIT": Uitkomst.UIT, "INGETROKKEN": Uitkomst.VERVALLEN}


def betaald_uit(uitslag: Uitslag) -> dict[str, list[str]]:
    """Label → sub-ceilings that its award came from; a second walk (restronde) takes from the ceiling alone."""
    kenmerken = uitslag.deelnemers.kenmerk
    return {kenmerken[rij]: sorted(set(potten) - {HOOFDPOT}) for rij, potten in uitslag.stand.betaald_uit.items()}


def getrokken_plaatsen(rangschikking: Rangschikking, loting: Loting, uitslag: Uitslag) -> list[Plaats]:
    """The places as drawn. Locks the applications: their states do not change until the draw is settled.

    In a grey zone who was awarded by score has no lot: it took no part in the draw.
    """
    zeker = set()
    if loting.tijdvak.methode == Methode.GRIJZE_ZONE:
        lijst = uitslag.deelnemers
        zeker = {k for k, rang in zip(lijst.kenmerk, lijst.rang, strict=True) if rang.startswith(ZEKER)}
    rijen = Aanvraag.objects.select_for_update(of=("self",)).filter(tijdvak=loting.tijdvak).exclude(kenmerk="")
    aanvragen = {aanvraag.kenmerk: aanvraag for aanvraag in rijen.select_related("tijdvak")}
    plaatsen = []
    for regel in lotingbestand(loting, "uitkomst.csv").decode().splitlines()[1:]:
        rang, kenmerk, lot, woord = regel.split(";")
        uitkomst = WOORD.get(woord, Uitkomst.TOEGEWEZEN)
        plaatsen.append(
            Plaats(
                rangschikking=rangschikking,
                aanvraag=aanvragen[kenmerk],
                rang=int(rang),
                lot="" if kenmerk in zeker else lot,
                uitkomst=uitkomst,
                eerste_uitkomst=uitkomst,
                bedrag=uit_delen(int(woord), loting.tijdvak) if woord.isdigit() else None,
                reden=_waarom_uit(aanvragen[kenmerk]) if uitkomst == Uitkomst.UIT else "",
            )
        )
    return plaatsen


def _waarom_uit(aanvraag: Aanvraag) -> str:
    if aanvraag.status in OPEN_VOOR_BEHANDELING or aanvraag.status == Status.COMPLEET:
        return "Per aanvrager loot één aanvraag mee."
    return aanvraag.get_status_display()
