"""Every 4xx and 5xx under /api/ is a problem, with the headers of the API (T7, R80, R81, R83)."""

from __future__ import annotations

from typing import Any

import pytest
from django.db import OperationalError
from django.test import Client, RequestFactory

from api.problemen import BIJ_STATUS, DETAIL, SOORTEN, afhandelen, plat
from api.versie import VERSIE
from kern.fouten import BestandFout, DomeinFout, InvoerFout, OvergangFout, PlafondFout, RechtenFout, Regelfout
from tests.api.conftest import Wereld

BASIS = "/api/v1"
KOPPEN = {
    "API-Version": VERSIE,
    "Cache-Control": "no-store",
    "Content-Security-Policy": "default-src 'none'; frame-ancestors 'none'",
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Content-Language": "nl",
}


def eis_probleem(antwoord: Any, status: int, code: str) -> dict[str, Any]:
    assert antwoord.status_code == status, antwoord.content
    assert antwoord["Content-Type"] == "application/problem+json"
    inhoud = antwoord.json()
    leden = {"type", "title", "status", "detail", "instance"}
    assert set(inhoud) - {"invalidParams"} == leden
    assert (inhoud["type"], inhoud["title"], inhoud["status"]) == (
        f"http://testserver{BASIS}/problemen/{code}",
        SOORTEN[code].titel,
        status,
    )
    assert inhoud["instance"] == f"urn:uuid:{antwoord['X-Request-ID']}"
    assert {naam: antwoord[naam] for naam in KOPPEN} == KOPPEN
    assert "Access-Control-Allow-Origin" not in antwoord
    return inhoud


@pytest.mark.parametrize(
    "pad",
    [
        "/api",
        "/api/",
        "/api/v1",
        "/api/v1/",
        "/api/v1/bestaat-niet",
        "/api/v2/aanvragen",
        "/api/v1/aanvragen/",
        "/api/v1/aanvragen/geen-uuid",
        "/api/v1/aanvragen/_zoek/",
        "/api/v1/regelingen/",
        "/api/v1/regelingen/bestaat-niet",
        "/api/v1/regelingen/%00",
        "/api/v1/tijdvakken/bestaat-niet",
        "/api/v1/lotingen/bestaat-niet",
        "/api/v1/lotingen/%00",
        "/api/v1/lotingen/%0a",
        "/api/v1/openapi.json/",
        "/api/v1/token/",
        "/api/v1/problemen/bestaat-niet",
        "/api/v1/vouchers",
        "/api/%0a",
        "/api/é/../x",
    ],
)
@pytest.mark.django_db
def test_onbekend_adres_404_zonder_omleiding(client: Client, pad: str) -> None:
    eis_probleem(client.get(pad), 404, "niet-gevonden")


@pytest.mark.django_db
@pytest.mark.parametrize("methode", ["post", "put", "patch", "delete", "options", "head", "trace"])
def test_onbekend_adres_404_bij_elke_methode_ook_met_csrf(methode: str) -> None:
    streng = Client(enforce_csrf_checks=True)
    assert getattr(streng, methode)("/api/v1/bestaat-niet").status_code == 404


@pytest.mark.django_db
def test_een_schuine_streep_te_veel_stuurt_niet_door_ook_niet_bij_post(client: Client, wereld: Wereld) -> None:
    antwoord = client.post(
        f"{BASIS}/aanvragen/_zoek/", {"kenmerk": "A"}, content_type="application/json", headers=wereld.kop
    )
    eis_probleem(antwoord, 404, "niet-gevonden")


GOED = {
    "/regelingen": "GET, HEAD",
    "/tijdvakken/proef-1": "GET, HEAD",
    "/aanvragen": "GET, HEAD",
    "/aanvragen/_zoek": "POST",
    "/vouchers/_controleer": "POST",
    "/openapi.json": "GET, HEAD",
}
METHODEN = ["get", "post", "put", "patch", "delete", "options"]


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("pad", "goed", "methode"),
    [(pad, goed, m) for pad, goed in GOED.items() for m in METHODEN if m.upper() not in goed],
)
def test_verkeerde_methode_405_met_allow(client: Client, wereld: Wereld, pad: str, goed: str, methode: str) -> None:
    antwoord = getattr(client, methode)(BASIS + pad, headers=wereld.kop)
    eis_probleem(antwoord, 405, "methode-niet-toegestaan")
    assert antwoord["Allow"] == goed


@pytest.mark.django_db
def test_head_geeft_de_koppen_zonder_inhoud(client: Client, wereld: Wereld) -> None:
    antwoord = client.head(f"{BASIS}/aanvragen", headers=wereld.kop)
    assert (antwoord.status_code, antwoord.content) == (200, b"")
    assert antwoord["API-Version"] == VERSIE


@pytest.mark.django_db
@pytest.mark.parametrize("accept", ["text/html", "application/xml", "application/vnd.stimulans+json", "onzin"])
def test_ander_formaat_406(client: Client, wereld: Wereld, accept: str) -> None:
    for pad in ("/regelingen", "/tijdvakken", "/aanvragen", f"/aanvragen/{wereld.eigen.pk}"):
        antwoord = client.get(BASIS + pad, headers={**wereld.kop, "Accept": accept})
        eis_probleem(antwoord, 406, "formaat-niet-leverbaar")


@pytest.mark.django_db
@pytest.mark.parametrize(
    "accept", ["application/json", "*/*", "application/*", "application/problem+json, application/json"]
)
def test_formaat_dat_wel_kan(client: Client, wereld: Wereld, accept: str) -> None:
    antwoord = client.get(f"{BASIS}/aanvragen", headers={**wereld.kop, "Accept": accept})
    assert (antwoord.status_code, antwoord["Content-Type"]) == (200, "application/json")


@pytest.mark.django_db
@pytest.mark.parametrize(
    "soort",
    ["text/plain", "application/xml", "application/x-www-form-urlencoded", "multipart/form-data; boundary=x", "x"],
)
def test_andere_inhoud_415(client: Client, wereld: Wereld, soort: str) -> None:
    for pad in ("/aanvragen/_zoek", "/vouchers/_controleer"):
        antwoord = client.generic("POST", BASIS + pad, b"kenmerk=A", content_type=soort, headers=wereld.kop)
        eis_probleem(antwoord, 415, "inhoud-niet-ondersteund")


@pytest.mark.django_db
def test_zonder_token_wordt_de_body_niet_gelezen(client: Client) -> None:
    antwoord = client.generic("POST", f"{BASIS}/aanvragen/_zoek", b"geen json", content_type="application/json")
    eis_probleem(antwoord, 401, "niet-aangemeld")


@pytest.mark.django_db
@pytest.mark.parametrize(
    "pad",
    [
        "/regelingen",
        "/regelingen/x",
        "/tijdvakken",
        "/tijdvakken/x",
        "/lotingen/x",
        "/problemen/geen-recht",
        "/openapi.json",
        "/openapi.yaml",
    ],
)
def test_onbekende_parameter_400_op_openbare_adressen(client: Client, pad: str) -> None:
    inhoud = eis_probleem(client.get(f"{BASIS}{pad}?format=json&x=1"), 400, "ongeldige-invoer")
    assert sorted(inhoud["invalidParams"], key=lambda fout: fout["name"]) == [
        {"name": naam, "in": "query", "code": "onbekend", "reason": "Deze naam kennen wij hier niet."}
        for naam in ("format", "x")
    ]


@pytest.mark.django_db
def test_onbekende_parameter_400_op_besloten_adressen(client: Client, wereld: Wereld) -> None:
    for pad in (f"/aanvragen/{wereld.eigen.pk}", f"/aanvragen/{wereld.eigen.pk}/gebeurtenissen"):
        inhoud = eis_probleem(client.get(f"{BASIS}{pad}?velden=alles", headers=wereld.kop), 400, "ongeldige-invoer")
        assert [fout["name"] for fout in inhoud["invalidParams"]] == ["velden"]


@pytest.mark.django_db
def test_meer_parameters_dan_er_bestaan_400(client: Client) -> None:
    eis_probleem(client.get(f"{BASIS}/regelingen?" + "&".join(f"p{n}=1" for n in range(2000))), 400, "verzoek-onjuist")


@pytest.mark.django_db
def test_verkeerde_host_400(client: Client) -> None:
    antwoord = client.get(f"{BASIS}/regelingen", headers={"Host": "kwaad.example"})
    assert antwoord.status_code == 400
    assert antwoord["Content-Type"] == "application/problem+json"
    assert antwoord.json()["type"] == f"{BASIS}/problemen/verzoek-onjuist"  # no trust in the host: a path only
    assert antwoord["API-Version"] == VERSIE


@pytest.mark.django_db
def test_onverwachte_fout_500_met_nummer_en_zonder_lek(monkeypatch: pytest.MonkeyPatch, caplog: Any) -> None:
    def stuk(*args: Any, **kwargs: Any) -> None:
        raise RuntimeError("geheim: wachtwoord=hunter2")

    monkeypatch.setattr("api.views.openbaar.openbare_regelingen", stuk)
    for debug in (False, True):
        monkeypatch.setattr("django.conf.settings.DEBUG", debug)
        antwoord = Client(raise_request_exception=False).get(f"{BASIS}/regelingen")
        eis_probleem(antwoord, 500, "interne-fout")
        assert b"hunter2" not in antwoord.content
        assert antwoord["X-Request-ID"] in caplog.text


@pytest.mark.django_db
def test_database_weg_503_met_retry_after(client: Client, monkeypatch: pytest.MonkeyPatch, caplog: Any) -> None:
    def weg(*args: Any, **kwargs: Any) -> None:
        raise OperationalError("connection refused: db.intern")

    monkeypatch.setattr("api.views.openbaar.openbare_regelingen", weg)
    antwoord = client.get(f"{BASIS}/regelingen")
    eis_probleem(antwoord, 503, "niet-bereikbaar")
    assert antwoord["Retry-After"] == "10"
    assert b"db.intern" not in antwoord.content
    assert "db.intern" in caplog.text


@pytest.mark.django_db
def test_csrf_hoort_niet_bij_de_api() -> None:
    # CSRF is for cookies; the API has none, so a POST without a CSRF token is judged by its access token alone.
    streng = Client(enforce_csrf_checks=True)
    antwoord = streng.post(f"{BASIS}/aanvragen/_zoek", {"kenmerk": "A"}, content_type="application/json")
    eis_probleem(antwoord, 401, "niet-aangemeld")


@pytest.mark.django_db
def test_de_api_spreekt_nederlands_en_zet_geen_cookies(client: Client, wereld: Wereld) -> None:
    antwoord = client.get(
        f"{BASIS}/aanvragen?paginaGrootte=x", headers={**wereld.kop, "Accept-Language": "en", "Cookie": "a=b"}
    )
    inhoud = eis_probleem(antwoord, 400, "ongeldige-invoer")
    assert inhoud["invalidParams"][0]["reason"] == "Een geldig getal is vereist."
    assert antwoord.cookies == {}


@pytest.mark.django_db
def test_goede_antwoorden_hebben_dezelfde_koppen(client: Client, wereld: Wereld) -> None:
    for pad in ("/regelingen", "/tijdvakken", "/aanvragen", f"/aanvragen/{wereld.eigen.pk}", "/openapi.json"):
        antwoord = client.get(BASIS + pad, headers=wereld.kop)
        assert antwoord.status_code == 200
        assert {naam: antwoord[naam] for naam in KOPPEN} == KOPPEN


@pytest.mark.django_db
def test_met_https_ook_strict_transport_security(settings: Any) -> None:
    settings.SECURE_HSTS_SECONDS = 31_536_000
    antwoord = Client().get(f"{BASIS}/regelingen", secure=True)
    assert antwoord["Strict-Transport-Security"].startswith("max-age=31536000")


@pytest.mark.django_db
def test_paginas_buiten_de_api_krijgen_de_koppen_niet(client: Client) -> None:
    assert "API-Version" not in client.get("/apix")


# --- the pages behind `type` ----------------------------------------------------------------------------------------


@pytest.mark.django_db
def test_elke_soort_heeft_een_adres(client: Client) -> None:
    for code, soort in SOORTEN.items():
        antwoord = client.get(f"{BASIS}/problemen/{code}")
        assert antwoord.json() == {"code": code, "status": soort.status, "titel": soort.titel, "uitleg": soort.uitleg}
        pagina = client.get(f"{BASIS}/problemen/{code}", headers={"Accept": "text/html,*/*;q=0.8"})
        assert pagina["Content-Type"] == "text/html; charset=utf-8"
        assert f"<h1>{soort.titel}</h1>" in pagina.content.decode()
    assert set(BIJ_STATUS.values()) | set(DETAIL) <= set(SOORTEN)


@pytest.mark.django_db
def test_een_fout_op_een_pagina_is_ook_een_probleem(client: Client) -> None:
    antwoord = client.get(f"{BASIS}/problemen/bestaat-niet", headers={"Accept": "text/html"})
    eis_probleem(antwoord, 404, "niet-gevonden")


# --- domain errors --------------------------------------------------------------------------------------------------


class NieuweFout(OvergangFout):
    code = "nog-zonder-pagina"


@pytest.mark.parametrize(
    ("fout", "status", "code"),
    [
        (DomeinFout("Kan niet."), 409, "geweigerd"),
        (OvergangFout("Kan niet."), 409, "overgang-niet-toegestaan"),
        (PlafondFout("Vol."), 409, "plafond-bereikt"),
        (RechtenFout("Mag niet."), 403, "geen-recht"),
        (InvoerFout("Fout."), 400, "ongeldige-invoer"),
        (InvoerFout("Fout.", code="tijdvak-gesloten"), 400, "ongeldige-invoer"),
        (NieuweFout("Kan niet."), 409, "overgang-niet-toegestaan"),
    ],
)
def test_domeinfout_wordt_probleem(fout: DomeinFout, status: int, code: str, rf: RequestFactory) -> None:
    request: Any = rf.get("/api/v1/x")
    request.verzoek_id = "nummer"
    antwoord = afhandelen(fout, {"request": request})
    assert antwoord is not None
    assert antwoord.data == {
        "type": f"http://testserver/api/v1/problemen/{code}",
        "title": SOORTEN[code].titel,
        "status": status,
        "detail": str(fout),
        "instance": "urn:uuid:nummer",
    }


def test_domeinfout_met_veld_en_bestandfout_noemen_de_plek(rf: RequestFactory) -> None:
    request: Any = rf.get("/api/v1/x")
    request.verzoek_id = "nummer"
    veld = afhandelen(InvoerFout("Te kort.", veld="naam"), {"request": request})
    assert veld is not None
    assert veld.data["invalidParams"] == [
        {"name": "naam", "in": "body", "code": "ongeldige-invoer", "reason": "Te kort."}
    ]
    bestand = afhandelen(BestandFout("Geweigerd.", [Regelfout("regel 2", "type", "Geen getal.")]), {"request": request})
    assert bestand is not None
    assert bestand.data["invalidParams"] == [{"name": "regel 2", "in": "body", "code": "type", "reason": "Geen getal."}]
    assert afhandelen(RuntimeError("x"), {"request": request}) is None


def test_geneste_fouten_krijgen_een_pad() -> None:
    detail = {"regels": [{}, {"bedrag": ["fout"]}], "lijst": {0: ["a"]}, "non_field_errors": ["b"]}
    assert [fout["name"] for fout in plat(detail, "body")] == ["regels[1].bedrag", "lijst[0]", ""]
    assert [fout["name"] for fout in plat(detail["lijst"], "query", "lijst")] == ["lijst"]
