"""Assignment of assessors against the plain min-cost-flow relaxation of the same question, as an LP by HiGHS.

``python bench/bench_toewijzing.py [APPLICATIONS]`` (default 5,000; 60 assessors, two each). The distance to the
optimum is proven by the price bound, which is at most the optimum of the exact model. Two questions: experts spread
evenly over themes of equal size, and themes of very different size, where experts run short. Ends with 1 when a limit
of the design is not met.
"""

from __future__ import annotations

import sys
from pathlib import Path

import numpy as np
from scipy import sparse
from scipy.optimize import linprog

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from meten import meld, processortijd, vergelijk

from beoordeling.toewijzing.kosten import BASIS, DESKUNDIG, OVERIG, bepaal_kosten
from beoordeling.toewijzing.toewijzen import wijs_toe
from beoordeling.toewijzing.vormen import Opgave, maak_opgave

GRENS_TIJD, GRENS_AFSTAND = 25.0, 1.02
BEOORDELAARS, THEMAS, K = 60, 8, 2


def maak_vraag(aantal: int, *, scheef: bool) -> Opgave:
    kans = np.random.default_rng(2026)
    gewicht = np.arange(1.0, THEMAS + 1) if scheef else np.ones(THEMAS)
    thema = kans.choice(THEMAS, aantal, p=gewicht / gewicht.sum())
    niveau = np.full((THEMAS, BEOORDELAARS), OVERIG)
    for j in range(BEOORDELAARS):
        niveau[kans.choice(THEMAS, 2, replace=False), j] = BASIS
        niveau[j % THEMAS, j] = DESKUNDIG
    kosten = bepaal_kosten(
        niveau[thema],
        [f"BENCH-{i:05d}" for i in range(aantal)],
        [f"B{j:02d}" for j in range(BEOORDELAARS)],
        zaad=b"bench",
    )
    return maak_opgave(
        kosten,
        kans.random(kosten.shape) > 0.02,
        kans.integers(0, 40, BEOORDELAARS),
        k=K,
        last_min=aantal * K // BEOORDELAARS,
        last_max=-(-aantal * K // BEOORDELAARS),
        deskundig=niveau[thema] == DESKUNDIG,
    )


def stroom(o: Opgave) -> float:
    """The relaxation: k per application and loads within bounds; nothing about organisations, experts or slack."""
    i, j = np.nonzero(o.toegestaan)
    pijl, een = np.arange(len(i)), np.ones(len(i))
    per_aanvraag = sparse.csr_array((een, (i, pijl)), shape=(o.aanvragen, len(i)))
    last = sparse.csr_array((een, (j, pijl)), shape=(o.beoordelaars, len(i)))
    uit = linprog(
        o.kosten[i, j],
        A_ub=sparse.vstack([last, -last]),
        b_ub=np.concatenate([o.last_max, -o.last_min]),
        A_eq=per_aanvraag,
        b_eq=np.full(o.aanvragen, o.k),
        bounds=(0, 1),
        method="highs",
    )
    if uit.status != 0:
        raise SystemExit(f"HiGHS: {uit.message}")
    return float(uit.fun)


def main(aantal: int) -> int:
    goed = True
    for naam, scheef in (("gelijke thema's", False), ("scheve thema's", True)):
        o = maak_vraag(aantal, scheef=scheef)
        antwoord = wijs_toe(o)
        print(
            f"{naam}: doel {antwoord.doel}, ondergrens {antwoord.ondergrens:.0f}, hoogstens"
            f" {1 + antwoord.afstand:.6f} x het optimum (grens {GRENS_AFSTAND}); stroom alleen: {stroom(o):.0f}"
        )
        goed &= 1 + antwoord.afstand <= GRENS_AFSTAND
        uit = vergelijk(lambda o=o: processortijd(lambda: stroom(o)), lambda o=o: processortijd(lambda: wijs_toe(o)))
        goed &= meld(f"{naam}: toewijzen / stroom zonder de andere regels", *uit, GRENS_TIJD)
    return 0 if goed else 1


if __name__ == "__main__":
    sys.exit(main(int(sys.argv[1]) if len(sys.argv) > 1 else 5_000))
