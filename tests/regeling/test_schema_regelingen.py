"""Each of the twelve known schemes can be written as a file (design 02), and its particulars come out again."""

from __future__ import annotations

from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

from regeling.lezen import digest, lees_regeling, naar_json, spec_uit_json
from regeling.schema import Regelingspec
from tests.regeling.voorbeeld import KOP

ORGANISATIE = '[aanvrager]\nsoort = "arbeidsorganisatie"\n'
SUBSIDIE_75 = """
[subsidie]
vorm = "subsidie"
eenheid = "euro"
percentage = 75
maximum = 120000
staatssteun = "geen"
eu_middelen = "esf"
"""
RANGSCHIKKING = """
[verdeling]
methode = "rangschikking"
eenheid_loting = "aanvraag"
regel = "STOP"
"""
CRITERIA = """
[[criteria]]
code = "kwaliteit"
naam = "Kwaliteit van het plan"
gewicht = 60
minimum = 2
ankers = ["zwak", "matig", "voldoende", "goed", "zeer goed"]

[[criteria]]
code = "draagvlak"
naam = "Draagvlak"
gewicht = 40
ankers = ["geen", "weinig", "genoeg", "veel", "zeer veel"]
"""


def lees(tekst: str, *, geldig_vanaf: str, vervaldatum: str) -> Regelingspec:
    """The file with its own period. What is read also survives storage."""
    kop = KOP.replace("2026-09-01", geldig_vanaf).replace("2031-09-01", vervaldatum).replace("2030-09-01", vervaldatum)
    spec = lees_regeling((kop + tekst).encode(), "inline.toml")
    assert digest(spec_uit_json(naar_json(spec))) == digest(spec)
    return spec


def waarden(deel: Any, *sleutels: str) -> tuple[Any, ...]:
    return tuple(getattr(deel, sleutel) for sleutel in sleutels)


def test_esf_e_2008_loting() -> None:
    spec = lees(
        ORGANISATIE
        + SUBSIDIE_75
        + """
[verdeling]
methode = "loting"
eenheid_loting = "aanvraag"
regel = "STOP"
bronnen = ["notaris"]

[[themas]]
code = "slimmer-werken"
naam = "slimmer werken"
[[themas]]
code = "flexibele-arbeidsorganisatie"
naam = "flexibele arbeidsorganisatie"
[[themas]]
code = "nieuwe-arbeidsverhoudingen"
naam = "nieuwe arbeidsverhoudingen"
[themakeuze]
minimum = 1
maximum = 3

[project]
duur_maximum_maanden = 12
andere_eu_middelen = false

[[tijdvakken]]
sleutel = "esf-2008"
naam = "2008"
open_op = 2008-10-01T09:00:00
sluit_op = 2008-10-31T17:00:00
plafond = 7_000_000
[tijdvakken.loting_historisch]
algoritme = "sha256-1"
zaad = "ESF-E-2008|notaris-4711"
[tijdvakken.historie]
aanvragen = 265
toegekend = 77
""",
        geldig_vanaf="2007-01-01",
        vervaldatum="2009-09-01",
    )
    tijdvak = spec.tijdvak("esf-2008")
    assert waarden(spec.subsidie, "percentage", "maximum", "eu_middelen") == (75, 120000, "esf")
    assert waarden(spec.verdeling_voor("esf-2008"), "methode", "eenheid_loting", "regel") == (
        "loting",
        "aanvraag",
        "STOP",
    )
    assert waarden(spec.themakeuze, "minimum", "maximum", "hoofdthema") == (1, 3, False)
    assert waarden(spec.project, "duur_maximum_maanden", "andere_eu_middelen") == (12, False)
    assert tijdvak.loting_historisch is not None
    assert tijdvak.loting_historisch.zaad == "ESF-E-2008|notaris-4711"
    assert tijdvak.historie is not None
    assert waarden(tijdvak.historie, "aanvragen", "toegekend", "gevraagd") == (265, 77, None)


ESF_2009 = """
[[themas]]
code = "arbeidstijdenmanagement"
naam = "arbeidstijdenmanagement"
[[themas]]
code = "procesverbetering"
naam = "procesverbetering"
"""


def test_esf_e_2009_rangschikking_met_kostengrenzen() -> None:
    spec = lees(
        ORGANISATIE
        + SUBSIDIE_75
        + "kosten_minimum = 50000\nkosten_maximum = 160000\n"
        + RANGSCHIKKING
        + CRITERIA
        + ESF_2009
        + """
[themakeuze]
minimum = 1
maximum = 2
[project]
eindproduct = "Een plan voor de invoering dat anderen kunnen overnemen."
[[tijdvakken]]
sleutel = "esf-2009"
naam = "2009"
open_op = 2009-10-01T09:00:00
sluit_op = 2009-10-31T17:00:00
plafond = 7000000
""",
        geldig_vanaf="2009-09-01",
        vervaldatum="2014-01-01",
    )
    assert waarden(spec.subsidie, "kosten_minimum", "kosten_maximum", "maximum") == (50000, 160000, 120000)
    assert spec.verdeling_voor("esf-2009").methode == "rangschikking"
    assert [(c.code, c.gewicht, c.minimum) for c in spec.criteria] == [("kwaliteit", 60, 2), ("draagvlak", 40, None)]
    assert spec.tijdvak("esf-2009").open_op == datetime(2009, 10, 1, 7, tzinfo=UTC)
    assert spec.tijdvak("esf-2009").sluit_op == datetime(2009, 10, 31, 16, tzinfo=UTC)  # winter time by then
    assert spec.project.eindproduct == "Een plan voor de invoering dat anderen kunnen overnemen."


def test_esf_e_2010_extra_thema_en_hoger_plafond() -> None:
    spec = lees(
        ORGANISATIE
        + SUBSIDIE_75
        + RANGSCHIKKING
        + CRITERIA
        + ESF_2009
        + """
[[themas]]
code = "duurzame-inzetbaarheid"
naam = "duurzame inzetbaarheid"
[themakeuze]
minimum = 1
maximum = 3
[[tijdvakken]]
sleutel = "esf-2010"
naam = "2010"
open_op = 2010-10-01T09:00:00
sluit_op = 2010-10-31T17:00:00
plafond = 12000000
[tijdvakken.historie]
aanvragen = 314
toegekend = 113
""",
        geldig_vanaf="2009-09-01",
        vervaldatum="2014-01-01",
    )
    assert spec.tijdvak("esf-2010").plafond == 12_000_000
    assert [t.code for t in spec.themas] == ["arbeidstijdenmanagement", "procesverbetering", "duurzame-inzetbaarheid"]


def test_esf_e_voucher_2011_loting_per_aanvrager() -> None:
    spec = lees(
        """
[aanvrager]
soort = "onderneming"
aanvragen_per_aanvrager = 1
[verdeling]
methode = "loting"
eenheid_loting = "aanvrager"
regel = "STOP"
wanneer = "behandelvolgorde"
[subsidie]
vorm = "voucher"
eenheid = "euro"
percentage = 75
maximum = 18000
eigen_bijdrage_minimum = 3250
voorschot_percentage = 0
staatssteun = "geen"
[[kostensoorten]]
code = "externe-adviseur"
naam = "Externe adviseur"
btw = "exclusief"
[adviseur]
nodig = true
natuurlijk_persoon = true
onafhankelijk = true
referenties = 2
[project]
duur_maximum_maanden = 9
start_uiterlijk_weken = 4
[[bijlagen]]
code = "facturen"
naam = "Facturen"
bij = "declaratie"
[[tijdvakken]]
sleutel = "voucher-2011"
naam = "2011"
open_op = 2011-10-03T09:00:00
sluit_op = 2011-10-21T17:00:00
plafond = 25200000
[tijdvakken.historie]
aanvragen = 4526
aanvragers = 4288
gevraagd = 81468000
toegekend = 4288
toegekend_bedrag = 77184000
plafond_verhoogd_tot = 77200000
""",
        geldig_vanaf="2011-07-01",
        vervaldatum="2014-01-01",
    )
    verdeling = spec.verdeling_voor("voucher-2011")
    assert waarden(verdeling, "methode", "eenheid_loting", "wanneer") == ("loting", "aanvrager", "behandelvolgorde")
    assert waarden(spec.subsidie, "vorm", "eigen_bijdrage_minimum", "voorschot_percentage") == ("voucher", 3250, 0)
    eisen = ("nodig", "natuurlijk_persoon", "onafhankelijk", "referenties", "verschillende_opdrachtgevers")
    assert waarden(spec.adviseur, *eisen) == (True, True, True, 2, False)
    assert waarden(spec.project, "duur_maximum_maanden", "start_uiterlijk_weken") == (9, 4)
    assert spec.aanvrager.aanvragen_per_aanvrager == 1
    assert [(b.code, b.bij) for b in spec.bijlagen] == [("facturen", "declaratie")]


EXTRA_TERMIJNEN = """
[[termijnen]]
code = "declaratie"
duur = "6w"
niveau = "regeling"
[[termijnen]]
code = "betaling"
duur = "90d"
niveau = "regeling"
"""


def test_di_2018_uurtarief_alternatief_en_ondergrens() -> None:
    spec = lees(
        EXTRA_TERMIJNEN
        + """
[aanvrager]
soort = "onderneming"
werkzame_personen_min = 2
[verdeling]
methode = "loting"
eenheid_loting = "aanvrager"
regel = "STOP"
[subsidie]
vorm = "subsidie"
eenheid = "euro"
percentage = 50
maximum = 12500
kosten_minimum_vaststelling = 12000
staatssteun = "de-minimis"
de_minimis_maximum = 200000
eu_middelen = "esf"
[[kostensoorten]]
code = "adviseur"
naam = "Adviseur"
uurtarief_maximum = 100
btw = "exclusief"
[[themas]]
code = "duurzame-inzetbaarheid"
naam = "duurzame inzetbaarheid"
[themakeuze]
minimum = 1
maximum = 1
[adviseur]
nodig = true
referenties = 2
verschillende_opdrachtgevers = true
alternatieven = ["gecertificeerd adviseur", "in dienst van een O&O-fonds"]
toets_voor = "volledigheid"
[project]
start_na_besluit = true
[[tijdvakken]]
sleutel = "di-2018-06"
naam = "Juni 2018"
open_op = 2018-06-25T09:00:00
sluit_op = 2018-06-29T17:00:00
plafond = 15000000
""",
        geldig_vanaf="2018-01-01",
        vervaldatum="2021-01-01",
    )
    assert waarden(spec.subsidie, "percentage", "maximum", "kosten_minimum_vaststelling") == (50, 12500, 12000)
    assert waarden(spec.kostensoorten[0], "uurtarief_maximum", "btw") == (100, "exclusief")
    assert waarden(spec.adviseur, "verschillende_opdrachtgevers", "alternatieven", "toets_voor") == (
        True,
        ("gecertificeerd adviseur", "in dienst van een O&O-fonds"),
        "volledigheid",
    )
    assert [waarden(t, "code", "duur", "niveau") for t in spec.termijnen][2:] == [
        ("declaratie", "6w", "regeling"),
        ("betaling", "90d", "regeling"),
    ]


INNOVATIEVOUCHER = """
[aanvrager]
soort = "onderneming"
mkb = true
[subsidie]
vorm = "voucher"
eenheid = "stuks"
vast_bedrag = 5000
staatssteun = "de-minimis"
de_minimis_maximum = 200000
"""


def test_innovatievoucher_2010_in_stuks_op_volgorde() -> None:
    spec = lees(
        INNOVATIEVOUCHER
        + """
voucher_geldig_maanden = 24
verzilverbaar_bij = ["kennisinstelling", "adviesbureau"]
[verdeling]
methode = "volgorde"
eenheid_loting = "aanvraag"
regel = "STOP"
[[tijdvakken]]
sleutel = "iv-2010"
naam = "2010"
open_op = 2010-03-01T09:00:00
sluit_op = 2010-12-31T17:00:00
plafond = 2000
""",
        geldig_vanaf="2010-01-01",
        vervaldatum="2012-01-01",
    )
    assert waarden(spec.subsidie, "vorm", "eenheid", "vast_bedrag", "percentage") == ("voucher", "stuks", 5000, None)
    assert spec.subsidie.verzilverbaar_bij == ("kennisinstelling", "adviesbureau")
    assert spec.tijdvak("iv-2010").plafond == Decimal("2000.00")
    assert waarden(spec.verdeling_voor("iv-2010"), "methode", "gelijke_rang") == ("volgorde", "loting")


def test_innovatievoucher_2004_alleen_bij_aangewezen_instellingen() -> None:
    spec = lees(
        INNOVATIEVOUCHER
        + """
verzilverbaar_bij = ["kennisinstelling"]
aangewezen_instellingen = ["Instituut A", "Instituut B"]
[verdeling]
methode = "loting"
eenheid_loting = "aanvrager"
regel = "STOP"
[[tijdvakken]]
sleutel = "iv-2004"
naam = "Proef 2004"
open_op = 2004-09-01T09:00:00
sluit_op = 2004-09-30T17:00:00
plafond = 100
""",
        geldig_vanaf="2004-01-01",
        vervaldatum="2006-01-01",
    )
    assert spec.subsidie.aangewezen_instellingen == ("Instituut A", "Instituut B")
    assert waarden(spec.tijdvak("iv-2004"), "plafond") == (100,)


def test_ipc_2010_consortium_met_eigen_bedragen() -> None:
    spec = lees(
        """
[aanvrager]
soort = "consortium"
mkb = true
[aanvrager.consortium]
min = 15
max = 35
gemeenschappelijk = ["regio", "sector", "keten"]
penvoerder = true
bedrag_per_deelnemer = true
declaratie_per_deelnemer = true
[subsidie]
vorm = "subsidie"
eenheid = "euro"
percentage = 50
maximum = 25000
per = "deelnemer"
staatssteun = "geen"
[project]
duur_minimum_maanden = 24
duur_maximum_maanden = 36
[[tijdvakken]]
sleutel = "ipc-2010"
naam = "2010"
open_op = 2010-02-01T09:00:00
sluit_op = 2010-04-01T17:00:00
plafond = 39800000
"""
        + RANGSCHIKKING
        + CRITERIA,
        geldig_vanaf="2010-01-01",
        vervaldatum="2013-01-01",
    )
    eisen = spec.aanvrager.consortium
    assert eisen is not None
    assert waarden(eisen, "min", "max", "gemeenschappelijk") == (15, 35, ("regio", "sector", "keten"))
    assert waarden(eisen, "penvoerder", "bedrag_per_deelnemer", "declaratie_per_deelnemer") == (True, True, True)
    assert spec.subsidie.per == "deelnemer"


def test_sia_zuid_deelplafond_per_provincie() -> None:
    namen = ["werkprocessen", "strategie", "kleine-teams", "brede-inzetbaarheid", "ondernemerschap", "taken"]
    namen += ["flexibele-organisatie", "kennisdeling"]
    themas = "".join(f'[[themas]]\ncode = "{naam}"\nnaam = "{naam}"\n' for naam in namen)
    potten = "".join(
        f'[[tijdvakken.subplafonds]]\ncode = "{code}"\nnaam = "{naam}"\nbedrag = {bedrag}\n'
        f'soort = "provincie"\nwaarden = ["{naam}"]\n'
        for code, naam, bedrag in (
            ("NB", "Noord-Brabant", 900000),
            ("ZE", "Zeeland", 300000),
            ("LI", "Limburg", 600000),
        )
    )
    spec = lees(
        themas
        + """
[themakeuze]
minimum = 1
maximum = 8
[aanvrager]
soort = "onderneming"
mkb = true
provincies = ["Noord-Brabant", "Zeeland", "Limburg"]
[verdeling]
methode = "volgorde"
eenheid_loting = "aanvraag"
regel = "STOP"
restronde = true
[subsidie]
vorm = "subsidie"
eenheid = "euro"
percentage = 50
maximum = 10000
staatssteun = "de-minimis"
de_minimis_maximum = 200000
eu_middelen = "efro"
[[tijdvakken]]
sleutel = "sia-2009"
naam = "2009-2011"
open_op = 2009-01-05T09:00:00
sluit_op = 2011-12-30T17:00:00
plafond = 1800000
"""
        + potten,
        geldig_vanaf="2009-01-01",
        vervaldatum="2013-01-01",
    )
    tijdvak = spec.tijdvak("sia-2009")
    assert [waarden(p, "code", "bedrag", "soort", "waarden") for p in tijdvak.subplafonds] == [
        ("NB", 900000, "provincie", ("Noord-Brabant",)),
        ("ZE", 300000, "provincie", ("Zeeland",)),
        ("LI", 600000, "provincie", ("Limburg",)),
    ]
    assert spec.verdeling_voor("sia-2009").restronde is True
    assert len(spec.themas) == 8


def test_smart_mix_twee_stappen() -> None:
    spec = lees(
        """
[aanvrager]
soort = "consortium"
[aanvrager.consortium]
min = 2
[[aanvrager.consortium.rollen]]
code = "kennisinstelling"
naam = "kennisinstelling"
minimum = 1
[[aanvrager.consortium.rollen]]
code = "gebruiker"
naam = "gebruiker van kennis"
minimum = 1
[verdeling]
methode = "rangschikking"
eenheid_loting = "aanvraag"
regel = "SKIP"
stappen = 2
[subsidie]
vorm = "subsidie"
eenheid = "euro"
percentage = 50
minimum = 1000000
maximum = 5000000
staatssteun = "geen"
[project]
duur_minimum_maanden = 48
duur_maximum_maanden = 96
[[criteria]]
code = "vraag"
naam = "Vraag van gebruikers"
gewicht = 100
ankers = ["een", "twee", "drie", "vier", "vijf"]
stap = 1
[[criteria]]
code = "plan"
naam = "Plan"
gewicht = 100
ankers = ["een", "twee", "drie", "vier", "vijf"]
stap = 2
[[tijdvakken]]
sleutel = "smart-mix-1"
naam = "Eerste ronde"
open_op = 2006-01-09T09:00:00
sluit_op = 2006-03-01T17:00:00
plafond = 100000000
[tijdvakken.vervolg]
naam = "Volledig voorstel"
open_op = 2006-05-01T09:00:00
sluit_op = 2006-07-01T17:00:00
plaatsen = 30
""",
        geldig_vanaf="2006-01-01",
        vervaldatum="2010-01-01",
    )
    tijdvak = spec.tijdvak("smart-mix-1")
    assert spec.verdeling_voor("smart-mix-1").stappen == 2
    assert tijdvak.vervolg is not None
    assert waarden(tijdvak.vervolg, "naam", "plaatsen") == ("Volledig voorstel", 30)
    assert [[c.code for c in spec.criteria_in(stap)] for stap in (1, 2)] == [["vraag"], ["plan"]]
    assert spec.aanvrager.consortium is not None
    assert [(rol.code, rol.minimum) for rol in spec.aanvrager.consortium.rollen] == [
        ("kennisinstelling", 1),
        ("gebruiker", 1),
    ]
    assert waarden(spec.project, "duur_minimum_maanden", "duur_maximum_maanden") == (48, 96)


def test_ser_mkb_grijze_zone_en_definitie() -> None:
    waarde = '[[definitie.kernwaarden]]\ncode = "w{0}"\nnaam = "Waarde {0}"\nuitleg = "Uitleg {0}"\n'
    spec = lees(
        """
[aanvrager]
soort = "onderneming"
mkb = true
mkb_klassen = ["micro", "klein", "middelgroot"]
[verdeling]
methode = "loting-in-grijze-zone"
eenheid_loting = "aanvrager"
regel = "STOP"
drempel = 60
zone_onder = 0.25
zone_boven = 0.75
[subsidie]
vorm = "voucher"
eenheid = "euro"
percentage = 75
maximum = 24999
staatssteun = "de-minimis"
de_minimis_maximum = 300000
[definitie]
tekst = "Sociale innovatie is het vernieuwen van de manier van werken."
"""
        + "".join(waarde.format(nummer) for nummer in (1, 2, 3))
        + CRITERIA
        + """
[adviseur]
nodig = true
referenties = 2
[[verklaringen]]
code = "ondernemingsraad"
tekst = "De ondernemingsraad of de medewerkers steunen dit project."
[[meetmomenten]]
code = "nulmeting"
naam = "Nulmeting"
na = "aanvraag"
maanden = 0
verplicht = true
[[tijdvakken]]
sleutel = "ser-1"
naam = "Ronde 1"
open_op = 2027-03-01T09:00:00
sluit_op = 2027-04-09T17:00:00
plafond = 2500000
""",
        geldig_vanaf="2026-09-01",
        vervaldatum="2031-09-01",
    )
    verdeling = spec.verdeling_voor("ser-1")
    assert waarden(verdeling, "methode", "drempel") == ("loting-in-grijze-zone", 60)
    assert waarden(verdeling, "zone_onder", "zone_boven") == (Decimal("0.25"), Decimal("0.75"))
    assert spec.definitie is not None
    assert [k.code for k in spec.definitie.kernwaarden] == ["w1", "w2", "w3"]
    assert spec.verklaringen[0].verplicht is True
    assert waarden(spec.meetmomenten[0], "na", "maanden", "verplicht") == ("aanvraag", 0, True)


def test_leergang_plaatsen() -> None:
    spec = lees(
        """
[aanvrager]
soort = "werknemers"
[verdeling]
methode = "volgorde"
eenheid_loting = "aanvraag"
regel = "STOP"
[subsidie]
vorm = "plaats"
eenheid = "stuks"
staatssteun = "geen"
[leergang]
bijeenkomsten = 7
groep_minimum = 12
groep_maximum = 15
bijeenkomst_maximum = 30
certificaat = true
voorstellen_minimum = 5
voorstellen_maximum = 6
[[leergang.tarieven]]
code = "hele-leergang"
naam = "De hele leergang"
bedrag = 4250
per = "deelnemer"
[[leergang.tarieven]]
code = "losse-avond"
naam = "Een losse avond"
bedrag = 2500
per = "bijeenkomst"
[[tijdvakken]]
sleutel = "leergang-1"
naam = "Najaar"
open_op = 2027-01-04T09:00:00
sluit_op = 2027-02-26T17:00:00
plafond = 60
""",
        geldig_vanaf="2026-09-01",
        vervaldatum="2031-09-01",
    )
    leergang = spec.leergang
    assert leergang is not None
    assert waarden(leergang, "bijeenkomsten", "groep_minimum", "groep_maximum", "bijeenkomst_maximum") == (
        7,
        12,
        15,
        30,
    )
    assert [waarden(t, "bedrag", "per") for t in leergang.tarieven] == [(4250, "deelnemer"), (2500, "bijeenkomst")]
    assert waarden(spec.subsidie, "vorm", "eenheid", "percentage", "vast_bedrag") == ("plaats", "stuks", None, None)


def test_realisatie_met_lager_percentage() -> None:
    """The example of R74: the file carries the 60 % floor and the 40 % below it."""
    spec = lees(
        """
[aanvrager]
soort = "onderneming"
[verdeling]
methode = "volgorde"
eenheid_loting = "aanvraag"
regel = "DEEL"
[subsidie]
vorm = "subsidie"
eenheid = "euro"
percentage = 50
maximum = 300000
realisatie_ondergrens = 60
realisatie_gevolg = "lager-percentage"
realisatie_percentage = 40
staatssteun = "geen"
""",
        geldig_vanaf="2012-01-01",
        vervaldatum="2014-01-01",
    )
    subsidie = spec.subsidie
    assert waarden(subsidie, "realisatie_ondergrens", "realisatie_gevolg", "realisatie_percentage") == (
        60,
        "lager-percentage",
        40,
    )
    assert spec.verdeling.regel == "DEEL"
    assert spec.tijdvakken == ()
