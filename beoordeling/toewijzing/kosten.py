"""What a pair costs: expertise, and an unpredictable jitter."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from beoordeling.toewijzing.vormen import Heel
from kern.fouten import InvoerFout

DESKUNDIG, BASIS, OVERIG = 0, 1, 2
_KOSTEN = np.array([0, 1000, 3000], dtype=np.int64)
_RUIS = 50
_BLOK = 64


def ruis(zaad: bytes, kenmerken: Sequence[str], beoordelaars: Sequence[str]) -> Heel:
    """n x m numbers 0..49: the first eight bytes of HMAC-SHA256(seed, ``kenmerk|beoordelaar``), modulo 50.

    Without the seed nobody can tell who reads whom, and equal assessors get mixed. ``kenmerken`` have no ``|`` in them.
    """
    sleutel = (zaad if len(zaad) <= _BLOK else hashlib.sha256(zaad).digest()).ljust(_BLOK, b"\0")
    binnen = hashlib.sha256(bytes(b ^ 0x36 for b in sleutel))
    buiten = hashlib.sha256(bytes(b ^ 0x5C for b in sleutel))
    namen = [naam.encode() for naam in beoordelaars]
    uit = np.empty((len(kenmerken), len(namen)), dtype=np.int64)
    for i, kenmerk in enumerate(kenmerken):
        begin = binnen.copy()
        begin.update(kenmerk.encode() + b"|")
        for j, naam in enumerate(namen):
            een, twee = begin.copy(), buiten.copy()
            een.update(naam)
            twee.update(een.digest())
            uit[i, j] = int.from_bytes(twee.digest()[:8], "big") % _RUIS
    return uit


def bepaal_kosten(
    niveau: NDArray[np.integer],
    kenmerken: Sequence[str],
    beoordelaars: Sequence[str],
    *,
    zaad: bytes,
) -> Heel:
    """Costs n x m: 0 expert, 1000 basic knowledge, 3000 other, plus jitter. ``niveau``: n x m of these."""
    if niveau.shape != (len(kenmerken), len(beoordelaars)) or niveau.min() < DESKUNDIG or niveau.max() > OVERIG:
        raise InvoerFout("Het kennisniveau klopt niet.", actie="Geef per aanvraag en beoordelaar 0, 1 of 2.")
    uit: Heel = _KOSTEN[niveau] + ruis(zaad, kenmerken, beoordelaars)
    return uit
