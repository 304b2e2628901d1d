"""At the edge of the portal: a domain error becomes a clear page, and staff works with a second factor only."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.conf import settings
from django.db import OperationalError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render

from kern.fouten import DomeinFout, InvoerFout
from kern.models import Gebruiker
from portalen.formulieren.mfaadapter import heeft_tweede_factor

TE_GROOT = InvoerFout(
    "Wat u wilt sturen, is te groot om in één keer te ontvangen.",
    actie="Stuur minder bestanden tegelijk. Wat u eerder bewaarde, staat er nog.",
    code="verzoek-te-groot",
)


def _te_groot(request: HttpRequest) -> bool:
    """Before one byte of the body is read; the API has bounds of its own."""
    lengte = request.META.get("CONTENT_LENGTH") or "0"
    eigen = not request.path_info.startswith("/api/")
    return eigen and (not lengte.isdecimal() or int(lengte) > settings.VERZOEK_MAXIMUM)


class Domeinfouten:
    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if _te_groot(request):
            return render(request, "portalen/domeinfout.html", {"fout": TE_GROOT}, status=413)
        antwoord = self.get_response(request)
        if hasattr(request, "user") and request.user.is_authenticated and not antwoord.has_header("Cache-Control"):
            antwoord["Cache-Control"] = "no-store"  # pages of a case stay out of shared caches and the back button
        return antwoord

    def process_exception(self, request: HttpRequest, fout: Exception) -> HttpResponse | None:
        if request.path_info.startswith("/api/"):
            return None
        if isinstance(fout, DomeinFout):
            return render(request, "portalen/domeinfout.html", {"fout": fout}, status=fout.http_status)
        if isinstance(fout, OperationalError):
            antwoord = render(request, "503.html", status=503)
            antwoord["Retry-After"] = "10"
            return antwoord
        return None


class Tweedefactor:
    """Sends staff without a second factor to the page that sets one up, whatever page they ask for (BIO2 5.17.01)."""

    #: Logging in and out, setting up the factor, language; what machines ask; the API has its own tokens.
    VRIJ = ("/account/", "/i18n/", "/tweede-stap/", "/sessie/", "/livez/", "/readyz/", "/api/")

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_view(self, request: HttpRequest, view: Any, args: Any, kwargs: Any) -> HttpResponse | None:
        gebruiker = request.user
        if not settings.MFA_VERPLICHT or request.path_info.startswith(self.VRIJ):
            return None
        if isinstance(gebruiker, Gebruiker) and gebruiker.is_medewerker and not heeft_tweede_factor(gebruiker):
            return redirect("portalen:tweede_stap")
        return None
