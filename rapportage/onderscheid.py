"""The smallest effect that an evaluation can show: two proportions, pooled null (design 06, number 16). Pure.

Two-sided, alpha 0.05, power 0.80. Check: 77 and 188 with full response give 0.19, 49 and 60 give 0.27, at 50 %.
"""

from __future__ import annotations

from math import sqrt
from statistics import NormalDist

from rapportage.statistiek import Z

VERMOGEN = 0.80


def vermogen(verschil: float, p0: float, n1: float, n0: float) -> float:
    """Chance (0-1) that the test sees ``verschil`` = p1 - p0, with ``n1`` answers in the treated arm and ``n0`` in the
    control arm. The other tail, which would see the effect the wrong way round, does not count."""
    p1 = p0 + verschil
    samen = (n1 * p1 + n0 * p0) / (n1 + n0)
    onder_nul = sqrt(samen * (1 - samen) * (1 / n1 + 1 / n0))
    werkelijk = sqrt(p1 * (1 - p1) / n1 + p0 * (1 - p0) / n0)
    ruimte = abs(verschil) - Z * onder_nul
    if werkelijk == 0:
        return 1.0 if ruimte > 0 else 0.0
    return NormalDist().cdf(ruimte / werkelijk)


def kleinste_verschil(n1: float, n0: float, p0: float) -> float | None:
    """The smallest rise above ``p0`` (0-1) that is seen with power 0.80; ``None`` when not even a rise to 100 % is, or
    when an arm is empty."""
    if n1 <= 0 or n0 <= 0 or not 0 <= p0 < 1:
        return None
    laag, hoog = 0.0, 1 - p0
    if vermogen(hoog, p0, n1, n0) < VERMOGEN:
        return None
    while hoog - laag > 1e-9:
        midden = (laag + hoog) / 2
        if vermogen(midden, p0, n1, n0) < VERMOGEN:
            laag = midden
        else:
            hoog = midden
    return hoog
