"""Strict reading of the semicolon tables: ASCII, LF, final LF, no BOM, no quotes, one pattern per column."""

from __future__ import annotations

import re
from typing import NamedTuple

from beoordeling.loting.vormen import SOORTEN, LotingFout


class Kolom(NamedTuple):
    """A column: its name, the pattern of a whole field, and that pattern in Dutch."""

    naam: str
    patroon: str
    uitleg: str


_KENMERK = "[A-Z0-9][A-Z0-9-]{2,39}"
POT = "[A-Z0-9]{1,20}"
_K_KENMERK = Kolom("kenmerk", _KENMERK, "3 tot 40 hoofdletters, cijfers en streepjes, niet beginnend met een streepje")
KOLOMMEN_DEELNEMERS = (
    _K_KENMERK,
    Kolom("bedrag_cent", "[1-9][0-9]{0,12}", "een heel getal vanaf 1, zonder voorloopnul, hoogstens 13 cijfers"),
    Kolom("potten", rf"(?:-|{POT}(?:\+{POT})*)", "een - of potcodes met + ertussen"),
    Kolom("groep", f"(?:-|{POT})", "een - of 1 tot 20 hoofdletters en cijfers"),
    Kolom("rang", r"[!#-&(-:<-~]{1,64}", "1 tot 64 ASCII-tekens zonder spatie, puntkomma en aanhalingsteken"),
)
KOLOMMEN_MUTATIES = (
    Kolom("nr", "[1-9][0-9]{0,8}", "een volgnummer vanaf 1"),
    Kolom("soort", f"(?:{'|'.join(SOORTEN)})", f"een van {', '.join(SOORTEN)}"),
    Kolom("kenmerk", rf"(?:\*|{POT}|{_KENMERK})", "een kenmerk, of bij VERHOGING een potcode of *"),
    Kolom("bedrag_cent", "(?:0|[1-9][0-9]{0,12})", "een heel getal vanaf 0, zonder teken, hoogstens 13 cijfers"),
)
KOLOMMEN_UITKOMST = (
    Kolom("plaats", "[1-9][0-9]{0,8}", "een volgnummer vanaf 1"),
    _K_KENMERK,
    Kolom("lot", "[0-9a-f]{64}", "64 tekens 0-9 en a-f"),
    Kolom("uitkomst", "(?:RESERVE|GROEP|UIT|[1-9][0-9]{0,12})", "een bedrag in centen, RESERVE, GROEP of UIT"),
)
_RIJEN: dict[tuple[Kolom, ...], tuple[re.Pattern[str], re.Pattern[str]]] = {
    kolommen: (re.compile(rij := ";".join(k.patroon for k in kolommen)), re.compile(f"(?:{rij}\n)*+"))
    for kolommen in (KOLOMMEN_DEELNEMERS, KOLOMMEN_MUTATIES, KOLOMMEN_UITKOMST)
}


def toon(waarde: object) -> str:
    """A value for in a message: one line, ASCII, short (the file may hold anything)."""
    tekst = ascii(waarde)
    return tekst if len(tekst) <= 60 else f"{tekst[:57]}..."


def _tekst(bestand: str, data: bytes) -> str:
    """ASCII text of a table with LF lines, or LotingFout with the line of the first wrong byte."""
    if data.startswith(b"\xef\xbb\xbf"):
        raise LotingFout(bestand, "het bestand begint met een BOM. Sla het op zonder BOM.", regel=1)
    if (plek := data.find(b"\r")) >= 0:
        regel = data.count(b"\n", 0, plek) + 1
        raise LotingFout(bestand, "de regel eindigt op CR of CRLF. Gebruik alleen LF.", regel=regel)
    try:
        tekst = data.decode("ascii")
    except UnicodeDecodeError as fout:
        regel = data.count(b"\n", 0, fout.start) + 1
        raise LotingFout(bestand, "er staat een teken dat geen ASCII is.", regel=regel) from fout
    if not tekst.endswith("\n"):
        raise LotingFout(bestand, "de laatste regel eindigt niet op LF.", regel=data.count(b"\n") + 1)
    return tekst


def kopregel(kolommen: tuple[Kolom, ...]) -> str:
    """The first line of a table, with its LF."""
    return ";".join(k.naam for k in kolommen) + "\n"


def lees_tabel(bestand: str, data: bytes, kolommen: tuple[Kolom, ...]) -> list[list[str]]:
    """The columns of a table as lists of text, or LotingFout at the first line that breaks a pattern."""
    tekst = _tekst(bestand, data)
    kop = kopregel(kolommen)
    if not tekst.startswith(kop):
        raise LotingFout(bestand, f"de kop moet precies {kop.strip()} zijn.", regel=1)
    rij, alles = _RIJEN[kolommen]
    if alles.fullmatch(tekst, len(kop)) is None:
        for nummer, regel in enumerate(tekst[len(kop) : -1].split("\n"), 2):
            if rij.fullmatch(regel) is None:
                raise _rijfout(bestand, nummer, regel, kolommen)
    if len(tekst) == len(kop):
        return [[] for _ in kolommen]
    vlak = tekst[len(kop) : -1].replace("\n", ";").split(";")
    return [vlak[j :: len(kolommen)] for j in range(len(kolommen))]


def _rijfout(bestand: str, nummer: int, regel: str, kolommen: tuple[Kolom, ...]) -> LotingFout:
    velden = regel.split(";")
    if not regel:
        return LotingFout(bestand, "de regel is leeg.", regel=nummer)
    if '"' in regel or "'" in regel:
        return LotingFout(bestand, "er staat een aanhalingsteken. Schrijf de velden zonder.", regel=nummer)
    if len(velden) != len(kolommen):
        return LotingFout(bestand, f"er staan {len(velden)} velden, dat moeten er {len(kolommen)} zijn.", regel=nummer)
    kolom, veld = next((k, v) for k, v in zip(kolommen, velden, strict=True) if not re.fullmatch(k.patroon, v))
    return LotingFout(bestand, f"{kolom.naam} is {toon(veld)}; dat moet zijn: {kolom.uitleg}.", regel=nummer)
