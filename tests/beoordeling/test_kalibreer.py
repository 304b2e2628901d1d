"""The command ``kalibreer``: the contract's JSON, the table, and every wrong file."""

from __future__ import annotations

import io
import json
import subprocess
import sys
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command

from tests.beoordeling.test_kalibratie import VECTOR

KOP = "aanvraag;thema;beoordelaar;score\n"
GOED = KOP + "".join(f"A{i};;B{j};{s}\n" for i, rij in enumerate(VECTOR["y"], 1) for j, s in enumerate(rij, 1))


def draai(pad: Path, tekst: str | bytes, *opties: str) -> str:
    pad.write_bytes(tekst.encode() if isinstance(tekst, str) else tekst)
    uit = io.StringIO()
    call_command("kalibreer", str(pad), "--k", "3", *opties, stdout=uit, stderr=io.StringIO())
    return uit.getvalue()


def test_json_volgens_het_contract(tmp_path: Path) -> None:
    verwacht = VECTOR["verwacht"]
    uit = json.loads(draai(tmp_path / "s.csv", GOED, "--json"))
    assert list(uit) == [
        *("componenten", "thema", "theta", "nu", "g", "ruw", "er", "pcer", "p", "zone"),
        *("k", "lijn", "lot_nodig", "waarschuwingen"),
    ]
    assert uit["componenten"] == pytest.approx(
        {naam: verwacht["anova_reml"][naam] for naam in ("tau2", "phi2", "sigma2")}
    )
    assert uit["thema"] == {"": pytest.approx(verwacht["anova_reml"]["mu"])}
    for naam, bron in (("theta", "theta"), ("er", "ER"), ("pcer", "PCER"), ("p", "P_boven_lijn")):
        assert uit[naam] == pytest.approx({f"A{i}": w for i, w in enumerate(verwacht[bron], 1)})
    assert uit["nu"] == pytest.approx({f"B{j}": w for j, w in enumerate(verwacht["nu"], 1)})
    assert uit["zone"] == {f"A{i}": z for i, z in enumerate(verwacht["zone"], 1)}
    assert (uit["k"], uit["lijn"], uit["lot_nodig"]) == (3, "A1", False)


def test_tabel_voor_mensen(tmp_path: Path) -> None:
    regels = draai(tmp_path / "s.csv", GOED).splitlines()
    assert regels[0] == "24 scores, 6 aanvragen, 4 beoordelaars, 1 thema's"
    assert [regel.split()[0] for regel in regels[3:-1]] == ["A5", "A3", "A1", "A6", "A4", "A2"]
    assert regels[3].split() == ["A5", "7.50", "7.30", "1.11", "0.977", "TOEWIJZEN"]
    assert regels[-1] == "Lijn bij 3 plaatsen: A1. Er is geen loting nodig."


def test_andere_schrijfwijzen_van_dezelfde_scores(tmp_path: Path) -> None:
    """A BOM, CRLF, decimal commas, quotes, other column order and empty lines change nothing."""
    regels = GOED.strip().split("\n")[1:]
    anders = "score;beoordelaar;aanvraag;thema\r\n\r\n"
    for regel in reversed(regels):
        aanvraag, thema, beoordelaar, score = regel.split(";")
        anders += f'{score},0; {beoordelaar} ;"{aanvraag}";{thema}\r\n'
    goed = draai(tmp_path / "a.csv", GOED, "--json")
    assert draai(tmp_path / "b.csv", b"\xef\xbb\xbf" + anders.encode(), "--json") == goed


@pytest.mark.parametrize(
    ("regel", "fout"),
    [
        ("A9;;B1", "regel 26, velden: Er staan 3 velden, dat moeten er 4 zijn."),
        ("A9;;B1;", "regel 26, score: Het veld is leeg. Laat de hele regel weg als er geen score is."),
        ("A9;;B1;hoog", "regel 26, score: 'hoog' is geen getal. Schrijf bijvoorbeeld 73,75 of 73.75."),
        ("A9;;B1;nan", "regel 26, score: 'nan' is geen getal."),
        ("A9;;B1;1e3", "regel 26, score: '1e3' is geen getal."),
        ("A9;;B1;1.000,5", "regel 26, score: '1.000,5' is geen getal."),
        (";;B1;4", "regel 26, aanvraag: Het veld is leeg. Vul de aanvraag in."),
        ("A9;; ;4", "regel 26, beoordelaar: Het veld is leeg. Vul de beoordelaar in."),
        ("A1;T1;B9;4", "regel 26, thema: Aanvraag A1 heeft op regel 2 een ander thema."),
        ("A1;;B2;4", "regel 26, beoordelaar: Deze beoordelaar scoort A1 ook op regel 3."),
        ('A9;;"B1;4', "regel 26, aanhalingstekens: Een veld met aanhalingstekens klopt niet"),
    ],
)
def test_een_foute_regel(regel: str, fout: str, tmp_path: Path) -> None:
    with pytest.raises(CommandError) as gevangen:
        draai(tmp_path / "s.csv", GOED + regel + "\n")
    assert gevangen.value.returncode == 1
    assert str(gevangen.value).startswith(f"s.csv is niet ingelezen: 1 fout.\n  - {fout}")


def test_alle_foute_regels_in_een_keer(tmp_path: Path) -> None:
    with pytest.raises(CommandError) as gevangen:
        draai(tmp_path / "s.csv", GOED + "A9;;B1;x\nA9;;B2;y\n;;;\n")
    regels = str(gevangen.value).splitlines()
    assert regels[0] == "s.csv is niet ingelezen: 5 fouten."
    assert [regel.split(": ")[0] for regel in regels[1:-1]] == [
        "  - regel 26, score",
        "  - regel 27, score",
        "  - regel 28, aanvraag",
        "  - regel 28, beoordelaar",
        "  - regel 28, score",
    ]
    assert regels[-1] == "Verbeter het bestand en bied het opnieuw aan. Er is niets berekend."


@pytest.mark.parametrize(
    ("inhoud", "fout"),
    [
        (b"", "het bestand, inhoud: Er staan geen scores in."),
        (KOP.encode(), "het bestand, inhoud: Er staan geen scores in."),
        (b"aanvraag;beoordelaar;score\nA;B;1\n", "regel 1, thema: De kolom 'thema' ontbreekt."),
        (b"aanvraag,thema,beoordelaar,score\n", "regel 1, aanvraag: De kolom 'aanvraag' ontbreekt."),
        (KOP.strip().encode() + b";extra\n", "regel 1, extra: Deze kolom is onbekend. Haal hem weg."),
        (b"aanvraag;aanvraag;thema;beoordelaar;score\n", "regel 1, aanvraag: De kolom 'aanvraag' staat er meer dan"),
        (KOP.encode() + b"A;;B;1\nA\xff;;B;1\n", "regel 3, tekens: Dit is geen tekst in UTF-8."),
        (KOP.encode() + b"A;;B;1\nA\0;;B;1\n", "regel 3, tekens: Dit is geen gewone tekst."),
        (b"PK\x03\x04\x00", "regel 1, tekens: Dit is geen gewone tekst."),
    ],
)
def test_een_verkeerd_bestand(inhoud: bytes, fout: str, tmp_path: Path) -> None:
    with pytest.raises(CommandError) as gevangen:
        draai(tmp_path / "s.csv", inhoud)
    assert gevangen.value.returncode == 1
    assert str(gevangen.value).splitlines()[1].startswith(f"  - {fout}")


def test_waarschuwen_of_weigeren(tmp_path: Path) -> None:
    uit = json.loads(draai(tmp_path / "s.csv", GOED, "--json"))
    assert uit["waarschuwingen"][0].startswith("Met minder dan 10 beoordelingen is een beoordelaar slecht te schatten")
    with pytest.raises(CommandError, match="Kalibreer deze ronde niet"):
        draai(tmp_path / "s.csv", GOED, "--streng")
    with pytest.raises(CommandError, match="niet te scheiden|te weinig scores"):
        draai(tmp_path / "s.csv", KOP + "A1;;B1;1\nA2;;B2;2\n")
    with pytest.raises(CommandError, match=r"nergens\.csv bestaat niet"):
        call_command("kalibreer", str(tmp_path / "nergens.csv"), "--k", "3")
    with pytest.raises(CommandError, match="is niet te lezen"):
        call_command("kalibreer", str(tmp_path), "--k", "3")


@pytest.mark.parametrize(("opties", "code"), [(["--k", "3"], 0), (["--k", "9"], 1), ([], 2), (["--k", "drie"], 2)])
def test_exitcodes(opties: list[str], code: int, tmp_path: Path) -> None:
    pad = tmp_path / "s.csv"
    pad.write_text(GOED)
    proces = subprocess.run(
        [sys.executable, "manage.py", "kalibreer", str(pad), *opties], capture_output=True, text=True, check=False
    )
    assert proces.returncode == code, proces.stderr
    assert (proces.stdout == "") is (code != 0)
    assert "Traceback" not in proces.stderr
