"""A filter of the work list that an officer keeps under a name."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _

from kern.models import Gebruiker


class Werklijstweergave(models.Model):
    """``vraag`` is the query string of the work list."""

    gebruiker = models.ForeignKey(Gebruiker, on_delete=models.CASCADE, related_name="werklijstweergaven")
    naam = models.CharField(_("naam"), max_length=60)
    vraag = models.CharField(max_length=1000)
    bewaard_op = models.DateTimeField()

    class Meta:
        verbose_name = _("weergave van de werklijst")
        verbose_name_plural = _("weergaven van de werklijst")
        ordering = ["naam"]
        constraints = [models.UniqueConstraint(fields=["gebruiker", "naam"], name="werklijstweergave_naam_uniek")]

    def __str__(self) -> str:
        return self.naam
