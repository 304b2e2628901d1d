"""Which kinds of message are official, and whether somebody gets them by e-mail without having chosen (R46). Pure."""

from __future__ import annotations

from kern.enums import Berichtsoort

#: Messages with legal effect: by e-mail only with express consent (Awb 2:8); they always stand in the inbox.
OFFICIEEL = frozenset(
    {
        Berichtsoort.ONTVANGST,
        Berichtsoort.AANVULLING,
        Berichtsoort.BESLUIT,
        Berichtsoort.REFERENTIE,
        Berichtsoort.UITVOERING,
    }
)
#: What an applicant can choose, in the order of the page; the rest is about logging in or for staff.
KEUZES_AANVRAGER = (
    Berichtsoort.ONTVANGST,
    Berichtsoort.AANVULLING,
    Berichtsoort.BESLUIT,
    Berichtsoort.REFERENTIE,
    Berichtsoort.UITVOERING,
    Berichtsoort.HERINNERING,
    Berichtsoort.ALGEMEEN,
)
KEUZES_MEDEWERKER = (Berichtsoort.DAGOVERZICHT,)


def standaard_per_email(soort: str) -> bool:
    """Without a choice of the person: reminders and notices about access yes, the rest no."""
    return soort in {Berichtsoort.HERINNERING, Berichtsoort.TOEGANG}
