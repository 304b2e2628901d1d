"""`make run`: from nothing to a running portal on an embedded database."""

from __future__ import annotations

import io
import os
import signal
import socket
import subprocess
import sys
import tempfile
import time
from typing import Any

from django.conf import settings
from django.core.management import BaseCommand, call_command
from django.core.management.base import CommandParser


class Command(BaseCommand):
    help = "Maakt de database gereed, laadt de regelingen en de demo, en start de server en de werker."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--adres", default=os.environ.get("STIMULANS_ADRES", "127.0.0.1:8000"))
        parser.add_argument("--zonder-demo", action="store_true", help="start zonder voorbeeldgegevens")

    def handle(self, *args: Any, **options: Any) -> None:
        stil: dict[str, Any] = {"verbosity": 0}
        call_command("migrate", interactive=False, **stil)
        call_command("createcachetable", **stil)
        call_command("collectstatic", interactive=False, **stil)
        verslag = io.StringIO()
        call_command("laad_regelingen", stdout=verslag, stderr=io.StringIO())  # its warnings are for scheme authors
        klaar = [regel for regel in verslag.getvalue().splitlines() if not regel.startswith("Let op")]
        self.stdout.write(f"Regelingen laden: {klaar[-1]}")
        if settings.DEMO and not options["zonder_demo"]:
            call_command("vul_demo", stdout=self.stdout)
        self._draai(options["adres"])

    def _draai(self, adres: str) -> None:
        python = sys.executable
        beheer = str(settings.BASE_DIR / "manage.py")
        map_ = "/dev/shm" if os.path.isdir("/dev/shm") else tempfile.gettempdir()
        gunicorn = ["gunicorn", "config.wsgi", "--bind", adres, "--workers", "2", "--threads", "4"]
        bij: list[subprocess.Popen[bytes]] = []
        if settings.DEMO and not settings.KVK_URL:
            poort = str(_vrije_poort())
            os.environ |= {"STIMULANS_KVK_URL": f"http://127.0.0.1:{poort}", "STIMULANS_KVK_SLEUTEL": "nagebootst"}
            bij.append(subprocess.Popen([python, beheer, "kvk_stub", "--poort", poort, "--verbosity", "0"]))
        processen = [
            subprocess.Popen([python, "-m", *gunicorn, "--worker-tmp-dir", map_, "--log-level", "warning"]),
            subprocess.Popen([python, beheer, "werker"]),
            subprocess.Popen([python, beheer, "db_worker", "--verbosity", "0"]),
        ]
        self.stdout.write(f"\nStimulans draait op http://{adres}/  (stoppen: Ctrl+C)\n")
        if settings.EMAIL_BACKEND.endswith("filebased.EmailBackend"):
            self.stdout.write(f"E-mail gaat niet de deur uit: lees haar in {settings.EMAIL_FILE_PATH}\n")
        signal.signal(signal.SIGTERM, lambda *_: sys.exit(0))
        try:
            while all(proces.poll() is None for proces in processen):
                time.sleep(0.5)
            self.stderr.write("Een van de processen is gestopt; Stimulans stopt ook. Zie de meldingen hierboven.")
        except KeyboardInterrupt:
            self.stdout.write("Stimulans stopt.")
        finally:
            for proces in [*processen, *bij]:
                proces.terminate()
            for proces in [*processen, *bij]:
                proces.wait(timeout=20)


def _vrije_poort() -> int:
    """A port of this machine that nobody uses now, for the stand-in of the trade register."""
    with socket.socket() as contact:
        contact.bind(("127.0.0.1", 0))
        return int(contact.getsockname()[1])
