"""The course for the employer, who names participants, and for the participants themselves."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from aanvragen.models import Aanvraag
from kern.fouten import DomeinFout
from kern.models import Gebruiker
from portalen.formulieren.leergang import Cursistformulier, Voorstelformulier
from portalen.presentatie.navigatie import Kruimel, kruimels, kruimels_aanvraag
from portalen.toegang import gebruiker_van
from portalen.verzoek import ontvangen
from portalen.views.aanvraagstand import verstuurd_of_404
from portalen.views.hulp import bestand_antwoord
from uitvoering.models import Cursist, Voorstel
from uitvoering.services.leergang import LOOPT, certificaat_vanaf, cursist_aanmelden, cursist_afmelden
from uitvoering.services.voorstel import vervolgtijdvak, voorstel_aanvragen, voorstel_indienen


def _leergang_of_404(request: HttpRequest, pk: UUID) -> Aanvraag:
    """A granted application for places that the person may act for."""
    rij = verstuurd_of_404(request, pk)
    if rij.tijdvak.spec.leergang is None or rij.status not in LOOPT:
        raise Http404
    return rij


def _deelnemers(rij: Aanvraag) -> QuerySet[Cursist]:
    return Cursist.objects.filter(aanvraag=rij, afgemeld_op=None)


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def cursisten(request: HttpRequest, pk: UUID) -> HttpResponse:
    """The participants of an organisation: who they are, and a form to name one."""
    rij = _leergang_of_404(request, pk)
    formulier = Cursistformulier(request.POST if request.method == "POST" else None)
    if request.method == "POST" and formulier.is_valid():
        try:
            cursist_aanmelden(
                aanvraag=rij, actor=gebruiker_van(request), op=ontvangen(request), **formulier.cleaned_data
            )
        except DomeinFout as fout:
            formulier.neem_fout_over(fout)
        else:
            messages.success(request, _("De deelnemer is aangemeld."))
            return redirect("portalen:aanvraag_leergang", rij.pk)
    mensen = list(_deelnemers(rij).select_related("cohort"))
    voorstellen = Voorstel.objects.filter(cursist__aanvraag=rij).select_related("cursist__aanvraag", "aanvraag")
    context = {
        "aanvraag": rij,
        "mensen": mensen,
        "vrij": max((rij.toegekend_stuks or 0) - len(mensen), 0),
        "voorstellen": [(v, v.aanvraag is None and vervolgtijdvak(v, timezone.now())) for v in voorstellen],
        "form": formulier,
        "kruimels": kruimels_aanvraag(rij, _("Leergang")),
    }
    return render(request, "portalen/aanvrager/leergang.html", context)


@login_required
@require_POST
def cursist_weg(request: HttpRequest, pk: UUID, cursist: int) -> HttpResponse:
    """Takes a participant off the list, so that somebody else can come."""
    rij = _leergang_of_404(request, pk)
    wie = get_object_or_404(_deelnemers(rij), pk=cursist)
    try:
        cursist_afmelden(cursist=wie, actor=gebruiker_van(request), op=ontvangen(request))
    except DomeinFout as fout:
        messages.error(request, str(fout))
    else:
        messages.success(request, _("%(naam)s is afgemeld.") % {"naam": wie.naam})
    return redirect("portalen:aanvraag_leergang", rij.pk)


@login_required
@require_POST
def voorstel_beginnen(request: HttpRequest, pk: UUID, voorstel: int) -> HttpResponse:
    """Begins a draft application with a proposal of one's own organisation."""
    rij = _leergang_of_404(request, pk)
    gekozen = get_object_or_404(Voorstel.objects.filter(cursist__aanvraag=rij), pk=voorstel)
    try:
        aanvraag = voorstel_aanvragen(voorstel=gekozen, actor=gebruiker_van(request), op=ontvangen(request))
    except DomeinFout as fout:
        messages.error(request, str(fout))
        return redirect("portalen:aanvraag_leergang", rij.pk)
    messages.success(request, _("Het voorstel staat nu in een nieuwe aanvraag. Vul de rest in en verstuur haar."))
    return redirect("portalen:aanvraag", aanvraag.pk)


def eigen_leergangen(gebruiker: Gebruiker) -> QuerySet[Cursist]:
    """The person's own places in groups, by the address of the account."""
    rijen = Cursist.objects.filter(email__iexact=gebruiker.email, afgemeld_op=None, cohort__isnull=False)
    return rijen.select_related("cohort__tijdvak__regelingversie__regeling", "aanvraag__organisatie", "certificaat")


@login_required
@require_safe
def mijn_leergang(request: HttpRequest) -> HttpResponse:
    """The courses that the person follows."""
    rijen = list(eigen_leergangen(gebruiker_van(request)))
    if len(rijen) == 1:
        return redirect("portalen:leergang_deelnemer", rijen[0].pk)
    context = {"rijen": rijen, "kruimels": _kruimels(_("Mijn leergang"))}
    return render(request, "portalen/aanvrager/mijn_leergang.html", context)


def _kruimels(naam: str) -> list[Kruimel]:
    return kruimels((_("Mijn aanvragen"), reverse("portalen:mijn_aanvragen")), (naam, ""))


def _eigen_of_404(request: HttpRequest, pk: int) -> Cursist:
    return get_object_or_404(eigen_leergangen(gebruiker_van(request)), pk=pk)


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def deelnemer(request: HttpRequest, pk: int) -> HttpResponse:
    """One's own course: meetings, presence, certificate, and proposals with a form."""
    rij = _eigen_of_404(request, pk)
    formulier = Voorstelformulier(request.POST if request.method == "POST" else None)
    if request.method == "POST" and formulier.is_valid():
        try:
            voorstel_indienen(
                cursist=rij, actor=gebruiker_van(request), op=ontvangen(request), **formulier.cleaned_data
            )
        except DomeinFout as fout:
            formulier.neem_fout_over(fout)
        else:
            messages.success(request, _("Uw voorstel is ingediend. Uw werkgever heeft bericht gekregen."))
            return redirect("portalen:leergang_deelnemer", rij.pk)
    cohort = rij.cohort
    leergang = rij.aanvraag.tijdvak.spec.leergang
    if cohort is None or leergang is None:
        raise Http404
    er = set(rij.presentie.values_list("bijeenkomst_id", flat=True))
    context = {
        "cursist": rij,
        "cohort": cohort,
        "leergang": leergang,
        "avonden": [(avond, avond.pk in er) for avond in cohort.bijeenkomsten.all()],
        "keer": len(er),
        "minimum": certificaat_vanaf(leergang, leergang.bijeenkomsten),
        "voorstellen": Voorstel.objects.filter(cursist__cohort=cohort).select_related("cursist"),
        "form": formulier,
        "kruimels": _kruimels(cohort.tijdvak.naam),
    }
    return render(request, "portalen/aanvrager/leergang_deelnemer.html", context)


@login_required
@require_safe
def certificaat(request: HttpRequest, pk: int) -> HttpResponseBase:
    """One's own certificate."""
    rij = _eigen_of_404(request, pk)
    if rij.certificaat is None:
        raise Http404
    return bestand_antwoord(rij.certificaat)
