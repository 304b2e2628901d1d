"""From a draw to outcomes, and what happens afterwards: the reserve list is called by replaying the published log.

The awards of a round are what the lottery engine says over frozen list + protocol + sources + mutations. This service
brings applications and ledger in line with that, so the evidence package and the administration cannot differ.
"""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal

from django.db import transaction
from django.db.models import Max

from aanvragen.enums import Status
from aanvragen.models import Aanvraag
from beoordeling.enums import Mutatiesoort, Uitkomst
from beoordeling.loting import bereken
from beoordeling.models import Loting, Mutatie, Plaats, Rangschikking
from beoordeling.services.loting import (
    CENTEN,
    bewijspakket,
    controleer_in_eigen_proces,
    eis_andere,
    lotingbestand,
    lotingbestanden,
    mutaties_csv,
)
from kern.enums import Rol
from kern.fouten import OvergangFout
from kern.models import Gebruiker
from kern.rechten import eis_rol
from kern.services.overgang import overgang_toepassen, overgangen_toepassen, vergrendel
from kern.services.spoor import Logpost, keten_van, log_schrijven
from regeling.enums import HOOFDPOT, Boekingsoort, Methode
from regeling.models import Tijdvak
from regeling.services.grootboek import Opdracht, boeken, plafond_ophogen

WOORD = {"RESERVE": Uitkomst.RESERVE, "GROEP": Uitkomst.GROEP, "UIT": Uitkomst.UIT, "INGETROKKEN": Uitkomst.VERVALLEN}


def loting_vaststellen(*, loting: Loting, actor: Gebruiker | None, op: datetime) -> Loting:
    """Settles a draw: another person than who drew, after the shipped script agreed in a process of its own.

    Selected applications get their reservation under the ceiling; the others the reserve list, when there is one.
    """
    eis_rol(actor, Rol.BESLISSER, Rol.BEHEERDER)
    controleer_in_eigen_proces(bewijspakket(loting))
    with transaction.atomic():
        loting = vergrendel(loting)
        eis_andere(actor, loting.getrokken_door, "Wie de loting trekt, stelt haar niet vast.")
        loting = overgang_toepassen(loting, "vaststellen", actor=actor, op=op, vergrendeld=True)
        tijdvak = vergrendel(loting.tijdvak)
        rangschikking = Rangschikking.objects.create(
            tijdvak=tijdvak, methode=Methode.LOTING, loting=loting, gemaakt_op=op, gemaakt_door=actor
        )
        plaatsen = _plaatsen(rangschikking, loting)
        Plaats.objects.bulk_create(plaatsen, batch_size=500)
        _selecteren(tijdvak, [p for p in plaatsen if p.uitkomst == Uitkomst.TOEGEWEZEN], actor, op)
        _wachtenden(tijdvak, plaatsen, actor, op)
        overgang_toepassen(tijdvak, "verdelen", actor=actor, op=op, vergrendeld=True)
        return overgang_toepassen(loting, "beginnen", actor=actor, op=op, vergrendeld=True)


def _plaatsen(rangschikking: Rangschikking, loting: Loting) -> list[Plaats]:
    aanvragen = {a.kenmerk: a for a in Aanvraag.objects.filter(tijdvak=loting.tijdvak).exclude(kenmerk="")}
    plaatsen = []
    for regel in lotingbestand(loting, "uitkomst.csv").decode().splitlines()[1:]:
        rang, kenmerk, lot, woord = regel.split(";")
        uitkomst = WOORD.get(woord, Uitkomst.TOEGEWEZEN)
        plaatsen.append(
            Plaats(
                rangschikking=rangschikking,
                aanvraag=aanvragen[kenmerk],
                rang=int(rang),
                lot=lot,
                uitkomst=uitkomst,
                eerste_uitkomst=uitkomst,
                bedrag=Decimal(woord) / CENTEN if woord.isdigit() else None,
                reden=aanvragen[kenmerk].get_status_display() if uitkomst == Uitkomst.UIT else "",
            )
        )
    return plaatsen


def _selecteren(tijdvak: Tijdvak, plaatsen: list[Plaats], actor: Gebruiker | None, op: datetime) -> None:
    """Selects in rank order and takes the room; the ceiling row is locked last."""
    if not plaatsen:
        return
    bedrag = {plaats.aanvraag_id: plaats.bedrag for plaats in plaatsen}
    overgangen_toepassen(
        [plaats.aanvraag for plaats in plaatsen],
        "selecteren",
        actor=actor,
        op=op,
        argumenten=lambda aanvraag: {"bedrag": bedrag[aanvraag.pk]},
    )
    boeken(
        tijdvak=tijdvak,
        actor=actor,
        op=op,
        opdrachten=[
            Opdracht(
                soort=Boekingsoort.RESERVERING,
                bedrag=plaats.bedrag or Decimal(0),
                onderwerp=plaats.aanvraag_id,
                sleutel=f"reservering-{plaats.aanvraag_id}",
                potten=plaats.aanvraag.potten,
            )
            for plaats in plaatsen
        ],
    )


def _wachtenden(tijdvak: Tijdvak, plaatsen: list[Plaats], actor: Gebruiker | None, op: datetime) -> None:
    wachtend = [p.aanvraag for p in plaatsen if p.uitkomst in {Uitkomst.RESERVE, Uitkomst.GROEP}]
    maximum = tijdvak.verdeling.reservelijst_maximum if tijdvak.verdeling.reservelijst else 0
    grens = len(wachtend) if maximum is None else maximum
    overgangen_toepassen(wachtend[:grens], "op_reservelijst_plaatsen", actor=actor, op=op)
    overgangen_toepassen(wachtend[grens:], "niet_selecteren", actor=actor, op=op)


def mutatie_verwerken(
    *,
    rangschikking: Rangschikking,
    soort: Mutatiesoort,
    kenmerk: str,
    bedrag: Decimal,
    reden: str,
    actor: Gebruiker | None,
    op: datetime,
) -> Mutatie:
    """Adds one line to the mutation log and calls whom it makes room for, in rank order.

    The caller has changed the application and freed its money (withdrawal) or raised the ceiling. Runs in the caller's
    transaction; a second caller waits for the ranking's row.
    """
    with transaction.atomic():
        rangschikking = Rangschikking.objects.select_for_update(of=("self",)).get(pk=rangschikking.pk)
        if rangschikking.loting is None:
            raise OvergangFout(
                "Deze rangschikking komt uit een bestand en heeft geen reservelijst.",
                actie="Er wordt niemand opgeroepen.",
            )
        nr = (rangschikking.mutaties.aggregate(n=Max("nr"))["n"] or 0) + 1
        mutatie = Mutatie.objects.create(
            rangschikking=rangschikking,
            nr=nr,
            soort=soort,
            kenmerk=kenmerk,
            bedrag=bedrag,
            reden=reden,
            op=op,
            door=actor,
        )
        mutatie.opgeroepen = _bijwerken(rangschikking, actor, op)
        mutatie.save(update_fields=["opgeroepen"])
        log_schrijven(
            Logpost(
                keten=keten_van(rangschikking),
                handeling="mutatie",
                op=op,
                actor=actor,
                reden=reden,
                gegevens={
                    "nr": nr,
                    "soort": str(soort),
                    "kenmerk": kenmerk,
                    "bedrag": str(bedrag),
                    "opgeroepen": len(mutatie.opgeroepen),
                },
            )
        )
    return mutatie


def _bijwerken(rangschikking: Rangschikking, actor: Gebruiker | None, op: datetime) -> list[str]:
    """Replays the draw with its log and applies the differences; returns the labels that were called."""
    loting = rangschikking.loting
    if loting is None:
        return []
    bestanden = {**lotingbestanden(loting), "mutaties.csv": mutaties_csv(rangschikking)}
    stand = (bereken(bestanden).na_mutaties or [])[-1].status
    gewijzigd, opgeroepen = [], []
    for plaats in rangschikking.plaatsen.select_related("aanvraag").order_by("rang"):
        nieuw = stand[plaats.aanvraag.kenmerk]
        bedrag = Decimal(nieuw) / CENTEN if isinstance(nieuw, int) else None
        uitkomst = Uitkomst.TOEGEWEZEN if bedrag is not None else WOORD[str(nieuw)]
        if (uitkomst, bedrag) == (plaats.uitkomst, plaats.bedrag):
            continue
        if uitkomst == Uitkomst.TOEGEWEZEN and plaats.aanvraag.status == Status.RESERVE:
            opgeroepen.append(plaats)
        plaats.uitkomst, plaats.bedrag = uitkomst, bedrag
        gewijzigd.append(plaats)
    Plaats.objects.bulk_update(gewijzigd, ["uitkomst", "bedrag"], batch_size=200)
    _selecteren(rangschikking.tijdvak, opgeroepen, actor, op)
    return [plaats.aanvraag.kenmerk for plaats in opgeroepen]


def plafond_verhogen(
    *, tijdvak: Tijdvak, bedrag: Decimal, reden: str, actor: Gebruiker | None, op: datetime, code: str = HOOFDPOT
) -> list[str]:
    """Raises a ceiling and calls the reserve list in rank order; returns the labels that were called."""
    eis_rol(actor, Rol.BEHEERDER)
    with transaction.atomic():
        rangschikking = Rangschikking.objects.select_for_update(of=("self",)).filter(tijdvak=tijdvak).first()
        plafond_ophogen(tijdvak=tijdvak, bedrag=bedrag, reden=reden, actor=actor, op=op, code=code)
        if rangschikking is None or rangschikking.loting is None:
            return []
        return list(
            mutatie_verwerken(
                rangschikking=rangschikking,
                soort=Mutatiesoort.VERHOGING,
                kenmerk=code,
                bedrag=bedrag,
                reden=reden,
                actor=actor,
                op=op,
            ).opgeroepen
        )
