"""A small round of the past as a file, and how tests import it or see it refused."""

from __future__ import annotations

import csv
import hashlib
import io
from pathlib import Path
from typing import Any

import pandas as pd
import pytest
from django.apps import apps
from django.core.management import CommandError, call_command

from kern.fouten import BestandFout

MAP = Path(__file__).parents[1] / "gegevens" / "evaluatie"
ZAAD = "PROEF|notaris-1"
KOLOMMEN = [
    *["aanvraagnummer", "ronde", "kvk_nummer", "sector_sbi", "sector", "grootteklasse", "werkzame_personen"],
    *["provincie", "publiek_privaat", "adviseur_nummer", "themas", "gevraagd_bedrag", "toegekend_bedrag"],
    *["vastgesteld_bedrag", "loting_rang", "ingeloot", "status", "groep"],
    *["enquete_respons", "enquete_omzetgroei_pct", "eigen_kolom"],
]


def rijen() -> list[dict[str, str]]:
    """Six applications in order of the draw: settled, granted, not used, and three that lost."""
    nummers = [f"P-{nr:03d}" for nr in range(1, 7)]
    nummers.sort(key=lambda nummer: hashlib.sha256(f"{ZAAD}|{nummer}".encode()).hexdigest())
    uit = []
    for rang, nummer in enumerate(nummers, 1):
        gewonnen = rang <= 3
        uit.append(
            {
                "aanvraagnummer": nummer,
                "ronde": "2012",
                "kvk_nummer": f"0000000{rang}",
                "sector_sbi": "01",
                "sector": "Overig",
                "grootteklasse": "2-9",
                "werkzame_personen": str(rang + 1),
                "provincie": "Fryslân",
                "publiek_privaat": "privaat",
                "adviseur_nummer": "A1" if rang % 2 else "",
                "themas": "slimmer werken;gezond werken" if rang == 1 else "gezond werken",
                "gevraagd_bedrag": "1000",
                "toegekend_bedrag": "900.50" if gewonnen else "0",
                "vastgesteld_bedrag": "800.50" if rang == 1 else ("0" if gewonnen else ""),
                "loting_rang": str(rang),
                "ingeloot": "1" if gewonnen else "0",
                "status": ["vastgesteld", "toegekend", "niet gebruikt"][rang - 1] if gewonnen else "uitgeloot",
                "groep": "ingeloot" if gewonnen else "uitgeloot",
                "enquete_respons": str(rang % 2),
                "enquete_omzetgroei_pct": f"{rang}.25" if rang % 2 else "",
                "eigen_kolom": f"00{rang}",
            }
        )
    return uit


def als_csv(rijen_: list[dict[str, str]], scheiding: str = ",") -> bytes:
    uit = io.StringIO(newline="")
    schrijver = csv.DictWriter(uit, list(rijen_[0]), delimiter=scheiding, lineterminator="\n")
    schrijver.writeheader()
    schrijver.writerows(rijen_)
    return uit.getvalue().encode()


def inlezen(map_: Path, inhoud: bytes, *opties: Any, sleutel: str = "proef-2012", naam: str = "ronde.csv") -> str:
    (map_ / naam).write_bytes(inhoud)
    uit, fouten = io.StringIO(), io.StringIO()
    call_command("importeer_ronde", sleutel, str(map_ / naam), *map(str, opties), stdout=uit, stderr=fouten)
    return uit.getvalue() + fouten.getvalue()


def tellingen() -> dict[str, int]:
    return {model._meta.label: model.objects.count() for model in apps.get_models()}


def geweigerd(map_: Path, inhoud: bytes, *opties: Any, **anders: Any) -> list[str]:
    """The error lines of an import that exits with 1 and adds no row to any table."""
    voor = tellingen()
    with pytest.raises(CommandError) as gevangen:
        inlezen(map_, inhoud, *opties, **anders)
    assert tellingen() == voor
    assert gevangen.value.returncode == 1
    oorzaak = gevangen.value.__cause__
    return [str(fout) for fout in oorzaak.fouten] if isinstance(oorzaak, BestandFout) else [str(gevangen.value)]


def origineel(naam: str) -> pd.DataFrame:
    return pd.read_csv(
        MAP / naam,
        dtype={"kvk_nummer": str, "sector_sbi": str},
        keep_default_na=False,
        na_values=[""],
    )
