"""A scheme made smaller, so that a simulated round of fewer applications is as tight as the real one. Pure."""

from __future__ import annotations

from decimal import ROUND_HALF_UP, Decimal

from regeling.schema import Regelingspec, Tijdvakspec

CENT = Decimal("0.01")


def op_schaal(spec: Regelingspec, sleutel: str, aantal: int, verwacht: int) -> Regelingspec:
    """The scheme with only round ``sleutel``, its ceilings times ``aantal`` / ``verwacht``; pieces stay whole, at least
    one. Nobody stays undecided, as some did in the history of the round."""
    deel = Decimal(aantal) / verwacht
    eenheid = Decimal(1) if spec.subsidie.eenheid == "stuks" else CENT

    def klein(bedrag: Decimal, stap: Decimal = eenheid) -> Decimal:
        return max(stap, (bedrag * deel).quantize(stap, rounding=ROUND_HALF_UP))

    def ronde(tijdvak: Tijdvakspec) -> Tijdvakspec:
        vervolg = tijdvak.vervolg
        if vervolg is not None and vervolg.plaatsen is not None:
            vervolg = vervolg.model_copy(update={"plaatsen": int(klein(Decimal(vervolg.plaatsen), Decimal(1)))})
        return tijdvak.model_copy(
            update={
                "plafond": klein(tijdvak.plafond),
                "subplafonds": tuple(
                    pot.model_copy(update={"bedrag": klein(pot.bedrag)}) for pot in tijdvak.subplafonds
                ),
                "vervolg": vervolg,
                "historie": tijdvak.historie and tijdvak.historie.model_copy(update={"in_behandeling": None}),
            }
        )

    return spec.model_copy(update={"tijdvakken": (ronde(spec.tijdvak(sleutel)),)})
