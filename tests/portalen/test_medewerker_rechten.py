"""Every role through every address of staff."""

from __future__ import annotations

from uuid import uuid4

import pytest
from django.test import Client
from django.urls import reverse

from kern.enums import Rol
from portalen import urls_medewerker
from portalen.context import portaal
from tests.factories.portaal_medewerker import LATER, als, gelote_ronde, op_moment
from tests.factories.ronde import maak_gebruiker

pytestmark = pytest.mark.django_db

ZAAK = {"behandelaar", "beslisser", "financieel", "bezwaarbehandelaar", "auditor"}
WERK = {"behandelaar", "beslisser", "auditor"}
RONDE = {"behandelaar", "beslisser", "notaris", "beheerder", "auditor"}
#: url name → roles that may use it.
MAG = {
    "werklijst": WERK,
    "werklijst_bulk": {"behandelaar"},
    "bulk_resultaat": {"behandelaar", "beslisser", "financieel"},
    "zaak": ZAAK,
    "zaak_stap": {"behandelaar"},
    "zaak_toets": {"behandelaar"},
    "zaak_aanvulling": {"behandelaar"},
    "zaak_verder": {"behandelaar"},
    "zaak_besluit": {"behandelaar"},
    "zaak_declaratie": {"behandelaar"},
    "zaak_vaststelling": {"behandelaar"},
    "zaak_bijlage": ZAAK,
    "zaak_factuur": ZAAK,
    "zaak_brief": ZAAK,
    "zaak_spoor": {"auditor"},
    "besluiten": WERK,
    "besluiten_bulk": {"behandelaar", "beslisser"},
    "besluit": WERK,
    "besluit_stap": {"behandelaar", "beslisser"},
    "tijdvakken": RONDE,
    "tijdvak": RONDE,
    "tijdvak_publiceren": {"beheerder"},
    "tijdvak_verlengen": {"beheerder"},
    "tijdvak_ophogen": {"beheerder"},
    "loting": RONDE,
    "loting_bronnen": {"notaris"},
    "loting_uitslag": RONDE,
    "loting_stap": {"beslisser", "beheerder"},
    "loting_bewijs": RONDE,
    "loting_bestand": RONDE,
    "betalingen": {"financieel"},
    "betalingen_bulk": {"financieel"},
    "betaallijst_nieuw": {"financieel"},
    "betaallijst": {"financieel"},
    "evaluatie": {"analist"},
    "export": {"analist"},
    "beheer": {"beheerder"},
    "beheer_proef": {"beheerder"},
    "beheer_rol": {"beheerder"},
}


def adressen(ronde) -> dict[str, str]:
    zaak, loting = ronde.zaken[0], ronde.loting
    argumenten = {
        "bulk_resultaat": ["x"],
        "zaak_stap": [zaak.pk, "compleet"],
        "zaak_toets": [zaak.pk, "kvk"],
        "zaak_besluit": [zaak.pk, "verlening"],
        "zaak_bijlage": [zaak.pk, 1],
        "zaak_factuur": [zaak.pk, 1],
        "zaak_brief": [zaak.pk, uuid4(), "pdf"],
        "besluit": [uuid4()],
        "besluit_stap": [uuid4(), "ondertekenen"],
        "loting_stap": [ronde.tijdvak.sleutel, "vaststellen"],
        "loting_bewijs": [loting.pk],
        "loting_bestand": [loting.pk, "protocol.json"],
        "betaallijst": [1],
        "export": [uuid4()],
    }
    uit = {}
    for naam in MAG:
        standaard: list[object] = []
        if naam.startswith("zaak"):
            standaard = [zaak.pk]
        elif naam.startswith(("tijdvak_", "loting")) or naam == "tijdvak":
            standaard = [ronde.tijdvak.sleutel]
        uit[naam] = reverse(f"portalen:{naam}", args=argumenten.get(naam, standaard))
    return uit


def test_the_table_covers_every_address():
    assert sorted(route.name for route in urls_medewerker.urlpatterns) == sorted(MAG)


def test_every_role_through_every_address():
    ronde = gelote_ronde(2)
    with op_moment(LATER):
        for rol in Rol:
            client = als(maak_gebruiker(rol))
            geweigerd = {naam for naam, adres in adressen(ronde).items() if client.get(adres).status_code == 403}
            assert geweigerd == {naam for naam in MAG if rol not in MAG[naam]}, rol


def test_without_a_role_nothing_opens_and_without_login_one_logs_in():
    ronde = gelote_ronde(1)
    with op_moment(LATER):
        client, anoniem = als(maak_gebruiker()), Client()
        for naam, adres in adressen(ronde).items():
            assert client.get(adres).status_code == 403, naam
            assert anoniem.get(adres).url == f"/account/login/?next={adres}", naam


def test_a_superuser_without_roles_is_no_officer():
    ronde = gelote_ronde(1)
    baas = maak_gebruiker()
    baas.is_superuser = True
    baas.save()
    with op_moment(LATER):
        assert als(baas).get(adressen(ronde)["zaak"]).status_code == 403


@pytest.mark.parametrize(
    ("rol", "punten"),
    [
        (Rol.BEHANDELAAR, ["werklijst", "papier", "besluiten", "tijdvakken"]),
        (Rol.NOTARIS, ["tijdvakken"]),
        (Rol.FINANCIEEL, ["betalingen"]),
        (Rol.ANALIST, ["evaluatie"]),
    ],
)
def test_the_menu_leads_to_pages_that_open(rol, punten, rf):
    with op_moment(LATER):
        gebruiker = maak_gebruiker(rol)
        verzoek = rf.get("/")
        verzoek.user = gebruiker
        menu = [punt["url"] for punt in portaal(verzoek)["hoofdnavigatie"]]
        werk = [adres for adres in menu if adres.startswith("/werk/")]
        assert werk == [reverse(f"portalen:{punt}") for punt in punten]
        client = als(gebruiker)
        assert [client.get(adres).status_code for adres in werk] == [200] * len(werk)
