"""The ways round a protected status are closed (design 11 part 2)."""

from __future__ import annotations

import threading

import pytest
from django.core.exceptions import FieldError
from django.db import IntegrityError, connection, transaction

from kern.fouten import OvergangFout
from kern.models import LogRegel
from kern.services.overgang import overgang_toepassen, overgangen_toepassen
from regeling.models import Tijdvak
from tests.factories.ronde import VOOR, maak_tijdvak

pytestmark = pytest.mark.django_db


def test_toewijzen_wordt_geweigerd() -> None:
    tijdvak = maak_tijdvak()
    with pytest.raises(AttributeError, match="verandert alleen door een overgang"):
        tijdvak.status = "open"
    assert Tijdvak.objects.get(pk=tijdvak.pk).status == "ontwerp"


def test_toewijzen_aan_een_uitgesteld_veld_wordt_geweigerd() -> None:
    tijdvak = Tijdvak.objects.only("pk").get(pk=maak_tijdvak().pk)
    with pytest.raises(AttributeError, match="verandert alleen door een overgang"):
        tijdvak.status = "open"
    assert tijdvak.status == "ontwerp"


def test_constructor_met_een_andere_status_wordt_geweigerd() -> None:
    with pytest.raises(FieldError, match="begint altijd in de beginstatus"):
        Tijdvak(status="verdeeld")


def test_update_en_bulk_update_worden_geweigerd() -> None:
    tijdvak = maak_tijdvak()
    with pytest.raises(FieldError, match="verandert alleen door een overgang"):
        Tijdvak.objects.filter(pk=tijdvak.pk).update(status="open")
    with pytest.raises(FieldError, match="verandert alleen door een overgang"):
        Tijdvak.objects.bulk_update([tijdvak], ["status"])
    with pytest.raises(FieldError, match="verandert alleen door een overgang"):
        Tijdvak._base_manager.update(status="open")
    assert Tijdvak.objects.get(pk=tijdvak.pk).status == "ontwerp"


def test_status_zonder_zijn_moment_wordt_door_de_database_geweigerd() -> None:
    tijdvak = maak_tijdvak()
    with pytest.raises(IntegrityError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("UPDATE regeling_tijdvak SET status = 'open' WHERE id = %s", [tijdvak.pk])
    with pytest.raises(IntegrityError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("UPDATE regeling_tijdvak SET status = 'bestaat-niet' WHERE id = %s", [tijdvak.pk])


def test_verversen_leest_de_nieuwe_status() -> None:
    tijdvak = maak_tijdvak()
    overgang_toepassen(tijdvak, "publiceren", actor=None, op=VOOR)
    assert tijdvak.status == "ontwerp"
    tijdvak.refresh_from_db()
    assert tijdvak.status == "gepubliceerd"
    with pytest.raises(AttributeError):
        tijdvak.status = "open"


@pytest.mark.django_db(transaction=True)
def test_verversen_in_de_ene_draad_opent_niets_in_de_andere() -> None:
    """django-fsm's own mixin lifts the protection process-wide during a refresh."""
    tijdvak, stop, geglipt = maak_tijdvak(), threading.Event(), []

    def verversen() -> None:
        try:
            for _ in range(200):
                Tijdvak.objects.get(pk=tijdvak.pk).refresh_from_db()
        finally:
            stop.set()
            connection.close()

    draad = threading.Thread(target=verversen)
    draad.start()
    eigen = Tijdvak.objects.get(pk=tijdvak.pk)
    while not stop.is_set():
        try:
            eigen.status = "open"
            geglipt.append(1)
        except AttributeError:
            continue
    draad.join()
    assert geglipt == []


def test_overgang_logt_en_weigert_een_tweede_keer() -> None:
    tijdvak = maak_tijdvak()
    overgang_toepassen(tijdvak, "publiceren", actor=None, op=VOOR, reden="besluit")
    regel = LogRegel.objects.get(keten=f"tijdvak:{tijdvak.pk}")
    assert (regel.van, regel.naar, regel.handeling, regel.reden) == ("ontwerp", "gepubliceerd", "publiceren", "besluit")
    with pytest.raises(OvergangFout, match="heeft nu de status “Gepubliceerd”"):
        overgang_toepassen(tijdvak, "publiceren", actor=None, op=VOOR)
    assert LogRegel.objects.filter(keten=f"tijdvak:{tijdvak.pk}").count() == 1


def test_overgangen_in_bulk_zijn_alles_of_niets() -> None:
    tijdvakken = [maak_tijdvak() for _ in range(3)]
    overgang_toepassen(tijdvakken[2], "publiceren", actor=None, op=VOOR)
    with pytest.raises(OvergangFout):
        overgangen_toepassen(tijdvakken, "publiceren", actor=None, op=VOOR)
    assert [Tijdvak.objects.get(pk=t.pk).status for t in tijdvakken] == ["ontwerp", "ontwerp", "gepubliceerd"]
    vers = overgangen_toepassen(tijdvakken[:2], "publiceren", actor=None, op=VOOR)
    assert [t.status for t in vers] == ["gepubliceerd", "gepubliceerd"]
    assert [Tijdvak.objects.get(pk=t.pk).gepubliceerd_op for t in tijdvakken[:2]] == [VOOR, VOOR]
    assert LogRegel.objects.filter(handeling="publiceren").count() == 3
