"""The final score of an application: written once, by whatever way it came about."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from decimal import Decimal

from django.db import transaction

from aanvragen.models import Aanvraag
from beoordeling.models import Eindscore
from kern.fouten import OvergangFout
from kern.models import Gebruiker
from kern.services.spoor import Logpost, keten_van, log_schrijven


def eindscore_vastleggen(
    *,
    aanvraag: Aanvraag,
    criteria: Mapping[str, Decimal],
    totaal: Decimal,
    bron: str,
    actor: Gebruiker | None,
    op: datetime,
) -> Eindscore:
    """``criteria``: code → 1..5; ``totaal``: 0..100. :class:`OvergangFout` when there is a score already."""
    with transaction.atomic():
        if Eindscore.objects.filter(aanvraag=aanvraag).exists():
            raise OvergangFout(f"De eindscore van {aanvraag} staat al vast.", actie="Ververs de pagina.")
        eindscore = Eindscore.objects.create(
            aanvraag=aanvraag,
            totaal=totaal,
            criteria={code: str(score) for code, score in criteria.items()},
            vastgesteld_op=op,
            bron=bron,
        )
        log_schrijven(
            Logpost(
                keten=keten_van(aanvraag),
                handeling="eindscore_vastleggen",
                op=op,
                actor=actor,
                gegevens={"totaal": str(totaal), "bron": bron},
            )
        )
    return eindscore
