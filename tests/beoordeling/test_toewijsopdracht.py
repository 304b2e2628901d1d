"""A run of the assignment that was asked for: at once or by the queue, one at a time, and it never half happens."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
import time_machine
from django.db import IntegrityError, transaction

from beoordeling.models import Toewijsopdracht, Toewijzing, Toewijzingsronde
from beoordeling.services import toewijsopdracht as dienst
from beoordeling.services import toewijzen as toewijsdienst
from beoordeling.services.toewijsopdracht import STILTE, toewijsopdracht_uitvoeren, toewijstaak, toewijzen_aanvragen
from beoordeling.services.toewijzing_antwoord import toewijzing_weigeren
from kern.enums import Rol
from kern.fouten import OvergangFout, RechtenFout
from kern.models import LogRegel
from kern.services.spoor import ketens_controleren
from tests.factories.commissie import TOEWIJZEN, Commissieronde, aanvaard, commissieronde, wijs_alles_toe
from tests.factories.ronde import maak_gebruiker, vers

pytestmark = pytest.mark.django_db
LATER = TOEWIJZEN + timedelta(minutes=5)


@pytest.fixture(autouse=True)
def _klok() -> Iterator[None]:
    with time_machine.travel(TOEWIJZEN, tick=False):
        yield


@pytest.fixture
def groot(monkeypatch: pytest.MonkeyPatch) -> None:
    """Every round is work for the queue."""
    monkeypatch.setattr(dienst, "DIRECT_ONDER", 1)


def vraag(ronde: Commissieronde, **anders: Any) -> Toewijsopdracht:
    velden = {"actor": ronde.secretaris.gebruiker, "op": TOEWIJZEN, **anders}
    return toewijzen_aanvragen(commissie=ronde.commissie, **velden)


def test_a_small_round_is_done_at_once() -> None:
    ronde = commissieronde(3, 4)
    opdracht = vraag(ronde)
    assert (opdracht.klaar_op, opdracht.melding, opdracht.gevraagd_door) == (TOEWIJZEN, "", ronde.secretaris.gebruiker)
    uit = opdracht.uitkomst or {}
    assert {naam: uit[naam] for naam in ("aanvragen", "leden", "per_aanvraag", "nieuw", "weg", "behouden")} == {
        "aanvragen": 3,
        "leden": 4,
        "per_aanvraag": 2,
        "nieuw": 6,
        "weg": 0,
        "behouden": 0,
    }
    assert (Toewijzing.objects.count(), Toewijzingsronde.objects.count()) == (6, 1)
    regel = LogRegel.objects.get(handeling="beoordelaars_toewijzen")
    assert (regel.keten, regel.actor, regel.gegevens["nieuw"]) == (
        f"commissie:{ronde.commissie.pk}",
        ronde.secretaris.gebruiker,
        6,
    )
    assert list(ketens_controleren([f"toewijzing:{rij.pk}" for rij in Toewijzing.objects.all()])) == []
    assert LogRegel.objects.filter(keten__startswith="toewijzing:", handeling="voorstellen").count() == 6


def test_a_big_round_waits_for_the_queue(groot: None, django_capture_on_commit_callbacks: Any) -> None:
    ronde = commissieronde(3, 4)
    with django_capture_on_commit_callbacks() as wachtrij:
        opdracht = vraag(ronde)
    assert (opdracht.klaar_op, opdracht.begonnen_op, Toewijzing.objects.count()) == (None, None, 0)
    (taak,) = wachtrij
    taak()
    opdracht = vers(opdracht)
    assert (opdracht.begonnen_op, opdracht.klaar_op) == (TOEWIJZEN, TOEWIJZEN)
    assert (opdracht.stap, (opdracht.uitkomst or {})["nieuw"]) == ("vastleggen", 6)
    assert Toewijzing.objects.count() == 6


def test_a_repeated_task_does_nothing(groot: None, django_capture_on_commit_callbacks: Any) -> None:
    ronde = commissieronde(3, 4)
    with django_capture_on_commit_callbacks(execute=True):
        opdracht = vraag(ronde)
    oud = vers(opdracht)
    toewijstaak.enqueue(opdracht.pk)
    assert (Toewijzing.objects.count(), Toewijzingsronde.objects.count()) == (6, 1)
    assert vers(opdracht).uitkomst == oud.uitkomst


def test_a_second_start_is_refused_while_the_first_runs(groot: None) -> None:
    ronde = commissieronde(2, 2)
    vraag(ronde)
    with pytest.raises(OvergangFout) as fout:
        vraag(ronde, op=LATER)
    assert fout.value.code == "toewijzen-loopt"
    assert str(fout.value).startswith(f"Het toewijzen loopt al: {ronde.secretaris.gebruiker} begon op ")
    assert Toewijsopdracht.objects.count() == 1
    with pytest.raises(IntegrityError, match="toewijsopdracht_een_tegelijk|UNIQUE"), transaction.atomic():
        Toewijsopdracht.objects.create(
            commissie=ronde.commissie, gevraagd_op=LATER, gevraagd_door=ronde.secretaris.gebruiker, gemeld_op=LATER
        )


def test_a_page_from_before_the_last_run_starts_nothing() -> None:
    """Two clicks on one page, the second after the first was done."""
    ronde = commissieronde(2, 2)
    eerste = vraag(ronde, gezien=0)
    with pytest.raises(OvergangFout) as fout:
        vraag(ronde, gezien=0, op=LATER)
    assert (fout.value.code, Toewijsopdracht.objects.count(), Toewijzing.objects.count()) == ("al-toegewezen", 1, 4)
    opnieuw = vraag(ronde, gezien=eerste.pk, op=LATER)
    uit = opnieuw.uitkomst or {}
    assert (uit["nieuw"], uit["behouden"], Toewijzing.objects.count()) == (0, 4, 4)


def test_a_silent_run_can_be_replaced_and_then_does_nothing_any_more(groot: None) -> None:
    ronde = commissieronde(2, 2)
    oud = vraag(ronde)
    with pytest.raises(OvergangFout):
        vraag(ronde, op=TOEWIJZEN + STILTE - timedelta(seconds=1))
    nieuw = vraag(ronde, op=TOEWIJZEN + STILTE)
    assert "stond stil" in vers(oud).melding
    toewijstaak.enqueue(oud.pk)
    assert Toewijzing.objects.count() == 0
    toewijstaak.enqueue(nieuw.pk)
    assert Toewijzing.objects.count() == 4


def test_a_run_that_was_replaced_while_it_searched_assigns_nobody(groot: None, monkeypatch: pytest.MonkeyPatch) -> None:
    ronde = commissieronde(2, 2)
    opdracht = vraag(ronde)
    echt = toewijsdienst.wijs_toe

    def traag(*args: Any, **kwargs: Any) -> Any:
        Toewijsopdracht.objects.filter(pk=opdracht.pk).update(klaar_op=LATER, melding="Vervangen.")
        return echt(*args, **kwargs)

    monkeypatch.setattr(toewijsdienst, "wijs_toe", traag)
    opdracht = toewijsopdracht_uitvoeren(opdracht=opdracht, op=TOEWIJZEN)
    assert (opdracht.melding, Toewijzing.objects.count(), Toewijzingsronde.objects.count()) == ("Vervangen.", 0, 0)


def test_a_round_that_changes_during_the_search_is_searched_again(monkeypatch: pytest.MonkeyPatch) -> None:
    """A member refuses while the queue computes: the outcome is that of the new state."""
    ronde = commissieronde(4, 4)
    wijs_alles_toe(ronde)
    rij = ronde.toewijzingen(ronde.zaken[0])[0]
    echt, keren = toewijsdienst.wijs_toe, []

    def tussendoor(*args: Any, **kwargs: Any) -> Any:
        keren.append(1)
        if len(keren) == 1:
            toewijzing_weigeren(toewijzing=rij, reden="Geen tijd.", actor=rij.lid.gebruiker, op=TOEWIJZEN)
        return echt(*args, **kwargs)

    monkeypatch.setattr(toewijsdienst, "wijs_toe", tussendoor)
    opdracht = vraag(ronde)
    assert (opdracht.melding, len(keren)) == ("", 2)
    nu = ronde.toewijzingen(ronde.zaken[0])
    assert (len(nu), rij.lid in [toewijzing.lid for toewijzing in nu]) == (2, False)


def test_a_round_that_keeps_changing_is_given_up_in_words(monkeypatch: pytest.MonkeyPatch) -> None:
    ronde = commissieronde(4, 4)
    wijs_alles_toe(ronde)
    rijen = [rij for zaak in ronde.zaken for rij in ronde.toewijzingen(zaak)]
    echt = toewijsdienst.wijs_toe

    def tussendoor(*args: Any, **kwargs: Any) -> Any:
        aanvaard(rijen.pop())
        return echt(*args, **kwargs)

    monkeypatch.setattr(toewijsdienst, "wijs_toe", tussendoor)
    opdracht = vraag(ronde)
    assert opdracht.melding.endswith("Wacht een paar minuten en begin opnieuw.")
    assert (opdracht.uitkomst, len(rijen)) == (None, 5)


def test_a_failure_is_kept_in_plain_words_and_changes_nothing(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    ronde = commissieronde(2, 2)

    def stuk(*args: Any, **kwargs: Any) -> Any:
        raise RuntimeError("kapot")

    monkeypatch.setattr(toewijsdienst, "voorstel_versturen", stuk)  # the last but one thing that a run does
    opdracht = vraag(ronde)
    assert opdracht.melding == (
        "Er ging iets mis in het systeem. Begin opnieuw. Lukt het weer niet, geef dan nummer "
        f"{opdracht.pk} door aan de beheerder."
    )
    assert (Toewijzing.objects.count(), Toewijzingsronde.objects.count()) == (0, 0)
    assert [regel.getMessage() for regel in caplog.records] == [f"Toewijsopdracht {opdracht.pk} is mislukt"]
    monkeypatch.undo()
    assert (vraag(ronde).uitkomst or {})["nieuw"] == 4


def test_a_look_assigns_nobody(groot: None, django_capture_on_commit_callbacks: Any) -> None:
    ronde = commissieronde(2, 2)
    with django_capture_on_commit_callbacks(execute=True):
        opdracht = vraag(ronde, droog=True)
    opdracht = vers(opdracht)
    assert (opdracht.droog, (opdracht.uitkomst or {})["nieuw"], Toewijzing.objects.count()) == (True, 4, 0)


def test_only_the_secretary_of_this_committee_and_not_after_losing_the_role(groot: None) -> None:
    ronde = commissieronde(2, 2)
    for actor in (ronde.leden[0].gebruiker, ronde.voorzitter.gebruiker, maak_gebruiker(Rol.SECRETARIS)):
        with pytest.raises(RechtenFout):
            vraag(ronde, actor=actor)
    assert Toewijsopdracht.objects.count() == 0
    opdracht = vraag(ronde)
    ronde.secretaris.tot = (TOEWIJZEN - timedelta(days=1)).date()
    ronde.secretaris.save()
    opdracht = toewijsopdracht_uitvoeren(opdracht=opdracht, op=LATER)
    assert opdracht.melding.startswith("Dit mag alleen de secretaris van deze commissie.")
    assert Toewijzing.objects.count() == 0


def test_what_cannot_be_assigned_is_refused_at_once() -> None:
    ronde = commissieronde(1, 0)
    with pytest.raises(OvergangFout) as fout:
        vraag(ronde)
    assert (fout.value.code, Toewijsopdracht.objects.count()) == ("niets-toe-te-wijzen", 0)
