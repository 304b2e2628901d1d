"""Closed lists of schemes, rounds and the ledger."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class Tijdvakstatus(models.TextChoices):
    ONTWERP = "ontwerp", _("Ontwerp")
    GEPUBLICEERD = "gepubliceerd", _("Gepubliceerd")
    OPEN = "open", _("Open")
    GESLOTEN = "gesloten", _("Gesloten")
    IN_VERDELING = "in_verdeling", _("In verdeling")
    VERDEELD = "verdeeld", _("Verdeeld")
    AFGEHANDELD = "afgehandeld", _("Afgehandeld")
    INGETROKKEN = "ingetrokken", _("Ingetrokken")


class Voorstelstatus(models.TextChoices):
    CONCEPT = "concept", _("Concept")
    AANGEBODEN = "aangeboden", _("Aangeboden")
    GEPUBLICEERD = "gepubliceerd", _("Gepubliceerd")
    AFGEWEZEN = "afgewezen", _("Afgewezen")
    INGETROKKEN = "ingetrokken", _("Ingetrokken")


class Methode(models.TextChoices):
    VOLGORDE = "volgorde", _("Op volgorde van binnenkomst")
    LOTING = "loting", _("Loting")
    RANGSCHIKKING = "rangschikking", _("Rangschikking door een commissie")
    GRIJZE_ZONE = "loting-in-grijze-zone", _("Loting in een grijze zone rond de drempel")


class Eenheid(models.TextChoices):
    EURO = "euro", _("Euro")
    STUKS = "stuks", _("Stuks")


class Herkomst(models.TextChoices):
    CATALOGUS = "catalogus", _("Catalogus")
    SIMULATIE = "simulatie", _("Simulatie")
    IMPORT = "import", _("Import")


class Boekingsoort(models.TextChoices):
    RESERVERING = "reservering", _("Reservering")
    VERLENING = "verlening", _("Verlening")
    UITGIFTE = "uitgifte", _("Uitgifte")
    DECLARATIE = "declaratie", _("Declaratie")
    VASTSTELLING = "vaststelling", _("Vaststelling")
    BETALING = "betaling", _("Betaling")
    VRIJVAL = "vrijval", _("Vrijval")
    OPHOGING = "ophoging", _("Ophoging")


class Doel(models.TextChoices):
    """The six objectives that every project is measured against (design 02)."""

    ARBEIDSPRODUCTIVITEIT = "arbeidsproductiviteit", _("Arbeidsproductiviteit")
    BEDRIJFSPRESTATIES = "bedrijfsprestaties", _("Bedrijfsprestaties")
    INNOVATIE = "innovatie", _("Innovatie")
    ARBEIDSKWALITEIT = "arbeidskwaliteit", _("Kwaliteit van het werk")
    ARBEIDSVERHOUDINGEN = "arbeidsverhoudingen", _("Arbeidsverhoudingen")
    ONTPLOOIING = "ontplooiing", _("Ontplooiing van talent")


#: The pot that every application draws on.
HOOFDPOT = "*"
