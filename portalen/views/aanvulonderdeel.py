"""One item of a supplement: the same form as before, kept as a draft, and how that draft is applied when it is sent."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from aanvragen.enums import Onderdeelsoort
from aanvragen.models import Aanvraag, Aanvulling, Aanvulonderdeel, Papieraanvulling
from aanvragen.services.aanvulklad import (
    bestand_van,
    klad_van,
    onderdeel_antwoorden,
    onderdeel_bestand_bewaren,
    onderdeel_velden_bewaren,
)
from aanvragen.services.aanvulling import Toepassing
from aanvragen.services.concept import begroting_bewaren
from kern.fouten import InvoerFout
from kern.models import Gebruiker
from portalen.formulieren.aanvullen import Antwoordformulier, Bestandformulier, Nietformulier
from portalen.formulieren.begroting import Begroting, opgeslagen_regels, zonder_regel
from portalen.presentatie.vragenlijst import FORMULIEREN
from portalen.toegang import gebruiker_van
from portalen.verzoek import ontvangen
from portalen.views.aanvraagstap import BEWAARDERS
from portalen.views.hulp import fout_in_formulier
from regeling.schema_delen import Bijlagespec

BEGROTING = "begroting"
#: What a form sends along that is no answer.
_NIET_BEWAREN = {"csrfmiddlewaretoken", "actie", "beeld", "verwijder", "reden"}


class NietLeesbaar(InvoerFout):
    """A draft holds a value that cannot be read, so it cannot be sent."""

    def __init__(self, item: Aanvulonderdeel) -> None:
        super().__init__(
            _("In “%(onderdeel)s” staat nog een fout.") % {"onderdeel": item.titel},
            actie=_("Verbeter de velden met een fout en bewaar opnieuw."),
        )
        self.item = item


def als_querydict(velden: Mapping[str, Sequence[str]]) -> QueryDict:
    """A draft as the form wants it."""
    uit = QueryDict(mutable=True)
    for naam, waarden in velden.items():
        uit.setlist(naam, list(waarden))
    return uit


def beeld_van(velden: Mapping[str, Sequence[str]]) -> str:
    """Digest of a draft: a page that was opened on another digest is out of date."""
    return hashlib.sha256(json.dumps(velden, sort_keys=True).encode()).hexdigest()[:32]


def toepassingen(
    aanvulling: Aanvulling, actor: Gebruiker, op: datetime, papier: Papieraanvulling | None = None
) -> dict[str, Toepassing]:
    """Per step that was filled in, what saves it. Raises :class:`NietLeesbaar` when it is run on a faulty draft."""
    uit = {}
    for item in aanvulling.items.select_related("aanvulling"):
        klad = klad_van(item, papier) if item.soort == Onderdeelsoort.STAP else {}
        if klad:
            uit[item.code] = _toepassing(item, als_querydict(klad), actor, op)
    return uit


def _toepassing(item: Aanvulonderdeel, data: QueryDict, actor: Gebruiker, op: datetime) -> Toepassing:
    def begroting(rij: Aanvraag) -> object:
        begroting = Begroting(rij.tijdvak.spec, opgeslagen_regels(rij), dict(data.items()))
        if begroting.errors:
            raise NietLeesbaar(item)
        return begroting_bewaren(aanvraag=rij, posten=begroting.leesbare_posten(), actor=actor, op=op)

    def formulier(rij: Aanvraag) -> object:
        klasse = FORMULIEREN[item.code]
        gevuld = klasse(rij.tijdvak.spec, data, initial=klasse.begin(rij))
        if not gevuld.is_valid():
            raise NietLeesbaar(item)
        return BEWAARDERS[item.code](rij, gevuld, actor, op)

    return begroting if item.code == BEGROTING else formulier


# --- The page ---------------------------------------------------------------------------------------------------


def bijlagespec_van(item: Aanvulonderdeel) -> Bijlagespec:
    """What the scheme asks of this attachment; an item of this kind always has one."""
    specs = item.aanvulling.aanvraag.tijdvak.spec.bijlagen
    return next(spec for spec in specs if spec.code == item.code and spec.bij == "aanvraag")


def stapformulier(rij: Aanvraag, item: Aanvulonderdeel, data: Any) -> Any:
    """The form of a step, on a draft or on what stands in the application."""
    if item.code == BEGROTING:
        return Begroting(rij.tijdvak.spec, opgeslagen_regels(rij), None if data is None else dict(data.items()))
    klasse = FORMULIEREN[item.code]
    return klasse(rij.tijdvak.spec, data, initial=klasse.begin(rij))


def toon_onderdeel(
    request: HttpRequest,
    rij: Aanvraag,
    item: Aanvulonderdeel,
    kruimels: list[dict[str, str]],
    *,
    formulier: Any = None,
    nietformulier: Nietformulier | None = None,
    status: int = 200,
    botsing: bool = False,
    papier: Papieraanvulling | None = None,
) -> HttpResponse:
    """The page of an item, with what was kept."""
    klad = klad_van(item, papier)
    if formulier is None:
        formulier = _begin(rij, item, klad)
    context = {
        "aanvraag": rij,
        "tijdvak": rij.tijdvak,
        "aanvulling": item.aanvulling,
        "item": item,
        "form": formulier,
        "fouten": [formulier, nietformulier] if nietformulier is not None else [formulier],
        "nietform": nietformulier or Nietformulier(initial={"reden": item.antwoord if item.niet_geleverd else ""}),
        "niet_open": nietformulier is not None or item.niet_geleverd,
        "is_begroting": item.soort == Onderdeelsoort.STAP and item.code == BEGROTING,
        "bestand": bestand_van(item, papier) if item.soort == Onderdeelsoort.BIJLAGE else None,
        "huidig": rij.bijlagen.filter(code=item.code, verwijderd_op=None).select_related("bestand").first()
        if item.soort == Onderdeelsoort.BIJLAGE
        else None,
        "beeld": beeld_van(klad),
        "botsing": botsing,
        "papier": papier,
        "kruimels": kruimels,
    }
    return render(request, "portalen/aanvrager/aanvulling_onderdeel.html", context, status=status)


def _begin(rij: Aanvraag, item: Aanvulonderdeel, klad: dict[str, list[str]]) -> Any:
    if item.soort == Onderdeelsoort.STAP:
        formulier = stapformulier(rij, item, als_querydict(klad) if klad else None)
        if klad and item.code != BEGROTING:
            formulier.is_valid()
        return formulier
    if item.soort == Onderdeelsoort.BIJLAGE:
        return Bestandformulier(bijlagespec_van(item), vervangt=bool(klad))
    return Antwoordformulier(initial={"antwoord": "" if item.niet_geleverd else item.antwoord})


def verwerk_onderdeel(
    request: HttpRequest,
    rij: Aanvraag,
    item: Aanvulonderdeel,
    kruimels: list[dict[str, str]],
    papier: Papieraanvulling | None = None,
) -> HttpResponse | None:
    """Keeps what was sent; a page again when something is wrong, ``None`` when it is kept."""
    actor, op = gebruiker_van(request), ontvangen(request)
    if request.POST.get("actie") == "niet":
        return _niet_leveren(request, rij, item, kruimels, papier)
    if item.soort == Onderdeelsoort.STAP:
        return _stap(request, rij, item, kruimels, papier)
    if item.soort == Onderdeelsoort.BIJLAGE:
        vervangt = bestand_van(item, papier) is not None
        formulier: Any = Bestandformulier(bijlagespec_van(item), request.POST, request.FILES, vervangt=vervangt)
        if formulier.is_valid():
            gekozen = formulier.cleaned_data["bestand"]
            if not gekozen:
                return None  # the file that was kept before stays
            (upload,) = gekozen
            try:
                onderdeel_bestand_bewaren(
                    item=item,
                    naam=upload.name or item.code,
                    inhoud=upload.read(),
                    actor=actor,
                    op=op,
                    papier=papier,
                )
            except InvoerFout as fout:
                formulier.add_error("bestand", str(fout))
            else:
                return None
    else:
        formulier = Antwoordformulier(request.POST)
        if formulier.is_valid():
            try:
                onderdeel_antwoorden(
                    item=item,
                    antwoord=formulier.cleaned_data["antwoord"],
                    niet_geleverd=False,
                    actor=actor,
                    op=op,
                    papier=papier,
                )
            except InvoerFout as fout:
                fout_in_formulier(formulier, fout)
            else:
                return None
    return toon_onderdeel(request, rij, item, kruimels, formulier=formulier, status=400, papier=papier)


def _niet_leveren(
    request: HttpRequest,
    rij: Aanvraag,
    item: Aanvulonderdeel,
    kruimels: list[dict[str, str]],
    papier: Papieraanvulling | None,
) -> HttpResponse | None:
    formulier = Nietformulier(request.POST)
    if not formulier.is_valid():
        return toon_onderdeel(request, rij, item, kruimels, nietformulier=formulier, status=400, papier=papier)
    onderdeel_antwoorden(
        item=item,
        antwoord=formulier.cleaned_data["reden"],
        niet_geleverd=True,
        actor=gebruiker_van(request),
        op=ontvangen(request),
        papier=papier,
    )
    return None


def _stap(
    request: HttpRequest,
    rij: Aanvraag,
    item: Aanvulonderdeel,
    kruimels: list[dict[str, str]],
    papier: Papieraanvulling | None,
) -> HttpResponse | None:
    velden = {
        naam: request.POST.getlist(naam) for naam in request.POST if naam not in _NIET_BEWAREN and len(naam) <= 100
    }
    weg = str(request.POST.get("verwijder", ""))
    erbij = request.POST.get("actie") == "regel"
    if item.code == BEGROTING and (weg.isdecimal() or erbij):
        velden = _andere_regels(velden, int(weg) if weg.isdecimal() else None)
    formulier = stapformulier(rij, item, als_querydict(velden))
    if request.POST.get("beeld", "") != beeld_van(klad_van(item, papier)):
        return toon_onderdeel(
            request, rij, item, kruimels, formulier=formulier, status=409, botsing=True, papier=papier
        )
    onderdeel_velden_bewaren(
        item=item, velden=velden, actor=gebruiker_van(request), op=ontvangen(request), papier=papier
    )
    if weg.isdecimal() or erbij:
        return redirect(f"{request.path}#regels")
    if formulier.errors:
        return toon_onderdeel(request, rij, item, kruimels, formulier=formulier, status=400, papier=papier)
    return None


def _andere_regels(velden: Mapping[str, Sequence[str]], weg: int | None) -> dict[str, list[str]]:
    """The rows of the budget without one, or with an empty one more."""
    plat = {naam: waarden[-1] for naam, waarden in velden.items() if waarden}
    if weg is not None:
        plat = zonder_regel(plat, weg)
    else:
        plat["regels"] = str(int(plat.get("regels", "0") or 0) + 1) if plat.get("regels", "0").isdecimal() else "1"
    return {naam: [str(waarde)] for naam, waarde in plat.items()}
