"""The inbox of applicants: list, message, "gelezen", attachment; and which messages come by e-mail too."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django import forms
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from aanvragen.models import Aanvraag, Postbusbericht
from aanvragen.selectors import organisaties_van, postbus_van
from aanvragen.services.postbus import bericht_lezen
from kern.enums import Berichtsoort
from kern.services.voorkeuren import voorkeuren_bewaren, voorkeuren_van
from kern.voorkeuren import KEUZES_AANVRAGER, KEUZES_MEDEWERKER, OFFICIEEL
from portalen.presentatie.navigatie import kruimels
from portalen.toegang import gebruiker_van
from portalen.verzoek import ontvangen
from portalen.views.hulp import bestand_antwoord

PER_PAGINA = 20


def _berichten(request: HttpRequest) -> QuerySet[Any]:
    return postbus_van(gebruiker_van(request)).select_related("organisatie", "aanvraag", "deelnemer", "bestand")


@login_required
@require_safe
def postbus(request: HttpRequest) -> HttpResponse:
    """Messages of all organisations of the person, what was not read first; or of one organisation."""
    organisaties = list(organisaties_van(gebruiker_van(request)))
    gekozen = next((o for o in organisaties if str(o.pk) == request.GET.get("organisatie", "")), None)
    rijen = _berichten(request)
    if gekozen is not None:
        rijen = rijen.filter(organisatie=gekozen)
    pagina = Paginator(rijen.order_by("gelezen", "-geplaatst_op", "pk"), PER_PAGINA).get_page(request.GET.get("pagina"))
    context = {"pagina": pagina, "organisaties": organisaties, "gekozen": gekozen}
    return render(request, "portalen/aanvrager/postbus.html", context)


def _bericht_of_404(request: HttpRequest, pk: UUID) -> Postbusbericht:
    rij: Postbusbericht = get_object_or_404(_berichten(request), pk=pk)
    return rij


@login_required
@require_safe
def bericht(request: HttpRequest, pk: UUID) -> HttpResponse:
    """One message. Opening it changes nothing; "Gelezen" is a button (see docs/besluiten/0024)."""
    rij = _bericht_of_404(request, pk)
    context = {
        "bericht": rij,
        "brief_url": _brief_url(rij),
        "lezing": rij.lezingen.filter(gebruiker=gebruiker_van(request)).first(),
        "kruimels": kruimels((_("Berichten"), reverse("portalen:postbus")), (rij.onderwerp, "")),
    }
    return render(request, "portalen/aanvrager/bericht.html", context)


def _brief_url(rij: Postbusbericht) -> str:
    """Address of the letter as PDF that goes with a message, made when it is asked for. The key names the cause."""
    oorzaak, _streep, nummer = rij.sleutel.partition("-")
    if rij.aanvraag_id is None:
        return ""
    if oorzaak == "lidbesluit" and rij.deelnemer_id is not None:
        return reverse("portalen:deelname_brief", args=[rij.deelnemer_id, "pdf"])
    if oorzaak == "besluit":
        return reverse("portalen:aanvraag_brief", args=[rij.aanvraag_id, nummer, "pdf"])
    if oorzaak == "aanvulling" and nummer.isdecimal():
        return reverse("portalen:aanvraag_aanvulling_brief", args=[rij.aanvraag_id, int(nummer), "pdf"])
    return ""


@login_required
@require_POST
def gelezen(request: HttpRequest, pk: UUID) -> HttpResponse:
    """The person says to have read it; the first time is kept."""
    rij = _bericht_of_404(request, pk)
    bericht_lezen(bericht=rij, actor=gebruiker_van(request), op=ontvangen(request))
    messages.success(request, _("Het bericht “%(onderwerp)s” is gelezen.") % {"onderwerp": rij.onderwerp})
    return redirect("portalen:postbus")


@login_required
@require_safe
def bijlage(request: HttpRequest, pk: UUID) -> HttpResponseBase:
    """The file that came with a message."""
    rij = _bericht_of_404(request, pk)
    if rij.bestand is None:
        raise Http404
    return bestand_antwoord(rij.bestand)


class Voorkeurformulier(forms.Form):
    """A tick per kind of message."""

    def __init__(self, soorten: dict[Berichtsoort, bool], *args: object, **kwargs: object) -> None:
        super().__init__(*args, **kwargs)  # type: ignore[arg-type]  # passed on as they came
        for soort, per_email in soorten.items():
            hulp = _("Staat altijd in uw postbus; met een vinkje krijgt u er ook een e-mail over.")
            self.fields[soort] = forms.BooleanField(
                label=soort.label, required=False, initial=per_email, help_text=hulp if soort in OFFICIEEL else ""
            )


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def voorkeuren(request: HttpRequest) -> HttpResponse:
    """Consent per kind of message, on the page “Hoe krijgt u bericht?” (Awb 2:8)."""
    gebruiker = gebruiker_van(request)
    soorten = KEUZES_MEDEWERKER if gebruiker.is_medewerker else KEUZES_AANVRAGER
    contact = Aanvraag.objects.filter(
        organisatie__in=organisaties_van(gebruiker), contact_email__iexact=gebruiker.email
    )
    nu = voorkeuren_van(gebruiker, soorten, is_contact=not gebruiker.is_medewerker and contact.exists())
    formulier = Voorkeurformulier(nu, request.POST if request.method == "POST" else None)
    if request.method == "POST" and formulier.is_valid():
        keuzes = {soort: bool(formulier.cleaned_data[soort]) for soort in soorten}
        voorkeuren_bewaren(gebruiker=gebruiker, keuzes=keuzes, actor=gebruiker, op=ontvangen(request))
        messages.success(request, _("Uw keuze is bewaard."))
        return redirect("portalen:berichtvoorkeuren")
    context = {"form": formulier, "medewerker": gebruiker.is_medewerker}
    return render(request, "portalen/aanvrager/voorkeuren.html", context)
