"""The work list: filters, order, counts, and acts in bulk with a preview."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse

from aanvragen.enums import Status
from aanvragen.models import Aanvraag
from aanvragen.services.behandeling import in_behandeling_nemen
from aanvragen.services.organisatie import machtiging_verlenen
from portalen.zaakweergave import termijnvlag
from tests.factories.portaal_medewerker import (
    LATER,
    als,
    complete_ronde,
    gelote_ronde,
    maak_ploeg,
    meldingen,
    op_moment,
    tekst,
    versie_van,
)
from tests.factories.ronde import (
    NA,
    loting_tot,
    maak_compleet,
    maak_concept,
    maak_gebruiker,
    maak_ingediend,
    maak_organisatie,
    op_rang,
    open_tijdvak,
    tabel,
    vers,
)
from uitvoering.enums import Afwijzingsgrond, Besluitsoort, Besluitstatus
from uitvoering.models import Besluit

pytestmark = pytest.mark.django_db

LIJST = "/werk/lijst/"
BULK = "/werk/lijst/bulk/"
ZONDER_RESERVE = {
    "methode": "loting",
    "eenheid_loting": "aanvrager",
    "regel": "STOP",
    "bronnen": ["notaris"],
    "bedenktijd_uren": 24,
    "reservelijst": False,
}


def kenmerken(antwoord) -> list[str]:
    return [rij.aanvraag.kenmerk for rij in antwoord.context["rijen"]]


@pytest.fixture
def ronde():
    """One case in hand, two that nobody has."""
    ploeg = maak_ploeg()
    tijdvak = open_tijdvak()
    zaken = [maak_compleet(tijdvak, ploeg.behandelaar), maak_ingediend(tijdvak), maak_ingediend(tijdvak)]
    with op_moment(NA):
        yield tijdvak, ploeg, zaken


def test_shows_open_cases_with_the_counts_per_status(ronde):
    tijdvak, ploeg, zaken = ronde
    antwoord = als(ploeg.behandelaar).get(LIJST)
    assert antwoord.status_code == 200
    assert kenmerken(antwoord) == sorted(zaak.kenmerk for zaak in zaken)
    assert [(keuze.naam, keuze.aantal) for keuze in antwoord.context["keuzes"]] == [
        ("Te behandelen", 3),
        ("Te besluiten", 0),
        ("Declaraties", 0),
        ("Alles", 3),
        ("Ingediend", 2),
        ("Compleet", 1),
    ]


def test_earliest_legal_date_first_whatever_the_order_of_receipt(ronde):
    tijdvak, ploeg, zaken = ronde
    Aanvraag.objects.filter(pk=zaken[2].pk).update(beslissen_uiterlijk_op=(NA + timedelta(days=3)).date())
    Aanvraag.objects.filter(pk=zaken[0].pk).update(beslissen_uiterlijk_op=None)
    assert kenmerken(als(ploeg.behandelaar).get(LIJST)) == [zaken[2].kenmerk, zaken[1].kenmerk, zaken[0].kenmerk]


@pytest.mark.parametrize(
    ("dagen", "verwacht"),
    [(30, "nog 30 dagen"), (14, "nog 14 dagen"), (1, "nog 1 dag"), (0, "vandaag"), (-1, "1 dag te laat")],
)
def test_days_left_are_told_in_words(ronde, dagen, verwacht):
    _tijdvak, ploeg, zaken = ronde
    Aanvraag.objects.filter(pk=zaken[1].pk).update(beslissen_uiterlijk_op=(NA + timedelta(days=dagen)).date())
    assert verwacht in tekst(als(ploeg.behandelaar).get(f"{LIJST}?zoek={zaken[1].kenmerk}"))


@pytest.mark.parametrize(
    ("dagen", "soort"), [(15, "neutraal"), (14, "warning"), (1, "warning"), (0, "error"), (-9, "error")]
)
def test_colour_of_the_days_left(dagen, soort):
    zaak = Aanvraag(beslissen_uiterlijk_op=NA.date() + timedelta(days=dagen))
    zaak.__dict__["status"] = Status.COMPLEET
    assert termijnvlag(zaak, NA.date()).soort == soort


def test_filters_live_in_the_address(ronde):
    tijdvak, ploeg, zaken = ronde
    ander = open_tijdvak()
    vreemd = maak_ingediend(ander)
    client = als(ploeg.behandelaar)
    assert kenmerken(client.get(f"{LIJST}?tijdvak={ander.sleutel}")) == [vreemd.kenmerk]
    assert kenmerken(client.get(f"{LIJST}?wie=mijn")) == [zaken[0].kenmerk]
    assert kenmerken(client.get(f"{LIJST}?status=ingediend&tijdvak={tijdvak.sleutel}")) == [
        zaken[1].kenmerk,
        zaken[2].kenmerk,
    ]
    assert kenmerken(client.get(f"{LIJST}?zoek={zaken[1].kenmerk.lower()}")) == [zaken[1].kenmerk]
    assert kenmerken(client.get(f"{LIJST}?zoek={zaken[1].organisatie.kvk_nummer}")) == [zaken[1].kenmerk]
    assert kenmerken(client.get(f"{LIJST}?zoek={vreemd.organisatie.naam.upper()}")) == [vreemd.kenmerk]
    assert kenmerken(client.get(f"{LIJST}?tijdvak=bestaat-niet")) == []


def test_unknown_status_and_page_fall_back(ronde):
    _tijdvak, ploeg, _zaken = ronde
    antwoord = als(ploeg.behandelaar).get(f"{LIJST}?status=onzin&pagina=99")
    assert (antwoord.context["status"], antwoord.context["pagina"].number, len(antwoord.context["rijen"])) == (
        "te-behandelen",
        1,
        3,
    )


def test_a_case_of_a_file_of_the_past_is_no_work(ronde):
    _tijdvak, ploeg, zaken = ronde
    Aanvraag.objects.filter(pk=zaken[1].pk).update(bron="import")
    client = als(ploeg.behandelaar)
    assert zaken[1].kenmerk not in kenmerken(client.get(LIJST))
    assert zaken[1].kenmerk in kenmerken(client.get(f"{LIJST}?status=alle"))


def test_same_number_of_queries_for_one_and_three_rows(ronde, django_assert_num_queries):
    _tijdvak, ploeg, zaken = ronde
    client = als(ploeg.behandelaar)
    client.get(LIJST)
    with django_assert_num_queries(14):
        assert len(kenmerken(client.get(f"{LIJST}?zoek={zaken[0].kenmerk}"))) == 1
    with django_assert_num_queries(14):
        assert len(kenmerken(client.get(LIJST))) == 3


def test_fifty_on_a_page(ronde, monkeypatch):
    _tijdvak, ploeg, zaken = ronde
    monkeypatch.setattr("portalen.views.werklijst.PER_PAGINA", 2)
    client = als(ploeg.behandelaar)
    assert kenmerken(client.get(f"{LIJST}?pagina=2")) == [sorted(zaak.kenmerk for zaak in zaken)[2]]
    assert "Kies alle 3 zaken van dit filter" in tekst(client.get(LIJST))


def test_choose_all_on_the_page_without_script(ronde):
    _tijdvak, ploeg, _zaken = ronde
    pagina = als(ploeg.behandelaar).get(f"{LIJST}?kies=pagina").content.decode()
    assert pagina.count(" checked>") == 3


@pytest.mark.parametrize("wie", ["beslisser", "auditor"])
def test_others_read_but_cannot_act(ronde, wie):
    _tijdvak, ploeg, zaken = ronde
    client = als(getattr(ploeg, wie))
    antwoord = client.get(LIJST)
    assert len(kenmerken(antwoord)) == 3
    assert antwoord.context["handelingen"] == []
    assert 'type="checkbox"' not in antwoord.content.decode()
    weigering = client.post(BULK, {"handeling": "in-behandeling", "gekozen": str(zaken[1].pk), "bevestigd": "ja"})
    assert weigering.status_code == 403
    assert Aanvraag.objects.get(pk=zaken[1].pk).status == Status.INGEDIEND


def bulk(client, handeling, zaken, **velden):
    return client.post(BULK, {"handeling": handeling, "gekozen": [str(zaak.pk) for zaak in zaken], **velden})


def test_preview_changes_nothing_and_names_who_cannot(ronde):
    _tijdvak, ploeg, zaken = ronde
    antwoord = bulk(als(ploeg.behandelaar), "in-behandeling", zaken)
    assert antwoord.status_code == 200
    regels = {regel.rij.kenmerk: regel.bezwaar for regel, _url in antwoord.context["regels"]}
    assert regels == {
        zaken[0].kenmerk: "De status is “Compleet”.",
        zaken[1].kenmerk: "",
        zaken[2].kenmerk: "",
    }
    assert "U koos 3 zaken." in tekst(antwoord)
    assert set(Aanvraag.objects.values_list("status", flat=True)) == {Status.COMPLEET, Status.INGEDIEND}


def test_taking_in_hand_in_bulk_reports_line_by_line(ronde):
    _tijdvak, ploeg, zaken = ronde
    client = als(ploeg.behandelaar2)
    naar = bulk(client, "in-behandeling", zaken, bevestigd="ja")
    assert naar.status_code == 302
    resultaat = client.get(naar.url)
    assert (resultaat.context["gelukt"], resultaat.context["geweigerd"]) == (2, 1)
    eerste = resultaat.context["regels"][0]
    assert (eerste["kenmerk"], eerste["gelukt"]) == (zaken[0].kenmerk, False)
    assert eerste["melding"].startswith(f"Dit kan niet meer: {zaken[0].kenmerk} heeft nu de status “Compleet”.")
    assert list(Aanvraag.objects.filter(behandelaar=ploeg.behandelaar2).order_by("kenmerk")) == [zaken[1], zaken[2]]
    assert client.get(naar.url).context["gelukt"] == 2  # a reload does nothing twice
    assert als(ploeg.behandelaar).get(naar.url).status_code == 404


def test_bulk_over_all_found_by_the_filter(ronde):
    _tijdvak, ploeg, zaken = ronde
    client = als(ploeg.behandelaar)
    antwoord = client.post(BULK, {"handeling": "in-behandeling", "alle": "ja", "filter": "status=ingediend"})
    assert [regel.rij.kenmerk for regel, _url in antwoord.context["regels"]] == [zaken[1].kenmerk, zaken[2].kenmerk]
    gekozen = antwoord.context["sleutels"]
    client.post(
        BULK, {"handeling": "in-behandeling", "gekozen": gekozen, "bevestigd": "ja", "filter": "status=ingediend"}
    )
    assert Aanvraag.objects.filter(status=Status.IN_BEHANDELING).count() == 2


def test_complete_in_bulk_says_which_check_stands_in_the_way(ronde):
    _tijdvak, ploeg, zaken = ronde
    client = als(ploeg.behandelaar)
    bulk(client, "in-behandeling", zaken[1:], bevestigd="ja")
    zaken[1].toetsen.filter(code="kvk").update(uitkomst="voldoet_niet")
    voorbeeld = bulk(client, "compleet", zaken[1:])
    assert {r.rij.kenmerk: r.bezwaar for r, _url in voorbeeld.context["regels"]} == {
        zaken[1].kenmerk: "Deze toetsen voldoen niet of wachten op een oordeel: KvK-nummer.",
        zaken[2].kenmerk: "",
    }
    bulk(client, "compleet", zaken[1:], bevestigd="ja")
    assert {zaak.kenmerk: zaak.status for zaak in Aanvraag.objects.filter(pk__in=[z.pk for z in zaken[1:]])} == {
        zaken[1].kenmerk: Status.IN_BEHANDELING,
        zaken[2].kenmerk: Status.COMPLEET,
    }


@pytest.mark.parametrize(
    ("velden", "melding"),
    [
        ({"handeling": "in-behandeling"}, "U hebt niets gekozen."),
        ({"handeling": "onzin", "gekozen": "x"}, "Kies wat u wilt doen."),
        ({"handeling": "in-behandeling", "gekozen": "geen-uuid"}, "De keuze is niet te lezen."),
        ({"handeling": "in-behandeling", "alle": "ja", "filter": "zoek=bestaatniet"}, "Dit filter vindt geen zaken."),
    ],
)
def test_a_bad_choice_is_refused_in_words(ronde, velden, melding):
    _tijdvak, ploeg, _zaken = ronde
    antwoord = als(ploeg.behandelaar).post(BULK, velden)
    assert antwoord.status_code == 400
    assert melding in tekst(antwoord)


def test_more_than_the_maximum_is_refused(ronde, monkeypatch):
    _tijdvak, ploeg, zaken = ronde
    monkeypatch.setattr("portalen.bulk.MAXIMUM_BULK", 2)
    monkeypatch.setattr("portalen.views.werklijst.MAXIMUM_BULK", 2)
    client = als(ploeg.behandelaar)
    for antwoord in (
        bulk(client, "in-behandeling", zaken, bevestigd="ja"),
        client.post(BULK, {"handeling": "in-behandeling", "alle": "ja", "filter": ""}),
    ):
        assert antwoord.status_code == 400
        assert "U koos 3 regels; het maximum is 2." in tekst(antwoord)
    assert Aanvraag.objects.filter(status=Status.INGEDIEND).count() == 2


def test_a_draft_cannot_be_chosen(ronde):
    tijdvak, ploeg, _zaken = ronde
    concept = maak_concept(tijdvak)
    assert bulk(als(ploeg.behandelaar), "in-behandeling", [concept], bevestigd="ja").status_code == 404


def test_refusal_of_a_second_application_in_bulk():
    ploeg = maak_ploeg()
    tijdvak = open_tijdvak()
    organisatie = maak_organisatie()
    eerste = maak_compleet(tijdvak, ploeg.behandelaar, organisatie)
    tweede = maak_ingediend(tijdvak, organisatie)
    toets = tweede.toetsen.get(code="een_per_aanvrager")
    with op_moment(NA):
        client = als(ploeg.behandelaar)
        bulk(client, "in-behandeling", [tweede], bevestigd="ja")
        bulk(client, "compleet", [tweede], bevestigd="ja")
        voorbeeld = bulk(client, "afwijzing-dubbel", [eerste, tweede])
        assert [(r.rij.kenmerk, r.bezwaar, r.extra) for r, _url in voorbeeld.context["regels"]] == [
            (eerste.kenmerk, "De toets “één per aanvrager” is niet negatief.", ""),
            (tweede.kenmerk, "", toets.uitleg),
        ]
        bulk(client, "afwijzing-dubbel", [eerste, tweede], bevestigd="ja", motivering="Daarom wijzen wij af.")
    besluit = Besluit.objects.get()
    assert (besluit.aanvraag, besluit.soort, besluit.grond, besluit.status) == (
        tweede,
        Besluitsoort.AFWIJZING,
        Afwijzingsgrond.EEN_PER_AANVRAGER,
        Besluitstatus.VOORGESTELD,
    )
    assert besluit.motivering == f"{toets.uitleg} Daarom wijzen wij af."
    assert eerste.kenmerk in besluit.motivering


def test_grants_and_refusals_after_the_draw_in_bulk():
    ronde = gelote_ronde(3, tabellen={"verdeling": ZONDER_RESERVE})
    client_op = ronde.ploeg.behandelaar
    with op_moment(LATER):
        client = als(client_op)
        antwoord = client.get(f"{LIJST}?status=te-besluiten")
        assert len(kenmerken(antwoord)) == 3
        bulk(client, "verlening", ronde.zaken, bevestigd="ja", motivering="Er is ruimte.")
        bulk(client, "afwijzing-niet-geselecteerd", ronde.zaken, bevestigd="ja", motivering="Het geld is op.")
    assert sorted(Besluit.objects.values_list("aanvraag__plaats__rang", "soort", "grond", "bedrag")) == [
        (1, "verlening", "", 1000),
        (2, "verlening", "", 1000),
        (3, "afwijzing", "plafond", None),
    ]
    assert Besluit.objects.get(soort="afwijzing").motivering == (
        "Uw aanvraag kreeg bij de loting nummer 3. Er waren meer aanvragen dan er geld is. Het plafond was bereikt "
        "voordat u aan de beurt kwam. Het geld is op."
    )


def test_a_bulk_proposal_without_grounds_is_refused_at_the_field():
    ronde = gelote_ronde(1)
    with op_moment(LATER):
        antwoord = bulk(als(ronde.ploeg.behandelaar), "verlening", ronde.zaken, bevestigd="ja", motivering=" ")
    assert antwoord.status_code == 400
    assert antwoord.context["form"].errors == {"motivering": ["Vul “Motivering” in."]}
    assert Besluit.objects.count() == 0


def test_an_officer_who_acts_for_the_applicant_is_refused():
    ronde = complete_ronde(1)
    zaak = maak_ingediend(ronde.tijdvak)
    machtiging_verlenen(
        organisatie=zaak.organisatie, gebruiker=ronde.ploeg.behandelaar, soort="medewerker", actor=None, op=NA
    )
    with op_moment(NA):
        assert bulk(als(ronde.ploeg.behandelaar), "in-behandeling", [zaak], bevestigd="ja").status_code == 404
    assert Aanvraag.objects.get(pk=zaak.pk).status == Status.INGEDIEND


def test_applicants_and_strangers_stay_out():
    aanvrager = maak_gebruiker()
    with op_moment(NA):
        assert als(aanvrager).get(LIJST).status_code == 403
        assert Client().get(LIJST).url == f"/account/login/?next={LIJST}"


def test_messages_are_empty_after_a_preview(ronde):
    _tijdvak, ploeg, zaken = ronde
    assert meldingen(bulk(als(ploeg.behandelaar), "in-behandeling", zaken)) == []


# --- Drawn first, assessed in the order of the draw --------------------------------------------------------------


@pytest.fixture
def eerst_geloot():
    """Three applications that nobody has looked at, drawn; two fit. In drawn order."""
    ploeg = maak_ploeg()
    tijdvak = open_tijdvak(plafond=2000, tabellen=tabel("verdeling", wanneer="behandelvolgorde"))
    for _ in range(3):
        maak_ingediend(tijdvak)
    loting_tot(tijdvak, ploeg)
    return ploeg, op_rang(tijdvak)


def test_op_volgorde_van_de_loting(eerst_geloot) -> None:
    ploeg, zaken = eerst_geloot
    with op_moment(LATER):
        client = als(ploeg.behandelaar)
        alles = client.get(LIJST, {"lot": "alle"})
        assert kenmerken(alles) == [zaak.kenmerk for zaak in zaken]
        assert "3 zaken, op volgorde van de loting" in tekst(alles)
        assert [rij.plaats.tekst for rij in alles.context["rijen"]] == [
            "voorlopig ruimte",
            "voorlopig ruimte",
            "op de reservelijst",
        ]
        assert kenmerken(client.get(LIJST, {"lot": "binnen"})) == [zaak.kenmerk for zaak in zaken[:2]]
        assert kenmerken(client.get(LIJST, {"lot": "reserve"})) == [zaken[2].kenmerk]
        assert "op volgorde van de wettelijke datum" in tekst(client.get(LIJST))
        assert "op de reservelijst" in tekst(client.get(reverse("portalen:zaak", args=[zaken[2].pk])))


def test_het_lotfilter_is_er_alleen_als_er_iets_te_toetsen_is(ronde) -> None:
    with op_moment(LATER):
        client = als(ronde[1].behandelaar)
        assert "lot" not in client.get(LIJST).context["filter"].fields
        assert kenmerken(client.get(LIJST, {"lot": "binnen"})) == []
        assert client.get(LIJST, {"lot": "onzin"}).context["rijen"] == []


def test_een_geloot_nummer_compleet_verklaren(eerst_geloot) -> None:
    ploeg, zaken = eerst_geloot
    with op_moment(LATER):
        client = als(ploeg.behandelaar)
        for zaak in (zaken[0], zaken[2]):
            in_behandeling_nemen(aanvraag=zaak, actor=ploeg.behandelaar, op=LATER)
        pagina = client.get(reverse("portalen:zaak", args=[zaken[0].pk])).content.decode()
        antwoord = client.post(
            reverse("portalen:zaak_stap", args=[zaken[0].pk, "compleet"]), {"versie": versie_van(pagina)}
        )
        assert meldingen(antwoord) == ["De aanvraag is compleet verklaard. Er is ruimte: zij is geselecteerd."]
        client.post(BULK, {"handeling": "compleet", "gekozen": [str(zaken[2].pk)], "bevestigd": "ja"})
    assert [vers(zaak).status for zaak in zaken] == [Status.GESELECTEERD, Status.INGEDIEND, Status.RESERVE]


def test_het_tijdvak_zegt_hoe_ver_het_toetsen_is(eerst_geloot) -> None:
    ploeg, zaken = eerst_geloot
    with op_moment(LATER):
        pagina = als(ploeg.behandelaar).get(f"/werk/tijdvakken/{zaken[0].tijdvak.sleutel}/")
        assert "Nog 2 aanvragen te toetsen, voorlopig binnen het plafond." in tekst(pagina)
        assert "1 niet getoetste aanvraag op de reservelijst." in tekst(pagina)
        delen = {deel["soort"]: deel["bedrag"] for deel in pagina.context["meter"]}
        assert (delen["gereserveerd"], delen["ingeloot"]) == (0, sum(zaak.gevraagd_bedrag or 0 for zaak in zaken[:2]))
        notaris = als(ploeg.notaris).get(f"/werk/tijdvakken/{zaken[0].tijdvak.sleutel}/")
        assert "&lot=binnen" in pagina.content.decode().replace("&amp;", "&")
        assert "lot=binnen" not in notaris.content.decode()
