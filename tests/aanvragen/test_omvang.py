"""Size of an enterprise at the boundaries of Rec. 2003/361 (R70, R72)."""

from __future__ import annotations

from decimal import Decimal

import pytest

from aanvragen.enums import Grootteklasse
from aanvragen.omvang import grootteklasse, mkb_klasse, sector_van_sbi


def euro(bedrag: str | None) -> Decimal | None:
    return None if bedrag is None else Decimal(bedrag)


@pytest.mark.parametrize(
    ("personen", "omzet", "balans", "klasse"),
    [
        (9, "2000000", "2000000", "micro"),
        (9, "2000000.01", "2000000.01", "klein"),
        (9, "2000000.01", "2000000", "micro"),  # one of the two is enough
        (9, "60000000", "2000000", "micro"),
        (10, "2000000", "2000000", "klein"),
        (49, "10000000", "10000000.01", "klein"),
        (49, "10000000.01", "10000000.01", "middelgroot"),
        (50, "1", "1", "middelgroot"),
        (249, "50000000", "90000000", "middelgroot"),
        (249, "50000000.01", "43000000", "middelgroot"),
        (249, "50000000.01", "43000000.01", "groot"),
        (250, "1", "1", "groot"),
        (250, None, None, "groot"),  # the number of persons decides alone
        (0, "0", "0", "micro"),
    ],
)
def test_mkb_klasse(personen: int, omzet: str | None, balans: str | None, klasse: str) -> None:
    assert mkb_klasse(personen, euro(omzet), euro(balans)) == klasse


@pytest.mark.parametrize(
    ("personen", "omzet", "balans", "klasse"),
    [
        (12, None, None, None),
        (12, "9000000", None, "klein"),  # the figure that is known is enough
        (12, None, "9000000", "klein"),
        (12, "60000000", None, None),  # the balance may still be € 43 million or less
        (12, None, "44000000", None),
        (12, "12000000", None, "middelgroot"),
    ],
)
def test_onbekende_cijfers_geven_geen_oordeel_waar_zij_ertoe_doen(
    personen: int, omzet: str | None, balans: str | None, klasse: str | None
) -> None:
    assert mkb_klasse(personen, euro(omzet), euro(balans)) == klasse


@pytest.mark.parametrize(
    ("personen", "klasse"),
    [
        (0, Grootteklasse.MICRO),
        (1, Grootteklasse.MICRO),
        (9, Grootteklasse.MICRO),
        (10, Grootteklasse.KLEIN),
        (49, Grootteklasse.KLEIN),
        (50, Grootteklasse.MIDDEN),
        (249, Grootteklasse.MIDDEN),
        (250, Grootteklasse.GROOT),
    ],
)
def test_grootteklasse(personen: int, klasse: Grootteklasse) -> None:
    assert grootteklasse(personen) == klasse


@pytest.mark.parametrize(
    ("code", "sector"),
    [
        ("09", "Overig"),
        ("10", "Industrie"),
        ("3320", "Industrie"),
        ("41", "Bouw"),
        ("44", "Overig"),
        ("4711", "Handel"),
        ("4941", "Vervoer en opslag"),
        ("6201", "Zakelijke dienstverlening"),
        ("84", "Openbaar bestuur"),
        ("8520", "Onderwijs"),
        ("8790", "Zorg"),
        ("9001", "Overig"),
        ("", "Overig"),
        ("x1", "Overig"),
    ],
)
def test_sector_van_sbi(code: str, sector: str) -> None:
    assert sector_van_sbi(code) == sector
