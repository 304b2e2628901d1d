"""The attachments step: upload, replace, order, take out, look at and fetch."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from aanvragen.models import Aanvraag, Bijlage
from aanvragen.services.concept import velden_bewaren
from aanvragen.services.conceptbijlage import bijlage_toevoegen, bijlage_verplaatsen, bijlage_verwijderen
from kern.fouten import InvoerFout, OpslagFout
from portalen.formulieren.bijlagen import Bijlagenformulier
from portalen.presentatie.navigatie import kruimels_aanvraag
from portalen.presentatie.stappen import stap_url
from portalen.toegang import gebruiker_van
from portalen.verzoek import ontvangen
from portalen.views.hulp import bestand_antwoord, eigen_aanvraag
from portalen.views.stapweergave import naar_controle, toon_stap, verder
from portalen.views.voorbeeld import bladzijde_antwoord, toon_voorbeeld
from regeling.schema_delen import Bijlagespec

STAP = "bijlagen"


def _gevraagd(rij: Aanvraag) -> list[Bijlagespec]:
    return [bijlage for bijlage in rij.tijdvak.spec.bijlagen if bijlage.bij == "aanvraag"]


def _aanwezig(rij: Aanvraag) -> dict[str, list[Bijlage]]:
    gevonden: dict[str, list[Bijlage]] = {}
    for bijlage in rij.bijlagen.filter(verwijderd_op=None).select_related("bestand"):
        gevonden.setdefault(bijlage.code, []).append(bijlage)
    return gevonden


def _genoemd(aanwezig: dict[str, list[Bijlage]], nummer: str) -> Bijlage:
    """The attachment that a button or link names; 404 when it is not (any more) among those of this draft."""
    gevonden = [b for rij in aanwezig.values() for b in rij if str(b.pk) == nummer]
    if not gevonden:
        raise Http404
    return gevonden[0]


def bijlagen_stap(request: HttpRequest, rij: Aanvraag) -> HttpResponse:
    """Each file is kept by itself: one that is refused does not take the others along."""
    aanwezig = _aanwezig(rij)
    wens = str(request.POST.get("vervang", "") if request.method == "POST" else request.GET.get("vervang", ""))
    oud = _genoemd(aanwezig, wens) if wens else None
    if request.method != "POST":
        return _toon(request, rij, _formulier(rij, aanwezig, oud), aanwezig, oud)
    actor, op = gebruiker_van(request), ontvangen(request)
    formulier = _formulier(rij, aanwezig, oud, request.POST, request.FILES)
    formulier.is_valid()
    status = 200
    for code, upload in formulier.gekozen():
        try:
            bijlage_toevoegen(
                aanvraag=rij,
                code=code,
                naam=upload.name or code,
                inhoud=upload.read(),
                actor=actor,
                op=op,
                vervangt=oud if oud is not None and oud.code == code else None,
            )
        except (InvoerFout, OpslagFout) as fout:
            formulier.add_error(code, str(fout))
            status = fout.http_status if isinstance(fout, OpslagFout) else status
    knop = _knop(request, aanwezig)
    if knop and knop[0] == "verwijder":
        bijlage_verwijderen(bijlage=knop[1], actor=actor, op=op)
    elif knop:
        bijlage_verplaatsen(bijlage=knop[1], omhoog=knop[0] == "omhoog", actor=actor, op=op)
    if not formulier.errors and not knop:
        velden_bewaren(aanvraag=rij, stap=STAP, gegevens={}, actor=actor, op=op)
    rij = eigen_aanvraag(request, rij.pk)
    if formulier.errors:
        return _toon(request, rij, formulier, _aanwezig(rij), oud, deels=True, status=status)
    if knop or request.POST.get("actie") == "toevoegen":
        terug = "?terug=controleren" if naar_controle(request) else ""
        return redirect(stap_url(rij, STAP) + terug)
    return verder(request, rij, STAP)


def _formulier(
    rij: Aanvraag, aanwezig: dict[str, list[Bijlage]], oud: Bijlage | None, *gegevens: Any
) -> Bijlagenformulier:
    return Bijlagenformulier(
        _gevraagd(rij),
        {code: len(bijlagen) for code, bijlagen in aanwezig.items()},
        *gegevens,
        vervang=(oud.code, oud.bestand.naam) if oud else ("", ""),
    )


def _knop(request: HttpRequest, aanwezig: dict[str, list[Bijlage]]) -> tuple[str, Bijlage] | None:
    """The button at a file that was pressed: 'verwijder', 'omhoog' or 'omlaag', and the file."""
    for naam in ("verwijder", "omhoog", "omlaag"):
        if request.POST.get(naam):
            return naam, _genoemd(aanwezig, str(request.POST[naam]))
    return None


def _toon(
    request: HttpRequest,
    rij: Aanvraag,
    formulier: Bijlagenformulier,
    aanwezig: dict[str, list[Bijlage]],
    oud: Bijlage | None,
    *,
    deels: bool = False,
    status: int = 200,
) -> HttpResponse:
    gevraagd = _gevraagd(rij)
    verplicht = [spec for spec in gevraagd if spec.verplicht]
    return toon_stap(
        request,
        rij,
        STAP,
        formulier,
        {},
        deels=deels,
        status=status,
        sjabloon="portalen/aanvrager/stap_bijlagen.html",
        vervangt=oud,
        verplicht=len(verplicht),
        verplicht_er=sum(spec.code in aanwezig for spec in verplicht),
        bijlagen=[
            {
                "spec": spec,
                "bestanden": aanwezig.get(spec.code, []),
                "veld": formulier[spec.code],
                "vervangt": oud is not None and oud.code == spec.code,
                "vol": 1 < spec.aantal_maximum <= len(aanwezig.get(spec.code, [])),
            }
            for spec in gevraagd
        ],
    )


def _bijlage(rij: Aanvraag, bijlage: int) -> Bijlage:
    gevonden: Bijlage = get_object_or_404(rij.bijlagen.select_related("bestand"), pk=bijlage)
    return gevonden


@login_required
@require_safe
def aanvraag_bijlage(request: HttpRequest, pk: UUID, bijlage: int) -> HttpResponseBase:
    """An attachment of one's own application."""
    return bestand_antwoord(_bijlage(eigen_aanvraag(request, pk), bijlage).bestand)


@login_required
@require_safe
def aanvraag_bijlage_bekijken(request: HttpRequest, pk: UUID, bijlage: int) -> HttpResponse:
    """The pages of an attachment as images."""
    rij = eigen_aanvraag(request, pk)
    return toon_voorbeeld(
        request,
        _bijlage(rij, bijlage).bestand,
        download=reverse("portalen:aanvraag_bijlage", args=[pk, bijlage]),
        beeld=lambda nr: reverse("portalen:aanvraag_bijlage_bladzijde", args=[pk, bijlage, nr]),
        kruimels=kruimels_aanvraag(rij, _("Bijlage bekijken")),
    )


@login_required
@require_safe
def aanvraag_bijlage_bladzijde(request: HttpRequest, pk: UUID, bijlage: int, nummer: int) -> HttpResponse:
    """One page of an attachment as PNG."""
    return bladzijde_antwoord(_bijlage(eigen_aanvraag(request, pk), bijlage).bestand, nummer)
