"""The random control of a round: its seed, fixed before anybody answers, and who it falls on."""

from __future__ import annotations

import hashlib
import secrets
from datetime import datetime

from django.db import transaction

from aanvragen.models import Referentie
from beoordeling.models import Referentiesteekproef
from beoordeling.referentie.steekproef import PROMILLE, gekozen
from kern.services.spoor import Logpost, keten_van, log_schrijven
from regeling.models import Tijdvak


def steekproef_vastleggen(*, tijdvak: Tijdvak, op: datetime) -> Referentiesteekproef:
    """The seed of this round, made once; the trail gets its digest, so that nobody can pick another seed later.

    Called before the first referee of the round is written to. The seed itself stays inside until the round is done:
    who knows it can see beforehand who will be checked.
    """
    bestaand = Referentiesteekproef.objects.filter(tijdvak=tijdvak).first()
    if bestaand is not None:
        return bestaand
    with transaction.atomic():
        Tijdvak.objects.select_for_update().get(pk=tijdvak.pk)
        steekproef, nieuw = Referentiesteekproef.objects.get_or_create(
            tijdvak=tijdvak,
            defaults={"zaad": secrets.token_bytes(32).hex(), "promille": PROMILLE, "vastgelegd_op": op},
        )
        if nieuw:
            log_schrijven(
                Logpost(
                    keten=keten_van(tijdvak),
                    handeling="referentiesteekproef_vastleggen",
                    op=op,
                    gegevens={"zaad_sha256": zaad_sha256(steekproef), "promille": PROMILLE},
                )
            )
    return steekproef


def zaad_sha256(steekproef: Referentiesteekproef) -> str:
    """Digest (hex) of the 32 bytes of the seed."""
    return hashlib.sha256(bytes.fromhex(steekproef.zaad)).hexdigest()


def in_steekproef(referentie: Referentie, *, op: datetime) -> bool:
    steekproef = steekproef_vastleggen(tijdvak=referentie.aanvraag.tijdvak, op=op)
    return gekozen(bytes.fromhex(steekproef.zaad), referentie.pk, steekproef.promille)
