"""The committee round of the demonstration has work for every role."""

from __future__ import annotations

import pytest
from django.utils import timezone

from beoordeling.enums_commissie import Commissierol, Stand, Toewijzingstatus
from beoordeling.models import Aanvraagbeoordeling, Toewijzing
from beoordeling.selectors_commissie import eigen_toewijzingen
from kern.enums import Rol
from rapportage.services.demo_commissie import AANTAL, commissieronde_maken
from tests.factories.ronde import maak_gebruiker

pytestmark = pytest.mark.django_db


def test_there_is_work_for_every_role() -> None:
    rollen = {
        "behandelaar": Rol.BEHANDELAAR,
        "beoordelaar": Rol.BEOORDELAAR,
        "beoordelaar2": Rol.BEOORDELAAR,
        "beoordelaar3": Rol.BEOORDELAAR,
        "voorzitter": Rol.VOORZITTER,
        "secretaris": Rol.SECRETARIS,
    }
    mensen = {naam: maak_gebruiker(rol, email=f"{naam}@demo.example") for naam, rol in rollen.items()}
    commissie = commissieronde_maken(mensen=mensen, op=timezone.now())
    assert sorted(commissie.leden.values_list("rol", flat=True)) == sorted(
        [*[Commissierol.LID] * 3, Commissierol.VOORZITTER, Commissierol.SECRETARIS]
    )
    assert sorted(Aanvraagbeoordeling.objects.values_list("status", flat=True)) == sorted(
        [Stand.CONSISTENT, Stand.DIVERGENT, *[Stand.TOEGEWEZEN] * (AANTAL - 2)]
    )
    assert Toewijzing.objects.count() == 2 * AANTAL
    eigen = eigen_toewijzingen(mensen["beoordelaar"])
    assert eigen.filter(status=Toewijzingstatus.VOORGESTELD).exists()
