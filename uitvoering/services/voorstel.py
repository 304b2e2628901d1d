"""Proposals from a course: entered by a participant, begun as a draft application by the employer."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction

from aanvragen.enums import Status
from aanvragen.models import Aanvraag
from aanvragen.selectors import machtigingen_voor
from aanvragen.services.concept import aanvraag_beginnen, velden_bewaren
from aanvragen.services.postbus import bericht_plaatsen
from kern.fouten import InvoerFout, OvergangFout, RechtenFout
from kern.models import Gebruiker
from kern.services.spoor import Logpost, keten_van, log_schrijven
from kern.taal import in_het_nederlands
from regeling.enums import Herkomst, Tijdvakstatus
from regeling.models import Tijdvak
from uitvoering.models import Cohort, Cursist, Voorstel
from uitvoering.services.leergang import leergang_van


@in_het_nederlands
def voorstel_indienen(
    *, cursist: Cursist, titel: str, omschrijving: str, actor: Gebruiker | None, op: datetime
) -> Voorstel:
    """A participant enters a proposal; its employer is told. No more per group than the scheme says."""
    for naam, waarde in (("titel", titel), ("omschrijving", omschrijving)):
        if not waarde.strip():
            raise InvoerFout(f"De {naam} ontbreekt.", actie=f"Vul de {naam} van uw voorstel in.", veld=naam)
    if cursist.cohort is None or cursist.afgemeld_op is not None:
        raise OvergangFout("U volgt deze leergang nu niet.", actie="Een voorstel hoort bij een groep.")
    with transaction.atomic():
        cohort = Cohort.objects.select_for_update().get(pk=cursist.cohort.pk)
        maximum = leergang_van(cohort.tijdvak).voorstellen_maximum
        if maximum is not None and Voorstel.objects.filter(cursist__cohort=cohort).count() >= maximum:
            raise OvergangFout(
                f"Uw groep heeft al {maximum} voorstellen ingediend.",
                actie="Overleg met uw groep.",
                code="voorstellen-vol",
            )
        voorstel = Voorstel.objects.create(
            cursist=cursist,
            titel=titel.strip(),
            omschrijving=omschrijving.strip(),
            ingediend_op=op,
            ingediend_door=actor,
        )
        log_schrijven(
            Logpost(
                keten=keten_van(cohort),
                handeling="voorstel_indienen",
                op=op,
                actor=actor,
                gegevens={"voorstel": voorstel.pk, "cursist": cursist.pk},
            )
        )
        bericht_plaatsen(
            aanvraag=cursist.aanvraag,
            code="leergang_voorstel",
            sleutel=f"leergang-voorstel-{voorstel.pk}",
            op=op,
            actor=actor,
            velden={"titel": voorstel.titel},
        )
    return voorstel


def vervolgtijdvak(voorstel: Voorstel, op: datetime) -> Tijdvak | None:
    """The round of the scheme that the file names which is open now; ``None`` when there is none."""
    regeling = leergang_van(voorstel.cursist.aanvraag.tijdvak).vervolgregeling
    rijen = Tijdvak.objects.filter(regelingversie__regeling__sleutel=regeling, vorige_stap=None)
    rijen = rijen.exclude(status__in=[Tijdvakstatus.ONTWERP, Tijdvakstatus.INGETROKKEN])
    rijen = rijen.exclude(herkomst=Herkomst.SIMULATIE).order_by("sluit_op")
    return next((tijdvak for tijdvak in rijen if tijdvak.is_open_op(op)), None)


def voorstel_aanvragen(*, voorstel: Voorstel, actor: Gebruiker, op: datetime) -> Aanvraag:
    """Begins a draft of the employer with this proposal, in the scheme that the course names; once.

    By somebody who may fill in an application there. Refused when no round is open or the employer has a draft already.
    """
    tijdvak = vervolgtijdvak(voorstel, op)
    if tijdvak is None:
        raise OvergangFout(
            "Er is nu geen tijdvak open voor een aanvraag met dit voorstel.", actie="Probeer het later opnieuw."
        )
    organisatie = voorstel.cursist.aanvraag.organisatie
    machtiging = machtigingen_voor(actor, tijdvak).filter(organisatie=organisatie).first()
    if machtiging is None:
        raise RechtenFout(
            "U mag voor deze organisatie geen aanvraag beginnen.", actie="Vraag een beheerder van uw organisatie."
        )
    with transaction.atomic():
        voorstel = Voorstel.objects.select_for_update().get(pk=voorstel.pk)
        if voorstel.aanvraag is not None:
            return voorstel.aanvraag
        if Aanvraag.objects.filter(tijdvak=tijdvak, organisatie=organisatie, status=Status.CONCEPT).exists():
            raise OvergangFout(
                "Uw organisatie heeft al een concept in dit tijdvak.",
                actie="Verstuur dat eerst, of neem het voorstel daarin over.",
                code="concept-bestaat",
            )
        aanvraag = aanvraag_beginnen(
            tijdvak=tijdvak,
            organisatie=organisatie,
            actor=actor,
            op=op,
            vestigingsnummer=machtiging.vestigingsnummer,
        )
        aanvraag = velden_bewaren(
            aanvraag=aanvraag,
            stap="project",
            gegevens={"titel": voorstel.titel, "omschrijving": voorstel.omschrijving},
            actor=actor,
            op=op,
        )
        voorstel.aanvraag = aanvraag
        voorstel.save(update_fields=["aanvraag"])
    return aanvraag
