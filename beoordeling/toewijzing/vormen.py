"""The question and the answer of an assignment, and what a given assignment costs (design 05 part 3)."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import ArrayLike, NDArray

from kern.fouten import InvoerFout

Heel = NDArray[np.int64]
Ja = NDArray[np.bool_]

#: Slack keeps every question solvable; the amounts are ordered so that a shortage is the last resort.
TEKORT, GEEN_DESKUNDIGE, LAST = 1_000_000, 100_000, 50_000

Voortgang = Callable[[str, float], None]
"""Called with a step in Dutch and the share that is done, 0..1."""


def stil(stap: str, deel: float) -> None:
    """The progress callback that tells nobody."""


@dataclass(frozen=True)
class Opgave:
    """n applications, m assessors, ``k`` per application.

    ``kosten``: n x m whole numbers. ``toegestaan``: n x m, False is a conflict. ``organisatie``: m numbers; one
    application never gets two assessors with the same. ``deskundig``: n x m, or None when no expert is asked for.
    ``last_min``, ``last_max``: bounds per assessor (m; a single number holds for all).
    """

    kosten: Heel
    toegestaan: Ja
    organisatie: Heel
    k: int
    last_min: Heel
    last_max: Heel
    deskundig: Ja | None = None

    @property
    def aanvragen(self) -> int:
        return int(self.kosten.shape[0])

    @property
    def beoordelaars(self) -> int:
        return int(self.kosten.shape[1])


def maak_opgave(
    kosten: ArrayLike,
    toegestaan: ArrayLike,
    organisatie: ArrayLike,
    *,
    k: int,
    last_min: ArrayLike,
    last_max: ArrayLike,
    deskundig: ArrayLike | None = None,
) -> Opgave:
    """Check shapes and bounds (InvoerFout)."""
    c = np.asarray(kosten)
    if c.ndim != 2 or c.size == 0:
        raise InvoerFout("Er is niets toe te wijzen.", actie="Geef minstens een aanvraag en een beoordelaar.")
    if not np.issubdtype(c.dtype, np.integer) or np.abs(c).max() >= 100 * TEKORT:
        raise InvoerFout("De kosten zijn geen gehele getallen onder 100 miljoen.", actie="Verbeter de kosten.")
    n, m = c.shape
    mag = np.asarray(toegestaan, dtype=bool)
    kan = None if deskundig is None else np.asarray(deskundig, dtype=bool)
    org = np.asarray(organisatie, dtype=np.int64)
    if mag.shape != c.shape or org.shape != (m,) or (kan is not None and kan.shape != c.shape):
        raise InvoerFout("De tabellen zijn niet even groot.", actie="Geef per aanvraag en beoordelaar een waarde.")
    if k < 1:
        raise InvoerFout(f"{k} beoordelaars per aanvraag kan niet.", actie="Kies 1 of meer.")
    onder, boven = (np.array(np.broadcast_to(np.asarray(x, dtype=np.int64), (m,))) for x in (last_min, last_max))
    if (onder < 0).any() or (onder > boven).any():
        raise InvoerFout(
            "Een ondergrens van de belasting ligt onder 0 of boven de bovengrens.", actie="Verbeter de grenzen."
        )
    return Opgave(c.astype(np.int64), mag, org, k, onder, boven, kan)


@dataclass(frozen=True)
class Toewijzing:
    """The answer. ``paren``: per application the assessors, ascending. ``doel``: the objective with all penalties;
    ``ondergrens``: no assignment can cost less. What could not be had comes back as work: ``tekort`` (application ->
    assessors too few), ``zonder_deskundige`` (applications), ``te_vol`` and ``te_leeg`` (assessor -> number)."""

    paren: list[list[int]]
    doel: int
    ondergrens: float
    last: Heel
    tekort: dict[int, int] = field(default_factory=dict)
    zonder_deskundige: list[int] = field(default_factory=list)
    te_vol: dict[int, int] = field(default_factory=dict)
    te_leeg: dict[int, int] = field(default_factory=dict)

    @property
    def afstand(self) -> float:
        """How much above the bound, as a share of it; 0.02 is the most that the design allows."""
        return (self.doel - self.ondergrens) / max(abs(self.ondergrens), 1.0)


def stel_vast(opgave: Opgave, paren: list[list[int]], ondergrens: float) -> Toewijzing:
    """Check the hard rules of an assignment (AssertionError: a defect in a solver) and add up what it costs."""
    n, m = opgave.aanvragen, opgave.beoordelaars
    last = np.zeros(m, dtype=np.int64)
    doel = 0
    tekort: dict[int, int] = {}
    zonder: list[int] = []
    for i, wie in enumerate(paren):
        if len(set(wie)) != len(wie) or len(wie) > opgave.k or not opgave.toegestaan[i, wie].all():
            raise AssertionError(f"application {i} got {wie}")
        if len({int(opgave.organisatie[j]) for j in wie}) != len(wie):
            raise AssertionError(f"application {i} got two assessors of one organisation")
        last[wie] += 1
        doel += int(opgave.kosten[i, wie].sum())
        if len(wie) < opgave.k:
            tekort[i] = opgave.k - len(wie)
        if opgave.deskundig is not None and not opgave.deskundig[i, wie].any():
            zonder.append(i)
    if len(paren) != n:
        raise AssertionError("not every application has an answer")
    over, onder = np.maximum(last - opgave.last_max, 0), np.maximum(opgave.last_min - last, 0)
    doel += TEKORT * sum(tekort.values()) + GEEN_DESKUNDIGE * len(zonder) + LAST * int((over + onder).sum())
    return Toewijzing(
        paren=[sorted(wie) for wie in paren],
        doel=doel,
        ondergrens=min(ondergrens, float(doel)),
        last=last,
        tekort=tekort,
        zonder_deskundige=zonder,
        te_vol={int(j): int(over[j]) for j in np.flatnonzero(over)},
        te_leeg={int(j): int(onder[j]) for j in np.flatnonzero(onder)},
    )
