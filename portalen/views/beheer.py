"""The administrator: versions of schemes, a dry run of a scheme file, people and their roles."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.db.models import Prefetch, Q
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from kern.enums import Rol
from kern.fouten import BestandFout
from kern.models import Gebruiker, Roltoekenning
from kern.services.gebruikers import rol_toekennen
from portalen.formulieren.beheer import Regelingbestandformulier, Rolformulier
from portalen.toegang import gebruiker_van, rol_vereist
from portalen.verzoek import ontvangen
from regeling.lezen import digest, lees_regeling, waarschuwingen
from regeling.models import Regelingversie, Tijdvak

PER_PAGINA = 50


def _context(request: HttpRequest, **anders: Any) -> dict[str, Any]:
    zoek = request.GET.get("zoek", "").strip()[:100]
    van_kracht = Roltoekenning.objects.filter(ingetrokken_op=None).order_by("rol")
    mensen = Gebruiker.objects.prefetch_related(
        Prefetch("roltoekenningen", queryset=van_kracht, to_attr="van_kracht")
    ).order_by("naam", "email")
    if zoek:
        mensen = mensen.filter(Q(naam__icontains=zoek) | Q(email__icontains=zoek))
    if request.GET.get("wie", "medewerkers") != "iedereen":
        mensen = mensen.filter(roltoekenningen__ingetrokken_op=None, roltoekenningen__isnull=False).distinct()
    versies = (
        Regelingversie.objects.select_related("regeling", "geladen_door")
        .defer("inhoud")
        .prefetch_related(Prefetch("tijdvakken", queryset=Tijdvak.objects.order_by("-open_op"), to_attr="rondes"))
        .order_by("regeling__sleutel", "-geladen_op", "-id")
    )
    return {
        "versies": Paginator(versies, PER_PAGINA).get_page(request.GET.get("versiepagina")),
        "pagina": Paginator(mensen, PER_PAGINA).get_page(request.GET.get("pagina")),
        "zoek": zoek,
        "iedereen": request.GET.get("wie") == "iedereen",
        "rolform": Rolformulier(auto_id="id_rol_%s"),
        "bestandform": Regelingbestandformulier(auto_id="id_proef_%s"),
        **anders,
    }


@rol_vereist(Rol.BEHEERDER)
@require_GET
def beheer(request: HttpRequest) -> HttpResponse:
    """Versions, dry run, people."""
    return render(request, "portalen/medewerker/beheer.html", _context(request))


@rol_vereist(Rol.BEHEERDER)
@require_POST
def beheer_rol(request: HttpRequest) -> HttpResponse:
    """Gives a role to somebody who has an account."""
    formulier = Rolformulier(request.POST, auto_id="id_rol_%s")
    if formulier.is_valid():
        email, rol = formulier.cleaned_data["email"], Rol(formulier.cleaned_data["rol"])
        gebruiker = Gebruiker.objects.filter(email__iexact=email, is_active=True).first()
        if gebruiker is None:
            formulier.add_error("email", _("Er is geen account met dit e-mailadres. Laat de collega eerst inloggen."))
        elif rol in gebruiker.rollen:
            formulier.add_error("rol", _("Deze collega heeft deze rol al."))
        else:
            rol_toekennen(gebruiker=gebruiker, rol=rol, actor=gebruiker_van(request), op=ontvangen(request))
            messages.success(
                request, _("%(naam)s heeft nu de rol “%(rol)s”.") % {"naam": gebruiker, "rol": str(rol.label)}
            )
            return redirect(reverse("portalen:beheer") + "#mensen")
    context = _context(request, rolform=formulier, form=formulier)
    return render(request, "portalen/medewerker/beheer.html", context, status=400)


@rol_vereist(Rol.BEHEERDER)
@require_http_methods(["POST"])
def beheer_proef(request: HttpRequest) -> HttpResponse:
    """Reads a scheme file and tells what is wrong; nothing is stored or published."""
    formulier = Regelingbestandformulier(request.POST, request.FILES, auto_id="id_proef_%s")
    if not formulier.is_valid():
        context = _context(request, bestandform=formulier, form=formulier)
        return render(request, "portalen/medewerker/beheer.html", context, status=400)
    naam = request.FILES["bestand"].name or "bestand"  # type: ignore[union-attr]  # the form has checked that there is one file
    try:
        spec = lees_regeling(formulier.cleaned_data["bestand"], naam)
    except BestandFout as fout:
        context = {"naam": naam, "fouten": fout.fouten, "melding": fout.melding}
        return render(request, "portalen/medewerker/beheer_proef.html", context, status=400)
    som = digest(spec)
    context = {
        "naam": naam,
        "spec": spec,
        "sha256": som,
        "bekend": Regelingversie.objects.filter(sha256=som).defer("inhoud").first(),
        "waarschuwingen": waarschuwingen(spec),
    }
    return render(request, "portalen/medewerker/beheer_proef.html", context)
