"""Changes behind the back of the application, as somebody who owns the database could make them."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from django.db import connection


@contextmanager
def zonder_triggers(*tabellen: str) -> Iterator[None]:
    """Lifts the triggers of these tables for a moment (SQLite: for the rest of the test)."""
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute("SET session_replication_role = replica")
        else:
            for tabel in tabellen:
                for handeling in ("update", "delete"):
                    cursor.execute(f"DROP TRIGGER IF EXISTS {tabel}_geen_{handeling}")
    yield
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("SET session_replication_role = DEFAULT")
