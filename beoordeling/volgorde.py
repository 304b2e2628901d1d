"""Order of receipt, pure: on which day an application counts, and on which day the room runs out (R32, design 05).

A day is a day in the Netherlands. After an outage of our own the day lasts longer: who could not send then, and sends
in the time that was added, keeps that day (R47).
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal

from aanvragen.termijn import AMSTERDAM
from regeling.enums import HOOFDPOT


@dataclass(frozen=True)
class Storingsduur:
    """An outage from ``van`` to ``tot``, for which ``erbij`` was added."""

    van: datetime
    tot: datetime
    erbij: timedelta


def einde_van(dag: date, storingen: Sequence[Storingsduur] = ()) -> datetime:
    """The first moment that does not count for this day any more: midnight, or later after an outage on that day."""
    middernacht = datetime.combine(dag + timedelta(days=1), time.min, tzinfo=AMSTERDAM)
    erbij = [
        s.erbij for s in storingen if s.van.astimezone(AMSTERDAM).date() <= dag <= s.tot.astimezone(AMSTERDAM).date()
    ]
    # In absolute time: an added hour is an hour, also in the night in which the clock changes.
    return (middernacht.astimezone(UTC) + max(erbij, default=timedelta(0))).astimezone(AMSTERDAM)


def rangdag(moment: datetime, storingen: Sequence[Storingsduur] = ()) -> date:
    """The day on which an application that was complete at ``moment`` counts."""
    dag = moment.astimezone(AMSTERDAM).date()
    eerder = {
        s.van.astimezone(AMSTERDAM).date() + timedelta(days=n)
        for s in storingen
        for n in range((s.tot.astimezone(AMSTERDAM).date() - s.van.astimezone(AMSTERDAM).date()).days + 1)
    }
    return min([d for d in eerder if d < dag and moment < einde_van(d, storingen)], default=dag)


@dataclass(frozen=True)
class Dagaanvraag:
    """What one complete application of a day asks of which pots; ``groep``: its applicant, where that has a limit."""

    sleutel: str
    bedrag: Decimal
    potten: tuple[str, ...] = ()
    groep: str = "-"

    @property
    def alle_potten(self) -> tuple[str, ...]:
        return (HOOFDPOT, *self.potten)


@dataclass(frozen=True)
class Dagbeeld:
    """What a day means. ``mee``: keys that can still get room; ``wacht``: keys that cannot (a pot of theirs is closed,
    or their applicant has all it can have). ``kritiek``: those who can do not all fit, so that the lot decides."""

    mee: tuple[str, ...]
    wacht: tuple[str, ...]
    gevraagd: Mapping[str, Decimal]
    kritiek: bool


def dag_beoordelen(
    aanvragen: Sequence[Dagaanvraag],
    *,
    ruimte: Mapping[str, Decimal],
    dicht: Collection[str] = (),
    per_groep: int = 1,
    bezet: Mapping[str, int] | None = None,
) -> Dagbeeld:
    """Whether the complete applications of one day fit. ``ruimte``: what the days before left per pot; ``dicht``: pots
    that ran out on an earlier day; ``bezet``: awards per group so far."""
    vol = {groep for groep, n in (bezet or {}).items() if n >= per_groep}
    kan = [a for a in aanvragen if not set(a.alle_potten) & set(dicht) and a.groep not in vol]
    gevraagd = {pot: Decimal(0) for pot in ruimte}
    for aanvraag in kan:
        for pot in aanvraag.alle_potten:
            gevraagd[pot] += aanvraag.bedrag
    groepen = Counter(a.groep for a in kan if a.groep != "-")
    te_veel = any((bezet or {}).get(groep, 0) + n > per_groep for groep, n in groepen.items())
    mee = {a.sleutel for a in kan}
    return Dagbeeld(
        mee=tuple(a.sleutel for a in aanvragen if a.sleutel in mee),
        wacht=tuple(a.sleutel for a in aanvragen if a.sleutel not in mee),
        gevraagd=gevraagd,
        kritiek=te_veel or any(gevraagd[pot] > ruimte[pot] for pot in gevraagd),
    )
