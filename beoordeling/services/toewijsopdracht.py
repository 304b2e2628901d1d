"""A run of the assignment, asked for in the browser: a small round at once, a big one by the queue, one at a time."""

from __future__ import annotations

import logging
import time
from collections.abc import Callable
from contextlib import suppress
from datetime import datetime, timedelta

from django.db import OperationalError, transaction
from django.utils import timezone
from django_tasks import task

from beoordeling.models import Commissie, Toewijsopdracht
from beoordeling.services.toewijzen import Plan, beoordelaars_toewijzen, eis_toe_te_wijzen
from kern.fouten import DomeinFout, OvergangFout
from kern.models import Gebruiker
from kern.momenten import moment_in_woorden
from kern.taal import in_het_nederlands

logger = logging.getLogger(__name__)

#: A round of fewer pairs of application and member than this is done while the person waits; well under a second.
DIRECT_ONDER = 1_000
#: A run that gave no sign of life for so long has lost its worker; somebody may start again.
STILTE = timedelta(minutes=15)
_SECONDEN_TUSSEN = 1.0
_AL_KLAAR = "Deze opdracht is al afgesloten."


def is_groot(aanvragen: int, leden: int) -> bool:
    """Whether a run of this size is work for the queue."""
    return aanvragen * leden >= DIRECT_ONDER


def staat_stil(opdracht: Toewijsopdracht, op: datetime) -> bool:
    """Whether an open run gave no sign of life for too long."""
    return opdracht.klaar_op is None and opdracht.gemeld_op <= op - STILTE


@in_het_nederlands
def toewijzen_aanvragen(
    *, commissie: Commissie, actor: Gebruiker, op: datetime, droog: bool = False, gezien: int | None = None
) -> Toewijsopdracht:
    """Starts a run; the answer is done when the round is small, else the queue does it.

    ``gezien``: key of the last run that the person saw (0: none); refused when there was another one since. Refused
    too while a run is going on.
    """
    aanvragen, leden = eis_toe_te_wijzen(commissie, actor, op)
    groot = is_groot(len(aanvragen), len(leden))
    with transaction.atomic():
        Commissie.objects.select_for_update().get(pk=commissie.pk)
        _eis_vrij(commissie, op, gezien)
        opdracht = Toewijsopdracht.objects.create(
            commissie=commissie, droog=droog, gevraagd_op=op, gevraagd_door=actor, gemeld_op=op
        )
        nummer = opdracht.pk
        if groot:
            transaction.on_commit(lambda: toewijstaak.enqueue(nummer))
    return opdracht if groot else toewijsopdracht_uitvoeren(opdracht=opdracht, op=op)


def _eis_vrij(commissie: Commissie, op: datetime, gezien: int | None) -> None:
    """Nothing runs and the page was fresh; a run whose worker was lost is closed here."""
    laatste = commissie.opdrachten.select_related("gevraagd_door").last()
    if laatste is None:
        return
    if laatste.klaar_op is None and not staat_stil(laatste, op):
        raise OvergangFout(
            f"Het toewijzen loopt al: {laatste.gevraagd_door} begon op {moment_in_woorden(laatste.gevraagd_op)}.",
            actie="Wacht tot het klaar is. Op de pagina van de commissie ziet u hoe ver het is.",
            code="toewijzen-loopt",
        )
    if gezien is not None and gezien != laatste.pk:
        raise OvergangFout(
            f"Intussen begon {laatste.gevraagd_door} ook al, op {moment_in_woorden(laatste.gevraagd_op)}.",
            actie="Bekijk eerst wat er toen veranderde.",
            code="al-toegewezen",
        )
    if laatste.klaar_op is None:
        _mislukt(laatste, "Het toewijzen stond stil en is door een nieuwe opdracht vervangen.", op)


@task()
def toewijstaak(nummer: int) -> str:
    """Background work: one run. Harmless to repeat: a run that is closed does nothing."""
    return toewijsopdracht_uitvoeren(opdracht=Toewijsopdracht.objects.get(pk=nummer), op=timezone.now()).melding


@in_het_nederlands
def toewijsopdracht_uitvoeren(*, opdracht: Toewijsopdracht, op: datetime) -> Toewijsopdracht:
    """Does the run and closes it in the transaction that assigns; when it cannot, keeps why and assigns nobody."""
    if opdracht.klaar_op is not None:
        return opdracht
    Toewijsopdracht.objects.filter(pk=opdracht.pk, klaar_op=None).update(begonnen_op=op, gemeld_op=op)
    try:
        beoordelaars_toewijzen(
            commissie=opdracht.commissie,
            actor=opdracht.gevraagd_door,
            op=op,
            droog=opdracht.droog,
            voortgang=_melder(opdracht.pk),
            afsluiten=lambda plan: _gelukt(opdracht.pk, plan, op),
        )
    except DomeinFout as fout:
        _mislukt(opdracht, str(fout), op)
    except Exception:
        logger.exception("Toewijsopdracht %s is mislukt", opdracht.pk)
        _mislukt(
            opdracht,
            "Er ging iets mis in het systeem. Begin opnieuw. Lukt het weer niet, geef dan nummer "
            f"{opdracht.pk} door aan de beheerder.",
            op,
        )
    return Toewijsopdracht.objects.select_related("gevraagd_door").get(pk=opdracht.pk)


def _melder(nummer: int) -> Callable[[str, float], None]:
    """Keeps how far a run is: every step, and within a step at most once a second."""
    vorige_stap, vorige_keer = "", 0.0

    def meld(stap: str, deel: float) -> None:
        nonlocal vorige_stap, vorige_keer
        nu = time.monotonic()
        if stap == vorige_stap and nu - vorige_keer < _SECONDEN_TUSSEN:
            return
        vorige_stap, vorige_keer = stap, nu
        procent = round(100 * min(max(deel, 0.0), 1.0))
        with suppress(OperationalError):  # somebody else is writing for long: the search need not wait for that
            Toewijsopdracht.objects.filter(pk=nummer, klaar_op=None).update(
                stap=stap, deel=procent, gemeld_op=timezone.now()
            )

    return meld


def _gelukt(nummer: int, plan: Plan, op: datetime) -> None:
    """Closes the run; what raises here undoes the assignments."""
    opdracht = Toewijsopdracht.objects.select_for_update(of=("self",)).get(pk=nummer)
    if opdracht.klaar_op is not None:
        raise OvergangFout(_AL_KLAAR, actie="Ververs de pagina.", code="al-klaar")
    opdracht.klaar_op = max(op, timezone.now())
    opdracht.uitkomst = {
        "aanvragen": plan.aanvragen,
        "leden": plan.leden,
        "per_aanvraag": plan.per_aanvraag,
        "nieuw": len(plan.nieuw),
        "weg": len(plan.weg),
        "behouden": plan.behouden,
        "last": plan.last,
        "werklijst": plan.werklijst,
    }
    opdracht.save(update_fields=["klaar_op", "uitkomst"])


def _mislukt(opdracht: Toewijsopdracht, melding: str, op: datetime) -> None:
    """Keeps why; a run that was closed meanwhile stays as it is."""
    Toewijsopdracht.objects.filter(pk=opdracht.pk, klaar_op=None).update(
        klaar_op=max(op, timezone.now()), melding=melding
    )
