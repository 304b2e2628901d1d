"""Registering an organisation with what the trade register knows, and changing its data."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from aanvragen.models import Organisatie
from aanvragen.register.gegevens import AFGELEID, VELDEN, Navraag, Navraaguitkomst
from aanvragen.services.organisatie import organisatie_registreren, organisatie_wijzigen
from aanvragen.services.register import register_vastleggen
from kern.fouten import DomeinFout, InvoerFout
from portalen.formulieren.organisatie import Kvkformulier, Organisatieformulier, uit_organisatie
from portalen.presentatie.navigatie import kruimels
from portalen.presentatie.register import registerblok, velden_van
from portalen.registernavraag import ander_opgezocht, opgehaald, opvragen, vergeten
from portalen.toegang import gebruiker_van
from portalen.verzoek import ontvangen
from portalen.views.hulp import eigen_organisatie, fout_in_formulier, volgende_adres


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def organisatie_nieuw(request: HttpRequest) -> HttpResponse:
    """Registers an organisation; who does so becomes its manager. First the number, then what the register knows."""
    if request.method != "POST":
        return _toon_nummer(request, Kvkformulier())
    if request.POST.get("actie") == "opzoeken":
        return _opzoeken(request)
    formulier = Organisatieformulier(request.POST, nieuw=True)
    if not formulier.is_valid():
        return _toon_nieuw(request, formulier, opgehaald(request, formulier.cleaned_data.get("kvk_nummer", "")))
    kvk_nummer = formulier.cleaned_data["kvk_nummer"]
    navraag = None
    if ander_opgezocht(request, kvk_nummer):  # what was filled in belongs to another number
        return _opzoeken(request)
    try:
        navraag = opgehaald(request, kvk_nummer) or opvragen(request, kvk_nummer)
        organisatie = organisatie_registreren(
            kvk_nummer=kvk_nummer,
            gegevens=formulier.gegevens(),
            actor=gebruiker_van(request),
            op=ontvangen(request),
            register=navraag,
        )
    except DomeinFout as fout:
        fout_in_formulier(formulier, fout)
        return _toon_nieuw(request, formulier, navraag, bestaat=fout.code == "organisatie-bestaat")
    vergeten(request)
    messages.success(request, _("%(naam)s is aangemeld.") % {"naam": organisatie.naam})
    return redirect(volgende_adres(request) or reverse("portalen:mijn_aanvragen"))


def _opzoeken(request: HttpRequest) -> HttpResponse:
    """Looks the number up; the page that follows has the answer in its fields. Nothing is kept but the answer."""
    vraag = Kvkformulier(request.POST)
    if not vraag.is_valid():
        return _toon_nummer(request, vraag)
    try:
        navraag = opvragen(request, vraag.cleaned_data["kvk_nummer"])
    except InvoerFout as fout:
        fout_in_formulier(vraag, fout)
        return _toon_nummer(request, vraag)
    begin = {"kvk_nummer": vraag.cleaned_data["kvk_nummer"]}
    if navraag.gegevens is not None:
        begin |= {veld: getattr(navraag.gegevens, veld) for veld in (*VELDEN, *AFGELEID)}
    return _toon_nieuw(request, Organisatieformulier(nieuw=True, initial=begin), navraag)


def _toon_nummer(request: HttpRequest, formulier: Kvkformulier) -> HttpResponse:
    titel = _("Organisatie aanmelden")
    context = {"form": formulier, "titel": titel, "volgende": volgende_adres(request), "kruimels": _kruimels(titel)}
    return render(request, "portalen/aanvrager/organisatie_nummer.html", context)


def _toon_nieuw(
    request: HttpRequest, formulier: Organisatieformulier, navraag: Navraag | None, *, bestaat: bool = False
) -> HttpResponse:
    """The form; what the register filled in is folded away behind "Klopt dit niet?"."""
    gegevens = navraag.gegevens if navraag else None
    bekend = {veld for veld in (*VELDEN, *AFGELEID) if gegevens and getattr(gegevens, veld)}
    titel = _("Gegevens van uw organisatie")
    context = {
        "form": formulier,
        "titel": titel,
        "nieuw": True,
        "bestaat": bestaat,
        "navraag": navraag,
        "onbereikbaar": navraag is not None and navraag.uitkomst == Navraaguitkomst.ONBEREIKBAAR,
        "gegevens": gegevens,
        "registervelden": velden_van({}, gegevens) if gegevens else (),
        "gevuld": bekend,
        "fout_in_gevuld": bool(bekend & set(formulier.errors)) if formulier.is_bound else False,
        "nu": ontvangen(request),
        "volgende": volgende_adres(request),
        "kruimels": _kruimels(titel),
    }
    return render(request, "portalen/aanvrager/organisatie.html", context)


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def organisatie(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Changes the data of one's own organisation, beside what the trade register says of it."""
    rij = eigen_organisatie(request, pk)
    if request.method == "POST" and request.POST.get("actie") == "register":
        return _opnieuw_vragen(request, rij)
    formulier = Organisatieformulier(request.POST or None, nieuw=False, initial=uit_organisatie(rij))
    if request.method == "POST" and formulier.is_valid():
        try:
            rij = organisatie_wijzigen(
                organisatie=rij, gegevens=formulier.gegevens(), actor=gebruiker_van(request), op=ontvangen(request)
            )
        except DomeinFout as fout:
            fout_in_formulier(formulier, fout)
        else:
            messages.success(request, _("De gegevens van %(naam)s zijn bewaard.") % {"naam": rij.naam})
            return redirect(volgende_adres(request) or reverse("portalen:mijn_aanvragen"))
    titel = _("Gegevens van uw organisatie")
    context = {
        "form": formulier,
        "titel": titel,
        "nieuw": False,
        "organisatie": rij,
        "kvk_nummer": rij.kvk_nummer,
        "gevuld": set(),
        "blok": registerblok(rij),
        "vestigingen": rij.vestigingen.all(),
        "volgende": volgende_adres(request),
        "kruimels": _kruimels(titel),
    }
    return render(request, "portalen/aanvrager/organisatie.html", context)


def _opnieuw_vragen(request: HttpRequest, rij: Organisatie) -> HttpResponse:
    try:
        navraag = opvragen(request, rij.kvk_nummer)
    except InvoerFout as fout:
        messages.error(request, str(fout))
    else:
        vergeten(request)
        register_vastleggen(organisatie=rij, navraag=navraag, actor=gebruiker_van(request), op=ontvangen(request))
        if navraag.uitkomst == Navraaguitkomst.ONBEREIKBAAR:
            messages.warning(
                request, _("Het Handelsregister geeft nu geen antwoord. Wij proberen het later vanzelf opnieuw.")
            )
        else:
            messages.success(request, _("Wij hebben de gegevens opnieuw opgehaald uit het Handelsregister."))
    volgende = volgende_adres(request)
    return redirect(
        reverse("portalen:organisatie", args=[rij.pk]) + (f"?{urlencode({'volgende': volgende})}" if volgende else "")
    )


@login_required
@require_GET
def organisatie_buitenland(request: HttpRequest) -> HttpResponse:
    """What to do without a Dutch KvK number."""
    titel = _("Mijn organisatie staat niet in het Nederlandse Handelsregister")
    aanmelden = (_("Organisatie aanmelden"), reverse("portalen:organisatie_nieuw"))
    context = {"titel": titel, "kruimels": kruimels(aanmelden, (titel, ""))}
    return render(request, "portalen/aanvrager/organisatie_buitenland.html", context)


def _kruimels(titel: str) -> object:
    return kruimels((_("Mijn aanvragen"), reverse("portalen:mijn_aanvragen")), (titel, ""))
