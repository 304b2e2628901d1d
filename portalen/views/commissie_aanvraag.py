"""One application for chair and secretary: who assesses it, how they differ, and what can be done."""

from __future__ import annotations

from typing import Any
from uuid import UUID

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
from beoordeling.services.belang_zoeken import NAAR_VERGADERING, mogelijke_belangen
from beoordeling.services.belangen import belang_opheffen, belang_vastleggen
from beoordeling.services.bespreken import aan_commissie_voorleggen
from beoordeling.services.scoren import beoordeling_heropenen, toegang_geweigerd
from beoordeling.services.toewijzen import beoordelaar_toewijzen
from kern.models import LogRegel
from kern.services.spoor import keten_van
from portalen.formulieren.commissie import Derdeformulier, Lidkeuze, Motiveringsformulier
from portalen.handelingen import Gekozen, Soort, handelingen, meld_fouten, verricht
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


def _pagina(request: HttpRequest, rij: Aanvraag, gekozen: Gekozen | None = None) -> HttpResponse:
    gebruiker = gebruiker_van(request)
    stand = getattr(rij, "beoordelingsstand", None)
    open_ = mag_scores_zien(gebruiker, rij)
    toewijzingen = rij.toewijzingen.select_related("lid__gebruiker").order_by("pk")
    ketens = [keten_van(t) for t in toewijzingen] + ([keten_van(stand)] if stand else [])
    regels = LogRegel.objects.filter(keten__in=ketens).select_related("actor").order_by("-op", "-id")[:30]
    context = {
        "aanvraag": rij,
        "stand": standvlag(stand),
        "vlaggen": vlagwoorden(stand) if stand and open_ else [],
        "toewijzingen": [(t, toewijzingvlag(t)) for t in toewijzingen],
        "tabel": scoretabel(rij) if open_ else None,
        "eindscore": getattr(rij, "eindscore", None),
        "belangen": rij.belangen.select_related("gebruiker", "opgeheven_door"),
        "signalen": mogelijke_belangen(rij, op=ontvangen(request)),
        "voorstellen": stand.voorstellen.select_related("door").prefetch_related("antwoorden__door")
        if stand and open_
        else [],
        "beeld": aanvraagbeeld(rij),
        "handelingen": handelingen(
            mogelijk(rij),
            _soorten(rij),
            url=lambda sleutel: reverse("portalen:commissie_aanvraag_stap", args=[rij.pk, sleutel]),
            gekozen=gekozen,
        ),
        "gebeurtenissen": gebeurtenissen(regels),
        "form": gekozen and gekozen.formulier,
    }
    return render(request, "portalen/beoordelen/aanvraag.html", context, status=400 if gekozen else 200)


def _soorten(rij: Aanvraag) -> dict[str, Soort]:
    """Act → (form, name, what it does). Reopening and lifting are about one row: the number is in the key."""
    commissie = rij.tijdvak.commissie
    vrij = leden_zonder_belang(commissie, rij).exclude(toewijzingen__in=_levend(rij))
    allen = leden_op(commissie, timezone.localdate())
    uit: dict[str, Soort] = {
        "toewijzen": Soort(
            lambda *a, **k: Derdeformulier(*a, leden=vrij, **k),
            _("Beoordelaar toewijzen"),
            _("Vult een tekort aan, of vraagt een derde beoordelaar. Die ziet de scores van de anderen niet."),
        ),
        "voorleggen": Soort(
            Motiveringsformulier,
            _("Voorleggen aan de vergadering"),
            _("De commissie stemt; de middelste stem is de eindscore."),
        ),
        "belang": Soort(
            lambda *a, **k: Lidkeuze(*a, leden=allen, **k),
            _("Belang van een lid vastleggen"),
            _("Dit lid ziet de aanvraag daarna nergens meer."),
        ),
    }
    for t in rij.toewijzingen.select_related("lid__gebruiker").filter(status=Toewijzingstatus.INGEDIEND):
        naam = _("Heropenen: %(wie)s") % {"wie": t.lid}
        uit[f"heropenen-{t.pk}"] = Soort(
            Motiveringsformulier, naam, _("Kan zolang niet alle beoordelingen binnen zijn.")
        )
    for b in rij.belangen.filter(opgeheven_op=None).exclude(bron=Belangbron.LID).select_related("gebruiker"):
        naam = _("Belang opheffen: %(wie)s") % {"wie": b.gebruiker}
        uit[f"opheffen-{b.pk}"] = Soort(Motiveringsformulier, naam, b.reden)
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
    gekozen = verricht(request, _soorten(rij), stap, lambda formulier: _doe(request, rij, stap, formulier))
    if gekozen is None:
        weg = heeft_belang(gebruiker_van(request), rij)
        return redirect("portalen:beoordelen") if weg else redirect("portalen:commissie_aanvraag", pk)
    if stap not in mogelijk(rij):
        meld_fouten(request, gekozen)
        return redirect("portalen:commissie_aanvraag", pk)
    return _pagina(request, rij, gekozen)


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
