"""The legal date by which a decision is due: pure, from the scheme's term (R9, R52)."""

from __future__ import annotations

from calendar import monthrange
from collections.abc import Iterable
from datetime import date, datetime
from zoneinfo import ZoneInfo

from kern.termijnen import Opschorting, Termijn, Termijnuitkomst, bereken, lees_duur
from regeling.enums import Methode
from regeling.schema import Regelingspec

AMSTERDAM = ZoneInfo("Europe/Amsterdam")


def beslistermijn(
    *,
    spec: Regelingspec,
    methode: str,
    ingediend_op: datetime,
    sluit_op: datetime,
    opschortingen: Iterable[tuple[date, date, str]] = (),
) -> Termijnuitkomst:
    """Last day to decide. The term starts at receipt with order of receipt, else when the window closes.

    ``opschortingen``: (first day that does not count, day on which the clock runs again, reason), Awb 4:15.
    Without a term in the scheme it is 8 weeks from receipt (Awb 4:13).
    """
    termijnspec = spec.termijn("beslissing")
    begin = ingediend_op if methode == Methode.VOLGORDE or termijnspec is None else sluit_op
    return bereken(
        Termijn(
            start=begin.astimezone(AMSTERDAM).date(),
            duur=lees_duur(termijnspec.duur if termijnspec else "8w"),
            niveau=termijnspec.niveau if termijnspec else "wet",
            opschortingen=tuple(Opschorting(van, tot, reden) for van, tot, reden in opschortingen),
        )
    )


def maanden_erbij(dag: date, maanden: int) -> date:
    """The same day some months later, or the last day of that month."""
    jaar, maand = divmod(dag.year * 12 + dag.month - 1 + maanden, 12)
    return date(jaar, maand + 1, min(dag.day, monthrange(jaar, maand + 1)[1]))
