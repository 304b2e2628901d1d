"""The size of a group at the borders of the Annex to 2003/361/EC (R70-R71), and what forms one undertaking (R67)."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest

from aanvragen.enums import Relatie
from aanvragen.omvang import Onderneming, aanvrager, een_onderneming, groep, groep_in_woorden, mkb_uitslag

PARTNER, VERBONDEN = Relatie.PARTNER, Relatie.VERBONDEN
EIGEN = aanvrager("Wij", "00000001", 100, Decimal(10_000_000), Decimal(10_000_000))


def bij(sleutel: int, relatie: str, percentage: str, personen: int | None = 100, **velden: Any) -> Onderneming:
    gegevens = {"omzet": Decimal(1_000_000), "balans": Decimal(1_000_000), "via": None, "kvk_nummer": ""}
    return Onderneming(sleutel, f"Bedrijf {sleutel}", relatie, Decimal(percentage), personen, **{**gegevens, **velden})


@pytest.mark.parametrize(
    ("relatie", "percentage", "personen"),
    [
        (PARTNER, "24.99", "100"),
        (PARTNER, "25", "125.00"),
        (PARTNER, "50", "150.00"),
        (PARTNER, "50.01", "200"),  # a majority is a link, whatever it was called
        (VERBONDEN, "50.01", "200"),
        (VERBONDEN, "100", "200"),
        (VERBONDEN, "10", "200"),  # control on another ground
    ],
)
def test_wat_een_aandeel_meetelt(relatie: str, percentage: str, personen: str) -> None:
    assert groep(EIGEN, [bij(1, relatie, percentage)]).personen == Decimal(personen)


@pytest.mark.parametrize(
    ("keten", "personen"),
    [
        # linked → linked → linked: everything
        ([(1, VERBONDEN, "60", None), (2, VERBONDEN, "60", 1), (3, VERBONDEN, "60", 2)], "400"),
        # a partner of a linked enterprise: pro rata
        ([(1, VERBONDEN, "60", None), (2, PARTNER, "30", 1)], "230.0"),
        # linked to a partner: with that partner, by its share
        ([(1, PARTNER, "40", None), (2, VERBONDEN, "60", 1)], "180.0"),
        # partner of a partner: not, nor what is behind it
        ([(1, PARTNER, "40", None), (2, PARTNER, "40", 1), (3, VERBONDEN, "100", 2)], "140.0"),
        # partner of what is linked to a partner: not
        ([(1, PARTNER, "40", None), (2, VERBONDEN, "60", 1), (3, PARTNER, "40", 2)], "180.0"),
        # behind an autonomous one: not
        ([(1, PARTNER, "10", None), (2, VERBONDEN, "100", 1)], "100"),
        # the order of the list does not matter
        ([(3, VERBONDEN, "60", 2), (2, VERBONDEN, "60", 1), (1, VERBONDEN, "60", None)], "400"),
        # a chain that hangs on itself counts for nothing, and ends
        ([(1, VERBONDEN, "60", 2), (2, VERBONDEN, "60", 1)], "100"),
    ],
)
def test_ketens(keten: list[tuple[int, str, str, int | None]], personen: str) -> None:
    rond = [bij(sleutel, relatie, aandeel, via=via) for sleutel, relatie, aandeel, via in keten]
    assert groep(EIGEN, rond).personen == Decimal(personen)


def test_dezelfde_onderneming_telt_een_keer_voor_het_grootste_deel() -> None:
    rond = [
        bij(1, PARTNER, "30", kvk_nummer="00000009"),
        bij(2, VERBONDEN, "80", kvk_nummer="00000009"),
        bij(3, VERBONDEN, "80", kvk_nummer="00000001"),  # the applicant itself, round about
    ]
    uitkomst = groep(EIGEN, rond)
    assert (uitkomst.personen, [regel.factor for regel in uitkomst.regels]) == (200, [1, 0, 1, 0])


@pytest.mark.parametrize(
    ("personen", "omzet", "balans", "klasse"),
    [
        (149, "40000000", "90000000", "middelgroot"),  # together 249 and exactly 50 million
        (150, "1", "1", "groot"),  # 250
        (149, "40000000.01", "33000000", "middelgroot"),  # the balance is exactly 43 million
        (149, "40000000.01", "33000000.01", "groot"),
    ],
)
def test_de_grenzen_gelden_voor_de_groep_samen(personen: int, omzet: str, balans: str, klasse: str) -> None:
    rond = [bij(1, VERBONDEN, "100", personen, omzet=Decimal(omzet), balans=Decimal(balans))]
    assert groep(EIGEN, rond).klasse == klasse


def test_een_deel_van_een_mens_telt() -> None:
    """A partner of 25 % with 599 people: 149.75 and 100 of our own is just below 250."""
    assert groep(EIGEN, [bij(1, PARTNER, "25", 599)]).klasse == "middelgroot"
    assert groep(EIGEN, [bij(1, PARTNER, "25", 600)]).klasse == "groot"


@pytest.mark.parametrize(
    ("rond", "klasse"),
    [
        ([bij(1, VERBONDEN, "100", None)], None),
        ([bij(1, PARTNER, "10", None)], "middelgroot"),  # does not count, so need not be known
        ([bij(1, VERBONDEN, "100", None), bij(2, VERBONDEN, "100", 150)], "groot"),  # enough is known
        ([bij(1, VERBONDEN, "100", omzet=None)], "middelgroot"),  # the balance decides
        ([bij(1, VERBONDEN, "100", omzet=None, balans=None)], None),
    ],
)
def test_een_onbekend_cijfer(rond: list[Onderneming], klasse: str | None) -> None:
    assert groep(EIGEN, rond).klasse == klasse


@pytest.mark.parametrize(
    ("personen", "vorig", "aandeel", "publiek", "past"),
    [
        (249, "", None, False, True),
        (249, "middelgroot", None, False, True),
        (249, "groot", None, False, None),
        (250, "groot", None, False, False),
        (250, "middelgroot", None, False, None),
        (250, "", None, False, None),
        (12, "", "24.99", False, True),
        (12, "", "25", False, False),
        (12, "", None, True, None),
        (12, "", "0", True, True),
    ],
)
def test_mkb_of_niet(personen: int, vorig: str, aandeel: str | None, publiek: bool, past: bool | None) -> None:
    """Two years in a row (Annex art. 4(2)) and 25 % in public hands (art. 3(4))."""
    eigen = aanvrager("Wij", "00000001", personen, Decimal(1), Decimal(1))
    uitslag = mkb_uitslag(
        groep(eigen, []),
        vorig=vorig,
        publiek=publiek,
        publiek_aandeel=None if aandeel is None else Decimal(aandeel),
    )
    assert uitslag.past is past
    assert uitslag.uitleg


def test_de_berekening_in_woorden() -> None:
    rond = [bij(1, PARTNER, "33.33", 10), bij(2, PARTNER, "10")]
    assert groep_in_woorden(groep(EIGEN, rond)) == [
        "Wij. De aanvrager zelf: telt voor 100 %. Dat is: 100 mensen, omzet € 10.000.000, balanstotaal € 10.000.000.",
        "Bedrijf 1. Partner van Wij: telt mee voor 33,33 %. Dat is: 3,333 mensen, omzet € 333.300, "
        "balanstotaal € 333.300.",
        "Bedrijf 2. Zelfstandig: 10 % is minder dan 25 %. Telt niet mee.",
        "Samen: 103,333 mensen, omzet € 10.333.300, balanstotaal € 10.333.300.",
    ]


def test_een_onderneming_zijn_de_verbonden_en_niet_de_partners() -> None:
    rond = [
        bij(1, VERBONDEN, "60"),
        bij(2, VERBONDEN, "60", via=1),
        bij(3, PARTNER, "40"),
        bij(4, VERBONDEN, "100", via=3),
        bij(5, PARTNER, "30", via=1),
    ]
    assert [deel.sleutel for deel in een_onderneming(rond)] == [1, 2]
