"""The front page, the way to one's own start page, and what machines ask (liveness, readiness, security.txt)."""

from __future__ import annotations

from datetime import UTC, timedelta

from django.conf import settings
from django.contrib.auth.decorators import login_required
from django.db import DatabaseError, connection
from django.db.migrations.executor import MigrationExecutor
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import NoReverseMatch, reverse
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from kern.enums import Rol
from kern.models import Gebruiker
from portalen.presentatie.tijdvakken import GESLOTEN, OPEN, STRAKS, kaart, stand_van, vrije_tijdvakken
from portalen.toegang import gebruiker_van
from regeling.models import Tijdvak

#: Page that a role starts at, the first that fits.
STARTPAGINAS: list[tuple[frozenset[Rol], str]] = [
    (frozenset({Rol.BEHANDELAAR, Rol.BESLISSER, Rol.AUDITOR, Rol.BEZWAARBEHANDELAAR}), "werklijst"),
    (frozenset({Rol.NOTARIS, Rol.BEHEERDER}), "tijdvakken"),
    (frozenset({Rol.FINANCIEEL}), "betalingen"),
    (frozenset({Rol.ANALIST}), "evaluatie"),
    (frozenset({Rol.BEOORDELAAR, Rol.VOORZITTER, Rol.SECRETARIS}), "beoordelen"),
]
#: Closed rounds on the front page; the rest is on the list of schemes.
GESLOTEN_OP_VOORPAGINA = 3
#: How long a security.txt is valid; RFC 9116 asks for less than a year.
GELDIG = timedelta(days=180)


@require_safe
def home(request: HttpRequest) -> HttpResponse:
    """What this is, and the rounds that are open, coming and closed."""
    nu = timezone.now()
    standen: dict[str, list[Tijdvak]] = {OPEN: [], STRAKS: [], GESLOTEN: []}
    for tijdvak in vrije_tijdvakken().order_by("-sluit_op", "pk"):
        standen[stand_van(tijdvak, nu)].append(tijdvak)
    getoond = {
        "open": sorted(standen[OPEN], key=lambda tijdvak: tijdvak.sluit_op),
        "straks": sorted(standen[STRAKS], key=lambda tijdvak: tijdvak.open_op),
        "gesloten": standen[GESLOTEN][:GESLOTEN_OP_VOORPAGINA],
    }
    context = {naam: [kaart(tijdvak, nu) for tijdvak in rij] for naam, rij in getoond.items()}
    return render(request, "portalen/publiek/home.html", context)


@login_required
@require_safe
def start(request: HttpRequest) -> HttpResponse:
    """To the page that the person works at."""
    return redirect(startpagina(gebruiker_van(request)))


def startpagina(gebruiker: Gebruiker) -> str:
    """Address of the start page by role; a page that this installation lacks is passed over."""
    if not gebruiker.rollen:
        return reverse("portalen:mijn_aanvragen")
    for rollen, naam in STARTPAGINAS:
        if gebruiker.rollen & rollen:
            try:
                return reverse(f"portalen:{naam}")
            except NoReverseMatch:
                continue
    return reverse("portalen:home")


@require_safe
def stijlgids(request: HttpRequest) -> HttpResponse:
    """All building blocks on one page, for makers and staff."""
    medewerker = isinstance(request.user, Gebruiker) and request.user.is_medewerker
    if not (settings.DEBUG or medewerker):
        raise Http404
    return render(request, "portalen/stijlgids.html")


@require_safe
@never_cache
def livez(request: HttpRequest) -> HttpResponse:
    """The process answers."""
    return HttpResponse("ok\n", content_type="text/plain; charset=utf-8")


@require_safe
@never_cache
def readyz(request: HttpRequest) -> HttpResponse:
    """The database answers and has the tables of this version; else 503."""
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1")
        executor = MigrationExecutor(connection)
        achter = executor.migration_plan(executor.loader.graph.leaf_nodes())
    except DatabaseError:
        return _niet_klaar("database")
    return _niet_klaar("migraties") if achter else HttpResponse("ok\n", content_type="text/plain; charset=utf-8")


def _niet_klaar(wat: str) -> HttpResponse:
    antwoord = HttpResponse(f"niet klaar: {wat}\n", content_type="text/plain; charset=utf-8", status=503)
    antwoord["Retry-After"] = "10"
    return antwoord


@require_safe
def security_txt(request: HttpRequest) -> HttpResponse:
    """Where to report a vulnerability (RFC 9116, R96): the address of the installation, else its contact page."""
    adres = settings.INSTELLING["contact_email"]
    contact = f"mailto:{adres}" if adres else request.build_absolute_uri(reverse("portalen:contact"))
    tot = (timezone.now().astimezone(UTC) + GELDIG).replace(hour=0, minute=0, second=0, microsecond=0)
    regels = [
        f"Contact: {contact}",
        f"Expires: {tot:%Y-%m-%dT%H:%M:%SZ}",
        "Preferred-Languages: nl, en",
        f"Canonical: {request.build_absolute_uri(reverse('portalen:security_txt'))}",
    ]
    return HttpResponse("\n".join(regels) + "\n", content_type="text/plain; charset=utf-8")
