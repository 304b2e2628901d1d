"""Models of the room, one file per group."""

from beoordeling.models.loting import Loting, Lotingbestand, Mutatie, Plaats, Rangschikking
from beoordeling.models.referentie import (
    Aanvraagherkomst,
    Referentieantwoord,
    Referentiecontrole,
    Referentiesignaal,
    Referentiesteekproef,
    Referentieverzoek,
    Tekstgelijkenis,
)

__all__ = [
    "Aanvraagherkomst",
    "Loting",
    "Lotingbestand",
    "Mutatie",
    "Plaats",
    "Rangschikking",
    "Referentieantwoord",
    "Referentiecontrole",
    "Referentiesignaal",
    "Referentiesteekproef",
    "Referentieverzoek",
    "Tekstgelijkenis",
]
