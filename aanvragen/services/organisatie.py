"""Organisations and who may act for them."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.db import transaction

from aanvragen.enums import Machtigingsoort
from aanvragen.models import Machtiging, Organisatie
from aanvragen.omvang import sector_van_sbi
from kern.fouten import InvoerFout
from kern.models import Gebruiker
from kern.services.spoor import Logpost, keten_van, log_schrijven

#: Fields an applicant may fill in.
VELDEN = frozenset(
    {
        "naam",
        "rechtsvorm",
        "sbi_code",
        "sbi_versie",
        "werkzame_personen",
        "omvang_jaar",
        "omzet",
        "balanstotaal",
        "publiek",
        "straat",
        "postcode",
        "plaats",
        "provincie",
    }
)


def organisatie_registreren(
    *,
    kvk_nummer: str,
    gegevens: dict[str, Any],
    actor: Gebruiker | None,
    op: datetime,
    soort: Machtigingsoort = Machtigingsoort.BEHEERDER,
) -> Organisatie:
    """Registers an organisation and makes ``actor`` its first manager.

    Raises :class:`InvoerFout` when the number is registered already: then a colleague has to invite you.
    """
    with transaction.atomic():
        if Organisatie.objects.filter(kvk_nummer=kvk_nummer).exists():
            raise InvoerFout(
                "Deze organisatie is al aangemeld.",
                actie="Vraag de beheerder van uw organisatie in Stimulans om u toegang te geven.",
                code="organisatie-bestaat",
                veld="kvk_nummer",
            )
        organisatie = Organisatie(kvk_nummer=kvk_nummer, aangemaakt_op=op)
        _vullen(organisatie, gegevens)
        organisatie.save(force_insert=True)
        log_schrijven(Logpost(keten=keten_van(organisatie), handeling="organisatie_registreren", op=op, actor=actor))
        if actor is not None:
            machtiging_verlenen(organisatie=organisatie, gebruiker=actor, soort=soort, actor=actor, op=op)
    return organisatie


def organisatie_wijzigen(
    *, organisatie: Organisatie, gegevens: dict[str, Any], actor: Gebruiker | None, op: datetime
) -> Organisatie:
    """Changes the data of an organisation; the trail keeps which fields changed."""
    _eis_bekende_velden(gegevens)
    with transaction.atomic():
        organisatie = Organisatie.objects.select_for_update().get(pk=organisatie.pk)
        gewijzigd = sorted(veld for veld, waarde in gegevens.items() if getattr(organisatie, veld) != waarde)
        if gewijzigd:
            _vullen(organisatie, gegevens)
            organisatie.save(force_update=True)
            log_schrijven(
                Logpost(
                    keten=keten_van(organisatie),
                    handeling="organisatie_wijzigen",
                    op=op,
                    actor=actor,
                    gegevens={"velden": gewijzigd},
                )
            )
    return organisatie


def _eis_bekende_velden(gegevens: dict[str, Any]) -> None:
    onbekend = set(gegevens) - VELDEN
    if onbekend:
        raise InvoerFout(f"Deze gegevens kunnen niet worden gewijzigd: {', '.join(sorted(onbekend))}.")


def _vullen(organisatie: Organisatie, gegevens: dict[str, Any]) -> None:
    _eis_bekende_velden(gegevens)
    for veld, waarde in gegevens.items():
        setattr(organisatie, veld, waarde)
    if organisatie.sbi_code:
        organisatie.sector = sector_van_sbi(organisatie.sbi_code)


def machtiging_verlenen(
    *, organisatie: Organisatie, gebruiker: Gebruiker, soort: Machtigingsoort, actor: Gebruiker | None, op: datetime
) -> Machtiging:
    """Lets a person act for an organisation; giving it twice returns the first."""
    with transaction.atomic():
        machtiging, nieuw = Machtiging.objects.get_or_create(
            gebruiker=gebruiker,
            organisatie=organisatie,
            ingetrokken_op=None,
            defaults={"soort": soort, "verleend_op": op, "verleend_door": actor},
        )
        if nieuw:
            log_schrijven(
                Logpost(
                    keten=keten_van(organisatie),
                    handeling="machtiging_verlenen",
                    op=op,
                    actor=actor,
                    gegevens={"gebruiker": gebruiker.pk, "soort": str(soort)},
                )
            )
    return machtiging
