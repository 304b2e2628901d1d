"""Organisations, who may act for them, and the register of advisers."""

from __future__ import annotations

import uuid

from django.core.validators import RegexValidator
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from aanvragen.enums import Machtigingsoort, Provincie, Rechtsvorm
from kern.models import Gebruiker

kvk_geldig = RegexValidator(r"^\d{8}$", _("Een KvK-nummer heeft 8 cijfers."))


class Organisatie(models.Model):
    """An enterprise or other organisation that applies."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    naam = models.CharField(_("naam"), max_length=200)
    kvk_nummer = models.CharField(_("KvK-nummer"), max_length=8, unique=True, validators=[kvk_geldig])
    rechtsvorm = models.CharField(_("rechtsvorm"), max_length=40, choices=Rechtsvorm.choices, blank=True)
    sbi_code = models.CharField(_("SBI-code"), max_length=6, blank=True)
    sbi_versie = models.CharField(_("versie van de SBI"), max_length=10, blank=True)
    sector = models.CharField(_("sector"), max_length=60, blank=True)
    werkzame_personen = models.PositiveIntegerField(_("aantal werkzame personen"), null=True, blank=True)
    omvang_jaar = models.PositiveSmallIntegerField(_("jaar van de cijfers"), null=True, blank=True)
    omzet = models.DecimalField(_("jaaromzet in euro"), max_digits=14, decimal_places=2, null=True, blank=True)
    balanstotaal = models.DecimalField(
        _("balanstotaal in euro"), max_digits=14, decimal_places=2, null=True, blank=True
    )
    publiek = models.BooleanField(_("publieke organisatie"), default=False)
    straat = models.CharField(_("straat en huisnummer"), max_length=200, blank=True)
    postcode = models.CharField(_("postcode"), max_length=7, blank=True)
    plaats = models.CharField(_("plaats"), max_length=100, blank=True)
    provincie = models.CharField(_("provincie"), max_length=20, choices=Provincie.choices, blank=True)
    aangemaakt_op = models.DateTimeField(editable=False)

    class Meta:
        verbose_name = _("organisatie")
        verbose_name_plural = _("organisaties")
        constraints = [
            models.CheckConstraint(condition=Q(kvk_nummer__regex=r"^[0-9]{8}$"), name="organisatie_kvk_acht_cijfers")
        ]

    def __str__(self) -> str:
        return self.naam


class Machtiging(models.Model):
    """A person may act for an organisation, with scope and end date (R92)."""

    gebruiker = models.ForeignKey(Gebruiker, on_delete=models.PROTECT, related_name="machtigingen")
    organisatie = models.ForeignKey(Organisatie, on_delete=models.PROTECT, related_name="machtigingen")
    soort = models.CharField(max_length=20, choices=Machtigingsoort.choices)
    verleend_op = models.DateTimeField()
    verleend_door = models.ForeignKey(Gebruiker, on_delete=models.PROTECT, null=True, related_name="+")
    geldig_tot = models.DateField(null=True, blank=True)
    ingetrokken_op = models.DateTimeField(null=True)
    ingetrokken_door = models.ForeignKey(Gebruiker, on_delete=models.PROTECT, null=True, related_name="+")

    class Meta:
        verbose_name = _("machtiging")
        verbose_name_plural = _("machtigingen")
        constraints = [
            models.UniqueConstraint(
                fields=["gebruiker", "organisatie"],
                condition=Q(ingetrokken_op=None),
                name="machtiging_een_keer",
                violation_error_message=_("Deze persoon is al gemachtigd voor deze organisatie."),
            )
        ]

    def __str__(self) -> str:
        return f"{self.gebruiker_id} → {self.organisatie_id}"


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
