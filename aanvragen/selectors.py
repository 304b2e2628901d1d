"""Reading applications: who sees which rows, and the figures of a round."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from django.db.models import Count, Q, QuerySet, Sum
from django.utils import timezone

from aanvragen.enums import OPEN_VOOR_BEHANDELING, TOEGEKEND, Status
from aanvragen.models import Aanvraag, Organisatie
from kern.enums import Rol
from kern.models import Gebruiker
from regeling.enums import HOOFDPOT
from regeling.models import Plafond, Tijdvak

#: Staff roles that may read every case that was sent in.
LEZENDE_ROLLEN = frozenset({Rol.BEHANDELAAR, Rol.BESLISSER, Rol.FINANCIEEL, Rol.BEZWAARBEHANDELAAR, Rol.AUDITOR})
NUL = Decimal("0.00")


def organisaties_van(gebruiker: Gebruiker) -> QuerySet[Organisatie]:
    """Organisations for which the person has a mandate today."""
    if not gebruiker.is_authenticated:
        return Organisatie.objects.none()
    geldig = Q(machtigingen__geldig_tot=None) | Q(machtigingen__geldig_tot__gte=timezone.localdate())
    return (
        Organisatie.objects.filter(geldig, machtigingen__gebruiker=gebruiker, machtigingen__ingetrokken_op=None)
        .distinct()
        .order_by("naam")
    )


def aanvragen_zichtbaar_voor(gebruiker: Gebruiker) -> QuerySet[Aanvraag]:
    """Rows the person may read: staff everything that was sent in, everybody their own organisations'."""
    rijen = Aanvraag.objects.select_related("tijdvak", "organisatie")
    if not gebruiker.is_authenticated:
        return rijen.none()
    eigen = Q(organisatie__in=organisaties_van(gebruiker).order_by())
    if gebruiker.rollen & LEZENDE_ROLLEN:
        return rijen.filter(eigen | ~Q(status__in=[Status.CONCEPT, Status.VERLOPEN]))
    return rijen.filter(eigen)


def werklijst(tijdvak: Tijdvak | None = None) -> QuerySet[Aanvraag]:
    """Cases an officer has to work on, the earliest legal date first."""
    rijen = Aanvraag.objects.filter(status__in=[*OPEN_VOOR_BEHANDELING, Status.COMPLEET])
    if tijdvak is not None:
        rijen = rijen.filter(tijdvak=tijdvak)
    return rijen.select_related("tijdvak", "organisatie", "behandelaar").order_by(
        "beslissen_uiterlijk_op", "ingediend_op", "id"
    )


@dataclass(frozen=True)
class Tijdvakcijfers:
    """Live figures of a round; amounts in euros (or pieces)."""

    aanvragen: int
    gevraagd_bedrag: Decimal
    toegekend: int
    toegekend_bedrag: Decimal
    plafond: Decimal
    resteert: Decimal
    reserve: int
    per_status: dict[str, int]


def tijdvak_cijfers(tijdvak: Tijdvak) -> Tijdvakcijfers:
    """Counts what was sent in; drafts and lapsed drafts are shown in ``per_status`` only."""
    rijen = Aanvraag.objects.filter(tijdvak=tijdvak).order_by()
    per_status = dict(rijen.values_list("status").annotate(n=Count("id")).order_by("status"))
    ontvangen = rijen.exclude(status__in=[Status.CONCEPT, Status.VERLOPEN])
    sommen = ontvangen.aggregate(
        aanvragen=Count("id"),
        gevraagd=Sum("gevraagd_bedrag"),
        toegekend=Count("id", filter=Q(status__in=TOEGEKEND)),
        bedrag=Sum("toegekend_bedrag", filter=Q(status__in=TOEGEKEND)),
        reserve=Count("id", filter=Q(status=Status.RESERVE)),
    )
    plafond = Plafond.objects.get(tijdvak=tijdvak, code=HOOFDPOT)
    return Tijdvakcijfers(
        aanvragen=sommen["aanvragen"],
        gevraagd_bedrag=sommen["gevraagd"] or NUL,
        toegekend=sommen["toegekend"],
        toegekend_bedrag=sommen["bedrag"] or NUL,
        plafond=plafond.bedrag,
        resteert=plafond.resteert,
        reserve=sommen["reserve"],
        per_status=per_status,
    )


def dagen_over(aanvraag: Aanvraag, vandaag: date) -> int | None:
    """Days until the legal date; negative when it has passed."""
    if aanvraag.beslissen_uiterlijk_op is None:
        return None
    return (aanvraag.beslissen_uiterlijk_op - vandaag).days
