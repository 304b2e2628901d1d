"""What others experienced with a scheme: time to fill in, time to wait, and how many got the money.

Only what was measured; too few cases give ``None``, never a guess (design 08: the number users see is also the number
officers see). One query per function, however many applications there are.
"""

from __future__ import annotations

import math
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from statistics import median
from typing import Any

from django.db.models import Count, Q
from django.utils import timezone

from aanvragen.enums import TOEGEKEND, Bron, Status
from aanvragen.models import Aanvraag
from regeling.enums import Herkomst
from regeling.models import Tijdvak

#: Applications needed before the time to fill in is shown.
MINIMUM_INVULTIJD = 10
#: Waiting times are those of decisions of this period: old files and batches would spoil them.
PERIODE = timedelta(days=90)
#: The newest so many count, so that the query stays small.
HOOGSTENS = 2000


@dataclass(frozen=True)
class Invultijd:
    """Median of begin to sending, in minutes, rounded up; over ``aantal`` applications."""

    minuten: int
    aantal: int


def invultijd(tijdvak: Tijdvak) -> Invultijd | None:
    """Measured over applications of the same scheme that people sent through the portal; breaks count along."""
    rijen = (
        _van_regeling(tijdvak)
        .filter(bron=Bron.PORTAAL, ingediend_op__isnull=False)
        .order_by("-ingediend_op")
        .values_list("aangemaakt_op", "ingediend_op")[:HOOGSTENS]
    )
    duren = [(verstuurd - begonnen) / timedelta(minutes=1) for begonnen, verstuurd in rijen if verstuurd is not None]
    if len(duren) < MINIMUM_INVULTIJD:
        return None
    return Invultijd(minuten=max(1, math.ceil(median(duren))), aantal=len(duren))


@dataclass(frozen=True)
class Wachttijd:
    """Days from receipt to the sending of the decision: median and 90th percentile, over ``aantal`` decisions."""

    mediaan: int
    p90: int
    aantal: int


def wachttijd(tijdvak: Tijdvak, op: datetime) -> Wachttijd | None:
    """Decisions of the last 90 days in the same scheme, without what applicants withdrew; ``None`` without any."""
    rijen = (
        _van_regeling(tijdvak)
        .filter(verzonden_op__gt=op - PERIODE, verzonden_op__lte=op, ingediend_op__isnull=False)
        .exclude(status__in=[Status.INGETROKKEN, Status.BESLUIT_INGETROKKEN])
        .exclude(bron=Bron.IMPORT)
        .order_by("-verzonden_op")
        .values_list("ingediend_op", "verzonden_op")[:HOOGSTENS]
    )
    dagen = [_dagen(ontvangen, verzonden) for ontvangen, verzonden in rijen if ontvangen and verzonden]
    if not dagen:
        return None
    return Wachttijd(mediaan=math.ceil(median(dagen)), p90=percentiel(dagen, 90), aantal=len(dagen))


def percentiel(waarden: Iterable[int], procent: int) -> int:
    """The smallest value that at least ``procent`` % of the values do not exceed (nearest rank)."""
    rij = sorted(waarden)
    return rij[max(math.ceil(len(rij) * procent / 100), 1) - 1]


def _dagen(van: datetime, tot: datetime) -> int:
    return (timezone.localtime(tot).date() - timezone.localtime(van).date()).days


@dataclass(frozen=True)
class Ronde:
    """An earlier round: how many applied and how many got something."""

    naam: str
    sluit_op: datetime
    aanvragen: int
    toegekend: int

    @property
    def kans(self) -> float:
        """Fraction (0-1) that got something."""
        return self.toegekend / self.aanvragen


def eerdere_rondes(tijdvak: Tijdvak) -> list[Ronde]:
    """Rounds of the same scheme that are over, the newest first: published figures, else what was counted here."""
    gevonden: dict[str, Ronde] = {}
    for rij in _geteld(tijdvak):
        gevonden[rij["tijdvak__specsleutel"]] = Ronde(
            rij["tijdvak__naam"], rij["tijdvak__sluit_op"], rij["aantal"], rij["toegekend"]
        )
    for eerder in tijdvak.spec.tijdvakken:
        historie = eerder.historie
        if historie is not None and historie.aanvragen and historie.toegekend is not None:
            gevonden[eerder.sleutel] = Ronde(eerder.naam, eerder.sluit_op, historie.aanvragen, historie.toegekend)
    gevonden.pop(tijdvak.specsleutel, None)
    return sorted(gevonden.values(), key=lambda ronde: ronde.sluit_op, reverse=True)


def _geteld(tijdvak: Tijdvak) -> Iterable[dict[str, Any]]:
    gekregen = Q(status__in=[*TOEGEKEND, Status.BESLUIT_INGETROKKEN])
    return (
        _van_regeling(tijdvak)
        .filter(tijdvak__verdeeld_op__isnull=False)
        .exclude(tijdvak=tijdvak)
        .order_by()
        .values("tijdvak__specsleutel", "tijdvak__naam", "tijdvak__sluit_op")
        .annotate(aantal=Count("pk"), toegekend=Count("pk", filter=gekregen))
    )


def _van_regeling(tijdvak: Tijdvak) -> Any:
    """What was sent in rounds of this scheme; replays in the simulator do not count."""
    return (
        Aanvraag.objects.filter(tijdvak__regelingversie__regeling=tijdvak.regelingversie.regeling_id)
        .exclude(tijdvak__herkomst=Herkomst.SIMULATIE)
        .exclude(status__in=[Status.CONCEPT, Status.VERLOPEN])
    )
