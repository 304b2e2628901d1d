"""The grey zone on the raw mean: who is clearly in, clearly out, or in between (design 05, part 4). Pure.

The chance that an application belongs above the line is what the spread between its own assessors allows:
P = Phi((score - line) / sd), with sd² = pooled variance of the assessors' totals around their mean, divided by the
number of assessors. No calibration: that one decides only where the scheme said so before opening.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from decimal import Decimal

import numpy as np
from scipy.special import ndtr

from beoordeling.kalibratie.rangorde import zones


def kansen(
    scores: Mapping[str, Decimal], beoordelingen: Mapping[str, Sequence[Decimal]], *, k: int
) -> dict[str, float]:
    """Chance of each application to be above the line, the score of the ``k``-th (1..n). Without any spread between
    assessors it is 0, 1/2 (on the line) or 1."""
    sleutels = sorted(scores)
    y = np.array([float(scores[s]) for s in sleutels])
    lijn = np.sort(y)[::-1][min(max(k, 1), len(y)) - 1]
    variantie = _variantie(beoordelingen.values())
    sd = np.sqrt(variantie / np.array([max(len(beoordelingen.get(s, ())), 1) for s in sleutels]))
    verschil = y - lijn
    with np.errstate(divide="ignore", invalid="ignore"):
        z = np.where(verschil == 0.0, 0.0, verschil / sd)
    return dict(zip(sleutels, map(float, ndtr(z)), strict=True))


def _variantie(per_aanvraag: Iterable[Sequence[Decimal]]) -> float:
    """Pooled variance within applications; 0 when nobody was scored twice."""
    kwadraten, vrijheid = 0.0, 0
    for totalen in per_aanvraag:
        waarden = np.array([float(t) for t in totalen])
        if len(waarden) > 1:
            kwadraten += float(((waarden - waarden.mean()) ** 2).sum())
            vrijheid += len(waarden) - 1
    return kwadraten / vrijheid if vrijheid else 0.0


def zone_van(kans: Mapping[str, float], *, onder: Decimal | None, boven: Decimal | None) -> dict[str, str]:
    """TOEWIJZEN, GRIJS or AFWIJZEN by key, with the borders of the scheme (a quarter and three quarters without)."""
    sleutels = list(kans)
    grenzen = {} if onder is None or boven is None else {"onder": float(onder), "boven": float(boven)}
    return dict(zip(sleutels, map(str, zones(np.array([kans[s] for s in sleutels]), **grenzen)), strict=True))
