"""Circles of references: advisers who vouch for each other through their organisations."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

#: A longer circle is chance in a small sector (design 05, part 5).
LANGSTE = 4
Kenmerken = frozenset[str]


def kring(zijden: Iterable[tuple[Kenmerken, Kenmerken]], van: Kenmerken, naar: Kenmerken) -> int | None:
    """Length of the shortest circle that the edge ``van`` → ``naar`` closes, at most ``LANGSTE``; else ``None``.

    An edge goes from an adviser's organisation to the organisation of a referee. An organisation is known by marks
    (``kvk:00123456``, ``domein:bedrijf.example``); two that share a mark are one.
    """
    alle = [*zijden, (van, naar)]
    knoop = _samengevoegd([kant for zijde in alle for kant in zijde])
    buren: dict[str, set[str]] = {}
    for adviseur, referent in alle:
        if adviseur and referent:
            buren.setdefault(knoop[min(adviseur)], set()).add(knoop[min(referent)])
    if not (van and naar):
        return None
    doel, rand, gezien = knoop[min(van)], {knoop[min(naar)]}, set()
    for lengte in range(1, LANGSTE + 1):
        if doel in rand:
            return lengte
        gezien |= rand
        rand = {ander for deel in rand for ander in buren.get(deel, set())} - gezien
    return None


def _samengevoegd(groepen: Sequence[Kenmerken]) -> dict[str, str]:
    """Mark → representative of the organisation it belongs to (union-find)."""
    ouder: dict[str, str] = {}

    def top(kenmerk: str) -> str:
        while ouder[kenmerk] != kenmerk:
            ouder[kenmerk] = ouder[ouder[kenmerk]]
            kenmerk = ouder[kenmerk]
        return kenmerk

    for groep in groepen:
        eerste = min(groep, default="")
        for kenmerk in groep:
            ouder.setdefault(kenmerk, kenmerk)
        for kenmerk in groep:
            ouder[top(kenmerk)] = top(eerste)
    return {kenmerk: top(kenmerk) for kenmerk in ouder}
