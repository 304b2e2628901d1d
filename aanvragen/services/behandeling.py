"""The officer's work up to completeness: take in hand, ask to complete, declare complete, one by one or in bulk."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from uuid import UUID

from django.db import transaction
from django.utils import timezone
from django.utils.formats import date_format

from aanvragen.enums import Status, Toetssoort, Toetsuitkomst
from aanvragen.models import Aanvraag, Aanvulling
from aanvragen.services.toetsing import eis_behandelaar, toetsen_uitvoeren
from aanvragen.termijn import beslistermijn
from kern.fouten import DomeinFout, InvoerFout, OvergangFout
from kern.models import Gebruiker
from kern.services.berichten import bericht_klaarzetten
from kern.services.overgang import overgang_toepassen, vergrendel
from kern.taal import in_het_nederlands

#: Cases in one bulk action.
MAXIMUM_BULK = 500
#: Why a decision term stood still.
REDEN = "verzoek om aanvulling"


def in_behandeling_nemen(*, aanvraag: Aanvraag, actor: Gebruiker, op: datetime) -> Aanvraag:
    """Takes a received application in hand."""
    eis_behandelaar(actor, aanvraag)
    return overgang_toepassen(aanvraag, "in_behandeling_nemen", actor=actor, op=op)


@in_het_nederlands
def aanvulling_vragen(
    *, aanvraag: Aanvraag, onderdelen: Sequence[str], termijn_dagen: int, actor: Gebruiker, op: datetime
) -> Aanvulling:
    """Asks to complete, with what is missing and a term (Awb 4:5); the decision term stops (Awb 4:15, R5)."""
    eis_behandelaar(actor, aanvraag)
    onderdelen = [tekst.strip() for tekst in onderdelen if tekst.strip()]
    if not onderdelen:
        raise InvoerFout("Schrijf op wat er ontbreekt.", actie="Noem elk onderdeel in gewone taal.", veld="onderdelen")
    if not 1 <= termijn_dagen <= 90:
        raise InvoerFout(
            "De termijn ontbreekt.",
            actie="Geef een termijn van 1 tot 90 dagen; zonder termijn is er geen opschorting.",
            veld="termijn_dagen",
        )
    with transaction.atomic():
        aanvraag = overgang_toepassen(
            aanvraag, "aanvulling_vragen", actor=actor, op=op, gegevens={"onderdelen": onderdelen}
        )
        aanvulling = Aanvulling.objects.create(
            aanvraag=aanvraag,
            onderdelen=onderdelen,
            gevraagd_op=op,
            gevraagd_door=actor,
            termijn_tot=timezone.localtime(op).date() + timedelta(days=termijn_dagen),
        )
        lijst = "\n".join(f"- {tekst}" for tekst in onderdelen)
        if aanvraag.contact_email:
            bericht_klaarzetten(
                sleutel=f"aanvulling-{aanvulling.pk}",
                aan=aanvraag.contact_email,
                op=op,
                onderwerp=f"Uw aanvraag {aanvraag.kenmerk} is nog niet compleet",
                tekst=(
                    f"Wij missen nog iets in uw aanvraag {aanvraag.kenmerk}:\n\n{lijst}\n\n"
                    f"Vul dit aan vóór of op {date_format(aanvulling.termijn_tot, 'j F Y')}, in Stimulans bij "
                    "“Mijn aanvragen”. Doet u dat niet, dan kunnen wij besluiten de aanvraag niet te behandelen.\n"
                ),
            )
    return aanvulling


def aanvulling_beantwoorden(*, aanvulling: Aanvulling, antwoord: str, actor: Gebruiker, op: datetime) -> Aanvulling:
    """The applicant answers a request to complete; the decision term runs again."""
    if not antwoord.strip():
        raise InvoerFout("Uw antwoord is leeg.", actie="Schrijf uw aanvulling op.", veld="antwoord")
    with transaction.atomic():
        aanvraag = vergrendel(aanvulling.aanvraag)
        aanvulling = Aanvulling.objects.select_for_update(of=("self",)).get(pk=aanvulling.pk)
        if aanvulling.beantwoord_op:
            raise OvergangFout("Dit verzoek is al afgehandeld.", actie="Bekijk de stand van uw aanvraag.")
        if timezone.localtime(op).date() > aanvulling.termijn_tot:
            raise OvergangFout(
                f"De termijn om aan te vullen liep tot en met {date_format(aanvulling.termijn_tot, 'j F Y')}.",
                actie="Bekijk de stand van uw aanvraag.",
                code="termijn-voorbij",
            )
        aanvulling.antwoord, aanvulling.beantwoord_op, aanvulling.beantwoord_door = antwoord.strip(), op, actor
        aanvulling.verlopen_op = None  # received in time, handled after the worker looked at the clock
        aanvulling.save(force_update=True)
        aanvraag = overgang_toepassen(aanvraag, "aanvullen", actor=actor, op=op, vergrendeld=True)
        _termijn_herzien(aanvraag)
        toetsen_uitvoeren(aanvraag=aanvraag, op=op)
    return aanvulling


def aanvullingen_laten_verlopen(*, op: datetime) -> int:
    """Marks requests whose term has lapsed; what follows (go on, or not treat) is the officer's choice."""
    rijp = Aanvulling.objects.filter(
        beantwoord_op=None, verlopen_op=None, termijn_tot__lt=timezone.localtime(op).date()
    )
    return rijp.update(verlopen_op=op)


def zonder_aanvulling_verder(*, aanvraag: Aanvraag, actor: Gebruiker, op: datetime, reden: str) -> Aanvraag:
    """Goes on after a term lapsed unused, with what there is."""
    eis_behandelaar(actor, aanvraag)
    with transaction.atomic():
        laatste = aanvraag.aanvullingen.order_by("-gevraagd_op").first()
        if laatste is None or laatste.verlopen_op is None:
            raise OvergangFout("De termijn van het verzoek loopt nog.", actie="Wacht tot de termijn voorbij is.")
        aanvraag = overgang_toepassen(aanvraag, "aanvullen", actor=actor, op=op, reden=reden)
        _termijn_herzien(aanvraag)
    return aanvraag


def opschortingen(aanvraag: Aanvraag) -> list[tuple[date, date, str]]:
    """Periods in which the decision term stood still: from the day after a request to its answer or lapse (R5).

    A term that lapsed ended on its last day, whenever the worker noticed.
    """
    perioden = []
    for aanvulling in aanvraag.aanvullingen.all():
        begin = timezone.localtime(aanvulling.gevraagd_op).date() + timedelta(days=1)
        if aanvulling.beantwoord_op is not None:
            perioden.append((begin, max(timezone.localtime(aanvulling.beantwoord_op).date(), begin), REDEN))
        elif aanvulling.verlopen_op is not None:
            perioden.append((begin, aanvulling.termijn_tot + timedelta(days=1), REDEN))
    return perioden


def _termijn_herzien(aanvraag: Aanvraag) -> None:
    tijdvak = aanvraag.tijdvak
    if aanvraag.ingediend_op is None:
        return
    aanvraag.beslissen_uiterlijk_op = beslistermijn(
        spec=tijdvak.spec,
        methode=tijdvak.methode,
        ingediend_op=aanvraag.ingediend_op,
        sluit_op=tijdvak.sluit_op,
        opschortingen=opschortingen(aanvraag),
    ).laatste_dag
    aanvraag.save(update_fields=["beslissen_uiterlijk_op"])


def rangmoment(aanvraag: Aanvraag) -> datetime:
    """When the application became complete: the last answer to a request, else the receipt (T5, R32)."""
    antwoorden = [a.beantwoord_op for a in aanvraag.aanvullingen.all() if a.beantwoord_op]
    moment = max(antwoorden) if antwoorden else aanvraag.ingediend_op
    if moment is None:
        raise OvergangFout("Deze aanvraag is niet verstuurd.")
    return moment


def compleet_verklaren(*, aanvraag: Aanvraag, actor: Gebruiker, op: datetime) -> Aanvraag:
    """Declares an application complete; its rank date is the day the last missing part came in.

    Refused while a check on completeness fails or waits for a judgement.
    """
    eis_behandelaar(actor, aanvraag)
    with transaction.atomic():
        aanvraag = vergrendel(aanvraag)
        open_toetsen = [
            toets.naam
            for toets in aanvraag.toetsen.filter(soort=Toetssoort.VOLLEDIGHEID)
            if toets.geldend != Toetsuitkomst.VOLDOET
        ]
        if open_toetsen:
            raise OvergangFout(
                f"Deze toetsen voldoen niet of wachten op een oordeel: {', '.join(open_toetsen)}.",
                actie="Vraag om aanvulling, of beoordeel de toets met een reden.",
                code="toetsen-open",
            )
        return overgang_toepassen(
            aanvraag, "compleet_verklaren", actor=actor, op=op, vergrendeld=True, volledig_op=rangmoment(aanvraag)
        )


@dataclass(frozen=True)
class Bulkregel:
    """What happened to one case of a bulk action."""

    aanvraag: UUID
    kenmerk: str
    gelukt: bool
    melding: str


def in_bulk(
    *, aanvragen: Iterable[Aanvraag], handeling: Callable[[Aanvraag], object], maximum: int = MAXIMUM_BULK
) -> list[Bulkregel]:
    """Runs one service on many cases; each succeeds or is refused by itself, with the reason."""
    lijst = list(aanvragen)
    if len(lijst) > maximum:
        raise InvoerFout(f"U koos {len(lijst)} aanvragen; het maximum is {maximum}.", actie="Kies er minder.")
    regels = []
    for aanvraag in lijst:
        try:
            with transaction.atomic():
                handeling(aanvraag)
        except DomeinFout as fout:
            regels.append(Bulkregel(aanvraag.pk, aanvraag.kenmerk, False, str(fout)))
        else:
            regels.append(Bulkregel(aanvraag.pk, aanvraag.kenmerk, True, ""))
    return regels


def openstaande_oordelen(aanvraag: Aanvraag) -> list[str]:
    """Names of checks that nobody has judged yet; no decision is possible while there are any."""
    return [t.naam for t in aanvraag.toetsen.all() if t.geldend == Toetsuitkomst.HANDMATIG]


def is_te_behandelen(aanvraag: Aanvraag) -> bool:
    return aanvraag.status in {Status.INGEDIEND, Status.IN_BEHANDELING, Status.AANVULLING_GEVRAAGD}
