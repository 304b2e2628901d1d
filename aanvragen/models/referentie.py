"""A reference of an adviser and its state machine (design 05, part 5)."""

from __future__ import annotations

from datetime import date, datetime

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from django_fsm import transition

from aanvragen.enums import Referentiestatus
from aanvragen.models.aanvraag import Aanvraag
from aanvragen.models.adviseur import Adviseur
from aanvragen.models.organisatie import kvk_geldig
from kern.models import Gebruiker
from kern.status import StatusModel, StatusVeld

S = Referentiestatus
_LOOPT = [S.UITGENODIGD, S.HERINNERD]
#: From here a reference can still be taken back or replaced.
REFERENTIE_OPEN = [
    S.CONCEPT,
    S.GEBLOKKEERD,
    S.KLAAR,
    S.UITGENODIGD,
    S.ONBESTELBAAR,
    S.HERINNERD,
    S.VERLOPEN,
    S.GEWEIGERD,
    S.ONTKEND,
    S.BEANTWOORD,
    S.IN_CONTROLE,
]


class Referentie(StatusModel):
    """A client of the adviser who can confirm earlier work; checked before money moves."""

    aanvraag = models.ForeignKey(Aanvraag, on_delete=models.CASCADE, related_name="referenties")
    #: Filled at submission: from then on the reference belongs to this adviser and can be reused.
    adviseur = models.ForeignKey(Adviseur, on_delete=models.PROTECT, null=True, blank=True, related_name="referenties")
    volgorde = models.PositiveSmallIntegerField(default=0)
    status = StatusVeld(default=S.CONCEPT, choices=S.choices, max_length=20)
    organisatie = models.CharField(_("organisatie"), max_length=200)
    kvk_nummer = models.CharField(_("KvK-nummer"), max_length=8, blank=True, validators=[kvk_geldig])
    contactpersoon = models.CharField(_("contactpersoon"), max_length=200)
    email = models.EmailField(_("e-mailadres"))
    telefoon = models.CharField(_("telefoonnummer"), max_length=20, blank=True)
    opdracht = models.CharField(_("wat de adviseur daar deed"), max_length=300, blank=True)
    opdracht_van = models.DateField(_("begin van de opdracht"), null=True, blank=True)
    opdracht_tot = models.DateField(_("einde van de opdracht"), null=True, blank=True)
    vervangt = models.OneToOneField(
        "self", on_delete=models.PROTECT, null=True, blank=True, related_name="vervangen_door"
    )
    #: A confirmed reference of the same adviser that still counts: nobody is asked twice.
    hergebruik_van = models.ForeignKey(
        "self", on_delete=models.PROTECT, null=True, blank=True, related_name="hergebruikt_in"
    )
    uitgenodigd_op = models.DateTimeField(null=True)
    uitnodigingen = models.PositiveSmallIntegerField(default=0)
    beantwoord_op = models.DateTimeField(null=True)
    beoordeeld_op = models.DateTimeField(null=True)
    beoordeeld_door = models.ForeignKey(Gebruiker, on_delete=models.PROTECT, null=True, related_name="+")
    reden = models.TextField(blank=True)
    geldig_tot = models.DateField(null=True, help_text=_("Tot en met deze dag te gebruiken bij een nieuwe aanvraag"))

    class Meta:
        verbose_name = _("referentie")
        verbose_name_plural = _("referenties")
        ordering = ["volgorde", "id"]
        indexes = [models.Index(fields=["status", "uitgenodigd_op"], name="referentie_lopend")]
        constraints = [
            models.CheckConstraint(condition=Q(status__in=S.values), name="referentie_status_bekend"),
            models.CheckConstraint(
                condition=~Q(status=S.BEVESTIGD) | Q(beoordeeld_op__isnull=False, geldig_tot__isnull=False),
                name="referentie_bevestigd_heeft_moment",
            ),
            models.CheckConstraint(
                condition=~Q(status=S.NIET_BEVESTIGD)
                | (Q(beoordeeld_op__isnull=False, beoordeeld_door__isnull=False) & ~Q(reden="")),
                name="referentie_niet_bevestigd_heeft_reden",
            ),
        ]

    def __str__(self) -> str:
        return self.organisatie

    @transition(field=status, source=[S.CONCEPT, S.KLAAR], target=S.GEBLOKKEERD)
    def blokkeren(self, *, op: datetime, actor: Gebruiker | None, reden: str) -> None:
        """A block rule fired: nobody is written to."""
        self.reden = reden

    @transition(field=status, source=[S.CONCEPT, S.GEBLOKKEERD], target=S.KLAAR)
    def klaarzetten(self, *, op: datetime, actor: Gebruiker | None) -> None:
        """No block rule fired, or an officer lifted the block with a reason."""

    @transition(
        field=status, source=[S.KLAAR, S.UITGENODIGD, S.HERINNERD, S.ONBESTELBAAR, S.VERLOPEN], target=S.UITGENODIGD
    )
    def uitnodigen(self, *, op: datetime, actor: Gebruiker | None) -> None:
        """A link goes to the referee; an earlier one no longer works."""
        self.uitgenodigd_op = op
        self.uitnodigingen += 1

    @transition(field=status, source=_LOOPT, target=S.ONBESTELBAAR)
    def onbestelbaar_melden(self, *, op: datetime, actor: Gebruiker | None) -> None:
        """The message came back."""

    @transition(field=status, source=_LOOPT, target=S.HERINNERD)
    def herinneren(self, *, op: datetime, actor: Gebruiker | None) -> None:
        """Day 5 and day 10."""

    @transition(field=status, source=_LOOPT, target=S.VERLOPEN)
    def verlopen(self, *, op: datetime, actor: Gebruiker | None) -> None:
        """No answer on day 14."""

    @transition(field=status, source=_LOOPT, target=S.GEWEIGERD)
    def weigeren(self, *, op: datetime, actor: Gebruiker | None) -> None:
        """The referee does not want to take part; says nothing about the work."""
        self.beantwoord_op = op

    @transition(field=status, source=_LOOPT, target=S.ONTKEND)
    def ontkennen(self, *, op: datetime, actor: Gebruiker | None) -> None:
        """Not my project, or not my adviser."""
        self.beantwoord_op = op

    @transition(field=status, source=_LOOPT, target=S.BEANTWOORD)
    def beantwoorden(self, *, op: datetime, actor: Gebruiker | None) -> None:
        self.beantwoord_op = op

    @transition(field=status, source=[S.BEANTWOORD, S.ONTKEND, S.BEVESTIGD], target=S.IN_CONTROLE)
    def in_controle_nemen(self, *, op: datetime, actor: Gebruiker | None) -> None:
        """A flag fired, the random sample fell on it, it was denied, or new facts came up after confirmation."""
        self.geldig_tot = None

    @transition(field=status, source=[S.CONCEPT, S.KLAAR, S.BEANTWOORD, S.IN_CONTROLE], target=S.BEVESTIGD)
    def bevestigen(self, *, op: datetime, actor: Gebruiker | None, geldig_tot: date) -> None:
        """``actor`` ``None``: answered without flags, or a confirmed reference reused."""
        self.beoordeeld_op, self.beoordeeld_door, self.geldig_tot = op, actor, geldig_tot

    @transition(field=status, source=S.IN_CONTROLE, target=S.NIET_BEVESTIGD)
    def niet_bevestigen(self, *, op: datetime, actor: Gebruiker | None, reden: str) -> None:
        """Only after phoning back and hearing the adviser, by two persons; the service checks that."""
        self.beoordeeld_op, self.beoordeeld_door, self.reden = op, actor, reden

    @transition(field=status, source=REFERENTIE_OPEN, target=S.INGETROKKEN)
    def intrekken(self, *, op: datetime, actor: Gebruiker | None) -> None:
        """The application ended, or the applicant took the reference back."""

    @transition(field=status, source=[*REFERENTIE_OPEN, S.NIET_BEVESTIGD], target=S.VERVANGEN)
    def vervangen_worden(self, *, op: datetime, actor: Gebruiker | None) -> None:
        """Another referee came in its place; at most two replacements for an application."""
