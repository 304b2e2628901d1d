"""The applicant's own pages up to sending: overview, beginning, task list, check and send."""

from __future__ import annotations

import logging
from datetime import datetime
from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from aanvragen.berekening import bereken
from aanvragen.enums import Status
from aanvragen.inhoud import rubrieken
from aanvragen.models import Aanvraag, Organisatie
from aanvragen.selectors import organisaties_van
from aanvragen.services.concept import aanvraag_beginnen
from aanvragen.services.indienen import aanvraag_indienen, ontvangstbewijs
from aanvragen.services.toetsing import toetsen_vooraf
from aanvragen.termijn import beslistermijn
from kern.fouten import InvoerFout
from portalen.presentatie.navigatie import kruimels, kruimels_aanvraag
from portalen.presentatie.stand import VLAG, volgende_actie
from portalen.presentatie.stappen import stap_url, voortgang_van
from portalen.presentatie.tijdvakken import GESLOTEN, OPEN, getoonde_tijdvakken, kaart, stand_van, tijd_over
from portalen.toegang import gebruiker_van
from portalen.verzoek import ontvangen
from portalen.views.aanvraagstand import toon_stand
from portalen.views.hulp import eigen_aanvraag
from portalen.views.regelingen import tijdvak_of_404
from regeling.models import Tijdvak

PER_PAGINA = 20
logger = logging.getLogger(__name__)


@login_required
@require_safe
def mijn_aanvragen(request: HttpRequest) -> HttpResponse:
    """Organisations of the person, and their applications with what to do next."""
    gebruiker, nu = gebruiker_van(request), timezone.now()
    organisaties = list(organisaties_van(gebruiker))
    rijen = (
        Aanvraag.objects.filter(organisatie__in=organisaties)
        .select_related("tijdvak__regelingversie__regeling", "organisatie", "voucher", "declaratie")
        .prefetch_related("aanvullingen")
        .order_by("-gewijzigd_op", "pk")
    )
    pagina = Paginator(rijen, PER_PAGINA).get_page(request.GET.get("pagina"))
    kaarten = [kaart(tijdvak, nu) for tijdvak in getoonde_tijdvakken().filter(sluit_op__gte=nu).order_by("sluit_op")]
    context = {
        "organisaties": organisaties,
        "pagina": pagina,
        "rijen": [{"aanvraag": a, "actie": volgende_actie(a, nu), "vlag": VLAG[a.publieke_status]} for a in pagina],
        "open": [k for k in kaarten if k.stand == OPEN],
    }
    return render(request, "portalen/aanvrager/mijn_aanvragen.html", context)


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def aanvraag_nieuw(request: HttpRequest, sleutel: str) -> HttpResponse:
    """Chooses the organisation and begins (or goes on with) its draft. A second application is asked about first."""
    tijdvak, nu, gebruiker = tijdvak_of_404(sleutel), ontvangen(request), gebruiker_van(request)
    organisaties = list(organisaties_van(gebruiker))
    stand = stand_van(tijdvak, nu)
    context = {
        "tijdvak": tijdvak,
        "organisaties": organisaties,
        "stand": stand,
        "kruimels": kruimels((_("Mijn aanvragen"), reverse("portalen:mijn_aanvragen")), (_("Aanvraag beginnen"), "")),
    }
    if request.method != "POST" or not organisaties or stand != OPEN:
        return render(request, "portalen/aanvrager/nieuw.html", context)
    gekozen = str(request.POST.get("organisatie", ""))
    organisatie = next((o for o in organisaties if str(o.pk) == gekozen), None)
    if organisatie is None and gekozen:
        raise Http404
    if organisatie is None:
        context["fouten"] = [_("Kies voor welke organisatie u aanvraagt.")]
        return render(request, "portalen/aanvrager/nieuw.html", context)
    eerder = _verstuurde(tijdvak, organisatie)
    if eerder and not request.POST.get("toch") and not _concept(tijdvak, organisatie):
        context |= {
            "organisatie": organisatie,
            "eerder": [{"aanvraag": a, "vlag": VLAG[a.publieke_status]} for a in eerder],
            "maximum": tijdvak.spec.aanvrager.aanvragen_per_aanvrager,
        }
        return render(request, "portalen/aanvrager/tweede.html", context)
    aanvraag = aanvraag_beginnen(tijdvak=tijdvak, organisatie=organisatie, actor=gebruiker, op=nu)
    return redirect("portalen:aanvraag", aanvraag.pk)


def _verstuurde(tijdvak: Tijdvak, organisatie: Organisatie) -> list[Aanvraag]:
    rijen = Aanvraag.objects.filter(tijdvak=tijdvak, organisatie=organisatie).exclude(kenmerk="")
    return list(rijen.exclude(status=Status.INGETROKKEN).order_by("ingediend_op"))


def _concept(tijdvak: Tijdvak, organisatie: Organisatie) -> bool:
    return Aanvraag.objects.filter(tijdvak=tijdvak, organisatie=organisatie, status=Status.CONCEPT).exists()


@login_required
@require_safe
def aanvraag(request: HttpRequest, pk: UUID) -> HttpResponse:
    """One address for an application: the task list while it is a draft, afterwards where it stands."""
    rij, nu = eigen_aanvraag(request, pk), timezone.now()
    if rij.status not in {Status.CONCEPT, Status.VERLOPEN}:
        return toon_stand(request, rij, nu)
    context = {"aanvraag": rij, "tijdvak": rij.tijdvak, "kruimels": kruimels_aanvraag(rij)}
    if rij.status == Status.VERLOPEN or stand_van(rij.tijdvak, nu) == GESLOTEN:
        return render(request, "portalen/aanvrager/gesloten.html", {**context, "delen": rubrieken(rij)})
    voortgang = voortgang_van(rij, nu)
    context |= {
        "voortgang": voortgang,
        "over": tijd_over(rij.tijdvak.sluit_op, nu),
        "secties": [
            {
                "taken": [
                    *voortgang.taken,
                    {
                        "naam": _("Controleren en versturen"),
                        "url": reverse("portalen:aanvraag_controleren", args=[rij.pk]),
                        "stand": "nog-niet",
                        "hint": _("Bekijk al uw antwoorden en verstuur uw aanvraag"),
                    },
                ]
            }
        ],
    }
    return render(request, "portalen/aanvrager/takenlijst.html", context)


@login_required
@require_safe
def controleren(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Everything entered, what is missing, the checks and the amount, before sending."""
    rij, nu = eigen_aanvraag(request, pk), timezone.now()
    if rij.status != Status.CONCEPT or stand_van(rij.tijdvak, nu) == GESLOTEN:
        return redirect("portalen:aanvraag", rij.pk)
    return render(request, "portalen/aanvrager/controleren.html", _controle(rij, nu))


def _controle(rij: Aanvraag, nu: datetime) -> dict[str, object]:
    spec = rij.tijdvak.spec
    voortgang = voortgang_van(rij, nu)
    terug = "?terug=controleren"
    return {
        "aanvraag": rij,
        "tijdvak": rij.tijdvak,
        "voortgang": voortgang,
        "ontbreekt": [
            {"tekst": gebrek.melding, "url": stap_url(rij, gebrek.stap) + terug} for gebrek in voortgang.gebreken
        ],
        "delen": [{"deel": deel, "url": stap_url(rij, deel.stap) + terug} for deel in rubrieken(rij)],
        "toetsen": toetsen_vooraf(rij, nu),
        "berekening": bereken(spec, rij.begroting.all()),
        "besluit_uiterlijk": beslistermijn(
            spec=spec, methode=rij.tijdvak.methode, ingediend_op=nu, sluit_op=rij.tijdvak.sluit_op
        ).laatste_dag,
        "over": tijd_over(rij.tijdvak.sluit_op, nu),
        "kruimels": kruimels_aanvraag(rij, _("Controleren en versturen")),
    }


@login_required
@require_POST
def versturen(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Sends the application; sending again shows the same receipt."""
    rij, nu = eigen_aanvraag(request, pk), ontvangen(request)
    try:
        rij = aanvraag_indienen(aanvraag=rij, actor=gebruiker_van(request), op=nu)
    except InvoerFout as fout:
        if fout.code == "aanvraag-niet-compleet":
            messages.error(request, _("Uw aanvraag is nog niet verstuurd. Vul eerst aan wat ontbreekt."))
            return redirect("portalen:aanvraag_controleren", rij.pk)
        context = {"aanvraag": rij, "tijdvak": rij.tijdvak, "fout": fout, "ontvangen_op": nu}
        return render(request, "portalen/aanvrager/te_laat.html", context, status=fout.http_status)
    try:
        ontvangstbewijs(aanvraag=rij)
    except OSError:  # no room or no access: the application is in, and the first reader makes the receipt
        logger.exception("ontvangstbewijs niet gemaakt: %s", rij.kenmerk)
    return redirect("portalen:aanvraag_ontvangst", rij.pk)
