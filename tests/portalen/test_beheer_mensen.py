"""The administrator: taking roles away, ending sessions, a lost second step, the review of rights."""

from __future__ import annotations

import pytest
from allauth.mfa.models import Authenticator

from kern.enums import Rol
from kern.models import Bericht, Gebruiker, LogRegel
from tests.factories.portaal_aanvrager import ingelogd
from tests.factories.ronde import maak_gebruiker
from tests.portalen.lezen import meldingen

pytestmark = pytest.mark.django_db


def test_een_rol_afnemen() -> None:
    beheerder, behandelaar = maak_gebruiker(Rol.BEHEERDER), maak_gebruiker(Rol.BEHANDELAAR)
    van_behandelaar, client = ingelogd(behandelaar), ingelogd(beheerder)
    assert van_behandelaar.get("/werk/lijst/").status_code == 200
    toekenning = behandelaar.roltoekenningen.get()
    antwoord = client.post("/werk/beheer/rol/intrekken/", {"toekenning": toekenning.pk}, follow=True)
    assert meldingen(antwoord) == [f"{behandelaar} is geen behandelaar meer."]
    assert van_behandelaar.get("/werk/lijst/").status_code == 403
    assert client.post("/werk/beheer/rol/intrekken/", {"toekenning": toekenning.pk}).status_code == 404
    assert client.post("/werk/beheer/rol/intrekken/", {"toekenning": "x"}).status_code == 404


def test_iemand_overal_uitloggen() -> None:
    beheerder, persoon, ander = maak_gebruiker(Rol.BEHEERDER), maak_gebruiker(), maak_gebruiker()
    browsers = [ingelogd(persoon), ingelogd(persoon), ingelogd(ander), ingelogd(beheerder)]
    antwoord = browsers[3].post("/werk/beheer/sessies/", {"gebruiker": persoon.pk}, follow=True)
    assert meldingen(antwoord) == [f"{persoon} is overal uitgelogd (2 sessies)."]
    assert [b.get("/mijn-aanvragen/").status_code for b in browsers] == [302, 302, 200, 200]
    assert LogRegel.objects.get(handeling="sessies_beeindigen").gegevens == {"aantal": 2}


def test_een_tweede_stap_wissen() -> None:
    beheerder, persoon = maak_gebruiker(Rol.BEHEERDER), maak_gebruiker(Rol.BEHANDELAAR)
    van_persoon, client = ingelogd(persoon), ingelogd(beheerder)
    adres = f"/werk/beheer/mensen/{persoon.pk}/tweede-stap/"
    assert "geen tweede stap" in client.post(adres, {"reden": "Telefoon kwijt."}).content.decode()
    Authenticator.objects.create(user=persoon, type=Authenticator.Type.TOTP, data={"secret": "x"})
    Authenticator.objects.create(user=persoon, type=Authenticator.Type.RECOVERY_CODES, data={"seed": "x"})
    assert "Vul “Reden” in." in client.post(adres, {"reden": " "}).content.decode()
    assert van_persoon.get("/werk/lijst/").status_code == 200
    assert client.get(adres).status_code == 200
    antwoord = client.post(adres, {"reden": "Telefoon kwijt, aan de balie geweest."}, follow=True)
    assert meldingen(antwoord) == [f"De tweede stap van {persoon} is gewist."]
    assert not Authenticator.objects.filter(user=persoon).exists()
    assert van_persoon.get("/werk/lijst/").status_code == 302
    assert LogRegel.objects.get(handeling="tweede_stap_wissen").gegevens == {
        "reden": "Telefoon kwijt, aan de balie geweest.",
        "soorten": ["recovery_codes", "totp"],
    }
    assert Bericht.objects.get(aan=persoon.email).onderwerp == "Uw tweede stap bij het inloggen is gewist"
    zelf = f"/werk/beheer/mensen/{beheerder.pk}/tweede-stap/"
    for eigen in (client.get(zelf, follow=True), client.post(zelf, {"reden": "Zelf."}, follow=True)):
        assert meldingen(eigen) == ["U kunt uw eigen tweede stap niet wissen. Vraag een andere beheerder."]
    overzicht = client.get("/werk/beheer/").content.decode()
    assert (zelf in overzicht, adres in overzicht) == (False, True)


def test_het_overzicht_van_rechten() -> None:
    beheerder = maak_gebruiker(Rol.BEHEERDER)
    Gebruiker.objects.filter(pk=beheerder.pk).update(naam="=cmd|'/c calc'!A1")
    antwoord = ingelogd(beheerder).get("/werk/beheer/rechten.csv")
    regels = antwoord.content.decode().splitlines()
    assert regels[0] == "naam;e-mailadres;account actief;rol;sinds;gegeven door;laatst ingelogd;tweede factor"
    assert regels[1].startswith(f"'=cmd|'/c calc'!A1;{beheerder.email};ja;Beheerder;2026-02-20;systeem;")
    assert antwoord["Content-Disposition"].startswith('attachment; filename="rechten-')
