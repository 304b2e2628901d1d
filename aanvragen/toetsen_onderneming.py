"""The checks that look at who the applicant is: trade register, size with its group, and earlier aid. Pure.

Each gives (outcome, explanation, inputs); `aanvragen.toetsen` puts them in the list of checks.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal, InvalidOperation
from typing import Any

from aanvragen.deminimis import MAXIMUM, Steun, Steunsom, steunsom
from aanvragen.enums import Registerstand, Toetsuitkomst
from aanvragen.omvang import MKB, Groep, Onderneming, groep, groep_in_woorden, mkb_uitslag
from aanvragen.termijn import AMSTERDAM
from kern.geld import euro

JA, NEE, ZELF = Toetsuitkomst.VOLDOET, Toetsuitkomst.VOLDOET_NIET, Toetsuitkomst.HANDMATIG
Uitslag = tuple[Toetsuitkomst, str, dict[str, Any]]


@dataclass(frozen=True)
class Registerbeeld:
    """What the register said. ``verschillen``: (what, typed, register); ``bron``: 'kvk', or who took it as true."""

    stand: str = Registerstand.NIET_GECONTROLEERD
    op: datetime | None = None
    verschillen: Sequence[tuple[str, str, str]] = ()
    uitgeschreven_op: date | None = None
    bron: str = "kvk"


def kvk_register(beeld: Registerbeeld) -> Uitslag:
    """No decision before the register has spoken, or an officer has with a reason."""
    op = f" op {beeld.op.astimezone(AMSTERDAM):%d-%m-%Y}" if beeld.op else ""
    invoer: dict[str, Any] = {"stand": str(Registerstand(beeld.stand).label), "gevraagd": op.strip()}
    match beeld.stand:
        case Registerstand.BEVESTIGD if beeld.bron == "kvk":
            return JA, f"Het Handelsregister bevestigde de gegevens{op}.", invoer
        case Registerstand.BEVESTIGD:
            return JA, f"De gegevens zijn aangenomen zonder ze te vragen ({beeld.bron}).", invoer
        case Registerstand.AFWIJKEND:
            invoer["verschillen"] = [f"{wat}: {mijn} (register: {zij})" for wat, mijn, zij in beeld.verschillen]
            lijst = "; ".join(invoer["verschillen"]) or "niet bekend welke"
            return ZELF, f"Wat is ingevuld wijkt af van het Handelsregister. {lijst}.", invoer
        case Registerstand.NIET_GEVONDEN:
            return NEE, f"Dit KvK-nummer staat niet in het Handelsregister{op}.", invoer
        case Registerstand.UITGESCHREVEN:
            einde = f" per {beeld.uitgeschreven_op:%d-%m-%Y}" if beeld.uitgeschreven_op else ""
            return NEE, f"De onderneming is{einde} uitgeschreven uit het Handelsregister.", invoer
    return (
        ZELF,
        "De gegevens zijn nog niet bij het Handelsregister gecontroleerd. Wij proberen dat steeds opnieuw. Tot dan is "
        "geen besluit mogelijk, tenzij een behandelaar de gegevens zelf controleert.",
        invoer,
    )


@dataclass(frozen=True)
class Omvangbeeld:
    """Figures for the size of the applicant and of what is around it."""

    eigen: Onderneming
    rond: Sequence[Onderneming] = ()
    vorig: str = ""
    publiek: bool = False
    publiek_aandeel: Decimal | None = None

    def groep(self) -> Groep:
        return groep(self.eigen, self.rond)


def mkb(beeld: Omvangbeeld, toegestaan: Sequence[str]) -> Uitslag:
    """The class of the enterprise with its partner and linked enterprises, line by line."""
    uitkomst = beeld.groep()
    uitslag = mkb_uitslag(
        uitkomst,
        toegestaan=toegestaan or MKB,
        vorig=beeld.vorig,
        publiek=beeld.publiek,
        publiek_aandeel=beeld.publiek_aandeel,
    )
    invoer: dict[str, Any] = {
        "werkzame_personen": _tekst(uitkomst.personen),
        "omzet": _tekst(uitkomst.omzet),
        "balanstotaal": _tekst(uitkomst.balans),
        "klasse_jaar_ervoor": beeld.vorig,
        "berekening": groep_in_woorden(uitkomst),
    }
    return (ZELF if uitslag.past is None else JA if uitslag.past else NEE), uitslag.uitleg, invoer


def _tekst(getal: Decimal | None) -> str | None:
    return None if getal is None else f"{getal.normalize():f}"


@dataclass(frozen=True)
class Steunbeeld:
    """Earlier aid of the single undertaking. ``verleend_op``: the day to count back from."""

    verleend_op: date
    opgegeven: Sequence[Steun] = ()
    eigen: Sequence[Steun] = ()
    ondernemingen: Sequence[str] = ()


def eerder_totaal(antwoorden: Mapping[str, Any]) -> Decimal | None:
    """The one number about earlier aid; ``None`` when it was not given or cannot be read."""
    try:
        getal = Decimal(str(antwoorden.get("de_minimis_eerder")))
    except InvalidOperation:
        return None
    return getal if getal.is_finite() and getal >= 0 else None


def steun_van(
    beeld: Steunbeeld, antwoorden: Mapping[str, Any], nieuw: Decimal, maximum: Decimal | None
) -> Steunsom | None:
    """The rolling sum; ``None`` while the applicant has declared neither lines nor a number."""
    totaal = None if beeld.opgegeven else eerder_totaal(antwoorden)
    if not beeld.opgegeven and totaal is None:
        return None
    return steunsom(
        opgegeven=beeld.opgegeven,
        eigen=beeld.eigen,
        nieuw=nieuw,
        verleend_op=beeld.verleend_op,
        maximum=maximum or MAXIMUM,
        opgegeven_totaal=totaal,
    )


def de_minimis(som: Steunsom | None) -> Uitslag:
    """Equal to the ceiling is allowed; one cent over is refused as a whole (R68)."""
    if som is None:
        return ZELF, "De aanvrager heeft niet opgegeven hoeveel steun er al was.", {}
    invoer = {
        "eerder": str(som.eerder),
        "nieuw": str(som.nieuw),
        "maximum": str(som.maximum),
        "geteld_vanaf_na": som.na.isoformat(),
        "dag_van_verlening": som.verleend_op.isoformat(),
        "regels": [
            f"{r.steun.onderneming}, {r.steun.verlener}, {r.steun.verleend_op:%d-%m-%Y}: {euro(r.steun.bedrag)}"
            + ("" if r.telt else f" (telt niet: {r.waarom_niet})")
            for r in som.regels
        ],
    }
    if not som.past:
        return NEE, f"Samen {euro(som.totaal)}; dat is meer dan {euro(som.maximum)}.", invoer
    return JA, f"Samen {euro(som.totaal)}; het maximum is {euro(som.maximum)}.", invoer
