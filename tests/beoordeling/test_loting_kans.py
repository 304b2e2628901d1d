"""Chance: over many draws of equal entries every entry lands on every place equally often.

2,000 draws of 10 equal entries that differ only in the dice digits (0, 1, 2, ... 1999), so every run is the same.
Two tests at 5 %:

* the table entry x place, by chi-square with 81 degrees of freedom (any pattern, so little power against one);
* the mean place per entry, by Friedman's chi-square with 9 degrees of freedom.

Power against one entry with 10 % more chance (weight 1.1 in a draw of weights, so 10.9 % instead of 10 % for the first
place): its mean place is 5.286 instead of 5.5, 3.3 standard errors. The second test finds that in 62 % of such
experiments, and a test of that one entry, named beforehand, in 92 %; the table of places in about 25 %. The
first two are computed below (at weight 1.2 the first is 99.9 %), the last is from 1,000 simulated experiments.
"""

from __future__ import annotations

import functools

import numpy as np
import pytest
from numpy.typing import NDArray
from scipy.stats import chi2, ncx2, norm

from beoordeling.loting import bereken
from tests.beoordeling.loting_gevallen import maak_bestanden

TREKKINGEN, DEELNEMERS, ALFA = 2_000, 10, 0.05
FOUT_VAN_HET_GEMIDDELDE = np.sqrt((DEELNEMERS**2 - 1) / 12 / TREKKINGEN)


@functools.cache
def plaatsen() -> NDArray[np.int64]:
    """Draws x entries: the place (from 0) of every entry, through the files and the whole engine."""
    rijen = [f"KV26-{nummer:05d};100;-;-;0" for nummer in range(DEELNEMERS)]
    uit = np.empty((TREKKINGEN, DEELNEMERS), dtype=np.int64)
    for nummer in range(TREKKINGEN):
        uitslag = bereken(maak_bestanden(rijen, notaris=f"{nummer:032d}"))
        uit[nummer, uitslag.trekking.volgorde] = np.arange(DEELNEMERS)
    return uit


def friedman(gemiddelde: NDArray[np.float64]) -> float:
    """Chi-square with n - 1 degrees of freedom of the mean places (from 0) of n entries."""
    z = (gemiddelde - (DEELNEMERS - 1) / 2) / FOUT_VAN_HET_GEMIDDELDE
    return float((z**2).sum()) * (DEELNEMERS - 1) / DEELNEMERS


def gemiddelden_bij(gewicht: float) -> NDArray[np.float64]:
    """Mean places when the first entry has this weight and the others 1."""
    eerst = gewicht / (gewicht + 1)  # the chance that it comes before a given other one
    ander = (DEELNEMERS - 2) / 2 + eerst
    return np.array([(DEELNEMERS - 1) * (1 - eerst)] + [ander] * (DEELNEMERS - 1))


def test_elke_plaats_even_vaak() -> None:
    tabel = np.array([np.bincount(kolom, minlength=DEELNEMERS) for kolom in plaatsen().T])
    assert (tabel.sum(axis=0) == TREKKINGEN).all()
    assert (tabel.sum(axis=1) == TREKKINGEN).all()
    verwacht = TREKKINGEN / DEELNEMERS
    # Rows and columns add up, so the variance of a cell is (1 - 1/n) of the usual and (n - 1)^2 cells are free.
    som = float(((tabel - verwacht) ** 2 / verwacht).sum()) * (DEELNEMERS - 1) / DEELNEMERS
    assert chi2.ppf(ALFA / 2, (DEELNEMERS - 1) ** 2) < som < chi2.ppf(1 - ALFA / 2, (DEELNEMERS - 1) ** 2)


def test_gemiddelde_plaats_is_gelijk() -> None:
    assert friedman(plaatsen().mean(axis=0)) < chi2.ppf(1 - ALFA, DEELNEMERS - 1)


def test_een_oneerlijke_trekking_wordt_gezien() -> None:
    """The test has teeth: in a tenth of the same draws the first entry swaps places with the winner."""
    scheef = plaatsen().copy()
    for rij in scheef[::10]:
        winnaar = int(rij.argmin())
        rij[0], rij[winnaar] = rij[winnaar], rij[0]
    assert friedman(scheef.mean(axis=0)) > chi2.ppf(1 - ALFA, DEELNEMERS - 1)


@pytest.mark.parametrize(("gewicht", "onderscheid"), [(1.0, 0.05), (1.1, 0.62), (1.2, 0.999)])
def test_onderscheidend_vermogen_zoals_beschreven(gewicht: float, onderscheid: float) -> None:
    grens = chi2.ppf(1 - ALFA, DEELNEMERS - 1)
    kans = ncx2.sf(grens, DEELNEMERS - 1, friedman(gemiddelden_bij(gewicht))) if gewicht != 1 else chi2.sf(grens, 9)
    assert float(kans) == pytest.approx(onderscheid, abs=0.005)


def test_onderscheidend_vermogen_van_een_genoemde_deelnemer() -> None:
    z = abs(float(gemiddelden_bij(1.1)[0]) - (DEELNEMERS - 1) / 2) / FOUT_VAN_HET_GEMIDDELDE
    assert z == pytest.approx(3.34, abs=0.005)
    assert float(norm.sf(norm.isf(ALFA / 2) - z)) == pytest.approx(0.92, abs=0.005)
