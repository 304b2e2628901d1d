"""What a partner or applicant may know of a case, in public codes and plain words."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime

from django.utils import timezone

from aanvragen.enums import PUBLIEK, Publiek
from aanvragen.models import Aanvraag
from aanvragen.selectors import vervolg_van
from api.codes import Momentcode

#: The next step per public status; nothing follows after the others.
VOLGENDE_STAP = {
    Publiek.ONTVANGEN: "Wij kijken of de aanvraag compleet is.",
    Publiek.AANVULLING_NODIG: "De aanvrager stuurt ons wat er nog ontbreekt.",
    Publiek.IN_BEHANDELING: "Wij beoordelen de aanvraag en nemen een besluit.",
    Publiek.IN_VERDELING: "Wij verdelen het geld en nemen een besluit.",
    Publiek.RESERVE: "Komt er geld vrij, dan is deze aanvraag aan de beurt in de volgorde van de lijst.",
    Publiek.TOEGEKEND: "De aanvrager begint met het project.",
    Publiek.IN_UITVOERING: "De aanvrager rondt het project af en declareert de kosten.",
    Publiek.VASTSTELLING: "Wij bepalen het eindbedrag.",
}
#: Of a proposal that passed the first of two stages.
VOLLEDIG_VOORSTEL = "De aanvrager stuurt een volledig voorstel voor de tweede stap."
_WACHT_OP_BESLUIT = {Publiek.ONTVANGEN, Publiek.IN_BEHANDELING, Publiek.IN_VERDELING}


@dataclass(frozen=True)
class Moment:
    """Something that happened to a case; ``betekenis`` is a sentence."""

    code: str
    betekenis: str
    op: datetime


@dataclass(frozen=True)
class Gebeurtenis:
    """A change of the public status; ``volgnummer`` counts from 1 within the case."""

    volgnummer: int
    op: datetime
    status: str
    statusLabel: str


def momenten(aanvraag: Aanvraag) -> list[Moment]:
    """The moments that have come, in order of time."""
    paren = (
        (Momentcode.ONTVANGEN, aanvraag.ingediend_op),
        (Momentcode.COMPLEET, aanvraag.volledig_op),
        (Momentcode.BESLOTEN, aanvraag.besloten_op),
        (Momentcode.VERZONDEN, aanvraag.verzonden_op),
    )
    return [Moment(str(code), str(code.label), op) for code, op in paren if op is not None]


def volgende_stap(aanvraag: Aanvraag) -> str | None:
    vervolg = vervolg_van(aanvraag)
    if vervolg is not None:
        return VOLLEDIG_VOORSTEL if vervolg.wacht else None
    return VOLGENDE_STAP.get(aanvraag.publieke_status)


def uiterlijk_op(aanvraag: Aanvraag, termijn_aanvulling: date | None) -> date | None:
    """Last day of the next step. ``termijn_aanvulling``: last day of the open request to complete, if there is one."""
    status = aanvraag.publieke_status
    vervolg = vervolg_van(aanvraag)
    if vervolg is not None:
        return timezone.localdate(vervolg.tijdvak.sluit_op) if vervolg.wacht else None
    if status == Publiek.AANVULLING_NODIG:
        return termijn_aanvulling
    if status == Publiek.RESERVE:
        return aanvraag.tijdvak.tijdvakspec.reservelijst_tot
    return aanvraag.beslissen_uiterlijk_op if status in _WACHT_OP_BESLUIT else None


def gebeurtenissen(overgangen: Iterable[tuple[datetime, str]]) -> list[Gebeurtenis]:
    """Changes of the public status from the trail: pairs (moment, internal status it became), oldest first.

    A step between two internal states with one public meaning is no event, and neither is the draft.
    """
    gevonden: list[Gebeurtenis] = []
    vorige: Publiek = Publiek.CONCEPT
    for op, naar in overgangen:
        status = PUBLIEK.get(naar)
        if status is None or status == vorige:
            continue
        vorige = status
        gevonden.append(Gebeurtenis(len(gevonden) + 1, op, str(status), str(status.label)))
    return gevonden
