"""Which days are no working days for legal terms in the Netherlands (Awt art. 1 and 3; R49, R50, T1, T2).

Pure. The rules and the days put on a par by royal decree are data: ``gegevens/feestdagen.toml``.
"""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from datetime import date, datetime, timedelta
from functools import lru_cache
from pathlib import Path
from types import MappingProxyType
from typing import Any

from kern.fouten import InvoerFout

EEN_DAG = timedelta(days=1)
DREMPEL_WERKDAGEN = 5
EERSTE_JAAR, LAATSTE_JAAR = 1900, 2300
WEEKDAGEN = ("maandag", "dinsdag", "woensdag", "donderdag", "vrijdag", "zaterdag", "zondag")
MAANDEN = (
    *("januari", "februari", "maart", "april", "mei", "juni", "juli"),
    *("augustus", "september", "oktober", "november", "december"),
)
_GEGEVENS = Path(__file__).parent / "gegevens" / "feestdagen.toml"


def controleer_dag(dag: date) -> None:
    """Refuse a moment instead of a day (``TypeError``) and a year we cannot count with (:class:`InvoerFout`)."""
    if isinstance(dag, datetime):
        raise TypeError("A term is counted in days: pass the local date (Europe/Amsterdam), not a moment.")
    if not EERSTE_JAAR <= dag.year <= LAATSTE_JAAR:
        raise InvoerFout(
            f"Met het jaar {dag.year} kan niet worden gerekend.",
            actie=f"Kies een datum van {EERSTE_JAAR} tot en met {LAATSTE_JAAR}.",
        )


def datum_tekst(dag: date, *, weekdag: bool = False) -> str:
    """A date in Dutch words: ``3 april 2026`` or ``vrijdag 3 april 2026``."""
    tekst = f"{dag.day} {MAANDEN[dag.month - 1]} {dag.year}"
    return f"{WEEKDAGEN[dag.weekday()]} {tekst}" if weekdag else tekst


def pasen(jaar: int) -> date:
    """Easter Sunday (Gregorian), from the age of the moon on 21 March: first Sunday after the full moon."""
    eeuw = jaar // 100
    # Correction of the 19-year moon cycle for skipped leap days and for its own drift.
    verschuiving = 15 + eeuw - eeuw // 4 - (8 * eeuw + 13) // 25
    maan = (19 * (jaar % 19) + verschuiving) % 30
    if maan == 29 or (maan == 28 and jaar % 19 > 10):
        maan -= 1
    volle_maan = date(jaar, 3, 21) + timedelta(days=maan)
    return volle_maan + timedelta(days=6 - volle_maan.weekday() or 7)


@lru_cache(maxsize=1)
def _tabel() -> Mapping[str, Any]:
    return MappingProxyType(tomllib.loads(_GEGEVENS.read_text(encoding="utf-8")))


def _regeldag(regel: Mapping[str, Any], jaar: int) -> date | None:
    if not regel.get("van", jaar) <= jaar <= regel.get("tot_en_met", jaar):
        return None
    if regel["soort"] == "pasen":
        return pasen(jaar) + timedelta(days=regel["afstand"])
    dag = date(jaar, regel["maand"], regel["dag"])
    return dag - EEN_DAG if regel["soort"] == "koning" and dag.weekday() == 6 else dag


@lru_cache(maxsize=512)
def feestdagen(jaar: int) -> Mapping[date, str]:
    """Holidays for legal terms in a year, in date order, with their name or the decree that puts them on a par."""
    dagen: dict[date, str] = {}
    for besluit in _tabel()["gelijkstelling"]:
        tekst = f"gelijkgesteld met een feestdag ({besluit['besluit']})"
        dagen |= {dag: tekst for dag in besluit["dagen"] if dag.year == jaar}
    for regel in _tabel()["feestdag"]:
        if (dag := _regeldag(regel, jaar)) is not None:
            dagen[dag] = f"{dagen[dag]} en {regel['naam']}" if dag in dagen else regel["naam"]
    return MappingProxyType(dict(sorted(dagen.items())))


def reden_vrij(dag: date) -> str:
    """Why a day is not a working day for legal terms: the holiday, ``zaterdag`` or ``zondag``; empty if it is one."""
    if naam := feestdagen(dag.year).get(dag, ""):
        return naam
    return WEEKDAGEN[dag.weekday()] if dag.weekday() >= 5 else ""


def is_werkdag(dag: date) -> bool:
    """Not a Saturday, a Sunday, a recognised holiday or a day put on a par with one (Awt art. 1 and 3)."""
    return not reden_vrij(dag)


def schuif_door(dag: date) -> date:
    """The day itself when it is a working day, otherwise the first working day after it (Awt art. 1(1))."""
    while not is_werkdag(dag):
        dag += EEN_DAG
    return dag


def werkdagen_erbij(dag: date, aantal: int) -> date:
    """The ``aantal``-th working day after ``dag`` (0: the day itself). :class:`InvoerFout` when negative."""
    if aantal < 0:
        raise InvoerFout("Het aantal werkdagen kan niet negatief zijn.", actie="Geef 0 of meer op.")
    controleer_dag(dag)
    for _ in range(aantal):
        dag = schuif_door(dag + EEN_DAG)
    return dag


def drempeldag(t0: date) -> date:
    """First day on which a draw may take place after the list was frozen on ``t0``: T0 + 5 working days."""
    return werkdagen_erbij(t0, DREMPEL_WERKDAGEN)


def kalender_waarschuwing(*dagen: date) -> str:
    """Warning when the decrees of one of these years are not (all) known; empty when they are (T2)."""
    bekend = _tabel()["volledige_jaren"]
    onbekend = sorted({dag.year for dag in dagen if not any(van <= dag.year <= tot for van, tot in bekend)})
    if not onbekend:
        return ""
    jaren = " en ".join(str(jaar) for jaar in onbekend)
    return (
        f"Let op: voor {jaren} is niet bekend welke dagen bij koninklijk besluit met een feestdag zijn gelijkgesteld. "
        "De laatste dag kan daardoor later zijn. Controleer de Staatscourant en vul de tabel met feestdagen aan."
    )
