"""Order of receipt: day by day gives exactly what one list of the whole round gives, whatever is asked. And: no log of
mutations passes a ceiling until an objection is upheld."""

from __future__ import annotations

from decimal import Decimal
from random import Random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from beoordeling.loting import bereken
from beoordeling.volgorde import Dagaanvraag, dag_beoordelen
from tests.beoordeling.loting_gevallen import maak_bestanden, willekeurige_loting

POTTEN = ["A", "B"]


@st.composite
def rondes(draw: st.DrawFn) -> tuple[list[tuple[int, Dagaanvraag]], dict[str, int], str]:
    """(Day, application) per application, room per pot, and the rule of division."""
    aantal = draw(st.integers(1, 16))
    aanvragen = [
        (
            draw(st.integers(1, 4)),
            Dagaanvraag(
                f"KV26-{nr:05d}",
                Decimal(draw(st.integers(1, 6)) * 100),
                tuple(sorted(draw(st.sets(st.sampled_from(POTTEN))))),
            ),
        )
        for nr in range(aantal)
    ]
    ruimte = {"*": draw(st.integers(0, 30)) * 100, **{pot: draw(st.integers(0, 15)) * 100 for pot in POTTEN}}
    return aanvragen, ruimte, draw(st.sampled_from(["STOP", "SKIP", "DEEL"]))


def loot(
    rijen: list[tuple[str, Dagaanvraag]], ruimte: dict[str, int], regel: str
) -> tuple[list[str], dict[str, int], set[str]]:
    """Labels in draw order, what each got, and the pots that closed; rows are (rank, application)."""
    regels = [f"{a.sleutel};{a.bedrag};{'+'.join(a.potten) or '-'};-;{rang}" for rang, a in rijen]
    uitslag = bereken(
        maak_bestanden(
            regels, plafond_cent=ruimte["*"], potten={p: ruimte[p] for p in POTTEN}, regel=regel, per_groep=1
        )
    )
    lijst, stand = uitslag.deelnemers.kenmerk, uitslag.stand
    kreeg = {lijst[i]: wat for i, wat in enumerate(stand.uitkomst) if isinstance(wat, int)}
    return [lijst[i] for i in uitslag.trekking.volgorde], kreeg, set(stand.dicht)


def per_dag(
    aanvragen: list[tuple[int, Dagaanvraag]], ruimte: dict[str, int], regel: str
) -> tuple[dict[str, int], dict[str, int]]:
    """What each gets when the days are handled one by one, and its place in the draw of its day."""
    over, dicht = dict(ruimte), set()
    kreeg: dict[str, int] = {}
    nummer: dict[str, int] = {}
    for dag in sorted({dag for dag, _ in aanvragen}):
        van_de_dag = [a for d, a in aanvragen if d == dag]
        beeld = dag_beoordelen(van_de_dag, ruimte={p: Decimal(n) for p, n in over.items()}, dicht=dicht)
        mee = [a for a in van_de_dag if a.sleutel in beeld.mee]
        nu = {a.sleutel: int(a.bedrag) for a in mee}
        if beeld.kritiek:
            volgorde, nu, extra = loot([("0", a) for a in mee], over, regel)
            dicht |= extra
            nummer |= {sleutel: nr for nr, sleutel in enumerate(volgorde, 1)}
            nummer |= dict.fromkeys(beeld.wacht, len(volgorde) + 1)
        for a in mee:
            for pot in a.alle_potten:
                over[pot] -= nu.get(a.sleutel, 0)
        kreeg |= nu
    return kreeg, nummer


@settings(deadline=None, max_examples=300)
@given(rondes())
def test_dag_voor_dag_is_wat_een_lijst_van_de_hele_ronde_geeft(
    ronde: tuple[list[tuple[int, Dagaanvraag]], dict[str, int], str],
) -> None:
    aanvragen, ruimte, regel = ronde
    kreeg, nummer = per_dag(aanvragen, ruimte, regel)
    heel = [(f"{dag:08d}{nummer.get(a.sleutel, 0):06d}", a) for dag, a in aanvragen]
    assert loot(heel, ruimte, regel)[1] == kreeg


@settings(deadline=None, max_examples=100)
@given(rondes(), st.randoms())
def test_wie_op_een_latere_dag_compleet_was_haalt_niemand_in(
    ronde: tuple[list[tuple[int, Dagaanvraag]], dict[str, int], str], kans: Random
) -> None:
    """STOP: of two that ask of the same pots the earlier day goes first. The order of the rows does not matter."""
    aanvragen, ruimte, _ = ronde
    kreeg, _ = per_dag(aanvragen, ruimte, "STOP")
    for dag, a in aanvragen:
        for later, b in aanvragen:
            if later > dag and a.potten == b.potten and b.sleutel in kreeg:
                assert a.sleutel in kreeg
    anders = list(aanvragen)
    kans.shuffle(anders)
    assert per_dag(anders, ruimte, "STOP")[0] == kreeg


@pytest.mark.parametrize("deel", range(3))
def test_geen_mutatie_gaat_door_een_plafond_tot_een_bezwaar_gegrond_is(deel: int) -> None:
    """300 random draws with their logs: what is awarded stays within the ceiling and every pot, also after each
    mutation, until a HERSTEL is awarded. Then room can be negative, by no more than what was restored."""
    gezien = 0
    for zaad in range(deel * 100, deel * 100 + 100):
        bestanden, _ = willekeurige_loting(zaad)
        uitslag = bereken(bestanden)
        assert min(uitslag.stand.ruimte.values()) >= 0, zaad
        hersteld, vorige = 0, dict(zip(uitslag.deelnemers.kenmerk, uitslag.stand.uitkomst, strict=True))
        for na in uitslag.na_mutaties or []:
            nu = na.status[na.mutatie.kenmerk] if na.mutatie.soort == "HERSTEL" else None
            if isinstance(nu, int) and not isinstance(vorige[na.mutatie.kenmerk], int):
                hersteld += nu
                gezien += 1
            assert min(na.ruimte.values()) >= -hersteld, (zaad, na.mutatie)
            vorige = dict(na.status)
    assert gezien > 3
