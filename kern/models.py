"""What every room needs: people and roles, the trail, files, messages."""

from __future__ import annotations

import uuid
from typing import Any

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.contrib.auth.models import PermissionsMixin
from django.db import models
from django.db.models.functions import Lower
from django.utils import timezone
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _

from kern.enums import Berichtsoort, Berichtstatus, Rol, Scanuitslag


class GebruikerManager(BaseUserManager["Gebruiker"]):
    def create_user(self, email: str, password: str | None = None, **velden: Any) -> Gebruiker:
        if not email:
            raise ValueError("Een gebruiker heeft een e-mailadres.")
        gebruiker = self.model(email=self.normalize_email(email).lower(), **velden)
        gebruiker.set_password(password)
        gebruiker.save(using=self._db)
        return gebruiker

    def create_superuser(self, email: str, password: str | None = None, **velden: Any) -> Gebruiker:
        return self.create_user(email, password, is_superuser=True, **velden)

    def get_by_natural_key(self, username: str | None) -> Gebruiker:
        return self.get(email__iexact=username)


class Gebruiker(AbstractBaseUser, PermissionsMixin):
    """A person who logs in with an e-mail address."""

    email = models.EmailField(_("e-mailadres"), unique=True)
    naam = models.CharField(_("naam"), max_length=200)
    is_active = models.BooleanField(_("actief"), default=True)
    aangemaakt_op = models.DateTimeField(_("aangemaakt op"), default=timezone.now, editable=False)

    objects = GebruikerManager()

    USERNAME_FIELD = "email"
    EMAIL_FIELD = "email"
    REQUIRED_FIELDS = ["naam"]

    class Meta:
        verbose_name = _("gebruiker")
        verbose_name_plural = _("gebruikers")
        constraints = [
            models.UniqueConstraint(
                Lower("email"),
                name="gebruiker_email_uniek",
                violation_error_message=_("Er is al een gebruiker met dit e-mailadres."),
            )
        ]

    def __str__(self) -> str:
        return self.naam or self.email

    @cached_property
    def rollen(self) -> frozenset[str]:
        """Roles that are in force."""
        if self.pk is None or not self.is_active:
            return frozenset()
        return frozenset(self.roltoekenningen.filter(ingetrokken_op=None).values_list("rol", flat=True))

    @property
    def is_medewerker(self) -> bool:
        return bool(self.rollen)


class Roltoekenning(models.Model):
    """A role given to a person, with who gave it and who took it away."""

    gebruiker = models.ForeignKey(Gebruiker, on_delete=models.PROTECT, related_name="roltoekenningen")
    rol = models.CharField(max_length=30, choices=Rol.choices)
    toegekend_op = models.DateTimeField(default=timezone.now)
    toegekend_door = models.ForeignKey(Gebruiker, on_delete=models.PROTECT, null=True, related_name="+")
    ingetrokken_op = models.DateTimeField(null=True)
    ingetrokken_door = models.ForeignKey(Gebruiker, on_delete=models.PROTECT, null=True, related_name="+")

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["gebruiker", "rol"],
                condition=models.Q(ingetrokken_op=None),
                name="rol_een_keer_van_kracht",
                violation_error_message=_("Deze gebruiker heeft deze rol al."),
            )
        ]

    def __str__(self) -> str:
        return f"{self.gebruiker_id}: {self.rol}"


class LogRegel(models.Model):
    """One line of the trail. Lines of one case form a chain: each holds the hash of the one before.

    Append-only: a database trigger refuses UPDATE and DELETE. ``hash`` is the SHA-256 over the canonical JSON of
    all other fields (see :mod:`kern.spoor`).
    """

    keten = models.CharField(max_length=80)
    volgnr = models.PositiveIntegerField()
    op = models.DateTimeField()
    actor = models.ForeignKey(Gebruiker, on_delete=models.PROTECT, null=True, related_name="+")
    handeling = models.CharField(max_length=60)
    van = models.CharField(max_length=40, blank=True)
    naar = models.CharField(max_length=40, blank=True)
    reden = models.TextField(blank=True)
    gegevens = models.JSONField(default=dict)
    verzoek = models.CharField(max_length=40, blank=True)
    vorige = models.CharField(max_length=64)
    hash = models.CharField(max_length=64)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["keten", "volgnr"], name="logregel_een_keten")]
        indexes = [models.Index(fields=["op"], name="logregel_op")]

    def __str__(self) -> str:
        return f"{self.keten} {self.volgnr} {self.handeling}"


class Zegel(models.Model):
    """Seals the lines written since the previous seal, over all chains, so that a whole chain cannot vanish."""

    nr = models.PositiveIntegerField(unique=True)
    op = models.DateTimeField()
    aantal = models.PositiveIntegerField()
    vorige = models.CharField(max_length=64)
    hash = models.CharField(max_length=64)

    def __str__(self) -> str:
        return f"zegel {self.nr}"


class Zegelregel(models.Model):
    zegel = models.ForeignKey(Zegel, on_delete=models.PROTECT, related_name="regels")
    logregel = models.OneToOneField(LogRegel, on_delete=models.PROTECT, related_name="zegelregel")

    def __str__(self) -> str:
        return f"{self.zegel_id}/{self.logregel_id}"


def _opslagpad(instance: Bestand, bestandsnaam: str) -> str:
    """Random path: nothing of the user's file name reaches the disk (R-H12)."""
    return f"{instance.pk.hex[:2]}/{instance.pk.hex}"


class Bestand(models.Model):
    """A stored file with its digest. Never changed; a replacement is a new file."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    naam = models.CharField(max_length=200)
    mime = models.CharField(max_length=100)
    grootte = models.PositiveBigIntegerField()
    sha256 = models.CharField(max_length=64)
    inhoud = models.FileField(upload_to=_opslagpad, max_length=120)
    scan = models.CharField(max_length=20, choices=Scanuitslag.choices, default=Scanuitslag.NIET_GESCAND)
    aangemaakt_op = models.DateTimeField()
    aangemaakt_door = models.ForeignKey(Gebruiker, on_delete=models.PROTECT, null=True, related_name="+")

    class Meta:
        verbose_name = _("bestand")
        verbose_name_plural = _("bestanden")

    def __str__(self) -> str:
        return self.naam


class Bericht(models.Model):
    """Outgoing message: written in the transaction of its cause, sent after commit, retried without harm."""

    sleutel = models.CharField(max_length=120, unique=True)
    soort = models.CharField(max_length=20, choices=Berichtsoort.choices, default=Berichtsoort.ALGEMEEN)
    aan = models.EmailField()
    onderwerp = models.CharField(max_length=200)
    tekst = models.TextField()
    status = models.CharField(max_length=20, choices=Berichtstatus.choices, default=Berichtstatus.KLAARGEZET)
    pogingen = models.PositiveSmallIntegerField(default=0)
    aangemaakt_op = models.DateTimeField()
    volgende_poging_op = models.DateTimeField()
    verzonden_op = models.DateTimeField(null=True)
    #: The receiving server gave it back (bounce); known from a delivery report (R46).
    teruggekomen_op = models.DateTimeField(null=True)
    fout = models.CharField(max_length=500, blank=True)

    class Meta:
        verbose_name = _("bericht")
        verbose_name_plural = _("berichten")
        indexes = [models.Index(fields=["status", "volgende_poging_op"], name="bericht_wachtrij")]
        constraints = [
            models.CheckConstraint(
                condition=~models.Q(status="verzonden") | models.Q(verzonden_op__isnull=False),
                name="bericht_verzonden_heeft_moment",
            )
        ]

    def __str__(self) -> str:
        return f"{self.onderwerp} → {self.aan}"


class Berichtvoorkeur(models.Model):
    """Consent to get a kind of message by e-mail; without a row the default of the kind holds (R46)."""

    gebruiker = models.ForeignKey(Gebruiker, on_delete=models.CASCADE, related_name="berichtvoorkeuren")
    soort = models.CharField(max_length=20, choices=Berichtsoort.choices)
    per_email = models.BooleanField()
    gewijzigd_op = models.DateTimeField()

    class Meta:
        verbose_name = _("berichtvoorkeur")
        constraints = [models.UniqueConstraint(fields=["gebruiker", "soort"], name="berichtvoorkeur_uniek")]

    def __str__(self) -> str:
        return f"{self.gebruiker_id}: {self.soort}"
