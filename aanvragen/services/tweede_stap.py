"""The second of two stages: who may send a full proposal, and what it starts with."""

from __future__ import annotations

from typing import Any, TypeVar

from aanvragen.enums import Status
from aanvragen.models import Aanvraag, Aanvraagthema, Begrotingsregel, Deelnemer, Organisatie
from kern.fouten import InvoerFout
from regeling.models import Tijdvak

R = TypeVar("R", Aanvraagthema, Deelnemer, Begrotingsregel)
#: What a full proposal starts with, from the one of the first stage.
UIT_STAP_1 = (
    "titel",
    "omschrijving",
    "start_op",
    "eind_op",
    "contactpersoon",
    "contact_email",
    "contact_telefoon",
    "iban",
    "doelen",
    "antwoorden",
    "adviseur",
    "kosten_totaal",
    "gevraagd_bedrag",
)


def rijen_overnemen(vorige: Aanvraag, aanvraag: Aanvraag) -> None:
    """Themes, members and budget of the first stage. What was declared and attached there is asked anew."""
    themas, leden, posten = vorige.gekozen_themas.all(), vorige.deelnemers.all(), vorige.begroting.all()
    Aanvraagthema.objects.bulk_create(_van(rij, aanvraag) for rij in themas)
    Deelnemer.objects.bulk_create(_van(rij, aanvraag) for rij in leden)
    Begrotingsregel.objects.bulk_create(_van(rij, aanvraag) for rij in posten)


def _van(rij: R, aanvraag: Aanvraag) -> R:
    """The row as a new one of this application."""
    rij.pk, rij.aanvraag = None, aanvraag
    return rij


def eerste_stap(tijdvak: Tijdvak, organisatie: Organisatie) -> Aanvraag | None:
    """The proposal of this organisation that passed the first stage; ``None`` in a round that has no stage before it.

    :class:`InvoerFout` for who did not pass.
    """
    if tijdvak.vorige_stap_id is None:
        return None
    eerder = Aanvraag.objects.filter(
        tijdvak=tijdvak.vorige_stap_id, organisatie=organisatie, status=Status.GESELECTEERD
    ).first()
    if eerder is None:
        raise InvoerFout(
            "De tweede stap is voor aanvragers die door de eerste stap zijn gekomen.",
            actie="Kijk bij “Mijn aanvragen” wat de uitkomst van de eerste stap is.",
            code="niet-door-stap-1",
        )
    return eerder


def velden_uit(vorige: Aanvraag | None) -> dict[str, Any]:
    """The fields of a new application that were filled in before; empty without a first stage."""
    return {} if vorige is None else {veld: getattr(vorige, veld) for veld in UIT_STAP_1}
