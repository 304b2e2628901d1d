"""The draw against its own unavoidable work: one HMAC per entry and one sort; the verifier against a loop of HMACs.

``python bench/bench_loting.py [ENTRIES]`` (default 1,000,000). Work: from the bytes of the list to the whole evidence
package (reading, lots, order, division, writing, hashes). Ends with 1 when a limit of the design is not met.

Like is compared with like. The draw runs in this process, and so does its baseline. The verifier is a program of its
own that reads the list from disk; so is its baseline: plain Python that goes over the lines of the list and keeps the
HMAC of each, as anybody would write it. Both include the start of Python and the memory they touch.
"""

from __future__ import annotations

import hmac
import sys
import tempfile
from pathlib import Path

import numpy as np

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from meten import geheugen_mb, meld, proces, processortijd, vergelijk

from beoordeling.loting import (
    Bronwaarden,
    Deelnemer,
    maak_bewijspakket,
    schrijf_bronwaarden,
    schrijf_deelnemers,
    schrijf_protocol,
)
from beoordeling.loting.bestanden import lees_deelnemers

#: A plain-Python HMAC loop over the list, as a program.
LUS = """
import hmac, sys
loten = []
with open(sys.argv[1], encoding="ascii") as regels:
    next(regels)
    for regel in regels:
        kenmerk = regel.split(";", 1)[0]
        loten.append(hmac.new(b"x" * 32, kenmerk.encode() + b"\\x01", "sha256").hexdigest())
"""
GRENS_LOTING, GRENS_NAREKENEN, GRENS_MB = 2.0, 2.0, 2000.0


def maak_bestanden(aantal: int) -> dict[str, bytes]:
    lijst = schrijf_deelnemers(Deelnemer(f"BENCH-{nr:07d}", 1_800_000) for nr in range(aantal))
    protocol = schrijf_protocol(
        {
            "bronnen": [{"id": "notaris", "lengte": 32, "soort": "cijfers"}],
            "deelnemers_sha256": lees_deelnemers(lijst).sha256,
            "loting": "bench",
            "per_groep": 1,
            "plafond_cent": 1_800_000 * (aantal // 3),
            "potten": {},
            "regel": "STOP",
            "restronde": False,
            "richting": "OP",
        }
    )
    bronnen = schrijf_bronwaarden(Bronwaarden({"notaris": "31415926535897932384626433832795"}, {}, frozenset()))
    return {"deelnemers.csv": lijst, "protocol.json": protocol, "bronwaarden.json": bronnen}


def main(aantal: int) -> int:
    bestanden, sleutel = maak_bestanden(aantal), b"x" * 32

    def kenmerken() -> list[str]:
        return [regel.split(b";", 1)[0].decode() for regel in bestanden["deelnemers.csv"].splitlines()[1:]]

    def hmacs_en_sorteren() -> None:
        """The HMACs as anybody would write them, and numpy's sort."""
        loten = [hmac.digest(sleutel, kenmerk.encode() + b"\x01", "sha256") for kenmerk in namen]
        np.argsort(np.array(loten, dtype="S32"))

    def pakket() -> None:
        maak_bewijspakket(bestanden, akte="Bench.", titel="Bench")

    pakket()
    print(f"{aantal} deelnemers; piek van het geheugen na een pakket: {geheugen_mb():.0f} MB (grens {GRENS_MB:.0f})")
    goed = geheugen_mb() <= GRENS_MB
    namen = kenmerken()
    uit = vergelijk(lambda: processortijd(hmacs_en_sorteren), lambda: processortijd(pakket))
    goed &= meld("loten, verdelen en pakket schrijven / HMAC's + argsort", *uit, GRENS_LOTING)
    with tempfile.TemporaryDirectory() as map_:
        for naam, data in maak_bewijspakket(bestanden, akte="Bench.", titel="Bench").items():
            (Path(map_) / naam).write_bytes(data)
        basis = [sys.executable, "-I", "-c", LUS, str(Path(map_) / "deelnemers.csv")]
        opdracht = [sys.executable, "-I", str(Path(map_) / "verifieer_loting.py")]
        uit = vergelijk(lambda: proces(basis), lambda: proces(opdracht))
    goed &= meld("narekenen met het script / lus van HMAC's", *uit, GRENS_NAREKENEN)
    return 0 if goed else 1


if __name__ == "__main__":
    sys.exit(main(int(sys.argv[1]) if len(sys.argv) > 1 else 1_000_000))
