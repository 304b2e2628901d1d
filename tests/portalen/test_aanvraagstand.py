"""After sending: timeline, answering a request, withdrawing, letters, the draw."""

from __future__ import annotations

from datetime import timedelta

import pytest
import time_machine

from aanvragen.models import Aanvraag
from aanvragen.services.behandeling import (
    aanvulling_vragen,
    compleet_verklaren,
    in_behandeling_nemen,
)
from kern.enums import Scanuitslag
from kern.models import Bestand
from tests.factories.portaal_aanvrager import (
    BESLOTEN,
    TREKKING,
    Medewerkers,
    aanvrager,
    besloten,
    compleet,
    geloot,
    gepubliceerde_loting,
    ingelogd,
    rijk_tijdvak,
    verleend,
    verstuurd,
)
from tests.factories.ronde import NA, TIJDENS
from tests.portalen.lezen import bytes_van, meldingen, tekst
from uitvoering.enums import Afwijzingsgrond, Besluitsoort
from uitvoering.services.besluit import besluit_voorstellen

pytestmark = pytest.mark.django_db


class Zaak:
    """One sent application with its applicant and the staff of the round."""

    def __init__(self, plafond: int = 100_000) -> None:
        self.tijdvak = rijk_tijdvak(plafond=plafond)
        self.gebruiker, self.organisatie = aanvrager()
        self.staf = Medewerkers()
        self.pk = verstuurd(self.tijdvak, self.organisatie, self.gebruiker).pk

    @property
    def aanvraag(self) -> Aanvraag:
        return Aanvraag.objects.get(pk=self.pk)

    @property
    def adres(self) -> str:
        return f"/aanvragen/{self.pk}/"

    def open(self, op=NA, pad: str = ""):
        with time_machine.travel(op, tick=False):
            return ingelogd(self.gebruiker).get(self.adres + pad)

    def stuur(self, pad: str, gegevens=None, op=NA, **opties):
        with time_machine.travel(op, tick=False):
            return ingelogd(self.gebruiker).post(self.adres + pad, gegevens or {}, **opties)

    def stappen(self, op=NA) -> list[tuple[str, str]]:
        return [(stap["naam"], stap["stand"]) for stap in self.open(op).context["stappen"]]

    def vraag_aanvulling(self, op=NA):
        in_behandeling_nemen(aanvraag=self.aanvraag, actor=self.staf.behandelaar, op=op)
        return aanvulling_vragen(
            aanvraag=self.aanvraag,
            onderdelen=["De handtekening is niet te lezen."],
            termijn_dagen=14,
            actor=self.staf.behandelaar,
            op=op,
        )


@pytest.fixture
def zaak() -> Zaak:
    return Zaak()


# --- timeline -----------------------------------------------------------------------------------------------------


def test_right_after_sending(zaak):
    antwoord = zaak.open(TIJDENS)
    assert zaak.stappen(TIJDENS) == [
        ("Aanvraag ontvangen", "klaar"),
        ("Controle: is de aanvraag compleet?", "nu"),
        ("Loting", "straks"),
        ("Besluit", "straks"),
    ]
    pagina = tekst(antwoord)
    for zin in (
        "Ontvangen Informatie: U hoeft nu niets te doen. U krijgt een besluit. Uiterlijk 26 juni 2026.",
        "Wij beslissen uiterlijk op 26 juni 2026 (nog 113 dagen).",
        "Ontvangstbewijs en uw antwoorden",
        "Aanvraag intrekken",
    ):
        assert zin in pagina, zin


def test_too_late_is_said(zaak):
    pagina = tekst(zaak.open(NA + timedelta(days=120)))
    assert "Die dag is voorbij: wij zijn te laat. Neem contact met ons op." in pagina


def test_before_and_after_the_draw(zaak):
    compleet(zaak.aanvraag, zaak.staf)
    zaak.tijdvak.refresh_from_db()
    gepubliceerde_loting(zaak.tijdvak, zaak.staf)
    assert "De loting is op 7 april 2026 om 18:00 uur of kort daarna." in tekst(zaak.open())
    assert zaak.stappen()[2] == ("Loting", "nu")


def test_place_in_the_draw_but_no_decision_before_its_time(zaak):
    compleet(zaak.aanvraag, zaak.staf)
    zaak.tijdvak.refresh_from_db()
    geloot(zaak.tijdvak, zaak.staf)
    assert zaak.aanvraag.status == "geselecteerd"
    antwoord = zaak.open(TREKKING)
    pagina = tekst(antwoord)
    assert "Uw nummer op de lijst is 1." in pagina
    assert "In verdeling" in pagina
    kenmerk = zaak.aanvraag.kenmerk
    assert f"/regelingen/{zaak.tijdvak.sleutel}/loting/?kenmerk={kenmerk}#uitslag" in antwoord.content.decode()
    besluit_voorstellen(
        aanvraag=zaak.aanvraag,
        soort=Besluitsoort.VERLENING,
        motivering="Nog geheim",
        actor=zaak.staf.behandelaar,
        op=TREKKING,
    )
    assert "Nog geheim" not in tekst(zaak.open(TREKKING))


def test_reserve_list():
    zaak = Zaak(plafond=5_000)  # less than one application asks
    compleet(zaak.aanvraag, zaak.staf)
    zaak.tijdvak.refresh_from_db()
    geloot(zaak.tijdvak, zaak.staf)
    pagina = tekst(zaak.open(TREKKING))
    assert "U staat op de reservelijst. Komt er geld vrij, dan hoort u dat." in pagina
    assert zaak.stappen(TREKKING)[-1] == ("Besluit", "nu")


# --- request to complete ------------------------------------------------------------------------------------------


def test_request_shows_what_is_missing_and_until_when(zaak):
    zaak.vraag_aanvulling()
    pagina = tekst(zaak.open())
    for zin in (
        "Vul uw aanvraag aan. Uiterlijk 11 april 2026.",
        "De handtekening is niet te lezen.",
        "Aanvullen kan tot en met 11 april 2026",
        "De termijn staat nu stil, sinds 29 maart 2026",
    ):
        assert zin in pagina, zin


# --- withdrawing --------------------------------------------------------------------------------------------------


def test_withdrawing_asks_first(zaak):
    antwoord = zaak.open(pad="intrekken/")
    assert "Wilt u uw aanvraag intrekken?" in tekst(antwoord)
    assert zaak.aanvraag.status == "ingediend"
    antwoord = zaak.stuur("intrekken/", {"reden": "Wij stoppen ermee."}, follow=True)
    assert meldingen(antwoord) == ["Uw aanvraag is ingetrokken."]
    assert (zaak.aanvraag.status, zaak.aanvraag.intrekkingsreden) == ("ingetrokken", "Wij stoppen ermee.")
    assert zaak.stappen() == [("Aanvraag ontvangen", "klaar"), ("U hebt de aanvraag ingetrokken", "klaar")]
    opnieuw = zaak.stuur("intrekken/", {}, follow=True)
    assert meldingen(opnieuw) == ["Deze aanvraag kan niet (meer) worden ingetrokken."]


def test_a_reason_is_not_needed(zaak):
    zaak.stuur("intrekken/", {})
    assert zaak.aanvraag.intrekkingsreden == "Geen reden opgegeven."


def test_giving_back_a_grant():
    gebruiker, organisatie = aanvrager()
    staf, tijdvak = Medewerkers(), rijk_tijdvak()
    aanvraag = verleend(tijdvak, organisatie, gebruiker, staf)
    with time_machine.travel(BESLOTEN, tick=False):
        client = ingelogd(gebruiker)
        assert "U geeft de subsidie terug." in tekst(client.get(f"/aanvragen/{aanvraag.pk}/intrekken/"))
        client.post(f"/aanvragen/{aanvraag.pk}/intrekken/", {})
        stappen = client.get(f"/aanvragen/{aanvraag.pk}/").context["stappen"]
    aanvraag.refresh_from_db()
    assert (aanvraag.status, aanvraag.voucher.status) == ("besluit_ingetrokken", "ingetrokken")
    assert (stappen[-1]["naam"], stappen[-1]["stand"]) == ("De subsidie is ingetrokken", "klaar")


# --- decisions ----------------------------------------------------------------------------------------------------


def test_a_refusal_with_reasons_and_the_last_day_to_object(zaak):
    compleet(zaak.aanvraag, zaak.staf)
    besluit = besloten(zaak.aanvraag, zaak.staf, Besluitsoort.AFWIJZING, op=NA, grond=Afwijzingsgrond.DOELGROEP)
    pagina = tekst(zaak.open())
    for zin in (
        "Uw aanvraag is afgewezen. Lees de brief met het besluit.",
        "Waarom Uw project voldoet en er is geld.",
        "Bezwaar maken kan tot en met 11 mei 2026 Stuur uw bezwaar naar: Postbus 1, 1234 AB Voorbeeldstad",
    ):
        assert zin in pagina, zin
    assert zaak.stappen()[-1] == ("Besluit: uw aanvraag is afgewezen", "klaar")
    assert ("Loting", "klaar") in zaak.stappen()
    assert bytes_van(zaak.open(pad=f"besluit/{besluit.pk}/pdf/"))[:5] == b"%PDF-"
    brief = zaak.open(pad=f"besluit/{besluit.pk}/html/")
    assert "Uw project voldoet en er is geld." in bytes_van(brief).decode()
    assert brief["Content-Disposition"] == f'attachment; filename="besluit-{zaak.aanvraag.kenmerk}.html"'
    assert brief["Content-Security-Policy"] == "default-src 'none'; sandbox"


def test_a_decision_that_was_not_sent_has_no_letter(zaak):
    compleet(zaak.aanvraag, zaak.staf)
    besluit = besluit_voorstellen(
        aanvraag=zaak.aanvraag,
        soort=Besluitsoort.AFWIJZING,
        motivering="Voorstel",
        grond=Afwijzingsgrond.DOELGROEP,
        actor=zaak.staf.behandelaar,
        op=NA,
    )
    for vorm in ("pdf", "html"):
        assert zaak.open(pad=f"besluit/{besluit.pk}/{vorm}/").status_code == 404
    assert "Voorstel" not in tekst(zaak.open())


def test_an_infected_file_does_not_leave(zaak):
    bijlage = zaak.aanvraag.bijlagen.get()
    Bestand.objects.filter(pk=bijlage.bestand_id).update(scan=Scanuitslag.BESMET)
    assert zaak.open(pad=f"bijlagen/{bijlage.pk}/").status_code == 404


def test_a_file_that_is_gone_is_a_404_and_no_crash(zaak):
    bijlage = zaak.aanvraag.bijlagen.get()
    bijlage.bestand.inhoud.storage.delete(bijlage.bestand.inhoud.name)
    assert zaak.open(pad=f"bijlagen/{bijlage.pk}/").status_code == 404


def test_complete_says_when(zaak):
    rij = in_behandeling_nemen(aanvraag=zaak.aanvraag, actor=zaak.staf.behandelaar, op=NA)
    compleet_verklaren(aanvraag=rij, actor=zaak.staf.behandelaar, op=NA)
    stap = zaak.open().context["stappen"][1]
    assert (stap["naam"], stap["op"]) == ("Aanvraag compleet", TIJDENS)
