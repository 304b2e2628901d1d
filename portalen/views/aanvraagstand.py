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
from django.views.decorators.http import require_http_methods, require_safe

from aanvragen.enums import Status
from aanvragen.inhoud import verstuurde_rubrieken
from aanvragen.models import Aanvraag
from aanvragen.selectors import eerste_voorstel, vervolg_van
from aanvragen.services.contact import Contactgegevens, contact_wijzigbaar, contact_wijzigen
from aanvragen.services.indienen import ontvangst_html, ontvangstbewijs
from beoordeling.services.plaatsuitleg import heeft_uitleg
from kern.fouten import DomeinFout
from portalen.formulieren.contact import Contactformulier, Intrekformulier
from portalen.presentatie.navigatie import kruimels_aanvraag
from portalen.presentatie.referenties import wordt_gecontroleerd
from portalen.presentatie.stand import (
    INTREKBAAR,
    TOEGEKEND,
    beslistermijn_van,
    open_aanvulling,
    tijdlijn,
    vlag_van,
    volgende_actie,
    voucher_van,
)
from portalen.presentatie.tijdvakken import LOOT, geldige_loting, openbare_lotingen
from portalen.presentatie.uitslag import uitslag_van
from portalen.presentatie.zaakoverzicht import gemachtigden, lotingplaats, postbus, referenties_van, stukken
from portalen.toegang import gebruiker_van
from portalen.verzoek import ontvangen
from portalen.views.hulp import bestand_antwoord, eigen_aanvraag, formeel, fout_in_formulier, veilig
from uitvoering.enums import Besluitstatus
from uitvoering.models import Besluit
from uitvoering.selectors import declaratie_van, per_deelnemer
from uitvoering.services.brief import brief_pdf
from uitvoering.services.deelnemers import LOOPT
from uitvoering.services.intrekking import zaak_intrekken


def verstuurd_of_404(request: HttpRequest, pk: UUID, *, recht: str | None = None) -> Aanvraag:
    """An application of one's own that was sent; ``recht`` as in :func:`eigen_aanvraag`."""
    rij = eigen_aanvraag(request, pk, recht=recht)
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


def toon_stand(request: HttpRequest, rij: Aanvraag, nu: datetime) -> HttpResponse:
    """Where a sent application stands."""
    besluiten, verzoek = verzonden_besluiten(rij), open_aanvulling(rij)
    loting = geldige_loting(openbare_lotingen(rij.tijdvak))
    aanvullingen = list(rij.aanvullingen.prefetch_related("items", "papieren"))
    context = {
        "aanvraag": rij,
        "tijdvak": rij.tijdvak,
        "vlag": vlag_van(rij),
        "actie": volgende_actie(rij, nu),
        "stappen": tijdlijn(rij, besluiten, loting),
        "termijn": beslistermijn_van(rij, timezone.localtime(nu).date()),
        "verzoek": verzoek,
        "aanvullingen": aanvullingen,
        "besluiten": besluiten,
        "bezwaar_adres": " ".join(rij.tijdvak.spec.regeling.bezwaar_adres.split()),
        "loting": loting,
        "plaats": getattr(rij, "plaats", None),
        "lot": lotingplaats(rij, loting),
        "geloot": rij.tijdvak.methode in LOOT,
        "heeft_uitleg": heeft_uitleg(rij),
        "berichten": postbus(rij, gebruiker_van(request)),
        "gemachtigden": gemachtigden(rij, timezone.localtime(nu).date()),
        "referenties": referenties_van(rij),
        "stukken": stukken(rij),
        "contact_wijzigbaar": contact_wijzigbaar(rij) and gebruiker_van(request).has_perm("aanvragen.wijzigen", rij),
        "voucher": voucher_van(rij),
        "uitslag": uitslag_van(rij),
        "declaratie": declaratie_van(rij),
        "kan_declareren": rij.status in {Status.VERLEEND, Status.IN_UITVOERING} or declaratie_van(rij) is not None,
        "per_deelnemer": per_deelnemer(rij.tijdvak.spec) and rij.status in TOEGEKEND,
        "intrekbaar": rij.status in INTREKBAAR,
        "referenties_zien": wordt_gecontroleerd(rij),
        "heeft_leergang": rij.tijdvak.spec.leergang is not None and rij.status in LOOPT,
        "vervolg": vervolg_van(rij),
        "eerste_voorstel": eerste_voorstel(rij),
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
@require_http_methods(["GET", "HEAD", "POST"])
def intrekken(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Asks for confirmation, then withdraws."""
    rij = verstuurd_of_404(request, pk, recht=formeel(request))
    if rij.status not in INTREKBAAR:
        messages.info(request, _("Deze aanvraag kan niet (meer) worden ingetrokken."))
        return redirect("portalen:aanvraag", rij.pk)
    formulier = Intrekformulier(request.POST if request.method == "POST" else None)
    if request.method == "POST" and formulier.is_valid():
        try:
            zaak_intrekken(
                aanvraag=rij, reden=formulier.als_reden(), actor=gebruiker_van(request), op=ontvangen(request)
            )
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
@require_http_methods(["GET", "HEAD", "POST"])
def contact(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Changes whom we write to about a sent application, and how."""
    rij = verstuurd_of_404(request, pk)
    if not contact_wijzigbaar(rij):
        messages.info(request, _("Deze aanvraag is klaar. De contactgegevens kunnen niet meer worden gewijzigd."))
        return redirect("portalen:aanvraag", rij.pk)
    formulier = Contactformulier(
        request.POST if request.method == "POST" else None, initial=Contactformulier.begin(rij)
    )
    if request.method == "POST" and formulier.is_valid():
        try:
            contact_wijzigen(
                aanvraag=rij,
                nieuw=Contactgegevens(**formulier.cleaned_data),
                actor=gebruiker_van(request),
                op=ontvangen(request),
            )
        except DomeinFout as fout:
            fout_in_formulier(formulier, fout)
        else:
            messages.success(request, _("De contactgegevens zijn bewaard."))
            return redirect("portalen:aanvraag", rij.pk)
    context = {
        "aanvraag": rij,
        "tijdvak": rij.tijdvak,
        "form": formulier,
        "kruimels": kruimels_aanvraag(rij, _("Contactgegevens wijzigen")),
    }
    return render(request, "portalen/aanvrager/contact.html", context)


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
