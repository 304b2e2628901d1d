"""Second factor for staff, the guarded session, and the screens of mandates and rights."""

from __future__ import annotations

import base64
import re
import time
from datetime import datetime, timedelta
from typing import Any

import pytest
import time_machine
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import TOTP, format_hotp_value, hotp_value
from django.contrib.sessions.models import Session
from django.core import mail
from django.core.cache import cache
from django.db import connection
from django.test import Client, override_settings
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from aanvragen.enums import Machtigingbereik, Machtigingsoort
from aanvragen.models import Aanvraag, Machtiging, Uitnodiging
from aanvragen.services.concept import velden_bewaren
from aanvragen.services.indienen import aanvraag_indienen
from aanvragen.services.organisatie import Machtigingvoorwaarden, machtiging_verlenen, organisatie_registreren
from kern.enums import Rol
from kern.models import Bericht, Gebruiker
from tests.factories.portaal_aanvrager import aanvrager, begonnen, ingelogd, rijk_tijdvak
from tests.factories.ronde import NA, TIJDENS, VOOR, maak_concept, maak_gebruiker, maak_organisatie, open_tijdvak
from tests.portalen.lezen import fouten, meldingen, tekst

pytestmark = pytest.mark.django_db
WACHTWOORD = "geheim-genoeg-1"
SECRET = base64.b32encode(b"01234567890123456789").decode()


def code_van(geheim: str) -> str:
    """What an app with this secret shows now."""
    return format_hotp_value(hotp_value(geheim, int(time.time()) // 30))


def inloggen(email: str, wachtwoord: str = WACHTWOORD) -> tuple[Client, Any]:
    client = Client()
    return client, client.post("/account/login/", {"login": email, "password": wachtwoord})


def bevestigd(client: Client, adres: str) -> Any:
    """The page after confirming with the password: changing how one logs in asks for it again."""
    assert client.get(adres)["Location"].startswith("/account/reauthenticate/")
    client.post("/account/reauthenticate/", {"password": WACHTWOORD, "next": adres})
    return client.get(adres)


# --- Second factor ------------------------------------------------------------------------------------------------


@override_settings(MFA_VERPLICHT=True)
def test_een_medewerker_zonder_tweede_factor_komt_nergens() -> None:
    client = ingelogd(maak_gebruiker(Rol.BEHANDELAAR))
    for adres in ("/werk/lijst/", "/start/", "/mijn-aanvragen/", "/stijlgids/"):
        antwoord = client.get(adres)
        assert (antwoord.status_code, antwoord["Location"]) == (302, "/tweede-stap/"), adres
    assert client.post("/werk/lijst/bulk/")["Location"] == "/tweede-stap/"
    assert "Stel een tweede stap in" in tekst(client.get("/tweede-stap/"))
    assert client.post("/account/logout/").status_code == 302


@override_settings(MFA_VERPLICHT=True)
def test_wie_geen_medewerker_is_merkt_niets() -> None:
    assert ingelogd(maak_gebruiker()).get("/mijn-aanvragen/").status_code == 200


def test_uit_te_zetten_voor_de_demonstratie() -> None:
    assert ingelogd(maak_gebruiker(Rol.BEHANDELAAR)).get("/werk/lijst/").status_code == 200


@pytest.mark.django_db(transaction=True)  # the message goes out after commit
@override_settings(MFA_VERPLICHT=True)
def test_een_app_instellen_en_ermee_inloggen() -> None:
    gebruiker = maak_gebruiker(Rol.BEHANDELAAR)
    client, antwoord = inloggen(gebruiker.email)
    assert antwoord["Location"] == "/start/"
    assert client.get("/start/", follow=True).redirect_chain[-1] == ("/tweede-stap/", 302)
    pagina = bevestigd(client, "/account/tweede-factor/totp/activate/")
    geheim = pagina.context["form"].secret
    antwoord = client.post("/account/tweede-factor/totp/activate/", {"code": code_van(geheim)}, follow=True)
    assert meldingen(antwoord) == [
        "De app is gekoppeld. Bij het inloggen vragen wij voortaan een code.",
        "Uw nieuwe herstelcodes zijn gemaakt.",
    ]
    assert "Met elke code kunt u één keer inloggen" in tekst(antwoord)
    assert client.get("/werk/lijst/").status_code == 200
    # At rest the secret is not readable.
    assert geheim not in str(Authenticator.objects.get(type="totp").data)
    assert re.search(r"gekoppeld", mail.outbox[-1].subject)

    ander, antwoord = inloggen(gebruiker.email)
    assert antwoord["Location"] == "/account/tweede-factor/authenticate/"
    assert ander.get("/werk/lijst/").status_code == 302  # the password alone opens nothing
    fout = ander.post("/account/tweede-factor/authenticate/", {"code": "000000"})
    assert "De code klopt niet" in tekst(fout)
    cache.clear()  # a code works once; the test uses the same half minute
    goed = ander.post(
        "/account/tweede-factor/authenticate/", {"code": format_hotp_value(hotp_value(geheim, int(time.time()) // 30))}
    )
    assert goed["Location"] == "/start/"
    assert ander.get("/werk/lijst/").status_code == 200


@override_settings(MFA_VERPLICHT=True)
def test_de_laatste_factor_van_een_medewerker_blijft() -> None:
    gebruiker = maak_gebruiker(Rol.BEHANDELAAR)
    TOTP.activate(gebruiker, SECRET)
    client, _ = inloggen(gebruiker.email)
    code = code_van(SECRET)
    client.post("/account/tweede-factor/authenticate/", {"code": code})
    bevestigd(client, "/account/tweede-factor/totp/deactivate/")
    antwoord = client.post("/account/tweede-factor/totp/deactivate/", follow=True)
    assert "Medewerkers loggen altijd in met een tweede stap" in tekst(antwoord)
    assert Authenticator.objects.filter(user=gebruiker, type="totp").exists()


@pytest.mark.parametrize(
    "adres",
    ["", "totp/activate/", "webauthn/", "webauthn/add/"],
)
def test_schermen_zonder_script_in_de_bladzijde(adres: str) -> None:
    """Only files and data blocks: nothing that our CSP would block; and no English."""
    gebruiker = maak_gebruiker()
    client, _ = inloggen(gebruiker.email)
    if adres.endswith(("activate/", "add/")):
        bevestigd(client, f"/account/tweede-factor/{adres}")
    antwoord = client.get(f"/account/tweede-factor/{adres}")
    assert antwoord.status_code == 200
    html = antwoord.content.decode()
    scripts = re.findall(r"<script([^>]*)>", html)
    assert all("src=" in s or 'type="application/json"' in s for s in scripts)
    assert not re.search(r"\son\w+=|<style|\sstyle=", html)
    assert not re.search(r"\b(Authenticator|Security Key|Add|Recovery|Two-Factor)\b", tekst(antwoord))


# --- Session ------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("rollen", "minuten"), [((Rol.BEHANDELAAR,), 15), ((), 60)])
def test_na_een_tijd_niets_doen_is_men_uitgelogd(rollen: tuple[Rol, ...], minuten: int) -> None:
    with time_machine.travel(datetime(2026, 11, 2, 9, 0, tzinfo=TIJDENS.tzinfo), tick=False) as klok:
        client = ingelogd(maak_gebruiker(*rollen))
        assert client.get("/start/").status_code == 302
        for _ in range(3):  # every page starts the clock again
            klok.shift(timedelta(minutes=minuten - 1))
            assert client.get("/sessie/").status_code == 200
        klok.shift(timedelta(minutes=minuten, seconds=1))
        antwoord = client.get("/sessie/?a=b")
        assert antwoord["Location"] == "/account/login/?next=%2Fsessie%2F%3Fa%3Db"
        assert "U bent uitgelogd omdat u een tijd niets deed" in client.get(antwoord["Location"]).content.decode()


def test_de_pagina_noemt_de_tijd_en_de_balk_weet_hem() -> None:
    with time_machine.travel(datetime(2026, 11, 2, 9, 0, tzinfo=TIJDENS.tzinfo), tick=False) as klok:
        client = ingelogd(maak_gebruiker(Rol.BEHANDELAAR))
        html = client.get("/sessie/").content.decode()
        assert "logt Stimulans u om 10:15 uur uit" in html
        assert 'data-tot="2026-11-02T10:15:00+01:00"' in html
        assert 'data-waarschuwing="300"' in html
        klok.shift(timedelta(minutes=5))
        antwoord = client.post("/sessie/", headers={"accept": "application/json"})
        assert datetime.fromisoformat(antwoord.json()["tot"]) == timezone.now() + timedelta(minutes=15)
    assert "sessiedialoog" not in Client().get("/").content.decode()


def test_wat_te_laat_verstuurd_is_komt_terug() -> None:
    """P4: fill in, the session ends, send: after logging in everything is still there, for the same person."""
    gebruiker, organisatie = aanvrager()
    with time_machine.travel(TIJDENS, tick=False) as klok:
        zaak = begonnen(rijk_tijdvak(), organisatie, gebruiker)
        client, adres = ingelogd(gebruiker), f"/aanvragen/{zaak.pk}/stap/project/"
        versie = client.get(adres).context["aanvraag"].versie
        klok.shift(timedelta(hours=2))
        getypt = {"titel": "Zelf <roosteren>", "omschrijving": "Regel één\nregel twee", "versie": str(versie)}
        antwoord = client.post(adres, getypt)
        assert antwoord["Location"] == "/account/login/?next=%2Fsessie%2Fherstel%2F"
        assert Aanvraag.objects.get(pk=zaak.pk).titel == ""
        client.post(antwoord["Location"], {"login": gebruiker.email, "password": WACHTWOORD})
        pagina = client.get("/sessie/herstel/")
        velden = dict(pagina.context["bewaard"]["velden"])
        assert velden == getypt
        assert f'action="{adres}"' in pagina.content.decode()
        client.post(adres, velden)
        assert Aanvraag.objects.get(pk=zaak.pk).titel == "Zelf <roosteren>"
        assert client.get("/sessie/herstel/")["Location"] == "/start/"


def test_een_ander_krijgt_het_niet() -> None:
    gebruiker, organisatie = aanvrager()
    with time_machine.travel(TIJDENS, tick=False) as klok:
        zaak = begonnen(rijk_tijdvak(), organisatie, gebruiker)
        client = ingelogd(gebruiker)
        client.get("/sessie/")
        klok.shift(timedelta(hours=2))
        client.post(f"/aanvragen/{zaak.pk}/stap/project/", {"titel": "Geheim"})
        ander = maak_gebruiker()
        client.post("/account/login/", {"login": ander.email, "password": WACHTWOORD})
        assert client.get("/sessie/herstel/")["Location"] == "/start/"
        assert "bewaard_formulier" not in client.session


def test_een_nieuwe_sleutel_bij_het_inloggen() -> None:
    """H14: a session that somebody else prepared is worth nothing."""
    gebruiker, client = maak_gebruiker(), Client()
    client.get("/account/login/")
    sessie = client.session
    sessie["klaargezet"] = True
    sessie.save()
    voor = sessie.session_key
    client.cookies["stimulans"] = voor
    client.post("/account/login/", {"login": gebruiker.email, "password": WACHTWOORD})
    assert client.session.session_key != voor
    assert not Session.objects.filter(pk=voor).exists()


@override_settings(ACCOUNT_RATE_LIMITS={"login_failed": "5/300s/key"})
def test_raden_houdt_op_na_vijf_keer() -> None:
    """Also with the right password the account stays shut for a while; another account does not notice."""
    cache.clear()
    gebruiker, ander = maak_gebruiker(), maak_gebruiker()
    for _ in range(5):
        assert "Het e-mailadres of het wachtwoord klopt niet" in tekst(inloggen(gebruiker.email, "mis")[1])
    assert "U hebt te vaak geprobeerd in te loggen" in tekst(inloggen(gebruiker.email)[1])
    assert inloggen(ander.email)[1]["Location"] == "/start/"
    cache.clear()


# --- People and mandates -------------------------------------------------------------------------------------------


def collega_van(organisatie: Any, soort: str = "medewerker", **opties: Any) -> Gebruiker:
    gebruiker = maak_gebruiker()
    machtiging_verlenen(
        organisatie=organisatie,
        gebruiker=gebruiker,
        soort=Machtigingsoort(soort),
        actor=None,
        op=VOOR,
        voorwaarden=Machtigingvoorwaarden(**opties),
    )
    return gebruiker


def test_iedereen_ziet_wie_wat_mag() -> None:
    baas, organisatie = aanvrager()
    adres, van_baas = f"/organisatie/{organisatie.pk}/mensen/", ingelogd(baas)
    with CaptureQueriesContext(connection) as een:
        van_baas.get(adres)
    collega = collega_van(organisatie, bereik=Machtigingbereik.INVULLEN)
    adviseur = collega_van(organisatie, "intermediair", geldig_tot=timezone.localdate())
    with CaptureQueriesContext(connection) as drie:
        van_baas.get(adres)
    assert len(een) == len(drie)
    pagina = tekst(ingelogd(collega).get(adres))
    assert (str(baas) in pagina, "Invullen en aanvullen" in pagina, adviseur.email in pagina) == (True, True, True)
    assert "Iemand uitnodigen" not in pagina
    van_buiten = tekst(ingelogd(adviseur).get(adres))
    assert (baas.email in van_buiten, collega.email in van_buiten) == (True, False)
    assert "Iemand uitnodigen" in tekst(ingelogd(baas).get(adres))


def test_uitnodigen_langs_de_schermen() -> None:
    baas, organisatie = aanvrager()
    client, adres = ingelogd(baas), f"/organisatie/{organisatie.pk}/mensen/uitnodigen/"
    fout = client.post(adres, {"email": "n@proef.example", "soort": "intermediair", "bereik": "lezen"})
    assert "geldig_tot" in fouten(fout.context["form"])
    antwoord = client.post(adres, {"email": "n@proef.example", "soort": "medewerker", "bereik": "lezen"}, follow=True)
    assert meldingen(antwoord) == ["De uitnodiging is verstuurd naar n@proef.example. De link werkt 14 dagen."]
    link = re.search(r"http://testserver(\S+)", Bericht.objects.get(aan="n@proef.example").tekst)
    assert link is not None
    # A GET never accepts; a stranger cannot; the invited can.
    for wie in (Client(), ingelogd(maak_gebruiker())):
        assert "nodigt u uit" in tekst(wie.get(link[1]))
    assert ingelogd(maak_gebruiker()).post(link[1]).status_code == 403
    gast = ingelogd(maak_gebruiker(email="n@proef.example"))
    assert "Uitnodiging aannemen" in tekst(gast.get(link[1]))
    assert Uitnodiging.objects.get().aanvaard_op is None
    assert gast.post(link[1])["Location"] == "/mijn-aanvragen/"
    assert Machtiging.objects.get(gebruiker__email="n@proef.example").bereik == "lezen"
    assert gast.get(link[1]).status_code == 410
    assert Client().get("/uitnodiging/bestaat-niet/").status_code == 404


def test_een_uitnodiging_opnieuw_sturen_en_intrekken() -> None:
    baas, organisatie = aanvrager()
    client, basis = ingelogd(baas), f"/organisatie/{organisatie.pk}"
    client.post(f"{basis}/mensen/uitnodigen/", {"email": "n@proef.example", "soort": "medewerker", "bereik": "lezen"})
    eerste = Uitnodiging.objects.get()
    client.post(f"{basis}/uitnodigingen/{eerste.pk}/opnieuw/")
    tweede = Uitnodiging.objects.get(ingetrokken_op=None)
    assert tweede != eerste
    client.post(f"{basis}/uitnodigingen/{tweede.pk}/intrekken/")
    assert not Uitnodiging.objects.filter(ingetrokken_op=None).exists()
    assert client.post(f"{basis}/uitnodigingen/{tweede.pk}/opnieuw/").status_code == 404


def test_een_machtiging_wijzigen_en_beeindigen() -> None:
    baas, organisatie = aanvrager()
    collega = collega_van(organisatie)
    nummer = Machtiging.objects.get(gebruiker=collega).pk
    zaak = begonnen(open_tijdvak(), organisatie, collega)
    client, basis = ingelogd(baas), f"/organisatie/{organisatie.pk}/mensen/{nummer}/"
    antwoord = client.post(basis, {"soort": "medewerker", "bereik": "lezen"}, follow=True)
    assert meldingen(antwoord) == [f"De machtiging van {collega} is gewijzigd."]
    pagina = client.get(f"{basis}einde/")
    assert "Wie neemt de lopende zaken over?" in tekst(pagina)
    assert "opvolger" in fouten(client.post(f"{basis}einde/").context["form"])
    client.post(f"{basis}einde/", {"opvolger": str(baas.pk)})
    assert Aanvraag.objects.get(pk=zaak.pk).verantwoordelijke == baas
    assert ingelogd(collega).get(f"/aanvragen/{zaak.pk}/").status_code == 404


def test_een_medewerker_kan_zelf_weggaan() -> None:
    _, organisatie = aanvrager()
    collega = collega_van(organisatie, bereik=Machtigingbereik.LEZEN)
    nummer = Machtiging.objects.get(gebruiker=collega).pk
    antwoord = ingelogd(collega).post(f"/organisatie/{organisatie.pk}/mensen/{nummer}/einde/")
    assert antwoord["Location"] == "/mijn-aanvragen/"


def test_de_geschiedenis_noemt_eigen_mensen_en_geen_ambtenaren() -> None:
    baas, organisatie = aanvrager()
    collega, behandelaar = collega_van(organisatie), maak_gebruiker(Rol.BEHANDELAAR)
    zaak = maak_concept(open_tijdvak(), organisatie)
    velden_bewaren(aanvraag=zaak, stap="project", gegevens={"titel": "X"}, actor=collega, op=TIJDENS)
    zaak = aanvraag_indienen(aanvraag=zaak, actor=baas, op=TIJDENS)
    from aanvragen.services.behandeling import compleet_verklaren, in_behandeling_nemen

    in_behandeling_nemen(aanvraag=zaak, actor=behandelaar, op=NA)
    compleet_verklaren(aanvraag=zaak, actor=behandelaar, op=NA)
    pagina = tekst(ingelogd(baas).get(f"/aanvragen/{zaak.pk}/geschiedenis/"))
    assert "Bewaarde een onderdeel van het concept Gewijzigd: titel" in pagina
    assert (str(collega) in pagina, str(baas) in pagina) == (True, True)
    assert "Nam de zaak in behandeling Uitvoerder," in pagina
    assert (str(behandelaar) in pagina, "compleet" in pagina) == (False, False)


def test_overdragen_op_het_scherm() -> None:
    baas, organisatie = aanvrager()
    collega = collega_van(organisatie)
    zaak = begonnen(open_tijdvak(), organisatie, baas)
    adres = f"/aanvragen/{zaak.pk}/geschiedenis/"
    antwoord = ingelogd(baas).post(adres, {"opvolger": str(collega.pk)}, follow=True)
    assert meldingen(antwoord) == [f"{collega} zorgt voortaan voor deze aanvraag."]
    assert "Droeg de aanvraag over" in tekst(antwoord)


# --- An officer confirms -------------------------------------------------------------------------------------------


def test_een_behandelaar_bevestigt_op_de_zaak() -> None:
    gebruiker, behandelaar = maak_gebruiker(), maak_gebruiker(Rol.BEHANDELAAR)
    gegevens = {"naam": "Zelf bv", "werkzame_personen": 12}
    organisatie = organisatie_registreren(kvk_nummer="00888888", gegevens=gegevens, actor=gebruiker, op=VOOR)
    zaak = aanvraag_indienen(aanvraag=maak_concept(open_tijdvak(), organisatie), actor=gebruiker, op=TIJDENS)
    client, adres = ingelogd(behandelaar), f"/werk/zaken/{zaak.pk}/machtiging/"
    assert adres in client.get(f"/werk/zaken/{zaak.pk}/").content.decode()
    pagina = client.get(adres)
    versie = pagina.context["versie"]
    assert "reden" in fouten(client.post(adres, {"versie": versie}).context["form"])
    antwoord = client.post(adres, {"versie": versie, "reden": "Uittreksel van 3 maart."}, follow=True)
    assert meldingen(antwoord) == [f"De machtiging van {gebruiker} is bevestigd."]
    assert Machtiging.objects.get().bevestigd_door == behandelaar
    assert client.get(adres).status_code == 404
    assert ingelogd(maak_gebruiker(Rol.FINANCIEEL)).get(adres).status_code == 403


def test_een_bekend_kvk_nummer_krijgt_uitleg() -> None:
    maak_organisatie(kvk_nummer="00123456")
    antwoord = ingelogd(maak_gebruiker()).post("/organisatie/nieuw/", {"kvk_nummer": "00123456", "naam": "Kaper"})
    assert "Vraag een collega die deze organisatie in Stimulans beheert om u uit te nodigen." in tekst(antwoord)
