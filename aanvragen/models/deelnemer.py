"""Members of a group that applies together."""

from __future__ import annotations

from decimal import Decimal

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from aanvragen.models.aanvraag import Aanvraag
from kern.models import Gebruiker
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
    #: After a grant: what this member gets at most, and what it turned out to be; euros.
    toegekend_bedrag = geldveld(null=True, blank=True)
    vastgesteld_bedrag = geldveld(null=True, blank=True)
    iban = models.CharField(_("rekeningnummer (IBAN)"), max_length=34, blank=True)
    vertrokken_op = models.DateTimeField(null=True)
    vertrokken_door = models.ForeignKey(Gebruiker, on_delete=models.PROTECT, null=True, related_name="+")
    vertrekreden = models.TextField(blank=True)

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
            models.CheckConstraint(
                condition=Q(vastgesteld_bedrag=None)
                | Q(toegekend_bedrag__isnull=False, vastgesteld_bedrag__lte=models.F("toegekend_bedrag")),
                name="deelnemer_niet_boven_eigen_bedrag",
                violation_error_message=_("Een deelnemer krijgt nooit meer dan het eigen bedrag."),
            ),
            models.CheckConstraint(
                condition=Q(vertrokken_op=None) | (Q(vastgesteld_bedrag=None) & ~Q(vertrekreden="")),
                name="deelnemer_vertrokken_heeft_reden",
            ),
        ]

    def __str__(self) -> str:
        return self.naam

    @property
    def doet_mee(self) -> bool:
        """Still in the group."""
        return self.vertrokken_op is None

    @property
    def ruimte(self) -> Decimal:
        """Euros that this member takes of the grant now: its amount, what was settled, or nothing after leaving."""
        if not self.doet_mee:
            return Decimal(0)
        return (self.toegekend_bedrag if self.vastgesteld_bedrag is None else self.vastgesteld_bedrag) or Decimal(0)
