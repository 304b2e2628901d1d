"""Where a draw stands, what comes next and who may do it, in words. Reads the state, changes nothing."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.db.models import F
from django.utils.translation import gettext as _

from beoordeling.enums import Lotingstatus
from beoordeling.models import Loting
from beoordeling.selectors_volgorde import kritieke_dag
from kern.enums import Rol
from kern.models import Gebruiker
from portalen.templatetags.stimulans import datumtijd
from regeling.enums import Tijdvakstatus
from regeling.models import Tijdvak

L = Lotingstatus
#: Step → roles that may do it, as the services ask.
ROLLEN: dict[str, frozenset[Rol]] = {
    "voorbereiden": frozenset({Rol.BEHANDELAAR, Rol.BEHEERDER}),
    "bevriezen": frozenset({Rol.BESLISSER, Rol.BEHEERDER}),
    "publiceren": frozenset({Rol.BEHANDELAAR, Rol.BESLISSER, Rol.BEHEERDER}),
    "bronnen": frozenset({Rol.NOTARIS, Rol.SECRETARIS}),
    "trekken": frozenset({Rol.BEHANDELAAR, Rol.NOTARIS, Rol.BEHEERDER}),
    "vaststellen": frozenset({Rol.BESLISSER, Rol.BEHEERDER}),
    "ongeldig": frozenset({Rol.BESLISSER, Rol.BEHEERDER}),
}
#: State → the step that comes next.
VOLGENDE: dict[str, str] = {
    L.ONTWERP: "bevriezen",
    L.BEVROREN: "publiceren",
    L.GEPUBLICEERD: "bronnen",
    L.BRONNEN_VOLLEDIG: "trekken",
    L.VERDEELD: "vaststellen",
}


@dataclass(frozen=True)
class Lotingbeeld:
    """What the page says. ``stap`` is empty when nothing can be done now; ``wie`` tells who may do it."""

    stap: str
    naam: str
    uitleg: str
    wie: str
    mag: bool
    waarom_niet: str


def geldende_loting(tijdvak: Tijdvak) -> Loting | None:
    """The draw that counts: there is at most one that was not replaced or declared invalid; with order of receipt the
    last one, unless another has to be prepared now."""
    personen = ("voorbereid_door", "bevroren_door", "gepubliceerd_door", "bronnen_door", "getrokken_door")
    rijen = tijdvak.lotingen.select_related(*personen, "vastgesteld_door", "vervangt")
    geldend = rijen.exclude(status__in=[L.VERVANGEN, L.ONGELDIG]).order_by(F("dag").desc(nulls_first=True)).first()
    if geldend is not None and geldend.dag is not None and geldend.status == L.LOPEND:
        return None if kritieke_dag(tijdvak) is not None or tijdvak.status == Tijdvakstatus.GESLOTEN else geldend
    return geldend


def is_dicht(tijdvak: Tijdvak, nu: datetime) -> bool:
    """Closed by the clock, also when the worker has not written that down yet."""
    if tijdvak.status in {Tijdvakstatus.GEPUBLICEERD, Tijdvakstatus.OPEN}:
        return nu > tijdvak.sluit_op
    return tijdvak.status == Tijdvakstatus.GESLOTEN


def stapnaam(stap: str) -> str:
    return {
        "voorbereiden": _("Loting voorbereiden"),
        "bevriezen": _("Lijst bevriezen"),
        "publiceren": _("Publicatie vastleggen"),
        "bronnen": _("Bronnen vastleggen"),
        "trekken": _("Trekken"),
        "vaststellen": _("Loting vaststellen"),
        "ongeldig": _("Loting ongeldig verklaren"),
    }[stap]


def wie_mag(stap: str) -> str:
    namen = [str(rol.label).lower() for rol in sorted(ROLLEN[stap])]
    return (
        namen[0]
        if len(namen) == 1
        else _("%(eerste)s of %(laatste)s")
        % {
            "eerste": ", ".join(namen[:-1]),
            "laatste": namen[-1],
        }
    )


def beeld(
    tijdvak: Tijdvak, loting: Loting | None, gebruiker: Gebruiker, nu: datetime, beletsel: list[str]
) -> Lotingbeeld:
    """The panel "Wat nu?" of the draw."""
    if loting is None:
        return _nog_geen(tijdvak, gebruiker, nu, beletsel)
    stap = VOLGENDE.get(loting.status, "")
    if not stap:
        return Lotingbeeld("", "", _klaar(loting), "", False, "")
    waarom = _waarom_niet(stap, loting, gebruiker, nu)
    if stap == "bevriezen" and beletsel:
        waarom = waarom or " ".join(beletsel)
    return Lotingbeeld(stap, stapnaam(stap), uitleg(stap, loting), _wie(stap, loting), not waarom, waarom)


def _nog_geen(tijdvak: Tijdvak, gebruiker: Gebruiker, nu: datetime, beletsel: list[str]) -> Lotingbeeld:
    stap, waarom = "voorbereiden", ""
    dicht = is_dicht(tijdvak, nu) or kritieke_dag(tijdvak) is not None
    if not dicht and tijdvak.status in {Tijdvakstatus.ONTWERP, Tijdvakstatus.GEPUBLICEERD, Tijdvakstatus.OPEN}:
        waarom = _("Het tijdvak is nog niet gesloten. Loten kan daarna.")
    elif not dicht and tijdvak.status != Tijdvakstatus.IN_VERDELING:
        return Lotingbeeld("", "", _("Er is in Stimulans geen loting voor dit tijdvak."), "", False, "")
    elif not gebruiker.rollen & ROLLEN[stap]:
        waarom = _("Uw rol mag dit niet.")
    elif beletsel:
        waarom = _("Werk eerst af wat hieronder in de weg staat.")
    tekst = _("Leg vast wanneer er wordt getrokken. Daarna bevriest een collega de lijst.")
    return Lotingbeeld(stap, stapnaam(stap), tekst, wie_mag(stap), not waarom, waarom)


def _wie(stap: str, loting: Loting) -> str:
    wie = wie_mag(stap)
    if stap == "bevriezen" and loting.voorbereid_door:
        return _("%(wie)s, maar niet %(naam)s: die bereidde de loting voor") % {
            "wie": wie,
            "naam": loting.voorbereid_door,
        }
    if stap == "vaststellen" and loting.getrokken_door:
        return _("%(wie)s, maar niet %(naam)s: die voerde de trekking uit") % {
            "wie": wie,
            "naam": loting.getrokken_door,
        }
    return wie


def _waarom_niet(stap: str, loting: Loting, gebruiker: Gebruiker, nu: datetime) -> str:
    if not gebruiker.rollen & ROLLEN[stap]:
        return _("Uw rol mag dit niet.")
    if stap == "bevriezen" and gebruiker == loting.voorbereid_door:
        return _("U bereidde deze loting zelf voor. Vraag een collega om de lijst te bevriezen.")
    if stap == "vaststellen" and gebruiker == loting.getrokken_door:
        return _("U voerde de trekking zelf uit. Vraag een collega om de loting vast te stellen.")
    if stap == "publiceren" and nu > uiterlijk_publiceren(loting):
        return _(
            "Publiceren had uiterlijk %(moment)s gemoeten, anders is de bedenktijd te kort. Verklaar deze loting "
            "ongeldig en plan een latere trekking."
        ) % {"moment": datumtijd(uiterlijk_publiceren(loting))}
    if stap == "bronnen" and nu < loting.trekking_gepland_op:
        return _("De bronnen bepaalt u op of na %(moment)s.") % {"moment": datumtijd(loting.trekking_gepland_op)}
    return ""


def uiterlijk_publiceren(loting: Loting) -> datetime:
    """The last moment to publish: the reflection time of the scheme before the planned draw."""
    return loting.trekking_gepland_op - timedelta(hours=loting.tijdvak.verdeling.bedenktijd_uren)


def uitleg(stap: str, loting: Loting) -> str:
    """What a step does and what follows."""
    gepland = datumtijd(loting.trekking_gepland_op)
    return {
        "bevriezen": _(
            "Stimulans schrijft de lijst van alle ontvangen aanvragen en het protocol, en berekent daarvan de "
            "vingerafdruk (H_P). Daarna verandert er niets meer aan de lijst."
        ),
        "publiceren": _(
            "Maak de vingerafdruk (H_P) openbaar, bijvoorbeeld in de Staatscourant, en leg hier vast waar dat is "
            "gedaan. Uiterlijk op %(uiterlijk)s; de trekking is op %(gepland)s."
        )
        % {"uiterlijk": datumtijd(uiterlijk_publiceren(loting)), "gepland": gepland},
        "bronnen": _(
            "Op %(gepland)s gooit de notaris de dobbelstenen. De cijfers worden twee keer ingevoerd, los van elkaar: "
            "liefst door de notaris en een getuige. Daarna volgt de waarde van het openbare baken, als het protocol "
            "daarom vraagt."
        )
        % {"gepland": gepland},
        "trekken": _(
            "Stimulans berekent uit de lijst, het protocol en de bronnen de volgorde en verdeelt het geld. Dit kan "
            "één keer."
        ),
        "vaststellen": _(
            "Het losse controleprogramma rekent de uitslag na in een eigen proces. Klopt alles, dan krijgen de "
            "aanvragen hun uitkomst en wordt het geld gereserveerd."
        ),
        "ongeldig": _(
            "Dit kan alleen vóór de trekking. De bevroren lijst blijft openbaar; er komt een nieuwe loting die naar "
            "deze verwijst."
        ),
    }[stap]


def _klaar(loting: Loting) -> str:
    if loting.status == L.GESLOTEN:
        return _("De loting is afgerond en de reservelijst is vervallen.")
    return _("De loting is vastgesteld. De uitkomsten staan in de zaken. Stel nu de besluiten voor.")


def tijdlijn(loting: Loting | None) -> list[dict[str, Any]]:
    """The steps for ``_tijdlijn.html``."""
    stappen: list[tuple[str, str, str]] = [
        ("voorbereid", _("Loting voorbereid"), _("Het moment van de trekking is gepland.")),
        ("bevroren", _("Lijst bevroren"), _("De lijst en het protocol liggen vast.")),
        (
            "gepubliceerd",
            _("Vingerafdruk gepubliceerd"),
            _("Iedereen kan later controleren dat er niets is veranderd."),
        ),
        ("bronnen", _("Bronnen vastgelegd"), _("De dobbelstenen en het baken zijn bekend.")),
        ("getrokken", _("Getrokken en verdeeld"), _("De volgorde en de bedragen zijn berekend.")),
        ("vastgesteld", _("Vastgesteld"), _("Nagerekend en in de zaken verwerkt.")),
    ]
    uit: list[dict[str, Any]] = []
    nu_gezet = False
    for code, naam, betekenis in stappen:
        op = getattr(loting, f"{code}_op") if loting else None
        door = getattr(loting, f"{code}_door") if loting else None
        if op is not None:
            wie = _("Door %(naam)s.") % {"naam": door} if door else _("Door het systeem.")
            plek = f" {loting.gepubliceerd_waar}." if loting and code == "gepubliceerd" else ""
            uit.append({"naam": naam, "stand": "klaar", "op": op, "toelichting": f"{wie}{plek}"})
        else:
            uit.append({"naam": naam, "stand": "straks" if nu_gezet else "nu", "toelichting": betekenis})
            nu_gezet = True
    return uit
