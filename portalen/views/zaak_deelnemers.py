"""The members of a granted group, for the officer: where each claim stands, and leaving."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from aanvragen.models import Aanvraag
from aanvragen.services.toetsing import eis_behandelaar
from beoordeling.services.rangschikking import rangschikking_vergrendelen
from kern.enums import Rol
from kern.fouten import DomeinFout
from portalen.formulieren.deelnemers import Vertrekformulier
from portalen.presentatie.deelnemers import deelnemerregels, totalen
from portalen.toegang import gebruiker_van, rol_vereist
from portalen.verzoek import ontvangen
from portalen.views.zaak import LEZERS, formulierpagina, zaak_of_404
from portalen.views.zaak_declaratie import deelnemer_of_404
from portalen.zaakstand import bewaakt, met_versiebewaking, stand
from portalen.zaakstappen import mag_behandelen
from uitvoering.models import Declaratie
from uitvoering.selectors import per_deelnemer, toegekende_deelnemers
from uitvoering.services.declaratie import declaratie_beoordelen, declaratie_in_controle
from uitvoering.services.deelnemers import LOOPT, deelnemer_laten_vertrekken


@rol_vereist(*LEZERS)
@require_GET
def zaak_deelnemers(request: HttpRequest, pk: UUID) -> HttpResponse:
    """All members with their amounts and claims."""
    aanvraag = zaak_of_404(request, pk)
    leden = list(toegekende_deelnemers(aanvraag).prefetch_related("besluiten", "betalingen"))
    groep = aanvraag.tijdvak.spec.aanvrager.consortium
    if groep is None or not leden or not per_deelnemer(aanvraag.tijdvak.spec):
        raise Http404
    mee = sum(lid.doet_mee for lid in leden)
    context = {
        "aanvraag": aanvraag,
        "regels": deelnemerregels(leden, loopt=aanvraag.status in LOOPT),
        "totaal": totalen(leden),
        "te_klein": {"mee": mee, "minimum": groep.min} if mee < groep.min else None,
        "kan_nu": mag_behandelen(gebruiker_van(request), aanvraag),
        "versie": stand(aanvraag),
    }
    return render(request, "portalen/medewerker/zaak_deelnemers.html", context)


@rol_vereist(Rol.BEHANDELAAR)
@require_POST
@met_versiebewaking
def zaak_deelnemer_stap(request: HttpRequest, pk: UUID, deelnemer: int, stap: str) -> HttpResponse:
    """A step with the claim of a member that asks nothing: taken in hand, concluded."""
    aanvraag, actor, op = zaak_of_404(request, pk), gebruiker_van(request), ontvangen(request)
    lid = deelnemer_of_404(aanvraag, deelnemer)
    claim = get_object_or_404(Declaratie, aanvraag=aanvraag, deelnemer=lid)

    def doe(vers: Aanvraag) -> str:
        match stap:
            case "declaratie-in-controle":
                declaratie_in_controle(declaratie=claim, actor=actor, op=op)
                return _("U controleert de declaratie.")
            case "declaratie-afronden":
                declaratie_beoordelen(declaratie=claim, actor=actor, op=op)
                return _("De controle van de declaratie is klaar.")
        raise Http404

    try:
        messages.success(request, bewaakt(request, aanvraag, doe))
    except DomeinFout as fout:
        messages.error(request, str(fout))
        return redirect("portalen:zaak_deelnemers", aanvraag.pk)
    if stap == "declaratie-in-controle":
        return redirect("portalen:zaak_deelnemer_declaratie", aanvraag.pk, lid.pk)
    return redirect("portalen:zaak_deelnemers", aanvraag.pk)


@rol_vereist(Rol.BEHANDELAAR)
@require_http_methods(["GET", "POST"])
@met_versiebewaking
def zaak_deelnemer_vertrek(request: HttpRequest, pk: UUID, deelnemer: int) -> HttpResponse:
    """A member leaves, as the officer heard it: asks for the reason first."""
    aanvraag, actor = zaak_of_404(request, pk), gebruiker_van(request)
    lid = deelnemer_of_404(aanvraag, deelnemer)
    formulier = Vertrekformulier(request.POST or None)
    if request.method == "POST" and formulier.is_valid():

        def doe(vers: Aanvraag) -> None:
            eis_behandelaar(actor, vers)
            deelnemer_laten_vertrekken(
                deelnemer=lid, reden=formulier.cleaned_data["reden"], actor=actor, op=ontvangen(request)
            )

        try:
            with transaction.atomic():
                rangschikking_vergrendelen(aanvraag.tijdvak)  # before the application: leaving calls the reserve list
                bewaakt(request, aanvraag, doe)
        except DomeinFout as fout:
            formulier.neem_fout_over(fout)
        else:
            messages.success(request, _("%(naam)s doet niet meer mee.") % {"naam": lid.naam})
            return redirect("portalen:zaak_deelnemers", aanvraag.pk)
    return formulierpagina(
        request,
        aanvraag,
        formulier,
        titel=_("%(naam)s laten vertrekken") % {"naam": lid.naam},
        uitleg=_("Het bedrag van deze deelnemer komt vrij. U kunt dit niet ongedaan maken."),
        knop=_("Deelnemer laten vertrekken"),
    )
