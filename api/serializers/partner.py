"""What a partner asks and gets. Never a name, address, number or bank account of anyone."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.core.validators import RegexValidator
from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from aanvragen.models import Aanvraag
from api.codes import AANVRAAGSTATUS, Momentcode, Voucherstand
from api.invoer import Invoer, Paginavraag, Tekst, Tijdstip
from api.serializers.openbaar import geld
from api.stand import Moment, momenten, uiterlijk_op, volgende_stap


class MomentSerializer(serializers.Serializer):
    code = serializers.ChoiceField(
        choices=[(code, code) for code in Momentcode.values], read_only=True, help_text="Welk moment"
    )
    betekenis = serializers.CharField(read_only=True, help_text="Wat dit moment betekent")
    op = Tijdstip(read_only=True, help_text="Het moment")


class AanvraagSerializer(serializers.Serializer):
    id = serializers.UUIDField(read_only=True, help_text="Id van de aanvraag")
    kenmerk = serializers.CharField(read_only=True, help_text="Kenmerk uit de ontvangstbevestiging")
    tijdvak = serializers.CharField(source="tijdvak.sleutel", read_only=True, help_text="Sleutel van het tijdvak")
    status = serializers.ChoiceField(
        source="publieke_status", choices=AANVRAAGSTATUS, read_only=True, help_text="Stand van de aanvraag"
    )
    statusLabel = serializers.SerializerMethodField(help_text="De stand in woorden")
    momenten = serializers.SerializerMethodField(help_text="Wat er is gebeurd, met de betekenis")
    volgendeStap = serializers.SerializerMethodField(help_text="Wat er nu gaat gebeuren; leeg als alles klaar is")
    uiterlijkOp = serializers.SerializerMethodField(help_text="Laatste dag voor de volgende stap, als die er is")
    gewijzigdOp = Tijdstip(source="gewijzigd_op", read_only=True, help_text="Laatste wijziging")

    def get_statusLabel(self, aanvraag: Aanvraag) -> str:
        return str(aanvraag.publieke_status.label)

    @extend_schema_field(MomentSerializer(many=True))
    def get_momenten(self, aanvraag: Aanvraag) -> Any:
        rijen: list[Moment] = momenten(aanvraag)
        return MomentSerializer(rijen, many=True).data

    def get_volgendeStap(self, aanvraag: Aanvraag) -> str | None:
        return volgende_stap(aanvraag)

    def get_uiterlijkOp(self, aanvraag: Aanvraag) -> date | None:
        open_: list[Any] = aanvraag.open_aanvullingen  # type: ignore[attr-defined]
        return uiterlijk_op(aanvraag, open_[0].termijn_tot if open_ else None)


class GebeurtenisSerializer(serializers.Serializer):
    volgnummer = serializers.IntegerField(read_only=True, help_text="Telt vanaf 1 binnen de aanvraag")
    op = Tijdstip(read_only=True, help_text="Moment waarop de stand veranderde")
    status = serializers.ChoiceField(choices=AANVRAAGSTATUS, read_only=True, help_text="De nieuwe stand")
    statusLabel = serializers.CharField(read_only=True, help_text="De nieuwe stand in woorden")


class Aanvraagvraag(Paginavraag):
    status = serializers.ListField(
        child=serializers.ChoiceField(choices=AANVRAAGSTATUS),
        required=False,
        max_length=len(AANVRAAGSTATUS),
        help_text="Alleen aanvragen met deze stand. U mag de parameter herhalen.",
    )
    tijdvak = serializers.SlugField(required=False, max_length=80, help_text="Alleen aanvragen in dit tijdvak")
    gewijzigdNa = Tijdstip(required=False, help_text="Alleen aanvragen die na dit moment zijn gewijzigd")
    gewijzigdVoor = Tijdstip(required=False, help_text="Alleen aanvragen die vóór dit moment zijn gewijzigd")


class Zoekvraag(Paginavraag):
    kvkNummer = Tekst(
        required=False,
        validators=[RegexValidator(r"^[0-9]{8}\Z", "Een KvK-nummer heeft 8 cijfers.", code="kvk-nummer")],
        help_text="KvK-nummer van de aanvrager",
    )
    kenmerk = Tekst(required=False, max_length=40, help_text="Kenmerk van de aanvraag")

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        if "kvkNummer" not in attrs and "kenmerk" not in attrs:
            raise serializers.ValidationError("Geef een kvkNummer of een kenmerk.", code="verplicht")
        return attrs


class Vouchervraag(Invoer):
    code = Tekst(max_length=40, help_text="De code van de voucher; spaties, streepjes en kleine letters mogen")


class VoucheruitslagSerializer(serializers.Serializer):
    status = serializers.ChoiceField(choices=Voucherstand.choices, read_only=True, help_text="Of de voucher geldig is")
    waarde = geld(allow_null=True, help_text="Hoogste bedrag in euro; leeg bij een onbekende code")
    geldigTot = serializers.DateField(
        read_only=True,
        allow_null=True,
        help_text="Laatste dag waarop de voucher geldig is; leeg bij een onbekende code",
    )
