"""Fills a scratch database for ``test_uitval.py``: a round that is open now and full drafts, each with its own person.

Run as a program with the settings of the server; prints one JSON line: [{"email", "pk"}].
"""

from __future__ import annotations

import json
import sys
from datetime import timedelta

import django


def main(aantal: int) -> None:
    django.setup()
    from django.core.management import call_command
    from django.utils import timezone

    from aanvragen.services.organisatie import machtiging_verlenen
    from kern.services.gebruikers import gebruiker_aanmaken
    from regeling.services.tijdvak import tijdvak_bijwerken, tijdvak_publiceren
    from tests.factories.ronde import maak_organisatie, maak_tijdvak

    call_command("migrate", run_syncdb=True, interactive=False, verbosity=0)
    call_command("createcachetable", verbosity=0)
    nu = timezone.localtime().replace(second=0, microsecond=0)
    venster = {
        "sleutel": "uitval-1",
        "naam": "Uitvalronde",
        "open_op": nu - timedelta(days=2),
        "sluit_op": nu + timedelta(days=2),
        "plafond": 1_000_000,
    }
    tijdvak = maak_tijdvak(sleutel="uitval", tabellen={"tijdvakken": [venster]})
    tijdvak = tijdvak_publiceren(tijdvak=tijdvak, actor=None, op=nu - timedelta(days=5))
    tijdvak = tijdvak_bijwerken(tijdvak=tijdvak, op=nu - timedelta(days=1))
    uit = []
    for nr in range(aantal):
        organisatie = maak_organisatie()
        email = f"typist{nr}@proef.example"
        wie = gebruiker_aanmaken(email=email, naam=f"Typist {nr}", wachtwoord="geheim-genoeg-1", op=nu)
        machtiging_verlenen(organisatie=organisatie, gebruiker=wie, soort="beheerder", actor=None, op=nu)
        uit.append({"email": email, "pk": str(_concept(tijdvak, organisatie, nu).pk)})
    print(json.dumps(uit))


def _concept(tijdvak, organisatie, nu):  # type: ignore[no-untyped-def]  # models cannot be named before setup
    from decimal import Decimal

    from aanvragen.services.concept import Begrotingspost, aanvraag_beginnen, begroting_bewaren, velden_bewaren

    aanvraag = aanvraag_beginnen(tijdvak=tijdvak, organisatie=organisatie, actor=None, op=nu)
    gegevens = {
        "contactpersoon": "Contact",
        "contact_email": "contact@proef.example",
        "titel": "Project",
        "omschrijving": "Wat we gaan doen.",
    }
    aanvraag = velden_bewaren(aanvraag=aanvraag, stap="project", gegevens=gegevens, actor=None, op=nu)
    post = Begrotingspost("adviseur", "Advies", Decimal(2000))
    aanvraag, _ = begroting_bewaren(aanvraag=aanvraag, posten=[post], actor=None, op=nu)
    return aanvraag


if __name__ == "__main__":
    main(int(sys.argv[1]))
