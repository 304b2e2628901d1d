"""Province from a postcode: a small table of the two-digit areas that lie in one province as a whole.

Areas that cross a border (13xx, 34xx, 42xx, ...) are left out on purpose: there the applicant is asked, so the table
never has to guess. General knowledge of the Dutch postcode map, state of 2026; when a provincial border changes (the
last time was 2019) somebody has to look at this table.
"""

from __future__ import annotations

from aanvragen.enums import Provincie as P

_GEBIEDEN: tuple[tuple[P, str], ...] = (
    (P.NOORD_HOLLAND, "10 11 12 15 16 17 18 19 20"),
    (P.ZUID_HOLLAND, "22 23 25 26 27 28 29 30 31 32 33"),
    (P.UTRECHT, "35"),
    (P.ZEELAND, "43 44 45"),
    (P.NOORD_BRABANT, "46 47 48 49 50 51 52 53 54 55 56 57"),
    (P.LIMBURG, "59 61 62 63 64"),
    (P.GELDERLAND, "66 67 68 69 70 71 72 73"),
    (P.OVERIJSSEL, "75 76"),
    (P.DRENTHE, "78 94"),
    (P.FRYSLAN, "86 87 88 89 91 92"),
    (P.GRONINGEN, "99"),
)
_PROVINCIE = {cijfers: provincie for provincie, lijst in _GEBIEDEN for cijfers in lijst.split()}


def provincie_van(postcode: str) -> str:
    """Province of a postcode as '1234 AB'; empty when the area crosses a border or is unknown."""
    provincie = _PROVINCIE.get(postcode.strip()[:2])
    return str(provincie.value) if provincie else ""
