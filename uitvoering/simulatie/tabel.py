"""The published figures of every scheme (design 02), and a replay held against them. Pure."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from typing import Any


@dataclass(frozen=True)
class Vergelijking:
    """One figure of a round: what is known and what the replay gave, in the unit of the ceiling."""

    wat: str
    bekend: int
    nagespeeld: int

    @property
    def klopt(self) -> bool:
        return self.bekend == self.nagespeeld


@dataclass(frozen=True)
class Verhoging:
    """A ceiling that was raised afterwards, and what came of it."""

    bedrag: Decimal
    daarna: dict[str, int]


@dataclass(frozen=True)
class Bekend:
    """Figures of one round: name of a figure of the replay → value. ``ronde``: the round, if not the first."""

    regeling: str
    cijfers: dict[str, int]
    ronde: str = ""
    verhoging: Verhoging | None = None


#: Every row of the table; a scheme of which no figures are known is played for its ceiling alone.
TABEL = (
    Bekend("esf-e-2008", {"ingediend": 265, "toegekend": 77, "plafond": 7_000_000}),
    Bekend("esf-e-2009", {"ingediend": 247, "toegekend": 68, "plafond": 7_000_000}),
    Bekend("esf-e-2010", {"ingediend": 314, "toegekend": 113, "plafond": 12_000_000}),
    Bekend(
        "esf-e-voucher-2011",
        {
            "ingediend": 4526,
            "aanvragers": 4288,
            "gevraagd": 81_468_000,
            "toegekend": 1400,
            "toegekend_bedrag": 25_200_000,
            "plafond": 25_200_000,
        },
        verhoging=Verhoging(
            Decimal(52_000_000), {"toegekend": 4288, "toegekend_bedrag": 77_184_000, "plafond": 77_200_000}
        ),
    ),
    Bekend("di-2018", {"plafond": 15_000_000}),
    Bekend(
        "innovatievoucher-2010",
        {"ingediend": 6000, "toegekend": 2000, "plafond": 2000, "overvraging_procent": 300, "dagen": 2},
    ),
    Bekend("innovatievoucher-2004", {"toegekend": 100, "plafond": 100}),
    Bekend("ipc-2010", {"ingediend": 49, "gevraagd": 75_800_000, "plafond": 39_800_000}),
    Bekend("sia-zuid", {"ingediend": 113, "toegekend": 62, "afgewezen": 17, "in_behandeling": 34}),
    Bekend("smart-mix", {"stappen": 2}),
    Bekend("ser-mkb", {"plafond": 2_500_000}),
    Bekend("ser-mkb", {"plafond": 5_000_000}, ronde="ser-mkb-2027"),
    Bekend("leergang", {"plafond": 30, "toegekend_bedrag": 30}),
)


def vergelijk(bekend: dict[str, int], nagespeeld: dict[str, Any]) -> list[Vergelijking]:
    """Figure by figure, in the order of the table."""
    return [Vergelijking(wat, waarde, int(nagespeeld[wat])) for wat, waarde in bekend.items()]
