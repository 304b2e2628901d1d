"""Messages that came back: marked in the outbox, for whoever has to do something about it."""

from __future__ import annotations

from datetime import datetime

from django.conf import settings
from django.db import transaction

from kern.enums import Berichtstatus
from kern.models import Bericht
from kern.teruggekomen import lees_melding


def melding_verwerken(*, inhoud: bytes, op: datetime) -> list[Bericht]:
    """Marks the messages that a delivery report is about as undeliverable and returns them; a repeat returns them too.

    The recipient in the report must be the one we wrote to: anybody can send us something that looks like a report.
    """
    gevonden = []
    for melding in lees_melding(inhoud):
        if melding.domein != settings.BERICHT_DOMEIN.lower():
            continue
        with transaction.atomic():
            bericht = Bericht.objects.select_for_update().filter(pk=melding.bericht, aan__iexact=melding.aan).first()
            if bericht is None or bericht.verzonden_op is None:
                continue
            if bericht.teruggekomen_op is None:
                Bericht.objects.filter(pk=bericht.pk).update(
                    status=Berichtstatus.ONBESTELBAAR, teruggekomen_op=op, fout=melding.reden
                )
                bericht.refresh_from_db()
        gevonden.append(bericht)
    return gevonden
