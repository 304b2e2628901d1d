"""Models of the room, one file per group."""

from beoordeling.models.commissie import Belang, Commissie, Commissielid, Deskundigheid, Samenwerking
from beoordeling.models.eindscore import Eindscore
from beoordeling.models.loting import Broninvoer, Loting, Lotingbestand, Mutatie, Plaats, Rangschikking
from beoordeling.models.referentie import (
    Aanvraagherkomst,
    Referentieantwoord,
    Referentiecontrole,
    Referentiesignaal,
    Referentiesteekproef,
    Referentieverzoek,
    Tekstgelijkenis,
)
from beoordeling.models.toewijzing import (
    Aanvraagbeoordeling,
    Beoordeling,
    Consensus,
    Consensusantwoord,
    Criteriumscore,
    Toewijsopdracht,
    Toewijzing,
    Toewijzingsronde,
)
from beoordeling.models.vergadering import Aanwezige, Agendapunt, Stem, Vergadering, Verschoning
from beoordeling.models.volgorde import Dagplaats, Volgordedag

__all__ = [
    "Aanvraagbeoordeling",
    "Aanvraagherkomst",
    "Aanwezige",
    "Agendapunt",
    "Belang",
    "Beoordeling",
    "Broninvoer",
    "Commissie",
    "Commissielid",
    "Consensus",
    "Consensusantwoord",
    "Criteriumscore",
    "Deskundigheid",
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
    "Samenwerking",
    "Stem",
    "Tekstgelijkenis",
    "Toewijsopdracht",
    "Toewijzing",
    "Toewijzingsronde",
    "Vergadering",
    "Verschoning",
    "Volgordedag",
]
