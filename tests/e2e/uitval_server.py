"""The server of ``test_uitval.py``: the real application under gunicorn, forked from a process that has it loaded.

Reads lines from standard input: each starts a server (its process id, which is its process group, is printed). Only the
start of the interpreter is saved; what is killed is gunicorn with its workers, in the middle of whatever they do.
"""

from __future__ import annotations

import os
import signal
import sys
from typing import Any

from django.core.wsgi import get_wsgi_application
from django.urls import get_resolver
from gunicorn.app.base import BaseApplication


class Server(BaseApplication):
    def __init__(self, poort: str) -> None:
        self.poort = poort
        super().__init__()

    def load_config(self) -> None:
        waarden = {"bind": f"127.0.0.1:{self.poort}", "workers": 2, "threads": 4, "loglevel": "critical"}
        for naam, waarde in waarden.items():
            self.cfg.set(naam, waarde)

    def load(self) -> Any:
        return TOEPASSING


def main(poort: str) -> None:
    kind = 0
    for _opdracht in sys.stdin:
        if kind:
            os.waitpid(kind, 0)  # killed by the test
        kind = os.fork()
        if kind == 0:
            os.setsid()
            signal.signal(signal.SIGINT, signal.SIG_DFL)
            Server(poort).run()
        print(kind, flush=True)


TOEPASSING = get_wsgi_application()
_ = get_resolver().url_patterns  # loads every view
if __name__ == "__main__":
    main(sys.argv[1])
