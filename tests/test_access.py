"""Every role through every route of the portal. The table is written by hand; a route that is not in it fails."""

from __future__ import annotations

from typing import Any

import pytest
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver, reverse

from aanvragen.enums import Machtigingsoort
from aanvragen.models import Aanvraag
from aanvragen.services.organisatie import machtiging_verlenen
from kern.enums import Rol
from kern.models import Gebruiker
from tests.factories.ronde import TIJDENS, maak_gebruiker, maak_ingediend, maak_organisatie, open_tijdvak

pytestmark = pytest.mark.django_db

B, S, N, F, A, W, C = (
    Rol.BEHANDELAAR,
    Rol.BESLISSER,
    Rol.NOTARIS,
    Rol.FINANCIEEL,
    Rol.ANALIST,
    Rol.BEHEERDER,
    Rol.AUDITOR,
)
IEDEREEN, INGELOGD, EIGENAAR = "iedereen", "ingelogd", "eigenaar"
LEZERS = {B, S, F, C, Rol.BEZWAARBEHANDELAAR}

#: Route → who may open it (GET), besides that the object must be theirs. POST-only routes answer 405 to who may.
TABEL: dict[str, Any] = {
    "home": IEDEREEN,
    "regelingen": IEDEREEN,
    "regeling": IEDEREEN,
    "regeling_vragen": IEDEREEN,
    "regeling_vragen_pdf": IEDEREEN,
    "geschiktheid": IEDEREEN,
    "zelfscan": IEDEREEN,
    "toegankelijkheid": IEDEREEN,
    "privacy": IEDEREEN,
    "contact": IEDEREEN,
    "livez": IEDEREEN,
    "readyz": IEDEREEN,
    "start": INGELOGD,
    "mijn_aanvragen": INGELOGD,
    "mijn_leergang": INGELOGD,
    "organisatie_nieuw": INGELOGD,
    "aanvraag_nieuw": INGELOGD,
    "organisatie_buitenland": INGELOGD,
    "organisatie": EIGENAAR,
    "mensen": EIGENAAR,
    "mensen_uitnodigen": EIGENAAR,
    "aanvraag_geschiedenis": EIGENAAR,
    "sessie": INGELOGD,
    "sessie_herstel": INGELOGD,
    "tweede_stap": INGELOGD,
    "organisatie_groep": EIGENAAR,
    "aanvraag": EIGENAAR,
    "aanvraag_ontvangst": EIGENAAR,
    "aanvraag_intrekken": EIGENAAR,
    "aanvraag_contact": EIGENAAR,
    "postbus": INGELOGD,
    "berichtvoorkeuren": INGELOGD,
    "verzending": {B, W, C},
    "beheer_sjablonen": {W},
    "beheer_regelingen": {W},
    "werklijst_afwezig": {B},
    "papier": {B},
    "papier_nieuw": {B},
    "post": {B},
    "referent_klaar": IEDEREEN,
    "werklijst": {B, S, C},
    "referenties": {B, S, C},
    "adviseurs": {B, S, C},
    "indicatoren": {B, S, C},
    "zaak": LEZERS,
    "zaak_spoor": {C},
    "besluiten": {B, S, C},
    "tijdvakken": {B, S, N, W, C},
    "tijdvak": {B, S, N, W, C},
    "loting": {B, S, N, W, C},
    "betalingen": {F},
    "beoordelen": {Rol.BEOORDELAAR, Rol.VOORZITTER, Rol.SECRETARIS},
    "evaluatie": {A},
    "beheer": {W},
}
#: Routes that only answer in a state or with an object that other tests make; their access is tested there.
ELDERS = {
    "machtiging",
    "machtiging_einde",
    "machtiging_akkoord",
    "uitnodiging",
    "uitnodiging_stap",
    "stijlgids",
    "security_txt",
    "loting_openbaar",
    "loting_pakket",
    "loting_bestand",
    "aanvraag_uitleg",
    "aanvraag_uitleg_document",
    "organisatie_groep_rij",
    "aanvraag_stap",
    "aanvraag_klad",
    "aanvraag_klaarzetten",
    "aanvraag_teruggeven",
    "aanvraag_controleren",
    "aanvraag_versturen",
    "aanvraag_bijlage",
    "aanvraag_bijlage_bekijken",
    "aanvraag_bijlage_bladzijde",
    "aanvraag_ontvangst_bestand",
    "aanvraag_aanvulling",
    "aanvraag_aanvulonderdeel",
    "aanvraag_aanvulonderdeel_bestand",
    "aanvraag_aanvulling_controleren",
    "aanvraag_aanvulling_ontvangst",
    "aanvraag_aanvulling_ontvangst_pdf",
    "aanvraag_aanvulling_brief",
    "postbus_bericht",
    "postbus_gelezen",
    "postbus_bijlage",
    "aanvraag_brief",
    "aanvraag_voucher",
    "aanvraag_declaratie",
    "aanvraag_declaratie_indienen",
    "aanvraag_declaratie_stukken",
    "aanvraag_kostenregel_weg",
    "aanvraag_factuur",
    "aanvraag_leergang",
    "aanvraag_leergang_afmelden",
    "aanvraag_leergang_voorstel",
    "leergang_deelnemer",
    "leergang_certificaat",
    "aanvraag_deelnemers",
    "aanvraag_deelnemer_vertrek",
    "deelname_declaratie",
    "deelname_declaratie_stukken",
    "deelname_bijlage",
    "deelname_declaratie_indienen",
    "deelname_kostenregel_weg",
    "deelname_factuur",
    "deelname_brief",
    "aanvraag_referenties",
    "aanvraag_referentie_vervangen",
    "aanvraag_referentie_opnieuw",
    "referent",
    "referent_code",
    "referent_vragen",
    "adviseur_profiel",
}


#: Routes of which ``pk`` is an organisation.
VAN_ORGANISATIE = {"organisatie", "organisatie_groep", "mensen", "mensen_uitnodigen"}

#: Staff routes that only answer to a POST or with an object of their own kind.
STAF = (
    "zaak_",
    "tijdvak_",
    "besluit",
    "betal",
    "betaal",
    "beheer",
    "loting_",
    "export",
    "werklijst_",
    "bulk",
    "verzending_",
    "papier_",
    "post_",
    "referentie",
    "adviseur",
    "indicator",
    "beoordeling",
    "commissie",
    "vergadering",
    "notulen",
    "agendapunt",
    "voorstel",
    "versie_bestand",
)


def _namen(resolver: URLResolver, ruimte: str = "") -> set[str]:
    gevonden: set[str] = set()
    for deel in resolver.url_patterns:
        if isinstance(deel, URLResolver):
            gevonden |= _namen(deel, deel.namespace or ruimte)
        elif isinstance(deel, URLPattern) and ruimte == "portalen" and deel.name:
            gevonden.add(deel.name)
    return gevonden


ROUTES = _namen(get_resolver())


@pytest.fixture
def zaak() -> Aanvraag:
    return maak_ingediend(open_tijdvak(), maak_organisatie(kvk_nummer="00777777"))


def _adres(naam: str, zaak: Aanvraag) -> str:
    kandidaten: list[dict[str, Any]] = [
        {},
        {"sleutel": zaak.tijdvak.sleutel},
        {"pk": zaak.organisatie.pk if naam in VAN_ORGANISATIE else zaak.pk},
    ]
    for kwargs in kandidaten:
        try:
            return reverse(f"portalen:{naam}", kwargs=kwargs)
        except Exception:
            continue
    raise AssertionError(f"geen adres voor {naam}")


def _klant(gebruiker: Gebruiker | None) -> Client:
    klant = Client()
    if gebruiker is not None:
        klant.force_login(gebruiker)
    return klant


def _mag(recht: Any, rollen: set[Rol]) -> bool:
    return recht in (IEDEREEN, INGELOGD) or (isinstance(recht, set) and bool(recht & rollen))


def test_elke_route_staat_in_de_tabel() -> None:
    staf = {naam for naam in ROUTES if naam.startswith(STAF)}
    assert ROUTES - set(TABEL) - ELDERS - staf == set()


@pytest.mark.parametrize("naam", sorted(TABEL))
def test_zonder_login(naam: str, zaak: Aanvraag) -> None:
    antwoord = _klant(None).get(_adres(naam, zaak))
    if TABEL[naam] == IEDEREEN:
        assert antwoord.status_code == 200
    else:
        assert (antwoord.status_code, antwoord.headers["Location"].split("?")[0]) == (302, "/account/login/")


@pytest.mark.parametrize("rol", [B, S, N, F, A, W, C, Rol.BEOORDELAAR])
@pytest.mark.parametrize("naam", sorted(TABEL))
def test_elke_rol(naam: str, rol: Rol, zaak: Aanvraag) -> None:
    antwoord = _klant(maak_gebruiker(rol)).get(_adres(naam, zaak))
    recht = TABEL[naam]
    if recht == EIGENAAR:
        verwacht = {404, 403} if naam in VAN_ORGANISATIE or rol not in LEZERS else {200, 302, 403, 404}
    else:
        verwacht = {200, 302} if _mag(recht, {rol}) else {403}
    assert antwoord.status_code in verwacht


@pytest.mark.parametrize("naam", sorted(naam for naam, recht in TABEL.items() if recht == EIGENAAR))
def test_van_een_ander_bestaat_niet(naam: str, zaak: Aanvraag) -> None:
    """The same answer as for something that does not exist (C8, H8)."""
    vreemde = maak_gebruiker()
    machtiging_verlenen(
        organisatie=maak_organisatie(), gebruiker=vreemde, soort=Machtigingsoort.BEHEERDER, actor=None, op=TIJDENS
    )
    assert _klant(vreemde).get(_adres(naam, zaak)).status_code == 404
    eigenaar = maak_gebruiker()
    machtiging_verlenen(
        organisatie=zaak.organisatie, gebruiker=eigenaar, soort=Machtigingsoort.BEHEERDER, actor=None, op=TIJDENS
    )
    assert _klant(eigenaar).get(_adres(naam, zaak)).status_code == 200


def _alle_posts() -> list[str]:
    return sorted(ROUTES - {"livez", "readyz"})


@pytest.mark.parametrize("naam", _alle_posts())
def test_zonder_csrf_verandert_niets(naam: str, zaak: Aanvraag) -> None:
    """A POST without the token is refused on every route that takes a POST at all."""
    klant = Client(enforce_csrf_checks=True)
    klant.force_login(maak_gebruiker(B, S, N, F, A, W, C))
    try:
        adres = _adres(naam, zaak)
    except AssertionError:
        pytest.skip("route met meer argumenten: in de eigen test")
    assert klant.post(adres).status_code in {403, 405}
