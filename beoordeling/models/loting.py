"""The lottery with its published files, and the ranking in which every method ends."""

from __future__ import annotations

import uuid
from datetime import datetime

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _
from django_fsm import transition

from aanvragen.models import Aanvraag
from beoordeling.enums import Lotingstatus, Mutatiesoort, Uitkomst
from kern.models import Gebruiker
from kern.status import StatusModel, StatusVeld
from regeling.enums import Methode
from regeling.models import Tijdvak, geldveld

S = Lotingstatus
_NA_BEVRIEZEN = [
    S.BEVROREN,
    S.GEPUBLICEERD,
    S.VERVANGEN,
    S.BRONNEN_VOLLEDIG,
    S.GETROKKEN,
    S.VERDEELD,
    S.VASTGESTELD,
    S.LOPEND,
    S.GESLOTEN,
]
_NA_TREKKEN = [S.GETROKKEN, S.VERDEELD, S.VASTGESTELD, S.LOPEND, S.GESLOTEN]
#: One draw counts per round; a new one only after the old was replaced or declared invalid.
_GELDEND = [s for s in S.values if s not in {S.VERVANGEN, S.ONGELDIG}]


class Loting(StatusModel):
    """One draw by LOTING-HKDF-SHA256-1. Its files are stored as bytes and never made again."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    tijdvak = models.ForeignKey(Tijdvak, on_delete=models.PROTECT, related_name="lotingen")
    kenmerk = models.CharField(max_length=60, unique=True, help_text=_("Staat als `loting` in het protocol"))
    status = StatusVeld(default=S.ONTWERP, choices=S.choices, max_length=20)
    dag = models.DateField(
        null=True, help_text=_("Bij volgorde van binnenkomst: de dag waarop het geld op raakte; leeg: de hele ronde")
    )
    vervangt = models.OneToOneField("self", on_delete=models.PROTECT, null=True, related_name="vervangen_door")
    protocol_sha256 = models.CharField(max_length=64, blank=True, help_text=_("H_P: wat wordt gepubliceerd"))
    deelnemers_sha256 = models.CharField(max_length=64, blank=True)
    aantal = models.PositiveIntegerField(default=0)
    trekking_gepland_op = models.DateTimeField(help_text=_("T1: niet eerder dan dit moment worden de bronnen bepaald"))
    voorbereid_op = models.DateTimeField()
    voorbereid_door = models.ForeignKey(Gebruiker, on_delete=models.PROTECT, null=True, related_name="+")
    bevroren_op = models.DateTimeField(null=True)
    bevroren_door = models.ForeignKey(Gebruiker, on_delete=models.PROTECT, null=True, related_name="+")
    gepubliceerd_op = models.DateTimeField(null=True)
    gepubliceerd_door = models.ForeignKey(Gebruiker, on_delete=models.PROTECT, null=True, related_name="+")
    gepubliceerd_waar = models.CharField(max_length=300, blank=True)
    bronnen_op = models.DateTimeField(null=True)
    bronnen_door = models.ForeignKey(Gebruiker, on_delete=models.PROTECT, null=True, related_name="+")
    getrokken_op = models.DateTimeField(null=True)
    getrokken_door = models.ForeignKey(Gebruiker, on_delete=models.PROTECT, null=True, related_name="+")
    vastgesteld_op = models.DateTimeField(null=True)
    vastgesteld_door = models.ForeignKey(Gebruiker, on_delete=models.PROTECT, null=True, related_name="+")
    ongeldig_reden = models.TextField(blank=True)

    class Meta:
        verbose_name = _("loting")
        verbose_name_plural = _("lotingen")
        constraints = [
            models.CheckConstraint(condition=Q(status__in=S.values), name="loting_status_bekend"),
            models.UniqueConstraint(
                fields=["tijdvak"],
                condition=Q(status__in=_GELDEND, dag=None),
                name="loting_een_geldend",
                violation_error_message=_("Dit tijdvak heeft al een loting."),
            ),
            models.UniqueConstraint(
                fields=["tijdvak", "dag"],
                condition=Q(status__in=_GELDEND),
                name="loting_een_per_dag",
                violation_error_message=_("Deze dag heeft al een loting."),
            ),
            models.CheckConstraint(
                condition=~Q(status__in=_NA_BEVRIEZEN) | (Q(bevroren_op__isnull=False) & ~Q(protocol_sha256="")),
                name="loting_bevroren_heeft_hash",
            ),
            models.CheckConstraint(
                condition=~Q(status__in=_NA_TREKKEN) | Q(getrokken_op__isnull=False),
                name="loting_getrokken_heeft_moment",
            ),
            models.CheckConstraint(
                condition=Q(bevroren_door=None) | ~Q(bevroren_door=F("voorbereid_door")),
                name="loting_bevriezen_vier_ogen",
                violation_error_message=_("Wie de lijst voorbereidt, bevriest haar niet."),
            ),
            models.CheckConstraint(
                condition=Q(vastgesteld_door=None) | ~Q(vastgesteld_door=F("getrokken_door")),
                name="loting_vaststellen_vier_ogen",
                violation_error_message=_("Wie de loting trekt, stelt haar niet vast."),
            ),
            models.CheckConstraint(
                condition=~Q(status=S.ONGELDIG) | ~Q(ongeldig_reden=""), name="loting_ongeldig_heeft_reden"
            ),
        ]

    def __str__(self) -> str:
        return self.kenmerk

    @transition(field=status, source=S.ONTWERP, target=S.BEVROREN)
    def bevriezen(self, *, op: datetime, actor: Gebruiker | None) -> None:
        """List and protocol are written; their hashes are fixed."""
        self.bevroren_op, self.bevroren_door = op, actor

    @transition(field=status, source=S.BEVROREN, target=S.GEPUBLICEERD)
    def publiceren(self, *, op: datetime, actor: Gebruiker | None, waar: str) -> None:
        """T0: H_P is public; the draw follows at T1, ``trekking_gepland_op``."""
        self.gepubliceerd_op, self.gepubliceerd_door, self.gepubliceerd_waar = op, actor, waar

    @transition(field=status, source=[S.BEVROREN, S.GEPUBLICEERD], target=S.VERVANGEN)
    def vervangen_worden(self, *, op: datetime, actor: Gebruiker | None) -> None:
        """A list error was found before the draw; the new version names this one."""

    @transition(field=status, source=S.GEPUBLICEERD, target=S.BRONNEN_VOLLEDIG)
    def bronnen_vastleggen(self, *, op: datetime, actor: Gebruiker | None) -> None:
        self.bronnen_op, self.bronnen_door = op, actor

    @transition(field=status, source=S.BRONNEN_VOLLEDIG, target=S.GETROKKEN)
    def trekken(self, *, op: datetime, actor: Gebruiker | None) -> None:
        self.getrokken_op, self.getrokken_door = op, actor

    @transition(field=status, source=S.GETROKKEN, target=S.VERDEELD)
    def verdelen(self, *, op: datetime, actor: Gebruiker | None) -> None:
        """Rank and ceiling have become outcomes."""

    @transition(field=status, source=S.VERDEELD, target=S.VASTGESTELD)
    def vaststellen(self, *, op: datetime, actor: Gebruiker | None) -> None:
        """By a second person, after the shipped script gave the same lines in a process of its own."""
        self.vastgesteld_op, self.vastgesteld_door = op, actor

    @transition(field=status, source=S.VASTGESTELD, target=S.LOPEND)
    def beginnen(self, *, op: datetime, actor: Gebruiker | None) -> None:
        """Outcomes have reached the applications; from now on only mutations."""

    @transition(field=status, source=S.LOPEND, target=S.GESLOTEN)
    def sluiten(self, *, op: datetime, actor: Gebruiker | None) -> None:
        """The reserve list has lapsed."""

    @transition(field=status, source=[S.ONTWERP, S.BEVROREN, S.GEPUBLICEERD], target=S.ONGELDIG)
    def ongeldig_verklaren(self, *, op: datetime, actor: Gebruiker | None, reden: str) -> None:
        """Only before the dice: who knows those can compute the result."""
        self.ongeldig_reden = reden


class Lotingbestand(models.Model):
    """A file of a draw, byte for byte. Written once."""

    loting = models.ForeignKey(Loting, on_delete=models.PROTECT, related_name="bestanden")
    naam = models.CharField(max_length=60)
    inhoud = models.BinaryField()
    sha256 = models.CharField(max_length=64)
    op = models.DateTimeField()

    class Meta:
        verbose_name = _("bestand van een loting")
        constraints = [models.UniqueConstraint(fields=["loting", "naam"], name="lotingbestand_een_keer")]

    def __str__(self) -> str:
        return self.naam


class Broninvoer(models.Model):
    """One time that somebody typed the dice. Two equal ones of the same attempt become the value; rows only add up."""

    loting = models.ForeignKey(Loting, on_delete=models.PROTECT, related_name="invoeren")
    poging = models.PositiveSmallIntegerField(help_text=_("1, 2, ...: na een verschil begint een nieuwe poging"))
    keer = models.PositiveSmallIntegerField(help_text=_("1 of 2"))
    waarden = models.JSONField(help_text=_("Bron → cijfers"))
    op = models.DateTimeField()
    door = models.ForeignKey(Gebruiker, on_delete=models.PROTECT, null=True, related_name="+")

    class Meta:
        verbose_name = _("invoer van de dobbelstenen")
        verbose_name_plural = _("invoeren van de dobbelstenen")
        ordering = ["loting_id", "poging", "keer"]
        constraints = [
            models.UniqueConstraint(fields=["loting", "poging", "keer"], name="broninvoer_een_keer"),
            models.CheckConstraint(condition=Q(keer__in=[1, 2]), name="broninvoer_twee_keer"),
        ]

    def __str__(self) -> str:
        return f"{self.loting}: {self.poging}.{self.keer}"


class Rangschikking(models.Model):
    """The ranking of a round: every method of distribution ends in one."""

    tijdvak = models.OneToOneField(Tijdvak, on_delete=models.PROTECT, related_name="rangschikking")
    methode = models.CharField(max_length=30, choices=Methode.choices)
    loting = models.OneToOneField(Loting, on_delete=models.PROTECT, null=True, related_name="rangschikking")
    #: Rule of a historical draw: `{"algoritme": "sha256-1", "zaad": "...", "nagerekend": true}`.
    herkomst = models.JSONField(default=dict, blank=True)
    gemaakt_op = models.DateTimeField()
    gemaakt_door = models.ForeignKey(Gebruiker, on_delete=models.PROTECT, null=True, related_name="+")

    class Meta:
        verbose_name = _("rangschikking")

    def __str__(self) -> str:
        return f"Rangschikking {self.tijdvak}"


class Plaats(models.Model):
    """One application's place, its lot and what that gave. ``eerste_uitkomst`` never changes."""

    rangschikking = models.ForeignKey(Rangschikking, on_delete=models.PROTECT, related_name="plaatsen")
    aanvraag = models.OneToOneField(Aanvraag, on_delete=models.PROTECT, related_name="plaats")
    rang = models.PositiveIntegerField()
    lot = models.CharField(max_length=64, blank=True)
    eerste_uitkomst = models.CharField(max_length=12, choices=Uitkomst.choices)
    uitkomst = models.CharField(max_length=12, choices=Uitkomst.choices)
    bedrag = geldveld(null=True)
    reden = models.CharField(max_length=300, blank=True)

    class Meta:
        verbose_name = _("plaats")
        verbose_name_plural = _("plaatsen")
        ordering = ["rang"]
        constraints = [
            models.UniqueConstraint(fields=["rangschikking", "rang"], name="plaats_een_per_rang"),
            models.CheckConstraint(
                condition=~Q(uitkomst=Uitkomst.TOEGEWEZEN) | Q(bedrag__gt=0), name="plaats_toegewezen_heeft_bedrag"
            ),
        ]
        indexes = [models.Index(fields=["rangschikking", "uitkomst", "rang"], name="plaats_reserve")]

    def __str__(self) -> str:
        return f"{self.rang}: {self.get_uitkomst_display()}"


class Mutatie(models.Model):
    """What happened after the draw, in order: awards are never recomputed, only replayed (design 05)."""

    rangschikking = models.ForeignKey(Rangschikking, on_delete=models.PROTECT, related_name="mutaties")
    nr = models.PositiveIntegerField()
    soort = models.CharField(max_length=12, choices=Mutatiesoort.choices)
    #: Kenmerk of an application, or `*` or a pot for a raise.
    kenmerk = models.CharField(max_length=40)
    bedrag = geldveld(default=0)
    reden = models.TextField(blank=True)
    opgeroepen = models.JSONField(default=list, help_text=_("Kenmerken die hierdoor zijn opgeroepen, in rangvolgorde"))
    op = models.DateTimeField()
    door = models.ForeignKey(Gebruiker, on_delete=models.PROTECT, null=True, related_name="+")

    class Meta:
        verbose_name = _("mutatie")
        verbose_name_plural = _("mutaties")
        ordering = ["nr"]
        constraints = [models.UniqueConstraint(fields=["rangschikking", "nr"], name="mutatie_volgorde")]

    def __str__(self) -> str:
        return f"{self.nr} {self.soort} {self.kenmerk}"
