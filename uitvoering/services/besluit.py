"""Decisions: proposed by one, signed by another, in force by sending."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any

from django.db import transaction
from django.db.models import Max
from django.utils import timezone

from aanvragen.enums import Bron, Status, Toetsuitkomst
from aanvragen.models import Aanvraag, Aanvulling, Besluitmoment, Postbusbericht
from aanvragen.services.behandeling import eis_geen_papier_in_invoer
from aanvragen.services.papier import eis_geen_invoerder
from aanvragen.services.postbus import is_aangekomen
from aanvragen.services.steun import eis_steunruimte
from aanvragen.services.toetsing import eis_behandelaar, eis_geen_belang
from beoordeling.enums import Mutatiesoort
from beoordeling.models import Rangschikking
from beoordeling.selectors_behandelvolgorde import ongetoetst_met_plaats
from beoordeling.services.rangschikking import mutatie_verwerken, rangschikking_vergrendelen
from kern.enums import Rol
from kern.fouten import InvoerFout, OvergangFout
from kern.models import Gebruiker, LogRegel
from kern.rechten import eis_rol
from kern.services.overgang import overgang_toepassen, vergrendel
from kern.services.spoor import keten_van
from kern.taal import in_het_nederlands
from kern.termijnen import Termijn, bereken, lees_duur
from regeling.enums import HOOFDPOT, Boekingsoort
from regeling.services.grootboek import Opdracht, boeken
from uitvoering.enums import ARTIKEL, Afwijzingsgrond, Besluitsoort, Besluitstatus
from uitvoering.models import Besluit
from uitvoering.services.brief import brief_maken
from uitvoering.services.deelnemers import bedragen_vastleggen
from uitvoering.services.vierogen import eis_ondertekenaar
from uitvoering.services.voucher import voucher_uitgeven

#: States in which a decision of each kind can be proposed.
MOGELIJK = {
    Besluitsoort.VERLENING: {Status.GESELECTEERD},
    Besluitsoort.AFWIJZING: {
        Status.COMPLEET,
        Status.IN_VERDELING,
        Status.NIET_GESELECTEERD,
        Status.RESERVE,
        Status.GESELECTEERD,  # drawn first and checked afterwards: the next one gets the room
    },
    #: In hand: the term was used but the answer was not enough, see ``_eis_gelapte_termijn``.
    Besluitsoort.BUITEN_BEHANDELING: {Status.AANVULLING_GEVRAAGD, Status.IN_BEHANDELING},
}
#: Letters that a motivation has at least: white space and signs are no grounds (Awb 3:46).
MOTIVERING_LETTERS = 5
#: Awb 4:5(4): announced within four weeks after the answer, or after the term lapsed.
BUITEN_BEHANDELING_BINNEN = timedelta(weeks=4)


@in_het_nederlands
def besluit_voorstellen(
    *,
    aanvraag: Aanvraag,
    soort: Besluitsoort,
    motivering: str,
    actor: Gebruiker,
    op: datetime,
    grond: Afwijzingsgrond | None = None,
    artikel: str = "",
) -> Besluit:
    """An officer proposes a decision with its grounds (Awb 3:46, R16).

    A grant is for the amount that was selected. Refused while a check waits for a judgement.
    """
    eis_behandelaar(actor, aanvraag)
    if sum(teken.isalpha() for teken in motivering) < MOTIVERING_LETTERS:
        raise InvoerFout(
            "De motivering ontbreekt.", actie="Schrijf op waarom u dit besluit voorstelt.", veld="motivering"
        )
    if soort == Besluitsoort.AFWIJZING and grond is None:
        raise InvoerFout("De grond ontbreekt.", actie="Kies de grond van de afwijzing.", veld="grond")
    with transaction.atomic():
        aanvraag = vergrendel(aanvraag)
        eis_geen_invoerder(actor, aanvraag)
        if aanvraag.bron == Bron.IMPORT:
            raise OvergangFout(
                "Deze aanvraag komt uit een bestand van een oude ronde.", actie="Daarover is al besloten."
            )
        if soort not in MOGELIJK or aanvraag.status not in MOGELIJK[soort]:
            raise OvergangFout(
                f"Bij de status “{aanvraag.get_status_display()}” hoort geen besluit “{soort.label}”.",
                actie="Kijk op de pagina van de zaak welke stap nu kan.",
            )
        _eis_register(aanvraag)
        if soort == Besluitsoort.VERLENING:
            _eis_laatste_stap(aanvraag)
            _eis_alles_goed(aanvraag)
            eis_steunruimte(aanvraag, op)
        if soort == Besluitsoort.BUITEN_BEHANDELING:
            _eis_gelapte_termijn(aanvraag, op)
        besluit = aanvraag.besluiten.select_for_update().filter(soort=soort).first() or Besluit(
            aanvraag=aanvraag, soort=soort
        )
        if besluit.status != Besluitstatus.CONCEPT:
            raise OvergangFout(
                "Er is al een besluit voorgesteld.", actie="Bekijk het besluit op de pagina van de zaak."
            )
        besluit.bedrag = aanvraag.toegekend_bedrag if soort == Besluitsoort.VERLENING else None
        besluit.stuks = aanvraag.toegekend_stuks if soort == Besluitsoort.VERLENING else None
        besluit.grond = grond or ""
        besluit.artikel = artikel.strip() or artikel_van(aanvraag, soort, grond)
        if not any(teken.isdigit() for teken in besluit.artikel):
            raise InvoerFout("Het artikel ontbreekt.", actie="Noem het artikel van het besluit.", veld="artikel")
        besluit.motivering = motivering.strip()
        besluit.plafondstand = plafondstand(aanvraag)
        besluit.save()
        return stap_toepassen(besluit, "voorstellen", actor=actor, op=op)


def _eis_laatste_stap(aanvraag: Aanvraag) -> None:
    """The first of two stages only decides who may send a full proposal."""
    if aanvraag.tijdvak.verdeling.stappen > aanvraag.tijdvak.stap:
        raise OvergangFout(
            "In deze stap wordt geen subsidie verleend.",
            actie="De aanvrager kan een volledig voorstel sturen als de tweede stap open is.",
            code="eerste-stap",
        )


def _eis_register(aanvraag: Aanvraag) -> None:
    """No decision at all, not even a refusal, while it is not certain who the applicant is (design 04)."""
    if any(t.code == "kvk_register" and t.geldend == Toetsuitkomst.HANDMATIG for t in aanvraag.toetsen.all()):
        raise OvergangFout(
            "De gegevens van de aanvrager zijn nog niet bij het Handelsregister gecontroleerd.",
            actie="Wacht op het Handelsregister, of beoordeel de toets “Handelsregister” zelf met een reden.",
            code="register-open",
        )


def _eis_alles_goed(aanvraag: Aanvraag) -> None:
    """No grant while a check says no or waits for a judgement; asked again at signing and at sending."""
    wacht = [toets.naam for toets in aanvraag.toetsen.all() if toets.geldend != Toetsuitkomst.VOLDOET]
    if wacht:
        raise OvergangFout(
            f"Deze toetsen voldoen niet of wachten nog op een oordeel: {', '.join(wacht)}.",
            actie="Beoordeel ze eerst.",
            code="toetsen-open",
        )


def artikel_van(aanvraag: Aanvraag, soort: Besluitsoort, grond: Afwijzingsgrond | None) -> str:
    eigen = [
        g.artikel
        for g in aanvraag.tijdvak.spec.regeling.grondslag
        if (not g.voor or soort in g.voor) and ("plafond" not in g.voor or grond == Afwijzingsgrond.PLAFOND)
    ]
    if grond is not None:
        eigen.append(ARTIKEL[grond])
    elif soort == Besluitsoort.BUITEN_BEHANDELING:
        eigen.append("artikel 4:5 van de Algemene wet bestuursrecht")
    elif soort == Besluitsoort.VASTSTELLING:
        eigen.append("artikel 4:46 van de Algemene wet bestuursrecht")
    return ", ".join(dict.fromkeys(eigen))[:300]


def plafondstand(aanvraag: Aanvraag) -> dict[str, str]:
    """What the ceiling looked like at this moment; an upheld objection is tested against it (Awb 4:25(3), R30)."""
    plafond = aanvraag.tijdvak.plafonds.get(code=HOOFDPOT)
    return {"bedrag": str(plafond.bedrag), "vastgelegd": str(plafond.vastgelegd), "resteert": str(plafond.resteert)}


def _eis_gelapte_termijn(aanvraag: Aanvraag, op: datetime) -> None:
    """Not treated only after a term was given that lapsed or was used, and within four weeks of that (R3, R4)."""
    laatste = aanvraag.aanvullingen.order_by("-gevraagd_op").first()
    vandaag = timezone.localdate(op)
    if laatste is None or (laatste.beantwoord_op is None and vandaag <= laatste.termijn_tot):
        raise OvergangFout(
            "Niet behandelen kan pas als de termijn om aan te vullen voorbij is (Awb 4:5).",
            actie="Wacht tot de termijn voorbij is.",
            code="termijn-loopt",
        )
    if laatste.beantwoord_op is None:
        eis_geen_papier_in_invoer(laatste)
        bericht = Postbusbericht.objects.filter(sleutel=f"aanvulling-{laatste.pk}").first()
        if bericht is None or not is_aangekomen(bericht):
            raise OvergangFout(
                "Het verzoek om aanvulling is niet bij de aanvrager aangekomen.",
                actie="Vraag de aanvulling opnieuw, op een adres dat werkt.",
                code="verzoek-niet-aangekomen",
            )
    if vandaag > buiten_behandeling_tot(laatste):
        raise OvergangFout(
            "De vier weken om de aanvraag niet te behandelen zijn voorbij (Awb 4:5, vierde lid).",
            actie="Neem een inhoudelijk besluit.",
            code="te-laat",
        )


def buiten_behandeling_tot(aanvulling: Aanvulling) -> date:
    """Last day to announce that the application is not treated: four weeks after the answer, or after the term."""
    antwoord = aanvulling.beantwoord_op
    return (timezone.localdate(antwoord) if antwoord else aanvulling.termijn_tot) + BUITEN_BEHANDELING_BINNEN


def _eis_voorstel_na_antwoord(besluit: Besluit) -> None:
    """An answer that was taken in after the proposal was not weighed in it: then it cannot be sent."""
    antwoord = _laatste_regel(keten_van(besluit.aanvraag), "aanvullen")
    if antwoord > _laatste_regel(keten_van(besluit), "voorstellen"):
        raise OvergangFout(
            "Na dit voorstel is er nog een aanvulling verwerkt.",
            actie="Beoordeel eerst de aanvulling.",
            code="antwoord-na-voorstel",
        )


def _laatste_regel(keten: str, handeling: str) -> int:
    return LogRegel.objects.filter(keten=keten, handeling=handeling).aggregate(n=Max("id"))["n"] or 0


def stap_toepassen(besluit: Besluit, naam: str, *, actor: Gebruiker | None, op: datetime, **argumenten: Any) -> Besluit:
    """One step of a locked decision, with the digest of its content in the trail."""
    gegevens = {"inhoud_sha256": besluit.vingerafdruk}
    return overgang_toepassen(besluit, naam, actor=actor, op=op, gegevens=gegevens, vergrendeld=True, **argumenten)


def besluit_terugnemen(*, besluit: Besluit, reden: str, actor: Gebruiker, op: datetime) -> Besluit:
    """Back to the officer, until it is signed."""
    eis_rol(actor, Rol.BEHANDELAAR, Rol.BESLISSER)
    if not reden.strip():
        raise InvoerFout("De reden ontbreekt.", actie="Schrijf op wat er anders moet.", veld="reden")
    eis_geen_belang(actor, besluit.aanvraag)
    return overgang_toepassen(besluit, "terugnemen", actor=actor, op=op, reden=reden.strip())


def besluit_ondertekenen(
    *, besluit: Besluit, actor: Gebruiker, op: datetime, gelezen_op: datetime | None = None
) -> Besluit:
    """Signed by somebody with the mandate who did not prepare it: four eyes.

    ``gelezen_op``: when the signatory saw the text; refused when it was proposed anew after that.
    """
    eis_rol(actor, Rol.BESLISSER)
    with transaction.atomic():
        besluit = vergrendel(besluit)
        if gelezen_op is not None and besluit.voorgesteld_op is not None and besluit.voorgesteld_op > gelezen_op:
            raise OvergangFout(
                "Dit besluit is opnieuw voorgesteld nadat u het opende.", actie="Lees de tekst en onderteken daarna."
            )
        _eis_register(besluit.aanvraag)
        if besluit.soort == Besluitsoort.VERLENING:
            _eis_alles_goed(besluit.aanvraag)
        eis_geen_belang(actor, besluit.aanvraag)
        eis_geen_invoerder(actor, besluit.aanvraag)
        eis_ondertekenaar(besluit, actor)
        return stap_toepassen(besluit, "ondertekenen", actor=actor, op=op)


def bezwaartermijn(verzonden: date) -> date:
    """Last day to object: six weeks from the day after sending, rolled by the Awt (R20)."""
    return bereken(Termijn(start=verzonden, duur=lees_duur("6w"), niveau="wet")).laatste_dag


def besluit_verzenden(*, besluit: Besluit, actor: Gebruiker | None, op: datetime) -> Besluit:
    """Announces the decision: from now on it is in force (Awb 3:40, R15). Money, voucher, state, letter, message."""
    eis_rol(actor, Rol.BEHANDELAAR, Rol.BESLISSER)
    eis_geen_belang(actor, besluit.aanvraag)
    uitwerking = _UITWERKING.get(Besluitsoort(besluit.soort))
    if uitwerking is None:
        raise InvoerFout(
            f"Een besluit “{besluit.get_soort_display()}” wordt op een andere manier verzonden.",
            actie="Gebruik de stap op de pagina van de zaak.",
        )
    verzonden = timezone.localtime(op).date()
    with transaction.atomic():
        # A refusal may call the reserve list, so it takes the locks of the draw first.
        weg = besluit.soort in {Besluitsoort.AFWIJZING, Besluitsoort.BUITEN_BEHANDELING}
        rangschikking = rangschikking_vergrendelen(besluit.aanvraag.tijdvak) if weg else None
        aanvraag = vergrendel(besluit.aanvraag)
        besluit = stap_toepassen(
            vergrendel(besluit), "verzenden", actor=actor, op=op, bezwaar_tot=bezwaartermijn(verzonden)
        )
        besluit.aanvraag = uitwerking(besluit, aanvraag, rangschikking, actor, op)
        brief_maken(besluit, op)
    return besluit


def _moment(besluit: Besluit) -> Besluitmoment:
    if besluit.ondertekend_op is None:
        raise OvergangFout("Dit besluit is niet ondertekend.")
    return Besluitmoment(besluit.ondertekend_op, besluit.ondertekend_door)


def _verlening(
    besluit: Besluit, aanvraag: Aanvraag, rangschikking: Rangschikking | None, actor: Gebruiker | None, op: datetime
) -> Aanvraag:
    _eis_alles_goed(aanvraag)
    eis_steunruimte(aanvraag, op)
    aanvraag = overgang_toepassen(aanvraag, "verlenen", actor=actor, op=op, vergrendeld=True, besluit=_moment(besluit))
    ruimte = aanvraag.ruimte_toegekend
    opdrachten = [
        Opdracht(
            soort=Boekingsoort.VERLENING,
            bedrag=ruimte,
            onderwerp=aanvraag.pk,
            sleutel=f"verlening-{aanvraag.pk}",
            potten=aanvraag.potten,
            uit_reservering=True,
        )
    ]
    if aanvraag.tijdvak.spec.subsidie.vorm == "voucher":
        voucher_uitgeven(aanvraag=aanvraag, bedrag=besluit.bedrag or Decimal(0), actor=actor, op=op)
        opdrachten.append(
            Opdracht(
                soort=Boekingsoort.UITGIFTE,
                bedrag=ruimte,
                onderwerp=aanvraag.pk,
                sleutel=f"uitgifte-{aanvraag.pk}",
                potten=aanvraag.potten,
            )
        )
    boeken(tijdvak=aanvraag.tijdvak, opdrachten=opdrachten, actor=actor, op=op)
    bedragen_vastleggen(aanvraag, actor, op)
    return aanvraag


def _afwijzing(
    besluit: Besluit, aanvraag: Aanvraag, rangschikking: Rangschikking | None, actor: Gebruiker | None, op: datetime
) -> Aanvraag:
    was_reserve, vrij = aanvraag.status == Status.RESERVE, aanvraag.ruimte_toegekend
    was_gekozen, potten = aanvraag.status == Status.GESELECTEERD, aanvraag.potten
    aanvraag = overgang_toepassen(aanvraag, "afwijzen", actor=actor, op=op, vergrendeld=True, besluit=_moment(besluit))
    if was_gekozen:
        opdracht = Opdracht(
            soort=Boekingsoort.VRIJVAL,
            bedrag=vrij,
            onderwerp=aanvraag.pk,
            sleutel=f"vrijval-afwijzing-{besluit.pk}",
            potten=potten,
            uit_reservering=True,
        )
        boeken(tijdvak=aanvraag.tijdvak, opdrachten=[opdracht], actor=actor, op=op)
    if (was_reserve or was_gekozen) and rangschikking is not None:
        _uitsluiten(rangschikking, aanvraag, besluit, actor, op)
    return aanvraag


def _uitsluiten(
    rangschikking: Rangschikking, aanvraag: Aanvraag, besluit: Besluit, actor: Gebruiker | None, op: datetime
) -> None:
    """A line in the log of the draw: the next one gets the room."""
    mutatie_verwerken(
        rangschikking=rangschikking,
        soort=Mutatiesoort.UITSLUITING,
        kenmerk=aanvraag.kenmerk,
        bedrag=Decimal(0),
        reden=besluit.motivering,
        actor=actor,
        op=op,
    )


def _buiten_behandeling(
    besluit: Besluit, aanvraag: Aanvraag, rangschikking: Rangschikking | None, actor: Gebruiker | None, op: datetime
) -> Aanvraag:
    _eis_gelapte_termijn(aanvraag, op)  # the four weeks are about the announcement (R4)
    _eis_voorstel_na_antwoord(besluit)
    had_plaats = ongetoetst_met_plaats(aanvraag)
    aanvraag = overgang_toepassen(
        aanvraag, "buiten_behandeling_stellen", actor=actor, op=op, vergrendeld=True, besluit=_moment(besluit)
    )
    if had_plaats and rangschikking is not None:
        _uitsluiten(rangschikking, aanvraag, besluit, actor, op)
    return aanvraag


#: What sending a decision of each kind does to the case; settlements and withdrawals have their own services.
_UITWERKING = {
    Besluitsoort.VERLENING: _verlening,
    Besluitsoort.AFWIJZING: _afwijzing,
    Besluitsoort.BUITEN_BEHANDELING: _buiten_behandeling,
}
