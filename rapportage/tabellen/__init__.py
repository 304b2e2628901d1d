"""The tables of the evaluation: ``maak_tabellen`` makes every table that the data allow and says which it left out."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import pandas as pd

from rapportage.tabellen import hoofdstuk2, hoofdstuk4
from rapportage.tabellen.groepen import heeft, toewijzing
from rapportage.tabellen.model import INGELOOT, UITGELOOT, Record, Rondegegevens, Tabel, Weggelaten

Maker = Callable[[pd.DataFrame, Rondegegevens], tuple[Tabel, list[Record]]]


@dataclass(frozen=True, slots=True)
class Bouwer:
    """How a table is made and what it needs: columns with at least one value, and for chapter 4 a draw."""

    code: str
    titel: str
    maak: Maker
    kolommen: tuple[str, ...] = ()
    met_loting: bool = False

    def reden_om_weg_te_laten(self, df: pd.DataFrame, ronde: Rondegegevens) -> str:
        """Why the table cannot be made, in one Dutch sentence; empty when it can."""
        ontbreekt = [kolom for kolom in self.kolommen if kolom not in df.columns]
        if ontbreekt:
            return f"Niet in de gegevens: {', '.join(ontbreekt)}."
        leeg = [kolom for kolom in self.kolommen if not heeft(df, kolom)]
        if leeg:
            return f"Geen enkele waarde in: {', '.join(leeg)}."
        if self.met_loting and not ronde.is_geloot:
            return "De ronde is niet verdeeld door loting."
        if self.met_loting and not toewijzing(df).isin([INGELOOT, UITGELOOT]).any():
            return "De gegevens noemen geen ingelote of uitgelote aanvragen."
        return ""


BOUWERS: tuple[Bouwer, ...] = (
    Bouwer("T2.1", "Kerncijfers per tijdvak", hoofdstuk2.t2_1),
    Bouwer("T2.2", "Sector", hoofdstuk2.t2_2, ("sector",)),
    Bouwer("T2.3", "Grootteklasse", hoofdstuk2.t2_3, ("grootteklasse",)),
    Bouwer("T2.4", "Provincie", hoofdstuk2.t2_4, ("provincie",)),
    Bouwer("T2.5", "Publiek/privaat (zorg, onderwijs, overheid)", hoofdstuk2.t2_5, ("publiek_privaat",)),
    Bouwer("T2.6", "Thema's (meer antwoorden)", hoofdstuk2.t2_6, ("themas",)),
    Bouwer(
        "T4.3",
        "Eerste orde, eigen opgave tegenover feitelijk",
        hoofdstuk4.t4_3,
        ("enquete_cf_zelfde", "enquete_cf_niet"),
        met_loting=True,
    ),
)
"""Every table of this version, in the order of the report."""


def maak_tabellen(
    df: pd.DataFrame, ronde: Rondegegevens, bouwers: tuple[Bouwer, ...] = BOUWERS
) -> tuple[list[Tabel], list[Record], list[Weggelaten]]:
    """All tables that the data allow, their records, and the tables left out with the reason."""
    df = df.reset_index(drop=True)
    tabellen: list[Tabel] = []
    records: list[Record] = []
    weggelaten: list[Weggelaten] = []
    for bouwer in bouwers:
        reden = bouwer.reden_om_weg_te_laten(df, ronde)
        if reden:
            weggelaten.append(Weggelaten(bouwer.code, bouwer.titel, reden))
            continue
        tabel, eigen = bouwer.maak(df, ronde)
        tabellen.append(tabel)
        records += eigen
    return tabellen, records, weggelaten
