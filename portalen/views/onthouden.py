"""Typed text of somebody whose session ended: kept aside until the person has logged in again (P4).

Only for a browser that had a session, only as much as a page can hold, and only shown to who may see that page. With
JavaScript the text was kept field by field already; this is for the page that is sent without it.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any
from urllib.parse import urlencode

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, resolve_url

from aanvragen.services.klad import LANGSTE_VELD

View = Callable[..., HttpResponseBase]


def ingelogd_of_onthouden(view: View) -> View:
    """Logged in; else to the login page, and back to this page with what was typed on it."""

    @wraps(view)
    def binnen(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        if request.user.is_authenticated:
            return view(request, *args, **kwargs)
        if request.method == "POST" and settings.SESSION_COOKIE_NAME in request.COOKIES:
            _onthoud(request)
        return naar_inloggen(request.get_full_path())

    return binnen


def naar_inloggen(daarna: str) -> HttpResponse:
    """The login page, which goes on to this address."""
    return redirect(f"{resolve_url(settings.LOGIN_URL)}?{urlencode({'next': daarna}, safe='/')}")


def _onthoud(request: HttpRequest) -> None:
    velden = {
        naam: [waarde.replace("\x00", "") for waarde in waarden]
        for naam, waarden in request.POST.lists()
        if naam not in {"csrfmiddlewaretoken", "actie", "verwijder", "overnemen", "terug", "pagina"}
    }
    if sum(len(waarde) for waarden in velden.values() for waarde in waarden) <= LANGSTE_VELD:
        request.session["getypt"] = {request.path: velden}  # the last page only
