"""Seed, lots and order of LOTING-HKDF-SHA256-1 (HKDF of RFC 5869 with one output block per participant).

A lot depends on the seed and the participant's own label only, so adding or removing a participant moves nobody else.
"""

from __future__ import annotations

import hashlib
import hmac
import operator
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import islice

import numpy as np

from beoordeling.loting.vormen import Bronwaarden, Deelnemers, Protocol

_BLOK = 64  # block length of SHA-256 in bytes (RFC 2104)
_HEX = 64  # characters of a lot


@dataclass(frozen=True, slots=True)
class Trekking:
    """A draw: ``hp`` and ``prk`` are 32 bytes; ``loten`` 64 hex per row of the list; ``volgorde`` row numbers."""

    hp: bytes
    ikm: bytes
    prk: bytes
    loten: list[str]
    volgorde: list[int]


def zaadmateriaal(protocol: Protocol, waarden: Mapping[str, str]) -> bytes:
    """IKM: per source in protocol order ``id=value`` and LF, in ASCII."""
    return "".join(f"{bron.id}={waarden[bron.id]}\n" for bron in protocol.bronnen).encode("ascii")


def extract(sleutel: bytes, ikm: bytes) -> bytes:
    """HKDF-Extract: PRK (32 bytes). For a draw the key (salt) is H_P."""
    return hmac.digest(sleutel, ikm, "sha256")


def expand(prk: bytes, info: bytes) -> bytes:
    """HKDF-Expand with L=32: the first block only."""
    return hmac.digest(prk, info + b"\x01", "sha256")


def loten(prk: bytes, kenmerken: Sequence[str]) -> list[str]:
    """The lot of every label as 64 hex: ``expand(prk, kenmerk)`` with the two key pads of HMAC hashed once.

    Written out because a million calls of ``hmac.digest`` take more than twice as long as the hashing itself.
    """
    sleutel = (prk if len(prk) <= _BLOK else hashlib.sha256(prk).digest()).ljust(_BLOK, b"\0")
    kopie_binnen = hashlib.sha256(bytes(b ^ 0x36 for b in sleutel)).copy
    kopie_buiten = hashlib.sha256(bytes(b ^ 0x5C for b in sleutel)).copy
    uit = []
    # No label has a line break, so one string can be cut into the messages of all labels.
    for bericht in "\x01\n".join([*kenmerken, ""]).encode("ascii").split(b"\n")[:-1]:
        binnen = kopie_binnen()
        binnen.update(bericht)
        buiten = kopie_buiten()
        buiten.update(binnen.digest())
        uit.append(buiten.hexdigest())
    return uit


def bepaal_volgorde(kenmerken: Sequence[str], loten: Sequence[str], rangen: Sequence[str], richting: str) -> list[int]:
    """Row numbers in draw order: by lot, then label, then a stable sort on ``rang`` (OP ascending, AF descending)."""
    rijen: Sequence[int] = range(len(kenmerken))
    if any(map(operator.gt, kenmerken, islice(kenmerken, 1, None))):
        rijen = sorted(rijen, key=kenmerken.__getitem__)
        volgorde = sorted(rijen, key=loten.__getitem__)
    else:
        volgorde = _op_begin(loten) or sorted(rijen, key=loten.__getitem__)
    if len(set(rangen)) > 1:
        volgorde.sort(key=rangen.__getitem__, reverse=richting == "AF")
    return volgorde


def _op_begin(loten: Sequence[str]) -> list[int] | None:
    """The order by the first 8 bytes of each lot as numbers, or None when those do not decide (a tie, other text)."""
    if set(map(len, loten)) != {_HEX}:
        return None
    try:
        ruw = bytes.fromhex("".join(loten))
    except ValueError:
        return None
    begin = np.frombuffer(ruw, dtype=">u8")[:: _HEX // 16].astype(np.uint64)
    volgorde = np.argsort(begin)
    gesorteerd = begin[volgorde]
    if len(ruw) * 2 != _HEX * len(loten) or (gesorteerd[1:] == gesorteerd[:-1]).any():
        return None
    uit: list[int] = volgorde.tolist()
    return uit


def trek(protocol: Protocol, bronwaarden: Bronwaarden, deelnemers: Deelnemers) -> Trekking:
    """The whole draw, from the published protocol and the source values."""
    ikm = zaadmateriaal(protocol, bronwaarden.waarden)
    prk = extract(protocol.hp, ikm)
    uit = loten(prk, deelnemers.kenmerk)
    return Trekking(
        hp=protocol.hp,
        ikm=ikm,
        prk=prk,
        loten=uit,
        volgorde=bepaal_volgorde(deelnemers.kenmerk, uit, deelnemers.rang, protocol.richting),
    )
