"""Amounts in words of print, the Dutch way."""

from __future__ import annotations

from decimal import Decimal


def euro(bedrag: Decimal | int) -> str:
    """'€ 18.000' or '€ 18.000,50'; cents only when there are any."""
    heel = f"{bedrag:,.2f}".replace(",", "_").replace(".", ",").replace("_", ".")
    return f"€ {heel.removesuffix(',00')}"
