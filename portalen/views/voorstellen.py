"""The administrator: schemes, proposals for a new version, the editor, and publication by a second person."""

from __future__ import annotations

import re
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from kern.enums import Rol
from kern.fouten import BestandFout, DomeinFout, OvergangFout
from kern.models import LogRegel
from kern.services.spoor import keten_van
from portalen.formulieren.voorstel import Beginformulier, Opstuurformulier, Tekstformulier
from portalen.spoortekst import gebeurtenissen
from portalen.toegang import gebruiker_van, rol_vereist
from portalen.verzoek import ontvangen
from regeling.enums import Voorstelstatus
from regeling.models import Regeling, Regelingversie, Regelingvoorstel
from regeling.regelverschil import regelverschil, sleutelverschillen
from regeling.selectors_voorstel import controleer, tekst_van_versie
from regeling.services.catalogus import ONGEWIJZIGD
from regeling.services.voorstel import (
    schrijvers,
    voorstel_aanbieden,
    voorstel_afwijzen,
    voorstel_basis_bijwerken,
    voorstel_bewerken,
    voorstel_intrekken,
    voorstel_maken,
    voorstel_publiceren,
    voorstel_terugnemen,
)

OPEN = (Voorstelstatus.CONCEPT, Voorstelstatus.AANGEBODEN)
#: Lines of the difference that are shown; the rest is in the file.
REGELS_GETOOND = 600
PER_PAGINA = 25
STATUSSOORT = {
    Voorstelstatus.CONCEPT: "neutraal",
    Voorstelstatus.AANGEBODEN: "warning",
    Voorstelstatus.GEPUBLICEERD: "ok",
    Voorstelstatus.AFGEWEZEN: "error",
    Voorstelstatus.INGETROKKEN: "neutraal",
}


def voorstel_of_404(pk: UUID) -> Regelingvoorstel:
    rijen = Regelingvoorstel.objects.select_related(
        "regeling", "basis", "versie", "gemaakt_door", "bewerkt_door", "aangeboden_door", "gepubliceerd_door"
    )
    return get_object_or_404(rijen, pk=pk)


def _met_vlag(voorstel: Regelingvoorstel) -> dict[str, Any]:
    return {"voorstel": voorstel, "soort": STATUSSOORT[Voorstelstatus(voorstel.status)]}


def _lijst(request: HttpRequest, **anders: Any) -> dict[str, Any]:
    versies: dict[int, Regelingversie] = {}
    alle = Regelingversie.objects.defer("inhoud").order_by("geladen_op", "pk")
    for versie in alle.select_related("geladen_door"):
        versies[versie.regeling_id] = versie
    rijen = Regelingvoorstel.objects.select_related("regeling", "bewerkt_door").defer("tekst")
    lopend: dict[int, list[Regelingvoorstel]] = {}
    openstaand = list(rijen.filter(status__in=OPEN).order_by("-bewerkt_op"))
    for voorstel in openstaand:
        if voorstel.regeling_id is not None:
            lopend.setdefault(voorstel.regeling_id, []).append(voorstel)
    klaar = rijen.exclude(status__in=OPEN).order_by("-bewerkt_op", "-gemaakt_op")
    return {
        "regelingen": [
            {"regeling": regeling, "versie": versies.get(regeling.pk), "lopend": len(lopend.get(regeling.pk, []))}
            for regeling in Regeling.objects.order_by("naam")
        ],
        "openstaand": [_met_vlag(voorstel) for voorstel in openstaand],
        "pagina": Paginator(klaar, PER_PAGINA).get_page(request.GET.get("pagina")),
        "soorten": STATUSSOORT,
        "beginform": Beginformulier(auto_id="id_begin_%s", initial={"regeling": request.GET.get("regeling")}),
        "opstuurform": Opstuurformulier(auto_id="id_stuur_%s"),
        **anders,
    }


@rol_vereist(Rol.BEHEERDER)
@require_GET
def regelingen(request: HttpRequest) -> HttpResponse:
    """Every scheme with the version in force, and the proposals."""
    return render(request, "portalen/medewerker/voorstellen.html", _lijst(request))


@rol_vereist(Rol.BEHEERDER)
@require_POST
def voorstel_nieuw(request: HttpRequest) -> HttpResponse:
    """A proposal from the version in force, or from a file."""
    opsturen = request.POST.get("knop") == "bestand"
    begin = Beginformulier(None if opsturen else request.POST, auto_id="id_begin_%s")
    stuur = Opstuurformulier(
        request.POST if opsturen else None, request.FILES if opsturen else None, auto_id="id_stuur_%s"
    )
    formulier = stuur if opsturen else begin
    if formulier.is_valid():
        try:
            voorstel = voorstel_maken(
                regeling=None if opsturen else formulier.cleaned_data["regeling"],
                inhoud=formulier.cleaned_data["bestand"] if opsturen else None,
                bestand=(request.FILES["bestand"].name or "") if opsturen else "",  # type: ignore[union-attr]  # one file
                actor=gebruiker_van(request),
                op=ontvangen(request),
            )
        except BestandFout as fout:
            for een in fout.fouten:
                formulier.add_error("bestand", f"{een.plek}: {een.melding}")
        except DomeinFout as fout:
            formulier.neem_fout_over(fout)
        else:
            naam = "voorstel" if opsturen else "voorstel_bewerken"
            return redirect(f"portalen:{naam}", pk=voorstel.pk)
    context = _lijst(request, beginform=begin, opstuurform=stuur, form=formulier)
    return render(request, "portalen/medewerker/voorstellen.html", context, status=400)


def _als_bestand(tekst: str, naam: str) -> HttpResponse:
    antwoord = HttpResponse(tekst, content_type="application/toml; charset=utf-8")
    veilig = re.sub(r"[^A-Za-z0-9._-]", "_", naam)
    antwoord["Content-Disposition"] = f'attachment; filename="{veilig}"'
    return antwoord


@rol_vereist(Rol.BEHEERDER)
@require_GET
def versie_bestand(request: HttpRequest, pk: int) -> HttpResponse:
    """A version as a file."""
    versie = get_object_or_404(Regelingversie.objects.select_related("regeling"), pk=pk)
    return _als_bestand(tekst_van_versie(versie), f"{versie.regeling.sleutel}.toml")


@rol_vereist(Rol.BEHEERDER)
@require_GET
def voorstel_bestand(request: HttpRequest, pk: UUID) -> HttpResponse:
    """The text of a proposal as a file."""
    voorstel = voorstel_of_404(pk)
    return _als_bestand(voorstel.tekst, voorstel.bestand)


@rol_vereist(Rol.BEHEERDER)
@require_GET
def voorstel(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Errors, what may not change, the difference, and what one can do."""
    rij = voorstel_of_404(pk)
    wie = gebruiker_van(request)
    spoor = LogRegel.objects.filter(keten=keten_van(rij)).select_related("actor").order_by("-volgnr")
    context = {
        **_met_vlag(rij),
        "open": rij.status in OPEN,
        "mag_beslissen": rij.status == Voorstelstatus.AANGEBODEN and wie.pk not in schrijvers(rij),
        "schreef_zelf": wie.pk in schrijvers(rij),
        "gebeurtenissen": gebeurtenissen(spoor[:100]),
        "regels_getoond": REGELS_GETOOND,
    }
    if rij.status in OPEN:
        uitslag = controleer(rij, ontvangen(request))
        context |= {"uitslag": uitslag, "regels": uitslag.regels, "sleutels": uitslag.sleutels}
        context |= {"geldend": uitslag.van_kracht, "omgeving": _omgeving(rij.tekst, uitslag.fouten)}
    else:
        basis, versie = rij.basis, rij.versie
        context["geldend"] = basis
        context["regels"] = regelverschil(tekst_van_versie(basis), rij.tekst) if basis else []
        context["sleutels"] = sleutelverschillen(basis.spec, versie.spec) if basis and versie else []
    context["regels_aantal"] = sum(len(groep) for groep in context["regels"] or [])
    return render(request, "portalen/medewerker/voorstel.html", context)


def _omgeving(tekst: str, fouten: list[Any]) -> list[tuple[int, str, bool]]:
    """The lines around the place where reading stopped: (number, text, whether it is the one)."""
    gevonden = next((re.search(r"regel (\d+)", fout.plek) for fout in fouten if fout.kolom == "toml"), None)
    if gevonden is None:
        return []
    nummer, regels = int(gevonden[1]), tekst.split("\n")
    van = max(0, nummer - 3)
    return [(nr, regel[:200], nr == nummer) for nr, regel in enumerate(regels[van : nummer + 2], van + 1)]


@rol_vereist(Rol.BEHEERDER)
@require_http_methods(["GET", "POST"])
def bewerken(request: HttpRequest, pk: UUID) -> HttpResponse:
    """The text in a text area. When somebody saved meanwhile, both texts are on the page and nothing is lost."""
    rij = voorstel_of_404(pk)
    if request.method == "GET" and rij.status != Voorstelstatus.CONCEPT:
        return redirect("portalen:voorstel", pk=rij.pk)
    context: dict[str, Any] = {**_met_vlag(rij)}
    formulier = Tekstformulier(request.POST or None, initial={"tekst": rij.tekst, "nummer": rij.nummer})
    status = 200
    if request.method == "POST":
        status = 400
        if formulier.is_valid():
            try:
                voorstel_bewerken(
                    voorstel=rij, actor=gebruiker_van(request), op=ontvangen(request), **formulier.cleaned_data
                )
            except BestandFout as fout:
                for een in fout.fouten:
                    formulier.add_error("tekst", f"{een.plek}: {een.melding}")
            except OvergangFout as fout:
                status, nieuwste = 409, voorstel_of_404(pk)
                formulier.neem_fout_over(fout)
                context |= _botsing(nieuwste, formulier.cleaned_data["nummer"])
                gegevens = request.POST.copy()
                gegevens["nummer"] = str(nieuwste.nummer)  # the next save knows what it replaces
                formulier.data = gegevens
            else:
                messages.success(request, _("Het voorstel is bewaard."))
                return redirect("portalen:voorstel", pk=rij.pk)
    return render(request, "portalen/medewerker/voorstel_bewerken.html", {**context, "form": formulier}, status=status)


def _botsing(nieuwste: Regelingvoorstel, nummer: int) -> dict[str, Any]:
    """What the other changed since edit ``nummer``."""
    begin = nieuwste.bewerkingen.filter(nummer=nummer).first()
    if begin is None:
        return {"nieuwste": nieuwste, "anders": None}
    return {"nieuwste": nieuwste, "anders": regelverschil(begin.tekst, nieuwste.tekst)}


@rol_vereist(Rol.BEHEERDER)
@require_POST
def voorstel_stap(request: HttpRequest, pk: UUID, stap: str) -> HttpResponse:
    """One step: offer, take back, withdraw, reject, publish, or confirm the newer version in force."""
    rij = voorstel_of_404(pk)
    wie: dict[str, Any] = {"voorstel": rij, "actor": gebruiker_van(request), "op": ontvangen(request)}
    reden = request.POST.get("reden", "")[:2000]
    try:
        match stap:
            case "aanbieden":
                voorstel_aanbieden(**wie)
                tekst = _("Het voorstel is aangeboden. Een andere beheerder publiceert het of wijst het af.")
            case "terugnemen":
                voorstel_terugnemen(**wie)
                tekst = _("Het voorstel is weer een concept.")
            case "basis":
                voorstel_basis_bijwerken(**wie)
                tekst = _("Het voorstel wordt nu vergeleken met de versie die geldt.")
            case "intrekken":
                voorstel_intrekken(reden=reden, **wie)
                tekst = _("Het voorstel is ingetrokken.")
            case "afwijzen":
                voorstel_afwijzen(reden=reden, **wie)
                tekst = _("Het voorstel is afgewezen.")
            case "publiceren":
                nummer = request.POST.get("nummer", "")
                gepubliceerd, verslag = voorstel_publiceren(
                    nummer=int(nummer) if nummer.isdecimal() and len(nummer) < 10 else 0, **wie
                )
                tekst = _("Versie %(versie)s is van kracht: %(n)d wijzigingen. Publiceer daarna nieuwe tijdvakken.") % {
                    "versie": gepubliceerd.versie.versie if gepubliceerd.versie else "",
                    "n": sum(regel.uitkomst != ONGEWIJZIGD for regel in verslag.regels),
                }
            case _:
                raise Http404
    except DomeinFout as fout:
        messages.error(request, str(fout))
    else:
        messages.success(request, tekst)
    return redirect(reverse("portalen:voorstel", args=[rij.pk]))
