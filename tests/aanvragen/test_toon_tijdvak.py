"""``toon_tijdvak``: the contract's figures, from the tables as they are."""

from __future__ import annotations

import json
from decimal import Decimal
from io import StringIO
from typing import Any

import pytest
from django.core.management import CommandError, call_command

from regeling.enums import Boekingsoort
from regeling.models import Tijdvak
from regeling.services.grootboek import Opdracht, boeken
from tests.factories.ronde import TIJDENS, maak_concept, maak_ingediend, maak_tijdvak, open_tijdvak

pytestmark = pytest.mark.django_db

DEELPLAFOND = {"code": "UTR", "naam": "Utrecht", "bedrag": 40_000, "soort": "provincie", "waarden": ["Utrecht"]}


def toon(sleutel: str, *opties: str) -> str:
    uit = StringIO()
    call_command("toon_tijdvak", sleutel, *opties, stdout=uit)
    return uit.getvalue()


@pytest.fixture
def tijdvak() -> Tijdvak:
    """Two applications of € 1.000 (half of € 2.000), one draft, € 1.250,50 reserved."""
    tijdvak = open_tijdvak(sleutel="toon")
    for _ in range(2):
        maak_ingediend(tijdvak)
    maak_concept(tijdvak)
    opdracht = Opdracht(Boekingsoort.RESERVERING, Decimal("1250.50"), None, "proef")
    boeken(tijdvak=tijdvak, opdrachten=[opdracht], actor=None, op=TIJDENS)
    return tijdvak


def test_json(tijdvak: Tijdvak) -> None:
    assert json.loads(toon("toon-1", "--json")) == {
        "sleutel": "toon-1",
        "naam": "Proefronde",
        "status": "open",
        "methode": "loting",
        "aanvragen": 2,
        "gevraagd_bedrag": 2000,
        "toegekend": 0,
        "toegekend_bedrag": 0,
        "plafond": 100_000,
        "resteert": 98_749.5,
        "per_status": {"concept": 1, "ingediend": 2},
        "subplafonds": [],
    }


def test_bedragen_zijn_getallen(tijdvak: Tijdvak) -> None:
    uit = toon("toon-1", "--json")
    assert '"plafond": 100000,' in uit
    assert '"resteert": 98749.5,' in uit


def test_tekst(tijdvak: Tijdvak) -> None:
    assert toon("toon-1").splitlines() == [
        "Proefronde (toon-1)",
        "Status     Open",
        "Methode    Loting",
        "Aanvragen 2, toegekend 0: € 0 van € 100.000",
        "Gevraagd   € 2.000",
        "Resteert   € 98.749,50",
        "Per status",
        "  Concept          1",
        "  Ingediend        2",
    ]


def _met_deelplafond() -> Tijdvak:
    venster = {
        "sleutel": "pot-1",
        "naam": "Proefronde",
        "open_op": TIJDENS.replace(tzinfo=None),
        "sluit_op": TIJDENS.replace(tzinfo=None, month=5),
        "plafond": 100_000,
        "subplafonds": [DEELPLAFOND],
    }
    return maak_tijdvak(sleutel="pot", tabellen={"tijdvakken": [venster]})


def test_deelplafonds() -> None:
    tijdvak = _met_deelplafond()
    opdracht = Opdracht(Boekingsoort.VERLENING, Decimal(1500), None, "proef", potten=["UTR"])
    boeken(tijdvak=tijdvak, opdrachten=[opdracht], actor=None, op=TIJDENS)
    assert json.loads(toon("pot-1", "--json"))["subplafonds"] == [
        {"code": "UTR", "naam": "Utrecht", "plafond": 40_000, "vastgelegd": 1500, "resteert": 38_500}
    ]
    assert toon("pot-1").splitlines()[-2:] == ["Deelplafonds", "  Utrecht  € 1.500 van € 40.000, resteert € 38.500"]


def test_een_plafond_in_stuks() -> None:
    tabellen: dict[str, Any] = {
        "subsidie": {"vorm": "voucher", "eenheid": "stuks", "vast_bedrag": 7500, "staatssteun": "geen"}
    }
    maak_tijdvak(sleutel="stuks", plafond=100, tabellen=tabellen)
    assert toon("stuks-1").splitlines()[3] == "Aanvragen 0, toegekend 0: 0 stuks van 100 stuks"


def test_een_onbekend_tijdvak() -> None:
    with pytest.raises(CommandError) as gevangen:
        toon("nergens")
    assert gevangen.value.returncode == 1
    assert str(gevangen.value) == "Het tijdvak 'nergens' bestaat niet. Laad eerst regelingen: laad_regelingen."
    maak_tijdvak(sleutel="bekend")
    with pytest.raises(CommandError, match="Kies bijvoorbeeld: bekend-1."):
        toon("nergens")
