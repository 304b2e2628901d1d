"""Files on disk: whole or not at all, never over one another, without a public address."""

from __future__ import annotations

import contextlib
import os
import tempfile

from django.core.files import File
from django.core.files.storage import FileSystemStorage


class Schijf(FileSystemStorage):
    """Writes beside the place and moves: a full disk or a killed process leaves no half file (F9)."""

    def _save(self, name: str, content: File) -> str:
        doel = self.path(name)
        map_ = os.path.dirname(doel)
        os.makedirs(map_, mode=0o700, exist_ok=True)
        nummer, tijdelijk = tempfile.mkstemp(prefix=".half-", dir=map_)  # readable by us only
        try:
            with os.fdopen(nummer, "wb") as uit:
                for stuk in content.chunks():
                    uit.write(stuk)
                uit.flush()
                os.fsync(uit.fileno())
            os.link(tijdelijk, doel)  # fails when something is there already
        finally:
            with contextlib.suppress(FileNotFoundError):
                os.unlink(tijdelijk)
        return name

    def url(self, name: str | None) -> str:
        raise ValueError("Een bestand heeft geen openbaar adres.")
