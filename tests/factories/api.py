"""Partners, tokens, vouchers and draws for tests of the API, made through services and transitions."""

from __future__ import annotations

import hashlib
import secrets
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any

from django.utils import timezone
from oauth2_provider.models import get_access_token_model, set_token_value

from aanvragen.enums import Status
from aanvragen.models import Aanvraag, Organisatie
from api.models import Partner
from api.services.partners import Partnersleutels, partner_aanmaken, partnerrecht_verlenen
from beoordeling.loting import (
    Bronwaarden,
    Deelnemer,
    bereken,
    schrijf_bronwaarden,
    schrijf_deelnemers,
    schrijf_protocol,
    schrijf_uitslag,
)
from beoordeling.models import Loting, Lotingbestand
from kern.services.overgang import overgang_toepassen
from regeling.models import Tijdvak
from tests.factories.ronde import NA, TIJDENS, VOOR
from uitvoering.models import Voucher
from uitvoering.vouchercode import maak

ALLE_SCOPES = ("aanvragen:lezen", "rondes:lezen", "vouchers:controleren")


def maak_partner(
    *scopes: str, organisatie: Organisatie | None = None, tijdvak: Tijdvak | None = None, naam: str = "Partner"
) -> Partnersleutels:
    """A partner with a right over this organisation or round, when one is given."""
    sleutels = partner_aanmaken(naam=naam, scopes=scopes or ALLE_SCOPES, actor=None, op=VOOR)
    if organisatie or tijdvak:
        partnerrecht_verlenen(
            partner=sleutels.partner,
            organisatie=organisatie,
            tijdvak=tijdvak,
            grondslag="Overeenkomst",
            actor=None,
            op=VOOR,
        )
    return sleutels


def maak_token(partner: Partner, *scopes: str, verloopt_op: datetime | None = None) -> str:
    """An access token with these scopes (default: all the partner has)."""
    waarde = secrets.token_urlsafe(30)
    token = get_access_token_model()(
        application=partner.client,
        scope=" ".join(scopes or partner.scopes),
        expires=verloopt_op or timezone.now() + timedelta(hours=1),
    )
    set_token_value(token, waarde)
    token.save()
    return waarde


def kop(token: str) -> dict[str, str]:
    """The header that carries a token, for the test client."""
    return {"Authorization": f"Bearer {token}"}


def naar_status(aanvraag: Aanvraag, status: Status, *, op: datetime = NA) -> Aanvraag:
    """Takes a received application through the transitions up to ``status``, each an hour later."""
    stappen: dict[Status, list[tuple[str, dict[str, Any]]]] = {
        Status.IN_BEHANDELING: [("in_behandeling_nemen", {})],
        Status.COMPLEET: [("compleet_verklaren", {"volledig_op": TIJDENS})],
        Status.IN_VERDELING: [("in_verdeling_nemen", {})],
        Status.RESERVE: [("op_reservelijst_plaatsen", {})],
        Status.GESELECTEERD: [("selecteren", {"bedrag": Decimal("800.00")})],
    }
    weg = {
        Status.IN_BEHANDELING: [Status.IN_BEHANDELING],
        Status.COMPLEET: [Status.IN_BEHANDELING, Status.COMPLEET],
        Status.IN_VERDELING: [Status.IN_BEHANDELING, Status.COMPLEET, Status.IN_VERDELING],
    }
    weg[Status.RESERVE] = [*weg[Status.IN_VERDELING], Status.RESERVE]
    weg[Status.GESELECTEERD] = [*weg[Status.IN_VERDELING], Status.GESELECTEERD]
    for nummer, tussenstand in enumerate(weg[status]):
        for naam, argumenten in stappen[tussenstand]:
            moment = op + timedelta(hours=nummer)
            aanvraag = overgang_toepassen(aanvraag, naam, actor=None, op=moment, **argumenten)
    return aanvraag


def maak_voucher(aanvraag: Aanvraag, *, geldig_tot: date, bedrag: Decimal = Decimal("18000.00")) -> Voucher:
    return Voucher.objects.create(
        aanvraag=aanvraag, code=maak(), bedrag=bedrag, uitgegeven_op=NA, geldig_tot=geldig_tot
    )


def maak_loting(tijdvak: Tijdvak, *, kenmerk: str = "proef-1", tot: str = "vaststellen") -> Loting:
    """A draw over four made-up labels, taken up to and with transition ``tot``. Two awards, one reserve, one out."""
    deelnemers = schrijf_deelnemers([Deelnemer(f"PROEF-0000{nr}", 100_000) for nr in range(1, 5)])
    protocol = schrijf_protocol(
        {
            "bronnen": [{"id": "notaris", "lengte": 32, "soort": "cijfers"}],
            "deelnemers_sha256": hashlib.sha256(deelnemers).hexdigest(),
            "loting": kenmerk,
            "per_groep": 1,
            "plafond_cent": 200_000,
            "potten": {},
            "regel": "STOP",
            "restronde": False,
            "richting": "OP",
        }
    )
    bron = schrijf_bronwaarden(Bronwaarden({"notaris": "31415926535897932384626433832795"}, {}, {"PROEF-00002"}))
    bestanden = {"deelnemers.csv": deelnemers, "protocol.json": protocol, "bronwaarden.json": bron}
    loting = Loting.objects.create(
        tijdvak=tijdvak,
        kenmerk=kenmerk,
        protocol_sha256=hashlib.sha256(protocol).hexdigest(),
        deelnemers_sha256=hashlib.sha256(deelnemers).hexdigest(),
        aantal=4,
        trekking_gepland_op=NA,
        voorbereid_op=VOOR,
    )
    stappen: list[tuple[str, dict[str, Any], dict[str, bytes]]] = [
        ("bevriezen", {}, {"deelnemers.csv": deelnemers, "protocol.json": protocol}),
        ("publiceren", {"waar": "Staatscourant"}, {}),
        ("bronnen_vastleggen", {}, {"bronwaarden.json": bron}),
        ("trekken", {}, schrijf_uitslag(bereken(bestanden))),
        ("verdelen", {}, {}),
        ("vaststellen", {}, {}),
    ]
    for naam, argumenten, nieuw in stappen:
        for bestandsnaam, inhoud in nieuw.items():
            Lotingbestand.objects.create(
                loting=loting, naam=bestandsnaam, inhoud=inhoud, sha256=hashlib.sha256(inhoud).hexdigest(), op=NA
            )
        loting = overgang_toepassen(loting, naam, actor=None, op=NA, **argumenten)
        if naam == tot:
            break
    return loting
