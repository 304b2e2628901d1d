import json
import logging
import time
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management import call_command
from django.core.management.base import CommandParser
from django.db import connection
from django.utils import timezone

from kern.commando import Commando
from kern.fouten import DomeinFout
from regeling.lezen import lees_regeling
from regeling.models import Regeling
from regeling.services.catalogus import ronde_uit_spec
from uitvoering.simulatie import Simulatie
from uitvoering.simulatie.proef import op_schaal


class Command(Commando):
    help = (
        "Speelt een ronde van een regelingsbestand met verzonnen aanvragers in een database in het geheugen en "
        "schrijft de cijfers als JSON. Draait alleen met de instellingen config.settings.proef: er blijft niets over."
    )
    requires_migrations_checks = False

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("bestand", type=Path, help="een regelingsbestand op .toml")
        parser.add_argument("--ronde", required=True, help="sleutel van het tijdvak in het bestand")
        parser.add_argument("--aantal", type=int, required=True, help="hoeveel aanvragen er worden gespeeld")
        parser.add_argument(
            "--verwacht", type=int, help="hoeveel aanvragen u echt verwacht; de plafonds gaan naar verhouding mee"
        )
        parser.add_argument("--zaad", type=int, default=1, help="getal waarmee de ronde te herhalen is (standaard 1)")

    def uitvoeren(self, **opties: Any) -> None:
        if not getattr(settings, "WEGWERP", False) or connection.settings_dict["NAME"] != ":memory:":
            raise DomeinFout(
                "Deze opdracht werkt alleen in een wegwerpdatabase.",
                actie="Zet DJANGO_SETTINGS_MODULE op config.settings.proef.",
            )
        logging.getLogger("kern").setLevel(logging.ERROR)
        begin, nu = time.monotonic(), timezone.now()
        call_command("migrate", run_syncdb=True, interactive=False, verbosity=0)
        bestand: Path = opties["bestand"]
        spec = lees_regeling(bestand.read_bytes(), bestand.name)
        verwacht = max(opties["verwacht"] or 0, opties["aantal"])
        klein = op_schaal(spec, opties["ronde"], opties["aantal"], verwacht)
        ronde_uit_spec(spec=klein, bestand=bestand.name, sleutel=opties["ronde"], actor=None, op=nu)
        simulatie = Simulatie(
            regeling=Regeling.objects.get(sleutel=spec.regeling.sleutel),
            aantal=opties["aantal"],
            aanvragers=opties["aantal"],
            zaad=opties["zaad"],
            ronde=opties["ronde"],
        )
        tijdvak = simulatie.speel("besluiten")
        uit = {
            **simulatie.trechter(tijdvak).als_dict(),
            "verleend": tijdvak.aanvragen.filter(status="verleend").count(),
            "seconden": round(time.monotonic() - begin),
        }
        self.stdout.write(json.dumps(uit, ensure_ascii=False))
