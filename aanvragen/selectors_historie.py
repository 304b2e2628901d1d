"""What earlier rounds of a scheme say about the next: how many, how much, how fast, in which sub-ceiling."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from decimal import Decimal

from django.db.models import Avg
from django.db.models.functions import TruncDate

from aanvragen.models import Aanvraag
from aanvragen.selectors import ruimtevelden
from regeling.enums import Herkomst, Tijdvakstatus
from regeling.models import Regeling, Tijdvak

CENT = Decimal("0.01")
_NOG_NIET_DICHT = (Tijdvakstatus.ONTWERP, Tijdvakstatus.GEPUBLICEERD, Tijdvakstatus.OPEN)


@dataclass(frozen=True)
class Rondehistorie:
    """Figures of one round; ``bedrag``: average asked in the unit of its ceiling; ``per_dag``: over the days on which
    something came in; ``per_pot``: code of the sub-ceiling → applications."""

    tijdvak: Tijdvak
    aanvragen: int
    bedrag: Decimal | None
    per_dag: Decimal
    per_pot: dict[str, int] = field(default_factory=dict)


def rondehistorie(regeling: Regeling) -> Rondehistorie | None:
    """The newest real round of a scheme that is closed and had applications, imported or run here; ``None`` without."""
    verstuurd = Aanvraag.objects.exclude(kenmerk="")
    rondes = Tijdvak.objects.filter(regelingversie__regeling=regeling, pk__in=verstuurd.values("tijdvak"))
    rondes = rondes.exclude(herkomst=Herkomst.SIMULATIE).exclude(status__in=_NOG_NIET_DICHT)
    tijdvak = rondes.order_by("-open_op").first()
    if tijdvak is None:
        return None
    rijen = verstuurd.filter(tijdvak=tijdvak).order_by()
    aantal = rijen.count()
    dagen = rijen.annotate(dag=TruncDate("ingediend_op")).values("dag").distinct().count()
    gemiddeld = rijen.aggregate(gemiddeld=Avg(ruimtevelden(tijdvak)[0]))["gemiddeld"]
    potten: Counter[str] = Counter()
    codes: Sequence[str]
    for codes in rijen.exclude(potten=[]).values_list("potten", flat=True):
        potten.update(codes)
    return Rondehistorie(
        tijdvak=tijdvak,
        aanvragen=aantal,
        bedrag=Decimal(gemiddeld).quantize(CENT) if gemiddeld else None,
        per_dag=(Decimal(aantal) / max(1, dagen)).quantize(CENT),
        per_pot=dict(potten),
    )
