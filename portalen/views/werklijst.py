"""The work list of the officer: filters in the address, the earliest legal date first, acts in bulk."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from django.core.paginator import Paginator
from django.db.models import Count, F, Q, QuerySet
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_GET, require_POST

from aanvragen.enums import OPEN_VOOR_BEHANDELING, Bron, Status, Toetsuitkomst
from aanvragen.models import Aanvraag, Toets
from aanvragen.selectors import aanvragen_zichtbaar_voor
from aanvragen.services.behandeling import MAXIMUM_BULK
from kern.enums import Rol
from kern.fouten import InvoerFout
from portalen.bulk import bulk_afhandelen, gekozen_handeling, gekozen_sleutels, mogelijk, te_veel, zaken
from portalen.formulieren.werklijst import Werklijstfilter
from portalen.toegang import gebruiker_van, rol_vereist
from portalen.views.werklijst_bulk import HANDELINGEN
from portalen.zaakweergave import Vlag, statusvlag, termijnvlag
from regeling.models import Tijdvak

PER_PAGINA = 50
LEZERS = (Rol.BEHANDELAAR, Rol.BESLISSER, Rol.AUDITOR)
#: Everything that was sent in.
ALLES = frozenset(Status) - {Status.CONCEPT, Status.VERLOPEN}
#: Groups of states that belong to one kind of work; the first is what an officer sees first.
GROEPEN = {
    "te-behandelen": (_("Te behandelen"), frozenset({*OPEN_VOOR_BEHANDELING, Status.COMPLEET})),
    "te-besluiten": (_("Te besluiten"), frozenset({Status.GESELECTEERD, Status.NIET_GESELECTEERD})),
    "alle": (_("Alles"), ALLES),
}
STANDAARD = "te-behandelen"
#: Groups that mean work; the history of an imported round is none.
WERK = frozenset(GROEPEN) - {"alle"}


@dataclass(frozen=True)
class Lijstrij:
    """One case on the list. ``toetsen``: how many checks fail or wait for a judgement."""

    aanvraag: Aanvraag
    status: Vlag
    termijn: Vlag | None
    toetsen: tuple[int, int]


@dataclass(frozen=True)
class Statuskeuze:
    naam: str
    aantal: int
    url: str
    gekozen: bool
    groep: bool


def _filter(vraag: QueryDict) -> Werklijstfilter:
    tijdvakken = list(Tijdvak.objects.exclude(status="ontwerp").values_list("sleutel", "naam"))
    return Werklijstfilter(vraag, tijdvakken=tijdvakken)


def _gefilterd(request: HttpRequest, formulier: Werklijstfilter) -> QuerySet[Aanvraag]:
    """The cases of this person's filter, in any state. A filter that cannot be read finds nothing."""
    gebruiker = gebruiker_van(request)
    rijen = aanvragen_zichtbaar_voor(gebruiker).filter(status__in=ALLES)
    if not formulier.is_valid():
        return rijen.none()
    keuze = formulier.cleaned_data
    if keuze["tijdvak"]:
        rijen = rijen.filter(tijdvak__sleutel=keuze["tijdvak"])
    if keuze["wie"] == "mijn":
        rijen = rijen.filter(behandelaar=gebruiker)
    if zoek := keuze["zoek"].strip():
        rijen = rijen.filter(
            Q(kenmerk__icontains=zoek)
            | Q(organisatie__naam__icontains=zoek)
            | Q(organisatie__kvk_nummer__startswith=zoek.replace(" ", ""))
        )
    return rijen


def _staten(vraag: QueryDict) -> tuple[str, frozenset[Status]]:
    """The chosen group or state, and its states; an unknown one gives the first group."""
    keuze = vraag.get("status", STANDAARD)
    if keuze in GROEPEN:
        return keuze, GROEPEN[keuze][1]
    if keuze in GROEPEN["alle"][1]:
        return keuze, frozenset({Status(keuze)})
    return STANDAARD, GROEPEN[STANDAARD][1]


def _op_termijn(rijen: QuerySet[Aanvraag]) -> QuerySet[Aanvraag]:
    return rijen.order_by(F("beslissen_uiterlijk_op").asc(nulls_last=True), "ingediend_op", "kenmerk", "id")


@rol_vereist(*LEZERS)
@require_GET
def werklijst(request: HttpRequest) -> HttpResponse:
    """The list itself."""
    gebruiker, formulier = gebruiker_van(request), _filter(request.GET)
    gefilterd = _gefilterd(request, formulier)
    keuze, staten = _staten(request.GET)
    rijen = _op_termijn(_in_staten(gefilterd, keuze, staten).select_related("behandelaar"))
    pagina = Paginator(rijen, PER_PAGINA).get_page(request.GET.get("pagina"))
    context = {
        "filter": formulier,
        "status": keuze,
        "keuzes": _statuskeuzes(request.GET, keuze, gefilterd),
        "pagina": pagina,
        "rijen": _lijstrijen(list(pagina)),
        "handelingen": mogelijk(HANDELINGEN, gebruiker),
        "alles_gekozen": request.GET.get("kies") == "pagina",
        "filtertekst": _zonder(request.GET, "pagina", "kies").urlencode(),
        "kies_url": f"?{_met(request.GET, kies='pagina')}",
        "maximum": MAXIMUM_BULK,
    }
    return render(request, "portalen/medewerker/werklijst.html", context)


def _zonder(vraag: QueryDict, *namen: str) -> QueryDict:
    over = vraag.copy()
    for naam in namen:
        over.pop(naam, None)
    return over


def _met(vraag: QueryDict, **waarden: str) -> str:
    over = _zonder(vraag, "kies")
    for naam, waarde in waarden.items():
        over[naam] = waarde
    return over.urlencode()


def _in_staten(rijen: QuerySet[Aanvraag], keuze: str, staten: frozenset[Status]) -> QuerySet[Aanvraag]:
    """The cases of a group or state. A group of work leaves out what was read from a file of the past."""
    rijen = rijen.filter(status__in=staten)
    return rijen.exclude(bron=Bron.IMPORT) if keuze in WERK else rijen


def _statuskeuzes(vraag: QueryDict, keuze: str, gefilterd: QuerySet[Aanvraag]) -> list[Statuskeuze]:
    """Counts as links: the groups, and every state that occurs."""
    alles: Counter[str] = Counter()
    werk: Counter[str] = Counter()
    for status, bron, aantal in gefilterd.order_by().values_list("status", "bron").annotate(n=Count("id")):
        alles[status] += aantal
        werk[status] += aantal if bron != Bron.IMPORT else 0
    basis = _zonder(vraag, "pagina", "kies", "status")

    def maak(code: str, naam: Any, aantal: int, groep: bool) -> Statuskeuze:
        adres = urlencode([*basis.items(), ("status", code)])
        return Statuskeuze(str(naam), aantal, f"?{adres}", code == keuze, groep)

    groepen = [
        maak(code, naam, sum((werk if code in WERK else alles)[status] for status in staten), True)
        for code, (naam, staten) in GROEPEN.items()
    ]
    staten = [maak(status, status.label, alles[status], False) for status in Status if alles[status] or status == keuze]
    return [*groepen, *staten]


def _lijstrijen(aanvragen: list[Aanvraag]) -> list[Lijstrij]:
    vandaag = timezone.localdate()
    oordelen = (
        Toets.objects.filter(aanvraag__in=[aanvraag.pk for aanvraag in aanvragen])
        .order_by()
        .values("aanvraag")
        .annotate(
            fout=Count("id", filter=_geldend(Toetsuitkomst.VOLDOET_NIET)),
            open=Count("id", filter=_geldend(Toetsuitkomst.HANDMATIG)),
        )
    )
    toetsen = {rij["aanvraag"]: (rij["fout"], rij["open"]) for rij in oordelen}
    return [Lijstrij(a, statusvlag(a.status), termijnvlag(a, vandaag), toetsen.get(a.pk, (0, 0))) for a in aanvragen]


def _geldend(uitkomst: Toetsuitkomst) -> Q:
    """A judgement goes before the outcome of the check (see ``Toets.geldend``)."""
    return Q(oordeel=uitkomst) | Q(oordeel="", uitkomst=uitkomst)


@rol_vereist(Rol.BEHANDELAAR)
@require_POST
def werklijst_bulk(request: HttpRequest) -> HttpResponse:
    """Preview of a bulk act, and the act itself once confirmed."""
    handeling = gekozen_handeling(request, HANDELINGEN)
    vraag = QueryDict(request.POST.get("filter", "")[:2000])
    zichtbaar = aanvragen_zichtbaar_voor(gebruiker_van(request)).filter(status__in=ALLES)
    if request.POST.get("alle") == "ja":
        gefilterd = _in_staten(_gefilterd(request, _filter(vraag)), *_staten(vraag))
        aantal = gefilterd.count()
        if aantal > MAXIMUM_BULK:
            raise te_veel(aantal)
        if not aantal:
            raise InvoerFout(str(_("Dit filter vindt geen zaken.")), actie=str(_("Ga terug en kies een ander filter.")))
        rijen = gefilterd
    else:
        rijen = zichtbaar.filter(pk__in=gekozen_sleutels(request))
    terug = reverse("portalen:werklijst") + (f"?{vraag.urlencode()}" if vraag else "")
    return bulk_afhandelen(
        request,
        handeling=handeling,
        rijen=list(
            _op_termijn(rijen.select_related("behandelaar", "tijdvak__regelingversie").prefetch_related("toetsen"))
        ),
        terug=terug,
        adres=lambda aanvraag: reverse("portalen:zaak", args=[aanvraag.pk]),
        wat=zaken,
    )
