"""The house keeps its own rules: direction, size, generated documents, what may not be in the repository."""

from __future__ import annotations

import ast
import importlib.metadata
import re
import subprocess
from pathlib import Path

import pytest
from django.core.management import call_command

from kern.management.commands.toestanden import document

WORTEL = Path(__file__).resolve().parent.parent
KAMERS = ["kern", "regeling", "aanvragen", "beoordeling", "uitvoering", "rapportage", "api", "portalen", "config"]
_TEKST = {".py", ".md", ".toml", ".yml", ".txt", ".html", ".css", ".js", ".cfg", ""}


def _bestanden() -> list[Path]:
    """Files of the project: what git knows, or without git what is in the rooms."""
    uit = subprocess.run(
        ["git", "ls-files", "-co", "--exclude-standard"], cwd=WORTEL, capture_output=True, text=True, check=False
    )
    if uit.returncode == 0 and uit.stdout:
        return [WORTEL / naam for naam in uit.stdout.splitlines() if (WORTEL / naam).is_file()]
    return [pad for kamer in [*KAMERS, "tests", "docs"] for pad in (WORTEL / kamer).rglob("*") if pad.is_file()]


BESTANDEN = _bestanden()


def _regels(pad: Path) -> list[str]:
    return pad.read_text(encoding="utf-8", errors="replace").splitlines()


def test_bestanden_blijven_onder_de_400_regels() -> None:
    lang = {
        str(pad.relative_to(WORTEL)): len(_regels(pad))
        for pad in BESTANDEN
        if pad.suffix == ".py"
        and "migrations" not in pad.parts
        and "tests" not in pad.parts
        and len(_regels(pad)) >= 400
    }
    assert lang == {}


def test_toestandsdiagrammen_zijn_bij() -> None:
    assert (WORTEL / "docs" / "toestanden.md").read_text(encoding="utf-8") == document(), (
        "Voer uit: manage.py toestanden --schrijf"
    )


@pytest.mark.django_db
def test_er_ontbreken_geen_migraties() -> None:
    call_command("makemigrations", check=True, dry_run=True, verbosity=0)


def test_er_is_maar_een_django_fsm() -> None:
    namen = {(d.metadata["Name"] or "").lower() for d in importlib.metadata.distributions()}
    assert namen & {"django-fsm", "django-fsm-2", "django-fsm-log"} == {"django-fsm-2"}


def test_geen_adressen_van_pakketregisters_en_geen_paden_van_een_machine() -> None:
    verboden = re.compile(
        r"pypi\.(org|python)|files\.pythonhosted|registry\.npm" + r"js|deb\.debian\.org|/wo" + "rk/main|/ro" + "ot/"
    )
    treffers = [
        f"{pad.relative_to(WORTEL)}:{nr}"
        for pad in BESTANDEN
        if pad.suffix in _TEKST and pad != Path(__file__)
        for nr, regel in enumerate(_regels(pad), 1)
        if verboden.search(regel)
    ]
    assert treffers == []


def test_geen_rijkshuisstijl() -> None:
    """Logo, fonts and style of central government are reserved (R103)."""
    namen = [
        str(pad.relative_to(WORTEL))
        for pad in BESTANDEN
        if re.search(r"rijks(huisstijl|overheid|logo)", pad.name, re.I)
    ]
    stijl = [
        str(pad.relative_to(WORTEL))
        for pad in BESTANDEN
        if pad.suffix in {".css", ".html"}
        and re.search(r"Rijksoverheid(Sans|Serif)|rijkshuisstijl", "\n".join(_regels(pad)))
    ]
    assert (namen, stijl) == ([], [])


def _toewijzingen(pad: Path) -> list[int]:
    """Line numbers where code assigns an attribute called ``status``."""
    doelen = [
        doel
        for knoop in ast.walk(ast.parse(pad.read_text(encoding="utf-8")))
        if isinstance(knoop, ast.Assign | ast.AugAssign)
        for doel in (knoop.targets if isinstance(knoop, ast.Assign) else [knoop.target])
    ]
    plat = [deel for doel in doelen for deel in (doel.elts if isinstance(doel, ast.Tuple) else [doel])]
    return [deel.lineno for deel in plat if isinstance(deel, ast.Attribute) and deel.attr == "status"]


def test_status_wordt_nergens_buiten_een_overgang_toegewezen() -> None:
    """An assignment would raise anyway; this finds it before it runs."""
    eigen = {"kern/services/berichten.py", "rapportage/inlezen/ronde.py"}  # an outbox row; a line of a file
    code = [pad for pad in BESTANDEN if pad.suffix == ".py" and pad.relative_to(WORTEL).parts[0] in KAMERS]
    treffers = [
        f"{pad.relative_to(WORTEL)}:{nr}"
        for pad in code
        if str(pad.relative_to(WORTEL)) not in eigen
        for nr in _toewijzingen(pad)
    ]
    assert (len(code) > 200, treffers) == (True, [])


def test_niets_half() -> None:
    """No reminders to finish something later in shipped code."""
    merk = re.compile(r"\b(TO" + r"DO|FIX" + r"ME|XXX)\b|NotImplemented" + "Error")
    treffers = [
        f"{pad.relative_to(WORTEL)}:{nr}"
        for pad in BESTANDEN
        if pad.suffix in {".py", ".html"} and pad != Path(__file__)
        for nr, regel in enumerate(_regels(pad), 1)
        if merk.search(regel)
    ]
    assert treffers == []
