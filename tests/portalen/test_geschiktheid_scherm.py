"""The pages of the qualification check: walking through, errors, the outcome in words."""

from __future__ import annotations

import pytest
import time_machine
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from aanvragen.geschiktheid import BLADEN, bladvragen
from portalen.formulieren.geschiktheid import keuzenamen, vraagtekst
from portalen.presentatie import geschiktheid as woorden
from regeling.lezen import regeling_uit_dict
from regeling.models import Tijdvak
from tests.aanvragen.test_geschiktheid import GOED, STRENG
from tests.factories.ronde import NA, TIJDENS, open_tijdvak, regeling_dict
from tests.portalen.lezen import fouten, tekst

pytestmark = pytest.mark.django_db
SPEC = regeling_uit_dict(regeling_dict(**STRENG), "proef.toml")
VELDEN = {naam: waarde for naam, waarde in GOED.items() if naam != "sbi"} | {
    "sbi_code": "25.62",
    "sbi_versie": "SBI 2008",
}


@pytest.fixture
def tijdvak():
    with time_machine.travel(TIJDENS, tick=False):
        yield open_tijdvak(tabellen=STRENG)


def adres(tijdvak: Tijdvak) -> str:
    return f"/regelingen/{tijdvak.sleutel}/kom-ik-in-aanmerking/"


def test_walking_through_ends_at_the_outcome(client: Client, tijdvak):
    antwoord = client.get(adres(tijdvak))
    assert "U beantwoordt hoogstens 5 korte vragenpagina’s." in tekst(antwoord)
    gezien, gegevens, pad = [], {}, antwoord.context["begin"]
    for _ in range(6):
        antwoord = client.get(pad)
        if "form" not in antwoord.context:
            break
        stap, formulier = antwoord.context["stap"], antwoord.context["form"]
        gezien.append(stap)
        gegevens = {**antwoord.context["bewaard"], **{naam: VELDEN[naam] for naam in formulier.fields}}
        stuur = client.get(adres(tijdvak), {**gegevens, "stap": stap, "verder": "1"})
        assert stuur.status_code == 302
        pad = stuur["Location"]
    assert gezien == list(BLADEN)
    assert "Ja, u lijkt in aanmerking te komen" in tekst(antwoord)
    assert "Aanvraag beginnen" in tekst(antwoord)
    assert {rij["regel"].stand for rij in antwoord.context["regels"]} == {"Voldoet"}


def test_an_empty_page_says_what_to_do(client: Client, tijdvak):
    antwoord = client.get(adres(tijdvak), {"stap": "omvang", "verder": "1", "wie": "onderneming"})
    assert antwoord.status_code == 200
    assert fouten(antwoord.context["form"]) == {"personen": ["Maak een keuze bij “Hoeveel mensen werken er bij u?”."]}
    assert antwoord.context["bewaard"] == {"wie": "onderneming"}
    assert "Fout:" in antwoord.content.decode().split("<title>")[1].split("</title>")[0]


@pytest.mark.parametrize(
    ("sbi", "melding"),
    [
        ({"sbi_code": "abc", "sbi_versie": ""}, {"sbi_code"}),
        ({"sbi_code": "6201", "sbi_versie": ""}, {"sbi_versie"}),
        ({"sbi_code": "", "sbi_versie": ""}, set()),
    ],
)
def test_sbi_code_is_optional_but_must_be_one(client: Client, tijdvak, sbi, melding):
    gegevens = {**VELDEN, **sbi, "stap": "organisatie", "verder": "1"}
    antwoord = client.get(adres(tijdvak), gegevens)
    assert set(antwoord.context["form"].errors if antwoord.context else ()) == melding


def test_nonsense_in_the_address_is_dropped(client: Client, tijdvak):
    for gegevens in ({"stap": "niets"}, {"stap": "cijfers"}, {"stap": "uitslag", "wie": "<b>", "personen": "99"}):
        antwoord = client.get(adres(tijdvak), gegevens)
        assert antwoord.status_code == 200
        assert "<b>" not in antwoord.content.decode()


def test_outcome_no_gives_reason_article_and_what_to_do(client: Client, tijdvak):
    antwoord = client.get(adres(tijdvak), {**VELDEN, "personen": "0", "stap": "uitslag"})
    eerste = antwoord.context["regels"][0]["regel"]
    assert (eerste.naam, eerste.stand, eerste.artikel) == ("Aantal mensen", "Voldoet niet", "de regeling Proefregeling")
    assert eerste.reden == "Er werken minstens 2 mensen bij u. Uw antwoord past daar niet bij."
    assert eerste.doen == "Bekijk of een andere regeling beter past."
    gezien = tekst(antwoord)
    assert "Nee, u lijkt niet in aanmerking te komen" in gezien
    assert "Toch een aanvraag beginnen" in gezien
    assert "Staat in: Aanbeveling 2003/361/EG." in gezien


def test_outcome_perhaps_says_on_what_it_depends(client: Client, tijdvak):
    antwoord = client.get(adres(tijdvak), {**VELDEN, "eu": "onbekend", "stap": "uitslag"})
    assert [(r["regel"].naam, r["regel"].stand) for r in antwoord.context["regels"]][0] == (
        "Ander geld van de Europese Unie",
        "Nog niet zeker",
    )
    assert "Misschien: dit hangt van een paar dingen af" in tekst(antwoord)
    assert "Ga na wie er aan het project meebetaalt." in tekst(antwoord)


def test_changing_one_answer_goes_straight_back(client: Client, tijdvak):
    antwoord = client.get(adres(tijdvak), {**VELDEN, "eu": "onbekend", "stap": "uitslag"})
    wijzig = next(r["url"] for r in antwoord.context["regels"] if r["regel"].blad == "project")
    formulier = client.get(wijzig).context
    assert formulier["form"].initial["eu"] == "onbekend"
    gegevens = {**formulier["bewaard"], "begonnen": "nee", "eu": "nee", "stap": "project", "verder": "1"}
    assert "stap=uitslag" in client.get(adres(tijdvak), gegevens)["Location"]


def test_closed_round_offers_other_schemes(client: Client, tijdvak):
    with time_machine.travel(NA, tick=False):
        gezien = tekst(client.get(adres(tijdvak), {**VELDEN, "stap": "uitslag"}))
    assert "Dit tijdvak is gesloten." in gezien
    assert "Aanvraag beginnen" not in gezien


def test_nothing_is_stored(client: Client, tijdvak):
    with CaptureQueriesContext(
        connection,
    ) as vragen:
        client.get(adres(tijdvak), {**VELDEN, "stap": "uitslag"})
        client.get(adres(tijdvak), {**VELDEN, "stap": "organisatie", "verder": "1"})
    assert [v["sql"] for v in vragen if not v["sql"].startswith("SELECT")] == []
    assert client.post(adres(tijdvak)).status_code == 405


def test_every_question_and_choice_has_words():
    for blad in BLADEN:
        assert woorden.bladtitel(blad)
        for vraag in bladvragen(SPEC, blad):
            assert vraagtekst(SPEC, vraag.naam)
            if vraag.keuzes:
                assert set(vraag.keuzes) <= set(keuzenamen(SPEC, vraag.naam))
