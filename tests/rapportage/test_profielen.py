"""Who gets what: pseudonyms for researchers, suppression that holds for the public."""

from __future__ import annotations

from decimal import Decimal

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.optimize import linprog

from kern.fouten import InvoerFout
from rapportage.onderdrukking import Regels, onderdruk, verborgen_groepen
from rapportage.profielen import Levering, onderzoeksdata, pas_toe, pseudoniem
from rapportage.tabellen import maak_tabellen
from rapportage.tabellen.model import Record, Tabel
from tests.rapportage.hulp import RONDE_2008, RONDE_2011, RONDE_2013, SLEUTEL, lees, ronde, zoek


def openbaar(df: pd.DataFrame, **feiten) -> Levering:
    return pas_toe("openbaar", df, *maak_tabellen(df, ronde(**feiten)))


@pytest.fixture(scope="module")
def publiek_2008() -> Levering:
    return openbaar(lees(RONDE_2008))


def sdc(levering: Levering, tabel: str) -> list[str]:
    waarde = zoek(levering.records, "SDC", tabel, "onderdrukt", "totaal").waarde
    assert isinstance(waarde, list)
    return waarde


# --- researcher ----------------------------------------------------------------------------------------------------


def test_researcher_gets_pseudonyms_and_no_kvk() -> None:
    df = lees(RONDE_2008)
    data, weg = onderzoeksdata(df, sleutel=SLEUTEL)
    assert weg == ("kvk_nummer",)
    assert list(data.columns) == [kolom for kolom in df.columns if kolom != "kvk_nummer"]
    assert data["aanvraagnummer"].nunique() == 265
    assert data["aanvraagnummer"].str.fullmatch(r"A-[0-9a-f]{20}").all()
    assert data["adviseur_nummer"].nunique() == df["adviseur_nummer"].nunique()
    assert data["adviseur_nummer"].isna().sum() == df["adviseur_nummer"].isna().sum()
    naam = pseudoniem(SLEUTEL, "SI2008-0001", voorvoegsel="A")
    rij = data.loc[data["aanvraagnummer"] == naam].squeeze()
    assert (rij["loting_rang"], rij["sector_sbi"], rij["gevraagd_bedrag"]) == (1, "70", 102000)


def test_rows_do_not_keep_the_order_of_the_numbers() -> None:
    data, _ = onderzoeksdata(lees(RONDE_2008), sleutel=SLEUTEL)
    assert data["aanvraagnummer"].is_monotonic_increasing
    assert data["loting_rang"].tolist() != lees(RONDE_2008)["loting_rang"].tolist()


def test_linked_files_share_the_pseudonym_and_exports_do_not() -> None:
    medewerkers, _ = onderzoeksdata(lees("medewerkers_2011.csv"), sleutel=SLEUTEL)
    ronde_2011, _ = onderzoeksdata(lees(RONDE_2011), sleutel=SLEUTEL)
    assert set(medewerkers["aanvraagnummer"]) <= set(ronde_2011["aanvraagnummer"])
    assert not medewerkers["medewerker_id"].str.contains("SI2011").any()
    ander, _ = onderzoeksdata(lees(RONDE_2011), sleutel=b"z" * 32)
    assert set(ander["aanvraagnummer"]) & set(ronde_2011["aanvraagnummer"]) == set()


def test_kvk_only_when_asked_and_names_never() -> None:
    df = pd.DataFrame(
        {"aanvraagnummer": ["1"], "kvk_nummer": ["00112648"], "naam": ["Voorbeeld BV"], "email": ["a@b.nl"]}
    )
    data, weg = onderzoeksdata(df, sleutel=SLEUTEL, met_kvk=True)
    assert list(data.columns) == ["aanvraagnummer", "kvk_nummer"]
    assert data["kvk_nummer"].tolist() == ["00112648"]
    assert weg == ("naam", "email")


def test_a_short_key_and_an_unknown_profile_are_refused() -> None:
    df = lees(RONDE_2008)
    with pytest.raises(InvoerFout, match="te kort"):
        pas_toe("onderzoeker", df, [], [], [], sleutel=b"kort")
    with pytest.raises(InvoerFout, match="Onbekend profiel"):
        pas_toe("iedereen", df, [], [], [])


def test_unknown_columns_are_named() -> None:
    df = pd.DataFrame({"aanvraagnummer": ["1"], "opmerking": ["vrije tekst"]})
    assert pas_toe("onderzoeker", df, [], [], [], sleutel=SLEUTEL).onbekend == ("opmerking",)


# --- public: the figures of 2008 -----------------------------------------------------------------------------------


def test_public_has_no_micro_data_and_no_identifying_variable(publiek_2008: Levering) -> None:
    assert publiek_2008.data is None
    assert "kvk_nummer" not in [regel.variabele for regel in publiek_2008.codeboek]
    assert publiek_2008.weggelaten == ()


def test_t4_3_merges_the_rows_of_adapted(publiek_2008: Levering) -> None:
    tabel = next(tabel for tabel in publiek_2008.tabellen if tabel.code == "T4.3")
    assert [rij.code for rij in tabel.rijen] == ["zelfde", "aangepast", "niet", "basis"]
    assert [
        (tabel.cel("aangepast", f"{groep}_n").waarde, tabel.basis[groep]) for groep in ("ingeloot", "uitgeloot")
    ] == [
        (25, 49),
        (20, 60),
    ]
    rijen = ("kleiner", "later", "minder_extern")
    assert sdc(publiek_2008, "T4.3") == [
        f"{rij}|{blok}" for rij in rijen for blok in ("ingeloot", "uitgeloot", "verschil")
    ]
    later = zoek(publiek_2008.records, "T4.3", "later", "verschil_pp", "verschil").als_dict()
    assert [later[veld] for veld in ("waarde", "x", "bi", "p", "n")] == [None, None, None, None, 109]
    assert zoek(publiek_2008.records, "T4.3", "niet", "aandeel", "uitgeloot").x == 40


def test_small_cells_are_hidden_and_zero_is_not(publiek_2008: Levering) -> None:
    verborgen = sdc(publiek_2008, "T2.2")
    assert "bouw|ingeloot" in verborgen  # 3 of 77
    assert "bouw|totaal" in verborgen  # 9 of 265
    assert "bouw|dossiersteekproef" not in verborgen  # 0 of 41
    assert "industrie|ingeloot" not in verborgen
    assert "slimmer_werken|ingeloot" in sdc(publiek_2008, "T2.6")  # 73 of 77: the other 4 stand out
    assert sdc(publiek_2008, "T2.1") == []


@pytest.mark.parametrize("naam", [RONDE_2008, RONDE_2011, RONDE_2013])
def test_no_small_number_is_left_in_tables_or_records(naam: str) -> None:
    levering = openbaar(lees(naam))
    for tabel in levering.tabellen:
        for rij in tabel.rijen:
            for kolom, cel in zip(tabel.kolommen, rij.cellen, strict=True):
                if kolom.groep:
                    assert not any(0 < (getal or 0) < 10 for getal in (cel.x, cel.n)), (
                        tabel.code,
                        rij.code,
                        kolom.code,
                    )
                assert not (cel.onderdrukt and cel.waarde is not None)
    assert [r for r in levering.records if r.tabel != "SDC" and any(0 < (g or 0) < 10 for g in (r.x, r.n))] == []


def test_suppressed_records_and_cells_are_the_same(publiek_2008: Levering) -> None:
    for tabel in publiek_2008.tabellen:
        leeg = {
            f"{r.rij}|{r.blok}"
            for r in publiek_2008.records
            if r.tabel == tabel.code and r.maat == "aandeel" and r.x is None
        }
        assert leeg <= set(sdc(publiek_2008, tabel.code))
        gewist = {
            f"{rij.code}|{kolom.groep}"
            for rij in tabel.rijen
            for kolom, cel in zip(tabel.kolommen, rij.cellen, strict=True)
            if cel.onderdrukt
        }
        weg = {cel for cel in sdc(publiek_2008, tabel.code) if cel.split("|")[0] in tabel.samenvoegen}
        assert gewist == set(sdc(publiek_2008, tabel.code)) - weg


# --- public: an attack that knows everything that is published -----------------------------------------------------


def kleinste_breedte(tabel: Tabel) -> float:
    """The narrowest range that an attacker can give a hidden count of T2.2-T2.5, from the published cells only."""
    blokken = [blok for blok in ("totaal", "ingeloot", "uitgeloot", "afgewezen") if blok in tabel.basis]
    rijen = [rij.code for rij in tabel.rijen]
    plek = {(rij, blok): nummer for nummer, (rij, blok) in enumerate((r, b) for r in rijen for b in blokken)}
    vast = {
        cel: tabel.cel(cel[0], f"{cel[1]}_n").waarde for cel in plek if not tabel.cel(cel[0], f"{cel[1]}_n").onderdrukt
    }
    gelijk = []
    for rij in rijen:
        som = np.zeros(len(plek))
        for blok in blokken:
            som[plek[rij, blok]] = -1 if blok == "totaal" else 1
        gelijk.append(som)
    for blok in blokken:
        som = np.zeros(len(plek))
        for rij in tabel.rijen:
            som[plek[rij.code, blok]] = -1 if rij.is_basis else 1
        gelijk.append(som)
    grenzen = [(vast[cel], vast[cel]) if cel in vast else (0, None) for cel in plek]
    breedtes = [np.inf]
    for cel in plek:
        if cel not in vast:
            doel = np.zeros(len(plek))
            doel[plek[cel]] = 1
            laag = linprog(doel, A_eq=gelijk, b_eq=np.zeros(len(gelijk)), bounds=grenzen)
            hoog = linprog(-doel, A_eq=gelijk, b_eq=np.zeros(len(gelijk)), bounds=grenzen)
            breedtes.append(-hoog.fun - laag.fun if laag.status == hoog.status == 0 else np.inf)
    return min(breedtes)


@pytest.mark.parametrize("naam", [RONDE_2008, RONDE_2011, RONDE_2013])
def test_hidden_counts_cannot_be_narrowed(naam: str) -> None:
    levering = openbaar(lees(naam))
    onderzocht = [tabel for tabel in levering.tabellen if tabel.code in ("T2.2", "T2.3", "T2.4", "T2.5")]
    assert len(onderzocht) >= 2
    for tabel in onderzocht:
        assert kleinste_breedte(tabel) >= 10 - 1e-6, tabel.code


tabelaantallen = st.lists(
    st.tuples(st.integers(0, 40), st.integers(0, 40), st.sampled_from([0, 0, 3, 25])), min_size=2, max_size=5
)


@settings(max_examples=40, deadline=None)
@given(tabelaantallen)
def test_hidden_counts_cannot_be_narrowed_in_any_table(aantallen: list[tuple[int, int, int]]) -> None:
    rijen = [
        (f"sector {nummer}", groep)
        for nummer, rij in enumerate(aantallen)
        for groep, aantal in zip(("ingeloot", "uitgeloot", "afgewezen"), rij, strict=True)
        for _ in range(aantal)
    ]
    df = pd.DataFrame(rijen, columns=["sector", "groep"], dtype=object)
    levering = openbaar(df)
    for tabel in levering.tabellen:
        if tabel.code == "T2.2":
            assert kleinste_breedte(tabel) >= 10 - 1e-6
    assert [r for r in levering.records if r.tabel != "SDC" and any(0 < (g or 0) < 10 for g in (r.x, r.n))] == []


def test_a_small_group_is_hidden_in_every_table_together_with_another() -> None:
    assert verborgen_groepen({"totaal": 100, "ingeloot": 60, "uitgeloot": 35, "afgewezen": 5}, Regels()) == {
        "afgewezen",
        "uitgeloot",
    }
    assert verborgen_groepen({"totaal": 100, "ingeloot": 60, "uitgeloot": 40, "afgewezen": 0}, Regels()) == set()
    assert verborgen_groepen({"totaal": 8, "ingeloot": 8, "uitgeloot": 0, "afgewezen": 0}, Regels()) == {
        "totaal",
        "ingeloot",
        "uitgeloot",
        "afgewezen",
    }
    # 5 + 7 = 12 hidden, and with 7 rows without an outcome instead: wide enough either way
    assert verborgen_groepen({"totaal": 12, "ingeloot": 5, "uitgeloot": 7}, Regels()) == {"ingeloot", "uitgeloot"}
    assert verborgen_groepen({"totaal": 12, "ingeloot": 5, "uitgeloot": 0}, Regels()) == {"ingeloot"}
    # one group with 4 others: the sum of the two is published, so the large one goes too
    assert verborgen_groepen({"totaal": 44, "ingeloot": 40, "uitgeloot": 4}, Regels()) == {"ingeloot", "uitgeloot"}


def test_one_category_that_holds_everybody_cannot_be_protected() -> None:
    df = pd.DataFrame({"groep": ["ingeloot"] * 20 + ["uitgeloot"] * 30, "sector": "Zorg"})
    levering = openbaar(df)
    assert [weg.code for weg in levering.weggelaten if weg.reden.startswith("In de openbare versie")] == ["T2.2"]
    assert [record for record in levering.records if record.tabel == "T2.2"] == []
    assert "zorg|ingeloot" in sdc(levering, "T2.2")


def test_an_amount_of_one_dominant_applicant_is_hidden() -> None:
    def t21(bedragen: list[int]) -> list[str]:
        df = pd.DataFrame({"status": "toegekend", "toegekend_bedrag": bedragen, "gevraagd_bedrag": 100})
        tabellen, records, _ = maak_tabellen(df, ronde(plafond=Decimal(10_000)))
        _, verborgen = onderdruk(tabellen[0], Regels())
        return sorted(blok for _, blok in verborgen)

    assert t21([100] * 20) == []
    assert t21([100] * 20 + [2001]) == ["ingeloot"]  # over 50 %
    assert t21([1000, 1000] + [5] * 18) == ["ingeloot"]  # the second knows the largest within 10 %


def test_records_of_an_open_table_stay_as_they_were() -> None:
    tabellen, records, weggelaten = maak_tabellen(lees(RONDE_2011), ronde())
    levering = pas_toe("openbaar", lees(RONDE_2011), tabellen, records, weggelaten)

    def van(bron: list[Record] | tuple[Record, ...]) -> list[Record]:
        return [record for record in bron if record.tabel == "T2.2"]

    assert van(levering.records) == van(records)
    assert sdc(levering, "T2.2") == []
