"""Sentences about a scheme follow from its file: other file, other sentence."""

from __future__ import annotations

from typing import Any

import pytest
from django.utils import translation

from portalen.presentatie import regelingtekst as tekst
from portalen.presentatie.verdeling import korte_methode, verdeling_uitleg
from regeling.lezen import regeling_uit_dict
from regeling.services.catalogus import lees_regelingen
from tests.factories.ronde import maak_tijdvak, regeling_dict


@pytest.fixture(autouse=True)
def _nederlands():
    with translation.override("nl"):
        yield


def spec_met(**tabellen: Any):
    return regeling_uit_dict(regeling_dict("proef", **tabellen), "proef.toml")


def test_who_may_apply():
    spec = spec_met(
        aanvrager={
            "soort": "arbeidsorganisatie",
            "mkb": True,
            "mkb_klassen": ["klein"],
            "rechtsvormen": ["bv", "stichting"],
            "provincies": ["Zeeland"],
            "sectoren": {"versie": "SBI 2025", "uitgesloten": ["64", "65"]},
            "werkzame_personen_min": 1,
            "aanvragen_per_aanvrager": 2,
        }
    )
    assert tekst.wie(spec) == [
        "U vraagt aan voor een organisatie waar mensen werken: een bedrijf of een instelling.",
        "Uw onderneming hoort bij het mkb: er werken minder dan 50 personen, en de jaaromzet is hoogstens "
        "€ 10 miljoen of het balanstotaal is hoogstens € 10 miljoen. Tel verbonden bedrijven mee. "
        "De regeling is voor deze klassen: klein.",
        "Er werkt minstens 1 persoon bij u.",
        "Uw rechtsvorm is Besloten vennootschap (bv) of Stichting.",
        "U zit in Zeeland.",
        "Uw SBI-code begint niet met 64 of 65 (SBI 2025).",
        "Per aanvrager tellen 2 aanvragen mee.",
    ]


def test_amounts():
    spec = spec_met(
        subsidie={
            "vorm": "subsidie",
            "eenheid": "euro",
            "percentage": 37.5,
            "maximum": 12500,
            "minimum": 1000,
            "kosten_minimum": 4000,
            "kosten_maximum": 40000,
            "eigen_bijdrage_minimum": 3250.5,
            "voorschot_percentage": 50,
            "staatssteun": "de-minimis",
            "de_minimis_maximum": 300000,
        }
    )
    assert tekst.bedragen(spec) == [
        "Wij vergoeden 37,5% van de kosten.",
        "U krijgt hoogstens € 12.500 per aanvraag.",
        "De subsidie is minstens € 1.000 per aanvraag.",
        "De kosten van uw project zijn minstens € 4.000.",
        "Kosten boven € 40.000 tellen niet mee.",
        "U betaalt zelf minstens € 3.250,50.",
        "Vooraf betalen wij 50% van de subsidie.",
        "De subsidie is de-minimissteun. In drie jaar mag uw onderneming, samen met verbonden bedrijven, hoogstens "
        "€ 300.000 aan zulke steun krijgen.",
    ]


def test_costs_project_adviser_and_attachments():
    spec = spec_met(
        kostensoorten=[
            {"code": "a", "naam": "Adviseur", "btw": "exclusief", "uurtarief_maximum": 125, "uitleg": "Alleen uren."},
            {"code": "b", "naam": "Reizen", "btw": "inclusief", "aandeel_maximum": 10},
        ],
        adviseur={"nodig": True, "natuurlijk_persoon": True, "referenties": 1, "alternatieven": ["een keurmerk"]},
        project={"duur_minimum_maanden": 3, "start_uiterlijk_weken": 8, "andere_eu_middelen": False},
        bijlagen=[
            {"code": "plan", "naam": "Plan", "verplicht": False},
            {"code": "eind", "naam": "Eind", "bij": "declaratie"},
        ],
    )
    assert tekst.kosten(spec) == [
        "Adviseur. Alleen uren. Een uur telt mee tot € 125. Bedragen zonder btw.",
        "Reizen. Dit is hoogstens 10% van alle kosten. Bedragen met btw.",
    ]
    assert tekst.adviseur(spec) == [
        "U werkt met een adviseur van buiten uw organisatie.",
        "U noemt de persoon die het werk doet, niet alleen het bureau.",
        "De adviseur heeft 1 referentie: een eerdere opdrachtgever die het werk kan bevestigen.",
        "In plaats van referenties mag ook: een keurmerk.",
    ]
    assert tekst.project(spec) == [
        "Het project duurt minstens 3 maanden.",
        "Het project begint binnen 8 weken na ons besluit.",
        "In het project zit geen ander geld van de Europese Unie.",
        "U kiest hoogstens 6 doelen: arbeidsproductiviteit, bedrijfsprestaties, innovatie, kwaliteit van het werk, "
        "arbeidsverhoudingen of ontplooiing van talent.",
    ]
    assert tekst.bijlagen(spec) == ["Plan (niet verplicht). PDF, hoogstens 10 MB. U kunt 5 bestanden sturen."]
    assert tekst.bijlagen(spec, "declaratie") == ["Eind. PDF, hoogstens 10 MB. U kunt 5 bestanden sturen."]
    assert tekst.adviseur(spec_met()) == []


@pytest.mark.parametrize(
    ("code", "woorden"), [("1w", "1 week"), ("13w", "13 weken"), ("28d", "28 dagen"), ("6m", "6 maanden")]
)
def test_duration(code, woorden):
    assert tekst.duur(code) == woorden


def test_every_catalogue_scheme_has_words():
    for _bestand, spec in lees_regelingen(None):
        delen = [(deel.kop, regel) for deel in tekst.voorwaarden(spec) for regel in deel.regels]
        regels = [*tekst.wie(spec), *tekst.klaarleggen(spec), *tekst.termijnen(spec), *(regel for _, regel in delen)]
        assert [regel for regel in regels if "None" in regel or "%(" in regel or "  " in regel] == []
        assert len(tekst.termijnen(spec)) == len(spec.termijnen)


VERDELING = {"eenheid_loting": "aanvrager", "regel": "STOP", "bronnen": ["notaris"], "bedenktijd_uren": 24}


@pytest.mark.django_db
def test_lottery_says_what_stops_it():
    tijdvak = maak_tijdvak()
    delen = {deel.kop: deel.regels for deel in verdeling_uitleg(tijdvak)}
    assert korte_methode(tijdvak) == "Wij verdelen het geld door loting onder alle aanvragen die voldoen."
    assert delen["Als het geld op is"] == (
        "Wij gaan de lijst van boven naar beneden af. Elke aanvraag krijgt het hele bedrag.",
        "Past een aanvraag niet meer helemaal? Dan stoppen wij. Ook een kleinere aanvraag die lager op de lijst staat, "
        "krijgt dan niets. Zo beslist alleen de plek op de lijst.",
    )
    assert delen["Zo weet u dat het eerlijk gaat"][1:3] == (
        "Daarna wachten wij minstens 24 uur (1 dag).",
        "Pas dan wordt het toeval bepaald door: een notaris die gooit met dobbelstenen. Wij kunnen dat niet kiezen.",
    )
    assert delen["Zo werkt de loting"][2] == "Een aanvrager krijgt hoogstens 1 keer geld, ook met meer aanvragen."


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("anders", "kop", "zin"),
    [
        ({"regel": "SKIP"}, "Als het geld op is", "Dan slaan wij die over en kijken wij naar de volgende."),
        ({"regel": "DEEL"}, "Als het geld op is", "Dan krijgt die aanvraag wat er nog is. Daarna is het geld op."),
        ({"reservelijst": False}, "De reservelijst", "Er is geen reservelijst."),
        ({"reservelijst_maximum": 20}, "De reservelijst", "Op de lijst staan hoogstens 20 aanvragen."),
        ({"bronnen": ["drand", "notaris"]}, "Zo weet u dat het eerlijk gaat", "(drand) en een notaris"),
        ({"eenheid_loting": "aanvraag"}, "Zo werkt de loting", "Elke aanvraag heeft dezelfde kans."),
        ({"bedenktijd_uren": 120}, "Zo weet u dat het eerlijk gaat", "120 uur (5 dagen)"),
        ({"bedenktijd_uren": 25}, "Zo weet u dat het eerlijk gaat", "minstens 25 uur."),
    ],
)
def test_distribution_follows_the_file(anders, kop, zin):
    tijdvak = maak_tijdvak(tabellen={"verdeling": {"methode": "loting", **VERDELING, **anders}})
    delen = {deel.kop: " ".join(deel.regels) for deel in verdeling_uitleg(tijdvak)}
    assert zin in delen[kop]


CRITERIA = [
    {"code": "plan", "naam": "Plan", "gewicht": 60, "minimum": 2, "ankers": ["a", "b", "c", "d", "e"]},
    {"code": "mensen", "naam": "Mensen", "gewicht": 40, "ankers": ["a", "b", "c", "d", "e"]},
]


@pytest.mark.django_db
def test_other_methods():
    volgorde = maak_tijdvak(
        tabellen={
            "verdeling": {**VERDELING, "methode": "volgorde", "eenheid_loting": "aanvraag", "gelijke_rang": "moment"}
        }
    )
    delen = {deel.kop: deel.regels for deel in verdeling_uitleg(volgorde)}
    assert delen["Zo werkt de volgorde"][-1] == (
        "Komen aanvragen op dezelfde dag binnen? Dan telt het tijdstip, tot op de seconde."
    )
    rang = maak_tijdvak(
        tabellen={"verdeling": {**VERDELING, "methode": "rangschikking", "drempel": 60}, "criteria": CRITERIA}
    )
    delen = {deel.kop: deel.regels for deel in verdeling_uitleg(rang)}
    assert delen["Zo werkt de beoordeling"] == (
        "2 beoordelaars lezen uw aanvraag, los van elkaar, en geven scores.",
        "Plan telt voor 60%. U haalt hier minstens een 2 (van 5).",
        "Mensen telt voor 40%.",
        "U haalt in totaal minstens 60 van de 100 punten.",
    )
    zone = {"methode": "loting-in-grijze-zone", "drempel": 60, "zone_onder": 0.25, "zone_boven": 0.75}
    grijs = maak_tijdvak(tabellen={"verdeling": {**VERDELING, **zone}, "criteria": CRITERIA})
    delen = {deel.kop: deel.regels for deel in verdeling_uitleg(grijs)}
    assert delen["Zo werkt de loting rond de grens"][-1] == (
        "Een aanvraag zit daartussen als haar kans op een plek tussen 25% en 75% ligt."
    )
