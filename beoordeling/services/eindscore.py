"""The boundary between who scores (a committee, a replay) and the ranking: final scores, fixed once."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal
from uuid import UUID

from django.db import transaction

from aanvragen.enums import Status
from aanvragen.models import Aanvraag
from beoordeling import models
from beoordeling.score import HOOGSTE, LAAGSTE, onder_drempel, rond_af
from kern.enums import Rol
from kern.fouten import InvoerFout, OvergangFout
from kern.models import Gebruiker
from kern.rechten import eis_rol
from kern.services.overgang import vergrendel
from kern.services.spoor import Logpost, keten_van, log_schrijven
from regeling.models import Tijdvak

#: States in which an application can still get its final score.
_SCOORBAAR = {Status.IN_BEHANDELING, Status.AANVULLING_GEVRAAGD, Status.COMPLEET}


@dataclass(frozen=True)
class Eindscore:
    """``totaal`` 0.00-100.00; ``criteria``: code → 1-5; ``beoordelingen``: code of an assessor → its total."""

    totaal: Decimal
    criteria: Mapping[str, Decimal] = field(default_factory=dict)
    beoordelingen: Mapping[str, Decimal] = field(default_factory=dict)
    bron: str = ""
    vastgesteld_op: datetime | None = None


def eindscores(tijdvak: Tijdvak, *, alleen: Aanvraag | None = None) -> dict[UUID, Eindscore]:
    """The final scores of a round (or ``alleen`` of one application) by application; one without is not in it."""
    rijen = models.Eindscore.objects.filter(aanvraag__tijdvak=tijdvak)
    if alleen is not None:
        rijen = rijen.filter(aanvraag=alleen)
    return {
        rij.aanvraag_id: Eindscore(
            totaal=rij.totaal,
            criteria={code: Decimal(waarde) for code, waarde in rij.criteria.items()},
            beoordelingen={code: Decimal(waarde) for code, waarde in rij.beoordelingen.items()},
            bron=rij.bron,
            vastgesteld_op=rij.vastgesteld_op,
        )
        for rij in rijen
    }


def drempels_niet_gehaald(tijdvak: Tijdvak, score: Eindscore) -> list[str]:
    """Codes of the criteria whose minimum was not reached, then ``totaal``; empty: it is on the list. At is enough."""
    verdeling, criteria = tijdvak.verdeling, tijdvak.spec.criteria_in(tijdvak.stap)
    minima = {c.code: Decimal(c.minimum) for c in criteria if c.minimum is not None}
    return onder_drempel(score.totaal, score.criteria, drempel=verdeling.drempel, per_criterium=minima)


def eindscore_vastleggen(
    *, aanvraag: Aanvraag, score: Eindscore, actor: Gebruiker | None, op: datetime
) -> models.Eindscore:
    """Fixes the final score of an application, once; the committee's service and the replay both use this.

    Raises :class:`InvoerFout` for a score that the scheme does not know, :class:`OvergangFout` when there is one
    already or when the list of the round is frozen.
    """
    eis_rol(actor, Rol.VOORZITTER, Rol.SECRETARIS, Rol.BEHEERDER)
    with transaction.atomic():
        aanvraag = vergrendel(aanvraag)
        _controleer(aanvraag, score)
        if aanvraag.status not in _SCOORBAAR:
            raise OvergangFout(
                f"De aanvraag is “{aanvraag.get_status_display()}”; een eindscore kan nu niet meer.",
                actie="Een score staat vast voordat de lijst wordt bevroren.",
                code="lijst-bevroren",
            )
        if models.Eindscore.objects.filter(aanvraag=aanvraag).exists():
            raise OvergangFout("Deze aanvraag heeft al een eindscore.", actie="De eindscore ligt vast.", code="al-vast")
        rij = models.Eindscore.objects.create(
            aanvraag=aanvraag,
            totaal=score.totaal,
            criteria={code: str(waarde) for code, waarde in score.criteria.items()},
            beoordelingen={code: str(waarde) for code, waarde in score.beoordelingen.items()},
            bron=score.bron,
            vastgesteld_op=op,
            vastgesteld_door=actor,
        )
        log_schrijven(
            Logpost(
                keten=keten_van(aanvraag),
                handeling="eindscore_vastleggen",
                op=op,
                actor=actor,
                gegevens={"totaal": str(score.totaal), "criteria": rij.criteria, "bron": score.bron},
            )
        )
    return rij


def _controleer(aanvraag: Aanvraag, score: Eindscore) -> None:
    codes = [c.code for c in aanvraag.tijdvak.spec.criteria_in(aanvraag.tijdvak.stap)]
    if set(score.criteria) != set(codes):
        raise InvoerFout(
            f"Er is een score nodig voor precies deze criteria: {', '.join(codes)}.", actie="Vul elk criterium in."
        )
    if any(not LAAGSTE <= waarde <= HOOGSTE for waarde in score.criteria.values()):
        raise InvoerFout(f"Een score per criterium ligt tussen {LAAGSTE} en {HOOGSTE}.", actie="Verbeter de score.")
    for waarde in (score.totaal, *score.beoordelingen.values()):
        if not 0 <= waarde <= 100 or waarde != rond_af(waarde):
            raise InvoerFout(
                f"De score {waarde} is geen getal van 0 tot en met 100 met hoogstens twee decimalen.",
                actie="Verbeter de score.",
            )
    if not score.bron.strip():
        raise InvoerFout("Waar komt de score vandaan?", actie="Noem de commissie of de vergadering.", veld="bron")
