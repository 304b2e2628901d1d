"""The self-scan: statements, a profile, and which theme and which open round fit. Nothing is stored."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from aanvragen.zelfscan import DIMENSIE, HEFBOOM, Onderdeel, bereken_profiel, onderdelen, passende_themas
from portalen.formulieren.zelfscan import Scanformulier, gegeven_antwoorden, in_taal, stellingen_van
from portalen.presentatie import zelfscan as woorden
from portalen.presentatie.navigatie import kruimels
from portalen.presentatie.tijdvakken import GESLOTEN, kaart, stand_van, vrije_tijdvakken

UITSLAG = "profiel"
HEFBOMEN = "hefbomen"


def _bladen() -> dict[str, list[Onderdeel]]:
    """A page per dimension, and one with the levers."""
    delen = onderdelen()
    bladen = {deel.code: [deel] for deel in delen if deel.soort == DIMENSIE}
    return {**bladen, HEFBOMEN: [deel for deel in delen if deel.soort == HEFBOOM]}


def _adres(antwoorden: dict[str, int], stap: str) -> str:
    velden: dict[str, str | int] = {**antwoorden, "stap": stap}
    return f"{reverse('portalen:zelfscan')}?{urlencode(velden)}"


@require_safe
def zelfscan(request: HttpRequest) -> HttpResponse:
    """One page of statements at a time, then the profile. The answers (1-5) stand in the address."""
    bladen, antwoorden = _bladen(), gegeven_antwoorden(request.GET)
    stap, stappen = request.GET.get("stap", ""), [*bladen, UITSLAG]
    context: dict[str, Any] = {"kruimels": kruimels((_("Start"), reverse("portalen:home")), (_("Zelfscan"), ""))}
    if stap == UITSLAG and antwoorden:
        return _profiel(request, antwoorden, context)
    if stap not in bladen:
        context |= {
            "begin": _adres({}, stappen[0]),
            "aantal": len(bladen),
            "delen": [_kop(deel) for deel in onderdelen()],
        }
        return render(request, "portalen/publiek/zelfscan_begin.html", context)
    stellingen = stellingen_van(bladen[stap])
    formulier = Scanformulier(stellingen, initial=antwoorden)
    if "verder" in request.GET:
        formulier = Scanformulier(stellingen, request.GET)
        if formulier.is_valid():
            return redirect(_adres(antwoorden, stappen[stappen.index(stap) + 1]))
    plek = stappen.index(stap)
    context |= {
        "form": formulier,
        "stap": stap,
        "titel": _kop(bladen[stap][0])["naam"] if stap != HEFBOMEN else _("Wat helpt u vooruit?"),
        "uitleg": _kop(bladen[stap][0])["uitleg"] if stap != HEFBOMEN else "",
        "nummer": plek + 1,
        "totaal": len(bladen),
        "bewaard": {code: waarde for code, waarde in antwoorden.items() if code not in formulier.fields},
        "terug": _adres(antwoorden, stappen[plek - 1]) if plek else reverse("portalen:zelfscan"),
    }
    return render(request, "portalen/publiek/zelfscan_vraag.html", context)


def _kop(deel: Onderdeel) -> dict[str, str]:
    return {"naam": in_taal(deel.naam), "uitleg": in_taal(deel.uitleg)}


def _profiel(request: HttpRequest, antwoorden: dict[str, int], context: dict[str, Any]) -> HttpResponse:
    nu, profiel = timezone.now(), bereken_profiel(antwoorden)
    rondes = vrije_tijdvakken().filter(sluit_op__gte=nu).order_by("sluit_op", "pk")
    gevonden = [
        {"kaart": kaart(tijdvak, nu), "themas": passende_themas(tijdvak.spec, profiel.themas)}
        for tijdvak in rondes
        if stand_van(tijdvak, nu) != GESLOTEN
    ]
    staven = woorden.staven(profiel.scores)
    context |= {
        "profiel": profiel,
        "staven": staven,
        "begin": [
            staaf for staaf, score in zip(staven, profiel.scores, strict=True) if score.onderdeel in profiel.begin
        ],
        "hoogte": woorden.hoogte(profiel.scores),
        "breedte": woorden.BREEDTE,
        "samenvatting": woorden.samenvatting(profiel),
        "passend": [ronde for ronde in gevonden if ronde["themas"]],
        "andere": [ronde for ronde in gevonden if not ronde["themas"]],
        "wijzigen": _adres(antwoorden, next(iter(_bladen()))),
        "op": nu,
    }
    return render(request, "portalen/publiek/zelfscan_profiel.html", context)
