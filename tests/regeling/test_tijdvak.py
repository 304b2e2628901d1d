"""Rounds: published before they open, opened and closed by the clock, longer after an outage (R31, R47)."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest

from aanvragen.services.concept import eis_open
from kern.enums import Rol
from kern.fouten import InvoerFout, OvergangFout, RechtenFout
from kern.models import LogRegel
from kern.services.overgang import overgang_toepassen
from regeling.enums import Herkomst, Tijdvakstatus
from regeling.models import Plafond, Storing, Tijdvak
from regeling.services.tijdvak import (
    klok_bijwerken,
    tijdvak_bijwerken,
    tijdvak_naspelen,
    tijdvak_publiceren,
    tijdvak_verlengen,
)
from tests.factories.ronde import OPEN, SLUIT, TIJDENS, VOOR, maak_gebruiker, maak_tijdvak, open_tijdvak, vers

pytestmark = pytest.mark.django_db
MICROSECONDE = timedelta(microseconds=1)


def publiceer(tijdvak: Tijdvak, **anders: Any) -> Tijdvak:
    return tijdvak_publiceren(**{"tijdvak": tijdvak, "actor": None, "op": VOOR, **anders})


def test_publiceren_legt_plafond_en_methode_vast() -> None:
    beheerder = maak_gebruiker(Rol.BEHEERDER)
    tijdvak = publiceer(maak_tijdvak(plafond=5000), actor=beheerder)
    assert (tijdvak.status, tijdvak.gepubliceerd_op, tijdvak.gepubliceerd_door) == ("gepubliceerd", VOOR, beheerder)
    regel = LogRegel.objects.get(keten=f"tijdvak:{tijdvak.pk}")
    assert regel.gegevens == {
        "plafond": "5000.00",
        "methode": "loting",
        "regelingversie": tijdvak.regelingversie.sha256,
    }


def test_zonder_plafond_geen_publicatie() -> None:
    """Awb 4:27: a ceiling that comes later has no effect on earlier applications."""
    tijdvak = maak_tijdvak()
    tijdvak.plafonds.update(bedrag=0)
    with pytest.raises(InvoerFout, match="Dit tijdvak heeft geen plafond."):
        publiceer(tijdvak)
    tijdvak.plafonds.all().delete()
    with pytest.raises(InvoerFout, match="Dit tijdvak heeft geen plafond."):
        publiceer(tijdvak)
    assert vers(tijdvak).status == Tijdvakstatus.ONTWERP


def test_zonder_beslistermijn_geen_publicatie() -> None:
    tijdvak = maak_tijdvak()
    versie = tijdvak.regelingversie
    versie.inhoud = {**versie.inhoud, "termijnen": [t for t in versie.inhoud["termijnen"] if t["code"] != "beslissing"]}
    versie.save()
    with pytest.raises(InvoerFout, match="De beslistermijn ontbreekt."):
        publiceer(tijdvak)


@pytest.mark.parametrize(("moment", "mag"), [(OPEN, True), (OPEN + MICROSECONDE, False), (TIJDENS, False)])
def test_publiceren_kan_alleen_voor_de_opening(moment: Any, mag: bool) -> None:
    tijdvak = maak_tijdvak()
    if mag:
        assert publiceer(tijdvak, op=moment).status == Tijdvakstatus.GEPUBLICEERD
        return
    with pytest.raises(InvoerFout, match="alleen vóór de opening"):
        publiceer(tijdvak, op=moment)
    assert vers(tijdvak).status == Tijdvakstatus.ONTWERP


def test_alleen_een_beheerder_publiceert_en_verlengt() -> None:
    tijdvak, open_ = maak_tijdvak(), open_tijdvak()
    for actor in [maak_gebruiker(rol) for rol in Rol if rol != Rol.BEHEERDER]:
        with pytest.raises(RechtenFout, match="Dit mag alleen een beheerder."):
            publiceer(tijdvak, actor=actor)
        with pytest.raises(RechtenFout, match="Dit mag alleen een beheerder."):
            verleng(open_, actor=actor)
    assert (vers(tijdvak).status, vers(open_).sluit_op) == (Tijdvakstatus.ONTWERP, SLUIT)


def test_publiceren_gaat_een_keer() -> None:
    tijdvak = publiceer(maak_tijdvak())
    with pytest.raises(OvergangFout, match="heeft nu de status “Gepubliceerd”"):
        publiceer(tijdvak)


@pytest.mark.parametrize(
    ("moment", "status"),
    [
        (OPEN - MICROSECONDE, "gepubliceerd"),
        (OPEN, "open"),
        (SLUIT, "open"),
        (SLUIT + MICROSECONDE, "gesloten"),
    ],
)
def test_de_klok_opent_en_sluit_op_de_seconde(moment: Any, status: str) -> None:
    tijdvak = publiceer(maak_tijdvak())
    klok_bijwerken(op=moment)
    assert vers(tijdvak).status == status
    assert tijdvak_bijwerken(tijdvak=tijdvak, op=moment).status == status  # harmless to repeat


def test_een_werker_die_lang_stil_stond_haalt_alles_in() -> None:
    """Opened and closed in one go; rounds that were not due stay as they are."""
    rijp, ontwerp, klaar = publiceer(maak_tijdvak()), maak_tijdvak(), publiceer(maak_tijdvak())
    klok_bijwerken(op=SLUIT + timedelta(days=1))
    handelingen = LogRegel.objects.filter(keten=f"tijdvak:{rijp.pk}").order_by("volgnr")
    assert [(regel.handeling, regel.actor) for regel in handelingen] == [
        ("publiceren", None),
        ("openen", None),
        ("sluiten", None),
    ]
    assert [vers(t).status for t in (rijp, ontwerp, klaar)] == ["gesloten", "ontwerp", "gesloten"]
    assert klok_bijwerken(op=SLUIT + timedelta(days=2)) == 0


@pytest.mark.parametrize(
    ("status", "voor", "tijdens", "op_sluiting", "erna"),
    [
        ("ontwerp", False, False, False, False),
        ("gepubliceerd", False, True, True, False),  # the worker may be a second late
        ("open", False, True, True, False),
        ("gesloten", False, True, True, False),  # received in time, handled later
        ("in_verdeling", False, False, False, False),
        ("verdeeld", False, False, False, False),
        ("afgehandeld", False, False, False, False),
        ("ingetrokken", False, False, False, False),
    ],
)
def test_wanneer_een_aanvraag_telt(status: str, voor: bool, tijdens: bool, op_sluiting: bool, erna: bool) -> None:
    tijdvak = maak_tijdvak()
    weg = ["publiceren", "openen", "sluiten", "verdeling_beginnen", "verdelen", "afhandelen"]
    staten = ["gepubliceerd", "open", "gesloten", "in_verdeling", "verdeeld", "afgehandeld"]
    stappen = ["intrekken"] if status == "ingetrokken" else weg[: staten.index(status) + 1 if status in staten else 0]
    for naam in stappen:
        tijdvak = overgang_toepassen(tijdvak, naam, actor=None, op=VOOR)
    assert tijdvak.status == status
    momenten = [OPEN - MICROSECONDE, TIJDENS, SLUIT, SLUIT + MICROSECONDE]
    assert [tijdvak.is_open_op(moment) for moment in momenten] == [voor, tijdens, op_sluiting, erna]


def verleng(tijdvak: Tijdvak, **anders: Any) -> Storing:
    opties = {
        "tijdvak": tijdvak,
        "van": SLUIT - timedelta(hours=2),
        "tot": SLUIT - timedelta(hours=1),
        "verlenging": timedelta(hours=24),
        "reden": "Storing in het netwerk",
        "actor": None,
        "op": SLUIT - timedelta(minutes=30),
    }
    return tijdvak_verlengen(**{**opties, **anders})


def test_een_storing_verlengt_het_tijdvak() -> None:
    tijdvak = open_tijdvak()
    storing = verleng(tijdvak)
    nieuw = SLUIT + timedelta(hours=24)
    assert (storing.oud_sluit_op, storing.nieuw_sluit_op, vers(tijdvak).sluit_op) == (SLUIT, nieuw, nieuw)
    klok_bijwerken(op=SLUIT + timedelta(seconds=1))
    assert vers(tijdvak).status == Tijdvakstatus.OPEN
    eis_open(vers(tijdvak), nieuw)
    with pytest.raises(InvoerFout, match="is gesloten"):
        eis_open(vers(tijdvak), nieuw + MICROSECONDE)
    regel = LogRegel.objects.get(keten=f"tijdvak:{tijdvak.pk}", handeling="verlengen")
    assert (regel.reden, regel.gegevens["nieuw"]) == ("Storing in het netwerk", nieuw.isoformat())
    verleng(tijdvak, reden="Nog een keer")  # a second outage counts from the new closing
    assert vers(tijdvak).sluit_op == SLUIT + timedelta(hours=48)


@pytest.mark.parametrize(
    ("anders", "melding"),
    [
        ({"verlenging": timedelta(0)}, "heeft geen duur"),
        ({"verlenging": timedelta(hours=-1)}, "heeft geen duur"),
        ({"tot": SLUIT - timedelta(hours=2)}, "heeft geen duur"),
        ({"reden": "  "}, "De reden ontbreekt."),
    ],
)
def test_een_verlenging_heeft_duur_en_reden(anders: dict[str, Any], melding: str) -> None:
    tijdvak = open_tijdvak()
    with pytest.raises(InvoerFout, match=melding):
        verleng(tijdvak, **anders)
    assert (vers(tijdvak).sluit_op, Storing.objects.count()) == (SLUIT, 0)


def test_na_sluiting_of_voor_publicatie_kan_verlengen_niet() -> None:
    gesloten = open_tijdvak()
    klok_bijwerken(op=SLUIT + timedelta(seconds=1))
    for tijdvak in (gesloten, maak_tijdvak()):
        with pytest.raises(OvergangFout, match="Dit tijdvak is al gesloten."):
            verleng(tijdvak)


def test_naspelen_maakt_een_nieuwe_ronde_naar_het_voorbeeld() -> None:
    deel = {"sleutel": "bron-1", "naam": "Bron", "open_op": OPEN, "sluit_op": SLUIT, "plafond": 1000}
    pot = {"code": "UT", "naam": "Utrecht", "bedrag": 500, "soort": "provincie", "waarden": ["Utrecht"]}
    bron = maak_tijdvak(sleutel="bron", tabellen={"tijdvakken": [{**deel, "subplafonds": [pot]}]})
    eerste, tweede = (tijdvak_naspelen(versie=bron.regelingversie, specsleutel="bron-1", op=TIJDENS) for _ in range(2))
    assert (eerste.sleutel, tweede.sleutel) == ("bron-1-sim-1", "bron-1-sim-2")
    assert (eerste.status, eerste.herkomst, eerste.methode) == ("ontwerp", Herkomst.SIMULATIE, "loting")
    assert (eerste.open_op, eerste.sluit_op) == (OPEN, SLUIT)
    assert {p.code: p.bedrag for p in Plafond.objects.filter(tijdvak=tweede)} == {"*": 1000, "UT": 500}
    assert eerste.tijdvakspec == bron.tijdvakspec
    assert vers(bron).status == Tijdvakstatus.ONTWERP


def test_naspelen_van_een_onbekende_ronde_is_een_duidelijke_fout() -> None:
    bron = maak_tijdvak(sleutel="bron")
    with pytest.raises(InvoerFout, match="heeft geen tijdvak 'elders'"):
        tijdvak_naspelen(versie=bron.regelingversie, specsleutel="elders", op=TIJDENS)
    assert Tijdvak.objects.count() == 1


def test_het_plafond_van_een_ronde_is_geld() -> None:
    assert maak_tijdvak(plafond=5000).plafonds.get(code="*").bedrag == Decimal("5000.00")
