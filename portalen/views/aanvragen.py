"""The applicant's own pages: overview, beginning, task list. Check and send: ``versturen.py``."""

from __future__ import annotations

import logging
from uuid import UUID

from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from aanvragen.enums import Status
from aanvragen.inhoud import rubrieken
from aanvragen.klad import alle_klad, anderen_aanwezig
from aanvragen.models import Aanvraag, Organisatie
from aanvragen.selectors import deelnames_van_lid, eigen_aanvragen, machtigingen_voor, organisaties_van
from aanvragen.services.concept import aanvraag_beginnen
from kern.models import Gebruiker
from portalen.presentatie.klad import kladdelen
from portalen.presentatie.navigatie import kruimels, kruimels_aanvraag
from portalen.presentatie.stand import vlag_van, volgende_actie
from portalen.presentatie.stappen import stappen_van, voortgang_van
from portalen.presentatie.tijdvakken import GESLOTEN, OPEN, kaart, stand_van, tijd_over, vrije_tijdvakken
from portalen.presentatie.zaakoverzicht import ongelezen_berichten
from portalen.toegang import gebruiker_van
from portalen.verzoek import ontvangen
from portalen.views.aanvraagstand import toon_stand
from portalen.views.hulp import eigen_aanvraag, peilmoment
from portalen.views.leergang_deelnemer import eigen_leergangen
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
        eigen_aanvragen(gebruiker)
        .select_related("tijdvak__regelingversie__regeling", "organisatie", "voucher")
        .annotate(ongelezen=ongelezen_berichten(gebruiker))
        .prefetch_related("aanvullingen", "declaraties")
        .order_by("-gewijzigd_op", "pk")
    )
    pagina = Paginator(rijen, PER_PAGINA).get_page(request.GET.get("pagina"))
    kaarten = [kaart(tijdvak, nu) for tijdvak in vrije_tijdvakken().filter(sluit_op__gte=nu).order_by("sluit_op")]
    context = {
        "organisaties": organisaties,
        "deelnames": deelnames_van_lid(gebruiker),
        "leergangen": eigen_leergangen(gebruiker),
        "pagina": pagina,
        "rijen": [{"aanvraag": a, "actie": volgende_actie(a, nu), "vlag": vlag_van(a)} for a in pagina],
        "open": [k for k in kaarten if k.stand == OPEN],
    }
    return render(request, "portalen/aanvrager/mijn_aanvragen.html", context)


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def aanvraag_nieuw(request: HttpRequest, sleutel: str) -> HttpResponse:
    """Chooses the organisation and begins (or goes on with) its draft. A second application is asked about first."""
    tijdvak, nu, gebruiker = tijdvak_of_404(sleutel), ontvangen(request), gebruiker_van(request)
    machtigingen = {machtiging.organisatie_id: machtiging for machtiging in machtigingen_voor(gebruiker, tijdvak)}
    organisaties = [machtiging.organisatie for machtiging in machtigingen.values()]
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
    eerder = _verstuurde(tijdvak, organisatie, gebruiker)
    if eerder and not request.POST.get("toch") and not _concept(tijdvak, organisatie):
        context |= {
            "organisatie": organisatie,
            "eerder": [{"aanvraag": a, "vlag": vlag_van(a)} for a in eerder],
            "maximum": tijdvak.spec.aanvrager.aanvragen_per_aanvrager,
        }
        return render(request, "portalen/aanvrager/tweede.html", context)
    aanvraag = aanvraag_beginnen(
        tijdvak=tijdvak,
        organisatie=organisatie,
        actor=gebruiker,
        op=nu,
        vestigingsnummer=machtigingen[organisatie.pk].vestigingsnummer,
    )
    return redirect("portalen:aanvraag", aanvraag.pk)


def _verstuurde(tijdvak: Tijdvak, organisatie: Organisatie, gebruiker: Gebruiker) -> list[Aanvraag]:
    """What was sent before, as far as the person may see it."""
    rijen = eigen_aanvragen(gebruiker).filter(tijdvak=tijdvak, organisatie=organisatie).exclude(kenmerk="")
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
    klad = kladdelen(rij, alle_klad(rij), gebruiker_van(request))
    if rij.status == Status.VERLOPEN or stand_van(rij.tijdvak, peilmoment(rij, nu)) == GESLOTEN:
        return render(request, "portalen/aanvrager/gesloten.html", {**context, "delen": rubrieken(rij), "klad": klad})
    voortgang = voortgang_van(rij, nu, {deel.stap.sleutel for deel in klad if deel.eigen})
    namen = {stap.sleutel: stap.naam for stap in stappen_van(rij.tijdvak.spec)}
    context |= {
        "voortgang": voortgang,
        "klad": klad,
        "bewaard_op": max([rij.gewijzigd_op, *(deel.op for deel in klad if deel.op)]),
        "aanwezigen": [
            {"wie": str(wie.gebruiker), "stap": namen.get(wie.stap, "")}
            for wie in anderen_aanwezig(rij, gebruiker_van(request), nu)
        ],
        "mag_tekenen": gebruiker_van(request).has_perm("aanvragen.indienen", rij),
        "over": tijd_over(rij.tijdvak.sluit_op, nu),
        "secties": [
            {
                "taken": [
                    *voortgang.taken,
                    {
                        "naam": _("Controleren, ondertekenen en versturen"),
                        "url": reverse("portalen:aanvraag_controleren", args=[rij.pk]),
                        "stand": "nog-niet",
                        "hint": _("Bekijk al uw antwoorden en verstuur uw aanvraag"),
                    },
                ]
            }
        ],
    }
    return render(request, "portalen/aanvrager/takenlijst.html", context)
