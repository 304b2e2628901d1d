"""What everybody sees: rounds, the page of a scheme, its questions, and what machines ask."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
import time_machine
from django.db import OperationalError, connection
from django.db.migrations.loader import MigrationLoader
from django.db.migrations.recorder import MigrationRecorder
from django.test import Client, override_settings

from kern.enums import Rol
from portalen.presentatie.tijdvakken import GESLOTEN, OPEN, STRAKS, budget_van, korte_omvang, stand_van, tijd_over
from portalen.views.publiek import startpagina
from regeling.enums import Herkomst
from regeling.models import Tijdvak
from regeling.services.tijdvak import tijdvak_publiceren, tijdvak_verlengen
from tests.factories.portaal_aanvrager import RIJK, aanvrager, ingelogd, rijk_tijdvak, verstuurd
from tests.factories.ronde import NA, SLUIT, TIJDENS, VOOR, maak_gebruiker, maak_tijdvak, open_tijdvak
from tests.factories.ronde import OPEN as OPENING
from tests.portalen.lezen import tekst

pytestmark = pytest.mark.django_db
QUERIES_LIJST = 3


@pytest.fixture
def tijdens():
    with time_machine.travel(TIJDENS, tick=False):
        yield


def kaartnamen(antwoord, deel: str) -> list[str]:
    return [kaart.tijdvak.sleutel for kaart in antwoord.context[deel]]


# --- front page and list ------------------------------------------------------------------------------------------


def test_front_page_sorts_rounds_by_the_clock(client):
    open_nu, straks = open_tijdvak(sleutel="nu"), maak_tijdvak(sleutel="straks")
    Tijdvak.objects.filter(pk=straks.pk).update(
        open_op=TIJDENS + timedelta(days=9), sluit_op=TIJDENS + timedelta(days=40)
    )
    straks.refresh_from_db()
    tijdvak_publiceren(tijdvak=straks, actor=None, op=VOOR)
    maak_tijdvak(sleutel="ontwerp")
    with time_machine.travel(TIJDENS, tick=False):
        antwoord = client.get("/")
    assert kaartnamen(antwoord, "open") == [open_nu.sleutel]
    assert kaartnamen(antwoord, "straks") == [straks.sleutel]
    assert kaartnamen(antwoord, "gesloten") == []
    assert "Open tot en met 27 maart 2026 om 17:00 uur (Nederlandse tijd)" in tekst(antwoord)
    with time_machine.travel(NA + timedelta(days=90), tick=False):
        antwoord = client.get("/")
    assert (kaartnamen(antwoord, "open"), len(antwoord.context["gesloten"])) == ([], 2)
    assert "Op dit moment kunt u geen aanvraag doen." in tekst(antwoord)


def test_simulated_round_is_in_no_list_but_has_a_page(client, tijdens):
    tijdvak = open_tijdvak()
    Tijdvak.objects.filter(pk=tijdvak.pk).update(herkomst=Herkomst.SIMULATIE)
    assert kaartnamen(client.get("/"), "open") == []
    assert client.get("/regelingen/").context["kaarten"] == []
    assert "Dit tijdvak is nagespeeld" in tekst(client.get(f"/regelingen/{tijdvak.sleutel}/"))


@pytest.mark.parametrize("aantal", [1, 3])
def test_list_of_rounds_needs_the_same_queries(client, tijdens, aantal, django_assert_num_queries):
    for _ in range(aantal):
        open_tijdvak()
    with django_assert_num_queries(QUERIES_LIJST - 1):
        antwoord = client.get("/regelingen/")
    assert len(antwoord.context["kaarten"]) == aantal


# --- page of a round ----------------------------------------------------------------------------------------------


def test_page_of_an_open_round(client, tijdens):
    tijdvak = rijk_tijdvak()
    antwoord = client.get(f"/regelingen/{tijdvak.sleutel}/")
    pagina = tekst(antwoord)
    for zin in (
        "Proefronde: open tot en met 27 maart 2026 om 17:00:00 uur (Nederlandse tijd, Europe/Amsterdam), nog 22 dagen.",
        "Er werken minstens 2 personen bij u.",
        "Wij vergoeden 75% van de kosten.",
        "U krijgt hoogstens € 24.999 per aanvraag.",
        "De adviseur heeft 2 referenties: eerdere opdrachtgevers die het werk kunnen bevestigen.",
        "Het project duurt hoogstens 12 maanden.",
        "Offerte. PDF, hoogstens 1 MB.",
        "Wij vulden dit naar waarheid in.",
        "Past een aanvraag niet meer helemaal? Dan stoppen wij.",
        "U krijgt een besluit binnen 13 weken.",
        "Wij kregen tot nu toe 0 aanvragen, samen voor € 0.",
    ):
        assert zin in pagina, zin
    assert f'href="/aanvragen/nieuw/{tijdvak.sleutel}/"' in antwoord.content.decode()


def test_page_of_a_round_to_come_and_a_closed_one(client):
    tijdvak = tijdvak_publiceren(tijdvak=maak_tijdvak(), actor=None, op=VOOR)
    with time_machine.travel(VOOR, tick=False):
        antwoord = client.get(f"/regelingen/{tijdvak.sleutel}/")
    assert "open van 2 maart 2026 om 09:00:00 uur tot en met 27 maart 2026 om 17:00:00 uur" in tekst(antwoord)
    assert "Aanvraag beginnen" not in tekst(antwoord)
    with time_machine.travel(NA, tick=False):
        antwoord = client.get(f"/regelingen/{tijdvak.sleutel}/")
    assert "Proefronde sloot op 27 maart 2026 om 17:00:00 uur" in tekst(antwoord)
    assert "Aanvraag beginnen" not in tekst(antwoord)


def test_a_draft_round_does_not_exist(client):
    tijdvak = maak_tijdvak()
    for pad in ("", "vragen/", "loting/"):
        assert client.get(f"/regelingen/{tijdvak.sleutel}/{pad}").status_code == 404
    assert client.get("/regelingen/bestaat-niet/").status_code == 404


def test_an_outage_is_explained(client, tijdens):
    tijdvak = open_tijdvak()
    tijdvak_verlengen(
        tijdvak=tijdvak,
        van=TIJDENS - timedelta(hours=2),
        tot=TIJDENS,
        verlenging=timedelta(hours=2),
        reden="Storing",
        actor=None,
        op=TIJDENS,
    )
    pagina = tekst(client.get(f"/regelingen/{tijdvak.sleutel}/"))
    assert "eerst tot 27 maart 2026 om 17:00 uur, nu tot 27 maart 2026 om 19:00 uur" in pagina


def test_budget_counts_what_was_received(client, tijdens):
    gebruiker, organisatie = aanvrager()
    tijdvak = rijk_tijdvak(plafond=50_000)
    verstuurd(tijdvak, organisatie, gebruiker)
    budget = budget_van(tijdvak, TIJDENS)
    assert (budget.totaal, [deel["bedrag"] for deel in budget.delen]) == (50_000, [0, 0, 0])
    pagina = tekst(client.get(f"/regelingen/{tijdvak.sleutel}/"))
    assert "Nog € 50.000 beschikbaar van € 50.000. Stand van 5 maart 2026 om 09:00 uur." in pagina
    assert "Wij kregen tot nu toe 1 aanvraag, voor € 9.000." in pagina


def test_all_questions_beforehand(client, tijdens):
    tijdvak = rijk_tijdvak()
    antwoord = client.get(f"/regelingen/{tijdvak.sleutel}/vragen/")
    delen = {deel.stap.sleutel: deel for deel in antwoord.context["delen"]}
    assert list(delen) == [
        "organisatie",
        "definitie",
        "project",
        "themas",
        "vragen",
        "steun",
        "adviseur",
        "begroting",
        "bijlagen",
        "verklaringen",
    ]
    assert [(v.tekst, v.nodig) for v in delen["vragen"].vragen] == [
        ("Wat is de aanleiding?", True),
        ("Welke partner?", True),
        ("Deed u dit eerder?", False),
    ]
    assert [(v.tekst, v.nodig) for v in delen["steun"].vragen] == [
        ("Kreeg uw onderneming in de afgelopen drie jaar de-minimissteun?", True),
        ("Welke onderneming kreeg de steun?", True),
        ("Wie gaf de steun?", True),
        ("Wat is de datum van het besluit?", True),
        ("Bedrag", True),
    ]
    assert delen["vragen"].vragen[1].keuzes == ("vakbond", "branche")
    assert [(v.tekst, v.uitleg, v.nodig) for v in delen["bijlagen"].vragen] == [
        ("Offerte", "PDF, hoogstens 1 MB.", True),
        ("Foto", "PNG of JPG, hoogstens 10 MB.", False),
    ]
    assert "U doet het samen" in tekst(antwoord)


def test_a_plain_scheme_has_only_its_own_steps(client, tijdens):
    tijdvak = open_tijdvak(tabellen={"doelen": {"minimum": 0, "maximum": 0}})
    antwoord = client.get(f"/regelingen/{tijdvak.sleutel}/vragen/")
    assert [deel.stap.sleutel for deel in antwoord.context["delen"]] == ["organisatie", "project", "begroting"]


def test_scheme_in_pieces_shows_places(client, tijdens):
    subsidie = {"vorm": "plaats", "eenheid": "stuks", "vast_bedrag": 1, "staatssteun": "geen"}
    leergang = {"bijeenkomsten": 4, "groep_minimum": 8, "groep_maximum": 12}
    tabellen = {"subsidie": subsidie, "leergang": leergang, "kostensoorten": [], "aanvrager": {"soort": "werknemers"}}
    tijdvak = open_tijdvak(plafond=40, tabellen=tabellen)
    pagina = tekst(client.get(f"/regelingen/{tijdvak.sleutel}/"))
    assert "Nog 40 van 40 plaatsen. Wij kregen 0 aanvragen." in pagina


# --- words about time and money -----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("over", "verwacht"),
    [
        (timedelta(days=12, hours=5), "nog 12 dagen"),
        (timedelta(days=2), "nog 2 dagen"),
        (timedelta(days=1, hours=23, minutes=59), "nog 47 uur"),
        (timedelta(hours=2), "nog 2 uur"),
        (timedelta(hours=1, minutes=59), "nog 119 minuten"),
        (timedelta(minutes=1, seconds=1), "nog 1 minuut"),
        (timedelta(0), "nog 0 minuten"),
        (timedelta(seconds=-1), ""),
    ],
)
def test_time_left(over, verwacht):
    assert tijd_over(TIJDENS + over, TIJDENS) == verwacht


def test_stand_follows_the_clock_to_the_second():
    tijdvak = tijdvak_publiceren(tijdvak=maak_tijdvak(), actor=None, op=VOOR)
    seconde = timedelta(seconds=1)
    standen = [stand_van(tijdvak, m) for m in (OPENING - seconde, OPENING, SLUIT, SLUIT + seconde)]
    assert standen == [STRAKS, OPEN, OPEN, GESLOTEN]


@pytest.mark.parametrize(
    ("subsidie", "verwacht"),
    [
        ({"percentage": 75, "maximum": 24999}, "75% van de kosten, hoogstens €\u00a024.999"),
        ({"percentage": 62.5, "maximum": 500}, "62,5% van de kosten, hoogstens €\u00a0500"),
        ({"vast_bedrag": 7500}, "€\u00a07.500"),
    ],
)
def test_what_one_gets_in_one_line(subsidie, verwacht):
    basis = {"vorm": "subsidie", "eenheid": "euro", "staatssteun": "geen"}
    assert korte_omvang(maak_tijdvak(tabellen={"subsidie": {**basis, **subsidie}})) == verwacht


# --- start page ---------------------------------------------------------------------------------------------------


def test_start_asks_to_log_in(client):
    antwoord = client.get("/start/")
    assert (antwoord.status_code, antwoord["Location"]) == (302, "/account/login/?next=/start/")


@pytest.mark.parametrize(
    ("rollen", "adres"),
    [
        ([], "/mijn-aanvragen/"),
        ([Rol.BEHANDELAAR], "/werk/lijst/"),
        ([Rol.BESLISSER, Rol.BEHEERDER], "/werk/lijst/"),
        ([Rol.NOTARIS], "/werk/tijdvakken/"),
        ([Rol.BEHEERDER], "/werk/tijdvakken/"),
        ([Rol.FINANCIEEL], "/werk/betalingen/"),
        ([Rol.ANALIST], "/werk/evaluatie/"),
        ([Rol.BEOORDELAAR], "/werk/beoordelen/"),
        ([Rol.VOORZITTER], "/werk/beoordelen/"),
        ([Rol.SECRETARIS], "/werk/beoordelen/"),
    ],
)
def test_start_page_by_role(rollen, adres):
    gebruiker = maak_gebruiker(*rollen)
    antwoord = ingelogd(gebruiker).get("/start/")
    assert (antwoord.status_code, antwoord["Location"]) == (302, adres)


@override_settings(ROOT_URLCONF="tests.portalen.urls_zonder_werk")
def test_a_page_that_is_not_there_is_passed_over():
    assert startpagina(maak_gebruiker(Rol.BEHANDELAAR)) == "/"


# --- style guide and machines -------------------------------------------------------------------------------------


def test_style_guide_is_for_makers_and_staff(client):
    assert client.get("/stijlgids/").status_code == 404
    assert ingelogd(maak_gebruiker()).get("/stijlgids/").status_code == 404
    assert ingelogd(maak_gebruiker(Rol.AUDITOR)).get("/stijlgids/").status_code == 200
    with override_settings(DEBUG=True):
        assert client.get("/stijlgids/").status_code == 200


def test_livez(client):
    antwoord = client.get("/livez/")
    assert (antwoord.status_code, antwoord.content, antwoord["Content-Type"]) == (
        200,
        b"ok\n",
        "text/plain; charset=utf-8",
    )


def test_readyz_looks_at_migrations(client):
    assert (client.get("/readyz/").status_code, client.get("/readyz/").content) == (200, b"ok\n")
    ((_app, laatste),) = MigrationLoader(connection).graph.leaf_nodes("regeling")
    MigrationRecorder(connection).record_unapplied("regeling", laatste)
    antwoord = client.get("/readyz/")
    assert (antwoord.status_code, antwoord.content) == (503, b"niet klaar: migraties\n")


def test_readyz_looks_at_the_database(client):
    def weigert(execute, sql, params, many, context):
        raise OperationalError("geen verbinding")

    with connection.execute_wrapper(weigert):
        antwoord = client.get("/readyz/")
    assert (antwoord.status_code, antwoord.content) == (503, b"niet klaar: database\n")


INSTELLING = {"contact_email": "veiligheid@uitvoerder.example"}


@override_settings(INSTELLING=INSTELLING)
@time_machine.travel(datetime(2026, 11, 21, 13, 30, tzinfo=UTC), tick=False)
def test_security_txt():
    antwoord = Client().get("/.well-known/security.txt")
    assert antwoord["Content-Type"] == "text/plain; charset=utf-8"
    assert antwoord.content.decode().splitlines() == [
        "Contact: mailto:veiligheid@uitvoerder.example",
        "Expires: 2027-05-20T00:00:00Z",
        "Preferred-Languages: nl, en",
        "Canonical: http://testserver/.well-known/security.txt",
    ]


@override_settings(INSTELLING={"contact_email": ""})
def test_security_txt_without_an_address_names_the_contact_page(client):
    """R96: there is always a way to report, and the file is never older than a year."""
    velden = dict(
        regel.split(": ", 1) for regel in client.get("/.well-known/security.txt").content.decode().splitlines()
    )
    assert velden["Contact"] == "http://testserver/contact/"
    tot = datetime.fromisoformat(velden["Expires"])
    assert timedelta(0) < tot - datetime.now(tz=UTC) < timedelta(days=365)


def test_public_pages_take_no_post(client):
    for pad in ("/", "/regelingen/", "/livez/", "/readyz/"):
        assert client.post(pad).status_code == 405


def test_rijk_is_a_scheme_with_everything():
    spec = maak_tijdvak(tabellen=RIJK).spec
    assert (len(spec.vragen), len(spec.bijlagen), spec.adviseur.referenties) == (3, 3, 2)
