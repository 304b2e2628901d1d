"""Rounds on screen: figures, publishing, extension after an outage, a higher ceiling."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal

import pytest

from aanvragen.enums import Status
from aanvragen.models import Aanvraag
from regeling.enums import Tijdvakstatus
from regeling.models import Plafond, Storing, Tijdvak
from tests.factories.portaal_medewerker import (
    LATER,
    als,
    complete_ronde,
    gelote_ronde,
    maak_ploeg,
    meldingen,
    op_moment,
    tekst,
)
from tests.factories.ronde import (
    NA,
    OPEN,
    SLUIT,
    TIJDENS,
    VOOR,
    maak_concept,
    maak_ingediend,
    maak_tijdvak,
    open_tijdvak,
)

pytestmark = pytest.mark.django_db


def adres(tijdvak, deel: str = "") -> str:
    return f"/werk/tijdvakken/{tijdvak.sleutel}/{deel}"


@pytest.fixture
def ploeg():
    return maak_ploeg()


def vers(tijdvak) -> Tijdvak:
    return Tijdvak.objects.get(pk=tijdvak.pk)


def test_list_counts_what_was_sent_in(ploeg):
    tijdvak = open_tijdvak()
    maak_ingediend(tijdvak)
    maak_concept(tijdvak)
    with op_moment(TIJDENS):
        antwoord = als(ploeg.notaris).get("/werk/tijdvakken/")
    ((rij, vlag, plafond),) = antwoord.context["rijen"]
    assert (rij.naam, rij.ontvangen, vlag.tekst, plafond.resteert) == ("Proefronde", 1, "Open", Decimal(100000))


def test_same_number_of_queries_for_one_and_three_rounds(ploeg, django_assert_num_queries):
    open_tijdvak()
    with op_moment(TIJDENS):
        client = als(ploeg.auditor)
        client.get("/werk/tijdvakken/")
        with django_assert_num_queries(6):
            assert len(client.get("/werk/tijdvakken/").context["rijen"]) == 1
        open_tijdvak()
        maak_tijdvak()
        with django_assert_num_queries(6):
            assert len(client.get("/werk/tijdvakken/").context["rijen"]) == 3


def test_page_of_a_round():
    ronde = gelote_ronde(3)
    with op_moment(LATER):
        antwoord = als(ronde.ploeg.behandelaar).get(adres(ronde.tijdvak))
    assert (antwoord.context["cijfers"].aanvragen, antwoord.context["cijfers"].reserve) == (3, 1)
    assert antwoord.context["per_status"] == [
        ("Geselecteerd", 2, f"/werk/lijst/?tijdvak={ronde.tijdvak.sleutel}&status=geselecteerd"),
        ("Reservelijst", 1, f"/werk/lijst/?tijdvak={ronde.tijdvak.sleutel}&status=reserve"),
    ]
    assert antwoord.context["acties"] == []
    pagina = tekst(antwoord)
    assert "Nog € 0 beschikbaar van € 2.000." in pagina
    assert [g.wat for g in antwoord.context["gebeurtenissen"]][:2] == ["De verdeling is klaar", "De verdeling begon"]


def test_the_officer_reads_the_same_duration_as_the_public(ploeg):
    tijdvak = open_tijdvak()
    for _nr in range(10):
        zaak = maak_ingediend(tijdvak)
        Aanvraag.objects.filter(pk=zaak.pk).update(aangemaakt_op=zaak.ingediend_op - timedelta(minutes=25))
    zin = "hoogstens 25 minuten bezig, met pauzes erbij (gemeten over 10 aanvragen)"
    with op_moment(TIJDENS):
        paginas = [
            als(ploeg.behandelaar).get(adres(tijdvak)),
            als(ploeg.behandelaar).get(f"/regelingen/{tijdvak.sleutel}/"),
        ]
    assert [zin in tekst(pagina) for pagina in paginas] == [True, True]


def test_the_notary_gets_no_links_to_cases():
    ronde = complete_ronde(1)
    with op_moment(NA):
        antwoord = als(ronde.ploeg.notaris).get(adres(ronde.tijdvak))
    assert antwoord.context["per_status"] == [("Compleet", 1, "")]


def test_unknown_round(ploeg):
    with op_moment(NA):
        assert als(ploeg.beheerder).get("/werk/tijdvakken/bestaat-niet/").status_code == 404


def test_what_an_administrator_can_do_follows_the_state(ploeg):
    concept, open_ = maak_tijdvak(), open_tijdvak()
    with op_moment(TIJDENS):
        client = als(ploeg.beheerder)
        assert [naam for naam, _url in client.get(adres(concept)).context["acties"]] == ["Publiceren"]
        assert [naam for naam, _url in client.get(adres(open_)).context["acties"]] == [
            "Verlengen na een storing",
            "Plafond verhogen",
        ]
        assert als(ploeg.behandelaar).get(adres(open_)).context["acties"] == []


def test_publishing(ploeg):
    tijdvak = maak_tijdvak()
    with op_moment(VOOR):
        client = als(ploeg.beheerder)
        assert "Het plafond kan dan niet meer omlaag" in tekst(client.get(adres(tijdvak, "publiceren/")))
        assert vers(tijdvak).status == Tijdvakstatus.ONTWERP
        antwoord = client.post(adres(tijdvak, "publiceren/"))
    assert meldingen(antwoord) == ["Het tijdvak is gepubliceerd."]
    assert (vers(tijdvak).status, vers(tijdvak).gepubliceerd_door) == (Tijdvakstatus.GEPUBLICEERD, ploeg.beheerder)


def test_publishing_after_the_opening_is_refused(ploeg):
    tijdvak = maak_tijdvak()
    with op_moment(OPEN + timedelta(minutes=1)):
        antwoord = als(ploeg.beheerder).post(adres(tijdvak, "publiceren/"))
    assert antwoord.status_code == 400
    assert "publiceren kan alleen vóór de opening (Awb 4:26)" in tekst(antwoord)
    assert vers(tijdvak).status == Tijdvakstatus.ONTWERP


STORING = {
    "van_dag_dag": "5", "van_dag_maand": "3", "van_dag_jaar": "2026", "van_tijd": "9:00",
    "tot_dag_dag": "5", "tot_dag_maand": "3", "tot_dag_jaar": "2026", "tot_tijd": "11.30",
    "uren": "3", "reden": "De website was niet bereikbaar.",
}  # fmt: skip


def test_extension_after_an_outage(ploeg):
    tijdvak = open_tijdvak()
    with op_moment(TIJDENS + timedelta(hours=5)):
        client = als(ploeg.beheerder)
        antwoord = client.post(adres(tijdvak, "verlengen/"), _namen(client, tijdvak))
    assert meldingen(antwoord) == ["Het tijdvak sluit nu op 27 maart 2026 om 20:00 uur."]
    storing = Storing.objects.get()
    assert (storing.tot - storing.van, storing.nieuw_sluit_op) == (timedelta(hours=2.5), SLUIT + timedelta(hours=3))
    assert (vers(tijdvak).sluit_op, storing.vastgelegd_door) == (SLUIT + timedelta(hours=3), ploeg.beheerder)
    with op_moment(TIJDENS + timedelta(hours=6)):
        pagina = tekst(als(ploeg.auditor).get(adres(tijdvak)))
    assert "De website was niet bereikbaar." in pagina


def _namen(client, tijdvak, **anders) -> dict[str, str]:
    """The example with the names of the date boxes of the page."""
    pagina = client.get(adres(tijdvak, "verlengen/")).content.decode()
    uit = {}
    for naam, waarde in {**STORING, **anders}.items():
        assert f'name="{naam}"' in pagina
        uit[naam] = waarde
    return uit


@pytest.mark.parametrize(
    ("anders", "fouten"),
    [
        ({"tot_tijd": "8:59"}, {"tot_dag": ["De storing eindigt na het begin. Controleer de datum en de tijd."]}),
        ({"uren": "0"}, {"uren": ["Verleng met minstens 1 uur."]}),
        ({"uren": "337"}, {"uren": ["Verleng met hoogstens 336 uur (14 dagen)."]}),
        ({"van_tijd": "negen"}, {"van_tijd": ["Vul een tijd in met uren en minuten, bijvoorbeeld 17:00."]}),
        ({"reden": ""}, {"reden": ["Vul “Reden” in."]}),
    ],
)
def test_a_wrong_extension_changes_nothing(ploeg, anders, fouten):
    tijdvak = open_tijdvak()
    with op_moment(TIJDENS):
        client = als(ploeg.beheerder)
        antwoord = client.post(adres(tijdvak, "verlengen/"), _namen(client, tijdvak, **anders))
    assert antwoord.status_code == 400
    assert antwoord.context["form"].errors == fouten
    assert vers(tijdvak).sluit_op == SLUIT


def test_no_extension_of_a_closed_round(ploeg):
    ronde = gelote_ronde(1, ploeg=ploeg)
    with op_moment(LATER):
        client = als(ploeg.beheerder)
        antwoord = client.post(adres(ronde.tijdvak, "verlengen/"), _namen(client, ronde.tijdvak))
    assert antwoord.context["form"].non_field_errors() == [
        "Dit tijdvak is al gesloten. Verlengen kan alleen zolang het open is."
    ]
    assert Storing.objects.count() == 0


def test_raising_a_ceiling_calls_the_reserve_list():
    ronde = gelote_ronde(4)
    with op_moment(LATER):
        client = als(ronde.ploeg.beheerder)
        gezien = client.get(adres(ronde.tijdvak, "plafond/")).context["form"]["gezien"].value()
        invoer = {"code": "*", "bedrag": "1.000", "reden": "Besluit van 1 april.", "gezien": gezien}
        antwoord = client.post(adres(ronde.tijdvak, "plafond/"), invoer)
        nog_eens = client.post(adres(ronde.tijdvak, "plafond/"), invoer)
    assert "Er is niets verhoogd." in tekst(nog_eens)
    derde = ronde.zaken[2]
    assert meldingen(antwoord) == [
        f"Het plafond is verhoogd. 1 aanvraag is opgeroepen van de reservelijst: {derde.kenmerk}."
    ]
    assert Plafond.objects.get(tijdvak=ronde.tijdvak).bedrag == 3000
    assert [Aanvraag.objects.get(pk=zaak.pk).status for zaak in ronde.zaken] == [
        Status.GESELECTEERD,
        Status.GESELECTEERD,
        Status.GESELECTEERD,
        Status.RESERVE,
    ]


def test_raising_before_the_draw_calls_nobody(ploeg):
    tijdvak = open_tijdvak()
    with op_moment(TIJDENS):
        invoer = {"code": "*", "bedrag": "500,50", "reden": "Meer geld.", "gezien": "*=100000.00"}
        antwoord = als(ploeg.beheerder).post(adres(tijdvak, "plafond/"), invoer)
    assert meldingen(antwoord) == ["Het plafond is verhoogd. Er is niemand opgeroepen van de reservelijst."]
    assert Plafond.objects.get(tijdvak=tijdvak).bedrag == Decimal("100500.50")


@pytest.mark.parametrize(
    ("invoer", "fout"),
    [
        ({"bedrag": "0"}, "Een plafond kan alleen omhoog."),
        ({"bedrag": "-100"}, "Een plafond kan alleen omhoog."),
        ({"bedrag": "veel"}, "Vul een bedrag in met cijfers"),
        ({"reden": " "}, "Vul “Reden” in."),
        ({"code": "ONBEKEND"}, "ONBEKEND"),
    ],
)
def test_a_wrong_raise_changes_nothing(ploeg, invoer, fout):
    tijdvak = open_tijdvak()
    gegevens = {"code": "*", "bedrag": "100", "reden": "Besluit.", **invoer}
    with op_moment(TIJDENS):
        antwoord = als(ploeg.beheerder).post(adres(tijdvak, "plafond/"), gegevens)
    assert antwoord.status_code == 400
    assert fout in tekst(antwoord)
    assert Plafond.objects.get(tijdvak=tijdvak).bedrag == 100000


@pytest.mark.parametrize("deel", ["publiceren/", "verlengen/", "plafond/"])
def test_only_an_administrator_acts(ploeg, deel):
    tijdvak = open_tijdvak()
    with op_moment(TIJDENS):
        for wie in (ploeg.behandelaar, ploeg.beslisser, ploeg.notaris, ploeg.auditor):
            assert als(wie).post(adres(tijdvak, deel), {}).status_code == 403
