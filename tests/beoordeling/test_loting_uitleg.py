"""The explanation of a place, beside the second implementation: every participant, every turn, every mutation."""

from __future__ import annotations

import dataclasses
from typing import Any

import pytest

from beoordeling.loting import LotingFout, bereken, schrijf_uitslag
from beoordeling.loting.uitleg import Beurt, Uitleg, leg_uit
from tests.beoordeling.loting_beurten import BeurtenLoting, beurten_van
from tests.beoordeling.loting_gevallen import maak_bestanden, willekeurige_loting


def in_gewone_taal(beurt: Beurt | None) -> dict[str, Any] | None:
    if beurt is None:
        return None
    return {
        "ruimte": dict(beurt.ruimte),
        "dicht": {pot: (s.kenmerk, s.over) for pot, s in beurt.dicht.items()},
        "groep": beurt.toegekend_in_groep,
        "uitkomst": beurt.uitkomst,
    }


def eis_gelijk(uitleg: Uitleg, verdeling: BeurtenLoting, na: list[dict[str, Any]]) -> None:
    """One explanation equals what the second implementation says about that label."""
    k = uitleg.kenmerk
    volgorde = [a.kenmerk for a in verdeling.aanvragen]
    eigen = verdeling.zoek(k)
    assert (uitleg.plaats, uitleg.aantal, uitleg.lot) == (volgorde.index(k) + 1, len(volgorde), eigen.lot)
    gelijken = [a.kenmerk for a in verdeling.aanvragen if a.rang == eigen.rang]
    assert (uitleg.gelijk, uitleg.plaats_in_gelijk) == (len(gelijken), gelijken.index(k) + 1)
    assert [in_gewone_taal(b) for b in uitleg.beurten] == verdeling.beurten.get(k, [])
    assert uitleg.eerste == eigen.status
    buren = [n for n in (uitleg.plaats - 1, uitleg.plaats + 1) if 1 <= n <= len(volgorde)]
    assert [(b.plaats, b.kenmerk) for b in uitleg.buren] == [(n, volgorde[n - 1]) for n in buren]
    standen = [eigen.status, *(stap["status"][k] for stap in na)]
    assert uitleg.uitkomst == standen[-1]
    anders = {nr for nr in range(1, len(standen)) if standen[nr] != standen[nr - 1]}
    gezien = {g.mutatie.nr: g for g in uitleg.gebeurtenissen}
    assert anders <= set(gezien)
    for nr, gebeurtenis in gezien.items():
        assert (gebeurtenis.van, gebeurtenis.naar) == (standen[nr - 1], standen[nr])
        assert gebeurtenis.ruimte_na == na[nr - 1]["ruimte"]
        beurt = na[nr - 1]["beurten"].get(k)
        if beurt:
            assert in_gewone_taal(gebeurtenis.beurt) == beurt[0]


@pytest.mark.parametrize("zaad", range(40))
def test_elke_uitleg_is_wat_een_ander_uitrekent(zaad: int) -> None:
    """Random draws with pots, groups, every rule, rest rounds and mutations; all participants."""
    bestanden, _ = willekeurige_loting(zaad)
    verdeling, na = beurten_van(bestanden)
    for aanvraag in verdeling.aanvragen:
        eis_gelijk(leg_uit(bestanden, aanvraag.kenmerk), verdeling, na)


def test_wie_een_pot_sloot_staat_erbij() -> None:
    """Three ask 600 of 1000: the second closes the ceiling, and the third never had a chance."""
    bestanden = maak_bestanden([f"KV-{n};600;-;-;0" for n in (1, 2, 3)])
    eerste, tweede, derde = [a.kenmerk for a in beurten_van(bestanden)[0].aanvragen]
    assert leg_uit(bestanden, eerste).beurten[0].ruimte == {"*": 1000}
    beurt = leg_uit(bestanden, tweede).beurten[0]
    assert (dict(beurt.ruimte), dict(beurt.dicht), beurt.kleinste, beurt.uitkomst) == ({"*": 400}, {}, 400, "RESERVE")
    sluiting = leg_uit(bestanden, derde).beurten[0].dicht["*"]
    assert dataclasses.astuple(sluiting) == (tweede, 2, 600, 400)


def test_een_beurt_na_een_intrekking() -> None:
    bestanden = maak_bestanden([f"KV-{n};600;-;-;0" for n in (1, 2, 3)])
    eerste, tweede, _derde = [a.kenmerk for a in beurten_van(bestanden)[0].aanvragen]
    bestanden["mutaties.csv"] = f"nr;soort;kenmerk;bedrag_cent\n1;INTREKKING;{eerste};0\n".encode()
    (gebeurtenis,) = leg_uit(bestanden, tweede).gebeurtenissen
    assert (gebeurtenis.eigen, gebeurtenis.van, gebeurtenis.naar) == (False, "RESERVE", 600)
    assert in_gewone_taal(gebeurtenis.beurt) == {"ruimte": {"*": 1000}, "dicht": {}, "groep": 0, "uitkomst": 600}
    (eigen,) = leg_uit(bestanden, eerste).gebeurtenissen
    assert (eigen.eigen, eigen.van, eigen.naar, eigen.beurt) == (True, 600, "INGETROKKEN", None)


def test_een_herstel_krijgt_de_beurt_van_de_eerste_verdeling() -> None:
    bestanden = maak_bestanden([f"KV-{n};600;-;-;0" for n in (1, 2, 3)])
    eerste = beurten_van(bestanden)[0].aanvragen[0].kenmerk
    bestanden = maak_bestanden([f"KV-{n};600;-;-;0" for n in (1, 2, 3)], uit=[eerste])
    bestanden["mutaties.csv"] = f"nr;soort;kenmerk;bedrag_cent\n1;HERSTEL;{eerste};0\n".encode()
    uitleg = leg_uit(bestanden, eerste)
    assert (uitleg.uitgesloten, uitleg.beurten, uitleg.eerste, uitleg.uitkomst) == (True, (), "UIT", 600)
    (herstel,) = uitleg.gebeurtenissen
    assert herstel.beurt is not None
    assert (dict(herstel.beurt.ruimte), herstel.ruimte_na) == ({"*": 1000}, {"*": -200})


def test_een_uitslag_die_niet_volgt_wordt_niet_uitgelegd() -> None:
    bestanden = maak_bestanden(["KV-1;600;-;-;0", "KV-2;600;-;-;0"])
    goed = {**bestanden, **schrijf_uitslag(bereken(bestanden))}
    assert leg_uit(goed, "KV-1").aantal == 2
    goed["uitkomst.csv"] = goed["uitkomst.csv"].replace(b"RESERVE", b"600")
    with pytest.raises(LotingFout, match="de uitslag volgt niet uit de bestanden"):
        leg_uit(goed, "KV-1")
    with pytest.raises(LotingFout, match="het kenmerk KV-9 staat niet op de lijst"):
        leg_uit(bestanden, "KV-9")
