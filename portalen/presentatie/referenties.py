"""How the states of a reference read to the applicant. Pure."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext_lazy as _l

from aanvragen.enums import Referentiestatus
from aanvragen.models import Aanvraag

S = Referentiestatus
#: What the applicant sees: (words, colour, explanation). What the referee said and which rules fired stays with staff.
PUBLIEK: dict[str, tuple[Any, str, Any]] = {
    S.CONCEPT: (_l("Wij beginnen"), "neutraal", _l("Wij schrijven de referent binnenkort.")),
    S.KLAAR: (_l("Wij beginnen"), "neutraal", _l("Wij schrijven de referent binnenkort.")),
    S.UITGENODIGD: (_l("Gevraagd"), "info", _l("De referent kreeg een bericht en heeft 14 dagen om te antwoorden.")),
    S.HERINNERD: (_l("Herinnerd"), "info", _l("De referent kreeg een herinnering.")),
    S.BEANTWOORD: (_l("Beantwoord"), "info", _l("De referent heeft geantwoord.")),
    S.ONTKEND: (_l("In controle"), "info", _l("Een medewerker kijkt naar het antwoord. U hoeft niets te doen.")),
    S.IN_CONTROLE: (_l("In controle"), "info", _l("Een medewerker kijkt naar het antwoord. U hoeft niets te doen.")),
    S.BEVESTIGD: (_l("Bevestigd"), "ok", ""),
    S.GEBLOKKEERD: (_l("Niet bruikbaar"), "error", _l("Noem een andere referentie.")),
    S.ONBESTELBAAR: (_l("Niet bereikbaar"), "warning", _l("Ons bericht kwam terug. Noem een andere referentie.")),
    S.VERLOPEN: (_l("Geen antwoord"), "warning", _l("Vraag nog een keer, of noem een andere referentie.")),
    S.GEWEIGERD: (_l("Werkt niet mee"), "warning", _l("Noem een andere referentie.")),
    S.NIET_BEVESTIGD: (_l("Niet bevestigd"), "error", _l("Noem een andere referentie, of laat ons weten waarom niet.")),
    S.INGETROKKEN: (_l("Ingetrokken"), "neutraal", ""),
    S.VERVANGEN: (_l("Vervangen"), "neutraal", ""),
}


def wordt_gecontroleerd(aanvraag: Aanvraag) -> bool:
    """Whether the scheme has references checked, so that there is something to see."""
    eis = aanvraag.tijdvak.spec.adviseur
    return bool(eis.referenties) and eis.toets_voor != "geen"
