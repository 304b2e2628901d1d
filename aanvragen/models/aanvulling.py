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

    @property
    def papier(self) -> Papieraanvulling | None:
        """The paper on which the applicant answered; ``None`` when it was answered online or not at all."""
        return next((rij for rij in self.papieren.all() if rij.verstuurd_op is not None), None)


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


class Papieraanvulling(models.Model):
    """An answer that came on paper and that an officer types in; nothing of the application changes until it is sent.

    ``ontvangen_op`` is the stamp: the moment that counts, whenever it is typed in (R44).
    """

    aanvulling = models.ForeignKey(Aanvulling, on_delete=models.CASCADE, related_name="papieren")
    ontvangen_op = models.DateTimeField()
    begonnen_op = models.DateTimeField()
    begonnen_door = models.ForeignKey(Gebruiker, on_delete=models.PROTECT, related_name="+")
    verstuurd_op = models.DateTimeField(null=True)
    verstuurd_door = models.ForeignKey(Gebruiker, on_delete=models.PROTECT, null=True, related_name="+")
    gestopt_op = models.DateTimeField(null=True)

    class Meta:
        verbose_name = _("aanvulling op papier")
        verbose_name_plural = _("aanvullingen op papier")
        ordering = ["begonnen_op", "id"]
        constraints = [
            models.UniqueConstraint(
                fields=["aanvulling"],
                condition=Q(gestopt_op=None),
                name="papieraanvulling_een_per_verzoek",
                violation_error_message=_("Deze aanvulling op papier is al in invoer."),
            ),
            models.CheckConstraint(
                condition=Q(verstuurd_op=None) | Q(gestopt_op=None),
                name="papieraanvulling_verstuurd_of_gestopt",
                violation_error_message=_("Deze invoer is al verstuurd of gestopt."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.aanvulling_id} ontvangen {self.ontvangen_op}"


class Papierscan(models.Model):
    """A scan of the letter; becomes an attachment of the application when the supplement is sent."""

    papier = models.ForeignKey(Papieraanvulling, on_delete=models.CASCADE, related_name="scans")
    bestand = models.ForeignKey(Bestand, on_delete=models.PROTECT, related_name="+")
    toegevoegd_op = models.DateTimeField()
    toegevoegd_door = models.ForeignKey(Gebruiker, on_delete=models.PROTECT, related_name="+")
    verwijderd_op = models.DateTimeField(null=True)

    class Meta:
        verbose_name = _("scan van een aanvulling op papier")
        verbose_name_plural = _("scans van een aanvulling op papier")
        ordering = ["id"]

    def __str__(self) -> str:
        return str(self.bestand)


class Papierantwoord(models.Model):
    """What the letter says about one item in words, while it is being typed: apart from what the applicant types."""

    papier = models.ForeignKey(Papieraanvulling, on_delete=models.CASCADE, related_name="antwoorden")
    item = models.ForeignKey(Aanvulonderdeel, on_delete=models.CASCADE, related_name="+")
    antwoord = models.TextField()
    niet_geleverd = models.BooleanField(default=False)

    class Meta:
        verbose_name = _("antwoord op papier")
        verbose_name_plural = _("antwoorden op papier")
        constraints = [models.UniqueConstraint(fields=["papier", "item"], name="papierantwoord_uniek")]

    def __str__(self) -> str:
        return f"{self.papier_id} {self.item_id}"
