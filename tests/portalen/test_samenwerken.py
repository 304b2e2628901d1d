"""Two people on one draft: what only one changed is kept, what both changed is asked, and they see each other."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal

import pytest
import time_machine

from aanvragen.services.concept import velden_bewaren
from aanvragen.services.organisatie import machtiging_verlenen
from kern.models import LogRegel
from portalen.formulieren.samen import basis_tekst, lees_basis, vinger
from tests.factories.portaal_aanvrager import rijk_tijdvak
from tests.factories.ronde import TIJDENS, maak_gebruiker
from tests.portalen.lezen import tekst
from tests.portalen.stappen import DATUMS, Stappen, regel

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _tijdens():
    with time_machine.travel(TIJDENS, tick=False):
        yield


@pytest.fixture
def anna() -> Stappen:
    return Stappen(rijk_tijdvak(), vol=True)


@pytest.fixture
def bert(anna: Stappen) -> Stappen:
    collega = maak_gebruiker()
    machtiging_verlenen(
        organisatie=anna.organisatie, gebruiker=collega, soort="medewerker", actor=anna.gebruiker, op=TIJDENS
    )
    return anna.collega(collega)


PAGINA = {"titel": "Zelf roosteren", "omschrijving": "Teams maken zelf hun rooster.", **DATUMS}


def test_fields_that_one_of_two_changed_are_both_kept(anna, bert):
    van_anna, van_bert = anna.open("project"), bert.open("project")
    assert anna.client.post(anna.adres("project"), {**van_anna, **PAGINA, "titel": "Van Anna"}).status_code == 302
    antwoord = bert.client.post(bert.adres("project"), {**van_bert, **PAGINA, "omschrijving": "Van Bert"})
    assert antwoord.status_code == 302
    assert (anna.aanvraag.titel, anna.aanvraag.omschrijving) == ("Van Anna", "Van Bert")
    regels = LogRegel.objects.filter(handeling="stap_bewaren").order_by("-pk")[:2]
    assert [(r.actor, r.gegevens) for r in regels] == [
        (bert.gebruiker, {"stap": "project", "velden": ["omschrijving"]}),
        (anna.gebruiker, {"stap": "project", "velden": ["titel"]}),
    ]


def test_a_field_that_both_changed_shows_both_texts_and_keeps_the_rest(anna, bert):
    van_bert = bert.open("project")
    anna.bewaar("project", {**PAGINA, "titel": "Van Anna", "omschrijving": "Ook van Anna"})
    mijn = {**PAGINA, "titel": "Van Bert", "eind_op_maand": "1"}
    antwoord = bert.client.post(bert.adres("project"), {**van_bert, **mijn})
    assert antwoord.status_code == 409
    [verschil] = antwoord.context["verschillen"]
    assert (verschil.naam, verschil.mijn, verschil.nu) == ("Titel van het project", "Van Bert", "Van Anna")
    assert (verschil.wie, verschil.op) == (str(anna.gebruiker), TIJDENS)
    assert f"van {anna.gebruiker} (5 mrt 2026, 09:00) Van Anna" in tekst(antwoord)
    rij = anna.aanvraag
    assert (rij.titel, rij.omschrijving, rij.eind_op.month) == ("Van Anna", "Ook van Anna", 1)
    # on the page: his own title, and Anna's description that he had not touched
    formulier = antwoord.context["form"]
    assert (formulier["titel"].value(), formulier["omschrijving"].value()) == ("Van Bert", "Ook van Anna")
    # leaving the page loses nothing, and asks again
    terug = bert.client.get(bert.adres("project"))
    assert terug.context["form"]["titel"].value() == "Van Bert"
    opnieuw = {"versie": "0", "basis": terug.context["basis"], **PAGINA, "omschrijving": "Ook van Anna"}
    assert bert.client.post(bert.adres("project"), {**opnieuw, "titel": "Van Bert"}).status_code == 409


@pytest.mark.parametrize(("keuze", "titel"), [({"overnemen": "titel"}, "Van Anna"), ({}, "Van Bert")])
def test_choosing_between_two_texts(anna, bert, keuze, titel):
    van_bert = bert.open("project")
    anna.bewaar("project", {**PAGINA, "titel": "Van Anna"})
    antwoord = bert.client.post(bert.adres("project"), {**van_bert, **PAGINA, "titel": "Van Bert"})
    verborgen = {"basis": antwoord.context["basis"]}
    klaar = bert.client.post(bert.adres("project"), {**verborgen, **PAGINA, "titel": "Van Bert", **keuze})
    assert (klaar.status_code, anna.aanvraag.titel) == (302, titel)


def test_dates_that_belong_together_are_asked_together(anna, bert):
    """Anna's new beginning with Bert's new end could lie the wrong way round."""
    van_bert = bert.open("project")
    anna.bewaar("project", {**PAGINA, "start_op_maand": "12"})
    antwoord = bert.client.post(bert.adres("project"), {**van_bert, **PAGINA, "eind_op_maand": "1"})
    assert antwoord.status_code == 409
    assert {v.naam for v in antwoord.context["verschillen"]} == {
        "Wanneer begint het project?",
        "Wanneer is het project klaar?",
    }


def test_what_was_typed_over_an_older_text_does_not_overwrite_a_newer_one(anna, bert):
    bert.typ("project", {"titel": ["Van Bert"]})
    anna.bewaar("project", {**PAGINA, "titel": "Van Anna"})
    pagina = bert.client.get(bert.adres("project"))
    assert pagina.context["form"]["titel"].value() == "Van Bert"
    antwoord = bert.client.post(
        bert.adres("project"), {"basis": pagina.context["basis"], **PAGINA, "titel": "Van Bert"}
    )
    assert (antwoord.status_code, anna.aanvraag.titel) == (409, "Van Anna")


def test_a_colleagues_unsaved_text_can_be_read(anna, bert):
    anna.typ("project", {"titel": ["Half van Anna"]})
    pagina = tekst(bert.client.get(bert.adres("project")))
    assert f"{anna.gebruiker} heeft hier tekst getypt die nog niet is bewaard (5 mrt 2026, 09:00)" in pagina
    assert "Half van Anna" in pagina
    assert bert.client.get(bert.adres("project")).context["form"]["titel"].value() == "Zelf roosteren"
    controle = tekst(bert.client.get(f"/aanvragen/{bert.pk}/controleren/"))
    assert f"Het project: van {anna.gebruiker}, 1 veld" in controle


def test_they_see_each_other_for_two_minutes(anna, bert):
    zin = f"{anna.gebruiker} heeft deze pagina nu ook open."
    anna.typ("project", {})
    assert zin in tekst(bert.client.get(bert.adres("project")))
    assert bert.typ("project", {}).json() == {"aanwezig": zin}
    assert zin not in tekst(bert.client.get(bert.adres("vragen")))
    assert f"{anna.gebruiker} werkt nu aan “Het project”." in tekst(bert.client.get(f"/aanvragen/{bert.pk}/"))
    with time_machine.travel(TIJDENS + timedelta(minutes=2), tick=False):
        assert zin not in tekst(bert.client.get(bert.adres("project")))


def test_looking_at_a_page_changes_nothing(anna, bert):
    anna.client.get(anna.adres("project"))
    assert "nu ook open" not in tekst(bert.client.get(bert.adres("project")))


# --- budget -------------------------------------------------------------------------------------------------------


def regels_van(s: Stappen) -> list[tuple[str, Decimal]]:
    return list(s.aanvraag.begroting.values_list("omschrijving", "bedrag"))


def test_two_people_add_a_line_each(anna, bert):
    nummer = str(anna.aanvraag.begroting.get().pk)
    van_bert = bert.open("begroting")
    oud = regel(0, "Begeleiding", "120", "100", nummer)
    anna.bewaar("begroting", {"regels": "2", **oud, **regel(1, "Van Anna", "1", "100")})
    rijen = {
        **van_bert,
        "regels": "2",
        **regel(0, "Begeleiding!", "120", "100", nummer),
        **regel(1, "Van Bert", "2", "100"),
    }
    assert bert.client.post(bert.adres("begroting"), rijen).status_code == 302
    assert regels_van(anna) == [
        ("Begeleiding!", Decimal(12000)),
        ("Van Anna", Decimal(100)),
        ("Van Bert", Decimal(200)),
    ]


def test_a_line_that_one_took_out_and_the_other_left_is_gone(anna, bert):
    nummer = str(anna.aanvraag.begroting.get().pk)
    van_bert = bert.open("begroting")
    anna.bewaar("begroting", {"regels": "1", **regel(0, "Van Anna", "1", "100")})
    rijen = {**van_bert, "regels": "1", **regel(0, "Begeleiding", "120", "100", nummer)}
    assert bert.client.post(bert.adres("begroting"), rijen).status_code == 302
    assert regels_van(anna) == [("Van Anna", Decimal(100))]


@pytest.mark.parametrize(("keuze", "blijft"), [(True, []), (False, [("Begeleiding!", Decimal(12000))])])
def test_a_line_that_one_took_out_and_the_other_changed_is_asked(anna, bert, keuze, blijft):
    nummer = str(anna.aanvraag.begroting.get().pk)
    van_bert = bert.open("begroting")
    anna.bewaar("begroting", {"regels": "1", **regel(0, "Van Anna", "1", "100")})
    rijen = {"regels": "1", **regel(0, "Begeleiding!", "120", "100", nummer)}
    antwoord = bert.client.post(bert.adres("begroting"), {**van_bert, **rijen})
    assert antwoord.status_code == 409
    assert [(v.mijn, v.nu) for v in antwoord.context["verschillen"]] == [("Begeleiding!: € 12.000", "weggehaald")]
    getoond = {f"regel-{nr}-{naam}": rij[naam].value() or "" for nr, rij in enumerate(antwoord.context["form"])
               for naam in rij.fields}  # fmt: skip
    getoond |= {f"regel-{nr}-plek": rij.plek for nr, rij in enumerate(antwoord.context["form"])}
    verder = {"basis": antwoord.context["basis"], "regels": str(len(antwoord.context["form"])), **getoond}
    if keuze:
        verder["overnemen"] = f"regel-{nummer}"
    assert bert.client.post(bert.adres("begroting"), verder).status_code == 302
    assert regels_van(anna) == [("Van Anna", Decimal(100)), *blijft]


# --- pure -----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("een", "twee", "gelijk"),
    [
        ("", None, True),
        ([], None, True),
        (False, None, False),
        (0, None, False),
        (Decimal("5000"), Decimal("5000.00"), True),
        (["b", "a"], ["a", "b"], True),
        ("a", "A", False),
    ],
)
def test_digest_of_a_value(een, twee, gelijk):
    assert (vinger(een) == vinger(twee)) is gelijk


def test_digests_travel_in_one_hidden_field():
    basis = {"titel": "ab12", "de_minimis_eerder": "cd"}
    assert lees_basis(basis_tekst(basis)) == basis
    assert lees_basis("rommel = x=1") == {"": "", "x": "1"}


def test_a_page_without_digests_is_guarded_by_the_version(anna, bert):
    oud = str(anna.aanvraag.versie)
    velden_bewaren(
        aanvraag=anna.aanvraag, stap="project", gegevens={"titel": "Anders"}, actor=anna.gebruiker, op=TIJDENS
    )
    assert bert.client.post(bert.adres("project"), {**PAGINA, "titel": "Van Bert", "versie": oud}).status_code == 409
