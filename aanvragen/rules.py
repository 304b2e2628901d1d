"""Who may do what with an application. Tested to agree with ``aanvragen_zichtbaar_voor`` and ``eigen_aanvragen``.

A right of an applicant follows from one mandate that covers the application whole: in force, wide enough, for its
scheme and its branch (R92). Two halves of two mandates do not make one.
"""

from __future__ import annotations

import rules
from django.utils import timezone

from aanvragen.enums import Bron, Machtigingbereik, Status
from aanvragen.models import Aanvraag, Machtiging, Papieraanvulling
from aanvragen.selectors import (
    DEKT,
    LEZENDE_ROLLEN,
    PAPIERAANVULLING_IN_INVOER,
    afgeschermd_voor,
    bevestigd_voor,
    van_kracht,
)
from kern.enums import Rol
from kern.fouten import RechtenFout
from kern.models import Gebruiker
from kern.rechten import heeft_rol


def _van_kracht(gebruiker: Gebruiker, aanvraag: Aanvraag) -> list[Machtiging]:
    """Mandates of the person for the applicant that have not ended, whatever they cover."""
    vandaag = timezone.localdate()
    rijen = Machtiging.objects.filter(gebruiker=gebruiker, organisatie=aanvraag.organisatie_id)
    return [m for m in rijen if m.ingetrokken_op is None and (m.geldig_tot is None or m.geldig_tot >= vandaag)]


def _dekt(machtiging: Machtiging, aanvraag: Aanvraag, minstens: Machtigingbereik) -> bool:
    regeling = aanvraag.tijdvak.regelingversie.regeling_id
    return (
        machtiging.bereik in DEKT[minstens]
        and machtiging.regeling_id in (None, regeling)
        and machtiging.vestigingsnummer in ("", aanvraag.vestigingsnummer)
    )


def _gemachtigd(gebruiker: Gebruiker, aanvraag: Aanvraag | None, minstens: Machtigingbereik) -> bool:
    if aanvraag is None or not gebruiker.is_authenticated:
        return False
    dekkend = [m for m in _van_kracht(gebruiker, aanvraag) if _dekt(m, aanvraag, minstens)]
    if any(m.bevestigd_op is not None for m in dekkend):
        return True
    via_portaal = aanvraag.bron == Bron.PORTAAL
    return bool(dekkend) and via_portaal and not bevestigd_voor(aanvraag.organisatie_id).exists()


@rules.predicate
def leest_voor_aanvrager(gebruiker: Gebruiker, aanvraag: Aanvraag | None) -> bool:
    return _gemachtigd(gebruiker, aanvraag, Machtigingbereik.LEZEN)


@rules.predicate
def vult_in_voor_aanvrager(gebruiker: Gebruiker, aanvraag: Aanvraag | None) -> bool:
    return _gemachtigd(gebruiker, aanvraag, Machtigingbereik.INVULLEN)


@rules.predicate
def tekent_voor_aanvrager(gebruiker: Gebruiker, aanvraag: Aanvraag | None) -> bool:
    return _gemachtigd(gebruiker, aanvraag, Machtigingbereik.VOLLEDIG)


@rules.predicate
def handelt_voor_aanvrager(gebruiker: Gebruiker, aanvraag: Aanvraag | None) -> bool:
    """Has any mandate of the applicant, for whatever part of it: an interest, so no part in handling its cases."""
    return aanvraag is not None and gebruiker.is_authenticated and bool(_van_kracht(gebruiker, aanvraag))


def handelt_voor_deelnemer(gebruiker: Gebruiker, aanvraag: Aanvraag) -> bool:
    """Has any mandate of a member of the group that applied: an interest as well."""
    if aanvraag.tijdvak.spec.aanvrager.consortium is None:
        return False
    leden = aanvraag.deelnemers.values("kvk_nummer")
    return Machtiging.objects.filter(van_kracht(), gebruiker=gebruiker, organisatie__kvk_nummer__in=leden).exists()


@rules.predicate
def is_afgeschermd(gebruiker: Gebruiker, aanvraag: Aanvraag | None) -> bool:
    """Shut off from the person as staff, see ``afgeschermd_voor``."""
    return aanvraag is not None and Aanvraag.objects.filter(afgeschermd_voor(gebruiker), pk=aanvraag.pk).exists()


@rules.predicate
def is_concept(gebruiker: Gebruiker, aanvraag: Aanvraag | None) -> bool:
    return aanvraag is not None and aanvraag.status == Status.CONCEPT


@rules.predicate
def is_verstuurd(gebruiker: Gebruiker, aanvraag: Aanvraag | None) -> bool:
    return aanvraag is not None and aanvraag.status not in {Status.CONCEPT, Status.VERLOPEN}


@rules.predicate
def is_papier_in_invoer(gebruiker: Gebruiker, aanvraag: Aanvraag | None) -> bool:
    """Being typed by an officer; the applicant sees it after it was sent."""
    return (
        aanvraag is not None and aanvraag.bron == Bron.PAPIER and aanvraag.status in {Status.CONCEPT, Status.VERLOPEN}
    )


@rules.predicate
def is_papieraanvulling_in_invoer(gebruiker: Gebruiker, aanvraag: Aanvraag | None) -> bool:
    """An answer on paper to the open request is being typed: from the start of that until it is sent or stopped."""
    return (
        aanvraag is not None
        and aanvraag.status == Status.AANVULLING_GEVRAAGD
        and Papieraanvulling.objects.filter(PAPIERAANVULLING_IN_INVOER, aanvulling__aanvraag=aanvraag.pk).exists()
    )


voert_papier_in = heeft_rol(Rol.BEHANDELAAR) & is_papier_in_invoer & is_concept & ~handelt_voor_aanvrager
#: The pages of the open request and nothing else: never part of ``aanvragen.wijzigen``.
voert_papieraanvulling_in = heeft_rol(Rol.BEHANDELAAR) & is_papieraanvulling_in_invoer & ~is_afgeschermd
leest_als_medewerker = heeft_rol(*sorted(LEZENDE_ROLLEN)) & is_verstuurd & ~is_afgeschermd


def eis_recht(gebruiker: Gebruiker | None, recht: str, aanvraag: Aanvraag) -> None:
    """Raises :class:`RechtenFout` unless the person has ``recht`` on the application. ``None`` is the system itself."""
    if gebruiker is not None and not rules.has_perm(recht, gebruiker, aanvraag):
        raise RechtenFout(
            "Uw machtiging is hiervoor niet ruim genoeg.",
            actie="Vraag een beheerder van uw organisatie om dit te doen of om uw machtiging te verruimen.",
            code="machtiging-te-beperkt",
        )


rules.add_perm("aanvragen.zien", (leest_voor_aanvrager & ~is_papier_in_invoer) | leest_als_medewerker | voert_papier_in)
rules.add_perm("aanvragen.wijzigen", (vult_in_voor_aanvrager & ~is_papier_in_invoer) | voert_papier_in)
rules.add_perm("aanvragen.indienen", (tekent_voor_aanvrager & ~is_papier_in_invoer) | voert_papier_in)
rules.add_perm("aanvragen.papier_invoeren", voert_papier_in)
rules.add_perm("aanvragen.papieraanvulling_invoeren", voert_papieraanvulling_in)
rules.add_perm("aanvragen.behandelen", heeft_rol(Rol.BEHANDELAAR) & is_verstuurd & ~is_afgeschermd)
