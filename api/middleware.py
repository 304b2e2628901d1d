"""What every answer under /api/ has: the version, the security headers (R80, R83) and problem details (T7)."""

from __future__ import annotations

import logging
from collections.abc import Callable

from django.http import HttpRequest, HttpResponse

from api.problemen import MEDIATYPE, code_bij, probleemantwoord
from api.versie import VERSIE

logger = logging.getLogger(__name__)

HEADERS = {
    "Cache-Control": "no-store",
    "Content-Security-Policy": "default-src 'none'; frame-ancestors 'none'",
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Content-Language": "nl",
    "API-Version": VERSIE,
}
#: Headers of a replaced error that mean something to the client.
BEHOUDEN = ("Allow", "WWW-Authenticate", "Retry-After")


class ApiVersie:
    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        antwoord = self.get_response(request)
        if request.path_info != "/api" and not request.path_info.startswith("/api/"):
            return antwoord
        if antwoord.status_code >= 400 and antwoord.get("Content-Type") != MEDIATYPE:
            antwoord = _als_probleem(request, antwoord)
        for naam, waarde in HEADERS.items():
            antwoord[naam] = waarde
        return antwoord


def _als_probleem(request: HttpRequest, oud: HttpResponse) -> HttpResponse:
    """Django's own error page (bad host, unhandled error, ...) as a problem; its text stays inside."""
    if oud.status_code >= 500:
        logger.error("Fout %s bij %s %s", request.verzoek_id, request.method, request.path)  # type: ignore[attr-defined]
    nieuw = probleemantwoord(request, code_bij(oud.status_code), status=oud.status_code)
    for naam in BEHOUDEN:
        if naam in oud:
            nieuw[naam] = oud[naam]
    return nieuw
