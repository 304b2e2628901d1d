"""English is complete: every text of the interface has a translation, and the compiled catalogue is the current one."""

from __future__ import annotations

import gettext
import re
from pathlib import Path

from kern.management.commands.makemessages import Command

CATALOGUS = Path(__file__).resolve().parent.parent / "locale" / "en" / "LC_MESSAGES"


def _blokken() -> list[str]:
    return (CATALOGUS / "django.po").read_text(encoding="utf-8").split("\n\n")[1:]


def test_elke_tekst_heeft_een_vertaling() -> None:
    leeg = [blok for blok in _blokken() if re.search(r'msgstr(\[\d\])? ""\s*$', blok) or "#, fuzzy" in blok]
    assert (len(_blokken()) > 1500, leeg) == (True, [])


def test_de_gecompileerde_catalogus_is_bij() -> None:
    with (CATALOGUS / "django.mo").open("rb") as bestand:
        vertaling = gettext.GNUTranslations(bestand)
    voorbeelden = {"Werklijst": "Work list", "Bewaren en verder": None, "Mijn aanvragen": None}
    for nederlands, engels in voorbeelden.items():
        gevonden = vertaling.gettext(nederlands)
        assert gevonden != nederlands
        assert engels is None or gevonden == engels
    enkel = re.findall(r'^msgid "(.+)"\nmsgstr "(.+)"$', (CATALOGUS / "django.po").read_text(encoding="utf-8"), re.M)
    anders = [nl for nl, en in enkel if "\\" not in nl + en and vertaling.gettext(nl) != en]
    assert anders == []


def test_elke_tweede_naam_van_gettext_wordt_gelezen() -> None:
    """A text behind a name that ``makemessages`` does not know is never in the catalogue, and stays Dutch."""
    kamers = ["kern", "regeling", "aanvragen", "beoordeling", "uitvoering", "rapportage", "api", "portalen", "config"]
    bestanden = [pad for kamer in kamers for pad in (CATALOGUS.parents[2] / kamer).rglob("*.py")]
    namen = {naam for pad in bestanden for naam in re.findall(r"gettext(?:_lazy)? as (_\w+)", pad.read_text("utf-8"))}
    assert namen
    assert {f"--keyword={naam}" for naam in namen} <= set(Command.xgettext_options)
