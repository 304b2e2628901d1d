"""Screens of the committee: what each person sees and does, and what does not exist for them."""

from __future__ import annotations

import json
import re
from collections import Counter
from datetime import timedelta
from decimal import Decimal

import pytest
from django.urls import reverse

from beoordeling.enums_commissie import Stand, Toewijzingstatus
from beoordeling.models import Aanvraagbeoordeling, Belang, Eindscore, Toewijzing, Vergadering
from beoordeling.services.belangen import belang_vastleggen
from kern.enums import Rol
from kern.models import LogRegel
from kern.services.gebruikers import rol_toekennen
from rapportage.services.dagoverzicht import overzicht_van
from tests.factories.commissie import (
    CODES,
    GOED,
    SCOREN,
    SCOREN_TOT,
    TABELLEN,
    THEMAS,
    VERGADEREN,
    aanvaard,
    commissieronde,
    dien_in,
    scoor,
    wijs_alles_toe,
)
from tests.factories.portaal_medewerker import als, meldingen, op_moment, tekst
from tests.factories.ronde import NA, maak_gebruiker, open_tijdvak, vers
from uitvoering.enums import Afwijzingsgrond, Besluitsoort
from uitvoering.services.besluit import besluit_voorstellen

pytestmark = pytest.mark.django_db
VER = ((5, 5, 5, 5), (2, 2, 2, 2))


def adres(naam: str, *delen: object) -> str:
    return reverse(f"portalen:{naam}", args=delen)


def scoreformulier(rij=GOED, **anders: str) -> dict[str, str]:
    uit = {f"score_{code}": str(score) for code, score in zip(CODES, rij, strict=True)}
    uit |= {f"reden_{code}": f"Reden bij {code}." for code in CODES}
    return {**uit, "pagina": "", "basis": "", **anders}


@pytest.fixture
def ronde():
    ronde = commissieronde(3, 4)
    wijs_alles_toe(ronde)
    return ronde


def test_before_yes_one_sees_who_and_not_what(ronde) -> None:
    rij = ronde.toewijzingen(ronde.zaken[0])[0]
    with op_moment(SCOREN):
        client = als(rij.lid.gebruiker)
        lijst = tekst(client.get(adres("beoordelen")))
        assert rij.aanvraag.kenmerk in lijst
        pagina = tekst(client.get(adres("beoordeling", rij.pk)))
        assert rij.aanvraag.organisatie.naam in pagina
        assert "Wat we gaan doen." not in pagina
        antwoord = client.post(adres("beoordeling_stap", rij.pk, "aanvaarden"), {})
        assert antwoord.status_code == 400
        assert "U hebt niet verklaard dat u geen belang hebt." in tekst(antwoord)
        client.post(adres("beoordeling_stap", rij.pk, "aanvaarden"), {"verklaring": "on"})
        pagina = tekst(client.get(adres("beoordeling", rij.pk)))
    assert vers(rij).status == Toewijzingstatus.AANVAARD
    assert "Wat we gaan doen." in pagina
    assert "Kwaliteit van het plan: waarde 5." in pagina  # anchors in view


def test_refusing_and_declaring_an_interest(ronde) -> None:
    een, ander = ronde.toewijzingen(ronde.zaken[0])
    with op_moment(SCOREN):
        client = als(een.lid.gebruiker)
        assert client.post(adres("beoordeling_stap", een.pk, "weigeren"), {"reden": ""}).status_code == 400
        client.post(adres("beoordeling_stap", een.pk, "weigeren"), {"reden": "Geen tijd deze weken."})
        ander_client = als(ander.lid.gebruiker)
        ander_client.post(adres("beoordeling_stap", ander.pk, "belang"), {"reden": "Mijn broer werkt daar."})
        assert ander_client.get(adres("beoordeling", ander.pk)).status_code == 404
        assert ander.aanvraag.kenmerk not in tekst(ander_client.get(adres("beoordelen")))
    assert (vers(een).status, vers(ander).status) == (Toewijzingstatus.GEWEIGERD, Toewijzingstatus.VERVALLEN)
    assert Belang.objects.get().reden == "Mijn broer werkt daar."


def test_scoring_keeps_half_and_hands_in_whole(ronde) -> None:
    rij = aanvaard(ronde.toewijzingen(ronde.zaken[0])[0])
    with op_moment(SCOREN):
        client = als(rij.lid.gebruiker)
        antwoord = client.post(adres("beoordeling", rij.pk), {"score_aanpak": "4", "actie": "bewaren"})
        assert antwoord.url == adres("beoordelen")
        pagina = client.get(adres("beoordeling", rij.pk)).content.decode()
        assert re.search(r'name="score_aanpak" value="4"[^>]*checked', pagina)
        antwoord = client.post(adres("beoordeling", rij.pk), scoreformulier(reden_resultaat="", actie="indienen"))
        assert antwoord.status_code == 400
        assert "De reden bij “Verwacht resultaat” ontbreekt." in tekst(antwoord)
        assert "Reden bij aanpak." in tekst(client.get(adres("beoordeling", rij.pk)))  # the rest is kept
        antwoord = client.post(adres("beoordeling", rij.pk), scoreformulier(score_aanpak="9", actie="indienen"))
        assert "Kies een score van 1 tot en met 5." in tekst(antwoord)
        client.post(adres("beoordeling", rij.pk), scoreformulier(actie="indienen"))
        pagina = tekst(client.get(adres("beoordeling", rij.pk)))
    assert vers(rij).status == Toewijzingstatus.INGEDIEND
    assert "66,25" in pagina
    assert "De scores van anderen ziet u als alle beoordelingen binnen zijn." in pagina


def test_the_script_keeps_what_is_typed(ronde) -> None:
    rij = aanvaard(ronde.toewijzingen(ronde.zaken[0])[0])
    url = adres("beoordeling_klad", rij.pk)

    def stuur(client, nr: int, **velden: str):
        body = {"velden": {naam: [waarde] for naam, waarde in velden.items()}, "basis": "", "pagina": "p1", "nr": nr}
        return client.post(url, json.dumps(body), content_type="application/json")

    with op_moment(SCOREN):
        client = als(rij.lid.gebruiker)
        assert stuur(client, 1, score_aanpak="4").json()["tekst"].startswith("Bewaard om ")
        stuur(client, 3, reden_aanpak="Sterk plan")
        stuur(client, 2, reden_aanpak="Ster")  # came in late: the newer text stays
        assert client.post(url, "geen json", content_type="application/json").status_code == 400
        assert als(ronde.voorzitter.gebruiker).post(url, "{}", content_type="application/json").status_code == 403
    assert list(rij.criteriumscores.values_list("criterium", "score", "reden")) == [("aanpak", 4, "Sterk plan")]
    with op_moment(SCOREN_TOT + timedelta(hours=1)):
        antwoord = stuur(als(rij.lid.gebruiker), 4, score_aanpak="5")
    assert (antwoord.status_code, "te laat" in antwoord.json()["tekst"]) == (409, True)


def test_a_late_form_is_refused_and_noted(ronde) -> None:
    rij = aanvaard(ronde.toewijzingen(ronde.zaken[0])[0])
    with op_moment(SCOREN_TOT + timedelta(hours=1)):
        antwoord = als(rij.lid.gebruiker).post(adres("beoordeling", rij.pk), scoreformulier(actie="indienen"))
    assert "U bent te laat" in tekst(antwoord)
    regel = LogRegel.objects.get(keten=f"toewijzing:{rij.pk}", handeling="scores_bewaren_geweigerd")
    assert regel.gegevens == {"code": "beoordeling-te-laat"}


def test_own_first_others_after_all_are_in(ronde) -> None:
    zaak = ronde.zaken[0]
    een, ander = ronde.toewijzingen(zaak)
    dien_in(een, (5, 5, 5, 5))
    ander = aanvaard(ander)
    with op_moment(SCOREN):
        blind, leiding = als(ander.lid.gebruiker), als(ronde.secretaris.gebruiker)
        assert "100,00" not in tekst(blind.get(adres("beoordeling", ander.pk)))
        assert "100,00" not in tekst(leiding.get(adres("commissie_aanvraag", zaak.pk)))
        dien_in(ander, (2, 2, 2, 2))
        for antwoord in (
            blind.get(adres("beoordeling", ander.pk)),
            leiding.get(adres("commissie_aanvraag", zaak.pk)),
        ):
            assert "100,00" in tekst(antwoord)
            assert "De totalen liggen 20 punten of meer uit elkaar." in tekst(antwoord)
        vreemd = next(lid for lid in ronde.leden if lid.pk not in (een.lid_id, ander.lid_id))
        assert als(vreemd.gebruiker).get(adres("beoordeling", een.pk)).status_code == 404


def test_agreement_on_screen(ronde) -> None:
    zaak = ronde.zaken[0]
    scoor(ronde, zaak, *VER)
    een, ander = ronde.toewijzingen(zaak)
    with op_moment(SCOREN):
        eerste, tweede = als(een.lid.gebruiker), als(ander.lid.gebruiker)
        gegevens = {f"score_{code}": "4" for code in CODES}
        fout = eerste.post(adres("beoordeling_stap", een.pk, "consensus"), gegevens)
        assert "De toelichting ontbreekt." in tekst(fout)
        eerste.post(adres("beoordeling_stap", een.pk, "consensus"), {**gegevens, "toelichting": "Samen gelezen."})
        assert "Samen gelezen." in tekst(tweede.get(adres("beoordeling", ander.pk)))
        tweede.post(adres("beoordeling_stap", ander.pk, "akkoord"))
        assert "De eindscore is 75,00." in tekst(tweede.get(adres("beoordeling", ander.pk)))
    assert Eindscore.objects.get().totaal == Decimal("75.00")


def routes_van(zaak, rij, vergadering=None, punt=None) -> list[tuple[str, str]]:
    """(method, address) of everything about one application that a committee member could try."""
    uit = [("get", adres("beoordeling", rij.pk)), ("get", adres("beoordeling_bijlage", rij.pk, 1))]
    uit += [("post", adres("beoordeling", rij.pk)), ("post", adres("beoordeling_klad", rij.pk))]
    uit += [
        ("post", adres("beoordeling_stap", rij.pk, stap))
        for stap in ("aanvaarden", "weigeren", "belang", "consensus", "akkoord", "niet-akkoord")
    ]
    uit += [("get", adres("commissie_aanvraag", zaak.pk))]
    uit += [("post", adres("commissie_aanvraag_stap", zaak.pk, s)) for s in ("toewijzen", "voorleggen", "belang")]
    uit += [("get", adres("zaak", zaak.pk)), ("get", adres("zaak_spoor", zaak.pk))]
    if punt is not None:
        uit += [("get", adres("agendapunt", vergadering.pk, punt.pk))]
        uit += [
            ("post", adres("agendapunt_stap", vergadering.pk, punt.pk, stap))
            for stap in ("stem", "verschonen", "afsluiten")
        ]
    return uit


def met_alle_rollen(gebruiker):
    """The same person with every role that opens screens of staff."""
    for rol in (Rol.BEOORDELAAR, Rol.VOORZITTER, Rol.SECRETARIS, Rol.BEHANDELAAR, Rol.BESLISSER):
        rol_toekennen(gebruiker=gebruiker, rol=rol, op=NA, actor=None)
    return vers(gebruiker)


def test_with_an_interest_the_application_does_not_exist_by_any_address() -> None:
    ronde = commissieronde(2, 2)  # both members assess both applications
    wijs_alles_toe(ronde)
    zaak, ander = ronde.zaken[0], ronde.zaken[1]
    scoor(ronde, zaak, *VER)
    scoor(ronde, ander, *VER)
    rij = ronde.toewijzingen(zaak)[0]
    with op_moment(VERGADEREN):
        leiding = als(ronde.secretaris.gebruiker)
        for z in (zaak, ander):
            leiding.post(adres("commissie_aanvraag_stap", z.pk, "voorleggen"), {"reden": "Te ver uiteen."})
        dag = {"dag_dag": "20", "dag_maand": "4", "dag_jaar": "2026", "tijd": "10:00", "plaats": "Utrecht"}
        leiding.post(adres("vergadering_nieuw", ronde.tijdvak.sleutel), dag)
        vergadering = Vergadering.objects.get()
        keuze = {"aanvragen": [zaak.pk, ander.pk]}
        leiding.post(adres("vergadering_stap", vergadering.pk, "agenda"), keuze)
        punt = vergadering.agenda.get(aanvraag=zaak)
        gebruiker = met_alle_rollen(rij.lid.gebruiker)
        open_ = {pad for manier, pad in routes_van(zaak, rij, vergadering, punt) if manier == "get"}
        client = als(gebruiker)
        assert client.get(adres("beoordeling", rij.pk)).status_code == 200
        assert client.get(adres("agendapunt", vergadering.pk, punt.pk)).status_code == 200
        assert client.get(adres("zaak", zaak.pk)).status_code == 200
        belang_vastleggen(aanvraag=zaak, lid=rij.lid, reden="Bleek familie te zijn.", actor=None, op=VERGADEREN)
        antwoorden = {
            (manier, pad): getattr(client, manier)(pad).status_code
            for manier, pad in routes_van(zaak, rij, vergadering, punt)
        }
        spoor = adres("zaak_spoor", zaak.pk)
        assert {code for (_m, pad), code in antwoorden.items() if pad != spoor} == {404}
        assert open_
        lijsten = [
            adres("beoordelen"),
            adres("beoordelen") + f"?zoek={zaak.kenmerk}",
            adres("werklijst") + "?status=alle",
            adres("werklijst") + f"?status=alle&zoek={zaak.kenmerk}",
            adres("vergadering", vergadering.pk),
        ]
        for lijst in lijsten:
            pagina = tekst(client.get(lijst))
            assert not re.search(rf"{zaak.organisatie.naam}\b", pagina), lijst
            if "zoek" not in lijst and "status" not in lijst:
                assert ander.organisatie.naam in pagina, lijst
    pogingen = LogRegel.objects.filter(keten=f"aanvraag:{zaak.pk}", handeling="belang_toegang_geweigerd")
    assert pogingen.count() >= 8
    assert {regel.actor for regel in pogingen} == {gebruiker}


def test_the_secretary_assigns_sees_and_leads(ronde) -> None:
    alle = [rij for zaak in ronde.zaken for rij in ronde.toewijzingen(zaak)]
    werk = Counter(rij.lid_id for rij in alle)
    een = next(rij for rij in alle if werk[rij.lid_id] == 2)  # without it the loads are still even: one new is enough
    zaak = een.aanvraag
    with op_moment(SCOREN):
        client = als(ronde.secretaris.gebruiker)
        pagina = tekst(client.get(adres("commissie", ronde.tijdvak.sleutel)))
        assert all(z.kenmerk in pagina for z in ronde.zaken)
        als(een.lid.gebruiker).post(adres("beoordeling_stap", een.pk, "weigeren"), {"reden": "Geen tijd."})
        plan = tekst(client.get(adres("commissie_toewijzen", ronde.tijdvak.sleutel)))
        assert "Er komen" in plan
        antwoord = client.post(adres("commissie_toewijzen", ronde.tijdvak.sleutel))
        assert meldingen(client.get(antwoord.url)) == ["1 nieuwe toewijzing gemaakt."]
        assert len(ronde.toewijzingen(zaak)) == 2
        scoor(ronde, zaak, GOED, GOED)
        client.post(adres("commissie_vaststellen", ronde.tijdvak.sleutel))
        assert Eindscore.objects.get().totaal == Decimal("66.25")
        assert als(ronde.leden[0].gebruiker).get(adres("commissie", ronde.tijdvak.sleutel)).status_code == 403
        elders = maak_gebruiker(Rol.SECRETARIS)
        assert als(elders).get(adres("commissie", ronde.tijdvak.sleutel)).status_code == 404
        assert als(elders).get(adres("commissie_aanvraag", zaak.pk)).status_code == 404


def test_calibration_beside_the_mean_and_the_export_without_conflicts(ronde) -> None:
    with op_moment(SCOREN):
        client = als(ronde.secretaris.gebruiker)
        leeg = tekst(client.get(adres("commissie_kalibratie", ronde.tijdvak.sleutel)))
        assert "te weinig beoordelingen" in leeg
        for nr, zaak in enumerate(ronde.zaken):
            scoor(ronde, zaak, (4, 4, 3 + nr % 2, 3), (3, 4, 4, 3 + nr % 2))
        pagina = tekst(client.get(adres("commissie_kalibratie", ronde.tijdvak.sleutel)))
        assert "Het gewone gemiddelde beslist" in pagina
        assert "Cronbachs alfa" in pagina
        regels = client.get(adres("commissie_scores", ronde.tijdvak.sleutel)).content.decode().splitlines()
        assert (regels[0], len(regels)) == ("aanvraag;thema;beoordelaar;score", 7)
        assert not any(str(lid) in regel for lid in ronde.leden for regel in regels)
        zaak = ronde.zaken[0]
        belang_vastleggen(aanvraag=zaak, lid=ronde.secretaris, reden="Oud-collega.", actor=None, op=SCOREN)
        pagina = tekst(client.get(adres("commissie_kalibratie", ronde.tijdvak.sleutel)))
        regels = client.get(adres("commissie_scores", ronde.tijdvak.sleutel)).content.decode().splitlines()
    assert zaak.kenmerk not in pagina
    assert (len(regels), any(zaak.kenmerk in regel for regel in regels)) == (5, False)


def test_an_administrator_sets_up_and_sees_no_applications() -> None:
    tijdvak = open_tijdvak(tabellen=TABELLEN)
    lid = maak_gebruiker(Rol.BEOORDELAAR)
    with op_moment(NA):
        client = als(maak_gebruiker(Rol.BEHEERDER))
        assert "nog geen commissie" in tekst(client.get(adres("commissie", tijdvak.sleutel)))
        dag = {"dag_dag": "30", "dag_maand": "4", "dag_jaar": "2026"}
        client.post(adres("commissie_instellen", tijdvak.sleutel), {"naam": "Commissie", **dag})
        gegevens = {"gebruiker": lid.pk, "rol": "lid", "van_dag": "1", "van_maand": "3", "van_jaar": "2026"}
        client.post(adres("commissie_benoemen", tijdvak.sleutel), gegevens)
        pagina = tekst(client.get(adres("commissie", tijdvak.sleutel)))
    assert str(lid) in pagina
    assert "Kalibratie" not in pagina


def test_a_member_declares_knowledge_and_earlier_work() -> None:
    themas = {"themas": THEMAS, "themakeuze": {"minimum": 0, "maximum": 2}}
    ronde = commissieronde(1, 2, tabellen=themas)
    lid, ander = ronde.leden
    with op_moment(SCOREN):
        client = als(lid.gebruiker)
        client.post(adres("commissie_lid", lid.pk), {"wat": "kennis", "thema_slimmer": "deskundig"})
        werk = {"wat": "samenwerking", "organisatie": "Bakkerij", "kvk_nummer": "00 00 00 77", "toelichting": "Advies."}
        client.post(adres("commissie_lid", lid.pk), werk)
        assert client.get(adres("commissie_lid", ander.pk)).status_code == 404
    assert list(lid.deskundigheden.values_list("thema__code", "niveau")) == [("slimmer", "deskundig")]
    assert list(lid.samenwerkingen.values_list("kvk_nummer", flat=True)) == ["00000077"]


@pytest.mark.parametrize("aantal", [1, 3])
def test_the_lists_ask_the_same_number_of_queries(aantal: int, django_assert_max_num_queries) -> None:
    ronde = commissieronde(aantal, 2)
    wijs_alles_toe(ronde)
    with op_moment(SCOREN):
        lid, secretaris = als(ronde.leden[0].gebruiker), als(ronde.secretaris.gebruiker)
        with django_assert_max_num_queries(24):
            assert lid.get(adres("beoordelen")).status_code == 200
        with django_assert_max_num_queries(32):
            assert secretaris.get(adres("commissie", ronde.tijdvak.sleutel)).status_code == 200


def test_reopening_on_screen(ronde) -> None:
    rij = dien_in(ronde.toewijzingen(ronde.zaken[0])[0])
    with op_moment(SCOREN):
        client = als(ronde.secretaris.gebruiker)
        pagina = tekst(client.get(adres("commissie_aanvraag", rij.aanvraag.pk)))
        assert f"Heropenen: {rij.lid}" in pagina
        client.post(
            adres("commissie_aanvraag_stap", rij.aanvraag.pk, f"heropenen-{rij.pk}"), {"reden": "Verkeerd gelezen."}
        )
        assert "Verkeerd gelezen." in tekst(als(rij.lid.gebruiker).get(adres("beoordeling", rij.pk)))
    assert vers(rij).status == Toewijzingstatus.HEROPEND
    assert Aanvraagbeoordeling.objects.get(aanvraag=rij.aanvraag).status == Stand.TOEGEWEZEN


def test_a_round_without_members_is_refused_in_words() -> None:
    ronde = commissieronde(1, 0)
    with op_moment(SCOREN):
        client = als(ronde.secretaris.gebruiker)
        antwoord = client.get(adres("commissie_toewijzen", ronde.tijdvak.sleutel), follow=True)
    assert "De commissie heeft nu geen leden." in tekst(antwoord)
    assert not Toewijzing.objects.exists()


def test_an_interest_also_shuts_off_decisions_and_the_daily_mail(ronde) -> None:
    """A member who is officer and decider too: the proposed decision is in no list, and has no page."""
    zaak, lid = ronde.zaken[0], ronde.leden[0]
    besluit = besluit_voorstellen(
        aanvraag=zaak,
        soort=Besluitsoort.AFWIJZING,
        grond=Afwijzingsgrond.VOORWAARDEN,
        motivering="Het plan past niet bij het doel.",
        actor=ronde.behandelaar,
        op=SCOREN,
    )
    gebruiker = met_alle_rollen(lid.gebruiker)
    with op_moment(SCOREN):
        client = als(gebruiker)
        assert zaak.kenmerk in tekst(client.get(adres("besluiten")))
        assert zaak.kenmerk in str(overzicht_van(gebruiker, SCOREN.date()))
        belang_vastleggen(aanvraag=zaak, lid=lid, reden="Bleek familie te zijn.", actor=None, op=SCOREN)
        assert zaak.kenmerk not in tekst(client.get(adres("besluiten")))
        assert client.get(adres("besluit", besluit.pk)).status_code == 404
        assert client.post(adres("besluit_stap", besluit.pk, "ondertekenen")).status_code == 404
    assert zaak.kenmerk not in str(overzicht_van(gebruiker, SCOREN.date()))
