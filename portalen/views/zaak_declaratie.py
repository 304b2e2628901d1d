"""Checking a claim: line by line, with the invoice beside it."""

from __future__ import annotations

from decimal import Decimal
from uuid import UUID

from django.contrib import messages
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from aanvragen.models import Aanvraag, Bijlage, Deelnemer
from kern.enums import Rol
from kern.fouten import DomeinFout
from portalen.formulieren.zaak import Regelformulier
from portalen.toegang import gebruiker_van, rol_vereist
from portalen.verzoek import ontvangen
from portalen.views.zaak import zaak_of_404
from portalen.zaakstand import bewaakt, met_versiebewaking, stand
from portalen.zaakstappen import mag_behandelen
from uitvoering.enums import Declaratiestatus
from uitvoering.models import Declaratie
from uitvoering.selectors import toegekende_deelnemers
from uitvoering.services.declaratie import kostenregel_beoordelen

NUL = Decimal("0.00")


def deelnemer_of_404(aanvraag: Aanvraag, nummer: int) -> Deelnemer:
    """A member of this granted group."""
    return get_object_or_404(toegekende_deelnemers(aanvraag), pk=nummer)


def stapadres(aanvraag: Aanvraag, lid: Deelnemer | None, stap: str) -> str:
    if lid is None:
        return reverse("portalen:zaak_stap", args=[aanvraag.pk, stap])
    return reverse("portalen:zaak_deelnemer_stap", args=[aanvraag.pk, lid.pk, stap])


@rol_vereist(Rol.BEHANDELAAR)
@require_http_methods(["GET", "POST"])
@met_versiebewaking
def zaak_declaratie(request: HttpRequest, pk: UUID, deelnemer: int | None = None) -> HttpResponse:
    """All lines on one page: saved together or not at all. ``deelnemer``: of one member of a group."""
    aanvraag = zaak_of_404(request, pk)
    lid = deelnemer_of_404(aanvraag, deelnemer) if deelnemer is not None else None
    rijen = Declaratie.objects.filter(aanvraag=aanvraag, deelnemer=lid)
    declaratie = rijen.exclude(status=Declaratiestatus.CONCEPT).first()
    if declaratie is None:
        raise Http404
    regels = list(declaratie.regels.select_related("factuur"))
    namen = {soort.code: soort.naam for soort in aanvraag.tijdvak.spec.kostensoorten}
    formulieren = [Regelformulier(request.POST or None, regel=regel) for regel in regels]
    goed = [formulier.is_valid() for formulier in formulieren]
    if request.method == "POST" and all(goed):
        try:
            bewaakt(request, aanvraag, lambda vers: _bewaar(request, formulieren))
        except DomeinFout as fout:
            formulieren[0].neem_fout_over(fout)
        else:
            messages.success(request, _("Uw beoordeling is bewaard. Rond de controle af als u klaar bent."))
            return redirect(request.path)
    klaar = all(regel.goedgekeurd is not None for regel in regels)
    context = {
        "aanvraag": aanvraag,
        "declaratie": declaratie,
        "lid": lid,
        "verleend": aanvraag.toegekend_bedrag if lid is None else lid.toegekend_bedrag,
        "afronden": stapadres(aanvraag, lid, "declaratie-afronden"),
        "regels": [(f.regel, namen.get(f.regel.kostensoort, f.regel.kostensoort), f) for f in formulieren],
        "formulieren": formulieren,
        "bijlagen": _bijlagen(aanvraag, lid),
        "totaal": sum((regel.bedrag for regel in regels), NUL),
        "goedgekeurd": sum((regel.goedgekeurd or NUL for regel in regels), NUL),
        "kan_nu": declaratie.status == Declaratiestatus.IN_CONTROLE
        and mag_behandelen(gebruiker_van(request), aanvraag),
        "klaar": klaar,
        "versie": request.POST.get("versie") or stand(aanvraag),
    }
    status = 400 if any(formulier.errors for formulier in formulieren) else 200
    return render(request, "portalen/medewerker/zaak_declaratie.html", context, status=status)


def _bijlagen(aanvraag: Aanvraag, lid: Deelnemer | None) -> QuerySet[Bijlage]:
    """What came with the claim besides its invoices."""
    codes = {bijlage.code for bijlage in aanvraag.tijdvak.spec.bijlagen if bijlage.bij == "declaratie"}
    rijen = aanvraag.bijlagen.filter(code__in=codes, deelnemer=lid, verwijderd_op=None)
    return rijen.select_related("bestand", "deelnemer")


def _bewaar(request: HttpRequest, formulieren: list[Regelformulier]) -> None:
    """Stores the lines whose judgement changed; in the caller's transaction."""
    for formulier in formulieren:
        gegevens, regel = formulier.cleaned_data, formulier.regel
        if (regel.goedgekeurd, regel.oordeel) != (gegevens["goedgekeurd"], gegevens["oordeel"].strip()):
            kostenregel_beoordelen(
                regel=regel,
                goedgekeurd=gegevens["goedgekeurd"],
                oordeel=gegevens["oordeel"],
                actor=gebruiker_van(request),
                op=ontvangen(request),
            )
