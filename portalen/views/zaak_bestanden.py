"""Files of a case (attachments, invoices, letters), and its trail for the auditor."""

from __future__ import annotations

from uuid import UUID

from django.core.paginator import Paginator
from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from kern.enums import Rol, Scanuitslag
from kern.fouten import OvergangFout
from kern.models import Bestand, LogRegel
from kern.services.spoor import ketens_controleren
from portalen.toegang import rol_vereist
from portalen.views.hulp import eis_gescand, veilig
from portalen.views.voorbeeld import bladzijde_antwoord, toon_voorbeeld
from portalen.views.zaak import LEZERS, zaak_of_404
from portalen.zaakstand import alle_ketens
from uitvoering.models import Kostenregel
from uitvoering.services.brief import brief_pdf


def als_download(bestand: Bestand, *, op_pagina: bool = False) -> HttpResponseBase:
    """The file as it was stored; an infected one never leaves."""
    if bestand.scan == Scanuitslag.BESMET:
        raise OvergangFout(
            _("Dit bestand bevat een virus en is niet te openen."), actie=_("Vraag de aanvrager om een ander bestand.")
        )
    eis_gescand(bestand)
    antwoord = veilig(FileResponse(bestand.inhoud.open("rb"), content_type=bestand.mime), bestand.naam)
    if op_pagina:
        del antwoord["Content-Disposition"]
    return antwoord


@rol_vereist(*LEZERS)
@require_GET
def zaak_bijlage(request: HttpRequest, pk: UUID, bijlage: int) -> HttpResponseBase:
    """An attachment of the application."""
    aanvraag = zaak_of_404(request, pk)
    rij = get_object_or_404(aanvraag.bijlagen.select_related("bestand"), pk=bijlage)
    return als_download(rij.bestand)


@rol_vereist(*LEZERS)
@require_GET
def zaak_bijlage_bekijken(request: HttpRequest, pk: UUID, bijlage: int) -> HttpResponse:
    """The pages of an attachment as images."""
    aanvraag = zaak_of_404(request, pk)
    rij = get_object_or_404(aanvraag.bijlagen.select_related("bestand"), pk=bijlage)
    return toon_voorbeeld(
        request,
        rij.bestand,
        download=reverse("portalen:zaak_bijlage", args=[pk, bijlage]),
        beeld=lambda nr: reverse("portalen:zaak_bijlage_bladzijde", args=[pk, bijlage, nr]),
        terug_url=reverse("portalen:zaak", args=[pk]) + "#bijlagen",
        terug_naam=_("Terug naar %(kenmerk)s") % {"kenmerk": aanvraag.kenmerk},
    )


@rol_vereist(*LEZERS)
@require_GET
def zaak_bijlage_bladzijde(request: HttpRequest, pk: UUID, bijlage: int, nummer: int) -> HttpResponse:
    """One page of an attachment as PNG."""
    rij = get_object_or_404(zaak_of_404(request, pk).bijlagen.select_related("bestand"), pk=bijlage)
    return bladzijde_antwoord(rij.bestand, nummer)


@rol_vereist(*LEZERS)
@require_GET
def zaak_factuur(request: HttpRequest, pk: UUID, regel: int) -> HttpResponseBase:
    """The invoice of a line of the claim."""
    aanvraag = zaak_of_404(request, pk)
    rij = get_object_or_404(
        Kostenregel.objects.filter(declaratie__aanvraag=aanvraag).select_related("factuur"), pk=regel
    )
    return als_download(rij.factuur)


@rol_vereist(*LEZERS)
@require_GET
def zaak_brief(request: HttpRequest, pk: UUID, besluit: UUID, vorm: str) -> HttpResponseBase:
    """The letter of a sent decision, as HTML or PDF/A."""
    aanvraag = zaak_of_404(request, pk)
    rij = get_object_or_404(aanvraag.besluiten.select_related("brief_html", "brief_pdf"), pk=besluit)
    if vorm == "pdf":
        return als_download(brief_pdf(besluit=rij))
    if rij.brief_html is None:
        raise Http404
    return als_download(rij.brief_html, op_pagina=True)


@rol_vereist(Rol.AUDITOR)
@require_GET
def zaak_spoor(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Every line of the trail of one case, with the check of its hash chains."""
    aanvraag = zaak_of_404(request, pk)
    namen = alle_ketens(aanvraag)
    regels = LogRegel.objects.filter(keten__in=namen).select_related("actor", "zegelregel__zegel").order_by("id")
    context = {
        "aanvraag": aanvraag,
        "ketens": namen,
        "pagina": Paginator(regels, 100).get_page(request.GET.get("pagina")),
        "breuken": list(ketens_controleren(namen)),
    }
    return render(request, "portalen/medewerker/zaak_spoor.html", context)
