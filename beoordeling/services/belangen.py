"""Interests that people report: declaring, recording and lifting one. Finding them stands in ``belang_zoeken``."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction

from aanvragen.models import Aanvraag
from beoordeling.commissieregels import eis_reden
from beoordeling.enums_commissie import LEVEND, Belangbron, Belangsoort, Commissierol, Toewijzingstatus
from beoordeling.models import Belang, Commissielid, Toewijzing
from beoordeling.selectors_commissie import heeft_belang
from beoordeling.services.belang_zoeken import leg_vast, maak_belang
from beoordeling.services.commissie import eis_commissierol
from kern.fouten import OvergangFout, RechtenFout
from kern.models import Gebruiker
from kern.services.overgang import vergrendel
from kern.services.spoor import Logpost, keten_van, log_schrijven


def belang_melden(*, toewijzing: Toewijzing, reden: str, actor: Gebruiker, op: datetime) -> Belang:
    """The member says that there is an interest; the assignment lapses, also when scores were handed in.

    Once scores are open to the others it is too late for the assignment: then the chair decides in the meeting.
    """
    reden = eis_reden(reden, "Wat uw belang is,")
    if toewijzing.lid.gebruiker_id != actor.pk:
        raise RechtenFout("Dit is niet uw beoordeling.", actie="Ga terug naar uw lijst.")
    with transaction.atomic():
        rij = vergrendel(toewijzing)
        if rij.status not in LEVEND or rij.status == Toewijzingstatus.VASTGESTELD:
            raise OvergangFout(
                f"Deze beoordeling is “{rij.get_status_display()}”.",
                actie="Meld uw belang bij de voorzitter van de commissie.",
            )
        belang = _nieuw_of_weer(rij.aanvraag, rij.lid, Belangbron.LID, reden, op, actor)
        leg_vast(belang, op=op, actor=actor)
    return belang


def belang_vastleggen(
    *, aanvraag: Aanvraag, lid: Commissielid, reden: str, actor: Gebruiker | None, op: datetime
) -> Belang:
    """The secretary or chair records an interest of a member, from whatever source; scores that stand then go to the
    meeting, without this member's."""
    eis_commissierol(lid.commissie, actor, Commissierol.SECRETARIS, Commissierol.VOORZITTER, op=op)
    reden = eis_reden(reden, "De reden")
    if actor is not None:
        eis_zonder_belang(aanvraag, actor)
    with transaction.atomic():
        belang = _nieuw_of_weer(aanvraag, lid, Belangbron.SECRETARIS, reden, op, actor)
        leg_vast(belang, op=op, actor=actor)
    return belang


def _nieuw_of_weer(
    aanvraag: Aanvraag, lid: Commissielid, bron: Belangbron, reden: str, op: datetime, door: Gebruiker | None
) -> Belang:
    """The row of a declared interest; one that was lifted counts again."""
    rij = Belang.objects.filter(aanvraag=aanvraag, gebruiker=lid.gebruiker, soort=Belangsoort.GEMELD).first()
    rij = rij or maak_belang(aanvraag, lid, Belangsoort.GEMELD, bron, reden, op, door)
    rij.bron, rij.reden, rij.op, rij.door = bron, reden, op, door
    rij.opgeheven_op, rij.opgeheven_door, rij.opgeheven_reden = None, None, ""
    return rij


def belang_opheffen(*, belang: Belang, reden: str, actor: Gebruiker, op: datetime) -> Belang:
    """A found interest that is none (two firms in one building). Never one that the member declared, nor the own."""
    reden = eis_reden(reden, "De reden")
    commissie = belang.aanvraag.tijdvak.commissie
    eis_commissierol(commissie, actor, Commissierol.SECRETARIS, Commissierol.VOORZITTER, op=op)
    if belang.gebruiker_id == actor.pk:
        raise RechtenFout("Over uw eigen belang beslist een ander.", actie="Vraag de voorzitter.", code="vier-ogen")
    if belang.bron == Belangbron.LID:
        raise OvergangFout(
            "Een belang dat het lid zelf meldt, heft u niet op.", actie="Wijs een ander lid aan deze aanvraag toe."
        )
    with transaction.atomic():
        belang = Belang.objects.select_for_update(of=("self",)).get(pk=belang.pk)
        if belang.opgeheven_op is not None:
            raise OvergangFout("Dit belang is al opgeheven.", actie="Ververs de pagina.")
        belang.opgeheven_op, belang.opgeheven_door, belang.opgeheven_reden = op, actor, reden
        belang.save(update_fields=["opgeheven_op", "opgeheven_door", "opgeheven_reden"])
        log_schrijven(
            Logpost(
                keten=keten_van(belang.aanvraag),
                handeling="belang_opheffen",
                op=op,
                actor=actor,
                reden=reden,
                gegevens={"lid": str(belang.gebruiker), "soort": belang.soort},
            )
        )
    return belang


def eis_zonder_belang(aanvraag: Aanvraag, gebruiker: Gebruiker) -> None:
    """:class:`RechtenFout` when the person has an interest in this application, recorded or by a mandate of today."""
    if heeft_belang(gebruiker, aanvraag):
        raise RechtenFout(
            "U hebt een belang bij deze aanvraag en mag haar niet beoordelen.",
            actie="Laat deze aanvraag aan de andere leden over.",
            code="belang",
        )
