"""A committee round from assignment to decisions: 40 applications, 8 assessors, 2 conflicts, 1 refusal, 3 divergences,
a meeting, ties by lot, decisions under the ceiling. The key screens in the browser, the bulk through the services."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone
from playwright.sync_api import Browser, Page, expect

from aanvragen.enums import Status
from aanvragen.models import Aanvraag
from aanvragen.selectors import tijdvak_cijfers
from beoordeling.enums_commissie import Stand, Toewijzingstatus
from beoordeling.models import Belang, Eindscore, Loting, Plaats, Toewijzing, Vergadering
from beoordeling.services.bespreken import scores_vaststellen
from beoordeling.services.loting import (
    lijst_bevriezen,
    loting_publiceren,
    loting_trekken,
    loting_voorbereiden,
)
from beoordeling.services.rangschikking import loting_vaststellen
from beoordeling.services.vergadering import stem_uitbrengen
from kern.models import Gebruiker
from tests.beoordeling.test_belang_zoeken import machtig
from tests.e2e.conftest import MATEN, Scherm
from tests.factories.commissie import CODES, Commissieronde, aanvaard, commissieronde, dien_in, maak_lid, stem
from tests.factories.ronde import bronnen_ingevoerd, maak_gebruiker, maak_staf
from uitvoering.enums import Afwijzingsgrond, Besluitsoort
from uitvoering.services.besluit import besluit_ondertekenen, besluit_verzenden, besluit_voorstellen

#: Totals 87.50, 75.00, 75.00 (a tie), 62.50 and 25.00 (under the threshold).
NIVEAUS = ((5, 4, 5, 4), (4, 4, 4, 4), (4, 4, 4, 4), (4, 3, 4, 3), (2, 2, 2, 2))
VER = ((5, 5, 5, 5), (2, 2, 2, 2))
PLAFOND = 20_000  # twenty applications of € 1.000


@pytest.fixture
def breed() -> int:
    return 1280


class Sessie:
    """Browser sessions of people, each with a context of their own."""

    def __init__(self, browser: Browser, basis: str) -> None:
        self.browser, self.basis = browser, basis
        self.open: list[Any] = []

    def van(self, gebruiker: Gebruiker) -> Scherm:
        klant = Client()
        klant.force_login(gebruiker)
        context = self.browser.new_context(
            locale="nl-NL", base_url=self.basis, viewport={"width": 1280, "height": MATEN[1280]}
        )
        koekje = klant.cookies["sessionid"].value
        context.add_cookies([{"name": "sessionid", "value": koekje, "url": self.basis}])
        page = context.new_page()
        page.set_default_timeout(20_000)
        self.open.append(context)
        return Scherm(page, self.basis, 1280)


@pytest.fixture
def sessie(browser: Browser, live_server: Any) -> Iterator[Sessie]:
    sessie = Sessie(browser, live_server.url)
    yield sessie
    for context in sessie.open:
        context.close()


def _stap(page: Page, naam: str, **velden: str) -> None:
    """Opens the act of this name, fills it in and presses its button."""
    blok = page.locator("details", has=page.get_by_text(naam, exact=True)).first
    if blok.get_attribute("open") is None:
        blok.locator("summary").click()
    for veld, waarde in velden.items():
        blok.locator(f"[name={veld}]").fill(waarde)
    blok.get_by_role("button", name=naam, exact=True).click()


def _toewijzen(sessie: Sessie, ronde: Commissieronde, *, kijk: bool = False) -> None:
    scherm = sessie.van(ronde.secretaris.gebruiker)
    scherm.ga(f"/werk/tijdvakken/{ronde.tijdvak.sleutel}/commissie/toewijzen/")
    if kijk:
        scherm.controleer("commissie-toewijzen")
    scherm.page.get_by_role("button", name="Zo toewijzen").click()
    expect(scherm.page.locator("main")).to_contain_text("toewijzing")
    if kijk:
        scherm.controleer("commissie")


def _scoor_in_browser(scherm: Scherm, rij: Toewijzing, scores: tuple[int, ...]) -> None:
    """Accepts, types (kept by the script), leaves, comes back and hands in; the scale by keyboard."""
    page = scherm.page
    scherm.ga(f"/werk/beoordelen/{rij.pk}/")
    scherm.controleer("beoordeling-voorgesteld")
    page.locator("input[name=verklaring]").check()
    page.get_by_role("button", name="Aanvaarden", exact=True).click()
    for code, score in zip(CODES, scores, strict=True):
        eerste = page.locator(f"input[name=score_{code}]").first
        eerste.focus()
        eerste.press("Space")
        for _ in range(score - 1):
            page.keyboard.press("ArrowDown")
        page.locator(f"textarea[name=reden_{code}]").fill(f"Reden bij {code} uit de browser.")
    expect(page.locator("[data-bewaarstand]")).to_contain_text("Bewaard om")
    scherm.controleer("beoordeling-scoren")
    page.wait_for_timeout(1200)
    scherm.ga("/werk/beoordelen/")
    scherm.controleer("beoordelen")
    scherm.ga(f"/werk/beoordelen/{rij.pk}/")
    expect(page.locator(f"input[name=score_aanpak][value='{scores[0]}']")).to_be_checked()
    expect(page.locator("textarea[name=reden_overdraagbaar]")).to_have_value(re.compile("uit de browser"))
    page.get_by_role("button", name="Beoordeling indienen").click()
    expect(page.locator("main")).to_contain_text("Uw beoordeling is ingediend.")
    scherm.controleer("beoordeling-ingediend")


def _zoek_lek(scherm: Scherm, zaak: Aanvraag, rijen: list[Toewijzing], extra: list[str]) -> None:
    """None of these addresses shows the application to this person."""
    genoemd = re.compile(rf"{zaak.organisatie.naam}\b|{zaak.kenmerk}(?!&quot;|\")")
    paden = [f"/werk/beoordelen/{rij.pk}/" for rij in rijen] + [
        f"/werk/commissie/aanvragen/{zaak.pk}/",
        f"/werk/zaken/{zaak.pk}/",
        f"/werk/zaken/{zaak.pk}/spoor/",
        f"/werk/tijdvakken/{zaak.tijdvak.sleutel}/commissie/",
        f"/werk/tijdvakken/{zaak.tijdvak.sleutel}/commissie/scores.csv",
        f"/werk/tijdvakken/{zaak.tijdvak.sleutel}/commissie/kalibratie/",
        f"/aanvragen/{zaak.pk}/",
        f"/api/v1/aanvragen/{zaak.pk}/",
        *extra,
    ]
    for pad in paden:
        antwoord = scherm.page.goto(scherm.basis + pad)
        assert antwoord is not None
        assert antwoord.status in {401, 403, 404}, pad
        assert not genoemd.search(scherm.page.content()), pad
    for pad in ("/werk/beoordelen/", f"/werk/beoordelen/?zoek={zaak.kenmerk}"):
        scherm.page.goto(scherm.basis + pad)
        assert not genoemd.search(scherm.page.content()), pad


def _verdelen(ronde: Commissieronde) -> Loting:
    staf, nu = maak_staf(), timezone.now()
    loting = loting_voorbereiden(
        tijdvak=ronde.tijdvak, trekking_gepland_op=nu + timedelta(hours=25), actor=staf.behandelaar, op=nu
    )
    loting = lijst_bevriezen(loting=loting, actor=staf.beslisser, op=nu)
    loting = loting_publiceren(loting=loting, waar="Staatscourant", actor=staf.beslisser, op=nu)
    straks = nu + timedelta(hours=26)
    loting = bronnen_ingevoerd(loting, staf.notaris, op=straks)
    loting = loting_trekken(loting=loting, actor=staf.notaris, op=straks)
    loting = loting_vaststellen(loting=loting, actor=staf.beslisser, op=straks)
    for zaak in Aanvraag.objects.filter(tijdvak=ronde.tijdvak, status__in=[Status.GESELECTEERD, Status.IN_VERDELING]):
        toegekend = zaak.status == Status.GESELECTEERD
        besluit = besluit_voorstellen(
            aanvraag=zaak,
            soort=Besluitsoort.VERLENING if toegekend else Besluitsoort.AFWIJZING,
            motivering="Volgens de rangschikking.",
            grond=None if toegekend else Afwijzingsgrond.PLAFOND,
            actor=staf.behandelaar,
            op=straks,
        )
        besluit = besluit_ondertekenen(besluit=besluit, actor=staf.beslisser, op=straks)
        besluit_verzenden(besluit=besluit, actor=staf.beslisser, op=straks)
    return loting


def test_een_commissieronde(sessie: Sessie, settings: Any) -> None:
    settings.SESSION_COOKIE_NAME = "sessionid"
    ronde = commissieronde(40, 7, plafond=PLAFOND, scoren_tot=timezone.now() + timedelta(days=10))
    # Two conflicts: the employer of the eighth member, and the mail domain of the first.
    achtste = maak_lid(ronde.commissie, kvk_nummer=ronde.zaken[0].organisatie.kvk_nummer)
    domein = ronde.leden[0].gebruiker.email.partition("@")[2]
    machtig(maak_gebruiker(email=f"directie@{domein}"), ronde.zaken[1].organisatie)
    _toewijzen(sessie, ronde, kijk=True)
    assert {(b.gebruiker_id, b.aanvraag_id) for b in Belang.objects.all()} == {
        (achtste.gebruiker_id, ronde.zaken[0].pk),
        (ronde.leden[0].gebruiker_id, ronde.zaken[1].pk),
    }
    # One refusal; the run again finds somebody else.
    nee = ronde.toewijzingen(ronde.zaken[5])[0]
    scherm = sessie.van(nee.lid.gebruiker)
    scherm.ga(f"/werk/beoordelen/{nee.pk}/")
    _stap(scherm.page, "Weigeren", reden="Ik ben met vakantie.")
    expect(scherm.page.locator("main")).to_contain_text("Vastgelegd")
    _toewijzen(sessie, ronde)
    assert len(ronde.toewijzingen(ronde.zaken[5])) == 2
    assert nee.lid_id not in {rij.lid_id for rij in ronde.toewijzingen(ronde.zaken[5])}
    # One assessment in the browser; before the other is in, the other sees nothing of it.
    eigen, ander = ronde.toewijzingen(ronde.zaken[3])
    _scoor_in_browser(sessie.van(eigen.lid.gebruiker), eigen, NIVEAUS[0])
    blind = sessie.van(ander.lid.gebruiker)
    aanvaard(ander, op=timezone.now())
    blind.ga(f"/werk/beoordelen/{ander.pk}/")
    assert "uit de browser" not in blind.page.content()
    # The rest through the services: ties, some under the threshold, and three divergences (6, 7 and 8).
    for nr, zaak in enumerate(ronde.zaken):
        for plek, rij in enumerate(ronde.toewijzingen(zaak)):
            if rij.status == Toewijzingstatus.INGEDIEND:
                continue
            scores = VER[plek] if nr in (6, 7, 8) else NIVEAUS[nr % len(NIVEAUS)]
            if rij.status == Toewijzingstatus.VOORGESTELD:
                rij = aanvaard(rij, op=timezone.now())
            dien_in(rij, scores if nr != 3 else NIVEAUS[0], op=timezone.now())
    blind.ga(f"/werk/beoordelen/{ander.pk}/")
    expect(blind.page.locator("main")).to_contain_text("uit de browser")
    divergent = Aanvraag.objects.filter(tijdvak=ronde.tijdvak, beoordelingsstand__status=Stand.DIVERGENT)
    assert {zaak.pk for zaak in divergent} == {ronde.zaken[nr].pk for nr in (6, 7, 8)}
    _bespreken(sessie, ronde)
    _derde(sessie, ronde)
    _vergaderen(sessie, ronde)
    # Another assessor, with an interest in the first application, sees nothing of it by any address.
    rijen = list(Toewijzing.objects.filter(aanvraag=ronde.zaken[0]))
    _zoek_lek(sessie.van(achtste.gebruiker), ronde.zaken[0], rijen, [])
    vreemd = sessie.van(maak_lid(ronde.commissie).gebruiker)
    punt = Vergadering.objects.get().agenda.get()
    _zoek_lek(
        vreemd, punt.aanvraag, list(Toewijzing.objects.filter(aanvraag=punt.aanvraag)), ["/werk/vergaderingen/999/"]
    )
    # Final scores, the ranking, ties by lot, decisions under the ceiling.
    assert scores_vaststellen(commissie=ronde.commissie, actor=None, op=timezone.now()) == 37
    assert Eindscore.objects.count() == 40
    leiding = sessie.van(ronde.voorzitter.gebruiker)
    leiding.ga(f"/werk/tijdvakken/{ronde.tijdvak.sleutel}/commissie/kalibratie/")
    leiding.controleer("commissie-kalibratie")
    _verdelen(ronde)
    plaatsen = list(Plaats.objects.filter(rangschikking__tijdvak=ronde.tijdvak).select_related("aanvraag__eindscore"))
    totalen = [plaats.aanvraag.eindscore.totaal for plaats in plaatsen]
    assert totalen == sorted(totalen, reverse=True)
    assert min(totalen) >= 50
    binnen = [p for p in plaatsen if p.eerste_uitkomst == "toegewezen"]
    buiten = [p for p in plaatsen if p.eerste_uitkomst == "reserve"]
    lijn = binnen[-1].aanvraag.eindscore.totaal
    gelijk = [p for p in plaatsen if p.aanvraag.eindscore.totaal == lijn]
    assert (len(binnen), lijn == buiten[0].aanvraag.eindscore.totaal) == (20, True)
    assert [p.lot for p in gelijk] == sorted(p.lot for p in gelijk)
    cijfers = tijdvak_cijfers(ronde.tijdvak)
    assert (cijfers.toegekend, cijfers.toegekend_bedrag, cijfers.resteert) == (20, Decimal(PLAFOND), Decimal(0))
    standen = Aanvraag.objects.filter(tijdvak=ronde.tijdvak).values_list("status", flat=True)
    assert {status: list(standen).count(status) for status in set(standen)}[Status.VERLEEND] == 20


def _bespreken(sessie: Sessie, ronde: Commissieronde) -> None:
    """Application 6: two assessors agree on common scores."""
    een, ander = ronde.toewijzingen(ronde.zaken[6])
    scherm = sessie.van(een.lid.gebruiker)
    scherm.ga(f"/werk/beoordelen/{een.pk}/")
    scherm.controleer("beoordeling-verschil")
    scherm.page.locator("summary", has_text="Gezamenlijke scores voorstellen").click()
    for code in CODES:
        scherm.page.locator(f"input[name=score_{code}][value='4']").check()
    scherm.page.locator("textarea[name=toelichting]").fill("Wij lazen de begroting anders.")
    scherm.page.get_by_role("button", name="Gezamenlijke scores voorstellen").click()
    tweede = sessie.van(ander.lid.gebruiker)
    tweede.ga(f"/werk/beoordelen/{ander.pk}/")
    tweede.controleer("beoordeling-voorstel")
    _stap(tweede.page, "Akkoord")
    expect(tweede.page.locator("main")).to_contain_text("De eindscore is 75,00.")


def _derde(sessie: Sessie, ronde: Commissieronde) -> None:
    """Application 7: the chair asks a third assessor, who sides with one of the two."""
    zaak = ronde.zaken[7]
    vrij = next(lid for lid in ronde.leden if lid.pk not in {rij.lid_id for rij in ronde.toewijzingen(zaak)})
    scherm = sessie.van(ronde.voorzitter.gebruiker)
    scherm.ga(f"/werk/commissie/aanvragen/{zaak.pk}/")
    scherm.controleer("commissie-aanvraag")
    scherm.page.locator("summary", has_text="Beoordelaar toewijzen").click()
    scherm.page.locator("select[name=lid]").first.select_option(str(vrij.pk))
    scherm.page.get_by_role("button", name="Beoordelaar toewijzen").click()
    derde = Toewijzing.objects.get(aanvraag=zaak, lid=vrij)
    blind = sessie.van(vrij.gebruiker)
    aanvaard(derde, op=timezone.now())
    blind.ga(f"/werk/beoordelen/{derde.pk}/")
    assert "Alle beoordelingen" not in blind.page.content()
    dien_in(Toewijzing.objects.get(pk=derde.pk), (5, 5, 5, 4), op=timezone.now())
    assert Eindscore.objects.get(aanvraag=zaak).totaal == Decimal("73.75")


def _vergaderen(sessie: Sessie, ronde: Commissieronde) -> None:
    """Application 8: the committee votes; one member is recused."""
    zaak, weg = ronde.zaken[8], ronde.leden[2]
    scherm = sessie.van(ronde.secretaris.gebruiker)
    page = scherm.page
    scherm.ga(f"/werk/commissie/aanvragen/{zaak.pk}/")
    _stap(page, "Voorleggen aan de vergadering", reden="De beoordelaars worden het niet eens.")
    scherm.ga(f"/werk/tijdvakken/{ronde.tijdvak.sleutel}/commissie/vergadering/")
    dag = timezone.localdate() + timedelta(days=1)
    for deel, waarde in (("dag", dag.day), ("maand", dag.month), ("jaar", dag.year)):
        page.locator(f"input[name=dag_{deel}]").fill(str(waarde))
    page.locator("input[name=tijd]").fill("10:00")
    page.locator("input[name=plaats]").fill("Utrecht")
    scherm.controleer("vergadering-plannen")
    page.get_by_role("button", name="Plannen").click()
    _stap(page, "Op de agenda zetten")
    page.locator("summary", has_text="Vergadering openen").click()
    for vakje in page.locator("input[name=aanwezigen]").all():
        vakje.check()
    page.get_by_role("button", name="Vergadering openen").click()
    scherm.controleer("vergadering")
    punt = Vergadering.objects.get().agenda.get()
    scherm.ga(f"/werk/vergaderingen/{punt.vergadering_id}/punten/{punt.pk}/")
    page.locator("summary", has_text="Lid doet niet mee").click()
    page.locator("select[name=lid]").select_option(str(weg.pk))
    page.locator("details", has_text="Lid doet niet mee").locator("textarea[name=reden]").fill("Oud-collega.")
    page.get_by_role("button", name="Lid doet niet mee").click()
    stemmers = [lid for lid in [*ronde.leden, ronde.voorzitter] if lid != weg]
    stemmers += list(ronde.commissie.leden.filter(rol="lid").exclude(pk__in=[lid.pk for lid in ronde.leden]))
    eerste = sessie.van(stemmers[0].gebruiker)
    eerste.ga(f"/werk/vergaderingen/{punt.vergadering_id}/punten/{punt.pk}/")
    for code in CODES:
        eerste.page.locator(f"input[name=score_{code}][value='4']").check()
    eerste.controleer("stemmen")
    eerste.page.get_by_role("button", name="Stemmen").click()
    expect(eerste.page.locator("main")).to_contain_text("Uw stem: 75,00.")
    for lid in stemmers[1:]:
        stem_uitbrengen(punt=punt, scores=stem((4, 4, 4, 4)), actor=lid.gebruiker, op=timezone.now())
    scherm.ga(f"/werk/vergaderingen/{punt.vergadering_id}/punten/{punt.pk}/")
    _stap(page, "Punt afronden", verslag="De commissie vindt het plan overtuigend.")
    expect(page.locator("main")).to_contain_text("Eindscore 75,00")
    scherm.controleer("agendapunt")
    scherm.ga(f"/werk/vergaderingen/{punt.vergadering_id}/")
    _stap(page, "Vergadering sluiten")
    page.get_by_role("link", name="Notulen", exact=True).click()
    expect(page.locator("body")).to_contain_text("De commissie vindt het plan overtuigend.")
    expect(page.locator("body")).to_contain_text("Oud-collega.")
