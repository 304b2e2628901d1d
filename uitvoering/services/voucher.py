"""Vouchers: issuing, and the order to the adviser."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal

from django.db import IntegrityError, transaction
from django.utils import timezone

from aanvragen.models import Aanvraag, Adviseur
from aanvragen.services.postbus import bericht_plaatsen
from kern.fouten import InvoerFout, OvergangFout
from kern.models import Gebruiker
from kern.services.overgang import overgang_toepassen, vergrendel
from kern.services.spoor import Logpost, keten_van, log_schrijven
from kern.termijnen import Termijn, bereken, lees_duur
from uitvoering.models import Voucher
from uitvoering.services.aanhouding import eis_niet_aangehouden
from uitvoering.vouchercode import maak

#: Months of validity where the scheme is silent.
GELDIG_MAANDEN = 12


def voucher_uitgeven(*, aanvraag: Aanvraag, bedrag: Decimal, actor: Gebruiker | None, op: datetime) -> Voucher:
    """Issues the voucher of a grant; called once, in the transaction of the decision."""
    for _ in range(5):
        try:
            with transaction.atomic():
                voucher = Voucher.objects.create(
                    aanvraag=aanvraag,
                    code=maak(),
                    bedrag=bedrag,
                    uitgegeven_op=op,
                    adviseur=aanvraag.adviseur,
                    geldig_tot=_geldig_tot(aanvraag, timezone.localtime(op).date()),
                )
        except IntegrityError:
            if Voucher.objects.filter(aanvraag=aanvraag).exists():
                raise
            continue
        log_schrijven(Logpost(keten=keten_van(voucher), handeling="uitgeven", op=op, actor=actor, naar=voucher.status))
        return voucher
    raise OvergangFout("Er kon geen unieke vouchercode worden gemaakt.", actie="Probeer het opnieuw.")


def _geldig_tot(aanvraag: Aanvraag, vanaf: date) -> date:
    maanden = aanvraag.tijdvak.spec.subsidie.voucher_geldig_maanden or GELDIG_MAANDEN
    return bereken(Termijn(start=vanaf, duur=lees_duur(f"{maanden}m"), niveau="regeling")).laatste_dag


def voucher_opdragen(*, voucher: Voucher, adviseur: Adviseur, actor: Gebruiker | None, op: datetime) -> Voucher:
    """The order to the adviser is signed; the project starts."""
    with transaction.atomic():
        aanvraag = vergrendel(voucher.aanvraag)  # before the voucher, as a withdrawal does
        voucher = vergrendel(voucher)
        eis_niet_aangehouden(aanvraag)
        if timezone.localtime(op).date() > voucher.geldig_tot:
            raise OvergangFout(
                "Deze voucher is verlopen.", actie="Neem contact op met de uitvoerder.", code="voucher-verlopen"
            )
        if (
            aanvraag.tijdvak.spec.adviseur.onafhankelijk
            and adviseur.bureau is not None
            and (adviseur.bureau.kvk_nummer == aanvraag.organisatie.kvk_nummer)
        ):
            raise InvoerFout("De adviseur werkt bij uw eigen organisatie.", actie="Kies een onafhankelijke adviseur.")
        voucher = overgang_toepassen(
            voucher,
            "opdragen",
            actor=actor,
            op=op,
            vergrendeld=True,
            adviseur=adviseur,
            gegevens={"adviseur": str(adviseur.pk)},
        )
        aanvraag = overgang_toepassen(aanvraag, "uitvoering_beginnen", actor=actor, op=op, vergrendeld=True)
        bericht_plaatsen(
            aanvraag=aanvraag,
            code="opdracht",
            sleutel=f"opdracht-{voucher.pk}",
            op=op,
            velden={"adviseur": adviseur.naam},
        )
    return voucher
