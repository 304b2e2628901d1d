"""Rounds as the public sees them: which ones, open or not, and how much time is left."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any

from django.db.models import F, Q, QuerySet
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from aanvragen.selectors import Tijdvakcijfers, tijdvak_cijfers
from beoordeling.enums import Lotingstatus
from beoordeling.models import Loting
from portalen.presentatie.regelingtekst import getal, opsomming
from portalen.templatetags.stimulans import euro
from regeling.enums import HOOFDPOT, Herkomst, Methode, Tijdvakstatus
from regeling.models import Tijdvak

#: States of a draw that was planned, and of which only the moment is public.
AANGEKONDIGD = [Lotingstatus.ONTWERP, Lotingstatus.BEVROREN]
#: Methods in which the lot gives the places; else it only breaks ties.
LOOT = frozenset({Methode.LOTING, Methode.GRIJZE_ZONE})
OPEN, STRAKS, GESLOTEN = "open", "straks", "gesloten"


def openbare_tijdvakken() -> QuerySet[Tijdvak]:
    """Rounds with a public page: published and not withdrawn."""
    return Tijdvak.objects.exclude(status__in=[Tijdvakstatus.ONTWERP, Tijdvakstatus.INGETROKKEN]).select_related(
        "regelingversie__regeling"
    )


def getoonde_tijdvakken() -> QuerySet[Tijdvak]:
    """Rounds in public lists: a replay of a round in the simulator is nothing one can apply for."""
    return openbare_tijdvakken().exclude(herkomst=Herkomst.SIMULATIE)


def vrije_tijdvakken() -> QuerySet[Tijdvak]:
    """Those in which anybody may begin: the second of two stages is only for who was invited."""
    return getoonde_tijdvakken().filter(vorige_stap=None)


def stand_van(tijdvak: Tijdvak, moment: datetime) -> str:
    """``OPEN``, ``STRAKS`` or ``GESLOTEN`` by the clock, also in the second before the worker changed the status."""
    if tijdvak.is_open_op(moment):
        return OPEN
    wacht = tijdvak.status in {Tijdvakstatus.GEPUBLICEERD, Tijdvakstatus.ONTWERP}
    return STRAKS if wacht and moment < tijdvak.open_op else GESLOTEN


def lotingen_van(tijdvak: Tijdvak) -> list[Loting]:
    """The draws of a round that were published, or are still planned; the newest first."""
    return list(
        Loting.objects.filter(Q(gepubliceerd_op__isnull=False) | Q(status__in=AANGEKONDIGD), tijdvak=tijdvak).order_by(
            F("gepubliceerd_op").desc(nulls_last=True)
        )
    )


def openbare_lotingen(tijdvak: Tijdvak) -> list[Loting]:
    """Those that were made public."""
    return [loting for loting in lotingen_van(tijdvak) if loting.gepubliceerd_op is not None]


def geldige_loting(lotingen: list[Loting]) -> Loting | None:
    """The draw that counts."""
    vervallen = {Lotingstatus.VERVANGEN, Lotingstatus.ONGELDIG}
    return next((loting for loting in lotingen if loting.status not in vervallen), None)


def tijd_over(tot: datetime, nu: datetime) -> str:
    """'nog 12 dagen', 'nog 5 uur', 'nog 40 minuten'; empty when the moment has passed. Rounds down."""
    over = tot - nu
    if over < timedelta(0):
        return ""
    if over >= timedelta(days=2):
        return ngettext("nog %(n)d dag", "nog %(n)d dagen", over.days) % {"n": over.days}
    uren = over // timedelta(hours=1)
    if uren >= 2:
        return _("nog %(n)d uur") % {"n": uren}
    minuten = over // timedelta(minutes=1)
    return ngettext("nog %(n)d minuut", "nog %(n)d minuten", minuten) % {"n": minuten}


def aftelling(tot: datetime, nu: datetime) -> str:
    """'2 dagen, 3 uur en 5 minuten'; without parts that are 0; empty when the moment has passed. Rounds up to minutes,
    so that a draw never seems to be later than it is."""
    over = tot - nu
    if over <= timedelta(0):
        return ""
    minuten = -(-over // timedelta(minutes=1))
    dagen, rest = divmod(minuten, 24 * 60)
    uren, minuten = divmod(rest, 60)
    delen = [
        ngettext("%(n)d dag", "%(n)d dagen", dagen) % {"n": dagen} if dagen else "",
        _("%(n)d uur") % {"n": uren} if uren else "",
        ngettext("%(n)d minuut", "%(n)d minuten", minuten) % {"n": minuten} if minuten else "",
    ]
    return opsomming([deel for deel in delen if deel])


@dataclass(frozen=True)
class Kaart:
    """A round on a card."""

    tijdvak: Tijdvak
    stand: str
    regeling: str
    krijgt: str
    over: str


def kaart(tijdvak: Tijdvak, moment: datetime) -> Kaart:
    stand = stand_van(tijdvak, moment)
    return Kaart(
        tijdvak=tijdvak,
        stand=stand,
        regeling=tijdvak.regelingversie.regeling.naam,
        krijgt=korte_omvang(tijdvak),
        over=tijd_over(tijdvak.sluit_op if stand == OPEN else tijdvak.open_op, moment) if stand != GESLOTEN else "",
    )


def korte_omvang(tijdvak: Tijdvak) -> str:
    """What one can get, in one line; amounts do not break from their sign."""
    return _omvang(tijdvak).replace("€ ", "€\u00a0")


def _omvang(tijdvak: Tijdvak) -> str:
    regel = tijdvak.spec.subsidie
    if regel.vast_bedrag is not None:
        return euro(regel.vast_bedrag)
    if regel.percentage is not None and regel.maximum is not None:
        return _("%(procent)s%% van de kosten, hoogstens %(bedrag)s") % {
            "procent": getal(regel.percentage),
            "bedrag": euro(regel.maximum),
        }
    return ""


@dataclass(frozen=True)
class Budget:
    """The gauge of a round: ceiling and its parts in euros (or pieces), counted at ``gemeten_op``."""

    totaal: Decimal
    delen: list[dict[str, Any]]
    cijfers: Tijdvakcijfers
    gemeten_op: datetime


def budget_van(tijdvak: Tijdvak, moment: datetime) -> Budget:
    plafond = tijdvak.plafonds.get(code=HOOFDPOT)
    lopend = plafond.vastgelegd - plafond.gereserveerd - plafond.betaald
    return Budget(
        totaal=plafond.bedrag,
        delen=[
            {"naam": _("Betaald"), "bedrag": plafond.betaald, "soort": "betaald"},
            {"naam": _("Toegezegd in een besluit"), "bedrag": max(lopend, Decimal(0)), "soort": "verleend"},
            {"naam": _("Gereserveerd"), "bedrag": plafond.gereserveerd, "soort": "gereserveerd"},
        ],
        cijfers=tijdvak_cijfers(tijdvak),
        gemeten_op=moment,
    )
