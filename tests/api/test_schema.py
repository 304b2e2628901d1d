"""The OpenAPI document: valid, by the NLGov API Design Rules, and true (P16, R79-R86)."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache
from io import StringIO
from typing import Any
from uuid import uuid4

import pytest
import yaml
from django.core.management import call_command
from django.test import Client
from drf_spectacular.generators import SchemaGenerator
from drf_spectacular.settings import patched_settings
from openapi_schema_validator import OAS30Validator, oas30_format_checker
from openapi_spec_validator import OpenAPIV30SpecValidator, OpenAPIV31SpecValidator

from api.urls import urlpatterns
from api.versie import BASIS, VERSIE
from tests.api.conftest import Wereld
from tests.factories.api import maak_loting, maak_voucher
from tests.factories.ronde import NA

#: From the linter of the standard (R79).
KEBAB = re.compile(r"^(\/|(\/_[a-z0-9]+|\/(([a-z0-9\-]+|{[^}]+})(\/([a-z0-9\-\.]+|{[^}]+}))*)(\/_[a-z]+)?)\/?)$")
CAMEL = re.compile(r"^\$?[a-z][a-z\d]*([A-Z][a-z\d]*)*$")
SEMVER = re.compile(r"^(0|[1-9]\d*)\.(0|[1-9]\d*)\.(0|[1-9]\d*)$")
#: Names that another standard fixes: OAuth (RFC 6749).
OAUTH = {"Tokenvraag", "Token", "Tokenprobleem"}


@cache
def schema(versie: str = "3.0.3") -> dict[str, Any]:
    with patched_settings({"OAS_VERSION": versie}):
        return dict(SchemaGenerator().get_schema(request=None, public=True))


def bewerkingen() -> Iterator[tuple[str, str, dict[str, Any]]]:
    for pad, methoden in schema()["paths"].items():
        for methode, bewerking in methoden.items():
            yield pad, methode, bewerking


def test_alleen_wat_er_is() -> None:
    assert sorted((methode, pad) for pad, methode, _ in bewerkingen()) == [
        ("get", "/aanvragen"),
        ("get", "/aanvragen/{id}"),
        ("get", "/aanvragen/{id}/gebeurtenissen"),
        ("get", "/lotingen/{kenmerk}"),
        ("get", "/problemen/{code}"),
        ("get", "/regelingen"),
        ("get", "/regelingen/{sleutel}"),
        ("get", "/tijdvakken"),
        ("get", "/tijdvakken/{sleutel}"),
        ("post", "/aanvragen/_zoek"),
        ("post", "/token"),
        ("post", "/vouchers/_controleer"),
    ]
    # Every address is described, besides the description itself and the catch-all.
    assert len(urlpatterns) == len(schema()["paths"]) + 3


@pytest.mark.parametrize("versie", ["3.0.3", "3.1.0"])
def test_geldige_openapi(versie: str) -> None:
    document = schema(versie)
    assert document["openapi"] == versie
    klasse = OpenAPIV30SpecValidator if versie.startswith("3.0") else OpenAPIV31SpecValidator
    assert [fout.message for fout in klasse(document).iter_errors()] == []


def test_spectacular_zonder_waarschuwing() -> None:
    uit = StringIO()
    call_command("spectacular", "--fail-on-warn", "--validate", stdout=uit)
    assert yaml.safe_load(uit.getvalue()) == schema()


# --- one test per rule of the standard -------------------------------------------------------------------------------


def test_doc_openapi_contact() -> None:
    assert set(schema()["info"]["contact"]) == {"name", "url", "email"}
    assert all(schema()["info"]["contact"].values())


def test_semver_en_version_header() -> None:
    assert schema()["info"]["version"] == VERSIE
    assert SEMVER.match(VERSIE)
    for pad, methode, bewerking in bewerkingen():
        for status, antwoord in bewerking["responses"].items():
            assert antwoord["headers"]["API-Version"] == {"$ref": "#/components/headers/API-Version"}, (
                pad,
                methode,
                status,
            )


def test_uri_version_en_servers() -> None:
    assert [server["url"] for server in schema()["servers"]] == [BASIS]
    assert BASIS.endswith(f"/v{VERSIE.split('.')[0]}")


def test_paden() -> None:
    for pad in schema()["paths"]:
        assert KEBAB.match(pad), pad
        assert not pad.endswith("/"), pad
        assert not re.match(r"/?v\d", pad), pad


def test_query_keys_camel_case() -> None:
    namen = {p["name"] for _, _, b in bewerkingen() for p in b.get("parameters", []) if p["in"] == "query"}
    assert namen == {"cursor", "paginaGrootte", "status", "tijdvak", "gewijzigdNa", "gewijzigdVoor", "regeling"}
    assert all(CAMEL.match(naam) for naam in namen)


def test_no_sensitive_uris() -> None:
    parameters = {p["name"] for _, _, b in bewerkingen() for p in b.get("parameters", [])}
    assert not parameters & {"kvkNummer", "email", "token", "bsn"}


def test_namen_van_schemas_en_velden() -> None:
    for naam, deel in schema()["components"]["schemas"].items():
        assert re.fullmatch(r"[A-Z][A-Za-z0-9]*", naam), naam
        for veld in deel.get("properties", {}):
            assert CAMEL.match(veld) or naam in OAUTH, (naam, veld)


def test_http_methods() -> None:
    assert {methode for _, methode, _ in bewerkingen()} == {"get", "post"}


def test_problem_details_en_invalid_input() -> None:
    probleem = schema()["components"]["schemas"]["Probleem"]
    assert {"status", "title", "detail"} <= set(probleem["properties"])
    for pad, methode, bewerking in bewerkingen():
        antwoorden = bewerking["responses"]
        assert "400" in antwoorden, (pad, methode)
        assert "422" not in antwoorden, (pad, methode)
        for status, antwoord in antwoorden.items():
            soorten = list(antwoord["content"])
            if int(status) >= 400:
                assert soorten == ["application/problem+json"], (pad, status)
            else:
                assert soorten == (
                    ["application/json", "text/html"] if pad == "/problemen/{code}" else ["application/json"]
                )


def test_datum_en_tijd() -> None:
    for naam, deel in schema()["components"]["schemas"].items():
        for veld, soort in deel.get("properties", {}).items():
            if veld == "op" or veld.endswith("Op"):
                dag = veld in {"uiterlijkOp", "vervaltOp"}
                assert soort["format"] == ("date" if dag else "date-time"), (naam, veld)


def test_toegang_is_beschreven() -> None:
    gevonden = {
        (methode, pad): bewerking["security"] for pad, methode, bewerking in bewerkingen() if any(bewerking["security"])
    }
    assert gevonden == {
        ("get", "/aanvragen"): [{"oauth2": ["aanvragen:lezen"]}],
        ("get", "/aanvragen/{id}"): [{"oauth2": ["aanvragen:lezen"]}],
        ("get", "/aanvragen/{id}/gebeurtenissen"): [{"oauth2": ["aanvragen:lezen"]}],
        ("post", "/aanvragen/_zoek"): [{"oauth2": ["aanvragen:lezen"]}],
        ("post", "/vouchers/_controleer"): [{"oauth2": ["vouchers:controleren"]}],
    }
    assert schema()["components"]["securitySchemes"]["oauth2"]["flows"] == {
        "clientCredentials": {
            "tokenUrl": "/api/v1/token",
            "scopes": {
                "aanvragen:lezen": "De stand van aanvragen lezen waarvoor u toestemming hebt",
                "rondes:lezen": "Cijfers van rondes lezen",
                "vouchers:controleren": "Controleren of een voucher geldig is",
            },
        }
    }


def test_alles_heeft_een_beschrijving_in_het_nederlands() -> None:
    engels = re.compile(r"\b(the|of|and|with|that|is a|for)\b", re.IGNORECASE)
    nummers = set()
    for pad, _methode, bewerking in bewerkingen():
        nummers.add(bewerking["operationId"])
        for tekst in (bewerking["summary"], bewerking["description"]):
            assert tekst
            assert not re.search(r"\b(the|and|with|that|for)\b", tekst), tekst
        for parameter in bewerking.get("parameters", []):
            assert parameter["description"], (pad, parameter["name"])
    assert len(nummers) == len(list(bewerkingen()))
    for naam, deel in schema()["components"]["schemas"].items():
        assert not engels.search(deel.get("description", "").replace("of hij", "")), naam


def test_bodies_zijn_gesloten() -> None:
    schemas = schema()["components"]["schemas"]
    assert [naam for naam, deel in schemas.items() if deel.get("additionalProperties") is False] == [
        "Vouchervraag",
        "Zoekvraag",
    ]


# --- published ------------------------------------------------------------------------------------------------------


@pytest.mark.django_db
def test_openapi_is_openbaar_voor_elke_herkomst(client: Client) -> None:
    json = client.get(f"{BASIS}/openapi.json", headers={"Origin": "https://elders.example"})
    yaml_ = client.get(f"{BASIS}/openapi.yaml", headers={"Accept": "text/html"})
    assert (json["Content-Type"], yaml_["Content-Type"]) == ("application/json", "application/yaml")
    assert (json["Access-Control-Allow-Origin"], yaml_["Access-Control-Allow-Origin"]) == ("*", "*")
    assert json.json() == schema() == yaml.safe_load(yaml_.content)


@pytest.mark.django_db
def test_cors_alleen_daar(client: Client, wereld: Wereld) -> None:
    headers = {**wereld.kop, "Origin": "https://elders.example"}
    for pad in ("/regelingen", "/tijdvakken/proef-1", "/aanvragen", "/problemen/geen-recht", "/bestaat-niet"):
        antwoord = client.get(BASIS + pad, headers=headers)
        assert not [naam for naam in antwoord.headers if naam.lower().startswith("access-control")], pad


# --- what the API says is what the document says --------------------------------------------------------------------


def _ingevuld(deel: Any) -> Any:
    """The schema with its references filled in, and closed: a field that is not described is an error."""
    if isinstance(deel, list):
        return [_ingevuld(item) for item in deel]
    if not isinstance(deel, dict):
        return deel
    if "$ref" in deel:
        return _ingevuld(schema()["components"]["schemas"][deel["$ref"].rsplit("/", 1)[1]])
    uit = {naam: _ingevuld(waarde) for naam, waarde in deel.items()}
    if uit.get("type") == "object" and "properties" in uit and "allOf" not in uit:
        uit["additionalProperties"] = False
    return uit


def eis_beschreven(antwoord: Any, methode: str, pad: str, status: int) -> None:
    assert antwoord.status_code == status, antwoord.content
    beschreven = schema()["paths"][pad][methode]["responses"][str(status)]
    inhoud = beschreven["content"][antwoord["Content-Type"]]["schema"]
    OAS30Validator(_ingevuld(inhoud), format_checker=oas30_format_checker).validate(antwoord.json())
    assert set(beschreven["headers"]) <= set(antwoord.headers)


@pytest.mark.django_db
def test_antwoorden_zijn_zoals_beschreven(client: Client, wereld: Wereld) -> None:
    maak_loting(wereld.tijdvak)
    voucher = maak_voucher(wereld.eigen, geldig_tot=NA.date())
    kop, pk = wereld.kop, wereld.eigen.pk
    gets = [
        ("/regelingen", "/regelingen"),
        ("/regelingen/proef", "/regelingen/{sleutel}"),
        ("/tijdvakken", "/tijdvakken"),
        ("/tijdvakken/proef-1", "/tijdvakken/{sleutel}"),
        ("/lotingen/proef-1", "/lotingen/{kenmerk}"),
        ("/problemen/geen-recht", "/problemen/{code}"),
        ("/aanvragen", "/aanvragen"),
        (f"/aanvragen/{pk}", "/aanvragen/{id}"),
        (f"/aanvragen/{pk}/gebeurtenissen", "/aanvragen/{id}/gebeurtenissen"),
    ]
    for adres, pad in gets:
        eis_beschreven(client.get(BASIS + adres, headers=kop), "get", pad, 200)
        eis_beschreven(client.get(f"{BASIS}{adres}?x=1", headers=kop), "get", pad, 400)
        if pad != "/problemen/{code}":
            eis_beschreven(client.get(BASIS + adres, headers={**kop, "Accept": "text/html"}), "get", pad, 406)
        if "{" in pad:
            onbekend = adres.replace(str(pk), str(uuid4())) if str(pk) in adres else f"{adres}-niet"
            eis_beschreven(client.get(BASIS + onbekend, headers=kop), "get", pad, 404)
        if pad.startswith("/aanvragen"):
            eis_beschreven(client.get(BASIS + adres), "get", pad, 401)
    posts: list[tuple[str, dict[str, str]]] = [
        ("/aanvragen/_zoek", {"kenmerk": wereld.eigen.kenmerk}),
        ("/vouchers/_controleer", {"code": voucher.code}),
        ("/vouchers/_controleer", {"code": "onbekend"}),
    ]
    for pad, body in posts:
        adres = BASIS + pad
        eis_beschreven(client.post(adres, body, "application/json", headers=kop), "post", pad, 200)
        eis_beschreven(client.post(adres, {"x": 1}, "application/json", headers=kop), "post", pad, 400)
        eis_beschreven(client.post(adres, body, "application/json"), "post", pad, 401)
        eis_beschreven(client.post(adres, {"x": "y" * 70_000}, "application/json", headers=kop), "post", pad, 413)
        eis_beschreven(client.post(adres, "x", "text/plain", headers=kop), "post", pad, 415)
    eis_beschreven(client.post(f"{BASIS}/token", "a=b", "application/x-www-form-urlencoded"), "post", "/token", 400)
    eis_beschreven(client.post(f"{BASIS}/token", "a=b", "text/plain"), "post", "/token", 415)
