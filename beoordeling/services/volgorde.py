"""Order of receipt, day by day (R32, design 05 part 2).

A day that is over, with every application up to it checked, is handled: when everything fits, everything is reserved;
when it does not, the day is critical and its list is frozen and drawn by the same engine as every lottery. The round
stays open meanwhile. At the end one list of the whole round, with the days in order, gives the ranking and the reserve
list.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from decimal import Decimal
from uuid import UUID

from django.db import transaction

from aanvragen.enums import Status
from aanvragen.models import Aanvraag
from beoordeling.enums import Dagsoort, Uitkomst
from beoordeling.loting import bereken
from beoordeling.models import Dagplaats, Loting, Plaats, Rangschikking, Volgordedag
from beoordeling.selectors_volgorde import (
    beeld_van_dag,
    beletselen_tot,
    dagen_van,
    eerste_ruimte,
    kritieke_dag,
    op_dag,
    storingen_van,
)
from beoordeling.services.bewijs import lotingbestanden
from beoordeling.services.toekennen import Toekenning, aanvragen_selecteren
from beoordeling.volgorde import einde_van
from kern.enums import Rol
from kern.fouten import OvergangFout
from kern.models import Gebruiker
from kern.rechten import eis_rol
from kern.services.overgang import overgang_toepassen, overgangen_toepassen, vergrendel
from kern.services.spoor import Logpost, keten_van, log_schrijven
from regeling.enums import HOOFDPOT, Herkomst, Methode, Tijdvakstatus
from regeling.models import Tijdvak
from regeling.ruimte import uit_delen
from regeling.services.tijdvak import tijdvak_bijwerken

_LOPEND = [Tijdvakstatus.OPEN, Tijdvakstatus.GESLOTEN]


def telt_dagen(tijdvak: Tijdvak) -> bool:
    """Whether the round is handled day by day (and not by the moment to the second)."""
    return tijdvak.methode == Methode.VOLGORDE and tijdvak.verdeling.gelijke_rang == "loting"


def dagen_verwerken(*, tijdvak: Tijdvak, actor: Gebruiker | None, op: datetime) -> list[Volgordedag]:
    """Handles the days that can be, in order; returns them. Stops at a critical day until it is drawn and settled, and
    at a day that is not over or whose applications are not all checked. Harmless to repeat."""
    eis_rol(actor, Rol.BEHANDELAAR, Rol.BESLISSER, Rol.BEHEERDER)
    gedaan: list[Volgordedag] = []
    with transaction.atomic():
        tijdvak = tijdvak_bijwerken(tijdvak=tijdvak, op=op)
        if not telt_dagen(tijdvak) or tijdvak.status not in _LOPEND:
            return []
        while kritieke_dag(tijdvak) is None and (dag := _volgende_dag(tijdvak, op)) is not None:
            gedaan.append(_verwerk(tijdvak, dag, actor, op))
    return gedaan


def _volgende_dag(tijdvak: Tijdvak, op: datetime) -> date | None:
    dagen = dagen_van(tijdvak)
    compleet = Aanvraag.objects.filter(tijdvak=tijdvak, status=Status.COMPLEET, dagplaats=None)
    open_ = {dagen[pk] for pk in compleet.values_list("pk", flat=True)}
    dag = min(open_, default=None)
    if dag is None or op < einde_van(dag, storingen_van(tijdvak)) or beletselen_tot(tijdvak, dag):
        return None
    return dag


def _verwerk(tijdvak: Tijdvak, dag: date, actor: Gebruiker | None, op: datetime) -> Volgordedag:
    aanvragen = op_dag(tijdvak, dag)
    beeld, ruimte = beeld_van_dag(tijdvak, dag, aanvragen), eerste_ruimte(tijdvak)
    rij = Volgordedag.objects.create(
        tijdvak=tijdvak,
        dag=dag,
        soort=Dagsoort.KRITIEK if beeld.kritiek else Dagsoort.RUIM,
        aantal=len(aanvragen),
        gevraagd={pot: str(bedrag) for pot, bedrag in beeld.gevraagd.items()},
        ruimte={pot: str(bedrag) for pot, bedrag in ruimte.items()},
        klaar_op=op if not beeld.kritiek else None,
        vastgelegd_op=op,
        vastgelegd_door=actor,
    )
    log_schrijven(
        Logpost(
            keten=keten_van(tijdvak),
            handeling="dag_verwerken",
            op=op,
            actor=actor,
            gegevens={"dag": dag.isoformat(), "soort": rij.soort, "aantal": rij.aantal, "gevraagd": rij.gevraagd},
        )
    )
    mee = set(beeld.mee)
    if not beeld.kritiek:
        _zonder_lot(rij, aanvragen, {a.pk: a.ruimte_gevraagd for a in aanvragen if str(a.pk) in mee}, actor, op)
    elif len(mee) == 1:
        enige = next(a for a in aanvragen if str(a.pk) in mee)
        rest, rij.dicht = _enige(tijdvak, enige, ruimte)
        _zonder_lot(rij, aanvragen, {enige.pk: rest} if rest else {}, actor, op)
        rij.klaar_op = op
        rij.save(update_fields=["dicht", "klaar_op"])
    return rij


def _enige(tijdvak: Tijdvak, aanvraag: Aanvraag, ruimte: Mapping[str, Decimal]) -> tuple[Decimal, list[str]]:
    """What the only application of a critical day gets, and which pots that closes: there is nothing to draw, and the
    rule of division says the rest."""
    potten = (HOOFDPOT, *aanvraag.potten)
    past = min(ruimte[pot] for pot in potten)
    if tijdvak.verdeling.regel == "SKIP":
        return Decimal(0), []
    dicht = sorted(pot for pot in potten if ruimte[pot] < aanvraag.ruimte_gevraagd)
    return (past if tijdvak.verdeling.regel == "DEEL" else Decimal(0)), dicht


def _zonder_lot(
    rij: Volgordedag,
    aanvragen: Sequence[Aanvraag],
    toe: Mapping[UUID, Decimal],
    actor: Gebruiker | None,
    op: datetime,
) -> None:
    """Reservation of a day that needs no lot; ``toe``: who gets how much, the others wait."""
    overgangen_toepassen(aanvragen, "in_verdeling_nemen", actor=actor, op=op)
    toegekend = [Toekenning(a, toe[a.pk], tuple(a.potten)) for a in aanvragen if a.pk in toe]
    aanvragen_selecteren(tijdvak=rij.tijdvak, toekenningen=toegekend, actor=actor, op=op)
    bedrag = {toekenning.aanvraag.pk: toekenning.bedrag for toekenning in toegekend}
    _plaatsen(rij, [(a, 0, bedrag.get(a.pk)) for a in aanvragen])
    _wachten(rij.tijdvak, [a for a in aanvragen if a.pk not in bedrag], actor, op)


def _plaatsen(rij: Volgordedag, regels: Sequence[tuple[Aanvraag, int, Decimal | None]]) -> None:
    Dagplaats.objects.bulk_create(
        [
            Dagplaats(
                aanvraag=aanvraag,
                volgordedag=rij,
                nummer=nummer,
                uitkomst=Uitkomst.RESERVE if bedrag is None else Uitkomst.TOEGEWEZEN,
                bedrag=bedrag,
            )
            for aanvraag, nummer, bedrag in regels
        ],
        batch_size=500,
    )


def _wachten(tijdvak: Tijdvak, aanvragen: Sequence[Aanvraag], actor: Gebruiker | None, op: datetime) -> None:
    """The reserve list; without one there is no room for them. A maximum is applied when the round is divided."""
    stap = "op_reservelijst_plaatsen" if tijdvak.verdeling.reservelijst else "niet_selecteren"
    overgangen_toepassen(aanvragen, stap, actor=actor, op=op)


def dagloting_vaststellen(*, loting: Loting, actor: Gebruiker | None, op: datetime) -> None:
    """What the draw of a critical day gave: reservations for who won, the reserve list for the others. Called by the
    settling of the draw, in its transaction."""
    dag = Volgordedag.objects.select_for_update(of=("self",)).get(loting=loting)
    uitslag = bereken(lotingbestanden(loting))
    lijst, stand = uitslag.deelnemers, uitslag.stand
    nummer = {lijst.kenmerk[rij]: n for n, rij in enumerate(uitslag.trekking.volgorde, 1)}
    gewonnen = {lijst.kenmerk[rij]: wat for rij, wat in enumerate(stand.uitkomst) if isinstance(wat, int)}
    wachtend = Aanvraag.objects.select_for_update(of=("self",)).filter(tijdvak=loting.tijdvak, kenmerk__in=nummer)
    meedoend = sorted(wachtend.filter(status=Status.IN_VERDELING), key=lambda a: nummer[a.kenmerk])
    toegekend = [
        Toekenning(a, uit_delen(gewonnen[a.kenmerk], loting.tijdvak), tuple(a.potten))
        for a in meedoend
        if a.kenmerk in gewonnen
    ]
    aanvragen_selecteren(tijdvak=loting.tijdvak, toekenningen=toegekend, actor=actor, op=op)
    bedrag = {toekenning.aanvraag.pk: toekenning.bedrag for toekenning in toegekend}
    _wachten(loting.tijdvak, [a for a in meedoend if a.pk not in bedrag], actor, op)
    _plaatsen(dag, [(a, nummer[a.kenmerk], bedrag.get(a.pk)) for a in meedoend])
    # Who could not get room any more was not drawn with them, and waits behind them.
    achter = op_dag(loting.tijdvak, dag.dag)
    overgangen_toepassen(achter, "in_verdeling_nemen", actor=actor, op=op)
    _wachten(loting.tijdvak, achter, actor, op)
    _plaatsen(dag, [(a, len(nummer) + 1, None) for a in achter])
    dag.dicht, dag.klaar_op = sorted(stand.dicht), op
    dag.save(update_fields=["dicht", "klaar_op"])


def te_loten_dag(*, tijdvak: Tijdvak, actor: Gebruiker | None, op: datetime) -> date | None:
    """The critical day that has to be drawn now; ``None``: the list of the whole round. :class:`OvergangFout` when
    there is nothing to draw (any more, or yet)."""
    if not telt_dagen(tijdvak):
        return None
    dagen_verwerken(tijdvak=tijdvak, actor=actor, op=op)
    dag = kritieke_dag(tijdvak)
    if dag is not None:
        return dag.dag
    if tijdvak.status == Tijdvakstatus.GESLOTEN and not _wie_wacht(tijdvak) and tijdvak.volgordedagen.exists():
        raise OvergangFout(
            "Alles is al verdeeld: er hoeft niet te worden geloot.",
            actie="Rond de verdeling af.",
            code="niets-te-loten",
        )
    return None


def _wie_wacht(tijdvak: Tijdvak) -> bool:
    return Aanvraag.objects.filter(
        tijdvak=tijdvak, status__in=[Status.RESERVE, Status.COMPLEET, Status.IN_VERDELING, *_NOG_OPEN]
    ).exists()


_NOG_OPEN = [Status.INGEDIEND, Status.IN_BEHANDELING, Status.AANVULLING_GEVRAAGD]


def verdeling_afronden(*, tijdvak: Tijdvak, actor: Gebruiker | None, op: datetime) -> Rangschikking:
    """Ends the division of a closed round of which every day was handled and where nobody waits: no draw is needed."""
    eis_rol(actor, Rol.BESLISSER, Rol.BEHEERDER)
    with transaction.atomic():
        tijdvak = tijdvak_bijwerken(tijdvak=tijdvak, op=op)
        dagen_verwerken(tijdvak=tijdvak, actor=actor, op=op)
        if not telt_dagen(tijdvak) or tijdvak.status != Tijdvakstatus.GESLOTEN:
            raise OvergangFout(
                f"Het tijdvak is “{tijdvak.get_status_display()}”; afronden kan nu niet.",
                actie="Wacht tot het tijdvak gesloten is.",
            )
        if kritieke_dag(tijdvak) is not None or _wie_wacht(tijdvak):
            raise OvergangFout(
                "Er wachten nog aanvragen op een plaats.", actie="Bereid de loting voor.", code="aanvragen-wachten"
            )
        rangschikking = Rangschikking.objects.create(
            tijdvak=tijdvak, methode=tijdvak.methode, gemaakt_op=op, gemaakt_door=actor, herkomst={"zonder": "loting"}
        )
        rijen = Dagplaats.objects.filter(aanvraag__tijdvak=tijdvak).select_related("aanvraag")
        geordend = rijen.order_by("volgordedag__dag", "nummer", "aanvraag__kenmerk")
        Plaats.objects.bulk_create(
            [
                Plaats(
                    rangschikking=rangschikking,
                    aanvraag=rij.aanvraag,
                    rang=rang,
                    eerste_uitkomst=_zonder_reserve(rij.uitkomst),
                    uitkomst=_zonder_reserve(rij.uitkomst),
                    bedrag=rij.bedrag,
                )
                for rang, rij in enumerate(geordend, 1)
            ],
            batch_size=500,
        )
        vast = vergrendel(tijdvak)
        vast = overgang_toepassen(vast, "verdeling_beginnen", actor=actor, op=op, vergrendeld=True)
        overgang_toepassen(vast, "verdelen", actor=actor, op=op, vergrendeld=True)
    return rangschikking


def _zonder_reserve(uitkomst: str) -> str:
    return Uitkomst.AFGEWEZEN if uitkomst == Uitkomst.RESERVE else uitkomst


def volgorde_bijwerken(*, op: datetime) -> int:
    """Handles the days of every round with order of receipt, and ends a round that needs no draw. Run by the worker."""
    rondes = Tijdvak.objects.filter(methode=Methode.VOLGORDE, status__in=_LOPEND).exclude(herkomst=Herkomst.SIMULATIE)
    gedaan = 0
    for tijdvak in rondes:
        tijdvak = tijdvak_bijwerken(tijdvak=tijdvak, op=op)
        gedaan += len(dagen_verwerken(tijdvak=tijdvak, actor=None, op=op))
        klaar = tijdvak.status == Tijdvakstatus.GESLOTEN and tijdvak.volgordedagen.exists()
        if klaar and telt_dagen(tijdvak) and kritieke_dag(tijdvak) is None and not _wie_wacht(tijdvak):
            verdeling_afronden(tijdvak=tijdvak, actor=None, op=op)
    return gedaan


def dag_is_geloot(tijdvak: Tijdvak) -> bool:
    """From the first critical day until the round is divided the ceilings stay as they are: after that a raise is a
    line of the log, which calls the reserve list in order."""
    geloot = tijdvak.volgordedagen.filter(soort=Dagsoort.KRITIEK).exists()
    return geloot and not Rangschikking.objects.filter(tijdvak=tijdvak).exists()
