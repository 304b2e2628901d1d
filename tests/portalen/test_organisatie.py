"""Registering and changing an organisation."""

from __future__ import annotations

from decimal import Decimal

import pytest

from aanvragen.models import Machtiging, Organisatie
from tests.factories.portaal_aanvrager import aanvrager, ingelogd
from tests.factories.ronde import maak_gebruiker
from tests.portalen.lezen import fouten, meldingen, tekst

pytestmark = pytest.mark.django_db
NIEUW = "/organisatie/nieuw/"


def test_register_with_everything():
    gebruiker = maak_gebruiker()
    client = ingelogd(gebruiker)
    antwoord = client.post(
        NIEUW,
        {
            "kvk_nummer": "00 99 88 77",
            "naam": "  Proef   Bedrijf bv ",
            "rechtsvorm": "bv",
            "sbi_code": "62.01",
            "sbi_versie": "SBI 2025",
            "werkzame_personen": "1.200",
            "omvang_jaar": "2025",
            "omzet": "€ 1.234.567,50",
            "balanstotaal": "900000",
            "postcode": "1234ab",
            "provincie": "Utrecht",
        },
        follow=True,
    )
    assert antwoord.redirect_chain == [("/mijn-aanvragen/", 302)]
    assert meldingen(antwoord) == ["Proef Bedrijf bv is aangemeld."]
    organisatie = Organisatie.objects.get(kvk_nummer="00998877")
    assert (organisatie.naam, organisatie.sbi_code, organisatie.sector) == (
        "Proef Bedrijf bv",
        "6201",
        "Zakelijke dienstverlening",
    )
    assert (organisatie.werkzame_personen, organisatie.omzet) == (1200, Decimal("1234567.50"))
    assert (organisatie.postcode, organisatie.publiek) == ("1234 AB", False)
    machtiging = Machtiging.objects.get(organisatie=organisatie)
    assert (machtiging.gebruiker, machtiging.soort) == (gebruiker, "beheerder")


def test_only_name_and_number_are_needed():
    antwoord = ingelogd(maak_gebruiker()).post(
        NIEUW, {"kvk_nummer": "00998877", "naam": "Klein", "volgende": "/start/"}
    )
    assert antwoord["Location"] == "/start/"


@pytest.mark.parametrize("adres", ["https://kwaad.example/", "//kwaad.example", "javascript:alert(1)"])
def test_goes_on_to_our_own_pages_only(adres):
    antwoord = ingelogd(maak_gebruiker()).post(NIEUW, {"kvk_nummer": "00998877", "naam": "Klein", "volgende": adres})
    assert antwoord["Location"] == "/mijn-aanvragen/"


def test_a_number_that_is_known_is_explained():
    aanvrager(kvk="00123456")
    antwoord = ingelogd(maak_gebruiker()).post(NIEUW, {"kvk_nummer": "00123456", "naam": "Kaper"})
    assert antwoord.status_code == 200
    assert fouten(antwoord.context["form"]) == {
        "kvk_nummer": [
            "Deze organisatie is al aangemeld. "
            "Vraag de beheerder van uw organisatie in Stimulans om u toegang te geven."
        ]
    }
    assert (Organisatie.objects.count(), Machtiging.objects.count()) == (1, 1)


def test_errors_say_what_to_do_and_keep_what_was_typed():
    antwoord = ingelogd(maak_gebruiker()).post(
        NIEUW, {"kvk_nummer": "123456789", "naam": "", "sbi_code": "abc", "werkzame_personen": "veel"}
    )
    assert fouten(antwoord.context["form"]) == {
        "kvk_nummer": [
            "Dit lijkt een RSIN (9 cijfers). Vul het KvK-nummer in: 8 cijfers. Beide nummers staan op het uittreksel "
            "van de Kamer van Koophandel."
        ],
        "naam": ["Vul “Naam van uw organisatie” in."],
        "sbi_code": ["Vul de SBI-code in met 2 tot 6 cijfers, bijvoorbeeld 6201."],
        "werkzame_personen": ["Vul een heel getal in, bijvoorbeeld 12."],
    }
    assert 'value="veel"' in antwoord.content.decode()
    assert Organisatie.objects.count() == 0


def test_an_sbi_code_needs_its_list():
    antwoord = ingelogd(maak_gebruiker()).post(NIEUW, {"kvk_nummer": "00998877", "naam": "K", "sbi_code": "62"})
    assert fouten(antwoord.context["form"]) == {"sbi_versie": ["Kies bij welke lijst de SBI-code hoort."]}


def test_change_ones_own_organisation():
    gebruiker, organisatie = aanvrager()
    client = ingelogd(gebruiker)
    adres = f"/organisatie/{organisatie.pk}/"
    assert "KvK-nummer: 00123456." in tekst(client.get(adres))
    antwoord = client.post(adres, {"naam": "Nieuwe naam", "werkzame_personen": "30", "kvk_nummer": "00000001"})
    assert antwoord["Location"] == "/mijn-aanvragen/"
    organisatie.refresh_from_db()
    assert (organisatie.naam, organisatie.werkzame_personen, organisatie.kvk_nummer) == ("Nieuwe naam", 30, "00123456")


def test_somebody_elses_organisation_does_not_exist():
    _, organisatie = aanvrager()
    client = ingelogd(maak_gebruiker())
    assert client.get(f"/organisatie/{organisatie.pk}/").status_code == 404
    assert client.post(f"/organisatie/{organisatie.pk}/", {"naam": "Gekaapt"}).status_code == 404
    organisatie.refresh_from_db()
    assert organisatie.naam == "Proefbakkerij"


def test_log_in_first(client):
    assert client.get(NIEUW)["Location"] == f"/account/login/?next={NIEUW}"
