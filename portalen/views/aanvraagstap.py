"""One step of a draft: show, keep, go on. Nothing that could be read is lost, also when others work on it too."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Any
from uuid import UUID

from django.contrib.auth.decorators import login_required
from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from aanvragen.enums import Status
from aanvragen.models import Aanvraag
from aanvragen.services.concept import adviseur_bewaren, velden_bewaren, verklaringen_bewaren
from aanvragen.services.organisatie import organisatie_wijzigen
from kern.fouten import InvoerFout, OvergangFout
from kern.models import Gebruiker
from portalen.formulieren.aanvraagstappen import OrganisatieStap, ProjectStap, ThemaStap, VerklaringenStap, VragenStap
from portalen.formulieren.adviseur import AdviseurStap
from portalen.formulieren.concept import Stapformulier
from portalen.presentatie.stappen import stappen_van
from portalen.presentatie.tijdvakken import GESLOTEN, stand_van
from portalen.presentatie.vragenlijst import FORMULIEREN
from portalen.toegang import gebruiker_van
from portalen.verzoek import ontvangen
from portalen.views.hulp import eigen_aanvraag, fout_in_formulier
from portalen.views.stap_begroting import begroting_stap
from portalen.views.stap_bijlagen import bijlagen_stap
from portalen.views.stapweergave import toon_stap, verder, verouderd

Bewaarder = Callable[[Aanvraag, Any, Gebruiker, datetime, int], Aanvraag]


def _organisatie(rij: Aanvraag, formulier: OrganisatieStap, actor: Gebruiker, op: datetime, versie: int) -> Aanvraag:
    with transaction.atomic():
        nieuw = velden_bewaren(
            aanvraag=rij, stap="organisatie", gegevens=formulier.van_aanvraag(), actor=actor, op=op, versie=versie
        )
        organisatie_wijzigen(organisatie=rij.organisatie, gegevens=formulier.van_organisatie(), actor=actor, op=op)
    return nieuw


def _project(rij: Aanvraag, formulier: ProjectStap, actor: Gebruiker, op: datetime, versie: int) -> Aanvraag:
    return velden_bewaren(aanvraag=rij, stap="project", gegevens=formulier.geldig(), actor=actor, op=op, versie=versie)


def _themas(rij: Aanvraag, formulier: ThemaStap, actor: Gebruiker, op: datetime, versie: int) -> Aanvraag:
    doelen = {naam: waarde for naam, waarde in formulier.geldig().items() if naam == "doelen"}
    return velden_bewaren(
        aanvraag=rij, stap="themas", gegevens=doelen, themas=formulier.codes(), actor=actor, op=op, versie=versie
    )


def _vragen(rij: Aanvraag, formulier: VragenStap, actor: Gebruiker, op: datetime, versie: int) -> Aanvraag:
    gegevens = {"antwoorden": formulier.antwoorden()}
    return velden_bewaren(aanvraag=rij, stap="vragen", gegevens=gegevens, actor=actor, op=op, versie=versie)


def _adviseur(rij: Aanvraag, formulier: AdviseurStap, actor: Gebruiker, op: datetime, versie: int) -> Aanvraag:
    return adviseur_bewaren(
        aanvraag=rij,
        adviseur=formulier.adviesgegevens(),
        referenties=formulier.referenties(),
        actor=actor,
        op=op,
        versie=versie,
    )


def _verklaringen(rij: Aanvraag, formulier: VerklaringenStap, actor: Gebruiker, op: datetime, versie: int) -> Aanvraag:
    return verklaringen_bewaren(aanvraag=rij, akkoord=formulier.geldig(), actor=actor, op=op, versie=versie)


BEWAARDERS: dict[str, Bewaarder] = {
    "organisatie": _organisatie,
    "project": _project,
    "themas": _themas,
    "vragen": _vragen,
    "adviseur": _adviseur,
    "verklaringen": _verklaringen,
}


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def aanvraag_stap(request: HttpRequest, pk: UUID, stap: str) -> HttpResponse:
    """The step of a draft with this key; 404 when the scheme does not ask for it."""
    rij = eigen_aanvraag(request, pk)
    if stap not in {s.sleutel for s in stappen_van(rij.tijdvak.spec)}:
        raise Http404
    if request.method != "POST" and (
        rij.status != Status.CONCEPT or stand_van(rij.tijdvak, timezone.now()) == GESLOTEN
    ):
        return redirect("portalen:aanvraag", rij.pk)
    if stap == "begroting":
        return begroting_stap(request, rij)
    if stap == "bijlagen":
        return bijlagen_stap(request, rij)
    return _formulierstap(request, rij, stap)


def _formulierstap(request: HttpRequest, rij: Aanvraag, stap: str) -> HttpResponse:
    klasse = FORMULIEREN[stap]
    begin = klasse.begin(rij)
    if request.method != "POST":
        return toon_stap(request, rij, stap, klasse(rij.tijdvak.spec, initial=_voorgevuld(request, stap, begin)), begin)
    formulier = klasse(rij.tijdvak.spec, request.POST, initial=begin)
    formulier.is_valid()
    if verouderd(request, rij, begin):
        return _botsing(request, rij, stap, formulier, begin)
    try:
        rij = BEWAARDERS[stap](rij, formulier, gebruiker_van(request), ontvangen(request), rij.versie)
    except InvoerFout as fout:
        fout_in_formulier(formulier, fout)
    except OvergangFout as fout:
        if fout.code != "intussen-gewijzigd":
            raise
        rij = eigen_aanvraag(request, rij.pk)
        return _botsing(request, rij, stap, formulier, klasse.begin(rij))
    if formulier.errors:
        vers = eigen_aanvraag(request, rij.pk)
        return toon_stap(request, vers, stap, formulier, klasse.begin(vers), deels=True)
    return verder(request, eigen_aanvraag(request, rij.pk), stap)


def _voorgevuld(request: HttpRequest, stap: str, begin: dict[str, Any]) -> dict[str, Any]:
    """Name and address of the person, where nothing stands yet: nobody has to type them twice."""
    if stap != "organisatie" or begin["contactpersoon"] or begin["contact_email"]:
        return begin
    gebruiker = gebruiker_van(request)
    return {**begin, "contactpersoon": gebruiker.naam, "contact_email": gebruiker.email}


def _botsing(
    request: HttpRequest, rij: Aanvraag, stap: str, formulier: Stapformulier, nu: dict[str, Any]
) -> HttpResponse:
    """Both texts side by side; the page carries the new version, so that keeping it again overwrites knowingly."""
    verschillen = formulier.verschillen(nu)
    return toon_stap(request, rij, stap, formulier, nu, verschillen=verschillen, status=409)
