"""The explanation of a place on screen and on paper: who sees what, and what never leaves the committee."""

from __future__ import annotations

import subprocess
from datetime import timedelta
from decimal import Decimal
from html import unescape
from pathlib import Path
from typing import Any

import pytest
from django.test import Client
from django.utils import translation

from aanvragen.enums import Machtigingsoort
from aanvragen.models import Aanvraag
from aanvragen.services.organisatie import machtiging_verlenen
from beoordeling.models import Plaats, Rangschikking
from beoordeling.services.plaatsuitleg import plaatsuitleg_van
from beoordeling.services.rangschikking import plafond_verhogen
from beoordeling.services.volgorde import verdeling_afronden
from kern.document import naar_html, naar_pdf
from kern.enums import Rol
from portalen.presentatie.plaatsdocument import Lezer, plaatsdocument
from tests.beoordeling.test_eindscore import gescoord, score
from tests.beoordeling.test_eindscore import ronde as scoreronde
from tests.beoordeling.test_volgorde import loot, op_dag, verwerk
from tests.beoordeling.test_volgorde import ronde as volgorderonde
from tests.factories.portaal_medewerker import LATER, als, gelote_ronde, op_moment
from tests.factories.ronde import (
    BESLUIT,
    NA,
    TIJDENS,
    VOOR,
    Staf,
    besluit_op,
    loting_tot,
    maak_compleet,
    maak_gebruiker,
    open_tijdvak,
    tabel,
    vers,
)
from tests.kern.test_document import pdf_tekst
from tests.portalen.lezen import tekst
from uitvoering.enums import Afwijzingsgrond, Besluitsoort
from uitvoering.services.intrekking import zaak_intrekken

pytestmark = pytest.mark.django_db
DAG = timedelta(days=1)


def eigenaar_van(aanvraag: Aanvraag) -> Any:
    gebruiker = maak_gebruiker()
    machtiging_verlenen(
        organisatie=aanvraag.organisatie, gebruiker=gebruiker, soort=Machtigingsoort.BEHEERDER, actor=None, op=VOOR
    )
    return gebruiker


def html_van(aanvraag: Aanvraag, lezer: Lezer) -> str:
    uitleg = plaatsuitleg_van(vers(aanvraag))
    assert uitleg is not None
    return naar_html(plaatsdocument(uitleg, lezer))


def test_the_applicant_reads_why_and_takes_it_along() -> None:
    ronde = gelote_ronde(3)
    derde, ander = ronde.zaken[2], ronde.zaken[0]
    with op_moment(LATER):
        client = als(eigenaar_van(derde))
        stand = client.get(f"/aanvragen/{derde.pk}/")
        assert f'href="/aanvragen/{derde.pk}/uitleg/"' in stand.content.decode()
        pagina = tekst(client.get(f"/aanvragen/{derde.pk}/uitleg/"))
        assert f"De aanvraag {derde.kenmerk} kwam op plaats 3 van 3. Gevraagd is € 1.000." in pagina
        assert "Toen zij aan de beurt was, was er nog € 0. Gevraagd was € 1.000. Dat paste niet." in pagina
        assert "Uitkomst van de verdeling: reserve: er was geen ruimte." in pagina
        assert derde.plaats.lot in pagina
        assert "Proefbedrijf" not in pagina
        pdf = client.get(f"/aanvragen/{derde.pk}/uitleg/pdf/")
        assert pdf["Content-Disposition"] == f'attachment; filename="plaats-{derde.kenmerk}.pdf"'
        assert pdf.content.startswith(b"%PDF")
        assert client.get(f"/aanvragen/{derde.pk}/uitleg/html/").status_code == 200
        for pad in ("", "pdf/", "html/"):  # of somebody else
            assert client.get(f"/aanvragen/{ander.pk}/uitleg/{pad}").status_code == 404


def test_no_explanation_before_the_draw_was_settled(staf: Staf) -> None:
    tijdvak = open_tijdvak(plafond=2500)
    zaak = maak_compleet(tijdvak, staf.behandelaar)
    loting_tot(tijdvak, staf, "trekken")
    with op_moment(LATER):
        assert als(eigenaar_van(zaak)).get(f"/aanvragen/{zaak.pk}/uitleg/").status_code == 404
        medewerker = als(staf.behandelaar)
        assert medewerker.get(f"/werk/zaken/{zaak.pk}/uitleg/").status_code == 404
        assert f"/werk/zaken/{zaak.pk}/uitleg/" not in medewerker.get(f"/werk/zaken/{zaak.pk}/").content.decode()


def test_the_officer_reads_it_at_the_case_and_gives_the_full_one_to_a_court(tmp_path: Path) -> None:
    ronde = gelote_ronde(3)
    eerste = ronde.zaken[0]
    zaak_intrekken(aanvraag=vers(eerste), reden="Gestopt", actor=None, op=LATER)
    derde = ronde.zaken[2]
    with op_moment(LATER):
        for wie in (ronde.ploeg.behandelaar, maak_gebruiker(Rol.BEZWAARBEHANDELAAR)):
            client = als(wie)
            assert f"/werk/zaken/{derde.pk}/uitleg/" in client.get(f"/werk/zaken/{derde.pk}/").content.decode()
            pagina = tekst(client.get(f"/werk/zaken/{derde.pk}/uitleg/"))
            assert f"intrekking van {eerste.kenmerk}. Bij de beurt die daarop volgde, was er € 1.000;" in pagina
            assert "Was: reserve: er was geen ruimte. Werd: toegewezen: € 1.000." in pagina
        pdf = als(ronde.ploeg.behandelaar).get(f"/werk/zaken/{derde.pk}/uitleg/pdf/")
    gelezen = " ".join(pdf_tekst(pdf.content, tmp_path).split())
    for zin in ("De rekenregels", "Artikel 4:25, lid 2, Awb", "Alle regels van het logboek", "IKM", "HKDF-Extract"):
        assert zin in gelezen, zin


def test_the_same_facts_give_the_same_bytes() -> None:
    ronde = gelote_ronde(2)
    uitleg = plaatsuitleg_van(vers(ronde.zaken[0]))
    assert uitleg is not None
    eerste = naar_pdf(plaatsdocument(uitleg, Lezer.RECHTER))
    with op_moment(LATER + DAG):
        opnieuw = plaatsuitleg_van(vers(ronde.zaken[0]))
        assert opnieuw is not None
        assert naar_pdf(plaatsdocument(opnieuw, Lezer.RECHTER)) == eerste


def test_pots_that_were_closed_say_by_whom(staf: Staf) -> None:
    """STOP: the second closes the ceiling; the third is told at which place and with which amounts."""
    tijdvak = open_tijdvak(plafond=1500)
    for _ in range(3):
        maak_compleet(tijdvak, staf.behandelaar)
    loting_tot(tijdvak, staf)
    tweede, derde = [Plaats.objects.get(rang=n).aanvraag for n in (2, 3)]
    html = html_van(derde, Lezer.AANVRAGER)
    assert f"Die ging dicht bij plaats 2 ({tweede.kenmerk}): daar werd € 1.000 gevraagd, en er was nog € 500." in html
    assert f"dicht sinds plaats 2 ({tweede.kenmerk})" in html
    assert "was er nog € 500. Gevraagd was € 1.000. Dat paste niet." in html_van(tweede, Lezer.AANVRAGER)


def test_a_score_shows_points_and_thresholds_and_no_assessor(staf: Staf) -> None:
    tijdvak = scoreronde(1000)
    zaken = gescoord(tijdvak, staf, score("62.5", beoordelingen=["61", "64"]), score("49"), score("55"))
    loting_tot(tijdvak, staf)
    plafond_verhogen(tijdvak=vers(tijdvak), bedrag=Decimal(1000), reden="Meer", actor=None, op=BESLUIT)
    eigen, vol = html_van(zaken[0], Lezer.AANVRAGER), html_van(zaken[0], Lezer.RECHTER)
    for html in (eigen, vol):
        assert "62,50" in html
        assert "06250 (score 62,50)" in html
        assert "De punten per criterium zijn samen 55,00. Het totaal is 62,50" in html
    assert "Totalen van de beoordelaars" not in eigen
    assert "Totalen van de beoordelaars, van hoog naar laag en zonder naam: 64,00; 61,00." in vol
    assert "B1" not in eigen + vol
    onder = html_van(zaken[1], Lezer.AANVRAGER)
    assert "haalde een minimumscore niet (het totaal). Zij staat daarom niet op de lijst." in onder
    assert "verhoging van het hele plafond met € 1.000" in html_van(zaken[2], Lezer.AANVRAGER)


def test_order_of_receipt_shows_the_day_and_its_draw(staf: Staf) -> None:
    tijdvak = volgorderonde(3500)
    eerste, tweede = op_dag(tijdvak, staf, 0, 2), op_dag(tijdvak, staf, 1, 3)
    verwerk(tijdvak, 2)
    loot(tijdvak, staf, TIJDENS + 2 * DAG)
    ruim = html_van(eerste[0], Lezer.AANVRAGER)
    assert "Alles paste. Elke complete aanvraag van die dag kreeg een plaats, zonder loting." in ruim
    assert "5 maart 2026 om 09:00:00 uur" in ruim
    kritiek = html_van(tweede[0], Lezer.AANVRAGER)
    assert "Niet alles paste. Daarom besliste het lot" in kritiek
    assert "De loting van die dag" in kritiek
    loot(tijdvak, staf, NA + DAG)
    assert "(dag 05-03-2026, zonder loting)" in html_van(eerste[0], Lezer.AANVRAGER)
    nummer = vers(tweede[0]).dagplaats.nummer
    html = html_van(tweede[0], Lezer.RECHTER)
    assert f"(dag 06-03-2026, nummer {nummer} in de loting van die dag)" in html
    assert "ECLI:NL:RVS:2018:2310" in html


def test_a_round_without_a_draw_is_explained_by_its_days(staf: Staf) -> None:
    tijdvak = volgorderonde(5000)
    zaken = op_dag(tijdvak, staf, 0, 2)
    verdeling_afronden(tijdvak=vers(tijdvak), actor=staf.beslisser, op=NA + DAG)
    html = html_van(zaken[0], Lezer.RECHTER)
    assert "De aanvraag is verdeeld op de dag waarop zij compleet was." in html
    assert "Zelf narekenen" not in html


def test_a_day_with_a_draw_has_a_public_page_and_explanation(staf: Staf) -> None:
    tijdvak = volgorderonde(3500)
    op_dag(tijdvak, staf, 0, 2)
    zaken = op_dag(tijdvak, staf, 1, 3)
    verwerk(tijdvak, 2)
    loting = loot(tijdvak, staf, TIJDENS + 2 * DAG)
    client, adres = Client(), f"/regelingen/{tijdvak.sleutel}/lotingen/{loting.kenmerk}/"
    assert "aanvragen die op 6 maart 2026 compleet waren" in tekst(client.get(adres))
    uitleg = tekst(client.get(f"{adres}uitleg/?kenmerk={zaken[0].kenmerk}"))
    assert f"De aanvraag {zaken[0].kenmerk} kwam op plaats {vers(zaken[0]).dagplaats.nummer} van 3." in uitleg
    geheel = loot(tijdvak, staf, NA + DAG)
    assert client.get(f"/regelingen/{tijdvak.sleutel}/loting/").context["loting"] == geheel


def test_a_grey_zone_shows_line_and_chance_and_no_assessor(staf: Staf) -> None:
    tijdvak = scoreronde(2000, methode="loting-in-grijze-zone")
    totalen = {"95": ["90", "100"], "70": ["65", "75"], "69": ["64", "74"], "51": ["46", "56"]}
    zaken = gescoord(tijdvak, staf, *[score(totaal, beoordelingen=per) for totaal, per in totalen.items()])
    loting_tot(tijdvak, staf)
    grijs, onder = html_van(zaken[2], Lezer.AANVRAGER), html_van(zaken[3], Lezer.AANVRAGER)
    assert "rond de grens: de loting beslist" in grijs
    assert "0,421" in grijs
    assert '<dd dir="auto">70,00</dd>' in grijs
    assert "64,00" not in grijs
    assert "De score ligt duidelijk onder de grens. De aanvraag deed niet mee met de loting." in onder


def test_a_ranking_from_a_file_is_not_recomputed(staf: Staf) -> None:
    tijdvak = open_tijdvak()
    zaak = maak_compleet(tijdvak, staf.behandelaar)
    rij = Rangschikking.objects.create(
        tijdvak=tijdvak, methode="loting", herkomst={"algoritme": "sha256-1"}, gemaakt_op=NA
    )
    Plaats.objects.create(rangschikking=rij, aanvraag=zaak, rang=7, eerste_uitkomst="reserve", uitkomst="reserve")
    html = html_van(zaak, Lezer.RECHTER)
    assert "Deze rangschikking komt uit een bestand van vroeger. De plaats was 7." in html


def test_a_reserve_list_that_is_full_or_over_is_told(staf: Staf) -> None:
    tijdvak = open_tijdvak(plafond=1000, tabellen=tabel("verdeling", reservelijst=False))
    for _ in range(2):
        maak_compleet(tijdvak, staf.behandelaar)
    loting_tot(tijdvak, staf)
    tweede = Plaats.objects.get(rang=2).aanvraag
    assert "De reservelijst gaf geen plaats (meer)" in html_van(tweede, Lezer.AANVRAGER)


def test_the_letter_of_a_refusal_says_where_to_read_it(staf: Staf) -> None:
    tijdvak = open_tijdvak(plafond=1000)
    for _ in range(2):
        maak_compleet(tijdvak, staf.behandelaar)
    loting_tot(tijdvak, staf)
    eerste, tweede = [Plaats.objects.get(rang=n).aanvraag for n in (1, 2)]
    gronden = {eerste: Afwijzingsgrond.DOELGROEP, tweede: Afwijzingsgrond.PLAFOND}
    for aanvraag, grond in gronden.items():
        besluit = besluit_op(vers(aanvraag), Besluitsoort.AFWIJZING, staf, grond=grond)
        with besluit.brief_html.inhoud.open("rb") as bestand:
            brief = bestand.read().decode()
        assert ("onder “Waarom deze plaats?”" in brief) is (grond == Afwijzingsgrond.PLAFOND)


def test_the_command_on_the_page_gives_the_lot() -> None:
    """As somebody copies it: the shell, Python, and nothing of ours."""
    zaak = gelote_ronde(1).zaken[0]
    html = unescape(html_van(zaak, Lezer.AANVRAGER)).replace("<wbr>", "")  # a browser copies none of those
    opdracht = html.split("met deze opdracht: <code>", 1)[1].split("</code>", 1)[0]
    klaar = subprocess.run(["bash", "-c", opdracht], capture_output=True, text=True, check=True)
    assert klaar.stdout.strip() == zaak.plaats.lot


def test_the_page_follows_the_language_and_the_document_is_dutch() -> None:
    ronde = gelote_ronde(1)
    with op_moment(LATER), translation.override("en"):
        client = als(eigenaar_van(ronde.zaken[0]))
        html = client.get(f"/aanvragen/{ronde.zaken[0].pk}/uitleg/html/", headers={"accept-language": "en"})
        assert "Hoe deze plaats tot stand kwam" in html.content.decode()
