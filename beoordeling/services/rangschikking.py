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
from beoordeling.enums import Lotingstatus, Mutatiesoort, Uitkomst
from beoordeling.loting import Uitslag, bereken
from beoordeling.models import Loting, Mutatie, Plaats, Rangschikking
from beoordeling.services.bewijs import (
    bewijspakket,
    controleer_in_eigen_proces,
    lotingbestand,
    lotingbestanden,
    mutaties_csv,
)
from beoordeling.services.loting import eis_andere
from kern.enums import Rol
from kern.fouten import OvergangFout
from kern.models import Gebruiker
from kern.rechten import eis_rol
from kern.services.overgang import overgang_toepassen, overgangen_toepassen, vergrendel
from kern.services.spoor import Logpost, keten_van, log_schrijven
from kern.taal import in_het_nederlands
from regeling.enums import HOOFDPOT, Boekingsoort
from regeling.models import Tijdvak
from regeling.ruimte import uit_delen
from regeling.services.grootboek import Opdracht, boeken, plafond_ophogen

WOORD = {"RESERVE": Uitkomst.RESERVE, "GROEP": Uitkomst.GROEP, "UIT": Uitkomst.UIT, "INGETROKKEN": Uitkomst.VERVALLEN}


@in_het_nederlands
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
            tijdvak=tijdvak, methode=tijdvak.methode, loting=loting, gemaakt_op=op, gemaakt_door=actor
        )
        plaatsen = _plaatsen(rangschikking, loting)
        meedoend = [p for p in plaatsen if p.aanvraag.status == Status.IN_VERDELING]
        _wachtenden(tijdvak, meedoend, actor, op)
        Plaats.objects.bulk_create(plaatsen, batch_size=500)
        potten = _betaald_uit(bereken(lotingbestanden(loting)))
        _selecteren(tijdvak, [p for p in meedoend if p.uitkomst == Uitkomst.TOEGEWEZEN], potten, actor, op)
        overgang_toepassen(tijdvak, "verdelen", actor=actor, op=op, vergrendeld=True)
        loting = overgang_toepassen(loting, "beginnen", actor=actor, op=op, vergrendeld=True)
        for plaats in plaatsen:
            if plaats.uitkomst != Uitkomst.UIT and plaats.aanvraag.status != Status.IN_VERDELING:
                _gestopt_na_de_bronnen(rangschikking, plaats.aanvraag, actor, op)
    return loting


def _gestopt_na_de_bronnen(
    rangschikking: Rangschikking, aanvraag: Aanvraag, actor: Gebruiker | None, op: datetime
) -> None:
    """Withdrawn or refused between the sources and the settling: it was drawn, so it leaves by the log."""
    ingetrokken = aanvraag.status == Status.INGETROKKEN
    mutatie_verwerken(
        rangschikking=rangschikking,
        soort=Mutatiesoort.INTREKKING if ingetrokken else Mutatiesoort.UITSLUITING,
        kenmerk=aanvraag.kenmerk,
        bedrag=Decimal(0),
        reden=aanvraag.get_status_display(),
        actor=actor,
        op=op,
    )


def _betaald_uit(uitslag: Uitslag) -> dict[str, list[str]]:
    """Label → sub-ceilings that its award came from; a second walk (restronde) takes from the ceiling alone."""
    kenmerken = uitslag.deelnemers.kenmerk
    return {kenmerken[rij]: sorted(set(potten) - {HOOFDPOT}) for rij, potten in uitslag.stand.betaald_uit.items()}


def _plaatsen(rangschikking: Rangschikking, loting: Loting) -> list[Plaats]:
    """The places as drawn. Locks the applications: their states do not change until the draw is settled."""
    rijen = Aanvraag.objects.select_for_update(of=("self",)).filter(tijdvak=loting.tijdvak).exclude(kenmerk="")
    aanvragen = {aanvraag.kenmerk: aanvraag for aanvraag in rijen}
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
                bedrag=uit_delen(int(woord), loting.tijdvak) if woord.isdigit() else None,
                reden=aanvragen[kenmerk].get_status_display() if uitkomst == Uitkomst.UIT else "",
            )
        )
    return plaatsen


def _selecteren(
    tijdvak: Tijdvak, plaatsen: list[Plaats], potten: dict[str, list[str]], actor: Gebruiker | None, op: datetime
) -> None:
    """Selects in rank order and takes the room; the ceiling row is locked last.

    ``potten``: label → sub-ceilings that pay; from now on the application draws on those alone.
    """
    if not plaatsen:
        return
    bedrag = {plaats.aanvraag_id: plaats.bedrag for plaats in plaatsen}
    for plaats in plaatsen:
        if plaats.aanvraag.potten != potten[plaats.aanvraag.kenmerk]:
            Aanvraag.objects.filter(pk=plaats.aanvraag_id).update(potten=potten[plaats.aanvraag.kenmerk])
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
                potten=potten[plaats.aanvraag.kenmerk],
            )
            for plaats in plaatsen
        ],
    )


def _wachtenden(tijdvak: Tijdvak, plaatsen: list[Plaats], actor: Gebruiker | None, op: datetime) -> None:
    """The reserve list in rank order, up to its maximum; who is beyond its end has no place on it."""
    wachtend = [p for p in plaatsen if p.uitkomst in {Uitkomst.RESERVE, Uitkomst.GROEP}]
    maximum = tijdvak.verdeling.reservelijst_maximum if tijdvak.verdeling.reservelijst else 0
    grens = len(wachtend) if maximum is None else maximum
    overgangen_toepassen([p.aanvraag for p in wachtend[:grens]], "op_reservelijst_plaatsen", actor=actor, op=op)
    overgangen_toepassen([p.aanvraag for p in wachtend[grens:]], "niet_selecteren", actor=actor, op=op)
    for plaats in wachtend[grens:]:
        plaats.uitkomst = Uitkomst.AFGEWEZEN


def mutatie_verwerken(
    *,
    rangschikking: Rangschikking,
    soort: Mutatiesoort,
    kenmerk: str,
    bedrag: Decimal,
    reden: str,
    actor: Gebruiker | None,
    op: datetime,
) -> list[str]:
    """Adds one line to the mutation log and calls whom it makes room for, in rank order; returns their labels.

    The caller has changed the application and freed its money (withdrawal) or raised the ceiling. Runs in the caller's
    transaction; a second caller waits for the ranking's row.

    The log knows no end of the reserve list. When nobody is on it any more and others stand beyond its end, the log
    is closed: a line would give money to applications that were told no.
    """
    with transaction.atomic():
        rangschikking = Rangschikking.objects.select_for_update(of=("self",)).get(pk=rangschikking.pk)
        if rangschikking.loting is None:
            raise OvergangFout(
                "Deze rangschikking komt uit een bestand en heeft geen reservelijst.",
                actie="Er wordt niemand opgeroepen.",
            )
        plaatsen = rangschikking.plaatsen
        reserve = plaatsen.filter(aanvraag__status=Status.RESERVE).exists()
        if not reserve and plaatsen.filter(uitkomst=Uitkomst.AFGEWEZEN).exists():
            _zonder_reservelijst(rangschikking, soort, kenmerk, bedrag)
            return []
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
    return list(mutatie.opgeroepen)


def _zonder_reservelijst(rangschikking: Rangschikking, soort: Mutatiesoort, kenmerk: str, bedrag: Decimal) -> None:
    """Nobody can be called: only the place of the application itself changes."""
    plaats = rangschikking.plaatsen.filter(aanvraag__kenmerk=kenmerk)
    if soort == Mutatiesoort.VERLAGING:
        plaats.update(bedrag=bedrag)
    elif soort != Mutatiesoort.VERHOGING:
        uit = Uitkomst.VERVALLEN if soort == Mutatiesoort.INTREKKING else Uitkomst.UIT
        plaats.update(uitkomst=uit, bedrag=None)


def _bijwerken(rangschikking: Rangschikking, actor: Gebruiker | None, op: datetime) -> list[str]:
    """Replays the draw with its log and applies the differences; returns the labels that were called."""
    loting = rangschikking.loting
    if loting is None:
        return []
    uitslag = bereken({**lotingbestanden(loting), "mutaties.csv": mutaties_csv(rangschikking)})
    stand = (uitslag.na_mutaties or [])[-1].status
    gewijzigd, opgeroepen = [], []
    op_lijst = rangschikking.plaatsen.exclude(uitkomst=Uitkomst.AFGEWEZEN)  # those were told no
    for plaats in op_lijst.select_related("aanvraag").order_by("rang"):
        nieuw = stand[plaats.aanvraag.kenmerk]
        bedrag = uit_delen(nieuw, rangschikking.tijdvak) if isinstance(nieuw, int) else None
        uitkomst = Uitkomst.TOEGEWEZEN if bedrag is not None else WOORD[str(nieuw)]
        if (uitkomst, bedrag) == (plaats.uitkomst, plaats.bedrag):
            continue
        if uitkomst == Uitkomst.TOEGEWEZEN and plaats.aanvraag.status == Status.RESERVE:
            opgeroepen.append(plaats)
        plaats.uitkomst, plaats.bedrag = uitkomst, bedrag
        gewijzigd.append(plaats)
    Plaats.objects.bulk_update(gewijzigd, ["uitkomst", "bedrag"], batch_size=200)
    rest = uitslag.protocol.restronde
    potten = {plaats.aanvraag.kenmerk: [] if rest else plaats.aanvraag.potten for plaats in opgeroepen}
    _selecteren(rangschikking.tijdvak, opgeroepen, potten, actor, op)
    return list(potten)


def rangschikking_vergrendelen(tijdvak: Tijdvak) -> Rangschikking | None:
    """Locks the draw of a round and its running ranking; ``None`` when there is none (any more).

    What may call the reserve list does this first. Order of locks everywhere: draw, ranking, application, ceiling.
    """
    geldend = Loting.objects.select_for_update(of=("self",)).filter(tijdvak=tijdvak)
    list(geldend.exclude(status__in=[Lotingstatus.VERVANGEN, Lotingstatus.ONGELDIG]).order_by("pk"))
    rijen = Rangschikking.objects.select_for_update(of=("self",))
    return rijen.filter(tijdvak=tijdvak, loting__status=Lotingstatus.LOPEND).first()


#: The amounts of the ceilings stand in the published protocol.
_BEVROREN = [
    Lotingstatus.BEVROREN,
    Lotingstatus.GEPUBLICEERD,
    Lotingstatus.BRONNEN_VOLLEDIG,
    Lotingstatus.GETROKKEN,
    Lotingstatus.VERDEELD,
]


def plafond_verhogen(
    *, tijdvak: Tijdvak, bedrag: Decimal, reden: str, actor: Gebruiker | None, op: datetime, code: str = HOOFDPOT
) -> list[str]:
    """Raises a ceiling and calls the reserve list in rank order; returns the labels that were called."""
    eis_rol(actor, Rol.BEHEERDER)
    with transaction.atomic():
        rangschikking = rangschikking_vergrendelen(tijdvak)
        if tijdvak.lotingen.filter(status__in=_BEVROREN).exists():
            raise OvergangFout(
                "De lijst van de loting is bevroren; dit plafond staat in het protocol.",
                actie="Verhoog het plafond nadat de loting is vastgesteld.",
                code="plafond-bevroren",
            )
        plafond_ophogen(tijdvak=tijdvak, bedrag=bedrag, reden=reden, actor=actor, op=op, code=code)
        if rangschikking is None:
            return []
        return mutatie_verwerken(
            rangschikking=rangschikking,
            soort=Mutatiesoort.VERHOGING,
            kenmerk=code,
            bedrag=bedrag,
            reden=reden,
            actor=actor,
            op=op,
        )
