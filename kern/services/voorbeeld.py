"""Pages of a PDF as images, drawn in the limited child and kept by the digest of the file (design 08: preview)."""

from __future__ import annotations

import contextlib
import logging
import os
import re
import tempfile
from pathlib import Path

from django.conf import settings

from kern.enums import Scanuitslag
from kern.keuring.grenzen import VOORBEELD_BLADZIJDEN
from kern.models import Bestand
from kern.services.keuring import bladzijde_tekenen, bladzijden_tellen

logger = logging.getLogger(__name__)
#: Files that nobody gets to see: infected, or not scanned yet while there is a scanner.
GESLOTEN = frozenset({Scanuitslag.BESMET, Scanuitslag.WACHT})


def is_open(bestand: Bestand) -> bool:
    """Whether the file may leave the system at all."""
    return bestand.scan not in GESLOTEN


def heeft_voorbeeld(bestand: Bestand) -> bool:
    return bestand.mime == "application/pdf" and is_open(bestand)


def aantal_bladzijden(bestand: Bestand) -> int:
    """Pages of the PDF, 0 when it cannot be shown; at most ``VOORBEELD_BLADZIJDEN`` of them have an image."""
    bewaard = _pad(bestand, "aantal")
    with contextlib.suppress(OSError, ValueError):
        return int(bewaard.read_text())
    aantal = bladzijden_tellen(_inhoud(bestand)) or 0
    _bewaar(bewaard, str(aantal).encode())
    return aantal


def bladzijde(bestand: Bestand, nummer: int) -> bytes | None:
    """Page ``nummer`` (from 1) as PNG; ``None`` when there is no such page or it cannot be drawn."""
    if not 1 <= nummer <= VOORBEELD_BLADZIJDEN:
        return None
    bewaard = _pad(bestand, f"{nummer}.png")
    with contextlib.suppress(OSError):
        return bewaard.read_bytes()
    if nummer > aantal_bladzijden(bestand):
        return None
    beeld = bladzijde_tekenen(_inhoud(bestand), nummer)
    if beeld is not None:
        _bewaar(bewaard, beeld)
    return beeld


def _inhoud(bestand: Bestand) -> bytes:
    with bestand.inhoud.open("rb") as stroom:
        return bytes(stroom.read())


def _pad(bestand: Bestand, naam: str) -> Path:
    if re.fullmatch("[0-9a-f]{64}", bestand.sha256) is None:
        raise ValueError(f"Bestand {bestand.pk} heeft geen controlegetal.")
    return Path(settings.VOORBEELDEN) / bestand.sha256[:2] / bestand.sha256 / naam


def _bewaar(pad: Path, inhoud: bytes) -> None:
    """Keeps an image for the next reader; a full disk only means that it is drawn again."""
    try:
        pad.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        nummer, tijdelijk = tempfile.mkstemp(prefix=".half-", dir=pad.parent)
        try:
            with os.fdopen(nummer, "wb") as uit:
                uit.write(inhoud)
            os.replace(tijdelijk, pad)
        finally:
            with contextlib.suppress(FileNotFoundError):
                os.unlink(tijdelijk)
    except OSError as fout:
        logger.warning("voorbeeld niet bewaard: %s", fout)
