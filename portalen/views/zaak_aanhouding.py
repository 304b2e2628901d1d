"""A held voucher on the page of a case: lift the hold, or withdraw the grant."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from kern.enums import Rol
from kern.fouten import DomeinFout
from portalen.formulieren.medewerker import Redenformulier
from portalen.toegang import gebruiker_van, rol_vereist
from portalen.verzoek import ontvangen
from portalen.views.zaak import naar_zaak, zaak_of_404
from portalen.zaakstand import bewaakt, met_versiebewaking, stand
from uitvoering.services.aanhouding import aangehouden_voucher_intrekken, aanhouding_opheffen, aanhoudingen_van


@rol_vereist(Rol.BEHANDELAAR, Rol.BESLISSER)
@require_http_methods(["GET", "HEAD", "POST"])
@met_versiebewaking
def zaak_aanhouding(request: HttpRequest, pk: UUID, stap: str) -> HttpResponse:
    """``stap``: ``opheffen`` (an officer) or ``intrekken`` (who has the mandate)."""
    diensten = {"opheffen": aanhouding_opheffen, "intrekken": aangehouden_voucher_intrekken}
    if stap not in diensten:
        raise Http404
    aanvraag, opheffen = zaak_of_404(request, pk), stap == "opheffen"
    if not aanhoudingen_van(aanvraag).exists():
        messages.error(request, _("De voucher van deze zaak is niet aangehouden."))
        return naar_zaak(aanvraag)
    formulier = Redenformulier(
        request.POST if request.method == "POST" else None,
        hulp=_("De ontvanger krijgt deze reden te lezen."),
    )
    if request.method == "POST" and formulier.is_valid():
        try:
            bewaakt(
                request,
                aanvraag,
                lambda vers: diensten[stap](
                    aanvraag=vers,
                    reden=formulier.cleaned_data["reden"],
                    actor=gebruiker_van(request),
                    op=ontvangen(request),
                ),
            )
        except DomeinFout as fout:
            formulier.neem_fout_over(fout)
        else:
            messages.success(request, _("De voucher is vrij.") if opheffen else _("De verlening is ingetrokken."))
            return naar_zaak(aanvraag)
    context = {
        "aanvraag": aanvraag,
        "form": formulier,
        "versie": request.POST.get("versie") or stand(aanvraag),
        "titel": _("Voucher vrijgeven") if opheffen else _("Verlening intrekken"),
        "uitleg": _("De ontvanger kan de voucher weer gebruiken.")
        if opheffen
        else _("De voucher vervalt en het geld gaat naar de reservelijst. Hoor de ontvanger eerst (Awb 4:8)."),
        "knop": _("Vrijgeven") if opheffen else _("Intrekken"),
    }
    return render(request, "portalen/medewerker/zaak_formulier.html", context, status=400 if formulier.errors else 200)
