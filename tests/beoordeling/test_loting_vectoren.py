"""The contract vectors, byte for byte, and the public numbers of drand, RFC 5869 and the seed."""

from __future__ import annotations

import json
import sys
from datetime import UTC, datetime

import pytest

from beoordeling.loting import bereken, drand_ronde, drand_tijd, drand_waarde, reken, schrijf_protocol
from beoordeling.loting.bronnen import (
    GENESIS,
    KETEN,
    PERIODE,
    PUBLIEKE_SLEUTEL,
    bls_beschikbaar,
    cijfers_uit_invoer,
    controleer_bls,
    controleer_drand,
)
from beoordeling.loting.trekking import bepaal_volgorde, expand, extract, loten
from kern.fouten import InvoerFout
from tests.beoordeling.loting_gevallen import QUICKNET, VECTOREN, bestanden_van


@pytest.mark.parametrize("naam", VECTOREN["loting"])
def test_vector_byte_voor_byte(naam: str) -> None:
    vector = VECTOREN["loting"][naam]
    verwacht = vector["verwacht"]
    uitvoer = reken(bestanden_van(vector))
    regels = ["plaats;kenmerk;lot;uitkomst", *(";".join(map(str, rij)) for rij in verwacht["uitkomst"]), ""]
    assert uitvoer.pop("uitkomst.csv").decode() == "\n".join(regels)
    assert uitvoer.pop("ruimte.json").decode() == json.dumps(verwacht["ruimte"])
    if "mutaties_csv" in vector:
        assert uitvoer.pop("na_mutaties.json").decode() == json.dumps(verwacht["na_mutatie"])
    assert uitvoer == {}


@pytest.mark.parametrize("naam", VECTOREN["loting"])
def test_vector_tussenstappen(naam: str) -> None:
    vector = VECTOREN["loting"][naam]
    verwacht = vector["verwacht"]
    uitslag = bereken(bestanden_van(vector))
    assert uitslag.deelnemers.sha256 == verwacht["deelnemers_sha256"]
    assert uitslag.protocol.hp.hex() == verwacht["protocol_sha256"]
    assert uitslag.trekking.ikm.decode() == verwacht["ikm"]
    assert uitslag.trekking.prk.hex() == verwacht["prk"]


@pytest.mark.parametrize("naam", VECTOREN["loting"])
def test_het_protocol_wordt_precies_zo_geschreven(naam: str) -> None:
    tekst = VECTOREN["loting"][naam]["protocol_json"]
    assert schrijf_protocol(dict(reversed(json.loads(tekst).items()))).decode() == tekst


def test_hkdf_van_rfc_5869() -> None:
    geval = VECTOREN["rfc5869_A1"]
    prk = extract(bytes.fromhex(geval["salt"]), bytes.fromhex(geval["ikm"]))
    assert prk.hex() == geval["prk"]
    assert expand(prk, bytes.fromhex(geval["info"])).hex() == geval["eerste32"]


@pytest.mark.parametrize("prk", [b"\x01" * 32, b"kort", b"x" * 64, b"x" * 100])
def test_de_snelle_loten_zijn_gewone_hmac(prk: bytes) -> None:
    namen = ["KV26-00001", "AAA", "Z" * 40]
    assert loten(prk, namen) == [expand(prk, naam.encode()).hex() for naam in namen]


def test_gelijke_loten_gaan_op_kenmerk_ook_als_de_lijst_niet_gesorteerd_is() -> None:
    assert bepaal_volgorde(["C", "A", "B"], ["0", "0", "0"], ["1", "1", "0"], "OP") == [2, 1, 0]
    assert bepaal_volgorde(["C", "A", "B"], ["0", "0", "0"], ["1", "1", "0"], "AF") == [1, 0, 2]
    assert bepaal_volgorde(["A", "B", "C"], ["2", "1", "0"], ["0", "0", "0"], "AF") == [2, 1, 0]


@pytest.mark.parametrize("geval", VECTOREN["drand_ronde"]["gevallen"], ids=lambda g: g["utc"])
def test_drand_ronde(geval: dict) -> None:
    moment = datetime.fromisoformat(geval["utc"])
    assert moment.timestamp() == geval["unix"]
    assert drand_ronde(moment) == geval["ronde"]
    assert moment <= drand_tijd(geval["ronde"])
    assert (drand_tijd(geval["ronde"]) - moment).total_seconds() < PERIODE


def test_drand_ronde_aan_de_randen() -> None:
    eerste = datetime.fromtimestamp(GENESIS, tz=UTC)
    assert [drand_ronde(eerste), drand_tijd(1)] == [1, eerste]
    assert drand_ronde(eerste.replace(microsecond=1)) == 2
    with pytest.raises(InvoerFout, match="eerste drand-ronde"):
        drand_ronde(eerste.replace(year=2020))
    with pytest.raises(ValueError, match="aware"):
        drand_ronde(datetime(2026, 1, 1))
    with pytest.raises(InvoerFout, match="ronde 0 bestaat niet"):
        drand_tijd(0)


def test_drand_quicknet_1000() -> None:
    assert [QUICKNET["keten"], QUICKNET["publieke_sleutel"]] == [KETEN, PUBLIEKE_SLEUTEL]
    assert [QUICKNET["genesis"], QUICKNET["periode"]] == [GENESIS, PERIODE]
    assert drand_tijd(QUICKNET["ronde"]).timestamp() == QUICKNET["tijd_utc"]
    assert drand_waarde(QUICKNET["handtekening"]) == QUICKNET["waarde"]
    controleer_drand(QUICKNET["waarde"], QUICKNET["handtekening"])


@pytest.mark.parametrize(
    ("waarde", "handtekening", "melding"),
    [
        (QUICKNET["waarde"].upper(), QUICKNET["handtekening"], "64 tekens"),
        (QUICKNET["waarde"][:-1], QUICKNET["handtekening"], "64 tekens"),
        (QUICKNET["waarde"], QUICKNET["handtekening"][:-2], "niet de SHA-256"),
        (QUICKNET["waarde"], QUICKNET["handtekening"][:-1], "hele bytes"),
        (QUICKNET["waarde"], QUICKNET["handtekening"].upper(), "hele bytes"),
    ],
)
def test_drand_waarde_moet_bij_de_handtekening_horen(waarde: str, handtekening: str, melding: str) -> None:
    with pytest.raises(InvoerFout, match=melding):
        controleer_drand(waarde, handtekening)


def test_cijfers_van_de_akte() -> None:
    assert cijfers_uit_invoer(" 3141 5926\n5358 9793 ", 16) == "3141592653589793"
    for fout in ("314159265358979", "31415926535897931", "314159265358979x", "", "٣141592653589793"):
        with pytest.raises(InvoerFout, match="precies 16 cijfers"):
            cijfers_uit_invoer(fout, 16)


@pytest.mark.skipif(not bls_beschikbaar(), reason="the optional extra 'bewijs' (py_ecc) is not installed")
def test_bls_handtekening_van_ronde_1000() -> None:
    goed = QUICKNET["handtekening"]
    controleer_bls(1000, goed)
    for ronde, handtekening in [
        (1001, goed),
        (0, goed),
        (1000, goed[:-2]),
        (1000, "c0" + "00" * 47),
        (1000, "ff" * 48),
    ]:
        with pytest.raises(InvoerFout, match="niet die van drand-ronde"):
            controleer_bls(ronde, handtekening)


def test_zonder_py_ecc_is_de_melding_duidelijk(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "py_ecc", None)  # how Python marks a module that cannot be imported
    with pytest.raises(InvoerFout, match="py_ecc ontbreekt") as fout:
        controleer_bls(1000, QUICKNET["handtekening"])
    assert fout.value.code == "bls-niet-beschikbaar"
