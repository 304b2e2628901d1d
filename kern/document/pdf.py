"""PDF from the document model: PDF/A-2a and PDF/UA-1 (tagged, archivable), with the fonts inside the typst wheel.

User text travels as JSON data to a fixed template (``sjabloon.typ``) and is never parsed as markup. The fonts lack
some scripts and all emoji, and an archive PDF may not hold missing glyphs: such characters become U+FFFD and a note
under the document says so. No network, no system fonts, no clock: the same document gives the same bytes.
"""

from __future__ import annotations

import io
import json
import re
import unicodedata
from collections.abc import Callable, Iterable
from datetime import UTC, datetime
from functools import lru_cache
from pathlib import Path
from typing import Any

import pikepdf
import typst

from kern.document.html import kenmerken
from kern.document.model import (
    GEEN_RIJEN,
    LEEG,
    Alinea,
    Blok,
    Document,
    Kader,
    Kop,
    Lijst,
    Paginaeinde,
    Samenvatting,
    Tabel,
    Tekst,
    aansluitende_koppen,
    delen,
    platte_tekst,
)
from kern.document.tekst import VERVANGER, gedragen_tekens, schoon, stukken

_SJABLOON = Path(__file__).with_name("sjabloon.typ")
_ONTBREEKT = re.compile(r"the text `\"(.*?)\"` could not be displayed")
_UNICODE = re.compile(r"\\u\{([0-9a-f]+)\}")
_AANHANGSEL = ("Mn", "Mc", "Me", "Cf", "Sk")
_HULP = "\ufffe"  # cannot occur in clean text
_GROEP = re.compile(f"{VERVANGER}(?:{_HULP}+{VERVANGER})*{_HULP}*")
_BEDRAG = re.compile(r"€ (?=[-\d])")  # an amount stays on one line
# A word longer than this (plain, fixed width) could run out of its column: it gets places to break.
_BREUK_REGEL, _BREUK_WAARDE, _BREUK_CEL = (42, 80), (30, 48), (26, 26)
_POGINGEN = 4
_HELE_TABEL = 10  # a table of so many rows stays on one page
_SMALLE_KOLOM = 18  # a right-aligned column (amounts) of at most so many characters never wraps
_KENMERK_BOVENAAN = 40
_SMALLE_CEL = 500  # a table row with longer text may break over pages
_MELDING = (
    f"In dit document staat op een of meer plaatsen het teken {VERVANGER}. Op die plaats stond een teken dat niet in "
    "het lettertype van dit document zit. De oorspronkelijke tekst is bewaard."
)

Filter = Callable[[str], str]


@lru_cache(maxsize=1)
def _lettertypen() -> typst.Fonts:
    return typst.Fonts(include_system_fonts=False, include_embedded_fonts=True)


class _Opmaker:
    """Turns a document into the JSON that the template reads; ``filter`` replaces what the fonts cannot show."""

    def __init__(self, filter_: Filter) -> None:
        self.filter = filter_
        self.vervangen = False

    def kaal(self, tekst: str) -> str:
        """Clean text on one or more lines."""
        uit = _BEDRAG.sub("€\u00a0", self.filter(gedragen_tekens(schoon(tekst))))
        self.vervangen = self.vervangen or VERVANGER in uit
        return uit

    def regel(self, tekst: str) -> str:
        return re.sub(r"[ \n]+", " ", self.kaal(tekst)).strip()

    def tekst(self, tekst: Tekst, breuk: tuple[int, int] = _BREUK_REGEL) -> list[dict[str, Any]]:
        """Runs as ``{r: [[piece, ...] per line], v, c, l}``; between pieces the line may break."""
        uit = []
        for deel in delen(tekst):
            lang = re.compile(rf"(\S{{{breuk[deel.code] + 1},}})")
            regels = []
            for regel in self.kaal(deel.tekst).split("\n"):
                delen_ = lang.split(regel)
                regels.append([stuk for i, d in enumerate(delen_) for stuk in (stukken(d, 10) if i % 2 else [d])])
            uit.append({"r": regels, "v": deel.vet, "c": deel.code, "l": deel.link})
        return uit

    def paren(self, paren: Iterable[tuple[str, Tekst]]) -> list[dict[str, Any]]:
        uit = []
        for label, waarde in paren:
            leeg = not platte_tekst(waarde).strip()
            inhoud = self.tekst(LEEG if leeg else waarde, _BREUK_WAARDE)
            lang = len(platte_tekst(waarde)) > _SMALLE_CEL
            uit.append({"label": self.tekst(label, _BREUK_CEL), "waarde": inhoud, "leeg": leeg, "lang": lang})
        return uit

    def tabel(self, tabel: Tabel) -> dict[str, Any]:
        rijen = [
            {
                "cellen": [self.tekst(cel, _BREUK_CEL) for cel in rij],
                "lang": any(len(platte_tekst(cel)) > _SMALLE_CEL for cel in rij),
            }
            for rij in tabel.rijen
        ]
        return {
            "soort": "tabel",
            "koppen": [self.tekst(kop, _BREUK_CEL) for kop in tabel.koppen],
            "rijen": rijen,
            "lijn": [{"links": "l", "rechts": "r", "midden": "m"}[tabel.lijn(k)] for k in range(len(tabel.koppen))],
            "breedte": _breedten(tabel),
            "bijschrift": self.tekst(self.regel(tabel.bijschrift)) if tabel.bijschrift else [],
            "rijkop": tabel.rijkop,
            "totaal": tabel.totaalrij,
            "heel": len(rijen) <= _HELE_TABEL and not any(rij["lang"] for rij in rijen),
            "geen": GEEN_RIJEN,
        }

    def blok(self, blok: Blok) -> dict[str, Any]:
        match blok:
            case Kop():
                return {"soort": "kop", "niveau": blok.niveau + 1, "tekst": self.tekst(self.regel(blok.tekst))}
            case Alinea():
                return {"soort": "alinea", "tekst": self.tekst(blok.tekst)}
            case Lijst():
                items = [self.tekst(item) for item in blok.items]
                return {"soort": "lijst", "items": items, "geordend": blok.geordend}
            case Tabel():
                return self.tabel(blok)
            case Samenvatting():
                return {"soort": "samenvatting", "regels": self.paren(blok.regels)}
            case Kader():
                return {"soort": "kader", "titel": self.tekst(blok.titel), "blokken": self.blokken(blok.blokken)}
            case Paginaeinde():
                return {"soort": "paginaeinde"}

    def blokken(self, blokken: Iterable[Blok]) -> list[dict[str, Any]]:
        return [self.blok(blok) for blok in blokken]

    def document(self, document: Document) -> dict[str, Any]:
        slot, afzender = document.ondertekening, document.afzender
        uit: dict[str, Any] = {
            "titel": self.regel(document.titel),
            "titeltekst": self.tekst(self.regel(document.titel)),
            "taal": document.taal,
            "datum": [document.datum.year, document.datum.month, document.datum.day],
            "kenmerk": self.regel(document.kenmerk)[:_KENMERK_BOVENAAN],
            "afzender": {
                "naam": self.regel(afzender.naam),
                "onderdeel": self.regel(afzender.onderdeel),
                "adres": [self.regel(regel) for regel in afzender.adres],
                "contact": [[self.regel(label), self.regel(waarde)] for label, waarde in afzender.contact],
            },
            "geadresseerde": [self.tekst(regel) for regel in document.geadresseerde],
            "kenmerken": self.paren(kenmerken(document)),
            "aanhef": self.tekst(document.aanhef) if document.aanhef else [],
            "blokken": self.blokken(aansluitende_koppen(document.blokken)),
            "ondertekening": slot
            and {
                "groet": self.tekst(slot.groet),
                "namens": [self.tekst(regel) for regel in slot.namens],
                "naam": self.tekst(slot.naam),
                "functie": self.tekst(slot.functie) if slot.functie else [],
                "toelichting": self.tekst(slot.toelichting) if slot.toelichting else [],
            },
            "voettekst": self.tekst(self.regel(document.voettekst)),
        }
        uit["melding"] = _MELDING if self.vervangen else ""
        return uit


def _breedten(tabel: Tabel) -> list[int]:
    """Relative column widths from the longest cell, within bounds so that no column starves another; 0: as needed."""
    breedten = []
    for kolom, kop in enumerate(tabel.koppen):
        teksten = [platte_tekst(rij[kolom]) for rij in tabel.rijen]
        woord = max((len(woord) for tekst in (kop, *teksten) for woord in tekst.split()), default=1)
        langste = max((len(tekst) for tekst in (kop, *teksten)), default=1)
        smal = tabel.lijn(kolom) == "rechts" and langste <= _SMALLE_KOLOM
        breedten.append(0 if smal else max(5, min(woord, _BREUK_CEL[0]), min(langste, 40)))
    return breedten


class _ZetFout(Exception):
    """The compiler refused the text; ``tekens`` are the characters it named as missing."""

    def __init__(self, tekens: frozenset[str]) -> None:
        super().__init__("the document could not be set")
        self.tekens = tekens


def _zet(gegevens: dict[str, Any], moment: datetime) -> bytes:
    try:
        return typst.compile(
            _SJABLOON,
            root=_SJABLOON.parent,
            font_paths=_lettertypen(),
            ignore_system_fonts=True,
            sys_inputs={"data": json.dumps(gegevens, ensure_ascii=False, sort_keys=True)},
            pdf_standards=["a-2a", "ua-1"],
            timestamp=moment,
            format="pdf",
        )
    except typst.TypstError as fout:
        raise _ZetFout(_ontbrekend(fout.diagnostic)) from fout
    except BaseException as fout:
        # A crash inside the compiler arrives as a class that is no Exception and cannot be imported.
        if type(fout).__name__ != "PanicException":
            raise
        raise _ZetFout(frozenset()) from fout


def _vervang(tekens: frozenset[str]) -> Filter:
    """Replace characters without a glyph by U+FFFD, one for a whole emoji with its marks and joiners."""
    tabel = {ord(t): _HULP if unicodedata.category(t) in _AANHANGSEL else VERVANGER for t in tekens}

    def filter_(tekst: str) -> str:
        return _GROEP.sub(VERVANGER, tekst.translate(tabel)).replace(_HULP, VERVANGER)

    return filter_


def _westers(tekst: str) -> str:
    """The last resort: letters, digits and signs that the text font surely has, one by one."""
    return "".join(teken if teken < "\u0180" or teken in "€–—‘’“”•…" else VERVANGER for teken in tekst)


def _ontbrekend(diagnose: str) -> frozenset[str]:
    """Characters that the compiler could not show. ASCII and Latin-1 are there: then only their marks are missing."""
    teksten = (_UNICODE.sub(lambda m: chr(int(m[1], 16)), gevonden) for gevonden in _ONTBREEKT.findall(diagnose))
    return frozenset(teken for tekst in teksten for teken in tekst if teken > "\u00ff")


def _met_rijkoppen(pdf: bytes, rijkoppen: list[bool]) -> bytes:
    """Tag the first cell of each row as a row header (TH, scope Row) in the tables that have one.

    The template language has no stable way to say this. Tables in the structure tree stand in document order.
    """
    with pikepdf.open(io.BytesIO(pdf)) as bestand:
        tabellen: list[Any] = []

        def zoek(knoop: Any) -> None:
            if isinstance(knoop, pikepdf.Array):
                for kind in knoop:
                    zoek(kind)
            elif isinstance(knoop, pikepdf.Dictionary) and "/S" in knoop:
                if pikepdf.Name.Table == knoop.S:
                    tabellen.append(knoop)
                elif "/K" in knoop:
                    zoek(knoop.K)

        zoek(bestand.Root.StructTreeRoot.K)
        for tabel, rijkop in zip(tabellen, rijkoppen, strict=True):
            if rijkop:
                _merk_rijen(tabel)
        uit = io.BytesIO()
        bestand.save(uit, deterministic_id=True)
        return uit.getvalue()


def _merk_rijen(knoop: Any) -> None:
    for kind in knoop.K:
        if kind.S != pikepdf.Name.TR:
            _merk_rijen(kind)
            continue
        cel = kind.K[0]
        if cel.S == pikepdf.Name.TD:
            cel.S = pikepdf.Name.TH
            for kenmerk in cel.A if isinstance(cel.A, pikepdf.Array) else [cel.A]:
                if pikepdf.Name.Table == kenmerk.O:
                    kenmerk.Scope = pikepdf.Name.Row


def _rijkoppen(blokken: Iterable[Blok]) -> list[bool]:
    """For each table the template will make, in order: does its first column name the row?"""
    uit: list[bool] = []
    for blok in blokken:
        if isinstance(blok, Kader):
            uit += _rijkoppen(blok.blokken)
        elif isinstance(blok, Samenvatting) and blok.regels:
            uit.append(True)
        elif isinstance(blok, Tabel):
            uit.append(blok.rijkop and bool(blok.rijen))
    return uit


def naar_pdf(document: Document) -> bytes:
    """The document as PDF/A-2a + PDF/UA-1 bytes; the same document gives the same bytes."""
    moment = datetime(document.datum.year, document.datum.month, document.datum.day, tzinfo=UTC)
    rijkoppen = _rijkoppen(document.blokken)
    weg = frozenset[str]()
    while True:
        try:
            return _met_rijkoppen(_zet(_Opmaker(_vervang(weg)).document(document), moment), rijkoppen)
        except _ZetFout as fout:
            if fout.tekens <= weg:
                break
            weg |= fout.tekens
    return _met_rijkoppen(_zet(_Opmaker(_westers).document(document), moment), rijkoppen)
