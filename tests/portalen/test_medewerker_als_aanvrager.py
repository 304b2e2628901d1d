"""An officer who acts for an applicant: the case is not there on the screens of staff, and is there as an applicant."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from aanvragen.enums import Machtigingbereik, Machtigingsoort
from aanvragen.models import Aanvraag, Machtiging, Organisatie
from aanvragen.selectors import zaken_zichtbaar_voor
from aanvragen.services.behandeling import in_behandeling_nemen
from aanvragen.services.indienen import aanvraag_indienen
from aanvragen.services.organisatie import Machtigingvoorwaarden, machtiging_verlenen
from aanvragen.services.toetsing import eis_geen_belang
from kern.enums import Rol
from kern.fouten import RechtenFout
from kern.models import Gebruiker
from tests.factories.portaal_medewerker import LATER, als, gelote_ronde, op_moment, vastgesteld
from tests.factories.ronde import (
    NA,
    TIJDENS,
    VOOR,
    maak_concept,
    maak_gebruiker,
    maak_ingediend,
    maak_organisatie,
    maak_staf,
    open_tijdvak,
    vers,
)
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


# --- What somebody was --------------------------------------------------------------------------------------------


def einde(gebruiker: Gebruiker, **velden: Any) -> None:
    Machtiging.objects.filter(gebruiker=gebruiker).update(**(velden or {"ingetrokken_op": NA}))


def weigert(zaak: Aanvraag, wie: Gebruiker) -> None:
    """Not as staff on screen, and not in the services that handle, decide and pay."""
    assert not zaken_zichtbaar_voor(wie).filter(pk=zaak.pk).exists()
    assert not wie.has_perm("aanvragen.behandelen", zaak)
    with pytest.raises(RechtenFout) as fout:
        in_behandeling_nemen(aanvraag=zaak, actor=wie, op=NA)
    assert fout.value.code == "aanvrager"
    with pytest.raises(RechtenFout, match="aan de kant van de aanvrager"):
        eis_geen_belang(wie, zaak)


@pytest.mark.parametrize("veld", ["aangemaakt_door", "verantwoordelijke", "ingediend_door"])
def test_wie_de_aanvraag_begon_of_indiende_behandelt_haar_niet(veld: str) -> None:
    """Without any mandate any more, and whichever of the three the person was."""
    zaak, wie = maak_ingediend(open_tijdvak()), maak_gebruiker(Rol.BEHANDELAAR)
    ander = maak_gebruiker(Rol.BEHANDELAAR)
    Aanvraag.objects.filter(pk=zaak.pk).update(**{veld: wie})
    weigert(vers(zaak), wie)
    assert in_behandeling_nemen(aanvraag=vers(zaak), actor=ander, op=NA).behandelaar == ander


def test_de_machtiging_beeindigen_maakt_geen_behandelaar() -> None:
    """The whole way: begun and sent in the portal by an officer, who then ends the own mandate."""
    wie, tweede, organisatie = maak_gebruiker(Rol.BEHANDELAAR), maak_gebruiker(), maak_organisatie()
    for gebruiker in (wie, tweede):
        machtig(gebruiker, organisatie)
    zaak = aanvraag_indienen(aanvraag=maak_concept(open_tijdvak(), organisatie), actor=wie, op=TIJDENS)
    einde(wie)
    weigert(zaak, wie)
    with op_moment(NA):
        client = als(wie)
        assert client.get(f"/werk/zaken/{zaak.pk}/").status_code == 404
        assert client.get(f"/aanvragen/{zaak.pk}/").status_code == 404
        assert als(tweede).get(f"/aanvragen/{zaak.pk}/").status_code == 200


@pytest.mark.parametrize(
    ("velden", "betrokken"),
    [
        ({"ingetrokken_op": NA}, True),
        ({"ingetrokken_op": TIJDENS}, True),
        ({"ingetrokken_op": TIJDENS - timedelta(seconds=1)}, False),
        ({"geldig_tot": TIJDENS.date()}, True),
        ({"geldig_tot": TIJDENS.date() - timedelta(days=1)}, False),
    ],
)
def test_een_machtiging_telt_als_zij_gold_sinds_het_begin(velden: dict[str, Any], betrokken: bool) -> None:
    """The application was begun at TIJDENS, by somebody else."""
    zaak, wie = maak_ingediend(open_tijdvak()), maak_gebruiker(Rol.BEHANDELAAR)
    machtig(wie, zaak.organisatie)
    einde(wie, **velden)
    if betrokken:
        weigert(zaak, wie)
    else:
        assert zaken_zichtbaar_voor(wie).filter(pk=zaak.pk).exists()
        assert in_behandeling_nemen(aanvraag=zaak, actor=wie, op=NA).behandelaar == wie


def test_een_machtiging_van_een_lid_die_is_geeindigd_telt_ook() -> None:
    zaak = Aanvraag.objects.get(pk=gekozen_groep(maak_staf()).pk)
    lid = zaak.deelnemers.exclude(kvk_nummer=zaak.organisatie.kvk_nummer).first()
    wie, eerder = maak_gebruiker(Rol.BEHANDELAAR), maak_gebruiker(Rol.BEHANDELAAR)
    organisatie = maak_organisatie(kvk_nummer=lid.kvk_nummer)
    machtig(wie, organisatie)
    machtig(eerder, organisatie)
    einde(wie)
    einde(eerder, ingetrokken_op=VOOR)
    weigert(zaak, wie)
    assert zaken_zichtbaar_voor(eerder).filter(pk=zaak.pk).exists()


def test_wie_papier_typte_heeft_de_zaak_nog() -> None:
    """Typing for somebody is another rule: such an officer may handle, and does not decide."""
    zaak, wie = maak_ingediend(open_tijdvak()), maak_gebruiker(Rol.BEHANDELAAR)
    Aanvraag.objects.filter(pk=zaak.pk).update(
        bron="papier", aangemaakt_door=wie, verantwoordelijke=wie, ingediend_door=wie
    )
    assert zaken_zichtbaar_voor(wie).filter(pk=zaak.pk).exists()
    assert in_behandeling_nemen(aanvraag=vers(zaak), actor=wie, op=NA).behandelaar == wie
