"""Proposing a decision: grounds, effect on the budget, preview of the letter; and the settlement."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from aanvragen.inhoud import toegekend_in_woorden
from aanvragen.models import Aanvraag
from beoordeling.models import Plaats
from kern.document.html import inhoud_html
from kern.enums import Rol
from kern.fouten import DomeinFout
from kern.models import LogRegel
from kern.services.spoor import keten_van
from portalen.formulieren.besluit import Besluitformulier, Vaststellingformulier, beginwaarden
from portalen.toegang import gebruiker_van, rol_vereist
from portalen.verzoek import ontvangen
from portalen.views.zaak import naar_zaak, zaak_of_404
from portalen.views.zaak_declaratie import deelnemer_of_404
from portalen.zaakstand import bewaakt, met_versiebewaking, stand
from portalen.zaakstappen import mag_behandelen, toetsen_niet_goed
from regeling.enums import HOOFDPOT
from uitvoering.brieven import besluitbrief
from uitvoering.enums import Afwijzingsgrond, Besluitsoort, Besluitstatus
from uitvoering.models import Besluit
from uitvoering.services.besluit import MOGELIJK, artikel_van, besluit_voorstellen, bezwaartermijn
from uitvoering.services.vaststelling import vaststelling_berekenen, vaststelling_voorstellen

NUL = Decimal("0.00")


@dataclass(frozen=True)
class Budgetregel:
    """A pot before and after the decision; amounts in the unit of the round."""

    naam: str
    plafond: Decimal
    gereserveerd: tuple[Decimal, Decimal]
    verleend: tuple[Decimal, Decimal]
    resteert: tuple[Decimal, Decimal]


def budget(aanvraag: Aanvraag, soort: Besluitsoort) -> list[Budgetregel]:
    """What a decision does to the ceilings of the case. A grant moves money from reserved to granted; a refusal before
    a grant moves nothing."""
    verschil = aanvraag.ruimte_toegekend if soort == Besluitsoort.VERLENING else NUL
    regels = []
    for pot in aanvraag.tijdvak.plafonds.filter(code__in=[HOOFDPOT, *aanvraag.potten]):
        regels.append(
            Budgetregel(
                naam=pot.naam,
                plafond=pot.bedrag,
                gereserveerd=(pot.gereserveerd, pot.gereserveerd - verschil),
                verleend=(pot.verleend, pot.verleend + verschil),
                resteert=(pot.resteert, pot.resteert),
            )
        )
    return regels


def briefvoorbeeld(besluit: Besluit) -> SafeString:
    """The letter as it would be sent today, to put in a page under an h2. The document model escapes all text."""
    vandaag = timezone.localdate()
    document = besluitbrief(besluit, verzonden=vandaag, bezwaar_tot=bezwaartermijn(vandaag))
    return mark_safe(inhoud_html(document, basiskop=3))


@rol_vereist(Rol.BEHANDELAAR)
@require_http_methods(["GET", "POST"])
@met_versiebewaking
def zaak_besluit(request: HttpRequest, pk: UUID, soort: str) -> HttpResponse:
    """The decision panel: look at the letter first, then propose."""
    if soort not in {str(mogelijk) for mogelijk in MOGELIJK}:
        raise Http404
    aanvraag, besluitsoort = zaak_of_404(request, pk), Besluitsoort(soort)
    eerder = aanvraag.besluiten.filter(soort=besluitsoort).first()
    plaats = Plaats.objects.filter(aanvraag=aanvraag).first()
    formulier = Besluitformulier(
        request.POST or None,
        soort=besluitsoort,
        initial=_begin(eerder) or beginwaarden(aanvraag, besluitsoort, plaats.rang if plaats else None),
    )
    voorbeeld: SafeString | None = None
    if request.method == "POST" and formulier.is_valid():
        gegevens = formulier.cleaned_data
        grond = Afwijzingsgrond(gegevens["grond"]) if gegevens.get("grond") else None
        if request.POST.get("knop") == "voorstellen":
            try:
                bewaakt(
                    request,
                    aanvraag,
                    lambda vers: besluit_voorstellen(
                        aanvraag=vers,
                        soort=besluitsoort,
                        grond=grond,
                        motivering=gegevens["motivering"],
                        artikel=gegevens["artikel"],
                        actor=gebruiker_van(request),
                        op=ontvangen(request),
                    ),
                )
            except DomeinFout as fout:
                formulier.neem_fout_over(fout)
            else:
                messages.success(request, _("Het besluit is voorgesteld. Een beslisser kan het nu ondertekenen."))
                return naar_zaak(aanvraag, "#besluiten")
        else:
            voorbeeld = briefvoorbeeld(_proefbesluit(aanvraag, besluitsoort, grond, gegevens))
    context = {
        "aanvraag": aanvraag,
        "soort": besluitsoort,
        "titel": {
            Besluitsoort.VERLENING: _("Verlening voorstellen"),
            Besluitsoort.AFWIJZING: _("Afwijzing voorstellen"),
            Besluitsoort.BUITEN_BEHANDELING: _("Voorstellen om niet te behandelen"),
        }[besluitsoort],
        "kan_nu": aanvraag.status in MOGELIJK[besluitsoort] and mag_behandelen(gebruiker_van(request), aanvraag),
        "wacht_op": toetsen_niet_goed(aanvraag.toetsen.all()) if besluitsoort == Besluitsoort.VERLENING else [],
        "teruggestuurd": _terugstuurreden(eerder),
        "gegeven": toegekend_in_woorden(aanvraag) if besluitsoort == Besluitsoort.VERLENING else "",
        "budget": budget(aanvraag, besluitsoort),
        "form": formulier,
        "voorbeeld": voorbeeld,
        "versie": request.POST.get("versie") or stand(aanvraag),
    }
    return render(request, "portalen/medewerker/zaak_besluit.html", context, status=400 if formulier.errors else 200)


def _begin(eerder: Besluit | None) -> dict[str, str]:
    if eerder is None:
        return {}
    return {"grond": eerder.grond, "motivering": eerder.motivering, "artikel": eerder.artikel}


def _terugstuurreden(besluit: Besluit | None) -> LogRegel | None:
    """Who sent an earlier proposal back, and why."""
    if besluit is None or besluit.status != Besluitstatus.CONCEPT:
        return None
    regels = LogRegel.objects.filter(keten=keten_van(besluit), handeling="terugnemen").select_related("actor")
    return regels.order_by("-volgnr").first()


def _proefbesluit(
    aanvraag: Aanvraag, soort: Besluitsoort, grond: Afwijzingsgrond | None, gegevens: dict[str, Any]
) -> Besluit:
    """A decision that is not stored: only to show its letter."""
    return Besluit(
        aanvraag=aanvraag,
        soort=soort,
        grond=grond or "",
        bedrag=aanvraag.toegekend_bedrag if soort == Besluitsoort.VERLENING else None,
        stuks=aanvraag.toegekend_stuks if soort == Besluitsoort.VERLENING else None,
        artikel=gegevens["artikel"] or artikel_van(aanvraag, soort, grond),
        motivering=gegevens["motivering"],
    )


@rol_vereist(Rol.BEHANDELAAR)
@require_http_methods(["GET", "POST"])
@met_versiebewaking
def zaak_vaststelling(request: HttpRequest, pk: UUID, deelnemer: int | None = None) -> HttpResponse:
    """Propose the settlement, with its calculation; of the whole or of one member of a group."""
    aanvraag = zaak_of_404(request, pk)
    lid = deelnemer_of_404(aanvraag, deelnemer) if deelnemer is not None else None
    try:
        uitkomst = vaststelling_berekenen(aanvraag, lid)
    except DomeinFout as fout:
        messages.error(request, str(fout))
        return naar_zaak(aanvraag)
    eerder = aanvraag.besluiten.filter(soort=Besluitsoort.VASTSTELLING, deelnemer=lid).first()
    formulier = Vaststellingformulier(request.POST or None, initial={"motivering": eerder.motivering if eerder else ""})
    if request.method == "POST" and formulier.is_valid():
        try:
            besluit = bewaakt(
                request,
                aanvraag,
                lambda vers: vaststelling_voorstellen(
                    aanvraag=vers,
                    motivering=formulier.cleaned_data["motivering"],
                    deelnemer=lid,
                    actor=gebruiker_van(request),
                    op=ontvangen(request),
                ),
            )
        except DomeinFout as fout:
            formulier.neem_fout_over(fout)
        else:
            messages.success(request, _("De vaststelling is voorgesteld. Bekijk hieronder de brief."))
            return redirect("portalen:besluit", besluit.pk)
    context = {
        "aanvraag": aanvraag,
        "uitkomst": uitkomst,
        "lid": lid,
        "verleend": (aanvraag.toegekend_bedrag if lid is None else lid.toegekend_bedrag) or NUL,
        "teruggestuurd": _terugstuurreden(eerder),
        "kan_nu": mag_behandelen(gebruiker_van(request), aanvraag),
        "form": formulier,
        "versie": request.POST.get("versie") or stand(aanvraag),
    }
    return render(
        request, "portalen/medewerker/zaak_vaststelling.html", context, status=400 if formulier.errors else 200
    )
