"""From a data frame and the facts of a round to the files of an evaluation export."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pandas as pd

from kern.fouten import InvoerFout
from rapportage import canoniek
from rapportage.leesmij import leesmij
from rapportage.manifest import Exportcontext, maak_manifest, schrijf_json
from rapportage.profielen import GEEN_DATA, Levering, pas_toe
from rapportage.resultaten import resultaten as maak_resultaten
from rapportage.resultaten import schrijf_resultaten
from rapportage.schrijvers import Pakket, SchrijfFout, controleer_doel, csvmap, ods, xlsx
from rapportage.tabellen import maak_tabellen
from rapportage.tabellen.model import Record, Rondegegevens, Tabel, Weggelaten

FORMATEN: dict[str, Callable[[Pakket, Path], None]] = {"xlsx": xlsx.schrijf, "ods": ods.schrijf, "csv": csvmap.schrijf}


@dataclass(frozen=True, slots=True)
class Exportuitslag:
    """What was written and made. ``bestanden``: the export itself, its manifest and, when asked, the results."""

    bestanden: tuple[Path, ...]
    momentopname: str
    manifest: dict[str, Any]
    tabellen: tuple[Tabel, ...]
    records: tuple[Record, ...]
    weggelaten: tuple[Weggelaten, ...]


def maak_export(
    df: pd.DataFrame,
    ronde: Rondegegevens,
    *,
    profiel: str,
    formaat: str,
    uit: Path,
    resultaten: Path | None,
    context: Exportcontext,
) -> Exportuitslag:
    """Make the tables, apply the profile and write ``uit`` (a file, or a folder for ``csv``).

    The manifest goes beside a file as ``<name>.manifest.json`` and into a folder as ``manifest.json``. Raises
    :class:`InvoerFout` for input that cannot be exported and :class:`SchrijfFout` when a file cannot be written; every
    target is checked before the first file is written.
    """
    if formaat not in FORMATEN:
        raise InvoerFout(f"Onbekend formaat: {formaat}.", actie=f"Kies uit: {', '.join(FORMATEN)}.")
    manifestpad = uit / csvmap.MANIFEST if formaat == "csv" else uit.with_name(f"{uit.name}.manifest.json")
    _controleer_paden(uit, resultaten, None if formaat == "csv" else manifestpad)
    canoniek.controleer(df)
    df = canoniek.gesorteerd(df).reset_index(drop=True)
    momentopname = canoniek.sha256(df)
    levering = pas_toe(profiel, df, *maak_tabellen(df, ronde), sleutel=context.sleutel, met_kvk=context.met_kvk)
    manifest = maak_manifest(
        ronde,
        levering,
        context,
        momentopname=momentopname,
        formaat=formaat,
        rijen=len(df),
        kolommen=df.columns,
        data_sha256=_hash(levering),
    )
    pakket = Pakket(
        ronde=ronde,
        profiel=profiel,
        data=levering.data,
        geen_data=GEEN_DATA,
        codeboek=levering.codeboek,
        tabellen=levering.tabellen,
        leesmij=leesmij(ronde, levering, manifest),
        manifest=manifest,
    )
    FORMATEN[formaat](pakket, uit)
    if formaat != "csv":
        schrijf_json(manifestpad, manifest)
    bestanden = [uit, manifestpad]
    if resultaten is not None:
        document = maak_resultaten(ronde, levering.records, momentopname=momentopname, profiel=profiel)
        schrijf_resultaten(resultaten, document)
        bestanden.append(resultaten)
    return Exportuitslag(
        bestanden=tuple(bestanden),
        momentopname=momentopname,
        manifest=manifest,
        tabellen=levering.tabellen,
        records=levering.records,
        weggelaten=levering.weggelaten,
    )


def _hash(levering: Levering) -> str | None:
    if levering.data is None:
        return None
    som = hashlib.sha256()
    for blok in canoniek.regels(levering.data):
        som.update(blok)
    return som.hexdigest()


def _controleer_paden(uit: Path, resultaten: Path | None, manifest: Path | None) -> None:
    paden = [pad for pad in (uit, manifest, resultaten) if pad is not None]
    for pad in paden:
        controleer_doel(pad)
    if len({pad.resolve() for pad in paden}) != len(paden):
        raise SchrijfFout("Twee bestanden krijgen dezelfde plaats.", actie="Geef elk bestand een eigen pad.")
    if resultaten is not None and uit.resolve() in resultaten.resolve().parents:
        raise SchrijfFout(
            "De resultaten kunnen niet in de map van de export zelf staan.",
            actie="Geef een pad buiten die map op.",
        )
