"""Exports for the evaluation: start one, download what was made."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from kern.enums import Rol
from kern.fouten import DomeinFout
from portalen.formulieren.evaluatie import Exportformulier
from portalen.toegang import gebruiker_van, rol_vereist
from portalen.verzoek import ontvangen
from portalen.views.zaak_bestanden import als_download
from rapportage.models import Export
from rapportage.services.exporteren import evaluatie_exporteren
from regeling.models import Tijdvak

PER_PAGINA = 25


@rol_vereist(Rol.ANALIST)
@require_http_methods(["GET", "POST"])
def evaluatie(request: HttpRequest) -> HttpResponse:
    """A form to start an export, and the exports that were made."""
    rondes = Tijdvak.objects.filter(volgnummer__gt=0) | Tijdvak.objects.filter(aanvragen__isnull=False)
    tijdvakken = list(rondes.distinct().order_by("-open_op", "sleutel").values_list("sleutel", "naam"))
    formulier = Exportformulier(
        request.POST or None, tijdvakken=tijdvakken, initial={"tijdvak": request.GET.get("tijdvak", "")}
    )
    if request.method == "POST" and formulier.is_valid():
        keuze = formulier.cleaned_data
        try:
            evaluatie_exporteren(
                tijdvak=Tijdvak.objects.get(sleutel=keuze.pop("tijdvak")),
                actor=gebruiker_van(request),
                op=ontvangen(request),
                **keuze,
            )
        except DomeinFout as fout:
            formulier.neem_fout_over(fout)
        else:
            messages.success(request, _("De export is klaar. U kunt hem hieronder downloaden."))
            return redirect("portalen:evaluatie")
    exports = Export.objects.select_related("tijdvak", "bestand", "door").defer("manifest").order_by("-op", "id")
    context = {
        "form": formulier,
        "pagina": Paginator(exports, PER_PAGINA).get_page(request.GET.get("pagina")),
        "geen_rondes": not tijdvakken,
    }
    return render(request, "portalen/medewerker/evaluatie.html", context, status=400 if formulier.errors else 200)


@rol_vereist(Rol.ANALIST)
@require_GET
def export(request: HttpRequest, pk: UUID) -> HttpResponseBase:
    """The file of an export."""
    rij = get_object_or_404(Export.objects.select_related("bestand"), pk=pk)
    if rij.bestand is None:
        raise Http404
    return als_download(rij.bestand)
