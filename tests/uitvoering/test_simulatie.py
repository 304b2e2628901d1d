"""A whole round through the services: figures computed by hand, the same for the same seed."""

from __future__ import annotations

import io
import json
from collections.abc import Iterable, Iterator
from datetime import UTC, datetime
from decimal import ROUND_DOWN, Decimal
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.db import transaction

from aanvragen.enums import Status
from aanvragen.models import Aanvraag
from aanvragen.selectors import tijdvak_cijfers
from beoordeling.services.bewijs import bewijspakket, controleer_in_eigen_proces
from beoordeling.services.rangschikking import plafond_verhogen
from kern.fouten import InvoerFout
from kern.services.spoor import spoor_controleren
from regeling.models import Regeling, Tijdvak
from regeling.services.catalogus import regelingen_laden
from tests.factories.ronde import eis_grootboek_klopt, maak_tijdvak, tabel, vers
from uitvoering.enums import Betalingstatus
from uitvoering.models import Besluit, Betaling, Voucher
from uitvoering.simulatie import FASEN, Simulatie
from uitvoering.simulatie.plan import aantallen
from uitvoering.simulatie.ronde import regeling_van, ronde_van

pytestmark = pytest.mark.django_db
LANG_GELEDEN = datetime(2006, 1, 1, tzinfo=UTC)
AANTAL, AANVRAGERS = 30, 27


@pytest.fixture
def catalogus() -> None:
    regelingen_laden(pad=None, actor=None, op=LANG_GELEDEN)


class Verslag:
    """Looks at the round each time the simulation starts a phase: so one run shows the end of every phase."""

    def __init__(self, regeling: str) -> None:
        self.per_fase: dict[str, dict[str, int]] = {}
        self.trechters: dict[str, Any] = {}
        self.simulatie = Simulatie(
            regeling=regeling_van(regeling), aantal=AANTAL, aanvragers=AANVRAGERS, zaad=3, voortgang=self.voortgang
        )
        self.tijdvak = self.simulatie.speel("vaststellen")
        self.kijk("vaststellen")

    def voortgang(self, rij: Iterable[Any], *, totaal: int | None = None, wat: str = "") -> Iterator[Any]:
        klaar = {"Behandelen": "indienen", "Besluiten": "verdelen", "Uitvoeren en vaststellen": "besluiten"}.get(wat)
        if klaar:
            self.tijdvak = Tijdvak.objects.latest("pk")
            self.kijk(klaar)
        yield from rij

    def kijk(self, fase: str) -> None:
        self.per_fase[fase] = tijdvak_cijfers(self.tijdvak).per_status
        self.trechters[fase] = self.simulatie.trechter(self.tijdvak)


#: scheme → (key of the round, applications that take part, refused as a second one, euros each asks, ceiling)
BEKEND = {
    "esf-e-voucher-2011": ("esf-e-voucher-2011-sim-1", 27, 3, 18_000, 25_200_000),
    "ser-mkb": ("ser-mkb-2026-sim-1", 27, 3, 24_999, 2_500_000),
}


@pytest.mark.parametrize("sleutel", BEKEND)
def test_een_voucherronde_per_fase(catalogus: None, sleutel: str) -> None:
    """30 applications by 27 applicants, one each: three are refused, and everybody else fits under the ceiling.

    2011: 30 x 18,000 = 540,000 asked and 27 x 18,000 = 486,000 granted. SER: 30 x 24,999 and 27 x 24,999.
    """
    ronde, doen_mee, dubbel, bedrag, plafond = BEKEND[sleutel]
    verslag = Verslag(sleutel)
    assert verslag.per_fase == {
        "indienen": {Status.INGEDIEND: AANTAL},
        "verdelen": {Status.AFGEWEZEN: dubbel, Status.GESELECTEERD: doen_mee},
        "besluiten": {Status.AFGEWEZEN: dubbel, Status.VERLEEND: doen_mee},
        "vaststellen": {Status.AFGEWEZEN: dubbel, Status.VASTGESTELD: doen_mee},
    }
    for fase in FASEN:
        gekozen = 0 if fase == "indienen" else doen_mee
        assert verslag.trechters[fase].als_dict() == {
            "tijdvak": ronde,
            "ingediend": AANTAL,
            "aanvragers": AANVRAGERS,
            "gevraagd": AANTAL * bedrag,
            "toegekend": gekozen,
            "toegekend_bedrag": gekozen * bedrag,
            "reserve": 0,
            "plafond": plafond,
            "afgewezen": 0 if fase == "indienen" else dubbel,
            "in_behandeling": AANTAL if fase == "indienen" else 0,
        }
    saldo = verslag.tijdvak.plafonds.get(code="*")
    assert (saldo.gereserveerd, saldo.verleend, saldo.uitgegeven) == (0, doen_mee * bedrag, doen_mee * bedrag)
    assert Voucher.objects.filter(status="verzilverd").count() == doen_mee
    _eis_alles_klopt(verslag.tijdvak)


def test_een_subsidieronde_per_fase(catalogus: None) -> None:
    """2008: no limit per applicant, so all 30 take part; 75 % of what each project costs, € 120,000 at most."""
    verslag = Verslag("esf-e-2008")
    zaken = list(Aanvraag.objects.filter(tijdvak=verslag.tijdvak))
    gevraagd = [
        min((regel.bedrag * 75 / 100).quantize(Decimal("0.01"), ROUND_DOWN), Decimal(120_000))
        for zaak in zaken
        for regel in zaak.begroting.all()
    ]
    assert len(gevraagd) == AANTAL
    assert verslag.per_fase == {
        "indienen": {Status.INGEDIEND: AANTAL},
        "verdelen": {Status.GESELECTEERD: AANTAL},
        "besluiten": {Status.VERLEEND: AANTAL},
        "vaststellen": {Status.VASTGESTELD: AANTAL},
    }
    for fase in FASEN:
        trechter = verslag.trechters[fase]
        assert (trechter.ingediend, trechter.aanvragers, trechter.reserve) == (AANTAL, AANVRAGERS, 0)
        assert (trechter.gevraagd, trechter.plafond) == (int(sum(gevraagd)), 7_000_000)
        assert trechter.toegekend_bedrag == (0 if fase == "indienen" else int(sum(gevraagd)))
    assert Voucher.objects.count() == 0
    _eis_alles_klopt(verslag.tijdvak)


def _eis_alles_klopt(tijdvak: Tijdvak) -> None:
    """Settled is 75 % of what was approved and never above the grant; the rest is released; each is put up for
    payment and approved by a second person; every decision has its letter; draw, ledger and trail can be verified."""
    vrij, betalen = Decimal(0), Decimal(0)
    maximum = tijdvak.spec.subsidie.maximum or Decimal(0)
    for zaak in Aanvraag.objects.filter(tijdvak=tijdvak, status=Status.VASTGESTELD):
        kosten = sum((regel.goedgekeurd or Decimal(0) for regel in zaak.declaraties.get().regels.all()), Decimal(0))
        subsidie = min((kosten * 75 / 100).quantize(Decimal("0.01"), ROUND_DOWN), maximum)
        verleend, vastgesteld = zaak.toegekend_bedrag or Decimal(0), zaak.vastgesteld_bedrag or Decimal(0)
        assert vastgesteld == min(subsidie, verleend)
        vrij, betalen = vrij + verleend - vastgesteld, betalen + vastgesteld
    saldo = tijdvak.plafonds.get(code="*")
    assert (saldo.vrijgevallen, saldo.vastgesteld, saldo.betaald) == (vrij, betalen, 0)
    assert vrij > 0  # some projects were cheaper
    betalingen = list(Betaling.objects.filter(aanvraag__tijdvak=tijdvak))
    assert sum((betaling.bedrag for betaling in betalingen), Decimal(0)) == betalen
    assert {betaling.status for betaling in betalingen} == {Betalingstatus.GEACCORDEERD}
    assert Besluit.objects.filter(aanvraag__tijdvak=tijdvak, brief_html=None).count() == 0
    eis_grootboek_klopt(tijdvak)
    controleer_in_eigen_proces(bewijspakket(tijdvak.rangschikking.loting))
    assert list(spoor_controleren()) == []


# --- A round that is too small for all --------------------------------------------------------------------------


def krap(zaad: int = 5, *, aantal: int = 12, aanvragers: int = 10) -> Simulatie:
    """Ceiling € 3,500, everybody asks the maximum of € 1,000."""
    regeling = (
        Regeling.objects.filter(sleutel="krap").first()
        or maak_tijdvak(
            sleutel="krap", plafond=3500, tabellen=tabel("subsidie", percentage=50, maximum=1000)
        ).regelingversie.regeling
    )
    return Simulatie(regeling=regeling, aantal=aantal, aanvragers=aanvragers, zaad=zaad)


def test_wie_niet_past_komt_op_de_reservelijst() -> None:
    """12 by 10: two refused, three fit, seven wait. After a raise of € 2,000 the next two are granted."""
    simulatie = krap()
    tijdvak = simulatie.speel("besluiten")
    assert tijdvak_cijfers(tijdvak).per_status == {Status.AFGEWEZEN: 2, Status.VERLEEND: 3, Status.RESERVE: 7}
    trechter = simulatie.trechter(tijdvak)
    assert (trechter.gevraagd, trechter.toegekend_bedrag, trechter.reserve) == (12_000, 3000, 7)
    wachtend = list(Aanvraag.objects.filter(tijdvak=tijdvak, status=Status.RESERVE).order_by("plaats__rang"))
    plafond_verhogen(tijdvak=tijdvak, bedrag=Decimal(2000), reden="Besluit", actor=None, op=LANG_GELEDEN)
    tijdvak = krap().vervolg(tijdvak.sleutel)
    assert [vers(zaak).status for zaak in wachtend] == [Status.VERLEEND] * 2 + [Status.RESERVE] * 5
    assert simulatie.trechter(tijdvak).toegekend_bedrag == 5000
    eis_grootboek_klopt(tijdvak)


def _uitkomst(zaad: int) -> list[tuple[Any, ...]]:
    """Plays and forgets: who asked what, when, in which order they were drawn and what came of it."""
    with transaction.atomic():
        tijdvak = krap(zaad, aantal=6, aanvragers=5).speel("besluiten")
        rijen = Aanvraag.objects.filter(tijdvak=tijdvak).order_by("kenmerk")
        uit = list(
            rijen.values_list(
                "kenmerk", "organisatie__kvk_nummer", "titel", "ingediend_op", "status", "plaats__rang", "plaats__lot"
            )
        )
        transaction.set_rollback(True)
    return uit


def test_hetzelfde_zaad_geeft_dezelfde_ronde() -> None:
    """To the lot and the winner; another seed gives another round."""
    eerste, tweede, ander = _uitkomst(1), _uitkomst(1), _uitkomst(2)
    assert eerste == tweede
    assert [rij[3] for rij in eerste] != [rij[3] for rij in ander]
    assert sorted(rij[4] for rij in eerste) == ["afgewezen", "reserve", "reserve", "verleend", "verleend", "verleend"]


# --- Wrong use --------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("aantal", "aanvragers"), [(3, 4), (3, 0), (0, 0)])
def test_aantallen_die_niet_kunnen(aantal: int, aanvragers: int) -> None:
    with pytest.raises(InvoerFout, match="Er is minstens één aanvrager en niet meer aanvragers dan aanvragen."):
        krap(aantal=aantal, aanvragers=aanvragers)


def test_een_regeling_zonder_tijdvak_is_niet_na_te_spelen() -> None:
    regeling = maak_tijdvak(sleutel="leeg").regelingversie.regeling
    versie = regeling.versies.get()
    type(versie).objects.filter(pk=versie.pk).update(inhoud={**versie.inhoud, "tijdvakken": []})
    with pytest.raises(InvoerFout, match="Deze regeling heeft geen tijdvak om na te spelen."):
        Simulatie(regeling=regeling, aantal=2, aanvragers=2).speel()


def test_een_regeling_die_niet_is_geladen() -> None:
    leeg = Regeling.objects.create(sleutel="leeg", naam="Leeg")
    with pytest.raises(InvoerFout, match="Deze regeling is niet geladen."):
        Simulatie(regeling=leeg, aantal=1, aanvragers=1)
    with pytest.raises(InvoerFout, match="De regeling “elders” bestaat niet. Kies uit: leeg."):
        regeling_van("elders")


def test_vervolgen_kan_alleen_met_een_gesimuleerde_ronde() -> None:
    echt = maak_tijdvak(sleutel="krap", plafond=3500)
    with pytest.raises(InvoerFout, match="“krap-1” is geen gesimuleerd tijdvak."):
        krap().vervolg(echt.sleutel)


# --- The command ------------------------------------------------------------------------------------------------


def _opdracht(*argumenten: str) -> str:
    uit = io.StringIO()
    call_command("simuleer_ronde", *argumenten, stdout=uit, stderr=io.StringIO())
    return uit.getvalue()


def test_de_opdracht_schrijft_json() -> None:
    krap()
    uit = json.loads(_opdracht("krap", "--aantal", "4", "--aanvragers", "4", "--tot", "verdelen", "--json"))
    assert uit == {
        "tijdvak": "krap-1-sim-1",
        "ingediend": 4,
        "aanvragers": 4,
        "gevraagd": 4000,
        "toegekend": 3,
        "toegekend_bedrag": 3000,
        "reserve": 1,
        "plafond": 3500,
        "afgewezen": 0,
        "in_behandeling": 0,
    }
    assert Tijdvak.objects.get(sleutel="krap-1-sim-1").status == "verdeeld"


def test_de_opdracht_schrijft_gewone_woorden() -> None:
    krap()
    regels = _opdracht("krap", "--aantal", "2", "--tot", "indienen").splitlines()
    assert [regel.split(maxsplit=1) for regel in regels] == [
        ["Tijdvak", "krap-1-sim-1"],
        ["Ingediend", "2 aanvragen van 2 aanvragers"],
        ["Gevraagd", "€ 2.000"],
        ["Plafond", "€ 3.500"],
        ["Toegekend", "0 voor € 0"],
        ["Reservelijst", "0"],
    ]


def test_de_opdracht_weigert_een_onbekende_regeling() -> None:
    with pytest.raises(CommandError) as fout:
        _opdracht("bestaat-niet")
    assert fout.value.returncode == 1
    assert str(fout.value).startswith("De regeling “bestaat-niet” bestaat niet.")


@pytest.mark.parametrize(
    ("sleutel", "aantal", "aanvragers", "verwacht"),
    [
        ("esf-e-voucher-2011", None, None, (4526, 4288)),  # as it was
        ("esf-e-voucher-2011", 100, None, (100, 100)),
        ("esf-e-voucher-2011", 100, 90, (100, 90)),
        ("esf-e-voucher-2011", 4526, None, (4526, 4288)),
        ("esf-e-2008", None, None, (265, 265)),
        ("ser-mkb", None, None, (50, 50)),
        ("innovatievoucher-2004", None, None, (125, 125)),  # only known that 100 got one
    ],
)
def test_standaard_aantallen(
    catalogus: None, sleutel: str, aantal: int | None, aanvragers: int | None, verwacht: tuple[int, int]
) -> None:
    assert aantallen(ronde_van(regeling_van(sleutel)), aantal, aanvragers) == verwacht
