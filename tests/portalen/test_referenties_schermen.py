"""Screens about references and advisers: of checkers, applicants and advisers."""

from __future__ import annotations

import re
from datetime import timedelta
from typing import Any

import pytest
from django.core.cache import cache
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from aanvragen.enums import Referentiestatus, Toetsuitkomst
from aanvragen.models import Adviseur, Certificaat, Referentie
from aanvragen.services.adviseurs import certificaat_beoordelen, profiellink_sturen
from aanvragen.services.conceptadviseur import Adviesgegevens
from aanvragen.services.indienen import aanvraag_indienen
from aanvragen.services.organisatie import machtiging_verlenen
from beoordeling.models import Tekstgelijkenis
from beoordeling.services.tekstgelijkenis import tijdvak_vergelijken
from kern.enums import Rol
from kern.fouten import InvoerFout
from kern.models import Bericht, Gebruiker
from tests.factories.portaal_medewerker import als, meldingen, op_moment, tekst
from tests.factories.referenties import (
    beantwoord,
    bevestigd,
    in_controle,
    met_referenties,
    referent,
    referentietijdvak,
    uitgenodigd,
    voorbereid,
)
from tests.factories.ronde import (
    TIJDENS,
    maak_concept,
    maak_gebruiker,
    maak_ingediend,
    maak_organisatie,
    open_tijdvak,
    pdf,
    vers,
)

pytestmark = pytest.mark.django_db
S = Referentiestatus
LATER = TIJDENS + timedelta(days=1)
GESPREK = {
    "telefoonnummer": "030 765 43 21",
    "nummer_bron": "Website van de organisatie",
    "gesproken_met": "Mevrouw Berg",
    "uitkomst": "ontkent",
    "verslag": "Zij kent de adviseur niet.",
}


@pytest.fixture(autouse=True)
def _schone_teller() -> None:
    cache.clear()


@pytest.fixture
def behandelaar() -> Gebruiker:
    return maak_gebruiker(Rol.BEHANDELAAR)


# --- Checker ----------------------------------------------------------------------------------------------------


def test_de_lijst_van_wat_in_controle_is(behandelaar: Gebruiker) -> None:
    oud = in_controle()
    ander = Referentie.objects.exclude(pk=oud.pk).get()
    with op_moment(LATER + timedelta(hours=2)):
        pagina = tekst(als(behandelaar).get("/werk/referenties/"))
        lopend = tekst(als(behandelaar).get("/werk/referenties/?status=uitgenodigd"))
    assert (oud.contactpersoon in pagina, ander.contactpersoon in pagina, "1 dag" in pagina) == (True, False, True)
    assert (oud.contactpersoon in lopend, ander.contactpersoon in lopend) == (False, True)


@pytest.mark.parametrize("aantal", [1, 3])
def test_de_lijst_kost_steeds_evenveel_vragen(
    behandelaar: Gebruiker, aantal: int, django_assert_num_queries: Any
) -> None:
    tijdvak = referentietijdvak()
    for nr in range(aantal):
        adviseur = Adviesgegevens(f"Raad {nr}", f"raad@bureau{nr}.example", f"Bureau {nr}", f"0077777{nr}")
        eerste = voorbereid(met_referenties(tijdvak, adviseur=adviseur))[0]
        beantwoord(eerste, uitkomst="ontkend")
    with op_moment(LATER):
        klant = als(behandelaar)
        klant.get("/werk/referenties/")
        with django_assert_num_queries(6):
            pagina = tekst(klant.get("/werk/referenties/"))
    assert pagina.count("Opdrachtgever AAA") == aantal


def test_de_hele_controle_op_het_scherm(behandelaar: Gebruiker) -> None:
    referentie, collega = in_controle(), maak_gebruiker(Rol.BEHANDELAAR)
    adres = f"/werk/referenties/{referentie.pk}/"
    with op_moment(LATER):
        klant, tweede = als(behandelaar), als(collega)
        pagina = tekst(klant.get(adres))
        for woord in ("Dit was iemand anders.", "Regel ontkend, versie 1", "De referent ontkende"):
            assert woord in pagina
        assert (
            "Voorstellen om niet te bevestigen kan pas na deze stappen: bel de referent terug, hoor de adviseur"
            in pagina
        )
        fout = klant.post(f"{adres}terugbellen/", {**GESPREK, "verslag": ""})
        assert (fout.status_code, "Vul “Verslag” in." in tekst(fout)) == (400, True)
        assert "Website van de organisatie" in fout.content.decode()  # what was typed is still there
        assert klant.post(f"{adres}terugbellen/", GESPREK).status_code == 302
        assert klant.post(f"{adres}adviseur-gehoord/", {"verslag": "Hij zegt van wel."}).status_code == 302
        assert klant.post(f"{adres}voorstel/", {"reden": "Ontkend aan de telefoon."}).status_code == 302
        zelf = klant.post(f"{adres}akkoord/", {"reden": "Ik ook."})
        assert (zelf.status_code, meldingen(zelf)[-1:]) == (
            302,
            ["Wie het voorstel deed, keurt het niet goed. Vraag een collega."],
        )
        assert "U deed dit voorstel. Een collega beslist." in tekst(klant.get(adres))
        assert tweede.post(f"{adres}akkoord/", {"reden": "Mee eens."}).status_code == 302
    assert vers(referentie).status == S.NIET_BEVESTIGD


@pytest.mark.parametrize(
    ("rol", "lijst", "stap"),
    [
        (Rol.BEHANDELAAR, 200, 302),
        (Rol.BESLISSER, 200, 302),
        (Rol.AUDITOR, 200, 403),
        (Rol.NOTARIS, 403, 403),
        (Rol.FINANCIEEL, 403, 403),
        (Rol.ANALIST, 403, 403),
        (Rol.BEHEERDER, 403, 403),
        (None, 403, 403),
    ],
)
def test_rechten(rol: Rol | None, lijst: int, stap: int) -> None:
    referentie = in_controle()
    adviseur = referentie.adviseur
    assert adviseur is not None
    with op_moment(LATER):
        klant = als(maak_gebruiker(*([rol] if rol else [])))
        for adres in (
            "/werk/referenties/",
            f"/werk/referenties/{referentie.pk}/",
            "/werk/adviseurs/",
            f"/werk/adviseurs/{adviseur.pk}/",
            f"/werk/tijdvakken/{referentie.aanvraag.tijdvak.sleutel}/indicatoren/",
        ):
            assert klant.get(adres).status_code == lijst, adres
        antwoord = klant.post(f"/werk/referenties/{referentie.pk}/in-controle/", {"reden": "Nieuwe feiten."})
    assert antwoord.status_code == stap
    assert vers(referentie).status == S.IN_CONTROLE


def test_een_stap_die_niet_bestaat_of_op_een_get(behandelaar: Gebruiker) -> None:
    referentie = in_controle()
    with op_moment(LATER):
        klant = als(behandelaar)
        assert klant.post(f"/werk/referenties/{referentie.pk}/onzin/").status_code == 404
        assert klant.get(f"/werk/referenties/{referentie.pk}/bevestigen/").status_code == 405
        assert klant.get("/werk/referenties/999999/").status_code == 404


def test_de_zaak_wijst_naar_haar_referenties(behandelaar: Gebruiker) -> None:
    referentie = uitgenodigd()
    with op_moment(LATER):
        html = als(behandelaar).get(f"/werk/zaken/{referentie.aanvraag_id}/").content.decode()
    assert f"/werk/referenties/{referentie.pk}/" in html


# --- Applicant --------------------------------------------------------------------------------------------------


@pytest.fixture
def eigen() -> tuple[Client, Referentie, Referentie]:
    """An applicant whose first referee is blocked and whose second was invited."""
    organisatie = maak_organisatie()
    gebruiker = maak_gebruiker()
    machtiging_verlenen(organisatie=organisatie, gebruiker=gebruiker, soort="beheerder", actor=None, op=TIJDENS)
    aanvraag = met_referenties(
        referentietijdvak(), referent(1, kvk_nummer="00999999"), referent(2), organisatie=organisatie
    )
    eerste, tweede = voorbereid(aanvraag)
    with op_moment(LATER):
        return als(gebruiker), eerste, tweede


def test_de_aanvrager_ziet_hoe_het_staat_en_vervangt(eigen: tuple[Client, Referentie, Referentie]) -> None:
    klant, fout, goed = eigen
    adres = f"/aanvragen/{fout.aanvraag_id}/referenties/"
    with op_moment(LATER):
        assert f'href="{adres}"' in klant.get(f"/aanvragen/{fout.aanvraag_id}/").content.decode()
        pagina = tekst(klant.get(adres))
        assert ("Niet bruikbaar" in pagina, "Gevraagd" in pagina, "nog 2 keer" in pagina) == (True, True, True)
        leeg = klant.post(f"{adres}{fout.pk}/vervangen/", {})
        assert "Vul “Organisatie” in." in tekst(leeg)
        nieuw = {"organisatie": "Derde bv", "contactpersoon": "Carla Eik", "email": "carla@derde.example"}
        assert klant.post(f"{adres}{fout.pk}/vervangen/", nieuw).status_code == 302
        assert klant.post(f"{adres}{goed.pk}/opnieuw/").status_code == 302
    assert (vers(fout).status, vers(goed).uitnodigingen) == (S.VERVANGEN, 2)
    assert fout.vervangen_door.contactpersoon == "Carla Eik"


def test_wat_de_referent_zei_staat_er_niet(eigen: tuple[Client, Referentie, Referentie]) -> None:
    klant, _, goed = eigen
    goed = beantwoord(goed, uitkomst="ontkend", toelichting="Die man ken ik niet.")
    with op_moment(LATER):
        pagina = tekst(klant.get(f"/aanvragen/{goed.aanvraag_id}/referenties/"))
    assert goed.status == S.IN_CONTROLE
    assert ("In controle" in pagina, "ken ik niet" in pagina, "ontkend" in pagina.lower()) == (True, False, False)


def test_van_een_ander_bestaat_niet(eigen: tuple[Client, Referentie, Referentie]) -> None:
    _, fout, goed = eigen
    ander = uitgenodigd()
    adres = f"/aanvragen/{fout.aanvraag_id}/referenties/"
    with op_moment(LATER):
        vreemde = als(maak_gebruiker())
        for pad in ("", f"{fout.pk}/vervangen/"):
            assert vreemde.get(adres + pad).status_code == 404
        assert vreemde.post(f"{adres}{goed.pk}/opnieuw/").status_code == 404
        assert eigen[0].get(f"{adres}{ander.pk}/vervangen/").status_code == 404  # a reference of another application
    assert vers(goed).uitnodigingen == 1


# --- Advisers ---------------------------------------------------------------------------------------------------


def profiel(adviseur: Adviseur, behandelaar: Gebruiker) -> str:
    profiellink_sturen(adviseur=adviseur, actor=behandelaar, op=TIJDENS)
    bericht = Bericht.objects.filter(sleutel__startswith="profiellink-").latest("pk")
    gevonden = re.search(r"(/adviseur/[A-Za-z0-9_-]{40,}/)", bericht.tekst)
    assert gevonden is not None
    return gevonden[1]


def test_een_adviseur_vult_het_profiel_aan(behandelaar: Gebruiker) -> None:
    aanvraag = bevestigd(met_referenties(referentietijdvak()))
    adviseur = aanvraag.adviseur
    assert adviseur is not None
    adres = profiel(adviseur, behandelaar)
    klant = Client(enforce_csrf_checks=True)
    with op_moment(LATER):
        pagina = tekst(klant.get(adres))
        assert ("Opdrachtgever AAA, Anna Berg: geldig tot en met 5 maart 2028" in pagina, adviseur.email in pagina) == (
            True,
            True,
        )
        antwoord = klant.post(
            adres,
            {"onderdeel": "profiel", "naam": "Quirine Advies", "telefoon": "030 1112233", "bureau_kvk": "00999999"},
        )
        assert antwoord.status_code == 302
        stuk = SimpleUploadedFile("bewijs.pdf", pdf(), "application/pdf")
        velden = {"onderdeel": "certificaat", "certificaat": "Keurmerk", "uitgever": "Keurders", "bestand": stuk}
        assert klant.post(adres, velden).status_code == 302
    adviseur = vers(adviseur)
    assert (adviseur.telefoon, adviseur.profiel_op, adviseur.bureau.kvk_nummer) == ("030 1112233", LATER, "00999999")
    certificaat = Certificaat.objects.get()
    assert (certificaat.adviseur, certificaat.goedgekeurd, certificaat.naam) == (adviseur, None, "Keurmerk")


def test_een_nieuwe_link_maakt_de_oude_dood_en_na_dertig_dagen_is_het_voorbij(behandelaar: Gebruiker) -> None:
    adviseur = Adviseur.objects.create(naam="A", email="a@bureau.example")
    oud, nieuw = profiel(adviseur, behandelaar), profiel(adviseur, behandelaar)
    with op_moment(TIJDENS + timedelta(days=29)):
        assert (Client().get(oud).status_code, Client().get(nieuw).status_code) == (404, 200)
    with op_moment(TIJDENS + timedelta(days=30)):
        assert Client().get(nieuw).status_code == 404
    with pytest.raises(InvoerFout):
        profiellink_sturen(adviseur=Adviseur.objects.create(naam="B"), actor=behandelaar, op=TIJDENS)


def test_een_goedgekeurd_certificaat_vervangt_referenties(behandelaar: Gebruiker) -> None:
    """Until the day after it ends; and only where the scheme says so."""
    aanvraag = met_referenties(referentietijdvak(alternatieven=["een keurmerk"]))
    voorbereid(aanvraag)
    certificaat = Certificaat.objects.create(
        adviseur=aanvraag.adviseur, naam="K", uitgever="U", ingediend_op=TIJDENS, geldig_tot=TIJDENS.date()
    )

    def uitkomst() -> str:
        return str(vers(aanvraag).toetsen.get(code="referenties").uitkomst)

    assert uitkomst() == Toetsuitkomst.HANDMATIG
    certificaat_beoordelen(certificaat=certificaat, goedgekeurd=True, reden="", actor=behandelaar, op=TIJDENS)
    assert uitkomst() == Toetsuitkomst.VOLDOET
    certificaat_beoordelen(certificaat=certificaat, goedgekeurd=True, reden="", actor=behandelaar, op=LATER)
    assert uitkomst() == Toetsuitkomst.HANDMATIG
    with pytest.raises(InvoerFout):
        certificaat_beoordelen(certificaat=certificaat, goedgekeurd=False, reden=" ", actor=behandelaar, op=LATER)


def test_het_register_van_adviseurs(behandelaar: Gebruiker) -> None:
    referentie = uitgenodigd()
    adviseur = referentie.adviseur
    assert adviseur is not None
    Adviseur.objects.create(naam="Iemand Anders", email="ander@x.example")
    certificaat = Certificaat.objects.create(adviseur=adviseur, naam="K", uitgever="U", ingediend_op=TIJDENS)
    with op_moment(LATER):
        klant = als(behandelaar)
        alles, gezocht = tekst(klant.get("/werk/adviseurs/")), tekst(klant.get("/werk/adviseurs/?zoek=quirine@"))
        assert ("Iemand Anders" in alles, "Iemand Anders" in gezocht, "Quirine" in gezocht) == (True, False, True)
        pagina = tekst(klant.get(f"/werk/adviseurs/{adviseur.pk}/"))
        assert (referentie.organisatie in pagina, referentie.aanvraag.kenmerk in pagina) == (True, True)
        klant.post(f"/werk/certificaten/{certificaat.pk}/", {"oordeel": "fout", "reden": ""})
        assert vers(certificaat).goedgekeurd is None
        klant.post(f"/werk/certificaten/{certificaat.pk}/", {"oordeel": "goed"})
        assert vers(certificaat).goedgekeurd is True
        antwoord = klant.post(f"/werk/adviseurs/{adviseur.pk}/link/")
        assert meldingen(antwoord)[-1] == "De link is verstuurd naar quirine@bureau.example."


def test_een_bekende_adviseur_wordt_hergebruikt_op_e_mailadres() -> None:
    tijdvak = referentietijdvak()
    eerste = met_referenties(tijdvak)
    anders = Adviesgegevens("Q. Advies", "Quirine@Bureau.example")
    assert met_referenties(tijdvak, adviseur=anders).adviseur == eerste.adviseur
    ander_bureau = Adviesgegevens("Quirine Advies", "quirine@bureau.example", "Nieuw", "00888888")
    assert met_referenties(tijdvak, adviseur=ander_bureau).adviseur != eerste.adviseur
    een, twee = (Adviesgegevens(naam, "info@kantoor.example") for naam in ("Jan", "Piet"))
    assert met_referenties(tijdvak, adviseur=een).adviseur != met_referenties(tijdvak, adviseur=twee).adviseur


# --- Pointers ---------------------------------------------------------------------------------------------------

LANG = "Onze teams maken samen een nieuw rooster en kijken elke maand of het werk voor iedereen beter gaat dan eerst."


def test_teksten_die_op_elkaar_lijken(behandelaar: Gebruiker) -> None:
    tijdvak = open_tijdvak()
    for nr in range(3):
        aanvraag = maak_ingediend(tijdvak)
        aanvraag.omschrijving = (
            LANG if nr < 2 else "Iets heel anders over een machine die wij willen kopen voor de hal."
        )
        aanvraag.save()
    assert tijdvak_vergelijken(tijdvak=tijdvak, op=LATER) == 1
    assert tijdvak_vergelijken(tijdvak=tijdvak, op=LATER) == 1  # the same once more
    paar = Tekstgelijkenis.objects.get()
    assert (str(paar.jaccard), str(paar.omvatting), paar.vraag) == ("1.0000", "1.0000", "omschrijving")
    with op_moment(LATER):
        klant = als(behandelaar)
        pagina = tekst(klant.get(f"/werk/tijdvakken/{tijdvak.sleutel}/indicatoren/"))
        naast = klant.get(f"/werk/indicatoren/{paar.pk}/").content.decode()
    assert (f"{paar.eerste} – {paar.tweede}" in pagina, "Een aanwijzing, geen oordeel" in pagina) == (True, True)
    assert naast.count(f"<mark>{LANG}</mark>") == 2


@pytest.mark.parametrize(("aantal", "gezien"), [(10, False), (11, True)])
def test_kenmerken_die_veel_aanvragen_delen(behandelaar: Gebruiker, aantal: int, gezien: bool) -> None:
    """Shared by ten is not shown, by eleven it is."""
    tijdvak = open_tijdvak()
    for _ in range(aantal):
        aanvraag = maak_concept(tijdvak)
        aanvraag.contact_telefoon = "030-1112233"
        aanvraag.contact_email = "iemand@gmail.com"  # a public provider is no mark
        aanvraag.save()
        aanvraag_indienen(aanvraag=vers(aanvraag), actor=None, op=TIJDENS)
    with op_moment(LATER):
        pagina = tekst(als(behandelaar).get(f"/werk/tijdvakken/{tijdvak.sleutel}/indicatoren/"))
    assert (("0301112233" in pagina), "gmail" in pagina) == (gezien, False)
