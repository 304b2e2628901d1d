"""From draw to outcomes, and after: the reserve list, raises, withdrawals, sub-ceilings. The ledger is recomputed
after every scenario, and the published log must tell the same story as the administration."""

from __future__ import annotations

import json
from collections.abc import Iterator
from decimal import Decimal
from typing import Any

import pytest

from aanvragen.enums import Status
from aanvragen.models import Aanvraag
from beoordeling.enums import Mutatiesoort, Uitkomst
from beoordeling.models import Mutatie, Plaats, Rangschikking
from beoordeling.services.bewijs import bewijspakket, controleer_in_eigen_proces
from beoordeling.services.loting import loting_trekken
from beoordeling.services.rangschikking import loting_vaststellen, mutatie_verwerken, plafond_verhogen
from kern.fouten import InvoerFout, OvergangFout
from kern.models import LogRegel
from regeling.enums import Boekingsoort
from regeling.models import Boeking, Plafond, Tijdvak
from tests.factories.ronde import (
    BESLUIT,
    NA,
    OPEN,
    SLUIT,
    TREKKING,
    Staf,
    besluit_op,
    eis_grootboek_klopt,
    geloot,
    loting_tot,
    maak_compleet,
    maak_organisatie,
    op_rang,
    open_tijdvak,
    tabel,
    verleen,
    vers,
)
from uitvoering.enums import Afwijzingsgrond, Besluitsoort
from uitvoering.models import Besluit
from uitvoering.services.besluit import besluit_verzenden
from uitvoering.services.intrekking import zaak_intrekken

pytestmark = pytest.mark.django_db
G, R, N = Status.GESELECTEERD, Status.RESERVE, Status.NIET_GESELECTEERD


@pytest.fixture(autouse=True)
def _alles_klopt_aan_het_eind(db: None) -> Iterator[None]:
    """Balances equal those of the lines, nothing is over-committed, and each draw can be verified by anybody."""
    yield
    assert Tijdvak.objects.exists()
    for tijdvak in Tijdvak.objects.all():
        eis_grootboek_klopt(tijdvak)
        assert [p.code for p in tijdvak.plafonds.all() if p.resteert < 0] == []
    for rangschikking in Rangschikking.objects.filter(loting__isnull=False):
        controleer_in_eigen_proces(bewijspakket(rangschikking.loting))


def staten(tijdvak: Tijdvak) -> list[str]:
    """In rank order."""
    return [aanvraag.status for aanvraag in op_rang(tijdvak)]


def plafond(tijdvak: Tijdvak, code: str = "*") -> Plafond:
    return Plafond.objects.get(tijdvak=tijdvak, code=code)


def trek_in(aanvraag: Aanvraag) -> list[str]:
    return zaak_intrekken(aanvraag=aanvraag, reden="Toch niet", actor=None, op=BESLUIT)


def verhoog(tijdvak: Tijdvak, bedrag: int, staf: Staf, **anders: Any) -> list[str]:
    opties = {"reden": "Besluit", "actor": staf.beheerder, "op": BESLUIT, **anders}
    return plafond_verhogen(tijdvak=tijdvak, bedrag=Decimal(bedrag), **opties)


def test_vaststellen_reserveert_en_maakt_de_reservelijst(staf: Staf) -> None:
    tijdvak, zaken = geloot(4, staf, plafond=2500)
    assert (staten(tijdvak), tijdvak.status, tijdvak.verdeeld_op) == ([G, G, R, R], "verdeeld", TREKKING)
    assert [zaak.toegekend_bedrag for zaak in zaken] == [1000, 1000, None, None]
    assert (plafond(tijdvak).gereserveerd, plafond(tijdvak).resteert) == (2000, 500)
    assert [(b.soort, b.bedrag, b.onderwerp) for b in Boeking.objects.all()] == [
        (Boekingsoort.RESERVERING, 1000, zaken[0].pk),
        (Boekingsoort.RESERVERING, 1000, zaken[1].pk),
    ]
    plaatsen = list(Plaats.objects.order_by("rang").values_list("rang", "uitkomst", "eerste_uitkomst", "bedrag"))
    assert plaatsen == [
        (1, "toegewezen", "toegewezen", 1000),
        (2, "toegewezen", "toegewezen", 1000),
        (3, "reserve", "reserve", None),
        (4, "reserve", "reserve", None),
    ]
    rangschikking = tijdvak.rangschikking
    assert (rangschikking.methode, rangschikking.gemaakt_door) == ("loting", staf.beslisser)
    assert list(
        LogRegel.objects.filter(keten=f"aanvraag:{zaken[0].pk}").order_by("volgnr").values_list("naar", flat=True)
    )[-3:] == ["compleet", "in_verdeling", "geselecteerd"]


def test_precies_het_plafond_past(staf: Staf) -> None:
    tijdvak, _ = geloot(3, staf, plafond=3000)
    assert (staten(tijdvak), plafond(tijdvak).resteert) == ([G, G, G], 0)


def test_zonder_ruimte_voor_de_eerste_is_niemand_geselecteerd(staf: Staf) -> None:
    tijdvak, _ = geloot(2, staf, plafond=999)
    assert (staten(tijdvak), Boeking.objects.count()) == ([R, R], 0)
    assert verhoog(tijdvak, 1, staf) == [op_rang(tijdvak)[0].kenmerk]


# --- The end of the reserve list --------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("verdeling", "verwacht"),
    [
        ({"reservelijst": True}, [G, R, R, R]),
        ({"reservelijst_maximum": 2}, [G, R, R, N]),
        ({"reservelijst_maximum": 9}, [G, R, R, R]),
        ({"reservelijst": False}, [G, N, N, N]),
    ],
)
def test_lengte_van_de_reservelijst(staf: Staf, verdeling: dict[str, Any], verwacht: list[str]) -> None:
    tijdvak, _ = geloot(4, staf, plafond=1000, tabellen=tabel("verdeling", **verdeling))
    assert staten(tijdvak) == verwacht


def test_zonder_reservelijst_wordt_niemand_opgeroepen(staf: Staf) -> None:
    """Who was told no stays there; the money is free, the published log gives it to nobody."""
    tijdvak, zaken = geloot(3, staf, plafond=1000, tabellen=tabel("verdeling", reservelijst=False))
    assert trek_in(zaken[0]) == []
    assert staten(tijdvak) == [Status.BESLUIT_INGETROKKEN, N, N]
    assert (plafond(tijdvak).gereserveerd, plafond(tijdvak).resteert) == (0, 1000)
    assert [vers(zaak).plaats.uitkomst for zaak in zaken] == ["vervallen", "afgewezen", "afgewezen"]
    assert verhoog(tijdvak, 5000, staf) == []
    assert (staten(tijdvak)[1:], Mutatie.objects.count()) == ([N, N], 0)


def test_aan_het_eind_van_een_reservelijst_met_maximum_houdt_het_op(staf: Staf) -> None:
    """List of one: the first withdrawal calls that one, the next nobody."""
    tijdvak, zaken = geloot(4, staf, plafond=1000, tabellen=tabel("verdeling", reservelijst_maximum=1))
    assert staten(tijdvak) == [G, R, N, N]
    assert trek_in(zaken[0]) == [zaken[1].kenmerk]
    assert trek_in(zaken[1]) == []
    assert staten(tijdvak) == [Status.BESLUIT_INGETROKKEN, Status.BESLUIT_INGETROKKEN, N, N]
    assert plafond(tijdvak).resteert == 1000
    assert list(Mutatie.objects.values_list("soort", "kenmerk")) == [("INTREKKING", zaken[0].kenmerk)]
    assert [vers(zaak).plaats.uitkomst for zaak in zaken] == ["vervallen", "vervallen", "afgewezen", "afgewezen"]
    assert [vers(zaak).plaats.eerste_uitkomst for zaak in zaken[2:]] == ["reserve", "reserve"]


def test_een_grote_verhoging_roept_alleen_de_reservelijst_op(staf: Staf) -> None:
    tijdvak, zaken = geloot(4, staf, plafond=1000, tabellen=tabel("verdeling", reservelijst_maximum=1))
    assert verhoog(tijdvak, 9000, staf) == [zaken[1].kenmerk]
    assert staten(tijdvak) == [G, G, N, N]
    assert (plafond(tijdvak).gereserveerd, plafond(tijdvak).resteert) == (2000, 8000)
    assert [vers(zaak).plaats.uitkomst for zaak in zaken] == ["toegewezen", "toegewezen", "afgewezen", "afgewezen"]


# --- Raising ----------------------------------------------------------------------------------------------------


def test_een_verhoging_roept_op_in_rangvolgorde(staf: Staf) -> None:
    tijdvak, zaken = geloot(5, staf, plafond=1500)
    assert verhoog(tijdvak, 1499, staf) == [zaken[1].kenmerk]  # 500 left + 1,499 = 1,999
    assert verhoog(tijdvak, 1, staf) == [zaken[2].kenmerk]  # 999 left + 1
    assert verhoog(tijdvak, 999, staf) == []
    assert verhoog(tijdvak, 1001, staf) == [zaken[3].kenmerk, zaken[4].kenmerk]
    assert (staten(tijdvak), plafond(tijdvak).bedrag, plafond(tijdvak).resteert) == ([G] * 5, 5000, 0)
    assert [(m.nr, m.bedrag, m.opgeroepen) for m in Mutatie.objects.all()] == [
        (1, 1499, [zaken[1].kenmerk]),
        (2, 1, [zaken[2].kenmerk]),
        (3, 999, []),
        (4, 1001, [zaken[3].kenmerk, zaken[4].kenmerk]),
    ]


@pytest.mark.parametrize("bedrag", [0, -1])
def test_een_plafond_gaat_niet_omlaag(staf: Staf, bedrag: int) -> None:
    """Awb 4:27, 4:28."""
    tijdvak, _ = geloot(2, staf, plafond=1000)
    with pytest.raises(InvoerFout, match="Een plafond kan alleen omhoog."):
        verhoog(tijdvak, bedrag, staf)
    assert (plafond(tijdvak).bedrag, Mutatie.objects.count()) == (1000, 0)


def test_een_verhoging_voor_de_loting_komt_in_het_protocol(staf: Staf) -> None:
    tijdvak = open_tijdvak(plafond=1000)
    for _ in range(3):
        maak_compleet(tijdvak, staf.behandelaar)
    assert verhoog(tijdvak, 1000, staf, op=NA) == []
    loting_tot(tijdvak, staf)
    assert (staten(tijdvak), Mutatie.objects.count()) == ([G, G, R], 0)


@pytest.mark.parametrize("tot", ["bevriezen", "publiceren", "bronnen", "trekken"])
def test_tussen_bevriezen_en_vaststellen_staat_het_plafond_vast(staf: Staf, tot: str) -> None:
    """The amount stands in the published protocol; a raise now would be money that nobody is called for."""
    tijdvak = open_tijdvak(plafond=1000)
    for _ in range(2):
        maak_compleet(tijdvak, staf.behandelaar)
    loting = loting_tot(tijdvak, staf, tot)
    with pytest.raises(OvergangFout) as fout:
        verhoog(tijdvak, 1000, staf)
    assert (fout.value.code, plafond(tijdvak).bedrag) == ("plafond-bevroren", 1000)
    if tot == "trekken":
        loting_vaststellen(loting=loting, actor=staf.beslisser, op=TREKKING)
        assert verhoog(tijdvak, 1000, staf) == [op_rang(tijdvak)[1].kenmerk]


# --- Withdrawing ------------------------------------------------------------------------------------------------


def test_intrekken_na_selectie_roept_de_volgende_op(staf: Staf) -> None:
    tijdvak, zaken = geloot(4, staf, plafond=2000)
    assert trek_in(zaken[1]) == [zaken[2].kenmerk]
    assert trek_in(zaken[2]) == [zaken[3].kenmerk]
    assert trek_in(zaken[0]) == []
    assert staten(tijdvak) == [Status.BESLUIT_INGETROKKEN] * 3 + [G]
    assert (plafond(tijdvak).gereserveerd, plafond(tijdvak).resteert) == (1000, 1000)
    assert vers(zaken[3]).toegekend_bedrag == 1000


def test_intrekken_na_verlening_geeft_vrij_en_roept_op(staf: Staf) -> None:
    tijdvak, zaken = geloot(3, staf, plafond=2000)
    for zaak in zaken[:2]:
        verleen(zaak, staf)
    assert (plafond(tijdvak).gereserveerd, plafond(tijdvak).verleend) == (0, 2000)
    assert trek_in(zaken[0]) == [zaken[2].kenmerk]
    nu = plafond(tijdvak)
    assert (nu.gereserveerd, nu.verleend, nu.vrijgevallen, nu.resteert) == (1000, 2000, 1000, 0)
    assert (vers(zaken[0]).status, vers(zaken[0]).voucher.status) == (Status.BESLUIT_INGETROKKEN, "ingetrokken")
    assert verleen(zaken[2], staf).status == Status.VERLEEND
    assert plafond(tijdvak).verleend == 3000


def test_intrekken_van_de_reservelijst_verplaatst_niemand(staf: Staf) -> None:
    tijdvak, zaken = geloot(4, staf, plafond=1000)
    assert trek_in(zaken[1]) == []
    assert staten(tijdvak) == [G, Status.INGETROKKEN, R, R]
    assert [vers(zaak).plaats.rang for zaak in zaken] == [1, 2, 3, 4]
    assert trek_in(zaken[0]) == [zaken[2].kenmerk]  # the next one who still waits


def test_een_tweede_keer_intrekken_kan_niet(staf: Staf) -> None:
    tijdvak, zaken = geloot(3, staf, plafond=1000)
    trek_in(zaken[0])
    with pytest.raises(OvergangFout):
        trek_in(zaken[0])
    assert (staten(tijdvak)[1:], Mutatie.objects.count()) == ([G, R], 1)
    assert plafond(tijdvak).gereserveerd == 1000


@pytest.mark.parametrize("tot", ["bronnen", "trekken"])
def test_intrekken_tussen_bronnen_en_vaststellen(staf: Staf, tot: str) -> None:
    """It was drawn and cannot become UIT any more: it leaves by the log, and the next is called at once."""
    tijdvak = open_tijdvak(plafond=2000)
    for _ in range(4):
        maak_compleet(tijdvak, staf.behandelaar)
    loting = loting_tot(tijdvak, staf, tot)
    weg = Aanvraag.objects.filter(tijdvak=tijdvak).order_by("kenmerk")[0]
    assert trek_in(weg) == []
    if tot == "bronnen":
        loting = loting_trekken(loting=loting, actor=staf.notaris, op=TREKKING)
    loting_vaststellen(loting=loting, actor=staf.beslisser, op=TREKKING)
    meedoend = [zaak for zaak in op_rang(tijdvak) if zaak.pk != weg.pk]
    assert [zaak.status for zaak in meedoend] == [G, G, R]
    assert (vers(weg).status, vers(weg).plaats.uitkomst) == (Status.INGETROKKEN, Uitkomst.VERVALLEN)
    assert plafond(tijdvak).gereserveerd == 2000
    assert list(Mutatie.objects.values_list("soort", "kenmerk", "bedrag")) == [("INTREKKING", weg.kenmerk, 0)]


def test_afgewezen_tussen_bronnen_en_vaststellen(staf: Staf) -> None:
    """All four: two refused after the sources, one withdrawn; the last one standing gets the money."""
    tijdvak = open_tijdvak(plafond=1000)
    for _ in range(4):
        maak_compleet(tijdvak, staf.behandelaar)
    loting = loting_tot(tijdvak, staf, "trekken")
    zaken = list(Aanvraag.objects.filter(tijdvak=tijdvak).order_by("kenmerk"))
    for zaak in zaken[:2]:
        besluit_op(zaak, Besluitsoort.AFWIJZING, staf, grond=Afwijzingsgrond.ONJUIST)
    trek_in(zaken[2])
    loting_vaststellen(loting=loting, actor=staf.beslisser, op=TREKKING)
    assert [vers(zaak).status for zaak in zaken] == [
        Status.AFGEWEZEN,
        Status.AFGEWEZEN,
        Status.INGETROKKEN,
        Status.GESELECTEERD,
    ]
    assert sorted(Mutatie.objects.values_list("soort", "kenmerk")) == [
        ("INTREKKING", zaken[2].kenmerk),
        ("UITSLUITING", zaken[0].kenmerk),
        ("UITSLUITING", zaken[1].kenmerk),
    ]
    assert plafond(tijdvak).gereserveerd == 1000


def test_afwijzen_vanaf_de_reservelijst_sluit_uit(staf: Staf) -> None:
    tijdvak, zaken = geloot(3, staf, plafond=1000)
    besluit_op(zaken[1], Besluitsoort.AFWIJZING, staf, grond=Afwijzingsgrond.ONJUIST)
    assert (vers(zaken[1]).status, vers(zaken[1]).plaats.uitkomst) == (Status.AFGEWEZEN, Uitkomst.UIT)
    assert trek_in(zaken[0]) == [zaken[2].kenmerk]
    assert list(Mutatie.objects.values_list("soort", flat=True)) == ["UITSLUITING", "INTREKKING"]


def test_een_besluit_over_wie_intussen_introk_gaat_niet_uit(staf: Staf) -> None:
    """Proposed and signed, then withdrawn: sending is refused, and no money is booked twice."""
    tijdvak, zaken = geloot(2, staf, plafond=1000)
    besluit = besluit_op(zaken[0], Besluitsoort.VERLENING, staf, tot="ondertekenen")
    assert trek_in(zaken[0]) == [zaken[1].kenmerk]
    with pytest.raises(OvergangFout):
        besluit_verzenden(besluit=besluit, actor=staf.beslisser, op=BESLUIT)
    assert (Besluit.objects.get().status, plafond(tijdvak).verleend) == ("ondertekend", 0)


# --- Sub-ceilings and rules -------------------------------------------------------------------------------------


def met_potten(staf: Staf, potten: dict[str, int], verdeling: dict[str, Any], provincies: list[str]) -> Tijdvak:
    """A ceiling of € 4,000, pots per province, an application of € 1,000 per province in the list."""
    subplafonds = [
        {"code": naam[:2].upper(), "naam": naam, "bedrag": bedrag, "soort": "provincie", "waarden": [naam]}
        for naam, bedrag in potten.items()
    ]
    deel = {"sleutel": "pot-1", "naam": "P", "open_op": OPEN, "sluit_op": SLUIT, "plafond": 4000}
    tabellen = {"tijdvakken": [{**deel, "subplafonds": subplafonds}], **tabel("verdeling", **verdeling)}
    tijdvak = open_tijdvak(sleutel="pot", tabellen=tabellen)
    for provincie in provincies:
        maak_compleet(tijdvak, staf.behandelaar, maak_organisatie(provincie=provincie))
    loting_tot(tijdvak, staf)
    return vers(tijdvak)


def per_provincie(tijdvak: Tijdvak, status: Status) -> dict[str, int]:
    rijen = Aanvraag.objects.filter(tijdvak=tijdvak, status=status).select_related("organisatie")
    uit: dict[str, int] = {}
    for aanvraag in rijen:
        uit[aanvraag.organisatie.provincie] = uit.get(aanvraag.organisatie.provincie, 0) + 1
    return uit


def test_deelplafonds_begrenzen_elk_hun_eigen_groep(staf: Staf) -> None:
    """Utrecht € 1,500 (one fits), Zeeland € 2,000 (two), Drenthe has no pot of its own: € 4,000 in all."""
    provincies = ["Utrecht"] * 3 + ["Zeeland"] * 3 + ["Drenthe"]
    tijdvak = met_potten(staf, {"Utrecht": 1500, "Zeeland": 2000}, {}, provincies)
    assert per_provincie(tijdvak, G) == {"Utrecht": 1, "Zeeland": 2, "Drenthe": 1}
    assert per_provincie(tijdvak, R) == {"Utrecht": 2, "Zeeland": 1}
    saldi = {p.code: (p.gereserveerd, p.resteert) for p in tijdvak.plafonds.all()}
    assert saldi == {"*": (4000, 0), "UT": (1000, 500), "ZE": (2000, 0)}


def test_een_deelplafond_verhogen_roept_alleen_die_groep_op(staf: Staf) -> None:
    tijdvak = met_potten(staf, {"Utrecht": 1000}, {}, ["Utrecht"] * 3 + ["Drenthe"])
    assert per_provincie(tijdvak, G) == {"Utrecht": 1, "Drenthe": 1}
    opgeroepen = verhoog(tijdvak, 1000, staf, code="UT")
    assert [Aanvraag.objects.get(kenmerk=k).organisatie.provincie for k in opgeroepen] == ["Utrecht"]
    assert plafond(tijdvak, "UT").resteert == 0
    assert verhoog(tijdvak, 1000, staf) == []  # room in the whole, not in the pot


def test_intrekken_geeft_in_elke_pot_vrij(staf: Staf) -> None:
    tijdvak = met_potten(staf, {"Utrecht": 1000}, {}, ["Utrecht"] * 2 + ["Drenthe"])
    utrecht = Aanvraag.objects.get(tijdvak=tijdvak, status=G, organisatie__provincie="Utrecht")
    wacht = Aanvraag.objects.get(tijdvak=tijdvak, status=R)
    assert trek_in(utrecht) == [wacht.kenmerk]
    assert (plafond(tijdvak, "UT").gereserveerd, plafond(tijdvak).gereserveerd) == (1000, 2000)


def test_in_de_restronde_telt_alleen_het_hele_plafond(staf: Staf) -> None:
    """Utrecht has € 1,000; the second walk gives two more from what is left of € 4,000, and the pot is not charged."""
    tijdvak = met_potten(staf, {"Utrecht": 1000}, {"restronde": True}, ["Utrecht"] * 5)
    assert per_provincie(tijdvak, G) == {"Utrecht": 4}
    saldi = {p.code: (p.gereserveerd, p.resteert) for p in tijdvak.plafonds.all()}
    assert saldi == {"*": (4000, 0), "UT": (1000, 0)}
    zaken = op_rang(tijdvak)
    assert [zaak.potten for zaak in zaken] == [["UT"], [], [], [], ["UT"]]
    for zaak in zaken[:4]:
        verleen(zaak, staf)
    assert {p.code: p.verleend for p in tijdvak.plafonds.all()} == {"*": 4000, "UT": 1000}
    assert trek_in(zaken[1]) == [zaken[4].kenmerk]  # the one called after it pays from the ceiling alone, too
    assert vers(zaken[4]).potten == []
    saldi = {p.code: (p.gereserveerd, p.verleend, p.vrijgevallen) for p in tijdvak.plafonds.all()}
    assert saldi == {"*": (1000, 4000, 1000), "UT": (0, 1000, 0)}


def verschillend(staf: Staf, regel: str) -> tuple[Tijdvak, list[Aanvraag]]:
    """Ceiling € 1,300; one application of € 1,000 and three of € 200, drawn under this rule."""
    tijdvak = open_tijdvak(sleutel=f"regel{regel.lower()}", plafond=1300, tabellen=tabel("verdeling", regel=regel))
    for kosten in (2000, 400, 400, 400):
        maak_compleet(tijdvak, staf.behandelaar, kosten=Decimal(kosten))
    loting_tot(tijdvak, staf)
    return vers(tijdvak), op_rang(tijdvak)


@pytest.mark.parametrize("regel", ["STOP", "SKIP", "DEEL"])
def test_de_verdeelregel(staf: Staf, regel: str) -> None:
    """By hand from the order of the draw: STOP closes at the first that does not fit, SKIP goes on, DEEL gives the
    rest."""
    tijdvak, zaken = verschillend(staf, regel)
    over, dicht, verwacht = Decimal(1300), False, []
    for zaak in zaken:
        vraag = zaak.gevraagd_bedrag or Decimal(0)
        if dicht:
            verwacht.append(None)
        elif vraag <= over:
            verwacht.append(vraag)
            over -= vraag
        elif regel == "DEEL" and over:
            verwacht.append(over)
            over, dicht = Decimal(0), True
        else:
            verwacht.append(None)
            dicht = regel != "SKIP"
    assert [zaak.toegekend_bedrag for zaak in zaken] == verwacht
    assert plafond(tijdvak).resteert == over


def test_deel_geeft_minder_dan_gevraagd(staf: Staf) -> None:
    """Two of € 1,000 under € 1,500: the second gets € 500, and that is what is granted."""
    tijdvak, zaken = geloot(3, staf, plafond=1500, tabellen=tabel("verdeling", regel="DEEL"))
    assert [zaak.toegekend_bedrag for zaak in zaken] == [1000, 500, None]
    assert verleen(zaken[1], staf).toegekend_bedrag == 500
    assert plafond(tijdvak).verleend == 500


# --- Rankings without a draw of ours ----------------------------------------------------------------------------


def test_een_rangschikking_uit_een_bestand_heeft_geen_reservelijst(staf: Staf) -> None:
    tijdvak = open_tijdvak(plafond=1000)
    rangschikking = Rangschikking.objects.create(tijdvak=tijdvak, methode="loting", gemaakt_op=NA)
    with pytest.raises(OvergangFout, match="komt uit een bestand en heeft geen reservelijst"):
        mutatie_verwerken(
            rangschikking=rangschikking,
            soort=Mutatiesoort.INTREKKING,
            kenmerk="X",
            bedrag=Decimal(0),
            reden="x",
            actor=None,
            op=NA,
        )
    assert verhoog(tijdvak, 1000, staf) == []
    assert (plafond(tijdvak).bedrag, Mutatie.objects.count()) == (2000, 0)


def test_het_spoor_zegt_wie_wat_opriep(staf: Staf) -> None:
    tijdvak, zaken = geloot(2, staf, plafond=1000)
    trek_in(zaken[0])
    regel = LogRegel.objects.get(keten=f"rangschikking:{tijdvak.rangschikking.pk}", handeling="mutatie")
    assert (regel.reden, regel.gegevens) == (
        "Toch niet",
        {"nr": 1, "soort": "INTREKKING", "kenmerk": zaken[0].kenmerk, "bedrag": "0", "opgeroepen": 1},
    )


def test_de_gepubliceerde_stand_is_die_van_de_administratie(staf: Staf) -> None:
    """After a mixed run: what the evidence says per application is what the case says."""
    tijdvak, zaken = geloot(6, staf, plafond=2500)
    trek_in(zaken[0])
    verhoog(tijdvak, 1000, staf)
    trek_in(zaken[4])
    besluit_op(vers(zaken[5]), Besluitsoort.AFWIJZING, staf, grond=Afwijzingsgrond.ONJUIST)
    stand = json.loads(bewijspakket(tijdvak.rangschikking.loting)["na_mutaties.json"])[-1]
    woord = {
        Status.GESELECTEERD: 100_000,
        Status.RESERVE: "RESERVE",
        Status.BESLUIT_INGETROKKEN: "INGETROKKEN",
        Status.INGETROKKEN: "INGETROKKEN",
        Status.AFGEWEZEN: "UIT",
    }
    assert {zaak.kenmerk: woord[Status(zaak.status)] for zaak in op_rang(tijdvak)} == stand["status"]
    assert stand["ruimte"] == {"*": int(plafond(tijdvak).resteert * 100)}
