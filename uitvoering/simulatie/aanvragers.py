"""Invented organisations that apply."""

from __future__ import annotations

import random
from datetime import datetime
from decimal import Decimal

from django.db import transaction

from aanvragen.enums import Bron
from aanvragen.models import Aanvraag, Organisatie
from aanvragen.register.gegevens import Navraag
from aanvragen.services.concept import aanvraag_beginnen
from aanvragen.services.indienen import aanvraag_indienen
from aanvragen.services.organisatie import organisatie_registreren
from regeling.models import Tijdvak
from uitvoering.simulatie import gegevens
from uitvoering.simulatie.invullen import aanvraag_invullen
from uitvoering.simulatie.plan import Aanvraagplan


def een_aanvraag(
    tijdvak: Tijdvak, nummer: int, toeval: random.Random, op: datetime, plan: Aanvraagplan | None = None
) -> Aanvraag:
    """Invented applicant ``nummer`` fills in the form and sends it."""
    plan, spec = plan or Aanvraagplan(), tijdvak.spec
    provincies = gegevens.provincies(spec, tijdvak.tijdvakspec)
    if not plan.voldoet:
        provincies = {gegevens.elders(spec): 1}
    with transaction.atomic():
        organisatie = organisatie_van(gegevens.aanvrager(nummer, 1, provincies), op)
        return indienen(tijdvak, organisatie, toeval, op, plan)


def indienen(
    tijdvak: Tijdvak, organisatie: Organisatie, toeval: random.Random, op: datetime, plan: Aanvraagplan
) -> Aanvraag:
    """An organisation fills in the form and sends it."""
    with transaction.atomic():
        aanvraag = aanvraag_beginnen(tijdvak=tijdvak, organisatie=organisatie, actor=None, op=op, bron=Bron.SIMULATIE)
        aanvraag = aanvraag_invullen(aanvraag, toeval, op, plan=plan)
        return aanvraag_indienen(aanvraag=aanvraag, actor=None, op=op)


def organisatie_van(bedacht: gegevens.Aanvrager, op: datetime) -> Organisatie:
    bestaand = Organisatie.objects.filter(kvk_nummer=bedacht.kvk_nummer).first()
    return bestaand or organisatie_registreren(
        kvk_nummer=bedacht.kvk_nummer,
        actor=None,
        op=op,
        register=Navraag.aangenomen("simulatie"),
        gegevens={
            "naam": bedacht.naam,
            "rechtsvorm": bedacht.rechtsvorm,
            "sbi_code": bedacht.sbi_code,
            "sbi_versie": "SBI 2008",
            "werkzame_personen": bedacht.werkzame_personen,
            "omzet": bedacht.omzet,
            "balanstotaal": Decimal(bedacht.omzet / 2),
            "omvang_jaar": op.year - 1,
            "provincie": bedacht.provincie,
            "straat": "Voorbeeldstraat 1",
            "postcode": "1234 AB",
            "plaats": "Voorbeeldstad",
        },
    )
