"""The description of the API itself (OpenAPI 3): public, for every origin (R80)."""

from __future__ import annotations

from functools import lru_cache
from typing import Any

from django.http import HttpRequest, HttpResponse
from drf_spectacular.generators import SchemaGenerator
from drf_spectacular.renderers import OpenApiJsonRenderer, OpenApiYamlRenderer
from drf_spectacular.utils import extend_schema
from rest_framework.negotiation import BaseContentNegotiation
from rest_framework.request import Request

from api.views.basis import Openbaar


class EersteKeus(BaseContentNegotiation):
    """The address says which form it is; browsers and tools ask for all kinds of types."""

    def select_parser(self, request: Request, parsers: Any) -> Any:
        return parsers[0]

    def select_renderer(self, request: Request, renderers: Any, format_suffix: str | None = None) -> Any:
        return renderers[0], renderers[0].media_type


@lru_cache(maxsize=2)
def _document(vorm: str) -> bytes:
    """Made once per process: it follows from the code alone."""
    schema = SchemaGenerator().get_schema(request=None, public=True)
    renderer = OpenApiJsonRenderer() if vorm == "json" else OpenApiYamlRenderer()
    return bytes(renderer.render(schema, renderer_context={}))


@extend_schema(exclude=True)
class Openapi(Openbaar):
    content_negotiation_class = EersteKeus
    vorm = "json"

    def get(self, request: HttpRequest) -> HttpResponse:
        antwoord = HttpResponse(_document(self.vorm), content_type=f"application/{self.vorm}")
        antwoord["Access-Control-Allow-Origin"] = "*"
        return antwoord
