"""The pages of a referee: link, button, code, questions, thanks. Opening a page (GET, HEAD) changes nothing."""

from __future__ import annotations

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import get_language
from django.views.decorators.http import require_http_methods, require_safe

from aanvragen.rules import handelt_voor_aanvrager
from beoordeling.models import Referentieverzoek
from beoordeling.referentie import vragen
from beoordeling.services.referentie_verzoek import (
    SESSIE_GELDIG,
    Herkomst,
    code_aanvragen,
    code_controleren,
    referentie_beantwoorden,
    sessie_klopt,
    verzoek_bij_link,
    waarom_niet,
)
from kern.fouten import DomeinFout
from kern.models import Gebruiker
from portalen.formulieren.referent import Antwoordformulier, Codeformulier, Ontkenformulier
from portalen.geheimelink import achter_geheime_link
from portalen.verzoek import ip_van, ontvangen

KOEKJE = "referent"


def _geen_link(request: HttpRequest, reden: str) -> HttpResponse:
    """A link that does not work (any more), with what to do."""
    return render(request, "portalen/referent/link.html", {"reden": reden}, status=410 if reden != "onbekend" else 404)


def _verzoek(request: HttpRequest, geheim: str) -> Referentieverzoek | HttpResponse:
    """The request behind the link, or the page that tells why it does not work."""
    verzoek = verzoek_bij_link(geheim)
    reden = "onbekend" if verzoek is None else waarom_niet(verzoek, timezone.now())
    return _geen_link(request, reden) if verzoek is None or reden else verzoek


def _sessie(request: HttpRequest) -> str:
    return request.COOKIES.get(KOEKJE, "")


@achter_geheime_link
@require_http_methods(["GET", "HEAD", "POST"])
def referent(request: HttpRequest, geheim: str) -> HttpResponse:
    """The first page: only the adviser's name and a button. The button mails a code."""
    verzoek = _verzoek(request, geheim)
    if isinstance(verzoek, HttpResponse):
        return verzoek
    if request.method == "POST":
        try:
            code_aanvragen(verzoek=verzoek, op=ontvangen(request))
        except DomeinFout as fout:
            return _begin(request, verzoek, fout)
        return redirect("portalen:referent_code", geheim)
    return _begin(request, verzoek)


def _begin(request: HttpRequest, verzoek: Referentieverzoek, fout: DomeinFout | None = None) -> HttpResponse:
    context = {
        "adviseur": verzoek.referentie.adviseur,
        "uitvoerder": verzoek.referentie.aanvraag.tijdvak.spec.regeling.uitvoerder,
        "tot": timezone.localtime(verzoek.verloopt_op).date(),
        "fout": fout,
    }
    return render(request, "portalen/referent/begin.html", context, status=fout.http_status if fout else 200)


@achter_geheime_link
@require_http_methods(["GET", "HEAD", "POST"])
def referent_code(request: HttpRequest, geheim: str) -> HttpResponse:
    """Type the code over; the right one opens the questions in this browser only."""
    verzoek = _verzoek(request, geheim)
    if isinstance(verzoek, HttpResponse):
        return verzoek
    formulier = Codeformulier(request.POST if request.method == "POST" else None)
    if request.method == "POST" and formulier.is_valid():
        try:
            sessie = code_controleren(verzoek=verzoek, code=formulier.cleaned_data["code"], op=ontvangen(request))
        except DomeinFout as fout:
            formulier.neem_fout_over(fout)
        else:
            antwoord = redirect("portalen:referent_vragen", geheim)
            antwoord.set_cookie(
                KOEKJE,
                sessie,
                max_age=SESSIE_GELDIG,
                path=reverse("portalen:referent", args=[geheim]),
                httponly=True,
                secure=settings.HTTPS,
                samesite="Lax",
            )
            return antwoord
    context = {"form": formulier, "adviseur": verzoek.referentie.adviseur, "geheim": geheim}
    return render(request, "portalen/referent/code.html", context, status=400 if formulier.errors else 200)


@achter_geheime_link
@require_http_methods(["GET", "HEAD", "POST"])
def referent_vragen(request: HttpRequest, geheim: str) -> HttpResponse:
    """The questions; only after the code. The final submit uses the link up."""
    verzoek = _verzoek(request, geheim)
    if isinstance(verzoek, HttpResponse):
        return verzoek
    if not sessie_klopt(verzoek, _sessie(request), ontvangen(request)):
        return redirect("portalen:referent", geheim)
    uitkomst = request.POST.get("uitkomst", vragen.BEVESTIGD)
    formulier = Antwoordformulier(request.POST if request.method == "POST" and uitkomst == vragen.BEVESTIGD else None)
    ontken = Ontkenformulier(
        request.POST if request.method == "POST" and uitkomst == vragen.ONTKEND else None, auto_id="id_ontken_%s"
    )
    gekozen = {vragen.BEVESTIGD: formulier, vragen.ONTKEND: ontken}.get(uitkomst)
    if request.method == "POST" and (gekozen is None or gekozen.is_valid()):
        try:
            referentie_beantwoorden(
                verzoek=verzoek,
                sessie=_sessie(request),
                uitkomst=uitkomst,
                antwoorden={n: w for n, w in gekozen.cleaned_data.items() if w} if gekozen is not None else {},
                herkomst=_herkomst(request, verzoek),
                op=ontvangen(request),
                taal=get_language() or "nl",
            )
        except DomeinFout:  # somebody was faster with the same link, or the time is up: tell what the link is now
            weg = _verzoek(request, geheim)
            return weg if isinstance(weg, HttpResponse) else redirect("portalen:referent", geheim)
        else:
            antwoord = redirect(reverse("portalen:referent_klaar") + f"?{uitkomst}")
            antwoord.delete_cookie(KOEKJE, path=reverse("portalen:referent", args=[geheim]))
            return antwoord
    referentie = verzoek.referentie
    getoond = gekozen if gekozen is not None and gekozen.errors else formulier
    context = {
        "form": getoond,
        "antwoord": formulier,
        "ontken": ontken,
        "referentie": referentie,
        "adviseur": referentie.adviseur,
        "aanvrager": referentie.aanvraag.organisatie.naam,
    }
    return render(request, "portalen/referent/vragen.html", context, status=400 if getoond.errors else 200)


def _herkomst(request: HttpRequest, verzoek: Referentieverzoek) -> Herkomst:
    eigen = isinstance(request.user, Gebruiker) and handelt_voor_aanvrager(request.user, verzoek.referentie.aanvraag)
    return Herkomst(ip=ip_van(request), browser=request.headers.get("User-Agent", ""), eigen_sessie=bool(eigen))


@achter_geheime_link
@require_safe
def referent_klaar(request: HttpRequest) -> HttpResponse:
    """Thanks. Says nothing about the case, so it needs no secret."""
    uitkomst = next((naam for naam in (vragen.ONTKEND, vragen.GEWEIGERD) if naam in request.GET), vragen.BEVESTIGD)
    return render(request, "portalen/referent/klaar.html", {"uitkomst": uitkomst})
