"""What can be done with a case now, and by whom: the panel "Wat nu?". Reads the state, changes nothing."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date

import rules
from django.urls import reverse
from django.utils.translation import gettext as _

from aanvragen.enums import Bron, Correspondentie, Status, Toetssoort, Toetsuitkomst
from aanvragen.models import Aanvraag, Aanvulling, Deelnemer, Papieraanvulling, Toets
from aanvragen.selectors import Vervolg
from kern.enums import Rol
from kern.models import Gebruiker
from portalen.templatetags.stimulans import datum, datumtijd
from uitvoering.enums import Besluitsoort, Besluitstatus, Declaratiestatus
from uitvoering.models import Besluit, Declaratie
from uitvoering.selectors import heeft_ingediend
from uitvoering.services.besluit import MOGELIJK, buiten_behandeling_tot
from uitvoering.services.leergang import LOOPT

_AFGEROND = {Declaratiestatus.GOEDGEKEURD, Declaratiestatus.DEELS_GOEDGEKEURD, Declaratiestatus.AFGEKEURD}


@dataclass(frozen=True)
class Stap:
    """A button (``post``) or a link to a page with a form."""

    naam: str
    url: str
    post: bool = False
    hoofd: bool = True


@dataclass(frozen=True)
class Zaakbeeld:
    """What the panel looks at."""

    aanvraag: Aanvraag
    toetsen: Sequence[Toets]
    aanvulling: Aanvulling | None
    besluiten: Sequence[Besluit]
    declaratie: Declaratie | None
    vandaag: date
    #: An answer on paper that is being typed; also one that the applicant overtook and nobody stopped yet.
    papier: Papieraanvulling | None = None
    #: Members of a group with amounts of their own, after the grant.
    deelnemers: Sequence[Deelnemer] = ()
    #: The second stage, of a proposal that passed the first.
    vervolg: Vervolg | None = None


def mag_behandelen(gebruiker: Gebruiker, aanvraag: Aanvraag) -> bool:
    """An officer who does not act for this applicant."""
    return bool(rules.has_perm("aanvragen.behandelen", gebruiker, aanvraag))


def lopend_besluit(besluiten: Sequence[Besluit]) -> Besluit | None:
    """The decision that waits for a signature or for sending."""
    wacht = {Besluitstatus.VOORGESTELD, Besluitstatus.ONDERTEKEND}
    return next((besluit for besluit in besluiten if besluit.status in wacht), None)


def wat_nu(beeld: Zaakbeeld, gebruiker: Gebruiker) -> tuple[str, list[Stap]]:
    """Where the case stands, in words, and what this person can do."""
    if beeld.aanvraag.bron == Bron.IMPORT:
        return _("Deze zaak komt uit een bestand van vroeger. Er is hier niets te doen."), []
    lopend = lopend_besluit(beeld.besluiten)
    if lopend is not None:
        return _lopend_tekst(lopend), [Stap(_("Bekijk het besluit"), reverse("portalen:besluit", args=[lopend.pk]))]
    tekst = _tekst(beeld)
    if Rol.BEHANDELAAR not in gebruiker.rollen:
        return tekst, []
    if not mag_behandelen(gebruiker, beeld.aanvraag):
        return _("U handelt zelf voor deze aanvrager. Een collega moet deze zaak behandelen."), []
    stappen = _stappen(beeld)
    if beeld.papier is not None and beeld.aanvraag.status != Status.AANVULLING_GEVRAAGD:
        stappen.append(
            _link("zaak_papieraanvulling", beeld.aanvraag, _("Aanvulling op papier: niet verstuurd"), hoofd=False)
        )
    return tekst, stappen


def _lopend_tekst(besluit: Besluit) -> str:
    soort = str(Besluitsoort(besluit.soort).label).lower()
    if besluit.status == Besluitstatus.VOORGESTELD:
        return _("Er ligt een voorstel: %(soort)s. Een beslisser ondertekent het of stuurt het terug.") % {
            "soort": soort
        }
    return _("Het besluit “%(soort)s” is ondertekend. Het geldt pas als het is verzonden.") % {"soort": soort}


def _tekst(beeld: Zaakbeeld) -> str:
    aanvulling = beeld.aanvulling
    if beeld.vervolg is not None:
        return _vervolgtekst(beeld.vervolg)
    if beeld.papier is not None and beeld.aanvraag.status == Status.AANVULLING_GEVRAAGD:
        return _(
            "Op %(moment)s is een aanvulling op papier ontvangen. Voer haar in en verstuur haar. De aanvrager kan "
            "intussen ook online aanvullen; wie het eerst verstuurt, geldt."
        ) % {"moment": datumtijd(beeld.papier.ontvangen_op)}
    if beeld.aanvraag.status == Status.AANVULLING_GEVRAAGD and aanvulling is not None:
        if aanvulling.termijn_tot < beeld.vandaag:
            return _(
                "De termijn om aan te vullen was %(dag)s en is voorbij. Kies: verder zonder aanvulling, of voorstellen "
                "om de aanvraag niet te behandelen. Dat laatste kan tot en met %(uiterlijk)s."
            ) % {
                "dag": datum(aanvulling.termijn_tot),
                "uiterlijk": datum(buiten_behandeling_tot(aanvulling)),
            }
        return _("Wij wachten op de aanvrager, tot en met %(dag)s. De beslistermijn staat stil.") % {
            "dag": datum(aanvulling.termijn_tot)
        }
    if beeld.deelnemers and beeld.aanvraag.status in {Status.VERLEEND, Status.IN_UITVOERING}:
        return _groepstekst(beeld.deelnemers)
    if _volgt_leergang(beeld):
        return _("De plaatsen zijn toegekend. De deelnemers volgen de leergang; er komt geen declaratie.")
    if beeld.aanvraag.status == Status.VASTSTELLING_GEVRAAGD:
        return _declaratietekst(beeld.declaratie)
    if beeld.aanvraag.status == Status.IN_BEHANDELING and aanvulling is not None and aanvulling.beantwoord_op:
        return _(
            "De aanvrager heeft aangevuld op %(dag)s. Kijk of het genoeg is. Zo niet, dan kunt u tot en met "
            "%(uiterlijk)s voorstellen om de aanvraag niet te behandelen; daarna beslist u op de inhoud."
        ) % {"dag": datum(aanvulling.beantwoord_op), "uiterlijk": datum(buiten_behandeling_tot(aanvulling))}
    return {
        Status.INGEDIEND: _("De aanvraag is binnen en is nog bij niemand in hand."),
        Status.IN_BEHANDELING: _("Controleer of alles er is en beoordeel de toetsen die niet vanzelf gaan."),
        Status.COMPLEET: _(
            "De aanvraag is compleet en doet mee in de verdeling. Voldoet de aanvraag niet aan de regeling? Stel dan "
            "een afwijzing voor."
        ),
        Status.IN_VERDELING: _("De aanvraag staat op de bevroren lijst. De verdeling beslist of er geld is."),
        Status.GESELECTEERD: _("Er is geld gereserveerd. Stel de verlening voor."),
        Status.RESERVE: _("De aanvraag staat op de reservelijst en schuift op als er geld vrijkomt."),
        Status.NIET_GESELECTEERD: _("Er is geen geld voor deze aanvraag. Stel de afwijzing voor."),
        Status.VERLEEND: _("De subsidie is verleend. De aanvrager kan beginnen."),
        Status.IN_UITVOERING: _("Het project loopt. Wij wachten op de declaratie."),
        Status.VASTGESTELD: _("De subsidie is vastgesteld. De betaling loopt."),
    }.get(Status(beeld.aanvraag.status), _("Er is niets meer te doen aan deze zaak."))


def _volgt_leergang(beeld: Zaakbeeld) -> bool:
    """Whether the places of a course were granted, with which people are busy."""
    aanvraag = beeld.aanvraag
    return aanvraag.status in LOOPT and aanvraag.tijdvak.spec.leergang is not None


def _vervolgtekst(vervolg: Vervolg) -> str:
    """What came of an invitation for the second stage."""
    if vervolg.aanvraag is not None and vervolg.aanvraag.status != Status.CONCEPT:
        return _("Het volledige voorstel is binnen: %(kenmerk)s. Over dat voorstel wordt besloten.") % {
            "kenmerk": vervolg.aanvraag.kenmerk
        }
    return _(
        "De aanvrager is uitgenodigd om tot en met %(moment)s een volledig voorstel te sturen. Komt het er niet, stel "
        "dan een afwijzing voor."
    ) % {"moment": datumtijd(vervolg.tijdvak.sluit_op)}


def _groepstekst(deelnemers: Sequence[Deelnemer]) -> str:
    """How far the members are."""
    leden = [lid for lid in deelnemers if lid.doet_mee]
    cijfers = {
        "alle": len(leden),
        "binnen": sum(heeft_ingediend(lid) for lid in leden),
        "klaar": sum(lid.vastgesteld_bedrag is not None for lid in leden),
    }
    return (
        _(
            "Het project loopt. Van de %(alle)d deelnemers hebben er %(binnen)d gedeclareerd; voor %(klaar)d staat het "
            "bedrag vast."
        )
        % cijfers
    )


def _declaratietekst(declaratie: Declaratie | None) -> str:
    if declaratie is None or declaratie.status == Declaratiestatus.INGEDIEND:
        return _("Er is een declaratie binnen. Neem haar in controle.")
    if declaratie.status == Declaratiestatus.IN_CONTROLE:
        return _("Beoordeel elke regel van de declaratie en rond de controle af.")
    if declaratie.status in _AFGEROND:
        return _("De declaratie is gecontroleerd. Stel de vaststelling voor.")
    return _("Wij wachten op een aanvulling van de declaratie.")


def _stappen(beeld: Zaakbeeld) -> list[Stap]:
    aanvraag = beeld.aanvraag
    match Status(aanvraag.status):
        case Status.INGEDIEND:
            return [_knop(aanvraag, "in-behandeling", _("In behandeling nemen"))]
        case Status.IN_BEHANDELING:
            vragen = _link("zaak_aanvulling", aanvraag, _("Om aanvulling vragen"), hoofd=bool(volledigheid_open(beeld)))
            klaar = _knop(aanvraag, "compleet", _("Compleet verklaren"))
            rest = _niet_behandelen(beeld)
            return [vragen, *rest] if volledigheid_open(beeld) else [klaar, vragen, *rest]
        case Status.AANVULLING_GEVRAAGD:
            return _na_termijn(beeld)
        case Status.VERLEEND | Status.IN_UITVOERING if beeld.deelnemers:
            return [_link("zaak_deelnemers", aanvraag, _("Deelnemers en hun declaraties"))]
        case Status.VERLEEND | Status.IN_UITVOERING if _volgt_leergang(beeld):
            return [
                Stap(
                    _("Groepen en aanwezigheid"), reverse("portalen:tijdvak_leergang", args=[aanvraag.tijdvak.sleutel])
                )
            ]
        case Status.VASTSTELLING_GEVRAAGD:
            return _vaststelling(beeld)
        case Status.GESELECTEERD if beeld.vervolg is not None:
            adres = reverse("portalen:zaak_besluit", args=[aanvraag.pk, Besluitsoort.AFWIJZING])
            verstuurd = beeld.vervolg.aanvraag is not None and beeld.vervolg.aanvraag.status != Status.CONCEPT
            return [] if verstuurd else [Stap(_("Afwijzing voorstellen"), adres, hoofd=False)]
        case status:
            namen = {
                Besluitsoort.VERLENING: _("Verlening voorstellen"),
                Besluitsoort.AFWIJZING: _("Afwijzing voorstellen"),
            }
            return [
                Stap(naam, reverse("portalen:zaak_besluit", args=[aanvraag.pk, soort]), hoofd=status != Status.COMPLEET)
                for soort, naam in namen.items()
                if status in MOGELIJK[soort]
            ]


def volledigheid_open(beeld: Zaakbeeld) -> list[str]:
    """Names of checks on completeness that fail or wait: they stand in the way of declaring complete."""
    return [
        toets.naam
        for toets in beeld.toetsen
        if toets.soort == Toetssoort.VOLLEDIGHEID and toets.geldend != Toetsuitkomst.VOLDOET
    ]


def toetsen_niet_goed(toetsen: Iterable[Toets]) -> list[str]:
    """Names of checks that fail or wait: a grant is not possible while there are any."""
    return [toets.naam for toets in toetsen if toets.geldend != Toetsuitkomst.VOLDOET]


def _na_termijn(beeld: Zaakbeeld) -> list[Stap]:
    aanvulling, aanvraag = beeld.aanvulling, beeld.aanvraag
    if aanvulling is None:
        return []
    loopt = aanvulling.termijn_tot >= beeld.vandaag
    verlengen = [_link("zaak_verlengen", aanvraag, _("Termijn verlengen"), hoofd=False)] if loopt else []
    if beeld.papier is not None:
        return [_link("zaak_papieraanvulling", aanvraag, _("Verder met de aanvulling op papier")), *verlengen]
    per_post = aanvraag.correspondentie == Correspondentie.POST
    papier = _link("zaak_papieraanvulling", aanvraag, _("Aanvulling op papier invoeren"), hoofd=loopt and per_post)
    if loopt:
        return [papier, *verlengen]
    return [_link("zaak_verder", aanvraag, _("Verder zonder aanvulling")), *_niet_behandelen(beeld), papier]


def _niet_behandelen(beeld: Zaakbeeld) -> list[Stap]:
    """Proposing not to treat: after the term was used or lapsed, for four weeks (Awb 4:5, R3-R4)."""
    if beeld.aanvulling is None or beeld.vandaag > buiten_behandeling_tot(beeld.aanvulling):
        return []
    adres = reverse("portalen:zaak_besluit", args=[beeld.aanvraag.pk, Besluitsoort.BUITEN_BEHANDELING])
    return [Stap(_("Voorstellen om niet te behandelen"), adres, hoofd=False)]


def _vaststelling(beeld: Zaakbeeld) -> list[Stap]:
    declaratie, aanvraag = beeld.declaratie, beeld.aanvraag
    if declaratie is None:
        return []
    if declaratie.status == Declaratiestatus.INGEDIEND:
        return [_knop(aanvraag, "declaratie-in-controle", _("Declaratie in controle nemen"))]
    if declaratie.status == Declaratiestatus.IN_CONTROLE:
        return [_link("zaak_declaratie", aanvraag, _("Declaratie controleren"))]
    if declaratie.status in _AFGEROND:
        return [_link("zaak_vaststelling", aanvraag, _("Vaststelling voorstellen"))]
    return []


def _knop(aanvraag: Aanvraag, stap: str, naam: str) -> Stap:
    return Stap(naam, reverse("portalen:zaak_stap", args=[aanvraag.pk, stap]), post=True)


def _link(url: str, aanvraag: Aanvraag, naam: str, *, hoofd: bool = True) -> Stap:
    return Stap(naam, reverse(f"portalen:{url}", args=[aanvraag.pk]), hoofd=hoofd)
