"""The token endpoint: OAuth2 client credentials (RFC 6749, section 4.4)."""

from __future__ import annotations

import json
from typing import Any

from django.utils.decorators import method_decorator
from django.views.decorators.debug import sensitive_post_parameters
from drf_spectacular.utils import extend_schema
from oauth2_provider.oauth2_backends import get_oauthlib_core
from rest_framework import serializers
from rest_framework.parsers import FormParser
from rest_framework.request import Request
from rest_framework.response import Response

from api.authenticatie import REALM
from api.problemen import MEDIATYPE, probleem
from api.views.basis import Openbaar

#: What went wrong, per error code of RFC 6749. ASCII: `error_description` allows nothing else.
UITLEG = {
    "invalid_client": "De client-id of het geheim klopt niet.",
    "invalid_request": "Het verzoek mist een onderdeel of noemt er een twee keer. Stuur grant_type=client_credentials.",
    "invalid_scope": "U vraagt een scope die niet bestaat of die uw systeem niet heeft.",
    "unsupported_grant_type": "Wij kennen alleen grant_type=client_credentials.",
    "unauthorized_client": "De toegang van uw systeem is geblokkeerd. Neem contact op met de beheerder.",
}


class Tokenvraag(serializers.Serializer):
    """Names from RFC 6749. Used for the description only: unknown names are ignored, as the RFC says."""

    grant_type = serializers.ChoiceField(choices=[("client_credentials", "client_credentials")])
    scope = serializers.CharField(
        required=False, help_text="Scopes met een spatie ertussen; zonder krijgt u alle scopes die u hebt"
    )
    client_id = serializers.CharField(required=False, help_text="Alleen zonder de header Authorization: Basic")
    client_secret = serializers.CharField(required=False, help_text="Alleen zonder de header Authorization: Basic")


class TokenSerializer(serializers.Serializer):
    access_token = serializers.CharField(read_only=True, help_text="Het token")
    token_type = serializers.ChoiceField(choices=[("Bearer", "Bearer")], read_only=True)
    expires_in = serializers.IntegerField(read_only=True, help_text="Seconden tot het token verloopt")
    scope = serializers.CharField(read_only=True, help_text="Scopes van het token, met een spatie ertussen")


@method_decorator(sensitive_post_parameters("client_secret"), name="dispatch")
class Token(Openbaar):
    throttle_scope = "token"
    parser_classes = [FormParser]

    @extend_schema(
        operation_id="vraagToken",
        summary="Een token vragen",
        description=(
            "OAuth2 client credentials. Stuur client-id en geheim met HTTP Basic. Een token is een uur geldig: bewaar "
            "het zo lang. Een fout is een probleem met daarin ook `error` en `error_description` uit RFC 6749."
        ),
        tags=["toegang"],
        request=Tokenvraag,
        responses=TokenSerializer,
    )
    def post(self, request: Request) -> Response:
        request.data  # noqa: B018  (refuses a body that is not a form, with 415)
        _url, headers, inhoud, status = get_oauthlib_core().create_token_response(request._request)
        velden: dict[str, Any] = json.loads(inhoud)
        if status == 200:
            return Response(velden, headers={"Pragma": "no-cache"})
        fout = velden["error"]
        uitleg = UITLEG.get(fout, "Uw verzoek om een token is geweigerd.")
        antwoord = probleem(request._request, "token-geweigerd", status=status, detail=uitleg)
        antwoord |= {"error": fout, "error_description": uitleg}
        extra = {"WWW-Authenticate": f'Basic realm="{REALM}"'} if status == 401 else {}
        return Response(antwoord, status=status, headers=extra, content_type=MEDIATYPE)
