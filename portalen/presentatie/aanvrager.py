"""Who applies, for the officer: the register beside what was typed, the group, and earlier aid with its sum."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from aanvragen.models import Aanvraag
from aanvragen.services.steun import steun_nu
from portalen.presentatie.groep import groepsblok
from portalen.presentatie.register import registerblok


def wie_is_de_aanvrager(aanvraag: Aanvraag, nu: datetime) -> dict[str, Any]:
    """Context of `medewerker/_zaak_aanvrager.html`; the group only where the scheme looks at it or there is one."""
    organisatie, spec = aanvraag.organisatie, aanvraag.tijdvak.spec
    rijen = list(organisatie.verbonden.select_related("via"))
    toon_groep = bool(spec.aanvrager.mkb or rijen)
    nummer = aanvraag.vestigingsnummer
    return {
        "register": registerblok(organisatie),
        "groep": groepsblok(organisatie, rijen) if toon_groep else None,
        "groepsrijen": rijen,
        "steunsom": steun_nu(aanvraag, nu, nieuw=aanvraag.toegekend_bedrag),
        "vestiging": organisatie.vestigingen.filter(nummer=nummer).first() if nummer else None,
    }
