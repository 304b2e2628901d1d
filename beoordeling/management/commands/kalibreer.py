"""``kalibreer CSV --k K [--json]``: calibrate the scores of a file and print the result (contract)."""

from __future__ import annotations

import json
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

import numpy as np

from beoordeling.kalibratie.invoer import lees_scores
from beoordeling.kalibratie.kalibreren import Kalibratie, kalibreer
from kern.commando import Commando
from kern.fouten import InvoerFout


class Command(Commando):
    help = (
        "Kalibreert scores: rekent strenge en milde beoordelaars eruit en geeft per aanvraag de verwachte rang. "
        "CSV heeft de kolommen aanvraag;thema;beoordelaar;score (thema mag leeg zijn). "
        "Schrijft de uitkomst op het scherm en verandert niets."
    )
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("csv", metavar="CSV", type=Path, help="het bestand met de scores")
        parser.add_argument("--k", type=int, required=True, metavar="K", help="het aantal plaatsen; bepaalt de lijn")
        parser.add_argument("--json", action="store_true", help="schrijf de uitkomst als JSON")
        parser.add_argument(
            "--streng",
            action="store_true",
            help="weiger als de beoordelaars niet met elkaar te vergelijken zijn of minder dan 10 beoordelingen hebben",
        )

    def uitvoeren(self, **opties: Any) -> None:
        pad: Path = opties["csv"]
        try:
            data = pad.read_bytes()
        except OSError as fout:
            wat = "bestaat niet" if isinstance(fout, FileNotFoundError) else "is niet te lezen"
            raise InvoerFout(f"{pad} {wat}.", actie="Geef het pad van een CSV-bestand.") from fout
        uitkomst = kalibreer(lees_scores(pad.name, data), k=opties["k"], streng=opties["streng"])
        for waarschuwing in uitkomst.waarschuwingen:
            self.stderr.write(f"Let op: {waarschuwing}")
        if opties["json"]:
            self.stdout.write(json.dumps(uitkomst.als_json(), ensure_ascii=False, allow_nan=False))
        else:
            self.stdout.write(_tabel(uitkomst))


def _tabel(uitkomst: Kalibratie) -> str:
    """The result for people: components, then the applications by expected rank."""
    o, c = uitkomst.ontwerp, uitkomst.componenten
    breedte = max(8, *(len(naam) for naam in o.aanvragen))
    regels = [
        f"{len(o.y)} scores, {len(o.aanvragen)} aanvragen, {len(o.beoordelaars)} beoordelaars, {o.vast} thema's",
        f"variantie tussen aanvragen {c.tau2:.4f}, tussen beoordelaars {c.phi2:.4f}, toeval {c.sigma2:.4f}",
        f"{'aanvraag':<{breedte}}  {'ruw':>8}  {'gekal.':>8}  {'rang':>9}  {'p':>6}  zone",
    ]
    for i in np.argsort(uitkomst.er, kind="stable"):
        regels.append(
            f"{o.aanvragen[i]:<{breedte}}  {uitkomst.ruw[i]:8.2f}  {uitkomst.g[i]:8.2f}  {uitkomst.er[i]:9.2f}"
            f"  {uitkomst.p[i]:6.3f}  {uitkomst.zone[i]}"
        )
    grijs = "Loot in de zone GRIJS." if uitkomst.lot_nodig else "Er is geen loting nodig."
    return "\n".join([*regels, f"Lijn bij {uitkomst.k} plaatsen: {o.aanvragen[uitkomst.lijn]}. {grijs}"])
