"""Two texts line by line, and two schemes key by key in words. Pure."""

from __future__ import annotations

import difflib
import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from regeling.lezen import vorm_van
from regeling.schema import Regelingspec
from regeling.schema_velden import Deel
from regeling.vergelijking import verschillen

#: Lines of unchanged text around a change.
OMGEVING = 3
#: More lines than this between the first and the last change are not compared: it would take too long.
HOOGSTENS = 4000
GELIJK, WEG, ERBIJ = " ", "-", "+"


@dataclass(frozen=True)
class Verschilregel:
    """``teken``: ' ' the same, '-' gone, '+' new. ``oud``, ``nieuw``: line numbers from 1, None where there is none."""

    teken: str
    oud: int | None
    nieuw: int | None
    tekst: str


@dataclass(frozen=True)
class Sleutelverschil:
    """One key: its path, what it means, and its value before and after in words ('' for absent)."""

    plek: str
    betekenis: str
    oud: str
    nieuw: str


def regelverschil(oud: str, nieuw: str) -> list[list[Verschilregel]] | None:
    """The changed places, each with ``OMGEVING`` lines around it; empty when nothing differs, ``None`` when the texts
    differ over more than ``HOOGSTENS`` lines."""
    a, b = oud.splitlines(), nieuw.splitlines()
    voor = 0
    while voor < min(len(a), len(b)) and a[voor] == b[voor]:
        voor += 1
    na = 0
    while na < min(len(a), len(b)) - voor and a[-1 - na] == b[-1 - na]:
        na += 1
    if max(len(a), len(b)) - voor - na > HOOGSTENS:
        return None
    begin = max(0, voor - OMGEVING)
    weg = max(0, na - OMGEVING)
    x, y = a[begin : len(a) - weg], b[begin : len(b) - weg]
    groepen = difflib.SequenceMatcher(None, x, y).get_grouped_opcodes(OMGEVING)
    return [_groep(groep, x, y, begin) for groep in groepen]


def _groep(
    groep: Sequence[tuple[str, int, int, int, int]], x: Sequence[str], y: Sequence[str], begin: int
) -> list[Verschilregel]:
    regels = []
    for soort, x1, x2, y1, y2 in groep:
        if soort == "equal":
            regels += [
                Verschilregel(GELIJK, begin + x1 + nr + 1, begin + y1 + nr + 1, tekst)
                for nr, tekst in enumerate(x[x1:x2])
            ]
            continue
        regels += [Verschilregel(WEG, begin + nr + 1, None, x[nr]) for nr in range(x1, x2)]
        regels += [Verschilregel(ERBIJ, None, begin + nr + 1, y[nr]) for nr in range(y1, y2)]
    return regels


def sleutelverschillen(oud: Regelingspec, nieuw: Regelingspec) -> list[Sleutelverschil]:
    """Every key whose value differs, in the order of the file."""
    return [
        Sleutelverschil(plek, betekenis(plek), in_woorden(was), in_woorden(wordt))
        for plek, was, wordt in verschillen(oud, nieuw)
    ]


def betekenis(plek: str) -> str:
    """What the key at a path is, in the words of the format; '' for a path that it does not know."""
    model: type[Deel] = Regelingspec
    uitleg = ""
    for naam in re.sub(r"\[[^\]]*\]", "", plek).split("."):
        if naam not in model.model_fields:
            return ""
        uitleg = model.model_fields[naam].description or ""
        vorm, doel = vorm_van(model, naam)
        if vorm != "waarde":
            model = doel
    return uitleg


def in_woorden(waarde: Any) -> str:
    """A value of the stored form for a reader; '' for absent."""
    if waarde is None:
        return ""
    if isinstance(waarde, bool):
        return "ja" if waarde else "nee"
    if isinstance(waarde, dict):
        return "; ".join(f"{naam}: {in_woorden(deel)}" for naam, deel in waarde.items() if deel not in ([], None))
    if isinstance(waarde, list):
        return ", ".join(in_woorden(deel) for deel in waarde) or "leeg"
    return str(waarde)
