"""Reading a round with order of receipt: days, room that is left, what stands in the way of handling a day."""

from __future__ import annotations

from collections import Counter
from datetime import date
from decimal import Decimal
from uuid import UUID

from django.db.models import Sum

from aanvragen.enums import OPEN_VOOR_BEHANDELING, Status, Toetsuitkomst
from aanvragen.models import Aanvraag, Toets
from aanvragen.selectors import PAPIER_IN_INVOER
from aanvragen.services.behandeling import rangmoment
from beoordeling.enums import Uitkomst
from beoordeling.models import Dagplaats, Volgordedag
from beoordeling.volgorde import Dagaanvraag, Dagbeeld, Storingsduur, dag_beoordelen, rangdag
from regeling.enums import Boekingsoort
from regeling.models import Boeking, Tijdvak


def storingen_van(tijdvak: Tijdvak) -> list[Storingsduur]:
    return [Storingsduur(s.van, s.tot, s.nieuw_sluit_op - s.oud_sluit_op) for s in tijdvak.storingen.all()]


def dagen_van(tijdvak: Tijdvak) -> dict[UUID, date]:
    """The day of every received application: as it was handled, else the day it was complete (or came in, when it never
    was). What becomes complete on a day that was handled already counts on the first day that was not."""
    vast = dict(Dagplaats.objects.filter(aanvraag__tijdvak=tijdvak).values_list("aanvraag_id", "volgordedag__dag"))
    verwerkt = set(Volgordedag.objects.filter(tijdvak=tijdvak).exclude(klaar_op=None).values_list("dag", flat=True))
    eerste_open = date.fromordinal(max(verwerkt).toordinal() + 1) if verwerkt else date.min
    storingen, uit = storingen_van(tijdvak), {}
    rijen = Aanvraag.objects.filter(tijdvak=tijdvak).exclude(
        status__in=[Status.CONCEPT, Status.VERLOPEN, Status.INGETROKKEN]
    )
    for pk, status, volledig, ingediend in rijen.values_list("pk", "status", "volledig_op", "ingediend_op"):
        moment = volledig or ingediend
        if moment is None:
            continue
        dag = rangdag(moment, storingen)
        wacht = status in {Status.COMPLEET, Status.IN_VERDELING}  # the others take no part, and move nobody
        uit[pk] = vast.get(pk) or (max(dag, eerste_open) if wacht else dag)
    return uit


def eerste_ruimte(tijdvak: Tijdvak, *, geheel: bool = False) -> dict[str, Decimal]:
    """Room per pot for the next day: the ceiling minus everything that was ever reserved (or all of it, ``geheel``).

    What came free since goes to the reserve list in order, through the log, and not to a later day.
    """
    plafonds = {plafond.code: plafond.bedrag for plafond in tijdvak.plafonds.all()}
    if not geheel:
        som = (
            Boeking.objects.filter(plafond__tijdvak=tijdvak, soort=Boekingsoort.RESERVERING)
            .order_by()
            .values("plafond__code")
            .annotate(som=Sum("bedrag"))
        )
        for rij in som:
            plafonds[rij["plafond__code"]] -= rij["som"]
    return plafonds


def dicht_voor(tijdvak: Tijdvak, dag: date) -> set[str]:
    """Pots that ran out before this day."""
    eerder = Volgordedag.objects.filter(tijdvak=tijdvak, dag__lt=dag).values_list("dicht", flat=True)
    return {pot for potten in eerder for pot in potten}


def kritieke_dag(tijdvak: Tijdvak) -> Volgordedag | None:
    """The day on which not everything fitted and that waits for its draw."""
    return tijdvak.volgordedagen.filter(klaar_op=None).first()


def op_dag(tijdvak: Tijdvak, dag: date) -> list[Aanvraag]:
    """The complete applications of a day that still wait for it, in order of their label."""
    dagen = dagen_van(tijdvak)
    rijen = Aanvraag.objects.filter(tijdvak=tijdvak, status__in=[Status.COMPLEET, Status.IN_VERDELING], dagplaats=None)
    return [rij for rij in rijen.order_by("kenmerk") if dagen[rij.pk] == dag]


def beeld_van_dag(tijdvak: Tijdvak, dag: date, aanvragen: list[Aanvraag]) -> Dagbeeld:
    verdeling = tijdvak.verdeling
    per_aanvrager = verdeling.eenheid_loting == "aanvrager"
    eerder = Dagplaats.objects.filter(aanvraag__tijdvak=tijdvak, uitkomst=Uitkomst.TOEGEWEZEN)
    bezet = Counter(str(pk) for pk in eerder.values_list("aanvraag__organisatie_id", flat=True))
    for aanvraag in aanvragen:
        aanvraag.tijdvak = tijdvak
    return dag_beoordelen(
        [
            Dagaanvraag(
                sleutel=str(a.pk),
                bedrag=a.ruimte_gevraagd,
                potten=tuple(a.potten),
                groep=str(a.organisatie_id) if per_aanvrager else "-",
            )
            for a in aanvragen
        ],
        ruimte=eerste_ruimte(tijdvak),
        dicht=dicht_voor(tijdvak, dag),
        per_groep=verdeling.toekenningen_per_aanvrager or 1,
        bezet=bezet if per_aanvrager else {},
    )


def wacht_op_dag(tijdvak: Tijdvak, dag: date) -> set[UUID]:
    """Applications of a day that cannot get room any more, because a pot of theirs ran out earlier."""
    return {UUID(sleutel) for sleutel in beeld_van_dag(tijdvak, dag, op_dag(tijdvak, dag)).wacht}


def beletselen_tot(tijdvak: Tijdvak, dag: date) -> list[str]:
    """What must be finished before this day can be handled, in words; empty when it can.

    An application that was asked to complete does not stand in the way: its day will be that of its answer.
    """
    storingen, gevonden = storingen_van(tijdvak), []
    wacht = [s for s in OPEN_VOOR_BEHANDELING if s != Status.AANVULLING_GEVRAAGD]
    open_ = Aanvraag.objects.filter(tijdvak=tijdvak, status__in=wacht).prefetch_related("aanvullingen")
    n = sum(rangdag(rangmoment(aanvraag), storingen) <= dag for aanvraag in open_)
    if n:
        gevonden.append(f"{n} aanvragen tot en met deze dag zijn nog niet op volledigheid gecontroleerd.")
    papier = Aanvraag.objects.filter(PAPIER_IN_INVOER, tijdvak=tijdvak, status=Status.CONCEPT)
    momenten = [moment for moment in papier.values_list("ingediend_op", flat=True) if moment is not None]
    n = sum(rangdag(moment, storingen) <= dag for moment in momenten)
    if n:
        gevonden.append(f"{n} aanvragen op papier tot en met deze dag zijn nog niet ingevoerd.")
    dagen = dagen_van(tijdvak)
    compleet = [
        pk
        for pk in Aanvraag.objects.filter(tijdvak=tijdvak, status=Status.COMPLEET).values_list("pk", flat=True)
        if dagen[pk] <= dag
    ]
    oordeel = Toets.objects.filter(aanvraag__tijdvak=tijdvak, aanvraag__status=Status.COMPLEET)
    niet_goed = oordeel.exclude(code="referenties").exclude(oordeel=Toetsuitkomst.VOLDOET)
    niet_goed = niet_goed.exclude(oordeel="", uitkomst=Toetsuitkomst.VOLDOET)
    n = len(set(niet_goed.values_list("aanvraag_id", flat=True)) & set(compleet))
    if n:
        gevonden.append(f"{n} aanvragen tot en met deze dag wachten op een oordeel of een afwijzing.")
    return gevonden
