"""Messages to committee members, through the outbox. No content of an application stands in them."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.db.models import Q
from django.utils import timezone

from beoordeling.enums_commissie import SCHRIJFBAAR, Toewijzingstatus
from beoordeling.models import Commissielid, Toewijzing
from kern.enums import Berichtsoort
from kern.models import Bericht
from kern.momenten import dag_in_woorden
from kern.services.berichten import bericht_klaarzetten, berichten_klaarzetten
from kern.taal import in_het_nederlands

#: A proposal without an answer, and scores that are due, are pointed at this long after or before.
GEEN_ANTWOORD = timedelta(days=5)
VOORAF = (timedelta(days=5), timedelta(days=1))


def voorstel_versturen(lid: Commissielid, *, sleutel: str, op: datetime) -> None:
    """Tells a member that applications wait for an answer; once per ``sleutel``."""
    bericht_klaarzetten(
        sleutel=f"beoordelen-{lid.pk}-{sleutel}",
        aan=lid.gebruiker.email,
        onderwerp=f"Aanvragen om te beoordelen: {lid.commissie.tijdvak.naam}",
        tekst=(
            f"Beste {lid.gebruiker.naam},\n\n"
            "Er staan aanvragen voor u klaar om te beoordelen. Log in bij Stimulans en ga naar “Beoordelen”.\n"
            "Zegt u eerst per aanvraag of u een belang hebt? Beoordelen kan tot en met "
            f"{dag_in_woorden(timezone.localdate(lid.commissie.scoren_tot))}."
        ),
        op=op,
        soort=Berichtsoort.HERINNERING,
    )


@in_het_nederlands
def beoordelaars_herinneren(*, op: datetime) -> int:
    """Reminds who has not answered for days, and who has scores due soon; once per assignment and occasion, in one
    message per member. Returns the number of new messages. Run by the worker."""
    wacht = Q(status=Toewijzingstatus.VOORGESTELD, voorgesteld_op__lte=op - GEEN_ANTWOORD)
    vol = Q(status__in=[*SCHRIJFBAAR, Toewijzingstatus.VOORGESTELD], scoren_tot__lte=op + max(VOORAF))
    rijen = Toewijzing.objects.filter(wacht | vol, scoren_tot__gt=op).select_related(
        "lid__gebruiker", "lid__commissie__tijdvak"
    )
    per_lid: dict[tuple[int, str], list[Toewijzing]] = {}
    for rij in rijen.order_by("lid", "pk"):
        per_lid.setdefault((rij.lid_id, _aanleiding(rij, op)), []).append(rij)
    berichten = [_herinnering(lid, aanleiding, lijst, op) for (lid, aanleiding), lijst in per_lid.items()]
    voor = Bericht.objects.count()
    berichten_klaarzetten(berichten)
    return Bericht.objects.count() - voor


def _aanleiding(rij: Toewijzing, op: datetime) -> str:
    """Which occasion of reminding this is: the closest term that has been reached, else the missing answer."""
    for dagen in sorted(VOORAF):
        if rij.scoren_tot <= op + dagen:
            return f"termijn-{dagen.days}-{timezone.localdate(rij.scoren_tot):%Y%m%d}"
    return f"antwoord-{timezone.localdate(rij.voorgesteld_op):%Y%m%d}"


def _herinnering(lid: int, aanleiding: str, lijst: list[Toewijzing], op: datetime) -> Bericht:
    eerste, aantal = lijst[0], len(lijst)
    wat = "1 aanvraag" if aantal == 1 else f"{aantal} aanvragen"
    return Bericht(
        sleutel=f"beoordelen-herinnering-{lid}-{aanleiding}",
        aan=eerste.lid.gebruiker.email,
        soort=Berichtsoort.HERINNERING,
        onderwerp=f"Herinnering: {wat} om te beoordelen",
        tekst=(
            f"Beste {eerste.lid.gebruiker.naam},\n\n"
            f"Voor {wat} van {eerste.lid.commissie.tijdvak.naam} wachten wij nog op u. Beoordelen kan tot en met "
            f"{dag_in_woorden(timezone.localdate(min(rij.scoren_tot for rij in lijst)))}.\n"
            "Log in bij Stimulans en ga naar “Beoordelen”. Kunt of mag u iets niet beoordelen? Zeg dat daar ook."
        ),
        aangemaakt_op=op,
        volgende_poging_op=op,
    )
