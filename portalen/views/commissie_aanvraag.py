"""One application for chair and secretary: who assesses it, how they differ, and what can be done."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from aanvragen.models import Aanvraag
from beoordeling.enums_commissie import LEVEND, Belangbron, Stand, Toewijzingstatus
from beoordeling.models import Belang
from beoordeling.selectors_commissie import aanvragen_voor_leiding, heeft_belang, leden_op, mag_scores_zien
from beoordeling.services.belangen import NAAR_VERGADERING, belang_opheffen, belang_vastleggen
from beoordeling.services.bespreken import aan_commissie_voorleggen
from beoordeling.services.scoren import beoordeling_heropenen, toegang_geweigerd
from beoordeling.services.toewijzen import beoordelaar_toewijzen
from kern.fouten import DomeinFout
from kern.models import LogRegel
from kern.services.spoor import keten_van
from portalen.formulieren.commissie import Derdeformulier, Lidkeuze, Redenformulier
from portalen.presentatie.beoordeling import aanvraagbeeld, scoretabel, standvlag, toewijzingvlag, vlagwoorden
from portalen.spoortekst import gebeurtenissen
from portalen.toegang import gebruiker_van, rol_vereist
from portalen.verzoek import ontvangen
from portalen.views.commissie import LEIDING, leden_zonder_belang


def _aanvraag_of_404(request: HttpRequest, pk: UUID) -> Aanvraag:
    """An application of a round that the person leads; 404 with an interest, and acting then leaves a line."""
    gebruiker = gebruiker_van(request)
    rij = aanvragen_voor_leiding(gebruiker).filter(pk=pk).first()
    if rij is not None:
        return rij
    if request.method == "POST":
        ander = Aanvraag.objects.filter(pk=pk).first()
        if ander is not None and heeft_belang(gebruiker, ander):
            toegang_geweigerd(aanvraag=ander, waar=request.path, actor=gebruiker, op=ontvangen(request))
    raise Http404


@rol_vereist(*LEIDING)
@require_GET
def aanvraag(request: HttpRequest, pk: UUID) -> HttpResponse:
    return _pagina(request, _aanvraag_of_404(request, pk))


def _pagina(request: HttpRequest, rij: Aanvraag, gekozen: str = "", formulier: Any = None) -> HttpResponse:
    gebruiker = gebruiker_van(request)
    stand = getattr(rij, "beoordelingsstand", None)
    open_ = mag_scores_zien(gebruiker, rij)
    toewijzingen = rij.toewijzingen.select_related("lid__gebruiker").order_by("pk")
    ketens = [keten_van(t) for t in toewijzingen] + ([keten_van(stand)] if stand else [])
    regels = LogRegel.objects.filter(keten__in=ketens).select_related("actor").order_by("-op", "-id")[:30]
    soorten = _soorten(rij)
    context = {
        "aanvraag": rij,
        "stand": standvlag(stand),
        "vlaggen": vlagwoorden(stand) if stand and open_ else [],
        "toewijzingen": [(t, toewijzingvlag(t)) for t in toewijzingen],
        "tabel": scoretabel(rij) if open_ else None,
        "eindscore": getattr(rij, "eindscore", None),
        "belangen": rij.belangen.select_related("gebruiker", "opgeheven_door"),
        "voorstellen": stand.voorstellen.select_related("door").prefetch_related("antwoorden__door")
        if stand and open_
        else [],
        "beeld": aanvraagbeeld(rij),
        "stappen": [
            {
                "sleutel": sleutel,
                "naam": soorten[sleutel][1],
                "uitleg": soorten[sleutel][2],
                "formulier": formulier
                if formulier is not None and sleutel == gekozen
                else soorten[sleutel][0](auto_id=f"id_{sleutel}_%s"),
                "open": sleutel == gekozen,
                "url": reverse("portalen:commissie_aanvraag_stap", args=[rij.pk, sleutel]),
            }
            for sleutel in mogelijk(rij)
        ],
        "gebeurtenissen": gebeurtenissen(regels),
        "form": formulier,
    }
    fout = formulier is not None and formulier.errors
    return render(request, "portalen/beoordelen/aanvraag.html", context, status=400 if fout else 200)


def _soorten(rij: Aanvraag) -> dict[str, tuple[Callable[..., Any], str, str]]:
    """Act → (form, name, what it does). Reopening and lifting are about one row: the number is in the key."""
    commissie = rij.tijdvak.commissie
    vrij = leden_zonder_belang(commissie, rij).exclude(toewijzingen__in=_levend(rij))
    allen = leden_op(commissie, timezone.localdate())
    uit: dict[str, tuple[Callable[..., Any], str, str]] = {
        "toewijzen": (
            lambda *a, **k: Derdeformulier(*a, leden=vrij, **k),
            _("Beoordelaar toewijzen"),
            _("Vult een tekort aan, of vraagt een derde beoordelaar. Die ziet de scores van de anderen niet."),
        ),
        "voorleggen": (
            Redenformulier,
            _("Voorleggen aan de vergadering"),
            _("De commissie stemt; de middelste stem is de eindscore."),
        ),
        "belang": (
            lambda *a, **k: Lidkeuze(*a, leden=allen, **k),
            _("Belang van een lid vastleggen"),
            _("Dit lid ziet de aanvraag daarna nergens meer."),
        ),
    }
    for t in rij.toewijzingen.select_related("lid__gebruiker").filter(status=Toewijzingstatus.INGEDIEND):
        naam = _("Heropenen: %(wie)s") % {"wie": t.lid}
        uit[f"heropenen-{t.pk}"] = (Redenformulier, naam, _("Kan zolang niet alle beoordelingen binnen zijn."))
    for b in rij.belangen.filter(opgeheven_op=None).exclude(bron=Belangbron.LID).select_related("gebruiker"):
        naam = _("Belang opheffen: %(wie)s") % {"wie": b.gebruiker}
        uit[f"opheffen-{b.pk}"] = (Redenformulier, naam, b.reden)
    return uit


def _levend(rij: Aanvraag) -> Any:
    return rij.toewijzingen.filter(status__in=LEVEND)


def mogelijk(rij: Aanvraag) -> list[str]:
    """Acts that make sense in the state of the application."""
    stand = getattr(rij, "beoordelingsstand", None)
    status = stand.status if stand is not None else Stand.TOEGEWEZEN
    uit = []
    tekort = status == Stand.TOEGEWEZEN and _levend(rij).count() < rij.tijdvak.verdeling.beoordelaars
    if tekort or status in {Stand.DIVERGENT, Stand.BESPREKING}:
        uit.append("toewijzen")
    if status in NAAR_VERGADERING:
        uit.append("voorleggen")
    if status == Stand.TOEGEWEZEN:
        uit += [sleutel for sleutel in _soorten(rij) if sleutel.startswith("heropenen-")]
    if status != Stand.SCORE_VAST:
        uit += ["belang", *(sleutel for sleutel in _soorten(rij) if sleutel.startswith("opheffen-"))]
    return uit


@rol_vereist(*LEIDING)
@require_POST
def aanvraag_stap(request: HttpRequest, pk: UUID, stap: str) -> HttpResponse:
    """One act of chair or secretary."""
    rij = _aanvraag_of_404(request, pk)
    soorten = _soorten(rij)
    if stap not in soorten:
        raise Http404
    formulier = soorten[stap][0](request.POST, auto_id=f"id_{stap}_%s")
    if formulier.is_valid():
        try:
            _doe(request, rij, stap, formulier)
        except DomeinFout as fout:
            formulier.neem_fout_over(fout)
        else:
            messages.success(request, _("Vastgelegd: %(wat)s.") % {"wat": soorten[stap][1]})
            weg = heeft_belang(gebruiker_van(request), rij)
            return redirect("portalen:beoordelen") if weg else redirect("portalen:commissie_aanvraag", pk)
    if stap not in mogelijk(rij):
        messages.error(request, " ".join(str(fout) for fouten in formulier.errors.values() for fout in fouten))
        return redirect("portalen:commissie_aanvraag", pk)
    return _pagina(request, rij, stap, formulier)


def _doe(request: HttpRequest, rij: Aanvraag, stap: str, formulier: Any) -> None:
    wie: dict[str, Any] = {"actor": gebruiker_van(request), "op": ontvangen(request)}
    gegevens = formulier.cleaned_data
    soort, _streep, nummer = stap.partition("-")
    if soort == "toewijzen":
        beoordelaar_toewijzen(aanvraag=rij, lid=gegevens["lid"], scoren_tot=formulier.scoren_tot, **wie)
    elif soort == "voorleggen":
        aan_commissie_voorleggen(aanvraag=rij, reden=gegevens["reden"], **wie)
    elif soort == "belang":
        belang_vastleggen(aanvraag=rij, lid=gegevens["lid"], reden=gegevens["reden"], **wie)
    elif soort == "heropenen":
        toewijzing = get_object_or_404(rij.toewijzingen, pk=int(nummer))
        beoordeling_heropenen(toewijzing=toewijzing, reden=gegevens["reden"], **wie)
    else:
        belang = get_object_or_404(Belang, aanvraag=rij, pk=int(nummer))
        belang_opheffen(belang=belang, reden=gegevens["reden"], **wie)
