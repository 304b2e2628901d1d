"""Claims with their cost lines, and the settlement of a grant."""

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
from uitvoering.enums import Declaratiestatus
from uitvoering.models.besluit import Besluit

D = Declaratiestatus


class Declaratie(StatusModel):
    """A claim of costs made, with invoices."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    aanvraag = models.ForeignKey(Aanvraag, on_delete=models.PROTECT, related_name="declaraties")
    #: Where every member of a group claims: whose claim this is.
    deelnemer = models.OneToOneField(Deelnemer, on_delete=models.PROTECT, null=True, related_name="declaratie")
    status = StatusVeld(default=D.CONCEPT, choices=D.choices, max_length=20)
    toelichting = models.TextField(_("wat er is gedaan"), blank=True)
    aangemaakt_op = models.DateTimeField()
    ingediend_op = models.DateTimeField(null=True)
    ingediend_door = models.ForeignKey(Gebruiker, on_delete=models.PROTECT, null=True, related_name="+")
    beoordeeld_op = models.DateTimeField(null=True)
    beoordeeld_door = models.ForeignKey(Gebruiker, on_delete=models.PROTECT, null=True, related_name="+")
    reden = models.TextField(blank=True)

    class Meta:
        verbose_name = _("declaratie")
        verbose_name_plural = _("declaraties")
        constraints = [
            models.CheckConstraint(condition=Q(status__in=D.values), name="declaratie_status_bekend"),
            models.UniqueConstraint(
                fields=["aanvraag"], condition=Q(deelnemer=None), name="declaratie_een_per_aanvraag"
            ),
            models.CheckConstraint(
                condition=Q(status=D.CONCEPT) | Q(ingediend_op__isnull=False), name="declaratie_ingediend_heeft_moment"
            ),
        ]

    def __str__(self) -> str:
        return f"Declaratie {self.aanvraag}"

    @transition(field=status, source=D.CONCEPT, target=D.INGEDIEND)
    def indienen(self, *, op: datetime, actor: Gebruiker | None) -> None:
        self.ingediend_op, self.ingediend_door = op, actor

    @transition(field=status, source=D.INGEDIEND, target=D.IN_CONTROLE)
    def in_controle_nemen(self, *, op: datetime, actor: Gebruiker | None) -> None:
        """An officer has it in hand."""

    @transition(field=status, source=D.IN_CONTROLE, target=D.AANVULLING_GEVRAAGD)
    def aanvulling_vragen(self, *, op: datetime, actor: Gebruiker | None, reden: str) -> None:
        self.reden = reden

    @transition(field=status, source=D.AANVULLING_GEVRAAGD, target=D.IN_CONTROLE)
    def aanvullen(self, *, op: datetime, actor: Gebruiker | None) -> None:
        """The applicant added what was asked."""

    @transition(field=status, source=D.IN_CONTROLE, target=D.GOEDGEKEURD)
    def goedkeuren(self, *, op: datetime, actor: Gebruiker | None) -> None:
        self.beoordeeld_op, self.beoordeeld_door = op, actor

    @transition(field=status, source=D.IN_CONTROLE, target=D.DEELS_GOEDGEKEURD)
    def deels_goedkeuren(self, *, op: datetime, actor: Gebruiker | None, reden: str) -> None:
        self.beoordeeld_op, self.beoordeeld_door, self.reden = op, actor, reden

    @transition(field=status, source=D.IN_CONTROLE, target=D.AFGEKEURD)
    def afkeuren(self, *, op: datetime, actor: Gebruiker | None, reden: str) -> None:
        self.beoordeeld_op, self.beoordeeld_door, self.reden = op, actor, reden


class Kostenregel(models.Model):
    """One cost line of a claim, in euros, with its invoice."""

    declaratie = models.ForeignKey(Declaratie, on_delete=models.PROTECT, related_name="regels")
    kostensoort = models.CharField(_("kostensoort"), max_length=40)
    omschrijving = models.CharField(_("omschrijving"), max_length=200)
    factuurnummer = models.CharField(_("factuurnummer"), max_length=60)
    factuurdatum = models.DateField(_("factuurdatum"))
    aantal = models.DecimalField(_("aantal uren"), max_digits=8, decimal_places=2, null=True, blank=True)
    bedrag = geldveld()
    goedgekeurd = geldveld(null=True, blank=True)
    oordeel = models.CharField(_("uitleg van de controle"), max_length=300, blank=True)
    factuur = models.ForeignKey(Bestand, on_delete=models.PROTECT, related_name="+")

    class Meta:
        verbose_name = _("kostenregel")
        verbose_name_plural = _("kostenregels")
        ordering = ["id"]
        constraints = [
            models.CheckConstraint(condition=Q(bedrag__gt=0), name="kostenregel_positief"),
            models.CheckConstraint(
                condition=Q(goedgekeurd=None) | Q(goedgekeurd__gte=0, goedgekeurd__lte=F("bedrag")),
                name="kostenregel_goedgekeurd_past",
            ),
        ]

    def __str__(self) -> str:
        return self.omschrijving


class Vaststelling(models.Model):
    """The settlement with its calculation, line by line, so that it can be explained years later."""

    besluit = models.OneToOneField(Besluit, on_delete=models.PROTECT, related_name="vaststelling")
    aanvraag = models.ForeignKey(Aanvraag, on_delete=models.PROTECT, related_name="vaststellingen")
    kosten = geldveld()
    verleend = geldveld()
    bedrag = geldveld()
    grond = models.CharField(max_length=300, blank=True, help_text=_("Awb 4:46: waarom lager dan verleend"))
    berekening = models.JSONField(help_text=_("Rekenregels: omschrijving en bedrag"))
    versie = models.CharField(max_length=20)

    class Meta:
        verbose_name = _("vaststelling")
        verbose_name_plural = _("vaststellingen")
        constraints = [
            models.CheckConstraint(condition=Q(bedrag__lte=F("verleend")), name="vaststelling_niet_boven_verleend"),
            models.CheckConstraint(
                condition=Q(bedrag=F("verleend")) | ~Q(grond=""), name="vaststelling_lager_heeft_grond"
            ),
        ]

    def __str__(self) -> str:
        return f"Vaststelling {self.aanvraag_id}"
