"""The output files of a draw as bytes: writers, and strict readers for who receives such a file."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from itertools import islice
from typing import Any

from beoordeling.loting.bestanden import lees_json
from beoordeling.loting.mutaties import NaMutatie
from beoordeling.loting.tabellen import KOLOMMEN_UITKOMST, kopregel, lees_tabel
from beoordeling.loting.vormen import NA_MUTATIES, RUIMTE, STER, UITKOMST, LotingFout, Uitkomst

_BLOK = 20_000  # lines written at a time: a million separate lines would be hundreds of megabytes


def schrijf_uitkomst(
    kenmerken: Sequence[str], loten: Sequence[str], uitkomst: Sequence[Uitkomst], volgorde: Sequence[int]
) -> bytes:
    """The bytes of ``uitkomst.csv``: one line per participant in draw order (columns are per row of the list)."""
    kolommen = (map(kolom.__getitem__, volgorde) for kolom in (kenmerken, loten, uitkomst))
    regels = (f"{n};{k};{lot};{wat}\n" for n, k, lot, wat in zip(range(1, len(volgorde) + 1), *kolommen, strict=True))
    data = bytearray(kopregel(KOLOMMEN_UITKOMST), "ascii")
    while blok := "".join(islice(regels, _BLOK)):
        data += blok.encode("ascii")
    return bytes(data)


def lees_uitkomst(data: bytes) -> list[tuple[int, str, str, Uitkomst]]:
    """The lines (place, label, lot, outcome) of ``uitkomst.csv``."""
    rijen = zip(*lees_tabel(UITKOMST, data, KOLOMMEN_UITKOMST), strict=True)
    uit: list[tuple[int, str, str, Uitkomst]] = [
        (int(plaats), kenmerk, lot, int(wat) if wat.isdecimal() else wat) for plaats, kenmerk, lot, wat in rijen
    ]
    for nummer, rij in enumerate(uit, 1):
        if rij[0] != nummer:
            raise LotingFout(UITKOMST, f"plaats is {rij[0]}, dat moet {nummer} zijn.", regel=nummer + 1)
    return uit


def schrijf_ruimte(ruimte: Mapping[str, int]) -> bytes:
    """The bytes of ``ruimte.json``: cents left per pot, ``*`` first."""
    return json.dumps(ruimte).encode("ascii")


def _is_ruimte(waarde: object) -> bool:
    return (
        isinstance(waarde, dict)
        and next(iter(waarde), "") == STER
        and all(type(cent) is int for cent in waarde.values())
    )


def lees_ruimte(data: bytes) -> dict[str, int]:
    """Cents left per pot from ``ruimte.json``."""
    inhoud: Any = lees_json(RUIMTE, data)
    if not _is_ruimte(inhoud):
        raise LotingFout(RUIMTE, "het bestand moet per pot een geheel getal geven, met * als eerste.")
    return dict(inhoud)


def schrijf_na_mutaties(standen: Iterable[NaMutatie]) -> bytes:
    """The bytes of ``na_mutaties.json``: per mutation its own fields, ``status`` (draw order) and ``ruimte``."""
    lijst = [
        {
            "nr": s.mutatie.nr,
            "soort": s.mutatie.soort,
            "kenmerk": s.mutatie.kenmerk,
            "bedrag": s.mutatie.bedrag,
            "status": s.status,
            "ruimte": s.ruimte,
        }
        for s in standen
    ]
    return json.dumps(lijst).encode("ascii")


def lees_na_mutaties(data: bytes) -> list[dict[str, Any]]:
    """The standings of ``na_mutaties.json``, numbered 1..n."""
    inhoud: Any = lees_json(NA_MUTATIES, data, soort=list)
    for nummer, stand in enumerate(inhoud, 1):
        goed = isinstance(stand, dict) and stand.get("nr") == nummer and isinstance(stand.get("status"), dict)
        if not goed or not _is_ruimte(stand.get("ruimte")):
            raise LotingFout(NA_MUTATIES, f"stand {nummer} mist nr, status of ruimte, of heeft een ander nummer.")
    return list(inhoud)
