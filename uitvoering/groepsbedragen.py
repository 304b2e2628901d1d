"""Dividing the amount of a group over its members: pure arithmetic."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import ROUND_DOWN, Decimal

CENT = Decimal("0.01")


def naar_rato(gevraagd: Sequence[Decimal], totaal: Decimal) -> list[Decimal]:
    """``totaal`` euros over the members in proportion to what each asked: exact to the cent, never above it.

    Cents that do not divide go to the largest remainders, the first member first. The members together asked at least
    ``totaal``; ValueError otherwise.
    """
    som = sum(gevraagd, Decimal(0))
    if totaal < 0 or totaal > som:
        raise ValueError(f"{totaal} past niet in {som}")
    if not som:
        return [Decimal(0)] * len(gevraagd)
    precies = [totaal * deel / som for deel in gevraagd]
    delen = [deel.quantize(CENT, rounding=ROUND_DOWN) for deel in precies]
    over = int((totaal - sum(delen, Decimal(0))) / CENT)
    op_rest = sorted(range(len(delen)), key=lambda i: (delen[i] - precies[i], i))
    for i in op_rest[:over]:
        delen[i] += CENT
    return delen
