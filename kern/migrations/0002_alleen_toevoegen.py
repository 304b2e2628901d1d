"""The trail is append-only in the database itself: triggers refuse UPDATE and DELETE (R47, BIO2 8.15)."""

from django.db import migrations

TABELLEN = ("kern_logregel", "kern_zegel", "kern_zegelregel")


def maken(apps, schema_editor):
    vendor = schema_editor.connection.vendor
    if vendor == "postgresql":
        schema_editor.execute(
            "CREATE FUNCTION kern_alleen_toevoegen() RETURNS trigger LANGUAGE plpgsql AS $$ "
            "BEGIN RAISE EXCEPTION 'Het spoor is alleen toe te voegen (%%)', TG_TABLE_NAME; END $$",
            params=(),
        )
    for tabel in TABELLEN:
        if vendor == "postgresql":
            schema_editor.execute(
                f"CREATE TRIGGER {tabel}_alleen_toevoegen BEFORE UPDATE OR DELETE ON {tabel} "
                "FOR EACH ROW EXECUTE FUNCTION kern_alleen_toevoegen()"
            )
        elif vendor == "sqlite":
            for handeling in ("UPDATE", "DELETE"):
                schema_editor.execute(
                    f"CREATE TRIGGER {tabel}_geen_{handeling.lower()} BEFORE {handeling} ON {tabel} "
                    "BEGIN SELECT RAISE(ABORT, 'Het spoor is alleen toe te voegen'); END"
                )


def weghalen(apps, schema_editor):
    vendor = schema_editor.connection.vendor
    for tabel in TABELLEN:
        if vendor == "postgresql":
            schema_editor.execute(f"DROP TRIGGER {tabel}_alleen_toevoegen ON {tabel}")
        elif vendor == "sqlite":
            for handeling in ("update", "delete"):
                schema_editor.execute(f"DROP TRIGGER {tabel}_geen_{handeling}")
    if vendor == "postgresql":
        schema_editor.execute("DROP FUNCTION kern_alleen_toevoegen()")


class Migration(migrations.Migration):
    dependencies = [("kern", "0001_initial")]
    operations = [migrations.RunPython(maken, weghalen, elidable=False)]
