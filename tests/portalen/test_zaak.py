"""The page of a case, and the steps up to completeness, with the version guard."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.core.files.base import ContentFile
from django.db import connection

from aanvragen.enums import Status, Toetsuitkomst
from aanvragen.models import Aanvraag, Aanvulling, Bijlage, Postbusbericht
from aanvragen.services.behandeling import aanvulling_vragen, in_behandeling_nemen
from aanvragen.services.conceptbijlage import bijlage_toevoegen
from aanvragen.services.indienen import aanvraag_indienen
from aanvragen.services.organisatie import machtiging_verlenen
from aanvragen.services.toetsing import toets_beoordelen
from kern.enums import Scanuitslag
from kern.models import Bericht, Bestand, LogRegel
from kern.services.spoor import keten_van
from portalen.zaakstand import stand
from tests.factories.database import zonder_triggers
from tests.factories.portaal_medewerker import (
    LATER,
    PNG,
    als,
    complete_ronde,
    gecontroleerd,
    gelote_ronde,
    maak_ploeg,
    meldingen,
    op_moment,
    tekst,
    vastgesteld,
    versie_van,
)
from tests.factories.ronde import NA, TIJDENS, maak_concept, maak_ingediend, open_tijdvak

pytestmark = pytest.mark.django_db
#: Possible also after the term: the stamp counts.
PAPIER = "Aanvulling op papier invoeren"
BIJLAGEN = [{"code": "offerte", "naam": "Offerte", "verplicht": False, "soorten": ["png"]}]


def adres(zaak, deel: str = "") -> str:
    return f"/werk/zaken/{zaak.pk}/{deel}"


def vers(zaak) -> Aanvraag:
    return Aanvraag.objects.get(pk=zaak.pk)


def stap(client, zaak, naam: str, versie: str | None = None):
    return client.post(adres(zaak, f"stap/{naam}/"), {"versie": stand(vers(zaak)) if versie is None else versie})


@pytest.fixture
def ploeg():
    return maak_ploeg()


@pytest.fixture
def ingediend(ploeg):
    zaak = maak_ingediend(open_tijdvak())
    with op_moment(NA):
        yield zaak


@pytest.fixture
def in_hand(ploeg, ingediend):
    return in_behandeling_nemen(aanvraag=ingediend, actor=ploeg.behandelaar, op=NA)


def stapnamen(antwoord) -> list[str]:
    return [gekozen.naam for gekozen in antwoord.context["stappen"]]


def test_everything_on_one_page(ploeg, in_hand):
    antwoord = als(ploeg.behandelaar).get(adres(in_hand))
    pagina = tekst(antwoord)
    assert antwoord.status_code == 200
    for stuk in (in_hand.kenmerk, in_hand.organisatie.naam, "In hand bij", "Wat we gaan doen.", "Adviseur: Advies"):
        assert stuk in pagina
    assert [g.wat for g in antwoord.context["recent"]] == [
        "Nam de zaak in behandeling",
        "Verstuurde de aanvraag",
        "Begon met de aanvraag",
    ]
    assert [g.wie for g in antwoord.context["recent"]] == [str(ploeg.behandelaar), "het systeem", "het systeem"]
    assert in_hand.inhoud_sha256 in pagina


def test_checks_tell_outcome_explanation_article_and_inputs(ploeg, in_hand):
    toets = in_hand.toetsen.get(code="kvk")
    pagina = tekst(als(ploeg.behandelaar).get(adres(in_hand)))
    for stuk in (toets.naam, toets.uitleg, toets.artikel, in_hand.organisatie.kvk_nummer):
        assert stuk in pagina


def test_what_can_be_done_follows_state_and_role(ploeg, ingediend):
    behandelaar, beslisser = als(ploeg.behandelaar), als(ploeg.beslisser)
    assert stapnamen(behandelaar.get(adres(ingediend))) == ["In behandeling nemen"]
    assert stapnamen(beslisser.get(adres(ingediend))) == []
    stap(behandelaar, ingediend, "in-behandeling")
    assert stapnamen(behandelaar.get(adres(ingediend))) == ["Compleet verklaren", "Om aanvulling vragen"]
    stap(behandelaar, ingediend, "compleet")
    assert stapnamen(behandelaar.get(adres(ingediend))) == ["Afwijzing voorstellen"]
    assert vers(ingediend).status == Status.COMPLEET


def test_a_failing_completeness_check_hides_the_button_and_is_named(ploeg, in_hand):
    in_hand.toetsen.filter(code="kvk").update(uitkomst=Toetsuitkomst.VOLDOET_NIET)
    client = als(ploeg.behandelaar)
    antwoord = client.get(adres(in_hand))
    assert stapnamen(antwoord) == ["Om aanvulling vragen"]
    assert antwoord.context["volledigheid_open"] == ["KvK-nummer"]
    geweigerd = stap(client, in_hand, "compleet")
    assert meldingen(geweigerd)[0].startswith("Deze toetsen voldoen niet of wachten op een oordeel: KvK-nummer.")
    assert vers(in_hand).status == Status.IN_BEHANDELING


def test_taking_in_hand(ploeg, ingediend):
    antwoord = stap(als(ploeg.behandelaar), ingediend, "in-behandeling")
    assert antwoord.url == adres(ingediend)
    assert meldingen(antwoord) == ["U hebt de zaak in behandeling."]
    assert (vers(ingediend).status, vers(ingediend).behandelaar) == (Status.IN_BEHANDELING, ploeg.behandelaar)


def test_unknown_step_is_not_found(ploeg, ingediend):
    assert stap(als(ploeg.behandelaar), ingediend, "weggooien").status_code == 404


@pytest.mark.parametrize("naam", ["declaratie-in-controle", "declaratie-afronden"])
def test_steps_of_a_claim_need_a_claim(ploeg, in_hand, naam):
    assert stap(als(ploeg.behandelaar), in_hand, naam).status_code == 404


def test_get_never_changes(ploeg, ingediend):
    assert als(ploeg.behandelaar).get(adres(ingediend, "stap/in-behandeling/")).status_code == 405
    assert vers(ingediend).status == Status.INGEDIEND


def test_a_stale_page_gets_a_conflict_that_tells_who_did_what(ploeg, ingediend):
    client = als(ploeg.behandelaar)
    gezien = versie_van(client.get(adres(ingediend)).content.decode())
    in_behandeling_nemen(aanvraag=ingediend, actor=ploeg.behandelaar2, op=NA)
    antwoord = stap(client, ingediend, "in-behandeling", gezien)
    assert antwoord.status_code == 409
    assert [(g.wat, g.wie) for g in antwoord.context["gebeurtenissen"]] == [
        ("Nam de zaak in behandeling", str(ploeg.behandelaar2))
    ]
    assert "Wij hebben niets opgeslagen" in tekst(antwoord)
    assert vers(ingediend).behandelaar == ploeg.behandelaar2


@pytest.mark.parametrize("versie", ["", "onzin", "999", "999.1", "-1", "1.9999999999999999999"])
def test_a_strange_version_is_a_conflict(ploeg, ingediend, versie):
    assert stap(als(ploeg.behandelaar), ingediend, "in-behandeling", versie).status_code == 409
    assert vers(ingediend).status == Status.INGEDIEND


def test_a_bare_version_number_is_enough(ploeg, ingediend):
    assert stap(als(ploeg.behandelaar), ingediend, "in-behandeling", str(ingediend.versie)).status_code == 302
    assert vers(ingediend).status == Status.IN_BEHANDELING


def test_a_conflict_keeps_the_typed_text_and_offers_to_go_on(ploeg, in_hand):
    client = als(ploeg.behandelaar)
    toets = in_hand.toetsen.get(code="bedrag")
    gezien = stand(in_hand)
    toets_beoordelen(
        toets=in_hand.toetsen.get(code="iban"),
        oordeel=Toetsuitkomst.VOLDOET,
        reden="Gezien.",
        actor=ploeg.behandelaar2,
        op=NA,
    )
    invoer = {"oordeel": "voldoet_niet", "reden": "De offerte is € 500 lager dan de begroting.", "versie": gezien}
    antwoord = client.post(adres(in_hand, "toetsen/bedrag/"), invoer)
    assert antwoord.status_code == 409
    pagina = tekst(antwoord)
    assert invoer["reden"] in pagina
    assert "Toets “iban”: Voldoet" in pagina
    assert in_hand.toetsen.get(code="bedrag").oordeel == ""
    opnieuw = client.post(
        adres(in_hand, "toetsen/bedrag/"), {**invoer, "versie": versie_van(antwoord.content.decode())}
    )
    assert opnieuw.status_code == 302
    toets.refresh_from_db()
    assert (toets.oordeel, toets.oordeel_reden) == ("voldoet_niet", invoer["reden"])


def test_judging_a_check(ploeg, in_hand):
    client = als(ploeg.behandelaar)
    antwoord = client.post(
        adres(in_hand, "toetsen/bedrag/"),
        {"oordeel": "voldoet_niet", "reden": "De kosten kloppen niet.", "versie": stand(in_hand)},
    )
    assert antwoord.url == adres(in_hand) + "#toetsen"
    toets = in_hand.toetsen.get(code="bedrag")
    assert (toets.geldend, toets.oordeel_door) == (Toetsuitkomst.VOLDOET_NIET, ploeg.behandelaar)
    pagina = client.get(adres(in_hand))
    assert "De automatische toets zei: Voldoet" in tekst(pagina)
    assert pagina.context["recent"][0].bijzonder == "Toets “bedrag”: Voldoet niet"


@pytest.mark.parametrize(
    ("invoer", "fouten"),
    [
        ({"reden": "Waarom."}, {"oordeel": ["Maak een keuze bij “Uw oordeel”."]}),
        ({"oordeel": "voldoet"}, {"reden": ["Vul “Reden” in."]}),
        ({"oordeel": "handmatig", "reden": "x"}, None),
    ],
)
def test_a_judgement_needs_a_choice_and_a_reason(ploeg, in_hand, invoer, fouten):
    antwoord = als(ploeg.behandelaar).post(adres(in_hand, "toetsen/bedrag/"), {**invoer, "versie": stand(in_hand)})
    assert antwoord.status_code == 400
    if fouten is not None:
        assert antwoord.context["form"].errors == fouten
    else:
        assert list(antwoord.context["form"].errors) == ["oordeel"]
    assert in_hand.toetsen.get(code="bedrag").oordeel == ""


def test_no_judging_after_the_decision(ploeg):
    ronde = gelote_ronde(2, ploeg=ploeg)
    zaak = vastgesteld(ronde, ronde.zaken[0])
    with op_moment(LATER):
        client = als(ploeg.behandelaar)
        assert "Oordeel bewaren" not in tekst(client.get(adres(zaak)))
        antwoord = client.post(
            adres(zaak, "toetsen/bedrag/"), {"oordeel": "voldoet", "reden": "x", "versie": stand(zaak)}
        )
    assert meldingen(antwoord) == ["U kunt deze toets nu niet beoordelen."]
    assert zaak.toetsen.get(code="bedrag").oordeel == ""


def test_unknown_check_is_not_found(ploeg, in_hand):
    assert als(ploeg.behandelaar).get(adres(in_hand, "toetsen/bestaat-niet/")).status_code == 404


def test_asking_to_complete(ploeg, in_hand):
    client = als(ploeg.behandelaar)
    scherm = client.get(adres(in_hand, "aanvulling/"))
    assert scherm.context["form"].initial == {"onderdelen": "", "termijn_dagen": 14}
    assert [naam for naam, _ in scherm.context["form"].groepen] == ["Delen van het formulier"]
    antwoord = client.post(
        adres(in_hand, "aanvulling/"),
        {"onderdelen": "- De offerte\n\n  De jaarcijfers van 2025 ", "termijn_dagen": "10", "versie": stand(in_hand)},
    )
    assert antwoord.url == adres(in_hand) + "#aanvullingen"
    aanvulling = Aanvulling.objects.get()
    assert aanvulling.onderdelen == ["De offerte", "De jaarcijfers van 2025"]
    assert aanvulling.termijn_tot == NA.date() + timedelta(days=10)
    assert meldingen(antwoord) == [
        "Het verzoek is verstuurd. De termijn loopt tot en met 7 april 2026. De beslistermijn staat stil."
    ]
    bericht = Postbusbericht.objects.get(sleutel=f"aanvulling-{aanvulling.pk}")
    assert Bericht.objects.get(sleutel=f"notificatie-{bericht.pk}").aan == in_hand.contact_email
    pagina = client.get(adres(in_hand))
    assert "Wij wachten op de aanvrager, tot en met 7 april 2026." in tekst(pagina)
    assert "termijn staat stil" in tekst(pagina)
    assert stapnamen(pagina) == [PAPIER, "Termijn verlengen"]


@pytest.mark.parametrize(
    ("onderdelen", "dagen", "fouten"),
    [
        ("", "14", {"onderdelen": ["Kies of noem minstens één onderdeel dat ontbreekt."]}),
        (" - \n * ", "14", {"onderdelen": ["Kies of noem minstens één onderdeel dat ontbreekt."]}),
        ("De offerte", "0", {"termijn_dagen": ["Geef minstens 1 dag."]}),
        ("De offerte", "91", {"termijn_dagen": ["Geef hoogstens 90 dagen."]}),
    ],
)
def test_a_request_needs_items_and_a_term(ploeg, in_hand, onderdelen, dagen, fouten):
    antwoord = als(ploeg.behandelaar).post(
        adres(in_hand, "aanvulling/"), {"onderdelen": onderdelen, "termijn_dagen": dagen, "versie": stand(in_hand)}
    )
    assert antwoord.status_code == 400
    if onderdelen:
        assert antwoord.context["form"].errors == fouten
    else:
        assert list(antwoord.context["form"].errors) == ["onderdelen"]
    assert (Aanvulling.objects.count(), vers(in_hand).status) == (0, Status.IN_BEHANDELING)


def test_a_request_in_the_wrong_state_is_refused_above_the_form(ploeg, ingediend):
    antwoord = als(ploeg.behandelaar).post(
        adres(ingediend, "aanvulling/"), {"onderdelen": "De offerte", "termijn_dagen": "14", "versie": stand(ingediend)}
    )
    assert antwoord.status_code == 400
    assert "heeft nu de status “Ingediend”" in antwoord.context["form"].non_field_errors()[0]
    assert Aanvulling.objects.count() == 0


@pytest.fixture
def gevraagd(ploeg, in_hand):
    aanvulling_vragen(aanvraag=in_hand, onderdelen=["De offerte"], termijn_dagen=5, actor=ploeg.behandelaar, op=NA)
    return vers(in_hand)


def test_going_on_waits_for_the_term(ploeg, gevraagd):
    client = als(ploeg.behandelaar)
    antwoord = client.post(adres(gevraagd, "verder/"), {"reden": "Genoeg.", "versie": stand(gevraagd)})
    assert antwoord.status_code == 400
    assert antwoord.context["form"].non_field_errors()[0].startswith("De termijn van het verzoek loopt nog.")
    assert vers(gevraagd).status == Status.AANVULLING_GEVRAAGD


def test_going_on_after_the_term_lapsed_also_before_the_worker_saw_it(ploeg, gevraagd):
    with op_moment(NA + timedelta(days=7)):
        client = als(ploeg.behandelaar)
        scherm = client.get(adres(gevraagd))
        assert stapnamen(scherm) == ["Verder zonder aanvulling", "Voorstellen om niet te behandelen", PAPIER]
        antwoord = client.post(adres(gevraagd, "verder/"), {"reden": "Genoeg te zien.", "versie": stand(gevraagd)})
    assert antwoord.url == adres(gevraagd)
    assert vers(gevraagd).status == Status.IN_BEHANDELING
    regel = LogRegel.objects.filter(keten=keten_van(gevraagd)).order_by("-volgnr").first()
    assert (regel.handeling, regel.reden, regel.actor) == ("aanvullen", "Genoeg te zien.", ploeg.behandelaar)


def test_not_treating_lapses_after_four_weeks(ploeg, gevraagd):
    with op_moment(NA + timedelta(days=5 + 29)):
        assert stapnamen(als(ploeg.behandelaar).get(adres(gevraagd))) == ["Verder zonder aanvulling", PAPIER]


def test_attachment_of_this_case_only(ploeg):
    tijdvak = open_tijdvak(tabellen={"bijlagen": BIJLAGEN})
    concepten = [maak_concept(tijdvak), maak_concept(tijdvak)]
    for concept in concepten:
        bijlage_toevoegen(aanvraag=concept, code="offerte", naam="offerte.png", inhoud=PNG, actor=None, op=TIJDENS)
    zaken = [aanvraag_indienen(aanvraag=vers(concept), actor=None, op=TIJDENS) for concept in concepten]
    bijlage = Bijlage.objects.get(aanvraag=zaken[0])
    with op_moment(NA):
        client = als(ploeg.auditor)
        antwoord = client.get(adres(zaken[0], f"bijlagen/{bijlage.pk}/"))
        assert b"".join(antwoord.streaming_content) == PNG
        assert antwoord["Content-Disposition"] == 'attachment; filename="offerte.png"'
        assert client.get(adres(zaken[1], f"bijlagen/{bijlage.pk}/")).status_code == 404
        bijlage.bestand.scan = Scanuitslag.BESMET
        bijlage.bestand.save()
        besmet = client.get(adres(zaken[0], f"bijlagen/{bijlage.pk}/"))
        assert besmet.status_code == 409
        assert "Dit bestand bevat een virus" in tekst(besmet)
        assert "Virus gevonden" in tekst(client.get(adres(zaken[0])))


def test_a_draft_does_not_exist_for_staff_not_even_their_own(ploeg):
    concept = maak_concept(open_tijdvak())
    machtiging_verlenen(
        organisatie=concept.organisatie, gebruiker=ploeg.behandelaar, soort="beheerder", actor=None, op=NA
    )
    with op_moment(NA):
        assert als(ploeg.behandelaar).get(adres(concept)).status_code == 404


def test_the_applicant_has_another_page(ploeg, ingediend):
    machtiging_verlenen(
        organisatie=ingediend.organisatie, gebruiker=ploeg.aanvrager, soort="beheerder", actor=None, op=NA
    )
    assert als(ploeg.aanvrager).get(adres(ingediend)).status_code == 403


def test_an_officer_who_acts_for_the_applicant_has_no_case(ploeg, ingediend):
    machtiging_verlenen(
        organisatie=ingediend.organisatie, gebruiker=ploeg.behandelaar, soort="medewerker", actor=None, op=NA
    )
    client = als(ploeg.behandelaar)
    assert client.get(adres(ingediend)).status_code == 404
    assert client.post(f"{adres(ingediend)}stap/in-behandeling/", {"versie": "x"}).status_code == 404
    assert vers(ingediend).status == Status.INGEDIEND
    assert als(ploeg.behandelaar2).get(adres(ingediend)).status_code == 200


def test_place_in_the_draw_decisions_claim_and_payment_are_shown(ploeg):
    ronde = gelote_ronde(3, ploeg=ploeg)
    zaak = vastgesteld(ronde, ronde.zaken[0], 1000, 1500)
    with op_moment(LATER):
        antwoord = als(ploeg.financieel).get(adres(zaak))
    pagina = tekst(antwoord)
    assert "nummer 1, Toegewezen: € 1.000" in pagina
    assert sorted(besluit.soort for besluit in antwoord.context["besluiten"]) == ["vaststelling", "verlening"]
    assert [str(regel.bedrag) for regel in antwoord.context["kostenregels"]] == ["1000.00", "1500.00"]
    assert "NL91 … 4300" in pagina
    assert stapnamen(antwoord) == []
    assert len(antwoord.context["recent"]) == 8
    assert {"Verstuurde de aanvraag", "De voucher is uitgegeven"} <= {g.wat for g in antwoord.context["ouder"]}


def test_an_imported_case_offers_no_steps(ploeg, ingediend):
    Aanvraag.objects.filter(pk=ingediend.pk).update(bron="import")
    scherm = als(ploeg.behandelaar).get(adres(ingediend))
    assert (stapnamen(scherm), scherm.context["wat_nu"]) == (
        [],
        "Deze zaak komt uit een bestand van vroeger. Er is hier niets te doen.",
    )


def test_the_trail_for_the_auditor_with_its_check(ploeg):
    ronde = gelote_ronde(2, ploeg=ploeg)
    gecontroleerd(ronde, ronde.zaken[0])
    zaak = vers(ronde.zaken[0])
    with op_moment(LATER):
        client = als(ploeg.auditor)
        antwoord = client.get(adres(zaak, "spoor/"))
        assert antwoord.context["breuken"] == []
        assert "Het spoor klopt: 4 ketens nagerekend" in tekst(antwoord)
        regels = LogRegel.objects.filter(keten__in=antwoord.context["ketens"])
        assert antwoord.context["pagina"].paginator.count == regels.count()
        assert keten_van(ronde.zaken[1]) not in antwoord.context["ketens"]


def test_the_check_finds_a_changed_line_of_this_case(ploeg, in_hand):
    keten = keten_van(in_hand)
    with zonder_triggers("kern_logregel"), connection.cursor() as cursor:
        cursor.execute("UPDATE kern_logregel SET reden = 'anders' WHERE keten = %s AND volgnr = 2", [keten])
    antwoord = als(ploeg.auditor).get(adres(in_hand, "spoor/"))
    assert antwoord.context["breuken"] == [f"{keten}: regel 2 is gewijzigd"]
    assert "Het spoor klopt niet" in tekst(antwoord)


def test_page_has_a_constant_number_of_queries(ploeg, django_assert_num_queries):
    ronde = complete_ronde(2, ploeg=ploeg)
    zaak = ronde.zaken[0]
    with op_moment(NA):
        client = als(ploeg.auditor)
        client.get(adres(zaak))
        with django_assert_num_queries(29):
            client.get(adres(zaak))
        for nr in range(3):
            Bijlage.objects.create(aanvraag=zaak, code=f"b{nr}", bestand=_bestand(), toegevoegd_op=NA)
        with django_assert_num_queries(29):
            assert len(client.get(adres(zaak)).context["bijlagen"]) == 3


def _bestand():
    bestand = Bestand(naam="x.png", mime="image/png", grootte=len(PNG), sha256="0" * 64, aangemaakt_op=NA)
    bestand.inhoud.save("x.png", ContentFile(PNG), save=False)
    bestand.save()
    return bestand
