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
    ONBESTELBAAR = "onbestelbaar", _("Onbestelbaar")


class Berichtsoort(models.TextChoices):
    """Kinds of message; consent for e-mail is given per kind (Awb 2:8, R46)."""

    ALGEMEEN = "algemeen", _("Algemeen")
    ONTVANGST = "ontvangst", _("Ontvangstbevestiging")
    AANVULLING = "aanvulling", _("Verzoek om aanvulling")
    BESLUIT = "besluit", _("Besluit")
    REFERENTIE = "referentie", _("Controle van referenties")
    UITVOERING = "uitvoering", _("Uitvoering en betaling")
    TOEGANG = "toegang", _("Toegang en machtiging")
    HERINNERING = "herinnering", _("Herinnering")
    DAGOVERZICHT = "dagoverzicht", _("Dagoverzicht voor medewerkers")


class Scanuitslag(models.TextChoices):
    NIET_GESCAND = "niet_gescand", _("Niet gescand")
    SCHOON = "schoon", _("Schoon")
    BESMET = "besmet", _("Besmet")
    WACHT = "wacht", _("Wacht op controle")
