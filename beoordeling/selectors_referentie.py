"""Reading references and indicators: who sees which rows, and shares per consultant."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass

from django.db.models import QuerySet

from aanvragen.contactgegevens import eigen_domein, telefoon_genormaliseerd
from aanvragen.enums import Machtigingsoort, Referentiestatus, Status
from aanvragen.models import Aanvraag, Machtiging, Referentie
from aanvragen.selectors import zaken_zichtbaar_voor
from kern.enums import Rol
from kern.models import Gebruiker
from regeling.models import Tijdvak

#: Staff that sees references and advisers.
ROLLEN = (Rol.BEHANDELAAR, Rol.BESLISSER, Rol.AUDITOR)
#: A share is pointed out above this many applications, or this part of the round when that is more.
MINIMUM, DEEL = 10, 0.02


def referenties_zichtbaar_voor(gebruiker: Gebruiker) -> QuerySet[Referentie]:
    """References of cases that this member of staff may read."""
    rijen = Referentie.objects.select_related("aanvraag__organisatie", "aanvraag__tijdvak", "adviseur__bureau")
    if not gebruiker.rollen & set(ROLLEN):
        return rijen.none()
    zaken = zaken_zichtbaar_voor(gebruiker).exclude(status__in=[Status.CONCEPT, Status.VERLOPEN])
    return rijen.filter(aanvraag__in=zaken.order_by())


def te_controleren(gebruiker: Gebruiker) -> QuerySet[Referentie]:
    """What waits for a checker, the longest first."""
    rijen = referenties_zichtbaar_voor(gebruiker)
    return rijen.filter(status=Referentiestatus.IN_CONTROLE).order_by("beantwoord_op", "pk")


@dataclass(frozen=True)
class Aandeel:
    """Applications of one round that share a mark: ``soort`` says which mark, ``waarde`` is what they share."""

    soort: str
    waarde: str
    kenmerken: list[str]

    @property
    def aantal(self) -> int:
        return len(self.kenmerken)


def grens(totaal: int) -> float:
    return max(MINIMUM, DEEL * totaal)


def aandelen(tijdvak: Tijdvak) -> tuple[int, list[Aandeel]]:
    """Number of applications, and the marks that more than ``grens`` of them share, the largest first."""
    aanvragen = list(
        Aanvraag.objects.filter(tijdvak=tijdvak)
        .exclude(status__in=[Status.CONCEPT, Status.VERLOPEN])
        .select_related("adviseur__bureau")
        .order_by("kenmerk")
    )
    intermediairs = _intermediairs(aanvragen)
    groepen: dict[tuple[str, str], set[str]] = defaultdict(set)
    for aanvraag in aanvragen:
        bureau = aanvraag.adviseur.bureau if aanvraag.adviseur else None
        for soort, waarden in {
            "adviesbureau": {bureau.kvk_nummer if bureau else ""},
            "intermediair": intermediairs[aanvraag.organisatie_id],
            "maildomein": {eigen_domein(aanvraag.contact_email)},
            "telefoon": {telefoon_genormaliseerd(aanvraag.contact_telefoon)},
            "iban": {aanvraag.iban},
        }.items():
            for waarde in waarden - {""}:
                groepen[soort, waarde].add(aanvraag.kenmerk)
    boven = [
        Aandeel(soort, waarde, sorted(kenmerken))
        for (soort, waarde), kenmerken in groepen.items()
        if len(kenmerken) > grens(len(aanvragen))
    ]
    return len(aanvragen), sorted(boven, key=lambda a: (-a.aantal, a.soort, a.waarde))


def _intermediairs(aanvragen: list[Aanvraag]) -> dict[object, set[str]]:
    """KvK numbers of the firms that act for each applicant."""
    gevonden: dict[object, set[str]] = defaultdict(set)
    rijen = Machtiging.objects.filter(
        soort=Machtigingsoort.INTERMEDIAIR, ingetrokken_op=None, namens__isnull=False
    ).values_list("organisatie_id", "namens__kvk_nummer")
    eigen = {aanvraag.organisatie_id for aanvraag in aanvragen}
    for organisatie, kvk in rijen:
        if organisatie in eigen:
            gevonden[organisatie].add(kvk)
    return gevonden
