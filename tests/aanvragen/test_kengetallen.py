"""What others experienced with a scheme: measured, or not shown."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from aanvragen.enums import Bron
from aanvragen.kengetallen import (
    Invultijd,
    Ronde,
    Wachttijd,
    eerdere_rondes,
    invultijd,
    percentiel,
    wachttijd,
)
from aanvragen.models import Aanvraag
from regeling.enums import Herkomst
from regeling.models import Plafond, Tijdvak
from tests.factories.ronde import (
    BESLUIT,
    OPEN,
    SLUIT,
    TIJDENS,
    geloot,
    maak_concept,
    maak_ingediend,
    maak_staf,
    open_tijdvak,
    regeling_dict,
    verleen,
)
from uitvoering.services.intrekking import zaak_intrekken

pytestmark = pytest.mark.django_db


def met_duren(tijdvak: Tijdvak, minuten: list[int], bron: str = Bron.PORTAAL) -> None:
    """Sent applications that took so many minutes."""
    for duur in minuten:
        rij = maak_ingediend(tijdvak)
        Aanvraag.objects.filter(pk=rij.pk).update(
            aangemaakt_op=TIJDENS, ingediend_op=TIJDENS + timedelta(minutes=duur), bron=bron
        )


def test_time_to_fill_in_needs_ten_applications():
    tijdvak = open_tijdvak()
    met_duren(tijdvak, [20, 40, 30, 25, 35, 28, 5000, 31, 29])
    maak_concept(tijdvak)
    assert invultijd(tijdvak) is None
    met_duren(tijdvak, [90])
    assert invultijd(tijdvak) == Invultijd(minuten=31, aantal=10)


def test_time_to_fill_in_is_of_people_in_this_scheme():
    tijdvak, ander = open_tijdvak(), open_tijdvak()
    met_duren(tijdvak, [0] * 10, bron=Bron.SIMULATIE)
    met_duren(ander, [10] * 10)
    assert (invultijd(tijdvak), invultijd(ander)) == (None, Invultijd(minuten=10, aantal=10))


@pytest.mark.parametrize(
    ("waarden", "verwacht"), [([7], 7), ([1, 2], 2), (list(range(1, 11)), 9), (list(range(1, 21)), 18), ([5] * 30, 5)]
)
def test_percentile_is_the_nearest_rank(waarden, verwacht):
    assert percentiel(waarden, 90) == verwacht


def test_waiting_time_of_decisions_of_the_last_ninety_days():
    staf = maak_staf()
    tijdvak, rijen = geloot(3, staf)
    assert wachttijd(tijdvak, BESLUIT) is None
    for rij in rijen:
        verleen(rij, staf)
    dagen = (BESLUIT.date() - TIJDENS.date()).days
    verwacht = Wachttijd(mediaan=dagen, p90=dagen, aantal=3)
    assert wachttijd(tijdvak, BESLUIT) == verwacht
    assert wachttijd(tijdvak, BESLUIT + timedelta(days=89)) == verwacht
    assert wachttijd(tijdvak, BESLUIT + timedelta(days=91)) is None
    ingetrokken = Aanvraag.objects.get(pk=rijen[0].pk)
    zaak_intrekken(aanvraag=ingetrokken, reden="Andere plannen.", actor=None, op=BESLUIT)
    assert wachttijd(tijdvak, BESLUIT) == Wachttijd(mediaan=dagen, p90=dagen, aantal=2)


def volgende_ronde(tijdvak: Tijdvak) -> Tijdvak:
    """A later round of the same scheme."""
    nieuw = Tijdvak.objects.create(
        sleutel=f"{tijdvak.sleutel}-later",
        specsleutel=f"{tijdvak.specsleutel}-later",
        naam="Later",
        regelingversie=tijdvak.regelingversie,
        open_op=OPEN + timedelta(days=400),
        sluit_op=SLUIT + timedelta(days=400),
        methode=tijdvak.methode,
    )
    Plafond.objects.create(tijdvak=nieuw, code="*", naam="Plafond", bedrag=1000)
    return nieuw


def test_chance_in_earlier_rounds():
    tijdvak, _rijen = geloot(4, maak_staf(), plafond=3000)
    later = volgende_ronde(tijdvak)
    ronde = Ronde(naam=tijdvak.naam, sluit_op=tijdvak.sluit_op, aanvragen=4, toegekend=3)
    assert eerdere_rondes(later) == [ronde]
    assert ronde.kans == 0.75
    assert eerdere_rondes(tijdvak) == []  # a round is no earlier round of itself


def test_a_round_that_still_runs_says_nothing_yet():
    tijdvak = open_tijdvak()
    maak_ingediend(tijdvak)
    assert eerdere_rondes(volgende_ronde(tijdvak)) == []


def test_a_simulated_round_does_not_count():
    tijdvak, _rijen = geloot(2, maak_staf())
    later = volgende_ronde(tijdvak)
    Tijdvak.objects.filter(pk=tijdvak.pk).update(herkomst=Herkomst.SIMULATIE)
    assert eerdere_rondes(later) == []


def test_published_figures_of_the_past_come_from_the_scheme_file():
    historie = {"aanvragen": 265, "toegekend": 77}
    regeling = {**regeling_dict()["regeling"], "geldig_vanaf": date(2020, 1, 1)}
    vroeger = {
        "sleutel": "vroeger",
        "naam": "Ronde 2008",
        "open_op": OPEN - timedelta(days=900),
        "sluit_op": SLUIT - timedelta(days=900),
        "plafond": 1000,
        "historie": historie,
    }
    nu = {"sleutel": "nu", "naam": "Nu", "open_op": OPEN, "sluit_op": SLUIT, "plafond": 1000}
    tijdvak = open_tijdvak(tabellen={"regeling": regeling, "tijdvakken": [nu, vroeger]})
    assert [(r.naam, r.aanvragen, r.toegekend) for r in eerdere_rondes(tijdvak)] == [("Ronde 2008", 265, 77)]


@pytest.mark.parametrize("aantal", [1, 3])
def test_one_query_each_however_many_applications(aantal, django_assert_num_queries):
    tijdvak = open_tijdvak()
    for _ in range(aantal):
        maak_ingediend(tijdvak)
    tijdvak = Tijdvak.objects.select_related("regelingversie__regeling").get(pk=tijdvak.pk)
    for functie in (invultijd, eerdere_rondes, lambda t: wachttijd(t, TIJDENS)):
        with django_assert_num_queries(1):
            functie(tijdvak)
