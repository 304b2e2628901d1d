"""Attachments of a draft: add, replace, order, take out."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction

from aanvragen.models import (
    Aanvraag,
    Bijlage,
)
from aanvragen.services.bijlagen import eis_ruimte, verplaatsen, volgende_plek
from aanvragen.services.concept import open_concept, stap_bewaard
from kern.fouten import InvoerFout
from kern.models import Gebruiker
from kern.services.bestanden import bestand_bewaren, bestand_keuren


def bijlage_toevoegen(
    *,
    aanvraag: Aanvraag,
    code: str,
    naam: str,
    inhoud: bytes,
    actor: Gebruiker | None,
    op: datetime,
    vervangt: Bijlage | None = None,
) -> Bijlage:
    """Adds an attachment of the kind ``code`` to a draft. Of a kind that takes one file, a new one replaces the old;
    ``vervangt`` names the one to replace. A replaced file stays on record."""
    spec = next((b for b in aanvraag.tijdvak.spec.bijlagen if b.code == code and b.bij == "aanvraag"), None)
    if spec is None:
        raise InvoerFout("Deze bijlage hoort niet bij de regeling.")
    gekeurd = bestand_keuren(inhoud=inhoud, naam=naam, soorten=spec.soorten, maximum_mb=spec.maximum_mb)
    with transaction.atomic():
        aanvraag = open_concept(aanvraag, None)
        weg = aanvraag.bijlagen.filter(code=code, verwijderd_op=None)
        if spec.aantal_maximum > 1:
            weg = weg.filter(pk=vervangt.pk) if vervangt else weg.none()
        oud = list(weg)
        eis_ruimte(aanvraag, spec, len(inhoud), weg=frozenset(rij.pk for rij in oud))
        bestand = bestand_bewaren(gekeurd=gekeurd, actor=actor, op=op)
        weg.update(verwijderd_op=op, verwijderd_door=actor)
        bijlage = Bijlage.objects.create(
            aanvraag=aanvraag,
            code=code,
            volgorde=oud[0].volgorde if oud else volgende_plek(aanvraag, code),
            bestand=bestand,
            toegevoegd_op=op,
            toegevoegd_door=actor,
        )
        stap_bewaard(aanvraag, "bijlagen", actor, op, [code])
    return bijlage


def bijlage_verwijderen(*, bijlage: Bijlage, actor: Gebruiker | None, op: datetime) -> None:
    """Takes an attachment out of a draft."""
    with transaction.atomic():
        aanvraag = open_concept(bijlage.aanvraag, None)
        aanvraag.bijlagen.filter(pk=bijlage.pk, verwijderd_op=None).update(verwijderd_op=op, verwijderd_door=actor)
        stap_bewaard(aanvraag, "bijlagen", actor, op, [bijlage.code])


def bijlage_verplaatsen(*, bijlage: Bijlage, omhoog: bool, actor: Gebruiker | None, op: datetime) -> None:
    """Moves an attachment of a draft one place among the files of its kind."""
    with transaction.atomic():
        aanvraag = open_concept(bijlage.aanvraag, None)
        if verplaatsen(aanvraag, bijlage, omhoog=omhoog):
            stap_bewaard(aanvraag, "bijlagen", actor, op)
