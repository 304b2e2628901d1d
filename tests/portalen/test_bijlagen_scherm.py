"""The attachments step and files on screens: several files, replace, order, scan state, preview, full disk, headers."""

from __future__ import annotations

import errno
import io
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from PIL import Image

from aanvragen.models import Aanvraag
from aanvragen.services.conceptbijlage import bijlage_toevoegen
from aanvragen.services.indienen import aanvraag_indienen
from kern.enums import Rol, Scanuitslag
from kern.models import Bestand
from kern.opslag.schijf import Schijf
from tests.factories.portaal_aanvrager import aanvrager, ingelogd
from tests.factories.portaal_medewerker import als, op_moment, tekst
from tests.factories.ronde import NA, TIJDENS, maak_concept, maak_gebruiker, open_tijdvak
from tests.kern.kwaad import docx, pdf

pytestmark = pytest.mark.django_db
TABELLEN = {
    "bijlagen": [
        {"code": "plan", "naam": "Plan", "aantal_maximum": 2, "soorten": ["pdf", "docx"]},
        {"code": "foto", "naam": "Foto", "soorten": ["png"], "verplicht": False, "aantal_maximum": 1},
    ]
}


class Scherm:
    def __init__(self) -> None:
        self.gebruiker, organisatie = aanvrager()
        self.rij = maak_concept(open_tijdvak(tabellen=TABELLEN), organisatie)
        self.client = ingelogd(self.gebruiker)

    def adres(self, naam: str, *args: Any) -> str:
        return reverse(f"portalen:{naam}", args=[self.rij.pk, *args])

    @property
    def stap(self) -> str:
        return self.adres("aanvraag_stap", "bijlagen")

    def stuur(self, **velden: Any) -> Any:
        return self.client.post(self.stap, {"actie": "toevoegen", **velden})

    def namen(self) -> list[str]:
        return [b.bestand.naam for b in self.rij.bijlagen.filter(verwijderd_op=None)]

    def bijlage(self, naam: str) -> Any:
        return self.rij.bijlagen.get(bestand__naam=naam, verwijderd_op=None)


def bestand(naam: str, inhoud: bytes | None = None) -> SimpleUploadedFile:
    return SimpleUploadedFile(naam, pdf() if inhoud is None else inhoud)


@pytest.fixture
def scherm() -> Any:
    with op_moment(TIJDENS):
        yield Scherm()


def test_meer_bestanden_tegelijk(scherm: Scherm) -> None:
    pagina = tekst(scherm.client.get(scherm.stap))
    assert "0 van 1 verplichte bijlage is er." in pagina
    assert "PDF of DOCX, hoogstens 10 MB. U kunt 2 bestanden sturen." in pagina
    scherm.stuur(plan=[bestand("a.pdf"), bestand("b.docx", docx())])
    assert scherm.namen() == ["a.pdf", "b.docx"]
    pagina = tekst(scherm.client.get(scherm.stap))
    assert "1 van 1 verplichte bijlage is er." in pagina
    assert "U hebt 2 bestanden gestuurd. Meer kan niet." in pagina
    assert pagina.count("Niet gecontroleerd op virussen") == 2
    assert "U koos 3 bestanden" in tekst(scherm.stuur(plan=[bestand("c.pdf"), bestand("d.pdf"), bestand("e.pdf")]))


def test_een_geweigerd_bestand_neemt_de_andere_niet_mee(scherm: Scherm) -> None:
    antwoord = scherm.stuur(plan=[bestand("goed.pdf"), bestand("slecht.pdf", b"MZ")], foto=bestand("x.png", b"x"))
    pagina = tekst(antwoord)
    assert (antwoord.status_code, scherm.namen()) == (200, ["goed.pdf"])
    assert "“slecht.pdf” is geen bestand van de soort PDF, DOCX." in pagina
    assert "“x.png” is geen bestand van de soort PNG." in pagina


def test_vervangen_ordenen_en_weghalen(scherm: Scherm) -> None:
    scherm.stuur(plan=[bestand("a.pdf"), bestand("b.pdf")])
    a = scherm.bijlage("a.pdf")
    assert "Kies het bestand dat “a.pdf” vervangt" in tekst(scherm.client.get(f"{scherm.stap}?vervang={a.pk}"))
    scherm.stuur(plan=bestand("nieuw.pdf"), vervang=a.pk)
    assert scherm.namen() == ["nieuw.pdf", "b.pdf"]
    scherm.client.post(scherm.stap, {"omhoog": scherm.bijlage("b.pdf").pk})
    assert scherm.namen() == ["b.pdf", "nieuw.pdf"]
    scherm.client.post(scherm.stap, {"omlaag": scherm.bijlage("b.pdf").pk})
    assert scherm.namen() == ["nieuw.pdf", "b.pdf"]
    scherm.client.post(scherm.stap, {"verwijder": scherm.bijlage("nieuw.pdf").pk})
    assert scherm.namen() == ["b.pdf"]
    for vreemd in (a.pk, 0, "x"):  # gone, or never there
        assert scherm.client.get(f"{scherm.stap}?vervang={vreemd}").status_code == 404
        assert scherm.client.post(scherm.stap, {"omhoog": vreemd}).status_code == 404


def test_een_volle_schijf_bewaart_het_concept(scherm: Scherm, monkeypatch: pytest.MonkeyPatch, tmp_path: Any) -> None:
    class Vol(Schijf):
        def _save(self, name: str, content: Any) -> str:
            raise OSError(errno.ENOSPC, "No space left on device")

    scherm.stuur(plan=bestand("eerder.pdf"))
    monkeypatch.setattr(Bestand._meta.get_field("inhoud"), "storage", Vol(location=tmp_path))
    antwoord = scherm.stuur(plan=bestand("vol.pdf"))
    assert antwoord.status_code == 507
    assert "Wij kunnen “vol.pdf” nu niet bewaren. Dat ligt aan ons, niet aan uw bestand." in tekst(antwoord)
    assert scherm.namen() == ["eerder.pdf"]
    assert Aanvraag.objects.get(pk=scherm.rij.pk).titel == "Project"


def test_een_te_groot_verzoek_wordt_niet_gelezen(scherm: Scherm, settings: Any) -> None:
    settings.VERZOEK_MAXIMUM = 1000
    antwoord = scherm.stuur(plan=bestand("a.pdf", b"x" * 2000))
    assert (antwoord.status_code, scherm.namen()) == (413, [])
    assert "te groot" in tekst(antwoord)


@pytest.mark.parametrize(
    ("scan", "woorden", "status"),
    [
        (Scanuitslag.SCHOON, "Gecontroleerd op virussen", (200, 200)),
        (Scanuitslag.NIET_GESCAND, "Niet gecontroleerd op virussen", (200, 200)),
        (Scanuitslag.WACHT, "Wacht op controle op virussen", (409, 404)),
        (Scanuitslag.BESMET, "Virus gevonden", (404, 404)),
    ],
)
def test_alleen_wat_mag_gaat_naar_buiten(
    scherm: Scherm, scan: Scanuitslag, woorden: str, status: tuple[int, int]
) -> None:
    """Download and preview, for the applicant and for the officer, in words and in status."""
    inhoud = pdf(bladzijden=3)
    bijlage = bijlage_toevoegen(
        aanvraag=scherm.rij, code="plan", naam="plan.pdf", inhoud=inhoud, actor=scherm.gebruiker, op=TIJDENS
    )
    Bestand.objects.filter(pk=bijlage.bestand_id).update(scan=scan)
    assert woorden in tekst(scherm.client.get(scherm.stap))
    rij = Aanvraag.objects.get(pk=scherm.rij.pk)
    aanvraag_indienen(aanvraag=rij, actor=scherm.gebruiker, op=TIJDENS)
    ambtenaar = als(maak_gebruiker(Rol.BEHANDELAAR))
    assert woorden in tekst(ambtenaar.get(scherm.adres("zaak")))
    for client, soort in ((scherm.client, "aanvraag"), (ambtenaar, "zaak")):
        download = client.get(scherm.adres(f"{soort}_bijlage", bijlage.pk))
        gesloten = 409 if soort == "zaak" and scan == Scanuitslag.BESMET else status[0]
        assert download.status_code == gesloten
        assert client.get(scherm.adres(f"{soort}_bijlage_bekijken", bijlage.pk)).status_code == status[1]
        beeld = client.get(scherm.adres(f"{soort}_bijlage_bladzijde", bijlage.pk, 2))
        assert beeld.status_code == status[1]
        if status[0] == 200:
            assert b"".join(download.streaming_content) == inhoud
            assert download["Content-Disposition"] == 'attachment; filename="plan.pdf"'
            for antwoord in (download, beeld):
                assert antwoord["X-Content-Type-Options"] == "nosniff"
                assert "sandbox" in antwoord["Content-Security-Policy"]
                assert "no-store" in antwoord["Cache-Control"]


def test_het_voorbeeld_toont_bladzijden_als_plaatjes(scherm: Scherm) -> None:
    inhoud = pdf(bladzijden=5)
    bijlage = bijlage_toevoegen(
        aanvraag=scherm.rij, code="plan", naam="plan.pdf", inhoud=inhoud, actor=scherm.gebruiker, op=TIJDENS
    )
    pagina = scherm.client.get(scherm.adres("aanvraag_bijlage_bekijken", bijlage.pk)).content.decode()
    assert 'alt="Bladzijde 1 van 5 van plan.pdf"' in pagina
    assert 'alt="Bladzijde 4 van 5 van plan.pdf"' not in pagina  # three at a time
    volgende = scherm.client.get(scherm.adres("aanvraag_bijlage_bekijken", bijlage.pk) + "?pagina=2").content.decode()
    assert 'alt="Bladzijde 5 van 5 van plan.pdf"' in volgende
    beeld = scherm.client.get(scherm.adres("aanvraag_bijlage_bladzijde", bijlage.pk, 5))
    assert beeld["Content-Type"] == "image/png"
    assert Image.open(io.BytesIO(beeld.content)).width in {900, 901}  # rounded up by the renderer
    assert scherm.client.get(scherm.adres("aanvraag_bijlage_bladzijde", bijlage.pk, 5)).content == beeld.content
    for buiten in (0, 6, 51):
        assert scherm.client.get(scherm.adres("aanvraag_bijlage_bladzijde", bijlage.pk, buiten)).status_code == 404
    woord = bijlage_toevoegen(
        aanvraag=scherm.rij, code="plan", naam="plan.docx", inhoud=docx(), actor=scherm.gebruiker, op=TIJDENS
    )
    assert scherm.client.get(scherm.adres("aanvraag_bijlage_bekijken", woord.pk)).status_code == 404
    for vreemde in (ingelogd(maak_gebruiker()), ingelogd(maak_gebruiker(Rol.BEHANDELAAR)), Client()):
        status = vreemde.get(scherm.adres("aanvraag_bijlage_bladzijde", bijlage.pk, 1)).status_code
        assert status in {404, 302}


@pytest.mark.parametrize(
    ("naam", "kop"),
    [
        ("plan.pdf", 'attachment; filename="plan.pdf"'),
        ("plän “x”.pdf", "attachment; filename*=utf-8''pl%C3%A4n%20%E2%80%9Cx%E2%80%9D.pdf"),
        ('a"b\r\nSet-Cookie: x.pdf', 'attachment; filename="a\\"bSet-Cookie: x.pdf"'),
        ("../../etc/pas\u202efdp.pdf", 'attachment; filename="pasfdp.pdf"'),
    ],
)
def test_een_naam_kan_geen_kwaad_in_de_kop(scherm: Scherm, naam: str, kop: str) -> None:
    bijlage = bijlage_toevoegen(
        aanvraag=scherm.rij, code="plan", naam=naam, inhoud=pdf(), actor=scherm.gebruiker, op=TIJDENS
    )
    antwoord = scherm.client.get(scherm.adres("aanvraag_bijlage", bijlage.pk))
    list(antwoord.streaming_content)  # reading to the end closes the file
    assert antwoord["Content-Disposition"] == kop


def test_de_startpagina_zegt_dat_de_scanner_uit_staat(settings: Any) -> None:
    with op_moment(NA):
        client = als(maak_gebruiker(Rol.BEHANDELAAR))
        lijst = reverse("portalen:werklijst")
        assert "De virusscanner staat uit" in tekst(client.get(lijst))
        settings.CLAMD = "127.0.0.1:1"
        assert "virusscanner" not in tekst(client.get(lijst))
        Bestand.objects.create(naam="x", mime="x", grootte=1, sha256="0" * 64, aangemaakt_op=NA, scan=Scanuitslag.WACHT)
        assert "1 bestand wacht op controle" in tekst(client.get(lijst))
