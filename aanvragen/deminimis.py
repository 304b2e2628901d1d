"""De-minimis aid over three rolling years (Regulation (EU) 2023/2831, art. 3; R62-R68): pure.

The total of a single undertaking may not pass the ceiling over any period of three years, counted back from the day on
which the aid is granted: with a grant on 10 May 2027 everything granted from 11 May 2024 counts (R62). The day of a
grant is that of the decision, not of the payment (R63). Amounts are euros, gross grant equivalent. Equal to the ceiling
is allowed; one cent over is refused as a whole (R68).
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

#: Default ceiling in euros (art. 3(2), until the end of 2030); a scheme states its own.
MAXIMUM = Decimal("300000.00")
JAREN = 3


@dataclass(frozen=True)
class Steun:
    """One award. ``eigen``: known from our own administration, so the applicant does not have to declare it."""

    onderneming: str
    verlener: str
    verleend_op: date
    bedrag: Decimal
    eigen: bool = False


@dataclass(frozen=True)
class Steunregel:
    """An award with whether it counts, and why not."""

    steun: Steun
    telt: bool
    waarom_niet: str = ""


@dataclass(frozen=True)
class Steunsom:
    """``eerder`` counts in the window that begins after ``na``; ``ruimte`` is what is left before the new aid."""

    regels: tuple[Steunregel, ...]
    verleend_op: date
    na: date
    eerder: Decimal
    nieuw: Decimal
    maximum: Decimal

    @property
    def totaal(self) -> Decimal:
        return self.eerder + self.nieuw

    @property
    def past(self) -> bool:
        return self.totaal <= self.maximum

    @property
    def ruimte(self) -> Decimal:
        return max(self.maximum - self.eerder, Decimal("0.00"))


def jaren_terug(dag: date, jaren: int = JAREN) -> date:
    """The same day some years earlier; from 29 February to 28 February."""
    try:
        return dag.replace(year=dag.year - jaren)
    except ValueError:
        return dag.replace(year=dag.year - jaren, day=28)


def steunsom(
    *,
    opgegeven: Sequence[Steun],
    eigen: Sequence[Steun],
    nieuw: Decimal,
    verleend_op: date,
    maximum: Decimal = MAXIMUM,
    opgegeven_totaal: Decimal | None = None,
) -> Steunsom:
    """The rolling sum.

    A declared award with the day and amount of one in our own administration is the same one and counts once.
    ``opgegeven_totaal``: earlier aid as one number, without lines. It says to hold everything, so the larger of that
    number and our own administration counts.
    """
    na = jaren_terug(verleend_op)
    regels = [_regel(steun, na, verleend_op) for steun in eigen]
    bekend = [(steun.verleend_op, steun.bedrag) for steun in eigen]
    for steun in opgegeven:
        paar = (steun.verleend_op, steun.bedrag)
        if paar in bekend:
            bekend.remove(paar)
            regels.append(Steunregel(steun, False, "Staat al in onze administratie."))
        else:
            regels.append(_regel(steun, na, verleend_op))
    eerder = _totaal(regel.steun.bedrag for regel in regels if regel.telt)
    if opgegeven_totaal is not None:
        eerder = max(eerder, opgegeven_totaal)
    return Steunsom(tuple(regels), verleend_op, na, eerder, nieuw, maximum)


def _regel(steun: Steun, na: date, verleend_op: date) -> Steunregel:
    if steun.verleend_op <= na:
        return Steunregel(steun, False, "Langer dan drie jaar geleden.")
    if steun.verleend_op > verleend_op:
        return Steunregel(steun, False, "Na de dag van het besluit.")
    return Steunregel(steun, True)


def _totaal(bedragen: Iterable[Decimal]) -> Decimal:
    return sum(bedragen, Decimal("0.00"))
