"""The ledger: what is reserved, granted, issued, claimed, settled, paid and released under a ceiling.

Every booking goes to all pots of an application at once. Taking room locks the ``Plafond`` rows (in order of code, so
that two bookings never wait for each other), as late as possible in the caller's transaction; the CHECK on the row is
the last guard. On SQLite the transaction has the only writer's lock from its begin.
"""

from __future__ import annotations

import uuid
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from django.db import transaction

from kern.fouten import InvoerFout, OvergangFout, PlafondFout
from kern.models import Gebruiker
from kern.services.spoor import Logpost, keten_van, log_schrijven
from regeling.enums import HOOFDPOT, Boekingsoort
from regeling.models import Boeking, Plafond, Tijdvak
from regeling.ruimte import in_woorden


@dataclass(frozen=True)
class Opdracht:
    """One booking, in the unit of the ceiling (euros or pieces), for one application in the pots it draws on.

    ``sleutel`` makes it happen once. ``uit_reservering``: take it out of what was reserved. ``boven_plafond``: granted
    after an objection that the ceiling of the first decision allows (Awb 4:25(3), R30).
    """

    soort: Boekingsoort
    bedrag: Decimal
    onderwerp: uuid.UUID | None
    sleutel: str
    potten: Sequence[str] = ()
    uit_reservering: bool = False
    boven_plafond: bool = False
    omschrijving: str = ""


def boeken(*, tijdvak: Tijdvak, opdrachten: Iterable[Opdracht], actor: Gebruiker | None, op: datetime) -> int:
    """Books all orders or none; returns how many lines were added (0 for a repeat of earlier keys).

    Raises :class:`PlafondFout` when a ceiling would be passed.
    """
    opdrachten = list(opdrachten)
    if not opdrachten:
        return 0
    codes = {HOOFDPOT, *(pot for opdracht in opdrachten for pot in opdracht.potten)}
    with transaction.atomic():
        plafonds = {
            plafond.code: plafond
            for plafond in Plafond.objects.select_for_update().filter(tijdvak=tijdvak, code__in=codes).order_by("code")
        }
        ontbrekend = codes - set(plafonds)
        if ontbrekend:
            raise InvoerFout(
                f"Het tijdvak {tijdvak.sleutel} heeft geen plafond met code {', '.join(sorted(ontbrekend))}."
            )
        gedaan = _al_geboekt(plafonds.values(), opdrachten)
        regels = [
            _boek(plafonds[code], opdracht, actor, op)
            for opdracht in opdrachten
            for code in sorted({HOOFDPOT, *opdracht.potten})
            if (plafonds[code].pk, opdracht.sleutel) not in gedaan
        ]
        for plafond in plafonds.values():
            plafond.save(force_update=True)
        Boeking.objects.bulk_create(regels, batch_size=500)
    return len(regels)


def _al_geboekt(plafonds: Iterable[Plafond], opdrachten: Sequence[Opdracht]) -> set[tuple[int, str]]:
    pks, sleutels = [plafond.pk for plafond in plafonds], [opdracht.sleutel for opdracht in opdrachten]
    gedaan: set[tuple[int, str]] = set()
    for begin in range(0, len(sleutels), 500):
        gedaan |= set(
            Boeking.objects.filter(plafond_id__in=pks, sleutel__in=sleutels[begin : begin + 500]).values_list(
                "plafond_id", "sleutel"
            )
        )
    return gedaan


def _boek(plafond: Plafond, opdracht: Opdracht, actor: Gebruiker | None, op: datetime) -> Boeking:
    bedrag = opdracht.bedrag
    if bedrag <= 0:
        raise InvoerFout("Een boeking is altijd een bedrag boven nul.")
    match opdracht.soort:
        case Boekingsoort.RESERVERING:
            plafond.gereserveerd += bedrag
            if opdracht.boven_plafond:
                plafond.boven_plafond += bedrag
        case Boekingsoort.VERLENING:
            plafond.verleend += bedrag
            if opdracht.uit_reservering:
                plafond.gereserveerd -= bedrag
            if opdracht.boven_plafond:
                plafond.boven_plafond += bedrag
        case Boekingsoort.VRIJVAL if opdracht.uit_reservering:
            plafond.gereserveerd -= bedrag
        case Boekingsoort.VRIJVAL:
            plafond.vrijgevallen += bedrag
        case Boekingsoort.OPHOGING:
            plafond.bedrag += bedrag
        case Boekingsoort.UITGIFTE:
            plafond.uitgegeven += bedrag
        case Boekingsoort.DECLARATIE:
            plafond.gedeclareerd += bedrag
        case Boekingsoort.VASTSTELLING:
            plafond.vastgesteld += bedrag
        case Boekingsoort.BETALING:
            plafond.betaald += bedrag
    if plafond.resteert < 0:
        raise PlafondFout(
            f"Het plafond “{plafond.naam}” laat dit niet toe: er resteert te weinig voor "
            f"{in_woorden(bedrag, plafond.tijdvak)}.",
            actie="Zet de aanvraag op de reservelijst of wacht op vrijval of ophoging.",
        )
    return Boeking(
        plafond=plafond,
        soort=opdracht.soort,
        bedrag=bedrag,
        uit_reservering=opdracht.uit_reservering,
        boven_plafond=opdracht.boven_plafond,
        onderwerp=opdracht.onderwerp,
        sleutel=opdracht.sleutel,
        omschrijving=opdracht.omschrijving,
        op=op,
        door=actor,
    )


def plafond_ophogen(
    *,
    tijdvak: Tijdvak,
    bedrag: Decimal,
    reden: str,
    actor: Gebruiker | None,
    op: datetime,
    code: str = HOOFDPOT,
    gezien: str | None = None,
) -> Plafond:
    """Raises a ceiling. Lowering does not exist: it has no effect on earlier applications (Awb 4:27, R31).

    ``gezien``: the amount that the person saw (euros or pieces); refused when it is another one by now.
    """
    if bedrag <= 0:
        raise InvoerFout(
            "Een plafond kan alleen omhoog.", actie="Geef een bedrag boven nul. Verlagen mag niet (Awb 4:27)."
        )
    if not reden.strip():
        raise InvoerFout("De reden ontbreekt.", actie="Geef de reden van de ophoging, bijvoorbeeld het besluit.")
    with transaction.atomic():
        potten = {pot.code: pot for pot in Plafond.objects.select_for_update().filter(tijdvak=tijdvak).order_by("pk")}
        plafond = potten[code]
        if gezien is not None and gezien != str(plafond.bedrag):
            raise OvergangFout(
                f"Dit plafond is intussen gewijzigd: het is nu {plafond.bedrag}. Er is niets verhoogd.",
                actie="Bekijk het plafond. Moet het nog hoger, vul het formulier dan opnieuw in.",
                code="plafond-gewijzigd",
            )
        nummer = Boeking.objects.filter(plafond__tijdvak=tijdvak, soort=Boekingsoort.OPHOGING).count() + 1
        opdracht = Opdracht(
            soort=Boekingsoort.OPHOGING,
            bedrag=bedrag,
            onderwerp=None,
            sleutel=f"ophoging-{nummer}",
            omschrijving=reden[:300],
        )
        regel = _boek(plafond, opdracht, actor, op)
        plafond.save(force_update=True)
        regel.save(force_insert=True)
        log_schrijven(
            Logpost(
                keten=keten_van(tijdvak),
                handeling="plafond_ophogen",
                op=op,
                actor=actor,
                reden=reden,
                gegevens={"code": code, "bedrag": str(bedrag), "nieuw": str(plafond.bedrag)},
            )
        )
    return plafond


def saldi_nagerekend(plafond: Plafond) -> dict[str, Decimal]:
    """The balances of a ceiling, recomputed from its lines; used to check the kept columns."""
    saldi = dict.fromkeys(
        (
            "gereserveerd",
            "verleend",
            "vrijgevallen",
            "boven_plafond",
            "uitgegeven",
            "gedeclareerd",
            "vastgesteld",
            "betaald",
        ),
        Decimal("0.00"),
    )
    for regel in plafond.boekingen.all():
        match regel.soort:
            case Boekingsoort.RESERVERING:
                saldi["gereserveerd"] += regel.bedrag
            case Boekingsoort.VERLENING:
                saldi["verleend"] += regel.bedrag
            case Boekingsoort.VRIJVAL if not regel.uit_reservering:
                saldi["vrijgevallen"] += regel.bedrag
            case Boekingsoort.UITGIFTE:
                saldi["uitgegeven"] += regel.bedrag
            case Boekingsoort.DECLARATIE:
                saldi["gedeclareerd"] += regel.bedrag
            case Boekingsoort.VASTSTELLING:
                saldi["vastgesteld"] += regel.bedrag
            case Boekingsoort.BETALING:
                saldi["betaald"] += regel.bedrag
        if regel.uit_reservering:
            saldi["gereserveerd"] -= regel.bedrag
        if regel.boven_plafond:
            saldi["boven_plafond"] += regel.bedrag
    return saldi
