"""The application and its state machine."""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from django_fsm import RETURN_VALUE, transition

from aanvragen.enums import MEEDOEND, PUBLIEK, Bron, Correspondentie, Publiek, Status
from aanvragen.models.adviseur import Adviseur
from aanvragen.models.organisatie import Organisatie
from kern.models import Bestand, Gebruiker
from kern.status import StatusModel, StatusVeld
from regeling.enums import Eenheid
from regeling.models import Thema, Tijdvak, geldveld

S = Status
_GEGEVEN = [S.CONCEPT, S.VERLOPEN]
_NA_COMPLEET = [
    S.COMPLEET,
    S.IN_VERDELING,
    S.GESELECTEERD,
    S.RESERVE,
    S.VERLEEND,
    S.IN_UITVOERING,
    S.VASTSTELLING_GEVRAAGD,
    S.VASTGESTELD,
    S.AFGESLOTEN,
    S.BESLUIT_INGETROKKEN,
    S.TERUGGEVORDERD,
]
_BESLOTEN = [
    S.VERLEEND,
    S.IN_UITVOERING,
    S.VASTSTELLING_GEVRAAGD,
    S.VASTGESTELD,
    S.AFGESLOTEN,
    S.AFGEWEZEN,
    S.BUITEN_BEHANDELING,
    S.BESLUIT_INGETROKKEN,
    S.TERUGGEVORDERD,
]
#: Ends a historical file can name.
_HISTORISCH = [S.VERLEEND, S.NIET_GESELECTEERD, S.AFGEWEZEN, S.VASTGESTELD, S.BESLUIT_INGETROKKEN]


@dataclass(frozen=True)
class Besluitmoment:
    """When and by whom a decision was signed."""

    op: datetime
    door: Gebruiker | None


class Aanvraag(StatusModel):
    """An application by one organisation in one round."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    tijdvak = models.ForeignKey(Tijdvak, on_delete=models.PROTECT, related_name="aanvragen")
    organisatie = models.ForeignKey(Organisatie, on_delete=models.PROTECT, related_name="aanvragen")
    kenmerk = models.CharField(_("kenmerk"), max_length=40, blank=True, help_text=_("Uitgegeven bij ontvangst"))
    status = StatusVeld(default=S.CONCEPT, choices=S.choices, max_length=30)
    bron = models.CharField(max_length=12, choices=Bron.choices, default=Bron.PORTAAL)
    een_per_aanvrager = models.BooleanField(default=False, help_text=_("Uit de regeling, vastgelegd bij het begin"))
    versie = models.PositiveIntegerField(default=1, help_text=_("Telt bij elke bewaring; bewaakt gelijktijdig werk"))

    titel = models.CharField(_("titel van het project"), max_length=200, blank=True)
    omschrijving = models.TextField(_("omschrijving"), blank=True)
    start_op = models.DateField(_("begin van het project"), null=True, blank=True)
    eind_op = models.DateField(_("einde van het project"), null=True, blank=True)
    contactpersoon = models.CharField(_("contactpersoon"), max_length=200, blank=True)
    contact_email = models.EmailField(_("e-mailadres"), blank=True)
    contact_telefoon = models.CharField(_("telefoonnummer"), max_length=20, blank=True)
    iban = models.CharField(_("rekeningnummer (IBAN)"), max_length=34, blank=True)
    doelen = models.JSONField(_("doelen"), default=list, blank=True)
    antwoorden = models.JSONField(_("antwoorden"), default=dict, blank=True)
    themas = models.ManyToManyField(Thema, through="aanvragen.Aanvraagthema", related_name="aanvragen")
    adviseur = models.ForeignKey(Adviseur, on_delete=models.PROTECT, null=True, blank=True, related_name="aanvragen")
    kosten_totaal = geldveld(null=True, blank=True)
    gevraagd_bedrag = geldveld(null=True, blank=True)
    toegekend_bedrag = geldveld(null=True, blank=True)
    #: Vouchers or places, in a round whose ceiling counts those; the amounts above stay euros.
    gevraagd_stuks = models.PositiveIntegerField(_("aantal gevraagd"), null=True, blank=True)
    toegekend_stuks = models.PositiveIntegerField(_("aantal toegekend"), null=True, blank=True)
    vastgesteld_bedrag = geldveld(null=True, blank=True)
    potten = models.JSONField(default=list, blank=True, help_text=_("Codes van de deelplafonds"))
    stappen_klaar = models.JSONField(default=list, blank=True)
    #: The organisation as it was at submission (size, sector, place): reports count what was true then.
    organisatie_toen = models.JSONField(default=dict, blank=True)

    vestigingsnummer = models.CharField(_("vestigingsnummer"), max_length=12, blank=True)
    #: The colleague at the applicant who looks after the case; handed over when somebody leaves.
    verantwoordelijke = models.ForeignKey(Gebruiker, on_delete=models.PROTECT, null=True, related_name="+")
    correspondentie = models.CharField(
        _("hoe u post wilt krijgen"),
        max_length=10,
        choices=Correspondentie.choices,
        default=Correspondentie.DIGITAAL,
    )
    ondertekenaar_naam = models.CharField(_("naam van wie ondertekent"), max_length=200, blank=True)
    ondertekenaar_functie = models.CharField(_("functie van wie ondertekent"), max_length=100, blank=True)
    ter_ondertekening_op = models.DateTimeField(null=True)
    ter_ondertekening_door = models.ForeignKey(Gebruiker, on_delete=models.PROTECT, null=True, related_name="+")

    aangemaakt_op = models.DateTimeField(editable=False)
    aangemaakt_door = models.ForeignKey(Gebruiker, on_delete=models.PROTECT, null=True, related_name="+")
    gewijzigd_op = models.DateTimeField()
    ingediend_op = models.DateTimeField(null=True)
    ingediend_door = models.ForeignKey(Gebruiker, on_delete=models.PROTECT, null=True, related_name="+")
    #: Everything as it was sent, in sections of label and value (R45); `inhoud_sha256` is its digest.
    ingediende_inhoud = models.JSONField(default=list, blank=True)
    inhoud_sha256 = models.CharField(max_length=64, blank=True)
    ontvangstbewijs = models.ForeignKey(Bestand, on_delete=models.PROTECT, null=True, related_name="+")
    volledig_op = models.DateTimeField(null=True)
    volledig_door = models.ForeignKey(Gebruiker, on_delete=models.PROTECT, null=True, related_name="+")
    besloten_op = models.DateTimeField(null=True)
    besloten_door = models.ForeignKey(Gebruiker, on_delete=models.PROTECT, null=True, related_name="+")
    verzonden_op = models.DateTimeField(null=True)
    verzonden_door = models.ForeignKey(Gebruiker, on_delete=models.PROTECT, null=True, related_name="+")
    beslissen_uiterlijk_op = models.DateField(null=True, help_text=_("Wettelijke datum; de werklijst staat hierop"))
    behandelaar = models.ForeignKey(Gebruiker, on_delete=models.PROTECT, null=True, related_name="in_behandeling")
    intrekkingsreden = models.TextField(blank=True)

    class Meta:
        verbose_name = _("aanvraag")
        verbose_name_plural = _("aanvragen")
        ordering = ["-aangemaakt_op", "id"]
        indexes = [
            models.Index(fields=["tijdvak", "status"], name="aanvraag_tijdvak_status"),
            models.Index(fields=["gewijzigd_op", "id"], name="aanvraag_gewijzigd"),
        ]
        constraints = [
            models.CheckConstraint(condition=Q(status__in=S.values), name="aanvraag_status_bekend"),
            models.UniqueConstraint(
                fields=["tijdvak", "kenmerk"], condition=~Q(kenmerk=""), name="aanvraag_kenmerk_uniek"
            ),
            models.UniqueConstraint(
                fields=["tijdvak", "organisatie"],
                condition=Q(status=S.CONCEPT),
                name="aanvraag_een_concept",
                violation_error_message=_("Uw organisatie heeft al een concept voor dit tijdvak."),
            ),
            models.UniqueConstraint(
                fields=["tijdvak", "organisatie"],
                condition=Q(een_per_aanvrager=True, status__in=sorted(MEEDOEND)),
                name="aanvraag_een_per_aanvrager",
                violation_error_message=_("Per aanvrager doet één aanvraag mee."),
            ),
            models.CheckConstraint(
                condition=Q(status__in=_GEGEVEN) | (Q(ingediend_op__isnull=False) & ~Q(kenmerk="")),
                name="aanvraag_ingediend_heeft_moment_en_kenmerk",
            ),
            models.CheckConstraint(
                condition=~Q(status__in=_NA_COMPLEET) | Q(volledig_op__isnull=False),
                name="aanvraag_compleet_heeft_moment",
            ),
            models.CheckConstraint(
                condition=~Q(status__in=_BESLOTEN) | Q(besloten_op__isnull=False), name="aanvraag_besluit_heeft_moment"
            ),
            models.CheckConstraint(
                condition=~Q(status__in=[S.GESELECTEERD, S.VERLEEND, S.IN_UITVOERING, S.VASTSTELLING_GEVRAAGD])
                | Q(toegekend_bedrag__gt=0)
                | Q(toegekend_stuks__gt=0),
                name="aanvraag_toegekend_heeft_bedrag",
            ),
            models.CheckConstraint(
                condition=Q(eind_op__isnull=True) | Q(start_op__isnull=True) | Q(eind_op__gte=models.F("start_op")),
                name="aanvraag_eind_na_begin",
                violation_error_message=_("Het einde ligt na het begin."),
            ),
        ]

    def __str__(self) -> str:
        return self.kenmerk or f"concept {str(self.id)[:8]}"

    @property
    def ruimte_gevraagd(self) -> Decimal:
        """What it asks of the ceilings, in the unit of the round (euros or pieces); 0 for an unfinished draft."""
        stuks = self.tijdvak.eenheid == Eenheid.STUKS
        return Decimal((self.gevraagd_stuks if stuks else self.gevraagd_bedrag) or 0)

    @property
    def ruimte_toegekend(self) -> Decimal:
        """What it takes of the ceilings, in the unit of the round; 0 until it was selected."""
        stuks = self.tijdvak.eenheid == Eenheid.STUKS
        return Decimal((self.toegekend_stuks if stuks else self.toegekend_bedrag) or 0)

    def in_ruimte(self, bedrag: Decimal) -> Decimal:
        """Euros of a grant as the ceilings count them: the euros, or all its pieces as soon as there is any amount."""
        if self.tijdvak.eenheid == Eenheid.STUKS:
            return self.ruimte_toegekend if bedrag else Decimal(0)
        return bedrag

    @property
    def publieke_status(self) -> Publiek:
        return PUBLIEK[self.status]

    @property
    def is_uitgenodigd(self) -> bool:
        """Passed the first of two stages: nothing is to be decided on this proposal any more."""
        return self.status == Status.GESELECTEERD and self.tijdvak.verdeling.stappen > self.tijdvak.stap

    @property
    def publieke_stand(self) -> str:
        """The public status in words on a screen."""
        return str(_("Uitgenodigd voor de tweede stap") if self.is_uitgenodigd else self.publieke_status.label)

    @transition(field=status, source=S.CONCEPT, target=S.INGEDIEND)
    def indienen(
        self,
        *,
        op: datetime,
        actor: Gebruiker | None,
        kenmerk: str,
        inhoud: list[Any],
        inhoud_sha256: str,
        organisatie_toen: dict[str, Any],
        ontvangen_op: datetime,
    ) -> None:
        """Sent and received (Awb 4:1-4:3a); ``ontvangen_op`` is when the server got it, or the stamp on a letter."""
        self.ingediend_op, self.ingediend_door = ontvangen_op, actor
        self.kenmerk, self.organisatie_toen = kenmerk, organisatie_toen
        self.ingediende_inhoud, self.inhoud_sha256 = inhoud, inhoud_sha256
        self._gewijzigd(op)

    @transition(field=status, source=S.CONCEPT, target=S.VERLOPEN)
    def verlopen(self, *, op: datetime, actor: Gebruiker | None) -> None:
        """Not sent before closing."""
        self._gewijzigd(op)

    @transition(field=status, source=S.INGEDIEND, target=S.IN_BEHANDELING)
    def in_behandeling_nemen(self, *, op: datetime, actor: Gebruiker | None) -> None:
        self.behandelaar = actor
        self._gewijzigd(op)

    @transition(field=status, source=[S.IN_BEHANDELING], target=S.AANVULLING_GEVRAAGD)
    def aanvulling_vragen(self, *, op: datetime, actor: Gebruiker | None) -> None:
        """Request to complete with a term (Awb 4:5)."""
        self._gewijzigd(op)

    @transition(field=status, source=S.AANVULLING_GEVRAAGD, target=S.IN_BEHANDELING)
    def aanvullen(self, *, op: datetime, actor: Gebruiker | None) -> None:
        """The applicant answered, or the term lapsed and it goes on as it is."""
        self._gewijzigd(op)

    @transition(field=status, source=S.IN_BEHANDELING, target=S.COMPLEET)
    def compleet_verklaren(self, *, op: datetime, actor: Gebruiker | None, volledig_op: datetime) -> None:
        """``volledig_op`` is the rank date: the day the last missing part came in, not the day of checking (T5)."""
        self.volledig_op, self.volledig_door = volledig_op, actor
        self._gewijzigd(op)

    @transition(field=status, source=[S.AANVULLING_GEVRAAGD, S.IN_BEHANDELING], target=S.BUITEN_BEHANDELING)
    def buiten_behandeling_stellen(self, *, op: datetime, actor: Gebruiker | None, besluit: Besluitmoment) -> None:
        """Only after a term was given, and lapsed or was used in vain (Awb 4:5, R3-R4); the service checks that."""
        self._besloten(op, actor, besluit)

    @transition(field=status, source=S.COMPLEET, target=S.IN_VERDELING)
    def in_verdeling_nemen(self, *, op: datetime, actor: Gebruiker | None) -> None:
        """The list of the round is frozen."""
        self._gewijzigd(op)

    @transition(field=status, source=[S.IN_VERDELING, S.RESERVE], target=S.GESELECTEERD)
    def selecteren(
        self, *, op: datetime, actor: Gebruiker | None, bedrag: Decimal | None, stuks: int | None = None
    ) -> None:
        """There is room under the ceiling: for ``bedrag`` euros, or for ``stuks`` vouchers (with their value) or
        places (without an amount)."""
        self.toegekend_bedrag, self.toegekend_stuks = bedrag, stuks
        self._gewijzigd(op)

    @transition(field=status, source=S.IN_VERDELING, target=S.RESERVE)
    def op_reservelijst_plaatsen(self, *, op: datetime, actor: Gebruiker | None) -> None:
        self._gewijzigd(op)

    @transition(
        field=status,
        source=[S.INGEDIEND, S.IN_BEHANDELING, S.AANVULLING_GEVRAAGD, S.IN_VERDELING, S.RESERVE],
        target=S.NIET_GESELECTEERD,
    )
    def niet_selecteren(self, *, op: datetime, actor: Gebruiker | None) -> None:
        """No room and no reserve list (any more). Not assessed: its turn in the drawn order never came."""
        self._gewijzigd(op)

    @transition(field=status, source=S.GESELECTEERD, target=S.VERLEEND)
    def verlenen(self, *, op: datetime, actor: Gebruiker | None, besluit: Besluitmoment) -> None:
        self._besloten(op, actor, besluit)

    @transition(
        field=status,
        source=[S.COMPLEET, S.IN_VERDELING, S.NIET_GESELECTEERD, S.RESERVE, S.GESELECTEERD],
        target=S.AFGEWEZEN,
    )
    def afwijzen(self, *, op: datetime, actor: Gebruiker | None, besluit: Besluitmoment) -> None:
        """With ground and article; they stand in the decision. Who was selected gives its room back."""
        self.toegekend_bedrag = self.toegekend_stuks = None
        self._besloten(op, actor, besluit)

    @transition(field=status, source=[S.AFGEWEZEN, S.BUITEN_BEHANDELING], target=S.IN_VERDELING)
    def herstellen(self, *, op: datetime, actor: Gebruiker | None) -> None:
        """An objection was upheld: it takes part after all, in its own place (Awb 4:25(3), R30)."""
        self.volledig_op = self.volledig_op or self.ingediend_op
        self._gewijzigd(op)

    @transition(field=status, source=S.VERLEEND, target=S.IN_UITVOERING)
    def uitvoering_beginnen(self, *, op: datetime, actor: Gebruiker | None) -> None:
        self._gewijzigd(op)

    @transition(field=status, source=[S.VERLEEND, S.IN_UITVOERING], target=S.VASTSTELLING_GEVRAAGD)
    def vaststelling_vragen(self, *, op: datetime, actor: Gebruiker | None) -> None:
        self._gewijzigd(op)

    @transition(field=status, source=S.VASTSTELLING_GEVRAAGD, target=S.VASTGESTELD)
    def vaststellen(self, *, op: datetime, actor: Gebruiker | None, bedrag: Decimal) -> None:
        """Final amount in euros; equals the grant unless a ground says otherwise (Awb 4:46, R38)."""
        self.vastgesteld_bedrag = bedrag
        self._gewijzigd(op)

    @transition(field=status, source=S.VASTGESTELD, target=S.AFGESLOTEN)
    def afsluiten(self, *, op: datetime, actor: Gebruiker | None) -> None:
        """Paid and nothing open."""
        self._gewijzigd(op)

    @transition(
        field=status,
        source=[S.INGEDIEND, S.IN_BEHANDELING, S.AANVULLING_GEVRAAGD, S.COMPLEET, S.IN_VERDELING, S.RESERVE],
        target=S.INGETROKKEN,
    )
    def intrekken(self, *, op: datetime, actor: Gebruiker | None, reden: str) -> None:
        """By the applicant."""
        self.intrekkingsreden = reden
        self._gewijzigd(op)

    @transition(field=status, source=[S.GESELECTEERD, S.VERLEEND, S.IN_UITVOERING], target=S.BESLUIT_INGETROKKEN)
    def besluit_intrekken(self, *, op: datetime, actor: Gebruiker | None, reden: str) -> None:
        """The applicant gives the grant back, or it is withdrawn (Awb 4:48)."""
        self.intrekkingsreden = reden
        self.besloten_op, self.besloten_door = self.besloten_op or op, self.besloten_door or actor
        self._gewijzigd(op)

    @transition(field=status, source=S.VASTGESTELD, target=S.TERUGGEVORDERD)
    def terugvorderen(self, *, op: datetime, actor: Gebruiker | None) -> None:
        self._gewijzigd(op)

    @transition(field=status, source=S.CONCEPT, target=RETURN_VALUE(*_HISTORISCH))
    def historisch_vastleggen(self, *, op: datetime, actor: Gebruiker | None, einde: str) -> str:
        """An application of the past, known from a file, in the state it ended in; its moments are the round's."""
        self.bron = Bron.IMPORT
        self.ingediend_op = self.volledig_op = self.tijdvak.sluit_op
        if einde in _BESLOTEN:
            self.besloten_op = self.tijdvak.sluit_op
        self._gewijzigd(op)
        return einde

    def _gewijzigd(self, op: datetime) -> None:
        self.gewijzigd_op = op
        self.versie += 1

    def _besloten(self, op: datetime, actor: Gebruiker | None, besluit: Besluitmoment) -> None:
        """In force by sending (Awb 3:40); the day of deciding is kept apart (R15)."""
        self.besloten_op, self.besloten_door = besluit.op, besluit.door
        self.verzonden_op, self.verzonden_door = op, actor
        self._gewijzigd(op)


class Aanvraagthema(models.Model):
    aanvraag = models.ForeignKey(Aanvraag, on_delete=models.CASCADE, related_name="gekozen_themas")
    thema = models.ForeignKey(Thema, on_delete=models.PROTECT, related_name="+")
    hoofd = models.BooleanField(default=False)

    class Meta:
        verbose_name = _("gekozen thema")
        constraints = [
            models.UniqueConstraint(fields=["aanvraag", "thema"], name="aanvraagthema_uniek"),
            models.UniqueConstraint(fields=["aanvraag"], condition=Q(hoofd=True), name="aanvraagthema_een_hoofdthema"),
        ]

    def __str__(self) -> str:
        return f"{self.aanvraag_id}: {self.thema_id}"
