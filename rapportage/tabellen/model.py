"""What a table, a record of the results contract and a round are; no computation, no formatting."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal
from enum import StrEnum
from typing import Any

LEGENDA = ". = onderdrukt (n<10), - = nihil"
MEER_ANTWOORDEN = "Meer antwoorden mogelijk: de percentages tellen op tot meer dan 100 %."
ONGEWOGEN = "Ongewogen cijfers."
TOTAAL, INGELOOT, UITGELOOT, AFGEWEZEN, VERSCHIL = "totaal", "ingeloot", "uitgeloot", "afgewezen", "verschil"
DOSSIER = "dossiersteekproef"
GROEPKOPPEN = {
    INGELOOT: "Ingeloot",
    UITGELOOT: "Uitgeloot",
    AFGEWEZEN: "Afgewezen op inhoud",
    TOTAAL: "Totaal",
    VERSCHIL: "Verschil",
    DOSSIER: "Dossiersteekproef",
}
"""Group columns and their headings, always in this order."""


class Soort(StrEnum):
    """The number kind of a column: decides the type, the number format and the alignment, never the rounding."""

    TEKST = "tekst"
    AANTAL = "aantal"
    EURO = "euro"
    FACTOR = "factor"
    PERCENTAGE = "percentage"
    PP = "pp"
    INTERVAL = "interval"
    INTERVAL_PP = "interval_pp"
    P = "p"


Waarde = int | float | Decimal | str | tuple[float, float] | None


@dataclass(frozen=True, slots=True)
class Cel:
    """One value, unrounded (percentages as percent, intervals as a pair). ``None`` = not defined, shown as "-".

    ``x`` and ``n``: the count and the base that the value was computed from, also when they are not printed.
    ``grootste``: for amounts the two largest contributions, for the dominance rule.
    """

    waarde: Waarde
    x: int | None = None
    n: int | None = None
    grootste: tuple[Decimal, Decimal] | None = None
    onderdrukt: bool = False


@dataclass(frozen=True, slots=True)
class Kolom:
    """``kop`` is the printed heading, ``groep`` the block that is suppressed as one (a group, or ``""``)."""

    code: str
    kop: str
    soort: Soort
    groep: str = ""


@dataclass(frozen=True, slots=True)
class Rij:
    """``code`` is the ``rij`` of the contract; ``onder`` the code of the row that this row is a part of ("w.o.")."""

    code: str
    label: str
    cellen: tuple[Cel, ...]
    onder: str = ""
    is_basis: bool = False


class Telling(StrEnum):
    """How the counts of a table add up; the disclosure check needs to know."""

    OPTELBAAR = "optelbaar"  # rows without ``onder`` sum to the base row
    MEERVOUDIG = "meervoudig"  # more answers possible: rows do not sum
    KERNCIJFERS = "kerncijfers"  # one row of totals


@dataclass(frozen=True, slots=True)
class Reeks:
    """A series of a chart: a percentage column and, for error bars, an interval column."""

    naam: str
    kolom: str
    interval: str = ""


@dataclass(frozen=True, slots=True)
class Grafiek:
    titel: str
    as_categorie: str
    as_waarde: str
    reeksen: tuple[Reeks, ...]
    beschrijving: str


@dataclass(frozen=True, slots=True)
class Tabel:
    """A table as it is printed.

    ``basis``: block -> n (``None`` = suppressed); ``koppen``: block -> heading when it differs from the usual one;
    ``samenvoegen``: rows that the public version leaves out because a row above contains them; ``noten_detail``:
    notes about those rows.
    """

    code: str
    titel: str
    kolommen: tuple[Kolom, ...]
    rijen: tuple[Rij, ...]
    peildatum: date
    basis: Mapping[str, int | None]
    bron: str
    noten: tuple[str, ...] = ()
    noten_detail: tuple[str, ...] = ()
    telling: Telling = Telling.OPTELBAAR
    grafiek: Grafiek | None = None
    samenvoegen: tuple[str, ...] = ()
    koppen: Mapping[str, str] = field(default_factory=dict)

    def kolomnummer(self, code: str) -> int:
        return [kolom.code for kolom in self.kolommen].index(code)

    def rij(self, code: str) -> Rij:
        return next(rij for rij in self.rijen if rij.code == code)

    def cel(self, rij: str, kolom: str) -> Cel:
        return self.rij(rij).cellen[self.kolomnummer(kolom)]


@dataclass(frozen=True, slots=True)
class Record:
    """One record of the results contract. Percentages as percent, differences in pp, ``None`` where not defined.

    ``blok`` names the block of the table that the record belongs to, for suppression; it is not written.
    """

    tabel: str
    rij: str
    maat: str
    groep: str
    waarde: int | float | Decimal | list[str] | None
    kolom: str | None = None
    n: int | None = None
    x: int | None = None
    bi: tuple[float, float] | None = None
    p: float | None = None
    methode: str = ""
    blok: str = ""

    def als_dict(self) -> dict[str, Any]:
        """The record with the keys and key order of the contract, ready for JSON."""
        waarde = self.waarde
        if isinstance(waarde, Decimal):
            waarde = int(waarde) if waarde == waarde.to_integral_value() else float(waarde)
        return {
            "tabel": self.tabel,
            "rij": self.rij,
            "kolom": self.kolom,
            "groep": self.groep,
            "maat": self.maat,
            "n": self.n,
            "x": self.x,
            "waarde": waarde,
            "bi": None if self.bi is None else list(self.bi),
            "p": self.p,
            "methode": self.methode,
        }


@dataclass(frozen=True, slots=True)
class Weggelaten:
    """A table that was not made, and why (one Dutch sentence)."""

    code: str
    titel: str
    reden: str


@dataclass(frozen=True, kw_only=True)
class Lotinggegevens:
    """Facts of the draw for the manifest; nothing is computed from them. Times are aware."""

    algoritme: str
    zaad: str | None = None
    budgetregel: str = ""
    lijst_hash: str | None = None
    gepubliceerd_op: datetime | None = None
    getrokken_op: datetime | None = None
    deelnemers: int | None = None


@dataclass(frozen=True, kw_only=True)
class Rondegegevens:
    """The facts of a round that the data frame does not hold. Amounts in euros.

    ``methode``: ``volgorde | loting | rangschikking | loting-in-grijze-zone`` (or ``loting (voucher)``).
    ``cbs``: per characteristic (column name) the number of enterprises per category, for reach per 1,000.
    """

    tijdvak: str
    naam: str
    regeling: str
    methode: str
    plafond: Decimal | None
    peildatum: date
    productversie: str
    maximum: Decimal | None = None
    loting: Lotinggegevens | None = None
    bron: str = "administratie van de regeling"
    cbs: Mapping[str, Mapping[str, int]] = field(default_factory=dict)

    @property
    def is_geloot(self) -> bool:
        return self.methode.strip().lower().replace("_", "-").startswith("loting")
