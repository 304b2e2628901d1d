"""The step of a draft about earlier de-minimis aid."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal

from django.db import transaction

from aanvragen.models import (
    Aanvraag,
    DeMinimisRegel,
)
from aanvragen.services.concept import DE_MINIMIS, open_concept, stap_bewaard
from aanvragen.termijn import AMSTERDAM
from kern.fouten import InvoerFout
from kern.models import Gebruiker


@dataclass(frozen=True)
class Steungegevens:
    """One earlier award as declared; euros."""

    onderneming: str
    verlener: str
    verleend_op: date
    bedrag: Decimal


def steun_bewaren(
    *,
    aanvraag: Aanvraag,
    ontvangen: bool | None,
    regels: Sequence[Steungegevens],
    actor: Gebruiker | None,
    op: datetime,
    versie: int | None = None,
) -> Aanvraag:
    """Replaces the declaration. ``ontvangen``: ``False`` is "no aid at all"; ``None`` when not answered yet."""
    vandaag = op.astimezone(AMSTERDAM).date()
    for regel in regels:
        if regel.bedrag <= 0:
            raise InvoerFout("Een bedrag is altijd hoger dan nul.", actie="Vul een bedrag in of haal de regel weg.")
        if regel.verleend_op > vandaag:
            raise InvoerFout(
                "Een datum ligt in de toekomst.", actie="Noem alleen steun waarover al is besloten.", veld="verleend_op"
            )
    if ontvangen is False and regels:
        raise InvoerFout(
            "U vulde in dat u geen steun kreeg, maar u noemt wel steun.",
            actie="Kies “Ja”, of haal de regels weg.",
            code="steun-tegenstrijdig",
        )
    with transaction.atomic():
        aanvraag = open_concept(aanvraag, versie)
        aanvraag.de_minimis.all().delete()
        DeMinimisRegel.objects.bulk_create(
            DeMinimisRegel(
                aanvraag=aanvraag,
                volgorde=nr,
                onderneming=regel.onderneming,
                verlener=regel.verlener,
                verleend_op=regel.verleend_op,
                bedrag=regel.bedrag,
            )
            for nr, regel in enumerate(regels)
        )
        antwoorden = {code: waarde for code, waarde in aanvraag.antwoorden.items() if code != DE_MINIMIS}
        aanvraag.antwoorden = {**antwoorden, DE_MINIMIS: "0.00"} if ontvangen is False else antwoorden
        return stap_bewaard(aanvraag, "steun", actor, op)
