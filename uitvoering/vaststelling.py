"""What a claim leads to: pure arithmetic with explanatory lines (Awb 4:46, R38, R74)."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal

from aanvragen.berekening import NUL, Kosten, Rekenregel, bereken, euro_af
from regeling.schema import Regelingspec

VERSIE = "1"


@dataclass(frozen=True)
class Uitkomst:
    """Costs that count, the final amount and the ground when it is below the grant; euros."""

    kosten: Decimal
    bedrag: Decimal
    grond: str
    regels: tuple[Rekenregel, ...]


def bereken_vaststelling(spec: Regelingspec, kosten: Iterable[Kosten], verleend: Decimal) -> Uitkomst:
    """Final amount: what the approved costs give, never more than granted.

    Below the realisation floor (percent of the grant) the scheme's consequence follows: nothing, a lower percentage
    (Stcrt. 2014, 19322: € 320,000 of € 600,000 realised, 50 % is under 60 % of the grant, so 40 %: € 128,000), or a
    weighing by the officer.
    """
    regel = spec.subsidie
    basis = bereken(spec, kosten)
    regels = list(basis.regels)
    bedrag, gronden = min(basis.subsidie, verleend), []
    if basis.subsidie > verleend:
        regels.append(Rekenregel("Niet meer dan verleend", verleend - basis.subsidie))
    if bedrag < verleend:
        gronden.append("de gemaakte kosten zijn lager dan begroot")
    if not basis.kosten and bedrag:  # a fixed amount is for a project that was done
        regels.append(Rekenregel("Er zijn geen kosten goedgekeurd: geen subsidie", -bedrag))
        gronden, bedrag = ["er zijn geen kosten goedgekeurd"], NUL
    if regel.kosten_minimum_vaststelling is not None and basis.kosten < regel.kosten_minimum_vaststelling:
        regels.append(Rekenregel("De kosten zijn lager dan het minimum: geen subsidie", -bedrag))
        gronden, bedrag = ["de kosten zijn lager dan het minimum bij de vaststelling"], NUL
    ondergrens = regel.realisatie_ondergrens
    if bedrag and ondergrens is not None and bedrag < verleend * ondergrens / 100:
        if regel.realisatie_gevolg == "nihil":
            regels.append(Rekenregel(f"Minder dan {ondergrens.normalize():f} % gehaald: geen subsidie", -bedrag))
            bedrag = NUL
        elif regel.realisatie_gevolg == "lager-percentage" and regel.realisatie_percentage is not None:
            lager = min(euro_af(basis.kosten * regel.realisatie_percentage / 100), bedrag)
            percentage = f"{regel.realisatie_percentage.normalize():f} % van de kosten"
            regels.append(Rekenregel(f"Minder dan {ondergrens.normalize():f} % gehaald: {percentage}", lager - bedrag))
            bedrag = lager
        gronden.append(f"er is minder dan {ondergrens.normalize():f} % van de verleende subsidie gehaald")
    regels.append(Rekenregel("Vastgesteld bedrag", bedrag))
    grond = "; ".join(gronden) + " (Awb 4:46, tweede lid, onder a)" if bedrag < verleend else ""
    return Uitkomst(kosten=basis.kosten, bedrag=bedrag, grond=grond, regels=tuple(regels))
