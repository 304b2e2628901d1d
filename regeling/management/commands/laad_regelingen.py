"""``laad_regelingen [PAD]``: validate and load scheme files (contract; design 02)."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from django.core.management.base import CommandParser
from django.utils import timezone

from kern.commando import Commando
from regeling.services.catalogus import ONGEWIJZIGD, Laadregel, regelingen_laden

_KOPPEN = ("bestand", "onderdeel", "sleutel", "uitkomst")


class Command(Commando):
    help = (
        "Controleert regelingsbestanden (TOML) en laadt ze. Zonder PAD: de meegeleverde catalogus. "
        "Is er één fout, dan wordt er niets geladen. Nog een keer laden verandert niets."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument(
            "pad", metavar="PAD", nargs="?", type=Path, help="een regelingsbestand of een map met bestanden op .toml"
        )

    def uitvoeren(self, **opties: Any) -> None:
        verslag = regelingen_laden(pad=opties["pad"], actor=None, op=timezone.now())
        self.stdout.write(tabel(verslag.regels))
        if verslag.gewijzigd:
            tellingen = Counter(regel.uitkomst for regel in verslag.regels)
            self.stdout.write("Klaar: " + ", ".join(f"{aantal} {uitkomst}" for uitkomst, aantal in tellingen.items()))
        else:
            self.stdout.write(f"Klaar: alles is {ONGEWIJZIGD}.")
        for fout in verslag.waarschuwingen:
            self.stdout.write(f"Let op: {fout}")


def tabel(regels: Sequence[Laadregel]) -> str:
    """The lines in columns that line up."""
    rijen = [_KOPPEN, *((regel.bestand, regel.soort, regel.sleutel, regel.uitkomst) for regel in regels)]
    breedten = [max(len(rij[nr]) for rij in rijen) for nr in range(len(_KOPPEN))]
    return "\n".join(
        "  ".join(veld.ljust(breedte) for veld, breedte in zip(rij, breedten, strict=True)).rstrip() for rij in rijen
    )
