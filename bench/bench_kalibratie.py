"""Calibration and expected ranks against one evaluation of the normal distribution function on an n x n array.

``python bench/bench_kalibratie.py [APPLICATIONS]`` (default 5,000; 60 assessors, two scores each, eight themes).
Ends with 1 when the limit of the design is not met.
"""

from __future__ import annotations

import sys
from pathlib import Path

import numpy as np
from scipy.special import ndtr

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from meten import meld, processortijd, vergelijk

from beoordeling.kalibratie.kalibreren import kalibreer
from beoordeling.kalibratie.ontwerp import Score

GRENS = 2.5
BEOORDELAARS, THEMAS = 60, 8


def maak_scores(aantal: int) -> list[Score]:
    """A round under the assumptions of the design: tau 8, phi 5, sigma 7, themes apart by sd 4."""
    kans = np.random.default_rng(2026)
    theta, nu = kans.normal(0, 8, aantal), kans.normal(0, 5, BEOORDELAARS)
    b = kans.normal(60, 4, THEMAS)
    scores = []
    for i in range(aantal):
        for j in kans.choice(BEOORDELAARS, 2, replace=False):
            y = float(b[i % THEMAS] + theta[i] + nu[j] + kans.normal(0, 7))
            scores.append(Score(f"A{i:05d}", f"T{i % THEMAS}", f"B{j:02d}", round(y, 2)))
    return scores


def main(aantal: int) -> int:
    scores = maak_scores(aantal)
    tabel = np.random.default_rng(1).normal(0, 2, (aantal, aantal))
    kalibreer(scores, k=aantal // 5)
    uit = vergelijk(
        lambda: processortijd(lambda: ndtr(tabel)), lambda: processortijd(lambda: kalibreer(scores, k=aantal // 5))
    )
    wat = f"kalibratie en verwachte rang van {aantal} aanvragen / ndtr op {aantal} x {aantal}"
    return 0 if meld(wat, *uit, GRENS) else 1


if __name__ == "__main__":
    sys.exit(main(int(sys.argv[1]) if len(sys.argv) > 1 else 5_000))
