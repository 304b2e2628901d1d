"""Claims: cost lines with invoices, handed in by the applicant, checked line by line."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal

from django.db import transaction
from django.utils import timezone

from aanvragen.enums import Status
from aanvragen.models import Aanvraag, Deelnemer
from aanvragen.services.behandeling import eis_behandelaar
from aanvragen.services.postbus import bericht_aan_lid, bericht_plaatsen
from kern.fouten import InvoerFout, OvergangFout
from kern.models import Gebruiker
from kern.momenten import moment_in_woorden
from kern.services.bestanden import bestand_bewaren, bestand_keuren
from kern.services.overgang import overgang_toepassen, vergrendel
from kern.services.spoor import Logpost, keten_van, log_schrijven
from kern.taal import in_het_nederlands
from regeling.enums import Boekingsoort
from regeling.services.grootboek import Opdracht, boeken
from uitvoering.enums import Declaratiestatus
from uitvoering.models import Declaratie, Kostenregel, Voucher
from uitvoering.selectors import per_deelnemer
from uitvoering.services.aanhouding import eis_niet_aangehouden
from uitvoering.services.deelnemers import deelnemer_vergrendelen


@dataclass(frozen=True)
class Kostengegevens:
    """One invoice line as entered; euros."""

    kostensoort: str
    omschrijving: str
    factuurnummer: str
    factuurdatum: date
    bedrag: Decimal
    aantal: Decimal | None = None


def declaratie_beginnen(
    *, aanvraag: Aanvraag, actor: Gebruiker | None, op: datetime, deelnemer: Deelnemer | None = None
) -> Declaratie:
    """The claim of this application, or of one member where every member claims; made when there is none yet."""
    with transaction.atomic():
        aanvraag = vergrendel(aanvraag)
        bestaand = Declaratie.objects.filter(aanvraag=aanvraag, deelnemer=deelnemer).first()
        if bestaand:
            return bestaand
        _eis_wie(aanvraag, deelnemer)
        if aanvraag.status not in {Status.VERLEEND, Status.IN_UITVOERING}:
            raise OvergangFout("Declareren kan pas als de subsidie is verleend.", actie="Wacht op het besluit.")
        if aanvraag.toegekend_bedrag is None:
            raise OvergangFout("Bij plaatsen in een leergang horen geen kosten.", actie="U hoeft niets te declareren.")
        voucher = Voucher.objects.filter(aanvraag=aanvraag).first()
        if voucher is not None and voucher.status == "uitgegeven":
            raise OvergangFout(
                "U hebt nog geen opdracht gegeven aan een adviseur.", actie="Leg eerst de opdracht vast bij uw voucher."
            )
        declaratie = Declaratie.objects.create(aanvraag=aanvraag, deelnemer=deelnemer, aangemaakt_op=op)
        log_schrijven(Logpost(keten=keten_van(declaratie), handeling="declaratie_beginnen", op=op, actor=actor))
    return declaratie


def _eis_wie(aanvraag: Aanvraag, deelnemer: Deelnemer | None) -> None:
    """A claim of the whole, or of a member of this group that still takes part: what the scheme says."""
    if deelnemer is None and per_deelnemer(aanvraag.tijdvak.spec):
        raise InvoerFout("In deze regeling declareert elke deelnemer apart.", actie="Kies eerst een deelnemer.")
    if deelnemer is not None and (deelnemer.aanvraag_id != aanvraag.pk or deelnemer.toegekend_bedrag is None):
        raise InvoerFout("Deze deelnemer heeft geen eigen bedrag.", actie="Declareer voor de hele groep.")
    _eis_doet_mee(deelnemer)


def _eis_doet_mee(deelnemer: Deelnemer | None) -> None:
    if deelnemer is not None and not deelnemer.doet_mee:
        raise OvergangFout(
            f"{deelnemer.naam} is vertrokken uit de groep.",
            actie="Een deelnemer die is vertrokken, kan niet declareren.",
            code="deelnemer-vertrokken",
        )


def _concept(declaratie: Declaratie) -> Declaratie:
    declaratie = vergrendel(declaratie)
    _eis_doet_mee(declaratie.deelnemer)
    if declaratie.status not in {Declaratiestatus.CONCEPT, Declaratiestatus.AANVULLING_GEVRAAGD}:
        raise OvergangFout("Deze declaratie is al ingediend.", actie="Bekijk de stand van uw aanvraag.")
    return declaratie


def kostenregel_toevoegen(
    *,
    declaratie: Declaratie,
    gegevens: Kostengegevens,
    factuur: bytes,
    factuurnaam: str,
    actor: Gebruiker | None,
    op: datetime,
) -> Kostenregel:
    """Adds a cost line with its invoice (PDF, PNG or JPG)."""
    soorten = {soort.code for soort in declaratie.aanvraag.tijdvak.spec.kostensoorten}
    if soorten and gegevens.kostensoort not in soorten:
        raise InvoerFout("Deze kostensoort hoort niet bij de regeling.", veld="kostensoort")
    if gegevens.bedrag <= 0:
        raise InvoerFout("Het bedrag is niet hoger dan nul.", actie="Vul het bedrag van de factuur in.", veld="bedrag")
    _eis_uren(declaratie.aanvraag, gegevens)
    if gegevens.factuurdatum > timezone.localtime(op).date():
        raise InvoerFout(
            "De factuurdatum ligt in de toekomst.",
            actie="Vul de datum in die op de factuur staat.",
            veld="factuurdatum",
        )
    gekeurd = bestand_keuren(inhoud=factuur, naam=factuurnaam)
    with transaction.atomic():
        declaratie = _concept(declaratie)
        dubbel = Kostenregel.objects.filter(
            declaratie=declaratie, factuurnummer=gegevens.factuurnummer, omschrijving=gegevens.omschrijving
        )
        if dubbel.exists():
            raise InvoerFout(
                f"Factuur {gegevens.factuurnummer} met deze omschrijving staat er al.",
                actie="Voeg een factuur één keer toe.",
                veld="factuurnummer",
                code="dubbele-factuur",
            )
        bestand = bestand_bewaren(gekeurd=gekeurd, actor=actor, op=op)
        regel = Kostenregel.objects.create(
            declaratie=declaratie,
            kostensoort=gegevens.kostensoort,
            omschrijving=gegevens.omschrijving,
            factuurnummer=gegevens.factuurnummer,
            factuurdatum=gegevens.factuurdatum,
            aantal=gegevens.aantal,
            bedrag=gegevens.bedrag,
            factuur=bestand,
        )
        log_schrijven(
            Logpost(
                keten=keten_van(declaratie),
                handeling="kostenregel_toevoegen",
                op=op,
                actor=actor,
                gegevens={
                    "factuurnummer": gegevens.factuurnummer,
                    "bedrag": str(gegevens.bedrag),
                    "sha256": bestand.sha256,
                },
            )
        )
    return regel


def _eis_uren(aanvraag: Aanvraag, gegevens: Kostengegevens) -> None:
    """Without hours an hourly cap could not be applied (R73)."""
    soort = next((s for s in aanvraag.tijdvak.spec.kostensoorten if s.code == gegevens.kostensoort), None)
    nodig = soort is not None and soort.uurtarief_maximum is not None
    if (nodig and gegevens.aantal is None) or (gegevens.aantal is not None and gegevens.aantal <= 0):
        raise InvoerFout(
            "Het aantal uren ontbreekt.", actie="Vul het aantal uren in dat op de factuur staat.", veld="aantal"
        )


def kostenregel_verwijderen(*, regel: Kostenregel, actor: Gebruiker | None, op: datetime) -> None:
    """Takes a line out of a claim that was not handed in; the invoice file stays in store."""
    with transaction.atomic():
        declaratie = _concept(regel.declaratie)
        log_schrijven(
            Logpost(
                keten=keten_van(declaratie),
                handeling="kostenregel_verwijderen",
                op=op,
                actor=actor,
                gegevens={"factuurnummer": regel.factuurnummer, "bedrag": str(regel.bedrag)},
            )
        )
        regel.delete()


@in_het_nederlands
def declaratie_indienen(
    *, declaratie: Declaratie, toelichting: str, iban: str, actor: Gebruiker | None, op: datetime
) -> Declaratie:
    """Hands in the claim with the account number; books what is claimed (euros) under the ceiling."""
    if not iban:
        raise InvoerFout("Het rekeningnummer ontbreekt.", actie="Vul het IBAN van uw organisatie in.", veld="iban")
    with transaction.atomic():
        aanvraag = vergrendel(declaratie.aanvraag)
        declaratie = vergrendel(declaratie)
        deelnemer = deelnemer_vergrendelen(declaratie.deelnemer) if declaratie.deelnemer else None
        _eis_doet_mee(deelnemer)
        if declaratie.status not in {Declaratiestatus.CONCEPT, Declaratiestatus.AANVULLING_GEVRAAGD}:
            return declaratie
        totaal = sum((regel.bedrag for regel in declaratie.regels.all()), Decimal(0))
        if not totaal:
            raise InvoerFout("Er staan geen kosten in de declaratie.", actie="Voeg minstens één factuur toe.")
        declaratie.toelichting = toelichting.strip()
        if declaratie.status == Declaratiestatus.AANVULLING_GEVRAAGD:
            return overgang_toepassen(declaratie, "aanvullen", actor=actor, op=op, vergrendeld=True)
        declaratie = overgang_toepassen(declaratie, "indienen", actor=actor, op=op, vergrendeld=True)
        aanvraag = _ingediend(aanvraag, deelnemer, iban, actor, op)
        voucher = Voucher.objects.filter(aanvraag=aanvraag).first()
        if voucher is not None:
            overgang_toepassen(voucher, "declareren", actor=actor, op=op)
        bericht_plaatsen(
            aanvraag=aanvraag,
            code="declaratie_ontvangen" if deelnemer is None else "deelnemer_declaratie_ontvangen",
            sleutel=f"declaratie-ontvangen-{declaratie.pk}",
            op=op,
            velden={"moment": moment_in_woorden(op), **({"deelnemer": deelnemer.naam} if deelnemer else {})},
        )
        if deelnemer is not None:
            bericht_aan_lid(
                deelnemer=deelnemer,
                code="lid_declaratie_ontvangen",
                sleutel=f"lid-declaratie-ontvangen-{declaratie.pk}",
                op=op,
                velden={"moment": moment_in_woorden(op)},
            )
        boeken(
            tijdvak=aanvraag.tijdvak,
            actor=actor,
            op=op,
            opdrachten=[
                Opdracht(
                    soort=Boekingsoort.DECLARATIE,
                    bedrag=aanvraag.in_ruimte(totaal),
                    onderwerp=aanvraag.pk,
                    sleutel=f"declaratie-{aanvraag.pk}" + (f"-{deelnemer.pk}" if deelnemer else ""),
                    potten=aanvraag.potten,
                )
            ],
        )
    return declaratie


def _ingediend(
    aanvraag: Aanvraag, deelnemer: Deelnemer | None, iban: str, actor: Gebruiker | None, op: datetime
) -> Aanvraag:
    """The account, and the state of the case: of a group the project goes on until the last member was settled."""
    if deelnemer is None:
        aanvraag.iban = iban
        return overgang_toepassen(aanvraag, "vaststelling_vragen", actor=actor, op=op, vergrendeld=True)
    deelnemer.iban = iban
    deelnemer.save(update_fields=["iban"])
    if aanvraag.status == Status.VERLEEND:
        return overgang_toepassen(aanvraag, "uitvoering_beginnen", actor=actor, op=op, vergrendeld=True)
    return aanvraag


def declaratie_in_controle(*, declaratie: Declaratie, actor: Gebruiker, op: datetime) -> Declaratie:
    eis_behandelaar(actor, declaratie.aanvraag)
    return overgang_toepassen(declaratie, "in_controle_nemen", actor=actor, op=op)


def kostenregel_beoordelen(
    *, regel: Kostenregel, goedgekeurd: Decimal, oordeel: str, actor: Gebruiker, op: datetime
) -> Kostenregel:
    """The officer accepts a line in whole or in part; less than claimed needs an explanation."""
    eis_behandelaar(actor, regel.declaratie.aanvraag)
    if not 0 <= goedgekeurd <= regel.bedrag:
        raise InvoerFout("Het goedgekeurde bedrag ligt tussen nul en het gedeclareerde bedrag.", veld="goedgekeurd")
    if goedgekeurd < regel.bedrag and not oordeel.strip():
        raise InvoerFout("De uitleg ontbreekt.", actie="Schrijf op waarom u minder goedkeurt.", veld="oordeel")
    with transaction.atomic():
        declaratie = vergrendel(regel.declaratie)
        if declaratie.status != Declaratiestatus.IN_CONTROLE:
            raise OvergangFout("Deze declaratie is niet in controle.", actie="Neem haar eerst in controle.")
        regel.goedgekeurd, regel.oordeel = goedgekeurd, oordeel.strip()
        regel.save(update_fields=["goedgekeurd", "oordeel"])
        log_schrijven(
            Logpost(
                keten=keten_van(declaratie),
                handeling="kostenregel_beoordelen",
                op=op,
                actor=actor,
                reden=oordeel.strip(),
                gegevens={"factuurnummer": regel.factuurnummer, "goedgekeurd": str(goedgekeurd)},
            )
        )
    return regel


def declaratie_beoordelen(*, declaratie: Declaratie, actor: Gebruiker, op: datetime) -> Declaratie:
    """Concludes the check from the lines: approved, in part, or not."""
    eis_behandelaar(actor, declaratie.aanvraag)
    with transaction.atomic():
        eis_niet_aangehouden(declaratie.aanvraag)
        declaratie = vergrendel(declaratie)  # a colleague who judges a line waits, or is refused
        regels = list(declaratie.regels.all())
        if any(regel.goedgekeurd is None for regel in regels):
            raise OvergangFout("Niet alle regels zijn beoordeeld.", actie="Beoordeel elke regel.", code="regels-open")
        goed = sum((regel.goedgekeurd or Decimal(0) for regel in regels), Decimal(0))
        totaal = sum((regel.bedrag for regel in regels), Decimal(0))
        if goed == totaal:
            return overgang_toepassen(declaratie, "goedkeuren", actor=actor, op=op, vergrendeld=True)
        reden = "; ".join(f"{r.factuurnummer}: {r.oordeel}" for r in regels if r.oordeel)
        naam = "deels_goedkeuren" if goed else "afkeuren"
        return overgang_toepassen(declaratie, naam, actor=actor, op=op, vergrendeld=True, reden=reden)
