"""Browser tests: Debian's Chromium, one width per parameter, no network but this machine."""

from __future__ import annotations

import io
import shutil
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.core.management import call_command
from django.db import connection
from django.utils import timezone
from playwright.sync_api import BrowserContext, Page, Route

from rapportage.services.demo import demo_vullen

CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
PLAATJES = Path(__file__).resolve().parent.parent.parent / "var" / "schermen"
MATEN = {1280: 900, 375: 812}
#: Bytes of the page and everything it loaded, also what came from the cache of the browser.
WEEG = """() => [...performance.getEntriesByType('navigation'), ...performance.getEntriesByType('resource')]
    .reduce((som, deel) => som + deel.decodedBodySize, 0)"""
#: Most bytes that a page may weigh.
GEWICHT = 300_000


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
    """A page under watch: collects console errors, checks accessibility and weight, takes pictures.

    ``soort`` tells the pictures apart, such as the width. A browser without JavaScript cannot judge itself: ``keurder``
    is then a page of one that can, and gets the same HTML.
    """

    def __init__(self, page: Page, basis: str, soort: int | str, keurder: Page | None = None) -> None:
        self.page, self.basis, self.soort, self.keurder = page, basis, soort, keurder
        self.fouten: list[str] = []
        page.set_default_timeout(30_000)
        page.on("console", lambda bericht: self._console(bericht.type, bericht.text))
        page.on("pageerror", lambda fout: self.fouten.append(str(fout)))

    def _console(self, soort: str, tekst: str) -> None:
        if soort in {"error", "warning"}:
            self.fouten.append(f"{soort}: {tekst}")

    def ga(self, pad: str) -> None:
        antwoord = self.page.goto(self.basis + pad)
        assert antwoord is not None
        assert antwoord.status == 200, f"{pad}: {antwoord.status}"

    def _te_keuren(self) -> Page:
        if self.keurder is None:
            return self.page
        html = self.page.content()

        def antwoord(route: Route) -> None:
            if route.request.is_navigation_request():
                route.fulfill(body=html, content_type="text/html; charset=utf-8")
            elif route.request.resource_type == "script":
                route.abort()
            else:
                route.continue_()

        self.keurder.unroute_all()
        self.keurder.route("**/*", antwoord)
        self.keurder.goto(self.page.url)
        return self.keurder

    def controleer(self, naam: str) -> None:
        """Zero axe violations, light, no sideways scrolling, no console errors; leaves a picture in var/schermen."""
        PLAATJES.mkdir(parents=True, exist_ok=True)
        self.page.screenshot(path=PLAATJES / f"{naam}-{self.soort}.png", full_page=True)
        uitslag = Axe().run(self._te_keuren())
        overtredingen = [
            f"{v['id']}: {v['help']}: {[knoop['target'] for knoop in v['nodes']][:3]}"
            for v in uitslag.response["violations"]
        ]
        assert overtredingen == [], f"{naam} ({self.soort})"
        gewicht = self.page.evaluate(WEEG)
        assert 0 < gewicht < GEWICHT, f"{naam}: {gewicht} bytes"
        te_breed = self.page.evaluate("document.documentElement.scrollWidth > document.documentElement.clientWidth")
        assert not te_breed, f"{naam} ({self.soort}) schuift zijwaarts"
        assert self.fouten == [], naam


@pytest.fixture(scope="session")
def demobeeld(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Where a copy of the filled database is kept: filling takes a while, copying a moment."""
    return tmp_path_factory.mktemp("demo") / "demo.sqlite3"


@pytest.fixture
def demo(transactional_db: None, demobeeld: Path) -> None:
    """What a first start fills: all schemes, and the demonstration."""
    if demobeeld.exists():
        connection.ensure_connection()
        with closing(sqlite3.connect(demobeeld)) as beeld:
            beeld.backup(connection.connection)
        return
    call_command("laad_regelingen", verbosity=0, stdout=io.StringIO(), stderr=io.StringIO())
    demo_vullen(op=timezone.now())
    if connection.vendor == "sqlite":
        with closing(sqlite3.connect(demobeeld)) as beeld:
            connection.connection.backup(beeld)


@pytest.fixture
def scherm(page: Page, live_server: Any, breed: int) -> Scherm:
    return Scherm(page, live_server.url, breed)


@pytest.fixture
def zonder_script(browser: Any, live_server: Any) -> Iterator[BrowserContext]:
    """A browser that runs no JavaScript."""
    context = browser.new_context(java_script_enabled=False, locale="nl-NL", base_url=live_server.url)
    yield context
    context.close()
