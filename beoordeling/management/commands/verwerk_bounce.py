"""Processes a delivery report, from a file or from a mail server that pipes mail to a program."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Any

from django.core.management.base import CommandError, CommandParser
from django.utils import timezone

from beoordeling.services.referentie import bounce_verwerken
from kern.commando import Commando

#: A report is small; more is no report.
MAXIMUM = 10 * 1024 * 1024


class Command(Commando):
    help = (
        "Verwerkt een melding dat een bericht niet is bezorgd (DSN, RFC 3464), uit een bestand of van standaardinvoer."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("bestand", nargs="?", default="-", help="bestand met de mail; zonder: standaardinvoer")

    def uitvoeren(self, **opties: Any) -> None:
        if opties["bestand"] == "-":
            inhoud = sys.stdin.buffer.read(MAXIMUM)
        else:
            pad = Path(opties["bestand"])
            if not pad.is_file():
                raise CommandError(f"Het bestand {pad} bestaat niet.", returncode=2)
            with pad.open("rb") as bron:
                inhoud = bron.read(MAXIMUM)
        berichten = bounce_verwerken(inhoud=inhoud, op=timezone.now())
        if not berichten:
            self.stdout.write("Dit is geen melding over een bericht van ons dat blijvend niet is bezorgd.")
        for bericht in berichten:
            self.stdout.write(f"Bericht {bericht.pk} is niet bezorgd: {bericht.fout}")
