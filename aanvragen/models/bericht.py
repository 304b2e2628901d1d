"""The portal inbox of an organisation: messages about a case, and who has read them (Awb 2:8, R46)."""

from __future__ import annotations

import uuid

from django.db import models
from django.utils.translation import gettext_lazy as _

from aanvragen.models.aanvraag import Aanvraag
from aanvragen.models.deelnemer import Deelnemer
from aanvragen.models.organisatie import Organisatie
from kern.enums import Berichtsoort
from kern.models import Bestand, Gebruiker


class Postbusbericht(models.Model):
    """A message placed in the inbox; that moment counts as sending. Never changed."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    sleutel = models.CharField(max_length=120, unique=True)
    organisatie = models.ForeignKey(Organisatie, on_delete=models.PROTECT, related_name="postbus")
    aanvraag = models.ForeignKey(Aanvraag, on_delete=models.PROTECT, null=True, related_name="postbus")
    #: Of a message to a member of a group: only who acts for that member reads it.
    deelnemer = models.ForeignKey(Deelnemer, on_delete=models.PROTECT, null=True, related_name="postbus")
    soort = models.CharField(max_length=20, choices=Berichtsoort.choices)
    onderwerp = models.CharField(max_length=200)
    tekst = models.TextField()
    bestand = models.ForeignKey(Bestand, on_delete=models.PROTECT, null=True, related_name="+")
    sjabloon = models.CharField(max_length=80, blank=True, help_text=_("Soort en versie van het gebruikte sjabloon"))
    geplaatst_op = models.DateTimeField()
    geplaatst_door = models.ForeignKey(Gebruiker, on_delete=models.PROTECT, null=True, related_name="+")
    #: Goes out on paper when the applicant wants post (R44); filled when it was posted.
    per_post = models.BooleanField(default=False)
    gepost_op = models.DateTimeField(null=True)
    gepost_door = models.ForeignKey(Gebruiker, on_delete=models.PROTECT, null=True, related_name="+")

    class Meta:
        verbose_name = _("bericht in de postbus")
        verbose_name_plural = _("berichten in de postbus")
        ordering = ["-geplaatst_op", "id"]

    def __str__(self) -> str:
        return self.onderwerp


class Postbuslezing(models.Model):
    """Who opened a message first and when."""

    bericht = models.ForeignKey(Postbusbericht, on_delete=models.CASCADE, related_name="lezingen")
    gebruiker = models.ForeignKey(Gebruiker, on_delete=models.PROTECT, related_name="+")
    op = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["bericht", "gebruiker"], name="postbuslezing_uniek")]

    def __str__(self) -> str:
        return f"{self.bericht_id} {self.gebruiker_id}"
