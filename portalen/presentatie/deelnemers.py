"""The members of a granted group in a table: what each gets, and where its claim stands."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal

from django.utils.translation import gettext as _

from aanvragen.models import Deelnemer
from uitvoering.enums import Besluitstatus, Betalingstatus, Declaratiestatus
from uitvoering.selectors import heeft_ingediend

_AFGEROND = {Declaratiestatus.GOEDGEKEURD, Declaratiestatus.DEELS_GOEDGEKEURD, Declaratiestatus.AFGEKEURD}
NUL = Decimal("0.00")


@dataclass(frozen=True)
class Deelnemerregel:
    """``vertrekbaar``: can still leave. ``besluit``: id of a settlement that is being prepared or was sent."""

    lid: Deelnemer
    stand: str
    soort: str
    vertrekbaar: bool
    ingediend: bool
    besluit: object = None
    lopend: bool = False


@dataclass(frozen=True)
class Groepstotaal:
    toegekend: Decimal
    vastgesteld: Decimal
    betaald: Decimal


def deelnemerregels(leden: Iterable[Deelnemer], *, loopt: bool) -> list[Deelnemerregel]:
    """Takes members with ``besluiten`` and ``betalingen`` prefetched; ``loopt``: the project goes on."""
    return [_regel(lid, loopt) for lid in leden]


def _regel(lid: Deelnemer, loopt: bool) -> Deelnemerregel:
    besluit = next(iter(lid.besluiten.all()), None)
    stand, soort = stand_van_lid(lid)
    ingediend = heeft_ingediend(lid)
    return Deelnemerregel(
        lid=lid,
        stand=stand,
        soort=soort,
        vertrekbaar=loopt and lid.doet_mee and not ingediend and lid.vastgesteld_bedrag is None,
        ingediend=ingediend,
        besluit=besluit.pk if besluit is not None else None,
        lopend=besluit is not None and besluit.status in {Besluitstatus.VOORGESTELD, Besluitstatus.ONDERTEKEND},
    )


def stand_van_lid(lid: Deelnemer) -> tuple[str, str]:
    """(words, colour) for the part of one member."""
    if not lid.doet_mee:
        return _("Vertrokken"), "neutraal"
    if lid.vastgesteld_bedrag is not None:
        if any(betaling.status == Betalingstatus.BETAALD for betaling in lid.betalingen.all()):
            return _("Betaald"), "ok"
        return _("Vastgesteld"), "ok"
    claim = getattr(lid, "declaratie", None)
    if claim is None:
        return _("Nog geen declaratie"), "neutraal"
    if claim.status == Declaratiestatus.CONCEPT:
        return _("Declaratie begonnen"), "neutraal"
    if claim.status in _AFGEROND:
        return _("Declaratie gecontroleerd"), "info"
    return str(claim.get_status_display()), "info"


def totalen(leden: Iterable[Deelnemer]) -> Groepstotaal:
    """Sums over who takes part, in euros."""
    mee = [lid for lid in leden if lid.doet_mee]
    betaald = [b.bedrag for lid in mee for b in lid.betalingen.all() if b.status == Betalingstatus.BETAALD]
    return Groepstotaal(
        toegekend=sum((lid.toegekend_bedrag or NUL for lid in mee), NUL),
        vastgesteld=sum((lid.vastgesteld_bedrag or NUL for lid in mee), NUL),
        betaald=sum(betaald, NUL),
    )
