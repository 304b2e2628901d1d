"""The explanation of every application of a round, recomputed from the evidence package by somebody else.

A lottery with pots and mutations, order of receipt with a critical day, a ranking with ties and mutations.
"""

from __future__ import annotations

import hashlib
import hmac
import json
from collections.abc import Sequence
from datetime import timedelta
from decimal import Decimal

import pytest

from aanvragen.models import Aanvraag
from beoordeling.kalibratie.kalibreren import kalibreer
from beoordeling.kalibratie.ontwerp import Score
from beoordeling.models import Loting, Plaats
from beoordeling.services.bewijs import bewijspakket
from beoordeling.services.loting import loting_trekken
from beoordeling.services.plaatsuitleg import Plaatsuitleg, heeft_uitleg, plaatsuitleg_van
from beoordeling.services.rangschikking import loting_vaststellen, plafond_verhogen
from regeling.models import Tijdvak
from tests.beoordeling.loting_beurten import beurten_van
from tests.beoordeling.test_eindscore import een_milde_beoordelaar, gescoord, score, zone_ronde
from tests.beoordeling.test_eindscore import ronde as scoreronde
from tests.beoordeling.test_loting_uitleg import eis_gelijk
from tests.beoordeling.test_volgorde import loot, op_dag, verwerk
from tests.beoordeling.test_volgorde import ronde as volgorderonde
from tests.factories.ronde import (
    BESLUIT,
    NA,
    TIJDENS,
    TREKKING,
    Staf,
    bronnen_ingevoerd,
    loting_tot,
    maak_compleet,
    maak_ingediend,
    open_tijdvak,
    vers,
)
from uitvoering.services.intrekking import zaak_intrekken

pytestmark = pytest.mark.django_db
DAG = timedelta(days=1)


def uitleg_van(aanvraag: Aanvraag) -> Plaatsuitleg:
    gevonden = plaatsuitleg_van(vers(aanvraag))
    assert gevonden is not None
    assert heeft_uitleg(vers(aanvraag))
    return gevonden


def eis_pakket_zegt_hetzelfde(loting: Loting, uitleggen: Sequence[Plaatsuitleg]) -> None:
    """Every explanation against the naive second implementation on the files of the package, and the lot by hand."""
    pakket = bewijspakket(loting)
    verdeling, na = beurten_van(pakket)
    assert sorted(u.aanvraag.kenmerk for u in uitleggen) == sorted(a.kenmerk for a in verdeling.aanvragen)
    ikm = "".join(f"notaris={json.loads(pakket['bronwaarden.json'])['notaris']}\n").encode()
    prk = hmac.new(hashlib.sha256(pakket["protocol.json"]).digest(), ikm, hashlib.sha256).digest()
    for uitleg in uitleggen:
        assert uitleg.uitleg is not None
        eis_gelijk(uitleg.uitleg, verdeling, na)
        lot = hmac.new(prk, uitleg.aanvraag.kenmerk.encode() + b"\x01", hashlib.sha256).hexdigest()
        assert (uitleg.uitleg.lot, uitleg.uitleg.uitslag.trekking.prk) == (lot, prk)
        plaats = Plaats.objects.get(aanvraag=uitleg.aanvraag)
        laatste = na[-1]["status"] if na else verdeling.status()
        cent = laatste[uitleg.aanvraag.kenmerk]
        assert (plaats.rang, plaats.bedrag) == (
            uitleg.uitleg.plaats,
            Decimal(cent) / 100 if isinstance(cent, int) else None,
        )


def test_loting_met_een_intrekking_en_een_hoger_plafond(staf: Staf) -> None:
    """Six ask € 1,000 under € 2,500; the first withdraws, then € 1,000 comes in: three more turns to explain."""
    tijdvak = open_tijdvak(plafond=2500)
    zaken = [maak_compleet(tijdvak, staf.behandelaar) for _ in range(6)]
    loting = loting_tot(tijdvak, staf, "publiceren")
    zaak_intrekken(aanvraag=vers(zaken[5]), reden="x", actor=None, op=NA)
    loting = _verder(loting, staf)
    eerste = Plaats.objects.get(rangschikking__tijdvak=tijdvak, rang=1).aanvraag
    if eerste.pk == zaken[5].pk:
        eerste = Plaats.objects.get(rangschikking__tijdvak=tijdvak, rang=2).aanvraag
    zaak_intrekken(aanvraag=vers(eerste), reden="Gestopt", actor=None, op=BESLUIT)
    plafond_verhogen(tijdvak=vers(tijdvak), bedrag=Decimal(1000), reden="Meer geld", actor=None, op=BESLUIT)
    uitleggen = [uitleg_van(zaak) for zaak in zaken]
    eis_pakket_zegt_hetzelfde(loting, uitleggen)
    assert sum(u.uitleg.uitgesloten for u in uitleggen if u.uitleg) == 1
    assert {g.mutatie.soort for u in uitleggen if u.uitleg for g in u.uitleg.gebeurtenissen} == {
        "INTREKKING",
        "VERHOGING",
    }
    assert [m.nr for m in uitleggen[0].mutaties] == [1, 2]


def _verder(loting: Loting, staf: Staf) -> Loting:
    """From published to settled."""
    loting = bronnen_ingevoerd(loting, staf.notaris, op=TREKKING)
    loting = loting_trekken(loting=loting, actor=staf.notaris, op=TREKKING)
    return loting_vaststellen(loting=loting, actor=staf.beslisser, op=TREKKING)


def test_volgorde_van_binnenkomst_met_een_dag_waarop_werd_geloot(staf: Staf) -> None:
    """€ 3,500: two on day 0 fit, three on day 1 are drawn for one place, one on day 2 waits; later one gives back."""
    tijdvak = volgorderonde(3500)
    eerste, tweede = op_dag(tijdvak, staf, 0, 2), op_dag(tijdvak, staf, 1, 3)
    verwerk(tijdvak, 2)
    assert plaatsuitleg_van(vers(tweede[0])) is None  # nothing settled about its place yet
    dagloting = loot(tijdvak, staf, TIJDENS + 2 * DAG)
    derde = op_dag(tijdvak, staf, 4, 1)
    alleen_de_dag = uitleg_van(eerste[0])
    assert (alleen_de_dag.uitleg, alleen_de_dag.dag is not None) == (None, True)
    loting = loot(tijdvak, staf, NA + DAG)
    zaak_intrekken(aanvraag=vers(eerste[0]), reden="Gestopt", actor=None, op=BESLUIT)
    zaken = [*eerste, *tweede, *derde]
    uitleggen = [uitleg_van(zaak) for zaak in zaken]
    eis_pakket_zegt_hetzelfde(loting, uitleggen)
    verdeling, _ = beurten_van(bewijspakket(dagloting))
    dag0 = TIJDENS.date()
    for nr, uitleg in enumerate(uitleggen):
        dag = uitleg.dag
        assert dag is not None
        if nr < 2:
            assert (dag.dag, dag.kritiek, dag.nummer, dag.uitleg) == (dag0, False, 0, None)
            assert (dag.ruimte, dag.gevraagd) == ({"*": 3500}, {"*": 2000})
        elif nr < 5:
            assert (dag.dag, dag.kritiek, dag.ruimte, dag.gevraagd) == (dag0 + DAG, True, {"*": 1500}, {"*": 3000})
            assert dag.uitleg is not None
            eis_gelijk(dag.uitleg, verdeling, [])
            assert dag.nummer == dag.uitleg.plaats
        else:
            assert (dag.dag, dag.eerder_dicht) == (dag0 + 4 * DAG, ("*",))


def test_rangschikking_met_gelijke_scores_en_mutaties(staf: Staf) -> None:
    """Room for two of five that reached the thresholds; three tie; the best withdraws, and the ceiling goes up."""
    tijdvak = scoreronde(2000)
    scores = [score("90", beoordelingen=["85", "95"]), *[score("60")] * 3, score("51"), score("49.99")]
    zaken = gescoord(tijdvak, staf, *scores, score("95", aanpak="1.5"))
    loting = loting_tot(tijdvak, staf)
    zaak_intrekken(aanvraag=vers(zaken[0]), reden="Gestopt", actor=None, op=BESLUIT)
    plafond_verhogen(tijdvak=vers(tijdvak), bedrag=Decimal(1000), reden="Meer geld", actor=None, op=BESLUIT)
    uitleggen = [uitleg_van(zaak) for zaak in zaken]
    eis_pakket_zegt_hetzelfde(loting, uitleggen[:5])
    assert [u.uitleg.gelijk for u in uitleggen[:5] if u.uitleg] == [1, 3, 3, 3, 1]
    for uitleg, eigen in zip(uitleggen, [*scores, score("95", aanpak="1.5")], strict=True):
        assert uitleg.score is not None
        assert [(r.score, r.bijdrage) for r in uitleg.score.regels] == [
            (eigen.criteria["aanpak"], 60 * (eigen.criteria["aanpak"] - 1) / 4),
            (eigen.criteria["resultaat"], 40 * (eigen.criteria["resultaat"] - 1) / 4),
        ]
        assert (uitleg.score.totaal, uitleg.score.drempel) == (eigen.totaal, 50)
    assert [u.score.niet_gehaald for u in uitleggen if u.score] == [*[()] * 5, ("totaal",), ("Aanpak",)]
    assert [u.uitleg for u in uitleggen[5:]] == [None, None]
    assert uitleggen[0].score is not None
    assert uitleggen[0].score.totalen == (95, 85)


def test_grijze_zone_zegt_grens_en_kans(staf: Staf) -> None:
    """Room for two of four: the line is 70. Chances by hand from the spread of ten points in every pair."""
    tijdvak = scoreronde(2000, methode="loting-in-grijze-zone")
    zaken = gescoord(
        tijdvak,
        staf,
        score("95", beoordelingen=["90", "100"]),
        score("70", beoordelingen=["65", "75"]),
        score("69", beoordelingen=["64", "74"]),
        score("51", beoordelingen=["46", "56"]),
    )
    loting_tot(tijdvak, staf)
    zones = [uitleg_van(zaak).zone for zaak in zaken]
    assert [zone.zone for zone in zones if zone] == ["TOEWIJZEN", "GRIJS", "GRIJS", "AFWIJZEN"]
    assert {(zone.grens.k, zone.grens.n, zone.grens.lijn) for zone in zones if zone and zone.grens} == {(2, 4, 70)}
    # Pooled variance 50, two assessors: sd = 5. Phi(0) = 0.5; Phi(-1/5) = 0.4207.
    assert [round(zone.kans, 4) for zone in zones[1:3] if zone and zone.kans] == [0.5, 0.4207]


def test_een_gekalibreerde_zone_zegt_de_kans_waarmee_is_ingedeeld(staf: Staf, monkeypatch: pytest.MonkeyPatch) -> None:
    """The chance of the explanation is that of `kalibreer` with the ceiling of the protocol, also after the money has
    gone, and it is computed once."""
    tijdvak = zone_ronde(6000, scorebasis="gekalibreerd")
    scores = een_milde_beoordelaar()
    zaken = gescoord(tijdvak, staf, *scores)
    rijen = [Score(str(nr), "", wie, float(t)) for nr, s in enumerate(scores) for wie, t in s.beoordelingen.items()]
    uit = kalibreer(rijen, k=6)
    kansen = {int(sleutel): float(p) for sleutel, p in zip(uit.ontwerp.aanvragen, uit.p, strict=True)}
    loting_tot(tijdvak, staf)
    uitleggen = [uitleg_van(zaak).zone for zaak in zaken]
    for nr, zone in enumerate(uitleggen):
        assert zone is not None
        assert zone.grens is not None
        assert zone.gekalibreerd
        assert zone.kans == pytest.approx(kansen[nr], abs=1e-12)
        assert zone.grens.k == 6
        assert (zone.kans > 0.75, zone.kans < 0.25) == (zone.zone == "TOEWIJZEN", zone.zone == "AFWIJZEN")
    assert {zone.zone for zone in uitleggen if zone} == {"TOEWIJZEN", "GRIJS", "AFWIJZEN"}
    monkeypatch.setattr("beoordeling.services.plaatsuitleg.grens_van", lambda *_, **__: pytest.fail("nog een keer"))
    assert uitleg_van(zaken[0]).zone == uitleggen[0]


def test_wie_nergens_aan_meedeed_heeft_geen_uitleg(staf: Staf) -> None:
    tijdvak: Tijdvak = open_tijdvak(plafond=2500)
    maak_compleet(tijdvak, staf.behandelaar)
    weg = maak_ingediend(tijdvak)
    zaak_intrekken(aanvraag=weg, reden="x", actor=None, op=TIJDENS)
    loting_tot(tijdvak, staf)
    assert plaatsuitleg_van(vers(weg)) is None
    assert not heeft_uitleg(vers(weg))
