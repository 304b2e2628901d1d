"""The adviser's own page, behind a link in a mail; no account needed."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from aanvragen.enums import Referentiestatus
from aanvragen.models import Profiellink, Referentie
from aanvragen.services.adviseurs import certificaat_indienen, profiel_bewaren, profiellink_bij
from kern.fouten import DomeinFout
from portalen.formulieren.adviseur import uit_adviseur
from portalen.formulieren.referenties import Certificaatformulier, Profielformulier
from portalen.geheimelink import achter_geheime_link
from portalen.verzoek import ontvangen


@achter_geheime_link
@require_http_methods(["GET", "HEAD", "POST"])
def adviseur_profiel(request: HttpRequest, geheim: str) -> HttpResponse:
    """Profile, certificates, and the confirmed references that count for new applications."""
    link = profiellink_bij(geheim, timezone.now())
    if link is None:
        return render(request, "portalen/register/link.html", status=404)
    soort = request.POST.get("onderdeel", "")
    profiel = Profielformulier(
        request.POST if soort == "profiel" else None, initial=_begin(link), auto_id="id_profiel_%s"
    )
    certificaat = Certificaatformulier(
        request.POST if soort == "certificaat" else None,
        request.FILES if soort == "certificaat" else None,
        auto_id="id_certificaat_%s",
    )
    gekozen = {"profiel": profiel, "certificaat": certificaat}.get(soort)
    if gekozen is not None and gekozen.is_valid():
        op = ontvangen(request)
        try:
            if soort == "profiel":
                profiel_bewaren(link=link, gegevens=profiel.gegevens(), op=op)
            else:
                bestand = certificaat.cleaned_data["bestand"]
                certificaat_indienen(
                    link=link,
                    gegevens=certificaat.gegevens(),
                    bestand=bestand.read(),
                    bestandsnaam=bestand.name,
                    op=op,
                )
        except DomeinFout as fout:
            gekozen.neem_fout_over(fout)
        else:
            bewaard = {"profiel": _("Uw gegevens zijn bewaard."), "certificaat": _("Wij hebben het certificaat.")}
            messages.success(request, bewaard[soort])
            return redirect("portalen:adviseur_profiel", geheim)
    context = {
        "adviseur": link.adviseur,
        "tot": timezone.localtime(link.verloopt_op).date(),
        "profiel": profiel,
        "certificaat": certificaat,
        "form": gekozen if gekozen is not None else profiel,
        "certificaten": link.adviseur.certificaten.all(),
        "referenties": _bevestigd(link),
    }
    return render(
        request,
        "portalen/register/profiel.html",
        context,
        status=400 if gekozen is not None and gekozen.errors else 200,
    )


def _begin(link: Profiellink) -> dict[str, str]:
    adviseur = link.adviseur
    velden = {naam: getattr(adviseur, naam) for naam in ("naam", "functie", "telefoon", "toelichting")}
    bureau = {naam: waarde for naam, waarde in uit_adviseur(adviseur).items() if naam.startswith("bureau")}
    return {**velden, **bureau}


def _bevestigd(link: Profiellink) -> list[Referentie]:
    """Confirmed references of this person that still count, each client once."""
    rijen = Referentie.objects.filter(
        status=Referentiestatus.BEVESTIGD, hergebruik_van=None, geldig_tot__gte=timezone.localdate()
    )
    adviseur = link.adviseur
    eigen = rijen.filter(adviseur__email=adviseur.email) if adviseur.email else rijen.filter(adviseur=adviseur)
    return list(eigen.order_by("organisatie", "pk"))
