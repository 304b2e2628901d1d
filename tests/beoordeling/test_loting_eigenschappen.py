"""Properties of draw and division, and agreement with an independent second implementation and the shipped script."""

from __future__ import annotations

import contextlib
import io
import json
import runpy
import sys
from pathlib import Path
from random import Random
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from beoordeling.loting import bereken, maak_bewijspakket, reken
from beoordeling.loting.trekking import bepaal_volgorde, loten
from beoordeling.loting.verdeling import verdeel
from beoordeling.loting.vormen import Deelnemers, Uitkomst
from tests.beoordeling.loting_gevallen import maak_bestanden, tweede_van, willekeurige_loting

POTTEN = ["A", "B", "C"]
RUSTIG = settings(deadline=None)  # the machine that runs the tests may be busy


@st.composite
def lotingen(draw: st.DrawFn, **vast: Any) -> dict[str, bytes]:
    """Files of a draw; ``vast`` fixes fields of the protocol."""
    nummers = draw(st.lists(st.integers(0, 99_999), min_size=1, max_size=14, unique=True))
    potten = {pot: draw(st.integers(0, 900)) for pot in POTTEN}
    rijen = []
    for nummer in nummers:
        eigen = sorted(draw(st.sets(st.sampled_from(POTTEN))))
        groep = draw(st.sampled_from(["-", "-", "G1", "G2"]))
        rang = draw(st.sampled_from(["0", "1"]))
        rijen.append(f"KV26-{nummer:05d};{draw(st.integers(1, 400))};{'+'.join(eigen) or '-'};{groep};{rang}")
    velden = {
        "per_groep": draw(st.integers(1, 2)),
        "plafond_cent": draw(st.integers(0, 2000)),
        "potten": potten,
        "regel": draw(st.sampled_from(["STOP", "SKIP", "DEEL"])),
        "restronde": draw(st.booleans()),
        "richting": draw(st.sampled_from(["OP", "AF"])),
    }
    uit = [rij.split(";")[0] for rij in rijen if draw(st.integers(0, 5)) == 0]
    notaris = draw(st.text("0123456789", min_size=32, max_size=32))
    return maak_bestanden(rijen, notaris=notaris, uit=uit, **{**velden, **vast})


def uitkomsten(bestanden: dict[str, bytes]) -> dict[str, Uitkomst]:
    """Label -> outcome, in draw order."""
    uitslag = bereken(bestanden)
    return {uitslag.deelnemers.kenmerk[i]: uitslag.stand.uitkomst[i] for i in uitslag.trekking.volgorde}


@RUSTIG
@given(lotingen())
def test_de_som_blijft_binnen_het_plafond_en_elke_pot(bestanden: dict[str, bytes]) -> None:
    uitslag = bereken(bestanden)
    protocol, stand = uitslag.protocol, uitslag.stand
    toegekend = {i: u for i, u in enumerate(stand.uitkomst) if isinstance(u, int)}
    assert min(stand.ruimte["*"], *stand.ruimte.values()) >= 0
    assert stand.ruimte["*"] == protocol.plafond_cent - sum(toegekend.values())
    for pot, bedrag in protocol.potten.items():
        assert stand.ruimte[pot] == bedrag - sum(u for i, u in toegekend.items() if pot in stand.betaald_uit[i])
    assert stand.betaald_uit.keys() == toegekend.keys()
    for i, bedrag in toegekend.items():
        assert 0 < bedrag <= uitslag.deelnemers.bedrag[i]
        assert bedrag == uitslag.deelnemers.bedrag[i] or protocol.regel == "DEEL"


@RUSTIG
@given(lotingen(regel="STOP"))
def test_met_stop_wordt_niemand_met_dezelfde_potten_en_rang_ingehaald(bestanden: dict[str, bytes]) -> None:
    uitslag = bereken(bestanden)
    lijst = uitslag.deelnemers
    gepasseerd = set()
    for i in uitslag.trekking.volgorde:
        soort = (lijst.potten[i], lijst.rang[i])
        if isinstance(uitslag.stand.uitkomst[i], int):
            assert soort not in gepasseerd or i in herkansing(uitslag.stand.betaald_uit, lijst.potten)
        elif uitslag.stand.uitkomst[i] == "RESERVE":
            gepasseerd.add(soort)


def herkansing(betaald_uit: dict[int, tuple[str, ...]], potten: list[str]) -> set[int]:
    """Rows that were awarded in the rest round: paid from the ceiling only although they have pots."""
    return {i for i, uit in betaald_uit.items() if uit == ("*",) and potten[i] != "-"}


@RUSTIG
@given(lotingen(regel="STOP", restronde=False))
def test_zonder_restronde_betalen_alle_eigen_potten_mee(bestanden: dict[str, bytes]) -> None:
    uitslag = bereken(bestanden)
    assert herkansing(uitslag.stand.betaald_uit, uitslag.deelnemers.potten) == set()


@RUSTIG
@given(lotingen())
def test_per_groep_is_een_maximum(bestanden: dict[str, bytes]) -> None:
    uitslag = bereken(bestanden)
    for groep in set(uitslag.deelnemers.groep) - {"-"}:
        rijen = [i for i, g in enumerate(uitslag.deelnemers.groep) if g == groep]
        aantal = sum(isinstance(uitslag.stand.uitkomst[i], int) for i in rijen)
        assert aantal <= uitslag.protocol.per_groep
        if any(uitslag.stand.uitkomst[i] == "GROEP" for i in rijen):
            assert aantal == uitslag.protocol.per_groep


@RUSTIG
@given(lotingen(), st.data())
def test_weglaten_laat_de_onderlinge_volgorde_gelijk(bestanden: dict[str, bytes], data: st.DataObject) -> None:
    """Under one PRK (the list is part of H_P, so a new list would be a new seed) only the own label counts."""
    uitslag = bereken(bestanden)
    lijst, prk = uitslag.deelnemers, uitslag.trekking.prk
    eerst = [lijst.kenmerk[i] for i in uitslag.trekking.volgorde]
    weg = data.draw(st.sets(st.sampled_from(eerst)))
    over = [(k, r) for k, r in zip(lijst.kenmerk, lijst.rang, strict=True) if k not in weg]
    namen, rangen = [k for k, _ in over], [r for _, r in over]
    daarna = bepaal_volgorde(namen, loten(prk, namen), rangen, uitslag.protocol.richting)
    assert [namen[i] for i in daarna] == [k for k in eerst if k not in weg]


@RUSTIG
@given(lotingen(), st.randoms(use_true_random=False))
def test_de_volgorde_van_de_rijen_maakt_niet_uit(bestanden: dict[str, bytes], kans: Random) -> None:
    uitslag = bereken(bestanden)
    lijst = uitslag.deelnemers
    rijen = list(zip(lijst.kenmerk, lijst.bedrag, lijst.potten, lijst.groep, lijst.rang, strict=True))
    kans.shuffle(rijen)
    door = Deelnemers(*(list(kolom) for kolom in zip(*rijen, strict=True)))
    volgorde = bepaal_volgorde(
        door.kenmerk, loten(uitslag.trekking.prk, door.kenmerk), door.rang, uitslag.protocol.richting
    )
    stand = verdeel(door, volgorde, uitslag.protocol, uitslag.bronwaarden.uitgesloten)
    assert [door.kenmerk[i] for i in volgorde] == [lijst.kenmerk[i] for i in uitslag.trekking.volgorde]
    assert stand.ruimte == uitslag.stand.ruimte
    assert dict(zip(door.kenmerk, stand.uitkomst, strict=True)) == dict(
        zip(lijst.kenmerk, uitslag.stand.uitkomst, strict=True)
    )


@RUSTIG
@given(lotingen())
def test_de_tweede_implementatie_is_het_eens(bestanden: dict[str, bytes]) -> None:
    tweede = tweede_van(bestanden)
    assert list(uitkomsten(bestanden).items()) == list(tweede.status().items())
    assert json.loads(reken(bestanden)["ruimte.json"]) == tweede.over


@RUSTIG
@given(lotingen(regel="SKIP"))
def test_met_skip_verandert_een_intrekking_op_de_reserve_niemand_anders(bestanden: dict[str, bytes]) -> None:
    """It frees no money; at most somebody on the reserve turns out to have a full group by now."""
    eerst = uitkomsten(bestanden)
    reserve = [k for k, u in eerst.items() if u == "RESERVE"]
    if reserve:
        log = f"nr;soort;kenmerk;bedrag_cent\n1;INTREKKING;{reserve[0]};0\n".encode()
        na = bereken({**bestanden, "mutaties.csv": log}).na_mutaties
        assert na is not None
        verschil = {k for k, u in na[0].status.items() if u != eerst[k] and u != "GROEP"}
        assert verschil == {reserve[0]}


def narekenen(map_: Path) -> tuple[int, str]:
    """Run the shipped script in this process (a new process for each of 300 draws takes too long): code and output."""
    uitvoer, haak = io.StringIO(), sys.excepthook
    try:
        with contextlib.redirect_stdout(uitvoer), contextlib.redirect_stderr(uitvoer):
            runpy.run_path(str(map_ / "verifieer_loting.py"))
    except SystemExit as einde:
        uitvoer.write(einde.code if isinstance(einde.code, str) else "")
        return (1 if einde.code else 0), uitvoer.getvalue()
    finally:
        sys.excepthook = haak
    raise AssertionError("the script ends with an exit code")


@pytest.mark.parametrize("deel", range(6))
def test_driehonderd_lotingen_drie_keer_gelijk(deel: int, tmp_path: Path) -> None:
    met_mutaties = 0
    for zaad in range(deel * 50, deel * 50 + 50):
        bestanden, verwacht = willekeurige_loting(zaad)
        met_mutaties += "mutaties.csv" in bestanden
        assert {naam: data.decode() for naam, data in reken(bestanden).items()} == verwacht, zaad
        map_ = tmp_path / str(zaad)
        map_.mkdir()
        for naam, data in maak_bewijspakket(bestanden, akte="Verslag.", titel="Proef").items():
            (map_ / naam).write_bytes(data)
        assert narekenen(map_) == (0, "KLOPT\n"), zaad
    assert met_mutaties > 30
