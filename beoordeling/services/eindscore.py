"""The final score of an application: written once, by whatever way it came about."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal

from django.db import transaction

from aanvragen.models import Aanvraag
from beoordeling import models
from kern.fouten import OvergangFout
from kern.models import Gebruiker
from kern.services.overgang import vergrendel
from kern.services.spoor import Logpost, keten_van, log_schrijven


@dataclass(frozen=True)
class Eindscore:
    """``totaal`` 0.00-100.00; ``criteria``: code → 1-5; ``beoordelingen``: code of an assessor → its total."""

    totaal: Decimal
    criteria: Mapping[str, Decimal] = field(default_factory=dict)
    beoordelingen: Mapping[str, Decimal] = field(default_factory=dict)
    bron: str = ""


def eindscore_vastleggen(
    *, aanvraag: Aanvraag, score: Eindscore, actor: Gebruiker | None, op: datetime
) -> models.Eindscore:
    """Fixes the final score, once. :class:`OvergangFout` when there is one already."""
    with transaction.atomic():
        aanvraag = vergrendel(aanvraag)
        if models.Eindscore.objects.filter(aanvraag=aanvraag).exists():
            raise OvergangFout("Deze aanvraag heeft al een eindscore.", actie="De eindscore ligt vast.", code="al-vast")
        rij = models.Eindscore.objects.create(
            aanvraag=aanvraag,
            totaal=score.totaal,
            criteria={code: str(waarde) for code, waarde in score.criteria.items()},
            vastgesteld_op=op,
            bron=score.bron,
        )
        log_schrijven(
            Logpost(
                keten=keten_van(aanvraag),
                handeling="eindscore_vastleggen",
                op=op,
                actor=actor,
                gegevens={"totaal": str(score.totaal), "bron": score.bron},
            )
        )
    return rij
