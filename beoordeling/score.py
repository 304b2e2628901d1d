"""The score rule: criteria 1..5 to a total, assessors to an application, divergence, thresholds, rank in the draw.

Exact: ``Decimal`` with half-up rounding to two decimals at every published figure, never a float. Source: design 05
part 4. Pure functions; who may score what, and when, is decided elsewhere.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal

from kern.fouten import InvoerFout

LAAGSTE, HOOGSTE = 1, 5
GEWICHT_SOM = Decimal(100)
_CENT = Decimal("0.01")
_RANG_BREEDTE = 5  # "10000" is the highest: 100.00

D1_SPREIDING = Decimal(20)
D2_CRITERIUM = 2
D3_AFSTAND = Decimal(10)


def rond_af(waarde: Decimal) -> Decimal:
    """Two decimals, half away from zero (scores are never negative, so half up)."""
    return waarde.quantize(_CENT, rounding=ROUND_HALF_UP)


def controleer_gewichten(gewichten: Sequence[int | Decimal]) -> None:
    """Weights are positive and add up to exactly 100 (InvoerFout)."""
    if not gewichten or any(gewicht <= 0 for gewicht in gewichten):
        raise InvoerFout("Elk criterium heeft een gewicht boven 0 nodig.", actie="Verbeter de gewichten.")
    som = sum(map(Decimal, gewichten), Decimal(0))
    if som != GEWICHT_SOM:
        raise InvoerFout(f"De gewichten zijn samen {som}; dat moet 100 zijn.", actie="Verbeter de gewichten.")


def totaal(scores: Sequence[int], gewichten: Sequence[int | Decimal]) -> Decimal:
    """Total of one assessor, 0..100: sum of w_c (s_c - 1) / 4. InvoerFout on a score off the scale."""
    controleer_gewichten(gewichten)
    if len(scores) != len(gewichten):
        raise InvoerFout(
            f"Er zijn {len(scores)} scores voor {len(gewichten)} criteria.", actie="Geef elk criterium een score."
        )
    for nummer, score in enumerate(scores, 1):
        if type(score) is not int or not LAAGSTE <= score <= HOOGSTE:
            raise InvoerFout(
                f"De score {score!r} voor criterium {nummer} bestaat niet.",
                actie=f"Kies een heel getal van {LAAGSTE} tot en met {HOOGSTE}.",
            )
    punten = sum((Decimal(w) * (s - LAAGSTE) for w, s in zip(gewichten, scores, strict=True)), Decimal(0))
    return rond_af(punten / (HOOGSTE - LAAGSTE))


def gemiddelde(waarden: Sequence[Decimal | int]) -> Decimal:
    """Mean of the assessor totals (or of the scores on one criterion). InvoerFout without values."""
    if not waarden:
        raise InvoerFout("Er is nog geen beoordeling.", actie="Wacht tot er een beoordeling is ingediend.")
    return rond_af(sum(map(Decimal, waarden), Decimal(0)) / len(waarden))


def spreiding(totalen: Sequence[Decimal]) -> Decimal:
    """Highest minus lowest assessor total; 0 with one assessor."""
    return rond_af(max(totalen) - min(totalen)) if totalen else Decimal("0.00")


@dataclass(frozen=True, slots=True)
class Afwijking:
    """Why assessors disagree. d1: totals 20 or more apart; d2: two or more apart on a criterion; d3: the threshold
    lies between them, with at least one total within 10 points of it."""

    d1: bool
    d2: bool
    d3: bool

    def __bool__(self) -> bool:
        return self.d1 or self.d2 or self.d3


def afwijking(
    beoordelingen: Sequence[Sequence[int]], gewichten: Sequence[int | Decimal], *, drempel: Decimal | None = None
) -> Afwijking:
    """Divergence flags of one application: a row of criterion scores per assessor. Without a threshold d3 is never set.

    A total equal to the threshold is on the upper side of it.
    """
    totalen = [totaal(scores, gewichten) for scores in beoordelingen]
    if len(totalen) < 2:
        return Afwijking(False, False, False)
    laagste, hoogste = min(totalen), max(totalen)
    return Afwijking(
        d1=hoogste - laagste >= D1_SPREIDING,
        d2=any(max(kolom) - min(kolom) >= D2_CRITERIUM for kolom in zip(*beoordelingen, strict=True)),
        d3=drempel is not None
        and laagste < drempel <= hoogste
        and min(abs(waarde - drempel) for waarde in totalen) <= D3_AFSTAND,
    )


@dataclass(frozen=True, slots=True)
class Uitkomst:
    """The raw score of an application. ``criteria``: mean per criterion, in the order of the weights."""

    totalen: tuple[Decimal, ...]
    gemiddelde: Decimal
    spreiding: Decimal
    criteria: tuple[Decimal, ...]
    afwijking: Afwijking


def bereken(
    beoordelingen: Sequence[Sequence[int]], gewichten: Sequence[int | Decimal], *, drempel: Decimal | None = None
) -> Uitkomst:
    """Everything about one application from its assessments (one row of criterion scores per assessor)."""
    totalen = tuple(totaal(scores, gewichten) for scores in beoordelingen)
    return Uitkomst(
        totalen=totalen,
        gemiddelde=gemiddelde(totalen),
        spreiding=spreiding(totalen),
        criteria=tuple(gemiddelde(kolom) for kolom in zip(*beoordelingen, strict=True)),
        afwijking=afwijking(beoordelingen, gewichten, drempel=drempel),
    )


def onder_drempel(
    totaalscore: Decimal,
    criteria: Mapping[str, Decimal],
    *,
    drempel: Decimal | None = None,
    per_criterium: Mapping[str, Decimal] | None = None,
) -> list[str]:
    """The thresholds that are not reached: names of criteria in order, then ``totaal``. At the threshold is enough.

    ``per_criterium`` may name only criteria that have a score (InvoerFout), so that a misspelt one never passes.
    """
    grenzen = per_criterium or {}
    if onbekend := [naam for naam in grenzen if naam not in criteria]:
        raise InvoerFout(
            f"Voor {onbekend[0]} is er een drempel maar geen score.", actie="Verbeter de drempels of vul de score aan."
        )
    onder = [naam for naam, score in criteria.items() if naam in grenzen and score < grenzen[naam]]
    return [*onder, *(["totaal"] if drempel is not None and totaalscore < drempel else [])]


def rangwaarde(score: Decimal) -> str:
    """``rang`` in the draw file (direction AF): score x 100 in five digits, so that text order is score order."""
    honderdsten = rond_af(score) * 100
    if not 0 <= honderdsten <= 10_000:
        raise InvoerFout(f"De score {score} ligt niet tussen 0 en 100.", actie="Controleer de score.")
    return f"{int(honderdsten):0{_RANG_BREEDTE}d}"
