"""The granted group of the demonstration: three members that each claim for themselves, each at another point."""

from __future__ import annotations

import random
from datetime import datetime, timedelta
from decimal import Decimal

from aanvragen.enums import Machtigingsoort
from aanvragen.models import Aanvraag, Organisatie
from aanvragen.services.concept import aanvraag_beginnen, velden_bewaren
from aanvragen.services.deelnemers import Deelnemergegevens, deelnemers_bewaren
from aanvragen.services.indienen import aanvraag_indienen
from aanvragen.services.organisatie import machtiging_verlenen
from rapportage.services.demo_hulp import (
    Mensen,
    bedrijf,
    besluit_nemen,
    contact,
    demoregeling,
    nakijken,
    om,
    ronde_openen,
    staf_van,
)
from regeling.models import Tijdvak
from regeling.services.tijdvak import tijdvak_bijwerken
from uitvoering.enums import Besluitsoort
from uitvoering.services.besluit import besluit_ondertekenen
from uitvoering.services.vaststelling import vaststelling_verzenden
from uitvoering.simulatie.invullen import aanvraag_invullen
from uitvoering.simulatie.plan import Aanvraagplan
from uitvoering.simulatie.uitvoeren import declaratie_afhandelen, declaratie_insturen
from uitvoering.simulatie.verdelen import loten, scoren

SLEUTEL = "demo-groep"
#: KvK number, name and costs in euros of the members; the first is the coordinator.
LEDEN = (
    ("00000103", "Demo Innovatiekring B.V.", 96_000),
    ("00000104", "Demo Metaalwerk B.V.", 80_000),
    ("00000105", "Demo Kunststof B.V.", 64_000),
)


def groep_maken(*, mensen: Mensen, op: datetime) -> Aanvraag:
    """The coordinator claimed, the second member can begin, the third was settled and waits for its money.

    ``ondernemer`` acts for the coordinator, ``collega`` for the second member.
    """
    tijdvak = _tijdvak(op)
    firmas = [bedrijf(kvk, naam, tijdvak.open_op) for kvk, naam, _ in LEDEN]
    for firma, naam in zip(firmas, ("ondernemer", "collega"), strict=False):
        machtiging_verlenen(
            organisatie=firma,
            gebruiker=mensen[naam],
            soort=Machtigingsoort.BEHEERDER,
            actor=None,
            op=tijdvak.open_op,
        )
    aanvraag = _verleend(tijdvak, firmas[0], mensen)
    _declareren(aanvraag, mensen, op)
    return Aanvraag.objects.get(pk=aanvraag.pk)


def _tijdvak(op: datetime) -> Tijdvak:
    """The scheme for groups with the smallest group that shows it, and a project that has ended."""
    spec = demoregeling(
        "ipc-2010",
        op=op,
        regeling={
            "sleutel": SLEUTEL,
            "naam": "Samen innoveren in een groep (demonstratie)",
            "samenvatting": "Subsidie voor een groep van mkb-ondernemingen uit één regio, sector of keten, die samen "
            "en ieder voor zich een innovatieplan uitvoeren. Elke deelnemer heeft een eigen bedrag.",
        },
        tijdvakken=[
            {
                "sleutel": SLEUTEL,
                "naam": "Samen innoveren: tijdvak voor groepen",
                "open_op": om(op, -430, 9),
                "sluit_op": om(op, -400, 17),
                "plafond": 500_000,
            }
        ],
        aanvrager={
            "consortium": {
                "min": len(LEDEN),
                "max": 35,
                "gemeenschappelijk": ["regio", "sector", "keten"],
                "penvoerder": True,
                "bedrag_per_deelnemer": True,
                "declaratie_per_deelnemer": True,
            }
        },
        project={"duur_minimum_maanden": 6, "duur_maximum_maanden": 24},
    )
    return ronde_openen(spec, SLEUTEL, op)


def _verleend(tijdvak: Tijdvak, penvoerder: Organisatie, mensen: Mensen) -> Aanvraag:
    """From the form to the decision."""
    toeval, op = random.Random(SLEUTEL), tijdvak.open_op + timedelta(days=5)
    aanvraag = aanvraag_beginnen(tijdvak=tijdvak, organisatie=penvoerder, actor=mensen["ondernemer"], op=op)
    aanvraag = aanvraag_invullen(aanvraag, toeval, op, plan=Aanvraagplan(leden=len(LEDEN)))
    aanvraag = velden_bewaren(
        aanvraag=aanvraag,
        stap="project",
        gegevens={"titel": "Samen sneller produceren", **contact(mensen["ondernemer"])},
        actor=None,
        op=op,
    )
    leden = [Deelnemergegevens(kvk, naam, kosten=Decimal(kosten)) for kvk, naam, kosten in LEDEN]
    aanvraag = deelnemers_bewaren(aanvraag=aanvraag, deelnemers=leden, actor=None, op=op)
    aanvraag = aanvraag_indienen(aanvraag=aanvraag, actor=mensen["ondernemer"], op=op)
    na = tijdvak.sluit_op + timedelta(days=1)
    tijdvak = tijdvak_bijwerken(tijdvak=tijdvak, op=na)
    nakijken(aanvraag, mensen["behandelaar"], na)
    scoren(tijdvak, toeval, na)
    loten(tijdvak, staf_van(mensen), 1, na)
    return besluit_nemen(
        Aanvraag.objects.get(pk=aanvraag.pk),
        Besluitsoort.VERLENING,
        motivering="Uw aanvraag voldoet aan de voorwaarden en haalde een score die hoog genoeg was.",
        mensen=mensen,
        op=na + timedelta(days=14),
    )


def _declareren(aanvraag: Aanvraag, mensen: Mensen, op: datetime) -> None:
    """The third member to the end, so that its payment waits; then the coordinator, who waits for the check."""
    behandelaar, beslisser, toeval = mensen["behandelaar"], mensen["beslisser"], random.Random(SLEUTEL)
    penvoerder, _, derde = aanvraag.deelnemers.order_by("volgorde")
    ingestuurd = declaratie_insturen(aanvraag, derde, toeval, op - timedelta(days=20))
    besluit = declaratie_afhandelen(ingestuurd, behandelaar, op - timedelta(days=8))
    besluit = besluit_ondertekenen(besluit=besluit, actor=beslisser, op=op - timedelta(days=4))
    vaststelling_verzenden(besluit=besluit, actor=beslisser, op=op - timedelta(days=3))
    declaratie_insturen(Aanvraag.objects.get(pk=aanvraag.pk), penvoerder, toeval, op - timedelta(days=2))
