"""The worker: runs everything once, and one failure does not stop the rest."""

from __future__ import annotations

import logging
import signal
from datetime import datetime, timedelta
from typing import Any

import pytest
from django.core import mail
from django.core.management import call_command
from django.db import OperationalError
from django.utils import timezone
from django_tasks import TaskResultStatus
from django_tasks_db.models import DBTaskResult

from kern.management.commands.werker import Command
from kern.models import LogRegel, Zegel, Zegelregel
from kern.services.berichten import bericht_klaarzetten
from kern.services.overgang import overgang_toepassen
from kern.services.taken import STIL, taken_redden
from regeling.models import Tijdvak
from tests.factories.ronde import maak_tijdvak
from uitvoering.services.brief import brief_pdf_maken

#: The worker closes its connection between tasks, so no transaction can span a test.
pytestmark = pytest.mark.django_db(transaction=True)
GEZIEN: list[tuple[str, datetime]] = []


def tellen(*, op: datetime) -> None:
    GEZIEN.append(("tellen", op))


def stuk(*, op: datetime) -> None:
    GEZIEN.append(("stuk", op))
    raise RuntimeError("deze taak is stuk")


def zonder_database(*, op: datetime) -> None:
    GEZIEN.append(("zonder_database", op))
    raise OperationalError("de database is weg")


def stoppen_na_twee(*, op: datetime) -> None:
    GEZIEN.append(("stoppen_na_twee", op))
    if [naam for naam, _ in GEZIEN].count("stoppen_na_twee") == 2:
        signal.raise_signal(signal.SIGTERM)


@pytest.fixture(autouse=True)
def _signaal() -> Any:
    """The command catches SIGTERM; put back what was there."""
    GEZIEN.clear()
    oud = signal.getsignal(signal.SIGTERM)
    yield
    signal.signal(signal.SIGTERM, oud)


def _rijp() -> Tijdvak:
    """A published round whose window lies in the past."""
    nu, tijdvak = timezone.now(), maak_tijdvak()
    Tijdvak.objects.filter(pk=tijdvak.pk).update(open_op=nu - timedelta(days=9), sluit_op=nu - timedelta(days=8))
    return overgang_toepassen(tijdvak, "publiceren", actor=None, op=nu)


def test_alles_een_keer(caplog: pytest.LogCaptureFixture) -> None:
    """Messages go out, the trail is sealed, a round whose time has come opens and closes; and nothing fails."""
    tijdvak = _rijp()
    bericht_klaarzetten(sleutel="x", aan="a@b.example", onderwerp="O", tekst="T", op=timezone.now())
    call_command("werker", "--eenmalig")
    assert [regel.getMessage() for regel in caplog.records] == []
    assert Tijdvak.objects.get(pk=tijdvak.pk).status == "gesloten"
    assert [verstuurd.subject for verstuurd in mail.outbox] == ["O"]
    regels = LogRegel.objects.filter(keten=f"tijdvak:{tijdvak.pk}").order_by("volgnr")
    assert [regel.handeling for regel in regels] == ["publiceren", "openen", "sluiten"]
    assert [regel.handeling for regel in regels if hasattr(regel, "zegelregel")] == ["publiceren"]  # seals come first


def test_een_taak_die_stuk_is_houdt_de_andere_niet_tegen(settings: Any, caplog: pytest.LogCaptureFixture) -> None:
    hier = "tests.kern.test_werker"
    settings.PERIODIEK = [(1, f"{hier}.stuk"), (1, f"{hier}.zonder_database"), (1, f"{hier}.tellen")]
    voor = timezone.now()
    with caplog.at_level(logging.ERROR, logger="kern.management.commands.werker"):
        call_command("werker", "--eenmalig")
    assert [naam for naam, _ in GEZIEN] == ["stuk", "zonder_database", "tellen"]
    assert all(voor <= op <= timezone.now() for _, op in GEZIEN)
    assert [regel.getMessage() for regel in caplog.records] == [
        f"Periodieke taak {hier}.stuk is mislukt",
        f"Database niet bereikbaar bij {hier}.zonder_database",
    ]


def test_een_taak_draait_weer_als_zijn_tijd_om_is_en_sigterm_stopt(settings: Any) -> None:
    """A task of every hour runs once in two rounds of the loop, one of every second twice."""
    hier = "tests.kern.test_werker"
    settings.PERIODIEK = [(3600, f"{hier}.tellen"), (1, f"{hier}.stoppen_na_twee")]
    opdracht = Command()
    opdracht.handle(eenmalig=False)
    assert opdracht.stoppen is True
    assert [naam for naam, _ in GEZIEN] == ["tellen", "stoppen_na_twee", "stoppen_na_twee"]


def test_het_spoor_wordt_verzegeld_zolang_er_iets_nieuws_is() -> None:
    _rijp()
    for zegels, regels in ((1, 1), (2, 3), (2, 3)):  # first run: the publication; second: opening and closing
        call_command("werker", "--eenmalig")
        assert (Zegel.objects.count(), Zegelregel.objects.count()) == (zegels, regels)


def _taak(status: TaskResultStatus, begonnen: datetime | None) -> DBTaskResult:
    return DBTaskResult.objects.create(
        task_path=brief_pdf_maken.module_path,
        args_kwargs={"args": ["x"], "kwargs": {}},
        backend_name="default",
        run_after=timezone.now(),
        status=status,
        started_at=begonnen,
    )


def test_een_taak_van_een_gestopte_werker_gaat_terug_in_de_rij() -> None:
    nu = timezone.now()
    verweesd = _taak(TaskResultStatus.RUNNING, nu - STIL - timedelta(seconds=1))
    bezig = _taak(TaskResultStatus.RUNNING, nu - STIL + timedelta(seconds=1))
    klaar = _taak(TaskResultStatus.SUCCESSFUL, nu - timedelta(days=1))
    logging.disable(logging.WARNING)
    try:
        assert taken_redden(op=nu) == 1
        assert taken_redden(op=nu) == 0
    finally:
        logging.disable(logging.NOTSET)
    staten = dict(DBTaskResult.objects.values_list("pk", "status"))
    assert staten == {
        verweesd.pk: TaskResultStatus.READY,
        bezig.pk: TaskResultStatus.RUNNING,
        klaar.pk: TaskResultStatus.SUCCESSFUL,
    }
