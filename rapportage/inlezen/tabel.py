"""A CSV file as rows of text with their line numbers. Nothing is guessed away: what does not fit is an error."""

from __future__ import annotations

import csv
import hashlib
import io
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field

from kern.fouten import BestandFout, Regelfout

MAXIMUM_BYTES = 100_000_000
HET_BESTAND = "het bestand"
_ALS_CSV = "Bewaar het blad in uw rekenprogramma als 'CSV UTF-8' en bied dat bestand aan."
#: First bytes of files that are no text, with what they are.
_HERKENNING = (
    (b"PK\x03\x04", "een Excel-, ODS- of zip-bestand"),
    (b"\xd0\xcf\x11\xe0", "een oud Excel-bestand"),
    (b"%PDF", "een pdf-bestand"),
    (b"\x1f\x8b", "een ingepakt bestand"),
    (b"PAR1", "een Parquet-bestand"),
    (b"\xff\xfe", "tekst in UTF-16"),
    (b"\xfe\xff", "tekst in UTF-16"),
)


@dataclass(frozen=True)
class Bronbestand:
    """A file as it was offered: its name and its bytes."""

    naam: str
    inhoud: bytes

    @property
    def sha256(self) -> str:
        return hashlib.sha256(self.inhoud).hexdigest()


@dataclass(frozen=True)
class Rij:
    """One record: the line on which it begins and its fields as text, by column."""

    regel: int
    velden: dict[str, str]

    @property
    def plek(self) -> str:
        return f"regel {self.regel}"

    def waarde(self, kolom: str) -> str:
        """The field without spaces around it; empty when the column is not there."""
        return self.velden.get(kolom, "").strip()


@dataclass
class Tabel:
    """The rows that could be read, and every error found so far (``fouten`` is added to by the checks)."""

    naam: str
    kolommen: list[str] = field(default_factory=list)
    rijen: list[Rij] = field(default_factory=list)
    fouten: list[Regelfout] = field(default_factory=list)
    #: False when rows had to be left out: sums and series over all rows then say nothing.
    volledig: bool = True

    def fout(self, plek: str, kolom: str, melding: str) -> None:
        self.fouten.append(Regelfout(plek, kolom, melding))

    def eis_kolommen(self, namen: tuple[str, ...]) -> None:
        for naam in namen:
            if naam not in self.kolommen:
                self.fout("regel 1", naam, f"De kolom '{naam}' ontbreekt. Voeg hem toe, met precies deze naam.")


def geweigerd(tabellen: Sequence[Tabel]) -> BestandFout:
    """All errors of all files in one refusal, by file and line."""
    fouten = []
    for tabel in tabellen:
        voor = f"{tabel.naam}, " if len(tabellen) > 1 else ""
        for fout in sorted(tabel.fouten, key=_regelnummer):
            fouten.append(Regelfout(f"{voor}{fout.plek}", fout.kolom, fout.melding))
    aantal = "1 fout" if len(fouten) == 1 else f"{len(fouten)} fouten"
    namen = " en ".join(tabel.naam for tabel in tabellen if tabel.fouten)
    return BestandFout(f"{namen} is niet ingelezen: {aantal}.", fouten)


def _regelnummer(fout: Regelfout) -> int:
    nummer = fout.plek.removeprefix("regel ")
    return int(nummer) if nummer.isdecimal() else 0


def lees_tabel(bestand: Bronbestand) -> Tabel:
    """The rows of a CSV file: UTF-8 with or without BOM, separated by ``,`` or ``;``, one head line.

    Errors that hide all others (no text, no head) are the only ones in ``fouten`` then.
    """
    tabel = Tabel(bestand.naam)
    tekst = _tekst(bestand.inhoud, tabel)
    if tekst is None:
        return tabel
    lezer = csv.reader(io.StringIO(tekst, newline=""), delimiter=_scheiding(tekst), strict=True)
    regel = 1
    try:
        for velden in lezer:
            begin, regel = regel, lezer.line_num + 1
            if not velden:
                continue
            if not tabel.kolommen:
                _kop(tabel, velden, begin)
                continue
            _rij(tabel, velden, begin)
    except csv.Error:
        melding = "Een veld met aanhalingstekens klopt niet of wordt niet afgesloten. Controleer de aanhalingstekens."
        tabel.fout(f"regel {regel}", "aanhalingstekens", melding)
        tabel.volledig = False
    if not tabel.kolommen:
        tabel.fout(HET_BESTAND, "inhoud", "Het bestand is leeg. Bied een CSV-bestand met een kopregel en rijen aan.")
    elif not tabel.rijen and tabel.volledig:
        tabel.fout(HET_BESTAND, "inhoud", "Onder de kopregel staan geen rijen. Bied een bestand met aanvragen aan.")
    return tabel


def _tekst(inhoud: bytes, tabel: Tabel) -> str | None:
    if len(inhoud) > MAXIMUM_BYTES:
        tabel.fout(HET_BESTAND, "grootte", "Het bestand is groter dan 100 megabyte. Splits het per ronde.")
        return None
    for begin, wat in _HERKENNING:
        if inhoud.startswith(begin):
            tabel.fout(HET_BESTAND, "soort", f"Dit is {wat}, geen CSV-bestand in UTF-8. {_ALS_CSV}")
            return None
    if b"\0" in inhoud:
        tabel.fout(HET_BESTAND, "soort", f"Dit is geen tekstbestand. {_ALS_CSV}")
        return None
    try:
        tekst = inhoud.decode("utf-8-sig")
    except UnicodeDecodeError as fout:
        regel = inhoud.count(b"\n", 0, fout.start) + 1
        melding = f"Hier staat een teken dat geen UTF-8 is. {_ALS_CSV}"
        tabel.fout(f"regel {regel}", "codering", melding)
        return None
    if not tekst.strip():
        tabel.fout(HET_BESTAND, "inhoud", "Het bestand is leeg. Bied een CSV-bestand met een kopregel en rijen aan.")
        return None
    return tekst


def _scheiding(tekst: str) -> str:
    """``;`` or ``,``: the one that the head line has most of."""
    kop = tekst.lstrip("\r\n").splitlines()[0]
    return ";" if kop.count(";") > kop.count(",") else ","


def _kop(tabel: Tabel, velden: list[str], regel: int) -> None:
    namen = [veld.strip() for veld in velden]
    for nummer, naam in enumerate(namen, 1):
        if not naam:
            tabel.fout(f"regel {regel}", f"kolom {nummer}", "Deze kolom heeft geen naam. Geef hem een naam.")
    for naam, aantal in Counter(namen).items():
        if naam and aantal > 1:
            melding = f"De kolom '{naam}' staat er {aantal} keer. Geef elke kolom een eigen naam."
            tabel.fout(f"regel {regel}", naam, melding)
    if len(namen) == 1:
        melding = "De kopregel heeft maar één kolom. Scheid de kolommen met een komma of een puntkomma."
        tabel.fout(f"regel {regel}", "scheidingsteken", melding)
    tabel.kolommen = namen


def _rij(tabel: Tabel, velden: list[str], regel: int) -> None:
    if len(velden) == len(tabel.kolommen) and any(veld.strip() for veld in velden):
        # With a column name that occurs twice (an error already) the first one counts.
        tabel.rijen.append(Rij(regel, dict(zip(reversed(tabel.kolommen), reversed(velden), strict=True))))
        return
    tabel.volledig = False
    if any(veld.strip() for veld in velden):
        melding = (
            f"Deze regel heeft {len(velden)} velden, de kopregel {len(tabel.kolommen)}. "
            "Controleer de scheidingstekens; zet een veld met een scheidingsteken erin tussen aanhalingstekens."
        )
    else:
        melding = "Deze regel is leeg. Verwijder de regel."
    tabel.fout(f"regel {regel}", "aantal velden", melding)
