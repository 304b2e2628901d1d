"""What an officer can do with many cases at once. The services decide; here stands what they are asked."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _l

from aanvragen.enums import Status, Toetssoort, Toetsuitkomst
from aanvragen.models import Aanvraag, Toets
from aanvragen.services.behandeling import Gevraagd, aanvulling_vragen, in_behandeling_nemen
from aanvragen.services.overdracht import OVER_TE_DRAGEN, zaak_overdragen
from beoordeling.services.behandelvolgorde import toets_afronden
from kern.enums import Rol
from kern.fouten import InvoerFout
from kern.models import Gebruiker
from kern.taal import in_het_nederlands
from portalen.bulk import Bulkhandeling
from portalen.formulieren.aanvulverzoek import Overdraagformulier, mogelijke_onderdelen, voorgestelde_uitleg
from portalen.formulieren.besluit import beginwaarden
from portalen.formulieren.werklijst import Dubbelmotivering, Slotmotivering, Verleningsmotivering, Verzoekformulier
from portalen.verzoek import ontvangen
from portalen.zaakstappen import toetsen_niet_goed
from uitvoering.enums import Afwijzingsgrond, Besluitsoort, Besluitstatus
from uitvoering.services.besluit import MOGELIJK, besluit_voorstellen

BEHANDELAAR = frozenset({Rol.BEHANDELAAR})
DUBBEL = "een_per_aanvrager"
#: The distribution is over for these, and they got nothing.
NIET_GEKOZEN = (Status.NIET_GESELECTEERD, Status.RESERVE)


def _status_past(aanvraag: Aanvraag, *staten: str) -> str:
    if aanvraag.status in staten:
        return ""
    return _("De status is “%(status)s”.") % {"status": aanvraag.get_status_display()}


def _in_behandeling(aanvraag: Aanvraag, actor: Gebruiker, request: HttpRequest, gegevens: dict[str, Any]) -> object:
    return in_behandeling_nemen(aanvraag=aanvraag, actor=actor, op=ontvangen(request))


def _compleet(aanvraag: Aanvraag, actor: Gebruiker, request: HttpRequest, gegevens: dict[str, Any]) -> object:
    return toets_afronden(aanvraag=aanvraag, actor=actor, op=ontvangen(request))


def _compleet_bezwaar(aanvraag: Aanvraag, actor: Gebruiker) -> str:
    fout = [
        toets.naam
        for toets in aanvraag.toetsen.all()
        if toets.soort == Toetssoort.VOLLEDIGHEID and toets.geldend != Toetsuitkomst.VOLDOET
    ]
    if fout:
        return _("Deze toetsen voldoen niet of wachten op een oordeel: %(toetsen)s.") % {"toetsen": ", ".join(fout)}
    return _status_past(aanvraag, Status.IN_BEHANDELING)


def _ontbrekend(aanvraag: Aanvraag) -> list[Gevraagd]:
    """What the checks on completeness miss, as items to ask for."""
    spec = aanvraag.tijdvak.spec
    voorstel = voorgestelde_uitleg(spec, list(aanvraag.toetsen.all()))
    return [
        Gevraagd(deel.soort, deel.titel, voorstel[deel.soort, deel.code], deel.code)
        for deel in mogelijke_onderdelen(spec)
        if (deel.soort, deel.code) in voorstel
    ]


def _aanvulling(aanvraag: Aanvraag, actor: Gebruiker, request: HttpRequest, gegevens: dict[str, Any]) -> object:
    eigen = _ontbrekend(aanvraag) if gegevens["uit_toetsen"] else []
    return aanvulling_vragen(
        aanvraag=aanvraag,
        onderdelen=[*eigen, *gegevens["onderdelen"]],
        termijn_dagen=gegevens["termijn_dagen"],
        actor=actor,
        op=ontvangen(request),
    )


def _aanvulling_uitleg(aanvraag: Aanvraag) -> str:
    return "; ".join(deel.in_een_regel() for deel in _ontbrekend(aanvraag))


def _overdragen(aanvraag: Aanvraag, actor: Gebruiker, request: HttpRequest, gegevens: dict[str, Any]) -> object:
    return zaak_overdragen(aanvraag=aanvraag, actor=actor, op=ontvangen(request), **gegevens)


def dubbeltoets(aanvraag: Aanvraag) -> Toets | None:
    """The check "one per applicant" when it says no."""
    return next(
        (t for t in aanvraag.toetsen.all() if t.code == DUBBEL and t.geldend == Toetsuitkomst.VOLDOET_NIET), None
    )


def _dubbel(aanvraag: Aanvraag, actor: Gebruiker, request: HttpRequest, gegevens: dict[str, Any]) -> object:
    toets = dubbeltoets(aanvraag)
    if toets is None:
        raise InvoerFout(
            _("De toets “één per aanvrager” is bij deze zaak niet negatief."),
            actie=_("Beoordeel eerst de toets op de pagina van de zaak."),
        )
    return besluit_voorstellen(
        aanvraag=aanvraag,
        soort=Besluitsoort.AFWIJZING,
        grond=Afwijzingsgrond.EEN_PER_AANVRAGER,
        motivering=f"{toets.uitleg} {gegevens['motivering']}",
        actor=actor,
        op=ontvangen(request),
    )


def _dubbel_bezwaar(aanvraag: Aanvraag, actor: Gebruiker) -> str:
    if dubbeltoets(aanvraag) is None:
        return _("De toets “één per aanvrager” is niet negatief.")
    return _status_past(aanvraag, *MOGELIJK[Besluitsoort.AFWIJZING])


def _dubbel_uitleg(aanvraag: Aanvraag) -> str:
    toets = dubbeltoets(aanvraag)
    return toets.uitleg if toets else ""


def _verlening(aanvraag: Aanvraag, actor: Gebruiker, request: HttpRequest, gegevens: dict[str, Any]) -> object:
    return besluit_voorstellen(
        aanvraag=aanvraag,
        soort=Besluitsoort.VERLENING,
        motivering=gegevens["motivering"],
        actor=actor,
        op=ontvangen(request),
    )


def _verlening_bezwaar(aanvraag: Aanvraag, actor: Gebruiker) -> str:
    if wacht := toetsen_niet_goed(aanvraag.toetsen.all()):
        return _("Deze toetsen voldoen niet of wachten op een oordeel: %(toetsen)s.") % {"toetsen": ", ".join(wacht)}
    return _status_past(aanvraag, *MOGELIJK[Besluitsoort.VERLENING])


@in_het_nederlands
def _redenen(aanvraag: Aanvraag) -> dict[str, str]:
    """Ground and text of the refusal of a case that was not selected: its scores, threshold or number in the draw.
    Empty for a case in another state."""
    if aanvraag.status not in NIET_GEKOZEN:
        return {}
    plaats = getattr(aanvraag, "plaats", None)
    return beginwaarden(aanvraag, Besluitsoort.AFWIJZING, plaats.rang if plaats else None)


def _niet_gekozen(aanvraag: Aanvraag, actor: Gebruiker, request: HttpRequest, gegevens: dict[str, Any]) -> object:
    aanvraag = Aanvraag.objects.get(pk=aanvraag.pk)  # the list may be long: the next one may be called meanwhile
    redenen = _redenen(aanvraag)
    if not redenen:
        raise InvoerFout(
            _status_past(aanvraag, *NIET_GEKOZEN), actie=_("Kijk op de pagina van de zaak welke stap nu kan.")
        )
    return besluit_voorstellen(
        aanvraag=aanvraag,
        soort=Besluitsoort.AFWIJZING,
        grond=Afwijzingsgrond(redenen["grond"]),
        motivering=f"{redenen['motivering']} {gegevens['motivering']}".strip(),
        actor=actor,
        op=ontvangen(request),
    )


def _niet_gekozen_bezwaar(aanvraag: Aanvraag, actor: Gebruiker) -> str:
    voorgesteld = [
        besluit
        for besluit in aanvraag.besluiten.all()
        if besluit.soort == Besluitsoort.AFWIJZING and besluit.status != Besluitstatus.CONCEPT
    ]
    if bezwaar := _status_past(aanvraag, *NIET_GEKOZEN):
        return bezwaar
    return _("Er is al een afwijzing voorgesteld.") if voorgesteld else ""


HANDELINGEN = [
    Bulkhandeling(
        code="in-behandeling",
        naam=_l("In behandeling nemen"),
        knop=_l("In behandeling nemen"),
        uitleg=_l("De zaken komen op uw naam te staan. Dit kan bij zaken met de status “Ingediend”."),
        rollen=BEHANDELAAR,
        doe=_in_behandeling,
        bezwaar=lambda aanvraag, actor: _status_past(aanvraag, Status.INGEDIEND),
    ),
    Bulkhandeling(
        code="compleet",
        naam=_l("Compleet verklaren"),
        knop=_l("Compleet verklaren"),
        uitleg=_l("De aanvragen doen daarna mee in de verdeling. Dit kan bij zaken met de status “In behandeling”."),
        rollen=BEHANDELAAR,
        doe=_compleet,
        bezwaar=_compleet_bezwaar,
    ),
    Bulkhandeling(
        code="aanvulling",
        naam=_l("Om aanvulling vragen"),
        knop=_l("Verzoeken versturen"),
        uitleg=_l("Elke aanvrager krijgt een brief. De beslistermijn van die zaken staat dan stil."),
        rollen=BEHANDELAAR,
        doe=_aanvulling,
        bezwaar=lambda aanvraag, actor: _status_past(aanvraag, Status.IN_BEHANDELING),
        formulier=Verzoekformulier,
        per_rij=_aanvulling_uitleg,
    ),
    Bulkhandeling(
        code="overdragen",
        naam=_l("Overdragen aan een collega"),
        knop=_l("Zaken overdragen"),
        uitleg=_l("De zaken komen op naam van uw collega te staan. De reden blijft bij elke zaak staan."),
        rollen=BEHANDELAAR,
        doe=_overdragen,
        bezwaar=lambda aanvraag, actor: _status_past(aanvraag, *OVER_TE_DRAGEN),
        formulier=Overdraagformulier,
    ),
    Bulkhandeling(
        code="afwijzing-dubbel",
        naam=_l("Afwijzing voorstellen: één per aanvrager"),
        knop=_l("Afwijzingen voorstellen"),
        uitleg=_l("Een beslisser moet elk besluit nog ondertekenen. Daarna gaat de brief pas weg."),
        rollen=BEHANDELAAR,
        doe=_dubbel,
        bezwaar=_dubbel_bezwaar,
        formulier=Dubbelmotivering,
        per_rij=_dubbel_uitleg,
        gevaarlijk=True,
    ),
    Bulkhandeling(
        code="verlening",
        naam=_l("Verlening voorstellen"),
        knop=_l("Verleningen voorstellen"),
        uitleg=_l("Een beslisser moet elk besluit nog ondertekenen. Daarna gaat de brief pas weg."),
        rollen=BEHANDELAAR,
        doe=_verlening,
        bezwaar=_verlening_bezwaar,
        formulier=Verleningsmotivering,
    ),
    Bulkhandeling(
        code="afwijzing-niet-geselecteerd",
        naam=_l("Afwijzing voorstellen: niet geselecteerd"),
        knop=_l("Afwijzingen voorstellen"),
        uitleg=_l(
            "In elke brief staat de reden van die zaak: de scores met de drempel of de plaats, of het nummer in de "
            "loting. Wie nog op de reservelijst staat, verliest die plaats. Een beslisser moet elk besluit nog "
            "ondertekenen. Daarna gaat de brief pas weg."
        ),
        rollen=BEHANDELAAR,
        doe=_niet_gekozen,
        bezwaar=_niet_gekozen_bezwaar,
        formulier=Slotmotivering,
        per_rij=lambda aanvraag: _redenen(aanvraag).get("motivering", ""),
        gevaarlijk=True,
    ),
]
