"""Who did what with an application, and who looks after it: for the applicant's own people."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from aanvragen.services.machtigingen import aanvraag_overdragen, beheert
from kern.fouten import DomeinFout
from portalen.formulieren.machtigingen import Overdraagformulier
from portalen.presentatie.geschiedenis import geschiedenis_van
from portalen.presentatie.navigatie import kruimels_aanvraag
from portalen.toegang import gebruiker_van
from portalen.verzoek import ontvangen
from portalen.views.hulp import eigen_aanvraag
from portalen.views.mensen import collegas

PER_PAGINA = 50


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def geschiedenis(request: HttpRequest, pk: UUID) -> HttpResponse:
    """The history; whoever may, hands the case over to a colleague here."""
    rij, gebruiker = eigen_aanvraag(request, pk), gebruiker_van(request)
    mag = gebruiker == rij.verantwoordelijke or beheert(gebruiker, rij.organisatie)
    opvolgers = collegas(rij.organisatie, behalve=rij.verantwoordelijke) if mag else []
    formulier = Overdraagformulier(opvolgers, request.POST if request.method == "POST" else None)
    if request.method == "POST" and formulier.is_valid() and (opvolger := formulier.opvolger()) is not None:
        try:
            aanvraag_overdragen(aanvraag=rij, aan=opvolger, actor=gebruiker, op=ontvangen(request))
        except DomeinFout as fout:
            formulier.neem_fout_over(fout)
        else:
            messages.success(request, _("%(naam)s zorgt voortaan voor deze aanvraag.") % {"naam": opvolger})
            return redirect("portalen:aanvraag_geschiedenis", rij.pk)
    context = {
        "aanvraag": rij,
        "pagina": Paginator(geschiedenis_van(rij), PER_PAGINA).get_page(request.GET.get("pagina")),
        "form": formulier if opvolgers else None,
        "kruimels": kruimels_aanvraag(rij, _("Wie deed wat")),
    }
    return render(request, "portalen/aanvrager/geschiedenis.html", context)
