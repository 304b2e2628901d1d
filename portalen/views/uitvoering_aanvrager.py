"""After the grant: the voucher and the order to the adviser, and the claim with its invoices."""

from __future__ import annotations

from decimal import Decimal
from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from aanvragen.berekening import bereken
from aanvragen.enums import Status
from aanvragen.models import Aanvraag, Deelnemer
from aanvragen.selectors import eigen_aanvragen
from aanvragen.services.conceptadviseur import Adviesgegevens, adviseur_vinden
from kern.fouten import DomeinFout
from portalen.formulieren.uitvoering import Indienformulier, Kostenregelformulier, Opdrachtformulier, Stukkenformulier
from portalen.presentatie.navigatie import Kruimel, kruimels_aanvraag, kruimels_deelname
from portalen.presentatie.regelingtekst import kosten
from portalen.presentatie.stand import voucher_van
from portalen.toegang import gebruiker_van
from portalen.verzoek import ontvangen
from portalen.views.aanvraagstand import verstuurd_of_404
from portalen.views.hulp import bestand_antwoord, formeel, fout_in_formulier
from regeling.schema_delen import Bijlagespec
from uitvoering.brieven import uiterste_declaratie, uiterste_start
from uitvoering.enums import Declaratiestatus, Voucherstatus
from uitvoering.models import Declaratie, Kostenregel
from uitvoering.selectors import declaratie_van, per_deelnemer
from uitvoering.services.aanhouding import aanhoudingen_van
from uitvoering.services.declaratie import (
    declaratie_beginnen,
    declaratie_indienen,
    kostenregel_toevoegen,
    kostenregel_verwijderen,
)
from uitvoering.services.declaratiebijlage import declaratiebijlage_toevoegen
from uitvoering.services.voucher import voucher_opdragen

OPEN_DECLARATIE = frozenset({Declaratiestatus.CONCEPT, Declaratiestatus.AANVULLING_GEVRAAGD})


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def voucher(request: HttpRequest, pk: UUID) -> HttpResponse:
    """The voucher, and giving the order to the adviser."""
    rij = verstuurd_of_404(request, pk, recht=formeel(request))
    bon = voucher_van(rij)
    if bon is None:
        raise Http404
    formulier = None
    if bon.status == Voucherstatus.UITGEGEVEN and rij.status == Status.VERLEEND:
        formulier = Opdrachtformulier(rij.adviseur, request.POST if request.method == "POST" else None)
    if request.method == "POST" and formulier is None:
        return redirect("portalen:aanvraag_voucher", rij.pk)
    if request.method == "POST" and formulier is not None and formulier.is_valid():
        adviseur = rij.adviseur
        if formulier.is_andere or adviseur is None:
            velden = ("naam", "email", "bureau_naam", "bureau_kvk")
            adviseur = adviseur_vinden(
                gegevens=Adviesgegevens(**{naam: formulier.cleaned_data[naam] for naam in velden})
            )
        try:
            voucher_opdragen(voucher=bon, adviseur=adviseur, actor=gebruiker_van(request), op=ontvangen(request))
        except DomeinFout as fout:
            fout_in_formulier(formulier, fout)
        else:
            messages.success(request, _("De opdracht aan %(naam)s is vastgelegd.") % {"naam": adviseur.naam})
            return redirect("portalen:aanvraag_voucher", rij.pk)
    verzonden = timezone.localtime(rij.verzonden_op).date() if rij.verzonden_op else None
    context = {
        "aanvraag": rij,
        "tijdvak": rij.tijdvak,
        "voucher": bon,
        "aangehouden": aanhoudingen_van(rij).exists(),
        "vlag": {"uitgegeven": "warning", "verlopen": "error", "ingetrokken": "error"}.get(bon.status, "ok"),
        "form": formulier,
        "begin_uiterlijk": uiterste_start(rij, verzonden) if verzonden else None,
        "declareren_uiterlijk": uiterste_declaratie(rij),
        "kan_declareren": rij.status == Status.IN_UITVOERING or declaratie_van(rij) is not None,
        "kruimels": kruimels_aanvraag(rij, _("Voucher")),
    }
    return render(request, "portalen/aanvrager/voucher.html", context)


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def declaratie(request: HttpRequest, pk: UUID) -> HttpResponse:
    """The claim: its lines, and a form to add one. The claim itself begins with its first line."""
    rij = verstuurd_of_404(request, pk)
    if rij.status not in {Status.VERLEEND, Status.IN_UITVOERING} and declaratie_van(rij) is None:
        raise Http404
    if per_deelnemer(rij.tijdvak.spec):
        return redirect("portalen:aanvraag_deelnemers", rij.pk)
    return kosten_declareren(request, rij)


def kosten_declareren(request: HttpRequest, rij: Aanvraag, lid: Deelnemer | None = None) -> HttpResponse:
    """The page of a claim: of the whole, or of one member of a group."""
    if request.method != "POST":
        return _toon(request, rij, lid)
    if dicht := _waarom_dicht(rij, lid):
        messages.error(request, dicht)
        return redirect(adressen(rij, lid)["declaratie"])
    formulier = Kostenregelformulier(rij.tijdvak.spec, request.POST, request.FILES)
    if formulier.is_valid():
        factuur, actor, op = formulier.cleaned_data["factuur"], gebruiker_van(request), ontvangen(request)
        try:
            kostenregel_toevoegen(
                declaratie=declaratie_beginnen(aanvraag=rij, actor=actor, op=op, deelnemer=lid),
                gegevens=formulier.gegevens(),
                factuur=factuur.read(),
                factuurnaam=factuur.name,
                actor=actor,
                op=op,
            )
        except DomeinFout as fout:
            if fout.code.startswith(("bestand", "verkeerde-bestand", "afbeelding", "opslag")):
                formulier.add_error("factuur", str(fout))
            else:
                fout_in_formulier(formulier, fout)
        else:
            messages.success(request, _("De factuur is toegevoegd."))
            return redirect(adressen(rij, lid)["declaratie"])
    return _toon(request, rij, lid, regel=formulier)


def adressen(rij: Aanvraag, lid: Deelnemer | None) -> dict[str, str]:
    """The pages of a claim: under the application, or under the member whose claim it is."""
    basis, pk = ("aanvraag", rij.pk) if lid is None else ("deelname", lid.pk)
    namen = {"declaratie": "declaratie", "indienen": "declaratie_indienen", "stukken": "declaratie_stukken"}
    return {naam: reverse(f"portalen:{basis}_{achter}", args=[pk]) for naam, achter in namen.items()}


def _regel(regel: Kostenregel, rij: Aanvraag, lid: Deelnemer | None, soorten: dict[str, str]) -> dict[str, object]:
    basis, pk = ("aanvraag", rij.pk) if lid is None else ("deelname", lid.pk)
    return {
        "regel": regel,
        "soort": soorten.get(regel.kostensoort, ""),
        "factuur": reverse(f"portalen:{basis}_factuur", args=[pk, regel.pk]),
        "weg": reverse(f"portalen:{basis}_kostenregel_weg", args=[pk, regel.pk]),
    }


def _waarom_dicht(rij: Aanvraag, lid: Deelnemer | None = None) -> str:
    """Why the claim cannot be changed now; empty when it can."""
    claim, bon = declaratie_van(rij, lid), voucher_van(rij)
    if lid is not None and not lid.doet_mee:
        return _("Deze deelnemer is vertrokken uit de groep en kan niet declareren.")
    if lid is not None and claim is None and rij.status not in {Status.VERLEEND, Status.IN_UITVOERING}:
        return _("Declareren kan niet meer: de subsidie van de groep is afgehandeld of ingetrokken.")
    if bon is not None and bon.status == Voucherstatus.UITGEGEVEN:
        return _("Geef eerst de opdracht aan uw adviseur.")
    if claim is not None and claim.status not in OPEN_DECLARATIE:
        return _("Deze declaratie is al ingediend. U kunt haar niet meer wijzigen.")
    return ""


def _toon(
    request: HttpRequest,
    rij: Aanvraag,
    lid: Deelnemer | None = None,
    *,
    regel: Kostenregelformulier | None = None,
    indienen: Indienformulier | None = None,
    stukken: Stukkenformulier | None = None,
) -> HttpResponse:
    spec, claim = rij.tijdvak.spec, Declaratie.objects.filter(aanvraag=rij, deelnemer=lid).first()
    hoogstens = rij.toegekend_bedrag if lid is None else lid.toegekend_bedrag
    regels = list(claim.regels.select_related("factuur")) if claim else []
    bon, te_wijzigen = voucher_van(rij), not _waarom_dicht(rij, lid)
    soorten = {soort.code: soort.naam for soort in spec.kostensoorten}
    berekening = bereken(spec, regels) if regels else None
    context = {
        "aanvraag": rij,
        "tijdvak": rij.tijdvak,
        "declaratie": claim,
        "regels": [_regel(r, rij, lid, soorten) for r in regels],
        "totaal": sum((r.bedrag for r in regels), Decimal(0)),
        "goedgekeurd": sum((r.goedgekeurd or Decimal(0) for r in regels), Decimal(0)),
        "beoordeeld": bool(claim and claim.beoordeeld_op),
        "te_wijzigen": te_wijzigen,
        "eerst_opdracht": bon is not None and bon.status == Voucherstatus.UITGEGEVEN,
        "form": regel or (Kostenregelformulier(spec) if te_wijzigen else None),
        "indienen": indienen or Indienformulier(initial=_begin(rij if lid is None else lid, claim)),
        "berekening": berekening,
        "verwacht": min(berekening.subsidie, hoogstens or berekening.subsidie) if berekening else None,
        "hoogstens": hoogstens,
        "lid": lid,
        "adressen": adressen(rij, lid),
        "kosten": kosten(spec),
        "stukken": _stukken(rij, lid),
        "stukkenform": stukken or (Stukkenformulier(gevraagde_stukken(rij)) if gevraagde_stukken(rij) else None),
        "uiterlijk": uiterste_declaratie(rij),
        "kruimels": _kruimels(request, rij, lid),
    }
    return render(request, "portalen/aanvrager/declaratie.html", context)


def _kruimels(request: HttpRequest, rij: Aanvraag, lid: Deelnemer | None) -> list[Kruimel]:
    if lid is None:
        return kruimels_aanvraag(rij, _("Kosten declareren"))
    penvoerder = eigen_aanvragen(gebruiker_van(request)).filter(pk=rij.pk).exists()
    return kruimels_deelname(lid, penvoerder=penvoerder)


def gevraagde_stukken(rij: Aanvraag) -> list[Bijlagespec]:
    return [bijlage for bijlage in rij.tijdvak.spec.bijlagen if bijlage.bij == "declaratie"]


def _stukken(rij: Aanvraag, lid: Deelnemer | None) -> list[dict[str, object]]:
    """What the scheme asks with a claim, and what is there, each with its address."""
    basis, pk = ("aanvraag", rij.pk) if lid is None else ("deelname", lid.pk)
    er: dict[str, list[dict[str, object]]] = {}
    for bijlage in rij.bijlagen.filter(deelnemer=lid, verwijderd_op=None).select_related("bestand"):
        adres = reverse(f"portalen:{basis}_bijlage", args=[pk, bijlage.pk])
        er.setdefault(bijlage.code, []).append({"bijlage": bijlage, "adres": adres})
    return [{"spec": spec, "bijlagen": er.get(spec.code, [])} for spec in gevraagde_stukken(rij)]


def _begin(rij: Aanvraag | Deelnemer, claim: Declaratie | None) -> dict[str, str]:
    return {"iban": rij.iban, "toelichting": claim.toelichting if claim else ""}


@login_required
@require_POST
def declaratie_versturen(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Hands in the claim; doing so twice changes nothing."""
    return kosten_versturen(request, verstuurd_of_404(request, pk, recht=formeel(request)))


def kosten_versturen(request: HttpRequest, rij: Aanvraag, lid: Deelnemer | None = None) -> HttpResponse:
    """Hands in the claim of the whole, or of one member."""
    claim = declaratie_van(rij, lid)
    if claim is None:
        messages.error(request, _("Er staan nog geen kosten in de declaratie. Voeg eerst een factuur toe."))
        return redirect(adressen(rij, lid)["declaratie"])
    formulier = Indienformulier(request.POST)
    if formulier.is_valid():
        try:
            declaratie_indienen(
                declaratie=claim,
                toelichting=formulier.cleaned_data["toelichting"],
                iban=formulier.cleaned_data["iban"],
                actor=gebruiker_van(request),
                op=ontvangen(request),
            )
        except DomeinFout as fout:
            fout_in_formulier(formulier, fout)
        else:
            messages.success(request, _("Wij hebben uw declaratie ontvangen."))
            return redirect("portalen:aanvraag", rij.pk) if lid is None else redirect(adressen(rij, lid)["declaratie"])
    return _toon(request, rij, lid, indienen=formulier)


@login_required
@require_POST
def declaratie_stukken(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Adds what the scheme asks besides invoices."""
    rij = verstuurd_of_404(request, pk)
    if rij.status not in {Status.VERLEEND, Status.IN_UITVOERING} and declaratie_van(rij) is None:
        raise Http404
    return stukken_toevoegen(request, rij)


def stukken_toevoegen(request: HttpRequest, rij: Aanvraag, lid: Deelnemer | None = None) -> HttpResponse:
    """Adds to the claim of the whole, or of one member; each file by itself."""
    terug = adressen(rij, lid)["declaratie"]
    if dicht := _waarom_dicht(rij, lid):
        messages.error(request, dicht)
        return redirect(terug)
    formulier = Stukkenformulier(gevraagde_stukken(rij), request.POST, request.FILES)
    formulier.is_valid()
    actor, op = gebruiker_van(request), ontvangen(request)
    for upload in formulier.uploads():
        try:
            claim = declaratie_beginnen(aanvraag=rij, actor=actor, op=op, deelnemer=lid)
            declaratiebijlage_toevoegen(declaratie=claim, upload=upload, actor=actor, op=op)
        except DomeinFout as fout:
            fout_in_formulier(formulier, fout)
    if formulier.errors:
        return _toon(request, rij, lid, stukken=formulier)
    messages.success(request, _("De bestanden zijn bewaard."))
    return redirect(terug)


def regel_of_404(rij: Aanvraag, regel: int, lid: Deelnemer | None = None) -> Kostenregel:
    """A line of the claim of the whole, or of this member."""
    rijen = Kostenregel.objects.filter(declaratie__aanvraag=rij, declaratie__deelnemer=lid)
    return get_object_or_404(rijen.select_related("declaratie", "factuur"), pk=regel)


@login_required
@require_POST
def kostenregel_weg(request: HttpRequest, pk: UUID, regel: int) -> HttpResponse:
    """Takes a line out of a claim that was not handed in."""
    rij = verstuurd_of_404(request, pk)
    kostenregel_verwijderen(regel=regel_of_404(rij, regel), actor=gebruiker_van(request), op=ontvangen(request))
    messages.success(request, _("De factuur is uit de declaratie gehaald."))
    return redirect("portalen:aanvraag_declaratie", rij.pk)


@login_required
@require_safe
def factuur(request: HttpRequest, pk: UUID, regel: int) -> HttpResponseBase:
    """The invoice of a line."""
    return bestand_antwoord(regel_of_404(verstuurd_of_404(request, pk), regel).factuur)
