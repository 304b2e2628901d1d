"""On which day an application counts, and when a day is critical: pure."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from decimal import Decimal
from zoneinfo import ZoneInfo

import pytest

from beoordeling.volgorde import Dagaanvraag, Storingsduur, dag_beoordelen, einde_van, rangdag

AMSTERDAM = ZoneInfo("Europe/Amsterdam")


def moment(tekst: str) -> datetime:
    return datetime.fromisoformat(tekst).replace(tzinfo=AMSTERDAM)


def storing(van: str, tot: str, uren: int) -> Storingsduur:
    return Storingsduur(moment(van), moment(tot), timedelta(hours=uren))


@pytest.mark.parametrize(
    ("op", "dag"),
    [
        ("2026-03-05T00:00:00", date(2026, 3, 5)),
        ("2026-03-05T23:59:59", date(2026, 3, 5)),
        ("2026-03-06T00:00:00", date(2026, 3, 6)),
    ],
)
def test_een_dag_is_een_dag_in_nederland(op: str, dag: date) -> None:
    assert rangdag(moment(op)) == dag


def test_in_utc_is_het_al_de_volgende_dag() -> None:
    assert rangdag(datetime(2026, 3, 5, 23, 30, tzinfo=ZoneInfo("UTC"))) == date(2026, 3, 6)


@pytest.mark.parametrize(
    ("op", "dag"),
    [
        ("2026-03-06T05:59:59", date(2026, 3, 5)),  # within the six hours that were added
        ("2026-03-06T06:00:00", date(2026, 3, 6)),
        ("2026-03-05T12:00:00", date(2026, 3, 5)),
        ("2026-03-04T12:00:00", date(2026, 3, 4)),
        ("2026-03-07T03:00:00", date(2026, 3, 7)),  # no outage on the day before
    ],
)
def test_een_storing_verlengt_de_dag(op: str, dag: date) -> None:
    assert rangdag(moment(op), [storing("2026-03-05T14:00:00", "2026-03-05T20:00:00", 6)]) == dag


def test_een_storing_over_middernacht_verlengt_beide_dagen() -> None:
    storingen = [storing("2026-03-05T22:00:00", "2026-03-06T02:00:00", 4)]
    assert rangdag(moment("2026-03-06T03:59:00"), storingen) == date(2026, 3, 5)
    assert rangdag(moment("2026-03-06T04:00:00"), storingen) == date(2026, 3, 6)
    assert rangdag(moment("2026-03-07T03:59:00"), storingen) == date(2026, 3, 6)


def test_een_verlenging_is_een_duur_ook_als_de_klok_verspringt() -> None:
    """In the night of 28 to 29 March 2026 the clock goes from 2 to 3: six hours after midnight it is 7."""
    einde = einde_van(date(2026, 3, 28), [storing("2026-03-28T14:00:00", "2026-03-28T20:00:00", 6)])
    assert einde == moment("2026-03-29T07:00:00")


def aanvraag(sleutel: str, bedrag: int, *potten: str, groep: str = "-") -> Dagaanvraag:
    return Dagaanvraag(sleutel, Decimal(bedrag), potten, groep)


def ruimte(**potten: int) -> dict[str, Decimal]:
    return {"*": Decimal(potten.pop("ster")), **{pot: Decimal(n) for pot, n in potten.items()}}


@pytest.mark.parametrize(("ster", "kritiek"), [(299, True), (300, False), (301, False)])
def test_een_dag_is_kritiek_als_niet_alles_past(ster: int, kritiek: bool) -> None:
    beeld = dag_beoordelen([aanvraag("a", 100), aanvraag("b", 200)], ruimte=ruimte(ster=ster))
    assert (beeld.mee, beeld.wacht, beeld.gevraagd, beeld.kritiek) == (("a", "b"), (), {"*": 300}, kritiek)


def test_een_deelplafond_maakt_een_dag_kritiek() -> None:
    aanvragen = [aanvraag("a", 100, "NB"), aanvraag("b", 100, "NB"), aanvraag("c", 100, "ZE")]
    beeld = dag_beoordelen(aanvragen, ruimte=ruimte(ster=1000, NB=150, ZE=500))
    assert beeld.kritiek
    assert beeld.gevraagd == {"*": 300, "NB": 200, "ZE": 100}


def test_wie_bij_een_dicht_deelplafond_hoort_maakt_de_dag_niet_kritiek() -> None:
    aanvragen = [aanvraag("a", 100, "NB"), aanvraag("c", 100, "ZE"), aanvraag("d", 100, "NB", "ZE")]
    beeld = dag_beoordelen(aanvragen, ruimte=ruimte(ster=100, NB=50, ZE=500), dicht={"NB"})
    assert (beeld.mee, beeld.wacht, beeld.kritiek) == (("c",), ("a", "d"), False)


def test_een_aanvrager_krijgt_niet_meer_dan_zijn_aantal() -> None:
    """G1 has all it can have; two of G2 on one day is for the lot to decide."""
    aanvragen = [aanvraag("a", 10, groep="G1"), aanvraag("b", 10, groep="G2"), aanvraag("c", 10, groep="G2")]
    beeld = dag_beoordelen(aanvragen, ruimte=ruimte(ster=1000), bezet={"G1": 1})
    assert (beeld.mee, beeld.wacht, beeld.kritiek) == (("b", "c"), ("a",), True)
    assert not dag_beoordelen(aanvragen, ruimte=ruimte(ster=1000), per_groep=2, bezet={"G1": 1}).kritiek
