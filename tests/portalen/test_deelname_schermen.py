"""Screens of a granted group: the coordinator, a member with an account, and the officer."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest
import time_machine
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from aanvragen.enums import Machtigingbereik
from aanvragen.models import Aanvraag, Deelnemer, Postbusbericht
from aanvragen.services.organisatie import Machtigingvoorwaarden, machtiging_verlenen
from kern.models import Gebruiker
from portalen.zaakstand import stand
from tests.aanvragen.test_deelnemers import groepsronde
from tests.factories.ronde import (
    EINDE,
    IBAN,
    Staf,
    gedeclareerd,
    maak_gebruiker,
    maak_organisatie,
    pdf,
    verleen,
    vers,
)
from tests.portalen.lezen import bytes_van
from tests.test_idor import bezoek, van_soort
from tests.uitvoering.test_deelnemers import gekozen_groep
from uitvoering.services.besluit import besluit_ondertekenen
from uitvoering.services.vaststelling import vaststelling_verzenden

pytestmark = pytest.mark.django_db


@pytest.fixture
def groep(staf: Staf) -> Aanvraag:
    return vers(verleen(gekozen_groep(staf), staf))


def gemachtigd(organisatie: Any, **voorwaarden: Any) -> Gebruiker:
    gebruiker = maak_gebruiker()
    machtiging_verlenen(
        organisatie=organisatie,
        gebruiker=gebruiker,
        soort="medewerker",
        actor=None,
        op=EINDE,
        voorwaarden=Machtigingvoorwaarden(**voorwaarden),
    )
    return gebruiker


def als(gebruiker: Gebruiker) -> Client:
    client = Client()
    client.force_login(gebruiker)
    return client


def lid(groep: Aanvraag, nr: int) -> Deelnemer:
    return groep.deelnemers.get(volgorde=nr)


def tekst(antwoord: Any) -> str:
    return " ".join(antwoord.content.decode().split())


FACTUUR = {
    "omschrijving": "Eigen plan",
    "factuurnummer": "F1",
    "factuurdatum_dag": "1",
    "factuurdatum_maand": "9",
    "factuurdatum_jaar": "2026",
    "bedrag": "1000",
}


def test_de_penvoerder_ziet_alle_deelnemers_en_laat_er_een_vertrekken(groep: Aanvraag) -> None:
    client = als(gemachtigd(groep.organisatie))
    with time_machine.travel(EINDE, tick=False):
        pagina = tekst(client.get(f"/aanvragen/{groep.pk}/deelnemers/"))
        assert [f"Bedrijf 0060000{n}" in pagina for n in (2, 3)] == [True, True]
        assert "hoogstens € 2.500" in pagina
        assert client.get(f"/aanvragen/{groep.pk}/declaratie/").url == f"/aanvragen/{groep.pk}/deelnemers/"
        adres = f"/aanvragen/{groep.pk}/deelnemers/{lid(groep, 2).pk}/vertrek/"
        assert "Waarom vertrekt deze deelnemer?" in tekst(client.get(adres))
        assert lid(groep, 2).doet_mee
        client.post(adres, {"reden": "Failliet."})
        assert "Vertrokken" in tekst(client.get(f"/aanvragen/{groep.pk}/deelnemers/"))
        van_het_lid = tekst(client.get(f"/deelname/{lid(groep, 2).pk}/"))
        assert f'href="/aanvragen/{groep.pk}/deelnemers/"' in van_het_lid
        assert "kan geen kosten meer declareren" in van_het_lid
    assert (lid(groep, 2).vertrekreden, vers(groep).toegekend_bedrag) == ("Failliet.", 2000)


def test_een_deelnemer_met_een_account_declareert_zelf_en_ziet_de_anderen_niet(groep: Aanvraag) -> None:
    client = als(gemachtigd(maak_organisatie(kvk_nummer="00600002")))
    eigen, ander = lid(groep, 1), lid(groep, 2)
    with time_machine.travel(EINDE, tick=False):
        assert f"/deelname/{eigen.pk}/" in tekst(client.get("/mijn-aanvragen/"))
        factuur = SimpleUploadedFile("factuur.pdf", pdf(), content_type="application/pdf")
        client.post(f"/deelname/{eigen.pk}/", {**FACTUUR, "factuur": factuur})
        pagina = tekst(client.get(f"/deelname/{eigen.pk}/"))
        assert "F1" in pagina
        assert "Bedrijf 00600003" not in pagina
        assert f"/aanvragen/{groep.pk}/" not in pagina
        regel = eigen.declaratie.regels.get()
        bestand = client.get(f"/deelname/{eigen.pk}/{regel.pk}/factuur/")
        assert b"".join(bestand.streaming_content).startswith(b"%PDF")
        client.post(f"/deelname/{eigen.pk}/indienen/", {"iban": IBAN, "toelichting": "Klaar."})
        assert {
            client.get(p).status_code for p in (f"/deelname/{ander.pk}/", f"/aanvragen/{groep.pk}/deelnemers/")
        } == {404}
    eigen = lid(groep, 1)
    assert (eigen.declaratie.status, eigen.iban) == ("ingediend", IBAN)


def test_berichten_aan_een_deelnemer_staan_niet_bij_de_penvoerder(groep: Aanvraag) -> None:
    eigen = maak_organisatie(kvk_nummer="00600002")
    lid_client, client = als(gemachtigd(eigen)), als(gemachtigd(groep.organisatie))
    gedeclareerd(groep, Decimal(1000), deelnemer=lid(groep, 1))
    with time_machine.travel(EINDE, tick=False):
        voor_lid = tekst(lid_client.get("/berichten/"))
        assert "Wij hebben de declaratie van Bedrijf 00600002 ontvangen" in voor_lid
        bericht = Postbusbericht.objects.get(sjabloon="lid_declaratie_ontvangen")
        pagina = tekst(lid_client.get(f"/berichten/{bericht.pk}/"))
        assert f'href="/deelname/{lid(groep, 1).pk}/"' in pagina
        assert f"/aanvragen/{groep.pk}/" not in pagina
        assert client.get(f"/berichten/{bericht.pk}/").status_code == 404
        zaak = client.get(f"/aanvragen/{groep.pk}/")
        codes = {rij.sjabloon for rij in zaak.context["berichten"]}
        assert ("deelnemer_declaratie_ontvangen" in codes, "lid_declaratie_ontvangen" in codes) == (True, False)
        mijn = client.get("/mijn-aanvragen/").context["rijen"]
        assert [rij["aanvraag"].ongelezen for rij in mijn] == [len(codes)]


def test_stukken_horen_bij_de_declaratie_van_een_deelnemer(staf: Staf) -> None:
    verslag = {"code": "verslag", "naam": "Eindverslag", "bij": "declaratie", "aantal_maximum": 1}
    ronde = groepsronde(declaratie_per_deelnemer=True, tabellen={"bijlagen": [verslag]})
    groep = vers(verleen(gekozen_groep(staf, ronde), staf))
    eigen, ander = lid(groep, 1), lid(groep, 2)
    een, twee = (als(gemachtigd(maak_organisatie(kvk_nummer=rij.kvk_nummer))) for rij in (eigen, ander))

    def stuur(client: Client, wie: Deelnemer, naam: str) -> Any:
        upload = SimpleUploadedFile(naam, pdf(), content_type="application/pdf")
        return client.post(f"/deelname/{wie.pk}/stukken/", {"verslag": upload}, follow=True)

    with time_machine.travel(EINDE, tick=False):
        for naam in ("eerste.pdf", "tweede.pdf"):
            assert "De bestanden zijn bewaard." in tekst(stuur(een, eigen, naam))
            later = time_machine.travel(EINDE + timedelta(minutes=1), tick=False)
            later.start()
        stuur(twee, ander, "ander.pdf")
        later.stop()
        assert sorted(b.bestand.naam for b in groep.bijlagen.filter(verwijderd_op=None)) == ["ander.pdf", "tweede.pdf"]
        pagina = tekst(een.get(f"/deelname/{eigen.pk}/"))
        assert ("tweede.pdf" in pagina, "ander.pdf" in pagina) == (True, False)
        stuk = eigen.bijlagen.get(verwijderd_op=None)
        assert bytes_van(een.get(f"/deelname/{eigen.pk}/bijlagen/{stuk.pk}/")).startswith(b"%PDF")
        assert twee.get(f"/deelname/{ander.pk}/bijlagen/{stuk.pk}/").status_code == 404
        assert stuur(een, ander, "vreemd.pdf").status_code == 404
        gedeclareerd(vers(groep), Decimal(1000), deelnemer=vers(eigen))
        zaak = tekst(als(staf.behandelaar).get(f"/werk/zaken/{groep.pk}/deelnemers/{eigen.pk}/declaratie/"))
        assert ("tweede.pdf" in zaak, "ander.pdf" in zaak) == (True, False)
        assert f"Verslag, {ander.naam}" in tekst(als(staf.behandelaar).get(f"/werk/zaken/{groep.pk}/"))


@pytest.mark.parametrize(
    ("kvk", "voorwaarden", "verwacht"),
    [
        ("00600009", {}, (404, 404)),
        ("00600002", {"bereik": Machtigingbereik.LEZEN}, (200, 403)),
        ("00600002", {"bereik": Machtigingbereik.INVULLEN}, (200, 403)),
        ("00600002", {"vestigingsnummer": "000012345678"}, (404, 404)),
    ],
)
def test_wie_bij_een_deelname_mag(groep: Aanvraag, kvk: str, voorwaarden: Any, verwacht: tuple[int, int]) -> None:
    client, pk = als(gemachtigd(maak_organisatie(kvk_nummer=kvk), **voorwaarden)), lid(groep, 1).pk
    with time_machine.travel(EINDE, tick=False):
        uit = (client.get(f"/deelname/{pk}/").status_code, client.post(f"/deelname/{pk}/indienen/").status_code)
    assert uit == verwacht


@pytest.mark.parametrize("wie", ["vreemde", "andere deelnemer", "behandelaar", "einde"])
def test_geen_adres_van_een_deelname_is_open_voor_een_ander(groep: Aanvraag, staf: Staf, wie: str) -> None:
    een = lid(groep, 1)
    regel = gedeclareerd(groep, Decimal(1000), deelnemer=een).regels.get()
    gebruiker = {
        "vreemde": lambda: gemachtigd(maak_organisatie()),
        "andere deelnemer": lambda: gemachtigd(maak_organisatie(kvk_nummer="00600003")),
        "behandelaar": lambda: staf.behandelaar2,
        "einde": lambda: gemachtigd(maak_organisatie(kvk_nummer="00600002")),
    }[wie]()
    if wie == "einde":
        gebruiker.machtigingen.update(ingetrokken_op=EINDE)
    client = als(gebruiker)
    paden = [
        "",
        "indienen/",
        f"{regel.pk}/verwijderen/",
        f"{regel.pk}/factuur/",
        "brief/pdf/",
        "stukken/",
        "bijlagen/1/",
    ]
    assert len(paden) == len(van_soort("deelname"))
    with time_machine.travel(EINDE, tick=False):
        uit = bezoek(client, [f"/deelname/{een.pk}/{pad}" for pad in paden])
    assert all(404 in codes and codes <= {404, 405} for codes in uit.values()), uit


def test_op_eigen_woord_komt_niemand_bij_het_geld_van_een_deelnemer(groep: Aanvraag) -> None:
    gebruiker = gemachtigd(maak_organisatie(kvk_nummer="00600002"))
    gebruiker.machtigingen.update(bevestigd_op=None, bron="zelf")
    with time_machine.travel(EINDE, tick=False):
        assert als(gebruiker).get(f"/deelname/{lid(groep, 1).pk}/").status_code == 404


def test_de_behandelaar_handelt_een_deelnemer_af(groep: Aanvraag, staf: Staf) -> None:
    een = lid(groep, 1)
    claim = gedeclareerd(groep, Decimal(1000), deelnemer=een)
    client, zaak = als(staf.behandelaar), f"/werk/zaken/{groep.pk}/"
    basis = f"{zaak}deelnemers/{een.pk}/"
    with time_machine.travel(EINDE, tick=False):
        assert "Deelnemers en hun declaraties" in tekst(client.get(zaak))
        pagina = tekst(client.get(f"{zaak}deelnemers/"))
        assert "In controle nemen" in pagina
        antwoord = client.post(f"{basis}stap/declaratie-in-controle/", {"versie": stand(vers(groep))})
        assert antwoord.url == f"{basis}declaratie/"
        assert "Declaratie van Bedrijf 00600002" in tekst(client.get(f"{basis}declaratie/"))
        regel = claim.regels.get()
        velden = {f"regel-{regel.pk}-goedgekeurd": "1000", f"regel-{regel.pk}-oordeel": ""}
        antwoord = client.post(f"{basis}declaratie/", {**velden, "versie": stand(vers(groep))})
        assert antwoord.status_code == 302, tekst(antwoord)
        client.post(f"{basis}stap/declaratie-afronden/", {"versie": stand(vers(groep))})
        assert "Het vastgestelde bedrag wordt € 500" in tekst(client.get(f"{basis}vaststelling/"))
        client.post(f"{basis}vaststelling/", {"motivering": "", "versie": stand(vers(groep))})
    besluit = groep.besluiten.get(deelnemer=een)
    besluit = besluit_ondertekenen(besluit=besluit, actor=staf.beslisser, op=EINDE)
    vaststelling_verzenden(besluit=besluit, actor=staf.beslisser, op=EINDE)
    assert lid(groep, 1).vastgesteld_bedrag == 500
    penvoerder = als(gemachtigd(groep.organisatie))
    with time_machine.travel(EINDE, tick=False):
        assert "vastgesteld op € 500" in tekst(penvoerder.get(f"/deelname/{een.pk}/"))
        bestand = penvoerder.get(f"/deelname/{een.pk}/brief/html/")
        assert b"Bedrijf 00600002" in b"".join(bestand.streaming_content)
        assert "Vaststelling, Bedrijf 00600002" in tekst(client.get(zaak))


def test_de_behandelaar_legt_een_vertrek_vast_en_ziet_dat_de_groep_te_klein_wordt(groep: Aanvraag, staf: Staf) -> None:
    client, zaak = als(staf.behandelaar), f"/werk/zaken/{groep.pk}/deelnemers/"
    with time_machine.travel(EINDE, tick=False):
        for nr in (1, 2):
            gegevens = {"reden": "Gestopt.", "versie": stand(vers(groep))}
            assert client.post(f"{zaak}{lid(groep, nr).pk}/vertrek/", gegevens).url == zaak
        pagina = tekst(client.get(zaak))
    assert "De groep is kleiner dan de regeling vraagt" in pagina
    assert vers(groep).toegekend_bedrag == 1000
