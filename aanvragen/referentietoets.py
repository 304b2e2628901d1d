"""Whether the references of an application are enough: named before sending, confirmed afterwards. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from aanvragen.enums import Referentiestatus, Toetsuitkomst
from regeling.schema_delen import Adviseur

S = Referentiestatus
#: Can still become confirmed without the applicant doing anything.
ONDERWEG = frozenset({S.CONCEPT, S.KLAAR, S.UITGENODIGD, S.HERINNERD, S.BEANTWOORD, S.ONTKEND, S.IN_CONTROLE})
#: No longer counts for anything.
WEG = frozenset({S.INGETROKKEN, S.VERVANGEN})


@dataclass(frozen=True)
class Referentiegegevens:
    """One reference. ``kvk_nummer`` tells clients apart where it is known, else the name does."""

    organisatie: str
    email: str
    kvk_nummer: str = ""
    status: str = S.CONCEPT


def opdrachtgevers(referenties: Iterable[Referentiegegevens]) -> int:
    """How many different clients: the same name or the same KvK number is the same client."""
    groepen: list[set[str]] = []
    for referentie in referenties:
        eigen = {referentie.organisatie.strip().lower(), referentie.kvk_nummer} - {""}
        samen = [groep for groep in groepen if groep & eigen]
        groepen = [groep for groep in groepen if groep not in samen] + [eigen.union(*samen)]
    return len(groepen)


def referenties_toetsen(
    referenties: Sequence[Referentiegegevens], eis: Adviseur, *, verstuurd: bool
) -> tuple[Toetsuitkomst, str]:
    """Outcome and explanation. Before sending, and where the scheme does not have them checked, naming is enough."""
    genoemd = [r for r in referenties if r.status not in WEG]
    if not verstuurd or eis.toets_voor == "geen":
        if not _genoeg(genoemd, eis):
            return Toetsuitkomst.VOLDOET_NIET, _tekort(genoemd, eis)
        return Toetsuitkomst.VOLDOET, f"Er zijn {len(genoemd)} referenties."
    bevestigd = [r for r in genoemd if r.status == S.BEVESTIGD]
    stand = f"{len(bevestigd)} van de {eis.referenties} referenties bevestigd"
    if _genoeg(bevestigd, eis):
        return Toetsuitkomst.VOLDOET, f"Er zijn {stand}."
    mogelijk = bevestigd + [r for r in genoemd if r.status in ONDERWEG]
    if _genoeg(mogelijk, eis):
        return Toetsuitkomst.HANDMATIG, f"Er zijn {stand}. Wij wachten op de andere."
    return (
        Toetsuitkomst.VOLDOET_NIET,
        f"Er zijn {stand}. Wat nog openstaat, is niet genoeg: de aanvrager moet een referentie vervangen.",
    )


def _genoeg(rijen: Sequence[Referentiegegevens], eis: Adviseur) -> bool:
    return len(rijen) >= eis.referenties and (
        not eis.verschillende_opdrachtgevers or opdrachtgevers(rijen) >= eis.referenties
    )


def _tekort(rijen: Sequence[Referentiegegevens], eis: Adviseur) -> str:
    if len(rijen) < eis.referenties:
        return f"Er zijn {len(rijen)} referenties; nodig zijn er {eis.referenties}."
    return "De referenties zijn niet van verschillende opdrachtgevers."
