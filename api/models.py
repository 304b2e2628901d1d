"""Partner systems and the cases they may see."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from aanvragen.models import Organisatie
from kern.models import Gebruiker
from regeling.models import Tijdvak


class Partner(models.Model):
    """A partner system: an OAuth2 client with a name and rights."""

    naam = models.CharField(max_length=200, unique=True)
    client = models.OneToOneField(
        settings.OAUTH2_PROVIDER_APPLICATION_MODEL, on_delete=models.PROTECT, related_name="partner"
    )
    scopes = models.JSONField(default=list, help_text=_("Scopes die deze partner mag vragen"))
    aangemaakt_op = models.DateTimeField()
    geblokkeerd_op = models.DateTimeField(null=True)

    class Meta:
        verbose_name = _("partner")
        verbose_name_plural = _("partners")

    def __str__(self) -> str:
        return self.naam


class Partnerrecht(models.Model):
    """A partner may see the cases of one organisation (with its consent) or of one whole round (by agreement)."""

    partner = models.ForeignKey(Partner, on_delete=models.PROTECT, related_name="rechten")
    organisatie = models.ForeignKey(Organisatie, on_delete=models.PROTECT, null=True, related_name="partnerrechten")
    tijdvak = models.ForeignKey(Tijdvak, on_delete=models.PROTECT, null=True, related_name="partnerrechten")
    grondslag = models.CharField(max_length=300, help_text=_("Toestemming of overeenkomst"))
    verleend_op = models.DateTimeField()
    verleend_door = models.ForeignKey(Gebruiker, on_delete=models.PROTECT, null=True, related_name="+")
    ingetrokken_op = models.DateTimeField(null=True)

    class Meta:
        verbose_name = _("recht van een partner")
        constraints = [
            models.CheckConstraint(
                condition=Q(organisatie__isnull=False) | Q(tijdvak__isnull=False), name="partnerrecht_heeft_onderwerp"
            )
        ]

    def __str__(self) -> str:
        return f"{self.partner_id}: {self.grondslag}"
