"""Before applying, without login: figures of a round, questions as PDF, language, and what the pages keep."""

from __future__ import annotations

import io
import re
from datetime import timedelta

import pikepdf
import pypdfium2
import pytest
import time_machine

from aanvragen.models import Aanvraag
from portalen.presentatie.verloop import besluit_uiterlijk, verloop
from portalen.presentatie.vragendocument import vragen_pdf
from regeling.services.tijdvak import tijdvak_publiceren
from tests.factories.portaal_aanvrager import (
    Medewerkers,
    aanvrager,
    compleet,
    gepubliceerde_loting,
    rijk_tijdvak,
    verstuurd,
)
from tests.factories.ronde import (
    BESLUIT,
    NA,
    TIJDENS,
    VOOR,
    geloot,
    maak_ingediend,
    maak_staf,
    maak_tijdvak,
    open_tijdvak,
    tabel,
    verleen,
)
from tests.portalen.lezen import tekst

pytestmark = pytest.mark.django_db
#: Round, outages, ceiling twice, counts twice, draws, time to fill in, waiting time, earlier rounds.
QUERIES_REGELING = 10


@pytest.fixture
def tijdens():
    with time_machine.travel(TIJDENS, tick=False):
        yield


def pagina(client, tijdvak, deel: str = "") -> str:
    return tekst(client.get(f"/regelingen/{tijdvak.sleutel}/{deel}"))


# --- figures ------------------------------------------------------------------------------------------------------


def test_live_figures_with_the_moment_of_counting(client, tijdens):
    tijdvak = open_tijdvak(plafond=3000)
    assert "Aanvragen ontvangen 0 Samen gevraagd € 0 (0% van het plafond)" in pagina(client, tijdvak)
    for _ in range(2):
        maak_ingediend(tijdvak)
    gezien = pagina(client, tijdvak)
    for zin in (
        "Aanvragen ontvangen 2",
        "Samen gevraagd € 2.000 (67% van het plafond)",
        "Toegekend 0 aanvragen, € 0",
        "Plafond € 3.000",
        "Nog over € 3.000",
        "Geteld op 5 maart 2026 om 09:00:00 uur",
    ):
        assert zin in gezien, zin


def test_unknown_figures_are_not_shown(client, tijdens):
    gezien = pagina(client, open_tijdvak())
    for zin in ("minuten bezig", "In de afgelopen 90 dagen", "Hoeveel kans had men eerder?"):
        assert zin not in gezien


def test_measured_times_are_shown(client):
    staf = maak_staf()
    tijdvak, rijen = geloot(10, staf)
    for nr, rij in enumerate(rijen):
        Aanvraag.objects.filter(pk=rij.pk).update(aangemaakt_op=TIJDENS - timedelta(minutes=20 + nr))
    for rij in rijen[:2]:
        verleen(rij, staf)
    with time_machine.travel(BESLUIT, tick=False):
        gezien = pagina(client, tijdvak)
    assert "van begin tot versturen hoogstens 25 minuten bezig, met pauzes erbij (gemeten over 10 aanvragen)" in gezien
    dagen = (BESLUIT.date() - TIJDENS.date()).days
    assert f"namen wij 2 besluiten. De helft kwam binnen {dagen} dagen na ontvangst, en negen van de tien" in gezien


@pytest.mark.parametrize("aantal", [1, 3])
def test_page_of_a_round_needs_the_same_queries(client, tijdens, aantal, django_assert_num_queries):
    tijdvak = open_tijdvak()
    for _ in range(aantal):
        maak_ingediend(tijdvak)
    with django_assert_num_queries(QUERIES_REGELING):
        client.get(f"/regelingen/{tijdvak.sleutel}/")


# --- what happens when --------------------------------------------------------------------------------------------


def namen(tijdvak, loting=None, op=TIJDENS) -> list[tuple[str, str]]:
    return [(stap.naam, stap.wanneer) for stap in verloop(tijdvak, loting, op)]


def test_steps_with_dates_of_a_draw():
    tijdvak = rijk_tijdvak()
    assert namen(tijdvak) == [
        ("U krijgt een ontvangstbewijs", "meteen na het versturen"),
        ("Het tijdvak sluit", "27 maart 2026 om 17:00 uur"),
        ("Wij controleren of uw aanvraag compleet is", "na het versturen"),
        ("Wij loten", "na de sluiting, als alle aanvragen zijn gecontroleerd"),
        ("U krijgt een besluit", "uiterlijk 26 juni 2026"),
    ]


def test_the_published_moment_of_the_draw_is_told():
    gebruiker, organisatie = aanvrager()
    staf, tijdvak = Medewerkers(), rijk_tijdvak()
    compleet(verstuurd(tijdvak, organisatie, gebruiker), staf)
    tijdvak.refresh_from_db()
    loting = gepubliceerde_loting(tijdvak, staf)
    assert namen(tijdvak, loting, NA)[3] == ("Wij loten", "7 april 2026 om 18:00 uur of kort daarna")


def test_order_of_receipt_counts_from_today():
    tijdvak = open_tijdvak(tabellen=tabel("verdeling", methode="volgorde", bronnen=["notaris"]))
    assert namen(tijdvak)[-1] == ("U krijgt een besluit", "uiterlijk 4 juni 2026, als u vandaag verstuurt")
    assert "Het tijdvak sluit" not in dict(namen(tijdvak))
    assert besluit_uiterlijk(tijdvak, VOOR) == besluit_uiterlijk(tijdvak, tijdvak.open_op)


# --- questions on paper -------------------------------------------------------------------------------------------


def test_pdf_has_the_same_questions_and_is_tagged(client, tijdens):
    tijdvak = rijk_tijdvak()
    antwoord = client.get(f"/regelingen/{tijdvak.sleutel}/vragen/vragenlijst.pdf")
    assert antwoord["Content-Type"] == "application/pdf"
    assert antwoord["Content-Disposition"] == f'attachment; filename="vragen-{tijdvak.sleutel}.pdf"'
    with pikepdf.open(io.BytesIO(antwoord.content)) as document:
        assert (bool(document.Root.MarkInfo.Marked), str(document.Root.Lang)) == (True, "nl")
        assert "/StructTreeRoot" in document.Root
    document = pypdfium2.PdfDocument(antwoord.content)
    inhoud = " ".join(" ".join(blad.get_textpage().get_text_bounded() for blad in document).split())
    vragen = client.get(f"/regelingen/{tijdvak.sleutel}/vragen/").context["delen"]
    for deel in vragen:
        assert deel.stap.naam in inhoud.replace("'", "’"), deel.stap.naam
        for vraag in deel.vragen:
            assert vraag.tekst.replace("’", "'") in inhoud.replace("’", "'"), vraag.tekst
    assert "1 MB" in inhoud
    assert vragen_pdf(tijdvak) == antwoord.content


def test_pdf_is_dutch_for_every_reader(client, tijdens):
    tijdvak = rijk_tijdvak()
    nederlands = client.get(f"/regelingen/{tijdvak.sleutel}/vragen/vragenlijst.pdf").content
    client.post("/i18n/setlang/", {"language": "en", "next": "/"})
    assert client.get(f"/regelingen/{tijdvak.sleutel}/vragen/vragenlijst.pdf").content == nederlands


def test_questions_tell_what_is_optional_and_which_documents(client, tijdens):
    gezien = pagina(client, rijk_tijdvak(), "vragen/")
    for zin in (
        "Wat legt u klaar?",
        "Telefoonnummer (niet verplicht)",
        "Deed u dit eerder? (niet verplicht)",
        "U mag meer dan één antwoord kiezen",
        "Offerte Ja PDF, hoogstens 1 MB.",
        "Foto Nee, niet verplicht PNG of JPG, hoogstens 10 MB.",
        "Wij vulden dit naar waarheid in.",
    ):
        assert zin in gezien, zin


@pytest.mark.parametrize("deel", ["kom-ik-in-aanmerking/", "vragen/vragenlijst.pdf"])
def test_a_draft_round_has_none_of_these_pages(client, deel):
    tijdvak = maak_tijdvak()
    assert client.get(f"/regelingen/{tijdvak.sleutel}/{deel}").status_code == 404
    tijdvak_publiceren(tijdvak=tijdvak, actor=None, op=VOOR)
    assert client.get(f"/regelingen/{tijdvak.sleutel}/{deel}").status_code == 200


# --- every public page --------------------------------------------------------------------------------------------

OPENBAAR = [
    "/",
    "/regelingen/",
    "/regelingen/{sleutel}/",
    "/regelingen/{sleutel}/vragen/",
    "/regelingen/{sleutel}/kom-ik-in-aanmerking/",
    "/regelingen/{sleutel}/kom-ik-in-aanmerking/?stap=omvang&wie=onderneming",
    "/regelingen/{sleutel}/kom-ik-in-aanmerking/?stap=uitslag",
    "/zelfscan/",
    "/zelfscan/?stap=flexibel",
    "/zelfscan/?stap=profiel&flexibel1=2&flexibel2=2",
    "/toegankelijkheid/",
    "/privacy/",
    "/contact/",
]


@pytest.mark.parametrize("pad", OPENBAAR)
def test_language_switch_works_on_every_page_without_script(client, tijdens, pad):
    pad = pad.format(sleutel=rijk_tijdvak().sleutel)
    antwoord = client.get(pad)
    assert antwoord.status_code == 200
    html = antwoord.content.decode()
    assert '<html lang="nl"' in html
    volgende = re.search(r'name="next" value="([^"]+)"', html)
    assert volgende is not None
    assert volgende.group(1).replace("&amp;", "&") == pad
    terug = client.post("/i18n/setlang/", {"language": "en", "next": pad})
    assert (terug.status_code, terug["Location"]) == (302, pad)
    assert '<html lang="en"' in client.get(pad).content.decode()


@pytest.mark.parametrize("pad", OPENBAAR)
def test_public_pages_have_the_footer_and_store_nothing(client, tijdens, pad):
    pad = pad.format(sleutel=rijk_tijdvak().sleutel)
    antwoord = client.get(pad)
    voet = antwoord.content.decode().split("<footer", 1)[1]
    assert [naam for naam in ("/toegankelijkheid/", "/privacy/", "/contact/") if f'href="{naam}"' in voet] == [
        "/toegankelijkheid/",
        "/privacy/",
        "/contact/",
    ]
    assert set(client.cookies) <= {"csrftoken"}
    assert "<script" not in antwoord.content.decode()
