"""Two people on one page: a three-way merge per field.

The page carries a digest of each field as it was stored when the page was shown (``basis``). When it comes back:
what only one of the two changed is kept, what both changed to the same is kept, and only what both changed differently
is put before the second one, beside what the first wrote. Nothing that was typed is thrown away.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from django.utils.functional import Promise

from portalen.formulieren.concept import Stapformulier, Verschil, leesbaar

#: Stands for a value that nobody can have seen: then every difference is a conflict.
ONBEKEND = "?"


def vinger(waarde: Any) -> str:
    """Digest of one stored value; empty text, ``None`` and an empty list are the same: nothing filled in."""
    return hashlib.sha256(json.dumps(_kaal(waarde), ensure_ascii=False).encode()).hexdigest()[:16]


def _kaal(waarde: Any) -> Any:
    if waarde is None or waarde == "" or waarde == []:
        return None
    if isinstance(waarde, bool | int):
        return waarde
    if isinstance(waarde, Decimal):
        return f"{waarde.normalize():f}"
    if isinstance(waarde, date | Promise):
        return str(waarde)
    if isinstance(waarde, list | tuple):
        return sorted(str(deel) for deel in waarde)
    return str(waarde)


LEEG = vinger(None)


def vingers(formulier: Stapformulier, waarden: Mapping[str, Any]) -> dict[str, str]:
    """The digest of every field of the step, also of one in which nothing stands."""
    return {naam: vinger(waarden.get(naam)) for naam in formulier.fields}


def basis_tekst(basis: Mapping[str, str]) -> str:
    """The digests for the hidden field ``basis``: ``titel=abc omschrijving=def``."""
    return " ".join(f"{naam}={digest}" for naam, digest in basis.items())


def lees_basis(tekst: Any) -> dict[str, str]:
    """Reads what :func:`basis_tekst` wrote; anything else in it is left out."""
    delen = (deel.partition("=") for deel in str(tekst or "").split())
    return {naam: digest for naam, is_teken, digest in delen if is_teken}


def basis_uit(data: Mapping[str, Any], nu: Mapping[str, str], versie: int) -> dict[str, str]:
    """The digests that a posted page carries. Without them the version of the application decides for all fields."""
    gegeven = lees_basis(data.get("basis"))
    if gegeven:
        return gegeven
    return dict(nu) if str(data.get("versie", "")) == str(versie) else {}


@dataclass(frozen=True)
class Samenvoeging:
    """``houden``: fields whose stored value stays. ``botsingen``: groups of fields that both changed."""

    houden: frozenset[str]
    botsingen: tuple[tuple[str, ...], ...]


def samenvoegen(
    formulier: Stapformulier, nu: Mapping[str, Any], basis: Mapping[str, str], overnemen: Iterable[str] = ()
) -> Samenvoeging:
    """Compares what was posted (a checked form) with what is stored ``nu`` and what the person saw (``basis``).

    ``overnemen``: names of groups for which the person chose the stored text.
    """
    gekozen, houden, botsingen = set(overnemen), set(), []
    fout = formulier.onleesbaar()
    for groep in formulier.eenheden():
        if fout & set(groep):
            continue
        mijn = [vinger(formulier.cleaned_data.get(naam)) for naam in groep]
        staat = [vinger(nu.get(naam)) for naam in groep]
        was = [basis.get(naam, ONBEKEND) for naam in groep]
        niet_gezien = bool(basis) and not set(groep) & set(basis) and mijn == [LEEG] * len(groep)
        if mijn in (staat, was) or niet_gezien or groep[0] in gekozen:
            houden |= set(groep)
        elif staat != was:
            houden |= set(groep)
            botsingen.append(groep)
    return Samenvoeging(frozenset(houden), tuple(botsingen))


def verschillen(
    formulier: Stapformulier, botsingen: Iterable[tuple[str, ...]], nu: Mapping[str, Any]
) -> list[Verschil]:
    """Both texts of each conflict, field by field; the choice goes by the first field of the group."""
    uit = []
    for groep in botsingen:
        for naam in groep:
            veld = formulier.fields[naam]
            mijn, staat = leesbaar(veld, formulier.cleaned_data.get(naam)), leesbaar(veld, nu.get(naam))
            if mijn != staat:
                anker = str(getattr(formulier[naam], "anker", ""))
                uit.append(Verschil(str(veld.label or naam), mijn, staat, groep[0], anker))
    return uit
