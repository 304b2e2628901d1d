"""Screens of the paper route: from the stamp to the letter on the post, and who may come there."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from aanvragen.enums import Machtigingsoort
from aanvragen.models import Aanvraag, Postbusbericht
from aanvragen.services.organisatie import machtiging_verlenen
from aanvragen.services.papier import POSTREGEL
from kern.enums import Rol
from tests.aanvragen.test_papier import overgetypt
from tests.factories.portaal_aanvrager import handtekening
from tests.factories.portaal_medewerker import als, op_moment, tekst
from tests.factories.ronde import SLUIT, TIJDENS, maak_gebruiker, open_tijdvak, pdf

pytestmark = pytest.mark.django_db
NU = SLUIT + timedelta(days=2)


def adres(naam: str, *args: Any) -> str:
    return reverse(f"portalen:{naam}", args=args)


def status_van(client: Client, pad: str) -> int:
    antwoord = client.get(pad)
    if antwoord.streaming:
        list(antwoord.streaming_content)  # reading to the end closes the file
    return antwoord.status_code


def invoer(tijdvak: Any, **anders: Any) -> dict[str, Any]:
    gegevens = {
        "tijdvak": tijdvak.pk,
        "ontvangen_dag_dag": "5",
        "ontvangen_dag_maand": "3",
        "ontvangen_dag_jaar": "2026",
        "ontvangen_tijd": "14:30",
        "kvk_nummer": "00123456",
        "naam": "Proefbakkerij",
        "straat": "Kade 1",
        "postcode": "1234 AB",
        "plaats": "Voorbeeldstad",
        "scans": SimpleUploadedFile("brief.pdf", pdf(), "application/pdf"),
    }
    return {**gegevens, **anders}


def test_van_stempel_tot_post() -> None:
    """The officer's whole walk, through the same step pages as an applicant."""
    tijdvak, typer = open_tijdvak(), maak_gebruiker(Rol.BEHANDELAAR)
    with op_moment(NU):
        client = als(typer)
        assert POSTREGEL in tekst(client.get(adres("papier_nieuw")))
        client.post(adres("papier_nieuw"), invoer(tijdvak))
        rij = Aanvraag.objects.get()
        pagina = tekst(client.get(adres("papier_zaak", rij.pk)))
        assert "brief.pdf" in pagina
        assert "Niet gecontroleerd op virussen" in pagina
        assert "Proefbakkerij" in tekst(client.get(adres("papier")))
        assert "U neemt de papieren aanvraag van Proefbakkerij over." in tekst(client.get(adres("aanvraag", rij.pk)))
        stap = tekst(client.get(adres("aanvraag_stap", rij.pk, "organisatie")))
        assert "Bekijk de scan" in stap
        assert typer.email not in stap  # not filled in with the officer's own name
        velden = {"titel": "Plan", "omschrijving": "Wat we doen.", "versie": rij.versie}
        client.post(adres("aanvraag_stap", rij.pk, "project"), velden)
        assert "Geef het project een titel" not in tekst(client.get(adres("aanvraag_controleren", rij.pk)))
        klaar = overgetypt(tijdvak, typer, kvk_nummer="00123457")
        assert client.post(adres("aanvraag_versturen", klaar.pk), handtekening(client, klaar)).headers[
            "Location"
        ] == adres("zaak", klaar.pk)
        klaar.refresh_from_db()
        zaak = tekst(client.get(adres("zaak", klaar.pk)))
        assert "Papier. Brieven gaan per post." in zaak
        assert f"Ingevoerd door: {typer.naam}." in zaak
        brief = Postbusbericht.objects.get(aanvraag=klaar)
        assert brief.onderwerp in tekst(client.get(adres("post")))
        antwoord = client.get(adres("post_brief", brief.pk))
        assert (antwoord["Content-Type"], antwoord.content[:5]) == ("application/pdf", b"%PDF-")
        client.post(adres("post_gedaan"), {"gekozen": [str(brief.pk), "onzin"]})
        assert brief.onderwerp not in tekst(client.get(adres("post")))
        gepost = tekst(client.get(f"{adres('post')}?stand=gepost"))
        assert brief.onderwerp in gepost
        assert typer.naam in gepost


@pytest.mark.parametrize(
    ("anders", "zin"),
    [
        ({"ontvangen_dag_dag": "28"}, "Deze aanvraag is te laat"),
        ({"ontvangen_dag_dag": "29", "ontvangen_tijd": "23:59"}, "toekomst"),
        ({"ontvangen_dag_dag": "1"}, "Deze aanvraag is te vroeg"),
        ({"scans": SimpleUploadedFile("brief.pdf", b"niets")}, "geen bestand van de soort"),
        ({"kvk_nummer": "12"}, "KvK-nummer"),
        ({"straat": ""}, "Wij kennen het adres van deze organisatie niet."),
    ],
)
def test_wat_niet_kan_zegt_wat_te_doen(anders: dict[str, Any], zin: str) -> None:
    tijdvak = open_tijdvak()
    with op_moment(NU):
        antwoord = als(maak_gebruiker(Rol.BEHANDELAAR)).post(adres("papier_nieuw"), invoer(tijdvak, **anders))
    assert (antwoord.status_code, Aanvraag.objects.count()) == (400, 0)
    assert zin in tekst(antwoord)


def test_scan_erbij_eraf_en_stoppen() -> None:
    typer = maak_gebruiker(Rol.BEHANDELAAR)
    rij = overgetypt(open_tijdvak(), typer)
    with op_moment(NU):
        client = als(typer)
        scan = SimpleUploadedFile("twee.pdf", pdf())
        client.post(adres("papier_scan", rij.pk), {"scans": scan})
        client.post(adres("papier_scan", rij.pk), {"verwijder": rij.bijlagen.first().pk})
        assert [b.bestand.naam for b in rij.bijlagen.filter(verwijderd_op=None)] == ["twee.pdf"]
        assert client.post(adres("papier_scan", rij.pk), {"verwijder": "x"}).status_code == 404
        assert client.post(adres("papier_scan", rij.pk), {}).status_code == 400
        assert client.post(adres("papier_stoppen", rij.pk), {"reden": ""}).status_code == 400
        client.post(adres("papier_stoppen", rij.pk), {"reden": "Vergissing."})
        assert client.get(adres("papier_zaak", rij.pk)).status_code == 404


def test_wie_er_mag_komen() -> None:
    typer, baas = maak_gebruiker(Rol.BEHANDELAAR), maak_gebruiker()
    rij = overgetypt(open_tijdvak(), typer)
    machtiging_verlenen(
        organisatie=rij.organisatie, gebruiker=baas, soort=Machtigingsoort.BEHEERDER, actor=None, op=TIJDENS
    )
    scan = rij.bijlagen.get()
    wie = {
        "collega": maak_gebruiker(Rol.BEHANDELAAR),
        "beslisser": maak_gebruiker(Rol.BESLISSER),
        "auditor": maak_gebruiker(Rol.AUDITOR),
        "baas": baas,
        "vreemde": maak_gebruiker(),
    }
    with op_moment(NU):
        for naam, gebruiker in wie.items():
            client = als(gebruiker)
            mag = naam == "collega"
            formulier = [
                adres("aanvraag", rij.pk),
                adres("aanvraag_stap", rij.pk, "project"),
                adres("aanvraag_bijlage", rij.pk, scan.pk),
                adres("aanvraag_bijlage_bekijken", rij.pk, scan.pk),
            ]
            assert {status_van(client, pad) for pad in formulier} == {200 if mag else 404}, naam
            assert client.get(adres("papier_zaak", rij.pk)).status_code == (200 if mag else 403), naam
            verstuurd = client.post(adres("aanvraag_versturen", rij.pk), handtekening(client, rij))
            assert verstuurd.status_code == (302 if mag else 404), naam
            if mag:  # it was sent; go on with another one
                rij = overgetypt(open_tijdvak(), typer, kvk_nummer="00123457")
                machtiging_verlenen(
                    organisatie=rij.organisatie, gebruiker=baas, soort=Machtigingsoort.BEHEERDER, actor=None, op=TIJDENS
                )
                scan = rij.bijlagen.get()
        assert str(rij.pk) not in als(baas).get(adres("mijn_aanvragen")).content.decode()
        brief = Postbusbericht.objects.get()
        assert als(wie["beslisser"]).get(adres("post_brief", brief.pk)).status_code == 403
        assert als(baas).get(adres("post_brief", brief.pk)).status_code == 403


@pytest.mark.parametrize("aantal", [1, 3])
def test_de_lijsten_kosten_evenveel_vragen(aantal: int, django_assert_num_queries: Any) -> None:
    typer, tijdvak = maak_gebruiker(Rol.BEHANDELAAR), open_tijdvak()
    for nr in range(aantal):
        overgetypt(tijdvak, typer, kvk_nummer=f"0022222{nr}")
    with op_moment(NU):
        client = als(typer)
        client.get(adres("papier"))
        with django_assert_num_queries(7):
            assert tekst(client.get(adres("papier"))).count("Proefbakkerij") == aantal
