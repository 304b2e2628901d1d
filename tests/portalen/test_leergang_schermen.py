"""Screens of a course: the officer, the employer, and the participant."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
import time_machine
from django.test import Client

from kern.models import Gebruiker
from tests.factories.ronde import TIJDENS, maak_gebruiker, maak_staf, open_tijdvak
from tests.test_idor import bezoek, van_soort
from tests.uitvoering.test_leergang import BESLUIT, EERSTE, NA_AFLOOP, groep, meld_aan, met_plaatsen, was_er, werkgever
from uitvoering.models import Cohort, Cursist, Voorstel

pytestmark = pytest.mark.django_db


def als(gebruiker: Gebruiker) -> Client:
    client = Client()
    client.force_login(gebruiker)
    return client


def tekst(antwoord: Any) -> str:
    return " ".join(antwoord.content.decode().split())


def test_van_aanmelden_tot_certificaat() -> None:
    staf = maak_staf()
    zaak = met_plaatsen(staf)
    baas, anna = werkgever(zaak), maak_gebruiker(email="anna@proef.example")
    adres, ronde = f"/aanvragen/{zaak.pk}/leergang/", f"/werk/tijdvakken/{zaak.tijdvak.sleutel}/leergang/"
    with time_machine.travel(BESLUIT, tick=False):
        client = als(baas)
        assert adres in tekst(client.get(f"/aanvragen/{zaak.pk}/"))
        assert "U hebt 2 plaatsen" in tekst(client.get(adres))
        client.post(adres, {"naam": "Anna", "email": "Anna@proef.example"})
        assert "nog niet ingedeeld" in tekst(client.get(adres))
        assert "U zit met dit e-mailadres nog niet in een groep." in tekst(als(anna).get("/leergang/"))
        medewerker = als(staf.behandelaar)
        assert ronde in tekst(medewerker.get(f"/werk/tijdvakken/{zaak.tijdvak.sleutel}/"))
        assert "Anna" in tekst(medewerker.get(ronde))
        medewerker.post(ronde, {"naam": "Groep 1"})
        cohort = Cohort.objects.get()
        blad = f"{ronde}{cohort.pk}/"
        for nr in range(3):
            dag = EERSTE + timedelta(weeks=nr)
            velden = {"dag_dag": dag.day, "dag_maand": dag.month, "dag_jaar": dag.year, "tijd": "19:00"}
            assert medewerker.post(blad, {**velden, "plaats": "Utrecht"}).status_code == 302
        assert "1 deelnemer wacht op een groep." in tekst(medewerker.get(blad))
        medewerker.post(f"{blad}stap/indelen/")
    cursist = Cursist.objects.get()
    eigen = f"/leergang/{cursist.pk}/"
    with time_machine.travel(NA_AFLOOP, tick=False):
        medewerker, client = als(staf.behandelaar), als(anna)
        for nr in (1, 2, 3):
            medewerker.post(f"{blad}avonden/{nr}/", {"aanwezig": [cursist.pk] if nr < 3 else []})
        assert "Certificaten maken" in tekst(medewerker.get(blad))
        assert "Aanwezigheid bewaren" in tekst(medewerker.get(f"{blad}avonden/1/"))
        medewerker.post(f"{blad}stap/certificaten/")
        assert "Certificaten maken" not in tekst(medewerker.get(blad))
        lijst = tekst(medewerker.get(f"{blad}avonden/1/"))
        assert "De aanwezigheid ligt vast" in lijst
        assert "Aanwezigheid bewaren" not in lijst
        pdf = medewerker.get(f"{blad}certificaten/{cursist.pk}/")
        assert b"".join(pdf.streaming_content).startswith(b"%PDF")
        assert client.get("/leergang/").url == eigen
        assert eigen in tekst(client.get("/mijn-aanvragen/"))
        assert "U hebt het certificaat" in tekst(client.get(eigen))
        assert b"".join(client.get(f"{eigen}certificaat/").streaming_content).startswith(b"%PDF")
        client.post(eigen, {"titel": "Eigen roosters", "omschrijving": "Teams roosteren zelf."})
        assert "Er is nu geen tijdvak open" in tekst(als(baas).get(adres))
        paden = [eigen, f"{eigen}certificaat/"]
        assert len(paden) == len(van_soort("leergang"))
        for vreemde in (maak_gebruiker(), staf.behandelaar, baas):
            assert all(404 in uit and uit <= {404, 405} for uit in bezoek(als(vreemde), paden).values())
    open_tijdvak(sleutel="vervolg")
    with time_machine.travel(TIJDENS, tick=False):
        antwoord = als(baas).post(f"{adres}voorstellen/{Voorstel.objects.get().pk}/")
    assert antwoord.url == f"/aanvragen/{Voorstel.objects.get().aanvraag_id}/"


def test_bij_plaatsen_wacht_niemand_op_een_declaratie() -> None:
    staf = maak_staf()
    zaak = met_plaatsen(staf)
    ronde = f"/werk/tijdvakken/{zaak.tijdvak.sleutel}/leergang/"
    with time_machine.travel(BESLUIT, tick=False):
        eigen = tekst(als(werkgever(zaak)).get(f"/aanvragen/{zaak.pk}/"))
        werk = tekst(als(staf.behandelaar).get(f"/werk/zaken/{zaak.pk}/"))
    assert "Uw deelnemers volgen de bijeenkomsten" in eigen
    assert ("Kosten gedeclareerd" in eigen, "Betaald" in eigen) == (False, False)
    assert "er komt geen declaratie" in werk
    assert f'href="{ronde}"' in werk


def test_wie_wacht_kan_niet_naar_een_groep_die_klaar_is() -> None:
    staf = maak_staf()
    zaak = met_plaatsen(staf)
    (anna,) = meld_aan(zaak, "Anna")
    cohort = groep(zaak, staf)
    meld_aan(zaak, "Bert")
    blad = f"/werk/tijdvakken/{zaak.tijdvak.sleutel}/leergang/{cohort.pk}/"
    for nummer in (1, 2, 3):
        was_er(cohort, staf, nummer, anna)
    with time_machine.travel(NA_AFLOOP, tick=False):
        client = als(staf.behandelaar)
        assert "Wachtenden indelen" in tekst(client.get(blad))
        client.post(f"{blad}stap/certificaten/")
        assert "Wachtenden indelen" not in tekst(client.get(blad))


def test_afmelden_en_wie_alleen_leest() -> None:
    staf = maak_staf()
    zaak = met_plaatsen(staf)
    (anna,) = meld_aan(zaak, "Anna")
    cohort = groep(zaak, staf)
    ronde = f"/werk/tijdvakken/{zaak.tijdvak.sleutel}/leergang/"
    with time_machine.travel(BESLUIT, tick=False):
        lezer = als(staf.beslisser)
        paden = (ronde, f"{ronde}{cohort.pk}/", f"{ronde}{cohort.pk}/avonden/1/")
        assert {lezer.get(pad).status_code for pad in paden} == {200}
        assert "Groep maken" not in tekst(lezer.get(ronde))
        assert " disabled" in tekst(lezer.get(paden[2]))
        assert lezer.post(ronde, {"naam": "Groep 2"}).status_code == 400
        assert Cohort.objects.count() == 1
        als(werkgever(zaak)).post(f"/aanvragen/{zaak.pk}/leergang/{anna.pk}/afmelden/")
    anna.refresh_from_db()
    assert anna.afgemeld_op is not None
