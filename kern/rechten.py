"""Named predicates, used by HTML and API alike."""

from __future__ import annotations

import rules

from kern.enums import Rol
from kern.fouten import RechtenFout
from kern.models import Gebruiker


def heeft_rol(*rollen: Rol) -> rules.Predicate:
    """Predicate: the person has one of these roles."""

    def heeft(gebruiker: Gebruiker) -> bool:
        return gebruiker.is_authenticated and bool(gebruiker.rollen & set(rollen))

    return rules.predicate(heeft, name=f"heeft_rol:{'|'.join(rollen)}")


def eis_rol(gebruiker: Gebruiker | None, *rollen: Rol) -> None:
    """Raises :class:`RechtenFout` unless the person has one of these roles. ``None`` is the system itself."""
    if gebruiker is not None and not gebruiker.rollen & set(rollen):
        namen = " of ".join(str(rol.label).lower() for rol in rollen)
        raise RechtenFout(f"Dit mag alleen een {namen}.", actie="Vraag een collega met deze rol om het te doen.")
