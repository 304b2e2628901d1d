"""The attachments step: upload, replace, take out and fetch."""

from __future__ import annotations

from uuid import UUID

from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect
from django.views.decorators.http import require_safe

from aanvragen.models import Aanvraag, Bijlage
from aanvragen.services.concept import bijlage_toevoegen, bijlage_verwijderen, velden_bewaren
from kern.fouten import InvoerFout
from portalen.formulieren.bijlagen import Bijlagenformulier
from portalen.presentatie.stappen import stap_url
from portalen.toegang import gebruiker_van
from portalen.verzoek import ontvangen
from portalen.views.hulp import bestand_antwoord, eigen_aanvraag
from portalen.views.stapweergave import naar_controle, toon_stap, verder
from regeling.schema_delen import Bijlagespec

STAP = "bijlagen"


def _gevraagd(rij: Aanvraag) -> list[Bijlagespec]:
    return [bijlage for bijlage in rij.tijdvak.spec.bijlagen if bijlage.bij == "aanvraag"]


def _aanwezig(rij: Aanvraag) -> dict[str, Bijlage]:
    return {b.code: b for b in rij.bijlagen.filter(verwijderd_op=None).select_related("bestand")}


def bijlagen_stap(request: HttpRequest, rij: Aanvraag) -> HttpResponse:
    """Each file is kept by itself: one that is refused does not take the others along."""
    aanwezig = _aanwezig(rij)
    if request.method != "POST":
        return _toon(request, rij, Bijlagenformulier(_gevraagd(rij), set(aanwezig)), aanwezig)
    actor, op = gebruiker_van(request), ontvangen(request)
    formulier = Bijlagenformulier(_gevraagd(rij), set(aanwezig), request.POST, request.FILES)
    formulier.is_valid()
    for code, upload in formulier.gekozen().items():
        try:
            bijlage_toevoegen(
                aanvraag=rij, code=code, naam=upload.name or code, inhoud=upload.read(), actor=actor, op=op
            )
        except InvoerFout as fout:
            formulier.add_error(code, str(fout))
    weg = str(request.POST.get("verwijder", ""))
    if weg:
        if not weg.isdecimal():
            raise Http404
        bijlage_verwijderen(bijlage=get_object_or_404(rij.bijlagen, pk=int(weg)), actor=actor, op=op)
    if not formulier.errors and not weg:
        velden_bewaren(aanvraag=rij, stap=STAP, gegevens={}, actor=actor, op=op)
    rij = eigen_aanvraag(request, rij.pk)
    if formulier.errors:
        return _toon(request, rij, formulier, _aanwezig(rij), deels=True)
    if weg or request.POST.get("actie") == "toevoegen":
        terug = "?terug=controleren" if naar_controle(request) else ""
        return redirect(stap_url(rij, STAP) + terug)
    return verder(request, rij, STAP)


def _toon(
    request: HttpRequest, rij: Aanvraag, formulier: Bijlagenformulier, aanwezig: dict[str, Bijlage], deels: bool = False
) -> HttpResponse:
    return toon_stap(
        request,
        rij,
        STAP,
        formulier,
        sorted(aanwezig),
        deels=deels,
        sjabloon="portalen/aanvrager/stap_bijlagen.html",
        bijlagen=[
            {"spec": spec, "bijlage": aanwezig.get(spec.code), "veld": formulier[spec.code]} for spec in _gevraagd(rij)
        ],
    )


@login_required
@require_safe
def aanvraag_bijlage(request: HttpRequest, pk: UUID, bijlage: int) -> HttpResponseBase:
    """An attachment of one's own application."""
    rij = eigen_aanvraag(request, pk)
    return bestand_antwoord(get_object_or_404(rij.bijlagen.select_related("bestand"), pk=bijlage).bestand)
