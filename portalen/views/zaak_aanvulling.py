"""The officer and completeness: ask with a preview of the letter, more time, go on; and who has the case in hand."""

from __future__ import annotations

from datetime import timedelta
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from aanvragen.models import Aanvraag
from aanvragen.services.aanvulling import (
    aanvulling_ontvangstbewijs,
    aanvulling_verlengen,
    aanvullingsbrief_html,
    aanvullingsbrief_pdf,
    nummer_van,
)
from aanvragen.services.behandeling import (
    aanvulling_vragen,
    aanvullingen_laten_verlopen,
    verzoekbrief,
    zonder_aanvulling_verder,
)
from aanvragen.services.overdracht import alles_overdragen, zaak_overdragen, zaak_overnemen, zaken_van
from kern.document.html import inhoud_html
from kern.enums import Rol
from kern.fouten import DomeinFout
from kern.termijnen import lees_duur
from portalen.bulk import bewaar_resultaat
from portalen.formulieren.aanvulverzoek import (
    Aanvullingformulier,
    Afwezigformulier,
    Overdraagformulier,
    Verlengformulier,
    voorgestelde_uitleg,
)
from portalen.formulieren.medewerker import Redenformulier
from portalen.presentatie.stand import open_aanvulling
from portalen.templatetags.stimulans import datum
from portalen.toegang import gebruiker_van, rol_vereist
from portalen.verzoek import ontvangen
from portalen.views.hulp import veilig
from portalen.views.zaak import LEZERS, formulierpagina, naar_zaak, zaak_of_404
from portalen.views.zaak_bestanden import als_download
from portalen.zaakstand import bewaakt, met_versiebewaking, stand
from regeling.schema import Regelingspec

#: First value of the term where the scheme names none, in days.
GEWONE_TERMIJN = 14


def termijn_dagen(spec: Regelingspec) -> int:
    """The term of the scheme in days, as a first value for the form."""
    termijn = spec.termijn("aanvulling")
    if termijn is None:
        return GEWONE_TERMIJN
    duur = lees_duur(termijn.duur)
    return duur.lengte * {"d": 1, "w": 7, "m": 30, "j": 365}[duur.eenheid]


@rol_vereist(Rol.BEHANDELAAR)
@require_http_methods(["GET", "POST"])
@met_versiebewaking
def zaak_aanvulling(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Ask the applicant to complete (Awb 4:5): choose, look at the letter, send."""
    aanvraag = zaak_of_404(request, pk)
    spec = aanvraag.tijdvak.spec
    formulier = Aanvullingformulier(
        request.POST or None,
        spec=spec,
        voorstel=voorgestelde_uitleg(spec, list(aanvraag.toetsen.all())),
        initial={"onderdelen": "", "termijn_dagen": termijn_dagen(spec)},
    )
    voorbeeld: SafeString | None = None
    if request.method == "POST" and formulier.is_valid():
        gegevens = formulier.cleaned_data
        actor, op = gebruiker_van(request), ontvangen(request)
        if request.POST.get("knop") == "voorbeeld":
            tot = timezone.localdate(op) + timedelta(days=gegevens["termijn_dagen"])
            document = verzoekbrief(aanvraag, gegevens["gevraagd"], termijn_tot=tot, actor=actor, op=op)
            voorbeeld = mark_safe(inhoud_html(document, basiskop=3))  # the document model escapes all text
        else:
            try:
                aanvulling = bewaakt(
                    request,
                    aanvraag,
                    lambda vers: aanvulling_vragen(
                        aanvraag=vers,
                        onderdelen=gegevens["gevraagd"],
                        termijn_dagen=gegevens["termijn_dagen"],
                        actor=actor,
                        op=op,
                    ),
                )
            except DomeinFout as fout:
                formulier.neem_fout_over(fout)
            else:
                dag = datum(aanvulling.termijn_tot)
                messages.success(
                    request,
                    _("Het verzoek is verstuurd. De termijn loopt tot en met %(dag)s. De beslistermijn staat stil.")
                    % {"dag": dag},
                )
                return naar_zaak(aanvraag, "#aanvullingen")
    context = {
        "aanvraag": aanvraag,
        "form": formulier,
        "titel": _("Om aanvulling vragen"),
        "voorbeeld": voorbeeld,
        "versie": request.POST.get("versie") or stand(aanvraag),
    }
    status = 400 if formulier.errors else 200
    return render(request, "portalen/medewerker/zaak_aanvulling.html", context, status=status)


@rol_vereist(Rol.BEHANDELAAR)
@require_http_methods(["GET", "POST"])
@met_versiebewaking
def zaak_verlengen(request: HttpRequest, pk: UUID) -> HttpResponse:
    """More time to complete, before the term lapses."""
    aanvraag = zaak_of_404(request, pk)
    verzoek = open_aanvulling(aanvraag)
    if verzoek is None:
        messages.error(request, _("Er loopt geen verzoek om aanvulling waarvan u de termijn kunt verlengen."))
        return naar_zaak(aanvraag)
    formulier = Verlengformulier(request.POST or None)
    if request.method == "POST" and formulier.is_valid():
        try:
            bewaakt(
                request,
                aanvraag,
                lambda vers: aanvulling_verlengen(
                    aanvulling=verzoek, actor=gebruiker_van(request), op=ontvangen(request), **formulier.cleaned_data
                ),
            )
        except DomeinFout as fout:
            formulier.neem_fout_over(fout)
        else:
            dag = datum(formulier.cleaned_data["termijn_tot"])
            messages.success(request, _("De aanvrager heeft nu tot en met %(dag)s.") % {"dag": dag})
            return naar_zaak(aanvraag, "#aanvullingen")
    return formulierpagina(
        request,
        aanvraag,
        formulier,
        titel=_("Termijn verlengen"),
        uitleg=_("De aanvrager kan nu aanvullen tot en met %(dag)s. De beslistermijn staat zo lang stil.")
        % {"dag": datum(verzoek.termijn_tot)},
        knop=_("Termijn verlengen"),
    )


@rol_vereist(Rol.BEHANDELAAR)
@require_http_methods(["GET", "POST"])
@met_versiebewaking
def zaak_verder(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Go on with what there is, after the term lapsed unused."""
    aanvraag = zaak_of_404(request, pk)
    formulier = Redenformulier(request.POST or None, hulp=_("Waarom kunt u de aanvraag ook zo beoordelen?"))
    if request.method == "POST" and formulier.is_valid():
        op = ontvangen(request)

        def doe(vers: Aanvraag) -> Aanvraag:
            aanvullingen_laten_verlopen(op=op)
            return zonder_aanvulling_verder(
                aanvraag=vers, actor=gebruiker_van(request), op=op, reden=formulier.cleaned_data["reden"]
            )

        try:
            bewaakt(request, aanvraag, doe)
        except DomeinFout as fout:
            formulier.neem_fout_over(fout)
        else:
            messages.success(request, _("De behandeling gaat verder."))
            return naar_zaak(aanvraag)
    return formulierpagina(
        request,
        aanvraag,
        formulier,
        titel=_("Verder zonder aanvulling"),
        uitleg=_("De beslistermijn loopt weer. Beoordeel de aanvraag met wat er is."),
        knop=_("Verder met behandelen"),
    )


# --- Who has it in hand -----------------------------------------------------------------------------------------


@rol_vereist(Rol.BEHANDELAAR)
@require_http_methods(["GET", "POST"])
@met_versiebewaking
def zaak_overname(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Take a case over from a colleague."""
    return _wissel(request, pk, Redenformulier(request.POST or None), overnemen=True)


@rol_vereist(Rol.BEHANDELAAR)
@require_http_methods(["GET", "POST"])
@met_versiebewaking
def zaak_overdracht(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Hand a case over to a colleague."""
    return _wissel(request, pk, Overdraagformulier(request.POST or None), overnemen=False)


def _wissel(request: HttpRequest, pk: UUID, formulier: Any, *, overnemen: bool) -> HttpResponse:
    aanvraag, actor, op = zaak_of_404(request, pk), gebruiker_van(request), ontvangen(request)

    def doe(vers: Aanvraag) -> Aanvraag:
        if overnemen:
            return zaak_overnemen(aanvraag=vers, actor=actor, op=op, **formulier.cleaned_data)
        return zaak_overdragen(aanvraag=vers, actor=actor, op=op, **formulier.cleaned_data)

    if request.method == "POST" and formulier.is_valid():
        try:
            vers = bewaakt(request, aanvraag, doe)
        except DomeinFout as fout:
            formulier.neem_fout_over(fout)
        else:
            messages.success(request, _("De zaak is nu in hand bij %(wie)s.") % {"wie": vers.behandelaar})
            return naar_zaak(aanvraag)
    uitleg = _("De zaak is in hand bij %(wie)s.") % {"wie": aanvraag.behandelaar or _("niemand")}
    titel = _("Zaak overnemen") if overnemen else _("Zaak overdragen")
    return formulierpagina(request, aanvraag, formulier, titel=titel, uitleg=uitleg, knop=titel)


@rol_vereist(Rol.BEHANDELAAR)
@require_http_methods(["GET", "POST"])
def werklijst_afwezig(request: HttpRequest) -> HttpResponse:
    """Everything of an absent colleague to another: a preview, then per case what happened."""
    formulier = Afwezigformulier(request.POST or None, initial={"van": gebruiker_van(request).pk})
    terug = reverse("portalen:werklijst")
    zaken: list[Aanvraag] = []
    if request.method == "POST" and formulier.is_valid():
        gegevens = formulier.cleaned_data
        zaken = zaken_van(gegevens["van"])
        if request.POST.get("bevestigd") == "ja":
            try:
                regels = alles_overdragen(actor=gebruiker_van(request), op=ontvangen(request), **gegevens)
            except DomeinFout as fout:
                formulier.neem_fout_over(fout)
            else:
                adressen = {zaak.pk: reverse("portalen:zaak", args=[zaak.pk]) for zaak in zaken}
                return redirect(bewaar_resultaat(request, _("Alles overdragen"), adressen, regels, terug))
        if not zaken:
            formulier.add_error("van", _("Deze collega heeft geen zaken in hand."))
    context = {"form": formulier, "zaken": zaken, "terug": terug, "gevuld": bool(zaken) and not formulier.errors}
    status = 400 if formulier.errors else 200
    return render(request, "portalen/medewerker/afwezig.html", context, status=status)


# --- Papers -----------------------------------------------------------------------------------------------------


@rol_vereist(*LEZERS)
@require_GET
def zaak_aanvulbrief(request: HttpRequest, pk: UUID, aanvulling: int, vorm: str) -> HttpResponseBase:
    """The letter that asked to complete."""
    aanvraag = zaak_of_404(request, pk)
    rij = get_object_or_404(aanvraag.aanvullingen.exclude(brief_document={}), pk=aanvulling)
    if vorm == "pdf":
        return als_download(aanvullingsbrief_pdf(aanvulling=rij))
    antwoord = HttpResponse(aanvullingsbrief_html(rij), content_type="text/html; charset=utf-8")
    return veilig(antwoord, f"verzoek-om-aanvulling-{nummer_van(rij)}.html")


@rol_vereist(*LEZERS)
@require_GET
def zaak_aanvulbewijs(request: HttpRequest, pk: UUID, aanvulling: int) -> HttpResponseBase:
    """The receipt that the applicant got for the supplement."""
    aanvraag = zaak_of_404(request, pk)
    rij = get_object_or_404(aanvraag.aanvullingen.filter(beantwoord_op__isnull=False), pk=aanvulling)
    return als_download(aanvulling_ontvangstbewijs(aanvulling=rij))
