"""A course: groups with their meetings, participants, presence, certificates and proposals."""

from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from aanvragen.models import Aanvraag
from kern.models import Bestand, Gebruiker
from regeling.models import Tijdvak


class Cohort(models.Model):
    """A group of participants that follows the course together."""

    tijdvak = models.ForeignKey(Tijdvak, on_delete=models.PROTECT, related_name="cohorten")
    naam = models.CharField(_("naam van de groep"), max_length=100)
    aangemaakt_op = models.DateTimeField()
    aangemaakt_door = models.ForeignKey(Gebruiker, on_delete=models.PROTECT, null=True, related_name="+")

    class Meta:
        verbose_name = _("groep van een leergang")
        verbose_name_plural = _("groepen van een leergang")
        ordering = ["aangemaakt_op", "id"]
        constraints = [models.UniqueConstraint(fields=["tijdvak", "naam"], name="cohort_naam_uniek")]

    def __str__(self) -> str:
        return self.naam


class Bijeenkomst(models.Model):
    """One meeting of a group. ``presentie_op``: when its list of presence was recorded last."""

    cohort = models.ForeignKey(Cohort, on_delete=models.PROTECT, related_name="bijeenkomsten")
    nummer = models.PositiveSmallIntegerField()
    begint_op = models.DateTimeField(_("begin"))
    plaats = models.CharField(_("plaats"), max_length=200)
    presentie_op = models.DateTimeField(null=True)
    presentie_door = models.ForeignKey(Gebruiker, on_delete=models.PROTECT, null=True, related_name="+")

    class Meta:
        verbose_name = _("bijeenkomst")
        verbose_name_plural = _("bijeenkomsten")
        ordering = ["nummer"]
        constraints = [models.UniqueConstraint(fields=["cohort", "nummer"], name="bijeenkomst_nummer_uniek")]

    def __str__(self) -> str:
        return f"{self.cohort} {self.nummer}"


class Cursist(models.Model):
    """A participant, named by an organisation that was granted places; without a group until it was placed in one."""

    aanvraag = models.ForeignKey(Aanvraag, on_delete=models.PROTECT, related_name="cursisten")
    cohort = models.ForeignKey(Cohort, on_delete=models.PROTECT, null=True, related_name="cursisten")
    naam = models.CharField(_("naam"), max_length=200)
    email = models.EmailField(_("e-mailadres"))
    aangemeld_op = models.DateTimeField()
    aangemeld_door = models.ForeignKey(Gebruiker, on_delete=models.PROTECT, null=True, related_name="+")
    afgemeld_op = models.DateTimeField(null=True)
    certificaat = models.ForeignKey(Bestand, on_delete=models.PROTECT, null=True, related_name="+")
    certificaat_op = models.DateTimeField(null=True)

    class Meta:
        verbose_name = _("deelnemer aan een leergang")
        verbose_name_plural = _("deelnemers aan een leergang")
        ordering = ["aangemeld_op", "id"]
        constraints = [
            models.UniqueConstraint(
                fields=["aanvraag", "email"],
                condition=Q(afgemeld_op=None),
                name="cursist_een_keer",
                violation_error_message=_("Deze deelnemer is al aangemeld."),
            ),
            models.CheckConstraint(
                condition=Q(certificaat=None) | Q(certificaat_op__isnull=False, cohort__isnull=False),
                name="cursist_certificaat_heeft_moment",
            ),
        ]

    def __str__(self) -> str:
        return self.naam


class Presentie(models.Model):
    """A participant was there."""

    bijeenkomst = models.ForeignKey(Bijeenkomst, on_delete=models.CASCADE, related_name="presentie")
    cursist = models.ForeignKey(Cursist, on_delete=models.CASCADE, related_name="presentie")

    class Meta:
        verbose_name = _("aanwezigheid bij een bijeenkomst")
        verbose_name_plural = _("aanwezigheid bij bijeenkomsten")
        constraints = [models.UniqueConstraint(fields=["bijeenkomst", "cursist"], name="presentie_een_keer")]

    def __str__(self) -> str:
        return f"{self.bijeenkomst_id}: {self.cursist_id}"


class Voorstel(models.Model):
    """A proposal of a participant. ``aanvraag``: the draft application that was begun with it."""

    cursist = models.ForeignKey(Cursist, on_delete=models.PROTECT, related_name="voorstellen")
    titel = models.CharField(_("titel"), max_length=200)
    omschrijving = models.TextField(_("omschrijving"))
    ingediend_op = models.DateTimeField()
    ingediend_door = models.ForeignKey(Gebruiker, on_delete=models.PROTECT, null=True, related_name="+")
    aanvraag = models.OneToOneField(Aanvraag, on_delete=models.PROTECT, null=True, related_name="voorstel")

    class Meta:
        verbose_name = _("voorstel uit een leergang")
        verbose_name_plural = _("voorstellen uit een leergang")
        ordering = ["ingediend_op", "id"]

    def __str__(self) -> str:
        return self.titel
