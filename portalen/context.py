"""What every page needs: settings of the installation and the main navigation by role."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.http import HttpRequest
from django.urls import NoReverseMatch, reverse
from django.utils.translation import gettext as _

from kern.enums import Rol
from kern.models import Gebruiker


def portaal(request: HttpRequest) -> dict[str, Any]:
    """``instelling`` and ``hoofdnavigatie`` of ``basis.html``."""
    return {"instelling": settings.INSTELLING, "hoofdnavigatie": _navigatie(request)}


def _navigatie(request: HttpRequest) -> list[dict[str, Any]]:
    gebruiker = getattr(request, "user", None)
    punten = [(_("Regelingen"), "home", "/regelingen/")]
    if isinstance(gebruiker, Gebruiker):
        punten += _punten_van(gebruiker)
    return [punt for punt in (_punt(request, *p) for p in punten) if punt]


def _punten_van(gebruiker: Gebruiker) -> list[tuple[str, str, str]]:
    rollen = gebruiker.rollen
    punten = []
    if not rollen:
        punten.append((_("Mijn aanvragen"), "mijn_aanvragen", "/mijn-aanvragen/"))
    if rollen & {Rol.BEHANDELAAR, Rol.BESLISSER, Rol.AUDITOR}:
        punten.append((_("Werklijst"), "werklijst", "/werk/lijst/"))
    if rollen & {Rol.BEHANDELAAR, Rol.BESLISSER, Rol.AUDITOR}:
        punten.append((_("Besluiten"), "besluiten", "/werk/besluiten/"))
    if rollen & {Rol.BEHANDELAAR, Rol.BESLISSER, Rol.NOTARIS, Rol.BEHEERDER, Rol.AUDITOR}:
        punten.append((_("Tijdvakken"), "tijdvakken", "/werk/tijdvakken/"))
    if Rol.FINANCIEEL in rollen:
        punten.append((_("Betalingen"), "betalingen", "/werk/betalingen/"))
    if Rol.ANALIST in rollen:
        punten.append((_("Evaluatie"), "evaluatie", "/werk/evaluatie/"))
    if Rol.BEHEERDER in rollen:
        punten.append((_("Beheer"), "beheer", "/werk/beheer/"))
    return punten


def _punt(request: HttpRequest, naam: str, url: str, begin: str) -> dict[str, Any] | None:
    try:
        adres = reverse(f"portalen:{url}")
    except NoReverseMatch:
        return None
    return {"naam": naam, "url": adres, "actief": request.path == adres or request.path.startswith(begin)}
