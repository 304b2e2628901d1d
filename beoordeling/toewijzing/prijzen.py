"""Prices of assessors: what a place with each is worth when every application picks its own cheapest set.

With the load bounds priced (Lagrange), the exact model falls apart into one small question per application, which is
answered exactly. That gives a start that is nearly balanced, and for any prices a lower bound of the exact model.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from beoordeling.toewijzing.vormen import GEEN_DESKUNDIGE, LAST, TEKORT, Heel, Opgave, Voortgang

Reeks = NDArray[np.float64]
_DICHT = 1e15  # more than any sum of costs
_RONDEN = 40


def gretig(r: Reeks, organisatie: Heel, k: int) -> tuple[Heel, Reeks]:
    """Per row the ``k`` cheapest columns with different organisations (a partition matroid, so greedy is optimal).

    Column m stands for nobody, at TEKORT each. ``r`` (n x m) is used up.
    """
    n, m = r.shape
    rij = np.arange(n)
    wie = np.empty((n, k), dtype=np.int64)
    prijs = np.zeros(n)
    for plek in range(k):
        j = r.argmin(axis=1)
        waarde = r[rij, j]
        niemand = waarde >= TEKORT
        wie[:, plek] = np.where(niemand, m, j)
        prijs += np.where(niemand, TEKORT, waarde)
        if plek + 1 < k:
            r[(organisatie[None, :] == organisatie[j][:, None]) & ~niemand[:, None]] = _DICHT
    return wie, prijs


def beste_sets(opgave: Opgave, u: Reeks) -> tuple[Heel, Reeks]:
    """The cheapest set of every application at prices ``u`` (m, a discount per assessor), and what it costs: exact."""
    n = opgave.aanvragen
    r = np.where(opgave.toegestaan, opgave.kosten - u, _DICHT)
    wie, prijs = gretig(r.copy(), opgave.organisatie, opgave.k)
    if opgave.deskundig is None:
        return wie, prijs
    kan = np.column_stack([opgave.deskundig, np.zeros(n, dtype=bool)])
    zonder = np.flatnonzero(~np.take_along_axis(kan, wie, axis=1).any(axis=1))
    if len(zonder) == 0:
        return wie, prijs
    prijs[zonder] += GEEN_DESKUNDIGE
    # Set an expert first, each in turn, and fill up: only for the applications that came out without one.
    for j in np.flatnonzero((opgave.deskundig & opgave.toegestaan)[zonder].any(axis=0)):
        rijen = zonder[opgave.deskundig[zonder, j] & opgave.toegestaan[zonder, j]]
        over = r[rijen]
        over[:, opgave.organisatie == opgave.organisatie[j]] = _DICHT
        rest, som = gretig(over, opgave.organisatie, opgave.k - 1)
        som += r[rijen, j]
        beter = som < prijs[rijen]
        prijs[rijen[beter]] = som[beter]
        wie[rijen[beter]] = np.column_stack([np.full(int(beter.sum()), j), rest[beter]])
    return wie, prijs


def ondergrens(opgave: Opgave, u: Reeks, prijs: Reeks) -> float:
    """The Lagrange bound at prices ``u`` within +-LAST, given the costs of the cheapest sets."""
    return float(prijs.sum() + np.where(u >= 0, u * opgave.last_min, u * opgave.last_max).sum())


def zoek_prijzen(opgave: Opgave, voortgang: Voortgang) -> Reeks:
    """Prices at which the loads are nearly within bounds, leaving organisations and experts aside.

    Every round asks per assessor at which discount the wanted number of applications would pick this one if all others
    stayed as they are, and goes part of the way there.
    """
    m, k = opgave.beoordelaars, min(opgave.k, opgave.beoordelaars - 1)
    u = np.zeros(m)
    if k < 1:
        return u
    c = np.where(opgave.toegestaan, opgave.kosten, _DICHT).astype(np.float64)
    for ronde in range(_RONDEN):
        voortgang("prijzen bepalen", ronde / _RONDEN)
        r = c - u
        deel = np.partition(r, (k - 1, k), axis=1)
        binnen, buiten = deel[:, k - 1], deel[:, k]
        # h: the discount from which the application picks this assessor, given the prices of the others.
        h = c - np.where(r <= binnen[:, None], buiten[:, None], binnen[:, None])
        h.sort(axis=0)
        doel = _gewenst(h, opgave)
        if np.abs(doel - u).max() < 0.5:
            break
        u += (0.6 if ronde < _RONDEN // 2 else 0.3) * (doel - u)
    return u


def _gewenst(h: Reeks, opgave: Opgave) -> Reeks:
    """Zero where the load is within bounds without a price; else the price at which the nearest bound is met."""
    n, m = h.shape
    vrij = (h < 0).sum(axis=0)
    grens = np.where(vrij > opgave.last_max, opgave.last_max, opgave.last_min)
    plek = np.clip(grens, 0, n - 1)
    kolom = np.arange(m)
    waarde = h[plek, kolom]
    lager = h[np.maximum(plek - 1, 0), kolom]
    doel = np.where((vrij >= opgave.last_min) & (vrij <= opgave.last_max), 0.0, (waarde + lager) / 2)
    return np.clip(doel, -LAST, LAST)
