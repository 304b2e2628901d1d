"""Reads the report that a mail server sends when it cannot deliver (RFC 3464). Pure."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from email import message_from_bytes, policy
from email.message import EmailMessage, Message
from typing import Any

_ONZE = re.compile(r"<bericht-(\d{1,18})@([^>\s]+)>")


@dataclass(frozen=True)
class Teruggekomen:
    """A message that a server gave back for good. ``aan``: the address that failed, ``reden``: the server's words."""

    bericht: int
    domein: str
    aan: str
    reden: str


def lees_melding(inhoud: bytes) -> list[Teruggekomen]:
    """The permanent failures in a delivery report about one of our messages.

    Empty for an ordinary mail, for a report that says "delayed" or "delivered", and for a message that is not ours.
    """
    mail = message_from_bytes(inhoud, policy=policy.default)
    if mail.get_content_type() != "multipart/report" or mail.get_param("report-type") != "delivery-status":
        return []
    onze = _ONZE.search(_message_id(mail))
    if onze is None:
        return []
    return [
        Teruggekomen(int(onze[1]), onze[2].lower(), _adres(blok["Final-Recipient"]), _reden(blok))
        for blok in _blokken(mail)
        if str(blok["Action"] or "").strip().lower() == "failed" and str(blok["Status"] or "").strip().startswith("5")
    ]


def _delen(mail: Message[Any, Any]) -> Iterator[EmailMessage]:
    for deel in mail.walk():
        if isinstance(deel, EmailMessage):
            yield deel


def _blokken(mail: Message[Any, Any]) -> Iterator[EmailMessage]:
    """The groups of fields of the report: one about the message, then one per recipient."""
    for deel in _delen(mail):
        if deel.get_content_type() == "message/delivery-status":
            blokken = deel.get_payload()
            yield from (blok for blok in blokken if isinstance(blok, EmailMessage) and blok["Final-Recipient"])


def _message_id(mail: Message[Any, Any]) -> str:
    """Message-ID of the message that came back: of the copy, or in the returned headers."""
    for deel in _delen(mail):
        if deel is not mail and deel.get_content_type() == "text/rfc822-headers":
            gevonden = re.search(r"(?im)^message-id:\s*(<[^>]+>)", str(deel.get_content()))
            if gevonden:
                return gevonden[1]
        elif deel is not mail and deel["Message-ID"]:
            return str(deel["Message-ID"])
    return ""


def _adres(veld: Any) -> str:
    """``rfc822; iemand@klant.example`` → the address in small letters."""
    return str(veld).rpartition(";")[2].strip().strip("<>").lower()


def _reden(blok: EmailMessage) -> str:
    code = str(blok["Diagnostic-Code"] or "").rpartition(";")[2]
    return " ".join(f"{blok['Status']} {code}".split())[:500]
