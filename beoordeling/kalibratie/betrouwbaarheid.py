"""Reliability of scores: Cronbach's alpha, intraclass correlations and Krippendorff's alpha for interval data.

Sources: Cronbach 1951; McGraw & Wong 1996 (names of the ICCs); Krippendorff 2011. A coefficient that is not defined
(nothing varies) is None, never a made-up number.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike

from beoordeling.kalibratie.ontwerp import Reeks
from beoordeling.kalibratie.reml import Componenten
from kern.fouten import InvoerFout

Maat = float | None


@dataclass(frozen=True)
class Icc:
    """Intraclass correlations for one rater and for the mean of k: one-way, absolute agreement, consistency."""

    een_1: Maat
    een_k: Maat
    a_1: Maat
    a_k: Maat
    c_1: Maat
    c_k: Maat

    def als_dict(self) -> dict[str, Maat]:
        namen = ("ICC(1,1)", "ICC(1,k)", "ICC(A,1)", "ICC(A,k)", "ICC(C,1)", "ICC(C,k)")
        return dict(zip(namen, (self.een_1, self.een_k, self.a_1, self.a_k, self.c_1, self.c_k), strict=True))


def _volledig(y: ArrayLike) -> Reeks:
    tabel = np.asarray(y, dtype=np.float64)
    if tabel.ndim != 2 or min(tabel.shape) < 2:
        raise InvoerFout("Er zijn minstens twee rijen en twee kolommen met scores nodig.", actie="Voeg scores toe.")
    if not np.isfinite(tabel).all():
        raise InvoerFout("Er ontbreken scores.", actie="Gebruik Krippendorff, of de componenten van de kalibratie.")
    return tabel


def _deel(teller: float, noemer: float) -> Maat:
    return teller / noemer if noemer != 0.0 else None


def cronbach(y: ArrayLike) -> Maat:
    """Alpha of a complete table: rows are applications, columns are items (criteria or assessors)."""
    tabel = _volledig(y)
    k = tabel.shape[1]
    som = float(tabel.sum(axis=1).var(ddof=1))
    return None if som == 0.0 else k / (k - 1) * (1.0 - float(tabel.var(axis=0, ddof=1).sum()) / som)


def icc(y: ArrayLike) -> Icc:
    """The six ICCs of a complete table (rows applications, columns assessors), from the analysis of variance."""
    tabel = _volledig(y)
    n, k = tabel.shape
    midden = tabel.mean()
    rij, kolom = tabel.mean(axis=1), tabel.mean(axis=0)
    ms_r = k * float(((rij - midden) ** 2).sum()) / (n - 1)
    ms_k = n * float(((kolom - midden) ** 2).sum()) / (k - 1)
    ms_e = float(((tabel - rij[:, None] - kolom + midden) ** 2).sum()) / ((n - 1) * (k - 1))
    ms_w = float(((tabel - rij[:, None]) ** 2).sum()) / (n * (k - 1))
    return Icc(
        een_1=_deel(ms_r - ms_w, ms_r + (k - 1) * ms_w),
        een_k=_deel(ms_r - ms_w, ms_r),
        a_1=_deel(ms_r - ms_e, ms_r + (k - 1) * ms_e + k / n * (ms_k - ms_e)),
        a_k=_deel(ms_r - ms_e, ms_r + (ms_k - ms_e) / n),
        c_1=_deel(ms_r - ms_e, ms_r + (k - 1) * ms_e),
        c_k=_deel(ms_r - ms_e, ms_r),
    )


def icc_uit_componenten(c: Componenten, k: float) -> Icc:
    """The same from REML components, for a design in which everyone scored something else; k scores per application.

    In such a design the one-way ICC is the one of absolute agreement: another assessor every time.
    """
    tussen, rest = c.tau2, c.phi2 + c.sigma2
    a_1, a_k = _deel(tussen, tussen + rest), _deel(tussen, tussen + rest / k)
    return Icc(
        een_1=a_1,
        een_k=a_k,
        a_1=a_1,
        a_k=a_k,
        c_1=_deel(tussen, tussen + c.sigma2),
        c_k=_deel(tussen, tussen + c.sigma2 / k),
    )


def spearman_brown(een: float, k: float) -> float:
    """Reliability of the mean of k scores from that of one."""
    return k * een / (1.0 + (k - 1.0) * een)


def krippendorff(y: ArrayLike) -> Maat:
    """Alpha for interval data; NaN is a missing score. Rows (applications) with one score do not count.

    The mean squared difference over all pairs of values is twice their variance, so no n x n table is needed.
    """
    tabel = np.asarray(y, dtype=np.float64)
    if tabel.ndim != 2:
        raise InvoerFout("De scores vormen geen tabel.", actie="Geef een rij per aanvraag.")
    aantal = np.isfinite(tabel).sum(axis=1)
    tabel, aantal = tabel[aantal >= 2], aantal[aantal >= 2]
    waarden = tabel[np.isfinite(tabel)]
    if len(waarden) == 0:
        return None
    verwacht = 2.0 * float(waarden.var(ddof=1))
    if verwacht == 0.0:
        return None
    binnen = 2.0 * float((aantal * np.nanvar(tabel, axis=1, ddof=1)).sum())
    return 1.0 - binnen / len(waarden) / verwacht
