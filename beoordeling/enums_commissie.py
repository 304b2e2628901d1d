"""Closed lists of the committee: roles, interests, states of assignments, assessed applications and meetings."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class Commissierol(models.TextChoices):
    """What a member does. Members and the chair vote; only members are assigned; the secretary does neither."""

    LID = "lid", _("Lid")
    VOORZITTER = "voorzitter", _("Voorzitter")
    SECRETARIS = "secretaris", _("Secretaris")


#: Roles that vote in a meeting.
STEMT = frozenset({Commissierol.LID, Commissierol.VOORZITTER})


class Kennis(models.TextChoices):
    """How well a member knows a theme; no row is no particular knowledge."""

    DESKUNDIG = "deskundig", _("Deskundig")
    BASIS = "basis", _("Basiskennis")


class Belangsoort(models.TextChoices):
    """Why a member stays away from an application (design 05 part 3)."""

    GEMELD = "gemeld", _("Zelf gemeld")
    GEMACHTIGD = "gemachtigd", _("Handelt voor de aanvrager")
    WERKGEVER = "werkgever", _("Zelfde KvK-nummer")
    MAILDOMEIN = "maildomein", _("Zelfde domein van e-mail")
    ADVISEUR = "adviseur", _("Adviseur bij deze aanvraag")
    REFERENT = "referent", _("Referent bij deze aanvraag")
    SAMENWERKING = "samenwerking", _("Eerdere samenwerking")
    ADRES = "adres", _("Zelfde adres")


class Belangbron(models.TextChoices):
    LID = "lid", _("Het lid zelf")
    CONTROLE = "controle", _("Automatische controle")
    SECRETARIS = "secretaris", _("De secretaris")


class Toewijzingstatus(models.TextChoices):
    """An assignment of one application to one member (design 05 part 4)."""

    VOORGESTELD = "voorgesteld", _("Wacht op antwoord")
    AANVAARD = "aanvaard", _("Aanvaard")
    GEWEIGERD = "geweigerd", _("Geweigerd")
    BELANG_GEMELD = "belang_gemeld", _("Belang gemeld")
    VERVALLEN = "vervallen", _("Vervallen")
    CONCEPT = "concept", _("Begonnen")
    INGEDIEND = "ingediend", _("Ingediend")
    HEROPEND = "heropend", _("Heropend")
    VASTGESTELD = "vastgesteld", _("Staat vast")


_T = Toewijzingstatus
#: The member may still write scores.
SCHRIJFBAAR = frozenset({_T.AANVAARD, _T.CONCEPT, _T.HEROPEND})
#: The member said yes and has not left.
IN_HAND = SCHRIJFBAAR | {_T.INGEDIEND, _T.VASTGESTELD}
#: Counts as an assessor of the application.
LEVEND = IN_HAND | {_T.VOORGESTELD}


class Stand(models.TextChoices):
    """Where the assessment of an application is (design 05 part 4). What comes after SCORE_VAST is the ranking."""

    TOEGEWEZEN = "toegewezen", _("Wordt beoordeeld")
    ONAFHANKELIJK_COMPLEET = "onafhankelijk_compleet", _("Alle beoordelingen binnen")
    CONSISTENT = "consistent", _("Beoordelaars zijn het eens")
    DIVERGENT = "divergent", _("Beoordelaars verschillen")
    BESPREKING = "bespreking", _("In bespreking")
    DERDE_BEOORDELAAR = "derde_beoordelaar", _("Derde beoordelaar gevraagd")
    COMMISSIE_ADVIES = "commissie_advies", _("Naar de vergadering")
    SCORE_VAST = "score_vast", _("Score staat vast")


class Vergaderstatus(models.TextChoices):
    GEPLAND = "gepland", _("Gepland")
    GEOPEND = "geopend", _("Bezig")
    GESLOTEN = "gesloten", _("Gesloten")
    VERVALLEN = "vervallen", _("Vervallen")


class Scorebron(models.TextChoices):
    """How a final score came about; stands with the score."""

    GEMIDDELDE = "gemiddelde", _("Gemiddelde van de beoordelaars")
    GEKALIBREERD = "gekalibreerd", _("Gekalibreerd gemiddelde")
    CONSENSUS = "consensus", _("Overeenstemming na bespreking")
    DERDE = "derde_beoordelaar", _("Gemiddelde met een derde beoordelaar")
    COMMISSIE = "commissie", _("Middelste stem van de commissie")
