"""A passkey from adding to logging in, with the authenticator that Chromium has for tests."""

from __future__ import annotations

import pytest
from allauth.mfa.models import Authenticator
from django.utils import timezone
from playwright.sync_api import Page, expect

from kern.services.gebruikers import gebruiker_aanmaken
from tests.e2e.conftest import Scherm
from tests.e2e.stappen import log_in

EMAIL, WACHTWOORD = "sleutel@proef.example", "een-lang-wachtwoord-7"
#: A key of the device itself, that knows its owner.
APPARAAT = {
    "protocol": "ctap2",
    "transport": "internal",
    "hasResidentKey": True,
    "hasUserVerification": True,
    "isUserVerified": True,
    "automaticPresenceSimulation": True,
}


@pytest.fixture
def sleutelpagina(page: Page) -> Page:
    cdp = page.context.new_cdp_session(page)
    cdp.send("WebAuthn.enable")
    cdp.send("WebAuthn.addVirtualAuthenticator", {"options": APPARAAT})
    return page


def test_een_passkey_toevoegen_en_ermee_inloggen(transactional_db: None, sleutelpagina: Page, scherm: Scherm) -> None:
    gebruiker_aanmaken(email=EMAIL, naam="Sleutel Houder", wachtwoord=WACHTWOORD, op=timezone.now())
    page = scherm.page
    log_in(page, scherm.basis, EMAIL, WACHTWOORD)
    scherm.ga("/account/tweede-factor/webauthn/add/")
    page.locator("input[name=password]").fill(WACHTWOORD)  # something important: once more
    page.get_by_role("button", name="Bevestigen").click()
    scherm.controleer("passkey-toevoegen")
    page.get_by_role("checkbox").check()
    page.get_by_role("button", name="Sleutel toevoegen").click()
    page.wait_for_url(lambda adres: not adres.endswith("/add/"))
    assert Authenticator.objects.filter(user__email=EMAIL, type="webauthn").count() == 1
    page.context.clear_cookies()
    scherm.ga("/account/login/")
    page.get_by_role("button", name="Inloggen met een passkey").click()
    page.wait_for_url(lambda adres: "/account/" not in adres)
    scherm.ga("/start/")
    expect(page.locator("body")).to_contain_text("Sleutel Houder")
