"""Who calls the API: a partner with an access token, and whether the token opens this view."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from oauth2_provider.contrib.rest_framework import OAuth2Authentication
from oauth2_provider.oauth2_backends import get_oauthlib_core
from rest_framework.exceptions import PermissionDenied
from rest_framework.permissions import BasePermission
from rest_framework.request import Request

from api.models import Partner
from api.oauth import partner_van

REALM = "stimulans"


@dataclass(frozen=True)
class Partnerverzoeker:
    """A partner in the place where the framework expects a user."""

    partner: Partner

    is_authenticated = True
    is_anonymous = False
    is_active = True

    @property
    def pk(self) -> str:
        return f"partner-{self.partner.pk}"


class ScopeOntbreekt(PermissionDenied):
    probleemcode = "scope-ontbreekt"

    def __init__(self, scope: str) -> None:
        super().__init__(f"Voor deze gegevens is de scope “{scope}” nodig.")
        self.auth_header = f'Bearer realm="{REALM}", error="insufficient_scope", scope="{scope}"'


class PartnerGeblokkeerd(PermissionDenied):
    probleemcode = "partner-geblokkeerd"
    default_detail = "Uw toegang is geblokkeerd. Neem contact op met de beheerder van Stimulans."


class PartnerToken(OAuth2Authentication):
    """A bearer token in the header `Authorization`, and nowhere else (R84, R87)."""

    www_authenticate_realm = REALM

    def authenticate(self, request: Request) -> tuple[Any, Any] | None:
        # Address and headers only: a token in query or body does not count, and the body is not read yet.
        kern, http = get_oauthlib_core(), request._request
        geldig, gevonden = kern.server.verify_request(
            http.build_absolute_uri(http.path), http.method, None, kern.extract_headers(http), scopes=[]
        )
        if not geldig:
            return None
        partner = partner_van(gevonden.access_token.application)
        if partner is None:
            return None
        if partner.geblokkeerd_op is not None:
            raise PartnerGeblokkeerd()
        return Partnerverzoeker(partner), gevonden.access_token

    def authenticate_header(self, request: Request) -> str:
        fout = ', error="invalid_token"' if "HTTP_AUTHORIZATION" in request.META else ""
        return f'Bearer realm="{REALM}"{fout}'


class HeeftScope(BasePermission):
    """The token has the scope that the view names, and the partner still has it."""

    def has_permission(self, request: Request, view: Any) -> bool:
        if not isinstance(request.user, Partnerverzoeker):
            return False
        scope: str = view.vereiste_scope
        if scope not in request.auth.scope.split() or scope not in request.user.partner.scopes:
            raise ScopeOntbreekt(scope)
        return True
