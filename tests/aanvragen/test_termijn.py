"""The legal date of a decision (R5, R9, T4). Dates are counted by hand on the calendar of 2026."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest

from aanvragen.termijn import beslistermijn
from regeling.schema import Regelingspec
from tests.factories.ronde import maak_spec, regeling_dict

SLUIT = datetime(2026, 3, 27, 16, 0, tzinfo=UTC)
REDEN = "verzoek om aanvulling"


def spec(duur: str | None, niveau: str = "regeling") -> Regelingspec:
    termijnen = [t for t in regeling_dict()["termijnen"] if t["code"] != "beslissing"]
    termijnen.append({"code": "beslissing", "duur": duur or "13w", "niveau": niveau})
    regeling = maak_spec(termijnen=termijnen)
    if duur is None:  # an older stored scheme may lack the term; a new one is refused
        return regeling.model_copy(update={"termijnen": tuple(t for t in regeling.termijnen if t.code != "beslissing")})
    return regeling


def laatste_dag(
    regeling: Regelingspec, methode: str, ingediend: datetime, opschortingen: list[tuple[date, date, str]] | None = None
) -> date:
    return beslistermijn(
        spec=regeling, methode=methode, ingediend_op=ingediend, sluit_op=SLUIT, opschortingen=opschortingen or []
    ).laatste_dag


def test_bij_loting_telt_de_sluiting() -> None:
    """13 weeks after 27 March: 26 June, whenever it was sent."""
    for dag in (3, 20, 27):
        assert laatste_dag(spec("13w"), "loting", datetime(2026, 3, dag, 9, tzinfo=UTC)) == date(2026, 6, 26)


def test_op_volgorde_telt_de_ontvangst() -> None:
    assert laatste_dag(spec("13w"), "volgorde", datetime(2026, 3, 3, 9, tzinfo=UTC)) == date(2026, 6, 2)


def test_de_dag_is_de_nederlandse_dag() -> None:
    """23:30 UTC on 3 March is 4 March here."""
    assert laatste_dag(spec("13w"), "volgorde", datetime(2026, 3, 3, 23, 30, tzinfo=UTC)) == date(2026, 6, 3)


@pytest.mark.parametrize(
    ("ontvangen", "uiterlijk"),
    [
        (date(2026, 3, 20), date(2026, 5, 18)),  # R51: 15 May is on a par with a holiday, then a weekend
        (date(2026, 10, 31), date(2026, 12, 28)),
        (date(2026, 3, 3), date(2026, 4, 28)),
    ],
)
def test_zonder_termijn_in_de_regeling_is_het_acht_weken(ontvangen: date, uiterlijk: date) -> None:
    """Awb 4:13: eight weeks from receipt, rolled by the Awt (R9)."""
    moment = datetime.combine(ontvangen, datetime.min.time(), tzinfo=UTC).replace(hour=12)
    assert laatste_dag(spec(None), "loting", moment) == uiterlijk


def test_dertien_weken_van_een_regeling_schuiven_niet_door() -> None:
    """T4, R51: 13 weeks from 31 January is Saturday 2 May, and stays there."""
    assert laatste_dag(spec("13w"), "volgorde", datetime(2026, 1, 31, 12, tzinfo=UTC)) == date(2026, 5, 2)


def test_een_opschorting_schuift_de_dag_met_precies_zoveel_dagen() -> None:
    """R5: asked on 1 April, answered on 8 April: 2 up to and with 7 April do not count, six days."""
    stil = [(date(2026, 4, 2), date(2026, 4, 8), REDEN)]
    assert laatste_dag(spec("13w"), "loting", datetime(2026, 3, 3, tzinfo=UTC), stil) == date(2026, 7, 2)


def test_twee_opschortingen_tellen_op() -> None:
    stil = [(date(2026, 4, 2), date(2026, 4, 8), REDEN), (date(2026, 5, 2), date(2026, 5, 5), REDEN)]
    assert laatste_dag(spec("13w"), "loting", datetime(2026, 3, 3, tzinfo=UTC), stil) == date(2026, 7, 5)


def test_een_antwoord_de_volgende_dag_geeft_geen_opschorting() -> None:
    stil = [(date(2026, 4, 2), date(2026, 4, 2), REDEN)]
    assert laatste_dag(spec("13w"), "loting", datetime(2026, 3, 3, tzinfo=UTC), stil) == date(2026, 6, 26)
