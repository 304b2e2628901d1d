"""kill -9 of the real server, twenty times, in the middle of typing and sending (P3, P4, F1, F2).

Clients type (autosave), keep what the server acknowledged, and retry; others press "send" until they see a receipt.
Afterwards the database itself is read: no acknowledged field is lost, each application was sent once with one receipt.
On SQLite always; on PostgreSQL when ``DATABASE_URL`` names one (a database of its own is made and dropped).
"""

from __future__ import annotations

import json
import os
import random
import re
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit, urlunsplit

import pytest
import requests

WORTEL = Path(__file__).resolve().parent.parent.parent
#: Talks HTTP to a server of its own: needs no browser and no test database (see ``conftest.py``).
ZONDER_BROWSER = True
KEREN, TYPISTEN, VERZENDERS = 20, 3, 10


class Server:
    """gunicorn with two workers on a scratch database, in a process group of its own (see ``uitval_server.py``)."""

    def __init__(self, omgeving: dict[str, str], poort: int) -> None:
        self.basis, self.groep = f"http://127.0.0.1:{poort}", 0
        opdracht = [sys.executable, "-m", "tests.e2e.uitval_server", str(poort)]
        pijp = subprocess.PIPE
        self.bron = subprocess.Popen(opdracht, cwd=WORTEL, env=omgeving, stdin=pijp, stdout=pijp, text=True)

    def start(self) -> None:
        assert self.bron.stdin is not None
        assert self.bron.stdout is not None
        self.bron.stdin.write("start\n")
        self.bron.stdin.flush()
        self.groep = int(self.bron.stdout.readline())

    def kill(self) -> None:
        """Everything at once, without a chance to finish."""
        tot = time.monotonic() + 10
        while os.getpgid(self.groep) != self.groep and time.monotonic() < tot:
            time.sleep(0.01)  # the new process has not made its group yet
        os.killpg(self.groep, signal.SIGKILL)

    def sluit(self) -> None:
        if self.groep:
            self.kill()
        self.bron.kill()
        self.bron.communicate()

    def wacht(self, seconden: float = 40) -> None:
        tot = time.monotonic() + seconden
        while time.monotonic() < tot:
            try:
                if requests.get(f"{self.basis}/livez/", timeout=2).status_code == 200:
                    return
            except requests.RequestException:
                time.sleep(0.05)
        raise AssertionError("de server komt niet op")


class Klant:
    """A browser that retries until it has an answer."""

    def __init__(self, server: Server, wie: dict[str, str], stop: threading.Event) -> None:
        self.server, self.pk, self.email, self.stop = server, wie["pk"], wie["email"], stop
        self.sessie = requests.Session()

    def vraag(self, methode: str, pad: str, **opties: Any) -> requests.Response | None:
        while not self.stop.is_set():
            try:
                antwoord = self.sessie.request(
                    methode, self.server.basis + pad, timeout=10, allow_redirects=False, **opties
                )
            except requests.RequestException:
                time.sleep(0.05)
                continue
            if antwoord.status_code < 500:
                return antwoord
            time.sleep(0.05)
        return None

    def post(self, pad: str, gegevens: dict[str, str]) -> requests.Response | None:
        token = {"csrfmiddlewaretoken": self.sessie.cookies.get("csrftoken", "")}
        return self.vraag("POST", pad, data={**gegevens, **token})

    def inloggen(self) -> None:
        self.vraag("GET", "/account/login/")
        antwoord = self.post("/account/login/", {"login": self.email, "password": "geheim-genoeg-1"})
        assert antwoord is not None
        assert antwoord.headers.get("Location") == "/start/", self.email


class Typist(Klant):
    """Types in the title and the description of one draft; ``bewaard``: the last text that the server acknowledged."""

    def __init__(self, *args: Any) -> None:
        super().__init__(*args)
        self.bewaard: dict[str, int] = {}
        self.getypt = 0

    def werk(self) -> None:
        while not self.stop.is_set():
            self.getypt += 1
            veld = ("titel", "omschrijving")[self.getypt % 2]
            inhoud = {"velden": {veld: [f"tekst {self.getypt}"]}, "pagina": self.email, "nr": self.getypt}
            antwoord = self.vraag(
                "POST",
                f"/aanvragen/{self.pk}/stap/project/klad/",
                data=json.dumps(inhoud),
                headers={"Content-Type": "application/json", "X-CSRFToken": self.sessie.cookies["csrftoken"]},
            )
            if antwoord is not None:
                assert antwoord.status_code == 200, antwoord.text
                self.bewaard[veld] = self.getypt


class Verzender(Klant):
    """Presses "send" until there is a receipt, and then once more."""

    def __init__(self, *args: Any) -> None:
        super().__init__(*args)
        self.kenmerken: list[str] = []

    def werk(self) -> None:
        ondertekening = {"naam": "Sanne Proef", "functie": "Directeur", "akkoord": "on"}
        while len(self.kenmerken) < 2 and not self.stop.is_set():
            pagina = self.vraag("GET", f"/aanvragen/{self.pk}/controleren/")
            gezien = re.search(r'name="gezien" value="([^"]*)"', pagina.text if pagina is not None else "")
            self.post(f"/aanvragen/{self.pk}/versturen/", {**ondertekening, "gezien": gezien[1] if gezien else ""})
            ontvangst = self.vraag("GET", f"/aanvragen/{self.pk}/ontvangst/")
            if ontvangst is not None and ontvangst.status_code == 200:
                kenmerk = re.search(r"<strong>(UITVAL-1-\d{5})</strong>", ontvangst.text)
                assert kenmerk is not None
                self.kenmerken.append(kenmerk[1])


def _poort() -> int:
    with socket.socket() as stekker:
        stekker.bind(("127.0.0.1", 0))
        return int(stekker.getsockname()[1])


@pytest.fixture(params=["sqlite", "postgres"])
def omgeving(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[dict[str, str]]:
    basis = {
        **os.environ,
        "DJANGO_SETTINGS_MODULE": "tests.e2e.uitval_instellingen",
        "STIMULANS_BESTANDEN": str(tmp_path / "bestanden"),
        "STIMULANS_SECRET_KEY": "alleen-voor-deze-proef-" + "x" * 40,
        "PYTHONPATH": str(WORTEL),
    }
    if request.param == "sqlite":
        yield {**basis, "DATABASE_URL": f"sqlite:///{tmp_path / 'uitval.sqlite3'}"}
        return
    adres = urlsplit(os.environ.get("DATABASE_URL", ""))
    if not adres.scheme.startswith("postgres"):
        pytest.skip("geen PostgreSQL: zet DATABASE_URL om deze proef ook daar te doen")
    naam = f"uitval_{os.getpid()}"
    server = ["-h", adres.hostname or "127.0.0.1", "-p", str(adres.port or 5432), "-U", adres.username or "postgres"]
    subprocess.run(["createdb", *server, naam], check=True)
    try:
        yield {**basis, "DATABASE_URL": urlunsplit(adres._replace(path=f"/{naam}"))}
    finally:
        subprocess.run(["dropdb", "--force", *server, naam], check=True)


def _program(omgeving: dict[str, str], *opdracht: str) -> Any:
    uit = subprocess.run(
        [sys.executable, *opdracht], cwd=WORTEL, env=omgeving, check=True, capture_output=True, text=True
    )
    return json.loads(uit.stdout.splitlines()[-1])


def test_kill_9_verliest_niets_en_verstuurt_niets_dubbel(omgeving: dict[str, str]) -> None:
    mensen = _program(omgeving, "-m", "tests.e2e.uitval_vullen", str(TYPISTEN + VERZENDERS))
    server, stop, toeval = Server(omgeving, _poort()), threading.Event(), random.Random(12)
    typisten = [Typist(server, wie, stop) for wie in mensen[:TYPISTEN]]
    verzenders = [Verzender(server, wie, stop) for wie in mensen[TYPISTEN:]]
    fouten: list[BaseException] = []

    def veilig(klant: Typist | Verzender) -> None:
        try:
            klant.werk()
        except BaseException as fout:
            fouten.append(fout)

    server.start()
    try:
        server.wacht()
        for klant in [*typisten, *verzenders]:
            klant.inloggen()
        draden = [threading.Thread(target=veilig, args=(klant,)) for klant in typisten]
        for draad in draden:
            draad.start()
        for keer in range(KEREN):
            if keer % 2 == 0:  # somebody presses "send" just before the server dies
                draden.append(threading.Thread(target=veilig, args=(verzenders[keer // 2],)))
                draden[-1].start()
            time.sleep(toeval.uniform(0.05, 0.6))
            server.kill()
            server.start()
            server.wacht()
        tot = time.monotonic() + 30
        while time.monotonic() < tot and any(len(v.kenmerken) < 2 for v in verzenders) and not fouten:
            time.sleep(0.1)
        stop.set()
        for draad in draden:
            draad.join(timeout=30)
    finally:
        stop.set()
        server.sluit()
    assert fouten == []
    staat = _program(omgeving, "-m", "tests.e2e.uitval_lezen")
    for typist in typisten:
        klad = {veld: int(tekst.split()[1]) for veld, tekst in staat["klad"][typist.pk].items()}
        assert typist.bewaard.keys() == {"titel", "omschrijving"}
        # What was acknowledged is there; a later text whose answer was lost may be there too.
        assert all(klad[veld] >= nr for veld, nr in typist.bewaard.items()), (klad, typist.bewaard)
    kenmerken = []
    for verzender in verzenders:
        zaak = staat["zaken"][verzender.pk]
        assert set(verzender.kenmerken) == {zaak["kenmerk"]}
        assert zaak == {"kenmerk": zaak["kenmerk"], "indienen": 1, "bevestigingen": 1, "mails": 1, "bewijs": True}
        kenmerken.append(zaak["kenmerk"])
    assert sorted(kenmerken) == [f"UITVAL-1-{nr:05d}" for nr in range(1, VERZENDERS + 1)]
    assert staat["volgnummer"] == VERZENDERS
    assert staat["spoor"] == []
