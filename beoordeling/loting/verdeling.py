"""Division of the room over the draw order: STOP, SKIP or DEEL, with pots, groups and a rest round.

Every award takes its amount from the ceiling ``*`` and from each pot of the application at once.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass, field

from beoordeling.loting.vormen import STER, Deelnemers, Protocol, Uitkomst

RESERVE, GROEP, UIT, INGETROKKEN = "RESERVE", "GROEP", "UIT", "INGETROKKEN"
_ALLEEN_STER = (STER,)


#: Told at every turn, before it is decided: row of the list, the standing, the pots that are closed so far. Returns
#: whether it wants to see turns that nothing can come of any more, because all pots are closed.
Toeschouwer = Callable[[int, "Stand", set[str]], bool]


@dataclass(slots=True)
class Stand:
    """The standing at one moment; changed in place by :func:`loop`.

    ``uitkomst``: per row of the list an award in cents or a word. ``betaald_uit``: row -> the pots its award came
    from. ``ruimte``: pot -> cents left (``*`` first). ``bezet``: group -> number of awards. ``dicht``: pots
    that were closed in the division itself, because somebody did not fit.
    """

    uitkomst: list[Uitkomst]
    betaald_uit: dict[int, tuple[str, ...]]
    ruimte: dict[str, int]
    bezet: dict[str, int]
    dicht: frozenset[str] = field(default_factory=frozenset)

    def kopie(self) -> Stand:
        return Stand(self.uitkomst[:], dict(self.betaald_uit), dict(self.ruimte), dict(self.bezet), self.dicht)


def loop(
    stand: Stand,
    deelnemers: Deelnemers,
    volgorde: Sequence[int],
    protocol: Protocol,
    *,
    alleen_ster: bool,
    kijkt: Toeschouwer | None = None,
) -> set[str]:
    """One walk over the rows that are RESERVE, in draw order, with no pot closed at the start; the pots it closed.

    ``kijkt`` looks and changes nothing.
    """
    gesloten: set[str] = set()
    uitkomst, ruimte, bezet = stand.uitkomst, stand.ruimte, stand.bezet
    groepen, bedragen, samen = deelnemers.groep, deelnemers.bedrag, deelnemers.potten
    per_groep, sluit, deel = protocol.per_groep, protocol.regel != "SKIP", protocol.regel == "DEEL"
    # There are few distinct combinations of pots; one that contains a closed pot moves out of ``open_``.
    open_ = {s: _ALLEEN_STER if alleen_ster or s == "-" else (STER, *s.split("+")) for s in set(samen)}
    met_groepen, kijkt_verder = set(groepen) != {"-"}, False
    for i in volgorde:
        if uitkomst[i] != RESERVE:
            continue
        if kijkt is not None:
            kijkt_verder = kijkt(i, stand, gesloten)
        groep = groepen[i]
        if groep != "-" and bezet.get(groep, 0) >= per_groep:
            uitkomst[i] = GROEP
            continue
        potten = open_.get(samen[i])
        if potten is None:
            continue
        bedrag = vraag = bedragen[i]
        for pot in potten:
            if ruimte[pot] < bedrag:
                bedrag = ruimte[pot]
        if bedrag < vraag and sluit:
            dicht = {pot for pot in potten if ruimte[pot] < vraag}
            gesloten |= dicht
            open_ = {s: p for s, p in open_.items() if dicht.isdisjoint(p)}
        if bedrag == vraag or (deel and bedrag > 0):
            ken_toe(stand, i, groep, bedrag, potten)
        if not open_ and not met_groepen and not kijkt_verder:
            break  # all pots are closed, and nobody can turn out to have a full group
    return gesloten


def ken_toe(stand: Stand, rij: int, groep: str, bedrag: int, potten: tuple[str, ...]) -> None:
    """Book one award; the caller decides whether there is room (after an upheld objection there may not be)."""
    stand.uitkomst[rij] = bedrag
    stand.betaald_uit[rij] = potten
    for pot in potten:
        stand.ruimte[pot] -= bedrag
    if groep != "-":
        stand.bezet[groep] = stand.bezet.get(groep, 0) + 1


def verdeel(
    deelnemers: Deelnemers,
    volgorde: Sequence[int],
    protocol: Protocol,
    uitgesloten: Collection[str] = frozenset(),
    *,
    kijkt: Toeschouwer | None = None,
    kijkt_rest: Toeschouwer | None = None,
) -> Stand:
    """Divide the room of the protocol over the list; ``uitgesloten``: labels that get UIT. The walk and the second one
    (``restronde``) can each be looked at."""
    stand = Stand(
        uitkomst=[UIT if k in uitgesloten else RESERVE for k in deelnemers.kenmerk],
        betaald_uit={},
        ruimte={STER: protocol.plafond_cent, **protocol.potten},
        bezet={},
    )
    stand.dicht = frozenset(loop(stand, deelnemers, volgorde, protocol, alleen_ster=False, kijkt=kijkt))
    if protocol.restronde:
        loop(stand, deelnemers, volgorde, protocol, alleen_ster=True, kijkt=kijkt_rest)
    return stand
