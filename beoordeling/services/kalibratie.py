"""Calibration and reliability of a round from its assessments. Computes, and writes nothing."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

import numpy as np

from aanvragen.models import Aanvraag
from beoordeling.enums_commissie import Toewijzingstatus
from beoordeling.kalibratie.betrouwbaarheid import Icc, cronbach, icc_uit_componenten, krippendorff
from beoordeling.kalibratie.kalibreren import Kalibratie, kalibreer
from beoordeling.kalibratie.ontwerp import Score
from beoordeling.models import Belang, Beoordeling, Commissie
from beoordeling.selectors_commissie import maatstaf_van
from kern.fouten import OvergangFout
from regeling.enums import HOOFDPOT

#: Unexplained variance below this share of the variance of the scores is an exact fit.
_EXACT = 1e-6


@dataclass(frozen=True)
class Rondekalibratie:
    """``alfa``: Cronbach over criteria (rows are assessments); ``krippendorff`` and ``icc``: over assessors."""

    kalibratie: Kalibratie
    scores: list[Score]
    alfa: float | None
    krippendorff: float | None
    icc: Icc
    per_aanvraag: float

    @property
    def bruikbaar(self) -> bool:
        """False when the model fits every score exactly: then the components are not determined by the scores."""
        return self.kalibratie.componenten.sigma2 > _EXACT * float(np.var(self.kalibratie.ontwerp.y))


def _beoordelingen(commissie: Commissie) -> list[Beoordeling]:
    """The assessments that stand, of people without an interest in the application."""
    belangen = set(
        Belang.objects.filter(aanvraag__tijdvak=commissie.tijdvak_id, opgeheven_op=None).values_list(
            "aanvraag", "gebruiker"
        )
    )
    rijen = Beoordeling.objects.filter(
        toewijzing__lid__commissie=commissie, toewijzing__status=Toewijzingstatus.VASTGESTELD
    ).select_related("toewijzing__aanvraag", "toewijzing__lid__gebruiker")
    laatste = {rij.toewijzing_id: rij for rij in rijen.order_by("toewijzing__aanvraag__kenmerk", "toewijzing", "nr")}
    return [
        rij for rij in laatste.values() if (rij.toewijzing.aanvraag_id, rij.toewijzing.lid.gebruiker_id) not in belangen
    ]


def kalibratie_van(commissie: Commissie, *, streng: bool = False) -> Rondekalibratie:
    """The calibration of what is in now; :class:`OvergangFout` with fewer than two applications or assessors."""
    beoordelingen = _beoordelingen(commissie)
    aanvragen = {b.toewijzing.aanvraag_id: b.toewijzing.aanvraag for b in beoordelingen}
    if len(aanvragen) < 2 or len({b.toewijzing.lid_id for b in beoordelingen}) < 2:
        raise OvergangFout(
            "Er zijn nog te weinig beoordelingen om te kalibreren.",
            actie="Wacht tot van minstens twee aanvragen alle beoordelingen binnen zijn.",
            code="te-weinig-beoordelingen",
        )
    themas = _hoofdthemas(list(aanvragen))
    scores = [
        Score(
            b.toewijzing.aanvraag.kenmerk,
            themas.get(b.toewijzing.aanvraag_id, ""),
            f"{b.toewijzing.lid.gebruiker} ({b.toewijzing.lid_id})",
            float(b.totaal),
        )
        for b in beoordelingen
    ]
    kalibratie = kalibreer(scores, k=_plaatsen(commissie, beoordelingen), streng=streng)
    gemiddeld = len(scores) / len(aanvragen)
    maatstaf = maatstaf_van(commissie.tijdvak)
    items = np.array([maatstaf.rij(b.scores) for b in beoordelingen], dtype=float)
    return Rondekalibratie(
        kalibratie=kalibratie,
        scores=scores,
        alfa=cronbach(items) if min(items.shape) >= 2 else None,
        krippendorff=krippendorff(_tabel(scores)),
        icc=icc_uit_componenten(kalibratie.componenten, gemiddeld),
        per_aanvraag=gemiddeld,
    )


def _hoofdthemas(aanvragen: list[Any]) -> dict[Any, str]:
    """Application → code of the theme that it is compared in: the main theme, else the first chosen one."""
    uit: dict[Any, str] = {}
    rijen = Aanvraag.objects.filter(pk__in=aanvragen, gekozen_themas__isnull=False)
    for pk, code in rijen.order_by("gekozen_themas__hoofd", "-gekozen_themas__pk").values_list(
        "pk", "gekozen_themas__thema__code"
    ):
        uit[pk] = code  # the last one wins: a main theme, and among others the first chosen
    return uit


def _plaatsen(commissie: Commissie, beoordelingen: list[Beoordeling]) -> int:
    """K: how many applications fit under the ceiling, walking down the raw mean; at least one, at most all."""
    totalen: dict[Any, list[Decimal]] = defaultdict(list)
    bedrag: dict[Any, Decimal] = {}
    for b in beoordelingen:
        totalen[b.toewijzing.aanvraag_id].append(b.totaal)
        bedrag[b.toewijzing.aanvraag_id] = b.toewijzing.aanvraag.gevraagd_bedrag or Decimal(0)
    over = commissie.tijdvak.plafonds.get(code=HOOFDPOT).bedrag
    plaatsen = 0
    for pk in sorted(totalen, key=lambda pk: (-sum(totalen[pk]) / len(totalen[pk]), str(pk))):
        if bedrag[pk] > over:
            break
        over -= bedrag[pk]
        plaatsen += 1
    return max(plaatsen, 1)


def _tabel(scores: list[Score]) -> Any:
    """Applications by assessors, NaN where nobody scored."""
    rijen = {naam: nr for nr, naam in enumerate(dict.fromkeys(s.aanvraag for s in scores))}
    kolommen = {naam: nr for nr, naam in enumerate(dict.fromkeys(s.beoordelaar for s in scores))}
    tabel = np.full((len(rijen), len(kolommen)), np.nan)
    for s in scores:
        tabel[rijen[s.aanvraag], kolommen[s.beoordelaar]] = s.score
    return tabel
