"""The outbox: sent after commit, retried with growing waits, never twice for one cause."""

from __future__ import annotations

import smtplib
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.core import mail
from django.core.mail.backends.locmem import EmailBackend
from django.db import IntegrityError, transaction

from kern.enums import Berichtstatus
from kern.models import Bericht
from kern.services.berichten import MAXIMUM, bericht_klaarzetten, berichten_verzenden

OP = datetime(2026, 3, 5, 9, 0, tzinfo=UTC)
pytestmark = pytest.mark.django_db


class Post:
    """What the outside mail server does: answers each attempt with the next of ``antwoorden`` (then accepts)."""

    antwoorden: list[Exception] = []


class Storend(EmailBackend):
    """A mail server that can be down; delivers into ``django.core.mail.outbox``."""

    def send_messages(self, messages: Any) -> int:
        if Post.antwoorden:
            raise Post.antwoorden.pop(0)
        return super().send_messages(messages)


@pytest.fixture(autouse=True)
def post(settings: Any) -> None:
    settings.EMAIL_BACKEND = "tests.kern.test_berichten.Storend"
    Post.antwoorden = []


def klaar(sleutel: str = "proef-1", **anders: Any) -> Bericht:
    opties = {"aan": "iemand@proef.example", "onderwerp": "Onderwerp", "tekst": "Tekst.", "op": OP, **anders}
    return bericht_klaarzetten(sleutel=sleutel, **opties)


def vers(bericht: Bericht) -> Bericht:
    return Bericht.objects.get(pk=bericht.pk)


def test_een_bericht_gaat_uit_en_daarna_niet_meer() -> None:
    bericht = klaar()
    assert berichten_verzenden(op=OP) == 1
    assert berichten_verzenden(op=OP + timedelta(days=1)) == 0
    assert len(mail.outbox) == 1
    verstuurd = mail.outbox[0]
    assert (verstuurd.to, verstuurd.subject, verstuurd.body) == (["iemand@proef.example"], "Onderwerp", "Tekst.")
    assert verstuurd.extra_headers["Message-ID"] == f"<bericht-{bericht.pk}@voorbeeld.example>"
    nu = vers(bericht)
    assert (nu.status, nu.verzonden_op, nu.pogingen) == (Berichtstatus.VERZONDEN, OP, 1)


def test_per_sleutel_gaat_er_een() -> None:
    eerste = klaar(tekst="Eerste")
    tweede = klaar(tekst="Tweede", aan="ander@proef.example")
    assert (tweede.pk, tweede.tekst, tweede.aan) == (eerste.pk, "Eerste", "iemand@proef.example")
    klaar("proef-2")
    assert berichten_verzenden(op=OP) == 2
    with pytest.raises(IntegrityError), transaction.atomic():
        Bericht.objects.create(sleutel="proef-1", aan="x@y.example", aangemaakt_op=OP, volgende_poging_op=OP)


def test_een_bericht_van_later_wacht() -> None:
    klaar(op=OP + timedelta(minutes=1))
    assert berichten_verzenden(op=OP) == 0
    assert berichten_verzenden(op=OP + timedelta(minutes=1)) == 1


def test_wat_wordt_teruggedraaid_gaat_niet_uit() -> None:
    with transaction.atomic():
        klaar()
        transaction.set_rollback(True)
    assert (berichten_verzenden(op=OP), mail.outbox) == (0, [])


def test_na_een_storing_wordt_er_steeds_langer_gewacht() -> None:
    """1, 5, 15, 60, 180, 360 minutes, then every 360: 17 attempts in about 70 hours. Then it is marked as failed."""
    bericht, op, wachten = klaar(), OP, []
    for poging in range(1, MAXIMUM + 1):
        Post.antwoorden = [smtplib.SMTPServerDisconnected("weg")]
        assert berichten_verzenden(op=op) == 0
        nu = vers(bericht)
        assert (nu.pogingen, nu.fout) == (poging, "weg")
        assert nu.status == (Berichtstatus.MISLUKT if poging == MAXIMUM else Berichtstatus.KLAARGEZET)
        wachten.append(int((nu.volgende_poging_op - op).total_seconds() / 60))
        assert berichten_verzenden(op=nu.volgende_poging_op - timedelta(seconds=1)) == 0  # not before its time
        assert vers(bericht).pogingen == poging
        op = nu.volgende_poging_op
    assert wachten[:-1] == [1, 5, 15, 60, 180, *[360] * 11]
    assert (berichten_verzenden(op=op + timedelta(days=9)), mail.outbox) == (0, [])


def test_na_een_storing_gaat_het_alsnog() -> None:
    bericht = klaar()
    Post.antwoorden = [ConnectionRefusedError("dicht")]
    assert berichten_verzenden(op=OP) == 0
    assert berichten_verzenden(op=OP + timedelta(minutes=1)) == 1
    nu = vers(bericht)
    assert (nu.status, nu.pogingen, nu.fout) == (Berichtstatus.VERZONDEN, 2, "")


def test_een_bericht_dat_niet_kan_houdt_de_rest_niet_tegen() -> None:
    """A wrong address in one message: the others go out, and this one is tried again like any failure."""
    giftig = klaar("giftig", aan="iemand@proef.example\nBcc: ander@proef.example")
    goed = klaar("goed")
    assert berichten_verzenden(op=OP) == 1
    assert (vers(goed).status, vers(giftig).status, vers(giftig).pogingen) == ("verzonden", "klaargezet", 1)
    assert [verstuurd.recipients() for verstuurd in mail.outbox] == [["iemand@proef.example"]]


@pytest.mark.parametrize(
    "onderwerp",
    ["Uw aanvraag\nBcc: ander@proef.example", "Uw aanvraag\r\nBcc: ander@proef.example", "Uw aanvraag\x0bBcc: a@b.nl"],
)
def test_een_onderwerp_met_een_regel_erin_wordt_geen_kop(onderwerp: str) -> None:
    bericht = klaar(onderwerp=onderwerp)
    assert bericht.onderwerp == " ".join(onderwerp.split())
    assert berichten_verzenden(op=OP) == 1
    bericht_op_draad = mail.outbox[0].message()
    assert bericht_op_draad["Bcc"] is None
    assert mail.outbox[0].recipients() == ["iemand@proef.example"]
    assert str(bericht_op_draad["Subject"]).startswith("Uw aanvraag Bcc: ")


def test_een_te_lang_onderwerp_wordt_afgekapt() -> None:
    assert klaar(onderwerp="x" * 250).onderwerp == "x" * 200


def test_een_keer_verzenden_neemt_er_hoogstens_zoveel() -> None:
    for nummer in range(5):
        klaar(f"proef-{nummer}")
    assert [berichten_verzenden(op=OP, maximum=2) for _ in range(4)] == [2, 2, 1, 0]
    assert [verstuurd.extra_headers["Message-ID"] for verstuurd in mail.outbox] == [
        f"<bericht-{bericht.pk}@voorbeeld.example>" for bericht in Bericht.objects.order_by("id")
    ]


def test_verzonden_zonder_moment_houdt_de_database_tegen() -> None:
    bericht = klaar()
    with pytest.raises(IntegrityError), transaction.atomic():
        Bericht.objects.filter(pk=bericht.pk).update(status=Berichtstatus.VERZONDEN)
