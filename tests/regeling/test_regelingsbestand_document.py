"""The reference of the format keeps up with the code."""

from __future__ import annotations

import re
from pathlib import Path

import regeling
from regeling.lezen import lees_regeling, vorm_van
from regeling.schema import Regelingspec
from regeling.schema_brieven import PLAATSHOUDERS
from regeling.schema_fouten import VELDREGELS
from regeling.schema_regels import REGELS
from regeling.schema_velden import AANVRAGERSTYPEN, Deel
from regeling.schema_waarschuwingen import WAARSCHUWINGEN

DOCUMENT = (Path(regeling.__file__).parent.parent / "docs" / "regelingsbestand.md").read_text("utf-8")


def hoofdstuk(kop: str) -> str:
    """The text under a heading, up to the next heading."""
    treffer = re.search(rf"^#+ {re.escape(kop)}\n(.*?)(?=^#|\Z)", DOCUMENT, re.MULTILINE | re.DOTALL)
    assert treffer is not None, kop
    return treffer[1]


def tabellen(model: type[Deel], kop: str = "") -> dict[str, type[Deel]]:
    """Heading -> model for every table of the file."""
    gevonden = {kop or "Begin van het bestand": model}
    for naam in model.model_fields:
        vorm, doel = vorm_van(model, naam)
        pad = f"{kop.strip('[]')}.{naam}" if kop else naam
        if vorm != "waarde":
            gevonden |= tabellen(doel, f"[[{pad}]]" if vorm == "lijst" else f"[{pad}]")
    return gevonden


def rijen(tekst: str) -> dict[str, list[str]]:
    """First cell (without code marks) -> the other cells of the tables in a text."""
    gevonden = {}
    for regel in tekst.splitlines():
        if regel.startswith("| `"):
            cellen = [cel.strip() for cel in regel.strip("|").split(" | ")]
            gevonden[cellen[0].strip("| `")] = [cel.strip(" |") for cel in cellen[1:]]
    return gevonden


def test_elke_tabel_en_sleutel_staat_in_het_document() -> None:
    for kop, model in tabellen(Regelingspec).items():
        beschreven = {naam: cellen for naam, cellen in rijen(hoofdstuk(kop)).items() if "{" not in naam}
        assert list(beschreven) == list(model.model_fields), kop
        for naam, info in model.model_fields.items():
            _, standaard, betekenis = beschreven[naam]
            assert (standaard == "**verplicht**") == info.is_required(), (kop, naam)
            assert betekenis == info.description, (kop, naam)


def test_elke_regel_staat_in_het_document() -> None:
    assert {naam: cellen[0] for naam, cellen in rijen(hoofdstuk("Controles per sleutel")).items()} == VELDREGELS
    tussen = {naam: cellen[0] for naam, cellen in rijen(hoofdstuk("Controles tussen sleutels")).items()}
    assert tussen == {regel.id: regel.uitleg for regel in REGELS}
    letop = {naam: cellen[0] for naam, cellen in rijen(hoofdstuk("Waarschuwingen")).items()}
    assert letop == {regel.id: regel.uitleg for regel in WAARSCHUWINGEN}


def test_elke_plaatshouder_staat_in_het_document() -> None:
    beschreven = {
        naam.strip("{}"): cellen[0] for naam, cellen in rijen(hoofdstuk("[[brieven]]")).items() if "{" in naam
    }
    assert beschreven == {naam: uitleg for naam, (uitleg, _) in PLAATSHOUDERS.items()}


def test_soorten_aanvragers_staan_in_het_document() -> None:
    tekst = hoofdstuk("[[tijdvakken.subplafonds]]")
    assert [naam for naam in AANVRAGERSTYPEN if f"`{naam}`" not in tekst] == []


def test_voorbeeld_in_het_document_is_geldig() -> None:
    voorbeeld = re.search(r"```toml\n(.*?)```", DOCUMENT, re.DOTALL)
    assert voorbeeld is not None
    assert lees_regeling(voorbeeld[1].encode(), "voorbeeld.toml").tijdvakken[0].sleutel == "proef-2026"
