"""Payments: approved by a second person, put on a list, confirmed or returned."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from decimal import Decimal
from urllib.parse import urlencode
from uuid import UUID

from django.contrib import messages
from django.core.paginator import Paginator
from django.db.models import Count, Q, Sum
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _l
from django.utils.translation import ngettext
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from aanvragen.selectors import afgeschermde_aanvragen
from kern.enums import Rol
from kern.fouten import DomeinFout
from kern.models import Gebruiker
from portalen.bulk import Bulkhandeling, bulk_afhandelen, gekozen_handeling, gekozen_sleutels
from portalen.formulieren.betaling import Weigerformulier
from portalen.formulieren.medewerker import Leegformulier
from portalen.templatetags.stimulans import euro
from portalen.toegang import gebruiker_van, rol_vereist
from portalen.verzoek import ontvangen
from portalen.views.zaak_bestanden import als_download
from uitvoering.enums import Betalingstatus
from uitvoering.models import Betaallijst, Betaling
from uitvoering.services.betaling import (
    betaallijst_maken,
    betaallijst_openen,
    betaling_accorderen,
    betaling_bevestigen,
    betaling_klaarzetten,
    betaling_weigeren,
)
from uitvoering.services.vierogen import mag_niet_accorderen

PER_PAGINA = 50
LIJSTEN_PER_PAGINA = 20
STANDEN = {
    "te-accorderen": (_l("Te accorderen"), Betalingstatus.KLAARGEZET),
    "geaccordeerd": (_l("Geaccordeerd"), Betalingstatus.GEACCORDEERD),
    "op-lijst": (_l("Op een betaallijst"), Betalingstatus.IN_BESTAND),
    "betaald": (_l("Betaald"), Betalingstatus.BETAALD),
    "geweigerd": (_l("Teruggestuurd door de bank"), Betalingstatus.GEWEIGERD),
}
GEEN = (0, Decimal("0.00"))
FINANCIEEL = frozenset({Rol.FINANCIEEL})


def _status_is(*staten: Betalingstatus) -> Callable[[Betaalrij, Gebruiker], str]:
    def bezwaar(rij: Betaalrij, actor: Gebruiker) -> str:
        if rij.betaling.status in staten:
            return ""
        return _("Deze betaling is “%(status)s”.") % {"status": rij.betaling.get_status_display()}

    return bezwaar


@dataclass(frozen=True)
class Betaalrij:
    """A payment as a row. ``betrokken``: who had a part in the case, and does not approve its payment."""

    betaling: Betaling
    betrokken: frozenset[int]

    @property
    def pk(self) -> UUID:
        return self.betaling.pk

    @property
    def kenmerk(self) -> str:
        return self.betaling.kenmerk


def _met_betrokkenen(betalingen: Iterable[Betaling]) -> list[Betaalrij]:
    """The number of queries is fixed."""
    rijen = list(betalingen)
    per_zaak = mag_niet_accorderen([betaling.aanvraag_id for betaling in rijen])
    return [Betaalrij(betaling, frozenset(per_zaak[betaling.aanvraag_id])) for betaling in rijen]


def vier_ogen(rij: Betaalrij, gebruiker: Gebruiker) -> str:
    """Why this person may not approve; empty when nothing stands in the way."""
    if gebruiker == rij.betaling.klaargezet_door:
        return _("U zette deze betaling zelf klaar. Een collega moet haar accorderen.")
    if gebruiker.pk in rij.betrokken:
        return _("U had eerder een deel van deze zaak in handen. Een collega moet de betaling accorderen.")
    return ""


def _bedrag(rij: Betaalrij) -> str:
    return f"{rij.betaling.begunstigde}: {euro(rij.betaling.bedrag)}"


HANDELINGEN = [
    Bulkhandeling(
        code="accorderen",
        naam=_l("Betalingen accorderen"),
        knop=_l("Accorderen"),
        uitleg=_l("U bent de tweede persoon: controleer de naam, het rekeningnummer en het bedrag."),
        rollen=FINANCIEEL,
        doe=lambda rij, actor, request, g: betaling_accorderen(
            betaling=rij.betaling, actor=actor, op=ontvangen(request)
        ),
        bezwaar=lambda rij, actor: _status_is(Betalingstatus.KLAARGEZET)(rij, actor) or vier_ogen(rij, actor),
        per_rij=_bedrag,
    ),
    Bulkhandeling(
        code="bevestigen",
        naam=_l("Betalingen bevestigen"),
        knop=_l("Betaald volgens de bank"),
        uitleg=_l("De bank heeft betaald. De zaken worden afgesloten."),
        rollen=FINANCIEEL,
        doe=lambda rij, actor, request, g: betaling_bevestigen(
            betaling=rij.betaling, actor=actor, op=ontvangen(request)
        ),
        bezwaar=_status_is(Betalingstatus.IN_BESTAND),
        per_rij=_bedrag,
    ),
    Bulkhandeling(
        code="weigeren",
        naam=_l("Teruggestuurd door de bank"),
        knop=_l("Vastleggen als teruggestuurd"),
        uitleg=_l("De bank heeft deze betalingen teruggestuurd. Er is niets betaald."),
        rollen=FINANCIEEL,
        doe=lambda rij, actor, request, g: betaling_weigeren(
            betaling=rij.betaling, reden=g["reden"], actor=actor, op=ontvangen(request)
        ),
        bezwaar=_status_is(Betalingstatus.GEACCORDEERD, Betalingstatus.IN_BESTAND),
        formulier=Weigerformulier,
        per_rij=_bedrag,
        gevaarlijk=True,
    ),
    Bulkhandeling(
        code="opnieuw",
        naam=_l("Opnieuw klaarzetten"),
        knop=_l("Opnieuw klaarzetten"),
        uitleg=_l("Er komt een nieuwe betaling met hetzelfde bedrag. Een collega moet haar weer accorderen."),
        rollen=FINANCIEEL,
        doe=lambda rij, actor, request, g: betaling_klaarzetten(
            aanvraag=rij.betaling.aanvraag,
            bedrag=rij.betaling.bedrag,
            actor=actor,
            op=ontvangen(request),
            deelnemer=rij.betaling.deelnemer,
        ),
        bezwaar=_status_is(Betalingstatus.GEWEIGERD),
        per_rij=_bedrag,
    ),
]
_BIJ_STAND = {
    "te-accorderen": {"accorderen"},
    "geaccordeerd": {"weigeren"},
    "op-lijst": {"bevestigen", "weigeren"},
    "geweigerd": {"opnieuw"},
}


def betalingen_tekst(aantal: int) -> str:
    return ngettext("%(n)d betaling", "%(n)d betalingen", aantal) % {"n": aantal}


@rol_vereist(Rol.FINANCIEEL)
@require_GET
def betalingen(request: HttpRequest) -> HttpResponse:
    """The payments per stage, with totals, and the lists that were made."""
    gebruiker = gebruiker_van(request)
    stand = request.GET.get("stand", "")
    if stand not in STANDEN:
        stand = "te-accorderen"
    zoek = request.GET.get("zoek", "").strip()[:100]
    alle = Betaling.objects.exclude(aanvraag__in=afgeschermde_aanvragen(gebruiker))
    if zoek:
        alle = alle.filter(
            Q(kenmerk__icontains=zoek) | Q(begunstigde__icontains=zoek) | Q(iban__icontains=zoek.replace(" ", ""))
        )
    per_status = alle.order_by().values_list("status").annotate(n=Count("id"), totaal=Sum("bedrag"))
    sommen: dict[str, tuple[int, Decimal]] = {status: (n, totaal) for status, n, totaal in per_status}
    rijen = alle.filter(status=STANDEN[stand][1]).select_related("klaargezet_door", "geaccordeerd_door", "lijst")
    pagina = Paginator(rijen.order_by("klaargezet_op", "id"), PER_PAGINA).get_page(request.GET.get("pagina"))
    basis = [("zoek", zoek)] if zoek else []
    lijsten = Betaallijst.objects.select_related("gemaakt_door", "bestand")
    context = {
        "stand": stand,
        "zoek": zoek,
        "standen": [
            {
                "naam": naam,
                "aantal": sommen.get(status, GEEN)[0],
                "url": f"?{urlencode([*basis, ('stand', code)])}",
                "gekozen": code == stand,
            }
            for code, (naam, status) in STANDEN.items()
        ],
        "totaal": sommen.get(STANDEN[stand][1], GEEN)[1],
        "pagina": pagina,
        "rijen": [(rij.betaling, vier_ogen(rij, gebruiker)) for rij in _met_betrokkenen(pagina)],
        "handelingen": [h for h in HANDELINGEN if h.code in _BIJ_STAND.get(stand, set())],
        "alles_gekozen": request.GET.get("kies") == "pagina",
        "kies_url": f"?{urlencode([*basis, ('stand', stand), ('pagina', str(pagina.number)), ('kies', 'pagina')])}",
        "kan_lijst": sommen.get(Betalingstatus.GEACCORDEERD, GEEN)[0],
        "lijsten": Paginator(lijsten, LIJSTEN_PER_PAGINA).get_page(request.GET.get("lijstpagina")),
        "terug": request.get_full_path(),
    }
    return render(request, "portalen/medewerker/betalingen.html", context)


@rol_vereist(Rol.FINANCIEEL)
@require_POST
def betalingen_bulk(request: HttpRequest) -> HttpResponse:
    """Approve, confirm or return many at once, with a preview."""
    handeling = gekozen_handeling(request, HANDELINGEN)
    rijen = Betaling.objects.filter(pk__in=gekozen_sleutels(request)).select_related("klaargezet_door", "aanvraag")
    rijen = rijen.exclude(aanvraag__in=afgeschermde_aanvragen(gebruiker_van(request)))
    terug = request.POST.get("terug", "")
    if not url_has_allowed_host_and_scheme(terug, allowed_hosts=None):
        terug = reverse("portalen:betalingen")
    return bulk_afhandelen(
        request,
        handeling=handeling,
        rijen=_met_betrokkenen(rijen.order_by("klaargezet_op", "id")),
        terug=terug,
        adres=lambda rij: reverse("portalen:zaak", args=[rij.betaling.aanvraag_id]) + "#betalingen",
        wat=betalingen_tekst,
    )


@rol_vereist(Rol.FINANCIEEL)
@require_http_methods(["GET", "POST"])
def betaallijst_nieuw(request: HttpRequest) -> HttpResponse:
    """Puts all approved payments on one list for the bank."""
    formulier = Leegformulier(request.POST if request.method == "POST" else None)
    if request.method == "POST" and formulier.is_valid():
        try:
            lijst = betaallijst_maken(actor=gebruiker_van(request), op=ontvangen(request))
        except DomeinFout as fout:
            messages.error(request, str(fout))
            return redirect("portalen:betalingen")
        totaal = euro(lijst.totaal)
        tekst = _("Betaallijst %(nummer)d is gemaakt: %(aantal)d betalingen, samen %(totaal)s.")
        messages.success(request, tekst % {"nummer": lijst.nummer, "aantal": lijst.aantal, "totaal": totaal})
        return redirect(reverse("portalen:betalingen") + "?stand=op-lijst")
    som = Betaling.objects.filter(status=Betalingstatus.GEACCORDEERD).aggregate(n=Count("id"), totaal=Sum("bedrag"))
    context = {"form": formulier, "aantal": som["n"], "totaal": som["totaal"] or Decimal("0.00")}
    return render(request, "portalen/medewerker/betaallijst_nieuw.html", context)


@rol_vereist(Rol.FINANCIEEL)
@require_GET
def betaallijst(request: HttpRequest, nummer: int) -> HttpResponseBase:
    """The file of a list."""
    lijst = get_object_or_404(Betaallijst.objects.select_related("bestand"), nummer=nummer)
    return als_download(betaallijst_openen(lijst=lijst, actor=gebruiker_van(request)))
