"""The canonical CSV: one text form for a data frame, byte for byte the same every time; only this is hashed.

UTF-8 without BOM, ``,`` between fields, ``.`` in decimals, LF, minimal quotes, dates in ISO 8601, yes/no as 1/0,
missing = empty, rows by ``aanvraagnummer``. Nothing else is changed: a text that starts with ``=`` stays as it is.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterator, Sequence
from datetime import date, datetime
from decimal import Decimal
from math import isfinite
from typing import Any

import numpy as np
import pandas as pd

from kern.fouten import InvoerFout
from rapportage.codeboek import GEHEEL, GETALLEN, TEKST, variabele

SLEUTELKOLOM = "aanvraagnummer"
_BLOK = 5_000
_AANHALEN = re.compile(r'[",\r\n]')
Typen = dict[str, str]
Getypeerd = str | int | float | date | None


def controleer(df: pd.DataFrame) -> None:
    """Refuse a frame that cannot be exported faithfully (:class:`InvoerFout`)."""
    namen = [str(naam) for naam in df.columns]
    dubbel = sorted({naam for naam in namen if namen.count(naam) > 1})
    if dubbel:
        raise InvoerFout(f"Kolommen komen dubbel voor: {', '.join(dubbel)}.", actie="Geef elke kolom een eigen naam.")
    for naam in ("kvk_nummer", "sector_sbi"):
        if naam in df.columns and pd.api.types.is_numeric_dtype(df[naam]) and df[naam].notna().any():
            raise InvoerFout(
                f"Kolom {naam} bevat getallen; voorloopnullen zijn dan verloren.",
                actie=f"Lees {naam} in als tekst.",
            )


def gesorteerd(df: pd.DataFrame) -> pd.DataFrame:
    """The frame in canonical row order (stable, on the key as text)."""
    if SLEUTELKOLOM not in df.columns:
        return df
    return df.sort_values(SLEUTELKOLOM, kind="stable", key=lambda kolom: kolom.astype(str))


def typen(df: pd.DataFrame) -> Typen:
    """Column -> type of the codebook (``tekst | geheel | decimaal | datum | datumtijd``)."""
    return {str(naam): variabele(df[naam]).type for naam in df.columns}


def getypeerd(waarde: Any, soort: str) -> Getypeerd:
    """A value as text, int, float, date or ``None``. ``soort``: the type of the column.

    Whole numbers in a ``geheel`` column become int (a column with gaps is float in pandas); cents are never lost.
    """
    if waarde is None or waarde is pd.NA or waarde is pd.NaT:
        return None
    if isinstance(waarde, str):
        return waarde
    if isinstance(waarde, bool | np.bool_):
        return int(waarde)
    if isinstance(waarde, int | np.integer):
        return str(int(waarde)) if soort == TEKST else int(waarde)
    if isinstance(waarde, Decimal):
        if not waarde.is_finite():
            return None if waarde.is_nan() else str(waarde)
        return int(waarde) if waarde == waarde.to_integral_value() else float(waarde)
    if isinstance(waarde, float | np.floating):
        getal = float(waarde)
        if not isfinite(getal):
            return None if getal != getal else str(getal)
        if soort == TEKST:
            return str(int(getal)) if getal.is_integer() else repr(getal)
        return int(getal) if soort == GEHEEL and getal.is_integer() else getal
    if isinstance(waarde, datetime | date):
        return waarde
    return str(waarde)


def als_tekst(waarde: Any, soort: str) -> str:
    """The canonical text of one value."""
    if isinstance(waarde, Decimal) and soort in GETALLEN and waarde.is_finite():
        return str(int(waarde)) if waarde == waarde.to_integral_value() else format(waarde.normalize(), "f")
    uit = getypeerd(waarde, soort)
    if uit is None:
        return ""
    if isinstance(uit, float):
        return repr(uit)
    return uit.isoformat() if isinstance(uit, date) else str(uit)


def blokken(df: pd.DataFrame) -> Iterator[pd.DataFrame]:
    """The rows in pieces, so that a large round does not have to be text all at once."""
    for begin in range(0, len(df), _BLOK):
        yield df.iloc[begin : begin + _BLOK]


def regels(df: pd.DataFrame) -> Iterator[bytes]:
    """The canonical CSV as blocks of bytes, head first. Rows must be in canonical order (see ``gesorteerd``)."""
    soorten = typen(df)
    yield regel(list(soorten)).encode("utf-8", errors="backslashreplace")
    for blok in blokken(df):
        kolommen = [
            [als_tekst(waarde, soort) for waarde in blok[naam].tolist()]
            for naam, soort in zip(df.columns, soorten.values(), strict=True)
        ]
        yield "".join(map(regel, zip(*kolommen, strict=True))).encode("utf-8", errors="backslashreplace")


def regel(velden: Sequence[str]) -> str:
    """One CSV line with minimal quotes (the csv module of Python 3.11 leaves a lone CR bare, which splits the row)."""
    tekst = ",".join(f'"{veld.replace(chr(34), 2 * chr(34))}"' if _AANHALEN.search(veld) else veld for veld in velden)
    return (tekst or '""') + "\n"


def sha256(df: pd.DataFrame) -> str:
    """Hash of the canonical CSV of ``df``, hexadecimal: the id of the snapshot."""
    som = hashlib.sha256()
    for blok in regels(gesorteerd(df)):
        som.update(blok)
    return som.hexdigest()
