"""The applicant's page about references: where they stand, ask again, name another referee."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from aanvragen.models import Aanvraag, Referentie
from beoordeling.services.referentie_vervanging import (
    kan_opnieuw,
    kan_vervangen,
    opnieuw_uitnodigen,
    referentie_vervangen,
    vervangingen_over,
)
from kern.fouten import DomeinFout
from portalen.formulieren.referenties import Vervangformulier
from portalen.presentatie.navigatie import kruimels_aanvraag
from portalen.presentatie.referenties import PUBLIEK, wordt_gecontroleerd
from portalen.toegang import gebruiker_van
from portalen.verzoek import ontvangen
from portalen.views.aanvraagstand import verstuurd_of_404
from portalen.views.hulp import fout_in_formulier


def _rij_of_404(request: HttpRequest, pk: UUID, referentie: int) -> tuple[Aanvraag, Referentie]:
    aanvraag = verstuurd_of_404(request, pk)
    return aanvraag, get_object_or_404(aanvraag.referenties.select_related("aanvraag"), pk=referentie)


@login_required
@require_safe
def aanvraag_referenties(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Where the references of an application stand."""
    aanvraag = verstuurd_of_404(request, pk)
    if not wordt_gecontroleerd(aanvraag):
        raise Http404
    rijen = list(aanvraag.referenties.select_related("aanvraag").order_by("volgorde", "pk"))
    over = vervangingen_over(rijen[0]) if rijen else 0
    context = {
        "aanvraag": aanvraag,
        "rijen": [(rij, *PUBLIEK[rij.status], over and kan_vervangen(rij), kan_opnieuw(rij)) for rij in rijen],
        "over": over,
        "nodig": aanvraag.tijdvak.spec.adviseur.referenties,
        "kruimels": kruimels_aanvraag(aanvraag, _("Referenties")),
    }
    return render(request, "portalen/aanvrager/referenties.html", context)


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def aanvraag_referentie_vervangen(request: HttpRequest, pk: UUID, referentie: int) -> HttpResponse:
    """Names another referee."""
    aanvraag, rij = _rij_of_404(request, pk, referentie)
    if not (kan_vervangen(rij) and vervangingen_over(rij)):
        messages.error(request, _("Deze referentie kunt u niet (meer) vervangen."))
        return redirect("portalen:aanvraag_referenties", pk)
    formulier = Vervangformulier(request.POST if request.method == "POST" else None)
    if request.method == "POST" and formulier.is_valid():
        try:
            referentie_vervangen(
                referentie=rij, gegevens=formulier.gegevens(), actor=gebruiker_van(request), op=ontvangen(request)
            )
        except DomeinFout as fout:
            fout_in_formulier(formulier, fout)
        else:
            messages.success(request, _("De nieuwe referentie is bewaard. Wij schrijven de referent binnenkort."))
            return redirect("portalen:aanvraag_referenties", pk)
    context = {
        "aanvraag": aanvraag,
        "referentie": rij,
        "form": formulier,
        "over": vervangingen_over(rij),
        "kruimels": kruimels_aanvraag(aanvraag, _("Referentie vervangen")),
    }
    return render(request, "portalen/aanvrager/referentie_vervangen.html", context)


@login_required
@require_POST
def aanvraag_referentie_opnieuw(request: HttpRequest, pk: UUID, referentie: int) -> HttpResponse:
    """Asks the referee once more."""
    rij = _rij_of_404(request, pk, referentie)[1]
    try:
        opnieuw_uitnodigen(referentie=rij, actor=gebruiker_van(request), op=ontvangen(request))
    except DomeinFout as fout:
        messages.error(request, str(fout))
    else:
        messages.success(request, _("Wij hebben de referent nog een keer geschreven."))
    return redirect("portalen:aanvraag_referenties", pk)
