"""Keeping what somebody types before the page is saved, and who has a page open (P4, F1).

An answer with 2xx means: it is in the database. No trail line: a draft of a field is no act, saving the page is.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime

from django.db import transaction

from aanvragen.enums import Status
from aanvragen.klad import BOEKHOUDING, lees_boekhouding
from aanvragen.models import Aanvraag, Aanwezigheid, Kladveld
from kern.fouten import InvoerFout, OvergangFout
from kern.models import Gebruiker

#: Bounds of what is kept for one field and one page, in characters.
LANGSTE_VELD, LANGSTE_PAGINA = 250_000, 1_000_000
#: Counter of a page that was saved: nothing comes after it.
LAATSTE = 2**53


def klad_bewaren(
    *,
    aanvraag: Aanvraag,
    stap: str,
    velden: Mapping[str, Sequence[str]],
    basis: Mapping[str, str],
    actor: Gebruiker,
    op: datetime,
    pagina: str = "",
    nr: int = 0,
) -> bool:
    """Keeps fields as typed: input name → values, the newest in place of what was there.

    ``basis``: see :class:`aanvragen.klad.Klad`. ``pagina`` and ``nr`` number the requests of one open page: one that
    comes in after a later one changes nothing (``False``). Raises :class:`OvergangFout` once the application was sent,
    :class:`InvoerFout` for more text than we keep.
    """
    schoon = {naam: [tekst.replace("\x00", "") for tekst in waarden] for naam, waarden in velden.items()}
    _eis_maat(schoon)
    with transaction.atomic():
        # The lock keeps two requests of one person in order, and a draft from being typed in while it is sent.
        vast = Aanvraag.objects.select_for_update(of=("self",), no_key=True).get(pk=aanvraag.pk)
        if vast.status != Status.CONCEPT:
            raise OvergangFout(
                "Deze aanvraag is verstuurd of gesloten. Wat u nu typt, wordt niet meer bewaard.",
                actie="Bekijk de aanvraag bij “Mijn aanvragen”.",
                code="aanvraag-verstuurd",
            )
        eigen = Kladveld.objects.filter(aanvraag=vast, stap=stap, door=actor)
        boek = eigen.filter(veld=BOEKHOUDING).values_list("waarde", flat=True).first()
        eerder_pagina, eerder_nr, eerder = lees_boekhouding(boek) if boek else ("", -1, {})
        if pagina and pagina == eerder_pagina and nr <= eerder_nr:
            return False
        _schrijf(vast, stap, actor, op, schoon, pagina, nr, {**eerder, **basis})
    return True


def klad_afsluiten(
    *,
    aanvraag: Aanvraag,
    stap: str,
    blijft: Mapping[str, Sequence[str]],
    basis: Mapping[str, str],
    actor: Gebruiker,
    op: datetime,
    pagina: str,
) -> None:
    """The page was saved: only ``blijft`` (what could not be saved) stays as typed, the rest has its place now.

    A request of that same page that is still under way comes in too late and changes nothing. Raises
    :class:`InvoerFout` for more text than we keep; the rest is closed all the same.
    """
    schoon = {naam: [tekst.replace("\x00", "") for tekst in waarden] for naam, waarden in blijft.items()}
    with transaction.atomic():
        Kladveld.objects.filter(aanvraag=aanvraag, stap=stap, door=actor).delete()
        _schrijf(aanvraag, stap, actor, op, {}, pagina, LAATSTE, basis)
    if schoon:
        _eis_maat(schoon)
        _schrijf(aanvraag, stap, actor, op, schoon, pagina, LAATSTE, basis)


def _schrijf(
    aanvraag: Aanvraag,
    stap: str,
    actor: Gebruiker,
    op: datetime,
    velden: Mapping[str, Sequence[str]],
    pagina: str,
    nr: int,
    basis: Mapping[str, str],
) -> None:
    paren = [f"{veld}={digest}" for veld, digest in sorted(basis.items())]
    Kladveld.objects.bulk_create(
        [
            Kladveld(aanvraag=aanvraag, stap=stap, veld=naam, waarde=list(waarde), op=op, door=actor)
            for naam, waarde in {**velden, BOEKHOUDING: [pagina, str(nr), *paren]}.items()
        ],
        update_conflicts=True,
        unique_fields=["aanvraag", "stap", "veld", "door"],
        update_fields=["waarde", "op"],
    )


def _eis_maat(velden: Mapping[str, Sequence[str]]) -> None:
    maten = {naam: sum(map(len, waarden)) for naam, waarden in velden.items()}
    if sum(maten.values()) > LANGSTE_PAGINA or max(maten.values(), default=0) > LANGSTE_VELD:
        raise InvoerFout(
            f"Uw tekst is te lang om te bewaren: hoogstens {LANGSTE_VELD // 1000}.000 tekens per vraag.",
            actie="Maak de tekst korter. Zet een lang stuk in een bijlage.",
            code="tekst-te-lang",
        )


def aanwezigheid_melden(*, aanvraag: Aanvraag, stap: str, actor: Gebruiker, op: datetime) -> None:
    """This person has this page open now."""
    Aanwezigheid.objects.update_or_create(aanvraag=aanvraag, gebruiker=actor, defaults={"stap": stap, "gezien_op": op})
