"""The register of advisers for staff: list and search, one adviser, certificates."""

from __future__ import annotations

from django.contrib import messages
from django.core.paginator import Paginator
from django.db.models import Count, Q
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from aanvragen.enums import Toetsuitkomst
from aanvragen.models import Adviseur, Certificaat, Toets
from aanvragen.selectors import zaken_zichtbaar_voor
from aanvragen.services.adviseurs import certificaat_beoordelen, profiellink_sturen
from beoordeling.selectors_referentie import ROLLEN, referenties_zichtbaar_voor
from kern.enums import Rol
from kern.fouten import DomeinFout
from portalen.formulieren.referenties import Zoekformulier
from portalen.toegang import gebruiker_van, rol_vereist
from portalen.verzoek import ontvangen
from portalen.views.hulp import bestand_antwoord
from portalen.zaakweergave import referentievlag, statusvlag

PER_PAGINA = 50


@rol_vereist(*ROLLEN)
@require_safe
def adviseurs(request: HttpRequest) -> HttpResponse:
    """Everybody in the register; those with a certificate to check go first."""
    formulier = Zoekformulier(request.GET)
    rijen = Adviseur.objects.select_related("bureau").annotate(
        zaken=Count("aanvragen", filter=~Q(aanvragen__kenmerk=""), distinct=True),
        te_controleren=Count("certificaten", filter=Q(certificaten__goedgekeurd=None), distinct=True),
    )
    zoek = formulier.cleaned_data["zoek"].strip() if formulier.is_valid() else ""
    if zoek:
        rijen = rijen.filter(
            Q(naam__icontains=zoek)
            | Q(email__icontains=zoek)
            | Q(bureau__naam__icontains=zoek)
            | Q(bureau__kvk_nummer__startswith=zoek.replace(" ", ""))
        )
    pagina = Paginator(rijen.order_by("-te_controleren", "naam", "pk"), PER_PAGINA).get_page(request.GET.get("pagina"))
    return render(request, "portalen/medewerker/adviseurs.html", {"pagina": pagina, "filter": formulier})


@rol_vereist(*ROLLEN)
@require_safe
def adviseur(request: HttpRequest, pk: str) -> HttpResponse:
    """One adviser: applications, certificates, references, and checks that point to a conflict."""
    gebruiker = gebruiker_van(request)
    rij = get_object_or_404(Adviseur.objects.select_related("bureau"), pk=pk)
    zelfde = Q(adviseur=rij) | (Q(adviseur__email=rij.email) if rij.email else Q())
    zaken = zaken_zichtbaar_voor(gebruiker).filter(zelfde).exclude(kenmerk="").order_by("-ingediend_op", "pk")
    referenties = referenties_zichtbaar_voor(gebruiker).filter(zelfde).order_by("-pk")
    belangen = Toets.objects.filter(aanvraag__in=zaken.order_by(), code="onafhankelijk").exclude(
        Q(oordeel=Toetsuitkomst.VOLDOET) | Q(oordeel="", uitkomst=Toetsuitkomst.VOLDOET)
    )
    context = {
        "adviseur": rij,
        "zaken": [(zaak, statusvlag(zaak.status)) for zaak in zaken[:200]],
        "referenties": [(ref, referentievlag(ref)) for ref in referenties[:200]],
        "certificaten": rij.certificaten.select_related("bestand", "gecontroleerd_door"),
        "belangen": belangen.select_related("aanvraag"),
        "laatste_link": rij.profiellinks.order_by("-verstuurd_op").first(),
        "mag": Rol.BEHANDELAAR in gebruiker.rollen,
    }
    return render(request, "portalen/medewerker/adviseur.html", context)


@rol_vereist(Rol.BEHANDELAAR)
@require_POST
def adviseur_link(request: HttpRequest, pk: str) -> HttpResponse:
    """Mails the adviser the link to the own profile."""
    rij = get_object_or_404(Adviseur, pk=pk)
    try:
        profiellink_sturen(adviseur=rij, actor=gebruiker_van(request), op=ontvangen(request))
    except DomeinFout as fout:
        messages.error(request, str(fout))
    else:
        messages.success(request, _("De link is verstuurd naar %(email)s.") % {"email": rij.email})
    return redirect("portalen:adviseur", pk)


@rol_vereist(Rol.BEHANDELAAR)
@require_POST
def adviseur_certificaat(request: HttpRequest, pk: int) -> HttpResponse:
    """Approves or rejects a certificate."""
    certificaat = get_object_or_404(Certificaat, pk=pk)
    goed = request.POST.get("oordeel") == "goed"
    try:
        certificaat_beoordelen(
            certificaat=certificaat,
            goedgekeurd=goed,
            reden=request.POST.get("reden", "")[:1000],
            actor=gebruiker_van(request),
            op=ontvangen(request),
        )
    except DomeinFout as fout:
        messages.error(request, str(fout))
    else:
        messages.success(request, _("Het certificaat is goedgekeurd.") if goed else _("Het certificaat is afgekeurd."))
    return redirect("portalen:adviseur", certificaat.adviseur_id)


@rol_vereist(*ROLLEN)
@require_http_methods(["GET", "HEAD"])
def adviseur_bestand(request: HttpRequest, pk: int) -> HttpResponseBase:
    """The document of a certificate."""
    certificaat = get_object_or_404(Certificaat.objects.select_related("bestand").exclude(bestand=None), pk=pk)
    assert certificaat.bestand is not None
    return bestand_antwoord(certificaat.bestand)
