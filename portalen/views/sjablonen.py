"""The administrator: texts of messages per scheme, in versions; a second person puts one in use."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import messages
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _l
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from aanvragen.berichtteksten import TEKSTEN
from aanvragen.services.sjablonen import (
    sjabloon_in_gebruik_nemen,
    sjabloon_maken,
    sjabloon_voorbeeld,
    tekstverschil,
)
from kern.enums import Rol
from kern.fouten import DomeinFout, InvoerFout
from portalen.formulieren.medewerker import Medewerkerformulier, tekstvak
from portalen.toegang import gebruiker_van, rol_vereist
from portalen.verzoek import ontvangen
from regeling.models import Berichtsjabloon, Regeling


class Sjabloonformulier(Medewerkerformulier):
    """Subject and text of a new version."""

    onderwerp = forms.CharField(label=_l("Onderwerp"), max_length=200)
    tekst = forms.CharField(
        label=_l("Tekst"),
        help_text=_l("Schrijf in gewone taal, met “u”. Regels die met “- ” beginnen, worden een lijst."),
        widget=tekstvak(12),
        max_length=8000,
    )


@rol_vereist(Rol.BEHEERDER)
@require_GET
def sjablonen(request: HttpRequest) -> HttpResponse:
    """All kinds of message, with what is in use for each scheme and what waits for a second person."""
    in_gebruik: dict[str, dict[str, int]] = {}
    wacht: dict[str, int] = {}
    rijen = Berichtsjabloon.objects.select_related("regeling").defer("tekst").order_by("versie")
    for rij in rijen:
        naam = rij.regeling.naam if rij.regeling else _("Alle regelingen")
        if rij.in_gebruik_op is not None:
            in_gebruik.setdefault(rij.code, {})[naam] = rij.versie
        else:
            wacht[rij.code] = wacht.get(rij.code, 0) + 1
    context = {
        "rijen": [
            {
                "code": code,
                "tekst": tekst,
                "in_gebruik": sorted(in_gebruik.get(code, {}).items()),
                "wacht": wacht.get(code, 0),
            }
            for code, tekst in TEKSTEN.items()
        ]
    }
    return render(request, "portalen/medewerker/sjablonen.html", context)


def _regeling(request: HttpRequest) -> Regeling | None:
    sleutel = request.POST.get("regeling") or request.GET.get("regeling") or ""
    return get_object_or_404(Regeling, sleutel=sleutel) if sleutel else None


def _versies(code: str, regeling: Regeling | None) -> QuerySet[Berichtsjabloon]:
    rijen = Berichtsjabloon.objects.filter(code=code, regeling=regeling)
    return rijen.select_related("gemaakt_door", "in_gebruik_door").order_by("-versie")


@rol_vereist(Rol.BEHEERDER)
@require_http_methods(["GET", "POST"])
def sjabloon(request: HttpRequest, code: str) -> HttpResponse:
    """One kind of message for one scheme (or all): write a new version, look at it, keep it; and its history."""
    if code not in TEKSTEN:
        raise Http404
    standaard, regeling = TEKSTEN[code], _regeling(request)
    versies = list(_versies(code, regeling))
    geldend = next((v for v in versies if v.in_gebruik_op), None)
    begin = geldend or standaard
    formulier = Sjabloonformulier(
        request.POST if request.method == "POST" else None,
        initial={"onderwerp": begin.onderwerp, "tekst": begin.tekst},
    )
    voorbeeld: tuple[str, str] | None = None
    if request.method == "POST" and formulier.is_valid():
        gegevens = formulier.cleaned_data
        try:
            voorbeeld = sjabloon_voorbeeld(code=code, **gegevens)
            if request.POST.get("knop") == "bewaren":
                nieuw = sjabloon_maken(
                    code=code, regeling=regeling, actor=gebruiker_van(request), op=ontvangen(request), **gegevens
                )
                messages.success(
                    request,
                    _("Versie %(n)d is bewaard. Een andere beheerder neemt haar in gebruik.") % {"n": nieuw.versie},
                )
                return redirect(_adres(code, regeling))
        except InvoerFout as fout:
            formulier.neem_fout_over(fout)
            voorbeeld = None
    context = {
        "code": code,
        "standaard": standaard,
        "velden": [(naam, standaard.voorbeeldwaarden()[naam]) for naam in standaard.alle_velden],
        "regeling": regeling,
        "regelingen": Regeling.objects.order_by("naam"),
        "geldend": geldend,
        "versies": _geschiedenis(versies, standaard.onderwerp, standaard.tekst),
        "form": formulier,
        "voorbeeld": voorbeeld,
    }
    return render(request, "portalen/medewerker/sjabloon.html", context, status=400 if formulier.errors else 200)


def _geschiedenis(versies: list[Berichtsjabloon], onderwerp: str, tekst: str) -> list[dict[str, Any]]:
    """Every version, newest first, with what it changed since the one before (or since the text in the code)."""
    uit = []
    for nr, versie in enumerate(versies):
        vorige = versies[nr + 1] if nr + 1 < len(versies) else None
        oud = f"{vorige.onderwerp}\n\n{vorige.tekst}" if vorige else f"{onderwerp}\n\n{tekst}"
        nieuw = f"{versie.onderwerp}\n\n{versie.tekst}"
        uit.append({"versie": versie, "verschil": tekstverschil(oud, nieuw)})
    return uit


def _adres(code: str, regeling: Regeling | None) -> str:
    adres = reverse("portalen:beheer_sjabloon", args=[code])
    return f"{adres}?regeling={regeling.sleutel}" if regeling else adres


@rol_vereist(Rol.BEHEERDER)
@require_POST
def sjabloon_gebruiken(request: HttpRequest, pk: int) -> HttpResponse:
    """Puts a version in use (four eyes)."""
    rij = get_object_or_404(Berichtsjabloon.objects.select_related("regeling"), pk=pk)
    try:
        sjabloon_in_gebruik_nemen(sjabloon=rij, actor=gebruiker_van(request), op=ontvangen(request))
    except DomeinFout as fout:
        messages.error(request, str(fout))
    else:
        messages.success(request, _("Versie %(n)d is nu in gebruik.") % {"n": rij.versie})
    return redirect(_adres(rij.code, rij.regeling))
