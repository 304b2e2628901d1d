"""Intervals and tests for two independent proportions.

Units: proportions between 0 and 1, differences between -1 and 1, ratios without unit. Every interval is two-sided
with alpha 0.05. Group 1 is the treated arm (ingeloot), group 0 the control arm (uitgeloot). Functions return ``None``
where a quantity is not defined (an empty group, a risk ratio with a zero below the line); they raise ``ValueError``
for counts that cannot exist. statsmodels and scipy take seconds to import, so they are imported where they are used.
"""

from __future__ import annotations

from collections.abc import Callable
from math import acos, copysign, cos, pi, sqrt
from statistics import NormalDist

Interval = tuple[float, float]

ALFA = 0.05
Z = NormalDist().inv_cdf(1 - ALFA / 2)
"""The normal quantile 1.959964 (unrounded)."""


def _controleer(*paren: tuple[int, int]) -> bool:
    """Raise for impossible counts; return False when a group is empty (nothing is defined then)."""
    for x, n in paren:
        if n < 0 or not 0 <= x <= n:
            raise ValueError(f"count {x} of {n} cannot exist")
    return all(n > 0 for _, n in paren)


def wilson(x: int, n: int) -> Interval | None:
    """Wilson score interval of x/n without continuity correction (Wilson 1927; Newcombe 1998a, method 3)."""
    if not _controleer((x, n)):
        return None
    from statsmodels.stats.proportion import proportion_confint

    laag, hoog = proportion_confint(int(x), int(n), alpha=ALFA, method="wilson")
    return (0.0 if x == 0 else float(laag), 1.0 if x == n else float(hoog))


def verschil(x1: int, n1: int, x0: int, n0: int) -> float | None:
    """Difference x1/n1 - x0/n0."""
    return x1 / n1 - x0 / n0 if _controleer((x1, n1), (x0, n0)) else None


def newcombe(x1: int, n1: int, x0: int, n0: int) -> Interval | None:
    """Interval of x1/n1 - x0/n0 from the two Wilson intervals (Newcombe 1998b, method 10; no correction)."""
    if not _controleer((x1, n1), (x0, n0)):
        return None
    from statsmodels.stats.proportion import confint_proportions_2indep

    laag, hoog = confint_proportions_2indep(
        int(x1), int(n1), int(x0), int(n0), method="newcomb", compare="diff", alpha=ALFA
    )
    return float(laag), float(hoog)


def fisher(x1: int, n1: int, x0: int, n0: int) -> float | None:
    """Two-sided p of Fisher's exact test on the 2x2 table (sum of tables that are not more likely)."""
    if not _controleer((x1, n1), (x0, n0)):
        return None
    from scipy.stats import fisher_exact

    return float(fisher_exact([[int(x1), int(n1 - x1)], [int(x0), int(n0 - x0)]]).pvalue)


def miettinen_nurminen(x1: int, n1: int, x0: int, n0: int) -> Interval | None:
    """Score interval of x1/n1 - x0/n0 with the factor N/(N-1) (Miettinen and Nurminen 1985, eq. 3, 8 and 9).

    Own code: the score interval of a difference in statsmodels 0.15.0 is wrong. Published check (Newcombe 1998b,
    table II): 56/70 - 48/80 gives 0.0528 to 0.3382.
    """
    if not _controleer((x1, n1), (x0, n0)):
        return None
    p1, p0, totaal = x1 / n1, x0 / n0, n1 + n0
    schatting = p1 - p0

    def buiten(delta: float) -> bool:
        q1, q0 = _beperkt_verschil(x1, n1, x0, n0, delta)
        variantie = (q1 * (1 - q1) / n1 + q0 * (1 - q0) / n0) * totaal / (totaal - 1)
        return (schatting - delta) ** 2 > Z * Z * variantie

    return (
        -1.0 if schatting == -1.0 else _grens(buiten, -1.0, schatting),
        1.0 if schatting == 1.0 else _grens(buiten, 1.0, schatting),
    )


def rr(x1: int, n1: int, x0: int, n0: int) -> float | None:
    """Risk ratio (x1/n1)/(x0/n0); not defined when x0 = 0."""
    if not _controleer((x1, n1), (x0, n0)) or x0 == 0:
        return None
    return (x1 / n1) / (x0 / n0)


def katz(x1: int, n1: int, x0: int, n0: int) -> Interval | None:
    """Log interval of the risk ratio (Katz and others 1978); not defined when either count is 0."""
    if not _controleer((x1, n1), (x0, n0)) or x1 == 0 or x0 == 0:
        return None
    from statsmodels.stats.proportion import confint_proportions_2indep

    laag, hoog = confint_proportions_2indep(
        int(x1), int(n1), int(x0), int(n0), method="log", compare="ratio", alpha=ALFA
    )
    return float(laag), float(hoog)


def rr_score(x1: int, n1: int, x0: int, n0: int, *, correctie: bool = True) -> Interval | None:
    """Score interval of the risk ratio (Miettinen and Nurminen 1985, eq. 10); ``None`` when x0 = 0.

    ``correctie=False`` leaves out N/(N-1) and gives Koopman's interval (1984; 36/40 against 16/80: 2.94 to 7.15).
    Equal to ``confint_proportions_2indep(compare='ratio', method='score')`` of statsmodels away from the edge; own
    code because that function returns complex numbers or a bound of 1 when a proportion is 100 %.
    """
    if not _controleer((x1, n1), (x0, n0)) or x0 == 0:
        return None
    p1, p0, totaal = x1 / n1, x0 / n0, n1 + n0
    factor = totaal / (totaal - 1) if correctie else 1.0
    schatting = p1 / p0

    def buiten(ratio: float) -> bool:
        q0 = _beperkte_ratio(x1, n1, x0, n0, ratio)
        q1 = min(1.0, ratio * q0)
        variantie = (q1 * (1 - q1) / n1 + ratio * ratio * q0 * (1 - q0) / n0) * factor
        return (p1 - ratio * p0) ** 2 > Z * Z * variantie

    boven = max(1.0, schatting) * 2
    while not buiten(boven):
        boven *= 2
    return (0.0 if x1 == 0 else _grens(buiten, 0.0, schatting), _grens(buiten, boven, schatting))


def _grens(buiten: Callable[[float], bool], ver: float, binnen: float) -> float:
    """Bisect between ``ver`` (outside the interval) and ``binnen`` (inside) to the last bit that moves."""
    while True:
        midden = (ver + binnen) / 2
        if midden in (ver, binnen):
            return midden
        if buiten(midden):
            ver = midden
        else:
            binnen = midden


def _beperkt_verschil(x1: int, n1: int, x0: int, n0: int, delta: float) -> tuple[float, float]:
    """Maximum likelihood of (p1, p0) under p1 - p0 = delta: the root of a cubic in closed form."""
    totaal = n1 + n0
    c3 = float(totaal)
    c2 = (n1 + 2 * n0) * delta - totaal - x1 - x0
    c1 = (n0 * delta - totaal - 2 * x0) * delta + x1 + x0
    c0 = x0 * delta * (1 - delta)
    v = (c2 / (3 * c3)) ** 3 - c1 * c2 / (6 * c3 * c3) + c0 / (2 * c3)
    u = copysign(sqrt(max(0.0, (c2 / (3 * c3)) ** 2 - c1 / (3 * c3))), v)
    if u == 0.0:
        p0 = -c2 / (3 * c3)
    else:
        hoek = (pi + acos(max(-1.0, min(1.0, v / u**3)))) / 3
        p0 = 2 * u * cos(hoek) - c2 / (3 * c3)
    p0 = min(max(p0, max(0.0, -delta)), min(1.0, 1.0 - delta))
    return min(1.0, max(0.0, p0 + delta)), p0


def _beperkte_ratio(x1: int, n1: int, x0: int, n0: int, ratio: float) -> float:
    """Maximum likelihood of p0 under p1 = ratio * p0 (the smaller root of a quadratic, without cancellation)."""
    a = (n1 + n0) * ratio
    b = -(ratio * (n1 + x0) + x1 + n0)
    c = float(x1 + x0)
    wortel = sqrt(max(0.0, b * b - 4 * a * c))
    return min(1.0, 2 * c / (-b + wortel))
