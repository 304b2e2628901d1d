"""The applicant completes a sent application: the items that were asked for, check and send once, receipt, letter."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from aanvragen.enums import Onderdeelsoort, Status
from aanvragen.models import Aanvraag, Aanvulling, Aanvulonderdeel, Papieraanvulling
from aanvragen.selectors import papieraanvullingen_onderhanden
from aanvragen.services.aanvulklad import bestand_van, ingevulde_items, items_van
from aanvragen.services.aanvulling import (
    aanvulling_ontvangstbewijs,
    aanvulling_proef,
    aanvulling_versturen,
    aanvullingsbrief_html,
    aanvullingsbrief_pdf,
    nummer_van,
)
from aanvragen.services.behandeling import rangmoment
from aanvragen.services.papieraanvulling import papieraanvulling_van, papieraanvulling_versturen
from kern.fouten import InvoerFout, OvergangFout
from portalen.presentatie.navigatie import kruimels_aanvraag, kruimels_papieraanvulling
from portalen.presentatie.stand import beslistermijn_van
from portalen.presentatie.stappen import KLAAR, NOG_NIET
from portalen.toegang import gebruiker_van
from portalen.verzoek import ontvangen
from portalen.views.aanvraagstand import verstuurd_of_404
from portalen.views.aanvulgetypt import getypt, onverstuurd
from portalen.views.aanvulonderdeel import NietLeesbaar, toepassingen, toon_onderdeel, verwerk_onderdeel
from portalen.views.hulp import bestand_antwoord, veilig

INGEHAALD = "portalen/aanvrager/aanvulling_ingehaald.html"


def _laatste(rij: Aanvraag) -> Aanvulling | None:
    return rij.aanvullingen.select_related("aanvraag__tijdvak__regelingversie").order_by("-gevraagd_op").first()


def _zaak_of_404(request: HttpRequest, pk: UUID) -> tuple[Aanvraag, Papieraanvulling | None]:
    """The application to complete: one's own, or for an officer one of which an answer on paper is being typed.

    This is the only place where a page of applicants opens for that officer.
    """
    papier = (
        papieraanvullingen_onderhanden(gebruiker_van(request))
        .select_related("aanvulling__aanvraag__tijdvak__regelingversie__regeling", "aanvulling__aanvraag__organisatie")
        .filter(aanvulling__aanvraag=pk)
        .order_by("-begonnen_op", "-pk")
        .first()
    )
    return (papier.aanvulling.aanvraag, papier) if papier is not None else (verstuurd_of_404(request, pk), None)


def _open_of_scherm(request: HttpRequest, rij: Aanvraag, papier: Papieraanvulling | None) -> Aanvulling | HttpResponse:
    """The request that can be answered now, or the page that says why there is none."""
    aanvulling = _laatste(rij)
    context: dict[str, Any] = {
        "aanvraag": rij,
        "tijdvak": rij.tijdvak,
        "aanvulling": aanvulling,
        "papier": papier,
        "kruimels": _kruimels(rij, papier),
    }
    status = 409 if request.method == "POST" else 200
    if papier is not None:
        # The stamp was in time; only somebody else's answer, or the end of the case, can come in between.
        if rij.status != Status.AANVULLING_GEVRAAGD or papier.aanvulling.beantwoord_op is not None:
            return render(request, INGEHAALD, {**context, "getypt": getypt(request)}, status=status)
        return papier.aanvulling
    if aanvulling is not None and aanvulling.papier is not None:
        bewaard = [(item, onverstuurd(rij, item)) for item in aanvulling.items.select_related("aanvulling")]
        context |= {"getypt": getypt(request), "bewaard": [paar for paar in bewaard if paar[1]]}
        return render(request, INGEHAALD, context, status=status)
    if rij.status != Status.AANVULLING_GEVRAAGD or aanvulling is None or aanvulling.beantwoord_op is not None:
        messages.info(request, _("Er is geen vraag om aanvulling open."))
        return redirect("portalen:aanvraag", rij.pk)
    if timezone.localdate(ontvangen(request)) > aanvulling.termijn_tot:
        return render(request, "portalen/aanvrager/aanvulling_te_laat.html", context, status=status)
    return aanvulling


def _kruimels(rij: Aanvraag, papier: Papieraanvulling | None, *verder: str) -> list[dict[str, str]]:
    if papier is not None:
        return kruimels_papieraanvulling(rij, *verder)
    return kruimels_aanvraag(rij, _("Aanvraag aanvullen"), *verder)


def _op_papier(verzoek: Aanvulling, papier: Papieraanvulling | None) -> Papieraanvulling | None:
    """For the applicant: the answer on paper that an officer is typing at this moment."""
    return papieraanvulling_van(verzoek) if papier is None else None


def _taken(rij: Aanvraag, aanvulling: Aanvulling, papier: Papieraanvulling | None) -> tuple[list[dict[str, Any]], int]:
    """The items as a task list, and how many have an answer."""
    klaar = ingevulde_items(aanvulling, papier)
    taken = [
        {
            "naam": item.titel,
            "url": reverse("portalen:aanvraag_aanvulonderdeel", args=[rij.pk, item.pk]),
            "stand": KLAAR if item.pk in klaar else NOG_NIET,
            "hint": item.uitleg if item.uitleg != item.titel else "",
        }
        for item in aanvulling.items.all()
    ]
    return taken, sum(taak["stand"] == KLAAR for taak in taken)


@login_required
@require_safe
def aanvulling(request: HttpRequest, pk: UUID) -> HttpResponse:
    """What is missing, until when, and how far the supplement is."""
    rij, papier = _zaak_of_404(request, pk)
    verzoek = _open_of_scherm(request, rij, papier)
    if isinstance(verzoek, HttpResponse):
        return verzoek
    taken, klaar = _taken(rij, verzoek, papier)
    taken.append(
        {
            "naam": _("Controleren en versturen"),
            "url": reverse("portalen:aanvraag_aanvulling_controleren", args=[rij.pk]),
            "stand": NOG_NIET if klaar == len(taken) else "kan-nog-niet",
            "hint": _("Bekijk wat u wijzigt en verstuur uw aanvulling"),
        }
    )
    vandaag = timezone.localdate(ontvangen(request))
    context = {
        "aanvraag": rij,
        "tijdvak": rij.tijdvak,
        "aanvulling": verzoek,
        "secties": [{"taken": taken}],
        "klaar": klaar,
        "totaal": len(taken) - 1,
        "dagen": (verzoek.termijn_tot - vandaag).days,
        "termijn": beslistermijn_van(rij, vandaag),
        "papier": papier,
        "op_papier": _op_papier(verzoek, papier),
        "kruimels": _kruimels(rij, papier),
    }
    return render(request, "portalen/aanvrager/aanvulling.html", context)


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def onderdeel(request: HttpRequest, pk: UUID, onderdeel: int) -> HttpResponse:
    """One item: the page of the form, a file, or an answer in words. Kept, not sent."""
    rij, papier = _zaak_of_404(request, pk)
    verzoek = _open_of_scherm(request, rij, papier)
    if isinstance(verzoek, HttpResponse):
        return verzoek
    item = _item_of_404(verzoek, onderdeel, papier)
    kruimels = _kruimels(rij, papier, item.titel)
    if request.method == "POST":
        try:
            antwoord = verwerk_onderdeel(request, rij, item, kruimels, papier)
        except OvergangFout:
            antwoord = _ingehaald(request, pk)
            if antwoord is None:
                raise
        if antwoord is not None:
            return antwoord
        messages.success(request, _("“%(onderdeel)s” is bewaard.") % {"onderdeel": item.titel})
        return redirect("portalen:aanvraag_aanvulling", rij.pk)
    return toon_onderdeel(request, rij, item, kruimels, papier=papier)


def _item_of_404(verzoek: Aanvulling, pk: int, papier: Papieraanvulling | None) -> Aanvulonderdeel:
    item = next((item for item in items_van(verzoek, papier) if item.pk == pk), None)
    if item is None:
        raise Http404
    return item


def _ingehaald(request: HttpRequest, pk: UUID) -> HttpResponse | None:
    """After a refusal: the page of who came second, with what was typed; ``None`` when the request is still open."""
    scherm = _open_of_scherm(request, *_zaak_of_404(request, pk))
    return scherm if isinstance(scherm, HttpResponse) else None


@login_required
@require_safe
def bestand(request: HttpRequest, pk: UUID, onderdeel: int) -> HttpResponseBase:
    """The file that was chosen for an item and not sent yet."""
    rij, papier = _zaak_of_404(request, pk)
    item = get_object_or_404(
        Aanvulonderdeel.objects.select_related("aanvulling"), pk=onderdeel, aanvulling__aanvraag=rij
    )
    gekozen = bestand_van(item, papier)
    if gekozen is None:
        raise Http404
    return bestand_antwoord(gekozen)


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def controleren(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Old and new side by side; sending is once and says so."""
    rij, papier = _zaak_of_404(request, pk)
    verzoek = _open_of_scherm(request, rij, papier)
    if isinstance(verzoek, HttpResponse):
        return verzoek
    actor, op = gebruiker_van(request), ontvangen(request)
    klaar = ingevulde_items(verzoek, papier)
    items = items_van(verzoek, papier)
    fouten: list[str] = []
    wijzigingen: list[list[Any]] = []
    if all(item.pk in klaar for item in items):
        try:
            stappen = toepassingen(verzoek, actor, op, papier)
            if request.method == "POST" and papier is not None:
                papieraanvulling_versturen(papier=papier, stappen=stappen, actor=actor, op=op)
                messages.success(request, _("De aanvulling is verstuurd. De ontvangstbevestiging gaat per post."))
                return redirect("portalen:zaak", rij.pk)
            if request.method == "POST":
                aanvulling_versturen(aanvulling=verzoek, stappen=stappen, actor=actor, op=op)
                return redirect("portalen:aanvraag_aanvulling_ontvangst", rij.pk, verzoek.pk)
            wijzigingen = aanvulling_proef(aanvulling=verzoek, stappen=stappen, actor=actor, op=op, papier=papier)
        except OvergangFout:
            scherm = _ingehaald(request, pk)
            if scherm is None:
                raise
            return scherm
        except NietLeesbaar as fout:
            messages.error(request, str(fout))
            return redirect("portalen:aanvraag_aanvulonderdeel", rij.pk, fout.item.pk)
        except InvoerFout as fout:
            fouten = [str(fout)]
    elif request.method == "POST":
        messages.error(request, _("Uw aanvulling is niet verstuurd: nog niet alles is ingevuld."))
        return redirect("portalen:aanvraag_aanvulling", rij.pk)
    context = {
        "aanvraag": rij,
        "tijdvak": rij.tijdvak,
        "aanvulling": verzoek,
        "wijzigingen": wijzigingen,
        "open": [item for item in items if item.pk not in klaar],
        "niet": [item for item in items if item.niet_geleverd],
        "ongewijzigd": _ongewijzigd(items, klaar, wijzigingen),
        "fouten": fouten,
        "papier": papier,
        "op_papier": _op_papier(verzoek, papier),
        "kruimels": _kruimels(rij, papier, _("Controleren en versturen")),
    }
    status = 400 if fouten else 200
    return render(request, "portalen/aanvrager/aanvulling_controleren.html", context, status=status)


def _ongewijzigd(items: list[Aanvulonderdeel], klaar: set[int], wijzigingen: list[list[Any]]) -> list[str]:
    """Titles of steps that were kept without changing anything: that is rarely what was meant."""
    gewijzigd = {stap for stap, _titel, _regels in wijzigingen}
    return [
        item.titel
        for item in items
        if item.soort == Onderdeelsoort.STAP and item.pk in klaar and not item.antwoord and item.code not in gewijzigd
    ]


def _beantwoord_of_404(request: HttpRequest, pk: UUID, aanvulling: int) -> tuple[Aanvraag, Aanvulling]:
    rij = verstuurd_of_404(request, pk)
    return rij, get_object_or_404(rij.aanvullingen.filter(beantwoord_op__isnull=False), pk=aanvulling)


@login_required
@require_safe
def ontvangst(request: HttpRequest, pk: UUID, aanvulling: int) -> HttpResponse:
    """The receipt of a supplement; the address keeps working."""
    rij, gevonden = _beantwoord_of_404(request, pk, aanvulling)
    context = {
        "aanvraag": rij,
        "tijdvak": rij.tijdvak,
        "aanvulling": gevonden,
        "nummer": nummer_van(gevonden),
        "rangmoment": rangmoment(rij),
        "termijn": beslistermijn_van(rij, timezone.localdate()),
        "kruimels": _kruimels(rij, None, _("Ontvangstbewijs")),
    }
    return render(request, "portalen/aanvrager/aanvulling_ontvangst.html", context)


@login_required
@require_safe
def ontvangst_pdf(request: HttpRequest, pk: UUID, aanvulling: int) -> HttpResponseBase:
    """The receipt as PDF/A."""
    _rij, gevonden = _beantwoord_of_404(request, pk, aanvulling)
    return bestand_antwoord(aanvulling_ontvangstbewijs(aanvulling=gevonden))


@login_required
@require_safe
def brief(request: HttpRequest, pk: UUID, aanvulling: int, vorm: str) -> HttpResponseBase:
    """The letter that asked to complete."""
    rij = verstuurd_of_404(request, pk)
    gevonden = get_object_or_404(rij.aanvullingen.exclude(brief_document={}), pk=aanvulling)
    if vorm == "pdf":
        return bestand_antwoord(aanvullingsbrief_pdf(aanvulling=gevonden))
    antwoord = HttpResponse(aanvullingsbrief_html(gevonden), content_type="text/html; charset=utf-8")
    return veilig(antwoord, f"verzoek-om-aanvulling-{nummer_van(gevonden)}.html")
