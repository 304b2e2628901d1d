"""Refusing in bulk who was not selected: proposed with the reason per case, signed by somebody else, sent."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date, datetime
from typing import Any

import pytest
from django.test import Client
from django.utils import translation

from aanvragen.enums import Status
from aanvragen.models import Aanvraag, Postbusbericht
from aanvragen.services.behandeling import STORING
from beoordeling.services.reservelijst import reservelijsten_laten_vervallen
from kern.enums import Rol
from kern.fouten import InvoerFout
from kern.services.gebruikers import rol_toekennen
from portalen.views.werklijst_bulk import HANDELINGEN
from tests.factories.portaal_medewerker import als, op_moment, tekst
from tests.factories.ronde import BESLUIT, Staf, besluit_op, geloot, regeling_dict, vers
from tests.factories.twee_stappen import na_stap_1, twee_rondes
from uitvoering.enums import Afwijzingsgrond, Besluitsoort, Besluitstatus
from uitvoering.models import Besluit
from uitvoering.services import besluit as dienst

pytestmark = pytest.mark.django_db
AFWIJZEN = "afwijzing-niet-geselecteerd"
LIJST, BESLUITEN = "/werk/lijst/", "/werk/besluiten/"
SCORES = (90, 80, 70, 60, 40)


@pytest.fixture
def zaken(staf: Staf) -> Iterator[list[Aanvraag]]:
    """Five proposals of the first stage: two invited, two below the line, one below the threshold."""
    zaken = na_stap_1(twee_rondes(), staf, *SCORES)
    with op_moment(BESLUIT):
        yield zaken


def bulk(client: Client, lijst: str, handeling: str, rijen: Any, **velden: str) -> Any:
    """The choice, and with ``bevestigd`` what the form of the preview sends."""
    gegevens = {"handeling": handeling, "gekozen": [str(rij.pk) for rij in rijen], **velden}
    return client.post(f"{lijst}bulk/", gegevens)


def doe(client: Client, lijst: str, handeling: str, rijen: Any, **velden: str) -> dict[str, tuple[bool, str]]:
    """Preview, confirm, and the report: label → (done, why not)."""
    voorbeeld = bulk(client, lijst, handeling, rijen, **velden)
    assert voorbeeld.status_code == 200
    gezien = {"bevestigd": "ja", "voorbeeld_op": voorbeeld.context["voorbeeld_op"], "motivering": "", **velden}
    antwoord = bulk(client, lijst, handeling, rijen, **gezien)
    assert antwoord.status_code == 302
    regels = client.get(antwoord.url).context["regels"]
    return {regel["kenmerk"].split(":")[0]: (regel["gelukt"], regel["melding"]) for regel in regels}


def test_from_proposal_to_letter_in_bulk(zaken: list[Aanvraag], staf: Staf) -> None:
    weg = zaken[2:]
    gelukt = {zaak.kenmerk: (True, "") for zaak in weg}
    assert doe(als(staf.behandelaar), LIJST, AFWIJZEN, weg) == gelukt
    besluiten = [Besluit.objects.get(aanvraag=zaak) for zaak in weg]
    assert [(besluit.grond, besluit.status, besluit.voorgesteld_door) for besluit in besluiten] == [
        (Afwijzingsgrond.PLAFOND, Besluitstatus.VOORGESTELD, staf.behandelaar),
        (Afwijzingsgrond.PLAFOND, Besluitstatus.VOORGESTELD, staf.behandelaar),
        (Afwijzingsgrond.SCORE, Besluitstatus.VOORGESTELD, staf.behandelaar),
    ]
    assert [besluit.motivering for besluit in besluiten] == [
        "De commissie gaf uw aanvraag een score van 70,00 (van 0 tot en met 100). Per onderdeel, van 1 tot en met 5: "
        "Idee: 3,80. Uw aanvraag staat daarmee op nummer 3. Alle plaatsen in de tweede stap gingen naar aanvragen met "
        "een hogere plaats.",
        "De commissie gaf uw aanvraag een score van 60,00 (van 0 tot en met 100). Per onderdeel, van 1 tot en met 5: "
        "Idee: 3,40. Uw aanvraag staat daarmee op nummer 4. Alle plaatsen in de tweede stap gingen naar aanvragen met "
        "een hogere plaats.",
        "De commissie gaf uw aanvraag een score van 40,00 (van 0 tot en met 100). Per onderdeel, van 1 tot en met 5: "
        "Idee: 2,60. Daarmee haalt uw aanvraag de drempel niet voor: de score in totaal.",
    ]
    assert doe(als(staf.beslisser), BESLUITEN, "ondertekenen", besluiten) == gelukt
    assert {vers(besluit).ondertekend_door for besluit in besluiten} == {staf.beslisser}
    assert doe(als(staf.behandelaar), BESLUITEN, "verzenden", besluiten) == gelukt
    assert [vers(zaak).status for zaak in zaken] == [
        Status.GESELECTEERD,
        Status.GESELECTEERD,
        Status.AFGEWEZEN,
        Status.AFGEWEZEN,
        Status.AFGEWEZEN,
    ]
    assert Postbusbericht.objects.filter(sleutel__startswith="besluit-").count() == 3
    for besluit in besluiten:
        with vers(besluit).brief_html.inhoud.open("rb") as brief:
            assert besluit.motivering in brief.read().decode()


def test_the_preview_shows_the_reason_of_each_case_and_who_cannot(zaken: list[Aanvraag], staf: Staf) -> None:
    besluit_op(zaken[3], Besluitsoort.AFWIJZING, staf, tot="voorstellen", grond=Afwijzingsgrond.PLAFOND)
    besluit_op(zaken[4], Besluitsoort.AFWIJZING, staf, grond=Afwijzingsgrond.SCORE)
    voorbeeld = bulk(als(staf.behandelaar), LIJST, AFWIJZEN, zaken)
    regels = {regel.rij.pk: (regel.bezwaar, regel.extra) for regel, _url in voorbeeld.context["regels"]}
    assert [regels[zaak.pk][0] for zaak in zaken] == [
        "De status is “Geselecteerd”.",
        "De status is “Geselecteerd”.",
        "",
        "Er is al een afwijzing voorgesteld.",
        "De status is “Afgewezen”.",
    ]
    assert [bool(regels[zaak.pk][1]) for zaak in zaken] == [False, False, True, True, False]
    assert "Uw aanvraag staat daarmee op nummer 3." in regels[zaken[2].pk][1]
    assert "score van 70,00" in tekst(voorbeeld)
    assert Besluit.objects.filter(status=Besluitstatus.VOORGESTELD).count() == 1


def test_one_that_is_decided_already_is_reported_and_the_others_go_on(zaken: list[Aanvraag], staf: Staf) -> None:
    client, weg = als(staf.behandelaar), zaken[2:]
    besluit_op(zaken[3], Besluitsoort.AFWIJZING, staf, grond=Afwijzingsgrond.PLAFOND)
    uit = doe(client, LIJST, AFWIJZEN, weg)
    assert [uit[zaak.kenmerk][0] for zaak in weg] == [True, False, True]
    assert uit[zaken[3].kenmerk][1] == ("De status is “Afgewezen”. Kijk op de pagina van de zaak welke stap nu kan.")
    nieuw = list(Besluit.objects.filter(status=Besluitstatus.VOORGESTELD))
    assert len(nieuw) == 2
    besluit_op(zaken[0], Besluitsoort.AFWIJZING, staf, tot="voorstellen", grond=Afwijzingsgrond.VOORWAARDEN)
    getekend = besluit_op(zaken[1], Besluitsoort.AFWIJZING, staf, tot="ondertekenen", grond=Afwijzingsgrond.VOORWAARDEN)
    uit = doe(als(staf.beslisser2), BESLUITEN, "ondertekenen", [*nieuw, getekend])
    assert [gelukt for gelukt, _melding in uit.values()].count(True) == 2
    assert "heeft nu de status “Ondertekend”" in uit[zaken[1].kenmerk][1]
    uit = doe(client, BESLUITEN, "verzenden", Besluit.objects.exclude(pk=getekend.pk))
    assert {zaak.kenmerk: uit[zaak.kenmerk][0] for zaak in (zaken[0], zaken[2], zaken[3], zaken[4])} == {
        zaken[0].kenmerk: False,  # not signed
        zaken[2].kenmerk: True,
        zaken[3].kenmerk: False,  # sent before
        zaken[4].kenmerk: True,
    }


def test_who_proposed_cannot_sign_in_bulk_either(zaken: list[Aanvraag], staf: Staf) -> None:
    rol_toekennen(gebruiker=staf.behandelaar, rol=Rol.BESLISSER, op=BESLUIT, actor=None)
    client, weg = als(staf.behandelaar), zaken[2:]
    doe(client, LIJST, AFWIJZEN, weg)
    besluiten = list(Besluit.objects.all())
    voorbeeld = bulk(client, BESLUITEN, "ondertekenen", besluiten)
    assert {regel.bezwaar for regel, _url in voorbeeld.context["regels"]} == {
        "U stelde dit besluit zelf voor. Een andere beslisser moet het ondertekenen."
    }
    uit = doe(client, BESLUITEN, "ondertekenen", besluiten)
    assert {gelukt for gelukt, _melding in uit.values()} == {False}
    assert set(Besluit.objects.values_list("status", flat=True)) == {Besluitstatus.VOORGESTELD}


def test_a_defect_at_one_row_leaves_it_as_it_was_and_the_report_whole(
    zaken: list[Aanvraag], staf: Staf, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    doe(als(staf.behandelaar), LIJST, AFWIJZEN, zaken[2:])
    besluiten = list(Besluit.objects.order_by("aanvraag__kenmerk"))
    doe(als(staf.beslisser), BESLUITEN, "ondertekenen", besluiten)
    echt = dienst.brief_maken

    def stuk(besluit: Besluit, op: Any) -> None:
        if besluit.pk == besluiten[1].pk:
            raise RuntimeError("geen letters")
        echt(besluit, op)

    monkeypatch.setattr(dienst, "brief_maken", stuk)
    uit = doe(als(staf.behandelaar), BESLUITEN, "verzenden", besluiten)
    kenmerken = [besluit.aanvraag.kenmerk for besluit in besluiten]
    assert [uit[kenmerk] for kenmerk in kenmerken] == [(True, ""), (False, STORING), (True, "")]
    assert [vers(besluit).status for besluit in besluiten] == [
        Besluitstatus.VERZONDEN,
        Besluitstatus.ONDERTEKEND,
        Besluitstatus.VERZONDEN,
    ]
    assert vers(besluiten[1].aanvraag).status == Status.NIET_GESELECTEERD
    assert [regel.getMessage() for regel in caplog.records if "Bulk" in regel.getMessage()] == [
        f"Bulkhandeling mislukt bij {kenmerken[1]}: afwijzing"
    ]


def test_extra_text_comes_after_the_reasons_and_letters_stay_dutch(zaken: list[Aanvraag], staf: Staf) -> None:
    client = als(staf.behandelaar)
    client.cookies["django_language"] = "en"
    with translation.override("en"):
        doe(client, LIJST, AFWIJZEN, [zaken[4]], motivering="U kunt in 2027 opnieuw meedoen.")
    motivering = Besluit.objects.get().motivering
    assert motivering.startswith("De commissie gaf uw aanvraag een score van 40,00 ")
    assert motivering.endswith("de score in totaal. U kunt in 2027 opnieuw meedoen.")


def test_signing_everything_that_the_filter_finds(
    zaken: list[Aanvraag], staf: Staf, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Three proposals on pages of one; the filter on a label leaves the others alone."""
    doe(als(staf.behandelaar), LIJST, AFWIJZEN, zaken[2:])
    besluit_op(zaken[0], Besluitsoort.AFWIJZING, staf, tot="ondertekenen", grond=Afwijzingsgrond.VOORWAARDEN)
    monkeypatch.setattr("portalen.views.besluiten.PER_PAGINA", 1)
    client = als(staf.beslisser)
    pagina = client.get(f"{BESLUITEN}?soort=afwijzing")
    assert "Kies alle 3 besluiten van dit filter" in tekst(pagina)
    assert re.search(r'name="filter" value="soort=afwijzing&amp;stand=te-ondertekenen"', pagina.content.decode())
    keuze = {"handeling": "ondertekenen", "alle": "ja", "filter": pagina.context["filtertekst"]}
    voorbeeld = client.post(f"{BESLUITEN}bulk/", keuze)
    assert len(voorbeeld.context["regels"]) == 3
    een = client.post(f"{BESLUITEN}bulk/", {**keuze, "filter": f"zoek={zaken[2].kenmerk}"})
    assert [regel.rij.besluit.aanvraag for regel, _url in een.context["regels"]] == [zaken[2]]
    niets = client.post(f"{BESLUITEN}bulk/", {**keuze, "filter": "zoek=bestaatniet"})
    assert (niets.status_code, "Dit filter vindt geen besluiten." in tekst(niets)) == (400, True)
    monkeypatch.setattr("portalen.views.besluiten.MAXIMUM_BULK", 2)
    te_veel = client.post(f"{BESLUITEN}bulk/", keuze)
    assert (te_veel.status_code, "U koos 3 regels" in tekst(te_veel)) == (400, True)
    assert "hoogstens 2 besluiten" in tekst(client.get(f"{BESLUITEN}?soort=afwijzing"))


def test_who_waits_on_a_reserve_list_after_scores_reads_the_scores(staf: Staf) -> None:
    *_, wacht = na_stap_1(twee_rondes(reservelijst=True), staf, 90, 80, 70)
    assert wacht.status == Status.RESERVE
    with op_moment(BESLUIT):
        doe(als(staf.behandelaar), LIJST, AFWIJZEN, [wacht])
    motivering = Besluit.objects.get().motivering
    assert "score van 70,00" in motivering
    assert "loting" not in motivering


def test_after_the_reserve_list_lapsed_the_letter_names_the_number_in_the_draw(staf: Staf) -> None:
    inhoud = regeling_dict("vervalt", plafond=1000)["tijdvakken"]
    inhoud[0]["reservelijst_tot"] = date(2026, 6, 30)
    _tijdvak, zaken = geloot(3, staf, sleutel="vervalt", plafond=1000, tabellen={"tijdvakken": inhoud})
    assert reservelijsten_laten_vervallen(op=datetime.fromisoformat("2026-07-01T00:01:00+02:00")) == 1
    assert [vers(zaak).status for zaak in zaken[1:]] == [Status.NIET_GESELECTEERD] * 2
    with op_moment(datetime.fromisoformat("2026-07-01T10:00:00+02:00")):
        uit = doe(als(staf.behandelaar), LIJST, AFWIJZEN, zaken)
    assert [uit[zaak.kenmerk][0] for zaak in zaken] == [False, True, True]
    assert list(Besluit.objects.order_by("aanvraag__plaats__rang").values_list("grond", "motivering")) == [
        (
            Afwijzingsgrond.PLAFOND,
            f"Uw aanvraag kreeg bij de loting nummer {nr}. Er waren meer aanvragen dan er geld is. Het plafond was "
            "bereikt voordat u aan de beurt kwam.",
        )
        for nr in (2, 3)
    ]


def test_who_was_called_meanwhile_is_not_refused(zaken: list[Aanvraag], staf: Staf) -> None:
    """The row was read before the reserve list was called."""
    (handeling,) = (h for h in HANDELINGEN if h.code == AFWIJZEN)
    oud = vers(zaken[0])
    oud.__dict__["status"] = Status.RESERVE
    with pytest.raises(InvoerFout, match="Geselecteerd"):
        handeling.doe(oud, staf.behandelaar, None, {"motivering": ""})
    assert not Besluit.objects.exists()


def test_only_officers_propose_in_bulk(zaken: list[Aanvraag], staf: Staf) -> None:
    assert bulk(als(staf.beslisser), LIJST, AFWIJZEN, zaken[2:]).status_code == 403
    assert bulk(als(staf.behandelaar), BESLUITEN, "ondertekenen", zaken[2:]).status_code == 400
