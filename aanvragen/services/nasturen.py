"""Attachments after sending: with the answer to a request to complete, replacing an earlier one of the same kind.

What was sent stays as it was sent: the copy and its digest do not change, and a replaced file stays on record.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction

from aanvragen.enums import Status
from aanvragen.models import Aanvraag, Aanvulling, Bijlage
from aanvragen.services.behandeling import aanvulling_beantwoorden
from kern.fouten import InvoerFout, OvergangFout
from kern.models import Gebruiker
from kern.services.bestanden import bestand_opslaan
from kern.services.overgang import vergrendel
from kern.services.spoor import Logpost, keten_van, log_schrijven


@dataclass(frozen=True)
class Upload:
    """A file as it came in: code of the attachment, name and bytes."""

    code: str
    naam: str
    inhoud: bytes


def bijlage_vastleggen(
    *, aanvraag: Aanvraag, upload: Upload, bij: str, actor: Gebruiker | None, op: datetime
) -> Bijlage:
    """Stores an attachment that the scheme asks at ``bij`` ('aanvraag', 'declaratie' or 'vaststelling').

    The caller holds the lock of the application and has checked that this is the moment. Raises :class:`InvoerFout`
    with the code of the attachment as ``veld``.
    """
    spec = next((b for b in aanvraag.tijdvak.spec.bijlagen if b.code == upload.code and b.bij == bij), None)
    if spec is None:
        raise InvoerFout("Deze bijlage hoort niet bij de regeling.", veld=upload.code)
    try:
        bestand = bestand_opslaan(
            inhoud=upload.inhoud,
            naam=upload.naam,
            actor=actor,
            op=op,
            soorten=spec.soorten,
            maximum_mb=spec.maximum_mb,
        )
    except InvoerFout as fout:
        raise InvoerFout(fout.melding, actie=fout.actie, code=fout.code, veld=upload.code) from fout
    aanvraag.bijlagen.filter(code=upload.code, verwijderd_op=None).update(verwijderd_op=op, verwijderd_door=actor)
    bijlage = Bijlage.objects.create(
        aanvraag=aanvraag, code=upload.code, bestand=bestand, toegevoegd_op=op, toegevoegd_door=actor
    )
    log_schrijven(
        Logpost(
            keten=keten_van(aanvraag),
            handeling="bijlage_nasturen",
            op=op,
            actor=actor,
            gegevens={"code": upload.code, "sha256": bestand.sha256},
        )
    )
    return bijlage


def aanvulling_met_bijlagen(
    *, aanvulling: Aanvulling, antwoord: str, uploads: Sequence[Upload], actor: Gebruiker, op: datetime
) -> Aanvulling:
    """Answers a request to complete, with new versions of attachments; all of it or nothing."""
    with transaction.atomic():
        aanvraag = vergrendel(aanvulling.aanvraag)
        if aanvraag.status != Status.AANVULLING_GEVRAAGD:
            raise OvergangFout("Er is geen vraag om aanvulling meer open.", actie="Bekijk de stand van uw aanvraag.")
        for upload in uploads:
            bijlage_vastleggen(aanvraag=aanvraag, upload=upload, bij="aanvraag", actor=actor, op=op)
        return aanvulling_beantwoorden(aanvulling=aanvulling, antwoord=antwoord, actor=actor, op=op)
