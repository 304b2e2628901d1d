"""Where a case stands for the applicant: what to do next and by when, and the timeline from receipt to payment."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from aanvragen.enums import Status
from aanvragen.inhoud import toegekend_in_woorden
from aanvragen.models import Aanvraag, Aanvulling
from aanvragen.selectors import Vervolg, dagen_over, vervolg_van
from aanvragen.services.behandeling import opschortingen
from beoordeling.models import Loting
from beoordeling.selectors_behandelvolgorde import WACHT_OP_RUIMTE, loot_vooraf
from portalen.presentatie.tijdvakken import OPEN, stand_van
from portalen.templatetags.stimulans import datum, datumtijd, euro
from regeling.enums import Methode
from uitvoering.brieven import uiterste_declaratie
from uitvoering.enums import Declaratiestatus, Voucherstatus
from uitvoering.models import Besluit, Voucher
from uitvoering.selectors import declaratie_van, heeft_ingediend, per_deelnemer, toegekende_deelnemers
from uitvoering.services.leergang import LOOPT

S = Status
#: Colour of the public status; the words say it too.
VLAG = {
    "concept": "neutraal",
    "ontvangen": "info",
    "aanvulling-nodig": "warning",
    "in-behandeling": "info",
    "in-verdeling": "info",
    "reserve": "warning",
    "toegekend": "ok",
    "afgewezen": "error",
    "buiten-behandeling": "error",
    "ingetrokken": "neutraal",
    "in-uitvoering": "ok",
    "vaststelling": "info",
    "afgesloten": "ok",
}


def vlag_van(aanvraag: Aanvraag) -> str:
    """The colour of the badge."""
    return "ok" if aanvraag.is_uitgenodigd else VLAG[aanvraag.publieke_status]


#: States in which the applicant can still withdraw.
INTREKBAAR = frozenset(
    {
        S.INGEDIEND,
        S.IN_BEHANDELING,
        S.AANVULLING_GEVRAAGD,
        S.COMPLEET,
        S.IN_VERDELING,
        S.RESERVE,
        S.GESELECTEERD,
        S.VERLEEND,
        S.IN_UITVOERING,
    }
)
TOEGEKEND = frozenset(
    {S.VERLEEND, S.IN_UITVOERING, S.VASTSTELLING_GEVRAAGD, S.VASTGESTELD, S.AFGESLOTEN, S.TERUGGEVORDERD}
)
_ONDERWEG = frozenset({S.INGEDIEND, S.IN_BEHANDELING, S.COMPLEET, S.IN_VERDELING, S.GESELECTEERD})


@dataclass(frozen=True)
class Actie:
    """What happens next. ``doen``: whether the applicant has to do something; ``tot``: the last day or moment."""

    tekst: str
    tot: date | datetime | None = None
    doen: bool = False


def open_aanvulling(aanvraag: Aanvraag, vandaag: date | None = None) -> Aanvulling | None:
    """The request that waits for an answer; takes prefetched rows. A term that is over is over, whatever the worker
    marked."""
    vandaag = vandaag or timezone.localdate()
    rijen = (a for a in aanvraag.aanvullingen.all() if not a.beantwoord_op and not a.verlopen_op)
    return next((a for a in rijen if a.termijn_tot >= vandaag), None)


def voucher_van(aanvraag: Aanvraag) -> Voucher | None:
    return getattr(aanvraag, "voucher", None)


def volgende_actie(aanvraag: Aanvraag, nu: datetime) -> Actie:
    """The next step, in one sentence."""
    besluit = aanvraag.beslissen_uiterlijk_op
    if aanvraag.status == S.CONCEPT:
        if stand_van(aanvraag.tijdvak, nu) == OPEN:
            return Actie(_("Vul uw aanvraag in en verstuur haar."), aanvraag.tijdvak.sluit_op, doen=True)
        return Actie(_("Het tijdvak is gesloten. Deze aanvraag is niet verstuurd."))
    if aanvraag.status == S.AANVULLING_GEVRAAGD:
        verzoek = open_aanvulling(aanvraag)
        if verzoek is not None:
            return Actie(_("Vul uw aanvraag aan."), verzoek.termijn_tot, doen=True)
        return Actie(_("De tijd om aan te vullen is voorbij. Wij laten u weten hoe het verder gaat."))
    if (vervolg := vervolg_van(aanvraag)) is not None:
        return _volledig_voorstel(vervolg, nu)
    if aanvraag.status in _ONDERWEG:
        return Actie(_("U hoeft nu niets te doen. U krijgt een besluit."), besluit)
    if aanvraag.status in {S.VERLEEND, S.IN_UITVOERING, S.VASTSTELLING_GEVRAAGD}:
        return _in_uitvoering(aanvraag)
    teksten = {
        S.RESERVE: _("U staat op de reservelijst. Komt er geld vrij, dan hoort u dat. U hoeft nu niets te doen."),
        S.NIET_GESELECTEERD: _("Er was niet genoeg geld voor uw aanvraag. U krijgt hierover een besluit."),
        S.VASTGESTELD: _("Het eindbedrag staat vast. Wij betalen het bedrag aan u."),
        S.AFGESLOTEN: _("Uw aanvraag is helemaal klaar. U hoeft niets meer te doen."),
        S.VERLOPEN: _("Deze aanvraag is niet op tijd verstuurd."),
        S.INGETROKKEN: _("U hebt deze aanvraag ingetrokken."),
        S.BESLUIT_INGETROKKEN: _("De subsidie is ingetrokken."),
        S.AFGEWEZEN: _("Uw aanvraag is afgewezen. Lees de brief met het besluit."),
        S.BUITEN_BEHANDELING: _("Wij behandelen uw aanvraag niet. Lees de brief met het besluit."),
        S.TERUGGEVORDERD: _("Wij vragen geld terug. Lees de brief met het besluit."),
    }
    return Actie(teksten[Status(aanvraag.status)])


def _volledig_voorstel(vervolg: Vervolg, nu: datetime) -> Actie:
    """The first stage was passed: the full proposal, by its window."""
    eigen, tijdvak = vervolg.aanvraag, vervolg.tijdvak
    if eigen is not None and eigen.status != S.CONCEPT:
        return Actie(_("U hebt uw volledige voorstel gestuurd. Bekijk de stand bij die aanvraag."))
    if nu < tijdvak.open_op:
        moment = datumtijd(tijdvak.open_op)
        tekst = _("U bent uitgenodigd voor een volledig voorstel. U kunt het sturen vanaf %(moment)s.")
        return Actie(tekst % {"moment": moment}, tijdvak.sluit_op)
    if stand_van(tijdvak, nu) == OPEN:
        return Actie(_("U bent uitgenodigd. Stuur uw volledige voorstel."), tijdvak.sluit_op, doen=True)
    return Actie(_("U stuurde geen volledig voorstel op tijd. U krijgt een besluit."))


def _in_uitvoering(aanvraag: Aanvraag) -> Actie:
    voucher, declaratie = voucher_van(aanvraag), declaratie_van(aanvraag)
    if voucher is not None and voucher.status == Voucherstatus.UITGEGEVEN:
        return Actie(_("Geef de opdracht aan uw adviseur."), voucher.geldig_tot, doen=True)
    if aanvraag.status == S.VASTSTELLING_GEVRAAGD:
        if declaratie is not None and declaratie.status == Declaratiestatus.AANVULLING_GEVRAAGD:
            return Actie(_("Vul uw declaratie aan."), doen=True)
        return Actie(_("Wij controleren uw declaratie. U hoeft nu niets te doen."))
    if aanvraag.tijdvak.spec.leergang is not None:
        return Actie(_("Meld de deelnemers voor de leergang aan. Zij zien daarna zelf hun bijeenkomsten."), doen=True)
    if per_deelnemer(aanvraag.tijdvak.spec):
        tekst = _("Voer het project uit. Daarna declareert elke deelnemer de eigen kosten.")
        return Actie(tekst, uiterste_declaratie(aanvraag), doen=True)
    return Actie(_("Voer het project uit en declareer daarna de kosten."), uiterste_declaratie(aanvraag), doen=True)


def tijdlijn(aanvraag: Aanvraag, besluiten: list[Besluit], loting: Loting | None) -> list[dict[str, Any]]:
    """Steps of a sent application for ``_tijdlijn.html``: done, now and to come, with their dates."""
    stappen: list[dict[str, Any]] = [_klaar(_("Aanvraag ontvangen"), aanvraag.ingediend_op)]
    if aanvraag.status in {S.INGETROKKEN, S.BUITEN_BEHANDELING} and not aanvraag.volledig_op:
        return [*stappen, _einde(aanvraag, besluiten)]
    if loot_vooraf(aanvraag.tijdvak):
        stappen += [_verdeling(aanvraag, loting), _controle(aanvraag)]
    else:
        stappen.append(_controle(aanvraag))
        if aanvraag.tijdvak.methode != Methode.VOLGORDE:
            stappen.append(_verdeling(aanvraag, loting))
    stappen.append(_besluit(aanvraag, besluiten))
    if aanvraag.status in TOEGEKEND:
        stappen += _na_verlening(aanvraag, besluiten)
    return _een_nu(stappen)


def _klaar(naam: str, op: Any, toelichting: str = "") -> dict[str, Any]:
    return {"naam": naam, "stand": "klaar", "op": op, "toelichting": toelichting}


def _later(naam: str, toelichting: str = "", uiterlijk: date | None = None) -> dict[str, Any]:
    return {"naam": naam, "stand": "straks", "toelichting": toelichting, "uiterlijk": uiterlijk}


def _een_nu(stappen: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """The first step that is not done is the one we are at."""
    for stap in stappen:
        if stap["stand"] != "klaar":
            stap["stand"] = "nu"
            break
    return stappen


def _controle(aanvraag: Aanvraag) -> dict[str, Any]:
    if aanvraag.volledig_op is not None:
        return _klaar(_("Aanvraag compleet"), aanvraag.volledig_op)
    if aanvraag.status in {S.NIET_GESELECTEERD, S.AFGEWEZEN}:
        return _klaar(_("Niet gecontroleerd"), None, _("Uw nummer in de loting kwam niet aan de beurt."))
    if aanvraag.status == S.AANVULLING_GEVRAAGD:
        verzoek = open_aanvulling(aanvraag)
        return _later(
            _("Controle: is de aanvraag compleet?"),
            _("Wij missen nog iets. Vul uw aanvraag aan.") if verzoek else _("De tijd om aan te vullen is voorbij."),
            verzoek.termijn_tot if verzoek else None,
        )
    plaats = getattr(aanvraag, "plaats", None)
    if plaats is not None and plaats.uitkomst in WACHT_OP_RUIMTE:
        uitleg = _("Uw nummer staat op de reservelijst. Wij lezen uw aanvraag als er geld vrijkomt.")
        return _later(_("Controle: is de aanvraag compleet?"), uitleg)
    return _later(_("Controle: is de aanvraag compleet?"), _("Wij lezen uw aanvraag. Mist er iets, dan hoort u dat."))


def _verdeling(aanvraag: Aanvraag, loting: Loting | None) -> dict[str, Any]:
    naam = _("Loting") if aanvraag.tijdvak.methode == Methode.LOTING else _("Verdeling van het geld")
    plaats = getattr(aanvraag, "plaats", None)
    if plaats is not None:
        op = loting.getrokken_op if loting else plaats.rangschikking.gemaakt_op
        return _klaar(naam, op, _("Uw nummer op de lijst is %(n)d.") % {"n": plaats.rang})
    if aanvraag.status == S.INGETROKKEN or aanvraag.besloten_op is not None:
        return _klaar(naam, None, _("Uw aanvraag deed niet mee."))
    if loting is not None and loting.getrokken_op is None:
        moment = datumtijd(loting.trekking_gepland_op)
        return _later(naam, _("De loting is op %(moment)s of kort daarna.") % {"moment": moment})
    if loot_vooraf(aanvraag.tijdvak):
        return _later(naam, _("Dit gebeurt na de sluiting van het tijdvak, voordat wij de aanvragen controleren."))
    return _later(naam, _("Dit gebeurt na de sluiting van het tijdvak, als alle aanvragen zijn gecontroleerd."))


def _besluit(aanvraag: Aanvraag, besluiten: list[Besluit]) -> dict[str, Any]:
    if aanvraag.status in {S.INGETROKKEN, S.BESLUIT_INGETROKKEN, S.AFGEWEZEN, S.BUITEN_BEHANDELING}:
        return _einde(aanvraag, besluiten)
    eerste = next((b for b in besluiten if b.soort != "vaststelling"), None)
    if eerste is not None:
        if eerste.bedrag is None:
            gegeven = toegekend_in_woorden(aanvraag)
            return _klaar(_("Besluit: u krijgt plaatsen"), eerste.verzonden_op, _("U krijgt %(b)s.") % {"b": gegeven})
        bedrag = euro(eerste.bedrag)
        return _klaar(_("Besluit: u krijgt subsidie"), eerste.verzonden_op, _("Hoogstens %(b)s.") % {"b": bedrag})
    if aanvraag.is_uitgenodigd:
        return _klaar(_("Uitgenodigd voor een volledig voorstel"), None)
    if aanvraag.status == S.RESERVE:
        return _later(_("Besluit"), _("U staat op de reservelijst. Komt er geld vrij, dan krijgt u een besluit."))
    return _later(_("Besluit"), uiterlijk=aanvraag.beslissen_uiterlijk_op)


def _einde(aanvraag: Aanvraag, besluiten: list[Besluit]) -> dict[str, Any]:
    namen = {
        S.INGETROKKEN: _("U hebt de aanvraag ingetrokken"),
        S.BESLUIT_INGETROKKEN: _("De subsidie is ingetrokken"),
        S.AFGEWEZEN: _("Besluit: uw aanvraag is afgewezen"),
        S.BUITEN_BEHANDELING: _("Besluit: wij behandelen uw aanvraag niet"),
    }
    op = besluiten[-1].verzonden_op if besluiten and aanvraag.status in {S.AFGEWEZEN, S.BUITEN_BEHANDELING} else None
    return _klaar(namen[Status(aanvraag.status)], op or aanvraag.gewijzigd_op)


def _na_verlening(aanvraag: Aanvraag, besluiten: list[Besluit]) -> list[dict[str, Any]]:
    if aanvraag.tijdvak.spec.leergang is not None:  # places cost nothing, so there is nothing to claim or to pay
        uitleg = _("Uw deelnemers volgen de bijeenkomsten en kunnen voorstellen doen.")
        return [_later(_("Leergang"), uitleg) if aanvraag.status in LOOPT else _klaar(_("Leergang"), None)]
    if per_deelnemer(aanvraag.tijdvak.spec):
        return _na_verlening_groep(aanvraag)
    voucher, declaratie = voucher_van(aanvraag), declaratie_van(aanvraag)
    stappen: list[dict[str, Any]] = []
    if voucher is not None:
        naam = _("Opdracht aan de adviseur")
        if voucher.opgedragen_op:
            stappen.append(_klaar(naam, voucher.opgedragen_op))
        else:
            stappen.append(_later(naam, uiterlijk=voucher.geldig_tot))
    naam = _("Kosten gedeclareerd")
    if declaratie is not None and declaratie.ingediend_op:
        stappen.append(_klaar(naam, declaratie.ingediend_op))
    else:
        stappen.append(_later(naam, uiterlijk=uiterste_declaratie(aanvraag)))
    vast = next((b for b in besluiten if b.soort == "vaststelling"), None)
    if vast is not None:
        tekst = _("U krijgt %(bedrag)s.") % {"bedrag": euro(vast.bedrag)}
        stappen.append(_klaar(_("Eindbedrag vastgesteld"), vast.verzonden_op, tekst))
    else:
        stappen.append(_later(_("Eindbedrag vastgesteld"), _("Wij controleren de facturen en rekenen het bedrag uit.")))
    betaald = next((b for b in aanvraag.betalingen.all() if b.betaald_op), None)
    if betaald is not None:
        stappen.append(_klaar(_("Betaald"), betaald.betaald_op))
    elif vast is None or vast.bedrag:
        stappen.append(_later(_("Betaald"), _("Wij betalen binnen zes weken na het besluit over het eindbedrag.")))
    return stappen


def _na_verlening_groep(aanvraag: Aanvraag) -> list[dict[str, Any]]:
    """Of a group: how many members have claimed, and the end for the whole."""
    leden = [lid for lid in toegekende_deelnemers(aanvraag) if lid.doet_mee]
    klaar = sum(heeft_ingediend(lid) for lid in leden)
    tekst = _("%(n)d van %(alle)d deelnemers hebben gedeclareerd.") % {"n": klaar, "alle": len(leden)}
    claims = (
        _klaar(_("Kosten gedeclareerd"), None, tekst)
        if klaar == len(leden)
        else _later(_("Kosten gedeclareerd"), tekst, uiterste_declaratie(aanvraag))
    )
    vast = _("Eindbedrag vastgesteld")
    if aanvraag.vastgesteld_bedrag is None:
        return [claims, _later(vast, _("Wij stellen het bedrag van elke deelnemer apart vast."))]
    tekst = _("De groep krijgt %(bedrag)s.") % {"bedrag": euro(aanvraag.vastgesteld_bedrag)}
    return [claims, _klaar(vast, None, tekst)]


@dataclass(frozen=True)
class Beslistermijn:
    """The legal date in words, and the periods in which the clock stood still."""

    uiterlijk: date
    over: str
    te_laat: bool
    stil: tuple[str, ...]


def beslistermijn_van(aanvraag: Aanvraag, vandaag: date) -> Beslistermijn | None:
    """``None`` when there is nothing left to decide."""
    if aanvraag.is_uitgenodigd:
        return None
    if aanvraag.status not in _ONDERWEG | {S.AANVULLING_GEVRAAGD} or aanvraag.beslissen_uiterlijk_op is None:
        return None
    dagen = dagen_over(aanvraag, vandaag) or 0
    stil = [
        _("De termijn stond stil van %(van)s tot %(tot)s, omdat wij om een aanvulling vroegen.")
        % {"van": datum(van), "tot": datum(tot)}
        for van, tot, _reden in opschortingen(aanvraag)
    ]
    verzoek = open_aanvulling(aanvraag)
    if verzoek is not None:
        vanaf = timezone.localdate(verzoek.gevraagd_op) + timedelta(days=1)
        stil.append(
            _("De termijn staat nu stil, sinds %(dag)s, omdat wij u om een aanvulling vroegen. Na uw antwoord loopt "
              "hij verder en schuift de datum op.") % {"dag": datum(vanaf)}
        )  # fmt: skip
    return Beslistermijn(
        uiterlijk=aanvraag.beslissen_uiterlijk_op,
        over=ngettext("nog %(n)d dag", "nog %(n)d dagen", dagen) % {"n": dagen} if dagen >= 0 else "",
        te_laat=dagen < 0,
        stil=tuple(stil),
    )
