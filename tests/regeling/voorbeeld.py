"""A small valid scheme file, and how tests change one thing in it."""

from __future__ import annotations

import copy
import re
import tomllib
from decimal import Decimal
from typing import Any

from kern.fouten import BestandFout, Regelfout
from regeling.lezen import regeling_uit_dict
from regeling.schema import Regelingspec


class _Weg:
    """Takes a key away; its text is stable, because test ids must be the same in every process."""

    def __repr__(self) -> str:
        return "WEG"


WEG = _Weg()

KOP = """
formaat = 1

[regeling]
sleutel = "proef"
naam = "Proefregeling"
versie = "1"
samenvatting = "Een voucher voor bedrijven die het werk anders organiseren."
doel = "Beter werk en betere prestaties."
geldig_vanaf = 2026-09-01
vervaldatum = 2031-09-01
evaluatiedatum = 2030-09-01
uitvoerder = "De uitvoerder"
ondertekenaar = "de Minister van Sociale Zaken en Werkgelegenheid"
bezwaar_adres = "Postbus 1, 1000 AA Voorbeeldstad"

[[regeling.grondslag]]
artikel = "artikel 3 van de Kaderwet SZW-subsidies"
onderwerp = "de bevoegdheid om subsidie te geven"
voor = ["verlening"]

[[termijnen]]
code = "beslissing"
duur = "13w"
niveau = "regeling"

[[termijnen]]
code = "aanvulling"
duur = "14d"
niveau = "besluit"
"""

BASIS = (
    KOP
    + """
[aanvrager]
soort = "onderneming"
mkb = true

[verdeling]
methode = "loting"
eenheid_loting = "aanvrager"
regel = "STOP"

[subsidie]
vorm = "voucher"
eenheid = "euro"
percentage = 75
maximum = 24999
staatssteun = "de-minimis"
de_minimis_maximum = 300000

[[tijdvakken]]
sleutel = "proef-2026"
naam = "Eerste tijdvak"
open_op = 2026-11-02T09:00:00
sluit_op = 2026-12-18T17:00:00
plafond = 2500000
"""
)

ANKERS = ["een", "twee", "drie", "vier", "vijf"]


def criterium(code: str = "aanpak", gewicht: Any = 100, **anders: Any) -> dict[str, Any]:
    return {"code": code, "naam": code, "gewicht": gewicht, "ankers": ANKERS, **anders}


def thema(code: str, naam: str | None = None) -> dict[str, Any]:
    return {"code": code, "naam": naam or code}


def pot(code: str = "A", bedrag: Any = 1000, soort: str = "provincie", waarden: Any = ("Zeeland",)) -> dict[str, Any]:
    return {"code": code, "naam": code, "bedrag": bedrag, "soort": soort, "waarden": list(waarden)}


def met(basis: str = BASIS, **wijzigingen: Any) -> dict[str, Any]:
    """The file as dict with keys changed. A path is written with double underscores and numbers for list positions:
    ``tijdvakken__0__plafond=5``. ``WEG`` removes the key."""
    gegevens = tomllib.loads(basis, parse_float=Decimal)
    for pad, waarde in wijzigingen.items():
        *stappen, laatste = [int(stap) if re.fullmatch(r"\d+", stap) else stap for stap in pad.split("__")]
        doel: Any = gegevens
        for stap in stappen:
            doel = doel[stap] if isinstance(stap, int) else doel.setdefault(stap, {})
        if waarde is WEG:
            doel.pop(laatste, None)
        else:
            doel[laatste] = copy.deepcopy(waarde)
    return gegevens


def spec(basis: str = BASIS, **wijzigingen: Any) -> Regelingspec:
    return regeling_uit_dict(met(basis, **wijzigingen), "proef.toml")


def fouten(gegevens: dict[str, Any]) -> list[Regelfout]:
    """The errors of a file that must be refused; none when it is accepted."""
    try:
        regeling_uit_dict(gegevens, "proef.toml")
    except BestandFout as fout:
        return fout.fouten
    return []
