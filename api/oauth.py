"""The token endpoint's rules: which scopes a client may ask for, and which clients get a token (R87)."""

from __future__ import annotations

from typing import Any

from oauth2_provider.models import AbstractApplication
from oauth2_provider.oauth2_validators import OAuth2Validator
from oauth2_provider.scopes import BaseScopes
from oauth2_provider.settings import oauth2_settings
from oauthlib.oauth2.rfc6749.errors import UnauthorizedClientError

from api.models import Partner


def partner_van(client: AbstractApplication | None) -> Partner | None:
    """The partner behind an OAuth2 client; a client without a partner has no rights."""
    return Partner.objects.filter(client=client).first() if client is not None else None


class Partnerscopes(BaseScopes):
    """A client may ask for its partner's scopes; without a request it gets all of them."""

    def get_all_scopes(self) -> dict[str, str]:
        return oauth2_settings.SCOPES

    def get_available_scopes(
        self, application: Any = None, request: Any = None, *args: Any, **kwargs: Any
    ) -> list[str]:
        partner = partner_van(application)
        return [scope for scope in partner.scopes if scope in oauth2_settings.SCOPES] if partner else []

    def get_default_scopes(self, application: Any = None, request: Any = None, *args: Any, **kwargs: Any) -> list[str]:
        return self.get_available_scopes(application, request)


class Partnervalidator(OAuth2Validator):
    def authenticate_client(self, request: Any, *args: Any, **kwargs: Any) -> bool:
        """Only after the secret proved right does a blocked partner hear why it gets no token."""
        if not super().authenticate_client(request, *args, **kwargs):
            return False
        partner = partner_van(request.client)
        if partner is not None and partner.geblokkeerd_op is not None:
            raise UnauthorizedClientError(request=request, status_code=403)
        return partner is not None
