"""Cases for partners: what they show, filters, pages, search, history."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from urllib.parse import urlsplit

import pytest
from django.test import Client

from aanvragen.enums import PUBLIEK, Publiek, Status
from aanvragen.models import Aanvraag
from aanvragen.services.behandeling import aanvulling_vragen
from aanvragen.services.indienen import aanvraag_intrekken
from api.selectors import aanvragen_zichtbaar_voor_partner
from api.services.partners import partner_blokkeren, partnerrecht_verlenen
from api.stand import VOLGENDE_STAP, gebeurtenissen
from kern.enums import Rol
from kern.services.overgang import overgang_toepassen
from tests.api.conftest import Wereld
from tests.factories.api import kop, maak_partner, maak_token, naar_status
from tests.factories.ronde import (
    NA,
    TIJDENS,
    VOOR,
    maak_concept,
    maak_gebruiker,
    maak_ingediend,
    maak_organisatie,
    open_tijdvak,
)

pytestmark = pytest.mark.django_db
PAD = "/api/v1/aanvragen"


def z(moment: datetime) -> str:
    return moment.isoformat().replace("+00:00", "Z")


@pytest.fixture
def ronde(wereld: Wereld) -> Wereld:
    """The partner may see the whole round."""
    partnerrecht_verlenen(partner=wereld.partner, tijdvak=wereld.tijdvak, grondslag="Afspraak", actor=None, op=VOOR)
    return wereld


def ids(antwoord) -> list[str]:
    assert antwoord.status_code == 200, antwoord.content
    return [rij["id"] for rij in antwoord.json()["resultaten"]]


def test_ontvangen_aanvraag_heel(client: Client, wereld: Wereld) -> None:
    inhoud = client.get(f"{PAD}/{wereld.eigen.pk}", headers=wereld.kop).json()
    assert inhoud == {
        "id": str(wereld.eigen.pk),
        "kenmerk": "PROEF-1-00001",
        "tijdvak": "proef-1",
        "status": "ontvangen",
        "statusLabel": "Ontvangen",
        "momenten": [
            {"code": "ontvangen", "betekenis": "Wij hebben de aanvraag ontvangen.", "op": "2026-03-05T08:00:00Z"}
        ],
        "volgendeStap": "Wij kijken of de aanvraag compleet is.",
        "uiterlijkOp": "2026-06-26",
        "gewijzigdOp": "2026-03-05T08:00:00Z",
    }
    assert Aanvraag.objects.get(pk=wereld.eigen.pk).beslissen_uiterlijk_op == date(2026, 6, 26)


def test_geen_persoonsgegevens(client: Client, wereld: Wereld) -> None:
    for pad in (PAD, f"{PAD}/{wereld.eigen.pk}", f"{PAD}/{wereld.eigen.pk}/gebeurtenissen"):
        tekst = client.get(pad, headers=wereld.kop).content.decode()
        o = wereld.eigen.organisatie
        for geheim in (
            o.naam,
            o.kvk_nummer,
            str(o.pk),
            "Contact",
            "contact@",
            "Wat we gaan doen",
            "Persoon",
            "2000.00",
        ):
            assert geheim not in tekst, geheim


def test_aanvulling_noemt_de_laatste_dag_van_de_termijn(client: Client, wereld: Wereld) -> None:
    behandelaar = maak_gebruiker(Rol.BEHANDELAAR)
    aanvraag = naar_status(wereld.eigen, Status.IN_BEHANDELING)
    aanvulling_vragen(aanvraag=aanvraag, onderdelen=["Offerte"], termijn_dagen=14, actor=behandelaar, op=NA)
    inhoud = client.get(f"{PAD}/{aanvraag.pk}", headers=wereld.kop).json()
    assert inhoud["status"] == "aanvulling-nodig"
    assert inhoud["uiterlijkOp"] == (NA.date() + timedelta(days=14)).isoformat()
    assert "Offerte" not in str(inhoud)


def test_reserve_en_selectie(client: Client, ronde: Wereld) -> None:
    naar_status(ronde.eigen, Status.RESERVE)
    naar_status(ronde.vreemd, Status.GESELECTEERD)
    reserve = client.get(f"{PAD}/{ronde.eigen.pk}", headers=ronde.kop).json()
    assert (reserve["status"], reserve["uiterlijkOp"]) == ("reserve", None)
    # A selection is public only when it is decided.
    gekozen = client.get(f"{PAD}/{ronde.vreemd.pk}", headers=ronde.kop).json()
    assert (gekozen["status"], gekozen["uiterlijkOp"]) == ("in-verdeling", "2026-06-26")
    assert [moment["code"] for moment in gekozen["momenten"]] == ["ontvangen", "compleet"]


def test_elke_publieke_status_heeft_een_volgende_stap_of_is_een_einde() -> None:
    einde = {Publiek.AFGEWEZEN, Publiek.BUITEN_BEHANDELING, Publiek.INGETROKKEN, Publiek.AFGESLOTEN, Publiek.CONCEPT}
    assert set(VOLGENDE_STAP) == set(Publiek) - einde


# --- which rows -----------------------------------------------------------------------------------------------------


def test_een_concept_is_nooit_zichtbaar(client: Client, ronde: Wereld) -> None:
    concept = maak_concept(ronde.tijdvak)
    assert client.get(f"{PAD}/{concept.pk}", headers=ronde.kop).status_code == 404
    overgang_toepassen(concept, "verlopen", actor=None, op=NA)
    assert client.get(f"{PAD}/{concept.pk}", headers=ronde.kop).status_code == 404
    assert str(concept.pk) not in ids(client.get(PAD, headers=ronde.kop))


def test_recht_op_organisatie_tijdvak_en_allebei(wereld: Wereld) -> None:
    ander_tijdvak = open_tijdvak()
    elders = maak_ingediend(ander_tijdvak, wereld.eigen.organisatie)
    alles = {wereld.eigen.pk, wereld.vreemd.pk, elders.pk}
    organisatie = maak_partner(naam="O", organisatie=wereld.eigen.organisatie).partner
    tijdvak = maak_partner(naam="T", tijdvak=wereld.tijdvak).partner
    allebei = maak_partner(naam="A", organisatie=wereld.eigen.organisatie, tijdvak=ander_tijdvak).partner
    niets = maak_partner(naam="N").partner
    dubbel = maak_partner(naam="D", organisatie=wereld.eigen.organisatie).partner
    for t in (wereld.tijdvak, ander_tijdvak):
        partnerrecht_verlenen(partner=dubbel, tijdvak=t, grondslag="Afspraak", actor=None, op=VOOR)
    gezien = {
        partner.naam: sorted(aanvragen_zichtbaar_voor_partner(partner).values_list("pk", flat=True))
        for partner in (organisatie, tijdvak, allebei, niets, dubbel)
    }
    assert gezien == {
        "O": sorted([wereld.eigen.pk, elders.pk]),
        "T": sorted([wereld.eigen.pk, wereld.vreemd.pk]),
        "A": [elders.pk],
        "N": [],
        "D": sorted(alles),  # each once, though three rights point at it
    }
    geblokkeerd = partner_blokkeren(partner=dubbel, reden="Test", actor=None, op=NA)
    assert list(aanvragen_zichtbaar_voor_partner(geblokkeerd)) == []


# --- filters --------------------------------------------------------------------------------------------------------


def test_filters(client: Client, ronde: Wereld) -> None:
    naar_status(ronde.eigen, Status.IN_BEHANDELING, op=NA)
    elders = maak_ingediend(open_tijdvak(sleutel="ander"), ronde.eigen.organisatie)
    eigen, vreemd, derde = str(ronde.eigen.pk), str(ronde.vreemd.pk), str(elders.pk)

    def lijst(**vraag: object) -> set[str]:
        return set(ids(client.get(PAD, vraag, headers=ronde.kop)))

    assert lijst() == {eigen, vreemd, derde}
    assert lijst(status="ontvangen") == {vreemd, derde}
    assert lijst(status=["ontvangen", "in-behandeling"]) == {eigen, vreemd, derde}
    assert lijst(status="toegekend") == set()
    assert lijst(tijdvak="proef-1") == {eigen, vreemd}
    assert lijst(tijdvak="bestaat-niet") == set()
    assert lijst(tijdvak="ander-1", status="in-behandeling") == set()
    # After and before are strict, and any offset is understood.
    assert lijst(gewijzigdNa=z(TIJDENS)) == {eigen}
    assert lijst(gewijzigdNa=z(TIJDENS - timedelta(microseconds=1))) == {eigen, vreemd, derde}
    assert lijst(gewijzigdNa="2026-03-05T09:00:00+01:00") == {eigen}
    assert lijst(gewijzigdVoor=z(NA)) == {vreemd, derde}
    assert lijst(gewijzigdVoor=z(NA + timedelta(seconds=1)), gewijzigdNa=z(TIJDENS)) == {eigen}


def test_status_op_interne_namen_is_onbekend(client: Client, ronde: Wereld) -> None:
    for waarde in ("concept", "geselecteerd", "in_behandeling", ""):
        antwoord = client.get(PAD, {"status": waarde}, headers=ronde.kop)
        assert antwoord.status_code == 400, waarde
        assert [fout["name"] for fout in antwoord.json()["invalidParams"]] == ["status"]


@pytest.mark.parametrize(
    "moment",
    [
        "gisteren",
        "2026-03-05",
        "2026-03-05T09:00:00",
        "2026-03-05 09:00:00Z",
        "2026-03-05T09:00:00 01:00",
        "2026-03-05T09:00:00-00:00",
        "2026-02-30T09:00:00Z",
        "2026-03-05T25:00:00Z",
        "2026-03-05T09:00:00+25:00",
        "0001-01-01T00:00:00+14:00",
        "9999-12-31T23:59:59-14:00",
        "٢٠٢٦-03-05T09:00:00Z",
        "",
    ],
)
def test_ongeldig_moment_400(client: Client, ronde: Wereld, moment: str) -> None:
    antwoord = client.get(PAD, {"gewijzigdNa": moment}, headers=ronde.kop)
    assert antwoord.status_code == 400
    (fout,) = antwoord.json()["invalidParams"]
    assert (fout["name"], fout["in"]) == ("gewijzigdNa", "query")


def test_alle_fouten_in_een_keer(client: Client, ronde: Wereld) -> None:
    vraag = {"status": "bestaat", "gewijzigdNa": "x", "paginaGrootte": "0", "gewijzigd_na": "x", "sortering": "op"}
    antwoord = client.get(PAD, vraag, headers=ronde.kop)
    assert antwoord.status_code == 400
    assert sorted((fout["name"], fout["code"]) for fout in antwoord.json()["invalidParams"]) == [
        ("gewijzigdNa", "vorm"),
        ("gewijzigd_na", "onbekend"),
        ("paginaGrootte", "min_value"),
        ("sortering", "onbekend"),
        ("status", "invalid_choice"),
    ]


def test_een_parameter_die_twee_keer_voorkomt_400(client: Client, ronde: Wereld) -> None:
    antwoord = client.get(PAD, {"tijdvak": ["proef-1", "ander-1"]}, headers=ronde.kop)
    assert [(f["name"], f["code"]) for f in antwoord.json()["invalidParams"]] == [("tijdvak", "dubbel")]


# --- pages ----------------------------------------------------------------------------------------------------------


def bladeren(client: Client, ronde: Wereld, adres: str) -> list[list[str]]:
    bladen = []
    while adres:
        antwoord = client.get(adres, headers=ronde.kop)
        bladen.append(ids(antwoord))
        volgende = antwoord.json()["volgende"]
        adres = f"{urlsplit(volgende).path}?{urlsplit(volgende).query}" if volgende else ""
    return bladen


def test_bladeren_geeft_elke_rij_een_keer_ook_bij_gelijke_momenten(client: Client, ronde: Wereld) -> None:
    alle = {str(ronde.eigen.pk), str(ronde.vreemd.pk), *(str(maak_ingediend(ronde.tijdvak).pk) for _ in range(5))}
    assert Aanvraag.objects.values("gewijzigd_op").distinct().count() == 1
    bladen = bladeren(client, ronde, f"{PAD}?paginaGrootte=3&tijdvak=proef-1")
    assert [len(blad) for blad in bladen] == [3, 3, 1]
    assert sorted(sum(bladen, [])) == sorted(alle)


def test_bladeren_blijft_kloppen_als_er_rijen_bij_komen_of_veranderen(client: Client, ronde: Wereld) -> None:
    rijen = [ronde.eigen, ronde.vreemd, *(maak_ingediend(ronde.tijdvak) for _ in range(4))]
    eerste = client.get(PAD, {"paginaGrootte": 2}, headers=ronde.kop)
    gezien = ids(eerste)
    # Now: a row of the first page changes, an unread row changes, and rows come in, one of them with an older moment.
    gelezen = Aanvraag.objects.get(pk=gezien[0])
    ongelezen = next(rij for rij in rijen if str(rij.pk) not in gezien)
    naar_status(gelezen, Status.IN_BEHANDELING, op=NA)
    naar_status(ongelezen, Status.IN_BEHANDELING, op=NA)
    nieuw = maak_ingediend(ronde.tijdvak)
    volgende = urlsplit(eerste.json()["volgende"])
    rest = sum(bladeren(client, ronde, f"{volgende.path}?{volgende.query}"), [])
    # Nothing that was there is missed, the changed rows come (again) at the end, nothing else comes twice.
    assert {str(rij.pk) for rij in rijen} <= {*gezien, *rest}
    assert set(gezien) & set(rest) == {str(gelezen.pk)}
    assert set(rest[-2:]) == {str(gelezen.pk), str(ongelezen.pk)}
    assert len(rest) == len(set(rest))
    assert (str(nieuw.pk) in rest) == (str(nieuw.pk) > gezien[-1])


def test_paginagrootte_heeft_een_bovengrens(client: Client, ronde: Wereld, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("api.paginering.MAXIMUM", 1)
    antwoord = client.get(PAD, {"paginaGrootte": 10**9}, headers=ronde.kop)
    assert len(ids(antwoord)) == 1
    assert antwoord.json()["volgende"].startswith("http://testserver/api/v1/aanvragen?")


@pytest.mark.parametrize("waarde", ["-1", "0", "1.5", "een", "", "9" * 5000])
def test_onzin_als_paginagrootte_400(client: Client, ronde: Wereld, waarde: str) -> None:
    antwoord = client.get(PAD, {"paginaGrootte": waarde}, headers=ronde.kop)
    assert [fout["name"] for fout in antwoord.json()["invalidParams"]] == ["paginaGrootte"]


def test_cursor_van_een_ander_of_verzonnen_400(client: Client, ronde: Wereld) -> None:
    antwoord = client.get(PAD, {"paginaGrootte": 1}, headers=ronde.kop)
    echt = antwoord.json()["volgende"].split("cursor=")[1].split("&")[0]
    client.get("/api/v1/tijdvakken", {"paginaGrootte": 1})
    open_tijdvak()
    ander = client.get("/api/v1/tijdvakken", {"paginaGrootte": 1}).json()["volgende"].split("cursor=")[1].split("&")[0]
    for cursor in ("x", echt[:-2], ander, "%00", "W10:1:x"):
        antwoord = client.get(f"{PAD}?cursor={cursor}", headers=ronde.kop)
        assert antwoord.status_code == 400, cursor
        assert [fout["name"] for fout in antwoord.json()["invalidParams"]] == ["cursor"]


def test_aantal_queries_groeit_niet_met_de_lijst(client: Client, wereld: Wereld, django_assert_num_queries) -> None:
    # token, partner, page, rounds, versions, open requests to complete
    with django_assert_num_queries(6):
        assert len(ids(client.get(PAD, headers=wereld.kop))) == 1
    partnerrecht_verlenen(partner=wereld.partner, tijdvak=wereld.tijdvak, grondslag="Afspraak", actor=None, op=VOOR)
    maak_ingediend(wereld.tijdvak)
    with django_assert_num_queries(6):
        assert len(ids(client.get(PAD, headers=wereld.kop))) == 3


# --- search ---------------------------------------------------------------------------------------------------------


def zoek(client: Client, wereld: Wereld, body: object):
    return client.post(f"{PAD}/_zoek", body, content_type="application/json", headers=wereld.kop)


def test_zoeken(client: Client, wereld: Wereld) -> None:
    eigen, vreemd = wereld.eigen, wereld.vreemd
    assert ids(zoek(client, wereld, {"kenmerk": eigen.kenmerk})) == [str(eigen.pk)]
    assert ids(zoek(client, wereld, {"kenmerk": f" {eigen.kenmerk.lower()} "})) == [str(eigen.pk)]
    assert ids(zoek(client, wereld, {"kvkNummer": eigen.organisatie.kvk_nummer})) == [str(eigen.pk)]
    assert ids(zoek(client, wereld, {"kenmerk": "PROEF"})) == []
    assert ids(zoek(client, wereld, {"kvkNummer": eigen.organisatie.kvk_nummer, "kenmerk": vreemd.kenmerk})) == []
    # What one may not see is not found, like what does not exist.
    antwoorden = [
        zoek(client, wereld, body).json()
        for body in ({"kenmerk": vreemd.kenmerk}, {"kenmerk": "X-1"}, {"kvkNummer": vreemd.organisatie.kvk_nummer})
    ]
    assert antwoorden == [{"resultaten": [], "volgendeCursor": None}] * 3


def test_zoeken_bladert_met_dezelfde_vraag(client: Client, wereld: Wereld) -> None:
    tweede = maak_ingediend(open_tijdvak(), wereld.eigen.organisatie)
    vraag: dict[str, object] = {"kvkNummer": wereld.eigen.organisatie.kvk_nummer, "paginaGrootte": 1}
    een = zoek(client, wereld, vraag)
    twee = zoek(client, wereld, {**vraag, "cursor": een.json()["volgendeCursor"]})
    assert sorted(ids(een) + ids(twee)) == sorted([str(wereld.eigen.pk), str(tweede.pk)])
    assert twee.json()["volgendeCursor"] is None
    fout = zoek(client, wereld, {**vraag, "cursor": "x"}).json()["invalidParams"]
    assert [(item["name"], item["in"]) for item in fout] == [("cursor", "body")]


@pytest.mark.parametrize(
    ("body", "namen"),
    [
        ({}, [""]),
        ({"kvkNummer": "123"}, ["kvkNummer"]),
        ({"kvkNummer": "1234567８"}, ["kvkNummer"]),
        ({"kvkNummer": 12345678}, ["kvkNummer"]),
        ({"kvkNummer": None}, ["kvkNummer"]),
        ({"kenmerk": ["A"]}, ["kenmerk"]),
        ({"kenmerk": "A\x00"}, ["kenmerk"]),
        ({"kenmerk": "A" * 41}, ["kenmerk"]),
        ({"kenmerk": "A", "kvk_nummer": "x", "organisatie": 1}, ["kvk_nummer", "organisatie"]),
        ({"kvkNummer": "1", "extra": 1}, ["extra", "kvkNummer"]),
        ([], [""]),
        (b'"tekst"', [""]),
    ],
)
def test_zoeken_met_foute_body_400(client: Client, wereld: Wereld, body: object, namen: list[str]) -> None:
    antwoord = zoek(client, wereld, body)
    assert antwoord.status_code == 400
    fouten = antwoord.json()["invalidParams"]
    assert sorted(fout["name"] for fout in fouten) == namen
    assert {fout["in"] for fout in fouten} == {"body"}


def test_fouten_in_query_en_body_samen(client: Client, wereld: Wereld) -> None:
    antwoord = client.post(
        f"{PAD}/_zoek?kvkNummer=00000001", {"x": 1}, content_type="application/json", headers=wereld.kop
    )
    assert [(fout["name"], fout["in"]) for fout in antwoord.json()["invalidParams"]] == [
        ("kvkNummer", "query"),
        ("x", "body"),
    ]


@pytest.mark.parametrize(
    "rauw", [b"{", b"\xff\xfe", b'{"kenmerk": NaN}', b'{"kenmerk":"A","kenmerk":"B"}', b"[" * 60_000, b"nul"]
)
def test_geen_json_400(client: Client, wereld: Wereld, rauw: bytes) -> None:
    antwoord = client.post(f"{PAD}/_zoek", rauw, content_type="application/json", headers=wereld.kop)
    assert antwoord.status_code == 400
    assert antwoord.json()["type"] == "http://testserver/api/v1/problemen/verzoek-onjuist"


def test_te_grote_body_413(client: Client, wereld: Wereld) -> None:
    antwoord = zoek(client, wereld, {"kenmerk": "A" * 70_000})
    assert antwoord.status_code == 413
    assert antwoord.json()["title"] == "Het verzoek is te groot"


def test_body_in_stukken_krijgt_uitleg(client: Client, wereld: Wereld) -> None:
    antwoord = client.generic(
        "POST", f"{PAD}/_zoek", b"", headers={**wereld.kop, "Transfer-Encoding": "chunked"}, CONTENT_LENGTH=""
    )
    assert antwoord.status_code == 400
    assert antwoord.json()["detail"] == "Stuur de header Content-Length mee: een body in stukken lezen wij niet."


# --- history --------------------------------------------------------------------------------------------------------


def test_gebeurtenissen_zijn_veranderingen_van_de_publieke_stand(client: Client, wereld: Wereld) -> None:
    aanvraag = naar_status(wereld.eigen, Status.IN_VERDELING)  # in behandeling and compleet are one public standing
    aanvraag_intrekken(aanvraag=aanvraag, reden="Geen tijd", actor=maak_gebruiker(), op=NA + timedelta(days=1))
    antwoord = client.get(f"{PAD}/{aanvraag.pk}/gebeurtenissen", headers=wereld.kop)
    assert antwoord.json() == {
        "resultaten": [
            {"volgnummer": 1, "op": z(TIJDENS), "status": "ontvangen", "statusLabel": "Ontvangen"},
            {"volgnummer": 2, "op": z(NA), "status": "in-behandeling", "statusLabel": "In behandeling"},
            {
                "volgnummer": 3,
                "op": z(NA + timedelta(hours=2)),
                "status": "in-verdeling",
                "statusLabel": "In verdeling",
            },
            {"volgnummer": 4, "op": z(NA + timedelta(days=1)), "status": "ingetrokken", "statusLabel": "Ingetrokken"},
        ],
        "volgende": None,
    }


def test_een_stap_zonder_publieke_betekenis_is_geen_gebeurtenis() -> None:
    assert gebeurtenissen([(NA, "concept"), (NA, "iets-anders")]) == []
    assert [g.status for g in gebeurtenissen([(NA, "in_verdeling"), (NA, "geselecteerd"), (NA, "verleend")])] == [
        "in-verdeling",
        "toegekend",
    ]
    # Every internal state has a public one.
    assert set(PUBLIEK) == set(Status.values)


def test_import_uit_het_verleden(client: Client, wereld: Wereld) -> None:
    organisatie = maak_organisatie()
    oud = Aanvraag.objects.create(
        tijdvak=wereld.tijdvak, organisatie=organisatie, kenmerk="OUD-1", aangemaakt_op=NA, gewijzigd_op=NA
    )
    overgang_toepassen(oud, "historisch_vastleggen", actor=None, op=NA, einde=Status.AFGEWEZEN)
    token = maak_token(maak_partner(naam="Oud", organisatie=organisatie).partner)
    (rij,) = client.get(PAD, headers=kop(token)).json()["resultaten"]
    assert (rij["kenmerk"], rij["status"], rij["volgendeStap"], rij["uiterlijkOp"]) == (
        "OUD-1",
        "afgewezen",
        None,
        None,
    )
