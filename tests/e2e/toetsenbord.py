"""A person who has a keyboard and no mouse: every step is a key, every element is reached by Tab."""

from __future__ import annotations

import re
from typing import Any

from playwright.sync_api import FilePayload, Locator, expect

from tests.e2e.conftest import Scherm

#: More stops than any page has.
STOPS = 250


class Toetsenbord(Scherm):
    """Walks one browser by keys; an address is typed only where a mail or a bookmark would give it."""

    def __init__(self, *args: Any) -> None:
        super().__init__(*args)
        self.keuze: FilePayload | None = None
        self.page.on("filechooser", lambda kiezer: kiezer.set_files([self.keuze] if self.keuze else []))

    def naar(self, doel: Locator) -> Locator:
        """Tabs until the element has the focus, and can be seen to have it."""
        doel = doel.first
        doel.wait_for()
        for _ in range(STOPS):
            if doel.evaluate("el => el === document.activeElement"):
                return doel
            self.page.keyboard.press("Tab")
        raise AssertionError(f"niet te bereiken met Tab: {doel}")

    def typ(self, naam: str, waarde: str) -> None:
        self.naar(self.page.locator(f"main [name={naam}]"))
        self.page.keyboard.press("Control+A")
        self.page.keyboard.type(waarde)

    def vink(self, doel: Locator) -> None:
        self.naar(doel)
        self.page.keyboard.press("Space")
        assert doel.first.is_checked()

    def kies(self, naam: str, waarde: str) -> None:
        """A radio button: Tab enters the group, arrows move in it."""
        groep = self.page.locator(f"main input[type=radio][name={naam}]")
        doel = self.page.locator(f"main input[type=radio][name={naam}][value={waarde!r}]")
        gekozen = groep.and_(self.page.locator(":checked"))
        self.naar(gekozen if gekozen.count() else groep)
        self.page.keyboard.press("Space")
        for _ in range(groep.count()):
            if doel.is_checked():
                return
            self.page.keyboard.press("ArrowDown")
        assert doel.is_checked(), f"{naam}={waarde}"

    def bestand(self, doel: Locator, naam: str, inhoud: bytes) -> None:
        """Enter opens the dialog of the system, where this file is chosen."""
        self.naar(doel)
        self.keuze = {"name": naam, "mimeType": "application/pdf", "buffer": inhoud}
        self.page.keyboard.press("Enter")
        expect(doel).to_have_value(re.compile(re.escape(naam)))

    def druk(self, naam: str, soort: Any = "button") -> None:
        """Enter on a button or a link that leads to another page."""
        self.naar(self.page.get_by_role(soort, name=naam, exact=True))
        with self.page.expect_navigation():
            self.page.keyboard.press("Enter")
