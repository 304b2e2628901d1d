"""A draw: public from the publication of its hash, the outcome once it is settled."""

from __future__ import annotations

import hashlib

import pytest
from django.test import Client

from beoordeling.models import Lotingbestand
from kern.services.overgang import overgang_toepassen
from tests.factories.api import maak_loting
from tests.factories.ronde import NA, open_tijdvak

pytestmark = pytest.mark.django_db
PAD = "/api/v1/lotingen/proef-1"


def test_voor_publicatie_onbekend(client: Client) -> None:
    maak_loting(open_tijdvak(sleutel="proef"), tot="bevriezen")
    assert client.get(PAD).status_code == 404


def test_na_publicatie_protocol_en_hashes_maar_geen_uitslag(client: Client) -> None:
    loting = maak_loting(open_tijdvak(sleutel="proef"), tot="publiceren")
    inhoud = client.get(PAD).json()
    assert inhoud.pop("protocol").startswith('{"algoritme":"LOTING-HKDF-SHA256-1"')
    assert inhoud == {
        "kenmerk": "proef-1",
        "tijdvak": "proef-1",
        "status": "gepubliceerd",
        "statusLabel": "Gepubliceerd",
        "aantal": 4,
        "protocolSha256": loting.protocol_sha256,
        "deelnemersSha256": loting.deelnemers_sha256,
        "gepubliceerdOp": "2026-03-28T16:00:00Z",
        "gepubliceerdWaar": "Staatscourant",
        "trekkingGeplandOp": "2026-03-28T16:00:00Z",
        "getrokkenOp": None,
        "vastgesteldOp": None,
        "vervangt": None,
        "bestanden": [
            {"naam": "deelnemers.csv", "sha256": loting.deelnemers_sha256},
            {"naam": "protocol.json", "sha256": loting.protocol_sha256},
        ],
        "uitkomst": None,
    }


@pytest.mark.parametrize("tot", ["bronnen_vastleggen", "trekken", "verdelen"])
def test_getrokken_maar_niet_vastgesteld_geeft_geen_uitslag(client: Client, tot: str) -> None:
    maak_loting(open_tijdvak(sleutel="proef"), tot=tot)
    inhoud = client.get(PAD).json()
    assert inhoud["uitkomst"] is None
    assert [bestand["naam"] for bestand in inhoud["bestanden"]] == ["deelnemers.csv", "protocol.json"]


def test_na_vaststelling_de_hele_uitslag(client: Client) -> None:
    loting = maak_loting(open_tijdvak(sleutel="proef"))
    inhoud = client.get(PAD).json()
    # The text is the published one, byte for byte.
    assert hashlib.sha256(inhoud["protocol"].encode()).hexdigest() == inhoud["protocolSha256"]
    regels = bytes(Lotingbestand.objects.get(loting=loting, naam="uitkomst.csv").inhoud).decode().splitlines()[1:]
    assert [
        (str(rij["plaats"]), rij["kenmerk"], rij["lot"], rij["bedrag"] or rij["uitkomst"].upper())
        for rij in inhoud["uitkomst"]
    ] == [
        (plaats, kenmerk, lot, "1000.00" if wat == "100000" else wat)
        for plaats, kenmerk, lot, wat in (regel.split(";") for regel in regels)
    ]
    assert sorted(rij["uitkomst"] for rij in inhoud["uitkomst"]) == ["reserve", "toegewezen", "toegewezen", "uit"]
    assert next(r["uitkomst"] for r in inhoud["uitkomst"] if r["kenmerk"] == "PROEF-00002") == "uit"
    assert {bestand["naam"]: bestand["sha256"] for bestand in inhoud["bestanden"]} == dict(
        Lotingbestand.objects.filter(loting=loting).values_list("naam", "sha256")
    )
    assert (inhoud["status"], inhoud["vastgesteldOp"]) == ("vastgesteld", "2026-03-28T16:00:00Z")


def test_een_vervangen_loting_blijft_openbaar_met_haar_stand(client: Client) -> None:
    tijdvak = open_tijdvak(sleutel="proef")
    oud = overgang_toepassen(maak_loting(tijdvak, tot="publiceren"), "vervangen_worden", actor=None, op=NA)
    nieuw = maak_loting(tijdvak, kenmerk="proef-2", tot="publiceren")
    nieuw.vervangt = oud
    nieuw.save(update_fields=["vervangt"])
    assert client.get(PAD).json()["status"] == "vervangen"
    assert client.get("/api/v1/lotingen/proef-2").json()["vervangt"] == "proef-1"


def test_een_loting_die_nooit_openbaar_was_wordt_niet_genoemd(client: Client) -> None:
    tijdvak = open_tijdvak(sleutel="proef")
    stil = overgang_toepassen(maak_loting(tijdvak, tot="bevriezen"), "vervangen_worden", actor=None, op=NA)
    nieuw = maak_loting(tijdvak, kenmerk="proef-2", tot="publiceren")
    nieuw.vervangt = stil
    nieuw.save(update_fields=["vervangt"])
    assert client.get("/api/v1/lotingen/proef-2").json()["vervangt"] is None
