"""The page of the notary: the dice, typed twice apart from each other, and the public beacon."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from beoordeling.enums import Lotingstatus
from beoordeling.loting import drand_tijd
from beoordeling.loting.vormen import Protocol
from beoordeling.models import Broninvoer, Loting
from beoordeling.selectors_bronnen import Invoerstand, invoerstand
from beoordeling.services.bronnen import (
    bronnen_vastleggen,
    dobbelstenen_invoeren,
    protocol_lezen,
    verschil_in_woorden,
)
from kern.enums import Rol
from kern.fouten import DomeinFout, OvergangFout
from kern.models import Gebruiker
from portalen.formulieren.loting import Bakenformulier, Dobbelsteenformulier
from portalen.lotingstappen import ROLLEN, geldende_loting
from portalen.toegang import gebruiker_van, rol_vereist
from portalen.verzoek import ontvangen
from portalen.views.loting import laatste_stap
from portalen.views.tijdvakken import LEZERS, tijdvak_of_404


@rol_vereist(*sorted(ROLLEN["bronnen"]))
@require_http_methods(["GET", "POST"])
def loting_bronnen(request: HttpRequest, sleutel: str) -> HttpResponse:
    """First entry, second entry, beacon: one form at a time. Nobody is shown digits before two entries agree."""
    tijdvak, gebruiker = tijdvak_of_404(sleutel), gebruiker_van(request)
    rij = geldende_loting(tijdvak)
    if rij is None or rij.status != Lotingstatus.GEPUBLICEERD:
        messages.error(request, _("De bronnen kunt u nu niet vastleggen. %s") % laatste_stap(rij))
        return _terug(gebruiker, sleutel)
    protocol = protocol_lezen(loting=rij, actor=gebruiker, op=ontvangen(request))
    stand = _stand(rij, protocol)
    formulier = _formulier(request, protocol, stand)
    if request.method == "POST" and formulier.is_valid():
        try:
            messages.success(request, _bewaar(request, rij, stand, formulier))
        except OvergangFout as fout:
            messages.error(request, str(fout))
            return redirect("portalen:loting_bronnen", sleutel)
        except DomeinFout as fout:
            if fout.code == "invoer-verschilt":
                messages.error(request, str(fout))
                return redirect("portalen:loting_bronnen", sleutel)
            formulier.neem_fout_over(fout)
        else:
            klaar = Loting.objects.filter(pk=rij.pk, bronnen_op__isnull=False).exists()
            return _terug(gebruiker, sleutel) if klaar else redirect("portalen:loting_bronnen", sleutel)
    context = {
        "tijdvak": tijdvak,
        "loting": rij,
        "form": formulier,
        "stand": stand,
        "verschil": verschil_in_woorden(stand.verschil),
        "zelf_eerste": stand.eerste is not None and stand.eerste.door == gebruiker,
        "wacht_op_notaris": stand.gelijk is None and stand.keer == 1 and Rol.NOTARIS not in gebruiker.rollen,
        "adres": request.build_absolute_uri(reverse("portalen:loting_bronnen", args=[sleutel])),
        "te_vroeg": ontvangen(request) < rij.trekking_gepland_op,
        "baken": next((b for b in protocol.bronnen if b.soort == "drand"), None),
        "baken_op": next((drand_tijd(b.ronde) for b in protocol.bronnen if b.soort == "drand"), None),
        "leest_loting": bool(gebruiker.rollen & set(LEZERS)),
    }
    status = 400 if formulier.errors else 200
    return render(request, "portalen/medewerker/loting_bronnen.html", context, status=status)


def _stand(rij: Loting, protocol: Protocol) -> Invoerstand:
    """A draw without dice goes to the beacon at once."""
    if any(bron.soort == "cijfers" for bron in protocol.bronnen):
        return invoerstand(rij)
    niets = Broninvoer(loting=rij)
    return Invoerstand(1, 2, None, {}, (niets, niets))


def _formulier(request: HttpRequest, protocol: Protocol, stand: Invoerstand) -> Any:
    gegevens = request.POST if request.method == "POST" else None
    if stand.gelijk is not None:
        return Bakenformulier(gegevens, protocol=protocol)
    begin = {"poging": stand.poging, "keer": stand.keer}
    return Dobbelsteenformulier(gegevens, protocol=protocol, initial=begin)


def _bewaar(request: HttpRequest, rij: Loting, stand: Invoerstand, formulier: Any) -> str:
    """Calls the service of the form and says what was done."""
    wie: dict[str, Any] = {"loting": rij, "actor": gebruiker_van(request), "op": ontvangen(request)}
    if stand.gelijk is not None:
        bronnen_vastleggen(handtekeningen=formulier.handtekeningen, **wie)
        return _("De bronnen liggen vast. De trekking kan beginnen.")
    velden = formulier.cleaned_data
    loting = dobbelstenen_invoeren(waarden=formulier.waarden, poging=velden["poging"], keer=velden["keer"], **wie)
    if loting.bronnen_op is not None:
        return _("De twee keren zijn gelijk. De bronnen liggen vast. De trekking kan beginnen.")
    if invoerstand(loting).gelijk is not None:
        return _("De twee keren zijn gelijk. Leg nu de waarde van het baken vast.")
    return _("De eerste keer is bewaard. Nu volgt de tweede keer.")


def _terug(gebruiker: Gebruiker, sleutel: str) -> HttpResponse:
    """To the page of the draw; a witness cannot open that one."""
    return redirect("portalen:loting", sleutel) if gebruiker.rollen & set(LEZERS) else redirect("portalen:start")
