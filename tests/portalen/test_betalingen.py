"""Payments on screen: the second signature, the list for the bank, paid or returned."""

from __future__ import annotations

from decimal import Decimal

import pytest

from aanvragen.enums import Status
from aanvragen.models import Aanvraag
from aanvragen.services.organisatie import machtiging_verlenen
from beoordeling.models import Belang
from kern.enums import Rol
from kern.services.gebruikers import rol_toekennen
from tests.factories.portaal_medewerker import IBAN, LATER, als, gelote_ronde, meldingen, op_moment, tekst, vastgesteld
from tests.factories.ronde import maak_gebruiker
from uitvoering.enums import Betalingstatus
from uitvoering.models import Betaallijst, Betaling
from uitvoering.services.betaling import betaallijst_maken, betaling_accorderen

pytestmark = pytest.mark.django_db

LIJST = "/werk/betalingen/"
BULK = "/werk/betalingen/bulk/"


@pytest.fixture
def ronde():
    """Three payments that wait for the second signature."""
    ronde = gelote_ronde(3, plafond=3000)
    for zaak, kosten in zip(ronde.zaken, (2000, 1000, 500), strict=True):
        vastgesteld(ronde, zaak, kosten)
    with op_moment(LATER):
        yield ronde


def bulk(client, handeling, betalingen, **velden):
    gegevens = {"handeling": handeling, "gekozen": [str(betaling.pk) for betaling in betalingen], **velden}
    return client.post(BULK, gegevens)


def geaccordeerd(ronde) -> list[Betaling]:
    return [
        betaling_accorderen(betaling=betaling, actor=ronde.ploeg.financieel, op=LATER)
        for betaling in Betaling.objects.order_by("kenmerk")
    ]


def test_stages_totals_and_who_put_it_ready(ronde):
    antwoord = als(ronde.ploeg.financieel).get(LIJST)
    assert [(str(stand["naam"]), stand["aantal"]) for stand in antwoord.context["standen"]] == [
        ("Te accorderen", 3),
        ("Geaccordeerd", 0),
        ("Op een betaallijst", 0),
        ("Betaald", 0),
        ("Teruggestuurd door de bank", 0),
    ]
    assert antwoord.context["totaal"] == Decimal("1750.00")
    assert "3 betalingen, samen € 1.750" in tekst(antwoord)
    assert str(ronde.ploeg.behandelaar) in tekst(antwoord)


def test_search(ronde):
    client = als(ronde.ploeg.financieel)
    zaak = ronde.zaken[1]
    antwoord = client.get(f"{LIJST}?zoek={zaak.organisatie.naam}")
    assert [betaling.aanvraag_id for betaling, _bezwaar in antwoord.context["rijen"]] == [zaak.pk]
    assert len(client.get(f"{LIJST}?zoek={IBAN[:4]} {IBAN[4:8]}").context["rijen"]) == 3
    assert len(client.get(f"{LIJST}?zoek=bestaat-niet").context["rijen"]) == 0


def test_same_number_of_queries_for_one_and_three_rows(ronde, django_assert_num_queries):
    client = als(ronde.ploeg.financieel)
    client.get(LIJST)
    with django_assert_num_queries(12):
        assert len(client.get(f"{LIJST}?zoek={ronde.zaken[0].kenmerk}").context["rijen"]) == 1
    with django_assert_num_queries(12):
        assert len(client.get(LIJST).context["rijen"]) == 3


def test_approving_in_bulk_by_a_second_person(ronde):
    eerste = Betaling.objects.order_by("kenmerk")[0]
    Betaling.objects.filter(pk=eerste.pk).update(klaargezet_door=ronde.ploeg.financieel)
    client = als(ronde.ploeg.financieel)
    voorbeeld = bulk(client, "accorderen", Betaling.objects.all())
    assert sorted((regel.rij.kenmerk, regel.bezwaar) for regel, _url in voorbeeld.context["regels"])[0] == (
        eerste.kenmerk,
        "U zette deze betaling zelf klaar. Een collega moet haar accorderen.",
    )
    assert Betaling.objects.filter(status=Betalingstatus.KLAARGEZET).count() == 3
    resultaat = client.get(bulk(client, "accorderen", Betaling.objects.all(), bevestigd="ja").url)
    assert (resultaat.context["gelukt"], resultaat.context["geweigerd"]) == (2, 1)
    assert resultaat.context["regels"][0]["melding"].startswith("Wie de betaling klaarzet, accordeert haar niet.")
    assert Betaling.objects.get(pk=eerste.pk).status == Betalingstatus.KLAARGEZET


def test_a_list_for_the_bank(ronde):
    geaccordeerd(ronde)
    client = als(ronde.ploeg.financieel)
    assert "3 betalingen zijn geaccordeerd en staan nog op geen lijst" in tekst(client.get(LIJST))
    vraag = client.get(f"{LIJST}lijst/")
    assert (vraag.context["aantal"], vraag.context["totaal"]) == (3, Decimal("1750.00"))
    assert Betaallijst.objects.count() == 0
    antwoord = client.post(f"{LIJST}lijst/")
    assert meldingen(antwoord) == ["Betaallijst 1 is gemaakt: 3 betalingen, samen € 1.750."]
    bestand = client.get(f"{LIJST}lijst/1.csv")
    regels = b"".join(bestand.streaming_content).decode().splitlines()
    assert (regels[0], len(regels)) == ("kenmerk;begunstigde;iban;bedrag;omschrijving", 4)
    assert bestand["Content-Disposition"] == 'attachment; filename="betaallijst-0001.csv"'
    assert client.get(f"{LIJST}lijst/2.csv").status_code == 404


def test_no_list_without_approved_payments(ronde):
    client = als(ronde.ploeg.financieel)
    assert "Er zijn geen geaccordeerde betalingen." in tekst(client.get(f"{LIJST}lijst/"))
    antwoord = client.post(f"{LIJST}lijst/")
    assert meldingen(antwoord) == ["Er zijn geen geaccordeerde betalingen. Laat eerst betalingen accorderen."]
    assert Betaallijst.objects.count() == 0


def test_paid_closes_the_cases(ronde):
    betalingen = geaccordeerd(ronde)
    betaallijst_maken(actor=ronde.ploeg.financieel, op=LATER)
    client = als(ronde.ploeg.financieel)
    assert len(client.get(f"{LIJST}?stand=op-lijst").context["rijen"]) == 3
    bulk(client, "bevestigen", betalingen[:2], bevestigd="ja")
    assert sorted(Aanvraag.objects.values_list("status", flat=True)) == [
        Status.AFGESLOTEN,
        Status.AFGESLOTEN,
        Status.VASTGESTELD,
    ]
    opnieuw = client.get(bulk(client, "bevestigen", betalingen[:1], bevestigd="ja").url)
    assert (opnieuw.context["gelukt"], opnieuw.context["geweigerd"]) == (0, 1)
    assert "heeft nu de status “Betaald”" in opnieuw.context["regels"][0]["melding"]


def test_returned_needs_the_reason_of_the_bank(ronde):
    betaling = geaccordeerd(ronde)[0]
    betaallijst_maken(actor=ronde.ploeg.financieel, op=LATER)
    client = als(ronde.ploeg.financieel)
    leeg = bulk(client, "weigeren", [betaling], bevestigd="ja", reden=" ")
    assert leeg.status_code == 400
    assert leeg.context["form"].errors == {"reden": ["Vul “Reden van de bank” in."]}
    assert Betaling.objects.get(pk=betaling.pk).status == Betalingstatus.IN_BESTAND
    bulk(client, "weigeren", [betaling], bevestigd="ja", reden="Rekening opgeheven.")
    betaling.refresh_from_db()
    assert (betaling.status, betaling.reden) == (Betalingstatus.GEWEIGERD, "Rekening opgeheven.")
    assert "Rekening opgeheven." in tekst(client.get(f"{LIJST}?stand=geweigerd"))


def test_a_returned_payment_is_put_ready_again_once(ronde):
    betaling = geaccordeerd(ronde)[0]
    betaallijst_maken(actor=ronde.ploeg.financieel, op=LATER)
    client = als(ronde.ploeg.financieel)
    bulk(client, "weigeren", [betaling], bevestigd="ja", reden="Rekening opgeheven.")
    for verwacht in ((1, 0), (0, 1)):
        resultaat = client.get(bulk(client, "opnieuw", [betaling], bevestigd="ja").url)
        assert (resultaat.context["gelukt"], resultaat.context["geweigerd"]) == verwacht
    nieuw = Betaling.objects.get(aanvraag=betaling.aanvraag, status=Betalingstatus.KLAARGEZET)
    assert (nieuw.bedrag, nieuw.klaargezet_door) == (betaling.bedrag, ronde.ploeg.financieel)
    geweigerd = client.get(bulk(client, "accorderen", [nieuw], bevestigd="ja").url)
    assert geweigerd.context["geweigerd"] == 1


def test_only_finance_comes_here(ronde):
    ander = maak_gebruiker(Rol.BEHANDELAAR, Rol.BESLISSER, Rol.BEHEERDER, Rol.AUDITOR)
    client = als(ander)
    assert client.get(LIJST).status_code == 403
    assert bulk(client, "accorderen", Betaling.objects.all(), bevestigd="ja").status_code == 403
    assert client.post(f"{LIJST}lijst/").status_code == 403
    assert Betaling.objects.filter(status=Betalingstatus.KLAARGEZET).count() == 3
    rol_toekennen(gebruiker=ander, rol=Rol.FINANCIEEL, op=LATER, actor=None)
    assert als(ander).get(LIJST).status_code == 200


@pytest.mark.parametrize("hoe", ["belang", "machtiging"])
def test_who_has_an_interest_in_one_payment_gets_no_list(ronde, hoe):
    """The page hides the payment; the file is complete, so it is not for this person at all."""
    partij, zaak = maak_gebruiker(Rol.FINANCIEEL), ronde.zaken[0]
    if hoe == "belang":
        Belang.objects.create(aanvraag=zaak, gebruiker=partij, soort="gemeld", bron="lid", reden="Buurman.", op=LATER)
    else:
        machtiging_verlenen(organisatie=zaak.organisatie, gebruiker=partij, soort="medewerker", actor=None, op=LATER)
    geaccordeerd(ronde)
    client = als(partij)
    antwoord = client.post(f"{LIJST}lijst/")
    assert Betaallijst.objects.count() == 0
    assert "waarbij u een belang hebt" in meldingen(antwoord)[0]
    betaallijst_maken(actor=ronde.ploeg.financieel, op=LATER)
    antwoord = client.get(f"{LIJST}lijst/1.csv")
    assert antwoord.status_code == 403
    assert "waarbij u een belang hebt" in tekst(antwoord)
    assert zaak.kenmerk not in antwoord.content.decode()
    assert len(client.get(f"{LIJST}?stand=op-lijst").context["rijen"]) == 2
    inhoud = b"".join(als(ronde.ploeg.financieel).get(f"{LIJST}lijst/1.csv").streaming_content).decode()
    assert all(z.kenmerk in inhoud for z in ronde.zaken)
