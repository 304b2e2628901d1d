"""From the rows of a round to groups: who was drawn, who was granted, who answered.

Assignment is what the draw decided, never what was used afterwards: a winner who withdrew stays in the drawn group.
"""

from __future__ import annotations

from collections.abc import Iterable
from decimal import Decimal

import pandas as pd

from rapportage.tabellen.model import AFGEWEZEN, INGELOOT, UITGELOOT

TOEGEKEND = frozenset(
    [
        "toegekend",
        "geselecteerd",
        "verleend",
        "in_uitvoering",
        "vaststelling_gevraagd",
        "vastgesteld",
        "afgesloten",
        "niet_gebruikt",
        "besluit_ingetrokken",
        "teruggevorderd",
    ]
)
NIET_TOEGEKEND = frozenset(
    ["uitgeloot", "niet_geselecteerd", "reserve", "afgewezen_budget_op", "afgewezen_wegens_budget", "afgewezen_plafond"]
)
OP_INHOUD = frozenset(["afgewezen_op_inhoud", "afgewezen"])
NIET_ONTVANKELIJK = frozenset(["concept", "verlopen", "ingetrokken", "buiten_behandeling", "niet_ontvankelijk"])
_GROEPEN = frozenset({INGELOOT, UITGELOOT, AFGEWEZEN})


def sleutel(waarde: object) -> str:
    """A category as the contract writes it: lower case, spaces as ``_`` ("Openbaar bestuur" -> openbaar_bestuur)."""
    return str(waarde).strip().lower().replace(" ", "_")


def sleutels(kolom: pd.Series) -> pd.Series:
    """A column of categories as keys (object dtype); empty text counts as missing."""
    uit = kolom.astype(object).map(sleutel, na_action="ignore")
    return uit.where(uit.ne(""))


def heeft(df: pd.DataFrame, *kolommen: str) -> bool:
    """True when every column exists and holds at least one value."""
    return all(kolom in df.columns and bool(df[kolom].notna().any()) for kolom in kolommen)


def ja_nee(kolom: pd.Series) -> pd.Series:
    """A yes/no column as 1.0, 0.0 or missing; every other code (-8, -9, text) counts as missing."""
    getal = pd.to_numeric(kolom.astype(object), errors="coerce").astype(float)
    return getal.where(getal.isin([0.0, 1.0]))


def _sleutels(df: pd.DataFrame, kolom: str) -> pd.Series:
    if kolom not in df.columns:
        return pd.Series(None, index=df.index, dtype=object)
    return sleutels(df[kolom]).astype(object)  # an empty column is read as numbers


def toewijzing(df: pd.DataFrame) -> pd.Series:
    """Assignment by lot: ``ingeloot``, ``uitgeloot`` or missing (object dtype, index of ``df``).

    Taken from ``groep``, else from ``ingeloot`` (1/0). Rows that never took part in a draw stay missing.
    """
    groep = _sleutels(df, "groep")
    groep = groep.where(groep.isin([INGELOOT, UITGELOOT]))
    if "ingeloot" in df.columns:
        code = ja_nee(df["ingeloot"]).map({1.0: INGELOOT, 0.0: UITGELOOT}).astype(object)
        # Refused on content before the draw: no rank. A winner who is refused later keeps the assignment.
        zonder_rang = df["loting_rang"].isna() if "loting_rang" in df.columns else pd.Series(True, index=df.index)
        vooraf = _sleutels(df, "status").isin(OP_INHOUD) & code.ne(INGELOOT) & zonder_rang
        buiten = _sleutels(df, "groep").isin([AFGEWEZEN, "afgewezen_op_inhoud"]) | vooraf
        groep = groep.fillna(code.where(~buiten))
    return groep


def uitkomst(df: pd.DataFrame) -> pd.Series:
    """Outcome of the round: ``ingeloot`` (granted), ``uitgeloot`` (no room), ``afgewezen`` (on content) or missing.

    The draw comes first; rows without a draw follow ``groep``, then ``status``, then ``toegekend`` (1/0).
    """
    uit = toewijzing(df)
    groep = _sleutels(df, "groep").replace({"afgewezen_op_inhoud": AFGEWEZEN})
    uit = uit.fillna(groep.where(groep.isin(_GROEPEN)))
    status = _sleutels(df, "status")
    naar = {
        **dict.fromkeys(TOEGEKEND, INGELOOT),
        **dict.fromkeys(NIET_TOEGEKEND, UITGELOOT),
        **dict.fromkeys(OP_INHOUD, AFGEWEZEN),
    }
    uit = uit.fillna(status.map(naar).astype(object))
    if "toegekend" in df.columns:
        uit = uit.fillna(ja_nee(df["toegekend"]).map({1.0: INGELOOT}).astype(object))
    return uit


def toegekend(df: pd.DataFrame) -> pd.Series:
    """Granted or not (bool). From ``toegekend``, else ``status``, else a granted amount above 0, else the outcome."""
    if heeft(df, "toegekend"):
        return ja_nee(df["toegekend"]).eq(1.0)
    if heeft(df, "status"):
        return _sleutels(df, "status").isin(TOEGEKEND)
    if heeft(df, "toegekend_bedrag"):
        return pd.to_numeric(df["toegekend_bedrag"].astype(object), errors="coerce").gt(0)
    return uitkomst(df).eq(INGELOOT)


def ontvankelijk(df: pd.DataFrame) -> pd.Series:
    """Admissible or not (bool): column ``ontvankelijk`` (1/0), else every status that is not a formal exit."""
    if heeft(df, "ontvankelijk"):
        return ja_nee(df["ontvankelijk"]).eq(1.0)
    return ~_sleutels(df, "status").isin(NIET_ONTVANKELIJK)


def respondenten(df: pd.DataFrame) -> pd.Series:
    """Who answered the survey (bool): ``enquete_respons`` = 1, else any survey column filled in."""
    if heeft(df, "enquete_respons"):
        return ja_nee(df["enquete_respons"]).eq(1.0)
    vragen = [kolom for kolom in df.columns if str(kolom).startswith("enquete_") and kolom != "enquete_respons"]
    return df[vragen].notna().any(axis=1)


def bedragen(waarden: Iterable[object]) -> list[Decimal]:
    """Amounts in euros as exact decimals; missing values are left out."""
    return [Decimal(str(waarde)) for waarde in waarden if not pd.isna(waarde)]  # type: ignore[call-overload]  # isna of one value is one bool
