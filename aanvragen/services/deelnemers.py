"""The members of a consortium: who they are, and what each of them asks."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from django.db import transaction

from aanvragen.berekening import bereken
from aanvragen.models import Aanvraag, Deelnemer
from aanvragen.services.concept import open_concept, stap_bewaard
from kern.fouten import InvoerFout
from kern.models import Gebruiker
from regeling.enums import Eenheid
from regeling.schema import Regelingspec

STAP = "deelnemers"


@dataclass(frozen=True)
class Deelnemergegevens:
    """One member; ``kosten`` in euros where each member has its own amount, ``rol``: code of a role of the scheme."""

    kvk_nummer: str
    naam: str
    rol: str = ""
    kosten: Decimal | None = None


@dataclass
class _Kosten:
    bedrag: Decimal
    kostensoort: str = ""
    aantal: Decimal | None = None


def deelnemers_bewaren(
    *,
    aanvraag: Aanvraag,
    deelnemers: Sequence[Deelnemergegevens],
    actor: Gebruiker | None,
    op: datetime,
    versie: int | None = None,
) -> Aanvraag:
    """Replaces the members. Where each has its own amount, what the group asks is their sum."""
    spec = aanvraag.tijdvak.spec
    eis = spec.aanvrager.consortium
    if eis is None:
        raise InvoerFout("Bij deze regeling vraagt men niet als groep aan.")
    if fouten := deelnemersfouten(deelnemers, spec):
        raise InvoerFout(" ".join(fouten), actie="Verbeter deze regels.", veld="deelnemers")
    with transaction.atomic():
        aanvraag = open_concept(aanvraag, versie)
        oud = set(aanvraag.deelnemers.values_list("kvk_nummer", "naam", "rol", "kosten"))
        rijen = []
        for nr, deel in enumerate(deelnemers):
            rij = Deelnemer(
                aanvraag=aanvraag, volgorde=nr, kvk_nummer=deel.kvk_nummer, naam=deel.naam.strip(), rol=deel.rol
            )
            if eis.bedrag_per_deelnemer and deel.kosten is not None:
                rij.kosten = deel.kosten
                rij.bedrag = bereken(spec, [_Kosten(deel.kosten)]).subsidie
            rijen.append(rij)
        aanvraag.deelnemers.all().delete()
        Deelnemer.objects.bulk_create(rijen)
        if eis.bedrag_per_deelnemer:
            aanvraag.kosten_totaal = sum((rij.kosten or Decimal(0) for rij in rijen), Decimal(0))
            aanvraag.gevraagd_bedrag = sum((rij.bedrag or Decimal(0) for rij in rijen), Decimal(0))
            if aanvraag.tijdvak.eenheid == Eenheid.STUKS:
                aanvraag.gevraagd_stuks = 1
        nieuw = {(rij.kvk_nummer, rij.naam, rij.rol, rij.kosten) for rij in rijen}
        return stap_bewaard(aanvraag, STAP, actor, op, ["deelnemers"] if oud != nieuw else [])


def deelnemersfouten(deelnemers: Sequence[Deelnemergegevens], spec: Regelingspec) -> list[str]:
    """All that cannot be kept, with the number of the line; how many there must be is for the check on completeness."""
    eis = spec.aanvrager.consortium
    rollen = {rol.code for rol in eis.rollen} if eis else set()
    fouten: list[str] = []
    gezien: set[str] = set()
    for nr, deel in enumerate(deelnemers, 1):
        if not (len(deel.kvk_nummer) == 8 and deel.kvk_nummer.isdigit()):
            fouten.append(f"Regel {nr}: een KvK-nummer heeft 8 cijfers.")
        elif deel.kvk_nummer in gezien:
            fouten.append(f"Regel {nr}: KvK-nummer {deel.kvk_nummer} staat er twee keer.")
        gezien.add(deel.kvk_nummer)
        if not deel.naam.strip():
            fouten.append(f"Regel {nr}: de naam ontbreekt.")
        if rollen and deel.rol not in rollen:
            fouten.append(f"Regel {nr}: kies als rol {' of '.join(sorted(rollen))}.")
        if eis is not None and eis.bedrag_per_deelnemer and (deel.kosten is None or deel.kosten <= 0):
            fouten.append(f"Regel {nr}: vul de kosten van deze deelnemer in.")
    return fouten
