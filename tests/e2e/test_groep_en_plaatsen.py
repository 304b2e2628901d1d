"""The parts of the form for a group and for places, and the days of a round, in a browser at two widths."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.conf import settings
from django.utils import timezone

from aanvragen.models import Aanvraag
from aanvragen.services.concept import aanvraag_beginnen
from beoordeling.services.volgorde import dagen_verwerken
from kern.models import Gebruiker
from kern.services.overgang import overgang_toepassen
from regeling.models import Tijdvak
from regeling.services.tijdvak import tijdvak_bijwerken
from tests.e2e.conftest import Scherm
from tests.factories.portaal_aanvrager import aanvrager, ingelogd
from tests.factories.ronde import TIJDENS, maak_compleet, maak_staf, maak_tijdvak, open_tijdvak, tabel

GROEP: dict[str, Any] = {
    "aanvrager": {"soort": "consortium", "consortium": {"min": 2, "max": 35, "bedrag_per_deelnemer": True}},
    "subsidie": {"vorm": "subsidie", "eenheid": "euro", "percentage": 50, "maximum": 60_000, "staatssteun": "geen"},
}
PLAATSEN: dict[str, Any] = {
    "aanvrager": {"soort": "werknemers"},
    "subsidie": {"vorm": "plaats", "eenheid": "stuks", "staatssteun": "geen"},
    "leergang": {"bijeenkomsten": 7, "groep_minimum": 12, "groep_maximum": 15},
    "kostensoorten": [],
}


def inloggen(scherm: Scherm, gebruiker: Gebruiker) -> None:
    koekje = ingelogd(gebruiker).cookies[settings.SESSION_COOKIE_NAME].value
    scherm.page.context.add_cookies([{"name": settings.SESSION_COOKIE_NAME, "value": koekje, "url": scherm.basis}])


def begin(scherm: Scherm, tabellen: dict[str, Any]) -> Aanvraag:
    """A round that is open by the real clock, a draft in it, and the browser of its applicant."""
    nu = timezone.now()
    tijdvak = maak_tijdvak(tabellen=tabellen)
    Tijdvak.objects.filter(pk=tijdvak.pk).update(
        open_op=nu - timedelta(days=1), sluit_op=nu + timedelta(days=9), gepubliceerd_op=nu - timedelta(days=2)
    )
    tijdvak = overgang_toepassen(Tijdvak.objects.get(pk=tijdvak.pk), "publiceren", actor=None, op=nu)
    tijdvak = tijdvak_bijwerken(tijdvak=tijdvak, op=nu)
    gebruiker, organisatie = aanvrager()
    inloggen(scherm, gebruiker)
    return aanvraag_beginnen(tijdvak=tijdvak, organisatie=organisatie, actor=gebruiker, op=nu)


@pytest.mark.parametrize("foutief", [True, False])
def test_een_groep_invullen(scherm: Scherm, foutief: bool) -> None:
    aanvraag = begin(scherm, GROEP)
    scherm.ga(f"/aanvragen/{aanvraag.pk}/stap/deelnemers/")
    tweede = "0060000; Smederij; veel" if foutief else "00600002; Smederij de Jonge; 80.000"
    scherm.page.get_by_label("Wie doen er mee?").fill(f"00123456; Proefbakkerij; 150.000,50\n{tweede}")
    scherm.controleer("deelnemers")
    scherm.page.get_by_role("button", name="Bewaren en verder").click()
    if foutief:
        scherm.page.get_by_text("Regel 2: “veel” is geen bedrag.").first.wait_for()
        scherm.controleer("deelnemers-fout")
        return
    scherm.page.wait_for_url(lambda adres: "deelnemers" not in adres)
    aanvraag.refresh_from_db()
    assert aanvraag.gevraagd_bedrag == 100_000
    scherm.ga(f"/aanvragen/{aanvraag.pk}/controleren/")
    scherm.page.get_by_text("Samen gevraagd").wait_for()
    scherm.controleer("deelnemers-controleren")


def test_plaatsen_invullen(scherm: Scherm) -> None:
    aanvraag = begin(scherm, PLAATSEN)
    scherm.ga(f"/aanvragen/{aanvraag.pk}/stap/plaatsen/")
    scherm.page.get_by_label("Hoeveel plaatsen vraagt u?").fill("3")
    scherm.controleer("plaatsen")
    scherm.page.get_by_role("button", name="Bewaren en verder").click()
    scherm.page.wait_for_url(lambda adres: "plaatsen" not in adres)
    aanvraag.refresh_from_db()
    assert aanvraag.gevraagd_stuks == 3


def test_de_dagen_van_een_ronde_op_volgorde(scherm: Scherm) -> None:
    """The officer's page of a round with order of receipt: which days were handled, and on which the room ran out."""
    velden = {"methode": "volgorde", "eenheid_loting": "aanvraag", "gelijke_rang": "loting"}
    tijdvak = open_tijdvak(plafond=1500, tabellen=tabel("verdeling", **velden))
    staf = maak_staf()
    for _ in range(2):
        maak_compleet(tijdvak, staf.behandelaar)
    dagen_verwerken(tijdvak=tijdvak, actor=None, op=TIJDENS + timedelta(days=1))
    inloggen(scherm, staf.behandelaar)
    scherm.ga(f"/werk/tijdvakken/{tijdvak.sleutel}/")
    scherm.page.get_by_text("Wacht op de loting").wait_for()
    scherm.controleer("dagen-van-binnenkomst")
