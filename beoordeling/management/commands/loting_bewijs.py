from pathlib import Path
from typing import Any

from django.core.management.base import CommandParser

from beoordeling.models import Loting
from beoordeling.services.loting import bewijspakket
from kern.commando import Commando
from kern.fouten import InvoerFout


class Command(Commando):
    help = (
        "Schrijft het bewijspakket van een loting in een map; daarna kan iedereen het nakijken met verifieer_loting.py."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("loting", help="kenmerk van de loting, of de sleutel van het tijdvak")
        parser.add_argument(
            "--uit", type=Path, required=True, help="map waarin het pakket komt; moet leeg zijn of nieuw"
        )

    def uitvoeren(self, **opties: Any) -> None:
        naam, map_ = opties["loting"], opties["uit"]
        loting = (
            Loting.objects.filter(kenmerk=naam).first()
            or Loting.objects.filter(tijdvak__sleutel=naam).exclude(status__in=["vervangen", "ongeldig"]).first()
        )
        if loting is None:
            raise InvoerFout(
                f"De loting “{naam}” bestaat niet.", actie="Geef het kenmerk van de loting of van het tijdvak."
            )
        if map_.exists() and (not map_.is_dir() or any(map_.iterdir())):
            raise InvoerFout(f"{map_} bestaat al en is niet leeg.", actie="Kies een nieuwe of lege map.")
        pakket = bewijspakket(loting)
        try:
            map_.mkdir(parents=True, exist_ok=True)
            for bestandsnaam, inhoud in pakket.items():
                (map_ / bestandsnaam).write_bytes(inhoud)
        except OSError as fout:
            raise InvoerFout(
                f"In {map_} kan niet worden geschreven: {fout.strerror}.", actie="Kies een andere map."
            ) from fout
        self.stdout.write(
            f"{len(pakket)} bestanden geschreven in {map_}. Controleer met: python3 {map_}/verifieer_loting.py"
        )
