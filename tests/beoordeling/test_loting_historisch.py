"""The historical rule ``sha256-1`` reproduces the draws of 2008 and 2011."""

from __future__ import annotations

import csv
from pathlib import Path

import pytest

from beoordeling.loting.historisch import aantal_ingeloot, bepaal_volgorde, speel_na
from kern.fouten import InvoerFout

GEGEVENS = Path(__file__).parent.parent / "gegevens" / "evaluatie"


@pytest.mark.parametrize(
    ("bestand", "zaad", "budget", "aantal"),
    [
        ("ronde_2008.csv", "ESF-E-2008|notaris-4711", 7_000_000, 77),
        ("ronde_2011_loting.csv", "ESF-E-2011|notaris-1101", 25_200_000, 1506),
    ],
)
def test_oude_loting_wordt_precies_herhaald(bestand: str, zaad: str, budget: int, aantal: int) -> None:
    with (GEGEVENS / bestand).open(encoding="utf-8", newline="") as invoer:
        rijen = list(csv.DictReader(invoer))
    nummers = [rij["aanvraagnummer"] for rij in rijen]
    loten = speel_na(zaad, nummers, [int(rij["gevraagd_bedrag"]) for rij in rijen], budget)
    assert [(lot.aanvraagnummer, str(lot.rang), str(int(lot.ingeloot))) for lot in loten] == [
        (rij["aanvraagnummer"], rij["loting_rang"], rij["ingeloot"]) for rij in rijen
    ]
    assert sum(lot.ingeloot for lot in loten) == aantal
    omgekeerd = speel_na(zaad, nummers[::-1], [int(rij["gevraagd_bedrag"]) for rij in rijen][::-1], budget)
    assert omgekeerd[::-1] == loten


def test_stopt_bij_de_eerste_die_niet_past() -> None:
    assert aantal_ingeloot([50, 60, 10], [0, 1, 2], 100) == 1
    assert aantal_ingeloot([50, 50, 10], [0, 1, 2], 100) == 2
    assert aantal_ingeloot([50, 60, 10], [2, 0, 1], 120) == 3
    assert aantal_ingeloot([], [], 100) == 0


def test_dubbel_aanvraagnummer_wordt_geweigerd() -> None:
    with pytest.raises(InvoerFout, match="twee keer"):
        bepaal_volgorde("zaad", ["A", "B", "A"])
