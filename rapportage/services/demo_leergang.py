"""The course of the demonstration: one group that has ended, with a certificate and a proposal, and one that is on."""

from __future__ import annotations

import random
from collections.abc import Sequence
from datetime import datetime, timedelta

from django.utils import timezone

from aanvragen.models import Aanvraag, Organisatie
from aanvragen.services.concept import aanvraag_beginnen, velden_bewaren
from aanvragen.services.indienen import aanvraag_indienen
from rapportage.services.demo_hulp import (
    Mensen,
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
from uitvoering.models import Cohort, Cursist
from uitvoering.services.leergang import (
    bijeenkomst_plannen,
    certificaten_uitgeven,
    cohort_maken,
    cursist_aanmelden,
    cursisten_indelen,
    presentie_vastleggen,
)
from uitvoering.services.voorstel import voorstel_indienen
from uitvoering.simulatie.invullen import aanvraag_invullen
from uitvoering.simulatie.verdelen import volgorde_afronden

SLEUTEL = "demo-leergang"
PLAATSEN = 6
AVONDEN = 7
#: Weeks from the last Tuesday to the first meeting of each group; then every week.
_EERSTE_WEEK = (-10, -2)
#: Address (two of them of logins) and name: per group, and who still waits.
_EEN = (("ondernemer@demo.example", "Demo ondernemer"), ("robin@leergang.example", "Robin Voorbeeld"))
_TWEE = (("collega@demo.example", "Demo collega van de ondernemer"), ("sam@leergang.example", "Sam Voorbeeld"))
_WACHT = (("noor@leergang.example", "Noor Voorbeeld"),)


def leergang_maken(*, mensen: Mensen, organisatie: Organisatie, op: datetime) -> Aanvraag:
    """Places for this organisation, and what its people did with them.

    ``ondernemer`` has a certificate and made a proposal, with which the organisation can apply; ``collega`` is in the
    group that is on; its third list of presence waits for the officer, and so does who has no group.
    """
    aanvraag, behandelaar = _verleend(_tijdvak(op), organisatie, mensen), mensen["behandelaar"]
    eerste, een = _groep(aanvraag, "Groep 1", _EEN, _EERSTE_WEEK[0], mensen, op)
    for nummer in range(1, AVONDEN + 1):
        _presentie(eerste, nummer, een if nummer > 2 else een[:1], mensen)
    certificaten_uitgeven(cohort=eerste, actor=behandelaar, op=op - timedelta(days=20))
    voorstel_indienen(
        cursist=Cursist.objects.get(pk=een[0].pk),
        titel="Werkoverleg zonder leidinggevende",
        omschrijving="Elk team bespreekt zelf elke week wat er goed ging en wat beter kan. De leiding hoort de "
        "uitkomst, en zegt binnen een week wat ermee gebeurt.",
        actor=mensen["ondernemer"],
        op=op - timedelta(days=18),
    )
    tweede, twee = _groep(aanvraag, "Groep 2", _TWEE, _EERSTE_WEEK[1], mensen, op)
    _presentie(tweede, 1, twee, mensen)
    _presentie(tweede, 2, twee[:1], mensen)
    _aanmelden(aanvraag, _WACHT, mensen, op - timedelta(days=5))
    return Aanvraag.objects.get(pk=aanvraag.pk)


def _tijdvak(op: datetime) -> Tijdvak:
    """A round that was handled in order of receipt; groups are small here, and a proposal goes on in the open round."""
    spec = demoregeling(
        "leergang",
        op=op,
        regeling={"sleutel": SLEUTEL, "naam": "Leergang sociale innovatie (demonstratie)"},
        tijdvakken=[
            {
                "sleutel": SLEUTEL,
                "naam": "Leergang sociale innovatie: eerste leergang",
                "open_op": om(op, -130, 9),
                "sluit_op": om(op, -100, 17),
                "plafond": 30,
            }
        ],
        leergang={"groep_minimum": 2, "vervolgregeling": "demo", "bijeenkomsten": AVONDEN},
    )
    return ronde_openen(spec, SLEUTEL, op)


def _verleend(tijdvak: Tijdvak, organisatie: Organisatie, mensen: Mensen) -> Aanvraag:
    """From the form to the decision."""
    op, na = tijdvak.open_op + timedelta(days=5), tijdvak.sluit_op + timedelta(days=1)
    aanvraag = aanvraag_beginnen(tijdvak=tijdvak, organisatie=organisatie, actor=mensen["ondernemer"], op=op)
    aanvraag = aanvraag_invullen(aanvraag, random.Random(SLEUTEL), op)
    aanvraag = velden_bewaren(
        aanvraag=aanvraag,
        stap="project",
        gegevens={"titel": "Leren vernieuwen", "gevraagd_stuks": PLAATSEN, **contact(mensen["ondernemer"])},
        actor=None,
        op=op,
    )
    aanvraag = aanvraag_indienen(aanvraag=aanvraag, actor=mensen["ondernemer"], op=op)
    tijdvak = tijdvak_bijwerken(tijdvak=tijdvak, op=na)
    nakijken(aanvraag, mensen["behandelaar"], na)
    volgorde_afronden(tijdvak, staf_van(mensen), 1, na)
    return besluit_nemen(
        Aanvraag.objects.get(pk=aanvraag.pk),
        Besluitsoort.VERLENING,
        motivering="Uw aanvraag voldoet aan de voorwaarden en was compleet toen er nog plaatsen waren.",
        mensen=mensen,
        op=na + timedelta(days=10),
    )


def _aanmelden(aanvraag: Aanvraag, wie: Sequence[tuple[str, str]], mensen: Mensen, op: datetime) -> list[Cursist]:
    return [
        cursist_aanmelden(aanvraag=aanvraag, naam=naam, email=email, actor=mensen["ondernemer"], op=op)
        for email, naam in wie
    ]


def _groep(
    aanvraag: Aanvraag, naam: str, wie: Sequence[tuple[str, str]], week: int, mensen: Mensen, op: datetime
) -> tuple[Cohort, list[Cursist]]:
    """These people in a group of their own, with its meetings planned."""
    eerste = 7 * week - _dagen_na_dinsdag(op)
    behandelaar, begin = mensen["behandelaar"], om(op, eerste - 7, 10)
    cursisten = _aanmelden(aanvraag, wie, mensen, begin)
    cohort = cohort_maken(tijdvak=aanvraag.tijdvak, naam=naam, actor=behandelaar, op=begin)
    for nummer in range(AVONDEN):
        avond = om(op, eerste + 7 * nummer, 19)
        bijeenkomst_plannen(
            cohort=cohort, begint_op=avond, plaats="Leslokaal 3, Voorbeeldstad", actor=behandelaar, op=begin
        )
    cursisten_indelen(cohort=cohort, actor=behandelaar, op=begin)
    return cohort, cursisten


def _dagen_na_dinsdag(op: datetime) -> int:
    """Since the last Tuesday before today: 1 to 7."""
    return (timezone.localtime(op).weekday() - 2) % 7 + 1


def _presentie(cohort: Cohort, nummer: int, er: Sequence[Cursist], mensen: Mensen) -> None:
    """Who was there, written down the morning after."""
    avond = cohort.bijeenkomsten.get(nummer=nummer)
    presentie_vastleggen(
        bijeenkomst=avond,
        aanwezig=[cursist.pk for cursist in er],
        actor=mensen["behandelaar"],
        op=avond.begint_op + timedelta(hours=14),
    )
