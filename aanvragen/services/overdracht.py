"""Who has a case in hand: taking over, handing over one by one, or everything of an absent colleague."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from uuid import UUID

from django.db import transaction

from aanvragen.enums import Bron, Status
from aanvragen.models import Aanvraag
from aanvragen.services.behandeling import MAXIMUM_BULK, Bulkregel, in_bulk
from aanvragen.services.toetsing import eis_behandelaar
from kern.enums import Rol
from kern.fouten import InvoerFout, OvergangFout
from kern.models import Gebruiker, LogRegel
from kern.rechten import eis_rol
from kern.services.overgang import vergrendel
from kern.services.spoor import Logpost, keten_van, log_schrijven

#: States in which somebody can have a case in hand.
OVER_TE_DRAGEN = frozenset(
    {
        Status.IN_BEHANDELING,
        Status.AANVULLING_GEVRAAGD,
        Status.COMPLEET,
        Status.IN_VERDELING,
        Status.GESELECTEERD,
        Status.RESERVE,
        Status.NIET_GESELECTEERD,
        Status.VERLEEND,
        Status.IN_UITVOERING,
        Status.VASTSTELLING_GEVRAAGD,
    }
)
#: Acts by which a case came into somebody's hands.
IN_HAND = ("in_behandeling_nemen", "zaak_overnemen", "zaak_overdragen")
#: Acts by which somebody judged the application, whoever has it in hand.
GEOORDEELD = ("toets_beoordelen", "compleet_verklaren")


def zaak_overnemen(*, aanvraag: Aanvraag, reden: str, actor: Gebruiker, op: datetime) -> Aanvraag:
    """Takes a case over from a colleague, with the reason; the colleague is not asked."""
    eis_behandelaar(actor, aanvraag)
    return _verplaatsen(aanvraag, actor, reden, "zaak_overnemen", actor, op)


def zaak_overdragen(*, aanvraag: Aanvraag, naar: Gebruiker, reden: str, actor: Gebruiker, op: datetime) -> Aanvraag:
    """Hands a case over to a colleague, with the reason. ``actor`` may be an officer with an interest: giving it away
    is what such a person has to do."""
    eis_rol(actor, Rol.BEHANDELAAR)
    return _verplaatsen(aanvraag, naar, reden, "zaak_overdragen", actor, op)


def _verplaatsen(
    aanvraag: Aanvraag, naar: Gebruiker, reden: str, handeling: str, actor: Gebruiker, op: datetime
) -> Aanvraag:
    if not reden.strip():
        raise InvoerFout("De reden ontbreekt.", actie="Schrijf op waarom de zaak naar een ander gaat.", veld="reden")
    if not naar.is_active:
        raise InvoerFout("Deze collega werkt hier niet meer.", actie="Kies een andere collega.", veld="naar")
    with transaction.atomic():
        aanvraag = vergrendel(aanvraag)
        eis_behandelaar(naar, aanvraag)
        if aanvraag.bron == Bron.IMPORT or aanvraag.status not in OVER_TE_DRAGEN:
            raise OvergangFout(
                f"Een zaak met de status “{aanvraag.get_status_display()}” gaat niet naar een ander.",
                actie="Neem een nieuwe zaak eerst in behandeling.",
            )
        if aanvraag.behandelaar_id == naar.pk:
            raise OvergangFout(f"{naar} heeft deze zaak al in hand.", actie="Ververs de pagina.")
        van = aanvraag.behandelaar
        aanvraag.behandelaar = naar
        aanvraag.versie += 1
        aanvraag.gewijzigd_op = op
        aanvraag.save(update_fields=["behandelaar", "versie", "gewijzigd_op"])
        log_schrijven(
            Logpost(
                keten=keten_van(aanvraag),
                handeling=handeling,
                op=op,
                actor=actor,
                reden=reden.strip(),
                gegevens={"van": van.pk if van else None, "naar": naar.pk},
            )
        )
    return aanvraag


def zaken_van(gebruiker: Gebruiker) -> list[Aanvraag]:
    """What a person has in hand, the earliest legal date first."""
    rijen = Aanvraag.objects.filter(behandelaar=gebruiker, status__in=OVER_TE_DRAGEN).exclude(bron=Bron.IMPORT)
    return list(rijen.select_related("organisatie").order_by("beslissen_uiterlijk_op", "kenmerk"))


def alles_overdragen(*, van: Gebruiker, naar: Gebruiker, reden: str, actor: Gebruiker, op: datetime) -> list[Bulkregel]:
    """Everything of an absent colleague to another; each case by itself, with its own outcome. At most 500 a time."""
    eis_rol(actor, Rol.BEHANDELAAR)
    eis_rol(naar, Rol.BEHANDELAAR)
    if van.pk == naar.pk:
        raise InvoerFout("Kies twee verschillende collega's.", veld="naar")
    if not reden.strip():
        raise InvoerFout("De reden ontbreekt.", actie="Schrijf op waarom de zaken naar een ander gaan.", veld="reden")
    return in_bulk(
        aanvragen=zaken_van(van)[:MAXIMUM_BULK],
        handeling=lambda aanvraag: zaak_overdragen(aanvraag=aanvraag, naar=naar, reden=reden, actor=actor, op=op),
    )


def in_hand_sinds(aanvragen: Iterable[UUID]) -> dict[UUID, datetime]:
    """Since when each case is in the hands it is in now; one query."""
    namen = {f"aanvraag:{pk}": pk for pk in aanvragen}
    regels = LogRegel.objects.filter(keten__in=namen, handeling__in=IN_HAND).order_by("id").values_list("keten", "op")
    return {namen[keten]: op for keten, op in regels}


def behandelaars_van(aanvragen: Iterable[UUID]) -> dict[UUID, set[int]]:
    """Per application who ever had it in hand or judged one of its checks, from the trail; one query."""
    namen = {f"aanvraag:{pk}": pk for pk in aanvragen}
    regels = LogRegel.objects.filter(keten__in=namen, handeling__in=[*IN_HAND, *GEOORDEELD])
    uit: dict[UUID, set[int]] = {pk: set() for pk in namen.values()}
    for keten, actor, handeling, gegevens in regels.values_list("keten", "actor", "handeling", "gegevens"):
        wie = gegevens.get("naar") if handeling == "zaak_overdragen" else actor
        if wie is not None:
            uit[namen[keten]].add(wie)
    return uit


def heeft_behandeld(aanvraag: Aanvraag, gebruiker: Gebruiker) -> bool:
    """Whether the person ever had the case in hand or judged it: then somebody else signs (four eyes)."""
    return gebruiker.pk in behandelaars_van([aanvraag.pk])[aanvraag.pk]
