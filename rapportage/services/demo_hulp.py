"""What the parts of the demonstration share: schemes with rounds around today, invented firms, staff at work."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping, Sequence
from datetime import datetime, time, timedelta
from decimal import Decimal
from typing import Any
from zoneinfo import ZoneInfo

from django.utils import timezone

from aanvragen.enums import Toetsuitkomst
from aanvragen.models import Aanvraag, Organisatie
from aanvragen.register.gegevens import Navraag
from aanvragen.services.behandeling import in_behandeling_nemen, openstaande_oordelen
from aanvragen.services.organisatie import organisatie_registreren
from aanvragen.services.toetsing import toets_beoordelen
from beoordeling.services.behandelvolgorde import toets_afronden
from kern.enums import Rol
from kern.models import Gebruiker
from regeling.lezen import regeling_uit_dict
from regeling.models import Tijdvak
from regeling.schema import Regelingspec
from regeling.services.catalogus import CATALOGUS, ronde_uit_spec
from regeling.services.tijdvak import tijdvak_bijwerken, tijdvak_publiceren
from uitvoering.enums import Afwijzingsgrond, Besluitsoort
from uitvoering.services.besluit import besluit_ondertekenen, besluit_verzenden, besluit_voorstellen

AMSTERDAM = ZoneInfo("Europe/Amsterdam")
#: The first part of the address of a login of the demonstration → that person.
Mensen = Mapping[str, Gebruiker]


def om(op: datetime, dagen: int, uur: int) -> datetime:
    """That hour in the Netherlands, so many days after today."""
    dag = timezone.localtime(op).date() + timedelta(days=dagen)
    return datetime.combine(dag, time(uur), AMSTERDAM)


def contact(wie: Gebruiker) -> dict[str, str]:
    """The contact in an application, for ``velden_bewaren``."""
    return {"contactpersoon": wie.naam, "contact_email": wie.email}


def demoregeling(
    bestand: str, *, op: datetime, regeling: Mapping[str, str], tijdvakken: Sequence[Mapping[str, Any]], **delen: Any
) -> Regelingspec:
    """A scheme of the catalogue as a demonstration: in force now, with other rounds. ``delen``: changes per table."""
    inhoud = tomllib.loads((CATALOGUS / f"{bestand}.toml").read_text(encoding="utf-8"))
    vandaag = timezone.localtime(op).date()
    inhoud["regeling"] |= {
        "geldig_vanaf": vandaag - timedelta(days=600),
        "vervaldatum": vandaag + timedelta(days=1000),
        "evaluatiedatum": vandaag + timedelta(days=700),
        **regeling,
    }
    for naam, anders in delen.items():
        inhoud[naam] |= anders
    inhoud["tijdvakken"] = list(tijdvakken)
    return regeling_uit_dict(inhoud, "demo")


def ronde_openen(spec: Regelingspec, sleutel: str, op: datetime) -> Tijdvak:
    """A round of the scheme, published a month before it opened. With two stages the second is made too."""
    tijdvak = ronde_uit_spec(spec=spec, bestand="demo", sleutel=sleutel, actor=None, op=op)
    tijdvak = tijdvak_publiceren(tijdvak=tijdvak, actor=None, op=tijdvak.open_op - timedelta(days=30))
    return tijdvak_bijwerken(tijdvak=tijdvak, op=tijdvak.open_op)


def bedrijf(kvk_nummer: str, naam: str, op: datetime) -> Organisatie:
    """An invented firm that the trade register knows."""
    return organisatie_registreren(
        kvk_nummer=kvk_nummer,
        gegevens={
            "naam": naam,
            "rechtsvorm": "bv",
            "sbi_code": "2562",
            "sbi_versie": "SBI 2008",
            "straat": "Voorbeeldkade 4",
            "postcode": "1234 AB",
            "plaats": "Voorbeeldstad",
            "provincie": "Utrecht",
            "werkzame_personen": 24,
            "omzet": Decimal(2_600_000),
            "balanstotaal": Decimal(1_100_000),
        },
        actor=None,
        op=op,
        register=Navraag.aangenomen("demonstratie"),
    )


def nakijken(aanvraag: Aanvraag, behandelaar: Gebruiker, op: datetime) -> Aanvraag:
    """What an officer does with an application in which nothing is wrong."""
    aanvraag = in_behandeling_nemen(aanvraag=aanvraag, actor=behandelaar, op=op)
    if openstaande_oordelen(aanvraag):
        for toets in aanvraag.toetsen.filter(uitkomst=Toetsuitkomst.HANDMATIG, oordeel=""):
            toets_beoordelen(
                toets=toets, oordeel=Toetsuitkomst.VOLDOET, reden="Nagekeken en in orde.", actor=behandelaar, op=op
            )
    return toets_afronden(aanvraag=aanvraag, actor=behandelaar, op=op)


def staf_van(mensen: Mensen) -> dict[Rol, Gebruiker]:
    """Who does what in a draw and after it."""
    rollen = (Rol.BEHANDELAAR, Rol.BESLISSER, Rol.NOTARIS, Rol.FINANCIEEL)
    return {rol: mensen[str(rol)] for rol in rollen}


def besluit_nemen(
    aanvraag: Aanvraag,
    soort: Besluitsoort,
    *,
    motivering: str,
    mensen: Mensen,
    op: datetime,
    grond: Afwijzingsgrond | None = None,
) -> Aanvraag:
    """Proposed by the officer, signed and sent by who decides; returns the application as it is then."""
    besluit = besluit_voorstellen(
        aanvraag=aanvraag, soort=soort, motivering=motivering, grond=grond, actor=mensen["behandelaar"], op=op
    )
    besluit = besluit_ondertekenen(besluit=besluit, actor=mensen["beslisser"], op=op + timedelta(hours=1))
    besluit_verzenden(besluit=besluit, actor=mensen["beslisser"], op=op + timedelta(hours=2))
    return Aanvraag.objects.get(pk=aanvraag.pk)
