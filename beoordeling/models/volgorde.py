"""Order of receipt: the days that were handled, and the place of each application in them."""

from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from aanvragen.models import Aanvraag
from beoordeling.enums import Dagsoort, Uitkomst
from beoordeling.models.loting import Loting
from kern.models import Gebruiker
from regeling.models import Tijdvak, geldveld


class Volgordedag(models.Model):
    """A day of receipt that was handled. ``kritiek``: not everything fitted; the lot decides, in ``loting``."""

    tijdvak = models.ForeignKey(Tijdvak, on_delete=models.PROTECT, related_name="volgordedagen")
    dag = models.DateField()
    soort = models.CharField(max_length=10, choices=Dagsoort.choices)
    loting = models.OneToOneField(Loting, on_delete=models.PROTECT, null=True, related_name="volgordedag")
    aantal = models.PositiveIntegerField(help_text=_("Complete aanvragen van deze dag"))
    #: Pot → text of a decimal, in the unit of the round: what could still get room asked, and what there was.
    gevraagd = models.JSONField(default=dict)
    ruimte = models.JSONField(default=dict)
    dicht = models.JSONField(default=list, help_text=_("Potten die op deze dag op raakten"))
    klaar_op = models.DateTimeField(null=True, help_text=_("Leeg zolang er nog geloot moet worden"))
    vastgelegd_op = models.DateTimeField()
    vastgelegd_door = models.ForeignKey(Gebruiker, on_delete=models.PROTECT, null=True, related_name="+")

    class Meta:
        verbose_name = _("dag van binnenkomst")
        verbose_name_plural = _("dagen van binnenkomst")
        ordering = ["tijdvak_id", "dag"]
        constraints = [
            models.UniqueConstraint(fields=["tijdvak", "dag"], name="volgordedag_een_keer"),
            models.CheckConstraint(condition=Q(soort__in=Dagsoort.values), name="volgordedag_soort_bekend"),
            models.CheckConstraint(
                condition=Q(soort=Dagsoort.KRITIEK) | Q(klaar_op__isnull=False), name="volgordedag_ruim_is_klaar"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.tijdvak_id} {self.dag}"


class Dagplaats(models.Model):
    """The day on which an application counts, and its place in the draw of that day (0: there was no draw)."""

    aanvraag = models.OneToOneField(Aanvraag, on_delete=models.PROTECT, related_name="dagplaats")
    volgordedag = models.ForeignKey(Volgordedag, on_delete=models.PROTECT, related_name="plaatsen")
    nummer = models.PositiveIntegerField(default=0)
    uitkomst = models.CharField(max_length=12, choices=Uitkomst.choices)
    bedrag = geldveld(null=True)

    class Meta:
        verbose_name = _("plaats op een dag")
        verbose_name_plural = _("plaatsen op een dag")
        ordering = ["volgordedag_id", "nummer", "id"]
        constraints = [
            models.CheckConstraint(
                condition=~Q(uitkomst=Uitkomst.TOEGEWEZEN) | Q(bedrag__gt=0), name="dagplaats_toegewezen_heeft_bedrag"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.aanvraag_id}: {self.get_uitkomst_display()}"
