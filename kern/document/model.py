"""The document model: frozen values, no layout. Every text is plain text; nothing in it is ever read as markup.

Inline emphasis is a tuple of parts: ``Alinea(("U krijgt ", vet("€ 12.500"), "."))``. A line break in a text stays a
line break. Renderers clean the text (:func:`kern.document.tekst.schoon`), so the model keeps what was given.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from typing import Literal, TypeAlias

from kern.document.tekst import schoon
from kern.fouten import InvoerFout

Uitlijning = Literal["links", "rechts", "midden"]

MAXIMUM_KOP = 300
MAXIMUM_LINK = 2000
LEEG = "(niet ingevuld)"
GEEN_RIJEN = "Geen gegevens."
_LINK = re.compile(r"(?:https?://|mailto:|tel:)[!-~]+")


def _weiger(melding: str) -> InvoerFout:
    return InvoerFout(melding, actie="Pas het document aan.")


def _controleer_koptekst(tekst: str, wat: str) -> None:
    zichtbaar = any(teken.isprintable() and not teken.isspace() for teken in schoon(tekst))
    if not zichtbaar or len(tekst) > MAXIMUM_KOP:
        raise _weiger(f"{wat} moet 1 tot en met {MAXIMUM_KOP} tekens hebben.")


@dataclass(frozen=True)
class Tekstdeel:
    """A run of text: plain, bold (``vet``), fixed width (``code``), and/or a link (absolute http(s), mailto or tel)."""

    tekst: str
    vet: bool = False
    link: str = ""
    code: bool = False

    def __post_init__(self) -> None:
        # ASCII only: a PDF link holds no other characters, and it keeps `javascript:` and tricks with spaces out.
        if self.link and (len(self.link) > MAXIMUM_LINK or not _LINK.fullmatch(self.link)):
            raise _weiger("Een verwijzing moet beginnen met https://, http://, mailto: of tel: en zonder spaties zijn.")


Tekst: TypeAlias = str | Tekstdeel | tuple[str | Tekstdeel, ...]


def vet(tekst: str) -> Tekstdeel:
    """Bold text."""
    return Tekstdeel(tekst, vet=True)


def code(tekst: str) -> Tekstdeel:
    """Fixed-width text, for codes and digests."""
    return Tekstdeel(tekst, code=True)


def verwijzing(tekst: str, link: str) -> Tekstdeel:
    """A link with its visible text. :class:`InvoerFout` for other than http(s), mailto and tel."""
    return Tekstdeel(tekst, link=link)


def delen(tekst: Tekst) -> tuple[Tekstdeel, ...]:
    """Any form of text as a tuple of runs."""
    rij = tekst if isinstance(tekst, tuple) else (tekst,)
    return tuple(Tekstdeel(deel) if isinstance(deel, str) else deel for deel in rij)


def platte_tekst(tekst: Tekst) -> str:
    """The characters of a text without emphasis or links."""
    return "".join(deel.tekst for deel in delen(tekst))


@dataclass(frozen=True)
class Kop:
    """A heading; level 1 stands directly under the title. Renderers close gaps, so a level is never skipped."""

    tekst: str
    niveau: int = 1

    def __post_init__(self) -> None:
        _controleer_koptekst(self.tekst, "Een kop")
        if not 1 <= self.niveau <= 4:
            raise _weiger("Het niveau van een kop is 1, 2, 3 of 4.")


@dataclass(frozen=True)
class Alinea:
    tekst: Tekst


@dataclass(frozen=True)
class Lijst:
    items: tuple[Tekst, ...]
    geordend: bool = False


@dataclass(frozen=True)
class Tabel:
    """``rijen`` x ``koppen`` cells. ``uitlijning`` per column (default all left). ``rijkop``: the first column names
    the row. ``totaalrij``: the last row is a total."""

    koppen: tuple[str, ...]
    rijen: tuple[tuple[Tekst, ...], ...]
    uitlijning: tuple[Uitlijning, ...] = ()
    bijschrift: str = ""
    rijkop: bool = False
    totaalrij: bool = False

    def __post_init__(self) -> None:
        breedte = len(self.koppen)
        if not breedte or any(not kop.strip() for kop in self.koppen):
            raise _weiger("Elke kolom van een tabel moet een kop hebben.")
        if any(len(rij) != breedte for rij in self.rijen):
            raise _weiger(f"Elke rij van de tabel moet {breedte} cellen hebben, evenveel als de koppen.")
        if self.uitlijning and len(self.uitlijning) != breedte:
            raise _weiger(f"De tabel moet {breedte} keer een uitlijning hebben, voor elke kolom een.")

    def lijn(self, kolom: int) -> Uitlijning:
        """The alignment of a column."""
        return self.uitlijning[kolom] if self.uitlijning else "links"


@dataclass(frozen=True)
class Samenvatting:
    """Pairs of label and value; an empty value is shown as not filled in."""

    regels: tuple[tuple[str, Tekst], ...]


@dataclass(frozen=True)
class Kader:
    """A set-apart group of blocks, for what the reader must not miss."""

    blokken: tuple[Blok, ...]
    titel: str = ""


@dataclass(frozen=True)
class Paginaeinde:
    """What follows starts on a new page (in print)."""


Blok: TypeAlias = Kop | Alinea | Lijst | Tabel | Samenvatting | Kader | Paginaeinde


@dataclass(frozen=True)
class Afzender:
    """``adres``: lines of the postal address. ``contact``: pairs such as ("Telefoon", "...")."""

    naam: str
    onderdeel: str = ""
    adres: tuple[str, ...] = ()
    contact: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True)
class Ondertekening:
    """Closing of a letter. ``namens``: lines such as "de Minister van ...," and "namens deze,"."""

    naam: str
    functie: str = ""
    namens: tuple[str, ...] = ()
    groet: str = "Met vriendelijke groet,"
    toelichting: str = ""


@dataclass(frozen=True)
class Document:
    """A letter when it has ``geadresseerde`` lines; otherwise a paper with a title (receipt, deed).

    ``kenmerken``: further reference lines after date and reference number. ``datum`` also dates the PDF, so that the
    same document gives the same bytes.
    """

    titel: str
    afzender: Afzender
    datum: date
    blokken: tuple[Blok, ...]
    kenmerk: str = ""
    betreft: str = ""
    aanhef: str = ""
    geadresseerde: tuple[str, ...] = ()
    kenmerken: tuple[tuple[str, str], ...] = ()
    ondertekening: Ondertekening | None = None
    voettekst: str = ""
    taal: str = field(default="nl")

    def __post_init__(self) -> None:
        _controleer_koptekst(self.titel, "De titel")
        if not self.afzender.naam.strip():
            raise _weiger("Een document moet een afzender hebben.")
        if not re.fullmatch("[a-z]{2}", self.taal):
            raise _weiger("De taal is een code van twee letters, zoals nl.")
        if isinstance(self.datum, datetime):
            raise TypeError("A document has a date (Europe/Amsterdam), not a moment.")


def aansluitende_koppen(blokken: tuple[Blok, ...], vorige: int = 0) -> tuple[Blok, ...]:
    """The same blocks with heading levels that never skip one (h1, h2, h3), as a screen reader needs."""
    return _aansluitend(blokken, vorige)[0]


def _aansluitend(blokken: tuple[Blok, ...], vorige: int) -> tuple[tuple[Blok, ...], int]:
    uit: list[Blok] = []
    for blok in blokken:
        if isinstance(blok, Kop):
            vorige = min(blok.niveau, vorige + 1)
            uit.append(replace(blok, niveau=vorige))
        elif isinstance(blok, Kader):
            binnen, vorige = _aansluitend(blok.blokken, vorige)
            uit.append(replace(blok, blokken=binnen))
        else:
            uit.append(blok)
    return tuple(uit), vorige
