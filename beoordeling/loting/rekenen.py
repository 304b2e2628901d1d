"""From the files that come in to the files that go out; the command and the evidence package both use this."""

from __future__ import annotations

from collections import deque
from collections.abc import Mapping
from dataclasses import dataclass

from beoordeling.loting.bestanden import (
    controleer_lijst,
    lees_bronwaarden,
    lees_deelnemers,
    lees_mutaties,
    lees_protocol,
)
from beoordeling.loting.mutaties import NaMutatie, speel_af
from beoordeling.loting.trekking import Trekking, trek
from beoordeling.loting.uitvoer import schrijf_na_mutaties, schrijf_ruimte, schrijf_uitkomst
from beoordeling.loting.verdeling import Stand, verdeel
from beoordeling.loting.vormen import (
    BRONWAARDEN,
    DEELNEMERS,
    MUTATIES,
    NA_MUTATIES,
    PROTOCOL,
    RUIMTE,
    UITKOMST,
    Bronwaarden,
    Deelnemers,
    LotingFout,
    Protocol,
)


@dataclass(frozen=True, slots=True)
class Uitslag:
    """Everything about one draw. ``stand`` is the division before mutations; ``na_mutaties`` None without a log."""

    protocol: Protocol
    deelnemers: Deelnemers
    bronwaarden: Bronwaarden
    trekking: Trekking
    stand: Stand
    na_mutaties: list[NaMutatie] | None


def bereken(bestanden: Mapping[str, bytes], *, alleen_laatste: bool = False) -> Uitslag:
    """Draw and divide. ``bestanden``: name -> bytes of the three input files and perhaps ``mutaties.csv``.

    Other names are ignored. LotingFout (one Dutch line) on the first thing that is wrong. ``alleen_laatste`` keeps
    only the standing after the last mutation (a long log over a long list takes much memory otherwise).
    """
    for naam in (DEELNEMERS, PROTOCOL, BRONWAARDEN):
        if naam not in bestanden:
            raise LotingFout(naam, "dit bestand ontbreekt.", actie="Zet het erbij.")
    protocol = lees_protocol(bestanden[PROTOCOL])
    deelnemers = lees_deelnemers(bestanden[DEELNEMERS])
    controleer_lijst(protocol, deelnemers)
    bronwaarden = lees_bronwaarden(bestanden[BRONWAARDEN], protocol, deelnemers)
    mutaties = lees_mutaties(bestanden[MUTATIES], protocol, deelnemers) if MUTATIES in bestanden else None
    trekking = trek(protocol, bronwaarden, deelnemers)
    stand = verdeel(deelnemers, trekking.volgorde, protocol, bronwaarden.uitgesloten)
    na = None
    if mutaties is not None:
        standen = speel_af(
            stand,
            mutaties,
            deelnemers=deelnemers,
            volgorde=trekking.volgorde,
            protocol=protocol,
            uitgesloten=bronwaarden.uitgesloten,
        )
        na = list(deque(standen, maxlen=1 if alleen_laatste else None))
    return Uitslag(protocol, deelnemers, bronwaarden, trekking, stand, na)


def schrijf_uitslag(uitslag: Uitslag) -> dict[str, bytes]:
    """The output files of a draw: name -> bytes."""
    volgorde = uitslag.trekking.volgorde
    uit = {
        UITKOMST: schrijf_uitkomst(
            uitslag.deelnemers.kenmerk, uitslag.trekking.loten, uitslag.stand.uitkomst, volgorde
        ),
        RUIMTE: schrijf_ruimte(uitslag.stand.ruimte),
    }
    if uitslag.na_mutaties is not None:
        uit[NA_MUTATIES] = schrijf_na_mutaties(uitslag.na_mutaties)
    return uit


def reken(bestanden: Mapping[str, bytes]) -> dict[str, bytes]:
    """``deelnemers.csv``, ``protocol.json``, ``bronwaarden.json`` (``mutaties.csv``) -> the output files, as bytes."""
    return schrijf_uitslag(bereken(bestanden))
