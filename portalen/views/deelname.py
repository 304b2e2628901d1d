"""Members of a granted group: the coordinator's overview, and the claim of one member."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from aanvragen.enums import Machtigingbereik
from aanvragen.models import Bijlage, Deelnemer
from aanvragen.selectors import eigen_deelnames
from kern.fouten import DomeinFout, RechtenFout
from portalen.formulieren.deelnemers import Vertrekformulier
from portalen.presentatie.deelnemers import deelnemerregels, totalen
from portalen.presentatie.navigatie import kruimels_aanvraag
from portalen.toegang import gebruiker_van
from portalen.verzoek import ontvangen
from portalen.views.aanvraagstand import verstuurd_of_404
from portalen.views.hulp import bestand_antwoord, formeel, fout_in_formulier
from portalen.views.uitvoering_aanvrager import (
    kosten_declareren,
    kosten_versturen,
    regel_of_404,
    stukken_toevoegen,
)
from uitvoering.enums import Besluitstatus
from uitvoering.selectors import per_deelnemer, toegekende_deelnemers
from uitvoering.services.brief import brief_pdf
from uitvoering.services.declaratie import kostenregel_verwijderen
from uitvoering.services.deelnemers import LOOPT, deelnemer_laten_vertrekken


@login_required
@require_safe
def deelnemers(request: HttpRequest, pk: UUID) -> HttpResponse:
    """The coordinator's overview of the members of a granted group."""
    rij = verstuurd_of_404(request, pk)
    leden = list(toegekende_deelnemers(rij).prefetch_related("besluiten", "betalingen"))
    if not leden or not per_deelnemer(rij.tijdvak.spec):
        raise Http404
    context = {
        "aanvraag": rij,
        "regels": deelnemerregels(leden, loopt=rij.status in LOOPT),
        "totaal": totalen(leden),
        "kruimels": kruimels_aanvraag(rij, _("Deelnemers")),
    }
    return render(request, "portalen/aanvrager/deelnemers.html", context)


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def vertrek(request: HttpRequest, pk: UUID, deelnemer: int) -> HttpResponse:
    """A member leaves the group: asks for the reason first."""
    rij = verstuurd_of_404(request, pk, recht=formeel(request))
    lid = get_object_or_404(toegekende_deelnemers(rij), pk=deelnemer)
    formulier = Vertrekformulier(request.POST if request.method == "POST" else None)
    if request.method == "POST" and formulier.is_valid():
        try:
            deelnemer_laten_vertrekken(
                deelnemer=lid,
                reden=formulier.cleaned_data["reden"],
                actor=gebruiker_van(request),
                op=ontvangen(request),
            )
        except DomeinFout as fout:
            fout_in_formulier(formulier, fout)
        else:
            messages.success(request, _("%(naam)s doet niet meer mee.") % {"naam": lid.naam})
            return redirect("portalen:aanvraag_deelnemers", rij.pk)
    context = {
        "aanvraag": rij,
        "lid": lid,
        "form": formulier,
        "kruimels": kruimels_aanvraag(rij, _("Deelnemer laten vertrekken")),
    }
    return render(request, "portalen/aanvrager/deelnemer_vertrek.html", context)


def deelname_of_404(request: HttpRequest, pk: int, minstens: Machtigingbereik | None = None) -> Deelnemer:
    """A member that the person may act for, as its coordinator or as the member itself; 404 for who may not know of
    it, 403 for who may only read. Filling in for anything but a safe method, unless ``minstens`` says otherwise."""
    gebruiker = gebruiker_van(request)
    rijen = eigen_deelnames(gebruiker).select_related(
        "aanvraag__tijdvak__regelingversie__regeling", "aanvraag__organisatie", "aanvraag__voucher", "declaratie"
    )
    lid = get_object_or_404(rijen, pk=pk)
    if not per_deelnemer(lid.aanvraag.tijdvak.spec):
        raise Http404
    lezen = request.method in {"GET", "HEAD"}
    nodig = minstens or (Machtigingbereik.LEZEN if lezen else Machtigingbereik.INVULLEN)
    if not eigen_deelnames(gebruiker, nodig).filter(pk=pk).exists():
        raise RechtenFout(
            _("Uw machtiging is hiervoor niet ruim genoeg."),
            actie=_("Vraag een beheerder van uw organisatie om dit te doen of om uw machtiging te verruimen."),
            code="machtiging-te-beperkt",
        )
    return lid


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def deelname(request: HttpRequest, pk: int) -> HttpResponse:
    """The part of one member: its amount, its claim and what came of it."""
    lid = deelname_of_404(request, pk)
    return kosten_declareren(request, lid.aanvraag, lid)


@login_required
@require_POST
def indienen(request: HttpRequest, pk: int) -> HttpResponse:
    """Hands in the claim of a member: a formal act."""
    lid = deelname_of_404(request, pk, Machtigingbereik.VOLLEDIG)
    return kosten_versturen(request, lid.aanvraag, lid)


@login_required
@require_POST
def regel_weg(request: HttpRequest, pk: int, regel: int) -> HttpResponse:
    """Takes a line out of a claim that was not handed in."""
    lid = deelname_of_404(request, pk)
    rij = regel_of_404(lid.aanvraag, regel, lid)
    kostenregel_verwijderen(regel=rij, actor=gebruiker_van(request), op=ontvangen(request))
    messages.success(request, _("De factuur is uit de declaratie gehaald."))
    return redirect("portalen:deelname_declaratie", lid.pk)


@login_required
@require_safe
def factuur(request: HttpRequest, pk: int, regel: int) -> HttpResponseBase:
    """The invoice of a line of the member's claim."""
    lid = deelname_of_404(request, pk)
    return bestand_antwoord(regel_of_404(lid.aanvraag, regel, lid).factuur)


@login_required
@require_POST
def stukken(request: HttpRequest, pk: int) -> HttpResponse:
    """Adds what the scheme asks besides invoices to the claim of the member."""
    lid = deelname_of_404(request, pk)
    return stukken_toevoegen(request, lid.aanvraag, lid)


@login_required
@require_safe
def bijlage(request: HttpRequest, pk: int, bijlage: int) -> HttpResponseBase:
    """A document that came with the member's claim."""
    lid = deelname_of_404(request, pk)
    rij: Bijlage = get_object_or_404(lid.bijlagen.select_related("bestand"), pk=bijlage)
    return bestand_antwoord(rij.bestand)


@login_required
@require_safe
def brief(request: HttpRequest, pk: int, vorm: str) -> HttpResponseBase:
    """The letter of the settlement of this member."""
    lid = deelname_of_404(request, pk)
    rijen = lid.besluiten.filter(status=Besluitstatus.VERZONDEN).select_related("brief_html", "brief_pdf")
    besluit = get_object_or_404(rijen)
    if vorm == "pdf":
        return bestand_antwoord(brief_pdf(besluit=besluit))
    if besluit.brief_html is None:
        raise Http404
    return bestand_antwoord(besluit.brief_html)
