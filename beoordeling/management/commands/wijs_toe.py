"""``wijs_toe TIJDVAK [--droog] [--json]``: assign assessors to the applications of a round (contract)."""

from __future__ import annotations

import json
from argparse import ArgumentParser
from typing import Any

from django.utils import timezone

from beoordeling.models import Commissie
from beoordeling.services.toewijzen import Plan, beoordelaars_toewijzen
from kern.commando import Commando
from kern.fouten import InvoerFout


class Command(Commando):
    help = (
        "Wijst beoordelaars toe aan de complete aanvragen van een gesloten tijdvak: eerst de deskundigen, gelijk "
        "verdeeld, nooit bij een belang en nooit twee van dezelfde organisatie. Wie al ja zei, blijft. Wat niet lukt, "
        "staat in een werklijst. Met --droog wordt niemand toegewezen."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("tijdvak", metavar="TIJDVAK", help="de sleutel van het tijdvak")
        parser.add_argument("--droog", action="store_true", help="reken alleen, wijs niemand toe")
        parser.add_argument("--json", action="store_true", help="schrijf de uitkomst als JSON")

    def uitvoeren(self, **opties: Any) -> None:
        sleutel, droog = opties["tijdvak"], opties["droog"]
        commissie = Commissie.objects.filter(tijdvak__sleutel=sleutel).select_related("tijdvak").first()
        if commissie is None:
            raise InvoerFout(
                f"Het tijdvak “{sleutel}” bestaat niet of heeft geen commissie.",
                actie="Controleer de sleutel, of stel eerst een commissie in.",
            )
        plan = beoordelaars_toewijzen(
            commissie=commissie, actor=None, op=timezone.now(), droog=droog, voortgang=self._meld
        )
        if opties["json"]:
            self.stdout.write(json.dumps(_als_json(plan, droog), ensure_ascii=False))
        else:
            for regel in _regels(plan, droog):
                self.stdout.write(regel)

    def _meld(self, stap: str, deel: float) -> None:
        self.stderr.write(f"{stap}: {round(100 * deel)} %")


def _als_json(plan: Plan, droog: bool) -> dict[str, Any]:
    return {
        "droog": droog,
        "aanvragen": plan.aanvragen,
        "leden": plan.leden,
        "per_aanvraag": plan.per_aanvraag,
        "paren": plan.paren,
        "nieuw": plan.nieuw,
        "weg": plan.weg,
        "last": plan.last,
        "doel": plan.doel,
        "afstand": plan.afstand,
        "werklijst": plan.werklijst,
    }


def _regels(plan: Plan, droog: bool) -> list[str]:
    """The outcome for people."""
    wat = "zou geven" if droog else "geeft"
    regels = [
        f"{plan.aanvragen} aanvragen, {plan.leden} leden, {plan.per_aanvraag} beoordelaars per aanvraag.",
        f"Dit {wat} {len(plan.nieuw)} nieuwe toewijzingen; {len(plan.weg)} vervallen.",
        f"Aanvragen per lid: van {min(plan.last.values())} tot en met {max(plan.last.values())}.",
    ]
    regels += [f"Tekort: {kenmerk} mist {n} beoordelaar(s)." for kenmerk, n in plan.tekort.items()]
    regels += [f"Geen deskundige: {kenmerk}." for kenmerk in plan.zonder_deskundige]
    regels += [f"Te veel werk: {naam} heeft {n} aanvragen te veel." for naam, n in plan.te_vol.items()]
    regels += [f"Te weinig werk: {naam} kan er nog {n} bij hebben." for naam, n in plan.te_leeg.items()]
    return regels
