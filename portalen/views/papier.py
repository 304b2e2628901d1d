"""The paper route for staff: entering what came by post, and the list of letters that go out by post (R44)."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.core.paginator import Paginator
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from aanvragen.models import Aanvraag, Postbusbericht
from aanvragen.selectors import papier_in_invoer, papieraanvullingen_onderhanden, zaken_zichtbaar_voor
from aanvragen.services.papier import (
    POSTREGEL,
    SCAN,
    papier_afbreken,
    papier_beginnen,
    papierscan_toevoegen,
    papierscan_verwijderen,
)
from aanvragen.services.post import bericht_posten, postbrief
from kern.enums import Rol
from kern.fouten import DomeinFout
from portalen.formulieren.medewerker import Redenformulier
from portalen.formulieren.papier import Papierformulier, Scanformulier
from portalen.presentatie.stappen import voortgang_van
from portalen.toegang import gebruiker_van, rol_vereist
from portalen.verzoek import ontvangen
from portalen.views.hulp import veilig

PER_PAGINA = 50


@rol_vereist(Rol.BEHANDELAAR)
@require_GET
def papier(request: HttpRequest) -> HttpResponse:
    """Paper applications that are being typed in."""
    rijen = papier_in_invoer(gebruiker_van(request)).select_related("tijdvak", "organisatie", "aangemaakt_door")
    context = {
        "pagina": Paginator(rijen.order_by("ingediend_op", "pk"), PER_PAGINA).get_page(request.GET.get("pagina")),
        "aanvullingen": papieraanvullingen_onderhanden(gebruiker_van(request))
        .select_related("aanvulling__aanvraag__organisatie", "begonnen_door")
        .order_by("ontvangen_op", "pk"),
        "te_posten": _te_posten(request).count(),
    }
    return render(request, "portalen/medewerker/papier.html", context)


@rol_vereist(Rol.BEHANDELAAR)
@require_http_methods(["GET", "HEAD", "POST"])
def papier_nieuw(request: HttpRequest) -> HttpResponse:
    """Round, stamp, organisation and scan; then the steps of the form."""
    formulier = Papierformulier(request.POST or None, request.FILES or None)
    status = 200
    if request.method == "POST":
        if formulier.is_valid():
            try:
                rij = papier_beginnen(actor=gebruiker_van(request), op=ontvangen(request), **formulier.gegevens())
            except DomeinFout as fout:
                formulier.neem_fout_over(fout)
                status = fout.http_status
            else:
                messages.success(request, _("De ontvangst is vastgelegd. Neem nu de aanvraag over van het papier."))
                return redirect("portalen:papier_zaak", rij.pk)
        else:
            status = 400
    return render(
        request, "portalen/medewerker/papier_nieuw.html", {"form": formulier, "postregel": POSTREGEL}, status=status
    )


def _papier_of_404(request: HttpRequest, pk: UUID) -> Aanvraag:
    rijen = papier_in_invoer(gebruiker_van(request)).select_related("tijdvak", "organisatie", "aangemaakt_door")
    gevonden: Aanvraag = get_object_or_404(rijen, pk=pk)
    return gevonden


def _toon(
    request: HttpRequest,
    rij: Aanvraag,
    *,
    scan: Scanformulier | None = None,
    reden: Redenformulier | None = None,
    status: int = 200,
) -> HttpResponse:
    context = {
        "aanvraag": rij,
        "scans": rij.bijlagen.filter(code=SCAN.code, verwijderd_op=None).select_related("bestand"),
        "voortgang": voortgang_van(rij, ontvangen(request)),
        "scanform": scan or Scanformulier(),
        "redenform": reden or Redenformulier(),
        "fouten": [formulier for formulier in (scan, reden) if formulier is not None],
    }
    return render(request, "portalen/medewerker/papier_zaak.html", context, status=status)


@rol_vereist(Rol.BEHANDELAAR)
@require_GET
def papier_zaak(request: HttpRequest, pk: UUID) -> HttpResponse:
    """One paper application: stamp, scans, and where to go on typing."""
    return _toon(request, _papier_of_404(request, pk))


@rol_vereist(Rol.BEHANDELAAR)
@require_POST
def papier_scan(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Adds a scan, or takes one out (``verwijder``)."""
    rij, actor, op = _papier_of_404(request, pk), gebruiker_van(request), ontvangen(request)
    weg = str(request.POST.get("verwijder", ""))
    if weg:
        if not weg.isdecimal():
            raise Http404
        papierscan_verwijderen(bijlage=get_object_or_404(rij.bijlagen, pk=int(weg)), actor=actor, op=op)
        return redirect("portalen:papier_zaak", rij.pk)
    formulier = Scanformulier(request.POST, request.FILES)
    if formulier.is_valid():
        try:
            papierscan_toevoegen(aanvraag=rij, scans=formulier.uploads(), actor=actor, op=op)
        except DomeinFout as fout:
            formulier.neem_fout_over(fout)
            return _toon(request, rij, scan=formulier, status=fout.http_status)
        messages.success(request, _("De scan is bewaard."))
        return redirect("portalen:papier_zaak", rij.pk)
    return _toon(request, rij, scan=formulier, status=400)


@rol_vereist(Rol.BEHANDELAAR)
@require_POST
def papier_stoppen(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Stops an entry that was begun by mistake."""
    rij, formulier = _papier_of_404(request, pk), Redenformulier(request.POST)
    if formulier.is_valid():
        papier_afbreken(
            aanvraag=rij, reden=formulier.cleaned_data["reden"], actor=gebruiker_van(request), op=ontvangen(request)
        )
        messages.success(request, _("Het invoeren is gestopt."))
        return redirect("portalen:papier")
    return _toon(request, rij, reden=formulier, status=400)


def _post(request: HttpRequest) -> QuerySet[Postbusbericht]:
    return Postbusbericht.objects.filter(
        per_post=True, aanvraag__in=zaken_zichtbaar_voor(gebruiker_van(request)).order_by()
    )


def _te_posten(request: HttpRequest) -> QuerySet[Postbusbericht]:
    return _post(request).filter(gepost_op=None)


@rol_vereist(Rol.BEHANDELAAR)
@require_GET
def post(request: HttpRequest) -> HttpResponse:
    """Letters to be sent by post, the oldest first; or (``?stand=gepost``) those that were."""
    gepost = request.GET.get("stand") == "gepost"
    rijen = _post(request).exclude(gepost_op=None).order_by("-gepost_op", "pk") if gepost else _te_posten(request)
    if not gepost:
        rijen = rijen.order_by("geplaatst_op", "pk")
    rijen = rijen.select_related("aanvraag", "organisatie", "gepost_door")
    adres = reverse("portalen:post")
    context = {
        "gepost": gepost,
        "pagina": Paginator(rijen, PER_PAGINA).get_page(request.GET.get("pagina")),
        "standen": [
            {"naam": _("Te versturen"), "url": adres, "gekozen": not gepost, "aantal": _te_posten(request).count()},
            {
                "naam": _("Verstuurd"),
                "url": f"{adres}?stand=gepost",
                "gekozen": gepost,
                "aantal": _post(request).exclude(gepost_op=None).count(),
            },
        ],
    }
    return render(request, "portalen/medewerker/post.html", context)


@rol_vereist(Rol.BEHANDELAAR)
@require_GET
def post_brief(request: HttpRequest, pk: UUID) -> HttpResponse:
    """The letter of one message with what belongs to it, to print."""
    bericht = get_object_or_404(_post(request).select_related("aanvraag__tijdvak", "organisatie", "bestand"), pk=pk)
    antwoord = HttpResponse(postbrief(bericht), content_type="application/pdf")
    veilig(antwoord, f"brief-{bericht.aanvraag}.pdf")
    return antwoord


@rol_vereist(Rol.BEHANDELAAR)
@require_POST
def post_gedaan(request: HttpRequest) -> HttpResponse:
    """Marks the chosen letters as posted."""
    gekozen = [sleutel for sleutel in request.POST.getlist("gekozen") if _is_uuid(sleutel)]
    berichten = list(_te_posten(request).filter(pk__in=gekozen).order_by("pk"))
    if not berichten:
        messages.error(request, _("Kies de brieven die u op de post hebt gedaan."))
    for bericht in berichten:
        bericht_posten(bericht=bericht, actor=gebruiker_van(request), op=ontvangen(request))
    if berichten:
        tekst = ngettext("%(n)d brief is verstuurd.", "%(n)d brieven zijn verstuurd.", len(berichten))
        messages.success(request, tekst % {"n": len(berichten)})
    return redirect("portalen:post")


def _is_uuid(tekst: str) -> bool:
    try:
        UUID(tekst)
    except ValueError:
        return False
    return True
