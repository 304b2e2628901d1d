"""The automatic checks of another version of a scheme over applications that were sent before: nothing is stored."""

from __future__ import annotations

from copy import copy
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from aanvragen.enums import Bron, Toetsuitkomst
from aanvragen.models import Aanvraag
from aanvragen.services.toetsing import toetsinvoer
from aanvragen.toetsen import Toetsresultaat, toets_alles
from regeling.enums import Herkomst
from regeling.lezen import naar_json
from regeling.models import Regeling, Regelingversie, Tijdvak
from regeling.schema import Regelingspec, Tijdvakspec

#: So many applications of a round are checked, the newest first; so many differences are named.
HOOGSTENS, GENOEMD = 500, 100


@dataclass(frozen=True)
class Toetsverschil:
    """A check that comes out otherwise; ``oud`` or ``nieuw`` is empty where a version does not have the check."""

    naam: str
    oud: str
    nieuw: str
    uitleg: str


@dataclass(frozen=True)
class Zaakverschil:
    """One application with another outcome; amounts in euros, the same when only checks differ."""

    kenmerk: str
    toetsen: tuple[Toetsverschil, ...]
    bedrag_oud: Decimal
    bedrag_nieuw: Decimal


@dataclass(frozen=True)
class Hertoetsing:
    """``bekeken`` of ``aanvragen`` in the round were checked, ``anders`` came out otherwise; ``zaken``: the first."""

    tijdvak: Tijdvak
    aanvragen: int
    bekeken: int
    anders: int
    zaken: tuple[Zaakverschil, ...]


def laatste_ronde(regeling: Regeling) -> Tijdvak | None:
    """The newest real round of a scheme in which somebody applied here; imported applications hold too little."""
    met_zaken = Aanvraag.objects.exclude(kenmerk="").exclude(bron=Bron.IMPORT).values("tijdvak")
    rondes = Tijdvak.objects.filter(regelingversie__regeling=regeling, pk__in=met_zaken)
    return rondes.exclude(herkomst=Herkomst.SIMULATIE).select_related("regelingversie").order_by("-open_op").first()


def hertoetsen(*, tijdvak: Tijdvak, spec: Regelingspec, op: datetime) -> Hertoetsing:
    """Both versions look at the same data: those of now. So a difference comes from the rules and from nothing else."""
    zaken = Aanvraag.objects.filter(tijdvak=tijdvak).exclude(kenmerk="").exclude(bron=Bron.IMPORT)
    rijen = list(
        zaken.select_related("organisatie", "adviseur__bureau").order_by("-ingediend_op", "-kenmerk")[:HOOGSTENS]
    )
    anders = copy(tijdvak)
    anders.regelingversie = Regelingversie(inhoud=naar_json(spec))
    verschillen = [uit for rij in reversed(rijen) if (uit := _vergelijk(rij, tijdvak, anders, op)) is not None]
    return Hertoetsing(
        tijdvak=tijdvak,
        aanvragen=zaken.count(),
        bekeken=len(rijen),
        anders=len(verschillen),
        zaken=tuple(verschillen[:GENOEMD]),
    )


def _vergelijk(aanvraag: Aanvraag, tijdvak: Tijdvak, anders: Tijdvak, op: datetime) -> Zaakverschil | None:
    ronde = tijdvak.tijdvakspec
    oud, bedrag_oud = _toets(aanvraag, tijdvak, ronde, op)
    nieuw, bedrag_nieuw = _toets(aanvraag, anders, ronde, op)
    regels = []
    for code in list(dict.fromkeys([*oud, *nieuw])):
        was, wordt = oud.get(code), nieuw.get(code)
        if _telt(was) == _telt(wordt):
            continue
        een = wordt or was
        assert een is not None
        regels.append(Toetsverschil(een.naam, _woord(was), _woord(wordt), wordt.uitleg if wordt else ""))
    if not regels and bedrag_oud == bedrag_nieuw:
        return None
    return Zaakverschil(aanvraag.kenmerk, tuple(regels), bedrag_oud, bedrag_nieuw)


def _toets(
    aanvraag: Aanvraag, tijdvak: Tijdvak, ronde: Tijdvakspec, op: datetime
) -> tuple[dict[str, Toetsresultaat], Decimal]:
    aanvraag = copy(aanvraag)
    aanvraag.tijdvak = tijdvak
    spec = tijdvak.spec
    invoer = toetsinvoer(aanvraag, aanvraag.ingediend_op or op)
    return {uit.code: uit for uit in toets_alles(invoer, spec, ronde)}, invoer.berekening.subsidie


def _telt(uit: Toetsresultaat | None) -> str:
    """A check that is not asked counts as passed."""
    return str(uit.uitkomst) if uit is not None else str(Toetsuitkomst.VOLDOET)


def _woord(uit: Toetsresultaat | None) -> str:
    return str(Toetsuitkomst(uit.uitkomst).label) if uit is not None else ""
