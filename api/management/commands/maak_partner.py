"""``manage.py maak_partner``: a partner system with its client id and secret, and what it may see."""

from __future__ import annotations

from typing import Any

from django.core.management.base import CommandParser
from django.db import transaction
from django.utils import timezone
from oauth2_provider.settings import oauth2_settings

from aanvragen.models import Organisatie
from api.services.partners import partner_aanmaken, partnerrecht_verlenen
from kern.commando import Commando
from kern.fouten import InvoerFout
from regeling.models import Tijdvak


class Command(Commando):
    help = (
        "Maakt een partner voor de API en toont één keer de client-id en het geheim. "
        "Met --tijdvak ziet de partner alle aanvragen van dat tijdvak, met --kvk die van één organisatie, "
        "met allebei alleen de aanvragen van die organisatie in dat tijdvak."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("naam", metavar="NAAM", help="naam van de partner")
        parser.add_argument(
            "--scopes",
            nargs="+",
            required=True,
            choices=list(oauth2_settings.SCOPES),
            metavar="SCOPE",
            help=f"wat de partner mag: {', '.join(oauth2_settings.SCOPES)}",
        )
        parser.add_argument("--tijdvak", metavar="SLEUTEL", help="sleutel van het tijdvak dat de partner mag zien")
        parser.add_argument("--kvk", metavar="NUMMER", help="KvK-nummer van de organisatie die de partner mag zien")
        parser.add_argument(
            "--grondslag", required=True, metavar="TEKST", help="de toestemming of overeenkomst waarop dit rust"
        )

    def uitvoeren(self, **opties: Any) -> None:
        op = timezone.now()
        tijdvak = _tijdvak(opties["tijdvak"]) if opties["tijdvak"] else None
        organisatie = _organisatie(opties["kvk"]) if opties["kvk"] else None
        with transaction.atomic():
            sleutels = partner_aanmaken(
                naam=opties["naam"], scopes=opties["scopes"], actor=None, op=op, reden=opties["grondslag"]
            )
            if tijdvak or organisatie:
                partnerrecht_verlenen(
                    partner=sleutels.partner,
                    organisatie=organisatie,
                    tijdvak=tijdvak,
                    grondslag=opties["grondslag"],
                    actor=None,
                    op=op,
                )
        self.stdout.write(f"client_id: {sleutels.client_id}")
        self.stdout.write(f"client_secret: {sleutels.client_secret}")
        self.stderr.write("Bewaar het geheim nu: wij tonen het niet nog een keer.")


def _tijdvak(sleutel: str) -> Tijdvak:
    tijdvak = Tijdvak.objects.filter(sleutel=sleutel).first()
    if tijdvak is None:
        raise InvoerFout(f"Er is geen tijdvak “{sleutel}”.", actie="Controleer de sleutel.")
    return tijdvak


def _organisatie(kvk_nummer: str) -> Organisatie:
    organisatie = Organisatie.objects.filter(kvk_nummer=kvk_nummer).first()
    if organisatie is None:
        raise InvoerFout(f"Er is geen organisatie met KvK-nummer {kvk_nummer}.", actie="Controleer het nummer.")
    return organisatie
