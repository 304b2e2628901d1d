"""The score rule against the contract vector, its borders, and exactness."""

from __future__ import annotations

import json
from decimal import Decimal
from fractions import Fraction
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from beoordeling.score import (
    Afwijking,
    afwijking,
    bereken,
    gemiddelde,
    onder_drempel,
    rangwaarde,
    spreiding,
    totaal,
)
from kern.fouten import InvoerFout

VECTOR = json.loads((Path(__file__).parent.parent / "gegevens/loting/vectors.json").read_text())["score"]
GEWICHTEN = [40, 25, 20, 15]
D = Decimal


@pytest.mark.parametrize("naam", VECTOR["beoordelingen"])
def test_totaal_volgens_het_contract(naam: str) -> None:
    assert str(totaal(VECTOR["beoordelingen"][naam], VECTOR["gewichten"])) == VECTOR["verwacht_totaal"][naam]


@pytest.mark.parametrize("aanvraag", VECTOR["aanvragen"], ids=lambda a: a["naam"])
def test_aanvraag_volgens_het_contract(aanvraag: dict) -> None:
    rijen = [VECTOR["beoordelingen"][naam] for naam in aanvraag["b"]]
    uitkomst = bereken(rijen, VECTOR["gewichten"], drempel=D(70))
    assert (str(uitkomst.gemiddelde), str(uitkomst.spreiding)) == (aanvraag["gemiddelde"], aanvraag["spreiding"])
    vlaggen = (aanvraag["D1_totaal_ge_20"], aanvraag["D2_criterium_ge_2"], aanvraag["D3_drempel_70_gesplitst"])
    assert uitkomst.afwijking == Afwijking(*vlaggen)
    assert bool(uitkomst.afwijking) is any(vlaggen)


@given(
    st.lists(st.tuples(st.integers(1, 5), st.integers(1, 400)), min_size=1, max_size=8),
)
def test_totaal_is_exact_en_half_omhoog(paren: list[tuple[int, int]]) -> None:
    scores, ruw = zip(*paren, strict=True)
    gewichten = [D(w) for w in ruw]
    gewichten[-1] += 100 - sum(gewichten)
    if gewichten[-1] <= 0:
        gewichten = [D(100) / 2 ** (i + 1) for i in range(len(scores))]
        gewichten[-1] += 100 - sum(gewichten)
    exact = sum((Fraction(w) * (s - 1) / 4 for w, s in zip(gewichten, scores, strict=True)), Fraction(0))
    assert Fraction(totaal(scores, gewichten)) == Fraction((exact * 100 + Fraction(1, 2)).__floor__(), 100)


@pytest.mark.parametrize(
    ("waarden", "verwacht"),
    [
        (["50.00", "50.01"], "50.01"),  # 50.005 goes up, where a float or banker's rounding would go down
        (["70.00", "70.00", "70.01"], "70.00"),
        (["70.00", "70.01", "70.01"], "70.01"),
        (["62.49", "62.50"], "62.50"),
        (["0.00"], "0.00"),
    ],
)
def test_gemiddelde_half_omhoog(waarden: list[str], verwacht: str) -> None:
    assert str(gemiddelde([D(w) for w in waarden])) == verwacht


def test_een_beoordelaar_wijkt_niet_af() -> None:
    assert bereken([[5, 1, 5, 1]], GEWICHTEN, drempel=D(50)).afwijking == Afwijking(False, False, False)
    assert (spreiding([D("70.25")]), spreiding([])) == (D(0), D(0))


@pytest.mark.parametrize(
    ("een", "twee", "gewichten", "drempel", "verwacht"),
    [
        # spread exactly 20 (two criteria of 40 one step apart), and just below
        ([3, 3, 3], [4, 4, 3], [40, 40, 20], None, (True, False, False)),
        ([3, 3, 3], [4, 4, 3], [D("39.96"), 40, D("20.04")], None, (False, False, False)),
        # a criterion exactly two apart, and one apart
        ([3, 3, 3, 3], [3, 3, 3, 5], GEWICHTEN, None, (False, True, False)),
        ([3, 3, 3, 3], [3, 3, 3, 4], GEWICHTEN, None, (False, False, False)),
        # the threshold itself is above: 60 and 70 are split by 70, 70 and 80 are not
        ([4, 3, 4, 2], [4, 4, 4, 3], [40, 20, 20, 20], D(70), (False, False, True)),
        ([4, 4, 4, 3], [5, 4, 4, 3], [40, 20, 20, 20], D(70), (False, False, False)),
        # split, but both further than 10 from the threshold: 58.75 and 80.25 around 70
        ([3, 3, 3, 5], [5, 3, 5, 5], [40, 25, 20, 15], D(70), (True, True, False)),
        # one exactly 10 below
        ([3, 4, 3, 4], [5, 5, 3, 4], [40, 20, 20, 20], D(70), (True, True, True)),
    ],
)
def test_grenzen_van_de_vlaggen(
    een: list[int], twee: list[int], gewichten: list, drempel: Decimal | None, verwacht: tuple
) -> None:
    assert afwijking([een, twee], gewichten, drempel=drempel) == Afwijking(*verwacht)
    assert afwijking([twee, een], gewichten, drempel=drempel) == Afwijking(*verwacht)


def test_drie_beoordelaars_vergelijken_de_uitersten() -> None:
    rijen = [[3, 3, 3, 3], [4, 4, 3, 3], [4, 4, 4, 3]]
    assert [totaal(rij, GEWICHTEN) for rij in rijen] == [D("50.00"), D("66.25"), D("71.25")]
    assert afwijking(rijen, GEWICHTEN, drempel=D(70)) == Afwijking(True, False, True)


@pytest.mark.parametrize("score", [0, 6, -1, 3.0, True, "4", None])
def test_buiten_de_schaal(score: object) -> None:
    with pytest.raises(InvoerFout, match=r"criterium 2 bestaat niet\. Kies een heel getal van 1 tot en met 5\."):
        totaal([3, score, 3, 3], GEWICHTEN)  # type: ignore[list-item]  # the wrong type is the point


def test_verkeerde_gewichten_en_aantallen() -> None:
    with pytest.raises(InvoerFout, match="De gewichten zijn samen 99"):
        totaal([3, 3], [50, 49])
    with pytest.raises(InvoerFout, match="gewicht boven 0"):
        totaal([3, 3], [100, 0])
    with pytest.raises(InvoerFout, match="3 scores voor 4 criteria"):
        totaal([3, 3, 3], GEWICHTEN)
    with pytest.raises(InvoerFout, match="nog geen beoordeling"):
        gemiddelde([])


def test_drempels() -> None:
    criteria = {"kwaliteit": D("3.00"), "impact": D("2.50"), "plan": D("2.00")}
    grens = {"impact": D("2.50"), "plan": D("2.01")}
    assert onder_drempel(D("70.00"), criteria, drempel=D(70), per_criterium=grens) == ["plan"]
    assert onder_drempel(D("69.99"), criteria, drempel=D(70)) == ["totaal"]
    assert onder_drempel(D("69.99"), criteria, drempel=D(70), per_criterium=grens) == ["plan", "totaal"]
    assert onder_drempel(D("0.00"), criteria) == []
    with pytest.raises(InvoerFout, match="Voor inpact is er een drempel maar geen score"):
        onder_drempel(D(80), criteria, per_criterium={"inpact": D(2)})


def test_rangwaarde_sorteert_als_tekst() -> None:
    scores = [D("0.00"), D("0.01"), D("9.99"), D("70.00"), D("81.25"), D("99.99"), D("100.00")]
    waarden = [rangwaarde(score) for score in scores]
    assert waarden == ["00000", "00001", "00999", "07000", "08125", "09999", "10000"]
    assert sorted(waarden) == waarden
    with pytest.raises(InvoerFout):
        rangwaarde(D("100.01"))
