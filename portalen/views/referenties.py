"""The checker's screens: what is in control, and one reference with everything that is known about it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST, require_safe

from aanvragen.contactgegevens import mail_genormaliseerd, maildomein
from aanvragen.enums import Referentiestatus
from aanvragen.models import Referentie
from beoordeling.models import Referentieantwoord
from beoordeling.referentie import vragen
from beoordeling.selectors_referentie import ROLLEN, referenties_zichtbaar_voor, te_controleren
from beoordeling.services.referentie_controle import (
    adviseur_horen,
    blokkade_opheffen,
    niet_bevestigen_voorstellen,
    ontbreekt_voor_voorstel,
    open_voorstel,
    referentie_bevestigen,
    referentie_in_controle_nemen,
    referentie_intrekken,
    terugbellen_vastleggen,
)
from beoordeling.services.referentie_vervanging import kan_opnieuw, opnieuw_uitnodigen
from kern.enums import Rol
from kern.models import Bericht, Gebruiker, LogRegel
from kern.services.spoor import keten_van
from portalen.formulieren.medewerker import Leegformulier
from portalen.formulieren.referenties import Reden, Terugbelformulier, Verslagformulier
from portalen.handelingen import Gekozen, Soort, handelingen, meld_fouten, verricht
from portalen.spoortekst import gebeurtenissen
from portalen.toegang import gebruiker_van, rol_vereist
from portalen.verzoek import ontvangen
from portalen.zaakstappen import mag_behandelen
from portalen.zaakweergave import Vlag, referentievlag
from uitvoering.services.aanhouding import referentie_afwijzen

S = Referentiestatus
PER_PAGINA = 50


@rol_vereist(*ROLLEN)
@require_safe
def referenties(request: HttpRequest) -> HttpResponse:
    """What waits for a checker, the longest first; or all references in one state."""
    gebruiker = gebruiker_van(request)
    status = request.GET.get("status", S.IN_CONTROLE)
    if status not in S.values:
        status = S.IN_CONTROLE
    rijen = te_controleren(gebruiker)
    if status != S.IN_CONTROLE:
        rijen = referenties_zichtbaar_voor(gebruiker).filter(status=status).order_by("-pk")
    pagina = Paginator(rijen.prefetch_related("signalen"), PER_PAGINA).get_page(request.GET.get("pagina"))
    nu = timezone.now()
    context = {
        "pagina": pagina,
        "rijen": [(rij, referentievlag(rij), ouderdom(rij, nu)) for rij in pagina],
        "status": status,
        "keuzes": S.choices,
    }
    return render(request, "portalen/medewerker/referenties.html", context)


def ouderdom(referentie: Referentie, nu: Any) -> str:
    """How long the answer has been waiting."""
    begin = referentie.beantwoord_op or referentie.uitgenodigd_op
    if begin is None:
        return ""
    dagen = (nu - begin).days
    return ngettext("%(n)d dag", "%(n)d dagen", dagen) % {"n": dagen}


def _soorten() -> dict[str, Soort]:
    return {
        "terugbellen": Soort(
            Terugbelformulier,
            _("Terugbellen vastleggen"),
            _("Bel de referent op een nummer dat u zelf vond."),
        ),
        "adviseur-gehoord": Soort(Verslagformulier, _("Adviseur gehoord"), _("Schrijf op wat de adviseur ervan zegt.")),
        "bevestigen": Soort(Reden, _("Bevestigen"), _("U hebt gekeken en de referentie klopt.")),
        "voorstel": Soort(
            Reden,
            _("Voorstellen om niet te bevestigen"),
            _("Kan pas na terugbellen en na het horen van de adviseur. Een collega beslist."),
        ),
        "akkoord": Soort(
            Reden,
            _("Akkoord: niet bevestigen"),
            _("De aanvrager krijgt bericht met de reden van het voorstel."),
        ),
        "niet-akkoord": Soort(Reden, _("Niet akkoord"), _("De controle gaat verder.")),
        "deblokkeren": Soort(Reden, _("Blokkade opheffen"), _("De referent krijgt dan een uitnodiging.")),
        "in-controle": Soort(Reden, _("Opnieuw in controle nemen"), _("Als er nieuwe feiten zijn.")),
        "opnieuw": Soort(Leegformulier, _("Opnieuw uitnodigen"), _("De oude link werkt dan niet meer.")),
        "intrekken": Soort(Reden, _("Referentie intrekken"), _("Bijvoorbeeld als de referent daarom vraagt.")),
    }


def mogelijke_stappen(referentie: Referentie, gebruiker: Gebruiker) -> list[str]:
    """Keys of the acts that this person can do now, the most likely first."""
    if not mag_behandelen(gebruiker, referentie.aanvraag) and Rol.BESLISSER not in gebruiker.rollen:
        return []
    if referentie.status == S.IN_CONTROLE:
        voorstel = open_voorstel(referentie)
        if voorstel is not None:
            return [] if voorstel.door_id == gebruiker.pk else ["akkoord", "niet-akkoord"]
    if not mag_behandelen(gebruiker, referentie.aanvraag):
        return []
    if referentie.status == S.IN_CONTROLE:
        klaar = [] if ontbreekt_voor_voorstel(referentie) else ["voorstel"]
        return ["terugbellen", "adviseur-gehoord", "bevestigen", *klaar, "intrekken"]
    stappen = {S.GEBLOKKEERD: ["deblokkeren", "intrekken"], S.BEVESTIGD: ["in-controle"]}.get(S(referentie.status), [])
    if kan_opnieuw(referentie):
        stappen = [*stappen, "opnieuw"]
    if referentie.status in {S.UITGENODIGD, S.HERINNERD, S.ONBESTELBAAR, S.VERLOPEN, S.GEWEIGERD}:
        stappen = [*stappen, "intrekken"]
    return stappen


def _zichtbaar(request: HttpRequest, pk: int) -> Referentie:
    return get_object_or_404(referenties_zichtbaar_voor(gebruiker_van(request)), pk=pk)


@rol_vereist(*ROLLEN)
@require_safe
def referentie(request: HttpRequest, pk: int) -> HttpResponse:
    """One reference: request and answer side by side, rules, time line, other references, acts."""
    return _pagina(request, _zichtbaar(request, pk))


def _pagina(request: HttpRequest, rij: Referentie, gekozen: Gekozen | None = None) -> HttpResponse:
    antwoord = Referentieantwoord.objects.filter(verzoek__referentie=rij).select_related("verzoek").last()
    regels = LogRegel.objects.filter(keten=keten_van(rij)).select_related("actor").order_by("op", "id")
    verzoeken = list(rij.verzoeken.select_related("bericht"))
    context = {
        "referentie": rij,
        "vlag": referentievlag(rij),
        "ouderdom": ouderdom(rij, timezone.now()),
        "antwoord": antwoord,
        "vergelijking": _vergelijking(rij, antwoord),
        "signalen": rij.signalen.select_related("opgeheven_door"),
        "controles": rij.controles.select_related("door"),
        "verzoeken": verzoeken,
        "berichten": _berichten(verzoeken),
        "gebeurtenissen": gebeurtenissen(regels),
        "anderen": _anderen(rij, gebruiker_van(request)),
        "handelingen": handelingen(
            mogelijke_stappen(rij, gebruiker_van(request)),
            _soorten(),
            url=lambda sleutel: reverse("portalen:referentie_stap", args=[rij.pk, sleutel]),
            gekozen=gekozen,
        ),
        "ontbreekt": ontbreekt_voor_voorstel(rij) if rij.status == S.IN_CONTROLE else [],
        "voorstel": open_voorstel(rij),
        "form": gekozen and gekozen.formulier,
    }
    return render(request, "portalen/medewerker/referentie.html", context, status=400 if gekozen else 200)


def _vergelijking(rij: Referentie, antwoord: Referentieantwoord | None) -> list[tuple[str, str, str]]:
    """(what, as the application said, as the referee said)."""
    inhoud: dict[str, Any] = antwoord.antwoorden if antwoord is not None else {}
    tevreden = vragen.TEVREDEN.get(inhoud.get("tevreden", ""), "")
    periode = " – ".join(str(dag) for dag in (rij.opdracht_van, rij.opdracht_tot) if dag)
    ja_nee = {"ja": _("Ja"), "nee": _("Nee")}
    relatie = ja_nee.get(inhoud.get("relatie", ""), "")
    if inhoud.get("relatie_uitleg"):
        relatie = f"{relatie}: {inhoud['relatie_uitleg']}"
    regels = [
        (str(vragen.VRAGEN["project"]), "", inhoud.get("project", "")),
        (str(vragen.VRAGEN["periode"]), periode, inhoud.get("periode", "")),
        (str(vragen.VRAGEN["werk"]), rij.opdracht, inhoud.get("werk", "")),
        (str(vragen.VRAGEN["tevreden"]), "", str(tevreden)),
        (str(vragen.VRAGEN["opnieuw"]), "", ja_nee.get(inhoud.get("opnieuw", ""), "")),
        (str(vragen.VRAGEN["relatie"]), "", relatie),
        (str(vragen.VRAGEN["toelichting"]), "", inhoud.get("toelichting", "")),
    ]
    return [regel for regel in regels if regel[1] or regel[2]]


def _berichten(verzoeken: list[Any]) -> list[Bericht]:
    """The mail log: invitations, reminders and codes, with what became of them."""
    pks = [verzoek.pk for verzoek in verzoeken]
    gevonden: list[Bericht] = []
    for pk in pks:
        for begin in (f"referentie-{pk}", f"referentiecode-{pk}"):
            gevonden += Bericht.objects.filter(sleutel__startswith=begin)
    return sorted(gevonden, key=lambda bericht: bericht.pk)


def _anderen(rij: Referentie, gebruiker: Gebruiker) -> list[tuple[Referentie, Vlag]]:
    """Other references of the same mailbox."""
    eigen = mail_genormaliseerd(rij.email)
    rijen = referenties_zichtbaar_voor(gebruiker).filter(email__iendswith=f"@{maildomein(rij.email)}")
    gevonden = [r for r in rijen.exclude(pk=rij.pk).order_by("-pk")[:500] if mail_genormaliseerd(r.email) == eigen]
    return [(ander, referentievlag(ander)) for ander in gevonden[:50]]


@rol_vereist(Rol.BEHANDELAAR, Rol.BESLISSER)
@require_POST
def referentie_stap(request: HttpRequest, pk: int, stap: str) -> HttpResponse:
    """One act of a checker; a refusal comes back at its form."""
    rij, gebruiker, op = _zichtbaar(request, pk), gebruiker_van(request), ontvangen(request)
    gekozen = verricht(request, _soorten(), stap, lambda formulier: _doen(rij, formulier, gebruiker, op)[stap]())
    if gekozen is None:
        return redirect("portalen:referentie", pk)
    if stap not in mogelijke_stappen(rij, gebruiker):
        meld_fouten(request, gekozen)
        return redirect("portalen:referentie", pk)
    return _pagina(request, rij, gekozen)


def _doen(rij: Referentie, formulier: Any, actor: Gebruiker, op: Any) -> dict[str, Callable[[], object]]:
    vast: dict[str, Any] = {"referentie": rij, "actor": actor, "op": op}
    gegevens = formulier.cleaned_data
    return {
        "terugbellen": lambda: terugbellen_vastleggen(**vast, gegevens=formulier.gegevens()),
        "adviseur-gehoord": lambda: adviseur_horen(**vast, **gegevens),
        "bevestigen": lambda: referentie_bevestigen(**vast, **gegevens),
        "voorstel": lambda: niet_bevestigen_voorstellen(**vast, **gegevens),
        "akkoord": lambda: referentie_afwijzen(**vast, **gegevens, akkoord=True),
        "niet-akkoord": lambda: referentie_afwijzen(**vast, **gegevens, akkoord=False),
        "deblokkeren": lambda: blokkade_opheffen(**vast, **gegevens),
        "in-controle": lambda: referentie_in_controle_nemen(**vast, **gegevens),
        "opnieuw": lambda: opnieuw_uitnodigen(**vast),
        "intrekken": lambda: referentie_intrekken(**vast, **gegevens),
    }
