"""The secretary: what a run of the assignment would do, and starting one."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods

from beoordeling.models import Commissie, Toewijsopdracht
from beoordeling.selectors_commissie import standen
from beoordeling.services.toewijsopdracht import is_groot, toewijzen_aanvragen
from beoordeling.services.toewijzen import beoordelaars_toewijzen, eis_toe_te_wijzen
from kern.enums import Rol
from kern.fouten import DomeinFout
from portalen.presentatie.toewijzen import toewijsstand, werklijstregels
from portalen.toegang import gebruiker_van, rol_vereist
from portalen.verzoek import ontvangen
from portalen.views.commissie import commissie_of_404


@rol_vereist(Rol.SECRETARIS)
@require_http_methods(["GET", "POST"])
def toewijzen(request: HttpRequest, sleutel: str) -> HttpResponse:
    """Starts a run, or shows first what it would do; of a big round the queue does both."""
    rij = commissie_of_404(request, sleutel)
    try:
        if request.method == "POST":
            _begin(request, rij)
            return redirect("portalen:commissie", sleutel)
        context = _vooraf(request, rij)
    except DomeinFout as fout:
        messages.error(request, str(fout))
        return redirect("portalen:commissie", sleutel)
    if context is None:
        messages.info(request, _("Het toewijzen loopt al. Hieronder ziet u hoe ver het is."))
        return redirect("portalen:commissie", sleutel)
    return render(request, "portalen/beoordelen/toewijzen.html", context)


def _begin(request: HttpRequest, rij: Commissie) -> None:
    gezien = request.POST.get("gezien", "")
    opdracht = toewijzen_aanvragen(
        commissie=rij,
        actor=gebruiker_van(request),
        op=ontvangen(request),
        droog=request.POST.get("knop") == "bekijken",
        gezien=int(gezien) if gezien.isascii() and gezien.isdigit() else 0,
    )
    _meld(request, opdracht)


def _meld(request: HttpRequest, opdracht: Toewijsopdracht) -> None:
    if opdracht.klaar_op is None:
        messages.info(
            request, _("Wij zijn begonnen. Hieronder ziet u hoe ver het is. U kunt intussen iets anders doen.")
        )
    elif opdracht.uitkomst is None:
        messages.error(request, _("Het toewijzen is niet gelukt. Hieronder staat waarom."))
    elif not opdracht.droog:
        aantal = opdracht.uitkomst["nieuw"]
        tekst = ngettext("%(n)d nieuwe toewijzing gemaakt.", "%(n)d nieuwe toewijzingen gemaakt.", aantal)
        messages.success(request, tekst % {"n": aantal})


def _vooraf(request: HttpRequest, rij: Commissie) -> dict[str, Any] | None:
    """What the page shows before somebody starts; ``None`` while a run is going on."""
    wie: dict[str, Any] = {"commissie": rij, "actor": gebruiker_van(request), "op": ontvangen(request)}
    stand = toewijsstand(rij, ontvangen(request))
    if stand is not None and not stand.mag_beginnen:
        return None
    aanvragen, leden = eis_toe_te_wijzen(**wie)
    context: dict[str, Any] = {"tijdvak": rij.tijdvak, "gezien": stand.opdracht.pk if stand else 0}
    if is_groot(len(aanvragen), len(leden)):
        per_aanvraag = rij.tijdvak.verdeling.beoordelaars
        return {**context, "groot": (len(aanvragen), len(leden), per_aanvraag)}
    plan = beoordelaars_toewijzen(droog=True, **wie)
    zichtbaar = set(standen(rij.tijdvak, gebruiker_van(request)).values_list("kenmerk", flat=True))
    return {
        **context,
        "plan": plan,
        "paren": [(kenmerk, namen) for kenmerk, namen in plan.paren.items() if kenmerk in zichtbaar],
        "werklijst": werklijstregels(plan.werklijst, zichtbaar),
        "last": sorted(plan.last.items()),
    }
