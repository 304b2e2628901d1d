"""Two people on one budget: a three-way merge per line.

A line is known by its number. What the page did not know (a colleague added it) stays; a line that only one of the two
changed or took out is changed or gone; a line that both changed differently is put before the second one.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from django.utils.translation import gettext as _

from aanvragen.services.concept import Begrotingspost
from portalen.formulieren.begroting import Begroting, Regelformulier, begrotingspost, in_woorden, regelvinger
from portalen.formulieren.concept import Verschil


@dataclass(frozen=True)
class Regelsamenvoeging:
    """``posten``: the lines to store, in order. ``open``: rows that stay on the page as typed (error or conflict)."""

    posten: list[Begrotingspost]
    open: list[Regelformulier]
    verschillen: list[Verschil]


def begroting_samenvoegen(
    begroting: Begroting, basis: Mapping[str, str], overnemen: Iterable[str] = ()
) -> Regelsamenvoeging:
    """Compares the posted rows with the stored lines and with what the person saw (``basis``: line → digest)."""
    return _Samenvoeger(begroting, basis, set(overnemen)).doe()


class _Samenvoeger:
    def __init__(self, begroting: Begroting, basis: Mapping[str, str], gekozen: set[str]) -> None:
        self.begroting, self.basis, self.gekozen = begroting, basis, gekozen
        self.rijen = {rij.plek: rij for rij in begroting if rij.plek}
        self.posten: list[Begrotingspost] = []
        self.open: list[Regelformulier] = []
        self.verschillen: list[Verschil] = []

    def doe(self) -> Regelsamenvoeging:
        nu = {plek: begrotingspost(regel, int(plek)) for plek, regel in self.begroting.regels.items()}
        for plek, staat in nu.items():
            post = self._bestaand(plek, staat)
            if post is not None:
                self.posten.append(post)
        erbij = Counter(regelvinger(post) for plek, post in nu.items() if f"regel-{plek}" not in self.basis)
        for rij in self.begroting:
            if rij.plek not in nu:
                self._nieuw(rij, erbij)
        volgorde = {id(rij): nr for nr, rij in enumerate(self.begroting)}
        return Regelsamenvoeging(self.posten, sorted(self.open, key=lambda rij: volgorde[id(rij)]), self.verschillen)

    def _bestaand(self, plek: str, staat: Begrotingspost) -> Begrotingspost | None:
        """What becomes of a stored line: it stays, changes or goes (``None``)."""
        was, rij = self.basis.get(f"regel-{plek}"), self.rijen.get(plek)
        if was is None and rij is None:
            return staat  # a colleague's new line
        if rij is not None and rij.errors:
            self.open.append(rij)
            return staat
        mijn = rij.post() if rij is not None else None
        mijn_digest, nu_digest = (regelvinger(mijn) if mijn else "", regelvinger(staat))
        if mijn_digest in {nu_digest, was} or f"regel-{plek}" in self.gekozen:
            return staat
        if nu_digest == was:
            return mijn
        self._botst(plek, rij, mijn, staat)
        return staat

    def _nieuw(self, rij: Regelformulier, erbij: Counter[str]) -> None:
        """A row without a stored line: new, or one that a colleague took out meanwhile."""
        if rij.is_leeg or (rij.plek and f"regel-{rij.plek}" in self.gekozen):
            return
        if rij.errors:
            self.open.append(rij)
            return
        mijn = rij.post()
        assert mijn is not None
        digest, was = regelvinger(mijn), self.basis.get(f"regel-{rij.plek}") if rij.plek else None
        if was is not None:
            if digest != was:
                self._botst(rij.plek, rij, mijn, None)
            return
        if erbij[digest]:  # the same line is there already: the page was sent twice
            erbij[digest] -= 1
            return
        self.posten.append(begrotingspost(vars(mijn)))

    def _botst(
        self, plek: str, rij: Regelformulier | None, mijn: Begrotingspost | None, staat: Begrotingspost | None
    ) -> None:
        if rij is not None:
            self.open.append(rij)
        naam = staat.omschrijving if staat else mijn.omschrijving if mijn else ""
        self.verschillen.append(
            Verschil(
                _("Regel “%(naam)s”") % {"naam": naam},
                in_woorden(mijn) if mijn else _("weggehaald"),
                in_woorden(staat) if staat else _("weggehaald"),
                f"regel-{plek}",
                f"id_{rij.prefix}-omschrijving" if rij is not None else "",
            )
        )
