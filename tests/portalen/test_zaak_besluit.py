"""Proposing decisions and settlements: grounds, budget, letter preview, and what is refused."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal

import pytest

from aanvragen.enums import Status
from aanvragen.models import Aanvraag
from aanvragen.services.behandeling import aanvulling_vragen, in_behandeling_nemen
from portalen.zaakstand import stand
from regeling.models import Plafond
from tests.factories.portaal_medewerker import (
    LATER,
    als,
    complete_ronde,
    gecontroleerd,
    gedeclareerd,
    gelote_ronde,
    maak_ploeg,
    meldingen,
    op_moment,
    tekst,
    versie_van,
)
from tests.factories.ronde import NA, maak_ingediend, open_tijdvak
from uitvoering.enums import Afwijzingsgrond, Besluitsoort, Besluitstatus, Declaratiestatus
from uitvoering.models import Besluit, Declaratie, Kostenregel
from uitvoering.services.besluit import besluit_ondertekenen, besluit_terugnemen, besluit_voorstellen
from uitvoering.services.declaratie import declaratie_in_controle
from uitvoering.services.vaststelling import vaststelling_voorstellen

pytestmark = pytest.mark.django_db


def adres(zaak, deel: str) -> str:
    return f"/werk/zaken/{zaak.pk}/{deel}"


def vers(zaak) -> Aanvraag:
    return Aanvraag.objects.get(pk=zaak.pk)


@pytest.fixture
def geloot():
    ronde = gelote_ronde(3)
    with op_moment(LATER):
        yield ronde


def voorstel(ronde, zaak, soort="verlening", **velden):
    gegevens = {"motivering": "Uw aanvraag past.", "knop": "voorstellen", "versie": stand(vers(zaak)), **velden}
    return als(ronde.ploeg.behandelaar).post(adres(zaak, f"besluit/{soort}/"), gegevens)


def test_a_grant_is_proposed_for_the_selected_amount(geloot):
    zaak = geloot.zaken[0]
    antwoord = voorstel(geloot, zaak)
    assert antwoord.url == adres(zaak, "") + "#besluiten"
    besluit = Besluit.objects.get()
    assert (besluit.soort, besluit.status, besluit.bedrag, besluit.motivering, besluit.voorgesteld_door) == (
        Besluitsoort.VERLENING,
        Besluitstatus.VOORGESTELD,
        Decimal("1000.00"),
        "Uw aanvraag past.",
        geloot.ploeg.behandelaar,
    )
    assert meldingen(antwoord) == ["Het besluit is voorgesteld. Een beslisser kan het nu ondertekenen."]


def test_the_first_text_says_what_the_draw_gave(geloot):
    begin = als(geloot.ploeg.behandelaar).get(adres(geloot.zaken[2], "besluit/afwijzing/")).context["form"].initial
    assert begin["grond"] == Afwijzingsgrond.PLAFOND
    assert begin["motivering"].startswith("Uw aanvraag kreeg bij de loting nummer 3. Er waren meer aanvragen")


def test_preview_shows_the_letter_and_stores_nothing(geloot):
    zaak = geloot.zaken[2]
    motivering = "Het geld was op voordat u aan de beurt kwam <script>."
    antwoord = voorstel(geloot, zaak, "afwijzing", grond="plafond", motivering=motivering, knop="voorbeeld")
    assert antwoord.status_code == 200
    pagina = antwoord.content.decode()
    assert "Het geld was op voordat u aan de beurt kwam &lt;script&gt;." in pagina
    assert "<script>" not in pagina.replace("&lt;script&gt;", "")
    assert "Wij wijzen uw aanvraag af" in tekst(antwoord)
    assert "artikel 4:25, tweede lid, van de Algemene wet bestuursrecht" in tekst(antwoord)
    assert Besluit.objects.count() == 0
    assert versie_van(pagina) == stand(vers(zaak))


def test_own_article_replaces_the_standard_ones(geloot):
    voorstel(geloot, geloot.zaken[2], "afwijzing", grond="plafond", artikel="artikel 12 van de regeling")
    assert Besluit.objects.get().artikel == "artikel 12 van de regeling"


def test_effect_on_the_budget_before_and_after(geloot):
    Plafond.objects.filter(tijdvak=geloot.tijdvak).update(verleend=0)
    antwoord = als(geloot.ploeg.behandelaar).get(adres(geloot.zaken[0], "besluit/verlening/"))
    (regel,) = antwoord.context["budget"]
    assert (regel.gereserveerd, regel.verleend, regel.resteert) == (
        (Decimal(2000), Decimal(1000)),
        (Decimal(0), Decimal(1000)),
        (Decimal(0), Decimal(0)),
    )
    afwijzing = als(geloot.ploeg.behandelaar).get(adres(geloot.zaken[2], "besluit/afwijzing/"))
    (regel,) = afwijzing.context["budget"]
    assert regel.gereserveerd == (Decimal(2000), Decimal(2000))


@pytest.mark.parametrize(
    ("soort", "velden", "fouten"),
    [
        ("verlening", {"motivering": "  "}, {"motivering": ["Vul “Motivering” in."]}),
        ("afwijzing", {"grond": ""}, {"grond": ["Maak een keuze bij “Grond”."]}),
        ("afwijzing", {"grond": "zomaar"}, None),
    ],
)
def test_grounds_are_required(geloot, soort, velden, fouten):
    antwoord = voorstel(geloot, geloot.zaken[2 if soort == "afwijzing" else 0], soort, **velden)
    assert antwoord.status_code == 400
    if fouten is None:
        assert list(antwoord.context["form"].errors) == ["grond"]
    else:
        assert antwoord.context["form"].errors == fouten
    assert Besluit.objects.count() == 0


@pytest.mark.parametrize("soort", ["verlening", "buiten_behandeling"])
def test_a_decision_that_does_not_fit_the_state_is_refused(geloot, soort):
    zaak = geloot.zaken[2]
    scherm = als(geloot.ploeg.behandelaar).get(adres(zaak, f"besluit/{soort}/"))
    assert scherm.context["kan_nu"] is False
    antwoord = voorstel(geloot, zaak, soort)
    assert antwoord.status_code == 400
    assert antwoord.context["form"].non_field_errors()[0].startswith("Bij de status “Reservelijst” hoort geen besluit")
    assert Besluit.objects.count() == 0


@pytest.mark.parametrize("soort", ["vaststelling", "intrekking", "onzin"])
def test_only_kinds_that_are_proposed_here(geloot, soort):
    assert voorstel(geloot, geloot.zaken[0], soort).status_code == 404


def test_a_check_that_waits_stands_in_the_way_of_a_grant(geloot):
    zaak = geloot.zaken[0]
    zaak.toetsen.filter(code="bedrag").update(uitkomst="handmatig")
    scherm = als(geloot.ploeg.behandelaar).get(adres(zaak, "besluit/verlening/"))
    assert scherm.context["wacht_op"] == ["Kosten en subsidie"]
    antwoord = voorstel(geloot, zaak)
    assert antwoord.context["form"].non_field_errors() == [
        "Deze toetsen voldoen niet of wachten nog op een oordeel: Kosten en subsidie. Beoordeel ze eerst."
    ]
    assert Besluit.objects.count() == 0


def test_a_second_proposal_meets_the_first(geloot):
    zaak, ploeg = geloot.zaken[0], geloot.ploeg
    gezien = stand(vers(zaak))
    besluit_voorstellen(
        aanvraag=zaak, soort=Besluitsoort.VERLENING, motivering="Eerst.", actor=ploeg.behandelaar2, op=LATER
    )
    antwoord = voorstel(geloot, zaak, versie=gezien)
    assert antwoord.status_code == 409
    assert [(g.wat, g.wie) for g in antwoord.context["gebeurtenissen"]] == [
        ("Stelde een besluit voor", str(ploeg.behandelaar2))
    ]
    assert "Uw aanvraag past." in tekst(antwoord)
    opnieuw = voorstel(geloot, zaak)
    assert opnieuw.context["form"].non_field_errors()[0].startswith("Er is al een besluit voorgesteld.")
    assert Besluit.objects.get().motivering == "Eerst."


def test_a_proposal_that_was_sent_back_comes_with_the_reason(geloot):
    zaak, ploeg = geloot.zaken[0], geloot.ploeg
    besluit = besluit_voorstellen(
        aanvraag=zaak, soort=Besluitsoort.VERLENING, motivering="Te kort.", actor=ploeg.behandelaar, op=LATER
    )
    besluit_terugnemen(besluit=besluit, reden="Schrijf uitgebreider.", actor=ploeg.beslisser, op=LATER)
    scherm = als(ploeg.behandelaar).get(adres(zaak, "besluit/verlening/"))
    assert scherm.context["form"].initial["motivering"] == "Te kort."
    assert "Schrijf uitgebreider." in tekst(scherm)
    assert f"Teruggestuurd door {ploeg.beslisser}" in tekst(scherm)
    voorstel(geloot, zaak, motivering="Nu uitgebreid.")
    assert (Besluit.objects.get().status, Besluit.objects.get().motivering) == ("voorgesteld", "Nu uitgebreid.")


def test_not_treating_after_the_term():
    ploeg = maak_ploeg()
    zaak = in_behandeling_nemen(aanvraag=maak_ingediend(open_tijdvak()), actor=ploeg.behandelaar, op=NA)
    aanvulling_vragen(aanvraag=zaak, onderdelen=["De offerte"], termijn_dagen=5, actor=ploeg.behandelaar, op=NA)
    gegevens = {"motivering": "Niet aangevuld.", "knop": "voorstellen"}
    url = adres(zaak, "besluit/buiten_behandeling/")
    with op_moment(NA + timedelta(days=5)):
        antwoord = als(ploeg.behandelaar).post(url, {**gegevens, "versie": stand(vers(zaak))})
        assert "pas als de termijn om aan te vullen voorbij is" in antwoord.context["form"].non_field_errors()[0]
    with op_moment(NA + timedelta(days=6)):
        antwoord = als(ploeg.behandelaar).post(url, {**gegevens, "versie": stand(vers(zaak))})
        assert antwoord.status_code == 302
    assert Besluit.objects.get().soort == Besluitsoort.BUITEN_BEHANDELING


def test_a_refusal_before_the_draw():
    ronde = complete_ronde(1)
    with op_moment(NA):
        voorstel(ronde, ronde.zaken[0], "afwijzing", grond="doelgroep")
        scherm = als(ronde.ploeg.behandelaar).get(adres(ronde.zaken[0], ""))
    assert Besluit.objects.get().grond == Afwijzingsgrond.DOELGROEP
    assert [stap.naam for stap in scherm.context["stappen"]] == ["Bekijk het besluit"]
    assert scherm.context["wat_nu"].startswith("Er ligt een voorstel: afwijzing.")


# --- The claim and the settlement -----------------------------------------------------------------------------------


@pytest.fixture
def controle():
    """A claim of two lines, in hand."""
    ronde = gelote_ronde(2)
    declaratie = gedeclareerd(ronde, ronde.zaken[0], 1000, 1500)
    declaratie_in_controle(declaratie=declaratie, actor=ronde.ploeg.behandelaar, op=LATER)
    with op_moment(LATER):
        yield ronde, ronde.zaken[0], list(Kostenregel.objects.order_by("id"))


def beoordeling(zaak, regels, *paren, **velden):
    gegevens = {"versie": stand(vers(zaak)), **velden}
    for regel, (bedrag, oordeel) in zip(regels, paren, strict=True):
        gegevens |= {f"regel-{regel.pk}-goedgekeurd": bedrag, f"regel-{regel.pk}-oordeel": oordeel}
    return gegevens


def test_lines_are_judged_together(controle):
    ronde, zaak, regels = controle
    client = als(ronde.ploeg.behandelaar)
    scherm = client.get(adres(zaak, "declaratie/"))
    assert (scherm.context["totaal"], scherm.context["goedgekeurd"], scherm.context["klaar"]) == (
        Decimal(2500),
        Decimal(0),
        False,
    )
    antwoord = client.post(
        adres(zaak, "declaratie/"), beoordeling(zaak, regels, ("1.000", ""), ("1.200,50", "Uur te veel."))
    )
    assert antwoord.url == adres(zaak, "declaratie/")
    assert list(Kostenregel.objects.order_by("id").values_list("goedgekeurd", "oordeel")) == [
        (Decimal("1000.00"), ""),
        (Decimal("1200.50"), "Uur te veel."),
    ]
    klaar = client.get(adres(zaak, "declaratie/"))
    assert klaar.context["klaar"] is True
    client.post(adres(zaak, "stap/declaratie-afronden/"), {"versie": stand(vers(zaak))})
    assert Declaratie.objects.get().status == Declaratiestatus.DEELS_GOEDGEKEURD


@pytest.mark.parametrize(
    ("paar", "veld", "fout"),
    [
        (("900", ""), "oordeel", "Schrijf op waarom u minder goedkeurt."),
        (("1.001", "x"), "goedgekeurd", "Vul een bedrag in van ten hoogste € 1.000."),
        (("-1", "x"), "goedgekeurd", "Vul het bedrag in zonder minteken."),
        (("", "x"), "goedgekeurd", "Vul “Goedgekeurd bedrag” in."),
    ],
)
def test_a_wrong_line_stores_none(controle, paar, veld, fout):
    ronde, zaak, regels = controle
    antwoord = als(ronde.ploeg.behandelaar).post(
        adres(zaak, "declaratie/"), beoordeling(zaak, regels, paar, ("1.500", ""))
    )
    assert antwoord.status_code == 400
    assert antwoord.context["formulieren"][0].errors == {veld: [fout]}
    assert fout in tekst(antwoord)
    assert list(Kostenregel.objects.values_list("goedgekeurd", flat=True)) == [None, None]


def test_concluding_needs_every_line(controle):
    ronde, zaak, _regels = controle
    antwoord = als(ronde.ploeg.behandelaar).post(
        adres(zaak, "stap/declaratie-afronden/"), {"versie": stand(vers(zaak))}
    )
    assert meldingen(antwoord) == ["Niet alle regels zijn beoordeeld. Beoordeel elke regel."]
    assert Declaratie.objects.get().status == Declaratiestatus.IN_CONTROLE


def test_judging_meets_a_colleague_who_was_first(controle):
    ronde, zaak, regels = controle
    gegevens = beoordeling(zaak, regels, ("1.000", ""), ("1.500", ""))
    als(ronde.ploeg.behandelaar2).post(
        adres(zaak, "declaratie/"), beoordeling(zaak, regels, ("500", "Te veel."), ("1.500", ""))
    )
    antwoord = als(ronde.ploeg.behandelaar).post(adres(zaak, "declaratie/"), gegevens)
    assert antwoord.status_code == 409
    assert {g.wie for g in antwoord.context["gebeurtenissen"]} == {str(ronde.ploeg.behandelaar2)}
    assert Kostenregel.objects.order_by("id")[0].goedgekeurd == Decimal(500)


def test_the_invoice_of_this_case_only(controle):
    ronde, zaak, regels = controle
    client = als(ronde.ploeg.financieel)
    antwoord = client.get(adres(zaak, f"facturen/{regels[0].pk}/"))
    assert antwoord["Content-Disposition"] == 'attachment; filename="factuur-1.png"'
    assert b"".join(antwoord.streaming_content)[:4] == b"\x89PNG"
    assert client.get(adres(ronde.zaken[1], f"facturen/{regels[0].pk}/")).status_code == 404


def test_no_claim_no_page(geloot):
    assert als(geloot.ploeg.behandelaar).get(adres(geloot.zaken[0], "declaratie/")).status_code == 404
    antwoord = als(geloot.ploeg.behandelaar).get(adres(geloot.zaken[0], "vaststelling/"))
    assert meldingen(antwoord) == ["Vaststellen kan pas als de declaratie is gecontroleerd. Rond eerst de controle af."]


def test_claim_in_hand_from_the_page_of_the_case():
    ronde = gelote_ronde(1)
    gedeclareerd(ronde, ronde.zaken[0])
    zaak = vers(ronde.zaken[0])
    with op_moment(LATER):
        client = als(ronde.ploeg.behandelaar)
        scherm = client.get(adres(zaak, ""))
        assert [stap.naam for stap in scherm.context["stappen"]] == ["Declaratie in controle nemen"]
        client.post(adres(zaak, "stap/declaratie-in-controle/"), {"versie": stand(zaak)})
    assert Declaratie.objects.get().status == Declaratiestatus.IN_CONTROLE


@pytest.fixture
def te_vaststellen():
    ronde = gelote_ronde(1)
    gecontroleerd(ronde, ronde.zaken[0], 2000, goed=1500)
    with op_moment(LATER):
        yield ronde, vers(ronde.zaken[0])


def test_settlement_with_its_calculation(te_vaststellen):
    ronde, zaak = te_vaststellen
    client = als(ronde.ploeg.behandelaar)
    scherm = client.get(adres(zaak, "vaststelling/"))
    uitkomst = scherm.context["uitkomst"]
    assert (uitkomst.kosten, uitkomst.bedrag) == (Decimal("1500.00"), Decimal("750.00"))
    assert [(regel.omschrijving, regel.bedrag) for regel in uitkomst.regels][-1] == ("Vastgesteld bedrag", Decimal(750))
    antwoord = client.post(adres(zaak, "vaststelling/"), {"motivering": "", "versie": stand(zaak)})
    besluit = Besluit.objects.get(soort=Besluitsoort.VASTSTELLING)
    assert antwoord.url == f"/werk/besluiten/{besluit.pk}/"
    assert (besluit.status, besluit.bedrag, besluit.vaststelling.bedrag) == ("voorgesteld", 750, 750)
    assert besluit.motivering.startswith("Het bedrag is lager dan verleend: de gemaakte kosten zijn lager dan begroot")
    assert "Wij stellen uw subsidie vast" in tekst(client.get(antwoord.url))


def test_a_settlement_sent_back_can_be_proposed_again(te_vaststellen):
    ronde, zaak = te_vaststellen
    besluit = vaststelling_voorstellen(aanvraag=zaak, motivering="Kort.", actor=ronde.ploeg.behandelaar, op=LATER)
    besluit_terugnemen(besluit=besluit, reden="Leg uit.", actor=ronde.ploeg.beslisser, op=LATER)
    client = als(ronde.ploeg.behandelaar)
    scherm = client.get(adres(zaak, "vaststelling/"))
    assert (scherm.context["form"].initial["motivering"], scherm.context["teruggestuurd"].reden) == (
        "Kort.",
        "Leg uit.",
    )
    antwoord = client.post(adres(zaak, "vaststelling/"), {"motivering": "Uitgelegd.", "versie": stand(vers(zaak))})
    assert antwoord.status_code == 302
    besluit = Besluit.objects.get(soort=Besluitsoort.VASTSTELLING)
    assert (besluit.status, besluit.motivering) == ("voorgesteld", "Uitgelegd.")


def test_a_second_settlement_is_refused(te_vaststellen):
    ronde, zaak = te_vaststellen
    besluit = vaststelling_voorstellen(aanvraag=zaak, motivering="Eerst.", actor=ronde.ploeg.behandelaar, op=LATER)
    besluit_ondertekenen(besluit=besluit, actor=ronde.ploeg.beslisser, op=LATER)
    antwoord = als(ronde.ploeg.behandelaar).post(
        adres(zaak, "vaststelling/"), {"motivering": "Nog een keer.", "versie": stand(vers(zaak))}
    )
    assert antwoord.context["form"].non_field_errors() == [
        "Er is al een vaststelling voorgesteld. Bekijk het besluit op de zaak."
    ]
    besluit.refresh_from_db()
    assert (besluit.status, besluit.motivering, vers(zaak).status) == (
        "ondertekend",
        "Eerst.",
        Status.VASTSTELLING_GEVRAAGD,
    )
