"""Public pages in a browser, at two widths: accessible, light, without JavaScript, and with the keyboard alone."""

from __future__ import annotations

import re
from typing import Any

from playwright.sync_api import BrowserContext, Page, expect

from aanvragen.models import Aanvraag
from rapportage.services.demo import AFGEROND, LOPEND
from tests.e2e.conftest import Scherm
from tests.e2e.stappen import inloggen

SCAN = {"strategie1": 2, "strategie2": 3, "strategie3": 4, "slimmer1": 1, "slimmer3": 2, "cultuur1": 5, "markt1": 3}
CHECK = "personen=10&omzet=10&balans=10&begonnen=nee&eu=onbekend&adviseur=ja&los=ja&referenties=nee"
PAGINAS = {
    "pub-home": "/",
    "pub-regelingen": "/regelingen/",
    "pub-regeling": f"/regelingen/{LOPEND}/",
    "pub-regeling-afgerond": f"/regelingen/{AFGEROND}/",
    "pub-vragen": f"/regelingen/{LOPEND}/vragen/",
    "pub-check-begin": f"/regelingen/{LOPEND}/kom-ik-in-aanmerking/",
    "pub-check-vraag": f"/regelingen/{LOPEND}/kom-ik-in-aanmerking/?stap=omvang&wie=onderneming",
    "pub-check-fout": f"/regelingen/{LOPEND}/kom-ik-in-aanmerking/?stap=project&verder=1&wie=onderneming",
    "pub-check-uitslag": f"/regelingen/{LOPEND}/kom-ik-in-aanmerking/?stap=uitslag&wie=onderneming&{CHECK}",
    "pub-scan-begin": "/zelfscan/",
    "pub-scan-vraag": "/zelfscan/?stap=hefbomen",
    "pub-scan-profiel": "/zelfscan/?stap=profiel&" + "&".join(f"{code}={n}" for code, n in SCAN.items()),
    "pub-toegankelijkheid": "/toegankelijkheid/",
    "pub-privacy": "/privacy/",
    "pub-contact": "/contact/",
}


def test_public_pages_are_accessible_and_light(demo: None, scherm: Scherm) -> None:
    for naam, pad in PAGINAS.items():
        scherm.ga(pad)
        scherm.controleer(naam)


def test_case_pages_are_accessible(demo: None, scherm: Scherm) -> None:
    inloggen(scherm.page, scherm.basis, "ondernemer")
    zaak = Aanvraag.objects.get(
        tijdvak__sleutel=AFGEROND, organisatie__machtigingen__gebruiker__email="ondernemer@demo.example"
    )
    for naam, pad in {
        "mijn": "/mijn-aanvragen/",
        "zaak-stand": f"/aanvragen/{zaak.pk}/",
        "zaak-contact": f"/aanvragen/{zaak.pk}/contactgegevens/",
        "zaak-intrekken": f"/aanvragen/{zaak.pk}/intrekken/",
    }.items():
        scherm.ga(pad)
        scherm.controleer(naam)


def _check_met(page: Page, kies: Any) -> None:
    """From the page of the round to the outcome; ``kies(naam, waarde)`` answers, ``kies("", "")`` goes on."""
    antwoorden = [
        [("wie", "onderneming")],
        [("personen", "10")],
        [("omzet", "10"), ("balans", "10")],
        [("begonnen", "nee"), ("eu", "nee")],
        [("adviseur", "ja"), ("los", "ja"), ("referenties", "ja")],
    ]
    for blad in antwoorden:
        for naam, waarde in blad:
            kies(naam, waarde)
        kies("", "")
    expect(page.get_by_role("heading", level=1)).to_have_text("Ja, u lijkt in aanmerking te komen")
    expect(page.locator("main")).to_contain_text("Aanvraag beginnen")


def _scan_met(page: Page, kies: Any) -> None:
    """From the start of the self-scan to the profile: every statement gets the second answer."""
    for _ in range(5):
        namen = page.locator("main input[type=radio]").evaluate_all("rij => [...new Set(rij.map(r => r.name))]")
        for naam in namen:
            kies(naam, "2")
        kies("", "")
    expect(page.get_by_role("heading", level=1)).to_have_text("Uw profiel")
    expect(page.get_by_role("img")).to_be_visible()
    expect(page.locator("main table")).to_contain_text("Slimmer organiseren")


def test_without_javascript(demo: None, zonder_script: BrowserContext) -> None:
    page = zonder_script.new_page()
    page.set_default_timeout(15_000)

    def kies(naam: str, waarde: str) -> None:
        if naam:
            page.locator(f"input[name={naam}][value='{waarde}']").check()
        else:
            page.get_by_role("button", name="Verder").click()

    page.goto(f"/regelingen/{LOPEND}/")
    page.get_by_role("link", name="Kom ik in aanmerking?").first.click()
    page.get_by_role("link", name="Begin met de vragen").click()
    _check_met(page, kies)
    page.go_back()
    expect(page.locator("input[name=adviseur][value=ja]")).to_be_attached()
    page.goto("/zelfscan/")
    page.get_by_role("link", name="Begin met de zelfscan").click()
    _scan_met(page, kies)
    page.get_by_role("button", name="English").click()
    expect(page.get_by_role("heading", level=1)).to_be_visible()
    assert page.locator("html").get_attribute("lang") == "en"


class Toetsenbord:
    """Tab, space, arrows and enter; nothing else."""

    def __init__(self, page: Page) -> None:
        self.page = page

    def naar(self, voorwaarde: str) -> None:
        """Tabs on until ``voorwaarde`` (JavaScript over ``el``) holds for the element that has the focus."""
        for _ in range(80):
            self.page.keyboard.press("Tab")
            if self.page.evaluate(f"(() => {{ const el = document.activeElement; return {voorwaarde}; }})()"):
                zichtbaar = "(() => { const r = document.activeElement.getBoundingClientRect();"
                zichtbaar += " return r.bottom > 0 && r.top < window.innerHeight; })()"
                assert self.page.evaluate(zichtbaar), "het element met de focus is niet in beeld"
                return
        raise AssertionError(f"met Tab niet te bereiken: {voorwaarde}")

    def volg(self, naam: str) -> None:
        self.naar(f"el.tagName === 'A' && el.textContent.includes('{naam}')")
        self.page.keyboard.press("Enter")

    def kies(self, naam: str, waarde: str) -> None:
        if not naam:
            self.naar("el.tagName === 'BUTTON' && el.textContent.trim() === 'Verder'")
            with self.page.expect_navigation():
                self.page.keyboard.press("Enter")
            return
        self.naar(f"el.name === '{naam}'")
        self.page.keyboard.press("Space")
        for _ in range(12):
            if self.page.evaluate("document.activeElement.value") == waarde:
                return
            self.page.keyboard.press("ArrowDown")
        raise AssertionError(f"{naam} heeft geen {waarde}")


def test_with_the_keyboard_alone(demo: None, scherm: Scherm) -> None:
    page, toetsen = scherm.page, Toetsenbord(scherm.page)
    scherm.ga(f"/regelingen/{LOPEND}/")
    toetsen.volg("Kom ik in aanmerking?")
    expect(page.get_by_role("heading", level=1)).to_have_text("Kom ik in aanmerking?")
    toetsen.volg("Begin met de vragen")
    expect(page.get_by_role("heading", level=1)).to_have_text("Uw organisatie")
    _check_met(page, toetsen.kies)
    toetsen.volg("Doe de zelfscan")
    expect(page.get_by_role("heading", level=1)).to_have_text(re.compile("Zelfscan"))
    toetsen.volg("Begin met de zelfscan")
    expect(page.get_by_role("heading", level=1)).to_have_text("Strategische oriëntatie")
    _scan_met(page, toetsen.kies)
    assert scherm.fouten == []


def test_error_summary_takes_the_focus_and_links_to_the_question(demo: None, scherm: Scherm) -> None:
    page = scherm.page
    scherm.ga(f"/regelingen/{LOPEND}/kom-ik-in-aanmerking/?stap=omvang&wie=onderneming")
    page.get_by_role("button", name="Verder").click()
    expect(page.locator("#foutoverzicht-kop")).to_be_focused()
    page.locator(".stimulans-foutoverzicht a").click()
    assert page.evaluate("document.activeElement.name") == "personen"


def test_questions_and_outcomes_print_without_controls(demo: None, scherm: Scherm) -> None:
    page = scherm.page
    page.emulate_media(media="print")
    for pad in (PAGINAS["pub-vragen"], PAGINAS["pub-check-uitslag"], PAGINAS["pub-scan-profiel"]):
        scherm.ga(pad)
        assert page.locator(".utrecht-button:visible, .stimulans-niet-afdrukken:visible").count() == 0
        expect(page.get_by_role("heading", level=1)).to_be_visible()
