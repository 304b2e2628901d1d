"""References for tests, made through the services, and the mail that goes with them."""

from __future__ import annotations

import re
from datetime import datetime, timedelta
from typing import Any

from django.core import mail

from aanvragen.models import Aanvraag, Organisatie, Referentie
from aanvragen.services.conceptadviseur import Adviesgegevens, Referentiegegeven, adviseur_bewaren
from aanvragen.services.indienen import aanvraag_indienen
from beoordeling.models import Referentieverzoek
from beoordeling.referentie import vragen
from beoordeling.services.referentie import referentie_voorbereiden
from beoordeling.services.referentie_steekproef import steekproef_vastleggen
from beoordeling.services.referentie_verzoek import (
    Herkomst,
    code_aanvragen,
    code_controleren,
    referentie_beantwoorden,
    verzoek_bij_link,
)
from kern.models import Bericht
from kern.services.berichten import berichten_verzenden
from regeling.models import Tijdvak
from tests.factories.ronde import TIJDENS, maak_concept, open_tijdvak, vers

ADVISEUR = {"nodig": True, "referenties": 2, "toets_voor": "besluit"}
#: Nobody answers within five minutes by accident.
UUR = timedelta(hours=1)
ANTWOORD = {
    "project": "Nieuwe roosters",
    "periode": "voorjaar 2024",
    "werk": "Hulp bij roosters.",
    "tevreden": "5",
    "opnieuw": "ja",
    "relatie": "nee",
}


def referentietijdvak(**eisen: Any) -> Tijdvak:
    """An open round whose scheme has two references checked before a decision; the random control is switched off."""
    tijdvak = open_tijdvak(tabellen={"adviseur": {**ADVISEUR, **eisen}})
    zonder_steekproef(tijdvak)
    return tijdvak


def zonder_steekproef(tijdvak: Tijdvak, promille: int = 0) -> None:
    """The round's random control with another share: 0 chooses nobody, 1000 everybody."""
    steekproef = steekproef_vastleggen(tijdvak=tijdvak, op=TIJDENS)
    steekproef.promille = promille
    steekproef.save()


def referent(nummer: int = 1, **anders: Any) -> Referentiegegeven:
    gegevens = {
        "organisatie": f"Opdrachtgever {chr(64 + nummer) * 3}",
        "contactpersoon": ["Anna Berg", "Bram Dijk", "Carla Eik", "Daan Fonk", "Els Gaard"][nummer - 1],
        "email": f"referent@opdrachtgever{nummer}.example",
        "kvk_nummer": f"0080000{nummer}",
    }
    return Referentiegegeven(**{**gegevens, **anders})


def met_referenties(
    tijdvak: Tijdvak,
    *referenten: Referentiegegeven,
    organisatie: Organisatie | None = None,
    adviseur: Adviesgegevens | None = None,
) -> Aanvraag:
    """An application that was sent, with two references unless others are given."""
    aanvraag = maak_concept(tijdvak, organisatie)
    aanvraag = adviseur_bewaren(
        aanvraag=aanvraag,
        adviseur=adviseur or Adviesgegevens("Quirine Advies", "quirine@bureau.example", "Bureau Q", "00999999"),
        referenties=list(referenten) or [referent(1), referent(2)],
        actor=None,
        op=TIJDENS,
    )
    return aanvraag_indienen(aanvraag=aanvraag, actor=None, op=TIJDENS)


def voorbereid(aanvraag: Aanvraag, op: datetime = TIJDENS) -> list[Referentie]:
    """Every reference of the application after the worker saw it; the mail is out."""
    for referentie in aanvraag.referenties.filter(status="concept"):
        referentie_voorbereiden(referentie=referentie, op=op)
    berichten_verzenden(op=op)
    return list(aanvraag.referenties.order_by("pk"))


def uitgenodigd(op: datetime = TIJDENS, **eisen: Any) -> Referentie:
    """One reference whose referee has just been written to."""
    return voorbereid(met_referenties(referentietijdvak(**eisen)), op)[0]


def link_uit(bericht: Bericht | None) -> str:
    """The secret in the link of a message of the outbox."""
    assert bericht is not None
    gevonden = re.search(r"/referentie/([A-Za-z0-9_-]{40,})/", bericht.tekst)
    assert gevonden is not None, bericht.tekst
    return gevonden[1]


def link_van(referentie: Referentie) -> str:
    """The secret of the last link that was sent to this referee."""
    verzoek = referentie.verzoeken.order_by("verstuurd_op").last()
    assert verzoek is not None
    brieven = Bericht.objects.filter(sleutel__startswith=f"referentie-{verzoek.pk}")
    return link_uit(brieven.order_by("-pk").first())


def code_uit(tekst: str) -> str:
    gevonden = re.search(r"(?m)^(\d{6})$", tekst)
    assert gevonden is not None, tekst
    return gevonden[1]


def code_van(verzoek: Referentieverzoek) -> str:
    """The last code that was mailed."""
    bericht = Bericht.objects.filter(sleutel__startswith=f"referentiecode-{verzoek.pk}").order_by("-pk").first()
    assert bericht is not None
    return code_uit(bericht.tekst)


def ingelogd_als_referent(referentie: Referentie, op: datetime) -> tuple[Referentieverzoek, str]:
    """The request and the secret of the browser after the right code."""
    verzoek = verzoek_bij_link(link_van(referentie))
    assert verzoek is not None
    verzoek = code_aanvragen(verzoek=verzoek, op=op)
    return verzoek, code_controleren(verzoek=verzoek, code=code_van(verzoek), op=op)


def beantwoord(
    referentie: Referentie,
    *,
    op: datetime = TIJDENS + UUR,
    uitkomst: str = vragen.BEVESTIGD,
    herkomst: Herkomst | None = None,
    **anders: str,
) -> Referentie:
    """The referee answers, from link to final submit."""
    verzoek, sessie = ingelogd_als_referent(referentie, op)
    werk = f"{ANTWOORD['werk']} {referentie.organisatie}"  # too short to look like another answer
    antwoorden = {**ANTWOORD, "werk": werk, **anders} if uitkomst == vragen.BEVESTIGD else dict(anders)
    return referentie_beantwoorden(
        verzoek=verzoek,
        sessie=sessie,
        uitkomst=uitkomst,
        antwoorden=antwoorden,
        herkomst=herkomst or Herkomst(ip="192.0.2.1", browser="Proefbrowser"),
        op=op,
    )


def bevestigd(aanvraag: Aanvraag, op: datetime = TIJDENS) -> Aanvraag:
    """All references of the application confirmed by their referees, without flags."""
    zonder_steekproef(aanvraag.tijdvak)
    werk = ["Zij zocht uit waar het werk stokte.", "Een training over samenwerken voor alle ploegen."]
    for nr, referentie in enumerate(voorbereid(aanvraag, op)):
        if referentie.status == "uitgenodigd":
            referentie = beantwoord(referentie, op=op + UUR, werk=werk[nr % 2])
        assert referentie.status == "bevestigd", list(referentie.signalen.values_list("code", flat=True))
    return vers(aanvraag)


def in_controle(op: datetime = TIJDENS) -> Referentie:
    """A reference that the referee denied."""
    return beantwoord(uitgenodigd(op), op=op + UUR, uitkomst=vragen.ONTKEND, toelichting="Dit was iemand anders.")


def post_aan(adres: str) -> list[Any]:
    return [bericht for bericht in mail.outbox if bericht.to == [adres]]
