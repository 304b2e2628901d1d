"""The rules of design 05, part 5: each a small pure function with a code, its inputs and an explanation in Dutch.

BLOCK: nobody is written to; the applicant names another referee, or an officer lifts the block with a reason. FLAG: a
person looks. No rule refuses anything by itself and there is no total: a flag is a question, not a verdict. No personal
characteristics are used.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from ipaddress import IPv4Address, ip_address, ip_network
from itertools import product
from typing import Any

from aanvragen.contactgegevens import (
    OPENBARE_MAIL,
    eigen_domein,
    mail_genormaliseerd,
    maildomein,
    telefoon_genormaliseerd,
    zelfde_domein,
)
from beoordeling.referentie.namen import LIJKT, gelijkenis, zelfde_volledige_naam
from beoordeling.referentie.tekst import jaccard, lijkt, omvatting, shingles

VERSIE = "1"
BLOK, VLAG = "blok", "vlag"
#: A referee who speaks for more advisers than this is asked about.
ADVISEURS = 3
SNEL = timedelta(minutes=5)


@dataclass(frozen=True)
class Partij:
    """People with the organisation behind them. ``adressen``: see ``adres_genormaliseerd``."""

    namen: tuple[str, ...] = ()
    emails: frozenset[str] = frozenset()
    telefoons: frozenset[str] = frozenset()
    organisatie: str = ""
    kvk_nummers: frozenset[str] = frozenset()
    ibans: frozenset[str] = frozenset()
    adressen: frozenset[str] = frozenset()


@dataclass(frozen=True)
class Register:
    """What the trade register says of the referee's organisation."""

    actief: bool
    ingeschreven_op: date | None = None


@dataclass(frozen=True)
class Antwoord:
    """The answer and where it came from. ``eigen_sessie``: the applicant was logged in in the same browser."""

    op: datetime
    verstuurd_op: datetime
    tekst: str = ""
    ip: str = ""
    ips_aanvrager: frozenset[str] = frozenset()
    eigen_sessie: bool = False
    relatie: bool = False
    ontkend: bool = False
    #: Texts of other answers, by the mark of the application they belong to.
    andere_teksten: Sequence[tuple[str, str]] = ()


@dataclass(frozen=True)
class Invoer:
    """Everything the rules look at, taken from the database by the service."""

    referent: Partij
    adviseur: Partij
    aanvrager: Partij
    beoordelaars: frozenset[str] = frozenset()
    adviseurs_van_referent: int = 1
    kring: int | None = None
    opdracht_tot: date | None = None
    register: Register | None = None
    antwoord: Antwoord | None = None


@dataclass(frozen=True)
class Signaal:
    code: str
    soort: str
    uitleg: str
    gegevens: dict[str, Any] = field(default_factory=dict)


_Uitslag = tuple[str, dict[str, Any]] | None
_Functie = Callable[[Invoer], _Uitslag]
#: code → (kind, what the rule looks at, function), in the order in which they are shown.
REGELS: dict[str, tuple[str, str, _Functie]] = {}


def _regel(code: str, soort: str, naam: str) -> Callable[[_Functie], _Functie]:
    def bewaar(functie: _Functie) -> _Functie:
        REGELS[code] = (soort, naam, functie)
        return functie

    return bewaar


def signalen(invoer: Invoer, soort: str) -> list[Signaal]:
    """The rules of this kind that fire."""
    gevonden = []
    for code, (eigen, _, functie) in REGELS.items():
        uitslag = functie(invoer) if eigen == soort else None
        if uitslag is not None:
            gevonden.append(Signaal(code, soort, uitslag[0], uitslag[1]))
    return gevonden


def _partijen(i: Invoer) -> tuple[tuple[str, Partij], tuple[str, Partij]]:
    return ("de adviseur", i.adviseur), ("de aanvrager", i.aanvrager)


def _gedeeld(i: Invoer, deel: Callable[[Partij], frozenset[str]], wat: str) -> _Uitslag:
    """Fires when the referee shares something with the adviser or the applicant."""
    eigen = deel(i.referent) - {""}
    for wie, partij in _partijen(i):
        samen = sorted(eigen & deel(partij))
        if samen:
            return f"De referent heeft {wat} als {wie}.", {"met": wie, "waarde": samen}
    return None


@_regel("zelfde_email", BLOK, "Hetzelfde e-mailadres")
def zelfde_email(i: Invoer) -> _Uitslag:
    return _gedeeld(i, lambda p: frozenset(map(mail_genormaliseerd, p.emails)), "hetzelfde e-mailadres")


@_regel("zelfde_kvk", BLOK, "Hetzelfde KvK-nummer")
def zelfde_kvk(i: Invoer) -> _Uitslag:
    return _gedeeld(i, lambda p: p.kvk_nummers, "hetzelfde KvK-nummer")


@_regel("zelfde_persoon", BLOK, "Dezelfde persoon")
def zelfde_persoon(i: Invoer) -> _Uitslag:
    for wie, partij in _partijen(i):
        for een, ander in product(i.referent.namen, partij.namen):
            if zelfde_volledige_naam(een, ander):
                return f"De referent heeft dezelfde voor- en achternaam als {wie}: {ander}.", {"met": wie, "naam": een}
    return None


@_regel("beoordelaar", BLOK, "Beoordelaar van de aanvraag")
def beoordelaar(i: Invoer) -> _Uitslag:
    if set(map(mail_genormaliseerd, i.referent.emails)) & set(map(mail_genormaliseerd, i.beoordelaars)):
        return "De referent beoordeelt of behandelt zelf aanvragen in dit tijdvak.", {}
    return None


@_regel("zelfde_domein", VLAG, "Hetzelfde maildomein")
def zelfde_maildomein(i: Invoer) -> _Uitslag:
    for wie, partij in _partijen(i):
        for een, ander in product(sorted(i.referent.emails), sorted(partij.emails)):
            domein = eigen_domein(een)
            if zelfde_domein(domein, eigen_domein(ander)):
                gegevens = {"met": wie, "domein": domein}
                return f"De referent gebruikt hetzelfde maildomein als {wie}: {domein}.", gegevens
    return None


@_regel("zelfde_telefoon", VLAG, "Hetzelfde telefoonnummer")
def zelfde_telefoon(i: Invoer) -> _Uitslag:
    return _gedeeld(i, lambda p: frozenset(telefoon_genormaliseerd(t) for t in p.telefoons), "hetzelfde telefoonnummer")


@_regel("zelfde_iban", VLAG, "Hetzelfde rekeningnummer")
def zelfde_iban(i: Invoer) -> _Uitslag:
    uitslag = _gedeeld(i, lambda p: p.ibans, "hetzelfde rekeningnummer")
    return (uitslag[0], {"met": uitslag[1]["met"]}) if uitslag else None  # the number itself stays out of the record


@_regel("zelfde_adres", VLAG, "Hetzelfde adres")
def zelfde_adres(i: Invoer) -> _Uitslag:
    return _gedeeld(i, lambda p: p.adressen, "hetzelfde adres")


@_regel("gratis_mail", VLAG, "Gratis mailadres voor een organisatie")
def gratis_mail(i: Invoer) -> _Uitslag:
    gratis = sorted(OPENBARE_MAIL.intersection(map(maildomein, i.referent.emails)))
    if i.referent.organisatie and gratis:
        uitleg = f"De referent spreekt voor een organisatie, maar gebruikt een adres van {gratis[0]}."
        return uitleg, {"domein": gratis[0]}
    return None


@_regel("naam_lijkt", VLAG, "Namen die op elkaar lijken")
def naam_lijkt(i: Invoer) -> _Uitslag:
    for wie, partij in _partijen(i):
        paren = [("naam", een, ander) for een, ander in product(i.referent.namen, partij.namen)]
        for wat, een, ander in [*paren, ("organisatie", i.referent.organisatie, partij.organisatie)]:
            score = gelijkenis(een, ander)
            if score >= LIJKT:
                gegevens = {"met": wie, "wat": wat, "namen": [een, ander], "gelijkenis": round(score, 2)}
                return f"De {wat} van de referent lijkt op die van {wie}: “{een}” en “{ander}”.", gegevens
    return None


@_regel("veel_adviseurs", VLAG, "Referent van veel adviseurs")
def veel_adviseurs(i: Invoer) -> _Uitslag:
    if i.adviseurs_van_referent > ADVISEURS:
        aantal = i.adviseurs_van_referent
        return f"De referent is genoemd bij {aantal} adviseurs; meer dan {ADVISEURS}.", {"aantal": aantal}
    return None


@_regel("snel_antwoord", VLAG, "Antwoord binnen vijf minuten")
def snel_antwoord(i: Invoer) -> _Uitslag:
    if i.antwoord is None or i.antwoord.op - i.antwoord.verstuurd_op > SNEL:
        return None
    seconden = int((i.antwoord.op - i.antwoord.verstuurd_op).total_seconds())
    return "Het antwoord kwam binnen vijf minuten na het versturen van de vraag.", {"seconden": seconden}


@_regel("zelfde_apparaat", VLAG, "Antwoord van de computer van de aanvrager")
def zelfde_apparaat(i: Invoer) -> _Uitslag:
    if i.antwoord is None:
        return None
    if i.antwoord.eigen_sessie:
        return "In de browser van de referent was de aanvrager ingelogd.", {"hoe": "sessie"}
    if any(zelfde_netwerk(i.antwoord.ip, ander) for ander in i.antwoord.ips_aanvrager):
        return "Het antwoord kwam van het internetadres waarvan ook de aanvraag kwam.", {"hoe": "ip"}
    return None


def zelfde_netwerk(een: str, ander: str) -> bool:
    """The same IPv4 address, or the same /64 of IPv6 (one connection has a whole /64)."""
    if not (een and ander):
        return False
    links, rechts = ip_address(een), ip_address(ander)
    if isinstance(links, IPv4Address) or isinstance(rechts, IPv4Address):
        return links == rechts
    return rechts in ip_network(f"{links}/64", strict=False)


@_regel("gelijk_antwoord", VLAG, "Bijna gelijke antwoorden")
def gelijk_antwoord(i: Invoer) -> _Uitslag:
    if i.antwoord is None:
        return None
    eigen = shingles(i.antwoord.tekst)
    for kenmerk, tekst in i.antwoord.andere_teksten:
        ander = shingles(tekst)
        if lijkt(eigen, ander):
            gegevens = {
                "kenmerk": kenmerk,
                "jaccard": round(jaccard(eigen, ander), 4),
                "omvatting": round(omvatting(eigen, ander), 4),
            }
            return f"Het antwoord lijkt woord voor woord op een ander antwoord, bij {kenmerk}.", gegevens
    return None


@_regel("kring", VLAG, "Adviseurs die elkaar bevestigen")
def in_kring(i: Invoer) -> _Uitslag:
    if i.kring is None:
        return None
    if i.kring <= 2:
        return "De adviseur en de referent bevestigen elkaar over en weer.", {"lengte": i.kring, "zwaar": True}
    return f"De referent sluit een kring van {i.kring} organisaties die elkaar bevestigen.", {"lengte": i.kring}


@_regel("kvk_niet_actief", VLAG, "Organisatie niet actief of van later")
def kvk_niet_actief(i: Invoer) -> _Uitslag:
    if i.register is None:
        return None
    if not i.register.actief:
        return "De organisatie van de referent is uitgeschreven uit het Handelsregister.", {"actief": False}
    begin = i.register.ingeschreven_op
    if begin is not None and i.opdracht_tot is not None and begin > i.opdracht_tot:
        gegevens = {"ingeschreven_op": begin.isoformat(), "opdracht_tot": i.opdracht_tot.isoformat()}
        return "De organisatie van de referent is ingeschreven na het einde van de opdracht.", gegevens
    return None


@_regel("relatie_gemeld", VLAG, "Relatie die de referent zelf meldt")
def relatie_gemeld(i: Invoer) -> _Uitslag:
    if i.antwoord is not None and i.antwoord.relatie:
        return "De referent meldt een relatie met de adviseur of de aanvrager.", {}
    return None


@_regel("ontkend", VLAG, "Ontkend door de referent")
def ontkend(i: Invoer) -> _Uitslag:
    if i.antwoord is not None and i.antwoord.ontkend:
        return "De referent zegt dat het project of de adviseur niet klopt.", {}
    return None
