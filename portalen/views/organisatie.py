"""Registering an organisation and changing its data."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from aanvragen.services.organisatie import organisatie_registreren, organisatie_wijzigen
from kern.fouten import DomeinFout
from portalen.formulieren.organisatie import Organisatieformulier, uit_organisatie
from portalen.presentatie.navigatie import kruimels
from portalen.toegang import gebruiker_van
from portalen.verzoek import ontvangen
from portalen.views.hulp import eigen_organisatie, fout_in_formulier, volgende_adres


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def organisatie_nieuw(request: HttpRequest) -> HttpResponse:
    """Registers an organisation; who does so becomes its manager."""
    formulier = Organisatieformulier(request.POST or None, nieuw=True)
    if request.method == "POST" and formulier.is_valid():
        try:
            organisatie = organisatie_registreren(
                kvk_nummer=formulier.cleaned_data["kvk_nummer"],
                gegevens=formulier.gegevens(),
                actor=gebruiker_van(request),
                op=ontvangen(request),
            )
        except DomeinFout as fout:
            fout_in_formulier(formulier, fout)
        else:
            messages.success(request, _("%(naam)s is aangemeld.") % {"naam": organisatie.naam})
            return redirect(volgende_adres(request) or reverse("portalen:mijn_aanvragen"))
    return _toon(request, formulier, _("Organisatie aanmelden"), nieuw=True)


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def organisatie(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Changes the data of one's own organisation."""
    rij = eigen_organisatie(request, pk)
    formulier = Organisatieformulier(request.POST or None, nieuw=False, initial=uit_organisatie(rij))
    if request.method == "POST" and formulier.is_valid():
        try:
            rij = organisatie_wijzigen(
                organisatie=rij, gegevens=formulier.gegevens(), actor=gebruiker_van(request), op=ontvangen(request)
            )
        except DomeinFout as fout:
            fout_in_formulier(formulier, fout)
        else:
            messages.success(request, _("De gegevens van %(naam)s zijn bewaard.") % {"naam": rij.naam})
            return redirect(volgende_adres(request) or reverse("portalen:mijn_aanvragen"))
    return _toon(request, formulier, _("Gegevens van uw organisatie"), kvk_nummer=rij.kvk_nummer)


def _toon(
    request: HttpRequest, formulier: Organisatieformulier, titel: str, *, nieuw: bool = False, kvk_nummer: str = ""
) -> HttpResponse:
    context = {
        "form": formulier,
        "titel": titel,
        "nieuw": nieuw,
        "kvk_nummer": kvk_nummer,
        "volgende": volgende_adres(request),
        "kruimels": kruimels((_("Mijn aanvragen"), reverse("portalen:mijn_aanvragen")), (titel, "")),
    }
    return render(request, "portalen/aanvrager/organisatie.html", context)
