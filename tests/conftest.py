"""Fixtures for the whole suite."""

from __future__ import annotations

import gc
import hashlib
import os
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from importlib.metadata import version
from pathlib import Path

import pytest
from django.apps import apps
from django.conf import settings
from django.db import connection

from tests.factories.register import kvk  # noqa: F401  (a fixture for all)
from tests.factories.ronde import Staf, maak_staf

os.environ.setdefault("DJANGO_ALLOW_ASYNC_UNSAFE", "true")  # browser tests: playwright runs an event loop


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Marks what CI runs on one database only, see ``.ci/run``."""
    for item in items:
        kamer = item.path.parent.name
        if kamer in {"beoordeling", "uitvoering", "rapportage", "api"} and item.get_closest_marker("django_db"):
            item.add_marker(pytest.mark.verdeeld)


def pytest_collection_finish() -> None:
    """What was imported stays: the garbage collector need not look at it again after every few hundred objects."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(20_000, 20, 50)


#: An empty, migrated SQLite database per set of migrations: migrating takes half a minute, copying a moment.
SJABLONEN = Path(__file__).parent.parent / ".pytest_cache" / "sjabloon"


def _sjabloon() -> Path:
    """Where the migrated database belongs: named after what is in all migrations and the version of Django."""
    bestanden = [pad for app in apps.get_app_configs() for pad in sorted(Path(app.path, "migrations").glob("*.py"))]
    som = hashlib.sha256(version("django").encode())
    for pad in bestanden:
        som.update(pad.read_bytes())
    return SJABLONEN / f"{som.hexdigest()[:16]}.sqlite3"


def _kopieer(van: str | Path, naar: str | Path) -> None:
    with closing(sqlite3.connect(van)) as bron, closing(sqlite3.connect(naar)) as doel:
        bron.backup(doel)


@pytest.fixture(scope="session")
def django_db_keepdb(django_db_keepdb: bool, django_db_modify_db_settings: None) -> bool:
    """Starts from the migrated copy when there is one; a database server migrates as always."""
    if connection.vendor != "sqlite" or not _sjabloon().exists():
        return django_db_keepdb
    _kopieer(_sjabloon(), settings.DATABASES["default"]["TEST"]["NAME"])
    return True


@pytest.fixture(scope="session")
def django_db_setup(
    django_db_setup: None, django_db_keepdb: bool, django_db_blocker: pytest.FixtureRequest
) -> Iterator[None]:
    """Transactional tests are cleaned with DELETE on SQLite, which the trail refuses in production.

    So the DELETE triggers are lifted here; ``tests/kern/test_spoor.py`` puts them back to test them. PostgreSQL cleans
    with TRUNCATE and keeps its triggers.
    """
    with django_db_blocker.unblock():  # type: ignore[attr-defined]
        if connection.vendor == "sqlite":
            naam = connection.settings_dict["NAME"]
            if not _sjabloon().exists():
                SJABLONEN.mkdir(parents=True, exist_ok=True)
                eigen = SJABLONEN / f"{os.getpid()}.tmp"
                _kopieer(naam, eigen)
                eigen.replace(_sjabloon())
            with connection.cursor() as cursor:
                for tabel in (
                    "kern_logregel",
                    "kern_zegel",
                    "kern_zegelregel",
                    "regeling_boeking",
                    "beoordeling_lotingbestand",
                    "beoordeling_beoordeling",
                    "beoordeling_broninvoer",
                ):
                    cursor.execute(f"DROP TRIGGER IF EXISTS {tabel}_geen_delete")
    yield
    if connection.vendor == "sqlite" and django_db_keepdb:  # if not, pytest-django removes it
        connection.close()
        Path(connection.settings_dict["NAME"]).unlink(missing_ok=True)


@pytest.fixture
def staf() -> Staf:
    """Staff in every role; the test opens the database."""
    return maak_staf()
