"""The hash chain of the trail: pure functions.

A line's hash is SHA-256 over the canonical JSON (sorted keys, no spaces, UTF-8) of its fields and the hash before it.
The first line of a chain has 64 zeros as predecessor.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable
from datetime import UTC, datetime
from typing import Any

BEGIN = "0" * 64


def regelhash(
    *,
    keten: str,
    volgnr: int,
    op: datetime,
    actor: int | None,
    handeling: str,
    van: str,
    naar: str,
    reden: str,
    gegevens: dict[str, Any],
    verzoek: str,
    vorige: str,
) -> str:
    """SHA-256 (hex) of one line. ``op`` is written in UTC with microseconds."""
    velden = {
        "keten": keten,
        "volgnr": volgnr,
        "op": op.astimezone(UTC).isoformat(timespec="microseconds"),
        "actor": actor,
        "handeling": handeling,
        "van": van,
        "naar": naar,
        "reden": reden,
        "gegevens": gegevens,
        "verzoek": verzoek,
        "vorige": vorige,
    }
    tekst = json.dumps(velden, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
    return hashlib.sha256(tekst.encode()).hexdigest()


def zegelhash(*, nr: int, vorige: str, hashes: Iterable[str]) -> str:
    """SHA-256 (hex) of a seal: number, previous seal, then the sealed line hashes in order of id."""
    som = hashlib.sha256(f"{nr}\n{vorige}\n".encode())
    for hash_ in hashes:
        som.update(hash_.encode())
        som.update(b"\n")
    return som.hexdigest()
