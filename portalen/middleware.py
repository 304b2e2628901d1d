"""A domain error that a view let through becomes a clear page, once, at the edge."""

from __future__ import annotations

from collections.abc import Callable

from django.db import OperationalError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from kern.fouten import DomeinFout


class Domeinfouten:
    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
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
