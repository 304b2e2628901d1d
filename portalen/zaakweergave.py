"""How a case is shown to staff: colour of a status and the days left, always with words."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from aanvragen.enums import OPEN_VOOR_BEHANDELING, Referentiestatus, Status, Toetsuitkomst
from aanvragen.models import Aanvraag, Referentie
from aanvragen.selectors import dagen_over
from beoordeling.enums import Uitkomst
from beoordeling.selectors_behandelvolgorde import WACHT_OP_RUIMTE

#: From this many days on the tag of the legal date gets a warning colour.
KRAP = 14
#: No decision was taken yet, so the legal date matters.
BESLUIT_OPEN = OPEN_VOOR_BEHANDELING | {
    Status.COMPLEET,
    Status.IN_VERDELING,
    Status.GESELECTEERD,
    Status.RESERVE,
    Status.NIET_GESELECTEERD,
}
_SOORT = {
    Status.INGEDIEND: "sterk",
    Status.IN_BEHANDELING: "info",
    Status.AANVULLING_GEVRAAGD: "warning",
    Status.COMPLEET: "ok",
    Status.IN_VERDELING: "info",
    Status.GESELECTEERD: "ok",
    Status.RESERVE: "warning",
    Status.VERLEEND: "ok",
    Status.IN_UITVOERING: "ok",
    Status.VASTSTELLING_GEVRAAGD: "info",
    Status.AFGEWEZEN: "error",
    Status.BUITEN_BEHANDELING: "error",
    Status.BESLUIT_INGETROKKEN: "error",
    Status.TERUGGEVORDERD: "error",
}
_REFERENTIE = {
    Referentiestatus.BEVESTIGD: "ok",
    Referentiestatus.IN_CONTROLE: "warning",
    Referentiestatus.GEBLOKKEERD: "error",
    Referentiestatus.NIET_BEVESTIGD: "error",
    Referentiestatus.ONBESTELBAAR: "warning",
    Referentiestatus.VERLOPEN: "warning",
    Referentiestatus.GEWEIGERD: "warning",
    Referentiestatus.UITGENODIGD: "info",
    Referentiestatus.HERINNERD: "info",
}
_TOETS = {Toetsuitkomst.VOLDOET: "ok", Toetsuitkomst.VOLDOET_NIET: "error", Toetsuitkomst.HANDMATIG: "warning"}


@dataclass(frozen=True)
class Vlag:
    """Words and the kind of a status tag (see ``onderdelen/_statusvlag.html``)."""

    tekst: str
    soort: str


def statusvlag(status: str) -> Vlag:
    return Vlag(str(Status(status).label), _SOORT.get(Status(status), "neutraal"))


def referentievlag(referentie: Referentie) -> Vlag:
    return Vlag(str(referentie.get_status_display()), _REFERENTIE.get(Referentiestatus(referentie.status), "neutraal"))


def toetsvlag(uitkomst: str) -> Vlag:
    return Vlag(str(Toetsuitkomst(uitkomst).label), _TOETS[Toetsuitkomst(uitkomst)])


def termijnvlag(aanvraag: Aanvraag, vandaag: date) -> Vlag | None:
    """Days left to decide, in words; ``None`` when a decision was taken or no date is known."""
    dagen = dagen_over(aanvraag, vandaag)
    if dagen is None or aanvraag.status not in BESLUIT_OPEN:
        return None
    if aanvraag.status == Status.AANVULLING_GEVRAAGD:
        return Vlag(_("termijn staat stil"), "neutraal")
    if dagen < 0:
        return Vlag(ngettext("%(n)d dag te laat", "%(n)d dagen te laat", -dagen) % {"n": -dagen}, "error")
    if dagen == 0:
        return Vlag(_("vandaag"), "error")
    tekst = ngettext("nog %(n)d dag", "nog %(n)d dagen", dagen) % {"n": dagen}
    return Vlag(tekst, "warning" if dagen <= KRAP else "neutraal")


def plaatsvlag(aanvraag: Aanvraag) -> Vlag | None:
    """What the drawn place means for who has to assess; ``None`` without a place, or when it was assessed."""
    plaats = getattr(aanvraag, "plaats", None)
    if plaats is None or aanvraag.status not in OPEN_VOOR_BEHANDELING:
        return None
    if plaats.uitkomst == Uitkomst.TOEGEWEZEN:
        return Vlag(_("voorlopig ruimte"), "ok")
    if plaats.uitkomst in WACHT_OP_RUIMTE:
        return Vlag(_("op de reservelijst"), "neutraal")
    return Vlag(_("loot niet mee"), "warning")
