from typing import Any

from kern.commando import Commando
from kern.fouten import DomeinFout
from kern.models import LogRegel, Zegel
from kern.services.spoor import spoor_controleren


class Command(Commando):
    help = "Rekent het hele spoor na (hashketens en zegels). Eindigt met 1 als er iets niet klopt."

    def uitvoeren(self, **opties: Any) -> None:
        breuken = list(spoor_controleren())
        if breuken:
            raise DomeinFout("Het spoor klopt niet:\n  " + "\n  ".join(breuken), actie="Waarschuw de auditor.")
        self.stdout.write(f"Het spoor klopt: {LogRegel.objects.count()} regels, {Zegel.objects.count()} zegels.")
