"""A granted group: every member its own amount, claim, settlement and payment; the ledger keeps right."""

from __future__ import annotations

from decimal import Decimal

import pytest

from aanvragen.enums import Machtigingsoort
from aanvragen.models import Aanvraag, Deelnemer, Postbusbericht
from aanvragen.selectors import postbus_van
from aanvragen.services.behandeling import compleet_verklaren, in_behandeling_nemen
from aanvragen.services.concept import aanvraag_beginnen, velden_bewaren
from aanvragen.services.indienen import aanvraag_indienen
from aanvragen.services.organisatie import machtiging_verlenen
from aanvragen.services.steun import eigen_deel
from kern.enums import Berichtsoort, Rol
from kern.fouten import InvoerFout, OvergangFout, RechtenFout
from kern.models import Bericht, Gebruiker, LogRegel
from kern.services.voorkeuren import voorkeuren_bewaren
from regeling.models import Plafond, Tijdvak
from tests.aanvragen.test_deelnemers import concept, groepsronde, met
from tests.factories.ronde import (
    BESLUIT,
    EINDE,
    IBAN,
    NA,
    TIJDENS,
    Staf,
    eis_grootboek_klopt,
    gecontroleerd,
    gedeclareerd,
    loting_tot,
    maak_gebruiker,
    maak_organisatie,
    vastgesteld,
    verleen,
    vers,
)
from uitvoering.groepsbedragen import naar_rato
from uitvoering.models import Betaling
from uitvoering.services.betaling import (
    betaallijst_maken,
    betaling_accorderen,
    betaling_bevestigen,
    betaling_klaarzetten,
    betaling_weigeren,
)
from uitvoering.services.declaratie import declaratie_beginnen, declaratie_in_controle
from uitvoering.services.deelnemers import deelnemer_laten_vertrekken
from uitvoering.services.intrekking import zaak_intrekken

pytestmark = pytest.mark.django_db
LEDEN = (("00612345", 2000), ("00600002", 2000), ("00600003", 1000))


def gekozen_groep(staf: Staf, tijdvak: Tijdvak | None = None) -> Aanvraag:
    """A group of three that was drawn: € 1,000, € 1,000 and € 500."""
    tijdvak = tijdvak or groepsronde(declaratie_per_deelnemer=True)
    aanvraag = aanvraag_indienen(aanvraag=met(concept(tijdvak), *LEDEN), actor=None, op=TIJDENS)
    compleet_verklaren(
        aanvraag=in_behandeling_nemen(aanvraag=aanvraag, actor=staf.behandelaar, op=NA), actor=staf.behandelaar, op=NA
    )
    loting_tot(tijdvak, staf)
    return vers(aanvraag)


@pytest.fixture
def groep(staf: Staf) -> Aanvraag:
    return vers(verleen(gekozen_groep(staf), staf))


def lid(groep: Aanvraag, nr: int) -> Deelnemer:
    return groep.deelnemers.get(volgorde=nr)


def plafond(groep: Aanvraag) -> Plafond:
    eis_grootboek_klopt(groep.tijdvak)
    return Plafond.objects.get(tijdvak=groep.tijdvak, code="*")


def stel_vast(groep: Aanvraag, nr: int, kosten: int, staf: Staf) -> None:
    claim = gedeclareerd(vers(groep), Decimal(kosten), deelnemer=lid(groep, nr))
    gecontroleerd(claim, staf)
    vastgesteld(vers(groep), staf, deelnemer=lid(groep, nr))


@pytest.mark.parametrize(
    ("gevraagd", "totaal", "uit"),
    [
        ([1000, 1000, 500], "2500", ["1000", "1000", "500"]),
        ([1000, 1000, 1000], "1000", ["333.34", "333.33", "333.33"]),
        ([1, 2], "0", ["0", "0"]),
        ([], "0", []),
    ],
)
def test_een_lager_bedrag_gaat_naar_rato_en_op_de_cent(gevraagd: list[int], totaal: str, uit: list[str]) -> None:
    assert naar_rato([Decimal(g) for g in gevraagd], Decimal(totaal)) == [Decimal(u) for u in uit]


def test_meer_dan_gevraagd_verdelen_kan_niet() -> None:
    with pytest.raises(ValueError, match="past niet"):
        naar_rato([Decimal(1)], Decimal(2))


def test_na_de_verlening_heeft_elke_deelnemer_een_bedrag(groep: Aanvraag) -> None:
    assert [rij.toegekend_bedrag for rij in groep.deelnemers.all()] == [1000, 1000, 500]
    brief = str(groep.besluiten.get().brief_document)
    assert "Wat krijgt elke deelnemer hoogstens?" in brief
    assert "Bedrijf 00600003" in brief


def test_ieder_declareert_apart_en_daarna_is_de_groep_klaar(groep: Aanvraag, staf: Staf) -> None:
    stel_vast(groep, 0, 2400, staf)  # half of it is 1,200: more than the member was granted
    groep = vers(groep)
    assert (groep.status, lid(groep, 0).vastgesteld_bedrag, lid(groep, 0).iban) == ("in_uitvoering", 1000, IBAN)
    stel_vast(groep, 1, 1000, staf)
    stel_vast(groep, 2, 1000, staf)
    groep = vers(groep)
    assert (groep.status, groep.toegekend_bedrag, groep.vastgesteld_bedrag) == ("vastgesteld", 2500, 2000)
    stand = plafond(groep)
    assert (stand.verleend, stand.gedeclareerd, stand.vastgesteld, stand.vrijgevallen) == (2500, 4400, 2000, 500)
    betalingen = Betaling.objects.filter(aanvraag=groep).order_by("kenmerk")
    assert [(b.begunstigde, b.bedrag) for b in betalingen] == [
        ("Bedrijf 00612345", 1000),
        ("Bedrijf 00600002", 500),
        ("Bedrijf 00600003", 500),
    ]
    assert len({b.kenmerk for b in betalingen}) == 3
    besluit = groep.besluiten.get(deelnemer=lid(groep, 1))
    assert (besluit.vaststelling.verleend, besluit.vaststelling.bedrag) == (1000, 500)
    assert "p/a Proefbedrijf" in str(besluit.brief_document)


def postbus_codes(persoon: Gebruiker) -> list[str]:
    return sorted(postbus_van(persoon).values_list("sjabloon", flat=True))


def test_een_deelnemer_krijgt_zelf_bericht_en_niet_dat_van_een_ander(staf: Staf) -> None:
    gekozen = gekozen_groep(staf)
    eigen = maak_organisatie(kvk_nummer="00600002")
    persoon, vreemde, penvoerder = (maak_gebruiker() for _ in range(3))
    machtiging_verlenen(organisatie=eigen, gebruiker=persoon, soort=Machtigingsoort.BEHEERDER, actor=None, op=TIJDENS)
    machtiging_verlenen(
        organisatie=gekozen.organisatie, gebruiker=penvoerder, soort=Machtigingsoort.BEHEERDER, actor=None, op=TIJDENS
    )
    machtiging_verlenen(
        organisatie=eigen, gebruiker=vreemde, soort=Machtigingsoort.BEHEERDER, actor=vreemde, op=TIJDENS
    )
    voorkeuren_bewaren(gebruiker=persoon, keuzes={Berichtsoort.BESLUIT: True}, actor=persoon, op=TIJDENS)
    groep = vers(verleen(gekozen, staf))
    assert postbus_codes(persoon) == ["lid_verleend"]
    eerste = postbus_van(persoon).get()
    assert "€ 1.000" in eerste.tekst
    assert Bericht.objects.filter(sleutel__startswith=f"notificatie-{eerste.pk}", aan=persoon.email).count() == 1
    stel_vast(groep, 0, 2000, staf)  # another member
    stel_vast(vers(groep), 1, 1000, staf)
    assert postbus_codes(persoon) == ["lid_besluit", "lid_declaratie_ontvangen", "lid_verleend"]
    assert postbus_codes(vreemde) == []
    assert not [code for code in postbus_codes(penvoerder) if code.startswith("lid_")]


def test_wie_vertrekt_krijgt_daar_bericht_van(groep: Aanvraag) -> None:
    maak_organisatie(kvk_nummer="00600002")
    deelnemer_laten_vertrekken(deelnemer=lid(groep, 1), reden="Gestopt.", actor=None, op=BESLUIT)
    bericht = Postbusbericht.objects.get(sjabloon="lid_vertrokken")
    assert "Gestopt." in bericht.tekst
    assert bericht.organisatie.kvk_nummer == "00600002"
    assert Postbusbericht.objects.filter(deelnemer__isnull=False).count() == 1


def test_de_zaak_sluit_als_iedereen_is_betaald(groep: Aanvraag, staf: Staf) -> None:
    for nr in range(3):
        stel_vast(groep, nr, 2000, staf)
    tweede = maak_gebruiker(Rol.FINANCIEEL)
    for betaling in Betaling.objects.all():
        betaling_accorderen(betaling=betaling, actor=tweede, op=EINDE)
    betaallijst_maken(actor=tweede, op=EINDE)
    eerste, *rest = Betaling.objects.order_by("kenmerk")
    betaling_weigeren(betaling=eerste, reden="Rekening opgeheven.", actor=tweede, op=EINDE)
    for betaling in rest:
        betaling_bevestigen(betaling=betaling, actor=tweede, op=EINDE)
    assert vers(groep).status == "vastgesteld"  # the first member waits for its money
    nieuw = betaling_klaarzetten(
        aanvraag=vers(groep), bedrag=eerste.bedrag, actor=staf.beslisser, op=EINDE, deelnemer=eerste.deelnemer
    )
    betaling_accorderen(betaling=nieuw, actor=tweede, op=EINDE)
    betaallijst_maken(actor=tweede, op=EINDE)
    betaling_bevestigen(betaling=vers(nieuw), actor=tweede, op=EINDE)
    assert (vers(groep).status, plafond(groep).betaald) == ("afgesloten", 2500)


def _compleet(tijdvak: Tijdvak, staf: Staf, penvoerder: str, lid: str) -> Aanvraag:
    """A group of two that asks € 1,000 and € 500."""
    aanvraag = aanvraag_beginnen(
        tijdvak=tijdvak, organisatie=maak_organisatie(kvk_nummer=penvoerder), actor=None, op=TIJDENS
    )
    gegevens = {
        "contactpersoon": "Contact",
        "contact_email": "groep@proef.example",
        "titel": "Samen",
        "omschrijving": "Wat wij samen doen.",
        "antwoorden": {"de_minimis_eerder": "0.00"},
    }
    aanvraag = velden_bewaren(aanvraag=aanvraag, stap="project", gegevens=gegevens, actor=None, op=TIJDENS)
    aanvraag = aanvraag_indienen(aanvraag=met(aanvraag, (penvoerder, 2000), (lid, 1000)), actor=None, op=TIJDENS)
    aanvraag = in_behandeling_nemen(aanvraag=aanvraag, actor=staf.behandelaar, op=NA)
    return compleet_verklaren(aanvraag=aanvraag, actor=staf.behandelaar, op=NA)


def test_wie_vertrekt_maakt_het_totaal_lager_en_roept_de_reservelijst_op(staf: Staf) -> None:
    tijdvak = groepsronde(declaratie_per_deelnemer=True)
    Plafond.objects.filter(tijdvak=tijdvak).update(bedrag=2000)
    _compleet(tijdvak, staf, "00600001", "00600002")
    _compleet(tijdvak, staf, "00700001", "00700002")
    loting_tot(tijdvak, staf)
    groep, ander = Aanvraag.objects.filter(tijdvak=tijdvak).order_by("plaats__rang")
    groep = vers(verleen(groep, staf))
    assert vers(ander).status == "reserve"
    weg = lid(groep, 0)
    opgeroepen = deelnemer_laten_vertrekken(deelnemer=weg, reden="Gestopt.", actor=None, op=BESLUIT)
    groep = vers(groep)
    assert (groep.toegekend_bedrag, groep.status, opgeroepen) == (500, "verleend", [ander.kenmerk])
    assert vers(ander).status == "geselecteerd"
    stand = plafond(groep)
    assert (stand.verleend, stand.vrijgevallen, stand.gereserveerd) == (1500, 1000, 1500)
    assert groep.plaats.bedrag == 500
    assert eigen_deel(groep, Decimal(500), [weg.kvk_nummer]) == 0
    assert eigen_deel(groep, Decimal(500), [lid(groep, 1).kvk_nummer]) == 500
    regel = LogRegel.objects.get(handeling="deelnemer_vertrekken")
    assert (regel.reden, regel.gegevens["totaal"]) == ("Gestopt.", "500.00")
    with pytest.raises(OvergangFout, match="al vertrokken"):
        deelnemer_laten_vertrekken(deelnemer=weg, reden="Nog eens.", actor=None, op=BESLUIT)
    with pytest.raises(OvergangFout, match="vertrokken uit de groep"):
        declaratie_beginnen(aanvraag=groep, actor=None, op=EINDE, deelnemer=vers(weg))


def test_het_laatste_vertrek_rondt_de_groep_af(groep: Aanvraag, staf: Staf) -> None:
    stel_vast(groep, 0, 2000, staf)
    stel_vast(groep, 1, 2000, staf)
    deelnemer_laten_vertrekken(deelnemer=lid(groep, 2), reden="Gestopt.", actor=None, op=EINDE)
    groep = vers(groep)
    assert (groep.status, groep.toegekend_bedrag, groep.vastgesteld_bedrag) == ("vastgesteld", 2000, 2000)
    assert plafond(groep).vrijgevallen == 500


def test_de_laatste_deelnemer_trekt_het_geheel_in(groep: Aanvraag) -> None:
    for nr in (0, 1):
        deelnemer_laten_vertrekken(deelnemer=lid(groep, nr), reden="Gestopt.", actor=None, op=BESLUIT)
    with pytest.raises(OvergangFout, match="laatste deelnemer"):
        deelnemer_laten_vertrekken(deelnemer=lid(groep, 2), reden="Gestopt.", actor=None, op=BESLUIT)
    zaak_intrekken(aanvraag=vers(groep), reden="Alles stopt.", actor=None, op=BESLUIT)
    stand = plafond(groep)
    assert (vers(groep).status, stand.verleend - stand.vrijgevallen) == ("besluit_ingetrokken", 0)
    assert not groep.deelnemers.filter(vertrokken_op=None).exists()


def test_na_een_declaratie_trekt_niemand_het_geheel_meer_in(groep: Aanvraag) -> None:
    gedeclareerd(groep, Decimal(500), deelnemer=lid(groep, 1))
    with pytest.raises(OvergangFout, match="al gedeclareerd"):
        zaak_intrekken(aanvraag=vers(groep), reden="Alles stopt.", actor=None, op=BESLUIT)
    with pytest.raises(OvergangFout, match="al gedeclareerd"):
        deelnemer_laten_vertrekken(deelnemer=lid(groep, 1), reden="Gestopt.", actor=None, op=BESLUIT)


def test_voor_het_geheel_of_voor_een_ander_declareren_kan_niet(groep: Aanvraag, staf: Staf) -> None:
    with pytest.raises(InvoerFout, match="declareert elke deelnemer apart"):
        declaratie_beginnen(aanvraag=groep, actor=None, op=EINDE)
    vreemd = Deelnemer(pk=999_999, aanvraag_id=staf.behandelaar.pk, naam="Vreemd", toegekend_bedrag=Decimal(1))
    with pytest.raises(InvoerFout, match="geen eigen bedrag"):
        declaratie_beginnen(aanvraag=groep, actor=None, op=EINDE, deelnemer=vreemd)
    with pytest.raises(InvoerFout, match="reden ontbreekt"):
        deelnemer_laten_vertrekken(deelnemer=lid(groep, 0), reden=" ", actor=None, op=EINDE)


def test_wie_voor_een_deelnemer_handelt_behandelt_de_groep_niet(groep: Aanvraag, staf: Staf) -> None:
    machtiging_verlenen(
        organisatie=maak_organisatie(kvk_nummer="00600002"),
        gebruiker=staf.behandelaar,
        soort=Machtigingsoort.MEDEWERKER,
        actor=None,
        op=BESLUIT,
    )
    claim = gedeclareerd(groep, Decimal(500), deelnemer=lid(groep, 1))
    with pytest.raises(RechtenFout, match="deelnemer van deze groep"):
        declaratie_in_controle(declaratie=claim, actor=staf.behandelaar, op=EINDE)
