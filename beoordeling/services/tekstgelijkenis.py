"""Near-duplicate texts over the applications of a round: an indicator for people, never a refusal."""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal

from django.db import transaction

from aanvragen.enums import Status
from aanvragen.models import Aanvraag
from beoordeling.models import Tekstgelijkenis
from beoordeling.referentie.tekst import Paar, gelijkende_paren
from kern.services.spoor import Logpost, keten_van, log_schrijven
from regeling.models import Tijdvak

#: The description of the project, besides the questions of the scheme that ask for text.
OMSCHRIJVING = "omschrijving"
_NIET_VERSTUURD = [Status.CONCEPT, Status.VERLOPEN]


def tekst_van(aanvraag: Aanvraag, vraag: str) -> str:
    """The answer to one question as text."""
    return aanvraag.omschrijving if vraag == OMSCHRIJVING else str(aanvraag.antwoorden.get(vraag) or "")


def tijdvak_vergelijken(*, tijdvak: Tijdvak, op: datetime) -> int:
    """Compares every question of the round anew and stores the pairs; returns how many there are.

    Applications of one organisation are not compared with each other: writing the same twice is nobody's business.
    """
    vragen = [OMSCHRIJVING, *(vraag.code for vraag in tijdvak.spec.vragen if vraag.soort == "tekst")]
    aanvragen = {str(a.pk): a for a in Aanvraag.objects.filter(tijdvak=tijdvak).exclude(status__in=_NIET_VERSTUURD)}
    gevonden = [
        (vraag, paar)
        for vraag in vragen
        for paar in gelijkende_paren({pk: tekst_van(a, vraag) for pk, a in aanvragen.items()})
        if aanvragen[paar.eerste].organisatie_id != aanvragen[paar.tweede].organisatie_id
    ]
    with transaction.atomic():
        Tekstgelijkenis.objects.filter(eerste__tijdvak=tijdvak).delete()
        Tekstgelijkenis.objects.bulk_create(
            [_rij(aanvragen, vraag, paar, op) for vraag, paar in gevonden], batch_size=500
        )
        log_schrijven(
            Logpost(
                keten=keten_van(tijdvak),
                handeling="teksten_vergelijken",
                op=op,
                gegevens={"aanvragen": len(aanvragen), "paren": len(gevonden)},
            )
        )
    return len(gevonden)


def _rij(aanvragen: dict[str, Aanvraag], vraag: str, paar: Paar, op: datetime) -> Tekstgelijkenis:
    return Tekstgelijkenis(
        eerste=aanvragen[paar.eerste],
        tweede=aanvragen[paar.tweede],
        vraag=vraag,
        jaccard=Decimal(paar.jaccard).quantize(Decimal("0.0001")),
        omvatting=Decimal(paar.omvatting).quantize(Decimal("0.0001")),
        op=op,
    )


def teksten_vergelijken(*, op: datetime) -> int:
    """The same for every round that still has cases to handle. Run by the worker, once a day."""
    lopend = Tijdvak.objects.filter(
        aanvragen__status__in=[Status.INGEDIEND, Status.IN_BEHANDELING, Status.COMPLEET, Status.IN_VERDELING]
    ).distinct()
    return sum(tijdvak_vergelijken(tijdvak=tijdvak, op=op) for tijdvak in lopend)
