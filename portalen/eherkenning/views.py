"""To the broker and back."""

from __future__ import annotations

from typing import Any

import requests
from allauth.account.internal.decorators import login_not_required
from allauth.socialaccount.models import SocialApp
from allauth.socialaccount.providers.oauth2.client import OAuth2Error
from allauth.socialaccount.providers.oauth2.views import OAuth2CallbackView, OAuth2LoginView
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from portalen.eherkenning.oidc import Brokeradapter


class Terugkeer(OAuth2CallbackView):
    adapter: Brokeradapter

    def _get_state(self, request: HttpRequest, provider: Any) -> tuple[dict[str, Any] | None, HttpResponse | None]:
        """allauth's state, of which the adapter needs the nonce."""
        state, antwoord = super()._get_state(request, provider)
        self.adapter.nonce = str((state or {}).get("nonce") or "")
        return state, antwoord


def _draai(klasse: Any, request: HttpRequest) -> HttpResponse:
    try:
        antwoord: HttpResponse = klasse.adapter_view(Brokeradapter(request))(request)
    except SocialApp.DoesNotExist:
        raise Http404  # not configured: it does not exist here
    except (requests.RequestException, OAuth2Error, KeyError, ValueError):
        # The broker is down or answers with something else than its own configuration.
        return render(request, "socialaccount/onbereikbaar.html", status=503)
    return antwoord


@login_not_required
@never_cache
@require_POST
def inloggen(request: HttpRequest) -> HttpResponse:
    """Sends the person to the broker. POST: nobody is logged in by a link of somebody else."""
    return _draai(OAuth2LoginView, request)


@login_not_required
@never_cache
@require_safe
def terug(request: HttpRequest) -> HttpResponse:
    """The broker's answer."""
    return _draai(Terugkeer, request)
