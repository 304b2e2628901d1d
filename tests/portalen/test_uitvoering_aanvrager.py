"""After the grant: voucher, order, claim, settlement and payment, as the applicant sees them."""

from __future__ import annotations

from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

import pytest
import time_machine
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from aanvragen.models import Aanvraag
from tests.factories.portaal_aanvrager import (
    BESLOTEN,
    IBAN,
    Medewerkers,
    aanvrager,
    ingelogd,
    pdf,
    rijk_tijdvak,
    verleend,
    verstuurd,
)
from tests.factories.ronde import NA, SLUIT
from tests.portalen.lezen import bytes_van, fouten, meldingen, tekst
from uitvoering.models import Betaling, Declaratie, Kostenregel
from uitvoering.services.besluit import besluit_ondertekenen
from uitvoering.services.betaling import (
    betaallijst_maken,
    betaling_accorderen,
    betaling_bevestigen,
)
from uitvoering.services.declaratie import (
    declaratie_beoordelen,
    declaratie_in_controle,
    kostenregel_beoordelen,
)
from uitvoering.services.vaststelling import vaststelling_verzenden, vaststelling_voorstellen

pytestmark = pytest.mark.django_db
KLAAR = datetime(2027, 3, 5, 9, 0, tzinfo=UTC)
FACTUUR = {
    "omschrijving": "Begeleiding in september",
    "factuurnummer": "F-1",
    "factuurdatum_dag": "1",
    "factuurdatum_maand": "10",
    "factuurdatum_jaar": "2026",
    "aantal": "100",
    "bedrag": "10.000",
}


class Zaak:
    """A grant with its voucher."""

    def __init__(self) -> None:
        self.gebruiker, self.organisatie = aanvrager()
        self.staf, self.tijdvak = Medewerkers(), rijk_tijdvak()
        self.pk = verleend(self.tijdvak, self.organisatie, self.gebruiker, self.staf).pk

    @property
    def aanvraag(self) -> Aanvraag:
        return Aanvraag.objects.get(pk=self.pk)

    def adres(self, pad: str = "") -> str:
        return f"/aanvragen/{self.pk}/{pad}"

    def client(self) -> Client:
        return ingelogd(self.gebruiker)

    def open(self, pad: str = "", op: datetime = KLAAR) -> Any:
        with time_machine.travel(op, tick=False):
            return self.client().get(self.adres(pad))

    def stuur(self, pad: str, gegevens: dict[str, Any], op: datetime = KLAAR) -> Any:
        with time_machine.travel(op, tick=False):
            return self.client().post(self.adres(pad), gegevens, follow=True)

    def opgedragen(self) -> Zaak:
        self.stuur("voucher/", {"keuze": "dezelfde"}, op=BESLOTEN)
        return self

    def factuur(self, **anders: Any) -> Any:
        upload = SimpleUploadedFile("factuur.pdf", pdf())
        return self.stuur("declaratie/", {**FACTUUR, "factuur": upload, **anders})

    def gedeclareerd(self) -> Zaak:
        self.opgedragen().factuur()
        self.stuur("declaratie/indienen/", {"iban": IBAN, "toelichting": "Alles ging goed."})
        return self


@pytest.fixture
def zaak() -> Zaak:
    return Zaak()


# --- voucher ------------------------------------------------------------------------------------------------------


def test_voucher_page(zaak):
    pagina = tekst(zaak.open("voucher/", op=BESLOTEN))
    for zin in (
        zaak.aanvraag.voucher.code,
        "Waarde hoogstens € 9.000",
        "Geldig tot en met 10 april 2027",
        "Anouk Advies, de adviseur uit uw aanvraag",
    ):
        assert zin in pagina, zin
    assert "Geef de opdracht aan uw adviseur. Uiterlijk 10 april 2027." in tekst(zaak.open(op=BESLOTEN))


def test_order_to_the_adviser_of_the_application(zaak):
    antwoord = zaak.stuur("voucher/", {"keuze": "dezelfde"}, op=BESLOTEN)
    assert meldingen(antwoord) == ["De opdracht aan Anouk Advies is vastgelegd."]
    rij = zaak.aanvraag
    assert (rij.status, rij.voucher.status, rij.voucher.opgedragen_door) == (
        "in_uitvoering",
        "opgedragen",
        zaak.gebruiker,
    )
    assert rij.voucher.adviseur == rij.adviseur
    assert "Opdracht vastleggen" not in tekst(antwoord)
    assert zaak.stuur("voucher/", {"keuze": "andere", "naam": "X", "email": "x@y.example"}).status_code == 200
    assert zaak.aanvraag.voucher.adviseur == rij.adviseur  # once


def test_order_to_another_adviser(zaak):
    antwoord = zaak.stuur("voucher/", {"keuze": "andere", "naam": "", "email": ""}, op=BESLOTEN)
    assert fouten(antwoord.context["form"]) == {
        "naam": ["Vul de naam van de adviseur in."],
        "email": ["Vul het e-mailadres van de adviseur in."],
    }
    ander = {
        "keuze": "andere",
        "naam": "Bas Bureau",
        "email": "bas@bureau.example",
        "bureau_naam": "B",
        "bureau_kvk": "",
    }
    antwoord = zaak.stuur("voucher/", ander, op=BESLOTEN)
    assert fouten(antwoord.context["form"]) == {"bureau_kvk": ["Vul ook het KvK-nummer van het bureau in."]}
    zaak.stuur("voucher/", {**ander, "bureau_kvk": "00888888"}, op=BESLOTEN)
    adviseur = zaak.aanvraag.voucher.adviseur
    assert (adviseur.naam, adviseur.bureau.kvk_nummer) == ("Bas Bureau", "00888888")


def test_not_to_ones_own_organisation(zaak):
    eigen = {
        "keuze": "andere",
        "naam": "Eigen",
        "email": "e@proef.example",
        "bureau_naam": "P",
        "bureau_kvk": "00123456",
    }
    antwoord = zaak.stuur("voucher/", eigen, op=BESLOTEN)
    assert fouten(antwoord.context["form"]) == {
        "__all__": ["De adviseur werkt bij uw eigen organisatie. Kies een onafhankelijke adviseur."]
    }
    assert zaak.aanvraag.voucher.status == "uitgegeven"


def test_an_expired_voucher(zaak):
    antwoord = zaak.stuur("voucher/", {"keuze": "dezelfde"}, op=datetime(2027, 4, 11, 9, tzinfo=UTC))
    assert fouten(antwoord.context["form"]) == {
        "__all__": ["Deze voucher is verlopen. Neem contact op met de uitvoerder."]
    }


def test_no_voucher_no_page():
    gebruiker, organisatie = aanvrager()
    aanvraag = verstuurd(rijk_tijdvak(), organisatie, gebruiker)
    with time_machine.travel(NA, tick=False):
        client = ingelogd(gebruiker)
        assert client.get(f"/aanvragen/{aanvraag.pk}/voucher/").status_code == 404
        assert client.get(f"/aanvragen/{aanvraag.pk}/declaratie/").status_code == 404
        assert client.post(f"/aanvragen/{aanvraag.pk}/declaratie/", FACTUUR).status_code == 404
        assert client.post(f"/aanvragen/{aanvraag.pk}/declaratie/stukken/", {}).status_code == 404


# --- claim --------------------------------------------------------------------------------------------------------


def test_first_the_order_then_the_claim(zaak):
    antwoord = zaak.open("declaratie/")
    assert "Geef eerst de opdracht aan uw adviseur" in tekst(antwoord)
    assert antwoord.context["form"] is None
    antwoord = zaak.factuur()
    assert meldingen(antwoord) == ["Geef eerst de opdracht aan uw adviseur."]
    assert Declaratie.objects.count() == 0


def test_looking_begins_no_claim(zaak):
    zaak.opgedragen().open("declaratie/")
    assert Declaratie.objects.count() == 0


def test_add_an_invoice_and_take_it_out(zaak):
    antwoord = zaak.opgedragen().factuur()
    assert meldingen(antwoord) == ["De factuur is toegevoegd."]
    regel = Kostenregel.objects.get()
    assert (regel.bedrag, regel.aantal, regel.kostensoort) == (Decimal(10000), Decimal(100), "adviseur")
    pagina = tekst(antwoord)
    assert "Met deze facturen krijgt u ongeveer € 7.500" in pagina
    opgehaald = zaak.open(f"declaratie/{regel.pk}/factuur/")
    assert bytes_van(opgehaald) == pdf()
    assert opgehaald["Content-Disposition"] == 'attachment; filename="factuur.pdf"'
    antwoord = zaak.stuur(f"declaratie/{regel.pk}/verwijderen/", {})
    assert meldingen(antwoord) == ["De factuur is uit de declaratie gehaald."]
    assert Kostenregel.objects.count() == 0


def test_never_more_than_granted_is_promised(zaak):
    antwoord = zaak.opgedragen().factuur(bedrag="20.000", aantal="160")
    assert antwoord.context["verwacht"] == Decimal("9000.00")


@pytest.mark.parametrize(
    ("anders", "verwacht"),
    [
        ({"bedrag": "0"}, {"bedrag": ["Vul een bedrag in van ten minste € 0,01."]}),
        (
            {"factuurdatum_jaar": "2027"},
            {"factuurdatum": ["Vul een datum in die op of voor 5 maart 2027 ligt."]},
        ),
        ({"omschrijving": ""}, {"omschrijving": ["Vul “Omschrijving” in."]}),
        (
            {"factuur": SimpleUploadedFile("leeg.pdf", b"")},
            {"factuur": ["“leeg.pdf” is leeg. Kies een ander bestand."]},
        ),
        ({"factuur": ""}, {"factuur": ["Kies een bestand bij “Factuur”."]}),
    ],
)
def test_an_invoice_that_is_refused(zaak, anders, verwacht):
    antwoord = zaak.opgedragen().factuur(**anders)
    assert fouten(antwoord.context["form"]) == verwacht
    assert Kostenregel.objects.count() == 0


def test_the_same_invoice_twice(zaak):
    zaak.opgedragen().factuur()
    antwoord = zaak.factuur()
    assert fouten(antwoord.context["form"]) == {
        "factuurnummer": ["Factuur F-1 met deze omschrijving staat er al. Voeg een factuur één keer toe."]
    }
    assert Kostenregel.objects.count() == 1


def test_other_documents_that_the_scheme_asks(zaak):
    zaak.opgedragen()
    assert "Eindverslag Nog niet toegevoegd" in tekst(zaak.open("declaratie/"))
    upload = SimpleUploadedFile("verslag.pdf", pdf("verslag"))
    antwoord = zaak.stuur("declaratie/stukken/", {"verslag": upload})
    assert meldingen(antwoord) == ["De bestanden zijn bewaard."]
    assert zaak.aanvraag.bijlagen.get(code="verslag", verwijderd_op=None).bestand.naam == "verslag.pdf"
    antwoord = zaak.stuur("declaratie/stukken/", {"verslag": SimpleUploadedFile("x.exe", b"MZ")})
    assert list(fouten(antwoord.context["stukkenform"])) == ["verslag"]
    assert zaak.aanvraag.bijlagen.filter(code="verslag").count() == 1


def test_hand_in(zaak):
    zaak.opgedragen().factuur()
    antwoord = zaak.stuur("declaratie/indienen/", {"iban": "NL91 ABNA 0417 1643 01"})
    assert fouten(antwoord.context["indienen"]) == {
        "iban": ["Dit rekeningnummer klopt niet. Waarschijnlijk staat er een typefout in. Controleer het nummer."]
    }
    assert zaak.aanvraag.status == "in_uitvoering"
    antwoord = zaak.stuur("declaratie/indienen/", {"iban": IBAN, "toelichting": "Goed gegaan."})
    assert meldingen(antwoord) == ["Wij hebben uw declaratie ontvangen."]
    rij = zaak.aanvraag
    assert (rij.status, rij.iban, rij.declaraties.get().toelichting) == ("vaststelling_gevraagd", IBAN, "Goed gegaan.")
    zaak.stuur("declaratie/indienen/", {"iban": IBAN})  # twice: nothing changes
    assert zaak.aanvraag.declaraties.get().toelichting == "Goed gegaan."
    assert zaak.open("declaratie/").context["te_wijzigen"] is False
    assert "Wij controleren uw declaratie. U hoeft nu niets te doen." in tekst(zaak.open())


def test_nothing_to_hand_in(zaak):
    antwoord = zaak.opgedragen().stuur("declaratie/indienen/", {"iban": IBAN})
    assert meldingen(antwoord) == ["Er staan nog geen kosten in de declaratie. Voeg eerst een factuur toe."]
    zaak.factuur()
    zaak.stuur(f"declaratie/{Kostenregel.objects.get().pk}/verwijderen/", {})
    antwoord = zaak.stuur("declaratie/indienen/", {"iban": IBAN})
    assert fouten(antwoord.context["indienen"]) == {
        "__all__": ["Er staan geen kosten in de declaratie. Voeg minstens één factuur toe."]
    }


def test_a_claim_that_was_handed_in_is_closed(zaak):
    zaak.gedeclareerd()
    regel = Kostenregel.objects.get()
    antwoord = zaak.stuur(f"declaratie/{regel.pk}/verwijderen/", {})
    assert (antwoord.status_code, Kostenregel.objects.count()) == (409, 1)
    assert "Deze declaratie is al ingediend." in tekst(antwoord)
    antwoord = zaak.factuur(factuurnummer="F-2")
    assert meldingen(antwoord) == ["Deze declaratie is al ingediend. U kunt haar niet meer wijzigen."]
    zaak.stuur("declaratie/stukken/", {"verslag": SimpleUploadedFile("verslag.pdf", pdf())})
    assert (Kostenregel.objects.count(), zaak.aanvraag.bijlagen.filter(code="verslag").count()) == (1, 0)


def test_for_others_nothing_exists(zaak):
    zaak.opgedragen().factuur()
    regel = Kostenregel.objects.get()
    with time_machine.travel(KLAAR, tick=False):
        ander = ingelogd(aanvrager(kvk="00777777")[0])
        for pad in ("voucher/", "declaratie/", f"declaratie/{regel.pk}/factuur/"):
            assert ander.get(zaak.adres(pad)).status_code == 404
        for pad in ("declaratie/indienen/", f"declaratie/{regel.pk}/verwijderen/", "declaratie/stukken/"):
            assert ander.post(zaak.adres(pad)).status_code == 404
    assert Kostenregel.objects.count() == 1


# --- settlement and payment ---------------------------------------------------------------------------------------


def vastgesteld(zaak: Zaak, goedgekeurd: Decimal, oordeel: str = "") -> None:
    staf, claim = zaak.staf, zaak.aanvraag.declaraties.get()
    claim = declaratie_in_controle(declaratie=claim, actor=staf.behandelaar, op=KLAAR)
    for regel in claim.regels.all():
        kostenregel_beoordelen(regel=regel, goedgekeurd=goedgekeurd, oordeel=oordeel, actor=staf.behandelaar, op=KLAAR)
    declaratie_beoordelen(declaratie=claim, actor=staf.behandelaar, op=KLAAR)
    besluit = vaststelling_voorstellen(aanvraag=zaak.aanvraag, motivering="", actor=staf.behandelaar, op=KLAAR)
    besluit = besluit_ondertekenen(besluit=besluit, actor=staf.beslisser, op=KLAAR)
    vaststelling_verzenden(besluit=besluit, actor=staf.behandelaar, op=KLAAR)


def test_settlement_with_its_calculation_and_the_payment(zaak):
    zaak.gedeclareerd()
    assert zaak.open().context["uitslag"] is None
    vastgesteld(zaak, Decimal(8000), "Reiskosten tellen niet mee.")
    antwoord = zaak.open()
    pagina = tekst(antwoord)
    for zin in (
        "Wij hebben uw subsidie vastgesteld op € 6.000. Verleend was hoogstens € 9.000.",
        "75 % van de kosten € 6.000",
        "NL91 … 4300 Wordt betaald",
    ):
        assert zin in pagina, zin
    assert IBAN not in antwoord.content.decode()
    pagina = tekst(zaak.open("declaratie/"))
    assert "Reiskosten tellen niet mee." in pagina
    assert "€ 8.000" in pagina
    betaling = betaling_accorderen(betaling=Betaling.objects.get(), actor=zaak.staf.financieel, op=KLAAR)
    betaallijst_maken(actor=zaak.staf.financieel, op=KLAAR)
    betaling.refresh_from_db()
    betaling_bevestigen(betaling=betaling, actor=zaak.staf.financieel, op=KLAAR)
    pagina = tekst(zaak.open())
    assert "NL91 … 4300 Betaald 5 maart 2027 € 6.000" in pagina
    stappen = zaak.open().context["stappen"]
    assert [stap["naam"] for stap in stappen][-3:] == ["Kosten gedeclareerd", "Eindbedrag vastgesteld", "Betaald"]
    assert {stap["stand"] for stap in stappen} == {"klaar"}


def test_claim_page_before_the_grant_does_not_exist(zaak):
    gebruiker, organisatie = aanvrager(kvk="00555555")
    ander = verstuurd(rijk_tijdvak(), organisatie, gebruiker)
    with time_machine.travel(SLUIT, tick=False):
        assert ingelogd(gebruiker).get(f"/aanvragen/{ander.pk}/declaratie/").status_code == 404
