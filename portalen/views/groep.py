"""Partner and linked enterprises: the list, the computation in words, and one enterprise."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from aanvragen.models import Organisatie
from aanvragen.services.groep import verbonden_bewaren, verbonden_verwijderen
from kern.fouten import DomeinFout
from portalen.formulieren.groep import Verbondenformulier, uit_verbonden
from portalen.presentatie.groep import groepsblok
from portalen.presentatie.navigatie import kruimels
from portalen.toegang import gebruiker_van
from portalen.verzoek import ontvangen
from portalen.views.hulp import eigen_organisatie, fout_in_formulier, volgende_adres


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def organisatie_groep(request: HttpRequest, pk: UUID) -> HttpResponse:
    """The list, what it adds up to, and a form to add one."""
    organisatie = eigen_organisatie(request, pk)
    rijen = list(organisatie.verbonden.select_related("via"))
    formulier = Verbondenformulier(request.POST or None, eigen=organisatie.naam, anderen=rijen)
    if request.method == "POST" and formulier.is_valid():
        try:
            rij = verbonden_bewaren(
                organisatie=organisatie,
                gegevens=formulier.gegevens(),
                actor=gebruiker_van(request),
                op=ontvangen(request),
            )
        except DomeinFout as fout:
            fout_in_formulier(formulier, fout)
        else:
            messages.success(request, _("%(naam)s staat in de lijst.") % {"naam": rij.naam})
            return _naar_lijst(request, organisatie)
    titel = _("Partners en verbonden ondernemingen")
    context = {
        "titel": titel,
        "organisatie": organisatie,
        "rijen": rijen,
        "form": formulier,
        "blok": groepsblok(organisatie, rijen),
        "volgende": volgende_adres(request),
        "kruimels": _kruimels(organisatie, titel),
    }
    return render(request, "portalen/aanvrager/groep.html", context)


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def organisatie_groep_rij(request: HttpRequest, pk: UUID, rij: int) -> HttpResponse:
    """Change one enterprise, or take it out with what hangs on it."""
    organisatie = eigen_organisatie(request, pk)
    bestaand = get_object_or_404(organisatie.verbonden, pk=rij)
    if request.method == "POST" and request.POST.get("actie") == "verwijderen":
        verbonden_verwijderen(rij=bestaand, actor=gebruiker_van(request), op=ontvangen(request))
        messages.success(request, _("%(naam)s staat niet meer in de lijst.") % {"naam": bestaand.naam})
        return _naar_lijst(request, organisatie)
    formulier = Verbondenformulier(
        request.POST or None,
        initial=uit_verbonden(bestaand),
        eigen=organisatie.naam,
        anderen=list(organisatie.verbonden.exclude(pk=rij)),
    )
    if request.method == "POST" and formulier.is_valid():
        try:
            verbonden_bewaren(
                organisatie=organisatie,
                gegevens=formulier.gegevens(),
                actor=gebruiker_van(request),
                op=ontvangen(request),
                pk=rij,
            )
        except DomeinFout as fout:
            fout_in_formulier(formulier, fout)
        else:
            messages.success(request, _("De gegevens van %(naam)s zijn bewaard.") % {"naam": bestaand.naam})
            return _naar_lijst(request, organisatie)
    context = {
        "titel": bestaand.naam,
        "organisatie": organisatie,
        "rij": bestaand,
        "achter": bestaand.verder.count(),
        "form": formulier,
        "volgende": volgende_adres(request),
        "kruimels": _kruimels(organisatie, bestaand.naam),
    }
    return render(request, "portalen/aanvrager/groep_rij.html", context)


def _naar_lijst(request: HttpRequest, organisatie: Organisatie) -> HttpResponse:
    volgende = volgende_adres(request)
    staart = f"?{urlencode({'volgende': volgende})}" if volgende else ""
    return redirect(reverse("portalen:organisatie_groep", args=[organisatie.pk]) + staart)


def _kruimels(organisatie: Organisatie, titel: str) -> object:
    return kruimels(
        (_("Mijn aanvragen"), reverse("portalen:mijn_aanvragen")),
        (organisatie.naam, reverse("portalen:organisatie", args=[organisatie.pk])),
        (titel, ""),
    )
