"""Reading the entries of the dice: which one comes next, and what may be shown of those before."""

from __future__ import annotations

from dataclasses import dataclass

from beoordeling.loting.bronnen import verschillende_plaatsen
from beoordeling.models import Broninvoer, Loting

Verschil = dict[str, list[int]]


@dataclass(frozen=True)
class Invoerstand:
    """``poging`` and ``keer`` (1 or 2): the entry that comes next. ``eerste``: the first of this attempt, whose digits
    nobody is shown yet. ``verschil``: source → places (from 1) at which the attempt before this one differed.
    ``gelijk``: the two entries that agree; then nothing is asked any more."""

    poging: int
    keer: int
    eerste: Broninvoer | None
    verschil: Verschil
    gelijk: tuple[Broninvoer, Broninvoer] | None


def verschil_tussen(eerste: Broninvoer, tweede: Broninvoer) -> Verschil:
    """Source → places at which two entries differ; only sources with a difference."""
    plaatsen = {bron: verschillende_plaatsen(eerste.waarden[bron], tweede.waarden[bron]) for bron in eerste.waarden}
    return {bron: waar for bron, waar in plaatsen.items() if waar}


def invoerstand(loting: Loting) -> Invoerstand:
    """Where the two entries of a draw stand."""
    paren: dict[int, list[Broninvoer]] = {}
    for rij in loting.invoeren.select_related("door").order_by("poging", "keer"):
        paren.setdefault(rij.poging, []).append(rij)
    if not paren:
        return Invoerstand(1, 1, None, {}, None)
    poging, rijen = max(paren.items())
    if len(rijen) == 1:
        vorige = paren.get(poging - 1)
        return Invoerstand(poging, 2, rijen[0], verschil_tussen(*vorige) if vorige else {}, None)
    verschil = verschil_tussen(*rijen)
    if verschil:
        return Invoerstand(poging + 1, 1, None, verschil, None)
    return Invoerstand(poging, 2, rijen[0], {}, (rijen[0], rijen[1]))
