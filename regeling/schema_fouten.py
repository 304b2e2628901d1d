"""From what pydantic reports to what the author of a file reads: plain Dutch, with the key path and a way out."""

from __future__ import annotations

import difflib
import re
from collections.abc import Iterable, Mapping
from typing import Any

from pydantic import ValidationError
from pydantic_core import ErrorDetails

from kern.fouten import Regelfout
from regeling.schema_velden import toon

#: Error types of pydantic itself that our fields can give, with our rule id. Our own types carry their text already.
STANDAARDFOUTEN: dict[str, str] = {
    "literal_error": "keuze",
    "tuple_type": "type",
    "none_required": "type",
}

#: Rule id -> explanation, for the checks on one key (the rules between keys are in ``schema_regels.REGELS``).
VELDREGELS: dict[str, str] = {
    "codering": "Het bestand is tekst in UTF-8.",
    "te-groot": "Het bestand is hoogstens 1 megabyte.",
    "toml": "Het bestand is geldig TOML.",
    "formaat": "De sleutel formaat is 1.",
    "onbekende-sleutel": "Er staan alleen bekende sleutels in het bestand.",
    "verplicht": "Een verplichte sleutel staat in het bestand.",
    "type": "Een waarde heeft de juiste soort: tekst, getal, true of false, lijst of tabel.",
    "keuze": "Een waarde met vaste mogelijkheden is er één van.",
    "bereik": "Een getal of datum ligt binnen de grenzen.",
    "geldbedrag": "Een bedrag heeft hoogstens twee cijfers achter de punt.",
    "datum": "Een datum is een echte datum zonder kloktijd.",
    "tijd": "Een moment is een datum met een kloktijd die bestaat en één keer voorkomt.",
    "leeg": "Een tekst is niet leeg.",
    "lengte": "Een tekst is niet te lang.",
    "tekst": "Een tekst bevat geen onzichtbare tekens; een korte tekst staat op één regel.",
    "patroon": "Een sleutel, code of duur heeft de juiste vorm.",
    "dubbel": "In een lijst staat elke waarde één keer.",
}


def voeg_toe(pad: str, deel: str | int) -> str:
    """Key path of a part: ``tijdvakken`` + 0 -> ``tijdvakken[0]``, + ``plafond`` -> ``tijdvakken[0].plafond``."""
    if isinstance(deel, int):
        return f"{pad}[{deel}]"
    return f"{pad}.{deel}" if pad else deel


def lijkt_op(woord: str, bekend: Iterable[str]) -> str | None:
    """The nearest known word, if one is near enough to be meant."""
    treffers = difflib.get_close_matches(woord.lower(), list(bekend), n=1, cutoff=0.6)
    return treffers[0] if treffers else None


def _vertaal(fout: ErrorDetails) -> tuple[str, str]:
    """Rule id and Dutch message of one error."""
    soort, waarde = fout["type"], fout.get("input")
    context: Mapping[str, Any] = fout.get("ctx") or {}
    if "melding" in context:
        return soort, str(context["melding"])
    if soort == "literal_error":
        keuzes = re.findall(r"'([^']*)'", str(context["expected"])) or [str(context["expected"])]
        nabij = lijkt_op(waarde, keuzes) if isinstance(waarde, str) else None
        vraag = f" Bedoelde u '{nabij}'?" if nabij else ""
        return "keuze", f"'{toon(waarde)}' is geen mogelijkheid.{vraag} Kies uit: {', '.join(keuzes)}."
    if soort == "tuple_type":
        return "type", f"Hier hoort een lijst tussen vierkante haken, maar er staat {toon(waarde)}."
    return STANDAARDFOUTEN.get(soort, "type"), f"De waarde {toon(waarde)} past hier niet."


#: What tomllib says, as the start of its message -> Dutch.
_TOML = (
    ("Cannot overwrite", "Deze sleutel staat er twee keer. Laat er één staan."),
    (
        "Cannot declare",
        "Deze kop staat er twee keer. Voeg de sleutels samen onder één kop, of gebruik [[...]] voor een lijst.",
    ),
    ("Cannot redefine", "Deze kop of sleutel bestaat al. Gebruik een andere naam of voeg ze samen."),
    ("Cannot mutate", "Hier wordt iets toegevoegd aan een tabel of lijst die al af is. Voeg de delen samen."),
    ("Cannot create namespace", "Deze kop of sleutel bestaat al als gewone waarde. Kies een andere naam."),
    ("Duplicate inline", "Deze sleutel staat er twee keer tussen accolades. Laat er één staan."),
    ("Unterminated string", "Een tekst mist het aanhalingsteken aan het eind. Zet het erbij."),
    (
        "Expected newline",
        "Na de waarde staat nog iets. Zet tekst tussen aanhalingstekens en elke sleutel op een eigen regel.",
    ),
    ("Expected '='", 'Na de sleutel hoort een isgelijkteken, bijvoorbeeld: naam = "waarde".'),
    ('Expected "="', 'Na de sleutel hoort een isgelijkteken, bijvoorbeeld: naam = "waarde".'),
    ("Expected ']", "Een kop mist het vierkante haakje aan het eind. Zet het erbij."),
    ("Unclosed array", "Een lijst mist het vierkante haakje aan het eind, of een komma ertussen."),
    ("Unclosed inline", "Een tabel tussen accolades is niet afgesloten. Zet de accolade erbij."),
    (
        "Invalid value",
        "Deze waarde is niet te lezen. Zet tekst tussen aanhalingstekens; schrijf getallen met een punt.",
    ),
    ("Invalid date", "Deze datum bestaat niet. Schrijf jaar-maand-dag."),
    ("Invalid statement", "Deze regel is niet te lezen. Schrijf: sleutel = waarde."),
    ("Invalid initial character", "Hier hoort een sleutel. Gebruik kleine letters, cijfers en streepjes."),
    (
        "Illegal character",
        "Hier staat een onzichtbaar teken, of een tekst loopt door op een nieuwe regel. Haal het weg.",
    ),
    ("Found invalid character", "Hier staat een onzichtbaar teken. Haal het weg."),
    ("Unescaped", "Na een schuine streep achteruit staat een onbekend teken. Schrijf de streep dubbel."),
)


def toml_fout(melding: str, tekst: str) -> Regelfout:
    """The error of ``tomllib`` with line and column, in Dutch."""
    plaats = re.search(r"\(at line (\d+), column (\d+)\)$", melding)
    plek = (
        f"regel {plaats[1]}, kolom {plaats[2]}"
        if plaats
        else f"einde van het bestand (regel {tekst.count(chr(10)) + 1})"
    )
    uitleg = next((uitleg for begin, uitleg in _TOML if melding.startswith(begin)), "")
    return Regelfout(plek, "toml", uitleg or "Dit is geen geldige TOML. Vergelijk de regel met het voorbeeld.")


def vertaalde_fouten(fout: ValidationError, pad: str) -> list[Regelfout]:
    """The errors of one key (``pad``) as lines of the report."""
    regels = []
    for deel in fout.errors(include_url=False):
        plek = pad
        for stap in deel["loc"]:
            plek = voeg_toe(plek, stap)
        regels.append(Regelfout(plek, *_vertaal(deel)))
    return regels


def onbekende_sleutel(pad: str, sleutel: str, bekend: Iterable[str], elders: Mapping[str, str]) -> Regelfout:
    """An unknown key: name the nearest known key, or the table where this key does belong (``elders``)."""
    bekend = list(bekend)
    nabij = lijkt_op(sleutel, bekend)
    if nabij:
        hulp = f"Bedoelde u '{nabij}'?"
    elif sleutel in elders:
        hulp = f"Deze sleutel hoort in {elders[sleutel]}."
    else:
        hulp = f"Gebruik een van deze sleutels of haal hem weg: {', '.join(bekend)}."
    return Regelfout(
        voeg_toe(pad, toon(sleutel)), "onbekende-sleutel", f"De sleutel '{toon(sleutel)}' is niet bekend. {hulp}"
    )
