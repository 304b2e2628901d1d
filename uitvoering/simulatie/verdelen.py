"""The division of a simulated round: final scores, the draw with its ceremony, the days of receipt."""

from __future__ import annotations

import random
from collections.abc import Mapping
from datetime import datetime, timedelta

from aanvragen.enums import Status
from aanvragen.models import Aanvraag
from beoordeling.score import bereken
from beoordeling.selectors_volgorde import kritieke_dag
from beoordeling.services.bronnen import dobbelstenen_invoeren
from beoordeling.services.eindscore import Eindscore, eindscore_vastleggen
from beoordeling.services.loting import (
    lijst_bevriezen,
    loting_publiceren,
    loting_trekken,
    loting_voorbereiden,
)
from beoordeling.services.lotingslijst import CIJFERS
from beoordeling.services.rangschikking import loting_vaststellen
from beoordeling.services.volgorde import dagen_verwerken, verdeling_afronden
from kern.enums import Rol
from kern.fouten import OvergangFout
from kern.models import Gebruiker
from regeling.models import Tijdvak
from uitvoering.simulatie import gegevens

Staf = Mapping[Rol, Gebruiker]
#: Invented assessors give a criterion one of these.
SCORES = (2, 3, 4, 5)
#: About as many applications as one invented assessor reads.
PER_BEOORDELAAR = 20


def scoren(tijdvak: Tijdvak, toeval: random.Random, op: datetime) -> None:
    """A final score for every complete application, by as many invented assessors as the scheme asks."""
    criteria, k = tijdvak.spec.criteria_in(tijdvak.stap), tijdvak.verdeling.beoordelaars
    gewichten = [criterium.gewicht for criterium in criteria]
    aanvragen = list(Aanvraag.objects.filter(tijdvak=tijdvak, status=Status.COMPLEET).order_by("kenmerk"))
    ploeg = [f"B{nr:03d}" for nr in range(1, max(k, len(aanvragen) * k // PER_BEOORDELAAR) + 1)]
    for aanvraag in aanvragen:
        wie = toeval.sample(ploeg, k)
        rijen = [[toeval.choice(SCORES) for _ in criteria] for _ in wie]
        uitkomst = bereken(rijen, gewichten)
        eindscore_vastleggen(
            aanvraag=aanvraag,
            score=Eindscore(
                totaal=uitkomst.gemiddelde,
                criteria={c.code: waarde for c, waarde in zip(criteria, uitkomst.criteria, strict=True)},
                beoordelingen=dict(zip(wie, uitkomst.totalen, strict=True)),
                bron="simulatie",
            ),
            actor=None,
            op=op,
        )


def loten(tijdvak: Tijdvak, staf: Staf, zaad: int, op: datetime) -> None:
    """The draw that is to be held now, with everybody who has a part in it."""
    trekking = op + timedelta(hours=tijdvak.verdeling.bedenktijd_uren + 1)
    loting = loting_voorbereiden(tijdvak=tijdvak, trekking_gepland_op=trekking, actor=staf[Rol.BEHANDELAAR], op=op)
    loting = lijst_bevriezen(loting=loting, actor=staf[Rol.BESLISSER], op=op)
    loting = loting_publiceren(loting=loting, waar="simulatie", actor=staf[Rol.BEHANDELAAR], op=op)
    for keer in (1, 2):
        loting = dobbelstenen_invoeren(
            loting=loting,
            waarden={"notaris": gegevens.cijfers(zaad, CIJFERS)},
            poging=1,
            keer=keer,
            actor=staf[Rol.NOTARIS],
            op=trekking,
        )
    loting = loting_trekken(loting=loting, actor=staf[Rol.NOTARIS], op=trekking + timedelta(minutes=1))
    loting_vaststellen(loting=loting, actor=staf[Rol.BESLISSER], op=trekking + timedelta(minutes=10))


def dagen_bijwerken(tijdvak: Tijdvak, staf: Staf, zaad: int, op: datetime) -> None:
    """Handles the days that are over, with a draw where one is needed."""
    dagen_verwerken(tijdvak=tijdvak, actor=None, op=op)
    while kritieke_dag(tijdvak) is not None:
        loten(tijdvak, staf, zaad, op)
        dagen_verwerken(tijdvak=tijdvak, actor=None, op=op)


def volgorde_afronden(tijdvak: Tijdvak, staf: Staf, zaad: int, op: datetime) -> None:
    """The end of a round with order of receipt: the list of the whole round, or nothing where nobody waits."""
    dagen_bijwerken(tijdvak, staf, zaad, op)
    try:
        loten(tijdvak, staf, zaad, op)
    except OvergangFout as fout:
        if fout.code != "niets-te-loten":
            raise
        verdeling_afronden(tijdvak=tijdvak, actor=staf[Rol.BESLISSER], op=op)
