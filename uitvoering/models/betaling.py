"""Payments, and the lists that go to the bank."""

from __future__ import annotations

import uuid
from datetime import datetime

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _
from django_fsm import transition

from aanvragen.models import Aanvraag, Deelnemer
from kern.models import Bestand, Gebruiker
from kern.status import StatusModel, StatusVeld
from regeling.models import geldveld
from uitvoering.enums import Betalingstatus

P = Betalingstatus


class Betaallijst(models.Model):
    """A list of payments that went to the bank."""

    nummer = models.PositiveIntegerField(unique=True)
    gemaakt_op = models.DateTimeField()
    gemaakt_door = models.ForeignKey(Gebruiker, on_delete=models.PROTECT, null=True, related_name="+")
    aantal = models.PositiveIntegerField()
    totaal = geldveld()
    bestand = models.ForeignKey(Bestand, on_delete=models.PROTECT, related_name="+")

    class Meta:
        verbose_name = _("betaallijst")
        verbose_name_plural = _("betaallijsten")
        ordering = ["-nummer"]

    def __str__(self) -> str:
        return f"Betaallijst {self.nummer}"


class Betaling(StatusModel):
    """One payment; the second signature comes from another person than the first."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    aanvraag = models.ForeignKey(Aanvraag, on_delete=models.PROTECT, related_name="betalingen")
    deelnemer = models.ForeignKey(Deelnemer, on_delete=models.PROTECT, null=True, related_name="betalingen")
    kenmerk = models.CharField(max_length=35, unique=True, help_text=_("End-to-end-id"))
    status = StatusVeld(default=P.KLAARGEZET, choices=P.choices, max_length=20)
    bedrag = geldveld()
    iban = models.CharField(max_length=34)
    begunstigde = models.CharField(max_length=70)
    klaargezet_op = models.DateTimeField()
    klaargezet_door = models.ForeignKey(Gebruiker, on_delete=models.PROTECT, null=True, related_name="+")
    geaccordeerd_op = models.DateTimeField(null=True)
    geaccordeerd_door = models.ForeignKey(Gebruiker, on_delete=models.PROTECT, null=True, related_name="+")
    lijst = models.ForeignKey(Betaallijst, on_delete=models.PROTECT, null=True, related_name="betalingen")
    betaald_op = models.DateTimeField(null=True)
    reden = models.CharField(max_length=300, blank=True)

    class Meta:
        verbose_name = _("betaling")
        verbose_name_plural = _("betalingen")
        ordering = ["klaargezet_op", "id"]
        constraints = [
            models.CheckConstraint(condition=Q(status__in=P.values), name="betaling_status_bekend"),
            models.CheckConstraint(condition=Q(bedrag__gt=0), name="betaling_positief"),
            models.CheckConstraint(
                condition=Q(geaccordeerd_door=None) | ~Q(geaccordeerd_door=F("klaargezet_door")),
                name="betaling_vier_ogen",
                violation_error_message=_("Wie de betaling klaarzet, accordeert haar niet."),
            ),
            models.CheckConstraint(
                condition=~Q(status=P.BETAALD) | Q(betaald_op__isnull=False), name="betaling_betaald_heeft_moment"
            ),
        ]

    def __str__(self) -> str:
        return self.kenmerk

    @transition(field=status, source=P.KLAARGEZET, target=P.GEACCORDEERD)
    def accorderen(self, *, op: datetime, actor: Gebruiker | None) -> None:
        self.geaccordeerd_op, self.geaccordeerd_door = op, actor

    @transition(field=status, source=P.GEACCORDEERD, target=P.IN_BESTAND)
    def op_lijst_zetten(self, *, op: datetime, actor: Gebruiker | None, lijst: Betaallijst) -> None:
        self.lijst = lijst

    @transition(field=status, source=P.IN_BESTAND, target=P.BETAALD)
    def betalen(self, *, op: datetime, actor: Gebruiker | None) -> None:
        """The bank confirmed it."""
        self.betaald_op = op

    @transition(field=status, source=[P.GEACCORDEERD, P.IN_BESTAND], target=P.GEWEIGERD)
    def weigeren(self, *, op: datetime, actor: Gebruiker | None, reden: str) -> None:
        """The bank returned it."""
        self.reden = reden
