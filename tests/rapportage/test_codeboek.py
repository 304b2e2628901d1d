"""The codebook and the canonical CSV."""

from __future__ import annotations

import csv
from datetime import UTC, date, datetime
from decimal import Decimal

import numpy as np
import pandas as pd
import pytest

from kern.fouten import InvoerFout
from rapportage import canoniek
from rapportage.codeboek import KOPPEN, bekende_variabelen, maak_codeboek, zoek
from tests.rapportage.hulp import MAP, RONDE_2008, RONDE_2011, RONDE_2013, lees


def bytes_van(df: pd.DataFrame) -> bytes:
    return b"".join(canoniek.regels(canoniek.gesorteerd(df)))


# --- codebook ------------------------------------------------------------------------------------------------------


def test_columns_are_the_named_ones() -> None:
    namen = "variabele label vraagtekst vraagnummer routing type meetniveau waarden missend eenheid bron meetmoment "
    namen += "afleiding weging gevoeligheid"
    assert list(KOPPEN) == [*namen.split(), "n geldig", "min-max", "versie sinds"]


@pytest.mark.parametrize("naam", [RONDE_2008, RONDE_2011, RONDE_2013, "medewerkers_2011.csv", "beoordelingen_2013.csv"])
def test_every_column_of_the_files_is_known(naam: str) -> None:
    df = lees(naam)
    regels = maak_codeboek(df)
    assert [regel.variabele for regel in regels] == list(df.columns)
    assert [regel.variabele for regel in regels if regel.bron == "onbekend"] == []


def test_facts_agree_with_the_codebook_of_the_data() -> None:
    """Type, level and values of every variable that the data set describes itself."""
    with (MAP / "codeboek.csv").open(encoding="utf-8", newline="") as bestand:
        for bron in csv.DictReader(bestand):
            naam = bron["variabele"].replace("*", "innovatie")
            eigen = zoek(naam)
            assert eigen is not None, naam
            assert (eigen.type, eigen.meetniveau) == (bron["type"], bron["meetniveau"]), naam
            waarden = [deel.strip() for deel in bron["waarden"].split(";") if deel]
            assert [deel for deel in waarden if deel not in eigen.waarden] == [], naam


def test_counts_come_from_the_data() -> None:
    regels = {regel.variabele: regel for regel in maak_codeboek(lees(RONDE_2008))}
    assert (regels["loting_rang"].n_geldig, regels["loting_rang"].min_max) == (265, "1 tot 265")
    assert (regels["dossiersteekproef"].n_geldig, regels["dossiersteekproef"].min_max) == (77, "0 tot 1")
    assert (regels["sector_sbi"].n_geldig, regels["sector_sbi"].min_max) == (265, "")
    assert regels["kvk_nummer"].gevoeligheid == "nooit"
    assert regels["enquete_effect_talent"].label == "Ervaren effect op doel: talentontwikkeling"
    assert regels["enquete_cf_zelfde"].vraagnummer == "A7 / B1"


def test_user_missing_codes_do_not_count() -> None:
    df = pd.DataFrame({"enquete_effect_innovatie": [1, -8, -9, 5, None]})
    (regel,) = maak_codeboek(df)
    assert (regel.n_geldig, regel.min_max) == (2, "1 tot 5")


def test_unknown_columns_are_described_from_the_data_only() -> None:
    df = pd.DataFrame(
        {
            "kleur": ["rood", None],
            "aan": [1.0, None],
            "maat": [1.5, 2.0],
            "dag": [date(2011, 1, 2), None],
            "bedrag": [Decimal("1.10"), Decimal("2")],
        }
    )
    regels = {regel.variabele: regel for regel in maak_codeboek(df)}
    assert {naam: (r.type, r.meetniveau) for naam, r in regels.items()} == {
        "kleur": ("tekst", "nominaal"),
        "aan": ("geheel", "dichotoom"),
        "maat": ("decimaal", "onbekend"),
        "dag": ("datum", "interval"),
        "bedrag": ("decimaal", "onbekend"),
    }
    assert {(r.label == naam, r.bron, r.gevoeligheid) for naam, r in regels.items()} == {
        (True, "onbekend", "onderzoeker")
    }
    assert regels["dag"].min_max == "2011-01-02 tot 2011-01-02"


def test_public_codebook_gives_no_extremes_and_no_small_counts() -> None:
    df = pd.DataFrame({"werkzame_personen": [3.0] * 9 + [None] * 5, "gevraagd_bedrag": range(14)})
    regels = {regel.variabele: regel for regel in maak_codeboek(df, openbaar=True)}
    assert (regels["werkzame_personen"].n_geldig, regels["werkzame_personen"].min_max) == (".", ".")
    assert (regels["gevraagd_bedrag"].n_geldig, regels["gevraagd_bedrag"].min_max) == (14, ".")


def test_the_data_file_holds_every_name_once() -> None:
    namen = [variabele.naam for variabele, _ in bekende_variabelen()]
    assert sorted(set(namen)) == sorted(namen)
    assert {variabele.gevoeligheid for variabele, _ in bekende_variabelen()} == {"openbaar", "onderzoeker", "nooit"}


# --- canonical CSV -------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("naam", [RONDE_2008, RONDE_2011, RONDE_2013, "medewerkers_2011.csv", "beoordelingen_2013.csv"])
def test_canonical_form_of_a_file_is_the_file(naam: str) -> None:
    assert bytes_van(lees(naam)) == (MAP / naam).read_bytes()


def test_row_order_and_column_types_do_not_matter() -> None:
    df = lees(RONDE_2008)
    gemengd = df.sample(frac=1, random_state=3).convert_dtypes()
    assert canoniek.sha256(gemengd) == canoniek.sha256(df)


def test_every_kind_of_value() -> None:
    df = pd.DataFrame(
        {
            "aanvraagnummer": ['a,"b"', "=1+1", "c\rd", "e\nf", "é "],
            "getal": [1.0, 2.0, None, 3.0, 4.0],
            "breuk": [0.1, -2.5, None, 1e-7, 5.0],
            "ja": [True, False, None, True, False],
            "bedrag": [Decimal("102000.00"), Decimal("0.10"), None, Decimal("NaN"), Decimal("1E+3")],
            "dag": [date(2011, 1, 2), None, None, None, None],
            "moment": [datetime(2011, 1, 2, 3, 4, tzinfo=UTC), None, None, None, None],
            "sector_sbi": ["01", None, "", "25", "7"],
        }
    )
    assert bytes_van(df).decode() == (
        "aanvraagnummer,getal,breuk,ja,bedrag,dag,moment,sector_sbi\n"
        "=1+1,2,-2.5,0,0.1,,,\n"
        '"a,""b""",1,0.1,1,102000,2011-01-02,2011-01-02T03:04:00+00:00,01\n'
        '"c\rd",,,,,,,\n'
        '"e\nf",3,1e-07,1,,,,25\n'
        "é ,4,5.0,0,1000,,,7\n"
    )


def test_numpy_scalars_and_one_empty_column() -> None:
    assert canoniek.als_tekst(np.float64(3.0), "geheel") == "3"
    assert canoniek.als_tekst(np.int64(3), "tekst") == "3"
    assert canoniek.als_tekst(np.bool_(True), "geheel") == "1"
    assert bytes_van(pd.DataFrame({"x": pd.Series([None, "a"], dtype=object)})) == b'x\n""\na\n'


def test_numbers_that_should_be_text_and_double_names_are_refused() -> None:
    with pytest.raises(InvoerFout, match="voorloopnullen"):
        canoniek.controleer(pd.DataFrame({"kvk_nummer": [112648]}))
    with pytest.raises(InvoerFout, match="dubbel voor: x"):
        canoniek.controleer(pd.DataFrame([[1, 2]], columns=["x", "x"]))
