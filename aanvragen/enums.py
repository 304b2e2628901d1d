"""Closed lists of organisations and applications."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class Status(models.TextChoices):
    """States of an application (design 04). The label is what staff sees; the public label is in `PUBLIEK`."""

    CONCEPT = "concept", _("Concept")
    INGEDIEND = "ingediend", _("Ingediend")
    IN_BEHANDELING = "in_behandeling", _("In behandeling")
    AANVULLING_GEVRAAGD = "aanvulling_gevraagd", _("Aanvulling gevraagd")
    COMPLEET = "compleet", _("Compleet")
    IN_VERDELING = "in_verdeling", _("In verdeling")
    GESELECTEERD = "geselecteerd", _("Geselecteerd")
    RESERVE = "reserve", _("Reservelijst")
    NIET_GESELECTEERD = "niet_geselecteerd", _("Niet geselecteerd")
    VERLEEND = "verleend", _("Verleend")
    IN_UITVOERING = "in_uitvoering", _("In uitvoering")
    VASTSTELLING_GEVRAAGD = "vaststelling_gevraagd", _("Vaststelling gevraagd")
    VASTGESTELD = "vastgesteld", _("Vastgesteld")
    AFGESLOTEN = "afgesloten", _("Afgesloten")
    VERLOPEN = "verlopen", _("Verlopen")
    INGETROKKEN = "ingetrokken", _("Ingetrokken door aanvrager")
    BUITEN_BEHANDELING = "buiten_behandeling", _("Buiten behandeling")
    AFGEWEZEN = "afgewezen", _("Afgewezen")
    BESLUIT_INGETROKKEN = "besluit_ingetrokken", _("Besluit ingetrokken")
    TERUGGEVORDERD = "teruggevorderd", _("Teruggevorderd")


class Publiek(models.TextChoices):
    """The few public status codes; part of the API (design 07), never renamed."""

    CONCEPT = "concept", _("Concept: nog niet verstuurd")
    ONTVANGEN = "ontvangen", _("Ontvangen")
    AANVULLING_NODIG = "aanvulling-nodig", _("Aanvulling nodig")
    IN_BEHANDELING = "in-behandeling", _("In behandeling")
    IN_VERDELING = "in-verdeling", _("In verdeling")
    RESERVE = "reserve", _("Op de reservelijst")
    TOEGEKEND = "toegekend", _("Toegekend")
    AFGEWEZEN = "afgewezen", _("Afgewezen")
    BUITEN_BEHANDELING = "buiten-behandeling", _("Niet in behandeling genomen")
    INGETROKKEN = "ingetrokken", _("Ingetrokken")
    IN_UITVOERING = "in-uitvoering", _("In uitvoering")
    VASTSTELLING = "vaststelling", _("Eindbedrag wordt bepaald")
    AFGESLOTEN = "afgesloten", _("Afgesloten")


#: What the applicant and partners see for each internal state. A selection is public only when decided.
PUBLIEK: dict[str, Publiek] = {
    Status.CONCEPT: Publiek.CONCEPT,
    Status.INGEDIEND: Publiek.ONTVANGEN,
    Status.IN_BEHANDELING: Publiek.IN_BEHANDELING,
    Status.AANVULLING_GEVRAAGD: Publiek.AANVULLING_NODIG,
    Status.COMPLEET: Publiek.IN_BEHANDELING,
    Status.IN_VERDELING: Publiek.IN_VERDELING,
    Status.GESELECTEERD: Publiek.IN_VERDELING,
    Status.RESERVE: Publiek.RESERVE,
    Status.NIET_GESELECTEERD: Publiek.AFGEWEZEN,
    Status.VERLEEND: Publiek.TOEGEKEND,
    Status.IN_UITVOERING: Publiek.IN_UITVOERING,
    Status.VASTSTELLING_GEVRAAGD: Publiek.VASTSTELLING,
    Status.VASTGESTELD: Publiek.VASTSTELLING,
    Status.AFGESLOTEN: Publiek.AFGESLOTEN,
    Status.VERLOPEN: Publiek.INGETROKKEN,
    Status.INGETROKKEN: Publiek.INGETROKKEN,
    Status.BUITEN_BEHANDELING: Publiek.BUITEN_BEHANDELING,
    Status.AFGEWEZEN: Publiek.AFGEWEZEN,
    Status.BESLUIT_INGETROKKEN: Publiek.INGETROKKEN,
    Status.TERUGGEVORDERD: Publiek.VASTSTELLING,
}

#: States in which money of the round is taken for the application.
TOEGEKEND = frozenset(
    {
        Status.GESELECTEERD,
        Status.VERLEEND,
        Status.IN_UITVOERING,
        Status.VASTSTELLING_GEVRAAGD,
        Status.VASTGESTELD,
        Status.AFGESLOTEN,
        Status.TERUGGEVORDERD,
    }
)
#: States an officer still has to work on before the draw.
OPEN_VOOR_BEHANDELING = frozenset({Status.INGEDIEND, Status.IN_BEHANDELING, Status.AANVULLING_GEVRAAGD})
#: At most one of these per applicant and round, where the scheme says one per applicant.
MEEDOEND = frozenset({Status.IN_VERDELING, Status.RESERVE}) | TOEGEKEND


class Bron(models.TextChoices):
    PORTAAL = "portaal", _("Portaal")
    PAPIER = "papier", _("Papier")
    IMPORT = "import", _("Import")
    SIMULATIE = "simulatie", _("Simulatie")


class Toetsuitkomst(models.TextChoices):
    VOLDOET = "voldoet", _("Voldoet")
    VOLDOET_NIET = "voldoet_niet", _("Voldoet niet")
    HANDMATIG = "handmatig", _("Zelf beoordelen")


class Toetssoort(models.TextChoices):
    """Completeness can be mended by a supplement (Awb 4:5); substance leads to a refusal."""

    VOLLEDIGHEID = "volledigheid", _("Volledigheid")
    INHOUD = "inhoud", _("Inhoud")


class Machtigingsoort(models.TextChoices):
    BEHEERDER = "beheerder", _("Beheerder van de organisatie")
    MEDEWERKER = "medewerker", _("Medewerker")
    INTERMEDIAIR = "intermediair", _("Intermediair")


class Grootteklasse(models.TextChoices):
    """Publication classes by number of working persons."""

    MICRO = "2-9", _("2 tot en met 9")
    KLEIN = "10-49", _("10 tot en met 49")
    MIDDEN = "50-249", _("50 tot en met 249")
    GROOT = "250+", _("250 of meer")


class Mkbklasse(models.TextChoices):
    """Classes of Recommendation 2003/361/EC, Annex art. 2 (R70)."""

    MICRO = "micro", _("Micro: minder dan 10 mensen, omzet of balans hoogstens 2 miljoen euro")
    KLEIN = "klein", _("Klein: minder dan 50 mensen, omzet of balans hoogstens 10 miljoen euro")
    MIDDEN = "middelgroot", _("Middelgroot: minder dan 250 mensen, omzet tot 50 of balans tot 43 miljoen euro")
    GROOT = "groot", _("Groot: meer dan dat")


class Provincie(models.TextChoices):
    DRENTHE = "Drenthe", "Drenthe"
    FLEVOLAND = "Flevoland", "Flevoland"
    FRYSLAN = "Fryslân", "Fryslân"
    GELDERLAND = "Gelderland", "Gelderland"
    GRONINGEN = "Groningen", "Groningen"
    LIMBURG = "Limburg", "Limburg"
    NOORD_BRABANT = "Noord-Brabant", "Noord-Brabant"
    NOORD_HOLLAND = "Noord-Holland", "Noord-Holland"
    OVERIJSSEL = "Overijssel", "Overijssel"
    UTRECHT = "Utrecht", "Utrecht"
    ZEELAND = "Zeeland", "Zeeland"
    ZUID_HOLLAND = "Zuid-Holland", "Zuid-Holland"


class Rechtsvorm(models.TextChoices):
    EENMANSZAAK = "eenmanszaak", _("Eenmanszaak")
    MAATSCHAP = "maatschap", _("Maatschap")
    VOF = "vof", _("Vennootschap onder firma (vof)")
    CV = "cv", _("Commanditaire vennootschap (cv)")
    BV = "bv", _("Besloten vennootschap (bv)")
    NV = "nv", _("Naamloze vennootschap (nv)")
    COOPERATIE = "cooperatie", _("Coöperatie")
    ONDERLINGE = "onderlinge-waarborgmaatschappij", _("Onderlinge waarborgmaatschappij")
    STICHTING = "stichting", _("Stichting")
    VERENIGING = "vereniging", _("Vereniging")
    KERKGENOOTSCHAP = "kerkgenootschap", _("Kerkgenootschap")
    PUBLIEKRECHTELIJK = "publiekrechtelijk", _("Publiekrechtelijke rechtspersoon")
    BUITENLANDS = "buitenlands", _("Buitenlandse rechtsvorm")


class Machtigingbereik(models.TextChoices):
    """What a mandate covers, from little to all."""

    LEZEN = "lezen", _("Alleen lezen")
    INVULLEN = "invullen", _("Invullen en aanvullen")
    VOLLEDIG = "volledig", _("Alles, ook ondertekenen en versturen")


class Machtigingbron(models.TextChoices):
    """Where a mandate comes from, so that an officer knows what it is worth."""

    ZELF = "zelf", _("Zelf opgegeven")
    UITNODIGING = "uitnodiging", _("Uitnodiging van de organisatie")
    EHERKENNING = "eherkenning", _("eHerkenning")
    MEDEWERKER = "medewerker", _("Gecontroleerd door een medewerker")
    SYSTEEM = "systeem", _("Systeem")


class Registerstand(models.TextChoices):
    """What is known from the trade register about an organisation (R93)."""

    NIET_GECONTROLEERD = "niet_gecontroleerd", _("Nog niet gecontroleerd")
    HANDMATIG = "handmatig", _("Zelf ingevuld, nog te controleren")
    BEVESTIGD = "bevestigd", _("Bevestigd door het Handelsregister")
    AFWIJKEND = "afwijkend", _("Wijkt af van het Handelsregister")
    NIET_GEVONDEN = "niet_gevonden", _("Niet gevonden in het Handelsregister")
    UITGESCHREVEN = "uitgeschreven", _("Uitgeschreven uit het Handelsregister")


class Relatie(models.TextChoices):
    """Relation of an enterprise to the applicant (Annex to 2003/361/EC, R71)."""

    PARTNER = "partner", _("Partneronderneming (25 tot en met 50 %)")
    VERBONDEN = "verbonden", _("Verbonden onderneming (meer dan 50 % of zeggenschap)")


class Correspondentie(models.TextChoices):
    """How the applicant wants official messages (Awb 2:8, R44-R46)."""

    DIGITAAL = "digitaal", _("Digitaal, in Stimulans")
    POST = "post", _("Per post")


class Onderdeelsoort(models.TextChoices):
    """What a request to complete asks for."""

    STAP = "stap", _("Deel van het formulier")
    BIJLAGE = "bijlage", _("Bijlage")
    OVERIG = "overig", _("Iets anders")


class Referentiestatus(models.TextChoices):
    """States of a reference (design 05, part 5)."""

    CONCEPT = "concept", _("Concept")
    GEBLOKKEERD = "geblokkeerd", _("Geblokkeerd")
    KLAAR = "klaar", _("Klaar om uit te nodigen")
    UITGENODIGD = "uitgenodigd", _("Uitgenodigd")
    ONBESTELBAAR = "onbestelbaar", _("Onbestelbaar")
    HERINNERD = "herinnerd", _("Herinnerd")
    VERLOPEN = "verlopen", _("Verlopen")
    GEWEIGERD = "geweigerd", _("Referent wil niet meewerken")
    ONTKEND = "ontkend", _("Ontkend door de referent")
    BEANTWOORD = "beantwoord", _("Beantwoord")
    IN_CONTROLE = "in_controle", _("In controle")
    BEVESTIGD = "bevestigd", _("Bevestigd")
    NIET_BEVESTIGD = "niet_bevestigd", _("Niet bevestigd")
    INGETROKKEN = "ingetrokken", _("Ingetrokken")
    VERVANGEN = "vervangen", _("Vervangen")
