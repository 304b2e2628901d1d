"""The adviser step of a draft: who advises, from the register when known, and the references."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from django.db import transaction
from django.db.models import F

from aanvragen.models import (
    Aanvraag,
    Adviesbureau,
    Adviseur,
    Referentie,
)
from aanvragen.services.concept import open_concept, stap_bewaard
from kern.models import Gebruiker


@dataclass(frozen=True)
class Adviesgegevens:
    naam: str
    email: str
    bureau_naam: str = ""
    bureau_kvk: str = ""
    gecertificeerd: bool = False


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
        eerder, oud = aanvraag.adviseur_id, list(aanvraag.referenties.values_list(*_REFERENTIE))
        aanvraag.adviseur = adviseur_vinden(gegevens=adviseur, aanvraag=aanvraag) if adviseur else None
        nieuw = [tuple(getattr(ref, veld) for veld in _REFERENTIE) for ref in referenties]
        gewijzigd = {"adviseur"} if aanvraag.adviseur_id != eerder else set()
        if nieuw != oud:
            gewijzigd.add("referenties")
            aanvraag.referenties.all().delete()
            Referentie.objects.bulk_create(
                Referentie(aanvraag=aanvraag, volgorde=nr, **dict(zip(_REFERENTIE, waarden, strict=True)))
                for nr, waarden in enumerate(nieuw)
            )
        return stap_bewaard(aanvraag, "adviseur", actor, op, gewijzigd)


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
