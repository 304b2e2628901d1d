"""Who may open a page: decorators for views, on the same predicates as the rest."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest
from django.http.response import HttpResponseBase
from django.shortcuts import render

from kern.enums import Rol
from kern.models import Gebruiker

View = Callable[..., HttpResponseBase]


def rol_vereist(*rollen: Rol) -> Callable[[View], View]:
    """Logged in and with one of these roles; else 403."""

    def om(view: View) -> View:
        @login_required
        @wraps(view)
        def binnen(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
            if not gebruiker_van(request).rollen & set(rollen):
                return render(request, "403.html", status=403)
            return view(request, *args, **kwargs)

        return binnen

    return om


def gebruiker_van(request: HttpRequest) -> Gebruiker:
    """The logged-in user, typed."""
    if not isinstance(request.user, Gebruiker):
        raise Http404
    return request.user
