"""A version of a scheme in the making: the text of the file, who worked on it, and what came of it."""

from __future__ import annotations

import uuid
from datetime import datetime
from typing import TYPE_CHECKING

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _
from django_fsm import transition

from kern.models import Gebruiker
from kern.status import StatusModel, StatusVeld
from regeling.enums import Voorstelstatus

if TYPE_CHECKING:
    from regeling.models import Regelingversie

S = Voorstelstatus


class Regelingvoorstel(StatusModel):
    """A proposed version. ``regeling`` is empty for a scheme that does not exist yet; ``basis`` is the version in force
    that the text was compared with. ``nummer`` counts the edits: who saves says which one was read."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    regeling = models.ForeignKey("regeling.Regeling", on_delete=models.PROTECT, null=True, related_name="voorstellen")
    basis = models.ForeignKey("regeling.Regelingversie", on_delete=models.PROTECT, null=True, related_name="+")
    bestand = models.CharField(max_length=120, help_text=_("Naam van het bestand, in meldingen"))
    tekst = models.TextField()
    nummer = models.PositiveIntegerField(default=1)
    status = StatusVeld(default=S.CONCEPT, choices=S.choices, max_length=20)
    gemaakt_op = models.DateTimeField()
    gemaakt_door = models.ForeignKey(Gebruiker, on_delete=models.PROTECT, related_name="+")
    bewerkt_op = models.DateTimeField()
    bewerkt_door = models.ForeignKey(Gebruiker, on_delete=models.PROTECT, related_name="+")
    aangeboden_op = models.DateTimeField(null=True)
    aangeboden_door = models.ForeignKey(Gebruiker, on_delete=models.PROTECT, null=True, related_name="+")
    gepubliceerd_op = models.DateTimeField(null=True)
    gepubliceerd_door = models.ForeignKey(Gebruiker, on_delete=models.PROTECT, null=True, related_name="+")
    versie = models.OneToOneField(
        "regeling.Regelingversie", on_delete=models.PROTECT, null=True, related_name="voorstel"
    )

    class Meta:
        verbose_name = _("voorstel voor een regeling")
        verbose_name_plural = _("voorstellen voor regelingen")
        ordering = ["-bewerkt_op"]
        constraints = [
            models.CheckConstraint(condition=Q(status__in=S.values), name="regelingvoorstel_status_bekend"),
            models.CheckConstraint(
                condition=Q(gepubliceerd_door=None)
                | (~Q(gepubliceerd_door=F("gemaakt_door")) & ~Q(gepubliceerd_door=F("bewerkt_door"))),
                name="regelingvoorstel_vier_ogen",
                violation_error_message=_("Wie het voorstel maakte of bewerkte, publiceert het niet."),
            ),
            models.CheckConstraint(
                condition=Q(
                    status=S.GEPUBLICEERD,
                    gepubliceerd_op__isnull=False,
                    gepubliceerd_door__isnull=False,
                    versie__isnull=False,
                )
                | (~Q(status=S.GEPUBLICEERD) & Q(gepubliceerd_op=None, gepubliceerd_door=None, versie=None)),
                name="regelingvoorstel_publicatie_klopt",
            ),
            models.CheckConstraint(
                condition=~Q(status__in=[S.AANGEBODEN, S.GEPUBLICEERD, S.AFGEWEZEN]) | Q(aangeboden_op__isnull=False),
                name="regelingvoorstel_aangeboden_heeft_moment",
            ),
        ]

    def __str__(self) -> str:
        return self.bestand

    @transition(field=status, source=S.CONCEPT, target=S.AANGEBODEN)
    def aanbieden(self, *, op: datetime, actor: Gebruiker | None) -> None:
        """To a second person."""
        self.aangeboden_op, self.aangeboden_door = op, actor

    @transition(field=status, source=S.AANGEBODEN, target=S.CONCEPT)
    def terugnemen(self, *, op: datetime, actor: Gebruiker | None) -> None:
        """To go on writing."""
        self.aangeboden_op, self.aangeboden_door = None, None

    @transition(field=status, source=S.AANGEBODEN, target=S.GEPUBLICEERD)
    def publiceren(self, *, op: datetime, actor: Gebruiker | None, versie: Regelingversie) -> None:
        """By a second person; ``versie`` is what was loaded from the text."""
        self.gepubliceerd_op, self.gepubliceerd_door, self.versie = op, actor, versie

    @transition(field=status, source=S.AANGEBODEN, target=S.AFGEWEZEN)
    def afwijzen(self, *, op: datetime, actor: Gebruiker | None) -> None:
        """By a second person, with a reason."""

    @transition(field=status, source=[S.CONCEPT, S.AANGEBODEN], target=S.INGETROKKEN)
    def intrekken(self, *, op: datetime, actor: Gebruiker | None) -> None:
        """Not wanted any more."""


class Regelingbron(models.Model):
    """The file of a version as its author wrote it, apart because it is long and seldom needed. Only added."""

    versie = models.OneToOneField(
        "regeling.Regelingversie", on_delete=models.PROTECT, primary_key=True, related_name="bron"
    )
    tekst = models.TextField()

    class Meta:
        verbose_name = _("bestand van een versie")

    def __str__(self) -> str:
        return str(self.versie_id)


class Voorstelbewerking(models.Model):
    """The text after edit ``nummer`` of a proposal; only added, never changed."""

    voorstel = models.ForeignKey(Regelingvoorstel, on_delete=models.PROTECT, related_name="bewerkingen")
    nummer = models.PositiveIntegerField()
    tekst = models.TextField()
    op = models.DateTimeField()
    door = models.ForeignKey(Gebruiker, on_delete=models.PROTECT, related_name="+")

    class Meta:
        verbose_name = _("bewerking van een voorstel")
        ordering = ["voorstel_id", "nummer"]
        constraints = [models.UniqueConstraint(fields=["voorstel", "nummer"], name="voorstelbewerking_uniek")]

    def __str__(self) -> str:
        return f"{self.voorstel_id} {self.nummer}"


class Proefronde(models.Model):
    """A simulated round with the text of edit ``nummer``: asked by a person, played elsewhere, kept as figures only."""

    voorstel = models.ForeignKey(Regelingvoorstel, on_delete=models.PROTECT, related_name="proefrondes")
    nummer = models.PositiveIntegerField()
    tijdvak = models.SlugField(max_length=80)
    aantal = models.PositiveIntegerField()
    verwacht = models.PositiveIntegerField()
    gevraagd_op = models.DateTimeField()
    gevraagd_door = models.ForeignKey(Gebruiker, on_delete=models.PROTECT, related_name="+")
    klaar_op = models.DateTimeField(null=True)
    uitkomst = models.JSONField(null=True)
    melding = models.TextField(blank=True, help_text=_("Waarom de ronde niet is gespeeld"))

    class Meta:
        verbose_name = _("proefronde")
        ordering = ["-gevraagd_op", "-id"]
        constraints = [
            models.CheckConstraint(condition=Q(aantal__gt=0, verwacht__gte=F("aantal")), name="proefronde_aantallen"),
            models.CheckConstraint(
                condition=Q(klaar_op=None, uitkomst__isnull=True, melding="")
                | Q(klaar_op__isnull=False, uitkomst__isnull=False, melding="")
                | (Q(klaar_op__isnull=False, uitkomst__isnull=True) & ~Q(melding="")),
                name="proefronde_klaar_met_uitkomst_of_melding",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.tijdvak} ({self.aantal})"
