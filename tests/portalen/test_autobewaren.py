"""Typing is kept before the page is saved: shown again on any device, not lost by an error, log-out or closing."""

from __future__ import annotations

import re
from datetime import timedelta
from typing import Any

import pytest
import time_machine
from django.contrib.staticfiles import finders
from django.db import connection
from django.test import Client

from aanvragen.models import Kladveld
from portalen.presentatie.stappen import stappen_van
from regeling.services.tijdvak import tijdvak_bijwerken
from tests.factories.portaal_aanvrager import aanvrager, handtekening, ingelogd, rijk_tijdvak
from tests.factories.ronde import SLUIT, TIJDENS
from tests.portalen.lezen import fouten, meldingen, tekst
from tests.portalen.stappen import Stappen, regel

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _tijdens():
    with time_machine.travel(TIJDENS, tick=False):
        yield


@pytest.fixture
def vol() -> Stappen:
    return Stappen(rijk_tijdvak(), vol=True)


def waarde(antwoord: Any, veld: str) -> Any:
    return antwoord.context["form"][veld].value()


# --- keeping and showing again ------------------------------------------------------------------------------------


def test_typed_text_comes_back_on_another_device_and_counts_only_when_saved(vol):
    antwoord = vol.typ("project", {"titel": ["Halve ti"], "start_op_dag": ["31"], "onzin": ["x"]})
    assert antwoord.json() == {"bewaard": True, "tekst": "Klad bewaard om 09:00", "aanwezig": ""}
    assert set(Kladveld.objects.values_list("veld", flat=True)) == {"titel", "start_op_dag", "__pagina"}
    vol.client = ingelogd(vol.gebruiker)  # another device
    pagina = vol.client.get(vol.adres("project"))
    assert (waarde(pagina, "titel"), waarde(pagina, "start_op")) == ("Halve ti", ["31", "9", "2026"])
    assert "Wij bewaarden die tekst op 5 maart 2026 om 09:00 uur" in tekst(pagina)
    assert fouten(pagina.context["form"]) == {}
    assert vol.aanvraag.titel == "Zelf roosteren"
    taken = {
        t.stap.sleutel: (t.stand, t.hint) for t in vol.client.get(f"/aanvragen/{vol.pk}/").context["voortgang"].taken
    }
    assert taken["project"] == (
        "bezig",
        "Hier staat een klad dat nog niet meetelt",
    )
    assert "Het project: van u, 2 velden" in tekst(vol.client.get(f"/aanvragen/{vol.pk}/controleren/"))
    vol.bewaar("project", {"titel": "Hele titel", "start_op_dag": "1", "start_op_maand": "9", "start_op_jaar": "2026"})
    assert vol.aanvraag.titel == "Hele titel"
    assert set(Kladveld.objects.values_list("veld", flat=True)) <= {"__pagina"}
    assert vol.client.get(vol.adres("project")).context["klad"] is None


def test_what_equals_the_stored_value_is_not_open(vol):
    vol.typ("project", {"titel": [" Zelf roosteren "]})
    assert vol.client.get(vol.adres("project")).context["klad"] is None
    assert "Op deze pagina’s staat tekst" not in tekst(vol.client.get(f"/aanvragen/{vol.pk}/controleren/"))


def test_lists_and_ticks_are_kept_too(vol):
    vol.typ("themas", {"themas": [], "doelen": ["innovatie", "arbeidskwaliteit"]})
    pagina = vol.client.get(vol.adres("themas"))
    assert (waarde(pagina, "themas"), waarde(pagina, "doelen")) == ([], ["innovatie", "arbeidskwaliteit"])
    vol.typ("adviseur", {"ref2_organisatie": ["Half"], "ref2_email": ["geen adres"]})
    pagina = vol.client.get(vol.adres("adviseur"))
    assert (waarde(pagina, "ref2_organisatie"), waarde(pagina, "ref2_email")) == ("Half", "geen adres")


def test_budget_rows_are_kept_as_typed_and_computed_by_the_server(vol):
    [nummer] = [str(pk) for pk in vol.aanvraag.begroting.values_list("pk", flat=True)]
    rijen = {"regels": "3", **regel(0, "Begeleiding", "100", "130", nummer), **regel(1, "Half", "veel", "")}
    rijen |= regel(2, "", "", "")
    antwoord = vol.typ("begroting", {naam: [w] for naam, w in rijen.items()}).json()
    assert (
        antwoord["tekst"] == "Klad bewaard om 09:00. Subsidie volgens uw invoer: € 9.375"
    )  # 100 h at most € 125, 75 %
    assert "1 regel is nog niet af en telt hier niet mee." in antwoord["berekening"]
    pagina = vol.client.get(vol.adres("begroting"))
    assert [rij["omschrijving"].value() for rij in pagina.context["form"]][:2] == ["Begeleiding", "Half"]
    assert [rij["aantal"].value() for rij in pagina.context["form"]][:2] == ["100", "veel"]
    assert vol.aanvraag.begroting.get().aantal == 120
    # without JavaScript: a button
    terug = vol.client.post(vol.adres("begroting"), {**vol.open("begroting"), "actie": "bereken", "regels": "1",
                            **regel(0, "Begeleiding", "100", "130", nummer)})  # fmt: skip
    assert terug["Location"] == f"{vol.adres('begroting')}#berekening"
    assert vol.aanvraag.gevraagd_bedrag == 9375


def test_a_page_that_is_sent_twice_adds_a_line_once(vol):
    rijen = {**vol.open("begroting"), "regels": "2", **regel(1, "Nieuw", "10", "100")}
    nummer = str(vol.aanvraag.begroting.get().pk)
    rijen |= regel(0, "Begeleiding", "120", "100", nummer)
    for _ in range(2):
        assert vol.client.post(vol.adres("begroting"), rijen).status_code == 302
    assert list(vol.aanvraag.begroting.values_list("omschrijving", flat=True)) == ["Begeleiding", "Nieuw"]


# --- bad input ----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("getypt", "melding"),
    [
        ("NL91 ABNA 0417 1643 01", "Dit rekeningnummer klopt niet."),
        ("😀", "Dit is geen IBAN."),
        ("x" * 100_000, "Dit is geen IBAN."),
    ],
)
def test_what_cannot_be_saved_is_told_and_still_there_tomorrow(vol, getypt, melding):
    antwoord = vol.bewaar("organisatie", {"contactpersoon": "Sanne", "contact_email": "s@p.example", "iban": getypt})
    assert fouten(antwoord.context["form"])["iban"][0].startswith(melding)
    assert vol.aanvraag.contactpersoon == "Sanne"
    assert waarde(ingelogd(vol.gebruiker).get(vol.adres("organisatie")), "iban") == getypt


def test_pasted_text_is_kept_whole(vol):
    lang = "Een heel lange titel " * 5000
    antwoord = vol.bewaar("project", {"titel": lang, "omschrijving": "Plan 😀"})
    assert "200" in fouten(antwoord.context["form"])["titel"][0]
    assert vol.aanvraag.omschrijving == "Plan 😀"
    pagina = vol.client.get(vol.adres("project"))
    assert waarde(pagina, "titel").strip() == lang.strip()
    assert "maxlength" not in str(pagina.context["form"]["titel"])


def test_invisible_characters_are_taken_out_and_told(vol):
    antwoord = vol.bewaar("project", {"titel": "Nul\x00teken", "omschrijving": "Plan"})
    assert vol.aanvraag.titel == "Nulteken"
    assert meldingen(antwoord)[0].startswith("In uw tekst stonden onzichtbare tekens")


@pytest.mark.parametrize(
    "lichaam",
    [b"", b"[]", b"{", b'{"velden": []}', b'{"velden": {"titel": "x"}}', b'{"velden": {}, "nr": "veel"}', b"\xff\xfe"],
)
def test_an_unreadable_request_changes_nothing(vol, lichaam):
    antwoord = vol.client.post(f"{vol.adres('project')}klad/", lichaam, content_type="application/json")
    assert (antwoord.status_code, Kladveld.objects.count()) == (400, 0)


def test_half_a_character_is_kept_as_a_question_mark(vol):
    lichaam = rb'{"velden": {"titel": ["a\ud83d"]}}'
    assert vol.client.post(f"{vol.adres('project')}klad/", lichaam, content_type="application/json").status_code == 200
    assert Kladveld.objects.get(veld="titel").waarde == ["a?"]


# --- logged out, sent, closed -------------------------------------------------------------------------------------


def test_logged_out_while_typing_is_told_with_the_way_back(vol):
    antwoord = Client().post(f"{vol.adres('project')}klad/", b"{}", content_type="application/json")
    assert (antwoord.status_code, antwoord.json()["inloggen"]) == (401, f"/account/login/?next={vol.adres('project')}")


def test_without_javascript_a_page_saved_after_the_session_ended_is_kept_until_login(vol):
    verborgen = vol.open("project")
    vol.client.session.flush()
    antwoord = vol.client.post(vol.adres("project"), {**verborgen, "titel": "Getypt na afloop", "omschrijving": "Plan"})
    assert antwoord["Location"] == f"/account/login/?next={vol.adres('project')}"
    assert vol.aanvraag.titel == "Zelf roosteren"
    inlog = {"login": vol.gebruiker.email, "password": "geheim-genoeg-1", "next": vol.adres("project")}
    pagina = vol.client.post("/account/login/", inlog, follow=True)
    assert pagina.request["PATH_INFO"] == vol.adres("project")
    assert waarde(pagina, "titel") == "Getypt na afloop"
    assert "U was uitgelogd toen u deze pagina bewaarde." in tekst(pagina)
    vol.bewaar("project", {"titel": "Getypt na afloop", "omschrijving": "Plan"})
    assert "getypt" not in vol.client.session or vol.client.session["getypt"] == {}
    assert vol.aanvraag.titel == "Getypt na afloop"


def test_a_stranger_leaves_nothing_behind(vol):
    klant = Client()
    klant.post(vol.adres("project"), {"titel": "Spam"})
    assert "sessionid" not in klant.cookies


def test_typing_in_an_application_that_was_sent_meanwhile(vol):
    verborgen = vol.open("project")
    vol.client.post(f"/aanvragen/{vol.pk}/versturen/", handtekening(vol.client, vol.aanvraag))
    antwoord = vol.client.post(f"{vol.adres('project')}klad/", b'{"velden": {"titel": ["x"]}}', "application/json")
    assert (antwoord.status_code, antwoord.json()["tekst"][:30]) == (409, "Deze aanvraag is verstuurd of ")
    pagina = vol.client.post(vol.adres("project"), {**verborgen, "titel": "Te laat getypt"})
    assert pagina.status_code == 409
    assert "Dit had u getypt" in tekst(pagina)
    assert "Te laat getypt" in tekst(pagina)
    assert vol.aanvraag.titel == "Zelf roosteren"


def test_after_closing_the_typed_text_can_still_be_read(vol):
    vol.typ("project", {"titel": ["Op het laatst getypt"]})
    with time_machine.travel(SLUIT + timedelta(minutes=1), tick=False):
        tijdvak_bijwerken(tijdvak=vol.aanvraag.tijdvak, op=SLUIT + timedelta(minutes=1))
        pagina = tekst(ingelogd(vol.gebruiker).get(f"/aanvragen/{vol.pk}/"))
    assert "Wat u typte en niet bewaarde" in pagina
    assert "Op het laatst getypt" in pagina


@pytest.mark.parametrize(("na", "telt"), [(-1, True), (0, True), (1, False)])
def test_a_request_counts_by_the_millisecond_at_which_it_came_in(vol, na, telt):
    """The first middleware stamps the request; that the clock runs on while the page is made changes nothing (C7)."""
    gegevens = handtekening(vol.client, vol.aanvraag)
    moment = SLUIT + timedelta(milliseconds=na)
    with time_machine.travel(moment, tick=False) as klok:
        client = ingelogd(vol.gebruiker)

        def traag(doe: Any, *argumenten: Any) -> Any:
            """Every statement takes a second; the first comes after the stamp."""
            klok.shift(timedelta(seconds=1))
            return doe(*argumenten)

        with connection.execute_wrapper(traag):
            antwoord = client.post(f"/aanvragen/{vol.pk}/versturen/", gegevens)
    assert antwoord.status_code == (302 if telt else 400)
    assert vol.aanvraag.ingediend_op == (moment if telt else None)


def test_somebody_elses_klad_does_not_exist(vol):
    ander = ingelogd(aanvrager(kvk="00777777")[0])
    antwoord = ander.post(f"{vol.adres('project')}klad/", b'{"velden": {"titel": ["x"]}}', "application/json")
    assert (antwoord.status_code, Kladveld.objects.count()) == (404, 0)
    assert vol.client.post(f"{vol.adres('onzin')}klad/", b"{}", "application/json").status_code == 404


# --- weight -------------------------------------------------------------------------------------------------------


def test_every_page_of_the_form_weighs_less_than_300_kb(vol):
    paden = [vol.adres(stap.sleutel) for stap in stappen_van(vol.aanvraag.tijdvak.spec)]
    paden += [f"/aanvragen/{vol.pk}/", f"/aanvragen/{vol.pk}/controleren/"]
    for pad in paden:
        html = vol.client.get(pad).content
        bestanden = set(re.findall(r'(?:href|src)="/static/([^"]+)"', html.decode()))
        assert bestanden
        gewicht = len(html)
        for naam in bestanden:
            plek = finders.find(naam)
            assert plek is not None, naam
            with open(plek, "rb") as bestand:
                gewicht += len(bestand.read())
        assert gewicht < 300_000, f"{pad}: {gewicht}"
