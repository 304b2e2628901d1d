"""A broker that speaks real OpenID Connect, in a thread, and a person who logs in there."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any
from urllib.parse import parse_qs, urlsplit

import requests
from django.conf import settings
from django.test import Client, override_settings

KVKNR = "urn:etoegang:1.9:EntityConcernedID:KvKnr"
KLASSE = "urn:etoegang:core:assurance-class:"
INLOGGEN, TERUG = "/account/eherkenning/inloggen/", "/account/eherkenning/terug/"


def claims(kvk: str = "00111111", *, niveau: str = "loa3", persoon: str = "persoon-a", **anders: Any) -> dict[str, Any]:
    """What the broker says of somebody; ``anders`` adds or replaces claims by our name in the settings."""
    namen = settings.EHERKENNING["claims"]
    basis = {"organisatie": kvk, "organisatie_soort": KVKNR, "persoon": persoon, "niveau": f"{KLASSE}{niveau}"}
    return {namen[naam]: waarde for naam, waarde in {**basis, **anders}.items() if waarde is not None}


@dataclass
class Makelaar:
    """The broker, with the settings that point to it."""

    adres: str

    def ken(self, sub: str, gegevens: dict[str, Any]) -> None:
        requests.put(f"{self.adres}/users/{sub}", json=gegevens, timeout=5).raise_for_status()

    def heen(self, client: Client, doel: str = INLOGGEN, **opties: Any) -> str:
        """Where our site sends the browser."""
        antwoord = client.post(doel, opties)
        assert antwoord.status_code == 302, antwoord.content.decode()[:500]
        return antwoord["Location"]

    def toestemming(self, adres: str, sub: str) -> str:
        """The person logs in at the broker; the path and query of the way back."""
        antwoord = requests.post(adres, data={"sub": sub}, allow_redirects=False, timeout=5)
        assert antwoord.status_code == 302, antwoord.text[:500]
        delen = urlsplit(antwoord.headers["Location"])
        return f"{delen.path}?{delen.query}"

    def login(self, client: Client, gegevens: dict[str, Any], *, sub: str = "sub-a", doel: str = INLOGGEN) -> Any:
        """The whole way; the answer of our callback."""
        self.ken(sub, gegevens)
        return client.get(self.toestemming(self.heen(client, doel), sub))


@contextmanager
def makelaar_aan(adres: str) -> Iterator[Makelaar]:
    """Our settings point to the broker at this address."""
    app = {
        "provider_id": "eherkenning",
        "name": "eHerkenning",
        "client_id": "stimulans",
        "secret": "geheim",
        "settings": {"server_url": adres},
    }
    with override_settings(
        SOCIALACCOUNT_PROVIDERS={"eherkenning": {"APPS": [app], "OAUTH_PKCE_ENABLED": True}},
        EHERKENNING={**settings.EHERKENNING, "issuer": adres, "client_id": "stimulans"},
    ):
        yield Makelaar(adres)


def vraag(adres: str) -> dict[str, str]:
    """The parameters of an address, one value each."""
    return {naam: waarden[0] for naam, waarden in parse_qs(urlsplit(adres).query).items()}
