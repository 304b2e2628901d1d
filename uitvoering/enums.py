"""Closed lists of what follows selection."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class Besluitsoort(models.TextChoices):
    VERLENING = "verlening", _("Verlening")
    AFWIJZING = "afwijzing", _("Afwijzing")
    BUITEN_BEHANDELING = "buiten_behandeling", _("Niet in behandeling nemen")
    INTREKKING = "intrekking", _("Intrekking van de verlening")
    VASTSTELLING = "vaststelling", _("Vaststelling")


class Besluitstatus(models.TextChoices):
    CONCEPT = "concept", _("Concept")
    VOORGESTELD = "voorgesteld", _("Voorgesteld")
    ONDERTEKEND = "ondertekend", _("Ondertekend")
    VERZONDEN = "verzonden", _("Verzonden")


class Afwijzingsgrond(models.TextChoices):
    """Coded grounds of refusal (R29, R35); each names its article."""

    PLAFOND = "plafond", _("Het subsidieplafond is bereikt")
    EEN_PER_AANVRAGER = "een_per_aanvrager", _("Er is al een aanvraag van dezelfde aanvrager")
    DOELGROEP = "doelgroep", _("De aanvrager hoort niet tot de doelgroep")
    VOORWAARDEN = "voorwaarden", _("De aanvraag voldoet niet aan de voorwaarden")
    ACTIVITEITEN = "activiteiten", _("De activiteiten gaan waarschijnlijk niet door")
    VERPLICHTINGEN = "verplichtingen", _("De aanvrager houdt zich waarschijnlijk niet aan de verplichtingen")
    ONJUIST = "onjuist", _("De gegevens zijn onjuist of onvolledig")
    SCORE = "score", _("De aanvraag haalt een drempel van de beoordeling niet")
    STAATSSTEUN = "staatssteun", _("De subsidie is niet toegestaan volgens de staatssteunregels")


#: Article behind each ground; the scheme's own article goes first in the letter.
ARTIKEL = {
    Afwijzingsgrond.PLAFOND: "artikel 4:25, tweede lid, van de Algemene wet bestuursrecht",
    Afwijzingsgrond.EEN_PER_AANVRAGER: "de eis van één aanvraag per aanvrager in de regeling",
    Afwijzingsgrond.DOELGROEP: "de omschrijving van de doelgroep in de regeling",
    Afwijzingsgrond.VOORWAARDEN: "de voorwaarden in de regeling",
    Afwijzingsgrond.ACTIVITEITEN: "artikel 4:35, eerste lid, onder a, van de Algemene wet bestuursrecht",
    Afwijzingsgrond.VERPLICHTINGEN: "artikel 4:35, eerste lid, onder b, van de Algemene wet bestuursrecht",
    Afwijzingsgrond.ONJUIST: "artikel 4:35, tweede lid, onder a, van de Algemene wet bestuursrecht",
    Afwijzingsgrond.SCORE: "de drempels van de beoordeling in de regeling",
    Afwijzingsgrond.STAATSSTEUN: "artikel 4:35, derde lid, van de Algemene wet bestuursrecht",
}


class Voucherstatus(models.TextChoices):
    UITGEGEVEN = "uitgegeven", _("Uitgegeven")
    OPGEDRAGEN = "opgedragen", _("Opdracht gegeven aan de adviseur")
    GEDECLAREERD = "gedeclareerd", _("Gedeclareerd")
    VERZILVERD = "verzilverd", _("Verzilverd")
    VERLOPEN = "verlopen", _("Verlopen")
    INGETROKKEN = "ingetrokken", _("Ingetrokken")


class Declaratiestatus(models.TextChoices):
    CONCEPT = "concept", _("Concept")
    INGEDIEND = "ingediend", _("Ingediend")
    IN_CONTROLE = "in_controle", _("In controle")
    AANVULLING_GEVRAAGD = "aanvulling_gevraagd", _("Aanvulling gevraagd")
    GOEDGEKEURD = "goedgekeurd", _("Goedgekeurd")
    DEELS_GOEDGEKEURD = "deels_goedgekeurd", _("Deels goedgekeurd")
    AFGEKEURD = "afgekeurd", _("Afgekeurd")


class Betalingstatus(models.TextChoices):
    KLAARGEZET = "klaargezet", _("Klaargezet")
    GEACCORDEERD = "geaccordeerd", _("Geaccordeerd")
    IN_BESTAND = "in_bestand", _("Op de betaallijst")
    BETAALD = "betaald", _("Betaald")
    GEWEIGERD = "geweigerd", _("Geweigerd")
