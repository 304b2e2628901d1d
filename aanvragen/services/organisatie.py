"""Organisations and who may act for them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.db import transaction
from django.utils import timezone

from aanvragen.enums import Machtigingbereik, Machtigingbron, Machtigingsoort, Status
from aanvragen.models import Aanvraag, Machtiging, Organisatie
from aanvragen.omvang import sector_van_sbi
from aanvragen.register.gegevens import VELDEN as REGISTERVELDEN
from aanvragen.register.gegevens import Navraag
from aanvragen.selectors import eigen_aanvragen, van_kracht
from aanvragen.services.register import register_verwerken, stand_herzien, vestigingen_bijwerken
from aanvragen.services.toetsing import toetsen_herhalen
from kern.fouten import InvoerFout, RechtenFout
from kern.models import Gebruiker
from kern.services.spoor import Logpost, keten_van, log_schrijven
from regeling.models import Regeling

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
        "omvang_vorig",
        "publiek",
        "publiek_aandeel",
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
    register: Navraag | None = None,
    machtigen: bool = True,
) -> Organisatie:
    """Registers an organisation and makes ``actor`` its first manager, on the person's own word (bron ``zelf``).

    ``machtigen``: not when an officer registers it for a paper application.

    ``register``: what the trade register said (asked before, outside the transaction); it fills what was left empty.

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
        if register is not None:
            register_verwerken(organisatie, register, op)
        organisatie.save(force_insert=True)
        if register is not None:
            vestigingen_bijwerken(organisatie, register.gegevens)
        stand = {"register": str(organisatie.register_stand)} if register else {}
        log_schrijven(
            Logpost(
                keten=keten_van(organisatie), handeling="organisatie_registreren", op=op, actor=actor, gegevens=stand
            )
        )
        if actor is not None and machtigen:
            machtiging_verlenen(organisatie=organisatie, gebruiker=actor, soort=soort, actor=actor, op=op)
    return organisatie


def organisatie_wijzigen(
    *, organisatie: Organisatie, gegevens: dict[str, Any], actor: Gebruiker | None, op: datetime
) -> Organisatie:
    """Changes the data of an organisation; the trail keeps which fields changed."""
    _eis_bekende_velden(gegevens)
    with transaction.atomic():
        organisatie = Organisatie.objects.select_for_update().get(pk=organisatie.pk)
        eis_hele_organisatie(organisatie, actor)
        gewijzigd = sorted(veld for veld, waarde in gegevens.items() if getattr(organisatie, veld) != waarde)
        if gewijzigd:
            _vullen(organisatie, gegevens)
            stand_herzien(organisatie)
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
    if set(gewijzigd) & set(REGISTERVELDEN):
        toetsen_herhalen(organisatie=organisatie, codes=frozenset({"kvk_register"}), op=op)
    return organisatie


def eis_hele_organisatie(organisatie: Organisatie, actor: Gebruiker | None) -> None:
    """Raises :class:`RechtenFout` for somebody whose mandate does not cover every application of the organisation.

    Its name, address, size and group count for all of them: who acts for one scheme or branch, or on the own word
    beside an application on paper, does not change them. Officers who type in a paper application have no mandate.
    """
    if actor is None or not Machtiging.objects.filter(van_kracht(), gebruiker=actor, organisatie=organisatie).exists():
        return
    eigen = eigen_aanvragen(actor, Machtigingbereik.INVULLEN).order_by().values("pk")
    if Aanvraag.objects.filter(organisatie=organisatie).exclude(pk__in=eigen).exclude(status=Status.VERLOPEN).exists():
        raise RechtenFout(
            "Deze gegevens gelden voor alle aanvragen van de organisatie, en uw machtiging niet.",
            actie="Vraag een beheerder van de organisatie om dit te wijzigen, of log in met eHerkenning.",
            code="machtiging-te-beperkt",
        )


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


@dataclass(frozen=True)
class Machtigingvoorwaarden:
    """What a mandate covers, where it comes from and until when. ``geldig_tot`` is its last day."""

    bereik: Machtigingbereik = Machtigingbereik.VOLLEDIG
    bron: Machtigingbron | None = None
    regeling: Regeling | None = None
    vestigingsnummer: str = ""
    geldig_tot: date | None = None
    namens: Organisatie | None = None
    betrouwbaarheid: str = ""


GEWOON = Machtigingvoorwaarden()


def machtiging_verlenen(
    *,
    organisatie: Organisatie,
    gebruiker: Gebruiker,
    soort: Machtigingsoort,
    actor: Gebruiker | None,
    op: datetime,
    voorwaarden: Machtigingvoorwaarden = GEWOON,
) -> Machtiging:
    """Lets a person act for an organisation; giving it twice returns the first, one that ended makes room.

    Without ``bron``: by the system, by the person self, or by somebody else of the organisation. It is confirmed when
    the system, eHerkenning or somebody with a confirmed mandate gives it; never on a person's own word.
    """
    bron = voorwaarden.bron or _bron(gebruiker, actor)
    with transaction.atomic():
        Organisatie.objects.select_for_update().get(pk=organisatie.pk)
        bestaand = Machtiging.objects.filter(gebruiker=gebruiker, organisatie=organisatie, ingetrokken_op=None).first()
        if bestaand is not None:
            if bestaand.geldig_tot is None or bestaand.geldig_tot >= timezone.localtime(op).date():
                return bestaand
            bestaand.ingetrokken_op = op
            bestaand.save(update_fields=["ingetrokken_op"])
        bevestigd = _is_bevestigd(organisatie, bron, actor)
        machtiging = Machtiging.objects.create(
            gebruiker=gebruiker,
            organisatie=organisatie,
            soort=soort,
            bereik=voorwaarden.bereik,
            bron=bron,
            regeling=voorwaarden.regeling,
            vestigingsnummer=voorwaarden.vestigingsnummer,
            namens=voorwaarden.namens,
            betrouwbaarheid=voorwaarden.betrouwbaarheid,
            geldig_tot=voorwaarden.geldig_tot,
            verleend_op=op,
            verleend_door=actor,
            bevestigd_op=op if bevestigd else None,
            bevestigd_door=actor if bevestigd and bron == Machtigingbron.UITNODIGING else None,
        )
        log_schrijven(
            Logpost(
                keten=keten_van(organisatie),
                handeling="machtiging_verlenen",
                op=op,
                actor=actor,
                gegevens={
                    "gebruiker": gebruiker.pk,
                    "soort": str(soort),
                    "bereik": str(voorwaarden.bereik),
                    "bron": str(bron),
                },
            )
        )
    return machtiging


def _bron(gebruiker: Gebruiker, actor: Gebruiker | None) -> Machtigingbron:
    if actor is None:
        return Machtigingbron.SYSTEEM
    return Machtigingbron.ZELF if actor == gebruiker else Machtigingbron.UITNODIGING


def _is_bevestigd(organisatie: Organisatie, bron: Machtigingbron, actor: Gebruiker | None) -> bool:
    if bron == Machtigingbron.UITNODIGING:
        gever = Machtiging.objects.filter(van_kracht(), gebruiker=actor, organisatie=organisatie)
        return gever.filter(bevestigd_op__isnull=False).exists()
    return bron != Machtigingbron.ZELF
