"""The public sources of randomness: ten-sided dice rolled by a notary, and the drand beacon (chain quicknet).

drand: a threshold of independent parties signs the round number; the value of the round is SHA-256(signature).
Nobody knows it before the moment of the round, and anybody can look it up afterwards (https://drand.love).
"""

from __future__ import annotations

import hashlib
import re
import sys
from datetime import UTC, datetime, timedelta
from importlib.util import find_spec
from itertools import zip_longest

from kern.fouten import InvoerFout

KETEN = "52db9ba70e0cc0f6eaf7803dd07447a1f5477735fd3f661792ba94600c84e971"
PUBLIEKE_SLEUTEL = (
    "83cf0f2896adee7eb8b5f01fcad3912212c437e0073e911fb90022d3e760183c"
    "8c4b450b6a0a6c3ac6a5776a2d1064510d1fec758c921cc22b0e17e63aaf4bcb"
    "5ed66304de9cf809bd274ca73bab4af5a6e9c76a4bc09e76eae8991ef5ece45a"
)
GENESIS = 1692803367  # Unix time of round 1
PERIODE = 3  # seconds between rounds
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_CIJFERS = re.compile("[0-9]+")
_HEX = re.compile("(?:[0-9a-f]{2})+")
_HEX64 = re.compile("[0-9a-f]{64}")
# Scheme bls-unchained-g1-rfc9380: signatures on G1 (48 bytes), keys on G2, RFC 9380 hash to curve.
_DST = b"BLS_SIG_BLS12381G1_XMD:SHA-256_SSWU_RO_NUL_"


def drand_ronde(moment: datetime) -> int:
    """The first round at or after ``moment`` (aware): ceil((T - genesis) / 3) + 1, in exact integers."""
    if moment.utcoffset() is None:
        raise ValueError("moment must be an aware datetime")
    verschil = (moment - _EPOCH - timedelta(seconds=GENESIS)) // timedelta(microseconds=1)
    if verschil < 0:
        raise InvoerFout(
            "Dit tijdstip ligt voor de eerste drand-ronde.", actie="Kies een tijdstip na 23 augustus 2023."
        )
    return -(-verschil // (PERIODE * 1_000_000)) + 1


def drand_tijd(ronde: int) -> datetime:
    """The moment (UTC) at which the value of ``ronde`` (1, 2, ...) becomes known."""
    if ronde < 1:
        raise InvoerFout(f"Drand-ronde {ronde} bestaat niet.", actie="De eerste ronde heeft nummer 1.")
    return _EPOCH + timedelta(seconds=GENESIS + PERIODE * (ronde - 1))


def drand_waarde(handtekening: str) -> str:
    """The value of a round (64 lower-case hex) from its signature (lower-case hex)."""
    if not _HEX.fullmatch(handtekening):
        raise InvoerFout("De drand-handtekening bestaat niet uit hele bytes in tekens 0-9 en a-f.")
    return hashlib.sha256(bytes.fromhex(handtekening)).hexdigest()


def controleer_drand(waarde: str, handtekening: str) -> None:
    """Refuse (InvoerFout) a value that is not 64 lower-case hex or not the SHA-256 of its signature."""
    if not _HEX64.fullmatch(waarde):
        raise InvoerFout("De drand-waarde bestaat niet uit 64 tekens 0-9 en a-f.")
    if drand_waarde(handtekening) != waarde:
        raise InvoerFout("De drand-waarde is niet de SHA-256 van de handtekening.", actie="Neem beide opnieuw over.")


def controleer_cijfers(waarde: str, lengte: int) -> None:
    """Refuse (InvoerFout) a value that is not exactly ``lengte`` digits 0-9, in the order of the dice."""
    if not _CIJFERS.fullmatch(waarde) or len(waarde) != lengte:
        raise InvoerFout(f"De waarde bestaat niet uit precies {lengte} cijfers.", actie="Neem alle cijfers over.")


def cijfers_uit_invoer(tekst: str, lengte: int) -> str:
    """The digits as typed from a deed, possibly in groups with spaces or line ends, as one value; else InvoerFout."""
    waarde = "".join(tekst.split())
    controleer_cijfers(waarde, lengte)
    return waarde


def verschillende_plaatsen(eerste: str, tweede: str) -> list[int]:
    """Places (from 1) at which two entries of the same dice differ; empty when they are equal."""
    return [nr for nr, (een, twee) in enumerate(zip_longest(eerste, tweede), 1) if een != twee]


def bls_beschikbaar() -> bool:
    """Whether the optional extra ``bewijs`` (py_ecc) is installed."""
    return find_spec("py_ecc") is not None


def controleer_bls(ronde: int, handtekening: str, *, publieke_sleutel: str = PUBLIEKE_SLEUTEL) -> None:
    """Refuse (InvoerFout) a signature that the drand network did not make for ``ronde``: e(S, G2) = e(H(ronde), K).

    Takes about two seconds; needs the extra ``bewijs``.
    """
    if not bls_beschikbaar():
        raise InvoerFout(
            "De drand-handtekening kan hier niet worden nagerekend: het onderdeel py_ecc ontbreekt.",
            actie="Laat de beheerder de extra 'bewijs' installeren, of laat de ronde elders narekenen.",
            code="bls-niet-beschikbaar",
        )
    grens = sys.getrecursionlimit()
    try:
        from py_ecc.bls.hash_to_curve import hash_to_G1
        from py_ecc.bls.point_compression import decompress_G1, decompress_G2
        from py_ecc.bls.typing import G1Compressed, G2Compressed
        from py_ecc.optimized_bls12_381 import G2, curve_order, is_inf, multiply, pairing
    finally:
        # py_ecc sets the limit to 100,000 for the whole process: deeply nested JSON would then overflow the C stack
        # and kill the server instead of being refused.
        sys.setrecursionlimit(grens)

    fout = InvoerFout(
        f"De handtekening is niet die van drand-ronde {ronde}.", actie="Neem ronde en waarde opnieuw over."
    )
    if not re.fullmatch("[0-9a-f]{96}", handtekening) or ronde < 1:
        raise fout
    sleutel = bytes.fromhex(publieke_sleutel)
    punt_sleutel = decompress_G2(
        G2Compressed((int.from_bytes(sleutel[:48], "big"), int.from_bytes(sleutel[48:], "big")))
    )
    try:
        punt = decompress_G1(G1Compressed(int(handtekening, 16)))
    except ValueError:
        raise fout
    # The identity, or a point outside the subgroup, could satisfy the equation without the secret key.
    if is_inf(punt) or not is_inf(multiply(punt, curve_order)):
        raise fout
    ronde_hash = hashlib.sha256(ronde.to_bytes(8, "big")).digest()
    bericht = hash_to_G1(ronde_hash, _DST, hashlib.sha256)  # type: ignore[arg-type]  # py_ecc wants the class, its stub an instance
    if pairing(G2, punt) != pairing(punt_sleutel, bericht):
        raise fout
