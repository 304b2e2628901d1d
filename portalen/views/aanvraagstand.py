"""After sending: receipt, status, answering a request, withdrawing, letters."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from aanvragen.enums import Status
from aanvragen.inhoud import verstuurde_rubrieken
from aanvragen.models import Aanvraag
from aanvragen.services.indienen import ontvangst_html, ontvangstbewijs
from aanvragen.services.nasturen import aanvulling_met_bijlagen
from beoordeling.models import Loting
from kern.fouten import DomeinFout, OvergangFout
from portalen.formulieren.uitvoering import Aanvulformulier, Intrekformulier
from portalen.presentatie.navigatie import kruimels_aanvraag
from portalen.presentatie.stand import (
    INTREKBAAR,
    VLAG,
    beslistermijn_van,
    declaratie_van,
    open_aanvulling,
    tijdlijn,
    volgende_actie,
    voucher_van,
)
from portalen.presentatie.uitslag import uitslag_van
from portalen.toegang import gebruiker_van
from portalen.verzoek import ontvangen
from portalen.views.hulp import bestand_antwoord, eigen_aanvraag, fout_in_formulier, veilig
from uitvoering.enums import Besluitstatus
from uitvoering.models import Besluit
from uitvoering.services.brief import brief_pdf
from uitvoering.services.intrekking import zaak_intrekken


def verstuurd_of_404(request: HttpRequest, pk: UUID) -> Aanvraag:
    """An application of one's own that was sent."""
    rij = eigen_aanvraag(request, pk)
    if rij.status in {Status.CONCEPT, Status.VERLOPEN}:
        raise Http404
    return rij


def verzonden_besluiten(rij: Aanvraag) -> list[Besluit]:
    """Decisions that were announced; what is still being prepared is not the applicant's to see."""
    return list(
        rij.besluiten.filter(status=Besluitstatus.VERZONDEN)
        .select_related("brief_html", "brief_pdf")
        .order_by("verzonden_op", "pk")
    )


def openbare_loting(rij: Aanvraag) -> Loting | None:
    """The draw of the round that counts, once it is public."""
    geldig = rij.tijdvak.lotingen.exclude(status__in=["vervangen", "ongeldig"])
    return geldig.filter(gepubliceerd_op__isnull=False).order_by("-gepubliceerd_op").first()


def toon_stand(
    request: HttpRequest, rij: Aanvraag, nu: datetime, formulier: Aanvulformulier | None = None
) -> HttpResponse:
    """Where a sent application stands."""
    besluiten, loting, verzoek = verzonden_besluiten(rij), openbare_loting(rij), open_aanvulling(rij)
    context = {
        "aanvraag": rij,
        "tijdvak": rij.tijdvak,
        "vlag": VLAG[rij.publieke_status],
        "actie": volgende_actie(rij, nu),
        "stappen": tijdlijn(rij, besluiten, loting),
        "termijn": beslistermijn_van(rij, timezone.localtime(nu).date()),
        "verzoek": verzoek,
        "beantwoord": [a for a in rij.aanvullingen.all() if a.beantwoord_op],
        "form": formulier or (Aanvulformulier(rij.tijdvak.spec) if verzoek else None),
        "besluiten": besluiten,
        "bezwaar_adres": " ".join(rij.tijdvak.spec.regeling.bezwaar_adres.split()),
        "loting": loting,
        "plaats": getattr(rij, "plaats", None),
        "voucher": voucher_van(rij),
        "uitslag": uitslag_van(rij),
        "declaratie": declaratie_van(rij),
        "kan_declareren": rij.status in {Status.VERLEEND, Status.IN_UITVOERING} or declaratie_van(rij) is not None,
        "intrekbaar": rij.status in INTREKBAAR,
        "kruimels": kruimels_aanvraag(rij),
    }
    return render(request, "portalen/aanvrager/stand.html", context)


@login_required
@require_safe
def ontvangst(request: HttpRequest, pk: UUID) -> HttpResponse:
    """The receipt; the address keeps working."""
    rij = verstuurd_of_404(request, pk)
    context = {
        "aanvraag": rij,
        "tijdvak": rij.tijdvak,
        "delen": verstuurde_rubrieken(rij),
        "kruimels": kruimels_aanvraag(rij, _("Ontvangstbewijs")),
    }
    return render(request, "portalen/aanvrager/ontvangst.html", context)


@login_required
@require_safe
def ontvangst_bestand(request: HttpRequest, pk: UUID, vorm: str) -> HttpResponseBase:
    """The receipt with everything entered, as PDF or HTML."""
    rij = verstuurd_of_404(request, pk)
    if vorm == "pdf":
        return bestand_antwoord(ontvangstbewijs(aanvraag=rij))
    antwoord = HttpResponse(ontvangst_html(rij), content_type="text/html; charset=utf-8")
    return veilig(antwoord, f"ontvangstbewijs-{rij.kenmerk}.html")


@login_required
@require_POST
def aanvulling(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Answers the open request to complete."""
    rij = verstuurd_of_404(request, pk)
    verzoek = open_aanvulling(rij)
    if verzoek is None:
        raise OvergangFout(_("Er is geen vraag om aanvulling meer open."), actie=_("Bekijk de stand van uw aanvraag."))
    formulier = Aanvulformulier(rij.tijdvak.spec, request.POST, request.FILES)
    if formulier.is_valid():
        try:
            aanvulling_met_bijlagen(
                aanvulling=verzoek,
                antwoord=formulier.cleaned_data["antwoord"],
                uploads=formulier.uploads(),
                actor=gebruiker_van(request),
                op=ontvangen(request),
            )
        except DomeinFout as fout:
            fout_in_formulier(formulier, fout)
        else:
            messages.success(request, _("Wij hebben uw aanvulling ontvangen."))
            return redirect("portalen:aanvraag", rij.pk)
    return toon_stand(request, rij, timezone.now(), formulier)


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def intrekken(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Asks for confirmation, then withdraws."""
    rij = verstuurd_of_404(request, pk)
    if rij.status not in INTREKBAAR:
        messages.info(request, _("Deze aanvraag kan niet (meer) worden ingetrokken."))
        return redirect("portalen:aanvraag", rij.pk)
    formulier = Intrekformulier(request.POST if request.method == "POST" else None)
    if request.method == "POST" and formulier.is_valid():
        reden = formulier.cleaned_data["reden"].strip() or _("Geen reden opgegeven.")
        try:
            zaak_intrekken(aanvraag=rij, reden=reden, actor=gebruiker_van(request), op=ontvangen(request))
        except DomeinFout as fout:
            fout_in_formulier(formulier, fout)
        else:
            messages.success(request, _("Uw aanvraag is ingetrokken."))
            return redirect("portalen:aanvraag", rij.pk)
    context = {
        "aanvraag": rij,
        "tijdvak": rij.tijdvak,
        "form": formulier,
        "heeft_besluit": rij.status in {Status.VERLEEND, Status.IN_UITVOERING},
        "kruimels": kruimels_aanvraag(rij, _("Aanvraag intrekken")),
    }
    return render(request, "portalen/aanvrager/intrekken.html", context)


@login_required
@require_safe
def brief(request: HttpRequest, pk: UUID, besluit: UUID, vorm: str) -> HttpResponseBase:
    """The letter of an announced decision."""
    rij = verstuurd_of_404(request, pk)
    gevonden = get_object_or_404(
        rij.besluiten.filter(status=Besluitstatus.VERZONDEN).select_related("brief_html", "brief_pdf"), pk=besluit
    )
    if vorm == "pdf":
        return bestand_antwoord(brief_pdf(besluit=gevonden))
    if gevonden.brief_html is None:
        raise Http404
    return bestand_antwoord(gevonden.brief_html)
