"""What a referee is asked, with a version and a digest: the evidence names the words that stood on the page."""

from __future__ import annotations

import hashlib
import json
from typing import Any

from django.utils import translation
from django.utils.translation import gettext_lazy as _

VERSIE = "1"
BEVESTIGD, ONTKEND, GEWEIGERD = "bevestigd", "ontkend", "geweigerd"
TEVREDEN = {
    "1": _("1: heel ontevreden"),
    "2": _("2: ontevreden"),
    "3": _("3: niet tevreden en niet ontevreden"),
    "4": _("4: tevreden"),
    "5": _("5: heel tevreden"),
}
#: Key in the answer → the question. ``toelichting`` belongs to "this is not right".
VRAGEN = {
    "project": _("Om welk project ging het?"),
    "periode": _("Wanneer was dat?"),
    "werk": _("Wat deed de adviseur?"),
    "tevreden": _("Hoe tevreden was u over de adviseur?"),
    "opnieuw": _("Zou u deze adviseur opnieuw inhuren?"),
    "relatie": _("Hebt u een zakelijke of persoonlijke band met de adviseur of met de aanvrager?"),
    "relatie_uitleg": _("Welke band is dat?"),
    "toelichting": _("Wat klopt er niet?"),
}


def tekst(taal: str = "nl") -> dict[str, Any]:
    """The questions and the scale as they read in ``taal``."""
    with translation.override(taal):
        return {
            "versie": VERSIE,
            "vragen": {sleutel: str(vraag) for sleutel, vraag in VRAGEN.items()},
            "tevreden": {sleutel: str(naam) for sleutel, naam in TEVREDEN.items()},
        }


def tekst_sha256(taal: str = "nl") -> str:
    return digest(tekst(taal))


def digest(inhoud: Any) -> str:
    """SHA-256 (hex) over canonical JSON: sorted keys, no spaces, UTF-8."""
    return hashlib.sha256(
        json.dumps(inhoud, sort_keys=True, separators=(",", ":"), ensure_ascii=False).encode()
    ).hexdigest()
