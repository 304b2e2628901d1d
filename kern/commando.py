"""Base class for our management commands: exit codes and error text by contract (0 done, 1 refused, 2 usage)."""

from __future__ import annotations

import sys
from collections.abc import Iterable, Iterator
from typing import Any, TypeVar

from django.core.management.base import BaseCommand, CommandError
from tqdm import tqdm

from kern.fouten import BestandFout, DomeinFout

T = TypeVar("T")


class Commando(BaseCommand):
    """Implement ``uitvoeren``; a :class:`DomeinFout` becomes one clear message on stderr and exit code 1."""

    def handle(self, *args: Any, **options: Any) -> str | None:
        try:
            self.uitvoeren(**options)
        except BestandFout as fout:
            raise CommandError(fout.verslag(), returncode=fout.exitcode) from fout
        except DomeinFout as fout:
            raise CommandError(str(fout), returncode=fout.exitcode) from fout
        return None

    def uitvoeren(self, **opties: Any) -> None:
        raise CommandError(f"{type(self).__name__} heeft geen uitvoering.")

    def voortgang(self, rij: Iterable[T], *, totaal: int | None = None, wat: str = "") -> Iterator[T]:
        """Progress bar on a terminal, a plain line at the start otherwise (both on stderr)."""
        if sys.stderr.isatty():
            yield from tqdm(rij, total=totaal, desc=wat, file=sys.stderr)
        else:
            if wat:
                self.stderr.write(f"{wat} ({totaal} stuks)" if totaal else wat)
            yield from rij
