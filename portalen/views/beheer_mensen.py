"""The administrator: taking a role away, ending somebody's sessions, and the list for the review of rights."""

from __future__ import annotations

import csv

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from kern.enums import Rol
from kern.fouten import DomeinFout
from kern.models import Gebruiker, Roltoekenning
from kern.services.gebruikers import rol_intrekken, sessies_beeindigen, tweede_stap_wissen
from portalen.formulieren.medewerker import Redenformulier
from portalen.toegang import gebruiker_van, rol_vereist
from portalen.verzoek import ontvangen

KOLOMMEN = ["naam", "e-mailadres", "account actief", "rol", "sinds", "gegeven door", "laatst ingelogd", "tweede factor"]


def _getal(request: HttpRequest, naam: str) -> int:
    waarde = request.POST.get(naam, "")
    if not waarde.isdecimal() or len(waarde) > 18:
        raise Http404
    return int(waarde)


def _terug() -> HttpResponse:
    return redirect(reverse("portalen:beheer") + "#mensen")


@rol_vereist(Rol.BEHEERDER)
@require_POST
def rol_weg(request: HttpRequest) -> HttpResponse:
    """Takes a role away; it ends with the next page that the person asks for."""
    rijen = Roltoekenning.objects.select_related("gebruiker").filter(ingetrokken_op=None)
    toekenning = get_object_or_404(rijen, pk=_getal(request, "toekenning"))
    rol = Rol(toekenning.rol)
    rol_intrekken(gebruiker=toekenning.gebruiker, rol=rol, op=ontvangen(request), actor=gebruiker_van(request))
    messages.success(
        request, _("%(naam)s is geen %(rol)s meer.") % {"naam": toekenning.gebruiker, "rol": str(rol.label).lower()}
    )
    return _terug()


@rol_vereist(Rol.BEHEERDER)
@require_POST
def sessies(request: HttpRequest) -> HttpResponse:
    """Logs somebody out everywhere."""
    persoon = get_object_or_404(Gebruiker, pk=_getal(request, "gebruiker"))
    aantal = sessies_beeindigen(gebruiker=persoon, op=ontvangen(request), actor=gebruiker_van(request))
    messages.success(
        request, _("%(naam)s is overal uitgelogd (%(aantal)s sessies).") % {"naam": persoon, "aantal": aantal}
    )
    return _terug()


@rol_vereist(Rol.BEHEERDER)
@require_http_methods(["GET", "HEAD", "POST"])
def tweede_stap(request: HttpRequest, pk: int) -> HttpResponse:
    """Takes away the second step of somebody who lost it."""
    persoon = get_object_or_404(Gebruiker, pk=pk)
    if persoon == gebruiker_van(request):
        messages.error(request, _("U kunt uw eigen tweede stap niet wissen. Vraag een andere beheerder."))
        return _terug()
    formulier = Redenformulier(
        request.POST if request.method == "POST" else None,
        hulp=_("Bijvoorbeeld: telefoon kwijt; zelf aan de balie geweest met een paspoort."),
    )
    if request.method == "POST" and formulier.is_valid():
        try:
            tweede_stap_wissen(
                gebruiker=persoon,
                reden=formulier.cleaned_data["reden"],
                op=ontvangen(request),
                actor=gebruiker_van(request),
            )
        except DomeinFout as fout:
            formulier.neem_fout_over(fout)
        else:
            messages.success(request, _("De tweede stap van %(naam)s is gewist.") % {"naam": persoon})
            return _terug()
    context = {"persoon": persoon, "form": formulier}
    return render(request, "portalen/medewerker/tweede_stap_wissen.html", context)


@rol_vereist(Rol.BEHEERDER)
@require_GET
def rechten(request: HttpRequest) -> HttpResponse:
    """Who has which role since when, given by whom: for the yearly review (BIO2 5.18.02)."""
    antwoord = HttpResponse(content_type="text/csv; charset=utf-8")
    dag = timezone.localtime(ontvangen(request)).date()
    antwoord["Content-Disposition"] = f'attachment; filename="rechten-{dag:%Y-%m-%d}.csv"'
    schrijver = csv.writer(antwoord, delimiter=";")
    schrijver.writerow(KOLOMMEN)
    rijen = Roltoekenning.objects.filter(ingetrokken_op=None).select_related("gebruiker", "toegekend_door")
    for rij in rijen.prefetch_related("gebruiker__authenticator_set").order_by("gebruiker__naam", "gebruiker", "rol"):
        persoon = rij.gebruiker
        factoren = {a.type for a in persoon.authenticator_set.all()} - {"recovery_codes"}  # type: ignore[attr-defined]
        schrijver.writerow(
            [
                _cel(persoon.naam),
                _cel(persoon.email),
                "ja" if persoon.is_active else "nee",
                rij.get_rol_display(),
                f"{timezone.localtime(rij.toegekend_op):%Y-%m-%d}",
                _cel(str(rij.toegekend_door)) if rij.toegekend_door else "systeem",
                f"{timezone.localtime(persoon.last_login):%Y-%m-%d}" if persoon.last_login else "",
                "ja" if factoren else "nee",
            ]
        )
    return antwoord


def _cel(tekst: str) -> str:
    """A name that a spreadsheet would take for a formula gets an apostrophe (H7)."""
    return f"'{tekst}" if tekst[:1] in "=+-@\t\r" and tekst else tekst
