"""The least scheme that a round known from a data file needs: what the file tells, nothing that decides."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any

from django.utils.text import slugify

from beoordeling.loting.historisch import REGEL as ALGORITME
from regeling.enums import Methode
from regeling.lezen import regeling_uit_dict
from regeling.schema import Regelingspec

_ONBEKEND = "niet in het bestand van de ronde"
_MET_COMMISSIE = frozenset({Methode.RANGSCHIKKING, Methode.GRIJZE_ZONE})


@dataclass(frozen=True)
class Rondefeiten:
    """What is known of the round. ``themas``: (code, name). Amounts in euros."""

    sleutel: str
    regeling: str
    regelingnaam: str
    jaar: int
    methode: str
    plafond: Decimal
    maximum: Decimal
    drempel: Decimal | None
    zaad: str | None
    themas: Sequence[tuple[str, str]]


def maak_spec(gegevens: Rondefeiten, bestand: str) -> Regelingspec:
    """The scheme, checked against every rule. Raises BestandFout when a value does not fit."""
    return regeling_uit_dict(_als_dict(gegevens), bestand)


def themacodes(namen: Sequence[str], bestaand: dict[str, str]) -> list[tuple[str, str]]:
    """(code, name) per theme; ``bestaand``: casefolded name -> code that the scheme has already."""
    codes: list[tuple[str, str]] = []
    bezet = set(bestaand.values())
    for naam in namen:
        code = bestaand.get(naam.casefold())
        if code is None:
            basis = slugify(naam.replace("_", "-"))[:50].strip("-") or "thema"
            code = next(c for c in (basis, *(f"{basis}-{nr}" for nr in range(2, 10_000))) if c not in bezet)
            bezet.add(code)
        codes.append((code, naam))
    return codes


def _als_dict(g: Rondefeiten) -> dict[str, Any]:
    verdeling: dict[str, Any] = {
        "methode": g.methode,
        "eenheid_loting": "aanvraag",
        "regel": "STOP",
        "reservelijst": False,
    }
    tijdvak: dict[str, Any] = {
        "sleutel": g.sleutel,
        "naam": f"Ronde van {g.jaar}",
        "open_op": datetime(g.jaar, 1, 1, 9),
        "sluit_op": datetime(g.jaar, 12, 31, 17),
        "plafond": g.plafond,
    }
    if g.zaad is not None:
        tijdvak["loting_historisch"] = {"algoritme": ALGORITME, "zaad": g.zaad}
    d: dict[str, Any] = {
        "formaat": 1,
        "regeling": {
            "sleutel": g.regeling,
            "naam": g.regelingnaam,
            "versie": "uit bestand",
            "samenvatting": "Een ronde uit het verleden. Alleen wat in het bestand van de ronde stond, is bekend.",
            "doel": _ONBEKEND,
            "geldig_vanaf": datetime(g.jaar, 1, 1).date(),
            "grondslag": [{"artikel": _ONBEKEND, "onderwerp": "de regeling van deze ronde"}],
            "uitvoerder": _ONBEKEND,
            "ondertekenaar": _ONBEKEND,
            "bezwaar_adres": _ONBEKEND,
        },
        "aanvrager": {"soort": "arbeidsorganisatie"},
        "verdeling": verdeling,
        "subsidie": {
            "vorm": "subsidie",
            "eenheid": "euro",
            "percentage": 100,
            "maximum": g.maximum,
            "staatssteun": "geen",
        },
        "termijnen": [
            {"code": "beslissing", "duur": "8w", "niveau": "wet"},
            {"code": "aanvulling", "duur": "2w", "niveau": "besluit"},
        ],
        "tijdvakken": [tijdvak],
    }
    if g.themas:
        d["themas"] = [{"code": code, "naam": naam} for code, naam in g.themas]
        d["themakeuze"] = {"minimum": 0, "maximum": len(g.themas)}
    if g.methode in _MET_COMMISSIE:
        d["criteria"] = [
            {
                "code": "totaal",
                "naam": "Totaalscore in het bestand",
                "gewicht": 100,
                "ankers": [f"score {score} van 5" for score in range(1, 6)],
            }
        ]
        if g.drempel is not None:
            verdeling["drempel"] = g.drempel
    return d
