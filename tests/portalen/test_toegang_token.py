"""What is wrong with an id_token is refused, one fault at a time (OIDC Core 3.1.3.7, R88)."""

from __future__ import annotations

import time
from types import SimpleNamespace
from typing import Any

import jwt
import pytest
from allauth.socialaccount.providers.oauth2.client import OAuth2Error
from cryptography.hazmat.primitives.asymmetric import rsa
from django.test import RequestFactory

from portalen.eherkenning.oidc import OUDST, SPELING, Brokeradapter

pytestmark = pytest.mark.django_db
MAKELAAR, ANDER = (rsa.generate_private_key(public_exponent=65537, key_size=2048) for _ in range(2))
APP = SimpleNamespace(client_id="stimulans")
NONCE = "n" * 24


def token(sleutel: Any = MAKELAAR, algoritme: str = "RS256", **anders: Any) -> str:
    nu = int(time.time())
    claims = {
        "iss": "https://broker.example",
        "aud": "stimulans",
        "sub": "a",
        "nonce": NONCE,
        "iat": nu + anders.pop("iat_over", 0),
        "exp": nu + anders.pop("exp_over", 60),
    }
    return jwt.encode({k: v for k, v in {**claims, **anders}.items() if v is not None}, sleutel, algorithm=algoritme)


@pytest.fixture
def adapter(rf: RequestFactory, monkeypatch: pytest.MonkeyPatch) -> Brokeradapter:
    monkeypatch.setattr(Brokeradapter, "openid_config", {"issuer": "https://broker.example"})
    monkeypatch.setattr(Brokeradapter, "_sleutel", lambda zelf, kid: MAKELAAR.public_key())
    adapter = Brokeradapter(rf.get("/"))
    adapter.nonce = NONCE
    return adapter


def test_een_goed_token(adapter: Brokeradapter) -> None:
    assert adapter._gecontroleerd(APP, token())["sub"] == "a"
    assert adapter._gecontroleerd(APP, token(aud=["stimulans", "x"], azp="stimulans"))["sub"] == "a"


@pytest.mark.parametrize(
    ("gegevens", "fout"),
    [
        ({"sleutel": ANDER}, "Signature verification failed"),
        ({"sleutel": "geheim-van-de-klant-" + "x" * 40, "algoritme": "HS256"}, "alg"),
        ({"sleutel": None, "algoritme": "none"}, "alg"),
        ({"iss": "https://ander.example"}, "issuer"),
        ({"aud": "ander"}, "Audience"),
        ({"aud": ["stimulans", "ander"]}, "azp differs"),
        ({"exp_over": -SPELING - 10}, "expired"),
        ({"iat_over": -OUDST - 10}, "too old"),
        ({"iat_over": OUDST + 10}, "not yet valid"),
        ({"nonce": None}, "nonce"),
        ({"nonce": "van een ander"}, "nonce differs"),
        ({"exp": None}, "exp"),
        ({"sub": None}, "sub"),
    ],
)
def test_een_token_met_een_fout(adapter: Brokeradapter, gegevens: dict[str, Any], fout: str) -> None:
    with pytest.raises(OAuth2Error, match=fout):
        adapter._gecontroleerd(APP, token(**gegevens))


def test_geen_token(adapter: Brokeradapter) -> None:
    for ruw in ("", "a.b.c", "é", token()[:-8]):
        with pytest.raises(OAuth2Error):
            adapter._gecontroleerd(APP, ruw)


def test_een_token_geldt_een_keer(adapter: Brokeradapter) -> None:
    eenmalig = token(jti="een")
    adapter._gecontroleerd(APP, eenmalig)
    with pytest.raises(OAuth2Error):
        adapter._gecontroleerd(APP, eenmalig)
