"""The flow of a reference by itself: prepared after submission, invited, reminded, lapsed, taken back.

Order of locks: application, reference, request. Every step sees to it that the check ``referenties`` of the application
is looked at again.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterable
from datetime import date, datetime, timedelta
from typing import Any

from django.db import transaction
from django.utils import timezone

from aanvragen.contactgegevens import mail_genormaliseerd
from aanvragen.enums import Bron, Referentiestatus, Status
from aanvragen.models import Aanvraag, Referentie
from aanvragen.models.referentie import REFERENTIE_OPEN
from aanvragen.services.toetsing import TE_BEOORDELEN, toetsen_uitvoeren
from aanvragen.termijn import maanden_erbij
from beoordeling.models import Referentiesignaal, Referentieverzoek
from beoordeling.referentie.namen import LIJKT, gelijkenis
from beoordeling.referentie.regels import BLOK, VERSIE, Signaal, signalen
from beoordeling.referentie.vragen import VERSIE as TEKSTVERSIE
from beoordeling.services.referentie_berichten import (
    aanvrager_inlichten,
    berichten_schonen,
    uitnodiging_sturen,
    verzoek_bij_bericht,
)
from beoordeling.services.referentie_gegevens import invoer_van
from beoordeling.services.referentie_steekproef import steekproef_vastleggen
from kern.enums import Berichtstatus
from kern.fouten import DomeinFout, OvergangFout
from kern.geheim import nieuw_geheim
from kern.models import Bericht, Gebruiker
from kern.services.overgang import overgang_toepassen, vergrendel
from kern.services.terugkomst import melding_verwerken
from kern.taal import in_het_nederlands
from regeling.models import Tijdvak

logger = logging.getLogger(__name__)
S = Referentiestatus
GELDIG = timedelta(days=14)
#: Days after the invitation on which a reminder goes.
HERINNERINGEN = (5, 10)
#: Invitations of one reference, the first one included.
UITNODIGINGEN = 3
LOOPT = (S.UITGENODIGD, S.HERINNERD)
#: The application still needs its references.
LOPEND = TE_BEOORDELEN | {Status.VERLEEND, Status.IN_UITVOERING, Status.VASTSTELLING_GEVRAAGD}
#: The application has ended: open references are taken back, nobody is written to any more.
BEEINDIGD = frozenset(
    {
        Status.VERLOPEN,
        Status.INGETROKKEN,
        Status.BUITEN_BEHANDELING,
        Status.AFGEWEZEN,
        Status.BESLUIT_INGETROKKEN,
        Status.AFGESLOTEN,
        Status.TERUGGEVORDERD,
    }
)


def referentie_vergrendelen(referentie: Referentie) -> Referentie:
    """Locks the application and then the reference; needs an open transaction."""
    aanvraag = vergrendel(referentie.aanvraag)
    vers = vergrendel(referentie)
    vers.aanvraag = aanvraag
    return vers


def toets_herzien(aanvraag: Aanvraag, *, op: datetime) -> None:
    """Looks at the check ``referenties`` again, as long as there is no decision."""
    if aanvraag.status in TE_BEOORDELEN:
        toetsen_uitvoeren(aanvraag=aanvraag, op=op, alleen={"referenties"})


def signalen_vastleggen(referentie: Referentie, gevonden: Iterable[Signaal], *, op: datetime) -> None:
    """Stores what fired, with the version of the rules; a signal that an officer lifted stays lifted."""
    for signaal in gevonden:
        Referentiesignaal.objects.get_or_create(
            referentie=referentie,
            code=signaal.code,
            defaults={
                "soort": signaal.soort,
                "uitleg": signaal.uitleg,
                "gegevens": signaal.gegevens,
                "regelversie": VERSIE,
                "op": op,
            },
        )


@in_het_nederlands
def referentie_voorbereiden(*, referentie: Referentie, op: datetime) -> Referentie:
    """Ties a named reference to its adviser, runs the block rules, and goes on: blocked, reused, or invited."""
    with transaction.atomic():
        referentie = referentie_vergrendelen(referentie)
        if referentie.status != S.CONCEPT or referentie.aanvraag.status not in LOPEND:
            return referentie
        steekproef_vastleggen(tijdvak=referentie.aanvraag.tijdvak, op=op)
        referentie.adviseur = referentie.aanvraag.adviseur
        referentie.save(update_fields=["adviseur"])
        blokkades = signalen(invoer_van(referentie), BLOK)
        if blokkades:
            signalen_vastleggen(referentie, blokkades, op=op)
            reden = " ".join(signaal.uitleg for signaal in blokkades)
            referentie = overgang_toepassen(
                referentie,
                "blokkeren",
                actor=None,
                op=op,
                vergrendeld=True,
                reden=reden,
                gegevens={"regels": [signaal.code for signaal in blokkades], "regelversie": VERSIE},
            )
            aanvrager_inlichten(referentie=referentie, code="referentie_geblokkeerd", reden=reden, op=op)
        else:
            referentie = _hergebruiken(referentie, op) or _klaarzetten_en_uitnodigen(referentie, op)
        toets_herzien(referentie.aanvraag, op=op)
    return referentie


def _klaarzetten_en_uitnodigen(referentie: Referentie, op: datetime) -> Referentie:
    referentie = overgang_toepassen(referentie, "klaarzetten", actor=None, op=op, vergrendeld=True)
    return referentie_uitnodigen(referentie=referentie, actor=None, op=op)


def _hergebruiken(referentie: Referentie, op: datetime) -> Referentie | None:
    """Confirms at once when the same person confirmed the same adviser before and that still counts."""
    adviseur = referentie.adviseur
    if adviseur is None:
        return None
    eerder = Referentie.objects.filter(
        status=S.BEVESTIGD, hergebruik_van=None, geldig_tot__gte=timezone.localtime(op).date()
    )
    eerder = eerder.filter(adviseur__email=adviseur.email) if adviseur.email else eerder.filter(adviseur=adviseur)
    adres = mail_genormaliseerd(referentie.email)
    for bron in eerder.exclude(pk=referentie.pk).order_by("-geldig_tot", "pk"):
        zelfde = (bron.kvk_nummer or referentie.kvk_nummer) == (referentie.kvk_nummer or bron.kvk_nummer)
        if (
            mail_genormaliseerd(bron.email) == adres
            and gelijkenis(bron.contactpersoon, referentie.contactpersoon) >= LIJKT
            and gelijkenis(bron.organisatie, referentie.organisatie) >= LIJKT
            and zelfde
        ):
            referentie.hergebruik_van = bron
            return overgang_toepassen(
                referentie,
                "bevestigen",
                actor=None,
                op=op,
                vergrendeld=True,
                geldig_tot=bron.geldig_tot,
                gegevens={"hergebruik_van": bron.pk},
            )
    return None


def geldig_tot(referentie: Referentie, op: datetime) -> date:
    """Last day on which a confirmation of today can be used again."""
    maanden = referentie.aanvraag.tijdvak.spec.adviseur.referentie_geldig_maanden
    return maanden_erbij(timezone.localtime(op).date(), maanden)


@in_het_nederlands
def referentie_uitnodigen(*, referentie: Referentie, actor: Gebruiker | None, op: datetime) -> Referentie:
    """Sends a new link; an earlier one stops working. At most three invitations."""
    with transaction.atomic():
        referentie = referentie_vergrendelen(referentie)
        if referentie.aanvraag.status not in LOPEND:
            raise OvergangFout("Deze aanvraag loopt niet meer.", actie="Er is niets meer te bevestigen.")
        if referentie.uitnodigingen >= UITNODIGINGEN:
            raise OvergangFout(
                f"Deze referent is al {UITNODIGINGEN} keer uitgenodigd.",
                actie="Noem een andere referentie.",
                code="te-vaak-uitgenodigd",
            )
        referentie = overgang_toepassen(referentie, "uitnodigen", actor=actor, op=op, vergrendeld=True)
        verzoeken_intrekken(referentie, op=op)
        geheim, vingerafdruk = nieuw_geheim()
        verzoek = Referentieverzoek.objects.create(
            referentie=referentie,
            email=referentie.email,
            token_sha256=vingerafdruk,
            tekstversie=TEKSTVERSIE,
            verstuurd_op=op,
            verstuurd_door=actor,
            verloopt_op=op + GELDIG,
        )
        verzoek.bericht = uitnodiging_sturen(verzoek=verzoek, geheim=geheim, nummer=0, op=op)
        verzoek.save(update_fields=["bericht"])
        toets_herzien(referentie.aanvraag, op=op)
    return referentie


def verzoeken_intrekken(referentie: Referentie, *, op: datetime) -> None:
    """Links that are out there stop working."""
    referentie.verzoeken.filter(ingetrokken_op=None, verbruikt_op=None).update(
        ingetrokken_op=op, code_sha256="", sessie_sha256=""
    )


def referentie_herinneren(*, verzoek: Referentieverzoek, op: datetime) -> bool:
    """A reminder with a new link in the same request, when one is due; the term stays as it was."""
    with transaction.atomic():
        referentie = referentie_vergrendelen(verzoek.referentie)
        verzoek = Referentieverzoek.objects.select_for_update(of=("self",)).get(pk=verzoek.pk)
        dagen = (op - verzoek.verstuurd_op).days
        nodig = sum(dagen >= dag for dag in HERINNERINGEN)
        if referentie.status not in LOOPT or verzoek.ingetrokken_op or verzoek.herinneringen >= nodig:
            return False
        overgang_toepassen(referentie, "herinneren", actor=None, op=op, vergrendeld=True)
        verzoek.referentie = referentie
        geheim, verzoek.token_sha256 = nieuw_geheim()
        verzoek.herinneringen, verzoek.code_sha256, verzoek.sessie_sha256 = nodig, "", ""
        verzoek.save(update_fields=["token_sha256", "herinneringen", "code_sha256", "sessie_sha256"])
        uitnodiging_sturen(verzoek=verzoek, geheim=geheim, nummer=nodig, op=op)
    return True


def referentie_laten_verlopen(*, verzoek: Referentieverzoek, op: datetime) -> bool:
    """No answer in fourteen days: the applicant may ask again or name somebody else."""
    with transaction.atomic():
        referentie = referentie_vergrendelen(verzoek.referentie)
        if referentie.status not in LOOPT or verzoek.ingetrokken_op or op < verzoek.verloopt_op:
            return False
        referentie = overgang_toepassen(referentie, "verlopen", actor=None, op=op, vergrendeld=True)
        verzoeken_intrekken(referentie, op=op)
        aanvrager_inlichten(referentie=referentie, code="referentie_verlopen", op=op)
        toets_herzien(referentie.aanvraag, op=op)
    return True


def onbestelbaar_verwerken(*, bericht: Bericht, op: datetime) -> Referentie | None:
    """A message to a referee came back or could not be sent. ``None`` when that changes nothing (any more)."""
    verzoek = verzoek_bij_bericht(bericht)
    if verzoek is None or verzoek.ingetrokken_op or verzoek.verbruikt_op:
        return None
    with transaction.atomic():
        referentie = referentie_vergrendelen(verzoek.referentie)
        verzoek.refresh_from_db()
        if referentie.status not in LOOPT or verzoek.ingetrokken_op:
            return None
        referentie = overgang_toepassen(
            referentie, "onbestelbaar_melden", actor=None, op=op, vergrendeld=True, gegevens={"melding": bericht.fout}
        )
        verzoeken_intrekken(referentie, op=op)
        aanvrager_inlichten(referentie=referentie, code="referentie_onbestelbaar", op=op)
        toets_herzien(referentie.aanvraag, op=op)
    return referentie


def bounce_verwerken(*, inhoud: bytes, op: datetime) -> list[Bericht]:
    """A delivery report (RFC 3464) that came in by mail; returns the messages that it is about."""
    berichten = melding_verwerken(inhoud=inhoud, op=op)
    for bericht in berichten:
        onbestelbaar_verwerken(bericht=bericht, op=op)
    return berichten


def referenties_beeindigen(*, aanvraag: Aanvraag, op: datetime) -> int:
    """Takes back what is open when the application has ended."""
    with transaction.atomic():
        aanvraag = vergrendel(aanvraag)
        if aanvraag.status not in BEEINDIGD:
            return 0
        open_rijen = list(aanvraag.referenties.filter(status__in=REFERENTIE_OPEN).order_by("pk"))
        for referentie in open_rijen:
            verzoeken_intrekken(overgang_toepassen(referentie, "intrekken", actor=None, op=op), op=op)
    return len(open_rijen)


def referenties_bijwerken(*, op: datetime, maximum: int = 200) -> dict[str, int]:
    """Everything that happens by the clock. Run by the worker; harmless to repeat."""
    vraagt = [
        tijdvak.pk
        for tijdvak in Tijdvak.objects.select_related("regelingversie")
        if tijdvak.spec.adviseur.referenties and tijdvak.spec.adviseur.toets_voor != "geen"
    ]
    met_zaak = Referentie.objects.select_related("aanvraag__tijdvak__regelingversie")
    nieuw = met_zaak.filter(status=S.CONCEPT, aanvraag__tijdvak__in=vraagt, aanvraag__status__in=LOPEND)
    lopend = Referentieverzoek.objects.filter(
        ingetrokken_op=None, verbruikt_op=None, referentie__status__in=LOOPT
    ).select_related("referentie__aanvraag__tijdvak__regelingversie")
    mislukt = Bericht.objects.filter(
        status=Berichtstatus.MISLUKT, sleutel__startswith="referentie-", aangemaakt_op__gte=op - timedelta(days=30)
    )
    beeindigd = Aanvraag.objects.filter(status__in=BEEINDIGD, referenties__status__in=REFERENTIE_OPEN).distinct()
    herinneren = [
        verzoek
        for nummer, dag in enumerate(HERINNERINGEN)
        for verzoek in lopend.filter(
            verstuurd_op__lte=op - timedelta(days=dag), herinneringen__lte=nummer, verloopt_op__gt=op
        )[:maximum]
    ]
    return {
        "beeindigd": _elk(beeindigd[:maximum], lambda a: referenties_beeindigen(aanvraag=a, op=op)),
        "onbestelbaar": _elk(mislukt[:maximum], lambda b: onbestelbaar_verwerken(bericht=b, op=op)),
        "verlopen": _elk(
            lopend.filter(verloopt_op__lte=op)[:maximum], lambda v: referentie_laten_verlopen(verzoek=v, op=op)
        ),
        "herinnerd": _elk(herinneren, lambda v: referentie_herinneren(verzoek=v, op=op)),
        "voorbereid": _elk(
            nieuw.exclude(aanvraag__bron=Bron.IMPORT).order_by("pk")[:maximum],
            lambda r: referentie_voorbereiden(referentie=r, op=op),
        ),
        "gewist": berichten_schonen(op=op),
    }


def _elk(rijen: Iterable[Any], doe: Callable[[Any], object]) -> int:
    """How many rows something was done for; one that is refused is logged and does not hold up the rest."""
    gedaan = 0
    for rij in rijen:
        try:
            gedaan += bool(doe(rij))
        except DomeinFout:
            logger.exception("Referentie niet bijgewerkt: %s", rij.pk)
    return gedaan
