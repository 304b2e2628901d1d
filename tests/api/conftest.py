"""A round with cases, and a partner that may see one organisation's."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from aanvragen.models import Aanvraag
from api.models import Partner
from regeling.models import Tijdvak
from tests.factories.api import kop, maak_partner, maak_token
from tests.factories.ronde import maak_ingediend, open_tijdvak


@dataclass
class Wereld:
    tijdvak: Tijdvak
    eigen: Aanvraag
    vreemd: Aanvraag
    partner: Partner
    token: str

    @property
    def kop(self) -> dict[str, str]:
        return kop(self.token)


@pytest.fixture(autouse=True)
def _statische_map(settings: Any, tmp_path: Path) -> None:
    """WhiteNoise warns (here: fails) when the folder of static files does not exist, as in a fresh clone."""
    settings.STATIC_ROOT = tmp_path


@pytest.fixture
def wereld(db: None) -> Wereld:
    """Two received applications; the partner has a right over the organisation of ``eigen`` only."""
    tijdvak = open_tijdvak(sleutel="proef")
    eigen, vreemd = maak_ingediend(tijdvak), maak_ingediend(tijdvak)
    partner = maak_partner(organisatie=eigen.organisatie).partner
    return Wereld(tijdvak, eigen, vreemd, partner, maak_token(partner))
