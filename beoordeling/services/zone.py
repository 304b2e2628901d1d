"""The grey zone of a round: on the raw mean, or on the calibrated score where the scheme said so before opening."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from uuid import UUID

from aanvragen.models import Aanvraag, Aanvraagthema
from beoordeling.kalibratie.kalibreren import kalibreer
from beoordeling.kalibratie.ontwerp import Score
from beoordeling.services.eindscore import Eindscore, drempels_niet_gehaald, eindscores
from beoordeling.zone import kansen, zone_van
from kern.fouten import InvoerFout
from regeling.enums import HOOFDPOT
from regeling.models import Tijdvak


@dataclass(frozen=True)
class Grens:
    """``k``: how many fit from the highest score down, of ``n``; ``lijn``: the score of the last of those (the highest
    score when none fits); ``kans``: of each application to belong above it."""

    k: int
    n: int
    lijn: Decimal
    kans: Mapping[UUID, float]


def zones_van(tijdvak: Tijdvak) -> dict[UUID, str]:
    """TOEWIJZEN, GRIJS or AFWIJZEN for every application that reached the thresholds.

    The line is the score of the last application that would fit, from the highest score down. Everybody is TOEWIJZEN
    when everything fits. InvoerFout when the scores cannot be calibrated while the scheme says that they decide.
    """
    grens = grens_van(tijdvak)
    if grens is None:
        return {}
    if grens.k >= grens.n:
        return dict.fromkeys(grens.kans, "TOEWIJZEN")
    verdeling = tijdvak.verdeling
    kans = {str(pk): p for pk, p in grens.kans.items()}
    zones = zone_van(kans, onder=verdeling.zone_onder, boven=verdeling.zone_boven)
    return {UUID(sleutel): zone for sleutel, zone in zones.items()}


def grens_van(tijdvak: Tijdvak, *, ruimte: Decimal | None = None) -> Grens | None:
    """The line between who fits and who does not; ``None`` when nobody reached the thresholds. ``ruimte``: under the
    ceiling, in the unit of the round; what is left now when not given. Everybody has chance 1 when everything fits."""
    scores = {pk: s for pk, s in eindscores(tijdvak).items() if not drempels_niet_gehaald(tijdvak, s)}
    if not scores:
        return None
    k = _plaatsen(tijdvak, scores, ruimte)
    hoog_naar_laag = sorted((score.totaal for score in scores.values()), reverse=True)
    lijn = hoog_naar_laag[min(max(k, 1), len(scores)) - 1]
    if k >= len(scores):
        return Grens(k, len(scores), lijn, dict.fromkeys(scores, 1.0))
    if tijdvak.verdeling.scorebasis == "gekalibreerd":
        kans = _gekalibreerd(tijdvak, scores, max(k, 1))
    else:
        per_beoordelaar = {str(pk): list(s.beoordelingen.values()) for pk, s in scores.items()}
        kans = kansen({str(pk): s.totaal for pk, s in scores.items()}, per_beoordelaar, k=max(k, 1))
    return Grens(k, len(scores), lijn, {UUID(sleutel): p for sleutel, p in kans.items()})


def _plaatsen(tijdvak: Tijdvak, scores: dict[UUID, Eindscore], ruimte: Decimal | None) -> int:
    """How many fit under the ceiling from the highest score down; within a score the smallest request first, so that
    the line does not depend on chance."""
    vraag = {a.pk: a.ruimte_gevraagd for a in Aanvraag.objects.filter(pk__in=list(scores)).select_related("tijdvak")}
    ruimte, n = tijdvak.plafonds.get(code=HOOFDPOT).resteert if ruimte is None else ruimte, 0
    for pk in sorted(scores, key=lambda pk: (-scores[pk].totaal, vraag[pk])):
        ruimte -= vraag[pk]
        if ruimte < 0:
            break
        n += 1
    return n


def _gekalibreerd(tijdvak: Tijdvak, scores: dict[UUID, Eindscore], k: int) -> dict[str, float]:
    hoofd = dict(
        Aanvraagthema.objects.filter(aanvraag__tijdvak=tijdvak, hoofd=True).values_list("aanvraag_id", "thema__code")
    )
    if any(not score.beoordelingen for score in scores.values()):
        raise InvoerFout(
            "Bij een eindscore staat niet wie wat gaf; kalibreren kan dan niet.",
            actie="Leg bij elke eindscore het totaal per beoordelaar vast.",
        )
    rijen = [
        Score(str(pk), hoofd.get(pk, ""), beoordelaar, float(totaal))
        for pk, score in scores.items()
        for beoordelaar, totaal in score.beoordelingen.items()
    ]
    uit = kalibreer(rijen, k=k, streng=True)
    return dict(zip(uit.ontwerp.aanvragen, map(float, uit.p), strict=True))
