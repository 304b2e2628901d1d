"""Models of the room, one file per group."""

from aanvragen.models.aanvraag import Aanvraag, Aanvraagthema, Aanvulling, Besluitmoment
from aanvragen.models.onderdelen import Begrotingsregel, Bijlage, Referentie, Toets, Verklaring
from aanvragen.models.organisatie import Adviesbureau, Adviseur, Machtiging, Organisatie

__all__ = [
    "Aanvraag",
    "Aanvraagthema",
    "Aanvulling",
    "Adviesbureau",
    "Adviseur",
    "Begrotingsregel",
    "Besluitmoment",
    "Bijlage",
    "Machtiging",
    "Organisatie",
    "Referentie",
    "Toets",
    "Verklaring",
]
