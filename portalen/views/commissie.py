"""The committee of a round for who leads it: members, assignment, states, final scores, calibration."""

from __future__ import annotations

import csv
import io
from collections import Counter
from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.db.models import Count
from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from aanvragen.models import Aanvraag
from beoordeling.enums_commissie import LEVEND, Commissierol, Stand
from beoordeling.models import Commissie, Commissielid, Toewijzing
from beoordeling.selectors_commissie import (
    commissies_geleid_door,
    heeft_belang,
    leden_op,
    standen,
    te_agenderen,
)
from beoordeling.services.bespreken import scores_vaststellen
from beoordeling.services.commissie import (
    beoordeeltermijn_verlengen,
    commissie_instellen,
    deskundigheid_bewaren,
    lid_benoemen,
    samenwerking_melden,
)
from beoordeling.services.kalibratie import kalibratie_van
from kern.enums import Rol
from kern.fouten import DomeinFout
from kern.models import Gebruiker
from portalen.formulieren.commissie import (
    Instelformulier,
    Kennisformulier,
    Lidformulier,
    Samenwerkingformulier,
    Termijnformulier,
    eind_van,
)
from portalen.formulieren.medewerker import Medewerkerformulier
from portalen.presentatie.beoordeling import standvlag, toewijzingvlag
from portalen.presentatie.toewijzen import toewijsstand, werklijstregels
from portalen.toegang import gebruiker_van, rol_vereist
from portalen.verzoek import ontvangen
from portalen.views.hulp import veilig
from portalen.views.tijdvakken import tijdvak_of_404

#: Applications on one page of the committee.
PER_PAGINA = 100
LEIDING = (Rol.SECRETARIS, Rol.VOORZITTER)
LEZERS = (*LEIDING, Rol.BEHEERDER)


def commissie_of_404(request: HttpRequest, sleutel: str) -> Commissie:
    """A committee that the person leads now; 404 for any other."""
    return get_object_or_404(commissies_geleid_door(gebruiker_van(request)), tijdvak__sleutel=sleutel)


@rol_vereist(*LEZERS)
@require_GET
def commissie(request: HttpRequest, sleutel: str) -> HttpResponse:
    """Members and how far the round is. An administrator sees the members, and nothing of the applications."""
    gebruiker = gebruiker_van(request)
    geleid = commissies_geleid_door(gebruiker).filter(tijdvak__sleutel=sleutel).first()
    beheert = Rol.BEHEERDER in gebruiker.rollen
    if geleid is None and not beheert:
        raise Http404
    tijdvak = tijdvak_of_404(sleutel)
    rij = geleid or Commissie.objects.filter(tijdvak=tijdvak).first()
    aanvragen = standen(tijdvak, gebruiker) if geleid else Aanvraag.objects.none()
    pagina = Paginator(aanvragen, PER_PAGINA).get_page(request.GET.get("pagina"))
    ronde = rij.rondes.last() if rij is not None and geleid else None
    telling = dict(aanvragen.order_by().values_list("beoordelingsstand__status").annotate(n=Count("pk")))
    context = {
        "tijdvak": tijdvak,
        "commissie": rij,
        "leidt": geleid is not None,
        "beheert": beheert,
        "toewijsstand": toewijsstand(rij, ontvangen(request)) if rij is not None and geleid else None,
        "is_secretaris": Rol.SECRETARIS in gebruiker.rollen,
        "leden": _leden(rij) if rij else [],
        "telling": [(_stand_in_woorden(stand), telling[stand]) for stand in (None, *Stand) if stand in telling],
        "pagina": pagina,
        "rijen": [
            (
                zaak,
                standvlag(getattr(zaak, "beoordelingsstand", None)),
                [(t, toewijzingvlag(t)) for t in zaak.toewijzingen.all() if t.status in LEVEND],
            )
            for zaak in pagina
        ],
        "werklijst": werklijstregels(ronde.werklijst, _zichtbaar(request, rij)) if rij is not None and ronde else [],
        "vast_te_stellen": telling.get(Stand.CONSISTENT, 0),
        "wacht_op_vergadering": te_agenderen(rij).count() if geleid and rij else 0,
        "vergaderingen": rij.vergaderingen.order_by("-nummer") if geleid and rij else [],
        "gekalibreerd": tijdvak.verdeling.scorebasis == "gekalibreerd",
    }
    return render(request, "portalen/beoordelen/commissie.html", context)


def _stand_in_woorden(stand: Stand | None) -> str:
    return standvlag(None).tekst if stand is None else str(stand.label)


def _leden(rij: Commissie) -> list[tuple[Commissielid, int, bool]]:
    """(member, living assignments, in the term today)."""
    vandaag = timezone.localdate()
    werk = Counter(Toewijzing.objects.filter(lid__commissie=rij, status__in=LEVEND).values_list("lid", flat=True))
    leden = rij.leden.select_related("gebruiker").order_by("gebruiker__naam", "pk")
    return [(lid, werk[lid.pk], lid.is_lid_op(vandaag)) for lid in leden]


def _formulierpagina(request: HttpRequest, formulier: Medewerkerformulier, **context: Any) -> HttpResponse:
    gevuld = {"form": formulier, **context}
    return render(request, "portalen/beoordelen/formulier.html", gevuld, status=400 if formulier.errors else 200)


@rol_vereist(Rol.BEHEERDER)
@require_http_methods(["GET", "POST"])
def instellen(request: HttpRequest, sleutel: str) -> HttpResponse:
    """Makes the committee of a round."""
    tijdvak = tijdvak_of_404(sleutel)
    formulier = Instelformulier(request.POST or None)
    if request.method == "POST" and formulier.is_valid():
        try:
            commissie_instellen(
                tijdvak=tijdvak,
                naam=formulier.cleaned_data["naam"],
                scoren_tot=formulier.scoren_tot,
                actor=gebruiker_van(request),
                op=ontvangen(request),
            )
        except DomeinFout as fout:
            formulier.neem_fout_over(fout)
        else:
            messages.success(request, _("De commissie is ingesteld. Benoem nu de leden."))
            return redirect("portalen:commissie", sleutel)
    return _formulierpagina(request, formulier, tijdvak=tijdvak, titel=_("Commissie instellen"), knop=_("Instellen"))


@rol_vereist(Rol.BEHEERDER)
@require_http_methods(["GET", "POST"])
def benoemen(request: HttpRequest, sleutel: str) -> HttpResponse:
    """Appoints a member, or changes the term of one."""
    rij = get_object_or_404(Commissie, tijdvak__sleutel=sleutel)
    rollen = [Rol.BEOORDELAAR, Rol.VOORZITTER, Rol.SECRETARIS]
    mensen = Gebruiker.objects.filter(
        roltoekenningen__rol__in=rollen, roltoekenningen__ingetrokken_op=None, is_active=True
    )
    formulier = Lidformulier(request.POST or None, mensen=mensen.distinct().order_by("naam", "pk"))
    if request.method == "POST" and formulier.is_valid():
        try:
            lid_benoemen(
                commissie=rij,
                gebruiker=formulier.cleaned_data["gebruiker"],
                gegevens=formulier.gegevens(),
                actor=gebruiker_van(request),
                op=ontvangen(request),
            )
        except DomeinFout as fout:
            formulier.neem_fout_over(fout)
        else:
            messages.success(request, _("Het lid is benoemd."))
            return redirect("portalen:commissie", sleutel)
    return _formulierpagina(request, formulier, tijdvak=rij.tijdvak, titel=_("Lid benoemen"), knop=_("Benoemen"))


@rol_vereist(Rol.BEOORDELAAR, *LEZERS)
@require_http_methods(["GET", "POST"])
def lid(request: HttpRequest, pk: int) -> HttpResponse:
    """What a member knows and with whom the member worked: by the member, or by who leads the committee."""
    gebruiker = gebruiker_van(request)
    rij = get_object_or_404(Commissielid.objects.select_related("gebruiker", "commissie__tijdvak"), pk=pk)
    geleid = commissies_geleid_door(gebruiker).filter(pk=rij.commissie_id).exists()
    if rij.gebruiker_id != gebruiker.pk and not geleid and Rol.BEHEERDER not in gebruiker.rollen:
        raise Http404
    themas = rij.commissie.tijdvak.regelingversie.regeling.themas.order_by("volgorde", "pk")
    kennis = {f"thema_{d.thema.code}": d.niveau for d in rij.deskundigheden.select_related("thema")}
    wat = request.POST.get("wat", "")
    kennisformulier = Kennisformulier(request.POST if wat == "kennis" else None, themas=themas, initial=kennis)
    werk = Samenwerkingformulier(request.POST if wat == "samenwerking" else None)
    wie: dict[str, Any] = {"lid": rij, "actor": gebruiker, "op": ontvangen(request)}
    formulier: Any = kennisformulier if wat == "kennis" else werk
    if request.method == "POST" and formulier.is_valid():
        try:
            if wat == "kennis":
                deskundigheid_bewaren(niveaus=kennisformulier.niveaus(), **wie)
            else:
                samenwerking_melden(**werk.cleaned_data, **wie)
        except DomeinFout as fout:
            formulier.neem_fout_over(fout)
        else:
            messages.success(request, _("Bewaard. Dit telt vanaf nu bij het toewijzen."))
            return redirect("portalen:commissie_lid", pk)
    context = {
        "lid": rij,
        "kennis": kennisformulier if themas else None,
        "werk": werk,
        "samenwerkingen": rij.samenwerkingen.order_by("organisatie"),
        "form": formulier,
        "terug": geleid,
    }
    return render(request, "portalen/beoordelen/lid.html", context, status=400 if formulier.errors else 200)


def _zichtbaar(request: HttpRequest, rij: Commissie) -> set[str]:
    return set(standen(rij.tijdvak, gebruiker_van(request)).values_list("kenmerk", flat=True))


@rol_vereist(*LEIDING)
@require_http_methods(["GET", "POST"])
def termijn(request: HttpRequest, sleutel: str) -> HttpResponse:
    """More time to score, for all who have not handed in."""
    rij = commissie_of_404(request, sleutel)
    formulier = Termijnformulier(request.POST or None)
    if request.method == "POST" and formulier.is_valid():
        try:
            beoordeeltermijn_verlengen(
                commissie=rij,
                scoren_tot=eind_van(formulier.cleaned_data["dag"]),
                reden=formulier.cleaned_data["reden"],
                actor=gebruiker_van(request),
                op=ontvangen(request),
            )
        except DomeinFout as fout:
            formulier.neem_fout_over(fout)
        else:
            messages.success(request, _("De termijn is verlengd."))
            return redirect("portalen:commissie", sleutel)
    return _formulierpagina(request, formulier, tijdvak=rij.tijdvak, titel=_("Termijn verlengen"), knop=_("Verlengen"))


@rol_vereist(*LEIDING)
@require_POST
def vaststellen(request: HttpRequest, sleutel: str) -> HttpResponse:
    """Makes the scores final about which assessors agree."""
    rij = commissie_of_404(request, sleutel)
    try:
        aantal = scores_vaststellen(commissie=rij, actor=gebruiker_van(request), op=ontvangen(request))
    except DomeinFout as fout:
        messages.error(request, str(fout))
    else:
        tekst = ngettext("%(n)d score staat nu vast.", "%(n)d scores staan nu vast.", aantal)
        messages.success(request, tekst % {"n": aantal})
    return redirect("portalen:commissie", sleutel)


@rol_vereist(*LEIDING)
@require_GET
def kalibratie(request: HttpRequest, sleutel: str) -> HttpResponse:
    """Calibrated scores and expected ranks beside the raw mean, with the reliability of the round."""
    rij = commissie_of_404(request, sleutel)
    context: dict[str, Any] = {
        "tijdvak": rij.tijdvak,
        "beslist": rij.tijdvak.verdeling.scorebasis == "gekalibreerd",
    }
    try:
        uitkomst = kalibratie_van(rij)
    except DomeinFout as fout:
        return render(request, "portalen/beoordelen/kalibratie.html", {**context, "leeg": str(fout)})
    k = uitkomst.kalibratie
    zichtbaar = _zichtbaar(request, rij)
    rijen = [
        {"kenmerk": naam, "ruw": k.ruw[nr], "g": k.g[nr], "er": k.er[nr], "zone": k.zone[nr]}
        for nr, naam in enumerate(k.ontwerp.aanvragen)
        if naam in zichtbaar
    ]
    context |= {
        "uitkomst": uitkomst,
        "k": k,
        "rijen": sorted(rijen, key=lambda rij_: (-rij_["ruw"], rij_["kenmerk"])),
        "streng": sorted(zip(_namen(k.ontwerp.beoordelaars), k.nu, strict=True), key=lambda paar: paar[1]),
        "icc": uitkomst.icc,
    }
    return render(request, "portalen/beoordelen/kalibratie.html", context)


def _namen(beoordelaars: Any) -> list[str]:
    """Names without the number that keeps two people of one name apart."""
    return [naam.rpartition(" (")[0] for naam in beoordelaars]


@rol_vereist(*LEIDING)
@require_GET
def scores_csv(request: HttpRequest, sleutel: str) -> HttpResponseBase:
    """The scores in the format of ``kalibreer``, without applications in which the reader has an interest."""
    rij = commissie_of_404(request, sleutel)
    buffer = io.StringIO(newline="")
    schrijver = csv.writer(buffer, delimiter=";", lineterminator="\n")
    schrijver.writerow(["aanvraag", "thema", "beoordelaar", "score"])
    zichtbaar = _zichtbaar(request, rij)
    try:
        scores = kalibratie_van(rij).scores
    except DomeinFout as fout:
        messages.error(request, str(fout))
        return redirect("portalen:commissie_kalibratie", sleutel)
    for score in scores:
        if score.aanvraag in zichtbaar:
            nummer = f"B{score.beoordelaar.rpartition(' (')[2].rstrip(')')}"  # no names leave the system
            schrijver.writerow([score.aanvraag, score.thema, nummer, f"{score.score:.2f}"])
    antwoord = HttpResponse(buffer.getvalue(), content_type="text/csv; charset=utf-8")
    return veilig(antwoord, f"scores-{rij.tijdvak.sleutel}.csv")


def leden_zonder_belang(rij: Commissie, aanvraag: Any) -> Any:
    """Members who could assess an application."""
    leden = leden_op(rij, timezone.localdate()).filter(rol=Commissierol.LID)
    belang = [lid.pk for lid in leden if heeft_belang(lid.gebruiker, aanvraag)]
    return leden.exclude(pk__in=belang)
