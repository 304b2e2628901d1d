"""The score with which an application goes into the ranking, whoever gave it."""

from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from aanvragen.models import Aanvraag
from kern.models import Gebruiker


class Eindscore(models.Model):
    """Fixed once: total 0.00-100.00 and the score per criterion (code → text of a decimal, 1-5)."""

    aanvraag = models.OneToOneField(Aanvraag, on_delete=models.PROTECT, related_name="eindscore")
    totaal = models.DecimalField(_("totaalscore"), max_digits=5, decimal_places=2)
    criteria = models.JSONField(_("score per criterium"), default=dict)
    #: Code of an assessor → text of that assessor's total; for the grey zone and the calibration.
    beoordelingen = models.JSONField(_("totaal per beoordelaar"), default=dict, blank=True)
    bron = models.CharField(_("waar de score vandaan komt"), max_length=40)
    vastgesteld_op = models.DateTimeField()
    vastgesteld_door = models.ForeignKey(Gebruiker, on_delete=models.PROTECT, null=True, related_name="+")

    class Meta:
        verbose_name = _("eindscore")
        verbose_name_plural = _("eindscores")
        constraints = [
            models.CheckConstraint(condition=Q(totaal__gte=0, totaal__lte=100), name="eindscore_tussen_0_en_100"),
        ]

    def __str__(self) -> str:
        return f"{self.aanvraag_id}: {self.totaal}"
