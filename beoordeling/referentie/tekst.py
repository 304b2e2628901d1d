"""Texts that are nearly the same (vector ``tekst``): shingles of five words, MinHash finds, an exact check decides."""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass

from datasketch import MinHash, MinHashLSH
from rapidfuzz import fuzz

WOORDEN = 5
PERMUTATIES, LSH_DREMPEL = 128, 0.2
JACCARD, OMVATTING = 0.3, 0.5
#: Shingles in more than this share of the texts come from the form itself. In a small round a handful of texts is soon
#: 5 %, so they also occur in more than ``FORMULIER_MINIMUM`` texts.
FORMULIER_AANDEEL, FORMULIER_MINIMUM = 0.05, 10
#: Two texts with fewer shingles than this (ten words) are too short to say anything.
KORTSTE = 6

Shingles = frozenset[str]


@dataclass(frozen=True)
class Paar:
    """Two texts by key (in ascending order) with their exact similarity, both between 0 and 1."""

    eerste: str
    tweede: str
    jaccard: float
    omvatting: float


def genormaliseerd(tekst: str) -> str:
    return unicodedata.normalize("NFKC", tekst).lower()


def shingles(tekst: str) -> Shingles:
    """All runs of five words."""
    woorden = re.findall(r"\w+", genormaliseerd(tekst))
    return frozenset(" ".join(woorden[nr : nr + WOORDEN]) for nr in range(len(woorden) - WOORDEN + 1))


def jaccard(een: Shingles, ander: Shingles) -> float:
    samen = len(een | ander)
    return len(een & ander) / samen if samen else 0.0


def omvatting(een: Shingles, ander: Shingles) -> float:
    """How much of the shorter text stands in the longer one."""
    kleinste = min(len(een), len(ander))
    return len(een & ander) / kleinste if kleinste else 0.0


def ratio(een: str, ander: str) -> float:
    """0 to 100: share of equal characters in order; shown beside two texts, decides nothing."""
    return fuzz.ratio(genormaliseerd(een), genormaliseerd(ander))


def lijkt(een: Shingles, ander: Shingles) -> bool:
    """The exact check. Too short texts never look alike."""
    if min(len(een), len(ander)) < KORTSTE:
        return False
    return jaccard(een, ander) >= JACCARD or omvatting(een, ander) >= OMVATTING


def gelijkende_paren(teksten: Mapping[str, str]) -> list[Paar]:
    """Every pair of texts that are nearly the same, in order of their keys.

    ``teksten``: key → answer to one question. MinHash finds candidates; no pair comes out without the exact check.
    """
    verzamelingen = _zonder_formuliertekst({sleutel: shingles(tekst) for sleutel, tekst in teksten.items()})
    index = MinHashLSH(threshold=LSH_DREMPEL, num_perm=PERMUTATIES)
    gevonden = []
    for sleutel in sorted(verzamelingen):
        delen = verzamelingen[sleutel]
        if len(delen) < KORTSTE:
            continue
        schets = MinHash(num_perm=PERMUTATIES, seed=1)
        schets.update_batch([deel.encode() for deel in delen])
        for ander in sorted(index.query(schets)):
            if lijkt(delen, verzamelingen[ander]):
                gevonden.append(
                    Paar(ander, sleutel, jaccard(delen, verzamelingen[ander]), omvatting(delen, verzamelingen[ander]))
                )
        index.insert(sleutel, schets)
    return sorted(gevonden, key=lambda paar: (paar.eerste, paar.tweede))


def _zonder_formuliertekst(verzamelingen: dict[str, Shingles]) -> dict[str, Shingles]:
    """Without the words that the form or the scheme puts in everybody's mouth."""
    aantallen = Counter(deel for delen in verzamelingen.values() for deel in delen)
    grens = max(FORMULIER_MINIMUM, FORMULIER_AANDEEL * len(verzamelingen))
    return {
        sleutel: frozenset(deel for deel in delen if aantallen[deel] <= grens)
        for sleutel, delen in verzamelingen.items()
    }
