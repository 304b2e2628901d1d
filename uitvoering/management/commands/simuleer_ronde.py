import json
from typing import Any

from django.core.management.base import CommandParser

from kern.commando import Commando
from regeling.ruimte import in_woorden
from uitvoering.simulatie import FASEN, Simulatie
from uitvoering.simulatie.plan import aantallen
from uitvoering.simulatie.ronde import regeling_van, ronde_van


class Command(Commando):
    help = (
        "Speelt een hele ronde door de diensten: indienen, behandelen, verdelen, besluiten, vaststellen. "
        "Alle aanvragers zijn verzonnen (KvK-nummers die beginnen met 00)."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("regeling", help="sleutel van de regeling, bijvoorbeeld esf-e-voucher-2011")
        parser.add_argument(
            "--aantal", type=int, help="aantal aanvragen (standaard: de historie van de regeling, of 50)"
        )
        parser.add_argument(
            "--aanvragers", type=int, help="aantal aanvragers (standaard: de historie, of het aantal aanvragen)"
        )
        parser.add_argument("--zaad", type=int, default=1, help="getal waarmee de ronde te herhalen is (standaard 1)")
        parser.add_argument(
            "--tot", choices=FASEN, default="besluiten", help="tot en met welke fase (standaard besluiten)"
        )
        parser.add_argument(
            "--vervolg",
            metavar="TIJDVAK",
            help="ga verder met deze gesimuleerde ronde: beslis op alles wat geselecteerd is",
        )
        parser.add_argument(
            "--ronde", default="", metavar="SLEUTEL", help="tijdvak uit het bestand (standaard het eerste)"
        )
        parser.add_argument("--json", action="store_true", help="schrijf de uitkomst als JSON")

    def uitvoeren(self, **opties: Any) -> None:
        regeling = regeling_van(opties["regeling"])
        aantal, aanvragers = aantallen(ronde_van(regeling, opties["ronde"]), opties["aantal"], opties["aanvragers"])
        simulatie = Simulatie(
            regeling=regeling,
            aantal=aantal,
            aanvragers=aanvragers,
            zaad=opties["zaad"],
            voortgang=self.voortgang,
            ronde=opties["ronde"],
        )
        if opties["vervolg"]:
            tijdvak = simulatie.vervolg(opties["vervolg"])
        else:
            tijdvak = simulatie.speel(opties["tot"])
        trechter = simulatie.trechter(tijdvak)
        if opties["json"]:
            self.stdout.write(json.dumps(trechter.als_dict(), ensure_ascii=False))
            return
        for woord, waarde in (
            ("Tijdvak", trechter.tijdvak),
            ("Ingediend", f"{trechter.ingediend} aanvragen van {trechter.aanvragers} aanvragers"),
            ("Gevraagd", in_woorden(trechter.gevraagd, tijdvak)),
            ("Plafond", in_woorden(trechter.plafond, tijdvak)),
            ("Toegekend", f"{trechter.toegekend} voor {in_woorden(trechter.toegekend_bedrag, tijdvak)}"),
            ("Reservelijst", trechter.reserve),
        ):
            self.stdout.write(f"{woord:<14}{waarde}")
