"""An answer on paper to a request to complete: stamp and scans; the answers are typed on the pages of the applicant."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from aanvragen.models import Aanvraag, Papieraanvulling, Papierscan
from aanvragen.selectors import papieraanvullingen_in_invoer, papieraanvullingen_onderhanden
from aanvragen.services.aanvulklad import ingevulde_items
from aanvragen.services.papieraanvulling import (
    AANVULPOSTREGEL,
    papieraanvulling_beginnen,
    papieraanvulling_scan_toevoegen,
    papieraanvulling_scan_verwijderen,
    papieraanvulling_stoppen,
)
from aanvragen.services.toetsing import eis_behandelaar
from kern.enums import Rol
from kern.fouten import DomeinFout
from portalen.formulieren.medewerker import Redenformulier
from portalen.formulieren.papier import Scanformulier
from portalen.formulieren.papieraanvulling import Papieraanvulformulier
from portalen.toegang import gebruiker_van, rol_vereist
from portalen.verzoek import ontvangen
from portalen.views.voorbeeld import bladzijde_antwoord, toon_voorbeeld
from portalen.views.zaak import naar_zaak, zaak_of_404
from portalen.views.zaak_bestanden import als_download

NAAM = "portalen:zaak_papieraanvulling"


def onderhanden(request: HttpRequest, aanvraag: Aanvraag) -> Papieraanvulling | None:
    """The newest entry for this case that was neither sent nor stopped."""
    rijen = papieraanvullingen_onderhanden(gebruiker_van(request)).filter(aanvulling__aanvraag=aanvraag)
    return rijen.select_related("aanvulling__aanvraag", "begonnen_door").order_by("-begonnen_op", "-pk").first()


def _onderhanden_of_404(request: HttpRequest, pk: UUID) -> tuple[Aanvraag, Papieraanvulling]:
    aanvraag = zaak_of_404(request, pk)
    eis_behandelaar(gebruiker_van(request), aanvraag)
    papier = onderhanden(request, aanvraag)
    if papier is None:
        raise Http404
    return aanvraag, papier


@rol_vereist(Rol.BEHANDELAAR)
@require_http_methods(["GET", "HEAD", "POST"])
def zaak_papieraanvulling(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Begins an entry, or shows the one that was begun: stamp, scans, and where to go on typing."""
    aanvraag = zaak_of_404(request, pk)
    eis_behandelaar(gebruiker_van(request), aanvraag)
    papier = onderhanden(request, aanvraag)
    if papier is not None and request.method != "POST":
        return _toon(request, aanvraag, papier)
    verzoek = aanvraag.aanvullingen.select_related("aanvraag").order_by("-gevraagd_op").first()
    if verzoek is None or verzoek.beantwoord_op is not None or aanvraag.status != "aanvulling_gevraagd":
        messages.info(request, _("Er is geen vraag om aanvulling open."))
        return naar_zaak(aanvraag)
    formulier = Papieraanvulformulier(request.POST or None, request.FILES or None, organisatie=aanvraag.organisatie)
    status = 200
    if request.method == "POST":
        status = 400
        if formulier.is_valid():
            try:
                papieraanvulling_beginnen(
                    aanvulling=verzoek, actor=gebruiker_van(request), op=ontvangen(request), **formulier.gegevens()
                )
            except DomeinFout as fout:
                formulier.neem_fout_over(fout)
                status = fout.http_status
            else:
                messages.success(request, _("De ontvangst is vastgelegd. Neem nu de antwoorden over van het papier."))
                return redirect(NAAM, aanvraag.pk)
    context = {
        "aanvraag": aanvraag,
        "verzoek": verzoek,
        "form": formulier,
        "titel": _("Aanvulling op papier invoeren"),
        "postregel": AANVULPOSTREGEL,
        "in_invoer": papier,
    }
    return render(request, "portalen/medewerker/zaak_papieraanvulling_nieuw.html", context, status=status)


def _toon(
    request: HttpRequest,
    aanvraag: Aanvraag,
    papier: Papieraanvulling,
    *,
    scan: Scanformulier | None = None,
    reden: Redenformulier | None = None,
    status: int = 200,
) -> HttpResponse:
    verzoek = papier.aanvulling
    context = {
        "aanvraag": aanvraag,
        "papier": papier,
        "verzoek": verzoek,
        "kan_verder": papieraanvullingen_in_invoer(gebruiker_van(request)).filter(pk=papier.pk).exists(),
        "klaar": len(ingevulde_items(verzoek, papier)),
        "totaal": verzoek.items.count(),
        "scans": papier.scans.filter(verwijderd_op=None).select_related("bestand"),
        "scanform": scan or Scanformulier(),
        "redenform": reden or Redenformulier(),
        "fouten": [formulier for formulier in (scan, reden) if formulier is not None],
        "titel": _("Aanvulling op papier"),
    }
    return render(request, "portalen/medewerker/zaak_papieraanvulling.html", context, status=status)


@rol_vereist(Rol.BEHANDELAAR)
@require_POST
def zaak_papieraanvulling_scan(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Adds a scan, or takes one out (``verwijder``)."""
    aanvraag, papier = _onderhanden_of_404(request, pk)
    actor, op = gebruiker_van(request), ontvangen(request)
    weg = str(request.POST.get("verwijder", ""))
    if weg:
        if not weg.isdecimal():
            raise Http404
        scan = get_object_or_404(papier.scans.select_related("papier__aanvulling__aanvraag", "bestand"), pk=int(weg))
        papieraanvulling_scan_verwijderen(scan=scan, actor=actor, op=op)
        return redirect(NAAM, aanvraag.pk)
    formulier = Scanformulier(request.POST, request.FILES)
    if formulier.is_valid():
        try:
            papieraanvulling_scan_toevoegen(papier=papier, scans=formulier.uploads(), actor=actor, op=op)
        except DomeinFout as fout:
            formulier.neem_fout_over(fout)
            return _toon(request, aanvraag, papier, scan=formulier, status=fout.http_status)
        messages.success(request, _("De scan is bewaard."))
        return redirect(NAAM, aanvraag.pk)
    return _toon(request, aanvraag, papier, scan=formulier, status=400)


@rol_vereist(Rol.BEHANDELAAR)
@require_POST
def zaak_papieraanvulling_stoppen(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Stops an entry; the application stays as it is."""
    aanvraag, papier = _onderhanden_of_404(request, pk)
    formulier = Redenformulier(request.POST)
    if not formulier.is_valid():
        return _toon(request, aanvraag, papier, reden=formulier, status=400)
    papieraanvulling_stoppen(
        papier=papier, reden=formulier.cleaned_data["reden"], actor=gebruiker_van(request), op=ontvangen(request)
    )
    messages.success(request, _("Het invoeren is gestopt. Aan de aanvraag is niets veranderd."))
    return naar_zaak(aanvraag)


# --- Scans: of an entry that is not sent yet; after that they are attachments of the case ----------------------------


def _scan_of_404(request: HttpRequest, pk: UUID, scan: int) -> Papierscan:
    _aanvraag, papier = _onderhanden_of_404(request, pk)
    return get_object_or_404(papier.scans.filter(verwijderd_op=None).select_related("bestand"), pk=scan)


@rol_vereist(Rol.BEHANDELAAR)
@require_GET
def zaak_papierscan(request: HttpRequest, pk: UUID, scan: int) -> HttpResponseBase:
    """A scan, to save."""
    return als_download(_scan_of_404(request, pk, scan).bestand)


@rol_vereist(Rol.BEHANDELAAR)
@require_GET
def zaak_papierscan_bekijken(request: HttpRequest, pk: UUID, scan: int) -> HttpResponse:
    """The pages of a scan as images."""
    return toon_voorbeeld(
        request,
        _scan_of_404(request, pk, scan).bestand,
        download=reverse("portalen:zaak_papierscan", args=[pk, scan]),
        beeld=lambda nr: reverse("portalen:zaak_papierscan_bladzijde", args=[pk, scan, nr]),
        terug_url=reverse(NAAM, args=[pk]) + "#scans",
        terug_naam=_("Terug naar de aanvulling op papier"),
    )


@rol_vereist(Rol.BEHANDELAAR)
@require_GET
def zaak_papierscan_bladzijde(request: HttpRequest, pk: UUID, scan: int, nummer: int) -> HttpResponse:
    """One page of a scan as PNG."""
    return bladzijde_antwoord(_scan_of_404(request, pk, scan).bestand, nummer)
