"""From a draw to outcomes, and what happens afterwards: the reserve list is called by replaying the published log.

The awards of a round are what the lottery engine says over frozen list + protocol + sources + mutations. This service
brings applications and ledger in line with that, so the evidence package and the administration cannot differ.
"""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal
from uuid import UUID

from django.db import transaction
from django.db.models import Max, Q

from aanvragen.enums import OPEN_VOOR_BEHANDELING, TOEGEKEND, Status
from aanvragen.models import Aanvraag
from beoordeling.enums import Lotingstatus, Mutatiesoort, Uitkomst
from beoordeling.loting import bereken
from beoordeling.loting.verdeling import verdeel
from beoordeling.models import Dagplaats, Loting, Mutatie, Plaats, Rangschikking
from beoordeling.selectors_behandelvolgorde import ONGETOETST_OP_RESERVE, loot_vooraf
from beoordeling.services.bewijs import (
    bewijspakket,
    controleer_in_eigen_proces,
    lotingbestanden,
    mutaties_csv,
)
from beoordeling.services.loting import eis_andere
from beoordeling.services.plaatsen import WOORD, betaald_uit, getrokken_plaatsen
from beoordeling.services.toekennen import Toekenning, aanvragen_selecteren, potten_vastleggen
from beoordeling.services.volgorde import dag_is_geloot, dagloting_vaststellen
from beoordeling.services.weigering import weigering_op_schrift
from kern.enums import Rol
from kern.fouten import OvergangFout
from kern.models import Gebruiker
from kern.rechten import eis_rol
from kern.services.overgang import overgang_toepassen, overgangen_toepassen, vergrendel
from kern.services.spoor import Logpost, keten_van, log_schrijven
from kern.taal import in_het_nederlands
from regeling.enums import HOOFDPOT
from regeling.models import Tijdvak
from regeling.ruimte import uit_delen
from regeling.services.grootboek import plafond_ophogen

#: States in which the list of the whole round still decides.
_NOG_TE_VERDELEN = {Status.IN_VERDELING, Status.RESERVE}


@in_het_nederlands
def loting_vaststellen(*, loting: Loting, actor: Gebruiker | None, op: datetime) -> Loting:
    """Settles a draw: another person than who drew, after the shipped script agreed in a process of its own.

    Selected applications get their reservation under the ceiling; the others the reserve list, when there is one.
    """
    eis_rol(actor, Rol.BESLISSER, Rol.BEHEERDER)
    with weigering_op_schrift(loting, "vaststellen", actor=actor, op=op):
        controleer_in_eigen_proces(bewijspakket(loting))
        return _vaststellen(loting, actor, op)


def _vaststellen(loting: Loting, actor: Gebruiker | None, op: datetime) -> Loting:
    with transaction.atomic():
        loting = vergrendel(loting)
        eis_andere(actor, loting.getrokken_door, "Wie de loting trekt, stelt haar niet vast.")
        loting = overgang_toepassen(loting, "vaststellen", actor=actor, op=op, vergrendeld=True)
        tijdvak = vergrendel(loting.tijdvak)
        if loting.dag is not None:
            dagloting_vaststellen(loting=loting, actor=actor, op=op)
            return overgang_toepassen(loting, "beginnen", actor=actor, op=op, vergrendeld=True)
        rangschikking = Rangschikking.objects.create(
            tijdvak=tijdvak, methode=tijdvak.methode, loting=loting, gemaakt_op=op, gemaakt_door=actor
        )
        uitslag = bereken(lotingbestanden(loting))
        plaatsen = getrokken_plaatsen(rangschikking, loting, uitslag)
        eerder = _op_hun_dag(tijdvak, plaatsen)
        nog_te_verdelen = _NOG_TE_VERDELEN
        if loot_vooraf(tijdvak):
            _compleet_in_verdeling(plaatsen, actor, op)
            nog_te_verdelen = _NOG_TE_VERDELEN | OPEN_VOOR_BEHANDELING
        meedoend = [
            p
            for p in plaatsen
            if p.aanvraag.status in nog_te_verdelen and p.aanvraag.pk not in eerder and p.uitkomst != Uitkomst.UIT
        ]
        doen_mee = {p.aanvraag.pk for p in meedoend}
        gestopt = [p for p in plaatsen if p.uitkomst != Uitkomst.UIT and p.aanvraag.pk not in doen_mee]
        _buiten_de_lijst(tijdvak, plaatsen, actor, op)
        _wachtenden(tijdvak, meedoend, actor, op)
        Plaats.objects.bulk_create(plaatsen, batch_size=500)
        potten = betaald_uit(uitslag)
        toegekend: list[Toekenning] = []
        later: list[Toekenning] = []
        for p in meedoend:
            if p.uitkomst == Uitkomst.TOEGEWEZEN and p.bedrag is not None:
                nu = p.aanvraag.status in _NOG_TE_VERDELEN
                (toegekend if nu else later).append(Toekenning(p.aanvraag, p.bedrag, tuple(potten[p.aanvraag.kenmerk])))
        potten_vastleggen(later)  # the reservation follows when the application was assessed
        aanvragen_selecteren(tijdvak=tijdvak, toekenningen=toegekend, actor=actor, op=op)
        overgang_toepassen(tijdvak, "verdelen", actor=actor, op=op, vergrendeld=True)
        loting = overgang_toepassen(loting, "beginnen", actor=actor, op=op, vergrendeld=True)
        for plaats in gestopt:
            _inhalen(rangschikking, plaats, actor, op)
    return loting


def _compleet_in_verdeling(plaatsen: list[Plaats], actor: Gebruiker | None, op: datetime) -> None:
    """Drawn before the assessment: what was found complete after the list was frozen takes part from now on."""
    compleet = [p.aanvraag for p in plaatsen if p.aanvraag.status == Status.COMPLEET and p.uitkomst != Uitkomst.UIT]
    nieuw = {a.pk: a for a in overgangen_toepassen(compleet, "in_verdeling_nemen", actor=actor, op=op)}
    for plaats in plaatsen:
        plaats.aanvraag = nieuw.get(plaats.aanvraag.pk, plaats.aanvraag)


def _op_hun_dag(tijdvak: Tijdvak, plaatsen: list[Plaats]) -> set[UUID]:
    """Applications that were selected on their own day (order of receipt). The list of the whole round must say the
    same: OvergangFout otherwise, because then something was changed in between."""
    eerder = dict(
        Dagplaats.objects.filter(aanvraag__tijdvak=tijdvak, uitkomst=Uitkomst.TOEGEWEZEN).values_list(
            "aanvraag_id", "bedrag"
        )
    )
    anders = [p.aanvraag.kenmerk for p in plaatsen if p.aanvraag.pk in eerder and p.bedrag != eerder[p.aanvraag.pk]]
    if anders:
        raise OvergangFout(
            f"De lijst geeft {anders[0]} iets anders dan op de eigen dag is toegekend.",
            actie="Stel de loting niet vast en waarschuw de beheerder.",
            code="lijst-wijkt-af",
        )
    return set(eerder)


def _buiten_de_lijst(tijdvak: Tijdvak, plaatsen: list[Plaats], actor: Gebruiker | None, op: datetime) -> None:
    """Who took part in the round but did not reach the list: below a threshold, or clearly out of the grey zone."""
    op_lijst = {plaats.aanvraag.pk for plaats in plaatsen}
    rijen = Aanvraag.objects.filter(tijdvak=tijdvak, status=Status.IN_VERDELING)
    overgangen_toepassen([a for a in rijen if a.pk not in op_lijst], "niet_selecteren", actor=actor, op=op)


def _inhalen(rangschikking: Rangschikking, plaats: Plaats, actor: Gebruiker | None, op: datetime) -> None:
    """What happened to an application before its list was settled, as a line of the log: withdrawn or refused after the
    sources, or (order of receipt) given back or settled lower after its own day."""
    aanvraag, heeft = plaats.aanvraag, Decimal(0)
    if aanvraag.status in TOEGEKEND:
        vast = aanvraag.vastgesteld_bedrag
        heeft = aanvraag.ruimte_toegekend if vast is None else aanvraag.in_ruimte(vast)
    if heeft and heeft == plaats.bedrag:
        return
    if heeft:
        soort = Mutatiesoort.VERLAGING
    elif aanvraag.status in {Status.INGETROKKEN, Status.BESLUIT_INGETROKKEN, *TOEGEKEND}:
        soort = Mutatiesoort.INTREKKING
    else:
        soort = Mutatiesoort.UITSLUITING
    mutatie_verwerken(
        rangschikking=rangschikking,
        soort=soort,
        kenmerk=aanvraag.kenmerk,
        bedrag=heeft,
        reden=aanvraag.get_status_display(),
        actor=actor,
        op=op,
    )


def _wachtenden(tijdvak: Tijdvak, plaatsen: list[Plaats], actor: Gebruiker | None, op: datetime) -> None:
    """The reserve list in rank order, up to its maximum; who is beyond its end has no place on it."""
    wachtend = [p for p in plaatsen if p.uitkomst in {Uitkomst.RESERVE, Uitkomst.GROEP}]
    maximum = tijdvak.verdeling.reservelijst_maximum if tijdvak.verdeling.reservelijst else 0
    grens = len(wachtend) if maximum is None else maximum
    nieuw = [p.aanvraag for p in wachtend[:grens] if p.aanvraag.status == Status.IN_VERDELING]
    overgangen_toepassen(nieuw, "op_reservelijst_plaatsen", actor=actor, op=op)
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
        wachtend = Q(status=Status.RESERVE) | ONGETOETST_OP_RESERVE
        reserve = Aanvraag.objects.filter(wachtend, plaats__rangschikking=rangschikking).exists()
        if not reserve and plaatsen.filter(uitkomst=Uitkomst.AFGEWEZEN).exists():
            if soort == Mutatiesoort.HERSTEL:
                return _herstel_zonder_log(rangschikking, kenmerk, actor, op)
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
        mutatie.opgeroepen = _bijwerken(rangschikking, mutatie, actor, op)
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


def _herstel_zonder_log(rangschikking: Rangschikking, kenmerk: str, actor: Gebruiker | None, op: datetime) -> list[str]:
    """An upheld objection after the log was closed: what the ORIGINAL division gives with it on the list."""
    loting = rangschikking.loting
    if loting is None:
        return []
    uitslag = bereken(lotingbestanden(loting))
    stand = verdeel(
        uitslag.deelnemers, uitslag.trekking.volgorde, uitslag.protocol, uitslag.bronwaarden.uitgesloten - {kenmerk}
    )
    rij = uitslag.deelnemers.kenmerk.index(kenmerk)
    plaats = rangschikking.plaatsen.select_related("aanvraag").get(aanvraag__kenmerk=kenmerk)
    nieuw = stand.uitkomst[rij]
    plaats.bedrag = uit_delen(nieuw, rangschikking.tijdvak) if isinstance(nieuw, int) else None
    plaats.uitkomst = Uitkomst.AFGEWEZEN if plaats.bedrag is None else Uitkomst.TOEGEWEZEN
    plaats.save(update_fields=["uitkomst", "bedrag"])
    if plaats.bedrag is None:
        overgangen_toepassen([plaats.aanvraag], "niet_selecteren", actor=actor, op=op)
        return []
    potten = tuple(pot for pot in stand.betaald_uit[rij] if pot != HOOFDPOT)
    toekenning = Toekenning(plaats.aanvraag, plaats.bedrag, potten, herstel=0)
    aanvragen_selecteren(tijdvak=rangschikking.tijdvak, toekenningen=[toekenning], actor=actor, op=op)
    return [kenmerk]


def _bijwerken(rangschikking: Rangschikking, mutatie: Mutatie, actor: Gebruiker | None, op: datetime) -> list[str]:
    """Replays the draw with its log and applies the differences; returns the labels that were called. Of those, who
    was not assessed yet only moves up, and is selected when it is found complete."""
    loting = rangschikking.loting
    if loting is None:
        return []
    uitslag = bereken({**lotingbestanden(loting), "mutaties.csv": mutaties_csv(rangschikking)})
    stand = (uitslag.na_mutaties or [])[-1].status
    gewijzigd, opgeroepen, te_toetsen, wacht = [], [], [], []
    herstel = mutatie.kenmerk if mutatie.soort == Mutatiesoort.HERSTEL else ""
    op_lijst = rangschikking.plaatsen.exclude(uitkomst=Uitkomst.AFGEWEZEN)  # those were told no
    for plaats in op_lijst.select_related("aanvraag").order_by("rang"):
        nieuw = stand[plaats.aanvraag.kenmerk]
        bedrag = uit_delen(nieuw, rangschikking.tijdvak) if isinstance(nieuw, int) else None
        uitkomst = Uitkomst.TOEGEWEZEN if bedrag is not None else WOORD[str(nieuw)]
        if (uitkomst, bedrag) == (plaats.uitkomst, plaats.bedrag):
            continue
        if uitkomst == Uitkomst.TOEGEWEZEN and plaats.aanvraag.status in _NOG_TE_VERDELEN:
            opgeroepen.append(plaats)
        elif uitkomst == Uitkomst.TOEGEWEZEN and plaats.aanvraag.status in OPEN_VOOR_BEHANDELING:
            te_toetsen.append(plaats)
        elif plaats.aanvraag.status == Status.IN_VERDELING:
            wacht.append(plaats.aanvraag)
        plaats.uitkomst, plaats.bedrag = uitkomst, bedrag
        gewijzigd.append(plaats)
    Plaats.objects.bulk_update(gewijzigd, ["uitkomst", "bedrag"], batch_size=200)
    rest = uitslag.protocol.restronde

    def toekenningen(plaatsen: list[Plaats]) -> list[Toekenning]:
        return [
            Toekenning(
                plaats.aanvraag,
                plaats.bedrag,
                () if rest else tuple(plaats.aanvraag.potten),
                herstel=mutatie.nr if plaats.aanvraag.kenmerk == herstel else None,
            )
            for plaats in plaatsen
            if plaats.bedrag is not None
        ]

    potten_vastleggen(toekenningen(te_toetsen))
    overgangen_toepassen(wacht, "op_reservelijst_plaatsen", actor=actor, op=op)
    aanvragen_selecteren(tijdvak=rangschikking.tijdvak, toekenningen=toekenningen(opgeroepen), actor=actor, op=op)
    geroepen = sorted([*opgeroepen, *te_toetsen], key=lambda plaats: plaats.rang)
    return [plaats.aanvraag.kenmerk for plaats in geroepen]


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
    *,
    tijdvak: Tijdvak,
    bedrag: Decimal,
    reden: str,
    actor: Gebruiker | None,
    op: datetime,
    code: str = HOOFDPOT,
    gezien: str | None = None,
) -> list[str]:
    """Raises a ceiling and calls the reserve list in rank order; returns the labels that were called.

    ``gezien``: the ceiling as the person saw it; another amount by now is refused. ``None`` does not ask.
    """
    eis_rol(actor, Rol.BEHEERDER)
    with transaction.atomic():
        rangschikking = rangschikking_vergrendelen(tijdvak)
        if tijdvak.lotingen.filter(status__in=_BEVROREN).exists() or dag_is_geloot(tijdvak):
            raise OvergangFout(
                "De lijst van de loting is bevroren; dit plafond staat in het protocol.",
                actie="Verhoog het plafond nadat de loting is vastgesteld.",
                code="plafond-bevroren",
            )
        plafond_ophogen(tijdvak=tijdvak, bedrag=bedrag, reden=reden, actor=actor, op=op, code=code, gezien=gezien)
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
