"""Cleaning of text that people typed, before it goes into HTML or PDF. Pure."""

from __future__ import annotations

import unicodedata
from functools import lru_cache

VERVANGER = "\ufffd"
_REGELEINDEN = "\n\v\f\x1c\x1d\x1e\x85\u2028\u2029"
# Marks that only steer direction per character are harmless; embedding and override could reorder a decision.
_RICHTING = "\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069"
_ONZICHTBAAR = _RICHTING + "\u00ad\ufeff\ufff9\ufffa\ufffb"


@lru_cache(maxsize=8192)
def _teken(teken: str) -> str:
    if teken in _REGELEINDEN:
        return "\n"
    if teken == "\t":
        return " "
    nummer, soort = ord(teken), unicodedata.category(teken)
    if soort == "Cc" or teken in _ONZICHTBAAR or 0xE0000 <= nummer <= 0xE007F:
        return ""
    if soort in ("Cs", "Co") or nummer & 0xFFFE == 0xFFFE or 0xFDD0 <= nummer <= 0xFDEF:
        return VERVANGER
    return teken


def schoon(tekst: str) -> str:
    """Text that XML and PDF can hold: one kind of line break, no control, surrogate, private or override characters.

    What cannot be kept becomes U+FFFD when it had a meaning of its own, and disappears when it was invisible.
    """
    if tekst.isascii() and tekst.isprintable():
        return tekst
    return "".join(map(_teken, tekst.replace("\r\n", "\n").replace("\r", "\n")))


def stukken(woord: str, lengte: int) -> list[str]:
    """A word in pieces of at most ``lengte`` characters; a combining mark stays with its base."""
    uit, begin = [], 0
    while begin < len(woord):
        einde = begin + lengte
        while einde < len(woord) and unicodedata.category(woord[einde])[0] == "M" and einde < begin + 4 * lengte:
            einde += 1
        uit.append(woord[begin:einde])
        begin = einde
    return uit


def gedragen_tekens(tekst: str) -> str:
    """NFC, and a combining mark that follows nothing or white space becomes U+FFFD: there is no letter to carry it.

    The PDF compiler (typst 0.15) breaks down on Arabic marks that stand on a space.
    """
    tekst = unicodedata.normalize("NFC", tekst)
    if tekst.isascii():
        return tekst
    uit: list[str] = []
    drager = False
    for teken in tekst:
        los = not drager and unicodedata.category(teken)[0] == "M"
        uit.append(VERVANGER if los else teken)
        drager = not teken.isspace() and teken not in "\u200b\u200c\u200d\u200e\u200f" and (drager or not los)
    return "".join(uit)
