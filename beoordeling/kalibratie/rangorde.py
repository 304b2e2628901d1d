"""Expected ranks from the posterior of the calibrated scores, and the zones around the line.

Cov(g) = diag(d) + A C A' with C (p + q) x (p + q) and A sparse: what applications share runs through their theme and
their few assessors only. So the sd of every difference comes out of one thin sparse product, block by block, and the
n x n matrix never exists as a whole. (A dense product would be spread over threads that wait for each other.)
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy import sparse
from scipy.special import ndtr

from beoordeling.kalibratie.ontwerp import Ontwerp, Reeks
from beoordeling.kalibratie.reml import Toestand

_BLOK_RIJEN, _BLOK_KOLOMMEN = 1024, 128  # one tile of work fits in the second-level cache
BOVEN, ONDER = 0.75, 0.25


@dataclass(frozen=True)
class Posterior:
    """Calibrated scores g (n) with covariance diag(``eigen``) + A C A': ``a`` (n x (p + q)), ``c``; ``theta`` (n)."""

    g: Reeks
    theta: Reeks
    u: Reeks
    eigen: Reeks
    a: sparse.csr_array
    c: Reeks

    def variantie(self) -> Reeks:
        """The diagonal of Cov(g)."""
        uit: Reeks = self.eigen + (self.a * sparse.csr_array(self.a @ self.c)).sum(axis=1)
        return uit


def bepaal_posterior(ontwerp: Ontwerp, toestand: Toestand) -> Posterior:
    """EBLUP of every application with its uncertainty, including that of themes and assessors."""
    n, p = len(ontwerp.aanvragen), ontwerp.vast
    alpha = toestand.alpha
    theta = alpha * (ontwerp.som - ontwerp.rijsom @ toestand.u)
    thema = sparse.csr_array((np.ones(n), (np.arange(n), ontwerp.thema_van)), shape=ontwerp.rijsom.shape)
    return Posterior(
        g=toestand.u[:p][ontwerp.thema_van] + theta,
        theta=theta,
        u=toestand.u,
        eigen=alpha * toestand.sigma2,
        a=sparse.csr_array(thema - sparse.diags_array(alpha) @ ontwerp.rijsom),
        c=toestand.c,
    )


def _kans_groter(verschil: Reeks, variantie: Reeks) -> Reeks:
    """Phi(difference / sd) in place of ``verschil``; without any uncertainty 0, 1/2 or 1."""
    if variantie.min() <= 0.0:
        zeker = variantie <= 0.0
        variantie[zeker] = 1.0
        anders = verschil[zeker]
        verschil[zeker] = np.where(anders == 0.0, 0.0, np.copysign(np.inf, anders))
    np.sqrt(variantie, out=variantie)
    np.divide(verschil, variantie, out=verschil)
    kans: Reeks = ndtr(verschil, out=verschil)
    return kans


def verwachte_rangen(post: Posterior) -> Reeks:
    """ER_i = 1 + sum over k != i of P(g_k > g_i), from 1 (best) to n. Uses P(g_i > g_k) = 1 - P(g_k > g_i).

    A tile has applications k as rows and applications i as columns.
    """
    n = len(post.g)
    v = post.variantie()
    rang = np.ones(n)
    for i in range(0, n, _BLOK_KOLOMMEN):
        kolommen = slice(i, min(i + _BLOK_KOLOMMEN, n))
        ca = -2.0 * (post.a[kolommen] @ post.c).T  # C is symmetric
        for k in range(i, n, _BLOK_RIJEN):
            rijen = slice(k, min(k + _BLOK_RIJEN, n))
            variantie = post.a[rijen] @ ca
            variantie += v[rijen, None]
            variantie += v[kolommen]
            verschil = post.g[rijen, None] - post.g[kolommen]
            binnen = kolommen.stop - k  # rows of this tile that are also among its columns: only in the first one
            if binnen > 0:
                variantie[np.arange(binnen), np.arange(binnen)] = 0.0  # minus itself, whatever the rounding says
            kans = _kans_groter(verschil, variantie)
            if binnen > 0:
                kans[np.arange(binnen), np.arange(binnen)] = 0.0
                rang[kolommen] += kans[:binnen].sum(axis=0)
                kans, rijen = kans[binnen:], slice(kolommen.stop, rijen.stop)
            rang[kolommen] += kans.sum(axis=0)
            rang[rijen] += (kolommen.stop - i) - kans.sum(axis=1)
    return rang


def kans_boven_lijn(post: Posterior, lijn: int) -> Reeks:
    """P(g_i > g_L) for every i; 1/2 for the line itself."""
    v = post.variantie()
    samen = post.a @ (post.a[[lijn]] @ post.c).ravel()
    variantie = v + v[lijn] - 2.0 * samen
    variantie[lijn] = 0.0
    return _kans_groter(post.g - post.g[lijn], variantie)


def zones(kans: Reeks, onder: float = ONDER, boven: float = BOVEN) -> NDArray[np.str_]:
    """TOEWIJZEN above ``boven``, AFWIJZEN below ``onder``, GRIJS between and on the borders."""
    return np.where(kans > boven, "TOEWIJZEN", np.where(kans < onder, "AFWIJZEN", "GRIJS"))
