"""Each automatic check at its boundary: outcome, words, and when it is not run at all. Pure, no database."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest

from aanvragen.berekening import Berekening
from aanvragen.enums import Toetssoort, Toetsuitkomst
from aanvragen.referentietoets import Referentiegegevens
from aanvragen.toetsen import Toetsinvoer, Toetsresultaat, toets_alles
from regeling.schema import Regelingspec
from tests.factories.ronde import SLUIT, TIJDENS, maak_spec, regeling_dict, tabel

JA, NEE, ZELF = Toetsuitkomst.VOLDOET, Toetsuitkomst.VOLDOET_NIET, Toetsuitkomst.HANDMATIG
REFERENTIES = [Referentiegegevens("Klant A", "a@klant.example"), Referentiegegevens("Klant B", "b@klant.example")]
INVOER = Toetsinvoer(
    ingediend_op=TIJDENS,
    sluit_op=SLUIT,
    kvk_nummer="00123456",
    rechtsvorm="bv",
    sbi_code="2562",
    sbi_versie="SBI 2008",
    provincie="Utrecht",
    werkzame_personen=12,
    omzet=Decimal(1_000_000),
    balanstotaal=Decimal(500_000),
    start_op=date(2026, 9, 1),
    eind_op=date(2027, 5, 31),
    contact_email="contact@bedrijf.example",
    iban="",
    themas=["een"],
    doelen=["innovatie"],
    antwoorden={},
    berekening=Berekening(Decimal(2000), Decimal(1000), Decimal(1000), ()),
    tarieven=[("adviseur", None)],
    adviseur_email="adviseur@bureau.example",
    bureau_kvk="00999999",
    adviseur_gecertificeerd=False,
    heeft_adviseur=True,
    referenties=REFERENTIES,
    verklaringen={},
    bijlagen=frozenset(),
)


def toets(code: str, spec: Regelingspec, **anders: Any) -> Toetsresultaat | None:
    resultaten = toets_alles(replace(INVOER, **anders), spec, spec.tijdvakken[0])
    gevonden = [resultaat for resultaat in resultaten if resultaat.code == code]
    assert len(gevonden) <= 1
    return gevonden[0] if gevonden else None


def uitkomst(code: str, spec: Regelingspec, **anders: Any) -> Toetsuitkomst:
    resultaat = toets(code, spec, **anders)
    assert resultaat is not None, code
    assert resultaat.uitleg
    return resultaat.uitkomst


BASIS = maak_spec()


def test_een_regeling_zonder_eisen_toetst_alleen_het_vaste() -> None:
    """What a scheme does not ask for is not run, and not shown to anybody."""
    vrij = maak_spec(aanvrager={"soort": "onderneming"})
    codes = [resultaat.code for resultaat in toets_alles(INVOER, vrij, vrij.tijdvakken[0])]
    assert codes == ["venster", "kvk", "kvk_register", "bedrag", "iban"]


@pytest.mark.parametrize(("seconden", "verwacht"), [(-1, JA), (0, JA), (0.000001, NEE), (86_400, NEE)])
def test_venster(seconden: float, verwacht: Toetsuitkomst) -> None:
    assert uitkomst("venster", BASIS, ingediend_op=SLUIT + timedelta(seconds=seconden)) == verwacht


@pytest.mark.parametrize(
    ("nummer", "verwacht"), [("00123456", JA), ("0012345", NEE), ("001234567", NEE), ("0012345a", NEE), ("", NEE)]
)
def test_kvk(nummer: str, verwacht: Toetsuitkomst) -> None:
    assert uitkomst("kvk", BASIS, kvk_nummer=nummer) == verwacht


def test_een_per_aanvrager() -> None:
    assert uitkomst("een_per_aanvrager", BASIS) == JA
    tweede = toets("een_per_aanvrager", BASIS, eerdere_aanvragen=["PROEF-00001"])
    assert tweede is not None
    assert (tweede.uitkomst, tweede.soort) == (NEE, Toetssoort.INHOUD)
    assert tweede.uitleg == "Deze aanvrager had al PROEF-00001 ingediend. Per aanvrager tellen er 1."
    twee = maak_spec(**tabel("aanvrager", aanvragen_per_aanvrager=2))
    assert uitkomst("een_per_aanvrager", twee, eerdere_aanvragen=["A"]) == JA
    assert uitkomst("een_per_aanvrager", twee, eerdere_aanvragen=["A", "B"]) == NEE
    assert toets("een_per_aanvrager", maak_spec(aanvrager={"soort": "onderneming"})) is None


MKB = maak_spec(**tabel("aanvrager", mkb=True, mkb_klassen=["micro", "klein"]))


@pytest.mark.parametrize(
    ("personen", "omzet", "balans", "vorig", "verwacht"),
    [
        (12, 1_000_000, 1_000_000, "", JA),
        (12, 1_000_000, 1_000_000, "micro", JA),  # another class, but both are in the scheme
        (12, 1_000_000, 1_000_000, "middelgroot", ZELF),
        (60, 1_000_000, 1_000_000, "middelgroot", NEE),  # medium-sized is not in the scheme
        (60, 1_000_000, 1_000_000, "groot", NEE),
        (60, 1_000_000, 1_000_000, "klein", ZELF),  # a class changes after two years (Annex art. 4(2))
        (60, 1_000_000, 1_000_000, "", ZELF),
        (250, 1_000_000, 1_000_000, "groot", NEE),
        (250, 1_000_000, 1_000_000, "", ZELF),
        (None, 1_000_000, 1_000_000, "groot", ZELF),
        (12, None, None, "klein", ZELF),
    ],
)
def test_mkb(personen: int | None, omzet: int | None, balans: int | None, vorig: str, verwacht: Toetsuitkomst) -> None:
    bedragen = {"omzet": omzet, "balanstotaal": balans}
    velden = {naam: None if waarde is None else Decimal(waarde) for naam, waarde in bedragen.items()}
    assert uitkomst("mkb", MKB, werkzame_personen=personen, omvang_vorig=vorig, **velden) == verwacht
    assert toets("mkb", BASIS, werkzame_personen=personen) is None


def test_rechtsvorm_en_provincie() -> None:
    spec = maak_spec(**tabel("aanvrager", rechtsvormen=["bv", "nv"], provincies=["Utrecht"]))
    assert uitkomst("rechtsvorm", spec, rechtsvorm="bv") == JA
    assert uitkomst("rechtsvorm", spec, rechtsvorm="stichting") == NEE
    assert uitkomst("rechtsvorm", spec, rechtsvorm="") == ZELF
    assert uitkomst("provincie", spec, provincie="Utrecht") == JA
    assert uitkomst("provincie", spec, provincie="Zeeland") == NEE
    assert uitkomst("provincie", spec, provincie="") == ZELF


@pytest.mark.parametrize(
    ("code", "versie", "verwacht"),
    [
        ("2562", "SBI 2008", JA),
        ("25", "SBI 2008", JA),
        ("2511", "SBI 2008", NEE),  # excluded inside an allowed division
        ("4711", "SBI 2008", NEE),
        ("2562", "SBI 2025", ZELF),  # R94: never compare across versions
        ("", "SBI 2008", ZELF),
    ],
)
def test_sector(code: str, versie: str, verwacht: Toetsuitkomst) -> None:
    sectoren = {"versie": "SBI 2008", "toegestaan": ["25"], "uitgesloten": ["2511"]}
    spec = maak_spec(**tabel("aanvrager", sectoren=sectoren))
    assert uitkomst("sector", spec, sbi_code=code, sbi_versie=versie) == verwacht


@pytest.mark.parametrize(("personen", "verwacht"), [(1, NEE), (2, JA), (None, ZELF)])
def test_minimum_aantal_werkzame_personen(personen: int | None, verwacht: Toetsuitkomst) -> None:
    spec = maak_spec(**tabel("aanvrager", werkzame_personen_min=2))
    assert uitkomst("werkzame_personen", spec, werkzame_personen=personen) == verwacht


THEMAS = [{"code": code, "naam": code.capitalize()} for code in ("een", "twee", "drie")]


@pytest.mark.parametrize(
    ("gekozen", "verwacht"), [([], NEE), (["een"], JA), (["een", "twee"], JA), (["een", "twee", "drie"], NEE)]
)
def test_themas(gekozen: list[str], verwacht: Toetsuitkomst) -> None:
    spec = maak_spec(themas=THEMAS, themakeuze={"minimum": 1, "maximum": 2})
    assert uitkomst("themas", spec, themas=gekozen) == verwacht
    assert toets("themas", BASIS, themas=gekozen) is None


@pytest.mark.parametrize(
    ("gekozen", "verwacht"),
    [
        ([], NEE),
        (["innovatie"], NEE),
        (["innovatie", "innovatie"], NEE),  # the same twice is one
        (["innovatie", "ontplooiing"], JA),
        (["innovatie", "ontplooiing", "arbeidskwaliteit", "bedrijfsprestaties"], NEE),
    ],
)
def test_doelen(gekozen: list[str], verwacht: Toetsuitkomst) -> None:
    assert uitkomst("doelen", maak_spec(doelen={"minimum": 2, "maximum": 3}), doelen=gekozen) == verwacht


def met_bedrag(**velden: Any) -> Regelingspec:
    return maak_spec(**tabel("subsidie", **velden))


@pytest.mark.parametrize(
    ("eis", "kosten", "subsidie", "eigen", "verwacht"),
    [
        ({"kosten_minimum": 2000}, "2000", "1000", "1000", JA),
        ({"kosten_minimum": 2000}, "1999.99", "999.99", "1000", NEE),
        ({"minimum": 500}, "1000", "500", "500", JA),
        ({"minimum": 500}, "999.98", "499.99", "499.99", NEE),
        ({"eigen_bijdrage_minimum": 300}, "600", "300", "300", JA),
        ({"eigen_bijdrage_minimum": 300}, "599.99", "299.99", "299.99", NEE),
    ],
)
def test_bedrag(eis: dict[str, int], kosten: str, subsidie: str, eigen: str, verwacht: Toetsuitkomst) -> None:
    berekening = Berekening(Decimal(kosten), Decimal(subsidie), Decimal(eigen), ())
    assert uitkomst("bedrag", met_bedrag(**eis), berekening=berekening) == verwacht


def test_bedrag_noemt_alle_gebreken() -> None:
    spec = met_bedrag(kosten_minimum=2000, minimum=500, eigen_bijdrage_minimum=300)
    resultaat = toets("bedrag", spec, berekening=Berekening(Decimal(100), Decimal("50.50"), Decimal("49.50"), ()))
    assert resultaat is not None
    assert resultaat.uitleg == (
        "Niet goed: de kosten (€ 100) zijn lager dan € 2.000; de subsidie (€ 50,50) is lager dan € 500; "
        "de eigen bijdrage (€ 49,50) is lager dan € 300."
    )


UREN = maak_spec(
    kostensoorten=[
        {"code": "adviseur", "naam": "Adviseur", "btw": "exclusief", "uurtarief_maximum": 125},
        {"code": "overig", "naam": "Overig", "btw": "exclusief"},
    ]
)


@pytest.mark.parametrize(
    ("tarieven", "verwacht"),
    [
        ([("adviseur", "125")], JA),
        ([("adviseur", "125.01")], ZELF),
        ([("adviseur", "100"), ("adviseur", "126")], ZELF),
        ([("overig", "500")], JA),
        ([("overig", None)], JA),
        ([("adviseur", None)], ZELF),  # without hours the cap cannot be seen
    ],
)
def test_uurtarief(tarieven: list[tuple[str, str | None]], verwacht: Toetsuitkomst) -> None:
    rijen = [(soort, None if tarief is None else Decimal(tarief)) for soort, tarief in tarieven]
    assert uitkomst("uurtarief", UREN, tarieven=rijen) == verwacht
    assert toets("uurtarief", BASIS, tarieven=rijen) is None


def met_project(**velden: Any) -> Regelingspec:
    return maak_spec(project=velden)


@pytest.mark.parametrize(
    ("begin", "einde", "verwacht"),
    [
        ("2026-09-01", "2027-05-31", JA),  # nine months to the day
        ("2026-09-01", "2027-06-01", NEE),
        ("2026-05-31", "2027-02-27", JA),  # 31 May + 9 months is 28 February
        ("2026-05-31", "2027-02-28", NEE),
        (None, "2027-05-31", ZELF),
        ("2026-09-01", None, ZELF),
    ],
)
def test_duur_hoogstens(begin: str | None, einde: str | None, verwacht: Toetsuitkomst) -> None:
    dagen = [date.fromisoformat(dag) if dag else None for dag in (begin, einde)]
    spec = met_project(duur_maximum_maanden=9)
    assert uitkomst("duur", spec, start_op=dagen[0], eind_op=dagen[1]) == verwacht


@pytest.mark.parametrize(("einde", "verwacht"), [("2026-11-30", JA), ("2026-11-29", NEE)])
def test_duur_minstens(einde: str, verwacht: Toetsuitkomst) -> None:
    spec = met_project(duur_minimum_maanden=3)
    assert uitkomst("duur", spec, start_op=date(2026, 9, 1), eind_op=date.fromisoformat(einde)) == verwacht


@pytest.mark.parametrize(
    ("begin", "verwacht"), [(date(2026, 3, 5), NEE), (date(2026, 3, 6), NEE), (date(2026, 3, 7), JA)]
)
def test_niet_beginnen_voor_de_aanvraag(begin: date, verwacht: Toetsuitkomst) -> None:
    """Sent at 23:30 UTC on 5 March, which is 6 March in the Netherlands."""
    spec = met_project(start_na_besluit=True)
    laat = datetime(2026, 3, 5, 23, 30, tzinfo=UTC)
    assert uitkomst("duur", spec, ingediend_op=laat, start_op=begin, eind_op=date(2026, 12, 1)) == verwacht


ADVIES = {"nodig": True, "onafhankelijk": True, "referenties": 2, "verschillende_opdrachtgevers": True}


def test_adviseur_genoemd() -> None:
    spec = maak_spec(adviseur={"nodig": True})
    assert uitkomst("adviseur", spec) == JA
    assert uitkomst("adviseur", spec, heeft_adviseur=False) == NEE
    assert toets("adviseur", BASIS, heeft_adviseur=False) is None


@pytest.mark.parametrize(
    ("anders", "verwacht"),
    [
        ({}, JA),
        ({"bureau_kvk": "00123456"}, NEE),  # the applicant's own number
        ({"bureau_kvk": ""}, JA),
        ({"adviseur_email": "iemand@BEDRIJF.example"}, ZELF),
        ({"adviseur_email": "a@gmail.com", "contact_email": "b@gmail.com"}, JA),  # a public domain says nothing
        ({"adviseur_email": "", "contact_email": ""}, JA),
    ],
)
def test_adviseur_onafhankelijk(anders: dict[str, str], verwacht: Toetsuitkomst) -> None:
    assert uitkomst("onafhankelijk", maak_spec(adviseur=ADVIES), **anders) == verwacht


def test_zonder_adviseur_is_er_niets_onafhankelijks_te_toetsen() -> None:
    assert toets("onafhankelijk", maak_spec(adviseur=ADVIES), heeft_adviseur=False) is None


@pytest.mark.parametrize(
    ("organisaties", "verwacht"),
    [
        (["Klant A", "Klant B"], JA),
        (["Klant A"], NEE),
        ([], NEE),
        (["Klant A", " klant a "], NEE),  # the same client written otherwise
        (["Klant A", "Klant A", "Klant B"], JA),
    ],
)
def test_referenties(organisaties: list[str], verwacht: Toetsuitkomst) -> None:
    referenties = [Referentiegegevens(naam, "r@klant.example") for naam in organisaties]
    assert uitkomst("referenties", maak_spec(adviseur=ADVIES), referenties=referenties) == verwacht


def test_een_gecertificeerde_adviseur_heeft_geen_referenties_nodig_als_de_regeling_dat_zegt() -> None:
    met = maak_spec(adviseur={**ADVIES, "alternatieven": ["gecertificeerd"]})
    assert uitkomst("referenties", met, referenties=[], adviseur_gecertificeerd=True) == ZELF
    assert uitkomst("referenties", met, referenties=[]) == NEE
    zonder = maak_spec(adviseur=ADVIES)
    assert uitkomst("referenties", zonder, referenties=[], adviseur_gecertificeerd=True) == NEE


VERKLARINGEN = [
    {"code": "waar", "tekst": "Alles is waar."},
    {"code": "nieuws", "tekst": "Stuur ons nieuws.", "verplicht": False},
]


@pytest.mark.parametrize(
    ("gegeven", "verwacht"), [({"waar": True}, JA), ({}, NEE), ({"waar": False}, NEE), ({"nieuws": True}, NEE)]
)
def test_verklaringen(gegeven: dict[str, bool], verwacht: Toetsuitkomst) -> None:
    assert uitkomst("verklaringen", maak_spec(verklaringen=VERKLARINGEN), verklaringen=gegeven) == verwacht


BIJLAGEN = [
    {"code": "plan", "naam": "Projectplan"},
    {"code": "foto", "naam": "Foto", "verplicht": False},
    {"code": "rapport", "naam": "Eindrapport", "bij": "declaratie"},
]


@pytest.mark.parametrize(("aanwezig", "verwacht"), [({"plan"}, JA), (set(), NEE), ({"foto", "rapport"}, NEE)])
def test_bijlagen(aanwezig: set[str], verwacht: Toetsuitkomst) -> None:
    assert uitkomst("bijlagen", maak_spec(bijlagen=BIJLAGEN), bijlagen=frozenset(aanwezig)) == verwacht


@pytest.mark.parametrize("code", ["geen-ander-eu-geld", "geen-andere-eu-middelen"])
def test_ander_europees_geld(code: str) -> None:
    spec = met_project(andere_eu_middelen=False)
    assert uitkomst("andere_eu", spec, verklaringen={code: True}) == JA
    assert uitkomst("andere_eu", spec, verklaringen={code: False}) == ZELF
    assert uitkomst("andere_eu", spec) == ZELF
    assert toets("andere_eu", BASIS) is None


DE_MINIMIS = maak_spec(**tabel("subsidie", staatssteun="de-minimis", de_minimis_maximum=300_000))


@pytest.mark.parametrize(
    ("opgegeven", "verwacht"),
    [
        ("0.00", JA),
        ("299000.00", JA),  # R68: with € 1,000 exactly € 300,000, which is allowed
        ("299000.01", NEE),  # one cent over
        ("", ZELF),
        (None, ZELF),
        ("-5000", ZELF),  # no room is made by a negative amount
        ("NaN", ZELF),
        ("Infinity", ZELF),
        ("veel", ZELF),
    ],
)
def test_de_minimis(opgegeven: str | None, verwacht: Toetsuitkomst) -> None:
    assert uitkomst("de_minimis", DE_MINIMIS, antwoorden={"de_minimis_eerder": opgegeven}) == verwacht


def test_de_minimis_niet_ingevuld() -> None:
    assert uitkomst("de_minimis", DE_MINIMIS) == ZELF
    assert toets("de_minimis", BASIS) is None


def test_rekeningnummer() -> None:
    assert uitkomst("iban", BASIS) == JA
    assert uitkomst("iban", BASIS, iban="NL91ABNA0417164300") == JA
    zelfde = toets("iban", BASIS, iban="NL91ABNA0417164300", zelfde_iban=["PROEF-00009"])
    assert zelfde is not None
    assert (zelfde.uitkomst, zelfde.uitleg) == (ZELF, "Ook bij PROEF-00009 staat dit rekeningnummer.")


def test_elke_toets_heeft_naam_artikel_en_invoer_die_json_verdraagt() -> None:
    alles = maak_spec(
        **tabel("subsidie", staatssteun="de-minimis", de_minimis_maximum=300_000),
        **tabel("aanvrager", mkb=True, rechtsvormen=["bv"], werkzame_personen_min=2),
        themas=THEMAS,
        themakeuze={"minimum": 1, "maximum": 3},
        doelen={"minimum": 1, "maximum": 6},
        adviseur=ADVIES,
        project={"duur_maximum_maanden": 9, "andere_eu_middelen": False},
        verklaringen=VERKLARINGEN,
        bijlagen=BIJLAGEN,
        kostensoorten=regeling_dict()["kostensoorten"],
    )
    resultaten = toets_alles(INVOER, alles, alles.tijdvakken[0])
    assert [r.code for r in resultaten if not (r.naam and r.artikel)] == []
    assert len({r.code for r in resultaten}) == len(resultaten) == 19
    json.dumps([r.invoer for r in resultaten])
