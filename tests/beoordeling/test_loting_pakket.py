"""The evidence package and the stand-alone script in it."""

from __future__ import annotations

import hashlib
import json
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from beoordeling.loting import LotingFout, maak_bewijspakket, reken
from beoordeling.loting.bewijs import script, sommen
from kern.fouten import InvoerFout
from tests.beoordeling.loting_gevallen import VECTOREN, bestanden_van, maak_bestanden
from tests.beoordeling.test_loting_eigenschappen import narekenen

KLEIN = bestanden_van(VECTOREN["loting"]["klein"])
NAMEN = [
    "LEESMIJ.md",
    "SHA256SUMS",
    "akte.txt",
    "bronwaarden.json",
    "deelnemers.csv",
    "mutaties.csv",
    "na_mutaties.json",
    "protocol.json",
    "ruimte.json",
    "uitkomst.csv",
    "verifieer_loting.py",
]

ZONDER_SCRIPT = [naam for naam in NAMEN if naam != "verifieer_loting.py"]


def pak_uit(map_: Path, bestanden: dict[str, bytes]) -> Path:
    map_.mkdir(exist_ok=True)
    for naam, data in bestanden.items():
        (map_ / naam).write_bytes(data)
    return map_


def verifieer(map_: Path, vanuit: Path | None = None) -> tuple[int, str, str]:
    """Run the script as somebody else would: another process, isolated from our code."""
    opdracht = [sys.executable, "-I", str(map_ / "verifieer_loting.py")]
    proces = subprocess.run(opdracht, capture_output=True, text=True, cwd=vanuit or map_, check=False)
    return proces.returncode, proces.stdout, proces.stderr


@pytest.fixture
def pakket(tmp_path: Path) -> Path:
    return pak_uit(tmp_path / "pakket", maak_bewijspakket(KLEIN, akte="Verslag van de loting.", titel="Proef"))


def herzegel(map_: Path) -> None:
    """Make SHA256SUMS fit again after a change, as a forger would."""
    inhoud = {pad.name: pad.read_bytes() for pad in map_.iterdir()}
    (map_ / "SHA256SUMS").write_bytes(sommen(inhoud))


def test_het_script_is_kort_en_leest_niets_van_ons() -> None:
    regels = script().decode("utf-8").splitlines()
    assert len(regels) <= 40
    assert max(map(len, regels)) <= 120
    invoer = [regel for regel in regels if regel.startswith(("import ", "from "))]
    assert invoer == ["import collections, hashlib, hmac, json, pathlib, sys"]


@pytest.mark.parametrize("naam", VECTOREN["loting"])
def test_elk_pakket_klopt(naam: str, tmp_path: Path) -> None:
    bestanden = maak_bewijspakket(bestanden_van(VECTOREN["loting"][naam]), akte="Verslag.", titel="Proef")
    assert verifieer(pak_uit(tmp_path / "p", bestanden), vanuit=tmp_path) == (0, "KLOPT\n", "")


def test_inhoud_van_het_pakket(pakket: Path) -> None:
    bestanden = {pad.name: pad.read_bytes() for pad in pakket.iterdir()}
    assert sorted(bestanden) == NAMEN
    assert {naam: bestanden[naam] for naam in KLEIN} == KLEIN
    assert {naam: bestanden[naam] for naam in reken(KLEIN)} == reken(KLEIN)
    assert bestanden["akte.txt"] == b"Verslag van de loting.\n"
    regels = bestanden["SHA256SUMS"].decode().splitlines()
    assert regels == [f"{hashlib.sha256(bestanden[n]).hexdigest()}  {n}" for n in NAMEN if n != "SHA256SUMS"]
    leesmij = bestanden["LEESMIJ.md"].decode()
    assert leesmij.startswith("# Bewijspakket van de loting: Proef\n")
    assert f"    {hashlib.sha256(KLEIN['protocol.json']).hexdigest()}\n" in leesmij
    assert "    python3 verifieer_loting.py\n" in leesmij
    assert "ronde 1000 van het openbare drand-netwerk, die bekend werd op 23-08-2023 om 15:59:24 UTC" in leesmij
    assert [naam for naam in NAMEN if f"\n- `{naam}`: " not in leesmij] == []


@pytest.mark.parametrize("naam", NAMEN)
@pytest.mark.parametrize("plek", [0, 0.5, -1])
def test_een_veranderde_byte_wordt_gevonden(naam: str, plek: float, pakket: Path) -> None:
    data = bytearray((pakket / naam).read_bytes())
    plaats = len(data) - 1 if plek == -1 else int(len(data) * plek)
    data[plaats] ^= 1
    (pakket / naam).write_bytes(bytes(data))
    code, uit, fout = verifieer(pakket)
    assert [code, uit] == [1, ""]
    if naam not in ("verifieer_loting.py", "SHA256SUMS", "protocol.json", "bronwaarden.json"):
        assert fout.startswith("Dit is anders dan het moet zijn: ")
        assert naam in fout.rstrip("\n").split(": ")[1].split(", ")


@pytest.mark.parametrize("naam", ZONDER_SCRIPT)
def test_elke_byte_van_de_gegevens_telt(naam: str, pakket: Path) -> None:
    """Bytes all over every file but the script itself (which would have to run in its changed form)."""
    goed = (pakket / naam).read_bytes()
    for plaats in range(0, len(goed), 7):
        (pakket / naam).write_bytes(goed[:plaats] + bytes([goed[plaats] ^ 4]) + goed[plaats + 1 :])
        try:
            code, uit = narekenen(pakket)
        except Exception:  # in its own process the script turns this into one line, see the next test
            continue
        assert code == 1, plaats
        assert uit.startswith("Dit is anders dan het moet zijn: ")


@pytest.mark.parametrize("naam", ZONDER_SCRIPT)
def test_een_bestand_weg_of_leeg_is_een_regel_en_geen_traceback(naam: str, pakket: Path) -> None:
    (pakket / naam).write_bytes(b"")
    leeg = verifieer(pakket)
    (pakket / naam).unlink()
    weg = verifieer(pakket)
    for code, uit, fout in (leeg, weg):
        assert [code, uit] == [1, ""]
        assert fout.startswith(("Dit is anders dan het moet zijn: ", "Dit pakket is niet na te rekenen: "))
        assert fout.count("\n") == 1


def test_een_extra_bestand_wordt_genoemd(pakket: Path) -> None:
    (pakket / "nog_iets.txt").write_text("x")
    assert verifieer(pakket) == (1, "", "Dit is anders dan het moet zijn: nog_iets.txt\n")


@pytest.mark.parametrize(
    ("naam", "oud", "nieuw", "anders"),
    [
        ("uitkomst.csv", "1;KV26-00009;", "1;KV26-00003;", "uitkomst.csv"),
        ("uitkomst.csv", "RESERVE\n", "RESERVE\n\n", "uitkomst.csv"),
        ("uitkomst.csv", "\n", "\r\n", "uitkomst.csv"),
        ("ruimte.json", "0", "1", "ruimte.json"),
        ("na_mutaties.json", '"INGETROKKEN"', '"RESERVE"', "na_mutaties.json"),
        ("na_mutaties.json", '"soort": "HERSTEL"', '"soort": "INTREKKING"', "na_mutaties.json"),
        ("mutaties.csv", "300000", "300001", "na_mutaties.json"),
        ("deelnemers.csv", "KV26-00003;500000", "KV26-00003;500001", "deelnemers_sha256"),
        ("bronwaarden.json", "44679b9", "44679b8", "drand"),
        ("bronwaarden.json", '"314159', '"14159', "notaris, na_mutaties.json, uitkomst.csv"),
        ("bronwaarden.json", '"314159', '"0314159', "notaris, na_mutaties.json, uitkomst.csv"),
        ("bronwaarden.json", "fe290be", "fe290bf", "drand, na_mutaties.json, uitkomst.csv"),
        ("bronwaarden.json", '"KV26-00002"', "", "na_mutaties.json, uitkomst.csv"),
        ("protocol.json", '"STOP"', '"SKIP"', "na_mutaties.json, uitkomst.csv"),
    ],
)
def test_een_vervalser_die_de_sommen_bijwerkt_wordt_ook_gevonden(
    naam: str, oud: str, nieuw: str, anders: str, pakket: Path
) -> None:
    tekst = (pakket / naam).read_bytes()
    assert oud.encode() in tekst
    (pakket / naam).write_bytes(tekst.replace(oud.encode(), nieuw.encode()))
    herzegel(pakket)
    code, uit, fout = verifieer(pakket)
    assert [code, uit] == [1, ""]
    assert fout.strip().removeprefix("Dit is anders dan het moet zijn: ") == anders


def test_zonder_mutaties_en_met_bijlagen(tmp_path: Path) -> None:
    bestanden = {
        **maak_bestanden(["KV26-1;5;-;-;0", "KV26-2;5;-;-;1"], richting="AF"),
        "tijdstempel.tsr": bytes(range(256)),
    }
    pakket = maak_bewijspakket(bestanden, akte="  Verslag met één naam.\n\n", titel=" Proef ")
    assert "na_mutaties.json" not in pakket
    leesmij = pakket["LEESMIJ.md"].decode()
    assert "- `tijdstempel.tsr`: een bijlage bij de akte\n" in leesmij
    assert "oplopend op lot; wie een hogere rang heeft, gaat voor." in leesmij
    assert pakket["akte.txt"].decode() == "Verslag met één naam.\n"
    assert verifieer(pak_uit(tmp_path / "p", pakket)) == (0, "KLOPT\n", "")
    assert maak_bewijspakket({**bestanden, **reken(bestanden)}, akte="Verslag met één naam.", titel="Proef") == pakket


@pytest.mark.parametrize(
    ("extra", "melding"),
    [
        ({"uitkomst.csv": b""}, "uitkomst.csv: dit bestand is anders dan de herberekening."),
        ({"na_mutaties.json": b"[]"}, "na_mutaties.json: dit bestand is anders dan de herberekening."),
        ({"akte.txt": b""}, "'akte.txt': deze naam kan niet in een bewijspakket."),
        ({"../x": b""}, "'../x': deze naam kan niet in een bewijspakket."),
        ({".x": b""}, "'.x': deze naam kan niet in een bewijspakket."),
    ],
)
def test_pakket_dat_niet_gemaakt_kan_worden(extra: dict[str, bytes], melding: str) -> None:
    with pytest.raises(LotingFout) as fout:
        maak_bewijspakket({**maak_bestanden(["KV26-1;5;-;-;0"]), **extra}, akte="x", titel="x")
    assert fout.value.melding == melding


@pytest.mark.parametrize(("akte", "titel"), [(" ", "x"), ("x", ""), ("x", "a\nb")])
def test_pakket_zonder_akte_of_titel(akte: str, titel: str) -> None:
    with pytest.raises(InvoerFout, match="een akte en een titel"):
        maak_bewijspakket(KLEIN, akte=akte, titel=titel)


def test_sha256sum_leest_de_sommen(pakket: Path) -> None:
    programma = shutil.which("sha256sum")
    if programma is None:
        pytest.skip("sha256sum is not installed here")
    proces = subprocess.run([programma, "-c", "SHA256SUMS"], cwd=pakket, capture_output=True, text=True, check=False)
    assert [proces.returncode, len(proces.stdout.splitlines())] == [0, len(NAMEN) - 1]


def test_een_groep_en_deel_in_het_pakket(tmp_path: Path) -> None:
    rijen = ["KV26-1;600;A;G1;0", "KV26-2;600;A;G1;0", "KV26-3;600;A;-;0"]
    bestanden = maak_bestanden(rijen, potten={"A": 900}, regel="DEEL", restronde=True)
    pakket = maak_bewijspakket(bestanden, akte="x", titel="x")
    assert sorted(json.loads(pakket["ruimte.json"]).values()) == [0, 100]
    assert "krijgt zij wat er nog is en gaan de krappe potten dicht. Daarna is er een restronde" in (
        pakket["LEESMIJ.md"].decode()
    )
    assert verifieer(pak_uit(tmp_path / "p", pakket)) == (0, "KLOPT\n", "")
