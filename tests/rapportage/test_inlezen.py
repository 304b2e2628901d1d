"""Importing rounds of the past: what comes in comes back exactly."""

from __future__ import annotations

import hashlib
import io
from collections import Counter
from decimal import Decimal
from pathlib import Path
from typing import Any

import pandas as pd
import pytest
from django.core.management import call_command

from aanvragen.models import Aanvraag, Adviseur, Organisatie
from aanvragen.models.aanvraag import Besluitmoment
from beoordeling.models import Plaats, Rangschikking
from kern.enums import Rol
from kern.models import LogRegel
from kern.services.spoor import spoor_controleren
from rapportage.models import Inlezing, Waarneming
from rapportage.selectors import gekoppelde_gegevens, rondegegevens
from regeling.enums import Boekingsoort
from regeling.models import Boeking, Plafond, Regeling, Thema, Tijdvak
from regeling.services.grootboek import saldi_nagerekend
from tests.factories.ronde import VOOR, maak_compleet, maak_gebruiker, maak_ingediend, maak_tijdvak, open_tijdvak
from tests.rapportage.proefronde import KOLOMMEN, MAP, ZAAD, als_csv, inlezen, origineel, rijen

pytestmark = pytest.mark.django_db


# The three files as they are


def test_ronde_2008() -> None:
    uit = io.StringIO()
    call_command("importeer_ronde", "esf-e-2008", str(MAP / "ronde_2008.csv"), stdout=uit, stderr=io.StringIO())
    assert uit.getvalue().splitlines() == [
        "265 aanvragen, 77 toegekend, € 6.960.000 van € 7.000.000",
        "Per status: toegekend 77, uitgeloot 188",
        "Rangschikking: 265 plaatsen, nagerekend met het zaad: klopt",
    ]
    uit = io.StringIO()
    call_command("toon_tijdvak", "esf-e-2008", stdout=uit)
    assert "Aanvragen 265, toegekend 77: € 6.960.000 van € 7.000.000\n" in uit.getvalue()
    tijdvak = Tijdvak.objects.get(sleutel="esf-e-2008")
    assert (tijdvak.status, tijdvak.herkomst, tijdvak.volgnummer) == ("afgehandeld", "import", 265)
    pd.testing.assert_frame_equal(rondegegevens(tijdvak), origineel("ronde_2008.csv"))
    df = origineel("ronde_2008.csv")
    for aanvraag in Aanvraag.objects.select_related("organisatie", "adviseur", "plaats"):
        (rij,) = df[df["aanvraagnummer"] == aanvraag.kenmerk].itertuples()
        assert aanvraag.organisatie.kvk_nummer == rij.kvk_nummer
        assert aanvraag.gevraagd_bedrag == rij.gevraagd_bedrag
        assert (aanvraag.toegekend_bedrag or 0) == rij.toegekend_bedrag
        assert aanvraag.status == {"toegekend": "verleend", "uitgeloot": "niet_geselecteerd"}[rij.status]
        assert aanvraag.plaats.rang == rij.loting_rang
        assert (aanvraag.plaats.eerste_uitkomst == "toegewezen") == bool(rij.ingeloot)
        assert (aanvraag.adviseur.extern_nummer if aanvraag.adviseur else None) == (
            None if pd.isna(rij.adviseur_nummer) else rij.adviseur_nummer
        )
        assert aanvraag.organisatie_toen["sector"] == rij.sector
        assert (aanvraag.organisatie_toen["sbi_code"], aanvraag.organisatie_toen["sbi_versie"]) == (
            rij.sector_sbi,
            "SBI 2008",
        )
    themas = Counter(naam for rij in df["themas"] for naam in rij.split(";"))
    assert {t.naam: t.aanvragen.count() for t in Thema.objects.filter(regeling__sleutel="esf-e-2008")} == themas
    assert Rangschikking.objects.get().herkomst == {
        "algoritme": "sha256-1",
        "zaad": "ESF-E-2008|notaris-4711",
        "nagerekend": True,
    }
    plafond = Plafond.objects.get(tijdvak=tijdvak)
    assert (plafond.verleend, plafond.resteert) == (6_960_000, 40_000)
    assert saldi_nagerekend(plafond)["verleend"] == 6_960_000
    assert list(spoor_controleren()) == []


@pytest.mark.traag
def test_ronde_2011_met_medewerkers() -> None:
    uit = io.StringIO()
    call_command(
        "importeer_ronde",
        "vitaal-2011",
        str(MAP / "ronde_2011_loting.csv"),
        "--koppelen",
        str(MAP / "medewerkers_2011.csv"),
        "--plafond",
        "25200000",
        "--zaad",
        "ESF-E-2011|notaris-1101",
        stdout=uit,
        stderr=io.StringIO(),
    )
    assert uit.getvalue().splitlines() == [
        "4.288 aanvragen, 1.506 toegekend, € 25.195.250 van € 25.200.000",
        "Per status: niet gebruikt 198, uitgeloot 2.782, vastgesteld 1.308",
        "Vrijgevallen na toekenning: € 3.280.750",
        "Rangschikking: 4.288 plaatsen, nagerekend met het zaad: klopt",
        "Gekoppeld: medewerkers, 3.194 regels bij 400 aanvragen",
    ]
    tijdvak = Tijdvak.objects.get(sleutel="vitaal-2011")
    pd.testing.assert_frame_equal(rondegegevens(tijdvak), origineel("ronde_2011_loting.csv"))
    pd.testing.assert_frame_equal(
        gekoppelde_gegevens(tijdvak, "medewerkers").sort_values("medewerker_id", ignore_index=True),
        origineel("medewerkers_2011.csv").sort_values("medewerker_id", ignore_index=True),
    )
    plafond = Plafond.objects.get(tijdvak=tijdvak)
    assert (plafond.verleend, plafond.vrijgevallen, plafond.vastgesteld) == (25_195_250, 3_280_750, 21_914_500)
    assert LogRegel.objects.filter(handeling="historisch_vastleggen", keten__startswith="aanvraag:").count() == 4288


def test_ronde_2013_met_beoordelingen() -> None:
    uit, meldingen = io.StringIO(), io.StringIO()
    call_command(
        "importeer_ronde",
        "commissie-2013",
        str(MAP / "ronde_2013_commissie.csv"),
        "--koppelen",
        str(MAP / "beoordelingen_2013.csv"),
        stdout=uit,
        stderr=meldingen,
    )
    assert uit.getvalue().splitlines() == [
        "900 aanvragen, 479 toegekend, € 9.580.000 van € 9.580.000",
        "Per status: afgewezen op inhoud 421, toegekend 479",
        "Rangschikking: 900 plaatsen",
        "Gekoppeld: beoordelingen, 2.606 regels bij 900 aanvragen",
    ]
    assert "Let op: Er is geen plafond gegeven. Als plafond geldt nu de som van wat is toegekend.\n" in (
        meldingen.getvalue()
    )
    tijdvak = Tijdvak.objects.get(sleutel="commissie-2013")
    assert (tijdvak.methode, tijdvak.verdeling.drempel, tijdvak.open_op.year) == ("rangschikking", 60, 2013)
    df = origineel("ronde_2013_commissie.csv")
    pd.testing.assert_frame_equal(rondegegevens(tijdvak), df)
    pd.testing.assert_frame_equal(gekoppelde_gegevens(tijdvak, "beoordelingen"), origineel("beoordelingen_2013.csv"))
    volgorde = df.sort_values(["score", "aanvraagnummer"], ascending=[False, True])["aanvraagnummer"]
    assert list(Plaats.objects.order_by("rang").values_list("aanvraag__kenmerk", flat=True)) == list(volgorde)
    assert Rangschikking.objects.get().herkomst == {"bron": "score"}
    assert Counter(Plaats.objects.values_list("uitkomst", flat=True)) == {"toegewezen": 479, "uit": 421}


# A small round: what is made of it


def test_een_nieuw_tijdvak_uit_het_bestand(tmp_path: Path) -> None:
    tekst = inlezen(tmp_path, als_csv(rijen()), "--plafond", "2800", "--zaad", ZAAD)
    assert "6 aanvragen, 3 toegekend, € 2.701,50 van € 2.800\n" in tekst
    tijdvak = Tijdvak.objects.get()
    assert (tijdvak.methode, tijdvak.status, tijdvak.open_op.year) == ("loting", "afgehandeld", 2012)
    assert tijdvak.tijdvakspec.loting_historisch is not None
    assert tijdvak.tijdvakspec.loting_historisch.zaad == ZAAD
    assert list(Thema.objects.values_list("code", "naam")) == [
        ("slimmer-werken", "slimmer werken"),
        ("gezond-werken", "gezond werken"),
    ]
    assert [a.status for a in Aanvraag.objects.order_by("plaats__rang")] == [
        "vastgesteld",
        "verleend",
        "besluit_ingetrokken",
        *["niet_geselecteerd"] * 3,
    ]
    assert [(p.eerste_uitkomst, p.uitkomst, p.bedrag) for p in Plaats.objects.order_by("rang")] == [
        ("toegewezen", "toegewezen", Decimal("900.50")),
        ("toegewezen", "toegewezen", Decimal("900.50")),
        ("toegewezen", "vervallen", Decimal("900.50")),
        *[("afgewezen", "afgewezen", None)] * 3,
    ]
    assert sorted(Boeking.objects.values_list("soort", "bedrag")) == sorted(
        [
            *[(Boekingsoort.VERLENING, Decimal("900.50"))] * 3,
            (Boekingsoort.VASTSTELLING, Decimal("800.50")),
            (Boekingsoort.VRIJVAL, Decimal("100.00")),
            (Boekingsoort.VRIJVAL, Decimal("900.50")),
        ]
    )
    plafond = Plafond.objects.get()
    assert plafond.resteert == Decimal("1099.00")
    organisatie = Organisatie.objects.get(kvk_nummer="00000001")
    assert (organisatie.naam, organisatie.sbi_code, organisatie.provincie) == ("Organisatie 00000001", "01", "Fryslân")
    assert Adviseur.objects.get().naam == "Adviseur A1"
    assert {a.kenmerk: a.adviseur_id is not None for a in Aanvraag.objects.all()} == {
        rij["aanvraagnummer"]: bool(rij["adviseur_nummer"]) for rij in rijen()
    }
    inlezing = Inlezing.objects.get()
    assert (inlezing.naam, inlezing.regels, inlezing.kolommen) == ("ronde.csv", 6, KOLOMMEN)
    assert inlezing.sha256 == hashlib.sha256(als_csv(rijen())).hexdigest()


def test_kolommen_die_wij_niet_kennen_blijven_zoals_ze_zijn(tmp_path: Path) -> None:
    inlezen(tmp_path, als_csv(rijen()))
    df = rondegegevens(Tijdvak.objects.get())
    assert list(df.columns) == KOLOMMEN
    assert list(df["eigen_kolom"]) == ["001", "002", "003", "004", "005", "006"]
    assert df["gevraagd_bedrag"].tolist() == [1000] * 6
    assert df["toegekend_bedrag"].tolist() == [900.5] * 3 + [0.0] * 3
    assert df["enquete_omzetgroei_pct"].isna().tolist() == [False, True] * 3
    bronnen = Waarneming.objects.filter(aanvraag__plaats__rang=1)
    assert {een.bron: sorted(een.waarden) for een in bronnen} == {
        "aanvraag": [
            "aanvraagnummer",
            "adviseur_nummer",
            "gevraagd_bedrag",
            "grootteklasse",
            "kvk_nummer",
            "provincie",
            "publiek_privaat",
            "ronde",
            "sector",
            "sector_sbi",
            "themas",
            "werkzame_personen",
        ],
        "loting": ["groep", "ingeloot", "loting_rang"],
        "enquete": ["enquete_omzetgroei_pct", "enquete_respons"],
        "administratie": ["eigen_kolom", "status", "toegekend_bedrag", "vastgesteld_bedrag"],
    }


@pytest.mark.parametrize(
    "maak",
    [
        lambda rijen_: als_csv(rijen_),
        lambda rijen_: b"\xef\xbb\xbf" + als_csv(rijen_),
        lambda rijen_: als_csv(rijen_, ";"),
        lambda rijen_: als_csv(rijen_).replace(b"\n", b"\r\n") + b"\r\n",
    ],
    ids=["gewoon", "bom", "puntkomma", "windows"],
)
def test_vormen_van_csv(tmp_path: Path, maak: Any) -> None:
    inlezen(tmp_path, maak(rijen()))
    df = rondegegevens(Tijdvak.objects.get())
    assert df[["aanvraagnummer", "themas"]].to_dict("records") == [
        {"aanvraagnummer": rij["aanvraagnummer"], "themas": rij["themas"]} for rij in rijen()
    ]


def test_de_volgorde_van_de_rijen_blijft(tmp_path: Path) -> None:
    andersom = rijen()[::-1]
    inlezen(tmp_path, als_csv(andersom))
    assert list(rondegegevens(Tijdvak.objects.get())["aanvraagnummer"]) == [r["aanvraagnummer"] for r in andersom]


def test_zonder_kolommen_die_niet_hoeven(tmp_path: Path) -> None:
    weinig = [
        {k: rij[k] for k in ("aanvraagnummer", "kvk_nummer", "gevraagd_bedrag", "status")}
        | {"toegekend": rij["ingeloot"]}
        for rij in rijen()
    ]
    tekst = inlezen(tmp_path, als_csv(weinig), "--methode", "loting", "--jaar", "2012")
    assert "6 aanvragen, 3 toegekend, € 3.000 van € 3.000\n" in tekst
    assert "Rangschikking: geen (het bestand noemt geen volgorde)\n" in tekst
    assert "Let op: Er is geen kolom vastgesteld_bedrag: er is geen vaststelling geboekt.\n" in tekst
    assert Rangschikking.objects.count() == 0
    assert Aanvraag.objects.get(status="vastgesteld").vastgesteld_bedrag is None


def test_zonder_rangen_geeft_het_zaad_de_volgorde(tmp_path: Path) -> None:
    zonder = [{k: v for k, v in rij.items() if k != "loting_rang"} for rij in rijen()]
    inlezen(tmp_path, als_csv(zonder), "--zaad", ZAAD)
    assert list(Plaats.objects.order_by("rang").values_list("aanvraag__kenmerk", flat=True)) == [
        rij["aanvraagnummer"] for rij in rijen()
    ]
    assert Rangschikking.objects.get().herkomst["nagerekend"] is True


def test_rangen_per_stratum(tmp_path: Path) -> None:
    gelaagd = rijen()
    for nummer, rij in enumerate(gelaagd):
        rij |= {"stratum": "a" if nummer % 2 else "b", "loting_rang": str(nummer // 2 + 1)}
    inlezen(tmp_path, als_csv(gelaagd), "--zaad", ZAAD)
    verwacht = [rij["aanvraagnummer"] for rij in sorted(gelaagd, key=lambda r: (r["stratum"], r["loting_rang"]))]
    assert list(Plaats.objects.order_by("rang").values_list("aanvraag__kenmerk", flat=True)) == verwacht
    assert Rangschikking.objects.get().herkomst["nagerekend"] is True


def test_volgorde_van_binnenkomst(tmp_path: Path) -> None:
    geteld = []
    for nummer, rij in enumerate(rijen()):
        del rij["loting_rang"], rij["ingeloot"], rij["groep"]
        rij["status"] = rij["status"].replace("uitgeloot", "afgewezen budget op")
        geteld.append(rij | {"binnenkomst_seconden": f"{60 - nummer * 10}.5"})
    inlezen(tmp_path, als_csv(geteld))
    tijdvak = Tijdvak.objects.get()
    assert tijdvak.methode == "volgorde"
    eerste = Aanvraag.objects.get(plaats__rang=1)
    assert eerste.kenmerk == geteld[-1]["aanvraagnummer"]
    assert eerste.ingediend_op is not None
    assert (eerste.ingediend_op - tijdvak.open_op).total_seconds() == 10.5


def test_een_bekende_organisatie_houdt_haar_gegevens(tmp_path: Path) -> None:
    inlezen(tmp_path, als_csv(rijen()))
    ander = [rij | {"sector": "Zorg", "aanvraagnummer": "Q" + rij["aanvraagnummer"]} for rij in rijen()]
    inlezen(tmp_path, als_csv(ander), sleutel="proef-2013")
    assert Organisatie.objects.count() == 6
    assert set(Organisatie.objects.values_list("sector", flat=True)) == {"Overig"}
    aanvraag = Aanvraag.objects.filter(tijdvak__sleutel="proef-2013").first()
    assert aanvraag is not None
    assert aanvraag.organisatie_toen["sector"] == "Zorg"
    assert Adviseur.objects.count() == 1


def test_een_nieuw_tijdvak_bij_een_bestaande_regeling(tmp_path: Path) -> None:
    call_command("laad_regelingen", stdout=io.StringIO())
    voor = list(Tijdvak.objects.order_by("pk").values())
    inlezen(tmp_path, als_csv(rijen()), "--regeling", "esf-e-2008")
    assert list(Tijdvak.objects.exclude(sleutel="proef-2012").order_by("pk").values()) == voor
    tijdvak = Tijdvak.objects.get(sleutel="proef-2012")
    assert tijdvak.regelingversie.regeling == Regeling.objects.get(sleutel="esf-e-2008")
    themas = Thema.objects.filter(regeling__sleutel="esf-e-2008").values_list("code", flat=True)
    assert set(themas) == {
        "slimmer-werken",
        "flexibilisering-arbeidsorganisatie",
        "vernieuwen-arbeidsverhoudingen",
        "gezond-werken",
    }
    uit = io.StringIO()
    call_command("laad_regelingen", stdout=uit)  # the round from the file does not stand in the way
    assert "Klaar: alles is ongewijzigd.\n" in uit.getvalue()


# A round that ran in this system


def test_rondegegevens_van_een_ronde_in_het_systeem() -> None:
    tijdvak = open_tijdvak(sleutel="levend")
    behandelaar = maak_gebruiker(Rol.BEHANDELAAR)
    aanvragen = [maak_compleet(tijdvak, behandelaar) for _ in range(4)]
    maak_ingediend(tijdvak)
    besluit = Besluitmoment(op=VOOR, door=behandelaar)
    rangschikking = Rangschikking.objects.create(tijdvak=tijdvak, methode="loting", gemaakt_op=VOOR)
    uitkomsten = [("toegewezen", "toegewezen"), ("toegewezen", "vervallen"), ("reserve", "reserve"), ("uit", "uit")]
    for rang, (aanvraag, (eerste, uitkomst)) in enumerate(zip(aanvragen, uitkomsten, strict=True), 1):
        aanvraag.in_verdeling_nemen(op=VOOR, actor=None)
        if eerste == "toegewezen":
            aanvraag.selecteren(op=VOOR, actor=None, bedrag=Decimal("1000.00"))
            aanvraag.verlenen(op=VOOR, actor=None, besluit=besluit)
        if uitkomst == "vervallen":
            aanvraag.besluit_intrekken(op=VOOR, actor=None, reden="gaat niet door")
        if eerste == "reserve":
            aanvraag.op_reservelijst_plaatsen(op=VOOR, actor=None)
            aanvraag.afwijzen(op=VOOR, actor=None, besluit=besluit)
        if eerste == "uit":
            aanvraag.afwijzen(op=VOOR, actor=None, besluit=besluit)
        aanvraag.save()
        Plaats.objects.create(
            rangschikking=rangschikking,
            aanvraag=aanvraag,
            rang=rang,
            eerste_uitkomst=eerste,
            uitkomst=uitkomst,
            bedrag=aanvraag.toegekend_bedrag,
        )
    df = rondegegevens(tijdvak)
    assert list(df.columns) == KOLOMMEN[:18]
    assert df["aanvraagnummer"].tolist() == [f"LEVEND-1-0000{nr}" for nr in range(1, 6)]
    assert df["status"].tolist() == ["toegekend", "niet gebruikt", "uitgeloot", "afgewezen op inhoud", "in behandeling"]
    assert df["ingeloot"].fillna(-1).tolist() == [1, 1, 0, -1, -1]
    assert df["loting_rang"].fillna(-1).tolist() == [1, 2, 3, -1, -1]
    assert df["groep"].fillna("").tolist() == ["ingeloot", "ingeloot", "uitgeloot", "afgewezen", ""]
    assert df["toegekend_bedrag"].tolist() == [1000, 1000, 0, 0, 0]
    assert df["gevraagd_bedrag"].tolist() == [1000] * 5
    assert df["vastgesteld_bedrag"].isna().all()
    assert set(df["ronde"]) == {2026}
    assert (df["sector_sbi"].tolist(), df["sector"].tolist()) == (["25"] * 5, ["Industrie"] * 5)
    assert df["grootteklasse"].tolist() == ["10-49"] * 5


def test_rondegegevens_van_een_ronde_op_volgorde() -> None:
    tabellen = {"verdeling": {"methode": "volgorde", "eenheid_loting": "aanvraag", "regel": "STOP"}}
    tijdvak = open_tijdvak(sleutel="rij", tabellen=tabellen)
    maak_ingediend(tijdvak)
    df = rondegegevens(tijdvak)
    assert list(df.columns) == [*KOLOMMEN[:18], "binnenkomst_seconden"]
    assert df["binnenkomst_seconden"].tolist() == [3 * 24 * 3600.0]
    assert df[["loting_rang", "ingeloot", "groep"]].isna().all(axis=None)


def test_rondegegevens_zonder_aanvragen() -> None:
    assert list(rondegegevens(maak_tijdvak()).columns) == KOLOMMEN[:18]
    assert len(rondegegevens(Tijdvak.objects.get())) == 0
