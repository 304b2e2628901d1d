"""The step about earlier de-minimis aid: rows with plain submit buttons, and the rolling sum of what is stored.

Two people: what one of them left as it was never stands in the way; when both changed the list, the second sees what
the first wrote and chooses. The list is one thing here: it is one declaration.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect

from aanvragen.klad import Klad, klad_van
from aanvragen.models import Aanvraag
from aanvragen.selectors import ondernemingen_rond
from aanvragen.services.concept import concept_vergrendeld
from aanvragen.services.conceptsteun import steun_bewaren
from aanvragen.services.steun import steun_nu
from kern.fouten import InvoerFout
from portalen.formulieren.samen import basis_uit
from portalen.formulieren.steun import Steunaangifte, opgeslagen_steun, steunvinger, uit_klad, zonder_regel
from portalen.presentatie.stappen import stap_url
from portalen.toegang import gebruiker_van
from portalen.verzoek import ontvangen
from portalen.views.hulp import eigen_aanvraag
from portalen.views.stapweergave import klad_bijwerken, naar_controle, nul_melden, onthouden_klad, toon_stap, verder

STAP = "steun"


def steun_stap(request: HttpRequest, rij: Aanvraag) -> HttpResponse:
    return _opslaan(request, rij) if request.method == "POST" else _tonen(request, rij)


def _tonen(request: HttpRequest, rij: Aanvraag) -> HttpResponse:
    nu = opgeslagen_steun(rij)
    klad = onthouden_klad(request, rij, STAP) or klad_van(rij, STAP, gebruiker_van(request))
    getypt = uit_klad(rij.tijdvak.spec, nu, klad)
    if getypt is None:
        return _toon(request, rij, Steunaangifte(rij.tijdvak.spec, nu), {STAP: steunvinger(nu)})
    return _toon(request, rij, getypt, {STAP: klad.basis.get(STAP, steunvinger(nu))}, klad=klad)


def _opslaan(request: HttpRequest, rij: Aanvraag) -> HttpResponse:
    gegevens: Mapping[str, Any] = dict(request.POST.items())
    weg = str(gegevens.get("verwijder", ""))
    if weg.isdecimal() and len(weg) < 4:
        gegevens = zonder_regel(gegevens, int(weg))
    fouten = []
    with concept_vergrendeld(aanvraag=rij) as vast:
        nu = opgeslagen_steun(vast)
        aangifte, staat = Steunaangifte(vast.tijdvak.spec, nu, gegevens), steunvinger(nu)
        gezien = basis_uit(gegevens, {STAP: staat}, vast.versie).get(STAP, "")
        laten = STAP in request.POST.getlist("overnemen") or aangifte.vinger() in {staat, gezien}
        botst = not laten and gezien != staat
        try:
            if not laten and not botst:
                steun_bewaren(
                    aanvraag=vast,
                    ontvangen=aangifte.ontvangen,
                    regels=aangifte.regels(),
                    actor=gebruiker_van(request),
                    op=ontvangen(request),
                )
        except InvoerFout as fout:
            fouten.append(str(fout))
        blijft = botst or bool(fouten or aangifte.errors)
        velden = {naam: [str(waarde)] for naam, waarde in gegevens.items() if naam == "regels" or aangifte.kent(naam)}
        basis = {STAP: gezien if botst else steunvinger(opgeslagen_steun(vast))}
        klad_bijwerken(request, vast, STAP, velden if blijft else {}, basis if blijft else {})
    nul_melden(request, aangifte)
    rij = eigen_aanvraag(request, rij.pk)
    if blijft:
        if not botst and not fouten:
            aangifte.bewaard()
        return _toon(request, rij, aangifte, basis, deels=not (botst or fouten), botsing=botst, fouten=fouten)
    if weg or request.POST.get("actie") == "regel":
        terug = "?terug=controleren" if naar_controle(request) else ""
        return redirect(f"{stap_url(rij, STAP)}{terug}")
    return verder(request, rij, STAP)


def _toon(
    request: HttpRequest,
    rij: Aanvraag,
    aangifte: Steunaangifte,
    basis: Mapping[str, str],
    *,
    klad: Klad | None = None,
    deels: bool = False,
    botsing: bool = False,
    fouten: list[str] | None = None,
) -> HttpResponse:
    nu = opgeslagen_steun(rij)
    return toon_stap(
        request,
        rij,
        STAP,
        aangifte,
        {STAP: steunvinger(nu)} if botsing else basis,
        deels=deels,
        verschillen=aangifte.verschillen(nu) if botsing else None,
        klad=klad,
        status=409 if botsing else 200,
        sjabloon="portalen/aanvrager/stap_steun.html",
        fouten=fouten or [],
        som=steun_nu(rij, ontvangen(request)),
        oud_totaal=nu["totaal"] if nu["totaal"] and not nu["regels"] else None,
        verbonden=[deel.naam for deel in ondernemingen_rond(rij.organisatie)],
    )
