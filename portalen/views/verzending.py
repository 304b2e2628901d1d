"""Staff: the outbox with its delivery states, and what has to go on the post."""

from __future__ import annotations

from django import forms
from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _l
from django.views.decorators.http import require_GET, require_POST

from aanvragen.models import Postbusbericht
from kern.enums import Berichtsoort, Berichtstatus, Rol
from kern.fouten import DomeinFout
from kern.models import Bericht
from kern.services.berichten import bericht_opnieuw, heeft_vast_adres, wachtrij_cijfers
from portalen.toegang import gebruiker_van, rol_vereist
from portalen.verzoek import ontvangen

PER_PAGINA = 50
LEZERS = (Rol.BEHANDELAAR, Rol.BEHEERDER, Rol.AUDITOR)
SOORT = {
    Berichtstatus.KLAARGEZET: "info",
    Berichtstatus.VERZONDEN: "ok",
    Berichtstatus.MISLUKT: "error",
    Berichtstatus.ONBESTELBAAR: "error",
}


class Verzendfilter(forms.Form):
    """Lives in the address."""

    toon_niet_verplicht = False

    soort = forms.ChoiceField(label=_l("Soort"), required=False, choices=[("", _l("Alle")), *Berichtsoort.choices])
    zoek = forms.CharField(
        label=_l("E-mailadres"), required=False, max_length=100, widget=forms.TextInput(attrs={"type": "search"})
    )


class Adresformulier(forms.Form):
    """Another address for a message that came back; empty keeps the old one."""

    aan = forms.EmailField(label=_l("Ander e-mailadres"), required=False)


@rol_vereist(*LEZERS)
@require_GET
def verzending(request: HttpRequest) -> HttpResponse:
    """The outbox: queue, sent, failed, came back. The text is not shown: it may be about other work."""
    formulier, cijfers = Verzendfilter(request.GET), wachtrij_cijfers(op=ontvangen(request))
    stand = request.GET.get("stand", "")
    rijen = Bericht.objects.defer("tekst").order_by("-id")
    if formulier.is_valid():
        if formulier.cleaned_data["soort"]:
            rijen = rijen.filter(soort=formulier.cleaned_data["soort"])
        if zoek := formulier.cleaned_data["zoek"].strip():
            rijen = rijen.filter(aan__icontains=zoek)
    if stand in Berichtstatus.values:
        rijen = rijen.filter(status=stand)
    pagina = Paginator(rijen, PER_PAGINA).get_page(request.GET.get("pagina"))
    context = {
        "filter": formulier,
        "stand": stand,
        "standen": [
            {
                "naam": status.label,
                "aantal": cijfers["aantallen"].get(status, 0),
                "url": f"?stand={status}",
                "gekozen": status == stand,
            }
            for status in Berichtstatus
        ],
        "oudste_minuten": cijfers["oudste_seconden"] // 60,
        "pagina": pagina,
        "rijen": [(rij, SOORT[Berichtstatus(rij.status)], _opnieuw_kan(rij), heeft_vast_adres(rij)) for rij in pagina],
        "mag_posten": Rol.BEHANDELAAR in gebruiker_van(request).rollen,
        "mag_versturen": bool(gebruiker_van(request).rollen & {Rol.BEHANDELAAR, Rol.BEHEERDER}),
        "op_post": Postbusbericht.objects.filter(per_post=True, gepost_op=None).count(),
    }
    return render(request, "portalen/medewerker/verzending.html", context)


def _opnieuw_kan(rij: Bericht) -> bool:
    return rij.status in {Berichtstatus.MISLUKT, Berichtstatus.ONBESTELBAAR}


@rol_vereist(Rol.BEHANDELAAR, Rol.BEHEERDER)
@require_POST
def opnieuw(request: HttpRequest, pk: int) -> HttpResponse:
    """Puts a failed message in the queue again, at another address when one is given."""
    rij, formulier = get_object_or_404(Bericht, pk=pk), Adresformulier(request.POST)
    terug = redirect(reverse("portalen:verzending") + f"?stand={rij.status}")
    if not formulier.is_valid():
        messages.error(request, _("Vul een geldig e-mailadres in."))
        return terug
    try:
        bericht_opnieuw(
            bericht=rij, actor=gebruiker_van(request), op=ontvangen(request), aan=formulier.cleaned_data["aan"]
        )
    except DomeinFout as fout:
        messages.error(request, str(fout))
    else:
        messages.success(request, _("De e-mail gaat opnieuw weg."))
    return terug
