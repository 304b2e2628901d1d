"""Who may fill in but not sign puts an application ready; who may sign, sends it or gives it back (R1, R92)."""

from __future__ import annotations

from datetime import datetime

from django.db.models import Q
from django.utils import timezone
from django.utils.formats import date_format

from aanvragen.models import Aanvraag
from aanvragen.services.concept import concept_vergrendeld, eis_open
from aanvragen.services.indienen import gebreken
from aanvragen.services.postbus import bericht_plaatsen
from kern.fouten import InvoerFout
from kern.models import Gebruiker
from kern.services.berichten import bericht_klaarzetten
from kern.services.spoor import Logpost, keten_van, log_schrijven
from kern.taal import in_het_nederlands


def tekenbevoegden(aanvraag: Aanvraag) -> list[Gebruiker]:
    """People of the applicant who may sign this application now, by name."""
    kandidaten = Gebruiker.objects.filter(
        Q(machtigingen__geldig_tot=None) | Q(machtigingen__geldig_tot__gte=timezone.localdate()),
        machtigingen__organisatie=aanvraag.organisatie_id,
        machtigingen__ingetrokken_op=None,
        is_active=True,
    )
    return [wie for wie in kandidaten.distinct().order_by("naam") if wie.has_perm("aanvragen.indienen", aanvraag)]


@in_het_nederlands
def ter_ondertekening_leggen(*, aanvraag: Aanvraag, actor: Gebruiker, op: datetime) -> Aanvraag:
    """Ready to be signed; the colleagues who may sign get a message. Doing it twice changes nothing.

    Raises :class:`InvoerFout` when something is missing, or when nobody may sign.
    """
    with concept_vergrendeld(aanvraag=aanvraag) as vast:
        if vast.ter_ondertekening_op is not None:
            return vast
        eis_open(vast.tijdvak, op)
        ontbreekt = gebreken(vast, op)
        if ontbreekt:
            raise InvoerFout(
                "De aanvraag is nog niet klaar: " + " ".join(gebrek.melding for gebrek in ontbreekt),
                actie="Vul aan wat ontbreekt en zet de aanvraag opnieuw klaar.",
                code="aanvraag-niet-compleet",
            )
        bevoegden = tekenbevoegden(vast)
        if not bevoegden:
            raise InvoerFout(
                "Niemand van uw organisatie mag in Stimulans ondertekenen.",
                actie="Vraag de beheerder van uw organisatie om iemand daarvoor te machtigen.",
                code="niemand-mag-ondertekenen",
            )
        vast.ter_ondertekening_op, vast.ter_ondertekening_door = op, actor
        _vastleggen(vast, "ter_ondertekening_leggen", actor, op)
        velden = {"wie": str(actor), "sluit_op": _moment(vast.tijdvak.sluit_op)}
        bericht = bericht_plaatsen(
            aanvraag=vast,
            code="ter_ondertekening",
            sleutel=f"ter-ondertekening-{vast.pk}-{vast.versie}",
            op=op,
            actor=actor,
            velden=velden,
        )
        for wie in bevoegden:
            if wie.email.lower() == vast.contact_email.lower():
                continue  # the notice of the inbox goes there already
            bericht_klaarzetten(
                sleutel=f"ter-ondertekening-{vast.pk}-{vast.versie}-{wie.pk}",
                aan=wie.email,
                onderwerp=bericht.onderwerp,
                tekst=bericht.tekst,
                op=op,
            )
    return vast


@in_het_nederlands
def ter_ondertekening_teruggeven(*, aanvraag: Aanvraag, opmerking: str, actor: Gebruiker, op: datetime) -> Aanvraag:
    """Not signed: back to whoever put it ready, with a remark. Nothing happens when it was not ready any more."""
    opmerking = opmerking.strip()
    if not opmerking:
        raise InvoerFout("Schrijf op waarom u de aanvraag teruggeeft.", actie="Vul een opmerking in.", veld="opmerking")
    with concept_vergrendeld(aanvraag=aanvraag) as vast:
        wie = vast.ter_ondertekening_door
        if vast.ter_ondertekening_op is None or wie is None:
            return vast
        vast.ter_ondertekening_op = vast.ter_ondertekening_door = None
        _vastleggen(vast, "ter_ondertekening_teruggeven", actor, op, reden=opmerking)
        velden = {"wie": str(actor), "opmerking": opmerking, "sluit_op": _moment(vast.tijdvak.sluit_op)}
        sleutel = f"ondertekening-terug-{vast.pk}-{vast.versie}"
        bericht = bericht_plaatsen(
            aanvraag=vast, code="ondertekening_terug", sleutel=sleutel, op=op, actor=actor, velden=velden
        )
        if wie.email.lower() != vast.contact_email.lower():
            bericht_klaarzetten(
                sleutel=f"{sleutel}-{wie.pk}", aan=wie.email, onderwerp=bericht.onderwerp, tekst=bericht.tekst, op=op
            )
    return vast


def _vastleggen(aanvraag: Aanvraag, handeling: str, actor: Gebruiker, op: datetime, reden: str = "") -> None:
    aanvraag.versie += 1
    aanvraag.save(update_fields=["ter_ondertekening_op", "ter_ondertekening_door", "versie"])
    log_schrijven(Logpost(keten=keten_van(aanvraag), handeling=handeling, op=op, actor=actor, reden=reden))


def _moment(op: datetime) -> str:
    lokaal = timezone.localtime(op)
    return f"{date_format(lokaal, 'j F Y')} om {lokaal:%H:%M} uur"
