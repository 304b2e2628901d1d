"""The page of a case, and the steps up to completeness."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from aanvragen.enums import Bron, Status, Toetsuitkomst
from aanvragen.inhoud import verstuurde_rubrieken
from aanvragen.models import Aanvraag, Papieraanvulling
from aanvragen.selectors import (
    LEZENDE_ROLLEN,
    eerdere_besluiten,
    eerste_voorstel,
    vervolg_van,
    zaken_zichtbaar_voor,
)
from aanvragen.services.behandeling import in_behandeling_nemen, opschortingen
from aanvragen.services.overdracht import OVER_TE_DRAGEN, in_hand_sinds
from aanvragen.services.papier import aanvraag_invoerders, aanvulling_invoerders
from aanvragen.services.toetsing import TE_BEOORDELEN, toets_beoordelen
from beoordeling.services.behandelvolgorde import toets_afronden
from beoordeling.services.plaatsuitleg import heeft_uitleg
from beoordeling.services.rangschikking import rangschikking_vergrendelen
from kern.enums import Rol
from kern.fouten import DomeinFout
from kern.models import Gebruiker, LogRegel
from portalen.formulieren.zaak import Toetsformulier
from portalen.presentatie.aanvrager import wie_is_de_aanvrager
from portalen.presentatie.stand import beslistermijn_van, open_aanvulling
from portalen.presentatie.tijdvakken import LOOT
from portalen.spoortekst import gebeurtenissen
from portalen.toegang import gebruiker_van, rol_vereist
from portalen.verzoek import ontvangen
from portalen.zaakstand import bewaakt, ketens, met_versiebewaking, stand
from portalen.zaakstappen import Zaakbeeld, mag_behandelen, volledigheid_open, wat_nu
from portalen.zaakweergave import plaatsvlag, referentievlag, statusvlag, termijnvlag, toetsvlag
from uitvoering.models import Declaratie, Voucher
from uitvoering.selectors import per_deelnemer, toegekende_deelnemers
from uitvoering.services.aanhouding import aanhoudingen_van
from uitvoering.services.declaratie import declaratie_beoordelen, declaratie_in_controle

#: A draft is for the applicant only, also when an officer acts for one.
ONVERZONDEN = (Status.CONCEPT, Status.VERLOPEN)
LEZERS = tuple(Rol(rol) for rol in sorted(LEZENDE_ROLLEN))
#: Lines of the history that are shown at once; the rest is folded away.
RECENT = 8


def zaak_of_404(request: HttpRequest, pk: UUID) -> Aanvraag:
    """The case with what every page of it shows; 404 for a draft or one that does not exist."""
    rijen = zaken_zichtbaar_voor(gebruiker_van(request)).select_related(
        "tijdvak__regelingversie__regeling", "behandelaar", "ingediend_door", "adviseur__bureau"
    )
    return get_object_or_404(rijen.exclude(status__in=ONVERZONDEN), pk=pk)


@rol_vereist(*LEZERS)
@require_GET
def zaak(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Everything about one case on one page."""
    aanvraag, gebruiker = zaak_of_404(request, pk), gebruiker_van(request)
    beeld = beeld_van(aanvraag)
    tekst, stappen = wat_nu(beeld, gebruiker)
    behandelt = mag_behandelen(gebruiker, aanvraag)
    namen = ketens(aanvraag)
    regels = LogRegel.objects.filter(keten__in=namen).exclude(handeling="stap_bewaren")
    geschiedenis = gebeurtenissen(regels.select_related("actor").order_by("-op", "-id"))
    context: dict[str, Any] = {
        "aanvraag": aanvraag,
        "versie": stand(aanvraag, namen),
        "status": statusvlag(aanvraag.status),
        "termijn": termijnvlag(aanvraag, beeld.vandaag),
        "wat_nu": tekst,
        "stappen": stappen,
        "volledigheid_open": volledigheid_open(beeld) if behandelt and aanvraag.status == "in_behandeling" else [],
        **_toetsen(beeld, behandelt and _nog_open(aanvraag)),
        **wie_is_de_aanvrager(aanvraag, timezone.now()),
        "rubrieken": verstuurde_rubrieken(aanvraag),
        "bijlagen": aanvraag.bijlagen.filter(verwijderd_op=None).select_related("bestand", "deelnemer"),
        "aanvullingen": aanvraag.aanvullingen.select_related("gevraagd_door", "beantwoord_door")
        .prefetch_related("items", "papieren__verstuurd_door")
        .order_by("-gevraagd_op"),
        "open_aanvulling": open_aanvulling(aanvraag) if aanvraag.status == Status.AANVULLING_GEVRAAGD else None,
        "in_hand_sinds": in_hand_sinds([aanvraag.pk]).get(aanvraag.pk),
        "kan_overdragen": behandelt and aanvraag.status in OVER_TE_DRAGEN,
        "eerdere": eerdere_besluiten(aanvraag),
        "stil": beslistermijn_van(aanvraag, beeld.vandaag),
        "opschortingen": opschortingen(aanvraag),
        "plaats": getattr(aanvraag, "plaats", None),
        "geloot": aanvraag.tijdvak.methode in LOOT,
        "plaatsvlag": plaatsvlag(aanvraag),
        "heeft_uitleg": heeft_uitleg(aanvraag),
        "besluiten": beeld.besluiten,
        "voucher": Voucher.objects.filter(aanvraag=aanvraag).select_related("adviseur").first(),
        "aanhoudingen": aanhoudingen_van(aanvraag),
        "referenties": [(rij, referentievlag(rij)) for rij in aanvraag.referenties.all()],
        "declaratie": beeld.declaratie,
        "deelnemers": beeld.deelnemers,
        "vervolg": beeld.vervolg,
        "eerste_voorstel": eerste_voorstel(aanvraag),
        "kostenregels": beeld.declaratie.regels.select_related("factuur") if beeld.declaratie else [],
        "betalingen": aanvraag.betalingen.select_related("lijst"),
        "recent": geschiedenis[:RECENT],
        "ouder": geschiedenis[RECENT:],
        "invoerders": Gebruiker.objects.filter(pk__in=aanvraag_invoerders(aanvraag)).order_by("naam")
        if aanvraag.bron == Bron.PAPIER
        else [],
        "aanvulling_invoerders": Gebruiker.objects.filter(pk__in=aanvulling_invoerders(aanvraag)).order_by("naam"),
        "is_auditor": Rol.AUDITOR in gebruiker.rollen,
    }
    return render(request, "portalen/medewerker/zaak.html", context)


def beeld_van(aanvraag: Aanvraag) -> Zaakbeeld:
    """What the panel "Wat nu?" looks at."""
    personen = ("voorgesteld_door", "ondertekend_door", "verzonden_door")
    return Zaakbeeld(
        aanvraag=aanvraag,
        toetsen=list(aanvraag.toetsen.select_related("oordeel_door")),
        aanvulling=aanvraag.aanvullingen.order_by("-gevraagd_op").first(),
        besluiten=list(aanvraag.besluiten.select_related(*personen, "brief_html", "brief_pdf", "deelnemer")),
        declaratie=Declaratie.objects.filter(aanvraag=aanvraag, deelnemer=None).first(),
        deelnemers=list(toegekende_deelnemers(aanvraag)) if per_deelnemer(aanvraag.tijdvak.spec) else [],
        vandaag=timezone.localdate(),
        vervolg=vervolg_van(aanvraag),
        papier=Papieraanvulling.objects.filter(aanvulling__aanvraag=aanvraag, verstuurd_op=None, gestopt_op=None)
        .order_by("-begonnen_op", "-pk")
        .first(),
    )


def _toetsen(beeld: Zaakbeeld, met_formulier: bool) -> dict[str, Any]:
    """The checks in two lists: what asks for attention or was judged, and what simply passes (folded away)."""
    regels = [
        (toets, toetsvlag(toets.geldend), _toetsformulier(toets) if met_formulier else None) for toets in beeld.toetsen
    ]
    aandacht = [regel for regel in regels if regel[0].geldend != Toetsuitkomst.VOLDOET or regel[0].oordeel]
    goed = [regel for regel in regels if regel not in aandacht]
    return {
        "toetsen": [(aandacht, True), (goed, False)] if regels else [],
        "alles_goed": not any(regel[0].geldend != Toetsuitkomst.VOLDOET for regel in regels),
    }


def _nog_open(aanvraag: Aanvraag) -> bool:
    """Judging a check makes sense until a decision is taken."""
    return aanvraag.status in TE_BEOORDELEN


def _toetsformulier(toets: Any) -> Toetsformulier:
    return Toetsformulier(
        initial={"oordeel": toets.oordeel, "reden": toets.oordeel_reden}, auto_id=f"id_toets{toets.pk}_%s"
    )


def naar_zaak(aanvraag: Aanvraag, anker: str = "") -> HttpResponse:
    return redirect(reverse("portalen:zaak", args=[aanvraag.pk]) + anker)


@rol_vereist(Rol.BEHANDELAAR)
@require_POST
@met_versiebewaking
def zaak_stap(request: HttpRequest, pk: UUID, stap: str) -> HttpResponse:
    """A step that asks nothing: taken in hand, complete, claim in hand, claim concluded."""
    aanvraag, actor, op = zaak_of_404(request, pk), gebruiker_van(request), ontvangen(request)

    def doe(vers: Aanvraag) -> str:
        match stap:
            case "in-behandeling":
                in_behandeling_nemen(aanvraag=vers, actor=actor, op=op)
                return _("U hebt de zaak in behandeling.")
            case "compleet":
                return afgerond(toets_afronden(aanvraag=vers, actor=actor, op=op))
            case "declaratie-in-controle":
                declaratie_in_controle(
                    declaratie=get_object_or_404(Declaratie, aanvraag=vers, deelnemer=None), actor=actor, op=op
                )
                return _("U controleert de declaratie.")
            case "declaratie-afronden":
                declaratie_beoordelen(
                    declaratie=get_object_or_404(Declaratie, aanvraag=vers, deelnemer=None), actor=actor, op=op
                )
                return _("De controle van de declaratie is klaar.")
        raise Http404

    try:
        with transaction.atomic():
            if stap == "compleet":
                rangschikking_vergrendelen(aanvraag.tijdvak)  # before the application: its place may give it room
            gedaan = bewaakt(request, aanvraag, doe)
        messages.success(request, gedaan)
    except DomeinFout as fout:
        messages.error(request, str(fout))
    return naar_zaak(aanvraag)


def afgerond(aanvraag: Aanvraag) -> str:
    """What came of declaring it complete."""
    match aanvraag.status:
        case Status.GESELECTEERD:
            return _("De aanvraag is compleet verklaard. Er is ruimte: zij is geselecteerd.")
        case Status.RESERVE:
            return _("De aanvraag is compleet verklaard. Zij staat op de reservelijst.")
    return _("De aanvraag is compleet verklaard.")


@rol_vereist(Rol.BEHANDELAAR)
@require_http_methods(["GET", "POST"])
@met_versiebewaking
def zaak_toets(request: HttpRequest, pk: UUID, code: str) -> HttpResponse:
    """Judge one check; the same form stands on the page of the case."""
    aanvraag = zaak_of_404(request, pk)
    toets = get_object_or_404(aanvraag.toetsen, code=code)
    if not (mag_behandelen(gebruiker_van(request), aanvraag) and _nog_open(aanvraag)):
        messages.error(request, _("U kunt deze toets nu niet beoordelen."))
        return naar_zaak(aanvraag)
    formulier = Toetsformulier(request.POST or None, initial={"oordeel": toets.oordeel, "reden": toets.oordeel_reden})
    if request.method == "POST" and formulier.is_valid():
        try:
            bewaakt(
                request,
                aanvraag,
                lambda vers: toets_beoordelen(
                    toets=toets, actor=gebruiker_van(request), op=ontvangen(request), **formulier.cleaned_data
                ),
            )
        except DomeinFout as fout:
            formulier.neem_fout_over(fout)
        else:
            messages.success(request, _("Uw oordeel over “%(toets)s” is bewaard.") % {"toets": toets.naam})
            return naar_zaak(aanvraag, "#toetsen")
    return formulierpagina(
        request, aanvraag, formulier, titel=toets.naam, uitleg=toets.uitleg, knop=_("Oordeel bewaren"), toets=toets
    )


def formulierpagina(request: HttpRequest, aanvraag: Aanvraag, formulier: Any, **context: Any) -> HttpResponse:
    """A page with one form of a case."""
    gevuld = {"aanvraag": aanvraag, "form": formulier, "versie": request.POST.get("versie") or stand(aanvraag)}
    status = 400 if formulier.errors else 200
    return render(request, "portalen/medewerker/zaak_formulier.html", {**gevuld, **context}, status=status)
