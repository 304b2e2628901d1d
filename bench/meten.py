"""How the scripts in this folder measure: processor time, medians, and ratios to a baseline of the same run."""

from __future__ import annotations

import resource
import statistics
import subprocess
import sys
import time
from collections.abc import Callable

KEREN = 5


def processortijd(doen: Callable[[], object]) -> float:
    """Processor seconds of this process: other programs on a busy machine count for little."""
    begin = time.process_time()
    doen()
    return time.process_time() - begin


def proces(opdracht: list[str]) -> float:
    """Processor seconds of a program of its own; it has to succeed."""
    voor = resource.getrusage(resource.RUSAGE_CHILDREN)
    subprocess.run(opdracht, check=True, stdout=subprocess.DEVNULL)
    na = resource.getrusage(resource.RUSAGE_CHILDREN)
    return (na.ru_utime - voor.ru_utime) + (na.ru_stime - voor.ru_stime)


def vergelijk(
    basis: Callable[[], float], werk: Callable[[], float], *, keren: int = KEREN
) -> tuple[float, float, float]:
    """Median seconds of baseline and work, in turns, and the median of the ratios of neighbours."""
    paren = [(basis(), werk()) for _ in range(keren)]
    eerste, tweede = ([paar[kant] for paar in paren] for kant in range(2))
    return statistics.median(eerste), statistics.median(tweede), statistics.median(w / b for b, w in paren)


def meld(wat: str, basis: float, werk: float, verhouding: float, grens: float) -> bool:
    """Print one line; False when the ratio is above the limit."""
    goed = verhouding <= grens
    print(
        f"{wat}: basis {basis:.3f} s, werk {werk:.3f} s, verhouding {verhouding:.2f}"
        f" (grens {grens:g}) {'goed' if goed else 'TE TRAAG'}",
        flush=True,
    )
    return goed


def geheugen_mb() -> float:
    """Peak memory of this process so far."""
    piek = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return piek / 1e6 if sys.platform == "darwin" else piek / 1e3
