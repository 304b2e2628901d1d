"""What a budget leads to: pure arithmetic with explanatory lines."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import ROUND_DOWN, Decimal
from typing import Protocol

from kern.geld import euro
from regeling.schema import Regelingspec
from regeling.schema_delen import Kostensoort

CENT = Decimal("0.01")
NUL = Decimal("0.00")
VERSIE = "1"


class Kosten(Protocol):
    """A cost line: a budget line or a line of a claim."""

    kostensoort: str
    aantal: Decimal | None
    bedrag: Decimal


@dataclass(frozen=True)
class Rekenregel:
    """One line of a calculation as it is shown: words and euros."""

    omschrijving: str
    bedrag: Decimal


@dataclass(frozen=True)
class Berekening:
    """Costs that count, subsidy and own share, in euros, and the lines that explain them."""

    kosten: Decimal
    subsidie: Decimal
    eigen_bijdrage: Decimal
    regels: tuple[Rekenregel, ...]


def euro_af(bedrag: Decimal) -> Decimal:
    """To whole cents, never up: the state does not pay a cent too much."""
    return bedrag.quantize(CENT, rounding=ROUND_DOWN)


def bereken(spec: Regelingspec, kosten: Iterable[Kosten]) -> Berekening:
    """Subsidy that a scheme gives for these costs.

    Costs above the hourly cap of their kind do not count (R73); a kind can have a share cap (percent of all costs that
    count). Then percentage and maximum, or the fixed amount.
    """
    soorten = {soort.code: soort for soort in spec.kostensoorten}
    opgegeven: dict[str, Decimal] = {}
    per_soort: dict[str, Decimal] = {}
    regels: list[Rekenregel] = []
    for kost in kosten:
        telt = kost.bedrag
        soort = soorten.get(kost.kostensoort)
        if soort and soort.uurtarief_maximum is not None and kost.aantal:
            telt = min(telt, euro_af(kost.aantal * soort.uurtarief_maximum))
        opgegeven[kost.kostensoort] = opgegeven.get(kost.kostensoort, NUL) + kost.bedrag
        per_soort[kost.kostensoort] = per_soort.get(kost.kostensoort, NUL) + telt
    for code, bedrag in per_soort.items():
        regels += _regels_van_soort(soorten.get(code), code, opgegeven[code], bedrag)
    totaal = sum(per_soort.values(), NUL)
    for code, bedrag in list(per_soort.items()):
        soort = soorten.get(code)
        if soort and soort.aandeel_maximum is not None:
            ruimte = euro_af(totaal * soort.aandeel_maximum / 100)
            if bedrag > ruimte:
                regels.append(
                    Rekenregel(f"{soort.naam}: hoogstens {soort.aandeel_maximum} % telt mee", ruimte - bedrag)
                )
                per_soort[code] = ruimte
    return _subsidie(spec, sum(per_soort.values(), NUL), sum(opgegeven.values(), NUL), regels)


def _regels_van_soort(soort: Kostensoort | None, code: str, opgegeven: Decimal, telt: Decimal) -> Iterable[Rekenregel]:
    """What was entered of a kind, and what of it is above the hourly cap."""
    naam = soort.naam if soort else code
    if soort is None or soort.uurtarief_maximum is None or telt == opgegeven:
        return [Rekenregel(f"Kosten die meetellen: {naam}", telt)]
    return [
        Rekenregel(f"Opgegeven kosten: {naam}", opgegeven),
        Rekenregel(f"{naam}: boven {euro(soort.uurtarief_maximum)} per uur telt niet mee", telt - opgegeven),
    ]


def _subsidie(spec: Regelingspec, totaal: Decimal, opgegeven: Decimal, regels: list[Rekenregel]) -> Berekening:
    regel = spec.subsidie
    if regel.kosten_maximum is not None and totaal > regel.kosten_maximum:
        regels.append(Rekenregel("Kosten boven het maximum tellen niet mee", regel.kosten_maximum - totaal))
        totaal = regel.kosten_maximum
    if regel.vast_bedrag is not None:
        subsidie = regel.vast_bedrag
        regels.append(Rekenregel("Vast bedrag", subsidie))
    elif regel.percentage is not None:
        subsidie = euro_af(totaal * regel.percentage / 100)
        regels.append(Rekenregel(f"{regel.percentage.normalize():f} % van de kosten", subsidie))
    else:
        subsidie = totaal
    if regel.maximum is not None and subsidie > regel.maximum:
        regels.append(Rekenregel("Boven het maximum telt niet mee", regel.maximum - subsidie))
        subsidie = regel.maximum
    regels.append(Rekenregel("Subsidie", subsidie))
    eigen = max(totaal - subsidie, NUL)
    regels.append(Rekenregel("Eigen bijdrage", eigen))
    if opgegeven > totaal:
        regels.append(Rekenregel("Betaalt u daarnaast zelf, want het telt niet mee", opgegeven - totaal))
    return Berekening(kosten=totaal, subsidie=subsidie, eigen_bijdrage=eigen, regels=tuple(regels))
