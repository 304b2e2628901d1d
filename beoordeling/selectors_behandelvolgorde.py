"""Reading a round that is drawn first and assessed in the order of the draw (``wanneer = "behandelvolgorde"``)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from django.db.models import Count, Q, Sum

from aanvragen.enums import OPEN_VOOR_BEHANDELING, Status, Toetsuitkomst
from aanvragen.models import Aanvraag, Toets
from beoordeling.enums import Uitkomst
from beoordeling.models import Plaats
from regeling.enums import HOOFDPOT, Methode
from regeling.models import Tijdvak

#: States that take part in a draw that comes before the assessment; also those of a list that was frozen.
LOOT_MEE = OPEN_VOOR_BEHANDELING | {Status.COMPLEET, Status.IN_VERDELING}
#: Outcomes of a place that is still on the list: with room for now, or waiting for it.
WACHT_OP_RUIMTE = (Uitkomst.RESERVE, Uitkomst.GROEP)
OP_DE_LIJST = (Uitkomst.TOEGEWEZEN, *WACHT_OP_RUIMTE)
#: Reserves whose application nobody has assessed; like those that were, they wait for room.
ONGETOETST_OP_RESERVE = Q(status__in=OPEN_VOOR_BEHANDELING, plaats__uitkomst__in=WACHT_OP_RUIMTE)


def loot_vooraf(tijdvak: Tijdvak) -> bool:
    """Whether the draw comes first, and applications are assessed in its order."""
    return tijdvak.methode == Methode.LOTING and tijdvak.verdeling.wanneer == "behandelvolgorde"


def niet_de_eerste(tijdvak: Tijdvak) -> set[str]:
    """Labels of applications that take no part in the draw because another one of the same applicant does: the first
    that came in, unless an officer judged otherwise. Only where the scheme says one per applicant."""
    rijen = Aanvraag.objects.filter(tijdvak=tijdvak, een_per_aanvrager=True, status__in=LOOT_MEE)
    toets = Toets.objects.filter(aanvraag__in=rijen, code="een_per_aanvrager")
    niet_goed = toets.filter(Q(oordeel=Toetsuitkomst.VOLDOET_NIET) | Q(oordeel="", uitkomst=Toetsuitkomst.VOLDOET_NIET))
    later = set(niet_goed.values_list("aanvraag_id", flat=True))
    geordend = sorted(
        rijen.values_list("pk", "organisatie_id", "status", "ingediend_op", "kenmerk"),
        # Who is in the division already stays in it.
        key=lambda rij: (rij[2] != Status.IN_VERDELING, rij[0] in later, rij[3], rij[4]),
    )
    gezien, uit = set(), set()
    for _pk, organisatie, _status, _op, kenmerk in geordend:
        if organisatie in gezien:
            uit.add(kenmerk)
        gezien.add(organisatie)
    return uit


def ongetoetst_met_plaats(aanvraag: Aanvraag) -> bool:
    """Whether the application has a place on the drawn list while nobody has finished assessing it."""
    wacht = aanvraag.status in OPEN_VOOR_BEHANDELING or aanvraag.status == Status.COMPLEET
    return wacht and Plaats.objects.filter(aanvraag=aanvraag, uitkomst__in=OP_DE_LIJST).exists()


def nog_te_reserveren(tijdvak: Tijdvak, potten: Sequence[str], *, behalve: Aanvraag) -> dict[str, Decimal]:
    """Per pot what is reserved as soon as the applications that have room for now are found complete."""
    som = dict.fromkeys(potten, Decimal(0))
    if not loot_vooraf(tijdvak):
        return som
    open_ = Plaats.objects.filter(
        rangschikking__tijdvak=tijdvak, uitkomst=Uitkomst.TOEGEWEZEN, aanvraag__status__in=OPEN_VOOR_BEHANDELING
    )
    for plaats in open_.exclude(aanvraag=behalve).select_related("aanvraag"):
        for pot in {HOOFDPOT, *plaats.aanvraag.potten} & set(potten):
            som[pot] += plaats.bedrag or 0
    return som


@dataclass(frozen=True)
class Toetsstand:
    """How far the assessment in drawn order is: applications that must be assessed now, and that may wait.

    ``ruimte``: what the first have been drawn for (euros or places); the ledger reserves it when each is assessed.
    """

    binnen: int
    reserve: int
    ruimte: Decimal


def toetsstand(tijdvak: Tijdvak) -> Toetsstand | None:
    """``None`` when the round is not drawn first, or not drawn yet."""
    if not loot_vooraf(tijdvak):
        return None
    plaatsen = Plaats.objects.filter(rangschikking__tijdvak=tijdvak)
    if not plaatsen.exists():
        return None
    open_ = plaatsen.filter(aanvraag__status__in=OPEN_VOOR_BEHANDELING)
    telling = open_.aggregate(
        binnen=Count("id", filter=Q(uitkomst=Uitkomst.TOEGEWEZEN)),
        reserve=Count("id", filter=Q(uitkomst__in=WACHT_OP_RUIMTE)),
        ruimte=Sum("bedrag", filter=Q(uitkomst=Uitkomst.TOEGEWEZEN), default=Decimal(0)),
    )
    return Toetsstand(**telling)
