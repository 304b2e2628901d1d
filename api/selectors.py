"""Reading for the API: what is public, and which cases a partner may see."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from django.db.models import Count, Exists, OuterRef, Prefetch, Q, QuerySet, Sum

from aanvragen.enums import TOEGEKEND, Status
from aanvragen.models import Aanvraag, Aanvulling
from api.codes import Voucherstand
from api.models import Partner, Partnerrecht
from beoordeling.loting.uitvoer import lees_uitkomst
from beoordeling.loting.vormen import PROTOCOL, UITKOMST
from beoordeling.models import Loting, Lotingbestand
from kern.models import LogRegel
from kern.services.spoor import keten_van
from regeling.enums import HOOFDPOT, Eenheid
from regeling.models import Regeling, Regelingversie, Tijdvak
from regeling.ruimte import uit_delen
from uitvoering.enums import Voucherstatus
from uitvoering.models import Voucher, Voucheraanhouding
from uitvoering.vouchercode import normaliseer

NUL = Decimal("0.00")


def aanvragen_zichtbaar_voor_partner(partner: Partner) -> QuerySet[Aanvraag]:
    """Cases a partner may see: of an organisation that agreed, of a round by agreement, or of one in the other.

    Never a draft, sent or lapsed; nothing for a blocked partner or a withdrawn right.
    """
    if partner.geblokkeerd_op is not None:
        return Aanvraag.objects.none()
    recht = Partnerrecht.objects.filter(
        Q(organisatie=None) | Q(organisatie=OuterRef("organisatie")),
        Q(tijdvak=None) | Q(tijdvak=OuterRef("tijdvak")),
        partner=partner,
        ingetrokken_op=None,
    )
    open_aanvullingen = Aanvulling.objects.filter(beantwoord_op=None, verlopen_op=None)
    return (
        Aanvraag.objects.filter(Exists(recht))
        .exclude(status__in=[Status.CONCEPT, Status.VERLOPEN])
        .prefetch_related(
            "tijdvak__regelingversie",
            Prefetch("aanvullingen", queryset=open_aanvullingen, to_attr="open_aanvullingen"),
        )
    )


def overgangen_van(aanvraag: Aanvraag) -> list[tuple[datetime, str]]:
    """Pairs (moment, internal status it became) from the trail of a case, oldest first."""
    regels = LogRegel.objects.filter(keten=keten_van(aanvraag)).exclude(naar="").order_by("volgnr")
    return list(regels.values_list("op", "naar"))


def openbare_tijdvakken() -> QuerySet[Tijdvak]:
    """Rounds whose ceiling and method were made public (Awb 4:26)."""
    return (
        Tijdvak.objects.filter(gepubliceerd_op__isnull=False)
        .select_related("regelingversie__regeling")
        .prefetch_related("plafonds")
    )


def openbare_regelingen() -> QuerySet[Regeling]:
    """Schemes with a published round, with the versions that those rounds use (``openbare_versies``, oldest first)."""
    versies = (
        Regelingversie.objects.filter(Exists(openbare_tijdvakken().filter(regelingversie=OuterRef("pk"))))
        .order_by("geladen_op", "id")
        .select_related("regeling")
    )
    return Regeling.objects.filter(Exists(versies.filter(regeling=OuterRef("pk")))).prefetch_related(
        Prefetch("versies", queryset=versies, to_attr="openbare_versies")
    )


@dataclass(frozen=True)
class Cijfers:
    """Live figures of a round; amounts in the unit of the round (euros or pieces)."""

    aantal: int
    gevraagd: Decimal
    aantal_toegekend: int
    toegekend: Decimal
    resteert: Decimal
    reservelijst: int


def met_cijfers(tijdvakken: list[Tijdvak]) -> list[Tijdvak]:
    """Gives each round its :class:`Cijfers` as ``cijfers``: one query, whatever their number, besides the ceilings.

    The figures are those of ``aanvragen.selectors.tijdvak_cijfers``.
    """
    toegekend = Q(status__in=TOEGEKEND)
    rijen = (
        Aanvraag.objects.filter(tijdvak__in=tijdvakken)
        .exclude(status__in=[Status.CONCEPT, Status.VERLOPEN])
        .order_by()
        .values("tijdvak_id")
        .annotate(
            n=Count("id"),
            gevraagd=Sum("gevraagd_bedrag"),
            gevraagd_stuks=Sum("gevraagd_stuks"),
            n_toegekend=Count("id", filter=toegekend),
            toegekend=Sum("toegekend_bedrag", filter=toegekend),
            toegekend_stuks=Sum("toegekend_stuks", filter=toegekend),
            reserve=Count("id", filter=Q(status=Status.RESERVE)),
        )
    )
    per_tijdvak: dict[int, dict[str, Any]] = {rij["tijdvak_id"]: dict(rij) for rij in rijen}
    for tijdvak in tijdvakken:
        rij = per_tijdvak.get(tijdvak.pk, {})
        stuks = "_stuks" if tijdvak.eenheid == Eenheid.STUKS else ""
        tijdvak.cijfers = Cijfers(  # type: ignore[attr-defined]
            aantal=rij.get("n", 0),
            gevraagd=Decimal(rij.get(f"gevraagd{stuks}") or NUL),
            aantal_toegekend=rij.get("n_toegekend", 0),
            toegekend=Decimal(rij.get(f"toegekend{stuks}") or NUL),
            resteert=next(plafond.resteert for plafond in tijdvak.plafonds.all() if plafond.code == HOOFDPOT),
            reservelijst=rij.get("reserve", 0),
        )
    return tijdvakken


def gepubliceerde_lotingen() -> QuerySet[Loting]:
    """Draws whose hash was published; also those that were replaced or declared invalid afterwards."""
    return Loting.objects.filter(gepubliceerd_op__isnull=False).select_related("tijdvak", "vervangt")


@dataclass(frozen=True)
class Trekkingsregel:
    """One line of the outcome; ``bedrag`` in the unit of the round, only where something was awarded."""

    plaats: int
    kenmerk: str
    lot: str
    uitkomst: str
    bedrag: Decimal | None


@dataclass(frozen=True)
class Lotingstukken:
    """``protocol`` is the published text, byte for byte; ``bestanden`` pairs (name, SHA-256)."""

    protocol: str
    bestanden: list[tuple[str, str]]
    uitkomst: list[Trekkingsregel] | None


def lotingstukken(loting: Loting) -> Lotingstukken:
    """What is public of a draw: the frozen list's hash and the protocol, and all of it once it is settled."""
    vastgesteld = loting.vastgesteld_op is not None
    rijen = Lotingbestand.objects.filter(loting=loting).order_by("naam")
    if not vastgesteld:
        rijen = rijen.filter(naam__in=[PROTOCOL, "deelnemers.csv"])
    inhoud = {rij.naam: bytes(rij.inhoud) for rij in rijen.filter(naam__in=[PROTOCOL, UITKOMST])}
    return Lotingstukken(
        protocol=inhoud[PROTOCOL].decode("utf-8"),
        bestanden=list(rijen.values_list("naam", "sha256")),
        uitkomst=_uitkomst(inhoud[UITKOMST], loting.tijdvak) if vastgesteld else None,
    )


def _uitkomst(data: bytes, tijdvak: Tijdvak) -> list[Trekkingsregel]:
    return [
        Trekkingsregel(
            plaats=plaats,
            kenmerk=kenmerk,
            lot=lot,
            uitkomst="toegewezen" if isinstance(wat, int) else wat.lower(),
            bedrag=uit_delen(wat, tijdvak) if isinstance(wat, int) else None,
        )
        for plaats, kenmerk, lot, wat in lees_uitkomst(data)
    ]


@dataclass(frozen=True)
class Voucheruitslag:
    """Answer to a check of a code: the standing, and for a known code its value in euros and last day."""

    status: str
    waarde: Decimal | None = None
    geldigTot: date | None = None


_GEBRUIKT = {Voucherstatus.OPGEDRAGEN, Voucherstatus.GEDECLAREERD, Voucherstatus.VERZILVERD}
_UIT = {Voucherstatus.VERLOPEN, Voucherstatus.INGETROKKEN}


def voucher_controleren(code: str, vandaag: date) -> Voucheruitslag:
    """Looks up a code as somebody typed it. One query whatever the code is, and never anything about the holder."""
    aangehouden = Exists(Voucheraanhouding.objects.filter(voucher=OuterRef("pk"), opgeheven_op=None))
    rijen = Voucher.objects.filter(code=normaliseer(code) or "-").annotate(aangehouden=aangehouden)
    rij = rijen.values_list("status", "bedrag", "geldig_tot", "aangehouden").first()
    if rij is None:
        return Voucheruitslag(Voucherstand.ONBEKEND.value)
    status, bedrag, geldig_tot, is_aangehouden = rij
    if status in _GEBRUIKT:
        stand = Voucherstand.GEBRUIKT
    elif status in _UIT or vandaag > geldig_tot:
        stand = Voucherstand.VERLOPEN
    elif is_aangehouden:
        stand = Voucherstand.AANGEHOUDEN
    else:
        stand = Voucherstand.GELDIG
    return Voucheruitslag(stand.value, bedrag, geldig_tot)
