"""Why an application has its place: the page and the document, for the applicant and for the officer."""

from __future__ import annotations

from uuid import UUID

from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from aanvragen.models import Aanvraag
from beoordeling.services.plaatsuitleg import Plaatsuitleg, plaatsuitleg_van
from kern.document import naar_html, naar_pdf
from kern.taal import in_het_nederlands
from portalen.presentatie.navigatie import kruimels_aanvraag
from portalen.presentatie.plaatsdocument import Lezer, plaatsblokken, plaatsdocument
from portalen.toegang import rol_vereist
from portalen.views.aanvraagstand import verstuurd_of_404
from portalen.views.hulp import veilig
from portalen.views.zaak import LEZERS, zaak_of_404


def uitleg_of_404(aanvraag: Aanvraag) -> Plaatsuitleg:
    """404 as long as nothing was settled about the place."""
    uitleg = plaatsuitleg_van(aanvraag)
    if uitleg is None:
        raise Http404
    return uitleg


@login_required
@require_safe
def aanvraag_uitleg(request: HttpRequest, pk: UUID) -> HttpResponse:
    """For the applicant: the own place, in words and numbers."""
    rij = verstuurd_of_404(request, pk)
    context = {
        "aanvraag": rij,
        "tijdvak": rij.tijdvak,
        "inhoud": plaatsblokken(uitleg_of_404(rij), Lezer.AANVRAGER),
        "kruimels": kruimels_aanvraag(rij, _("Uitleg van uw plaats")),
    }
    return render(request, "portalen/aanvrager/plaatsuitleg.html", context)


@login_required
@require_safe
def aanvraag_uitleg_document(request: HttpRequest, pk: UUID, vorm: str) -> HttpResponseBase:
    """The same as a document."""
    rij = verstuurd_of_404(request, pk)
    return _document(uitleg_of_404(rij), Lezer.AANVRAGER, vorm)


@rol_vereist(*LEZERS)
@require_safe
def zaak_uitleg(request: HttpRequest, pk: UUID) -> HttpResponse:
    """For the officer."""
    aanvraag = zaak_of_404(request, pk)
    context = {"aanvraag": aanvraag, "inhoud": plaatsblokken(uitleg_of_404(aanvraag), Lezer.MEDEWERKER)}
    return render(request, "portalen/medewerker/zaak_uitleg.html", context)


@rol_vereist(*LEZERS)
@require_safe
def zaak_uitleg_document(request: HttpRequest, pk: UUID, vorm: str) -> HttpResponseBase:
    """In full, for a court or an objection: all numbers, formulae and articles."""
    return _document(uitleg_of_404(zaak_of_404(request, pk)), Lezer.RECHTER, vorm)


@in_het_nederlands
def _document(uitleg: Plaatsuitleg, lezer: Lezer, vorm: str) -> HttpResponseBase:
    document = plaatsdocument(uitleg, lezer)
    if vorm == "pdf":
        antwoord = HttpResponse(naar_pdf(document), content_type="application/pdf")
    else:
        antwoord = HttpResponse(naar_html(document))
    vol = "-volledig" if lezer == Lezer.RECHTER else ""
    return veilig(antwoord, f"plaats-{uitleg.aanvraag.kenmerk}{vol}.{vorm}")
