"""Assignments, assessments with score and reason per criterion, and where the assessment of an application is."""

from __future__ import annotations

from datetime import datetime

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from django_fsm import transition

from aanvragen.models import Aanvraag
from beoordeling.enums_commissie import IN_HAND, LEVEND, Stand, Toewijzingstatus
from beoordeling.models.commissie import Commissie, Commissielid
from kern.models import Gebruiker
from kern.status import StatusModel, StatusVeld

T, S = Toewijzingstatus, Stand


def scoreveld(**opties: object) -> models.DecimalField:
    """A total of 0 up to and with 100, two decimals."""
    return models.DecimalField(max_digits=5, decimal_places=2, **opties)  # type: ignore[arg-type]  # options of a field, passed on


class Toewijzingsronde(models.Model):
    """One run of the assignment: input and outcome, with their digest. ``werklijst``: what it left open."""

    commissie = models.ForeignKey(Commissie, on_delete=models.PROTECT, related_name="rondes")
    invoer = models.JSONField()
    uitkomst = models.JSONField()
    werklijst = models.JSONField(default=dict)
    sha256 = models.CharField(max_length=64)
    op = models.DateTimeField()
    door = models.ForeignKey(Gebruiker, on_delete=models.PROTECT, null=True, related_name="+")

    class Meta:
        verbose_name = _("ronde van toewijzing")
        verbose_name_plural = _("rondes van toewijzing")
        ordering = ["id"]

    def __str__(self) -> str:
        return f"{self.commissie_id} {self.op:%Y-%m-%d}"


class Toewijsopdracht(models.Model):
    """A run that was asked for in the browser: it waits, it runs, it is done or it failed.

    ``droog``: only to look. ``stap`` and ``deel`` (0-100): how far it is, as of ``gemeld_op``. ``uitkomst``: numbers
    ``aanvragen``, ``leden``, ``per_aanvraag``, ``nieuw``, ``weg``, ``behouden``, the dictionaries ``last`` and
    ``werklijst`` (see ``Plan``).
    """

    commissie = models.ForeignKey(Commissie, on_delete=models.PROTECT, related_name="opdrachten")
    droog = models.BooleanField(default=False)
    gevraagd_op = models.DateTimeField()
    gevraagd_door = models.ForeignKey(Gebruiker, on_delete=models.PROTECT, related_name="+")
    begonnen_op = models.DateTimeField(null=True)
    stap = models.CharField(max_length=40, blank=True)
    deel = models.PositiveSmallIntegerField(default=0)
    gemeld_op = models.DateTimeField()
    klaar_op = models.DateTimeField(null=True)
    uitkomst = models.JSONField(null=True)
    melding = models.TextField(blank=True)

    class Meta:
        verbose_name = _("opdracht om toe te wijzen")
        verbose_name_plural = _("opdrachten om toe te wijzen")
        ordering = ["id"]
        constraints = [
            models.UniqueConstraint(
                fields=["commissie"],
                condition=Q(klaar_op=None),
                name="toewijsopdracht_een_tegelijk",
                violation_error_message=_("Het toewijzen loopt al."),
            ),
            models.CheckConstraint(
                condition=Q(klaar_op=None, uitkomst__isnull=True, melding="")
                | Q(klaar_op__isnull=False, uitkomst__isnull=False, melding="")
                | (Q(klaar_op__isnull=False, uitkomst__isnull=True) & ~Q(melding="")),
                name="toewijsopdracht_klaar_met_uitkomst_of_melding",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.commissie_id} {self.gevraagd_op:%Y-%m-%d}"


class Toewijzing(StatusModel):
    """One member assesses one application. ``verklaring``: the words of the interest statement that were signed."""

    aanvraag = models.ForeignKey(Aanvraag, on_delete=models.PROTECT, related_name="toewijzingen")
    lid = models.ForeignKey(Commissielid, on_delete=models.PROTECT, related_name="toewijzingen")
    status = StatusVeld(default=T.VOORGESTELD, choices=T.choices, max_length=14)
    #: Asked after the others differed; reads nothing of theirs before the own assessment is in.
    derde = models.BooleanField(default=False)
    #: The last moment to hand in; a third assessor has a term of the own.
    scoren_tot = models.DateTimeField()
    voorgesteld_op = models.DateTimeField()
    voorgesteld_door = models.ForeignKey(Gebruiker, on_delete=models.PROTECT, null=True, related_name="+")
    verklaring = models.TextField(blank=True)
    verklaard_op = models.DateTimeField(null=True)
    reden = models.TextField(blank=True, help_text=_("Van weigeren, belang, vervallen of heropenen"))
    ingediend_op = models.DateTimeField(null=True)
    vastgesteld_op = models.DateTimeField(null=True)
    #: Which open page typed last, and its counter: a request that comes in after a later one changes nothing.
    klad_pagina = models.CharField(max_length=40, blank=True)
    klad_nr = models.PositiveBigIntegerField(default=0)

    class Meta:
        verbose_name = _("toewijzing")
        verbose_name_plural = _("toewijzingen")
        ordering = ["id"]
        constraints = [
            models.CheckConstraint(condition=Q(status__in=T.values), name="toewijzing_status_bekend"),
            models.UniqueConstraint(
                fields=["aanvraag", "lid"],
                condition=Q(status__in=sorted(LEVEND)),
                name="toewijzing_een_per_lid",
                violation_error_message=_("Dit lid beoordeelt deze aanvraag al."),
            ),
            models.CheckConstraint(
                condition=~Q(status__in=sorted(IN_HAND)) | (Q(verklaard_op__isnull=False) & ~Q(verklaring="")),
                name="toewijzing_aanvaard_heeft_verklaring",
            ),
            models.CheckConstraint(
                condition=~Q(status__in=[T.INGEDIEND, T.VASTGESTELD]) | Q(ingediend_op__isnull=False),
                name="toewijzing_ingediend_heeft_moment",
            ),
            models.CheckConstraint(
                condition=~Q(status__in=[T.GEWEIGERD, T.BELANG_GEMELD, T.VERVALLEN, T.HEROPEND]) | ~Q(reden=""),
                name="toewijzing_einde_heeft_reden",
            ),
        ]
        indexes = [models.Index(fields=["lid", "status"], name="toewijzing_van_lid")]

    def __str__(self) -> str:
        return f"beoordeling van {self.aanvraag}"

    @transition(field=status, source=T.VOORGESTELD, target=T.AANVAARD)
    def aanvaarden(self, *, op: datetime, actor: Gebruiker | None, verklaring: str) -> None:
        """With a signed statement that there is no interest."""
        self.verklaring, self.verklaard_op = verklaring, op

    @transition(field=status, source=T.VOORGESTELD, target=T.GEWEIGERD)
    def weigeren(self, *, op: datetime, actor: Gebruiker | None, reden: str) -> None:
        self.reden = reden

    @transition(
        field=status,
        source=[T.VOORGESTELD, T.AANVAARD, T.CONCEPT, T.INGEDIEND, T.HEROPEND],
        target=T.BELANG_GEMELD,
    )
    def belang_melden(self, *, op: datetime, actor: Gebruiker | None, reden: str) -> None:
        """An interest was declared or found; what was written no longer counts."""
        self.reden = reden

    @transition(field=status, source=[T.BELANG_GEMELD, T.VOORGESTELD, T.AANVAARD], target=T.VERVALLEN)
    def vervallen(self, *, op: datetime, actor: Gebruiker | None, reden: str) -> None:
        """After an interest, or because a new run or the secretary chose somebody else."""
        self.reden = reden

    @transition(field=status, source=T.AANVAARD, target=T.CONCEPT)
    def beginnen(self, *, op: datetime, actor: Gebruiker | None) -> None:
        """The first score was kept."""

    @transition(field=status, source=[T.CONCEPT, T.HEROPEND], target=T.INGEDIEND)
    def indienen(self, *, op: datetime, actor: Gebruiker | None) -> None:
        self.ingediend_op = op

    @transition(field=status, source=T.INGEDIEND, target=T.HEROPEND)
    def heropenen(self, *, op: datetime, actor: Gebruiker | None, reden: str) -> None:
        """Only while the others' scores are still hidden; the service sees to that."""
        self.reden = reden

    @transition(field=status, source=T.INGEDIEND, target=T.VASTGESTELD)
    def vaststellen(self, *, op: datetime, actor: Gebruiker | None) -> None:
        """All are in: from here on the assessors see each other's scores and nobody changes the own."""
        self.vastgesteld_op = op


class Criteriumscore(models.Model):
    """What the assessor has filled in for one criterion so far; kept while typing, so either half may be missing."""

    toewijzing = models.ForeignKey(Toewijzing, on_delete=models.CASCADE, related_name="criteriumscores")
    criterium = models.CharField(max_length=60)
    score = models.PositiveSmallIntegerField(null=True)
    reden = models.TextField(blank=True)
    op = models.DateTimeField()

    class Meta:
        verbose_name = _("score op een criterium")
        constraints = [
            models.UniqueConstraint(fields=["toewijzing", "criterium"], name="criteriumscore_een_keer"),
            models.CheckConstraint(
                condition=Q(score=None) | Q(score__gte=1, score__lte=5),
                name="criteriumscore_op_de_schaal",
                violation_error_message=_("Kies een score van 1 tot en met 5."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.criterium}: {self.score}"


class Beoordeling(models.Model):
    """An assessment as it was handed in; written once. ``scores``: code → {"score": 1..5, "reden": text}."""

    toewijzing = models.ForeignKey(Toewijzing, on_delete=models.PROTECT, related_name="beoordelingen")
    nr = models.PositiveSmallIntegerField()
    scores = models.JSONField()
    totaal = scoreveld()
    op = models.DateTimeField()

    class Meta:
        verbose_name = _("beoordeling")
        verbose_name_plural = _("beoordelingen")
        ordering = ["nr"]
        constraints = [models.UniqueConstraint(fields=["toewijzing", "nr"], name="beoordeling_volgorde")]

    def __str__(self) -> str:
        return f"{self.totaal}"


class Aanvraagbeoordeling(StatusModel):
    """The assessment of one application as a whole. ``onthuld_op``: from then on assessors see each other's scores.

    ``uitkomst``: totals, mean, spread and flags as they were at that moment (amounts as text, two decimals).
    """

    aanvraag = models.OneToOneField(Aanvraag, on_delete=models.PROTECT, related_name="beoordelingsstand")
    status = StatusVeld(default=S.TOEGEWEZEN, choices=S.choices, max_length=24)
    begonnen_op = models.DateTimeField()
    onthuld_op = models.DateTimeField(null=True)
    uitkomst = models.JSONField(default=dict, blank=True)

    class Meta:
        verbose_name = _("stand van de beoordeling")
        verbose_name_plural = _("standen van de beoordeling")
        constraints = [
            models.CheckConstraint(condition=Q(status__in=S.values), name="aanvraagbeoordeling_status_bekend"),
            models.CheckConstraint(
                condition=Q(status=S.TOEGEWEZEN) | Q(onthuld_op__isnull=False),
                name="aanvraagbeoordeling_compleet_heeft_moment",
            ),
        ]

    def __str__(self) -> str:
        return f"beoordeling van {self.aanvraag}"

    @transition(field=status, source=S.TOEGEWEZEN, target=S.ONAFHANKELIJK_COMPLEET)
    def compleet_melden(self, *, op: datetime, actor: Gebruiker | None) -> None:
        """The last assessor handed in."""
        self.onthuld_op = op

    @transition(field=status, source=S.ONAFHANKELIJK_COMPLEET, target=S.CONSISTENT)
    def consistent_verklaren(self, *, op: datetime, actor: Gebruiker | None) -> None:
        """No flag of divergence."""

    @transition(field=status, source=S.ONAFHANKELIJK_COMPLEET, target=S.DIVERGENT)
    def divergent_verklaren(self, *, op: datetime, actor: Gebruiker | None) -> None:
        """At least one flag."""

    @transition(field=status, source=S.DIVERGENT, target=S.BESPREKING)
    def bespreken(self, *, op: datetime, actor: Gebruiker | None) -> None:
        """The assessors look for agreement."""

    @transition(field=status, source=[S.DIVERGENT, S.BESPREKING], target=S.DERDE_BEOORDELAAR)
    def derde_vragen(self, *, op: datetime, actor: Gebruiker | None) -> None:
        """No agreement: somebody else assesses, blind."""

    @transition(
        field=status,
        source=[S.CONSISTENT, S.DIVERGENT, S.BESPREKING, S.DERDE_BEOORDELAAR],
        target=S.COMMISSIE_ADVIES,
    )
    def voorleggen(self, *, op: datetime, actor: Gebruiker | None) -> None:
        """The committee votes in a meeting."""

    @transition(
        field=status,
        source=[S.CONSISTENT, S.BESPREKING, S.DERDE_BEOORDELAAR, S.COMMISSIE_ADVIES],
        target=S.SCORE_VAST,
    )
    def score_vastleggen(self, *, op: datetime, actor: Gebruiker | None) -> None:
        """The final score stands in ``Eindscore``."""


class Consensus(models.Model):
    """A proposal of one assessor for common scores; counts when all others agree. Written down, agreed or not."""

    stand = models.ForeignKey(Aanvraagbeoordeling, on_delete=models.PROTECT, related_name="voorstellen")
    scores = models.JSONField(help_text=_("code → score 1 tot en met 5"))
    totaal = scoreveld()
    toelichting = models.TextField()
    op = models.DateTimeField()
    door = models.ForeignKey(Gebruiker, on_delete=models.PROTECT, related_name="+")
    gesloten_op = models.DateTimeField(null=True)

    class Meta:
        verbose_name = _("voorstel na bespreking")
        verbose_name_plural = _("voorstellen na bespreking")
        ordering = ["id"]
        constraints = [
            models.UniqueConstraint(
                fields=["stand"], condition=Q(gesloten_op=None), name="consensus_een_open_voorstel"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.totaal}"


class Consensusantwoord(models.Model):
    """What another assessor says to the proposal."""

    consensus = models.ForeignKey(Consensus, on_delete=models.PROTECT, related_name="antwoorden")
    door = models.ForeignKey(Gebruiker, on_delete=models.PROTECT, related_name="+")
    akkoord = models.BooleanField()
    reden = models.TextField(blank=True)
    op = models.DateTimeField()

    class Meta:
        verbose_name = _("antwoord op een voorstel")
        constraints = [
            models.UniqueConstraint(fields=["consensus", "door"], name="consensusantwoord_een_keer"),
            models.CheckConstraint(condition=Q(akkoord=True) | ~Q(reden=""), name="consensusantwoord_nee_heeft_reden"),
        ]

    def __str__(self) -> str:
        return "ja" if self.akkoord else "nee"
