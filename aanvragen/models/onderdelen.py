"""What belongs to an application: budget lines, declarations, attachments, earlier aid, outcomes of checks."""

from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from aanvragen.enums import Toetssoort, Toetsuitkomst
from aanvragen.models.aanvraag import Aanvraag
from aanvragen.models.deelnemer import Deelnemer
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
    #: Of the claim of one member of a group.
    deelnemer = models.ForeignKey(Deelnemer, on_delete=models.PROTECT, null=True, related_name="bijlagen")
    code = models.CharField(max_length=40)
    #: Place among the files of the same kind; the applicant sets it.
    volgorde = models.PositiveSmallIntegerField(default=0)
    bestand = models.ForeignKey(Bestand, on_delete=models.PROTECT, related_name="+")
    toegevoegd_op = models.DateTimeField()
    toegevoegd_door = models.ForeignKey(Gebruiker, on_delete=models.PROTECT, null=True, related_name="+")
    verwijderd_op = models.DateTimeField(null=True)
    verwijderd_door = models.ForeignKey(Gebruiker, on_delete=models.PROTECT, null=True, related_name="+")

    class Meta:
        verbose_name = _("bijlage")
        verbose_name_plural = _("bijlagen")
        ordering = ["volgorde", "id"]

    def __str__(self) -> str:
        return self.code if self.deelnemer is None else f"{self.code}, {self.deelnemer.naam}"


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


class DeMinimisRegel(models.Model):
    """Earlier de-minimis aid to the single undertaking, as declared (R62-R68). Amount in euros, gross grant."""

    aanvraag = models.ForeignKey(Aanvraag, on_delete=models.CASCADE, related_name="de_minimis")
    volgorde = models.PositiveSmallIntegerField(default=0)
    onderneming = models.CharField(_("onderneming die de steun kreeg"), max_length=200)
    verlener = models.CharField(_("wie de steun gaf"), max_length=200)
    verleend_op = models.DateField(_("datum van het besluit"))
    bedrag = geldveld()

    class Meta:
        verbose_name = _("eerdere steun")
        verbose_name_plural = _("eerdere steun")
        ordering = ["volgorde", "id"]
        constraints = [models.CheckConstraint(condition=Q(bedrag__gt=0), name="de_minimis_positief")]

    def __str__(self) -> str:
        return f"{self.verlener} {self.verleend_op}"


class Kladveld(models.Model):
    """What somebody typed and has not saved with the page yet; kept as typed, also when it is no valid value.

    One row per person and field: two people who type in the same field both keep their text.
    """

    aanvraag = models.ForeignKey(Aanvraag, on_delete=models.CASCADE, related_name="klad")
    stap = models.CharField(max_length=40)
    veld = models.CharField(max_length=100)
    waarde = models.JSONField(help_text=_("De waarden zoals het formulier ze stuurt: een lijst van teksten"))
    op = models.DateTimeField()
    door = models.ForeignKey(Gebruiker, on_delete=models.PROTECT, null=True, related_name="+")

    class Meta:
        verbose_name = _("getypt veld")
        constraints = [models.UniqueConstraint(fields=["aanvraag", "stap", "veld", "door"], name="kladveld_uniek")]

    def __str__(self) -> str:
        return f"{self.aanvraag_id} {self.stap}.{self.veld}"


class Aanwezigheid(models.Model):
    """Who has a page of the form open, so that colleagues see each other."""

    aanvraag = models.ForeignKey(Aanvraag, on_delete=models.CASCADE, related_name="aanwezigen")
    gebruiker = models.ForeignKey(Gebruiker, on_delete=models.CASCADE, related_name="+")
    stap = models.CharField(max_length=40)
    gezien_op = models.DateTimeField()

    class Meta:
        verbose_name = _("aanwezigheid")
        constraints = [models.UniqueConstraint(fields=["aanvraag", "gebruiker"], name="aanwezigheid_uniek")]

    def __str__(self) -> str:
        return f"{self.gebruiker_id} in {self.stap}"
