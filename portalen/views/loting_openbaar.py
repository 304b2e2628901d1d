"""The public page of a draw: what was fixed beforehand, the result, and everything needed to recompute it."""

from __future__ import annotations

import io
import json
import zipfile
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.core.paginator import Paginator
from django.db.models import F
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_safe

from beoordeling.enums import Lotingstatus, Uitkomst
from beoordeling.models import Loting, Plaats, Rangschikking
from beoordeling.services.akte import akte_document
from beoordeling.services.bewijs import bewijspakket, lotingbestand
from beoordeling.services.plaatsen import WOORD
from beoordeling.services.plaatsuitleg import openbare_uitleg
from kern.document import Kader, naar_html, naar_pdf
from portalen.presentatie.navigatie import Kruimel, kruimels
from portalen.presentatie.plaatsdocument import lotingblokken
from portalen.presentatie.plaatswoorden import Woorden, kort, regel_in_woorden
from portalen.presentatie.tijdvakken import AANGEKONDIGD, aftelling
from portalen.presentatie.verdeling import verdeling_uitleg
from portalen.verzoek import ontvangen
from portalen.views.regelingen import tijdvak_of_404
from regeling.models import Tijdvak
from regeling.ruimte import uit_delen

PER_PAGINA = 50
#: Files that are public from the publication of H_P; the rest after the draw is settled.
VOORAF = frozenset({"deelnemers.csv", "protocol.json"})
MIME = {"csv": "text/csv; charset=utf-8", "json": "application/json", "txt": "text/plain; charset=utf-8"}
UITLEG = {
    "deelnemers.csv": gettext_lazy("De lijst: kenmerk en bedrag in centen van elke aanvraag, zonder namen"),
    "protocol.json": gettext_lazy("De afspraken vooraf: plafond, regels en bronnen"),
    "bronwaarden.json": gettext_lazy("De bronwaarden: wat het toeval opleverde, en wie niet meer meedeed"),
    "uitkomst.csv": gettext_lazy("De uitslag: volgorde, lot en uitkomst per kenmerk"),
    "ruimte.json": gettext_lazy("Wat er na de loting over was, in centen"),
}
_VERVALLEN = [Lotingstatus.VERVANGEN, Lotingstatus.ONGELDIG]
#: Fixed moment in the archive, so that the same package gives the same bytes.
ZIPTIJD = (1980, 1, 1, 0, 0, 0)


@dataclass(frozen=True)
class Uitslagregel:
    """A line of the result. ``nu``: how it stands today, when that is something else than at the draw."""

    rang: int
    kenmerk: str
    lot: str
    uitkomst: str
    bedrag: int | None
    nu: str = ""


def _loting_of_404(tijdvak: Tijdvak, kenmerk: str = "") -> Loting:
    """The published draw that counts, or the one with this label. Order of receipt can have a draw per day: the list of
    the whole round counts, and before that the last day."""
    openbaar = Loting.objects.filter(tijdvak=tijdvak, gepubliceerd_op__isnull=False).select_related("tijdvak")
    if kenmerk:
        return get_object_or_404(openbaar, kenmerk=kenmerk)
    geldig = openbaar.exclude(status__in=_VERVALLEN).order_by(F("dag").desc(nulls_first=True))
    loting = geldig.first() or openbaar.order_by("-gepubliceerd_op").first()
    if loting is None:
        raise Http404
    return loting


def _aangekondigd(tijdvak: Tijdvak) -> Loting | None:
    """A draw that was planned and is not published yet."""
    gepland = Loting.objects.filter(tijdvak=tijdvak, status__in=AANGEKONDIGD)
    return gepland.order_by("-voorbereid_op").first()


@require_safe
def loting(request: HttpRequest, sleutel: str, kenmerk: str = "") -> HttpResponse:
    """Announced: when. Published: hash, list and the time that is left. After: sources, result, and how to verify."""
    tijdvak, nu = tijdvak_of_404(sleutel), ontvangen(request)
    try:
        rij = _loting_of_404(tijdvak, kenmerk)
    except Http404:
        gepland = _aangekondigd(tijdvak)
        if gepland is None or kenmerk:
            raise
        return _aankondiging(request, tijdvak, gepland, nu)
    bestanden = list(rij.bestanden.defer("inhoud").order_by("naam"))
    protocol = json.loads(lotingbestand(rij, "protocol.json"))
    context: dict[str, Any] = {
        "tijdvak": tijdvak,
        "loting": rij,
        "nieuw": _aangekondigd(tijdvak) if rij.status in _VERVALLEN else None,
        "te_gaan": aftelling(rij.trekking_gepland_op, nu),
        "nu": nu,
        "protocol": protocol,
        "verdeelregel": regel_in_woorden(protocol["regel"]),
        "bestanden": [{"bestand": b, "uitleg": UITLEG.get(b.naam, "")} for b in bestanden],
        "verdeling": verdeling_uitleg(tijdvak),
        "eerdere": list(
            Loting.objects.filter(tijdvak=tijdvak, gepubliceerd_op__isnull=False)
            .exclude(pk=rij.pk)
            .order_by("gepubliceerd_op")
        ),
        "bronnen": _bronnen(rij) if rij.bronnen_op else [],
        "kruimels": _kruimels(tijdvak),
    }
    if rij.vastgesteld_op is not None:
        context |= _uitslag(request, rij)
    return render(request, "portalen/publiek/loting.html", context)


def _aankondiging(request: HttpRequest, tijdvak: Tijdvak, rij: Loting, nu: datetime) -> HttpResponse:
    """Only the planned moment and the rules: the list is not public before its hash is."""
    context = {
        "tijdvak": tijdvak,
        "loting": rij,
        "te_gaan": aftelling(rij.trekking_gepland_op, nu),
        "nu": nu,
        "verdeling": verdeling_uitleg(tijdvak),
        "kruimels": _kruimels(tijdvak),
    }
    return render(request, "portalen/publiek/loting_aangekondigd.html", context)


def _kruimels(tijdvak: Tijdvak, *verder: str) -> list[Kruimel]:
    delen = [
        (_("Regelingen"), reverse("portalen:regelingen")),
        (tijdvak.naam, reverse("portalen:regeling", args=[tijdvak.sleutel])),
        (_("Loting"), reverse("portalen:loting_openbaar", args=[tijdvak.sleutel]) if verder else ""),
    ]
    return kruimels(*delen, *((naam, "") for naam in verder))


@require_safe
def uitleg(request: HttpRequest, sleutel: str, kenmerk: str) -> HttpResponse:
    """Why a label has its place: only what the evidence package says of it, for everybody who knows the label."""
    tijdvak = tijdvak_of_404(sleutel)
    rij = _loting_of_404(tijdvak, kenmerk)
    zoek = _kenmerk(request)
    gevonden = openbare_uitleg(rij, zoek) if zoek else None
    if gevonden is None:
        raise Http404
    rangschikking = Rangschikking.objects.filter(loting=rij).first()
    woorden = Woorden(tijdvak, list(rangschikking.mutaties.all()) if rangschikking else [])
    inhoud = [Kader(tuple(kort(gevonden, woorden)), titel=_("In het kort"))]
    context = {
        "tijdvak": tijdvak,
        "loting": rij,
        "kenmerk": zoek,
        "inhoud": [*inhoud, *lotingblokken(gevonden, rij, woorden, volledig=True)],
        "kruimels": _kruimels(tijdvak, _("Uitleg van een plaats")),
    }
    return render(request, "portalen/publiek/loting_uitleg.html", context)


def _kenmerk(request: HttpRequest) -> str:
    return "".join(request.GET.get("kenmerk", "").split()).upper()[:40]


def _bronnen(rij: Loting) -> list[dict[str, str]]:
    """The sources with their values, and for a beacon where to look it up."""
    protocol, waarden = (json.loads(lotingbestand(rij, naam)) for naam in ("protocol.json", "bronwaarden.json"))
    uit = []
    for bron in protocol["bronnen"]:
        if bron["soort"] == "cijfers":
            naam, plek = _("Notaris: %(n)d worpen met een dobbelsteen met tien kanten") % {"n": bron["lengte"]}, ""
        else:
            naam = _("Drand: ronde %(n)d van het openbare netwerk") % {"n": bron["ronde"]}
            plek = f"https://api.drand.sh/{bron['keten']}/public/{bron['ronde']}"
        uit.append({"naam": naam, "waarde": waarden[bron["id"]], "plek": plek})
    return uit


def _regels(rij: Loting) -> list[Uitslagregel]:
    regels = []
    for tekst in lotingbestand(rij, "uitkomst.csv").decode("ascii").splitlines()[1:]:
        rang, kenmerk, lot, woord = tekst.split(";")
        uitkomst = WOORD.get(woord, Uitkomst.TOEGEWEZEN)
        bedrag = int(woord) if woord.isdecimal() else None
        regels.append(Uitslagregel(int(rang), kenmerk, lot, str(uitkomst.label), bedrag))
    return regels


def _uitslag(request: HttpRequest, rij: Loting) -> dict[str, Any]:
    regels = _regels(rij)
    zoek = _kenmerk(request)
    pagina = Paginator(regels, PER_PAGINA).get_page(request.GET.get("pagina"))
    gevonden = next((regel for regel in regels if regel.kenmerk == zoek), None)
    return {
        "pagina": pagina,
        "zoek": zoek,
        "gevonden": gevonden,
        "regels": _met_stand(rij, list(pagina)),
        "gevonden_nu": _met_stand(rij, [gevonden])[0] if gevonden else None,
        "aantallen": _aantallen(regels),
    }


def _aantallen(regels: list[Uitslagregel]) -> list[tuple[str, int]]:
    return [(str(u.label), aantal) for u in Uitkomst if (aantal := sum(r.uitkomst == str(u.label) for r in regels))]


def _met_stand(rij: Loting, regels: list[Uitslagregel]) -> list[dict[str, Any]]:
    """Each line with how it stands now, where that changed after the draw (withdrawal, reserve list called)."""
    nu = {
        plaats.aanvraag.kenmerk: str(plaats.get_uitkomst_display())
        for plaats in Plaats.objects.filter(
            rangschikking__loting=rij, aanvraag__kenmerk__in=[regel.kenmerk for regel in regels]
        ).select_related("aanvraag")
    }
    return [
        {
            "regel": regel,
            "bedrag": None if regel.bedrag is None else uit_delen(regel.bedrag, rij.tijdvak),
            "nu": nu.get(regel.kenmerk, "") if nu.get(regel.kenmerk) != regel.uitkomst else "",
        }
        for regel in regels
    ]


@require_safe
def bestand(request: HttpRequest, sleutel: str, naam: str, kenmerk: str = "") -> HttpResponse:
    """One file of the draw, byte for byte as it was fixed."""
    rij = _loting_of_404(tijdvak_of_404(sleutel), kenmerk)
    if rij.vastgesteld_op is None and naam not in VOORAF:
        raise Http404
    gevonden = get_object_or_404(rij.bestanden, naam=naam)
    antwoord = HttpResponse(
        bytes(gevonden.inhoud), content_type=MIME.get(naam.rpartition(".")[2], "application/octet-stream")
    )
    return _download(antwoord, naam)


@require_safe
def akte(request: HttpRequest, sleutel: str, vorm: str, kenmerk: str = "") -> HttpResponse:
    """The deed; 404 before the draw was settled."""
    rij = _loting_of_404(tijdvak_of_404(sleutel), kenmerk)
    if rij.vastgesteld_op is None:
        raise Http404
    return _download(akte_antwoord(rij, vorm), f"akte-{rij.kenmerk}.{vorm}")


def akte_antwoord(rij: Loting, vorm: str) -> HttpResponse:
    """The deed as HTML or PDF; the same draw gives the same bytes."""
    document = akte_document(rij)
    if vorm == "pdf":
        return HttpResponse(naar_pdf(document), content_type="application/pdf")
    return HttpResponse(naar_html(document))


@require_safe
def pakket(request: HttpRequest, sleutel: str, kenmerk: str = "") -> HttpResponse:
    """The evidence package as one archive; 404 before the draw."""
    rij = _loting_of_404(tijdvak_of_404(sleutel), kenmerk)
    if rij.vastgesteld_op is None:
        raise Http404
    antwoord = HttpResponse(zip_van(bewijspakket(rij)), content_type="application/zip")
    return _download(antwoord, f"loting-{rij.kenmerk}.zip")


def zip_van(bestanden: dict[str, bytes]) -> bytes:
    """The files as a zip: the same files give the same bytes (fixed order, moment and rights)."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archief:
        for naam in sorted(bestanden):
            info = zipfile.ZipInfo(naam, ZIPTIJD)
            info.create_system, info.external_attr = 3, 0o644 << 16
            info.compress_type = zipfile.ZIP_DEFLATED
            archief.writestr(info, bestanden[naam], compresslevel=9)
    return buffer.getvalue()


def _download(antwoord: HttpResponse, naam: str) -> HttpResponse:
    antwoord["Content-Disposition"] = f'attachment; filename="{naam}"'
    antwoord["X-Content-Type-Options"] = "nosniff"
    antwoord["Content-Security-Policy"] = "default-src 'none'; sandbox"
    return antwoord
