"""What goes into the two published files of a draw: who takes part with which rank, and the rules (design 05).

One engine serves every method; only the rank and its direction differ. In a lottery all ranks are equal; with order of
receipt the rank is the day on which the application was complete, so that the lot decides only within a day.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from datetime import datetime, timedelta
from decimal import Decimal

from django.utils import timezone

from aanvragen.enums import Status
from aanvragen.models import Aanvraag
from aanvragen.selectors import ruimtevelden
from beoordeling.loting import Deelnemer, drand_ronde
from beoordeling.loting.bronnen import KETEN
from beoordeling.models import Loting
from regeling.enums import HOOFDPOT, Herkomst, Methode
from regeling.models import Tijdvak
from regeling.ruimte import in_delen

CIJFERS = 32
#: The public beacon comes at least this long after the dice.
NA_DOBBELSTENEN = timedelta(minutes=10)


def deelnemers_van(tijdvak: Tijdvak) -> list[Deelnemer]:
    """ALL received applications, with rank: refused ones get UIT at the draw, so that an objection needs no new one."""
    verdeling = tijdvak.verdeling
    per_aanvrager = verdeling.eenheid_loting == "aanvrager"
    rang = _RANG[Methode(tijdvak.methode)]
    # Invented applicants have nothing to hide; by their number the same seed gives the same draw.
    wie = "organisatie__kvk_nummer" if tijdvak.herkomst == Herkomst.SIMULATIE else "organisatie_id"
    rijen = (
        Aanvraag.objects.filter(tijdvak=tijdvak)
        .exclude(status__in=[Status.CONCEPT, Status.VERLOPEN, Status.INGETROKKEN])
        .values_list("kenmerk", ruimtevelden(tijdvak)[0], "potten", "volledig_op", "ingediend_op", wie)
    )
    return [
        Deelnemer(
            kenmerk=kenmerk,
            bedrag_cent=in_delen(Decimal(bedrag or 0), tijdvak),
            potten=tuple(potten),
            groep=_groep(tijdvak, str(organisatie)) if per_aanvrager else "-",
            rang=rang(volledig or ingediend, verdeling.gelijke_rang),
        )
        for kenmerk, bedrag, potten, volledig, ingediend, organisatie in rijen
    ]


def _gelijk(moment: datetime, gelijke_rang: str) -> str:
    return "0"


def _dag_van_compleet(moment: datetime, gelijke_rang: str) -> str:
    """The day in the Netherlands (R32, T5); the moment itself only where the scheme says so."""
    return timezone.localtime(moment).strftime("%Y%m%d" if gelijke_rang == "loting" else "%Y%m%d%H%M%S%f")


#: Rank per method of distribution; a smaller rank goes first.
_RANG: dict[Methode, Callable[[datetime, str], str]] = {
    Methode.LOTING: _gelijk,
    Methode.VOLGORDE: _dag_van_compleet,
}
#: Methods whose list this module can make.
METHODEN = frozenset(_RANG)


def _groep(tijdvak: Tijdvak, organisatie: str) -> str:
    """Pseudonym of an applicant in one round: its random id cannot be guessed from the outside."""
    return hashlib.sha256(f"{tijdvak.sleutel}|{organisatie}".encode()).hexdigest()[:16].upper()


def protocol_van(loting: Loting, tijdvak: Tijdvak, deelnemers_sha256: str) -> dict[str, object]:
    """The rules of the draw as data: ceilings in cents, sources, rule of division."""
    verdeling = tijdvak.verdeling
    plafonds = {plafond.code: in_delen(plafond.resteert, tijdvak) for plafond in tijdvak.plafonds.all()}
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
        "restronde": verdeling.restronde,
        "richting": "OP",
    }
    if loting.vervangt is not None and loting.vervangt.protocol_sha256:  # a draw that was never frozen has none
        protocol["vervangt"] = loting.vervangt.protocol_sha256
    return protocol
