"""The OpenAPI document by the NLGov REST API Design Rules: what the generator cannot know by itself (R79-R86).

The hook describes only what the code does: the version header comes from ``api.middleware``, the error answers from
``api.problemen`` and ``api.views.basis``.
"""

from __future__ import annotations

from functools import cache
from typing import Any

from drf_spectacular.extensions import OpenApiAuthenticationExtension
from drf_spectacular.utils import OpenApiParameter, OpenApiTypes, inline_serializer
from oauth2_provider.settings import oauth2_settings
from rest_framework import serializers

from api.problemen import MEDIATYPE, SOORTEN
from api.versie import BASIS, VERSIE

ID_AANVRAAG = OpenApiParameter("id", OpenApiTypes.UUID, "path", description="Id van de aanvraag")

#: Codes of the answers that an operation can give besides its own, with the code of the problem.
_ALTIJD = {
    "400": "ongeldige-invoer",
    "406": "formaat-niet-leverbaar",
    "429": "te-veel-verzoeken",
    "500": "interne-fout",
}
_MET_TOKEN = {"401": "niet-aangemeld", "403": "scope-ontbreekt"}
_MET_BODY = {"413": "te-groot", "415": "inhoud-niet-ondersteund"}
_MET_PAD = {"404": "niet-gevonden"}
_TOKENFOUTEN = {"401": "token-geweigerd", "403": "token-geweigerd"}

_VERSIEHEADER = {"$ref": "#/components/headers/API-Version"}
_WACHTEN = {"description": "Aantal seconden dat u moet wachten", "schema": {"type": "integer"}}
_EXTRA_HEADERS = {
    "401": {"WWW-Authenticate": {"description": "Hoe u zich aanmeldt", "schema": {"type": "string"}}},
    "429": {"Retry-After": _WACHTEN},
    "503": {"Retry-After": _WACHTEN},
}


@cache
def lijst_van(klasse: type[serializers.Serializer]) -> serializers.Serializer:
    """Description of a list that is read with GET."""
    return inline_serializer(
        f"{klasse.__name__.removesuffix('Serializer')}Lijst",
        {
            "resultaten": klasse(many=True, read_only=True),
            "volgende": serializers.URLField(
                read_only=True, allow_null=True, help_text="Adres van de volgende pagina; leeg op de laatste"
            ),
        },
    )


@cache
def zoeklijst_van(klasse: type[serializers.Serializer]) -> serializers.Serializer:
    """Description of a list that is asked with POST: the next page is the same question with this cursor."""
    return inline_serializer(
        f"{klasse.__name__.removesuffix('Serializer')}Zoeklijst",
        {
            "resultaten": klasse(many=True, read_only=True),
            "volgendeCursor": serializers.CharField(
                read_only=True, allow_null=True, help_text="Stuur mee als `cursor` voor de volgende pagina"
            ),
        },
    )


class Tokenschema(OpenApiAuthenticationExtension):
    target_class = "api.authenticatie.PartnerToken"
    name = "oauth2"
    priority = 1

    def get_security_requirement(self, auto_schema: Any) -> dict[str, list[str]]:
        return {self.name: [auto_schema.view.vereiste_scope]}

    def get_security_definition(self, auto_schema: Any) -> dict[str, Any]:
        stroom = {"tokenUrl": f"{BASIS}/token", "scopes": dict(oauth2_settings.SCOPES)}
        return {"type": "oauth2", "flows": {"clientCredentials": stroom}}


def nlgov(result: dict[str, Any], generator: Any, request: Any, public: bool) -> dict[str, Any]:
    """Post-processing hook: version, headers, problem answers, closed bodies."""
    result["info"]["version"] = VERSIE
    onderdelen = result.setdefault("components", {})
    onderdelen["headers"] = {
        "API-Version": {
            "description": "Volledige versie van de API",
            "schema": {"type": "string", "example": VERSIE},
        }
    }
    onderdelen["schemas"] |= _PROBLEEMSCHEMAS
    for pad, methoden in result["paths"].items():
        for bewerking in methoden.values():
            _bewerking(pad, bewerking, onderdelen["schemas"])
    return result


def _bewerking(pad: str, bewerking: dict[str, Any], schemas: dict[str, Any]) -> None:
    fouten = dict(_ALTIJD)
    if any(bewerking.get("security", [])):
        fouten |= _MET_TOKEN
    if "{" in pad:
        fouten |= _MET_PAD
    if "requestBody" in bewerking:
        fouten |= _MET_BODY
        _sluit_body(bewerking, schemas)
    schema = "Probleem"
    if pad == "/token":
        fouten, schema = fouten | _TOKENFOUTEN, "Tokenprobleem"
    antwoorden = bewerking["responses"]
    for status, code in sorted(fouten.items()):
        naam = schema if status in {"400", "401", "403"} else "Probleem"
        antwoorden[status] = {
            "description": SOORTEN[code].titel,
            "content": {MEDIATYPE: {"schema": {"$ref": f"#/components/schemas/{naam}"}}},
            "headers": dict(_EXTRA_HEADERS.get(status, {})),
        }
    for antwoord in antwoorden.values():
        antwoord["description"] = antwoord["description"] or "Gelukt"
        antwoord.setdefault("headers", {})["API-Version"] = _VERSIEHEADER


def _sluit_body(bewerking: dict[str, Any], schemas: dict[str, Any]) -> None:
    """A JSON body with a name that we do not know is refused."""
    json = bewerking["requestBody"]["content"].get("application/json")
    if json is not None:
        schemas[json["schema"]["$ref"].rsplit("/", 1)[1]]["additionalProperties"] = False


_PROBLEEMSCHEMAS: dict[str, Any] = {
    "OngeldigeParameter": {
        "type": "object",
        "description": "Eén fout in de invoer",
        "required": ["name", "in", "code", "reason"],
        "properties": {
            "name": {"type": "string", "description": "Naam van de parameter, of het pad naar het veld"},
            "in": {"type": "string", "enum": ["query", "body"], "description": "Waar de fout zit"},
            "code": {"type": "string", "description": "Code van de fout"},
            "reason": {"type": "string", "description": "Wat er mis is"},
        },
    },
    "Probleem": {
        "type": "object",
        "description": "Een fout volgens RFC 9457",
        "required": ["type", "title", "status", "detail", "instance"],
        "properties": {
            "type": {"type": "string", "format": "uri", "description": "Adres met uitleg over deze soort fout"},
            "title": {"type": "string", "description": "Soort fout"},
            "status": {"type": "integer", "description": "HTTP-status"},
            "detail": {"type": "string", "description": "Wat er deze keer aan de hand is"},
            "instance": {
                "type": "string",
                "format": "uri",
                "description": "Nummer van dit verzoek; noem het bij vragen",
            },
            "invalidParams": {"type": "array", "items": {"$ref": "#/components/schemas/OngeldigeParameter"}},
        },
    },
}
_PROBLEEMSCHEMAS["Tokenprobleem"] = {
    **_PROBLEEMSCHEMAS["Probleem"],
    "description": "Een fout bij het vragen van een token: RFC 9457 met de leden uit RFC 6749",
    "properties": {
        **_PROBLEEMSCHEMAS["Probleem"]["properties"],
        "error": {"type": "string", "description": "Code uit RFC 6749"},
        "error_description": {"type": "string", "description": "Wat er mis is"},
    },
}
