"""Referees of a simulated round: they get their mail, type the code, answer; an officer phones back who was chosen."""

from __future__ import annotations

import re
from datetime import timedelta

from aanvragen.enums import Referentiestatus
from aanvragen.models import Aanvraag, Referentie
from beoordeling.referentie import vragen
from beoordeling.services.referentie import referentie_voorbereiden
from beoordeling.services.referentie_controle import (
    Terugbelgegevens,
    referentie_bevestigen,
    terugbellen_vastleggen,
)
from beoordeling.services.referentie_verzoek import (
    Herkomst,
    code_aanvragen,
    code_controleren,
    referentie_beantwoorden,
    verzoek_bij_link,
)
from kern.fouten import OvergangFout
from kern.models import Bericht, Gebruiker

#: A referee answers some days after the application was sent.
ANTWOORD_NA = timedelta(days=2)


def referenties_naspelen(aanvraag: Aanvraag, behandelaar: Gebruiker) -> None:
    """Every reference of the application, from the worker's first look to a confirmation."""
    eis = aanvraag.tijdvak.spec.adviseur
    if not eis.referenties or eis.toets_voor == "geen" or aanvraag.ingediend_op is None:
        return
    op = aanvraag.ingediend_op + ANTWOORD_NA
    for referentie in aanvraag.referenties.order_by("pk"):
        referentie = referentie_voorbereiden(referentie=referentie, op=aanvraag.ingediend_op)
        if referentie.status == Referentiestatus.UITGENODIGD:
            referentie = _beantwoorden(referentie)
        if referentie.status == Referentiestatus.IN_CONTROLE:
            gesprek = Terugbelgegevens(
                telefoonnummer="030 000 00 00",
                nummer_bron="Website van de organisatie",
                gesproken_met=referentie.contactpersoon,
                uitkomst="bevestigt",
                verslag="De referent bevestigt het project.",
            )
            terugbellen_vastleggen(referentie=referentie, gegevens=gesprek, actor=behandelaar, op=op)
            referentie_bevestigen(referentie=referentie, reden="Teruggebeld en bevestigd.", actor=behandelaar, op=op)


def _beantwoorden(referentie: Referentie) -> Referentie:
    """What a person does: open the link, ask for the code, type it over, fill in, send."""
    op = referentie.uitgenodigd_op
    uitnodiging = referentie.verzoeken.select_related("bericht").get(ingetrokken_op=None).bericht
    verzoek = verzoek_bij_link(_uit(uitnodiging, r"/referentie/([A-Za-z0-9_-]{40,})/"))
    if op is None or verzoek is None:
        raise OvergangFout("Deze referentie is niet uitgenodigd.")
    op += ANTWOORD_NA
    verzoek = code_aanvragen(verzoek=verzoek, op=op)
    codebericht = Bericht.objects.get(sleutel=f"referentiecode-{verzoek.pk}-{verzoek.codes_verstuurd}")
    sessie = code_controleren(verzoek=verzoek, code=_uit(codebericht, r"(?m)^(\d{6})$"), op=op)
    return referentie_beantwoorden(
        verzoek=verzoek,
        sessie=sessie,
        uitkomst=vragen.BEVESTIGD,
        antwoorden={
            "project": "Verandertraject",
            "periode": "vorig jaar",
            "werk": "Begeleiding van teams.",
            "tevreden": "4",
            "opnieuw": "ja",
            "relatie": "nee",
        },
        herkomst=Herkomst(),
        op=op,
    )


def _uit(bericht: Bericht | None, patroon: str) -> str:
    """What stands in a message that has not been sent (and wiped) yet."""
    gevonden = re.search(patroon, bericht.tekst if bericht is not None else "")
    if gevonden is None:
        raise OvergangFout("Het bericht aan de referent is al verzonden.")
    return gevonden[1]
