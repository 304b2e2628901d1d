"""The shapes of a draw: constants, the rows and columns of its files, and its one error class."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, NamedTuple

from kern.fouten import InvoerFout

ALGORITME = "LOTING-HKDF-SHA256-1"
REGELS = ("STOP", "SKIP", "DEEL")
RICHTINGEN = ("OP", "AF")
SOORTEN = ("INTREKKING", "UITSLUITING", "VERLAGING", "VERHOGING", "HERSTEL")
STER = "*"

DEELNEMERS, PROTOCOL, BRONWAARDEN, MUTATIES = "deelnemers.csv", "protocol.json", "bronwaarden.json", "mutaties.csv"
UITKOMST, RUIMTE, NA_MUTATIES = "uitkomst.csv", "ruimte.json", "na_mutaties.json"

Uitkomst = int | str
"""An award in cents, or RESERVE, GROEP, UIT, INGETROKKEN."""


class LotingFout(InvoerFout):
    """A file of a draw that is not exactly as the rules prescribe."""

    code = "loting-bestand-onjuist"

    def __init__(
        self, bestand: str, melding: str, *, regel: int | None = None, actie: str = "Verbeter het bestand."
    ) -> None:
        plek = bestand if regel is None else f"{bestand}, regel {regel}"
        super().__init__(f"{plek}: {melding}", actie=actie, veld=bestand)
        self.bestand = bestand
        self.regel = regel


class Deelnemer(NamedTuple):
    """One line of ``deelnemers.csv``; ``groep`` "-" is no group, ``rang`` "0" is a pure lottery."""

    kenmerk: str
    bedrag_cent: int
    potten: tuple[str, ...] = ()
    groep: str = "-"
    rang: str = "0"


@dataclass(frozen=True, slots=True)
class Deelnemers:
    """The list as columns of equal length n, sorted by ``kenmerk``; ``potten`` as written ("-" or "A+B")."""

    kenmerk: list[str]
    bedrag: list[int]
    potten: list[str]
    groep: list[str]
    rang: list[str]
    sha256: str = ""

    def __len__(self) -> int:
        return len(self.kenmerk)


@dataclass(frozen=True, slots=True)
class Bron:
    """A source of randomness: ``cijfers`` (dice, ``lengte`` digits) or ``drand`` (``keten``, ``ronde``)."""

    id: str
    soort: str
    lengte: int = 0
    keten: str = ""
    ronde: int = 0


@dataclass(frozen=True, slots=True)
class Protocol:
    """``protocol.json``; ``hp`` is H_P, the SHA-256 of the file bytes. Amounts in cents; ``potten`` without "*"."""

    loting: str
    bronnen: tuple[Bron, ...]
    deelnemers_sha256: str
    plafond_cent: int
    potten: Mapping[str, int]
    per_groep: int
    regel: str
    restronde: bool
    richting: str
    hp: bytes
    extra: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Bronwaarden:
    """``bronwaarden.json``: the value per source in protocol order, drand signatures, and who is excluded."""

    waarden: Mapping[str, str]
    handtekeningen: Mapping[str, str]
    uitgesloten: frozenset[str]


class Mutatie(NamedTuple):
    """One line of the append-only log. ``bedrag``: VERLAGING the new award, VERHOGING the extra room, else 0."""

    nr: int
    soort: str
    kenmerk: str
    bedrag: int
