"""What belongs to an application: budget lines, declarations, attachments, references, outcomes of checks."""

from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from aanvragen.enums import Toetssoort, Toetsuitkomst
from aanvragen.models.aanvraag import Aanvraag
from kern.models import Bestand, Gebruiker
from regeling.models import geldveld


class Begrotingsregel(models.Model):
    """One cost line, in euros. ``aantal`` and ``tarief`` where the kind of cost goes by the hour."""

    aanvraag = models.ForeignKey(Aanvraag, on_delete=models.CASCADE, related_name="begroting")
    volgorde = models.PositiveSmallIntegerField(default=0)
    kostensoort = models.CharField(_("kostensoort"), max_length=40)
    omschrijving = models.CharField(_("omschrijving"), max_length=200)
    aantal = models.DecimalField(_("aantal uren"), max_digits=8, decimal_places=2, null=True, blank=True)
    tarief = models.DecimalField(_("tarief per uur"), max_digits=8, decimal_places=2, null=True, blank=True)
    bedrag = geldveld()

    class Meta:
        verbose_name = _("begrotingsregel")
        verbose_name_plural = _("begrotingsregels")
        ordering = ["volgorde", "id"]
        constraints = [models.CheckConstraint(condition=Q(bedrag__gt=0), name="begrotingsregel_positief")]

    def __str__(self) -> str:
        return self.omschrijving


class Verklaring(models.Model):
    """A declaration with the words that were agreed to."""

    aanvraag = models.ForeignKey(Aanvraag, on_delete=models.CASCADE, related_name="verklaringen")
    code = models.CharField(max_length=40)
    tekst = models.TextField()
    akkoord = models.BooleanField(default=False)
    op = models.DateTimeField()
    door = models.ForeignKey(Gebruiker, on_delete=models.PROTECT, null=True, related_name="+")

    class Meta:
        verbose_name = _("verklaring")
        verbose_name_plural = _("verklaringen")
        ordering = ["id"]
        constraints = [models.UniqueConstraint(fields=["aanvraag", "code"], name="verklaring_uniek")]

    def __str__(self) -> str:
        return self.code


class Bijlage(models.Model):
    """An attachment; a replaced one stays on record."""

    aanvraag = models.ForeignKey(Aanvraag, on_delete=models.CASCADE, related_name="bijlagen")
    code = models.CharField(max_length=40)
    bestand = models.ForeignKey(Bestand, on_delete=models.PROTECT, related_name="+")
    toegevoegd_op = models.DateTimeField()
    toegevoegd_door = models.ForeignKey(Gebruiker, on_delete=models.PROTECT, null=True, related_name="+")
    verwijderd_op = models.DateTimeField(null=True)
    verwijderd_door = models.ForeignKey(Gebruiker, on_delete=models.PROTECT, null=True, related_name="+")

    class Meta:
        verbose_name = _("bijlage")
        verbose_name_plural = _("bijlagen")
        ordering = ["id"]

    def __str__(self) -> str:
        return self.code


class Referentie(models.Model):
    """A client of the adviser who can confirm earlier work; checked before money moves (design 05 part 5)."""

    aanvraag = models.ForeignKey(Aanvraag, on_delete=models.CASCADE, related_name="referenties")
    volgorde = models.PositiveSmallIntegerField(default=0)
    organisatie = models.CharField(_("organisatie"), max_length=200)
    contactpersoon = models.CharField(_("contactpersoon"), max_length=200)
    email = models.EmailField(_("e-mailadres"))
    opdracht = models.CharField(_("wat de adviseur daar deed"), max_length=300, blank=True)

    class Meta:
        verbose_name = _("referentie")
        verbose_name_plural = _("referenties")
        ordering = ["volgorde", "id"]

    def __str__(self) -> str:
        return self.organisatie


class Toets(models.Model):
    """Outcome of one automatic check, with its inputs and explanation; an officer may overrule it with a reason."""

    aanvraag = models.ForeignKey(Aanvraag, on_delete=models.CASCADE, related_name="toetsen")
    code = models.CharField(max_length=40)
    naam = models.CharField(max_length=200)
    artikel = models.CharField(max_length=100, blank=True)
    soort = models.CharField(max_length=12, choices=Toetssoort.choices, default=Toetssoort.INHOUD)
    uitkomst = models.CharField(max_length=20, choices=Toetsuitkomst.choices)
    uitleg = models.TextField()
    invoer = models.JSONField(default=dict)
    versie = models.CharField(max_length=20)
    op = models.DateTimeField()
    oordeel = models.CharField(max_length=20, choices=Toetsuitkomst.choices, blank=True)
    oordeel_reden = models.TextField(blank=True)
    oordeel_op = models.DateTimeField(null=True)
    oordeel_door = models.ForeignKey(Gebruiker, on_delete=models.PROTECT, null=True, related_name="+")

    class Meta:
        verbose_name = _("toets")
        verbose_name_plural = _("toetsen")
        ordering = ["id"]
        constraints = [
            models.UniqueConstraint(fields=["aanvraag", "code"], name="toets_uniek"),
            models.CheckConstraint(
                condition=Q(oordeel="") | (Q(oordeel_op__isnull=False) & ~Q(oordeel_reden="")),
                name="toets_oordeel_heeft_reden",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.code}: {self.uitkomst}"

    @property
    def geldend(self) -> str:
        """The officer's judgement where there is one, else the outcome of the check."""
        return self.oordeel or self.uitkomst
