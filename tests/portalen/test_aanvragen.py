"""From my applications to the receipt: beginning, task list, checking, sending, and who sees what."""

from __future__ import annotations

from datetime import timedelta

import pytest
import time_machine

from aanvragen.models import Aanvraag
from aanvragen.services.concept import velden_bewaren
from aanvragen.services.indienen import aanvraag_intrekken, concepten_laten_verlopen
from aanvragen.services.organisatie import machtiging_verlenen, organisatie_registreren
from kern.enums import Rol
from regeling.services.tijdvak import tijdvak_bijwerken, tijdvak_publiceren
from tests.factories.portaal_aanvrager import (
    aanvrager,
    begonnen,
    handtekening,
    ingelogd,
    rijk_tijdvak,
    verstuurd,
    vol_concept,
)
from tests.factories.ronde import NA, SLUIT, TIJDENS, VOOR, maak_gebruiker, maak_organisatie, maak_tijdvak
from tests.portalen.lezen import bytes_van, meldingen, tekst

pytestmark = pytest.mark.django_db
MIJN = "/mijn-aanvragen/"


@pytest.fixture(autouse=True)
def _tijdens():
    with time_machine.travel(TIJDENS, tick=False):
        yield


@pytest.fixture
def tijdvak():
    return rijk_tijdvak()


@pytest.fixture
def zaak(tijdvak):
    """(client, person, organisation) of one applicant."""
    gebruiker, organisatie = aanvrager()
    return ingelogd(gebruiker), gebruiker, organisatie


def nieuw(tijdvak) -> str:
    return f"/aanvragen/nieuw/{tijdvak.sleutel}/"


# --- my applications ----------------------------------------------------------------------------------------------


def test_without_an_organisation(tijdvak):
    client = ingelogd(maak_gebruiker())
    assert "Meld eerst uw organisatie aan" in tekst(client.get(MIJN))
    pagina = client.get(nieuw(tijdvak))
    assert "Meld daarom eerst uw organisatie aan." in tekst(pagina)
    assert f"/organisatie/nieuw/?volgende={nieuw(tijdvak)}" in pagina.content.decode()
    client.post(nieuw(tijdvak), {"organisatie": "x"})
    assert Aanvraag.objects.count() == 0


def test_my_applications_with_next_step(tijdvak, zaak):
    client, gebruiker, organisatie = zaak
    verstuurd(tijdvak, organisatie, gebruiker)
    begonnen(tijdvak, organisatie, gebruiker)
    rijen = client.get(MIJN).context["rijen"]
    stand = {rij["aanvraag"].publieke_status.label: (rij["actie"].tekst, rij["actie"].doen) for rij in rijen}
    assert stand == {
        "Ontvangen": ("U hoeft nu niets te doen. U krijgt een besluit.", False),
        "Concept: nog niet verstuurd": ("Vul uw aanvraag in en verstuur haar.", True),
    }
    assert "Uiterlijk 27 maart 2026 om 17:00 uur" in tekst(client.get(MIJN))


def test_another_persons_application_is_not_listed(tijdvak, zaak):
    verstuurd(tijdvak, zaak[2], zaak[1])
    assert ingelogd(aanvrager(kvk="00777777")[0]).get(MIJN).context["rijen"] == []


@pytest.mark.parametrize("aantal", [1, 3])
def test_my_applications_need_the_same_queries(tijdvak, aantal, django_assert_num_queries):
    gebruiker = maak_gebruiker()
    for nr in range(aantal):
        organisatie = organisatie_registreren(
            kvk_nummer=f"0044444{nr}", gegevens={"naam": f"Bedrijf {nr}"}, actor=gebruiker, op=VOOR
        )
        begonnen(tijdvak, organisatie, gebruiker)
    client = ingelogd(gebruiker)
    client.get(MIJN)
    with django_assert_num_queries(12):
        assert len(client.get(MIJN).context["rijen"]) == aantal


# --- beginning ----------------------------------------------------------------------------------------------------


def test_begin_with_one_organisation(tijdvak, zaak):
    client, _, organisatie = zaak
    assert "U vraagt aan voor: Proefbakkerij" in tekst(client.get(nieuw(tijdvak)))
    assert Aanvraag.objects.count() == 0  # looking makes nothing
    antwoord = client.post(nieuw(tijdvak), {"organisatie": str(organisatie.pk)})
    aanvraag = Aanvraag.objects.get()
    assert antwoord["Location"] == f"/aanvragen/{aanvraag.pk}/"
    assert (aanvraag.status, aanvraag.organisatie, aanvraag.een_per_aanvrager) == ("concept", organisatie, True)
    assert client.post(nieuw(tijdvak), {"organisatie": str(organisatie.pk)})["Location"] == antwoord["Location"]
    assert Aanvraag.objects.count() == 1


def test_choose_an_organisation(tijdvak, zaak):
    client, gebruiker, _ = zaak
    tweede = organisatie_registreren(kvk_nummer="00555555", gegevens={"naam": "Tweede"}, actor=gebruiker, op=VOOR)
    assert "Voor welke organisatie vraagt u aan?" in tekst(client.get(nieuw(tijdvak)))
    antwoord = client.post(nieuw(tijdvak), {})
    assert "Kies voor welke organisatie u aanvraagt." in tekst(antwoord)
    client.post(nieuw(tijdvak), {"organisatie": str(tweede.pk)})
    assert Aanvraag.objects.get().organisatie == tweede


def test_not_for_somebody_elses_organisation(tijdvak, zaak):
    vreemd = maak_organisatie()
    assert zaak[0].post(nieuw(tijdvak), {"organisatie": str(vreemd.pk)}).status_code == 404
    assert Aanvraag.objects.count() == 0


def test_a_second_application_is_asked_about_first(tijdvak, zaak):
    client, gebruiker, organisatie = zaak
    eerste = verstuurd(tijdvak, organisatie, gebruiker)
    antwoord = client.post(nieuw(tijdvak), {"organisatie": str(organisatie.pk)})
    pagina = tekst(antwoord)
    assert "U hebt al een aanvraag verstuurd" in pagina
    assert eerste.kenmerk in pagina
    assert "Per aanvrager telt 1 aanvraag mee." in pagina
    assert Aanvraag.objects.count() == 1
    client.post(nieuw(tijdvak), {"organisatie": str(organisatie.pk), "toch": "1"})
    assert Aanvraag.objects.filter(status="concept").count() == 1


def test_after_withdrawing_there_is_nothing_to_ask(tijdvak, zaak):
    client, gebruiker, organisatie = zaak
    aanvraag_intrekken(aanvraag=verstuurd(tijdvak, organisatie, gebruiker), reden="", actor=gebruiker, op=TIJDENS)
    assert client.post(nieuw(tijdvak), {"organisatie": str(organisatie.pk)}).status_code == 302


def test_not_before_opening_and_not_after_closing(zaak):
    client, _, organisatie = zaak
    tijdvak = tijdvak_publiceren(tijdvak=maak_tijdvak(), actor=None, op=VOOR)
    for moment, zin in ((VOOR, "Dit tijdvak is nog niet open"), (NA, "Dit tijdvak is gesloten")):
        with time_machine.travel(moment, tick=False):
            client = ingelogd(zaak[1])
            assert zin in tekst(client.get(nieuw(tijdvak)))
            assert zin in tekst(client.post(nieuw(tijdvak), {"organisatie": str(organisatie.pk)}))
    assert Aanvraag.objects.count() == 0


# --- task list ----------------------------------------------------------------------------------------------------


def test_task_list_of_an_empty_and_a_full_draft(tijdvak, zaak):
    client, gebruiker, organisatie = zaak
    aanvraag = begonnen(tijdvak, organisatie, gebruiker)
    voortgang = client.get(f"/aanvragen/{aanvraag.pk}/").context["voortgang"]
    assert (voortgang.klaar, voortgang.totaal) == (0, 10)
    assert {taak.stand for taak in voortgang.taken} == {"nog-niet"}
    velden_bewaren(aanvraag=aanvraag, stap="definitie", gegevens={}, actor=gebruiker, op=TIJDENS)
    vol_concept(tijdvak, organisatie, gebruiker)
    antwoord = client.get(f"/aanvragen/{aanvraag.pk}/")
    assert (antwoord.context["voortgang"].klaar, antwoord.context["voortgang"].gebreken) == (10, ())
    pagina = tekst(antwoord)
    assert "10 van 10 onderdelen klaar" in pagina
    assert "Bewaard 5 maart 2026 om 09:00 uur" in pagina
    assert "27 maart 2026 om 17:00:00 uur nog 22 dagen" in pagina


def test_after_closing_a_draft_can_only_be_read(tijdvak, zaak):
    client, gebruiker, organisatie = zaak
    aanvraag = vol_concept(tijdvak, organisatie, gebruiker)
    for verlopen in (False, True):
        if verlopen:
            concepten_laten_verlopen(tijdvak=tijdvak, op=SLUIT + timedelta(days=2))
        with time_machine.travel(SLUIT + timedelta(days=2), tick=False):
            client = ingelogd(gebruiker)
            pagina = tekst(client.get(f"/aanvragen/{aanvraag.pk}/"))
            assert "Het tijdvak is gesloten. Deze aanvraag is niet verstuurd." in pagina
            assert "Teams maken zelf hun rooster." in pagina
            for pad in ("controleren/", "stap/project/"):
                assert client.get(f"/aanvragen/{aanvraag.pk}/{pad}")["Location"] == f"/aanvragen/{aanvraag.pk}/"


# --- check and send -----------------------------------------------------------------------------------------------


def test_check_page_of_an_unfinished_draft(tijdvak, zaak):
    client, gebruiker, organisatie = zaak
    aanvraag = begonnen(tijdvak, organisatie, gebruiker)
    antwoord = client.get(f"/aanvragen/{aanvraag.pk}/controleren/")
    ontbreekt = {gebrek["tekst"]: gebrek["url"] for gebrek in antwoord.context["ontbreekt"]}
    stap = f"/aanvragen/{aanvraag.pk}/stap/project/?terug=controleren"
    assert ontbreekt["Geef het project een titel."] == stap
    assert ontbreekt["Beantwoord de vraag: Wat is de aanleiding?"].endswith("/stap/vragen/?terug=controleren")
    assert not any("Deed u dit eerder?" in melding for melding in ontbreekt)  # optional, R45


def test_check_page_shows_answers_checks_and_amount(tijdvak, zaak):
    client, gebruiker, organisatie = zaak
    aanvraag = vol_concept(tijdvak, organisatie, gebruiker)
    antwoord = client.get(f"/aanvragen/{aanvraag.pk}/controleren/")
    assert antwoord.context["ontbreekt"] == []
    pagina = tekst(antwoord)
    for zin in (
        "Titel Zelf roosteren",
        "Welke partner? vakbond",
        "De-minimissteun in de afgelopen drie jaar € 0",
        "75 % van de kosten € 9.000",
        "Referenties van de adviseur Voldoet",
        "Als u nu verstuurt, krijgt u uiterlijk op 26 juni 2026 een besluit.",
        "Ondertekenen en versturen",
    ):
        assert zin in pagina, zin
    assert {rij["deel"].stap: rij["url"] for rij in antwoord.context["delen"]}["begroting"] == (
        f"/aanvragen/{aanvraag.pk}/stap/begroting/?terug=controleren"
    )


def test_sending_gives_a_receipt_and_a_second_time_the_same(tijdvak, zaak):
    client, gebruiker, organisatie = zaak
    aanvraag = vol_concept(tijdvak, organisatie, gebruiker)
    antwoord = client.post(f"/aanvragen/{aanvraag.pk}/versturen/", handtekening(client, aanvraag))
    assert antwoord["Location"] == f"/aanvragen/{aanvraag.pk}/ontvangst/"
    aanvraag.refresh_from_db()
    assert (aanvraag.status, aanvraag.ingediend_op, aanvraag.ingediend_door) == ("ingediend", TIJDENS, gebruiker)
    assert aanvraag.ontvangstbewijs is not None
    with time_machine.travel(TIJDENS + timedelta(minutes=5), tick=False):
        assert client.post(f"/aanvragen/{aanvraag.pk}/versturen/")["Location"] == antwoord["Location"]
    opnieuw = Aanvraag.objects.get()
    assert (opnieuw.kenmerk, opnieuw.ingediend_op) == (aanvraag.kenmerk, TIJDENS)


def test_an_unfinished_draft_is_not_sent(tijdvak, zaak):
    client, gebruiker, organisatie = zaak
    aanvraag = begonnen(tijdvak, organisatie, gebruiker)
    antwoord = client.post(f"/aanvragen/{aanvraag.pk}/versturen/", handtekening(client, aanvraag), follow=True)
    assert antwoord.redirect_chain == [(f"/aanvragen/{aanvraag.pk}/controleren/", 302)]
    assert meldingen(antwoord) == ["Uw aanvraag is nog niet verstuurd. Vul eerst aan wat ontbreekt."]
    assert Aanvraag.objects.get().status == "concept"


def test_sending_in_the_last_second_and_one_later(tijdvak, zaak):
    client, gebruiker, organisatie = zaak
    aanvraag = vol_concept(tijdvak, organisatie, gebruiker)
    with time_machine.travel(SLUIT + timedelta(seconds=1), tick=False):
        client = ingelogd(gebruiker)
        antwoord = client.post(f"/aanvragen/{aanvraag.pk}/versturen/")
        assert antwoord.status_code == 400
        pagina = tekst(antwoord)
        assert "“Proefronde” is gesloten. U kunt hiervoor geen aanvraag meer versturen." in pagina
        assert "Wij kregen uw verzoek op 27 maart 2026 om 17:00:01 uur" in pagina
        assert Aanvraag.objects.get().status == "concept"
        assert "Zelf roosteren" in tekst(client.get(f"/aanvragen/{aanvraag.pk}/"))
    with time_machine.travel(SLUIT, tick=False):
        tijdvak_bijwerken(tijdvak=tijdvak, op=SLUIT)
        client = ingelogd(gebruiker)
        assert client.post(f"/aanvragen/{aanvraag.pk}/versturen/", handtekening(client, aanvraag)).status_code == 302
    assert Aanvraag.objects.get().ingediend_op == SLUIT


def test_looking_sends_nothing(tijdvak, zaak):
    client, gebruiker, organisatie = zaak
    aanvraag = vol_concept(tijdvak, organisatie, gebruiker)
    assert client.get(f"/aanvragen/{aanvraag.pk}/versturen/").status_code == 405
    assert Aanvraag.objects.get().status == "concept"


# --- receipt ------------------------------------------------------------------------------------------------------


def test_receipt_page_and_copies(tijdvak, zaak):
    client, gebruiker, organisatie = zaak
    aanvraag = verstuurd(tijdvak, organisatie, gebruiker)
    basis = f"/aanvragen/{aanvraag.pk}/ontvangst/"
    pagina = tekst(client.get(basis))
    for zin in (
        f"Uw kenmerk {aanvraag.kenmerk}",
        "Ontvangen op 5 maart 2026 om 09:00:00 uur",
        "U krijgt uiterlijk op 26 juni 2026 een besluit.",
        aanvraag.inhoud_sha256,
        "Teams maken zelf hun rooster.",
    ):
        assert zin in pagina, zin
    pdf = client.get(f"{basis}pdf/")
    assert bytes_van(pdf)[:5] == b"%PDF-"
    html = client.get(f"{basis}html/")
    assert aanvraag.kenmerk in html.content.decode()
    for antwoord, naam in ((pdf, "pdf"), (html, "html")):
        assert antwoord["Content-Disposition"] == f'attachment; filename="ontvangstbewijs-{aanvraag.kenmerk}.{naam}"'
        assert antwoord["X-Content-Type-Options"] == "nosniff"
        assert antwoord["Content-Security-Policy"] == "default-src 'none'; sandbox"
        assert antwoord["Cache-Control"] == "private, no-store"
    assert client.get(f"{basis}docx/").status_code == 404


def test_no_receipt_of_a_draft(tijdvak, zaak):
    aanvraag = begonnen(tijdvak, zaak[2], zaak[1])
    assert zaak[0].get(f"/aanvragen/{aanvraag.pk}/ontvangst/").status_code == 404


# --- who sees what ------------------------------------------------------------------------------------------------

LEZEN = ["", "ontvangst/", "ontvangst/pdf/", "intrekken/"]
SCHRIJVEN = ["versturen/", "aanvulling/controleren/", "intrekken/", "declaratie/indienen/"]


def test_log_in_first(client, tijdvak, zaak):
    aanvraag = verstuurd(tijdvak, zaak[2], zaak[1])
    for pad in [MIJN, nieuw(tijdvak), *[f"/aanvragen/{aanvraag.pk}/{deel}" for deel in LEZEN]]:
        assert client.get(pad)["Location"] == f"/account/login/?next={pad}"


def test_for_others_an_application_does_not_exist(tijdvak, zaak):
    aanvraag = verstuurd(tijdvak, zaak[2], zaak[1])
    ander = ingelogd(aanvrager(kvk="00777777")[0])
    assert [ander.get(f"/aanvragen/{aanvraag.pk}/{deel}").status_code for deel in LEZEN] == [404] * len(LEZEN)
    assert [ander.post(f"/aanvragen/{aanvraag.pk}/{deel}").status_code for deel in SCHRIJVEN] == [404] * len(SCHRIJVEN)
    assert Aanvraag.objects.get().status == "ingediend"


def test_staff_has_screens_of_its_own(tijdvak, zaak):
    aanvraag = verstuurd(tijdvak, zaak[2], zaak[1])
    concept = begonnen(tijdvak, zaak[2], zaak[1])
    behandelaar = ingelogd(maak_gebruiker(Rol.BEHANDELAAR))
    assert [behandelaar.get(f"/aanvragen/{aanvraag.pk}/{deel}").status_code for deel in LEZEN] == [403] * len(LEZEN)
    assert [behandelaar.post(f"/aanvragen/{aanvraag.pk}/{deel}").status_code for deel in SCHRIJVEN] == [403] * 4
    assert behandelaar.get(f"/aanvragen/{concept.pk}/").status_code == 404
    notaris = ingelogd(maak_gebruiker(Rol.NOTARIS))
    assert notaris.get(f"/aanvragen/{aanvraag.pk}/").status_code == 404


def test_a_colleague_with_a_mandate_may_go_on(tijdvak, zaak):
    aanvraag = begonnen(tijdvak, zaak[2], zaak[1])
    collega = maak_gebruiker(Rol.BEHANDELAAR)  # also somebody's employee
    machtiging_verlenen(organisatie=zaak[2], gebruiker=collega, soort="medewerker", actor=zaak[1], op=TIJDENS)
    assert ingelogd(collega).get(f"/aanvragen/{aanvraag.pk}/").status_code == 200


def test_a_mandate_that_ended_ends_access(tijdvak, zaak):
    client, gebruiker, organisatie = zaak
    aanvraag = begonnen(tijdvak, organisatie, gebruiker)
    gebruiker.machtigingen.update(geldig_tot=TIJDENS.date() - timedelta(days=1))
    assert client.get(f"/aanvragen/{aanvraag.pk}/").status_code == 404
