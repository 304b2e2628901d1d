"""What the steps of a draft share: the page, the guard against overwriting a colleague, and where to go on to."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _

from aanvragen.models import Aanvraag
from portalen.formulieren.concept import Verschil, beeld
from portalen.presentatie.navigatie import kruimels_aanvraag
from portalen.presentatie.stappen import heeft_vragen, stap_url, stappen_van, volgende, voortgang_van
from portalen.presentatie.tijdvakken import tijd_over

SJABLONEN = {naam: f"portalen/aanvrager/stap_{naam}.html" for naam in ("organisatie", "vragen", "adviseur")}


def verouderd(request: HttpRequest, rij: Aanvraag, begin: Any) -> bool:
    """Whether somebody changed this step after the page was opened.

    ``versie`` counts every save of the application, ``beeld`` is the digest of this step alone: a colleague who worked
    on another step is no reason to bother anybody.
    """
    gezien = request.POST.get("beeld")
    if gezien:
        return gezien != beeld(begin)
    return request.POST.get("versie") != str(rij.versie)


def toon_stap(
    request: HttpRequest,
    rij: Aanvraag,
    stap: str,
    formulier: Any,
    begin: Any,
    *,
    deels: bool = False,
    verschillen: list[Verschil] | None = None,
    status: int = 200,
    sjabloon: str = "",
    **extra: Any,
) -> HttpResponse:
    """The page of a step, with the version that it shows and what is new since."""
    nu, stappen = timezone.now(), stappen_van(rij.tijdvak.spec)
    voortgang = voortgang_van(rij, nu)
    nummer = [s.sleutel for s in stappen].index(stap)
    context = {
        "aanvraag": rij,
        "tijdvak": rij.tijdvak,
        "spec": rij.tijdvak.spec,
        "stap": stappen[nummer],
        "stapnummer": nummer + 1,
        "totaal": len(stappen),
        "voortgang": voortgang,
        "over": tijd_over(rij.tijdvak.sluit_op, nu),
        "form": formulier,
        "beeld": beeld(begin),
        "deels": deels,
        "botsing": verschillen is not None,
        "verschillen": verschillen or [],
        "terug": "controleren" if naar_controle(request) else "",
        "toon_definitie": stap == ("vragen" if heeft_vragen(rij.tijdvak.spec) else "project"),
        "kruimels": kruimels_aanvraag(rij, stappen[nummer].naam),
        **extra,
    }
    return render(request, sjabloon or SJABLONEN.get(stap, "portalen/aanvrager/stap.html"), context, status=status)


def naar_controle(request: HttpRequest) -> bool:
    """Whether the person came from the check page and goes back there."""
    return "controleren" in {request.GET.get("terug"), request.POST.get("terug")}


def verder(request: HttpRequest, rij: Aanvraag, stap: str) -> HttpResponse:
    """After keeping: back to the list or the check page, or on to the next step; says what is still missing."""
    taak = voortgang_van(rij, timezone.now()).taak(stap)
    if taak.gebreken:
        messages.warning(
            request,
            _("“%(stap)s” is bewaard. Nog te doen: %(lijst)s")
            % {"stap": taak.naam, "lijst": " ".join(gebrek.melding for gebrek in taak.gebreken)},
        )
    else:
        messages.success(request, _("“%(stap)s” is bewaard.") % {"stap": taak.naam})
    if request.POST.get("actie") == "overzicht":
        return redirect("portalen:aanvraag", rij.pk)
    volgend = volgende(stappen_van(rij.tijdvak.spec), stap)
    if volgend is None or naar_controle(request):
        return redirect("portalen:aanvraag_controleren", rij.pk)
    return redirect(stap_url(rij, volgend))
