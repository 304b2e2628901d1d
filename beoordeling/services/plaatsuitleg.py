"""Why an application has its place, for every method: read and replayed from what was stored, nothing is changed.

The draw comes from the stored bytes and the published log (:mod:`beoordeling.loting.uitleg`); the days of receipt and
the final score come from the rows that were fixed before the list was frozen. R28-R33.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal

from django.core.cache import cache

from aanvragen.models import Aanvraag
from beoordeling.enums import Dagsoort
from beoordeling.loting import lees_protocol
from beoordeling.loting.uitleg import Uitleg, leg_uit
from beoordeling.models import Dagplaats, Loting, Mutatie, Plaats, Rangschikking
from beoordeling.score import HOOGSTE, LAAGSTE, rond_af
from beoordeling.selectors_volgorde import dicht_voor
from beoordeling.services.bewijs import lotingbestand, lotingbestanden, mutaties_csv
from beoordeling.services.eindscore import Eindscore, drempels_niet_gehaald, eindscores
from beoordeling.services.lotingslijst import GRIJS, MET_SCORE, ZEKER
from beoordeling.services.zone import Grens, grens_van
from regeling.enums import Methode
from regeling.models import Tijdvak
from regeling.ruimte import uit_delen


@dataclass(frozen=True)
class Scoreregel:
    """A criterion: ``bijdrage`` = weight x (score - 1) / 4, two decimals; ``minimum`` ``None`` where there is none."""

    naam: str
    gewicht: Decimal
    score: Decimal
    minimum: Decimal | None
    bijdrage: Decimal

    @property
    def gehaald(self) -> bool:
        return self.minimum is None or self.score >= self.minimum


@dataclass(frozen=True)
class Scoreuitleg:
    """The fixed final score, 0.00-100.00. ``som``: of the contributions; differs from ``totaal`` by rounding, or where
    the total was voted or calibrated. ``totalen``: of the assessors, without who gave which."""

    regels: tuple[Scoreregel, ...]
    som: Decimal
    totaal: Decimal
    drempel: Decimal | None
    niet_gehaald: tuple[str, ...]
    totalen: tuple[Decimal, ...]
    vastgesteld_op: datetime | None
    bron: str


@dataclass(frozen=True)
class Zoneuitleg:
    """``zone``: TOEWIJZEN, GRIJS or AFWIJZEN as the list has it. ``kans``: chance to belong above the line, on the
    calibrated scores where those decide. ``onder``/``boven``: the borders."""

    zone: str
    grens: Grens | None
    kans: float | None
    onder: Decimal
    boven: Decimal
    gekalibreerd: bool


@dataclass(frozen=True)
class Daguitleg:
    """The day on which the application counts. ``gevraagd``, ``ruimte``: pot → euros or pieces at the start of the day;
    ``eerder_dicht``: pots that ran out on a day before. ``uitleg``: of the draw of a critical day."""

    dag: date
    compleet_op: datetime | None
    kritiek: bool
    aantal: int
    gevraagd: Mapping[str, Decimal]
    ruimte: Mapping[str, Decimal]
    eerder_dicht: tuple[str, ...]
    nummer: int
    uitkomst: str
    bedrag: Decimal | None
    loting: Loting | None
    uitleg: Uitleg | None


@dataclass(frozen=True)
class Plaatsuitleg:
    """``loting`` and ``uitleg``: the list in which the round ended, when there was one and the application is on it;
    ``plaats``: how the administration has it now; ``mutaties``: lines of the log with their moment."""

    aanvraag: Aanvraag
    tijdvak: Tijdvak
    methode: Methode
    plaats: Plaats | None
    loting: Loting | None
    uitleg: Uitleg | None
    dag: Daguitleg | None
    score: Scoreuitleg | None
    zone: Zoneuitleg | None
    mutaties: Sequence[Mutatie]
    uit_bestand: bool


def plaatsuitleg_van(aanvraag: Aanvraag) -> Plaatsuitleg | None:
    """The explanation of one application; ``None`` as long as nothing was settled about its place."""
    tijdvak = aanvraag.tijdvak
    rangschikking = Rangschikking.objects.filter(tijdvak=tijdvak).select_related("loting").first()
    dag = _dag(aanvraag)
    if not aanvraag.kenmerk or (rangschikking is None and dag is None):
        return None
    loting = rangschikking.loting if rangschikking is not None else None
    uitleg = _uitleg(loting, rangschikking, aanvraag.kenmerk)
    score = _score(aanvraag) if tijdvak.methode in MET_SCORE else None
    plaats = Plaats.objects.filter(aanvraag=aanvraag).first()
    if not (uitleg or dag or score or plaats):
        return None  # it was withdrawn before the list, or never complete
    return Plaatsuitleg(
        aanvraag=aanvraag,
        tijdvak=tijdvak,
        methode=Methode(tijdvak.methode),
        plaats=plaats,
        loting=loting,
        uitleg=uitleg,
        dag=dag,
        score=score,
        zone=_zone(aanvraag, score, uitleg, loting),
        mutaties=list(rangschikking.mutaties.all()) if rangschikking is not None else [],
        uit_bestand=rangschikking is not None and loting is None and rangschikking.herkomst.get("zonder") != "loting",
    )


def heeft_uitleg(aanvraag: Aanvraag) -> bool:
    """Whether there is a place to explain; cheap, for a link."""
    if getattr(aanvraag, "plaats", None) is not None:
        return True
    methode = aanvraag.tijdvak.methode
    if methode == Methode.VOLGORDE:
        return Dagplaats.objects.filter(aanvraag=aanvraag).exists()
    if methode not in MET_SCORE or getattr(aanvraag, "eindscore", None) is None:
        return False
    return Rangschikking.objects.filter(tijdvak=aanvraag.tijdvak_id).exists()


def openbare_uitleg(loting: Loting, kenmerk: str) -> Uitleg | None:
    """The draw for one label of a settled draw, as the public package has it; ``None`` when it is not on the list."""
    rangschikking = Rangschikking.objects.filter(loting=loting).first()
    return _uitleg(loting, rangschikking, kenmerk)


def _uitleg(loting: Loting | None, rangschikking: Rangschikking | None, kenmerk: str) -> Uitleg | None:
    if loting is None or loting.vastgesteld_op is None:
        return None
    if f"\n{kenmerk};".encode() not in lotingbestand(loting, "deelnemers.csv"):
        return None
    bestanden = lotingbestanden(loting)
    if rangschikking is not None and rangschikking.mutaties.exists():
        bestanden["mutaties.csv"] = mutaties_csv(rangschikking)
    return leg_uit(bestanden, kenmerk)


def _dag(aanvraag: Aanvraag) -> Daguitleg | None:
    rij = Dagplaats.objects.filter(aanvraag=aanvraag).select_related("volgordedag__loting").first()
    if rij is None:
        return None
    dag = rij.volgordedag
    return Daguitleg(
        dag=dag.dag,
        compleet_op=aanvraag.volledig_op or aanvraag.ingediend_op,
        kritiek=dag.soort == Dagsoort.KRITIEK,
        aantal=dag.aantal,
        gevraagd={pot: Decimal(bedrag) for pot, bedrag in dag.gevraagd.items()},
        ruimte={pot: Decimal(bedrag) for pot, bedrag in dag.ruimte.items()},
        eerder_dicht=tuple(sorted(dicht_voor(aanvraag.tijdvak, dag.dag))),
        nummer=rij.nummer,
        uitkomst=rij.uitkomst,
        bedrag=rij.bedrag,
        loting=dag.loting,
        uitleg=_uitleg(dag.loting, None, aanvraag.kenmerk),
    )


def _score(aanvraag: Aanvraag) -> Scoreuitleg | None:
    tijdvak = aanvraag.tijdvak
    score: Eindscore | None = eindscores(tijdvak, alleen=aanvraag).get(aanvraag.pk)
    if score is None:
        return None
    regels = tuple(
        Scoreregel(
            naam=criterium.naam,
            gewicht=Decimal(criterium.gewicht),
            score=score.criteria[criterium.code],
            minimum=None if criterium.minimum is None else Decimal(criterium.minimum),
            bijdrage=rond_af(
                Decimal(criterium.gewicht) * (score.criteria[criterium.code] - LAAGSTE) / (HOOGSTE - LAAGSTE)
            ),
        )
        for criterium in tijdvak.spec.criteria_in(tijdvak.stap)
    )
    namen = {c.code: c.naam for c in tijdvak.spec.criteria_in(tijdvak.stap)}
    return Scoreuitleg(
        regels=regels,
        som=sum((regel.bijdrage for regel in regels), Decimal(0)),
        totaal=score.totaal,
        drempel=tijdvak.verdeling.drempel,
        niet_gehaald=tuple(namen.get(code, code) for code in drempels_niet_gehaald(tijdvak, score)),
        totalen=tuple(sorted(score.beoordelingen.values(), reverse=True)),
        vastgesteld_op=score.vastgesteld_op,
        bron=score.bron,
    )


def _zone(
    aanvraag: Aanvraag, score: Scoreuitleg | None, uitleg: Uitleg | None, loting: Loting | None
) -> Zoneuitleg | None:
    """The zone that the frozen list has; line and chance are computed again, with the ceiling of the protocol."""
    tijdvak = aanvraag.tijdvak
    if tijdvak.methode != Methode.GRIJZE_ZONE or score is None or score.niet_gehaald or loting is None:
        return None
    zone = "AFWIJZEN" if uitleg is None else {ZEKER: "TOEWIJZEN", GRIJS: "GRIJS"}[uitleg.rang[0]]
    grens = _grens(tijdvak, loting)
    kans = None if grens is None else grens.kans.get(aanvraag.pk)
    onder, boven = tijdvak.verdeling.zone_onder, tijdvak.verdeling.zone_boven
    if onder is None or boven is None:
        onder, boven = Decimal("0.25"), Decimal("0.75")
    return Zoneuitleg(zone, grens, kans, onder, boven, tijdvak.verdeling.scorebasis == "gekalibreerd")


def _grens(tijdvak: Tijdvak, loting: Loting) -> Grens | None:
    """The line as it was when the list was frozen. A calibrated one is kept: with thousands of scores it takes seconds,
    and neither the final scores nor the published files change any more."""
    sleutel = f"zonegrens-{loting.pk}-{loting.protocol_sha256}"
    grens: Grens | None = cache.get(sleutel)
    if grens is None:
        protocol = lees_protocol(lotingbestand(loting, "protocol.json"))
        grens = grens_van(tijdvak, ruimte=uit_delen(protocol.plafond_cent, tijdvak))
        if tijdvak.verdeling.scorebasis == "gekalibreerd":
            cache.set(sleutel, grens)
    return grens
