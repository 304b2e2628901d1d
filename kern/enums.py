"""Closed lists of the lowest room."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class Rol(models.TextChoices):
    """Roles of staff and witnesses. Applicant and intermediary follow from a mandate, not from a role."""

    BEHANDELAAR = "behandelaar", _("Behandelaar")
    BESLISSER = "beslisser", _("Beslisser")
    BEOORDELAAR = "beoordelaar", _("Beoordelaar")
    VOORZITTER = "voorzitter", _("Voorzitter")
    SECRETARIS = "secretaris", _("Secretaris")
    NOTARIS = "notaris", _("Notaris")
    FINANCIEEL = "financieel", _("Financieel medewerker")
    BEZWAARBEHANDELAAR = "bezwaarbehandelaar", _("Bezwaarbehandelaar")
    ANALIST = "analist", _("Analist")
    BEHEERDER = "beheerder", _("Beheerder")
    AUDITOR = "auditor", _("Auditor")


class Berichtstatus(models.TextChoices):
    KLAARGEZET = "klaargezet", _("Klaargezet")
    VERZONDEN = "verzonden", _("Verzonden")
    MISLUKT = "mislukt", _("Mislukt")


class Scanuitslag(models.TextChoices):
    NIET_GESCAND = "niet_gescand", _("Niet gescand")
    SCHOON = "schoon", _("Schoon")
    BESMET = "besmet", _("Besmet")
