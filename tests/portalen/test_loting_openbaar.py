"""The public draw page: only after publication, and everything that somebody needs to recompute it."""

from __future__ import annotations

import io
import subprocess
import sys
import zipfile
from datetime import timedelta

import pytest
import time_machine

from beoordeling.services.loting import lijst_bevriezen, loting_ongeldig_verklaren, loting_voorbereiden
from beoordeling.services.rangschikking import loting_vaststellen
from portalen.presentatie.tijdvakken import aftelling
from tests.factories.database import zonder_triggers
from tests.factories.portaal_aanvrager import (
    TREKKING,
    Medewerkers,
    aanvrager,
    compleet,
    gepubliceerde_loting,
    getrokken_loting,
)
from tests.factories.ronde import NA, maak_ingediend, maak_organisatie, open_tijdvak
from tests.portalen.lezen import tekst
from uitvoering.services.intrekking import zaak_intrekken

pytestmark = pytest.mark.django_db


@pytest.fixture
def staf():
    return Medewerkers()


@pytest.fixture
def ronde(staf):
    """A closed round with room for two of three complete applications of € 1.000."""
    tijdvak = open_tijdvak(plafond=2_000)
    for _ in range(3):
        compleet(maak_ingediend(tijdvak, maak_organisatie()), staf)
    tijdvak.refresh_from_db()
    return tijdvak


def adres(tijdvak, pad: str = "") -> str:
    return f"/regelingen/{tijdvak.sleutel}/loting/{pad}"


def test_nothing_before_it_is_planned(client, ronde):
    assert client.get(adres(ronde)).status_code == 404


def test_announced_says_when_and_not_which_list(client, ronde, staf):
    """The list is not public before its hash is, also when it is frozen already."""
    loting = loting_voorbereiden(tijdvak=ronde, trekking_gepland_op=TREKKING, actor=staf.behandelaar, op=NA)
    loting = lijst_bevriezen(loting=loting, actor=staf.beslisser, op=NA)
    with time_machine.travel(TREKKING - timedelta(days=2, hours=3, minutes=4, seconds=1), tick=False):
        antwoord = client.get(adres(ronde))
    pagina = tekst(antwoord)
    assert "De trekking is gepland op 7 april 2026 om 18:00 uur (Nederlandse tijd)." in pagina
    assert "Nog te gaan: 2 dagen, 3 uur en 5 minuten" in pagina
    assert loting.protocol_sha256 not in antwoord.content.decode()
    assert 'src="/static/portalen/js/aftellen.js" defer' in antwoord.content.decode()
    assert f'data-aftellen="{TREKKING.isoformat()}"' in antwoord.content.decode()
    for pad in ("deelnemers.csv", "protocol.json", "bewijspakket.zip"):
        assert client.get(adres(ronde, pad)).status_code == 404
    assert client.get(een(ronde, loting)).status_code == 404


def een(tijdvak, loting, pad: str = "") -> str:
    return f"/regelingen/{tijdvak.sleutel}/lotingen/{loting.kenmerk}/{pad}"


@pytest.mark.parametrize(
    ("voor", "tekst_"),
    [
        (timedelta(days=1), "1 dag"),
        (timedelta(days=2, hours=1), "2 dagen en 1 uur"),
        (timedelta(seconds=1), "1 minuut"),
        (timedelta(hours=1, seconds=60), "1 uur en 1 minuut"),
        (timedelta(0), ""),
        (timedelta(seconds=-1), ""),
    ],
)
def test_the_time_that_is_left(voor, tekst_):
    assert aftelling(TREKKING, TREKKING - voor) == tekst_


def test_before_the_draw_the_time_counts_down_and_afterwards_it_is_over(client, ronde, staf):
    gepubliceerde_loting(ronde, staf)
    with time_machine.travel(TREKKING - timedelta(days=1), tick=False):
        assert "Nog te gaan: 1 dag" in tekst(client.get(adres(ronde)))
    with time_machine.travel(TREKKING, tick=False):
        pagina = client.get(adres(ronde))
    assert "Het moment is voorbij." in tekst(pagina)
    assert "aftellen.js" not in pagina.content.decode()


def test_every_draw_has_its_own_address(client, ronde, staf):
    """An invalid list stays readable beside the new one."""
    oud = gepubliceerde_loting(ronde, staf)
    loting_ongeldig_verklaren(loting=oud, reden="Fout in de lijst.", actor=staf.beslisser, op=NA)
    nieuw = gepubliceerde_loting(ronde, staf)
    assert client.get(adres(ronde)).context["loting"] == nieuw
    assert client.get(een(ronde, oud)).context["loting"] == oud
    assert client.get(een(ronde, oud, "deelnemers.csv")).content == bytes(
        oud.bestanden.get(naam="deelnemers.csv").inhoud
    )
    assert een(ronde, oud) in client.get(adres(ronde)).content.decode()
    assert client.get(f"/regelingen/{ronde.sleutel}/lotingen/elders-1/").status_code == 404


def test_deed_and_explanation_come_with_the_result(client, ronde, staf):
    loting = getrokken_loting(gepubliceerde_loting(ronde, staf), staf)
    kenmerk = ronde.aanvragen.first().kenmerk
    for pad in ("akte/pdf/", "akte/html/", f"uitleg/?kenmerk={kenmerk}"):
        assert client.get(een(ronde, loting, pad)).status_code == 404
    loting_vaststellen(loting=loting, actor=staf.beslisser, op=TREKKING)
    akte = client.get(een(ronde, loting, "akte/html/"))
    assert akte["Content-Disposition"] == f'attachment; filename="akte-{loting.kenmerk}.html"'
    assert loting.protocol_sha256 in akte.content.decode().replace("<wbr>", "")
    assert client.get(een(ronde, loting, "akte/pdf/")).content.startswith(b"%PDF")
    gezocht = client.get(adres(ronde), {"kenmerk": kenmerk})
    assert f"{een(ronde, loting, 'uitleg/')}?kenmerk={kenmerk}" in gezocht.content.decode()
    uitleg = client.get(een(ronde, loting, f"uitleg/?kenmerk={kenmerk.lower()}"))
    plaats = ronde.rangschikking.plaatsen.get(aanvraag__kenmerk=kenmerk)
    assert f"De aanvraag {kenmerk} kwam op plaats {plaats.rang} van 3." in tekst(uitleg)
    assert plaats.lot in tekst(uitleg)
    assert "Proefbedrijf" not in tekst(uitleg)
    for onbekend in ("", "?kenmerk=", "?kenmerk=ONBEKEND-1"):
        assert client.get(een(ronde, loting, f"uitleg/{onbekend}")).status_code == 404


def test_a_changed_protocol_is_not_shown(client, ronde, staf):
    loting = gepubliceerde_loting(ronde, staf)
    with zonder_triggers("beoordeling_lotingbestand"):
        bestand = loting.bestanden.get(naam="protocol.json")
        bestand.inhoud = bytes(bestand.inhoud).replace(b"200000", b"900000")
        bestand.save()
    antwoord = client.get(adres(ronde))
    assert antwoord.status_code == 409
    assert "Het bestand protocol.json van loting" in tekst(antwoord)
    assert "is niet meer wat is vastgelegd." in tekst(antwoord)


def test_before_the_draw(client, ronde, staf):
    loting = gepubliceerde_loting(ronde, staf)
    antwoord = client.get(adres(ronde))
    pagina = tekst(antwoord)
    for zin in (
        "De loting moet nog komen",
        "De bronnen worden bepaald op 7 april 2026 om 18:00:00 uur (Nederlandse tijd) of kort daarna.",
        loting.protocol_sha256,
        "28 maart 2026 om 17:00:00 uur, Staatscourant 2026, 1",
        "Aanvragen op de lijst 3",
        "STOP: past een aanvraag niet, dan krijgt zij niets",
    ):
        assert zin in pagina, zin
    assert "Zoek uw kenmerk" not in pagina
    assert [rij["bestand"].naam for rij in antwoord.context["bestanden"]] == ["deelnemers.csv", "protocol.json"]
    assert client.get(adres(ronde, "bewijspakket.zip")).status_code == 404
    assert client.get(adres(ronde, "uitkomst.csv")).status_code == 404


def test_files_are_given_byte_for_byte(client, ronde, staf):
    loting = gepubliceerde_loting(ronde, staf)
    antwoord = client.get(adres(ronde, "deelnemers.csv"))
    assert antwoord.content == bytes(loting.bestanden.get(naam="deelnemers.csv").inhoud)
    assert antwoord["Content-Type"] == "text/csv; charset=utf-8"
    assert antwoord["Content-Disposition"] == 'attachment; filename="deelnemers.csv"'
    assert antwoord["X-Content-Type-Options"] == "nosniff"
    assert antwoord["Content-Security-Policy"] == "default-src 'none'; sandbox"
    assert b"Proefbedrijf" not in antwoord.content


def test_after_the_draw(client, ronde, staf):
    loting = getrokken_loting(gepubliceerde_loting(ronde, staf), staf)
    antwoord = client.get(adres(ronde))
    pagina = tekst(antwoord)
    assert "Een tweede persoon rekent de uitslag nog na." in pagina
    assert "aantallen" not in antwoord.context
    for pad in ("uitkomst.csv", "bronwaarden.json", "bewijspakket.zip"):
        assert client.get(adres(ronde, pad)).status_code == 404
    loting_vaststellen(loting=loting, actor=staf.beslisser, op=TREKKING)
    antwoord = client.get(adres(ronde))
    assert antwoord.context["aantallen"] == [("Toegewezen", 2), ("Reserve", 1)]
    assert [r["regel"].rang for r in antwoord.context["regels"]] == [1, 2, 3]
    assert [r["bedrag"] for r in antwoord.context["regels"]] == [1000, 1000, None]
    assert antwoord.context["bronnen"] == [
        {
            "naam": "Notaris: 32 worpen met een dobbelsteen met tien kanten",
            "waarde": "31415926535897932384626433832795",
            "plek": "",
        }
    ]
    assert "Nagerekend en vastgesteld op 7 april 2026 om 18:00:00 uur." in tekst(client.get(adres(ronde)))


def test_search_of_ones_own_label(client, ronde, staf):
    loting = getrokken_loting(gepubliceerde_loting(ronde, staf), staf)
    loting_vaststellen(loting=loting, actor=staf.beslisser, op=TREKKING)
    derde = client.get(adres(ronde)).context["regels"][2]["regel"].kenmerk
    pagina = tekst(client.get(adres(ronde), {"kenmerk": f" {derde.lower()} "}))
    assert "Nummer 3 van 3. Uitkomst bij de loting: Reserve." in pagina
    pagina = tekst(client.get(adres(ronde), {"kenmerk": "ONBEKEND-1"}))
    assert "Het kenmerk ONBEKEND-1 staat niet op de lijst." in pagina


def test_what_happened_afterwards_stands_beside_the_result(client, ronde, staf):
    loting = getrokken_loting(gepubliceerde_loting(ronde, staf), staf)
    loting_vaststellen(loting=loting, actor=staf.beslisser, op=TREKKING)
    eerste = ronde.rangschikking.plaatsen.select_related("aanvraag").get(rang=1).aanvraag
    zaak_intrekken(aanvraag=eerste, reden="Gestopt", actor=None, op=TREKKING)
    regels = client.get(adres(ronde)).context["regels"]
    assert [(r["regel"].uitkomst, r["nu"]) for r in regels] == [
        ("Toegewezen", "Vervallen"),
        ("Toegewezen", ""),
        ("Reserve", "Toegewezen"),
    ]


def test_package_is_the_same_each_time_and_verifies_itself(client, ronde, staf, tmp_path):
    loting = getrokken_loting(gepubliceerde_loting(ronde, staf), staf)
    loting_vaststellen(loting=loting, actor=staf.beslisser, op=TREKKING)
    eerste = client.get(adres(ronde, "bewijspakket.zip"))
    with time_machine.travel(TREKKING, tick=False):
        assert client.get(adres(ronde, "bewijspakket.zip")).content == eerste.content
    assert eerste["Content-Disposition"] == f'attachment; filename="loting-{ronde.sleutel}-1.zip"'
    with zipfile.ZipFile(io.BytesIO(eerste.content)) as archief:
        assert archief.namelist() == sorted(archief.namelist())
        archief.extractall(tmp_path)
    uitkomst = subprocess.run(
        [sys.executable, "-I", str(tmp_path / "verifieer_loting.py")], capture_output=True, text=True, check=False
    )
    assert (uitkomst.stdout, uitkomst.stderr) == ("KLOPT\n", "")


def test_an_invalid_draw_stays_public_with_its_reason(client, ronde, staf):
    loting = gepubliceerde_loting(ronde, staf)
    loting_ongeldig_verklaren(loting=loting, reden="De lijst miste een aanvraag.", actor=staf.beslisser, op=NA)
    pagina = tekst(client.get(adres(ronde)))
    assert "Deze loting is ongeldig verklaard De lijst miste een aanvraag." in pagina
    nieuw = loting_voorbereiden(tijdvak=ronde, trekking_gepland_op=TREKKING, actor=staf.behandelaar, op=NA)
    assert client.get(adres(ronde)).context["loting"] == loting  # the new one is not public yet
    assert nieuw.gepubliceerd_op is None


@pytest.mark.parametrize("aantal", [1, 3])
def test_draw_page_needs_the_same_queries(client, staf, aantal, django_assert_num_queries):
    tijdvak = open_tijdvak(plafond=2_000)
    for _ in range(aantal):
        compleet(maak_ingediend(tijdvak, maak_organisatie()), staf)
    tijdvak.refresh_from_db()
    loting = getrokken_loting(gepubliceerde_loting(tijdvak, staf), staf)
    loting_vaststellen(loting=loting, actor=staf.beslisser, op=TREKKING)
    with django_assert_num_queries(9):
        client.get(adres(tijdvak))


def test_page_of_the_scheme_links_to_the_draw(client, ronde, staf):
    assert f'href="{adres(ronde)}"' not in client.get(f"/regelingen/{ronde.sleutel}/").content.decode()
    gepland = loting_voorbereiden(tijdvak=ronde, trekking_gepland_op=TREKKING, actor=staf.behandelaar, op=NA)
    assert f'href="{adres(ronde)}"' in client.get(f"/regelingen/{ronde.sleutel}/").content.decode()
    loting_ongeldig_verklaren(loting=gepland, reden="Andere dag.", actor=staf.beslisser, op=NA)
    assert f'href="{adres(ronde)}"' not in client.get(f"/regelingen/{ronde.sleutel}/").content.decode()
    gepubliceerde_loting(ronde, staf)
    assert f'href="{adres(ronde)}"' in client.get(f"/regelingen/{ronde.sleutel}/").content.decode()


def test_no_names_on_the_page(client, ronde, staf):
    getrokken_loting(gepubliceerde_loting(ronde, staf), staf)
    assert aanvrager()[1].naam not in tekst(client.get(adres(ronde)))
    assert "Proefbedrijf" not in tekst(client.get(adres(ronde)))
