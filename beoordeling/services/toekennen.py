"""From an outcome to the application and the ledger: the same for every method of distribution."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any

from aanvragen.models import Aanvraag
from kern.models import Gebruiker
from kern.services.overgang import overgangen_toepassen
from regeling.enums import Boekingsoort, Eenheid
from regeling.models import Tijdvak
from regeling.services.grootboek import Opdracht, boeken


@dataclass(frozen=True)
class Toekenning:
    """``bedrag`` in the unit of the round, and the sub-ceilings that pay it; from now on it draws on those alone."""

    aanvraag: Aanvraag
    bedrag: Decimal
    potten: tuple[str, ...] = ()


def aanvragen_selecteren(
    *, tijdvak: Tijdvak, toekenningen: Sequence[Toekenning], actor: Gebruiker | None, op: datetime
) -> None:
    """Selects in the order given and takes the room; the ceiling row is locked last."""
    if not toekenningen:
        return
    per_aanvraag = {toekenning.aanvraag.pk: toekenning for toekenning in toekenningen}
    for toekenning in toekenningen:
        if toekenning.aanvraag.potten != list(toekenning.potten):
            Aanvraag.objects.filter(pk=toekenning.aanvraag.pk).update(potten=list(toekenning.potten))

    def argumenten(aanvraag: Aanvraag) -> dict[str, Any]:
        return _toegekend(tijdvak, aanvraag, per_aanvraag[aanvraag.pk].bedrag)

    overgangen_toepassen([t.aanvraag for t in toekenningen], "selecteren", actor=actor, op=op, argumenten=argumenten)
    boeken(
        tijdvak=tijdvak,
        actor=actor,
        op=op,
        opdrachten=[
            Opdracht(
                soort=Boekingsoort.RESERVERING,
                bedrag=toekenning.bedrag,
                onderwerp=toekenning.aanvraag.pk,
                sleutel=f"reservering-{toekenning.aanvraag.pk}",
                potten=toekenning.potten,
            )
            for toekenning in toekenningen
        ],
    )


def _toegekend(tijdvak: Tijdvak, aanvraag: Aanvraag, bedrag: Decimal) -> dict[str, Any]:
    """Euros; or pieces, where a voucher is worth the euros that were asked and a place has no amount."""
    if tijdvak.eenheid != Eenheid.STUKS:
        return {"bedrag": bedrag}
    voucher = tijdvak.spec.subsidie.vorm == "voucher"
    return {"bedrag": aanvraag.gevraagd_bedrag if voucher else None, "stuks": int(bedrag)}
