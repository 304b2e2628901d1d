"""The scanner client against a small server that speaks the protocol of clamd, and what happens per outcome."""

from __future__ import annotations

import shutil
import socket
import socketserver
import struct
import subprocess
import tempfile
import threading
import time
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from kern.enums import Scanuitslag
from kern.fouten import InvoerFout
from kern.keuring.grenzen import EICAR
from kern.models import Bericht, Bestand, LogRegel
from kern.services import virusscan
from kern.services.bestanden import bestand_opslaan, bestanden_nascannen
from kern.services.virusscan import scannen
from tests.factories.ronde import maak_gebruiker
from tests.kern.kwaad import pdf

OP = datetime(2026, 3, 5, 9, 0, tzinfo=UTC)
#: What the server of the tests takes for a virus; in a PDF it is a harmless comment.
MERK = b"%KWAAD-VOOR-DE-TEST"


def oordeel(inhoud: bytes) -> bytes:
    if MERK in inhoud or EICAR in inhoud:
        return b"stream: Proef.Virus FOUND\0"
    return b"stream: OK\0"


class _Server(socketserver.ThreadingTCPServer):
    allow_reuse_address = True
    daemon_threads = True
    antwoord: Callable[[bytes], bytes]
    gezien: list[bytes]


class _Lijn(socketserver.BaseRequestHandler):
    """zINSTREAM: chunks of a length and bytes, ended by length zero."""

    def handle(self) -> None:
        server: Any = self.server
        assert self._lees(10) == b"zINSTREAM\0"
        inhoud = b""
        while lengte := struct.unpack(">I", self._lees(4))[0]:
            inhoud += self._lees(lengte)
        server.gezien.append(inhoud)
        self.request.sendall(server.antwoord(inhoud))

    def _lees(self, aantal: int) -> bytes:
        stuk = b""
        while len(stuk) < aantal:
            deel = self.request.recv(aantal - len(stuk))
            if not deel:
                raise ConnectionError
            stuk += deel
        return stuk


@pytest.fixture
def scanner(settings: Any) -> Iterator[_Server]:
    server = _Server(("127.0.0.1", 0), _Lijn)
    server.antwoord, server.gezien = oordeel, []
    draad = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05})
    draad.start()
    settings.CLAMD = f"127.0.0.1:{server.server_address[1]}"
    yield server
    server.shutdown()
    server.server_close()
    draad.join()


def bewaar(inhoud: bytes, actor: Any = None) -> Bestand:
    return bestand_opslaan(inhoud=inhoud, naam="plan.pdf", actor=actor, op=OP)


def besmet() -> bytes:
    """A PDF that only the scanner objects to."""
    heel = pdf()
    return heel[:9] + MERK + b"\n" + heel[9:]


def test_uitslagen(scanner: _Server) -> None:
    groot = bytes(300_000)
    assert scannen(groot) == (Scanuitslag.SCHOON, "")
    assert scanner.gezien == [groot]  # every byte arrived, in pieces
    assert scannen(b"x" + MERK) == (Scanuitslag.BESMET, "Proef.Virus")


@pytest.mark.parametrize(
    "antwoord", [b"INSTREAM size limit exceeded. ERROR\0", b"", b"\xff\xfe\0", b"stream: OK maar niet heus\0"]
)
def test_een_vreemd_antwoord_is_geen_uitslag(scanner: _Server, antwoord: bytes) -> None:
    scanner.antwoord = lambda inhoud: antwoord
    assert scannen(b"x") == (Scanuitslag.WACHT, "")


def test_een_scanner_die_zwijgt_houdt_niet_eeuwig_op(scanner: _Server, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(virusscan, "ANTWOORD", 0.3)
    scanner.antwoord = lambda inhoud: time.sleep(1) or b"stream: OK\0"
    begin = time.monotonic()
    assert scannen(b"x") == (Scanuitslag.WACHT, "")
    assert time.monotonic() - begin < 0.9


def test_geen_scanner_of_een_dode(settings: Any) -> None:
    assert scannen(b"x") == (Scanuitslag.NIET_GESCAND, "")
    for dood in ("/bestaat/niet.ctl", "127.0.0.1:1", "niet-een-adres:x"):
        settings.CLAMD = dood
        assert scannen(b"x") == (Scanuitslag.WACHT, "")


def test_over_een_unix_socket(settings: Any, tmp_path: Path) -> None:
    class Unix(_Server):
        address_family = socket.AF_UNIX

        def server_bind(self) -> None:
            self.socket.bind(self.server_address)

    server = Unix(str(tmp_path / "clamd.ctl"), _Lijn)  # type: ignore[arg-type]  # a handler, named otherwise in the stubs
    server.antwoord, server.gezien = oordeel, []
    draad = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05})
    draad.start()
    settings.CLAMD = str(tmp_path / "clamd.ctl")
    try:
        assert scannen(MERK) == (Scanuitslag.BESMET, "Proef.Virus")
    finally:
        server.shutdown()
        server.server_close()
        draad.join()


@pytest.mark.django_db
def test_schoon_wordt_bewaard_en_besmet_niet(scanner: _Server) -> None:
    assert bewaar(pdf()).scan == Scanuitslag.SCHOON
    with pytest.raises(InvoerFout) as fout:
        bewaar(besmet())
    assert (fout.value.code, Bestand.objects.count()) == ("bestand-virus", 1)


@pytest.mark.django_db
def test_eicar_wordt_ook_zonder_scanner_herkend() -> None:
    with pytest.raises(InvoerFout) as fout:
        bewaar(EICAR)
    assert fout.value.code == "bestand-virus"


@pytest.mark.django_db
def test_een_stille_scanner_laat_wachten_en_later_volgt_de_uitslag(scanner: _Server, settings: Any) -> None:
    """Held, then released or locked; whoever sent the infected one gets a message, once."""
    adres, settings.CLAMD = settings.CLAMD, "127.0.0.1:1"
    actor = maak_gebruiker()
    goed, kwaad = bewaar(pdf(), actor), bewaar(besmet(), actor)
    assert (goed.scan, kwaad.scan) == (Scanuitslag.WACHT, Scanuitslag.WACHT)
    assert bestanden_nascannen(op=OP) == 0
    settings.CLAMD = adres
    later = OP + timedelta(minutes=5)
    assert (bestanden_nascannen(op=later), bestanden_nascannen(op=later)) == (2, 0)
    goed.refresh_from_db()
    kwaad.refresh_from_db()
    assert (goed.scan, kwaad.scan) == (Scanuitslag.SCHOON, Scanuitslag.BESMET)
    bericht = Bericht.objects.get()
    assert (bericht.aan, "plan.pdf" in bericht.tekst) == (actor.email, True)
    regels = LogRegel.objects.filter(handeling="bestand_nascannen").order_by("id")
    assert {(r.naar, r.gegevens.get("virus")) for r in regels} == {("schoon", None), ("besmet", "Proef.Virus")}


@pytest.mark.skipif(shutil.which("clamd") is None, reason="clamd (Debian: clamav-daemon) is not on this machine")
def test_de_echte_clamd(settings: Any) -> None:
    """Wiring only: the real daemon with one signature of our own."""
    with tempfile.TemporaryDirectory() as map_:
        pad = Path(map_)
        (pad / "eigen.ndb").write_text(f"Proef.Virus:0:*:{MERK.hex()}\n")
        (pad / "clamd.conf").write_text(f"LocalSocket {pad}/s\nDatabaseDirectory {pad}\nForeground yes\n")
        proces = subprocess.Popen(["clamd", "-c", str(pad / "clamd.conf")])
        try:
            settings.CLAMD = f"{pad}/s"
            for _ in range(100):
                if (pad / "s").exists():
                    break
                time.sleep(0.1)
            assert scannen(b"niets aan de hand")[0] == Scanuitslag.SCHOON
            assert scannen(b"x" + MERK)[0] == Scanuitslag.BESMET
        finally:
            proces.terminate()
            proces.wait(timeout=10)
