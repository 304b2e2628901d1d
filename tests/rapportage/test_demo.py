"""What waits for whom in the demonstration: each part is at the point that the README names, and its pages open."""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal

import pytest
from django.test import Client
from django.utils import timezone

from aanvragen.models import Aanvraag
from aanvragen.selectors import vervolg_van
from beoordeling.models import Loting
from kern.models import Gebruiker
from rapportage.services.demo import WACHTWOORD, demo_logins, demorondes_maken, personen_maken
from rapportage.services.demo_groep import groep_maken
from rapportage.services.demo_leergang import leergang_maken
from rapportage.services.demo_loting import AANTAL, loting_klaarzetten
from rapportage.services.demo_stappen import stappen_maken
from uitvoering.models import Betaling, Cohort, Cursist, Declaratie, Voorstel

pytestmark = pytest.mark.django_db
Mensen = dict[str, Gebruiker]
CIJFERS = "31415926535897932384626433832795"


@pytest.fixture
def op() -> datetime:
    return timezone.now()


@pytest.fixture
def mensen(op: datetime) -> Mensen:
    return personen_maken(op)


def als(gebruiker: Gebruiker) -> Client:
    client = Client()
    client.force_login(gebruiker)
    return client


def lees(gebruiker: Gebruiker, *adressen: str) -> str:
    """The text of the last of these pages; all of them open."""
    client, tekst = als(gebruiker), ""
    for adres in adressen:
        antwoord = client.get(adres)
        assert antwoord.status_code == 200, adres
        tekst = " ".join(antwoord.content.decode().split())
    return tekst


@pytest.fixture
def loting(mensen: Mensen, op: datetime) -> Loting:
    demorondes_maken(op)
    return loting_klaarzetten(mensen=mensen, op=op)


def test_een_loting_wacht_op_de_dobbelstenen(loting: Loting, mensen: Mensen, op: datetime) -> None:
    assert (loting.status, loting.aantal, loting.bronnen_op) == ("gepubliceerd", AANTAL, None)
    assert loting.trekking_gepland_op <= op
    assert timezone.localdate(loting.trekking_gepland_op) == timezone.localdate(op)
    ronde = "/werk/tijdvakken/demo-loting/"
    assert f"{ronde}loting/bronnen/" in lees(mensen["notaris"], "/werk/tijdvakken/", ronde, f"{ronde}loting/")
    assert "Dobbelstenen: eerste keer" in lees(mensen["notaris"], f"{ronde}loting/bronnen/")
    assert "Dobbelstenen: eerste keer" in lees(mensen["secretaris"], f"{ronde}loting/bronnen/")  # the witness
    assert loting.protocol_sha256 in lees(mensen["ondernemer"], "/regelingen/demo-loting/loting/")


def test_van_dobbelstenen_tot_uitslag(loting: Loting, mensen: Mensen) -> None:
    notaris, adres = als(mensen["notaris"]), "/werk/tijdvakken/demo-loting/loting/"
    groepen = {f"notaris_{nr}": CIJFERS[8 * nr : 8 * nr + 8] for nr in range(4)}
    for keer in (1, 2):
        antwoord = notaris.post(f"{adres}bronnen/", {"poging": 1, "keer": keer, **groepen})
        assert antwoord.status_code == 302
    assert notaris.post(f"{adres}trekken/").status_code == 302
    assert als(mensen["beslisser"]).post(f"{adres}vaststellen/").status_code == 302
    loting.refresh_from_db()
    assert loting.vastgesteld_op is not None
    uitkomsten = Aanvraag.objects.filter(tijdvak=loting.tijdvak).values_list("status", flat=True)
    assert sorted(uitkomsten) == ["geselecteerd"] * 6 + ["reserve"] * 2
    lees(mensen["notaris"], adres, f"{adres}uitslag/")


@pytest.fixture
def groep(mensen: Mensen, op: datetime) -> Aanvraag:
    return groep_maken(mensen=mensen, op=op)


def test_van_de_groep_is_ieder_lid_ergens_anders(groep: Aanvraag, mensen: Mensen) -> None:
    penvoerder, tweede, derde = groep.deelnemers.order_by("volgorde")
    assert (groep.status, groep.toegekend_bedrag) == ("in_uitvoering", Decimal(120_000))
    claims = {claim.deelnemer: claim.status for claim in Declaratie.objects.filter(aanvraag=groep)}
    assert claims == {penvoerder: "ingediend", derde: "goedgekeurd"}
    betaling = Betaling.objects.get()
    assert (betaling.deelnemer, betaling.status, betaling.bedrag) == (derde, "klaargezet", Decimal(32_000))
    adres = f"/aanvragen/{groep.pk}/"
    assert "Nog geen declaratie" in lees(mensen["ondernemer"], "/mijn-aanvragen/", adres, f"{adres}deelnemers/")
    lees(mensen["ondernemer"], *(f"/deelname/{lid.pk}/" for lid in (penvoerder, tweede, derde)))
    zaak = f"/werk/zaken/{groep.pk}/"
    assert "In controle nemen" in lees(mensen["behandelaar"], zaak, f"{zaak}deelnemers/")
    lees(mensen["behandelaar"], f"{zaak}deelnemers/{penvoerder.pk}/declaratie/")
    assert betaling.kenmerk in lees(mensen["financieel"], "/werk/betalingen/")


def test_de_collega_declareert_voor_een_ander_lid_en_ziet_de_aanvraag_niet(groep: Aanvraag, mensen: Mensen) -> None:
    penvoerder, tweede, derde = groep.deelnemers.order_by("volgorde")
    assert f"/deelname/{tweede.pk}/" in lees(mensen["collega"], "/mijn-aanvragen/")
    assert "Factuur toevoegen" in lees(mensen["collega"], f"/deelname/{tweede.pk}/")
    for adres in (f"/deelname/{penvoerder.pk}/", f"/deelname/{derde.pk}/", f"/aanvragen/{groep.pk}/"):
        assert als(mensen["collega"]).get(adres).status_code == 404
        lees(mensen["ondernemer"], adres)


def test_een_voorstel_is_uitgenodigd_en_een_is_afgewezen(mensen: Mensen, op: datetime) -> None:
    firma = groep_maken(mensen=mensen, op=op).organisatie
    door, niet_door = stappen_maken(mensen=mensen, organisatie=firma, op=op)
    assert (door.status, niet_door.status) == ("geselecteerd", "afgewezen")
    vervolg = vervolg_van(door)
    assert vervolg is not None
    assert (vervolg.tijdvak.status, vervolg.aanvraag, vervolg_van(niet_door)) == ("open", None, None)
    assert "Volledig voorstel beginnen" in lees(mensen["ondernemer"], f"/aanvragen/{door.pk}/")
    beginnen = f"/aanvragen/nieuw/{vervolg.tijdvak.sleutel}/"
    antwoord = als(mensen["ondernemer"]).get(beginnen, follow=True)
    assert antwoord.status_code == 200
    lees(mensen["behandelaar"], f"/werk/zaken/{door.pk}/")
    assert "Er is niets meer te doen" in lees(mensen["behandelaar"], f"/werk/zaken/{niet_door.pk}/")
    assert "score van 45,00" in niet_door.besluiten.get().motivering


@pytest.fixture
def plaatsen(mensen: Mensen, op: datetime) -> Aanvraag:
    demorondes_maken(op)
    firma = groep_maken(mensen=mensen, op=op).organisatie
    return leergang_maken(mensen=mensen, organisatie=firma, op=op)


def test_een_groep_van_de_leergang_is_klaar_en_een_is_bezig(plaatsen: Aanvraag, mensen: Mensen) -> None:
    een, twee = Cohort.objects.order_by("naam")
    assert (plaatsen.status, plaatsen.toegekend_stuks) == ("in_uitvoering", 6)
    geslaagd = Cursist.objects.exclude(certificaat=None).get()
    assert (geslaagd.email, geslaagd.cohort) == ("ondernemer@demo.example", een)
    vastgelegd = [avond.presentie.count() if avond.presentie_op else None for avond in twee.bijeenkomsten.all()]
    assert vastgelegd == [2, 1, None, None, None, None, None]
    ronde = "/werk/tijdvakken/demo-leergang/leergang/"
    lees(mensen["behandelaar"], f"/werk/zaken/{plaatsen.pk}/", ronde, f"{ronde}{een.pk}/")
    assert "Noor Voorbeeld" in lees(mensen["behandelaar"], ronde)
    assert f"{ronde}{twee.pk}/avonden/3/" in lees(mensen["behandelaar"], f"{ronde}{twee.pk}/")
    assert "Aanwezigheid bewaren" in lees(mensen["behandelaar"], f"{ronde}{twee.pk}/avonden/3/")
    collega = Cursist.objects.get(email="collega@demo.example")
    assert "U was er tot nu toe 2 keer" in lees(mensen["collega"], f"/leergang/{collega.pk}/")


def test_de_ondernemer_heeft_een_certificaat_en_vraagt_aan_met_het_voorstel(plaatsen: Aanvraag, mensen: Mensen) -> None:
    ondernemer, geslaagd = mensen["ondernemer"], Cursist.objects.exclude(certificaat=None).get()
    assert f"/leergang/{geslaagd.pk}/" in lees(ondernemer, f"/aanvragen/{plaatsen.pk}/", "/mijn-aanvragen/")
    assert "U hebt het certificaat" in lees(ondernemer, f"/leergang/{geslaagd.pk}/")
    assert als(ondernemer).get(f"/leergang/{geslaagd.pk}/certificaat/").getvalue().startswith(b"%PDF")
    adres, voorstel = f"/aanvragen/{plaatsen.pk}/leergang/", Voorstel.objects.get()
    assert "Aanvraag beginnen met dit voorstel" in lees(ondernemer, adres)
    als(ondernemer).post(f"{adres}voorstellen/{voorstel.pk}/")
    voorstel.refresh_from_db()
    assert voorstel.aanvraag is not None
    assert (voorstel.aanvraag.tijdvak.sleutel, voorstel.aanvraag.titel) == ("demo-lopend", voorstel.titel)


def test_iedereen_kan_inloggen_en_begint_op_de_eigen_bladzijde(mensen: Mensen) -> None:
    assert [wie.email for wie in mensen.values()] == [email for email, _ in demo_logins()]
    assert all(wie.check_password(WACHTWOORD) for wie in mensen.values())
    begin = {naam: als(wie).get("/start/").headers["Location"] for naam, wie in mensen.items()}
    for naam, adres in begin.items():
        lees(mensen[naam], adres)
    assert {adres: [naam for naam in begin if begin[naam] == adres] for adres in sorted(set(begin.values()))} == {
        "/mijn-aanvragen/": ["ondernemer", "collega"],
        "/werk/beoordelen/": ["beoordelaar", "beoordelaar2", "beoordelaar3", "voorzitter", "secretaris"],
        "/werk/betalingen/": ["financieel"],
        "/werk/evaluatie/": ["analist"],
        "/werk/lijst/": ["behandelaar", "beslisser", "auditor"],
        "/werk/tijdvakken/": ["notaris", "beheerder", "beheerder2"],
    }
