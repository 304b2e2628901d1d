"""Looking at a PDF without a PDF reader: its pages as images, some at a time. The caller has checked the rights."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render

from kern.keuring.grenzen import VOORBEELD_BLADZIJDEN
from kern.models import Bestand
from kern.services.voorbeeld import aantal_bladzijden, bladzijde, heeft_voorbeeld

#: Images on one screen.
PER_SCHERM = 3


def toon_voorbeeld(
    request: HttpRequest, bestand: Bestand, *, download: str, beeld: Callable[[int], str], **context: Any
) -> HttpResponse:
    """``beeld(n)`` is the address of the image of page n. 404 for a file that has no preview (yet)."""
    if not heeft_voorbeeld(bestand):
        raise Http404
    aantal = aantal_bladzijden(bestand)
    nummers = range(1, min(aantal, VOORBEELD_BLADZIJDEN) + 1)
    pagina = Paginator(nummers, PER_SCHERM).get_page(request.GET.get("pagina"))
    gevuld = {
        "bestand": bestand,
        "aantal": aantal,
        "niet_getoond": max(0, aantal - VOORBEELD_BLADZIJDEN),
        "getoond": VOORBEELD_BLADZIJDEN,
        "pagina": pagina,
        "beelden": [(nummer, beeld(nummer)) for nummer in pagina],
        "download": download,
    }
    return render(request, "portalen/voorbeeld.html", {**gevuld, **context})


def bladzijde_antwoord(bestand: Bestand, nummer: int) -> HttpResponse:
    """The image; it runs nothing and stays out of caches."""
    beeld = bladzijde(bestand, nummer) if heeft_voorbeeld(bestand) else None
    if beeld is None:
        raise Http404
    antwoord = HttpResponse(beeld, content_type="image/png")
    antwoord["X-Content-Type-Options"] = "nosniff"
    antwoord["Content-Security-Policy"] = "default-src 'none'; sandbox"
    antwoord["Cache-Control"] = "private, no-store"
    antwoord["Content-Disposition"] = "inline"
    return antwoord
