"""Expected numbers of a round, and two texts side by side."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest

from regeling.lezen import lees_regeling
from regeling.regelverschil import HOOGSTENS, betekenis, in_woorden, regelverschil
from regeling.schema import Regelingspec
from regeling.services.catalogus import CATALOGUS
from regeling.verwachting import Aanname, Verwachting, verwacht
from tests.regeling.voorbeeld import BASIS


def spec_van(sleutel: str, **vervang: str) -> Regelingspec:
    tekst = (CATALOGUS / f"{sleutel}.toml").read_text(encoding="utf-8")
    for oud, nieuw in vervang.items():
        tekst = tekst.replace(oud, nieuw)
    return lees_regeling(tekst.encode(), f"{sleutel}.toml")


def van(sleutel: str, aanname: Aanname, **vervang: str) -> Verwachting:
    spec = spec_van(sleutel, **vervang)
    return verwacht(spec, spec.tijdvakken[0], aanname)


def test_de_ronde_van_2011() -> None:
    """4,288 applicants of € 18,000 under € 25.2 m: 1,400 fit, as was published."""
    uit = van("esf-e-voucher-2011", Aanname(4288, Decimal(18_000)))
    assert (uit.geheel.past, uit.geheel.toegekend, uit.uitgeloot, uit.afgewezen) == (1400, 1400, 2888, 0)
    assert uit.geheel.kans is not None
    assert round(uit.geheel.kans, 4) == Decimal("0.3265")
    assert round(uit.overvraging, 2) == Decimal("3.06")


def test_vouchers_op_volgorde_zijn_in_twee_dagen_op() -> None:
    """2,000 vouchers, three times as many asked in two days."""
    uit = van("innovatievoucher-2010", Aanname(6000, Decimal(1), per_dag=Decimal(3000)))
    assert (uit.geheel.toegekend, uit.geheel.dagen) == (2000, 1)
    assert van("innovatievoucher-2010", Aanname(6000, Decimal(1), per_dag=Decimal(1500))).geheel.dagen == 2
    assert van("innovatievoucher-2010", Aanname(1500, Decimal(1), per_dag=Decimal(1500))).geheel.dagen is None


def test_deelplafonds_per_provincie() -> None:
    aanname = Aanname(100, Decimal(25_000), per_dag=Decimal(10), per_pot={"NB": 20, "ZE": 40, "LI": 40})
    uit = van("sia-zuid", aanname)
    assert [(pot.code, pot.geschikt, pot.past, pot.toegekend) for pot in uit.potten] == [
        ("NB", 20, 30, 20),
        ("ZE", 40, 10, 10),
        ("LI", 40, 20, 20),
    ]
    assert [pot.kans for pot in uit.potten] == [Decimal(1), Decimal("0.25"), Decimal("0.5")]
    assert [pot.dagen for pot in uit.potten] == [None, 3, 5]
    assert (uit.geheel.toegekend, uit.uitgeloot) == (50, 50)


def test_een_tweede_ronde_zonder_deelplafonds_verdeelt_de_rest() -> None:
    spec = spec_van("sia-zuid")
    spec = spec.model_copy(update={"verdeling": spec.verdeling.model_copy(update={"restronde": True})})
    aanname = Aanname(100, Decimal(25_000), per_pot={"NB": 20, "ZE": 40, "LI": 40})
    uit = verwacht(spec, spec.tijdvakken[0], aanname)
    assert uit.geheel.toegekend == 60
    assert [(pot.code, pot.toegekend) for pot in uit.potten] == [("NB", 20), ("ZE", 16), ("LI", 24)]


def test_wie_niet_voldoet_loot_niet_mee() -> None:
    uit = van("esf-e-voucher-2011", Aanname(2000, Decimal(18_000), geschikt=Decimal("0.8")))
    assert (uit.afgewezen, uit.geheel.geschikt, uit.geheel.toegekend) == (400, 1600, 1400)
    geen = van("esf-e-voucher-2011", Aanname(2000, Decimal(18_000), geschikt=Decimal(0)))
    assert (geen.geheel.toegekend, geen.geheel.kans, geen.reserve) == (0, None, 0)


@pytest.mark.parametrize(
    ("verdeling", "reserve"),
    [("", 90), ("reservelijst_maximum = 25", 25), ("reservelijst = false", 0)],
)
def test_de_reservelijst(verdeling: str, reserve: int) -> None:
    tekst = BASIS.replace("plafond = 2500000", "plafond = 249990").replace("[verdeling]", f"[verdeling]\n{verdeling}")
    spec = lees_regeling(tekst.encode(), "proef.toml")
    assert verwacht(spec, spec.tijdvakken[0], Aanname(100, Decimal(24_999))).reserve == reserve


@pytest.mark.parametrize(("regel", "toegekend"), [("STOP", 10), ("DEEL", 11)])
def test_de_laatste_krijgt_de_rest(regel: str, toegekend: int) -> None:
    tekst = BASIS.replace("plafond = 2500000", "plafond = 260000").replace('regel = "STOP"', f'regel = "{regel}"')
    spec = lees_regeling(tekst.encode(), "proef.toml")
    assert verwacht(spec, spec.tijdvakken[0], Aanname(100, Decimal(25_000))).geheel.toegekend == toegekend


def tekens(oud: list[str], nieuw: list[str]) -> list[list[tuple[str, int | None, int | None, str]]] | None:
    uit = regelverschil("\n".join(oud), "\n".join(nieuw))
    return None if uit is None else [[(r.teken, r.oud, r.nieuw, r.tekst) for r in groep] for groep in uit]


def test_regels_met_hun_nummer_en_drie_regels_eromheen() -> None:
    oud = [f"r{nr}" for nr in range(1, 21)]
    nieuw = [*oud[:9], "anders", "erbij", *oud[10:]]
    assert tekens(oud, nieuw) == [
        [
            (" ", 7, 7, "r7"),
            (" ", 8, 8, "r8"),
            (" ", 9, 9, "r9"),
            ("-", 10, None, "r10"),
            ("+", None, 10, "anders"),
            ("+", None, 11, "erbij"),
            (" ", 11, 12, "r11"),
            (" ", 12, 13, "r12"),
            (" ", 13, 14, "r13"),
        ]
    ]
    assert tekens(oud, oud) == []
    assert tekens([], ["a"]) == [[("+", None, 1, "a")]]
    assert tekens(["a", "a"], ["a"]) == [[(" ", 1, 1, "a"), ("-", 2, None, "a")]]


def test_te_veel_om_te_vergelijken() -> None:
    assert tekens(["a"] * (HOOGSTENS + 1), ["b"] * (HOOGSTENS + 1)) is None
    lang = ["a"] * (3 * HOOGSTENS)
    assert tekens(lang, [*lang, "b"]) is not None


@pytest.mark.parametrize(
    ("waarde", "tekst"),
    [
        (None, ""),
        (True, "ja"),
        (False, "nee"),
        ([], "leeg"),
        (["Zeeland", "Utrecht"], "Zeeland, Utrecht"),
        ({"code": "nb", "waarden": ["Zeeland"], "leeg": []}, "code: nb; waarden: Zeeland"),
    ],
)
def test_een_waarde_in_woorden(waarde: Any, tekst: str) -> None:
    assert in_woorden(waarde) == tekst


def test_de_betekenis_van_een_sleutel() -> None:
    assert betekenis("tijdvakken[x].subplafonds[NB].bedrag") == "het deelplafond, in dezelfde eenheid als het plafond"
    assert betekenis("tijdvakken[x.y].naam") == "de naam van het tijdvak zoals de aanvrager die ziet"
    assert betekenis("bestaat.niet") == ""
