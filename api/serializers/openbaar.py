"""Public resources: schemes, rounds, draws. Names are camelCase: they are the contract."""

from __future__ import annotations

from typing import Any

from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from api.codes import LOTINGSTATUS, TIJDVAKSTATUS, Trekkingsuitkomst, publieke_code
from api.invoer import Tijdstip
from api.selectors import Lotingstukken
from api.voorwaarden import voorwaarden
from beoordeling.models import Loting
from regeling.enums import Eenheid, Herkomst, Methode
from regeling.models import Regeling, Regelingversie, Tijdvak
from regeling.schema import Regelingspec


def geld(**opties: Any) -> serializers.DecimalField:
    """Euros with two decimals (or pieces), as text so that no cent gets lost."""
    return serializers.DecimalField(max_digits=18, decimal_places=2, read_only=True, **opties)


class GrondslagSerializer(serializers.Serializer):
    artikel = serializers.CharField(read_only=True, help_text="Het artikel")
    onderwerp = serializers.CharField(read_only=True, help_text="Waar het artikel over gaat")


class ThemaSerializer(serializers.Serializer):
    code = serializers.CharField(read_only=True, help_text="Vaste code van het thema")
    naam = serializers.CharField(read_only=True, help_text="Naam van het thema")
    uitleg = serializers.CharField(read_only=True, allow_null=True, help_text="Wat eronder valt")


class RegelingversieSerializer(serializers.Serializer):
    versie = serializers.CharField(read_only=True, help_text="Naam of nummer van de versie")
    geldigVanaf = serializers.SerializerMethodField(help_text="Eerste dag waarop deze versie geldt")
    vervaltOp = serializers.SerializerMethodField(help_text="Dag waarop de regeling vervalt, als die bekend is")
    sha256 = serializers.CharField(read_only=True, help_text="SHA-256 van de canonieke JSON van deze versie")

    @extend_schema_field(serializers.DateField)
    def get_geldigVanaf(self, versie: Regelingversie) -> str:
        return versie.spec.regeling.geldig_vanaf.isoformat()

    @extend_schema_field(serializers.DateField(allow_null=True))
    def get_vervaltOp(self, versie: Regelingversie) -> str | None:
        dag = versie.spec.regeling.vervaldatum
        return dag.isoformat() if dag else None


class RegelingSerializer(serializers.Serializer):
    sleutel = serializers.CharField(read_only=True, help_text="Vaste sleutel van de regeling")
    naam = serializers.CharField(read_only=True, help_text="Naam van de regeling")
    samenvatting = serializers.SerializerMethodField(help_text="Voor wie, waarvoor en hoeveel")
    doel = serializers.SerializerMethodField(help_text="Wat de regeling wil bereiken")
    uitvoerder = serializers.SerializerMethodField(help_text="Organisatie die de regeling uitvoert")
    grondslag = serializers.SerializerMethodField(help_text="Artikelen waarop de regeling rust")
    themas = serializers.SerializerMethodField(help_text="Thema's van de regeling")
    voorwaarden = serializers.SerializerMethodField(help_text="De voorwaarden in gewone zinnen, nieuwste versie")
    versies = RegelingversieSerializer(
        many=True, source="openbare_versies", read_only=True, help_text="Gepubliceerde versies, oudste eerst"
    )

    def _spec(self, regeling: Regeling) -> Regelingspec:
        spec: Regelingspec = regeling.openbare_versies[-1].spec  # type: ignore[attr-defined]
        return spec

    def get_samenvatting(self, regeling: Regeling) -> str:
        return self._spec(regeling).regeling.samenvatting.strip()

    def get_doel(self, regeling: Regeling) -> str:
        return self._spec(regeling).regeling.doel.strip()

    def get_uitvoerder(self, regeling: Regeling) -> str:
        return self._spec(regeling).regeling.uitvoerder

    @extend_schema_field(GrondslagSerializer(many=True))
    def get_grondslag(self, regeling: Regeling) -> Any:
        return GrondslagSerializer(self._spec(regeling).regeling.grondslag, many=True).data

    @extend_schema_field(ThemaSerializer(many=True))
    def get_themas(self, regeling: Regeling) -> Any:
        return ThemaSerializer(self._spec(regeling).themas, many=True).data

    def get_voorwaarden(self, regeling: Regeling) -> list[str]:
        return voorwaarden(self._spec(regeling))


class PlafondSerializer(serializers.Serializer):
    code = serializers.CharField(read_only=True, help_text="`*` voor het hele tijdvak, anders de code van de pot")
    naam = serializers.CharField(read_only=True, help_text="Naam van het plafond")
    bedrag = geld(help_text="Het plafond")
    resteert = geld(help_text="Wat er nog over is")


class TijdvakSerializer(serializers.Serializer):
    """Of rounds that :func:`api.selectors.met_cijfers` gave their figures."""

    sleutel = serializers.CharField(read_only=True, help_text="Vaste sleutel van het tijdvak")
    naam = serializers.CharField(read_only=True, help_text="Naam van het tijdvak")
    regeling = serializers.CharField(
        source="regelingversie.regeling.sleutel", read_only=True, help_text="Sleutel van de regeling"
    )
    regelingversie = serializers.CharField(
        source="regelingversie.versie", read_only=True, help_text="Versie van de regeling die geldt"
    )
    status = serializers.SerializerMethodField(help_text="Stand van het tijdvak")
    statusLabel = serializers.SerializerMethodField(help_text="De stand in woorden")
    openOp = Tijdstip(source="open_op", read_only=True, help_text="Vanaf dit moment kan men aanvragen")
    sluitOp = Tijdstip(source="sluit_op", read_only=True, help_text="Tot en met dit moment kan men aanvragen")
    gepubliceerdOp = Tijdstip(
        source="gepubliceerd_op", read_only=True, help_text="Moment waarop plafond en methode openbaar werden"
    )
    methode = serializers.ChoiceField(choices=Methode.choices, read_only=True, help_text="Hoe het geld wordt verdeeld")
    eenheid = serializers.ChoiceField(choices=Eenheid.choices, read_only=True, help_text="Waarin de bedragen tellen")
    herkomst = serializers.ChoiceField(
        choices=Herkomst.choices, read_only=True, help_text="Een echt tijdvak, een nagespeeld of een ingelezen tijdvak"
    )
    plafonds = PlafondSerializer(many=True, source="plafonds.all", read_only=True, help_text="Plafond en deelplafonds")
    aantal = serializers.IntegerField(source="cijfers.aantal", read_only=True, help_text="Aantal ontvangen aanvragen")
    gevraagd = geld(source="cijfers.gevraagd", help_text="Bedrag dat in totaal is gevraagd")
    aantalToegekend = serializers.IntegerField(
        source="cijfers.aantal_toegekend", read_only=True, help_text="Aantal aanvragen waarvoor geld is vastgelegd"
    )
    toegekend = geld(source="cijfers.toegekend", help_text="Bedrag dat is vastgelegd")
    resteert = geld(source="cijfers.resteert", help_text="Wat er over is van het plafond")
    reservelijst = serializers.IntegerField(
        source="cijfers.reservelijst", read_only=True, help_text="Aantal aanvragen op de reservelijst"
    )

    @extend_schema_field(serializers.ChoiceField(choices=TIJDVAKSTATUS))
    def get_status(self, tijdvak: Tijdvak) -> str:
        return publieke_code(tijdvak.status)

    def get_statusLabel(self, tijdvak: Tijdvak) -> str:
        return str(tijdvak.get_status_display())


class LotingbestandSerializer(serializers.Serializer):
    naam = serializers.CharField(read_only=True, help_text="Naam van het bestand")
    sha256 = serializers.CharField(read_only=True, help_text="SHA-256 van de inhoud")


class TrekkingsregelSerializer(serializers.Serializer):
    plaats = serializers.IntegerField(read_only=True, help_text="Plaats in de getrokken volgorde")
    kenmerk = serializers.CharField(read_only=True, help_text="Kenmerk van de aanvraag")
    lot = serializers.CharField(read_only=True, help_text="Het lot, 64 hexadecimale tekens")
    uitkomst = serializers.ChoiceField(
        choices=Trekkingsuitkomst.choices, read_only=True, help_text="Uitkomst bij de trekking, vóór latere mutaties"
    )
    bedrag = geld(allow_null=True, help_text="Toegewezen bedrag, in de eenheid van het tijdvak")


class LotingSerializer(serializers.Serializer):
    """Needs ``stukken`` in the context: :func:`api.selectors.lotingstukken`."""

    kenmerk = serializers.CharField(read_only=True, help_text="Kenmerk van de loting")
    tijdvak = serializers.CharField(source="tijdvak.sleutel", read_only=True, help_text="Sleutel van het tijdvak")
    status = serializers.SerializerMethodField(help_text="Stand van de loting")
    statusLabel = serializers.SerializerMethodField(help_text="De stand in woorden")
    aantal = serializers.IntegerField(read_only=True, help_text="Aantal deelnemers op de lijst")
    protocolSha256 = serializers.CharField(
        source="protocol_sha256", read_only=True, help_text="SHA-256 van het protocol: de gepubliceerde hash"
    )
    deelnemersSha256 = serializers.CharField(
        source="deelnemers_sha256", read_only=True, help_text="SHA-256 van de bevroren lijst van deelnemers"
    )
    gepubliceerdOp = Tijdstip(source="gepubliceerd_op", read_only=True, help_text="Moment van publicatie van de hash")
    gepubliceerdWaar = serializers.CharField(
        source="gepubliceerd_waar", read_only=True, help_text="Waar de hash is gepubliceerd"
    )
    trekkingGeplandOp = Tijdstip(
        source="trekking_gepland_op", read_only=True, help_text="Eerder dan dit moment wordt niet getrokken"
    )
    getrokkenOp = Tijdstip(source="getrokken_op", read_only=True, allow_null=True, help_text="Moment van de trekking")
    vastgesteldOp = Tijdstip(
        source="vastgesteld_op",
        read_only=True,
        allow_null=True,
        help_text="Moment waarop een ander de uitslag vaststelde",
    )
    vervangt = serializers.SerializerMethodField(help_text="Kenmerk van de gepubliceerde loting die deze vervangt")
    protocol = serializers.SerializerMethodField(
        help_text="De tekst van het protocol, teken voor teken: de SHA-256 van deze tekst in UTF-8 is `protocolSha256`"
    )
    bestanden = serializers.SerializerMethodField(help_text="Openbare bestanden van de loting met hun SHA-256")
    uitkomst = serializers.SerializerMethodField(help_text="Uitslag in getrokken volgorde, na vaststelling")

    def _stukken(self) -> Lotingstukken:
        stukken: Lotingstukken = self.context["stukken"]
        return stukken

    @extend_schema_field(serializers.ChoiceField(choices=LOTINGSTATUS))
    def get_status(self, loting: Loting) -> str:
        return publieke_code(loting.status)

    def get_statusLabel(self, loting: Loting) -> str:
        return str(loting.get_status_display())

    def get_vervangt(self, loting: Loting) -> str | None:
        vorige = loting.vervangt
        return vorige.kenmerk if vorige is not None and vorige.gepubliceerd_op is not None else None

    def get_protocol(self, loting: Loting) -> str:
        return self._stukken().protocol

    @extend_schema_field(LotingbestandSerializer(many=True))
    def get_bestanden(self, loting: Loting) -> list[dict[str, str]]:
        return [{"naam": naam, "sha256": sha256} for naam, sha256 in self._stukken().bestanden]

    @extend_schema_field(TrekkingsregelSerializer(many=True, allow_null=True))
    def get_uitkomst(self, loting: Loting) -> Any:
        uitkomst = self._stukken().uitkomst
        return None if uitkomst is None else TrekkingsregelSerializer(uitkomst, many=True).data
