"""The whole application by keyboard alone, with two references confirmed by two referees in browsers of their own.

At two widths, with and without JavaScript. Every page on the way: zero axe violations, under 300 kB.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from typing import Any

import pytest
from django.core import mail
from django.utils import timezone
from playwright.sync_api import Browser, BrowserContext, expect

from aanvragen.models import Aanvraag, Referentie
from beoordeling.models import Referentieantwoord
from beoordeling.services.referentie import referenties_bijwerken
from kern.services.berichten import berichten_verzenden
from rapportage.services.demo import LOPEND, demorondes_maken
from regeling.models import Tijdvak
from tests.e2e.conftest import MATEN
from tests.e2e.stappen import bevestigingslink
from tests.e2e.toetsenbord import Toetsenbord
from tests.factories.referenties import code_uit, zonder_steekproef
from uitvoering.simulatie.invullen import voorbeeld_pdf

VERDER = "Bewaren en verder"
KENMERK = "DEMO-LOPEND-00001"
Maker = Callable[[str, str], Toetsenbord]


@pytest.fixture
def open_ronde(transactional_db: None, settings: Any) -> None:
    """A round without applications or random control; behind a proxy, so that each browser has its own address."""
    settings.REST_FRAMEWORK = {**settings.REST_FRAMEWORK, "NUM_PROXIES": 1}
    demorondes_maken(timezone.now())
    zonder_steekproef(Tijdvak.objects.get(sleutel=LOPEND))


@pytest.fixture(params=[True, False], ids=["script", "zonder-script"])
def script(request: pytest.FixtureRequest) -> bool:
    return bool(request.param)


@pytest.fixture
def nieuw(browser: Browser, live_server: Any, breed: int, script: bool) -> Iterator[Maker]:
    """Makes a person with a browser, and an address on the network, of their own."""
    contexten = []

    def context(**opties: Any) -> BrowserContext:
        maten = {"width": breed, "height": MATEN[breed]}
        contexten.append(browser.new_context(locale="nl-NL", viewport=maten, base_url=live_server.url, **opties))
        return contexten[-1]

    def maak(naam: str, adres: str) -> Toetsenbord:
        eigen = context(java_script_enabled=script, extra_http_headers={"X-Forwarded-For": adres})
        keurder = None if script else context().new_page()
        return Toetsenbord(eigen.new_page(), "", f"{naam}-{breed}-{'met' if script else 'zonder'}-script", keurder)

    yield maak
    for open_context in contexten:
        open_context.close()


def _registreer(mens: Toetsenbord) -> None:
    mens.ga("/account/signup/")
    mens.controleer("registreren")
    mens.typ("naam", "Nieuwe ondernemer")
    mens.typ("email", "nieuw@proef.example")
    mens.typ("password1", "een-lang-wachtwoord-7")
    mens.druk("Account maken")
    mens.controleer("bevestig-uw-adres")
    mens.ga(bevestigingslink())
    mens.controleer("adres-bevestigen")
    mens.druk("Ja, bevestig dit adres")
    if "/account/login" in mens.page.url:
        mens.controleer("inloggen")
        mens.typ("login", "nieuw@proef.example")
        mens.typ("password", "een-lang-wachtwoord-7")
        mens.druk("Inloggen")


def _datum(mens: Toetsenbord, veld: str, dagen: int) -> None:
    dag = timezone.localdate() + timedelta(days=dagen)
    for deel, waarde in (("dag", dag.day), ("maand", dag.month), ("jaar", dag.year)):
        mens.typ(f"{veld}_{deel}", str(waarde))


def _organisatie(mens: Toetsenbord) -> None:
    mens.ga("/organisatie/nieuw/")
    mens.controleer("organisatie-zoeken")
    mens.typ("kvk_nummer", "00123499")
    mens.druk("Gegevens ophalen")
    mens.controleer("organisatie")
    mens.typ("naam", "Nieuw Bedrijf bv")
    mens.druk("Organisatie aanmelden")


def _begin(mens: Toetsenbord) -> None:
    """From the front page to the list of tasks."""
    mens.ga("/")
    mens.controleer("home")
    mens.ga(f"/regelingen/{LOPEND}/")
    mens.controleer("regeling")
    mens.druk("Aanvraag beginnen", "link")
    mens.controleer("aanvraag-beginnen")
    mens.druk("Aanvraag beginnen")
    mens.controleer("takenlijst")


def _verder(mens: Toetsenbord, pagina: str, knop: str = VERDER) -> None:
    mens.controleer(pagina)
    mens.druk(knop)


def _vul_in(mens: Toetsenbord) -> None:
    """Every step of the form, in order; ends at check-your-answers."""
    page = mens.page
    mens.druk("Uw organisatie", "link")
    mens.typ("contactpersoon", "Nieuwe ondernemer")
    mens.typ("contact_email", "nieuw@proef.example")
    for naam, waarde in {"werkzame_personen": "24", "omzet": "2.400.000", "balanstotaal": "900.000"}.items():
        mens.typ(naam, waarde)
    _verder(mens, "stap-organisatie")
    _verder(mens, "stap-definitie", "Gelezen, verder")
    mens.typ("titel", "Teams die zelf verbeteren")
    mens.typ("omschrijving", "Wij maken kleine teams die hun eigen werk verbeteren.")
    _datum(mens, "start_op", 120)
    _datum(mens, "eind_op", 360)
    _verder(mens, "stap-project")
    mens.vink(page.locator("input[name=themas]"))
    mens.vink(page.locator("input[name=doelen]"))
    _verder(mens, "stap-themas")
    groep = str(page.locator("main input[type=radio]").first.get_attribute("name"))
    mens.kies(groep, str(page.locator(f"main input[name={groep}]").nth(2).get_attribute("value")))
    _verder(mens, "stap-nulmeting")
    for veld in page.locator("main textarea").all():
        mens.typ(str(veld.get_attribute("name")), "Medewerkers kiezen samen met de leiding wat beter kan.")
    groep = str(page.locator("main input[type=radio]").first.get_attribute("name"))
    mens.kies(groep, str(page.locator(f"main input[name={groep}]").first.get_attribute("value")))
    _verder(mens, "stap-vragen")
    mens.kies("ontvangen", "nee")
    _verder(mens, "stap-steun")
    mens.typ("naam", "Adviseur van de proef")
    mens.typ("email", "adviseur@bureau.example")
    for nr in (1, 2):
        mens.typ(f"ref{nr}_organisatie", f"Opdrachtgever {nr}")
        mens.typ(f"ref{nr}_contactpersoon", ("Anna Berg", "Bram Dijk")[nr - 1])
        mens.typ(f"ref{nr}_email", f"referent@opdrachtgever{nr}.example")
    _verder(mens, "stap-adviseur")
    mens.typ("regel-0-omschrijving", "Begeleiding door de adviseur")
    mens.typ("regel-0-aantal", "160")
    mens.typ("regel-0-tarief", "125")
    _verder(mens, "stap-kosten")
    for nr, veld in enumerate(page.locator("input[type=file]").all()):
        mens.bestand(veld, f"bijlage{nr}.pdf", voorbeeld_pdf())
    _verder(mens, "stap-bijlagen")
    for vakje in page.locator("main input[type=checkbox]").all():
        mens.vink(vakje)
    _verder(mens, "stap-verklaringen")
    expect(page.get_by_role("heading", level=1)).to_contain_text("Controleer uw antwoorden")
    expect(page.locator("main")).to_contain_text("15.000")  # 75 % of 160 hours at € 125


def _verstuur(mens: Toetsenbord) -> Aanvraag:
    mens.controleer("controleren")
    mens.typ("functie", "Directeur")
    mens.vink(mens.page.locator("input[name=akkoord]"))
    mens.druk("Ondertekenen en versturen")
    mens.controleer("ontvangst")
    expect(mens.page.locator("main")).to_contain_text(KENMERK)
    aanvraag = Aanvraag.objects.get(kenmerk=KENMERK)
    assert aanvraag.gevraagd_bedrag == 15_000
    return aanvraag


def _verzend(op: datetime) -> None:
    """Everything in the outbox that is due."""
    while berichten_verzenden(op=op):
        pass


def _laatste_brief(adres: str) -> str:
    _verzend(timezone.now())
    return str([bericht for bericht in mail.outbox if bericht.to == [adres]][-1].body)


def _bevestig(mens: Toetsenbord, referentie: Referentie) -> None:
    """A referee: link, button, code, form, thanks."""
    brief = _laatste_brief(referentie.email)
    pad = next(regel for regel in brief.splitlines() if "/referentie/" in regel).split("/referentie/")[1]
    mens.ga(f"/referentie/{pad}")
    mens.controleer("referent-begin")
    mens.druk("Stuur mij een code")
    mens.controleer("referent-code")
    mens.typ("code", code_uit(_laatste_brief(referentie.email)))
    mens.druk("Verder")
    mens.controleer("referent-vragen")
    mens.typ("project", f"Roosters bij {referentie.organisatie}")
    mens.typ("periode", "voorjaar 2024")
    mens.typ("werk", f"Hulp bij roosters voor {referentie.contactpersoon}.")
    mens.kies("tevreden", "5")
    mens.kies("opnieuw", "ja")
    mens.kies("relatie", "nee")
    mens.druk("Referentie versturen")
    mens.controleer("referent-klaar")
    mens.page.get_by_role("heading", name="Bedankt voor uw antwoord").wait_for()


def test_aanvraag_met_twee_referenten(open_ronde: None, nieuw: Maker) -> None:
    ondernemer = nieuw("ondernemer", "192.0.2.10")
    _registreer(ondernemer)
    _organisatie(ondernemer)
    _begin(ondernemer)
    _vul_in(ondernemer)
    aanvraag = _verstuur(ondernemer)
    # the worker writes to the referees; they answer two hours later, as quick answers are looked at by an officer
    eerder = timezone.now() - timedelta(hours=2)
    referenties_bijwerken(op=eerder)
    _verzend(eerder)
    for nr, referentie in enumerate(aanvraag.referenties.order_by("pk"), start=1):
        _bevestig(nieuw(f"referent{nr}", f"198.51.100.{nr}"), referentie)
    standen = {r.organisatie: (r.status, list(r.signalen.values_list("code"))) for r in aanvraag.referenties.all()}
    assert standen == {f"Opdrachtgever {nr}": ("bevestigd", []) for nr in (1, 2)}
    assert Referentieantwoord.objects.filter(verzoek__referentie__aanvraag=aanvraag).count() == 2
    ondernemer.ga(f"/aanvragen/{aanvraag.pk}/")
    ondernemer.controleer("stand")
