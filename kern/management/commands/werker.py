"""The embedded worker: the clock of the rounds, the outbox, the seals, and queued tasks."""

from __future__ import annotations

import logging
import signal
import time
from collections.abc import Callable
from typing import Any

from django.core.management import BaseCommand
from django.core.management.base import CommandParser
from django.db import OperationalError, close_old_connections
from django.utils import timezone
from django.utils.module_loading import import_string

logger = logging.getLogger(__name__)

#: (seconds between runs, dotted path of a function that takes ``op``); rooms above add theirs in settings.
STANDAARD = [
    (5, "kern.services.berichten.berichten_verzenden"),
    (60, "kern.services.spoor.log_verzegelen"),
    (60, "kern.services.taken.taken_redden"),
    (30, "kern.services.bestanden.bestanden_nascannen"),
]


class Command(BaseCommand):
    help = "Draait de achtergrondtaken: klok van de tijdvakken, uitgaande berichten, zegels en de wachtrij."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--eenmalig", action="store_true", help="doe alles één keer en stop")

    def handle(self, *args: Any, **options: Any) -> None:
        from django.conf import settings

        taken = [(seconden, pad, import_string(pad)) for seconden, pad in [*STANDAARD, *settings.PERIODIEK]]
        self.stoppen = False
        signal.signal(signal.SIGTERM, self._stop)
        laatst: dict[str, float] = {}
        while not self.stoppen:
            for seconden, pad, taak in taken:
                if time.monotonic() - laatst.get(pad, -1e9) >= seconden:
                    laatst[pad] = time.monotonic()
                    self._doe(pad, taak)
            if options["eenmalig"]:
                return
            time.sleep(1)

    def _stop(self, *args: Any) -> None:
        self.stoppen = True

    def _doe(self, pad: str, taak: Callable[..., Any]) -> None:
        """One run; a failure is logged and the worker goes on."""
        close_old_connections()
        try:
            taak(op=timezone.now())
        except OperationalError:
            logger.exception("Database niet bereikbaar bij %s", pad)
        except Exception:
            logger.exception("Periodieke taak %s is mislukt", pad)
