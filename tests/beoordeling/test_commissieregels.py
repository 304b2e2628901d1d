"""The rules of the committee as tables: interests, scores as typed, quorum, median, third assessor."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from beoordeling.belangen import Lidfeiten, Zaakfeiten, vind_belangen
from beoordeling.commissieregels import (
    Maatstaf,
    Quorum,
    Score,
    derde_beslist,
    eis_reden,
    eis_volledig,
    gemiddelde_score,
    lees_score,
    mediaan,
    score_van,
    stemuitslag,
)
from beoordeling.enums_commissie import Belangsoort
from kern.fouten import InvoerFout, OvergangFout

D = Decimal
MAATSTAF = Maatstaf(
    codes=("a", "b", "c", "d"),
    namen=("Plan", "Mensen", "Resultaat", "Delen"),
    gewichten=(D(40), D(25), D(20), D(15)),
    drempel=D(70),
)
ZAAK = Zaakfeiten(
    organisatie="org-1",
    naam="Bakkerij",
    kvk=frozenset({"00000001", "00000002"}),
    adres="1234AB 5",
    domeinen=frozenset({"bakkerij.example"}),
    adviseurs=frozenset({"adviseur@bureau.example"}),
    adviseur_kvk=frozenset({"00000003"}),
    referenten=frozenset({"referent@klant.example"}),
    referent_kvk=frozenset({"00000004"}),
)


@pytest.mark.parametrize(
    ("feiten", "soorten"),
    [
        ({}, []),
        ({"kvk": "00000001"}, [Belangsoort.WERKGEVER]),
        ({"kvk": "00000002"}, [Belangsoort.WERKGEVER]),  # a firm in the group
        ({"kvk": "00000009"}, []),
        ({"email": "lid@bakkerij.example"}, [Belangsoort.MAILDOMEIN]),
        ({"email": "Lid@Post.Bakkerij.example"}, [Belangsoort.MAILDOMEIN]),
        ({"email": "lid@gmail.com"}, []),  # a public provider says nothing
        ({"email": "Adviseur+beoordelen@bureau.example"}, [Belangsoort.ADVISEUR]),
        ({"kvk": "00000003"}, [Belangsoort.ADVISEUR]),
        ({"email": "referent@klant.example"}, [Belangsoort.REFERENT]),
        ({"kvk": "00000004"}, [Belangsoort.REFERENT]),
        ({"samenwerkingen": {"00000002": "Samen een project."}}, [Belangsoort.SAMENWERKING]),
        ({"samenwerkingen": {"00000009": "Samen een project."}}, []),
        ({"adviseerde": frozenset({"org-1"})}, [Belangsoort.SAMENWERKING]),
        ({"organisaties": frozenset({"org-1"})}, [Belangsoort.GEMACHTIGD]),
        ({"adres": "1234AB 5"}, [Belangsoort.ADRES]),
        ({"adres": "1234AB 6"}, []),
        ({"kvk": "00000001", "adres": "1234AB 5"}, [Belangsoort.WERKGEVER, Belangsoort.ADRES]),
    ],
)
def test_what_is_an_interest(feiten: dict[str, Any], soorten: list[Belangsoort]) -> None:
    gevonden = vind_belangen(Lidfeiten(**{"email": "lid@elders.example", **feiten}), ZAAK)
    assert [soort for soort, _reden in gevonden] == soorten
    assert all(reden.endswith(".") for _soort, reden in gevonden)


def test_missing_facts_match_nothing() -> None:
    leeg = Zaakfeiten(organisatie="org-2", naam="Leeg", kvk=frozenset())
    assert vind_belangen(Lidfeiten(email="lid@elders.example"), leeg) == []


@pytest.mark.parametrize(("getypt", "score"), [(1, 1), ("5", 5), (" 3 ", 3)])
def test_a_score_as_typed(getypt: object, score: int) -> None:
    assert lees_score(getypt, "Plan", "score_a") == score


@pytest.mark.parametrize("getypt", [0, 6, "-1", "2,5", "2.5", "vijf", "", "٣", None, True, "55", "1e0"])
def test_a_score_off_the_scale(getypt: object) -> None:
    with pytest.raises(InvoerFout) as fout:
        lees_score(getypt, "Plan", "score_a")
    assert (fout.value.code, fout.value.veld) == ("score-buiten-schaal", "score_a")
    assert "van 1 tot en met 5" in str(fout.value)


@pytest.mark.parametrize("tekst", ["", "   ", "ja", "....", "12345678"])
def test_a_reason_says_something(tekst: str) -> None:
    with pytest.raises(InvoerFout) as fout:
        eis_reden(tekst, "De reden")
    assert fout.value.code == "reden-ontbreekt"


def test_all_criteria_have_a_score_and_a_reason() -> None:
    vol = {code: {"score": 3, "reden": " Dat staat er. "} for code in MAATSTAF.codes}
    assert eis_volledig(MAATSTAF, vol) == {code: {"score": 3, "reden": "Dat staat er."} for code in MAATSTAF.codes}
    for weg, code, veld in [("score", "score-ontbreekt", "score_c"), ("reden", "reden-ontbreekt", "reden_c")]:
        half = {**vol, "c": {**vol["c"], weg: None if weg == "score" else ""}}
        with pytest.raises(InvoerFout) as fout:
            eis_volledig(MAATSTAF, half)
        assert (fout.value.code, fout.value.veld) == (code, veld)


@pytest.mark.parametrize(
    ("stemmers", "weg", "nodig"),
    [(8, 0, 5), (8, 1, 4), (8, 2, 4), (9, 0, 5), (5, 0, 3), (4, 0, 3), (3, 0, 3), (5, 3, 3), (2, 0, 3)],
)
def test_the_quorum(stemmers: int, weg: int, nodig: int) -> None:
    """More than half of who is left, and at least three (design 05 part 4)."""
    quorum = Quorum(stemmers, weg)
    assert quorum.nodig == nodig
    quorum.eis(nodig, "zijn er")
    with pytest.raises(OvergangFout) as fout:
        quorum.eis(nodig - 1, "zijn er")
    assert fout.value.code == "geen-quorum"
    assert f"er zijn er {nodig} nodig" in str(fout.value)


@given(st.integers(3, 40), st.integers(0, 40))
def test_a_quorum_is_a_majority_of_who_is_left(stemmers: int, weg: int) -> None:
    quorum = Quorum(stemmers, min(weg, stemmers))
    assert quorum.nodig * 2 > quorum.over
    assert quorum.nodig >= 3
    assert quorum.nodig == 3 or (quorum.nodig - 1) * 2 <= quorum.over


@pytest.mark.parametrize(
    ("waarden", "midden"),
    [(["70"], "70.00"), (["1", "9", "5"], "5.00"), (["50", "51.25"], "50.63"), (["4", "1", "3", "2"], "2.50")],
)
def test_the_median(waarden: list[str], midden: str) -> None:
    assert mediaan([D(w) for w in waarden]) == D(midden)


def test_no_votes_no_median() -> None:
    with pytest.raises(InvoerFout):
        mediaan([])


def _rij(*scores: int) -> dict[str, int]:
    return dict(zip(MAATSTAF.codes, scores, strict=True))


def test_the_contract_totals_and_what_is_made_of_them() -> None:
    """Design 05: with 40/25/20/15 [4,3,5,4] is 73.75, [3,3,4,2] 51.25, [5,4,5,3] 86.25."""
    rijen = [_rij(4, 3, 5, 4), _rij(3, 3, 4, 2), _rij(5, 4, 5, 3)]
    assert [MAATSTAF.totaal(rij) for rij in rijen] == [D("73.75"), D("51.25"), D("86.25")]
    gemiddeld = gemiddelde_score(MAATSTAF, rijen)
    assert gemiddeld == Score(D("70.42"), {"a": D("4.00"), "b": D("3.33"), "c": D("4.67"), "d": D("3.00")})
    assert stemuitslag(MAATSTAF, rijen) == Score(
        D("73.75"), {"a": D("4.00"), "b": D("3.00"), "c": D("5.00"), "d": D("3.00")}
    )
    assert score_van(MAATSTAF, rijen[0]).totaal == D("73.75")


@pytest.mark.parametrize(
    ("derde", "beslist"),
    [((5, 5, 5, 5), True), ((2, 2, 2, 2), True), ((4, 4, 4, 4), False), ((4, 5, 5, 5), True), ((1, 1, 1, 1), False)],
)
def test_whether_the_third_decides(derde: tuple[int, ...], beslist: bool) -> None:
    """100 and 25: the third sides with one of them (no flag), or the meeting decides."""
    assert derde_beslist(MAATSTAF, [_rij(5, 5, 5, 5), _rij(2, 2, 2, 2)], _rij(*derde)) is beslist
