"""A browser with one draft open."""

from __future__ import annotations

import json
from typing import Any

from django.test import Client

from aanvragen.models import Aanvraag
from kern.models import Gebruiker
from regeling.models import Tijdvak
from tests.factories.portaal_aanvrager import aanvrager, begonnen, ingelogd, vol_concept

DATUMS = {
    "start_op_dag": "1",
    "start_op_maand": "9",
    "start_op_jaar": "2026",
    "eind_op_dag": "28",
    "eind_op_maand": "feb",
    "eind_op_jaar": "2027",
}


class Stappen:
    """A browser with one draft open."""

    def __init__(self, tijdvak: Tijdvak, *, vol: bool = False) -> None:
        self.gebruiker, self.organisatie = aanvrager()
        self.client = ingelogd(self.gebruiker)
        maak = vol_concept if vol else begonnen
        self.pk = maak(tijdvak, self.organisatie, self.gebruiker).pk

    @property
    def aanvraag(self) -> Aanvraag:
        return Aanvraag.objects.get(pk=self.pk)

    def adres(self, stap: str) -> str:
        return f"/aanvragen/{self.pk}/stap/{stap}/"

    def open(self, stap: str) -> dict[str, str]:
        """The hidden fields of the page, as a browser would send them back."""
        context = self.client.get(self.adres(stap)).context
        return {"versie": str(context["aanvraag"].versie), "basis": context["basis"]}

    def bewaar(self, stap: str, gegevens: dict[str, Any], **verborgen: str) -> Any:
        return self.client.post(
            self.adres(stap), {**self.open(stap), "actie": "verder", **gegevens, **verborgen}, follow=True
        )

    def typ(self, stap: str, velden: dict[str, list[str]], **anders: Any) -> Any:
        """What the script on the page sends while somebody types."""
        inhoud = {"velden": velden, "basis": self.open(stap)["basis"], "pagina": "p", "nr": 1, **anders}
        return self.client.post(f"{self.adres(stap)}klad/", json.dumps(inhoud), content_type="application/json")

    def collega(self, gebruiker: Gebruiker, client: Client | None = None) -> Stappen:
        """Somebody else with the same draft open."""
        ander = Stappen.__new__(Stappen)
        ander.gebruiker, ander.organisatie, ander.pk = gebruiker, self.organisatie, self.pk
        ander.client = client or ingelogd(gebruiker)
        return ander


def regel(nr: int, omschrijving: str, aantal: str, tarief: str, plek: str = "") -> dict[str, str]:
    velden = {"omschrijving": omschrijving, "aantal": aantal, "tarief": tarief, "plek": plek}
    return {f"regel-{nr}-{naam}": waarde for naam, waarde in velden.items()}
