"""Why one participant got what it got: the draw replayed from its files, with every turn of that participant looked at.

Pure. The engine itself does the replay, so that the explanation cannot say anything else than the result; it also
refuses when ``uitkomst.csv`` is given and says something else. Amounts are whole parts (cents, or pieces).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from beoordeling.loting.bestanden import lees_mutaties
from beoordeling.loting.mutaties import NaMutatie, speel_af
from beoordeling.loting.rekenen import Uitslag, bereken, schrijf_uitslag
from beoordeling.loting.verdeling import RESERVE, Stand, verdeel
from beoordeling.loting.vormen import MUTATIES, STER, UITKOMST, LotingFout, Mutatie, Uitkomst

VERDELING, REST, MUTATIE = "verdeling", "restronde", "mutatie"


@dataclass(frozen=True, slots=True)
class Sluiting:
    """The participant at whose turn a pot was closed, because it asked more than was left in it."""

    kenmerk: str
    plaats: int
    gevraagd: int
    over: int


@dataclass(frozen=True, slots=True)
class Beurt:
    """How things stood when the turn of a participant came. ``ruimte``: pot → what was left, of the pots that count for
    it; ``dicht``: which of those were closed, and by whom; ``toegekend_in_groep``: awards that its group had."""

    soort: str
    ruimte: Mapping[str, int]
    dicht: Mapping[str, Sluiting]
    toegekend_in_groep: int
    uitkomst: Uitkomst

    @property
    def kleinste(self) -> int:
        """What was left in the tightest pot."""
        return min(self.ruimte.values())


@dataclass(frozen=True, slots=True)
class Gebeurtenis:
    """A mutation that changed the standing of the participant. ``eigen``: it is about the participant itself. ``beurt``
    is its turn in the walk after the mutation; for an upheld objection its turn in the original division."""

    mutatie: Mutatie
    eigen: bool
    van: Uitkomst
    naar: Uitkomst
    beurt: Beurt | None
    ruimte_na: Mapping[str, int]


@dataclass(frozen=True, slots=True)
class Buur:
    """A neighbour in the order."""

    plaats: int
    kenmerk: str
    rang: str
    lot: str
    uitkomst: Uitkomst


@dataclass(frozen=True, slots=True)
class Uitleg:
    """Everything about one participant. ``plaats`` 1..``aantal``; ``gelijk``: how many have the same rank, and
    ``plaats_in_gelijk`` its place among those; ``uitkomst`` after the log, ``eerste`` before it.

    ``laatste``/``eerste_niet``: the last in the order with an award and the first that took part without one.
    """

    kenmerk: str
    plaats: int
    aantal: int
    lot: str
    rang: str
    gelijk: int
    plaats_in_gelijk: int
    gevraagd: int
    potten: tuple[str, ...]
    groep: str
    groepsgenoten: tuple[str, ...]
    uitgesloten: bool
    beurten: tuple[Beurt, ...]
    eerste: Uitkomst
    gebeurtenissen: tuple[Gebeurtenis, ...]
    uitkomst: Uitkomst
    buren: tuple[Buur, ...]
    laatste: Buur | None
    eerste_niet: Buur | None
    mutaties: tuple[NaMutatie, ...]
    uitslag: Uitslag


@dataclass
class _Blik:
    """Looks at the turns of one row; knows who closed which pot in the running walk."""

    uitslag: Uitslag
    rij: int
    soort: str
    gezien: Beurt | None = None
    sluiters: dict[str, int] = field(default_factory=dict)
    over: dict[str, int] = field(default_factory=dict)
    _vorige: int = -1

    def __call__(self, i: int, stand: Stand, gesloten: set[str]) -> bool:
        if self.gezien is not None or stand.uitkomst[self.rij] != RESERVE:
            return False
        if len(gesloten) != len(self.sluiters):
            self._onthoud_sluiters(stand, gesloten)
        self._vorige = i
        if i == self.rij:
            lijst = self.uitslag.deelnemers
            potten = potten_van(lijst.potten[i], alleen_ster=self.alleen_ster)
            self.gezien = Beurt(
                soort=self.soort,
                ruimte={pot: stand.ruimte[pot] for pot in potten},
                dicht={pot: self._sluiting(pot) for pot in potten if pot in gesloten},
                toegekend_in_groep=stand.bezet.get(lijst.groep[i], 0) if lijst.groep[i] != "-" else 0,
                uitkomst="",
            )
        return self.gezien is None

    @property
    def alleen_ster(self) -> bool:
        return self.soort == REST or (self.soort == MUTATIE and self.uitslag.protocol.restronde)

    def _onthoud_sluiters(self, stand: Stand, gesloten: set[str]) -> None:
        """What closed since the last turn was closed by that one; what it took itself (DEEL) was still there."""
        nam = stand.uitkomst[self._vorige]
        for pot in gesloten - self.sluiters.keys():
            zelf = nam if isinstance(nam, int) and pot in stand.betaald_uit[self._vorige] else 0
            self.sluiters[pot], self.over[pot] = self._vorige, stand.ruimte[pot] + zelf

    def _sluiting(self, pot: str) -> Sluiting:
        lijst, rij = self.uitslag.deelnemers, self.sluiters[pot]
        plaats = self.uitslag.trekking.volgorde.index(rij) + 1
        return Sluiting(lijst.kenmerk[rij], plaats, lijst.bedrag[rij], self.over[pot])

    def beurt(self, uitkomst: Uitkomst) -> Beurt | None:
        """The turn with what it gave."""
        gezien = self.gezien
        if gezien is None:
            return None
        return Beurt(gezien.soort, gezien.ruimte, gezien.dicht, gezien.toegekend_in_groep, uitkomst)


def potten_van(samen: str, *, alleen_ster: bool = False) -> tuple[str, ...]:
    """The pots that count for a participant: the ceiling, and its own."""
    return (STER,) if alleen_ster or samen == "-" else (STER, *samen.split("+"))


def leg_uit(bestanden: Mapping[str, bytes], kenmerk: str) -> Uitleg:
    """The explanation for one label. ``bestanden``: as for :func:`bereken`, and perhaps ``uitkomst.csv``.

    :class:`LotingFout` when the label is not on the list, or when ``uitkomst.csv`` is not what the files give.
    """
    kaal = {naam: inhoud for naam, inhoud in bestanden.items() if naam != MUTATIES}
    uitslag = bereken(kaal)
    if kenmerk not in uitslag.deelnemers.kenmerk:
        raise LotingFout("deelnemers.csv", f"het kenmerk {kenmerk} staat niet op de lijst.")
    if UITKOMST in bestanden and schrijf_uitslag(uitslag)[UITKOMST] != bestanden[UITKOMST]:
        raise LotingFout(UITKOMST, "de uitslag volgt niet uit de bestanden.", actie="Waarschuw de notaris.")
    lijst, volgorde = uitslag.deelnemers, uitslag.trekking.volgorde
    rij = lijst.kenmerk.index(kenmerk)
    plaats = volgorde.index(rij) + 1
    gelijken = [i for i in volgorde if lijst.rang[i] == lijst.rang[rij]]
    mutaties = lees_mutaties(bestanden[MUTATIES], uitslag.protocol, lijst) if MUTATIES in bestanden else []
    gebeurtenissen, na = _naspelen(uitslag, rij, mutaties)
    met = [i for i in volgorde if isinstance(uitslag.stand.uitkomst[i], int)]
    zonder = [i for i in volgorde if uitslag.stand.uitkomst[i] == "RESERVE"]
    return Uitleg(
        kenmerk=kenmerk,
        plaats=plaats,
        aantal=len(lijst),
        lot=uitslag.trekking.loten[rij],
        rang=lijst.rang[rij],
        gelijk=len(gelijken),
        plaats_in_gelijk=gelijken.index(rij) + 1,
        gevraagd=lijst.bedrag[rij],
        potten=potten_van(lijst.potten[rij])[1:],
        groep=lijst.groep[rij],
        groepsgenoten=tuple(
            k for k, groep in zip(lijst.kenmerk, lijst.groep, strict=True) if groep != "-" and groep == lijst.groep[rij]
        ),
        uitgesloten=kenmerk in uitslag.bronwaarden.uitgesloten,
        beurten=_beurten(uitslag, rij, uitslag.bronwaarden.uitgesloten),
        eerste=uitslag.stand.uitkomst[rij],
        gebeurtenissen=gebeurtenissen,
        uitkomst=na[-1].status[kenmerk] if na else uitslag.stand.uitkomst[rij],
        buren=tuple(_buur(uitslag, n) for n in (plaats - 1, plaats + 1) if 1 <= n <= len(lijst)),
        laatste=_buur(uitslag, volgorde.index(met[-1]) + 1) if met else None,
        eerste_niet=_buur(uitslag, volgorde.index(zonder[0]) + 1) if zonder else None,
        mutaties=na,
        uitslag=uitslag,
    )


def _buur(uitslag: Uitslag, plaats: int) -> Buur:
    rij = uitslag.trekking.volgorde[plaats - 1]
    lijst = uitslag.deelnemers
    return Buur(plaats, lijst.kenmerk[rij], lijst.rang[rij], uitslag.trekking.loten[rij], uitslag.stand.uitkomst[rij])


def _beurten(uitslag: Uitslag, rij: int, uitgesloten: frozenset[str]) -> tuple[Beurt, ...]:
    """The turns of a row in the division: one, or two where it was still waiting at the second walk; none when it was
    excluded."""
    eerst, rest = _Blik(uitslag, rij, VERDELING), _Blik(uitslag, rij, REST)
    stand = verdeel(
        uitslag.deelnemers, uitslag.trekking.volgorde, uitslag.protocol, uitgesloten, kijkt=eerst, kijkt_rest=rest
    )
    uitkomst = stand.uitkomst[rij]
    tweede = rest.beurt(uitkomst)
    beurt = eerst.beurt("RESERVE" if tweede is not None else uitkomst)
    return tuple(b for b in (beurt, tweede) if b is not None)


def _naspelen(
    uitslag: Uitslag, rij: int, mutaties: list[Mutatie]
) -> tuple[tuple[Gebeurtenis, ...], tuple[NaMutatie, ...]]:
    """The mutations that changed the standing of a row, with its turn, and all standings."""
    blikken = [_Blik(uitslag, rij, MUTATIE)]
    standen = speel_af(
        uitslag.stand,
        mutaties,
        deelnemers=uitslag.deelnemers,
        volgorde=uitslag.trekking.volgorde,
        protocol=uitslag.protocol,
        uitgesloten=uitslag.bronwaarden.uitgesloten,
        kijkt=lambda i, stand, gesloten: blikken[-1](i, stand, gesloten),
    )
    kenmerk, van = uitslag.deelnemers.kenmerk[rij], uitslag.stand.uitkomst[rij]
    gebeurtenissen, na = [], []
    for stand in standen:
        mutatie, naar = stand.mutatie, stand.status[kenmerk]
        eigen = mutatie.soort != "VERHOGING" and mutatie.kenmerk == kenmerk
        beurt = blikken[-1].beurt(naar)
        if eigen and mutatie.soort == "HERSTEL" and isinstance(naar, int) and beurt is None:
            beurt = _beurten(uitslag, rij, uitslag.bronwaarden.uitgesloten - {kenmerk})[-1]
        if eigen or naar != van:
            gebeurtenissen.append(Gebeurtenis(mutatie, eigen, van, naar, beurt, stand.ruimte))
        na.append(stand)
        van = naar
        blikken.append(_Blik(uitslag, rij, MUTATIE))
    return tuple(gebeurtenissen), tuple(na)
