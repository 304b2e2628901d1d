"""Messages on paper: the letter of a message, and marking it as posted (R44, R46)."""

from __future__ import annotations

import io
from datetime import datetime

import pikepdf
from django.db import transaction
from django.utils import timezone

from aanvragen.brieven import adresregels, geadresseerde
from aanvragen.models import Postbusbericht
from kern.document.model import Afzender, Alinea, Document
from kern.document.pdf import naar_pdf
from kern.enums import Rol
from kern.fouten import InvoerFout
from kern.models import Gebruiker
from kern.rechten import eis_rol
from kern.services.spoor import Logpost, keten_van, log_schrijven
from kern.taal import in_het_nederlands


@in_het_nederlands
def postbrief(bericht: Postbusbericht) -> bytes:
    """One PDF to print: the letter with the words of the message, then the document that belongs to it."""
    aanvraag = bericht.aanvraag
    if aanvraag is None:
        raise InvoerFout("Bij dit bericht hoort geen zaak.", actie="Schrijf de brief zelf.")
    brief = naar_pdf(
        Document(
            titel=bericht.onderwerp,
            afzender=Afzender(naam=aanvraag.tijdvak.spec.regeling.uitvoerder),
            datum=timezone.localtime(bericht.geplaatst_op).date(),
            blokken=tuple(Alinea(deel) for deel in bericht.tekst.split("\n\n") if deel.strip()),
            kenmerk=aanvraag.kenmerk,
            geadresseerde=adresregels(bericht.organisatie) if bericht.deelnemer_id else geadresseerde(aanvraag),
            betreft=bericht.onderwerp,
        )
    )
    if bericht.bestand is None or bericht.bestand.mime != "application/pdf":
        return brief
    with bericht.bestand.inhoud.open("rb") as stroom:
        bijlage = stroom.read()
    uit = io.BytesIO()
    with pikepdf.open(io.BytesIO(brief)) as geheel, pikepdf.open(io.BytesIO(bijlage)) as erbij:
        geheel.pages.extend(erbij.pages)
        geheel.save(uit)
    return uit.getvalue()


def bericht_posten(*, bericht: Postbusbericht, actor: Gebruiker, op: datetime) -> Postbusbericht:
    """Records who put the letter in the post and when; doing so twice changes nothing."""
    eis_rol(actor, Rol.BEHANDELAAR)
    with transaction.atomic():
        bericht = Postbusbericht.objects.select_for_update(of=("self",)).get(pk=bericht.pk)
        if not bericht.per_post:
            raise InvoerFout("Dit bericht gaat niet per post.", actie="De aanvrager leest het in Stimulans.")
        if bericht.gepost_op is not None:
            return bericht
        bericht.gepost_op, bericht.gepost_door = op, actor
        bericht.save(update_fields=["gepost_op", "gepost_door"])
        if bericht.aanvraag is not None:
            log_schrijven(
                Logpost(
                    keten=keten_van(bericht.aanvraag),
                    handeling="bericht_posten",
                    op=op,
                    actor=actor,
                    gegevens={"bericht": bericht.pk, "onderwerp": bericht.onderwerp},
                )
            )
    return bericht
