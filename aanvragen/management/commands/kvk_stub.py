"""Runs the stand-in for the KvK API: for the demonstration, and to try out what happens when the register fails."""

from __future__ import annotations

import signal
import sys
from typing import Any

from django.core.management import BaseCommand
from django.core.management.base import CommandParser

from aanvragen.register.nagebootst import SLEUTEL, NagebootstRegister, Stand


class Command(BaseCommand):
    help = "Draait een nagebootst Handelsregister met verzonnen bedrijven."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--poort", type=int, default=8190)
        parser.add_argument("--stand", choices=[stand.value for stand in Stand], default=Stand.NORMAAL.value)

    def handle(self, *args: Any, **options: Any) -> None:
        register = NagebootstRegister(poort=options["poort"], stand=Stand(options["stand"]))
        if options["verbosity"]:
            self.stdout.write(f"Nagebootst Handelsregister op {register.adres} (sleutel: {SLEUTEL})")
        signal.signal(signal.SIGTERM, lambda *_: sys.exit(0))
        try:
            register.draai()
        except KeyboardInterrupt:
            return
