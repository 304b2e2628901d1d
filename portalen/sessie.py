"""How long somebody stays logged in, the warning beforehand, and giving back what was typed (P4, R98, WCAG 2.2.1).

The clock starts again with every page. Who comes too late is logged out; a form that was sent too late is kept in the
new session, for the same person only, and offered again after logging in.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

from django.conf import settings
from django.contrib import messages
from django.contrib.auth import logout
from django.contrib.auth.signals import user_logged_in
from django.dispatch import receiver
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils import timezone
from django.utils.http import urlencode
from django.utils.translation import gettext as _

from kern.models import Gebruiker

ACTIEF, BEWAARD = "laatst_actief", "bewaard_formulier"
#: The moment is written at most this often: not every page needs a write.
NAUWKEURIG = timedelta(seconds=30)
#: Pages whose forms are not kept: logging in, language, the session itself.
NIET_BEWAREN = ("/account/", "/i18n/", "/sessie/")
#: More than this (characters) is no form that somebody typed.
MAXIMUM = 200_000


def duur(gebruiker: Gebruiker) -> timedelta:
    """Time without a request after which the person is logged out."""
    seconden = settings.SESSIE_MEDEWERKER if gebruiker.is_medewerker else settings.SESSIE_ANDEREN
    return timedelta(seconds=seconden)


def _laatst(request: HttpRequest) -> datetime | None:
    moment = request.session.get(ACTIEF)
    return datetime.fromtimestamp(moment, UTC) if isinstance(moment, int) else None


def einde(request: HttpRequest) -> datetime | None:
    """When the person is logged out if nothing happens; ``None`` when not logged in."""
    if not isinstance(request.user, Gebruiker):
        return None
    return (_laatst(request) or timezone.now()) + duur(request.user)


def verlengen(request: HttpRequest, nu: datetime) -> None:
    """Starts the clock again."""
    request.session[ACTIEF] = int(nu.timestamp())


@receiver(user_logged_in)
def ingelogd(sender: Any, request: HttpRequest | None, **kwargs: Any) -> None:
    """Django's signal of every way to log in: the clock starts."""
    if request is not None:
        verlengen(request, timezone.now())


class Sessieduur:
    """After the check on forgery (process_view), so that only a genuine form is kept."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_view(self, request: HttpRequest, view: Any, args: Any, kwargs: Any) -> HttpResponse | None:
        gebruiker = request.user
        if request.path_info.startswith("/api/") or not isinstance(gebruiker, Gebruiker):
            return None
        nu, laatst = timezone.now(), _laatst(request)
        if laatst is not None and nu - laatst > duur(gebruiker):
            return _te_laat(request, gebruiker)
        if laatst is None or nu - laatst > NAUWKEURIG:
            verlengen(request, nu)
        if request.method == "POST" and request.session.get(BEWAARD, {}).get("pad") == request.path:
            del request.session[BEWAARD]
        return None


def _te_laat(request: HttpRequest, gebruiker: Gebruiker) -> HttpResponse:
    bewaard = _getypt(request, gebruiker)
    logout(request)
    if bewaard is not None:
        request.session[BEWAARD] = bewaard
        verder = reverse("portalen:sessie_herstel")
        messages.warning(
            request, _("U was uitgelogd omdat u een tijd niets deed. Wat u invulde, krijgt u terug na het inloggen.")
        )
    else:
        verder = request.get_full_path() if request.method in {"GET", "HEAD"} else request.path
        messages.warning(request, _("U bent uitgelogd omdat u een tijd niets deed. Log opnieuw in om verder te gaan."))
    return HttpResponseRedirect(f"{reverse('account_login')}?{urlencode({'next': verder})}")


def _getypt(request: HttpRequest, gebruiker: Gebruiker) -> dict[str, Any] | None:
    """The fields of the form that came too late; files and secrets are not kept."""
    if request.method != "POST" or request.path_info.startswith(NIET_BEWAREN):
        return None
    velden = [
        [naam, waarde]
        for naam, waarden in request.POST.lists()
        for waarde in waarden
        if naam != "csrfmiddlewaretoken" and "password" not in naam
    ]
    if not velden or sum(len(waarde) for _naam, waarde in velden) > MAXIMUM:
        return None
    return {"pad": request.path, "wie": gebruiker.pk, "velden": velden, "bestanden": bool(request.FILES)}


def teruggave(request: HttpRequest, gebruiker: Gebruiker) -> dict[str, Any] | None:
    """What was kept for this person; what was kept for somebody else is thrown away."""
    bewaard = request.session.get(BEWAARD)
    if bewaard is None or bewaard["wie"] != gebruiker.pk:
        request.session.pop(BEWAARD, None)
        return None
    return dict(bewaard)


def context(request: HttpRequest) -> dict[str, Any]:
    """``sessie``: until when the person stays logged in, for the foot of every page."""
    tot = einde(request) if hasattr(request, "session") and hasattr(request, "user") else None
    if tot is None:
        return {}
    return {"sessie": {"tot": tot, "nu": timezone.now(), "waarschuwing": settings.SESSIE_WAARSCHUWING}}
