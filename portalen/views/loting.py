"""The draw on screen: every state in words, one page per step, the files and the result."""

from __future__ import annotations

import io
import zipfile
from collections import Counter
from collections.abc import Callable
from datetime import datetime
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from beoordeling.enums import Lotingstatus, Uitkomst
from beoordeling.loting import lees_protocol
from beoordeling.loting.uitvoer import lees_uitkomst
from beoordeling.models import Loting, Plaats
from beoordeling.selectors_volgorde import beletselen_tot, kritieke_dag
from beoordeling.services.bewijs import aktetekst, bewijspakket, lotingbestand
from beoordeling.services.loting import (
    beletselen,
    is_uitslag_te_berekenen,
    lijst_bevriezen,
    loting_ongeldig_verklaren,
    loting_publiceren,
    loting_trekken,
    loting_voorbereiden,
)
from beoordeling.services.plaatsen import WOORD
from beoordeling.services.rangschikking import loting_vaststellen
from kern.enums import Rol
from kern.fouten import DomeinFout, OvergangFout
from kern.models import LogRegel
from kern.services.spoor import keten_van
from portalen.formulieren.loting import Ongeldigformulier, Publiceerformulier, Voorbereidformulier
from portalen.formulieren.medewerker import Leegformulier, Medewerkerformulier
from portalen.lotingstappen import (
    ROLLEN,
    VOLGENDE,
    beeld,
    geldende_loting,
    is_dicht,
    stapnaam,
    tijdlijn,
    uitleg,
)
from portalen.spoortekst import gebeurtenis, gebeurtenissen
from portalen.templatetags.stimulans import datumtijd
from portalen.toegang import gebruiker_van, rol_vereist
from portalen.verzoek import ontvangen
from portalen.views.hulp import veilig
from portalen.views.loting_openbaar import akte_antwoord
from portalen.views.tijdvakken import LEZERS, tijdvak_of_404, tijdvakvlag
from regeling.models import Tijdvak
from regeling.ruimte import uit_delen

PER_PAGINA = 100
_ZONDER_LOTING = "portalen:tijdvak"
#: Steps with a page of their own; the sources have theirs below.
_FORMULIER: dict[str, type[Medewerkerformulier]] = {
    "voorbereiden": Voorbereidformulier,
    "bevriezen": Leegformulier,
    "publiceren": Publiceerformulier,
    "trekken": Leegformulier,
    "vaststellen": Leegformulier,
    "ongeldig": Ongeldigformulier,
}


@rol_vereist(*LEZERS)
@require_GET
def loting(request: HttpRequest, sleutel: str) -> HttpResponse:
    """Where the draw stands, what comes next, who may do it, and everything that was fixed."""
    tijdvak, gebruiker = tijdvak_of_404(sleutel), gebruiker_van(request)
    rij = geldende_loting(tijdvak)
    beletsel = _beletsel(tijdvak, ontvangen(request))
    bestanden = rij.bestanden.order_by("id").defer("inhoud") if rij else []
    context = {
        "tijdvak": tijdvak,
        "vlag": tijdvakvlag(tijdvak),
        "loting": rij,
        "beletsel": beletsel,
        "dicht": is_dicht(tijdvak, ontvangen(request)),
        "beeld": beeld(tijdvak, rij, gebruiker, ontvangen(request), beletsel),
        "stappen": tijdlijn(rij),
        "bestanden": bestanden,
        "protocol": lees_protocol(lotingbestand(rij, "protocol.json")) if rij and rij.protocol_sha256 else None,
        "uitkomsten": _tellingen(rij) if rij and rij.getrokken_op else [],
        "akte": aktetekst(rij) if rij and rij.bevroren_op else "",
        "eerdere": tijdvak.lotingen.filter(status__in=[Lotingstatus.ONGELDIG, Lotingstatus.VERVANGEN]).order_by(
            "voorbereid_op"
        ),
        "gebeurtenissen": gebeurtenissen(_spoor(rij)) if rij else [],
        "ongeldig_mag": bool(
            rij
            and rij.getrokken_op is None
            and not is_uitslag_te_berekenen(rij, ontvangen(request))
            and gebruiker.rollen & ROLLEN["ongeldig"]
        ),
    }
    return render(request, "portalen/medewerker/loting.html", context)


def _spoor(rij: Loting) -> Any:
    """What was done and what was refused, the last first."""
    return LogRegel.objects.filter(keten=keten_van(rij)).select_related("actor").order_by("-volgnr")


def _beletsel(tijdvak: Tijdvak, nu: datetime) -> list[str]:
    """What stands in the way; after the freeze nothing does."""
    dag = kritieke_dag(tijdvak)
    if dag is not None:
        return beletselen_tot(tijdvak, dag.dag)
    return beletselen(tijdvak) if is_dicht(tijdvak, nu) else []


def _tellingen(rij: Loting) -> list[tuple[str, int]]:
    """Outcomes in words with their number; from the ranking when there is one, else from the drawn file."""
    plaatsen = Plaats.objects.filter(rangschikking__loting=rij)
    if rij.vastgesteld_op is not None and rij.dag is None:
        telling = Counter(plaatsen.values_list("uitkomst", flat=True))
    else:
        telling = Counter(
            Uitkomst.TOEGEWEZEN if isinstance(wat, int) else WOORD[wat]
            for _rang, _kenmerk, _lot, wat in lees_uitkomst(lotingbestand(rij, "uitkomst.csv"))
        )
    return [(str(uitkomst.label), telling[uitkomst]) for uitkomst in Uitkomst if telling[uitkomst]]


@rol_vereist(*LEZERS)
@require_http_methods(["GET", "POST"])
def loting_stap(request: HttpRequest, sleutel: str, stap: str) -> HttpResponse:
    """One step: what it does, a form, a button."""
    if stap not in _FORMULIER:
        raise Http404
    if not gebruiker_van(request).rollen & ROLLEN[stap]:
        return render(request, "403.html", status=403)
    tijdvak = tijdvak_of_404(sleutel)
    rij = geldende_loting(tijdvak)
    gedaan = rij is not None and stap != "ongeldig" and stap != VOLGENDE.get(rij.status, "")
    if (rij is None) != (stap == "voorbereiden") or (request.method == "GET" and gedaan):
        messages.error(request, _al_gedaan(rij))
        return redirect("portalen:loting", sleutel)
    formulier = _FORMULIER[stap](request.POST if request.method == "POST" else None)
    if request.method == "POST" and formulier.is_valid():
        try:
            messages.success(request, _doe(request, tijdvak, rij, stap, formulier))
        except OvergangFout as fout:
            messages.error(request, f"{fout} {laatste_stap(rij)}".strip())
            return redirect("portalen:loting", sleutel)
        except DomeinFout as fout:
            formulier.neem_fout_over(fout)
        else:
            return redirect("portalen:loting", sleutel)
    context = {
        "tijdvak": tijdvak,
        "loting": rij,
        "stap": stap,
        "titel": stapnaam(stap),
        "uitleg": uitleg(stap, rij) if rij else _uitleg_voorbereiden(tijdvak),
        "form": formulier,
        "beletsel": _beletsel(tijdvak, ontvangen(request)) if stap in {"voorbereiden", "bevriezen"} else [],
        "gevaarlijk": stap == "ongeldig",
    }
    status = 400 if formulier.errors else 200
    return render(request, "portalen/medewerker/loting_stap.html", context, status=status)


def _uitleg_voorbereiden(tijdvak: Tijdvak) -> str:
    return _(
        "U legt vast wanneer er wordt getrokken. Tussen de publicatie van de vingerafdruk en de trekking zit minstens "
        "%(uren)d uur. Reken ook tijd om de lijst te bevriezen en te publiceren."
    ) % {"uren": tijdvak.verdeling.bedenktijd_uren}


def _al_gedaan(rij: Loting | None) -> str:
    if rij is None:
        return _("Er is nog geen loting. Bereid haar eerst voor.")
    return _("Dit tijdvak heeft al een loting. %(laatste)s") % {"laatste": laatste_stap(rij)}


def laatste_stap(rij: Loting | None) -> str:
    """Who did what last, so that a refusal says what happened meanwhile."""
    if rij is None:
        return ""
    regel = _spoor(rij).exclude(handeling="weigeren").first()
    if regel is None:
        return ""
    laatste = gebeurtenis(regel)
    return _("Laatste stap: %(wat)s, door %(wie)s, op %(op)s.") % {
        "wat": laatste.wat.lower(),
        "wie": laatste.wie,
        "op": datumtijd(laatste.op),
    }


def _doe(request: HttpRequest, tijdvak: Tijdvak, rij: Loting | None, stap: str, formulier: Any) -> str:
    """Calls the service of a step and says what was done."""
    wie: dict[str, Any] = {"actor": gebruiker_van(request), "op": ontvangen(request)}
    if rij is None:
        loting_voorbereiden(tijdvak=tijdvak, trekking_gepland_op=formulier.trekking_gepland_op, **wie)
        return _("De loting is voorbereid. Een collega kan nu de lijst bevriezen.")
    doen: dict[str, Callable[[], object]] = {
        "bevriezen": lambda: lijst_bevriezen(loting=rij, **wie),
        "publiceren": lambda: loting_publiceren(loting=rij, waar=formulier.cleaned_data["waar"], **wie),
        "trekken": lambda: loting_trekken(loting=rij, **wie),
        "vaststellen": lambda: loting_vaststellen(loting=rij, **wie),
        "ongeldig": lambda: loting_ongeldig_verklaren(loting=rij, reden=formulier.cleaned_data["reden"], **wie),
    }
    doen[stap]()
    return {
        "bevriezen": _("De lijst is bevroren. Publiceer nu de vingerafdruk (H_P)."),
        "publiceren": _("De publicatie is vastgelegd."),
        "trekken": _("De trekking is gedaan. Een collega kan de loting nu vaststellen."),
        "vaststellen": _("De loting is nagerekend en vastgesteld. De uitkomsten staan in de zaken."),
        "ongeldig": _("De loting is ongeldig verklaard. U kunt een nieuwe loting voorbereiden."),
    }[stap]


@rol_vereist(*LEZERS)
@require_GET
def loting_uitslag(request: HttpRequest, sleutel: str) -> HttpResponse:
    """The result list, paged, with search on the label."""
    tijdvak = tijdvak_of_404(sleutel)
    rij = geldende_loting(tijdvak)
    if rij is None or rij.getrokken_op is None:
        raise Http404
    zoek = request.GET.get("zoek", "").strip().upper()[:40]
    uitkomst = request.GET.get("uitkomst", "")
    rijen: Any
    if rij.vastgesteld_op is not None and rij.dag is None:
        rijen = Plaats.objects.filter(rangschikking__loting=rij, aanvraag__kenmerk__contains=zoek)
        rijen = rijen.select_related("aanvraag").order_by("rang")
        if uitkomst in Uitkomst.values:
            rijen = rijen.filter(uitkomst=uitkomst)
    else:
        rijen = [p for p in _getrokken(rij) if zoek in p["kenmerk"] and uitkomst in {"", p["uitkomst"]}]
    pagina = Paginator(rijen, PER_PAGINA).get_page(request.GET.get("pagina"))
    context = {
        "tijdvak": tijdvak,
        "loting": rij,
        "pagina": pagina,
        "rijen": [p if isinstance(p, dict) else _plaatsrij(p) for p in pagina],
        "zoek": zoek,
        "uitkomst": uitkomst,
        "uitkomsten": Uitkomst.choices,
        "leest_zaken": bool(gebruiker_van(request).rollen & {Rol.BEHANDELAAR, Rol.BESLISSER, Rol.AUDITOR}),
    }
    return render(request, "portalen/medewerker/loting_uitslag.html", context)


def _getrokken(rij: Loting) -> list[dict[str, Any]]:
    """The lines of the drawn file, before anybody settled it."""
    uit = []
    for rang, kenmerk, lot, wat in lees_uitkomst(lotingbestand(rij, "uitkomst.csv")):
        uitkomst = Uitkomst.TOEGEWEZEN if isinstance(wat, int) else WOORD[wat]
        bedrag = uit_delen(wat, rij.tijdvak) if isinstance(wat, int) else None
        uit.append(
            {
                "rang": rang,
                "kenmerk": kenmerk,
                "lot": lot,
                "uitkomst": str(uitkomst),
                "naam": str(uitkomst.label),
                "bedrag": bedrag,
            }
        )
    return uit


def _plaatsrij(plaats: Plaats) -> dict[str, Any]:
    eerst = Uitkomst(plaats.eerste_uitkomst)
    return {
        "rang": plaats.rang,
        "kenmerk": plaats.aanvraag.kenmerk,
        "pk": plaats.aanvraag_id,
        "lot": plaats.lot,
        "uitkomst": plaats.uitkomst,
        "naam": str(Uitkomst(plaats.uitkomst).label),
        "eerst": str(eerst.label) if eerst != plaats.uitkomst else "",
        "bedrag": plaats.bedrag,
    }


@rol_vereist(*LEZERS)
@require_GET
def loting_bestand(request: HttpRequest, pk: UUID, naam: str) -> HttpResponseBase:
    """One file of a draw, byte for byte."""
    rij = get_object_or_404(Loting.objects.all(), pk=pk)
    bestand = get_object_or_404(rij.bestanden, naam=naam)
    soort = {"csv": "text/csv", "json": "application/json"}.get(naam.rpartition(".")[2], "application/octet-stream")
    return _download(bytes(bestand.inhoud), f"{rij.kenmerk}-{naam}", soort)


@rol_vereist(*LEZERS)
@require_GET
def loting_bewijs(request: HttpRequest, pk: UUID) -> HttpResponseBase:
    """The evidence package as one zip; the same draw and log give the same bytes."""
    rij = get_object_or_404(Loting.objects.select_related("tijdvak__regelingversie"), pk=pk)
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as zip_:
        for naam, inhoud in bewijspakket(rij).items():
            zip_.writestr(zipfile.ZipInfo(f"{rij.kenmerk}/{naam}", date_time=(1980, 1, 1, 0, 0, 0)), inhoud)
    return _download(buffer.getvalue(), f"bewijs-{rij.kenmerk}.zip", "application/zip")


@rol_vereist(*LEZERS)
@require_GET
def loting_akte(request: HttpRequest, pk: UUID, vorm: str) -> HttpResponseBase:
    """The deed, to sign; the same draw gives the same bytes."""
    rij = get_object_or_404(Loting.objects.select_related("tijdvak__regelingversie"), pk=pk)
    return veilig(akte_antwoord(rij, vorm), f"akte-{rij.kenmerk}.{vorm}")


def _download(inhoud: bytes, naam: str, soort: str) -> HttpResponseBase:
    return veilig(HttpResponse(inhoud, content_type=soort), naam)
