"""The budget step: rows are added and taken out with plain submit buttons; whatever can be read is kept."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect

from aanvragen.berekening import bereken
from aanvragen.models import Aanvraag
from aanvragen.services.concept import begroting_bewaren
from kern.fouten import InvoerFout, OvergangFout
from portalen.formulieren.begroting import Begroting, opgeslagen_regels, vorm_van, zonder_regel
from portalen.presentatie.regelingtekst import bedragen, kosten
from portalen.presentatie.stappen import stap_url
from portalen.toegang import gebruiker_van
from portalen.verzoek import ontvangen
from portalen.views.hulp import eigen_aanvraag
from portalen.views.stapweergave import naar_controle, toon_stap, verder, verouderd

STAP = "begroting"


def begroting_stap(request: HttpRequest, rij: Aanvraag) -> HttpResponse:
    nu = opgeslagen_regels(rij)
    if request.method != "POST":
        return _toon(request, rij, Begroting(rij.tijdvak.spec, nu))
    gegevens = dict(request.POST.items())
    weg = str(gegevens.get("verwijder", ""))
    if weg.isdecimal():
        gegevens = zonder_regel(gegevens, int(weg))
    begroting = Begroting(rij.tijdvak.spec, nu, gegevens)
    if verouderd(request, rij, nu):
        return _toon(request, rij, begroting, botsing=True)
    try:
        rij, _uitkomst = begroting_bewaren(
            aanvraag=rij,
            posten=begroting.posten(),
            actor=gebruiker_van(request),
            op=ontvangen(request),
            versie=rij.versie,
        )
    except InvoerFout as fout:
        return _toon(request, rij, begroting, fout=str(fout))
    except OvergangFout as fout:
        if fout.code != "intussen-gewijzigd":
            raise
        return _toon(request, eigen_aanvraag(request, rij.pk), begroting, botsing=True)
    rij = eigen_aanvraag(request, rij.pk)
    if begroting.errors:
        begroting.bewaard()
        return _toon(request, rij, begroting, deels=True)
    if weg or request.POST.get("actie") == "regel":
        terug = "?terug=controleren" if naar_controle(request) else ""
        return redirect(f"{stap_url(rij, STAP)}{terug}#regels")
    return verder(request, rij, STAP)


def _toon(
    request: HttpRequest,
    rij: Aanvraag,
    begroting: Begroting,
    *,
    deels: bool = False,
    botsing: bool = False,
    fout: str = "",
) -> HttpResponse:
    spec, nu = rij.tijdvak.spec, opgeslagen_regels(rij)
    return toon_stap(
        request,
        rij,
        STAP,
        begroting,
        nu,
        deels=deels,
        verschillen=begroting.verschillen(nu) if botsing else None,
        status=409 if botsing else 200,
        sjabloon="portalen/aanvrager/stap_begroting.html",
        fouten=[fout] if fout else [],
        vorm=vorm_van(spec),
        kosten=kosten(spec),
        bedragen=bedragen(spec),
        berekening=bereken(spec, rij.begroting.all()) if nu else None,
    )
