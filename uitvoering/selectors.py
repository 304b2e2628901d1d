"""Reading what follows selection."""

from __future__ import annotations

from django.db.models import Q, QuerySet

from aanvragen.enums import Status
from aanvragen.models import Aanvraag, Deelnemer
from regeling.models import Tijdvak
from regeling.schema import Regelingspec
from uitvoering.enums import Declaratiestatus
from uitvoering.models import Declaratie


def per_deelnemer(spec: Regelingspec) -> bool:
    """Whether every member of a group has its own grant, claim and settlement under this scheme."""
    groep = spec.aanvrager.consortium
    return groep is not None and groep.bedrag_per_deelnemer and groep.declaratie_per_deelnemer


def declaratie_van(aanvraag: Aanvraag, deelnemer: Deelnemer | None = None) -> Declaratie | None:
    """The claim of the application, or of one member of its group. Takes prefetched rows."""
    nummer = deelnemer.pk if deelnemer is not None else None
    return next((rij for rij in aanvraag.declaraties.all() if rij.deelnemer_id == nummer), None)


def toegekende_deelnemers(aanvraag: Aanvraag) -> QuerySet[Deelnemer]:
    """The members of a granted group with their claims; empty where the group has one amount together."""
    return aanvraag.deelnemers.filter(toegekend_bedrag__isnull=False).select_related("declaratie")


def open_deelnemers(aanvraag: Aanvraag) -> QuerySet[Deelnemer]:
    """Members that take part and were not settled yet."""
    return toegekende_deelnemers(aanvraag).filter(vertrokken_op=None, vastgesteld_bedrag=None)


def heeft_ingediend(deelnemer: Deelnemer) -> bool:
    """Whether the claim of this member was handed in."""
    declaratie = getattr(deelnemer, "declaratie", None)
    return declaratie is not None and declaratie.status != Declaratiestatus.CONCEPT


def te_besluiten() -> Q:
    """Condition on cases: a decision is to be proposed. Not on who passed the first of two stages."""
    eerste_stap = Tijdvak.objects.filter(vorige_stap__isnull=False).values("vorige_stap")
    uitgenodigd = Q(status=Status.GESELECTEERD, tijdvak__in=eerste_stap)
    return Q(status__in=[Status.GESELECTEERD, Status.NIET_GESELECTEERD]) & ~uitgenodigd


def wacht_op_vaststelling() -> Q:
    """Condition on cases: a claim was handed in, by the applicant or by a member of the group, and is not settled."""
    leden = Deelnemer.objects.filter(vertrokken_op=None, vastgesteld_bedrag=None, toegekend_bedrag__isnull=False)
    wacht = leden.exclude(declaratie=None).exclude(
        declaratie__status__in=[Declaratiestatus.CONCEPT, Declaratiestatus.AANVULLING_GEVRAAGD]
    )
    return Q(status=Status.VASTSTELLING_GEVRAAGD) | Q(pk__in=wacht.order_by().values("aanvraag"))
