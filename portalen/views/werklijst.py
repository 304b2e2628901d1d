"""The work list of the officer: filters in the address, the earliest legal date first, acts in bulk."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from urllib.parse import urlencode

from django.contrib import messages
from django.core.paginator import Paginator
from django.db.models import Count, F, Q, QuerySet
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_GET, require_POST

from aanvragen.enums import OPEN_VOOR_BEHANDELING, Bron, Status, Toetsuitkomst
from aanvragen.models import Aanvraag, Aanvulling, Postbusbericht, Toets
from aanvragen.selectors import zaken_zichtbaar_voor
from aanvragen.services.behandeling import MAXIMUM_BULK
from aanvragen.services.overdracht import in_hand_sinds
from aanvragen.services.weergaven import weergave_bewaren, weergave_vergeten
from beoordeling.enums import Uitkomst
from beoordeling.models import Plaats
from beoordeling.selectors_behandelvolgorde import WACHT_OP_RUIMTE
from kern.enums import Rol, Scanuitslag
from kern.fouten import InvoerFout
from kern.models import Bestand
from kern.services.virusscan import scanner_ingesteld
from portalen.bulk import bulk_afhandelen, gekozen_handeling, gekozen_sleutels, mogelijk, te_veel, zaken
from portalen.formulieren.aanvulverzoek import behandelaars
from portalen.formulieren.werklijst import Werklijstfilter
from portalen.toegang import gebruiker_van, rol_vereist
from portalen.verzoek import ontvangen
from portalen.views.werklijst_bulk import HANDELINGEN
from portalen.zaakweergave import Vlag, plaatsvlag, statusvlag, termijnvlag
from regeling.models import Tijdvak
from uitvoering.selectors import te_besluiten, wacht_op_vaststelling

PER_PAGINA = 50
#: Things about a case that ask for attention: code → (name, condition).
VLAGGEN: dict[str, tuple[Any, Callable[[], Q]]] = {
    "toets": (_("Toets voldoet niet of wacht"), lambda: Q(pk__in=_met_toets())),
    "verlopen": (_("Termijn om aan te vullen voorbij"), lambda: Q(pk__in=_met_verlopen_termijn())),
    "aangevuld": (
        _("Aangevuld, nog te bekijken"),
        lambda: Q(
            status=Status.IN_BEHANDELING,
            pk__in=Aanvulling.objects.filter(beantwoord_op__isnull=False).values("aanvraag"),
        ),
    ),
    "post": (
        _("Bericht moet op de post"),
        lambda: Q(pk__in=Postbusbericht.objects.filter(per_post=True, gepost_op=None).values("aanvraag")),
    ),
}
#: Part of a drawn list → outcomes of its places.
LOT = {"binnen": (Uitkomst.TOEGEWEZEN,), "reserve": WACHT_OP_RUIMTE, "alle": tuple(Uitkomst)}
LEZERS = (Rol.BEHANDELAAR, Rol.BESLISSER, Rol.AUDITOR)
#: Everything that was sent in.
ALLES = frozenset(Status) - {Status.CONCEPT, Status.VERLOPEN}
#: Kinds of work: code → (name, condition on cases); the first is what an officer sees first.
GROEPEN: dict[str, tuple[Any, Callable[[], Q]]] = {
    "te-behandelen": (_("Te behandelen"), lambda: Q(status__in=[*OPEN_VOOR_BEHANDELING, Status.COMPLEET])),
    "te-besluiten": (_("Te besluiten"), te_besluiten),
    "declaraties": (_("Declaraties"), wacht_op_vaststelling),
    "alle": (_("Alles"), lambda: Q(status__in=ALLES)),
}
STANDAARD = "te-behandelen"
#: Groups that mean work; the history of an imported round is none.
WERK = frozenset(GROEPEN) - {"alle"}


@dataclass(frozen=True)
class Lijstrij:
    """One case on the list. ``toetsen``: how many checks fail or wait for a judgement; ``sinds``: in these hands;
    ``plaats``: what its number in the draw means, where the draw came first."""

    aanvraag: Aanvraag
    status: Vlag
    termijn: Vlag | None
    toetsen: tuple[int, int]
    sinds: datetime | None
    plaats: Vlag | None


@dataclass(frozen=True)
class Statuskeuze:
    naam: str
    aantal: int
    url: str
    gekozen: bool
    groep: bool


def _met_toets() -> Any:
    fout, wacht = _geldend(Toetsuitkomst.VOLDOET_NIET), _geldend(Toetsuitkomst.HANDMATIG)
    return Toets.objects.filter(fout | wacht).values("aanvraag")


def _met_verlopen_termijn() -> Any:
    return Aanvulling.objects.filter(
        beantwoord_op=None, termijn_tot__lt=timezone.localdate(), aanvraag__status=Status.AANVULLING_GEVRAAGD
    ).values("aanvraag")


def _filter(vraag: QueryDict) -> Werklijstfilter:
    tijdvakken = list(Tijdvak.objects.exclude(status="ontwerp").values_list("sleutel", "naam"))
    collegas = [(str(pk), naam) for pk, naam in behandelaars().values_list("pk", "naam")]
    vlaggen = [(code, naam) for code, (naam, _wat) in VLAGGEN.items()]
    met_lot = bool(vraag.get("lot")) or Plaats.objects.filter(aanvraag__status__in=OPEN_VOOR_BEHANDELING).exists()
    return Werklijstfilter(vraag, tijdvakken=tijdvakken, collegas=collegas, vlaggen=vlaggen, met_lot=met_lot)


def _gefilterd(request: HttpRequest, formulier: Werklijstfilter) -> QuerySet[Aanvraag]:
    """The cases of this person's filter, in any state. A filter that cannot be read finds nothing."""
    gebruiker = gebruiker_van(request)
    rijen = zaken_zichtbaar_voor(gebruiker).filter(status__in=ALLES)
    if not formulier.is_valid():
        return rijen.none()
    keuze = formulier.cleaned_data
    if keuze["tijdvak"]:
        rijen = rijen.filter(tijdvak__sleutel=keuze["tijdvak"])
    if keuze["wie"] == "mijn":
        rijen = rijen.filter(behandelaar=gebruiker)
    elif keuze["wie"] == "niemand":
        rijen = rijen.filter(behandelaar=None)
    elif keuze["wie"]:
        rijen = rijen.filter(behandelaar=int(keuze["wie"]))
    if keuze["dagen"]:
        uiterlijk = timezone.localdate() + timedelta(days=int(keuze["dagen"]))
        rijen = rijen.filter(beslissen_uiterlijk_op__lte=uiterlijk)
    if keuze["bron"]:
        rijen = rijen.filter(bron=keuze["bron"])
    if keuze["vlag"]:
        rijen = rijen.filter(VLAGGEN[keuze["vlag"]][1]())
    if keuze.get("lot"):
        rijen = rijen.filter(plaats__uitkomst__in=LOT[keuze["lot"]])
    if zoek := keuze["zoek"].strip():
        rijen = rijen.filter(
            Q(kenmerk__icontains=zoek)
            | Q(organisatie__naam__icontains=zoek)
            | Q(organisatie__kvk_nummer__startswith=zoek.replace(" ", ""))
        )
    return rijen


def _keuze(vraag: QueryDict) -> str:
    """The chosen group or state; an unknown one gives the first group."""
    keuze = vraag.get("status", STANDAARD)
    return keuze if keuze in GROEPEN or keuze in ALLES else STANDAARD


def _geordend(rijen: QuerySet[Aanvraag], vraag: QueryDict) -> QuerySet[Aanvraag]:
    """The earliest legal date first; of a drawn list the first number."""
    if vraag.get("lot") in LOT:
        return rijen.order_by("tijdvak__sluit_op", "tijdvak_id", "plaats__rang")
    return rijen.order_by(F("beslissen_uiterlijk_op").asc(nulls_last=True), "ingediend_op", "kenmerk", "id")


@rol_vereist(*LEZERS)
@require_GET
def werklijst(request: HttpRequest) -> HttpResponse:
    """The list itself."""
    gebruiker, formulier = gebruiker_van(request), _filter(request.GET)
    gefilterd = _gefilterd(request, formulier)
    keuze = _keuze(request.GET)
    rijen = _geordend(_van_keuze(gefilterd, keuze).select_related("behandelaar", "plaats"), request.GET)
    rijen = rijen.prefetch_related("tijdvak__regelingversie")
    pagina = Paginator(rijen, PER_PAGINA).get_page(request.GET.get("pagina"))
    lijst = _lijstrijen(list(pagina))
    context = {
        "filter": formulier,
        "status": keuze,
        "op_lot": request.GET.get("lot") in LOT,
        "toon_plaats": any(rij.plaats for rij in lijst),
        "keuzes": _statuskeuzes(request.GET, keuze, gefilterd),
        "pagina": pagina,
        "rijen": lijst,
        "handelingen": mogelijk(HANDELINGEN, gebruiker),
        "alles_gekozen": request.GET.get("kies") == "pagina",
        "filtertekst": _zonder(request.GET, "pagina", "kies").urlencode(),
        "kies_url": f"?{_met(request.GET, kies='pagina')}",
        "maximum": MAXIMUM_BULK,
        "scanner_uit": not scanner_ingesteld(),
        "scan_wacht": Bestand.objects.filter(scan=Scanuitslag.WACHT).count() if scanner_ingesteld() else 0,
        "weergaven": list(gebruiker.werklijstweergaven.all()),
        "mag_behandelen": Rol.BEHANDELAAR in gebruiker.rollen,
    }
    return render(request, "portalen/medewerker/werklijst.html", context)


@rol_vereist(*LEZERS)
@require_POST
def werklijst_weergave(request: HttpRequest) -> HttpResponse:
    """Keeps the filter of the list under a name, or forgets one; for this person only."""
    gebruiker, vraag = gebruiker_van(request), QueryDict(request.POST.get("filter", "")[:1000])
    adres = reverse("portalen:werklijst") + (f"?{vraag.urlencode()}" if vraag else "")
    if weg := request.POST.get("weg", ""):
        weergave_vergeten(gebruiker=gebruiker, naam=weg)
        messages.success(request, gettext("De weergave is weg."))
        return redirect(adres)
    naam = request.POST.get("naam", "")
    weergave_bewaren(gebruiker=gebruiker, naam=naam, vraag=vraag.urlencode(), op=ontvangen(request))
    messages.success(request, gettext("De weergave “%(naam)s” is bewaard.") % {"naam": naam.strip()})
    return redirect(adres)


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


def _van_keuze(rijen: QuerySet[Aanvraag], keuze: str) -> QuerySet[Aanvraag]:
    return rijen.filter(_voorwaarde(keuze))


def _voorwaarde(keuze: str) -> Q:
    """The cases of a group or state. A group of work leaves out what was read from a file of the past."""
    if keuze not in GROEPEN:
        return Q(status=keuze)
    return GROEPEN[keuze][1]() & ~Q(bron=Bron.IMPORT) if keuze in WERK else GROEPEN[keuze][1]()


def _statuskeuzes(vraag: QueryDict, keuze: str, gefilterd: QuerySet[Aanvraag]) -> list[Statuskeuze]:
    """Counts as links: the groups, and every state that occurs."""
    alles = Counter(dict(gefilterd.order_by().values_list("status").annotate(n=Count("id"))))
    tellingen = {code.replace("-", "_"): Count("id", filter=_voorwaarde(code)) for code in GROEPEN}
    per_groep = gefilterd.order_by().aggregate(**tellingen)
    basis = _zonder(vraag, "pagina", "kies", "status")

    def maak(code: str, naam: Any, aantal: int, groep: bool) -> Statuskeuze:
        adres = urlencode([*basis.items(), ("status", code)])
        return Statuskeuze(str(naam), aantal, f"?{adres}", code == keuze, groep)

    groepen = [maak(code, naam, per_groep[code.replace("-", "_")], True) for code, (naam, _wat) in GROEPEN.items()]
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
    sinds = in_hand_sinds([aanvraag.pk for aanvraag in aanvragen])
    return [
        Lijstrij(
            a, statusvlag(a.status), termijnvlag(a, vandaag), toetsen.get(a.pk, (0, 0)), sinds.get(a.pk), plaatsvlag(a)
        )
        for a in aanvragen
    ]


def _geldend(uitkomst: Toetsuitkomst) -> Q:
    """A judgement goes before the outcome of the check (see ``Toets.geldend``)."""
    return Q(oordeel=uitkomst) | Q(oordeel="", uitkomst=uitkomst)


@rol_vereist(Rol.BEHANDELAAR)
@require_POST
def werklijst_bulk(request: HttpRequest) -> HttpResponse:
    """Preview of a bulk act, and the act itself once confirmed."""
    handeling = gekozen_handeling(request, HANDELINGEN)
    vraag = QueryDict(request.POST.get("filter", "")[:2000])
    zichtbaar = zaken_zichtbaar_voor(gebruiker_van(request)).filter(status__in=ALLES)
    if request.POST.get("alle") == "ja":
        gefilterd = _van_keuze(_gefilterd(request, _filter(vraag)), _keuze(vraag))
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
            _geordend(
                rijen.select_related("behandelaar", "plaats", "eindscore").prefetch_related(
                    "toetsen", "besluiten", "tijdvak__regelingversie"
                ),
                vraag,
            )
        ),
        terug=terug,
        adres=lambda aanvraag: reverse("portalen:zaak", args=[aanvraag.pk]),
        wat=zaken,
    )
