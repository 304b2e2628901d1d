"""The ledger: balances, idempotency, and the invariant under real concurrency."""

from __future__ import annotations

import threading
import time
import uuid
from collections.abc import Callable
from datetime import UTC, datetime
from decimal import Decimal

import pytest
from django.db import IntegrityError, OperationalError, connection, transaction
from django.db.models import F

from kern.fouten import InvoerFout, PlafondFout
from regeling.enums import Boekingsoort as B
from regeling.models import Boeking, Plafond, Tijdvak
from regeling.services.grootboek import Opdracht, boeken, plafond_ophogen, saldi_nagerekend
from tests.factories.ronde import OPEN, SLUIT, maak_tijdvak

OP = datetime(2026, 4, 1, 9, 0, tzinfo=UTC)
pytestmark = pytest.mark.django_db


def _opdracht(soort: B, bedrag: int, sleutel: str, **anders: object) -> Opdracht:
    return Opdracht(soort=soort, bedrag=Decimal(bedrag), onderwerp=uuid.uuid4(), sleutel=sleutel, **anders)  # type: ignore[arg-type]  # fields passed on


def _boek(tijdvak: Tijdvak, *opdrachten: Opdracht) -> int:
    return boeken(tijdvak=tijdvak, opdrachten=opdrachten, actor=None, op=OP)


def _plafond(tijdvak: Tijdvak) -> Plafond:
    return Plafond.objects.get(tijdvak=tijdvak, code="*")


def _klopt(tijdvak: Tijdvak) -> None:
    plafond = _plafond(tijdvak)
    assert {naam: getattr(plafond, naam) for naam in saldi_nagerekend(plafond)} == saldi_nagerekend(plafond)


def test_van_reservering_tot_betaling() -> None:
    tijdvak = maak_tijdvak(plafond=1000)
    _boek(tijdvak, _opdracht(B.RESERVERING, 600, "r"))
    assert _plafond(tijdvak).resteert == 400
    _boek(tijdvak, _opdracht(B.VERLENING, 600, "v", uit_reservering=True), _opdracht(B.UITGIFTE, 600, "u"))
    _boek(tijdvak, _opdracht(B.DECLARATIE, 500, "d"), _opdracht(B.VASTSTELLING, 450, "w"))
    _boek(tijdvak, _opdracht(B.VRIJVAL, 150, "x"), _opdracht(B.BETALING, 450, "b"))
    plafond = _plafond(tijdvak)
    assert (plafond.gereserveerd, plafond.verleend, plafond.vrijgevallen) == (0, 600, 150)
    assert (plafond.uitgegeven, plafond.gedeclareerd, plafond.vastgesteld, plafond.betaald) == (600, 500, 450, 450)
    assert (plafond.vastgelegd, plafond.resteert) == (450, 550)
    _klopt(tijdvak)


def test_dezelfde_sleutel_boekt_een_keer() -> None:
    tijdvak = maak_tijdvak(plafond=1000)
    assert _boek(tijdvak, _opdracht(B.RESERVERING, 600, "r")) == 1
    assert _boek(tijdvak, _opdracht(B.RESERVERING, 600, "r")) == 0
    assert _plafond(tijdvak).gereserveerd == 600


def test_te_veel_wordt_geheel_geweigerd() -> None:
    tijdvak = maak_tijdvak(plafond=1000)
    with pytest.raises(PlafondFout, match="er resteert te weinig"):
        _boek(tijdvak, _opdracht(B.RESERVERING, 600, "a"), _opdracht(B.RESERVERING, 401, "b"))
    assert (_plafond(tijdvak).gereserveerd, Boeking.objects.count()) == (0, 0)


def test_elke_pot_telt_mee() -> None:
    subplafonds = [{"code": "UT", "naam": "Utrecht", "bedrag": 500, "soort": "provincie", "waarden": ["Utrecht"]}]
    tijdvak = maak_tijdvak(
        tabellen={
            "tijdvakken": [
                {
                    "sleutel": "potten-1",
                    "naam": "Potten",
                    "open_op": OPEN,
                    "sluit_op": SLUIT,
                    "plafond": 1000,
                    "subplafonds": subplafonds,
                }
            ]
        }
    )
    _boek(tijdvak, _opdracht(B.RESERVERING, 400, "a", potten=("UT",)))
    with pytest.raises(PlafondFout, match="Utrecht"):
        _boek(tijdvak, _opdracht(B.RESERVERING, 200, "b", potten=("UT",)))
    _boek(tijdvak, _opdracht(B.RESERVERING, 200, "c"))
    assert {p.code: p.resteert for p in tijdvak.plafonds.all()} == {"*": 400, "UT": 100}


def test_boven_plafond_na_bezwaar() -> None:
    """Awb 4:25(3), R30: granted above the used ceiling, and it does not eat into later room."""
    tijdvak = maak_tijdvak(plafond=1000)
    _boek(tijdvak, _opdracht(B.VERLENING, 1000, "a"))
    _boek(tijdvak, _opdracht(B.VERLENING, 300, "b", boven_plafond=True))
    assert _plafond(tijdvak).resteert == 0
    _klopt(tijdvak)


def test_ophogen_en_niet_verlagen() -> None:
    tijdvak = maak_tijdvak(plafond=1000)
    plafond_ophogen(tijdvak=tijdvak, bedrag=Decimal(500), reden="besluit", actor=None, op=OP)
    assert _plafond(tijdvak).bedrag == 1500
    with pytest.raises(InvoerFout, match="alleen omhoog"):
        plafond_ophogen(tijdvak=tijdvak, bedrag=Decimal(-1), reden="besluit", actor=None, op=OP)
    with pytest.raises(InvoerFout, match="reden ontbreekt"):
        plafond_ophogen(tijdvak=tijdvak, bedrag=Decimal(1), reden=" ", actor=None, op=OP)


def test_de_database_houdt_een_overschrijding_tegen() -> None:
    tijdvak = maak_tijdvak(plafond=1000)
    with pytest.raises(IntegrityError), transaction.atomic():
        Plafond.objects.filter(tijdvak=tijdvak).update(gereserveerd=1001)
    with pytest.raises(IntegrityError), transaction.atomic():
        Plafond.objects.filter(tijdvak=tijdvak).update(betaald=1)


def test_een_onbekende_pot_is_een_duidelijke_fout() -> None:
    with pytest.raises(InvoerFout, match="heeft geen plafond met code XX"):
        _boek(maak_tijdvak(), _opdracht(B.RESERVERING, 1, "a", potten=("XX",)))


def _met_verbinding(doen: Callable[[], object]) -> None:
    """A server with few connections turns some of a hundred away at the door; they knock again."""
    for _ in range(200):
        try:
            doen()
            return
        except OperationalError as fout:
            if "too many clients" not in str(fout) and "connection slots" not in str(fout):
                raise
            connection.close()
            time.sleep(0.05)
    raise AssertionError("geen verbinding met de database")


def _stormloop(tijdvak: Tijdvak, aantal: int, bedrag: int) -> tuple[int, list[BaseException]]:
    gelukt, fouten, start = [], [], threading.Barrier(aantal)

    def een(nr: int) -> None:
        try:
            start.wait()
            _met_verbinding(
                lambda: boeken(
                    tijdvak=tijdvak, opdrachten=[_opdracht(B.RESERVERING, bedrag, f"r{nr}")], actor=None, op=OP
                )
            )
            gelukt.append(nr)
        except PlafondFout:
            pass
        except BaseException as fout:
            fouten.append(fout)
        finally:
            connection.close()

    draden = [threading.Thread(target=een, args=(nr,)) for nr in range(aantal)]
    for draad in draden:
        draad.start()
    for draad in draden:
        draad.join()
    return len(gelukt), fouten


@pytest.mark.traag
@pytest.mark.django_db(transaction=True)
def test_honderd_tegelijk_op_een_plafond_voor_veertig() -> None:
    """P1: exactly 40 of 100 succeed, 20 rounds in a row, on the database of this run."""
    for ronde in range(20):
        tijdvak = maak_tijdvak(sleutel=f"storm{ronde}", plafond=40_000)
        gelukt, fouten = _stormloop(tijdvak, 100, 1000)
        assert (gelukt, fouten) == (40, [])
        assert _plafond(tijdvak).gereserveerd == 40_000
        assert Boeking.objects.filter(plafond__tijdvak=tijdvak).count() == 40
        _klopt(tijdvak)


@pytest.mark.traag
@pytest.mark.django_db(transaction=True)
def test_zonder_slot_gaat_het_mis() -> None:
    """The mirror of the test above: check-then-write without the lock over-commits, so the lock is what helps.

    The CHECK constraint would still catch it, so this writes to a column that has none.
    """
    tijdvak = maak_tijdvak(plafond=40_000)
    start = threading.Barrier(20)

    def een() -> None:
        try:
            start.wait()
            plafond = _plafond(tijdvak)
            if plafond.uitgegeven + 1000 <= 5000:
                start.wait()
                Plafond.objects.filter(pk=plafond.pk).update(uitgegeven=F("uitgegeven") + 1000)
        except OperationalError:
            pass
        finally:
            connection.close()

    draden = [threading.Thread(target=een) for _ in range(20)]
    for draad in draden:
        draad.start()
    for draad in draden:
        draad.join()
    assert _plafond(tijdvak).uitgegeven > 5000
