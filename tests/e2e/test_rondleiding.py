"""The main path as people walk it, at two widths: apply, check, receipt, status; officer; draw.

Each screen must have zero axe violations, no console errors and no sideways scrolling; pictures land in var/schermen.
"""

from __future__ import annotations

import io
import re
from datetime import timedelta
from typing import Any

import pytest
from django.core import mail
from django.core.management import call_command
from django.utils import timezone
from playwright.sync_api import BrowserContext, Page, expect

from aanvragen.models import Aanvraag
from rapportage.services.demo import AFGEROND, LOPEND, WACHTWOORD, demo_vullen
from tests.e2e.conftest import Scherm
from uitvoering.simulatie.invullen import voorbeeld_pdf

VERDER = "Bewaren en verder"


@pytest.fixture
def demo(transactional_db: None) -> None:
    call_command("laad_regelingen", verbosity=0, stdout=io.StringIO(), stderr=io.StringIO())
    demo_vullen(op=timezone.now())


def _registreer(page: Page, basis: str) -> None:
    """Signs up, opens the link in the mail, logs in."""
    page.goto(f"{basis}/account/signup/")
    page.get_by_label("Uw voornaam en achternaam").fill("Nieuwe ondernemer")
    page.locator("input[name=email]").fill("nieuw@proef.example")
    page.locator("input[name=password1]").fill("een-lang-wachtwoord-7")
    page.locator("main button[type=submit]").click()
    link = re.search(r"https?://[^/]+(/account/confirm-email/\S+)", str(mail.outbox[-1].body))
    assert link is not None
    page.goto(basis + link.group(1))
    page.locator("main button[type=submit]").click()
    if "/account/login" in page.url:
        page.locator("input[name=login]").fill("nieuw@proef.example")
        page.locator("input[name=password]").fill("een-lang-wachtwoord-7")
        page.locator("main button[type=submit]").click()


def _login(page: Page, basis: str, naam: str) -> None:
    page.goto(f"{basis}/account/login/")
    page.locator("input[name=login]").fill(f"{naam}@demo.example")
    page.locator("input[name=password]").fill(WACHTWOORD)
    page.locator("main button[type=submit]").click()


def _organisatie(page: Page, basis: str) -> None:
    page.goto(f"{basis}/organisatie/nieuw/")
    page.locator("input[name=kvk_nummer]").fill("00 12 34 99")
    page.get_by_role("button", name="Gegevens ophalen").click()
    page.locator("input[name=naam]").fill("Nieuw Bedrijf bv")
    for naam, waarde in {"werkzame_personen": "24", "omzet": "2.400.000", "balanstotaal": "900.000"}.items():
        veld = page.locator(f"input[name={naam}]")
        if veld.count():
            veld.fill(waarde)
    page.locator("main button[type=submit]").first.click()


def _datum(page: Page, veld: str, dagen: int) -> None:
    dag = timezone.localdate() + timedelta(days=dagen)
    for deel, waarde in (("dag", dag.day), ("maand", dag.month), ("jaar", dag.year)):
        page.locator(f"input[name={veld}_{deel}]").fill(str(waarde))


def _vul_alles_in(page: Page, kijk: Any) -> None:
    """Every step of the form of the demonstration scheme, in order; ends at check-your-answers."""
    page.locator("main a", has_text="Uw organisatie").first.click()
    page.locator("input[name=contactpersoon]").fill("Nieuwe ondernemer")
    page.locator("input[name=contact_email]").fill("nieuw@proef.example")
    for naam, waarde in {"werkzame_personen": "24", "omzet": "2.400.000", "balanstotaal": "900.000"}.items():
        page.locator(f"input[name={naam}]").fill(waarde)
    kijk("aanvragen-organisatie")
    page.get_by_role("button", name=VERDER).click()
    kijk("aanvragen-definitie")
    page.get_by_role("button", name="Gelezen, verder").click()
    page.locator("input[name=titel]").fill("Teams die zelf verbeteren")
    page.locator("textarea[name=omschrijving]").fill("Wij maken kleine teams die hun eigen werk verbeteren.")
    _datum(page, "start_op", 120)
    _datum(page, "eind_op", 360)
    kijk("aanvragen-project")
    page.get_by_role("button", name=VERDER).click()
    page.locator("input[name=themas]").first.check()
    page.locator("input[name=doelen]").first.check()
    kijk("aanvragen-themas")
    page.get_by_role("button", name=VERDER).click()
    page.locator("main input[type=radio]").nth(2).check()
    kijk("aanvragen-nulmeting")
    page.get_by_role("button", name=VERDER).click()
    for nr in range(page.locator("main textarea").count()):
        page.locator("main textarea").nth(nr).fill("Medewerkers kiezen samen met de leiding wat beter kan.")
    page.locator("input[type=radio]").first.check()
    kijk("aanvragen-vragen")
    page.get_by_role("button", name=VERDER).click()
    page.locator("input[name=ontvangen][value=nee]").check()
    kijk("aanvragen-steun")
    page.get_by_role("button", name=VERDER).click()
    page.locator("input[name=naam]").fill("Adviseur van de proef")
    page.locator("input[name=email]").fill("adviseur@bureau.example")
    for nr in (1, 2):
        page.locator(f"input[name=ref{nr}_organisatie]").fill(f"Opdrachtgever {nr}")
        page.locator(f"input[name=ref{nr}_contactpersoon]").fill(f"Referent {nr}")
        page.locator(f"input[name=ref{nr}_email]").fill(f"referent@opdrachtgever{nr}.example")
    kijk("aanvragen-adviseur")
    page.get_by_role("button", name=VERDER).click()
    page.locator("input[name=regel-0-omschrijving]").fill("Begeleiding door de adviseur")
    page.locator("input[name=regel-0-aantal]").fill("160")
    page.locator("input[name=regel-0-tarief]").fill("125")
    kijk("aanvragen-kosten")
    page.get_by_role("button", name=VERDER).click()
    for nr in range(page.locator("input[type=file]").count()):
        page.locator("input[type=file]").nth(nr).set_input_files(
            {"name": f"bijlage{nr}.pdf", "mimeType": "application/pdf", "buffer": voorbeeld_pdf()}
        )
    kijk("aanvragen-bijlagen")
    page.get_by_role("button", name=VERDER).click()
    for vakje in page.locator("main input[type=checkbox]").all():
        vakje.check()
    kijk("aanvragen-verklaringen")
    page.get_by_role("button", name=VERDER).click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("Controleer uw antwoorden")


def _onderteken(page: Page) -> None:
    page.locator("input[name=functie]").fill("Directeur")
    page.locator("input[name=akkoord]").check()
    page.get_by_role("button", name="Ondertekenen en versturen").click()


def test_van_regeling_tot_ontvangst(demo: None, scherm: Scherm) -> None:
    page, basis = scherm.page, scherm.basis
    scherm.ga("/")
    scherm.controleer("home")
    scherm.ga(f"/regelingen/{LOPEND}/")
    scherm.controleer("regeling")
    _registreer(page, basis)
    _organisatie(page, basis)
    scherm.ga("/mijn-aanvragen/")
    scherm.controleer("mijn-aanvragen")
    page.goto(f"{basis}/aanvragen/nieuw/{LOPEND}/")
    if page.locator("main form button[type=submit]").count():
        page.locator("main form button[type=submit]").first.click()
    scherm.controleer("aanvragen-takenlijst")
    _vul_alles_in(page, scherm.controleer)
    expect(page.locator("main")).to_contain_text("15.000")  # 75 % of 160 hours at € 125
    scherm.controleer("controleren")
    _onderteken(page)
    expect(page.locator("main")).to_contain_text("DEMO-LOPEND-00013")
    scherm.controleer("ontvangst")
    aanvraag = Aanvraag.objects.get(kenmerk="DEMO-LOPEND-00013")
    assert aanvraag.gevraagd_bedrag == 15_000
    scherm.ga(f"/aanvragen/{aanvraag.pk}/")
    scherm.controleer("stand")


def test_van_werklijst_tot_loting(demo: None, scherm: Scherm) -> None:
    page, basis = scherm.page, scherm.basis
    _login(page, basis, "behandelaar")
    scherm.ga("/werk/lijst/")
    expect(page.locator("main")).to_contain_text("DEMO-LOPEND-00006")
    scherm.controleer("werklijst")
    zaak = Aanvraag.objects.get(kenmerk="DEMO-LOPEND-00006")
    scherm.ga(f"/werk/zaken/{zaak.pk}/")
    scherm.controleer("zaak")
    page.get_by_role("button", name=re.compile("in behandeling nemen", re.I)).first.click()
    zaak.refresh_from_db()
    assert zaak.status == "in_behandeling"
    scherm.ga(f"/werk/tijdvakken/{AFGEROND}/")
    scherm.controleer("tijdvak")
    scherm.ga(f"/werk/tijdvakken/{AFGEROND}/loting/")
    scherm.controleer("loting")
    scherm.ga(f"/regelingen/{AFGEROND}/loting/")
    scherm.controleer("loting-openbaar")


def test_zonder_javascript(demo: None, zonder_script: BrowserContext) -> None:
    """The whole application again, in a browser that runs no script."""
    page = zonder_script.new_page()
    page.set_default_timeout(15_000)
    _registreer(page, "")
    _organisatie(page, "")
    page.goto(f"/aanvragen/nieuw/{LOPEND}/")
    if page.locator("main form button[type=submit]").count():
        page.locator("main form button[type=submit]").first.click()
    _vul_alles_in(page, lambda naam: None)
    _onderteken(page)
    expect(page.locator("main")).to_contain_text("DEMO-LOPEND-00013")
    assert Aanvraag.objects.filter(kenmerk="DEMO-LOPEND-00013").count() == 1
