"""Who may do what with an application. Tested to agree with ``aanvragen_zichtbaar_voor``."""

from __future__ import annotations

import rules

from aanvragen.enums import Status
from aanvragen.models import Aanvraag
from aanvragen.selectors import LEZENDE_ROLLEN, organisaties_van
from kern.enums import Rol
from kern.models import Gebruiker
from kern.rechten import heeft_rol


@rules.predicate
def handelt_voor_aanvrager(gebruiker: Gebruiker, aanvraag: Aanvraag | None) -> bool:
    return aanvraag is not None and organisaties_van(gebruiker).filter(pk=aanvraag.organisatie_id).exists()


@rules.predicate
def is_verstuurd(gebruiker: Gebruiker, aanvraag: Aanvraag | None) -> bool:
    return aanvraag is not None and aanvraag.status not in {Status.CONCEPT, Status.VERLOPEN}


leest_als_medewerker = heeft_rol(*sorted(LEZENDE_ROLLEN)) & is_verstuurd

rules.add_perm("aanvragen.zien", handelt_voor_aanvrager | leest_als_medewerker)
rules.add_perm("aanvragen.wijzigen", handelt_voor_aanvrager)
rules.add_perm("aanvragen.behandelen", heeft_rol(Rol.BEHANDELAAR) & is_verstuurd & ~handelt_voor_aanvrager)
