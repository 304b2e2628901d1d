"""The random control: 5 % by the lot function of the lottery, so that anyone with the seed can check who was chosen."""

from __future__ import annotations

from beoordeling.loting.trekking import loten

#: Of a thousand answers this many are chosen.
PROMILLE = 50
_RUIMTE = 1 << 256


def kenmerk(referentie: int) -> str:
    """The label of a reference in the lot function."""
    return f"REFERENTIE-{referentie}"


def lot(zaad: bytes, referentie: int) -> str:
    """HMAC-SHA256(seed, label ‖ 0x01) as 64 hex: the lot of LOTING-HKDF-SHA256-1 with the seed as PRK."""
    return loten(zaad, [kenmerk(referentie)])[0]


def gekozen(zaad: bytes, referentie: int, promille: int = PROMILLE) -> bool:
    """Whether the lot, read as a number, falls in the first ``promille`` thousandths of all lots."""
    return int(lot(zaad, referentie), 16) * 1000 < promille * _RUIMTE
