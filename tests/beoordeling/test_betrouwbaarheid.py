"""Reliability against the contract vector, published examples and brute force."""

from __future__ import annotations

import json
from itertools import combinations
from pathlib import Path

import numpy as np
import pytest

from beoordeling.kalibratie.betrouwbaarheid import (
    cronbach,
    icc,
    icc_uit_componenten,
    krippendorff,
    spearman_brown,
)
from beoordeling.kalibratie.kalibreren import kalibreer
from beoordeling.kalibratie.reml import Componenten
from kern.fouten import InvoerFout
from tests.beoordeling.test_kalibratie import tabel_scores

VECTOR = json.loads((Path(__file__).parent.parent / "gegevens/loting/vectors.json").read_text())["kalibratie"][
    "shrout_fleiss"
]


def test_icc_en_alpha_van_het_contract() -> None:
    verwacht = VECTOR["verwacht"]
    assert icc(VECTOR["y"]).als_dict() == pytest.approx(verwacht["icc_pingouin"], rel=1e-12)
    assert krippendorff(VECTOR["y"]) == pytest.approx(verwacht["krippendorff_interval"], rel=1e-12)
    assert cronbach(VECTOR["y"]) == pytest.approx(verwacht["icc_pingouin"]["ICC(C,k)"], rel=1e-12)


def test_uit_componenten_is_gelijk_in_een_volledige_tabel() -> None:
    c = kalibreer(tabel_scores(VECTOR["y"]), k=3).componenten
    anova, reml = icc(VECTOR["y"]), icc_uit_componenten(c, 4)
    assert (reml.a_1, reml.a_k, reml.c_1, reml.c_k) == pytest.approx((anova.a_1, anova.a_k, anova.c_1, anova.c_k))


def test_spearman_brown_zoals_in_het_ontwerp() -> None:
    assert [round(spearman_brown(0.259, k), 2) for k in (1, 2, 3, 5)] == [0.26, 0.41, 0.51, 0.64]


def dubbele_som(tabel: np.ndarray) -> float:
    """Krippendorff's alpha from its definition: disagreement over pairs within units against all pairs."""
    units = [rij[np.isfinite(rij)] for rij in tabel if np.isfinite(rij).sum() >= 2]
    alle = np.concatenate(units)
    binnen = sum(sum((a - b) ** 2 for a, b in combinations(u, 2)) * 2 / (len(u) - 1) for u in units) / len(alle)
    buiten = sum((a - b) ** 2 for a, b in combinations(alle, 2)) * 2 / (len(alle) * (len(alle) - 1))
    return 1 - float(binnen / buiten)


@pytest.mark.parametrize("zaad", range(5))
def test_krippendorff_met_gaten(zaad: int) -> None:
    kans = np.random.default_rng(zaad)
    tabel = kans.integers(1, 6, (12, 5)).astype(float)
    tabel[kans.random(tabel.shape) < 0.4] = np.nan
    assert krippendorff(tabel) == pytest.approx(dubbele_som(tabel))


def test_zonder_spreiding_is_er_geen_maat() -> None:
    gelijk = [[3, 3], [3, 3], [3, 3]]
    assert set(icc(gelijk).als_dict().values()) == {None}
    assert (cronbach(gelijk), krippendorff(gelijk)) == (None, None)
    assert krippendorff([[1, np.nan], [np.nan, 2]]) is None
    assert set(icc_uit_componenten(Componenten(0.0, 0.0, 0.0), 2).als_dict().values()) == {None}


@pytest.mark.parametrize("tabel", [[[1, 2]], [[1], [2]], [1, 2, 3], [[1, np.nan], [2, 3]]])
def test_een_onvolledige_tabel_wordt_geweigerd(tabel: list) -> None:
    with pytest.raises(InvoerFout):
        icc(tabel)
    with pytest.raises(InvoerFout):
        cronbach(tabel)
