"""Strict reading: every deviation is one Dutch line with the file and, in a table, the line."""

from __future__ import annotations

import hashlib
import json
from typing import Any

import pytest

from beoordeling.loting import (
    Bronwaarden,
    Deelnemer,
    LotingFout,
    Mutatie,
    lees_deelnemers,
    lees_protocol,
    reken,
    schrijf_bronwaarden,
    schrijf_deelnemers,
    schrijf_mutaties,
    schrijf_protocol,
)
from beoordeling.loting.bestanden import lees_bronwaarden, lees_mutaties
from beoordeling.loting.uitvoer import lees_na_mutaties, lees_ruimte, lees_uitkomst
from kern.fouten import InvoerFout
from tests.beoordeling.loting_gevallen import KOP, KOP_MUTATIES, QUICKNET, VECTOREN, bestanden_van, maak_bestanden

KLEIN = VECTOREN["loting"]["klein"]
POTTEN = VECTOREN["loting"]["potten-stop"]


def weiger(bestanden: dict[str, bytes], bestand: str, melding: str, regel: int | None = None) -> None:
    with pytest.raises(LotingFout) as fout:
        reken(bestanden)
    assert [fout.value.bestand, fout.value.regel, fout.value.melding] == [
        bestand,
        regel,
        f"{bestand}{'' if regel is None else f', regel {regel}'}: {melding}",
    ]
    assert "\n" not in str(fout.value)


RIJ = "KV26-1;5;-;-;0\n"
BEDRAG = "een heel getal vanaf 1, zonder voorloopnul, hoogstens 13 cijfers"
KENMERK = "3 tot 40 hoofdletters, cijfers en streepjes, niet beginnend met een streepje"


@pytest.mark.parametrize(
    ("lijst", "melding", "regel"),
    [
        (b"\xef\xbb\xbf" + (KOP + RIJ).encode(), "het bestand begint met een BOM. Sla het op zonder BOM.", 1),
        ((KOP + RIJ).replace("\n", "\r\n").encode(), "de regel eindigt op CR of CRLF. Gebruik alleen LF.", 1),
        (KOP + RIJ + "KV26-2;5;-;-;0\r\n", "de regel eindigt op CR of CRLF. Gebruik alleen LF.", 3),
        (KOP + RIJ[:-1], "de laatste regel eindigt niet op LF.", 2),
        (b"", "de laatste regel eindigt niet op LF.", 1),
        ((KOP + RIJ + "KÉV;5;-;-;0\n").encode(), "er staat een teken dat geen ASCII is.", 3),
        ("kenmerk;bedrag;potten;groep;rang\n" + RIJ, f"de kop moet precies {KOP.strip()} zijn.", 1),
        (RIJ, f"de kop moet precies {KOP.strip()} zijn.", 1),
        (KOP, "er staan geen deelnemers in de lijst.", None),
        (KOP + RIJ + "\n", "de regel is leeg.", 3),
        (KOP + '"KV26-1";5;-;-;0\n', "er staat een aanhalingsteken. Schrijf de velden zonder.", 2),
        (KOP + "KV26-1;5;-;-;'0'\n", "er staat een aanhalingsteken. Schrijf de velden zonder.", 2),
        (KOP + "KV26-1;5;-;-\n", "er staan 4 velden, dat moeten er 5 zijn.", 2),
        (KOP + "KV26-1;5;-;-;0;\n", "er staan 6 velden, dat moeten er 5 zijn.", 2),
        (KOP + "KV26-2;5;-;-;0\nKV26-1;5;-;-;0\n", "kenmerk KV26-1 staat na KV26-2; sorteer oplopend op kenmerk.", 3),
        (KOP + RIJ + RIJ, "kenmerk KV26-1 staat er twee keer.", 3),
        (
            KOP + "KV-A;5;-;-;0\nKV26-1;5;-;-;0\nKV26;5;-;-;0\n",
            "kenmerk KV26 staat na KV26-1; sorteer oplopend op kenmerk.",
            4,
        ),
        (KOP + "kv26;5;-;-;0\n", f"kenmerk is 'kv26'; dat moet zijn: {KENMERK}.", 2),
        (KOP + "-V26;5;-;-;0\n", f"kenmerk is '-V26'; dat moet zijn: {KENMERK}.", 2),
        (KOP + "KV;5;-;-;0\n", f"kenmerk is 'KV'; dat moet zijn: {KENMERK}.", 2),
        (KOP + "K" * 41 + ";5;-;-;0\n", f"kenmerk is '{'K' * 41}'; dat moet zijn: {KENMERK}.", 2),
        (KOP + "KV26-1;0;-;-;0\n", f"bedrag_cent is '0'; dat moet zijn: {BEDRAG}.", 2),
        (KOP + "KV26-1;05;-;-;0\n", f"bedrag_cent is '05'; dat moet zijn: {BEDRAG}.", 2),
        (KOP + "KV26-1;-5;-;-;0\n", f"bedrag_cent is '-5'; dat moet zijn: {BEDRAG}.", 2),
        (KOP + "KV26-1; 5;-;-;0\n", f"bedrag_cent is ' 5'; dat moet zijn: {BEDRAG}.", 2),
        (KOP + "KV26-1;5.0;-;-;0\n", f"bedrag_cent is '5.0'; dat moet zijn: {BEDRAG}.", 2),
        (KOP + "KV26-1;12345678901234;-;-;0\n", f"bedrag_cent is '12345678901234'; dat moet zijn: {BEDRAG}.", 2),
        (KOP + "KV26-1;5;;-;0\n", "potten is ''; dat moet zijn: een - of potcodes met + ertussen.", 2),
        (KOP + "KV26-1;5;+A;-;0\n", "potten is '+A'; dat moet zijn: een - of potcodes met + ertussen.", 2),
        (KOP + "KV26-1;5;a;-;0\n", "potten is 'a'; dat moet zijn: een - of potcodes met + ertussen.", 2),
        (KOP + "KV26-1;5;*;-;0\n", "potten is '*'; dat moet zijn: een - of potcodes met + ertussen.", 2),
        (KOP + "KV26-1;5;B+A;-;0\n", "potten 'B+A' staan niet oplopend of bevatten een pot twee keer.", 2),
        (KOP + "KV26-1;5;A+A;-;0\n", "potten 'A+A' staan niet oplopend of bevatten een pot twee keer.", 2),
        (KOP + "KV26-1;5;-;g1;0\n", "groep is 'g1'; dat moet zijn: een - of 1 tot 20 hoofdletters en cijfers.", 2),
        (KOP + "KV26-1;5;-;;0\n", "groep is ''; dat moet zijn: een - of 1 tot 20 hoofdletters en cijfers.", 2),
        (
            KOP + "KV26-1;5;-;-;\n",
            "rang is ''; dat moet zijn: 1 tot 64 ASCII-tekens zonder spatie, puntkomma en aanhalingsteken.",
            2,
        ),
        (
            KOP + "KV26-1;5;-;-;10\nKV26-2;5;-;-;9\n",
            "rang is niet even lang als op de regels ervoor. Vul aan met nullen.",
            3,
        ),
        (
            KOP + RIJ + "KV26-2;5;-;-;0" + "\x00\n",
            "rang is '0\\x00'; dat moet zijn: 1 tot 64 ASCII-tekens zonder spatie, puntkomma en aanhalingsteken.",
            3,
        ),
    ],
)
def test_deelnemers_die_niet_precies_kloppen(lijst: str | bytes, melding: str, regel: int | None) -> None:
    data = lijst if isinstance(lijst, bytes) else lijst.encode()
    bestanden = maak_bestanden(["KV26-1;5;-;-;0"], deelnemers_sha256=hashlib.sha256(data).hexdigest())
    weiger({**bestanden, "deelnemers.csv": data}, "deelnemers.csv", melding, regel)


def test_de_lijst_moet_die_van_het_protocol_zijn() -> None:
    bestanden = bestanden_van(KLEIN)
    anders = bestanden["deelnemers.csv"].replace(b"500000", b"500001", 1)
    melding = (
        f"de SHA-256 is {hashlib.sha256(anders).hexdigest()}, "
        f"maar protocol.json noemt {hashlib.sha256(bestanden['deelnemers.csv']).hexdigest()}."
    )
    weiger({**bestanden, "deelnemers.csv": anders}, "deelnemers.csv", melding)


def test_een_pot_die_niet_in_het_protocol_staat() -> None:
    bestanden = maak_bestanden(["KV26-1;5;-;-;0", "KV26-2;5;A+B;-;0"], potten={"A": 5})
    weiger(bestanden, "deelnemers.csv", "de pot B staat niet in protocol.json.", 3)


GEHEEL = "een geheel getal vanaf"
HEX64 = "64 tekens 0-9 en a-f"
TEKST = "tekst (1 tot 200 leesbare tekens)"
DUBBEL = {"id": "a", "lengte": 5, "soort": "cijfers"}


@pytest.mark.parametrize(
    ("velden", "melding"),
    [
        ({"algoritme": "LOTING-2"}, "algoritme is 'LOTING-2'; dat moet zijn: LOTING-HKDF-SHA256-1."),
        ({"regel": "EERLIJK"}, "regel is 'EERLIJK'; dat moet zijn: STOP of SKIP of DEEL."),
        ({"regel": "stop"}, "regel is 'stop'; dat moet zijn: STOP of SKIP of DEEL."),
        ({"regel": None}, "regel is None; dat moet zijn: tekst (1 tot 200 leesbare tekens)."),
        ({"richting": "NEER"}, "richting is 'NEER'; dat moet zijn: OP of AF."),
        ({"restronde": 0}, "restronde is 0; dat moet zijn: true of false."),
        ({"restronde": "false"}, "restronde is 'false'; dat moet zijn: true of false."),
        ({"plafond_cent": True}, f"plafond_cent is True; dat moet zijn: {GEHEEL} 0."),
        ({"plafond_cent": -1}, f"plafond_cent is -1; dat moet zijn: {GEHEEL} 0."),
        ({"plafond_cent": "5"}, f"plafond_cent is '5'; dat moet zijn: {GEHEEL} 0."),
        ({"plafond_cent": 5.0}, "'5.0' is geen geheel getal. Gebruik alleen gehele getallen."),
        ({"plafond_cent": float("nan")}, "'NaN' is geen geheel getal. Gebruik alleen gehele getallen."),
        ({"per_groep": 0}, f"per_groep is 0; dat moet zijn: {GEHEEL} 1."),
        ({"per_groep": True}, f"per_groep is True; dat moet zijn: {GEHEEL} 1."),
        ({"potten": []}, "potten is []; dat moet zijn: een object."),
        ({"potten": {"A": -1}}, f"pot A is -1; dat moet zijn: {GEHEEL} 0."),
        ({"potten": {"A": False}}, f"pot A is False; dat moet zijn: {GEHEEL} 0."),
        ({"potten": {"a": 1}}, "de potcode 'a' moet 1 tot 20 hoofdletters en cijfers zijn."),
        ({"potten": {"*": 1}}, "de potcode '*' moet 1 tot 20 hoofdletters en cijfers zijn."),
        ({"loting": ""}, "loting is ''; dat moet zijn: tekst (1 tot 200 leesbare tekens)."),
        ({"loting": "a\nb"}, "loting is 'a\\nb'; dat moet zijn: tekst (1 tot 200 leesbare tekens)."),
        ({"deelnemers_sha256": "AB" * 32}, f"deelnemers_sha256 is '{'AB' * 28}...; dat moet zijn: {HEX64}."),
        ({"bronnen": []}, "bronnen moet minstens een bron bevatten, elk met een eigen id."),
        ({"bronnen": {}}, "bronnen is {}; dat moet zijn: een lijst."),
        ({"bronnen": ["notaris"]}, "elke bron in bronnen moet een object zijn."),
        (
            {"bronnen": [DUBBEL] * 2},
            "bronnen moet minstens een bron bevatten, elk met een eigen id.",
        ),
        ({"bronnen": [{"id": "a", "soort": "munt"}]}, "soort is 'munt'; dat moet zijn: cijfers of drand."),
        ({"bronnen": [{**DUBBEL, "id": "a="}]}, "het id van een bron is 'a='; gebruik letters, cijfers, - en _."),
        (
            {"bronnen": [{**DUBBEL, "id": "uitgesloten"}]},
            "het id van een bron is 'uitgesloten'; gebruik letters, cijfers, - en _.",
        ),
        ({"bronnen": [{"id": "a", "soort": "cijfers"}]}, "het veld lengte ontbreekt."),
        ({"bronnen": [{"id": "a", "lengte": 0, "soort": "cijfers"}]}, f"lengte is 0; dat moet zijn: {GEHEEL} 1."),
        ({"bronnen": [{"id": "a", "keten": "x", "soort": "drand"}]}, f"keten is 'x'; dat moet zijn: {HEX64}."),
        (
            {"bronnen": [{"id": "a", "keten": "0" * 64, "ronde": True, "soort": "drand"}]},
            f"ronde is True; dat moet zijn: {GEHEEL} 1.",
        ),
    ],
)  # fmt: skip
def test_protocol_dat_niet_klopt(velden: dict[str, Any], melding: str) -> None:
    bestanden = maak_bestanden(["KV26-1;5;-;-;0"])
    protocol = json.dumps({**json.loads(bestanden["protocol.json"]), **velden}).encode()
    weiger({**bestanden, "protocol.json": protocol}, "protocol.json", melding)
    with pytest.raises(LotingFout):
        schrijf_protocol({**json.loads(bestanden["protocol.json"]), **velden})


@pytest.mark.parametrize("veld", json.loads(KLEIN["protocol_json"]))
def test_protocol_zonder_een_veld(veld: str) -> None:
    bestanden = maak_bestanden(["KV26-1;5;-;-;0"])
    inhoud = json.loads(bestanden["protocol.json"])
    del inhoud[veld]
    weiger({**bestanden, "protocol.json": json.dumps(inhoud).encode()}, "protocol.json", f"het veld {veld} ontbreekt.")


@pytest.mark.parametrize(
    ("data", "melding", "regel"),
    [
        (b'{"regel":"STOP","regel":"SKIP"}', "de sleutel 'regel' staat er twee keer.", None),
        (b'{"potten":{"A":1,"A":2}}', "de sleutel 'A' staat er twee keer.", None),
        (b"[]", "het bestand moet een JSON-object zijn: { ... }.", None),
        (b"", "dit is geen geldige JSON.", 1),
        (b'{"a":1,\n}', "dit is geen geldige JSON.", 2),
        (b'\xef\xbb\xbf{"a":1}', "het bestand begint met een BOM. Sla het op zonder BOM.", 1),
        (b'{"a":"\xff"}', "dit is geen geldige JSON in UTF-8.", None),
        (b"[" * 100_000, "dit is geen geldige JSON in UTF-8.", None),
        (b'{"a":' + b"9" * 5000 + b"}", "dit is geen geldige JSON in UTF-8.", None),
    ],
)
@pytest.mark.parametrize("bestand", ["protocol.json", "bronwaarden.json"])
def test_json_die_geen_json_is(bestand: str, data: bytes, melding: str, regel: int | None) -> None:
    weiger({**bestanden_van(KLEIN), bestand: data}, bestand, melding, regel)


def test_extra_velden_in_het_protocol_mogen() -> None:
    bestanden = maak_bestanden(["KV26-1;5;-;-;0"], vervangt="0" * 64, toelichting="één")
    assert lees_protocol(bestanden["protocol.json"]).extra == {"vervangt": "0" * 64, "toelichting": "één"}
    assert reken(bestanden)["ruimte.json"] == b'{"*": 995}'


@pytest.mark.parametrize(
    ("velden", "melding"),
    [
        ({"notaris": None}, "het veld notaris ontbreekt."),
        ({"drand": None}, "het veld drand ontbreekt."),
        ({"drand_handtekening": None}, "het veld drand_handtekening ontbreekt."),
        ({"munt": "kop"}, "de sleutel 'munt' hoort niet bij de bronnen van protocol.json."),
        ({"x_handtekening": "0"}, "de sleutel 'x_handtekening' hoort niet bij de bronnen van protocol.json."),
        ({"notaris": "3" * 31}, "notaris: De waarde bestaat niet uit precies 32 cijfers."),
        ({"notaris": "3" * 33}, "notaris: De waarde bestaat niet uit precies 32 cijfers."),
        ({"notaris": "3" * 31 + "x"}, "notaris: De waarde bestaat niet uit precies 32 cijfers."),
        ({"notaris": "3" * 31 + "٣"}, "notaris: De waarde bestaat niet uit precies 32 cijfers."),
        ({"notaris": 31415926535897}, f"notaris is 31415926535897; dat moet zijn: {TEKST}."),
        ({"drand": QUICKNET["waarde"].upper()}, "drand: De drand-waarde bestaat niet uit 64 tekens 0-9 en a-f."),
        ({"drand": "0" * 64}, "drand: De drand-waarde is niet de SHA-256 van de handtekening."),
        ({"drand_handtekening": "00"}, "drand: De drand-waarde is niet de SHA-256 van de handtekening."),
        ({"drand_handtekening": "x"}, "drand: De drand-handtekening bestaat niet uit hele bytes in tekens 0-9 en a-f."),
        ({"uitgesloten": "KV26-00002"}, "uitgesloten is 'KV26-00002'; dat moet zijn: een lijst."),
        ({"uitgesloten": [2]}, "uitgesloten moet een lijst van verschillende kenmerken zijn."),
        ({"uitgesloten": ["KV26-00002"] * 2}, "uitgesloten moet een lijst van verschillende kenmerken zijn."),
        ({"uitgesloten": ["KV26-99999"]}, "uitgesloten noemt 'KV26-99999'; dat staat niet in deelnemers.csv."),
    ],
)  # fmt: skip
def test_bronwaarden_die_niet_kloppen(velden: dict[str, Any], melding: str) -> None:
    inhoud = {naam: waarde for naam, waarde in {**KLEIN["bronwaarden"], **velden}.items() if waarde is not None}
    weiger({**bestanden_van(KLEIN), "bronwaarden.json": json.dumps(inhoud).encode()}, "bronwaarden.json", melding)


def test_uitgesloten_mag_ontbreken_als_niemand_is_uitgesloten() -> None:
    bestanden = bestanden_van(POTTEN)
    zonder = {n: w for n, w in POTTEN["bronwaarden"].items() if n != "uitgesloten"}
    assert reken({**bestanden, "bronwaarden.json": json.dumps(zonder).encode()}) == reken(bestanden)


@pytest.mark.parametrize("bestand", ["deelnemers.csv", "protocol.json", "bronwaarden.json"])
def test_een_bestand_ontbreekt(bestand: str) -> None:
    bestanden = bestanden_van(KLEIN)
    del bestanden[bestand]
    weiger(bestanden, bestand, "dit bestand ontbreekt.")


@pytest.mark.parametrize(
    ("log", "melding", "regel"),
    [
        ("2;INTREKKING;KV26-10000;0\n", "nr is 2, dat moet 1 zijn.", 2),
        ("1;INTREKKING;KV26-10000;0\n1;INTREKKING;KV26-10001;0\n", "nr is 1, dat moet 2 zijn.", 3),
        ("01;INTREKKING;KV26-10000;0\n", "nr is '01'; dat moet zijn: een volgnummer vanaf 1.", 2),
        (
            "1;BETALING;KV26-10000;0\n",
            "soort is 'BETALING'; dat moet zijn: een van INTREKKING, UITSLUITING, VERLAGING, VERHOGING, HERSTEL.",
            2,
        ),
        ("1;INTREKKING;KV26-99999;0\n", "kenmerk KV26-99999 staat niet in deelnemers.csv.", 2),
        ("1;INTREKKING;*;0\n", "kenmerk * staat niet in deelnemers.csv.", 2),
        ("1;VERHOGING;TD;5\n", "de pot TD staat niet in protocol.json. Gebruik * of een pot daaruit.", 2),
        (
            "1;VERHOGING;KV26-10000;5\n",
            "de pot KV26-10000 staat niet in protocol.json. Gebruik * of een pot daaruit.",
            2,
        ),
        ("1;VERHOGING;TA;0\n", "een VERHOGING moet meer dan 0 cent zijn.", 2),
        ("1;INTREKKING;KV26-10000;5\n", "bij INTREKKING moet bedrag_cent 0 zijn.", 2),
        ("1;HERSTEL;KV26-10000;5\n", "bij HERSTEL moet bedrag_cent 0 zijn.", 2),
        (
            "1;VERLAGING;KV26-10000;-5\n",
            "bedrag_cent is '-5'; dat moet zijn: een heel getal vanaf 0, zonder teken, hoogstens 13 cijfers.",
            2,
        ),
        (
            "1;VERLAGING;KV26-10000;1.5\n",
            "bedrag_cent is '1.5'; dat moet zijn: een heel getal vanaf 0, zonder teken, hoogstens 13 cijfers.",
            2,
        ),
        ("1;INTREKKING;KV26-10000\n", "er staan 3 velden, dat moeten er 4 zijn.", 2),
        ("1;INTREKKING;KV26-10000;0", "de laatste regel eindigt niet op LF.", 2),
        ("1;INTREKKING;KV26-10000;0\r\n", "de regel eindigt op CR of CRLF. Gebruik alleen LF.", 2),
    ],
)
def test_mutaties_die_niet_kloppen(log: str, melding: str, regel: int) -> None:
    weiger({**bestanden_van(POTTEN), "mutaties.csv": (KOP_MUTATIES + log).encode()}, "mutaties.csv", melding, regel)


def test_schrijven_en_lezen() -> None:
    rijen = [
        Deelnemer("KV26-2", 500),
        Deelnemer("KV26-1", 25, ("TB", "RN"), "G1", "0"),
    ]
    data = schrijf_deelnemers(rijen)
    assert data.decode() == KOP + "KV26-1;25;RN+TB;G1;0\nKV26-2;500;-;-;0\n"
    assert schrijf_deelnemers(reversed(rijen)) == data
    lijst = lees_deelnemers(data)
    assert [lijst.kenmerk, lijst.bedrag, lijst.potten, lijst.groep, lijst.rang, lijst.sha256, len(lijst)] == [
        ["KV26-1", "KV26-2"],
        [25, 500],
        ["RN+TB", "-"],
        ["G1", "-"],
        ["0", "0"],
        hashlib.sha256(data).hexdigest(),
        2,
    ]
    with pytest.raises(LotingFout, match="twee keer"):
        schrijf_deelnemers([rijen[0], rijen[0]])


def test_mutaties_en_bronwaarden_heen_en_weer() -> None:
    bestanden = bestanden_van(KLEIN)
    protocol, lijst = lees_protocol(bestanden["protocol.json"]), lees_deelnemers(bestanden["deelnemers.csv"])
    mutaties = lees_mutaties(bestanden["mutaties.csv"], protocol, lijst)
    assert mutaties[4] == Mutatie(5, "VERLAGING", "KV26-00010", 300000)
    assert schrijf_mutaties(mutaties) == bestanden["mutaties.csv"]
    waarden = lees_bronwaarden(bestanden["bronwaarden.json"], protocol, lijst)
    assert waarden == Bronwaarden(
        {"notaris": KLEIN["bronwaarden"]["notaris"], "drand": QUICKNET["waarde"]},
        {"drand": QUICKNET["handtekening"]},
        frozenset(["KV26-00002"]),
    )
    assert lees_bronwaarden(schrijf_bronwaarden(waarden), protocol, lijst) == waarden


def test_een_leeg_mutatielog_geeft_een_lege_lijst() -> None:
    bestanden = bestanden_van(VECTOREN["loting"]["score-gelijk"])
    uitvoer = reken({**bestanden, "mutaties.csv": KOP_MUTATIES.encode()})
    assert uitvoer == {**reken(bestanden), "na_mutaties.json": b"[]"}


def test_de_uitvoer_is_terug_te_lezen() -> None:
    uitvoer = reken(bestanden_van(KLEIN))
    assert [list(rij) for rij in lees_uitkomst(uitvoer["uitkomst.csv"])] == KLEIN["verwacht"]["uitkomst"]
    assert lees_ruimte(uitvoer["ruimte.json"]) == KLEIN["verwacht"]["ruimte"]
    assert lees_na_mutaties(uitvoer["na_mutaties.json"]) == KLEIN["verwacht"]["na_mutatie"]


@pytest.mark.parametrize(
    ("lees", "data", "melding"),
    [
        (lees_uitkomst, b"plaats;kenmerk;lot;uitkomst\n2;KV26;" + b"0" * 64 + b";UIT\n", "plaats is 2, dat moet 1"),
        (lees_uitkomst, b"plaats;kenmerk;lot;uitkomst\n1;KV26;" + b"0" * 64 + b";ZEKER\n", "uitkomst is 'ZEKER'"),
        (lees_ruimte, b'{"A": 1, "*": 2}', "met \\* als eerste"),
        (lees_ruimte, b'{"*": true}', "met \\* als eerste"),
        (lees_na_mutaties, b"{}", "een JSON-lijst"),
        (lees_na_mutaties, b'[{"nr": 2, "status": {}, "ruimte": {"*": 1}}]', "stand 1 mist"),
        (lees_na_mutaties, b'[{"nr": 1, "status": {}, "ruimte": {}}]', "stand 1 mist"),
    ],
)  # fmt: skip
def test_uitvoer_die_niet_klopt(lees: Any, data: bytes, melding: str) -> None:
    with pytest.raises(InvoerFout, match=melding):
        lees(data)
