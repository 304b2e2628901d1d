"""Writers of the evaluation export: one package in, files out. A file is complete or it is not there.

Every writer makes a temporary file in the target directory, flushes it to disk and renames it; a failure on the way
leaves the old file as it was.
"""

from __future__ import annotations

import os
import re
import secrets
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pandas as pd

from kern.fouten import DomeinFout
from rapportage.codeboek import Codeboekregel
from rapportage.tabellen.model import Rondegegevens, Tabel

_GEEN_XML = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")


class SchrijfFout(DomeinFout):
    """The export could not be written; nothing was changed."""

    code = "bestand-niet-geschreven"


@dataclass(frozen=True, slots=True)
class Pakket:
    """Everything that goes into one export. ``leesmij``: (heading or "", text) per line, top to bottom."""

    ronde: Rondegegevens
    profiel: str
    data: pd.DataFrame | None
    geen_data: str
    codeboek: tuple[Codeboekregel, ...]
    tabellen: tuple[Tabel, ...]
    leesmij: tuple[tuple[str, str], ...]
    manifest: dict[str, Any]


def controleer_doel(pad: Path) -> None:
    """Refuse (:class:`SchrijfFout`) when a file cannot be made at ``pad``."""
    map_ = pad.parent
    if not map_.is_dir():
        raise SchrijfFout(f"De map {map_} bestaat niet.", actie="Maak de map aan of geef een ander pad op.")
    if not os.access(map_, os.W_OK | os.X_OK):
        raise SchrijfFout(
            f"U mag niet schrijven in de map {map_}.", actie="Vraag schrijfrechten of kies een andere map."
        )


@contextmanager
def atomisch(pad: Path) -> Iterator[Path]:
    """Give a temporary path beside ``pad``; on leaving, flush it and rename it to ``pad``."""
    controleer_doel(pad)
    if pad.is_dir():
        raise SchrijfFout(f"{pad} is een map.", actie="Geef een bestandsnaam op.")
    tijdelijk = pad.with_name(f".{pad.name}.{secrets.token_hex(6)}.tmp")
    try:
        with _vertaald(pad):
            tijdelijk.touch(exist_ok=False)
            yield tijdelijk
            naar_schijf(tijdelijk)
            os.replace(tijdelijk, pad)
            naar_schijf(pad.parent)
    finally:
        tijdelijk.unlink(missing_ok=True)


@contextmanager
def atomische_map(pad: Path, *, kenmerk: str) -> Iterator[Path]:
    """The same for a directory. An existing one is replaced only when it is empty or holds a file ``kenmerk``."""
    controleer_doel(pad)
    if pad.exists() and not pad.is_dir():
        raise SchrijfFout(f"{pad} bestaat al en is geen map.", actie="Kies een andere naam voor de map.")
    if pad.is_dir() and any(pad.iterdir()) and not (pad / kenmerk).is_file():
        raise SchrijfFout(
            f"De map {pad} bevat andere bestanden.", actie="Kies een nieuwe of lege map; er is niets overschreven."
        )
    tijdelijk = pad.with_name(f".{pad.name}.{secrets.token_hex(6)}.tmp")
    oud = pad.with_name(f"{tijdelijk.name}.oud")
    try:
        with _vertaald(pad):
            tijdelijk.mkdir()
            yield tijdelijk
            for bestand in [*tijdelijk.iterdir(), tijdelijk]:
                naar_schijf(bestand)
            if pad.is_dir():
                os.replace(pad, oud)
            try:
                os.replace(tijdelijk, pad)
            except OSError:
                if oud.is_dir():
                    os.replace(oud, pad)
                raise
            naar_schijf(pad.parent)
    finally:
        shutil.rmtree(tijdelijk, ignore_errors=True)
        shutil.rmtree(oud, ignore_errors=True)


@contextmanager
def _vertaald(pad: Path) -> Iterator[None]:
    try:
        yield
    except OSError as fout:
        raise SchrijfFout(
            f"{pad} kon niet worden geschreven: {fout.strerror or fout}.",
            actie="Controleer de vrije schijfruimte en de rechten, en probeer het opnieuw. Er is niets gewijzigd.",
        ) from fout


def naar_schijf(pad: Path) -> None:
    """Flush a file or directory to disk (fsync)."""
    nummer = os.open(pad, os.O_RDONLY)
    try:
        os.fsync(nummer)
    finally:
        os.close(nummer)


def veilig_xml(tekst: str) -> str:
    """Text without the characters that XML 1.0 cannot hold; they become the replacement character."""
    return _GEEN_XML.sub("\ufffd", tekst)
