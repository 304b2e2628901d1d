"""Who may act for an organisation: the list for everybody in it, and what a manager can do about it."""

from __future__ import annotations

from collections.abc import Callable
from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from aanvragen.enums import Machtigingbereik, Machtigingsoort
from aanvragen.models import Machtiging, Organisatie
from aanvragen.selectors import machtigingen_van, van_kracht
from aanvragen.services.machtigingen import (
    beheert,
    eis_beheerder,
    machtiging_beeindigen,
    machtiging_goedkeuren,
    machtiging_wijzigen,
    open_zaken_van,
)
from aanvragen.services.uitnodigingen import (
    Uitnodiginggegevens,
    is_voor,
    open_uitnodigingen,
    uitnodiging_aanvaarden,
    uitnodiging_bij,
    uitnodiging_intrekken,
    uitnodiging_opnieuw,
    uitnodiging_versturen,
)
from kern.fouten import DomeinFout
from kern.models import Gebruiker
from portalen.formulieren.machtigingen import Eindeformulier, Machtigingformulier, Uitnodigformulier, uit_machtiging
from portalen.presentatie.navigatie import Kruimel, kruimels
from portalen.toegang import gebruiker_van
from portalen.verzoek import ontvangen
from portalen.views.hulp import eigen_organisatie


def zichtbare_machtigingen(organisatie: Organisatie, gebruiker: Gebruiker) -> QuerySet[Machtiging]:
    """Everybody of the organisation sees who may do what; somebody from outside sees the managers and self."""
    rijen = Machtiging.objects.filter(van_kracht(), organisatie=organisatie)
    eigen = machtigingen_van(gebruiker).filter(organisatie=organisatie).first()
    if eigen is None or eigen.soort == Machtigingsoort.INTERMEDIAIR:
        rijen = rijen.filter(soort=Machtigingsoort.BEHEERDER) | rijen.filter(gebruiker=gebruiker)
    return rijen.select_related("gebruiker", "regeling", "namens", "organisatie").order_by("gebruiker__naam", "pk")


def collegas(organisatie: Organisatie, behalve: Gebruiker | None = None) -> list[Gebruiker]:
    """People who could look after a case of the organisation: may at least fill in."""
    rijen = Machtiging.objects.filter(van_kracht(), organisatie=organisatie).exclude(bereik=Machtigingbereik.LEZEN)
    mensen = {m.gebruiker for m in rijen.select_related("gebruiker").exclude(gebruiker=behalve)}
    return sorted(mensen, key=lambda persoon: (str(persoon), persoon.pk))


def _kruimels(organisatie: Organisatie, *verder: str) -> list[Kruimel]:
    return kruimels(
        (_("Mijn aanvragen"), reverse("portalen:mijn_aanvragen")),
        (_("Mensen van %(naam)s") % {"naam": organisatie.naam}, reverse("portalen:mensen", args=[organisatie.pk])),
        *((stap, "") for stap in verder),
    )


def _naar_lijst(organisatie: Organisatie) -> HttpResponse:
    return redirect("portalen:mensen", organisatie.pk)


def _maak_link(request: HttpRequest) -> Callable[[str], str]:
    return lambda geheim: request.build_absolute_uri(reverse("portalen:uitnodiging", args=[geheim]))


@login_required
@require_safe
def mensen(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Who may do what for this organisation."""
    organisatie, gebruiker = eigen_organisatie(request, pk), gebruiker_van(request)
    beheerder = beheert(gebruiker, organisatie)
    context = {
        "organisatie": organisatie,
        "machtigingen": zichtbare_machtigingen(organisatie, gebruiker),
        "uitnodigingen": open_uitnodigingen(organisatie) if beheerder else [],
        "beheerder": beheerder,
        "nu": ontvangen(request),
        "kruimels": _kruimels(organisatie),
    }
    return render(request, "portalen/aanvrager/mensen.html", context)


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def mensen_uitnodigen(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Invites a colleague or an intermediary."""
    organisatie, gebruiker = eigen_organisatie(request, pk), gebruiker_van(request)
    eis_beheerder(gebruiker, organisatie)
    begin = {"soort": Machtigingsoort.MEDEWERKER, "bereik": Machtigingbereik.INVULLEN}
    formulier = Uitnodigformulier(request.POST if request.method == "POST" else None, initial=begin)
    if request.method == "POST" and formulier.is_valid():
        gegevens = formulier.gegevens()
        try:
            uitnodiging = uitnodiging_versturen(
                organisatie=organisatie,
                gegevens=Uitnodiginggegevens(
                    email=formulier.cleaned_data["email"],
                    soort=gegevens["soort"],
                    bereik=gegevens["bereik"],
                    regeling=gegevens["regeling"],
                    machtiging_tot=gegevens["geldig_tot"],
                ),
                maak_link=_maak_link(request),
                actor=gebruiker,
                op=ontvangen(request),
            )
        except DomeinFout as fout:
            formulier.neem_fout_over(fout)
        else:
            messages.success(
                request,
                _("De uitnodiging is verstuurd naar %(email)s. De link werkt 14 dagen.") % {"email": uitnodiging.email},
            )
            return _naar_lijst(organisatie)
    titel = _("Iemand uitnodigen")
    context = {
        "organisatie": organisatie,
        "form": formulier,
        "titel": titel,
        "knop": _("Uitnodiging versturen"),
        "kruimels": _kruimels(organisatie, titel),
    }
    return render(request, "portalen/aanvrager/machtiging.html", context)


def _machtiging_of_404(organisatie: Organisatie, nummer: int, gebruiker: Gebruiker) -> Machtiging:
    return get_object_or_404(zichtbare_machtigingen(organisatie, gebruiker), pk=nummer)


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def machtiging(request: HttpRequest, pk: UUID, nummer: int) -> HttpResponse:
    """Changes what somebody may do."""
    organisatie, gebruiker = eigen_organisatie(request, pk), gebruiker_van(request)
    rij = _machtiging_of_404(organisatie, nummer, gebruiker)
    eis_beheerder(gebruiker, organisatie)
    formulier = Machtigingformulier(request.POST if request.method == "POST" else None, initial=uit_machtiging(rij))
    if request.method == "POST" and formulier.is_valid():
        try:
            machtiging_wijzigen(machtiging=rij, actor=gebruiker, op=ontvangen(request), **formulier.gegevens())
        except DomeinFout as fout:
            formulier.neem_fout_over(fout)
        else:
            messages.success(request, _("De machtiging van %(naam)s is gewijzigd.") % {"naam": rij.gebruiker})
            return _naar_lijst(organisatie)
    titel = _("Machtiging van %(naam)s") % {"naam": rij.gebruiker}
    context = {
        "organisatie": organisatie,
        "form": formulier,
        "titel": titel,
        "knop": _("Bewaren"),
        "machtiging": rij,
        "kruimels": _kruimels(organisatie, titel),
    }
    return render(request, "portalen/aanvrager/machtiging.html", context)


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def machtiging_einde(request: HttpRequest, pk: UUID, nummer: int) -> HttpResponse:
    """Ends a mandate: a manager of anybody, everybody of oneself; asks who takes over."""
    organisatie = eigen_organisatie(request, pk, minstens=Machtigingbereik.LEZEN)
    gebruiker = gebruiker_van(request)
    rij = _machtiging_of_404(organisatie, nummer, gebruiker)
    if rij.gebruiker != gebruiker:
        eis_beheerder(gebruiker, organisatie)
    zaken = list(open_zaken_van(rij))
    opvolgers = collegas(organisatie, behalve=rij.gebruiker) if zaken else []
    formulier = Eindeformulier(opvolgers, request.POST if request.method == "POST" else None)
    if request.method == "POST" and formulier.is_valid():
        try:
            machtiging_beeindigen(machtiging=rij, opvolger=formulier.opvolger(), actor=gebruiker, op=ontvangen(request))
        except DomeinFout as fout:
            formulier.neem_fout_over(fout)
        else:
            messages.success(request, _("De machtiging van %(naam)s is beëindigd.") % {"naam": rij.gebruiker})
            return redirect("portalen:mijn_aanvragen") if rij.gebruiker == gebruiker else _naar_lijst(organisatie)
    context = {
        "organisatie": organisatie,
        "form": formulier,
        "machtiging": rij,
        "zaken": zaken,
        "kruimels": _kruimels(organisatie, _("Machtiging beëindigen")),
    }
    return render(request, "portalen/aanvrager/machtiging_einde.html", context)


@login_required
@require_POST
def machtiging_akkoord(request: HttpRequest, pk: UUID, nummer: int) -> HttpResponse:
    """A manager vouches for somebody who registered without proof."""
    organisatie, gebruiker = eigen_organisatie(request, pk), gebruiker_van(request)
    rij = _machtiging_of_404(organisatie, nummer, gebruiker)
    machtiging_goedkeuren(machtiging=rij, actor=gebruiker, op=ontvangen(request))
    messages.success(request, _("De machtiging van %(naam)s is bevestigd.") % {"naam": rij.gebruiker})
    return _naar_lijst(organisatie)


@login_required
@require_POST
def uitnodiging_stap(request: HttpRequest, pk: UUID, uitnodiging: UUID, stap: str) -> HttpResponse:
    """Sends an invitation again, or withdraws it."""
    organisatie, gebruiker = eigen_organisatie(request, pk), gebruiker_van(request)
    eis_beheerder(gebruiker, organisatie)
    rij = get_object_or_404(open_uitnodigingen(organisatie).select_related("organisatie", "regeling"), pk=uitnodiging)
    if stap == "opnieuw":
        uitnodiging_opnieuw(uitnodiging=rij, maak_link=_maak_link(request), actor=gebruiker, op=ontvangen(request))
        messages.success(request, _("Er is een nieuwe link verstuurd naar %(email)s.") % {"email": rij.email})
    elif stap == "intrekken":
        uitnodiging_intrekken(uitnodiging=rij, actor=gebruiker, op=ontvangen(request))
        messages.success(request, _("De uitnodiging van %(email)s is ingetrokken.") % {"email": rij.email})
    else:
        raise Http404
    return _naar_lijst(organisatie)


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def uitnodiging(request: HttpRequest, geheim: str) -> HttpResponse:
    """The link of an invitation: shows what it is for; accepting is a POST of who owns the address."""
    rij = uitnodiging_bij(geheim)
    if rij is None:
        raise Http404
    gebruiker = request.user if isinstance(request.user, Gebruiker) else None
    if request.method == "POST" and gebruiker is not None:
        uitnodiging_aanvaarden(uitnodiging=rij, actor=gebruiker, op=ontvangen(request))
        messages.success(request, _("U kunt nu handelen voor %(naam)s.") % {"naam": rij.organisatie.naam})
        return redirect("portalen:mijn_aanvragen")
    gesloten = rij.aanvaard_op is not None or rij.ingetrokken_op is not None or ontvangen(request) > rij.verloopt_op
    context = {
        "uitnodiging": rij,
        "gesloten": gesloten,
        "is_voor": gebruiker is not None and is_voor(rij, gebruiker),
        "bereik": Machtigingbereik(rij.bereik).label,
        "soort": Machtigingsoort(rij.soort).label,
    }
    return render(request, "portalen/aanvrager/uitnodiging.html", context, status=410 if gesloten else 200)
