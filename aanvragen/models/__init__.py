"""Models of the room, one file per group."""

from aanvragen.models.aanvraag import Aanvraag, Aanvraagthema, Besluitmoment
from aanvragen.models.aanvulling import Aanvulling, Aanvulonderdeel, Papieraanvulling, Papierantwoord, Papierscan
from aanvragen.models.adviseur import Adviesbureau, Adviseur, Certificaat, Profiellink
from aanvragen.models.bericht import Postbusbericht, Postbuslezing
from aanvragen.models.deelnemer import Deelnemer
from aanvragen.models.onderdelen import (
    Aanwezigheid,
    Begrotingsregel,
    Bijlage,
    DeMinimisRegel,
    Kladveld,
    Toets,
    Verklaring,
)
from aanvragen.models.organisatie import Machtiging, Organisatie, Uitnodiging, Verbonden, Vestiging
from aanvragen.models.referentie import Referentie
from aanvragen.models.weergave import Werklijstweergave

__all__ = [
    "Aanvraag",
    "Aanvraagthema",
    "Aanvulling",
    "Aanvulonderdeel",
    "Aanwezigheid",
    "Adviesbureau",
    "Adviseur",
    "Begrotingsregel",
    "Besluitmoment",
    "Bijlage",
    "Certificaat",
    "DeMinimisRegel",
    "Deelnemer",
    "Kladveld",
    "Machtiging",
    "Organisatie",
    "Papieraanvulling",
    "Papierantwoord",
    "Papierscan",
    "Postbusbericht",
    "Postbuslezing",
    "Profiellink",
    "Referentie",
    "Toets",
    "Uitnodiging",
    "Verbonden",
    "Verklaring",
    "Vestiging",
    "Werklijstweergave",
]
