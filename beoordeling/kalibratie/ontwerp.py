"""Who scored what: the scores as arrays, and the sums over them that every step of the calibration needs."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray
from scipy import sparse
from scipy.sparse.csgraph import connected_components

from kern.fouten import InvoerFout

Reeks = NDArray[np.float64]
Nummers = NDArray[np.int64]


class Score(NamedTuple):
    """One total that one assessor gave to one application; ``thema`` may be empty."""

    aanvraag: str
    thema: str
    beoordelaar: str
    score: float


@dataclass(frozen=True)
class Ontwerp:
    """N scores of n applications by q assessors in p themes; names sorted, rows refer to them by number.

    ``thema_van``: theme per application. ``aantal``: number of scores per application. ``vast``: columns of W =
    [X, Z_b] that are themes. ``rijsom``: n x (p + q), the sum of the rows of W per application. ``binnen``: W'W minus
    the part between applications (zero in the rows and columns of themes).
    ``groepen``: number of scores n_i -> sum of s_i s_i' over the applications with that many, s_i a row of ``rijsom``.
    """

    aanvragen: list[str]
    themas: list[str]
    beoordelaars: list[str]
    y: Reeks
    aanvraag_van: Nummers
    beoordelaar_van: Nummers
    thema_van: Nummers
    aantal: Nummers
    som: Reeks
    rijsom: sparse.csr_array
    binnen: Reeks
    groepen: dict[int, Reeks]

    @property
    def vast(self) -> int:
        return len(self.themas)


def maak_ontwerp(scores: Iterable[Score]) -> Ontwerp:
    """Order and check the scores. InvoerFout on a double score, an application in two themes, or too little to
    tell the three sources of variance apart."""
    rijen = sorted(scores)
    _controleer_dubbel(rijen)
    thema_van = {rij.aanvraag: rij.thema for rij in rijen}
    aanvragen, themas = sorted(thema_van), sorted(set(thema_van.values()))
    beoordelaars = sorted({rij.beoordelaar for rij in rijen})
    nr_a, nr_t, nr_b = ({naam: nr for nr, naam in enumerate(namen)} for namen in (aanvragen, themas, beoordelaars))
    a = np.array([nr_a[rij.aanvraag] for rij in rijen], dtype=np.int64)
    b = np.array([nr_b[rij.beoordelaar] for rij in rijen], dtype=np.int64)
    t = np.array([nr_t[rij.thema] for rij in rijen], dtype=np.int64)
    y = np.array([rij.score for rij in rijen], dtype=np.float64)
    if not np.isfinite(y).all():
        raise InvoerFout("Er is een score die geen getal is.", actie="Verbeter de score.")
    n, p, q = len(aanvragen), len(themas), len(beoordelaars)
    if len(y) <= n or len(y) <= q or q < 2 or n < 2:
        raise InvoerFout(
            "Er zijn te weinig scores om te kalibreren.",
            actie="Er zijn minstens twee aanvragen en twee beoordelaars nodig, en aanvragen en beoordelaars met "
            "meer dan een score.",
        )
    if n <= p:
        raise InvoerFout(
            "Elk thema heeft maar een aanvraag; er valt binnen een thema niets te vergelijken.",
            actie="Gebruik ruimere thema's of laat thema leeg.",
        )
    een = np.ones(len(y))
    rijsom = sparse.csr_array((np.r_[een, een], (np.r_[a, a], np.r_[t, p + b])), shape=(n, p + q))
    aantal = np.bincount(a, minlength=n)
    groepen = {}
    for m in np.unique(aantal):
        deel = rijsom[np.flatnonzero(aantal == m)]
        groepen[int(m)] = (deel.T @ deel).toarray()
    binnen = np.zeros((p + q, p + q))
    tussen = sum(som[p:, p:] / m for m, som in groepen.items())
    binnen[p:, p:] = np.diag(np.bincount(b, minlength=q)) - tussen
    return Ontwerp(
        aanvragen=aanvragen,
        themas=themas,
        beoordelaars=beoordelaars,
        y=y,
        aanvraag_van=a,
        beoordelaar_van=b,
        thema_van=np.array([nr_t[thema_van[naam]] for naam in aanvragen], dtype=np.int64),
        aantal=aantal,
        som=np.bincount(a, weights=y, minlength=n).astype(np.float64),
        rijsom=rijsom,
        binnen=binnen,
        groepen=groepen,
    )


def _controleer_dubbel(rijen: list[Score]) -> None:
    gezien: dict[str, str] = {}
    paren: set[tuple[str, str]] = set()
    for rij in rijen:
        if gezien.setdefault(rij.aanvraag, rij.thema) != rij.thema:
            raise InvoerFout(f"Aanvraag {rij.aanvraag} staat in twee thema's.", actie="Geef elke aanvraag een thema.")
        if (rij.aanvraag, rij.beoordelaar) in paren:
            raise InvoerFout(
                f"Beoordelaar {rij.beoordelaar} geeft aanvraag {rij.aanvraag} twee scores.",
                actie="Laat een van de twee weg.",
            )
        paren.add((rij.aanvraag, rij.beoordelaar))


def groepen_zonder_verband(ontwerp: Ontwerp) -> list[list[str]]:
    """The assessors per connected part of the graph application - assessor, largest part first.

    More than one part: nothing but the assumption of equal theme means compares assessors across parts.
    """
    n, q = len(ontwerp.aanvragen), len(ontwerp.beoordelaars)
    een = np.ones(len(ontwerp.y))
    graaf = sparse.coo_array((een, (ontwerp.aanvraag_van, n + ontwerp.beoordelaar_van)), shape=(n + q, n + q))
    aantal, deel = connected_components(graaf.tocsr(), directed=False)
    delen: list[list[str]] = [[] for _ in range(aantal)]
    for nr, naam in enumerate(ontwerp.beoordelaars):
        delen[deel[n + nr]].append(naam)
    return sorted(delen, key=lambda namen: (-len(namen), namen))


def scores_per_beoordelaar(ontwerp: Ontwerp) -> dict[str, int]:
    """How many applications each assessor scored."""
    tel = np.bincount(ontwerp.beoordelaar_van, minlength=len(ontwerp.beoordelaars))
    return dict(zip(ontwerp.beoordelaars, map(int, tel), strict=True))
