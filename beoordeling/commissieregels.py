"""Rules of the committee as arithmetic: checking scores, the quorum, the median of votes, what three assessors make.

Pure. Scores per criterion are whole numbers 1..5, totals are ``Decimal`` 0..100 with two decimals, half up
(design 05 part 4).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from beoordeling.score import HOOGSTE, LAAGSTE, Uitkomst, afwijking, bereken, rond_af, totaal
from kern.fouten import InvoerFout, OvergangFout

#: Voting members that a decision needs at least, besides more than half.
MINIMUM = 3
#: Letters that a reason has at least.
LETTERS = 5


@dataclass(frozen=True)
class Maatstaf:
    """The criteria of a round in order. ``codes``, ``namen`` and ``gewichten`` belong together."""

    codes: tuple[str, ...]
    namen: tuple[str, ...]
    gewichten: tuple[Decimal, ...]
    drempel: Decimal | None

    def rij(self, scores: Mapping[str, Any]) -> list[int]:
        """Scores in the order of the criteria; of an assessment (code → {"score"}) or of a vote (code → score)."""
        waarden = [scores[code] for code in self.codes]
        return [int(waarde["score"] if isinstance(waarde, Mapping) else waarde) for waarde in waarden]

    def totaal(self, scores: Mapping[str, Any]) -> Decimal:
        return totaal(self.rij(scores), self.gewichten)

    def bereken(self, beoordelingen: Sequence[Mapping[str, Any]]) -> Uitkomst:
        return bereken([self.rij(scores) for scores in beoordelingen], self.gewichten, drempel=self.drempel)


def lees_score(waarde: object, naam: str, veld: str) -> int:
    """A score as typed: a whole number on the scale. :class:`InvoerFout` otherwise."""
    tekst = str(waarde).strip()
    if isinstance(waarde, bool) or not tekst.isascii() or not tekst.isdigit() or not LAAGSTE <= int(tekst) <= HOOGSTE:
        raise InvoerFout(
            f"De score “{tekst[:20]}” voor “{naam}” bestaat niet.",
            actie=f"Kies een heel getal van {LAAGSTE} tot en met {HOOGSTE}.",
            code="score-buiten-schaal",
            veld=veld,
        )
    return int(tekst)


def eis_reden(tekst: str, wat: str, veld: str = "reden") -> str:
    """The text without spaces around it; :class:`InvoerFout` when it says nothing."""
    if sum(teken.isalpha() for teken in tekst) < LETTERS:
        raise InvoerFout(
            f"{wat} ontbreekt.", actie="Schrijf in een paar woorden waarom.", code="reden-ontbreekt", veld=veld
        )
    return tekst.strip()


def eis_volledig(maatstaf: Maatstaf, scores: Mapping[str, Mapping[str, Any]]) -> dict[str, dict[str, Any]]:
    """Scores and reasons of all criteria, in order. :class:`InvoerFout` at the first that is missing."""
    uit: dict[str, dict[str, Any]] = {}
    for code, naam in zip(maatstaf.codes, maatstaf.namen, strict=True):
        rij = scores.get(code, {})
        if rij.get("score") is None:
            raise InvoerFout(
                f"De score voor “{naam}” ontbreekt.",
                actie=f"Kies een score van {LAAGSTE} tot en met {HOOGSTE}.",
                code="score-ontbreekt",
                veld=f"score_{code}",
            )
        score = lees_score(rij["score"], naam, f"score_{code}")
        reden = eis_reden(rij.get("reden", ""), f"De reden bij “{naam}”", f"reden_{code}")
        uit[code] = {"score": score, "reden": reden}
    return uit


@dataclass(frozen=True)
class Quorum:
    """``stemgerechtigd``: voting members in their term; ``verschoond`` of them are out of the room."""

    stemgerechtigd: int
    verschoond: int

    @property
    def over(self) -> int:
        return self.stemgerechtigd - self.verschoond

    @property
    def nodig(self) -> int:
        """More than half of who is left, and at least three."""
        return max(self.over // 2 + 1, MINIMUM)

    def eis(self, aanwezig: int, wat: str) -> None:
        """:class:`OvergangFout` when ``aanwezig`` non-recused voting members are too few."""
        if aanwezig < self.nodig:
            raise OvergangFout(
                f"Het quorum is niet gehaald: {aanwezig} van de {self.over} leden die mogen stemmen {wat}, "
                f"er zijn er {self.nodig} nodig.",
                actie="Neem het punt op in een vergadering waar meer leden kunnen stemmen.",
                code="geen-quorum",
            )


def mediaan(waarden: Sequence[Decimal]) -> Decimal:
    """The middle value, or the mean of the two in the middle; two decimals, half up."""
    if not waarden:
        raise InvoerFout("Er is niet gestemd.", actie="Laat de leden eerst stemmen.")
    rij, helft = sorted(waarden), len(waarden) // 2
    return rond_af(rij[helft] if len(rij) % 2 else (rij[helft - 1] + rij[helft]) / 2)


@dataclass(frozen=True)
class Score:
    """A final score: ``totaal`` 0..100 and per criterion code a score 1..5, both with two decimals."""

    totaal: Decimal
    criteria: dict[str, Decimal]


def gemiddelde_score(maatstaf: Maatstaf, beoordelingen: Sequence[Mapping[str, Any]]) -> Score:
    """The mean of the assessors' totals, and per criterion."""
    uitkomst = maatstaf.bereken(beoordelingen)
    return Score(uitkomst.gemiddelde, dict(zip(maatstaf.codes, uitkomst.criteria, strict=True)))


def score_van(maatstaf: Maatstaf, scores: Mapping[str, Any]) -> Score:
    """One row of scores as a final score (a consensus)."""
    rij = {code: rond_af(Decimal(waarde)) for code, waarde in zip(maatstaf.codes, maatstaf.rij(scores), strict=True)}
    return Score(maatstaf.totaal(scores), rij)


def stemuitslag(maatstaf: Maatstaf, stemmen: Sequence[Mapping[str, Any]]) -> Score:
    """The median of the voted totals; per criterion the median of the voted scores."""
    rijen = [maatstaf.rij(stem) for stem in stemmen]
    kolommen = zip(*rijen, strict=True)
    return Score(
        mediaan([maatstaf.totaal(stem) for stem in stemmen]),
        {code: mediaan([Decimal(s) for s in kolom]) for code, kolom in zip(maatstaf.codes, kolommen, strict=True)},
    )


def derde_beslist(maatstaf: Maatstaf, eerste: Sequence[Mapping[str, Any]], derde: Mapping[str, Any]) -> bool:
    """Whether the third assessor sides with at least one of the others, so that no meeting is needed.

    Then the mean of all counts: nobody's score is thrown away.
    """
    ander = maatstaf.rij(derde)
    return any(
        not afwijking([maatstaf.rij(een), ander], maatstaf.gewichten, drempel=maatstaf.drempel) for een in eerste
    )
