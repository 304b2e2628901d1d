"""Rounds, staff and applications for tests, made through the services (a status has no other way)."""

from __future__ import annotations

import itertools
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from functools import cache
from typing import Any

from aanvragen.enums import Bron
from aanvragen.models import Aanvraag, Organisatie
from aanvragen.services.behandeling import compleet_verklaren, in_behandeling_nemen
from aanvragen.services.concept import Begrotingspost, aanvraag_beginnen, begroting_bewaren, velden_bewaren
from aanvragen.services.indienen import aanvraag_indienen
from kern.enums import Rol
from kern.models import Gebruiker
from kern.services.gebruikers import gebruiker_aanmaken, rol_toekennen
from regeling.lezen import digest, naar_json, regeling_uit_dict
from regeling.models import Plafond, Regeling, Regelingversie, Tijdvak
from regeling.services.tijdvak import tijdvak_bijwerken, tijdvak_publiceren

OPEN = datetime(2026, 3, 2, 8, 0, tzinfo=UTC)
SLUIT = datetime(2026, 3, 27, 16, 0, tzinfo=UTC)
VOOR = OPEN - timedelta(days=10)
TIJDENS = OPEN + timedelta(days=3)
NA = SLUIT + timedelta(days=1)
_teller = itertools.count(1)


def regeling_dict(sleutel: str = "proef", *, plafond: int = 100_000, **anders: Any) -> dict[str, Any]:
    """A minimal lottery scheme as a dict; ``anders`` replaces whole tables."""
    basis: dict[str, Any] = {
        "formaat": 1,
        "regeling": {
            "sleutel": sleutel,
            "naam": "Proefregeling",
            "versie": "1",
            "samenvatting": "Een regeling voor de tests.",
            "doel": "Testen.",
            "geldig_vanaf": date(2026, 1, 1),
            "uitvoerder": "Uitvoerder",
            "ondertekenaar": "de Minister",
            "bezwaar_adres": "Postbus 1, 1234 AB Voorbeeldstad",
            "grondslag": [{"artikel": "artikel 3 van de Kaderwet", "onderwerp": "subsidies"}],
        },
        "aanvrager": {"soort": "onderneming", "aanvragen_per_aanvrager": 1},
        "verdeling": {
            "methode": "loting",
            "eenheid_loting": "aanvrager",
            "regel": "STOP",
            "bronnen": ["notaris"],
            "bedenktijd_uren": 24,
        },
        "subsidie": {
            "vorm": "voucher",
            "eenheid": "euro",
            "percentage": 50,
            "maximum": 1000,
            "staatssteun": "geen",
            "voucher_geldig_maanden": 12,
        },
        "kostensoorten": [{"code": "adviseur", "naam": "Adviseur", "btw": "exclusief"}],
        "doelen": {"minimum": 0, "maximum": 6},
        "termijnen": [
            {"code": "beslissing", "duur": "13w", "niveau": "regeling"},
            {"code": "aanvulling", "duur": "14d", "niveau": "besluit"},
            {"code": "bezwaar", "duur": "6w", "niveau": "wet"},
        ],
        "tijdvakken": [
            {"sleutel": f"{sleutel}-1", "naam": "Proefronde", "open_op": OPEN, "sluit_op": SLUIT, "plafond": plafond}
        ],
    }
    return {**basis, **anders}


@cache
def _spec(sleutel: str, plafond: int) -> Any:
    return regeling_uit_dict(regeling_dict(sleutel, plafond=plafond), "proef.toml")


def maak_tijdvak(
    *, sleutel: str | None = None, plafond: int = 100_000, tabellen: dict[str, Any] | None = None
) -> Tijdvak:
    """A round in state ontwerp with its ceiling."""
    sleutel = sleutel or f"proef{next(_teller)}"
    if tabellen:
        spec = regeling_uit_dict(regeling_dict(sleutel, plafond=plafond, **tabellen), "proef.toml")
    else:
        spec = _spec(sleutel, plafond)
    regeling = Regeling.objects.create(sleutel=sleutel, naam=spec.regeling.naam)
    versie = Regelingversie.objects.create(
        regeling=regeling, versie="1", inhoud=naar_json(spec), sha256=digest(spec), geladen_op=VOOR
    )
    for nr, thema in enumerate(spec.themas):
        regeling.themas.create(code=thema.code, naam=thema.naam, volgorde=nr)
    deel = spec.tijdvakken[0]
    tijdvak = Tijdvak.objects.create(
        sleutel=deel.sleutel,
        specsleutel=deel.sleutel,
        naam=deel.naam,
        regelingversie=versie,
        open_op=deel.open_op,
        sluit_op=deel.sluit_op,
        methode=spec.verdeling_voor(deel.sleutel).methode,
        eenheid=spec.subsidie.eenheid,
    )
    Plafond.objects.create(tijdvak=tijdvak, code="*", naam="Plafond", bedrag=deel.plafond)
    for pot in deel.subplafonds:
        Plafond.objects.create(tijdvak=tijdvak, code=pot.code, naam=pot.naam, bedrag=pot.bedrag)
    return tijdvak


def open_tijdvak(**opties: Any) -> Tijdvak:
    """A round that is open at ``TIJDENS``."""
    tijdvak = tijdvak_publiceren(tijdvak=maak_tijdvak(**opties), actor=None, op=VOOR)
    return tijdvak_bijwerken(tijdvak=tijdvak, op=OPEN)


def maak_gebruiker(*rollen: Rol, email: str | None = None) -> Gebruiker:
    """A person with these roles and the password ``geheim-genoeg-1``."""
    nummer = next(_teller)
    gebruiker = gebruiker_aanmaken(
        email=email or f"persoon{nummer}@proef.example", naam=f"Persoon {nummer}", wachtwoord="geheim-genoeg-1", op=VOOR
    )
    for rol in rollen:
        rol_toekennen(gebruiker=gebruiker, rol=rol, op=VOOR, actor=None)
    return gebruiker


def maak_organisatie(**velden: Any) -> Organisatie:
    nummer = next(_teller)
    gegevens = {
        "naam": f"Proefbedrijf {nummer}",
        "kvk_nummer": f"00{nummer:06d}",
        "werkzame_personen": 12,
        "aangemaakt_op": VOOR,
        "provincie": "Utrecht",
        "sbi_code": "2562",
        "sbi_versie": "SBI 2008",
        "sector": "Industrie",
    }
    return Organisatie.objects.create(**{**gegevens, **velden})


def maak_concept(
    tijdvak: Tijdvak, organisatie: Organisatie | None = None, *, kosten: Decimal = Decimal(2000)
) -> Aanvraag:
    """A draft that has all it needs to be sent."""
    aanvraag = aanvraag_beginnen(
        tijdvak=tijdvak, organisatie=organisatie or maak_organisatie(), actor=None, op=TIJDENS, bron=Bron.PORTAAL
    )
    aanvraag = velden_bewaren(
        aanvraag=aanvraag,
        stap="project",
        actor=None,
        op=TIJDENS,
        gegevens={
            "contactpersoon": "Contact",
            "contact_email": "contact@proef.example",
            "titel": "Project",
            "omschrijving": "Wat we gaan doen.",
        },
    )
    posten = [Begrotingspost(kostensoort="adviseur", omschrijving="Advies", bedrag=kosten)]
    return begroting_bewaren(aanvraag=aanvraag, posten=posten, actor=None, op=TIJDENS)[0]


def maak_ingediend(tijdvak: Tijdvak, organisatie: Organisatie | None = None, **opties: Any) -> Aanvraag:
    return aanvraag_indienen(aanvraag=maak_concept(tijdvak, organisatie, **opties), actor=None, op=TIJDENS)


def maak_compleet(
    tijdvak: Tijdvak, behandelaar: Gebruiker, organisatie: Organisatie | None = None, **opties: Any
) -> Aanvraag:
    aanvraag = in_behandeling_nemen(aanvraag=maak_ingediend(tijdvak, organisatie, **opties), actor=behandelaar, op=NA)
    return compleet_verklaren(aanvraag=aanvraag, actor=behandelaar, op=NA)
