"""Calibration against the contract vector, a brute-force dense likelihood, statsmodels and the full pairwise sum."""

from __future__ import annotations

import json
import warnings
from itertools import product
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from scipy.optimize import minimize
from scipy.special import ndtr
from statsmodels.tools.sm_exceptions import ConvergenceWarning

from beoordeling.kalibratie.kalibreren import Kalibratie, kalibreer
from beoordeling.kalibratie.ontwerp import Ontwerp, Score, groepen_zonder_verband, maak_ontwerp
from beoordeling.kalibratie.reml import Toestand, schat
from kern.fouten import InvoerFout

VECTOR = json.loads((Path(__file__).parent.parent / "gegevens/loting/vectors.json").read_text())["kalibratie"][
    "shrout_fleiss"
]


def tabel_scores(y: list[list[float]]) -> list[Score]:
    """A table of scores (rows applications, columns assessors); None is a missing score."""
    return [Score(f"A{i}", "", f"B{j}", s) for i, rij in enumerate(y, 1) for j, s in enumerate(rij, 1) if s is not None]


def ronde(
    zaad: int, n: int = 40, q: int = 8, k: int = 2, themas: int = 3, tau: float = 8, phi: float = 5, sigma: float = 7
) -> list[Score]:
    """A simulated round; applications get k-1, k or k+1 scores, one of the themes has no name."""
    kans = np.random.default_rng(zaad)
    theta, nu, b = kans.normal(0, tau, n), kans.normal(0, phi, q), kans.normal(60, 4, themas)
    uit = []
    for i in range(n):
        t = i % themas
        aantal = min(q, k + int(kans.integers(-1, 2)))
        for j in kans.choice(q, max(aantal, 1), replace=False):
            y = round(float(b[t] + theta[i] + nu[j] + kans.normal(0, sigma)), 2)
            uit.append(Score(f"A{i:03d}", f"T{t}" if t else "", f"B{j:02d}", y))
    return uit


class Dicht:
    """The same model with N x N matrices, straight from the textbook."""

    def __init__(self, o: Ontwerp) -> None:
        self.y = o.y
        self.x = np.eye(o.vast)[o.thema_van[o.aanvraag_van]]
        self.za = np.eye(len(o.aanvragen))[o.aanvraag_van]
        self.zb = np.eye(len(o.beoordelaars))[o.beoordelaar_van]
        self.x_app = np.eye(o.vast)[o.thema_van]

    def v(self, t: float, f: float, s: float) -> np.ndarray:
        return t * self.za @ self.za.T + f * self.zb @ self.zb.T + s * np.eye(len(self.y))

    def loglik(self, t: float, f: float, s: float) -> float:
        inv = np.linalg.inv(self.v(t, f, s))
        xvx = self.x.T @ inv @ self.x
        p = inv - inv @ self.x @ np.linalg.solve(xvx, self.x.T @ inv)
        return -0.5 * float(np.linalg.slogdet(self.v(t, f, s))[1] + np.linalg.slogdet(xvx)[1] + self.y @ p @ self.y)

    def posterior(self, t: float, f: float, s: float) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
        """g, nu and Cov(g) from Henderson's mixed model equations (t and f above zero)."""
        w = np.hstack([self.x, self.za, self.zb])
        p, n, q = self.x.shape[1], self.za.shape[1], self.zb.shape[1]
        c = np.linalg.inv(w.T @ w / s + np.diag([0.0] * p + [1 / t] * n + [1 / f] * q))
        u = c @ w.T @ self.y / s
        naar_g = np.hstack([self.x_app, np.eye(n), np.zeros((n, q))])
        return naar_g @ u, u[p + n :], naar_g @ c @ naar_g.T

    def beste(self) -> tuple[np.ndarray, float]:
        """Maximum of the likelihood over components >= 0 by a simplex search from several corners."""
        groot = float(np.var(self.y))
        beste: tuple[np.ndarray, float] = (np.zeros(3), -np.inf)
        for start in product([0.05, 0.6], repeat=3):
            zoek = minimize(
                lambda w: -self.loglik(*(w**2 + [0, 0, 1e-9 * groot])),
                np.sqrt(np.array(start) * groot),
                method="Nelder-Mead",
                options={"xatol": 1e-9, "fatol": 1e-12, "maxiter": 4000, "maxfev": 4000},
            )
            if -zoek.fun > beste[1]:
                beste = (zoek.x**2, -zoek.fun)
        return beste


def rangen_voluit(g: np.ndarray, cov: np.ndarray) -> np.ndarray:
    d = np.diag(cov)
    sd = np.sqrt(np.maximum(d[:, None] + d[None, :] - 2 * cov, 0))
    np.fill_diagonal(sd, 1.0)
    kans = ndtr((g[None, :] - g[:, None]) / sd)
    np.fill_diagonal(kans, 0.0)
    return 1 + kans.sum(axis=1)


def test_vector_van_shrout_en_fleiss() -> None:
    verwacht = VECTOR["verwacht"]
    uit = kalibreer(tabel_scores(VECTOR["y"]), k=verwacht["K"])
    c = uit.componenten
    assert (c.tau2, c.phi2, c.sigma2) == pytest.approx(
        tuple(verwacht["anova_reml"][naam] for naam in ("tau2", "phi2", "sigma2")), rel=1e-9
    )
    assert uit.thema == pytest.approx([verwacht["anova_reml"]["mu"]], rel=1e-12)
    for waarden, naam in (
        (uit.theta, "theta"),
        (uit.nu, "nu"),
        (uit.er, "ER"),
        (uit.pcer, "PCER"),
        (uit.p, "P_boven_lijn"),
    ):
        assert waarden == pytest.approx(np.array(verwacht[naam]), rel=1e-9, abs=1e-12), naam
    assert list(uit.zone) == verwacht["zone"]
    assert uit.ontwerp.aanvragen[uit.lijn] == verwacht["lijn"]
    assert uit.g == pytest.approx(uit.thema[0] + uit.theta)
    assert list(uit.ruw) == [float(np.mean(rij)) for rij in VECTOR["y"]]
    assert not uit.lot_nodig  # one TOEWIJZEN and two GRIJS for three places


@pytest.mark.parametrize("zaad", range(4))
def test_zoals_de_dichte_likelihood(zaad: int) -> None:
    o = maak_ontwerp(ronde(zaad, n=18, q=5))
    dicht = Dicht(o)
    for waarden in ((40.0, 20.0, 30.0), (0.0, 20.0, 30.0), (40.0, 0.0, 30.0), (0.0, 0.0, 3.0), (1e-3, 5.0, 1e3)):
        # The constant differs by nothing: both leave out (N - p) log(2 pi).
        assert Toestand(o, *waarden).loglik == pytest.approx(dicht.loglik(*waarden), rel=1e-10)
    c, toestand = schat(o)
    beste, hoogte = dicht.beste()
    assert toestand.loglik >= hoogte - 1e-9
    assert (c.tau2, c.phi2, c.sigma2) == pytest.approx(tuple(beste), rel=1e-3, abs=1e-3 * float(beste.sum()))


def test_de_helling_is_de_afgeleide() -> None:
    o = maak_ontwerp(ronde(7))
    punt = np.array([50.0, 20.0, 30.0])
    helling, informatie = Toestand(o, *punt).helling_en_informatie()
    for i in range(3):
        h = np.zeros(3)
        h[i] = 1e-4
        getal = (Toestand(o, *(punt + h)).loglik - Toestand(o, *(punt - h)).loglik) / 2e-4
        assert helling[i] == pytest.approx(getal, rel=1e-5, abs=1e-7)
    assert np.linalg.eigvalsh(informatie).min() > 0


@pytest.mark.parametrize("zaad", range(3))
def test_zoals_de_vergelijkingen_van_henderson(zaad: int) -> None:
    scores = ronde(zaad)
    uit = kalibreer(scores, k=10)
    c = uit.componenten
    assert min(c.tau2, c.phi2, c.sigma2) > 0
    g, nu, cov = Dicht(uit.ontwerp).posterior(c.tau2, c.phi2, c.sigma2)
    assert uit.g == pytest.approx(g, rel=1e-9)
    assert uit.nu == pytest.approx(nu, rel=1e-8, abs=1e-9)
    assert np.abs(uit.er - rangen_voluit(g, cov)).max() < 1e-9
    lijn = int(np.argsort(uit.er)[9])
    assert uit.lijn == lijn
    sd = np.sqrt(np.diag(cov) + cov[lijn, lijn] - 2 * cov[lijn])
    sd[lijn] = 1.0
    assert uit.p == pytest.approx(ndtr((g - g[lijn]) / sd), abs=1e-9)
    assert uit.p[lijn] == 0.5
    assert float(uit.er.sum()) == pytest.approx(40 * 41 / 2)


def test_zoals_statsmodels() -> None:
    """MixedLM as a cross-check: one group, both effects as variance components, REML."""
    from statsmodels.regression.mixed_linear_model import MixedLM

    scores = ronde(5, n=24, q=6, k=3)
    frame = pd.DataFrame(scores)
    frame["een"] = 1
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", ConvergenceWarning)
        model = MixedLM.from_formula(
            "score ~ 0 + C(thema)",
            groups="een",
            vc_formula={"a": "0 + C(aanvraag)", "b": "0 + C(beoordelaar)"},
            re_formula="0",
            data=frame,
        )
        fit = model.fit(reml=True, method=["powell", "lbfgs"])
    hunne = (float(fit.vcomp[0]), float(fit.vcomp[1]), float(fit.scale))
    c, toestand = schat(ontwerp := maak_ontwerp(scores))
    assert (c.tau2, c.phi2, c.sigma2) == pytest.approx(hunne, rel=1e-2)  # its optimiser stops on a flat top
    assert 0 <= toestand.loglik - Toestand(ontwerp, *hunne).loglik < 1e-4


def test_verwachte_rang_over_meer_dan_een_blok() -> None:
    """Larger than one tile in both directions, with sizes that do not divide it."""
    scores = ronde(11, n=1301, q=12, k=3)
    uit = kalibreer(scores, k=300)
    from beoordeling.kalibratie.rangorde import bepaal_posterior

    post = bepaal_posterior(uit.ontwerp, schat(uit.ontwerp)[1])
    a = post.a.toarray()
    cov = np.diag(post.eigen) + a @ post.c @ a.T
    assert np.abs(uit.er - rangen_voluit(post.g, cov)).max() < 1e-9


def test_met_thema_telt_het_thema_niet_als_mildheid() -> None:
    """Assessors of a strong theme are not called lenient: an extra 20 points on a theme moves no assessor."""
    scores = ronde(3, n=60, q=6, k=3)
    hoger = [s._replace(score=s.score + 20) if s.thema == "T1" else s for s in scores]
    een, twee = kalibreer(scores, k=10), kalibreer(hoger, k=10)
    assert twee.nu == pytest.approx(een.nu, abs=1e-6)
    assert twee.theta == pytest.approx(een.theta, abs=1e-6)
    assert twee.thema - een.thema == pytest.approx([0, 20, 0], abs=1e-6)


def alles(uit: Kalibratie) -> list[float]:
    return [*uit.g, *uit.er, *uit.p]


def test_componenten_op_de_grens() -> None:
    geen_aanvraag = kalibreer(ronde(1, tau=0.0, phi=9, n=30, k=4), k=8)
    assert geen_aanvraag.componenten.tau2 == 0.0
    assert set(geen_aanvraag.theta) == {0.0}
    # Within a theme all g are equal: every comparison there is a coin toss, so ranks are equal within themes.
    assert len(set(np.round(geen_aanvraag.er, 6))) <= 3

    geen_beoordelaar = kalibreer(ronde(1, phi=0.0, n=60, k=4), k=8)
    assert geen_beoordelaar.componenten.phi2 == 0.0
    assert set(geen_beoordelaar.nu) == {0.0}

    optelbaar = tabel_scores([[a + b for b in (0, 3, -2)] for a in (10, 20, 40, 70)])
    exact = kalibreer(optelbaar, k=2)
    assert exact.componenten.sigma2 == 0.0
    assert exact.er == pytest.approx([4, 3, 2, 1], abs=1e-6)
    assert list(exact.zone) == ["AFWIJZEN", "AFWIJZEN", "GRIJS", "TOEWIJZEN"]
    for uit in (geen_aanvraag, geen_beoordelaar, exact):
        assert np.isfinite(alles(uit)).all()


@pytest.mark.parametrize("waarde", [0.0, 73.3])
def test_alle_scores_gelijk(waarde: float) -> None:
    uit = kalibreer(tabel_scores([[waarde] * 3] * 5), k=2)
    assert (uit.componenten.tau2, uit.componenten.phi2, uit.componenten.sigma2) == (0.0, 0.0, 0.0)
    assert uit.er == pytest.approx([3.0] * 5)
    assert uit.p == pytest.approx([0.5] * 5)
    assert set(uit.zone) == {"GRIJS"}
    assert uit.ontwerp.aanvragen[uit.lijn] == "A2"  # a tie goes by name
    assert uit.lot_nodig


def test_binnen_elk_thema_gelijk() -> None:
    scores = [Score(f"A{i}", f"T{i % 2}", f"B{j}", 40.0 + 20 * (i % 2)) for i in range(6) for j in range(3)]
    uit = kalibreer(scores, k=3)
    assert uit.componenten.tau2 == pytest.approx(0.0, abs=1e-6)
    assert uit.componenten.sigma2 == 0.0
    assert uit.er == pytest.approx([5, 2, 5, 2, 5, 2])


def test_ontbrekende_scores() -> None:
    y: list[list] = [list(rij) for rij in VECTOR["y"]]
    y[0][1] = y[3][2] = y[5][0] = None
    uit = kalibreer(tabel_scores(y), k=3)
    c = uit.componenten
    g, _, cov = Dicht(uit.ontwerp).posterior(c.tau2, c.phi2, c.sigma2)
    assert uit.g == pytest.approx(g)
    assert uit.er == pytest.approx(rangen_voluit(g, cov))
    # Without A1's very low score by B2, the raw mean rises; the calibrated one knows that B2 is strict.
    assert uit.ruw[0] == pytest.approx(22 / 3)
    assert uit.g[0] < uit.ruw[0]


def test_de_volgorde_van_de_regels_maakt_niet_uit() -> None:
    scores = ronde(13)
    een, twee = kalibreer(scores, k=10), kalibreer(scores[::-1], k=10)
    assert een.als_json() == twee.als_json()


@settings(deadline=None, max_examples=40, suppress_health_check=[HealthCheck.too_slow])
@given(st.integers(0, 10_000), st.floats(0.1, 10), st.floats(-50, 50))
def test_schaal_en_verschuiving(zaad: int, maal: float, plus: float) -> None:
    """Other units change the components by the square, and no rank."""
    scores = ronde(zaad, n=25, q=6)
    anders = [s._replace(score=s.score * maal + plus) for s in scores]
    een, twee = kalibreer(scores, k=8), kalibreer(anders, k=8)
    samen = een.componenten.tau2 + een.componenten.phi2 + een.componenten.sigma2
    assert twee.componenten.tau2 == pytest.approx(een.componenten.tau2 * maal**2, rel=1e-4, abs=1e-6 * samen * maal**2)
    assert twee.er == pytest.approx(een.er, abs=1e-4)


def test_een_grafiek_in_twee_delen_en_weinig_beoordelingen() -> None:
    los = [Score(f"A{i}", "", f"B{j}", 50.0 + i * 3 + j + (i * j) % 4) for i in range(12) for j in (0, 1)]
    los += [Score(f"X{i}", "", f"Y{j}", 60.0 + i + j + (i * j) % 3) for i in range(4) for j in (0, 1)]
    assert groepen_zonder_verband(maak_ontwerp(los)) == [["B0", "B1"], ["Y0", "Y1"]]
    uit = kalibreer(los, k=3)
    assert uit.waarschuwingen == (
        "De beoordelaars vallen uiteen in 2 groepen die geen aanvraag delen; Y0, Y1 is niet te vergelijken met B0, B1.",
        "Met minder dan 10 beoordelingen is een beoordelaar slecht te schatten: Y0, Y1.",
    )
    with pytest.raises(InvoerFout, match="vallen uiteen in 2 groepen"):
        kalibreer(los, k=3, streng=True)
    assert kalibreer(los[:24], k=3, streng=True).waarschuwingen == ()


@pytest.mark.parametrize(
    ("scores", "melding"),
    [
        ([], "te weinig scores"),
        ([Score("A1", "", "B1", 5.0), Score("A2", "", "B2", 6.0)], "te weinig scores"),
        ([Score("A1", "", "B1", 5.0), Score("A1", "", "B2", 6.0)], "te weinig scores"),
        ([Score(f"A{i}", "", "B1", float(i)) for i in range(5)], "te weinig scores"),
        ([Score(f"A{i}", f"T{i}", f"B{j}", float(i * j)) for i in range(3) for j in range(3)], "maar een aanvraag"),
        ([Score("A1", "", "B1", 5.0), Score("A1", "X", "B2", 6.0)], "A1 staat in twee thema's"),
        ([Score("A1", "", "B1", 5.0), Score("A1", "", "B1", 6.0)], "B1 geeft aanvraag A1 twee scores"),
    ],
)
def test_te_weinig_of_tegenstrijdig(scores: list[Score], melding: str) -> None:
    with pytest.raises(InvoerFout, match=melding):
        kalibreer(scores, k=1)


@pytest.mark.parametrize("k", [0, -1, 7])
def test_k_buiten_de_lijst(k: int) -> None:
    with pytest.raises(InvoerFout, match=f"K is {k}, maar er zijn 6 aanvragen"):
        kalibreer(tabel_scores(VECTOR["y"]), k=k)
