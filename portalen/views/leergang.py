"""The course for officers: groups, meetings, presence and certificates."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.db.models import Count
from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from kern.enums import Rol
from kern.fouten import DomeinFout
from portalen.formulieren.leergang import Bijeenkomstformulier, Cohortformulier, Presentieformulier
from portalen.toegang import gebruiker_van, rol_vereist
from portalen.verzoek import ontvangen
from portalen.views.tijdvakken import tijdvak_of_404
from portalen.views.zaak_bestanden import als_download
from regeling.models import Tijdvak
from uitvoering.models import Cohort, Cursist, Voorstel
from uitvoering.services.leergang import (
    bijeenkomst_plannen,
    certificaat_vanaf,
    certificaten_uitgeven,
    cohort_maken,
    cursisten_indelen,
    presentie_vastleggen,
    wachtenden,
)

LEZERS = (Rol.BEHANDELAAR, Rol.BESLISSER, Rol.AUDITOR)


def leergang_of_404(sleutel: str) -> Tijdvak:
    """A round of a scheme with a course."""
    rij = tijdvak_of_404(sleutel)
    if rij.spec.leergang is None:
        raise Http404
    return rij


def _mag(request: HttpRequest) -> bool:
    return Rol.BEHANDELAAR in gebruiker_van(request).rollen


@rol_vereist(*LEZERS)
@require_http_methods(["GET", "POST"])
def leergang(request: HttpRequest, sleutel: str) -> HttpResponse:
    """The groups of a round, who waits, and a form for a new group."""
    rij = leergang_of_404(sleutel)
    formulier = Cohortformulier(request.POST if request.method == "POST" else None)
    if request.method == "POST" and formulier.is_valid():
        try:
            nieuw = cohort_maken(
                tijdvak=rij, naam=formulier.cleaned_data["naam"], actor=gebruiker_van(request), op=ontvangen(request)
            )
        except DomeinFout as fout:
            formulier.neem_fout_over(fout)
        else:
            messages.success(request, _("De groep is gemaakt. Plan nu de bijeenkomsten."))
            return redirect("portalen:tijdvak_cohort", rij.sleutel, nieuw.pk)
    context = {
        "tijdvak": rij,
        "leergang": rij.spec.leergang,
        "cohorten": Cohort.objects.filter(tijdvak=rij).annotate(
            avonden=Count("bijeenkomsten", distinct=True), mensen=Count("cursisten", distinct=True)
        ),
        "wachtenden": wachtenden(rij),
        "kan_nu": _mag(request),
        "form": formulier,
    }
    return render(request, "portalen/medewerker/leergang.html", context, status=400 if formulier.errors else 200)


def cohort_of_404(sleutel: str, pk: int) -> Cohort:
    leergang_of_404(sleutel)
    rijen = Cohort.objects.select_related("tijdvak__regelingversie__regeling")
    return get_object_or_404(rijen, tijdvak__sleutel=sleutel, pk=pk)


@rol_vereist(*LEZERS)
@require_http_methods(["GET", "POST"])
def cohort(request: HttpRequest, sleutel: str, pk: int) -> HttpResponse:
    """One group: meetings, participants with their presence, proposals; a form for the next meeting."""
    rij = cohort_of_404(sleutel, pk)
    formulier = Bijeenkomstformulier(request.POST if request.method == "POST" else None)
    if request.method == "POST" and formulier.is_valid():
        try:
            bijeenkomst_plannen(cohort=rij, actor=gebruiker_van(request), op=ontvangen(request), **formulier.gegevens())
        except DomeinFout as fout:
            formulier.neem_fout_over(fout)
        else:
            messages.success(request, _("De bijeenkomst is gepland."))
            return redirect(request.path)
    status = 400 if formulier.errors else 200
    return render(request, "portalen/medewerker/cohort.html", _context(request, rij, formulier), status=status)


def _context(request: HttpRequest, rij: Cohort, formulier: Bijeenkomstformulier) -> dict[str, Any]:
    spec = rij.tijdvak.spec.leergang
    assert spec is not None
    avonden = list(rij.bijeenkomsten.annotate(er=Count("presentie")))
    mensen = list(
        rij.cursisten.filter(afgemeld_op=None).select_related("aanvraag__organisatie").annotate(keer=Count("presentie"))
    )
    vastgelegd = bool(avonden) and all(avond.presentie_op for avond in avonden)
    wachtend = len(wachtenden(rij.tijdvak))
    minimum = certificaat_vanaf(spec, spec.bijeenkomsten)
    te_gaan = any(een.certificaat_id is None and een.keer >= minimum for een in mensen)
    afgerond = any(een.certificaat_id is not None for een in mensen)
    return {
        "tijdvak": rij.tijdvak,
        "cohort": rij,
        "leergang": spec,
        "avonden": avonden,
        "mensen": mensen,
        "minimum": minimum,
        "te_klein": len(mensen) < spec.groep_minimum,
        "voorstellen": Voorstel.objects.filter(cursist__cohort=rij).select_related("cursist", "aanvraag"),
        "wachtend": wachtend,
        "kan_indelen": not afgerond and len(mensen) < spec.groep_maximum and wachtend > 0,
        "kan_certificaten": spec.certificaat and vastgelegd and len(avonden) >= spec.bijeenkomsten and te_gaan,
        "vol": len(avonden) >= spec.bijeenkomsten,
        "nu": timezone.now(),
        "kan_nu": _mag(request),
        "form": formulier,
    }


@rol_vereist(Rol.BEHANDELAAR)
@require_POST
def cohort_stap(request: HttpRequest, sleutel: str, pk: int, stap: str) -> HttpResponse:
    """Places who waits, or makes the certificates."""
    rij, actor, op = cohort_of_404(sleutel, pk), gebruiker_van(request), ontvangen(request)
    try:
        match stap:
            case "indelen":
                n = cursisten_indelen(cohort=rij, actor=actor, op=op)
                tekst = ngettext("%(n)d deelnemer is ingedeeld.", "%(n)d deelnemers zijn ingedeeld.", n)
            case "certificaten":
                n = certificaten_uitgeven(cohort=rij, actor=actor, op=op)
                tekst = ngettext("%(n)d certificaat is gemaakt.", "%(n)d certificaten zijn gemaakt.", n)
            case _:
                raise Http404
    except DomeinFout as fout:
        messages.error(request, str(fout))
    else:
        messages.success(request, tekst % {"n": n})
    return redirect("portalen:tijdvak_cohort", rij.tijdvak.sleutel, rij.pk)


@rol_vereist(*LEZERS)
@require_http_methods(["GET", "POST"])
def presentie(request: HttpRequest, sleutel: str, pk: int, nummer: int) -> HttpResponse:
    """The list of presence of one meeting."""
    rij = cohort_of_404(sleutel, pk)
    avond = get_object_or_404(rij.bijeenkomsten, nummer=nummer)
    mensen = list(rij.cursisten.filter(afgemeld_op=None).select_related("aanvraag__organisatie"))
    begin = {"aanwezig": [str(pk) for pk in avond.presentie.values_list("cursist_id", flat=True)]}
    formulier = Presentieformulier(mensen, request.POST if request.method == "POST" else None, initial=begin)
    ligt_vast = rij.cursisten.exclude(certificaat=None).exists()
    kan_nu = _mag(request) and not ligt_vast
    if request.method == "GET" and not kan_nu:
        formulier.fields["aanwezig"].disabled = True
    if request.method == "POST" and formulier.is_valid():
        try:
            n = presentie_vastleggen(
                bijeenkomst=avond,
                aanwezig=formulier.cleaned_data["aanwezig"],
                actor=gebruiker_van(request),
                op=ontvangen(request),
            )
        except DomeinFout as fout:
            formulier.neem_fout_over(fout)
        else:
            tekst = ngettext(
                "De aanwezigheid is bewaard: %(n)d deelnemer.", "De aanwezigheid is bewaard: %(n)d deelnemers.", n
            )
            messages.success(request, tekst % {"n": n})
            return redirect("portalen:tijdvak_cohort", rij.tijdvak.sleutel, rij.pk)
    context = {
        "tijdvak": rij.tijdvak,
        "cohort": rij,
        "avond": avond,
        "form": formulier,
        "kan_nu": kan_nu,
        "ligt_vast": ligt_vast,
    }
    return render(request, "portalen/medewerker/presentie.html", context, status=400 if formulier.errors else 200)


@rol_vereist(*LEZERS)
@require_GET
def certificaat(request: HttpRequest, sleutel: str, pk: int, cursist: int) -> HttpResponseBase:
    """The certificate of a participant of this group."""
    rijen = Cursist.objects.select_related("certificaat")
    rij = get_object_or_404(rijen, cohort=cohort_of_404(sleutel, pk), pk=cursist)
    if rij.certificaat is None:
        raise Http404
    return als_download(rij.certificaat)
