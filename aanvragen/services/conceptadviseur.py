"""The adviser step of a draft: who advises, from the register when known, and the references."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from django.db import transaction
from django.db.models import F

from aanvragen.enums import Referentiestatus
from aanvragen.models import (
    Aanvraag,
    Adviesbureau,
    Adviseur,
    Referentie,
)
from aanvragen.services.concept import open_concept, stap_bewaard
from kern.fouten import InvoerFout
from kern.models import Gebruiker


@dataclass(frozen=True)
class Adviesgegevens:
    naam: str
    email: str
    bureau_naam: str = ""
    bureau_kvk: str = ""
    gecertificeerd: bool = False


#: A reference that nobody has written about yet.
VRIJ_TE_WIJZIGEN = frozenset({Referentiestatus.CONCEPT, Referentiestatus.GEBLOKKEERD})
_REFERENTIE = (
    "organisatie",
    "contactpersoon",
    "email",
    "opdracht",
    "kvk_nummer",
    "telefoon",
    "opdracht_van",
    "opdracht_tot",
)


@dataclass(frozen=True)
class Referentiegegeven:
    organisatie: str
    contactpersoon: str
    email: str
    opdracht: str = ""
    kvk_nummer: str = ""
    telefoon: str = ""
    opdracht_van: date | None = None
    opdracht_tot: date | None = None


def adviseur_bewaren(
    *,
    aanvraag: Aanvraag,
    adviseur: Adviesgegevens | None,
    referenties: Sequence[Referentiegegeven],
    actor: Gebruiker | None,
    op: datetime,
    versie: int | None = None,
) -> Aanvraag:
    """Names the adviser (from the register when known) and the references. ``None`` takes the adviser away."""
    with transaction.atomic():
        aanvraag = open_concept(aanvraag, versie)
        eerder = aanvraag.adviseur_id
        aanvraag.adviseur = adviseur_vinden(gegevens=adviseur, aanvraag=aanvraag) if adviseur else None
        gewijzigd = {"adviseur"} if aanvraag.adviseur_id != eerder else set()
        if _referenties_bewaren(aanvraag, referenties):
            gewijzigd.add("referenties")
        return stap_bewaard(aanvraag, "adviseur", actor, op, gewijzigd)


def _referenties_bewaren(aanvraag: Aanvraag, gegeven: Sequence[Referentiegegeven]) -> bool:
    """Writes what differs and says whether anything did. Who was asked already keeps the row with its answers.

    Raises :class:`InvoerFout` when a reference whose check has begun would change or disappear (a supplement).
    """
    oud = [_waarden(rij) for rij in aanvraag.referenties.all()]
    nieuw = [_waarden(ref) for ref in gegeven]
    if nieuw == oud:
        return False
    over = list(aanvraag.referenties.all())
    plaatsen: list[Referentie | None] = []
    for waarden in nieuw:
        zelfde = next((rij for rij in over if _waarden(rij) == waarden), None)
        plaatsen.append(zelfde)
        if zelfde is not None:
            over.remove(zelfde)
    begonnen = [rij for rij in over if rij.status not in VRIJ_TE_WIJZIGEN]
    if begonnen:
        raise InvoerFout(
            f"Wij controleren de referentie van {', '.join(rij.organisatie for rij in begonnen)} al. "
            "U kunt haar hier niet meer wijzigen.",
            actie="Zet de gegevens terug zoals ze waren. Vervang de referentie bij “Referenties” bij uw aanvraag.",
            code="referentie-begonnen",
        )
    for rij in over:
        rij.delete()
    for nr, (waarden, bestaand) in enumerate(zip(nieuw, plaatsen, strict=True)):
        if bestaand is None:
            Referentie.objects.create(aanvraag=aanvraag, volgorde=nr, **dict(zip(_REFERENTIE, waarden, strict=True)))
        elif bestaand.volgorde != nr:
            bestaand.volgorde = nr
            bestaand.save(update_fields=["volgorde"])
    return True


def _waarden(bron: Referentie | Referentiegegeven) -> tuple[object, ...]:
    return tuple(getattr(bron, veld) for veld in _REFERENTIE)


#: Mailboxes that more people read: the name then tells who it is.
_GEDEELD = frozenset({"info", "contact", "post", "mail", "office", "administratie", "secretariaat", "welkom"})


def adviseur_vinden(*, gegevens: Adviesgegevens, aanvraag: Aanvraag | None = None) -> Adviseur:
    """The adviser with this e-mail address from the register, added when there is none yet.

    Who completed the own profile goes first. Another bureau makes another entry, and so does "certified": that is a
    claim of one application, and nobody changes another's adviser: a name is corrected only while no other application
    than ``aanvraag`` names this adviser, and a bureau's only while it has none.
    """
    bureau = None
    if gegevens.bureau_kvk:
        bureau, _ = Adviesbureau.objects.get_or_create(
            kvk_nummer=gegevens.bureau_kvk, defaults={"naam": gegevens.bureau_naam or gegevens.bureau_kvk}
        )
        if gegevens.bureau_naam and bureau.naam == bureau.kvk_nummer:
            bureau.naam = gegevens.bureau_naam
            bureau.save(update_fields=["naam"])
    email = gegevens.email.lower()
    kenmerken = {"email": email, "extern_nummer": "", "gecertificeerd": gegevens.gecertificeerd}
    bekend = Adviseur.objects.filter(**kenmerken)
    if bureau is not None:
        bekend = bekend.filter(bureau=bureau)
    if not email or email.partition("@")[0] in _GEDEELD:
        bekend = bekend.filter(naam=gegevens.naam)
    # A unique constraint sees no equals in an empty bureau: the oldest one counts.
    gevonden = bekend.order_by(F("profiel_op").asc(nulls_last=True), "pk").first()
    if gevonden is None:
        return Adviseur.objects.create(**kenmerken, bureau=bureau, naam=gegevens.naam)
    eigen = aanvraag is not None and not gevonden.aanvragen.exclude(pk=aanvraag.pk).exists()
    if eigen and gevonden.profiel_op is None and gevonden.naam != gegevens.naam:
        gevonden.naam = gegevens.naam
        gevonden.save(update_fields=["naam"])
    return gevonden
