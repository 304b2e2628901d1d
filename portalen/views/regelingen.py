"""Public pages of a scheme: the list, the page of a round, and all questions beforehand."""

from __future__ import annotations

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone
from django.utils.http import content_disposition_header
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from aanvragen.kengetallen import eerdere_rondes, invultijd, wachttijd
from portalen.presentatie import regelingtekst
from portalen.presentatie.navigatie import kruimels
from portalen.presentatie.tijdvakken import (
    OPEN,
    budget_van,
    geldige_loting,
    getoonde_tijdvakken,
    kaart,
    lotingen_van,
    openbare_tijdvakken,
    stand_van,
    tijd_over,
)
from portalen.presentatie.verdeling import korte_methode, verdeling_uitleg
from portalen.presentatie.verloop import besluit_uiterlijk, verloop
from portalen.presentatie.vragendocument import vragen_pdf as pdf_van_vragen
from portalen.presentatie.vragenlijst import vragenlijst
from regeling.models import Tijdvak

PER_PAGINA = 20


def tijdvak_of_404(sleutel: str) -> Tijdvak:
    """A published round; a draft does not exist for the public."""
    return get_object_or_404(openbare_tijdvakken(), sleutel=sleutel)


@require_safe
def regelingen(request: HttpRequest) -> HttpResponse:
    """All rounds, the newest first."""
    nu = timezone.now()
    pagina = Paginator(getoonde_tijdvakken().order_by("-sluit_op", "pk"), PER_PAGINA).get_page(
        request.GET.get("pagina")
    )
    return render(
        request,
        "portalen/publiek/regelingen.html",
        {"pagina": pagina, "kaarten": [kaart(tijdvak, nu) for tijdvak in pagina]},
    )


@require_safe
def regeling(request: HttpRequest, sleutel: str) -> HttpResponse:
    """Everything one needs to know before applying in a round."""
    tijdvak, nu = tijdvak_of_404(sleutel), timezone.now()
    spec, stand, lotingen = tijdvak.spec, stand_van(tijdvak, nu), lotingen_van(tijdvak)
    openbaar = [loting for loting in lotingen if loting.gepubliceerd_op is not None]
    budget = budget_van(tijdvak, nu)
    return render(
        request,
        "portalen/publiek/regeling.html",
        {
            "tijdvak": tijdvak,
            "spec": spec,
            "stand": stand,
            "over": tijd_over(tijdvak.sluit_op if stand == OPEN else tijdvak.open_op, nu),
            "budget": budget,
            "gevraagd_deel": budget.cijfers.gevraagd_bedrag / budget.totaal if budget.totaal else None,
            "wie": regelingtekst.wie(spec),
            "klaarleggen": regelingtekst.klaarleggen(spec),
            "voorwaarden": regelingtekst.voorwaarden(spec),
            "methode": korte_methode(tijdvak),
            "verdeling": verdeling_uitleg(tijdvak),
            "termijnen": regelingtekst.termijnen(spec),
            "geldigheid": regelingtekst.geldigheid(spec),
            "loting": bool(lotingen),
            "verloop": verloop(tijdvak, geldige_loting(openbaar), nu),
            "besluit_uiterlijk": besluit_uiterlijk(tijdvak, nu),
            "invultijd": invultijd(tijdvak),
            "wachttijd": wachttijd(tijdvak, nu),
            "rondes": eerdere_rondes(tijdvak),
            "storingen": list(tijdvak.storingen.order_by("vastgelegd_op")),
            "kruimels": kruimels((_("Regelingen"), reverse("portalen:regelingen")), (tijdvak.naam, "")),
        },
    )


@require_safe
def vragen(request: HttpRequest, sleutel: str) -> HttpResponse:
    """All questions of the form, to read and print beforehand."""
    tijdvak = tijdvak_of_404(sleutel)
    return render(
        request,
        "portalen/publiek/vragen.html",
        {
            "tijdvak": tijdvak,
            "spec": tijdvak.spec,
            "delen": vragenlijst(tijdvak.spec),
            "klaarleggen": regelingtekst.klaarleggen(tijdvak.spec),
            "bijlagen": [
                {"bijlage": bijlage, "eisen": regelingtekst.bijlage_eisen(bijlage)}
                for bijlage in tijdvak.spec.bijlagen
                if bijlage.bij == "aanvraag"
            ],
            "invultijd": invultijd(tijdvak),
            "kruimels": kruimels(
                (_("Regelingen"), reverse("portalen:regelingen")),
                (tijdvak.naam, reverse("portalen:regeling", args=[tijdvak.sleutel])),
                (_("Alle vragen"), ""),
            ),
        },
    )


@require_safe
def vragen_pdf(request: HttpRequest, sleutel: str) -> HttpResponse:
    """The same questions as a PDF, always in Dutch like the scheme itself."""
    tijdvak = tijdvak_of_404(sleutel)
    antwoord = HttpResponse(pdf_van_vragen(tijdvak), content_type="application/pdf")
    antwoord["Content-Disposition"] = content_disposition_header(True, f"vragen-{tijdvak.sleutel}.pdf") or "attachment"
    return antwoord
