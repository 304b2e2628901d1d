"""The export as a whole: results, manifest, read-me and refusals."""

from __future__ import annotations

import hashlib
import json
import subprocess
import sys
from datetime import datetime
from importlib import metadata
from pathlib import Path

import pytest

from kern.fouten import InvoerFout
from rapportage.manifest import bestandshash
from rapportage.schrijvers import SchrijfFout
from rapportage.werkmap import Exportuitslag, maak_export
from tests.rapportage.hulp import MAP, RONDE_2008, RONDE_2011, RONDE_2013, context, lees, ronde


def doe(
    pad: Path, naam: str = RONDE_2008, *, profiel: str = "onderzoeker", formaat: str = "csv", **rest
) -> Exportuitslag:
    opties = {"resultaten": pad / "r.json", "context": context(), "uit": pad / f"uit.{formaat}"} | rest
    feiten = opties.pop("ronde", {})
    return maak_export(lees(naam), ronde(**feiten), profiel=profiel, formaat=formaat, **opties)


def test_results_follow_the_contract(tmp_path: Path) -> None:
    uitslag = doe(tmp_path)
    document = json.loads((tmp_path / "r.json").read_text(encoding="utf-8"))
    assert list(document) == ["tijdvak", "momentopname", "profiel", "versie", "records"]
    assert (document["tijdvak"], document["profiel"], document["versie"]) == ("esf-e-2008", "onderzoeker", "0.1.0")
    assert document["momentopname"] == uitslag.momentopname
    assert len(document["records"]) == len(uitslag.records) == 180
    velden = ["tabel", "rij", "kolom", "groep", "maat", "n", "x", "waarde", "bi", "p", "methode"]
    assert [record for record in document["records"] if list(record) != velden] == []
    groepen = {record["groep"] for record in document["records"]}
    assert groepen == {"totaal", "ingeloot", "uitgeloot", "verschil"}
    sleutels = [
        tuple(record[veld] for veld in ("tabel", "rij", "kolom", "groep", "maat")) for record in document["records"]
    ]
    assert len(set(sleutels)) == len(sleutels)
    assert "NaN" not in (tmp_path / "r.json").read_text(encoding="utf-8")


def test_snapshot_is_the_hash_of_the_file_and_the_same_for_every_profile(tmp_path: Path) -> None:
    verwacht = hashlib.sha256((MAP / RONDE_2008).read_bytes()).hexdigest()
    for profiel in ("onderzoeker", "openbaar"):
        (tmp_path / profiel).mkdir()
        assert doe(tmp_path / profiel, profiel=profiel).momentopname == verwacht
    ander = doe(tmp_path, uit=tmp_path / "tweede", context=context(sleutel=b"q" * 32))
    assert ander.momentopname == verwacht


def test_manifest_says_how_to_make_it_again(tmp_path: Path) -> None:
    m = doe(tmp_path, RONDE_2011).manifest
    assert (m["peildatum"], m["plafond"], m["productversie"]) == ("2011-03-01", "7000000", "0.1.0")
    assert m["selectie"]["regels"] == ["alle aanvragen van het tijdvak"]
    assert (m["selectie"]["rijen"], m["selectie"]["kolommen"]) == (4288, list(lees(RONDE_2011).columns))
    assert m["bibliotheken"]["pandas"] == metadata.version("pandas")
    assert m["constraints_sha256"] == "cd" * 32
    assert (m["loting"]["algoritme"], m["loting"]["zaad"]) == ("sha256-1", "ESF-E-2008|notaris-4711")
    assert m["loting"]["gepubliceerd_op"] == "2008-12-01T09:00:00+00:00"
    assert m["sdc"]["id"] == "geen"
    assert m["tabellen"] == ["T2.1", "T2.2", "T2.3", "T2.4", "T2.5"]
    assert [(weg["code"], weg["reden"]) for weg in m["weggelaten"]] == [
        ("T2.6", "Niet in de gegevens: themas."),
        ("T4.3", "Niet in de gegevens: enquete_cf_zelfde, enquete_cf_niet."),
    ]
    assert m["gemaakt"] == {
        "moment": "2026-11-21T12:00:00+00:00",
        "door": "analist",
        "voor": "onderzoeksbureau",
        "doel": "evaluatie",
    }
    assert m["levering"]["data_sha256"] == bestandshash(tmp_path / "uit.csv" / "data.csv")
    assert context().sleutel.hex() not in json.dumps(m)


def test_tables_left_out_are_listed_in_the_read_me(tmp_path: Path) -> None:
    doe(tmp_path, RONDE_2013, ronde={"methode": "rangschikking", "loting": None})
    tekst = (tmp_path / "uit.csv" / "leesmij.txt").read_text(encoding="utf-8")
    assert "Tabel 2.6: Thema's (meer antwoorden). Niet in de gegevens: themas." in tekst
    assert "niet verdeeld door loting" in tekst


@pytest.mark.parametrize("naam", [RONDE_2008, RONDE_2011, RONDE_2013])
@pytest.mark.parametrize("rijen", [0, 1])
@pytest.mark.parametrize("formaat", ["xlsx", "ods", "csv"])
@pytest.mark.parametrize("profiel", ["onderzoeker", "openbaar"])
def test_empty_and_tiny_rounds_can_be_exported(
    tmp_path: Path, naam: str, rijen: int, formaat: str, profiel: str
) -> None:
    uitslag = maak_export(
        lees(naam).head(rijen),
        ronde(),
        profiel=profiel,
        formaat=formaat,
        uit=tmp_path / f"e.{formaat}",
        resultaten=tmp_path / "r.json",
        context=context(),
    )
    assert uitslag.bestanden[0].exists()
    assert uitslag.tabellen[0].code == "T2.1"
    if profiel == "openbaar" and rijen:
        assert uitslag.tabellen[0].cel("totaal", "aanvragen").onderdrukt
        assert uitslag.manifest["selectie"]["rijen"] is None


def test_refusals_come_before_the_first_file(tmp_path: Path) -> None:
    with pytest.raises(InvoerFout, match="Onbekend formaat: pdf"):
        doe(tmp_path, formaat="pdf")
    with pytest.raises(InvoerFout, match="Onbekend profiel: iedereen"):
        doe(tmp_path, profiel="iedereen")
    with pytest.raises(InvoerFout, match="te kort"):
        doe(tmp_path, context=context(sleutel=b""))
    with pytest.raises(SchrijfFout, match="bestaat niet"):
        doe(tmp_path, resultaten=tmp_path / "weg" / "r.json")
    with pytest.raises(SchrijfFout, match="dezelfde plaats"):
        doe(tmp_path, formaat="xlsx", resultaten=tmp_path / "uit.xlsx")
    with pytest.raises(InvoerFout, match="tijdzone"):
        context(moment=datetime(2026, 1, 1))
    assert list(tmp_path.iterdir()) == []


def test_results_cannot_go_into_the_folder_of_the_export(tmp_path: Path) -> None:
    doe(tmp_path)
    with pytest.raises(SchrijfFout, match="in de map van de export"):
        doe(tmp_path, resultaten=tmp_path / "uit.csv" / "r.json")


def test_importing_the_export_does_not_import_heavy_libraries() -> None:
    code = "import sys, rapportage.werkmap; print([n for n in ('statsmodels', 'scipy') if n in sys.modules])"
    wortel = Path(__file__).parents[2]
    klaar = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True, cwd=wortel)
    assert klaar.stdout.strip() == "[]"
