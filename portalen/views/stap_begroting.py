"""The budget step: rows are added and taken out with plain submit buttons; the server computes, with and without
JavaScript."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.template.loader import render_to_string

from aanvragen.berekening import bereken
from aanvragen.klad import Klad, klad_van
from aanvragen.models import Aanvraag, Begrotingsregel
from aanvragen.services.concept import Begrotingspost, begroting_bewaren, concept_vergrendeld
from kern.fouten import InvoerFout
from portalen.formulieren.begroting import (
    MAXIMUM_REGELS,
    Begroting,
    gemengd,
    heeft_klad,
    opgeslagen_regels,
    vorm_van,
    zonder_regel,
)
from portalen.formulieren.begroting_samen import begroting_samenvoegen
from portalen.formulieren.concept import Verschil
from portalen.formulieren.samen import basis_uit, lees_basis
from portalen.presentatie.regelingtekst import bedragen, kosten
from portalen.presentatie.stappen import stap_url
from portalen.templatetags.stimulans import euro
from portalen.toegang import gebruiker_van
from portalen.verzoek import ontvangen
from portalen.views.hulp import eigen_aanvraag
from portalen.views.stapweergave import (
    klad_bijwerken,
    naar_controle,
    nul_melden,
    onthouden_klad,
    schrijvers_erbij,
    toon_stap,
    verder,
)

STAP = "begroting"
#: Buttons that save and stay on the page → where to on it.
BLIJVERS = {"regel": "regels", "bereken": "berekening"}


def begroting_stap(request: HttpRequest, rij: Aanvraag) -> HttpResponse:
    return _opslaan(request, rij) if request.method == "POST" else _tonen(request, rij)


def _tonen(request: HttpRequest, rij: Aanvraag) -> HttpResponse:
    spec, opgeslagen = rij.tijdvak.spec, opgeslagen_regels(rij)
    klad = onthouden_klad(request, rij, STAP) or klad_van(rij, STAP, gebruiker_van(request))
    if not klad.basis:
        klad = Klad(STAP, klad.door, klad.velden, lees_basis(" ".join(klad.velden.get("basis", []))), klad.op)
    if not heeft_klad(spec, opgeslagen, klad):
        begroting = Begroting(spec, opgeslagen)
        return _toon(request, rij, begroting, begroting.vingers())
    begroting = Begroting(spec, opgeslagen, klad=klad)
    return _toon(request, rij, begroting, {**begroting.vingers(), **klad.basis}, klad=klad)


def _opslaan(request: HttpRequest, rij: Aanvraag) -> HttpResponse:
    gegevens: Mapping[str, Any] = dict(request.POST.items())
    weg, actie = str(gegevens.get("verwijder", "")), str(gegevens.get("actie", ""))
    if weg.isdecimal() and len(weg) < 4:
        gegevens = zonder_regel(gegevens, int(weg))
    fouten = []
    with concept_vergrendeld(aanvraag=rij) as vast:
        spec = vast.tijdvak.spec
        begroting = Begroting(spec, opgeslagen_regels(vast), gegevens)
        basis = basis_uit(gegevens, begroting.vingers(), vast.versie)
        samen = begroting_samenvoegen(begroting, basis, request.POST.getlist("overnemen"))
        try:
            begroting_bewaren(aanvraag=vast, posten=samen.posten, actor=gebruiker_van(request), op=ontvangen(request))
        except InvoerFout as fout:
            fouten.append(str(fout))
        over = list(begroting) if fouten else samen.open
        na = gemengd(spec, opgeslagen_regels(vast), over)
        botst = {verschil.veld for verschil in samen.verschillen}
        velden = {naam: [str(waarde)] for naam, waarde in na.data.items()} if over else {}
        oud = {plek: digest for plek, digest in basis.items() if plek in botst}
        klad_bijwerken(request, vast, STAP, velden, {**na.vingers(), **oud} if over else {})
    nul_melden(request, begroting)
    rij = eigen_aanvraag(request, rij.pk)
    if over or samen.verschillen:
        tegen = schrijvers_erbij(rij, STAP, samen.verschillen)
        return _toon(request, rij, na, na.vingers(), deels=not fouten, verschillen=tegen, fouten=fouten)
    if weg or actie in BLIJVERS:
        terug = "?terug=controleren" if naar_controle(request) else ""
        return redirect(f"{stap_url(rij, STAP)}{terug}#{BLIJVERS.get(actie, 'regels')}")
    return verder(request, rij, STAP)


def _toon(
    request: HttpRequest,
    rij: Aanvraag,
    begroting: Begroting,
    basis: Mapping[str, str],
    *,
    klad: Klad | None = None,
    deels: bool = False,
    verschillen: list[Verschil] | None = None,
    fouten: list[str] | None = None,
) -> HttpResponse:
    spec = rij.tijdvak.spec
    return toon_stap(
        request,
        rij,
        STAP,
        begroting,
        basis,
        deels=deels,
        verschillen=verschillen,
        klad=klad,
        status=409 if verschillen else 200,
        sjabloon="portalen/aanvrager/stap_begroting.html",
        fouten=fouten or [],
        vorm=vorm_van(spec),
        vol=len(begroting) >= MAXIMUM_REGELS,
        soorten=[soort for soort in spec.kostensoorten if soort.uitleg],
        kosten=kosten(spec),
        bedragen=bedragen(spec),
        berekening=bereken(spec, rij.begroting.all()) if rij.begroting.all() else None,
    )


def berekening_nu(rij: Aanvraag, invoer: Mapping[str, list[str]]) -> tuple[str, str]:
    """HTML of the calculation for rows as they are typed now, and the subsidy in words; rows in error do not count."""
    data = {naam: waarden[0] if waarden else "" for naam, waarden in invoer.items()}
    begroting = Begroting(rij.tijdvak.spec, opgeslagen_regels(rij), data)
    posten = begroting.leesbare_posten()
    uitkomst = bereken(rij.tijdvak.spec, [_regel(rij, post) for post in posten])
    context = {"regels": uitkomst.regels if posten else (), "onleesbaar": len(begroting.errors)}
    html = render_to_string("portalen/aanvrager/_berekening_nu.html", context)
    return html, euro(uitkomst.subsidie) if posten else ""


def _regel(rij: Aanvraag, post: Begrotingspost) -> Begrotingsregel:
    """A line that is only computed with, never stored."""
    return Begrotingsregel(
        aanvraag=rij,
        kostensoort=post.kostensoort,
        omschrijving=post.omschrijving,
        aantal=post.aantal,
        bedrag=post.bedrag,
    )
