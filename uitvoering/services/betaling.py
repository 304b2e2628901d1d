"""Payments: put ready, approved by a second person, on a list, paid."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable
from datetime import datetime
from decimal import Decimal

from django.db import transaction
from django.db.models import Max

from aanvragen.inhoud import euro
from aanvragen.models import Aanvraag, Deelnemer
from aanvragen.selectors import afgeschermde_aanvragen
from aanvragen.services.postbus import bericht_aan_lid, bericht_plaatsen
from aanvragen.services.toetsing import eis_geen_belang
from kern.enums import Rol
from kern.fouten import InvoerFout, OvergangFout, RechtenFout
from kern.models import Bestand, Gebruiker
from kern.rechten import eis_rol
from kern.services.bestanden import document_opslaan
from kern.services.overgang import overgang_toepassen, overgangen_toepassen, vergrendel
from kern.services.spoor import Logpost, keten_van, log_schrijven
from regeling.enums import Boekingsoort
from regeling.services.grootboek import Opdracht, boeken
from uitvoering.enums import Betalingstatus
from uitvoering.models import Betaallijst, Betaling
from uitvoering.services.deelnemers import groep_sluiten
from uitvoering.services.vierogen import eis_tweede_persoon

KOLOMMEN = ("kenmerk", "begunstigde", "iban", "bedrag", "omschrijving")


def betaling_klaarzetten(
    *,
    aanvraag: Aanvraag,
    bedrag: Decimal,
    actor: Gebruiker | None,
    op: datetime,
    deelnemer: Deelnemer | None = None,
) -> Betaling:
    """Puts one payment of a settled grant (or of one member of a group) ready; another one only after the bank
    returned the first.

    Called by who sends the settlement, and by finance for a second attempt.
    """
    eis_rol(actor, Rol.FINANCIEEL, Rol.BEHANDELAAR, Rol.BESLISSER)
    eis_geen_belang(actor, aanvraag)
    iban = aanvraag.iban if deelnemer is None else deelnemer.iban
    if not iban:
        raise InvoerFout(
            "Het rekeningnummer ontbreekt.", actie="Vraag de aanvrager om het IBAN.", code="iban-ontbreekt"
        )
    if aanvraag.betalingen.filter(deelnemer=deelnemer).exclude(status=Betalingstatus.GEWEIGERD).exists():
        raise OvergangFout("Er is al een betaling voor deze aanvraag.", actie="Bekijk de betaling op de zaak.")
    betaling = Betaling.objects.create(
        aanvraag=aanvraag,
        deelnemer=deelnemer,
        kenmerk=_end_to_end(aanvraag),
        bedrag=bedrag,
        iban=iban,
        begunstigde=(aanvraag.organisatie.naam if deelnemer is None else deelnemer.naam)[:70],
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


def _end_to_end(aanvraag: Aanvraag) -> str:
    """Unique, at most 35 characters (SEPA): the kenmerk, or its tail with a piece of the id when it is long."""
    kort = len(aanvraag.kenmerk) <= 30
    basis = aanvraag.kenmerk if kort else f"{aanvraag.kenmerk[-21:].lstrip('-')}-{aanvraag.pk.hex[:8].upper()}"
    return f"{basis}-{aanvraag.betalingen.count() + 1}"


def betaling_accorderen(*, betaling: Betaling, actor: Gebruiker, op: datetime) -> Betaling:
    """The second signature, by somebody who had no part in the case or in putting it ready."""
    eis_rol(actor, Rol.FINANCIEEL)
    with transaction.atomic():
        betaling = vergrendel(betaling)
        eis_geen_belang(actor, betaling.aanvraag)
        eis_tweede_persoon(betaling, actor)
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
        _eis_zonder_belang(betalingen, actor)
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


def betaallijst_openen(*, lijst: Betaallijst, actor: Gebruiker) -> Bestand:
    """The file for the bank. It is complete, so nobody opens it who has an interest in one of its payments."""
    eis_rol(actor, Rol.FINANCIEEL)
    _eis_zonder_belang(lijst.betalingen.all(), actor)
    return lijst.bestand


def _eis_zonder_belang(betalingen: Iterable[Betaling], actor: Gebruiker) -> None:
    zaken = [betaling.aanvraag_id for betaling in betalingen]
    if afgeschermde_aanvragen(actor).filter(pk__in=zaken).exists():
        raise RechtenFout(
            "Op deze betaallijst staat een betaling van een aanvraag waarbij u een belang hebt.",
            actie="Laat de lijst aan een collega. De andere betalingen kunt u op het scherm wel zien.",
            code="belang",
        )


def _csv(betalingen: list[Betaling]) -> bytes:
    buffer = io.StringIO()
    schrijver = csv.writer(buffer, delimiter=";", lineterminator="\n")
    schrijver.writerow(KOLOMMEN)
    for b in betalingen:
        cellen = [b.kenmerk, b.begunstigde, b.iban, f"{b.bedrag:.2f}", f"Subsidie {b.aanvraag.kenmerk}"]
        schrijver.writerow(map(_cel, cellen))
    return buffer.getvalue().encode()


def _cel(tekst: str) -> str:
    """Text that starts like a formula gets an apostrophe: spreadsheets open this file."""
    return f"'{tekst}" if tekst.lstrip()[:1] in {"=", "+", "-", "@"} else tekst


def betaling_bevestigen(*, betaling: Betaling, actor: Gebruiker, op: datetime) -> Betaling:
    """The bank paid: books it and closes the case."""
    eis_rol(actor, Rol.FINANCIEEL)
    with transaction.atomic():
        aanvraag = vergrendel(betaling.aanvraag)
        eis_geen_belang(actor, aanvraag)
        betaling = overgang_toepassen(betaling, "betalen", actor=actor, op=op)
        bericht_plaatsen(
            aanvraag=aanvraag,
            code="betaling" if betaling.deelnemer is None else "deelnemer_betaald",
            sleutel=f"betaling-{betaling.pk}",
            op=op,
            actor=actor,
            velden={
                "bedrag": euro(betaling.bedrag),
                **({"deelnemer": betaling.deelnemer.naam} if betaling.deelnemer else {}),
            },
        )
        if betaling.deelnemer is not None:
            bericht_aan_lid(
                deelnemer=betaling.deelnemer,
                code="lid_betaald",
                sleutel=f"lid-betaald-{betaling.pk}",
                op=op,
                actor=actor,
                velden={"bedrag": euro(betaling.bedrag)},
            )
        boeken(
            tijdvak=aanvraag.tijdvak,
            actor=actor,
            op=op,
            opdrachten=[
                Opdracht(
                    soort=Boekingsoort.BETALING,
                    bedrag=aanvraag.in_ruimte(betaling.bedrag),
                    onderwerp=aanvraag.pk,
                    sleutel=f"betaling-{betaling.pk}",
                    potten=aanvraag.potten,
                )
            ],
        )
        if betaling.deelnemer is not None:
            groep_sluiten(aanvraag=aanvraag, actor=actor, op=op)
        else:
            overgang_toepassen(aanvraag, "afsluiten", actor=actor, op=op, vergrendeld=True)
    return betaling


def betaling_weigeren(*, betaling: Betaling, reden: str, actor: Gebruiker, op: datetime) -> Betaling:
    """The bank returned it."""
    eis_rol(actor, Rol.FINANCIEEL)
    eis_geen_belang(actor, betaling.aanvraag)
    if not reden.strip():
        raise InvoerFout("De reden ontbreekt.", actie="Neem de reden van de bank over.", veld="reden")
    return overgang_toepassen(betaling, "weigeren", actor=actor, op=op, reden=reden.strip())
