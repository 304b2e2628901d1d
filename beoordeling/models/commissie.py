"""The committee of a round: members with terms and knowledge, and what keeps a member away from an application."""

from __future__ import annotations

from datetime import date

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from aanvragen.models import Aanvraag
from aanvragen.models.organisatie import kvk_geldig
from beoordeling.enums_commissie import STEMT, Belangbron, Belangsoort, Commissierol, Kennis
from kern.models import Gebruiker
from regeling.models import Thema, Tijdvak


class Commissie(models.Model):
    """The committee that advises on one round. ``zaad``: 64 hex; makes the assignment unpredictable (design 05)."""

    tijdvak = models.OneToOneField(Tijdvak, on_delete=models.PROTECT, related_name="commissie")
    naam = models.CharField(_("naam"), max_length=200)
    scoren_tot = models.DateTimeField(_("beoordelen tot en met"))
    zaad = models.CharField(max_length=64)
    ingesteld_op = models.DateTimeField()
    ingesteld_door = models.ForeignKey(Gebruiker, on_delete=models.PROTECT, null=True, related_name="+")

    class Meta:
        verbose_name = _("commissie")
        verbose_name_plural = _("commissies")

    def __str__(self) -> str:
        return self.naam


class Commissielid(models.Model):
    """A person in a committee for a term (``tot`` is the last day). What is needed to find interests stands here."""

    commissie = models.ForeignKey(Commissie, on_delete=models.PROTECT, related_name="leden")
    gebruiker = models.ForeignKey(Gebruiker, on_delete=models.PROTECT, related_name="commissieleden")
    rol = models.CharField(_("rol in de commissie"), max_length=12, choices=Commissierol.choices)
    van = models.DateField(_("lid vanaf"))
    tot = models.DateField(_("lid tot en met"), null=True, blank=True)
    organisatie = models.CharField(_("werkt bij"), max_length=200, blank=True)
    kvk_nummer = models.CharField(_("KvK-nummer"), max_length=8, blank=True, validators=[kvk_geldig])
    straat = models.CharField(_("straat en huisnummer"), max_length=200, blank=True)
    postcode = models.CharField(_("postcode"), max_length=7, blank=True)
    hoogstens = models.PositiveSmallIntegerField(_("hoogstens zoveel aanvragen"), null=True, blank=True)
    benoemd_op = models.DateTimeField()
    benoemd_door = models.ForeignKey(Gebruiker, on_delete=models.PROTECT, null=True, related_name="+")

    class Meta:
        verbose_name = _("commissielid")
        verbose_name_plural = _("commissieleden")
        ordering = ["id"]
        constraints = [
            models.UniqueConstraint(
                fields=["commissie", "gebruiker"],
                name="commissielid_een_keer",
                violation_error_message=_("Deze persoon zit al in de commissie."),
            ),
            models.CheckConstraint(
                condition=Q(tot=None) | Q(tot__gte=F("van")),
                name="commissielid_tot_na_van",
                violation_error_message=_("De laatste dag ligt na de eerste."),
            ),
        ]

    def __str__(self) -> str:
        return str(self.gebruiker)

    @property
    def stemt(self) -> bool:
        return self.rol in STEMT

    def is_lid_op(self, dag: date) -> bool:
        """Whether the term runs on this day (Europe/Amsterdam)."""
        return self.van <= dag and (self.tot is None or dag <= self.tot)


class Deskundigheid(models.Model):
    """What a member knows of a theme."""

    lid = models.ForeignKey(Commissielid, on_delete=models.CASCADE, related_name="deskundigheden")
    thema = models.ForeignKey(Thema, on_delete=models.PROTECT, related_name="+")
    niveau = models.CharField(max_length=10, choices=Kennis.choices)

    class Meta:
        verbose_name = _("deskundigheid")
        verbose_name_plural = _("deskundigheden")
        constraints = [models.UniqueConstraint(fields=["lid", "thema"], name="deskundigheid_een_per_thema")]

    def __str__(self) -> str:
        return f"{self.thema}: {self.get_niveau_display()}"


class Samenwerking(models.Model):
    """An organisation that a member worked with; its applications are not for this member."""

    lid = models.ForeignKey(Commissielid, on_delete=models.CASCADE, related_name="samenwerkingen")
    organisatie = models.CharField(_("organisatie"), max_length=200)
    kvk_nummer = models.CharField(_("KvK-nummer"), max_length=8, validators=[kvk_geldig])
    toelichting = models.CharField(_("wat u samen deed"), max_length=300)
    op = models.DateTimeField()

    class Meta:
        verbose_name = _("eerdere samenwerking")
        verbose_name_plural = _("eerdere samenwerkingen")
        constraints = [models.UniqueConstraint(fields=["lid", "kvk_nummer"], name="samenwerking_een_keer")]

    def __str__(self) -> str:
        return self.organisatie


class Belang(models.Model):
    """Why this person stays away from this application: who said so, and why. Counts until it is lifted."""

    aanvraag = models.ForeignKey(Aanvraag, on_delete=models.PROTECT, related_name="belangen")
    gebruiker = models.ForeignKey(Gebruiker, on_delete=models.PROTECT, related_name="belangen")
    soort = models.CharField(max_length=14, choices=Belangsoort.choices)
    bron = models.CharField(max_length=12, choices=Belangbron.choices)
    reden = models.TextField()
    op = models.DateTimeField()
    door = models.ForeignKey(Gebruiker, on_delete=models.PROTECT, null=True, related_name="+")
    opgeheven_op = models.DateTimeField(null=True)
    opgeheven_door = models.ForeignKey(Gebruiker, on_delete=models.PROTECT, null=True, related_name="+")
    opgeheven_reden = models.TextField(blank=True)

    class Meta:
        verbose_name = _("belang")
        verbose_name_plural = _("belangen")
        ordering = ["id"]
        constraints = [
            # One per kind, lifted or not: a check that finds it again does not undo what a person decided.
            models.UniqueConstraint(fields=["aanvraag", "gebruiker", "soort"], name="belang_een_per_soort"),
            models.CheckConstraint(condition=~Q(reden=""), name="belang_heeft_reden"),
            models.CheckConstraint(
                condition=Q(opgeheven_op=None) | (Q(opgeheven_door__isnull=False) & ~Q(opgeheven_reden="")),
                name="belang_opgeheven_heeft_reden",
            ),
        ]
        indexes = [models.Index(fields=["gebruiker", "opgeheven_op"], name="belang_van_gebruiker")]

    def __str__(self) -> str:
        return self.get_soort_display()
