"""Pointers for people: texts that look alike and marks that many applications share. No verdicts."""

from __future__ import annotations

from django.core.paginator import Paginator
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_safe

from aanvragen.selectors import afgeschermde_aanvragen
from beoordeling.models import Tekstgelijkenis
from beoordeling.referentie.tekst import WOORDEN, ratio, shingles
from beoordeling.selectors_referentie import ROLLEN, aandelen, grens
from beoordeling.services.tekstgelijkenis import OMSCHRIJVING, tekst_van
from portalen.toegang import gebruiker_van, rol_vereist
from regeling.models import Tijdvak

PER_PAGINA = 50


def _paren(request: HttpRequest) -> QuerySet[Tekstgelijkenis]:
    """Pairs without a case that is shut off from this person by an interest."""
    dicht = afgeschermde_aanvragen(gebruiker_van(request))
    return Tekstgelijkenis.objects.exclude(eerste__in=dicht).exclude(tweede__in=dicht)


@rol_vereist(*ROLLEN)
@require_safe
def indicatoren(request: HttpRequest, sleutel: str) -> HttpResponse:
    """Shares and near-equal texts of one round."""
    tijdvak = get_object_or_404(Tijdvak.objects.select_related("regelingversie"), sleutel=sleutel)
    totaal, boven = aandelen(tijdvak)
    paren = _paren(request).filter(eerste__tijdvak=tijdvak).select_related("eerste", "tweede")
    pagina = Paginator(paren.order_by("-jaccard", "pk"), PER_PAGINA).get_page(request.GET.get("pagina"))
    vragen = {vraag.code: vraag.tekst for vraag in tijdvak.spec.vragen}
    context = {
        "tijdvak": tijdvak,
        "totaal": totaal,
        "grens": int(grens(totaal)),
        "aandelen": boven,
        "pagina": pagina,
        "paren": [(paar, vragen.get(paar.vraag, "")) for paar in pagina],
    }
    return render(request, "portalen/medewerker/indicatoren.html", context)


@rol_vereist(*ROLLEN)
@require_safe
def indicator_tekst(request: HttpRequest, pk: int) -> HttpResponse:
    """Two texts side by side; the words that both have are marked."""
    paar = get_object_or_404(
        _paren(request).select_related("eerste__tijdvak__regelingversie", "eerste__organisatie", "tweede__organisatie"),
        pk=pk,
    )
    een, ander = tekst_van(paar.eerste, paar.vraag), tekst_van(paar.tweede, paar.vraag)
    vragen = {vraag.code: vraag.tekst for vraag in paar.eerste.tijdvak.spec.vragen}
    context = {
        "paar": paar,
        "vraag": vragen.get(paar.vraag, "") if paar.vraag != OMSCHRIJVING else "",
        "teksten": [(paar.eerste, gemarkeerd(een, ander)), (paar.tweede, gemarkeerd(ander, een))],
        "ratio": round(ratio(een, ander)),
    }
    return render(request, "portalen/medewerker/indicator_tekst.html", context)


def gemarkeerd(tekst: str, ander: str) -> list[tuple[str, bool]]:
    """Pieces of the text in order, with whether they stand word for word in the other text too."""
    woorden = tekst.split()
    gedeeld = [False] * len(woorden)
    anders = shingles(ander)
    for begin in range(len(woorden) - WOORDEN + 1):
        deel = shingles(" ".join(woorden[begin : begin + WOORDEN]))
        if deel and deel <= anders:
            gedeeld[begin : begin + WOORDEN] = [True] * WOORDEN
    stukken: list[tuple[list[str], bool]] = []
    for woord, is_gedeeld in zip(woorden, gedeeld, strict=True):
        if not stukken or stukken[-1][1] != is_gedeeld:
            stukken.append(([], is_gedeeld))
        stukken[-1][0].append(woord)
    return [(" ".join(delen), is_gedeeld) for delen, is_gedeeld in stukken]
