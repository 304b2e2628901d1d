"""Size of an enterprise (Rec. 2003/361, R70-R72): pure functions."""

from __future__ import annotations

from decimal import Decimal

from aanvragen.enums import Grootteklasse

_MILJOEN = Decimal(1_000_000)
#: (class, fewer persons than, turnover at most, balance at most) in euros.
_GRENZEN = [
    ("micro", 10, 2 * _MILJOEN, 2 * _MILJOEN),
    ("klein", 50, 10 * _MILJOEN, 10 * _MILJOEN),
    ("middelgroot", 250, 50 * _MILJOEN, 43 * _MILJOEN),
]


def mkb_klasse(personen: int, omzet: Decimal | None, balans: Decimal | None) -> str | None:
    """'micro', 'klein', 'middelgroot' or 'groot'; ``None`` when turnover and balance are unknown and matter."""
    for klasse, grens, omzet_max, balans_max in _GRENZEN:
        if personen >= grens:
            continue
        if omzet is None and balans is None:
            return None
        if (omzet is not None and omzet <= omzet_max) or (balans is not None and balans <= balans_max):
            return klasse
    onbekend = omzet is None or balans is None
    return None if personen < _GRENZEN[-1][1] and onbekend else "groot"  # the other figure may still fit


def grootteklasse(personen: int) -> Grootteklasse:
    """Publication class by working persons; 0 and 1 count in the lowest class."""
    for klasse, grens in ((Grootteklasse.MICRO, 10), (Grootteklasse.KLEIN, 50), (Grootteklasse.MIDDEN, 250)):
        if personen < grens:
            return klasse
    return Grootteklasse.GROOT


#: SBI 2008 division (two digits) → publication sector of the evaluation tables.
_SECTOREN = [
    ((10, 33), "Industrie"),
    ((41, 43), "Bouw"),
    ((45, 47), "Handel"),
    ((49, 53), "Vervoer en opslag"),
    ((62, 82), "Zakelijke dienstverlening"),
    ((84, 84), "Openbaar bestuur"),
    ((85, 85), "Onderwijs"),
    ((86, 88), "Zorg"),
]


def sector_van_sbi(code: str) -> str:
    """Publication sector of an SBI code (any number of digits); 'Overig' where none fits."""
    if not code[:2].isdigit():
        return "Overig"
    afdeling = int(code[:2])
    return next((naam for (van, tot), naam in _SECTOREN if van <= afdeling <= tot), "Overig")
