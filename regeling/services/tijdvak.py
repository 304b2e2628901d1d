"""Rounds: publishing, opening and closing by the clock, extension after an outage."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import Q

from kern.enums import Rol
from kern.fouten import InvoerFout, OvergangFout
from kern.models import Gebruiker
from kern.rechten import eis_rol
from kern.services.overgang import overgang_toepassen, vergrendel
from kern.services.spoor import Logpost, keten_van, log_schrijven
from regeling.enums import HOOFDPOT, Herkomst, Tijdvakstatus
from regeling.models import Plafond, Regelingversie, Storing, Tijdvak


def tijdvak_naspelen(
    *, versie: Regelingversie, specsleutel: str, op: datetime, vorige: Tijdvak | None = None
) -> Tijdvak:
    """A new round that replays round ``specsleutel`` of a scheme, for a simulation; in state ontwerp.

    ``vorige``: the simulated first stage, to replay the second.
    """
    spec, stap = versie.spec, 1 if vorige is None else 2
    bron = spec.tijdvak(specsleutel).in_stap(stap)
    with transaction.atomic():
        Regelingversie.objects.select_for_update().get(pk=versie.pk)
        nummer = Tijdvak.objects.filter(sleutel__startswith=f"{bron.sleutel}-sim-").count() + 1
        tijdvak = Tijdvak.objects.create(
            sleutel=f"{bron.sleutel}-sim-{nummer}",
            naam=f"{bron.naam} (simulatie {nummer})",
            stap=stap,
            vorige_stap=vorige,
            regelingversie=versie,
            specsleutel=specsleutel,
            methode=spec.verdeling_voor(specsleutel).methode,
            eenheid=spec.eenheid_in(specsleutel, stap),
            herkomst=Herkomst.SIMULATIE,
            open_op=bron.open_op,
            sluit_op=bron.sluit_op,
        )
        Plafond.objects.create(tijdvak=tijdvak, code=HOOFDPOT, naam="Plafond van het tijdvak", bedrag=bron.plafond)
        Plafond.objects.bulk_create(
            Plafond(tijdvak=tijdvak, code=pot.code, naam=pot.naam, bedrag=pot.bedrag) for pot in bron.subplafonds
        )
        log_schrijven(Logpost(keten=keten_van(tijdvak), handeling="naspelen", op=op, gegevens={"van": specsleutel}))
    return tijdvak


def tijdvak_publiceren(*, tijdvak: Tijdvak, actor: Gebruiker | None, op: datetime) -> Tijdvak:
    """Makes ceiling, method and terms public, before the window opens (Awb 4:26, 4:27, R31)."""
    eis_rol(actor, Rol.BEHEERDER)
    with transaction.atomic():
        tijdvak = vergrendel(tijdvak)
        plafond = tijdvak.plafonds.filter(code=HOOFDPOT, bedrag__gt=0).first()
        if plafond is None:
            raise InvoerFout("Dit tijdvak heeft geen plafond.", actie="Zet het plafond in het regelingsbestand.")
        if tijdvak.spec.termijn("beslissing") is None:
            raise InvoerFout("De beslistermijn ontbreekt.", actie="Zet de termijn in het regelingsbestand.")
        if op > tijdvak.open_op:
            raise InvoerFout(
                "Het tijdvak had al open moeten zijn: publiceren kan alleen vóór de opening (Awb 4:26).",
                actie="Kies in het regelingsbestand een latere opening.",
            )
        return overgang_toepassen(
            tijdvak,
            "publiceren",
            actor=actor,
            op=op,
            vergrendeld=True,
            gegevens={
                "plafond": str(plafond.bedrag),
                "methode": tijdvak.methode,
                "regelingversie": tijdvak.regelingversie.sha256,
            },
        )


def tijdvak_bijwerken(*, tijdvak: Tijdvak, op: datetime) -> Tijdvak:
    """Opens and closes one round as the clock says; harmless to repeat."""
    with transaction.atomic():
        tijdvak = vergrendel(tijdvak)
        if tijdvak.status == Tijdvakstatus.GEPUBLICEERD and op >= tijdvak.open_op:
            tijdvak = overgang_toepassen(tijdvak, "openen", actor=None, op=op, vergrendeld=True)
        if tijdvak.status == Tijdvakstatus.OPEN and op > tijdvak.sluit_op:
            tijdvak = overgang_toepassen(tijdvak, "sluiten", actor=None, op=op, vergrendeld=True)
    return tijdvak


def klok_bijwerken(*, op: datetime) -> int:
    """Opens and closes all rounds that are due. Run every second or so by the worker."""
    rijp = Tijdvak.objects.filter(
        Q(status=Tijdvakstatus.GEPUBLICEERD, open_op__lte=op) | Q(status=Tijdvakstatus.OPEN, sluit_op__lt=op)
    )
    for tijdvak in rijp:
        tijdvak_bijwerken(tijdvak=tijdvak, op=op)
    return len(rijp)


def tijdvak_verlengen(
    *,
    tijdvak: Tijdvak,
    van: datetime,
    tot: datetime,
    verlenging: timedelta,
    reden: str,
    actor: Gebruiker | None,
    op: datetime,
) -> Storing:
    """Moves the closing time after an outage of our own (R47). Only while the round is open or published."""
    eis_rol(actor, Rol.BEHEERDER)
    if verlenging <= timedelta(0) or tot <= van:
        raise InvoerFout("De storing of de verlenging heeft geen duur.", actie="Controleer de tijden.")
    if not reden.strip():
        raise InvoerFout("De reden ontbreekt.", actie="Schrijf op wat er mis was.", veld="reden")
    with transaction.atomic():
        tijdvak = vergrendel(tijdvak)
        if tijdvak.status not in {Tijdvakstatus.GEPUBLICEERD, Tijdvakstatus.OPEN}:
            raise OvergangFout("Dit tijdvak is al gesloten.", actie="Verlengen kan alleen zolang het open is.")
        oud, tijdvak.sluit_op = tijdvak.sluit_op, tijdvak.sluit_op + verlenging
        tijdvak.save(update_fields=["sluit_op"])
        storing = Storing.objects.create(
            tijdvak=tijdvak,
            van=van,
            tot=tot,
            oud_sluit_op=oud,
            nieuw_sluit_op=tijdvak.sluit_op,
            reden=reden,
            vastgelegd_op=op,
            vastgelegd_door=actor,
        )
        log_schrijven(
            Logpost(
                keten=keten_van(tijdvak),
                handeling="verlengen",
                op=op,
                actor=actor,
                reden=reden,
                gegevens={"oud": oud.isoformat(), "nieuw": tijdvak.sluit_op.isoformat()},
            )
        )
    return storing
