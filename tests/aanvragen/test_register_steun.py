"""De-minimis aid: three rolling years, the single undertaking, and the test on the day of the decision (R62-R68)."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest

from aanvragen.deminimis import Steun, jaren_terug, steunsom
from aanvragen.enums import Relatie, Toetsuitkomst
from aanvragen.inhoud import rubrieken
from aanvragen.models import Aanvraag, Organisatie
from aanvragen.services.conceptsteun import Steungegevens, steun_bewaren
from aanvragen.services.groep import Verbondengegevens, verbonden_bewaren, verbonden_verwijderen
from aanvragen.services.indienen import gebreken
from aanvragen.services.steun import eigen_steun, steun_nu, verwachte_verlening
from aanvragen.services.toetsing import toets_beoordelen, toetsen_uitvoeren
from kern.fouten import InvoerFout, OvergangFout
from tests.factories.ronde import (
    BESLUIT,
    NA,
    TIJDENS,
    Staf,
    besluit_op,
    loting_tot,
    maak_compleet,
    maak_concept,
    maak_ingediend,
    maak_organisatie,
    open_tijdvak,
    regeling_dict,
    verleen,
    vers,
)
from uitvoering.enums import Besluitsoort
from uitvoering.services.besluit import besluit_verzenden

DAG = date(2027, 5, 10)
MAXIMUM = Decimal("300000.00")
STEUN = {**regeling_dict()["subsidie"], "staatssteun": "de-minimis", "de_minimis_maximum": 300_000}
TABELLEN = {"subsidie": STEUN, "aanvrager": {"soort": "onderneming"}}


def steun(bedrag: str, dag: date = DAG - timedelta(days=30), *, eigen: bool = False, wie: str = "Wij") -> Steun:
    return Steun(wie, "Provincie", dag, Decimal(bedrag), eigen)


# --- The sum: pure -----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("dag", "telt"),
    [
        (date(2024, 5, 10), False),  # three years ago to the day: outside
        (date(2024, 5, 11), True),
        (date(2027, 5, 10), True),
        (date(2027, 5, 11), False),
    ],
)
def test_drie_jaar_teruggerekend(dag: date, telt: bool) -> None:
    som = steunsom(opgegeven=[steun("1000", dag)], eigen=[], nieuw=Decimal(0), verleend_op=DAG)
    assert (som.eerder, som.regels[0].telt) == (Decimal("1000") if telt else Decimal(0), telt)


def test_een_schrikkeldag() -> None:
    assert jaren_terug(date(2028, 2, 29)) == date(2025, 2, 28)


@pytest.mark.parametrize(
    ("eerder", "past", "ruimte"),
    [("250000.00", True, "50000.00"), ("250000.01", False, "49999.99"), ("400000.00", False, "0.00")],
)
def test_gelijk_mag_een_cent_meer_niet(eerder: str, past: bool, ruimte: str) -> None:
    som = steunsom(opgegeven=[steun(eerder)], eigen=[], nieuw=Decimal("50000.00"), verleend_op=DAG, maximum=MAXIMUM)
    assert (som.past, som.ruimte) == (past, Decimal(ruimte))


def test_wat_wij_al_weten_telt_een_keer() -> None:
    opgegeven = [steun("1000.00"), steun("1000.00"), steun("7.00")]
    som = steunsom(opgegeven=opgegeven, eigen=[steun("1000.00", eigen=True)], nieuw=Decimal(0), verleend_op=DAG)
    assert (som.eerder, [regel.telt for regel in som.regels]) == (Decimal("2007.00"), [True, False, True, True])


@pytest.mark.parametrize(("totaal", "eerder"), [("500.00", "1000.00"), ("1500.00", "1500.00")])
def test_een_los_totaal_bevat_alles(totaal: str, eerder: str) -> None:
    som = steunsom(
        opgegeven=[],
        eigen=[steun("1000.00", eigen=True)],
        nieuw=Decimal(0),
        verleend_op=DAG,
        opgegeven_totaal=Decimal(totaal),
    )
    assert som.eerder == Decimal(eerder)


# --- The declaration ---------------------------------------------------------------------------------------------


def regel(bedrag: str = "299000.00", dag: date = date(2025, 6, 1), wie: str = "Wij") -> Steungegevens:
    return Steungegevens(wie, "Provincie Utrecht", dag, Decimal(bedrag))


def concept(organisatie: Organisatie | None = None) -> Aanvraag:
    return maak_concept(open_tijdvak(tabellen=TABELLEN), organisatie)


def bewaar(aanvraag: Aanvraag, *regels: Steungegevens, ontvangen: bool | None = True) -> Aanvraag:
    return steun_bewaren(aanvraag=aanvraag, ontvangen=ontvangen, regels=regels, actor=None, op=TIJDENS)


@pytest.mark.django_db
def test_opgeven_wat_er_was() -> None:
    zaak = concept()
    assert [gebrek.stap for gebrek in gebreken(zaak, TIJDENS)] == ["steun"]
    assert steun_nu(zaak, TIJDENS) is None
    zaak = bewaar(zaak, regel("1000.00"), regel("500.50", date(2020, 1, 1)))
    assert gebreken(zaak, TIJDENS) == []
    som = steun_nu(zaak, TIJDENS)
    assert som is not None
    assert (som.eerder, som.nieuw, som.totaal) == (Decimal("1000.00"), Decimal("1000.00"), Decimal("2000.00"))
    assert [r for deel in rubrieken(zaak) if deel.stap == "steun" for r in deel.regels] == [
        ("Wij, Provincie Utrecht, 1 juni 2025", "€ 1.000"),
        ("Wij, Provincie Utrecht, 1 januari 2020", "€ 500,50"),
    ]
    zaak = bewaar(zaak, ontvangen=False)
    assert (zaak.de_minimis.count(), zaak.antwoorden["de_minimis_eerder"], gebreken(zaak, TIJDENS)) == (0, "0.00", [])


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("regels", "ontvangen"),
    [
        ([regel()], False),
        ([regel(dag=TIJDENS.date() + timedelta(days=1))], True),
        ([regel("0.00")], True),
    ],
)
def test_wat_niet_klopt_wordt_geweigerd(regels: list[Steungegevens], ontvangen: bool) -> None:
    zaak = concept()
    with pytest.raises(InvoerFout):
        bewaar(zaak, *regels, ontvangen=ontvangen)
    assert zaak.de_minimis.count() == 0


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("bedrag", "woorden", "uitkomst"),
    [
        ("299000.00", "€ 299.000", Toetsuitkomst.VOLDOET),
        ("299000.01", "€ 299.000,01", Toetsuitkomst.VOLDOET_NIET),
    ],
)
def test_de_toets_bij_het_versturen(bedrag: str, woorden: str, uitkomst: Toetsuitkomst) -> None:
    """€ 1.000 is asked for: equal to the ceiling is allowed, one cent over fails as a whole."""
    organisatie = maak_organisatie()
    tijdvak = open_tijdvak(tabellen=TABELLEN)
    bewaar(maak_concept(tijdvak, organisatie), regel(bedrag))
    toets = maak_ingediend(tijdvak, organisatie).toetsen.get(code="de_minimis")
    assert toets.uitkomst == uitkomst
    assert toets.invoer["regels"] == [f"Wij, Provincie Utrecht, 01-06-2025: {woorden}"]


# --- Our own register and the group ---------------------------------------------------------------------------------


def verleende(organisatie: Organisatie, staf: Staf) -> Aanvraag:
    """A grant of € 1.000 in a round of its own."""
    tijdvak = open_tijdvak(tabellen=TABELLEN)
    bewaar(maak_concept(tijdvak, organisatie), ontvangen=False)
    zaak = maak_compleet(tijdvak, staf.behandelaar, organisatie)
    loting_tot(tijdvak, staf)
    return verleen(zaak, staf)


def koppel(organisatie: Organisatie, ander: Organisatie, relatie: str = Relatie.VERBONDEN, **velden: Any) -> Any:
    gegevens = Verbondengegevens(ander.naam, relatie, Decimal(60), ander.kvk_nummer, **velden)
    return verbonden_bewaren(organisatie=organisatie, gegevens=gegevens, actor=None, op=TIJDENS)


@pytest.mark.django_db
def test_eigen_verleningen_tellen_ook_die_aan_verbonden_ondernemingen(staf: Staf) -> None:
    wij, dochter, kleindochter = (maak_organisatie() for _ in range(3))
    for organisatie in (dochter, kleindochter):
        verleende(organisatie, staf)
    eerste = koppel(wij, dochter)
    koppel(wij, kleindochter, via=eerste.pk)
    zaak = bewaar(concept(wij), ontvangen=False)
    som = steun_nu(zaak, BESLUIT)
    assert som is not None
    assert (som.eerder, {r.steun.onderneming for r in som.regels}) == (
        Decimal("2000.00"),
        {dochter.naam, kleindochter.naam},
    )
    assert verwachte_verlening(zaak, BESLUIT) > BESLUIT.date()


@pytest.mark.django_db
def test_een_partner_is_niet_dezelfde_onderneming(staf: Staf) -> None:
    wij, partner = maak_organisatie(), maak_organisatie()
    verleende(partner, staf)
    gegevens = Verbondengegevens(partner.naam, Relatie.PARTNER, Decimal(40), partner.kvk_nummer)
    verbonden_bewaren(organisatie=wij, gegevens=gegevens, actor=None, op=TIJDENS)
    zaak = bewaar(concept(wij), ontvangen=False)
    assert eigen_steun([partner.kvk_nummer], na=date(2024, 1, 1), behalve=zaak) != []
    som = steun_nu(zaak, BESLUIT)
    assert som is not None
    assert som.eerder == 0


@pytest.mark.django_db
def test_op_de_dag_van_het_besluit_telt_wat_er_intussen_is_verleend(staf: Staf) -> None:
    wij = maak_organisatie()
    tijdvak = open_tijdvak(tabellen=TABELLEN)
    bewaar(maak_concept(tijdvak, wij), regel("298500.00"))  # with 1.000 it fits
    zaak = maak_compleet(tijdvak, staf.behandelaar, wij)
    loting_tot(tijdvak, staf)
    besluit = besluit_op(zaak, Besluitsoort.VERLENING, staf, tot="ondertekenen")
    verleende(wij, staf)  # another € 1.000 in the meantime: now it is € 500 over
    with pytest.raises(OvergangFout) as fout:
        besluit_verzenden(besluit=besluit, actor=staf.beslisser, op=BESLUIT)
    assert fout.value.code == "de-minimis-vol"
    assert "€ 300.500" in str(fout.value)
    assert vers(zaak).status == "geselecteerd"


@pytest.mark.django_db
def test_een_behandelaar_met_een_reden_houdt_het_laatste_woord(staf: Staf) -> None:
    wij = maak_organisatie()
    tijdvak = open_tijdvak(tabellen=TABELLEN)
    bewaar(maak_concept(tijdvak, wij), regel("299000.01"))
    zaak = maak_compleet(tijdvak, staf.behandelaar, wij)
    toets_beoordelen(
        toets=zaak.toetsen.get(code="de_minimis"),
        oordeel=Toetsuitkomst.VOLDOET,
        reden="Die steun is teruggevorderd.",
        actor=staf.behandelaar,
        op=NA,
    )
    loting_tot(tijdvak, staf)
    assert verleen(zaak, staf).status == "verleend"


@pytest.mark.django_db
def test_de_groep_verandert_en_de_toetsen_kijken_opnieuw() -> None:
    tabellen = {"aanvrager": {"soort": "onderneming", "mkb": True}}
    wij = maak_organisatie(omzet=Decimal(1), balanstotaal=Decimal(1), omvang_vorig="groot")
    wij_klein = maak_organisatie(omzet=Decimal(1), balanstotaal=Decimal(1))
    groot = maak_organisatie()
    zaak = maak_ingediend(open_tijdvak(tabellen=tabellen), wij)
    ander = maak_ingediend(open_tijdvak(tabellen=tabellen), wij_klein)
    assert zaak.toetsen.get(code="mkb").uitkomst == Toetsuitkomst.HANDMATIG  # was large, is small: two years needed
    rij = koppel(wij, groot, werkzame_personen=300)
    assert zaak.toetsen.get(code="mkb").uitkomst == Toetsuitkomst.VOLDOET_NIET
    assert zaak.toetsen.get(code="mkb").invoer["werkzame_personen"] == "312"
    assert ander.toetsen.get(code="mkb").uitkomst == Toetsuitkomst.VOLDOET
    verbonden_verwijderen(rij=rij, actor=None, op=NA)
    assert zaak.toetsen.get(code="mkb").uitkomst == Toetsuitkomst.HANDMATIG
    toetsen_uitvoeren(aanvraag=vers(zaak), op=NA)
    assert zaak.toetsen.get(code="mkb").uitkomst == Toetsuitkomst.HANDMATIG


@pytest.mark.django_db
def test_een_keten_die_op_zichzelf_hangt_kan_niet() -> None:
    wij, a, b = maak_organisatie(), maak_organisatie(), maak_organisatie()
    eerste = koppel(wij, a)
    tweede = koppel(wij, b, via=eerste.pk)
    gegevens = Verbondengegevens(a.naam, Relatie.VERBONDEN, Decimal(60), via=tweede.pk)
    with pytest.raises(InvoerFout):
        verbonden_bewaren(organisatie=wij, gegevens=gegevens, actor=None, op=NA, pk=eerste.pk)
    with pytest.raises(InvoerFout):
        koppel(wij, wij)
    with pytest.raises(InvoerFout):
        koppel(wij, b, via=10**9)
