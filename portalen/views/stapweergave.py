"""What the steps of a draft share: the page, what was typed and not saved, and where to go on to."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from aanvragen.enums import Correspondentie
from aanvragen.klad import Klad, alle_klad, anderen_aanwezig
from aanvragen.models import Aanvraag
from aanvragen.services.klad import klad_afsluiten
from kern.fouten import InvoerFout
from kern.models import LogRegel
from kern.services.spoor import keten_van
from portalen.formulieren.concept import Verschil
from portalen.formulieren.samen import basis_tekst
from portalen.presentatie.klad import kladdelen, kladregels, uit_verzoek
from portalen.presentatie.navigatie import kruimels_aanvraag
from portalen.presentatie.stappen import heeft_vragen, stap_url, stappen_van, volgende, voortgang_van
from portalen.presentatie.tijdvakken import tijd_over
from portalen.toegang import gebruiker_van
from portalen.verzoek import ontvangen

SJABLONEN = {
    naam: f"portalen/aanvrager/stap_{naam}.html"
    for naam in ("organisatie", "definitie", "nulmeting", "vragen", "adviseur")
}


def toon_stap(
    request: HttpRequest,
    rij: Aanvraag,
    stap: str,
    formulier: Any,
    basis: Mapping[str, str],
    *,
    deels: bool = False,
    verschillen: list[Verschil] | None = None,
    klad: Klad | None = None,
    status: int = 200,
    sjabloon: str = "",
    **extra: Any,
) -> HttpResponse:
    """The page of a step.

    ``basis``: digests of the stored values that the page shows. ``klad``: what the reader typed before and sees again.
    """
    nu, stappen, gebruiker = timezone.now(), stappen_van(rij.tijdvak.spec), gebruiker_van(request)
    if rij.correspondentie == Correspondentie.POST:
        getattr(formulier, "nodig", set()).discard("contact_email")  # our messages go by post
    voortgang = voortgang_van(rij, nu)
    nummer = [s.sleutel for s in stappen].index(stap)
    van_anderen = [deel for deel in alle_klad(rij) if deel.stap == stap and deel.door != gebruiker]
    context = {
        "aanvraag": rij,
        "tijdvak": rij.tijdvak,
        "spec": rij.tijdvak.spec,
        "stap": stappen[nummer],
        "stapnummer": nummer + 1,
        "totaal": len(stappen),
        "voortgang": voortgang,
        "over": tijd_over(rij.tijdvak.sluit_op, nu),
        "form": formulier,
        "basis": basis_tekst(basis),
        "deels": deels,
        "botsing": bool(verschillen),
        "verschillen": verschillen or [],
        "klad": klad,
        "klad_anderen": kladdelen(rij, van_anderen, gebruiker),
        "klad_url": reverse("portalen:aanvraag_klad", args=[rij.pk, stap]),
        "klad_teksten": kladteksten(),
        "csrf_koekje": settings.CSRF_COOKIE_NAME,
        "aanwezig": aanwezigen_tekst(rij, stap, request),
        "terug": "controleren" if naar_controle(request) else "",
        "toon_definitie": stap == ("vragen" if heeft_vragen(rij.tijdvak.spec) else "project"),
        "kruimels": kruimels_aanvraag(rij, stappen[nummer].naam),
        **extra,
    }
    return render(request, sjabloon or SJABLONEN.get(stap, "portalen/aanvrager/stap.html"), context, status=status)


def kladteksten() -> str:
    """What the script on the page says, as JSON in a data attribute: a script has no translations of its own."""
    return json.dumps(
        {
            "mislukt": _("Niet bewaard. We proberen het opnieuw."),
            "uitgelogd": _("U bent uitgelogd. Wat u typt, blijft hier staan. Log opnieuw in: dan bewaren wij het."),
            "inloggen": _("Inloggen in een nieuw tabblad"),
            "te_groot": _("Uw tekst is te lang om te bewaren. Maak de tekst korter."),
            "weg": _("Wij kunnen dit niet meer bewaren. Kopieer uw tekst en open de aanvraag opnieuw."),
        },
        ensure_ascii=False,
    )


def aanwezigen_tekst(rij: Aanvraag, stap: str, request: HttpRequest) -> str:
    """'Anna Test heeft deze pagina nu ook open.'; empty when nobody else has."""
    namen = [
        str(wie.gebruiker) for wie in anderen_aanwezig(rij, gebruiker_van(request), timezone.now()) if wie.stap == stap
    ]
    if not namen:
        return ""
    if len(namen) == 1:
        return _("%(naam)s heeft deze pagina nu ook open.") % {"naam": namen[0]}
    return _("%(namen)s en %(laatste)s hebben deze pagina nu ook open.") % {
        "namen": ", ".join(namen[:-1]),
        "laatste": namen[-1],
    }


def schrijvers_erbij(rij: Aanvraag, stap: str, verschillen: list[Verschil]) -> list[Verschil]:
    """Who stored the other text and when, from the trail; the last one to save the page when no field says so."""
    regels = list(
        LogRegel.objects.filter(
            keten__in=[keten_van(rij), keten_van(rij.organisatie)],
            handeling__in=["stap_bewaren", "organisatie_wijzigen"],
        )
        .select_related("actor")
        .order_by("-op", "-pk")[:50]
    )
    uit = []
    for verschil in verschillen:
        eigen = [r for r in regels if verschil.veld in r.gegevens.get("velden", ())]
        regel = next(iter(eigen), None) or next((r for r in regels if r.gegevens.get("stap") == stap), None)
        wie, op = (str(regel.actor or ""), regel.op) if regel else ("", None)
        uit.append(Verschil(verschil.naam, verschil.mijn, verschil.nu, verschil.veld, verschil.anker, wie, op))
    return uit


def klad_bijwerken(
    request: HttpRequest, rij: Aanvraag, stap: str, blijft: Mapping[str, list[str]], basis: Mapping[str, str]
) -> None:
    """After saving a page: what could not be saved stays as typed, the rest is done with."""
    pagina = str(request.POST.get("pagina", ""))[:40]
    actor, op = gebruiker_van(request), ontvangen(request)
    vergeten(request, rij, stap)
    try:
        klad_afsluiten(aanvraag=rij, stap=stap, blijft=blijft, basis=basis, actor=actor, op=op, pagina=pagina)
    except InvoerFout as fout:
        messages.warning(request, str(fout))


def nul_melden(request: HttpRequest, formulier: Any) -> None:
    if formulier.nul_weg:
        messages.info(
            request, _("In uw tekst stonden onzichtbare tekens die wij niet kunnen bewaren. Die hebben wij weggehaald.")
        )


def niet_bewaard(request: HttpRequest, rij: Aanvraag, stap: str) -> HttpResponse:
    """A page that was saved after the application was sent: says so, and shows what was typed."""
    context = {
        "aanvraag": rij,
        "tijdvak": rij.tijdvak,
        "regels": kladregels(rij, uit_verzoek(stap, request.POST)),
        "kruimels": kruimels_aanvraag(rij),
    }
    return render(request, "portalen/aanvrager/niet_bewaard.html", context, status=409)


def onthouden_klad(request: HttpRequest, rij: Aanvraag, stap: str) -> Klad | None:
    """What somebody posted on this page while logged out (see ``onthouden.py``)."""
    velden = request.session.get("getypt", {}).get(request.path)
    return Klad(stap, gebruiker_van(request), dict(velden)) if velden else None


def vergeten(request: HttpRequest, rij: Aanvraag, stap: str) -> None:
    getypt = request.session.get("getypt", {})
    if getypt.pop(stap_url(rij, stap), None) is not None:
        request.session["getypt"] = getypt


def naar_controle(request: HttpRequest) -> bool:
    """Whether the person came from the check page and goes back there."""
    return "controleren" in {request.GET.get("terug"), request.POST.get("terug")}


def verder(request: HttpRequest, rij: Aanvraag, stap: str) -> HttpResponse:
    """After keeping: back to the list or the check page, or on to the next step; says what is still missing."""
    taak = voortgang_van(rij, timezone.now()).taak(stap)
    if taak.gebreken:
        messages.warning(
            request,
            _("“%(stap)s” is bewaard. Nog te doen: %(lijst)s")
            % {"stap": taak.naam, "lijst": " ".join(gebrek.melding for gebrek in taak.gebreken)},
        )
    else:
        messages.success(request, _("“%(stap)s” is bewaard.") % {"stap": taak.naam})
    if request.POST.get("actie") == "overzicht":
        return redirect("portalen:aanvraag", rij.pk)
    volgend = volgende(stappen_van(rij.tijdvak.spec), stap)
    if volgend is None or naar_controle(request):
        return redirect("portalen:aanvraag_controleren", rij.pk)
    return redirect(stap_url(rij, volgend))
