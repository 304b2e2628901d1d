"""Vouchers that rest on a reference which turned out not to be confirmed: held, then lifted or withdrawn by people."""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal

from django.db import transaction
from django.db.models import Exists, OuterRef, QuerySet

from aanvragen.enums import Referentiestatus, Status, Toetsuitkomst
from aanvragen.models import Aanvraag, Referentie
from aanvragen.referentietoets import Referentiegegevens, referenties_toetsen
from aanvragen.services.postbus import bericht_plaatsen
from aanvragen.services.toetsing import eis_behandelaar, eis_geen_belang
from beoordeling.enums import Mutatiesoort
from beoordeling.services.rangschikking import mutatie_verwerken, rangschikking_vergrendelen
from beoordeling.services.referentie_controle import voorstel_beoordelen
from kern.enums import Rol
from kern.fouten import InvoerFout, OvergangFout, RechtenFout
from kern.models import Gebruiker
from kern.rechten import eis_rol
from kern.services.overgang import vergrendel
from kern.services.spoor import Logpost, keten_van, log_schrijven
from kern.taal import in_het_nederlands
from uitvoering.models import Voucher, Voucheraanhouding
from uitvoering.services.intrekking import verlening_vrijgeven

#: Cases in which the voucher can still be used or paid out.
OPEN = frozenset({Status.VERLEEND, Status.IN_UITVOERING, Status.VASTSTELLING_GEVRAAGD})
INTREKBAAR = frozenset({Status.VERLEEND, Status.IN_UITVOERING})
REDEN = "Een referentie van de adviseur is na controle niet bevestigd."


def aanhoudingen_van(aanvraag: Aanvraag) -> QuerySet[Voucheraanhouding]:
    """What holds the voucher of this case now."""
    return Voucheraanhouding.objects.filter(voucher__aanvraag=aanvraag, opgeheven_op=None).select_related("referentie")


def eis_niet_aangehouden(aanvraag: Aanvraag) -> None:
    """Raises :class:`OvergangFout` while the voucher of this case is held."""
    if aanhoudingen_van(aanvraag).exists():
        raise OvergangFout(
            "Deze voucher is aangehouden: een referentie van de adviseur is niet bevestigd.",
            actie="Wacht op bericht van de uitvoerder.",
            code="voucher-aangehouden",
        )


def vouchers_aanhouden(*, op: datetime) -> int:
    """Holds every voucher of an open case that rests on a reference that is not confirmed. Run by the worker.

    One hold per voucher and reference, ever: what an officer lifted stays lifted. A reference that was replaced before
    the decision holds nothing: the case rests on another one.
    """
    niet = Referentie.objects.filter(aanvraag=OuterRef("aanvraag"), status=Referentiestatus.NIET_BEVESTIGD)
    steunt = Referentie.objects.filter(
        aanvraag=OuterRef("aanvraag"), hergebruik_van__status=Referentiestatus.NIET_BEVESTIGD
    ).exclude(status__in=[Referentiestatus.BEVESTIGD, Referentiestatus.VERVANGEN, Referentiestatus.INGETROKKEN])
    vouchers = Voucher.objects.filter(Exists(niet) | Exists(steunt), aanvraag__status__in=OPEN)
    return sum(_aanhouden(voucher, op) for voucher in vouchers.select_related("aanvraag__tijdvak"))


@in_het_nederlands
def _aanhouden(voucher: Voucher, op: datetime) -> int:
    """Holds that were made for this voucher."""
    with transaction.atomic():
        aanvraag = vergrendel(voucher.aanvraag)
        voucher = vergrendel(voucher)
        if aanvraag.status not in OPEN or _genoeg_over(aanvraag):
            return 0
        gedaan = 0
        for referentie in aanvraag.referenties.select_related("hergebruik_van").order_by("pk"):
            if not _gevallen(referentie, voucher):
                continue
            aanhouding, nieuw = Voucheraanhouding.objects.get_or_create(
                voucher=voucher, referentie=referentie, defaults={"reden": REDEN, "aangehouden_op": op}
            )
            if not nieuw:
                continue
            gedaan += 1
            log_schrijven(
                Logpost(
                    keten=keten_van(voucher),
                    handeling="aanhouden",
                    op=op,
                    reden=REDEN,
                    gegevens={"referentie": referentie.pk},
                )
            )
            bericht_plaatsen(
                aanvraag=aanvraag,
                code="voucher_aangehouden",
                sleutel=f"voucher-aangehouden-{aanhouding.pk}",
                velden={"referentie": f"{referentie.contactpersoon} ({referentie.organisatie})"},
                op=op,
            )
    return gedaan


def _gevallen(referentie: Referentie, voucher: Voucher) -> bool:
    """Whether the voucher was issued on this reference, and it (or the one it leans on) was not confirmed later."""
    bron = referentie.hergebruik_van if referentie.status == Referentiestatus.IN_CONTROLE else referentie
    return (
        bron is not None
        and bron.status == Referentiestatus.NIET_BEVESTIGD
        and bron.beoordeeld_op is not None
        and bron.beoordeeld_op >= voucher.uitgegeven_op
    )


def _genoeg_over(aanvraag: Aanvraag) -> bool:
    """Whether the scheme does not have references checked, or enough others are confirmed."""
    eis = aanvraag.tijdvak.spec.adviseur
    rijen = [Referentiegegevens(r.organisatie, r.email, r.kvk_nummer, r.status) for r in aanvraag.referenties.all()]
    return (
        not eis.referenties
        or eis.toets_voor == "geen"
        or referenties_toetsen(rijen, eis, verstuurd=True)[0] == Toetsuitkomst.VOLDOET
    )


def referentie_afwijzen(
    *, referentie: Referentie, akkoord: bool, reden: str, actor: Gebruiker, op: datetime
) -> Referentie:
    """The second person's word about a proposal, with what it means for vouchers, in one go."""
    with transaction.atomic():
        referentie = voorstel_beoordelen(referentie=referentie, akkoord=akkoord, reden=reden, actor=actor, op=op)
        if akkoord:
            vouchers_aanhouden(op=op)
    return referentie


@in_het_nederlands
def aanhouding_opheffen(*, aanvraag: Aanvraag, reden: str, actor: Gebruiker, op: datetime) -> None:
    """An officer lets the voucher be used again, and says why."""
    eis_behandelaar(actor, aanvraag)
    reden = _reden(reden)
    with transaction.atomic():
        aanvraag = vergrendel(aanvraag)
        rijen = list(aanhoudingen_van(aanvraag))
        if not rijen:
            raise OvergangFout("Deze voucher is niet aangehouden.", actie="Ververs de pagina.")
        for aanhouding in rijen:
            aanhouding.opgeheven_op, aanhouding.opgeheven_door, aanhouding.opgeheven_reden = op, actor, reden
            aanhouding.save(update_fields=["opgeheven_op", "opgeheven_door", "opgeheven_reden"])
        log_schrijven(
            Logpost(keten=keten_van(rijen[0].voucher), handeling="vrijgeven", op=op, actor=actor, reden=reden)
        )
        bericht_plaatsen(
            aanvraag=aanvraag,
            code="voucher_vrijgegeven",
            sleutel=f"voucher-vrijgegeven-{rijen[-1].pk}",
            velden={"reden": reden},
            actor=actor,
            op=op,
        )


@in_het_nederlands
def aangehouden_voucher_intrekken(*, aanvraag: Aanvraag, reden: str, actor: Gebruiker, op: datetime) -> list[str]:
    """Withdraws the grant of a held voucher (Awb 4:48); by somebody with the mandate who does not handle the case.

    The money comes free and the reserve list is called; returns the kenmerken that were called.
    """
    eis_rol(actor, Rol.BESLISSER)
    eis_geen_belang(actor, aanvraag)
    reden = _reden(reden)
    with transaction.atomic():
        rangschikking = rangschikking_vergrendelen(aanvraag.tijdvak)
        aanvraag = vergrendel(aanvraag)
        if actor == aanvraag.behandelaar:
            raise RechtenFout(
                "Wie de aanvraag behandelt, trekt de verlening niet in.",
                actie="Vraag een andere beslisser.",
                code="vier-ogen",
            )
        aanhouding = aanhoudingen_van(aanvraag).first()
        if aanhouding is None or aanvraag.status not in INTREKBAAR:
            raise OvergangFout(
                "Intrekken kan alleen bij een aangehouden voucher die nog niet is gedeclareerd.",
                actie="Beoordeel anders de declaratie.",
            )
        verlening_vrijgeven(aanvraag, reden, actor, op)
        bericht_plaatsen(
            aanvraag=aanvraag,
            code="voucher_ingetrokken",
            sleutel=f"voucher-ingetrokken-{aanhouding.voucher_id}",
            velden={"reden": reden},
            actor=actor,
            op=op,
        )
        if rangschikking is None:
            return []
        return mutatie_verwerken(
            rangschikking=rangschikking,
            soort=Mutatiesoort.INTREKKING,
            kenmerk=aanvraag.kenmerk,
            bedrag=Decimal(0),
            reden=reden,
            actor=actor,
            op=op,
        )


def _reden(reden: str) -> str:
    if not reden.strip():
        raise InvoerFout("De reden ontbreekt.", actie="Schrijf op waarom.", veld="reden")
    return reden.strip()
