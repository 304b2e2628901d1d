"""The pages of the self-scan: walking through, the profile as drawing, table and text, and which rounds fit."""

from __future__ import annotations

import re

import pytest
import time_machine
from django.utils import translation

from aanvragen.zelfscan import bereken_profiel, onderdelen
from portalen.presentatie.zelfscan import niveauwoord, samenvatting, staven
from tests.factories.ronde import TIJDENS, open_tijdvak
from tests.portalen.lezen import fouten, tekst

pytestmark = pytest.mark.django_db
CODES = [stelling.code for deel in onderdelen() for stelling in deel.stellingen]
MIDDEN = {code: "4" if code not in {"strategie3", "slimmer2", "structuur2"} else "2" for code in CODES}
THEMAS = {"themas": [{"code": "slimmer-werken", "naam": "slimmer werken", "uitleg": "Minder wachten."}],
          "themakeuze": {"minimum": 1, "maximum": 1}}  # fmt: skip


@pytest.fixture(autouse=True)
def _tijdens():
    with time_machine.travel(TIJDENS, tick=False):
        yield


def test_walking_through_all_pages(client):
    pad, gezien = client.get("/zelfscan/").context["begin"], []
    for _ in range(6):
        antwoord = client.get(pad)
        if "form" not in antwoord.context:
            break
        gezien.append(len(antwoord.context["form"].fields))
        velden = {naam: MIDDEN[naam] for naam in antwoord.context["form"].fields}
        gegevens = {**antwoord.context["bewaard"], **velden, "stap": antwoord.context["stap"], "verder": "1"}
        pad = client.get("/zelfscan/", gegevens)["Location"]
    assert gezien == [3, 3, 3, 3, 8]
    assert "Op alle onderdelen scoort u 3,5 of meer." in tekst(antwoord)


def test_every_statement_needs_a_choice(client):
    antwoord = client.get("/zelfscan/", {"stap": "flexibel", "flexibel1": "3", "flexibel3": "8", "verder": "1"})
    assert set(fouten(antwoord.context["form"])) == {"flexibel2", "flexibel3"}


def test_profile_as_drawing_table_and_text(client):
    antwoord = client.get(
        "/zelfscan/", {**MIDDEN, "slimmer1": "1", "slimmer2": "5", "slimmer3": "1", "stap": "profiel"}
    )
    html, gezien = antwoord.content.decode(), tekst(antwoord)
    zin = "De meeste winst zit in: slimmer organiseren (1,0)."
    svg = re.search(r"<svg viewBox=.*?</svg>", html, re.S)
    assert svg is not None
    assert 'role="img" aria-labelledby="profiel-titel profiel-tekst"' in svg.group()
    assert zin in svg.group()
    assert svg.group().count("<text") == 16
    assert zin in gezien
    assert "Slimmer organiseren Onderwerp 1,0 veel ruimte voor verbetering" in gezien
    assert [staaf.naam for staaf in antwoord.context["begin"]] == ["Slimmer organiseren"]
    assert " style=" not in html


def test_open_rounds_that_fit_come_first(client):
    past, anders = open_tijdvak(tabellen=THEMAS), open_tijdvak()
    gegevens = {**MIDDEN, "slimmer1": "1", "slimmer2": "5", "slimmer3": "1", "stap": "profiel"}
    antwoord = client.get("/zelfscan/", gegevens)
    assert [r["kaart"].tijdvak for r in antwoord.context["passend"]] == [past]
    assert [r["kaart"].tijdvak for r in antwoord.context["andere"]] == [anders]
    assert "Thema: slimmer werken. Minder wachten." in tekst(antwoord)


@pytest.mark.parametrize("aantal", [1, 3])
def test_profile_needs_the_same_queries(client, aantal, django_assert_num_queries):
    for _ in range(aantal):
        open_tijdvak(tabellen=THEMAS)
    with django_assert_num_queries(1):
        client.get("/zelfscan/", {**MIDDEN, "stap": "profiel"})


def test_profile_without_answers_is_the_start(client):
    assert "Begin met de zelfscan" in tekst(client.get("/zelfscan/", {"stap": "profiel"}))


def test_bars_and_words():
    rijen = staven(bereken_profiel({"flexibel1": 5, "flexibel2": 5, "markt1": 1, "markt2": 1}).scores)
    per_code = {rij.code: (rij.breedte, rij.score, rij.woord) for rij in rijen}
    assert per_code["flexibel"] == ("312.0", "5,0", "gaat al goed")
    assert per_code["markt"] == ("1.0", "1,0", "veel ruimte voor verbetering")
    assert per_code["cultuur"] == ("0.0", "geen score", "te weinig antwoorden")
    assert niveauwoord("midden") == "ruimte voor verbetering"
    assert samenvatting(bereken_profiel({})) == "Er zijn te weinig antwoorden voor een profiel."


def test_statements_are_in_english_too(client):
    client.post("/i18n/setlang/", {"language": "en", "next": "/"})
    with translation.override("en"):
        assert "Staff dare to say that something is not going well." in tekst(
            client.get("/zelfscan/", {"stap": "hefbomen"})
        )
