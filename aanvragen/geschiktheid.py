"""Does somebody qualify? At most five short pages of questions, judged by the very checks that an application gets.

Pure: no clock, no database, nothing is stored. The answers become the input of `aanvragen.toetsen`, so this page and
the form cannot disagree about a fact that both know. What somebody does not know (yet) is ``handmatig``: "misschien".
Answers are codes, never names or free text, so that they can stand in an address (decision note 0014).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime, time
from decimal import Decimal

from aanvragen.berekening import bereken
from aanvragen.enums import Toetsuitkomst
from aanvragen.omvang import mkb_klasse
from aanvragen.referentietoets import Referentiegegevens
from aanvragen.termijn import AMSTERDAM
from aanvragen.toetsen import GEEN_ANDER_EU, Toetsresultaat, toets_alles
from aanvragen.toetsinvoer import Toetsinvoer
from regeling.schema import Regelingspec, Tijdvakspec

JA, NEE, ZELF = Toetsuitkomst.VOLDOET, Toetsuitkomst.VOLDOET_NIET, Toetsuitkomst.HANDMATIG
#: Codes of answers that more questions share.
WEL, NIET, ONBEKEND = "ja", "nee", "onbekend"
#: Instead of references, where the scheme allows that.
BEWIJS = "bewijs"
#: Pages of questions, in order.
BLADEN = ("organisatie", "omvang", "cijfers", "project", "adviseur")
#: Who applies.
SOORTEN = ("onderneming", "organisatie", "groep", "persoon")
_MILJOEN = Decimal(1_000_000)
#: Classes of turnover and balance: code and a figure in it (euros). Their limits are those of the SME definition
#: (R70), so every figure of a class gives the same outcome.
OMZET = {"2": 2 * _MILJOEN, "10": 10 * _MILJOEN, "50": 50 * _MILJOEN, "meer": 50 * _MILJOEN + 1}
BALANS = {"2": 2 * _MILJOEN, "10": 10 * _MILJOEN, "43": 43 * _MILJOEN, "meer": 43 * _MILJOEN + 1}
_MKB_GRENZEN = (10, 50, 250)
#: Fits with any KvK number: the number itself is not asked.
_KVK, _ANDER_KVK = "00000000", "00000001"
#: Who may apply (scheme) × who applies (answer). Only a private person is refused: without KvK number nobody can.
_WIE: dict[str, tuple[Toetsuitkomst, Toetsuitkomst, Toetsuitkomst, Toetsuitkomst]] = {
    "onderneming": (JA, ZELF, ZELF, NEE),
    "arbeidsorganisatie": (JA, JA, ZELF, NEE),
    "consortium": (ZELF, ZELF, JA, NEE),
    "werknemers": (ZELF, ZELF, ZELF, ZELF),
}


@dataclass(frozen=True)
class Vraag:
    """One question: its name and the codes one chooses from; empty ``keuzes`` is a code to type (SBI)."""

    naam: str
    keuzes: tuple[str, ...]


@dataclass(frozen=True)
class Oordeel:
    """The outcome of one condition; ``vraag`` is the question that it follows from, ``toets`` the check used."""

    code: str
    uitkomst: Toetsuitkomst
    vraag: str
    blad: str
    artikel: str = ""


@dataclass(frozen=True)
class Uitslag:
    uitkomst: Toetsuitkomst
    oordelen: tuple[Oordeel, ...]


Antwoorden = Mapping[str, str]


def groepen(spec: Regelingspec) -> list[tuple[int, int | None]]:
    """Classes of working persons as (from, up to and including); every number in a class gives the same outcome."""
    grenzen = {spec.aanvrager.werkzame_personen_min} | (set(_MKB_GRENZEN) if spec.aanvrager.mkb else set())
    begin = sorted({0} | {grens for grens in grenzen if grens})
    einde: list[int | None] = [grens - 1 for grens in begin[1:]]
    return list(zip(begin, [*einde, None], strict=True))


def bladvragen(spec: Regelingspec, blad: str) -> list[Vraag]:
    """The questions of a page that this scheme asks; without questions the page is left out."""
    eis, project, adviseur = spec.aanvrager, spec.project, spec.adviseur
    jn = (WEL, NIET, ONBEKEND)
    bewijs = (WEL, BEWIJS, NIET, ONBEKEND) if adviseur.alternatieven else jn
    alle: dict[str, list[tuple[bool, Vraag]]] = {
        "organisatie": [
            (True, Vraag("wie", SOORTEN)),
            (bool(eis.rechtsvormen), Vraag("rechtsvorm", (*eis.rechtsvormen, NIET, ONBEKEND))),
            (bool(eis.provincies), Vraag("provincie", (*eis.provincies, NIET, ONBEKEND))),
            (eis.sectoren is not None, Vraag("sbi", ())),
        ],
        "omvang": [
            (len(groepen(spec)) > 1, Vraag("personen", (*(str(van) for van, _tot in groepen(spec)), ONBEKEND))),
        ],
        "cijfers": [
            (eis.mkb, Vraag("omzet", (*OMZET, ONBEKEND))),
            (eis.mkb, Vraag("balans", (*BALANS, ONBEKEND))),
        ],
        "project": [
            (project.start_na_besluit, Vraag("begonnen", jn)),
            (not project.andere_eu_middelen, Vraag("eu", jn)),
        ],
        "adviseur": [
            (adviseur.nodig, Vraag("adviseur", jn)),
            (adviseur.nodig and adviseur.onafhankelijk, Vraag("los", jn)),
            (adviseur.nodig and bool(adviseur.referenties), Vraag("referenties", bewijs)),
        ],
    }
    return [vraag for nodig, vraag in alle[blad] if nodig]


def bladen(spec: Regelingspec, antwoorden: Antwoorden) -> list[str]:
    """The pages to walk through, given the answers so far. Figures are asked only when they decide (R70)."""
    return [
        blad
        for blad in BLADEN
        if bladvragen(spec, blad) and (blad != "cijfers" or cijfers_nodig(antwoorden.get("personen", "")))
    ]


def cijfers_nodig(personen: str) -> bool:
    """Whether turnover and balance decide about the size class."""
    return personen.isdigit() and mkb_klasse(int(personen), None, None) is None


def beoordeel(spec: Regelingspec, tijdvak: Tijdvakspec, antwoorden: Antwoorden, vandaag: date) -> Uitslag:
    """The outcome per condition, and of all together: one refusal is a no, one unknown a perhaps."""
    invoer = toetsinvoer(spec, antwoorden, vandaag)
    gevonden = {toets.code: toets for toets in toets_alles(invoer, zonder_duur(spec), tijdvak)}
    gevraagd = {vraag.naam: blad for blad in bladen(spec, antwoorden) for vraag in bladvragen(spec, blad)}
    oordelen = [_wie(spec, antwoorden.get("wie", ""))]
    for code, vraag in _TOETSEN.items():
        toets = gevonden.get(code)
        if toets is not None and vraag in gevraagd:
            oordelen.append(_oordeel(toets, vraag, gevraagd[vraag], antwoorden, gevonden))
    uitkomsten = {oordeel.uitkomst for oordeel in oordelen}
    return Uitslag(NEE if NEE in uitkomsten else ZELF if ZELF in uitkomsten else JA, tuple(oordelen))


#: Check of the form → question that decides it here.
_TOETSEN = {
    "rechtsvorm": "rechtsvorm",
    "provincie": "provincie",
    "sector": "sbi",
    "werkzame_personen": "personen",
    "mkb": "personen",
    "duur": "begonnen",
    "andere_eu": "eu",
    "adviseur": "adviseur",
    "onafhankelijk": "los",
    "referenties": "referenties",
}


def _oordeel(
    toets: Toetsresultaat, vraag: str, blad: str, antwoorden: Antwoorden, gevonden: Mapping[str, Toetsresultaat]
) -> Oordeel:
    uitkomst, antwoord = toets.uitkomst, antwoorden.get(vraag, "") or ONBEKEND
    if antwoord == ONBEKEND:
        uitkomst = ZELF
    elif toets.code == "andere_eu" and antwoord == WEL and "verklaringen" in gevonden:
        # Other EU money: the declaration cannot be given, and without it the form does not let the application go.
        uitkomst = NEE if gevonden["verklaringen"].uitkomst == NEE else uitkomst
    if toets.code == "mkb" and uitkomst == ZELF and antwoord != ONBEKEND:
        blad = "cijfers"
    return Oordeel(toets.code, uitkomst, vraag, blad, toets.artikel)


def _wie(spec: Regelingspec, antwoord: str) -> Oordeel:
    uitkomst = dict(zip(SOORTEN, _WIE[spec.aanvrager.soort], strict=True)).get(antwoord, ZELF)
    return Oordeel("wie", uitkomst, "wie", "organisatie", "de regeling")


def zonder_duur(spec: Regelingspec) -> Regelingspec:
    """The scheme without limits to the duration: how long a project lasts is for the applicant to choose."""
    project = spec.project.model_copy(update={"duur_minimum_maanden": None, "duur_maximum_maanden": None})
    return spec.model_copy(update={"project": project})


def toetsinvoer(spec: Regelingspec, antwoorden: Antwoorden, vandaag: date) -> Toetsinvoer:
    """The answers as the checks want them. What is not asked here is empty, and its checks are not looked at."""
    nu = datetime.combine(vandaag, time(12), AMSTERDAM)
    versie, _streep, sbi = antwoorden.get("sbi", "").rpartition(":")
    leeg = Toetsinvoer(
        ingediend_op=nu,
        sluit_op=nu,
        kvk_nummer=_KVK,
        rechtsvorm=_bekend(antwoorden.get("rechtsvorm", "")),
        sbi_code=sbi,
        sbi_versie=versie,
        provincie=_bekend(antwoorden.get("provincie", "")),
        werkzame_personen=_getal(antwoorden.get("personen", "")),
        omzet=OMZET.get(antwoorden.get("omzet", "")),
        balanstotaal=BALANS.get(antwoorden.get("balans", "")),
        start_op=None,
        eind_op=None,
        contact_email="",
        iban="",
        themas=(),
        doelen=(),
        antwoorden={},
        berekening=bereken(spec, ()),
        tarieven=(),
        adviseur_email="",
        bureau_kvk=_KVK if antwoorden.get("los") == NIET else _ANDER_KVK,
        adviseur_gecertificeerd=antwoorden.get("referenties") == BEWIJS,
        heeft_adviseur=antwoorden.get("adviseur") == WEL,
        referenties=(),
        verklaringen={v.code: v.code not in GEEN_ANDER_EU or antwoorden.get("eu") == NIET for v in spec.verklaringen},
        bijlagen=frozenset(),
    )
    if antwoorden.get("referenties") == WEL:
        rij = tuple(Referentiegegevens(f"opdrachtgever {nr}", "") for nr in range(spec.adviseur.referenties))
        leeg = replace(leeg, referenties=rij)
    dag = {WEL: vandaag, NIET: date.fromordinal(vandaag.toordinal() + 1)}.get(antwoorden.get("begonnen", ""))
    return replace(leeg, start_op=dag, eind_op=dag)


def _bekend(code: str) -> str:
    return "" if code == ONBEKEND else code


def _getal(code: str) -> int | None:
    return int(code) if code.isdigit() else None
