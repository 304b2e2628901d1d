"""Replay of the append-only log after the draw: awards that were made are never recomputed.

After each mutation, except an award to an upheld objection, the reserve is walked once in draw order.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from beoordeling.loting.verdeling import (
    GROEP,
    INGETROKKEN,
    RESERVE,
    UIT,
    Stand,
    Toeschouwer,
    ken_toe,
    loop,
    verdeel,
)
from beoordeling.loting.vormen import MUTATIES, Deelnemers, LotingFout, Mutatie, Protocol, Uitkomst


@dataclass(frozen=True, slots=True)
class NaMutatie:
    """The standing right after a mutation: ``status`` in draw order, ``ruimte`` per pot (may be negative)."""

    mutatie: Mutatie
    status: dict[str, Uitkomst]
    ruimte: dict[str, int]


def speel_af(
    stand: Stand,
    mutaties: Iterable[Mutatie],
    *,
    deelnemers: Deelnemers,
    volgorde: Sequence[int],
    protocol: Protocol,
    uitgesloten: frozenset[str] = frozenset(),
    kijkt: Toeschouwer | None = None,
) -> Iterator[NaMutatie]:
    """Yield the standing after each mutation. ``stand`` is the division itself and stays as it is. ``kijkt`` sees the
    turns of the walk after each of them.

    LotingFout on a mutation that is impossible at that moment, or that would change nothing.
    """
    nu = stand.kopie()
    rij_van = {kenmerk: i for i, kenmerk in enumerate(deelnemers.kenmerk)}
    for mutatie in mutaties:
        roep_op = True
        if mutatie.soort == "VERHOGING":
            nu.ruimte[mutatie.kenmerk] += mutatie.bedrag
        else:
            rij = rij_van[mutatie.kenmerk]
            _controleer(mutatie, nu.uitkomst[rij])
            if mutatie.soort == "VERLAGING":
                _verlaag(nu, rij, mutatie.bedrag)
            elif mutatie.soort == "HERSTEL":
                nu.uitkomst[rij] = RESERVE
                eerste = verdeel(deelnemers, volgorde, protocol, uitgesloten - {mutatie.kenmerk})
                bedrag = eerste.uitkomst[rij]
                if isinstance(bedrag, int):
                    ken_toe(nu, rij, deelnemers.groep[rij], bedrag, eerste.betaald_uit[rij])
                    roep_op = False
            else:
                _maak_vrij(nu, rij, deelnemers.groep)
                nu.uitkomst[rij] = INGETROKKEN if mutatie.soort == "INTREKKING" else UIT
        if roep_op:
            loop(nu, deelnemers, volgorde, protocol, alleen_ster=protocol.restronde, kijkt=kijkt)
        status = {deelnemers.kenmerk[i]: nu.uitkomst[i] for i in volgorde}
        yield NaMutatie(mutatie, status, dict(nu.ruimte))


def _controleer(mutatie: Mutatie, nu: Uitkomst) -> None:
    """Refuse what the current standing does not allow."""
    melding = ""
    if mutatie.soort == "VERLAGING":
        if not isinstance(nu, int):
            melding = f"{mutatie.kenmerk} heeft geen toekenning ({nu}); er is niets te verlagen."
        elif mutatie.bedrag >= nu:
            melding = f"het nieuwe bedrag {mutatie.bedrag} is niet lager dan de toekenning van {nu} cent."
    elif mutatie.soort == "HERSTEL":
        if nu not in (UIT, INGETROKKEN):
            melding = f"{mutatie.kenmerk} doet al mee ({nu}); HERSTEL kan alleen na UIT of INGETROKKEN."
    elif nu == (INGETROKKEN if mutatie.soort == "INTREKKING" else UIT):
        melding = f"{mutatie.kenmerk} heeft al de stand {nu}."
    if melding:
        raise LotingFout(MUTATIES, melding, regel=mutatie.nr + 1)


def _verlaag(stand: Stand, rij: int, bedrag: int) -> None:
    """Lower the award to ``bedrag`` and give the difference back to the pots that paid it."""
    oud = stand.uitkomst[rij]
    if isinstance(oud, int):
        for pot in stand.betaald_uit[rij]:
            stand.ruimte[pot] += oud - bedrag
        stand.uitkomst[rij] = bedrag


def _maak_vrij(stand: Stand, rij: int, groepen: Sequence[str]) -> None:
    """Give an award and its group slot back; members that waited for the slot join the reserve again."""
    if not isinstance(stand.uitkomst[rij], int):
        return
    _verlaag(stand, rij, 0)
    del stand.betaald_uit[rij]
    groep = groepen[rij]
    if groep == "-":
        return
    stand.bezet[groep] -= 1
    for i, eigen in enumerate(groepen):
        if eigen == groep and stand.uitkomst[i] == GROEP:
            stand.uitkomst[i] = RESERVE
