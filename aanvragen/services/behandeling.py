"""The officer's work up to completeness: take in hand, ask to complete, declare complete, one by one or in bulk."""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from uuid import UUID

from django.db import transaction
from django.utils import timezone

from aanvragen.berichtteksten import TEKSTEN
from aanvragen.brieven import aanvullingsbrief
from aanvragen.enums import Correspondentie, Onderdeelsoort, Status, Toetssoort, Toetsuitkomst
from aanvragen.models import Aanvraag, Aanvulling, Aanvulonderdeel, Papieraanvulling
from aanvragen.selectors import PAPIERAANVULLING_IN_INVOER
from aanvragen.services.postbus import algemene_velden, bericht_plaatsen, sjabloontekst, vul_in
from aanvragen.services.toetsing import eis_behandelaar, toetsen_uitvoeren
from aanvragen.termijn import beslistermijn
from kern.document.json import naar_json
from kern.document.model import Document
from kern.document.pdf import naar_pdf
from kern.fouten import DomeinFout, InvoerFout, OvergangFout
from kern.models import Gebruiker
from kern.momenten import dag_in_woorden
from kern.services.bestanden import document_opslaan
from kern.services.overgang import overgang_toepassen, vergrendel
from kern.taal import in_het_nederlands

logger = logging.getLogger(__name__)

#: Cases in one bulk action.
MAXIMUM_BULK = 500
#: Days of the longest term to complete that an officer can give.
LANGSTE_TERMIJN = 90
#: What the report of a bulk action says about a case that met a defect.
STORING = "Er ging iets mis in het systeem. Bekijk deze zaak voordat u het opnieuw probeert."
#: Why a decision term stood still.
REDEN = "verzoek om aanvulling"


def in_behandeling_nemen(*, aanvraag: Aanvraag, actor: Gebruiker, op: datetime) -> Aanvraag:
    """Takes a received application in hand."""
    eis_behandelaar(actor, aanvraag)
    return overgang_toepassen(aanvraag, "in_behandeling_nemen", actor=actor, op=op)


@dataclass(frozen=True)
class Gevraagd:
    """One thing that is missing: a step or attachment of the form (``code``), or something else; and why."""

    soort: Onderdeelsoort
    titel: str
    uitleg: str
    code: str = ""

    def in_een_regel(self) -> str:
        """How it stands in the letter and in the trail."""
        return self.titel if self.uitleg == self.titel else f"{self.titel}: {self.uitleg}"


def onderdeel_lezen(onderdeel: Gevraagd | str) -> Gevraagd:
    """A bare text is something else than a step or an attachment."""
    if isinstance(onderdeel, Gevraagd):
        return onderdeel
    tekst = " ".join(onderdeel.split())
    return Gevraagd(Onderdeelsoort.OVERIG, tekst[:200], tekst)


@in_het_nederlands
def aanvulling_vragen(
    *, aanvraag: Aanvraag, onderdelen: Sequence[Gevraagd | str], termijn_dagen: int, actor: Gebruiker, op: datetime
) -> Aanvulling:
    """Asks to complete, with what is missing and a term (Awb 4:5); the decision term stops (Awb 4:15, R5).

    Letter, message in the inbox and state change in one transaction. ``termijn_dagen``: calendar days from today.
    """
    eis_behandelaar(actor, aanvraag)
    gevraagd = eis_onderdelen(onderdelen)
    eis_termijn(termijn_dagen)
    with transaction.atomic():
        regels = [deel.in_een_regel() for deel in gevraagd]
        aanvraag = overgang_toepassen(
            aanvraag, "aanvulling_vragen", actor=actor, op=op, gegevens={"onderdelen": regels}
        )
        termijn_tot = timezone.localdate(op) + timedelta(days=termijn_dagen)
        brief = verzoekbrief(aanvraag, gevraagd, termijn_tot=termijn_tot, actor=actor, op=op)
        per_post = aanvraag.correspondentie == Correspondentie.POST
        aanvulling = Aanvulling.objects.create(
            aanvraag=aanvraag,
            onderdelen=regels,
            gevraagd_op=op,
            gevraagd_door=actor,
            termijn_tot=termijn_tot,
            brief_document=naar_json(brief),
        )
        Aanvulonderdeel.objects.bulk_create(
            Aanvulonderdeel(
                aanvulling=aanvulling, soort=deel.soort, code=deel.code, titel=deel.titel, uitleg=deel.uitleg
            )
            for deel in gevraagd
        )
        bericht_plaatsen(
            aanvraag=aanvraag,
            code="aanvulling",
            sleutel=f"aanvulling-{aanvulling.pk}",
            op=op,
            actor=actor,
            velden=_verzoekvelden(aanvraag, gevraagd, termijn_tot),
            bestand=document_opslaan(
                inhoud=naar_pdf(brief), naam="verzoek-om-aanvulling.pdf", mime="application/pdf", op=op, actor=actor
            )
            if per_post
            else None,
        )
    return aanvulling


def eis_onderdelen(onderdelen: Sequence[Gevraagd | str]) -> list[Gevraagd]:
    """The items with text; at least one, each with an explanation, none twice."""
    gevraagd = [onderdeel_lezen(deel) for deel in onderdelen if isinstance(deel, Gevraagd) or deel.strip()]
    if not gevraagd:
        raise InvoerFout("Schrijf op wat er ontbreekt.", actie="Noem elk onderdeel in gewone taal.", veld="onderdelen")
    for deel in gevraagd:
        if not deel.titel.strip() or not deel.uitleg.strip():
            raise InvoerFout(
                f"Bij “{deel.titel}” ontbreekt de uitleg.",
                actie="Schrijf op wat de aanvrager moet doen.",
                veld="onderdelen",
            )
    sleutels = [(deel.soort, deel.code or deel.titel) for deel in gevraagd]
    if len(set(sleutels)) != len(sleutels):
        raise InvoerFout("U vraagt hetzelfde twee keer.", actie="Voeg de uitleg samen.", veld="onderdelen")
    return gevraagd


def eis_termijn(termijn_dagen: int) -> None:
    """No term named, no suspension (R5): so there is always one, in days."""
    if not 1 <= termijn_dagen <= LANGSTE_TERMIJN:
        raise InvoerFout(
            "De termijn ontbreekt.",
            actie=f"Geef een termijn van 1 tot {LANGSTE_TERMIJN} dagen; zonder termijn is er geen opschorting.",
            veld="termijn_dagen",
        )


def _verzoekvelden(aanvraag: Aanvraag, gevraagd: Sequence[Gevraagd], termijn_tot: date) -> dict[str, str]:
    lijst = "\n".join(f"- {' '.join(deel.in_een_regel().split())}" for deel in gevraagd)
    per_post = aanvraag.correspondentie == Correspondentie.POST
    hoe = f"per post, met het nummer {aanvraag.kenmerk} erbij" if per_post else "in Stimulans bij “Mijn aanvragen”"
    return {"onderdelen": lijst, "termijn_tot": dag_in_woorden(termijn_tot), "hoe": hoe}


@in_het_nederlands
def verzoekbrief(
    aanvraag: Aanvraag, gevraagd: Sequence[Gevraagd], *, termijn_tot: date, actor: Gebruiker, op: datetime
) -> Document:
    """The letter as it would go out; also its preview. Uses the template of the scheme."""
    onderwerp, tekst, _ = sjabloontekst(aanvraag, "aanvulling", TEKSTEN["aanvulling"])
    waarden = {**algemene_velden(aanvraag), **_verzoekvelden(aanvraag, gevraagd, termijn_tot)}
    return aanvullingsbrief(
        aanvraag,
        onderwerp=vul_in(onderwerp, waarden),
        tekst=vul_in(tekst, waarden),
        termijn_tot=termijn_tot,
        gevraagd=timezone.localdate(op),
        behandelaar=str(actor),
    )


def aanvulling_beantwoorden(
    *,
    aanvulling: Aanvulling,
    antwoord: str,
    actor: Gebruiker | None,
    op: datetime,
    papier: Papieraanvulling | None = None,
) -> Aanvulling:
    """The applicant answers a request to complete; the decision term runs again.

    Whether it is in time follows from ``op`` alone (when the server got it), or with ``papier`` from its stamp; not
    from when the worker looked. On paper nobody with an account answers: ``actor`` typed it, which the trail says.
    """
    moment = papier.ontvangen_op if papier else op
    if not antwoord.strip():
        raise InvoerFout("Uw antwoord is leeg.", actie="Schrijf uw aanvulling op.", veld="antwoord")
    with transaction.atomic():
        aanvraag = vergrendel(aanvulling.aanvraag)
        aanvulling = eis_te_beantwoorden(aanvulling, moment)
        aanvulling.antwoord, aanvulling.beantwoord_op = antwoord.strip(), moment
        aanvulling.beantwoord_door = None if papier else actor
        aanvulling.verlopen_op = None  # received in time, handled after the worker looked at the clock
        aanvulling.save(force_update=True)
        gegevens = {"ontvangen_op": moment} if papier else {}
        aanvraag = overgang_toepassen(aanvraag, "aanvullen", actor=actor, op=op, vergrendeld=True, gegevens=gegevens)
        termijn_herzien(aanvraag)
        toetsen_uitvoeren(aanvraag=aanvraag, op=op)
    return aanvulling


def eis_te_beantwoorden(aanvulling: Aanvulling, op: datetime) -> Aanvulling:
    """Locks the request and raises :class:`OvergangFout` unless an answer that came at ``op`` counts."""
    aanvulling = Aanvulling.objects.select_for_update(of=("self",)).select_related("aanvraag").get(pk=aanvulling.pk)
    if aanvulling.beantwoord_op:
        raise OvergangFout("Dit verzoek is al afgehandeld.", actie="Bekijk de stand van uw aanvraag.")
    if timezone.localdate(op) > aanvulling.termijn_tot:
        raise OvergangFout(
            f"De termijn om aan te vullen liep tot en met {dag_in_woorden(aanvulling.termijn_tot)}.",
            actie="Bekijk de stand van uw aanvraag.",
            code="termijn-voorbij",
        )
    return aanvulling


def aanvullingen_laten_verlopen(*, op: datetime) -> int:
    """Marks requests whose term has lapsed; what follows (go on, or not treat) is the officer's choice."""
    rijp = Aanvulling.objects.filter(
        beantwoord_op=None, verlopen_op=None, termijn_tot__lt=timezone.localtime(op).date()
    )
    return rijp.update(verlopen_op=op)


def eis_geen_papier_in_invoer(aanvulling: Aanvulling) -> None:
    """Nothing is done without an answer that was received in time and is still being typed."""
    if aanvulling.papieren.filter(PAPIERAANVULLING_IN_INVOER).exists():
        raise OvergangFout(
            "Er is een aanvulling op papier ontvangen die nog niet is ingevoerd.",
            actie="Voer haar in en verstuur haar, of stop met invoeren en zeg waarom.",
            code="papieraanvulling-in-invoer",
        )


def zonder_aanvulling_verder(*, aanvraag: Aanvraag, actor: Gebruiker, op: datetime, reden: str) -> Aanvraag:
    """Goes on after a term lapsed unused, with what there is."""
    eis_behandelaar(actor, aanvraag)
    with transaction.atomic():
        laatste = aanvraag.aanvullingen.order_by("-gevraagd_op").first()
        if laatste is None or laatste.verlopen_op is None:
            raise OvergangFout("De termijn van het verzoek loopt nog.", actie="Wacht tot de termijn voorbij is.")
        eis_geen_papier_in_invoer(laatste)
        aanvraag = overgang_toepassen(aanvraag, "aanvullen", actor=actor, op=op, reden=reden)
        termijn_herzien(aanvraag)
    return aanvraag


def opschortingen(aanvraag: Aanvraag) -> list[tuple[date, date, str]]:
    """Periods in which the decision term stood still: from the day after a request to its answer or lapse (R5).

    A term that lapsed ended on its last day, whenever the worker noticed.
    """
    perioden = []
    for aanvulling in aanvraag.aanvullingen.all():
        begin = timezone.localtime(aanvulling.gevraagd_op).date() + timedelta(days=1)
        if aanvulling.beantwoord_op is not None:
            einde = timezone.localdate(aanvulling.beantwoord_op)
            if einde > begin:  # answered on the day itself or the next: not a day stood still
                perioden.append((begin, einde, REDEN))
        elif aanvulling.verlopen_op is not None:
            perioden.append((begin, aanvulling.termijn_tot + timedelta(days=1), REDEN))
    return perioden


def termijn_herzien(aanvraag: Aanvraag) -> None:
    """Writes the legal date anew, after the clock ran again."""
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
    """Runs one service on many cases; each succeeds or is refused by itself, with the reason. What goes wrong with one
    does not take the report of the others away."""
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
        except Exception:
            logger.exception("Bulkhandeling mislukt bij %s", aanvraag.kenmerk)
            regels.append(Bulkregel(aanvraag.pk, aanvraag.kenmerk, False, STORING))
        else:
            regels.append(Bulkregel(aanvraag.pk, aanvraag.kenmerk, True, ""))
    return regels


def openstaande_oordelen(aanvraag: Aanvraag) -> list[str]:
    """Names of checks that nobody has judged yet; no decision is possible while there are any."""
    return [t.naam for t in aanvraag.toetsen.all() if t.geldend == Toetsuitkomst.HANDMATIG]


def is_te_behandelen(aanvraag: Aanvraag) -> bool:
    return aanvraag.status in {Status.INGEDIEND, Status.IN_BEHANDELING, Status.AANVULLING_GEVRAAGD}
