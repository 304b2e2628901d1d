"""What happens after sending, with dates where they are known; before anybody has applied."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from django.utils.translation import gettext as _

from aanvragen.termijn import beslistermijn
from beoordeling.models import Loting
from beoordeling.selectors_behandelvolgorde import loot_vooraf
from portalen.presentatie.regelingtekst import duur
from portalen.presentatie.tijdvakken import OPEN, stand_van
from portalen.templatetags.stimulans import datum, datumtijd
from regeling.enums import Methode
from regeling.models import Tijdvak
from regeling.schema import Regelingspec


@dataclass(frozen=True)
class Stap:
    """One step: what happens, when, and a word of explanation."""

    naam: str
    wanneer: str
    uitleg: str = ""


def besluit_uiterlijk(tijdvak: Tijdvak, nu: datetime) -> date:
    """The legal date of a decision, for an application that is sent now (or was sent at the last moment)."""
    return beslistermijn(
        spec=tijdvak.spec,
        methode=tijdvak.methode,
        ingediend_op=min(max(nu, tijdvak.open_op), tijdvak.sluit_op),
        sluit_op=tijdvak.sluit_op,
    ).laatste_dag


def verloop(tijdvak: Tijdvak, loting: Loting | None, nu: datetime) -> list[Stap]:
    """The steps of an application in this round, in order."""
    spec, op_volgorde = tijdvak.spec, tijdvak.methode == Methode.VOLGORDE
    stappen = [
        Stap(
            _("U krijgt een ontvangstbewijs"),
            _("meteen na het versturen"),
            _("Met een kenmerk, het tijdstip en een kopie van alles wat u hebt ingevuld."),
        )
    ]
    if not op_volgorde:
        stappen.append(Stap(_("Het tijdvak sluit"), datumtijd(tijdvak.sluit_op)))
    if loot_vooraf(tijdvak):
        stappen += [_verdeling(tijdvak, loting), _controle(spec, _("op volgorde van de loting, zolang er geld is"))]
    else:
        stappen.append(_controle(spec, _("na het versturen")))
        if not op_volgorde:
            stappen.append(_verdeling(tijdvak, loting))
    return [*stappen, _besluit(tijdvak, nu), *_daarna(spec)]


def _controle(spec: Regelingspec, wanneer: str) -> Stap:
    termijn = spec.termijn("aanvulling")
    uitleg = (
        _("Mist er iets? Dan krijgt u daar bericht van, en %(duur)s om uw aanvraag aan te vullen.")
        % {"duur": duur(termijn.duur)}
        if termijn
        else ""
    )
    return Stap(_("Wij controleren of uw aanvraag compleet is"), wanneer, uitleg)


def _verdeling(tijdvak: Tijdvak, loting: Loting | None) -> Stap:
    naam = _("Wij loten") if tijdvak.methode == Methode.LOTING else _("Wij verdelen het geld")
    if loting is not None and loting.getrokken_op is not None:
        return Stap(naam, _("gedaan op %(moment)s") % {"moment": datumtijd(loting.getrokken_op)})
    if loting is not None:
        return Stap(naam, _("%(moment)s of kort daarna") % {"moment": datumtijd(loting.trekking_gepland_op)})
    if loot_vooraf(tijdvak):
        return Stap(naam, _("na de sluiting, voordat wij de aanvragen controleren"))
    return Stap(naam, _("na de sluiting, als alle aanvragen zijn gecontroleerd"))


def _besluit(tijdvak: Tijdvak, nu: datetime) -> Stap:
    dag = datum(besluit_uiterlijk(tijdvak, nu))
    if tijdvak.methode == Methode.VOLGORDE and stand_van(tijdvak, nu) == OPEN:
        wanneer = _("uiterlijk %(dag)s, als u vandaag verstuurt") % {"dag": dag}
    else:
        wanneer = _("uiterlijk %(dag)s") % {"dag": dag}
    uitleg = _("Vragen wij u om een aanvulling, dan staat de termijn stil tot u hebt geantwoord.")
    return Stap(_("U krijgt een besluit"), wanneer, uitleg)


def _daarna(spec: Regelingspec) -> list[Stap]:
    stappen = []
    if spec.project.start_uiterlijk_weken is not None:
        weken = duur(f"{spec.project.start_uiterlijk_weken}w")
        stappen.append(Stap(_("U begint met het project"), _("binnen %(duur)s na het besluit") % {"duur": weken}))
    namen = {
        "declaratie": (_("U declareert de kosten"), _("binnen %(duur)s na het einde van het project")),
        "vaststelling": (_("Wij stellen het eindbedrag vast"), _("binnen %(duur)s daarna")),
        "betaling": (_("Wij betalen"), _("binnen %(duur)s na de vaststelling")),
    }
    for code, (naam, wanneer) in namen.items():
        termijn = spec.termijn(code)
        if termijn is not None:
            stappen.append(Stap(naam, wanneer % {"duur": duur(termijn.duur)}))
    return stappen
