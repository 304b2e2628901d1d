from typing import Any

from django.core.management import call_command, get_commands
from django.utils import timezone

from kern.commando import Commando
from rapportage.services.demo import WACHTWOORD, demo_logins, demo_vullen


class Command(Commando):
    help = "Vult een lege database met de demonstratie (verzonnen gegevens) en drukt de logins af. Mag vaker."

    def uitvoeren(self, **opties: Any) -> None:
        nieuw = demo_vullen(op=timezone.now(), melden=lambda tekst: self.stdout.write(f"  {tekst} ..."))
        if nieuw and "maak_partner" in get_commands():
            self.stdout.write("\nToegang tot de API voor een demo-partner (zie docs/api.md):")
            call_command(
                "maak_partner",
                "Demo partner",
                "--scopes",
                "aanvragen:lezen",
                "rondes:lezen",
                "vouchers:controleren",
                "--tijdvak",
                "demo-lopend",
                "--grondslag",
                "Demonstratie",
                stdout=self.stdout,
            )
        self.stdout.write("\nInloggen kan als (wachtwoord van allen: " + WACHTWOORD + "):")
        for email, omschrijving in demo_logins():
            self.stdout.write(f"  {email:<28}{omschrijving}")
