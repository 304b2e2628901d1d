"""What the applicant can do about a reference: ask again, or name another referee."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction

from aanvragen.enums import Referentiestatus
from aanvragen.models import Referentie
from aanvragen.services.conceptadviseur import Referentiegegeven
from beoordeling.services.referentie import (
    LOPEND,
    UITNODIGINGEN,
    referentie_uitnodigen,
    referentie_vergrendelen,
    toets_herzien,
    verzoeken_intrekken,
)
from kern.fouten import InvoerFout, OvergangFout
from kern.models import Gebruiker
from kern.services.overgang import overgang_toepassen
from kern.services.spoor import Logpost, keten_van, log_schrijven

S = Referentiestatus
VERVANGINGEN = 2
#: A confirmed one stays; one that is being looked into cannot be swapped for another before the look is over.
VERVANGBAAR = frozenset(
    {
        S.GEBLOKKEERD,
        S.KLAAR,
        S.UITGENODIGD,
        S.ONBESTELBAAR,
        S.HERINNERD,
        S.VERLOPEN,
        S.GEWEIGERD,
        S.NIET_BEVESTIGD,
    }
)
OPNIEUW = frozenset({S.ONBESTELBAAR, S.VERLOPEN, S.UITGENODIGD, S.HERINNERD})


def vervangingen_over(referentie: Referentie) -> int:
    gedaan = Referentie.objects.filter(aanvraag=referentie.aanvraag_id, vervangt__isnull=False).count()
    return max(VERVANGINGEN - gedaan, 0)


def kan_vervangen(referentie: Referentie) -> bool:
    return referentie.status in VERVANGBAAR and referentie.aanvraag.status in LOPEND


def kan_opnieuw(referentie: Referentie) -> bool:
    return (
        referentie.status in OPNIEUW
        and referentie.uitnodigingen < UITNODIGINGEN
        and referentie.aanvraag.status in LOPEND
    )


def opnieuw_uitnodigen(*, referentie: Referentie, actor: Gebruiker, op: datetime) -> Referentie:
    """Asks once more, at the same address."""
    with transaction.atomic():
        referentie = referentie_vergrendelen(referentie)
        if referentie.status not in OPNIEUW:
            raise OvergangFout(
                f"Opnieuw vragen kan nu niet: de referentie is “{referentie.get_status_display()}”.",
                actie="Bekijk de stand van de referentie.",
            )
        return referentie_uitnodigen(referentie=referentie, actor=actor, op=op)


def referentie_vervangen(
    *, referentie: Referentie, gegevens: Referentiegegeven, actor: Gebruiker | None, op: datetime
) -> Referentie:
    """Names another referee in the place of this one; at most twice for an application. Returns the new reference."""
    leeg = [naam for naam in ("organisatie", "contactpersoon", "email") if not getattr(gegevens, naam).strip()]
    if leeg:
        raise InvoerFout(
            "De gegevens van de nieuwe referentie zijn niet compleet.",
            actie="Vul de organisatie, de contactpersoon en het e-mailadres in.",
            veld=leeg[0],
        )
    with transaction.atomic():
        referentie = referentie_vergrendelen(referentie)
        if not kan_vervangen(referentie):
            raise OvergangFout(
                f"Deze referentie kunt u nu niet vervangen: zij is “{referentie.get_status_display()}”.",
                actie="Bekijk de stand van uw referenties.",
                code="niet-te-vervangen",
            )
        if not vervangingen_over(referentie):
            raise OvergangFout(
                f"U hebt al {VERVANGINGEN} keer een referentie vervangen. Vaker kan niet.",
                actie="Neem contact met ons op.",
                code="te-vaak-vervangen",
            )
        verzoeken_intrekken(referentie, op=op)
        referentie = overgang_toepassen(referentie, "vervangen_worden", actor=actor, op=op, vergrendeld=True)
        nieuw = Referentie.objects.create(
            aanvraag=referentie.aanvraag,
            volgorde=referentie.volgorde,
            vervangt=referentie,
            organisatie=gegevens.organisatie,
            contactpersoon=gegevens.contactpersoon,
            email=gegevens.email,
            kvk_nummer=gegevens.kvk_nummer,
            telefoon=gegevens.telefoon,
            opdracht=gegevens.opdracht,
            opdracht_van=gegevens.opdracht_van,
            opdracht_tot=gegevens.opdracht_tot,
        )
        for obj, ander in ((nieuw, referentie), (referentie.aanvraag, nieuw)):
            log_schrijven(
                Logpost(
                    keten=keten_van(obj),
                    handeling="referentie_vervangen",
                    op=op,
                    actor=actor,
                    gegevens={"referentie": ander.pk},
                )
            )
        toets_herzien(referentie.aanvraag, op=op)
    return nieuw
