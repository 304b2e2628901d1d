"""The outbox: messages are written with their cause and sent after commit."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.conf import settings
from django.core.mail import EmailMessage
from django.db import transaction
from django.db.models import Q

from kern.enums import Berichtstatus
from kern.models import Bericht

#: Waits between attempts; the last one is repeated until ``MAXIMUM`` attempts (about 72 hours).
_WACHTTIJDEN = [timedelta(minutes=m) for m in (1, 5, 15, 60, 180, 360)]
MAXIMUM = 17


def bericht_klaarzetten(*, sleutel: str, aan: str, onderwerp: str, tekst: str, op: datetime) -> Bericht:
    """Puts a message in the outbox, once per ``sleutel`` (a repeat returns the first)."""
    bericht, _ = Bericht.objects.get_or_create(
        sleutel=sleutel,
        defaults={
            "aan": aan,
            "onderwerp": " ".join(onderwerp.split())[:200],
            "tekst": tekst,
            "aangemaakt_op": op,
            "volgende_poging_op": op,
        },
    )
    return bericht


def berichten_verzenden(*, op: datetime, maximum: int = 100) -> int:
    """Sends what is due; a failure is tried again later with growing waits. Returns the number sent.

    At least once: a crash between sending and writing repeats the message, with the same Message-ID.
    """
    wachtend = list(
        Bericht.objects.filter(Q(status=Berichtstatus.KLAARGEZET), volgende_poging_op__lte=op)
        .order_by("id")
        .values_list("pk", flat=True)[:maximum]
    )
    return sum(_verzend(pk, op) for pk in wachtend)


def _verzend(pk: int, op: datetime) -> bool:
    with transaction.atomic():
        bericht = (
            Bericht.objects.select_for_update(skip_locked=True).filter(pk=pk, status=Berichtstatus.KLAARGEZET).first()
        )
        if bericht is None:
            return False
        bericht.pogingen += 1
        mail = EmailMessage(
            subject=bericht.onderwerp,
            body=bericht.tekst,
            to=[bericht.aan],
            headers={"Message-ID": f"<bericht-{bericht.pk}@{settings.BERICHT_DOMEIN}>"},
        )
        try:
            mail.send()
        except (OSError, ValueError) as fout:  # ValueError: an address or header that no mail can have
            bericht.fout = str(fout)[:500]
            if bericht.pogingen >= MAXIMUM:
                bericht.status = Berichtstatus.MISLUKT
            bericht.volgende_poging_op = op + _WACHTTIJDEN[min(bericht.pogingen, len(_WACHTTIJDEN)) - 1]
        else:
            bericht.status, bericht.verzonden_op, bericht.fout = Berichtstatus.VERZONDEN, op, ""
        bericht.save()
    return bericht.status == Berichtstatus.VERZONDEN
