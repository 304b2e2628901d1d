"""Looking up a company while somebody fills in a form: asked once, kept with the session, not too often."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.core.cache import cache
from django.http import HttpRequest
from django.utils.translation import gettext as _

from aanvragen.register.gegevens import Navraag, Navraaguitkomst, Registergegevens
from aanvragen.services.register import register_opvragen
from kern.fouten import InvoerFout
from portalen.toegang import gebruiker_van
from portalen.verzoek import ontvangen

_SLEUTEL = "registernavraag"
#: How long an answer stands for a form that is being filled in.
GELDIG = timedelta(hours=1)
#: Look-ups of one person in an hour: enough for an intermediary, too few to copy the register.
MAXIMUM_PER_UUR = 30


def opvragen(request: HttpRequest, kvk_nummer: str) -> Navraag:
    """Asks (three seconds at most) and keeps the answer for the next page. Raises when the person asks too often."""
    _tel(request)
    op = ontvangen(request)
    navraag = register_opvragen(kvk_nummer, op=op)
    request.session[_SLEUTEL] = {
        "kvk_nummer": kvk_nummer,
        "uitkomst": str(navraag.uitkomst),
        "gegevens": navraag.gegevens.naar_json() if navraag.gegevens else None,
        "op": op.isoformat(),
    }
    return navraag


def opgehaald(request: HttpRequest, kvk_nummer: str) -> Navraag | None:
    """What was answered for this number a moment ago, or ``None``."""
    bewaard = request.session.get(_SLEUTEL)
    if not bewaard or bewaard["kvk_nummer"] != kvk_nummer:
        return None
    if ontvangen(request) - datetime.fromisoformat(bewaard["op"]) > GELDIG:
        return None
    gegevens = bewaard["gegevens"]
    uitkomst = Navraaguitkomst(bewaard["uitkomst"])
    return Navraag(uitkomst, Registergegevens.uit_json(gegevens) if gegevens else None)


def ander_opgezocht(request: HttpRequest, kvk_nummer: str) -> bool:
    """Whether the last look-up was about another number."""
    bewaard = request.session.get(_SLEUTEL)
    return bewaard is not None and bewaard["kvk_nummer"] != kvk_nummer


def vergeten(request: HttpRequest) -> None:
    request.session.pop(_SLEUTEL, None)


def _tel(request: HttpRequest) -> None:
    sleutel = f"registernavraag-{gebruiker_van(request).pk}"
    cache.add(sleutel, 0, 3600)
    if cache.incr(sleutel) > MAXIMUM_PER_UUR:
        raise InvoerFout(
            _("U hebt in korte tijd veel nummers opgezocht."),
            actie=_("Vul de gegevens zelf in, of probeer het over een uur opnieuw."),
            veld="kvk_nummer",
        )
