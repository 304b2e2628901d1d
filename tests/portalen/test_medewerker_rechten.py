"""Every role through every address of staff."""

from __future__ import annotations

from uuid import uuid4

import pytest
from django.test import Client
from django.urls import reverse
from django.urls.converters import get_converters

from kern.enums import Rol
from portalen import urls_medewerker
from portalen.context import portaal
from tests.factories.portaal_medewerker import LATER, als, gelote_ronde, op_moment
from tests.factories.ronde import maak_gebruiker

pytestmark = pytest.mark.django_db

ZAAK = {"behandelaar", "beslisser", "financieel", "bezwaarbehandelaar", "auditor"}
WERK = {"behandelaar", "beslisser", "auditor"}
RONDE = {"behandelaar", "beslisser", "notaris", "beheerder", "auditor"}
B, S, W = {"behandelaar"}, {"beslisser"}, {"beheerder"}
LEIDING = {"secretaris", "voorzitter"}
COMMISSIE = LEIDING | {"beoordelaar"}
#: url name → roles that may use it.
MAG = {
    "beoordelen": COMMISSIE,
    "beoordeling": {"beoordelaar"},
    "beoordeling_bijlage": {"beoordelaar"},
    "beoordeling_stap": {"beoordelaar"},
    "commissie": LEIDING | W,
    "commissie_instellen": W,
    "commissie_benoemen": W,
    "commissie_toewijzen": {"secretaris"},
    "commissie_termijn": LEIDING,
    "commissie_vaststellen": LEIDING,
    "commissie_kalibratie": LEIDING,
    "commissie_scores": LEIDING,
    "vergadering_nieuw": LEIDING,
    "commissie_lid": COMMISSIE | W,
    "commissie_aanvraag": LEIDING,
    "commissie_aanvraag_stap": LEIDING,
    "vergadering": COMMISSIE,
    "notulen": COMMISSIE,
    "agendapunt": COMMISSIE,
    "agendapunt_stap": COMMISSIE,
    "vergadering_stap": LEIDING,
    "beoordeling_klad": {"beoordelaar"},
    "werklijst": WERK,
    "werklijst_bulk": B,
    "werklijst_weergave": WERK,
    "werklijst_afwezig": B,
    "bulk_resultaat": {"behandelaar", "beslisser", "financieel"},
    "bulk_resultaat_csv": {"behandelaar", "beslisser", "financieel"},
    "zaak": ZAAK,
    "zaak_stap": B,
    "zaak_toets": B,
    "zaak_aanvulling": B,
    "zaak_verlengen": B,
    "zaak_aanvulbrief": ZAAK,
    "zaak_aanvulbewijs": ZAAK,
    "zaak_papieraanvulling": B,
    "zaak_papieraanvulling_scan": B,
    "zaak_papieraanvulling_stoppen": B,
    "zaak_papierscan": B,
    "zaak_papierscan_bekijken": B,
    "zaak_papierscan_bladzijde": B,
    "zaak_verder": B,
    "zaak_overname": B,
    "zaak_overdracht": B,
    "zaak_machtiging": B,
    "zaak_aanhouding": B | S,
    "zaak_besluit": B,
    "zaak_declaratie": B,
    "zaak_vaststelling": B,
    "zaak_deelnemers": ZAAK,
    "zaak_deelnemer_declaratie": B,
    "zaak_deelnemer_vaststelling": B,
    "zaak_deelnemer_vertrek": B,
    "zaak_deelnemer_stap": B,
    "zaak_bijlage": ZAAK,
    "zaak_bijlage_bekijken": ZAAK,
    "zaak_bijlage_bladzijde": ZAAK,
    "zaak_factuur": ZAAK,
    "zaak_brief": ZAAK,
    "zaak_spoor": {"auditor"},
    "zaak_uitleg": ZAAK,
    "zaak_uitleg_document": ZAAK,
    "papier": B,
    "papier_nieuw": B,
    "papier_zaak": B,
    "papier_scan": B,
    "papier_stoppen": B,
    "post": B,
    "post_gedaan": B,
    "post_brief": B,
    "referenties": WERK,
    "referentie": WERK,
    "referentie_stap": B | S,
    "adviseurs": WERK,
    "adviseur": WERK,
    "adviseur_link": B,
    "adviseur_certificaat": B,
    "adviseur_bestand": WERK,
    "indicatoren": WERK,
    "indicator_tekst": WERK,
    "verzending": {"behandelaar", "beheerder", "auditor"},
    "verzending_opnieuw": B | W,
    "besluiten": WERK,
    "besluiten_bulk": B | S,
    "besluit": WERK,
    "besluit_stap": B | S,
    "tijdvakken": RONDE,
    "tijdvak": RONDE,
    "tijdvak_publiceren": W,
    "tijdvak_verlengen": W,
    "tijdvak_ophogen": W,
    "tijdvak_leergang": WERK,
    "tijdvak_cohort": WERK,
    "tijdvak_cohort_stap": B,
    "tijdvak_presentie": WERK,
    "tijdvak_certificaat": WERK,
    "loting": RONDE,
    "loting_bronnen": {"notaris", "secretaris"},
    "loting_uitslag": RONDE,
    "loting_stap": S | W,
    "loting_bewijs": RONDE,
    "loting_akte": RONDE,
    "loting_bestand": RONDE,
    "betalingen": {"financieel"},
    "betalingen_bulk": {"financieel"},
    "betaallijst_nieuw": {"financieel"},
    "betaallijst": {"financieel"},
    "evaluatie": {"analist"},
    "export": {"analist"},
    "beheer": W,
    "beheer_proef": W,
    "beheer_rol": W,
    "beheer_rol_weg": W,
    "beheer_sessies": W,
    "beheer_tweede_stap": W,
    "beheer_rechten": W,
    "beheer_regelingen": W,
    "voorstel_nieuw": W,
    "versie_bestand": W,
    "voorstel": W,
    "voorstel_bestand": W,
    "voorstel_bewerken": W,
    "voorstel_proef": W,
    "voorstel_proefronde": W,
    "voorstel_zaken": W,
    "voorstel_stap": W,
    "beheer_sjablonen": W,
    "beheer_sjabloon": W,
    "beheer_sjabloon_gebruiken": W,
}
OMZETTERS = {type(omzetter): naam for naam, omzetter in get_converters().items()}
#: What stands for a part of an address when no object of the round belongs there.
ERGENS = {"uuid": uuid4(), "int": 1, "slug": "vaststellen", "str": "protocol.json", "documentvorm": "pdf"}


def adressen(ronde) -> dict[str, str]:
    """Every address of staff, for the first case and the draw of the round."""
    bekend = {"zaken": ronde.zaken[0].pk, "tijdvakken": ronde.tijdvak.sleutel, "lotingen": ronde.loting.pk}
    uit = {}
    for route in urls_medewerker.urlpatterns:
        soort = str(route.pattern).split("/")[0]
        delen = {naam: ERGENS[OMZETTERS[type(omzetter)]] for naam, omzetter in route.pattern.converters.items()}
        if delen and soort in bekend:
            delen[next(iter(delen))] = bekend[soort]
        uit[route.name] = reverse(f"portalen:{route.name}", kwargs=delen)
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
        (
            Rol.BEHANDELAAR,
            ["werklijst", "papier", "besluiten", "referenties", "adviseurs", "tijdvakken", "verzending"],
        ),
        (Rol.NOTARIS, ["tijdvakken"]),
        (Rol.FINANCIEEL, ["betalingen"]),
        (Rol.BEOORDELAAR, ["beoordelen"]),
        (Rol.SECRETARIS, ["beoordelen"]),
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
