"""The manifest: what someone needs to make the same numbers again, and who made this export for whom."""

from __future__ import annotations

import hashlib
import json
import platform
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass
from datetime import date, datetime
from importlib import metadata
from pathlib import Path
from typing import Any

from kern.fouten import InvoerFout
from rapportage.onderdrukking import Regels
from rapportage.profielen import Levering
from rapportage.schrijvers import atomisch
from rapportage.tabellen.model import Rondegegevens

BIBLIOTHEKEN = ("pandas", "numpy", "scipy", "statsmodels", "xlsxwriter")
VERSIE = 1


@dataclass(frozen=True, kw_only=True)
class Exportcontext:
    """Who asks for the export, when and for whom, and what only the caller knows.

    ``moment``: aware. ``sleutel``: random key of the pseudonyms, at least 16 bytes, needed for ``onderzoeker`` and
    never written. ``constraints_sha256``: hash of the lock file (see ``bestandshash``).
    """

    moment: datetime
    wie: str
    voor_wie: str = ""
    doel: str = ""
    sleutel: bytes = b""
    met_kvk: bool = False
    selectieregels: tuple[str, ...] = ("alle aanvragen van het tijdvak",)
    constraints_sha256: str | None = None
    analyseplan: Mapping[str, Any] | None = None
    afwijkingen: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        if self.moment.tzinfo is None:
            raise InvoerFout(
                "Het moment van de export heeft geen tijdzone.", actie="Geef een tijdstip met tijdzone mee."
            )


def bestandshash(pad: Path) -> str:
    """sha256 of a file, hexadecimal."""
    with pad.open("rb") as bestand:
        return hashlib.file_digest(bestand, "sha256").hexdigest()


def versies(namen: Iterable[str] = BIBLIOTHEKEN) -> dict[str, str]:
    """Installed versions of Python and the libraries that compute or write."""
    return {"python": platform.python_version(), **{naam: metadata.version(naam) for naam in namen}}


def maak_manifest(
    ronde: Rondegegevens,
    levering: Levering,
    context: Exportcontext,
    *,
    momentopname: str,
    formaat: str,
    rijen: int,
    kolommen: Iterable[str],
    data_sha256: str | None,
) -> dict[str, Any]:
    """The manifest as JSON-ready values.

    ``momentopname``: sha256 of the canonical CSV of all selected rows, before pseudonyms; the same for every profile.
    ``data_sha256``: sha256 of the canonical CSV of the data as delivered, ``None`` without micro data.
    """
    return {
        "manifestversie": VERSIE,
        "momentopname": momentopname,
        "peildatum": ronde.peildatum.isoformat(),
        "tijdvak": ronde.tijdvak,
        "naam": ronde.naam,
        "regeling": ronde.regeling,
        "methode": ronde.methode,
        "plafond": None if ronde.plafond is None else str(ronde.plafond),
        "maximum": None if ronde.maximum is None else str(ronde.maximum),
        "profiel": levering.profiel,
        "formaat": formaat,
        "selectie": {
            "regels": list(context.selectieregels),
            "rijen": None if levering.data is None and Regels().klein(rijen) else rijen,
            "kolommen": [str(kolom) for kolom in kolommen],
        },
        "levering": {
            "data_sha256": data_sha256,
            "niet_geleverde_kolommen": list(levering.niet_geleverd),
            "onbekende_kolommen": list(levering.onbekend),
            "met_kvk": context.met_kvk and levering.data is not None,
        },
        "loting": None if ronde.loting is None else {naam: _json(deel) for naam, deel in asdict(ronde.loting).items()},
        "sdc": _json(levering.sdc),
        "tabellen": [tabel.code for tabel in levering.tabellen],
        "weggelaten": [asdict(weg) for weg in levering.weggelaten],
        "productversie": ronde.productversie,
        "constraints_sha256": context.constraints_sha256,
        "bibliotheken": versies(),
        "analyseplan": None if context.analyseplan is None else _json(dict(context.analyseplan)),
        "afwijkingen_van_analyseplan": list(context.afwijkingen),
        "gemaakt": {
            "moment": context.moment.isoformat(),
            "door": context.wie,
            "voor": context.voor_wie,
            "doel": context.doel,
        },
    }


def _json(waarde: Any) -> Any:
    if isinstance(waarde, Mapping):
        return {str(naam): _json(deel) for naam, deel in waarde.items()}
    if isinstance(waarde, list | tuple):
        return [_json(deel) for deel in waarde]
    if isinstance(waarde, date):
        return waarde.isoformat()
    return waarde if waarde is None or isinstance(waarde, str | int | float | bool) else str(waarde)


def schrijf_json(pad: Path, document: Mapping[str, Any]) -> None:
    """Write a document as UTF-8 JSON, whole or not at all (:class:`SchrijfFout`)."""
    with atomisch(pad) as tijdelijk:
        tekst = json.dumps(document, ensure_ascii=False, indent=2, allow_nan=False)
        tijdelijk.write_text(tekst + "\n", encoding="utf-8")
