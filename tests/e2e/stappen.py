"""Steps that more browser tests take: signing up, logging in."""

from __future__ import annotations

import re

from django.core import mail
from playwright.sync_api import Page

from rapportage.services.demo import WACHTWOORD


def bevestigingslink() -> str:
    """The path in the last mail that asks to confirm an address."""
    link = re.search(r"https?://[^/]+(/account/confirm-email/\S+)", str(mail.outbox[-1].body))
    assert link is not None
    return link[1]


def log_in(page: Page, basis: str, email: str, wachtwoord: str) -> None:
    page.goto(f"{basis}/account/login/")
    page.locator("input[name=login]").fill(email)
    page.locator("input[name=password]").fill(wachtwoord)
    page.get_by_role("button", name="Inloggen", exact=True).click()


def inloggen(page: Page, basis: str, naam: str) -> None:
    """As a person of the demonstration."""
    log_in(page, basis, f"{naam}@demo.example", WACHTWOORD)
