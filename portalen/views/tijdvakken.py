"""Rounds: figures, ceilings with balances, publishing, extension after an outage, a higher ceiling."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.db.models import Count, Q
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_GET, require_http_methods

from aanvragen.enums import Status
from aanvragen.kengetallen import invultijd, wachttijd
from aanvragen.selectors import tijdvak_cijfers
from beoordeling.enums import Dagsoort
from beoordeling.selectors_behandelvolgorde import Toetsstand, toetsstand
from beoordeling.services.rangschikking import plafond_verhogen
from kern.enums import Rol
from kern.fouten import DomeinFout
from kern.models import LogRegel
from kern.services.spoor import keten_van
from portalen.formulieren.medewerker import Leegformulier, Medewerkerformulier
from portalen.formulieren.tijdvak import Ophoogformulier, Verlengformulier
from portalen.spoortekst import gebeurtenissen
from portalen.templatetags.stimulans import datumtijd, getal
from portalen.toegang import gebruiker_van, rol_vereist
from portalen.verzoek import ontvangen
from portalen.zaakweergave import Vlag
from regeling.enums import HOOFDPOT, Eenheid, Methode, Tijdvakstatus
from regeling.models import Plafond, Tijdvak
from regeling.services.tijdvak import tijdvak_publiceren, tijdvak_verlengen

LEZERS = (Rol.BEHANDELAAR, Rol.BESLISSER, Rol.NOTARIS, Rol.BEHEERDER, Rol.AUDITOR)
PER_PAGINA = 50
_SOORT = {
    Tijdvakstatus.GEPUBLICEERD: "info",
    Tijdvakstatus.OPEN: "ok",
    Tijdvakstatus.GESLOTEN: "warning",
    Tijdvakstatus.IN_VERDELING: "warning",
    Tijdvakstatus.VERDEELD: "info",
    Tijdvakstatus.INGETROKKEN: "error",
}


def tijdvakvlag(tijdvak: Tijdvak) -> Vlag:
    return Vlag(str(Tijdvakstatus(tijdvak.status).label), _SOORT.get(Tijdvakstatus(tijdvak.status), "neutraal"))


def tijdvak_of_404(sleutel: str) -> Tijdvak:
    return get_object_or_404(Tijdvak.objects.select_related("regelingversie__regeling"), sleutel=sleutel)


@rol_vereist(*LEZERS)
@require_GET
def tijdvakken(request: HttpRequest) -> HttpResponse:
    """All rounds, the newest first."""
    ontvangen_ = Count("aanvragen", filter=~Q(aanvragen__status__in=[Status.CONCEPT, Status.VERLOPEN]))
    rijen = (
        Tijdvak.objects.select_related("regelingversie__regeling")
        .defer("regelingversie__inhoud")
        .prefetch_related("plafonds")
        .annotate(ontvangen=ontvangen_)
        .order_by("-open_op", "id")
    )
    pagina = Paginator(rijen, PER_PAGINA).get_page(request.GET.get("pagina"))
    lijst = [
        (tijdvak, tijdvakvlag(tijdvak), next((p for p in tijdvak.plafonds.all() if p.code == HOOFDPOT), None))
        for tijdvak in pagina
    ]
    return render(request, "portalen/medewerker/tijdvakken.html", {"pagina": pagina, "rijen": lijst})


@rol_vereist(*LEZERS)
@require_GET
def tijdvak(request: HttpRequest, sleutel: str) -> HttpResponse:
    """One round: figures, money, what happened, what can be done."""
    rij, gebruiker = tijdvak_of_404(sleutel), gebruiker_van(request)
    cijfers, plafonds = tijdvak_cijfers(rij), list(rij.plafonds.order_by("code"))
    hoofd = next(plafond for plafond in plafonds if plafond.code == HOOFDPOT)
    stand = toetsstand(rij)
    regels = LogRegel.objects.filter(keten=keten_van(rij)).select_related("actor").order_by("-volgnr")[:20]
    leest_zaken = bool(gebruiker.rollen & {Rol.BEHANDELAAR, Rol.BESLISSER, Rol.AUDITOR})
    context = {
        "tijdvak": rij,
        "vlag": tijdvakvlag(rij),
        "in_euro": rij.eenheid == Eenheid.EURO,
        "cijfers": cijfers,
        "plafonds": plafonds,
        "hoofd": hoofd,
        "meter": budgetdelen(hoofd, stand),
        "gemeten_op": ontvangen(request),
        "invultijd": invultijd(rij),
        "wachttijd": wachttijd(rij, ontvangen(request)),
        "per_status": [
            (
                status.label,
                cijfers.per_status[status],
                _lijsturl(rij, status) if leest_zaken and _is_zaak(status) else "",
            )
            for status in Status
            if status in cijfers.per_status
        ],
        "verdeling": rij.verdeling,
        "mag_indicatoren": leest_zaken,
        "heeft_leergang": leest_zaken and rij.spec.leergang is not None,
        "heeft_loting": True,
        "dagen": dagen_van_binnenkomst(rij) if rij.methode == Methode.VOLGORDE else [],
        "toetsstand": stand,
        "werklijst_url": f"{reverse('portalen:werklijst')}?tijdvak={rij.sleutel}&status=te-behandelen&lot=",
        "leest_zaken": leest_zaken,
        "storingen": rij.storingen.select_related("vastgelegd_door").order_by("-vastgelegd_op"),
        "acties": acties(rij, gebruiker.rollen),
        "gebeurtenissen": gebeurtenissen(regels),
    }
    return render(request, "portalen/medewerker/tijdvak.html", context)


def budgetdelen(hoofd: Plafond, stand: Toetsstand | None) -> list[dict[str, Any]]:
    """Parts of the gauge. What was drawn is taken too, although the ledger reserves it only after the assessment."""
    delen = [
        {"naam": _("Betaald"), "bedrag": hoofd.betaald, "soort": "betaald"},
        {
            "naam": _("Verleend, nog niet betaald"),
            "bedrag": hoofd.verleend - hoofd.vrijgevallen - hoofd.betaald,
            "soort": "verleend",
        },
        {"naam": _("Gereserveerd"), "bedrag": hoofd.gereserveerd, "soort": "gereserveerd"},
    ]
    if stand is not None and stand.ruimte:
        delen.append({"naam": _("Ingeloot, nog te toetsen"), "bedrag": stand.ruimte, "soort": "ingeloot"})
    return delen


def dagen_van_binnenkomst(rij: Tijdvak) -> list[dict[str, Any]]:
    """The days of receipt that were handled: what was asked under the ceiling, what there was, and how it ended."""
    return [
        {
            "dag": dag.dag,
            "aantal": dag.aantal,
            "gevraagd": Decimal(dag.gevraagd[HOOFDPOT]),
            "ruimte": Decimal(dag.ruimte[HOOFDPOT]),
            "dicht": ", ".join(pot.naam for pot in rij.plafonds.all() if pot.code in dag.dicht),
            "stand": _("Alles past")
            if dag.soort == Dagsoort.RUIM
            else _("Wacht op de loting")
            if dag.klaar_op is None
            else _("Geloot")
            if dag.loting_id
            else _("Past niet"),
        }
        for dag in rij.volgordedagen.order_by("dag")
    ]


def _is_zaak(status: Status) -> bool:
    return status not in {Status.CONCEPT, Status.VERLOPEN}


def _lijsturl(rij: Tijdvak, status: Status) -> str:
    return f"{reverse('portalen:werklijst')}?tijdvak={rij.sleutel}&status={status}"


def acties(rij: Tijdvak, rollen: frozenset[str]) -> list[tuple[str, str]]:
    """(name, url name) of what an administrator can do in this state."""
    if Rol.BEHEERDER not in rollen:
        return []
    mogelijk = []
    if rij.status == Tijdvakstatus.ONTWERP:
        mogelijk.append((_("Publiceren"), "portalen:tijdvak_publiceren"))
    if rij.status in {Tijdvakstatus.GEPUBLICEERD, Tijdvakstatus.OPEN}:
        mogelijk.append((_("Verlengen na een storing"), "portalen:tijdvak_verlengen"))
    if rij.spec.criteria and rij.status != Tijdvakstatus.INGETROKKEN:
        mogelijk.append((_("Commissie"), "portalen:commissie"))
    if rij.status not in {Tijdvakstatus.ONTWERP, Tijdvakstatus.INGETROKKEN, Tijdvakstatus.AFGEHANDELD}:
        mogelijk.append((_("Plafond verhogen"), "portalen:tijdvak_ophogen"))
    return mogelijk


def _pagina(request: HttpRequest, rij: Tijdvak, formulier: Medewerkerformulier, **context: Any) -> HttpResponse:
    gevuld = {"tijdvak": rij, "vlag": tijdvakvlag(rij), "form": formulier, **context}
    status = 400 if formulier.errors else 200
    return render(request, "portalen/medewerker/tijdvak_formulier.html", gevuld, status=status)


@rol_vereist(Rol.BEHEERDER)
@require_http_methods(["GET", "POST"])
def publiceren(request: HttpRequest, sleutel: str) -> HttpResponse:
    """Makes ceiling, method and terms public (Awb 4:26)."""
    rij = tijdvak_of_404(sleutel)
    formulier = Leegformulier(request.POST if request.method == "POST" else None)
    if request.method == "POST" and formulier.is_valid():
        try:
            tijdvak_publiceren(tijdvak=rij, actor=gebruiker_van(request), op=ontvangen(request))
        except DomeinFout as fout:
            formulier.neem_fout_over(fout)
        else:
            messages.success(request, _("Het tijdvak is gepubliceerd."))
            return redirect("portalen:tijdvak", rij.sleutel)
    hoofd = rij.plafonds.get(code=HOOFDPOT)
    termijn = rij.spec.termijn("beslissing")
    feiten = [
        {"sleutel": _("Plafond"), "waarde": getal(hoofd.bedrag)},
        {"sleutel": _("Verdeling"), "waarde": str(Methode(rij.methode).label)},
        {"sleutel": _("Opent"), "waarde": datumtijd(rij.open_op)},
        {"sleutel": _("Sluit"), "waarde": datumtijd(rij.sluit_op)},
        {"sleutel": _("Beslistermijn"), "waarde": termijn.duur if termijn else ""},
        {"sleutel": _("Versie van de regeling"), "waarde": rij.regelingversie.versie},
    ]
    return _pagina(
        request,
        rij,
        formulier,
        titel=_("Tijdvak publiceren"),
        uitleg=_("Daarna ziet iedereen dit tijdvak. Het plafond kan dan niet meer omlaag en de verdeling niet anders."),
        knop=_("Publiceren"),
        feiten=feiten,
    )


@rol_vereist(Rol.BEHEERDER)
@require_http_methods(["GET", "POST"])
def verlengen(request: HttpRequest, sleutel: str) -> HttpResponse:
    """Moves the closing time after an outage of our own."""
    rij = tijdvak_of_404(sleutel)
    formulier = Verlengformulier(request.POST or None)
    if request.method == "POST" and formulier.is_valid():
        gegevens = {naam: formulier.cleaned_data[naam] for naam in ("van", "tot", "verlenging", "reden")}
        try:
            storing = tijdvak_verlengen(tijdvak=rij, actor=gebruiker_van(request), op=ontvangen(request), **gegevens)
        except DomeinFout as fout:
            formulier.neem_fout_over(fout)
        else:
            nieuw = datumtijd(storing.nieuw_sluit_op)
            messages.success(request, _("Het tijdvak sluit nu op %(moment)s.") % {"moment": nieuw})
            return redirect("portalen:tijdvak", rij.sleutel)
    return _pagina(
        request,
        rij,
        formulier,
        titel=_("Verlengen na een storing"),
        uitleg=_("Dit kan alleen bij een storing van Stimulans zelf, zolang het tijdvak niet gesloten is."),
        knop=_("Verlengen"),
        feiten=[{"sleutel": _("Sluit nu op"), "waarde": datumtijd(rij.sluit_op)}],
    )


@rol_vereist(Rol.BEHEERDER)
@require_http_methods(["GET", "POST"])
def ophogen(request: HttpRequest, sleutel: str) -> HttpResponse:
    """Raises a ceiling and calls the reserve list."""
    rij = tijdvak_of_404(sleutel)
    plafonds = list(rij.plafonds.order_by("code"))
    formulier = Ophoogformulier(request.POST or None, plafonds=plafonds, initial={"code": HOOFDPOT})
    if request.method == "POST" and formulier.is_valid():
        try:
            opgeroepen = plafond_verhogen(
                tijdvak=rij, actor=gebruiker_van(request), op=ontvangen(request), **formulier.gegevens()
            )
        except DomeinFout as fout:
            formulier.neem_fout_over(fout)
        else:
            messages.success(request, _opgeroepen_tekst(opgeroepen))
            return redirect("portalen:tijdvak", rij.sleutel)
    return _pagina(
        request,
        rij,
        formulier,
        titel=_("Plafond verhogen"),
        uitleg=_("Is er een reservelijst, dan komen de eerstvolgende aanvragen meteen aan de beurt, in volgorde."),
        knop=_("Plafond verhogen"),
        feiten=[
            {
                "sleutel": plafond.naam,
                "waarde": _("%(bedrag)s, resteert %(resteert)s")
                % {"bedrag": getal(plafond.bedrag), "resteert": getal(plafond.resteert)},
            }
            for plafond in plafonds
        ],
    )


def _opgeroepen_tekst(kenmerken: list[str]) -> str:
    if not kenmerken:
        return _("Het plafond is verhoogd. Er is niemand opgeroepen van de reservelijst.")
    tekst = ngettext(
        "Het plafond is verhoogd. %(n)d aanvraag is opgeroepen van de reservelijst: %(wie)s.",
        "Het plafond is verhoogd. %(n)d aanvragen zijn opgeroepen van de reservelijst: %(wie)s.",
        len(kenmerken),
    )
    wie = ", ".join(kenmerken[:10]) + (" …" if len(kenmerken) > 10 else "")
    return tekst % {"n": len(kenmerken), "wie": wie}
