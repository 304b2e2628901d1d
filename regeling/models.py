"""Schemes as data, rounds, ceilings and the ledger."""

from __future__ import annotations

import uuid
from datetime import datetime
from decimal import Decimal
from functools import cached_property
from typing import Any

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _
from django_fsm import transition

from kern.models import Gebruiker
from kern.status import StatusModel, StatusVeld
from regeling.enums import Boekingsoort, Eenheid, Herkomst, Methode, Tijdvakstatus
from regeling.lezen import spec_uit_json
from regeling.schema import Regelingspec, Tijdvakspec, Verdeling
from regeling.voorstelmodellen import Proefronde, Regelingbron, Regelingvoorstel, Voorstelbewerking

__all__ = [
    "Berichtsjabloon",
    "Boeking",
    "Plafond",
    "Proefronde",
    "Regeling",
    "Regelingbron",
    "Regelingversie",
    "Regelingvoorstel",
    "Storing",
    "Thema",
    "Tijdvak",
    "Voorstelbewerking",
]
S = Tijdvakstatus
NUL = Decimal("0.00")


def geldveld(**opties: Any) -> models.DecimalField:
    """Euros and cents (or pieces, with zero cents)."""
    return models.DecimalField(max_digits=14, decimal_places=2, **opties)


class Regeling(models.Model):
    """A scheme. What it says stands in its versions."""

    sleutel = models.SlugField(max_length=60, unique=True)
    naam = models.CharField(max_length=200)

    class Meta:
        verbose_name = _("regeling")
        verbose_name_plural = _("regelingen")
        ordering = ["sleutel"]

    def __str__(self) -> str:
        return self.naam


class Regelingversie(models.Model):
    """One version of a scheme file, frozen: ``inhoud`` is the canonical JSON, ``sha256`` its digest."""

    regeling = models.ForeignKey(Regeling, on_delete=models.PROTECT, related_name="versies")
    versie = models.CharField(max_length=40)
    inhoud = models.JSONField()
    sha256 = models.CharField(max_length=64)
    geladen_op = models.DateTimeField()
    geladen_door = models.ForeignKey(Gebruiker, on_delete=models.PROTECT, null=True, related_name="+")

    class Meta:
        verbose_name = _("versie van een regeling")
        constraints = [models.UniqueConstraint(fields=["regeling", "sha256"], name="regelingversie_uniek")]

    def __str__(self) -> str:
        return f"{self.regeling} ({self.versie})"

    @cached_property
    def spec(self) -> Regelingspec:
        return spec_uit_json(self.inhoud)


class Thema(models.Model):
    """A theme of a scheme; kept as a row because applications choose from it and reports count by it."""

    regeling = models.ForeignKey(Regeling, on_delete=models.PROTECT, related_name="themas")
    code = models.SlugField(max_length=60)
    naam = models.CharField(max_length=200)
    volgorde = models.PositiveSmallIntegerField(default=0)

    class Meta:
        verbose_name = _("thema")
        verbose_name_plural = _("thema's")
        ordering = ["regeling_id", "volgorde"]
        constraints = [models.UniqueConstraint(fields=["regeling", "code"], name="thema_uniek")]

    def __str__(self) -> str:
        return self.naam


class Berichtsjabloon(models.Model):
    """Text of a kind of message: for one scheme, or for all; a version is never changed, only followed by another.

    Without a row the text in the code holds. ``{namen}`` in the text are filled in when the message is made.
    """

    regeling = models.ForeignKey(Regeling, on_delete=models.PROTECT, null=True, blank=True, related_name="sjablonen")
    code = models.CharField(max_length=40)
    versie = models.PositiveSmallIntegerField()
    onderwerp = models.CharField(max_length=200)
    tekst = models.TextField()
    gemaakt_op = models.DateTimeField()
    gemaakt_door = models.ForeignKey(Gebruiker, on_delete=models.PROTECT, null=True, related_name="+")
    in_gebruik_op = models.DateTimeField(null=True)
    in_gebruik_door = models.ForeignKey(Gebruiker, on_delete=models.PROTECT, null=True, related_name="+")

    class Meta:
        verbose_name = _("sjabloon van een bericht")
        verbose_name_plural = _("sjablonen van berichten")
        ordering = ["code", "versie"]
        constraints = [
            models.UniqueConstraint(fields=["regeling", "code", "versie"], name="berichtsjabloon_versie_uniek"),
            models.UniqueConstraint(
                fields=["code", "versie"], condition=Q(regeling=None), name="berichtsjabloon_algemeen_uniek"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.code} {self.versie}"


class Tijdvak(StatusModel):
    """A window in which one can apply (Awb 4:25), with its method of distribution."""

    sleutel = models.SlugField(max_length=80, unique=True)
    naam = models.CharField(max_length=200)
    regelingversie = models.ForeignKey(Regelingversie, on_delete=models.PROTECT, related_name="tijdvakken")
    #: Key of the round in the scheme file; a simulated round points at the round it replays.
    specsleutel = models.SlugField(max_length=80)
    status = StatusVeld(default=S.ONTWERP, choices=S.choices, max_length=20)
    methode = models.CharField(max_length=30, choices=Methode.choices)
    eenheid = models.CharField(max_length=10, choices=Eenheid.choices, default=Eenheid.EURO)
    herkomst = models.CharField(max_length=12, choices=Herkomst.choices, default=Herkomst.CATALOGUS)
    #: 2: the full proposals of who passed the first stage, ``vorige_stap``.
    stap = models.PositiveSmallIntegerField(default=1)
    vorige_stap = models.OneToOneField("self", on_delete=models.PROTECT, null=True, related_name="volgende_stap")
    open_op = models.DateTimeField()
    sluit_op = models.DateTimeField()
    gepubliceerd_op = models.DateTimeField(null=True)
    gepubliceerd_door = models.ForeignKey(Gebruiker, on_delete=models.PROTECT, null=True, related_name="+")
    verdeeld_op = models.DateTimeField(null=True)
    volgnummer = models.PositiveIntegerField(default=0, help_text=_("Laatst uitgegeven nummer van een aanvraag"))

    class Meta:
        verbose_name = _("tijdvak")
        verbose_name_plural = _("tijdvakken")
        ordering = ["-open_op"]
        constraints = [
            models.CheckConstraint(condition=Q(status__in=S.values), name="tijdvak_status_bekend"),
            models.CheckConstraint(
                condition=Q(sluit_op__gt=F("open_op")),
                name="tijdvak_sluit_na_opening",
                violation_error_message=_("Een tijdvak sluit na de opening."),
            ),
            models.CheckConstraint(
                condition=Q(status__in=[S.ONTWERP, S.INGETROKKEN]) | Q(gepubliceerd_op__isnull=False),
                name="tijdvak_publicatie_heeft_moment",
            ),
            models.CheckConstraint(
                condition=~Q(status__in=[S.VERDEELD, S.AFGEHANDELD]) | Q(verdeeld_op__isnull=False),
                name="tijdvak_verdeeld_heeft_moment",
            ),
            models.CheckConstraint(
                condition=Q(stap=1, vorige_stap=None) | Q(stap=2, vorige_stap__isnull=False), name="tijdvak_stap_klopt"
            ),
        ]

    def __str__(self) -> str:
        return self.naam

    @property
    def spec(self) -> Regelingspec:
        return self.regelingversie.spec

    @property
    def tijdvakspec(self) -> Tijdvakspec:
        return self.spec.tijdvak(self.specsleutel)

    @property
    def verdeling(self) -> Verdeling:
        return self.spec.verdeling_voor(self.specsleutel)

    def is_open_op(self, moment: datetime) -> bool:
        """Whether a request that reached the server at ``moment`` counts: from open_op up to and not after sluit_op."""
        return self.status in {S.GEPUBLICEERD, S.OPEN, S.GESLOTEN} and self.open_op <= moment <= self.sluit_op

    @transition(field=status, source=S.ONTWERP, target=S.GEPUBLICEERD)
    def publiceren(self, *, op: datetime, actor: Gebruiker | None) -> None:
        """Ceiling and method are public before the window opens (Awb 4:26, R31)."""
        self.gepubliceerd_op, self.gepubliceerd_door = op, actor

    @transition(field=status, source=S.GEPUBLICEERD, target=S.OPEN)
    def openen(self, *, op: datetime, actor: Gebruiker | None) -> None:
        """By the clock."""

    @transition(field=status, source=S.OPEN, target=S.GESLOTEN)
    def sluiten(self, *, op: datetime, actor: Gebruiker | None) -> None:
        """By the clock."""

    @transition(field=status, source=S.GESLOTEN, target=S.IN_VERDELING)
    def verdeling_beginnen(self, *, op: datetime, actor: Gebruiker | None) -> None:
        """The list is frozen; nothing is added any more."""

    @transition(field=status, source=S.IN_VERDELING, target=S.VERDEELD)
    def verdelen(self, *, op: datetime, actor: Gebruiker | None) -> None:
        self.verdeeld_op = op

    @transition(field=status, source=S.VERDEELD, target=S.AFGEHANDELD)
    def afhandelen(self, *, op: datetime, actor: Gebruiker | None) -> None:
        """Nothing is open any more."""

    @transition(field=status, source=[S.ONTWERP, S.GEPUBLICEERD], target=S.INGETROKKEN)
    def intrekken(self, *, op: datetime, actor: Gebruiker | None) -> None:
        """Before it opens only."""

    @transition(field=status, source=S.ONTWERP, target=S.AFGEHANDELD)
    def historisch_vastleggen(self, *, op: datetime, actor: Gebruiker | None) -> None:
        """A round of the past, known from a file: it never ran in this system."""
        self.gepubliceerd_op, self.gepubliceerd_door, self.verdeeld_op = self.open_op, actor, self.sluit_op
        self.herkomst = Herkomst.IMPORT


class Plafond(models.Model):
    """A ceiling or sub-ceiling of a round, with its balance.

    The balance columns are sums of the ledger lines, kept under a CHECK so that no code can over-commit:
    reserved + granted − released ≤ ceiling (+ what was granted above it after an objection, R30).
    """

    tijdvak = models.ForeignKey(Tijdvak, on_delete=models.PROTECT, related_name="plafonds")
    code = models.CharField(max_length=20, help_text=_("* voor het plafond van het tijdvak, anders de code van de pot"))
    naam = models.CharField(max_length=200)
    bedrag = geldveld()
    gereserveerd = geldveld(default=NUL)
    verleend = geldveld(default=NUL)
    vrijgevallen = geldveld(default=NUL)
    boven_plafond = geldveld(default=NUL)
    uitgegeven = geldveld(default=NUL)
    gedeclareerd = geldveld(default=NUL)
    vastgesteld = geldveld(default=NUL)
    betaald = geldveld(default=NUL)

    class Meta:
        verbose_name = _("plafond")
        verbose_name_plural = _("plafonds")
        ordering = ["tijdvak_id", "code"]
        constraints = [
            models.UniqueConstraint(fields=["tijdvak", "code"], name="plafond_uniek"),
            models.CheckConstraint(condition=Q(bedrag__gte=0), name="plafond_niet_negatief"),
            models.CheckConstraint(
                condition=Q(gereserveerd__gte=0, vrijgevallen__gte=0, boven_plafond__gte=0)
                & Q(verleend__gte=F("vrijgevallen"))
                & Q(verleend__gte=F("vastgesteld"))
                & Q(betaald__lte=F("verleend")),
                name="plafond_saldi_kloppen",
            ),
            models.CheckConstraint(
                condition=Q(bedrag__gte=F("gereserveerd") + F("verleend") - F("vrijgevallen") - F("boven_plafond")),
                name="plafond_niet_overschreden",
                violation_error_message=_("Het plafond laat dit bedrag niet toe (Awb 4:25)."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.tijdvak} / {self.naam}"

    @property
    def vastgelegd(self) -> Decimal:
        """What counts against the ceiling."""
        return self.gereserveerd + self.verleend - self.vrijgevallen - self.boven_plafond

    @property
    def resteert(self) -> Decimal:
        return self.bedrag - self.vastgelegd


class Boeking(models.Model):
    """A ledger line: only added, never changed. ``sleutel`` makes each booking happen once."""

    plafond = models.ForeignKey(Plafond, on_delete=models.PROTECT, related_name="boekingen")
    soort = models.CharField(max_length=20, choices=Boekingsoort.choices)
    bedrag = geldveld()
    #: For `verlening` and `vrijval`: whether the amount leaves the reservations.
    uit_reservering = models.BooleanField(default=False)
    boven_plafond = models.BooleanField(default=False)
    onderwerp = models.UUIDField(null=True, help_text=_("De aanvraag waarvoor is geboekt"))
    sleutel = models.CharField(max_length=120)
    omschrijving = models.CharField(max_length=300, blank=True)
    op = models.DateTimeField()
    door = models.ForeignKey(Gebruiker, on_delete=models.PROTECT, null=True, related_name="+")

    class Meta:
        verbose_name = _("boeking")
        verbose_name_plural = _("boekingen")
        ordering = ["id"]
        constraints = [
            models.UniqueConstraint(fields=["plafond", "sleutel"], name="boeking_een_keer"),
            models.CheckConstraint(condition=Q(bedrag__gt=0), name="boeking_positief"),
            models.CheckConstraint(condition=Q(soort__in=Boekingsoort.values), name="boeking_soort_bekend"),
        ]
        indexes = [models.Index(fields=["onderwerp"], name="boeking_onderwerp")]

    def __str__(self) -> str:
        return f"{self.get_soort_display()} € {self.bedrag}"


class Storing(models.Model):
    """An outage of our own: the window is longer by it (Awb 2:… Wmebv, R47)."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    tijdvak = models.ForeignKey(Tijdvak, on_delete=models.PROTECT, related_name="storingen")
    van = models.DateTimeField()
    tot = models.DateTimeField()
    oud_sluit_op = models.DateTimeField()
    nieuw_sluit_op = models.DateTimeField()
    reden = models.TextField()
    vastgelegd_op = models.DateTimeField()
    vastgelegd_door = models.ForeignKey(Gebruiker, on_delete=models.PROTECT, null=True, related_name="+")

    class Meta:
        verbose_name = _("storing")
        constraints = [
            models.CheckConstraint(condition=Q(nieuw_sluit_op__gt=F("oud_sluit_op")), name="storing_verlengt")
        ]

    def __str__(self) -> str:
        return f"{self.tijdvak_id} {self.van:%Y-%m-%d}"
