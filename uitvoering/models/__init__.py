"""Decision, voucher, claim, settlement and payment; one file per group."""

from uitvoering.models.besluit import Besluit
from uitvoering.models.betaling import Betaallijst, Betaling
from uitvoering.models.declaratie import Declaratie, Kostenregel, Vaststelling
from uitvoering.models.voucher import Voucher, Voucheraanhouding

__all__ = [
    "Besluit",
    "Betaallijst",
    "Betaling",
    "Declaratie",
    "Kostenregel",
    "Vaststelling",
    "Voucher",
    "Voucheraanhouding",
]
