"""The one place where a transition is applied: lock, re-read, check, write, log, in that order."""

from __future__ import annotations

import inspect
from collections.abc import Callable, Sequence
from datetime import datetime
from typing import Any, TypeVar

from django.db import models, transaction
from django_fsm import TransitionNotAllowed

from kern.fouten import OvergangFout
from kern.models import Gebruiker
from kern.services.spoor import Logpost, keten_van, log_in_bulk, log_schrijven
from kern.status import StatusModel

M = TypeVar("M", bound=StatusModel)


def _weigering(obj: Any) -> OvergangFout:
    return OvergangFout(
        f"Dit kan niet meer: {obj} heeft nu de status “{obj.get_status_display()}”.",
        actie="Ververs de pagina en kijk wat er is gebeurd.",
    )


def _roep_aan(
    obj: Any, naam: str, op: datetime, actor: Gebruiker | None, reden: str, argumenten: dict[str, Any]
) -> None:
    """A transition that asks for the reason gets the one that is logged."""
    methode = getattr(obj, naam)
    if "reden" in inspect.signature(methode).parameters:
        argumenten = {**argumenten, "reden": reden}
    methode(op=op, actor=actor, **argumenten)


def vergrendel(obj: M) -> M:
    """Locks the row and returns it as the database has it now. Needs an open transaction."""
    return type(obj).objects.select_for_update(of=("self",)).get(pk=obj.pk)


def overgang_toepassen(
    obj: M,
    naam: str,
    *,
    actor: Gebruiker | None,
    op: datetime,
    reden: str = "",
    gegevens: dict[str, Any] | None = None,
    vergrendeld: bool = False,
    **argumenten: Any,
) -> M:
    """Applies transition ``naam`` and returns the fresh object; ``obj`` itself is stale afterwards.

    ``argumenten`` go to the transition method, besides ``op`` and ``actor``. ``vergrendeld``: the caller has locked
    and re-read ``obj`` in this transaction. Raises :class:`OvergangFout` when the state does not allow it.
    """
    with transaction.atomic():
        vers = obj if vergrendeld else vergrendel(obj)
        van = vers.status
        try:
            _roep_aan(vers, naam, op, actor, reden, argumenten)
        except TransitionNotAllowed as fout:
            raise _weigering(vers) from fout
        vers.save(force_update=True)
        log_schrijven(
            Logpost(
                keten=keten_van(vers),
                handeling=naam,
                op=op,
                actor=actor,
                van=van,
                naar=vers.status,
                reden=reden,
                gegevens=gegevens or {},
            )
        )
    return vers


def overgangen_toepassen(
    objecten: Sequence[M],
    naam: str,
    *,
    actor: Gebruiker | None,
    op: datetime,
    reden: str = "",
    argumenten: Callable[[M], dict[str, Any]] | None = None,
) -> list[M]:
    """The same for many objects of one kind: all or none, with a constant number of queries per 500.

    ``argumenten`` gives the arguments of the transition method per object. Returns fresh objects in the order given.
    """
    if not objecten:
        return []
    model = type(objecten[0])
    uit: list[M] = []
    with transaction.atomic():
        for begin in range(0, len(objecten), 500):
            pks = [obj.pk for obj in objecten[begin : begin + 500]]
            rijen = model.objects.select_for_update(of=("self",)).in_bulk(pks)
            uit += _deel_toepassen([rijen[pk] for pk in pks], naam, actor, op, reden, argumenten)
    return uit


def _deel_toepassen(
    rijen: list[M],
    naam: str,
    actor: Gebruiker | None,
    op: datetime,
    reden: str,
    argumenten: Callable[[M], dict[str, Any]] | None,
) -> list[M]:
    velden = [veld.attname for veld in rijen[0]._meta.concrete_fields if not veld.primary_key]
    gewijzigd: set[str] = set()
    posten = []
    for vers in rijen:
        oud = {veld: getattr(vers, veld) for veld in velden}
        try:
            _roep_aan(vers, naam, op, actor, reden, argumenten(vers) if argumenten else {})
        except TransitionNotAllowed as fout:
            raise _weigering(vers) from fout
        gewijzigd |= {veld for veld in velden if getattr(vers, veld) != oud[veld]}
        posten.append(
            Logpost(
                keten=keten_van(vers),
                handeling=naam,
                op=op,
                actor=actor,
                van=oud["status"],
                naar=vers.status,
                reden=reden,
            )
        )
    kaal: models.QuerySet[Any] = models.QuerySet(type(rijen[0]))  # past the guard: this is a transition
    kaal.bulk_update(rijen, sorted(gewijzigd))
    log_in_bulk(posten)
    return rijen
