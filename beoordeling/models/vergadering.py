"""A meeting of the committee: agenda, who is there, who leaves the room for which application, votes, minutes."""

from __future__ import annotations

from datetime import datetime

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from django_fsm import transition

from aanvragen.models import Aanvraag
from beoordeling.enums_commissie import Vergaderstatus
from beoordeling.models.commissie import Commissie, Commissielid
from beoordeling.models.toewijzing import scoreveld
from kern.models import Bestand, Gebruiker
from kern.status import StatusModel, StatusVeld

S = Vergaderstatus


class Vergadering(StatusModel):
    commissie = models.ForeignKey(Commissie, on_delete=models.PROTECT, related_name="vergaderingen")
    nummer = models.PositiveSmallIntegerField()
    status = StatusVeld(default=S.GEPLAND, choices=S.choices, max_length=10)
    gepland_op = models.DateTimeField(_("dag en tijd"))
    plaats = models.CharField(_("plaats"), max_length=200)
    gepland_door = models.ForeignKey(Gebruiker, on_delete=models.PROTECT, null=True, related_name="+")
    geopend_op = models.DateTimeField(null=True)
    gesloten_op = models.DateTimeField(null=True)
    notulen_html = models.ForeignKey(Bestand, on_delete=models.PROTECT, null=True, related_name="+")
    notulen_pdf = models.ForeignKey(Bestand, on_delete=models.PROTECT, null=True, related_name="+")

    class Meta:
        verbose_name = _("vergadering")
        verbose_name_plural = _("vergaderingen")
        ordering = ["nummer"]
        constraints = [
            models.UniqueConstraint(fields=["commissie", "nummer"], name="vergadering_nummer"),
            models.CheckConstraint(condition=Q(status__in=S.values), name="vergadering_status_bekend"),
            models.CheckConstraint(
                condition=~Q(status=S.GESLOTEN) | (Q(gesloten_op__isnull=False) & Q(notulen_pdf__isnull=False)),
                name="vergadering_gesloten_heeft_notulen",
            ),
        ]

    def __str__(self) -> str:
        return f"vergadering {self.nummer}"

    @transition(field=status, source=S.GEPLAND, target=S.GEOPEND)
    def openen(self, *, op: datetime, actor: Gebruiker | None) -> None:
        self.geopend_op = op

    @transition(field=status, source=S.GEOPEND, target=S.GESLOTEN)
    def sluiten(self, *, op: datetime, actor: Gebruiker | None, html: Bestand, pdf: Bestand) -> None:
        """With its minutes."""
        self.gesloten_op, self.notulen_html, self.notulen_pdf = op, html, pdf

    @transition(field=status, source=S.GEPLAND, target=S.VERVALLEN)
    def afzeggen(self, *, op: datetime, actor: Gebruiker | None) -> None:
        """Its items go back to the list of what a meeting has to look at."""


class Aanwezige(models.Model):
    """A member who is at the meeting."""

    vergadering = models.ForeignKey(Vergadering, on_delete=models.PROTECT, related_name="aanwezigen")
    lid = models.ForeignKey(Commissielid, on_delete=models.PROTECT, related_name="+")
    op = models.DateTimeField()

    class Meta:
        verbose_name = _("aanwezige")
        verbose_name_plural = _("aanwezigen")
        ordering = ["id"]
        constraints = [models.UniqueConstraint(fields=["vergadering", "lid"], name="aanwezige_een_keer")]

    def __str__(self) -> str:
        return str(self.lid)


class Agendapunt(models.Model):
    """One application on the agenda. ``quorum``: the count at closing: stemgerechtigd, verschoond, nodig, gestemd."""

    vergadering = models.ForeignKey(Vergadering, on_delete=models.PROTECT, related_name="agenda")
    aanvraag = models.ForeignKey(Aanvraag, on_delete=models.PROTECT, related_name="agendapunten")
    volgorde = models.PositiveSmallIntegerField()
    verslag = models.TextField(blank=True)
    quorum = models.JSONField(default=dict, blank=True)
    totaal = scoreveld(null=True)
    gesloten_op = models.DateTimeField(null=True)
    gesloten_door = models.ForeignKey(Gebruiker, on_delete=models.PROTECT, null=True, related_name="+")

    class Meta:
        verbose_name = _("agendapunt")
        verbose_name_plural = _("agendapunten")
        ordering = ["volgorde"]
        constraints = [
            models.UniqueConstraint(fields=["vergadering", "aanvraag"], name="agendapunt_een_keer"),
            models.CheckConstraint(
                condition=Q(gesloten_op=None) | Q(totaal__isnull=False), name="agendapunt_gesloten_heeft_totaal"
            ),
        ]

    def __str__(self) -> str:
        return str(self.aanvraag)


class Verschoning(models.Model):
    """A member is out of the room for this item, and out of its count."""

    agendapunt = models.ForeignKey(Agendapunt, on_delete=models.PROTECT, related_name="verschoningen")
    lid = models.ForeignKey(Commissielid, on_delete=models.PROTECT, related_name="+")
    reden = models.TextField()
    op = models.DateTimeField()

    class Meta:
        verbose_name = _("verschoning")
        verbose_name_plural = _("verschoningen")
        ordering = ["id"]
        constraints = [models.UniqueConstraint(fields=["agendapunt", "lid"], name="verschoning_een_keer")]

    def __str__(self) -> str:
        return str(self.lid)


class Stem(models.Model):
    """What a member votes: a score per criterion. A member may change the own vote until the item is closed."""

    agendapunt = models.ForeignKey(Agendapunt, on_delete=models.PROTECT, related_name="stemmen")
    lid = models.ForeignKey(Commissielid, on_delete=models.PROTECT, related_name="+")
    scores = models.JSONField(help_text=_("code → score 1 tot en met 5"))
    totaal = scoreveld()
    op = models.DateTimeField()

    class Meta:
        verbose_name = _("stem")
        verbose_name_plural = _("stemmen")
        ordering = ["id"]
        constraints = [models.UniqueConstraint(fields=["agendapunt", "lid"], name="stem_een_per_lid")]

    def __str__(self) -> str:
        return f"{self.totaal}"
