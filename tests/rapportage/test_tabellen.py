"""The tables and their records: the figures of 2008, and rounds that are shaped differently."""

from __future__ import annotations

from decimal import Decimal

import pandas as pd
import pytest

from rapportage.tabellen import BOUWERS, maak_tabellen
from rapportage.tabellen.groepen import sleutel, toegekend, toewijzing, uitkomst
from rapportage.tabellen.hoofdstuk4 import antwoorden
from rapportage.tabellen.model import Record, Soort, Tabel
from tests.rapportage.hulp import RONDE_2008, RONDE_2011, RONDE_2013, lees, ronde, zoek

ALLE = ["T2.1", "T2.2", "T2.3", "T2.4", "T2.5", "T2.6", "T4.3"]


@pytest.fixture(scope="module")
def df_2008() -> pd.DataFrame:
    return lees(RONDE_2008)


@pytest.fixture(scope="module")
def uit_2008(df_2008: pd.DataFrame) -> tuple[dict[str, Tabel], list[Record]]:
    tabellen, records, weggelaten = maak_tabellen(df_2008, ronde())
    assert weggelaten == []
    return {tabel.code: tabel for tabel in tabellen}, records


def koppen(tabel: Tabel) -> list[str]:
    return [kolom.kop for kolom in tabel.kolommen]


# --- headings of 06, section 1.2 -----------------------------------------------------------------------------------


def test_headings_are_the_printed_ones(uit_2008) -> None:
    tabellen, _ = uit_2008
    assert list(tabellen) == ALLE
    assert koppen(tabellen["T2.1"]) == [
        "Tijdvak",
        "Verdeelmethode",
        "Budget",
        "Maximum",
        "Aanvragen",
        "Gevraagd bedrag",
        "Overvraging (x)",
        "Ontvankelijk",
        "Toegekend",
        "Toekenning %",
        "Toegekend bedrag",
        "Uitputting %",
        "Vastgesteld",
        "Vrijval",
    ]
    kenmerk = ["Categorie", "Aanvragen n", "%", "Toegekend n", "%", "95%-BI", "Uitgeloot n", "%", "Afgewezen n", "%"]
    for code in ("T2.2", "T2.3", "T2.4", "T2.5"):
        assert koppen(tabellen[code]) == [*kenmerk, "Dossiers n", "%", "95%-BI"]
    thema = ["Thema", "Toegekend n", "%", "95%-BI", "Uitgeloot n", "%", "Verschil (pp)"]
    assert koppen(tabellen["T2.6"]) == [*thema, "Dossiers n", "%", "95%-BI"]
    assert koppen(tabellen["T4.3"]) == [
        "Zonder subsidie",
        "Ingeloot (zou) n",
        "%",
        "95%-BI",
        "Uitgeloot (feitelijk) n",
        "%",
        "95%-BI",
        "Verschil (pp)",
        "95%-BI",
        "p",
    ]


def test_every_row_has_a_cell_per_column_and_every_percentage_a_base(uit_2008) -> None:
    for tabel in uit_2008[0].values():
        for rij in tabel.rijen:
            assert len(rij.cellen) == len(tabel.kolommen)
            for kolom, cel in zip(tabel.kolommen, rij.cellen, strict=True):
                if kolom.soort is Soort.PERCENTAGE and kolom.code != "uitputting_pct":
                    assert cel.n is not None
                    assert cel.waarde == pytest.approx(100 * cel.x / cel.n) if cel.n else cel.waarde is None


# --- the published figures of 2008 ---------------------------------------------------------------------------------


def test_t2_1_key_figures(uit_2008) -> None:
    records = uit_2008[1]

    def waarde(maat: str):
        return zoek(records, "T2.1", "totaal", maat, "totaal").als_dict()["waarde"]

    assert [waarde(maat) for maat in ("aanvragen", "toegekend", "toegekend_bedrag")] == [265, 77, 6_960_000]
    assert waarde("gevraagd_bedrag") == 24_285_000
    assert waarde("toekenning_pct") == 100 * 77 / 265
    assert waarde("uitputting_pct") == pytest.approx(100 * 6.96 / 7, rel=1e-12)
    assert waarde("overvraging") == pytest.approx(24.285 / 7, rel=1e-12)
    assert (waarde("vastgesteld"), waarde("vrijval")) == (None, None)
    record = zoek(records, "T2.1", "totaal", "toekenning_pct", "totaal")
    assert (record.x, record.n, round(record.waarde, 1)) == (77, 265, 29.1)


T43 = [
    # rij, ingeloot n, %, low, high, uitgeloot n, %, low, high
    ("zelfde", 14, 28.6, 17.8, 42.4, 0, 0.0, 0.0, 6.0),
    ("aangepast", 25, 51.0, 37.5, 64.4, 20, 33.3, 22.7, 45.9),
    ("kleiner", 15, 30.6, 19.5, 44.5, 15, 25.0, 15.8, 37.2),
    ("later", 9, 18.4, 10.0, 31.4, 4, 6.7, 2.6, 15.9),
    ("minder_extern", 6, 12.2, 5.7, 24.2, 6, 10.0, 4.7, 20.1),
    ("niet", 10, 20.4, 11.5, 33.6, 40, 66.7, 54.1, 77.3),
]


@pytest.mark.parametrize("verwacht", T43, ids=[rij[0] for rij in T43])
def test_t4_3_shares(uit_2008, verwacht: tuple) -> None:
    rij, *cijfers = verwacht
    for groep, n, (x, pct, laag, hoog) in (("ingeloot", 49, cijfers[:4]), ("uitgeloot", 60, cijfers[4:])):
        record = zoek(uit_2008[1], "T4.3", rij, "aandeel", groep)
        assert (record.x, record.n, round(record.waarde, 1)) == (x, n, pct)
        assert (round(record.bi[0], 1), round(record.bi[1], 1)) == (laag, hoog)


def test_t4_3_differences(uit_2008) -> None:
    records = uit_2008[1]
    later = zoek(records, "T4.3", "later", "verschil_pp", "verschil")
    assert (round(later.waarde, 1), round(later.bi[0], 1), round(later.bi[1], 1)) == (11.7, -0.8, 25.3)
    assert round(later.p, 3) == 0.078
    mn = zoek(records, "T4.3", "later", "verschil_mn", "verschil")
    assert mn.waarde == later.waarde
    assert mn.bi == pytest.approx((-0.618992195918, 25.688995932660), rel=1e-9)  # checked in test_statistiek
    rr = zoek(records, "T4.3", "later", "rr", "verschil")
    assert rr.waarde == pytest.approx((9 / 49) / (4 / 60))
    assert rr.bi == pytest.approx((0.902813717582, 8.407700400963))
    assert zoek(records, "T4.3", "later", "rr_score", "verschil").bi == pytest.approx((0.954744217656, 8.092615540890))
    zelfde = zoek(records, "T4.3", "zelfde", "rr", "verschil")
    assert (zelfde.waarde, zelfde.bi) == (None, None)


def test_t4_3_has_exactly_the_records_of_the_contract(uit_2008) -> None:
    sleutels = [(r.rij, r.maat, r.groep) for r in uit_2008[1] if r.tabel == "T4.3"]
    maten = [("aandeel", "ingeloot"), ("aandeel", "uitgeloot")]
    maten += [(maat, "verschil") for maat in ("verschil_pp", "verschil_mn", "rr", "rr_score")]
    assert sleutels == [(rij[0], *maat) for rij in T43 for maat in maten]


def test_adapted_is_neither_the_same_nor_not(df_2008: pd.DataFrame, uit_2008) -> None:
    waarden = antwoorden(df_2008)
    anders = waarden[["kleiner", "later", "minder_extern"]].eq(1.0).any(axis=1)
    assert (waarden["aangepast"].eq(1.0) == anders).all()  # in these data the derivation and the answers agree
    assert any("afgeleid" in noot for noot in uit_2008[0]["T4.3"].noten)


def test_t2_6_themes_of_the_file_sample(uit_2008) -> None:
    records = uit_2008[1]
    verwacht = {
        "slimmer_werken": (39, 95.1),
        "flexibilisering_arbeidsorganisatie": (21, 51.2),
        "vernieuwen_arbeidsverhoudingen": (25, 61.0),
    }
    for rij, (x, pct) in verwacht.items():
        record = zoek(records, "T2.6", rij, "aandeel", "ingeloot", "dossiersteekproef")
        assert (record.x, record.n, round(record.waarde, 1)) == (x, 41, pct)
    assert zoek(records, "T2.6", "slimmer_werken", "aandeel", "ingeloot").x == 73


def test_t2_2_sectors(uit_2008, df_2008: pd.DataFrame) -> None:
    tabellen, records = uit_2008
    steekproef = [
        round(zoek(records, "T2.2", rij, "aandeel", "ingeloot", "dossiersteekproef").waarde)
        for rij in ("industrie", "zorg", "zakelijke_dienstverlening")
    ]
    assert steekproef == [37, 24, 20]
    for sector, aantal in df_2008["sector"].value_counts().items():
        assert zoek(records, "T2.2", sleutel(sector), "aandeel", "totaal").x == aantal
    for blok in ("totaal", "ingeloot", "uitgeloot", "afgewezen"):
        cellen = [tabellen["T2.2"].cel(rij.code, f"{blok}_n").waarde for rij in tabellen["T2.2"].rijen]
        assert sum(cellen[:-1]) == cellen[-1]


def test_t2_5_shows_care_education_and_government_within_public(uit_2008) -> None:
    tabel = uit_2008[0]["T2.5"]
    assert [(rij.code, rij.label, rij.onder) for rij in tabel.rijen] == [
        ("publiek", "Publiek", ""),
        ("zorg", "w.o. zorg", "publiek"),
        ("onderwijs", "w.o. onderwijs", "publiek"),
        ("openbaar_bestuur", "w.o. overheid", "publiek"),
        ("privaat", "Privaat", ""),
        ("totaal", "Totaal (basis n)", ""),
    ]
    assert [tabel.cel(rij.code, "totaal_n").waarde for rij in tabel.rijen] == [89, 74, 6, 9, 176, 265]


def test_records_have_ten_digits_and_no_rounding(uit_2008) -> None:
    record = zoek(uit_2008[1], "T4.3", "zelfde", "aandeel", "ingeloot").als_dict()
    assert list(record) == ["tabel", "rij", "kolom", "groep", "maat", "n", "x", "waarde", "bi", "p", "methode"]
    assert record["waarde"] == 28.571428571428573
    assert record["bi"] == pytest.approx([17.8495944588126, 42.40888350778009], rel=1e-12)


def test_cbs_counts_give_reach(df_2008: pd.DataFrame) -> None:
    cbs = {"sector": {"Industrie": 60_000, "Zorg": 40_000, "Bouw": 100_000}}
    tabellen, _, _ = maak_tabellen(df_2008, ronde(cbs=cbs))
    tabel = next(tabel for tabel in tabellen if tabel.code == "T2.2")
    assert koppen(tabel)[10:12] == ["Bedrijven in Nederland % (CBS)", "Bereik per 1.000 bedrijven"]
    assert tabel.cel("industrie", "cbs_pct").waarde == pytest.approx(30.0)
    assert tabel.cel("industrie", "bereik").waarde == pytest.approx(1000 * 85 / 60_000)
    assert tabel.cel("overig", "bereik").waarde is None


# --- other rounds --------------------------------------------------------------------------------------------------


def test_round_without_themes_and_counterfactuals() -> None:
    tabellen, records, weggelaten = maak_tabellen(lees(RONDE_2011), ronde(plafond=Decimal("25200000")))
    assert [tabel.code for tabel in tabellen] == ["T2.1", "T2.2", "T2.3", "T2.4", "T2.5"]
    assert [(weg.code, weg.reden) for weg in weggelaten] == [
        ("T2.6", "Niet in de gegevens: themas."),
        ("T4.3", "Niet in de gegevens: enquete_cf_zelfde, enquete_cf_niet."),
    ]
    cijfers = {r.maat: r.als_dict()["waarde"] for r in records if r.tabel == "T2.1"}
    assert (cijfers["aanvragen"], cijfers["toegekend"], cijfers["toegekend_bedrag"]) == (4288, 1506, 25_195_250)
    assert (cijfers["vastgesteld"], cijfers["vrijval"]) == (21_914_500, 3_280_750)
    assert [r for r in records if r.kolom == "dossiersteekproef"] == []


def test_round_by_committee_takes_the_group_from_the_status() -> None:
    df = lees(RONDE_2013)
    tabellen, records, weggelaten = maak_tabellen(df, ronde(methode="rangschikking", plafond=None))
    assert [tabel.code for tabel in tabellen] == ["T2.1", "T2.2", "T2.3"]
    assert [weg.code for weg in weggelaten] == ["T2.4", "T2.5", "T2.6", "T4.3"]
    t22 = next(tabel for tabel in tabellen if tabel.code == "T2.2")
    assert dict(t22.basis) == {"totaal": 900, "ingeloot": 479, "uitgeloot": 0, "afgewezen": 421}
    industrie = zoek(records, "T2.2", "industrie", "aandeel", "afgewezen")
    verwacht = int(((df["sector"] == "Industrie") & (df["toegekend"] == 0)).sum())
    assert (industrie.x, industrie.n) == (verwacht, 421)
    leeg = zoek(records, "T2.2", "industrie", "aandeel", "uitgeloot")
    assert (leeg.x, leeg.n, leeg.waarde, leeg.bi) == (0, 0, None, None)
    cijfers = {r.maat: r.waarde for r in records if r.tabel == "T2.1"}
    assert (cijfers["toegekend"], cijfers["toegekend_bedrag"], cijfers["uitputting_pct"]) == (479, None, None)
    assert any("niet verdeeld door loting" in noot for noot in t22.noten)


def test_counterfactual_needs_a_draw(df_2008: pd.DataFrame) -> None:
    _, _, weggelaten = maak_tabellen(df_2008, ronde(methode="volgorde"))
    assert [(weg.code, weg.reden) for weg in weggelaten] == [("T4.3", "De ronde is niet verdeeld door loting.")]


def test_assignment_is_the_draw_and_not_the_use(df_2008: pd.DataFrame) -> None:
    df = df_2008.copy()
    df.loc[df["ingeloot"] == 1, "status"] = "niet gebruikt"
    assert (toewijzing(df) == toewijzing(df_2008)).all()
    zonder_groep = df_2008.drop(columns="groep")
    assert (toewijzing(zonder_groep) == df_2008["groep"]).all()


def test_group_rules_row_by_row() -> None:
    df = pd.DataFrame(
        [
            # groep, ingeloot, loting_rang, status -> assignment, outcome
            ("ingeloot", 1, 1, "afgewezen op inhoud", "ingeloot", "ingeloot"),  # refused after the draw
            (None, 1, 2, "niet gebruikt", "ingeloot", "ingeloot"),
            (None, 0, 3, "uitgeloot", "uitgeloot", "uitgeloot"),
            (None, 0, None, "afgewezen op inhoud", None, "afgewezen"),  # refused before the draw
            ("afgewezen", None, None, None, None, "afgewezen"),
            (None, None, None, "toegekend", None, "ingeloot"),  # granted without a draw (grey zone)
            (None, None, None, "ingetrokken", None, None),
        ],
        columns=["groep", "ingeloot", "loting_rang", "status", "toewijzing", "uitkomst"],
    )
    for functie, kolom in ((toewijzing, "toewijzing"), (uitkomst, "uitkomst")):
        assert functie(df).fillna("").tolist() == df[kolom].fillna("").tolist()
    assert toegekend(df).tolist() == [False, True, False, False, False, True, False]


@pytest.mark.parametrize("rijen", [slice(0, 0), slice(0, 1), slice(1, 2)])
def test_tiny_rounds(df_2008: pd.DataFrame, rijen: slice) -> None:
    tabellen, records, weggelaten = maak_tabellen(df_2008.iloc[rijen], ronde())
    assert sorted([t.code for t in tabellen] + [w.code for w in weggelaten]) == ALLE
    assert zoek(records, "T2.1", "totaal", "aanvragen", "totaal").waarde == len(df_2008.iloc[rijen])


def test_all_zero_and_missing_answers(df_2008: pd.DataFrame) -> None:
    df = df_2008.copy()
    kolommen = [kolom for kolom in df.columns if kolom.startswith("enquete_cf_")]
    df[kolommen] = df[kolommen].mask(df[kolommen].notna(), 0.0)
    _, records, _ = maak_tabellen(df, ronde())
    assert zoek(records, "T4.3", "aangepast", "aandeel", "ingeloot").x == 49
    nul = zoek(records, "T4.3", "kleiner", "rr_score", "verschil")
    assert (nul.waarde, nul.bi) == (None, None)
    df.loc[df.index[df["enquete_respons"] == 1][:3], "enquete_cf_kleiner"] = -8  # "weet niet" is missing
    tabellen, records, _ = maak_tabellen(df, ronde())
    n = [zoek(records, "T4.3", "kleiner", "aandeel", groep).n for groep in ("ingeloot", "uitgeloot")]
    assert sum(n) == 106
    t43 = next(tabel for tabel in tabellen if tabel.code == "T4.3")
    assert [noot for noot in t43.noten_detail if noot.startswith("Andere basis")] == [
        f"Andere basis door ontbrekende antwoorden: kleinere omvang (ingeloot n = {n[0]}, uitgeloot n = {n[1]})."
    ]
    df[kolommen] = float("nan")
    assert [weg.code for weg in maak_tabellen(df, ronde())[2]] == ["T4.3"]


def test_missing_category_is_a_row_of_its_own(df_2008: pd.DataFrame) -> None:
    df = df_2008.copy()
    df.loc[df.index[:4], "sector"] = [None, "  ", float("nan"), "Onbekend"]
    _, records, _ = maak_tabellen(df, ronde())
    onbekend = zoek(records, "T2.2", "onbekend", "aandeel", "totaal")
    assert (onbekend.x, onbekend.n) == (4, 265)


def test_a_theme_counts_once_per_application() -> None:
    df = pd.DataFrame(
        {"groep": ["ingeloot"] * 3, "themas": ["slimmer werken; slimmer werken", " ; ", None], "status": "toegekend"}
    )
    tabellen, records, _ = maak_tabellen(df, ronde())
    record = zoek(records, "T2.6", "slimmer_werken", "aandeel", "ingeloot")
    assert (record.x, record.n) == (1, 1)
    assert [rij.code for rij in tabellen[-1].rijen] == ["slimmer_werken", "basis"]


def test_nullable_types_decimals_and_odd_indexes_give_the_same_tables(df_2008: pd.DataFrame, uit_2008) -> None:
    df = df_2008.convert_dtypes()
    df["toegekend_bedrag"] = pd.Series([Decimal(int(b)) for b in df_2008["toegekend_bedrag"]], dtype=object)
    df["sector"] = df["sector"].astype("category")
    df.index = pd.Index([7] * len(df))
    _, records, _ = maak_tabellen(df, ronde())
    assert [r.als_dict() for r in records] == [r.als_dict() for r in uit_2008[1]]


def test_titles_of_makers_and_tables_agree(uit_2008) -> None:
    assert [(bouwer.code, bouwer.titel) for bouwer in BOUWERS] == [(t.code, t.titel) for t in uit_2008[0].values()]
