"""What a scheme asks besides invoices when costs are claimed: a report, proof of payment."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction

from aanvragen.models import Bijlage
from aanvragen.services.nasturen import Upload, bijlage_vastleggen, upload_keuren
from kern.fouten import OvergangFout
from kern.models import Gebruiker
from kern.services.overgang import vergrendel
from uitvoering.enums import Declaratiestatus
from uitvoering.models import Declaratie


def declaratiebijlage_toevoegen(
    *, declaratie: Declaratie, upload: Upload, actor: Gebruiker | None, op: datetime
) -> Bijlage:
    """Adds (or replaces) an attachment of a claim that was not handed in yet, or that has to be completed."""
    gekeurd = upload_keuren(aanvraag=declaratie.aanvraag, upload=upload, bij="declaratie")
    with transaction.atomic():
        aanvraag = vergrendel(declaratie.aanvraag)
        declaratie = vergrendel(declaratie)
        if declaratie.status not in {Declaratiestatus.CONCEPT, Declaratiestatus.AANVULLING_GEVRAAGD}:
            raise OvergangFout("Deze declaratie is al ingediend.", actie="Bekijk de stand van uw aanvraag.")
        return bijlage_vastleggen(
            aanvraag=aanvraag, gekeurd=gekeurd, actor=actor, op=op, deelnemer=declaratie.deelnemer
        )
