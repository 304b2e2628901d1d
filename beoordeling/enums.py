"""Closed lists of selection."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class Lotingstatus(models.TextChoices):
    ONTWERP = "ontwerp", _("Ontwerp")
    BEVROREN = "bevroren", _("Lijst bevroren")
    GEPUBLICEERD = "gepubliceerd", _("Gepubliceerd")
    VERVANGEN = "vervangen", _("Vervangen door een nieuwe lijst")
    BRONNEN_VOLLEDIG = "bronnen_volledig", _("Bronnen volledig")
    GETROKKEN = "getrokken", _("Getrokken")
    VERDEELD = "verdeeld", _("Verdeeld")
    VASTGESTELD = "vastgesteld", _("Vastgesteld")
    LOPEND = "lopend", _("Lopend")
    GESLOTEN = "gesloten", _("Gesloten")
    ONGELDIG = "ongeldig", _("Ongeldig")


class Uitkomst(models.TextChoices):
    TOEGEWEZEN = "toegewezen", _("Toegewezen")
    RESERVE = "reserve", _("Reserve")
    GROEP = "groep", _("Aanvrager is al toegewezen")
    UIT = "uit", _("Uitgesloten")
    AFGEWEZEN = "afgewezen", _("Geen ruimte")
    VERVALLEN = "vervallen", _("Vervallen")


class Dagsoort(models.TextChoices):
    RUIM = "ruim", _("Alles past")
    KRITIEK = "kritiek", _("Niet alles past: er is geloot")


class Mutatiesoort(models.TextChoices):
    INTREKKING = "INTREKKING", _("Intrekking")
    UITSLUITING = "UITSLUITING", _("Uitsluiting")
    VERLAGING = "VERLAGING", _("Verlaging")
    VERHOGING = "VERHOGING", _("Verhoging")
    HERSTEL = "HERSTEL", _("Herstel na bezwaar")


class Signaalsoort(models.TextChoices):
    BLOK = "blok", _("Blokkeert")
    VLAG = "vlag", _("Vraagt om controle")
    STEEKPROEF = "steekproef", _("Steekproef")


class Controlestap(models.TextChoices):
    """Steps of a checker; a negative outcome needs the first three and two persons."""

    TERUGBELLEN = "terugbellen", _("Referent teruggebeld")
    ADVISEUR_GEHOORD = "adviseur_gehoord", _("Adviseur gehoord")
    VOORSTEL = "voorstel", _("Voorstel: niet bevestigen")
    AKKOORD = "akkoord", _("Akkoord met het voorstel")
    NIET_AKKOORD = "niet_akkoord", _("Niet akkoord met het voorstel")
