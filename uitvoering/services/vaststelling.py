"""Settling a grant: computed from the approved cost lines, proposed, signed and sent as a decision of its own."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from django.db import transaction
from django.utils import timezone

from aanvragen.enums import Status
from aanvragen.models import Aanvraag, Deelnemer
from aanvragen.services.toetsing import eis_behandelaar, eis_geen_belang
from beoordeling.enums import Mutatiesoort
from beoordeling.models import Rangschikking
from beoordeling.services.rangschikking import mutatie_verwerken, rangschikking_vergrendelen
from kern.enums import Rol
from kern.fouten import InvoerFout, OvergangFout
from kern.models import Gebruiker
from kern.rechten import eis_rol
from kern.services.overgang import overgang_toepassen, vergrendel
from kern.taal import in_het_nederlands
from regeling.enums import Boekingsoort
from regeling.services.grootboek import Opdracht, boeken
from uitvoering.enums import Besluitsoort, Besluitstatus, Declaratiestatus
from uitvoering.models import Besluit, Vaststelling, Voucher
from uitvoering.selectors import declaratie_van
from uitvoering.services.aanhouding import eis_niet_aangehouden
from uitvoering.services.besluit import artikel_van, bezwaartermijn, plafondstand, stap_toepassen
from uitvoering.services.betaling import betaling_klaarzetten
from uitvoering.services.brief import brief_maken
from uitvoering.services.deelnemers import (
    LOOPT,
    deelnemer_vergrendelen,
    groep_afronden,
    ruimte_van,
    verlaging_verwerken,
)
from uitvoering.vaststelling import VERSIE, Uitkomst, bereken_vaststelling

_KLAAR = {Declaratiestatus.GOEDGEKEURD, Declaratiestatus.DEELS_GOEDGEKEURD, Declaratiestatus.AFGEKEURD}


@dataclass
class _Kosten:
    kostensoort: str
    aantal: Decimal | None
    bedrag: Decimal


def vaststelling_berekenen(aanvraag: Aanvraag, deelnemer: Deelnemer | None = None) -> Uitkomst:
    """The final amount as the approved lines give it now, of the whole or of one member of a group;
    :class:`OvergangFout` until the claim has been checked."""
    declaratie = declaratie_van(aanvraag, deelnemer)
    goed = aanvraag.status in ({Status.VASTSTELLING_GEVRAAGD} if deelnemer is None else LOOPT)
    if not goed or declaratie is None or declaratie.status not in _KLAAR:
        raise OvergangFout(
            "Vaststellen kan pas als de declaratie is gecontroleerd.", actie="Rond eerst de controle af."
        )
    kosten = [
        _Kosten(regel.kostensoort, regel.aantal, regel.goedgekeurd or Decimal(0))
        for regel in declaratie.regels.all()
        if regel.goedgekeurd
    ]
    return bereken_vaststelling(aanvraag.tijdvak.spec, kosten, _verleend(aanvraag, deelnemer))


def _verleend(aanvraag: Aanvraag, deelnemer: Deelnemer | None) -> Decimal:
    return (aanvraag.toegekend_bedrag if deelnemer is None else deelnemer.toegekend_bedrag) or Decimal(0)


@in_het_nederlands
def vaststelling_voorstellen(
    *, aanvraag: Aanvraag, motivering: str, actor: Gebruiker, op: datetime, deelnemer: Deelnemer | None = None
) -> Besluit:
    """Computes the final amount from the approved lines and proposes the decision (Awb 4:46, R38).

    A proposal that was sent back is computed and proposed anew. ``deelnemer``: settles one member of a group.
    """
    eis_behandelaar(actor, aanvraag)
    with transaction.atomic():
        aanvraag = vergrendel(aanvraag)
        eis_niet_aangehouden(aanvraag)
        uitkomst = vaststelling_berekenen(aanvraag, deelnemer)
        soort = Besluitsoort.VASTSTELLING
        besluit = aanvraag.besluiten.select_for_update().filter(soort=soort, deelnemer=deelnemer).first()
        if besluit is not None and besluit.status != Besluitstatus.CONCEPT:
            raise OvergangFout("Er is al een vaststelling voorgesteld.", actie="Bekijk het besluit op de zaak.")
        besluit = besluit or Besluit(aanvraag=aanvraag, soort=soort, deelnemer=deelnemer)
        verleend = _verleend(aanvraag, deelnemer)
        besluit.bedrag = uitkomst.bedrag
        besluit.motivering = motivering.strip() or (
            "De kosten zijn gemaakt en gecontroleerd."
            if uitkomst.bedrag == verleend
            else f"Het bedrag is lager dan verleend: {uitkomst.grond}."
        )
        besluit.artikel = artikel_van(aanvraag, soort, None)
        besluit.plafondstand = plafondstand(aanvraag)
        besluit.save()
        Vaststelling.objects.update_or_create(
            besluit=besluit,
            aanvraag=aanvraag,
            defaults={
                "kosten": uitkomst.kosten,
                "verleend": verleend,
                "bedrag": uitkomst.bedrag,
                "grond": uitkomst.grond[:300],
                "versie": VERSIE,
                "berekening": [{"omschrijving": r.omschrijving, "bedrag": str(r.bedrag)} for r in uitkomst.regels],
            },
        )
        return stap_toepassen(besluit, "voorstellen", actor=actor, op=op)


def vaststelling_verzenden(*, besluit: Besluit, actor: Gebruiker, op: datetime) -> Besluit:
    """Announces a signed settlement: state, ledger, voucher, payment, letter; what is left over is released."""
    eis_rol(actor, Rol.BEHANDELAAR, Rol.BESLISSER)
    eis_geen_belang(actor, besluit.aanvraag)
    if besluit.soort != Besluitsoort.VASTSTELLING:
        raise InvoerFout("Dit is geen vaststelling.")
    with transaction.atomic():
        rangschikking = rangschikking_vergrendelen(besluit.aanvraag.tijdvak)
        aanvraag = vergrendel(besluit.aanvraag)
        eis_niet_aangehouden(aanvraag)
        besluit = vergrendel(besluit)
        if besluit.status in {Besluitstatus.CONCEPT, Besluitstatus.VOORGESTELD}:
            raise OvergangFout("De vaststelling is nog niet ondertekend.", actie="Laat een beslisser ondertekenen.")
        if besluit.deelnemer is not None:
            return _deelnemer_vaststellen(besluit, aanvraag, rangschikking, actor, op)
        bedrag, verleend = besluit.bedrag or Decimal(0), aanvraag.ruimte_toegekend
        besluit = stap_toepassen(
            besluit, "verzenden", actor=actor, op=op, bezwaar_tot=bezwaartermijn(timezone.localtime(op).date())
        )
        aanvraag = overgang_toepassen(aanvraag, "vaststellen", actor=actor, op=op, vergrendeld=True, bedrag=bedrag)
        besluit.aanvraag = aanvraag
        voucher = Voucher.objects.filter(aanvraag=aanvraag).first()
        if voucher is not None:
            overgang_toepassen(voucher, "verzilveren", actor=actor, op=op)
        blijft = aanvraag.in_ruimte(bedrag)
        _boeken(aanvraag, str(aanvraag.pk), blijft, verleend, actor, op)
        if rangschikking is not None and blijft < verleend:
            mutatie_verwerken(
                rangschikking=rangschikking,
                soort=Mutatiesoort.VERLAGING if blijft else Mutatiesoort.INTREKKING,
                kenmerk=aanvraag.kenmerk,
                bedrag=blijft,
                reden="Lager vastgesteld dan verleend",
                actor=actor,
                op=op,
            )
        brief_maken(besluit, op)
        if bedrag:
            betaling_klaarzetten(aanvraag=aanvraag, bedrag=bedrag, actor=actor, op=op)
        else:
            overgang_toepassen(aanvraag, "afsluiten", actor=actor, op=op)
    return besluit


def _deelnemer_vaststellen(
    besluit: Besluit, aanvraag: Aanvraag, rangschikking: Rangschikking | None, actor: Gebruiker, op: datetime
) -> Besluit:
    """Settles one member: its own money, the room of the group, and the group itself after the last one."""
    assert besluit.deelnemer is not None
    deelnemer = deelnemer_vergrendelen(besluit.deelnemer)
    bedrag, verleend = besluit.bedrag or Decimal(0), _verleend(aanvraag, deelnemer)
    if not deelnemer.doet_mee or ruimte_van(aanvraag) - verleend + bedrag > (aanvraag.toegekend_bedrag or Decimal(0)):
        raise OvergangFout(
            "Dit bedrag past niet meer in wat aan de groep is verleend.", actie="Stel de vaststelling opnieuw voor."
        )
    besluit = stap_toepassen(
        besluit, "verzenden", actor=actor, op=op, bezwaar_tot=bezwaartermijn(timezone.localtime(op).date())
    )
    deelnemer.vastgesteld_bedrag = bedrag
    deelnemer.save(update_fields=["vastgesteld_bedrag"])
    besluit.aanvraag, besluit.deelnemer = aanvraag, deelnemer
    _boeken(aanvraag, f"{aanvraag.pk}-{deelnemer.pk}", bedrag, verleend, actor, op)
    verlaging_verwerken(
        rangschikking, aanvraag, verleend - bedrag, "Een deelnemer is lager vastgesteld dan verleend", actor, op
    )
    brief_maken(besluit, op)
    if bedrag:
        betaling_klaarzetten(aanvraag=aanvraag, bedrag=bedrag, actor=actor, op=op, deelnemer=deelnemer)
    besluit.aanvraag = groep_afronden(aanvraag=aanvraag, actor=actor, op=op)
    return besluit


def _boeken(
    aanvraag: Aanvraag, sleutel: str, bedrag: Decimal, verleend: Decimal, actor: Gebruiker, op: datetime
) -> None:
    """``bedrag`` stays, the rest of ``verleend`` comes free; both as the ceilings count."""
    opdrachten = []
    if bedrag:
        opdrachten.append(
            Opdracht(
                soort=Boekingsoort.VASTSTELLING,
                bedrag=bedrag,
                onderwerp=aanvraag.pk,
                sleutel=f"vaststelling-{sleutel}",
                potten=aanvraag.potten,
            )
        )
    if verleend > bedrag:
        opdrachten.append(
            Opdracht(
                soort=Boekingsoort.VRIJVAL,
                bedrag=verleend - bedrag,
                onderwerp=aanvraag.pk,
                sleutel=f"vrijval-vaststelling-{sleutel}",
                potten=aanvraag.potten,
            )
        )
    boeken(tijdvak=aanvraag.tijdvak, opdrachten=opdrachten, actor=actor, op=op)
