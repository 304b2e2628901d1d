"""The virus scanner: a small client of clamd (INSTREAM), by unix socket or TCP.

``STIMULANS_CLAMD`` names the place: ``/run/clamav/clamd.ctl`` or ``host:3310``; empty: there is no scanner.
"""

from __future__ import annotations

import logging
import socket
import struct

from django.conf import settings

from kern.enums import Scanuitslag

logger = logging.getLogger(__name__)
_STUK = 64 * 1024
#: Seconds to connect, and for each answer.
VERBINDEN, ANTWOORD = 3, 30


class ScannerStil(Exception):
    """The scanner gave no usable answer; the file has to wait."""


def scanner_ingesteld() -> bool:
    return bool(settings.CLAMD)


def scannen(inhoud: bytes) -> tuple[Scanuitslag, str]:
    """Outcome for these bytes and the name of what was found. Without a scanner: NIET_GESCAND; silent: WACHT."""
    if not scanner_ingesteld():
        return Scanuitslag.NIET_GESCAND, ""
    try:
        antwoord = _vraag(inhoud)
        if antwoord == "stream: OK":
            return Scanuitslag.SCHOON, ""
        if antwoord.startswith("stream: ") and antwoord.endswith(" FOUND"):
            return Scanuitslag.BESMET, antwoord[8:-6]
        raise ScannerStil(antwoord[:200])  # "INSTREAM size limit exceeded. ERROR" and the like
    except (OSError, ValueError, ScannerStil) as fout:  # ValueError: an address that cannot be one
        logger.error("virusscanner %s geeft geen uitslag: %s", settings.CLAMD, fout)
        return Scanuitslag.WACHT, ""


def _verbinding() -> socket.socket:
    if settings.CLAMD.startswith("/"):
        aansluiting = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
        aansluiting.settimeout(VERBINDEN)
        try:
            aansluiting.connect(settings.CLAMD)
        except OSError:
            aansluiting.close()
            raise
    else:
        gastheer, _, poort = settings.CLAMD.rpartition(":")
        aansluiting = socket.create_connection((gastheer.strip("[]"), int(poort)), timeout=VERBINDEN)
    aansluiting.settimeout(ANTWOORD)
    return aansluiting


def _vraag(inhoud: bytes) -> str:
    with _verbinding() as lijn:
        lijn.sendall(b"zINSTREAM\0")
        for begin in range(0, len(inhoud), _STUK):
            stuk = inhoud[begin : begin + _STUK]
            lijn.sendall(struct.pack(">I", len(stuk)) + stuk)
        lijn.sendall(struct.pack(">I", 0))
        antwoord = bytearray()
        while not antwoord.endswith(b"\0") and len(antwoord) < 4096:
            deel = lijn.recv(1024)
            if not deel:
                break
            antwoord += deel
    return antwoord.rstrip(b"\0\r\n").decode(errors="replace")
