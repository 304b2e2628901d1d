"""The stand-in for the trade register as a fixture, and organisations that ask it."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from django.core.cache import cache

from aanvragen.register.nagebootst import SLEUTEL, NagebootstRegister

#: Public test numbers of KvK (R93).
EENMANSZAAK, BV, NV, STICHTING, VOF, MAATSCHAP, FOUT = (
    "69599084",
    "68750110",
    "68727720",
    "69599068",
    "69599076",
    "90001745",
    "90004973",
)
GESTOPT, ONBEKEND = "00000102", "00999998"


@pytest.fixture
def kvk(settings: Any) -> Iterator[NagebootstRegister]:
    """A real server on this machine, in use by the system under test."""
    cache.clear()
    with NagebootstRegister() as register:
        settings.KVK_URL, settings.KVK_SLEUTEL = register.adres, SLEUTEL
        yield register
    cache.clear()
