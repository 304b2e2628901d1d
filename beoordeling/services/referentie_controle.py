"""The checker's acts: phone back, hear the adviser, propose, agree by a second person, confirm, lift a block."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.db import transaction

from aanvragen.contactgegevens import telefoon_genormaliseerd
from aanvragen.enums import Referentiestatus
from aanvragen.models import Referentie
from aanvragen.services.toetsing import eis_geen_belang
from beoordeling.enums import Controlestap, Signaalsoort
from beoordeling.models import Referentiecontrole
from beoordeling.services.referentie import (
    geldig_tot,
    referentie_uitnodigen,
    referentie_vergrendelen,
    toets_herzien,
    verzoeken_intrekken,
)
from beoordeling.services.referentie_berichten import aanvrager_inlichten
from kern.enums import Rol
from kern.fouten import InvoerFout, OvergangFout, RechtenFout
from kern.models import Gebruiker
from kern.rechten import eis_rol
from kern.services.overgang import overgang_toepassen
from kern.services.spoor import Logpost, keten_van, log_schrijven
from kern.taal import in_het_nederlands

S = Referentiestatus
#: Letters that a report or a reason has at least.
LETTERS = 5
#: What came of phoning back.
UITKOMSTEN = ("bevestigt", "ontkent", "niet_bereikt")


@dataclass(frozen=True)
class Terugbelgegevens:
    """``nummer_bron``: where the number was found, other than with the applicant or the adviser."""

    telefoonnummer: str
    nummer_bron: str
    gesproken_met: str
    uitkomst: str
    verslag: str


def eis_controleur(actor: Gebruiker, referentie: Referentie, *rollen: Rol) -> None:
    """An officer (or a decider, for the second look), and never somebody who acts for the applicant."""
    eis_rol(actor, *(rollen or (Rol.BEHANDELAAR,)))
    eis_geen_belang(actor, referentie.aanvraag)


def _eis_tekst(tekst: str, veld: str, wat: str) -> str:
    if sum(teken.isalpha() for teken in tekst) < LETTERS:
        raise InvoerFout(f"{wat} ontbreekt.", actie="Schrijf in een paar woorden op wat u zag of hoorde.", veld=veld)
    return tekst.strip()


def _in_controle(referentie: Referentie) -> Referentie:
    referentie = referentie_vergrendelen(referentie)
    if referentie.status != S.IN_CONTROLE:
        raise OvergangFout(
            f"Deze referentie is niet in controle: zij is “{referentie.get_status_display()}”.",
            actie="Ververs de pagina en kijk wat er is gebeurd.",
        )
    return referentie


def _stap(referentie: Referentie, stap: Controlestap, *, actor: Gebruiker, op: datetime, **velden: str) -> None:
    """Keeps the step and writes the trail; what was said stands in the step, not in the trail."""
    Referentiecontrole.objects.create(referentie=referentie, stap=stap, op=op, door=actor, **velden)
    log_schrijven(
        Logpost(
            keten=keten_van(referentie),
            handeling=f"controle_{stap}",
            op=op,
            actor=actor,
            gegevens={"uitkomst": velden.get("uitkomst", "")},
        )
    )


def terugbellen_vastleggen(
    *, referentie: Referentie, gegevens: Terugbelgegevens, actor: Gebruiker, op: datetime
) -> None:
    """The referee was phoned, on a number that was found independently (design 05, part 5)."""
    eis_controleur(actor, referentie)
    nummer = telefoon_genormaliseerd(gegevens.telefoonnummer)
    if not nummer:
        raise InvoerFout("Dit is geen telefoonnummer.", actie="Vul het hele nummer in.", veld="telefoonnummer")
    if nummer in _nummers_van_betrokkenen(referentie):
        raise InvoerFout(
            "Dit nummer komt van de aanvrager of van de adviseur zelf.",
            actie="Zoek het nummer van de organisatie op, bijvoorbeeld op haar website of in het Handelsregister.",
            code="nummer-niet-onafhankelijk",
            veld="telefoonnummer",
        )
    if gegevens.uitkomst not in UITKOMSTEN:
        raise InvoerFout("De uitkomst ontbreekt.", actie="Kies wat het gesprek opleverde.", veld="uitkomst")
    bron = _eis_tekst(gegevens.nummer_bron, "nummer_bron", "Waar u het nummer vond,")
    verslag = _eis_tekst(gegevens.verslag, "verslag", "Het verslag")
    if gegevens.uitkomst != "niet_bereikt" and not gegevens.gesproken_met.strip():
        raise InvoerFout("Met wie u sprak, ontbreekt.", actie="Vul de naam in.", veld="gesproken_met")
    with transaction.atomic():
        _stap(
            _in_controle(referentie),
            Controlestap.TERUGBELLEN,
            actor=actor,
            op=op,
            uitkomst=gegevens.uitkomst,
            verslag=verslag,
            telefoonnummer=gegevens.telefoonnummer.strip()[:20],
            nummer_bron=bron[:300],
            gesproken_met=gegevens.gesproken_met.strip()[:200],
        )


def _nummers_van_betrokkenen(referentie: Referentie) -> set[str]:
    """Numbers that the applicant or the adviser gave: no independent source."""
    adviseur = referentie.adviseur
    nummers = [referentie.telefoon, referentie.aanvraag.contact_telefoon, adviseur.telefoon if adviseur else ""]
    return {telefoon_genormaliseerd(nummer) for nummer in nummers} - {""}


def adviseur_horen(*, referentie: Referentie, verslag: str, actor: Gebruiker, op: datetime) -> None:
    """The adviser could give another side of it (Awb 4:8 in spirit, R8)."""
    eis_controleur(actor, referentie)
    verslag = _eis_tekst(verslag, "verslag", "Het verslag")
    with transaction.atomic():
        _stap(_in_controle(referentie), Controlestap.ADVISEUR_GEHOORD, actor=actor, op=op, verslag=verslag)


def open_voorstel(referentie: Referentie) -> Referentiecontrole | None:
    """The proposal that waits for a second person."""
    laatste = referentie.controles.filter(
        stap__in=[Controlestap.VOORSTEL, Controlestap.AKKOORD, Controlestap.NIET_AKKOORD]
    ).order_by("-pk")
    gevonden = laatste.first()
    return gevonden if gevonden is not None and gevonden.stap == Controlestap.VOORSTEL else None


def ontbreekt_voor_voorstel(referentie: Referentie) -> list[str]:
    """What has to be done before somebody can propose not to confirm."""
    gedaan = _deze_ronde(referentie)
    nodig = {
        Controlestap.TERUGBELLEN: "bel de referent terug",
        Controlestap.ADVISEUR_GEHOORD: "hoor de adviseur",
    }
    return [wat for stap, wat in nodig.items() if stap not in gedaan]


def _deze_ronde(referentie: Referentie) -> set[str]:
    """Steps since the reference came into control the last time."""
    stappen = referentie.controles.all()
    if referentie.beoordeeld_op is not None:  # confirmed before, and taken into control again
        stappen = stappen.filter(op__gt=referentie.beoordeeld_op)
    return set(stappen.values_list("stap", flat=True))


def niet_bevestigen_voorstellen(*, referentie: Referentie, reden: str, actor: Gebruiker, op: datetime) -> None:
    """Proposes not to confirm; only after phoning back and hearing the adviser."""
    eis_controleur(actor, referentie)
    reden = _eis_tekst(reden, "reden", "De reden")
    with transaction.atomic():
        referentie = _in_controle(referentie)
        ontbreekt = ontbreekt_voor_voorstel(referentie)
        if ontbreekt:
            raise OvergangFout(
                f"Niet bevestigen kan nog niet: {' en '.join(ontbreekt)}.",
                actie="Leg die stap eerst vast.",
                code="controle-niet-compleet",
            )
        if open_voorstel(referentie) is not None:
            raise OvergangFout("Er ligt al een voorstel.", actie="Vraag een collega om het te bekijken.")
        _stap(referentie, Controlestap.VOORSTEL, actor=actor, op=op, verslag=reden)


@in_het_nederlands
def voorstel_beoordelen(
    *, referentie: Referentie, akkoord: bool, reden: str, actor: Gebruiker, op: datetime
) -> Referentie:
    """The second person agrees (the reference is not confirmed) or does not (the control goes on)."""
    eis_controleur(actor, referentie, Rol.BEHANDELAAR, Rol.BESLISSER)
    reden = _eis_tekst(reden, "reden", "De reden")
    with transaction.atomic():
        referentie = _in_controle(referentie)
        voorstel = open_voorstel(referentie)
        if voorstel is None:
            raise OvergangFout("Er ligt geen voorstel.", actie="Ververs de pagina.")
        if voorstel.door_id == actor.pk:
            raise RechtenFout(
                "Wie het voorstel deed, keurt het niet goed.", actie="Vraag een collega.", code="vier-ogen"
            )
        stap = Controlestap.AKKOORD if akkoord else Controlestap.NIET_AKKOORD
        _stap(referentie, stap, actor=actor, op=op, verslag=reden)
        if akkoord:
            referentie = overgang_toepassen(
                referentie, "niet_bevestigen", actor=actor, op=op, vergrendeld=True, reden=voorstel.verslag
            )
            _hergebruik_in_controle(referentie, op=op)
            aanvrager_inlichten(
                referentie=referentie, code="referentie_niet_bevestigd", reden=voorstel.verslag, actor=actor, op=op
            )
            toets_herzien(referentie.aanvraag, op=op)
    return referentie


def _hergebruik_in_controle(referentie: Referentie, *, op: datetime) -> None:
    """Other applications lean on this confirmation: their references are looked at too."""
    for ander in referentie.hergebruikt_in.filter(status=S.BEVESTIGD).select_related("aanvraag").order_by("pk"):
        ander = referentie_vergrendelen(ander)
        if ander.status == S.BEVESTIGD:
            ander = overgang_toepassen(
                ander,
                "in_controle_nemen",
                actor=None,
                op=op,
                vergrendeld=True,
                reden="De referentie waarop deze steunt, is niet bevestigd.",
            )
            toets_herzien(ander.aanvraag, op=op)


def _ontkend(referentie: Referentie) -> bool:
    return referentie.signalen.filter(code="ontkend", opgeheven_op=None).exists()


def referentie_bevestigen(*, referentie: Referentie, reden: str, actor: Gebruiker, op: datetime) -> Referentie:
    """The checker is satisfied, and says why."""
    eis_controleur(actor, referentie)
    reden = _eis_tekst(reden, "reden", "De reden")
    with transaction.atomic():
        referentie = _in_controle(referentie)
        if open_voorstel(referentie) is not None:
            raise OvergangFout(
                "Er ligt een voorstel om niet te bevestigen.",
                actie="Beoordeel eerst het voorstel.",
                code="voorstel-open",
            )
        if _ontkend(referentie) and Controlestap.TERUGBELLEN not in _deze_ronde(referentie):
            raise OvergangFout(
                "De referent heeft dit ontkend.", actie="Bel de referent eerst terug.", code="eerst-terugbellen"
            )
        referentie = overgang_toepassen(
            referentie,
            "bevestigen",
            actor=actor,
            op=op,
            vergrendeld=True,
            reden=reden,
            geldig_tot=geldig_tot(referentie, op),
        )
        referentie.signalen.filter(opgeheven_op=None).update(
            opgeheven_op=op, opgeheven_door=actor, opgeheven_reden=reden
        )
        toets_herzien(referentie.aanvraag, op=op)
    return referentie


def referentie_in_controle_nemen(*, referentie: Referentie, reden: str, actor: Gebruiker, op: datetime) -> Referentie:
    """New facts came up about a confirmed reference."""
    eis_controleur(actor, referentie)
    reden = _eis_tekst(reden, "reden", "De reden")
    with transaction.atomic():
        referentie = referentie_vergrendelen(referentie)
        referentie = overgang_toepassen(
            referentie, "in_controle_nemen", actor=actor, op=op, vergrendeld=True, reden=reden
        )
        toets_herzien(referentie.aanvraag, op=op)
    return referentie


def blokkade_opheffen(*, referentie: Referentie, reden: str, actor: Gebruiker, op: datetime) -> Referentie:
    """An officer sees that the block is wrong: the referee is invited after all."""
    eis_controleur(actor, referentie)
    reden = _eis_tekst(reden, "reden", "De reden")
    with transaction.atomic():
        referentie = referentie_vergrendelen(referentie)
        if referentie.status != S.GEBLOKKEERD:
            raise OvergangFout("Deze referentie is niet geblokkeerd.", actie="Ververs de pagina.")
        referentie.signalen.filter(soort=Signaalsoort.BLOK, opgeheven_op=None).update(
            opgeheven_op=op, opgeheven_door=actor, opgeheven_reden=reden
        )
        referentie = overgang_toepassen(referentie, "klaarzetten", actor=actor, op=op, vergrendeld=True, reden=reden)
        return referentie_uitnodigen(referentie=referentie, actor=actor, op=op)


def referentie_intrekken(*, referentie: Referentie, reden: str, actor: Gebruiker, op: datetime) -> Referentie:
    """An officer takes an open reference out, for instance at the request of the referee."""
    eis_controleur(actor, referentie)
    reden = _eis_tekst(reden, "reden", "De reden")
    with transaction.atomic():
        referentie = referentie_vergrendelen(referentie)
        verzoeken_intrekken(referentie, op=op)
        referentie = overgang_toepassen(referentie, "intrekken", actor=actor, op=op, vergrendeld=True, reden=reden)
        toets_herzien(referentie.aanvraag, op=op)
    return referentie
