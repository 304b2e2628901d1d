"""The group of an organisation as a table: what counts, for how much, and why."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from django.utils.translation import gettext as _

from aanvragen.models import Organisatie, Verbonden
from aanvragen.omvang import Groep, Groepsregel, aanvrager, groep, mkb_uitslag
from aanvragen.selectors import onderneming_uit
from portalen.zaakweergave import Vlag


@dataclass(frozen=True)
class Groepsblok:
    """``regels``: one per enterprise, the organisation first; ``uitslag`` in words for the usual SME limits."""

    groep: Groep
    uitslag: str
    vlag: Vlag

    @property
    def regels(self) -> tuple[Groepsregel, ...]:
        return self.groep.regels


def groepsblok(organisatie: Organisatie, rijen: Iterable[Verbonden]) -> Groepsblok:
    o = organisatie
    eigen = aanvrager(o.naam, o.kvk_nummer, o.werkzame_personen, o.omzet, o.balanstotaal)
    uitkomst = groep(eigen, [onderneming_uit(rij) for rij in rijen])
    uitslag = mkb_uitslag(uitkomst, vorig=o.omvang_vorig, publiek=o.publiek, publiek_aandeel=o.publiek_aandeel)
    if uitslag.past is None:
        vlag = Vlag(_("Dit kijkt een medewerker na"), "info")
    elif uitslag.past:
        vlag = Vlag(_("Mkb-onderneming"), "ok")
    else:
        vlag = Vlag(_("Geen mkb-onderneming"), "warning")
    return Groepsblok(uitkomst, uitslag.uitleg, vlag)
