"""Balancing loads by swaps along shortest paths in a graph of assessors: the fast solver for large questions.

A swap takes one application from assessor j and gives it to l. Of all applications that j has, only the cheapest swap
to l matters, so the whole question is a graph of m + 1 nodes (one is nobody). A cycle of negative cost through the
node of the load bounds, or without it, is an improvement; when there is none left, the answer is the optimum of the
flow model with organisations (Klein 1967), up to the rule on experts, for which the price bound tells what is lost.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from beoordeling.toewijzing.prijzen import beste_sets, ondergrens, zoek_prijzen
from beoordeling.toewijzing.vormen import GEEN_DESKUNDIGE, LAST, TEKORT, Heel, Opgave, Toewijzing, Voortgang, stel_vast

Reeks = NDArray[np.float64]
_DICHT = 1e15
_GROOT = 1e14  # above this a distance is no distance
_RUIM = 1e-6


class Balans:
    """A standing assignment that swaps change in place. Column m of every table is nobody."""

    def __init__(self, opgave: Opgave, wie: Heel) -> None:
        n, m = opgave.aanvragen, opgave.beoordelaars
        self.opgave, self.m = opgave, m
        self.wie = wie
        self.kosten = np.column_stack([opgave.kosten, np.full(n, TEKORT)]).astype(np.float64)
        self.mag = np.column_stack([opgave.toegestaan, np.ones(n, dtype=bool)])
        leeg = np.ones((n, 1), dtype=bool)
        self.kan = np.column_stack([opgave.deskundig, ~leeg]) if opgave.deskundig is not None else None
        self.organisatie = np.append(opgave.organisatie, opgave.organisatie.max() + 1)
        self.zelfde = [np.flatnonzero(self.organisatie == org) for org in self.organisatie]
        self.last = np.bincount(wie.ravel(), minlength=m + 1)
        self.deskundigen = np.zeros(n, dtype=np.int64)
        self.open = np.empty((n, m + 1))
        self.bij: list[set[int]] = [set() for _ in range(m + 1)]
        self.verboden: set[tuple[int, int, int]] = set()
        for i in range(n):
            self._ververs(i)
        self.wissel = np.full((m + 1, m + 1), _DICHT)
        self.door = np.zeros((m + 1, m + 1), dtype=np.int64)
        for j in range(m + 1):
            self._rij(j)

    def _ververs(self, i: int) -> None:
        """``open``: what it costs application i to take somebody whose organisation it does not have yet."""
        rij = self.open[i]
        rij[:] = self.kosten[i]
        rij[~self.mag[i]] = _DICHT
        for j in self.wie[i].tolist():
            self.bij[j].add(i)
            if j < self.m:
                rij[self.zelfde[j]] = _DICHT
        if self.kan is not None:
            self.deskundigen[i] = int(self.kan[i, self.wie[i]].sum())

    def _rij(self, j: int) -> None:
        """The cheapest swap from j to every other."""
        self.wissel[j] = _DICHT
        if not self.bij[j]:
            return
        rijen = np.fromiter(self.bij[j], dtype=np.int64, count=len(self.bij[j]))
        rijen.sort()
        prijs = self.open[rijen]
        for naar in self.zelfde[j]:
            if naar not in (j, self.m):
                prijs[:, naar] = np.where(self.mag[rijen, naar], self.kosten[rijen, naar], _DICHT)
        prijs -= self.kosten[rijen, j][:, None]
        if self.kan is not None:
            zonder = self.deskundigen[rijen] - self.kan[rijen, j] == 0
            prijs += GEEN_DESKUNDIGE * (zonder[:, None] & ~self.kan[rijen])
            prijs -= GEEN_DESKUNDIGE * (self.deskundigen[rijen] == 0)[:, None]
        prijs[:, j] = _DICHT
        for i, van, doel in self.verboden:
            if van == j:
                prijs[rijen == i, doel] = _DICHT
        beste = prijs.argmin(axis=0)
        self.wissel[j] = prijs[beste, np.arange(self.m + 1)]
        self.door[j] = rijen[beste]

    def _marge(self) -> tuple[Reeks, Reeks]:
        """What one unit of load less, and one more, costs each assessor; nobody has no bounds."""
        last, o = self.last[: self.m], self.opgave
        minder = LAST * ((last <= o.last_min).astype(float) - (last > o.last_max))
        meer = LAST * ((last >= o.last_max).astype(float) - (last < o.last_min))
        return np.append(minder, 0.0), np.append(meer, 0.0)

    def afstanden(self) -> tuple[Reeks, list[tuple[int, int]] | None]:
        """Shortest distances from the load node (Bellman-Ford), and the swaps of an improving cycle if there is one."""
        minder, meer = self._marge()
        afstand = minder.copy()
        vorige = np.full(self.m + 1, -1)
        kolom = np.arange(self.m + 1)
        for ronde in range(self.m + 2):
            weg = afstand[:, None] + self.wissel
            beste = weg.argmin(axis=0)
            waarde = weg[beste, kolom]
            korter = waarde < afstand - _RUIM
            if not korter.any():
                break
            afstand = np.where(korter, waarde, afstand)
            vorige[korter] = beste[korter]
            if ronde % 4 == 3 and (kring := _kring(vorige)):
                return afstand, kring
        else:
            if kring := _kring(vorige):
                return afstand, kring
        eind = int(np.argmin(afstand + meer))
        if afstand[eind] + meer[eind] >= -_RUIM:
            return afstand, None
        pad = []
        while vorige[eind] >= 0:
            pad.append((int(vorige[eind]), eind))
            eind = int(vorige[eind])
        return afstand, pad[::-1] or None

    def _kost(self, i: int, rij: Heel) -> float:
        """What application i costs with these assessors; _DICHT when a rule forbids it."""
        echt = rij[rij < self.m]
        organisaties = self.organisatie[echt]
        if len(set(organisaties.tolist())) != len(echt) or not self.mag[i, echt].all():
            return _DICHT
        som = float(self.kosten[i, rij].sum())
        if self.kan is not None and not self.kan[i, rij].any():
            som += GEEN_DESKUNDIGE
        return som

    def pas_toe(self, pad: list[tuple[int, int]]) -> bool:
        """Carry the swaps out; False, with nothing changed, when together they are forbidden or no improvement."""
        verwacht = sum(float(self.wissel[van, naar]) for van, naar in pad)
        rijen: dict[int, Heel] = {}
        dubbel: list[tuple[int, int, int]] = []
        for van, naar in pad:
            i = int(self.door[van, naar])
            if i in rijen:
                dubbel.append((i, van, naar))
            rij = rijen.setdefault(i, self.wie[i].copy())
            plek = np.flatnonzero(rij == van)
            if len(plek) == 0:
                break
            rij[plek[0]] = naar
        else:
            nu = sum(self._kost(i, rij) - self._kost(i, self.wie[i]) for i, rij in rijen.items())
            if nu <= verwacht + _RUIM:
                self._schrijf(rijen)
                return True
        for swap in dubbel:
            self.verboden.add(swap)
            self._rij(swap[1])
        if not dubbel:
            raise AssertionError("a path over different applications has to be worth the sum of its swaps")
        return False

    def _schrijf(self, rijen: dict[int, Heel]) -> None:
        geraakt: set[int] = {j for _, j, _ in self.verboden}
        self.verboden.clear()
        for i, rij in rijen.items():
            for j in self.wie[i].tolist():
                self.bij[j].discard(i)
                self.last[j] -= 1
                geraakt.add(j)
            self.wie[i] = rij
            for j in rij.tolist():
                self.last[j] += 1
                geraakt.add(j)
            self._ververs(i)
        for j in geraakt:
            self._rij(j)


def _kring(vorige: NDArray[np.int64]) -> list[tuple[int, int]] | None:
    """A cycle in the predecessors, as swaps (j, l) in order, or None."""
    gezien = np.zeros(len(vorige), dtype=np.int64)
    for start in range(len(vorige)):
        knoop = start
        while knoop >= 0 and gezien[knoop] == 0:
            gezien[knoop] = start + 1
            knoop = int(vorige[knoop])
        if knoop >= 0 and gezien[knoop] == start + 1:
            kring, eerste = [(int(vorige[knoop]), knoop)], knoop
            knoop = int(vorige[knoop])
            while knoop != eerste:
                kring.append((int(vorige[knoop]), knoop))
                knoop = int(vorige[knoop])
            return kring[::-1]
    return None


def los_snel_op(opgave: Opgave, voortgang: Voortgang, *, bestaand: Sequence[Sequence[int]] | None = None) -> Toewijzing:
    """An assignment at or close to the optimum, with a bound that tells how close. ``bestaand``: where to start."""
    if bestaand is None:
        u = zoek_prijzen(opgave, voortgang)
        wie, prijs = beste_sets(opgave, u)
    else:
        u = np.zeros(opgave.beoordelaars)
        wie = _start(opgave, bestaand)
        _, prijs = beste_sets(opgave, u)
    grens = ondergrens(opgave, u, prijs)
    balans = Balans(opgave, wie)
    buiten = _buiten(balans)
    while True:
        afstand, pad = balans.afstanden()
        if pad is None:
            break
        if balans.pas_toe(pad) and buiten:
            voortgang("belasting verdelen", max(0.0, 1 - _buiten(balans) / buiten))
    voortgang("controleren", 1.0)
    u = np.clip(np.where(np.abs(afstand[:-1]) < _GROOT, afstand[:-1], 0.0), -LAST, LAST)
    grens = max(grens, ondergrens(opgave, u, beste_sets(opgave, u)[1]))
    m = opgave.beoordelaars
    return stel_vast(opgave, [[int(j) for j in rij if j < m] for rij in balans.wie], grens)


def _buiten(balans: Balans) -> int:
    """Load outside the bounds plus places with nobody."""
    last, o = balans.last[:-1], balans.opgave
    return int((np.maximum(last - o.last_max, 0) + np.maximum(o.last_min - last, 0)).sum() + balans.last[-1])


def _start(opgave: Opgave, bestaand: Sequence[Sequence[int]]) -> Heel:
    """Existing pairs that are still possible; other places are nobody's."""
    m = opgave.beoordelaars
    wie = np.full((opgave.aanvragen, opgave.k), m, dtype=np.int64)
    for i, oud in enumerate(bestaand):
        houd: list[int] = []
        for j in oud:
            vrij = opgave.organisatie[j] not in opgave.organisatie[houd]
            if opgave.toegestaan[i, j] and vrij and len(houd) < opgave.k:
                houd.append(j)
        wie[i, : len(houd)] = houd
    return wie
