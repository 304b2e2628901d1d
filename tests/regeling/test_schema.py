"""Each rule of the scheme file has a file that breaks it, and only it."""

from __future__ import annotations

import dataclasses
import hashlib
import json
from datetime import UTC, date, datetime, timedelta, timezone
from decimal import Decimal
from typing import Any

import pytest
from pydantic import ValidationError

from kern.fouten import BestandFout, InvoerFout, Regelfout
from regeling.lezen import (
    MAXIMUM_BYTES,
    MAXIMUM_REGELS,
    digest,
    dubbele_sleutels,
    lees_regeling,
    naar_json,
    regeling_uit_dict,
    spec_uit_json,
    waarschuwingen,
)
from regeling.schema import Regelingspec, Verdeling, Verdelingsaanpassing
from regeling.schema_brieven import PLAATSHOUDERS, plaatshouders_voor, vul_in
from regeling.schema_fouten import VELDREGELS
from regeling.schema_regels import REGELS
from regeling.schema_velden import AMSTERDAM, SBI_SECTIES
from regeling.schema_waarschuwingen import WAARSCHUWINGEN
from tests.regeling.voorbeeld import BASIS, WEG, criterium, fouten, met, pot, spec, thema

GRIJS: dict[str, Any] = {
    "verdeling__methode": "loting-in-grijze-zone",
    "verdeling__drempel": 60,
    "criteria": [criterium()],
}
CONSORTIUM: dict[str, Any] = {"aanvrager__soort": "consortium", "aanvrager__consortium": {"min": 15, "max": 35}}
STUKS: dict[str, Any] = {
    "subsidie__eenheid": "stuks",
    "subsidie__vast_bedrag": 5000,
    "subsidie__percentage": WEG,
    "subsidie__maximum": WEG,
    "tijdvakken__0__plafond": 2000,
}
PLAATS: dict[str, Any] = {
    "aanvrager__soort": "werknemers",
    "subsidie__vorm": "plaats",
    "subsidie__eenheid": "stuks",
    "subsidie__percentage": WEG,
    "subsidie__maximum": WEG,
}
LEERGANG: dict[str, Any] = {"bijeenkomsten": 7, "groep_minimum": 12, "groep_maximum": 15}
VERVOLG: dict[str, Any] = {
    "naam": "Volledig voorstel",
    "open_op": datetime(2027, 2, 1, 9),
    "sluit_op": datetime(2027, 3, 1, 17),
}


def brief(**anders: Any) -> dict[str, Any]:
    return {"soort": "afwijzing", "onderwerp": "Besluit {kenmerk}", "alineas": ["De reden is: {grond}"], **anders}


def test_basis_klopt() -> None:
    assert fouten(met()) == []


#: rule id, key path of the error, what is changed in the valid file.
GEVALLEN: list[tuple[str, str, dict[str, Any]]] = [
    # one key
    ("formaat", "formaat", {"formaat": 2}),
    ("onbekende-sleutel", "subsidie.percentag", {"subsidie__percentag": 10}),
    ("onbekende-sleutel", "tijdvakken[0].kleur", {"tijdvakken__0__kleur": "rood"}),
    ("verplicht", "formaat", {"formaat": WEG}),
    ("verplicht", "regeling.naam", {"regeling__naam": WEG}),
    ("verplicht", "verdeling.regel", {"verdeling__regel": WEG}),
    ("verplicht", "verdeling.eenheid_loting", {"verdeling__eenheid_loting": WEG}),
    ("verplicht", "subsidie", {"subsidie": WEG}),
    ("type", "subsidie", {"subsidie": 75}),
    ("type", "tijdvakken", {"tijdvakken": "geen"}),
    ("type", "tijdvakken[0]", {"tijdvakken": [5]}),
    ("type", "subsidie.percentage", {"subsidie__percentage": "75"}),
    ("type", "subsidie.maximum", {"subsidie__maximum": True}),
    ("type", "subsidie.maximum", {"subsidie__maximum": Decimal("NaN")}),
    ("type", "subsidie.maximum", {"subsidie__maximum": Decimal("Infinity")}),
    ("type", "regeling.naam", {"regeling__naam": 5}),
    ("type", "regeling.versie", {"regeling__versie": 1}),
    ("type", "aanvrager.mkb", {"aanvrager__mkb": "ja"}),
    ("type", "aanvrager.mkb", {"aanvrager__mkb": 1}),
    ("type", "aanvrager.werkzame_personen_min", {"aanvrager__werkzame_personen_min": Decimal("2.5")}),
    ("type", "aanvrager.provincies", {"aanvrager__provincies": "Zeeland"}),
    ("type", "aanvrager.sectoren.toegestaan[0]", {"aanvrager__sectoren": {"versie": "SBI 2008", "toegestaan": [62]}}),
    ("keuze", "verdeling.regel", {"verdeling__regel": "stop"}),
    ("keuze", "aanvrager.provincies[1]", {"aanvrager__provincies": ["Zeeland", "Holland"]}),
    ("keuze", "aanvrager.rechtsvormen[0]", {"aanvrager__rechtsvormen": ["BV"]}),
    ("bereik", "subsidie.percentage", {"subsidie__percentage": 120}),
    ("bereik", "subsidie.percentage", {"subsidie__percentage": 0}),
    ("bereik", "subsidie.percentage", {"subsidie__percentage": Decimal("62.12345")}),
    ("bereik", "subsidie.voorschot_percentage", {"subsidie__voorschot_percentage": -1}),
    ("bereik", "tijdvakken[0].plafond", {"tijdvakken__0__plafond": -1}),
    ("bereik", "tijdvakken[0].plafond", {"tijdvakken__0__plafond": 0}),
    ("bereik", "tijdvakken[0].plafond", {"tijdvakken__0__plafond": Decimal("1e999999")}),
    ("bereik", "adviseur.referenties", {"adviseur__referenties": -1}),
    ("bereik", "verdeling.bedenktijd_uren", {"verdeling__bedenktijd_uren": 23}),
    ("bereik", "verdeling.drempel", {"verdeling__drempel": 101, "criteria": [criterium()]}),
    ("bereik", "verdeling.stappen", {"verdeling__stappen": 3}),
    ("bereik", "criteria[0].minimum", {"criteria": [criterium(minimum=6)]}),
    ("bereik", "doelen.maximum", {"doelen": {"minimum": 1, "maximum": 7}}),
    ("bereik", "regeling.geldig_vanaf", {"regeling__geldig_vanaf": date(202, 9, 1)}),
    ("geldbedrag", "subsidie.maximum", {"subsidie__maximum": Decimal("24.999")}),
    ("datum", "regeling.geldig_vanaf", {"regeling__geldig_vanaf": "2026-09-01"}),
    ("datum", "regeling.geldig_vanaf", {"regeling__geldig_vanaf": datetime(2026, 9, 1)}),
    ("tijd", "tijdvakken[0].open_op", {"tijdvakken__0__open_op": date(2026, 11, 2)}),
    ("tijd", "tijdvakken[0].open_op", {"tijdvakken__0__open_op": "2026-11-02T09:00:00"}),
    ("tijd", "tijdvakken[0].open_op", {"tijdvakken__0__open_op": datetime(2026, 11, 2, 9, 0, 0, 1)}),
    ("tijd", "tijdvakken[0].sluit_op", {"tijdvakken__0__sluit_op": datetime(2027, 3, 28, 2, 30)}),
    ("tijd", "tijdvakken[0].open_op", {"tijdvakken__0__open_op": datetime(2026, 10, 25, 2, 30)}),
    ("leeg", "regeling.naam", {"regeling__naam": "   "}),
    ("lengte", "regeling.naam", {"regeling__naam": "n" * 201}),
    ("tekst", "regeling.naam", {"regeling__naam": "Proef\nregeling"}),
    ("tekst", "regeling.doel", {"regeling__doel": "Beter\x00werk"}),
    ("patroon", "regeling.sleutel", {"regeling__sleutel": "Proef"}),
    ("patroon", "tijdvakken[0].sleutel", {"tijdvakken__0__sleutel": "proef--2026"}),
    ("patroon", "termijnen[0].duur", {"termijnen__0__duur": "13 weken"}),
    ("patroon", "tijdvakken[0].subplafonds[0].code", {"tijdvakken__0__subplafonds": [pot("zuid")]}),
    (
        "patroon",
        "aanvrager.sectoren.toegestaan[0]",
        {"aanvrager__sectoren": {"versie": "SBI 2008", "toegestaan": ["62.01"]}},
    ),
    ("dubbel", "aanvrager.provincies", {"aanvrager__provincies": ["Zeeland", "Zeeland"]}),
    # between keys: scheme, applicant, subsidy
    (
        "dubbele-code",
        "themas[1].code",
        {"themas": [thema("a"), thema("a", "b")], "themakeuze": {"minimum": 1, "maximum": 2}},
    ),
    ("dubbele-code", "tijdvakken[0].subplafonds[1].code", {"tijdvakken__0__subplafonds": [pot(), pot()]}),
    ("dubbele-code", "brieven[1].soort", {"brieven": [brief(), brief()]}),
    (
        "dubbele-naam",
        "themas[1].naam",
        {"themas": [thema("a"), thema("b", "A")], "themakeuze": {"minimum": 1, "maximum": 2}},
    ),
    ("minstens-een", "regeling.grondslag", {"regeling__grondslag": []}),
    ("minstens-een", "brieven[0].alineas", {"brieven": [brief(alineas=[])]}),
    ("minstens-een", "bijlagen[0].soorten", {"bijlagen": [{"code": "plan", "naam": "Plan", "soorten": []}]}),
    ("minstens-een", "definitie.kernwaarden", {"definitie": {"tekst": "Zo zit het.", "kernwaarden": []}}),
    ("looptijd", "regeling.evaluatiedatum", {"regeling__evaluatiedatum": date(2026, 9, 1)}),
    ("mkb", "aanvrager.mkb_klassen", {"aanvrager__mkb": False, "aanvrager__mkb_klassen": ["klein"]}),
    (
        "sectoren",
        "aanvrager.sectoren.toegestaan[1]",
        {"aanvrager__sectoren": {"versie": "SBI 2025", "toegestaan": ["46", "45"]}},
    ),
    (
        "sectoren",
        "aanvrager.sectoren.toegestaan[0]",
        {"aanvrager__sectoren": {"versie": "SBI 2008", "toegestaan": ["V"]}},
    ),
    ("sectoren", "aanvrager.sectoren", {"aanvrager__sectoren": {"versie": "SBI 2008"}}),
    (
        "sectoren",
        "aanvrager.sectoren.uitgesloten",
        {"aanvrager__sectoren": {"versie": "SBI 2008", "toegestaan": ["C", "62"], "uitgesloten": ["62"]}},
    ),
    ("consortium", "aanvrager.consortium", {"aanvrager__soort": "consortium"}),
    (
        "declaratie-per-deelnemer",
        "aanvrager.consortium.declaratie_per_deelnemer",
        {
            **CONSORTIUM,
            "aanvrager__consortium": {"min": 2, "bedrag_per_deelnemer": True, "declaratie_per_deelnemer": True},
        },
    ),
    ("consortium", "aanvrager.consortium", {"aanvrager__consortium": {"min": 2}}),
    ("consortium", "aanvrager.consortium.max", {**CONSORTIUM, "aanvrager__consortium": {"min": 35, "max": 15}}),
    (
        "consortium",
        "aanvrager.consortium.rollen",
        {**CONSORTIUM, "aanvrager__consortium__rollen": [{"code": "gebruiker", "naam": "gebruiker", "minimum": 36}]},
    ),
    ("per-deelnemer", "subsidie.per", {"subsidie__per": "deelnemer"}),
    ("eenheid", "subsidie.eenheid", {"subsidie__vorm": "subsidie", "subsidie__eenheid": "stuks"}),
    ("eenheid", "subsidie.vast_bedrag", {"subsidie__eenheid": "stuks"}),
    ("eenheid", "subsidie.eenheid", {**PLAATS, "subsidie__eenheid": "euro"}),
    ("plaatsen", "aanvrager.soort", {"aanvrager__soort": "werknemers"}),
    ("plaatsen", "leergang", {"leergang": LEERGANG}),
    ("bedrag", "subsidie.percentage", {"subsidie__percentage": WEG, "subsidie__maximum": WEG}),
    ("bedrag", "subsidie.maximum", {"subsidie__maximum": WEG}),
    ("bedrag", "subsidie.vast_bedrag", {"subsidie__vast_bedrag": 5000, "subsidie__maximum": WEG}),
    ("bedrag", "subsidie.vast_bedrag", {"subsidie__vast_bedrag": 5000, "subsidie__percentage": WEG}),
    ("minimum-maximum", "subsidie.minimum", {"subsidie__minimum": 25000}),
    (
        "minimum-maximum",
        "subsidie.kosten_minimum",
        {"subsidie__kosten_minimum": 50001, "subsidie__kosten_maximum": 50000},
    ),
    (
        "minimum-maximum",
        "subsidie.kosten_minimum_vaststelling",
        {"subsidie__kosten_minimum_vaststelling": 50001, "subsidie__kosten_maximum": 50000},
    ),
    (
        "minimum-maximum",
        "subsidie.eigen_bijdrage_minimum",
        {"subsidie__eigen_bijdrage_minimum": 50001, "subsidie__kosten_maximum": 50000},
    ),
    ("minimum-maximum", "doelen.minimum", {"doelen": {"minimum": 3, "maximum": 2}}),
    ("minimum-maximum", "themakeuze.minimum", {"themas": [thema("a")], "themakeuze": {"minimum": 2, "maximum": 1}}),
    (
        "minimum-maximum",
        "project.duur_minimum_maanden",
        {"project": {"duur_minimum_maanden": 13, "duur_maximum_maanden": 12}},
    ),
    ("certificaat", "leergang.certificaat_minimum", {**PLAATS, "leergang": {**LEERGANG, "certificaat_minimum": 6}}),
    (
        "certificaat",
        "leergang.certificaat_minimum",
        {**PLAATS, "leergang": {**LEERGANG, "certificaat": True, "certificaat_minimum": 8}},
    ),
    ("minimum-maximum", "leergang.groep_minimum", {**PLAATS, "leergang": {**LEERGANG, "groep_minimum": 16}}),
    ("minimum-maximum", "leergang.groep_maximum", {**PLAATS, "leergang": {**LEERGANG, "bijeenkomst_maximum": 14}}),
    (
        "minimum-maximum",
        "leergang.voorstellen_minimum",
        {**PLAATS, "leergang": {**LEERGANG, "voorstellen_minimum": 6, "voorstellen_maximum": 5}},
    ),
    ("haalbaar", "subsidie.minimum", {"subsidie__kosten_maximum": 10000, "subsidie__minimum": 8000}),
    (
        "voucher",
        "subsidie.voucher_geldig_maanden",
        {"subsidie__vorm": "subsidie", "subsidie__voucher_geldig_maanden": 12},
    ),
    ("voucher", "subsidie.verzilverbaar_bij", {"subsidie__aangewezen_instellingen": ["Instituut A"]}),
    ("staatssteun", "subsidie.de_minimis_maximum", {"subsidie__staatssteun": "geen"}),
    ("staatssteun", "subsidie.de_minimis_maximum", {"subsidie__de_minimis_maximum": WEG}),
    ("staatssteun", "subsidie.de_minimis_maximum", {"subsidie__de_minimis_maximum": 24998}),
    ("realisatie", "subsidie.realisatie_gevolg", {"subsidie__realisatie_ondergrens": 60}),
    ("realisatie", "subsidie.realisatie_gevolg", {"subsidie__realisatie_gevolg": "nihil"}),
    (
        "realisatie",
        "subsidie.realisatie_percentage",
        {"subsidie__realisatie_ondergrens": 60, "subsidie__realisatie_gevolg": "lager-percentage"},
    ),
    (
        "realisatie",
        "subsidie.realisatie_percentage",
        {
            "subsidie__realisatie_ondergrens": 60,
            "subsidie__realisatie_gevolg": "lager-percentage",
            "subsidie__realisatie_percentage": 75,
        },
    ),
    (
        "kosten-aandeel",
        "kostensoorten",
        {"kostensoorten": [{"code": c, "naam": c, "btw": "exclusief", "aandeel_maximum": 49} for c in ("a", "b")]},
    ),
    # between keys: form
    ("themakeuze", "themakeuze.maximum", {"themas": [thema("a")]}),
    ("themakeuze", "themakeuze.maximum", {"themas": [thema("a")], "themakeuze": {"minimum": 1, "maximum": 2}}),
    ("themakeuze", "themakeuze.hoofdthema", {"themas": [thema("a")], "themakeuze": {"maximum": 1, "hoofdthema": True}}),
    (
        "definitie",
        "definitie.kernwaarden",
        {"definitie": {"tekst": "Zo.", "kernwaarden": [{"code": c, "naam": c, "uitleg": c} for c in "abcd"]}},
    ),
    ("adviseur", "adviseur.nodig", {"adviseur": {"referenties": 2}}),
    (
        "adviseur",
        "adviseur.verschillende_opdrachtgevers",
        {"adviseur": {"nodig": True, "verschillende_opdrachtgevers": True}},
    ),
    ("adviseur", "adviseur.alternatieven", {"adviseur": {"nodig": True, "alternatieven": ["gecertificeerd"]}}),
    ("vraag", "vragen[0].keuzes", {"vragen": [{"code": "a", "tekst": "Welke?", "soort": "keuze", "keuzes": ["een"]}]}),
    (
        "vraag",
        "vragen[0].keuzes",
        {"vragen": [{"code": "a", "tekst": "Wat?", "soort": "tekst", "keuzes": ["een", "twee"]}]},
    ),
    (
        "vraag",
        "vragen[0].maximum_tekens",
        {"vragen": [{"code": "a", "tekst": "Ja?", "soort": "ja_nee", "maximum_tekens": 5}]},
    ),
    (
        "nulmetingvraag",
        "nulmeting[0].eenheid",
        {"nulmeting": [{"code": "a", "doel": "innovatie", "tekst": "Hoe?", "soort": "schaal", "eenheid": "%"}]},
    ),
    (
        "nulmetingvraag",
        "nulmeting[0].laag",
        {"nulmeting": [{"code": "a", "doel": "innovatie", "tekst": "Hoe?", "soort": "tekst", "laag": "slecht"}]},
    ),
    (
        "nulmetingvraag",
        "nulmeting[0].minimum",
        {"nulmeting": [{"code": "a", "doel": "innovatie", "tekst": "Hoe?", "soort": "tekst", "maximum": 9}]},
    ),
    (
        "nulmetingvraag",
        "nulmeting[0].maximum",
        {
            "nulmeting": [
                {"code": "a", "doel": "innovatie", "tekst": "Hoe?", "soort": "getal", "minimum": 9, "maximum": 2}
            ]
        },
    ),
    ("ankers", "criteria[0].ankers", {"criteria": [criterium(ankers=["een", "twee"])]}),
    ("gewichten", "criteria", {"criteria": [criterium("a", 40), criterium("b", 50)]}),
    ("gewichten", "criteria[1].stap", {"criteria": [criterium("a", 100), criterium("b", 50, stap=2)]}),
    ("termijnen", "termijnen", {"termijnen__1__code": "betaling"}),
    (
        "termijnen",
        "termijnen[0].duur",
        {"termijnen": [{"code": c, "duur": "8w", "niveau": "wet"} for c in ("bezwaar", "beslissing", "aanvulling")]},
    ),
    ("plaatshouder", "brieven[0].alineas[0]", {"brieven": [brief(alineas=["Beste {naam}"])]}),
    ("plaatshouder", "brieven[0].alineas[1]", {"brieven": [brief(alineas=["Goed.", "U krijgt {bedrag}."])]}),
    ("plaatshouder", "brieven[0].onderwerp", {"brieven": [brief(onderwerp="Los {kenmerk} haakje }")]}),
    # between keys: distribution and rounds
    ("criteria-nodig", "verdeling.methode", {"verdeling__methode": "rangschikking"}),
    ("criteria-nodig", "tijdvakken[0].verdeling.methode", {"tijdvakken__0__verdeling": {"methode": "rangschikking"}}),
    ("drempel", "verdeling.drempel", {**GRIJS, "verdeling__drempel": WEG}),
    ("drempel", "verdeling.drempel", {"verdeling__drempel": 60}),
    ("zone", "verdeling.zone_onder", {**GRIJS, "verdeling__zone_onder": Decimal("0.25")}),
    (
        "zone",
        "verdeling.zone_onder",
        {**GRIJS, "verdeling__zone_onder": Decimal("0.8"), "verdeling__zone_boven": Decimal("0.7")},
    ),
    (
        "zone",
        "verdeling.zone_onder",
        {"verdeling__zone_onder": Decimal("0.2"), "verdeling__zone_boven": Decimal("0.7")},
    ),
    ("wanneer", "verdeling.wanneer", {**GRIJS, "verdeling__wanneer": "behandelvolgorde"}),
    ("gelijke-rang", "verdeling.gelijke_rang", {"verdeling__gelijke_rang": "moment"}),
    (
        "reservelijst",
        "verdeling.reservelijst_maximum",
        {"verdeling__reservelijst": False, "verdeling__reservelijst_maximum": 5},
    ),
    ("deel", "verdeling.regel", {**STUKS, "verdeling__regel": "DEEL"}),
    (
        "deel",
        "verdeling.regel",
        {
            "subsidie__vast_bedrag": 5000,
            "subsidie__percentage": WEG,
            "subsidie__maximum": WEG,
            "verdeling__regel": "DEEL",
        },
    ),
    ("stappen", "verdeling.stappen", {"verdeling__stappen": 2, "tijdvakken__0__vervolg": VERVOLG}),
    ("eenheid-loting", "verdeling.toekenningen_per_aanvrager", {"verdeling__toekenningen_per_aanvrager": 2}),
    ("bronnen", "verdeling.bronnen", {"verdeling__bronnen": []}),
    ("bronnen", "tijdvakken[0].verdeling.bronnen", {"tijdvakken__0__verdeling": {"bronnen": []}}),
    ("open-sluit", "tijdvakken[0].sluit_op", {"tijdvakken__0__sluit_op": datetime(2026, 11, 2, 9)}),
    ("tijdvak-in-looptijd", "tijdvakken[0].open_op", {"regeling__geldig_vanaf": date(2026, 11, 3)}),
    (
        "tijdvak-in-looptijd",
        "tijdvakken[0].sluit_op",
        {"regeling__vervaldatum": date(2026, 12, 18), "regeling__evaluatiedatum": WEG},
    ),
    ("hele-stuks", "tijdvakken[0].plafond", {**STUKS, "tijdvakken__0__plafond": Decimal("1999.5")}),
    (
        "hele-stuks",
        "tijdvakken[0].subplafonds[0].bedrag",
        {**STUKS, "tijdvakken__0__subplafonds": [pot(bedrag=Decimal("0.5"))]},
    ),
    ("plafond", "tijdvakken[0].plafond", {"subsidie__minimum": 5000, "tijdvakken__0__plafond": 4999}),
    (
        "subplafond",
        "tijdvakken[0].subplafonds[1].bedrag",
        {"tijdvakken__0__subplafonds": [pot("A"), pot("B", 2500001)]},
    ),
    (
        "subplafond-waarden",
        "tijdvakken[0].subplafonds[0].waarden[0]",
        {"tijdvakken__0__subplafonds": [pot(waarden=["Holland"])]},
    ),
    ("subplafond-waarden", "tijdvakken[0].subplafonds[0].waarden", {"tijdvakken__0__subplafonds": [pot(waarden=[])]}),
    (
        "subplafond-waarden",
        "tijdvakken[0].subplafonds[0].waarden[0]",
        {"aanvrager__provincies": ["Limburg"], "tijdvakken__0__subplafonds": [pot(waarden=["Zeeland"])]},
    ),
    (
        "subplafond-waarden",
        "tijdvakken[0].subplafonds[0].waarden[0]",
        {"tijdvakken__0__subplafonds": [pot(soort="thema", waarden=["slimmer-werken"])]},
    ),
    (
        "subplafond-waarden",
        "tijdvakken[0].subplafonds[0].waarden[1]",
        {"tijdvakken__0__subplafonds": [pot(soort="aanvragerstype", waarden=["micro", "reus"])]},
    ),
    ("reservelijst-tot", "tijdvakken[0].reservelijst_tot", {"tijdvakken__0__reservelijst_tot": date(2026, 12, 18)}),
    (
        "reservelijst-tot",
        "tijdvakken[0].reservelijst_tot",
        {"verdeling__reservelijst": False, "tijdvakken__0__reservelijst_tot": date(2027, 6, 30)},
    ),
    ("vervolg", "tijdvakken[0].vervolg", {"tijdvakken__0__vervolg": VERVOLG}),
    ("vervolg", "tijdvakken[0].vervolg", {**GRIJS, "verdeling__stappen": 2}),
    (
        "vervolg",
        "tijdvakken[0].vervolg.open_op",
        {
            **GRIJS,
            "verdeling__stappen": 2,
            "tijdvakken__0__vervolg": {**VERVOLG, "open_op": datetime(2026, 12, 18, 17)},
        },
    ),
    (
        "vervolg",
        "tijdvakken[0].vervolg.sluit_op",
        {**GRIJS, "verdeling__stappen": 2, "tijdvakken__0__vervolg": {**VERVOLG, "sluit_op": datetime(2027, 2, 1, 9)}},
    ),
    (
        "oude-loting",
        "tijdvakken[0].loting_historisch",
        {"verdeling__regel": "SKIP", "tijdvakken__0__loting_historisch": {"algoritme": "sha256-1", "zaad": "z"}},
    ),
    (
        "oude-loting",
        "tijdvakken[0].loting_historisch",
        {"verdeling__methode": "volgorde", "tijdvakken__0__loting_historisch": {"algoritme": "sha256-1", "zaad": "z"}},
    ),
    ("historie", "tijdvakken[0].historie", {"tijdvakken__0__historie": {"aanvragen": 5, "toegekend": 6}}),
    ("historie", "tijdvakken[0].historie", {"tijdvakken__0__historie": {"aanvragen": 5, "aanvragers": 6}}),
    ("historie", "tijdvakken[0].historie", {"tijdvakken__0__historie": {"toegekend_bedrag": 2500001}}),
    ("historie", "tijdvakken[0].historie", {"tijdvakken__0__historie": {"gevraagd": 5, "toegekend_bedrag": 6}}),
    ("historie", "tijdvakken[0].historie", {"tijdvakken__0__historie": {"plafond_verhoogd_tot": 2499999}}),
]


@pytest.mark.parametrize(("regel", "plek", "wijziging"), GEVALLEN, ids=[f"{g[0]}:{g[1]}" for g in GEVALLEN])
def test_regel_weigert(regel: str, plek: str, wijziging: dict[str, Any]) -> None:
    gevonden = fouten(met(**wijziging))
    assert [(fout.plek, fout.kolom) for fout in gevonden] == [(plek, regel)]
    assert gevonden[0].melding.endswith((".", "?"))


def test_twee_regels_bij_een_datum() -> None:
    """A sunset before the start also puts every round outside the life of the scheme."""
    gevonden = fouten(met(regeling__vervaldatum=date(2026, 9, 1)))
    assert [(fout.plek, fout.kolom) for fout in gevonden] == [
        ("regeling.vervaldatum", "looptijd"),
        ("tijdvakken[0].sluit_op", "tijdvak-in-looptijd"),
    ]


def test_elke_regel_heeft_een_falend_bestand() -> None:
    van_het_bestand = {"codering", "te-groot", "toml"}  # below: they concern the bytes
    assert {geval[0] for geval in GEVALLEN} | van_het_bestand == set(VELDREGELS) | {regel.id for regel in REGELS}


def test_regel_ids_zijn_uniek() -> None:
    ids = [*VELDREGELS, *(regel.id for regel in REGELS), *(regel.id for regel in WAARSCHUWINGEN)]
    assert sorted(set(ids)) == sorted(ids)


@pytest.mark.parametrize(
    ("wijziging", "melding"),
    [
        (
            {"subsidie__percentag": 10},
            "De sleutel 'percentag' is niet bekend. Bedoelde u 'percentage'?",
        ),
        (
            {"regeling__percentage": 10},
            "De sleutel 'percentage' is niet bekend. Deze sleutel hoort in [subsidie].",
        ),
        (
            {"verdeling__regel": WEG},
            "De sleutel 'regel' ontbreekt. Vul in: wat er gebeurt als een aanvraag niet meer past: STOP, SKIP of DEEL.",
        ),
        (
            {"verdeling__methode": "lotting"},
            "'lotting' is geen mogelijkheid. Bedoelde u 'loting'? "
            "Kies uit: volgorde, loting, rangschikking, loting-in-grijze-zone.",
        ),
        (
            {"subsidie__percentage": 120},
            "Het percentage is 120. Vul een getal in van 0 tot en met 100.",
        ),
        (
            {"subsidie__maximum": Decimal("24.999")},
            "Het bedrag 24.999 heeft meer dan twee cijfers achter de punt. "
            "Schrijf € 24.999 als 24999 en € 24,50 als 24.50.",
        ),
        (
            {"subsidie__minimum": Decimal("24999.50")},
            "minimum (€ 24.999,50) is hoger dan maximum (€ 24.999). Verlaag minimum of verhoog maximum.",
        ),
        (
            {"tijdvakken__0__open_op": datetime(2026, 10, 25, 2, 30)},
            "De tijd 2026-10-25 02:30:00 komt twee keer voor: de klok gaat een uur terug. Kies een andere tijd.",
        ),
        (
            {"brieven": [brief(alineas=["{bedrag}"])]},
            "De plaatshouder {bedrag} heeft geen waarde in een brief van soort 'afwijzing'. Haal hem weg.",
        ),
    ],
)
def test_melding_zegt_wat_te_doen(wijziging: dict[str, Any], melding: str) -> None:
    assert [fout.melding for fout in fouten(met(**wijziging))] == [melding]


def test_alle_fouten_tegelijk() -> None:
    """Errors in keys do not hide errors between other keys, not even in the same table or list."""
    gegevens = met(
        subsidie__percentage="veel",
        subsidie__minimum=30000,
        subsidie__staatssteun="geen",
        aanvrager__mkb_klassen=["groot"],
        verdeling__regel=WEG,
        verdeling__gelijke_rang="moment",
        termijnen__0__code="beslising",
    )
    gegevens["tijdvakken"].append({**gegevens["tijdvakken"][0], "sleutel": "proef-2027", "open_op": "morgen"})
    gegevens["tijdvakken"].append({**gegevens["tijdvakken"][0], "sluit_op": datetime(2026, 11, 1)})
    assert [(fout.plek, fout.kolom) for fout in fouten(gegevens)] == [
        ("aanvrager.mkb_klassen[0]", "keuze"),
        ("verdeling.regel", "verplicht"),
        ("subsidie.percentage", "type"),
        ("termijnen[0].code", "keuze"),
        ("tijdvakken[1].open_op", "tijd"),
        ("tijdvakken[2].sleutel", "dubbele-code"),
        ("subsidie.minimum", "minimum-maximum"),
        ("subsidie.de_minimis_maximum", "staatssteun"),
        ("verdeling.gelijke_rang", "gelijke-rang"),
        ("tijdvakken[2].sluit_op", "open-sluit"),
    ]


def test_fout_van_de_regeling_staat_er_een_keer() -> None:
    """A round that inherits a wrong distribution does not repeat the error."""
    gegevens = met(verdeling__methode="rangschikking", tijdvakken__0__verdeling={"restronde": True})
    assert [fout.plek for fout in fouten(gegevens)] == ["verdeling.methode"]


def test_verslag_noemt_bestand_en_aantal() -> None:
    with pytest.raises(BestandFout) as vangst:
        regeling_uit_dict(met(formaat=WEG, subsidie__percentage=120), "proef.toml")
    assert vangst.value.verslag() == (
        "Het regelingsbestand proef.toml is geweigerd: 2 fouten.\n"
        "  - formaat, verplicht: De sleutel 'formaat' ontbreekt. "
        "Vul in: de versie van dit bestandsformaat; nu altijd 1.\n"
        "  - subsidie.percentage, bereik: Het percentage is 120. Vul een getal in van 0 tot en met 100.\n"
        "Verbeter het bestand en bied het opnieuw aan. Er is niets gewijzigd."
    )


# ------------------------------------------------------------------ bytes


def _bytefout(inhoud: bytes) -> Regelfout:
    with pytest.raises(BestandFout) as vangst:
        lees_regeling(inhoud, "proef.toml")
    assert len(vangst.value.fouten) == 1
    return vangst.value.fouten[0]


@pytest.mark.parametrize(
    ("inhoud", "plek", "regel"),
    [
        (b'formaat = 1\nnaam = "x\n', "regel 2, kolom 10", "toml"),
        (b"formaat = 1\nnaam: x\n", "regel 2, kolom 5", "toml"),
        (b"formaat = 1\nformaat = 2", "einde van het bestand (regel 2)", "toml"),
        (b"datum = 2026-02-30", "regel 1, kolom 9", "toml"),
        (b"a = " + b"9" * 5000, "het bestand", "toml"),
        (b"a = " + b"[" * 100_000, "het bestand", "toml"),
        (b'formaat = 1\nnaam = "caf\xe9"', "regel 2", "codering"),
        (b"#" * (MAXIMUM_BYTES + 1), "het bestand", "te-groot"),
        (b"#\n" * MAXIMUM_REGELS, "het bestand", "te-groot"),
        (b"formaat = 1\n" + b"a." * 50_000 + b"a = 1", "regel 2", "toml"),
        (b"[" + b'"a" . ' * 50_000 + b"a]", "regel 1", "toml"),
        (b"a" * 900_000, "einde van het bestand (regel 1)", "toml"),
    ],
)
def test_bytes_worden_geweigerd(inhoud: bytes, plek: str, regel: str) -> None:
    fout = _bytefout(inhoud)
    assert (fout.plek, fout.kolom) == (plek, regel)


def test_zestientallig_reuzengetal_geeft_een_melding() -> None:
    """Hexadecimal numbers escape the digit limit of Python when read, but not when written into a message."""
    inhoud = BASIS.replace("plafond = 2500000", "plafond = 0x" + "f" * 20_000).encode()
    assert (_bytefout(inhoud).plek, _bytefout(inhoud).kolom) == ("tijdvakken[0].plafond", "bereik")


def test_kladblok_met_bom_en_crlf() -> None:
    gewoon = lees_regeling(BASIS.encode(), "proef.toml")
    assert lees_regeling(b"\xef\xbb\xbf" + BASIS.replace("\n", "\r\n").encode(), "proef.toml") == gewoon


# ------------------------------------------------------------------ values


def test_tijd_zonder_zone_is_nederlandse_tijd() -> None:
    tijdvak = spec().tijdvak("proef-2026")
    assert tijdvak.open_op == datetime(2026, 11, 2, 8, tzinfo=UTC)
    assert tijdvak.open_op.tzinfo is AMSTERDAM
    assert tijdvak.sluit_op.isoformat() == "2026-12-18T17:00:00+01:00"


@pytest.mark.parametrize(
    "moment",
    [
        datetime(2026, 11, 2, 8, tzinfo=UTC),
        datetime(2026, 11, 2, 9, tzinfo=timezone(timedelta(hours=1))),
        datetime(2026, 11, 2, 9),
    ],
)
def test_zelfde_moment_zelfde_vingerafdruk(moment: datetime) -> None:
    assert digest(spec(tijdvakken__0__open_op=moment)) == digest(spec())


@pytest.mark.parametrize("verschil", [1, 2])
def test_dubbele_uur_mag_ook_niet_met_verschil(verschil: int) -> None:
    """In that hour Python compares moments of different zones as never equal."""
    moment = datetime(2026, 10, 25, 2, 30, tzinfo=timezone(timedelta(hours=verschil)))
    assert [fout.kolom for fout in fouten(met(tijdvakken__0__open_op=moment))] == ["tijd"]


@pytest.mark.parametrize("waarde", [75, Decimal("75.0"), Decimal("75.0000"), 75.0])
def test_percentage_in_een_vorm(waarde: Any) -> None:
    gelezen = spec(subsidie__percentage=waarde)
    assert str(gelezen.subsidie.percentage) == "75"
    assert digest(gelezen) == digest(spec())


def test_bedrag_in_centen() -> None:
    assert str(spec().subsidie.maximum) == "24999.00"
    assert str(spec(subsidie__minimum=Decimal("-0.0")).subsidie.minimum) == "0.00"


def test_weggelaten_uitleg_is_een_lege_tekst() -> None:
    """A page shows it as it is: never the word None."""
    gelezen = spec_uit_json(naar_json(spec(themas=[thema("a")], themakeuze={"maximum": 1})))
    assert (gelezen.themas[0].uitleg, gelezen.termijnen[0].artikel, gelezen.project.eindproduct) == ("", "", "")


@pytest.mark.parametrize("waarde", ["morgen", "2026-13-01", 5])
def test_opslag_met_verkeerde_datum_wordt_geweigerd(waarde: Any) -> None:
    opgeslagen = naar_json(spec())
    opgeslagen["regeling"]["geldig_vanaf"] = waarde
    opgeslagen["tijdvakken"][0]["open_op"] = waarde
    with pytest.raises(BestandFout) as vangst:
        spec_uit_json(opgeslagen)
    assert [(fout.plek, fout.kolom) for fout in vangst.value.fouten] == [
        ("regeling.geldig_vanaf", "datum"),
        ("tijdvakken[0].open_op", "tijd"),
    ]


def test_schrikkeldag_plus_vijf_jaar() -> None:
    gelezen = spec(regeling__geldig_vanaf=date(2024, 2, 29), regeling__vervaldatum=WEG, **STIL)
    assert [fout.melding for fout in waarschuwingen(gelezen)][:1] == [
        "Er is geen vervaldatum. Een regeling vervalt na hoogstens vijf jaar: uiterlijk 2029-02-28."
    ]


def test_alles_is_vast() -> None:
    gelezen = spec()
    with pytest.raises(ValidationError):
        gelezen.subsidie.percentage = Decimal(80)  # type: ignore[misc]  # frozen: that is the test
    assert hash(gelezen) == hash(spec())


def test_sbi_secties_dekken_elke_afdeling_een_keer() -> None:
    for secties in SBI_SECTIES.values():
        afdelingen = [afdeling for lijst in secties.values() for afdeling in lijst]
        assert len(set(afdelingen)) == len(afdelingen)
    assert len({a for lijst in SBI_SECTIES["SBI 2008"].values() for a in lijst}) == 88
    assert len({a for lijst in SBI_SECTIES["SBI 2025"].values() for a in lijst}) == 87


# ------------------------------------------------------------------ methods


def test_tijdvak_onbekend() -> None:
    with pytest.raises(InvoerFout) as vangst:
        spec().tijdvak("proef-2030")
    assert (
        str(vangst.value)
        == "De regeling proef heeft geen tijdvak 'proef-2030'. Kies een van deze tijdvakken: proef-2026."
    )


def test_zoeken_op_code() -> None:
    gelezen = spec(themas=[thema("a"), thema("b")], themakeuze={"minimum": 1, "maximum": 2}, brieven=[brief()])
    assert gelezen.thema("b") == gelezen.themas[1]
    assert gelezen.thema("c") is None
    assert gelezen.termijn("beslissing") == gelezen.termijnen[0]
    assert gelezen.termijn("betaling") is None
    assert gelezen.brief("afwijzing") == gelezen.brieven[0]
    assert gelezen.brief("verlening") is None
    assert gelezen.artikelen_voor("verlening") == ("artikel 3 van de Kaderwet SZW-subsidies",)
    assert gelezen.artikelen_voor("afwijzing") == ()


def test_criteria_per_stap() -> None:
    criteria = [criterium("a", 60, stap=1), criterium("b", 40), criterium("c", 60, stap=2)]
    gelezen = spec(**{**GRIJS, "criteria": criteria}, verdeling__stappen=2, tijdvakken__0__vervolg=VERVOLG)
    assert [c.code for c in gelezen.criteria_in(1)] == ["a", "b"]
    assert [c.code for c in gelezen.criteria_in(2)] == ["b", "c"]


def test_aanpassing_kent_dezelfde_sleutels() -> None:
    assert list(Verdelingsaanpassing.model_fields) == list(Verdeling.model_fields)


def test_verdeling_zonder_aanpassing_is_die_van_de_regeling() -> None:
    assert spec().verdeling_voor("proef-2026") == spec().verdeling


def test_tijdvak_past_een_deel_aan() -> None:
    gelezen = spec(tijdvakken__0__verdeling={"regel": "SKIP", "reservelijst": False})
    verwacht = gelezen.verdeling.model_copy(update={"regel": "SKIP", "reservelijst": False})
    assert gelezen.verdeling_voor("proef-2026") == verwacht
    assert gelezen.verdeling.regel == "STOP"


def test_andere_methode_neemt_drempel_niet_over() -> None:
    gelezen = spec(**GRIJS, tijdvakken__0__verdeling={"methode": "loting"})
    assert gelezen.verdeling.drempel == 60
    assert gelezen.verdeling_voor("proef-2026").drempel is None


def test_zelfde_methode_houdt_drempel() -> None:
    gelezen = spec(**GRIJS, tijdvakken__0__verdeling={"methode": "loting-in-grijze-zone", "restronde": True})
    assert gelezen.verdeling_voor("proef-2026").drempel == 60


def test_andere_methode_met_eigen_drempel() -> None:
    gelezen = spec(**GRIJS, tijdvakken__0__verdeling={"methode": "rangschikking", "drempel": 70})
    assert gelezen.verdeling_voor("proef-2026").drempel == 70


# ------------------------------------------------------------------ JSON


def test_json_heen_en_terug() -> None:
    gelezen = spec(**GRIJS, tijdvakken__0__reservelijst_tot=date(2027, 6, 30))
    opgeslagen = json.loads(json.dumps(naar_json(gelezen)))
    assert spec_uit_json(opgeslagen) == gelezen
    assert naar_json(spec_uit_json(opgeslagen)) == naar_json(gelezen)


def test_json_is_een_keer_gelezen() -> None:
    opgeslagen = naar_json(spec())
    omgekeerd = dict(reversed(list(opgeslagen.items())))
    assert spec_uit_json(opgeslagen) is spec_uit_json(omgekeerd)


def test_json_bevat_de_standaarden() -> None:
    verdeling = naar_json(spec())["verdeling"]
    assert verdeling == {
        "methode": "loting",
        "eenheid_loting": "aanvrager",
        "regel": "STOP",
        "restronde": False,
        "gelijke_rang": "loting",
        "reservelijst": True,
        "wanneer": "na_toets",
        "bronnen": ["notaris", "drand"],
        "bedenktijd_uren": 120,
        "stappen": 1,
        "scorebasis": "ruw",
        "beoordelaars": 2,
    }


def test_digest_is_over_canonieke_json() -> None:
    tekst = json.dumps(naar_json(spec()), sort_keys=True, separators=(",", ":"), ensure_ascii=False)
    assert digest(spec()) == hashlib.sha256(tekst.encode()).hexdigest()
    assert digest(spec(subsidie__percentage=74)) != digest(spec())


def test_opslag_met_fout_wordt_geweigerd() -> None:
    opgeslagen = naar_json(spec())
    opgeslagen["subsidie"]["percentage"] = "veel"
    del opgeslagen["aanvrager"]
    with pytest.raises(BestandFout) as vangst:
        spec_uit_json(opgeslagen)
    assert [(fout.plek, fout.kolom) for fout in vangst.value.fouten] == [
        ("aanvrager", "verplicht"),
        ("subsidie.percentage", "type"),
    ]


def test_opslag_blijft_leesbaar_als_een_regel_strenger_wordt() -> None:
    opgeslagen = naar_json(spec())
    opgeslagen["subsidie"]["minimum"] = "30000"
    assert spec_uit_json(opgeslagen).subsidie.minimum == Decimal(30000)


# ------------------------------------------------------------------ warnings and more files

STIL: dict[str, Any] = {"meetmomenten": [{"code": "nul", "naam": "Nulmeting", "na": "aanvraag", "maanden": 0}]}
RONDE: dict[str, Any] = {
    "sleutel": "proef-2027",
    "naam": "Tweede",
    "open_op": datetime(2026, 12, 1, 9),
    "sluit_op": datetime(2027, 1, 15, 17),
    "plafond": 100000,
}
WAARSCHUWGEVALLEN: list[tuple[str, str, dict[str, Any]]] = [
    ("horizon", "regeling.vervaldatum", {"regeling__vervaldatum": date(2031, 9, 2)}),
    ("horizon", "regeling.vervaldatum", {"regeling__vervaldatum": WEG}),
    ("evaluatie", "regeling.evaluatiedatum", {"regeling__evaluatiedatum": WEG}),
    ("evaluatie", "regeling.evaluatiedatum", {"regeling__evaluatiedatum": date(2031, 9, 2)}),
    (
        "evaluatie",
        "regeling.evaluatiedatum",
        {"regeling__vervaldatum": date(2029, 1, 1), "regeling__evaluatiedatum": date(2029, 1, 2)},
    ),
    ("seconden", "verdeling.gelijke_rang", {"verdeling__methode": "volgorde", "verdeling__gelijke_rang": "moment"}),
    ("een-bron", "verdeling.bronnen", {"verdeling__bronnen": ["notaris"]}),
    ("meer-loten", "verdeling.eenheid_loting", {"verdeling__eenheid_loting": "aanvraag"}),
    ("overslaan", "verdeling.regel", {"verdeling__regel": "SKIP"}),
    ("verantwoording", "subsidie.maximum", {"subsidie__maximum": 25000}),
    ("onbereikbaar", "subsidie.maximum", {"subsidie__kosten_maximum": 30000}),
    ("nulmeting", "meetmomenten", {"meetmomenten": []}),
    ("restant", "tijdvakken[0].subplafonds", {"tijdvakken__0__subplafonds": [pot()]}),
    ("restant", "tijdvakken[0].subplafonds", {"verdeling__restronde": True}),
]


def test_geen_waarschuwing() -> None:
    assert waarschuwingen(spec(**STIL)) == []


@pytest.mark.parametrize(("regel", "plek", "wijziging"), WAARSCHUWGEVALLEN)
def test_waarschuwing(regel: str, plek: str, wijziging: dict[str, Any]) -> None:
    assert [(fout.plek, fout.kolom) for fout in waarschuwingen(spec(**{**STIL, **wijziging}))] == [(plek, regel)]


def test_overlap_is_een_waarschuwing() -> None:
    gegevens = met(**STIL)
    gegevens["tijdvakken"].append(RONDE)
    gelezen = regeling_uit_dict(gegevens, "proef.toml")
    assert [(fout.plek, fout.kolom) for fout in waarschuwingen(gelezen)] == [("tijdvakken[1].open_op", "overlap")]


def test_elke_waarschuwing_heeft_een_geval() -> None:
    assert {geval[0] for geval in WAARSCHUWGEVALLEN} | {"overlap"} == {regel.id for regel in WAARSCHUWINGEN}


def test_sleutels_over_bestanden() -> None:
    een, ander = spec(), spec(regeling__sleutel="ander")
    assert dubbele_sleutels([("een.toml", een), ("ander.toml", ander)]) == [
        Regelfout(
            "ander.toml: tijdvakken[0].sleutel",
            "dubbele-sleutel",
            "De sleutel 'proef-2026' staat ook in een.toml. Kies een andere sleutel.",
        )
    ]
    vrij = spec(regeling__sleutel="ander", tijdvakken__0__sleutel="ander-2026")
    assert dubbele_sleutels([("een.toml", een), ("ander.toml", vrij)]) == []


# ------------------------------------------------------------------ letters


def test_invullen() -> None:
    assert vul_in("Dag {organisatie}, {kenmerk}.", {"organisatie": "Bakker {kenmerk}", "kenmerk": "A-1"}) == (
        "Dag Bakker {kenmerk}, A-1."
    )


def test_invullen_met_gat_wordt_geweigerd() -> None:
    with pytest.raises(InvoerFout) as vangst:
        vul_in("{bedrag} voor {organisatie}", {"bedrag": "€ 5", "organisatie": ""})
    assert vangst.value.melding == "De brief mist een waarde voor: organisatie."


def test_plaatshouders_per_brief() -> None:
    assert plaatshouders_voor("buiten_behandeling")[-3:] == ["grond", "datum_verzoek", "datum_hersteltermijn"]
    gebruikt = {
        naam
        for soort in ("verlening", "afwijzing", "buiten_behandeling", "vaststelling")
        for naam in plaatshouders_voor(soort)
    }
    assert gebruikt == set(PLAATSHOUDERS)


def test_elke_sleutel_weigert_onzin_in_het_nederlands() -> None:
    """No value of a wrong kind slips through, and no English text of a library reaches the author."""
    engels = ("input", "should", "valid", "expected", "must")
    onzin: list[Any] = [
        object(),
        -1,
        10**40,
        Decimal("NaN"),
        {},
        {"x": 1},
        [{}],
        [[]],
        None,
        datetime(2026, 1, 1),
        "\x00",
        1.5,
    ]
    paden = [
        *(f"{tabel}__{naam}" for tabel in ("regeling", "aanvrager", "verdeling", "subsidie") for naam in met()[tabel]),
        *(f"tijdvakken__0__{naam}" for naam in met()["tijdvakken"][0]),
        *(f"termijnen__0__{naam}" for naam in met()["termijnen"][0]),
        *(veld for veld in Regelingspec.model_fields if veld != "tijdvakken"),
    ]
    for pad in paden:
        geweigerd = 0
        for waarde in onzin:
            gevonden = fouten(met(**{pad: waarde}))
            geweigerd += bool(gevonden)
            for fout in gevonden:
                assert not any(woord in fout.melding.lower().split() for woord in engels), (pad, fout)
                assert dataclasses.astuple(fout) == (fout.plek, fout.kolom, fout.melding)
        assert geweigerd >= 8, pad
