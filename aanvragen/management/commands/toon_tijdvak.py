"""``toon_tijdvak SLEUTEL``: the figures of a round as they are now (contract)."""

from __future__ import annotations

import json
from decimal import Decimal
from typing import Any

from django.core.management.base import CommandParser

from aanvragen.enums import Status
from aanvragen.selectors import Tijdvakcijfers, tijdvak_cijfers
from kern.commando import Commando
from kern.fouten import InvoerFout
from regeling.enums import HOOFDPOT
from regeling.models import Plafond, Tijdvak
from regeling.schema_motor import hoeveel


class Command(Commando):
    help = (
        "Toont een tijdvak: de stand, de methode van verdelen, het plafond en de deelplafonds, "
        "wat er is gevraagd en toegekend, wat er resteert en hoeveel aanvragen er per status zijn."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("sleutel", metavar="SLEUTEL", help="de sleutel van het tijdvak, bijvoorbeeld esf-e-2008")
        parser.add_argument("--json", action="store_true", help="geef het antwoord als JSON")

    def uitvoeren(self, **opties: Any) -> None:
        tijdvak = _zoek(opties["sleutel"])
        cijfers = tijdvak_cijfers(tijdvak)
        deelplafonds = list(tijdvak.plafonds.exclude(code=HOOFDPOT).order_by("code"))
        if opties["json"]:
            self.stdout.write(
                json.dumps(als_json(tijdvak, cijfers, deelplafonds), ensure_ascii=False, indent=2, sort_keys=True)
            )
        else:
            self.stdout.write(als_tekst(tijdvak, cijfers, deelplafonds))


def _zoek(sleutel: str) -> Tijdvak:
    tijdvak = Tijdvak.objects.filter(sleutel=sleutel).first()
    if tijdvak is None:
        bekend = list(Tijdvak.objects.order_by("sleutel").values_list("sleutel", flat=True)[:20])
        raise InvoerFout(
            f"Het tijdvak '{sleutel}' bestaat niet.",
            actie=f"Kies bijvoorbeeld: {', '.join(bekend)}." if bekend else "Laad eerst regelingen: laad_regelingen.",
            code="tijdvak-onbekend",
        )
    return tijdvak


def als_json(tijdvak: Tijdvak, cijfers: Tijdvakcijfers, deelplafonds: list[Plafond]) -> dict[str, Any]:
    """The contract's keys; amounts are numbers in the unit of the round (euros or pieces)."""
    return {
        "sleutel": tijdvak.sleutel,
        "naam": tijdvak.naam,
        "status": tijdvak.status,
        "methode": tijdvak.methode,
        "aanvragen": cijfers.aanvragen,
        "gevraagd_bedrag": getal(cijfers.gevraagd_bedrag),
        "toegekend": cijfers.toegekend,
        "toegekend_bedrag": getal(cijfers.toegekend_bedrag),
        "plafond": getal(cijfers.plafond),
        "resteert": getal(cijfers.resteert),
        "per_status": cijfers.per_status,
        "subplafonds": [
            {
                "code": pot.code,
                "naam": pot.naam,
                "plafond": getal(pot.bedrag),
                "vastgelegd": getal(pot.vastgelegd),
                "resteert": getal(pot.resteert),
            }
            for pot in deelplafonds
        ],
    }


def als_tekst(tijdvak: Tijdvak, cijfers: Tijdvakcijfers, deelplafonds: list[Plafond]) -> str:
    """The figures for a person, in lines that line up."""

    def bedrag(waarde: Decimal) -> str:
        return hoeveel(waarde, tijdvak.eenheid)

    regels = [
        f"{tijdvak.naam} ({tijdvak.sleutel})",
        f"Status     {tijdvak.get_status_display()}",
        f"Methode    {tijdvak.get_methode_display()}",
        f"Aanvragen {aantal(cijfers.aanvragen)}, toegekend {aantal(cijfers.toegekend)}: "
        f"{bedrag(cijfers.toegekend_bedrag)} van {bedrag(cijfers.plafond)}",
        f"Gevraagd   {bedrag(cijfers.gevraagd_bedrag)}",
        f"Resteert   {bedrag(cijfers.resteert)}",
    ]
    if cijfers.per_status:
        regels.append("Per status")
        namen = {status: str(Status(status).label) for status in cijfers.per_status}
        breedte = max(map(len, namen.values()))
        regels += [f"  {namen[status]:<{breedte}}  {aantal(n):>7}" for status, n in cijfers.per_status.items()]
    if deelplafonds:
        regels.append("Deelplafonds")
        breedte = max(len(pot.naam) for pot in deelplafonds)
        for pot in deelplafonds:
            stand = f"{bedrag(pot.vastgelegd)} van {bedrag(pot.bedrag)}, resteert {bedrag(pot.resteert)}"
            regels.append(f"  {pot.naam:<{breedte}}  {stand}")
    return "\n".join(regels)


def getal(bedrag: Decimal) -> int | float:
    """A JSON number: whole euros as int, else with cents."""
    return int(bedrag) if bedrag == bedrag.to_integral_value() else round(float(bedrag), 2)


def aantal(waarde: int) -> str:
    return f"{waarde:,}".replace(",", ".")
