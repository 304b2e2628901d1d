"""The register of advisers: bureaus, persons, certificates, and the link by which a person completes the profile."""

from __future__ import annotations

import uuid

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from aanvragen.models.organisatie import kvk_geldig
from kern.models import Bestand, Gebruiker


class Adviesbureau(models.Model):
    naam = models.CharField(_("naam van het bureau"), max_length=200)
    kvk_nummer = models.CharField(_("KvK-nummer"), max_length=8, unique=True, validators=[kvk_geldig])

    class Meta:
        verbose_name = _("adviesbureau")
        verbose_name_plural = _("adviesbureaus")

    def __str__(self) -> str:
        return self.naam


class Adviseur(models.Model):
    """A natural person who advises; reused over applications."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    naam = models.CharField(_("naam van de adviseur"), max_length=200)
    email = models.EmailField(_("e-mailadres van de adviseur"), blank=True)
    bureau = models.ForeignKey(Adviesbureau, on_delete=models.PROTECT, null=True, blank=True, related_name="adviseurs")
    #: Number in a historical file, where the name is not known.
    extern_nummer = models.CharField(max_length=40, blank=True)
    gecertificeerd = models.BooleanField(_("gecertificeerd"), default=False)
    telefoon = models.CharField(_("telefoonnummer"), max_length=20, blank=True)
    functie = models.CharField(_("functie"), max_length=100, blank=True)
    toelichting = models.TextField(_("werk en ervaring"), blank=True)
    profiel_op = models.DateTimeField(null=True, help_text=_("Door de adviseur zelf aangevuld"))

    class Meta:
        verbose_name = _("adviseur")
        verbose_name_plural = _("adviseurs")
        constraints = [
            models.UniqueConstraint(
                fields=["bureau", "email", "naam", "gecertificeerd"], condition=~Q(email=""), name="adviseur_uniek"
            ),
            models.UniqueConstraint(
                fields=["extern_nummer"], condition=~Q(extern_nummer=""), name="adviseur_extern_nummer_uniek"
            ),
        ]

    def __str__(self) -> str:
        return self.naam


class Certificaat(models.Model):
    """A certificate of an adviser; counts only after an officer has seen it."""

    adviseur = models.ForeignKey(Adviseur, on_delete=models.PROTECT, related_name="certificaten")
    naam = models.CharField(_("naam van het certificaat"), max_length=200)
    uitgever = models.CharField(_("wie het heeft gegeven"), max_length=200)
    nummer = models.CharField(_("nummer"), max_length=60, blank=True)
    geldig_tot = models.DateField(_("geldig tot en met"), null=True, blank=True)
    bestand = models.ForeignKey(Bestand, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    ingediend_op = models.DateTimeField()
    goedgekeurd = models.BooleanField(null=True)
    gecontroleerd_op = models.DateTimeField(null=True)
    gecontroleerd_door = models.ForeignKey(Gebruiker, on_delete=models.PROTECT, null=True, related_name="+")
    reden = models.TextField(blank=True)

    class Meta:
        verbose_name = _("certificaat")
        verbose_name_plural = _("certificaten")
        ordering = ["id"]
        constraints = [
            models.CheckConstraint(
                condition=Q(goedgekeurd=None) | Q(gecontroleerd_op__isnull=False),
                name="certificaat_controle_heeft_moment",
            )
        ]

    def __str__(self) -> str:
        return self.naam


class Profiellink(models.Model):
    """A one-person link to the adviser's own profile; only its digest is stored."""

    adviseur = models.ForeignKey(Adviseur, on_delete=models.PROTECT, related_name="profiellinks")
    token_sha256 = models.CharField(max_length=64, unique=True)
    verstuurd_op = models.DateTimeField()
    verloopt_op = models.DateTimeField()
    gebruikt_op = models.DateTimeField(null=True)
    ingetrokken_op = models.DateTimeField(null=True)

    class Meta:
        verbose_name = _("profiellink")

    def __str__(self) -> str:
        return f"{self.adviseur_id} tot {self.verloopt_op:%Y-%m-%d}"
