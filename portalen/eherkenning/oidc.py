"""Talking to the broker: what allauth leaves out of OpenID Connect is checked here (R88).

allauth sends no nonce, and trusts an id_token without looking at its signature when it came straight from the token
endpoint. Here: signature, issuer, audience, expiry, age, nonce, one use per ``jti``; then the attributes of R92, before
anything is stored.
"""

from __future__ import annotations

import hmac
import time
from typing import Any

import jwt
from allauth.core.exceptions import ImmediateHttpResponse
from allauth.socialaccount.adapter import get_adapter
from allauth.socialaccount.internal.jwtkit import verify_jti
from allauth.socialaccount.models import SocialApp, SocialToken
from allauth.socialaccount.providers.oauth2.client import OAuth2Error
from allauth.socialaccount.providers.openid_connect.views import OpenIDConnectOAuth2Adapter
from django.conf import settings
from django.http import HttpRequest
from django.shortcuts import render
from django.urls import reverse

from aanvragen.eherkenning import EherkenningFout, lees_bewijs

#: Signatures with a public key only: a shared secret would let the other side of it sign too.
ALGORITMES = ["RS256", "RS384", "RS512", "PS256", "PS384", "PS512", "ES256", "ES384"]
#: Oldest token in seconds (R88).
OUDST = 300
SPELING = 30


class Brokeradapter(OpenIDConnectOAuth2Adapter):
    """``nonce`` is what the state kept; set by the view that takes the answer."""

    nonce = ""

    def __init__(self, request: HttpRequest, provider_id: str = "eherkenning") -> None:
        super().__init__(request, provider_id)

    def get_callback_url(self, request: HttpRequest, app: SocialApp) -> str:
        return request.build_absolute_uri(reverse("eherkenning_callback"))

    def complete_login(self, request: HttpRequest, app: SocialApp, token: SocialToken, **kwargs: Any) -> Any:
        ruw = kwargs["response"].get("id_token")
        if not isinstance(ruw, str):
            raise OAuth2Error("no id_token")
        claims = self._gecontroleerd(app, ruw)
        instelling = settings.EHERKENNING
        try:
            bewijs = lees_bewijs(
                claims, namen=instelling["claims"], minimum=instelling["niveau"], dienst=instelling["dienst"]
            )
        except EherkenningFout as fout:
            raise ImmediateHttpResponse(
                render(request, "socialaccount/geweigerd.html", {"fout": fout}, status=fout.http_status)
            )
        email = claims.get(instelling["claims"]["email"])
        return self.get_provider().sociallogin_from_response(
            request, {"bewijs": bewijs.als_dict(), "email": email if isinstance(email, str) else ""}
        )

    def _gecontroleerd(self, app: SocialApp, ruw: str) -> dict[str, Any]:
        try:
            kop = jwt.get_unverified_header(ruw)
            claims: dict[str, Any] = jwt.decode(
                ruw,
                key=self._sleutel(kop.get("kid")),
                algorithms=ALGORITMES,
                audience=app.client_id,
                issuer=self.openid_config["issuer"],
                leeway=SPELING,
                options={"require": ["iss", "aud", "exp", "iat", "sub", "nonce"]},
            )
        except (jwt.PyJWTError, ValueError, TypeError) as fout:
            raise OAuth2Error(f"invalid id_token: {fout}") from fout
        if not self.nonce or not hmac.compare_digest(str(claims["nonce"]).encode(), self.nonce.encode()):
            raise OAuth2Error("nonce differs")
        if abs(time.time() - float(claims["iat"])) > OUDST:
            raise OAuth2Error("id_token too old")
        if isinstance(claims["aud"], list) and len(claims["aud"]) > 1 and claims.get("azp") != app.client_id:
            raise OAuth2Error("azp differs")
        verify_jti(claims)
        return claims

    def _sleutel(self, kid: Any) -> Any:
        """The broker's public key with this id; without an id the only one there is."""
        with get_adapter().get_requests_session() as sessie:
            antwoord = sessie.get(self.openid_config["jwks_uri"])
            antwoord.raise_for_status()
            sleutels = jwt.PyJWKSet.from_dict(antwoord.json()).keys
        passend = [s for s in sleutels if s.key_id == kid] if kid else sleutels
        if len(passend) != 1:
            raise OAuth2Error("no key for this id_token")
        return passend[0].key
