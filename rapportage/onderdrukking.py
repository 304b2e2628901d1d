"""Disclosure control of one table: which cells may not be published, so that they cannot be computed from the others.

Primary: a count or base of 1-9, a share whose complement is 1-9 or that is 90 % or more of its base, an amount that
one or two applicants dominate. Secondary: further cells, until a linear programme that knows every published cell and
every total leaves each hidden count a range of at least 10. Rules of CBS for output of microdata.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from decimal import Decimal

from rapportage.tabellen.model import (
    AFGEWEZEN,
    DOSSIER,
    INGELOOT,
    TOTAAL,
    UITGELOOT,
    VERSCHIL,
    Cel,
    Rij,
    Soort,
    Tabel,
    Telling,
)

Blok = tuple[str, str]
"""What is hidden as one: (code of the row, block of columns)."""
DELEN = (INGELOOT, UITGELOOT, AFGEWEZEN)
REST = "rest"
"""Applications without an outcome: not published, but an attacker can bound them."""


@dataclass(frozen=True, slots=True)
class Regels:
    """Thresholds; ``id`` goes into the manifest."""

    id: str = "openbaar-1"
    minimum: int = 10
    grootste_aandeel: float = 0.90
    bedrag_grootste: Decimal = Decimal("0.50")
    bedrag_p: Decimal = Decimal("0.10")
    breedte: int = 10

    def klein(self, aantal: int | None) -> bool:
        return aantal is not None and 0 < aantal < self.minimum


def verborgen_groepen(basis: Mapping[str, int | None], regels: Regels) -> frozenset[str]:
    """Blocks of chapter 2 whose base may not be published in any table (they return in all of them).

    A base of 1-9 is hidden, and the next smallest with it until the hidden bases add up to 10 or more.
    """
    totaal = basis.get(TOTAAL)
    if totaal is None:
        return frozenset()
    if regels.klein(totaal):
        return frozenset(basis)
    delen = {blok: basis.get(blok) or 0 for blok in DELEN}
    rest = totaal - sum(delen.values())
    klein = {blok for blok, n in delen.items() if regels.klein(n)}
    uit = set(klein)
    zichtbaar = sorted((n, blok) for blok, n in delen.items() if n and blok not in uit)
    while uit and (len(uit) + (rest > 0) < 2 or sum(delen[blok] for blok in uit) + rest < regels.minimum):
        if not zichtbaar:
            uit.add(TOTAAL)
            break
        uit.add(zichtbaar.pop(0)[1])
    if DOSSIER in basis and (regels.klein(basis[DOSSIER]) or INGELOOT in uit):
        uit.add(DOSSIER)
    return frozenset(uit)


def onderdruk(
    tabel: Tabel, regels: Regels, groepen: frozenset[str] = frozenset()
) -> tuple[Tabel | None, frozenset[Blok]]:
    """The public version of a table and what is hidden in it (rows left out included).

    ``groepen``: blocks to hide as a whole. ``None`` when the table cannot be protected, for instance because it has
    one category that holds everybody.
    """
    samengevoegd = frozenset((code, blok) for code in tabel.samenvoegen for blok in _blokken(tabel))
    tabel = _zonder_rijen(tabel)
    verborgen = _primair(tabel, regels) | {(rij.code, blok) for rij in tabel.rijen for blok in groepen}
    for rij in tabel.rijen:
        if rij.is_basis:
            kolommen = {blok for code, blok in verborgen if code == rij.code}
            verborgen |= {(ander.code, blok) for ander in tabel.rijen for blok in kolommen}
    if tabel.telling is Telling.OPTELBAAR and verborgen:
        beveiligd = _secundair(tabel, verborgen, regels)
        if beveiligd is None:
            return None, frozenset()
        verborgen = beveiligd
    verborgen &= {(rij.code, blok) for rij in tabel.rijen for blok in _blokken(tabel)}
    verborgen |= {(code, VERSCHIL) for code, blok in verborgen if blok in (INGELOOT, UITGELOOT)} & {
        (rij.code, VERSCHIL) for rij in tabel.rijen if not rij.is_basis and VERSCHIL in _blokken(tabel)
    }
    return _toegepast(tabel, verborgen), frozenset(verborgen) | samengevoegd


def _blokken(tabel: Tabel) -> list[str]:
    return list(dict.fromkeys(kolom.groep for kolom in tabel.kolommen if kolom.groep))


def _zonder_rijen(tabel: Tabel) -> Tabel:
    if not tabel.samenvoegen:
        return tabel
    return replace(
        tabel,
        rijen=tuple(rij for rij in tabel.rijen if rij.code not in tabel.samenvoegen),
        noten=(*tabel.noten, "De rijen met w.o. staan niet in de openbare versie."),
        noten_detail=(),
    )


def _telcel(tabel: Tabel, rij: Rij, blok: str) -> Cel | None:
    """The cell that carries the count of a block (any cell of the block with a count)."""
    for kolom, cel in zip(tabel.kolommen, rij.cellen, strict=True):
        if kolom.groep == blok and cel.x is not None:
            return cel
    return None


def _primair(tabel: Tabel, regels: Regels) -> set[Blok]:
    uit: set[Blok] = set()
    for rij in tabel.rijen:
        for kolom, cel in zip(tabel.kolommen, rij.cellen, strict=True):
            if not kolom.groep or kolom.groep == VERSCHIL or cel.x is None:
                continue
            te_klein = regels.klein(cel.x) or regels.klein(cel.n)
            te_groot = tabel.telling is not Telling.KERNCIJFERS and not rij.is_basis and _te_groot(cel, regels)
            if te_klein or te_groot or (kolom.soort is Soort.EURO and _overheerst(cel, regels)):
                uit.add((rij.code, kolom.groep))
    return uit


def _te_groot(cel: Cel, regels: Regels) -> bool:
    """Nearly everybody of the base is in the cell: the few others, or all of them, are disclosed."""
    if not cel.n or cel.x is None or cel.x > cel.n:
        return False
    return regels.klein(cel.n - cel.x) or cel.x >= regels.grootste_aandeel * cel.n


def _overheerst(cel: Cel, regels: Regels) -> bool:
    """Dominance (largest share over 50 %) and the p% rule (the second could estimate the largest within 10 %)."""
    if cel.grootste is None or not isinstance(cel.waarde, Decimal) or cel.waarde <= 0:
        return False
    eerste, tweede = cel.grootste
    rest = cel.waarde - eerste - tweede
    return eerste > regels.bedrag_grootste * cel.waarde or rest < regels.bedrag_p * eerste


def _toegepast(tabel: Tabel, verborgen: set[Blok]) -> Tabel:
    def rij_uit(rij: Rij) -> Rij:
        cellen = tuple(
            Cel(None, onderdrukt=True) if (rij.code, kolom.groep) in verborgen and cel.waarde != "" else cel
            for kolom, cel in zip(tabel.kolommen, rij.cellen, strict=True)
        )
        return replace(rij, cellen=cellen)

    weg = {blok for rij in tabel.rijen if rij.is_basis for code, blok in verborgen if code == rij.code}
    if tabel.telling is Telling.KERNCIJFERS:
        weg = {blok for _, blok in verborgen}
    return replace(
        tabel,
        rijen=tuple(rij_uit(rij) for rij in tabel.rijen),
        basis={blok: None if blok in weg else n for blok, n in tabel.basis.items()},
    )


def _secundair(tabel: Tabel, verborgen: set[Blok], regels: Regels) -> set[Blok] | None:
    """Add cells until no hidden count can be narrowed to less than ``breedte``; ``None`` when that cannot be done."""
    aanval = Aanval.van(tabel)
    verborgen = set(verborgen)
    while True:
        bloot = aanval.blootgesteld(verborgen, regels.breedte)
        if not bloot:
            return verborgen
        keuze = aanval.kandidaat(bloot, verborgen)
        if keuze is None:
            return None
        verborgen.add(keuze)


@dataclass(frozen=True, slots=True)
class Aanval:
    """What an attacker knows about an additive table: counts, and the sums over rows and over groups."""

    aantallen: dict[Blok, int]
    sommen: tuple[tuple[Blok, tuple[Blok, ...]], ...]
    deel_van: tuple[tuple[Blok, Blok], ...]
    basisrij: str | None

    @classmethod
    def van(cls, tabel: Tabel) -> Aanval:
        aantallen: dict[Blok, int] = {}
        for rij in tabel.rijen:
            for blok in _blokken(tabel):
                cel = _telcel(tabel, rij, blok)
                if blok != VERSCHIL and cel is not None and cel.x is not None:
                    aantallen[rij.code, blok] = cel.x
        gewone = [rij.code for rij in tabel.rijen if not rij.is_basis]
        basisrij = next((rij.code for rij in tabel.rijen if rij.is_basis), None)
        if any(blok == TOTAAL for _, blok in aantallen):
            rest = {
                (rij.code, REST): aantallen[rij.code, TOTAAL]
                - sum(aantallen.get((rij.code, blok), 0) for blok in DELEN)
                for rij in tabel.rijen
            }
            if any(rest.values()):
                aantallen |= rest
        blokken = list(dict.fromkeys(blok for _, blok in aantallen))
        sommen: list[tuple[Blok, tuple[Blok, ...]]] = []
        if basisrij is not None:
            sommen += [((basisrij, blok), tuple((code, blok) for code in gewone)) for blok in blokken]
        if TOTAAL in blokken:
            delen = [blok for blok in blokken if blok in (*DELEN, REST)]
            sommen += [((rij.code, TOTAAL), tuple((rij.code, blok) for blok in delen)) for rij in tabel.rijen]
        kloppend = tuple(
            (som, delen) for som, delen in sommen if delen and aantallen[som] == sum(aantallen[deel] for deel in delen)
        )
        return cls(
            aantallen,
            kloppend,
            tuple(((rij, blok), (rij, INGELOOT)) for rij, blok in aantallen if blok == DOSSIER),
            basisrij,
        )

    def blootgesteld(self, verborgen: set[Blok], breedte: int) -> list[Blok]:
        """The hidden counts that can be narrowed to a range of less than ``breedte``."""
        import numpy as np
        from scipy.optimize import linprog

        cellen = list(self.aantallen)
        plaats = {cel: nummer for nummer, cel in enumerate(cellen)}
        gelijk = np.zeros((len(self.sommen), len(cellen)))
        for regel, (som, delen) in enumerate(self.sommen):
            gelijk[regel, plaats[som]] = -1
            for deel in delen:
                gelijk[regel, plaats[deel]] += 1
        kleiner = np.zeros((len(self.deel_van), len(cellen)))
        for regel, (deel, geheel) in enumerate(self.deel_van):
            kleiner[regel, plaats[deel]], kleiner[regel, plaats[geheel]] = 1, -1
        grenzen = [(0, None) if cel in verborgen or cel[1] == REST else (self.aantallen[cel],) * 2 for cel in cellen]
        stelsel = {
            "A_eq": gelijk if len(gelijk) else None,
            "b_eq": np.zeros(len(gelijk)) if len(gelijk) else None,
            "A_ub": kleiner if len(kleiner) else None,
            "b_ub": np.zeros(len(kleiner)) if len(kleiner) else None,
            "bounds": grenzen,
            "method": "highs",
        }
        bloot = []
        for cel in sorted(verborgen & set(cellen)):
            richting = np.zeros(len(cellen))
            richting[plaats[cel]] = 1
            laag, hoog = linprog(richting, **stelsel), linprog(-richting, **stelsel)
            if laag.status == 0 and hoog.status == 0 and -hoog.fun - laag.fun < breedte - 1e-6:
                bloot.append(cel)
        return bloot

    def kandidaat(self, bloot: list[Blok], verborgen: set[Blok]) -> Blok | None:
        """The next cell to hide: one that shares a sum with an exposed count, first where that count is the only
        hidden one; the smallest positive count, else a 0, else the row total. The base row stays: it is the same in
        every table. ``None`` when nothing is left."""
        leeg = {som for som, _ in self.sommen if self.aantallen[som] == 0}
        keuzes: list[tuple[bool, bool, bool, int, Blok]] = []
        for som, delen in self.sommen:
            leden = (som, *delen)
            if not set(leden) & set(bloot) or som in leeg:
                continue
            alleen = sum(lid in verborgen for lid in leden) == 1
            for lid in leden:
                vast = lid in verborgen or lid[0] == self.basisrij or lid[1] == REST
                if vast or (self.basisrij, lid[1]) in leeg:
                    continue
                aantal = self.aantallen[lid]
                keuzes.append((not alleen, aantal == 0, lid[1] == TOTAAL, aantal, lid))
        return min(keuzes)[-1] if keuzes else None
