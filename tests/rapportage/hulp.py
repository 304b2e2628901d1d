"""Rounds, contexts and files that the tests of the evaluation export share."""

from __future__ import annotations

from datetime import UTC, date, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

import pandas as pd

from rapportage.manifest import Exportcontext
from rapportage.tabellen.model import Lotinggegevens, Record, Rondegegevens

MAP = Path(__file__).parents[1] / "gegevens" / "evaluatie"
RONDE_2008, RONDE_2011, RONDE_2013 = "ronde_2008.csv", "ronde_2011_loting.csv", "ronde_2013_commissie.csv"
SLEUTEL = bytes(range(32))


def lees(naam: str) -> pd.DataFrame:
    return pd.read_csv(MAP / naam, dtype={"kvk_nummer": str, "sector_sbi": str})


def ronde(**anders: Any) -> Rondegegevens:
    feiten: dict[str, Any] = {
        "tijdvak": "esf-e-2008",
        "naam": "ESF Actie E 2008",
        "regeling": "ESF Actie E",
        "methode": "loting",
        "plafond": Decimal("7000000"),
        "maximum": Decimal("120000"),
        "peildatum": date(2011, 3, 1),
        "productversie": "0.1.0",
        "loting": Lotinggegevens(
            algoritme="sha256-1",
            zaad="ESF-E-2008|notaris-4711",
            budgetregel="stop bij de eerste die niet past",
            lijst_hash="ab" * 32,
            gepubliceerd_op=datetime(2008, 12, 1, 9, 0, tzinfo=UTC),
            deelnemers=265,
        ),
    }
    return Rondegegevens(**{**feiten, **anders})


def context(**anders: Any) -> Exportcontext:
    feiten: dict[str, Any] = {
        "moment": datetime(2026, 11, 21, 12, 0, tzinfo=UTC),
        "wie": "analist",
        "voor_wie": "onderzoeksbureau",
        "doel": "evaluatie",
        "sleutel": SLEUTEL,
        "constraints_sha256": "cd" * 32,
    }
    return Exportcontext(**{**feiten, **anders})


def zoek(
    records: list[Record] | tuple[Record, ...], tabel: str, rij: str, maat: str, groep: str, kolom: str | None = None
):
    """The one record with this key; a second one or none is an error."""
    (record,) = [
        record
        for record in records
        if (record.tabel, record.rij, record.maat, record.groep, record.kolom) == (tabel, rij, maat, groep, kolom)
    ]
    return record
