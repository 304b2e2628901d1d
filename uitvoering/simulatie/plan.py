"""What a replay takes from the published figures of a round: pure. Amounts per application are averages of that year.

Where the total asked is known, everybody asks the average of it; else the average that was granted; else, where the
ceiling was the limit, the amount of which exactly the known number fits. Nothing known: what the simulator makes up.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from itertools import accumulate

from regeling.schema import Historie, Regelingspec, Tijdvakspec

#: Share of applications above what fits, where only the number that was granted is known.
MEER_DAN_PAST = Decimal("1.25")
STANDAARD = 50
GULDEN_SNEDE = 0.6180339887498949


@dataclass(frozen=True)
class Aanvraagplan:
    """One application: ``bedrag`` in euros (None: made up), ``leden`` of a group (0: no group), ``voldoet`` or refused,
    ``open``: not decided on yet."""

    bedrag: Decimal | None = None
    leden: int = 0
    voldoet: bool = True
    open: bool = False


@dataclass(frozen=True)
class Rondeplan:
    """``aanvragen`` in the order in which they come in, within ``dagen`` days of the opening (None: any time)."""

    aanvragen: tuple[Aanvraagplan, ...]
    dagen: int | None = None


def aantallen(ronde: Tijdvakspec | None, aantal: int | None, aanvragers: int | None) -> tuple[int, int]:
    """Numbers asked for, else those of the round's history, else 50; more than fit where only what fitted is known."""
    historie = ronde.historie if ronde is not None else None
    if aantal is None:
        aantal = STANDAARD
        if historie is not None and historie.aanvragen:
            aantal = historie.aanvragen
        elif historie is not None and historie.toegekend:
            aantal = max(STANDAARD, int(historie.toegekend * MEER_DAN_PAST))
    if aanvragers is None:
        zelfde = historie is not None and historie.aanvragen == aantal and historie.aanvragers
        aanvragers = historie.aanvragers if zelfde and historie and historie.aanvragers else aantal
    return aantal, aanvragers


def rondeplan(spec: Regelingspec, ronde: Tijdvakspec, aantal: int) -> Rondeplan:
    """The plan of ``aantal`` applications; another number than in history scales the shares, not the amounts."""
    historie = ronde.historie or Historie()
    leden = [groepsgrootte(spec, nr) for nr in range(max(aantal, historie.aanvragen or 0))]
    bedragen = _bedragen(spec, ronde, historie, leden)
    basis = historie.aanvragen or aantal
    open_ = round((historie.in_behandeling or 0) * aantal / basis)
    klaar = aantal - open_
    weg = round((historie.afgewezen or 0) * aantal / basis)
    afgewezen = {nr * klaar // weg for nr in range(weg)} if weg else set()
    return Rondeplan(
        tuple(Aanvraagplan(bedragen[nr], leden[nr], nr not in afgewezen, nr >= klaar) for nr in range(aantal)),
        historie.dagen,
    )


def groepsgrootte(spec: Regelingspec, nummer: int) -> int:
    """How many members group ``nummer`` has: spread over what the scheme allows, more often large than small."""
    eis = spec.aanvrager.consortium
    if eis is None:
        return 0
    hoogste = eis.max if eis.max is not None else eis.min + 3
    return eis.min + round((hoogste - eis.min) * (nummer * GULDEN_SNEDE % 1) ** 0.5)


def _bedragen(
    spec: Regelingspec, ronde: Tijdvakspec, historie: Historie, leden: Sequence[int]
) -> Sequence[Decimal | None]:
    """Whole euros per application (a group in proportion to its members); the first ``historie.aanvragen`` add up to
    exactly what was asked."""
    aantal = len(leden)
    subsidie = spec.subsidie
    if subsidie.vorm != "subsidie" or subsidie.eenheid != "euro":
        return [None] * aantal
    deel: tuple[Decimal, int] | None = None
    if historie.gevraagd and historie.aanvragen:
        deel = historie.gevraagd, historie.aanvragen
    elif historie.toegekend_bedrag and historie.toegekend:
        deel = historie.toegekend_bedrag, historie.toegekend
    elif historie.toegekend and historie.aanvragen and not historie.afgewezen:
        deel = Decimal(ronde.plafond // historie.toegekend), 1
    if deel is None:
        return [None] * aantal
    som, gewichten = int(deel[0]), [lid or 1 for lid in leden]
    tot = list(accumulate(gewichten, initial=0))
    return [Decimal(tot[nr + 1] * som // tot[deel[1]] - tot[nr] * som // tot[deel[1]]) for nr in range(aantal)]
