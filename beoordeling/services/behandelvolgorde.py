"""Assessment in the order of the draw: what is found complete takes the place that it drew.

Only for rounds with ``wanneer = "behandelvolgorde"``; in every other round being complete comes before the draw.
"""

from __future__ import annotations

from datetime import datetime

from django.db import transaction

from aanvragen.models import Aanvraag
from aanvragen.services.behandeling import compleet_verklaren
from beoordeling.enums import Uitkomst
from beoordeling.models import Plaats
from beoordeling.selectors_behandelvolgorde import OP_DE_LIJST, loot_vooraf
from beoordeling.services.belang_zoeken import aanvraag_nazien
from beoordeling.services.rangschikking import rangschikking_vergrendelen
from beoordeling.services.toekennen import Toekenning, aanvragen_selecteren
from kern.models import Gebruiker
from kern.services.overgang import overgang_toepassen, vergrendel


def toets_afronden(*, aanvraag: Aanvraag, actor: Gebruiker, op: datetime) -> Aanvraag:
    """Declares an application complete and, when its place was drawn before, gives it what that place gives: a
    reservation when the log says that there is room, else the reserve list. One transaction.

    Interests of the committee in it are looked for at once. Before the draw, and for who was drawn with UIT, it stays
    complete. Refusals: see :func:`compleet_verklaren`.
    """
    if not loot_vooraf(aanvraag.tijdvak):
        return _compleet(aanvraag, actor, op)
    with transaction.atomic():
        rangschikking_vergrendelen(aanvraag.tijdvak)
        aanvraag = _compleet(aanvraag, actor, op)
        plaats = Plaats.objects.filter(aanvraag=aanvraag, uitkomst__in=OP_DE_LIJST).first()
        if plaats is None:
            return aanvraag
        aanvraag = overgang_toepassen(aanvraag, "in_verdeling_nemen", actor=actor, op=op, vergrendeld=True)
        if plaats.uitkomst != Uitkomst.TOEGEWEZEN or plaats.bedrag is None:
            return overgang_toepassen(aanvraag, "op_reservelijst_plaatsen", actor=actor, op=op, vergrendeld=True)
        toekenning = Toekenning(aanvraag, plaats.bedrag, tuple(aanvraag.potten))
        aanvragen_selecteren(tijdvak=aanvraag.tijdvak, toekenningen=[toekenning], actor=actor, op=op)
        return vergrendel(aanvraag)


def _compleet(aanvraag: Aanvraag, actor: Gebruiker, op: datetime) -> Aanvraag:
    with transaction.atomic():
        aanvraag = compleet_verklaren(aanvraag=aanvraag, actor=actor, op=op)
        aanvraag_nazien(aanvraag, op=op, actor=None)
    return aanvraag
