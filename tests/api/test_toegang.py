"""Who gets in: tokens, scopes, other clients' cases (H8, H10, R87)."""

from __future__ import annotations

import base64
from datetime import timedelta
from uuid import uuid4

import pytest
from django.core.cache import cache
from django.test import Client
from django.utils import timezone
from oauth2_provider.models import get_access_token_model, get_application_model

from api.models import Partner
from api.services.partners import partner_blokkeren, partnerrecht_intrekken
from tests.api.conftest import Wereld
from tests.factories.api import kop, maak_partner, maak_token
from tests.factories.ronde import NA

pytestmark = pytest.mark.django_db
BASIS = "/api/v1"
FORM = "application/x-www-form-urlencoded"


def basic(client_id: str, geheim: str) -> dict[str, str]:
    return {"Authorization": "Basic " + base64.b64encode(f"{client_id}:{geheim}".encode()).decode()}


def vraag_token(client: Client, headers: dict[str, str], body: str = "grant_type=client_credentials"):
    return client.post(f"{BASIS}/token", body, content_type=FORM, headers=headers)


def besloten(wereld: Wereld) -> list[tuple[str, str, dict[str, str] | None, str]]:
    """Method, path, body and scope of everything that needs a token."""
    return [
        ("get", "/aanvragen", None, "aanvragen:lezen"),
        ("get", f"/aanvragen/{wereld.eigen.pk}", None, "aanvragen:lezen"),
        ("get", f"/aanvragen/{wereld.eigen.pk}/gebeurtenissen", None, "aanvragen:lezen"),
        ("post", "/aanvragen/_zoek", {"kenmerk": wereld.eigen.kenmerk}, "aanvragen:lezen"),
        ("post", "/vouchers/_controleer", {"code": "AB3D"}, "vouchers:controleren"),
    ]


def roep(client: Client, methode: str, pad: str, body: dict[str, str] | None, headers: dict[str, str] | None = None):
    if methode == "get":
        return client.get(BASIS + pad, headers=headers or {})
    return client.post(BASIS + pad, body, content_type="application/json", headers=headers or {})


def test_zonder_token_401(client: Client, wereld: Wereld) -> None:
    for methode, pad, body, _scope in besloten(wereld):
        antwoord = roep(client, methode, pad, body)
        assert antwoord.status_code == 401, pad
        assert antwoord["Content-Type"] == "application/problem+json"
        assert antwoord["WWW-Authenticate"] == 'Bearer realm="stimulans"'
        assert antwoord.json()["title"] == "U bent niet aangemeld"


@pytest.mark.parametrize(
    "kopregel", ["Bearer", "Bearer ", "Bearer onzin", "Bearer a b c", "Basic YTpi", "Basic !!!", "onzin", "Bearer é"]
)
def test_onzin_in_authorization_401(client: Client, wereld: Wereld, kopregel: str) -> None:
    antwoord = client.get(f"{BASIS}/aanvragen", headers={"Authorization": kopregel})
    assert antwoord.status_code == 401
    assert antwoord["WWW-Authenticate"] == 'Bearer realm="stimulans", error="invalid_token"'


def test_elke_scope_opent_alleen_het_eigen_deel(client: Client, wereld: Wereld) -> None:
    for scope in ("aanvragen:lezen", "rondes:lezen", "vouchers:controleren"):
        token = maak_token(wereld.partner, scope)
        for methode, pad, body, nodig in besloten(wereld):
            antwoord = roep(client, methode, pad, body, kop(token))
            assert antwoord.status_code == (200 if scope == nodig else 403), (scope, pad)
            if scope != nodig:
                assert antwoord["WWW-Authenticate"] == (
                    f'Bearer realm="stimulans", error="insufficient_scope", scope="{nodig}"'
                )
                assert antwoord.json()["type"] == "http://testserver/api/v1/problemen/scope-ontbreekt"


def test_scope_die_de_partner_kwijt_is_telt_meteen_niet_meer(client: Client, wereld: Wereld) -> None:
    Partner.objects.filter(pk=wereld.partner.pk).update(scopes=["vouchers:controleren"])
    assert client.get(f"{BASIS}/aanvragen", headers=wereld.kop).status_code == 403


def test_token_in_het_adres_telt_niet(client: Client, wereld: Wereld) -> None:
    assert client.get(f"{BASIS}/aanvragen", {"access_token": wereld.token}).status_code == 401


def test_verlopen_token_401(client: Client, wereld: Wereld) -> None:
    token = maak_token(wereld.partner, verloopt_op=timezone.now() - timedelta(seconds=1))
    antwoord = client.get(f"{BASIS}/aanvragen", headers=kop(token))
    assert antwoord.status_code == 401
    assert antwoord["WWW-Authenticate"] == 'Bearer realm="stimulans", error="invalid_token"'


def test_ingetrokken_token_401(client: Client, wereld: Wereld) -> None:
    get_access_token_model().objects.all().delete()
    assert client.get(f"{BASIS}/aanvragen", headers=wereld.kop).status_code == 401


def test_client_zonder_partner_401(client: Client, wereld: Wereld) -> None:
    los = get_application_model().objects.create(
        name="los",
        client_type="confidential",
        authorization_grant_type="client-credentials",
        client_secret="los-geheim",
    )
    get_access_token_model().objects.update(application=los)
    assert client.get(f"{BASIS}/aanvragen", headers=wereld.kop).status_code == 401
    assert vraag_token(client, basic(los.client_id, "los-geheim")).status_code == 401


def test_geblokkeerde_partner_403(client: Client, wereld: Wereld) -> None:
    partner_blokkeren(partner=wereld.partner, reden="Misbruik", actor=None, op=NA)
    for methode, pad, body, _scope in besloten(wereld):
        antwoord = roep(client, methode, pad, body, wereld.kop)
        assert antwoord.status_code == 403
        assert antwoord.json()["title"] == "Uw toegang is geblokkeerd"


def zonder_nummer(antwoord) -> dict[str, object]:
    inhoud = antwoord.json()
    assert inhoud.pop("instance") == f"urn:uuid:{antwoord['X-Request-ID']}"
    return inhoud


def test_vreemde_zaak_is_niet_van_een_onbekende_te_onderscheiden(client: Client, wereld: Wereld) -> None:
    for staart in ("", "/gebeurtenissen"):
        vreemd = client.get(f"{BASIS}/aanvragen/{wereld.vreemd.pk}{staart}", headers=wereld.kop)
        onbekend = client.get(f"{BASIS}/aanvragen/{uuid4()}{staart}", headers=wereld.kop)
        assert (vreemd.status_code, onbekend.status_code) == (404, 404)
        assert zonder_nummer(vreemd) == zonder_nummer(onbekend)
        koppen = [{naam: waarde for naam, waarde in a.items() if naam != "X-Request-ID"} for a in (vreemd, onbekend)]
        assert koppen[0] == koppen[1]
        assert client.get(f"{BASIS}/aanvragen/{wereld.eigen.pk}{staart}", headers=wereld.kop).status_code == 200


def test_vreemde_zaak_kost_evenveel_queries_als_een_onbekende(
    client: Client, wereld: Wereld, django_assert_num_queries
) -> None:
    for pk in (wereld.vreemd.pk, uuid4()):
        with django_assert_num_queries(3):  # token, partner, case
            client.get(f"{BASIS}/aanvragen/{pk}", headers=wereld.kop)


def test_ingetrokken_recht_telt_vanaf_het_volgende_verzoek(client: Client, wereld: Wereld) -> None:
    partnerrecht_intrekken(recht=wereld.partner.rechten.get(), reden="Toestemming ingetrokken", actor=None, op=NA)
    assert client.get(f"{BASIS}/aanvragen/{wereld.eigen.pk}", headers=wereld.kop).status_code == 404
    assert client.get(f"{BASIS}/aanvragen", headers=wereld.kop).json()["resultaten"] == []


def test_een_andere_partner_ziet_niets(client: Client, wereld: Wereld) -> None:
    ander = maak_partner(naam="Ander").partner
    antwoord = client.get(f"{BASIS}/aanvragen", headers=kop(maak_token(ander)))
    assert antwoord.json() == {"resultaten": [], "volgende": None}


# --- the token endpoint ---------------------------------------------------------------------------------------------


def test_token_met_basic_en_gebruik(client: Client, wereld: Wereld) -> None:
    sleutels = maak_partner("aanvragen:lezen", tijdvak=wereld.tijdvak, naam="Nieuw")
    antwoord = vraag_token(client, basic(sleutels.client_id, sleutels.client_secret))
    assert antwoord.status_code == 200
    assert antwoord["Content-Type"] == "application/json"
    assert (antwoord["Cache-Control"], antwoord["Pragma"]) == ("no-store", "no-cache")
    inhoud = antwoord.json()
    assert inhoud["token_type"] == "Bearer"
    assert inhoud["expires_in"] == 3600
    assert inhoud["scope"] == "aanvragen:lezen"
    assert set(inhoud) == {"access_token", "token_type", "expires_in", "scope"}
    lijst = client.get(f"{BASIS}/aanvragen", headers=kop(inhoud["access_token"]))
    assert len(lijst.json()["resultaten"]) == 2


def test_token_met_gegevens_in_de_body_en_een_kleinere_scope(client: Client, wereld: Wereld) -> None:
    sleutels = maak_partner("aanvragen:lezen", "vouchers:controleren", naam="Nieuw")
    body = (
        "grant_type=client_credentials&scope=vouchers:controleren"
        f"&client_id={sleutels.client_id}&client_secret={sleutels.client_secret}"
    )
    assert vraag_token(client, {}, body).json()["scope"] == "vouchers:controleren"


def test_token_en_geheim_staan_niet_leesbaar_in_de_database(client: Client, db: None) -> None:
    sleutels = maak_partner()
    waarde = vraag_token(client, basic(sleutels.client_id, sleutels.client_secret)).json()["access_token"]
    token = get_access_token_model().objects.get()
    assert token.token == ""
    assert waarde not in token.token_checksum
    opgeslagen = get_application_model().objects.get().client_secret
    assert sleutels.client_secret not in opgeslagen
    assert opgeslagen.startswith("md5$")  # the hasher of the test settings
    assert sleutels.client_secret not in repr(sleutels)


@pytest.mark.parametrize(
    ("body", "status", "error"),
    [
        ("grant_type=client_credentials&scope=rondes:lezen", 400, "invalid_scope"),
        ("grant_type=client_credentials&scope=bestaat:niet", 400, "invalid_scope"),
        ("grant_type=password&username=a&password=b", 400, "unsupported_grant_type"),
        ("grant_type=authorization_code&code=a", 400, "unsupported_grant_type"),
        ("grant_type=refresh_token&refresh_token=a", 400, "unsupported_grant_type"),
        ("scope=aanvragen:lezen", 400, "invalid_request"),
    ],
)
def test_geweigerd_token(client: Client, db: None, body: str, status: int, error: str) -> None:
    sleutels = maak_partner("aanvragen:lezen")
    antwoord = vraag_token(client, basic(sleutels.client_id, sleutels.client_secret), body)
    assert antwoord.status_code == status
    assert antwoord["Content-Type"] == "application/problem+json"
    inhoud = antwoord.json()
    assert inhoud["error"] == error
    assert inhoud["error_description"] == inhoud["detail"]
    assert inhoud["error_description"].isascii()
    assert inhoud["type"] == "http://testserver/api/v1/problemen/token-geweigerd"
    assert inhoud["status"] == status
    assert get_access_token_model().objects.count() == 0


@pytest.mark.parametrize("wie", ["geheim", "client", "niemand"])
def test_verkeerde_sleutels_401_met_hetzelfde_antwoord(client: Client, db: None, wie: str) -> None:
    sleutels = maak_partner()
    headers = {
        "geheim": basic(sleutels.client_id, "fout"),
        "client": basic("bestaat-niet", sleutels.client_secret),
        "niemand": {},
    }[wie]
    antwoord = vraag_token(client, headers)
    assert antwoord.status_code == 401
    assert antwoord["WWW-Authenticate"] == 'Basic realm="stimulans"'
    assert antwoord.json()["error"] == "invalid_client"
    assert antwoord.json()["detail"] == "De client-id of het geheim klopt niet."


def test_geblokkeerde_partner_krijgt_geen_token(client: Client, db: None) -> None:
    sleutels = maak_partner()
    partner_blokkeren(partner=sleutels.partner, reden="Misbruik", actor=None, op=NA)
    antwoord = vraag_token(client, basic(sleutels.client_id, sleutels.client_secret))
    assert antwoord.status_code == 403
    assert antwoord.json()["error"] == "unauthorized_client"
    # Without the secret one does not even learn that the client exists.
    assert vraag_token(client, basic(sleutels.client_id, "fout")).status_code == 401


def test_token_vragen_gaat_met_een_formulier_en_post(client: Client, db: None) -> None:
    antwoord = client.post(f"{BASIS}/token", {"grant_type": "client_credentials"}, content_type="application/json")
    assert antwoord.status_code == 415
    antwoord = client.get(f"{BASIS}/token")
    assert antwoord.status_code == 405
    assert antwoord["Allow"] == "POST"


def test_cors_staat_dicht_bij_het_token(client: Client, db: None) -> None:
    sleutels = maak_partner()
    headers = {**basic(sleutels.client_id, sleutels.client_secret), "Origin": "https://elders.example"}
    assert "Access-Control-Allow-Origin" not in vraag_token(client, headers)


# --- rate limits ----------------------------------------------------------------------------------------------------


@pytest.fixture
def drempels(settings):
    cache.clear()
    settings.REST_FRAMEWORK = {
        **settings.REST_FRAMEWORK,
        "DEFAULT_THROTTLE_RATES": {"lezen": "3/min", "zoeken": "2/min", "token": "1/min"},
    }
    yield
    cache.clear()


def test_te_veel_verzoeken_429(client: Client, wereld: Wereld, drempels: None) -> None:
    codes = [client.get(f"{BASIS}/aanvragen", headers=wereld.kop).status_code for _ in range(4)]
    assert codes == [200, 200, 200, 429]
    antwoord = client.get(f"{BASIS}/aanvragen", headers=wereld.kop)
    assert 1 <= int(antwoord["Retry-After"]) <= 60
    assert antwoord.json()["type"] == "http://testserver/api/v1/problemen/te-veel-verzoeken"
    # Another partner has a count of its own, and searching too.
    ander = kop(maak_token(maak_partner(naam="Ander").partner))
    assert client.get(f"{BASIS}/aanvragen", headers=ander).status_code == 200
    codes = [
        client.post(
            f"{BASIS}/vouchers/_controleer", {"code": "X"}, content_type="application/json", headers=wereld.kop
        ).status_code
        for _ in range(3)
    ]
    assert codes == [200, 200, 429]


def test_raden_naar_een_geheim_houdt_op_ook_met_een_verzonnen_adres(client: Client, db: None, drempels: None) -> None:
    codes = [
        vraag_token(client, {**basic("a", "b"), "X-Forwarded-For": f"10.0.0.{nummer}"}).status_code
        for nummer in range(3)
    ]
    assert codes == [401, 429, 429]
