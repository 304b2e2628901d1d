from __future__ import annotations

from datetime import date
from typing import Any

from django.core.management.base import CommandError, CommandParser
from django.utils import timezone

from kern.commando import Commando
from rapportage.services.dagoverzicht import dagoverzicht_maken


def _dag(tekst: str) -> date:
    try:
        return date.fromisoformat(tekst)
    except ValueError as fout:
        raise CommandError(f"'{tekst}' is geen datum. Schrijf bijvoorbeeld 2027-03-01.", returncode=2) from fout


class Command(Commando):
    help = "Zet het dagoverzicht klaar voor medewerkers die het willen; een keer per persoon en dag."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--op", type=_dag, default=None, metavar="DATUM", help="dag van het overzicht")

    def uitvoeren(self, **opties: Any) -> None:
        aantal = dagoverzicht_maken(op=timezone.now(), dag=opties["op"])
        self.stdout.write(f"Klaargezet: {aantal} e-mails.")
