"""Mail to referees and messages to applicants about references. All text is Dutch (`kern.taal`)."""

from __future__ import annotations

import re
from datetime import datetime, timedelta
from uuid import UUID

from django.conf import settings
from django.db import transaction
from django.db.models import Q
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format

from aanvragen.models import Referentie
from aanvragen.services.postbus import bericht_plaatsen
from beoordeling.models import Aanvraagherkomst, Referentieantwoord, Referentieverzoek
from kern.enums import Berichtsoort, Berichtstatus
from kern.models import Bericht, Gebruiker
from kern.services.berichten import bericht_klaarzetten
from kern.taal import in_het_nederlands

#: What takes the place of a secret in the outbox once the message has gone.
GEWIST = "[gewist na verzending]"
_SLEUTEL = re.compile(r"referentie(?:code)?-([0-9a-f-]{36})")
_GEHEIM = re.compile(r"(?m)^(https?://\S+|\d{6})$")


def _aanhef(referentie: Referentie) -> str:
    return f"Beste {referentie.contactpersoon},\n\n"


def _afsluiting(referentie: Referentie) -> str:
    regeling = referentie.aanvraag.tijdvak.spec.regeling
    return f"\nMet vriendelijke groet,\n{regeling.uitvoerder}\n"


@in_het_nederlands
def uitnodiging_sturen(*, verzoek: Referentieverzoek, geheim: str, nummer: int, op: datetime) -> Bericht:
    """The invitation (``nummer`` 0) or a reminder, with the link. Names nobody but the adviser."""
    referentie = verzoek.referentie
    adviseur = referentie.adviseur.naam if referentie.adviseur else "de adviseur"
    link = settings.SITE_ADRES + reverse("portalen:referent", args=[geheim])
    dag = date_format(timezone.localtime(verzoek.verloopt_op), "j F Y")
    inleiding = (
        "Eerder stuurden wij u een vraag. Wij hebben nog geen antwoord. Gebruik de link hieronder; de link in ons "
        "eerdere bericht werkt niet meer.\n\n"
        if nummer
        else ""
    )
    return bericht_klaarzetten(
        sleutel=f"referentie-{verzoek.pk}" + (f"-herinnering-{nummer}" if nummer else ""),
        soort=Berichtsoort.REFERENTIE,
        aan=verzoek.email,
        onderwerp=("Herinnering: wilt" if nummer else "Wilt") + f" u het werk van {adviseur} bevestigen?",
        tekst=(
            f"{_aanhef(referentie)}{inleiding}"
            f"{adviseur} heeft u genoemd als vroegere opdrachtgever. Wilt u ons vertellen of dat klopt en hoe het "
            "werk ging? Het kost ongeveer twee minuten en het kan op uw telefoon.\n\n"
            f"{link}\n\n"
            f"U kunt antwoorden tot en met {dag}. Na de knop op de pagina sturen wij een code naar dit adres. "
            "Stuur dit bericht niet door: zonder de code werkt de link niet.\n\n"
            "Kent u deze adviseur niet, of wilt u niet meewerken? Ook dat kunt u op de pagina laten weten. "
            "U bent niets verplicht.\n"
            f"{_afsluiting(referentie)}"
        ),
        op=op,
    )


@in_het_nederlands
def code_sturen(*, verzoek: Referentieverzoek, code: str, minuten: int, op: datetime) -> Bericht:
    return bericht_klaarzetten(
        sleutel=f"referentiecode-{verzoek.pk}-{verzoek.codes_verstuurd}",
        soort=Berichtsoort.REFERENTIE,
        aan=verzoek.email,
        onderwerp="Uw code om een referentie te geven",
        tekst=(
            f"{_aanhef(verzoek.referentie)}Uw code is:\n\n{code}\n\n"
            f"Typ de code op de pagina waar u net was. De code werkt {minuten} minuten.\n\n"
            "Hebt u niet om een code gevraagd? Dan hoeft u niets te doen.\n"
            f"{_afsluiting(verzoek.referentie)}"
        ),
        op=op,
    )


@in_het_nederlands
def aanvrager_inlichten(
    *, referentie: Referentie, code: str, op: datetime, actor: Gebruiker | None = None, reden: str = ""
) -> None:
    """Places message ``code`` (``aanvragen.berichtteksten``) in the inbox of the applicant, once per state."""
    bericht_plaatsen(
        aanvraag=referentie.aanvraag,
        code=code,
        sleutel=f"{code}-{referentie.pk}-{referentie.uitnodigingen}",
        actor=actor,
        op=op,
        velden={"referentie": f"{referentie.contactpersoon} ({referentie.organisatie})", "reden": reden},
    )


def verzoek_bij_bericht(bericht: Bericht) -> Referentieverzoek | None:
    """The request that a message of the outbox belongs to: invitation, reminder or code."""
    gevonden = _SLEUTEL.match(bericht.sleutel)
    if gevonden is None:
        return None
    return Referentieverzoek.objects.filter(pk=UUID(gevonden[1])).select_related("referentie").first()


def berichten_schonen(*, op: datetime, maximum: int = 500) -> int:
    """Takes links and codes out of messages that have gone: only their digests stay in our database."""
    verzonden = Bericht.objects.filter(
        Q(sleutel__startswith="referentie-") | Q(sleutel__startswith="referentiecode-"),
        aangemaakt_op__gte=op - timedelta(days=30),
        status__in=[Berichtstatus.VERZONDEN, Berichtstatus.MISLUKT, Berichtstatus.ONBESTELBAAR],
    ).exclude(tekst__contains=GEWIST)
    gewist = 0
    for pk in list(verzonden.order_by("pk").values_list("pk", flat=True)[:maximum]):
        with transaction.atomic():
            bericht = Bericht.objects.select_for_update().get(pk=pk)
            bericht.tekst = _GEHEIM.sub(GEWIST, bericht.tekst)
            bericht.save(update_fields=["tekst"])
        gewist += 1
    return gewist


def herkomst_vastleggen(*, aanvraag_id: UUID, ip: str, op: datetime) -> None:
    """Keeps for a short time from which address an application was sent."""
    Aanvraagherkomst.objects.get_or_create(
        aanvraag_id=aanvraag_id, ip=ip, defaults={"op": op, "wissen_op": wissen_op(op)}
    )


def wissen_op(op: datetime) -> datetime:
    return op + timedelta(days=settings.REFERENTIE_HERKOMST_DAGEN)


def herkomst_wissen(*, op: datetime) -> int:
    """Wipes addresses and browsers whose time is up. Run by the worker."""
    rijp = Referentieantwoord.objects.filter(herkomst_wissen_op__lte=op).exclude(ip=None, browser="")
    aantal = rijp.update(ip=None, browser="")
    weg, _ = Aanvraagherkomst.objects.filter(wissen_op__lte=op).delete()
    return aantal + weg
