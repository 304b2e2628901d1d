"""The outbox: messages are written with their cause and sent after commit."""

from __future__ import annotations

import smtplib
from collections.abc import Sequence
from datetime import datetime, timedelta
from enum import Enum
from typing import Any

from django.conf import settings
from django.core.mail import EmailMessage
from django.db import transaction
from django.db.models import Count, Min, Q

from kern.enums import Berichtsoort, Berichtstatus
from kern.fouten import InvoerFout, OvergangFout
from kern.models import Bericht, Gebruiker
from kern.services.spoor import Logpost, keten_van, log_schrijven

#: Waits between attempts; the last one is repeated until ``MAXIMUM`` attempts (about 72 hours).
_WACHTTIJDEN = [timedelta(minutes=m) for m in (1, 5, 15, 60, 180, 360)]
MAXIMUM = 17
#: Kinds with links and codes (referees, invitations, profiles) or about logging in.
VAST_ADRES = frozenset({Berichtsoort.TOEGANG, Berichtsoort.REFERENTIE})
#: Messages in a row that find no server, before a round of sending stops.
GEEF_OP_NA = 3


class Uitkomst(Enum):
    """What became of one attempt."""

    VERZONDEN = "verzonden"
    GEWEIGERD = "geweigerd"
    ONBEREIKBAAR = "onbereikbaar"
    OVERGESLAGEN = "overgeslagen"


def bericht_klaarzetten(
    *, sleutel: str, aan: str, onderwerp: str, tekst: str, op: datetime, soort: Berichtsoort = Berichtsoort.ALGEMEEN
) -> Bericht:
    """Puts a message in the outbox, once per ``sleutel`` (a repeat returns the first)."""
    bericht, _ = Bericht.objects.get_or_create(
        sleutel=sleutel,
        defaults={
            "aan": aan,
            "soort": soort,
            "onderwerp": " ".join(onderwerp.split())[:200],
            "tekst": tekst,
            "aangemaakt_op": op,
            "volgende_poging_op": op,
        },
    )
    return bericht


def berichten_klaarzetten(berichten: Sequence[Bericht]) -> None:
    """Puts many messages in the outbox with one query; one whose ``sleutel`` is there already is left out."""
    Bericht.objects.bulk_create(berichten, ignore_conflicts=True)


def berichten_verzenden(*, op: datetime, maximum: int = 100) -> int:
    """Sends what is due; a failure is tried again later with growing waits. Returns the number sent.

    At least once: a crash between sending and writing repeats the message, with the same Message-ID.
    """
    wachtend = list(
        Bericht.objects.filter(Q(status=Berichtstatus.KLAARGEZET), volgende_poging_op__lte=op)
        .order_by("id")
        .values_list("pk", flat=True)[:maximum]
    )
    verzonden, onbereikbaar = 0, 0
    for pk in wachtend:
        uitkomst = _verzend(pk, op)
        verzonden += uitkomst is Uitkomst.VERZONDEN
        onbereikbaar = onbereikbaar + 1 if uitkomst is Uitkomst.ONBEREIKBAAR else 0
        if onbereikbaar == GEEF_OP_NA:  # a server that is silent costs EMAIL_TIMEOUT each: the rest waits its turn
            break
    return verzonden


def heeft_vast_adres(bericht: Bericht) -> bool:
    """Whether the message proves who somebody is, or is about that: it carries a link or a code for this address only.

    By kind, and not by what is in the text, so that a new message of such a kind is safe without being listed.
    """
    return bericht.soort in VAST_ADRES


def bericht_opnieuw(*, bericht: Bericht, actor: Gebruiker, op: datetime, aan: str = "") -> Bericht:
    """Puts a message that failed or came back in the queue again, at another address when one is given.

    Refused with another address for :func:`heeft_vast_adres`: who sends it on would get the secret of somebody else.
    """
    with transaction.atomic():
        bericht = Bericht.objects.select_for_update().get(pk=bericht.pk)
        if bericht.status not in {Berichtstatus.MISLUKT, Berichtstatus.ONBESTELBAAR}:
            raise OvergangFout("Dit bericht wacht nog of is al verzonden.", actie="Ververs de pagina.")
        ander = bool(aan) and aan.lower() != bericht.aan.lower()
        if ander and heeft_vast_adres(bericht):
            raise InvoerFout(
                "Dit bericht is alleen voor het adres waarvoor het is gemaakt: er staat een persoonlijke link of code "
                "in, of het gaat over iemands toegang.",
                actie="Stuur het zonder ander adres. Klopt het adres niet, laat dan de referent vervangen, of stuur "
                "een nieuwe uitnodiging of link.",
                veld="aan",
                code="vast-adres",
            )
        bericht.aan = aan if ander else bericht.aan
        bericht.status, bericht.pogingen, bericht.volgende_poging_op = Berichtstatus.KLAARGEZET, 0, op
        bericht.teruggekomen_op = None
        bericht.save(update_fields=["aan", "status", "pogingen", "volgende_poging_op", "teruggekomen_op"])
        log_schrijven(
            Logpost(
                keten=keten_van(bericht),
                handeling="bericht_opnieuw",
                op=op,
                actor=actor,
                gegevens={"ander_adres": ander},
            )
        )
    return bericht


def wachtrij_cijfers(*, op: datetime) -> dict[str, Any]:
    """Number per state, and how many seconds the oldest message that is due waits."""
    aantallen = dict(Bericht.objects.order_by().values_list("status").annotate(n=Count("id")))
    oudste = Bericht.objects.filter(status=Berichtstatus.KLAARGEZET, volgende_poging_op__lte=op).aggregate(
        m=Min("aangemaakt_op")
    )["m"]
    return {"aantallen": aantallen, "oudste_seconden": int((op - oudste).total_seconds()) if oudste else 0}


def _verzend(pk: int, op: datetime) -> Uitkomst:
    with transaction.atomic():
        bericht = (
            Bericht.objects.select_for_update(skip_locked=True).filter(pk=pk, status=Berichtstatus.KLAARGEZET).first()
        )
        if bericht is None:
            return Uitkomst.OVERGESLAGEN
        bericht.pogingen += 1
        mail = EmailMessage(
            subject=bericht.onderwerp,
            body=bericht.tekst,
            to=[bericht.aan],
            headers={"Message-ID": f"<bericht-{bericht.pk}@{settings.BERICHT_DOMEIN}>"},
        )
        uitkomst = Uitkomst.VERZONDEN
        try:
            mail.send()
        except smtplib.SMTPRecipientsRefused as fout:
            uitkomst = Uitkomst.GEWEIGERD
            _mislukt(bericht, fout, op)
            if all(code >= 500 for code, _ in fout.recipients.values()):  # no such mailbox: trying again is no use
                bericht.status, bericht.teruggekomen_op = Berichtstatus.ONBESTELBAAR, op
        except (OSError, ValueError) as fout:  # ValueError: an address or header that no mail can have
            uitkomst = Uitkomst.ONBEREIKBAAR if _is_onbereikbaar(fout) else Uitkomst.GEWEIGERD
            _mislukt(bericht, fout, op)
        else:
            bericht.status, bericht.verzonden_op, bericht.fout = Berichtstatus.VERZONDEN, op, ""
        bericht.save()
    return uitkomst


def _mislukt(bericht: Bericht, fout: Exception, op: datetime) -> None:
    """Notes a failed attempt: again later with growing waits, given up after ``MAXIMUM``."""
    bericht.fout = str(fout)[:500]
    if bericht.pogingen >= MAXIMUM:
        bericht.status = Berichtstatus.MISLUKT
    bericht.volgende_poging_op = op + _WACHTTIJDEN[min(bericht.pogingen, len(_WACHTTIJDEN)) - 1]


def _is_onbereikbaar(fout: Exception) -> bool:
    """Whether the server itself cannot be reached, so that the next message will fare the same."""
    if isinstance(fout, smtplib.SMTPException):
        return isinstance(fout, smtplib.SMTPConnectError | smtplib.SMTPServerDisconnected)
    return isinstance(fout, OSError)
