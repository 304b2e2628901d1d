"""The secretary starts the assignment on screen and sees how far it is, what it did and why it failed."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
from django.urls import reverse

from beoordeling.models import Toewijsopdracht, Toewijzing
from beoordeling.services import toewijsopdracht as dienst
from beoordeling.services.commissie import samenwerking_melden
from beoordeling.services.toewijsopdracht import STILTE, toewijstaak
from kern.enums import Rol
from portalen.presentatie.toewijzen import werklijstregels
from tests.factories.commissie import TOEWIJZEN, Commissieronde, commissieronde
from tests.factories.portaal_medewerker import als, meldingen, op_moment, tekst
from tests.factories.ronde import NA, maak_gebruiker

pytestmark = pytest.mark.django_db


@pytest.fixture
def ronde() -> Iterator[Commissieronde]:
    ronde = commissieronde(3, 4)
    with op_moment(TOEWIJZEN):
        yield ronde


@pytest.fixture
def groot(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(dienst, "DIRECT_ONDER", 1)


def adres(ronde: Commissieronde, naam: str = "commissie_toewijzen") -> str:
    return reverse(f"portalen:{naam}", args=[ronde.tijdvak.sleutel])


def test_a_small_round_is_previewed_and_done_at_once(ronde: Commissieronde) -> None:
    client = als(ronde.secretaris.gebruiker)
    voorbeeld = client.get(adres(ronde))
    assert "Er komen 6 toewijzingen bij en er vervallen er 0." in tekst(voorbeeld)
    assert voorbeeld.context["gezien"] == 0
    antwoord = client.post(adres(ronde), {"gezien": "0"})
    pagina = client.get(antwoord.url)
    assert meldingen(pagina) == ["6 nieuwe toewijzingen gemaakt."]
    stand = pagina.context["toewijsstand"]
    assert (stand.stand, stand.regels) == (
        "klaar",
        [
            "6 nieuwe toewijzingen gemaakt.",
            "0 toewijzingen blijven.",
            "0 toewijzingen zijn vervallen.",
            "Elke aanvraag heeft genoeg beoordelaars.",
        ],
    )
    assert f"Gevraagd door {ronde.secretaris.gebruiker}, klaar op " in tekst(pagina)
    nog_eens = client.post(adres(ronde), {"gezien": "0"}, follow=True)
    assert meldingen(nog_eens)[0].startswith(f"Intussen begon {ronde.secretaris.gebruiker} ook al, op ")
    assert (Toewijsopdracht.objects.count(), Toewijzing.objects.count()) == (1, 6)


def test_a_big_round_shows_that_it_is_busy_and_then_what_it_did(
    ronde: Commissieronde, groot: None, django_capture_on_commit_callbacks: Any
) -> None:
    client = als(ronde.secretaris.gebruiker)
    vooraf = tekst(client.get(adres(ronde)))
    assert "3 aanvragen, 4 leden, 2 beoordelaars per aanvraag." in vooraf
    assert "op de achtergrond" in vooraf
    with django_capture_on_commit_callbacks() as wachtrij:
        client.post(adres(ronde), {"gezien": "0"})
    pagina = client.get(adres(ronde, "commissie"))
    assert pagina.context["toewijsstand"].stand == "bezig"
    assert "De opdracht staat in de wachtrij." in tekst(pagina)
    assert adres(ronde) not in pagina.content.decode()  # nothing to click twice
    Toewijsopdracht.objects.update(begonnen_op=TOEWIJZEN)
    assert "Stap 1 van 4: belangen van leden zoeken." in tekst(client.get(adres(ronde, "commissie")))
    Toewijsopdracht.objects.update(begonnen_op=TOEWIJZEN, stap="belasting verdelen", deel=43)
    assert "Stap 2 van 4: de aanvragen over de leden verdelen. Van deze stap is 43 procent klaar." in tekst(
        client.get(adres(ronde, "commissie"))
    )
    for callback in wachtrij:
        callback()
    pagina = client.get(adres(ronde, "commissie"))
    assert pagina.context["toewijsstand"].regels[0] == "6 nieuwe toewijzingen gemaakt."
    assert Toewijzing.objects.count() == 6


def test_a_second_start_is_refused_in_words(ronde: Commissieronde, groot: None) -> None:
    client = als(ronde.secretaris.gebruiker)
    client.post(adres(ronde), {"gezien": "0"})
    tweede = client.post(adres(ronde), {"gezien": "0"}, follow=True)
    assert meldingen(tweede)[-1].startswith(f"Het toewijzen loopt al: {ronde.secretaris.gebruiker} begon op ")
    kijken = client.get(adres(ronde), follow=True)
    assert meldingen(kijken) == ["Het toewijzen loopt al. Hieronder ziet u hoe ver het is."]
    assert Toewijsopdracht.objects.count() == 1


def test_a_look_at_a_big_round(ronde: Commissieronde, groot: None, django_capture_on_commit_callbacks: Any) -> None:
    client = als(ronde.secretaris.gebruiker)
    with django_capture_on_commit_callbacks(execute=True):
        client.post(adres(ronde), {"gezien": "0", "knop": "bekijken"})
    pagina = client.get(adres(ronde, "commissie"))
    assert "Bekeken: er is nog niemand toegewezen" in tekst(pagina)
    assert pagina.context["toewijsstand"].regels[0] == "6 toewijzingen komen erbij."
    assert Toewijzing.objects.count() == 0
    assert client.get(adres(ronde)).context["gezien"] == Toewijsopdracht.objects.get().pk


def test_shortages_are_counted_and_named_only_where_they_may_be(ronde: Commissieronde) -> None:
    for lid in ronde.leden[:3]:
        samenwerking_melden(
            lid=lid,
            organisatie="Proefbedrijf",
            kvk_nummer=ronde.zaken[0].organisatie.kvk_nummer,
            toelichting="Samen een project in 2024.",
            actor=lid.gebruiker,
            op=NA,
        )
    client = als(ronde.secretaris.gebruiker)
    client.post(adres(ronde), {"gezien": "0"})
    pagina = client.get(adres(ronde, "commissie"))
    assert "1 aanvraag mist een beoordelaar." in pagina.context["toewijsstand"].regels
    assert f"{ronde.zaken[0].kenmerk} mist 1 beoordelaar." in tekst(pagina)


def test_a_long_list_of_work_and_of_applications_stays_readable(
    ronde: Commissieronde, monkeypatch: pytest.MonkeyPatch
) -> None:
    werklijst = {"zonder_deskundige": ["A", "B", "C", "X"], "tekort": {"D": 2}, "te_vol": {"Lid": 1}}
    monkeypatch.setattr("portalen.presentatie.toewijzen.GENOEMD", 3)
    assert werklijstregels(werklijst, {"A", "B", "C", "D"}) == [
        "D mist 2 beoordelaars.",
        "Lid heeft 1 aanvragen te veel.",
        "A heeft geen deskundige.",
        "En nog 2 regels.",
    ]
    monkeypatch.setattr("portalen.views.commissie.PER_PAGINA", 2)
    client = als(ronde.secretaris.gebruiker)
    eerste, tweede = client.get(adres(ronde, "commissie")), client.get(adres(ronde, "commissie") + "?pagina=2")
    kenmerken = [[zaak.kenmerk for zaak, *_ in pagina.context["rijen"]] for pagina in (eerste, tweede)]
    assert kenmerken == [[zaak.kenmerk for zaak in ronde.zaken[:2]], [ronde.zaken[2].kenmerk]]
    assert eerste.context["telling"] == [("Nog niet toegewezen", 3)]


def test_a_failure_says_why_and_what_to_do(
    ronde: Commissieronde, groot: None, django_capture_on_commit_callbacks: Any
) -> None:
    client = als(ronde.secretaris.gebruiker)
    with django_capture_on_commit_callbacks() as wachtrij:
        client.post(adres(ronde), {"gezien": "0"})
    for lid in ronde.leden:
        lid.tot = (TOEWIJZEN - timedelta(days=1)).date()
        lid.save()
    for callback in wachtrij:
        callback()
    pagina = client.get(adres(ronde, "commissie"))
    assert pagina.context["toewijsstand"].stand == "mislukt"
    assert "De commissie heeft nu geen leden. Benoem eerst leden. Er is niemand toegewezen." in tekst(pagina)
    assert adres(ronde) in pagina.content.decode()


def test_a_silent_run_says_so_and_can_be_started_again(ronde: Commissieronde, groot: None) -> None:
    als(ronde.secretaris.gebruiker).post(adres(ronde), {"gezien": "0"})
    eerste = Toewijsopdracht.objects.get()
    with op_moment(TOEWIJZEN + STILTE):
        client = als(ronde.secretaris.gebruiker)
        pagina = client.get(adres(ronde, "commissie"))
        assert "Vraag de beheerder of de wachtrij draait" in tekst(pagina)
        client.post(adres(ronde), {"gezien": str(eerste.pk)})
        tweede = Toewijsopdracht.objects.exclude(pk=eerste.pk).get()
        toewijstaak.enqueue(eerste.pk)
        toewijstaak.enqueue(tweede.pk)
    assert Toewijzing.objects.count() == 6


def test_who_may_start_it_and_who_sees_how_far_it_is(ronde: Commissieronde, groot: None) -> None:
    for gebruiker, status in (
        (ronde.voorzitter.gebruiker, 403),
        (ronde.leden[0].gebruiker, 403),
        (maak_gebruiker(Rol.SECRETARIS), 404),
        (maak_gebruiker(Rol.BEHEERDER), 403),
    ):
        assert als(gebruiker).post(adres(ronde), {"gezien": "0"}).status_code == status
    assert Toewijsopdracht.objects.count() == 0
    als(ronde.secretaris.gebruiker).post(adres(ronde), {"gezien": "0"})
    chair = als(ronde.voorzitter.gebruiker).get(adres(ronde, "commissie"))
    assert chair.context["toewijsstand"].stand == "bezig"
    beheerder = als(maak_gebruiker(Rol.BEHEERDER)).get(adres(ronde, "commissie"))
    assert beheerder.context["toewijsstand"] is None
