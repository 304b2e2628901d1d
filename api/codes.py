"""Public codes of the API: few, stable, kebab-case. Never renamed; a new one is a minor version."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _

from aanvragen.enums import Publiek
from beoordeling.enums import Lotingstatus
from regeling.enums import Tijdvakstatus

SCOPE_AANVRAGEN = "aanvragen:lezen"
SCOPE_VOUCHERS = "vouchers:controleren"


def publieke_code(intern: str) -> str:
    """`in_verdeling` → `in-verdeling`."""
    return intern.replace("_", "-")


#: Drafts never leave the portal.
AANVRAAGSTATUS = [keuze for keuze in Publiek.choices if keuze[0] != Publiek.CONCEPT]
TIJDVAKSTATUS = [(publieke_code(code), label) for code, label in Tijdvakstatus.choices if code != Tijdvakstatus.ONTWERP]
LOTINGSTATUS = [
    (publieke_code(code), label)
    for code, label in Lotingstatus.choices
    if code not in {Lotingstatus.ONTWERP, Lotingstatus.BEVROREN}
]


class Momentcode(models.TextChoices):
    """Moments of a case with what they mean to the applicant."""

    ONTVANGEN = "ontvangen", _("Wij hebben de aanvraag ontvangen.")
    COMPLEET = "compleet", _("De aanvraag was compleet. Dit moment telt als de volgorde van binnenkomst beslist.")
    BESLOTEN = "besloten", _("Er is een besluit genomen.")
    VERZONDEN = "verzonden", _("Het besluit is verstuurd. Vanaf de dag erna loopt de termijn voor bezwaar.")


class Voucherstand(models.TextChoices):
    GELDIG = "geldig", _("De voucher kan nog worden gebruikt")
    GEBRUIKT = "gebruikt", _("Er is al een opdracht aan een adviseur gegeven met deze voucher, of hij is al ingeleverd")
    AANGEHOUDEN = "aangehouden", _("De voucher kan voorlopig niet worden gebruikt")
    VERLOPEN = "verlopen", _("De voucher is niet meer geldig")
    ONBEKEND = "onbekend", _("Wij kennen deze code niet")


class Trekkingsuitkomst(models.TextChoices):
    TOEGEWEZEN = "toegewezen", _("Toegewezen")
    RESERVE = "reserve", _("Reserve")
    GROEP = "groep", _("Aanvrager is al toegewezen")
    UIT = "uit", _("Uitgesloten")
