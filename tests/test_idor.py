"""Other people's objects by address: every route with an id, as everybody who has nothing to do with it (P7, H8).

The routes come from the resolver, so a new one is walked without being listed. A route under a prefix that is not in
`SOORTEN` fails `test_elke_route_met_een_nummer_hoort_ergens`: say there what its ``pk`` is.
"""

from __future__ import annotations

import re
import uuid
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest
import time_machine
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver
from django.utils import timezone

from aanvragen.enums import Machtigingbereik, Machtigingsoort
from aanvragen.models import Aanvraag, Machtiging, Organisatie
from aanvragen.services.aanvulklad import onderdeel_bestand_bewaren
from aanvragen.services.organisatie import Machtigingvoorwaarden, machtiging_verlenen
from aanvragen.services.papieraanvulling import papieraanvulling_stoppen
from aanvragen.services.uitnodigingen import Uitnodiginggegevens, uitnodiging_versturen
from kern.models import Gebruiker, LogRegel
from tests.aanvragen.test_papieraanvulling import INVOER, Zaak
from tests.factories.portaal_aanvrager import (
    Medewerkers,
    aanvrager,
    begonnen,
    pdf,
    rijk_tijdvak,
    verleend,
    vol_concept,
)
from tests.factories.ronde import (
    BESLUIT,
    TIJDENS,
    VOOR,
    kosten,
    maak_gebruiker,
    maak_organisatie,
    open_tijdvak,
    opgedragen,
    voeg_kosten_toe,
)
from tests.portalen.lezen import bytes_van
from uitvoering.services.declaratie import declaratie_beginnen

pytestmark = pytest.mark.django_db

#: Beginning of the address → what the route is about. The first that fits counts.
SOORTEN = {
    "aanvragen/nieuw/": "openbaar",  # names a round, not an object of somebody
    "aanvragen/": "aanvraag",
    "deelname/": "deelname",  # members of a granted group: tests/portalen/test_deelname_schermen.py
    "leergang/": "leergang",  # a participant's own course: tests/portalen/test_leergang_schermen.py
    "berichten/": "bericht",
    "organisatie/": "organisatie",
    "uitnodiging/": "geheim",
    "referentie/": "eenmalig",  # a secret address without an account: tests/portalen/test_referent.py
    "adviseur/": "eenmalig",
    "regelingen/": "openbaar",
    "werk/": "staf",
    "account/tweede-factor/": "sleutel",
    "account/": "allauth",  # links of allauth with a secret of their own
    "api/": "api",  # partners have their own matrix: tests/api
}


def _routes(resolver: URLResolver, voor: str = "") -> Iterator[tuple[str, dict[str, Any]]]:
    for deel in resolver.url_patterns:
        pad = voor + str(deel.pattern)
        if isinstance(deel, URLResolver):
            yield from _routes(deel, pad)
        elif isinstance(deel, URLPattern) and re.search(r"<|\(\?P", pad):
            yield pad, {**resolver.pattern.converters, **deel.pattern.converters}


ROUTES = dict(_routes(get_resolver()))


def _soort(route: str) -> str | None:
    return next((soort for begin, soort in SOORTEN.items() if route.startswith(begin)), None)


def van_soort(*soorten: str) -> list[str]:
    return sorted(route for route in ROUTES if _soort(route) in soorten)


@dataclass
class Wereld:
    """An organisation with a draft, a granted application with claim and files, a mandate and an invitation."""

    eigenaar: Gebruiker
    organisatie: Organisatie
    concept: Aanvraag
    verleend: Aanvraag
    waarden: dict[str, Any] = field(default_factory=dict)

    def adressen(self, route: str) -> list[str]:
        """The route with the ids of this world: for each application that it can be about."""
        soort = _soort(route)
        objecten: list[Any] = {
            "organisatie": [self.organisatie],
            "bericht": list(self.verleend.postbus.order_by("geplaatst_op")[:1]),
        }.get(str(soort), [self.concept, self.verleend])
        return [self._adres(route, obj.pk) for obj in objecten]

    def _adres(self, route: str, pk: Any) -> str:
        def vul(gevonden: re.Match[str]) -> str:
            omzetter, naam = gevonden[1] or "str", gevonden[2]
            if naam == "pk":
                return str(pk)
            standaard = {"uuid": uuid.uuid4(), "int": 1, "documentvorm": "pdf"}.get(omzetter, "x")
            return str(self.waarden.get(naam, standaard))

        return "/" + re.sub(r"<(?:(\w+):)?(\w+)>", vul, route)


@pytest.fixture
def wereld() -> Wereld:
    eigenaar, organisatie = aanvrager()
    zaak = verleend(rijk_tijdvak(), organisatie, eigenaar, Medewerkers())
    regel = voeg_kosten_toe(
        declaratie_beginnen(aanvraag=opgedragen(zaak), actor=eigenaar, op=BESLUIT), kosten(aantal=Decimal(20))
    )
    concept = vol_concept(rijk_tijdvak(), organisatie, eigenaar)
    uitnodiging = uitnodiging_versturen(
        organisatie=organisatie,
        gegevens=Uitnodiginggegevens("collega@proef.example", Machtigingsoort.MEDEWERKER, Machtigingbereik.INVULLEN),
        maak_link=str,
        actor=eigenaar,
        op=timezone.now(),
    )
    besluit = zaak.besluiten.get()
    return Wereld(
        eigenaar,
        organisatie,
        concept,
        Aanvraag.objects.get(pk=zaak.pk),
        {
            "bijlage": zaak.bijlagen.first().pk,
            "regel": regel.pk,
            "besluit": besluit.pk,
            "nummer": Machtiging.objects.get(organisatie=organisatie).pk,
            "uitnodiging": uitnodiging.pk,
            "stap": "project",
        },
    )


def machtig(organisatie: Organisatie, soort: str = "medewerker", **opties: Any) -> Gebruiker:
    gebruiker = maak_gebruiker()
    machtiging_verlenen(
        organisatie=organisatie,
        gebruiker=gebruiker,
        soort=Machtigingsoort(soort),
        actor=None,
        op=VOOR,
        voorwaarden=Machtigingvoorwaarden(**opties),
    )
    return gebruiker


def _elders(soort: str) -> Gebruiker:
    organisatie = maak_organisatie()
    gebruiker = machtig(organisatie, soort)
    begonnen(open_tijdvak(), organisatie, gebruiker)
    return gebruiker


def _beeindigd(wereld: Wereld, **velden: Any) -> Gebruiker:
    gebruiker = machtig(wereld.organisatie, "intermediair")
    Machtiging.objects.filter(gebruiker=gebruiker).update(**velden)
    return gebruiker


#: People with no business here at all.
BUITENSTAANDERS = {
    "zonder machtiging": lambda w: maak_gebruiker(),
    "beheerder van een ander": lambda w: _elders("beheerder"),
    "medewerker van een ander": lambda w: _elders("medewerker"),
    "intermediair van een ander": lambda w: _elders("intermediair"),
    "machtiging ingetrokken": lambda w: _beeindigd(w, ingetrokken_op=VOOR),
    "machtiging verlopen": lambda w: _beeindigd(w, geldig_tot=timezone.localdate() - timedelta(days=1)),
    "zelf opgegeven, niet bevestigd": lambda w: _beeindigd(w, bevestigd_op=None, bron="zelf"),
}
#: People of the organisation whose mandate does not cover these applications.
BEPERKTEN = {
    "andere vestiging": lambda w: machtig(w.organisatie, vestigingsnummer="000099999999"),
    "andere regeling": lambda w: machtig(w.organisatie, regeling=open_tijdvak().regelingversie.regeling),
}


def als(gebruiker: Gebruiker) -> Client:
    client = Client()
    client.force_login(gebruiker)
    return client


def haal(client: Client, adres: str) -> int:
    """The status; a download is read to its end, which closes the file."""
    antwoord = client.get(adres)
    if antwoord.streaming:
        bytes_van(antwoord)
    return antwoord.status_code


def bezoek(client: Client, adressen: list[str]) -> dict[str, set[int]]:
    """Address → the answers to GET and POST."""
    return {adres: {haal(client, adres), client.post(adres).status_code} for adres in adressen}


def _alle(wereld: Wereld, *soorten: str) -> list[str]:
    return [adres for route in van_soort(*soorten) for adres in wereld.adressen(route)]


def test_elke_route_met_een_nummer_hoort_ergens() -> None:
    assert {route: _soort(route) for route in ROUTES if _soort(route) is None} == {}
    assert len(van_soort("aanvraag")) >= 15
    assert len(van_soort("organisatie")) >= 6


def test_de_eigenaar_ziet_wat_de_anderen_niet_zien(wereld: Wereld) -> None:
    """Proof that the walk looks at things that exist: the owner gets a page on most addresses."""
    client = als(wereld.eigenaar)
    gezien = {adres: haal(client, adres) for adres in _alle(wereld, "aanvraag", "bericht", "organisatie")}
    goed = [adres for adres, status in gezien.items() if status in {200, 302}]
    verstuurd = [a for a in goed if str(wereld.verleend.pk) in a]
    assert len(goed) >= 20, gezien
    assert any("/bijlagen/" in a for a in verstuurd)
    assert any("/besluit/" in a for a in verstuurd)
    assert any("/factuur/" in a for a in verstuurd)


@pytest.mark.parametrize("wie", sorted(BUITENSTAANDERS))
def test_van_een_ander_bestaat_niet(wie: str, wereld: Wereld) -> None:
    client = als(BUITENSTAANDERS[wie](wereld))
    voor = LogRegel.objects.count()
    antwoorden = bezoek(client, _alle(wereld, "aanvraag", "bericht", "organisatie"))
    # 405: the route does not know the method, for nobody; then the other method tells.
    assert {adres: uit for adres, uit in antwoorden.items() if uit - {404, 405} or uit == {405}} == {}
    assert LogRegel.objects.count() == voor


@pytest.mark.parametrize("wie", sorted(BEPERKTEN))
def test_buiten_de_machtiging_bestaat_het_niet(wie: str, wereld: Wereld) -> None:
    client = als(BEPERKTEN[wie](wereld))
    voor = LogRegel.objects.count()
    antwoorden = bezoek(client, _alle(wereld, "aanvraag", "bericht"))
    assert {adres: uit for adres, uit in antwoorden.items() if uit - {404, 405} or uit == {405}} == {}
    assert LogRegel.objects.count() == voor
    assert client.get(f"/organisatie/{wereld.organisatie.pk}/mensen/").status_code == 200


def test_wie_alleen_leest_verandert_niets(wereld: Wereld) -> None:
    """403 on every POST of a case that may be read; 404 where the address is about something that is not there."""
    client = als(machtig(wereld.organisatie, bereik=Machtigingbereik.LEZEN))
    voor = LogRegel.objects.count()
    antwoorden = {adres: client.post(adres).status_code for adres in _alle(wereld, "aanvraag", "organisatie")}
    # Ending one's own mandate is open to everybody; somebody else's is not.
    assert {adres: uit for adres, uit in antwoorden.items() if uit not in {403, 404, 405}} == {}
    assert sum(uit == 403 for uit in antwoorden.values()) >= 12
    assert LogRegel.objects.count() == voor
    assert client.get(f"/aanvragen/{wereld.verleend.pk}/").status_code == 200


def test_wie_invult_tekent_niet(wereld: Wereld) -> None:
    client = als(machtig(wereld.organisatie, bereik=Machtigingbereik.INVULLEN))
    formeel = [
        f"/aanvragen/{wereld.concept.pk}/versturen/",
        f"/aanvragen/{wereld.verleend.pk}/intrekken/",
        f"/aanvragen/{wereld.verleend.pk}/voucher/",
        f"/aanvragen/{wereld.verleend.pk}/declaratie/indienen/",
    ]
    assert {adres: client.post(adres).status_code for adres in formeel} == dict.fromkeys(formeel, 403)
    assert client.get(f"/aanvragen/{wereld.concept.pk}/stap/project/").status_code in {200, 302}


@pytest.mark.parametrize("wie", sorted(BUITENSTAANDERS))
def test_schermen_van_medewerkers_zijn_dicht(wie: str, wereld: Wereld) -> None:
    client = als(BUITENSTAANDERS[wie](wereld))
    antwoorden = bezoek(client, _alle(wereld, "staf"))
    assert {adres: uit for adres, uit in antwoorden.items() if uit - {403, 404}} == {}


#: All that a paper answer opens for the officer who types it.
PAPIERPAGINAS = {
    "aanvragen/<uuid:pk>/aanvulling/",
    "aanvragen/<uuid:pk>/aanvulling/<int:onderdeel>/",
    "aanvragen/<uuid:pk>/aanvulling/<int:onderdeel>/bestand/",
    "aanvragen/<uuid:pk>/aanvulling/controleren/",
}


def test_een_aanvulling_op_papier_opent_niets_anders(wereld: Wereld) -> None:
    """An officer on every route of applicants: before, while typing, after stopping, and of another application."""
    zaak, ander = Zaak("Papier", "00222222"), Zaak("Ander", "00333333")
    client = als(zaak.typer)

    def open_voor(case: Zaak) -> set[str]:
        item = case.items[1]
        waarden = {**wereld.waarden, "onderdeel": item.pk, "aanvulling": case.verzoek.pk}
        waarden["bijlage"] = case.aanvraag.bijlagen.first().pk
        hulp = Wereld(wereld.eigenaar, wereld.organisatie, case.aanvraag, case.aanvraag, waarden)
        uit = set()
        for route in van_soort("aanvraag"):
            adres = hulp.adressen(route)[0]
            if not {haal(client, adres), client.post(adres).status_code} <= {403, 404, 405}:
                uit.add(route)
        return uit

    with time_machine.travel(INVOER, tick=False):
        client.force_login(zaak.typer)
        assert open_voor(zaak) == set()
        papier = zaak.begin()
        onderdeel_bestand_bewaren(  # one item: with all of them the walk would send it
            item=zaak.items[1], naam="offerte.pdf", inhoud=pdf(), actor=zaak.typer, op=INVOER, papier=papier
        )
        assert open_voor(zaak) == PAPIERPAGINAS
        assert open_voor(ander) == set()
        papieraanvulling_stoppen(papier=papier, reden="Vergissing.", actor=zaak.typer, op=INVOER)
        assert open_voor(zaak) == set()


@pytest.mark.parametrize("wie", sorted(BUITENSTAANDERS))
def test_een_aanvulling_op_papier_is_voor_een_ander_niet_te_zien(wie: str, wereld: Wereld) -> None:
    client, zaak = als(BUITENSTAANDERS[wie](wereld)), Zaak("Papier", "00222222")
    papier = zaak.begin()
    zaak.vul(papier, zaak.typer, INVOER, "van papier")
    item = zaak.items[1].pk
    paden = ["", f"{item}/", f"{item}/bestand/", "controleren/"]
    adressen = [f"/aanvragen/{zaak.pk}/aanvulling/{pad}" for pad in paden]
    assert all(uit <= {404, 405} for uit in bezoek(client, adressen).values())


def test_zelfde_antwoord_als_voor_iets_dat_niet_bestaat(wereld: Wereld) -> None:
    client = als(maak_gebruiker())
    echt = client.get(f"/aanvragen/{wereld.verleend.pk}/")
    onzin = client.get(f"/aanvragen/{uuid.uuid4()}/")

    def kaal(antwoord: Any) -> str:
        return re.sub(r'value="[A-Za-z0-9]{64}"|[0-9a-f-]{36}|data-\w+="[^"]*"', "", antwoord.content.decode())

    assert (echt.status_code, kaal(echt)) == (404, kaal(onzin))


def test_sleutels_van_een_ander(wereld: Wereld) -> None:
    """The security keys of allauth: also behind the id of somebody else."""
    client = als(maak_gebruiker())
    antwoorden = bezoek(client, [f"/account/tweede-factor/webauthn/keys/{nr}/remove/" for nr in (1, 2)])
    assert all(uit <= {302, 404} for uit in antwoorden.values())


def test_een_dag_te_vroeg_of_te_laat_is_geen_lek(wereld: Wereld) -> None:
    """The last day of a mandate still counts; the walk above is about the day after."""
    gebruiker = machtig(wereld.organisatie, geldig_tot=timezone.localdate())
    assert als(gebruiker).get(f"/aanvragen/{wereld.verleend.pk}/").status_code == 200
    assert timezone.now() > TIJDENS
