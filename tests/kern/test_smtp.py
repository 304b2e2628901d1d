"""The outbox against real mail servers that refuse, hang, answer 4xx or 5xx, and come back (F13, P6)."""

from __future__ import annotations

import socket
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from aiosmtpd.controller import Controller
from django.test import override_settings

from kern.enums import Berichtstatus, Rol
from kern.fouten import OvergangFout
from kern.models import Bericht
from kern.services.berichten import bericht_klaarzetten, bericht_opnieuw, berichten_verzenden, wachtrij_cijfers
from tests.factories.ronde import maak_gebruiker

pytestmark = pytest.mark.django_db
OP = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)
SMTP = "django.core.mail.backends.smtp.EmailBackend"


class Ontvanger:
    """Takes mail; ``antwoord`` per phase makes it refuse."""

    def __init__(self) -> None:
        self.antwoord: dict[str, str] = {}
        self.gekregen: list[str] = []

    async def handle_RCPT(self, server: Any, session: Any, envelope: Any, address: str, opties: Any) -> str:
        if "rcpt" in self.antwoord:
            return self.antwoord["rcpt"]
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server: Any, session: Any, envelope: Any) -> str:
        if "data" in self.antwoord:
            return self.antwoord["data"]
        self.gekregen += envelope.rcpt_tos
        return "250 OK"


def vrije_poort() -> int:
    with socket.socket() as s:
        s.bind(("127.0.0.1", 0))
        return int(s.getsockname()[1])


@contextmanager
def server(poort: int) -> Iterator[Ontvanger]:
    ontvanger = Ontvanger()
    controle = Controller(ontvanger, hostname="127.0.0.1", port=poort)
    controle.start()
    try:
        yield ontvanger
    finally:
        controle.stop()


@contextmanager
def instellingen(poort: int, tijd: float = 5) -> Iterator[None]:
    with override_settings(EMAIL_BACKEND=SMTP, EMAIL_HOST="127.0.0.1", EMAIL_PORT=poort, EMAIL_TIMEOUT=tijd):
        yield


def zet_klaar(aantal: int) -> list[str]:
    adressen = [f"iemand{nr}@proef.example" for nr in range(aantal)]
    for nr, aan in enumerate(adressen):
        bericht_klaarzetten(sleutel=f"proef-{nr}", aan=aan, onderwerp="Hallo", tekst="Tekst", op=OP)
    return adressen


def staten() -> list[str]:
    return list(Bericht.objects.order_by("id").values_list("status", flat=True))


@pytest.mark.parametrize(
    "antwoord", [{"rcpt": "450 later"}, {"data": "451 later"}, {"data": "554 nee"}], ids=["rcpt4", "data4", "data5"]
)
def test_een_weigering_wacht_en_na_herstel_komt_alles_een_keer_aan(antwoord: dict[str, str]) -> None:
    adressen, poort = zet_klaar(4), vrije_poort()
    with instellingen(poort), server(poort) as ontvanger:
        ontvanger.antwoord = antwoord
        assert berichten_verzenden(op=OP) == 0
        assert staten() == [Berichtstatus.KLAARGEZET] * 4
        assert set(Bericht.objects.values_list("pogingen", flat=True)) == {1}
        ontvanger.antwoord = {}
        assert berichten_verzenden(op=OP) == 0  # not before its time
        assert berichten_verzenden(op=OP + timedelta(minutes=1)) == 4
        assert berichten_verzenden(op=OP + timedelta(hours=9)) == 0
        assert ontvanger.gekregen == adressen
    assert staten() == [Berichtstatus.VERZONDEN] * 4


def test_een_adres_dat_niet_bestaat_is_meteen_onbestelbaar_en_kan_opnieuw() -> None:
    zet_klaar(1)
    poort, actor = vrije_poort(), maak_gebruiker(Rol.BEHEERDER)
    with instellingen(poort), server(poort) as ontvanger:
        ontvanger.antwoord = {"rcpt": "550 onbekend"}
        berichten_verzenden(op=OP)
        bericht = Bericht.objects.get()
        assert (bericht.status, bericht.teruggekomen_op, bericht.pogingen) == (Berichtstatus.ONBESTELBAAR, OP, 1)
        assert "550" in bericht.fout
        ontvanger.antwoord = {}
        assert berichten_verzenden(op=OP + timedelta(hours=9)) == 0
        bericht_opnieuw(bericht=bericht, actor=actor, op=OP, aan="goed@proef.example")
        assert berichten_verzenden(op=OP) == 1
        assert ontvanger.gekregen == ["goed@proef.example"]
    with pytest.raises(OvergangFout):
        bericht_opnieuw(bericht=bericht, actor=actor, op=OP)


def test_geen_server_kost_drie_pogingen_en_dan_wacht_de_rest() -> None:
    adressen, poort = zet_klaar(6), vrije_poort()
    with instellingen(poort):
        assert berichten_verzenden(op=OP) == 0
        assert list(Bericht.objects.order_by("id").values_list("pogingen", flat=True)) == [1, 1, 1, 0, 0, 0]
        cijfers = wachtrij_cijfers(op=OP + timedelta(minutes=30))
        assert cijfers == {"aantallen": {Berichtstatus.KLAARGEZET: 6}, "oudste_seconden": 1800}
        with server(poort) as ontvanger:
            assert berichten_verzenden(op=OP + timedelta(minutes=30)) == 6
            assert ontvanger.gekregen == adressen


def test_een_server_die_zwijgt_houdt_de_werker_niet_vast() -> None:
    """A listening port that never greets: EMAIL_TIMEOUT ends it."""
    zet_klaar(5)
    with socket.socket() as stil:
        stil.bind(("127.0.0.1", 0))
        stil.listen(16)
        begin = datetime.now(tz=UTC)
        with instellingen(stil.getsockname()[1], tijd=0.3):
            assert berichten_verzenden(op=OP) == 0
        duur = (datetime.now(tz=UTC) - begin).total_seconds()
    assert duur < 10
    assert sum(Bericht.objects.values_list("pogingen", flat=True)) == 3
