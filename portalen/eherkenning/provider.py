"""eHerkenning as a provider of allauth: OpenID Connect with PKCE, a nonce and the level that we need."""

from __future__ import annotations

import secrets
from typing import Any

from allauth.socialaccount.providers.openid_connect.provider import OpenIDConnectProvider
from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.http import urlencode

from aanvragen.eherkenning import KLASSE
from portalen.eherkenning.oidc import Brokeradapter


class EherkenningProvider(OpenIDConnectProvider):
    id = "eherkenning"
    name = "eHerkenning"
    oauth2_adapter_class = Brokeradapter
    pkce_enabled_default = True
    supports_token_authentication = False

    def get_login_url(self, request: HttpRequest, **kwargs: Any) -> str:
        adres = reverse("eherkenning_login")
        return f"{adres}?{urlencode(kwargs)}" if kwargs else adres

    def get_callback_url(self) -> str:
        return reverse("eherkenning_callback")

    def get_scope_from_request(self, request: HttpRequest) -> list[str]:
        """Ours only: what a visitor puts in the address has no say."""
        return list(settings.EHERKENNING["scope"])

    def get_auth_params_from_request(self, request: HttpRequest, action: str) -> dict[str, str]:
        return {"acr_values": f"{KLASSE}{settings.EHERKENNING['niveau']}"}

    def redirect(
        self, request: HttpRequest, process: str, next_url: str | None = None, data: Any = None, **kwargs: Any
    ) -> HttpResponse:
        """To the broker, with a nonce that is kept with the state (OIDC Core 3.1.2.1; allauth sends none)."""
        nonce = secrets.token_urlsafe(24)
        parameters = {**(kwargs.pop("auth_params", None) or {}), "nonce": nonce}
        return super().redirect(request, process, next_url, data, auth_params=parameters, nonce=nonce, **kwargs)

    def extract_uid(self, data: dict[str, Any]) -> str:
        return str(data["bewijs"]["persoon"])

    def extract_extra_data(self, data: dict[str, Any]) -> dict[str, Any]:
        """What we keep: the proof, not the token."""
        return {"bewijs": data["bewijs"]}

    def extract_common_fields(self, data: dict[str, Any]) -> dict[str, Any]:
        return {"email": data.get("email") or None}

    def extract_email_addresses(self, data: dict[str, Any]) -> list[Any]:
        """None: the person fills in the address, or confirms the one that came, and shows to own it."""
        return []


provider_classes = [EherkenningProvider]
