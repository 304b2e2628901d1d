"""The referee's pages: opening changes nothing, a button, a code, a form; and what scanners and strangers find."""

from __future__ import annotations

import re
from datetime import timedelta
from typing import Any

import pytest
from django.core.cache import cache
from django.test import Client

from aanvragen.enums import Referentiestatus
from aanvragen.models import Referentie
from aanvragen.services.organisatie import machtiging_verlenen
from beoordeling.models import Referentieantwoord, Referentieverzoek
from kern.models import Bericht, LogRegel
from tests.factories.portaal_medewerker import op_moment, tekst
from tests.factories.referenties import ANTWOORD, beantwoord, code_van, link_van, uitgenodigd
from tests.factories.ronde import TIJDENS, maak_gebruiker, vers

pytestmark = pytest.mark.django_db
S = Referentiestatus
LATER = TIJDENS + timedelta(hours=1)
VEILIG = {"Cache-Control": "no-store", "Referrer-Policy": "no-referrer", "X-Robots-Tag": "noindex, nofollow"}


@pytest.fixture(autouse=True)
def _schone_teller() -> None:
    cache.clear()


@pytest.fixture
def referentie() -> Referentie:
    return uitgenodigd()


def stand() -> tuple[Any, ...]:
    """Everything that an opened page could have changed."""
    return (
        list(Referentie.objects.order_by("pk").values_list("status", flat=True)),
        list(Referentieverzoek.objects.order_by("pk").values()),
        Referentieantwoord.objects.count(),
        Bericht.objects.count(),
        LogRegel.objects.count(),
    )


def naar_vragen(klant: Client, geheim: str) -> str:
    """Button and code; returns the address of the questions."""
    assert klant.post(f"/referentie/{geheim}/").status_code == 302
    verzoek = Referentieverzoek.objects.exclude(code_sha256="").get()
    antwoord = klant.post(f"/referentie/{geheim}/code/", {"code": code_van(verzoek)})
    assert (antwoord.status_code, antwoord.headers["Location"]) == (302, f"/referentie/{geheim}/vragen/")
    return str(antwoord.headers["Location"])


def test_van_link_tot_bedankt(referentie: Referentie) -> None:
    klant, geheim = Client(enforce_csrf_checks=True), link_van(referentie)
    with op_moment(LATER):
        begin = klant.get(f"/referentie/{geheim}/")
        assert (begin.status_code, {naam: begin.headers[naam] for naam in VEILIG}) == (200, VEILIG)
        assert "Quirine Advies heeft u genoemd" in tekst(begin)
        vragen = naar_vragen(klant, geheim)
        koekje = klant.cookies["referent"]
        assert (koekje["httponly"], koekje["samesite"], koekje["path"]) == (True, "Lax", f"/referentie/{geheim}/")
        pagina = tekst(klant.get(vragen))
        assert referentie.aanvraag.organisatie.naam in pagina
        fout = klant.post(vragen, {"uitkomst": "bevestigd", "project": "Roosters"})
        assert fout.status_code == 400
        assert "Geef antwoord op de vraag “Wat deed de adviseur?”." in tekst(fout)
        goed = klant.post(vragen, {"uitkomst": "bevestigd", **ANTWOORD})
        assert (goed.status_code, goed.headers["Location"]) == (302, "/referentie/bedankt/?bevestigd")
        assert "Bedankt voor uw antwoord" in tekst(klant.get("/referentie/bedankt/?bevestigd"))
        nog_eens = klant.get(vragen)
        assert (nog_eens.status_code, "U hebt al geantwoord" in tekst(nog_eens)) == (410, True)
    antwoord = Referentieantwoord.objects.get()
    assert antwoord.antwoorden == {**ANTWOORD, "uitkomst": "bevestigd", "taal": "nl"}
    assert (antwoord.ip, vers(referentie).status) == ("127.0.0.1", S.BEVESTIGD)


@pytest.mark.parametrize("pad", ["", "code/", "vragen/"])
def test_openen_verandert_niets(referentie: Referentie, pad: str) -> None:
    """A mail scanner opens every link, with GET and with HEAD, more than once."""
    adres, voor = f"/referentie/{link_van(referentie)}/{pad}", stand()
    with op_moment(LATER):
        for methode in ("get", "head", "options", "get"):
            antwoord = getattr(Client(), methode)(adres)
            assert antwoord.status_code in {200, 302, 405}
            assert {naam: antwoord.headers[naam] for naam in VEILIG} == VEILIG
    assert stand() == voor


def test_een_script_zonder_code_bereikt_niets(referentie: Referentie) -> None:
    """It presses every button and sends every form; a code goes to the real address and that is all."""
    geheim = link_van(referentie)
    with op_moment(LATER):
        for _ in range(3):
            for pad, velden in {
                "": {},
                "code/": {"code": "000000x"},
                "vragen/": {"uitkomst": "bevestigd", **ANTWOORD},
            }.items():
                Client().post(f"/referentie/{geheim}/{pad}", velden)
        Client().post(f"/referentie/{geheim}/vragen/", {"uitkomst": "geweigerd"})
    assert (vers(referentie).status, Referentieantwoord.objects.count()) == (S.UITGENODIGD, 0)
    assert Bericht.objects.filter(sleutel__startswith="referentiecode-").count() == 1


def test_voor_de_code_staat_er_alleen_de_naam_van_de_adviseur(referentie: Referentie) -> None:
    aanvraag = referentie.aanvraag
    geheim = link_van(referentie)
    with op_moment(LATER):
        klant = Client()
        teksten = [tekst(klant.get(f"/referentie/{geheim}/")), tekst(klant.get(f"/referentie/{geheim}/code/"))]
        daarna = tekst(klant.get(naar_vragen(klant, geheim)))
    prive = [aanvraag.organisatie.naam, referentie.organisatie, aanvraag.kenmerk, referentie.email]
    assert [naam for naam in prive for pagina in teksten if naam in pagina] == []
    assert aanvraag.organisatie.naam in daarna
    assert referentie.organisatie in daarna


def test_een_doorgestuurde_link_in_een_andere_browser(referentie: Referentie) -> None:
    """The second browser has no cookie: back to the first page, whatever the first one did."""
    geheim = link_van(referentie)
    with op_moment(LATER):
        naar_vragen(Client(), geheim)
        antwoord = Client().get(f"/referentie/{geheim}/vragen/")
    assert (antwoord.status_code, antwoord.headers["Location"]) == (302, f"/referentie/{geheim}/")


@pytest.mark.parametrize(
    ("uitkomst", "velden", "status", "woord"),
    [
        ("ontkend", {"toelichting": "Ken ik niet."}, S.IN_CONTROLE, "dat dit niet klopt"),
        ("ontkend", {}, S.IN_CONTROLE, "dat dit niet klopt"),
        ("geweigerd", {}, S.GEWEIGERD, "U werkt niet mee"),
    ],
)
def test_nee_zeggen(referentie: Referentie, uitkomst: str, velden: dict[str, str], status: str, woord: str) -> None:
    klant, geheim = Client(), link_van(referentie)
    with op_moment(LATER):
        antwoord = klant.post(naar_vragen(klant, geheim), {"uitkomst": uitkomst, **velden}, follow=True)
        assert woord in tekst(antwoord)
    assert vers(referentie).status == status


def test_een_band_vraagt_om_uitleg(referentie: Referentie) -> None:
    klant, geheim = Client(), link_van(referentie)
    with op_moment(LATER):
        vragen = naar_vragen(klant, geheim)
        fout = klant.post(vragen, {"uitkomst": "bevestigd", **ANTWOORD, "relatie": "ja"})
        assert "Schrijf kort op welke band dat is." in tekst(fout)
        assert vers(referentie).status == S.UITGENODIGD
        klant.post(vragen, {"uitkomst": "bevestigd", **ANTWOORD, "relatie": "ja", "relatie_uitleg": "Mijn zus."})
    assert vers(referentie).status == S.IN_CONTROLE


def test_een_verkeerde_code_zegt_wat_te_doen(referentie: Referentie) -> None:
    klant, geheim = Client(), link_van(referentie)
    with op_moment(LATER):
        klant.post(f"/referentie/{geheim}/")
        verzoek = Referentieverzoek.objects.exclude(code_sha256="").get()
        fout = f"{(int(code_van(verzoek)) + 1) % 1_000_000:06d}"
        antwoord = klant.post(f"/referentie/{geheim}/code/", {"code": fout})
    assert antwoord.status_code == 400
    assert "Deze code klopt niet. Kijk in ons laatste bericht en typ de 6 cijfers over." in tekst(antwoord)
    assert "referent" not in klant.cookies


@pytest.mark.parametrize(
    ("dagen", "status", "woord"), [(13, 200, "Stuur mij een code"), (14, 410, "De tijd om te antwoorden is voorbij")]
)
def test_na_veertien_dagen(referentie: Referentie, dagen: int, status: int, woord: str) -> None:
    with op_moment(TIJDENS + timedelta(days=dagen)):
        antwoord = Client().get(f"/referentie/{link_van(referentie)}/")
    assert (antwoord.status_code, woord in tekst(antwoord)) == (status, True)


@pytest.mark.parametrize("geheim", ["bestaat-niet", "a" * 43, "%00", "🙂"])
def test_een_onbekende_link(geheim: str) -> None:
    antwoord = Client().get(f"/referentie/{geheim}/")
    assert (antwoord.status_code, "oudere links werken niet meer" in tekst(antwoord)) == (404, True)


def test_te_veel_pogingen_vanaf_een_adres(referentie: Referentie) -> None:
    klant = Client()
    codes = {klant.post("/referentie/bestaat-niet/code/", {"code": "1"}).status_code for _ in range(60)}
    laatste = klant.post("/referentie/bestaat-niet/code/", {"code": "1"})
    assert (codes, laatste.status_code, laatste.headers["Retry-After"]) == ({404}, 429, "600")
    assert klant.get(f"/referentie/{link_van(referentie)}/").status_code in {200, 410}  # reading is not limited


def test_antwoorden_in_de_browser_van_de_aanvrager_valt_op(referentie: Referentie) -> None:
    aanvrager = maak_gebruiker()
    machtiging_verlenen(
        organisatie=referentie.aanvraag.organisatie, gebruiker=aanvrager, soort="beheerder", actor=None, op=TIJDENS
    )
    klant, geheim = Client(), link_van(referentie)
    with op_moment(LATER):
        klant.force_login(aanvrager)
        klant.post(naar_vragen(klant, geheim), {"uitkomst": "bevestigd", **ANTWOORD})
    assert list(referentie.signalen.values_list("code", "gegevens")) == [("zelfde_apparaat", {"hoe": "sessie"})]


def test_de_pagina_heeft_geen_formulier_van_een_ander(referentie: Referentie) -> None:
    """A browser sends ``Origin: null`` from here; the language and logout forms would be refused."""
    with op_moment(LATER):
        html = Client().get(f"/referentie/{link_van(referentie)}/").content.decode()
    assert re.findall(r"<form[^>]*>", html) == ['<form method="post" novalidate>']
    assert len(html) < 300_000


def test_twee_keer_versturen_is_een_antwoord(referentie: Referentie) -> None:
    beantwoord(referentie, op=LATER)
    assert Referentieantwoord.objects.count() == 1
