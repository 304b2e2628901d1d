"""A folder of CSV files: ``data.csv`` (canonical), ``codeboek.csv``, one file per table, ``leesmij.txt``.

``data.csv`` is the canonical form, byte for byte (see ``canoniek``), and is not changed for spreadsheets. In the
codebook and the tables a text that starts with ``= + - @``, a tab or a CR gets an apostrophe in front, so that a
spreadsheet program does not take it for a formula.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path

from rapportage import canoniek
from rapportage.codeboek import KOPPEN
from rapportage.schrijvers import Pakket, atomische_map
from rapportage.schrijvers.blad import ONDERDRUKT
from rapportage.tabellen.model import GROEPKOPPEN, Cel, Kolom, Soort, Tabel

MANIFEST = "manifest.json"
_FORMULE = ("=", "+", "-", "@", "\t", "\r")
_INTERVALLEN = (Soort.INTERVAL, Soort.INTERVAL_PP)


def schrijf(pakket: Pakket, pad: Path) -> None:
    """Write the folder to ``pad``; an earlier export there is replaced as a whole, anything else is left alone."""
    with atomische_map(pad, kenmerk=MANIFEST) as map_:
        if pakket.data is not None:
            with (map_ / "data.csv").open("wb") as uit:
                for blok in canoniek.regels(pakket.data):
                    uit.write(blok)
        regels = [list(KOPPEN), *(list(map(str, regel.cellen())) for regel in pakket.codeboek)]
        _schrijf(map_ / "codeboek.csv", ([bewaakt(cel) for cel in regel] for regel in regels))
        for tabel in pakket.tabellen:
            _schrijf(map_ / f"tabel_{tabel.code}.csv", tabelregels(tabel))
        tekst = "\n".join(_tekstregels(pakket))
        (map_ / "leesmij.txt").write_bytes(tekst.encode("utf-8", errors="backslashreplace"))
        (map_ / MANIFEST).write_text(
            json.dumps(pakket.manifest, ensure_ascii=False, indent=2, allow_nan=False) + "\n", encoding="utf-8"
        )


def bewaakt(tekst: str) -> str:
    """Text that a spreadsheet program cannot take for a formula."""
    return f"'{tekst}" if tekst.startswith(_FORMULE) else tekst


def _schrijf(pad: Path, rijen: Iterator[list[str]]) -> None:
    pad.write_bytes("".join(map(canoniek.regel, rijen)).encode("utf-8", errors="backslashreplace"))


def tabelregels(tabel: Tabel) -> Iterator[list[str]]:
    """A table as flat rows: code of the row, then every value unrounded, and after each block its base n.

    ``.`` = suppressed, empty = not defined. Zero is 0.
    """
    stukken = list(_stukken(tabel))
    yield ["rij", *(kop for kop, _, _ in stukken)]
    for rij in tabel.rijen:
        yield [rij.code, *(_waarde(rij.cellen[nummer], deel) for _, nummer, deel in stukken)]


def _stukken(tabel: Tabel) -> Iterator[tuple[str, int, str]]:
    """(heading, column number, part): one per printed value, plus ``basis n`` at the end of a block with a base."""
    for nummer, kolom in enumerate(tabel.kolommen):
        kop = _kop(tabel, kolom)
        if kolom.soort in _INTERVALLEN:
            yield from ((f"{kop} laag", nummer, "laag"), (f"{kop} hoog", nummer, "hoog"))
        else:
            yield kop, nummer, ""
        volgende = tabel.kolommen[nummer + 1].groep if nummer + 1 < len(tabel.kolommen) else ""
        if kolom.groep in tabel.basis and kolom.groep != volgende and kolom.soort in (Soort.PERCENTAGE, Soort.INTERVAL):
            eerste = next(plaats for plaats, ander in enumerate(tabel.kolommen) if ander.groep == kolom.groep)
            yield f"{_blokkop(tabel, kolom.groep)} basis n", eerste, "basis"


def _blokkop(tabel: Tabel, blok: str) -> str:
    return tabel.koppen.get(blok) or GROEPKOPPEN.get(blok, blok)


def _kop(tabel: Tabel, kolom: Kolom) -> str:
    """The printed heading; headings that say nothing on their own get the name of their block."""
    return (
        f"{_blokkop(tabel, kolom.groep)} {kolom.kop}"
        if kolom.groep and kolom.kop in ("%", "95%-BI", "p")
        else kolom.kop
    )


def _waarde(cel: Cel, deel: str) -> str:
    if cel.onderdrukt:
        return ONDERDRUKT
    if deel == "basis":
        return "" if cel.n is None else str(cel.n)
    waarde = cel.waarde
    if isinstance(waarde, tuple):
        waarde = waarde[0 if deel == "laag" else 1]
    if waarde is None:
        return ""
    if isinstance(waarde, Decimal):
        return canoniek.als_tekst(waarde, canoniek.GEHEEL)
    return bewaakt(waarde) if isinstance(waarde, str) else repr(waarde)


def _tekstregels(pakket: Pakket) -> Iterator[str]:
    for kop, tekst in pakket.leesmij:
        yield f"{kop}: {tekst}" if kop and tekst else kop or tekst
    if pakket.data is None:
        yield from ("", pakket.geen_data)
    yield from (
        "",
        "Bestanden",
        "data.csv is de vaste vorm van de gegevens (UTF-8, komma, punt, regeleinde LF); teksten staan er "
        "onveranderd in. "
        "Open het in een rekenprogramma alleen via importeren, met alle kolommen als tekst.",
        "In codeboek.csv en de tabellen krijgt een tekst die begint met = + - @ tab of CR een apostrof "
        "ervoor, zodat een "
        "rekenprogramma er geen formule van maakt.",
        "In de tabellen zijn getallen niet afgerond. Een punt is onderdrukt (n<10), leeg is niet te berekenen.",
        "",
        "Noten bij de tabellen",
    )
    for tabel in pakket.tabellen:
        yield f"{tabel.code} {tabel.titel}"
        yield from (f"  {noot}" for noot in (*tabel.noten, *tabel.noten_detail))
    yield ""
