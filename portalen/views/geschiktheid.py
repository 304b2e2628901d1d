"""The qualification check, before applying and without login. Nothing is stored: the answers stand in the address."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from aanvragen.geschiktheid import BLADEN, beoordeel, bladen, bladvragen
from portalen.formulieren.geschiktheid import Bladformulier, als_velden, gegeven_antwoorden
from portalen.presentatie import geschiktheid as woorden
from portalen.presentatie.navigatie import kruimels
from portalen.presentatie.tijdvakken import stand_van
from portalen.views.regelingen import tijdvak_of_404
from regeling.models import Tijdvak

#: The page after the last question.
UITSLAG = "uitslag"


@require_safe
def geschiktheid(request: HttpRequest, sleutel: str) -> HttpResponse:
    """One page of questions at a time, then the outcome. ``stap`` names the page, ``verder`` says it was answered."""
    tijdvak = tijdvak_of_404(sleutel)
    spec = tijdvak.spec
    antwoorden = gegeven_antwoorden(spec, request.GET)
    stappen = [*bladen(spec, antwoorden), UITSLAG]
    stap = request.GET.get("stap", "")
    if stap not in stappen:
        return _begin(request, tijdvak)
    if stap == UITSLAG:
        return _uitslag(request, tijdvak, antwoorden)
    formulier = Bladformulier(spec, stap, initial=als_velden(antwoorden))
    if "verder" in request.GET:
        formulier = Bladformulier(spec, stap, request.GET)
        if formulier.is_valid():
            return redirect(_adres(tijdvak, antwoorden, _volgende(tijdvak, antwoorden)))
    return _vraag(request, tijdvak, formulier, stap, antwoorden)


def _volgende(tijdvak: Tijdvak, antwoorden: dict[str, str]) -> str:
    """The first page that still has an open question, else the outcome: who changes one answer is back at once."""
    for blad in bladen(tijdvak.spec, antwoorden):
        if any(vraag.keuzes and vraag.naam not in antwoorden for vraag in bladvragen(tijdvak.spec, blad)):
            return blad
    return UITSLAG


def _adres(tijdvak: Tijdvak, antwoorden: dict[str, str], stap: str) -> str:
    pad = reverse("portalen:geschiktheid", args=[tijdvak.sleutel])
    return f"{pad}?{urlencode({**als_velden(antwoorden), 'stap': stap})}"


def _context(tijdvak: Tijdvak) -> dict[str, object]:
    return {
        "tijdvak": tijdvak,
        "spec": tijdvak.spec,
        "kruimels": kruimels(
            (_("Regelingen"), reverse("portalen:regelingen")),
            (tijdvak.naam, reverse("portalen:regeling", args=[tijdvak.sleutel])),
            (_("Kom ik in aanmerking?"), ""),
        ),
    }


def _begin(request: HttpRequest, tijdvak: Tijdvak) -> HttpResponse:
    aantal = sum(bool(bladvragen(tijdvak.spec, blad)) for blad in BLADEN)
    return render(
        request,
        "portalen/publiek/geschiktheid_begin.html",
        {**_context(tijdvak), "begin": _adres(tijdvak, {}, bladen(tijdvak.spec, {})[0]), "aantal": aantal},
    )


def _vraag(
    request: HttpRequest, tijdvak: Tijdvak, formulier: Bladformulier, stap: str, antwoorden: dict[str, str]
) -> HttpResponse:
    stappen = bladen(tijdvak.spec, antwoorden)
    plek = stappen.index(stap)
    andere = {naam: waarde for naam, waarde in als_velden(antwoorden).items() if naam not in formulier.fields}
    context = {
        "form": formulier,
        "stap": stap,
        "titel": woorden.bladtitel(stap),
        "uitleg": woorden.bladuitleg(stap),
        "nummer": plek + 1,
        "totaal": len(stappen),
        "bewaard": andere,
        "terug": _adres(tijdvak, antwoorden, stappen[plek - 1]) if plek else _pad(tijdvak),
    }
    return render(request, "portalen/publiek/geschiktheid_vraag.html", {**_context(tijdvak), **context})


def _pad(tijdvak: Tijdvak) -> str:
    return reverse("portalen:geschiktheid", args=[tijdvak.sleutel])


def _uitslag(request: HttpRequest, tijdvak: Tijdvak, antwoorden: dict[str, str]) -> HttpResponse:
    spec, nu = tijdvak.spec, timezone.now()
    uitslag = beoordeel(spec, tijdvak.tijdvakspec, antwoorden, timezone.localtime(nu).date())
    soort, kop, zin = woorden.kop(uitslag)
    context = {
        "soort": soort,
        "kop": kop,
        "zin": zin,
        "uitkomst": uitslag.uitkomst,
        "regels": [
            {"regel": regel, "url": _adres(tijdvak, antwoorden, regel.blad)} for regel in woorden.regels(spec, uitslag)
        ],
        "niet_gevraagd": woorden.niet_gevraagd(spec),
        "stand": stand_van(tijdvak, nu),
        "opnieuw": _pad(tijdvak),
    }
    return render(request, "portalen/publiek/geschiktheid_uitslag.html", {**_context(tijdvak), **context})
