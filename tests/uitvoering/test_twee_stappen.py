"""Two stages from proposal to decision: invitation, reasons for who is not invited, the committee in stage two."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest
import time_machine
from django.test import Client

from aanvragen.enums import Machtigingsoort, Status
from aanvragen.models import Aanvraag, Postbusbericht
from aanvragen.selectors import eerste_voorstel, vervolg_van
from aanvragen.services.behandeling import compleet_verklaren, in_behandeling_nemen
from aanvragen.services.concept import aanvraag_beginnen, velden_bewaren
from aanvragen.services.indienen import aanvraag_indienen
from aanvragen.services.organisatie import machtiging_verlenen
from beoordeling.enums_commissie import Commissierol
from beoordeling.models import Toewijzing
from beoordeling.selectors_commissie import criteria_van, maatstaf_van
from beoordeling.services.commissie import commissie_instellen
from beoordeling.services.scoren import beoordeling_indienen
from beoordeling.services.toewijzen import beoordelaars_toewijzen
from beoordeling.services.toewijzing_antwoord import toewijzing_aanvaarden
from kern.models import Gebruiker
from portalen.formulieren.besluit import beginwaarden
from regeling.models import Tijdvak
from regeling.services.tijdvak import tijdvak_bijwerken, tijdvak_publiceren
from tests.factories.commissie import maak_lid
from tests.factories.ronde import (
    BESLUIT,
    NA,
    Staf,
    besluit_op,
    maak_gebruiker,
    vers,
)
from tests.factories.twee_stappen import OPEN_2, SLUIT_2, na_stap_1, twee_rondes
from uitvoering.enums import Afwijzingsgrond, Besluitsoort

pytestmark = pytest.mark.django_db


@pytest.fixture
def rondes() -> tuple[Tijdvak, Tijdvak]:
    return twee_rondes()


def volledig(rondes: tuple[Tijdvak, Tijdvak], eerder: Aanvraag) -> Aanvraag:
    tweede = vers(rondes[1])
    if tweede.status == "ontwerp":
        tweede = tijdvak_publiceren(tijdvak=tweede, actor=None, op=BESLUIT)
    tweede = tijdvak_bijwerken(tijdvak=tweede, op=OPEN_2)
    return aanvraag_beginnen(tijdvak=tweede, organisatie=eerder.organisatie, actor=None, op=OPEN_2)


def test_wie_boven_de_streep_staat_krijgt_een_uitnodiging(rondes: Any, staf: Staf) -> None:
    zaken = na_stap_1(rondes, staf, 90, 80, 70, 40)
    assert [zaak.status for zaak in zaken] == ["geselecteerd", "geselecteerd", "niet_geselecteerd", "niet_geselecteerd"]
    berichten = Postbusbericht.objects.filter(sleutel__startswith="tweede-stap-")
    assert {bericht.aanvraag_id for bericht in berichten} == {zaken[0].pk, zaken[1].pk}
    tekst = berichten.get(aanvraag=zaken[0]).tekst
    assert "3 juni 2026" in tekst or str(OPEN_2.day) in tekst
    vervolg = vervolg_van(zaken[0])
    assert vervolg is not None
    assert (vervolg.tijdvak, vervolg.aanvraag) == (rondes[1], None)
    assert vervolg_van(zaken[2]) is None


def test_wie_niet_wordt_uitgenodigd_krijgt_een_besluit_met_redenen(rondes: Any, staf: Staf) -> None:
    *_, onder_de_streep, onder_de_drempel = na_stap_1(rondes, staf, 90, 80, 70, 40)
    streep = beginwaarden(onder_de_streep, Besluitsoort.AFWIJZING, 3)
    assert streep == {
        "grond": Afwijzingsgrond.PLAFOND,
        "motivering": "De commissie gaf uw aanvraag een score van 70,00 (van 0 tot en met 100). Per onderdeel, van 1 "
        "tot en met 5: Idee: 3,80. Uw aanvraag staat daarmee op nummer 3. Alle plaatsen in de tweede stap gingen naar "
        "aanvragen met een hogere plaats.",
    }
    drempel = beginwaarden(onder_de_drempel, Besluitsoort.AFWIJZING, None)
    assert drempel["grond"] == Afwijzingsgrond.SCORE
    assert drempel["motivering"].endswith("haalt uw aanvraag de drempel niet voor: de score in totaal.")
    besluit = besluit_op(onder_de_streep, Besluitsoort.AFWIJZING, staf, grond=Afwijzingsgrond.PLAFOND)
    assert besluit.plafondstand == {"bedrag": "2.00", "vastgelegd": "2.00", "resteert": "0.00"}
    assert vers(onder_de_streep).status == "afgewezen"


def test_het_volledige_voorstel_begint_met_wat_er_al_was(rondes: Any, staf: Staf) -> None:
    eerder = na_stap_1(rondes, staf, 90)[0]
    Aanvraag.objects.filter(pk=eerder.pk).update(start_op=date(2027, 1, 1), doelen=[1, 3])
    concept = volledig(rondes, eerder)
    assert (concept.titel, concept.start_op, concept.doelen) == (eerder.titel, date(2027, 1, 1), [1, 3])
    assert (concept.gevraagd_bedrag, concept.kosten_totaal, concept.gevraagd_stuks) == (1000, 2000, None)
    assert list(concept.begroting.values_list("omschrijving", "bedrag")) == [("Advies", 2000)]
    assert eerder.begroting.count() == 1
    assert eerste_voorstel(concept) == eerder
    vervolg = vervolg_van(vers(eerder))
    assert vervolg is not None
    assert vervolg.aanvraag == concept


def test_de_commissie_beoordeelt_de_tweede_stap_op_haar_eigen_criteria(rondes: Any, staf: Staf) -> None:
    eerste, tweede = rondes
    assert [c.code for c in criteria_van(eerste)] == ["idee"]
    assert [c.code for c in criteria_van(tweede)] == ["aanpak", "gebruik"]
    assert maatstaf_van(tweede).gewichten == (60, 40)
    zaken = []
    for eerder in na_stap_1(rondes, staf, 90, 80):
        zaak = aanvraag_indienen(aanvraag=volledig(rondes, eerder), actor=None, op=OPEN_2)
        zaak = in_behandeling_nemen(aanvraag=zaak, actor=staf.behandelaar, op=OPEN_2)
        zaken.append(compleet_verklaren(aanvraag=zaak, actor=staf.behandelaar, op=OPEN_2))
    na = SLUIT_2 + timedelta(days=1)
    tweede = tijdvak_bijwerken(tijdvak=vers(tweede), op=na)
    commissie = commissie_instellen(tijdvak=tweede, naam="", scoren_tot=na + timedelta(days=20), actor=None, op=OPEN_2)
    maak_lid(commissie)
    maak_lid(commissie)
    secretaris = maak_lid(commissie, Commissierol.SECRETARIS).gebruiker
    beoordelaars_toewijzen(commissie=commissie, actor=secretaris, op=na)
    toewijzing = Toewijzing.objects.filter(aanvraag=zaken[0]).first()
    assert toewijzing is not None
    beoordelaar = toewijzing.lid.gebruiker
    toewijzing = toewijzing_aanvaarden(toewijzing=toewijzing, verklaring=True, actor=beoordelaar, op=na)
    client = Client()
    client.force_login(beoordelaar)
    with time_machine.travel(na, tick=False):
        tekst = client.get(f"/werk/beoordelen/{toewijzing.pk}/").content.decode()
    assert ("Aanpak" in tekst, "Gebruik" in tekst, ">Idee<" in tekst) == (True, True, False)
    toewijzing = beoordeling_indienen(
        toewijzing=toewijzing,
        ingevuld={"aanpak": (4, "Dat staat goed in het plan."), "gebruik": (3, "Dat staat goed in het plan.")},
        actor=beoordelaar,
        op=na,
    )
    assert toewijzing.status == "vastgesteld"  # one assessor: then the score is the final score


def gemachtigde(aanvraag: Aanvraag) -> Gebruiker:
    gebruiker = maak_gebruiker()
    machtiging_verlenen(
        organisatie=aanvraag.organisatie, gebruiker=gebruiker, soort=Machtigingsoort.BEHEERDER, actor=None, op=NA
    )
    return gebruiker


def pagina(gebruiker: Gebruiker, adres: str) -> str:
    client = Client()
    client.force_login(gebruiker)
    return str(client.get(adres).content.decode())


def test_de_schermen_voor_aanvrager_en_behandelaar(rondes: Any, staf: Staf) -> None:
    eerder = na_stap_1(rondes, staf, 90)[0]
    aanvrager, behandelaar = gemachtigde(eerder), staf.behandelaar
    adres, zaak = f"/aanvragen/{eerder.pk}/", f"/werk/zaken/{eerder.pk}/"
    with time_machine.travel(BESLUIT, tick=False):
        assert "U bent uitgenodigd voor een volledig voorstel" in pagina(aanvrager, adres)
        tekst = pagina(behandelaar, zaak)
        assert ("De aanvrager is uitgenodigd" in tekst, "Verlening voorstellen" in tekst) == (True, False)
    concept = volledig(rondes, eerder)
    with time_machine.travel(OPEN_2, tick=False):
        assert "Verder met het volledige voorstel" in pagina(aanvrager, adres)
    velden_bewaren(aanvraag=concept, stap="project", gegevens={"titel": "Volledig"}, actor=None, op=OPEN_2)
    vol = aanvraag_indienen(aanvraag=concept, actor=None, op=OPEN_2)
    with time_machine.travel(OPEN_2, tick=False):
        assert "Uw eerste voorstel" in pagina(aanvrager, f"/aanvragen/{vol.pk}/")
        assert f"Het volledige voorstel is binnen: {vol.kenmerk}" in pagina(behandelaar, zaak)
        assert eerder.kenmerk in pagina(behandelaar, f"/werk/zaken/{vol.pk}/")


def test_de_tweede_stap_staat_niet_tussen_wat_iedereen_kan_aanvragen(rondes: Any, staf: Staf) -> None:
    eerder = na_stap_1(rondes, staf, 90)[0]
    tweede = tijdvak_publiceren(tijdvak=rondes[1], actor=None, op=BESLUIT)
    tijdvak_bijwerken(tijdvak=tweede, op=OPEN_2)
    nieuw = f"/aanvragen/nieuw/{tweede.sleutel}/"
    with time_machine.travel(OPEN_2, tick=False):
        assert nieuw in pagina(gemachtigde(eerder), f"/aanvragen/{eerder.pk}/")
        ander = maak_gebruiker()
        assert nieuw not in pagina(ander, "/mijn-aanvragen/")
        assert f"/regelingen/{tweede.sleutel}/" in pagina(ander, "/regelingen/")
        assert f"/regelingen/{tweede.sleutel}/" not in pagina(ander, "/")


def test_bij_een_rangschikking_heet_het_geen_plaats_in_de_loting(rondes: Any, staf: Staf) -> None:
    eerder = na_stap_1(rondes, staf, 90)[0]
    with time_machine.travel(BESLUIT, tick=False):
        eigen = pagina(gemachtigde(eerder), f"/aanvragen/{eerder.pk}/")
        werk = pagina(staf.behandelaar, f"/werk/zaken/{eerder.pk}/")
    assert ("Uw plaats op de lijst" in eigen, "Uw plaats in de loting" in eigen) == (True, False)
    assert ("Plaats op de lijst" in werk, "Plaats in de loting" in werk) == (True, False)


def test_een_volledig_voorstel_dat_niet_kwam(rondes: Any, staf: Staf) -> None:
    eerder = na_stap_1(rondes, staf, 90)[0]
    assert eerder.status == Status.GESELECTEERD
    assert "niet op tijd" in beginwaarden(eerder, Besluitsoort.AFWIJZING, 1)["motivering"]
    volledig_dicht = SLUIT_2 + timedelta(days=1)
    tijdvak_bijwerken(tijdvak=tijdvak_publiceren(tijdvak=vers(rondes[1]), actor=None, op=BESLUIT), op=volledig_dicht)
    with time_machine.travel(volledig_dicht, tick=False):
        assert "U stuurde geen volledig voorstel op tijd" in pagina(gemachtigde(eerder), f"/aanvragen/{eerder.pk}/")
