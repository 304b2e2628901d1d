"""Screens of the committee for who turns out to have an interest: what is gone, and what stays behind of it."""

from __future__ import annotations

import pytest
from django.urls import reverse

from beoordeling.models import Belang, Stem
from beoordeling.services.vergadering import (
    agenda_vullen,
    agendapunt_afsluiten,
    vergadering_afzeggen,
    vergadering_plannen,
    vergadering_sluiten,
)
from kern.models import LogRegel
from tests.beoordeling.test_belang_zoeken import machtig, wijzig
from tests.beoordeling.test_vergadering import open_met, stemt, vergaderronde
from tests.factories.commissie import CODES, SCOREN, VERGADEREN, commissieronde, dien_in, wijs_alles_toe
from tests.factories.portaal_medewerker import als, op_moment, tekst
from tests.factories.ronde import vers

pytestmark = pytest.mark.django_db
STEM = {f"score_{code}": "5" for code in CODES}


def adres(naam: str, *delen: object) -> str:
    return reverse(f"portalen:{naam}", args=delen)


def pogingen(aanvraag) -> list[str]:
    rijen = LogRegel.objects.filter(keten=f"aanvraag:{aanvraag.pk}", handeling="belang_toegang_geweigerd")
    return [rij.gegevens["waar"] for rij in rijen.order_by("volgnr")]


@pytest.mark.parametrize("wie", ["secretaris", "voorzitter"])
def test_who_leads_and_manages_the_applicant_finds_nothing(wie: str) -> None:
    ronde = commissieronde(2, 4)
    wijs_alles_toe(ronde)
    zaak = ronde.zaken[0]
    toewijzing = dien_in(ronde.toewijzingen(zaak)[0], (1, 1, 1, 1))
    gebruiker = getattr(ronde, wie).gebruiker
    pagina, stap = (
        adres("commissie_aanvraag", zaak.pk),
        adres("commissie_aanvraag_stap", zaak.pk, f"heropenen-{toewijzing.pk}"),
    )
    with op_moment(SCOREN):
        client = als(gebruiker)
        assert client.get(pagina).status_code == 200
        machtig(gebruiker, zaak.organisatie)
        assert client.get(pagina).status_code == 404
        assert zaak.kenmerk not in tekst(client.get(adres("commissie", ronde.tijdvak.sleutel)))
        assert client.post(stap, {"reden": "Kijk nog eens naar de scores."}).status_code == 404
    assert vers(toewijzing).status == "ingediend"
    assert pogingen(zaak) == [stap]
    assert Belang.objects.filter(aanvraag=zaak, gebruiker=gebruiker, soort="gemachtigd").exists()  # now on record


def test_an_item_is_gone_after_a_new_mandate() -> None:
    ronde, vergadering, (punt,) = vergaderronde(5)
    open_met(ronde, vergadering, *ronde.leden, ronde.voorzitter)
    with op_moment(VERGADEREN):
        for lid in (ronde.leden[0], ronde.voorzitter):
            client = als(lid.gebruiker)
            pagina = adres("agendapunt", vergadering.pk, punt.pk)
            assert client.get(pagina).status_code == 200
            machtig(lid.gebruiker, punt.aanvraag.organisatie)
            assert client.get(pagina).status_code == 404
            assert punt.aanvraag.kenmerk not in tekst(client.get(adres("vergadering", vergadering.pk)))
            for stap, data in (("stem", STEM), ("afsluiten", {"verslag": "Besproken."})):
                antwoord = client.post(adres("agendapunt_stap", vergadering.pk, punt.pk, stap), data)
                assert antwoord.status_code == 404
    assert not Stem.objects.exists()
    assert vers(punt).gesloten_op is None
    assert len(pogingen(punt.aanvraag)) == 4


def test_an_item_shuts_when_the_interest_is_found_while_voting() -> None:
    """Another kind than a mandate: found by the look that goes before the vote; the answer does not show the item."""
    ronde, vergadering, (punt,) = vergaderronde(5)
    lid = ronde.leden[0]
    open_met(ronde, vergadering, *ronde.leden)
    type(lid).objects.filter(pk=lid.pk).update(kvk_nummer=punt.aanvraag.organisatie.kvk_nummer)
    with op_moment(VERGADEREN):
        client = als(lid.gebruiker)
        antwoord = client.post(adres("agendapunt_stap", vergadering.pk, punt.pk, "stem"), STEM)
        assert antwoord.url == adres("vergadering", vergadering.pk)
        assert "U hebt een belang bij deze aanvraag" in tekst(client.get(antwoord.url))
        assert client.get(adres("agendapunt", vergadering.pk, punt.pk)).status_code == 404
    assert not Stem.objects.exists()
    assert Belang.objects.get(gebruiker=lid.gebruiker).soort == "werkgever"


def test_a_change_after_sending_is_shown_to_who_leads() -> None:
    ronde = commissieronde(1, 4)
    wijs_alles_toe(ronde)
    zaak = ronde.zaken[0]
    lid = ronde.toewijzingen(zaak)[0].lid
    with op_moment(SCOREN):
        client = als(ronde.secretaris.gebruiker)
        pagina = adres("commissie_aanvraag", zaak.pk)
        assert "Mogelijk een belang" not in tekst(client.get(pagina))
        wijzig("contact", zaak, lid)
        html = tekst(client.get(pagina))
    assert "Mogelijk een belang" in html
    assert f"{lid}: Het lid en de aanvrager mailen allebei vanaf" in html


@pytest.mark.parametrize("einde", ["afgezegd", "gesloten"])
def test_what_a_meeting_did_not_deal_with_is_shut_after_it(einde: str) -> None:
    """For a member who did not assess it; the assessors and the secretary read on."""
    ronde, vergadering, (punt, behandeld) = vergaderronde(5, aantal=2)
    beoordelaars = {t.lid_id for t in ronde.toewijzingen(punt.aanvraag)}
    bezet = beoordelaars | {t.lid_id for t in ronde.toewijzingen(behandeld.aanvraag)}
    buiten = next(lid for lid in ronde.leden if lid.pk not in bezet)  # four assignments, five members
    binnen = next(lid for lid in ronde.leden if lid.pk in beoordelaars)
    pagina, lijst = adres("agendapunt", vergadering.pk, punt.pk), adres("vergadering", vergadering.pk)
    with op_moment(VERGADEREN):
        client = als(buiten.gebruiker)
        assert client.get(pagina).status_code == 200
        if einde == "afgezegd":
            vergadering_afzeggen(
                vergadering=vergadering, reden="Te weinig leden.", actor=ronde.secretaris.gebruiker, op=VERGADEREN
            )
        else:
            open_met(ronde, vergadering, *ronde.leden)
            for lid in ronde.leden:
                stemt(behandeld, lid, 3, 3, 3, 3)
            leiding = {"actor": ronde.secretaris.gebruiker, "op": VERGADEREN}
            agendapunt_afsluiten(punt=behandeld, verslag="Besproken.", **leiding)
            vergadering_sluiten(vergadering=vergadering, **leiding)
            assert client.get(adres("agendapunt", vergadering.pk, behandeld.pk)).status_code == 200
        assert client.get(pagina).status_code == 404
        html = tekst(client.get(lijst))
        assert punt.aanvraag.kenmerk not in html
        assert (behandeld.aanvraag.kenmerk in html) == (einde == "gesloten")
        for wie in (binnen, ronde.secretaris):
            assert als(wie.gebruiker).get(pagina).status_code == 200
        if einde == "afgezegd":  # on the agenda again
            nieuw = vergadering_plannen(
                commissie=ronde.commissie, gepland_op=VERGADEREN, plaats="Utrecht", actor=None, op=VERGADEREN
            )
            (weer,) = agenda_vullen(vergadering=nieuw, aanvragen=[punt.aanvraag], actor=None, op=VERGADEREN)
            assert client.get(adres("agendapunt", nieuw.pk, weer.pk)).status_code == 200
