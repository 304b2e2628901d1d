"""Rules that all attachments share: how many, how large together, in which order, and what happens after a virus."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction
from django.db.models import Max, Sum

from aanvragen.enums import Status
from aanvragen.models import Aanvraag, Bijlage, Deelnemer
from aanvragen.services.postbus import bericht_plaatsen
from kern.enums import Scanuitslag
from kern.fouten import InvoerFout
from kern.services.overgang import vergrendel
from kern.services.spoor import Logpost, keten_van, log_schrijven
from regeling.schema_delen import Bijlagespec

#: Per application, over all kinds; every claim of a member of a group counts for itself.
MAXIMUM_BESTANDEN = 40
MAXIMUM_MB = 150
#: Including what was replaced: a replaced file stays on record.
MAXIMUM_OOIT_MB = 500
_MB = 1024 * 1024


def eis_ruimte(
    aanvraag: Aanvraag,
    spec: Bijlagespec,
    grootte: int,
    *,
    weg: frozenset[int] = frozenset(),
    deelnemer: Deelnemer | None = None,
) -> None:
    """Raises :class:`InvoerFout` when one more file of ``grootte`` bytes is too many, or too much.

    ``weg``: primary keys of attachments that it replaces. The caller holds the lock of the application.
    """
    alle = aanvraag.bijlagen.filter(deelnemer=deelnemer)
    blijft = alle.filter(verwijderd_op=None).exclude(pk__in=weg)
    if blijft.filter(code=spec.code).count() >= spec.aantal_maximum:
        raise InvoerFout(
            f"Er zijn al {spec.aantal_maximum} bestanden voor “{spec.naam}”. Meer kan niet.",
            actie="Vervang een bestand, haal er een weg, of voeg bladzijden samen in één PDF.",
            code="te-veel-bestanden",
            veld=spec.code,
        )
    if blijft.count() >= MAXIMUM_BESTANDEN:
        raise InvoerFout(
            f"Bij uw aanvraag zitten al {MAXIMUM_BESTANDEN} bestanden. Meer kan niet.",
            actie="Haal een bestand weg, of voeg bladzijden samen in één PDF.",
            code="te-veel-bestanden",
            veld=spec.code,
        )
    nu = blijft.aggregate(som=Sum("bestand__grootte"))["som"] or 0
    ooit = alle.aggregate(som=Sum("bestand__grootte"))["som"] or 0
    if nu + grootte > MAXIMUM_MB * _MB or ooit + grootte > MAXIMUM_OOIT_MB * _MB:
        raise InvoerFout(
            f"Alle bestanden samen mogen hoogstens {MAXIMUM_MB} MB zijn.",
            actie="Maak de bestanden kleiner, of haal er een weg. Lukt het niet? Neem contact met ons op.",
            code="bestanden-samen-te-groot",
            veld=spec.code,
        )


def volgende_plek(aanvraag: Aanvraag, code: str) -> int:
    """Place of a new file behind the others of its kind."""
    return (aanvraag.bijlagen.filter(code=code).aggregate(hoogste=Max("volgorde"))["hoogste"] or 0) + 1


@transaction.atomic
def besmette_bijlagen_afhandelen(*, op: datetime) -> int:
    """After a late scan found a virus: out of a draft, and for a sent application a message to the applicant.

    Run by the worker; who sent the file already got an e-mail. Returns how many were dealt with now.
    """
    besmet = Bijlage.objects.filter(verwijderd_op=None, bestand__scan=Scanuitslag.BESMET).select_related("bestand")
    return sum(_afhandelen(bijlage, op) for bijlage in besmet.order_by("pk"))


def _afhandelen(bijlage: Bijlage, op: datetime) -> bool:
    aanvraag = vergrendel(bijlage.aanvraag)
    if aanvraag.status != Status.CONCEPT:
        sleutel = f"bijlage-besmet-{bijlage.pk}"
        if aanvraag.postbus.filter(sleutel=sleutel).exists():
            return False
        bericht_plaatsen(
            aanvraag=aanvraag,
            code="bijlage-besmet",
            sleutel=sleutel,
            op=op,
            velden={"bestand": bijlage.bestand.naam},
        )
    else:
        aanvraag.bijlagen.filter(pk=bijlage.pk).update(verwijderd_op=op)
        aanvraag.versie += 1
        aanvraag.save(update_fields=["versie"])
    log_schrijven(
        Logpost(
            keten=keten_van(aanvraag),
            handeling="bijlage_besmet",
            op=op,
            gegevens={"code": bijlage.code, "sha256": bijlage.bestand.sha256},
        )
    )
    return True


def verplaatsen(aanvraag: Aanvraag, bijlage: Bijlage, *, omhoog: bool) -> bool:
    """Swaps an attachment with its neighbour of the same kind; ``False`` when it is at the end already.

    The caller holds the lock of the application.
    """
    rij = list(aanvraag.bijlagen.filter(code=bijlage.code, verwijderd_op=None))
    plek = next((nr for nr, andere in enumerate(rij) if andere.pk == bijlage.pk), None)
    buur = None if plek is None else plek + (-1 if omhoog else 1)
    if plek is None or buur is None or not 0 <= buur < len(rij):
        return False
    rij[plek], rij[buur] = rij[buur], rij[plek]
    for nr, andere in enumerate(rij, 1):
        andere.volgorde = nr
    Bijlage.objects.bulk_update(rij, ["volgorde"])
    return True
