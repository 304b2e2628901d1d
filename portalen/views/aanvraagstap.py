"""One step of a draft: show, save, go on. Nothing that was typed is lost, also when others work on it too."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.datastructures import MultiValueDict
from django.views.decorators.http import require_http_methods

from aanvragen.enums import Bron, Status
from aanvragen.klad import Klad, klad_van
from aanvragen.models import Aanvraag
from aanvragen.services.concept import concept_vergrendeld, velden_bewaren, verklaringen_bewaren
from aanvragen.services.conceptadviseur import adviseur_bewaren
from aanvragen.services.deelnemers import deelnemers_bewaren
from aanvragen.services.organisatie import organisatie_wijzigen
from kern.fouten import InvoerFout, OvergangFout
from kern.models import Gebruiker
from portalen.formulieren.aanvraagstappen import (
    OrganisatieStap,
    PlaatsenStap,
    ProjectStap,
    ThemaStap,
    VerklaringenStap,
    VragenStap,
)
from portalen.formulieren.adviseur import AdviseurStap
from portalen.formulieren.concept import Stapformulier, Verschil
from portalen.formulieren.deelnemers import DeelnemersStap
from portalen.formulieren.klad import als_invoer, als_klad, invoernamen
from portalen.formulieren.klad import niet_bewaard as niet_bewaarde_velden
from portalen.formulieren.nulmeting import DefinitieStap, NulmetingStap
from portalen.formulieren.samen import Samenvoeging, basis_uit, lees_basis, samenvoegen, verschillen, vingers
from portalen.presentatie.stappen import stappen_van
from portalen.presentatie.tijdvakken import GESLOTEN, stand_van
from portalen.presentatie.vragenlijst import FORMULIEREN
from portalen.toegang import gebruiker_van
from portalen.verzoek import ontvangen
from portalen.views.hulp import eigen_aanvraag, fout_in_formulier, peilmoment
from portalen.views.onthouden import ingelogd_of_onthouden
from portalen.views.stap_begroting import begroting_stap
from portalen.views.stap_bijlagen import bijlagen_stap
from portalen.views.stap_steun import steun_stap
from portalen.views.stapweergave import (
    klad_bijwerken,
    niet_bewaard,
    nul_melden,
    onthouden_klad,
    schrijvers_erbij,
    toon_stap,
    verder,
)

Bewaarder = Callable[[Aanvraag, Any, Gebruiker, datetime], Aanvraag]


def _organisatie(rij: Aanvraag, formulier: OrganisatieStap, actor: Gebruiker, op: datetime) -> Aanvraag:
    with transaction.atomic():
        nieuw = velden_bewaren(aanvraag=rij, stap="organisatie", gegevens=formulier.van_aanvraag(), actor=actor, op=op)
        organisatie_wijzigen(organisatie=rij.organisatie, gegevens=formulier.van_organisatie(), actor=actor, op=op)
    return nieuw


def _definitie(rij: Aanvraag, formulier: DefinitieStap, actor: Gebruiker, op: datetime) -> Aanvraag:
    return velden_bewaren(aanvraag=rij, stap="definitie", gegevens={}, actor=actor, op=op)


def _project(rij: Aanvraag, formulier: ProjectStap, actor: Gebruiker, op: datetime) -> Aanvraag:
    return velden_bewaren(aanvraag=rij, stap="project", gegevens=formulier.geldig(), actor=actor, op=op)


def _themas(rij: Aanvraag, formulier: ThemaStap, actor: Gebruiker, op: datetime) -> Aanvraag:
    doelen = {naam: waarde for naam, waarde in formulier.geldig().items() if naam == "doelen"}
    return velden_bewaren(aanvraag=rij, stap="themas", gegevens=doelen, themas=formulier.codes(), actor=actor, op=op)


def _nulmeting(rij: Aanvraag, formulier: NulmetingStap, actor: Gebruiker, op: datetime) -> Aanvraag:
    gegevens = {"antwoorden": formulier.antwoorden()}
    return velden_bewaren(aanvraag=rij, stap="nulmeting", gegevens=gegevens, actor=actor, op=op)


def _vragen(rij: Aanvraag, formulier: VragenStap, actor: Gebruiker, op: datetime) -> Aanvraag:
    gegevens = {"antwoorden": formulier.antwoorden()}
    return velden_bewaren(aanvraag=rij, stap="vragen", gegevens=gegevens, actor=actor, op=op)


def _adviseur(rij: Aanvraag, formulier: AdviseurStap, actor: Gebruiker, op: datetime) -> Aanvraag:
    return adviseur_bewaren(
        aanvraag=rij, adviseur=formulier.adviesgegevens(), referenties=formulier.referenties(), actor=actor, op=op
    )


def _deelnemers(rij: Aanvraag, formulier: DeelnemersStap, actor: Gebruiker, op: datetime) -> Aanvraag:
    gegevens = formulier.gegevens()
    if gegevens is None:
        return rij
    return deelnemers_bewaren(aanvraag=rij, deelnemers=gegevens, actor=actor, op=op)


def _plaatsen(rij: Aanvraag, formulier: PlaatsenStap, actor: Gebruiker, op: datetime) -> Aanvraag:
    return velden_bewaren(aanvraag=rij, stap="plaatsen", gegevens=formulier.geldig(), actor=actor, op=op)


def _verklaringen(rij: Aanvraag, formulier: VerklaringenStap, actor: Gebruiker, op: datetime) -> Aanvraag:
    return verklaringen_bewaren(aanvraag=rij, akkoord=formulier.geldig(), actor=actor, op=op)


BEWAARDERS: dict[str, Bewaarder] = {
    "organisatie": _organisatie,
    "definitie": _definitie,
    "project": _project,
    "themas": _themas,
    "nulmeting": _nulmeting,
    "vragen": _vragen,
    "adviseur": _adviseur,
    "deelnemers": _deelnemers,
    "plaatsen": _plaatsen,
    "verklaringen": _verklaringen,
}


@ingelogd_of_onthouden
@require_http_methods(["GET", "HEAD", "POST"])
def aanvraag_stap(request: HttpRequest, pk: UUID, stap: str) -> HttpResponse:
    """The step of a draft with this key; 404 when the scheme does not ask for it."""
    rij = eigen_aanvraag(request, pk)
    if stap not in {s.sleutel for s in stappen_van(rij.tijdvak.spec)}:
        raise Http404
    if request.method != "POST" and (
        rij.status != Status.CONCEPT or stand_van(rij.tijdvak, peilmoment(rij, timezone.now())) == GESLOTEN
    ):
        return redirect("portalen:aanvraag", rij.pk)
    try:
        if stap == "begroting":
            return begroting_stap(request, rij)
        if stap == "bijlagen":
            return bijlagen_stap(request, rij)
        if stap == "steun":
            return steun_stap(request, rij)
        return _opslaan(request, rij, stap) if request.method == "POST" else _tonen(request, rij, stap)
    except OvergangFout as fout:
        if fout.code != "aanvraag-verstuurd":
            raise
        return niet_bewaard(request, eigen_aanvraag(request, rij.pk), stap)


def _tonen(request: HttpRequest, rij: Aanvraag, stap: str) -> HttpResponse:
    """The stored values, with what this person typed and did not save laid over them."""
    klasse = FORMULIEREN[stap]
    begin = klasse.begin(rij)
    klad = klad_van(rij, stap, gebruiker_van(request))
    formulier = klasse(rij.tijdvak.spec, initial=begin)
    basis = vingers(formulier, begin)
    getypt = niet_bewaarde_velden(formulier, klad.velden)
    gezien = {naam: klad.basis[naam] for naam in getypt if naam in klad.basis}
    onthouden = onthouden_klad(request, rij, stap)
    if onthouden is not None:
        extra = niet_bewaarde_velden(formulier, onthouden.velden)
        bekend = lees_basis(" ".join(onthouden.velden.get("basis", [])))
        getypt, gezien = {**getypt, **extra}, {**gezien, **{n: bekend[n] for n in extra if n in bekend}}
    if getypt:
        formulier = klasse(rij.tijdvak.spec, initial={**begin, **getypt})
    else:
        formulier = klasse(rij.tijdvak.spec, initial=_voorgevuld(request, rij, stap, begin))
    toon = Klad(stap, klad.door, {naam: [] for naam in getypt}, {}, klad.op) if getypt else None
    return toon_stap(request, rij, stap, formulier, {**basis, **gezien}, klad=toon)


def _opslaan(request: HttpRequest, rij: Aanvraag, stap: str) -> HttpResponse:
    """Saves what only this person changed; what cannot be read or was changed by two people stays on the page."""
    klasse, actor, op = FORMULIEREN[stap], gebruiker_van(request), ontvangen(request)
    with concept_vergrendeld(aanvraag=rij) as vast:
        nu = klasse.begin(vast)
        formulier = klasse(vast.tijdvak.spec, request.POST, initial=nu)
        formulier.is_valid()
        basis = basis_uit(request.POST, vingers(formulier, nu), vast.versie)
        samen = samenvoegen(formulier, nu, basis, request.POST.getlist("overnemen"))
        formulier.houden = set(samen.houden)
        tegen = verschillen(formulier, samen.botsingen, nu)
        try:
            BEWAARDERS[stap](vast, formulier, actor, op)
        except InvoerFout as fout:
            fout_in_formulier(formulier, fout)
        blijft = _blijft(formulier, samen)
        klad_bijwerken(
            request, vast, stap, als_klad(request.POST, invoernamen(formulier), blijft),
            {naam: basis[naam] for naam in blijft if naam in basis},
        )  # fmt: skip
    nul_melden(request, formulier)
    rij = eigen_aanvraag(request, rij.pk)
    if not blijft and not formulier.errors:
        return verder(request, rij, stap)
    return _opnieuw(request, rij, stap, formulier, blijft, schrijvers_erbij(rij, stap, tegen))


def _blijft(formulier: Stapformulier, samen: Samenvoeging) -> set[str]:
    """Fields whose typed value was not saved."""
    return formulier.onleesbaar() | {naam for groep in samen.botsingen for naam in groep}


def _opnieuw(
    request: HttpRequest,
    rij: Aanvraag,
    stap: str,
    oud: Stapformulier,
    blijft: set[str],
    tegen: list[Verschil],
) -> HttpResponse:
    """The page again: stored values where they were saved, typed values where they were not."""
    klasse = FORMULIEREN[stap]
    begin = klasse.begin(rij)
    namen = invoernamen(oud)
    data = MultiValueDict(als_invoer(klasse(rij.tijdvak.spec, initial=begin), begin))
    for html, waarden in als_klad(request.POST, namen, blijft).items():
        data.setlist(html, waarden)
    formulier = klasse(rij.tijdvak.spec, data, initial=begin)
    formulier.is_valid()
    for fout in oud.non_field_errors():
        formulier.add_error(None, fout)
    return toon_stap(
        request,
        rij,
        stap,
        formulier,
        vingers(formulier, begin),
        deels=True,
        verschillen=tegen,
        status=409 if tegen else 200,
    )


def _voorgevuld(request: HttpRequest, rij: Aanvraag, stap: str, begin: dict[str, Any]) -> dict[str, Any]:
    """Name and address of the person, where nothing stands yet: nobody has to type them twice."""
    if rij.bron == Bron.PAPIER or stap != "organisatie" or begin["contactpersoon"] or begin["contact_email"]:
        return begin
    gebruiker = gebruiker_van(request)
    return {**begin, "contactpersoon": gebruiker.naam, "contact_email": gebruiker.email}
