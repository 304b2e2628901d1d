"""Opening files of strangers in a child process with limits, so that no file can hurt or stop a server (F11, H1-H6)."""

from __future__ import annotations

import hashlib
import json
import logging
import subprocess
import sys
from pathlib import Path

from kern.keuring.grenzen import EICAR, KIND_WACHT_SECONDEN, Geweigerd

logger = logging.getLogger(__name__)
#: What can be judged; of anything else only the test virus is looked for.
BEKEND = frozenset({"pdf", "png", "jpg", "zip"})
#: Files that were found good lately, by what they claim to be and their digest: the same bytes need no second look
#: (a simulated round sends one file a thousand times). Of refused files nothing is kept.
_GOED: dict[tuple[str, bytes], str] = {}
_ONTHOUDEN = 500
_WORTEL = str(Path(__file__).resolve().parent.parent.parent)


def keuren(inhoud: bytes, soort: str) -> str:
    """What the file really is: 'pdf', 'png', 'jpg', 'docx', 'xlsx', 'odt', 'ods' or 'zip' (another zip, without harm).

    ``soort`` is what its first bytes say. Raises :class:`Geweigerd`: for a kind not in ``BEKEND`` with cause
    'onbekend', and also when the child ran out of memory or time.
    """
    if EICAR in inhoud:
        raise Geweigerd("virus")
    if soort not in BEKEND:
        raise Geweigerd("onbekend")
    sleutel = (soort, hashlib.sha256(inhoud).digest())
    if sleutel in _GOED:
        return _GOED[sleutel]
    uitvoer = _kind(inhoud, "keur", soort)
    if uitvoer is None:
        raise Geweigerd("te-zwaar")
    oordeel = json.loads(uitvoer)
    if "oorzaak" in oordeel:
        raise Geweigerd(oordeel["oorzaak"], oordeel["detail"])
    if len(_GOED) >= _ONTHOUDEN:
        _GOED.clear()
    return _GOED.setdefault(sleutel, str(oordeel["soort"]))


def bladzijden_tellen(inhoud: bytes) -> int | None:
    """Pages of a PDF; ``None`` when it cannot be shown."""
    uitvoer = _kind(inhoud, "bladzijden")
    return None if uitvoer is None else int(json.loads(uitvoer)["bladzijden"])


def bladzijde_tekenen(inhoud: bytes, nummer: int) -> bytes | None:
    """Page ``nummer`` (from 1) of a PDF as PNG; ``None`` when it cannot be shown."""
    return _kind(inhoud, "bladzijde", str(nummer))


def _kind(inhoud: bytes, *opdracht: str) -> bytes | None:
    """Runs the child; ``None`` when it died or took too long. It gets no environment: no secrets to leak."""
    try:
        gedaan = subprocess.run(
            [sys.executable, "-B", "-m", "kern.keuring.kind", *opdracht],
            input=inhoud,
            capture_output=True,
            timeout=KIND_WACHT_SECONDEN,
            cwd=_WORTEL,
            env={"PYTHONPATH": _WORTEL, "OMP_NUM_THREADS": "1"},
            check=False,
        )
    except subprocess.TimeoutExpired:
        logger.warning("bestand niet geopend: het kostte meer dan %s seconden", KIND_WACHT_SECONDEN)
        return None
    if gedaan.returncode != 0 or not gedaan.stdout:
        laatste = gedaan.stderr.decode(errors="replace").strip().splitlines()[-1:]
        logger.warning("bestand niet geopend: kind stopte met %s %s", gedaan.returncode, laatste)
        return None
    return gedaan.stdout
