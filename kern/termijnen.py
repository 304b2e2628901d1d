"""Legal terms: when is the last day, and why (Algemene termijnenwet, R48-R52, T1-T4).

Pure: the same input always gives the same outcome and the same explanation; no clock, no settings, no database.
All dates are calendar days in the Netherlands; convert a moment to Europe/Amsterdam before you take its date.

* A term starts the day after the event (``start``) and ends at midnight at the end of ``laatste_dag``.
* A month is counted to the same day number; when that month has no such day, its last day counts.
* The Awt moves the last day only for terms set in a law or an amvb (art. 1, 5), and not for terms of more than
  90 days, 12 weeks or 3 months, for years, or for terms counted back (art. 1(2), art. 4 under a).
* A suspension runs from ``van`` (first day that does not count) to ``tot`` (day on which the clock runs again),
  the way Awb 4:15(1) words it: "met ingang van de dag na ... tot de dag waarop".
* Adjournments are separate terms: each is measured against the limits of the Awt by itself (R24). They are counted
  from the end before any roll; only the final end rolls, so two rolls never add up.
"""

from __future__ import annotations

import calendar
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any, Literal, get_args

from kern.feestdagen import (
    EEN_DAG,
    MAANDEN,
    controleer_dag,
    datum_tekst,
    is_werkdag,
    kalender_waarschuwing,
    reden_vrij,
    schuif_door,
    werkdagen_erbij,
)
from kern.fouten import InvoerFout

__all__ = [
    "Duur",
    "Eenheid",
    "Niveau",
    "Opschorting",
    "Termijn",
    "Termijnuitkomst",
    "Verdaging",
    "awt_geldt",
    "bereken",
    "is_werkdag",
    "lees_duur",
    "werkdagen_erbij",
]

Niveau = Literal["wet", "amvb", "regeling", "besluit"]
Eenheid = Literal["d", "w", "m", "j"]

_EENHEID_WOORD = {"d": ("dag", "dagen"), "w": ("week", "weken"), "m": ("maand", "maanden"), "j": ("jaar", "jaar")}
_GRENS_AWT: Mapping[str, int] = {"d": 90, "w": 12, "m": 3, "j": 0}
_MAXIMUM: Mapping[str, int] = {"d": 18_250, "w": 2_600, "m": 600, "j": 50}
_NIVEAU_WOORD = {
    "wet": "een wet",
    "amvb": "een algemene maatregel van bestuur",
    "regeling": "een ministeriële regeling",
    "besluit": "een besluit of brief",
}


# --- Durations --------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Duur:
    """Length of a term: a whole number of days, weeks, months or years. ``str`` gives ``8w``."""

    lengte: int
    eenheid: Eenheid

    def __post_init__(self) -> None:
        if self.eenheid not in get_args(Eenheid):
            raise InvoerFout(f"De eenheid '{self.eenheid}' bestaat niet.", actie="Kies d, w, m of j.")
        if not 1 <= self.lengte <= _MAXIMUM[self.eenheid]:
            woord = _EENHEID_WOORD[self.eenheid][1]
            raise InvoerFout(
                f"Een termijn van {self.lengte} {woord} kan niet.",
                actie=f"Kies een aantal van 1 tot en met {_MAXIMUM[self.eenheid]}.",
            )

    def __str__(self) -> str:
        return f"{self.lengte}{self.eenheid}"

    def in_woorden(self) -> str:
        """``1 week``, ``8 weken``."""
        return f"{self.lengte} {_EENHEID_WOORD[self.eenheid][self.lengte != 1]}"

    def valt_onder_awt(self) -> bool:
        """Not longer than 90 days, 12 weeks or 3 months, and not set in years (Awt art. 4 under a)."""
        return self.lengte <= _GRENS_AWT[self.eenheid]


def lees_duur(tekst: str) -> Duur:
    """``8w``, ``28d``, ``6m``, ``2j`` as a :class:`Duur`. :class:`InvoerFout` for anything else, also for hours."""
    if re.fullmatch(r"[0-9]+u", tekst):
        raise InvoerFout(
            "Een termijn in uren heeft geen laatste dag. De Algemene termijnenwet geldt niet (artikel 4, onder a).",
            actie="Reken deze termijn uit met datum en tijd.",
        )
    if not (deel := re.fullmatch(r"([0-9]{1,5})([dwmj])", tekst)):
        raise InvoerFout(f"'{tekst}' is geen duur.", actie="Schrijf bijvoorbeeld 28d, 8w, 6m of 2j.")
    eenheden: dict[str, Eenheid] = {"d": "d", "w": "w", "m": "m", "j": "j"}
    return Duur(int(deel[1]), eenheden[deel[2]])


def _plus(dag: date, duur: Duur, richting: int = 1) -> date:
    if duur.eenheid in "dw":
        return dag + richting * timedelta(days=duur.lengte * (7 if duur.eenheid == "w" else 1))
    maanden = dag.year * 12 + dag.month - 1 + richting * duur.lengte * (12 if duur.eenheid == "j" else 1)
    jaar, maand = maanden // 12, maanden % 12 + 1
    return date(jaar, maand, min(dag.day, calendar.monthrange(jaar, maand)[1]))


# --- Terms ------------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Opschorting:
    """The clock stands still from ``van`` up to, but not including, ``tot``."""

    van: date
    tot: date
    reden: str = ""

    def __post_init__(self) -> None:
        controleer_dag(self.van)
        controleer_dag(self.tot)
        if self.tot < self.van:
            raise InvoerFout("De opschorting eindigt voordat zij begint.", actie="Controleer de twee datums.")

    @classmethod
    def aanvulling(cls, gevraagd_op: date, einde: date) -> Opschorting:
        """Awb 4:15(1)(a), R5: from the day after the request to the day it was completed, or the term for it lapsed."""
        return cls(gevraagd_op + EEN_DAG, max(einde, gevraagd_op + EEN_DAG), "verzoek om aanvulling, artikel 4:15 Awb")


@dataclass(frozen=True)
class Verdaging:
    """An adjournment or extension: a separate term after the one before it."""

    duur: Duur
    reden: str = ""


@dataclass(frozen=True)
class Termijn:
    """A legal term (R52).

    ``start``: date of the event; the term runs from the day after. ``niveau``: where the term is set.
    ``doorschuiven``: the scheme grants the roll although the Awt does not (only for ``regeling`` and ``besluit``).
    ``awt_uitgesloten``: article that switches the Awt off for this term (for example Awb 4:17(1)); empty if none.
    ``terugrekenend``: counted back from the event, as in "ten days before the hearing".
    """

    start: date
    duur: Duur
    niveau: Niveau
    doorschuiven: bool = False
    awt_uitgesloten: str = ""
    terugrekenend: bool = False
    opschortingen: tuple[Opschorting, ...] = ()
    verdagingen: tuple[Verdaging, ...] = ()

    def __post_init__(self) -> None:
        controleer_dag(self.start)
        if self.niveau not in get_args(Niveau):
            raise InvoerFout(
                f"Het niveau '{self.niveau}' bestaat niet.", actie=f"Kies uit: {', '.join(_NIVEAU_WOORD)}."
            )
        if self.terugrekenend and (self.opschortingen or self.verdagingen):
            raise InvoerFout(
                "Een termijn die u terugrekent, kan niet worden opgeschort of verdaagd.",
                actie="Laat de opschorting of verdaging weg.",
            )

    def laatste_duur(self) -> Duur:
        """The part of the term that decides its end: the last adjournment, or the term itself."""
        return self.verdagingen[-1].duur if self.verdagingen else self.duur


@dataclass(frozen=True)
class Termijnuitkomst:
    """``laatste_dag`` is the result; ``ongerold`` the end before any roll; ``awt``: the Awt applies to this term.

    ``doorgeschoven``: the last day was moved. ``stappen``: the reasoning, one plain Dutch sentence or two per step.
    ``waarschuwing``: empty, or that the holiday table does not reach far enough.
    """

    eerste_dag: date
    laatste_dag: date
    ongerold: date
    awt: bool
    doorgeschoven: bool
    stappen: tuple[str, ...]
    waarschuwing: str = ""

    @property
    def uitleg(self) -> str:
        """All steps and the warning as running text."""
        return " ".join([*self.stappen, *filter(None, [self.waarschuwing])])

    def als_dict(self) -> dict[str, Any]:
        """JSON form, by the contract of the command ``termijn`` (dates as ISO text)."""
        return {
            "laatste_dag": self.laatste_dag.isoformat(),
            "ongerold": self.ongerold.isoformat(),
            "awt": self.awt,
            "uitleg": self.uitleg,
            "eerste_dag": self.eerste_dag.isoformat(),
            "doorgeschoven": self.doorgeschoven,
            "waarschuwing": self.waarschuwing,
        }


def awt_geldt(termijn: Termijn) -> tuple[bool, str]:
    """Whether the Awt applies to the term, and why, in one Dutch sentence (R48, T4)."""
    duur = termijn.laatste_duur()
    nee = "De Algemene termijnenwet geldt niet voor deze termijn"
    if termijn.niveau not in ("wet", "amvb"):
        return False, f"{nee}, want de termijn staat in {_NIVEAU_WOORD[termijn.niveau]} (artikel 1 en 5)."
    if termijn.awt_uitgesloten:
        return False, f"{nee}. Dat staat in {termijn.awt_uitgesloten}."
    if termijn.terugrekenend:
        return False, f"{nee}, want u rekent terug vanaf een gebeurtenis (artikel 1, tweede lid)."
    if not duur.valt_onder_awt():
        return False, (
            f"{nee}, want een termijn van {duur.in_woorden()} is te lang. "
            "De grens is 90 dagen, 12 weken of 3 maanden (artikel 4, onder a)."
        )
    artikel = "artikel 1" if termijn.niveau == "wet" else "artikel 1 en 5"
    return (
        True,
        f"De Algemene termijnenwet geldt, want de termijn staat in {_NIVEAU_WOORD[termijn.niveau]} ({artikel}).",
    )


def _samengevoegd(opschortingen: tuple[Opschorting, ...], vanaf: date) -> Iterator[Opschorting]:
    """The suspensions in order, from ``vanaf`` on, without days that another one already covers."""
    for deel in sorted(opschortingen, key=lambda deel: (deel.van, deel.tot)):
        van = max(deel.van, vanaf)
        if deel.tot > van:
            yield Opschorting(van, deel.tot, deel.reden)
            vanaf = deel.tot


def _geef_reden(reden: str) -> str:
    return f" ({reden})" if reden else ""


def bereken(termijn: Termijn) -> Termijnuitkomst:
    """The last day of a term with its explanation. Pure; raises nothing that :class:`Termijn` did not refuse."""
    awt, waarom = awt_geldt(termijn)
    rolt = awt or (termijn.doorschuiven and termijn.niveau in ("regeling", "besluit") and not termijn.terugrekenend)
    if termijn.terugrekenend:
        return _teruggerekend(termijn, waarom)

    eerste = termijn.start + EEN_DAG
    stappen = [f"De termijn begint op {_dag(eerste)}. Dat is de dag na {_dag(termijn.start)}."]
    stil = list(_samengevoegd(termijn.opschortingen, eerste))
    geschorst: set[date] = set()
    einde = termijn.start
    for deel in (Verdaging(termijn.duur), *termijn.verdagingen):
        nieuw = _plus(einde, deel.duur)
        verlenging = einde != termijn.start
        kop = "De termijn is verlengd met" if verlenging else "De termijn duurt"
        stappen.append(f"{kop} {deel.duur.in_woorden()}{_geef_reden(deel.reden)}. De laatste dag is dan {_dag(nieuw)}.")
        stappen += _afkapping(einde, nieuw, deel.duur)
        einde = nieuw
        # A suspension that begins after the unrolled end, but before the rolled end, still finds a running term.
        while stil and stil[0].van <= (schuif_door(einde) if rolt else einde):
            rust = stil.pop(0)
            dagen = (rust.tot - rust.van).days
            geschorst |= {rust.van + timedelta(days=i) for i in range(dagen)}
            einde = max(einde, rust.van - EEN_DAG) + timedelta(days=dagen)
            stappen.append(
                f"De termijn stond {dagen} {'dag' if dagen == 1 else 'dagen'} stil{_geef_reden(rust.reden)}: "
                f"van {_dag(rust.van)} tot en met {_dag(rust.tot - EEN_DAG)}. De laatste dag is daarna {_dag(einde)}."
            )
    stappen.append(waarom)
    if rolt and not awt:
        stappen.append(
            "De regeling schuift de laatste dag wel door naar een werkdag, in het voordeel van de aanvrager."
        )
    laatste, rolstappen = _rol(termijn, einde, geschorst, awt) if rolt else (einde, [])
    stappen += [*rolstappen, f"De laatste dag van de termijn is {_dag(laatste)}."]
    waarschuwing = kalender_waarschuwing(einde, laatste) if rolt else ""
    return Termijnuitkomst(eerste, laatste, einde, awt, laatste != einde, tuple(stappen), waarschuwing)


def _dag(dag: date) -> str:
    return datum_tekst(dag, weekdag=True)


def _afkapping(van: date, tot: date, duur: Duur) -> list[str]:
    """Say so when the month reached has no day with the same number."""
    if duur.eenheid in "dw" or van.day == tot.day:
        return []
    maand = f"{MAANDEN[tot.month - 1]} {tot.year}"
    return [f"De maand {maand} heeft geen dag {van.day}. Daarom telt de laatste dag van die maand."]


def _teruggerekend(termijn: Termijn, waarom: str) -> Termijnuitkomst:
    laatste = _plus(termijn.start, termijn.duur, -1)
    stappen = (
        f"De termijn wordt teruggerekend vanaf {_dag(termijn.start)}: {termijn.duur.in_woorden()} eerder.",
        *_afkapping(termijn.start, laatste, termijn.duur),
        waarom,
        f"De laatste dag van de termijn is {_dag(laatste)}.",
    )
    return Termijnuitkomst(laatste, laatste, laatste, False, False, stappen)


def _rol(termijn: Termijn, einde: date, geschorst: set[date], awt: bool) -> tuple[date, list[str]]:
    """Awt art. 1(1) and art. 2: roll the end to a working day, and see that a term of 3 days or more holds two."""
    stappen = []
    bron = " (artikel 1, eerste lid)" if awt else ""
    laatste = schuif_door(einde)
    if laatste != einde:
        vrij = [einde + timedelta(days=i) for i in range((laatste - einde).days)]
        redenen = "; ".join(f"{datum_tekst(dag)}: {reden_vrij(dag)}" for dag in vrij)
        stappen.append(f"De laatste dag schuift door naar de eerste werkdag{bron}. Geen werkdag zijn: {redenen}.")
    lang_genoeg = termijn.duur.eenheid != "d" or termijn.duur.lengte >= 3
    if awt and lang_genoeg and not termijn.verdagingen:
        dag, werkdagen = termijn.start, 0
        while werkdagen < 2:
            dag += EEN_DAG
            werkdagen += is_werkdag(dag) and dag not in geschorst
        if dag > laatste:
            laatste = dag
            stappen.append(
                f"In de termijn moeten twee werkdagen vallen. Daarom loopt hij tot en met {_dag(dag)} (artikel 2)."
            )
    return laatste, stappen
