"""What the trade register says, kept with the organisation; and asking again in the background until it has spoken."""

from __future__ import annotations

import time
from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Any

from django.db import transaction
from django.db.models import Exists, OuterRef, Q, QuerySet
from django_tasks import task

from aanvragen.enums import Bron, Registerstand, Status
from aanvragen.models import Aanvraag, Organisatie, Vestiging
from aanvragen.omvang import sector_van_sbi
from aanvragen.register.client import client, navragen, volledig_navragen
from aanvragen.register.gegevens import (
    AFGELEID,
    VELDEN,
    Navraag,
    Navraaguitkomst,
    Registergegevens,
    stand_van,
    verschillen,
)
from aanvragen.services.toetsing import TE_BEOORDELEN, toetsen_herhalen
from aanvragen.termijn import AMSTERDAM
from kern.models import Gebruiker
from kern.services.spoor import Logpost, keten_van, log_schrijven

#: Checks that look at what the register fills in.
TOETSEN = frozenset({"kvk_register", "rechtsvorm", "provincie", "sector"})
#: Back-off after failures: a minute, doubled each time, at most an hour.
EERSTE_WACHT, LANGSTE_WACHT = timedelta(minutes=1), timedelta(hours=1)
#: A number that was not found may be a new registration; an answer gets old.
OPNIEUW_NIET_GEVONDEN, VEROUDERD = timedelta(days=1), timedelta(days=30)
#: Organisations, and seconds, of one run.
BATCH, RUN_SECONDEN = 25, 60.0
#: The register has not spoken yet.
ONGECONTROLEERD = (Registerstand.NIET_GECONTROLEERD, Registerstand.HANDMATIG)


def register_opvragen(kvk_nummer: str, *, op: datetime) -> Navraag:
    """Asks while a person waits, three seconds at most. Never call it inside a transaction: it would hold the locks."""
    return navragen(kvk_nummer, vandaag=op.astimezone(AMSTERDAM).date())


def register_verwerken(organisatie: Organisatie, navraag: Navraag, op: datetime) -> None:
    """Puts an outcome into the row, not yet saved: empty fields are filled, what was typed stays as it is."""
    bewaard: dict[str, Any] = dict(organisatie.register_gegevens)
    if navraag.uitkomst == Navraaguitkomst.ONBEREIKBAAR:
        if navraag.gevraagd:
            bewaard |= {"pogingen": bewaard.get("pogingen", 0) + 1, "poging_op": op.isoformat()}
        organisatie.register_gegevens = bewaard
        if organisatie.register_stand == Registerstand.NIET_GECONTROLEERD:
            organisatie.register_stand = Registerstand.HANDMATIG
        return
    gegevens = navraag.gegevens
    if gegevens is not None:
        _aanvullen(organisatie, gegevens)
    organisatie.register_stand, organisatie.register_op = stand_van(navraag, vars(organisatie)), op
    organisatie.register_gegevens = {
        "bron": navraag.bron,
        "gegevens": gegevens.naar_json() if gegevens else None,
        "zelf_ingevuld": [deel.veld for deel in verschillen(vars(organisatie), gegevens)] if gegevens else [],
        "pogingen": 0,
        "poging_op": op.isoformat(),
    }


def _aanvullen(organisatie: Organisatie, gegevens: Registergegevens) -> None:
    nieuw_sbi = not organisatie.sbi_code
    for veld in (*VELDEN, *AFGELEID):
        if veld == "sbi_versie" and not nieuw_sbi:
            continue
        if not getattr(organisatie, veld):
            setattr(organisatie, veld, getattr(gegevens, veld))
    if gegevens.rsin:
        organisatie.rsin = gegevens.rsin
    if nieuw_sbi and organisatie.sbi_code:
        organisatie.sector = sector_van_sbi(organisatie.sbi_code)


def stand_herzien(organisatie: Organisatie) -> None:
    """After a change by hand: compares again with what the register said; nothing is asked and nothing saved."""
    bewaard = organisatie.register_gegevens
    if organisatie.register_stand not in {Registerstand.BEVESTIGD, Registerstand.AFWIJKEND}:
        return
    if not bewaard.get("gegevens"):
        return
    anders = verschillen(vars(organisatie), Registergegevens.uit_json(bewaard["gegevens"]))
    organisatie.register_stand = Registerstand.AFWIJKEND if anders else Registerstand.BEVESTIGD
    organisatie.register_gegevens = {**bewaard, "zelf_ingevuld": [deel.veld for deel in anders]}


def vestigingen_bijwerken(organisatie: Organisatie, gegevens: Registergegevens | None) -> None:
    """The branches as the register has them; one that closed goes, unless an application is for it."""
    if gegevens is None:
        return
    oud = {rij.nummer: rij for rij in organisatie.vestigingen.all()}
    for deel in gegevens.vestigingen:
        rij = oud.pop(deel.nummer, None) or Vestiging(organisatie=organisatie, nummer=deel.nummer)
        rij.naam, rij.plaats, rij.hoofd = deel.naam or organisatie.naam, deel.plaats, deel.hoofd
        if deel.postcode or not rij.postcode:  # the short answer has no postcode; it does not wipe the long one
            rij.straat, rij.postcode = deel.straat, deel.postcode
        rij.save()
    in_gebruik = set(
        Aanvraag.objects.filter(organisatie=organisatie, vestigingsnummer__in=oud).values_list(
            "vestigingsnummer", flat=True
        )
    )
    organisatie.vestigingen.filter(nummer__in=set(oud) - in_gebruik).delete()


def register_vastleggen(
    *, organisatie: Organisatie, navraag: Navraag, actor: Gebruiker | None, op: datetime
) -> Organisatie:
    """Keeps what the register answered and runs the checks of waiting applications again.

    An unreachable register never takes back what it said before.
    """
    with transaction.atomic():
        organisatie = Organisatie.objects.select_for_update().get(pk=organisatie.pk)
        was, sprak = organisatie.register_stand, navraag.uitkomst != Navraaguitkomst.ONBEREIKBAAR
        register_verwerken(organisatie, navraag, op)
        organisatie.save(force_update=True)
        vestigingen_bijwerken(organisatie, navraag.gegevens)
        if sprak or was != organisatie.register_stand:
            log_schrijven(
                Logpost(
                    keten=keten_van(organisatie),
                    handeling="register_vastleggen",
                    op=op,
                    actor=actor,
                    van=was,
                    naar=organisatie.register_stand,
                    gegevens={"bron": navraag.bron, "verschillen": organisatie.register_gegevens.get("zelf_ingevuld")},
                )
            )
    if sprak or was != organisatie.register_stand:
        toetsen_herhalen(organisatie=organisatie, codes=TOETSEN, op=op)
    return organisatie


def register_bijwerken(*, op: datetime) -> None:
    """Puts the work in the queue when there is some. Run by the worker, which must not wait for the register itself."""
    if client() is not None and next(_aan_de_beurt(op), None) is not None:
        register_taak.enqueue(op=op.isoformat())


@task()
def register_taak(op: str) -> int:
    """Background: one batch."""
    return register_ronde(op=datetime.fromisoformat(op))


def register_ronde(*, op: datetime) -> int:
    """Asks for organisations whose turn it is; stops when the register does not answer. Returns how many it did."""
    einde, gedaan = time.monotonic() + RUN_SECONDEN, 0
    for organisatie in list(_eerste(_aan_de_beurt(op), BATCH)):
        if time.monotonic() > einde:
            break
        vandaag = op.astimezone(AMSTERDAM).date()
        navraag = volledig_navragen(organisatie.kvk_nummer, vandaag=vandaag)
        if not navraag.gevraagd:
            break
        register_vastleggen(organisatie=organisatie, navraag=navraag, actor=None, op=op)
        gedaan += 1
    return gedaan


def _eerste(rijen: Iterator[Organisatie], aantal: int) -> Iterator[Organisatie]:
    for nr, rij in enumerate(rijen):
        if nr >= aantal:
            return
        yield rij


def _kandidaten(op: datetime) -> QuerySet[Organisatie]:
    open_ = Aanvraag.objects.filter(organisatie=OuterRef("pk"), status__in=[Status.CONCEPT, *TE_BEOORDELEN])
    open_ = open_.exclude(bron=Bron.IMPORT)  # decided long ago, whatever its state is called
    bij_kvk = Q(register_gegevens__bron="kvk")
    return (
        Organisatie.objects.alias(loopt=Exists(open_))
        .filter(
            Q(register_stand=Registerstand.HANDMATIG)
            | Q(register_stand=Registerstand.NIET_GECONTROLEERD, loopt=True)
            | Q(register_stand=Registerstand.NIET_GEVONDEN, loopt=True, register_op__lt=op - OPNIEUW_NIET_GEVONDEN)
            | (bij_kvk & Q(register_gegevens__gegevens__volledig=False))
            | (bij_kvk & Q(loopt=True, register_op__lt=op - VEROUDERD))
        )
        .order_by("register_op", "pk")
    )


def _aan_de_beurt(op: datetime) -> Iterator[Organisatie]:
    for organisatie in _kandidaten(op).iterator(chunk_size=100):
        bewaard = organisatie.register_gegevens
        pogingen, laatst = bewaard.get("pogingen", 0), bewaard.get("poging_op")
        wacht = min(EERSTE_WACHT * 2 ** min(pogingen, 10), LANGSTE_WACHT)
        if not laatst or op >= datetime.fromisoformat(laatst) + wacht:
            yield organisatie
