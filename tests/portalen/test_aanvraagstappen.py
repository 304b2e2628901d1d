"""The steps of a draft: everything that can be read is kept, also when it is unfinished or somebody else was first."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from io import BytesIO
from typing import Any

import pytest
import time_machine
from django.core.files.uploadedfile import SimpleUploadedFile
from PIL import Image

from aanvragen.models import Adviseur
from aanvragen.services.concept import velden_bewaren
from aanvragen.services.conceptadviseur import Adviesgegevens, adviseur_vinden
from aanvragen.services.organisatie import organisatie_wijzigen
from tests.factories.portaal_aanvrager import IBAN, RIJK, aanvrager, begonnen, handtekening, ingelogd, pdf, rijk_tijdvak
from tests.factories.ronde import SLUIT, TIJDENS, maak_concept, open_tijdvak
from tests.portalen.lezen import bytes_van, fouten, meldingen, tekst
from tests.portalen.stappen import DATUMS, Stappen, regel

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _tijdens():
    with time_machine.travel(TIJDENS, tick=False):
        yield


@pytest.fixture
def s() -> Stappen:
    return Stappen(rijk_tijdvak())


@pytest.fixture
def vol() -> Stappen:
    return Stappen(rijk_tijdvak(), vol=True)


# --- the frame ----------------------------------------------------------------------------------------------------


def test_page_of_a_step(s):
    pagina = tekst(s.client.get(s.adres("project")))
    for zin in ("Stap 3 van 10", "Bewaard 5 maart 2026", "0 van 10 onderdelen klaar", "nog 22 dagen"):
        assert zin in pagina, zin


@pytest.mark.parametrize("stap", ["themas", "vragen", "adviseur", "bijlagen", "verklaringen", "onzin"])
def test_steps_that_the_scheme_does_not_ask_do_not_exist(stap):
    s = Stappen(open_tijdvak(tabellen={"doelen": {"minimum": 0, "maximum": 0}}))
    assert s.client.get(s.adres(stap)).status_code == 404
    assert s.client.post(s.adres(stap), {}).status_code == 404


def test_the_three_ways_on(vol):
    basis = f"/aanvragen/{vol.pk}/"
    assert vol.bewaar("project", {"titel": "A"}).redirect_chain == [(f"{basis}stap/themas/", 302)]
    assert vol.bewaar("project", {"titel": "A", "actie": "overzicht"}).redirect_chain == [(basis, 302)]
    assert vol.bewaar("project", {"titel": "A", "terug": "controleren"}).redirect_chain == [
        (f"{basis}controleren/", 302)
    ]
    assert vol.bewaar("verklaringen", {}).redirect_chain == [(f"{basis}controleren/", 302)]
    pagina = vol.client.get(vol.adres("project") + "?terug=controleren")
    assert "Bewaren en terug naar controleren" in tekst(pagina)


def test_enter_presses_save_and_not_take_away(vol):
    knoppen = vol.client.get(vol.adres("begroting")).content.decode().split('<form method="post" novalidate')[1]
    assert knoppen.index('name="actie" value="verder"') < knoppen.index('name="verwijder"')


def test_an_empty_step_is_kept_and_what_is_missing_is_said(s):
    antwoord = s.bewaar("project", {"titel": "", "omschrijving": ""})
    assert meldingen(antwoord) == [
        "“Het project” is bewaard. Nog te doen: Geef het project een titel. Beschrijf het project."
    ]
    assert s.aanvraag.stappen_klaar == ["project"]
    stand = {t.stap.sleutel: t.stand for t in s.client.get(f"/aanvragen/{s.pk}/").context["voortgang"].taken}
    assert (stand["project"], stand["themas"]) == ("bezig", "nog-niet")


def test_after_sending_nothing_changes(vol):
    vol.client.post(f"/aanvragen/{vol.pk}/versturen/", handtekening(vol.client, vol.aanvraag))
    antwoord = vol.client.post(vol.adres("project"), {"versie": str(vol.aanvraag.versie), "titel": "Anders"})
    assert antwoord.status_code == 409
    assert "Deze aanvraag is al verstuurd en kan niet meer worden gewijzigd." in tekst(antwoord)
    assert vol.aanvraag.titel == "Zelf roosteren"


def test_typing_over_the_closing_time_is_kept(s):
    verborgen = s.open("project")
    with time_machine.travel(SLUIT.replace(minute=30), tick=False):
        client = ingelogd(s.gebruiker)
        client.post(s.adres("project"), {**verborgen, "titel": "Net te laat", "actie": "overzicht"})
    assert s.aanvraag.titel == "Net te laat"


# --- organisation -------------------------------------------------------------------------------------------------


def test_organisation_is_filled_in_with_what_is_known(s):
    formulier = s.client.get(s.adres("organisatie")).context["form"]
    assert formulier["contact_email"].value() == s.gebruiker.email
    assert formulier["contactpersoon"].value() == s.gebruiker.naam
    assert formulier["werkzame_personen"].value() == 24
    assert s.aanvraag.contact_email == ""  # shown, not kept


def test_organisation_keeps_contact_and_figures(s):
    gegevens = {
        "contactpersoon": "Sanne Proef",
        "contact_email": "sanne@proef.example",
        "contact_telefoon": "",
        "iban": "nl91 abna 0417 1643 00",
        "werkzame_personen": "31",
        "omvang_jaar": "2025",
        "omzet": "3.300.000",
        "balanstotaal": "",
    }
    assert meldingen(s.bewaar("organisatie", gegevens)) == ["“Uw organisatie” is bewaard."]
    assert (s.aanvraag.contactpersoon, s.aanvraag.iban) == ("Sanne Proef", IBAN)
    s.organisatie.refresh_from_db()
    assert (s.organisatie.werkzame_personen, s.organisatie.omzet, s.organisatie.balanstotaal) == (31, 3_300_000, None)


def test_what_cannot_be_read_is_told_and_the_rest_is_kept(s):
    antwoord = s.bewaar(
        "organisatie",
        {"contactpersoon": "Sanne", "contact_email": "sanne@", "iban": "NL00", "werkzame_personen": "12"},
    )
    assert antwoord.status_code == 200
    assert fouten(antwoord.context["form"]) == {
        "contact_email": ["Vul een e-mailadres in, bijvoorbeeld naam@voorbeeld.nl."],
        "iban": ["Dit is geen IBAN. Een IBAN begint met twee letters, bijvoorbeeld NL91 ABNA 0417 1643 00."],
    }
    assert "Wij hebben bewaard wat wij konden" in tekst(antwoord)
    assert 'value="sanne@"' in antwoord.content.decode()
    assert (s.aanvraag.contactpersoon, s.aanvraag.contact_email) == ("Sanne", "")
    # the page that came back can be kept straight away
    context = antwoord.context
    verborgen = {"versie": str(context["aanvraag"].versie), "basis": context["basis"]}
    opnieuw = s.client.post(
        s.adres("organisatie"), {**verborgen, "contactpersoon": "Sanne", "contact_email": "s@p.example"}
    )
    assert opnieuw.status_code == 302
    assert s.aanvraag.contact_email == "s@p.example"


# --- project ------------------------------------------------------------------------------------------------------


def test_project(s):
    s.bewaar("project", {"titel": "Zelf roosteren", "omschrijving": "Een\r\ntwee", **DATUMS})
    rij = s.aanvraag
    assert (rij.titel, rij.omschrijving) == ("Zelf roosteren", "Een\ntwee")
    assert (rij.start_op, rij.eind_op) == (date(2026, 9, 1), date(2027, 2, 28))


def test_an_end_before_the_beginning_keeps_both_old_dates(vol):
    antwoord = vol.bewaar("project", {"titel": "Nieuw", **DATUMS, "start_op_jaar": "2028"})
    assert fouten(antwoord.context["form"]) == {
        "eind_op": ["Het einde van het project ligt vóór het begin. Controleer de datums."]
    }
    rij = vol.aanvraag
    assert (rij.titel, rij.start_op, rij.eind_op) == ("Nieuw", date(2026, 9, 1), date(2027, 2, 28))


# --- themes and objectives ----------------------------------------------------------------------------------------


def test_themes_with_the_main_one_first(s):
    s.bewaar("themas", {"themas": ["slimmer", "flexibel"], "hoofdthema": "flexibel", "doelen": ["innovatie"]})
    gekozen = list(s.aanvraag.gekozen_themas.values_list("thema__code", "hoofd").order_by("-hoofd"))
    assert gekozen == [("flexibel", True), ("slimmer", False)]
    assert s.aanvraag.doelen == ["innovatie"]


def test_a_main_theme_that_was_not_chosen(s):
    antwoord = s.bewaar("themas", {"themas": ["slimmer"], "hoofdthema": "flexibel", "doelen": ["innovatie"]})
    assert fouten(antwoord.context["form"]) == {"hoofdthema": ["Kies een thema dat u hierboven ook hebt aangekruist."]}
    assert (s.aanvraag.doelen, s.aanvraag.gekozen_themas.count()) == (["innovatie"], 0)


# --- questions ----------------------------------------------------------------------------------------------------


def test_questions_keep_every_kind_of_answer(s):
    pagina = s.client.get(s.adres("vragen"))
    assert "U doet het samen. Medewerkers beslissen mee." in tekst(pagina)
    s.bewaar("vragen", {"aanleiding": "Verzuim", "partner": "branche", "eerder": "False"})
    assert s.aanvraag.antwoorden == {"aanleiding": "Verzuim", "partner": "branche", "eerder": False}
    formulier = s.client.get(s.adres("vragen")).context["form"]
    assert formulier["eerder"].value() is False
    assert 'id="id_eerder_1" checked' in str(formulier["eerder"])


def test_a_text_that_is_too_long_is_not_cut(s):
    antwoord = s.bewaar("vragen", {"aanleiding": "x" * 51, "partner": "branche"})
    assert fouten(antwoord.context["form"]) == {
        "aanleiding": ["Uw tekst heeft 51 tekens; hoogstens 50 mag. Maak de tekst korter."]
    }
    assert "x" * 51 in antwoord.content.decode()
    assert s.aanvraag.antwoorden["partner"] == "branche"
    s.bewaar("vragen", {"aanleiding": "a\r\n" * 25, "partner": "branche"})
    assert len(s.aanvraag.antwoorden["aanleiding"]) == 49  # a line end counts once


def test_an_answer_that_is_not_offered(s):
    antwoord = s.bewaar("vragen", {"partner": "niemand"})
    assert list(fouten(antwoord.context["form"])) == ["partner"]
    assert "partner" not in s.aanvraag.antwoorden


# --- adviser ------------------------------------------------------------------------------------------------------

ADVISEUR = {"naam": "Anouk", "email": "Anouk@Advies.example", "bureau_naam": "Maat", "bureau_kvk": "00 99 99 99"}


def test_adviser_and_references(s):
    referentie = {"ref1_organisatie": "Klant", "ref1_contactpersoon": "Kees", "ref1_email": "k@klant.example"}
    s.bewaar("adviseur", {**ADVISEUR, **referentie, "ref2_organisatie": "Half"})
    adviseur = s.aanvraag.adviseur
    assert (adviseur.naam, adviseur.email, adviseur.bureau.kvk_nummer) == ("Anouk", "anouk@advies.example", "00999999")
    assert list(s.aanvraag.referenties.values_list("organisatie", "email")) == [
        ("Klant", "k@klant.example"),
        ("Half", ""),
    ]


def test_the_same_adviser_is_one_in_the_register(s):
    for _ in range(2):
        s.bewaar("adviseur", ADVISEUR)
    assert Adviseur.objects.count() == 1
    s.bewaar("adviseur", {})
    assert (s.aanvraag.adviseur, Adviseur.objects.count()) == (None, 1)


def test_a_name_is_corrected_while_nobody_else_names_the_adviser(s):
    s.bewaar("adviseur", {**ADVISEUR, "naam": "Anouck", "bureau_naam": ""})
    s.bewaar("adviseur", ADVISEUR)
    adviseur = s.aanvraag.adviseur
    assert (adviseur.naam, adviseur.bureau.naam, Adviseur.objects.count()) == ("Anouk", "Maat", 1)
    anders = Adviesgegevens("Iemand anders", "anouk@advies.example", "Ander", "00999999")
    zelfde = adviseur_vinden(gegevens=anders, aanvraag=maak_concept(open_tijdvak()))
    assert (zelfde.pk, zelfde.naam, zelfde.bureau.naam) == (adviseur.pk, "Anouk", "Maat")


def test_a_wrong_address_keeps_what_stood_there(vol):
    referentie = {"ref1_organisatie": "Klant B.V.", "ref1_contactpersoon": "Kees", "ref1_email": "fout"}
    antwoord = vol.bewaar("adviseur", {**ADVISEUR, **referentie, "ref2_organisatie": "Ander B.V."})
    assert fouten(antwoord.context["form"]) == {
        "ref1_email": ["Vul een e-mailadres in, bijvoorbeeld naam@voorbeeld.nl."]
    }
    assert vol.aanvraag.referenties.first().email == "kees@klant.example"


def test_certified_instead_of_references():
    tabellen = {**RIJK, "adviseur": {"nodig": True, "referenties": 1, "alternatieven": ["een keurmerk"]}}
    s = Stappen(open_tijdvak(tabellen=tabellen))
    assert "Voor de adviseur geldt: een keurmerk" in tekst(s.client.get(s.adres("adviseur")))
    s.bewaar("adviseur", ADVISEUR)
    assert s.aanvraag.adviseur.gecertificeerd is False
    s.bewaar("adviseur", {**ADVISEUR, "gecertificeerd": "on"})
    assert s.aanvraag.adviseur.gecertificeerd is True


# --- declarations -------------------------------------------------------------------------------------------------


def test_declarations(s):
    s.bewaar("verklaringen", {"naar-waarheid": "on"})
    assert dict(s.aanvraag.verklaringen.values_list("code", "akkoord")) == {
        "naar-waarheid": True,
        "nieuwsbrief": False,
    }
    s.bewaar("verklaringen", {})
    assert dict(s.aanvraag.verklaringen.values_list("code", "akkoord")) == {
        "naar-waarheid": False,
        "nieuwsbrief": False,
    }


# --- budget -------------------------------------------------------------------------------------------------------


def regelnummers(s: Stappen) -> list[str]:
    return [str(pk) for pk in s.aanvraag.begroting.values_list("pk", flat=True)]


def regels_van(s: Stappen) -> list[tuple[str, Decimal]]:
    return list(s.aanvraag.begroting.values_list("omschrijving", "bedrag"))


def test_hours_times_rate(s):
    antwoord = s.bewaar("begroting", {"regels": "2", **regel(0, "Advies", "12,5", "€ 100"), **regel(1, "", "", "")})
    assert antwoord.redirect_chain == [(f"/aanvragen/{s.pk}/stap/bijlagen/", 302)]
    assert regels_van(s) == [("Advies", Decimal("1250.00"))]
    assert s.aanvraag.gevraagd_bedrag == Decimal("937.50")
    pagina = tekst(s.client.get(s.adres("begroting")))
    assert "75 % van de kosten € 937,50" in pagina


def test_adding_a_row_keeps_the_rows_so_far(s):
    antwoord = s.client.post(
        s.adres("begroting"),
        {**s.open("begroting"), "actie": "regel", "regels": "1", **regel(0, "Advies", "10", "100")},
    )
    assert antwoord["Location"] == f"{s.adres('begroting')}#regels"
    assert regels_van(s) == [("Advies", Decimal("1000.00"))]
    assert len(s.client.get(s.adres("begroting")).context["form"]) == 2


def test_taking_out_a_row_keeps_the_others(s):
    s.bewaar("begroting", {"regels": "2", **regel(0, "Eerste", "10", "100"), **regel(1, "Tweede", "5", "100")})
    een, twee = regelnummers(s)
    rijen = {"regels": "3", **regel(0, "Eerste", "10", "100", een), **regel(1, "Anders", "6", "100", twee)}
    antwoord = s.client.post(s.adres("begroting"), {**s.open("begroting"), **rijen, "verwijder": "0"})
    assert antwoord["Location"] == f"{s.adres('begroting')}#regels"
    assert regels_van(s) == [("Anders", Decimal("600.00"))]


def test_a_row_that_cannot_be_read_keeps_what_was_stored(s):
    s.bewaar("begroting", {"regels": "2", **regel(0, "Eerste", "10", "100"), **regel(1, "Tweede", "5", "100")})
    een, twee = regelnummers(s)
    rijen = {
        "regels": "4",
        **regel(0, "Eerste nieuw", "10", "100", een),
        **regel(1, "Nieuw en fout", "veel", "100", ""),
        **regel(2, "Tweede nieuw", "1,2,3", "100", twee),
        **regel(3, "", "", ""),
    }
    antwoord = s.client.post(s.adres("begroting"), {**s.open("begroting"), **rijen})
    assert [fouten(rij) for rij in antwoord.context["form"]] == [
        {},
        {"aantal": ["Dit aantal kunnen wij op twee manieren lezen. Schrijf het zonder punt, bijvoorbeeld 1200."]},
        {"aantal": ["Vul het aantal uren in met cijfers, bijvoorbeeld 40 of 12,5."]},
        {},
    ]
    assert regels_van(s) == [("Eerste nieuw", Decimal("1000.00")), ("Tweede", Decimal("500.00"))]
    assert [rij.plek for rij in antwoord.context["form"]] == [een, twee, "", ""]
    assert 'value="veel"' in antwoord.content.decode()


def test_kinds_of_cost_with_and_without_hours():
    soorten = [
        {"code": "uren", "naam": "Uren", "btw": "exclusief", "uurtarief_maximum": 125},
        {"code": "zaal", "naam": "Zaalhuur", "btw": "exclusief"},
    ]
    s = Stappen(open_tijdvak(tabellen={"kostensoorten": soorten}))
    rijen = {
        "regels": "3",
        **regel(0, "Advies", "10", "100"),
        "regel-0-kostensoort": "uren",
        **regel(1, "Zaal", "", ""),
        "regel-1-kostensoort": "zaal",
        "regel-1-bedrag": "250",
        **regel(2, "Geen soort", "", ""),
        "regel-2-bedrag": "10",
    }
    antwoord = s.bewaar("begroting", rijen)
    assert [fouten(rij) for rij in antwoord.context["form"]] == [
        {},
        {},
        {"kostensoort": ["Kies de soort kosten."]},
        {},
    ]
    assert list(s.aanvraag.begroting.values_list("kostensoort", "bedrag")) == [
        ("uren", Decimal("1000.00")),
        ("zaal", Decimal("250.00")),
    ]
    antwoord = s.bewaar("begroting", {"regels": "1", "regel-0-kostensoort": "uren", "regel-0-omschrijving": "Leeg"})
    assert fouten(antwoord.context["form"].forms[0]) == {
        "aantal": ["Vul het aantal uren in."],
        "tarief": ["Vul het tarief per uur in."],
    }


def test_nought_is_no_amount():
    s = Stappen(open_tijdvak())
    antwoord = s.bewaar("begroting", {"regels": "1", "regel-0-omschrijving": "Niets", "regel-0-bedrag": "0"})
    assert fouten(antwoord.context["form"].forms[0]) == {
        "bedrag": ["Vul een bedrag in dat hoger is dan nul, of haal de regel weg."]
    }
    assert s.aanvraag.begroting.count() == 0


# --- attachments --------------------------------------------------------------------------------------------------


def bestand(naam: str = "offerte.pdf", inhoud: bytes | None = None) -> SimpleUploadedFile:
    return SimpleUploadedFile(naam, pdf() if inhoud is None else inhoud)


def aanwezig(s: Stappen) -> list[tuple[str, str]]:
    return list(s.aanvraag.bijlagen.filter(verwijderd_op=None).values_list("code", "bestand__naam"))


def test_upload_replace_fetch_and_remove(s):
    assert "PDF, hoogstens 1 MB." in tekst(s.client.get(s.adres("bijlagen")))
    antwoord = s.bewaar("bijlagen", {"offerte": bestand(), "actie": "toevoegen"})
    assert antwoord.redirect_chain == [(s.adres("bijlagen"), 302)]
    assert aanwezig(s) == [("offerte", "offerte.pdf")]
    s.bewaar("bijlagen", {"offerte": bestand("nieuw.pdf", pdf("nieuw"))})
    assert aanwezig(s) == [("offerte", "nieuw.pdf")]
    assert s.aanvraag.bijlagen.count() == 2  # the first one stays on record
    bijlage = s.aanvraag.bijlagen.get(verwijderd_op=None)
    opgehaald = s.client.get(f"/aanvragen/{s.pk}/bijlagen/{bijlage.pk}/")
    assert bytes_van(opgehaald) == pdf("nieuw")
    assert opgehaald["Content-Disposition"] == 'attachment; filename="nieuw.pdf"'
    assert opgehaald["Content-Security-Policy"] == "default-src 'none'; sandbox"
    s.bewaar("bijlagen", {"verwijder": str(bijlage.pk)})
    assert aanwezig(s) == []


@pytest.mark.parametrize(
    ("upload", "melding"),
    [
        (("plan.docx", b"PK\x03\x04"), "“plan.docx” is geen bestand van de soort PDF."),
        (("leeg.pdf", b""), "“leeg.pdf” is leeg."),
        (("kapot.pdf", b"%PDF-1.7 niets"), "“kapot.pdf” is beschadigd en kan niet worden geopend."),
        (
            ("groot.pdf", b"%PDF-" + b"0" * (1024 * 1024)),
            "“groot.pdf” is te groot: 1,0 MB. Een bestand mag hoogstens 1 MB zijn.",
        ),
    ],
)
def test_a_file_that_is_refused_leaves_the_others(s, upload, melding):
    buffer = BytesIO()
    Image.new("RGB", (2, 2)).save(buffer, "PNG")
    antwoord = s.bewaar("bijlagen", {"offerte": bestand(*upload), "foto": bestand("foto.png", buffer.getvalue())})
    assert antwoord.status_code == 200
    gevonden = fouten(antwoord.context["form"])
    assert list(gevonden) == ["offerte"]
    assert gevonden["offerte"][0].startswith(melding)
    assert aanwezig(s) == [("foto", "foto.png")]


def test_going_on_without_files_marks_the_step(s):
    antwoord = s.bewaar("bijlagen", {})
    assert "Bijlagen: Ontbreekt: Offerte." in meldingen(antwoord)[0]
    assert s.aanvraag.stappen_klaar == ["bijlagen"]


def test_somebody_elses_attachment_does_not_exist(vol):
    bijlage = vol.aanvraag.bijlagen.get()
    ander = ingelogd(aanvrager(kvk="00777777")[0])
    assert ander.get(f"/aanvragen/{vol.pk}/bijlagen/{bijlage.pk}/").status_code == 404
    tweede = Stappen.__new__(Stappen)
    tweede.gebruiker, tweede.organisatie = aanvrager(kvk="00888888")
    tweede.client = ingelogd(tweede.gebruiker)
    tweede.pk = begonnen(vol.aanvraag.tijdvak, tweede.organisatie, tweede.gebruiker).pk
    assert tweede.client.get(f"/aanvragen/{tweede.pk}/bijlagen/{bijlage.pk}/").status_code == 404
    assert tweede.bewaar("bijlagen", {"verwijder": str(bijlage.pk)}).status_code == 404
    assert vol.aanvraag.bijlagen.get().verwijderd_op is None


# --- somebody else was first --------------------------------------------------------------------------------------


def collega_wijzigt(s: Stappen, **gegevens: Any) -> None:
    velden_bewaren(aanvraag=s.aanvraag, stap="project", gegevens=gegevens, actor=s.gebruiker, op=TIJDENS)


def test_both_texts_when_a_colleague_was_first(vol):
    verborgen = vol.open("project")
    collega_wijzigt(vol, titel="Van de collega")
    mijn = {**verborgen, "titel": "Van mij", "omschrijving": "Teams maken zelf hun rooster.", **DATUMS}
    antwoord = vol.client.post(vol.adres("project"), mijn)
    assert antwoord.status_code == 409
    assert [(v.naam, v.mijn, v.nu) for v in antwoord.context["verschillen"]] == [
        ("Titel van het project", "Van mij", "Van de collega")
    ]
    assert 'value="Van mij"' in antwoord.content.decode()
    assert vol.aanvraag.titel == "Van de collega"
    context = antwoord.context
    opnieuw = {**mijn, "versie": str(context["aanvraag"].versie), "basis": context["basis"]}
    assert vol.client.post(vol.adres("project"), opnieuw).status_code == 302
    assert vol.aanvraag.titel == "Van mij"


def test_a_colleague_on_another_step_is_no_trouble(vol):
    verborgen = vol.open("vragen")
    collega_wijzigt(vol, titel="Van de collega")
    antwoord = vol.client.post(vol.adres("vragen"), {**verborgen, "aanleiding": "Nieuw", "partner": "vakbond"})
    assert antwoord.status_code == 302
    assert (vol.aanvraag.titel, vol.aanvraag.antwoorden["aanleiding"]) == ("Van de collega", "Nieuw")


def test_without_digest_the_version_decides(vol):
    oud = str(vol.aanvraag.versie)
    collega_wijzigt(vol, titel="Van de collega")
    assert vol.client.post(vol.adres("vragen"), {"versie": oud, "aanleiding": "Nieuw"}).status_code == 409
    assert vol.aanvraag.antwoorden["aanleiding"] == "Te veel ziekteverzuim."
    antwoord = vol.client.post(vol.adres("vragen"), {"versie": str(vol.aanvraag.versie), "aanleiding": "Nieuw"})
    assert antwoord.status_code == 302


def test_the_organisation_is_guarded_too(s):
    verborgen = s.open("organisatie")
    organisatie_wijzigen(organisatie=s.organisatie, gegevens={"werkzame_personen": 99}, actor=s.gebruiker, op=TIJDENS)
    antwoord = s.client.post(
        s.adres("organisatie"), {**verborgen, "contactpersoon": "Sanne", "werkzame_personen": "25"}
    )
    assert antwoord.status_code == 409
    verschil = {v.naam: (v.mijn, v.nu) for v in antwoord.context["verschillen"]}
    assert verschil["Hoeveel mensen werken er bij u?"] == ("25", "99")
    s.organisatie.refresh_from_db()
    assert s.organisatie.werkzame_personen == 99


def test_budget_of_two_people(vol):
    verborgen, [nummer] = vol.open("begroting"), regelnummers(vol)
    vol.bewaar("begroting", {"regels": "1", **regel(0, "Van de collega", "10", "100", nummer)})
    mijn = {**verborgen, "regels": "1", **regel(0, "Van mij", "20", "100", nummer)}
    antwoord = vol.client.post(vol.adres("begroting"), mijn)
    assert antwoord.status_code == 409
    assert [(v.naam, v.mijn, v.nu) for v in antwoord.context["verschillen"]] == [
        ("Regel “Van de collega”", "Van mij: € 2.000", "Van de collega: € 1.000")
    ]
    assert regels_van(vol) == [("Van de collega", Decimal("1000.00"))]
