"""The course behind granted places: groups, meetings, participants, presence and certificates."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from django.db import transaction
from django.db.models import Count, F
from django.utils import timezone

from aanvragen.enums import Status
from aanvragen.models import Aanvraag
from aanvragen.services.postbus import bericht_plaatsen
from kern.document.model import Afzender, Alinea, Document, Samenvatting
from kern.document.pdf import naar_pdf
from kern.enums import Rol
from kern.fouten import InvoerFout, OvergangFout
from kern.models import Gebruiker
from kern.momenten import dag_in_woorden
from kern.rechten import eis_rol
from kern.services.bestanden import document_opslaan
from kern.services.overgang import overgang_toepassen, vergrendel
from kern.services.spoor import Logpost, keten_van, log_schrijven
from kern.taal import in_het_nederlands
from regeling.models import Tijdvak
from regeling.schema_delen import Leergang
from uitvoering.models import Bijeenkomst, Cohort, Cursist, Presentie

LOOPT = {Status.VERLEEND, Status.IN_UITVOERING}


def leergang_van(tijdvak: Tijdvak) -> Leergang:
    """The course of the scheme; :class:`InvoerFout` where it has none."""
    leergang = tijdvak.spec.leergang
    if leergang is None:
        raise InvoerFout("Bij deze regeling hoort geen leergang.")
    return leergang


def certificaat_vanaf(leergang: Leergang, gehouden: int) -> int:
    """How many meetings one has to attend: what the scheme says, else all that were held."""
    return leergang.certificaat_minimum or gehouden


def _log(op_wat: Cohort | Aanvraag, handeling: str, actor: Gebruiker | None, op: datetime, **gegevens: object) -> None:
    log_schrijven(Logpost(keten=keten_van(op_wat), handeling=handeling, op=op, actor=actor, gegevens=gegevens))


def cohort_maken(*, tijdvak: Tijdvak, naam: str, actor: Gebruiker, op: datetime) -> Cohort:
    eis_rol(actor, Rol.BEHANDELAAR)
    leergang_van(tijdvak)
    if not naam.strip():
        raise InvoerFout("De naam ontbreekt.", actie="Geef de groep een naam.", veld="naam")
    with transaction.atomic():
        Tijdvak.objects.select_for_update().get(pk=tijdvak.pk)
        if Cohort.objects.filter(tijdvak=tijdvak, naam=naam.strip()).exists():
            raise InvoerFout("Er is al een groep met deze naam.", actie="Kies een andere naam.", veld="naam")
        cohort = Cohort.objects.create(tijdvak=tijdvak, naam=naam.strip(), aangemaakt_op=op, aangemaakt_door=actor)
        _log(cohort, "cohort_maken", actor, op, naam=cohort.naam)
    return cohort


def bijeenkomst_plannen(
    *, cohort: Cohort, begint_op: datetime, plaats: str, actor: Gebruiker, op: datetime
) -> Bijeenkomst:
    """The next meeting, after the one before it; no more than the scheme has."""
    eis_rol(actor, Rol.BEHANDELAAR)
    if not plaats.strip():
        raise InvoerFout("De plaats ontbreekt.", actie="Vul in waar de bijeenkomst is.", veld="plaats")
    with transaction.atomic():
        cohort = Cohort.objects.select_for_update().get(pk=cohort.pk)
        laatste = cohort.bijeenkomsten.order_by("-nummer").first()
        if laatste is not None and begint_op <= laatste.begint_op:
            raise InvoerFout(
                "Deze bijeenkomst is niet na de vorige.", actie="Plan de bijeenkomsten op volgorde.", veld="dag"
            )
        nummer = 1 if laatste is None else laatste.nummer + 1
        if nummer > leergang_van(cohort.tijdvak).bijeenkomsten:
            raise OvergangFout("Alle bijeenkomsten van de leergang zijn gepland.", actie="Er is niets meer te plannen.")
        rij = Bijeenkomst.objects.create(cohort=cohort, nummer=nummer, begint_op=begint_op, plaats=plaats.strip())
        _log(cohort, "bijeenkomst_plannen", actor, op, nummer=nummer, begint_op=begint_op.isoformat())
    return rij


def cursist_aanmelden(*, aanvraag: Aanvraag, naam: str, email: str, actor: Gebruiker | None, op: datetime) -> Cursist:
    """The organisation names a participant for one of its places."""
    leergang_van(aanvraag.tijdvak)
    if not naam.strip():
        raise InvoerFout("De naam ontbreekt.", actie="Vul de naam van de deelnemer in.", veld="naam")
    with transaction.atomic():
        aanvraag = vergrendel(aanvraag)
        if aanvraag.status not in LOOPT:
            raise OvergangFout("U hebt nog geen plaatsen in de leergang.", actie="Wacht op het besluit.")
        huidige = Cursist.objects.filter(aanvraag=aanvraag, afgemeld_op=None)
        if huidige.count() >= (aanvraag.toegekend_stuks or 0):
            raise OvergangFout(
                f"U hebt {aanvraag.toegekend_stuks} plaatsen en die zijn allemaal bezet.",
                actie="Meld eerst een deelnemer af.",
                code="plaatsen-bezet",
            )
        if huidige.filter(email__iexact=email).exists():
            raise InvoerFout("Deze deelnemer is al aangemeld.", actie="Vul een ander adres in.", veld="email")
        cursist = Cursist.objects.create(
            aanvraag=aanvraag, naam=naam.strip(), email=email.lower(), aangemeld_op=op, aangemeld_door=actor
        )
        _log(aanvraag, "cursist_aanmelden", actor, op, cursist=cursist.pk)
    return cursist


def cursist_afmelden(*, cursist: Cursist, actor: Gebruiker | None, op: datetime) -> Cursist:
    """Gives the place of a participant free for somebody else; not after the certificate."""
    with transaction.atomic():
        aanvraag = vergrendel(cursist.aanvraag)
        cursist = Cursist.objects.select_for_update().get(pk=cursist.pk)
        if cursist.certificaat_id is not None:
            raise OvergangFout("Deze deelnemer heeft het certificaat al.", actie="Afmelden kan niet meer.")
        if cursist.afgemeld_op is None:
            cursist.afgemeld_op = op
            cursist.save(update_fields=["afgemeld_op"])
            _log(aanvraag, "cursist_afmelden", actor, op, cursist=cursist.pk)
    return cursist


def wachtenden(tijdvak: Tijdvak) -> list[Cursist]:
    """Participants without a group, in order of the list of the round."""
    rijen = Cursist.objects.filter(aanvraag__tijdvak=tijdvak, cohort=None, afgemeld_op=None)
    return list(
        rijen.select_related("aanvraag__organisatie").order_by(
            F("aanvraag__plaats__rang").asc(nulls_last=True), "aanvraag__volledig_op", "aangemeld_op", "pk"
        )
    )


def _certificaten_gemaakt(cohort: Cohort) -> bool:
    """Then the group is over: lists of presence stay as they are, and nobody joins."""
    return cohort.cursisten.exclude(certificaat=None).exists()


@in_het_nederlands
def cursisten_indelen(*, cohort: Cohort, actor: Gebruiker, op: datetime) -> int:
    """Places who waits in this group, in order, until it is full; tells their organisations. Returns how many.

    Not in a group that is over, because its certificates were made.
    """
    eis_rol(actor, Rol.BEHANDELAAR)
    with transaction.atomic():
        cohort = Cohort.objects.select_for_update().get(pk=cohort.pk)
        if _certificaten_gemaakt(cohort):
            raise OvergangFout(
                "Deze groep is klaar: de certificaten zijn al gemaakt.",
                actie="Kies een andere groep.",
                code="vast",
            )
        vrij = leergang_van(cohort.tijdvak).groep_maximum - cohort.cursisten.filter(afgemeld_op=None).count()
        gekozen = wachtenden(cohort.tijdvak)[: max(vrij, 0)]
        if not gekozen:
            raise OvergangFout(
                "Niemand kan worden ingedeeld: de groep is vol, of er wacht niemand.", actie="Maak een nieuwe groep."
            )
        Cursist.objects.filter(pk__in=[cursist.pk for cursist in gekozen]).update(cohort=cohort)
        _log(cohort, "cursisten_indelen", actor, op, cursisten=[cursist.pk for cursist in gekozen])
        for nummer in sorted({cursist.aanvraag_id for cursist in gekozen}):
            namen = ", ".join(cursist.naam for cursist in gekozen if cursist.aanvraag_id == nummer)
            aanvraag = vergrendel(Aanvraag(pk=nummer))
            if aanvraag.status == Status.VERLEEND:
                aanvraag = overgang_toepassen(aanvraag, "uitvoering_beginnen", actor=actor, op=op, vergrendeld=True)
            bericht_plaatsen(
                aanvraag=aanvraag,
                code="leergang_ingedeeld",
                sleutel=f"leergang-{cohort.pk}-{nummer}-{op.isoformat()}",
                op=op,
                actor=actor,
                velden={"groep": cohort.naam, "namen": namen},
            )
    return len(gekozen)


def presentie_vastleggen(*, bijeenkomst: Bijeenkomst, aanwezig: Iterable[int], actor: Gebruiker, op: datetime) -> int:
    """Replaces the list of presence of a meeting that has begun. ``aanwezig``: ids of participants; returns how many.

    Not any more once certificates of the group were made: they rest on it.
    """
    eis_rol(actor, Rol.BEHANDELAAR)
    with transaction.atomic():
        cohort = Cohort.objects.select_for_update().get(pk=bijeenkomst.cohort_id)
        if op < bijeenkomst.begint_op:
            raise OvergangFout("Deze bijeenkomst is nog niet begonnen.", actie="Leg de aanwezigheid daarna vast.")
        if _certificaten_gemaakt(cohort):
            raise OvergangFout(
                "De certificaten van deze groep zijn al gemaakt.", actie="De aanwezigheid ligt nu vast.", code="vast"
            )
        eigen = set(cohort.cursisten.filter(afgemeld_op=None).values_list("pk", flat=True))
        erbij = set(aanwezig)
        if not erbij <= eigen:
            raise InvoerFout("Iemand op de lijst zit niet in deze groep.", actie="Open de lijst opnieuw.")
        Presentie.objects.filter(bijeenkomst=bijeenkomst).delete()
        Presentie.objects.bulk_create(Presentie(bijeenkomst=bijeenkomst, cursist_id=pk) for pk in sorted(erbij))
        bijeenkomst.presentie_op, bijeenkomst.presentie_door = op, actor
        bijeenkomst.save(update_fields=["presentie_op", "presentie_door"])
        _log(cohort, "presentie_vastleggen", actor, op, nummer=bijeenkomst.nummer, aanwezig=sorted(erbij))
    return len(erbij)


@in_het_nederlands
def certificaten_uitgeven(*, cohort: Cohort, actor: Gebruiker, op: datetime) -> int:
    """Makes the certificate of who was there often enough, after the last list of presence; returns how many."""
    eis_rol(actor, Rol.BEHANDELAAR)
    with transaction.atomic():
        cohort = Cohort.objects.select_for_update().get(pk=cohort.pk)
        leergang = leergang_van(cohort.tijdvak)
        gehouden = cohort.bijeenkomsten.count()
        if not leergang.certificaat:
            raise OvergangFout("Bij deze leergang hoort geen certificaat.")
        if gehouden < leergang.bijeenkomsten or cohort.bijeenkomsten.filter(presentie_op=None).exists():
            raise OvergangFout(
                "Niet van alle bijeenkomsten is de aanwezigheid vastgelegd.",
                actie="Leg eerst de aanwezigheid van elke bijeenkomst vast.",
                code="presentie-open",
            )
        minimum = certificaat_vanaf(leergang, gehouden)
        rijen = cohort.cursisten.filter(afgemeld_op=None, certificaat=None).annotate(keer=Count("presentie"))
        geslaagd = list(rijen.filter(keer__gte=minimum).select_related("aanvraag__organisatie"))
        for cursist in geslaagd:
            cursist.certificaat = document_opslaan(
                inhoud=naar_pdf(_certificaat(cohort, cursist, cursist.keer, gehouden, op)),
                naam=f"certificaat-{cursist.pk}.pdf",
                mime="application/pdf",
                op=op,
                actor=actor,
            )
            cursist.certificaat_op = op
            cursist.save(update_fields=["certificaat", "certificaat_op"])
        _log(cohort, "certificaten_uitgeven", actor, op, cursisten=[cursist.pk for cursist in geslaagd])
    return len(geslaagd)


def _certificaat(cohort: Cohort, cursist: Cursist, keer: int, gehouden: int, op: datetime) -> Document:
    regeling, dag = cohort.tijdvak.spec.regeling, timezone.localdate(op)
    laatste = cohort.bijeenkomsten.order_by("-nummer")[0]
    return Document(
        titel=f"Certificaat {regeling.naam}",
        afzender=Afzender(naam=regeling.uitvoerder),
        datum=dag,
        kenmerk=f"{cursist.aanvraag.kenmerk}-C{cursist.pk}",
        blokken=(
            Alinea(f"{cursist.naam} heeft de leergang gevolgd."),
            Samenvatting(
                (
                    ("Deelnemer", cursist.naam),
                    ("Organisatie", cursist.aanvraag.organisatie.naam),
                    ("Groep", cohort.naam),
                    ("Aanwezig", f"{keer} van {gehouden} bijeenkomsten"),
                    ("Laatste bijeenkomst", dag_in_woorden(timezone.localdate(laatste.begint_op))),
                )
            ),
        ),
    )
