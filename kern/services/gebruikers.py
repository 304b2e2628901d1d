"""People and roles."""

from __future__ import annotations

from datetime import datetime

from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from django.contrib.auth import SESSION_KEY
from django.contrib.sessions.models import Session
from django.db import transaction

from kern.enums import Berichtsoort, Rol
from kern.fouten import InvoerFout, RechtenFout
from kern.models import Gebruiker, Roltoekenning
from kern.rechten import eis_rol
from kern.services.berichten import bericht_klaarzetten
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


#: Roles that one person does not hold together: four eyes need two heads.
ONVERENIGBAAR = (
    (Rol.NOTARIS, {Rol.BEHEERDER, Rol.BEHANDELAAR, Rol.BESLISSER}),
    (Rol.FINANCIEEL, {Rol.BEHANDELAAR, Rol.BESLISSER}),
    (Rol.AUDITOR, set(Rol) - {Rol.AUDITOR}),
)


def _eis_gescheiden(gebruiker: Gebruiker, rol: Rol, actor: Gebruiker) -> None:
    if actor == gebruiker:
        raise RechtenFout("U kunt uzelf geen rol geven.", actie="Vraag een andere beheerder.", code="vier-ogen")
    huidig = set(gebruiker.rollen)
    botst = {str(b.label) for a, anderen in ONVERENIGBAAR for b in anderen if rol == a and b in huidig} | {
        str(a.label) for a, anderen in ONVERENIGBAAR if rol in anderen and a in huidig
    }
    if botst:
        raise RechtenFout(
            f"{rol.label} gaat niet samen met {', '.join(sorted(botst))}.",
            actie="Geef deze rol aan iemand anders.",
            code="rollen-onverenigbaar",
        )


def rol_intrekken(*, gebruiker: Gebruiker, rol: Rol, op: datetime, actor: Gebruiker | None) -> None:
    """Takes a role away; harmless when the person does not have it."""
    eis_rol(actor, Rol.BEHEERDER)
    with transaction.atomic():
        aantal = gebruiker.roltoekenningen.filter(rol=rol, ingetrokken_op=None).update(
            ingetrokken_op=op, ingetrokken_door=actor
        )
        if aantal:
            log_schrijven(
                Logpost(
                    keten=keten_van(gebruiker),
                    handeling="rol_intrekken",
                    op=op,
                    actor=actor,
                    gegevens={"rol": str(rol)},
                )
            )
    gebruiker.__dict__.pop("rollen", None)


def rol_toekennen(*, gebruiker: Gebruiker, rol: Rol, op: datetime, actor: Gebruiker | None) -> Roltoekenning:
    """Gives a role; giving it twice returns the first. ``actor`` ``None`` is the system (set-up, demonstration)."""
    eis_rol(actor, Rol.BEHEERDER)
    if actor is not None:
        _eis_gescheiden(gebruiker, rol, actor)
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


def sessies_beeindigen(*, gebruiker: Gebruiker, op: datetime, actor: Gebruiker | None) -> int:
    """Logs a person out everywhere, at once (ASVS 7.4.5). Returns the number of sessions that ended.

    Sessions hold their user inside, so all live ones are read; that is seconds of work for tens of thousands.
    """
    eis_rol(actor, Rol.BEHEERDER)
    with transaction.atomic():
        sleutels = [
            sessie.pk
            for sessie in Session.objects.filter(expire_date__gte=op).iterator(chunk_size=1000)
            if sessie.get_decoded().get(SESSION_KEY) == str(gebruiker.pk)
        ]
        for begin in range(0, len(sleutels), 500):
            Session.objects.filter(pk__in=sleutels[begin : begin + 500]).delete()
        log_schrijven(
            Logpost(
                keten=keten_van(gebruiker),
                handeling="sessies_beeindigen",
                op=op,
                actor=actor,
                gegevens={"aantal": len(sleutels)},
            )
        )
    return len(sleutels)


def tweede_stap_wissen(*, gebruiker: Gebruiker, reden: str, op: datetime, actor: Gebruiker) -> None:
    """For who lost phone, key and recovery codes: takes every second step away, ends the sessions and mails the person.

    The person chooses a new second step at the next login, with the own password. Raises :class:`RechtenFout` for the
    own account and :class:`InvoerFout` without a reason or without a second step.
    """
    eis_rol(actor, Rol.BEHEERDER)
    if actor == gebruiker:
        raise RechtenFout("U kunt uw eigen tweede stap niet wissen.", actie="Vraag een andere beheerder.")
    if not reden.strip():
        raise InvoerFout(
            "De reden ontbreekt.", actie="Schrijf op hoe u weet dat deze persoon hierom vraagt.", veld="reden"
        )
    with transaction.atomic():
        rijen = Authenticator.objects.select_for_update().filter(user=gebruiker)
        soorten = sorted(str(rij.type) for rij in rijen)
        if not soorten:
            raise InvoerFout("Deze persoon heeft geen tweede stap.", actie="Er is niets te wissen.")
        rijen.delete()
        sessies_beeindigen(gebruiker=gebruiker, op=op, actor=actor)
        regel = log_schrijven(
            Logpost(
                keten=keten_van(gebruiker),
                handeling="tweede_stap_wissen",
                op=op,
                actor=actor,
                gegevens={"reden": reden.strip(), "soorten": soorten},
            )
        )
        bericht_klaarzetten(
            sleutel=f"tweede-stap-{regel.pk}",
            soort=Berichtsoort.TOEGANG,
            aan=gebruiker.email,
            onderwerp="Uw tweede stap bij het inloggen is gewist",
            tekst=(
                f"Beste {gebruiker},\n\nEen beheerder van Stimulans heeft uw tweede stap bij het inloggen gewist. "
                "U bent overal uitgelogd. Kies een nieuwe tweede stap als u weer inlogt.\n\n"
                "Hebt u hier niet om gevraagd? Wijzig dan meteen uw wachtwoord en neem contact met ons op.\n"
            ),
            op=op,
        )
