"""The end of a case for the applicant: the final amount with its calculation, and the payments."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from django.utils.translation import gettext as _

from aanvragen.models import Aanvraag
from uitvoering.enums import Besluitstatus, Betalingstatus
from uitvoering.models import Betaling, Vaststelling


@dataclass(frozen=True)
class Betaalregel:
    """A payment in words that say nothing about how we work inside."""

    bedrag: Decimal
    iban: str
    stand: str
    soort: str
    op: datetime | None
    uitleg: str = ""


@dataclass(frozen=True)
class Uitslag:
    vaststelling: Vaststelling
    rekenregels: tuple[tuple[str, Decimal], ...]
    betalingen: tuple[Betaalregel, ...]


def uitslag_van(aanvraag: Aanvraag) -> Uitslag | None:
    """``None`` until the decision on the final amount was announced."""
    vaststelling = Vaststelling.objects.filter(
        aanvraag=aanvraag, besluit__deelnemer=None, besluit__status=Besluitstatus.VERZONDEN
    ).select_related("besluit").first()  # fmt: skip
    if vaststelling is None:
        return None
    return Uitslag(
        vaststelling=vaststelling,
        rekenregels=tuple((regel["omschrijving"], Decimal(regel["bedrag"])) for regel in vaststelling.berekening),
        betalingen=tuple(_regel(betaling) for betaling in aanvraag.betalingen.all()),
    )


def _regel(betaling: Betaling) -> Betaalregel:
    if betaling.status == Betalingstatus.BETAALD:
        stand, soort, uitleg = _("Betaald"), "ok", ""
    elif betaling.status == Betalingstatus.GEWEIGERD:
        stand, soort = _("Niet gelukt"), "error"
        uitleg = _("De bank heeft de betaling geweigerd. Controleer uw rekeningnummer en neem contact met ons op.")
    else:
        stand, soort, uitleg = _("Wordt betaald"), "info", ""
    return Betaalregel(betaling.bedrag, betaling.iban, stand, soort, betaling.betaald_op, uitleg)
