"""Check, sign and send; put ready for whoever may sign; give back."""

from __future__ import annotations

import hashlib
import logging
from datetime import datetime
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from aanvragen.berekening import bereken
from aanvragen.enums import Bron, Status, Toetssoort, Toetsuitkomst
from aanvragen.inhoud import Rubriek, rubrieken
from aanvragen.klad import alle_klad
from aanvragen.models import Aanvraag
from aanvragen.services.indienen import aanvraag_indienen, ontvangstbewijs, stap_van_toets
from aanvragen.services.ondertekenen import (
    tekenbevoegden,
    ter_ondertekening_leggen,
    ter_ondertekening_teruggeven,
)
from aanvragen.services.papier import papier_indienen
from aanvragen.services.toetsing import toetsen_vooraf
from aanvragen.termijn import beslistermijn
from beoordeling.services.referentie_berichten import herkomst_vastleggen
from kern.fouten import InvoerFout, RechtenFout
from portalen.formulieren.ondertekenen import Ondertekenformulier, Teruggeefformulier
from portalen.formulieren.samen import basis_tekst, lees_basis
from portalen.presentatie.klad import kladdelen
from portalen.presentatie.navigatie import kruimels_aanvraag
from portalen.presentatie.stappen import stap_url, voortgang_van, vraagt_begroting
from portalen.presentatie.tijdvakken import GESLOTEN, stand_van, tijd_over
from portalen.toegang import gebruiker_van
from portalen.verzoek import ip_van, ontvangen
from portalen.views.hulp import eigen_aanvraag, fout_in_formulier, peilmoment
from portalen.views.onthouden import naar_inloggen

logger = logging.getLogger(__name__)
VERSTUURD = frozenset(Status) - {Status.CONCEPT, Status.VERLOPEN}


@login_required
@require_safe
def controleren(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Everything entered, what is missing, the checks and the amount, before signing and sending."""
    rij, nu = eigen_aanvraag(request, pk), timezone.now()
    if rij.status != Status.CONCEPT or stand_van(rij.tijdvak, peilmoment(rij, nu)) == GESLOTEN:
        return redirect("portalen:aanvraag", rij.pk)
    return _toon(request, rij, nu)


def _toon(
    request: HttpRequest,
    rij: Aanvraag,
    nu: datetime,
    *,
    ondertekenen: Ondertekenformulier | None = None,
    teruggeven: Teruggeefformulier | None = None,
    gewijzigd: list[str] | None = None,
    status: int = 200,
) -> HttpResponse:
    spec, gebruiker = rij.tijdvak.spec, gebruiker_van(request)
    voortgang, delen, terug = voortgang_van(rij, nu), rubrieken(rij), "?terug=controleren"
    mag_tekenen = gebruiker.has_perm("aanvragen.indienen", rij)
    toetsen = toetsen_vooraf(rij, nu)
    begin = {"naam": rij.ondertekenaar_naam or gebruiker.naam, "functie": rij.ondertekenaar_functie}
    context = {
        "aanvraag": rij,
        "tijdvak": rij.tijdvak,
        "voortgang": voortgang,
        "ontbreekt": [
            {"tekst": gebrek.melding, "url": stap_url(rij, gebrek.stap) + terug} for gebrek in voortgang.gebreken
        ],
        "delen": [{"deel": deel, "url": stap_url(rij, deel.stap) + terug} for deel in delen],
        "toetsen": toetsen,
        "past_niet": [
            {"toets": toets, "url": stap_url(rij, stap_van_toets(toets.code)) + terug}
            for toets in toetsen
            if toets.soort == Toetssoort.INHOUD and toets.uitkomst == Toetsuitkomst.VOLDOET_NIET
        ],
        "berekening": bereken(spec, rij.begroting.all()) if vraagt_begroting(spec) else None,
        "besluit_uiterlijk": beslistermijn(
            spec=spec, methode=rij.tijdvak.methode, ingediend_op=peilmoment(rij, nu), sluit_op=rij.tijdvak.sluit_op
        ).laatste_dag,
        "over": tijd_over(rij.tijdvak.sluit_op, nu),
        "klad": kladdelen(rij, alle_klad(rij), gebruiker),
        "gezien": basis_tekst(_gezien(delen)),
        "gewijzigd": gewijzigd or [],
        "mag_tekenen": mag_tekenen,
        "bevoegden": [] if mag_tekenen else [str(wie) for wie in tekenbevoegden(rij)],
        "form": ondertekenen or Ondertekenformulier(rij, initial=begin),
        "teruggeven": teruggeven or Teruggeefformulier(auto_id="terug_%s"),
        "kruimels": kruimels_aanvraag(rij, _("Controleren en versturen")),
    }
    return render(request, "portalen/aanvrager/controleren.html", context, status=status)


def _gezien(delen: list[Rubriek]) -> dict[str, str]:
    """Section → digest: what the person who signs has read."""
    return {deel.stap: hashlib.sha256(repr(deel.regels).encode()).hexdigest()[:16] for deel in delen}


@require_POST
def versturen(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Signs and sends the application; sending again shows the same receipt.

    What is signed is what was read: when a colleague changed something since, the page comes back and says where.
    """
    if not request.user.is_authenticated:
        return naar_inloggen(reverse("portalen:aanvraag_controleren", args=[pk]))
    rij, nu = eigen_aanvraag(request, pk), ontvangen(request)
    if rij.status in VERSTUURD:
        return redirect("portalen:aanvraag_ontvangst", rij.pk)
    if not gebruiker_van(request).has_perm("aanvragen.indienen", rij):
        raise RechtenFout(
            _("U mag deze aanvraag invullen, maar niet ondertekenen."),
            actie=_("Zet de aanvraag klaar voor een collega die mag ondertekenen."),
        )
    if not rij.tijdvak.is_open_op(peilmoment(rij, nu)):
        return _verstuur(request, rij, nu, None)  # says that it is closed before it asks for anything else
    gezien, staat = lees_basis(request.POST.get("gezien")), _gezien(rubrieken(rij))
    formulier = Ondertekenformulier(rij, request.POST)
    if gezien != staat:
        anders = [deel.titel for deel in rubrieken(rij) if gezien.get(deel.stap) != staat[deel.stap]]
        return _toon(request, rij, nu, ondertekenen=_als_getypt(rij, formulier), gewijzigd=anders, status=409)
    if not formulier.is_valid():
        return _toon(request, rij, nu, ondertekenen=formulier)
    return _verstuur(request, rij, nu, formulier)


def _als_getypt(rij: Aanvraag, formulier: Ondertekenformulier) -> Ondertekenformulier:
    """Name and function again, without errors; the tick has to be put once more, under what is there now."""
    return Ondertekenformulier(rij, initial={naam: formulier[naam].data for naam in ("naam", "functie")})


def _verstuur(request: HttpRequest, rij: Aanvraag, nu: datetime, formulier: Ondertekenformulier | None) -> HttpResponse:
    ondertekening = formulier.ondertekening() if formulier is not None else None
    indienen = papier_indienen if rij.bron == Bron.PAPIER else aanvraag_indienen
    try:
        rij = indienen(aanvraag=rij, actor=gebruiker_van(request), op=nu, ondertekening=ondertekening)
        if (ip := ip_van(request)) and rij.bron != Bron.PAPIER:
            herkomst_vastleggen(aanvraag_id=rij.pk, ip=ip, op=nu)
    except InvoerFout as fout:
        if fout.code == "aanvraag-niet-compleet":
            messages.error(request, _("Uw aanvraag is nog niet verstuurd. Vul eerst aan wat ontbreekt."))
            return redirect("portalen:aanvraag_controleren", rij.pk)
        context = {"aanvraag": rij, "tijdvak": rij.tijdvak, "fout": fout, "ontvangen_op": nu}
        return render(request, "portalen/aanvrager/te_laat.html", context, status=fout.http_status)
    if rij.bron == Bron.PAPIER:
        return redirect("portalen:zaak", rij.pk)
    try:
        ontvangstbewijs(aanvraag=rij)
    except OSError:  # no room or no access: the application is in, and the first reader makes the receipt
        logger.exception("ontvangstbewijs niet gemaakt: %s", rij.kenmerk)
    return redirect("portalen:aanvraag_ontvangst", rij.pk)


@login_required
@require_POST
def klaarzetten(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Puts the application ready for a colleague who may sign."""
    rij = eigen_aanvraag(request, pk)
    _eis_invullen(request, rij)
    try:
        ter_ondertekening_leggen(aanvraag=rij, actor=gebruiker_van(request), op=ontvangen(request))
    except InvoerFout as fout:
        messages.error(request, str(fout))
    else:
        messages.success(
            request, _("De aanvraag staat klaar om te ondertekenen. Uw collega’s hebben bericht gekregen.")
        )
    return redirect("portalen:aanvraag_controleren", rij.pk)


@login_required
@require_POST
def teruggeven(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Gives an application that waits for a signature back, with a remark."""
    rij, nu = eigen_aanvraag(request, pk), ontvangen(request)
    _eis_invullen(request, rij)
    if not gebruiker_van(request).has_perm("aanvragen.indienen", rij):
        raise RechtenFout(_("Alleen wie mag ondertekenen, kan de aanvraag teruggeven."))
    formulier = Teruggeefformulier(request.POST, auto_id="terug_%s")
    if formulier.is_valid():
        gegevens: dict[str, Any] = {"actor": gebruiker_van(request), "op": nu}
        try:
            ter_ondertekening_teruggeven(aanvraag=rij, opmerking=formulier.cleaned_data["opmerking"], **gegevens)
        except InvoerFout as fout:
            fout_in_formulier(formulier, fout)
        else:
            messages.success(request, _("De aanvraag is teruggegeven. Uw collega heeft bericht gekregen."))
            return redirect("portalen:aanvraag", rij.pk)
    return _toon(request, rij, nu, teruggeven=formulier)


def _eis_invullen(request: HttpRequest, rij: Aanvraag) -> None:
    if not gebruiker_van(request).has_perm("aanvragen.wijzigen", rij):
        raise RechtenFout(_("U mag deze aanvraag alleen lezen."))
