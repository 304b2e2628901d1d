"""Refused after the draw, restored after an objection, the end of the reserve list: log and cases agree."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import date, datetime, timedelta
from typing import Any

import pytest

from aanvragen.enums import Status
from aanvragen.models import Aanvraag
from beoordeling.models import Mutatie, Plaats
from beoordeling.services.bewijs import bewijspakket, controleer_in_eigen_proces
from beoordeling.services.reservelijst import reservelijsten_laten_vervallen
from kern.enums import Rol
from kern.fouten import InvoerFout, OvergangFout, RechtenFout
from regeling.models import Plafond, Tijdvak
from tests.factories.ronde import (
    BESLUIT,
    Staf,
    besluit_op,
    eis_grootboek_klopt,
    geloot,
    loting_tot,
    maak_compleet,
    maak_gebruiker,
    op_rang,
    open_tijdvak,
    regeling_dict,
    verleen,
    vers,
)
from uitvoering.enums import Afwijzingsgrond, Besluitsoort
from uitvoering.services.herstel import plaats_herstellen
from uitvoering.services.intrekking import zaak_intrekken

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _log_en_administratie_zijn_gelijk(db: None) -> Iterator[None]:
    """After each test: what the published log gives per application is what the case says."""
    yield
    woord = {Status.RESERVE: "RESERVE", Status.AFGEWEZEN: "UIT"}
    for tijdvak in Tijdvak.objects.filter(rangschikking__loting__status="lopend"):
        eis_grootboek_klopt(tijdvak)
        pakket = bewijspakket(tijdvak.rangschikking.loting)
        controleer_in_eigen_proces(pakket)
        if "na_mutaties.json" in pakket:
            stand = json.loads(pakket["na_mutaties.json"])[-1]["status"]
            nu = {z.kenmerk: woord.get(Status(z.status), int(z.ruimte_toegekend * 100)) for z in op_rang(tijdvak)}
            assert {k: w for k, w in stand.items() if w != "INGETROKKEN"} == {
                k: w for k, w in nu.items() if stand[k] != "INGETROKKEN"
            }


def wijs_af(zaak: Aanvraag, staf: Staf, op: datetime = BESLUIT) -> None:
    besluit_op(vers(zaak), Besluitsoort.AFWIJZING, staf, grond=Afwijzingsgrond.VOORWAARDEN, op=op)


def herstel(zaak: Aanvraag, reden: str = "Beslissing op bezwaar 12", actor: Any = None) -> bool:
    return plaats_herstellen(aanvraag=vers(zaak), reden=reden, actor=actor, op=BESLUIT + timedelta(days=40))


def plafond(tijdvak: Tijdvak) -> Plafond:
    return Plafond.objects.get(tijdvak=tijdvak, code="*")


def log() -> list[tuple[str, str]]:
    return list(Mutatie.objects.order_by("nr").values_list("soort", "kenmerk"))


def test_wie_na_de_loting_niet_voldoet_maakt_plaats(staf: Staf) -> None:
    tijdvak, zaken = geloot(3, staf, plafond=1000)
    wijs_af(zaken[0], staf)
    assert [vers(zaak).status for zaak in zaken] == [Status.AFGEWEZEN, Status.GESELECTEERD, Status.RESERVE]
    assert (vers(zaken[0]).toegekend_bedrag, plafond(tijdvak).gereserveerd) == (None, 1000)
    assert log() == [("UITSLUITING", zaken[0].kenmerk)]


def test_een_gegrond_bezwaar_wordt_boven_het_gebruikte_plafond_toegekend(staf: Staf) -> None:
    """R30: the ceiling counts as it did at the first decision. The one that took the place keeps it."""
    tijdvak, zaken = geloot(3, staf, plafond=1000)
    wijs_af(zaken[0], staf)
    assert herstel(zaken[0]) is True
    assert [vers(zaak).status for zaak in zaken] == [Status.GESELECTEERD, Status.GESELECTEERD, Status.RESERVE]
    pot = plafond(tijdvak)
    assert (pot.gereserveerd, pot.boven_plafond, pot.resteert) == (2000, 1000, 0)
    assert log()[-1] == ("HERSTEL", zaken[0].kenmerk)
    besluit = besluit_op(vers(zaken[0]), Besluitsoort.VERLENING, staf, op=BESLUIT + timedelta(days=41))
    assert besluit.aanvraag.toegekend_bedrag == 1000
    # Room is short by the restored award: who gives up now makes place for nobody.
    assert zaak_intrekken(aanvraag=vers(zaken[1]), reden="Nee", actor=None, op=BESLUIT + timedelta(days=42)) == []
    assert vers(zaken[2]).status == Status.RESERVE


def test_zolang_er_ruimte_is_telt_het_gewoon_mee(staf: Staf) -> None:
    tijdvak, zaken = geloot(2, staf, plafond=5000)
    wijs_af(zaken[0], staf)
    assert herstel(zaken[0]) is True
    assert (plafond(tijdvak).gereserveerd, plafond(tijdvak).boven_plafond) == (2000, 0)


def test_wie_zonder_fout_ook_niet_had_gewonnen_komt_op_de_reservelijst(staf: Staf) -> None:
    tijdvak = open_tijdvak(plafond=1000)
    zaken = [maak_compleet(tijdvak, staf.behandelaar) for _ in range(3)]
    loting_tot(tijdvak, staf)
    rij = op_rang(tijdvak)
    assert {zaak.pk for zaak in rij} == {zaak.pk for zaak in zaken}
    wijs_af(rij[2], staf)
    assert herstel(rij[2]) is False
    assert [vers(zaak).status for zaak in rij] == [Status.GESELECTEERD, Status.RESERVE, Status.RESERVE]
    assert zaak_intrekken(aanvraag=vers(rij[0]), reden="Nee", actor=None, op=BESLUIT) == [rij[1].kenmerk]


def test_wie_voor_de_loting_is_afgewezen_heeft_zijn_eigen_lot_gehouden(staf: Staf) -> None:
    """Refused ones are on the frozen list: no new draw is needed."""
    tijdvak = open_tijdvak(plafond=2000)
    zaken = [maak_compleet(tijdvak, staf.behandelaar) for _ in range(4)]
    wijs_af(zaken[0], staf, op=BESLUIT - timedelta(days=9))
    loting = loting_tot(tijdvak, staf)
    lot = Plaats.objects.get(aanvraag=zaken[0]).lot
    eerste_twee = sorted(Plaats.objects.filter(rangschikking__loting=loting).values_list("lot", flat=True))[:2]
    assert herstel(zaken[0]) is (lot in eerste_twee)


def test_zonder_reservelijst_volgt_herstel_de_eerste_verdeling(staf: Staf) -> None:
    verdeling = {**regeling_dict()["verdeling"], "reservelijst": False}
    tijdvak, zaken = geloot(3, staf, plafond=1000, tabellen={"verdeling": verdeling})
    wijs_af(zaken[0], staf)
    assert [vers(zaak).status for zaak in zaken[1:]] == [Status.NIET_GESELECTEERD] * 2
    assert herstel(zaken[0]) is True
    assert vers(zaken[0]).toegekend_bedrag == 1000
    assert plafond(tijdvak).gereserveerd == 1000
    assert log() == []


def test_een_tweede_keer_en_wie_niet_is_afgewezen_worden_geweigerd(staf: Staf) -> None:
    _, zaken = geloot(2, staf, plafond=1000)
    wijs_af(zaken[0], staf)
    with pytest.raises(InvoerFout, match="De reden ontbreekt."):
        herstel(zaken[0], reden=" ")
    with pytest.raises(RechtenFout):
        herstel(zaken[0], actor=staf.behandelaar)
    assert herstel(zaken[0], actor=maak_gebruiker(Rol.BEZWAARBEHANDELAAR)) is True
    for zaak in zaken:
        with pytest.raises(OvergangFout, match="er is niets te herstellen"):
            herstel(zaak)


def test_wie_nooit_op_de_lijst_stond_wordt_niet_hersteld(staf: Staf) -> None:
    tijdvak = open_tijdvak()
    zaak = maak_compleet(tijdvak, staf.behandelaar)
    wijs_af(zaak, staf)
    with pytest.raises(OvergangFout, match="niet van de lijst van de verdeling gehaald"):
        herstel(zaak)
    assert vers(zaak).status == Status.AFGEWEZEN


# --- The end of the reserve list --------------------------------------------------------------------------------


def test_de_reservelijst_vervalt_na_haar_laatste_dag(staf: Staf) -> None:
    rondes = regeling_dict("vervalt", plafond=1000)["tijdvakken"]
    rondes[0]["reservelijst_tot"] = date(2026, 6, 30)
    tijdvak, zaken = geloot(3, staf, sleutel="vervalt", plafond=1000, tabellen={"tijdvakken": rondes})
    verleend = verleen(zaken[0], staf)
    laatste = datetime.fromisoformat("2026-06-30T23:59:00+02:00")
    assert reservelijsten_laten_vervallen(op=laatste) == 0
    assert reservelijsten_laten_vervallen(op=laatste + timedelta(minutes=1)) == 1
    assert reservelijsten_laten_vervallen(op=laatste + timedelta(days=1)) == 0
    assert [vers(zaak).status for zaak in zaken[1:]] == [Status.NIET_GESELECTEERD] * 2
    assert tijdvak.rangschikking.loting.__class__.objects.get(tijdvak=tijdvak).status == "gesloten"
    assert zaak_intrekken(aanvraag=vers(verleend), reden="Nee", actor=None, op=laatste + timedelta(days=2)) == []
