"""Templates of messages: a version is written by one person, put in use by another, and never changed."""

from __future__ import annotations

import difflib
from datetime import datetime

from django.db import transaction
from django.db.models import Max

from aanvragen.berichttekst import Berichttekst
from aanvragen.berichtteksten import TEKSTEN
from aanvragen.services.postbus import vul_in
from kern.enums import Rol
from kern.fouten import InvoerFout, OvergangFout, RechtenFout
from kern.models import Gebruiker
from kern.rechten import eis_rol
from kern.services.spoor import Logpost, keten_van, log_schrijven
from regeling.models import Berichtsjabloon, Regeling


def _standaard(code: str) -> Berichttekst:
    if code not in TEKSTEN:
        raise InvoerFout("Dit soort bericht bestaat niet.", actie="Kies een bericht uit de lijst.")
    return TEKSTEN[code]


def sjabloon_voorbeeld(*, code: str, onderwerp: str, tekst: str) -> tuple[str, str]:
    """Subject and text with the example values filled in. Raises :class:`InvoerFout` for an unknown field."""
    waarden = _standaard(code).voorbeeldwaarden()
    uit = []
    for veld, inhoud in (("onderwerp", onderwerp), ("tekst", tekst)):
        try:
            uit.append(vul_in(inhoud, waarden))
        except InvoerFout as fout:
            raise InvoerFout(fout.melding, actie=fout.actie, code=fout.code, veld=veld) from fout
    return uit[0], uit[1]


def sjabloon_maken(
    *, code: str, regeling: Regeling | None, onderwerp: str, tekst: str, actor: Gebruiker, op: datetime
) -> Berichtsjabloon:
    """A new version, for one scheme or (``None``) for all; it does nothing until somebody else puts it in use."""
    eis_rol(actor, Rol.BEHEERDER)
    for veld, inhoud in (("onderwerp", onderwerp), ("tekst", tekst)):
        if not inhoud.strip():
            raise InvoerFout("Vul de tekst in.", veld=veld)
    if "\n" in onderwerp.strip():
        raise InvoerFout("Het onderwerp is één regel.", veld="onderwerp")
    sjabloon_voorbeeld(code=code, onderwerp=onderwerp, tekst=tekst)
    with transaction.atomic():
        if regeling is not None:
            Regeling.objects.select_for_update().get(pk=regeling.pk)
        rijen = Berichtsjabloon.objects.filter(code=code, regeling=regeling)
        versie = (rijen.aggregate(n=Max("versie"))["n"] or 0) + 1
        sjabloon = Berichtsjabloon.objects.create(
            code=code,
            regeling=regeling,
            versie=versie,
            onderwerp=onderwerp.strip(),
            tekst=tekst.replace("\r\n", "\n").strip() + "\n",
            gemaakt_op=op,
            gemaakt_door=actor,
        )
        _log(sjabloon, "sjabloon_maken", actor, op)
    return sjabloon


def sjabloon_in_gebruik_nemen(*, sjabloon: Berichtsjabloon, actor: Gebruiker, op: datetime) -> Berichtsjabloon:
    """Puts a version in use: messages from now on have this text. By another person than the writer (four eyes)."""
    eis_rol(actor, Rol.BEHEERDER)
    with transaction.atomic():
        sjabloon = Berichtsjabloon.objects.select_for_update(of=("self",)).get(pk=sjabloon.pk)
        if sjabloon.gemaakt_door_id == actor.pk:
            raise RechtenFout(
                "Wie de tekst schreef, neemt haar niet in gebruik.",
                actie="Vraag een andere beheerder.",
                code="vier-ogen",
            )
        if sjabloon.in_gebruik_op is not None:
            raise OvergangFout("Deze versie is al in gebruik genomen.", actie="Ververs de pagina.")
        nieuwer = Berichtsjabloon.objects.filter(
            code=sjabloon.code, regeling=sjabloon.regeling, versie__gt=sjabloon.versie, in_gebruik_op__isnull=False
        )
        if nieuwer.exists():
            raise OvergangFout(
                "Er is al een nieuwere versie in gebruik.", actie="Maak een nieuwe versie met deze tekst."
            )
        sjabloon.in_gebruik_op, sjabloon.in_gebruik_door = op, actor
        sjabloon.save(update_fields=["in_gebruik_op", "in_gebruik_door"])
        _log(sjabloon, "sjabloon_in_gebruik_nemen", actor, op)
    return sjabloon


def _log(sjabloon: Berichtsjabloon, handeling: str, actor: Gebruiker, op: datetime) -> None:
    gegevens = {"code": sjabloon.code, "versie": sjabloon.versie, "regeling": sjabloon.regeling_id}
    log_schrijven(Logpost(keten=keten_van(sjabloon), handeling=handeling, op=op, actor=actor, gegevens=gegevens))


def tekstverschil(oud: str, nieuw: str) -> list[tuple[str, str]]:
    """Lines of two texts as (sign, line): '-' gone, '+' new, ' ' the same."""
    regels = difflib.ndiff(oud.splitlines(), nieuw.splitlines())
    return [(regel[0], regel[2:]) for regel in regels if regel[0] in "-+ "]
