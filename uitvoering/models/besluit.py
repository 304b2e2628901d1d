"""Decisions."""

from __future__ import annotations

import hashlib
import json
import uuid
from datetime import datetime

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _
from django_fsm import transition

from aanvragen.models import Aanvraag, Deelnemer
from kern.models import Bestand, Gebruiker
from kern.status import StatusModel, StatusVeld
from regeling.models import geldveld
from uitvoering.enums import Afwijzingsgrond, Besluitsoort, Besluitstatus

B = Besluitstatus


class Besluit(StatusModel):
    """A decision with its grounds (Awb 3:46, R16). Signed by someone else than who proposed it; then immutable."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    aanvraag = models.ForeignKey(Aanvraag, on_delete=models.PROTECT, related_name="besluiten")
    #: Settlement of one member of a group; empty for a decision on the whole.
    deelnemer = models.ForeignKey(Deelnemer, on_delete=models.PROTECT, null=True, related_name="besluiten")
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
                condition=Q(deelnemer=None),
                name="besluit_een_per_soort",
                violation_error_message=_("Er is al een besluit van deze soort."),
            ),
            models.UniqueConstraint(
                fields=["deelnemer"],
                name="besluit_een_per_deelnemer",
                violation_error_message=_("Er is al een besluit over deze deelnemer."),
            ),
            models.CheckConstraint(
                condition=Q(deelnemer=None) | Q(soort=Besluitsoort.VASTSTELLING), name="besluit_deelnemer_vaststelling"
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
    def over(self) -> str:
        """The kind in words, with the member that it is about: 'Vaststelling, Bedrijf B.V.'."""
        naam = str(self.get_soort_display())
        return naam if self.deelnemer is None else f"{naam}, {self.deelnemer.naam}"

    @property
    def vingerafdruk(self) -> str:
        """SHA-256 over what is decided; the trail holds it with every step, so that a changed text shows."""
        inhoud = [str(self.aanvraag_id), self.soort, str(self.bedrag), self.grond, self.artikel, self.motivering]
        if self.stuks is not None:
            inhoud.append(str(self.stuks))
        if self.deelnemer_id is not None:
            inhoud.append(f"deelnemer {self.deelnemer_id}")
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
