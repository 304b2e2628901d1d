"""Payments: put ready, approved by a second person, on a list, paid."""

from __future__ import annotations

import csv
import io
from datetime import datetime
from decimal import Decimal

from django.db import transaction
from django.db.models import Max

from aanvragen.models import Aanvraag
from kern.enums import Rol
from kern.fouten import InvoerFout, OvergangFout, RechtenFout
from kern.models import Gebruiker
from kern.rechten import eis_rol
from kern.services.bestanden import document_opslaan
from kern.services.overgang import overgang_toepassen, overgangen_toepassen, vergrendel
from kern.services.spoor import Logpost, keten_van, log_schrijven
from regeling.enums import Boekingsoort
from regeling.services.grootboek import Opdracht, boeken
from uitvoering.enums import Betalingstatus
from uitvoering.models import Betaallijst, Betaling

KOLOMMEN = ("kenmerk", "begunstigde", "iban", "bedrag", "omschrijving")


def betaling_klaarzetten(*, aanvraag: Aanvraag, bedrag: Decimal, actor: Gebruiker | None, op: datetime) -> Betaling:
    """Puts one payment of a settled grant ready. Once per application and amount (the end-to-end id is unique)."""
    if not aanvraag.iban:
        raise InvoerFout(
            "Het rekeningnummer ontbreekt.", actie="Vraag de aanvrager om het IBAN.", code="iban-ontbreekt"
        )
    betaling = Betaling.objects.create(
        aanvraag=aanvraag,
        kenmerk=f"{aanvraag.kenmerk[:30]}-{aanvraag.betalingen.count() + 1}",
        bedrag=bedrag,
        iban=aanvraag.iban,
        begunstigde=aanvraag.organisatie.naam[:70],
        klaargezet_op=op,
        klaargezet_door=actor,
    )
    log_schrijven(
        Logpost(
            keten=keten_van(betaling),
            handeling="klaarzetten",
            op=op,
            actor=actor,
            naar=betaling.status,
            gegevens={"bedrag": str(bedrag)},
        )
    )
    return betaling


def betaling_accorderen(*, betaling: Betaling, actor: Gebruiker, op: datetime) -> Betaling:
    """The second signature, by another person than who put it ready."""
    eis_rol(actor, Rol.FINANCIEEL)
    with transaction.atomic():
        betaling = vergrendel(betaling)
        if actor == betaling.klaargezet_door:
            raise RechtenFout(
                "Wie de betaling klaarzet, accordeert haar niet.", actie="Vraag een collega.", code="vier-ogen"
            )
        return overgang_toepassen(betaling, "accorderen", actor=actor, op=op, vergrendeld=True)


def betaallijst_maken(*, actor: Gebruiker, op: datetime) -> Betaallijst:
    """Puts all approved payments on one list (CSV); each payment is on one list only."""
    eis_rol(actor, Rol.FINANCIEEL)
    with transaction.atomic():
        betalingen = list(
            Betaling.objects.select_for_update(of=("self",))
            .filter(status=Betalingstatus.GEACCORDEERD)
            .select_related("aanvraag")
            .order_by("klaargezet_op", "id")
        )
        if not betalingen:
            raise OvergangFout("Er zijn geen geaccordeerde betalingen.", actie="Laat eerst betalingen accorderen.")
        nummer = (Betaallijst.objects.aggregate(n=Max("nummer"))["n"] or 0) + 1
        bestand = document_opslaan(
            inhoud=_csv(betalingen), naam=f"betaallijst-{nummer:04d}.csv", mime="text/csv", op=op, actor=actor
        )
        lijst = Betaallijst.objects.create(
            nummer=nummer,
            gemaakt_op=op,
            gemaakt_door=actor,
            aantal=len(betalingen),
            bestand=bestand,
            totaal=sum((betaling.bedrag for betaling in betalingen), Decimal(0)),
        )
        overgangen_toepassen(betalingen, "op_lijst_zetten", actor=actor, op=op, argumenten=lambda _: {"lijst": lijst})
    return lijst


def _csv(betalingen: list[Betaling]) -> bytes:
    buffer = io.StringIO()
    schrijver = csv.writer(buffer, delimiter=";", lineterminator="\n")
    schrijver.writerow(KOLOMMEN)
    for b in betalingen:
        # A name that starts like a formula is quoted with an apostrophe: spreadsheets open this file.
        naam = f"'{b.begunstigde}" if b.begunstigde[:1] in "=+-@\t\r" else b.begunstigde
        schrijver.writerow([b.kenmerk, naam, b.iban, f"{b.bedrag:.2f}", f"Subsidie {b.aanvraag.kenmerk}"])
    return buffer.getvalue().encode()


def betaling_bevestigen(*, betaling: Betaling, actor: Gebruiker, op: datetime) -> Betaling:
    """The bank paid: books it and closes the case."""
    eis_rol(actor, Rol.FINANCIEEL)
    with transaction.atomic():
        aanvraag = vergrendel(betaling.aanvraag)
        betaling = overgang_toepassen(betaling, "betalen", actor=actor, op=op)
        boeken(
            tijdvak=aanvraag.tijdvak,
            actor=actor,
            op=op,
            opdrachten=[
                Opdracht(
                    soort=Boekingsoort.BETALING,
                    bedrag=betaling.bedrag,
                    onderwerp=aanvraag.pk,
                    sleutel=f"betaling-{betaling.pk}",
                    potten=aanvraag.potten,
                )
            ],
        )
        overgang_toepassen(aanvraag, "afsluiten", actor=actor, op=op, vergrendeld=True)
    return betaling


def betaling_weigeren(*, betaling: Betaling, reden: str, actor: Gebruiker, op: datetime) -> Betaling:
    """The bank returned it."""
    eis_rol(actor, Rol.FINANCIEEL)
    if not reden.strip():
        raise InvoerFout("De reden ontbreekt.", actie="Neem de reden van de bank over.", veld="reden")
    return overgang_toepassen(betaling, "weigeren", actor=actor, op=op, reden=reden.strip())
