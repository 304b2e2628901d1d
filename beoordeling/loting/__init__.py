"""The verifiable lottery LOTING-HKDF-SHA256-1: pure functions over bytes and columns (no clock, chance, database)."""

from beoordeling.loting.bestanden import (
    lees_deelnemers,
    lees_protocol,
    schrijf_bronwaarden,
    schrijf_deelnemers,
    schrijf_mutaties,
    schrijf_protocol,
)
from beoordeling.loting.bewijs import maak_bewijspakket
from beoordeling.loting.bronnen import cijfers_uit_invoer, controleer_bls, drand_ronde, drand_tijd, drand_waarde
from beoordeling.loting.rekenen import Uitslag, bereken, reken, schrijf_uitslag
from beoordeling.loting.vormen import (
    ALGORITME,
    Bronwaarden,
    Deelnemer,
    Deelnemers,
    LotingFout,
    Mutatie,
    Protocol,
    Uitkomst,
)

__all__ = [
    "ALGORITME",
    "Bronwaarden",
    "Deelnemer",
    "Deelnemers",
    "LotingFout",
    "Mutatie",
    "Protocol",
    "Uitkomst",
    "Uitslag",
    "bereken",
    "cijfers_uit_invoer",
    "controleer_bls",
    "drand_ronde",
    "drand_tijd",
    "drand_waarde",
    "lees_deelnemers",
    "lees_protocol",
    "maak_bewijspakket",
    "reken",
    "schrijf_bronwaarden",
    "schrijf_deelnemers",
    "schrijf_mutaties",
    "schrijf_protocol",
    "schrijf_uitslag",
]
