"""Legal terms (R9, R20, R24, R48-R52, T1-T4): tables from the law notes and properties that hold for every date."""

from __future__ import annotations

import json
from datetime import date, datetime, timedelta
from typing import Any

import pytest
from dateutil.easter import easter
from django.core.management import CommandError, call_command
from hypothesis import given
from hypothesis import strategies as st

from kern.feestdagen import (
    datum_tekst,
    drempeldag,
    feestdagen,
    is_werkdag,
    kalender_waarschuwing,
    pasen,
    reden_vrij,
    schuif_door,
    werkdagen_erbij,
)
from kern.fouten import InvoerFout
from kern.management.commands.termijn import Command
from kern.termijnen import Duur, Opschorting, Termijn, Termijnuitkomst, Verdaging, bereken, lees_duur


def d(tekst: str) -> date:
    return date.fromisoformat(tekst)


def reken(start: str, duur: str, niveau: Any = "wet", **rest: Any) -> Termijnuitkomst:
    return bereken(Termijn(d(start), lees_duur(duur), niveau, **rest))


# --- Calendar ---------------------------------------------------------------------------------------------------

R50 = {
    2026: "01-01 01-02 04-03 04-06 04-27 05-05 05-14 05-15 05-25 12-25 12-26",
    2027: "01-01 03-26 03-29 04-27 05-05 05-06 05-07 05-17 12-25 12-26",
    2028: "01-01 04-14 04-17 04-27 04-28 05-05 05-25 05-26 06-05 12-25 12-26",
    2029: "01-01 03-30 04-02 04-27 05-05 05-10 05-21 12-25 12-26",
}


@pytest.mark.parametrize(("jaar", "dagen"), R50.items())
def test_feestdagen_per_jaar_r50(jaar: int, dagen: str) -> None:
    assert list(feestdagen(jaar)) == [d(f"{jaar}-{dag}") for dag in dagen.split()]


def test_gelijkgestelde_dagen_noemen_hun_besluit_t2() -> None:
    dagen = (
        "2023-04-28 2023-05-19 2024-05-10 2024-12-27 2025-05-30 2026-01-02 2026-05-15 2027-05-07 2028-04-28 2028-05-26"
    )
    gevonden = [str(dag) for jaar in range(2023, 2029) for dag, naam in feestdagen(jaar).items() if "Besluit" in naam]
    assert gevonden == dagen.split()


@pytest.mark.parametrize("jaar", range(2000, 2031))
def test_vijf_mei_telt_elk_jaar_t1(jaar: int) -> None:
    assert "Bevrijdingsdag" in reden_vrij(date(jaar, 5, 5))


@pytest.mark.parametrize(
    ("dag", "naam"),
    [
        ("2024-04-27", "Koningsdag"),
        ("2025-04-26", "Koningsdag"),  # 27 April 2025 is a Sunday
        ("2025-04-27", "zondag"),
        ("2014-04-26", "Koningsdag"),
        ("2013-04-30", "Koninginnedag"),
        ("2006-04-29", "Koninginnedag"),  # 30 April 2006 is a Sunday
        ("2014-04-30", ""),
        ("2008-05-01", "Hemelvaartsdag"),
        ("2016-05-05", "Bevrijdingsdag en Hemelvaartsdag"),
        ("2027-12-26", "Tweede Kerstdag"),
        ("2026-04-05", "zondag"),  # Easter Sunday itself is simply a Sunday
    ],
)
def test_naam_van_de_vrije_dag(dag: str, naam: str) -> None:
    assert reden_vrij(d(dag)) == naam
    assert is_werkdag(d(dag)) == (naam == "")


def test_pasen_is_gelijk_aan_een_andere_berekening() -> None:
    jaren = range(1583, 4100)
    assert [pasen(jaar) for jaar in jaren] == [easter(jaar) for jaar in jaren]


@pytest.mark.parametrize(
    ("dag", "verwacht"),
    [
        ("2026-01-01", "2026-01-05"),  # R51
        ("2026-04-03", "2026-04-07"),
        ("2027-05-05", "2027-05-10"),
        ("2025-05-29", "2025-06-02"),  # T3: the published answer 2025-05-30 is wrong
        ("2026-05-18", "2026-05-18"),
    ],
)
def test_doorschuiven_r51_t3(dag: str, verwacht: str) -> None:
    assert schuif_door(d(dag)) == d(verwacht)


@pytest.mark.parametrize(
    ("dag", "aantal", "verwacht"),
    [
        ("2026-04-02", 0, "2026-04-02"),
        ("2026-04-02", 1, "2026-04-07"),
        ("2026-04-02", 5, "2026-04-13"),
        ("2026-04-04", 1, "2026-04-07"),
        ("2026-11-20", 5, "2026-11-27"),
        ("2026-12-23", 2, "2026-12-28"),
    ],
)
def test_werkdagen_erbij(dag: str, aantal: int, verwacht: str) -> None:
    assert werkdagen_erbij(d(dag), aantal) == d(verwacht)


def test_drempel_is_vijf_werkdagen_na_t0() -> None:
    assert drempeldag(d("2026-05-13")) == d("2026-05-22")


def test_negatief_aantal_werkdagen_wordt_geweigerd() -> None:
    with pytest.raises(InvoerFout, match="niet negatief"):
        werkdagen_erbij(d("2026-01-05"), -1)


@pytest.mark.parametrize(
    ("jaren", "genoemd"),
    [((2026, 2028), ""), ((2029,), "2029"), ((2028, 2029, 2021), "2021 en 2029"), ((2011,), "2011")],
)
def test_waarschuwing_waar_de_tabel_ophoudt(jaren: tuple[int, ...], genoemd: str) -> None:
    tekst = kalender_waarschuwing(*(date(jaar, 6, 1) for jaar in jaren))
    assert tekst.startswith(f"Let op: voor {genoemd} is niet bekend") if genoemd else tekst == ""


def test_datum_in_woorden() -> None:
    assert datum_tekst(d("2026-04-03")) == "3 april 2026"
    assert datum_tekst(d("2026-04-03"), weekdag=True) == "vrijdag 3 april 2026"


# --- Terms ------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("start", "duur", "ongerold", "laatste"),
    [
        ("2026-04-03", "6w", "2026-05-15", "2026-05-18"),  # R20, objection
        ("2026-03-24", "6w", "2026-05-05", "2026-05-06"),
        ("2026-11-13", "6w", "2026-12-25", "2026-12-28"),
        ("2026-03-20", "8w", "2026-05-15", "2026-05-18"),  # R51, decision
        ("2026-10-31", "8w", "2026-12-26", "2026-12-28"),
        ("2026-03-20", "56d", "2026-05-15", "2026-05-18"),  # R9: 8 weeks = 56 days
        ("2026-01-31", "1m", "2026-02-28", "2026-03-02"),  # month clamps to the last day, a Saturday
        ("2028-01-31", "1m", "2028-02-29", "2028-02-29"),
        ("2026-02-28", "1m", "2026-03-28", "2026-03-30"),  # not the end of the month: the same day number
        ("2026-11-30", "3m", "2027-02-28", "2027-03-01"),
    ],
)
def test_wettelijke_termijn(start: str, duur: str, ongerold: str, laatste: str) -> None:
    uitkomst = reken(start, duur)
    assert (uitkomst.ongerold, uitkomst.laatste_dag, uitkomst.awt) == (d(ongerold), d(laatste), True)
    assert uitkomst.doorgeschoven == (ongerold != laatste)
    assert uitkomst.eerste_dag == d(start) + timedelta(days=1)


@pytest.mark.parametrize("niveau", ["wet", "amvb"])
@pytest.mark.parametrize(
    ("start", "duur", "awt"),
    [
        ("2026-02-07", "84d", True),
        ("2026-02-01", "90d", True),
        ("2026-01-31", "91d", False),
        ("2026-02-07", "12w", True),
        ("2026-01-31", "13w", False),  # R51: Saturday 2 May 2026 stays
        ("2026-01-31", "22w", False),
        ("2026-02-02", "3m", True),
        ("2026-01-02", "4m", False),
        ("2026-01-31", "1j", False),
    ],
)
def test_grenzen_van_artikel_4(niveau: Any, start: str, duur: str, awt: bool) -> None:
    uitkomst = reken(start, duur, niveau)
    assert uitkomst.awt == awt
    assert is_werkdag(uitkomst.laatste_dag) or not awt
    assert uitkomst.laatste_dag == (schuif_door(uitkomst.ongerold) if awt else uitkomst.ongerold)


def test_dertien_weken_blijft_op_zaterdag() -> None:
    uitkomst = reken("2026-01-31", "13w")
    assert (uitkomst.laatste_dag, uitkomst.awt) == (d("2026-05-02"), False)
    assert uitkomst.stappen == (
        "De termijn begint op zondag 1 februari 2026. Dat is de dag na zaterdag 31 januari 2026.",
        "De termijn duurt 13 weken. De laatste dag is dan zaterdag 2 mei 2026.",
        "De Algemene termijnenwet geldt niet voor deze termijn, want een termijn van 13 weken is te lang. "
        "De grens is 90 dagen, 12 weken of 3 maanden (artikel 4, onder a).",
        "De laatste dag van de termijn is zaterdag 2 mei 2026.",
    )


@pytest.mark.parametrize("niveau", ["regeling", "besluit"])
def test_regeling_en_brief_rollen_alleen_als_de_regeling_dat_wil_t4(niveau: Any) -> None:
    vast = reken("2026-04-03", "6w", niveau)
    assert (vast.laatste_dag, vast.awt, vast.doorgeschoven) == (d("2026-05-15"), False, False)
    gunst = reken("2026-04-03", "6w", niveau, doorschuiven=True)
    assert (gunst.laatste_dag, gunst.awt, gunst.doorgeschoven) == (d("2026-05-18"), False, True)
    assert "in het voordeel van de aanvrager" in gunst.uitleg


def test_opt_in_verandert_een_wettelijke_termijn_niet() -> None:
    assert reken("2026-01-31", "13w", doorschuiven=True) == reken("2026-01-31", "13w")
    assert reken("2026-04-03", "6w", doorschuiven=True) == reken("2026-04-03", "6w")


def test_dwangsomdagen_rollen_niet_t4() -> None:
    uitkomst = reken("2026-04-03", "42d", awt_uitgesloten="artikel 4:17, eerste lid, van de Awb")
    assert (uitkomst.laatste_dag, uitkomst.awt) == (d("2026-05-15"), False)
    assert "Dat staat in artikel 4:17, eerste lid, van de Awb." in uitkomst.uitleg


@pytest.mark.parametrize(
    ("start", "duur", "laatste"),
    [("2026-05-25", "10d", "2026-05-15"), ("2026-03-31", "1m", "2026-02-28"), ("2026-05-18", "2w", "2026-05-04")],
)
def test_terugrekenen_rolt_niet(start: str, duur: str, laatste: str) -> None:
    uitkomst = reken(start, duur, terugrekenend=True)
    assert (uitkomst.laatste_dag, uitkomst.awt) == (d(laatste), False)
    assert "artikel 1, tweede lid" in uitkomst.uitleg


@pytest.mark.parametrize(
    ("start", "duur", "laatste"),
    [
        ("2026-12-24", "3d", "2026-12-29"),  # 25-28 Dec hold one working day, so Tuesday is added
        ("2026-12-24", "2d", "2026-12-28"),  # less than 3 days: only the roll
        ("2026-12-24", "4d", "2026-12-29"),
        ("2026-05-13", "3d", "2026-05-19"),  # Ascension, par day, weekend: Monday and Tuesday
        ("2026-05-13", "1w", "2026-05-20"),
        ("2026-06-01", "3d", "2026-06-04"),
        ("2026-06-04", "3d", "2026-06-08"),  # Friday and Monday are two working days
        ("2026-06-05", "3d", "2026-06-09"),  # Monday alone is not enough
    ],
)
def test_twee_werkdagen_artikel_2(start: str, duur: str, laatste: str) -> None:
    assert reken(start, duur).laatste_dag == d(laatste)


def test_artikel_2_telt_opgeschorte_werkdagen_niet_mee() -> None:
    stil = (Opschorting(d("2026-06-02"), d("2026-06-04")),)
    assert reken("2026-06-01", "3d", opschortingen=stil).laatste_dag == d("2026-06-08")


@pytest.mark.parametrize(
    ("periodes", "laatste", "ongerold"),
    [
        ([("2026-04-02", "2026-04-16")], "2026-05-29", "2026-05-29"),  # 14 days, R5
        ([("2026-04-02", "2026-04-03")], "2026-05-18", "2026-05-16"),  # one day
        ([("2026-04-02", "2026-04-02")], "2026-05-18", "2026-05-15"),  # nothing
        (
            [("2026-04-02", "2026-04-09"), ("2026-04-05", "2026-04-16")],
            "2026-05-29",
            "2026-05-29",
        ),  # overlap counts once
        ([("2026-04-09", "2026-04-16"), ("2026-04-02", "2026-04-09")], "2026-05-29", "2026-05-29"),  # any order
        ([("2026-03-10", "2026-03-23")], "2026-05-18", "2026-05-17"),  # only the days inside the term: 21 and 22 March
        ([("2026-05-20", "2026-06-20")], "2026-05-18", "2026-05-15"),  # after the term: no effect
        ([("2026-05-17", "2026-05-24")], "2026-05-26", "2026-05-23"),  # after the unrolled end, before the rolled end
        (
            [("2026-04-02", "2026-04-16"), ("2026-05-20", "2026-05-27")],
            "2026-06-05",
            "2026-06-05",
        ),  # the first makes room
    ],
)
def test_opschorting(periodes: list[tuple[str, str]], laatste: str, ongerold: str) -> None:
    stil = tuple(Opschorting(d(van), d(tot)) for van, tot in periodes)
    uitkomst = reken("2026-03-20", "8w", opschortingen=stil)
    assert (uitkomst.laatste_dag, uitkomst.ongerold) == (d(laatste), d(ongerold))


def test_opschorting_bij_aanvulling_loopt_tot_de_dag_van_aanvulling_r5() -> None:
    stil = Opschorting.aanvulling(gevraagd_op=d("2026-04-01"), einde=d("2026-04-16"))
    assert (stil.van, stil.tot) == (d("2026-04-02"), d("2026-04-16"))
    uitkomst = reken("2026-03-20", "8w", opschortingen=(stil,))
    assert uitkomst.stappen[2] == (
        "De termijn stond 14 dagen stil (verzoek om aanvulling, artikel 4:15 Awb): van donderdag 2 april 2026 "
        "tot en met woensdag 15 april 2026. De laatste dag is daarna vrijdag 29 mei 2026."
    )
    dezelfde_dag = Opschorting.aanvulling(gevraagd_op=d("2026-04-01"), einde=d("2026-04-01"))
    assert dezelfde_dag.van == dezelfde_dag.tot


@pytest.mark.parametrize(
    ("start", "duur", "verdaging", "ongerold", "laatste", "awt"),
    [
        ("2026-01-31", "6w", "6w", "2026-04-25", "2026-04-28", True),  # over a weekend and King's day
        ("2026-01-31", "12w", "6w", "2026-06-06", "2026-06-08", True),  # R24: the sums are separate terms
        ("2026-01-31", "8w", "13w", "2026-06-27", "2026-06-27", False),  # the last part decides
        ("2026-01-31", "13w", "6w", "2026-06-13", "2026-06-15", True),
        ("2026-01-31", "1m", "1m", "2026-03-28", "2026-03-30", True),
    ],
)
def test_verdaging(start: str, duur: str, verdaging: str, ongerold: str, laatste: str, awt: bool) -> None:
    uitkomst = reken(start, duur, verdagingen=(Verdaging(lees_duur(verdaging), "artikel 7:10, derde lid, Awb"),))
    assert (uitkomst.ongerold, uitkomst.laatste_dag, uitkomst.awt) == (d(ongerold), d(laatste), awt)
    assert "(artikel 7:10, derde lid, Awb)" in uitkomst.uitleg


def test_uitleg_noemt_elke_vrije_dag() -> None:
    assert reken("2026-10-31", "8w").stappen[-2:] == (
        "De laatste dag schuift door naar de eerste werkdag (artikel 1, eerste lid). Geen werkdag zijn: "
        "26 december 2026: Tweede Kerstdag; 27 december 2026: zondag.",
        "De laatste dag van de termijn is maandag 28 december 2026.",
    )
    assert reken("2026-01-31", "1m").stappen[2] == (
        "De maand februari 2026 heeft geen dag 31. Daarom telt de laatste dag van die maand."
    )


def test_waarschuwing_in_de_uitkomst_t2() -> None:
    assert reken("2028-10-20", "8w").waarschuwing == ""
    laat = reken("2028-11-17", "8w")
    assert laat.waarschuwing.startswith("Let op: voor 2029")
    assert laat.uitleg.endswith(laat.waarschuwing)
    assert reken("2028-11-17", "8w", "besluit").waarschuwing == ""  # nothing rolls, so no table is needed


# --- Refusals ---------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "tekst", ["", "8", "w", "0w", "8x", "8 w", "-8w", "8.5w", "8W", "٨w", "100000d", "99999w", "48u"]
)
def test_duur_wordt_geweigerd(tekst: str) -> None:
    with pytest.raises(InvoerFout):
        lees_duur(tekst)


@pytest.mark.parametrize("tekst", ["8w", "28d", "6m", "2j", "1d"])
def test_duur_heen_en_terug(tekst: str) -> None:
    assert str(lees_duur(tekst)) == tekst


def test_duur_in_woorden() -> None:
    woorden = [lees_duur(tekst).in_woorden() for tekst in ("1d", "28d", "1w", "8w", "1m", "6m", "1j", "2j")]
    assert woorden == ["1 dag", "28 dagen", "1 week", "8 weken", "1 maand", "6 maanden", "1 jaar", "2 jaar"]


def test_onmogelijke_termijnen_worden_geweigerd() -> None:
    start, duur = d("2026-01-01"), lees_duur("8w")
    with pytest.raises(InvoerFout, match="niveau"):
        Termijn(start, duur, "verordening")  # type: ignore[arg-type]  # wrong on purpose
    with pytest.raises(InvoerFout, match="terugrekent"):
        Termijn(start, duur, "wet", terugrekenend=True, verdagingen=(Verdaging(duur),))
    with pytest.raises(InvoerFout, match="eindigt voordat"):
        Opschorting(start, d("2025-12-31"))
    with pytest.raises(InvoerFout, match="jaar 9999"):
        Termijn(d("9999-12-31"), duur, "wet")
    with pytest.raises(InvoerFout, match="eenheid"):
        Duur(3, "u")  # type: ignore[arg-type]  # wrong on purpose
    with pytest.raises(TypeError, match="local date"):
        Termijn(datetime(2026, 1, 1, 23, 30), duur, "wet")


# --- Properties -------------------------------------------------------------------------------------------------

DAGEN = st.dates(date(2000, 1, 1), date(2100, 12, 31))
DUREN = st.one_of(
    st.integers(1, 200).map(lambda n: Duur(n, "d")),
    st.integers(1, 40).map(lambda n: Duur(n, "w")),
    st.integers(1, 30).map(lambda n: Duur(n, "m")),
)
NIVEAUS = st.sampled_from(["wet", "amvb", "regeling", "besluit"])


@given(DAGEN, DUREN, NIVEAUS)
def test_eigenschappen_van_elke_termijn(start: date, duur: Duur, niveau: Any) -> None:
    uitkomst = bereken(Termijn(start, duur, niveau))
    assert start < uitkomst.ongerold <= uitkomst.laatste_dag
    if not uitkomst.awt:
        assert uitkomst.laatste_dag == uitkomst.ongerold
        return
    assert is_werkdag(uitkomst.laatste_dag)
    assert uitkomst.laatste_dag - uitkomst.ongerold <= timedelta(days=10)
    dagen = [start + timedelta(days=i) for i in range(1, (uitkomst.laatste_dag - start).days + 1)]
    if duur.eenheid != "d" or duur.lengte >= 3:
        assert sum(map(is_werkdag, dagen)) >= 2
    # Never one day more than the law needs: no working day between the unrolled and the final end but by article 2.
    tussen = [dag for dag in dagen if uitkomst.ongerold <= dag < uitkomst.laatste_dag and is_werkdag(dag)]
    assert not tussen or sum(map(is_werkdag, dagen)) == 2


@given(DAGEN, st.integers(1, 24))
def test_maanden_houden_het_dagnummer_of_de_laatste_dag(start: date, maanden: int) -> None:
    einde = bereken(Termijn(start, Duur(maanden, "m"), "besluit")).laatste_dag
    assert (einde.year - start.year) * 12 + einde.month - start.month == maanden
    assert einde.day == start.day or (einde.day < start.day and (einde + timedelta(days=1)).day == 1)


@given(DAGEN, DUREN, st.integers(0, 60), st.integers(0, 60))
def test_opschorting_schuift_precies_haar_dagen_op(start: date, duur: Duur, na: int, dagen: int) -> None:
    zonder = bereken(Termijn(start, duur, "besluit")).laatste_dag
    van = start + timedelta(days=1 + na)
    met = bereken(Termijn(start, duur, "besluit", opschortingen=(Opschorting(van, van + timedelta(days=dagen)),)))
    assert met.laatste_dag == zonder + timedelta(days=dagen if van <= zonder else 0)


@given(DAGEN, st.integers(1, 60), st.integers(1, 60))
def test_werkdagen_tellen_op(dag: date, a: int, b: int) -> None:
    assert werkdagen_erbij(werkdagen_erbij(dag, a), b) == werkdagen_erbij(dag, a + b)
    einde = werkdagen_erbij(dag, a)
    assert sum(is_werkdag(dag + timedelta(days=i)) for i in range(1, (einde - dag).days + 1)) == a


# --- Command ----------------------------------------------------------------------------------------------------


def test_commando_geeft_json_volgens_het_contract(capsys: pytest.CaptureFixture[str]) -> None:
    call_command(Command(), "--start", "2026-04-03", "--duur", "6w", "--niveau", "wet", "--json")
    uitvoer = json.loads(capsys.readouterr().out)
    assert uitvoer == reken("2026-04-03", "6w").als_dict()
    assert (uitvoer["laatste_dag"], uitvoer["ongerold"], uitvoer["awt"]) == ("2026-05-18", "2026-05-15", True)


def test_commando_legt_uit_en_waarschuwt(capsys: pytest.CaptureFixture[str]) -> None:
    argumenten = ["--start", "2028-11-17", "--duur", "8w", "--niveau", "wet", "--verdaging", "6w"]
    call_command(Command(), *argumenten, "--opschorting", "2028-12-01:2028-12-08")
    uit, fout = capsys.readouterr()
    stil = (Opschorting(d("2028-12-01"), d("2028-12-08")),)
    verwacht = reken("2028-11-17", "8w", opschortingen=stil, verdagingen=(Verdaging(lees_duur("6w")),))
    kop = f"Laatste dag: {datum_tekst(verwacht.laatste_dag, weekdag=True)} ({verwacht.laatste_dag})"
    assert uit.splitlines() == [kop, *(f"- {stap}" for stap in verwacht.stappen)]
    assert fout.strip() == verwacht.waarschuwing


@pytest.mark.parametrize(
    "argumenten",
    [
        [],
        ["--start", "2026-02-30", "--duur", "8w", "--niveau", "wet"],
        ["--start", "2026-02-03", "--duur", "8x", "--niveau", "wet"],
        ["--start", "2026-02-03", "--duur", "8w", "--niveau", "verordening"],
        ["--start", "9999-12-31", "--duur", "8w", "--niveau", "wet"],
        ["--start", "2026-02-03", "--duur", "8w", "--niveau", "wet", "--opschorting", "2026-02-04"],
    ],
)
def test_commando_verkeerd_gebruik_is_exitcode_2(argumenten: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as einde:
        Command().run_from_argv(["manage.py", "termijn", *argumenten])
    assert einde.value.code == 2
    assert capsys.readouterr().out == ""


def test_commando_tegenstrijdige_opties_is_exitcode_2() -> None:
    argumenten = ["--start", "2026-02-03", "--duur", "8w", "--niveau", "wet", "--terug", "--verdaging", "6w"]
    with pytest.raises(CommandError, match="terugrekent") as fout:
        call_command(Command(), *argumenten)
    assert fout.value.returncode == 2
