"""The member's answer: yes with a signed statement, or no with a reason. An interest stands in ``belangen``."""

from __future__ import annotations

from datetime import datetime

from beoordeling.commissieregels import eis_reden
from beoordeling.enums_commissie import Commissierol
from beoordeling.models import Toewijzing
from beoordeling.services.belang_zoeken import belangen_zoeken
from beoordeling.services.belangen import eis_zonder_belang
from beoordeling.services.commissie import eis_commissierol, weigering_in_spoor
from kern.fouten import InvoerFout, RechtenFout
from kern.models import Gebruiker
from kern.services.overgang import overgang_toepassen

#: What a member signs for each application.
VERKLARING = (
    "Ik heb geen belang bij deze aanvraag. Ik werk niet bij de aanvrager of de adviseur, werkte niet met hen samen, "
    "ben geen familie of huisgenoot van iemand die erbij betrokken is, en heb geen ander belang bij de uitkomst. "
    "Ik houd geheim wat ik lees."
)


def eis_eigen(toewijzing: Toewijzing, actor: Gebruiker, *, op: datetime) -> None:
    """The member's own assignment, in a running term, without an interest."""
    if toewijzing.lid.gebruiker_id != actor.pk:
        raise RechtenFout("Dit is niet uw beoordeling.", actie="Ga terug naar uw lijst.")
    eis_commissierol(toewijzing.lid.commissie, actor, Commissierol.LID, op=op)
    eis_zonder_belang(toewijzing.aanvraag, actor)


def toewijzing_aanvaarden(*, toewijzing: Toewijzing, verklaring: bool, actor: Gebruiker, op: datetime) -> Toewijzing:
    """``verklaring``: the member ticked :data:`VERKLARING`. Looks for interests once more."""
    with weigering_in_spoor(toewijzing, "aanvaarden", actor=actor, op=op):
        belangen_zoeken(leden=[toewijzing.lid], aanvragen=[toewijzing.aanvraag], op=op, actor=None)
        eis_eigen(toewijzing, actor, op=op)
        if not verklaring:
            raise InvoerFout(
                "U hebt niet verklaard dat u geen belang hebt.",
                actie="Vink de verklaring aan, of meld uw belang.",
                code="verklaring-ontbreekt",
                veld="verklaring",
            )
        return overgang_toepassen(toewijzing, "aanvaarden", actor=actor, op=op, verklaring=VERKLARING)


def toewijzing_weigeren(*, toewijzing: Toewijzing, reden: str, actor: Gebruiker, op: datetime) -> Toewijzing:
    """No, with a reason; the next run looks for somebody else."""
    with weigering_in_spoor(toewijzing, "weigeren", actor=actor, op=op):
        eis_eigen(toewijzing, actor, op=op)
        reden = eis_reden(reden, "De reden")
        return overgang_toepassen(toewijzing, "weigeren", actor=actor, op=op, reden=reden)
