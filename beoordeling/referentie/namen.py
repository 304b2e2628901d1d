"""Names in one form, and how much two of them look alike (vectors ``namen``)."""

from __future__ import annotations

import re
import unicodedata

from rapidfuzz import fuzz

#: From this ratio on two names ask for a look (design 05, part 5).
LIJKT = 90.0
_TITELS = frozenset(
    ["drs", "dr", "mr", "ir", "ing", "prof", "bc", "msc", "bsc", "mba", "llm", "phd", "dhr", "mevr", "mw", "mevrouw"]
)
_TITELPAREN = frozenset([("m", "sc"), ("b", "sc"), ("ph", "d"), ("ll", "m"), ("de", "heer")])
_RECHTSVORMEN = frozenset(["bv", "nv", "vof", "cv", "ua", "bvba", "gmbh", "ltd", "stichting", "maatschap"])
#: Written with dots they fall apart into letters; these count as legal form at the end of a name only.
_LETTERVORMEN = (("b", "v", "i", "o"), ("v", "o", "f"), ("b", "v"), ("n", "v"), ("c", "v"), ("u", "a"), ("i", "o"))
_VOORVOEGSELS = frozenset(["de", "den", "der", "van", "ten", "ter", "te", "het", "t", "in", "la", "le", "el", "al"])


def normaliseer(naam: str) -> str:
    """Small letters, no accents, dots of initials, titles or legal form; one space between the parts."""
    ontleed = unicodedata.normalize("NFKD", naam.lower())
    kaal = "".join(teken for teken in ontleed if not unicodedata.combining(teken))
    delen = re.findall(r"[a-z0-9]+", kaal)
    return " ".join(_zonder_rechtsvorm(_zonder_titels(delen)) or delen)


def _zonder_titels(delen: list[str]) -> list[str]:
    uit, nr = [], 0
    while nr < len(delen):
        if tuple(delen[nr : nr + 2]) in _TITELPAREN:
            nr += 2
            continue
        if delen[nr] not in _TITELS:
            uit.append(delen[nr])
        nr += 1
    return uit


def _zonder_rechtsvorm(delen: list[str]) -> list[str]:
    over = [deel for deel in delen if deel not in _RECHTSVORMEN]
    for vorm in _LETTERVORMEN:
        # A person called "Jansen B V" keeps nothing of it; that only makes two names look more alike, never less.
        if len(over) > len(vorm) and tuple(over[-len(vorm) :]) == vorm:
            return over[: -len(vorm)]
    return over


def gelijkenis(een: str, ander: str) -> float:
    """0 to 100: token_sort_ratio of the normalised names; 0 when one is empty."""
    links, rechts = normaliseer(een), normaliseer(ander)
    return fuzz.token_sort_ratio(links, rechts) if links and rechts else 0.0


def zelfde_volledige_naam(een: str, ander: str) -> bool:
    """Equal in any order, with a first name written out: initials and a surname alone are shared by many people."""
    links, rechts = sorted(normaliseer(een).split()), sorted(normaliseer(ander).split())
    vol = [deel for deel in links if len(deel) > 1 and deel not in _VOORVOEGSELS]
    return links == rechts and len(vol) >= 2
