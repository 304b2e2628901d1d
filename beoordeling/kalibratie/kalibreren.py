"""Calibration of a round: from scores to calibrated scores, expected ranks, the line and the zones (design 05 part 4).

The raw mean decides unless the scheme says otherwise before opening; this is what is shown beside it.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from beoordeling.kalibratie.ontwerp import (
    Ontwerp,
    Reeks,
    Score,
    groepen_zonder_verband,
    maak_ontwerp,
    scores_per_beoordelaar,
)
from beoordeling.kalibratie.rangorde import bepaal_posterior, kans_boven_lijn, verwachte_rangen, zones
from beoordeling.kalibratie.reml import Componenten, Toestand, schat
from kern.fouten import InvoerFout

MINIMUM_SCORES = 10
_ER_CIJFERS = 9  # ranks closer than this are equal: the name decides, not the rounding of a machine


@dataclass(frozen=True)
class Kalibratie:
    """The result, per application in the order of ``ontwerp.aanvragen`` (sorted by name).

    ``thema`` and ``nu``: effects in the order of themes and assessors. ``ruw``: plain mean. ``er``: expected rank
    from 1; ``pcer``: the same as a percentile. ``p``: chance to be above the line. ``lijn``: number of the application
    on it. ``waarschuwingen``: what makes the figures weaker than they look.
    """

    ontwerp: Ontwerp
    componenten: Componenten
    thema: Reeks
    theta: Reeks
    nu: Reeks
    g: Reeks
    ruw: Reeks
    er: Reeks
    pcer: Reeks
    p: Reeks
    zone: Sequence[str]
    k: int
    lijn: int
    waarschuwingen: tuple[str, ...]

    @property
    def lot_nodig(self) -> bool:
        """Whether the grey zone has to be drawn: not when all above AFWIJZEN fit in k places, nor when it is empty."""
        zeker, grijs = self.zone.count("TOEWIJZEN"), self.zone.count("GRIJS")
        return zeker < self.k < zeker + grijs

    def als_json(self) -> dict[str, Any]:
        """The shape of the contract (``kalibreer --json``)."""
        o = self.ontwerp
        c = self.componenten

        def bij(namen: Sequence[str], waarden: Reeks) -> dict[str, float]:
            return dict(zip(namen, map(float, waarden), strict=True))

        return {
            "componenten": {"tau2": c.tau2, "phi2": c.phi2, "sigma2": c.sigma2},
            "thema": bij(o.themas, self.thema),
            "theta": bij(o.aanvragen, self.theta),
            "nu": bij(o.beoordelaars, self.nu),
            "g": bij(o.aanvragen, self.g),
            "ruw": bij(o.aanvragen, self.ruw),
            "er": bij(o.aanvragen, self.er),
            "pcer": bij(o.aanvragen, self.pcer),
            "p": bij(o.aanvragen, self.p),
            "zone": dict(zip(o.aanvragen, self.zone, strict=True)),
            "k": self.k,
            "lijn": o.aanvragen[self.lijn],
            "lot_nodig": self.lot_nodig,
            "waarschuwingen": list(self.waarschuwingen),
        }


def kalibreer(scores: Iterable[Score], *, k: int, streng: bool = False) -> Kalibratie:
    """Estimate, rank and zone. ``k``: number of places. ``streng``: refuse (InvoerFout) what is otherwise a warning."""
    ontwerp = maak_ontwerp(scores)
    n, p = len(ontwerp.aanvragen), ontwerp.vast
    if not 1 <= k <= n:
        raise InvoerFout(f"K is {k}, maar er zijn {n} aanvragen.", actie=f"Kies een K van 1 tot en met {n}.")
    waarschuwingen = _waarschuwingen(ontwerp)
    if streng and waarschuwingen:
        raise InvoerFout(waarschuwingen[0], actie="Kalibreer deze ronde niet; gebruik het gewone gemiddelde.")
    if np.ptp(ontwerp.y) == 0.0:
        # Nothing varies: every variance is zero, and any positive sigma2 gives the same equal scores and ranks.
        componenten, toestand = Componenten(0.0, 0.0, 0.0), Toestand(ontwerp, 0.0, 0.0, 1.0)
    else:
        componenten, toestand = schat(ontwerp)
    post = bepaal_posterior(ontwerp, toestand)
    er = verwachte_rangen(post)
    lijn = int(np.argsort(np.round(er, _ER_CIJFERS), kind="stable")[k - 1])
    kans = kans_boven_lijn(post, lijn)
    return Kalibratie(
        ontwerp=ontwerp,
        componenten=componenten,
        thema=post.u[:p],
        theta=post.theta,
        nu=post.u[p:],
        g=post.g,
        ruw=ontwerp.som / ontwerp.aantal,
        er=er,
        pcer=100.0 * (er - 0.5) / n,
        p=kans,
        zone=[str(zone) for zone in zones(kans)],
        k=k,
        lijn=lijn,
        waarschuwingen=waarschuwingen,
    )


def _waarschuwingen(ontwerp: Ontwerp) -> tuple[str, ...]:
    uit = []
    delen = groepen_zonder_verband(ontwerp)
    if len(delen) > 1:
        uit.append(
            f"De beoordelaars vallen uiteen in {len(delen)} groepen die geen aanvraag delen; "
            f"{', '.join(delen[-1][:5])} is niet te vergelijken met {', '.join(delen[0][:5])}."
        )
    weinig = [naam for naam, aantal in scores_per_beoordelaar(ontwerp).items() if aantal < MINIMUM_SCORES]
    if weinig:
        meer = f" en nog {len(weinig) - 5}" if len(weinig) > 5 else ""
        uit.append(
            f"Met minder dan {MINIMUM_SCORES} beoordelingen is een beoordelaar slecht te schatten: "
            f"{', '.join(weinig[:5])}{meer}."
        )
    return tuple(uit)
