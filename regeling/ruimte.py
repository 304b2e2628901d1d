"""What a ceiling counts: euros, or pieces (vouchers, places). The one place for the unit, its words and its parts."""

from __future__ import annotations

from decimal import Decimal

from django.utils.translation import ngettext

from kern.geld import euro
from regeling.enums import Eenheid
from regeling.models import Tijdvak

#: Smallest parts of a unit in the published files of a draw (``bedrag_cent``): cents, or whole pieces.
_DELEN = {Eenheid.EURO: 100, Eenheid.STUKS: 1}


def delen_per_eenheid(tijdvak: Tijdvak) -> int:
    """How many of the whole numbers in the files of a draw make one unit: 100 cents, or 1 piece."""
    return _DELEN[Eenheid(tijdvak.eenheid)]


def in_delen(bedrag: Decimal, tijdvak: Tijdvak) -> int:
    """Euros or pieces as the whole number of the files of a draw; exact."""
    return int(bedrag * delen_per_eenheid(tijdvak))


def uit_delen(delen: int, tijdvak: Tijdvak) -> Decimal:
    """A whole number of the files of a draw as euros or pieces."""
    return Decimal(delen) / delen_per_eenheid(tijdvak)


def in_woorden(bedrag: Decimal | int, tijdvak: Tijdvak) -> str:
    """'€ 18.000', '2.000 vouchers' or '1 plaats', as the ceiling of this round counts."""
    if tijdvak.eenheid == Eenheid.EURO:
        return euro(bedrag)
    n = int(bedrag)
    getal = f"{n:,}".replace(",", ".")
    if tijdvak.spec.subsidie.vorm == "voucher":
        return ngettext("%(n)s voucher", "%(n)s vouchers", n) % {"n": getal}
    return ngettext("%(n)s plaats", "%(n)s plaatsen", n) % {"n": getal}
