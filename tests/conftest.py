"""Fixtures for the whole suite."""

from __future__ import annotations

import os

import pytest
from django.db import connection

from tests.factories.register import kvk  # noqa: F401  (a fixture for all)

os.environ.setdefault("DJANGO_ALLOW_ASYNC_UNSAFE", "true")  # browser tests: playwright runs an event loop


@pytest.fixture(scope="session")
def django_db_setup(django_db_setup: None, django_db_blocker: pytest.FixtureRequest) -> None:
    """Transactional tests are cleaned with DELETE on SQLite, which the trail refuses in production.

    So the DELETE triggers are lifted here; ``tests/kern/test_spoor.py`` puts them back to test them. PostgreSQL cleans
    with TRUNCATE and keeps its triggers.
    """
    with django_db_blocker.unblock():  # type: ignore[attr-defined]
        if connection.vendor == "sqlite":
            with connection.cursor() as cursor:
                for tabel in (
                    "kern_logregel",
                    "kern_zegel",
                    "kern_zegelregel",
                    "regeling_boeking",
                    "beoordeling_lotingbestand",
                ):
                    cursor.execute(f"DROP TRIGGER IF EXISTS {tabel}_geen_delete")
