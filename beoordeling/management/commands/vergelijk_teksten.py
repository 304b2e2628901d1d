"""Compares the texts of a round: ``manage.py vergelijk_teksten SLEUTEL``."""

from __future__ import annotations

from typing import Any

from django.core.management.base import CommandParser
from django.utils import timezone

from beoordeling.services.tekstgelijkenis import tijdvak_vergelijken
from kern.commando import Commando
from kern.fouten import InvoerFout
from regeling.models import Tijdvak


class Command(Commando):
    help = "Zoekt aanvragen in een tijdvak waarvan teksten bijna gelijk zijn. Dit is een aanwijzing, geen oordeel."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("sleutel", help="sleutel van het tijdvak")

    def uitvoeren(self, **opties: Any) -> None:
        tijdvak = Tijdvak.objects.filter(sleutel=opties["sleutel"]).first()
        if tijdvak is None:
            raise InvoerFout(f"Het tijdvak “{opties['sleutel']}” bestaat niet.", actie="Controleer de sleutel.")
        aantal = tijdvak_vergelijken(tijdvak=tijdvak, op=timezone.now())
        self.stdout.write(f"{aantal} paren van teksten lijken op elkaar.")
