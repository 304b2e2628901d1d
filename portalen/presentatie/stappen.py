"""The parts of an application, only those that the scheme asks for, and how far they are."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from django.urls import reverse
from django.utils.translation import gettext as _

from aanvragen.models import Aanvraag
from aanvragen.services.indienen import Gebrek, gebreken
from regeling.schema import Regelingspec

KLAAR, BEZIG, NOG_NIET, KAN_NOG_NIET = "klaar", "bezig", "nog-niet", "kan-nog-niet"


@dataclass(frozen=True)
class Stap:
    """A part: key (the same as in the copy of what was entered), name and a hint for the task list."""

    sleutel: str
    naam: str
    hint: str = ""


def stappen_van(spec: Regelingspec) -> list[Stap]:
    """The parts of the form of this scheme, in order."""
    kandidaten = [
        (True, Stap("organisatie", _("Uw organisatie"), _("Contactpersoon en gegevens van uw organisatie"))),
        (
            spec.definitie is not None,
            Stap("definitie", _("Waar gaat de regeling over?"), _("Wanneer past een project wel, en wanneer niet?")),
        ),
        (True, Stap("project", _("Het project"), _("Wat gaat u doen, en wanneer?"))),
        (bool(spec.themas or spec.doelen.maximum), Stap("themas", _("Thema’s en doelen"), _("Wat wilt u verbeteren?"))),
        (
            bool(spec.nulmeting),
            Stap("nulmeting", _("Waar staat u nu?"), _("Hoe het nu gaat, bij elk doel dat u kiest")),
        ),
        (
            heeft_vragen(spec),
            Stap("vragen", _("Vragen over het project"), _("Waarom past uw project hier?")),
        ),
        (vraagt_steun(spec), Stap("steun", _("Eerdere steun"), _("Kreeg u al de-minimissteun van de overheid?"))),
        (spec.adviseur.nodig, Stap("adviseur", _("De adviseur"), _("Wie helpt u, en wie kan dat bevestigen?"))),
        (
            spec.aanvrager.consortium is not None,
            Stap("deelnemers", _("Deelnemers"), _("Wie doen er mee in uw groep?")),
        ),
        (vraagt_plaatsen(spec), Stap("plaatsen", _("Plaatsen"), _("Hoeveel mensen wilt u laten meedoen?"))),
        (
            vraagt_begroting(spec),
            Stap("begroting", _("Kosten en subsidie"), _("Wat kost het, en wat kunt u krijgen?")),
        ),
        (bool(aanvraagbijlagen(spec)), Stap("bijlagen", _("Bijlagen"), _("Documenten die u meestuurt"))),
        (bool(spec.verklaringen), Stap("verklaringen", _("Verklaringen"), _("Waar gaat u mee akkoord?"))),
    ]
    return [stap for nodig, stap in kandidaten if nodig]


def heeft_vragen(spec: Regelingspec) -> bool:
    return bool(spec.vragen)


def vraagt_plaatsen(spec: Regelingspec) -> bool:
    """Places in a course instead of money."""
    return spec.subsidie.vorm == "plaats"


def vraagt_begroting(spec: Regelingspec) -> bool:
    """Costs of the project as a whole: not for places, and not where each member of a group has its own costs."""
    groep = spec.aanvrager.consortium
    return not vraagt_plaatsen(spec) and not (groep is not None and groep.bedrag_per_deelnemer)


def vraagt_steun(spec: Regelingspec) -> bool:
    return spec.subsidie.staatssteun == "de-minimis"


def aanvraagbijlagen(spec: Regelingspec) -> list[str]:
    return [bijlage.code for bijlage in spec.bijlagen if bijlage.bij == "aanvraag"]


@dataclass(frozen=True)
class Taak:
    """A part with its state; ``gebreken`` is what still has to be done there.

    ``getypt``: the reader typed something there that was not saved with the page.
    """

    stap: Stap
    url: str
    stand: str
    gebreken: tuple[Gebrek, ...] = ()
    getypt: bool = False

    @property
    def naam(self) -> str:
        return self.stap.naam

    @property
    def hint(self) -> str:
        if self.stand == KAN_NOG_NIET:
            return _("Kies eerst uw doelen")
        return _("Hier staat een klad dat nog niet meetelt") if self.getypt else self.stap.hint


@dataclass(frozen=True)
class Voortgang:
    taken: tuple[Taak, ...]
    gebreken: tuple[Gebrek, ...] = field(default=())

    @property
    def klaar(self) -> int:
        return sum(taak.stand == KLAAR for taak in self.taken)

    @property
    def totaal(self) -> int:
        return len(self.taken)

    def taak(self, sleutel: str) -> Taak:
        return next(taak for taak in self.taken if taak.stap.sleutel == sleutel)


def voortgang_van(aanvraag: Aanvraag, op: datetime, getypt: Collection[str] = ()) -> Voortgang:
    """State of every part: done when it was kept and nothing is missing, busy when something is.

    ``getypt``: parts with text that was not saved yet.
    """
    stappen = stappen_van(aanvraag.tijdvak.spec)
    gevonden = gebreken(aanvraag, op)
    taken = []
    for stap in stappen:
        eigen = tuple(gebrek for gebrek in gevonden if gebrek.stap == stap.sleutel)
        bewaard = stap.sleutel in aanvraag.stappen_klaar
        stand = NOG_NIET if not bewaard else BEZIG if eigen else KLAAR
        if stap.sleutel in getypt:
            stand = BEZIG
        elif stap.sleutel == "nulmeting" and not aanvraag.doelen:
            stand = KAN_NOG_NIET
        taken.append(Taak(stap, stap_url(aanvraag, stap.sleutel), stand, eigen, stap.sleutel in getypt))
    return Voortgang(tuple(taken), tuple(gevonden))


def stap_url(aanvraag: Aanvraag, sleutel: str) -> str:
    return reverse("portalen:aanvraag_stap", args=[aanvraag.pk, sleutel])


def volgende(stappen: Sequence[Stap], sleutel: str) -> str | None:
    """Key of the part after this one; ``None`` after the last."""
    sleutels = [stap.sleutel for stap in stappen]
    plek = sleutels.index(sleutel) + 1
    return sleutels[plek] if plek < len(sleutels) else None
