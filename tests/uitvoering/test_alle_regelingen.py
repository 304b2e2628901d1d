"""Every scheme of the catalogue, played at a small scale, and the plans of the full replays."""

from __future__ import annotations

import io
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

import pytest
from django.core.management import CommandError, call_command

from aanvragen.enums import Status
from aanvragen.models import Aanvraag, Deelnemer
from beoordeling.services.bewijs import bewijspakket, controleer_in_eigen_proces
from kern.services.spoor import spoor_controleren
from regeling.models import Regeling, Tijdvak
from regeling.services.catalogus import regelingen_laden
from tests.factories.ronde import eis_grootboek_klopt
from uitvoering.models import Besluit
from uitvoering.simulatie import Simulatie
from uitvoering.simulatie.plan import rondeplan
from uitvoering.simulatie.ronde import regeling_van, ronde_van
from uitvoering.simulatie.tabel import TABEL, Bekend, vergelijk

pytestmark = pytest.mark.django_db
AANTAL = 8


@pytest.fixture
def catalogus() -> None:
    regelingen_laden(pad=None, actor=None, op=datetime(2004, 1, 1, tzinfo=UTC))


def speel(sleutel: str, ronde: str = "", *, aantal: int = AANTAL, tot: str = "besluiten") -> tuple[Tijdvak, Any]:
    simulatie = Simulatie(regeling=regeling_van(sleutel), aantal=aantal, aanvragers=aantal, zaad=2, ronde=ronde)
    tijdvak = simulatie.speel(tot)
    return tijdvak, simulatie.trechter(tijdvak)


def naam(bekend: Bekend) -> str:
    return bekend.ronde or bekend.regeling


@pytest.mark.parametrize("bekend", TABEL, ids=naam)
def test_elke_regeling_is_na_te_spelen(catalogus: None, bekend: Bekend) -> None:
    """Nobody gets more than the ceiling, and ledger, trail and every draw can be verified."""
    tijdvak, trechter = speel(bekend.regeling, bekend.ronde)
    assert (trechter.ingediend, trechter.aanvragers) == (AANTAL, AANTAL)
    assert 0 < trechter.toegekend_bedrag <= trechter.plafond
    verleend = Aanvraag.objects.filter(tijdvak=tijdvak, status=Status.VERLEEND)
    assert verleend.count() == trechter.toegekend == Besluit.objects.filter(soort="verlening").count() > 0
    assert sum((zaak.ruimte_toegekend for zaak in verleend), Decimal(0)) == trechter.toegekend_bedrag
    for pot in tijdvak.plafonds.all():
        assert 0 <= pot.resteert <= pot.bedrag
    eis_grootboek_klopt(tijdvak)
    assert list(spoor_controleren()) == []
    for loting in tijdvak.lotingen.all():
        controleer_in_eigen_proces(bewijspakket(loting))


def test_twee_stappen(catalogus: None) -> None:
    """The first stage hands out places in the second; only who has one can send a full proposal there."""
    tijdvak, trechter = speel("smart-mix", aantal=24)
    eerste = tijdvak.vorige_stap
    assert eerste is not None
    assert (eerste.eenheid, tijdvak.eenheid, tijdvak.stap) == ("stuks", "euro", 2)
    door = Aanvraag.objects.filter(tijdvak=eerste, status=Status.GESELECTEERD)
    assert 0 < door.count() <= 20
    assert {zaak.toegekend_stuks for zaak in door} == {1}
    volledig = Aanvraag.objects.filter(tijdvak=tijdvak)
    assert {zaak.organisatie_id for zaak in volledig} == {zaak.organisatie_id for zaak in door}
    assert not Besluit.objects.filter(aanvraag__tijdvak=eerste).exists()
    assert trechter.ingediend == 24
    assert {deel.rol for deel in Deelnemer.objects.all()} == {"kennisinstelling", "gebruiker"}


def test_deelnemers_hebben_een_eigen_bedrag(catalogus: None) -> None:
    tijdvak, trechter = speel("ipc-2010", tot="indienen")
    for zaak in Aanvraag.objects.filter(tijdvak=tijdvak):
        leden = list(zaak.deelnemers.all())
        assert 15 <= len(leden) <= 35
        assert leden[0].kvk_nummer == zaak.organisatie.kvk_nummer
        assert sum((lid.bedrag or Decimal(0) for lid in leden), Decimal(0)) == zaak.gevraagd_bedrag
        assert all(lid.bedrag is not None and lid.bedrag <= 60_000 for lid in leden)
    assert trechter.gevraagd > 0


def test_een_leergang_verdeelt_plaatsen(catalogus: None) -> None:
    """30 places for 24 companies that ask one to three each: who asks last waits."""
    tijdvak, trechter = speel("leergang", aantal=24)
    assert trechter.gevraagd > 30
    assert trechter.toegekend_bedrag <= 30
    assert {z.toegekend_bedrag for z in Aanvraag.objects.filter(tijdvak=tijdvak, status=Status.VERLEEND)} == {None}
    assert trechter.reserve == 24 - trechter.toegekend > 0


def test_wie_er_niet_aan_voldoet_en_wie_nog_wacht(catalogus: None) -> None:
    """A sixth of the history of SIA Zuid: of 19 applications 3 are refused, and 6 were not decided on."""
    tijdvak, trechter = speel("sia-zuid", aantal=19)
    assert (trechter.afgewezen, trechter.in_behandeling, trechter.toegekend) == (3, 6, 10)
    assert tijdvak.status == "gesloten"
    afgewezen = Aanvraag.objects.filter(tijdvak=tijdvak, status=Status.AFGEWEZEN)
    assert {zaak.organisatie.provincie for zaak in afgewezen}.isdisjoint({"Noord-Brabant", "Zeeland", "Limburg"})


# --- The plans of the full replays ------------------------------------------------------------------------------


def plan_van(sleutel: str, aantal: int) -> Any:
    regeling = regeling_van(sleutel)
    ronde = ronde_van(regeling)
    assert ronde is not None
    return rondeplan(regeling.versies.get().spec, ronde, aantal)


def test_wat_men_vraagt_telt_op_tot_wat_bekend_is(catalogus: None) -> None:
    ipc = plan_van("ipc-2010", 49)
    assert sum(een.bedrag for een in ipc.aanvragen) == 75_800_000
    assert {een.leden for een in ipc.aanvragen} <= set(range(15, 36))
    esf = plan_van("esf-e-2008", 265)
    assert sum(een.bedrag for een in esf.aanvragen[:77]) == 6_960_000
    for sleutel, aantal, past in (("esf-e-2009", 247, 68), ("esf-e-2010", 314, 113)):
        plafond = ronde_van(regeling_van(sleutel)).plafond  # type: ignore[union-attr]  # every scheme of the table has a round
        bedragen = [een.bedrag for een in plan_van(sleutel, aantal).aanvragen]
        assert past * max(bedragen) <= plafond < (past + 1) * min(bedragen)


def test_een_kleinere_ronde_houdt_de_bedragen_en_de_verhoudingen(catalogus: None) -> None:
    groot, klein = plan_van("sia-zuid", 113), plan_van("sia-zuid", 20)
    for plan, n in ((groot, 113), (klein, 20)):
        open_ = [een.open for een in plan.aanvragen]
        assert open_ == sorted(open_)  # the last ones that came in
        assert sum(open_) == round(34 * n / 113)
        assert sum(not een.voldoet for een in plan.aanvragen) == round(17 * n / 113)
        assert not any(een.open and not een.voldoet for een in plan.aanvragen)
    assert [een.bedrag for een in plan_van("esf-e-2009", 5).aanvragen] == [Decimal(102_941)] * 5
    assert plan_van("innovatievoucher-2010", 5).dagen == 2


# --- The command ------------------------------------------------------------------------------------------------


def test_elke_regeling_van_de_catalogus_staat_in_de_tabel(catalogus: None) -> None:
    assert {bekend.regeling for bekend in TABEL} == set(Regeling.objects.values_list("sleutel", flat=True))


def test_vergelijken_zegt_wat_afwijkt() -> None:
    regels = vergelijk({"ingediend": 5, "toegekend": 3}, {"ingediend": 5, "toegekend": 2, "reserve": 1})
    assert [(r.wat, r.bekend, r.nagespeeld, r.klopt) for r in regels] == [
        ("ingediend", 5, 5, True),
        ("toegekend", 3, 2, False),
    ]


def naspelen(*argumenten: str) -> str:
    uit = io.StringIO()
    call_command("naspelen", *argumenten, stdout=uit, stderr=io.StringIO())
    return uit.getvalue()


def test_naspelen_toont_beide_cijfers(catalogus: None, monkeypatch: pytest.MonkeyPatch) -> None:
    klein = (Bekend("smart-mix", {"stappen": 2, "ingediend": 6}), Bekend("ser-mkb", {"ingediend": 7}))
    monkeypatch.setattr("uitvoering.management.commands.naspelen.TABEL", klein)
    monkeypatch.setattr("uitvoering.management.commands.naspelen.aantallen", lambda *_: (6, 6))
    regels = naspelen("smart-mix").splitlines()
    assert [regel.split() for regel in regels[1:3]] == [
        ["stappen", "2", "2", "klopt"],
        ["ingediend", "6", "6", "klopt"],
    ]
    with pytest.raises(CommandError, match="Niet alle cijfers kloppen"):
        naspelen("--alles")


@pytest.mark.parametrize(("argumenten", "melding"), [([], "geen regeling gekozen"), (["bestaat-niet"], "bestaat-niet")])
def test_naspelen_weigert_wat_niet_in_de_tabel_staat(catalogus: None, argumenten: list[str], melding: str) -> None:
    with pytest.raises(CommandError, match=melding):
        naspelen(*argumenten)
