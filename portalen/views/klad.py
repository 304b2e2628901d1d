"""Where the pages of the form send what is being typed: one address per step, JSON in and out."""

from __future__ import annotations

import json
from typing import Any
from uuid import UUID

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import resolve_url
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from aanvragen.models import Aanvraag
from aanvragen.services.klad import aanwezigheid_melden, klad_bewaren
from kern.fouten import DomeinFout
from portalen.formulieren.begroting import MAXIMUM_REGELS, Regelformulier
from portalen.formulieren.klad import invoernamen
from portalen.formulieren.samen import lees_basis
from portalen.formulieren.steun import Steunaangifte, opgeslagen_steun
from portalen.presentatie.stappen import stappen_van
from portalen.presentatie.vragenlijst import FORMULIEREN
from portalen.toegang import gebruiker_van
from portalen.verzoek import ontvangen
from portalen.views.hulp import eigen_aanvraag
from portalen.views.stap_begroting import STAP as BEGROTING
from portalen.views.stap_begroting import berekening_nu
from portalen.views.stap_steun import STAP as STEUN
from portalen.views.stapweergave import aanwezigen_tekst


@require_POST
def aanvraag_klad(request: HttpRequest, pk: UUID, stap: str) -> HttpResponse:
    """Keeps the typed fields and says so; also marks the person as present on this page.

    Body: ``{"velden": {input: [values]}, "basis": "veld=digest ...", "pagina": "...", "nr": 3}``. 200: kept.
    401: logged out, 409: sent meanwhile, 400: not readable or too long; each with ``tekst`` for the reader.
    """
    if not request.user.is_authenticated:
        inloggen = f"{resolve_url(settings.LOGIN_URL)}?next={request.path.removesuffix('klad/')}"
        return JsonResponse({"tekst": _("U bent uitgelogd."), "inloggen": inloggen}, status=401)
    rij = eigen_aanvraag(request, pk)
    if stap not in {s.sleutel for s in stappen_van(rij.tijdvak.spec)}:
        raise Http404
    if not gebruiker_van(request).has_perm("aanvragen.wijzigen", rij):
        return JsonResponse({"tekst": _("U mag deze aanvraag alleen lezen.")}, status=403)
    inhoud = lees_klad(request)
    if inhoud is None:
        return JsonResponse({"tekst": _("Wij konden dit niet lezen.")}, status=400)
    namen = bekende_namen(rij, stap, inhoud["velden"])
    velden = {naam: waarden for naam, waarden in inhoud["velden"].items() if naam in namen}
    antwoord: dict[str, Any] = {}
    actor, op = gebruiker_van(request), ontvangen(request)
    try:
        if velden:
            gezien = lees_basis(inhoud["basis"])
            basis = gezien if stap == BEGROTING else {v: gezien[v] for v in set(namen.values()) & set(gezien)}
            bewaard = klad_bewaren(
                aanvraag=rij, stap=stap, velden=velden, basis=basis, actor=actor, op=op,
                pagina=inhoud["pagina"], nr=inhoud["nr"],
            )  # fmt: skip
            antwoord = {"bewaard": bewaard, "tekst": _("Klad bewaard om %(tijd)s") % {"tijd": _tijd(op)}}
        aanwezigheid_melden(aanvraag=rij, stap=stap, actor=actor, op=op)
    except DomeinFout as fout:
        return JsonResponse({"tekst": str(fout)}, status=fout.http_status)
    antwoord["aanwezig"] = aanwezigen_tekst(rij, stap, request)
    if stap == BEGROTING and velden:
        antwoord["berekening"], subsidie = berekening_nu(rij, velden)
        if subsidie:
            antwoord["tekst"] += ". " + _("Subsidie volgens uw invoer: %(bedrag)s") % {"bedrag": subsidie}
    return JsonResponse(antwoord)


def bekende_namen(rij: Aanvraag, stap: str, velden: dict[str, Any]) -> dict[str, str]:
    """Inputs that the page of this step has → the field they belong to; anything else is not kept."""
    spec = rij.tijdvak.spec
    if stap == BEGROTING:
        uit = {"regels": "regels"}
        for nr in range(MAXIMUM_REGELS):
            if f"regel-{nr}-plek" in velden:
                uit |= {naam: naam for naam in invoernamen(Regelformulier(spec, prefix=f"regel-{nr}"))}
                uit[f"regel-{nr}-plek"] = f"regel-{nr}-plek"
        return uit
    if stap == STEUN:
        aangifte = Steunaangifte(spec, opgeslagen_steun(rij), dict.fromkeys(velden, "") | _aantal(velden))
        return {naam: STEUN for naam in velden if naam == "regels" or aangifte.kent(naam)}
    klasse = FORMULIEREN.get(stap)
    if klasse is None:
        return {}
    namen = invoernamen(klasse(spec, initial=klasse.begin(rij)))
    return {naam: veld for naam, veld in namen.items() if naam in velden}


def _aantal(velden: dict[str, Any]) -> dict[str, str]:
    """The number of rows that the page says it has."""
    return {"regels": next(iter(velden.get("regels", [])), "")}


def lees_klad(request: HttpRequest) -> dict[str, Any] | None:
    """The body, checked by shape; ``None`` when it is something else."""
    try:
        inhoud = json.loads(request.body)
        velden = inhoud.get("velden", {})
        goed = isinstance(velden, dict) and all(
            isinstance(waarden, list) and all(isinstance(waarde, str) for waarde in waarden)
            for waarden in velden.values()
        )
        nr = int(inhoud.get("nr", 0))
    except (ValueError, TypeError, AttributeError, RecursionError):
        return None
    if not goed or not 0 <= nr < 2**52:
        return None
    # Half a character (a lone surrogate) is no text that a database can keep.
    velden = {n: [w.encode("utf-8", "replace").decode() for w in waarden] for n, waarden in velden.items()}
    return {
        "velden": velden,
        "basis": str(inhoud.get("basis", "")),
        "pagina": str(inhoud.get("pagina", ""))[:40],
        "nr": nr,
    }


def _tijd(op: Any) -> str:
    return f"{timezone.localtime(op):%H:%M}"
