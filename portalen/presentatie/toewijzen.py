"""How a run of the assignment is shown: how far it is, what it changed, what it left open."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from beoordeling.models import Commissie, Toewijsopdracht
from beoordeling.services.toewijsopdracht import staat_stil
from beoordeling.services.toewijzen import BELANGEN, VASTLEGGEN

#: Lines of work that are named.
GENOEMD = 25
_REKENEN = gettext_lazy("de aanvragen over de leden verdelen")
#: Step as the service reports it → (number, words).
_STAPPEN = {
    BELANGEN: (1, gettext_lazy("belangen van leden zoeken")),
    "prijzen bepalen": (2, _REKENEN),
    "rekenen": (2, _REKENEN),
    "belasting verdelen": (2, _REKENEN),
    "controleren": (3, gettext_lazy("de verdeling controleren")),
    VASTLEGGEN: (4, gettext_lazy("de toewijzingen vastleggen")),
}


@dataclass(frozen=True)
class Toewijsstand:
    """The last run of a committee. ``stand``: bezig, stil, klaar, bekeken or mislukt."""

    opdracht: Toewijsopdracht
    stand: str
    voortgang: str = ""
    regels: list[str] = field(default_factory=list)

    @property
    def soort(self) -> str:
        """Kind of alert."""
        return {"stil": "warning", "mislukt": "error", "klaar": "ok"}.get(self.stand, "info")

    @property
    def mag_beginnen(self) -> bool:
        return self.stand != "bezig"


def toewijsstand(commissie: Commissie, op: datetime) -> Toewijsstand | None:
    """``None`` while nobody asked for a run yet."""
    opdracht = commissie.opdrachten.select_related("gevraagd_door").last()
    if opdracht is None:
        return None
    if opdracht.klaar_op is None:
        return Toewijsstand(opdracht, "stil" if staat_stil(opdracht, op) else "bezig", _voortgang(opdracht))
    if opdracht.uitkomst is None:
        return Toewijsstand(opdracht, "mislukt")
    stand = "bekeken" if opdracht.droog else "klaar"
    return Toewijsstand(opdracht, stand, regels=_regels(opdracht.uitkomst, droog=opdracht.droog))


def _voortgang(opdracht: Toewijsopdracht) -> str:
    if opdracht.begonnen_op is None:
        return _("De opdracht staat in de wachtrij.")
    nr, naam = _STAPPEN[opdracht.stap] if opdracht.stap in _STAPPEN else _STAPPEN[BELANGEN]
    tekst = _("Stap %(nr)d van 4: %(naam)s.") % {"nr": nr, "naam": naam}
    if opdracht.deel:
        tekst += " " + _("Van deze stap is %(deel)d procent klaar.") % {"deel": opdracht.deel}
    return tekst


def _regels(uitkomst: dict[str, Any], *, droog: bool) -> list[str]:
    """What a run changed, or would change, in numbers; no application is named."""
    nieuw, weg = uitkomst["nieuw"], uitkomst["weg"]
    if droog:
        regels = [
            ngettext("%(n)d toewijzing komt erbij.", "%(n)d toewijzingen komen erbij.", nieuw) % {"n": nieuw},
            ngettext("%(n)d toewijzing vervalt.", "%(n)d toewijzingen vervallen.", weg) % {"n": weg},
        ]
    else:
        regels = [
            ngettext("%(n)d nieuwe toewijzing gemaakt.", "%(n)d nieuwe toewijzingen gemaakt.", nieuw) % {"n": nieuw},
            ngettext("%(n)d toewijzing is vervallen.", "%(n)d toewijzingen zijn vervallen.", weg) % {"n": weg},
        ]
    blijft = uitkomst["behouden"]
    regels.insert(1, ngettext("%(n)d toewijzing blijft.", "%(n)d toewijzingen blijven.", blijft) % {"n": blijft})
    return regels + _over(uitkomst["werklijst"])


def _over(werklijst: dict[str, Any]) -> list[str]:
    tekort, kaal = len(werklijst.get("tekort", {})), len(werklijst.get("zonder_deskundige", []))
    if not tekort and not kaal:
        return [_("Elke aanvraag heeft genoeg beoordelaars.")]
    regels = []
    if tekort:
        tekst = ngettext("%(n)d aanvraag mist een beoordelaar.", "%(n)d aanvragen missen een beoordelaar.", tekort)
        regels.append(tekst % {"n": tekort})
    if kaal:
        tekst = ngettext("%(n)d aanvraag heeft geen deskundige.", "%(n)d aanvragen hebben geen deskundige.", kaal)
        regels.append(tekst % {"n": kaal})
    return regels


def werklijstregels(werklijst: dict[str, Any], zichtbaar: set[str]) -> list[str]:
    """What a run could not do, in words, the worst first and at most ``GENOEMD`` lines; of applications only those that
    the reader may see."""
    regels = [
        ngettext("%(wie)s mist %(n)d beoordelaar.", "%(wie)s mist %(n)d beoordelaars.", n) % {"wie": wie, "n": n}
        for wie, n in werklijst.get("tekort", {}).items()
        if wie in zichtbaar
    ]
    regels += [
        _("%(wie)s heeft %(n)d aanvragen te veel.") % {"wie": wie, "n": n}
        for wie, n in werklijst.get("te_vol", {}).items()
    ]
    kaal = [wie for wie in werklijst.get("zonder_deskundige", []) if wie in zichtbaar]
    regels += [_("%(wie)s heeft geen deskundige.") % {"wie": wie} for wie in kaal]
    meer = len(regels) - GENOEMD
    if meer <= 0:
        return regels
    return [*regels[:GENOEMD], ngettext("En nog %(n)d regel.", "En nog %(n)d regels.", meer) % {"n": meer}]
