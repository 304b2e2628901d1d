"""The check of a reference: the request with its link and code, the answer, what fired, and what checkers did.

Evidence is kept: the answer with the digest of the text that was asked, every rule with its version, every step with
who and when. Address and browser of the referee are wiped after a short time (design 05, part 5).
"""

from __future__ import annotations

import uuid

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from aanvragen.models import Aanvraag, Referentie
from beoordeling.enums import Controlestap, Signaalsoort
from kern.models import Bericht, Gebruiker
from regeling.models import Tijdvak


class Referentieverzoek(models.Model):
    """One invitation: bound to a reference and an address. Only digests of link and code are stored."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    referentie = models.ForeignKey(Referentie, on_delete=models.CASCADE, related_name="verzoeken")
    email = models.EmailField()
    token_sha256 = models.CharField(max_length=64, unique=True)
    tekstversie = models.CharField(max_length=20)
    bericht = models.ForeignKey(Bericht, on_delete=models.PROTECT, null=True, related_name="+")
    verstuurd_op = models.DateTimeField()
    verstuurd_door = models.ForeignKey(Gebruiker, on_delete=models.PROTECT, null=True, related_name="+")
    verloopt_op = models.DateTimeField()
    herinneringen = models.PositiveSmallIntegerField(default=0)
    ingetrokken_op = models.DateTimeField(null=True)
    verbruikt_op = models.DateTimeField(null=True)
    code_sha256 = models.CharField(max_length=64, blank=True)
    code_verstuurd_op = models.DateTimeField(null=True)
    code_verloopt_op = models.DateTimeField(null=True)
    code_pogingen = models.PositiveSmallIntegerField(default=0)
    codes_verstuurd = models.PositiveSmallIntegerField(default=0)
    #: Digest of the secret that the referee's browser holds after the right code.
    sessie_sha256 = models.CharField(max_length=64, blank=True)
    geopend = models.PositiveIntegerField(default=0, help_text=_("Hoe vaak de pagina is geopend; geen status"))

    class Meta:
        verbose_name = _("verzoek aan een referent")
        verbose_name_plural = _("verzoeken aan referenten")
        ordering = ["verstuurd_op"]
        constraints = [
            models.UniqueConstraint(
                fields=["referentie"],
                condition=Q(ingetrokken_op=None, verbruikt_op=None),
                name="referentieverzoek_een_geldig",
            )
        ]

    def __str__(self) -> str:
        return f"{self.referentie_id} {self.verstuurd_op:%Y-%m-%d}"


class Referentieantwoord(models.Model):
    """What the referee answered, with the digest of the questions as they stood on the page. Never changed."""

    verzoek = models.OneToOneField(Referentieverzoek, on_delete=models.PROTECT, related_name="antwoord")
    antwoorden = models.JSONField()
    tekst_sha256 = models.CharField(max_length=64)
    sha256 = models.CharField(max_length=64)
    op = models.DateTimeField()
    ip = models.GenericIPAddressField(null=True)
    browser = models.CharField(max_length=300, blank=True)
    herkomst_wissen_op = models.DateTimeField()

    class Meta:
        verbose_name = _("antwoord van een referent")
        verbose_name_plural = _("antwoorden van referenten")

    def __str__(self) -> str:
        return f"{self.verzoek_id}"


class Referentiesignaal(models.Model):
    """A rule that fired on a reference: it blocks, flags, or selects for the random control."""

    referentie = models.ForeignKey(Referentie, on_delete=models.CASCADE, related_name="signalen")
    soort = models.CharField(max_length=12, choices=Signaalsoort.choices)
    code = models.CharField(max_length=40)
    uitleg = models.TextField()
    gegevens = models.JSONField(default=dict)
    regelversie = models.CharField(max_length=20)
    op = models.DateTimeField()
    #: An officer looked at it and went on, with a reason.
    opgeheven_op = models.DateTimeField(null=True)
    opgeheven_door = models.ForeignKey(Gebruiker, on_delete=models.PROTECT, null=True, related_name="+")
    opgeheven_reden = models.TextField(blank=True)

    class Meta:
        verbose_name = _("signaal bij een referentie")
        verbose_name_plural = _("signalen bij een referentie")
        ordering = ["id"]
        constraints = [
            models.UniqueConstraint(fields=["referentie", "code"], name="referentiesignaal_uniek"),
            models.CheckConstraint(
                condition=Q(opgeheven_op=None) | (Q(opgeheven_door__isnull=False) & ~Q(opgeheven_reden="")),
                name="referentiesignaal_opgeheven_heeft_reden",
            ),
        ]

    def __str__(self) -> str:
        return self.code


class Referentiecontrole(models.Model):
    """One step of a checker: phoned back, adviser heard, proposal, agreement. Never changed."""

    referentie = models.ForeignKey(Referentie, on_delete=models.CASCADE, related_name="controles")
    stap = models.CharField(max_length=20, choices=Controlestap.choices)
    uitkomst = models.CharField(max_length=20, blank=True)
    verslag = models.TextField()
    #: Phone-back: the number that was called, where it was found, and who answered.
    telefoonnummer = models.CharField(max_length=20, blank=True)
    nummer_bron = models.CharField(max_length=300, blank=True)
    gesproken_met = models.CharField(max_length=200, blank=True)
    op = models.DateTimeField()
    door = models.ForeignKey(Gebruiker, on_delete=models.PROTECT, related_name="+")

    class Meta:
        verbose_name = _("controlestap")
        verbose_name_plural = _("controlestappen")
        ordering = ["id"]

    def __str__(self) -> str:
        return f"{self.stap} {self.op:%Y-%m-%d}"


class Tekstgelijkenis(models.Model):
    """Two applications with nearly the same answer to a question: an indicator for a human, never a refusal."""

    eerste = models.ForeignKey(Aanvraag, on_delete=models.CASCADE, related_name="+")
    tweede = models.ForeignKey(Aanvraag, on_delete=models.CASCADE, related_name="+")
    vraag = models.CharField(max_length=60)
    jaccard = models.DecimalField(max_digits=5, decimal_places=4)
    omvatting = models.DecimalField(max_digits=5, decimal_places=4)
    op = models.DateTimeField()

    class Meta:
        verbose_name = _("gelijkende tekst")
        verbose_name_plural = _("gelijkende teksten")
        constraints = [models.UniqueConstraint(fields=["eerste", "tweede", "vraag"], name="tekstgelijkenis_uniek")]

    def __str__(self) -> str:
        return f"{self.eerste_id} ~ {self.tweede_id} ({self.vraag})"


class Referentiesteekproef(models.Model):
    """The seed of the random control of a round, fixed before the first answer; its digest stands in the trail."""

    tijdvak = models.OneToOneField(Tijdvak, on_delete=models.PROTECT, related_name="referentiesteekproef")
    zaad = models.CharField(max_length=64, help_text=_("32 willekeurige bytes, als 64 hexadecimale tekens"))
    promille = models.PositiveSmallIntegerField()
    vastgelegd_op = models.DateTimeField()

    class Meta:
        verbose_name = _("steekproef van referenties")
        verbose_name_plural = _("steekproeven van referenties")

    def __str__(self) -> str:
        return f"{self.tijdvak_id}"


class Aanvraagherkomst(models.Model):
    """From which internet address an application was sent; compared with the referee's and wiped soon."""

    aanvraag = models.ForeignKey(Aanvraag, on_delete=models.CASCADE, related_name="herkomst")
    ip = models.GenericIPAddressField()
    op = models.DateTimeField()
    wissen_op = models.DateTimeField()

    class Meta:
        verbose_name = _("herkomst van een aanvraag")
        verbose_name_plural = _("herkomst van aanvragen")
        constraints = [models.UniqueConstraint(fields=["aanvraag", "ip"], name="aanvraagherkomst_uniek")]

    def __str__(self) -> str:
        return f"{self.aanvraag_id}"
