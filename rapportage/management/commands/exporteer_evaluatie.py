from pathlib import Path
from typing import Any

from django.core.management.base import CommandParser
from django.utils import timezone

from kern.commando import Commando
from kern.fouten import InvoerFout
from rapportage.services.exporteren import PROFIELEN, evaluatie_exporteren
from rapportage.tabellen.tekst import als_tekst
from rapportage.werkmap import FORMATEN
from regeling.models import Tijdvak


class Command(Commando):
    help = (
        "Maakt de evaluatie-export van een tijdvak: leesmij, codeboek, gegevens en tabellen, met een manifest. "
        "Drukt tabel T4.3 af als die er is."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("sleutel", help="sleutel van het tijdvak")
        parser.add_argument("--formaat", choices=sorted(FORMATEN), required=True)
        parser.add_argument("--uit", type=Path, required=True, help="bestand dat wordt geschreven (een map bij csv)")
        parser.add_argument("--profiel", choices=PROFIELEN, default="onderzoeker")
        parser.add_argument("--resultaten", type=Path, help="schrijf ook de uitkomsten als JSON naar dit pad")
        parser.add_argument("--voor", default="", help="voor wie de export is; komt in het manifest")
        parser.add_argument("--doel", default="", help="waarvoor de export is; komt in het manifest")

    def uitvoeren(self, **opties: Any) -> None:
        tijdvak = Tijdvak.objects.filter(sleutel=opties["sleutel"]).first()
        if tijdvak is None:
            raise InvoerFout(f"Het tijdvak “{opties['sleutel']}” bestaat niet.", actie="Controleer de sleutel.")
        klaar = evaluatie_exporteren(
            tijdvak=tijdvak,
            formaat=opties["formaat"],
            profiel=opties["profiel"],
            uit=opties["uit"],
            resultaten=opties["resultaten"],
            actor=None,
            op=timezone.now(),
            voor_wie=opties["voor"],
            doel=opties["doel"],
        )
        for tabel in klaar.uitslag.tabellen:
            if tabel.code == "T4.3":
                self.stdout.write(als_tekst(tabel))
        for gemist in klaar.uitslag.weggelaten:
            self.stdout.write(f"Niet gemaakt: {gemist.code}: {gemist.reden}")
        self.stdout.write(f"Momentopname {klaar.uitslag.momentopname}")
        for bestand in klaar.uitslag.bestanden:
            self.stdout.write(f"Geschreven: {bestand}")
