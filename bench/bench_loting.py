"""The draw against its own unavoidable work: one HMAC per entry and one sort.

Prints median seconds and the ratio. ``python bench/bench_loting.py [ENTRIES]`` (default 100,000).
"""

from __future__ import annotations

import hmac
import statistics
import sys
import time
from collections.abc import Callable
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from beoordeling.loting import Bronwaarden, Deelnemer, reken, schrijf_bronwaarden, schrijf_deelnemers, schrijf_protocol
from beoordeling.loting.bestanden import lees_deelnemers

KEREN = 5


def mediaan(doen: Callable[[], object]) -> float:
    """Median seconds of a few runs."""
    tijden = []
    for _ in range(KEREN):
        begin = time.perf_counter()
        doen()
        tijden.append(time.perf_counter() - begin)
    return statistics.median(tijden)


def main(aantal: int) -> None:
    lijst = schrijf_deelnemers(Deelnemer(f"BENCH-{nr:07d}", 1_800_000) for nr in range(aantal))
    deelnemers = lees_deelnemers(lijst)
    protocol = schrijf_protocol(
        {
            "bronnen": [{"id": "notaris", "lengte": 32, "soort": "cijfers"}],
            "deelnemers_sha256": deelnemers.sha256,
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
    bestanden = {"deelnemers.csv": lijst, "protocol.json": protocol, "bronwaarden.json": bronnen}
    labels, sleutel = [kenmerk.encode() + b"\x01" for kenmerk in deelnemers.kenmerk], b"x" * 32

    basis = mediaan(lambda: sorted([hmac.digest(sleutel, label, "sha256") for label in labels]))
    draw = mediaan(lambda: reken(bestanden))
    print(f"{aantal} deelnemers: HMAC + sorteren {basis:.3f} s; lezen, loten, verdelen, schrijven {draw:.3f} s")
    print(f"verhouding {draw / basis:.2f}")


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 100_000)
