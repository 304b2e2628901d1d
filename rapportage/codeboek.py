"""The codebook: one row per variable, facts from ``gegevens/variabelen.toml``, counts from the data."""

from __future__ import annotations

import re
import tomllib
from dataclasses import dataclass, fields
from datetime import date, datetime
from decimal import Decimal
from fnmatch import fnmatchcase
from functools import cache
from pathlib import Path
from typing import Any

import pandas as pd

OPENBAAR, ONDERZOEKER, NOOIT = "openbaar", "onderzoeker", "nooit"
TEKST, GEHEEL, DECIMAAL, DATUM, DATUMTIJD = "tekst", "geheel", "decimaal", "datum", "datumtijd"
GETALLEN = frozenset({GEHEEL, DECIMAAL})
_BESTAND = Path(__file__).parent / "gegevens" / "variabelen.toml"


@dataclass(frozen=True, slots=True)
class Variabele:
    """The facts of one variable; ``naam`` may be a pattern with ``*`` (see the head of the data file)."""

    naam: str
    label: str
    vraagtekst: str
    vraagnummer: str
    routing: str
    type: str
    meetniveau: str
    waarden: tuple[str, ...]
    missend: str
    eenheid: str
    bron: str
    meetmoment: str
    afleiding: str
    weging: str
    gevoeligheid: str
    versie_sinds: str
    pseudoniem: str = ""
    bekend: bool = True

    @property
    def missende_codes(self) -> frozenset[float]:
        """Codes that count as missing (-8 and -9 where the variable has them)."""
        return frozenset(float(code) for code in re.findall(r"-\d+(?= =)", self.missend))


@dataclass(frozen=True, slots=True)
class Codeboekregel:
    """One row of the codebook; the order of the fields is the order of the columns."""

    variabele: str
    label: str
    vraagtekst: str
    vraagnummer: str
    routing: str
    type: str
    meetniveau: str
    waarden: str
    missend: str
    eenheid: str
    bron: str
    meetmoment: str
    afleiding: str
    weging: str
    gevoeligheid: str
    n_geldig: int | str
    min_max: str
    versie_sinds: str

    def cellen(self) -> list[int | str]:
        return [getattr(self, veld.name) for veld in fields(self)]


KOPPEN: tuple[str, ...] = tuple(
    {"n_geldig": "n geldig", "min_max": "min-max", "versie_sinds": "versie sinds"}.get(veld.name, veld.name)
    for veld in fields(Codeboekregel)
)


@cache
def bekende_variabelen() -> tuple[tuple[Variabele, dict[str, str]], ...]:
    """Every entry of the data file with its ``delen`` (words for the part that ``*`` stands for)."""
    inhoud = tomllib.loads(_BESTAND.read_text(encoding="utf-8"))
    uit = []
    for regel in inhoud["variabele"]:
        feiten = {**inhoud["standaard"], **regel}
        delen = feiten.pop("delen", {})
        feiten["waarden"] = tuple(feiten["waarden"])
        uit.append((Variabele(**feiten), delen))
    return tuple(uit)


def zoek(naam: str) -> Variabele | None:
    """The facts of ``naam``: an exact entry first, then the first pattern that fits; ``None`` when unknown."""
    for variabele, _ in bekende_variabelen():
        if variabele.naam == naam:
            return variabele
    for patroon, delen in bekende_variabelen():
        if "*" in patroon.naam and fnmatchcase(naam, patroon.naam):
            deel = naam.removeprefix(patroon.naam.removesuffix("*"))
            feiten: dict[str, Any] = {veld.name: getattr(patroon, veld.name) for veld in fields(Variabele)}
            woord = delen.get(deel, deel.replace("_", " "))
            for veld in ("label", "vraagtekst"):
                feiten[veld] = feiten[veld].replace("{deel}", woord)
            return Variabele(**{**feiten, "naam": naam})
    return None


def variabele(kolom: pd.Series) -> Variabele:
    """The facts of a column; for an unknown column what can be seen in the data, with ``bron`` = onbekend."""
    naam = str(kolom.name)
    gevonden = zoek(naam)
    if gevonden is not None:
        return gevonden
    soort, meetniveau = _afgeleid(kolom)
    return Variabele(
        naam=naam,
        label=naam,
        vraagtekst="",
        vraagnummer="",
        routing="onbekend",
        type=soort,
        meetniveau=meetniveau,
        waarden=("0", "1") if meetniveau == "dichotoom" else (),
        missend="leeg",
        eenheid="",
        bron="onbekend",
        meetmoment="onbekend",
        afleiding="",
        weging="onbekend",
        gevoeligheid=ONDERZOEKER,
        versie_sinds="onbekend",
        bekend=False,
    )


def _afgeleid(kolom: pd.Series) -> tuple[str, str]:
    """Type and level of an unknown column, from its values only."""
    geldig = kolom.dropna()
    soorten = {type(waarde) for waarde in geldig.tolist()}
    if soorten and all(issubclass(soort, datetime) for soort in soorten):
        return DATUMTIJD, "interval"
    if soorten and all(issubclass(soort, date) for soort in soorten):
        return DATUM, "interval"
    if not soorten or not all(issubclass(soort, int | float | Decimal) for soort in soorten):
        return TEKST, "nominaal"
    getallen = geldig.astype(float)
    if len(getallen) and getallen.isin([0.0, 1.0]).all():
        return GEHEEL, "dichotoom"
    return (GEHEEL if (getallen % 1 == 0).all() else DECIMAAL), "onbekend"


def maak_codeboek(df: pd.DataFrame, *, openbaar: bool = False, minimum: int = 10) -> list[Codeboekregel]:
    """One row per column of ``df``, in the order of the columns.

    ``openbaar``: without the extremes (they are values of one applicant) and without counts of 1 to ``minimum`` - 1.
    """
    regels = []
    for naam in df.columns:
        kolom = df[naam]
        feiten = variabele(kolom)
        n_geldig, min_max = _telling(kolom, feiten)
        if openbaar:
            min_max = "." if min_max else ""
        regels.append(
            Codeboekregel(
                variabele=str(naam),
                label=feiten.label,
                vraagtekst=feiten.vraagtekst,
                vraagnummer=feiten.vraagnummer,
                routing=feiten.routing,
                type=feiten.type,
                meetniveau=feiten.meetniveau,
                waarden="; ".join(feiten.waarden),
                missend=feiten.missend,
                eenheid=feiten.eenheid,
                bron=feiten.bron,
                meetmoment=feiten.meetmoment,
                afleiding=feiten.afleiding,
                weging=feiten.weging,
                gevoeligheid=feiten.gevoeligheid,
                n_geldig="." if openbaar and 0 < n_geldig < minimum else n_geldig,
                min_max=min_max,
                versie_sinds=feiten.versie_sinds,
            )
        )
    return regels


def _telling(kolom: pd.Series, feiten: Variabele) -> tuple[int, str]:
    """Valid values and the range of numbers and dates ("1 tot 265"); empty for text."""
    geldig = kolom.dropna()
    if feiten.type in GETALLEN:
        getallen = pd.to_numeric(geldig.astype(object), errors="coerce").astype(float)
        getallen = getallen[~getallen.isin(list(feiten.missende_codes))]
        bereik = "" if getallen.isna().all() else f"{_getal(getallen.min())} tot {_getal(getallen.max())}"
        return len(getallen), bereik
    if feiten.type in (DATUM, DATUMTIJD) and len(geldig):
        return len(geldig), f"{min(geldig).isoformat()} tot {max(geldig).isoformat()}"
    return len(geldig), ""


def _getal(waarde: float) -> str:
    return str(int(waarde)) if waarde.is_integer() else repr(float(waarde))
