"""The demonstration's application on paper: an officer types the answer that came by post, at two widths."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path
from typing import Any

from django.utils import timezone
from playwright.sync_api import expect

from aanvragen.models import Aanvraag, Aanvulling
from aanvragen.services.aanvulklad import onderdeel_antwoorden
from aanvragen.services.nasturen import Upload
from aanvragen.services.papieraanvulling import papieraanvulling_beginnen, papieraanvulling_versturen
from kern.models import Gebruiker
from rapportage.services.demo import LOPEND
from tests.e2e.conftest import Scherm
from tests.e2e.stappen import inloggen
from tests.factories.portaal_aanvrager import pdf


def test_de_aanvrager_die_net_te_laat_is_leest_alles_terug(demo: None, scherm: Scherm) -> None:
    """Both tell each other: first that the paper is being typed, then that it was sent."""
    behandelaar, ondernemer = (Gebruiker.objects.get(email=f"{n}@demo.example") for n in ("behandelaar", "ondernemer"))
    verzoek = Aanvulling.objects.get(aanvraag__tijdvak__sleutel=LOPEND, aanvraag__bron="simulatie")
    opties: dict[str, Any] = {"op": timezone.now(), "antwoord": "Dat is er niet.", "niet_geleverd": True}
    papier = papieraanvulling_beginnen(
        aanvulling=verzoek,
        ontvangen_op=opties["op"],
        scans=[Upload("scan", "brief.pdf", pdf())],
        actor=behandelaar,
        op=opties["op"],
    )
    for item in verzoek.items.all():
        onderdeel_antwoorden(item=item, actor=behandelaar, papier=papier, **opties)
        onderdeel_antwoorden(item=item, actor=ondernemer, **{**opties, "antwoord": "Ik zoek het nog op."})
    inloggen(scherm.page, scherm.basis, "ondernemer")
    scherm.ga(f"/aanvragen/{verzoek.aanvraag_id}/aanvulling/")
    scherm.controleer("papieraanvulling-aanvrager")
    papieraanvulling_versturen(papier=papier, stappen={}, actor=behandelaar, op=timezone.now())
    scherm.ga(f"/aanvragen/{verzoek.aanvraag_id}/aanvulling/")
    expect(scherm.page.locator("main")).to_contain_text("Ik zoek het nog op.")
    scherm.controleer("papieraanvulling-ingehaald")


def test_een_antwoord_op_papier_invoeren(demo: None, scherm: Scherm, tmp_path: Path) -> None:
    page = scherm.page
    zaak = Aanvraag.objects.get(tijdvak__sleutel=LOPEND, bron="papier")
    inloggen(page, scherm.basis, "behandelaar")
    scherm.ga(f"/werk/zaken/{zaak.pk}/")
    page.get_by_role("link", name="Aanvulling op papier invoeren").click()
    scherm.controleer("papieraanvulling-nieuw")
    page.get_by_role("button", name="Ontvangst vastleggen").click()
    expect(page.locator("main")).to_contain_text("Kies een bestand bij")
    scherm.fouten.clear()  # the browser reports the 400 of the page with errors
    scherm.controleer("papieraanvulling-nieuw-fout")
    gisteren = timezone.localdate() - timedelta(days=1)
    page.get_by_label("Dag").fill(str(gisteren.day))
    page.get_by_label("Maand").fill(str(gisteren.month))
    page.get_by_label("Jaar").fill(str(gisteren.year))
    page.get_by_label("Tijd van ontvangst").fill("10:30")
    scan = tmp_path / "antwoord.pdf"
    scan.write_bytes(pdf("antwoord"))
    page.get_by_label("Scan van de aanvulling").set_input_files(scan)
    page.get_by_role("button", name="Ontvangst vastleggen").click()
    scherm.controleer("papieraanvulling")
    page.get_by_role("link", name="Antwoorden overnemen").click()
    scherm.controleer("papieraanvulling-lijst")
    page.get_by_role("link", name="Het project").click()
    scherm.controleer("papieraanvulling-stap")
    page.get_by_label("Wat gaat u doen?").fill("Alle twaalf drukkers maken samen het rooster.")
    page.get_by_role("button", name="Bewaren en terug naar de lijst").click()
    page.get_by_role("link", name="Wie heeft het formulier ondertekend").click()
    page.get_by_text("De aanvrager geeft dit niet").click()
    scherm.controleer("papieraanvulling-antwoord")
    page.get_by_label("Uw antwoord").fill("De directeur.")
    page.get_by_role("button", name="Bewaren en terug naar de lijst").click()
    page.get_by_role("link", name="Controleren en versturen").click()
    scherm.controleer("papieraanvulling-controleren")
    page.get_by_role("button", name="Aanvulling versturen").click()
    expect(page.locator("main")).to_contain_text("De ontvangstbevestiging gaat per post.")
    scherm.controleer("papieraanvulling-klaar")
    verzoek = Aanvulling.objects.get(aanvraag=zaak)
    assert verzoek.beantwoord_op is not None
    assert timezone.localtime(verzoek.beantwoord_op).strftime("%d %H:%M") == f"{gisteren:%d} 10:30"
    scherm.ga("/werk/post/")
    expect(page.locator("main")).to_contain_text("Wij hebben uw aanvulling ontvangen")
