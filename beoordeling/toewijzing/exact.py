"""The assignment as an exact mixed integer model for HiGHS: for small questions, and as the yardstick of the other."""

from __future__ import annotations

from typing import Any

import numpy as np
from scipy import sparse
from scipy.optimize import Bounds, LinearConstraint, milp

from beoordeling.toewijzing.vormen import GEEN_DESKUNDIGE, LAST, TEKORT, Heel, Opgave, Toewijzing, stel_vast
from kern.fouten import InvoerFout


def los_exact_op(opgave: Opgave, *, seconden: float = 600.0) -> Toewijzing:
    """The optimum. InvoerFout when it is not found in time."""
    uitkomst, i, j = _los(opgave, seconden, geheel=True)
    gekozen = np.round(uitkomst.x[: len(i)]).astype(bool)
    paren: list[list[int]] = [[] for _ in range(opgave.aanvragen)]
    for rij, kolom in zip(i[gekozen], j[gekozen], strict=True):
        paren[rij].append(int(kolom))
    # Solved to the end, so the optimum is its own bound.
    return stel_vast(opgave, paren, float(uitkomst.fun))


def relaxatie(opgave: Opgave, *, seconden: float = 600.0) -> float:
    """The optimum when pairs may be split: a lower bound of the exact model."""
    return float(_los(opgave, seconden, geheel=False)[0].fun)


def _los(opgave: Opgave, seconden: float, *, geheel: bool) -> tuple[Any, Heel, Heel]:
    """HiGHS on x (one per allowed pair), shortage and noexpert (per application), over and under (per assessor)."""
    n, m, k = opgave.aanvragen, opgave.beoordelaars, opgave.k
    i, j = np.nonzero(opgave.toegestaan)
    x = len(i)
    kolom = np.arange(x)
    kosten = np.concatenate(
        [opgave.kosten[i, j], np.full(n, TEKORT), np.full(n, GEEN_DESKUNDIGE), np.full(2 * m, LAST)]
    ).astype(float)
    per_aanvraag, per_persoon = np.arange(n), np.arange(m)
    tekort, geen, over, onder = (
        x + per_aanvraag,
        x + n + per_aanvraag,
        x + 2 * n + per_persoon,
        x + 2 * n + m + per_persoon,
    )

    def rijen(aantal: int, *delen: tuple[Any, Any, float]) -> sparse.csr_array:
        r, c, w = (np.concatenate([np.broadcast_to(d[p], np.shape(d[0])) for d in delen]) for p in range(3))
        return sparse.csr_array((w.astype(float), (r, c)), shape=(aantal, len(kosten)))

    eisen = [
        LinearConstraint(rijen(n, (i, kolom, 1), (per_aanvraag, tekort, 1)), k, k),
        LinearConstraint(
            rijen(m, (j, kolom, 1), (per_persoon, over, -1), (per_persoon, onder, 1)), opgave.last_min, opgave.last_max
        ),
    ]
    samen, groep = np.unique(i * (opgave.organisatie.max() + 1) + opgave.organisatie[j], return_inverse=True)
    if len(samen) < x:  # somebody shares an organisation
        eisen.append(LinearConstraint(rijen(len(samen), (groep, kolom, 1)), -np.inf, 1))
    if opgave.deskundig is not None:
        kan = opgave.deskundig[i, j]
        eisen.append(LinearConstraint(rijen(n, (i[kan], kolom[kan], 1), (per_aanvraag, geen, 1)), 1, np.inf))
    boven = np.concatenate([np.ones(x), np.full(n, k), np.ones(n), np.full(2 * m, np.inf)])
    heel = np.zeros(len(kosten))
    if geheel:
        heel[:x] = 1
    uitkomst = milp(
        kosten,
        constraints=eisen,
        bounds=Bounds(0, boven),
        integrality=heel,
        options={"time_limit": seconden, "mip_rel_gap": 0.0},
    )
    if uitkomst.status != 0:
        raise InvoerFout(
            f"Binnen {seconden:.0f} seconden is er geen beste toewijzing gevonden.",
            actie="Deel de aanvragen op, of geef meer tijd.",
        )
    return uitkomst, i, j
