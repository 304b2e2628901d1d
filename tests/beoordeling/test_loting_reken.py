"""The command ``loting_reken``: what it writes, and that it writes nothing when something is wrong."""

from __future__ import annotations

import io
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command

from beoordeling.loting import reken
from beoordeling.management.commands.loting_reken import schrijf_samen
from kern.fouten import InvoerFout
from tests.beoordeling.loting_gevallen import VECTOREN, bestanden_van


def maak_map(map_: Path, bestanden: dict[str, bytes]) -> Path:
    for naam, data in bestanden.items():
        (map_ / naam).write_bytes(data)
    return map_


def inhoud(map_: Path) -> dict[str, bytes]:
    return {pad.name: pad.read_bytes() for pad in map_.iterdir() if pad.is_file()}


@pytest.mark.parametrize("naam", VECTOREN["loting"])
def test_schrijft_de_uitvoer_ernaast(naam: str, tmp_path: Path) -> None:
    bestanden = bestanden_van(VECTOREN["loting"][naam])
    uit = io.StringIO()
    call_command("loting_reken", str(maak_map(tmp_path, bestanden)), stdout=uit)
    assert inhoud(tmp_path) == {**bestanden, **reken(bestanden)}
    aantal = bestanden["deelnemers.csv"].count(b"\n") - 1
    namen = ", ".join(reken(bestanden))
    hp = VECTOREN["loting"][naam]["verwacht"]["protocol_sha256"]
    assert uit.getvalue() == f"Geschreven: {namen}. Deelnemers: {aantal}. H_P: {hp}\n"


def test_opnieuw_zonder_mutaties_laat_geen_oude_stand_achter(tmp_path: Path) -> None:
    bestanden = bestanden_van(VECTOREN["loting"]["klein"])
    call_command("loting_reken", str(maak_map(tmp_path, bestanden)), stdout=io.StringIO())
    (tmp_path / "mutaties.csv").unlink()
    del bestanden["mutaties.csv"]
    call_command("loting_reken", str(tmp_path), stdout=io.StringIO())
    assert inhoud(tmp_path) == {**bestanden, **reken(bestanden)}


@pytest.mark.parametrize(
    ("naam", "oud", "nieuw", "begin"),
    [
        ("deelnemers.csv", "KV26-00002", "KV26-00000", "deelnemers.csv, regel 3: kenmerk KV26-00000 staat na"),
        ("deelnemers.csv", "500000", "500001", "deelnemers.csv: de SHA-256 is "),
        ("protocol.json", "STOP", "GOED", "protocol.json: regel is 'GOED'"),
        ("bronwaarden.json", '"notaris"', '"dokter"', "bronwaarden.json: het veld notaris ontbreekt."),
        ("bronwaarden.json", "314159", "31415", "bronwaarden.json: notaris: De waarde bestaat niet uit precies 32"),
        ("mutaties.csv", "300000", "900000", "mutaties.csv, regel 6: het nieuwe bedrag 900000 is niet lager"),
    ],
)
def test_bij_een_fout_een_regel_en_niets_geschreven(
    naam: str, oud: str, nieuw: str, begin: str, tmp_path: Path
) -> None:
    bestanden = bestanden_van(VECTOREN["loting"]["klein"])
    bestanden[naam] = bestanden[naam].replace(oud.encode(), nieuw.encode(), 1)
    with pytest.raises(CommandError) as fout:
        call_command("loting_reken", str(maak_map(tmp_path, bestanden)), stdout=io.StringIO())
    assert fout.value.returncode == 1
    assert str(fout.value).startswith(begin)
    assert "\n" not in str(fout.value)
    assert inhoud(tmp_path) == bestanden


def test_geen_map_en_een_leeg_map(tmp_path: Path) -> None:
    with pytest.raises(CommandError, match="is geen map"):
        call_command("loting_reken", str(tmp_path / "nergens"))
    with pytest.raises(CommandError, match=r"deelnemers\.csv: dit bestand ontbreekt"):
        call_command("loting_reken", str(tmp_path))
    assert inhoud(tmp_path) == {}


def test_een_map_waar_een_bestand_hoort(tmp_path: Path) -> None:
    bestanden = bestanden_van(VECTOREN["loting"]["klein"])
    maak_map(tmp_path, bestanden)
    (tmp_path / "ruimte.json").mkdir()
    with pytest.raises(CommandError, match=r"niet te schrijven .* Er is niets gewijzigd"):
        call_command("loting_reken", str(tmp_path), stdout=io.StringIO())
    assert inhoud(tmp_path) == bestanden
    (tmp_path / "mutaties.csv").unlink()
    (tmp_path / "mutaties.csv").mkdir()
    with pytest.raises(CommandError, match=r"mutaties\.csv: het bestand is niet te lezen"):
        call_command("loting_reken", str(tmp_path))


def test_alles_of_niets_als_schrijven_mislukt(tmp_path: Path) -> None:
    (tmp_path / "een").write_bytes(b"oud")
    with pytest.raises(InvoerFout, match="niet te schrijven"):
        schrijf_samen(tmp_path, {"een": b"nieuw", "bestaat/niet": b"nieuw"})
    assert inhoud(tmp_path) == {"een": b"oud"}


def test_alles_of_niets_als_de_schijf_halverwege_weigert(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "een").write_bytes(b"oud")
    (tmp_path / "drie").write_bytes(b"blijft")
    hernoem = Path.replace

    def weiger_twee(bron: Path, doel: Path) -> Path:
        if doel.name == "twee":
            raise OSError("no space left on device")
        return hernoem(bron, doel)

    monkeypatch.setattr(Path, "replace", weiger_twee)
    with pytest.raises(InvoerFout, match="Er is niets gewijzigd"):
        schrijf_samen(tmp_path, {"nul": b"nieuw", "een": b"nieuw", "drie": None, "twee": b"nieuw"})
    assert inhoud(tmp_path) == {"een": b"oud", "drie": b"blijft"}
