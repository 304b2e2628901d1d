"""Changing whom we write to about an application that was sent, and how (R44-R46). The copy of what was sent stays."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from datetime import datetime

from django.db import transaction

from aanvragen.enums import Correspondentie, Status
from aanvragen.models import Aanvraag
from aanvragen.rules import eis_recht
from aanvragen.services.postbus import bericht_plaatsen
from kern.enums import Berichtsoort
from kern.fouten import InvoerFout, OvergangFout
from kern.models import Gebruiker
from kern.services.berichten import bericht_klaarzetten
from kern.services.overgang import vergrendel
from kern.services.spoor import Logpost, keten_van, log_schrijven
from kern.taal import in_het_nederlands

#: Before sending the form itself is the place; after these nobody is written to any more.
_NIET = frozenset({Status.CONCEPT, Status.VERLOPEN, Status.AFGESLOTEN})


@dataclass(frozen=True)
class Contactgegevens:
    """Who is written to and how. Empty ``contact_telefoon``: no number."""

    contactpersoon: str
    contact_email: str
    contact_telefoon: str
    correspondentie: str


def contact_wijzigbaar(aanvraag: Aanvraag) -> bool:
    """Whether the contact data of this application can still be changed."""
    return aanvraag.status not in _NIET


@in_het_nederlands
def contact_wijzigen(*, aanvraag: Aanvraag, nieuw: Contactgegevens, actor: Gebruiker, op: datetime) -> Aanvraag:
    """Stores the new data with a trail line of old and new, and tells the inbox and the old address.

    The old address hears it too: who is shut out by somebody else, can say so. Nothing happens when nothing changed.
    Raises :class:`RechtenFout`, :class:`OvergangFout` (finished) or :class:`InvoerFout` (post without an address).
    """
    eis_recht(actor, "aanvragen.wijzigen", aanvraag)
    with transaction.atomic():
        aanvraag = vergrendel(aanvraag)
        if not contact_wijzigbaar(aanvraag):
            raise OvergangFout(
                "De contactgegevens kunnen nu niet worden gewijzigd.", actie="Bekijk de stand van uw aanvraag."
            )
        _eis_volledig(aanvraag, nieuw)
        oud = {naam: getattr(aanvraag, naam) for naam in asdict(nieuw)}
        anders = {naam: [oud[naam], waarde] for naam, waarde in asdict(nieuw).items() if oud[naam] != waarde}
        if not anders:
            return aanvraag
        for naam, (_oud, waarde) in anders.items():
            setattr(aanvraag, naam, waarde)
        aanvraag.gewijzigd_op = op
        aanvraag.versie += 1
        aanvraag.save(update_fields=[*anders, "gewijzigd_op", "versie"])
        regel = log_schrijven(
            Logpost(keten=keten_van(aanvraag), handeling="contact_wijzigen", op=op, actor=actor, gegevens=anders)
        )
        _berichten(aanvraag, oud["contact_email"], sorted(anders), regel.pk, actor, op)
    return aanvraag


def _eis_volledig(aanvraag: Aanvraag, nieuw: Contactgegevens) -> None:
    if not nieuw.contactpersoon.strip():
        raise InvoerFout("De naam van de contactpersoon ontbreekt.", actie="Vul de naam in.", veld="contactpersoon")
    if not nieuw.contact_email.strip():
        raise InvoerFout("Het e-mailadres ontbreekt.", actie="Vul het e-mailadres in.", veld="contact_email")
    organisatie = aanvraag.organisatie
    if nieuw.correspondentie == Correspondentie.POST and not (organisatie.straat and organisatie.postcode):
        raise InvoerFout(
            "Wij hebben geen postadres van uw organisatie.",
            actie="Vul eerst het adres in bij uw organisatie.",
            code="postadres-ontbreekt",
            veld="correspondentie",
        )


_NAMEN = {
    "contactpersoon": "de contactpersoon",
    "contact_email": "het e-mailadres",
    "contact_telefoon": "het telefoonnummer",
    "correspondentie": "hoe u post krijgt",
}


def _berichten(
    aanvraag: Aanvraag, oud_adres: str, velden: list[str], regel: int, actor: Gebruiker, op: datetime
) -> None:
    wat = ", ".join(_NAMEN[veld] for veld in velden)
    sleutel = f"contact-{regel}"
    bericht_plaatsen(
        aanvraag=aanvraag,
        code="contact_gewijzigd",
        sleutel=sleutel,
        op=op,
        actor=actor,
        velden={"wat": wat, "door": str(actor)},
    )
    if oud_adres and oud_adres != aanvraag.contact_email:
        bericht_klaarzetten(
            sleutel=f"{sleutel}-oud",
            soort=Berichtsoort.TOEGANG,
            aan=oud_adres,
            onderwerp=f"U krijgt geen berichten meer over aanvraag {aanvraag.kenmerk}",
            tekst=(
                f"Iemand van {aanvraag.organisatie.naam} heeft de contactgegevens van aanvraag {aanvraag.kenmerk} "
                "gewijzigd. Op dit e-mailadres krijgt u geen berichten meer over deze aanvraag.\n\n"
                "Klopt dit niet? Neem dan meteen contact met ons op.\n"
            ),
            op=op,
        )
