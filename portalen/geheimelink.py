"""What pages behind a secret link share: nothing is kept, passed on or found, and POSTs are counted per address.

With ``Referrer-Policy: no-referrer`` a browser sends ``Origin: null``, which Django's CSRF check refuses. These pages
are exempt from it: a POST needs the secret in the address, and whoever knows that needs no forgery.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.core.cache import cache
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.csrf import csrf_exempt

from portalen.verzoek import ip_van

#: POSTs from one address in ``VENSTER`` seconds, over all links.
MAXIMUM, VENSTER = 60, 600


def achter_geheime_link(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """Headers and limit of a page whose address is a secret."""

    @csrf_exempt
    @wraps(view)
    def binnen(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if request.method == "POST" and _te_vaak(request):
            antwoord = render(request, "429.html", status=429)
            antwoord["Retry-After"] = str(VENSTER)
        else:
            antwoord = view(request, *args, **kwargs)
        antwoord["Cache-Control"] = "no-store"
        antwoord["Referrer-Policy"] = "no-referrer"
        antwoord["X-Robots-Tag"] = "noindex, nofollow"
        return antwoord

    return binnen


def _te_vaak(request: HttpRequest) -> bool:
    sleutel = f"geheimelink-{ip_van(request)}"
    cache.add(sleutel, 0, VENSTER)
    try:
        return cache.incr(sleutel) > MAXIMUM
    except ValueError:  # the entry lapsed between the two calls
        return False
