"""The self-scan: the data, the scoring, and which themes fit."""

from __future__ import annotations

from decimal import Decimal

import pytest

from aanvragen.zelfscan import (
    DIMENSIE,
    HEFBOOM,
    HOOG,
    LAAG,
    MIDDEN,
    bereken_profiel,
    onderdelen,
    passende_themas,
)
from regeling.lezen import lees_regeling
from regeling.services.catalogus import CATALOGUS

STELLINGEN = [stelling for onderdeel in onderdelen() for stelling in onderdeel.stellingen]


def score(code: str, **antwoorden: int) -> tuple[Decimal | None, str]:
    gevonden = next(s for s in bereken_profiel(antwoorden).scores if s.onderdeel.code == code)
    return gevonden.waarde, gevonden.niveau


def test_data_has_four_dimensions_and_four_levers():
    delen = onderdelen()
    assert [(deel.code, deel.soort) for deel in delen] == [
        ("strategie", DIMENSIE),
        ("flexibel", DIMENSIE),
        ("slimmer", DIMENSIE),
        ("markt", DIMENSIE),
        ("leiding", HEFBOOM),
        ("structuur", HEFBOOM),
        ("vakkennis", HEFBOOM),
        ("cultuur", HEFBOOM),
    ]
    assert {len(deel.stellingen) for deel in delen if deel.soort == DIMENSIE} == {3}
    codes = [stelling.code for stelling in STELLINGEN]
    assert len(codes) == len(set(codes)) == 20


def test_every_text_is_there_in_both_languages():
    teksten = [tekst for deel in onderdelen() for tekst in (deel.naam, deel.uitleg, deel.advies)]
    teksten += [stelling.tekst for stelling in STELLINGEN]
    assert all(set(tekst) == {"nl", "en"} and all(tekst.values()) for tekst in teksten)


@pytest.mark.parametrize(
    ("antwoorden", "verwacht"),
    [
        ({"flexibel1": 1, "flexibel2": 1, "flexibel3": 1}, (Decimal("1.0"), LAAG)),
        ({"flexibel1": 5, "flexibel2": 5, "flexibel3": 5}, (Decimal("5.0"), HOOG)),
        ({"flexibel1": 2, "flexibel2": 2, "flexibel3": 3}, (Decimal("2.3"), LAAG)),
        ({"flexibel1": 2, "flexibel2": 3}, (Decimal("2.5"), MIDDEN)),
        ({"flexibel1": 4, "flexibel2": 3}, (Decimal("3.5"), HOOG)),
        ({"flexibel1": 3, "flexibel2": 4, "flexibel3": 3}, (Decimal("3.3"), MIDDEN)),
        ({"flexibel1": 4, "flexibel2": 2, "flexibel3": 0}, (Decimal("3.0"), MIDDEN)),
        ({"flexibel1": 4, "flexibel2": 0, "flexibel3": 0}, (None, "")),
        ({}, (None, "")),
        ({"flexibel1": 9, "flexibel2": -1, "flexibel3": 4}, (None, "")),
    ],
)
def test_score_of_a_part(antwoorden, verwacht):
    assert score("flexibel", **antwoorden) == verwacht


def test_a_reversed_statement_counts_the_other_way():
    assert score("strategie", strategie1=1, strategie2=1, strategie3=5) == (Decimal("1.0"), LAAG)
    assert score("strategie", strategie1=5, strategie2=5, strategie3=1) == (Decimal("5.0"), HOOG)


def test_a_lever_needs_one_of_two_answers():
    assert score("cultuur", cultuur1=2) == (Decimal("2.0"), LAAG)


def alles(waarde: int, **anders: int) -> dict[str, int]:
    """The same score on every statement, reversed ones turned round."""
    vast = {s.code: 6 - waarde if s.omgekeerd else waarde for s in STELLINGEN}
    return {**vast, **anders}


def test_begin_with_the_lowest_and_its_themes():
    profiel = bereken_profiel(alles(4, slimmer1=2, slimmer3=2))
    assert [deel.code for deel in profiel.begin] == ["slimmer"]
    assert profiel.themas == ("slimmer-werken", "procesverbetering")


def test_equal_scores_begin_together_and_high_ones_nowhere():
    assert [deel.code for deel in bereken_profiel(alles(3)).begin] == [deel.code for deel in onderdelen()]
    assert (bereken_profiel(alles(4)).begin, bereken_profiel(alles(4)).themas) == ((), ())
    assert (bereken_profiel({}).begin, bereken_profiel({}).themas) == ((), ())


def test_themes_exist_in_the_catalogue_and_every_theme_can_be_reached():
    specs = [lees_regeling(bestand.read_bytes(), bestand.name) for bestand in sorted(CATALOGUS.glob("*.toml"))]
    in_scan = {code for deel in onderdelen() for code in deel.themas}
    flagship = next(spec for spec in specs if spec.regeling.sleutel == "ser-mkb")
    assert {thema.code for thema in flagship.themas} <= in_scan
    gevonden = passende_themas(flagship, bereken_profiel(alles(4, slimmer1=1, slimmer3=1)).themas)
    assert [thema.code for thema in gevonden] == ["slimmer-werken"]
