"""Organisations and who may act for them."""

from __future__ import annotations

import uuid

from django.core.validators import RegexValidator
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from aanvragen.enums import (
    Machtigingbereik,
    Machtigingbron,
    Machtigingsoort,
    Mkbklasse,
    Provincie,
    Rechtsvorm,
    Registerstand,
    Relatie,
)
from kern.models import Gebruiker
from regeling.models import Regeling

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
    #: SME class in the year before `omvang_jaar` (2003/361/EC, Annex art. 4(2): two years in a row count).
    omvang_vorig = models.CharField(
        _("grootte in het jaar ervoor"), max_length=12, choices=Mkbklasse.choices, blank=True
    )
    publiek = models.BooleanField(_("publieke organisatie"), default=False)
    #: Share of capital or votes held by public bodies (Annex art. 3(4)).
    publiek_aandeel = models.DecimalField(
        _("aandeel van de overheid in procenten"), max_digits=5, decimal_places=2, null=True, blank=True
    )
    straat = models.CharField(_("straat en huisnummer"), max_length=200, blank=True)
    postcode = models.CharField(_("postcode"), max_length=7, blank=True)
    plaats = models.CharField(_("plaats"), max_length=100, blank=True)
    provincie = models.CharField(_("provincie"), max_length=20, choices=Provincie.choices, blank=True)
    rsin = models.CharField(_("RSIN"), max_length=9, blank=True)
    register_stand = models.CharField(
        max_length=20, choices=Registerstand.choices, default=Registerstand.NIET_GECONTROLEERD
    )
    register_op = models.DateTimeField(null=True, blank=True)
    #: What the trade register said last: our names for its fields (see `aanvragen.register`).
    register_gegevens = models.JSONField(default=dict, blank=True)
    aangemaakt_op = models.DateTimeField(editable=False)

    class Meta:
        verbose_name = _("organisatie")
        verbose_name_plural = _("organisaties")
        constraints = [
            models.CheckConstraint(condition=Q(kvk_nummer__regex=r"^[0-9]{8}$"), name="organisatie_kvk_acht_cijfers"),
            models.CheckConstraint(
                condition=Q(publiek_aandeel=None) | Q(publiek_aandeel__gte=0, publiek_aandeel__lte=100),
                name="organisatie_publiek_aandeel_tot_100",
                violation_error_message=_("Vul een percentage in van 0 tot en met 100."),
            ),
        ]

    def __str__(self) -> str:
        return self.naam


class Machtiging(models.Model):
    """A person may act for an organisation, with scope and end date (R92)."""

    gebruiker = models.ForeignKey(Gebruiker, on_delete=models.PROTECT, related_name="machtigingen")
    organisatie = models.ForeignKey(Organisatie, on_delete=models.PROTECT, related_name="machtigingen")
    soort = models.CharField(max_length=20, choices=Machtigingsoort.choices)
    bereik = models.CharField(max_length=10, choices=Machtigingbereik.choices, default=Machtigingbereik.VOLLEDIG)
    bron = models.CharField(max_length=12, choices=Machtigingbron.choices, default=Machtigingbron.SYSTEEM)
    #: Only for this scheme; empty is all.
    regeling = models.ForeignKey(Regeling, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    #: Only for this branch of the organisation (eHerkenning ServiceRestriction); empty is all.
    vestigingsnummer = models.CharField(max_length=12, blank=True)
    #: For an intermediary: the firm that the person works for.
    namens = models.ForeignKey(Organisatie, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    betrouwbaarheid = models.CharField(max_length=80, blank=True, help_text=_("Niveau van eHerkenning"))
    #: When it was established that the person may act; empty: only the person's own word.
    bevestigd_op = models.DateTimeField(null=True)
    bevestigd_door = models.ForeignKey(Gebruiker, on_delete=models.PROTECT, null=True, related_name="+")
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


class Uitnodiging(models.Model):
    """An invitation to act for an organisation, by e-mail; only the digest of the link is stored."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    organisatie = models.ForeignKey(Organisatie, on_delete=models.PROTECT, related_name="uitnodigingen")
    email = models.EmailField(_("e-mailadres"))
    soort = models.CharField(max_length=20, choices=Machtigingsoort.choices)
    bereik = models.CharField(max_length=10, choices=Machtigingbereik.choices)
    regeling = models.ForeignKey(Regeling, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    machtiging_tot = models.DateField(_("einddatum van de machtiging"), null=True, blank=True)
    token_sha256 = models.CharField(max_length=64, unique=True)
    verstuurd_op = models.DateTimeField()
    verstuurd_door = models.ForeignKey(Gebruiker, on_delete=models.PROTECT, related_name="+")
    verloopt_op = models.DateTimeField()
    aanvaard_op = models.DateTimeField(null=True)
    aanvaard_door = models.ForeignKey(Gebruiker, on_delete=models.PROTECT, null=True, related_name="+")
    ingetrokken_op = models.DateTimeField(null=True)
    ingetrokken_door = models.ForeignKey(Gebruiker, on_delete=models.PROTECT, null=True, related_name="+")

    class Meta:
        verbose_name = _("uitnodiging")
        verbose_name_plural = _("uitnodigingen")
        constraints = [
            models.CheckConstraint(
                condition=Q(aanvaard_op=None) | Q(ingetrokken_op=None), name="uitnodiging_aanvaard_of_ingetrokken"
            )
        ]

    def __str__(self) -> str:
        return f"{self.email} → {self.organisatie_id}"


class Vestiging(models.Model):
    """A branch of an organisation, as the trade register has it."""

    organisatie = models.ForeignKey(Organisatie, on_delete=models.CASCADE, related_name="vestigingen")
    nummer = models.CharField(_("vestigingsnummer"), max_length=12)
    naam = models.CharField(_("naam"), max_length=200)
    straat = models.CharField(_("straat en huisnummer"), max_length=200, blank=True)
    postcode = models.CharField(_("postcode"), max_length=7, blank=True)
    plaats = models.CharField(_("plaats"), max_length=100, blank=True)
    hoofd = models.BooleanField(_("hoofdvestiging"), default=False)

    class Meta:
        verbose_name = _("vestiging")
        verbose_name_plural = _("vestigingen")
        ordering = ["-hoofd", "nummer"]
        constraints = [
            models.UniqueConstraint(fields=["organisatie", "nummer"], name="vestiging_uniek"),
            models.CheckConstraint(condition=Q(nummer__regex=r"^[0-9]{12}$"), name="vestiging_twaalf_cijfers"),
        ]

    def __str__(self) -> str:
        return f"{self.nummer} {self.naam}"


class Verbonden(models.Model):
    """A partner or linked enterprise of the organisation; `via` makes chains (R67, R71)."""

    organisatie = models.ForeignKey(Organisatie, on_delete=models.CASCADE, related_name="verbonden")
    via = models.ForeignKey("self", on_delete=models.CASCADE, null=True, blank=True, related_name="verder")
    naam = models.CharField(_("naam"), max_length=200)
    kvk_nummer = models.CharField(_("KvK-nummer"), max_length=8, blank=True, validators=[kvk_geldig])
    relatie = models.CharField(_("soort band"), max_length=10, choices=Relatie.choices)
    percentage = models.DecimalField(_("aandeel in procenten"), max_digits=5, decimal_places=2)
    werkzame_personen = models.PositiveIntegerField(_("aantal werkzame personen"), null=True, blank=True)
    omzet = models.DecimalField(_("jaaromzet in euro"), max_digits=14, decimal_places=2, null=True, blank=True)
    balanstotaal = models.DecimalField(
        _("balanstotaal in euro"), max_digits=14, decimal_places=2, null=True, blank=True
    )
    jaar = models.PositiveSmallIntegerField(_("jaar van de cijfers"), null=True, blank=True)
    toegevoegd_op = models.DateTimeField()
    toegevoegd_door = models.ForeignKey(Gebruiker, on_delete=models.PROTECT, null=True, related_name="+")

    class Meta:
        verbose_name = _("verbonden onderneming")
        verbose_name_plural = _("verbonden ondernemingen")
        ordering = ["id"]
        constraints = [
            models.CheckConstraint(
                condition=Q(percentage__gte=0, percentage__lte=100),
                name="verbonden_percentage_tot_100",
                violation_error_message=_("Vul een percentage in van 0 tot en met 100."),
            )
        ]

    def __str__(self) -> str:
        return self.naam
