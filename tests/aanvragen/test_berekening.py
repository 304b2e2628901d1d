"""Subsidy arithmetic, to the cent (R73). Every expectation is computed by hand."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from aanvragen.berekening import bereken, euro_af
from regeling.schema import Regelingspec
from tests.factories.ronde import maak_spec, regeling_dict


@dataclass
class Regel:
    kostensoort: str
    bedrag: Decimal
    aantal: Decimal | None = None


def regel(bedrag: str, soort: str = "adviseur", aantal: str | None = None) -> Regel:
    return Regel(soort, Decimal(bedrag), Decimal(aantal) if aantal else None)


def spec(**subsidie: Any) -> Regelingspec:
    """A scheme with these keys of [subsidie]; ``None`` leaves a key out."""
    velden = {**regeling_dict()["subsidie"], **subsidie}
    return maak_spec(subsidie={naam: waarde for naam, waarde in velden.items() if waarde is not None})


def soorten(*rijen: dict[str, Any]) -> Regelingspec:
    """A scheme of 50 % without a maximum, with these kinds of costs."""
    velden = {"vorm": "subsidie", "maximum": 1_000_000, "voucher_geldig_maanden": None}
    subsidie = {**regeling_dict()["subsidie"], **velden}
    return maak_spec(
        subsidie={naam: waarde for naam, waarde in subsidie.items() if waarde is not None},
        kostensoorten=[{"naam": rij["code"].capitalize(), "btw": "exclusief", **rij} for rij in rijen],
    )


@pytest.mark.parametrize(
    ("percentage", "maximum", "kosten", "subsidie", "eigen"),
    [
        ("75", "18000", "24000", "18000.00", "6000.00"),  # exactly the maximum
        ("75", "18000", "24000.02", "18000.00", "6000.02"),
        ("75", "18000", "23999.99", "17999.99", "6000.00"),  # 17,999.9925 goes down, never up
        ("75", "24999", "3333.33", "2499.99", "833.34"),
        ("50", "1000", "0.01", "0.00", "0.01"),
        ("50", "1000", "1999.99", "999.99", "1000.00"),
        ("33.33", "1000", "100", "33.33", "66.67"),
        ("100", "1000", "999.99", "999.99", "0.00"),
    ],
)
def test_percentage_en_maximum_op_de_cent(
    percentage: str, maximum: str, kosten: str, subsidie: str, eigen: str
) -> None:
    uit = bereken(spec(percentage=Decimal(percentage), maximum=Decimal(maximum)), [regel(kosten)])
    assert (uit.kosten, uit.subsidie, uit.eigen_bijdrage) == (Decimal(kosten), Decimal(subsidie), Decimal(eigen))


def test_meer_regels_tellen_op_voor_de_afronding() -> None:
    """Two lines of € 0.01 at 50 % are € 0.01, not twice nothing."""
    assert bereken(spec(), [regel("0.01"), regel("0.01")]).subsidie == Decimal("0.01")


def test_vast_bedrag_hangt_niet_van_de_kosten_af() -> None:
    vast = spec(percentage=None, maximum=None, vast_bedrag=Decimal(5000))
    assert bereken(vast, [regel("8000")]).subsidie == 5000
    assert bereken(vast, [regel("8000")]).eigen_bijdrage == 3000
    assert bereken(vast, [regel("3000")]).eigen_bijdrage == 0


def test_kosten_boven_het_maximum_tellen_niet_mee() -> None:
    uit = bereken(spec(maximum=Decimal(100_000), kosten_maximum=Decimal(20_000)), [regel("30000")])
    assert (uit.kosten, uit.subsidie, uit.eigen_bijdrage) == (20_000, 10_000, 10_000)
    assert [(r.omschrijving, r.bedrag) for r in uit.regels] == [
        ("Kosten die meetellen: Adviseur", Decimal(30_000)),
        ("Kosten boven het maximum tellen niet mee", Decimal(-10_000)),
        ("50 % van de kosten", Decimal(10_000)),
        ("Subsidie", Decimal(10_000)),
        ("Eigen bijdrage", Decimal(10_000)),
        ("Betaalt u daarnaast zelf, want het telt niet mee", Decimal(10_000)),
    ]


def test_de_uitleg_noemt_wat_boven_het_maximum_ligt() -> None:
    uit = bereken(spec(), [regel("2500")])
    assert [(r.omschrijving, r.bedrag) for r in uit.regels] == [
        ("Kosten die meetellen: Adviseur", Decimal(2500)),
        ("50 % van de kosten", Decimal(1250)),
        ("Boven het maximum telt niet mee", Decimal(-250)),
        ("Subsidie", Decimal(1000)),
        ("Eigen bijdrage", Decimal(1500)),
    ]


@pytest.mark.parametrize(
    ("bedrag", "aantal", "telt"),
    [
        ("1250", "10", "1250.00"),  # € 125 an hour: just allowed
        ("1500", "10", "1250.00"),  # € 150 an hour: € 25 an hour does not count
        ("1000", "10", "1000.00"),
        ("1000", "7.5", "937.50"),
        ("2000", "0.33", "41.25"),
        ("1500", None, "1500.00"),  # without hours the check "uurtarief" asks an officer to look
    ],
)
def test_uurtarief_is_begrensd(bedrag: str, aantal: str | None, telt: str) -> None:
    regeling = soorten({"code": "adviseur", "uurtarief_maximum": 125})
    assert bereken(regeling, [regel(bedrag, aantal=aantal)]).kosten == Decimal(telt)


def test_de_grens_geldt_per_regel_en_niet_gemiddeld() -> None:
    """10 hours at € 100 and 10 at € 150: the cheap hours do not pay for the dear ones."""
    regeling = soorten({"code": "adviseur", "uurtarief_maximum": 125})
    uit = bereken(regeling, [regel("1000", aantal="10"), regel("1500", aantal="10")])
    assert uit.kosten == Decimal("2250.00")


def test_de_uitleg_noemt_wat_boven_het_uurtarief_ligt() -> None:
    """The lines add up from what was entered to what counts, and say who pays the rest."""
    regeling = soorten({"code": "adviseur", "uurtarief_maximum": 125})
    uit = bereken(regeling, [regel("1000", aantal="10"), regel("1500", aantal="10")])
    assert [(r.omschrijving, r.bedrag) for r in uit.regels] == [
        ("Opgegeven kosten: Adviseur", Decimal(2500)),
        ("Adviseur: boven € 125 per uur telt niet mee", Decimal(-250)),
        ("50 % van de kosten", Decimal(1125)),
        ("Subsidie", Decimal(1125)),
        ("Eigen bijdrage", Decimal(1125)),
        ("Betaalt u daarnaast zelf, want het telt niet mee", Decimal(250)),
    ]


@pytest.mark.parametrize(
    ("adviseur", "overig", "kosten"),
    [
        ("8000", "4000", "11000.00"),  # 25 % of 12,000 is 3,000
        ("9000", "3000", "12000.00"),  # exactly 25 %
        ("0.01", "9.99", "2.51"),  # 25 % of 10.00 is 2.50
        ("100", "0.01", "100.01"),
    ],
)
def test_aandeel_van_een_kostensoort_is_begrensd(adviseur: str, overig: str, kosten: str) -> None:
    regeling = soorten({"code": "adviseur"}, {"code": "overig", "aandeel_maximum": 25})
    assert bereken(regeling, [regel(adviseur), regel(overig, "overig")]).kosten == Decimal(kosten)


def test_uurtarief_gaat_voor_het_aandeel() -> None:
    """4,000 for 20 hours counts as 2,500; 25 % of (8,000 + 2,500) is 2,625, so all of it counts."""
    regeling = soorten({"code": "adviseur"}, {"code": "overig", "aandeel_maximum": 25, "uurtarief_maximum": 125})
    uit = bereken(regeling, [regel("8000"), regel("4000", "overig", "20")])
    assert (uit.kosten, uit.subsidie) == (Decimal("10500.00"), Decimal("5250.00"))


def test_zonder_kosten_is_er_niets() -> None:
    uit = bereken(spec(), [])
    assert (uit.kosten, uit.subsidie, uit.eigen_bijdrage) == (0, 0, 0)


@pytest.mark.parametrize(("bedrag", "af"), [("1.999", "1.99"), ("1.99", "1.99"), ("0.009", "0.00"), ("2", "2.00")])
def test_naar_hele_centen_nooit_omhoog(bedrag: str, af: str) -> None:
    assert str(euro_af(Decimal(bedrag))) == af


centen = st.integers(min_value=1, max_value=9_999_999).map(lambda n: Decimal(n) / 100)


@given(st.lists(centen, min_size=1, max_size=5), st.integers(1, 100))
def test_subsidie_en_eigen_deel_zijn_samen_de_kosten(bedragen: list[Decimal], percentage: int) -> None:
    uit = bereken(_MET_PERCENTAGE[percentage], [Regel("adviseur", bedrag) for bedrag in bedragen])
    assert uit.subsidie + uit.eigen_bijdrage == uit.kosten == sum(bedragen)
    assert uit.subsidie == min(uit.subsidie, Decimal(1000))
    assert uit.subsidie * 100 <= uit.kosten * percentage
    assert uit.subsidie == euro_af(uit.subsidie)


_MET_PERCENTAGE = {percentage: spec(percentage=Decimal(percentage)) for percentage in range(1, 101)}
