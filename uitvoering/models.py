"""Decision, voucher, claim, settlement and payment."""

from __future__ import annotations

import hashlib
import json
import uuid
from datetime import datetime

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _
from django_fsm import transition

from aanvragen.models import Aanvraag, Adviseur, Referentie
from kern.models import Bestand, Gebruiker
from kern.status import StatusModel, StatusVeld
from regeling.models import geldveld
from uitvoering.enums import (
    Afwijzingsgrond,
    Besluitsoort,
    Besluitstatus,
    Betalingstatus,
    Declaratiestatus,
    Voucherstatus,
)

B, V, D, P = Besluitstatus, Voucherstatus, Declaratiestatus, Betalingstatus


class Besluit(StatusModel):
    """A decision with its grounds (Awb 3:46, R16). Signed by someone else than who proposed it; then immutable."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    aanvraag = models.ForeignKey(Aanvraag, on_delete=models.PROTECT, related_name="besluiten")
    soort = models.CharField(max_length=20, choices=Besluitsoort.choices)
    status = StatusVeld(default=B.CONCEPT, choices=B.choices, max_length=20)
    bedrag = geldveld(null=True, blank=True)
    #: Vouchers or places, where the ceiling counts those.
    stuks = models.PositiveIntegerField(null=True, blank=True)
    grond = models.CharField(max_length=30, choices=Afwijzingsgrond.choices, blank=True)
    artikel = models.CharField(max_length=300)
    motivering = models.TextField()
    #: The balance of the ceiling at the moment of deciding (R30).
    plafondstand = models.JSONField(default=dict, blank=True)
    voorgesteld_op = models.DateTimeField(null=True)
    voorgesteld_door = models.ForeignKey(Gebruiker, on_delete=models.PROTECT, null=True, related_name="+")
    ondertekend_op = models.DateTimeField(null=True)
    ondertekend_door = models.ForeignKey(Gebruiker, on_delete=models.PROTECT, null=True, related_name="+")
    verzonden_op = models.DateTimeField(null=True)
    verzonden_door = models.ForeignKey(Gebruiker, on_delete=models.PROTECT, null=True, related_name="+")
    bezwaar_tot = models.DateField(null=True)
    #: The letter as data, as it was at sending: HTML and PDF are both made from this.
    brief_document = models.JSONField(default=dict, blank=True)
    brief_html = models.ForeignKey(Bestand, on_delete=models.PROTECT, null=True, related_name="+")
    brief_pdf = models.ForeignKey(Bestand, on_delete=models.PROTECT, null=True, related_name="+")

    class Meta:
        verbose_name = _("besluit")
        verbose_name_plural = _("besluiten")
        ordering = ["voorgesteld_op", "id"]
        constraints = [
            models.CheckConstraint(condition=Q(status__in=B.values), name="besluit_status_bekend"),
            models.UniqueConstraint(
                fields=["aanvraag", "soort"],
                name="besluit_een_per_soort",
                violation_error_message=_("Er is al een besluit van deze soort."),
            ),
            models.CheckConstraint(
                condition=~Q(status__in=[B.ONDERTEKEND, B.VERZONDEN]) | (~Q(motivering="") & ~Q(artikel="")),
                name="besluit_heeft_grond_en_artikel",
                violation_error_message=_("Een besluit heeft een motivering en een artikel (Awb 3:46)."),
            ),
            models.CheckConstraint(
                condition=Q(ondertekend_door=None) | ~Q(ondertekend_door=F("voorgesteld_door")),
                name="besluit_vier_ogen",
                violation_error_message=_("Wie het besluit voorstelt, ondertekent het niet."),
            ),
            models.CheckConstraint(
                condition=~Q(status__in=[B.ONDERTEKEND, B.VERZONDEN]) | Q(ondertekend_op__isnull=False),
                name="besluit_ondertekend_heeft_moment",
            ),
            models.CheckConstraint(
                condition=~Q(status=B.VERZONDEN) | (Q(verzonden_op__isnull=False) & Q(bezwaar_tot__isnull=False)),
                name="besluit_verzonden_heeft_moment",
            ),
            models.CheckConstraint(
                condition=~Q(soort__in=[Besluitsoort.VERLENING, Besluitsoort.VASTSTELLING])
                | Q(bedrag__isnull=False)
                | Q(soort=Besluitsoort.VERLENING, stuks__gt=0),
                name="besluit_verlening_heeft_bedrag",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_soort_display()} {self.aanvraag}"

    @property
    def vingerafdruk(self) -> str:
        """SHA-256 over what is decided; the trail holds it with every step, so that a changed text shows."""
        inhoud = [str(self.aanvraag_id), self.soort, str(self.bedrag), self.grond, self.artikel, self.motivering]
        if self.stuks is not None:
            inhoud.append(str(self.stuks))
        return hashlib.sha256(json.dumps(inhoud, ensure_ascii=False).encode()).hexdigest()

    @transition(field=status, source=B.CONCEPT, target=B.VOORGESTELD)
    def voorstellen(self, *, op: datetime, actor: Gebruiker | None) -> None:
        self.voorgesteld_op, self.voorgesteld_door = op, actor

    @transition(field=status, source=B.VOORGESTELD, target=B.CONCEPT)
    def terugnemen(self, *, op: datetime, actor: Gebruiker | None) -> None:
        """Sent back to the officer for another text."""

    @transition(field=status, source=B.VOORGESTELD, target=B.ONDERTEKEND)
    def ondertekenen(self, *, op: datetime, actor: Gebruiker | None) -> None:
        self.ondertekend_op, self.ondertekend_door = op, actor

    @transition(field=status, source=B.ONDERTEKEND, target=B.VERZONDEN)
    def verzenden(self, *, op: datetime, actor: Gebruiker | None, bezwaar_tot: datetime) -> None:
        """Announced by sending (Awb 3:40, 3:41, R15): from now on it is in force."""
        self.verzonden_op, self.verzonden_door, self.bezwaar_tot = op, actor, bezwaar_tot


class Voucher(StatusModel):
    """The right to have an adviser's work paid, up to an amount."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    aanvraag = models.OneToOneField(Aanvraag, on_delete=models.PROTECT, related_name="voucher")
    code = models.CharField(max_length=20, unique=True)
    status = StatusVeld(default=V.UITGEGEVEN, choices=V.choices, max_length=20)
    bedrag = geldveld()
    uitgegeven_op = models.DateTimeField()
    geldig_tot = models.DateField()
    adviseur = models.ForeignKey(Adviseur, on_delete=models.PROTECT, null=True, related_name="vouchers")
    opgedragen_op = models.DateTimeField(null=True)
    opgedragen_door = models.ForeignKey(Gebruiker, on_delete=models.PROTECT, null=True, related_name="+")
    verzilverd_op = models.DateTimeField(null=True)

    class Meta:
        verbose_name = _("voucher")
        verbose_name_plural = _("vouchers")
        constraints = [
            models.CheckConstraint(condition=Q(status__in=V.values), name="voucher_status_bekend"),
            models.CheckConstraint(condition=Q(bedrag__gt=0), name="voucher_positief"),
            models.CheckConstraint(
                condition=~Q(status__in=[V.OPGEDRAGEN, V.GEDECLAREERD, V.VERZILVERD])
                | (Q(opgedragen_op__isnull=False) & Q(adviseur__isnull=False)),
                name="voucher_opdracht_heeft_adviseur",
            ),
        ]

    def __str__(self) -> str:
        return self.code

    @transition(field=status, source=V.UITGEGEVEN, target=V.OPGEDRAGEN)
    def opdragen(self, *, op: datetime, actor: Gebruiker | None, adviseur: Adviseur) -> None:
        """The order to the adviser is signed."""
        self.opgedragen_op, self.opgedragen_door, self.adviseur = op, actor, adviseur

    @transition(field=status, source=V.OPGEDRAGEN, target=V.GEDECLAREERD)
    def declareren(self, *, op: datetime, actor: Gebruiker | None) -> None:
        """A claim was handed in."""

    @transition(field=status, source=V.GEDECLAREERD, target=V.VERZILVERD)
    def verzilveren(self, *, op: datetime, actor: Gebruiker | None) -> None:
        """Settled."""
        self.verzilverd_op = op

    @transition(field=status, source=[V.UITGEGEVEN, V.OPGEDRAGEN], target=V.VERLOPEN)
    def verlopen(self, *, op: datetime, actor: Gebruiker | None) -> None:
        """Not used in time."""

    @transition(field=status, source=[V.UITGEGEVEN, V.OPGEDRAGEN], target=V.INGETROKKEN)
    def intrekken(self, *, op: datetime, actor: Gebruiker | None) -> None:
        """With the grant."""


class Voucheraanhouding(models.Model):
    """A voucher that may not be used for now, because a reference that it rests on turned out not to be confirmed.

    One per voucher and reference; an officer lifts it with a reason, or withdraws the grant. No row is ever made again.
    """

    voucher = models.ForeignKey(Voucher, on_delete=models.PROTECT, related_name="aanhoudingen")
    referentie = models.ForeignKey(Referentie, on_delete=models.PROTECT, related_name="+")
    reden = models.TextField()
    aangehouden_op = models.DateTimeField()
    opgeheven_op = models.DateTimeField(null=True)
    opgeheven_door = models.ForeignKey(Gebruiker, on_delete=models.PROTECT, null=True, related_name="+")
    opgeheven_reden = models.TextField(blank=True)

    class Meta:
        verbose_name = _("aanhouding van een voucher")
        verbose_name_plural = _("aanhoudingen van vouchers")
        ordering = ["id"]
        constraints = [
            models.UniqueConstraint(fields=["voucher", "referentie"], name="voucheraanhouding_uniek"),
            models.CheckConstraint(
                condition=Q(opgeheven_op=None) | (Q(opgeheven_door__isnull=False) & ~Q(opgeheven_reden="")),
                name="voucheraanhouding_opgeheven_heeft_reden",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.voucher_id}: {self.referentie_id}"


class Declaratie(StatusModel):
    """A claim of costs made, with invoices."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    aanvraag = models.OneToOneField(Aanvraag, on_delete=models.PROTECT, related_name="declaratie")
    status = StatusVeld(default=D.CONCEPT, choices=D.choices, max_length=20)
    toelichting = models.TextField(_("wat er is gedaan"), blank=True)
    aangemaakt_op = models.DateTimeField()
    ingediend_op = models.DateTimeField(null=True)
    ingediend_door = models.ForeignKey(Gebruiker, on_delete=models.PROTECT, null=True, related_name="+")
    beoordeeld_op = models.DateTimeField(null=True)
    beoordeeld_door = models.ForeignKey(Gebruiker, on_delete=models.PROTECT, null=True, related_name="+")
    reden = models.TextField(blank=True)

    class Meta:
        verbose_name = _("declaratie")
        verbose_name_plural = _("declaraties")
        constraints = [
            models.CheckConstraint(condition=Q(status__in=D.values), name="declaratie_status_bekend"),
            models.CheckConstraint(
                condition=Q(status=D.CONCEPT) | Q(ingediend_op__isnull=False), name="declaratie_ingediend_heeft_moment"
            ),
        ]

    def __str__(self) -> str:
        return f"Declaratie {self.aanvraag}"

    @transition(field=status, source=D.CONCEPT, target=D.INGEDIEND)
    def indienen(self, *, op: datetime, actor: Gebruiker | None) -> None:
        self.ingediend_op, self.ingediend_door = op, actor

    @transition(field=status, source=D.INGEDIEND, target=D.IN_CONTROLE)
    def in_controle_nemen(self, *, op: datetime, actor: Gebruiker | None) -> None:
        """An officer has it in hand."""

    @transition(field=status, source=D.IN_CONTROLE, target=D.AANVULLING_GEVRAAGD)
    def aanvulling_vragen(self, *, op: datetime, actor: Gebruiker | None, reden: str) -> None:
        self.reden = reden

    @transition(field=status, source=D.AANVULLING_GEVRAAGD, target=D.IN_CONTROLE)
    def aanvullen(self, *, op: datetime, actor: Gebruiker | None) -> None:
        """The applicant added what was asked."""

    @transition(field=status, source=D.IN_CONTROLE, target=D.GOEDGEKEURD)
    def goedkeuren(self, *, op: datetime, actor: Gebruiker | None) -> None:
        self.beoordeeld_op, self.beoordeeld_door = op, actor

    @transition(field=status, source=D.IN_CONTROLE, target=D.DEELS_GOEDGEKEURD)
    def deels_goedkeuren(self, *, op: datetime, actor: Gebruiker | None, reden: str) -> None:
        self.beoordeeld_op, self.beoordeeld_door, self.reden = op, actor, reden

    @transition(field=status, source=D.IN_CONTROLE, target=D.AFGEKEURD)
    def afkeuren(self, *, op: datetime, actor: Gebruiker | None, reden: str) -> None:
        self.beoordeeld_op, self.beoordeeld_door, self.reden = op, actor, reden


class Kostenregel(models.Model):
    """One cost line of a claim, in euros, with its invoice."""

    declaratie = models.ForeignKey(Declaratie, on_delete=models.PROTECT, related_name="regels")
    kostensoort = models.CharField(_("kostensoort"), max_length=40)
    omschrijving = models.CharField(_("omschrijving"), max_length=200)
    factuurnummer = models.CharField(_("factuurnummer"), max_length=60)
    factuurdatum = models.DateField(_("factuurdatum"))
    aantal = models.DecimalField(_("aantal uren"), max_digits=8, decimal_places=2, null=True, blank=True)
    bedrag = geldveld()
    goedgekeurd = geldveld(null=True, blank=True)
    oordeel = models.CharField(_("uitleg van de controle"), max_length=300, blank=True)
    factuur = models.ForeignKey(Bestand, on_delete=models.PROTECT, related_name="+")

    class Meta:
        verbose_name = _("kostenregel")
        verbose_name_plural = _("kostenregels")
        ordering = ["id"]
        constraints = [
            models.CheckConstraint(condition=Q(bedrag__gt=0), name="kostenregel_positief"),
            models.CheckConstraint(
                condition=Q(goedgekeurd=None) | Q(goedgekeurd__gte=0, goedgekeurd__lte=F("bedrag")),
                name="kostenregel_goedgekeurd_past",
            ),
        ]

    def __str__(self) -> str:
        return self.omschrijving


class Vaststelling(models.Model):
    """The settlement with its calculation, line by line, so that it can be explained years later."""

    besluit = models.OneToOneField(Besluit, on_delete=models.PROTECT, related_name="vaststelling")
    aanvraag = models.OneToOneField(Aanvraag, on_delete=models.PROTECT, related_name="vaststelling")
    kosten = geldveld()
    verleend = geldveld()
    bedrag = geldveld()
    grond = models.CharField(max_length=300, blank=True, help_text=_("Awb 4:46: waarom lager dan verleend"))
    berekening = models.JSONField(help_text=_("Rekenregels: omschrijving en bedrag"))
    versie = models.CharField(max_length=20)

    class Meta:
        verbose_name = _("vaststelling")
        verbose_name_plural = _("vaststellingen")
        constraints = [
            models.CheckConstraint(condition=Q(bedrag__lte=F("verleend")), name="vaststelling_niet_boven_verleend"),
            models.CheckConstraint(
                condition=Q(bedrag=F("verleend")) | ~Q(grond=""), name="vaststelling_lager_heeft_grond"
            ),
        ]

    def __str__(self) -> str:
        return f"Vaststelling {self.aanvraag_id}"


class Betaallijst(models.Model):
    """A list of payments that went to the bank."""

    nummer = models.PositiveIntegerField(unique=True)
    gemaakt_op = models.DateTimeField()
    gemaakt_door = models.ForeignKey(Gebruiker, on_delete=models.PROTECT, null=True, related_name="+")
    aantal = models.PositiveIntegerField()
    totaal = geldveld()
    bestand = models.ForeignKey(Bestand, on_delete=models.PROTECT, related_name="+")

    class Meta:
        verbose_name = _("betaallijst")
        verbose_name_plural = _("betaallijsten")
        ordering = ["-nummer"]

    def __str__(self) -> str:
        return f"Betaallijst {self.nummer}"


class Betaling(StatusModel):
    """One payment; the second signature comes from another person than the first."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    aanvraag = models.ForeignKey(Aanvraag, on_delete=models.PROTECT, related_name="betalingen")
    kenmerk = models.CharField(max_length=35, unique=True, help_text=_("End-to-end-id"))
    status = StatusVeld(default=P.KLAARGEZET, choices=P.choices, max_length=20)
    bedrag = geldveld()
    iban = models.CharField(max_length=34)
    begunstigde = models.CharField(max_length=70)
    klaargezet_op = models.DateTimeField()
    klaargezet_door = models.ForeignKey(Gebruiker, on_delete=models.PROTECT, null=True, related_name="+")
    geaccordeerd_op = models.DateTimeField(null=True)
    geaccordeerd_door = models.ForeignKey(Gebruiker, on_delete=models.PROTECT, null=True, related_name="+")
    lijst = models.ForeignKey(Betaallijst, on_delete=models.PROTECT, null=True, related_name="betalingen")
    betaald_op = models.DateTimeField(null=True)
    reden = models.CharField(max_length=300, blank=True)

    class Meta:
        verbose_name = _("betaling")
        verbose_name_plural = _("betalingen")
        ordering = ["klaargezet_op", "id"]
        constraints = [
            models.CheckConstraint(condition=Q(status__in=P.values), name="betaling_status_bekend"),
            models.CheckConstraint(condition=Q(bedrag__gt=0), name="betaling_positief"),
            models.CheckConstraint(
                condition=Q(geaccordeerd_door=None) | ~Q(geaccordeerd_door=F("klaargezet_door")),
                name="betaling_vier_ogen",
                violation_error_message=_("Wie de betaling klaarzet, accordeert haar niet."),
            ),
            models.CheckConstraint(
                condition=~Q(status=P.BETAALD) | Q(betaald_op__isnull=False), name="betaling_betaald_heeft_moment"
            ),
        ]

    def __str__(self) -> str:
        return self.kenmerk

    @transition(field=status, source=P.KLAARGEZET, target=P.GEACCORDEERD)
    def accorderen(self, *, op: datetime, actor: Gebruiker | None) -> None:
        self.geaccordeerd_op, self.geaccordeerd_door = op, actor

    @transition(field=status, source=P.GEACCORDEERD, target=P.IN_BESTAND)
    def op_lijst_zetten(self, *, op: datetime, actor: Gebruiker | None, lijst: Betaallijst) -> None:
        self.lijst = lijst

    @transition(field=status, source=P.IN_BESTAND, target=P.BETAALD)
    def betalen(self, *, op: datetime, actor: Gebruiker | None) -> None:
        """The bank confirmed it."""
        self.betaald_op = op

    @transition(field=status, source=[P.GEACCORDEERD, P.IN_BESTAND], target=P.GEWEIGERD)
    def weigeren(self, *, op: datetime, actor: Gebruiker | None, reden: str) -> None:
        """The bank returned it."""
        self.reden = reden
