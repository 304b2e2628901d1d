"""Attachments after the grant (with a claim or a settlement), replacing an earlier one of the same kind.

What was sent stays as it was sent: the copy and its digest do not change, and a replaced file stays on record.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from aanvragen.models import Aanvraag, Bijlage, Deelnemer
from aanvragen.services.bijlagen import eis_ruimte, volgende_plek
from kern.fouten import InvoerFout
from kern.models import Gebruiker
from kern.services.bestanden import Gekeurd, bestand_bewaren, bestand_keuren
from kern.services.spoor import Logpost, keten_van, log_schrijven
from regeling.schema_delen import Bijlagespec


@dataclass(frozen=True)
class Upload:
    """A file as it came in: code of the attachment, name and bytes."""

    code: str
    naam: str
    inhoud: bytes


@dataclass(frozen=True)
class GekeurdeUpload:
    """An upload that may be kept, with what the scheme says about its kind."""

    code: str
    spec: Bijlagespec
    bestand: Gekeurd


def upload_keuren(*, aanvraag: Aanvraag, upload: Upload, bij: str) -> GekeurdeUpload:
    """Judges an attachment that the scheme asks at ``bij`` ('aanvraag', 'declaratie' or 'vaststelling').

    Before the transaction: it takes a second. Raises :class:`InvoerFout` with the code of the attachment as ``veld``.
    """
    spec = next((b for b in aanvraag.tijdvak.spec.bijlagen if b.code == upload.code and b.bij == bij), None)
    if spec is None:
        raise InvoerFout("Deze bijlage hoort niet bij de regeling.", veld=upload.code)
    try:
        gekeurd = bestand_keuren(
            inhoud=upload.inhoud, naam=upload.naam, soorten=spec.soorten, maximum_mb=spec.maximum_mb
        )
    except InvoerFout as fout:
        raise InvoerFout(fout.melding, actie=fout.actie, code=fout.code, veld=upload.code) from fout
    return GekeurdeUpload(upload.code, spec, gekeurd)


def bijlage_vastleggen(
    *,
    aanvraag: Aanvraag,
    gekeurd: GekeurdeUpload,
    actor: Gebruiker | None,
    op: datetime,
    deelnemer: Deelnemer | None = None,
) -> Bijlage:
    """Stores a judged attachment; it takes the place of the files of its kind that came in before ``op``.

    ``deelnemer``: it goes with the claim of that member, and replaces nothing of another. The caller holds the lock of
    the application and has checked that this is the moment.
    """
    zelfde = aanvraag.bijlagen.filter(code=gekeurd.code, deelnemer=deelnemer, verwijderd_op=None)
    eerder = zelfde.exclude(toegevoegd_op=op)
    weg = frozenset(eerder.values_list("pk", flat=True))
    eis_ruimte(aanvraag, gekeurd.spec, len(gekeurd.bestand.inhoud), weg=weg, deelnemer=deelnemer)
    bestand = bestand_bewaren(gekeurd=gekeurd.bestand, actor=actor, op=op)
    eerder.update(verwijderd_op=op, verwijderd_door=actor)
    bijlage = Bijlage.objects.create(
        aanvraag=aanvraag,
        deelnemer=deelnemer,
        code=gekeurd.code,
        volgorde=volgende_plek(aanvraag, gekeurd.code),
        bestand=bestand,
        toegevoegd_op=op,
        toegevoegd_door=actor,
    )
    log_schrijven(
        Logpost(
            keten=keten_van(aanvraag),
            handeling="bijlage_nasturen",
            op=op,
            actor=actor,
            gegevens={
                "code": gekeurd.code,
                "sha256": bestand.sha256,
                **({"kvk_nummer": deelnemer.kvk_nummer} if deelnemer else {}),
            },
        )
    )
    return bijlage
