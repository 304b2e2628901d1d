"""Inputs for the lottery tests: the contract vectors as files, and random draws with a valid mutation log."""

from __future__ import annotations

import hashlib
import json
from pathlib import Path
from random import Random
from typing import Any

from beoordeling.loting import schrijf_protocol
from tests.beoordeling.tweede_loting import TweedeLoting

VECTOREN: dict[str, Any] = json.loads(
    (Path(__file__).parent.parent / "gegevens" / "loting" / "vectors.json").read_text(encoding="utf-8")
)
KOP = "kenmerk;bedrag_cent;potten;groep;rang\n"
KOP_MUTATIES = "nr;soort;kenmerk;bedrag_cent\n"
QUICKNET = VECTOREN["drand_quicknet_1000"]


def bestanden_van(vector: dict[str, Any]) -> dict[str, bytes]:
    """A vector of the contract as the files in a folder."""
    bestanden = {
        "deelnemers.csv": vector["deelnemers_csv"].encode(),
        "protocol.json": vector["protocol_json"].encode(),
        "bronwaarden.json": json.dumps(vector["bronwaarden"]).encode(),
    }
    if "mutaties_csv" in vector:
        bestanden["mutaties.csv"] = vector["mutaties_csv"].encode()
    return bestanden


def maak_bestanden(rijen: list[str], *, notaris: str = "1" * 32, uit: list[str] | None = None, **velden: Any) -> dict:
    """Files of a draw with one dice source from list lines (without LF) and protocol fields."""
    lijst = (KOP + "".join(f"{rij}\n" for rij in sorted(rijen))).encode()
    protocol = {
        "bronnen": [{"id": "notaris", "lengte": 32, "soort": "cijfers"}],
        "deelnemers_sha256": hashlib.sha256(lijst).hexdigest(),
        "loting": "proef",
        "per_groep": 1,
        "plafond_cent": 1000,
        "potten": {},
        "regel": "STOP",
        "restronde": False,
        "richting": "OP",
    }
    return {
        "deelnemers.csv": lijst,
        "protocol.json": schrijf_protocol({**protocol, **velden}),
        "bronwaarden.json": json.dumps({"notaris": notaris, "uitgesloten": uit or []}).encode(),
    }


def tweede_van(bestanden: dict[str, bytes]) -> TweedeLoting:
    """The second implementation on the same files."""
    return TweedeLoting(
        bestanden["deelnemers.csv"].decode(), bestanden["protocol.json"], json.loads(bestanden["bronwaarden.json"])
    )


def willekeurige_loting(zaad: int) -> tuple[dict[str, bytes], dict[str, str]]:
    """A random draw with mutations, and the output files as the second implementation would have them."""
    kans = Random(zaad)
    potten = {
        p: kans.choice([0, 150, 300, 600, 900]) for p in kans.sample(["RN", "RZ", "TA", "TB", "9"], kans.randint(0, 4))
    }
    rijen = []
    for nummer in kans.sample(range(1000), kans.randint(1, 24)):
        eigen = sorted(kans.sample(sorted(potten), kans.randint(0, min(3, len(potten)))))
        groep = kans.choice(["-", "-", "G1", "G2", "RN"])
        bedrag = kans.choice([1, 50, 100, 100, 150, 240, 333])
        rijen.append(f"KV26-{nummer:05d};{bedrag};{'+'.join(eigen) or '-'};{groep};{kans.choice('001')}")
    bestanden = maak_bestanden(
        rijen,
        notaris="".join(kans.choices("0123456789", k=32)),
        uit=[rij.split(";")[0] for rij in rijen if kans.random() < 0.15],
        per_groep=kans.choice([1, 1, 2]),
        plafond_cent=kans.choice([0, 99, 400, 1000, 2500]),
        potten=potten,
        regel=kans.choice(["STOP", "SKIP", "DEEL"]),
        restronde=kans.random() < 0.4,
        richting=kans.choice(["OP", "AF"]),
    )
    tweede = tweede_van(bestanden)
    uitkomst = "".join(f"{n};{a.kenmerk};{a.lot};{a.status}\n" for n, a in enumerate(tweede.aanvragen, 1))
    verwacht = {
        "uitkomst.csv": "plaats;kenmerk;lot;uitkomst\n" + uitkomst,
        "ruimte.json": json.dumps(tweede.over),
    }
    log, na = KOP_MUTATIES, []
    for nr in range(1, kans.randint(1, 9)):
        soort, kenmerk, bedrag = _mutatie(kans, tweede, potten)
        tweede.muteer(soort, kenmerk, bedrag)
        log += f"{nr};{soort};{kenmerk};{bedrag}\n"
        na.append(
            {
                "nr": nr,
                "soort": soort,
                "kenmerk": kenmerk,
                "bedrag": bedrag,
                "status": tweede.status(),
                "ruimte": dict(tweede.over),
            }
        )
    if na:
        bestanden["mutaties.csv"] = log.encode()
        verwacht["na_mutaties.json"] = json.dumps(na)
    return bestanden, verwacht


def _mutatie(kans: Random, nu: TweedeLoting, potten: dict[str, int]) -> tuple[str, str, int]:
    """A mutation that is possible at this moment."""
    keuzes: list[tuple[str, str, int]] = [("VERHOGING", kans.choice(["*", *potten]), kans.choice([1, 100, 400]))]
    for kenmerk, status in nu.status().items():
        if status != "INGETROKKEN":
            keuzes.append(("INTREKKING", kenmerk, 0))
        if status != "UIT":
            keuzes.append(("UITSLUITING", kenmerk, 0))
        if status in ("UIT", "INGETROKKEN"):
            keuzes += [("HERSTEL", kenmerk, 0)] * 4
        if isinstance(status, int) and status > 0:
            keuzes += [("VERLAGING", kenmerk, kans.randrange(status))] * 2
    return kans.choice(keuzes)
