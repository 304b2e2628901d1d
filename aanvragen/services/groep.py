"""Partner and linked enterprises of an organisation (R67, R70-R71)."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from datetime import datetime
from decimal import Decimal

from django.db import transaction

from aanvragen.models import Organisatie, Verbonden
from aanvragen.services.organisatie import eis_hele_organisatie
from aanvragen.services.toetsing import toetsen_herhalen
from kern.fouten import InvoerFout
from kern.models import Gebruiker
from kern.services.spoor import Logpost, keten_van, log_schrijven

#: Checks that look at the group.
TOETSEN = frozenset({"mkb", "de_minimis"})
#: More than any SME has; keeps the computation and the page small.
MAXIMUM = 100


@dataclass(frozen=True)
class Verbondengegevens:
    """One enterprise; euros. ``via``: key of the enterprise it hangs on, ``None`` for the organisation itself."""

    naam: str
    relatie: str
    percentage: Decimal
    kvk_nummer: str = ""
    werkzame_personen: int | None = None
    omzet: Decimal | None = None
    balanstotaal: Decimal | None = None
    jaar: int | None = None
    via: int | None = None


def verbonden_bewaren(
    *,
    organisatie: Organisatie,
    gegevens: Verbondengegevens,
    actor: Gebruiker | None,
    op: datetime,
    pk: int | None = None,
) -> Verbonden:
    """Adds an enterprise, or changes the one with this key."""
    with transaction.atomic():
        Organisatie.objects.select_for_update().get(pk=organisatie.pk)
        eis_hele_organisatie(organisatie, actor)
        rijen = {rij.pk: rij for rij in organisatie.verbonden.all()}
        if pk is not None and pk not in rijen:
            raise InvoerFout("Deze onderneming staat niet meer in de lijst.", actie="Open de lijst opnieuw.")
        if pk is None and len(rijen) >= MAXIMUM:
            raise InvoerFout(f"Er staan al {MAXIMUM} ondernemingen in de lijst.", actie="Neem contact met ons op.")
        _eis_keten(gegevens.via, pk, rijen)
        if gegevens.kvk_nummer and gegevens.kvk_nummer == organisatie.kvk_nummer:
            raise InvoerFout(
                "Dit is het KvK-nummer van uw eigen organisatie.",
                actie="Noem hier alleen andere ondernemingen.",
                veld="kvk_nummer",
            )
        rij = (
            rijen.get(pk, Verbonden(organisatie=organisatie)) if pk is not None else Verbonden(organisatie=organisatie)
        )
        if rij.pk is None:
            rij.toegevoegd_op, rij.toegevoegd_door = op, actor
        for veld, waarde in asdict(gegevens).items():
            setattr(rij, "via_id" if veld == "via" else veld, waarde)
        rij.save()
        _schrijf(organisatie, "verbonden_bewaren", rij, actor, op)
    toetsen_herhalen(organisatie=organisatie, codes=TOETSEN, op=op)
    return rij


def _eis_keten(via: int | None, pk: int | None, rijen: dict[int, Verbonden]) -> None:
    """What it hangs on is in the list, and not the enterprise itself or something behind it."""
    gezien: set[int] = set() if pk is None else {pk}
    while via is not None:
        if via not in rijen:
            raise InvoerFout("Deze onderneming staat niet meer in de lijst.", actie="Kies een andere.", veld="via")
        if via in gezien:
            raise InvoerFout(
                "Een onderneming kan niet via zichzelf verbonden zijn.", actie="Kies een andere.", veld="via"
            )
        gezien.add(via)
        via = rijen[via].via_id


def verbonden_verwijderen(*, rij: Verbonden, actor: Gebruiker | None, op: datetime) -> None:
    """Takes an enterprise out, with what hangs on it."""
    organisatie = rij.organisatie
    with transaction.atomic():
        Organisatie.objects.select_for_update().get(pk=organisatie.pk)
        eis_hele_organisatie(organisatie, actor)
        _schrijf(organisatie, "verbonden_verwijderen", rij, actor, op)
        rij.delete()
    toetsen_herhalen(organisatie=organisatie, codes=TOETSEN, op=op)


def _schrijf(organisatie: Organisatie, handeling: str, rij: Verbonden, actor: Gebruiker | None, op: datetime) -> None:
    gegevens = {
        "naam": rij.naam,
        "relatie": str(rij.relatie),
        "percentage": str(rij.percentage),
        "werkzame_personen": rij.werkzame_personen,
    }
    log_schrijven(Logpost(keten=keten_van(organisatie), handeling=handeling, op=op, actor=actor, gegevens=gegevens))
