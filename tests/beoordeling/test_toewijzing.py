"""Assignment against the contract vector, every answer of tiny questions, the exact model, and its rules."""

from __future__ import annotations

import hmac
import json
from dataclasses import replace
from itertools import combinations, product
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from beoordeling.toewijzing.exact import los_exact_op, relaxatie
from beoordeling.toewijzing.kosten import BASIS, DESKUNDIG, OVERIG, bepaal_kosten, ruis
from beoordeling.toewijzing.prijzen import beste_sets, ondergrens, zoek_prijzen
from beoordeling.toewijzing.stroom import los_snel_op
from beoordeling.toewijzing.toewijzen import BESTAAND, gewijzigd, wijs_toe
from beoordeling.toewijzing.vormen import GEEN_DESKUNDIGE, LAST, TEKORT, Opgave, Toewijzing, maak_opgave, stil
from kern.fouten import InvoerFout

VECTOR = json.loads((Path(__file__).parent.parent / "gegevens/loting/vectors.json").read_text())["toewijzing_klein"]
RUSTIG = settings(deadline=None)


def vector() -> Opgave:
    return maak_opgave(
        VECTOR["kosten"],
        VECTOR["toegestaan"],
        VECTOR["organisatie"],
        k=VECTOR["k"],
        last_min=VECTOR["last_min"],
        last_max=VECTOR["last_max"],
    )


def vraag(
    zaad: int,
    n: int,
    m: int,
    *,
    k: int = 2,
    themas: int = 4,
    ruimte: int = 0,
    krap: float = 0.03,
    kenners: bool = True,
) -> Opgave:
    """A realistic question: everyone is an expert in one theme and knows two more; some share an employer."""
    kans = np.random.default_rng(zaad)
    thema = kans.choice(themas, n, p=(p := np.arange(1, themas + 1)) / p.sum())
    niveau = np.full((themas, m), OVERIG)
    for j in range(m):
        niveau[kans.choice(themas, 2, replace=False), j] = BASIS
        niveau[int(kans.integers(themas)), j] = DESKUNDIG
    kosten = bepaal_kosten(
        niveau[thema], [f"KV26-{i:05d}" for i in range(n)], [f"B{j}" for j in range(m)], zaad=bytes([zaad])
    )
    return maak_opgave(
        kosten,
        kans.random((n, m)) >= krap,
        kans.integers(0, max(2, 2 * m // 3), m),
        k=k,
        last_min=max(0, n * k // m - ruimte),
        last_max=-(-n * k // m) + ruimte,
        deskundig=niveau[thema] == DESKUNDIG if kenners else None,
    )


def doel_van(o: Opgave, paren: tuple[tuple[int, ...], ...]) -> int:
    """The objective from its definition, for any answer that keeps the hard rules."""
    last = np.bincount([j for wie in paren for j in wie], minlength=o.beoordelaars)
    som = LAST * int(np.maximum(last - o.last_max, 0).sum() + np.maximum(o.last_min - last, 0).sum())
    for i, wie in enumerate(paren):
        som += sum(int(o.kosten[i, j]) for j in wie) + TEKORT * (o.k - len(wie))
        som += GEEN_DESKUNDIGE * (o.deskundig is not None and not any(o.deskundig[i, j] for j in wie))
    return som


def alle_antwoorden(o: Opgave) -> list[int]:
    """The objective of every answer, ascending."""
    per_aanvraag = [
        [
            wie
            for aantal in range(o.k + 1)
            for wie in combinations(range(o.beoordelaars), aantal)
            if o.toegestaan[i, list(wie)].all() and len({int(o.organisatie[j]) for j in wie}) == aantal
        ]
        for i in range(o.aanvragen)
    ]
    return sorted(doel_van(o, paren) for paren in product(*per_aanvraag))


@pytest.mark.parametrize("manier", [wijs_toe, los_exact_op, lambda o: los_snel_op(o, stil)])
def test_vector_van_het_contract(manier) -> None:  # type: ignore[no-untyped-def]  # three functions of one kind
    uit = manier(vector())
    assert uit.doel == VECTOR["verwacht"]["doel"]
    assert uit.paren == VECTOR["verwacht"]["paren"]
    assert (uit.tekort, uit.zonder_deskundige, uit.te_vol, uit.te_leeg) == ({}, [], {}, {})
    assert uit.last.tolist() == [2, 3, 3, 4]


def test_vector_tegen_alle_antwoorden() -> None:
    assert alle_antwoorden(vector())[:2] == [VECTOR["verwacht"]["doel"], VECTOR["verwacht"]["op_een_na_beste"]]


@st.composite
def kleine_vragen(draw: st.DrawFn) -> Opgave:
    n, m = draw(st.integers(1, 4)), draw(st.integers(1, 3))
    tabel = lambda waarde: [[draw(waarde) for _ in range(m)] for _ in range(n)]  # noqa: E731  # a shape, used thrice
    onder = draw(st.integers(0, 3))
    # At most some thousands of answers, or counting them all takes the time.
    return maak_opgave(
        tabel(st.integers(0, 60)),
        tabel(st.sampled_from([True, True, True, False])),
        [draw(st.integers(0, 2)) for _ in range(m)],
        k=draw(st.integers(1, 3)),
        last_min=onder,
        last_max=onder + draw(st.integers(0, 2)),
        deskundig=draw(st.none()) if draw(st.booleans()) else tabel(st.booleans()),
    )


@settings(deadline=None, max_examples=120)
@given(kleine_vragen())
def test_exact_is_het_beste_van_alle_antwoorden(o: Opgave) -> None:
    beste = alle_antwoorden(o)[0]
    exact = los_exact_op(o)
    assert exact.doel == beste
    assert exact.ondergrens <= beste + 1e-6
    assert relaxatie(o) <= beste + 1e-6
    snel = los_snel_op(o, stil)
    assert snel.ondergrens - 1e-6 <= beste <= snel.doel
    if o.deskundig is None:  # a flow then, for which no improving cycle means the optimum
        assert snel.doel == beste


def controleer(o: Opgave, uit: Toewijzing) -> None:
    """The hard rules, and that the lists of work and the objective say what is in the pairs."""
    for i, wie in enumerate(uit.paren):
        assert len(set(wie)) == len(wie) == o.k - uit.tekort.get(i, 0)
        assert o.toegestaan[i, wie].all()
        assert len({int(o.organisatie[j]) for j in wie}) == len(wie)
        if o.deskundig is not None:
            assert bool(o.deskundig[i, wie].any()) is (i not in uit.zonder_deskundige)
    last = np.bincount([j for wie in uit.paren for j in wie], minlength=o.beoordelaars)
    assert (uit.last == last).all()
    assert uit.te_vol == {j: int(last[j] - o.last_max[j]) for j in range(len(last)) if last[j] > o.last_max[j]}
    assert uit.te_leeg == {j: int(o.last_min[j] - last[j]) for j in range(len(last)) if last[j] < o.last_min[j]}
    assert uit.doel == doel_van(o, tuple(map(tuple, uit.paren)))
    assert uit.ondergrens <= uit.doel


@RUSTIG
@given(st.integers(0, 255), st.integers(5, 60), st.integers(3, 14), st.integers(1, 3), st.integers(0, 3))
def test_de_regels_gelden_altijd(zaad: int, n: int, m: int, k: int, ruimte: int) -> None:
    o = vraag(zaad, n, m, k=k, ruimte=ruimte, krap=0.2)
    controleer(o, wijs_toe(o))
    controleer(o, los_snel_op(o, stil))


@pytest.mark.parametrize(("zaad", "ruimte"), [(1, 0), (2, 5), (3, 0), (4, 30)])
def test_snel_blijft_binnen_twee_procent_van_exact(zaad: int, ruimte: int) -> None:
    o = vraag(zaad, 250, 20, ruimte=ruimte)
    exact, snel = los_exact_op(o), los_snel_op(o, stil)
    controleer(o, snel)
    assert exact.doel <= snel.doel <= 1.02 * exact.doel
    assert snel.ondergrens <= exact.doel
    assert snel.afstand <= 0.02


def test_de_grens_geldt_bij_alle_prijzen() -> None:
    o = vraag(5, 60, 10)
    exact = los_exact_op(o).doel
    kans = np.random.default_rng(1)
    for u in (np.zeros(10), zoek_prijzen(o, stil), kans.normal(0, 2000, 10), kans.uniform(-LAST, LAST, 10)):
        assert ondergrens(o, u, beste_sets(o, u)[1]) <= exact


def test_tekort_en_gebrek_aan_kennis_komen_terug_als_werk() -> None:
    o = maak_opgave(
        [[5, 5, 5], [5, 5, 5], [5, 5, 5]],
        [[1, 1, 1], [0, 0, 1], [0, 0, 0]],
        [0, 0, 1],
        k=2,
        last_min=0,
        last_max=1,
        deskundig=[[1, 1, 0], [1, 1, 0], [1, 1, 1]],
    )
    for uit in (wijs_toe(o), los_snel_op(o, stil)):
        assert uit.tekort == {1: 1, 2: 2}
        assert uit.zonder_deskundige == [1, 2]
        assert uit.te_vol == {2: 1}
        assert uit.paren[1:] == [[2], []]
        assert uit.paren[0] in ([0, 2], [1, 2])
        assert uit.doel == 15 + 3 * TEKORT + 2 * GEEN_DESKUNDIGE + LAST


def test_opnieuw_na_een_belang_verandert_zo_min_mogelijk() -> None:
    o = vraag(7, 300, 20, ruimte=1, kenners=False)
    eerst = wijs_toe(o)
    assert (eerst.tekort, eerst.te_vol, eerst.te_leeg) == ({}, {}, {})
    i, wie = next((i, j) for i, paar in enumerate(eerst.paren) for j in paar if eerst.last[j] > o.last_min[j])
    mag = o.toegestaan.copy()
    mag[i, wie] = False
    later = replace(o, toegestaan=mag)
    opnieuw = wijs_toe(later, bestaand=eerst.paren)
    [(aanvraag, weg, bij)] = gewijzigd(eerst.paren, opnieuw.paren)
    assert (aanvraag, weg, len(bij)) == (i, [wie], 1)
    assert (opnieuw.tekort, opnieuw.te_vol, opnieuw.te_leeg) == ({}, {}, {})


def test_een_beoordelaar_valt_uit() -> None:
    """Exactly the work of the one who left moves (the minimum), and nobody has more than allowed."""
    o = vraag(8, 600, 20, kenners=False)
    eerst = wijs_toe(o)
    weg = 3
    mag = o.toegestaan.copy()
    mag[:, weg] = False
    onder = np.where(np.arange(20) == weg, 0, o.last_min)
    later = replace(o, toegestaan=mag, last_min=onder, last_max=o.last_max + 5)
    opnieuw = wijs_toe(later, bestaand=eerst.paren)
    assert (opnieuw.tekort, opnieuw.te_vol, opnieuw.te_leeg) == ({}, {}, {})
    vertrokken = [j for _, uit, _ in gewijzigd(eerst.paren, opnieuw.paren) for j in uit]
    assert vertrokken == [weg] * int(eerst.last[weg])


def test_opnieuw_met_gelijke_vraag_verandert_niets() -> None:
    o = vraag(9, 200, 15)
    eerst = wijs_toe(o)
    nog_eens = wijs_toe(o, bestaand=eerst.paren)
    assert nog_eens.paren == eerst.paren
    assert nog_eens.doel == eerst.doel + BESTAAND * sum(map(len, eerst.paren))
    assert gewijzigd(eerst.paren, nog_eens.paren) == []


def test_voortgang_loopt_op() -> None:
    stappen: list[tuple[str, float]] = []
    wijs_toe(vraag(1, 400, 20), voortgang=lambda stap, deel: stappen.append((stap, deel)))
    assert {stap for stap, _ in stappen} == {"prijzen bepalen", "belasting verdelen", "controleren"}
    assert all(0 <= deel <= 1 for _, deel in stappen)
    assert stappen[-1] == ("controleren", 1.0)


def test_ruis_is_hmac_en_niet_te_voorspellen() -> None:
    kenmerken, namen = [f"KV26-{i:05d}" for i in range(40)], [f"B{j}" for j in range(30)]
    for zaad in (b"geheim", b"s" * 100):
        for i, j in ((0, 0), (3, 7), (39, 29)):
            som = hmac.digest(zaad, f"{kenmerken[i]}|{namen[j]}".encode(), "sha256")
            assert ruis(zaad, kenmerken, namen)[i, j] == int.from_bytes(som[:8], "big") % 50
    tabel = ruis(b"geheim", kenmerken, namen)
    assert (tabel.min(), tabel.max()) == (0, 49)
    assert abs(float(tabel.mean()) - 24.5) < 1.5
    assert (tabel != ruis(b"anders", kenmerken, namen)).mean() > 0.9


def test_kosten_per_niveau() -> None:
    niveau = np.array([[DESKUNDIG, BASIS, OVERIG]])
    kosten = bepaal_kosten(niveau, ["A-1"], ["x", "y", "z"], zaad=b"z")
    assert (kosten - ruis(b"z", ["A-1"], ["x", "y", "z"])).tolist() == [[0, 1000, 3000]]
    with pytest.raises(InvoerFout):
        bepaal_kosten(np.array([[0, 3]]), ["A"], ["x", "y"], zaad=b"z")


@pytest.mark.parametrize(
    ("anders", "melding"),
    [
        ({"kosten": []}, "niets toe te wijzen"),
        ({"kosten": [[0.5] * 4] * 6}, "geen gehele getallen"),
        ({"kosten": [[10**9] * 4] * 6}, "onder 100 miljoen"),
        ({"toegestaan": [[1]]}, "niet even groot"),
        ({"organisatie": [0]}, "niet even groot"),
        ({"deskundig": [[True]]}, "niet even groot"),
        ({"k": 0}, "0 beoordelaars per aanvraag"),
        ({"last_min": 5}, "ondergrens"),
        ({"last_min": -1}, "ondergrens"),
    ],
)
def test_een_verkeerde_vraag(anders: dict, melding: str) -> None:
    velden = {naam: VECTOR[naam] for naam in ("kosten", "toegestaan", "organisatie", "k", "last_min", "last_max")}
    with pytest.raises(InvoerFout, match=melding):
        maak_opgave(**{**velden, **anders})


def test_een_bestaande_toewijzing_van_iets_anders() -> None:
    with pytest.raises(InvoerFout, match="hoort bij andere aanvragen"):
        wijs_toe(vector(), bestaand=[[0]])
    with pytest.raises(InvoerFout, match="Beoordelaar 9 bestaat niet"):
        wijs_toe(vector(), bestaand=[[9]] * 6)


def test_meer_gevraagd_dan_er_beoordelaars_zijn() -> None:
    o = maak_opgave([[1, 2]], [[1, 1]], [0, 1], k=3, last_min=0, last_max=9)
    for uit in (wijs_toe(o), los_snel_op(o, stil)):
        assert (uit.paren, uit.tekort, uit.doel) == ([[0, 1]], {0: 1}, 3 + TEKORT)
