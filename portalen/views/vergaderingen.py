"""Meetings: plan, agenda, who is there, votes per application, minutes."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from beoordeling.enums_commissie import STEMT, Vergaderstatus
from beoordeling.models import Agendapunt, Commissielid, Vergadering
from beoordeling.selectors_commissie import (
    agenda_voor,
    belang_aanvragen,
    commissies_geleid_door,
    criteria_van,
    heeft_belang,
    leden_op,
    lidmaatschappen,
    mag_scores_zien,
    te_agenderen,
    vergaderingen_van,
)
from beoordeling.services.notulen import notulen_document
from beoordeling.services.scoren import toegang_geweigerd
from beoordeling.services.vergadering import (
    agenda_vullen,
    agendapunt_afsluiten,
    lid_verschonen,
    stem_uitbrengen,
    telling,
    vergadering_afzeggen,
    vergadering_openen,
    vergadering_plannen,
    vergadering_sluiten,
)
from kern.document import naar_html, naar_pdf
from kern.fouten import DomeinFout
from portalen.formulieren.commissie import (
    Afsluitformulier,
    Kiesformulier,
    Lidkeuze,
    Motiveringsformulier,
    Stemformulier,
    Vergaderformulier,
)
from portalen.formulieren.medewerker import Leegformulier
from portalen.handelingen import Gekozen, Soort, handelingen, meld_fouten, verricht
from portalen.presentatie.beoordeling import aanvraagbeeld, scoretabel
from portalen.toegang import gebruiker_van, rol_vereist
from portalen.verzoek import ontvangen
from portalen.views.beoordelen import ROLLEN
from portalen.views.commissie import LEIDING, commissie_of_404
from portalen.views.hulp import veilig
from portalen.views.zaak_bestanden import als_download


@rol_vereist(*LEIDING)
@require_http_methods(["GET", "POST"])
def vergadering_nieuw(request: HttpRequest, sleutel: str) -> HttpResponse:
    """Plans a meeting."""
    commissie = commissie_of_404(request, sleutel)
    formulier = Vergaderformulier(request.POST or None)
    if request.method == "POST" and formulier.is_valid():
        try:
            rij = vergadering_plannen(
                commissie=commissie,
                gepland_op=formulier.gepland_op,
                plaats=formulier.cleaned_data["plaats"],
                actor=gebruiker_van(request),
                op=ontvangen(request),
            )
        except DomeinFout as fout:
            formulier.neem_fout_over(fout)
        else:
            messages.success(request, _("De vergadering is gepland. Vul nu de agenda."))
            return redirect("portalen:vergadering", rij.pk)
    context = {"form": formulier, "tijdvak": commissie.tijdvak, "titel": _("Vergadering plannen"), "knop": _("Plannen")}
    return render(request, "portalen/beoordelen/formulier.html", context, status=400 if formulier.errors else 200)


def _of_404(request: HttpRequest, pk: int) -> Vergadering:
    return get_object_or_404(vergaderingen_van(gebruiker_van(request)), pk=pk)


def _leidt(request: HttpRequest, rij: Vergadering) -> bool:
    return commissies_geleid_door(gebruiker_van(request)).filter(pk=rij.commissie_id).exists()


@rol_vereist(*ROLLEN)
@require_GET
def vergadering(request: HttpRequest, pk: int) -> HttpResponse:
    return _pagina(request, _of_404(request, pk))


def _pagina(request: HttpRequest, rij: Vergadering, gekozen: Gekozen | None = None) -> HttpResponse:
    gebruiker = gebruiker_van(request)
    soorten = _soorten(request, rij) if _leidt(request, rij) else {}
    context = {
        "vergadering": rij,
        "tijdvak": rij.commissie.tijdvak,
        "leidt": bool(soorten),
        "punten": agenda_voor(rij, gebruiker),
        "aanwezigen": rij.aanwezigen.select_related("lid__gebruiker"),
        "handelingen": handelingen(
            soorten,
            soorten,
            url=lambda sleutel: reverse("portalen:vergadering_stap", args=[rij.pk, sleutel]),
            gekozen=gekozen,
        ),
        "form": gekozen and gekozen.formulier,
    }
    return render(request, "portalen/beoordelen/vergadering.html", context, status=400 if gekozen else 200)


def _soorten(request: HttpRequest, rij: Vergadering) -> dict[str, Soort]:
    """What chair or secretary can do with the meeting in its state."""
    wacht = te_agenderen(rij.commissie).exclude(pk__in=belang_aanvragen(gebruiker_van(request)))
    leden = leden_op(rij.commissie, timezone.localdate(ontvangen(request)))
    uit: dict[str, Soort] = {}
    if rij.status in {Vergaderstatus.GEPLAND, Vergaderstatus.GEOPEND} and wacht.exists():
        uit["agenda"] = Soort(
            lambda *a, **k: Kiesformulier(
                *a, naam="aanvragen", label=_("Aanvragen die wachten"), rijen=wacht, alles=True, **k
            ),
            _("Op de agenda zetten"),
            _("Wie een belang heeft, ziet het punt niet en doet niet mee."),
        )
    if rij.status == Vergaderstatus.GEPLAND:
        uit["openen"] = Soort(
            lambda *a, **k: Kiesformulier(*a, naam="aanwezigen", label=_("Wie is er?"), rijen=leden, **k),
            _("Vergadering openen"),
            _("Vink aan wie er is."),
        )
        uit["afzeggen"] = Soort(
            Motiveringsformulier, _("Afzeggen"), _("De aanvragen wachten dan op een andere vergadering.")
        )
    if rij.status == Vergaderstatus.GEOPEND:
        uit["sluiten"] = Soort(
            Leegformulier,
            _("Vergadering sluiten"),
            _("Wij maken de notulen. Punten die niet zijn afgerond, komen in een volgende vergadering."),
        )
    return uit


@rol_vereist(*LEIDING)
@require_POST
def vergadering_stap(request: HttpRequest, pk: int, stap: str) -> HttpResponse:
    """Agenda, opening, closing, cancelling."""
    rij = _of_404(request, pk)
    soorten = _soorten(request, rij) if _leidt(request, rij) else {}
    wie: dict[str, Any] = {"vergadering": rij, "actor": gebruiker_van(request), "op": ontvangen(request)}
    doen: dict[str, Callable[[Any], object]] = {
        "agenda": lambda formulier: agenda_vullen(aanvragen=formulier.gekozen, **wie),
        "openen": lambda formulier: vergadering_openen(aanwezigen=formulier.gekozen, **wie),
        "afzeggen": lambda formulier: vergadering_afzeggen(reden=formulier.cleaned_data["reden"], **wie),
        "sluiten": lambda _formulier: vergadering_sluiten(**wie),
    }
    gekozen = verricht(request, soorten, stap, lambda formulier: doen[stap](formulier))
    return _pagina(request, rij, gekozen) if gekozen else redirect("portalen:vergadering", pk)


def _punt_of_404(request: HttpRequest, pk: int, punt: int) -> Agendapunt:
    """An item of the agenda that the person may be in the room for; acting on another one leaves a line."""
    rij, gebruiker = _of_404(request, pk), gebruiker_van(request)
    gevonden = agenda_voor(rij, gebruiker).filter(pk=punt).first()
    if gevonden is not None:
        return gevonden
    if request.method == "POST":
        ander = rij.agenda.filter(pk=punt).select_related("aanvraag").first()
        if ander is not None and heeft_belang(gebruiker, ander.aanvraag):
            toegang_geweigerd(aanvraag=ander.aanvraag, waar=request.path, actor=gebruiker, op=ontvangen(request))
    raise Http404


@rol_vereist(*ROLLEN)
@require_GET
def agendapunt(request: HttpRequest, pk: int, punt: int) -> HttpResponse:
    return _puntpagina(request, _punt_of_404(request, pk, punt))


def _puntpagina(request: HttpRequest, punt: Agendapunt, gekozen: Gekozen | None = None) -> HttpResponse:
    gebruiker, rij = gebruiker_van(request), punt.vergadering
    quorum, kamer = telling(punt, ontvangen(request))
    soorten = _puntsoorten(request, punt, kamer)
    eigen = punt.stemmen.filter(lid__gebruiker=gebruiker).first()
    begin = {f"score_{code}": str(score) for code, score in eigen.scores.items()} if eigen else {}
    gestemd = set(punt.stemmen.values_list("lid", flat=True))
    context = {
        "punt": punt,
        "vergadering": rij,
        "aanvraag": punt.aanvraag,
        "beeld": aanvraagbeeld(punt.aanvraag),
        "tabel": scoretabel(punt.aanvraag) if mag_scores_zien(gebruiker, punt.aanvraag) else None,
        "quorum": quorum,
        "kamer": [(lid, lid.pk in gestemd) for lid in kamer],
        "verschoningen": punt.verschoningen.select_related("lid__gebruiker"),
        "eigen": eigen,
        "handelingen": handelingen(
            soorten,
            soorten,
            url=lambda sleutel: reverse("portalen:agendapunt_stap", args=[rij.pk, punt.pk, sleutel]),
            gekozen=gekozen,
            uitgeklapt=set() if eigen else {"stem"},
            begin={"stem": begin},
        ),
        "form": gekozen and gekozen.formulier,
    }
    return render(request, "portalen/beoordelen/agendapunt.html", context, status=400 if gekozen else 200)


def _puntsoorten(request: HttpRequest, punt: Agendapunt, kamer: list[Commissielid]) -> dict[str, Soort]:
    """What the person can do with the item now."""
    if punt.gesloten_op is not None or punt.vergadering.status != Vergaderstatus.GEOPEND:
        return {}
    gebruiker = gebruiker_van(request)
    criteria = criteria_van(punt.aanvraag.tijdvak)
    uit: dict[str, Soort] = {}
    if any(lid.gebruiker_id == gebruiker.pk for lid in kamer):
        uit["stem"] = Soort(
            lambda *a, **k: Stemformulier(*a, criteria=criteria, **k),
            _("Stemmen"),
            _("U kunt uw stem wijzigen tot het punt is afgerond."),
        )
    in_kamer = leden_op(punt.vergadering.commissie, timezone.localdate(ontvangen(request)))
    if _leidt(request, punt.vergadering):
        keuze = in_kamer.filter(rol__in=sorted(STEMT))
        uit["verschonen"] = Soort(
            lambda *a, **k: Lidkeuze(*a, leden=keuze, **k),
            _("Lid doet niet mee"),
            _("Dit lid verlaat de kamer en telt niet mee voor het quorum."),
        )
        uit["afsluiten"] = Soort(
            Afsluitformulier,
            _("Punt afronden"),
            _("De middelste stem wordt de eindscore. Dit kan één keer."),
        )
    elif lidmaatschappen(gebruiker).filter(commissie=punt.vergadering.commissie_id).exists():
        zelf = in_kamer.filter(gebruiker=gebruiker)
        uit["verschonen"] = Soort(
            lambda *a, **k: Lidkeuze(*a, leden=zelf, **k),
            _("Ik doe niet mee"),
            _("U verlaat de kamer voor dit punt."),
        )
    return uit


@rol_vereist(*ROLLEN)
@require_POST
def agendapunt_stap(request: HttpRequest, pk: int, punt: int, stap: str) -> HttpResponse:
    """A vote, leaving the room, closing the item."""
    rij = _punt_of_404(request, pk, punt)
    _quorum, kamer = telling(rij, ontvangen(request))
    wie: dict[str, Any] = {"punt": rij, "actor": gebruiker_van(request), "op": ontvangen(request)}
    doen: dict[str, Callable[[Any], object]] = {
        "stem": lambda formulier: stem_uitbrengen(scores=formulier.stem(), **wie),
        "verschonen": lambda formulier: lid_verschonen(
            lid=formulier.cleaned_data["lid"], reden=formulier.cleaned_data["reden"], **wie
        ),
        "afsluiten": lambda formulier: agendapunt_afsluiten(verslag=formulier.cleaned_data["verslag"], **wie),
    }
    gekozen = verricht(request, _puntsoorten(request, rij, kamer), stap, lambda formulier: doen[stap](formulier))
    if gekozen and heeft_belang(gebruiker_van(request), rij.aanvraag):  # found while acting: the item stays shut
        meld_fouten(request, gekozen)
        return redirect("portalen:vergadering", pk)
    return _puntpagina(request, rij, gekozen) if gekozen else redirect("portalen:agendapunt", pk, punt)


@rol_vereist(*ROLLEN)
@require_GET
def notulen(request: HttpRequest, pk: int, vorm: str) -> HttpResponseBase:
    """The minutes. Who has an interest in an item gets them without that item."""
    rij, gebruiker = _of_404(request, pk), gebruiker_van(request)
    if rij.status != Vergaderstatus.GESLOTEN or rij.gesloten_op is None:
        raise Http404
    bestand = rij.notulen_pdf if vorm == "pdf" else rij.notulen_html
    assert bestand is not None  # a constraint of the table
    dicht = rij.agenda.filter(aanvraag__in=belang_aanvragen(gebruiker))
    if not dicht.exists():
        return als_download(bestand, op_pagina=vorm == "html")
    mag = rij.agenda.exclude(pk__in=dicht.order_by().values("pk"))
    zichtbaar: set[object] = set(mag.values_list("aanvraag", flat=True))
    document = notulen_document(rij, op=rij.gesloten_op, alleen=zichtbaar)
    if vorm == "pdf":
        antwoord = HttpResponse(naar_pdf(document), content_type="application/pdf")
    else:
        antwoord = HttpResponse(naar_html(document))
    return veilig(antwoord, bestand.naam)
