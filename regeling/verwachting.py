"""What a round may be expected to do: success chance, days to the ceiling, reserve list. Pure arithmetic on averages.

Everybody asks the average amount. In a sub-ceiling as many fit as its amount allows; all together never more than fit
under the ceiling of the round. Sub-ceilings of different kinds (theme, province) each bound the total.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal

from regeling.enums import HOOFDPOT
from regeling.schema import Regelingspec, Subplafondspec, Tijdvakspec, Verdeling


@dataclass(frozen=True)
class Aanname:
    """``aanvragen``: how many come in; ``bedrag``: average per application, in the unit of the ceiling; ``geschikt``:
    share (0-1) that meets the conditions; ``per_dag``: applications a day; ``per_pot``: code → how many of all fall
    under that sub-ceiling (missing: evenly over those of its kind)."""

    aanvragen: int
    bedrag: Decimal
    geschikt: Decimal = Decimal(1)
    per_dag: Decimal | None = None
    per_pot: Mapping[str, int] = field(default_factory=dict)


@dataclass(frozen=True)
class Potverwachting:
    """One (sub-)ceiling. ``geschikt``: applications that take part; ``past``: how many the amount allows;
    ``toegekend``: expected grants; ``kans``: their share of the applications that take part, None without any;
    ``dagen``: day (1 = the first) on which the ceiling is reached at order of receipt, None when it is not."""

    code: str
    naam: str
    plafond: Decimal
    geschikt: int
    past: int
    toegekend: int
    kans: Decimal | None
    dagen: int | None


@dataclass(frozen=True)
class Verwachting:
    """The round (``geheel``) and its sub-ceilings. ``uitgeloot``: takes part and gets nothing; ``reserve``: how many of
    those stand on the reserve list. ``overvraging``: amount asked by who takes part, as a share of the ceiling."""

    geheel: Potverwachting
    potten: tuple[Potverwachting, ...]
    afgewezen: int
    uitgeloot: int
    reserve: int
    overvraging: Decimal


def verwacht(spec: Regelingspec, tijdvak: Tijdvakspec, aanname: Aanname) -> Verwachting:
    """The expectation of a round. ``aanname.bedrag`` is above zero, ``aanvragen`` at least 1, ``geschikt`` 0 to 1."""
    verdeling = spec.verdeling_voor(tijdvak.sleutel)
    doet_mee = _rond(aanname.aanvragen * aanname.geschikt)
    past = _past(tijdvak.plafond, aanname.bedrag, verdeling)
    per_soort: dict[str, list[Subplafondspec]] = {}
    for pot in tijdvak.subplafonds:
        per_soort.setdefault(pot.soort, []).append(pot)
    verdeeld: dict[str, tuple[int, int, int]] = {}
    for rij in per_soort.values():
        verdeeld |= _soort(rij, doet_mee, aanname, verdeling)
    totaal = min(past, doet_mee)
    for rij in per_soort.values():
        binnen = sum(verdeeld[pot.code][0] for pot in rij)
        gegeven = sum(verdeeld[pot.code][1] for pot in rij)
        totaal = min(totaal, gegeven + doet_mee - binnen)
    if verdeling.restronde:
        totaal = min(past, doet_mee)
    venster = (tijdvak.sluit_op - tijdvak.open_op).days + 1
    potten = []
    for pot in tijdvak.subplafonds:
        n, gegeven, ruimte = verdeeld[pot.code]
        rij = per_soort[pot.soort]
        gegeven = _bijgesteld(gegeven, n, [verdeeld[een.code] for een in rij], totaal, doet_mee)
        dagen = _dagen(ruimte, n, doet_mee, aanname, venster)
        potten.append(Potverwachting(pot.code, pot.naam, pot.bedrag, n, ruimte, gegeven, _deel(gegeven, n), dagen))
    dagen = _dagen(past, doet_mee, doet_mee, aanname, venster)
    geheel = Potverwachting(HOOFDPOT, "", tijdvak.plafond, doet_mee, past, totaal, _deel(totaal, doet_mee), dagen)
    return Verwachting(
        geheel=geheel,
        potten=tuple(potten),
        afgewezen=aanname.aanvragen - doet_mee,
        uitgeloot=doet_mee - totaal,
        reserve=_reserve(doet_mee - totaal, verdeling),
        overvraging=doet_mee * aanname.bedrag / tijdvak.plafond,
    )


def _soort(
    potten: Sequence[Subplafondspec], doet_mee: int, aanname: Aanname, verdeling: Verdeling
) -> dict[str, tuple[int, int, int]]:
    """Code → (takes part, gets, fits) for the sub-ceilings of one kind."""
    gegeven = {pot.code: aanname.per_pot[pot.code] for pot in potten if pot.code in aanname.per_pot}
    rest = max(0, aanname.aanvragen - sum(gegeven.values()))
    zonder = [pot.code for pot in potten if pot.code not in gegeven]
    uit = {}
    for pot in potten:
        aantal = Decimal(gegeven[pot.code]) if pot.code in gegeven else Decimal(rest) / len(zonder)
        n = min(doet_mee, _rond(aantal * aanname.geschikt))
        past = _past(pot.bedrag, aanname.bedrag, verdeling)
        uit[pot.code] = (n, min(n, past), past)
    return uit


def _bijgesteld(gegeven: int, n: int, rij: Sequence[tuple[int, int, int]], totaal: int, doet_mee: int) -> int:
    """What a sub-ceiling gives when the whole gives less than its kind would (the ceiling of the round is reached), or
    more (the second round): in proportion."""
    binnen, som = sum(een[0] for een in rij), sum(een[1] for een in rij)
    zonder_grens = som + max(0, doet_mee - binnen)
    if totaal <= zonder_grens:
        return gegeven * totaal // zonder_grens if zonder_grens else 0
    tekort = binnen - som
    return gegeven + (n - gegeven) * min(totaal - zonder_grens, tekort) // tekort if tekort > 0 else gegeven


def _past(plafond: Decimal, bedrag: Decimal, verdeling: Verdeling) -> int:
    """How many average applications fit; with DEEL the last one gets what is left."""
    aantal = plafond / bedrag
    return math.ceil(aantal) if verdeling.regel == "DEEL" else math.floor(aantal)


def _dagen(past: int, n: int, doet_mee: int, aanname: Aanname, venster: int) -> int | None:
    """Applications of this pot come in evenly, ``per_dag`` over all of the round."""
    if aanname.per_dag is None or n == 0 or past > n:
        return None
    per_dag = aanname.per_dag * aanname.geschikt * n / doet_mee
    if per_dag <= 0:
        return None
    dagen = max(1, math.ceil(past / per_dag))
    return dagen if dagen <= venster else None


def _reserve(over: int, verdeling: Verdeling) -> int:
    if not verdeling.reservelijst:
        return 0
    return over if verdeling.reservelijst_maximum is None else min(over, verdeling.reservelijst_maximum)


def _deel(deel: int, geheel: int) -> Decimal | None:
    return Decimal(deel) / geheel if geheel else None


def _rond(getal: Decimal) -> int:
    return math.floor(getal + Decimal("0.5"))
