"""The profile of the self-scan as text, table and drawing (always all three)."""

from __future__ import annotations

from dataclasses import dataclass

from django.utils.translation import gettext as _

from aanvragen.zelfscan import DIMENSIE, HOOGSTE, LAAG, LAAGSTE, MIDDEN, Profiel, Score
from portalen.formulieren.zelfscan import in_taal
from portalen.presentatie.regelingtekst import opsomming
from portalen.templatetags.stimulans import getal

#: Geometry of the drawing, in its own units: width of the whole, left of the bars, height of a row.
BREEDTE, HOOGTE_RIJ, MARGE = 320, 46, 4
_BALK = BREEDTE - 2 * MARGE


@dataclass(frozen=True)
class Staaf:
    """One row: name, score in words and the bar (units of the drawing)."""

    code: str
    naam: str
    score: str
    niveau: str
    woord: str
    uitleg: str
    advies: str
    soort: str
    y: int
    breedte: str

    @property
    def y_balk(self) -> int:
        return self.y + 8

    @property
    def heeft_score(self) -> bool:
        return bool(self.niveau)


def staven(scores: tuple[Score, ...]) -> list[Staaf]:
    """The rows in order; a part with too few answers has no bar."""
    return [_staaf(score, nr) for nr, score in enumerate(scores)]


def _staaf(score: Score, nr: int) -> Staaf:
    deel, waarde = score.onderdeel, score.waarde
    lengte = (waarde - LAAGSTE) * _BALK / (HOOGSTE - LAAGSTE) if waarde is not None else 0
    return Staaf(
        code=deel.code,
        naam=in_taal(deel.naam),
        score=getal(waarde, 1) if waarde is not None else _("geen score"),
        niveau=score.niveau,
        woord=niveauwoord(score.niveau),
        uitleg=in_taal(deel.uitleg),
        advies=in_taal(deel.advies),
        soort=_("Onderwerp") if deel.soort == DIMENSIE else _("Hefboom"),
        y=nr * HOOGTE_RIJ + 18,
        breedte=f"{max(lengte, 1) if waarde is not None else 0:.1f}",
    )


def niveauwoord(niveau: str) -> str:
    if not niveau:
        return _("te weinig antwoorden")
    return {LAAG: _("veel ruimte voor verbetering"), MIDDEN: _("ruimte voor verbetering")}.get(
        niveau, _("gaat al goed")
    )


def hoogte(scores: tuple[Score, ...]) -> int:
    """Height of the drawing."""
    return len(scores) * HOOGTE_RIJ + 8


def samenvatting(profiel: Profiel) -> str:
    """The outcome in two sentences."""
    bekend = [score for score in profiel.scores if score.waarde is not None]
    if not bekend:
        return _("Er zijn te weinig antwoorden voor een profiel.")
    top = max(score.waarde for score in bekend if score.waarde is not None)
    sterk = opsomming(in_taal(score.onderdeel.naam).lower() for score in bekend if score.waarde == top)
    tekst = _("Het sterkst bent u in: %(namen)s (%(score)s).") % {"namen": sterk, "score": getal(top, 1)}
    if not profiel.begin:
        return tekst + " " + _("Op alle onderdelen scoort u 3,5 of meer.")
    laag = next(score.waarde for score in bekend if score.onderdeel == profiel.begin[0])
    zwak = opsomming(in_taal(onderdeel.naam).lower() for onderdeel in profiel.begin)
    return tekst + " " + _("De meeste winst zit in: %(namen)s (%(score)s).") % {"namen": zwak, "score": getal(laag, 1)}
