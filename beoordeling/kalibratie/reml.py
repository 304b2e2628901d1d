"""REML for y_ij = b_theme(i) + theta_i + nu_j + e_ij: three variances by average information, bounded at zero.

With V_a = sigma2 I + tau2 Z_a Z_a' the applications can be eliminated on paper: V_a is block diagonal, and a block of m
scores has inverse (I - J) / sigma2 + J / (sigma2 + m tau2), J the mean over the block. That depends on the application
only through m, and written like this it never subtracts large numbers when sigma2 is small. What is left are dense
matrices over themes and assessors (65 x 65 for 60 assessors), however many applications there are. Nothing divides by
tau2 or phi2, so both may be zero. Sources: Gilmour, Thompson & Cullis 1995
(average information); Searle, Casella & McCulloch 1992 (elimination, EM step).
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from scipy.linalg import cho_factor, cho_solve

from beoordeling.kalibratie.ontwerp import Ontwerp, Reeks
from kern.fouten import InvoerFout

#: sigma2 stays above this share of the variance of the scores; at the floor it is reported as zero (exact fit).
BODEM = 1e-9
_STAPPEN = 500
_RUG = 1e-10  # keeps the information invertible where two components cannot be told apart
_KLAAR = 1e-11  # step, as a share of the sum of the components


@dataclass(frozen=True)
class Componenten:
    """Variances in squared points: between applications, between assessors, what is left."""

    tau2: float
    phi2: float
    sigma2: float


class Toestand:
    """Everything at one value of the three variances, up to the restricted log likelihood.

    ``c``: posterior covariance of u = (b, nu), with a flat prior on b. ``u``: its mean. ``alpha``: tau2 / (sigma2 + n_i
    tau2) per application. ``py``: P y, N long.
    """

    def __init__(self, ontwerp: Ontwerp, tau2: float, phi2: float, sigma2: float) -> None:
        self.ontwerp, self.tau2, self.phi2, self.sigma2 = ontwerp, tau2, phi2, sigma2
        p = ontwerp.vast
        self.alpha: Reeks = (tau2 / (sigma2 + ontwerp.aantal * tau2)).astype(np.float64)
        m = ontwerp.binnen / sigma2
        for aantal, som in ontwerp.groepen.items():
            m += som / (aantal * (sigma2 + aantal * tau2))
        vast = cho_factor(m[:p, :p], lower=True)
        over = cho_solve(vast, m[:p, p:])  # M_xx^-1 M_xv
        t = m[p:, p:] - m[p:, :p] @ over
        t = (t + t.T) / 2
        waarden, vectoren = np.linalg.eigh(t)
        waarden = np.clip(waarden, 0.0, None)
        noemer = 1.0 + phi2 * waarden
        vv = (vectoren * (phi2 / noemer)) @ vectoren.T
        bv = -over @ vv
        bb = cho_solve(vast, np.eye(p)) + over @ vv @ over.T
        self.c = np.block([[bb, bv], [bv.T, vv]])
        self._spoor_b = float(np.sum(waarden / noemer))
        self.u = self.c @ self._w_keer(self._va_inv(ontwerp.y))
        self.rest = ontwerp.y - self._w_maal(self.u)
        self.py = self._va_inv(self.rest)
        n_i, vrij = ontwerp.aantal, len(ontwerp.y) - len(ontwerp.aanvragen)
        logdet = vrij * np.log(sigma2) + np.log(sigma2 + n_i * tau2).sum() + np.log(noemer).sum()
        logdet += 2 * np.log(np.diag(vast[0])).sum()
        self.loglik = -0.5 * float(logdet + ontwerp.y @ self.py)

    def _per_aanvraag(self, x: Reeks) -> Reeks:
        som: Reeks = np.bincount(self.ontwerp.aanvraag_van, x, len(self.ontwerp.aanvragen)).astype(np.float64)
        return som

    def _per_beoordelaar(self, x: Reeks) -> Reeks:
        som: Reeks = np.bincount(self.ontwerp.beoordelaar_van, x, len(self.ontwerp.beoordelaars)).astype(np.float64)
        return som

    def _va_inv(self, x: Reeks) -> Reeks:
        """V_a^-1 x, N long."""
        o = self.ontwerp
        midden = self._per_aanvraag(x) / o.aantal
        tussen = midden / (self.sigma2 + o.aantal * self.tau2)
        return (x - midden[o.aanvraag_van]) / self.sigma2 + tussen[o.aanvraag_van]

    def _w_keer(self, x: Reeks) -> Reeks:
        """W'x: sums per theme, then per assessor."""
        o = self.ontwerp
        per_thema = np.bincount(o.thema_van, weights=self._per_aanvraag(x), minlength=o.vast)
        return np.concatenate([per_thema, self._per_beoordelaar(x)])

    def _w_maal(self, u: Reeks) -> Reeks:
        """W u, N long."""
        o = self.ontwerp
        return u[: o.vast][o.thema_van[o.aanvraag_van]] + u[o.vast :][o.beoordelaar_van]

    def _p(self, x: Reeks) -> Reeks:
        """P x, N long."""
        va = self._va_inv(x)
        return va - self._va_inv(self._w_maal(self.c @ self._w_keer(va)))

    def helling_en_informatie(self) -> tuple[Reeks, Reeks]:
        """Gradient (3) of the restricted log likelihood in (tau2, phi2, sigma2); average information (3 x 3)."""
        o, s2, tau2 = self.ontwerp, self.sigma2, self.tau2
        spoor_a = float(np.sum(o.aantal / (s2 + o.aantal * tau2)))
        spoor_e = (len(o.y) - len(o.aanvragen)) / s2 + float(np.sum(1.0 / (s2 + o.aantal * tau2)))
        spoor_e -= float(np.sum(self.c * o.binnen)) / s2**2
        for m, som in o.groepen.items():
            deel = float(np.sum(self.c * som)) / (s2 + m * tau2) ** 2
            spoor_a -= deel
            spoor_e -= deel / m
        a, b = self._per_aanvraag(self.py), self._per_beoordelaar(self.py)
        sporen = np.array([spoor_a, self._spoor_b, spoor_e])
        vormen = np.array([a @ a, b @ b, self.py @ self.py])
        richtingen = [a[o.aanvraag_van], b[o.beoordelaar_van], self.py]
        geprojecteerd = [self._p(f) for f in richtingen]
        informatie = np.array([[0.5 * (f @ g) for g in geprojecteerd] for f in richtingen])
        return 0.5 * (vormen - sporen), informatie


def schat(ontwerp: Ontwerp) -> tuple[Componenten, Toestand]:
    """The REML estimates and the state at them. All scores equal: three zeros, and no state beyond the mean.

    InvoerFout when the likelihood has no maximum that can be found (a design that cannot tell the parts apart).
    """
    totaal = float(np.var(ontwerp.y))
    bodem = max(BODEM * totaal, np.finfo(float).tiny)
    onder = np.array([0.0, 0.0, bodem])
    x = np.full(3, max(totaal / 3, bodem))
    nu = Toestand(ontwerp, *x)
    for _ in range(_STAPPEN):
        helling, informatie = nu.helling_en_informatie()
        volgende, poging = _stap(ontwerp, nu, x, onder, helling, informatie)
        klaar = float(np.abs(volgende - x).sum()) <= _KLAAR * float(volgende.sum())
        x, nu = volgende, poging
        if klaar:
            sigma2 = 0.0 if x[2] <= 2 * bodem else float(x[2])
            return Componenten(float(x[0]), float(x[1]), sigma2), nu
    raise InvoerFout(
        "De spreiding van aanvragen, beoordelaars en toeval is met deze scores niet te scheiden.",
        actie="Gebruik het gewone gemiddelde, of laat meer beoordelaars dezelfde aanvragen scoren.",
    )


def _stap(
    ontwerp: Ontwerp, nu: Toestand, x: Reeks, onder: Reeks, helling: Reeks, informatie: Reeks
) -> tuple[Reeks, Toestand]:
    """One step that does not lower the likelihood: average information over the free components, halved if needed.

    A component at its bound with a gradient that points outward stays there.
    """
    vrij = ~((x <= onder) & (helling <= 0))
    richting = np.where(vrij, helling * x**2, 0.0)  # direction of the EM step, where there is no information
    maat = np.sqrt(np.maximum(np.diag(informatie), 0.0))
    if (weet := vrij & (maat > 0)).any():
        blok = informatie[np.ix_(weet, weet)] / np.outer(maat[weet], maat[weet])
        oplossing = np.linalg.solve(blok + _RUG * np.eye(len(blok)), helling[weet] / maat[weet]) / maat[weet]
        if oplossing @ helling[weet] > 0:
            richting[weet] = oplossing
    boven = 5.0 * x + float(x.sum())  # no leap on a slope that is only steep because sigma2 is nearly zero
    for halvering in range(40):
        poging = np.clip(x + richting * 0.5**halvering, onder, boven)
        toestand = Toestand(ontwerp, *poging)
        if toestand.loglik >= nu.loglik - 1e-12 * abs(nu.loglik):
            return poging, toestand
    return x, nu
