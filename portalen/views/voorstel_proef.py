"""The administrator: what to expect of a proposed version, a simulated round, and earlier applications again."""

from __future__ import annotations

from decimal import Decimal
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from aanvragen.selectors_historie import Rondehistorie, rondehistorie
from aanvragen.services.hertoetsen import GENOEMD, hertoetsen, laatste_ronde
from kern.enums import Rol
from kern.fouten import BestandFout, DomeinFout
from portalen.formulieren.voorstel import Aannameformulier, Proefrondeformulier
from portalen.toegang import gebruiker_van, rol_vereist
from portalen.verzoek import ontvangen
from portalen.views.voorstellen import voorstel_of_404
from rapportage.onderscheid import kleinste_verschil
from regeling.models import Regelingvoorstel
from regeling.schema import Regelingspec, Tijdvakspec
from regeling.selectors_voorstel import spec_van_voorstel
from regeling.verwachting import Aanname, Verwachting, verwacht
from uitvoering.services.proefronde import HOOGSTENS, proefronde_aanvragen
from uitvoering.simulatie.plan import aantallen

HONDERD = Decimal(100)
#: Response in the evaluation of the first round: 49 of 77 who were granted answered, 60 of 188 who were not.
RESPONS_WEL, RESPONS_NIET = 64, 32
STANDAARD_PROEF = 30


def begin_aanname(spec: Regelingspec, ronde: Tijdvakspec, historie: Rondehistorie | None) -> dict[str, Any]:
    """What the form starts with: the last round of the scheme, else the figures in the file, else a guess."""
    cijfers = ronde.historie
    aanvragen = historie.aanvragen if historie else aantallen(ronde, None, None)[0]
    bedrag: Decimal | None = historie.bedrag if historie else None
    if bedrag is None and cijfers and cijfers.gevraagd and cijfers.aanvragen:
        bedrag = cijfers.gevraagd / cijfers.aanvragen
    if spec.subsidie.eenheid == "stuks":
        bedrag = Decimal(max(1, round(bedrag or 1)))
    elif bedrag is None:
        bedrag = spec.subsidie.vast_bedrag or spec.subsidie.maximum or ronde.plafond / max(1, aanvragen)
    weg = Decimal(cijfers.afgewezen or 0) / cijfers.aanvragen if cijfers and cijfers.aanvragen else Decimal(0)
    dagen = (cijfers.dagen if cijfers else None) or max(1, (ronde.sluit_op - ronde.open_op).days)
    per_dag = historie.per_dag if historie else Decimal(aanvragen) / dagen
    return {
        "tijdvak": ronde.sleutel,
        "aanvragen": aanvragen,
        "bedrag": bedrag.quantize(Decimal("0.01")),
        "geschikt": (HONDERD * (1 - weg)).quantize(Decimal("0.1")),
        "per_dag": max(Decimal("0.01"), per_dag.quantize(Decimal("0.01"))),
        "respons_wel": RESPONS_WEL,
        "respons_niet": RESPONS_NIET,
        "uitgangspunt": 50,
        **{f"pot_{pot.code}": historie.per_pot.get(pot.code) for pot in ronde.subplafonds if historie},
    }


def _reken(
    spec: Regelingspec, ronde: Tijdvakspec, gegevens: dict[str, Any]
) -> tuple[Verwachting, Decimal | None, dict[str, int]]:
    """The expectation, the smallest effect that the evaluation can show (0-1), and the answers it counts on."""
    per_pot = {pot.code: gegevens[f"pot_{pot.code}"] for pot in ronde.subplafonds}
    uit = verwacht(
        spec,
        ronde,
        Aanname(
            aanvragen=gegevens["aanvragen"],
            bedrag=gegevens["bedrag"],
            geschikt=gegevens["geschikt"] / HONDERD,
            per_dag=gegevens["per_dag"],
            per_pot={code: aantal for code, aantal in per_pot.items() if aantal is not None},
        ),
    )
    wel = int(uit.geheel.toegekend * gegevens["respons_wel"] / HONDERD)
    niet = int(uit.uitgeloot * gegevens["respons_niet"] / HONDERD)
    kleinste = kleinste_verschil(wel, niet, float(gegevens["uitgangspunt"] / HONDERD))
    return uit, None if kleinste is None else Decimal(str(kleinste)), {"wel": wel, "niet": niet}


@rol_vereist(Rol.BEHEERDER)
@require_GET
def proef(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Expected numbers of one round of the proposal, and its simulated rounds."""
    rij = voorstel_of_404(pk)
    spec = _spec(request, rij)
    if isinstance(spec, HttpResponse):
        return spec
    gekozen = request.GET.get("tijdvak")
    ronde = next((deel for deel in spec.tijdvakken if deel.sleutel == gekozen), spec.tijdvakken[0])
    historie = rondehistorie(rij.regeling) if rij.regeling else None
    begin = begin_aanname(spec, ronde, historie)
    ingevuld = "aanvragen" in request.GET
    formulier = Aannameformulier(request.GET if ingevuld else None, spec=spec, ronde=ronde, initial=begin)
    context: dict[str, Any] = {
        "voorstel": rij,
        "spec": spec,
        "ronde": ronde,
        "verdeling": spec.verdeling_voor(ronde.sleutel),
        "stuks": spec.subsidie.eenheid == "stuks",
        "historie": historie,
        "form": formulier,
        "proefrondes": rij.proefrondes.select_related("gevraagd_door")[:10],
    }
    gegevens: dict[str, Any] | None = {f"pot_{pot.code}": None for pot in ronde.subplafonds} | begin
    if ingevuld:
        gegevens = formulier.cleaned_data if formulier.is_valid() else None
    if gegevens is not None:
        gegevens = {naam: Decimal(w) if naam in _DELEN else w for naam, w in gegevens.items()}
        uit, kleinste, antwoorden = _reken(spec, ronde, gegevens)
        aanvragen = gegevens["aanvragen"]
        context |= {"uit": uit, "kleinste": kleinste, "antwoorden": antwoorden, "aanvragen": aanvragen}
        context["proefform"] = Proefrondeformulier(
            auto_id="id_proef_%s",
            initial={
                "tijdvak": ronde.sleutel,
                "verwacht": aanvragen,
                "aantal": min(aanvragen, STANDAARD_PROEF, HOOGSTENS),
            },
        )
    return render(request, "portalen/medewerker/voorstel_proef.html", context, status=200 if gegevens else 400)


_DELEN = {"geschikt", "respons_wel", "respons_niet", "uitgangspunt"}


def _spec(request: HttpRequest, rij: Regelingvoorstel) -> Regelingspec | HttpResponse:
    """The scheme, or the way back when there is nothing to compute."""
    try:
        spec = spec_van_voorstel(rij)
    except BestandFout:
        messages.error(request, _("Er staan nog fouten in de tekst. Verbeter die eerst."))
        return redirect("portalen:voorstel", pk=rij.pk)
    if not spec.tijdvakken:
        messages.error(request, _("Dit voorstel heeft geen tijdvak om mee te rekenen."))
        return redirect("portalen:voorstel", pk=rij.pk)
    return spec


@rol_vereist(Rol.BEHEERDER)
@require_POST
def proefronde(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Puts a simulated round in the queue."""
    rij = voorstel_of_404(pk)
    formulier = Proefrondeformulier(request.POST, auto_id="id_proef_%s")
    terug = reverse("portalen:voorstel_proef", args=[rij.pk])
    if not formulier.is_valid():
        messages.error(request, _("Kies 1 tot en met 100 aanvragen voor de proefronde."))
        return redirect(terug)
    try:
        proefronde_aanvragen(
            voorstel=rij, actor=gebruiker_van(request), op=ontvangen(request), **formulier.cleaned_data
        )
    except DomeinFout as fout:
        messages.error(request, str(fout))
    else:
        messages.success(request, _("De proefronde staat in de wachtrij. Ververs deze pagina over een minuut."))
    return redirect(f"{terug}#proefrondes")


@rol_vereist(Rol.BEHEERDER)
@require_GET
def oude_zaken(request: HttpRequest, pk: UUID) -> HttpResponse:
    """The automatic checks of the proposal over the applications of the last round."""
    rij = voorstel_of_404(pk)
    try:
        spec = spec_van_voorstel(rij)
    except BestandFout:
        messages.error(request, _("Er staan nog fouten in de tekst. Verbeter die eerst."))
        return redirect("portalen:voorstel", pk=rij.pk)
    tijdvak = laatste_ronde(rij.regeling) if rij.regeling else None
    context = {
        "voorstel": rij,
        "uit": hertoetsen(tijdvak=tijdvak, spec=spec, op=ontvangen(request)) if tijdvak else None,
        "genoemd": GENOEMD,
    }
    return render(request, "portalen/medewerker/voorstel_zaken.html", context)
