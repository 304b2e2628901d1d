"""Rounds whose ceiling counts vouchers or places: nothing about euros goes into the ledger, the draw or the letters."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils.translation import override

from aanvragen.enums import Status
from aanvragen.inhoud import gevraagd_in_woorden, rubrieken, toegekend_in_woorden
from aanvragen.models import Aanvraag
from aanvragen.selectors import tijdvak_cijfers
from aanvragen.services.behandeling import compleet_verklaren, in_behandeling_nemen
from aanvragen.services.concept import aanvraag_beginnen, begroting_bewaren, velden_bewaren
from aanvragen.services.indienen import aanvraag_indienen, gebreken
from aanvragen.services.toetsing import toetsen_vooraf
from beoordeling.models import Mutatie
from beoordeling.services.bewijs import aktetekst, bewijspakket, controleer_in_eigen_proces, lotingbestand
from beoordeling.services.rangschikking import plafond_verhogen
from kern.document.model import Alinea, Samenvatting
from kern.enums import Rol
from kern.fouten import InvoerFout, OvergangFout
from regeling.models import Plafond, Tijdvak
from regeling.ruimte import in_woorden
from tests.factories.portaal_aanvrager import BACKEND
from tests.factories.ronde import (
    BESLUIT,
    EINDE,
    NA,
    TIJDENS,
    Staf,
    besluit_op,
    eis_grootboek_klopt,
    gecontroleerd,
    gedeclareerd,
    geloot,
    loting_tot,
    maak_gebruiker,
    maak_organisatie,
    op_rang,
    open_tijdvak,
    opgedragen,
    regeling_dict,
    vastgesteld,
    verleen,
    vers,
)
from uitvoering.brieven import besluitbrief
from uitvoering.enums import Besluitsoort
from uitvoering.models import Besluit, Voucher
from uitvoering.services.betaling import betaallijst_maken, betaling_accorderen, betaling_bevestigen
from uitvoering.services.declaratie import declaratie_beginnen
from uitvoering.services.intrekking import zaak_intrekken

pytestmark = pytest.mark.django_db


def vouchers(aantal: int, staf: Staf) -> tuple[Tijdvak, list[Aanvraag]]:
    """A draw over ``aantal`` applications for 3 vouchers of € 5,000."""
    subsidie = {"vorm": "voucher", "eenheid": "stuks", "vast_bedrag": 5000, "staatssteun": "geen"}
    return geloot(aantal, staf, plafond=3, tabellen={"subsidie": subsidie})


def saldo(tijdvak: Tijdvak) -> tuple[Decimal, ...]:
    pot = Plafond.objects.get(tijdvak=tijdvak, code="*")
    return pot.gereserveerd, pot.verleend, pot.uitgegeven, pot.vastgesteld, pot.vrijgevallen, pot.betaald


# --- Vouchers ---------------------------------------------------------------------------------------------------


def test_een_aanvraag_vraagt_een_voucher_en_het_grootboek_telt_vouchers(staf: Staf) -> None:
    tijdvak, zaken = vouchers(5, staf)
    assert [zaak.status for zaak in zaken] == [Status.GESELECTEERD] * 3 + [Status.RESERVE] * 2
    assert {(zaak.gevraagd_stuks, zaak.gevraagd_bedrag) for zaak in zaken} == {(1, Decimal(5000))}
    assert [(zaak.toegekend_stuks, zaak.toegekend_bedrag) for zaak in zaken[:3]] == [(1, Decimal(5000))] * 3
    cijfers = tijdvak_cijfers(tijdvak)
    assert (cijfers.gevraagd_bedrag, cijfers.toegekend_bedrag, cijfers.plafond, cijfers.resteert) == (5, 3, 3, 0)
    assert saldo(tijdvak) == (3, 0, 0, 0, 0, 0)
    lijst = lotingbestand(tijdvak.rangschikking.loting, "deelnemers.csv").decode().splitlines()[1:]
    assert [regel.split(";")[1] for regel in lijst] == ["1"] * 5
    assert b'"plafond_cent":3,' in lotingbestand(tijdvak.rangschikking.loting, "protocol.json")
    assert "Te verdelen: 3 vouchers" in aktetekst(tijdvak.rangschikking.loting)


def test_een_voucher_van_verlening_tot_betaling(staf: Staf) -> None:
    """The holder gets euros; the ceiling counts one voucher at every step."""
    tijdvak, zaken = vouchers(4, staf)
    zaak = verleen(zaken[0], staf)
    assert Voucher.objects.get(aanvraag=zaak).bedrag == Decimal(5000)
    assert saldo(tijdvak) == (2, 1, 1, 0, 0, 0)
    zaak = opgedragen(zaak)
    gecontroleerd(gedeclareerd(zaak, Decimal(6000)), staf)
    vastgesteld(vers(zaak), staf)
    zaak = vers(zaak)
    assert zaak.vastgesteld_bedrag == Decimal(5000)
    betaling = betaling_accorderen(betaling=zaak.betalingen.get(), actor=staf.financieel, op=EINDE)
    betaallijst_maken(actor=staf.financieel, op=EINDE)
    betaling_bevestigen(betaling=vers(betaling), actor=staf.financieel, op=EINDE)
    assert saldo(tijdvak) == (2, 1, 1, 1, 0, 1)
    assert not Mutatie.objects.exists()
    eis_grootboek_klopt(tijdvak)


def test_een_voucher_die_op_nul_wordt_vastgesteld_gaat_naar_de_reservelijst(staf: Staf) -> None:
    tijdvak, zaken = vouchers(4, staf)
    zaak = opgedragen(verleen(zaken[0], staf))
    gecontroleerd(gedeclareerd(zaak, Decimal(6000)), staf, Decimal(0))
    vastgesteld(vers(zaak), staf)
    assert saldo(tijdvak) == (3, 1, 1, 0, 1, 0)
    assert vers(zaken[3]).status == Status.GESELECTEERD
    assert list(Mutatie.objects.values_list("soort", "bedrag")) == [("INTREKKING", 0)]
    eis_grootboek_klopt(tijdvak)


def test_intrekken_en_verhogen_gaan_per_voucher(staf: Staf) -> None:
    tijdvak, zaken = vouchers(7, staf)
    assert zaak_intrekken(aanvraag=zaken[1], reden="Nee", actor=None, op=BESLUIT) == [zaken[3].kenmerk]
    opgeroepen = plafond_verhogen(tijdvak=tijdvak, bedrag=Decimal(2), reden="Besluit", actor=staf.beheerder, op=BESLUIT)
    assert opgeroepen == [zaken[4].kenmerk, zaken[5].kenmerk]
    assert saldo(tijdvak)[0] == 5
    pakket = bewijspakket(tijdvak.rangschikking.loting)
    assert b";VERHOGING;*;2\n" in pakket["mutaties.csv"]
    controleer_in_eigen_proces(pakket)


def test_de_brief_noemt_vouchers_en_euros_op_hun_plaats(staf: Staf) -> None:
    tijdvak, zaken = vouchers(4, staf)
    besluit = besluit_op(zaken[0], Besluitsoort.VERLENING, staf)
    assert brief_regels(besluit)[0] == [
        ("Gevraagd bedrag", "€ 5.000"),
        ("Verleend bedrag (hoogstens)", "€ 5.000"),
    ]
    assert besluit.plafondstand == {"bedrag": "3.00", "vastgelegd": "3.00", "resteert": "0.00"}
    assert in_woorden(Decimal(besluit.plafondstand["bedrag"]), tijdvak) == "3 vouchers"


def brief_regels(besluit: Besluit) -> tuple[list[tuple[str, str]], list[str]]:
    besluit = vers(besluit)
    assert besluit.verzonden_op is not None
    assert besluit.bezwaar_tot is not None
    brief = besluitbrief(besluit, verzonden=besluit.verzonden_op.date(), bezwaar_tot=besluit.bezwaar_tot)
    regels = next(list(blok.regels) for blok in brief.blokken if isinstance(blok, Samenvatting))
    return regels, [str(blok.tekst) for blok in brief.blokken if isinstance(blok, Alinea)]


# --- Places -----------------------------------------------------------------------------------------------------

LEERGANG: dict[str, Any] = {
    "aanvrager": {"soort": "werknemers"},
    "subsidie": {"vorm": "plaats", "eenheid": "stuks", "staatssteun": "geen"},
    "leergang": {"bijeenkomsten": 7, "groep_minimum": 3, "groep_maximum": 5},
    "kostensoorten": [],
    "verdeling": {**regeling_dict()["verdeling"], "regel": "STOP"},
    "brieven": [
        {
            "soort": "verlening",
            "onderwerp": "U krijgt plaatsen: {kenmerk}",
            "alineas": ["U krijgt {bedrag} van de {plafond}; u vroeg {bedrag_gevraagd}."],
        }
    ],
}


def plaatsen_vragen(tijdvak: Tijdvak, staf: Staf, plaatsen: int | None) -> Aanvraag:
    aanvraag = aanvraag_beginnen(tijdvak=tijdvak, organisatie=maak_organisatie(), actor=None, op=TIJDENS)
    gegevens = {
        "contactpersoon": "Contact",
        "contact_email": "contact@proef.example",
        "titel": "Leergang",
        "omschrijving": "Wij willen leren.",
    }
    aanvraag = velden_bewaren(aanvraag=aanvraag, stap="project", gegevens=gegevens, actor=None, op=TIJDENS)
    return velden_bewaren(
        aanvraag=aanvraag, stap="plaatsen", gegevens={"gevraagd_stuks": plaatsen}, actor=None, op=TIJDENS
    )


def leergang(staf: Staf, *plaatsen: int, plafond: int = 10) -> tuple[Tijdvak, list[Aanvraag]]:
    """A draw over applications for these numbers of places."""
    tijdvak = open_tijdvak(plafond=plafond, tabellen=LEERGANG)
    for n in plaatsen:
        aanvraag = aanvraag_indienen(aanvraag=plaatsen_vragen(tijdvak, staf, n), actor=None, op=TIJDENS)
        aanvraag = in_behandeling_nemen(aanvraag=aanvraag, actor=staf.behandelaar, op=NA)
        compleet_verklaren(aanvraag=aanvraag, actor=staf.behandelaar, op=NA)
    loting_tot(tijdvak, staf)
    return Tijdvak.objects.get(pk=tijdvak.pk), op_rang(tijdvak)


def test_plaatsen_worden_gereserveerd_en_verleend_zonder_euros(staf: Staf) -> None:
    tijdvak, zaken = leergang(staf, 4, 4, 4)
    assert [zaak.status for zaak in zaken] == [Status.GESELECTEERD, Status.GESELECTEERD, Status.RESERVE]
    assert [(zaak.toegekend_stuks, zaak.toegekend_bedrag) for zaak in zaken[:2]] == [(4, None)] * 2
    assert saldo(tijdvak) == (8, 0, 0, 0, 0, 0)
    zaak = verleen(zaken[0], staf)
    assert saldo(tijdvak) == (4, 4, 0, 0, 0, 0)
    assert (gevraagd_in_woorden(zaak), toegekend_in_woorden(zaak)) == ("4 plaatsen", "4 plaatsen")
    besluit = zaak.besluiten.get()
    assert (besluit.bedrag, besluit.stuks) == (None, 4)
    regels, alineas = brief_regels(besluit)
    assert regels == [("Gevraagd", "4 plaatsen"), ("Toegekend", "4 plaatsen")]
    assert alineas[:2] == [
        "Wij geven u plaatsen in de leergang.",
        "U krijgt 4 plaatsen van de 10 plaatsen; u vroeg 4 plaatsen.",
    ]
    assert not any("€" in tekst or "betalen" in tekst for tekst in alineas)
    assert zaak_intrekken(aanvraag=vers(zaken[0]), reden="Nee", actor=None, op=BESLUIT) == [zaken[2].kenmerk]
    assert saldo(tijdvak) == (8, 4, 0, 0, 4, 0)
    eis_grootboek_klopt(tijdvak)


def test_bij_plaatsen_horen_geen_kosten(staf: Staf) -> None:
    tijdvak, zaken = leergang(staf, 2)
    with pytest.raises(InvoerFout, match="Bij plaatsen in een leergang hoort geen begroting."):
        begroting_bewaren(aanvraag=plaatsen_vragen(tijdvak_open(), staf, 2), posten=[], actor=None, op=TIJDENS)
    with pytest.raises(OvergangFout, match="Bij plaatsen in een leergang horen geen kosten."):
        declaratie_beginnen(aanvraag=verleen(zaken[0], staf), actor=None, op=EINDE)


def tijdvak_open() -> Tijdvak:
    return open_tijdvak(sleutel="tweede", plafond=10, tabellen=LEERGANG)


@pytest.mark.parametrize(
    ("plaatsen", "meldingen"),
    [
        (
            None,
            ["Vul in hoeveel plaatsen u vraagt.", "Aantal plaatsen: Er zijn geen plaatsen gevraagd."],
        ),
        (6, ["Aantal plaatsen: Er zijn 6 plaatsen gevraagd; een groep heeft er hoogstens 5."]),
        (5, []),
    ],
)
def test_hoeveel_plaatsen_men_kan_vragen(staf: Staf, plaatsen: int | None, meldingen: list[str]) -> None:
    aanvraag = plaatsen_vragen(tijdvak_open(), staf, plaatsen)
    assert [(gebrek.stap, gebrek.melding) for gebrek in gebreken(aanvraag, TIJDENS)] == [
        ("plaatsen", melding) for melding in meldingen
    ]
    assert "bedrag" not in {toets.code for toets in toetsen_vooraf(aanvraag, TIJDENS)}
    deel = next(deel for deel in rubrieken(aanvraag) if deel.stap == "plaatsen")
    assert deel.regels == (("Aantal plaatsen", "Niet ingevuld" if plaatsen is None else str(plaatsen)),)


def test_euros_en_plaatsen_gaan_niet_door_elkaar() -> None:
    aanvraag = aanvraag_beginnen(tijdvak=open_tijdvak(), organisatie=maak_organisatie(), actor=None, op=TIJDENS)
    with pytest.raises(InvoerFout, match="Deze regeling verdeelt geen plaatsen."):
        velden_bewaren(aanvraag=aanvraag, stap="project", gegevens={"gevraagd_stuks": 3}, actor=None, op=TIJDENS)


@pytest.mark.parametrize(
    ("aantal", "vorm", "woorden"),
    [(1, "voucher", "1 voucher"), (2000, "voucher", "2.000 vouchers"), (1, "plaats", "1 plaats")],
)
def test_in_woorden(aantal: int, vorm: str, woorden: str) -> None:
    bon = {"subsidie": {"vorm": "voucher", "eenheid": "stuks", "vast_bedrag": 10, "staatssteun": "geen"}}
    tabellen = LEERGANG if vorm == "plaats" else bon
    tijdvak = open_tijdvak(plafond=5000, tabellen=tabellen)
    with override("nl"):
        assert in_woorden(aantal, tijdvak) == woorden


def test_schermen_van_een_behandelaar_noemen_plaatsen(client: Client, staf: Staf) -> None:
    tijdvak, zaken = leergang(staf, 4, 4, 4)
    verleen(zaken[0], staf)
    client.force_login(maak_gebruiker(Rol.BEHANDELAAR), backend=BACKEND)
    zaak = client.get(reverse("portalen:zaak", args=[zaken[0].pk])).content.decode()
    assert "4 plaatsen" in zaak
    ronde = client.get(reverse("portalen:tijdvak", args=[tijdvak.sleutel])).content.decode()
    assert "12 plaatsen" in ronde
    uitslag = client.get(reverse("portalen:loting_uitslag", args=[tijdvak.sleutel])).content.decode()
    assert uitslag.count("4 plaatsen") == 2
