"""An officer who acts for an applicant: the case is not there on the screens of staff, and is there as an applicant."""

from __future__ import annotations

from typing import Any

import pytest

from aanvragen.enums import Machtigingbereik, Machtigingsoort
from aanvragen.models import Aanvraag, Organisatie
from aanvragen.selectors import zaken_zichtbaar_voor
from aanvragen.services.organisatie import Machtigingvoorwaarden, machtiging_verlenen
from kern.enums import Rol
from kern.models import Gebruiker
from tests.factories.portaal_medewerker import LATER, als, gelote_ronde, op_moment, vastgesteld
from tests.factories.ronde import VOOR, maak_gebruiker, maak_organisatie, maak_staf
from tests.uitvoering.test_deelnemers import gekozen_groep
from uitvoering.enums import Besluitsoort
from uitvoering.models import Betaling
from uitvoering.services.besluit import besluit_voorstellen

pytestmark = pytest.mark.django_db
MOTIVERING = "Alleen voor wie beslist."


def machtig(gebruiker: Gebruiker, organisatie: Organisatie, **voorwaarden: Any) -> None:
    machtiging_verlenen(
        organisatie=organisatie,
        gebruiker=gebruiker,
        soort=Machtigingsoort.MEDEWERKER,
        actor=None,
        op=VOOR,
        voorwaarden=Machtigingvoorwaarden(**voorwaarden),
    )


@pytest.mark.parametrize("voorwaarden", [{}, {"bereik": Machtigingbereik.LEZEN}, {"vestigingsnummer": "000099999999"}])
def test_de_schermen_van_medewerkers_hebben_de_eigen_zaak_niet(voorwaarden: dict[str, Any]) -> None:
    """Also with a mandate that covers another branch only: any mandate is an interest."""
    ronde = gelote_ronde(2)
    eigen, ander = ronde.zaken
    besluit = besluit_voorstellen(
        aanvraag=eigen,
        soort=Besluitsoort.VERLENING,
        motivering=MOTIVERING,
        actor=ronde.ploeg.behandelaar,
        op=LATER,
    )
    wie, collega = maak_gebruiker(Rol.BEHANDELAAR, Rol.BESLISSER), ronde.ploeg.behandelaar2
    machtig(wie, eigen.organisatie, **voorwaarden)
    paden = [f"/werk/zaken/{eigen.pk}/", f"/werk/zaken/{eigen.pk}/uitleg/", f"/werk/besluiten/{besluit.pk}/"]
    zoek = f"/werk/lijst/?status=alle&zoek={eigen.organisatie.naam}"
    lijsten = ["/werk/lijst/?status=alle", zoek, "/werk/besluiten/"]
    with op_moment(LATER):
        client = als(wie)
        assert [client.get(pad).status_code for pad in paden] == [404, 404, 404]
        assert client.post(f"{paden[2]}ondertekenen/", {"gezien": LATER.isoformat()}).status_code == 404
        for pad in lijsten:
            assert eigen.kenmerk not in client.get(pad).content.decode()
        assert client.get(f"/werk/zaken/{ander.pk}/").status_code == 200
        assert [als(collega).get(pad).status_code for pad in paden] == [200, 200, 200]
        assert all(eigen.kenmerk in als(collega).get(pad).content.decode() for pad in lijsten)
        assert MOTIVERING in als(collega).get(paden[2]).content.decode()
        verwacht = 404 if "vestigingsnummer" in voorwaarden else 200
        assert client.get(f"/aanvragen/{eigen.pk}/").status_code == verwacht


def test_de_betaling_van_de_eigen_organisatie_staat_niet_in_de_lijst() -> None:
    ronde = gelote_ronde(1)
    zaak = vastgesteld(ronde, ronde.zaken[0])
    wie, betaling = maak_gebruiker(Rol.FINANCIEEL), Betaling.objects.get()
    machtig(wie, zaak.organisatie)
    with op_moment(LATER):
        assert list(als(wie).get("/werk/betalingen/").context["rijen"]) == []
        keuze = {"handeling": "accorderen", "gekozen": [str(betaling.pk)], "bevestigd": "ja"}
        assert als(wie).post("/werk/betalingen/bulk/", keuze).status_code == 404
        assert len(als(ronde.ploeg.financieel).get("/werk/betalingen/").context["rijen"]) == 1


def test_wie_voor_een_lid_van_de_groep_handelt_ziet_de_zaak_niet() -> None:
    zaak = Aanvraag.objects.get(pk=gekozen_groep(maak_staf()).pk)
    lid = zaak.deelnemers.exclude(kvk_nummer=zaak.organisatie.kvk_nummer).first()
    wie, ander = maak_gebruiker(Rol.BEHANDELAAR), maak_gebruiker(Rol.BEHANDELAAR)
    machtig(wie, maak_organisatie(kvk_nummer=lid.kvk_nummer))
    assert [zaken_zichtbaar_voor(g).filter(pk=zaak.pk).exists() for g in (wie, ander)] == [False, True]
    assert [g.has_perm("aanvragen.zien", zaak) for g in (wie, ander)] == [False, True]
    assert [g.has_perm("aanvragen.behandelen", zaak) for g in (wie, ander)] == [False, True]
