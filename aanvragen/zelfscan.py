"""The self-scan: a profile of the organisation from its own answers, and the themes that fit. Pure.

The statements are data (``gegevens/zelfscan.toml``). Answers are 1 (not true at all) to 5 (quite true); 0 is "I do not
know" and does not count. The score of a part:

1. a reversed statement counts as 6 minus the answer;
2. the score is the mean of the answers that count, rounded half up to one decimal: 1.0 to 5.0;
3. there is no score when less than half of the statements was answered.

Below 2.5 is low, below 3.5 is middle, from 3.5 is high. The parts to begin with are those with the lowest score below
3.5 (all of them when they are equal); their themes are the themes that fit. It orders possibilities for a
conversation: it is no measurement of the organisation, and nobody is granted or refused anything by it.
"""

from __future__ import annotations

import tomllib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal
from functools import lru_cache
from pathlib import Path
from typing import Any

from regeling.schema import Regelingspec
from regeling.schema_delen import Themaspec

_GEGEVENS = Path(__file__).parent / "gegevens" / "zelfscan.toml"
LAAGSTE, HOOGSTE, WEET_NIET = 1, 5, 0
DIMENSIE, HEFBOOM = "dimensie", "hefboom"
LAAG, MIDDEN, HOOG = "laag", "midden", "hoog"
_TIENDE = Decimal("0.1")
_GRENS_MIDDEN, _GRENS_HOOG = Decimal("2.5"), Decimal("3.5")

#: A text per language code.
Tekst = Mapping[str, str]


@dataclass(frozen=True)
class Stelling:
    code: str
    tekst: Tekst
    omgekeerd: bool = False


@dataclass(frozen=True)
class Onderdeel:
    """A dimension or a lever, with its statements and the codes of the themes that it points at."""

    code: str
    soort: str
    naam: Tekst
    uitleg: Tekst
    advies: Tekst
    themas: tuple[str, ...]
    stellingen: tuple[Stelling, ...]


@dataclass(frozen=True)
class Score:
    """Score of a part, 1.0-5.0; ``None`` with too few answers."""

    onderdeel: Onderdeel
    waarde: Decimal | None

    @property
    def niveau(self) -> str:
        """'laag', 'midden' or 'hoog'; empty without a score."""
        if self.waarde is None:
            return ""
        return LAAG if self.waarde < _GRENS_MIDDEN else MIDDEN if self.waarde < _GRENS_HOOG else HOOG


@dataclass(frozen=True)
class Profiel:
    """All scores in the order of the scan; ``begin``: the parts to begin with; ``themas``: codes that fit those."""

    scores: tuple[Score, ...]
    begin: tuple[Onderdeel, ...]
    themas: tuple[str, ...]


@lru_cache(maxsize=1)
def onderdelen() -> tuple[Onderdeel, ...]:
    """The parts of the scan: four dimensions, then four levers."""
    gegevens = tomllib.loads(_GEGEVENS.read_text(encoding="utf-8"))
    return tuple(_onderdeel(rij) for rij in gegevens["onderdelen"])


def _onderdeel(rij: Mapping[str, Any]) -> Onderdeel:
    stellingen = tuple(Stelling(**stelling) for stelling in rij["stellingen"])
    return Onderdeel(**{**rij, "themas": tuple(rij["themas"]), "stellingen": stellingen})


def bereken_profiel(antwoorden: Mapping[str, int]) -> Profiel:
    """The profile from answers by code of the statement; what is missing counts as not answered."""
    scores = tuple(Score(onderdeel, _score(onderdeel, antwoorden)) for onderdeel in onderdelen())
    bekend = [score.waarde for score in scores if score.waarde is not None and score.waarde < _GRENS_HOOG]
    begin = tuple(score.onderdeel for score in scores if bekend and score.waarde == min(bekend))
    themas = tuple(dict.fromkeys(code for onderdeel in begin for code in onderdeel.themas))
    return Profiel(scores, begin, themas)


def _score(onderdeel: Onderdeel, antwoorden: Mapping[str, int]) -> Decimal | None:
    gegeven = [
        LAAGSTE + HOOGSTE - antwoorden[stelling.code] if stelling.omgekeerd else antwoorden[stelling.code]
        for stelling in onderdeel.stellingen
        if LAAGSTE <= antwoorden.get(stelling.code, WEET_NIET) <= HOOGSTE
    ]
    if 2 * len(gegeven) < len(onderdeel.stellingen):
        return None
    return (Decimal(sum(gegeven)) / len(gegeven)).quantize(_TIENDE, rounding=ROUND_HALF_UP)


def passende_themas(spec: Regelingspec, themas: Iterable[str]) -> list[Themaspec]:
    """The themes of a scheme that fit, in the order of the scheme."""
    codes = set(themas)
    return [thema for thema in spec.themas if thema.code in codes]
