"""Who may sign, signs what was read; who may only fill in, puts the application ready."""

from __future__ import annotations

import pytest
import time_machine

from aanvragen.enums import Machtigingbereik
from aanvragen.models import Machtiging, Postbusbericht
from aanvragen.services.concept import velden_bewaren
from aanvragen.services.organisatie import machtiging_verlenen
from kern.models import Bericht, LogRegel
from tests.factories.portaal_aanvrager import begonnen, handtekening, rijk_tijdvak
from tests.factories.ronde import TIJDENS, maak_gebruiker
from tests.portalen.lezen import fouten, meldingen, tekst
from tests.portalen.stappen import Stappen

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _tijdens():
    with time_machine.travel(TIJDENS, tick=False):
        yield


@pytest.fixture
def baas() -> Stappen:
    return Stappen(rijk_tijdvak(), vol=True)


@pytest.fixture
def hulp(baas: Stappen) -> Stappen:
    """Somebody who may fill in and not sign."""
    collega = maak_gebruiker()
    machtiging = machtiging_verlenen(
        organisatie=baas.organisatie, gebruiker=collega, soort="medewerker", actor=baas.gebruiker, op=TIJDENS
    )
    Machtiging.objects.filter(pk=machtiging.pk).update(bereik=Machtigingbereik.INVULLEN)
    return baas.collega(collega)


def adres(s: Stappen, deel: str) -> str:
    return f"/aanvragen/{s.pk}/{deel}/"


def test_name_function_and_declaration_are_part_of_what_was_sent(baas):
    baas.client.post(adres(baas, "versturen"), handtekening(baas.client, baas.aanvraag))
    rij = baas.aanvraag
    assert (rij.status, rij.ondertekenaar_naam, rij.ondertekenaar_functie) == ("ingediend", "Sanne Proef", "Directeur")
    verklaring = (
        "Ik onderteken deze aanvraag namens Proefbakkerij. "
        "Ik mag deze organisatie vertegenwoordigen en heb de aanvraag naar waarheid ingevuld."
    )
    assert rij.ingediende_inhoud[-1] == [
        "ondertekening",
        "Ondertekening",
        [["Naam", "Sanne Proef"], ["Functie", "Directeur"], [verklaring, "Akkoord"]],
    ]
    assert verklaring in baas.client.get(adres(baas, "ontvangst") + "html/").content.decode()
    bericht = Postbusbericht.objects.get()
    assert (bericht.sjabloon, "5 maart 2026 om 09:00:00 uur" in bericht.tekst) == ("ontvangst", True)


@pytest.mark.parametrize(
    ("anders", "fout"),
    [
        ({"naam": ""}, {"naam": ["Vul “Uw naam” in."]}),
        ({"functie": "x" * 101}, None),
        ({"akkoord": ""}, {"akkoord": ["Zet een vinkje om te ondertekenen."]}),
    ],
)
def test_without_signature_nothing_is_sent(baas, anders, fout):
    antwoord = baas.client.post(adres(baas, "versturen"), {**handtekening(baas.client, baas.aanvraag), **anders})
    gevonden = fouten(antwoord.context["form"])
    assert gevonden == fout if fout else list(gevonden) == ["functie"]
    assert "Er is 1 fout. Verbeter deze eerst." in tekst(antwoord)
    assert baas.aanvraag.status == "concept"


def test_what_is_signed_is_what_was_read(baas):
    gegevens = handtekening(baas.client, baas.aanvraag)
    velden_bewaren(
        aanvraag=baas.aanvraag, stap="project", gegevens={"titel": "Anders"}, actor=baas.gebruiker, op=TIJDENS
    )
    antwoord = baas.client.post(adres(baas, "versturen"), gegevens)
    assert (antwoord.status_code, antwoord.context["gewijzigd"], baas.aanvraag.status) == (
        409,
        ["Het project"],
        "concept",
    )
    assert antwoord.context["form"]["functie"].value() == "Directeur"
    assert (
        baas.client.post(adres(baas, "versturen"), {**gegevens, "gezien": antwoord.context["gezien"]}).status_code
        == 302
    )


def test_pressing_often_gives_one_receipt(baas):
    gegevens = handtekening(baas.client, baas.aanvraag)
    waarheen = {baas.client.post(adres(baas, "versturen"), gegevens)["Location"] for _ in range(5)}
    assert waarheen == {adres(baas, "ontvangst")}
    assert baas.client.post(adres(baas, "versturen"), {})["Location"] == adres(baas, "ontvangst")
    assert LogRegel.objects.filter(handeling="indienen").count() == 1
    assert (Postbusbericht.objects.count(), Bericht.objects.count()) == (1, 1)


def test_sending_while_logged_out_leads_back_to_the_check_page(baas, client):
    antwoord = client.post(adres(baas, "versturen"))
    assert antwoord["Location"] == f"/account/login/?next={adres(baas, 'controleren')}"


def test_who_may_only_fill_in_puts_it_ready(baas, hulp):
    pagina = tekst(hulp.client.get(adres(hulp, "controleren")))
    assert "U mag deze aanvraag invullen, maar niet ondertekenen." in pagina
    assert f"Dit kan wel: {baas.gebruiker}." in pagina
    assert "Ondertekenen en versturen" not in pagina
    weigering = hulp.client.post(adres(hulp, "versturen"), handtekening(hulp.client, hulp.aanvraag))
    assert (weigering.status_code, hulp.aanvraag.status) == (403, "concept")
    for _ in range(2):
        antwoord = hulp.client.post(adres(hulp, "klaarzetten"), follow=True)
    assert meldingen(antwoord) == ["De aanvraag staat klaar om te ondertekenen. Uw collega’s hebben bericht gekregen."]
    rij = hulp.aanvraag
    assert (rij.ter_ondertekening_op, rij.ter_ondertekening_door) == (TIJDENS, hulp.gebruiker)
    assert Postbusbericht.objects.get().onderwerp == "Een aanvraag voor Proefbakkerij wacht op uw handtekening"
    assert sorted(Bericht.objects.values_list("aan", flat=True)) == sorted(
        ["sanne@proef.example", baas.gebruiker.email]
    )
    assert f"{hulp.gebruiker} zette de aanvraag klaar" in tekst(baas.client.get(f"/aanvragen/{baas.pk}/"))
    verstuurd = baas.client.post(adres(baas, "versturen"), handtekening(baas.client, baas.aanvraag))
    assert verstuurd["Location"] == adres(baas, "ontvangst")


def test_giving_back_with_a_remark(baas, hulp):
    hulp.client.post(adres(hulp, "klaarzetten"))
    leeg = baas.client.post(adres(baas, "teruggeven"), {"opmerking": " "})
    assert list(fouten(leeg.context["teruggeven"])) == ["opmerking"]
    assert hulp.client.post(adres(hulp, "teruggeven"), {"opmerking": "x"}).status_code == 403
    antwoord = baas.client.post(adres(baas, "teruggeven"), {"opmerking": "Het bedrag klopt niet {x}."}, follow=True)
    assert meldingen(antwoord) == ["De aanvraag is teruggegeven. Uw collega heeft bericht gekregen."]
    rij = baas.aanvraag
    assert (rij.ter_ondertekening_op, rij.ter_ondertekening_door) == (None, None)
    bericht = Postbusbericht.objects.get(sjabloon="ondertekening_terug")
    assert "De opmerking is:\nHet bedrag klopt niet {x}." in bericht.tekst
    assert Bericht.objects.filter(aan=hulp.gebruiker.email).count() == 1
    regel = LogRegel.objects.get(handeling="ter_ondertekening_teruggeven")
    assert (regel.actor, regel.reden) == (baas.gebruiker, "Het bedrag klopt niet {x}.")
    hulp.client.post(adres(hulp, "klaarzetten"))
    assert hulp.aanvraag.ter_ondertekening_op == TIJDENS


def test_an_unfinished_application_is_not_put_ready(hulp, baas):
    aanvraag = begonnen(rijk_tijdvak(sleutel="leeg"), baas.organisatie, hulp.gebruiker)
    antwoord = hulp.client.post(f"/aanvragen/{aanvraag.pk}/klaarzetten/", follow=True)
    assert meldingen(antwoord)[0].startswith("De aanvraag is nog niet klaar:")
    assert Postbusbericht.objects.count() == 0


def test_when_nobody_may_sign_that_is_said(hulp):
    Machtiging.objects.update(bereik=Machtigingbereik.INVULLEN)
    assert "mag nu niemand ondertekenen" in tekst(hulp.client.get(adres(hulp, "controleren")))
    antwoord = hulp.client.post(adres(hulp, "klaarzetten"), follow=True)
    assert meldingen(antwoord)[0].startswith("Niemand van uw organisatie mag in Stimulans ondertekenen.")
    assert hulp.aanvraag.ter_ondertekening_op is None
