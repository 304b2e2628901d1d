"""What stands beside the timeline of a case: messages, documents, people, references, the lot, contact, barriers."""

from __future__ import annotations

from datetime import timedelta

import pytest
import time_machine

from aanvragen.enums import Machtigingsoort
from aanvragen.models import Aanvraag, Machtiging, Postbusbericht, Postbuslezing, Referentie
from aanvragen.services.organisatie import machtiging_verlenen
from kern.enums import Berichtsoort
from kern.models import LogRegel
from kern.services.overgang import overgang_toepassen
from kern.services.spoor import keten_van
from portalen.presentatie.zaakoverzicht import referenties_van
from tests.factories.portaal_aanvrager import (
    TREKKING,
    aanvrager,
    compleet,
    geloot,
    ingelogd,
    pdf,
    rijk_tijdvak,
    verstuurd,
)
from tests.factories.ronde import NA, TIJDENS, maak_concept, maak_gebruiker, open_tijdvak
from tests.portalen.lezen import bytes_van, fouten, meldingen, tekst
from tests.portalen.test_aanvraagstand import Zaak

pytestmark = pytest.mark.django_db
QUERIES_STAND, QUERIES_MIJN = 18, 12


@pytest.fixture
def zaak() -> Zaak:
    return Zaak()


def bericht(aanvraag: Aanvraag, nr: int = 1, **anders) -> Postbusbericht:
    velden = {
        "sleutel": f"proef-{aanvraag.pk}-{nr}",
        "organisatie": aanvraag.organisatie,
        "aanvraag": aanvraag,
        "soort": Berichtsoort.ALGEMEEN,
        "onderwerp": f"Bericht {nr}",
        "tekst": "Tekst.",
        "geplaatst_op": NA + timedelta(minutes=nr),
    }
    return Postbusbericht.objects.create(**{**velden, **anders})


# --- messages, people, documents ----------------------------------------------------------------------------------


def test_messages_of_this_case_with_what_was_not_read(zaak):
    eerste, tweede = bericht(zaak.aanvraag, 1), bericht(zaak.aanvraag, 2)
    Postbuslezing.objects.create(bericht=eerste, gebruiker=zaak.gebruiker, op=NA)
    Postbuslezing.objects.create(bericht=tweede, gebruiker=maak_gebruiker(), op=NA)
    ander = verstuurd(rijk_tijdvak(), zaak.organisatie, zaak.gebruiker)
    bericht(ander, 3)
    berichten = zaak.open().context["berichten"]
    assert [(b.onderwerp, b.gelezen) for b in berichten][:2] == [("Bericht 2", False), ("Bericht 1", True)]
    assert "Bericht 3" not in [b.onderwerp for b in berichten]


def test_no_messages_is_said(zaak):
    zaak.aanvraag.postbus.all().delete()
    assert "Er zijn nog geen berichten over deze aanvraag." in tekst(zaak.open())


def test_who_may_act_today(zaak):
    def gemachtigd(naam: str, **anders) -> None:
        persoon = maak_gebruiker()
        persoon.naam = naam
        persoon.save(update_fields=["naam"])
        machtiging_verlenen(
            organisatie=zaak.organisatie, gebruiker=persoon, soort=Machtigingsoort.INTERMEDIAIR, actor=None, op=TIJDENS
        )
        Machtiging.objects.filter(gebruiker=persoon).update(**anders)

    ander = open_tijdvak().regelingversie.regeling
    gemachtigd("Mag", geldig_tot=NA.date())
    gemachtigd("Mag hier", regeling=zaak.tijdvak.regelingversie.regeling)
    gemachtigd("Verlopen", geldig_tot=NA.date() - timedelta(days=1))
    gemachtigd("Ingetrokken", ingetrokken_op=TIJDENS)
    gemachtigd("Andere regeling", regeling=ander)
    assert Machtiging.objects.filter(organisatie=zaak.organisatie).count() == 6
    antwoord = zaak.open()
    namen = [persoon.naam for persoon in antwoord.context["gemachtigden"]]
    assert namen == ["Mag", "Mag hier", zaak.gebruiker.naam]
    assert "Mag Intermediair. Alles, ook ondertekenen en versturen, tot en met 28 maart 2026." in tekst(antwoord)


def test_documents_can_be_opened(zaak):
    (stuk,) = zaak.open().context["stukken"]
    assert (stuk["naam"], stuk["op"]) == ("Offerte: offerte.pdf", TIJDENS)
    with time_machine.travel(NA, tick=False):
        antwoord = ingelogd(zaak.gebruiker).get(stuk["url"])
    assert bytes_van(antwoord) == pdf()


# --- references ---------------------------------------------------------------------------------------------------


def zet(referentie: Referentie, *overgangen: str) -> None:
    for naam in overgangen:
        meer = {"geldig_tot": NA.date()} if naam == "bevestigen" else {}
        reden = "Reden." if naam in {"blokkeren", "niet_bevestigen"} else ""
        actor = maak_gebruiker() if naam == "niet_bevestigen" else None
        overgang_toepassen(referentie, naam, actor=actor, op=NA, reden=reden, **meer)


@pytest.mark.parametrize(
    ("overgangen", "stand"),
    [
        ([], "Nog niet gevraagd"),
        (["blokkeren"], "Wij kijken ernaar"),
        (["klaarzetten"], "Nog niet gevraagd"),
        (["klaarzetten", "uitnodigen"], "Gevraagd"),
        (["klaarzetten", "uitnodigen", "herinneren"], "Herinnerd"),
        (["klaarzetten", "uitnodigen", "onbestelbaar_melden"], "Niet te bereiken"),
        (["klaarzetten", "uitnodigen", "verlopen"], "Niet op tijd"),
        (["klaarzetten", "uitnodigen", "weigeren"], "Werkt niet mee"),
        (["klaarzetten", "uitnodigen", "ontkennen"], "Beantwoord"),
        (["klaarzetten", "uitnodigen", "beantwoorden"], "Beantwoord"),
        (["klaarzetten", "uitnodigen", "beantwoorden", "in_controle_nemen"], "Beantwoord"),
        (["klaarzetten", "uitnodigen", "beantwoorden", "bevestigen"], "Bevestigd"),
        (["klaarzetten", "uitnodigen", "ontkennen", "in_controle_nemen", "niet_bevestigen"], "Niet bevestigd"),
    ],
)
def test_each_reference_in_words(zaak, overgangen, stand):
    eerste = zaak.aanvraag.referenties.first()
    zet(eerste, *overgangen)
    overzicht = referenties_van(zaak.aanvraag)
    assert [(r.organisatie, r.stand) for r in overzicht.regels] == [
        ("Klant B.V.", stand),
        ("Ander B.V.", "Nog niet gevraagd"),
    ]
    assert (overzicht.bevestigd, overzicht.nodig) == (int(stand == "Bevestigd"), 2)
    gezien = tekst(zaak.open())
    assert f"{overzicht.bevestigd} van 2 referenties zijn bevestigd." in gezien
    assert "ontkend" not in gezien.lower()


def test_a_replaced_reference_is_gone(zaak):
    zet(zaak.aanvraag.referenties.first(), "vervangen_worden")
    assert [r.organisatie for r in referenties_van(zaak.aanvraag).regels] == ["Ander B.V."]


def test_no_references_no_list():
    assert referenties_van(maak_concept(open_tijdvak())) is None


# --- the lot ------------------------------------------------------------------------------------------------------


def test_own_place_in_the_draw(zaak):
    compleet(zaak.aanvraag, zaak.staf)
    zaak.tijdvak.refresh_from_db()
    assert zaak.open().context["lot"] is None
    loting = geloot(zaak.tijdvak, zaak.staf)
    antwoord = zaak.open(TREKKING)
    lot = antwoord.context["lot"]
    assert (lot.rang, lot.aantal, lot.uitkomst, lot.lijst) == (1, 1, "Toegewezen", loting.deelnemers_sha256)
    gezien = tekst(antwoord)
    for zin in ("Uw aanvraag staat op nummer 1 van 1.", loting.protocol_sha256, zaak.aanvraag.plaats.lot):
        assert zin in gezien, zin


# --- queries ------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("aantal", [1, 3])
def test_case_page_needs_the_same_queries(zaak, aantal, django_assert_num_queries):
    for nr in range(aantal):
        bericht(zaak.aanvraag, nr)
        machtiging_verlenen(
            organisatie=zaak.organisatie,
            gebruiker=maak_gebruiker(),
            soort=Machtigingsoort.MEDEWERKER,
            actor=None,
            op=TIJDENS,
        )
    with time_machine.travel(NA, tick=False):
        klant = ingelogd(zaak.gebruiker)
        with django_assert_num_queries(QUERIES_STAND):
            klant.get(zaak.adres)


@pytest.mark.parametrize("aantal", [1, 3])
def test_my_applications_count_unread_messages(aantal, django_assert_num_queries):
    gebruiker, organisatie = aanvrager()
    rijen = [verstuurd(rijk_tijdvak(), organisatie, gebruiker) for _ in range(aantal)]
    for nr, rij in enumerate(rijen):
        for n in range(nr + 2):
            bericht(rij, n)
        Postbuslezing.objects.create(bericht=rij.postbus.first(), gebruiker=gebruiker, op=NA)
    with time_machine.travel(NA, tick=False):
        klant = ingelogd(gebruiker)
        with django_assert_num_queries(QUERIES_MIJN):
            antwoord = klant.get("/mijn-aanvragen/")
    assert {r["aanvraag"].pk: r["aanvraag"].ongelezen for r in antwoord.context["rijen"]} == {
        rij.pk: nr + 2
        for nr, rij in enumerate(rijen)  # with the confirmation of receipt
    }
    assert "2 ongelezen berichten" in tekst(antwoord)


# --- contact data -------------------------------------------------------------------------------------------------

NIEUW = {
    "contactpersoon": "Noor Nieuw",
    "contact_email": "noor@proef.example",
    "contact_telefoon": "",
    "correspondentie": "digitaal",
}


def test_contact_form_shows_what_is_stored_and_keeps_what_is_sent(zaak):
    assert zaak.open(pad="contactgegevens/").context["form"].initial == {
        "contactpersoon": "Sanne Proef",
        "contact_email": "sanne@proef.example",
        "contact_telefoon": "",
        "correspondentie": "digitaal",
    }
    antwoord = zaak.stuur("contactgegevens/", NIEUW)
    assert (antwoord.status_code, antwoord["Location"]) == (302, zaak.adres)
    assert (zaak.aanvraag.contactpersoon, zaak.aanvraag.contact_email) == ("Noor Nieuw", "noor@proef.example")
    assert "noor@proef.example" in tekst(zaak.open())


def test_contact_form_errors(zaak):
    antwoord = zaak.stuur("contactgegevens/", {**NIEUW, "contact_email": "geen adres", "contactpersoon": ""})
    assert fouten(antwoord.context["form"]) == {
        "contactpersoon": ["Vul “Naam van de contactpersoon” in."],
        "contact_email": ["Vul een e-mailadres in, bijvoorbeeld naam@voorbeeld.nl."],
    }
    antwoord = zaak.stuur("contactgegevens/", {**NIEUW, "correspondentie": "post"})
    assert fouten(antwoord.context["form"]) == {
        "correspondentie": ["Wij hebben geen postadres van uw organisatie. Vul eerst het adres in bij uw organisatie."]
    }
    assert zaak.aanvraag.contact_email == "sanne@proef.example"


def test_contact_of_somebody_else_does_not_exist(zaak):
    vreemde, _organisatie = aanvrager(naam="Ander", kvk="00123457")
    with time_machine.travel(NA, tick=False):
        assert ingelogd(vreemde).get(zaak.adres + "contactgegevens/").status_code == 404
        assert ingelogd(vreemde).post(zaak.adres + "contactgegevens/", NIEUW).status_code == 404
    assert zaak.aanvraag.contact_email == "sanne@proef.example"


# --- withdrawing --------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("gegevens", "reden"),
    [
        ({}, "Geen reden opgegeven."),
        ({"reden": " Te druk. "}, "Te druk."),
        ({"drempel": "tijd"}, "Wij hebben te weinig tijd of mensen."),
        ({"drempel": "regels", "reden": "Veel werk."}, "De regels of het papierwerk zijn te zwaar. Veel werk."),
    ],
)
def test_barrier_is_kept_with_the_reason_in_dutch(zaak, gegevens, reden):
    with time_machine.travel(NA, tick=False):
        klant = ingelogd(zaak.gebruiker)
        klant.post("/i18n/setlang/", {"language": "en", "next": "/"})
        klant.post(zaak.adres + "intrekken/", gegevens)
    assert (zaak.aanvraag.status, zaak.aanvraag.intrekkingsreden) == ("ingetrokken", reden)
    assert LogRegel.objects.get(keten=keten_van(zaak.aanvraag), handeling="intrekken").reden == reden


def test_unknown_barrier_is_refused(zaak):
    antwoord = zaak.stuur("intrekken/", {"drempel": "niets"})
    assert set(fouten(antwoord.context["form"])) == {"drempel"}
    assert zaak.aanvraag.status == "ingediend"


def test_withdrawn_case_cannot_be_withdrawn_again(zaak):
    zaak.stuur("intrekken/")
    with time_machine.travel(NA, tick=False):
        antwoord = ingelogd(zaak.gebruiker).get(zaak.adres + "intrekken/", follow=True)
    assert meldingen(antwoord) == ["Deze aanvraag kan niet (meer) worden ingetrokken."]
