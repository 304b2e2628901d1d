"""Vouchers, and holding one."""

from __future__ import annotations

import uuid
from datetime import datetime

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from django_fsm import transition

from aanvragen.models import Aanvraag, Adviseur, Referentie
from kern.models import Gebruiker
from kern.status import StatusModel, StatusVeld
from regeling.models import geldveld
from uitvoering.enums import Voucherstatus

V = Voucherstatus


class Voucher(StatusModel):
    """The right to have an adviser's work paid, up to an amount."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    aanvraag = models.OneToOneField(Aanvraag, on_delete=models.PROTECT, related_name="voucher")
    code = models.CharField(max_length=20, unique=True)
    status = StatusVeld(default=V.UITGEGEVEN, choices=V.choices, max_length=20)
    bedrag = geldveld()
    uitgegeven_op = models.DateTimeField()
    geldig_tot = models.DateField()
    adviseur = models.ForeignKey(Adviseur, on_delete=models.PROTECT, null=True, related_name="vouchers")
    opgedragen_op = models.DateTimeField(null=True)
    opgedragen_door = models.ForeignKey(Gebruiker, on_delete=models.PROTECT, null=True, related_name="+")
    verzilverd_op = models.DateTimeField(null=True)

    class Meta:
        verbose_name = _("voucher")
        verbose_name_plural = _("vouchers")
        constraints = [
            models.CheckConstraint(condition=Q(status__in=V.values), name="voucher_status_bekend"),
            models.CheckConstraint(condition=Q(bedrag__gt=0), name="voucher_positief"),
            models.CheckConstraint(
                condition=~Q(status__in=[V.OPGEDRAGEN, V.GEDECLAREERD, V.VERZILVERD])
                | (Q(opgedragen_op__isnull=False) & Q(adviseur__isnull=False)),
                name="voucher_opdracht_heeft_adviseur",
            ),
        ]

    def __str__(self) -> str:
        return self.code

    @transition(field=status, source=V.UITGEGEVEN, target=V.OPGEDRAGEN)
    def opdragen(self, *, op: datetime, actor: Gebruiker | None, adviseur: Adviseur) -> None:
        """The order to the adviser is signed."""
        self.opgedragen_op, self.opgedragen_door, self.adviseur = op, actor, adviseur

    @transition(field=status, source=V.OPGEDRAGEN, target=V.GEDECLAREERD)
    def declareren(self, *, op: datetime, actor: Gebruiker | None) -> None:
        """A claim was handed in."""

    @transition(field=status, source=V.GEDECLAREERD, target=V.VERZILVERD)
    def verzilveren(self, *, op: datetime, actor: Gebruiker | None) -> None:
        """Settled."""
        self.verzilverd_op = op

    @transition(field=status, source=[V.UITGEGEVEN, V.OPGEDRAGEN], target=V.VERLOPEN)
    def verlopen(self, *, op: datetime, actor: Gebruiker | None) -> None:
        """Not used in time."""

    @transition(field=status, source=[V.UITGEGEVEN, V.OPGEDRAGEN], target=V.INGETROKKEN)
    def intrekken(self, *, op: datetime, actor: Gebruiker | None) -> None:
        """With the grant."""


class Voucheraanhouding(models.Model):
    """A voucher that may not be used for now, because a reference that it rests on turned out not to be confirmed.

    One per voucher and reference; an officer lifts it with a reason, or withdraws the grant. No row is ever made again.
    """

    voucher = models.ForeignKey(Voucher, on_delete=models.PROTECT, related_name="aanhoudingen")
    referentie = models.ForeignKey(Referentie, on_delete=models.PROTECT, related_name="+")
    reden = models.TextField()
    aangehouden_op = models.DateTimeField()
    opgeheven_op = models.DateTimeField(null=True)
    opgeheven_door = models.ForeignKey(Gebruiker, on_delete=models.PROTECT, null=True, related_name="+")
    opgeheven_reden = models.TextField(blank=True)

    class Meta:
        verbose_name = _("aanhouding van een voucher")
        verbose_name_plural = _("aanhoudingen van vouchers")
        ordering = ["id"]
        constraints = [
            models.UniqueConstraint(fields=["voucher", "referentie"], name="voucheraanhouding_uniek"),
            models.CheckConstraint(
                condition=Q(opgeheven_op=None) | (Q(opgeheven_door__isnull=False) & ~Q(opgeheven_reden="")),
                name="voucheraanhouding_opgeheven_heeft_reden",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.voucher_id}: {self.referentie_id}"
