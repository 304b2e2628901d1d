"""Schemes and rounds: public, live, and nothing before publication."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest
from django.test import Client

from aanvragen.enums import Status
from aanvragen.selectors import tijdvak_cijfers
from api.selectors import met_cijfers, openbare_tijdvakken
from api.voorwaarden import voorwaarden
from kern.services.overgang import overgang_toepassen
from regeling.lezen import digest, lees_regeling, naar_json
from regeling.models import Regelingversie
from regeling.services.catalogus import CATALOGUS
from regeling.services.tijdvak import tijdvak_publiceren
from tests.factories.api import maak_partner, maak_token, naar_status
from tests.factories.ronde import NA, VOOR, maak_concept, maak_ingediend, maak_tijdvak, open_tijdvak

pytestmark = pytest.mark.django_db
BASIS = "/api/v1"


def sleutels(antwoord: Any) -> list[str]:
    assert antwoord.status_code == 200, antwoord.content
    return [rij["sleutel"] for rij in antwoord.json()["resultaten"]]


def test_tijdvak_heel(client: Client) -> None:
    tijdvak = open_tijdvak(sleutel="proef", plafond=5000)
    naar_status(maak_ingediend(tijdvak), Status.RESERVE)
    naar_status(maak_ingediend(tijdvak), Status.GESELECTEERD)
    maak_ingediend(tijdvak)
    maak_concept(tijdvak)
    assert client.get(f"{BASIS}/tijdvakken/proef-1").json() == {
        "sleutel": "proef-1",
        "naam": "Proefronde",
        "regeling": "proef",
        "regelingversie": "1",
        "status": "open",
        "statusLabel": "Open",
        "openOp": "2026-03-02T08:00:00Z",
        "sluitOp": "2026-03-27T16:00:00Z",
        "gepubliceerdOp": "2026-02-20T08:00:00Z",
        "methode": "loting",
        "eenheid": "euro",
        "herkomst": "catalogus",
        "plafonds": [{"code": "*", "naam": "Plafond", "bedrag": "5000.00", "resteert": "5000.00"}],
        "aantal": 3,
        "gevraagd": "3000.00",
        "aantalToegekend": 1,
        "toegekend": "800.00",
        "resteert": "5000.00",
        "reservelijst": 1,
    }


def test_de_cijfers_zijn_die_van_de_ronde_zelf() -> None:
    vol, leeg = open_tijdvak(), open_tijdvak()
    naar_status(maak_ingediend(vol), Status.RESERVE)
    naar_status(maak_ingediend(vol), Status.GESELECTEERD)
    naar_status(maak_ingediend(vol, kosten=Decimal("1234.56")), Status.COMPLEET)
    maak_concept(vol)
    overgang_toepassen(maak_concept(vol), "verlopen", actor=None, op=NA)
    for tijdvak in met_cijfers(list(openbare_tijdvakken())):
        verwacht = tijdvak_cijfers(tijdvak)
        cijfers: Any = tijdvak.cijfers  # type: ignore[attr-defined]
        assert (cijfers.aantal, cijfers.gevraagd, cijfers.aantal_toegekend, cijfers.toegekend) == (
            verwacht.aanvragen,
            verwacht.gevraagd_bedrag,
            verwacht.toegekend,
            verwacht.toegekend_bedrag,
        )
        assert (cijfers.resteert, cijfers.reservelijst) == (verwacht.resteert, verwacht.reserve)
    assert leeg in openbare_tijdvakken()


def test_een_ontwerp_is_niet_openbaar(client: Client) -> None:
    ontwerp, ingetrokken = maak_tijdvak(sleutel="geheim"), maak_tijdvak(sleutel="weg")
    overgang_toepassen(ingetrokken, "intrekken", actor=None, op=VOOR)
    assert sleutels(client.get(f"{BASIS}/tijdvakken")) == []
    assert sleutels(client.get(f"{BASIS}/regelingen")) == []
    for pad in ("tijdvakken/geheim-1", "tijdvakken/weg-1", "regelingen/geheim", "regelingen/weg"):
        assert client.get(f"{BASIS}/{pad}").status_code == 404
    tijdvak_publiceren(tijdvak=ontwerp, actor=None, op=VOOR)
    assert sleutels(client.get(f"{BASIS}/tijdvakken")) == ["geheim-1"]
    assert sleutels(client.get(f"{BASIS}/regelingen")) == ["geheim"]
    # Withdrawn after publication: it was public and stays so, with its state.
    overgang_toepassen(ontwerp, "intrekken", actor=None, op=VOOR)
    assert client.get(f"{BASIS}/tijdvakken/geheim-1").json()["status"] == "ingetrokken"


def test_filters_op_tijdvakken(client: Client) -> None:
    a, b = open_tijdvak(sleutel="a"), open_tijdvak(sleutel="b")
    overgang_toepassen(overgang_toepassen(b, "sluiten", actor=None, op=NA), "verdeling_beginnen", actor=None, op=NA)
    pad = f"{BASIS}/tijdvakken"
    assert sleutels(client.get(pad)) == [a.sleutel, b.sleutel]
    assert sleutels(client.get(pad, {"regeling": "b"})) == ["b-1"]
    assert sleutels(client.get(pad, {"regeling": "c"})) == []
    assert sleutels(client.get(pad, {"status": "in-verdeling"})) == ["b-1"]
    assert sleutels(client.get(pad, {"status": ["open", "in-verdeling"]})) == ["a-1", "b-1"]
    for fout in ({"status": "ontwerp"}, {"status": "in_verdeling"}, {"regeling": "a/b"}, {"regeling": ""}):
        assert client.get(pad, fout).status_code == 400


def test_bladeren_door_tijdvakken_en_regelingen(client: Client) -> None:
    for sleutel in ("c", "a", "b"):
        open_tijdvak(sleutel=sleutel)
    for soort, verwacht in (("tijdvakken", ["a-1", "b-1", "c-1"]), ("regelingen", ["a", "b", "c"])):
        antwoord = client.get(f"{BASIS}/{soort}", {"paginaGrootte": 2})
        assert sleutels(antwoord) == verwacht[:2]
        tweede = client.get(antwoord.json()["volgende"])
        assert sleutels(tweede) == verwacht[2:]
        assert tweede.json()["volgende"] is None


def test_aantal_queries_groeit_niet(client: Client, django_assert_num_queries: Any) -> None:
    for aantal in (1, 3):
        while len(openbare_tijdvakken()) < aantal:
            maak_ingediend(open_tijdvak())
        with django_assert_num_queries(3):  # rounds with scheme, ceilings, figures
            assert len(sleutels(client.get(f"{BASIS}/tijdvakken"))) == aantal
        with django_assert_num_queries(2):  # schemes, versions
            assert len(sleutels(client.get(f"{BASIS}/regelingen"))) == aantal


def test_regeling_heel(client: Client) -> None:
    tijdvak = open_tijdvak(sleutel="proef")
    versie = tijdvak.regelingversie
    # A later version that no published round uses is not public yet.
    concept = {**versie.inhoud, "regeling": {**versie.inhoud["regeling"], "naam": "Geheim plan", "versie": "2"}}
    Regelingversie.objects.create(regeling=versie.regeling, versie="2", inhoud=concept, sha256="0" * 64, geladen_op=NA)
    antwoord = client.get(f"{BASIS}/regelingen/proef")
    assert "Geheim" not in antwoord.content.decode()
    assert antwoord.json() == {
        "sleutel": "proef",
        "naam": "Proefregeling",
        "samenvatting": "Een regeling voor de tests.",
        "doel": "Testen.",
        "uitvoerder": "Uitvoerder",
        "grondslag": [{"artikel": "artikel 3 van de Kaderwet", "onderwerp": "subsidies"}],
        "themas": [],
        "voorwaarden": voorwaarden(versie.spec),
        "versies": [{"versie": "1", "geldigVanaf": "2026-01-01", "vervaltOp": None, "sha256": digest(versie.spec)}],
    }
    assert versie.sha256 == digest(versie.spec) == digest(lees_json(naar_json(versie.spec)))


def lees_json(inhoud: dict[str, Any]) -> Any:
    return Regelingversie(inhoud=inhoud).spec


def test_voorwaarden_in_woorden() -> None:
    pad = CATALOGUS / "esf-e-voucher-2011.toml"
    assert voorwaarden(lees_regeling(pad.read_bytes(), pad.name)) == [
        "De aanvrager is een onderneming.",
        "Bij de aanvrager werken minstens 2 personen.",
        "Per aanvrager doet één aanvraag mee in een tijdvak.",
        "U krijgt een voucher.",
        "Wij vergoeden 75% van de kosten die meetellen.",
        "Het hoogste bedrag is € 18.000.",
        "De aanvrager betaalt zelf minstens € 3.250.",
        "Een voucher is 10 maanden geldig.",
        "De subsidie is de-minimissteun: alle steun samen blijft onder het maximum van de EU.",
        "Het project heeft een externe adviseur.",
        "De adviseur is onafhankelijk van de aanvrager.",
        "De adviseur heeft minstens 2 referenties.",
        "Het project duurt hoogstens 9 maanden.",
        "Het project begint pas na het besluit.",
        "Het project begint binnen 4 weken na het besluit.",
        "In het project zit geen ander geld van de EU.",
    ]


def test_voorwaarden_van_elke_regeling_in_de_catalogus_zijn_zinnen() -> None:
    paden = sorted(CATALOGUS.glob("*.toml"))
    assert paden
    for pad in paden:
        zinnen = voorwaarden(lees_regeling(pad.read_bytes(), pad.name))
        assert len(zinnen) == len(set(zinnen)) >= 3, pad.name
        for zin in zinnen:
            assert zin[0].isupper(), zin
            assert "None" not in zin, zin
            assert zin.rstrip().endswith("."), zin


def test_openbaar_met_een_kapot_token_blijft_openbaar(client: Client) -> None:
    open_tijdvak(sleutel="proef")
    token = maak_token(maak_partner().partner)
    for kopregel in ("Bearer onzin", f"Bearer {token}"):
        assert sleutels(client.get(f"{BASIS}/tijdvakken", headers={"Authorization": kopregel})) == ["proef-1"]
