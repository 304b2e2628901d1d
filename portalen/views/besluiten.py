"""Decisions: proposed ones to sign, signed ones to send, and what was sent. Four eyes, in bulk or one by one."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Collection, Iterable
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any
from urllib.parse import urlencode
from uuid import UUID

from django.contrib import messages
from django.core.paginator import Paginator
from django.db.models import Count, Q, QuerySet
from django.http import Http404, HttpRequest, HttpResponse, QueryDict
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.dateparse import parse_datetime
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _l
from django.views.decorators.http import require_GET, require_POST

from aanvragen.selectors import afgeschermde_aanvragen
from aanvragen.services.behandeling import MAXIMUM_BULK
from kern.enums import Rol
from kern.fouten import DomeinFout, InvoerFout
from kern.models import Gebruiker
from portalen.bulk import Bulkhandeling, bulk_afhandelen, gekozen_handeling, gekozen_sleutels, mogelijk, te_veel, zaken
from portalen.formulieren.besluiten import Besluitfilter, Terugstuurformulier
from portalen.toegang import gebruiker_van, rol_vereist
from portalen.verzoek import ontvangen
from portalen.views.zaak_besluit import briefvoorbeeld
from regeling.models import Tijdvak
from uitvoering.enums import Besluitsoort, Besluitstatus
from uitvoering.models import Besluit, Vaststelling
from uitvoering.services.besluit import besluit_ondertekenen, besluit_terugnemen, besluit_verzenden
from uitvoering.services.vaststelling import vaststelling_verzenden
from uitvoering.services.vierogen import mag_niet_ondertekenen

PER_PAGINA = 50
LEZERS = (Rol.BEHANDELAAR, Rol.BESLISSER, Rol.AUDITOR)
STANDEN = {
    "te-ondertekenen": (_l("Te ondertekenen"), Besluitstatus.VOORGESTELD),
    "te-verzenden": (_l("Te verzenden"), Besluitstatus.ONDERTEKEND),
    "verzonden": (_l("Verzonden"), Besluitstatus.VERZONDEN),
    "teruggestuurd": (_l("Teruggestuurd"), Besluitstatus.CONCEPT),
}
_PERSONEN = ("voorgesteld_door", "ondertekend_door", "verzonden_door")


@dataclass(frozen=True)
class Besluitrij:
    """A decision as a row of a bulk act: the service wants a key and a label. ``betrokken``: who does not sign it."""

    besluit: Besluit
    betrokken: frozenset[int] = frozenset()

    @property
    def pk(self) -> UUID:
        return self.besluit.pk

    @property
    def kenmerk(self) -> str:
        return f"{self.besluit.aanvraag.kenmerk}: {self.besluit.get_soort_display().lower()}"


def vier_ogen(besluit: Besluit, gebruiker: Gebruiker, betrokken: Collection[int]) -> str:
    """Why this person may not sign this decision; empty when nothing stands in the way."""
    if gebruiker == besluit.voorgesteld_door:
        return _("U stelde dit besluit zelf voor. Een andere beslisser moet het ondertekenen.")
    if gebruiker == besluit.aanvraag.behandelaar:
        return _("U behandelt deze zaak zelf. Een andere beslisser moet het besluit ondertekenen.")
    if gebruiker.pk in betrokken:
        return _("U hebt deze zaak eerder behandeld of beoordeeld. Een andere beslisser moet het besluit ondertekenen.")
    return ""


def _met_betrokkenen(besluiten: Iterable[Besluit]) -> list[Besluitrij]:
    """The decisions with who does not sign them; the number of queries is fixed."""
    rijen = list(besluiten)
    per_zaak = mag_niet_ondertekenen([besluit.aanvraag_id for besluit in rijen])
    return [Besluitrij(besluit, frozenset(per_zaak[besluit.aanvraag_id])) for besluit in rijen]


def verzend(besluit: Besluit, actor: Gebruiker, request: HttpRequest) -> Besluit:
    """Sends a signed decision; a settlement has its own service."""
    if besluit.soort == Besluitsoort.VASTSTELLING:
        return vaststelling_verzenden(besluit=besluit, actor=actor, op=ontvangen(request))
    return besluit_verzenden(besluit=besluit, actor=actor, op=ontvangen(request))


def _status_is(status: Besluitstatus) -> Callable[[Besluitrij, Gebruiker], str]:
    def bezwaar(rij: Besluitrij, actor: Gebruiker) -> str:
        if rij.besluit.status == status:
            return ""
        return _("Dit besluit is “%(status)s”.") % {"status": rij.besluit.get_status_display()}

    return bezwaar


def _onderteken_bezwaar(rij: Besluitrij, actor: Gebruiker) -> str:
    return _status_is(Besluitstatus.VOORGESTELD)(rij, actor) or vier_ogen(rij.besluit, actor, rij.betrokken)


HANDELINGEN = [
    Bulkhandeling(
        code="ondertekenen",
        naam=_l("Besluiten ondertekenen"),
        knop=_l("Ondertekenen"),
        uitleg=_l("U tekent namens de minister. De brieven gaan pas weg als de besluiten worden verzonden."),
        rollen=frozenset({Rol.BESLISSER}),
        doe=lambda rij, actor, request, g: besluit_ondertekenen(
            besluit=rij.besluit, actor=actor, op=ontvangen(request), gelezen_op=gelezen(request, "voorbeeld_op")
        ),
        bezwaar=_onderteken_bezwaar,
        per_rij=lambda rij: f"{rij.besluit.motivering} ({rij.besluit.artikel})",
    ),
    Bulkhandeling(
        code="verzenden",
        naam=_l("Besluiten verzenden"),
        knop=_l("Verzenden"),
        uitleg=_l(
            "De besluiten gelden zodra ze zijn verzonden. De aanvragers krijgen bericht. Terugnemen kan niet meer."
        ),
        rollen=frozenset({Rol.BEHANDELAAR, Rol.BESLISSER}),
        doe=lambda rij, actor, request, g: verzend(rij.besluit, actor, request),
        bezwaar=_status_is(Besluitstatus.ONDERTEKEND),
    ),
    Bulkhandeling(
        code="terugsturen",
        naam=_l("Voorstellen terugsturen"),
        knop=_l("Terugsturen"),
        uitleg=_l("De behandelaar past de tekst aan en stelt het besluit opnieuw voor."),
        rollen=frozenset({Rol.BEHANDELAAR, Rol.BESLISSER}),
        doe=lambda rij, actor, request, g: besluit_terugnemen(
            besluit=rij.besluit, reden=g["reden"], actor=actor, op=ontvangen(request)
        ),
        bezwaar=_status_is(Besluitstatus.VOORGESTELD),
        formulier=Terugstuurformulier,
        gevaarlijk=True,
    ),
]
_BIJ_STAND = {"te-ondertekenen": {"ondertekenen", "terugsturen"}, "te-verzenden": {"verzenden"}}


def _basis(request: HttpRequest) -> QuerySet[Besluit]:
    """Decisions on cases that are not shut off from this person by an interest."""
    rijen = Besluit.objects.exclude(aanvraag__in=afgeschermde_aanvragen(gebruiker_van(request)))
    return rijen.select_related(
        "deelnemer", "aanvraag__organisatie", "aanvraag__tijdvak", "aanvraag__behandelaar", *_PERSONEN
    )


def _filter(vraag: QueryDict) -> Besluitfilter:
    return Besluitfilter(vraag, tijdvakken=list(Tijdvak.objects.values_list("sleutel", "naam")))


def _stand(vraag: QueryDict) -> str:
    stand = vraag.get("stand", "")
    return stand if stand in STANDEN else "te-ondertekenen"


def _gefilterd(request: HttpRequest, formulier: Besluitfilter) -> QuerySet[Besluit]:
    rijen = _basis(request)
    if not formulier.is_valid():
        return rijen.none()
    keuze = formulier.cleaned_data
    if keuze["tijdvak"]:
        rijen = rijen.filter(aanvraag__tijdvak__sleutel=keuze["tijdvak"])
    if keuze["soort"]:
        rijen = rijen.filter(soort=keuze["soort"])
    if zoek := keuze["zoek"].strip():
        rijen = rijen.filter(Q(aanvraag__kenmerk__icontains=zoek) | Q(aanvraag__organisatie__naam__icontains=zoek))
    return rijen


@rol_vereist(*LEZERS)
@require_GET
def besluiten(request: HttpRequest) -> HttpResponse:
    """The lists, one per stage."""
    gebruiker = gebruiker_van(request)
    formulier, stand = _filter(request.GET), _stand(request.GET)
    gefilterd = _gefilterd(request, formulier)
    aantallen = Counter(dict(gefilterd.order_by().values_list("status").annotate(n=Count("id"))))
    rijen = gefilterd.filter(status=STANDEN[stand][1]).order_by(
        "aanvraag__beslissen_uiterlijk_op", "voorgesteld_op", "id"
    )
    pagina = Paginator(rijen, PER_PAGINA).get_page(request.GET.get("pagina"))
    basis = [(naam, waarde) for naam, waarde in request.GET.items() if naam not in {"stand", "pagina", "kies"}]
    context = {
        "filter": formulier,
        "stand": stand,
        "standen": [
            {
                "naam": naam,
                "aantal": aantallen[status],
                "url": f"?{urlencode([*basis, ('stand', code)])}",
                "gekozen": code == stand,
            }
            for code, (naam, status) in STANDEN.items()
        ],
        "pagina": pagina,
        "rijen": [(rij.besluit, vier_ogen(rij.besluit, gebruiker, rij.betrokken)) for rij in _met_betrokkenen(pagina)],
        "handelingen": [h for h in mogelijk(HANDELINGEN, gebruiker) if h.code in _BIJ_STAND.get(stand, set())],
        "mag_tekenen": Rol.BESLISSER in gebruiker.rollen,
        "alles_gekozen": request.GET.get("kies") == "pagina",
        "kies_url": f"?{urlencode([*basis, ('stand', stand), ('pagina', str(pagina.number)), ('kies', 'pagina')])}",
        "terug": request.get_full_path(),
        "filtertekst": urlencode([*basis, ("stand", stand)]),
        "maximum": MAXIMUM_BULK,
    }
    return render(request, "portalen/medewerker/besluiten.html", context)


def _alle(request: HttpRequest) -> QuerySet[Besluit]:
    """Everything that the filter of the list finds in its stage, on all pages."""
    vraag = QueryDict(request.POST.get("filter", "")[:2000])
    rijen = _gefilterd(request, _filter(vraag)).filter(status=STANDEN[_stand(vraag)][1])
    aantal = rijen.count()
    if aantal > MAXIMUM_BULK:
        raise te_veel(aantal)
    if not aantal:
        raise InvoerFout(_("Dit filter vindt geen besluiten."), actie=_("Ga terug en kies een ander filter."))
    return rijen


@rol_vereist(Rol.BEHANDELAAR, Rol.BESLISSER)
@require_POST
def besluiten_bulk(request: HttpRequest) -> HttpResponse:
    """Sign, send or send back many at once, with a preview."""
    handeling = gekozen_handeling(request, HANDELINGEN)
    if request.POST.get("alle") == "ja":
        rijen = _alle(request)
    else:
        rijen = _basis(request).filter(pk__in=gekozen_sleutels(request))
    terug = request.POST.get("terug", "")
    if not url_has_allowed_host_and_scheme(terug, allowed_hosts=None):
        terug = reverse("portalen:besluiten")
    return bulk_afhandelen(
        request,
        handeling=handeling,
        rijen=_met_betrokkenen(rijen.order_by("aanvraag__kenmerk", "id")),
        terug=terug,
        adres=lambda rij: reverse("portalen:besluit", args=[rij.pk]),
        wat=zaken,
    )


@rol_vereist(*LEZERS)
@require_GET
def besluit(request: HttpRequest, pk: UUID) -> HttpResponse:
    """One decision: what, why, by whom, and the letter."""
    rij, gebruiker = get_object_or_404(_basis(request), pk=pk), gebruiker_van(request)
    return render(request, "portalen/medewerker/besluit.html", _besluitcontext(rij, gebruiker, Terugstuurformulier()))


def _besluitcontext(rij: Besluit, gebruiker: Gebruiker, formulier: Terugstuurformulier) -> dict[str, Any]:
    rollen, status = gebruiker.rollen, rij.status
    return {
        "besluit": rij,
        "aanvraag": rij.aanvraag,
        "vaststelling": Vaststelling.objects.filter(besluit=rij).first(),
        "vier_ogen": vier_ogen(rij, gebruiker, mag_niet_ondertekenen([rij.aanvraag_id])[rij.aanvraag_id]),
        "gezien": rij.voorgesteld_op.isoformat() if rij.voorgesteld_op else "",
        "mag_tekenen": status == Besluitstatus.VOORGESTELD and Rol.BESLISSER in rollen,
        "mag_verzenden": status == Besluitstatus.ONDERTEKEND and bool(rollen & {Rol.BEHANDELAAR, Rol.BESLISSER}),
        "mag_terugsturen": status == Besluitstatus.VOORGESTELD and bool(rollen & {Rol.BEHANDELAAR, Rol.BESLISSER}),
        "brief": None if status == Besluitstatus.VERZONDEN else briefvoorbeeld(rij),
        "form": formulier,
    }


def gelezen(request: HttpRequest, naam: str) -> datetime:
    """The moment up to which the person saw the text, from the form; without it nothing was read."""
    gevonden = parse_datetime(request.POST.get(naam, ""))
    return gevonden if gevonden is not None and gevonden.tzinfo is not None else datetime.min.replace(tzinfo=UTC)


@rol_vereist(Rol.BEHANDELAAR, Rol.BESLISSER)
@require_POST
def besluit_stap(request: HttpRequest, pk: UUID, stap: str) -> HttpResponse:
    """Sign, send, or send back one decision."""
    rij, actor, op = get_object_or_404(_basis(request), pk=pk), gebruiker_van(request), ontvangen(request)
    formulier = Terugstuurformulier(request.POST)
    try:
        match stap:
            case "ondertekenen":
                besluit_ondertekenen(besluit=rij, actor=actor, op=op, gelezen_op=gelezen(request, "gezien"))
                messages.success(request, _("U hebt het besluit ondertekend. Het geldt pas als het is verzonden."))
            case "verzenden":
                verzend(rij, actor, request)
                messages.success(request, _("Het besluit is verzonden. De aanvrager heeft bericht gekregen."))
            case "terugsturen":
                if not formulier.is_valid():
                    context = _besluitcontext(rij, actor, formulier)
                    return render(request, "portalen/medewerker/besluit.html", context, status=400)
                besluit_terugnemen(besluit=rij, reden=formulier.cleaned_data["reden"], actor=actor, op=op)
                messages.success(request, _("Het voorstel is teruggestuurd naar de behandelaar."))
            case _:
                raise Http404
    except DomeinFout as fout:
        messages.error(request, str(fout))
    return redirect("portalen:besluit", rij.pk)
