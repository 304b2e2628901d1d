"""Public resources: schemes, rounds, draws, the pages behind `type` of a problem."""

from __future__ import annotations

from django.http import Http404
from django.shortcuts import get_object_or_404
from drf_spectacular.utils import OpenApiParameter, OpenApiTypes, extend_schema
from rest_framework import serializers
from rest_framework.renderers import JSONRenderer, TemplateHTMLRenderer
from rest_framework.request import Request
from rest_framework.response import Response

from api.codes import TIJDVAKSTATUS, publieke_code
from api.invoer import Paginavraag
from api.paginering import Pagina
from api.problemen import SOORTEN
from api.schema import lijst_van
from api.selectors import (
    gepubliceerde_lotingen,
    lotingstukken,
    met_cijfers,
    openbare_regelingen,
    openbare_tijdvakken,
)
from api.serializers.openbaar import LotingSerializer, RegelingSerializer, TijdvakSerializer
from api.views.basis import Openbaar
from regeling.enums import Tijdvakstatus
from regeling.models import Tijdvak


class Tijdvakvraag(Paginavraag):
    regeling = serializers.SlugField(required=False, max_length=60, help_text="Alleen tijdvakken van deze regeling")
    status = serializers.ListField(
        child=serializers.ChoiceField(choices=TIJDVAKSTATUS),
        required=False,
        max_length=len(TIJDVAKSTATUS),
        help_text="Alleen tijdvakken met deze stand. U mag de parameter herhalen.",
    )


class Regelingen(Openbaar):
    vraag_klasse = Paginavraag

    @extend_schema(
        operation_id="leesRegelingen",
        summary="Alle regelingen",
        description="Regelingen met een gepubliceerd tijdvak, op volgorde van sleutel.",
        tags=["regelingen"],
        parameters=[Paginavraag],
        responses=lijst_van(RegelingSerializer),
    )
    def get(self, request: Request) -> Response:
        pagina = self.bladzijde(openbare_regelingen(), velden=("sleutel",), vraag=self.vraag)
        return self.lijst(request, pagina, RegelingSerializer(pagina.rijen, many=True))


class Regelingdetail(Openbaar):
    @extend_schema(
        operation_id="leesRegeling",
        summary="Eén regeling",
        description="De regeling met grondslag, thema's, voorwaarden in woorden en versies.",
        tags=["regelingen"],
        parameters=[OpenApiParameter("sleutel", str, "path", description="Sleutel van de regeling")],
        responses=RegelingSerializer,
    )
    def get(self, request: Request, sleutel: str) -> Response:
        return Response(RegelingSerializer(get_object_or_404(openbare_regelingen(), sleutel=sleutel)).data)


class Tijdvakken(Openbaar):
    vraag_klasse = Tijdvakvraag

    @extend_schema(
        operation_id="leesTijdvakken",
        summary="Alle tijdvakken",
        description="Gepubliceerde tijdvakken met plafond en actuele cijfers, op volgorde van sleutel.",
        tags=["tijdvakken"],
        parameters=[Tijdvakvraag],
        responses=lijst_van(TijdvakSerializer),
    )
    def get(self, request: Request) -> Response:
        rijen = openbare_tijdvakken()
        if "regeling" in self.vraag:
            rijen = rijen.filter(regelingversie__regeling__sleutel=self.vraag["regeling"])
        if "status" in self.vraag:
            gekozen = [code for code in Tijdvakstatus.values if publieke_code(code) in self.vraag["status"]]
            rijen = rijen.filter(status__in=gekozen)
        pagina: Pagina[Tijdvak] = self.bladzijde(rijen, velden=("sleutel",), vraag=self.vraag)
        return self.lijst(request, pagina, TijdvakSerializer(met_cijfers(pagina.rijen), many=True))


class Tijdvakdetail(Openbaar):
    @extend_schema(
        operation_id="leesTijdvak",
        summary="Eén tijdvak",
        description="Het tijdvak met venster, methode, plafond en actuele cijfers.",
        tags=["tijdvakken"],
        parameters=[OpenApiParameter("sleutel", str, "path", description="Sleutel van het tijdvak")],
        responses=TijdvakSerializer,
    )
    def get(self, request: Request, sleutel: str) -> Response:
        tijdvak = get_object_or_404(openbare_tijdvakken(), sleutel=sleutel)
        return Response(TijdvakSerializer(met_cijfers([tijdvak])[0]).data)


class Lotingdetail(Openbaar):
    @extend_schema(
        operation_id="leesLoting",
        summary="Eén loting",
        description=(
            "Protocol, hashes en uitslag van een loting. Openbaar vanaf de publicatie van de hash; de uitslag is er "
            "vanaf de vaststelling. Deelnemers staan er alleen met hun kenmerk in."
        ),
        tags=["lotingen"],
        parameters=[OpenApiParameter("kenmerk", str, "path", description="Kenmerk van de loting")],
        responses=LotingSerializer,
    )
    def get(self, request: Request, kenmerk: str) -> Response:
        loting = get_object_or_404(gepubliceerde_lotingen(), kenmerk=kenmerk)
        return Response(LotingSerializer(loting, context={"stukken": lotingstukken(loting)}).data)


class ProbleemsoortSerializer(serializers.Serializer):
    code = serializers.CharField(read_only=True, help_text="Code van de soort fout")
    status = serializers.IntegerField(read_only=True, help_text="Gebruikelijke HTTP-status")
    titel = serializers.CharField(read_only=True, help_text="Wat er aan de hand is")
    uitleg = serializers.CharField(read_only=True, help_text="Wat u kunt doen")


class Probleemsoort(Openbaar):
    """A browser gets a page, a program JSON."""

    renderer_classes = [JSONRenderer, TemplateHTMLRenderer]

    @extend_schema(
        operation_id="leesProbleemsoort",
        summary="Uitleg bij een soort fout",
        description="Het adres dat in `type` van een fout staat.",
        tags=["fouten"],
        parameters=[OpenApiParameter("code", str, "path", description="Code van de soort fout", enum=sorted(SOORTEN))],
        responses={
            (200, "application/json"): ProbleemsoortSerializer,
            (200, "text/html"): OpenApiTypes.STR,
        },
    )
    def get(self, request: Request, code: str) -> Response:
        soort = SOORTEN.get(code)
        if soort is None:
            raise Http404
        inhoud = {"code": code, "status": soort.status, "titel": soort.titel, "uitleg": soort.uitleg}
        return Response(inhoud, template_name="api/probleem.html")
