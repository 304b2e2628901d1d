"""What is measured about applications, and what was exported."""

from __future__ import annotations

import uuid

from django.db import models
from django.utils.translation import gettext_lazy as _

from aanvragen.models import Aanvraag
from kern.models import Bestand, Gebruiker
from regeling.models import Tijdvak


class Waarneming(models.Model):
    """Values observed about one application from one source: a survey, a register, the file of a round."""

    class Bron(models.TextChoices):
        AANVRAAG = "aanvraag", _("Aanvraag")
        LOTING = "loting", _("Loting")
        ENQUETE = "enquete", _("Enquête")
        REGISTER = "register", _("Register")
        NULMETING = "nulmeting", _("Nulmeting")
        ADMINISTRATIE = "administratie", _("Administratie")
        ONDERZOEK = "onderzoek", _("Onderzoek")

    aanvraag = models.ForeignKey(Aanvraag, on_delete=models.PROTECT, related_name="waarnemingen")
    bron = models.CharField(max_length=20, choices=Bron.choices)
    meetmoment = models.CharField(max_length=40, blank=True)
    waarden = models.JSONField(help_text=_("Variabele → waarde; leeg is null"))
    vastgelegd_op = models.DateTimeField()

    class Meta:
        verbose_name = _("waarneming")
        verbose_name_plural = _("waarnemingen")
        constraints = [models.UniqueConstraint(fields=["aanvraag", "bron", "meetmoment"], name="waarneming_een_keer")]

    def __str__(self) -> str:
        return f"{self.bron} {self.aanvraag_id}"


class Inlezing(models.Model):
    """One imported file: what it was, who did it, and the order of its columns."""

    tijdvak = models.ForeignKey(Tijdvak, on_delete=models.PROTECT, related_name="inlezingen")
    naam = models.CharField(max_length=200)
    sha256 = models.CharField(max_length=64)
    regels = models.PositiveIntegerField()
    kolommen = models.JSONField()
    op = models.DateTimeField()
    door = models.ForeignKey(Gebruiker, on_delete=models.PROTECT, null=True, related_name="+")

    class Meta:
        verbose_name = _("inlezing")
        verbose_name_plural = _("inlezingen")

    def __str__(self) -> str:
        return self.naam


class Export(models.Model):
    """An evaluation export: from which frozen data, for whom, with what result."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    tijdvak = models.ForeignKey(Tijdvak, on_delete=models.PROTECT, related_name="exports")
    momentopname = models.CharField(max_length=64, help_text=_("SHA-256 van de canonieke gegevens"))
    formaat = models.CharField(max_length=10)
    profiel = models.CharField(max_length=20)
    manifest = models.JSONField()
    bestand = models.ForeignKey(Bestand, on_delete=models.PROTECT, null=True, related_name="+")
    op = models.DateTimeField()
    door = models.ForeignKey(Gebruiker, on_delete=models.PROTECT, null=True, related_name="+")

    class Meta:
        verbose_name = _("export")
        verbose_name_plural = _("exports")
        ordering = ["-op"]

    def __str__(self) -> str:
        return f"{self.tijdvak_id} {self.formaat} {self.profiel}"
