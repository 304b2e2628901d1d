"""The rule ``sha256-1`` of the historical rounds: only for replaying those draws, never for a new one.

Order: ascending hex of SHA-256("<seed>|<application number>"); award in full until the first that does not fit.
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from typing import NamedTuple

from kern.fouten import InvoerFout

REGEL = "sha256-1"


class HistorischLot(NamedTuple):
    """An application in the replayed draw; ``rang`` counts from 1."""

    aanvraagnummer: str
    rang: int
    ingeloot: bool


def bepaal_volgorde(zaad: str, aanvraagnummers: Sequence[str]) -> list[int]:
    """Positions in ``aanvraagnummers`` in draw order. The numbers must be unique (InvoerFout)."""
    if len(set(aanvraagnummers)) != len(aanvraagnummers):
        raise InvoerFout("Een aanvraagnummer komt twee keer voor.", actie="Verwijder de dubbele aanvraag.")
    begin = hashlib.sha256(f"{zaad}|".encode())
    hashes = []
    for nummer in aanvraagnummers:
        som = begin.copy()
        som.update(nummer.encode())
        hashes.append(som.digest())
    return sorted(range(len(hashes)), key=hashes.__getitem__)


def aantal_ingeloot(bedragen: Sequence[int], volgorde: Sequence[int], budget: int) -> int:
    """How many in draw order fit in ``budget`` (same unit as ``bedragen``) before the first that does not."""
    aantal = 0
    for i in volgorde:
        if bedragen[i] > budget:
            break
        budget -= bedragen[i]
        aantal += 1
    return aantal


def speel_na(zaad: str, aanvraagnummers: Sequence[str], bedragen: Sequence[int], budget: int) -> list[HistorischLot]:
    """Replay a historical draw; the result has the order of the input."""
    volgorde = bepaal_volgorde(zaad, aanvraagnummers)
    grens = aantal_ingeloot(bedragen, volgorde, budget)
    rangen = [0] * len(volgorde)
    for rang, i in enumerate(volgorde, 1):
        rangen[i] = rang
    return [HistorischLot(nr, rang, rang <= grens) for nr, rang in zip(aanvraagnummers, rangen, strict=True)]
