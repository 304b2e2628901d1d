"""Reading the committee's work: which applications and scores a member may see, and the state of a round.

Two rules hold everywhere: an interest shuts an application off from that person, whatever else the person may do
(:func:`belang_aanvragen`, also used by ``aanvragen`` through ``settings.AFGESCHERMD``), and nobody sees another
assessor's scores before all are in and the own are (:func:`mag_scores_zien`).
"""

from __future__ import annotations

from datetime import date
from typing import Any

from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils import timezone

from aanvragen.enums import Status
from aanvragen.models import Aanvraag, Deelnemer, Machtiging
from aanvragen.selectors import van_kracht
from beoordeling.commissieregels import Maatstaf
from beoordeling.enums_commissie import (
    IN_HAND,
    LEVEND,
    STEMT,
    Belangsoort,
    Commissierol,
    Stand,
    Toewijzingstatus,
    Vergaderstatus,
)
from beoordeling.models import (
    Aanvraagbeoordeling,
    Agendapunt,
    Belang,
    Beoordeling,
    Commissie,
    Commissielid,
    Toewijzing,
    Vergadering,
)
from kern.models import Gebruiker
from regeling.models import Tijdvak
from regeling.schema_delen import Criteriumspec

#: Applications that a committee looks at; who withdrew or was refused before is not assessed.
TE_BEOORDELEN = (Status.COMPLEET, Status.IN_VERDELING)
#: Meetings that still come or go on.
VOOR_DE_BOEG = (Vergaderstatus.GEPLAND, Vergaderstatus.GEOPEND)
#: Roles in a committee that see the whole round.
LEIDT = (Commissierol.VOORZITTER, Commissierol.SECRETARIS)


def criteria_van(tijdvak: Tijdvak) -> tuple[Criteriumspec, ...]:
    """What the committee of this round scores: the criteria of its stage."""
    return tijdvak.spec.criteria_in(tijdvak.stap)


def maatstaf_van(tijdvak: Tijdvak) -> Maatstaf:
    """The same with the threshold of the round, as the arithmetic wants it."""
    criteria = criteria_van(tijdvak)
    return Maatstaf(
        codes=tuple(c.code for c in criteria),
        namen=tuple(c.naam for c in criteria),
        gewichten=tuple(c.gewicht for c in criteria),
        drempel=tijdvak.verdeling.drempel,
    )


def belang_aanvragen(gebruiker: Gebruiker) -> QuerySet[Any]:
    """Keys of the applications in which this person has an interest: recorded and not lifted, or a mandate that counts
    today of the applicant or a member of its group. The latter is looked at live: it can come up between two looks.

    A mandate that somebody lifted as no interest stays lifted.
    """
    vastgelegd = Belang.objects.filter(gebruiker=gebruiker.pk, opgeheven_op=None)
    opgeheven = Belang.objects.filter(gebruiker=gebruiker.pk, soort=Belangsoort.GEMACHTIGD, opgeheven_op__isnull=False)
    eigen = Machtiging.objects.filter(van_kracht(), gebruiker=gebruiker.pk).order_by()
    groepen = Deelnemer.objects.filter(kvk_nummer__in=eigen.values("organisatie__kvk_nummer"))
    handelt_voor = Q(organisatie__in=eigen.values("organisatie")) | Q(pk__in=groepen.order_by().values("aanvraag"))
    return (
        Aanvraag.objects.filter(
            Q(pk__in=vastgelegd.order_by().values("aanvraag"))
            | (handelt_voor & ~Q(pk__in=opgeheven.order_by().values("aanvraag")))
        )
        .order_by()
        .values("pk")
    )


def heeft_belang(gebruiker: Gebruiker, aanvraag: Aanvraag) -> bool:
    return belang_aanvragen(gebruiker).filter(pk=aanvraag.pk).exists()


def leden_op(commissie: Commissie, dag: date) -> QuerySet[Commissielid]:
    """Members whose term runs on this day."""
    rijen = commissie.leden.filter(Q(tot=None) | Q(tot__gte=dag), van__lte=dag)
    return rijen.select_related("gebruiker").order_by("pk")


def lidmaatschappen(gebruiker: Gebruiker, dag: date | None = None) -> QuerySet[Commissielid]:
    """The person's places in committees today; none for who lost the matching role in the organisation."""
    dag = dag or timezone.localdate()
    rollen = [rol for rol, eis in ROL_NODIG.items() if eis in gebruiker.rollen]
    rijen = Commissielid.objects.filter(Q(tot=None) | Q(tot__gte=dag), gebruiker=gebruiker.pk, van__lte=dag)
    return rijen.filter(rol__in=rollen)


#: Role in a committee → role in the organisation that it asks for.
ROL_NODIG = {
    Commissierol.LID: "beoordelaar",
    Commissierol.VOORZITTER: "voorzitter",
    Commissierol.SECRETARIS: "secretaris",
}


def commissies_geleid_door(gebruiker: Gebruiker) -> QuerySet[Commissie]:
    """Committees of which the person is chair or secretary now."""
    leidt = lidmaatschappen(gebruiker).filter(rol__in=LEIDT)
    return Commissie.objects.filter(pk__in=leidt.values("commissie")).select_related(
        "tijdvak__regelingversie__regeling"
    )


def eigen_toewijzingen(gebruiker: Gebruiker) -> QuerySet[Toewijzing]:
    """Assignments that the person can open: the own living ones, in a running term, without an interest."""
    return (
        Toewijzing.objects.filter(lid__in=lidmaatschappen(gebruiker), status__in=LEVEND)
        .exclude(aanvraag__in=belang_aanvragen(gebruiker))
        .select_related("aanvraag__organisatie", "aanvraag__tijdvak__regelingversie__regeling", "lid__commissie")
        .order_by("aanvraag__kenmerk")
    )


def aanvragen_voor_leiding(gebruiker: Gebruiker) -> QuerySet[Aanvraag]:
    """Applications of the rounds that the person leads as chair or secretary, without those with an interest."""
    return (
        Aanvraag.objects.filter(tijdvak__in=commissies_geleid_door(gebruiker).values("tijdvak"))
        .filter(Q(status__in=TE_BEOORDELEN) | Q(beoordelingsstand__isnull=False))
        .exclude(pk__in=belang_aanvragen(gebruiker))
        .select_related("organisatie", "tijdvak__regelingversie__regeling")
    )


def aanvragen_leesbaar_voor_lid(gebruiker: Gebruiker) -> QuerySet[Aanvraag]:
    """Applications whose content a committee member may read: accepted ones, those on the agenda of a meeting that the
    member belongs to, and the whole round for chair and secretary. Never one with an interest."""
    eigen = eigen_toewijzingen(gebruiker).filter(status__in=IN_HAND).order_by().values("aanvraag")
    stemt = lidmaatschappen(gebruiker).filter(rol__in=sorted(STEMT)).values("commissie")
    punten = Agendapunt.objects.filter(vergadering__commissie__in=stemt, vergadering__status__in=VOOR_DE_BOEG)
    geleid = aanvragen_voor_leiding(gebruiker).order_by().values("pk")
    return (
        Aanvraag.objects.filter(Q(pk__in=eigen) | Q(pk__in=punten.order_by().values("aanvraag")) | Q(pk__in=geleid))
        .exclude(pk__in=belang_aanvragen(gebruiker))
        .select_related("organisatie", "tijdvak__regelingversie__regeling", "adviseur__bureau")
    )


def vergaderingen_van(gebruiker: Gebruiker) -> QuerySet[Vergadering]:
    """Meetings of the committees that the person belongs to."""
    rijen = Vergadering.objects.filter(commissie__in=lidmaatschappen(gebruiker).values("commissie"))
    return rijen.select_related("commissie__tijdvak__regelingversie__regeling").order_by("-gepland_op", "pk")


def agenda_voor(vergadering: Vergadering, gebruiker: Gebruiker) -> QuerySet[Agendapunt]:
    """The agenda without the items that this person must leave the room for.

    A meeting that is off or over gives no more to read: its items that were not dealt with are there only for who may
    read the application anyhow (its assessors, chair and secretary, and who has it on the agenda of a next meeting).
    """
    punten = vergadering.agenda.exclude(aanvraag__in=belang_aanvragen(gebruiker))
    if vergadering.status not in VOOR_DE_BOEG:
        leesbaar = aanvragen_leesbaar_voor_lid(gebruiker).order_by().values("pk")
        punten = punten.filter(Q(gesloten_op__isnull=False) | Q(aanvraag__in=leesbaar))
    return punten.select_related("aanvraag__organisatie").order_by("volgorde")


def mag_scores_zien(gebruiker: Gebruiker, aanvraag: Aanvraag) -> bool:
    """Whether the scores of all assessors are open to this person: all are in, and so are the person's own."""
    stand = Aanvraagbeoordeling.objects.filter(aanvraag=aanvraag).first()
    if stand is None or stand.onthuld_op is None or heeft_belang(gebruiker, aanvraag):
        return False
    eigen = Toewijzing.objects.filter(aanvraag=aanvraag, lid__gebruiker=gebruiker, status__in=LEVEND)
    return not eigen.exclude(status=Toewijzingstatus.VASTGESTELD).exists()


def geldende_beoordelingen(aanvraag: Aanvraag) -> list[Beoordeling]:
    """The last assessment of every assessor whose assignment stands and who has no interest, in order of assignment."""
    belang = Belang.objects.filter(aanvraag=aanvraag, opgeheven_op=None).values("gebruiker")
    vast = Toewijzing.objects.filter(aanvraag=aanvraag, status=Toewijzingstatus.VASTGESTELD)
    vast = vast.exclude(lid__gebruiker__in=belang)
    rijen = Beoordeling.objects.filter(toewijzing__in=vast).select_related("toewijzing__lid__gebruiker")
    laatste = {rij.toewijzing_id: rij for rij in rijen.order_by("toewijzing_id", "nr")}
    return list(laatste.values())


def standen(tijdvak: Tijdvak, gebruiker: Gebruiker) -> QuerySet[Aanvraag]:
    """The applications of a round for its chair or secretary, with assignments and state at hand."""
    return (
        aanvragen_voor_leiding(gebruiker)
        .filter(tijdvak=tijdvak)
        .select_related("beoordelingsstand", "eindscore")
        .prefetch_related("toewijzingen__lid__gebruiker")
        .order_by("kenmerk")
    )


def te_agenderen(commissie: Commissie) -> QuerySet[Aanvraag]:
    """Applications that wait for a meeting and are on no agenda that still comes."""
    gepland = Agendapunt.objects.filter(
        aanvraag=OuterRef("pk"),
        vergadering__status__in=VOOR_DE_BOEG,
        gesloten_op=None,
    )
    rijen = Aanvraag.objects.filter(
        tijdvak=commissie.tijdvak_id, beoordelingsstand__status=Stand.COMMISSIE_ADVIES, status__in=TE_BEOORDELEN
    )
    return rijen.exclude(Exists(gepland)).order_by("kenmerk")
