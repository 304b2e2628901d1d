"""Partner systems: their client, their rights, and taking those away. Every step leaves a line in the trail."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime

from django.db import transaction
from oauth2_provider.generators import generate_client_secret
from oauth2_provider.models import clear_expired, get_application_model
from oauth2_provider.settings import oauth2_settings

from aanvragen.models import Organisatie
from api.models import Partner, Partnerrecht
from kern.enums import Rol
from kern.fouten import InvoerFout, OvergangFout
from kern.models import Gebruiker
from kern.rechten import eis_rol
from kern.services.spoor import Logpost, keten_van, log_schrijven
from regeling.models import Tijdvak

Application = get_application_model()


@dataclass(frozen=True)
class Partnersleutels:
    """A new partner with its client id and secret. The secret exists here only: the database holds a hash."""

    partner: Partner
    client_id: str
    client_secret: str = field(repr=False)


def partner_aanmaken(
    *, naam: str, scopes: Sequence[str], actor: Gebruiker | None, op: datetime, reden: str = ""
) -> Partnersleutels:
    """Makes a partner with a confidential client (client credentials only). Raises :class:`InvoerFout`."""
    eis_rol(actor, Rol.BEHEERDER)
    naam = naam.strip()
    if not naam:
        raise InvoerFout("De naam van de partner ontbreekt.", actie="Geef een naam.", veld="naam")
    onbekend = sorted(set(scopes) - set(oauth2_settings.SCOPES))
    if onbekend or not scopes:
        raise InvoerFout(
            f"Deze scopes bestaan niet: {', '.join(onbekend)}." if onbekend else "Er zijn geen scopes gekozen.",
            actie=f"Kies uit: {', '.join(oauth2_settings.SCOPES)}.",
            veld="scopes",
        )
    with transaction.atomic():
        if Partner.objects.filter(naam=naam).exists():
            raise InvoerFout("Er is al een partner met deze naam.", actie="Kies een andere naam.", veld="naam")
        geheim = generate_client_secret()
        client = Application.objects.create(
            name=naam,
            client_type=Application.CLIENT_CONFIDENTIAL,
            authorization_grant_type=Application.GRANT_CLIENT_CREDENTIALS,
            client_secret=geheim,
            hash_client_secret=True,
        )
        partner = Partner.objects.create(naam=naam, client=client, scopes=sorted(set(scopes)), aangemaakt_op=op)
        log_schrijven(
            Logpost(
                keten=keten_van(partner),
                handeling="partner_aanmaken",
                op=op,
                actor=actor,
                reden=reden,
                gegevens={"naam": naam, "scopes": partner.scopes, "client_id": client.client_id},
            )
        )
    return Partnersleutels(partner, client.client_id, geheim)


def partnerrecht_verlenen(
    *,
    partner: Partner,
    grondslag: str,
    actor: Gebruiker | None,
    op: datetime,
    organisatie: Organisatie | None = None,
    tijdvak: Tijdvak | None = None,
) -> Partnerrecht:
    """Lets a partner see the cases of an organisation, of a round, or of an organisation in a round.

    ``grondslag``: the consent or agreement it rests on. Giving the same right twice returns the first.
    """
    eis_rol(actor, Rol.BEHEERDER)
    if organisatie is None and tijdvak is None:
        raise InvoerFout("Een recht gaat over een organisatie of een tijdvak.", actie="Kies er minstens één.")
    if not grondslag.strip():
        raise InvoerFout(
            "De grondslag ontbreekt.",
            actie="Noem de toestemming of overeenkomst waarop dit recht rust.",
            veld="grondslag",
        )
    with transaction.atomic():
        partner = Partner.objects.select_for_update(of=("self",)).get(pk=partner.pk)
        recht = partner.rechten.filter(organisatie=organisatie, tijdvak=tijdvak, ingetrokken_op=None).first()
        if recht is not None:
            return recht
        recht = Partnerrecht.objects.create(
            partner=partner,
            organisatie=organisatie,
            tijdvak=tijdvak,
            grondslag=grondslag.strip(),
            verleend_op=op,
            verleend_door=actor,
        )
        log_schrijven(
            Logpost(
                keten=keten_van(partner),
                handeling="partnerrecht_verlenen",
                op=op,
                actor=actor,
                reden=recht.grondslag,
                gegevens=_onderwerp(recht),
            )
        )
    return recht


def partnerrecht_intrekken(*, recht: Partnerrecht, reden: str, actor: Gebruiker | None, op: datetime) -> Partnerrecht:
    """Takes a right away; it counts from the next request. Withdrawing twice keeps the first moment."""
    eis_rol(actor, Rol.BEHEERDER)
    _eis_reden(reden)
    with transaction.atomic():
        recht = Partnerrecht.objects.select_for_update(of=("self",)).get(pk=recht.pk)
        if recht.ingetrokken_op is not None:
            return recht
        recht.ingetrokken_op = op
        recht.save(update_fields=["ingetrokken_op"])
        log_schrijven(
            Logpost(
                keten=keten_van(recht.partner),
                handeling="partnerrecht_intrekken",
                op=op,
                actor=actor,
                reden=reden.strip(),
                gegevens=_onderwerp(recht),
            )
        )
    return recht


def partner_blokkeren(*, partner: Partner, reden: str, actor: Gebruiker | None, op: datetime) -> Partner:
    """Shuts a partner out: no new tokens, and tokens that it has give 403 from the next request."""
    eis_rol(actor, Rol.BEHEERDER)
    _eis_reden(reden)
    with transaction.atomic():
        partner = Partner.objects.select_for_update(of=("self",)).get(pk=partner.pk)
        if partner.geblokkeerd_op is not None:
            raise OvergangFout("Deze partner is al geblokkeerd.", actie="U hoeft niets te doen.")
        partner.geblokkeerd_op = op
        partner.save(update_fields=["geblokkeerd_op"])
        log_schrijven(
            Logpost(keten=keten_van(partner), handeling="partner_blokkeren", op=op, actor=actor, reden=reden.strip())
        )
    return partner


def _eis_reden(reden: str) -> None:
    if not reden.strip():
        raise InvoerFout("De reden ontbreekt.", actie="Schrijf kort op waarom u dit doet.", veld="reden")


def _onderwerp(recht: Partnerrecht) -> dict[str, str | int | None]:
    return {
        "recht": recht.pk,
        "organisatie": str(recht.organisatie_id) if recht.organisatie_id else None,
        "tijdvak": recht.tijdvak_id,
    }


def tokens_opruimen(*, op: datetime) -> None:
    """Removes tokens that have expired. Run daily by the worker."""
    clear_expired()
