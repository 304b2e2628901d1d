"""The entry: assign assessors to applications, exactly when the question is small, else fast with a proven distance."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from beoordeling.toewijzing.exact import los_exact_op
from beoordeling.toewijzing.stroom import los_snel_op
from beoordeling.toewijzing.vormen import Heel, Opgave, Toewijzing, Voortgang, stil
from kern.fouten import InvoerFout

#: An existing pair is worth more than any difference in expertise, and less than breaking a rule with a penalty.
BESTAAND = -10_000
_KLEIN = 2_000  # pairs; HiGHS takes well under a second for these
_SECONDEN = 20.0


def wijs_toe(
    opgave: Opgave, *, bestaand: Sequence[Sequence[int]] | None = None, voortgang: Voortgang = stil
) -> Toewijzing:
    """The cheapest assignment. ``bestaand``: per application the assessors it has now; a re-run keeps what may stay.

    ``doel`` and ``ondergrens`` then include BESTAAND per pair that is kept.
    """
    if bestaand is not None:
        opgave = replace(opgave, kosten=_met_premie(opgave, bestaand))
    if opgave.kosten.size <= _KLEIN:
        voortgang("rekenen", 0.0)
        try:
            uitkomst = los_exact_op(opgave, seconden=_SECONDEN)
        except InvoerFout:
            pass  # rarely a small question is hard; the fast solver answers it with its distance
        else:
            voortgang("controleren", 1.0)
            return uitkomst
    return los_snel_op(opgave, voortgang, bestaand=bestaand)


def _met_premie(opgave: Opgave, bestaand: Sequence[Sequence[int]]) -> Heel:
    if len(bestaand) != opgave.aanvragen:
        raise InvoerFout("De bestaande toewijzing hoort bij andere aanvragen.", actie="Geef per aanvraag een lijst.")
    kosten = opgave.kosten.copy()
    for i, wie in enumerate(bestaand):
        for j in wie:
            if not 0 <= j < opgave.beoordelaars:
                raise InvoerFout(f"Beoordelaar {j} bestaat niet.", actie="Verbeter de bestaande toewijzing.")
            kosten[i, j] += BESTAAND
    return kosten


def gewijzigd(oud: Sequence[Sequence[int]], nieuw: Sequence[Sequence[int]]) -> list[tuple[int, list[int], list[int]]]:
    """What a re-run changed: (application, assessors that leave, assessors that come), only where something did."""
    uit = []
    for i, (eerst, daarna) in enumerate(zip(oud, nieuw, strict=True)):
        weg, bij = sorted(set(eerst) - set(daarna)), sorted(set(daarna) - set(eerst))
        if weg or bij:
            uit.append((i, weg, bij))
    return uit
