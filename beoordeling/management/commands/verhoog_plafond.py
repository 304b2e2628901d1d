from decimal import Decimal, InvalidOperation
from typing import Any

from django.core.management.base import CommandError, CommandParser
from django.utils import timezone

from aanvragen.inhoud import euro
from beoordeling.services.rangschikking import plafond_verhogen
from kern.commando import Commando
from kern.fouten import InvoerFout
from regeling.models import Tijdvak


class Command(Commando):
    help = "Verhoogt het plafond van een tijdvak en roept de reservelijst op, in rangvolgorde."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("sleutel", help="sleutel van het tijdvak")
        parser.add_argument("bedrag", help="verhoging in euro, bijvoorbeeld 52000000")
        parser.add_argument("--reden", required=True, help="waarom, bijvoorbeeld het besluit met datum")
        parser.add_argument("--code", default="*", help="code van een deelplafond (standaard het hele plafond)")

    def uitvoeren(self, **opties: Any) -> None:
        try:
            bedrag = Decimal(opties["bedrag"])
        except InvalidOperation as fout:
            raise CommandError(
                f"“{opties['bedrag']}” is geen bedrag. Schrijf het als 52000000 of 52000000.00.", returncode=2
            ) from fout
        tijdvak = Tijdvak.objects.filter(sleutel=opties["sleutel"]).first()
        if tijdvak is None:
            raise InvoerFout(f"Het tijdvak “{opties['sleutel']}” bestaat niet.", actie="Controleer de sleutel.")
        opgeroepen = plafond_verhogen(
            tijdvak=tijdvak, bedrag=bedrag, reden=opties["reden"], actor=None, op=timezone.now(), code=opties["code"]
        )
        plafond = tijdvak.plafonds.get(code=opties["code"])
        self.stdout.write(f"Het plafond is nu {euro(plafond.bedrag)}; er resteert {euro(plafond.resteert)}.")
        self.stdout.write(f"{len(opgeroepen)} aanvragen van de reservelijst zijn geselecteerd, in rangvolgorde.")
