"""The evaluation export from the database: the round of 2008 by command, a live round by service."""

from __future__ import annotations

import io
import json
import zipfile
from datetime import UTC, datetime
from pathlib import Path

import openpyxl
import pytest
from django.core.management import CommandError, call_command

from kern.enums import Rol
from kern.fouten import InvoerFout, RechtenFout
from kern.models import LogRegel
from rapportage.models import Export
from rapportage.services.exporteren import evaluatie_exporteren
from regeling.models import Tijdvak
from tests.factories.ronde import maak_gebruiker, maak_ingediend, maak_tijdvak, open_tijdvak

pytestmark = pytest.mark.django_db
OP = datetime(2026, 11, 21, 12, 0, tzinfo=UTC)
CSV = Path(__file__).resolve().parent.parent / "gegevens" / "evaluatie" / "ronde_2008.csv"


@pytest.fixture
def ronde_2008() -> Tijdvak:
    call_command("importeer_ronde", "esf-e-2008", str(CSV), stdout=io.StringIO(), stderr=io.StringIO())
    return Tijdvak.objects.get(sleutel="esf-e-2008")


def _records(pad: Path, tabel: str) -> list[dict[str, object]]:
    return [r for r in json.loads(pad.read_text())["records"] if r["tabel"] == tabel]


def test_het_commando_drukt_t4_3_af_en_schrijft_de_uitkomsten(ronde_2008: Tijdvak, tmp_path: Path) -> None:
    uit, json_uit, tekst = tmp_path / "eval.xlsx", tmp_path / "eval.json", io.StringIO()
    call_command(
        "exporteer_evaluatie",
        "esf-e-2008",
        "--formaat",
        "xlsx",
        "--uit",
        str(uit),
        "--resultaten",
        str(json_uit),
        stdout=tekst,
    )
    regels = {regel[:32].strip(): " ".join(regel[32:].split()) for regel in tekst.getvalue().splitlines()}
    assert regels["Precies zo uitgevoerd"].startswith("14 28,6 [17,8; 42,4]")
    assert regels["w.o. kleinere omvang"].startswith("15 30,6 [19,5; 44,5] 15 25,0")
    assert regels["w.o. later begonnen"] == "9 18,4 [10,0; 31,4] 4 6,7 [2,6; 15,9] 11,7 [-0,8; 25,3] 0,078"
    assert regels["w.o. minder externen ingehuurd"].startswith("6 12,2 [5,7; 24,2] 6 10,0")
    assert regels["Niet uitgevoerd"].startswith("10 20,4 [11,5; 33,6] 40 66,7 [54,1; 77,3]")
    later = next(r for r in _records(json_uit, "T4.3") if r["rij"] == "later" and r["maat"] == "verschil_pp")
    assert (round(later["waarde"], 1), [round(g, 1) for g in later["bi"]], round(later["p"], 3)) == (  # type: ignore[arg-type, union-attr]  # numbers in JSON
        11.7,
        [-0.8, 25.3],
        0.078,
    )
    kern = {r["maat"]: r["waarde"] for r in _records(json_uit, "T2.1")}
    assert (kern["aanvragen"], kern["toegekend"], kern["toegekend_bedrag"]) == (265, 77, 6_960_000)


def test_de_werkmap_heeft_de_bladen_en_echte_grafieken(ronde_2008: Tijdvak, tmp_path: Path) -> None:
    uit = tmp_path / "eval.xlsx"
    evaluatie_exporteren(tijdvak=ronde_2008, formaat="xlsx", profiel="onderzoeker", uit=uit, actor=None, op=OP)
    tabellen = ["T2.1", "T2.2", "T2.3", "T2.4", "T2.5", "T2.6", "T4.3"]
    assert openpyxl.load_workbook(uit, read_only=True).sheetnames == [
        "leesmij",
        "codeboek",
        "data",
        *(f"tabel_{code}" for code in tabellen),
    ]
    with zipfile.ZipFile(uit) as archief:
        grafieken = [naam for naam in archief.namelist() if naam.startswith("xl/charts/chart")]
    assert len(grafieken) >= 5
    assert (tmp_path / "eval.xlsx.manifest.json").is_file()


@pytest.mark.parametrize("formaat", ["xlsx", "ods", "csv"])
def test_zonder_pad_wordt_de_export_bewaard(ronde_2008: Tijdvak, formaat: str) -> None:
    analist = maak_gebruiker(Rol.ANALIST)
    klaar = evaluatie_exporteren(tijdvak=ronde_2008, formaat=formaat, profiel="openbaar", actor=analist, op=OP)
    export = Export.objects.get()
    assert (export.pk, export.profiel, export.door, export.momentopname) == (
        klaar.export.pk,
        "openbaar",
        analist,
        klaar.uitslag.momentopname,
    )
    assert export.bestand is not None
    with export.bestand.inhoud.open() as bestand:
        assert bestand.read(2) == b"PK"
    regel = LogRegel.objects.get(keten=f"tijdvak:{ronde_2008.pk}", handeling="exporteren")
    assert (regel.actor, regel.gegevens["profiel"]) == (analist, "openbaar")


def test_een_lopende_ronde_kan_ook() -> None:
    tijdvak = open_tijdvak()
    maak_ingediend(tijdvak)
    klaar = evaluatie_exporteren(tijdvak=tijdvak, formaat="csv", profiel="onderzoeker", actor=None, op=OP)
    assert "T2.1" in {tabel.code for tabel in klaar.uitslag.tabellen}
    assert "T4.3" in {gemist.code for gemist in klaar.uitslag.weggelaten}


def test_zonder_gegevens_of_recht_of_met_een_verkeerde_keuze(tmp_path: Path) -> None:
    leeg = maak_tijdvak()
    with pytest.raises(InvoerFout, match="heeft geen aanvragen om te exporteren"):
        evaluatie_exporteren(tijdvak=leeg, formaat="xlsx", profiel="openbaar", actor=None, op=OP)
    with pytest.raises(RechtenFout, match="Dit mag alleen een analist"):
        evaluatie_exporteren(
            tijdvak=leeg, formaat="xlsx", profiel="openbaar", actor=maak_gebruiker(Rol.BEHANDELAAR), op=OP
        )
    with pytest.raises(InvoerFout, match="Onbekend formaat"):
        evaluatie_exporteren(tijdvak=leeg, formaat="doc", profiel="openbaar", actor=None, op=OP)
    with pytest.raises(CommandError, match="heeft geen aanvragen") as fout:
        call_command("exporteer_evaluatie", leeg.sleutel, "--formaat", "csv", "--uit", str(tmp_path / "map"))
    assert fout.value.returncode == 1
    assert (Export.objects.count(), list(tmp_path.iterdir())) == (0, [])
