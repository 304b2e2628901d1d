"""From an outcome to the application and the ledger: the same for every method of distribution."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any

from aanvragen.models import Aanvraag
from aanvragen.services.postbus import bericht_plaatsen
from beoordeling.selectors_behandelvolgorde import nog_te_reserveren
from kern.models import Gebruiker
from kern.momenten import moment_in_woorden
from kern.services.overgang import overgangen_toepassen
from regeling.enums import HOOFDPOT, Boekingsoort, Eenheid
from regeling.models import Tijdvak
from regeling.services.grootboek import Opdracht, boeken


@dataclass(frozen=True)
class Toekenning:
    """``bedrag`` in the unit of the round, and the sub-ceilings that pay it; from now on it draws on those alone.

    ``herstel``: number of the mutation by which an objection was upheld. Where a ceiling has no room left, it is
    granted above it: the ceiling counts as it did at the first decision (Awb 4:25(3), R30).
    """

    aanvraag: Aanvraag
    bedrag: Decimal
    potten: tuple[str, ...] = ()
    herstel: int | None = None

    @property
    def sleutel(self) -> str:
        """Key of the reservation: an application can be reserved again only by an upheld objection."""
        return f"reservering-{self.aanvraag.pk}" + ("" if self.herstel is None else f"-herstel-{self.herstel}")


def aanvragen_selecteren(
    *, tijdvak: Tijdvak, toekenningen: Sequence[Toekenning], actor: Gebruiker | None, op: datetime
) -> None:
    """Selects in the order given and takes the room; the ceiling row is locked last."""
    if not toekenningen:
        return
    per_aanvraag = {toekenning.aanvraag.pk: toekenning for toekenning in toekenningen}
    potten_vastleggen(toekenningen)

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
                sleutel=toekenning.sleutel,
                potten=toekenning.potten,
                boven_plafond=toekenning.herstel is not None and _past_niet(tijdvak, toekenning),
            )
            for toekenning in toekenningen
        ],
    )
    if tijdvak.verdeling.stappen > tijdvak.stap:
        _uitnodigen(tijdvak, toekenningen, actor, op)


def potten_vastleggen(toekenningen: Sequence[Toekenning]) -> None:
    """Writes which sub-ceilings pay each of them."""
    for toekenning in toekenningen:
        if toekenning.aanvraag.potten != list(toekenning.potten):
            Aanvraag.objects.filter(pk=toekenning.aanvraag.pk).update(potten=list(toekenning.potten))


def _uitnodigen(tijdvak: Tijdvak, toekenningen: Sequence[Toekenning], actor: Gebruiker | None, op: datetime) -> None:
    """Invites who got a place in the next stage to send a full proposal. In a replay that stage is made later: then
    nobody is written to."""
    volgende = Tijdvak.objects.filter(vorige_stap=tijdvak).first()
    if volgende is None:
        return
    velden = {"open_op": moment_in_woorden(volgende.open_op), "sluit_op": moment_in_woorden(volgende.sluit_op)}
    for toekenning in toekenningen:
        bericht_plaatsen(
            aanvraag=toekenning.aanvraag,
            code="tweede_stap",
            sleutel=f"tweede-stap-{toekenning.aanvraag.pk}",
            op=op,
            actor=actor,
            velden=velden,
        )


def _past_niet(tijdvak: Tijdvak, toekenning: Toekenning) -> bool:
    """Whether a ceiling has less left than this; what the log holds for places that were not assessed yet is taken."""
    potten = tijdvak.plafonds.select_for_update().filter(code__in=[HOOFDPOT, *toekenning.potten]).order_by("code")
    straks = nog_te_reserveren(tijdvak, [pot.code for pot in potten], behalve=toekenning.aanvraag)
    return any(pot.resteert - straks[pot.code] < toekenning.bedrag for pot in potten)


def _toegekend(tijdvak: Tijdvak, aanvraag: Aanvraag, bedrag: Decimal) -> dict[str, Any]:
    """Euros; or pieces, where a voucher is worth the euros that were asked and a place has no amount."""
    if tijdvak.eenheid != Eenheid.STUKS:
        return {"bedrag": bedrag}
    voucher = tijdvak.spec.subsidie.vorm == "voucher"
    return {"bedrag": aanvraag.gevraagd_bedrag if voucher else None, "stuks": int(bedrag)}
