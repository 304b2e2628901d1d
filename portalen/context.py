"""What every page needs: settings of the installation and the main navigation by role."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.http import HttpRequest
from django.urls import NoReverseMatch, reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from aanvragen.eherkenning import NIVEAUS
from aanvragen.selectors import ongelezen_aantal
from kern.enums import Rol
from kern.models import Gebruiker


def portaal(request: HttpRequest) -> dict[str, Any]:
    """``instelling`` and ``hoofdnavigatie`` of ``basis.html``; ``eherkenning`` where one can log in with it."""
    return {
        "instelling": settings.INSTELLING,
        "hoofdnavigatie": _navigatie(request),
        "eherkenning": _eherkenning(),
    }


def _eherkenning() -> dict[str, str] | None:
    if not settings.SOCIALACCOUNT_PROVIDERS:
        return None
    return {"niveau": NIVEAUS[settings.EHERKENNING["niveau"]]}


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
        punten.append((_berichten(gebruiker), "postbus", "/berichten/"))
    if rollen & {Rol.BEHANDELAAR, Rol.BESLISSER, Rol.AUDITOR}:
        punten.append((_("Werklijst"), "werklijst", "/werk/lijst/"))
    if Rol.BEHANDELAAR in rollen:
        punten.append((_("Papier"), "papier", "/werk/papier/"))
    if rollen & {Rol.BEHANDELAAR, Rol.BESLISSER, Rol.AUDITOR}:
        punten.append((_("Besluiten"), "besluiten", "/werk/besluiten/"))
    if rollen & {Rol.BEHANDELAAR, Rol.BESLISSER, Rol.AUDITOR}:
        punten.append((_("Referenties"), "referenties", "/werk/referenties/"))
        punten.append((_("Adviseurs"), "adviseurs", "/werk/adviseurs/"))
    if rollen & {Rol.BEHANDELAAR, Rol.BESLISSER, Rol.NOTARIS, Rol.BEHEERDER, Rol.AUDITOR}:
        punten.append((_("Tijdvakken"), "tijdvakken", "/werk/tijdvakken/"))
    if rollen & {Rol.BEHANDELAAR, Rol.BEHEERDER, Rol.AUDITOR}:
        punten.append((_("Verzending"), "verzending", "/werk/berichten/"))
    if rollen & {Rol.BEOORDELAAR, Rol.VOORZITTER, Rol.SECRETARIS}:
        punten.append((_("Beoordelen"), "beoordelen", "/werk/beoordelen/"))
    if Rol.FINANCIEEL in rollen:
        punten.append((_("Betalingen"), "betalingen", "/werk/betalingen/"))
    if Rol.ANALIST in rollen:
        punten.append((_("Evaluatie"), "evaluatie", "/werk/evaluatie/"))
    if Rol.BEHEERDER in rollen:
        punten.append((_("Beheer"), "beheer", "/werk/beheer/"))
    return punten


def _berichten(gebruiker: Gebruiker) -> str:
    aantal = ongelezen_aantal(gebruiker)
    if not aantal:
        return _("Berichten")
    return ngettext("Berichten (%(n)d ongelezen)", "Berichten (%(n)d ongelezen)", aantal) % {"n": aantal}


def _punt(request: HttpRequest, naam: str, url: str, begin: str) -> dict[str, Any] | None:
    try:
        adres = reverse(f"portalen:{url}")
    except NoReverseMatch:
        return None
    return {"naam": naam, "url": adres, "actief": request.path == adres or request.path.startswith(begin)}
