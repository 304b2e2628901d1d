"""Decision, voucher, claim, settlement, payment and course; one file per group."""

from uitvoering.models.besluit import Besluit
from uitvoering.models.betaling import Betaallijst, Betaling
from uitvoering.models.declaratie import Declaratie, Kostenregel, Vaststelling
from uitvoering.models.leergang import Bijeenkomst, Cohort, Cursist, Presentie, Voorstel
from uitvoering.models.voucher import Voucher, Voucheraanhouding

__all__ = [
    "Besluit",
    "Betaallijst",
    "Betaling",
    "Bijeenkomst",
    "Cohort",
    "Cursist",
    "Declaratie",
    "Kostenregel",
    "Presentie",
    "Vaststelling",
    "Voorstel",
    "Voucher",
    "Voucheraanhouding",
]
