"""Logging in with eHerkenning, against a real OpenID Connect provider (R88, R92, ASVS 6.8)."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from allauth.account.models import EmailAddress
from allauth.socialaccount.models import SocialAccount
from django.test import Client
from oidc_provider_mock import run_server_in_thread

from aanvragen.models import Aanvraag, Machtiging, Organisatie
from kern.models import Gebruiker, LogRegel
from tests.factories.eherkenning import INLOGGEN, TERUG, Makelaar, claims, makelaar_aan, vraag
from tests.factories.portaal_aanvrager import ingelogd
from tests.factories.ronde import maak_gebruiker, maak_organisatie
from tests.portalen.lezen import tekst

pytestmark = [
    pytest.mark.django_db,
    # The provider of the tests uses an old door of its own library; nothing of ours.
    pytest.mark.filterwarnings("ignore:get_jwt_config:DeprecationWarning"),
]


@pytest.fixture(scope="module")
def makelaarserver() -> Iterator[str]:
    with run_server_in_thread() as server:
        yield f"http://localhost:{server.server_port}"


@pytest.fixture
def broker(makelaarserver: str) -> Iterator[Makelaar]:
    with makelaar_aan(makelaarserver) as m:
        yield m


def opgeslagen() -> tuple[int, ...]:
    return tuple(m.objects.count() for m in (Gebruiker, SocialAccount, Organisatie, Machtiging, LogRegel))


def voltooi(client: Client, antwoord: object, *, email: str = "eh@proef.example", naam: str = "Eva Herk") -> None:
    """The first time: name and address, and the address is confirmed; then the broker once more."""
    assert antwoord["Location"] == "/account/eherkenning/signup/"  # type: ignore[index]  # the page answers
    client.post("/account/eherkenning/signup/", {"email": email, "naam": naam})
    EmailAddress.objects.filter(email=email).update(verified=True)


def nieuw(broker: Makelaar, gegevens: dict, *, sub: str = "sub-a", email: str = "eh@proef.example") -> Client:
    client = Client()
    voltooi(client, broker.login(client, gegevens, sub=sub), email=email)
    assert broker.login(client, gegevens, sub=sub)["Location"] == "/start/"
    return client


def mandaten() -> list[tuple[str, str, str, str, str, bool]]:
    rijen = Machtiging.objects.filter(ingetrokken_op=None).order_by("organisatie__kvk_nummer", "pk")
    return [
        (
            m.organisatie.kvk_nummer,
            m.soort,
            m.bron,
            m.vestigingsnummer,
            m.betrouwbaarheid[-5:],
            m.bevestigd_op is not None,
        )
        for m in rijen.select_related("organisatie")
    ]


def test_zonder_instelling_bestaat_het_niet() -> None:
    client = Client()
    assert "eHerkenning" not in client.get("/account/login/").content.decode()
    assert client.post(INLOGGEN).status_code == 404
    assert client.get(f"{TERUG}?code=x&state=y").status_code == 404


def test_de_inlogpagina_noemt_het_niveau_vooraf(broker: Makelaar) -> None:
    pagina = tekst(Client().get("/account/login/"))
    assert "U hebt niveau 3 of hoger nodig" in pagina
    assert Client().get(INLOGGEN).status_code == 405


def test_de_vraag_aan_de_broker(broker: Makelaar) -> None:
    """PKCE with S256, a state, a nonce and the level; what a visitor adds has no say."""
    gevraagd = vraag(broker.heen(Client(), f"{INLOGGEN}?scope=admin&auth_params=acr_values%3Dlaag"))
    assert {naam: gevraagd[naam] for naam in ("client_id", "response_type", "scope", "code_challenge_method")} == {
        "client_id": "stimulans",
        "response_type": "code",
        "scope": "openid",
        "code_challenge_method": "S256",
    }
    assert gevraagd["acr_values"] == "urn:etoegang:core:assurance-class:loa3"
    assert gevraagd["redirect_uri"] == f"http://testserver{TERUG}"
    assert len(gevraagd["nonce"]) >= 22
    assert len(gevraagd["state"]) >= 16


def test_loa3_maakt_gebruiker_organisatie_en_machtiging(broker: Makelaar) -> None:
    client = Client()
    antwoord = broker.login(client, claims("00111111"))
    assert (Gebruiker.objects.count(), Machtiging.objects.count()) == (0, 0)  # nothing before the address is known
    voltooi(client, antwoord)
    assert broker.login(client, claims("00111111"))["Location"] == "/start/"
    gebruiker = Gebruiker.objects.get()
    assert (gebruiker.naam, gebruiker.email, gebruiker.has_usable_password()) == ("Eva Herk", "eh@proef.example", False)
    assert mandaten() == [("00111111", "beheerder", "eherkenning", "", ":loa3", True)]
    assert Organisatie.objects.get().naam == "KvK 00111111"
    account = SocialAccount.objects.get()
    assert (account.uid, set(account.extra_data)) == ("persoon-a", {"bewijs"})
    assert "00111111" in tekst(client.get("/mijn-aanvragen/"))


@pytest.mark.parametrize(
    ("gegevens", "code_tekst"),
    [
        ({"niveau": "loa2"}, "niveau 3 of hoger nodig. U logde in met niveau 2."),
        ({"niveau": "loa2plus"}, "U logde in met niveau 2+."),
        ({"niveau": None}, "Het niveau van uw eHerkenning is niet bekend."),
        ({"niveau": "loa9"}, "Het niveau van uw eHerkenning is niet bekend."),
        ({"organisatie_soort": "urn:etoegang:1.9:EntityConcernedID:RSIN"}, "geeft geen KvK-nummer door"),
        ({"organisatie": "123"}, "geeft geen KvK-nummer door"),
        ({"persoon": None}, "geeft niet alle gegevens door"),
        ({"vestiging": "12"}, "geeft niet alle gegevens door"),
        ({"intermediair": "00222222"}, "geen ketenmachtiging"),
        ({"vertegenwoordiging": True}, "geen ketenmachtiging"),
    ],
)
def test_te_weinig_wordt_geweigerd_en_niet_bewaard(broker: Makelaar, gegevens: dict, code_tekst: str) -> None:
    voor = opgeslagen()
    client = Client()
    antwoord = broker.login(client, claims(**gegevens))
    assert antwoord.status_code == 403
    assert code_tekst in tekst(antwoord)
    assert opgeslagen() == voor
    assert client.get("/mijn-aanvragen/").status_code == 302


def test_een_bekend_account_komt_er_met_een_lager_niveau_niet_in(broker: Makelaar) -> None:
    nieuw(broker, claims("00111111"))
    voor, oud = opgeslagen(), SocialAccount.objects.get().extra_data
    client = Client()
    assert broker.login(client, claims("00222222", niveau="loa2")).status_code == 403
    assert (opgeslagen(), SocialAccount.objects.get().extra_data) == (voor, oud)
    assert client.get("/mijn-aanvragen/").status_code == 302


def test_een_verzonnen_state_wordt_geweigerd(broker: Makelaar) -> None:
    broker.ken("sub-a", claims())
    client = Client()
    terug = broker.toestemming(broker.heen(client), "sub-a")
    antwoord = client.get(terug.replace("state=", "state=x"))
    assert (antwoord.status_code, Gebruiker.objects.count()) == (401, 0)
    assert "Inloggen is niet gelukt" in tekst(antwoord)


def test_een_antwoord_van_een_ander_wordt_geweigerd(broker: Makelaar) -> None:
    """Login CSRF: the answer belongs to another browser. And a used answer does not work twice."""
    broker.ken("sub-a", claims())
    client = Client()
    terug = broker.toestemming(broker.heen(client), "sub-a")
    assert Client().get(terug).status_code == 401
    assert client.get(terug).status_code == 302
    assert client.get(terug).status_code == 401


def test_de_nonce_moet_kloppen(broker: Makelaar) -> None:
    """The code was given for a request with another nonce: an injected code."""
    broker.ken("sub-a", claims())
    client = Client()
    heen = broker.heen(client)
    antwoord = client.get(broker.toestemming(heen.replace("nonce=", "nonce=x"), "sub-a"))
    assert (antwoord.status_code, Gebruiker.objects.count()) == (401, 0)
    heen = broker.heen(client)
    assert client.get(broker.toestemming(heen, "sub-a")).status_code == 302  # the same with the right one


def test_wie_stopt_bij_de_broker(broker: Makelaar) -> None:
    client = Client()
    state = vraag(broker.heen(client))["state"]
    antwoord = client.get(f"{TERUG}?error=access_denied&state={state}", follow=True)
    assert "U stopte met inloggen bij eHerkenning" in tekst(antwoord)


def test_de_broker_is_er_niet(broker: Makelaar, settings) -> None:
    app = {
        **settings.SOCIALACCOUNT_PROVIDERS["eherkenning"]["APPS"][0],
        "settings": {"server_url": "http://localhost:9"},
    }
    settings.SOCIALACCOUNT_PROVIDERS = {"eherkenning": {"APPS": [app]}}
    antwoord = Client().post(INLOGGEN)
    assert (antwoord.status_code, "niet bereikbaar" in tekst(antwoord)) == (503, True)


def test_een_vestiging_beperkt(broker: Makelaar) -> None:
    from tests.factories.ronde import maak_concept, open_tijdvak

    organisatie = maak_organisatie(kvk_nummer="00111111")
    hier, daar, geheel = (maak_concept(open_tijdvak(), organisatie) for _ in range(3))
    Aanvraag.objects.filter(pk=hier.pk).update(vestigingsnummer="000012345678")
    Aanvraag.objects.filter(pk=daar.pk).update(vestigingsnummer="000099999999")
    client = nieuw(broker, claims("00111111", vestiging="000012345678"))
    assert mandaten() == [("00111111", "medewerker", "eherkenning", "000012345678", ":loa3", True)]
    statussen = {a: client.get(f"/aanvragen/{a.pk}/").status_code for a in (hier, daar, geheel)}
    assert statussen == {hier: 200, daar: 404, geheel: 404}


def test_een_intermediair_met_ketenmachtiging(broker: Makelaar) -> None:
    nieuw(broker, claims("00111111", vertegenwoordiging=True, intermediair="00777777"))
    machtiging = Machtiging.objects.get()
    assert (machtiging.soort, machtiging.organisatie.kvk_nummer) == ("intermediair", "00111111")
    assert machtiging.namens is not None
    assert machtiging.namens.kvk_nummer == "00777777"


def test_een_volgende_organisatie_beeindigt_de_vorige(broker: Makelaar) -> None:
    client = nieuw(broker, claims("00111111"))
    broker.login(client, claims("00222222"))
    assert mandaten() == [("00222222", "beheerder", "eherkenning", "", ":loa3", True)]
    pagina = tekst(client.get("/mijn-aanvragen/"))
    assert ("00222222" in pagina, "00111111" in pagina) == (True, False)


def test_wie_zichzelf_opgaf_verliest_het_aan_wie_het_bewijst(broker: Makelaar) -> None:
    """Anyone can type a KvK number; the one who proves it decides from then on."""
    from aanvragen.services.organisatie import organisatie_registreren
    from tests.factories.ronde import VOOR

    kaper = maak_gebruiker()
    organisatie = organisatie_registreren(kvk_nummer="00111111", gegevens={"naam": "X"}, actor=kaper, op=VOOR)
    adres = f"/organisatie/{organisatie.pk}/"
    assert ingelogd(kaper).get(adres).status_code == 200
    nieuw(broker, claims("00111111"))
    assert ingelogd(kaper).get(adres).status_code == 404


def test_koppelen_aan_een_account_met_wachtwoord(broker: Makelaar) -> None:
    gebruiker = maak_gebruiker()
    client = ingelogd(gebruiker)
    antwoord = broker.login(client, claims("00111111"), doel=f"{INLOGGEN}?process=connect")
    assert antwoord["Location"] == "/account/eherkenning/"
    assert SocialAccount.objects.get().user == gebruiker
    assert mandaten() == [("00111111", "beheerder", "eherkenning", "", ":loa3", True)]


def test_een_uitgezet_account_blijft_uit(broker: Makelaar) -> None:
    nieuw(broker, claims("00111111"))
    Gebruiker.objects.update(is_active=False)
    client = Client()
    assert broker.login(client, claims("00111111")).status_code == 403
    assert client.get("/mijn-aanvragen/").status_code == 302
