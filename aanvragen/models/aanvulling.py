"""A request to complete an application and the items that it asks for (Awb 4:5)."""

from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from aanvragen.enums import Onderdeelsoort
from aanvragen.models.aanvraag import Aanvraag
from kern.models import Bestand, Gebruiker


class Aanvulling(models.Model):
    """A request to complete (Awb 4:5): what is missing and until when. No term, no suspension (R5)."""

    aanvraag = models.ForeignKey(Aanvraag, on_delete=models.PROTECT, related_name="aanvullingen")
    onderdelen = models.JSONField(help_text=_("Wat er ontbreekt, met uitleg"))
    termijn_tot = models.DateField()
    gevraagd_op = models.DateTimeField()
    gevraagd_door = models.ForeignKey(Gebruiker, on_delete=models.PROTECT, null=True, related_name="+")
    antwoord = models.TextField(blank=True)
    beantwoord_op = models.DateTimeField(null=True)
    beantwoord_door = models.ForeignKey(Gebruiker, on_delete=models.PROTECT, null=True, related_name="+")
    verlopen_op = models.DateTimeField(null=True)
    #: The letter as data, as it was at sending; the PDF (`brief`) is made from it once.
    brief_document = models.JSONField(default=dict, blank=True)
    brief = models.ForeignKey(Bestand, on_delete=models.PROTECT, null=True, related_name="+")
    #: What the applicant changed, in sections of label, old and new value, with its digest (R45).
    inhoud = models.JSONField(default=list, blank=True)
    inhoud_sha256 = models.CharField(max_length=64, blank=True)
    ontvangstbewijs = models.ForeignKey(Bestand, on_delete=models.PROTECT, null=True, related_name="+")

    class Meta:
        verbose_name = _("aanvulling")
        verbose_name_plural = _("aanvullingen")
        ordering = ["gevraagd_op"]
        constraints = [
            models.UniqueConstraint(
                fields=["aanvraag"],
                condition=Q(beantwoord_op=None, verlopen_op=None),
                name="aanvulling_een_open",
                violation_error_message=_("Er loopt al een verzoek om aanvulling."),
            )
        ]

    def __str__(self) -> str:
        return f"{self.aanvraag_id} tot {self.termijn_tot}"


class Aanvulonderdeel(models.Model):
    """One thing that is missing: a page of the form, an attachment, or something else."""

    aanvulling = models.ForeignKey(Aanvulling, on_delete=models.CASCADE, related_name="items")
    soort = models.CharField(max_length=10, choices=Onderdeelsoort.choices)
    code = models.CharField(max_length=60, blank=True, help_text=_("Code van de stap of de bijlage"))
    titel = models.CharField(max_length=200)
    uitleg = models.TextField()
    antwoord = models.TextField(blank=True)
    #: The applicant says in so many words that this cannot be given.
    niet_geleverd = models.BooleanField(default=False)
    beantwoord_op = models.DateTimeField(null=True)

    class Meta:
        verbose_name = _("onderdeel van een aanvulling")
        verbose_name_plural = _("onderdelen van een aanvulling")
        ordering = ["id"]

    def __str__(self) -> str:
        return self.titel
