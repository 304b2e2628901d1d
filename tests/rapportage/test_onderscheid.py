"""The smallest effect that an evaluation can show."""

from __future__ import annotations

import pytest

from rapportage.onderscheid import VERMOGEN, kleinste_verschil, vermogen


@pytest.mark.parametrize(
    ("n1", "n0", "p0", "verwacht"),
    [
        (77, 188, 0.5, 0.184),  # 2008, everybody answers: design 06 says 18 to 27 points
        (49, 60, 0.5, 0.260),  # 2008, who answered
        (387, 387, 0.4, 0.100),  # design 06: 387 per group for 40 > 50 %
    ],
)
def test_bekende_getallen(n1: int, n0: int, p0: float, verwacht: float) -> None:
    uit = kleinste_verschil(n1, n0, p0)
    assert uit is not None
    assert uit == pytest.approx(verwacht, abs=0.005)
    assert vermogen(uit, p0, n1, n0) == pytest.approx(VERMOGEN, abs=1e-6)


def test_zelfde_vermogen_als_statsmodels() -> None:
    from statsmodels.stats.proportion import power_proportions_2indep

    for verschil, p0, n1, n0 in ((0.1, 0.4, 387, 387), (0.2, 0.3, 60, 120), (0.05, 0.9, 300, 200)):
        hunne = power_proportions_2indep(verschil, p0, n1, ratio=n0 / n1).power
        assert vermogen(verschil, p0, n1, n0) == pytest.approx(hunne, abs=0.002)


def test_meer_antwoorden_zien_kleinere_verschillen() -> None:
    uit = [kleinste_verschil(n, n, 0.5) for n in (30, 100, 1000)]
    assert None not in uit
    assert uit == sorted(uit, key=lambda verschil: -(verschil or 0))


@pytest.mark.parametrize(("n1", "n0", "p0"), [(0, 10, 0.5), (10, 0, 0.5), (10, 10, 1.0), (3, 3, 0.5), (10, 10, -0.1)])
def test_zonder_antwoord(n1: int, n0: int, p0: float) -> None:
    assert kleinste_verschil(n1, n0, p0) is None
