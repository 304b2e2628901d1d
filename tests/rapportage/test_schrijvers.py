"""The files: read back with other programs, no formulas, and never half a file."""

from __future__ import annotations

import csv
import io
import json
import resource
import stat
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, date, datetime
from pathlib import Path
from xml.etree import ElementTree

import openpyxl
import pandas as pd
import pytest
from odf.opendocument import load
from odf.table import Table, TableCell, TableRow
from odf.teletype import extractText
from odf.text import P
from openpyxl.worksheet.worksheet import Worksheet

from kern.fouten import DomeinFout
from rapportage import canoniek
from rapportage.profielen import GEEN_DATA
from rapportage.schrijvers import Pakket, SchrijfFout, csvmap, ods, xlsx
from rapportage.werkmap import Exportuitslag, maak_export
from tests.rapportage.hulp import RONDE_2008, RONDE_2013, context, lees, ronde

BLADEN = ["leesmij", "codeboek", "data"] + [
    f"tabel_{code}" for code in (["T2.1", "T2.2", "T2.3", "T2.4", "T2.5", "T2.6", "T4.3"])
]
LASTIG = [
    '=HYPERLINK("http://x")',
    "+1",
    "-1",
    "@SUM(A1)",
    "\tx",
    "\rx",
    "a\nb",
    "  twee  spaties ",
    "<b>&'\"",
    "_x0041_",
    "00123",
    "1e5",
    "http://x.nl",
    "\x01\x0b",
]


@pytest.fixture(scope="module")
def exports(tmp_path_factory: pytest.TempPathFactory) -> dict[tuple[str, str], tuple[Path, Exportuitslag]]:
    """Every profile and format of the 2008 round."""
    map_ = tmp_path_factory.mktemp("export")
    uit = {}
    for profiel in ("onderzoeker", "openbaar"):
        for formaat in ("xlsx", "ods", "csv"):
            pad = map_ / f"{profiel}.{formaat}"
            uitslag = maak_export(
                lees(RONDE_2008), ronde(), profiel=profiel, formaat=formaat, uit=pad, resultaten=None, context=context()
            )
            uit[profiel, formaat] = (pad, uitslag)
    return uit


def pakket(data: pd.DataFrame) -> Pakket:
    manifest = {"gemaakt": {"moment": "2026-11-21T12:00:00+00:00"}, "momentopname": "ab"}
    return Pakket(ronde(), "onderzoeker", data, GEEN_DATA, (), (), (("Kop", ""), ("=1+1", "=2+2")), manifest)


def cellen(blad: Worksheet) -> dict[str, object]:
    return {cel.coordinate: cel.value for rij in blad.iter_rows() for cel in rij if cel.value is not None}


def rij_met(blad: Worksheet, label: str) -> list[object]:
    """The row of the table; the data block of a chart below it has the same labels."""
    return list(next(rij for rij in blad.iter_rows(values_only=True) if rij[0] == label))


# --- xlsx ----------------------------------------------------------------------------------------------------------


def test_xlsx_sheets_and_no_formula_anywhere(exports) -> None:
    for profiel in ("onderzoeker", "openbaar"):
        pad, _ = exports[profiel, "xlsx"]
        boek = openpyxl.load_workbook(pad)
        assert boek.sheetnames == BLADEN
        assert [
            cel.coordinate for blad in boek for rij in blad.iter_rows() for cel in rij if cel.data_type == "f"
        ] == []
        with zipfile.ZipFile(pad) as zip_:
            bladen = [naam for naam in zip_.namelist() if naam.startswith("xl/worksheets/sheet")]
            assert [naam for naam in bladen if b"<f>" in zip_.read(naam)] == []


def test_xlsx_data_is_what_was_delivered(exports) -> None:
    pad, uitslag = exports["onderzoeker", "xlsx"]
    blad = openpyxl.load_workbook(pad)["data"]
    terug = pd.DataFrame(list(blad.iter_rows(min_row=2, values_only=True)), columns=[cel.value for cel in blad[1]])
    verwacht = pd.read_csv(exports["onderzoeker", "csv"][0] / "data.csv", dtype={"sector_sbi": str})
    assert canoniek.sha256(terug) == uitslag.manifest["levering"]["data_sha256"]
    assert list(terug.columns) == list(verwacht.columns)
    kolom = list(terug.columns).index("sector_sbi")
    assert {type(rij[kolom]) for rij in blad.iter_rows(min_row=2, values_only=True)} == {str}


def test_xlsx_keeps_leading_zeros_of_kvk_as_text(tmp_path: Path) -> None:
    pad = tmp_path / "kvk.xlsx"
    ctx = context(met_kvk=True)
    maak_export(lees(RONDE_2008), ronde(), profiel="onderzoeker", formaat="xlsx", uit=pad, resultaten=None, context=ctx)
    blad = openpyxl.load_workbook(pad)["data"]
    kolom = [cel.value for cel in blad[1]].index("kvk_nummer") + 1
    nummers = [blad.cell(rij, kolom).value for rij in range(2, blad.max_row + 1)]
    assert sorted(nummers) == sorted(lees(RONDE_2008)["kvk_nummer"])
    assert all(isinstance(nummer, str) and nummer.startswith("00") for nummer in nummers)


def test_xlsx_table_cells_are_unrounded_numbers(exports) -> None:
    boek = openpyxl.load_workbook(exports["onderzoeker", "xlsx"][0])
    later = rij_met(boek["tabel_T4.3"], "w.o. later begonnen")
    assert later[1] == 9
    assert later[2] == pytest.approx(900 / 49, rel=1e-14)
    assert later[3:5] == pytest.approx([9.976341062070306, 31.357602602899874], rel=1e-12)
    assert later[5:7] == [4, pytest.approx(100 / 15)]
    assert later[9:12] == pytest.approx([11.700680272108844, -0.7946121258725944, 25.305790882913413])
    assert later[12] == pytest.approx(0.07771748399110777)
    kop = [cel.value for cel in boek["tabel_T4.3"][6]]
    assert [kop[nummer] for nummer in (0, 1, 2, 3, 5, 6, 7, 9, 10, 12)] == [
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
    band = [cel.value for cel in boek["tabel_T4.3"][5] if cel.value]
    assert band == ["Ingeloot\n(n = 49)", "Uitgeloot\n(n = 60)", "Verschil"]
    t21 = rij_met(boek["tabel_T2.1"], "ESF Actie E 2008")
    assert t21[2:11] == [
        7_000_000,
        120_000,
        265,
        24_285_000,
        pytest.approx(24.285 / 7),
        265,
        77,
        pytest.approx(7700 / 265),
        6_960_000,
    ]
    assert t21[12:] == ["-", "-"]


def test_xlsx_formats_show_nihil_and_one_decimal(exports) -> None:
    blad = openpyxl.load_workbook(exports["onderzoeker", "xlsx"][0])["tabel_T4.3"]
    rij = next(rij for rij in blad.iter_rows() if rij[0].value == "Precies zo uitgevoerd")
    assert (rij[5].value, rij[5].number_format) == (0, '#,##0;-#,##0;"-"')
    assert (rij[6].value, rij[6].number_format) == (0, '0.0;-0.0;"-"')


def test_xlsx_notes_legend_and_view(exports) -> None:
    boek = openpyxl.load_workbook(exports["onderzoeker", "xlsx"][0])
    for naam in BLADEN[3:]:
        blad = boek[naam]
        eerste = [rij[0] for rij in blad.iter_rows(values_only=True) if rij[0]]
        assert eerste[0].startswith(f"Tabel {naam.removeprefix('tabel_T')}  ")
        assert eerste[2].startswith("Peildatum: 1-3-2011. Basis: ")
        assert ". = onderdrukt (n<10), - = nihil" in eerste
        assert blad.freeze_panes == ("B6" if naam == "tabel_T2.1" else "B7")
        assert blad.page_setup.orientation == "landscape"
    assert (boek["data"].freeze_panes, boek["data"].auto_filter.ref) == ("B2", "A1:AC266")
    assert boek["leesmij"]["A1"].value == "Evaluatie ESF Actie E 2008"


def test_xlsx_charts_refer_to_cells_and_have_error_bars(exports) -> None:
    ns = {
        "c": "http://schemas.openxmlformats.org/drawingml/2006/chart",
        "a": "http://schemas.openxmlformats.org/drawingml/2006/main",
    }
    pad, _ = exports["onderzoeker", "xlsx"]
    boek = openpyxl.load_workbook(pad)
    with zipfile.ZipFile(pad) as zip_:
        namen = sorted(naam for naam in zip_.namelist() if naam.startswith("xl/charts/chart"))
        grafieken = {}
        for naam in namen:
            boom = ElementTree.fromstring(zip_.read(naam))
            titel = "".join(deel.text or "" for deel in boom.findall("./c:chart/c:title//a:t", ns))
            grafieken[titel] = boom
        beschrijvingen = [
            deel.get("descr")
            for naam in zip_.namelist()
            if naam.startswith("xl/drawings/drawing")
            for deel in ElementTree.fromstring(zip_.read(naam)).iter()
            if deel.tag.endswith("cNvPr")
        ]
    assert sorted(grafieken) == [
        "Aanvragen naar grootteklasse",
        "Aanvragen naar provincie",
        "Aanvragen naar sector",
        "Aanvragen naar thema (meer antwoorden)",
        "Wat gebeurt er zonder subsidie? Eigen opgave tegenover feitelijk",
    ]
    assert len(beschrijvingen) == 5
    assert all(tekst.startswith("Staafdiagram") for tekst in beschrijvingen)
    boom = grafieken["Wat gebeurt er zonder subsidie? Eigen opgave tegenover feitelijk"]
    assert len(boom.findall(".//c:ser/c:errBars/c:plus/c:numRef", ns)) == 2
    assen = [
        "".join(deel.text or "" for deel in as_.findall("./c:title//a:t", ns))
        for as_ in boom.iter()
        if as_.tag.endswith(("catAx", "valAx"))
    ]
    assert sorted(assen) == ["% van de respondenten, met 95%-betrouwbaarheidsinterval", "Zonder subsidie"]
    for reeks in boom.findall(".//c:ser", ns):  # the cached values are those of the cells
        verwijzing = reeks.find("./c:val/c:numRef/c:f", ns).text
        blad, bereik = verwijzing.rsplit("!", 1)
        waarden = [rij[0].value for rij in boek[blad.strip("'")][bereik.replace("$", "")]]
        cache = [float(deel.text) for deel in reeks.findall("./c:val/c:numRef/c:numCache/c:pt/c:v", ns)]
        assert cache == pytest.approx(waarden)
        assert len(cache) == 6
        assert reeks.find("./c:cat/c:strRef", ns) is not None


def test_xlsx_public_hides_cells_and_data(exports) -> None:
    pad, uitslag = exports["openbaar", "xlsx"]
    boek = openpyxl.load_workbook(pad)
    assert cellen(boek["data"]) == {"A1": GEEN_DATA}
    bouw = rij_met(boek["tabel_T2.2"], "Bouw")
    assert bouw[1:9] == [".", ".", ".", ".", ".", None, ".", "."]
    assert [rij[0] for rij in boek["tabel_T4.3"].iter_rows(min_row=7, max_row=10, values_only=True)] == [
        "Precies zo uitgevoerd",
        "Aangepast uitgevoerd",
        "Niet uitgevoerd",
        "Basis n (respondenten)",
    ]
    nummers = set(lees(RONDE_2008)["aanvraagnummer"]) | set(lees(RONDE_2008)["kvk_nummer"])
    with zipfile.ZipFile(pad) as zip_:
        alles = b"".join(zip_.read(naam) for naam in zip_.namelist()).decode("utf-8", "replace")
    assert [nummer for nummer in nummers if nummer in alles] == []
    assert uitslag.manifest["sdc"]["id"] == "openbaar-1"


# --- text that tries to be something else --------------------------------------------------------------------------


@pytest.fixture
def lastig() -> pd.DataFrame:
    return pd.DataFrame(
        {
            "aanvraagnummer": [f"A{nummer:02d}" for nummer in range(len(LASTIG))],
            "opmerking": LASTIG,
            "dag": [date(2011, 1, 2), date(1850, 1, 2)] + [None] * (len(LASTIG) - 2),
            "moment": [datetime(2011, 1, 2, 3, 4), datetime(2011, 1, 2, 3, 4, tzinfo=UTC)] + [None] * (len(LASTIG) - 2),
            "getal": [0.1 + 0.2, float("inf"), -3.0] + [None] * (len(LASTIG) - 3),
        },
    )


def test_xlsx_difficult_text(tmp_path: Path, lastig: pd.DataFrame) -> None:
    pad = tmp_path / "x.xlsx"
    xlsx.schrijf(pakket(lastig), pad)
    boek = openpyxl.load_workbook(pad)
    rijen = list(boek["data"].iter_rows(min_row=2, values_only=True))
    verwacht = [tekst.replace("\x01\x0b", "\ufffd\ufffd") for tekst in LASTIG]
    assert [rij[1].replace("_x000D_", "\r").replace("_x005F_x0041_", "_x0041_") for rij in rijen] == verwacht
    assert rijen[0][2] == datetime(2011, 1, 2)
    assert rijen[1][2] == "1850-01-02"
    assert (rijen[0][3], rijen[1][3]) == (datetime(2011, 1, 2, 3, 4), "2011-01-02T03:04:00+00:00")
    assert (rijen[0][4], rijen[1][4], rijen[2][4]) == (pytest.approx(0.3), "inf", -3)
    assert cellen(boek["leesmij"])["A2"] == "=1+1"
    assert [cel.data_type for cel in boek["leesmij"][2]] == ["s", "s"]


def test_ods_difficult_text(tmp_path: Path, lastig: pd.DataFrame) -> None:
    pad = tmp_path / "x.ods"
    ods.schrijf(pakket(lastig), pad)
    verwacht = [tekst.replace("\x01\x0b", "\ufffd\ufffd").replace("\r", "\n") for tekst in LASTIG]
    (blad,) = [deel for deel in load(pad).getElementsByType(Table) if deel.getAttribute("name") == "data"]
    gelezen = [rij.getElementsByType(TableCell)[1] for rij in blad.getElementsByType(TableRow)[1:]]
    assert ["\n".join(extractText(p) for p in cel.getElementsByType(P)) for cel in gelezen] == verwacht
    assert {cel.getAttribute("valuetype") for cel in gelezen} == {"string"}
    terug = pd.read_excel(pad, engine="odf", sheet_name="data", dtype=object)
    assert (terug["getal"][0], terug["getal"][1], terug["getal"][2]) == (0.1 + 0.2, "inf", -3)
    assert terug["moment"][1] == "2011-01-02T03:04:00+00:00"
    with zipfile.ZipFile(pad) as zip_:
        assert b"table:formula" not in zip_.read("content.xml")


def test_too_long_text_is_refused_for_excel_and_not_for_ods(tmp_path: Path) -> None:
    df = pd.DataFrame({"aanvraagnummer": ["A"], "opmerking": ["x" * 40_000]})
    with pytest.raises(SchrijfFout, match="32767 tekens"):
        xlsx.schrijf(pakket(df), tmp_path / "x.xlsx")
    assert list(tmp_path.iterdir()) == []
    ods.schrijf(pakket(df), tmp_path / "x.ods")
    assert len(pd.read_excel(tmp_path / "x.ods", engine="odf", sheet_name="data")["opmerking"][0]) == 40_000


# --- ods -----------------------------------------------------------------------------------------------------------


def test_ods_structure(exports) -> None:
    with zipfile.ZipFile(exports["onderzoeker", "ods"][0]) as zip_:
        eerste = zip_.infolist()[0]
        assert (eerste.filename, eerste.compress_type) == ("mimetype", zipfile.ZIP_STORED)
        assert zip_.read("mimetype") == b"application/vnd.oasis.opendocument.spreadsheet"
        for naam in zip_.namelist()[1:]:
            ElementTree.fromstring(zip_.read(naam))
        boom = ElementTree.fromstring(zip_.read("content.xml"))
    ns = "{urn:oasis:names:tc:opendocument:xmlns:table:1.0}"
    stijl = "{urn:oasis:names:tc:opendocument:xmlns:style:1.0}"
    assert [blad.get(f"{ns}name") for blad in boom.iter(f"{ns}table")] == BLADEN
    bekend = {deel.get(f"{stijl}name") for deel in boom.iter() if deel.get(f"{stijl}name")}
    assert {deel.get(f"{ns}style-name") for deel in boom.iter() if deel.get(f"{ns}style-name")} - bekend == set()


def test_ods_and_xlsx_hold_the_same_cells(exports) -> None:
    boek = openpyxl.load_workbook(exports["onderzoeker", "xlsx"][0])
    bladen = pd.read_excel(exports["onderzoeker", "ods"][0], engine="odf", sheet_name=None, header=None, dtype=object)
    assert list(bladen) == BLADEN
    for naam in BLADEN:
        rijen = [list(rij) for rij in boek[naam].iter_rows(values_only=True)]
        if naam.startswith("tabel_"):  # the ODS has no chart and so no data block of a chart
            blok = [nummer for nummer, rij in enumerate(rijen) if rij[0] == "Gegevens bij het diagram"]
            rijen = rijen[: blok[0]] if blok else rijen
        xls = [cel for rij in rijen for cel in rij if cel is not None]
        od = [cel for rij in bladen[naam].to_numpy().tolist() for cel in rij if not pd.isna(cel)]
        assert [type(cel) is str for cel in od] == [type(cel) is str for cel in xls], naam
        assert od == [cel if isinstance(cel, str) else pytest.approx(cel, rel=1e-14) for cel in xls], naam


def test_ods_is_byte_stable_and_keeps_text(exports, tmp_path: Path) -> None:
    pad = tmp_path / "weer.ods"
    maak_export(
        lees(RONDE_2008), ronde(), profiel="onderzoeker", formaat="ods", uit=pad, resultaten=None, context=context()
    )
    assert pad.read_bytes() == exports["onderzoeker", "ods"][0].read_bytes()
    terug = pd.read_excel(pad, engine="odf", sheet_name="data", dtype={"sector_sbi": str})
    assert terug["sector_sbi"].map(type).eq(str).all()


# --- csv -----------------------------------------------------------------------------------------------------------


def test_csv_folder(exports) -> None:
    map_, uitslag = exports["onderzoeker", "csv"]
    tabellen = [f"tabel_{tabel.code}.csv" for tabel in uitslag.tabellen]
    assert sorted(pad.name for pad in map_.iterdir()) == sorted(
        ["codeboek.csv", "data.csv", "leesmij.txt", "manifest.json", *tabellen]
    )
    data = (map_ / "data.csv").read_bytes()
    assert (b"\r" in data, data.startswith(b"\xef\xbb\xbf"), data.count(b"\n")) == (False, False, 266)
    assert json.loads((map_ / "manifest.json").read_text(encoding="utf-8")) == uitslag.manifest
    leesmij = (map_ / "leesmij.txt").read_text(encoding="utf-8")
    assert "apostrof" in leesmij
    assert "Meer antwoorden mogelijk" in leesmij


def test_csv_table_is_flat_with_a_base_per_block(exports) -> None:
    with (exports["onderzoeker", "csv"][0] / "tabel_T4.3.csv").open(encoding="utf-8", newline="") as bestand:
        rijen = {rij["rij"]: rij for rij in csv.DictReader(bestand)}
    assert rijen["later"]["Ingeloot %"] == "18.367346938775512"
    assert (rijen["later"]["Ingeloot basis n"], rijen["later"]["Uitgeloot basis n"]) == ("49", "60")
    assert (rijen["zelfde"]["Uitgeloot (feitelijk) n"], rijen["zelfde"]["Uitgeloot %"]) == ("0", "0.0")
    assert float(rijen["later"]["Verschil 95%-BI laag"]) == pytest.approx(-0.7946121258725944)
    with (exports["openbaar", "csv"][0] / "tabel_T2.2.csv").open(encoding="utf-8", newline="") as bestand:
        bouw = next(rij for rij in csv.DictReader(bestand) if rij["rij"] == "bouw")
    assert (bouw["Toegekend n"], bouw["Toegekend basis n"], bouw["Dossiers n"]) == (".", ".", "0")
    assert not (exports["openbaar", "csv"][0] / "data.csv").exists()


def test_csv_guards_text_in_tables_and_not_in_the_canonical_data(tmp_path: Path) -> None:
    df = pd.DataFrame(
        {"aanvraagnummer": ["A", "B"], "sector": ["=1+1", "@x"], "groep": "ingeloot", "opmerking": ["+x", "-y"]}
    )
    maak_export(
        df, ronde(), profiel="onderzoeker", formaat="csv", uit=tmp_path / "m", resultaten=None, context=context()
    )
    tabel = (tmp_path / "m" / "tabel_T2.2.csv").read_text(encoding="utf-8")
    assert [rij[1] for rij in csv.reader(io.StringIO(tabel))] == ["Categorie", "'=1+1", "'@x", "Totaal (basis n)"]
    data = list(csv.DictReader(io.StringIO((tmp_path / "m" / "data.csv").read_text(encoding="utf-8"))))
    assert sorted(rij["opmerking"] for rij in data) == ["+x", "-y"]
    assert csvmap.bewaakt("gewoon") == "gewoon"
    assert [csvmap.bewaakt(tekst)[0] for tekst in ("=a", "+a", "-a", "@a", "\ta", "\ra")] == ["'"] * 6


# --- whole files or none -------------------------------------------------------------------------------------------


@contextmanager
def weinig_ruimte(bytes_: int) -> Iterator[None]:
    """Make every file of this process stop at ``bytes_``, as on a full disk."""
    zacht, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (bytes_, hard))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (zacht, hard))


@pytest.mark.parametrize("formaat", ["xlsx", "ods", "csv"])
def test_a_full_disk_leaves_the_old_export(tmp_path: Path, formaat: str) -> None:
    uit = tmp_path / f"export.{formaat}"
    rest = {"profiel": "onderzoeker", "formaat": formaat, "uit": uit, "resultaten": None, "context": context()}
    maak_export(lees(RONDE_2013).head(5), ronde(), **rest)
    voor = {pad: pad.read_bytes() for pad in tmp_path.rglob("*") if pad.is_file()}
    with weinig_ruimte(4_000), pytest.raises(SchrijfFout, match="kon niet worden"):
        maak_export(lees(RONDE_2008), ronde(), **rest)
    assert {pad: pad.read_bytes() for pad in tmp_path.rglob("*") if pad.is_file()} == voor


@pytest.mark.parametrize("formaat", ["xlsx", "ods", "csv"])
def test_a_second_export_replaces_the_first(tmp_path: Path, formaat: str) -> None:
    uit = tmp_path / f"export.{formaat}"
    rest = {"profiel": "openbaar", "formaat": formaat, "uit": uit, "resultaten": None, "context": context()}
    eerste = maak_export(lees(RONDE_2008), ronde(), **rest)
    tweede = maak_export(lees(RONDE_2013), ronde(methode="rangschikking"), **rest)
    manifest = uit / "manifest.json" if formaat == "csv" else tmp_path / f"export.{formaat}.manifest.json"
    assert (
        json.loads(manifest.read_text(encoding="utf-8"))["momentopname"] == tweede.momentopname != eerste.momentopname
    )
    assert sorted(pad.name for pad in tmp_path.iterdir()) == sorted({uit.name, manifest.relative_to(tmp_path).parts[0]})
    if formaat == "csv":
        assert not (uit / "tabel_T4.3.csv").exists()


@pytest.mark.parametrize("formaat", ["xlsx", "ods", "csv"])
def test_a_missing_directory_is_refused_with_what_to_do(tmp_path: Path, formaat: str) -> None:
    (tmp_path / "bestand").write_text("x", encoding="utf-8")
    for map_ in (tmp_path / "weg", tmp_path / "bestand", Path("/proc/1")):
        with pytest.raises(SchrijfFout) as fout:
            maak_export(
                lees(RONDE_2013),
                ronde(),
                profiel="openbaar",
                formaat=formaat,
                uit=map_ / "e",
                resultaten=None,
                context=context(),
            )
        assert isinstance(fout.value, DomeinFout)
        assert fout.value.actie != ""
    assert [pad.name for pad in tmp_path.iterdir()] == ["bestand"]


def test_other_peoples_folders_and_files_are_left_alone(tmp_path: Path) -> None:
    (tmp_path / "map").mkdir()
    (tmp_path / "map" / "eigen.txt").write_text("x", encoding="utf-8")
    rest = {"profiel": "openbaar", "resultaten": None, "context": context()}
    with pytest.raises(SchrijfFout, match="bevat andere bestanden"):
        maak_export(lees(RONDE_2013), ronde(), formaat="csv", uit=tmp_path / "map", **rest)
    with pytest.raises(SchrijfFout, match="is een map"):
        maak_export(lees(RONDE_2013), ronde(), formaat="xlsx", uit=tmp_path / "map", **rest)
    with pytest.raises(SchrijfFout, match="geen map"):
        maak_export(lees(RONDE_2013), ronde(), formaat="csv", uit=tmp_path / "map" / "eigen.txt", **rest)
    assert [(pad.name, pad.read_text(encoding="utf-8")) for pad in (tmp_path / "map").iterdir()] == [("eigen.txt", "x")]


def test_files_follow_the_umask(exports) -> None:
    import os

    masker = os.umask(0)
    os.umask(masker)
    assert stat.S_IMODE(exports["openbaar", "xlsx"][0].stat().st_mode) == 0o666 & ~masker
