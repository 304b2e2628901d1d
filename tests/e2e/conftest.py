"""Browser tests: Debian's Chromium, one width per parameter, no network but this machine."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import BrowserContext, Page

CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
PLAATJES = Path(__file__).resolve().parent.parent.parent / "var" / "schermen"
MATEN = {1280: 900, 375: 812}


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Every test here is a browser test, unless its module says ``ZONDER_BROWSER``; without a browser it is skipped."""
    hier = Path(__file__).parent
    for item in items:
        if hier in item.path.parents:
            item.add_marker(pytest.mark.e2e)
            if getattr(getattr(item, "module", None), "ZONDER_BROWSER", False):
                continue
            item.add_marker(pytest.mark.django_db(transaction=True))
            if CHROMIUM is None:
                item.add_marker(pytest.mark.skip(reason="geen Chromium op deze machine: browsertests overgeslagen"))


@pytest.fixture(scope="session")
def browser_type_launch_args(browser_type_launch_args: dict[str, Any]) -> dict[str, Any]:
    stil = [
        "--no-sandbox",
        "--disable-gpu",
        "--disable-quic",
        "--no-first-run",
        "--disable-background-networking",
        "--disable-component-update",
        "--disable-sync",
    ]
    return {**browser_type_launch_args, "executable_path": CHROMIUM, "args": stil}


@pytest.fixture(params=sorted(MATEN, reverse=True), ids=lambda breed: f"{breed}px")
def breed(request: pytest.FixtureRequest) -> int:
    return int(request.param)


@pytest.fixture
def browser_context_args(browser_context_args: dict[str, Any], request: pytest.FixtureRequest) -> dict[str, Any]:
    maat = {}
    if "breed" in request.fixturenames:
        breed = request.getfixturevalue("breed")
        maat = {"viewport": {"width": breed, "height": MATEN[breed]}}
    return {**browser_context_args, "locale": "nl-NL", **maat}


class Scherm:
    """A page under watch: collects console errors and failed requests, checks accessibility, takes pictures."""

    def __init__(self, page: Page, basis: str, breed: int) -> None:
        self.page, self.basis, self.breed = page, basis, breed
        self.fouten: list[str] = []
        self.gewicht = 0
        page.on("console", lambda bericht: self._console(bericht.type, bericht.text))
        page.on("pageerror", lambda fout: self.fouten.append(str(fout)))

    def _console(self, soort: str, tekst: str) -> None:
        if soort in {"error", "warning"}:
            self.fouten.append(f"{soort}: {tekst}")

    def ga(self, pad: str) -> None:
        antwoord = self.page.goto(self.basis + pad)
        assert antwoord is not None
        assert antwoord.status == 200, f"{pad}: {antwoord.status}"

    def controleer(self, naam: str) -> None:
        """Zero axe violations, no sideways scrolling, no console errors; leaves a picture in var/schermen."""
        PLAATJES.mkdir(parents=True, exist_ok=True)
        self.page.screenshot(path=PLAATJES / f"{naam}-{self.breed}.png", full_page=True)
        uitslag = Axe().run(self.page)
        overtredingen = [
            f"{v['id']}: {v['help']}: {[knoop['target'] for knoop in v['nodes']][:3]}"
            for v in uitslag.response["violations"]
        ]
        assert overtredingen == [], f"{naam} ({self.breed} px)"
        te_breed = self.page.evaluate("document.documentElement.scrollWidth > document.documentElement.clientWidth")
        assert not te_breed, f"{naam} schuift zijwaarts op {self.breed} px"
        assert self.fouten == [], naam


@pytest.fixture
def scherm(page: Page, live_server: Any, breed: int) -> Scherm:
    page.set_default_timeout(15_000)
    return Scherm(page, live_server.url, breed)


@pytest.fixture
def zonder_script(browser: Any, live_server: Any) -> Iterator[BrowserContext]:
    """A browser that runs no JavaScript."""
    context = browser.new_context(java_script_enabled=False, locale="nl-NL", base_url=live_server.url)
    yield context
    context.close()
