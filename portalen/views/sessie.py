"""Staying logged in, getting back what was typed, and setting up the second factor."""

from __future__ import annotations

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_safe

from portalen.formulieren.mfaadapter import heeft_tweede_factor
from portalen.sessie import einde, teruggave, verlengen
from portalen.toegang import gebruiker_van
from portalen.verzoek import ontvangen


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def sessie(request: HttpRequest) -> HttpResponse:
    """Starts the clock again and tells until when; JSON for the bar, a page for who opened it in a tab."""
    if request.method == "POST":
        verlengen(request, ontvangen(request))
    tot = einde(request)
    if "application/json" in request.headers.get("Accept", ""):
        return JsonResponse({"tot": tot.isoformat() if tot else None})
    return render(request, "portalen/sessie.html")


@login_required
@require_safe
def sessie_herstel(request: HttpRequest) -> HttpResponse:
    """The form that came too late, to be sent again by the same person; nothing is sent by itself."""
    bewaard = teruggave(request, gebruiker_van(request))
    if bewaard is None:
        return redirect("portalen:start")
    return render(request, "portalen/sessie_herstel.html", {"bewaard": bewaard})


@login_required
@require_safe
def tweede_stap(request: HttpRequest) -> HttpResponse:
    """Why staff needs a second factor and how to set one up."""
    if heeft_tweede_factor(gebruiker_van(request)):
        return redirect("portalen:start")
    return render(request, "portalen/tweede_stap.html")
