"""Database triggers that keep what was fixed as it is. For migrations; works on SQLite and PostgreSQL.

The code has no way to change these rows; the triggers are for code that is written later, and for a console.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.db import migrations


def alleen_toevoegen(*tabellen: str) -> migrations.RunPython:
    """Rows of these tables are added and never changed or removed."""
    return _operatie([(tabel, handeling, "") for tabel in tabellen for handeling in ("UPDATE", "DELETE")])


def vast_zodra(tabel: str, voorwaarde: str, kolommen: Sequence[str]) -> migrations.RunPython:
    """Once ``voorwaarde`` holds for the row as it was (SQL over OLD), these columns stay as they are."""
    anders = " OR ".join(f"NEW.{kolom} IS DISTINCT FROM OLD.{kolom}" for kolom in kolommen)
    return _operatie([(tabel, "UPDATE", f"{voorwaarde} AND ({anders})")])


def _operatie(regels: Sequence[tuple[str, str, str]]) -> migrations.RunPython:
    def maken(apps: Any, schema_editor: Any) -> None:
        for tabel, handeling, voorwaarde in regels:
            for sql in _sql(schema_editor.connection.vendor, tabel, handeling, voorwaarde):
                schema_editor.execute(sql, params=None)

    def weghalen(apps: Any, schema_editor: Any) -> None:
        vendor = schema_editor.connection.vendor
        for tabel, handeling, _ in regels:
            naam = _naam(tabel, handeling)
            schema_editor.execute(
                f"DROP TRIGGER {naam} ON {tabel}" if vendor == "postgresql" else f"DROP TRIGGER {naam}"
            )
            if vendor == "postgresql":
                schema_editor.execute(f"DROP FUNCTION {naam}()")

    return migrations.RunPython(maken, weghalen)


def _naam(tabel: str, handeling: str) -> str:
    return f"{tabel}_geen_{handeling.lower()}"


def _sql(vendor: str, tabel: str, handeling: str, voorwaarde: str) -> list[str]:
    naam, melding = _naam(tabel, handeling), f"{tabel}: dit ligt vast"
    if vendor == "postgresql":
        als = f"WHEN ({voorwaarde}) " if voorwaarde else ""
        return [
            f"CREATE FUNCTION {naam}() RETURNS trigger LANGUAGE plpgsql AS "
            f"$$ BEGIN RAISE EXCEPTION '{melding}' USING ERRCODE = 'check_violation'; END $$",
            f"CREATE TRIGGER {naam} BEFORE {handeling} ON {tabel} FOR EACH ROW {als}EXECUTE FUNCTION {naam}()",
        ]
    als = f"WHEN {voorwaarde.replace('IS DISTINCT FROM', 'IS NOT')} " if voorwaarde else ""
    return [f"CREATE TRIGGER {naam} BEFORE {handeling} ON {tabel} {als}BEGIN SELECT RAISE(ABORT, '{melding}'); END"]


def opgeheven(operatie: migrations.RunPython) -> migrations.RunPython:
    """Lifts what an earlier migration fixed, so that the table can change (SQLite rebuilds it, and its triggers go).

    The same migration fixes it again afterwards.
    """
    assert operatie.reverse_code is not None
    return migrations.RunPython(operatie.reverse_code, operatie.code)
