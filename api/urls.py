"""Addresses of the API: no trailing slash (T7), and an answer for every address under /api/."""

from __future__ import annotations

from django.http import HttpRequest, JsonResponse
from django.urls import path, re_path, register_converter
from django.urls.converters import StringConverter
from django.views.decorators.csrf import csrf_exempt

from api.problemen import probleemantwoord
from api.views.document import Openapi
from api.views.openbaar import Lotingdetail, Probleemsoort, Regelingdetail, Regelingen, Tijdvakdetail, Tijdvakken
from api.views.partner import Aanvraagdetail, AanvraagZoeken, Aanvragen, Gebeurtenissen, VoucherControleren
from api.views.token import Token

app_name = "api"


class Kenmerk(StringConverter):
    """A label of ours: nothing that a database could stumble over."""

    regex = r"[A-Za-z0-9][A-Za-z0-9._-]{0,59}"


register_converter(Kenmerk, "kenmerk")


@csrf_exempt
def onbekend(request: HttpRequest, pad: str) -> JsonResponse:
    """Every other address: 404, whatever the method."""
    return probleemantwoord(request, "niet-gevonden")


urlpatterns = [
    path("v1/openapi.json", Openapi.as_view(), name="openapi"),
    path("v1/openapi.yaml", Openapi.as_view(vorm="yaml"), name="openapi_yaml"),
    path("v1/token", Token.as_view(), name="token"),
    path("v1/problemen/<slug:code>", Probleemsoort.as_view(), name="probleem"),
    path("v1/regelingen", Regelingen.as_view(), name="regelingen"),
    path("v1/regelingen/<slug:sleutel>", Regelingdetail.as_view(), name="regeling"),
    path("v1/tijdvakken", Tijdvakken.as_view(), name="tijdvakken"),
    path("v1/tijdvakken/<slug:sleutel>", Tijdvakdetail.as_view(), name="tijdvak"),
    path("v1/lotingen/<kenmerk:kenmerk>", Lotingdetail.as_view(), name="loting"),
    path("v1/aanvragen", Aanvragen.as_view(), name="aanvragen"),
    path("v1/aanvragen/_zoek", AanvraagZoeken.as_view(), name="aanvragen_zoek"),
    path("v1/aanvragen/<uuid:id>", Aanvraagdetail.as_view(), name="aanvraag"),
    path("v1/aanvragen/<uuid:id>/gebeurtenissen", Gebeurtenissen.as_view(), name="gebeurtenissen"),
    path("v1/vouchers/_controleer", VoucherControleren.as_view(), name="voucher_controleer"),
    re_path(r"^(?P<pad>.+)$", onbekend, name="onbekend"),
]
