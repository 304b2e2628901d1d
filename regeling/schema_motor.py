"""How rules between keys run: each rule is a small generator of (key path, Dutch message), with an id and a statement.

A rule reads a whole scheme, or one part of it at a time. When a key that it needs could not be read, it stops; the
reader of the file has reported that key already.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from kern.fouten import Regelfout
from kern.geld import euro
from regeling.schema import Regelingspec, Tijdvakspec, Verdeling, samengevoegd
from regeling.schema_velden import gewoon

Bevinding = tuple[str, str]
Delen = Callable[[Regelingspec], Iterable[tuple[str, Any]]]


class Ontbreekt(Exception):
    """A key that a rule asks for was missing or refused."""


class Gedeeltelijk:
    """Stands in for a table of which some keys could not be read: those raise :class:`Ontbreekt`."""

    def __init__(self, waarden: dict[str, Any]) -> None:
        self._waarden = waarden

    def __getattr__(self, naam: str) -> Any:
        try:
            return self._waarden[naam]
        except KeyError:
            raise Ontbreekt(naam) from None


@dataclass(frozen=True)
class Bestandsregel:
    """``over`` gives the parts that ``toets`` is called with (path, part); without it ``toets`` gets the scheme."""

    id: str
    uitleg: str
    toets: Callable[..., Iterator[Bevinding]]
    over: Delen | None
    eenmalig: bool

    def bevindingen(self, spec: Regelingspec) -> Iterator[Regelfout]:
        """``eenmalig``: what holds for the scheme is not repeated for each round that inherits it."""
        gezien: set[Bevinding] = set()
        for pad, deel in self._delen(spec):
            try:
                for sleutel, melding in self.toets(spec) if self.over is None else self.toets(spec, deel):
                    if self.eenmalig and (sleutel, melding) in gezien:
                        continue
                    gezien.add((sleutel, melding))
                    yield Regelfout(f"{pad}.{sleutel}" if pad and sleutel else pad or sleutel, self.id, melding)
            except Ontbreekt:
                continue

    def _delen(self, spec: Regelingspec) -> list[tuple[str, Any]]:
        if self.over is None:
            return [("", spec)]
        try:
            return list(self.over(spec))
        except Ontbreekt:
            return []


class Regelboek(list[Bestandsregel]):
    """The rules of one module, in order."""

    def regel(
        self, id: str, uitleg: str, *, over: Delen | None = None, eenmalig: bool = False
    ) -> Callable[[Callable[..., Iterator[Bevinding]]], Callable[..., Iterator[Bevinding]]]:
        """Decorator that adds a rule. ``uitleg`` says in Dutch what must hold."""

        def voeg_toe(toets: Callable[..., Iterator[Bevinding]]) -> Callable[..., Iterator[Bevinding]]:
            self.append(Bestandsregel(id, uitleg, toets, over, eenmalig))
            return toets

        return voeg_toe


def elk(lijst: str) -> Delen:
    """Every element of a list of the scheme: ``tijdvakken[0]``, ``tijdvakken[1]`` ..."""

    def delen(spec: Regelingspec) -> Iterator[tuple[str, Any]]:
        for nummer, deel in enumerate(getattr(spec, lijst)):
            yield f"{lijst}[{nummer}]", deel

    return delen


def elke_verdeling(spec: Regelingspec) -> Iterator[tuple[str, Verdeling]]:
    """The distribution of the scheme, and that of each round which changes it (merged)."""
    yield "verdeling", spec.verdeling
    for nummer, tijdvak in enumerate(spec.tijdvakken):
        try:
            if tijdvak.verdeling is not None:
                yield f"tijdvakken[{nummer}].verdeling", verdeling_van(spec, tijdvak)
        except Ontbreekt:
            continue


def verdeling_van(spec: Regelingspec, tijdvak: Tijdvakspec) -> Verdeling:
    """The distribution of a round, also when the key of the round could not be read."""
    return samengevoegd(spec.verdeling, tijdvak.verdeling)


def aanwezig(delen: Iterable[Any], sleutel: str) -> Iterator[tuple[int, Any]]:
    """(position, value) of a key over a list, without the elements where it could not be read."""
    for nummer, deel in enumerate(delen):
        try:
            yield nummer, getattr(deel, sleutel)
        except Ontbreekt:
            continue


def hoeveel(bedrag: Decimal, eenheid: str) -> str:
    """A ceiling in its own unit."""
    return euro(bedrag) if eenheid == "euro" else f"{gewoon(bedrag)} stuks"
