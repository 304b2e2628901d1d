"""What goes into the two published files of a draw: who takes part with which rank, and the rules (design 05).

One engine serves every method; only the list, the rank and its direction differ. In a lottery all ranks are equal. With
order of receipt the rank is the day on which the application was complete. In a ranking it is the score, and only what
reached the thresholds is on the list. In a grey zone the clear winners go first, by score, and then the zone by lot.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any
from uuid import UUID

from django.utils import timezone

from aanvragen.enums import Status
from aanvragen.models import Aanvraag
from aanvragen.selectors import ruimtevelden
from beoordeling.enums import Uitkomst
from beoordeling.loting import Deelnemer, drand_ronde
from beoordeling.loting.bronnen import KETEN
from beoordeling.models import Dagplaats, Loting
from beoordeling.score import rangwaarde
from beoordeling.selectors_behandelvolgorde import LOOT_MEE, loot_vooraf, niet_de_eerste
from beoordeling.selectors_volgorde import dagen_van, eerste_ruimte, wacht_op_dag
from beoordeling.services.eindscore import drempels_niet_gehaald, eindscores
from beoordeling.services.zone import zones_van
from regeling.enums import HOOFDPOT, Herkomst, Methode
from regeling.models import Tijdvak
from regeling.ruimte import in_delen

CIJFERS = 32
#: The public beacon comes at least this long after the dice.
NA_DOBBELSTENEN = timedelta(minutes=10)
#: First sign of the rank in a grey zone: awarded by score, or drawn.
ZEKER, GRIJS = "1", "2"
_SCORE_CIJFERS = 5
Rangen = dict[UUID, str]


def deelnemers_van(loting: Loting) -> list[Deelnemer]:
    """Who is on the list, with rank. ALL received applications where the method needs no score: refused ones get UIT
    at the draw, so that an objection needs no new one."""
    tijdvak = loting.tijdvak
    per_aanvrager = tijdvak.verdeling.eenheid_loting == "aanvrager"
    # Invented applicants have nothing to hide; by their number the same seed gives the same draw.
    wie = "organisatie__kvk_nummer" if tijdvak.herkomst == Herkomst.SIMULATIE else "organisatie_id"
    rangen = _RANGEN[Methode(tijdvak.methode)](loting)
    rijen = ontvangen(tijdvak).values_list("pk", "kenmerk", ruimtevelden(tijdvak)[0], "potten", wie)
    return [
        Deelnemer(
            kenmerk=kenmerk,
            bedrag_cent=in_delen(Decimal(bedrag or 0), tijdvak),
            potten=tuple(potten),
            groep=_groep(tijdvak, str(organisatie)) if per_aanvrager else "-",
            rang=rangen[pk],
        )
        for pk, kenmerk, bedrag, potten, organisatie in rijen
        if pk in rangen
    ]


def ontvangen(tijdvak: Tijdvak) -> Any:
    """Applications that were received and not withdrawn before they had anything."""
    return Aanvraag.objects.filter(tijdvak=tijdvak).exclude(
        status__in=[Status.CONCEPT, Status.VERLOPEN, Status.INGETROKKEN]
    )


def _gelijk(loting: Loting) -> Rangen:
    return dict.fromkeys(ontvangen(loting.tijdvak).values_list("pk", flat=True), "0")


def _volgorde(loting: Loting) -> Rangen:
    """The day in the Netherlands (R32, T5), then the place in the draw of that day; the moment itself only where the
    scheme says so. A draw of one day: everybody of that day who can still get room, with equal ranks."""
    tijdvak = loting.tijdvak
    if tijdvak.verdeling.gelijke_rang == "moment":
        rijen = ontvangen(tijdvak).values_list("pk", "volledig_op", "ingediend_op")
        return {pk: _op_moment(volledig or ingediend) for pk, volledig, ingediend in rijen}
    dagen = dagen_van(tijdvak)
    if loting.dag is not None:
        wacht = wacht_op_dag(tijdvak, loting.dag)
        return {pk: "0" for pk, dag in dagen.items() if dag == loting.dag and pk not in wacht}
    nummers = dict(Dagplaats.objects.filter(aanvraag__tijdvak=tijdvak).values_list("aanvraag_id", "nummer"))
    return {pk: f"{dag:%Y%m%d}{nummers.get(pk, 0):06d}" for pk, dag in dagen.items()}


def _op_moment(moment: datetime) -> str:
    return timezone.localtime(moment).strftime("%Y%m%d%H%M%S%f")


def _score(loting: Loting) -> Rangen:
    """score x 100, highest first; ties by lot."""
    tijdvak = loting.tijdvak
    return {
        pk: rangwaarde(score.totaal)
        for pk, score in eindscores(tijdvak).items()
        if not drempels_niet_gehaald(tijdvak, score)
    }


def _zone(loting: Loting) -> Rangen:
    """Clear winners by score, then the grey zone by lot; who is clearly out is not on the list."""
    tijdvak = loting.tijdvak
    scores, hoogste = eindscores(tijdvak), 10**_SCORE_CIJFERS - 1
    return {
        pk: f"{ZEKER}{hoogste - int(rangwaarde(scores[pk].totaal)):0{_SCORE_CIJFERS}d}"
        if zone == "TOEWIJZEN"
        else f"{GRIJS}{0:0{_SCORE_CIJFERS}d}"
        for pk, zone in zones_van(tijdvak).items()
        if zone != "AFWIJZEN"
    }


_RANGEN: dict[Methode, Callable[[Loting], Rangen]] = {
    Methode.LOTING: _gelijk,
    Methode.VOLGORDE: _volgorde,
    Methode.RANGSCHIKKING: _score,
    Methode.GRIJZE_ZONE: _zone,
}
#: Methods that need a final score of every complete application.
MET_SCORE = frozenset({Methode.RANGSCHIKKING, Methode.GRIJZE_ZONE})


def meedoend(loting: Loting) -> set[str]:
    """Labels that take part in the division; everybody else on the list gets UIT. With order of receipt also who was
    selected on its own day, whatever happened since: that follows in the log. Drawn before the assessment: everything
    that came in and was not withdrawn or refused, one per applicant where the scheme says so."""
    rijen = Aanvraag.objects.filter(tijdvak=loting.tijdvak)
    if loot_vooraf(loting.tijdvak):
        mee = rijen.filter(status__in=LOOT_MEE).values_list("kenmerk", flat=True)
        return set(mee) - niet_de_eerste(loting.tijdvak)
    uit = set(rijen.filter(status=Status.IN_VERDELING).values_list("kenmerk", flat=True))
    if loting.tijdvak.methode == Methode.VOLGORDE and loting.dag is None:
        wachtend = rijen.filter(status=Status.RESERVE)
        geplaatst = rijen.filter(dagplaats__uitkomst=Uitkomst.TOEGEWEZEN)
        uit |= set((wachtend | geplaatst).values_list("kenmerk", flat=True))
    return uit


def _groep(tijdvak: Tijdvak, organisatie: str) -> str:
    """Pseudonym of an applicant in one round: its random id cannot be guessed from the outside."""
    return hashlib.sha256(f"{tijdvak.sleutel}|{organisatie}".encode()).hexdigest()[:16].upper()


def protocol_van(loting: Loting, tijdvak: Tijdvak, deelnemers_sha256: str) -> dict[str, object]:
    """The rules of the draw as data: ceilings in cents, sources, rule of division."""
    verdeling = tijdvak.verdeling
    plafonds = {pot: in_delen(bedrag, tijdvak) for pot, bedrag in _te_verdelen(loting).items()}
    bronnen: list[dict[str, object]] = []
    if "notaris" in verdeling.bronnen:
        bronnen.append({"id": "notaris", "lengte": CIJFERS, "soort": "cijfers"})
    # A simulation has its own clock, and the beacon of that moment is not known: dice only.
    if "drand" in verdeling.bronnen and tijdvak.herkomst != Herkomst.SIMULATIE:
        ronde = drand_ronde(loting.trekking_gepland_op + NA_DOBBELSTENEN)
        bronnen.append({"id": "drand", "keten": KETEN, "ronde": ronde, "soort": "drand"})
    protocol: dict[str, object] = {
        "bronnen": bronnen,
        "deelnemers_sha256": deelnemers_sha256,
        "loting": loting.kenmerk,
        "per_groep": verdeling.toekenningen_per_aanvrager or 1,
        "plafond_cent": plafonds.pop(HOOFDPOT),
        "potten": plafonds,
        "regel": verdeling.regel,
        # The second walk comes after the whole round, not after one day of it.
        "restronde": verdeling.restronde and loting.dag is None,
        "richting": "AF" if tijdvak.methode == Methode.RANGSCHIKKING else "OP",
    }
    if loting.vervangt is not None and loting.vervangt.protocol_sha256:  # a draw that was never frozen has none
        protocol["vervangt"] = loting.vervangt.protocol_sha256
    return protocol


def _te_verdelen(loting: Loting) -> dict[str, Decimal]:
    """Room per pot. Order of receipt: a day has what the days before it left; the list of the whole round has it all,
    because those days are on it."""
    if loting.tijdvak.methode == Methode.VOLGORDE:
        return eerste_ruimte(loting.tijdvak, geheel=loting.dag is None)
    return {plafond.code: plafond.resteert for plafond in loting.tijdvak.plafonds.all()}
