"""The rows of a historical round: what each field may be, and what must agree within a row and over all rows."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal
from typing import TypeVar

from aanvragen.enums import Status
from rapportage.codeboek import GETALLEN, zoek
from rapportage.inlezen.tabel import HET_BESTAND, Rij, Tabel
from rapportage.inlezen.waarden import Ongeldig, bedrag, geheel, getal, ja_nee, moment
from regeling.schema import Tijdvakspec
from regeling.schema_motor import euro

T = TypeVar("T")
NUL = Decimal(0)
VERPLICHT = ("aanvraagnummer", "kvk_nummer", "gevraagd_bedrag", "status")
#: Words of the codebook for the status, and the state in which the application ended.
EINDE: dict[str, Status] = {
    "toegekend": Status.VERLEEND,
    "uitgeloot": Status.NIET_GESELECTEERD,
    "vastgesteld": Status.VASTGESTELD,
    "niet gebruikt": Status.BESLUIT_INGETROKKEN,
    "afgewezen op inhoud": Status.AFGEWEZEN,
    "afgewezen budget op": Status.NIET_GESELECTEERD,
}
#: With these a grant was made (whatever happened to it later).
TOEGEKEND = frozenset({"toegekend", "vastgesteld", "niet gebruikt"})
GEEN_RUIMTE = frozenset({"uitgeloot", "afgewezen budget op"})
OP_INHOUD = "afgewezen op inhoud"
_KENMERK = re.compile(r"[A-Z0-9][A-Z0-9-]{2,39}", re.ASCII)
_KVK = re.compile(r"\d{8}", re.ASCII)
_SBI = re.compile(r"\d{2,6}", re.ASCII)
_KLASSE = re.compile(r"[<>]?=?\d+(-\d+|\+)?", re.ASCII)
_JAAR = re.compile(r"(199\d|20\d\d|21\d\d)(?!\d)", re.ASCII)
_MOMENTEN = ("ingediend_op", "volledig_op", "besloten_op")
_NAAMKOLOMMEN = ("organisatie_naam", "organisatie", "naam")
#: Columns that the checks below read themselves.
_EIGEN = frozenset(
    {"ronde", "gevraagd_bedrag", "toegekend_bedrag", "vastgesteld_bedrag", "toegekend", "ingeloot", "loting_rang"}
    | {"werkzame_personen", "score", "drempel", "binnenkomst_seconden"}
)


@dataclass
class Regel:
    """One application of the file; amounts in euros. A field that was refused is ``None``."""

    rij: Rij
    kenmerk: str
    kvk_nummer: str = ""
    naam: str = ""
    status: str | None = None
    gevraagd: Decimal | None = None
    toegekend: Decimal | None = None
    vastgesteld: Decimal | None = None
    ingeloot: bool | None = None
    rang: int | None = None
    stratum: str = ""
    score: Decimal | None = None
    binnenkomst: Decimal | None = None
    momenten: dict[str, datetime] = field(default_factory=dict)
    themas: list[str] = field(default_factory=list)
    #: Codes of the sub-ceilings that the application draws on.
    potten: tuple[str, ...] = ()
    adviseur: str = ""
    sbi_code: str = ""
    sector: str = ""
    grootteklasse: str = ""
    werkzame_personen: int | None = None
    provincie: str = ""
    publiek_privaat: str = ""

    @property
    def is_toegekend(self) -> bool:
        return self.status in TOEGEKEND


@dataclass
class Ronde:
    """A checked file. ``jaar`` and ``drempel`` are those of every row."""

    tabel: Tabel
    regels: list[Regel] = field(default_factory=list)
    jaar: int | None = None
    drempel: Decimal | None = None

    @property
    def toegekend_bedrag(self) -> Decimal:
        return sum((regel.toegekend or NUL for regel in self.regels if regel.is_toegekend), NUL)

    def heeft(self, kolom: str) -> bool:
        return kolom in self.tabel.kolommen


def lees_ronde(tabel: Tabel) -> Ronde:
    """Checks every row; errors are added to ``tabel.fouten``, in order of line."""
    ronde = Ronde(tabel)
    if not tabel.kolommen:
        return ronde
    tabel.eis_kolommen(VERPLICHT)
    if not {"toegekend_bedrag", "toegekend"} & set(tabel.kolommen):
        melding = "Het bestand zegt niet wat is toegekend. Voeg de kolom toegekend_bedrag toe, of toegekend (1 of 0)."
        tabel.fout("regel 1", "toegekend_bedrag", melding)
    numeriek = [naam for naam in tabel.kolommen if naam not in _EIGEN and _is_getal(naam)]
    gezien: dict[str, int] = {}
    for rij in tabel.rijen:
        regel = _regel(tabel, rij)
        _kenmerk(tabel, regel, gezien)
        _samenhang(tabel, regel)
        for naam in numeriek:
            _veld(tabel, rij, naam, getal)
        ronde.regels.append(regel)
    ronde.jaar = _jaar(tabel)
    ronde.drempel = _zelfde(tabel, "drempel", getal)
    return ronde


def controleer_plafond(ronde: Ronde, plafond: Decimal, potten: Mapping[str, tuple[str, Decimal]] | None = None) -> None:
    """The sum of the grants stays under the ceiling and each sub-ceiling (Awb 4:25, R29).

    ``potten``: code -> (name, amount) of the sub-ceilings; ``regel.potten`` says who draws on them.
    """
    if not ronde.tabel.volledig:
        return
    grenzen = [(ronde.toegekend_bedrag, "het plafond", plafond)]
    for code, (naam, grens) in (potten or {}).items():
        som = sum((r.toegekend or NUL for r in ronde.regels if r.is_toegekend and code in r.potten), NUL)
        grenzen.append((som, f"het deelplafond “{naam}”", grens))
    for som, wat, grens in grenzen:
        if som > grens:
            melding = (
                f"Samen is {euro(som)} toegekend, meer dan {wat} van {euro(grens)} (Awb 4:25). "
                "Controleer de bedragen of het plafond."
            )
            ronde.tabel.fout(HET_BESTAND, "toegekend_bedrag", melding)


def bepaal_potten(ronde: Ronde, tijdvak: Tijdvakspec, themacodes: Mapping[str, str]) -> None:
    """Which sub-ceilings each application draws on; ``themacodes``: name of a theme -> code."""
    for regel in ronde.regels:
        eigen = {
            "thema": {themacodes[naam] for naam in regel.themas if naam in themacodes},
            "provincie": {regel.provincie},
            "aanvragerstype": {regel.publiek_privaat},
        }
        regel.potten = tuple(pot.code for pot in tijdvak.subplafonds if eigen[pot.soort] & set(pot.waarden))


def controleer_themas(ronde: Ronde, bekend: dict[str, str]) -> None:
    """Replaces each theme by the name it has in the scheme (``bekend``: casefolded name -> name)."""
    namen = ", ".join(bekend.values()) or "geen"
    for regel in ronde.regels:
        goed = []
        for thema in regel.themas:
            if thema.casefold() in bekend:
                goed.append(bekend[thema.casefold()])
            else:
                melding = f"Het thema '{thema}' hoort niet bij deze regeling. Kies uit: {namen}."
                ronde.tabel.fout(regel.rij.plek, "themas", melding)
        regel.themas = goed


def themas_in(ronde: Ronde) -> list[str]:
    """The themes of the file, each once, in order of appearance."""
    namen: dict[str, str] = {}
    for regel in ronde.regels:
        for thema in regel.themas:
            namen.setdefault(thema.casefold(), thema)
    return list(namen.values())


def _veld(tabel: Tabel, rij: Rij, kolom: str, lees: Callable[[str], T]) -> T | None:
    """The value of a field; ``None`` when it is empty, not there or refused."""
    tekst = rij.waarde(kolom)
    if not tekst:
        return None
    try:
        return lees(tekst)
    except Ongeldig as fout:
        tabel.fout(rij.plek, kolom, str(fout))
        return None


def _regel(tabel: Tabel, rij: Rij) -> Regel:
    regel = Regel(rij, kenmerk=rij.waarde("aanvraagnummer"))
    regel.kvk_nummer = _veld(tabel, rij, "kvk_nummer", _kvk) or ""
    regel.status = _veld(tabel, rij, "status", _status)
    regel.gevraagd = _veld(tabel, rij, "gevraagd_bedrag", bedrag)
    regel.vastgesteld = _veld(tabel, rij, "vastgesteld_bedrag", bedrag)
    regel.ingeloot = _veld(tabel, rij, "ingeloot", ja_nee)
    regel.rang = _veld(tabel, rij, "loting_rang", lambda tekst: geheel(tekst, minimum=1))
    regel.score = _veld(tabel, rij, "score", getal)
    regel.binnenkomst = _veld(tabel, rij, "binnenkomst_seconden", _seconden)
    regel.werkzame_personen = _veld(tabel, rij, "werkzame_personen", geheel)
    regel.sbi_code = _veld(tabel, rij, "sector_sbi", _sbi) or ""
    regel.grootteklasse = _veld(tabel, rij, "grootteklasse", _grootteklasse) or ""
    regel.publiek_privaat = _veld(tabel, rij, "publiek_privaat", _publiek_privaat) or ""
    regel.themas = _veld(tabel, rij, "themas", _themas) or []
    regel.adviseur = _veld(tabel, rij, "adviseur_nummer", _kort(40)) or ""
    regel.sector = _veld(tabel, rij, "sector", _kort(60)) or ""
    regel.provincie = _veld(tabel, rij, "provincie", _kort(60)) or ""
    regel.stratum = rij.waarde("stratum")
    regel.naam = next((rij.waarde(kolom) for kolom in _NAAMKOLOMMEN if rij.waarde(kolom)), "")[:200]
    for kolom in _MOMENTEN:
        waarde = _veld(tabel, rij, kolom, moment)
        if waarde is not None:
            regel.momenten[kolom] = waarde
    for kolom in ("kvk_nummer", "gevraagd_bedrag", "status"):
        if kolom in tabel.kolommen and not rij.waarde(kolom):
            tabel.fout(rij.plek, kolom, "Dit veld is leeg. Vul het in.")
    if regel.gevraagd == 0:
        tabel.fout(rij.plek, "gevraagd_bedrag", "Het gevraagde bedrag is 0. Vul het bedrag in dat is gevraagd.")
    regel.toegekend = _toegekend(tabel, rij, regel)
    return regel


def _toegekend(tabel: Tabel, rij: Rij, regel: Regel) -> Decimal | None:
    """From ``toegekend_bedrag``, else from ``toegekend`` (1: what was asked)."""
    ja = _veld(tabel, rij, "toegekend", ja_nee)
    if "toegekend_bedrag" not in tabel.kolommen:
        if rij.waarde("toegekend") == "" and "toegekend" in tabel.kolommen:
            tabel.fout(rij.plek, "toegekend", "Dit veld is leeg. Vul 1 (ja) of 0 (nee) in.")
        return None if ja is None else (regel.gevraagd if ja else NUL)
    toegekend = _veld(tabel, rij, "toegekend_bedrag", bedrag)
    if ja is not None and (toegekend is not None or not rij.waarde("toegekend_bedrag")) and ja != bool(toegekend):
        melding = f"Hier staat {int(ja)}, maar toegekend_bedrag is {euro(toegekend or NUL)}. Maak ze gelijk."
        tabel.fout(rij.plek, "toegekend", melding)
    return toegekend


def _kenmerk(tabel: Tabel, regel: Regel, gezien: dict[str, int]) -> None:
    rij, kenmerk = regel.rij, regel.kenmerk
    if "aanvraagnummer" not in tabel.kolommen:
        return
    if not _KENMERK.fullmatch(kenmerk):
        melding = (
            f"'{kenmerk[:50]}' is geen aanvraagnummer. Gebruik 3 tot en met 40 hoofdletters, cijfers en streepjes, "
            "bijvoorbeeld SI2008-0001."
            if kenmerk
            else "Dit veld is leeg. Vul het nummer van de aanvraag in."
        )
        tabel.fout(rij.plek, "aanvraagnummer", melding)
    elif gezien.setdefault(kenmerk, rij.regel) != rij.regel:
        melding = f"{kenmerk} staat ook op regel {gezien[kenmerk]}. Geef elke aanvraag een eigen nummer."
        tabel.fout(rij.plek, "aanvraagnummer", melding)


def _samenhang(tabel: Tabel, regel: Regel) -> None:
    """Status, lot and amounts of one row say the same."""
    plek, status, toegekend = regel.rij.plek, regel.status, regel.toegekend
    if toegekend and regel.gevraagd is not None and toegekend > regel.gevraagd:
        melding = f"Toegekend is {euro(toegekend)}, meer dan de gevraagde {euro(regel.gevraagd)}. Controleer beide."
        tabel.fout(plek, "toegekend_bedrag", melding)
    if regel.vastgesteld and toegekend and regel.vastgesteld > toegekend:
        melding = f"Vastgesteld is {euro(regel.vastgesteld)}, meer dan de toegekende {euro(toegekend)}. Verlaag het."
        tabel.fout(plek, "vastgesteld_bedrag", melding)
    if status is None:
        return
    bedragkolom = "toegekend_bedrag" if "toegekend_bedrag" in tabel.kolommen else "toegekend"
    leeg = regel.rij.waarde(bedragkolom) == ""
    if regel.is_toegekend and (toegekend == 0 or (leeg and bedragkolom == "toegekend_bedrag")):
        melding = (
            f"De status is '{status}', maar er is niets toegekend. Vul het toegekende bedrag in of pas de status aan."
        )
        tabel.fout(plek, bedragkolom, melding)
    elif not regel.is_toegekend and toegekend:
        melding = (
            f"De status is '{status}', maar er is {euro(toegekend)} toegekend. Maak het bedrag 0 of pas de status aan."
        )
        tabel.fout(plek, bedragkolom, melding)
    if regel.vastgesteld and status != "vastgesteld":
        melding = "Er is een bedrag vastgesteld. Maak de status 'vastgesteld' of maak dit veld leeg."
        tabel.fout(plek, "vastgesteld_bedrag", melding)
    if (
        status == "vastgesteld"
        and "vastgesteld_bedrag" in tabel.kolommen
        and not regel.rij.waarde("vastgesteld_bedrag")
    ):
        tabel.fout(plek, "vastgesteld_bedrag", "De status is 'vastgesteld'. Vul het vastgestelde bedrag in.")
    if regel.ingeloot is False and regel.is_toegekend:
        melding = f"Hier staat 0 (niet ingeloot), maar de status is '{status}'. Maak ze gelijk."
        tabel.fout(plek, "ingeloot", melding)
    if regel.ingeloot is True and status in GEEN_RUIMTE:
        melding = f"Hier staat 1 (ingeloot), maar de status is '{status}'. Maak ze gelijk."
        tabel.fout(plek, "ingeloot", melding)
    begin, besluit = regel.momenten.get("ingediend_op"), regel.momenten.get("besloten_op")
    if begin is not None and besluit is not None and besluit < begin:
        tabel.fout(plek, "besloten_op", "Het besluit ligt voor het indienen. Controleer beide datums.")


def _is_getal(kolom: str) -> bool:
    feiten = zoek(kolom)
    return feiten is not None and feiten.type in GETALLEN


def _jaar(tabel: Tabel) -> int | None:
    def lees(tekst: str) -> int:
        gevonden = _JAAR.match(tekst)
        if not gevonden:
            raise Ongeldig(f"'{tekst[:40]}' is geen jaar. Vul het jaar van de ronde in, bijvoorbeeld 2011.")
        return int(gevonden.group())

    return _zelfde(tabel, "ronde", lees)


def _zelfde(tabel: Tabel, kolom: str, lees: Callable[[str], T]) -> T | None:
    """The value that all rows share; a row that differs is an error."""
    eerste: T | None = None
    for rij in tabel.rijen:
        waarde = _veld(tabel, rij, kolom, lees)
        if eerste is None:
            eerste = waarde
        elif waarde is not None and waarde != eerste:
            melding = f"Hier staat {rij.waarde(kolom)}, eerder {eerste}. Zet in een bestand één ronde."
            tabel.fout(rij.plek, kolom, melding)
    return eerste


def _kvk(tekst: str) -> str:
    if not _KVK.fullmatch(tekst):
        raise Ongeldig(
            f"'{tekst[:40]}' is geen KvK-nummer. Schrijf 8 cijfers, ook de nullen vooraan, bijvoorbeeld 00112648."
        )
    return tekst


def _sbi(tekst: str) -> str:
    if not _SBI.fullmatch(tekst):
        raise Ongeldig(f"'{tekst[:40]}' is geen SBI-code. Schrijf 2 tot en met 6 cijfers, ook de nul vooraan: 01.")
    return tekst


def _grootteklasse(tekst: str) -> str:
    if not _KLASSE.fullmatch(tekst):
        raise Ongeldig(
            f"'{tekst[:40]}' is geen grootteklasse. Schrijf bijvoorbeeld 2-9, 10-49 of 250+; let op dat uw "
            "rekenprogramma er geen datum van maakt."
        )
    return tekst


def _publiek_privaat(tekst: str) -> str:
    if tekst.lower() not in {"publiek", "privaat"}:
        raise Ongeldig(f"Hier hoort publiek of privaat, maar er staat '{tekst[:40]}'.")
    return tekst.lower()


def _status(tekst: str) -> str:
    woord = " ".join(tekst.lower().split())
    if woord not in EINDE:
        raise Ongeldig(f"De status '{tekst[:40]}' is onbekend. Kies uit: {', '.join(EINDE)}.")
    return woord


def _seconden(tekst: str) -> Decimal:
    waarde = getal(tekst)
    if not 0 <= waarde < 10**9:
        raise Ongeldig(f"Het aantal seconden is {tekst[:40]}. Vul het aantal seconden na de opening in, 0 of meer.")
    return waarde


def _themas(tekst: str) -> list[str]:
    namen = [naam.strip() for naam in tekst.split(";") if naam.strip()]
    if len({naam.casefold() for naam in namen}) != len(namen):
        raise Ongeldig("Een thema staat er twee keer. Noem elk thema één keer.")
    if any(len(naam) > 200 for naam in namen):
        raise Ongeldig("De naam van een thema is langer dan 200 tekens. Scheid thema's met een puntkomma.")
    return namen


def _kort(maximum: int) -> Callable[[str], str]:
    def lees(tekst: str) -> str:
        if len(tekst) > maximum:
            raise Ongeldig(f"Dit veld heeft {len(tekst)} tekens. Gebruik er hoogstens {maximum}.")
        return tekst

    return lees
