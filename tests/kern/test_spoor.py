"""The hash-chained trail."""

from __future__ import annotations

import importlib
from datetime import UTC, datetime

import pytest
from django.core.management import CommandError, call_command
from django.db import DatabaseError, connection, transaction

from kern.models import LogRegel, Zegel
from kern.services.spoor import Logpost, log_in_bulk, log_schrijven, log_verzegelen, spoor_controleren

pytestmark = pytest.mark.django_db
OP = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)


def _schrijf(keten: str = "zaak:1", **anders: object) -> LogRegel:
    return log_schrijven(Logpost(keten=keten, handeling="doen", op=OP, **anders))  # type: ignore[arg-type]  # fields passed on


def _zonder_triggers(sql: str, waarden: list[object]) -> None:
    """Tampering by somebody who owns the database."""
    migratie = importlib.import_module("kern.migrations.0002_alleen_toevoegen")
    with connection.schema_editor(atomic=False) as redacteur, connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute("SET session_replication_role = replica")
            cursor.execute(sql, waarden)
            cursor.execute("SET session_replication_role = DEFAULT")
        else:
            for tabel in migratie.TABELLEN:
                redacteur.execute(f"DROP TRIGGER IF EXISTS {tabel}_geen_update")
            cursor.execute(sql, waarden)


def test_regels_vormen_een_keten() -> None:
    eerste, tweede = _schrijf(gegevens={"bedrag": "€ 1"}), _schrijf(reden="omdat")
    assert (eerste.volgnr, tweede.volgnr) == (1, 2)
    assert eerste.vorige == "0" * 64
    assert tweede.vorige == eerste.hash
    assert list(spoor_controleren()) == []


def test_bulk_sluit_aan_op_bestaande_ketens() -> None:
    _schrijf("zaak:1")
    log_in_bulk([Logpost(keten=f"zaak:{n}", handeling="doen", op=OP) for n in (1, 2, 3)])
    assert list(LogRegel.objects.order_by("keten", "volgnr").values_list("keten", "volgnr")) == [
        ("zaak:1", 1),
        ("zaak:1", 2),
        ("zaak:2", 1),
        ("zaak:3", 1),
    ]
    assert list(spoor_controleren()) == []


def test_de_database_weigert_wijzigen() -> None:
    regel = _schrijf()
    with pytest.raises(DatabaseError, match="alleen toe te voegen"), transaction.atomic():
        LogRegel.objects.filter(pk=regel.pk).update(reden="anders")


@pytest.mark.django_db(transaction=True)
def test_de_database_weigert_verwijderen() -> None:
    regel = _schrijf()
    if connection.vendor == "sqlite":
        with connection.cursor() as cursor:
            cursor.execute(
                "CREATE TRIGGER proef BEFORE DELETE ON kern_logregel "
                "BEGIN SELECT RAISE(ABORT, 'Het spoor is alleen toe te voegen'); END"
            )
    try:
        with pytest.raises(DatabaseError, match="alleen toe te voegen"):
            LogRegel.objects.filter(pk=regel.pk).delete()
    finally:
        if connection.vendor == "sqlite":
            with connection.cursor() as cursor:
                cursor.execute("DROP TRIGGER proef")
    assert LogRegel.objects.count() == 1


def test_de_migratie_maakt_de_triggers() -> None:
    """On SQLite the suite lifts the DELETE triggers (conftest); the migration itself must make them."""
    tekst = importlib.import_module("kern.migrations.0002_alleen_toevoegen")
    gemaakt: list[str] = []

    class Redacteur:
        class connection:
            vendor = "sqlite"

        @staticmethod
        def execute(sql: str) -> None:
            gemaakt.append(sql.split(" BEGIN")[0])

    tekst.maken(None, Redacteur)
    assert gemaakt == [
        f"CREATE TRIGGER {tabel}_geen_{h.lower()} BEFORE {h} ON {tabel}"
        for tabel in ("kern_logregel", "kern_zegel", "kern_zegelregel")
        for h in ("UPDATE", "DELETE")
    ]


@pytest.mark.django_db(transaction=True)
def test_wijziging_buitenom_wordt_gevonden() -> None:
    _schrijf()
    regel = _schrijf()
    _zonder_triggers("UPDATE kern_logregel SET reden = 'anders' WHERE id = %s", [regel.pk])
    assert list(spoor_controleren()) == ["zaak:1: regel 2 is gewijzigd"]
    with pytest.raises(CommandError, match="Het spoor klopt niet"):
        call_command("controleer_spoor")


@pytest.mark.django_db(transaction=True)
def test_verdwenen_keten_wordt_gevonden_door_het_zegel() -> None:
    _schrijf("zaak:1")
    regel = _schrijf("zaak:2")
    zegel = log_verzegelen(op=OP)
    assert zegel is not None
    assert (zegel.nr, zegel.aantal) == (1, 2)
    assert log_verzegelen(op=OP) is None
    assert list(spoor_controleren()) == []
    _zonder_triggers("DELETE FROM kern_zegelregel WHERE logregel_id = %s", [regel.pk])
    _zonder_triggers("DELETE FROM kern_logregel WHERE id = %s", [regel.pk])
    assert list(spoor_controleren()) == ["zegel 1: 1 regels ontbreken", "zegel 1 is verbroken"]
    assert Zegel.objects.count() == 1


def test_een_zegel_over_veel_regels_is_na_te_rekenen() -> None:
    log_in_bulk([Logpost(keten=f"zaak:{nr}", handeling="doen", op=OP) for nr in range(1500)])
    zegel = log_verzegelen(op=OP)
    assert zegel is not None
    assert (zegel.aantal, list(spoor_controleren())) == (1500, [])
