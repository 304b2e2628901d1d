"""The qualification check: which questions, which outcome, and that it never disagrees with the form."""

from __future__ import annotations

import itertools
from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest

from aanvragen.geschiktheid import (
    BEWIJS,
    BLADEN,
    JA,
    NEE,
    NIET,
    ONBEKEND,
    SOORTEN,
    WEL,
    ZELF,
    beoordeel,
    bladen,
    bladvragen,
    cijfers_nodig,
    groepen,
)
from aanvragen.models import Aanvraag
from aanvragen.services.concept import aanvraag_beginnen, velden_bewaren, verklaringen_bewaren
from aanvragen.services.conceptadviseur import Adviesgegevens, Referentiegegeven, adviseur_bewaren
from aanvragen.services.toetsing import toetsen_vooraf
from regeling.lezen import lees_regeling, regeling_uit_dict
from regeling.schema import Regelingspec
from regeling.services.catalogus import CATALOGUS
from tests.factories.ronde import TIJDENS, maak_organisatie, open_tijdvak, regeling_dict

VANDAAG = TIJDENS.date()
#: A scheme that asks everything this check can ask.
STRENG: dict[str, Any] = {
    "aanvrager": {
        "soort": "onderneming",
        "mkb": True,
        "mkb_klassen": ["micro", "klein"],
        "werkzame_personen_min": 2,
        "rechtsvormen": ["bv", "vof"],
        "provincies": ["Zeeland", "Limburg"],
        "sectoren": {"versie": "SBI 2008", "toegestaan": ["10", "25"], "uitgesloten": ["2591"]},
    },
    "adviseur": {
        "nodig": True,
        "onafhankelijk": True,
        "referenties": 2,
        "alternatieven": ["een certificaat van de beroepsvereniging"],
    },
    "project": {"start_na_besluit": True, "andere_eu_middelen": False, "duur_maximum_maanden": 9},
    "verklaringen": [{"code": "geen-ander-eu-geld", "tekst": "Wij gebruiken geen ander Europees geld."}],
}
GOED = {
    "wie": "onderneming",
    "rechtsvorm": "bv",
    "provincie": "Zeeland",
    "sbi": "SBI 2008:2562",
    "personen": "10",
    "omzet": "2",
    "balans": "2",
    "begonnen": NIET,
    "eu": NIET,
    "adviseur": WEL,
    "los": WEL,
    "referenties": WEL,
}


def spec_van(**tabellen: Any) -> Regelingspec:
    return regeling_uit_dict(regeling_dict(**tabellen), "proef.toml")


def uitkomsten(spec: Regelingspec, **antwoorden: str) -> dict[str, Any]:
    uitslag = beoordeel(spec, spec.tijdvakken[0], {**GOED, **antwoorden}, VANDAAG)
    return {oordeel.code: oordeel.uitkomst for oordeel in uitslag.oordelen}


# --- which questions ----------------------------------------------------------------------------------------------


def test_plain_scheme_asks_one_question():
    spec = spec_van()
    assert bladen(spec, {}) == ["organisatie"]
    assert [vraag.naam for vraag in bladvragen(spec, "organisatie")] == ["wie"]
    uitslag = beoordeel(spec, spec.tijdvakken[0], {"wie": "onderneming"}, VANDAAG)
    assert (uitslag.uitkomst, [o.code for o in uitslag.oordelen]) == (JA, ["wie"])


def test_strict_scheme_asks_five_pages_at_most():
    spec = spec_van(**STRENG)
    assert bladen(spec, GOED) == list(BLADEN)
    vragen = [vraag.naam for blad in BLADEN for vraag in bladvragen(spec, blad)]
    assert vragen == list(GOED)


@pytest.mark.parametrize(
    ("personen", "nodig"), [("", False), (ONBEKEND, False), ("0", True), ("10", True), ("50", True), ("250", False)]
)
def test_figures_are_asked_only_when_they_decide(personen, nodig):
    spec = spec_van(**STRENG)
    assert (cijfers_nodig(personen), "cijfers" in bladen(spec, {"personen": personen})) == (nodig, nodig)


@pytest.mark.parametrize(
    ("aanvrager", "verwacht"),
    [
        ({}, [(0, None)]),
        ({"werkzame_personen_min": 2}, [(0, 1), (2, None)]),
        ({"mkb": True}, [(0, 9), (10, 49), (50, 249), (250, None)]),
        ({"mkb": True, "werkzame_personen_min": 10}, [(0, 9), (10, 49), (50, 249), (250, None)]),
        ({"mkb": True, "werkzame_personen_min": 15}, [(0, 9), (10, 14), (15, 49), (50, 249), (250, None)]),
    ],
)
def test_classes_of_persons_follow_the_scheme(aanvrager, verwacht):
    assert groepen(spec_van(aanvrager={"soort": "onderneming", **aanvrager})) == verwacht


# --- which outcome ------------------------------------------------------------------------------------------------


def test_everything_fits():
    spec = spec_van(**STRENG)
    assert set(uitkomsten(spec).values()) == {JA}
    assert beoordeel(spec, spec.tijdvakken[0], GOED, VANDAAG).uitkomst == JA


@pytest.mark.parametrize(
    ("antwoorden", "code", "verwacht"),
    [
        ({"wie": "persoon"}, "wie", NEE),
        ({"wie": "organisatie"}, "wie", ZELF),
        ({"wie": "groep"}, "wie", ZELF),
        ({"rechtsvorm": "vof"}, "rechtsvorm", JA),
        ({"rechtsvorm": NIET}, "rechtsvorm", NEE),
        ({"rechtsvorm": ONBEKEND}, "rechtsvorm", ZELF),
        ({"provincie": NIET}, "provincie", NEE),
        ({"provincie": ""}, "provincie", ZELF),
        ({"sbi": "SBI 2008:6201"}, "sector", NEE),
        ({"sbi": "SBI 2008:2591"}, "sector", NEE),
        ({"sbi": "SBI 2025:2562"}, "sector", ZELF),
        ({"sbi": ""}, "sector", ZELF),
        ({"personen": "0"}, "werkzame_personen", NEE),
        ({"personen": ONBEKEND}, "werkzame_personen", ZELF),
        ({"personen": ONBEKEND}, "mkb", ZELF),
        # too large by the newest figures: the year before, which is not asked here, may still decide (art. 4(2))
        ({"personen": "50"}, "mkb", ZELF),
        ({"personen": "250"}, "mkb", ZELF),
        ({"omzet": "meer", "balans": "meer"}, "mkb", ZELF),
        ({"omzet": "meer", "balans": "10"}, "mkb", JA),
        ({"omzet": "10", "balans": ONBEKEND}, "mkb", JA),
        ({"omzet": ONBEKEND, "balans": ONBEKEND}, "mkb", ZELF),
        ({"begonnen": WEL}, "duur", NEE),
        ({"begonnen": ONBEKEND}, "duur", ZELF),
        ({"eu": WEL}, "andere_eu", NEE),
        ({"eu": ONBEKEND}, "andere_eu", ZELF),
        ({"adviseur": NIET}, "adviseur", NEE),
        ({"adviseur": ONBEKEND}, "adviseur", ZELF),
        ({"los": NIET}, "onafhankelijk", NEE),
        ({"los": ONBEKEND}, "onafhankelijk", ZELF),
        ({"referenties": NIET}, "referenties", NEE),
        ({"referenties": BEWIJS}, "referenties", ZELF),
        ({"referenties": ONBEKEND}, "referenties", ZELF),
    ],
)
def test_outcome_of_one_condition(antwoorden, code, verwacht):
    spec = spec_van(**STRENG)
    assert uitkomsten(spec, **antwoorden)[code] == verwacht
    if verwacht != JA:
        geheel = beoordeel(spec, spec.tijdvakken[0], {**GOED, **antwoorden}, VANDAAG).uitkomst
        assert geheel in {NEE, verwacht}


def test_other_eu_money_without_a_declaration_is_for_a_human():
    spec = spec_van(**{**STRENG, "verklaringen": []})
    assert uitkomsten(spec, eu=WEL)["andere_eu"] == ZELF


def test_no_answers_is_perhaps_and_never_yes():
    spec = spec_van(**STRENG)
    uitslag = beoordeel(spec, spec.tijdvakken[0], {}, VANDAAG)
    assert (uitslag.uitkomst, {o.uitkomst for o in uitslag.oordelen}) == (ZELF, {ZELF})


@pytest.mark.parametrize(
    ("soort", "verwacht"),
    [
        ("onderneming", [JA, ZELF, ZELF, NEE]),
        ("arbeidsorganisatie", [JA, JA, ZELF, NEE]),
    ],
)
def test_who_applies(soort, verwacht):
    spec = spec_van(aanvrager={"soort": soort})
    assert [uitkomsten(spec, wie=wie)["wie"] for wie in SOORTEN] == verwacht


def test_who_applies_for_places():
    subsidie = {"vorm": "plaats", "eenheid": "stuks", "vast_bedrag": 1, "staatssteun": "geen"}
    leergang = {"bijeenkomsten": 4, "groep_minimum": 8, "groep_maximum": 12}
    spec = spec_van(subsidie=subsidie, leergang=leergang, kostensoorten=[], aanvrager={"soort": "werknemers"})
    assert {uitkomsten(spec, wie=wie)["wie"] for wie in SOORTEN} == {ZELF}


def test_every_catalogue_scheme_can_be_asked():
    for bestand in sorted(CATALOGUS.glob("*.toml")):
        spec = lees_regeling(bestand.read_bytes(), bestand.name)
        assert 1 <= len(bladen(spec, GOED)) <= 5
        for tijdvak in spec.tijdvakken:
            assert beoordeel(spec, tijdvak, GOED, VANDAAG).oordelen


# --- agreement with the form --------------------------------------------------------------------------------------


def aanvraag_met(feiten: dict[str, Any]) -> Aanvraag:
    """A draft in a round of STRENG with these facts, made as an applicant makes it."""
    organisatie = maak_organisatie(
        **{
            "rechtsvorm": "bv",
            "provincie": "Zeeland",
            "sbi_code": "2562",
            "sbi_versie": "SBI 2008",
            "werkzame_personen": 12,
            "omzet": Decimal(1_500_000),
            "balanstotaal": Decimal(900_000),
            **feiten.get("organisatie", {}),
        }
    )
    aanvraag = aanvraag_beginnen(tijdvak=open_tijdvak(tabellen=STRENG), organisatie=organisatie, actor=None, op=TIJDENS)
    start = feiten.get("start_op", VANDAAG + timedelta(days=90))
    aanvraag = velden_bewaren(
        aanvraag=aanvraag,
        stap="project",
        gegevens={"start_op": start, "eind_op": start + timedelta(days=60), "contact_email": "c@bedrijf.example"},
        actor=None,
        op=TIJDENS,
    )
    if feiten.get("adviseur", True):
        gegevens = Adviesgegevens(
            "Adviseur",
            "adviseur@advies.example",
            "Bureau",
            organisatie.kvk_nummer if feiten.get("eigen_adviseur") else "00999999",
            gecertificeerd=feiten.get("bewijs", False),
        )
        namen = ["Klant een", "Klant twee"] if feiten.get("referenties", True) else []
        rijen = [Referentiegegeven(naam, "Contact", "contact@klant.example") for naam in namen]
        aanvraag = adviseur_bewaren(aanvraag=aanvraag, adviseur=gegevens, referenties=rijen, actor=None, op=TIJDENS)
    akkoord = {"geen-ander-eu-geld": not feiten.get("eu", False)}
    return verklaringen_bewaren(aanvraag=aanvraag, akkoord=akkoord, actor=None, op=TIJDENS)


#: Answer on the check → the same fact in an application. Figures inside the class, not on its border.
FEITEN: list[tuple[dict[str, str], dict[str, Any]]] = [
    ({}, {}),
    ({"rechtsvorm": "vof"}, {"organisatie": {"rechtsvorm": "vof"}}),
    ({"rechtsvorm": NIET}, {"organisatie": {"rechtsvorm": "stichting"}}),
    ({"provincie": "Limburg"}, {"organisatie": {"provincie": "Limburg"}}),
    ({"provincie": NIET}, {"organisatie": {"provincie": "Utrecht"}}),
    ({"sbi": "SBI 2008:1071"}, {"organisatie": {"sbi_code": "1071"}}),
    ({"sbi": "SBI 2008:6201"}, {"organisatie": {"sbi_code": "6201"}}),
    ({"sbi": "SBI 2008:2591"}, {"organisatie": {"sbi_code": "25913"}}),
    ({"sbi": "SBI 2025:2562"}, {"organisatie": {"sbi_versie": "SBI 2025"}}),
    ({"personen": "0"}, {"organisatie": {"werkzame_personen": 1}}),
    ({"begonnen": WEL}, {"start_op": VANDAAG - timedelta(days=20)}),
    ({"eu": WEL}, {"eu": True}),
    ({"adviseur": NIET, "referenties": NIET}, {"adviseur": False}),
    ({"los": NIET}, {"eigen_adviseur": True}),
    ({"referenties": NIET}, {"referenties": False}),
    ({"referenties": BEWIJS}, {"referenties": False, "bewijs": True}),
]
PERSONEN = {"2": 7, "10": 33, "50": 180, "250": 900}
OMZETTEN = {"2": "1999999.99", "10": "9000000", "50": "44000000", "meer": "51000000"}
BALANSEN = {"2": "0", "10": "6500000", "43": "40000000", "meer": "43000000.01"}
FEITEN += [
    (
        {"personen": p, "omzet": o, "balans": b},
        {"organisatie": {"werkzame_personen": PERSONEN[p], "omzet": OMZETTEN[o], "balanstotaal": BALANSEN[b]}},
    )
    for p, o, b in itertools.product(PERSONEN, ("2", "50", "meer"), ("10", "meer"))
]


@pytest.mark.django_db
@pytest.mark.parametrize(("antwoorden", "feiten"), FEITEN)
def test_check_and_form_agree(antwoorden, feiten):
    aanvraag = aanvraag_met(feiten)
    aanvraag = Aanvraag.objects.select_related("organisatie", "tijdvak__regelingversie").get(pk=aanvraag.pk)
    spec = aanvraag.tijdvak.spec
    formulier = {toets.code: toets.uitkomst for toets in toetsen_vooraf(aanvraag, TIJDENS)}
    hier = uitkomsten(spec, **antwoorden)
    hier.pop("wie")
    gelijk = {code: formulier[code] for code in hier if code != "andere_eu"}
    assert {code: hier[code] for code in gelijk} == gelijk
    # Other EU money: the check says no where the form does not let the application go without the declaration.
    assert (hier["andere_eu"] == NEE) == (formulier["verklaringen"] == NEE)
    assert (hier["andere_eu"] == JA) == (formulier["andere_eu"] == JA)
