"""The check on who acts for the applicant (R92, Awb 2:1): pure, besides those of `aanvragen.toetsen`.

Anyone can fill in a KvK number. Until it was established that the person may act, the system cannot tell, and then no
decision is possible.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.utils import timezone

from aanvragen.enums import Toetssoort, Toetsuitkomst
from aanvragen.toetsen import Toetsresultaat

CODE = "vertegenwoordiging"
NAAM = "Bevoegd om aan te vragen"
ARTIKEL = "Awb 2:1"


@dataclass(frozen=True)
class Vertegenwoordiging:
    """The person who acts, where the mandate comes from (in words; empty: none) and since when it is established."""

    naam: str
    bron: str
    bevestigd_op: datetime | None


def toets_vertegenwoordiging(v: Vertegenwoordiging | None) -> list[Toetsresultaat]:
    """One result, or none when nobody of the portal acts (import, paper, simulation)."""
    if v is None:
        return []
    invoer = {"naam": v.naam, "bron": v.bron, "bevestigd_op": v.bevestigd_op.isoformat() if v.bevestigd_op else ""}
    if v.bevestigd_op is not None:
        dag = timezone.localtime(v.bevestigd_op)
        uitkomst = Toetsuitkomst.VOLDOET
        uitleg = f"{v.naam} is gemachtigd. Bron: {v.bron}. Vastgesteld op {dag:%d-%m-%Y}."
    elif v.bron:
        uitkomst = Toetsuitkomst.HANDMATIG
        uitleg = f"{v.naam} heeft zichzelf opgegeven voor deze organisatie. Niemand heeft dat gecontroleerd."
    else:
        uitkomst = Toetsuitkomst.HANDMATIG
        uitleg = f"Er is geen machtiging van {v.naam} voor deze organisatie bekend."
    return [Toetsresultaat(CODE, NAAM, ARTIKEL, Toetssoort.INHOUD, uitkomst, uitleg, invoer)]
