"""Small builders that chapters share: a share with its base and interval, as cells and as records."""

from __future__ import annotations

from dataclasses import dataclass

import pandas as pd

from rapportage import statistiek
from rapportage.tabellen.groepen import ja_nee, sleutel, uitkomst
from rapportage.tabellen.model import AFGEWEZEN, DOSSIER, INGELOOT, TOTAAL, UITGELOOT, Cel, Record, Rondegegevens

LEEG = Cel("")
"""A cell that stays empty on purpose (an interval in the base row)."""


@dataclass(frozen=True, slots=True)
class Deel:
    """A count ``x`` out of a base ``n``."""

    x: int
    n: int

    @property
    def pct(self) -> float | None:
        """The share as percent; ``None`` for an empty base."""
        return 100 * self.x / self.n if self.n else None

    @property
    def bi(self) -> tuple[float, float] | None:
        """Wilson interval as percent."""
        return procent(statistiek.wilson(self.x, self.n))

    @property
    def aantal_cel(self) -> Cel:
        return Cel(self.x, self.x, self.n)

    @property
    def pct_cel(self) -> Cel:
        return Cel(self.pct, self.x, self.n)

    @property
    def bi_cel(self) -> Cel:
        return Cel(self.bi, self.x, self.n)

    def record(self, tabel: str, rij: str, groep: str, *, kolom: str | None = None) -> Record:
        """The ``aandeel`` record of the contract."""
        return Record(
            tabel=tabel,
            rij=rij,
            kolom=kolom,
            groep=groep,
            maat="aandeel",
            n=self.n,
            x=self.x,
            waarde=self.pct,
            bi=self.bi,
            methode="wilson",
            blok=kolom or groep,
        )


def procent(interval: tuple[float, float] | None) -> tuple[float, float] | None:
    """An interval of proportions as percent (or percentage points)."""
    return None if interval is None else (100 * interval[0], 100 * interval[1])


def maal100(waarde: float | None) -> float | None:
    return None if waarde is None else 100 * waarde


def blokken(df: pd.DataFrame) -> dict[str, pd.Series]:
    """The blocks of chapter 2 as masks over the rows: all, granted, no room, rejected and, if any, the file sample."""
    uit = uitkomst(df)
    maskers = {TOTAAL: pd.Series(True, index=df.index)}
    maskers |= {groep: uit.eq(groep) for groep in (INGELOOT, UITGELOOT, AFGEWEZEN)}
    if DOSSIER in df.columns:
        steekproef = ja_nee(df[DOSSIER]).eq(1.0)
        if steekproef.any():
            maskers[DOSSIER] = steekproef
    return maskers


def categorieen(kolom: pd.Series, volgorde: tuple[str, ...]) -> list[tuple[str, str]]:
    """Categories that occur, as (code, label): the known ones in their own order, then the others by name."""
    labels = {sleutel(waarde): str(waarde).strip() for waarde in sorted(map(str, kolom.dropna().unique()))}
    bekend = [sleutel(waarde) for waarde in volgorde]
    codes = [code for code in bekend if code in labels] + [code for code in labels if code and code not in bekend]
    return [(code, labels[code]) for code in codes]


def groepsnoten(df: pd.DataFrame, ronde: Rondegegevens) -> list[str]:
    """How the groups of chapter 2 were made, in words."""
    noten = []
    if ronde.is_geloot:
        noten.append(
            "Toegekend en Uitgeloot volgen de loting (toewijzing), niet het gebruik van de subsidie. "
            "Aanvragen buiten de loting volgen de uitkomst van de aanvraag."
        )
    else:
        noten.append(
            "Deze ronde is niet verdeeld door loting. De groepen volgen de uitkomst van de aanvraag; "
            "Uitgeloot betekent "
            "hier: niet toegekend omdat het budget op was."
        )
    if uitkomst(df).isna().any():
        noten.append("Aanvragen zonder uitkomst (bijvoorbeeld ingetrokken) tellen alleen mee in Aanvragen.")
    return noten
