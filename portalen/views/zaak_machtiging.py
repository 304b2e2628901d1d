"""An officer establishes that the person behind an application may act for the applicant."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from aanvragen.services.machtigingen import machtiging_bevestigen
from aanvragen.services.toetsing import machtiging_achter
from kern.enums import Rol
from kern.fouten import DomeinFout
from portalen.formulieren.machtigingen import Bevestigformulier
from portalen.toegang import gebruiker_van, rol_vereist
from portalen.verzoek import ontvangen
from portalen.views.zaak import naar_zaak, zaak_of_404
from portalen.zaakstand import bewaakt, met_versiebewaking, stand


@rol_vereist(Rol.BEHANDELAAR)
@require_http_methods(["GET", "POST"])
@met_versiebewaking
def zaak_machtiging(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Asks from what evidence; the mandate is then confirmed for this and later applications."""
    aanvraag = zaak_of_404(request, pk)
    machtiging = machtiging_achter(aanvraag, aanvraag.ingediend_door) if aanvraag.ingediend_door else None
    if machtiging is None or machtiging.bevestigd_op is not None:
        raise Http404
    formulier = Bevestigformulier(request.POST or None)
    if request.method == "POST" and formulier.is_valid():
        try:
            bewaakt(
                request,
                aanvraag,
                lambda vers: machtiging_bevestigen(
                    machtiging=machtiging,
                    aanvraag=vers,
                    reden=formulier.cleaned_data["reden"],
                    actor=gebruiker_van(request),
                    op=ontvangen(request),
                ),
            )
        except DomeinFout as fout:
            formulier.neem_fout_over(fout)
        else:
            messages.success(request, _("De machtiging van %(naam)s is bevestigd.") % {"naam": machtiging.gebruiker})
            return naar_zaak(aanvraag, "#toetsen")
    context = {
        "aanvraag": aanvraag,
        "form": formulier,
        "versie": request.POST.get("versie") or stand(aanvraag),
        "titel": _("Machtiging bevestigen"),
        "uitleg": _("%(naam)s verstuurde deze aanvraag en gaf zichzelf op voor %(organisatie)s (KvK %(kvk)s).")
        % {
            "naam": machtiging.gebruiker,
            "organisatie": aanvraag.organisatie.naam,
            "kvk": aanvraag.organisatie.kvk_nummer,
        },
        "knop": _("Machtiging bevestigen"),
    }
    return render(request, "portalen/medewerker/zaak_formulier.html", context, status=400 if formulier.errors else 200)
