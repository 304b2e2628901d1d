"""The desk as officers walk it, at two widths: work list, case, round, draw."""

from __future__ import annotations

import re

from playwright.sync_api import expect

from aanvragen.models import Aanvraag
from rapportage.services.demo import AFGEROND
from tests.e2e.conftest import Scherm
from tests.e2e.stappen import inloggen


def test_van_werklijst_tot_loting(demo: None, scherm: Scherm) -> None:
    page, basis = scherm.page, scherm.basis
    inloggen(page, basis, "behandelaar")
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
