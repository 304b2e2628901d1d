"""People and roles."""

from __future__ import annotations

from datetime import datetime

from allauth.account.models import EmailAddress
from django.db import transaction

from kern.enums import Rol
from kern.fouten import InvoerFout
from kern.models import Gebruiker, Roltoekenning
from kern.rechten import eis_rol
from kern.services.spoor import Logpost, keten_van, log_schrijven


def gebruiker_aanmaken(
    *, email: str, naam: str, wachtwoord: str | None, op: datetime, actor: Gebruiker | None = None
) -> Gebruiker:
    """Makes a user on behalf of the organisation, which vouches for the address: it counts as verified.

    Raises :class:`InvoerFout` when the address is taken.
    """
    if Gebruiker.objects.filter(email__iexact=email).exists():
        raise InvoerFout("Er is al een gebruiker met dit e-mailadres.", actie="Kies een ander adres of log in.")
    with transaction.atomic():
        gebruiker = Gebruiker.objects.create_user(email, wachtwoord, naam=naam, aangemaakt_op=op)
        EmailAddress.objects.create(user=gebruiker, email=gebruiker.email, primary=True, verified=True)
        log_schrijven(Logpost(keten=keten_van(gebruiker), handeling="gebruiker_aanmaken", op=op, actor=actor))
    return gebruiker


def rol_toekennen(*, gebruiker: Gebruiker, rol: Rol, op: datetime, actor: Gebruiker | None) -> Roltoekenning:
    """Gives a role; giving it twice returns the first. ``actor`` ``None`` is the system (set-up, demonstration)."""
    eis_rol(actor, Rol.BEHEERDER)
    with transaction.atomic():
        bestaand = gebruiker.roltoekenningen.filter(rol=rol, ingetrokken_op=None).first()
        if bestaand:
            return bestaand
        toekenning = Roltoekenning.objects.create(gebruiker=gebruiker, rol=rol, toegekend_op=op, toegekend_door=actor)
        log_schrijven(
            Logpost(
                keten=keten_van(gebruiker), handeling="rol_toekennen", op=op, actor=actor, gegevens={"rol": str(rol)}
            )
        )
    gebruiker.__dict__.pop("rollen", None)
    return toekenning
