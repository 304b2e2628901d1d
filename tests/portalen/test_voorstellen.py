"""The scheme editor: from the list to publication, two writers, errors, and what to expect."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from kern.enums import Rol
from regeling.models import Proefronde, Regeling, Regelingversie, Regelingvoorstel, Tijdvak
from regeling.selectors_voorstel import tekst_van_versie
from regeling.services.catalogus import CATALOGUS, regelingen_laden
from regeling.services.tijdvak import tijdvak_bijwerken, tijdvak_publiceren
from regeling.services.voorstel import voorstel_maken
from tests.factories.portaal_medewerker import als, meldingen, op_moment, tekst
from tests.factories.ronde import maak_gebruiker, maak_ingediend, open_tijdvak
from tests.regeling.voorbeeld import BASIS
from uitvoering.services import proefronde as proefdienst

pytestmark = pytest.mark.django_db
OP = datetime(2026, 9, 15, 10, 0, tzinfo=UTC)
PAGINA = "/werk/beheer/regelingen/"
NIEUW = BASIS.replace('versie = "1"', 'versie = "2"').replace("Eerste tijdvak", "Najaar")


@pytest.fixture
def regeling(tmp_path: Path) -> Any:
    with op_moment(OP):
        pad = tmp_path / "proef.toml"
        pad.write_text(BASIS, encoding="utf-8")
        regelingen_laden(pad=pad, actor=None, op=OP - timedelta(days=1))
        yield Regeling.objects.get(sleutel="proef")


def beheerder() -> Any:
    return als(maak_gebruiker(Rol.BEHEERDER))


def begin(client: Any) -> str:
    antwoord = client.post(f"{PAGINA}nieuw/", {"knop": "regeling", "regeling": "proef"})
    adres: str = antwoord.url.removesuffix("bewerken/")
    assert antwoord.url == f"{adres}bewerken/"
    return adres


def bewaar(client: Any, adres: str, inhoud: str, nummer: int = 1) -> Any:
    return client.post(f"{adres}bewerken/", {"tekst": inhoud, "nummer": nummer})


def stap(client: Any, adres: str, naam: str, **velden: Any) -> str:
    """What the page says after a step."""
    antwoord = client.post(f"{adres}stap/{naam}/", velden)
    assert antwoord.url == adres
    return meldingen(antwoord)[-1]


def test_van_lijst_tot_publicatie_door_een_ander(regeling: Regeling) -> None:
    een, ander = beheerder(), beheerder()
    lijst = tekst(een.get(PAGINA))
    assert "Er zijn geen openstaande voorstellen." in lijst
    assert "Proefregeling" in lijst
    adres = begin(een)
    assert "Er is nog niets gewijzigd" in tekst(een.get(adres))
    assert BASIS.strip().splitlines()[0] in een.get(f"{adres}bewerken/").content.decode()
    assert bewaar(een, adres, NIEUW.replace("\n", "\r\n")).url == adres
    pagina = een.get(adres)
    tekst_ = tekst(pagina)
    assert "Er zijn geen fouten gevonden" in tekst_
    assert "tijdvakken[proef-2026].naam" in tekst_
    assert '<del>naam = "Eerste tijdvak"</del>' in pagina.content.decode().replace("&quot;", '"')
    assert "− weg" in tekst_
    assert "+ erbij" in tekst_
    assert stap(een, adres, "aanbieden").startswith("Het voorstel is aangeboden.")
    assert "U schreef zelf aan dit voorstel." in tekst(een.get(adres))
    assert stap(een, adres, "publiceren", nummer=2) == (
        "U hebt zelf aan dit voorstel geschreven. Vraag een andere beheerder om het te publiceren of af te wijzen."
    )
    assert "Na publicatie geldt deze versie meteen." in tekst(ander.get(adres))
    assert stap(ander, adres, "publiceren", nummer=1).startswith("Dit voorstel is intussen gewijzigd.")
    assert stap(ander, adres, "publiceren", nummer=2).startswith("Versie 2 is van kracht")
    assert Tijdvak.objects.get().naam == "Najaar"
    na = tekst(ander.get(adres))
    assert "Publiceerde het voorstel" in na
    assert "Verschil met versie 1" in na
    assert "gepubliceerd" in tekst(een.get(PAGINA))


def test_evenveel_vragen_voor_een_en_drie_voorstellen(regeling: Regeling, django_assert_num_queries: Any) -> None:
    client, wie = beheerder(), maak_gebruiker(Rol.BEHEERDER)
    voorstel_maken(regeling=regeling, actor=wie, op=OP)
    client.get(PAGINA)
    with django_assert_num_queries(8):
        assert len(client.get(PAGINA).context["openstaand"]) == 1
    for _nr in range(2):
        voorstel_maken(regeling=regeling, actor=maak_gebruiker(Rol.BEHEERDER), op=OP)
    with django_assert_num_queries(8):
        assert len(client.get(PAGINA).context["openstaand"]) == 3


def test_een_bezwaar_van_twee_tijdvakken_staat_er_een_keer(regeling: Regeling, tmp_path: Path) -> None:
    tweede = NIEUW[NIEUW.index("[[tijdvakken]]") :].replace("2026", "2027")
    (tmp_path / "proef.toml").write_text(BASIS + "\n" + tweede, encoding="utf-8")
    regelingen_laden(pad=tmp_path / "proef.toml", actor=None, op=OP)
    for tijdvak in Tijdvak.objects.all():
        tijdvak_publiceren(tijdvak=tijdvak, actor=None, op=OP)
    client = beheerder()
    adres = begin(client)
    anders = (NIEUW + "\n" + tweede).replace("percentage = 75", "percentage = 50")
    bewaar(client, adres, anders)
    uitslag = client.get(adres).context["uitslag"]
    assert [(een.plek, een.kolom) for een in uitslag.verboden] == [
        ("proef.toml: subsidie.percentage", "vast-onderdeel")
    ]


def test_downloaden_geeft_de_tekst(regeling: Regeling) -> None:
    client = beheerder()
    adres = begin(client)
    voorstel = Regelingvoorstel.objects.get()
    antwoord = client.get(f"{adres}bestand.toml")
    assert (antwoord.content.decode(), antwoord["Content-Disposition"]) == (
        voorstel.tekst,
        'attachment; filename="proef.toml"',
    )
    versie = Regelingversie.objects.get()
    assert client.get(f"/werk/beheer/versies/{versie.pk}.toml").content.decode() == tekst_van_versie(versie)
    assert client.get("/werk/beheer/versies/999.toml").status_code == 404


def test_twee_schrijvers_verliezen_niets(regeling: Regeling) -> None:
    een, ander = beheerder(), beheerder()
    adres = begin(een)
    bewaar(een, adres, NIEUW)
    eigen = BASIS.replace("Eerste tijdvak", "Voorjaar")
    antwoord = bewaar(ander, adres, eigen)
    assert antwoord.status_code == 409
    pagina = tekst(antwoord)
    assert "Uw tekst is niet weg" in pagina
    assert 'naam = "Voorjaar"' in pagina  # in the text area
    assert '<ins>naam = "Najaar"</ins>' in pagina  # what the other wrote
    assert 'name="nummer" value="2"' in pagina
    assert Regelingvoorstel.objects.get().tekst == NIEUW
    assert bewaar(ander, adres, eigen, nummer=2).url == adres
    assert [rij.nummer for rij in Regelingvoorstel.objects.get().bewerkingen.all()] == [1, 2, 3]


def test_fouten_staan_op_de_bladzijde_met_de_regel(regeling: Regeling) -> None:
    client = beheerder()
    adres = begin(client)
    bewaar(client, adres, NIEUW.replace('naam = "Najaar"', "naam = Najaar"))
    pagina = tekst(client.get(adres))
    nummer = NIEUW.splitlines().index('naam = "Najaar"') + 1
    assert f"regel {nummer}, kolom" in pagina
    assert f'<li value="{nummer}">' in pagina
    assert "Aanbieden kan zodra" in pagina
    assert client.get(f"{adres}proef/").url == adres
    assert client.get(f"{adres}aanvragen/").url == adres
    bewaar(client, adres, NIEUW.replace("percentage = 75", "percentage = 175"), nummer=2)
    assert "subsidie.percentage" in tekst(client.get(adres))


@pytest.mark.parametrize(
    ("inhoud", "melding"),
    [(b"a = '\xff'", "regel 1: Hier staat een teken dat geen UTF-8 is."), (b"#" * 1_000_001, "groter dan 1 megabyte")],
)
def test_een_bestand_dat_geen_voorstel_wordt(inhoud: bytes, melding: str) -> None:
    bestand = SimpleUploadedFile("x.toml", inhoud)
    antwoord = beheerder().post(f"{PAGINA}nieuw/", {"knop": "bestand", "bestand": bestand})
    assert (antwoord.status_code, melding in tekst(antwoord)) == (400, True)
    assert Regelingvoorstel.objects.count() == 0


def test_een_bestand_opsturen_en_een_leeg_formulier(regeling: Regeling) -> None:
    client = beheerder()
    bestand = SimpleUploadedFile("anders.toml", NIEUW.encode())
    antwoord = client.post(f"{PAGINA}nieuw/", {"knop": "bestand", "bestand": bestand})
    assert (Regelingvoorstel.objects.get().regeling, antwoord.url.endswith("/bewerken/")) == (regeling, False)
    assert client.post(f"{PAGINA}nieuw/", {"knop": "regeling"}).status_code == 400
    assert client.post(f"{PAGINA}nieuw/", {"knop": "bestand"}).status_code == 400


def test_wat_vastligt_staat_er_voor_het_aanbieden(regeling: Regeling) -> None:
    tijdvak_publiceren(tijdvak=Tijdvak.objects.get(), actor=None, op=OP)
    client = beheerder()
    adres = begin(client)
    bewaar(client, adres, NIEUW.replace("percentage = 75", "percentage = 50"))
    pagina = tekst(client.get(adres))
    assert "Dit mag niet worden gepubliceerd" in pagina
    assert "vast-onderdeel" in pagina
    assert stap(client, adres, "aanbieden").startswith("Dit voorstel kan nog niet worden aangeboden.")


def test_een_nieuwere_versie_vraagt_een_bevestiging(regeling: Regeling, tmp_path: Path) -> None:
    client = beheerder()
    adres = begin(client)
    bewaar(client, adres, NIEUW)
    (tmp_path / "proef.toml").write_text(BASIS.replace("Eerste tijdvak", "Winter"), encoding="utf-8")
    regelingen_laden(pad=tmp_path / "proef.toml", actor=None, op=OP)
    assert "Er geldt intussen een nieuwere versie" in tekst(client.get(adres))
    stap(client, adres, "basis")
    pagina = tekst(client.get(adres))
    assert "Er geldt intussen" not in pagina
    assert "Winter" in pagina


def test_afwijzen_en_intrekken(regeling: Regeling) -> None:
    een, ander = beheerder(), beheerder()
    adres = begin(een)
    bewaar(een, adres, NIEUW)
    stap(een, adres, "aanbieden")
    assert stap(ander, adres, "afwijzen", reden="").startswith("De reden ontbreekt.")
    assert stap(ander, adres, "afwijzen", reden="Te laat.") == "Het voorstel is afgewezen."
    assert "Reden: Te laat." in tekst(een.get(adres))
    assert een.get(f"{adres}bewerken/").url == adres
    anders = begin(een)
    assert stap(een, anders, "intrekken", reden="Dubbel.") == "Het voorstel is ingetrokken."
    assert een.post(f"{anders}stap/onbekend/").status_code == 404


def test_verwachte_aantallen_uit_het_bestand_en_uit_het_formulier() -> None:
    with op_moment(OP):
        client = beheerder()
        inhoud = (CATALOGUS / "sia-zuid.toml").read_bytes()
        wie = maak_gebruiker(Rol.BEHEERDER)
        voorstel = voorstel_maken(regeling=None, inhoud=inhoud, bestand="sia.toml", actor=wie, op=OP)
        adres = f"/werk/beheer/voorstellen/{voorstel.pk}/proef/"
        pagina = client.get(adres)
        assert pagina.context["form"].initial["aanvragen"] == 113
        assert "Noord-Brabant" in tekst(pagina)
        velden = {
            "tijdvak": "sia-zuid",
            "aanvragen": 100,
            "bedrag": "25.000",
            "geschikt": "100",
            "per_dag": "10",
            "respons_wel": "60",
            "respons_niet": "30",
            "uitgangspunt": "50",
            "pot_NB": 20,
            "pot_ZE": 40,
            "pot_LI": 40,
        }
        antwoord = client.get(adres, velden)
        uit = antwoord.context["uit"]
        assert [(pot.code, pot.toegekend, pot.dagen) for pot in uit.potten] == [
            ("NB", 20, None),
            ("ZE", 10, 3),
            ("LI", 20, 5),
        ]
        assert antwoord.context["antwoorden"] == {"wel": 30, "niet": 15}
        assert "op dag 3" in tekst(antwoord)
        fout = client.get(adres, {**velden, "aanvragen": "veel", "bedrag": "0"})
        assert (fout.status_code, sorted(fout.context["form"].errors)) == (400, ["aanvragen", "bedrag"])


def test_elke_regeling_heeft_verwachte_aantallen() -> None:
    with op_moment(OP):
        client, wie = beheerder(), maak_gebruiker(Rol.BEHEERDER)
        for pad in sorted(CATALOGUS.glob("*.toml")):
            voorstel = voorstel_maken(regeling=None, inhoud=pad.read_bytes(), bestand=pad.name, actor=wie, op=OP)
            pagina = client.get(f"/werk/beheer/voorstellen/{voorstel.pk}/proef/")
            assert pagina.status_code == 200, pad.name
            assert pagina.context["uit"].geheel.toegekend > 0, pad.name


def test_een_proefronde_staat_in_de_rij_en_komt_terug(
    regeling: Regeling, monkeypatch: pytest.MonkeyPatch, django_capture_on_commit_callbacks: Any
) -> None:
    cijfers = dict.fromkeys(
        ("ingediend", "afgewezen", "toegekend", "reserve", "verleend", "toegekend_bedrag", "plafond", "gevraagd"), 7
    )
    monkeypatch.setattr(proefdienst, "_speel", lambda tekst, proef: ({**cijfers, "seconden": 3}, ""))
    client = beheerder()
    adres = begin(client)
    velden = {"tijdvak": "proef-2026", "verwacht": 200, "aantal": 20}
    antwoord = client.post(f"{adres}proefronde/", velden)
    assert antwoord.url == f"{adres}proef/#proefrondes"
    assert "Nog niet klaar." in tekst(client.get(f"{adres}proef/"))
    assert meldingen(client.post(f"{adres}proefronde/", velden))[-1].startswith("Er loopt al een proefronde")
    proefdienst.proefronde_taak.func(Proefronde.objects.get().pk)
    pagina = tekst(client.get(f"{adres}proef/"))
    assert "20 van 200 aanvragen, bewerking 1" in pagina
    assert "Gespeeld in 3 seconden." in pagina
    with django_capture_on_commit_callbacks(execute=True):
        client.post(f"{adres}proefronde/", velden)
    assert Proefronde.objects.filter(klaar_op__isnull=False).count() == 2
    assert meldingen(client.post(f"{adres}proefronde/", {**velden, "aantal": 101}))[-1].startswith("Kies 1 tot")


def test_eerdere_aanvragen_met_andere_regels() -> None:
    tijdvak = open_tijdvak(sleutel="oud")
    zaak = maak_ingediend(tijdvak)
    with op_moment(tijdvak.sluit_op + timedelta(days=1)):
        tijdvak_bijwerken(tijdvak=tijdvak, op=tijdvak.sluit_op + timedelta(days=1))
        client, wie = beheerder(), maak_gebruiker(Rol.BEHEERDER)
        voorstel = voorstel_maken(regeling=tijdvak.regelingversie.regeling, actor=wie, op=tijdvak.sluit_op)
        adres = f"/werk/beheer/voorstellen/{voorstel.pk}/"
        begin_ = client.get(f"{adres}proef/").context["form"].initial
        assert (begin_["aanvragen"], begin_["bedrag"], begin_["per_dag"]) == (1, 1000, 1)
        assert "Aanvragen met een andere uitkomst: 0 van 1." in tekst(client.get(f"{adres}aanvragen/"))
        anders = voorstel.tekst.replace("werkzame_personen_min = 0", "werkzame_personen_min = 50")
        assert anders != voorstel.tekst
        bewaar(client, adres, anders.replace("percentage = 50", "percentage = 25"))
        pagina = tekst(client.get(f"{adres}aanvragen/"))
        assert "Aanvragen met een andere uitkomst: 1 van 1." in pagina
        assert zaak.kenmerk in pagina
        assert "€ 1.000 → € 500" in pagina


def test_zonder_eerdere_aanvragen(regeling: Regeling) -> None:
    client = beheerder()
    assert "geen aanvragen bekend" in tekst(client.get(f"{begin(client)}aanvragen/"))
