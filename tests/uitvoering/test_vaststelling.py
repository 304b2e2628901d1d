"""Settling: the arithmetic as a table, then the decision with money, voucher and reserve list (R38, R74, R75)."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from typing import Any

import pytest
from django.db import IntegrityError, transaction

from aanvragen.enums import Status
from aanvragen.models import Aanvraag
from beoordeling.models import Mutatie
from kern.fouten import InvoerFout, OvergangFout, RechtenFout
from regeling.enums import Boekingsoort
from regeling.models import Boeking, Plafond, Tijdvak
from regeling.schema import Regelingspec
from tests.factories.ronde import (
    EINDE,
    Staf,
    eis_grootboek_klopt,
    gecontroleerd,
    gedeclareerd,
    geloot,
    maak_spec,
    op_rang,
    opgedragen,
    tabel,
    vastgesteld,
    verleen,
    vers,
)
from uitvoering.enums import Besluitsoort
from uitvoering.models import Besluit, Betaling, Vaststelling
from uitvoering.services.besluit import besluit_ondertekenen, besluit_terugnemen
from uitvoering.services.vaststelling import (
    vaststelling_berekenen,
    vaststelling_verzenden,
    vaststelling_voorstellen,
)
from uitvoering.vaststelling import bereken_vaststelling

GROND = "de gemaakte kosten zijn lager dan begroot"
AWB = " (Awb 4:46, tweede lid, onder a)"


@dataclass
class Regel:
    bedrag: Decimal
    kostensoort: str = "adviseur"
    aantal: Decimal | None = None


def spec(**subsidie: Any) -> Regelingspec:
    velden = {**tabel("subsidie")["subsidie"], "maximum": 1_000_000, **subsidie}
    return maak_spec(subsidie={naam: waarde for naam, waarde in velden.items() if waarde is not None})


#: Stcrt. 2014, 19322 (R74): 50 %, and 40 % when less than 60 % of the grant was realised.
SECTOR = {"realisatie_ondergrens": 60, "realisatie_gevolg": "lager-percentage", "realisatie_percentage": 40}
#: RBZWB 2025:2019 (R75): € 12,500 granted, costs below € 12,000 give nothing.
DI = {"kosten_minimum_vaststelling": 12_000}


VAST = {"percentage": None, "maximum": None, "vast_bedrag": 500}
NIHIL = {"realisatie_ondergrens": 60, "realisatie_gevolg": "nihil"}
AFWEGING = {"realisatie_ondergrens": 60, "realisatie_gevolg": "afweging"}
TE_WEINIG = f"{GROND}; er is minder dan 60 % van de verleende subsidie gehaald"
ONDER_MINIMUM = "de kosten zijn lager dan het minimum bij de vaststelling"


@pytest.mark.parametrize(
    ("subsidie", "kosten", "verleend", "bedrag", "grond"),
    [
        # the legal example: € 320,000 of € 600,000; 50 % is 160,000 < 180,000, so 40 %
        (SECTOR, "320000", "300000", "128000.00", TE_WEINIG),
        (SECTOR, "360000", "300000", "180000.00", GROND),  # exactly 60 %
        (SECTOR, "359999.99", "300000", "143999.99", TE_WEINIG),
        (SECTOR, "600000", "300000", "300000.00", ""),
        (SECTOR, "700000", "300000", "300000.00", ""),  # never above the grant
        (DI, "5074", "12500", "0.00", ONDER_MINIMUM),
        (DI, "11999.99", "12500", "0.00", ONDER_MINIMUM),
        (DI, "12000", "12500", "6000.00", GROND),
        (NIHIL, "1199.99", "1000", "0.00", TE_WEINIG),
        (NIHIL, "1200", "1000", "600.00", GROND),
        (AFWEGING, "1000", "1000", "500.00", TE_WEINIG),  # the officer weighs; the sum is not changed
        ({}, "0.01", "1000", "0.00", GROND),
        ({}, "1999.99", "1000", "999.99", GROND),
        ({}, "2000", "1000", "1000.00", ""),
        (VAST, "1", "500", "500.00", ""),
    ],
)
def test_wat_wordt_vastgesteld(subsidie: dict[str, Any], kosten: str, verleend: str, bedrag: str, grond: str) -> None:
    uit = bereken_vaststelling(spec(**subsidie), [Regel(Decimal(kosten))], Decimal(verleend))
    assert (uit.bedrag, uit.grond) == (Decimal(bedrag), grond and grond + AWB)
    assert uit.regels[-1].omschrijving == "Vastgesteld bedrag"
    assert uit.regels[-1].bedrag == uit.bedrag


@pytest.mark.parametrize("subsidie", [{}, VAST, SECTOR])
def test_zonder_goedgekeurde_kosten_is_er_geen_subsidie(subsidie: dict[str, Any]) -> None:
    """Also with a fixed amount: that is for a project that was done."""
    uit = bereken_vaststelling(spec(**subsidie), [], Decimal(500))
    assert uit.bedrag == 0
    assert uit.grond.endswith(AWB)


def test_elke_stap_staat_in_de_berekening() -> None:
    uit = bereken_vaststelling(spec(**SECTOR), [Regel(Decimal(320_000))], Decimal(300_000))
    assert [(regel.omschrijving, regel.bedrag) for regel in uit.regels] == [
        ("Kosten die meetellen: Adviseur", 320_000),
        ("50 % van de kosten", 160_000),
        ("Subsidie", 160_000),
        ("Eigen bijdrage", 160_000),
        ("Minder dan 60 % gehaald: 40 % van de kosten", -32_000),
        ("Vastgesteld bedrag", 128_000),
    ]


# --- The decision -----------------------------------------------------------------------------------------------


def ronde(staf: Staf, aantal: int = 1, **opties: Any) -> list[Aanvraag]:
    """A round in which the selected applications were granted and given to an adviser; in rank order."""
    tijdvak, zaken = geloot(aantal, staf, **opties)
    for zaak in zaken:
        if zaak.status == Status.GESELECTEERD:
            opgedragen(verleen(zaak, staf))
    return op_rang(tijdvak)


def stel_vast(zaak: Aanvraag, staf: Staf, goed: str = "2000") -> Besluit:
    """A claim of € 2,000 of which ``goed`` euros were approved, settled and announced."""
    gecontroleerd(gedeclareerd(zaak), staf, Decimal(goed))
    return vastgesteld(vers(zaak), staf)


def plafond(tijdvak: Tijdvak) -> Plafond:
    return Plafond.objects.get(tijdvak=tijdvak, code="*")


@pytest.mark.django_db
def test_alles_goedgekeurd_is_het_verleende_bedrag(staf: Staf) -> None:
    zaak = ronde(staf)[0]
    besluit = stel_vast(zaak, staf)
    assert (besluit.soort, besluit.status, besluit.bedrag) == (Besluitsoort.VASTSTELLING, "verzonden", 1000)
    assert besluit.motivering == "De kosten zijn gemaakt en gecontroleerd."
    assert besluit.artikel == "artikel 3 van de Kaderwet, artikel 4:46 van de Algemene wet bestuursrecht"
    nu = vers(zaak)
    assert (nu.status, nu.vastgesteld_bedrag, nu.voucher.status) == (Status.VASTGESTELD, 1000, "verzilverd")
    vaststelling = besluit.vaststelling
    assert (vaststelling.kosten, vaststelling.verleend, vaststelling.bedrag, vaststelling.grond) == (
        2000,
        1000,
        1000,
        "",
    )
    betaling = Betaling.objects.get()
    assert (betaling.bedrag, betaling.iban, betaling.status) == (1000, nu.iban, "klaargezet")
    assert betaling.klaargezet_door == staf.beslisser
    saldo = plafond(zaak.tijdvak)
    assert (saldo.verleend, saldo.vastgesteld, saldo.vrijgevallen, saldo.vastgelegd) == (1000, 1000, 0, 1000)
    eis_grootboek_klopt(zaak.tijdvak)


@pytest.mark.django_db
def test_lager_vaststellen_geeft_de_rest_vrij_met_een_grond(staf: Staf) -> None:
    zaak = ronde(staf)[0]
    besluit = stel_vast(zaak, staf, "1500")
    assert (besluit.bedrag, besluit.vaststelling.grond) == (750, GROND + AWB)
    assert besluit.motivering == f"Het bedrag is lager dan verleend: {GROND}{AWB}."
    assert besluit.vaststelling.berekening[-1] == {"omschrijving": "Vastgesteld bedrag", "bedrag": "750.00"}
    saldo = plafond(zaak.tijdvak)
    assert (saldo.vastgesteld, saldo.vrijgevallen, saldo.vastgelegd) == (750, 250, 750)
    assert Betaling.objects.get().bedrag == 750
    eis_grootboek_klopt(zaak.tijdvak)


@pytest.mark.django_db
def test_wat_vrijkomt_roept_de_volgende_op(staf: Staf) -> None:
    """Ceiling € 2,000, three of € 1,000: after twice € 500 less there is room for the third."""
    zaken = ronde(staf, 3, plafond=2000)
    tijdvak = zaken[0].tijdvak
    stel_vast(zaken[0], staf, "1000")
    assert vers(zaken[2]).status == Status.RESERVE
    stel_vast(zaken[1], staf, "1000")
    assert (vers(zaken[2]).status, vers(zaken[2]).toegekend_bedrag) == (Status.GESELECTEERD, 1000)
    assert list(Mutatie.objects.values_list("soort", "kenmerk", "bedrag", "opgeroepen")) == [
        ("VERLAGING", zaken[0].kenmerk, 500, []),
        ("VERLAGING", zaken[1].kenmerk, 500, [zaken[2].kenmerk]),
    ]
    assert [vers(zaak).plaats.bedrag for zaak in zaken] == [500, 500, 1000]
    saldo = plafond(tijdvak)
    assert (saldo.gereserveerd, saldo.verleend, saldo.vrijgevallen, saldo.resteert) == (1000, 2000, 1000, 0)
    eis_grootboek_klopt(tijdvak)


@pytest.mark.django_db
def test_nihil_sluit_de_zaak_en_roept_de_volgende_op(staf: Staf) -> None:
    zaken = ronde(staf, 2, plafond=1000)
    besluit = stel_vast(zaken[0], staf, "0")
    nu = vers(zaken[0])
    assert (besluit.bedrag, nu.status, nu.vastgesteld_bedrag) == (0, Status.AFGESLOTEN, 0)
    assert (Betaling.objects.count(), Boeking.objects.filter(soort=Boekingsoort.VASTSTELLING).count()) == (0, 0)
    assert (vers(zaken[1]).status, nu.plaats.uitkomst) == (Status.GESELECTEERD, "vervallen")
    saldo = plafond(nu.tijdvak)
    assert (saldo.verleend, saldo.vrijgevallen, saldo.gereserveerd, saldo.resteert) == (1000, 1000, 1000, 0)
    eis_grootboek_klopt(nu.tijdvak)


@pytest.mark.django_db
def test_verzenden_gaat_een_keer(staf: Staf) -> None:
    zaak = ronde(staf)[0]
    besluit = stel_vast(zaak, staf, "1500")
    with pytest.raises(OvergangFout, match="heeft nu de status “Verzonden”"):
        vaststelling_verzenden(besluit=besluit, actor=staf.beslisser, op=EINDE)
    assert (Betaling.objects.count(), plafond(zaak.tijdvak).vrijgevallen) == (1, 250)


@pytest.mark.django_db
def test_eerst_de_controle_dan_de_vaststelling(staf: Staf) -> None:
    zaak = ronde(staf)[0]
    with pytest.raises(OvergangFout, match="Vaststellen kan pas als de declaratie is gecontroleerd."):
        vaststelling_berekenen(zaak)
    gedeclareerd(zaak)
    with pytest.raises(OvergangFout):
        vaststelling_voorstellen(aanvraag=vers(zaak), motivering="", actor=staf.behandelaar, op=EINDE)
    assert Besluit.objects.filter(soort=Besluitsoort.VASTSTELLING).count() == 0


@pytest.mark.django_db
def test_terugsturen_en_opnieuw_voorstellen(staf: Staf) -> None:
    zaak = ronde(staf)[0]
    gecontroleerd(gedeclareerd(zaak), staf, Decimal(1500))
    opties: dict[str, Any] = {"aanvraag": vers(zaak), "actor": staf.behandelaar, "op": EINDE}
    besluit = vaststelling_voorstellen(motivering="", **opties)
    with pytest.raises(OvergangFout, match="Er is al een vaststelling voorgesteld."):
        vaststelling_voorstellen(motivering="", **opties)
    besluit_terugnemen(besluit=besluit, reden="Leg het uit", actor=staf.beslisser, op=EINDE)
    opnieuw = vaststelling_voorstellen(motivering="Een deel is niet gedaan.", **opties)
    assert (opnieuw.pk, opnieuw.motivering, Vaststelling.objects.count()) == (
        besluit.pk,
        "Een deel is niet gedaan.",
        1,
    )


@pytest.mark.django_db
def test_vier_ogen_en_rollen(staf: Staf) -> None:
    zaak = ronde(staf)[0]
    gecontroleerd(gedeclareerd(zaak), staf)
    with pytest.raises(RechtenFout):
        vaststelling_voorstellen(aanvraag=vers(zaak), motivering="", actor=staf.financieel, op=EINDE)
    besluit = vaststelling_voorstellen(aanvraag=vers(zaak), motivering="", actor=staf.behandelaar, op=EINDE)
    with pytest.raises(OvergangFout, match="nog niet ondertekend"):
        vaststelling_verzenden(besluit=besluit, actor=staf.beslisser, op=EINDE)
    besluit = besluit_ondertekenen(besluit=besluit, actor=staf.beslisser, op=EINDE)
    with pytest.raises(RechtenFout):
        vaststelling_verzenden(besluit=besluit, actor=staf.financieel, op=EINDE)
    assert (vers(zaak).status, Betaling.objects.count()) == (Status.VASTSTELLING_GEVRAAGD, 0)


@pytest.mark.django_db
def test_een_ander_besluit_gaat_niet_langs_deze_weg(staf: Staf) -> None:
    besluit = Besluit.objects.get(aanvraag=ronde(staf)[0], soort=Besluitsoort.VERLENING)
    with pytest.raises(InvoerFout, match="Dit is geen vaststelling."):
        vaststelling_verzenden(besluit=besluit, actor=staf.beslisser, op=EINDE)


@pytest.mark.django_db
def test_de_database_eist_een_grond_bij_lager_en_nooit_meer_dan_verleend(staf: Staf) -> None:
    stel_vast(ronde(staf)[0], staf)
    for velden in ({"bedrag": 999}, {"bedrag": 1001, "grond": "x"}):
        with pytest.raises(IntegrityError), transaction.atomic():
            Vaststelling.objects.update(**velden)
