"""Resources for partners with a token: cases and vouchers."""

from __future__ import annotations

from django.db.models import QuerySet
from django.shortcuts import get_object_or_404
from django.utils import timezone
from drf_spectacular.utils import OpenApiExample, extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from aanvragen.enums import PUBLIEK
from aanvragen.models import Aanvraag
from api.codes import SCOPE_AANVRAGEN, SCOPE_VOUCHERS
from api.paginering import Pagina
from api.schema import ID_AANVRAAG, lijst_van, zoeklijst_van
from api.selectors import aanvragen_zichtbaar_voor_partner, overgangen_van, voucher_controleren
from api.serializers.partner import (
    AanvraagSerializer,
    Aanvraagvraag,
    GebeurtenisSerializer,
    VoucheruitslagSerializer,
    Vouchervraag,
    Zoekvraag,
)
from api.stand import gebeurtenissen
from api.views.basis import VoorPartners

#: Oldest change first: what changes meanwhile moves to the end, so reading to the end misses nothing.
VOLGORDE = ("gewijzigd_op", "id")


class Aanvragen(VoorPartners):
    vereiste_scope = SCOPE_AANVRAGEN
    vraag_klasse = Aanvraagvraag

    @extend_schema(
        operation_id="leesAanvragen",
        summary="Aanvragen die u mag zien",
        description=(
            "De stand van alle aanvragen waarvoor u toestemming hebt, de oudste wijziging eerst. Zonder "
            "persoonsgegevens. Wat verandert terwijl u bladert, komt achteraan terug."
        ),
        tags=["aanvragen"],
        parameters=[Aanvraagvraag],
        responses=lijst_van(AanvraagSerializer),
    )
    def get(self, request: Request) -> Response:
        pagina = self.bladzijde(self._gefilterd(), velden=VOLGORDE, vraag=self.vraag)
        return self.lijst(request, pagina, AanvraagSerializer(pagina.rijen, many=True))

    def _gefilterd(self) -> QuerySet[Aanvraag]:
        rijen = aanvragen_zichtbaar_voor_partner(self.partner)
        if "status" in self.vraag:
            rijen = rijen.filter(
                status__in=[intern for intern, publiek in PUBLIEK.items() if publiek in self.vraag["status"]]
            )
        if "tijdvak" in self.vraag:
            rijen = rijen.filter(tijdvak__sleutel=self.vraag["tijdvak"])
        if "gewijzigdNa" in self.vraag:
            rijen = rijen.filter(gewijzigd_op__gt=self.vraag["gewijzigdNa"])
        if "gewijzigdVoor" in self.vraag:
            rijen = rijen.filter(gewijzigd_op__lt=self.vraag["gewijzigdVoor"])
        return rijen


class Aanvraagdetail(VoorPartners):
    vereiste_scope = SCOPE_AANVRAGEN

    @extend_schema(
        operation_id="leesAanvraag",
        summary="Eén aanvraag",
        description="De stand van een aanvraag. Mag u haar niet zien, dan krijgt u 404, zoals bij een onbekende id.",
        tags=["aanvragen"],
        parameters=[ID_AANVRAAG],
        responses=AanvraagSerializer,
    )
    def get(self, request: Request, id: str) -> Response:
        return Response(
            AanvraagSerializer(get_object_or_404(aanvragen_zichtbaar_voor_partner(self.partner), pk=id)).data
        )


class Gebeurtenissen(VoorPartners):
    vereiste_scope = SCOPE_AANVRAGEN

    @extend_schema(
        operation_id="leesGebeurtenissen",
        summary="Geschiedenis van een aanvraag",
        description="Elke verandering van de stand, de oudste eerst. De lijst is altijd compleet: `volgende` is leeg.",
        tags=["aanvragen"],
        parameters=[ID_AANVRAAG],
        responses=lijst_van(GebeurtenisSerializer),
    )
    def get(self, request: Request, id: str) -> Response:
        aanvraag = get_object_or_404(aanvragen_zichtbaar_voor_partner(self.partner), pk=id)
        rijen = gebeurtenissen(overgangen_van(aanvraag))
        return Response({"resultaten": GebeurtenisSerializer(rijen, many=True).data, "volgende": None})


class AanvraagZoeken(VoorPartners):
    """With POST, because a KvK number of a sole trader is personal data and may not be in an address (R84)."""

    vereiste_scope = SCOPE_AANVRAGEN
    throttle_scope = "zoeken"
    body_klasse = Zoekvraag

    @extend_schema(
        operation_id="zoekAanvragen",
        summary="Aanvragen zoeken op KvK-nummer of kenmerk",
        description="Zoekt in de aanvragen die u mag zien. Met allebei moeten allebei kloppen.",
        tags=["aanvragen"],
        request=Zoekvraag,
        responses=zoeklijst_van(AanvraagSerializer),
        examples=[OpenApiExample("Op kenmerk", value={"kenmerk": "SER-MKB-2026-00001"}, request_only=True)],
    )
    def post(self, request: Request) -> Response:
        rijen = aanvragen_zichtbaar_voor_partner(self.partner)
        if "kvkNummer" in self.invoer:
            rijen = rijen.filter(organisatie__kvk_nummer=self.invoer["kvkNummer"])
        if "kenmerk" in self.invoer:
            rijen = rijen.filter(kenmerk__iexact=self.invoer["kenmerk"])
        pagina: Pagina[Aanvraag] = self.bladzijde(rijen, velden=VOLGORDE, vraag=self.invoer, plek="body")
        serializer = AanvraagSerializer(pagina.rijen, many=True)
        return Response({"resultaten": serializer.data, "volgendeCursor": pagina.cursor})


class VoucherControleren(VoorPartners):
    vereiste_scope = SCOPE_VOUCHERS
    throttle_scope = "zoeken"
    body_klasse = Vouchervraag

    @extend_schema(
        operation_id="controleerVoucher",
        summary="Een vouchercode controleren",
        description=(
            "Zegt of een voucher nog gebruikt kan worden, met de waarde en de laatste dag. Nooit van wie hij is. "
            "Een code met een tikfout is `onbekend`."
        ),
        tags=["vouchers"],
        request=Vouchervraag,
        responses=VoucheruitslagSerializer,
        examples=[OpenApiExample("Een code", value={"code": "AB3D-EF7H-JKMN-P"}, request_only=True)],
    )
    def post(self, request: Request) -> Response:
        uitslag = voucher_controleren(self.invoer["code"], timezone.localdate())
        return Response(VoucheruitslagSerializer(uitslag).data)
