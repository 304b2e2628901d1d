"""The results document of the contract: every figure of the tables as a record, unrounded."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from typing import Any

from rapportage.manifest import schrijf_json
from rapportage.tabellen.model import Record, Rondegegevens


def resultaten(ronde: Rondegegevens, records: Iterable[Record], *, momentopname: str, profiel: str) -> dict[str, Any]:
    """``{tijdvak, momentopname, profiel, versie, records}``; percentages as percent, differences in pp."""
    return {
        "tijdvak": ronde.tijdvak,
        "momentopname": momentopname,
        "profiel": profiel,
        "versie": ronde.productversie,
        "records": [record.als_dict() for record in records],
    }


def schrijf_resultaten(pad: Path, document: dict[str, Any]) -> None:
    """Write the document (:class:`SchrijfFout` when that is not possible)."""
    schrijf_json(pad, document)
