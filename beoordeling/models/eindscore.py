"""The score with which an application enters the ranking."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _

from aanvragen.models import Aanvraag


class Eindscore(models.Model):
    """``totaal``: 0..100. ``criteria``: code → score 1..5 as text with two decimals. ``bron``: how it came about."""

    aanvraag = models.OneToOneField(Aanvraag, on_delete=models.PROTECT, related_name="eindscore")
    totaal = models.DecimalField(max_digits=5, decimal_places=2)
    criteria = models.JSONField(default=dict)
    vastgesteld_op = models.DateTimeField()
    bron = models.CharField(max_length=40)

    class Meta:
        verbose_name = _("eindscore")
        verbose_name_plural = _("eindscores")

    def __str__(self) -> str:
        return f"{self.totaal}"
