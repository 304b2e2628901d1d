"""Models of the room, one file per group."""

from beoordeling.models.eindscore import Eindscore
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
from beoordeling.models.volgorde import Dagplaats, Volgordedag

__all__ = [
    "Aanvraagherkomst",
    "Dagplaats",
    "Eindscore",
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
    "Volgordedag",
]
