"""Files that an import refuses: the message says where and what to do, the exit code is 1, nothing was written."""

from __future__ import annotations

import hashlib
import io
from decimal import Decimal
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command

from beoordeling.models import Rangschikking
from regeling.models import Plafond
from regeling.services.tijdvak import tijdvak_publiceren
from tests.factories.ronde import VOOR, maak_tijdvak
from tests.rapportage.proefronde import KOLOMMEN, ZAAD, als_csv, geweigerd, inlezen, rijen, tellingen

pytestmark = pytest.mark.django_db


GRANTED, LOST = 0, 5
KVK = "Schrijf 8 cijfers, ook de nullen vooraan, bijvoorbeeld 00112648."
FOUTE_VELDEN = [
    (
        "aanvraagnummer",
        "p 1",
        "regel 2, aanvraagnummer: 'p 1' is geen aanvraagnummer. Gebruik 3 tot en met 40 hoofdletters, "
        "cijfers en streepjes, bijvoorbeeld SI2008-0001.",
    ),
    ("aanvraagnummer", "", "regel 2, aanvraagnummer: Dit veld is leeg. Vul het nummer van de aanvraag in."),
    ("kvk_nummer", "112648", f"regel 2, kvk_nummer: '112648' is geen KvK-nummer. {KVK}"),
    ("kvk_nummer", "0011264A", f"regel 2, kvk_nummer: '0011264A' is geen KvK-nummer. {KVK}"),
    ("kvk_nummer", "", "regel 2, kvk_nummer: Dit veld is leeg. Vul het in."),
    (
        "gevraagd_bedrag",
        "-1",
        "regel 2, gevraagd_bedrag: Het bedrag is negatief (-1). Vul 0 of een hoger bedrag in.",
    ),
    (
        "gevraagd_bedrag",
        "1.000,00",
        "regel 2, gevraagd_bedrag: Hier hoort een bedrag, maar er staat '1.000,00'. Schrijf alleen "
        "cijfers, met een punt voor de centen: 24999 of 24999.50.",
    ),
    (
        "gevraagd_bedrag",
        "veel",
        "regel 2, gevraagd_bedrag: Hier hoort een bedrag, maar er staat 'veel'. Schrijf alleen cijfers, "
        "met een punt voor de centen: 24999 of 24999.50.",
    ),
    (
        "gevraagd_bedrag",
        "1000.123",
        "regel 2, gevraagd_bedrag: Het bedrag 1000.123 heeft delen van een cent. Rond het af op twee "
        "cijfers na de punt.",
    ),
    (
        "gevraagd_bedrag",
        "9999999999999",
        "regel 2, gevraagd_bedrag: Het bedrag is te groot. Controleer het aantal cijfers.",
    ),
    ("gevraagd_bedrag", "", "regel 2, gevraagd_bedrag: Dit veld is leeg. Vul het in."),
    (
        "gevraagd_bedrag",
        "900",
        "regel 2, toegekend_bedrag: Toegekend is € 900,50, meer dan de gevraagde € 900. Controleer beide.",
    ),
    (
        "toegekend_bedrag",
        "0",
        "regel 2, toegekend_bedrag: De status is 'vastgesteld', maar er is niets toegekend. Vul het "
        "toegekende bedrag in of pas de status aan.",
    ),
    (
        "vastgesteld_bedrag",
        "901",
        "regel 2, vastgesteld_bedrag: Vastgesteld is € 901, meer dan de toegekende € 900,50. Verlaag het.",
    ),
    (
        "vastgesteld_bedrag",
        "",
        "regel 2, vastgesteld_bedrag: De status is 'vastgesteld'. Vul het vastgestelde bedrag in.",
    ),
    (
        "status",
        "gewonnen",
        "regel 2, status: De status 'gewonnen' is onbekend. Kies uit: toegekend, uitgeloot, vastgesteld, "
        "niet gebruikt, afgewezen op inhoud, afgewezen budget op.",
    ),
    ("status", "", "regel 2, status: Dit veld is leeg. Vul het in."),
    (
        "status",
        "toegekend",
        "regel 2, vastgesteld_bedrag: Er is een bedrag vastgesteld. Maak de status 'vastgesteld' of maak "
        "dit veld leeg.",
    ),
    (
        "ingeloot",
        "0",
        "regel 2, ingeloot: Hier staat 0 (niet ingeloot), maar de status is 'vastgesteld'. Maak ze gelijk.",
    ),
    ("ingeloot", "ja", "regel 2, ingeloot: Hier hoort 1 (ja) of 0 (nee), maar er staat 'ja'."),
    ("loting_rang", "0", "regel 2, loting_rang: Het getal is 0. Vul 1 of een hoger getal in."),
    ("loting_rang", "1.5", "regel 2, loting_rang: Hier hoort een heel getal, maar er staat '1.5'."),
    (
        "loting_rang",
        "2",
        "regel 3, loting_rang: Rang 2 staat ook op regel 2. Geef elke aanvraag een eigen rang.",
    ),
    (
        "loting_rang",
        "7",
        "regel 2, loting_rang: Rang 7 is hoger dan het aantal aanvragen in de loting (6). Nummer vanaf 1.",
    ),
    ("loting_rang", "", "regel 2, loting_rang: Deze aanvraag deed mee aan de loting. Vul de rang in."),
    (
        "sector_sbi",
        "1",
        "regel 2, sector_sbi: '1' is geen SBI-code. Schrijf 2 tot en met 6 cijfers, ook de nul vooraan: 01.",
    ),
    (
        "grootteklasse",
        "2-sep",
        "regel 2, grootteklasse: '2-sep' is geen grootteklasse. Schrijf bijvoorbeeld 2-9, 10-49 of 250+; "
        "let op dat uw rekenprogramma er geen datum van maakt.",
    ),
    ("werkzame_personen", "-3", "regel 2, werkzame_personen: Het getal is -3. Vul 0 of een hoger getal in."),
    (
        "publiek_privaat",
        "semi",
        "regel 2, publiek_privaat: Hier hoort publiek of privaat, maar er staat 'semi'.",
    ),
    ("themas", "a;A", "regel 2, themas: Een thema staat er twee keer. Noem elk thema één keer."),
    ("ronde", "2013", "regel 3, ronde: Hier staat 2012, eerder 2013. Zet in een bestand één ronde."),
    (
        "ronde",
        "vorig jaar",
        "regel 2, ronde: 'vorig jaar' is geen jaar. Vul het jaar van de ronde in, bijvoorbeeld 2011.",
    ),
    (
        "enquete_omzetgroei_pct",
        "NA",
        "regel 2, enquete_omzetgroei_pct: Hier hoort een getal, maar er staat 'NA'. Schrijf een getal "
        "met een punt voor de decimalen, of laat het veld leeg als de waarde ontbreekt.",
    ),
]


@pytest.mark.parametrize(("kolom", "waarde", "melding"), FOUTE_VELDEN)
def test_een_fout_veld(tmp_path: Path, kolom: str, waarde: str, melding: str) -> None:
    fout = rijen()
    fout[GRANTED][kolom] = waarde
    gevonden = geweigerd(tmp_path, als_csv(fout))
    assert gevonden[0] == melding
    assert len(gevonden) == (5 if kolom == "ronde" and waarde == "2013" else 1)


@pytest.mark.parametrize(
    ("velden", "meldingen"),
    [
        (
            {"toegekend_bedrag": "10"},
            [
                "regel 7, toegekend_bedrag: De status is 'uitgeloot', maar er is € 10 toegekend. "
                "Maak het bedrag 0 of pas de status aan."
            ],
        ),
        (
            {"vastgesteld_bedrag": "5"},
            [
                "regel 7, vastgesteld_bedrag: Er is een bedrag vastgesteld. "
                "Maak de status 'vastgesteld' of maak dit veld leeg."
            ],
        ),
        (
            {"ingeloot": "1"},
            ["regel 7, ingeloot: Hier staat 1 (ingeloot), maar de status is 'uitgeloot'. Maak ze gelijk."],
        ),
        (
            {"ingediend_op": "2012-02-30"},
            [
                "regel 7, ingediend_op: '2012-02-30' is geen datum of moment. Schrijf jaar-maand-dag, "
                "met of zonder tijd: 2011-10-21 of 2011-10-21T17:00:00."
            ],
        ),
        (
            {"ingediend_op": "2012-03-01", "besloten_op": "2012-02-01"},
            ["regel 7, besloten_op: Het besluit ligt voor het indienen. Controleer beide datums."],
        ),
        (
            {"toegekend": "1"},
            ["regel 7, toegekend: Hier staat 1, maar toegekend_bedrag is € 0. Maak ze gelijk."],
        ),
        (
            {"binnenkomst_seconden": "-2"},
            [
                "regel 7, binnenkomst_seconden: Het aantal seconden is -2. "
                "Vul het aantal seconden na de opening in, 0 of meer."
            ],
        ),
    ],
)
def test_een_fout_bij_een_verliezer(tmp_path: Path, velden: dict[str, str], meldingen: list[str]) -> None:
    fout = [dict.fromkeys(velden, "") | rij for rij in rijen()]
    fout[LOST] |= velden
    assert geweigerd(tmp_path, als_csv(fout)) == meldingen


def test_een_dubbel_aanvraagnummer(tmp_path: Path) -> None:
    fout = rijen()
    fout[3]["aanvraagnummer"] = fout[1]["aanvraagnummer"]
    nummer = fout[1]["aanvraagnummer"]
    assert geweigerd(tmp_path, als_csv(fout)) == [
        f"regel 5, aanvraagnummer: {nummer} staat ook op regel 3. Geef elke aanvraag een eigen nummer."
    ]


_ALS_CSV = "Bewaar het blad in uw rekenprogramma als 'CSV UTF-8' en bied dat bestand aan."


@pytest.mark.parametrize(
    ("inhoud", "meldingen"),
    [
        (b"", ["het bestand, inhoud: Het bestand is leeg. Bied een CSV-bestand met een kopregel en rijen aan."]),
        (b" \r\n\n", ["het bestand, inhoud: Het bestand is leeg. Bied een CSV-bestand met een kopregel en rijen aan."]),
        (
            b"PK\x03\x04\x14\x00",
            [f"het bestand, soort: Dit is een Excel-, ODS- of zip-bestand, geen CSV-bestand in UTF-8. {_ALS_CSV}"],
        ),
        (
            b"\xd0\xcf\x11\xe0\xa1\xb1",
            [f"het bestand, soort: Dit is een oud Excel-bestand, geen CSV-bestand in UTF-8. {_ALS_CSV}"],
        ),
        (
            "a,b\n1,2\n".encode("utf-16"),
            [f"het bestand, soort: Dit is tekst in UTF-16, geen CSV-bestand in UTF-8. {_ALS_CSV}"],
        ),
        (b"a,b\n1,\0\n", [f"het bestand, soort: Dit is geen tekstbestand. {_ALS_CSV}"]),
        (b"a,b\n1,Frysl\xe2n\n", [f"regel 2, codering: Hier staat een teken dat geen UTF-8 is. {_ALS_CSV}"]),
        (
            ",".join(KOLOMMEN).encode() + b"\n",
            ["het bestand, inhoud: Onder de kopregel staan geen rijen. Bied een bestand met aanvragen aan."],
        ),
    ],
    ids=["leeg", "wit", "xlsx", "xls", "utf16", "nul", "latin1", "alleen-kop"],
)
def test_een_bestand_dat_geen_csv_is(tmp_path: Path, inhoud: bytes, meldingen: list[str]) -> None:
    assert geweigerd(tmp_path, inhoud) == meldingen


def test_dubbele_en_ontbrekende_kolommen(tmp_path: Path) -> None:
    inhoud = als_csv(rijen()).replace(b"eigen_kolom", b"groep", 1).replace(b"kvk_nummer", b"kvk", 1)
    assert geweigerd(tmp_path, inhoud) == [
        "regel 1, groep: De kolom 'groep' staat er 2 keer. Geef elke kolom een eigen naam.",
        "regel 1, kvk_nummer: De kolom 'kvk_nummer' ontbreekt. Voeg hem toe, met precies deze naam.",
    ]


def test_zonder_kolom_over_de_toekenning(tmp_path: Path) -> None:
    zonder = [{k: v for k, v in rij.items() if k != "toegekend_bedrag"} for rij in rijen()]
    (melding,) = geweigerd(tmp_path, als_csv(zonder))
    assert melding == (
        "regel 1, toegekend_bedrag: Het bestand zegt niet wat is toegekend. "
        "Voeg de kolom toegekend_bedrag toe, of toegekend (1 of 0)."
    )


def test_een_verkeerd_aantal_velden_en_een_lege_regel(tmp_path: Path) -> None:
    regels = als_csv(rijen()).decode().splitlines()
    regels[2] += ",extra"
    regels[4] = "," * (len(KOLOMMEN) - 1)
    assert geweigerd(tmp_path, "\n".join(regels).encode()) == [
        "regel 3, aantal velden: Deze regel heeft 22 velden, de kopregel 21. Controleer de scheidingstekens; "
        "zet een veld met een scheidingsteken erin tussen aanhalingstekens.",
        "regel 5, aantal velden: Deze regel is leeg. Verwijder de regel.",
    ]


def test_een_aanhalingsteken_dat_niet_sluit(tmp_path: Path) -> None:
    inhoud = als_csv(rijen()).replace(b"slimmer werken", b'"slimmer werken', 1).replace(b",,", b',"a"b,', 1)
    (melding,) = geweigerd(tmp_path, inhoud)
    assert melding.endswith(
        ", aanhalingstekens: Een veld met aanhalingstekens klopt niet of wordt niet afgesloten. "
        "Controleer de aanhalingstekens."
    )


def test_alle_fouten_tegelijk_en_hoogstens_vijftig_getoond(tmp_path: Path) -> None:
    veel = [
        rijen()[0] | {"aanvraagnummer": f"P-{nr:03d}", "kvk_nummer": "1", "ingeloot": "x", "loting_rang": str(nr)}
        for nr in range(1, 31)
    ]
    voor = tellingen()
    with pytest.raises(CommandError) as gevangen:
        inlezen(tmp_path, als_csv(veel))
    assert tellingen() == voor
    regels = str(gevangen.value).splitlines()
    assert regels[0] == "ronde.csv is niet ingelezen: 60 fouten."
    assert regels[1:3] == [
        f"  - regel 2, kvk_nummer: '1' is geen KvK-nummer. {KVK}",
        "  - regel 2, ingeloot: Hier hoort 1 (ja) of 0 (nee), maar er staat 'x'.",
    ]
    assert len(regels) == 53
    assert regels[51:] == [
        "  ... en nog 10 fouten",
        "Verbeter het bestand en bied het opnieuw aan. Er is niets gewijzigd.",
    ]


# Ceiling, seed and round


def test_boven_het_plafond(tmp_path: Path) -> None:
    assert geweigerd(tmp_path, als_csv(rijen()), "--plafond", "2700") == [
        "het bestand, toegekend_bedrag: Samen is € 2.701,50 toegekend, meer dan het plafond van € 2.700 (Awb 4:25). "
        "Controleer de bedragen of het plafond."
    ]


def test_boven_een_deelplafond_van_een_bestaand_tijdvak(tmp_path: Path) -> None:
    deel = {
        "sleutel": "pot-1",
        "naam": "Proefronde",
        "open_op": VOOR.replace(tzinfo=None),
        "sluit_op": VOOR.replace(tzinfo=None, month=5),
        "plafond": 10_000,
        "subplafonds": [
            {"code": "FRL", "naam": "Fryslân", "bedrag": 2_000, "soort": "provincie", "waarden": ["Fryslân"]}
        ],
    }
    maak_tijdvak(sleutel="pot", tabellen={"tijdvakken": [deel]})
    zonder = [rij | {"themas": ""} for rij in rijen()]
    assert geweigerd(tmp_path, als_csv(zonder), sleutel="pot-1") == [
        "het bestand, toegekend_bedrag: Samen is € 2.701,50 toegekend, meer dan het deelplafond “Fryslân” van € 2.000 "
        "(Awb 4:25). Controleer de bedragen of het plafond."
    ]
    zonder[1]["provincie"] = "Drenthe"
    inlezen(tmp_path, als_csv(zonder), sleutel="pot-1")
    assert dict(Plafond.objects.values_list("code", "verleend")) == {"*": Decimal("2701.50"), "FRL": 1801}


def test_een_verkeerd_zaad(tmp_path: Path) -> None:
    (melding,) = geweigerd(tmp_path, als_csv(rijen()), "--zaad", "ander zaad")
    namen = [rij["aanvraagnummer"] for rij in rijen()]
    goed = sorted(namen, key=lambda nummer: hashlib.sha256(f"ander zaad|{nummer}".encode()).hexdigest())
    rang = next(nr for nr, (een, ander) in enumerate(zip(namen, goed, strict=True)) if een != ander)
    assert melding == (
        f"regel {rang + 2}, loting_rang: {namen[rang]} heeft rang {rang + 1}, maar met het zaad 'ander zaad' hoort "
        f"{goed[rang]} (regel {namen.index(goed[rang]) + 2}) op die plaats. Controleer het zaad of de rangen."
    )


def test_een_verkeerd_zaad_zonder_rangen(tmp_path: Path) -> None:
    zonder = [{k: v for k, v in rij.items() if k != "loting_rang"} for rij in rijen()]
    for nummer in range(100):  # a seed with which a loser comes before a winner
        eerste = min(zonder, key=lambda r: hashlib.sha256(f"z{nummer}|{r['aanvraagnummer']}".encode()).hexdigest())
        if eerste["status"] == "uitgeloot":
            break
    (melding,) = geweigerd(tmp_path, als_csv(zonder), "--zaad", f"z{nummer}")
    assert melding == (
        f"regel {zonder.index(eerste) + 2}, loting_rang: Met het zaad 'z{nummer}' is {eerste['aanvraagnummer']} eerder "
        "aan de beurt dan een aanvraag die wel is ingeloot. Controleer het zaad."
    )


def test_het_zaad_van_de_catalogus_geeft_een_waarschuwing(tmp_path: Path) -> None:
    zonder = [rij | {"themas": ""} for rij in rijen()]
    tekst = inlezen(tmp_path, als_csv(zonder), sleutel="esf-e-2008")
    assert "Let op: Het zaad uit de regeling past niet bij dit bestand: regel " in tekst
    assert "Rangschikking: 6 plaatsen, klopt niet met het zaad\n" in tekst
    assert "Let op: Het bestand noemt ronde 2012; het tijdvak is van 2008.\n" in tekst
    assert Rangschikking.objects.get().herkomst == {
        "algoritme": "sha256-1",
        "zaad": "ESF-E-2008|notaris-4711",
        "nagerekend": False,
    }


def test_een_zaad_hoort_bij_een_loting(tmp_path: Path) -> None:
    (melding,) = geweigerd(tmp_path, als_csv(rijen()), "--zaad", ZAAD, "--methode", "volgorde")
    assert melding == "Een zaad hoort bij een loting. Laat --zaad weg, of kies --methode loting als er is geloot."


def test_een_onbekend_thema(tmp_path: Path) -> None:
    assert geweigerd(tmp_path, als_csv(rijen()), sleutel="esf-e-2008")[0] == (
        "regel 2, themas: Het thema 'gezond werken' hoort niet bij deze regeling. "
        "Kies uit: slimmer werken, flexibilisering arbeidsorganisatie, vernieuwen arbeidsverhoudingen."
    )


def test_twee_keer_inlezen(tmp_path: Path) -> None:
    inlezen(tmp_path, als_csv(rijen()))
    (melding,) = geweigerd(tmp_path, als_csv(rijen()))
    assert melding == (
        "Het tijdvak proef-2012 is al ingelezen of heeft al aanvragen. "
        "Kies een andere sleutel voor een nieuwe ronde. Er is niets gewijzigd."
    )


def test_een_tijdvak_dat_gepubliceerd_is(tmp_path: Path) -> None:
    tijdvak_publiceren(tijdvak=maak_tijdvak(sleutel="bezig"), actor=None, op=VOOR)
    (melding,) = geweigerd(tmp_path, als_csv(rijen()), sleutel="bezig-1")
    assert melding == (
        "Het tijdvak bezig-1 heeft de status “Gepubliceerd”: een bestand inlezen kan alleen in een ontwerp. "
        "Kies een andere sleutel voor een ronde uit het verleden."
    )


@pytest.mark.parametrize(
    ("opties", "melding"),
    [
        (
            ["--plafond", "1"],
            "Het tijdvak esf-e-2008 bestaat al (plafond 7000000): --plafond 1 kan dat niet veranderen. "
            "Laat --plafond weg, of kies een andere sleutel voor een nieuwe ronde.",
        ),
        (
            ["--drempel", "60"],
            "Het tijdvak esf-e-2008 bestaat al (zonder drempel): --drempel 60 kan dat niet veranderen. "
            "Laat --drempel weg, of kies een andere sleutel voor een nieuwe ronde.",
        ),
    ],
)
def test_opties_die_een_bestaand_tijdvak_tegenspreken(tmp_path: Path, opties: list[str], melding: str) -> None:
    assert geweigerd(tmp_path, als_csv(rijen()), *opties, sleutel="esf-e-2008") == [melding]


@pytest.mark.parametrize(
    ("wijzig", "opties", "melding"),
    [
        ({"ronde": ""}, [], "Het jaar van de ronde is onbekend. Geef --jaar, of de kolom ronde in het bestand."),
        (
            {"loting_rang": "", "ingeloot": "", "status": "afgewezen op inhoud", "toegekend_bedrag": "0"},
            ["--plafond", "1"],
            "De methode van verdelen is onbekend. Geef --methode.",
        ),
        (
            {"status": "afgewezen op inhoud", "toegekend_bedrag": "0"},
            [],
            "Het plafond is onbekend en er is niets toegekend. Geef --plafond.",
        ),
        (
            {},
            ["--methode", "loting-in-grijze-zone"],
            "Bij loting in een grijze zone hoort een drempel. Geef --drempel.",
        ),
        (
            {"drempel": "55"},
            ["--drempel", "60"],
            "--drempel is 60, maar de kolom drempel zegt 55. Laat --drempel weg of verbeter het bestand.",
        ),
    ],
)
def test_wat_het_bestand_niet_zegt(tmp_path: Path, wijzig: dict[str, str], opties: list[str], melding: str) -> None:
    fout = [rij | wijzig | ({"vastgesteld_bedrag": ""} if "status" in wijzig else {}) for rij in rijen()]
    assert geweigerd(tmp_path, als_csv(fout), *opties) == [melding]


def test_een_sleutel_die_niet_kan(tmp_path: Path) -> None:
    assert geweigerd(tmp_path, als_csv(rijen()), sleutel="Proef_2012") == [
        "'Proef_2012' kan geen sleutel van het tijdvak zijn. Gebruik hoogstens 80 kleine letters en cijfers, "
        "met losse streepjes: mijn-ronde-2012."
    ]


def test_verkeerd_gebruik_geeft_2() -> None:
    with pytest.raises(CommandError) as gevangen:
        call_command("importeer_ronde", "x", "y.csv", "--plafond", "veel")
    assert str(gevangen.value) == ("Error: argument --plafond: 'veel' is geen bedrag. Schrijf bijvoorbeeld 7000000.")


def test_een_bestand_dat_er_niet_is(tmp_path: Path) -> None:
    with pytest.raises(CommandError) as gevangen:
        call_command("importeer_ronde", "x", str(tmp_path / "nergens.csv"), stderr=io.StringIO())
    assert gevangen.value.returncode == 1
    assert str(gevangen.value).endswith(
        "nergens.csv is niet te lezen (FileNotFoundError). Geef het pad van een CSV-bestand."
    )


# Linked files


def gekoppeld(map_: Path, inhoud: bytes, ronde: bytes | None = None) -> list[str]:
    (map_ / "koppel.csv").write_bytes(inhoud)
    return geweigerd(map_, ronde or als_csv(rijen()), "--koppelen", map_ / "koppel.csv")


def test_fouten_in_een_gekoppeld_bestand(tmp_path: Path) -> None:
    nummer = rijen()[0]["aanvraagnummer"]
    inhoud = (
        "aanvraagnummer,beoordelaar,score\n"
        f"{nummer},B1,60\n{nummer},B1,61\n{nummer},,60\n{nummer},B2,goed\n{nummer},B3,100.5\nX-999,B1,60\n"
    )
    assert gekoppeld(tmp_path, inhoud.encode()) == [
        "koppel.csv, regel 3, beoordelaar: B1 staat bij deze aanvraag ook op regel 2. Laat één regel staan.",
        "koppel.csv, regel 4, beoordelaar: Dit veld is leeg. Vul het in.",
        "koppel.csv, regel 5, score: Hier hoort een getal, maar er staat 'goed'. "
        "Schrijf een getal met een punt voor de decimalen, of laat het veld leeg als de waarde ontbreekt.",
        "koppel.csv, regel 6, score: De score is 100.5. Vul een score in van 0 tot en met 100.",
        "koppel.csv, regel 7, aanvraagnummer: De aanvraag 'X-999' staat niet in het bestand van de ronde. "
        "Controleer het nummer.",
    ]


def test_fouten_van_beide_bestanden_tegelijk(tmp_path: Path) -> None:
    fout = rijen()
    fout[0]["kvk_nummer"] = "1"
    assert gekoppeld(tmp_path, b"aanvraagnummer,medewerker_id\nX-999,M1\n", als_csv(fout)) == [
        f"ronde.csv, regel 2, kvk_nummer: '1' is geen KvK-nummer. {KVK}",
        "koppel.csv, regel 2, aanvraagnummer: De aanvraag 'X-999' staat niet in het bestand van de ronde. "
        "Controleer het nummer.",
    ]


def test_een_gekoppeld_bestand_van_een_onbekende_soort(tmp_path: Path) -> None:
    assert gekoppeld(tmp_path, b"aanvraagnummer,kleur\nP-001,rood\n") == [
        "koppel.csv, regel 1, kolommen: Dit gekoppelde bestand is onbekend. Gebruik de kolommen van "
        "beoordelingen: aanvraagnummer, beoordelaar, score; medewerkers: aanvraagnummer, medewerker_id."
    ]


def test_twee_bestanden_van_dezelfde_soort(tmp_path: Path) -> None:
    nummer = rijen()[0]["aanvraagnummer"]
    for naam in ("een.csv", "twee.csv"):
        (tmp_path / naam).write_text(f"aanvraagnummer,medewerker_id\n{nummer},M1\n", encoding="utf-8")
    assert geweigerd(tmp_path, als_csv(rijen()), "--koppelen", tmp_path / "een.csv", tmp_path / "twee.csv") == [
        "twee.csv, het bestand, kolommen: Er is al een bestand met medewerkers gekoppeld. "
        "Koppel er één, of voeg ze samen."
    ]
