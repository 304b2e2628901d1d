"""Members of a group that applies together."""

from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from aanvragen.models.aanvraag import Aanvraag
from regeling.models import geldveld


class Deelnemer(models.Model):
    """A member of a consortium, with its own costs and amount in euros where the scheme gives each member one."""

    aanvraag = models.ForeignKey(Aanvraag, on_delete=models.CASCADE, related_name="deelnemers")
    volgorde = models.PositiveSmallIntegerField(default=0)
    kvk_nummer = models.CharField(_("KvK-nummer"), max_length=8)
    naam = models.CharField(_("naam"), max_length=200)
    rol = models.CharField(_("rol"), max_length=40, blank=True)
    kosten = geldveld(null=True, blank=True)
    bedrag = geldveld(null=True, blank=True)

    class Meta:
        verbose_name = _("deelnemer")
        verbose_name_plural = _("deelnemers")
        ordering = ["volgorde", "id"]
        constraints = [
            models.UniqueConstraint(
                fields=["aanvraag", "kvk_nummer"],
                name="deelnemer_een_keer",
                violation_error_message=_("Elke deelnemer staat één keer in de groep."),
            ),
            models.CheckConstraint(condition=Q(kosten=None) | Q(kosten__gt=0), name="deelnemer_kosten_positief"),
        ]

    def __str__(self) -> str:
        return self.naam
