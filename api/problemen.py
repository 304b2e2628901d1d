"""Errors as problem details (RFC 9457): one shape for every 4xx and 5xx under /api/ (T7, R81).

`type` is a URL that exists (:data:`SOORTEN` has a page for each code), `instance` is the id of the request, the same as
the header X-Request-ID: who calls the help desk can name it.
"""

from __future__ import annotations

import logging
import math
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.core.exceptions import DisallowedHost, PermissionDenied, SuspiciousOperation
from django.db import OperationalError
from django.http import Http404, HttpRequest, JsonResponse
from rest_framework import exceptions
from rest_framework.renderers import JSONRenderer
from rest_framework.response import Response

from api.versie import BASIS
from kern.fouten import BestandFout, DomeinFout

logger = logging.getLogger(__name__)

MEDIATYPE = "application/problem+json"


@dataclass(frozen=True)
class Soort:
    """A kind of problem: its usual status, its title and what the developer can do."""

    status: int
    titel: str
    uitleg: str


SOORTEN: dict[str, Soort] = {
    "verzoek-onjuist": Soort(
        400, "Het verzoek klopt niet", "Kijk of het verzoek geldige HTTP is en of de inhoud geldige JSON in UTF-8 is."
    ),
    "ongeldige-invoer": Soort(
        400,
        "De invoer klopt niet",
        "In `invalidParams` staat elke fout: `name` is de naam van het veld of de parameter, `in` zegt waar het staat "
        "(query of body), `reason` zegt wat er mis is. Namen die wij niet kennen, zijn ook een fout.",
    ),
    "bestand-geweigerd": Soort(400, "Het bestand is geweigerd", "In `invalidParams` staat elke fout met de plek."),
    "token-geweigerd": Soort(
        400,
        "U krijgt geen token",
        "Het lid `error` is de code uit RFC 6749. Controleer client-id, geheim, grant_type en scope.",
    ),
    "niet-aangemeld": Soort(
        401,
        "U bent niet aangemeld",
        f"Vraag een token aan met POST {BASIS}/token en stuur het mee in de header `Authorization: Bearer`. "
        "Een token is een uur geldig.",
    ),
    "geen-recht": Soort(403, "U mag dit niet", "Neem contact op als u denkt dat dit niet klopt."),
    "scope-ontbreekt": Soort(
        403,
        "Uw token geeft geen toegang tot deze gegevens",
        "De header `WWW-Authenticate` noemt de scope die nodig is. Vraag een token met die scope aan. Staat de scope "
        "niet op uw naam, neem dan contact op.",
    ),
    "partner-geblokkeerd": Soort(403, "Uw toegang is geblokkeerd", "Neem contact op met de beheerder van Stimulans."),
    "niet-gevonden": Soort(
        404,
        "Niet gevonden",
        "Het adres bestaat niet, of u mag de gegevens niet zien: wij maken daar geen verschil tussen. Adressen van de "
        "API eindigen niet op een schuine streep.",
    ),
    "methode-niet-toegestaan": Soort(
        405, "Deze methode kan hier niet", "De header `Allow` noemt de methoden die wel kunnen."
    ),
    "formaat-niet-leverbaar": Soort(
        406, "Dit formaat leveren wij niet", "Vraag om `application/json` in de header `Accept`, of laat die weg."
    ),
    "geweigerd": Soort(409, "Dit kan nu niet", "De gegevens laten deze stap niet toe. Er is niets gewijzigd."),
    "overgang-niet-toegestaan": Soort(
        409, "Dit kan niet meer", "De stand is intussen veranderd. Haal de gegevens opnieuw op. Er is niets gewijzigd."
    ),
    "plafond-bereikt": Soort(
        409, "Het plafond is bereikt", "Er is geen ruimte meer (Awb 4:25). Er is niets gewijzigd."
    ),
    "te-groot": Soort(413, "Het verzoek is te groot", "Stuur minder gegevens per verzoek."),
    "inhoud-niet-ondersteund": Soort(
        415, "Deze soort inhoud lezen wij niet", "Stuur JSON met de header `Content-Type: application/json`."
    ),
    "te-veel-verzoeken": Soort(
        429, "Te veel verzoeken", "Wacht zo veel seconden als in de header `Retry-After` staat en probeer het opnieuw."
    ),
    "interne-fout": Soort(
        500, "Er ging iets mis bij ons", "Probeer het later opnieuw. Blijft het misgaan, meld ons dan `instance`."
    ),
    "niet-bereikbaar": Soort(503, "Wij zijn even niet bereikbaar", "Probeer het later opnieuw."),
}

#: Code for a status that did not come from one of our own errors.
BIJ_STATUS = {
    401: "niet-aangemeld",
    403: "geen-recht",
    404: "niet-gevonden",
    405: "methode-niet-toegestaan",
    406: "formaat-niet-leverbaar",
    409: "geweigerd",
    413: "te-groot",
    415: "inhoud-niet-ondersteund",
    429: "te-veel-verzoeken",
    503: "niet-bereikbaar",
}
#: Fixed text per code: says nothing about whether data exist.
DETAIL = {
    "verzoek-onjuist": "Wij kunnen dit verzoek niet lezen.",
    "ongeldige-invoer": "Een of meer gegevens in het verzoek kloppen niet.",
    "niet-aangemeld": "Stuur een geldig token mee in de header Authorization.",
    "geen-recht": "U hebt geen recht op deze gegevens.",
    "niet-gevonden": "Dit adres bestaat niet, of u mag deze gegevens niet zien.",
    "te-groot": "Het verzoek is groter dan wij aannemen.",
    "interne-fout": "Het verzoek is niet gelukt door een fout bij ons. Er is niets gewijzigd.",
    "niet-bereikbaar": "Het verzoek is niet gelukt omdat een onderdeel bij ons niet bereikbaar is.",
}


class Invoerfouten(exceptions.ValidationError):
    """Everything that is wrong with query and body, together (R81). ``fouten``: items of ``invalidParams``."""

    def __init__(self, fouten: list[dict[str, str]]) -> None:
        super().__init__(DETAIL["ongeldige-invoer"])
        self.fouten = fouten


class TeGroot(exceptions.APIException):
    status_code = 413
    default_detail = DETAIL["te-groot"]


class NietBereikbaar(exceptions.APIException):
    status_code = 503
    #: Seconds after which it makes sense to try again.
    wait = 10


def invoerfout(naam: str, plek: str, code: str, reden: str) -> dict[str, str]:
    """One item of ``invalidParams``."""
    return {"name": naam, "in": plek, "code": code, "reason": reden}


def plat(detail: Any, plek: str, naam: str = "") -> Iterable[dict[str, str]]:
    """The nested errors of a serializer as flat items. In a body a name is a path: `regels[0].bedrag`."""
    if isinstance(detail, dict):
        for sleutel, waarde in detail.items():
            yield from plat(waarde, plek, _pad(naam, sleutel, plek))
    elif isinstance(detail, list):
        for nummer, waarde in enumerate(detail):
            genest = isinstance(waarde, dict | list)
            yield from plat(waarde, plek, _pad(naam, nummer, plek) if genest else naam)
    else:
        yield invoerfout(naam, plek, str(getattr(detail, "code", "") or "ongeldig"), str(detail))


def _pad(naam: str, deel: str | int, plek: str) -> str:
    if deel == "non_field_errors":
        return naam
    if isinstance(deel, int):
        return naam if plek == "query" else f"{naam}[{deel}]"
    return f"{naam}.{deel}" if naam else deel


def probleem(
    request: HttpRequest,
    code: str,
    *,
    status: int | None = None,
    detail: str = "",
    invalid_params: list[dict[str, str]] | None = None,
) -> dict[str, Any]:
    """The members of a problem. ``code`` is a key of :data:`SOORTEN`."""
    soort = SOORTEN[code]
    pad = f"{BASIS}/problemen/{code}"
    try:
        adres = request.build_absolute_uri(pad)
    except DisallowedHost:
        adres = pad
    velden: dict[str, Any] = {
        "type": adres,
        "title": soort.titel,
        "status": status or soort.status,
        "detail": detail or DETAIL.get(code, soort.uitleg),
        "instance": f"urn:uuid:{request.verzoek_id}",  # type: ignore[attr-defined]
    }
    if invalid_params:
        velden["invalidParams"] = invalid_params
    return velden


def probleemantwoord(request: HttpRequest, code: str, *, status: int | None = None, detail: str = "") -> JsonResponse:
    """The problem as a response, for places outside the REST framework."""
    velden = probleem(request, code, status=status, detail=detail)
    return JsonResponse(
        velden, status=velden["status"], content_type=MEDIATYPE, json_dumps_params={"ensure_ascii": False}
    )


def code_bij(status: int) -> str:
    """Code of a problem for a bare HTTP status."""
    return BIJ_STATUS.get(status, "interne-fout" if status >= 500 else "verzoek-onjuist")


def _code_van(fout: DomeinFout) -> str:
    """The code itself when it has a page, else that of the nearest family member that has one."""
    kandidaten = [fout.code, *(getattr(klasse, "code", "") for klasse in type(fout).__mro__)]
    return next(code for code in kandidaten if code in SOORTEN)


def _domein(fout: DomeinFout) -> dict[str, Any]:
    params = [invoerfout(fout.veld, "body", fout.code, fout.melding)] if fout.veld else []
    if isinstance(fout, BestandFout):
        params = [invoerfout(regel.plek, "body", regel.kolom, regel.melding) for regel in fout.fouten]
    return {"code": _code_van(fout), "status": fout.http_status, "detail": str(fout), "invalid_params": params}


def _rest(fout: exceptions.APIException) -> dict[str, Any]:
    if isinstance(fout, Invoerfouten):
        return {"code": "ongeldige-invoer", "invalid_params": fout.fouten}
    if isinstance(fout, exceptions.ValidationError):
        return {"code": "ongeldige-invoer", "invalid_params": list(plat(fout.detail, "body"))}
    code = getattr(fout, "probleemcode", code_bij(fout.status_code))
    eigen = hasattr(fout, "probleemcode") or isinstance(fout, exceptions.ParseError)
    return {"code": code, "status": fout.status_code, "detail": str(fout.detail) if eigen else ""}


def afhandelen(exc: Exception, context: dict[str, Any]) -> Response | None:
    """Exception handler of the REST framework. An unknown error is left to Django: it logs it, and
    :class:`api.middleware.ApiVersie` makes the answer."""
    if isinstance(exc, Http404):
        exc = exceptions.NotFound()
    elif isinstance(exc, PermissionDenied):
        exc = exceptions.PermissionDenied()
    elif isinstance(exc, SuspiciousOperation):
        exc = exceptions.ParseError(DETAIL["verzoek-onjuist"])
    elif isinstance(exc, OperationalError):
        logger.error("De database is niet bereikbaar", exc_info=exc)
        exc = NietBereikbaar()
    if isinstance(exc, DomeinFout):
        velden = _domein(exc)
    elif isinstance(exc, exceptions.APIException):
        velden = _rest(exc)
    else:
        return None
    headers = {}
    if aanmelden := getattr(exc, "auth_header", None):
        headers["WWW-Authenticate"] = aanmelden
    if (wachten := getattr(exc, "wait", None)) is not None:
        headers["Retry-After"] = str(max(1, math.ceil(wachten)))
    request = context["request"]
    # A problem is JSON, also where the view itself can answer with a page.
    request.accepted_renderer, request.accepted_media_type = JSONRenderer(), "application/json"
    code = velden.pop("code")
    inhoud = probleem(request, code, **velden)
    return Response(inhoud, status=inhoud["status"], headers=headers, content_type=MEDIATYPE)
