"""An assessor's own work: the list, one application to accept and score, and what others scored once all are in.

An application in which the person has an interest does not exist here: 404, the same as for an address that is wrong.
"""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.contrib import messages
from django.core.paginator import Paginator
from django.db.models import Q
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from beoordeling.enums_commissie import SCHRIJFBAAR, Stand, Toewijzingstatus
from beoordeling.models import Toewijzing
from beoordeling.selectors_commissie import (
    commissies_geleid_door,
    criteria_van,
    eigen_toewijzingen,
    heeft_belang,
    lidmaatschappen,
    mag_scores_zien,
    vergaderingen_van,
)
from beoordeling.services.belangen import belang_melden
from beoordeling.services.bespreken import consensus_beantwoorden, consensus_voorstellen
from beoordeling.services.scoren import beoordeling_indienen, concept_van, scores_bewaren, toegang_geweigerd
from beoordeling.services.toewijzing_antwoord import toewijzing_aanvaarden, toewijzing_weigeren
from kern.enums import Rol
from kern.fouten import DomeinFout, RechtenFout
from portalen.formulieren.commissie import (
    Aanvaardformulier,
    Belangformulier,
    Consensusformulier,
    Motiveringsformulier,
    Scoreformulier,
)
from portalen.formulieren.medewerker import Leegformulier
from portalen.handelingen import Gekozen, Handeling, Soort, handelingen, meld_fouten, verricht
from portalen.presentatie.beoordeling import aanvraagbeeld, scoretabel, standvlag, toewijzingvlag, vlagwoorden
from portalen.toegang import gebruiker_van, rol_vereist
from portalen.verzoek import ontvangen
from portalen.views.klad import lees_klad
from portalen.views.stapweergave import kladteksten
from portalen.views.zaak_bestanden import als_download

ROLLEN = (Rol.BEOORDELAAR, Rol.VOORZITTER, Rol.SECRETARIS)
PER_PAGINA = 50
#: Counter of a page that was saved with its button: nothing of that page comes after it.
LAATSTE = 2**53


@rol_vereist(*ROLLEN)
@require_GET
def beoordelen(request: HttpRequest) -> HttpResponse:
    """What waits for this person: assignments, meetings, committees to lead."""
    gebruiker = gebruiker_van(request)
    zoek = request.GET.get("zoek", "").strip()[:100]
    rijen = eigen_toewijzingen(gebruiker)
    if zoek:
        rijen = rijen.filter(
            Q(aanvraag__kenmerk__icontains=zoek)
            | Q(aanvraag__organisatie__naam__icontains=zoek)
            | Q(aanvraag__titel__icontains=zoek)
        )
    pagina = Paginator(rijen, PER_PAGINA).get_page(request.GET.get("pagina"))
    context = {
        "zoek": zoek,
        "pagina": pagina,
        "rijen": [(rij, toewijzingvlag(rij)) for rij in pagina],
        "vergaderingen": vergaderingen_van(gebruiker)[:10],
        "commissies": commissies_geleid_door(gebruiker),
        "lidmaatschappen": lidmaatschappen(gebruiker).select_related("commissie__tijdvak"),
    }
    return render(request, "portalen/beoordelen/lijst.html", context)


def eigen_of_404(request: HttpRequest, pk: int) -> Toewijzing:
    """The person's own assignment. Acting on one with an interest leaves a line in the trail; the answer is 404."""
    gebruiker = gebruiker_van(request)
    rij = eigen_toewijzingen(gebruiker).filter(pk=pk).first()
    if rij is not None:
        return rij
    if request.method == "POST":
        ander = Toewijzing.objects.filter(pk=pk, lid__gebruiker=gebruiker).select_related("aanvraag").first()
        if ander is not None and heeft_belang(gebruiker, ander.aanvraag):
            toegang_geweigerd(aanvraag=ander.aanvraag, waar=request.path, actor=gebruiker, op=ontvangen(request))
    raise Http404


def _criteria(rij: Toewijzing) -> tuple[Any, ...]:
    return criteria_van(rij.aanvraag.tijdvak)


@rol_vereist(Rol.BEOORDELAAR)
@require_http_methods(["GET", "POST"])
def beoordeling(request: HttpRequest, pk: int) -> HttpResponse:
    """One application: to answer, to score, or to compare, whichever it is time for."""
    rij = eigen_of_404(request, pk)
    if request.method == "GET":
        return _pagina(request, rij)
    formulier = Scoreformulier(request.POST, criteria=_criteria(rij))
    if formulier.is_valid():
        wie: dict[str, Any] = {"actor": gebruiker_van(request), "op": ontvangen(request)}
        try:
            scores_bewaren(
                toewijzing=rij,
                ingevuld=formulier.ingevuld(),
                pagina=request.POST.get("pagina", "")[:40],
                nr=LAATSTE,
                **wie,
            )
            if request.POST.get("actie") != "indienen":
                messages.success(request, _("Bewaard. U kunt later verdergaan."))
                return redirect("portalen:beoordelen")
            rij = beoordeling_indienen(toewijzing=rij, ingevuld={}, **wie)
        except RechtenFout as fout:
            messages.error(request, str(fout))
            return redirect("portalen:beoordelen")
        except DomeinFout as fout:
            formulier.neem_fout_over(fout)
        else:
            messages.success(request, _("Uw beoordeling is ingediend."))
            return redirect("portalen:beoordeling", rij.pk)
    return _pagina(request, rij, score=formulier)


def _pagina(
    request: HttpRequest,
    rij: Toewijzing,
    *,
    score: Scoreformulier | None = None,
    gekozen: Gekozen | None = None,
) -> HttpResponse:
    gebruiker, aanvraag = gebruiker_van(request), rij.aanvraag
    schrijft = rij.status in SCHRIJFBAAR
    open_ = mag_scores_zien(gebruiker, aanvraag)
    stand = getattr(aanvraag, "beoordelingsstand", None)
    voorstel = stand.voorstellen.filter(gesloten_op=None).select_related("door").first() if stand and open_ else None
    if score is None and schrijft:
        score = Scoreformulier(initial=Scoreformulier.begin(concept_van(rij)), criteria=_criteria(rij))
    context = {
        "toewijzing": rij,
        "aanvraag": aanvraag,
        "vlag": toewijzingvlag(rij),
        "te_laat": schrijft and ontvangen(request) > rij.scoren_tot,
        "beeld": aanvraagbeeld(aanvraag) if rij.status != Toewijzingstatus.VOORGESTELD else None,
        "score": score if schrijft else None,
        "eigen": rij.beoordelingen.last() if not schrijft and not open_ else None,
        "eigen_tabel": scoretabel(aanvraag, alleen=rij) if not schrijft and not open_ else None,
        "tabel": scoretabel(aanvraag) if open_ else None,
        "stand": standvlag(stand) if stand and open_ else None,
        "vlaggen": vlagwoorden(stand) if stand and open_ else [],
        "eindscore": getattr(aanvraag, "eindscore", None) if open_ else None,
        "voorstel": voorstel,
        "voorstel_scores": [(c.naam, voorstel.scores[c.code]) for c in _criteria(rij)] if voorstel else [],
        "geantwoord": bool(voorstel and voorstel.antwoorden.filter(door=gebruiker).exists()),
        "handelingen": _handelingen(request, rij, open_, gekozen),
        "form": gekozen.formulier if gekozen else score,
        "klad_url": reverse("portalen:beoordeling_klad", args=[rij.pk]),
        "klad_teksten": kladteksten(),
        "csrf_koekje": settings.CSRF_COOKIE_NAME,
    }
    fout = gekozen is not None or (score is not None and score.errors)
    return render(request, "portalen/beoordelen/beoordeling.html", context, status=400 if fout else 200)


def _soorten(rij: Toewijzing) -> dict[str, Soort]:
    """Act → (form, name of the button, what it does)."""
    criteria = _criteria(rij)
    return {
        "aanvaarden": Soort(
            Aanvaardformulier, _("Aanvaarden"), _("U ziet daarna de hele aanvraag en kunt haar scoren.")
        ),
        "weigeren": Soort(Motiveringsformulier, _("Weigeren"), _("De aanvraag gaat naar een ander lid.")),
        "belang": Soort(Belangformulier, _("Belang melden"), _("U beoordeelt deze aanvraag dan niet.")),
        "consensus": Soort(
            lambda *a, **k: Consensusformulier(*a, criteria=criteria, **k),
            _("Gezamenlijke scores voorstellen"),
            _("Bespreek de aanvraag met de andere beoordelaar. Uw eigen scores blijven bewaard."),
        ),
        "akkoord": Soort(Leegformulier, _("Akkoord"), _("Dit wordt dan de eindscore.")),
        "niet-akkoord": Soort(Motiveringsformulier, _("Niet akkoord"), _("Schrijf op waar u het niet mee eens bent.")),
    }


def mogelijk(request: HttpRequest, rij: Toewijzing, open_: bool) -> list[str]:
    """Acts that make sense now."""
    if rij.status == Toewijzingstatus.VOORGESTELD:
        return ["aanvaarden", "weigeren", "belang"]
    stand = getattr(rij.aanvraag, "beoordelingsstand", None)
    if open_ and stand is not None and stand.status in {Stand.DIVERGENT, Stand.BESPREKING}:
        voorstel = stand.voorstellen.filter(gesloten_op=None).first()
        if voorstel is None:
            return ["consensus"]
        gebruiker = gebruiker_van(request)
        klaar = voorstel.door_id == gebruiker.pk or voorstel.antwoorden.filter(door=gebruiker).exists()
        return [] if klaar else ["akkoord", "niet-akkoord"]
    return [] if rij.status == Toewijzingstatus.VASTGESTELD else ["belang"]


def _handelingen(request: HttpRequest, rij: Toewijzing, open_: bool, gekozen: Gekozen | None) -> list[Handeling]:
    return handelingen(
        mogelijk(request, rij, open_),
        _soorten(rij),
        url=lambda sleutel: reverse("portalen:beoordeling_stap", args=[rij.pk, sleutel]),
        gekozen=gekozen,
        uitgeklapt={"aanvaarden"},
    )


@rol_vereist(Rol.BEOORDELAAR)
@require_POST
def beoordeling_stap(request: HttpRequest, pk: int, stap: str) -> HttpResponse:
    """An answer of the member, or a step in the discussion."""
    rij = eigen_of_404(request, pk)
    gekozen = verricht(request, _soorten(rij), stap, lambda formulier: _doe(request, rij, stap, formulier))
    if gekozen is None:
        weg = stap in {"weigeren", "belang"}
        return redirect("portalen:beoordelen") if weg else redirect("portalen:beoordeling", rij.pk)
    nu = eigen_toewijzingen(gebruiker_van(request)).filter(pk=pk).first()
    if nu is None:  # the look for interests found one
        meld_fouten(request, gekozen)
        return redirect("portalen:beoordelen")
    if stap not in mogelijk(request, nu, mag_scores_zien(gebruiker_van(request), nu.aanvraag)):
        meld_fouten(request, gekozen)
        return redirect("portalen:beoordeling", pk)
    return _pagina(request, nu, gekozen=gekozen)


def _doe(request: HttpRequest, rij: Toewijzing, stap: str, formulier: Any) -> None:
    wie: dict[str, Any] = {"actor": gebruiker_van(request), "op": ontvangen(request)}
    gegevens, aanvraag = formulier.cleaned_data, rij.aanvraag
    if stap == "aanvaarden":
        toewijzing_aanvaarden(toewijzing=rij, verklaring=gegevens["verklaring"], **wie)
    elif stap == "weigeren":
        toewijzing_weigeren(toewijzing=rij, reden=gegevens["reden"], **wie)
    elif stap == "belang":
        belang_melden(toewijzing=rij, reden=gegevens["reden"], **wie)
    elif not mag_scores_zien(wie["actor"], aanvraag):
        raise Http404
    elif stap == "consensus":
        toelichting = gegevens["toelichting"]
        consensus_voorstellen(aanvraag=aanvraag, scores=formulier.stem(), toelichting=toelichting, **wie)
    else:
        voorstel = get_object_or_404(aanvraag.beoordelingsstand.voorstellen, gesloten_op=None)
        akkoord = stap == "akkoord"
        reden = "" if akkoord else gegevens["reden"]
        consensus_beantwoorden(consensus=voorstel, akkoord=akkoord, reden=reden, **wie)


def beoordeling_klad(request: HttpRequest, pk: int) -> HttpResponseBase:
    """Where the page sends what is being typed. Logged out, the script gets an answer that it can show."""
    if request.method == "POST" and not request.user.is_authenticated:
        inloggen = f"{reverse('account_login')}?next={reverse('portalen:beoordeling', args=[pk])}"
        return JsonResponse({"tekst": _("U bent uitgelogd."), "inloggen": inloggen}, status=401)
    return _klad_bewaren(request, pk)


@rol_vereist(Rol.BEOORDELAAR)
@require_POST
def _klad_bewaren(request: HttpRequest, pk: int) -> HttpResponse:
    """Keeps the typed scores and reasons; the same conversation with the script as the application form has."""
    rij = eigen_of_404(request, pk)
    inhoud = lees_klad(request)
    if inhoud is None:
        return JsonResponse({"tekst": _("Wij konden dit niet lezen.")}, status=400)
    op = ontvangen(request)
    ingevuld = _ingevuld(rij, inhoud["velden"])
    if not ingevuld:
        return JsonResponse({})
    try:
        scores_bewaren(
            toewijzing=rij,
            ingevuld=ingevuld,
            actor=gebruiker_van(request),
            op=op,
            pagina=inhoud["pagina"],
            nr=inhoud["nr"],
        )
    except DomeinFout as fout:
        return JsonResponse({"tekst": str(fout)}, status=fout.http_status)
    return JsonResponse({"tekst": _("Bewaard om %(tijd)s") % {"tijd": f"{timezone.localtime(op):%H:%M}"}})


def _ingevuld(rij: Toewijzing, velden: dict[str, list[str]]) -> dict[str, tuple[object, str]]:
    """The touched criteria, each half that was not sent as it is kept."""
    concept, uit = concept_van(rij), {}
    for criterium in _criteria(rij):
        namen = (f"score_{criterium.code}", f"reden_{criterium.code}")
        if not any(naam in velden for naam in namen):
            continue
        oud = concept.get(criterium.code, {"score": "", "reden": ""})
        score, reden = (next(iter(velden[naam]), "") if naam in velden else None for naam in namen)
        uit[criterium.code] = (oud["score"] if score is None else score, oud["reden"] if reden is None else reden)
    return uit


@rol_vereist(Rol.BEOORDELAAR)
@require_GET
def beoordeling_bijlage(request: HttpRequest, pk: int, bijlage: int) -> HttpResponseBase:
    """An attachment of an application that this member accepted."""
    rij = eigen_of_404(request, pk)
    if rij.status == Toewijzingstatus.VOORGESTELD:
        raise Http404
    stuk = get_object_or_404(rij.aanvraag.bijlagen.filter(verwijderd_op=None).select_related("bestand"), pk=bijlage)
    return als_download(stuk.bestand)
