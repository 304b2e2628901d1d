"""What was typed and not saved with its page yet: reading it back. Writing stands in ``services/klad.py``."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from aanvragen.models import Aanvraag, Aanwezigheid, Kladveld
from kern.models import Gebruiker

#: Row that holds which page typed last, its counter, and the values that the page was shown with (``veld=digest``).
BOEKHOUDING = "__pagina"
#: How long somebody counts as present after the last sign of life.
AANWEZIG = timedelta(minutes=2)


@dataclass(frozen=True)
class Klad:
    """One person's text on one page: values as a browser sends them, by input name.

    ``basis``: field → digest of the stored value that the person was looking at while typing; a colleague may have
    written since. ``op``: when it was kept last.
    """

    stap: str
    door: Gebruiker | None = None
    velden: dict[str, list[str]] = field(default_factory=dict)
    basis: dict[str, str] = field(default_factory=dict)
    op: datetime | None = None

    def __bool__(self) -> bool:
        return bool(self.velden)


def klad_van(aanvraag: Aanvraag, stap: str, gebruiker: Gebruiker) -> Klad:
    """What this person typed on this page; an empty one when there is nothing."""
    rijen = Kladveld.objects.filter(aanvraag=aanvraag, stap=stap, door=gebruiker).select_related("door")
    return next(iter(_gegroepeerd(rijen)), Klad(stap, gebruiker))


def alle_klad(aanvraag: Aanvraag) -> list[Klad]:
    """Everything typed and not saved in this application, by page and person; one query."""
    rijen = Kladveld.objects.filter(aanvraag=aanvraag).select_related("door").order_by("stap", "door_id", "pk")
    return [klad for klad in _gegroepeerd(rijen) if klad]


def lees_boekhouding(waarde: list[str]) -> tuple[str, int, dict[str, str]]:
    """Page, counter and digests out of the bookkeeping row."""
    pagina, nr, *basis = waarde
    return pagina, int(nr), dict(paar.split("=", 1) for paar in basis)


def _gegroepeerd(rijen: Iterable[Kladveld]) -> list[Klad]:
    gevonden: dict[tuple[str, int | None], Klad] = {}
    for rij in rijen:
        sleutel = (rij.stap, rij.door_id)
        eerder = gevonden.get(sleutel, Klad(rij.stap, rij.door))
        velden, basis, op = eerder.velden, eerder.basis, eerder.op
        if rij.veld == BOEKHOUDING:
            basis = lees_boekhouding(rij.waarde)[2]
        else:
            velden, op = {**velden, rij.veld: rij.waarde}, max(op or rij.op, rij.op)
        gevonden[sleutel] = Klad(rij.stap, rij.door, velden, basis, op)
    return list(gevonden.values())


def anderen_aanwezig(aanvraag: Aanvraag, gebruiker: Gebruiker, op: datetime) -> list[Aanwezigheid]:
    """Colleagues who have a page of this application open, by name."""
    return list(
        Aanwezigheid.objects.filter(aanvraag=aanvraag, gezien_op__gt=op - AANWEZIG)
        .exclude(gebruiker=gebruiker)
        .select_related("gebruiker")
        .order_by("gebruiker__naam", "pk")
    )
