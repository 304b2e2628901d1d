"""Consent for e-mail per kind of message (Awb 2:8, R46)."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime

from django.db import transaction

from kern.enums import Berichtsoort
from kern.models import Berichtvoorkeur, Gebruiker
from kern.services.spoor import Logpost, keten_van, log_schrijven
from kern.voorkeuren import standaard_per_email


def voorkeuren_van(
    gebruiker: Gebruiker, soorten: Iterable[Berichtsoort], *, is_contact: bool = False
) -> dict[Berichtsoort, bool]:
    """For each kind whether the person gets it by e-mail now. ``is_contact``: the person's address was given as the
    address for this, which counts as consent until the person says no."""
    gekozen = dict(gebruiker.berichtvoorkeuren.values_list("soort", "per_email"))
    return {soort: gekozen.get(soort, is_contact or standaard_per_email(soort)) for soort in soorten}


def voorkeuren_bewaren(
    *, gebruiker: Gebruiker, keuzes: Mapping[Berichtsoort, bool], actor: Gebruiker, op: datetime
) -> list[Berichtsoort]:
    """Records what the person chose; the trail keeps each change, as proof of consent. Returns the changed kinds."""
    with transaction.atomic():
        Gebruiker.objects.select_for_update().get(pk=gebruiker.pk)
        oud = dict(gebruiker.berichtvoorkeuren.values_list("soort", "per_email"))
        gewijzigd = [soort for soort, per_email in keuzes.items() if oud.get(soort) is not per_email]
        for soort in gewijzigd:
            Berichtvoorkeur.objects.update_or_create(
                gebruiker=gebruiker, soort=soort, defaults={"per_email": keuzes[soort], "gewijzigd_op": op}
            )
        if gewijzigd:
            log_schrijven(
                Logpost(
                    keten=keten_van(gebruiker),
                    handeling="berichtvoorkeuren_bewaren",
                    op=op,
                    actor=actor,
                    gegevens={str(soort): keuzes[soort] for soort in gewijzigd},
                )
            )
    return gewijzigd


def wil_email(gebruikers: Iterable[int], soort: Berichtsoort) -> set[int]:
    """Of these people (ids) those who get this kind by e-mail; one query."""
    namen = set(gebruikers)
    keuzes = dict(
        Berichtvoorkeur.objects.filter(gebruiker__in=namen, soort=soort).values_list("gebruiker_id", "per_email")
    )
    return {pk for pk in namen if keuzes.get(pk, standaard_per_email(soort))}
