"""``loting_reken MAP``: compute a draw from the files in a folder and write the result beside them."""

from __future__ import annotations

import os
from argparse import ArgumentParser
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from beoordeling.loting.rekenen import bereken, schrijf_uitslag
from beoordeling.loting.vormen import BRONWAARDEN, DEELNEMERS, MUTATIES, NA_MUTATIES, PROTOCOL, LotingFout
from kern.commando import Commando
from kern.fouten import InvoerFout


class Command(Commando):
    help = (
        "Rekent een loting uit. Leest in MAP deelnemers.csv, protocol.json, bronwaarden.json en als het er is "
        "mutaties.csv. Schrijft in MAP uitkomst.csv, ruimte.json en bij mutaties na_mutaties.json. "
        "Is er iets mis met de invoer, dan wordt er niets geschreven."
    )
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("map", metavar="MAP", help="de map met de bestanden van de loting")

    def uitvoeren(self, **opties: Any) -> None:
        map_ = Path(opties["map"])
        if not map_.is_dir():
            raise InvoerFout(f"{ascii(str(map_))} is geen map.", actie="Geef de map met de bestanden van de loting.")
        uitslag = bereken(_lees(map_))
        uitvoer = schrijf_uitslag(uitslag)
        schrijf_samen(map_, {NA_MUTATIES: None, **uitvoer})
        namen = ", ".join(uitvoer)
        self.stdout.write(
            f"Geschreven: {namen}. Deelnemers: {len(uitslag.deelnemers)}. H_P: {uitslag.protocol.hp.hex()}"
        )


def _lees(map_: Path) -> dict[str, bytes]:
    bestanden = {}
    for naam in (DEELNEMERS, PROTOCOL, BRONWAARDEN, MUTATIES):
        try:
            bestanden[naam] = (map_ / naam).read_bytes()
        except FileNotFoundError:
            continue
        except OSError as fout:
            raise LotingFout(naam, f"het bestand is niet te lezen ({type(fout).__name__}).") from fout
    return bestanden


def schrijf_samen(map_: Path, bestanden: Mapping[str, bytes | None]) -> None:
    """Write all files or none: first everything under temporary names, then rename; None removes the file.

    If a rename fails, what was there before is put back. InvoerFout when it could not be done.
    """
    tijdelijk = {naam: map_ / f".{naam}.{os.getpid()}.deel" for naam, data in bestanden.items() if data is not None}
    oud: dict[str, bytes | None] = {}
    gedaan: list[str] = []
    try:
        for naam in bestanden:
            doel = map_ / naam
            oud[naam] = doel.read_bytes() if doel.exists() else None
        for naam, pad in tijdelijk.items():
            with pad.open("wb") as bestand:
                bestand.write(bestanden[naam] or b"")
                bestand.flush()
                os.fsync(bestand.fileno())
        for naam in bestanden:
            gedaan.append(naam)
            if naam in tijdelijk:
                tijdelijk[naam].replace(map_ / naam)
            else:
                (map_ / naam).unlink(missing_ok=True)
    except OSError as fout:
        for naam in gedaan:
            inhoud = oud[naam]
            if inhoud is None:
                (map_ / naam).unlink(missing_ok=True)
            else:
                (map_ / naam).write_bytes(inhoud)
        melding = f"De uitvoer is niet te schrijven in {ascii(str(map_))} ({type(fout).__name__})."
        raise InvoerFout(melding, actie="Controleer de rechten en de ruimte. Er is niets gewijzigd.") from fout
    finally:
        for pad in tijdelijk.values():
            pad.unlink(missing_ok=True)
