"""A referee on a phone, in a browser of her own and without JavaScript: link, button, code, form, thanks."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.core import mail
from django.utils import timezone
from playwright.sync_api import Browser, Page

from aanvragen.models import Referentie
from beoordeling.models import Referentieantwoord
from kern.services.berichten import berichten_verzenden
from tests.e2e.conftest import PLAATJES
from tests.factories.referenties import code_uit, uitgenodigd
from tests.factories.ronde import vers


def _brief(adres: str) -> str:
    """The last mail to this address, as the outbox of the test has it."""
    berichten_verzenden(op=timezone.now())
    return str([bericht for bericht in mail.outbox if bericht.to == [adres]][-1].body)


def _kijk(page: Page, naam: str) -> None:
    PLAATJES.mkdir(parents=True, exist_ok=True)
    page.screenshot(path=PLAATJES / f"{naam}-375.png", full_page=True)
    assert not page.evaluate("document.documentElement.scrollWidth > document.documentElement.clientWidth"), naam


@pytest.fixture
def referentie(transactional_db: None) -> Referentie:
    """Invited two hours ago, by the real clock: the browser lives today."""
    referentie = uitgenodigd(timezone.now() - timedelta(hours=2))
    berichten_verzenden(op=timezone.now() - timedelta(hours=2))
    return referentie


def test_een_referent_bevestigt_op_haar_telefoon(browser: Browser, live_server: Any, referentie: Referentie) -> None:
    brief = _brief(referentie.email)
    pad = next(regel for regel in brief.splitlines() if "/referentie/" in regel).split("/referentie/")[1]
    telefoon = browser.new_context(
        java_script_enabled=False, locale="nl-NL", viewport={"width": 375, "height": 812}, base_url=live_server.url
    )
    page = telefoon.new_page()
    page.set_default_timeout(60_000)
    antwoord = page.goto(f"/referentie/{pad}")
    assert antwoord is not None
    assert (antwoord.status, antwoord.headers["referrer-policy"]) == (200, "no-referrer")
    _kijk(page, "referent-begin")
    page.get_by_role("button", name="Stuur mij een code").click()
    _kijk(page, "referent-code")
    page.get_by_label("Code van 6 cijfers").fill(code_uit(_brief(referentie.email)))
    page.get_by_role("button", name="Verder").click()
    _kijk(page, "referent-vragen")
    page.locator("input[name=project]").fill("Nieuwe roosters")
    page.locator("input[name=periode]").fill("voorjaar 2024")
    page.locator("textarea[name=werk]").fill("Hulp bij roosters.")
    page.locator("input[name=tevreden][value='5']").check()
    page.locator("input[name=opnieuw][value=ja]").check()
    page.locator("input[name=relatie][value=nee]").check()
    page.get_by_role("button", name="Referentie versturen").click()
    page.get_by_role("heading", name="Bedankt voor uw antwoord").wait_for()
    _kijk(page, "referent-klaar")
    assert vers(referentie).status == "bevestigd"
    assert Referentieantwoord.objects.get().antwoorden["project"] == "Nieuwe roosters"
    page.goto(f"/referentie/{pad}")
    page.get_by_role("heading", name="U hebt al geantwoord").wait_for()
    telefoon.close()


def test_de_schermen_zijn_toegankelijk(browser: Browser, live_server: Any, referentie: Referentie) -> None:
    brief = _brief(referentie.email)
    pad = next(regel for regel in brief.splitlines() if "/referentie/" in regel).split("/referentie/")[1]
    context = browser.new_context(locale="nl-NL", viewport={"width": 375, "height": 812}, base_url=live_server.url)
    page = context.new_page()
    page.set_default_timeout(60_000)
    page.goto(f"/referentie/{pad}")
    _axe(page)
    page.get_by_role("button", name="Stuur mij een code").click()
    _axe(page)
    page.get_by_label("Code van 6 cijfers").fill(code_uit(_brief(referentie.email)))
    page.get_by_role("button", name="Verder").click()
    _axe(page)
    page.get_by_role("button", name="Referentie versturen").click()
    _axe(page)
    context.close()


def _axe(page: Page) -> None:
    overtredingen = [f"{v['id']}: {v['help']}" for v in Axe().run(page).response["violations"]]
    assert overtredingen == [], page.url
