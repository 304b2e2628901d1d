"""The copy holds everything that was entered, and nothing else changes it (R45)."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from aanvragen.inhoud import LEEG, Rubriek, euro, inhoud_sha256, naar_json, rubrieken, verstuurde_rubrieken
from aanvragen.models import Aanvraag
from aanvragen.services.concept import (
    Begrotingspost,
    aanvraag_beginnen,
    begroting_bewaren,
    velden_bewaren,
    verklaringen_bewaren,
)
from aanvragen.services.conceptadviseur import Adviesgegevens, Referentiegegeven, adviseur_bewaren
from aanvragen.services.conceptbijlage import bijlage_toevoegen
from aanvragen.services.indienen import aanvraag_indienen, ontvangst_html
from aanvragen.services.organisatie import organisatie_wijzigen
from tests.factories.ronde import NA, TIJDENS, maak_concept, maak_organisatie, open_tijdvak, pdf, regeling_dict, vers

pytestmark = pytest.mark.django_db
TABELLEN: dict[str, Any] = {
    "themas": [{"code": code, "naam": f"Thema {code}"} for code in ("een", "twee")],
    "themakeuze": {"minimum": 1, "maximum": 2, "hoofdthema": True},
    "vragen": [
        {"code": "waarom", "tekst": "Waarom wilt u dit?", "soort": "tekst"},
        {"code": "steun", "tekst": "Is er steun?", "soort": "ja_nee"},
        {"code": "mensen", "tekst": "Hoeveel mensen?", "soort": "aantal"},
    ],
    "verklaringen": [{"code": "waar", "tekst": "Alles is waar."}],
    "bijlagen": [
        {"code": "plan", "naam": "Projectplan"},
        {"code": "foto", "naam": "Foto", "verplicht": False},
        {"code": "rapport", "naam": "Rapport", "bij": "declaratie"},
    ],
    "adviseur": {"nodig": True, "referenties": 1, "alternatieven": ["een certificaat"]},
    "subsidie": {**regeling_dict()["subsidie"], "staatssteun": "de-minimis", "de_minimis_maximum": 300_000},
    "kostensoorten": [{"code": "adviseur", "naam": "Adviseur", "btw": "exclusief", "uurtarief_maximum": 125}],
}
VELDEN = {
    "titel": "Roosters <b>& meer</b>",
    "omschrijving": "Wij gaan het anders doen.",
    "start_op": date(2026, 9, 1),
    "eind_op": date(2027, 5, 31),
    "contactpersoon": "C. Ontact",
    "contact_email": "contact@bedrijf.example",
    "contact_telefoon": "030-1234567",
    "iban": "NL91ABNA0417164300",
    "doelen": ["innovatie", "arbeidskwaliteit"],
    "antwoorden": {"waarom": "Omdat het beter kan.", "steun": False, "mensen": 0, "de_minimis_eerder": "1500.00"},
}


@pytest.fixture
def aanvraag() -> Aanvraag:
    """A draft in which every field is filled in."""
    organisatie = maak_organisatie(
        naam="Bedrijf bv",
        kvk_nummer="00777777",
        rechtsvorm="bv",
        omzet=Decimal("1234567.89"),
        balanstotaal=Decimal(500_000),
        omvang_jaar=2025,
        publiek=True,
        straat="Voorbeeldstraat 1",
        postcode="1234 AB",
        plaats="Voorbeeldstad",
    )
    opties: dict[str, Any] = {"actor": None, "op": TIJDENS}
    aanvraag = aanvraag_beginnen(tijdvak=open_tijdvak(tabellen=TABELLEN), organisatie=organisatie, **opties)
    aanvraag = velden_bewaren(aanvraag=aanvraag, stap="project", gegevens=VELDEN, themas=["twee", "een"], **opties)
    post = Begrotingspost("adviseur", "Begeleiding", Decimal(2000), Decimal("16"), Decimal("125"))
    los = Begrotingspost("adviseur", "Los advies", Decimal("500.50"), Decimal("7.5"))
    aanvraag, _ = begroting_bewaren(aanvraag=aanvraag, posten=[post, los], **opties)
    aanvraag = adviseur_bewaren(
        aanvraag=aanvraag,
        adviseur=Adviesgegevens("A. Dviseur", "adviseur@bureau.example", "Bureau bv", "00666666", gecertificeerd=True),
        referenties=[Referentiegegeven("Klant bv", "K. Lant", "klant@klant.example", "Een traject")],
        **opties,
    )
    verklaringen_bewaren(aanvraag=aanvraag, akkoord={"waar": True}, **opties)
    bijlage_toevoegen(aanvraag=aanvraag, code="plan", naam="plan.pdf", inhoud=pdf(), **opties)
    return vers(aanvraag)


def in_een_rij(delen: list[Rubriek]) -> dict[str, list[tuple[str, str]]]:
    return {deel.titel: list(deel.regels) for deel in delen}


def test_alles_wat_is_ingevuld_staat_in_de_kopie(aanvraag: Aanvraag) -> None:
    bestand = aanvraag.bijlagen.get().bestand
    assert in_een_rij(rubrieken(aanvraag)) == {
        "Uw organisatie": [
            ("Naam", "Bedrijf bv"),
            ("KvK-nummer", "00777777"),
            ("Rechtsvorm", "Besloten vennootschap (bv)"),
            ("SBI-code", "2562 (SBI 2008)"),
            ("Aantal werkzame personen", "12"),
            ("Jaar van de cijfers", "2025"),
            ("Jaaromzet", "€ 1.234.567,89"),
            ("Balanstotaal", "€ 500.000"),
            ("Publieke organisatie", "Ja"),
            ("Adres", "Voorbeeldstraat 1, 1234 AB Voorbeeldstad"),
            ("Provincie", "Utrecht"),
            ("Contactpersoon", "C. Ontact"),
            ("E-mailadres", "contact@bedrijf.example"),
            ("Telefoonnummer", "030-1234567"),
            ("Rekeningnummer (IBAN)", "NL91ABNA0417164300"),
        ],
        "Het project": [
            ("Titel", "Roosters <b>& meer</b>"),
            ("Omschrijving", "Wij gaan het anders doen."),
            ("Begin", "1 september 2026"),
            ("Einde", "31 mei 2027"),
        ],
        "Thema's en doelen": [
            ("Thema's", "Thema twee, Thema een"),  # the main one first
            ("Doelen", "Innovatie, Kwaliteit van het werk"),
        ],
        "Vragen over het project": [
            ("Waarom wilt u dit?", "Omdat het beter kan."),
            ("Is er steun?", "Nee"),
            ("Hoeveel mensen?", "0"),
        ],
        "Eerdere steun": [("De-minimissteun in de afgelopen drie jaar", "€ 1.500")],
        "De adviseur": [
            ("Naam", "A. Dviseur"),
            ("E-mailadres", "adviseur@bureau.example"),
            ("Bureau", "Bureau bv (KvK 00666666)"),
            ("Gecertificeerd", "Ja"),
            ("Referentie 1", "Klant bv, K. Lant, klant@klant.example: Een traject"),
        ],
        "Kosten en subsidie": [
            ("Adviseur: Begeleiding (16 uur à € 125)", "€ 2.000"),
            ("Adviseur: Los advies (7.5 uur)", "€ 500,50"),
            ("Kosten die meetellen", "€ 2.500,50"),
            ("Gevraagd bedrag", "€ 1.000"),
        ],
        "Bijlagen": [("Projectplan", f"plan.pdf (SHA-256 {bestand.sha256})"), ("Foto", LEEG)],
        "Verklaringen": [("Alles is waar.", "Akkoord")],
    }


def test_wat_verstuurd_is_blijft_woord_voor_woord(aanvraag: Aanvraag) -> None:
    voor = rubrieken(aanvraag)
    verstuurd = aanvraag_indienen(aanvraag=aanvraag, actor=None, op=TIJDENS)
    organisatie_wijzigen(organisatie=verstuurd.organisatie, gegevens={"naam": "Ander bv"}, actor=None, op=NA)
    verstuurd = vers(verstuurd)
    assert verstuurde_rubrieken(verstuurd) == voor
    assert rubrieken(verstuurd) != voor  # the organisation of today has another name
    assert verstuurd.inhoud_sha256 == inhoud_sha256(voor)
    assert naar_json(verstuurde_rubrieken(verstuurd)) == verstuurd.ingediende_inhoud


def test_elk_verschil_geeft_een_ander_controlegetal(aanvraag: Aanvraag) -> None:
    voor = inhoud_sha256(rubrieken(aanvraag))
    velden_bewaren(aanvraag=aanvraag, stap="project", gegevens={"titel": "Roosters"}, actor=None, op=TIJDENS)
    assert inhoud_sha256(rubrieken(vers(aanvraag))) != voor


def test_van_een_concept_ziet_men_wat_er_nu_staat(aanvraag: Aanvraag) -> None:
    assert verstuurde_rubrieken(aanvraag) == rubrieken(aanvraag)


def test_het_ontvangstbewijs_toont_tekst_als_tekst(aanvraag: Aanvraag) -> None:
    """What an applicant types never becomes markup."""
    html = ontvangst_html(aanvraag_indienen(aanvraag=aanvraag, actor=None, op=TIJDENS))
    assert "Roosters &lt;b&gt;&amp; meer&lt;/b&gt;" in html
    assert "<b>& meer" not in html


def test_een_kale_aanvraag_zegt_wat_er_niet_is_ingevuld() -> None:
    organisatie = maak_organisatie(sbi_code="", sbi_versie="", provincie="", werkzame_personen=None)
    delen = in_een_rij(rubrieken(maak_concept(open_tijdvak(), organisatie)))
    assert list(delen) == ["Uw organisatie", "Het project", "Thema's en doelen", "Kosten en subsidie"]
    leeg = {label for regels in delen.values() for label, waarde in regels if waarde == LEEG}
    assert leeg == {
        "Rechtsvorm",
        "SBI-code",
        "Aantal werkzame personen",
        "Jaar van de cijfers",
        "Jaaromzet",
        "Balanstotaal",
        "Adres",
        "Provincie",
        "Telefoonnummer",
        "Rekeningnummer (IBAN)",
        "Begin",
        "Einde",
        "Doelen",
    }


@pytest.mark.parametrize(
    ("bedrag", "tekst"),
    [
        (Decimal("18000"), "€ 18.000"),
        (Decimal("18000.50"), "€ 18.000,50"),
        (Decimal("0"), "€ 0"),
        (Decimal("1234567.89"), "€ 1.234.567,89"),
        (None, LEEG),
    ],
)
def test_euro(bedrag: Decimal | None, tekst: str) -> None:
    assert euro(bedrag) == tekst
