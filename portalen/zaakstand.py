"""What a person saw of a case, so that two people never overwrite each other unnoticed.

A page of a case carries a token: the version of the application and the last line of its trail. A change that arrives
with an older token is refused with a page that tells who did what meanwhile, and that keeps the typed text.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from functools import wraps
from typing import Any, TypeVar
from uuid import UUID

from django.db import transaction
from django.db.models import Max
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from aanvragen.models import Aanvraag, Aanvulling, Papieraanvulling
from kern.models import LogRegel
from kern.services.overgang import vergrendel
from kern.services.spoor import keten_van
from portalen.spoortekst import gebeurtenissen
from uitvoering.models import Besluit, Betaling, Declaratie, Voucher

T = TypeVar("T")
#: Fields that a person did not type.
_NIET_GETYPT = {"csrfmiddlewaretoken", "versie", "knop"}


class ZaakGewijzigd(Exception):
    """Somebody changed the case after this person opened it. No DomeinFout: a form must not swallow it."""

    def __init__(self, aanvraag: Aanvraag, sinds: int | None) -> None:
        super().__init__(str(aanvraag))
        self.aanvraag = aanvraag
        self.sinds = sinds


def ketens(aanvraag: Aanvraag) -> list[str]:
    """The chains of the trail that belong to a case: application, decisions, voucher, claim, payments."""
    namen = [keten_van(aanvraag)]
    for model in (Besluit, Voucher, Declaratie, Betaling):
        pks = model.objects.filter(aanvraag=aanvraag).order_by("pk").values_list("pk", flat=True)
        namen += [f"{model._meta.model_name}:{pk}" for pk in pks]
    return namen


def alle_ketens(aanvraag: Aanvraag) -> list[str]:
    """Those, and the chains of who typed a supplement: online and from paper."""
    namen = ketens(aanvraag)
    for model, veld in ((Aanvulling, "aanvraag"), (Papieraanvulling, "aanvulling__aanvraag")):
        pks = model.objects.filter(**{veld: aanvraag}).order_by("pk").values_list("pk", flat=True)
        namen += [f"{model._meta.model_name}:{pk}" for pk in pks]
    return namen


def stand(aanvraag: Aanvraag, namen: list[str] | None = None) -> str:
    """Token of the case as it is now: ``<version>.<id of the last line of the trail>``.

    ``namen``: the chains of the case, when the caller has them.
    """
    laatste = LogRegel.objects.filter(keten__in=namen or ketens(aanvraag)).aggregate(n=Max("id"))["n"] or 0
    return f"{aanvraag.versie}.{laatste}"


def eis_stand(aanvraag: Aanvraag, gezien: str) -> Aanvraag:
    """Locks the case and raises :class:`ZaakGewijzigd` unless it is as the person saw it. Needs a transaction.

    ``gezien`` may be a bare version number; then only the application itself is compared.
    """
    vers = vergrendel(aanvraag)
    gevonden = re.fullmatch(r"([0-9]{1,9})(?:\.([0-9]{1,18}))?", gezien)
    sinds = int(gevonden[2]) if gevonden and gevonden[2] else None
    nu = stand(vers) if sinds is not None else str(vers.versie)
    if gevonden is None or gezien != nu:
        raise ZaakGewijzigd(vers, sinds)
    return vers


def bewaakt(request: HttpRequest, aanvraag: Aanvraag, handeling: Callable[[Aanvraag], T]) -> T:
    """Runs ``handeling`` on the locked case when nobody changed it since the page was made."""
    with transaction.atomic():
        return handeling(eis_stand(aanvraag, request.POST.get("versie", "")))


def met_versiebewaking(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """Turns :class:`ZaakGewijzigd` into the conflict page (409)."""

    @wraps(view)
    def binnen(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        try:
            return view(request, *args, **kwargs)
        except ZaakGewijzigd as fout:
            return _conflict(request, fout)

    return binnen


def _conflict(request: HttpRequest, fout: ZaakGewijzigd) -> HttpResponse:
    regels = LogRegel.objects.filter(keten__in=ketens(fout.aanvraag)).select_related("actor")
    if fout.sinds is not None:
        regels = regels.filter(id__gt=fout.sinds)
    laatste = list(regels.order_by("-id")[:20])
    getypt = [
        (naam, waarde)
        for naam in request.POST
        if naam not in _NIET_GETYPT
        for waarde in request.POST.getlist(naam)
        if waarde.strip()
    ]
    context = {
        "aanvraag": fout.aanvraag,
        "gebeurtenissen": gebeurtenissen(laatste),
        "velden": getypt,
        "teksten": [(naam, waarde) for naam, waarde in getypt if len(waarde) > 12 and not _is_sleutel(waarde)],
        "knop": request.POST.get("knop", ""),
        "versie": stand(fout.aanvraag),
    }
    return render(request, "portalen/medewerker/conflict.html", context, status=409)


def _is_sleutel(waarde: str) -> bool:
    """Whether a value is a code that a form carries along, not words of a person."""
    try:
        UUID(waarde)
    except ValueError:
        return re.fullmatch(r"[a-z0-9_-]+", waarde) is not None
    return True
